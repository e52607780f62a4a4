/* How did the checks end, one row each: all of them, or those that one audit item is answered by.
 */
#include "report/html.h"

static void row(struct fw_html *html, const struct fw_survey_check *check, bool items)
{
    size_t findings = 0;
    for (size_t k = 0; k < check->n; k++) {
        findings += fw_survey_is_finding(&html->in->results->v[check->from + k]);
    }
    struct fw_buf severity;
    fw_buf_init(&severity);
    fw_buf_printf(&severity, "severity.%s", fw_severity_name(check->severity));
    fw_html_raw(html, "<tr><td>");
    fw_html_badge(html, check->state);
    fw_html_put(html, "</td><td class=\"id\"><a href=\"#", check->check->id, "\">");
    fw_html_put(html, "", check->check->id, "</a></td>");
    fw_html_put(html, "<td>", fw_survey_title(&html->survey, check), "</td>");
    if (items) {
        fw_html_put(html, "<td class=\"narrow\">", check->asked ? check->asked->item : FW_SV(""),
                    "</td>");
    }
    fw_html_word(html, "<td class=\"narrow\">", severity.p ? severity.p : "", "</td>");
    fw_html_number(html, "<td class=\"n\">", findings, "</td></tr>\n");
    fw_buf_clear(&severity);
}

void fw_html_checks(struct fw_html *html, const struct fw_profile_item *item)
{
    const struct fw_survey *survey = &html->survey;
    const struct fw_profile *profile = html->in->facts->profile;
    const size_t *order = fw_survey_order(survey);
    bool items = !item && profile && profile->nitems > 0;
    fw_html_raw(html, item ? "<div class=\"wide\"><table class=\"checks\">\n"
                           : "<div class=\"wide\"><table id=\"checks\" class=\"sort\">\n");
    fw_html_word(html, "<thead><tr><th>", "label.state", "</th>");
    fw_html_word(html, "<th colspan=\"2\">", "label.check", "</th>");
    if (items) {
        fw_html_word(html, "<th class=\"narrow\">", "label.item", "</th>");
    }
    fw_html_word(html, "<th class=\"narrow\">", "label.severity", "</th>");
    fw_html_word(html, "<th class=\"n\">", "heading.findings", "</th></tr></thead>\n<tbody>\n");
    for (size_t i = 0; i < survey->n; i++) {
        const struct fw_survey_check *check = &survey->checks[order[i]];
        bool here = !item || (check->asked && fw_sv_eq(check->asked->item, item->item));
        if (here && fw_survey_answered(check)) {
            row(html, check, items);
        }
    }
    fw_html_raw(html, "</tbody>\n</table></div>\n");
}
