/*
 * What the files of the catalogue's loader share; nobody else includes this. A loader reads one
 * file after the other into one catalogue; everything wrong is reported through loader->file, which
 * counts.
 */
#ifndef FW_ANALYZERS_CATALOGUE_IMPL_H
#define FW_ANALYZERS_CATALOGUE_IMPL_H

#include "analyzers/catalogue.h"
#include "core/json.h"
#include "parsers/site.h"

/* Edits within which another name counts as a slip of the keyboard. */
#define FW_SUGGEST_EDITS 2

struct fw_catalogue_loader {
    struct fw_arena *arena;
    struct fw_catalogue *catalogue;
    struct fw_jfile file; /* the file being read; errors add up over all of them */
    fw_sv name;           /* its name within the rulesets: "checks/RUL.json" */
};

void fw_catalogue_read_words(struct fw_catalogue_loader *loader, const struct fw_jvalue *root);
void fw_catalogue_read_checks(struct fw_catalogue_loader *loader, const struct fw_jvalue *root);
void fw_catalogue_read_profile(struct fw_catalogue_loader *loader, const struct fw_jvalue *root);

void fw_catalogue_read_services(struct fw_catalogue_loader *loader, const struct fw_jvalue *root);

/* Values that several kinds of files hold. NULL values (absent keys) leave ret as it is. */
void fw_catalogue_texts(struct fw_catalogue_loader *loader, const struct fw_jvalue *value,
                        const char *what, fw_sv ret[FW_LANG_COUNT]);
enum fw_class fw_catalogue_class(struct fw_catalogue_loader *loader, const struct fw_jvalue *value);
bool fw_catalogue_levels(struct fw_catalogue_loader *loader, const struct fw_jvalue *value,
                         enum fw_class ret[FW_LEVEL_COUNT]);
const fw_sv *fw_catalogue_strings(struct fw_catalogue_loader *loader, const struct fw_jvalue *array,
                                  const char *what, size_t *ret_n);
/* Of a check (names get its id in front) or, check {0}, of a profile (full names). */
const struct fw_threshold *fw_catalogue_thresholds(struct fw_catalogue_loader *loader,
                                                   const struct fw_jvalue *object, fw_sv check,
                                                   size_t *ret_n);
/* The check that a text names; NULL after reporting. */
const struct fw_check *fw_catalogue_check_named(struct fw_catalogue_loader *loader,
                                                const struct fw_jvalue *value);
/* The end of a message about an unknown name: "" or ", did you mean …?". */
const char *fw_check_nearest(struct fw_arena *arena, const struct fw_catalogue *catalogue,
                             fw_sv id);
const char *fw_threshold_nearest(struct fw_arena *arena, const struct fw_catalogue *catalogue,
                                 fw_sv name);
bool fw_threshold_known(const struct fw_catalogue *catalogue, fw_sv name);

/* Placeholders of a text (words.c). */
enum fw_placeholder_result { FW_PLACEHOLDER_END, FW_PLACEHOLDER_FOUND, FW_PLACEHOLDER_BAD };

struct fw_placeholder {
    fw_sv name; /* "first" */
    fw_sv form; /* "", "roc", "n", "list", "word" */
};

/* Cuts *rest behind the next placeholder; *ret_plain (may be NULL) is what stood before it, at the
 * end all that is left. BAD leaves *rest at the brace. */
enum fw_placeholder_result fw_placeholder_next(fw_sv *rest, fw_sv *ret_plain,
                                               struct fw_placeholder *ret);
bool fw_placeholder_used(fw_sv text, fw_sv name);
/* "fail.default" -> "fail" */
fw_sv fw_words_state(fw_sv key);

#endif
