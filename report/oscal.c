/* How are results written in OSCAL's words: observations, risks, components, resources? */
#include "report/oscal.h"

#include <inttypes.h>

#include "core/text.h"
#include "core/time.h"
#include "core/uuid.h"

/* Names of properties are ours only inside this name space. */
#define OUR_NS "https://fwproof.invalid/ns/oscal"

void fw_oscal_uuid(struct fw_json *json, const char *key, const char *kind, fw_sv name)
{
    struct fw_buf text;
    char uuid[FW_UUID_TEXT + 1];
    fw_buf_init(&text);
    fw_buf_printf(&text, "%s/", kind);
    fw_buf_add(&text, name);
    fw_uuid_of(fw_buf_sv(&text), uuid);
    fw_json_kv_cstr(json, key, uuid);
    fw_buf_clear(&text);
}

fw_sv fw_oscal_line(const struct fw_survey *survey, fw_sv text, const char *otherwise)
{
    struct fw_buf safe;
    fw_buf_init(&safe);
    fw_text_safe(&safe, text);
    fw_sv line = fw_arena_copy(survey->arena, fw_sv_trim(fw_buf_sv(&safe)));
    fw_buf_clear(&safe);
    return line.n > 0 ? line : fw_sv_from(otherwise);
}

void fw_oscal_prop(struct fw_json *json, const char *name, fw_sv value)
{
    value = fw_sv_trim(value);
    if (value.n == 0) {
        return;
    }
    struct fw_buf safe;
    fw_buf_init(&safe);
    fw_text_safe(&safe, value);
    fw_json_object(json);
    fw_json_kv_cstr(json, "name", name);
    fw_json_kv_cstr(json, "ns", OUR_NS);
    fw_json_kv(json, "value", fw_buf_sv(&safe));
    fw_json_end(json);
    fw_buf_clear(&safe);
}

fw_sv fw_oscal_name(const struct fw_survey *survey, size_t index)
{
    const struct fw_result *result = &survey->in->results->v[index];
    char hex[FW_SHA256_HEX + 1];
    fw_sha256_hex(result->fingerprint, hex);
    fw_sv period = survey->in->facts->site ? survey->in->facts->site->period : FW_SV("");
    return fw_arena_printf(survey->arena, "%.*s/%s/%s/%u", FW_SV_ARG(period), result->check, hex,
                           survey->twins[index]);
}

void fw_oscal_time(struct fw_json *json, const struct fw_survey *survey, const char *key,
                   int64_t ns)
{
    struct fw_buf text;
    fw_buf_init(&text);
    fw_time_text_zone(&text, ns, survey->in->facts->zone_seconds);
    fw_json_kv(json, key, fw_buf_sv(&text));
    fw_buf_clear(&text);
}

static fw_sv agency_of(const struct fw_survey *survey)
{
    const struct fw_site *site = survey->in->facts->site;
    return site ? site->agency : FW_SV("");
}

static void metadata(struct fw_json *json, const struct fw_survey *survey)
{
    const struct fw_report_input *in = survey->in;
    const struct fw_site *site = in->facts->site;
    struct fw_arena *arena = survey->arena;
    fw_sv period = site ? site->period : FW_SV("");
    fw_sv whole = fw_arena_printf(arena, "fwproof %.*s %.*s", FW_SV_ARG(agency_of(survey)),
                                  FW_SV_ARG(period));
    fw_json_key(json, "metadata");
    fw_json_object(json);
    fw_json_kv(json, "title", fw_oscal_line(survey, whole, "fwproof"));
    fw_oscal_time(json, survey, "last-modified", in->facts->as_of_ns);
    fw_json_kv(json, "version", fw_oscal_line(survey, period, "1"));
    fw_json_kv_cstr(json, "oscal-version", "1.2.1");
    fw_json_key(json, "props");
    fw_json_array(json);
    char hex[FW_SHA256_HEX + 1];
    fw_sha256_hex(in->results->catalogue->sha256, hex);
    fw_oscal_prop(json, "tool", fw_arena_printf(arena, "fwproof %s", in->version));
    fw_oscal_prop(json, "rulesets-sha256", fw_sv_from(hex));
    fw_json_end(json);
    fw_json_key(json, "parties");
    fw_json_array(json);
    fw_json_object(json);
    fw_oscal_uuid(json, "uuid", "party", agency_of(survey));
    fw_json_kv_cstr(json, "type", "organization");
    fw_json_kv(json, "name", fw_oscal_line(survey, agency_of(survey), "unnamed"));
    fw_json_end(json);
    fw_json_end(json);
    fw_json_end(json);
}

static const char *method(const struct fw_result *result)
{
    return result->state == FW_RESULT_MANUAL || result->state == FW_RESULT_NA ? "EXAMINE" : "TEST";
}

static void evidence(struct fw_json *json, const struct fw_result *result)
{
    if (!result->has_input_sha256) {
        return;
    }
    char hex[FW_SHA256_HEX + 1];
    char uuid[FW_UUID_TEXT + 1];
    struct fw_buf text;
    fw_sha256_hex(result->input_sha256, hex);
    fw_buf_init(&text);
    fw_buf_add_cstr(&text, "input/");
    fw_buf_add(&text, result->input);
    fw_uuid_of(fw_buf_sv(&text), uuid);
    fw_buf_reset(&text);
    fw_buf_printf(&text, "#%s", uuid);
    fw_json_key(json, "relevant-evidence");
    fw_json_array(json);
    fw_json_object(json);
    fw_json_kv(json, "href", fw_buf_sv(&text));
    fw_buf_reset(&text);
    fw_text_safe(&text, result->input);
    if (result->span.line > 0) {
        fw_buf_printf(&text, ":%" PRIu32, result->span.line);
    }
    fw_json_kv(json, "description", fw_buf_sv(&text));
    fw_json_key(json, "props");
    fw_json_array(json);
    fw_oscal_prop(json, "sha256", fw_sv_from(hex));
    fw_json_end(json);
    fw_json_end(json);
    fw_json_end(json);
    fw_buf_clear(&text);
}

static void observation(struct fw_json *json, const struct fw_survey *survey,
                        const struct fw_survey_check *check, size_t index)
{
    const struct fw_result *result = &survey->in->results->v[index];
    char hex[FW_SHA256_HEX + 1];
    fw_sha256_hex(result->fingerprint, hex);
    fw_json_object(json);
    fw_oscal_uuid(json, "uuid", "observation", fw_oscal_name(survey, index));
    fw_json_kv(json, "title",
               fw_arena_printf(survey->arena, "%s %.*s", result->check,
                               FW_SV_ARG(check->check->title[survey->in->lang])));
    fw_json_kv(json, "description",
               fw_oscal_line(survey, fw_survey_sentence(survey, result, survey->in->lang, false),
                             result->check));
    fw_json_key(json, "props");
    fw_json_array(json);
    fw_oscal_prop(json, "state", fw_sv_from(fw_result_state_name(result->state)));
    fw_oscal_prop(json, "severity", fw_sv_from(fw_severity_name(result->severity)));
    fw_oscal_prop(json, "class", fw_sv_from(fw_class_name(result->class)));
    fw_oscal_prop(json, "measured", result->measured);
    fw_oscal_prop(json, "target", result->target);
    fw_oscal_prop(json, "fingerprint", fw_sv_from(hex));
    fw_json_end(json);
    fw_json_key(json, "methods");
    fw_json_array(json);
    fw_json_cstr(json, method(result));
    fw_json_end(json);
    fw_json_key(json, "subjects");
    fw_json_array(json);
    fw_json_object(json);
    fw_oscal_uuid(json, "subject-uuid", "component", result->device);
    fw_json_kv_cstr(json, "type", "component");
    fw_json_end(json);
    fw_json_end(json);
    evidence(json, result);
    fw_oscal_time(json, survey, "collected", survey->in->facts->as_of_ns);
    if (result->remark.n > 0) {
        fw_json_kv(json, "remarks", fw_oscal_line(survey, result->remark, "none"));
    }
    fw_json_end(json);
}

bool fw_oscal_is_open(const struct fw_result *result)
{
    return fw_survey_is_finding(result);
}

void fw_oscal_observations(struct fw_json *json, const struct fw_survey *survey, bool open_only)
{
    bool any = false;
    for (size_t i = 0; i < survey->n; i++) {
        for (size_t k = 0; k < survey->checks[i].n; k++) {
            size_t index = survey->checks[i].from + k;
            if (open_only && !fw_oscal_is_open(&survey->in->results->v[index])) {
                continue;
            }
            if (!any) {
                fw_json_key(json, "observations");
                fw_json_array(json);
                any = true;
            }
            observation(json, survey, &survey->checks[i], index);
        }
    }
    if (any) {
        fw_json_end(json);
    }
}

bool fw_oscal_is_risk(const struct fw_result *result)
{
    return result->state == FW_RESULT_FAIL || result->state == FW_RESULT_WAIVED;
}

/* Until when a waived one is accepted. */
static void deadline(struct fw_json *json, const struct fw_survey *survey,
                     const struct fw_result *result)
{
    int64_t ns;
    for (size_t i = 0; result->state == FW_RESULT_WAIVED && i < result->nparams; i++) {
        if (strcmp(result->params[i].name, "expires") == 0 &&
            fw_time_parse(result->params[i].value, survey->in->facts->zone_seconds, false, &ns)) {
            fw_oscal_time(json, survey, "deadline", ns);
        }
    }
}

static void risk(struct fw_json *json, const struct fw_survey *survey,
                 const struct fw_survey_check *check, size_t index)
{
    const struct fw_result *result = &survey->in->results->v[index];
    enum fw_lang lang = survey->in->lang;
    fw_sv name = fw_oscal_name(survey, index);
    fw_json_object(json);
    fw_oscal_uuid(json, "uuid", "risk", name);
    fw_json_kv(json, "title",
               fw_arena_printf(survey->arena, "%s %.*s", result->check,
                               FW_SV_ARG(check->check->title[lang])));
    fw_json_kv(json, "description",
               fw_oscal_line(survey, check->check->definition[lang], result->check));
    fw_json_kv(
        json, "statement",
        fw_oscal_line(survey, fw_survey_sentence(survey, result, lang, true), result->check));
    fw_json_kv_cstr(json, "status",
                    result->state == FW_RESULT_WAIVED ? "deviation-approved" : "open");
    if (result->remark.n > 0) {
        fw_json_key(json, "mitigating-factors");
        fw_json_array(json);
        fw_json_object(json);
        fw_oscal_uuid(json, "uuid", "mitigation", name);
        fw_json_kv(json, "description", fw_oscal_line(survey, result->remark, "none"));
        fw_json_end(json);
        fw_json_end(json);
    }
    deadline(json, survey, result);
    if (check->check->remedy[lang].n > 0) {
        fw_json_key(json, "remediations");
        fw_json_array(json);
        fw_json_object(json);
        fw_oscal_uuid(json, "uuid", "remediation", name);
        fw_json_kv_cstr(json, "lifecycle", "recommendation");
        fw_json_kv_cstr(json, "title", result->check);
        fw_json_kv(json, "description",
                   fw_oscal_line(survey, check->check->remedy[lang], result->check));
        fw_json_end(json);
        fw_json_end(json);
    }
    fw_json_key(json, "related-observations");
    fw_json_array(json);
    fw_json_object(json);
    fw_oscal_uuid(json, "observation-uuid", "observation", name);
    fw_json_end(json);
    fw_json_end(json);
    fw_json_end(json);
}

void fw_oscal_risks(struct fw_json *json, const struct fw_survey *survey)
{
    bool any = false;
    for (size_t i = 0; i < survey->n; i++) {
        for (size_t k = 0; k < survey->checks[i].n; k++) {
            size_t index = survey->checks[i].from + k;
            if (!fw_oscal_is_risk(&survey->in->results->v[index])) {
                continue;
            }
            if (!any) {
                fw_json_key(json, "risks");
                fw_json_array(json);
                any = true;
            }
            risk(json, survey, &survey->checks[i], index);
        }
    }
    if (any) {
        fw_json_end(json);
    }
}

static bool seen_before(const struct fw_results *results, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (fw_sv_eq(results->states[i].device, results->states[n].device)) {
            return true;
        }
    }
    return false;
}

void fw_oscal_components(struct fw_json *json, const struct fw_survey *survey)
{
    const struct fw_results *results = survey->in->results;
    fw_json_key(json, "components");
    fw_json_array(json);
    for (size_t i = 0; i < results->nstates; i++) {
        fw_sv subject = results->states[i].device;
        if (seen_before(results, i)) {
            continue;
        }
        fw_sv shown = subject.n > 0 ? subject : agency_of(survey);
        fw_json_object(json);
        fw_oscal_uuid(json, "uuid", "component", subject);
        fw_json_kv_cstr(json, "type", subject.n > 0 ? "network" : "this-system");
        fw_json_kv(json, "title", fw_oscal_line(survey, shown, "unnamed"));
        fw_json_kv(json, "description", fw_oscal_line(survey, shown, "unnamed"));
        fw_json_key(json, "status");
        fw_json_object(json);
        fw_json_kv_cstr(json, "state", "operational");
        fw_json_end(json);
        fw_json_end(json);
    }
    fw_json_end(json);
}

static void hashed(struct fw_json *json, fw_sv path, fw_sha256 sha256)
{
    char hex[FW_SHA256_HEX + 1];
    fw_sha256_hex(sha256, hex);
    fw_json_key(json, "rlinks");
    fw_json_array(json);
    fw_json_object(json);
    fw_json_kv(json, "href", path);
    fw_json_key(json, "hashes");
    fw_json_array(json);
    fw_json_object(json);
    fw_json_kv_cstr(json, "algorithm", "SHA-256");
    fw_json_kv_cstr(json, "value", hex);
    fw_json_end(json);
    fw_json_end(json);
    fw_json_end(json);
    fw_json_end(json);
}

/* Logs are hundreds of files; what results point to, and what was declared, are few. */
static void resources(struct fw_json *json, const struct fw_survey *survey)
{
    const struct fw_report_input *in = survey->in;
    const struct fw_profile *profile = in->facts->profile;
    fw_json_key(json, "back-matter");
    fw_json_object(json);
    fw_json_key(json, "resources");
    fw_json_array(json);
    fw_json_object(json);
    fw_oscal_uuid(json, "uuid", "profile", profile ? profile->name : FW_SV(""));
    fw_json_kv(json, "title",
               fw_oscal_line(survey, profile ? profile->title[in->lang] : FW_SV(""), "all checks"));
    hashed(json, FW_SV("rulesets"), in->results->catalogue->sha256);
    fw_json_end(json);
    for (size_t i = 0; i < in->inputs->n; i++) {
        const struct fw_input *input = &in->inputs->v[i];
        if (input->missing || input->role == FW_INPUT_LOG) {
            continue;
        }
        struct fw_buf uri;
        fw_buf_init(&uri);
        fw_text_uri(&uri, input->path);
        fw_json_object(json);
        fw_oscal_uuid(json, "uuid", "input", input->path);
        fw_json_kv(json, "title", fw_oscal_line(survey, input->path, "unnamed"));
        hashed(json, fw_buf_sv(&uri), input->info.sha256);
        fw_json_end(json);
        fw_buf_clear(&uri);
    }
    fw_json_end(json);
    fw_json_end(json);
}

void fw_oscal_begin(struct fw_json_report *report, const struct fw_report_input *in,
                    struct fw_buf *out, const char *key, const char *kind)
{
    const struct fw_site *site = in->facts->site;
    struct fw_json *json = &report->json;
    fw_json_report_begin(report, in, out);
    report->survey.twins = fw_survey_twins(&report->survey);
    fw_json_key(json, key);
    fw_json_object(json);
    fw_oscal_uuid(json, "uuid", kind,
                  fw_arena_printf(&report->arena, "%.*s/%.*s", FW_SV_ARG(site->agency),
                                  FW_SV_ARG(site->period)));
    metadata(json, &report->survey);
}

void fw_oscal_end(struct fw_json_report *report, struct fw_buf *out)
{
    resources(&report->json, &report->survey);
    fw_json_end(&report->json);
    fw_json_report_end(report, out);
}
