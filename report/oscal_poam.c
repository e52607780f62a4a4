/* What a review leaves to be done, as an OSCAL 1.2.1 Plan of Action and Milestones. */
#include "report/oscal.h"

static void relation(struct fw_json *json, const char *list, const char *key, const char *kind,
                     fw_sv name)
{
    fw_json_key(json, list);
    fw_json_array(json);
    fw_json_object(json);
    fw_oscal_uuid(json, key, kind, name);
    fw_json_end(json);
    fw_json_end(json);
}

static void item(struct fw_json *json, const struct fw_survey *survey,
                 const struct fw_survey_check *check, size_t index)
{
    const struct fw_result *result = &survey->in->results->v[index];
    enum fw_lang lang = survey->in->lang;
    fw_sv name = fw_oscal_name(survey, index);
    fw_json_object(json);
    fw_oscal_uuid(json, "uuid", "poam-item", name);
    fw_json_kv(
        json, "title",
        fw_arena_printf(survey->arena, "%s %.*s", check->id, FW_SV_ARG(check->check->title[lang])));
    fw_json_kv(json, "description",
               fw_oscal_line(survey, fw_survey_sentence(survey, result, lang, true), check->id));
    fw_json_key(json, "props");
    fw_json_array(json);
    fw_oscal_prop(json, "state", fw_sv_from(fw_result_state_name(result->state)));
    fw_oscal_prop(json, "class", fw_sv_from(fw_class_name(result->class)));
    fw_oscal_prop(json, "item", check->asked ? check->asked->item : (fw_sv){0});
    fw_json_end(json);
    relation(json, "related-observations", "observation-uuid", "observation", name);
    if (fw_oscal_is_risk(result)) {
        relation(json, "related-risks", "risk-uuid", "risk", name);
    }
    if (check->check->remedy[lang].n > 0) {
        fw_json_kv(json, "remarks", fw_oscal_line(survey, check->check->remedy[lang], check->id));
    }
    fw_json_end(json);
}

/* The schema wants one item at least: that nothing is left to do is then said in words. */
static void nothing(struct fw_json *json, const struct fw_survey *survey)
{
    fw_json_object(json);
    fw_oscal_uuid(json, "uuid", "poam-item", FW_SV("none"));
    fw_json_kv(json, "title", fw_survey_word(survey, "text.no_findings"));
    fw_json_kv(json, "description", fw_survey_word(survey, "text.no_findings"));
    fw_json_end(json);
}

static void write(const struct fw_report_input *in, struct fw_buf *out)
{
    const struct fw_site *site = in->facts->site;
    struct fw_json_report report;
    struct fw_json *json = &report.json;
    fw_oscal_begin(&report, in, out, "plan-of-action-and-milestones", "poam");
    fw_json_key(json, "system-id");
    fw_json_object(json);
    fw_json_kv(json, "id",
               fw_oscal_line(&report.survey, site->unit_id.n > 0 ? site->unit_id : site->agency,
                             "unnamed"));
    fw_json_end(json);
    fw_json_key(json, "local-definitions");
    fw_json_object(json);
    fw_oscal_components(json, &report.survey);
    fw_json_end(json);
    fw_oscal_observations(json, &report.survey, true);
    fw_oscal_risks(json, &report.survey);
    fw_json_key(json, "poam-items");
    fw_json_array(json);
    size_t n = 0;
    for (size_t i = 0; i < report.survey.n; i++) {
        for (size_t k = 0; k < report.survey.checks[i].n; k++) {
            size_t index = report.survey.checks[i].from + k;
            if (fw_oscal_is_open(&in->results->v[index])) {
                item(json, &report.survey, &report.survey.checks[i], index);
                n++;
            }
        }
    }
    if (n == 0) {
        nothing(json, &report.survey);
    }
    fw_json_end(json);
    fw_oscal_end(&report, out);
}

const struct fw_report fw_report_oscal_poam = {
    .name = "oscal-poam",
    .extension = "json",
    .title = "OSCAL 1.2.1 Plan of Action and Milestones",
    .kinds = FW_REPORT_SITE,
    .write = write,
};
