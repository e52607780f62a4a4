/*
 * The audit rulesets as data: every check with its definition, basis, severity, thresholds and all
 * its sentences in English and Traditional Chinese, and the profiles (which checks count for which
 * law, with the item numbers of that edition). Embedded at build time, overridable by a folder.
 *
 * A malformed file stops the run with file:line before anything is printed.
 */
#ifndef FW_ANALYZERS_CATALOGUE_H
#define FW_ANALYZERS_CATALOGUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/buf.h"
#include "core/diag.h"
#include "core/err.h"
#include "core/sha256.h"
#include "core/sv.h"

enum fw_lang { FW_LANG_EN, FW_LANG_ZH_TW, FW_LANG_COUNT };
enum fw_severity { FW_SEVERITY_LOW, FW_SEVERITY_MEDIUM, FW_SEVERITY_HIGH, FW_SEVERITY_CRITICAL, FW_SEVERITY_COUNT };
enum fw_class { FW_CLASS_NONE, FW_CLASS_SUGGEST, FW_CLASS_IMPROVE }; /* —, 建議, 待改善 */

/* One sentence in all languages, with {name} placeholders. */
struct fw_words {
    fw_sv key; /* "pass", "fail", "open.no_archive" */
    fw_sv text[FW_LANG_COUNT];
};

struct fw_check {
    fw_sv id;                       /* "RUL-001" */
    enum fw_severity severity;
    enum fw_class class;
    unsigned tier;
    bool computed;                  /* this version has an analyzer for it */
    fw_sv title[FW_LANG_COUNT];
    fw_sv definition[FW_LANG_COUNT];
    fw_sv remedy[FW_LANG_COUNT];
    fw_sv recheck[FW_LANG_COUNT];   /* how to re-check by hand */
    fw_sv basis[FW_LANG_COUNT];     /* the law or plan its sentences cite */
    fw_sv duty[FW_LANG_COUNT];
    size_t nrefs;
    const fw_sv *refs;              /* "111-7.12", "PCI 1.2.7", … */
    size_t nwords;
    const struct fw_words *words;
};

struct fw_profile_check {
    const struct fw_check *check;
    fw_sv item;                     /* item number in this law and edition; {0}: none */
    bool has_class;
    enum fw_class class;            /* overrides the check's own */
};

struct fw_profile {
    fw_sv name;                     /* "tw-gov-115" */
    fw_sv edition;
    fw_sv title[FW_LANG_COUNT];
    size_t n;
    const struct fw_profile_check *checks; /* by check id */
    size_t nthresholds;
    const struct fw_threshold *thresholds; /* parsers/site.h */
};

struct fw_catalogue {
    size_t nchecks;
    const struct fw_check *checks;  /* sorted by id */
    size_t nprofiles;
    const struct fw_profile *profiles;
    size_t nwords;
    const struct fw_words *words;   /* sentences that belong to no check: states, labels, headings */
    fw_sha256 sha256;               /* of all files, in the order of their names */
    bool overridden;                /* read from a folder, not embedded */
    fw_sv dir;
};

/* dir NULL: the embedded files. */
enum fw_err fw_catalogue_load(struct fw_arena *arena, const char *dir, struct fw_diags *diags,
                              struct fw_catalogue *ret);
const struct fw_check *fw_check_find(const struct fw_catalogue *catalogue, fw_sv id);
const struct fw_profile *fw_profile_find(const struct fw_catalogue *catalogue, fw_sv name);

/* Values for placeholders. */
struct fw_param {
    const char *name;
    fw_sv value;
};

/* Fills a sentence; a placeholder without a value is printed as {name} and makes it return false
 * (a test renders every sentence). {name:roc} prints an ISO date in ROC years, {name:n} a number
 * with thousands separators. */
bool fw_words_render(struct fw_buf *out, fw_sv text, const struct fw_param *params, size_t n);
/* A sentence of a check, or of the catalogue when check is NULL; NULL when there is none. */
const struct fw_words *fw_words_find(const struct fw_catalogue *catalogue,
                                     const struct fw_check *check, fw_sv key);

const char *fw_severity_name(enum fw_severity severity); /* "high" */
bool fw_severity_parse(fw_sv text, enum fw_severity *ret);
fw_sv fw_class_text(enum fw_class class, enum fw_lang lang);  /* "待改善", "must improve", "—" */
bool fw_lang_parse(fw_sv text, enum fw_lang *ret);       /* "en", "zh-TW" */

#endif
