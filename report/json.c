/* A run as one JSON document. */
#include "report/json.h"
#include "core/time.h"

static void as_of_json(struct fw_json *json, const struct fw_report_input *in)
{
    fw_json_key(json, "as_of");
    if (in->facts->has_as_of) {
        struct fw_buf text;
        fw_buf_init(&text);
        fw_time_text_zone(&text, in->facts->as_of_ns, in->facts->zone_seconds);
        fw_json_string(json, fw_buf_sv(&text));
        fw_buf_clear(&text);
    } else {
        fw_json_null(json);
    }
    fw_json_kv_cstr(json, "as_of_from", in->as_of_from ? in->as_of_from : "");
}

static void site_json(struct fw_json *json, const struct fw_site *site)
{
    fw_json_kv(json, "agency", site->agency);
    fw_json_kv(json, "period", site->period);
    fw_json_kv(json, "level", site->level);
}

/* How many checks ended in each state: adds up to the number of checks. */
static void counts_json(struct fw_json *json, const struct fw_survey *survey)
{
    fw_json_key(json, "counts");
    fw_json_object(json);
    fw_json_kv_u64(json, "checks", survey->n);
    for (int state = 0; state < FW_RESULT_COUNT; state++) {
        fw_json_kv_u64(json, fw_result_state_name((enum fw_result_state)state),
                       survey->counts[state]);
    }
    fw_json_kv_u64(json, "not_computed", survey->uncomputed);
    fw_json_end(json);
}

/* What decided the result besides the inputs. */
static void basis_json(struct fw_json *json, const struct fw_report_input *in)
{
    const struct fw_catalogue *catalogue = in->results->catalogue;
    fw_json_kv(json, "profile", in->facts->profile ? in->facts->profile->name : FW_SV(""));
    fw_json_kv(json, "edition", in->facts->profile ? in->facts->profile->edition : FW_SV(""));
    fw_json_kv_sha256(json, "rulesets_sha256", catalogue->sha256);
    fw_json_kv_bool(json, "rulesets_overridden", catalogue->overridden);
    fw_json_kv_cstr(json, "version", in->version);
}

static void write(const struct fw_report_input *in, struct fw_buf *out)
{
    struct fw_json_report report;
    struct fw_json *json = &report.json;
    fw_json_report_begin(&report, in, out);
    if (in->kind == FW_REPORT_SITE && in->facts->site) {
        site_json(json, in->facts->site);
    }
    fw_json_inputs(json, in->inputs);
    if (in->kind != FW_REPORT_LOGS && in->kind != FW_REPORT_IDS) {
        fw_json_policies(json, in->facts);
        fw_json_proofs(json, in->facts);
    }
    if (in->kind == FW_REPORT_RULES) {
        fw_json_mergeable(json, in->facts);
    }
    if (in->kind != FW_REPORT_RULES) {
        fw_json_sources(json, in->facts);
    }
    if (in->kind == FW_REPORT_IDS || in->kind == FW_REPORT_SITE) {
        fw_json_ids(json, &report.survey);
        fw_json_sensors(json, &report.survey);
    }
    fw_json_checks(json, &report.survey, in->kind == FW_REPORT_LOGS ? "source" : "device");
    fw_json_results(json, &report.survey);
    if (in->kind == FW_REPORT_SITE) {
        fw_json_changes(json, &report.survey);
        fw_json_decisions(json, &report.survey);
    }
    counts_json(json, &report.survey);
    as_of_json(json, in);
    basis_json(json, in);
    fw_json_report_end(&report, out);
}

const struct fw_report fw_report_json = {
    .name = "json",
    .extension = "json",
    .title = "JSON",
    .kinds = FW_REPORT_ALL,
    .write = write,
};
