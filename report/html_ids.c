/* IDS on the page: the rule sets and their dates, the signatures that raised most alerts. */
#include <inttypes.h>

#include "core/time.h"
#include "report/alerts.h"
#include "report/html.h"
#include "report/sensors.h"

enum { NOISIEST = 50 };

static void sets_table(struct fw_html *html)
{
    const struct fw_facts *facts = html->in->facts;
    static const struct fw_html_column columns[] = {
        {"label.device", NULL}, {"label.path", NULL},      {"label.name", NULL},
        {"label.date", NULL},   {"label.signatures", "n"}, {"label.enabled", "n"},
    };
    fw_html_table(html, "sort", columns, sizeof(columns) / sizeof(columns[0]));
    for (size_t i = 0; i < facts->ndevices; i++) {
        for (size_t k = 0; k < facts->devices[i].nids; k++) {
            const struct fw_idsrules *set = facts->devices[i].ids[k];
            if (set->n == 0) {
                continue;
            }
            fw_html_put(html, "<tr><td>", facts->devices[i].name, "</td>");
            fw_html_put(html, "<td class=\"break\">", facts->devices[i].ids_paths[k], "</td>");
            fw_html_put(html, "<td>", set->set_name, "</td><td class=\"id\">");
            if (set->set_date.year != 0) {
                fw_date_text(html->out, set->set_date);
            }
            fw_html_number(html, "</td><td class=\"n\">", set->n, "</td>");
            fw_html_number(html, "<td class=\"n\">", fw_idsrules_enabled(set), "</td></tr>\n");
        }
    }
    fw_html_raw(html, "</tbody>\n</table></div>\n");
}

static void alerts_table(struct fw_html *html, const struct fw_alerts *alerts)
{
    static const struct fw_html_column columns[] = {
        {"label.signature_id", NULL}, {"label.message", NULL}, {"label.count", "n"},
        {"label.percent", "n"},       {"label.trend", "n"},    {"column.days", "n"},
    };
    fw_html_word(html, "<h3>", "heading.alerts", "</h3>\n");
    fw_html_table(html, "sort", columns, sizeof(columns) / sizeof(columns[0]));
    for (size_t i = 0; i < alerts->n && i < NOISIEST; i++) {
        const struct fw_alert_sum *alert = &alerts->v[i];
        fw_buf_printf(html->out, "<tr><td class=\"id\">%" PRIu32 ":%" PRIu32 "</td>", alert->gid,
                      alert->sid);
        fw_html_put(html, "<td>", alert->message, "</td>");
        fw_html_number(html, "<td class=\"n\">", alert->count, "</td>");
        fw_buf_printf(html->out, "<td class=\"n\">%.1f %%</td>",
                      (double)alert->count * 100 / (double)alerts->total);
        fw_html_put(html, "<td class=\"n\">",
                    fw_ids_trend(&html->survey, html->in->results->sensors, alert->gid, alert->sid),
                    "</td>");
        fw_html_number(html, "<td class=\"n\">", alert->days, "</td></tr>\n");
    }
    fw_html_word(html, "</tbody>\n<tfoot><tr><th>", "label.sum", "</th><td></td>");
    fw_html_number(html, "<td class=\"n\">", alerts->total,
                   "</td><td></td><td></td><td></td></tr></tfoot>");
    fw_html_raw(html, "\n</table></div>\n");
    if (alerts->n > NOISIEST) {
        struct fw_param more = {"n", fw_survey_number(&html->survey, alerts->n - NOISIEST)};
        fw_html_put(html, "<p class=\"dim\">", fw_survey_text(&html->survey, "text.more", &more, 1),
                    "</p>\n");
    }
}

void fw_html_ids(struct fw_html *html)
{
    const struct fw_facts *facts = html->in->facts;
    struct fw_alerts alerts;
    fw_alerts_sum(html->survey.arena, facts, &alerts);
    size_t sets = 0;
    for (size_t i = 0; i < facts->ndevices; i++) {
        sets += facts->devices[i].nids;
    }
    if (sets == 0 && alerts.n == 0) {
        return;
    }
    fw_html_word(html, "<section id=\"ids\" class=\"page\">\n<h2>", "heading.rule_sets", "</h2>\n");
    if (sets > 0) {
        sets_table(html);
    }
    if (alerts.n > 0) {
        alerts_table(html, &alerts);
    }
    fw_html_sensors(html);
    fw_html_raw(html, "</section>\n");
}
