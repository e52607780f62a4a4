/*
 * Diagnostics: what was wrong with the input. They are collected, never printed where they arise;
 * the command line prints them at the end, five examples of an id for each file, then a count.
 * One collector belongs to one run and is not shared between threads: each thread fills its own and
 * fw_diags_merge adds them in a fixed order.
 */
#ifndef FW_CORE_DIAG_H
#define FW_CORE_DIAG_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "core/arena.h"
#include "core/span.h"
#include "core/sv.h"

enum fw_severity_diag { FW_DIAG_NOTE, FW_DIAG_WARNING, FW_DIAG_ERROR };

#define FW_DIAG(name, severity, what) FW_DIAG_ID_##name,
enum fw_diag_id {
#include "core/diag.def"
    FW_DIAG_ID_COUNT
};
#undef FW_DIAG

struct fw_diag {
    enum fw_diag_id id;
    fw_sv path; /* as given by the user; "" when the diagnostic is about no file */
    fw_span span;
    fw_sv message;    /* lower case, no full stop, raw: printing makes it terminal-safe */
    fw_sv line_text;  /* the whole line the span starts on (copied, cut at 512 bytes), or {0} */
    uint32_t column;  /* 1-based byte column of the span in line_text; 0 unknown */
    uint64_t repeats; /* how many more of this id in this file were counted, not kept */
};

struct fw_diags;

struct fw_diags *fw_diags_new(void);
void fw_diags_free(struct fw_diags *diags);

/* Reports. Any of path, line_text may be {0}. Message and path are copied. */
void fw_diag_report(struct fw_diags *diags, enum fw_diag_id id, fw_sv path, fw_span span,
                    fw_sv line_text, uint32_t column, const char *fmt, ...)
    __attribute__((format(printf, 7, 8)));
void fw_diag_vreport(struct fw_diags *diags, enum fw_diag_id id, fw_sv path, fw_span span,
                     fw_sv line_text, uint32_t column, const char *fmt, va_list ap)
    __attribute__((format(printf, 7, 0)));

void fw_diags_merge(struct fw_diags *into, const struct fw_diags *from);
uint64_t fw_diags_total(const struct fw_diags *diags, enum fw_severity_diag at_least);
/* Kept diagnostics, by path, then line, then column, then id. */
size_t fw_diags_count(const struct fw_diags *diags);
const struct fw_diag *fw_diags_at(const struct fw_diags *diags, size_t index);

const char *fw_diag_name(enum fw_diag_id id); /* "bad-line" */
const char *fw_diag_what(enum fw_diag_id id);

struct fw_json;
/* path:line:column: severity: message [id], the line, and a caret under the span. Columns count
 * terminal cells, so a caret is right under CJK text too; nothing in it can move the terminal. */
void fw_diags_print(const struct fw_diags *diags, FILE *out, bool color);
void fw_diags_json(const struct fw_diags *diags, struct fw_json *json);

#endif
