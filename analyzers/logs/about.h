/* What analyzers of log sources share: which sources are asked for, dates and numbers in words. */
#ifndef FW_ANALYZERS_LOGS_ABOUT_H
#define FW_ANALYZERS_LOGS_ABOUT_H

#include "analyzers/analyzer.h"
#include "analyzers/logs/source_view.h"

/* The next source to judge; *index starts at 0. Declared devices that must log and have no source
 * get an OPEN result of the check when the sources are at their end. */
const struct fw_source_view *fw_log_next(const struct fw_facts *facts, struct fw_results *results,
                                         const char *check, size_t *index);
/* The current configuration of the source's device; NULL: none is known. */
const struct fw_ruleset *fw_log_ruleset(const struct fw_facts *facts,
                                        const struct fw_source_view *source);
/* A result about a source, with {source}. */
struct fw_result *fw_log_result(struct fw_results *results, const char *check,
                                enum fw_result_state state, const struct fw_source_view *source,
                                const char *words, fw_sv subject);
/* "2026-05-02 03:11" in the review's zone */
void fw_log_param_time(const struct fw_facts *facts, struct fw_results *results,
                       struct fw_result *result, const char *name, int64_t ns);
/* FAIL when any of `total` is as it should not be, else PASS; with {n} or {value}, {target} and
 * {total}. */
struct fw_result *fw_log_count(struct fw_results *results, const char *check,
                               const struct fw_source_view *source, uint64_t n, uint64_t total,
                               fw_sv subject);
/* {first} as "path:line", and the result's place. */
void fw_log_param_place(struct fw_results *results, struct fw_result *result,
                        const struct fw_view_place *place);
/* Whether all is there in which a check found nothing; else nothing is passed: it is OPEN and says
 * what is missing. `lost`: rows beyond a limit, `untimed`: events without a place in time. */
bool fw_log_whole(struct fw_results *results, const char *check,
                  const struct fw_source_view *source, uint64_t lost, uint64_t untimed,
                  fw_sv subject);
/* A sensor's alerts and a collector's own messages are no records of traffic. */
bool fw_log_of_traffic(const struct fw_facts *facts, const struct fw_source_view *source);
/* n of N in per cent with two decimals, rounded down: 99.996 % is not 100 %. */
fw_sv fw_log_percent(struct fw_results *results, uint64_t n, uint64_t total);
/* The same of faults, rounded up: 0.004 % is not 0 %. */
fw_sv fw_log_percent_wrong(struct fw_results *results, uint64_t n, uint64_t total);
/* A number without needless decimals: "99", "0.1". */
fw_sv fw_log_number(struct fw_results *results, double value);
/* "31.2" */
fw_sv fw_log_hours(struct fw_results *results, int64_t ns);

#endif
