/* The parts that the JSON of every command shares. */
#ifndef FW_REPORT_JSON_H
#define FW_REPORT_JSON_H

#include "core/json.h"
#include "report/survey.h"

/* A report that is one JSON object: what it says comes between begin and end. */
struct fw_json_report {
    struct fw_arena arena;
    struct fw_survey survey;
    struct fw_json json;
};

void fw_json_report_begin(struct fw_json_report *report, const struct fw_report_input *in,
                          struct fw_buf *out);
void fw_json_report_end(struct fw_json_report *report, struct fw_buf *out);

void fw_json_kv_sha256(struct fw_json *json, const char *key, fw_sha256 hash);
/* "inputs": one object a file. */
void fw_json_inputs(struct fw_json *json, const struct fw_inputs *inputs);
/* "policies": of every current configuration. */
void fw_json_policies(struct fw_json *json, const struct fw_facts *facts);
/* "mergeable": neighbours that one rule can replace. */
void fw_json_mergeable(struct fw_json *json, const struct fw_facts *facts);
/* "sources": one object a log source. */
void fw_json_sources(struct fw_json *json, const struct fw_facts *facts);
/* "rule_sets", "alerts_total" and "alerts": one object a signature, the most frequent first. */
void fw_json_ids(struct fw_json *json, const struct fw_survey *survey);
/* Tuning, noise, advisories and attacks, of every sensor. */
void fw_json_sensors(struct fw_json *json, const struct fw_survey *survey);
/* How verdicts were proven again; nothing when that was not asked for. */
void fw_json_proofs(struct fw_json *json, const struct fw_facts *facts);
/* "checks": one state a check and subject, called `subject` in it: "device" or "source". */
void fw_json_checks(struct fw_json *json, const struct fw_survey *survey, const char *subject);
/* "changes": what differs from the review before; nothing when there is none. */
void fw_json_decisions(struct fw_json *json, const struct fw_survey *survey);
void fw_json_changes(struct fw_json *json, const struct fw_survey *survey);
/* "results": the findings. */
void fw_json_results(struct fw_json *json, const struct fw_survey *survey);

#endif
