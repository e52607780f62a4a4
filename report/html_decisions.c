/* What people decided on the page: how many rules, how; then each decision, by whom, until when. */
#include "evidence/decisions.h"
#include "report/decided.h"
#include "report/html.h"

/* A longer table is no page; decisions.tsv lists all. */
enum { DECISIONS_SHOWN = 10000 };

static const enum fw_decided order[] = {FW_DECIDED_KEEP, FW_DECIDED_MODIFY, FW_DECIDED_REMOVE,
                                        FW_DECIDED_WAIVE, FW_DECIDED_NOTHING};
enum { ORDER = sizeof(order) / sizeof(order[0]) };

/* "decided.keep"; nothing was decided: "decided.". */
static void decided_word(struct fw_html *html, const char *before, enum fw_decided decided,
                         const char *after)
{
    struct fw_buf key;
    fw_buf_init(&key);
    fw_buf_printf(&key, "decided.%s",
                  decided == FW_DECIDED_NOTHING ? "none" : fw_decided_name(decided));
    fw_html_word(html, before, key.p ? key.p : "", after);
    fw_buf_clear(&key);
}

static void tally_cells(struct fw_html *html, const struct fw_decided_tally *tally)
{
    fw_html_number(html, "<td class=\"n\">", tally->rules, "</td>");
    for (size_t i = 0; i < ORDER; i++) {
        fw_html_number(html, "<td class=\"n\">", tally->by[order[i]], "</td>");
    }
    fw_html_raw(html, "</tr>\n");
}

static void tally_table(struct fw_html *html, const struct fw_decided_tally *all)
{
    const struct fw_facts *facts = html->in->facts;
    fw_html_word(html, "<div class=\"wide\" tabindex=\"0\"><table id=\"decided\">\n<thead><tr><th>",
                 "label.device", "</th>");
    fw_html_word(html, "<th class=\"n\">", "label.rules", "</th>");
    for (size_t i = 0; i < ORDER; i++) {
        decided_word(html, "<th class=\"n\">", order[i], "</th>");
    }
    fw_html_raw(html, "</tr></thead>\n<tbody>\n");
    for (size_t i = 0; i < facts->ndevices; i++) {
        struct fw_decided_tally tally = {0};
        fw_decided_add(facts, &facts->devices[i], &tally);
        if (tally.rules > 0) {
            fw_html_put(html, "<tr><th scope=\"row\">", facts->devices[i].name, "</th>");
            tally_cells(html, &tally);
        }
    }
    fw_html_word(html, "</tbody>\n<tfoot><tr><th>", "label.sum", "</th>");
    tally_cells(html, all);
    fw_html_raw(html, "</tfoot>\n</table></div>\n");
}

/* The rule as people read it, or the check whose finding it is. */
static void about_cell(struct fw_html *html, const struct fw_decision *d)
{
    if (d->about_rule) {
        fw_html_put(html, "<td class=\"break\">", d->policy, " ");
        fw_html_put(html, "<code>", d->rule, "</code></td>");
        return;
    }
    fw_html_put(html, "<td class=\"break\"><a href=\"#", d->check, "\">");
    fw_html_put(html, "", d->check, "</a> ");
    fw_html_put(html, "", d->rule, "</td>");
}

static void decision_row(struct fw_html *html, const struct fw_decision *d, const char *state)
{
    struct fw_buf key;
    fw_html_put(html, "<tr><td>", d->device, "</td>");
    about_cell(html, d);
    decided_word(html, "<td class=\"id\">", d->decided, "</td>");
    fw_html_put(html, "<td class=\"id\">", d->by, "</td>");
    fw_html_put(html, "<td class=\"id\">", fw_html_date(html, d->decided_ns), "</td>");
    fw_html_put(html, "<td class=\"id\">", fw_html_date(html, d->until_ns), "</td>");
    fw_html_put(html, "<td class=\"id\">", d->owner, "</td>");
    fw_html_put(html, "<td class=\"break\">", d->reason, "");
    fw_html_put(html, d->ticket.n > 0 ? " · " : "", d->ticket, "</td>");
    fw_buf_init(&key);
    fw_buf_printf(&key, "decision_state.%s", state);
    fw_buf_printf(html->out, "<td data-decision=\"%s\">", state);
    fw_html_word(html, "", key.p ? key.p : "", "</td></tr>\n");
    fw_buf_clear(&key);
}

static void decisions_table(struct fw_html *html)
{
    static const struct fw_html_column columns[] = {
        {"label.device", NULL},  {"label.decided_about", NULL}, {"label.decision", NULL},
        {"label.decider", NULL}, {"label.decided", NULL},       {"label.expires", NULL},
        {"label.owner", NULL},   {"label.reason", NULL},        {"label.state", NULL}};
    const struct fw_decisions *decisions = html->in->facts->decisions;
    const char *const *states = fw_decision_states(html->in->facts, html->in->results,
                                                   html->survey.arena);
    size_t n = decisions->n < DECISIONS_SHOWN ? decisions->n : DECISIONS_SHOWN;
    fw_html_table(html, "decisions sort", columns, sizeof(columns) / sizeof(columns[0]));
    for (size_t i = 0; i < n; i++) {
        decision_row(html, decisions->v[i], states[i]);
    }
    fw_html_raw(html, "</tbody>\n</table></div>\n");
    if (n < decisions->n) {
        struct fw_param more = {"n", fw_survey_number(&html->survey, decisions->n - n)};
        fw_html_put(html, "<p class=\"banner\">",
                    fw_survey_text(&html->survey, "text.more_elsewhere", &more, 1), "</p>\n");
    }
}

void fw_html_decisions(struct fw_html *html)
{
    const struct fw_facts *facts = html->in->facts;
    const struct fw_survey *survey = &html->survey;
    struct fw_decided_tally all = {0};
    for (size_t i = 0; facts->site && i < facts->ndevices; i++) {
        fw_decided_add(facts, &facts->devices[i], &all);
    }
    bool any = facts->decisions && facts->decisions->n > 0;
    if (!facts->site || (all.rules == 0 && !any)) {
        return;
    }
    uint64_t undecided = all.by[FW_DECIDED_NOTHING];
    const struct fw_param params[] = {{"total", fw_survey_number(survey, all.rules)},
                                      {"value", fw_survey_number(survey, all.rules - undecided)},
                                      {"n", fw_survey_number(survey, undecided)}};
    fw_html_word(html, "<section id=\"decisions\" class=\"page\">\n<h2>", "heading.decisions",
                 "</h2>\n");
    fw_html_put(html, "<p>", fw_survey_text(survey, "text.decided", params, 3), "</p>\n");
    tally_table(html, &all);
    if (any) {
        decisions_table(html);
    }
    fw_html_raw(html, "</section>\n");
}
