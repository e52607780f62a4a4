/* What the two OSCAL documents share: who and when, what was observed, which risks that leaves.
 * OSCAL 1.2.1; every UUID is made of what it names, so that equal reviews are equal bytes. */
#ifndef FW_REPORT_OSCAL_H
#define FW_REPORT_OSCAL_H

#include "report/json.h"

/* The document, opened: its one object under `key`, with an UUID of this kind and "metadata". */
void fw_oscal_begin(struct fw_json_report *report, const struct fw_report_input *in,
                    struct fw_buf *out, const char *key, const char *kind);
/* "back-matter": the profile that was asked, every input with its hash; then the document ends. */
void fw_oscal_end(struct fw_json_report *report, struct fw_buf *out);
/* "uuid" (or another key) made of the kind of thing and its name. */
void fw_oscal_uuid(struct fw_json *json, const char *key, const char *kind, fw_sv name);
/* {"name", "ns", "value"}; nothing for an empty value. */
void fw_oscal_prop(struct fw_json *json, const char *name, fw_sv value);
/* Names a result among all of a run: findings of one rule may share a fingerprint. */
fw_sv fw_oscal_name(const struct fw_survey *survey, size_t result);
/* A text as one line that is not empty. */
fw_sv fw_oscal_line(const struct fw_survey *survey, fw_sv text, const char *otherwise);

/* "observations": what each result says (or each open one), its subject, the hash of its input. */
void fw_oscal_observations(struct fw_json *json, const struct fw_survey *survey, bool open_only);
/* "risks": what failed, with its remedy; what was accepted, with its date. */
void fw_oscal_risks(struct fw_json *json, const struct fw_survey *survey);
/* "components" of what results are about: devices, log sources, the agency as a whole. */
void fw_oscal_components(struct fw_json *json, const struct fw_survey *survey);

/* The result is something to do. */
bool fw_oscal_is_open(const struct fw_result *result);
/* The result is a risk: failed or accepted. */
bool fw_oscal_is_risk(const struct fw_result *result);
/* A date in RFC 3339. */
void fw_oscal_time(struct fw_json *json, const struct fw_survey *survey, const char *key,
                   int64_t ns);

#endif
