/* A review as OSCAL 1.2.1 Assessment Results. */
#include <stdlib.h>

#include "core/uuid.h"
#include "report/oscal.h"

static const struct {
    const char *state, *reason;
} targets[FW_RESULT_COUNT] = {
    [FW_RESULT_ERROR] = {"not-satisfied", "other"},
    [FW_RESULT_FAIL] = {"not-satisfied", "fail"},
    [FW_RESULT_OPEN] = {"not-satisfied", "other"},
    [FW_RESULT_MANUAL] = {"not-satisfied", "other"},
    [FW_RESULT_WAIVED] = {"not-satisfied", "other"},
    [FW_RESULT_PASS] = {"satisfied", "pass"},
    [FW_RESULT_NA] = {NULL,
                      NULL}, /* no finding: it stands among the observations, with its reason */
};

static int by_text(const void *left, const void *right)
{
    return fw_sv_cmp_natural(*(const fw_sv *)left, *(const fw_sv *)right);
}

/* "NIST SC-7(5)" is control sc-7.5 of the SP 800-53 catalog. */
static fw_sv control_id(const struct fw_survey *survey, fw_sv ref)
{
    fw_sv item;
    if (!fw_sv_starts(ref, "NIST ")) {
        return (fw_sv){0};
    }
    item = fw_sv_sub(ref, 5, ref.n);
    char *text = fw_arena_cstr(survey->arena, item);
    size_t n = 0;
    for (size_t i = 0; i < item.n && item.p[i] != ')'; i++) {
        if (item.p[i] != ' ') {
            text[n++] = item.p[i] == '(' ? '.' : fw_lower(item.p[i]);
        }
    }
    return fw_sv_of(text, n);
}

static void controls(struct fw_json *json, const struct fw_survey *survey)
{
    size_t n = 0;
    for (size_t i = 0; i < survey->n; i++) {
        n += survey->checks[i].check->nrefs;
    }
    fw_sv *ids = fw_new_array(survey->arena, n + 1, fw_sv);
    n = 0;
    for (size_t i = 0; i < survey->n; i++) {
        for (size_t r = 0; r < survey->checks[i].check->nrefs; r++) {
            fw_sv id = control_id(survey, survey->checks[i].check->refs[r]);
            if (id.n > 0) {
                ids[n++] = id;
            }
        }
    }
    if (n > 0) {
        qsort(ids, n, sizeof(*ids), by_text);
    }
    fw_json_key(json, "reviewed-controls");
    fw_json_object(json);
    fw_json_key(json, "control-selections");
    fw_json_array(json);
    fw_json_object(json);
    fw_json_key(json, n > 0 ? "include-controls" : "include-all");
    if (n > 0) {
        fw_json_array(json);
    } else {
        fw_json_object(json);
    }
    for (size_t i = 0; i < n; i++) {
        if (i == 0 || !fw_sv_eq(ids[i - 1], ids[i])) {
            fw_json_object(json);
            fw_json_kv(json, "control-id", ids[i]);
            fw_json_end(json);
        }
    }
    fw_json_end(json);
    fw_json_end(json);
    fw_json_end(json);
    fw_json_end(json);
}

static void related(struct fw_json *json, const struct fw_survey *survey,
                    const struct fw_survey_check *check, bool risks)
{
    bool any = false;
    for (size_t k = 0; k < check->n; k++) {
        size_t index = check->from + k;
        if (risks && !fw_oscal_is_risk(&survey->in->results->v[index])) {
            continue;
        }
        if (!any) {
            fw_json_key(json, risks ? "related-risks" : "related-observations");
            fw_json_array(json);
            any = true;
        }
        fw_json_object(json);
        fw_oscal_uuid(json, risks ? "risk-uuid" : "observation-uuid",
                      risks ? "risk" : "observation", fw_oscal_name(survey, index));
        fw_json_end(json);
    }
    if (any) {
        fw_json_end(json);
    }
}

/* One finding a check: its state over all subjects. */
static void finding(struct fw_json *json, const struct fw_survey *survey,
                    const struct fw_survey_check *check)
{
    enum fw_lang lang = survey->in->lang;
    const struct fw_check *row = check->check;
    fw_json_object(json);
    fw_oscal_uuid(json, "uuid", "finding",
                  fw_arena_printf(survey->arena, "%.*s/%s",
                                  FW_SV_ARG(survey->in->facts->site->period), check->id));
    fw_json_kv(json, "title",
               fw_arena_printf(survey->arena, "%s %.*s", check->id, FW_SV_ARG(row->title[lang])));
    fw_json_kv(json, "description", fw_oscal_line(survey, row->definition[lang], check->id));
    fw_json_key(json, "props");
    fw_json_array(json);
    fw_oscal_prop(json, "state", fw_sv_from(fw_result_state_name(check->state)));
    fw_oscal_prop(json, "item", check->asked ? check->asked->item : (fw_sv){0});
    fw_oscal_prop(json, "computed", row->computed ? FW_SV("yes") : FW_SV("no"));
    for (size_t r = 0; r < row->nrefs; r++) {
        fw_oscal_prop(json, "reference", row->refs[r]);
    }
    fw_json_end(json);
    fw_json_key(json, "target");
    fw_json_object(json);
    fw_json_kv_cstr(json, "type", "objective-id");
    fw_json_kv_cstr(json, "target-id", check->id);
    fw_json_key(json, "status");
    fw_json_object(json);
    fw_json_kv_cstr(json, "state", targets[check->state].state);
    fw_json_kv_cstr(json, "reason", targets[check->state].reason);
    fw_json_end(json);
    fw_json_end(json);
    related(json, survey, check, false);
    related(json, survey, check, true);
    fw_json_end(json);
}

static void findings(struct fw_json *json, const struct fw_survey *survey)
{
    bool any = false;
    for (size_t i = 0; i < survey->n; i++) {
        if (!targets[survey->checks[i].state].state) {
            continue;
        }
        if (!any) {
            fw_json_key(json, "findings");
            fw_json_array(json);
            any = true;
        }
        finding(json, survey, &survey->checks[i]);
    }
    if (any) {
        fw_json_end(json);
    }
}

static void plan(struct fw_json *json, const struct fw_survey *survey)
{
    const struct fw_profile *profile = survey->in->facts->profile;
    char uuid[FW_UUID_TEXT + 1];
    fw_uuid_of(fw_arena_printf(survey->arena, "profile/%.*s",
                               FW_SV_ARG(profile ? profile->name : FW_SV(""))),
               uuid);
    fw_json_key(json, "import-ap");
    fw_json_object(json);
    fw_json_kv(json, "href", fw_arena_printf(survey->arena, "#%s", uuid));
    fw_json_end(json);
}

static void write(const struct fw_report_input *in, struct fw_buf *out)
{
    const struct fw_site *site = in->facts->site;
    struct fw_json_report report;
    struct fw_json *json = &report.json;
    fw_oscal_begin(&report, in, out, "assessment-results", "assessment-results");
    plan(json, &report.survey);
    fw_json_key(json, "results");
    fw_json_array(json);
    fw_json_object(json);
    fw_oscal_uuid(json, "uuid", "result", site->period);
    fw_json_kv(json, "title", fw_oscal_line(&report.survey, site->period, "review"));
    fw_json_kv(json, "description", fw_survey_word(&report.survey, "heading.review"));
    fw_oscal_time(json, &report.survey, "start", site->from_ns != INT64_MIN ? site->from_ns : 0);
    fw_oscal_time(json, &report.survey, "end", in->facts->as_of_ns);
    fw_json_key(json, "local-definitions");
    fw_json_object(json);
    fw_oscal_components(json, &report.survey);
    fw_json_end(json);
    controls(json, &report.survey);
    fw_oscal_observations(json, &report.survey, false);
    fw_oscal_risks(json, &report.survey);
    findings(json, &report.survey);
    fw_json_end(json);
    fw_json_end(json);
    fw_oscal_end(&report, out);
}

const struct fw_report fw_report_oscal_ar = {
    .name = "oscal-ar",
    .extension = "json",
    .title = "OSCAL 1.2.1 Assessment Results",
    .kinds = FW_REPORT_SITE,
    .write = write,
};
