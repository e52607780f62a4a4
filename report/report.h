/*
 * Reports: findings out, no judgement here. A report turns the facts, results and inputs of one run
 * into one text: for a terminal, a machine, a spreadsheet or a browser. Its bytes depend on what is
 * given here and on nothing else.
 */
#ifndef FW_REPORT_REPORT_H
#define FW_REPORT_REPORT_H

#include <stdbool.h>
#include <stddef.h>

#include "analyzers/analyzer.h"
#include "core/buf.h"
#include "core/sv.h"
#include "evidence/inputs.h"

/* What was asked: bits, because a report says which of them it can write. */
enum fw_report_kind {
    FW_REPORT_RULES = 1,
    FW_REPORT_LOGS = 2,
    FW_REPORT_IDS = 4,
    FW_REPORT_SITE = 8,
    FW_REPORT_ALL = 15,
};

struct fw_report_input {
    enum fw_report_kind kind;
    const struct fw_facts *facts;
    const struct fw_results *results;
    const struct fw_inputs *inputs; /* sorted */
    enum fw_lang lang;
    const char *as_of_from; /* what that date is: "option", "epoch", "site", "newest"; NULL: none */
    const char *version;    /* of the program */
    fw_sv next;             /* "": or a path that advice about the next step names */
    size_t width;           /* text: cells of the terminal */
    bool color;             /* text */
};

struct fw_report {
    const char *name;      /* "json": the option, without the dashes */
    const char *extension; /* "json": of a file in a pack */
    const char *title;
    unsigned kinds; /* FW_REPORT_ bits it can write */
    void (*write)(const struct fw_report_input *in, struct fw_buf *out);
};

/* In the order of registry.def; ends with NULL. */
extern const struct fw_report *const fw_reports[];
const struct fw_report *fw_report_find(const char *name);

#endif
