/* What analyzers of sensors share: which sensors are asked for, and results about them. */
#ifndef FW_ANALYZERS_IDS_ABOUT_H
#define FW_ANALYZERS_IDS_ABOUT_H

#include "analyzers/ids/view.h"

/* The next sensor; *index starts at 0. A site without any gets an OPEN result. */
const struct fw_sensor *fw_sensor_next(const struct fw_facts *facts, struct fw_results *results,
                                       const char *check, size_t *index);
struct fw_result *fw_sensor_result(struct fw_results *results, const char *check,
                                   enum fw_result_state state, const struct fw_sensor *sensor,
                                   const char *words, const char *subject);
/* OPEN, when there is no date to count from; false then. */
bool fw_sensor_dated(const struct fw_facts *facts, struct fw_results *results, const char *check,
                     const struct fw_sensor *sensor);
/* Whether any file was read that would hold tuning: rules alone do not say that there is none. */
bool fw_sensor_has_tuning(const struct fw_sensor *sensor);
/* The newest signed review that has a ledger; NULL: none. */
const struct fw_earlier_review *fw_ledger_review(const struct fw_facts *facts);
/* n of N that is measured against none. */
void fw_sensor_count(struct fw_results *results, struct fw_result *result, uint64_t n,
                     uint64_t total);
void fw_sensor_param_day(struct fw_results *results, struct fw_result *result, const char *name,
                         int64_t day);
void fw_sensor_param_as_of(const struct fw_facts *facts, struct fw_results *results,
                           struct fw_result *result);
/* "1:2100498" */
fw_sv fw_sensor_sid(struct fw_results *results, uint32_t gid, uint32_t sid);
/* An entry as sentences name it: "suppress 1:2100498". Its place becomes the result's. */
fw_sv fw_sensor_entry(struct fw_results *results, const struct fw_ledger_entry *entry);
/* "suricata 7.0.5" */
fw_sv fw_sensor_engine(struct fw_arena *arena, const struct fw_ids_running *engine);
void fw_sensor_at(struct fw_result *result, const struct fw_ledger_entry *entry);

/* Between two reviews: the site's, else the profile's. */
int fw_sensor_review_months(const struct fw_facts *facts);

#endif
