/*
 * What all reports about checks show, worked out once: which checks were asked, how each ended,
 * which results explain it, and how many ended how. The counts add up to the number of checks.
 */
#ifndef FW_REPORT_SURVEY_H
#define FW_REPORT_SURVEY_H

#include <stddef.h>

#include "core/arena.h"
#include "report/report.h"

struct fw_survey_check {
    const struct fw_check *check;
    const char *id;
    const struct fw_profile_check *asked; /* NULL: the profile does not ask for it */
    enum fw_result_state state;           /* over all subjects */
    enum fw_severity severity;
    size_t n; /* its results: in->results->v[from] to [from + n - 1], the worst first */
    size_t from;
    size_t nstates; /* its subjects: in->results->states[states_from] ... */
    size_t states_from;
};

struct fw_survey {
    const struct fw_report_input *in;
    struct fw_arena *arena;
    size_t n;
    struct fw_survey_check *checks; /* by id */
    size_t counts[FW_RESULT_COUNT];
    const uint32_t *twins; /* fw_survey_twins, for reports that name results; else NULL */
    size_t uncomputed;     /* of the MANUAL ones: this version has no analyzer */
};

/* Row numbers of the checks as a reader wants them: by state, the worst first, then by severity;
 * those without an analyzer last. n of them. */
const size_t *fw_survey_order(const struct fw_survey *survey);
/* This version has an analyzer for it, or somebody gave a verdict. */
bool fw_survey_answered(const struct fw_survey_check *check);

/* For a site every check of the profile, otherwise those that were asked of the inputs. */
void fw_survey_make(struct fw_survey *survey, const struct fw_report_input *in,
                    struct fw_arena *arena);

/* For each result how many before it have the same fingerprint: with both it has a name. */
const uint32_t *fw_survey_twins(const struct fw_survey *survey);

/* A line of the configuration that a result is about, as outputs may show it; {0}: not at hand. */
fw_sv fw_survey_line(const struct fw_survey *survey, const struct fw_result *result, uint32_t line);
/* The sentence of a result, in the arena. */
fw_sv fw_survey_sentence(const struct fw_survey *survey, const struct fw_result *result,
                         enum fw_lang lang, bool with_lead);
/* Whether it is a finding (failed, waived, open, error) and not only the reason of another state.
 */
bool fw_survey_is_finding(const struct fw_result *result);

/* A word of the catalogue in the report's language. */
fw_sv fw_survey_word(const struct fw_survey *survey, const char *key);
/* The same with placeholders filled in. */
fw_sv fw_survey_text(const struct fw_survey *survey, const char *key, const struct fw_param *params,
                     size_t n);
/* A text of the catalogue or the profile with placeholders filled in. */
fw_sv fw_survey_render(const struct fw_survey *survey, fw_sv text, const struct fw_param *params,
                       size_t n);
/* Number with thousands separators. */
fw_sv fw_survey_number(const struct fw_survey *survey, uint64_t number);
/* The date counted from in the report's zone: "2026-07-05"; {0} when there is none. */
fw_sv fw_survey_as_of(const struct fw_survey *survey);
/* The word that titles a report of this kind. */
const char *fw_survey_heading(enum fw_report_kind kind);
/* The title of a check; of one that passed with "not found" before it, because titles name faults.
 */
fw_sv fw_survey_title(const struct fw_survey *survey, const struct fw_survey_check *check);
/* The state's name for people: "FAIL" in English, "不符合" in Chinese. */
fw_sv fw_survey_state(const struct fw_survey *survey, enum fw_result_state state);

#endif
