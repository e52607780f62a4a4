/* Sensors on the page: the ledger of tuning, advisories about the engine, what was let through. */
#include <inttypes.h>

#include "core/time.h"
#include "report/html.h"
#include "report/sensors.h"

static void ledger_row(struct fw_html *html, const struct fw_ledger_entry *e)
{
    bool gone = e->change == FW_LEDGER_REMOVED;
    fw_html_put(html, "<tr><td>", e->device, "</td>");
    fw_html_put(html, "<td>", e->kind, "</td>");
    fw_html_put(html, "<td class=\"id\">", e->signature, "</td>");
    fw_html_put(html, "<td class=\"break\">", e->scope, "</td>");
    fw_html_put(html, "<td class=\"break\">", e->message, "</td>");
    fw_html_put(html, "<td class=\"break\">", e->reason, "</td>");
    fw_html_put(html, "<td>", e->author, "</td>");
    fw_html_put(html, "<td class=\"id\">", e->date, "</td>");
    fw_html_put(html, "<td class=\"id\">", e->review_by, e->overdue ? " !</td>" : "</td>");
    fw_html_put(html, "<td>", e->ticket, "</td>");
    fw_html_put(html, "<td class=\"break\">",
                gone ? FW_SV("") : fw_ids_missing_words(&html->survey, e), "</td>");
    fw_html_put(html, "<td class=\"id\">", fw_ids_volume_text(&html->survey, e), "</td>");
    fw_html_put(html, "<td>", fw_ids_change_word(&html->survey, e), "</td>");
    fw_html_put(html, "<td class=\"break\">", e->path, "");
    if (!gone) {
        fw_buf_printf(html->out, ":%" PRIu32, e->span.line);
    }
    fw_html_raw(html, "</td></tr>\n");
}

static void ledger(struct fw_html *html, const struct fw_sensor *sensor)
{
    static const struct fw_html_column columns[] = {
        {"label.device", NULL}, {"label.kind", NULL},    {"label.signature_id", NULL},
        {"label.scope", NULL},  {"label.message", NULL}, {"label.reason", NULL},
        {"label.author", NULL}, {"label.date", NULL},    {"label.review_by", NULL},
        {"label.ticket", NULL}, {"label.missing", NULL}, {"label.before_after", NULL},
        {"label.change", NULL}, {"label.path", NULL},
    };
    fw_html_put(html, "<p>", fw_ids_tally_text(&html->survey, sensor), "</p>\n");
    fw_html_table(html, "sort plan", columns, sizeof(columns) / sizeof(columns[0]));
    for (size_t i = 0; i < sensor->nledger + sensor->nremoved; i++) {
        if (!sensor->ledger[i].published) {
            ledger_row(html, &sensor->ledger[i]);
        }
    }
    fw_html_raw(html, "</tbody>\n</table></div>\n");
    fw_html_word(html, "<p class=\"dim\">", "text.ledger", "</p>\n");
    if (fw_ids_published(sensor) > 0) {
        fw_html_put(html, "<p class=\"dim\">", fw_ids_published_text(&html->survey, sensor),
                    "</p>\n");
    }
}

static void date_cell(struct fw_html *html, int64_t ns)
{
    fw_html_put(html, "<td class=\"id\">", ns == INT64_MIN ? FW_SV("") : fw_html_date(html, ns),
                "</td>");
}

static void advisories(struct fw_html *html, const struct fw_sensor *sensor)
{
    static const struct fw_html_column columns[] = {
        {"label.advisory", NULL}, {"label.score", "n"},    {"label.message", NULL},
        {"label.decision", NULL}, {"label.decider", NULL}, {"label.date", NULL},
        {"label.due", NULL},      {"label.done", NULL},
    };
    fw_html_word(html, "<h3>", "heading.advisories", "</h3>\n");
    fw_html_table(html, "sort", columns, sizeof(columns) / sizeof(columns[0]));
    for (size_t i = 0; i < sensor->nadvisories; i++) {
        const struct fw_ids_advisory *one = &sensor->advisories[i];
        const struct fw_advisory_decision *d = one->decision;
        fw_html_put(html, "<tr><td class=\"id\">", one->advisory->id, "</td><td class=\"n\">");
        if (one->advisory->has_score) {
            fw_buf_printf(html->out, "%u.%u", one->advisory->score10 / 10,
                          one->advisory->score10 % 10);
        }
        fw_html_put(html, "</td><td>", one->advisory->summary, "</td>");
        fw_html_put(html, "<td>", d ? d->decision : FW_SV(""), "</td>");
        fw_html_put(html, "<td>", d ? d->by : FW_SV(""), "</td>");
        date_cell(html, d ? d->decided_ns : INT64_MIN);
        date_cell(html, d ? d->due_ns : INT64_MIN);
        date_cell(html, d ? d->done_ns : INT64_MIN);
        fw_html_raw(html, "</tr>\n");
    }
    fw_html_raw(html, "</tbody>\n</table></div>\n");
}

static void address_cell(struct fw_html *html, fw_ip ip)
{
    fw_html_raw(html, "<td class=\"id\">");
    fw_ip_text(html->out, ip);
    fw_html_raw(html, "</td>");
}

static void passed(struct fw_html *html, const struct fw_ids_attacks *attacks)
{
    static const struct fw_html_column columns[] = {
        {"label.time", NULL},    {"label.signature_id", NULL}, {"label.from_address", NULL},
        {"label.country", NULL}, {"label.to_address", NULL},   {"label.firewall", NULL},
    };
    fw_html_table(html, "sort", columns, sizeof(columns) / sizeof(columns[0]));
    for (size_t i = 0; i < attacks->npassed; i++) {
        const struct fw_ids_passed *p = &attacks->passed[i];
        fw_html_raw(html, "<tr><td class=\"id\">");
        fw_time_text_zone(html->out, p->ns, html->in->facts->zone_seconds);
        fw_buf_printf(html->out, "</td><td class=\"id\">%" PRIu32 ":%" PRIu32 "</td>", p->gid,
                      p->sid);
        address_cell(html, p->src);
        fw_html_put(html, "<td>", fw_sv_from(p->country.code), "</td>");
        address_cell(html, p->dst);
        fw_html_put(html, "<td>", p->firewall, "</td></tr>\n");
    }
    fw_html_raw(html, "</tbody>\n</table></div>\n");
}

static void countries(struct fw_html *html, const struct fw_ids_attacks *attacks)
{
    static const struct fw_html_column columns[] = {
        {"label.country", NULL}, {"label.count", "n"}, {"label.let_through", "n"}};
    fw_html_table(html, "sort", columns, sizeof(columns) / sizeof(columns[0]));
    for (size_t i = 0; i < attacks->ncountries; i++) {
        const char *code = attacks->countries[i].country.code;
        fw_html_put(html, "<tr><td>", code[0] ? fw_sv_from(code) : FW_SV("-"), "</td>");
        fw_html_number(html, "<td class=\"n\">", attacks->countries[i].alerts, "</td>");
        fw_html_number(html, "<td class=\"n\">", attacks->countries[i].allowed, "</td></tr>\n");
    }
    fw_html_raw(html, "</tbody>\n</table></div>\n");
}

static void paragraph(struct fw_html *html, fw_sv text)
{
    if (text.n > 0) {
        fw_html_put(html, "<p>", text, "</p>\n");
    }
}

void fw_html_sensors(struct fw_html *html)
{
    const struct fw_ids_view *view = html->in->results->sensors;
    for (size_t i = 0; view && i < view->n; i++) {
        const struct fw_sensor *sensor = &view->v[i];
        if (sensor->nledger + sensor->nremoved > 0) {
            fw_html_word(html, "<h3>", "heading.ledger", "</h3>\n");
            ledger(html, sensor);
        }
        paragraph(html, fw_ids_silent_text(&html->survey, sensor));
        paragraph(html, fw_ids_updates_text(&html->survey, sensor));
        paragraph(html, fw_ids_engine_text(&html->survey, sensor));
        if (sensor->nadvisories > 0) {
            advisories(html, sensor);
        }
        fw_sv attacks = fw_ids_attacks_text(&html->survey, sensor);
        if (attacks.n > 0) {
            fw_html_word(html, "<h3>", "heading.attacks", "</h3>\n");
            paragraph(html, attacks);
        }
        if (sensor->attacks.npassed > 0) {
            passed(html, &sensor->attacks);
        }
        if (sensor->attacks.ncountries > 0) {
            countries(html, &sensor->attacks);
        }
    }
}
