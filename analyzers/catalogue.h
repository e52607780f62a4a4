/*
 * The audit rulesets as data: every check with its definition, basis, severity, thresholds and all
 * its sentences in English and Traditional Chinese, and the profiles (which checks count for which
 * law, with the item numbers of that edition). Embedded at build time, replaceable by a folder.
 *
 * A malformed file stops the run with file:line before anything is printed. Everything lives in the
 * arena that was given to fw_catalogue_load.
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
#include "core/numset.h"
#include "core/sha256.h"
#include "core/sv.h"

enum fw_lang { FW_LANG_EN, FW_LANG_ZH_TW, FW_LANG_COUNT };
enum fw_severity {
    FW_SEVERITY_LOW,
    FW_SEVERITY_MEDIUM,
    FW_SEVERITY_HIGH,
    FW_SEVERITY_CRITICAL,
    FW_SEVERITY_COUNT
};
enum fw_class { FW_CLASS_NONE, FW_CLASS_SUGGEST, FW_CLASS_IMPROVE }; /* —, 建議, 待改善 */
/* Protection level of a system, which decides what is mandatory for it: 普, 中, 高 */
enum fw_level { FW_LEVEL_BASIC, FW_LEVEL_MIDDLE, FW_LEVEL_HIGH, FW_LEVEL_COUNT };

/* One sentence in all languages, with {name} placeholders. */
struct fw_words {
    fw_sv key; /* "pass", "fail", "open.no_archive" */
    fw_sv text[FW_LANG_COUNT];
};

struct fw_check {
    fw_sv id;    /* "RUL-001" */
    fw_sv group; /* "RUL"; its title is the word "group.RUL" */
    enum fw_severity severity;
    enum fw_class class;
    unsigned tier;
    bool computed; /* this version has an analyzer: fw_catalogue_mark_computed */
    fw_sv title[FW_LANG_COUNT];
    fw_sv definition[FW_LANG_COUNT];
    fw_sv remedy[FW_LANG_COUNT];
    fw_sv recheck[FW_LANG_COUNT]; /* how to re-check by hand */
    fw_sv basis[FW_LANG_COUNT];   /* the law or plan its sentences cite */
    fw_sv duty[FW_LANG_COUNT];    /* what that asks for */
    size_t ndepends;
    const fw_sv *depends; /* checks without whose PASS this one cannot PASS */
    size_t nrefs;
    const fw_sv *refs; /* "111檢核表 7.12", "PCI 1.2.7": framework, blank, item */
    size_t nthresholds;
    const struct fw_threshold *thresholds; /* defaults, full names: parsers/site.h */
    size_t nwords;
    const struct fw_words *words; /* by key */
};

/* What reviews think of a service; bits. */
enum {
    FW_SERVICE_RISKY = 1,    /* must not be reachable from untrusted zones */
    FW_SERVICE_INSECURE = 2, /* clear text */
    FW_SERVICE_ADMIN = 4,    /* administers the device that offers it */
    FW_SERVICE_DNS = 8,
    FW_SERVICE_DOH = 16,
};

/* A service by name (rulesets/services.json). */
struct fw_service {
    fw_sv name;
    const struct fw_numset *tcp, *udp; /* NULL: none */
    unsigned is;
};

struct fw_profile_check {
    const struct fw_check *check;
    fw_sv item; /* main item number in this law and edition; {0}: none */
    size_t nitems;
    const fw_sv *items; /* all of them, the main one first */
    bool has_class;
    enum fw_class class;       /* overrides the check's own */
    fw_sv duty[FW_LANG_COUNT]; /* what this law asks for; {0}: the check's own */
    bool has_levels;
    enum fw_class levels[FW_LEVEL_COUNT]; /* overrides both, by the agency's level */
};

/* An audit item as the law's edition numbers and words it. */
struct fw_profile_item {
    fw_sv item;
    fw_sv question[FW_LANG_COUNT];
};

struct fw_profile {
    fw_sv name; /* "tw-gov-115" */
    fw_sv edition;
    fw_sv title[FW_LANG_COUNT];
    fw_sv basis[FW_LANG_COUNT]; /* what its sentences cite, with {item}; {0}: the check's own */
    size_t n;
    const struct fw_profile_check *checks; /* by check id */
    size_t nitems;
    const struct fw_profile_item *items; /* in the order of the audit */
    size_t nthresholds;
    const struct fw_threshold *thresholds; /* parsers/site.h */
};

struct fw_catalogue {
    size_t nchecks;
    struct fw_check *checks; /* sorted by id */
    size_t nprofiles;
    const struct fw_profile *profiles; /* sorted by name */
    size_t nwords;
    const struct fw_words *words; /* by key: sentences of no single check, states, labels */
    size_t nservices;
    const struct fw_service *services; /* in the order of their file */
    fw_sha256 sha256;                  /* of all files, in the order of their names */
    bool overridden;                   /* read from a folder, not embedded */
    fw_sv dir;
};

/* dir NULL: the embedded files. FW_ERR_INVALID when anything is wrong: the diagnostics say what. */
enum fw_err fw_catalogue_load(struct fw_arena *arena, const char *dir, struct fw_diags *diags,
                              struct fw_catalogue *ret);
/* Called for every analyzer that is built in; false when there is no such check. */
bool fw_catalogue_mark_computed(struct fw_catalogue *catalogue, fw_sv check);

struct fw_site;
/* What only the catalogue can know to be wrong in a site file: the names of its profile, checks and
 * thresholds. FW_ERR_INVALID with diagnostics. */
enum fw_err fw_catalogue_check_site(const struct fw_catalogue *catalogue,
                                    const struct fw_site *site, struct fw_diags *diags);

const struct fw_check *fw_check_find(const struct fw_catalogue *catalogue, fw_sv id);
const struct fw_profile *fw_profile_find(const struct fw_catalogue *catalogue, fw_sv name);
/* NULL: the profile does not ask for this check. */
const struct fw_profile_check *fw_profile_check_find(const struct fw_profile *profile,
                                                     const struct fw_check *check);
/* What the auditor calls a failure. profile may be NULL; level is 普, 中, 高 or {0}. */
enum fw_class fw_profile_class(const struct fw_profile *profile, const struct fw_check *check,
                               fw_sv level);
/* The number a check goes by: the site's, else the profile's, else the check's default. site and
 * profile may be NULL. False when no check has this threshold. */
bool fw_catalogue_threshold(const struct fw_catalogue *catalogue, const struct fw_profile *profile,
                            const struct fw_site *site, fw_sv name, double *ret);

/* Values for placeholders. */
struct fw_param {
    const char *name;
    fw_sv value;
};

/* Fills a text; a placeholder without a value is printed as {name} and makes it return false.
 * {name:roc} prints an ISO date or a quarter in ROC years, {name:n} a number with thousands
 * separators, {name:list} a list (", ") with the Chinese comma. {name:word} needs
 * fw_sentence_render. */
bool fw_words_render(struct fw_buf *out, fw_sv text, const struct fw_param *params, size_t n);
/* A sentence of a check, else of the catalogue (also when check is NULL); NULL: there is none. */
const struct fw_words *fw_words_find(const struct fw_catalogue *catalogue,
                                     const struct fw_check *check, fw_sv key);
/* The text of a word of the catalogue; the key itself when there is none. */
fw_sv fw_word(const struct fw_catalogue *catalogue, const char *key, enum fw_lang lang);

/* What a check's sentence is rendered for. It fills {basis}, {duty}, {ending}, {title}, {id},
 * {item} and {versus} itself, and {name:word} with the word "name.<value>". */
struct fw_sentence {
    const struct fw_catalogue *catalogue;
    const struct fw_profile *profile; /* NULL: cite the check's own basis */
    const struct fw_check *check;
    enum fw_class class; /* 應改善之 or 建議改善之 */
    enum fw_lang lang;
    bool brief; /* without the lead: terminals, machine messages */
};
/* False when the key is unknown (prints the key) or a placeholder has no value. */
bool fw_sentence_render(struct fw_buf *out, const struct fw_sentence *sentence, fw_sv key,
                        const struct fw_param *params, size_t n);

const char *fw_severity_name(enum fw_severity severity); /* "high" */
bool fw_severity_parse(fw_sv text, enum fw_severity *ret);
const char *fw_class_name(enum fw_class class); /* "improve", "suggest", "none" */
/* "待改善", "must improve", "—" */
fw_sv fw_class_text(const struct fw_catalogue *catalogue, enum fw_class class, enum fw_lang lang);
const char *fw_lang_name(enum fw_lang lang);         /* "zh-TW" */
bool fw_lang_parse(fw_sv text, enum fw_lang *ret);   /* "en", "zh-TW" */
bool fw_level_parse(fw_sv text, enum fw_level *ret); /* "普", "中", "高" */

#endif
