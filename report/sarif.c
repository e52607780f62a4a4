/* Findings as SARIF 2.1.0, for code scanning and pipelines. */
#include <inttypes.h>

#include "core/text.h"
#include "report/json.h"

/* OASIS, SARIF 2.1.0, 3.27.9: the kinds of a result are the states of an audit. */
static const struct {
    const char *kind, *level;
} kinds[FW_RESULT_COUNT] = {
    [FW_RESULT_ERROR] = {"open", "none"},       [FW_RESULT_FAIL] = {"fail", NULL},
    [FW_RESULT_OPEN] = {"open", "none"},        [FW_RESULT_MANUAL] = {"review", "none"},
    [FW_RESULT_WAIVED] = {"fail", NULL},        [FW_RESULT_PASS] = {"pass", "none"},
    [FW_RESULT_NA] = {"notApplicable", "none"},
};

static const char *level_of(const struct fw_result *result)
{
    if (kinds[result->state].level) {
        return kinds[result->state].level;
    }
    return result->severity >= FW_SEVERITY_HIGH     ? "error"
           : result->severity == FW_SEVERITY_MEDIUM ? "warning"
                                                    : "note";
}

static void message(struct fw_json *json, const char *key, fw_sv text)
{
    fw_json_key(json, key);
    fw_json_object(json);
    fw_json_kv(json, "text", text);
    fw_json_end(json);
}

static void uri_kv(struct fw_json *json, fw_sv path)
{
    struct fw_buf uri;
    fw_buf_init(&uri);
    fw_text_uri(&uri, path);
    fw_json_kv(json, "uri", fw_buf_sv(&uri));
    fw_buf_clear(&uri);
}

static void place(struct fw_json *json, fw_sv path, uint32_t line)
{
    fw_json_object(json);
    fw_json_key(json, "physicalLocation");
    fw_json_object(json);
    fw_json_key(json, "artifactLocation");
    fw_json_object(json);
    uri_kv(json, path);
    fw_json_end(json);
    if (line > 0) {
        fw_json_key(json, "region");
        fw_json_object(json);
        fw_json_kv_u64(json, "startLine", line);
        fw_json_end(json);
    }
    fw_json_end(json);
    fw_json_end(json);
}

static void rules_json(struct fw_json *json, const struct fw_survey *survey)
{
    enum fw_lang lang = survey->in->lang;
    fw_json_key(json, "rules");
    fw_json_array(json);
    for (size_t i = 0; i < survey->n; i++) {
        const struct fw_check *check = survey->checks[i].check;
        fw_json_object(json);
        fw_json_kv(json, "id", check->id);
        message(json, "shortDescription", check->title[lang]);
        if (check->definition[lang].n > 0) {
            message(json, "fullDescription", check->definition[lang]);
        }
        if (check->remedy[lang].n > 0) {
            message(json, "help", check->remedy[lang]);
        }
        fw_json_key(json, "properties");
        fw_json_object(json);
        fw_json_kv_cstr(json, "severity", fw_severity_name(check->severity));
        fw_json_key(json, "tags");
        fw_json_array(json);
        for (size_t r = 0; r < check->nrefs; r++) {
            fw_json_string(json, check->refs[r]);
        }
        fw_json_end(json);
        fw_json_end(json);
        fw_json_end(json);
    }
    fw_json_end(json);
}

static void suppression(struct fw_json *json, const struct fw_result *result)
{
    if (result->state != FW_RESULT_WAIVED) {
        return;
    }
    fw_json_key(json, "suppressions");
    fw_json_array(json);
    fw_json_object(json);
    fw_json_kv_cstr(json, "kind", "external");
    fw_json_kv_cstr(json, "status", "accepted");
    fw_json_kv(json, "justification", result->remark);
    fw_json_end(json);
    fw_json_end(json);
}

static void result_json(struct fw_json *json, const struct fw_survey *survey, size_t index,
                        const struct fw_result *result)
{
    char hex[FW_SHA256_HEX + 1];
    fw_sha256_hex(result->fingerprint, hex);
    fw_json_object(json);
    fw_json_kv_cstr(json, "ruleId", result->check);
    fw_json_kv_u64(json, "ruleIndex", index);
    fw_json_kv_cstr(json, "kind", kinds[result->state].kind);
    fw_json_kv_cstr(json, "level", level_of(result));
    message(json, "message", fw_survey_sentence(survey, result, survey->in->lang, false));
    if (result->input.n > 0) {
        fw_json_key(json, "locations");
        fw_json_array(json);
        place(json, result->input, result->span.line);
        fw_json_end(json);
    }
    if (result->nbecause > 0 && result->input.n > 0) {
        fw_json_key(json, "relatedLocations");
        fw_json_array(json);
        for (size_t i = 0; i < result->nbecause; i++) {
            place(json, result->input, result->because[i].line);
        }
        fw_json_end(json);
    }
    fw_json_key(json, "partialFingerprints");
    fw_json_object(json);
    fw_json_kv_cstr(json, "fwproof/v1", hex);
    fw_json_end(json);
    suppression(json, result);
    fw_json_key(json, "properties");
    fw_json_object(json);
    fw_json_kv(json, "device", result->device);
    fw_json_kv_cstr(json, "state", fw_result_state_name(result->state));
    fw_json_kv_cstr(json, "certainty", fw_certainty_name(result->certainty));
    if (result->fix.n > 0) {
        fw_json_kv(json, "fix", result->fix);
    }
    fw_json_end(json);
    fw_json_end(json);
}

static void artifacts_json(struct fw_json *json, const struct fw_inputs *inputs)
{
    fw_json_key(json, "artifacts");
    fw_json_array(json);
    for (size_t i = 0; i < inputs->n; i++) {
        const struct fw_input *input = &inputs->v[i];
        if (input->missing) {
            continue;
        }
        char hex[FW_SHA256_HEX + 1];
        fw_sha256_hex(input->info.sha256, hex);
        fw_json_object(json);
        fw_json_key(json, "location");
        fw_json_object(json);
        uri_kv(json, input->path);
        fw_json_end(json);
        fw_json_kv_u64(json, "length", input->info.stored_bytes);
        fw_json_key(json, "hashes");
        fw_json_object(json);
        fw_json_kv_cstr(json, "sha-256", hex);
        fw_json_end(json);
        fw_json_end(json);
    }
    fw_json_end(json);
}

static void run_json(struct fw_json *json, const struct fw_survey *survey)
{
    const struct fw_report_input *in = survey->in;
    fw_json_object(json);
    fw_json_key(json, "tool");
    fw_json_object(json);
    fw_json_key(json, "driver");
    fw_json_object(json);
    fw_json_kv_cstr(json, "name", "fwproof");
    fw_json_kv_cstr(json, "version", in->version);
    rules_json(json, survey);
    fw_json_end(json);
    fw_json_end(json);
    fw_json_kv_cstr(json, "language", fw_lang_name(in->lang));
    fw_json_kv_cstr(json, "columnKind", "unicodeCodePoints");
    artifacts_json(json, in->inputs);
    fw_json_key(json, "results");
    fw_json_array(json);
    for (size_t i = 0; i < survey->n; i++) {
        for (size_t k = 0; k < survey->checks[i].n; k++) {
            result_json(json, survey, i, &in->results->v[survey->checks[i].from + k]);
        }
    }
    fw_json_end(json);
    fw_json_end(json);
}

static void write(const struct fw_report_input *in, struct fw_buf *out)
{
    struct fw_json_report report;
    struct fw_json *json = &report.json;
    fw_json_report_begin(&report, in, out);
    fw_json_kv_cstr(json, "$schema", "https://json.schemastore.org/sarif-2.1.0.json");
    fw_json_kv_cstr(json, "version", "2.1.0");
    fw_json_key(json, "runs");
    fw_json_array(json);
    run_json(json, &report.survey);
    fw_json_end(json);
    fw_json_report_end(&report, out);
}

const struct fw_report fw_report_sarif = {
    .name = "sarif",
    .extension = "sarif",
    .title = "SARIF 2.1.0",
    .kinds = FW_REPORT_ALL,
    .write = write,
};
