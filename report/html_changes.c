/* What changed since the review before: findings, configurations; and how all reviews compare. */
#include <inttypes.h>

#include "analyzers/changes/delta.h"
#include "analyzers/changes/pairs.h"
#include "core/time.h"
#include "report/html.h"

/* --- findings -----------------------------------------------------------------------------------
 */

static void state_cell(struct fw_html *html, bool known, enum fw_result_state state)
{
    fw_html_raw(html, "<td>");
    if (known) {
        fw_html_badge(html, state);
    } else {
        fw_html_raw(html, "—");
    }
    fw_html_raw(html, "</td>");
}

static void number_cell(struct fw_html *html, const char *name, size_t n)
{
    fw_html_raw(html, "<td class=\"n\"");
    if (name) {
        fw_buf_printf(html->out, " data-change=\"%s\"", name);
    }
    fw_html_number(html, ">", n, "</td>");
}

static void checks_table(struct fw_html *html, const struct fw_history *history)
{
    static const struct fw_html_column columns[] = {{"label.check", NULL}, {"label.before", NULL},
                                                    {"label.now", NULL},   {"label.new", "n"},
                                                    {"label.same", "n"},   {"label.gone", "n"}};
    size_t rest = history->same;
    fw_html_table(html, "sort", columns, sizeof(columns) / sizeof(columns[0]));
    for (size_t i = 0; i < history->n; i++) {
        const struct fw_check_history *check = &history->checks[i];
        fw_html_put(html, "<tr><td class=\"id\"><a href=\"#", fw_sv_from(check->check), "\">");
        fw_html_put(html, "", fw_sv_from(check->check), "</a></td>");
        state_cell(html, check->was, check->before);
        state_cell(html, true, check->now);
        number_cell(html, NULL, check->new);
        number_cell(html, NULL, check->same);
        number_cell(html, NULL, check->gone);
        fw_html_raw(html, "</tr>\n");
        rest -= check->same;
    }
    fw_html_word(html, "</tbody>\n<tfoot><tr><th>", "label.unchanged", "</th><td></td><td></td>");
    number_cell(html, NULL, 0);
    number_cell(html, NULL, rest);
    number_cell(html, NULL, 0);
    fw_html_word(html, "</tr>\n<tr><th>", "label.sum", "</th><td></td><td></td>");
    number_cell(html, "new", history->new);
    number_cell(html, "same", history->same);
    number_cell(html, "gone", history->gone);
    fw_html_raw(html, "</tr></tfoot>\n</table></div>\n");
}

/* What the earlier review found and this one does not: its own words stand in the earlier pack. */
static void gone_list(struct fw_html *html, const struct fw_history *history)
{
    enum { SHOWN = 200 };
    if (history->ngone == 0) {
        return;
    }
    fw_html_word(html, "<h3>", "heading.gone", "</h3>\n<ul>\n");
    for (size_t i = 0; i < history->ngone && i < SHOWN; i++) {
        const struct fw_past_finding *finding = &history->gone_findings[i];
        fw_html_put(html, "<li>", finding->check, " ");
        fw_html_text(html, finding->subject);
        fw_html_put(html, finding->place.n > 0 ? " · " : "", finding->place, "");
        fw_html_put(html, " <code class=\"hash\">", fw_sv_sub(finding->fingerprint, 0, 16),
                    "</code></li>\n");
    }
    fw_html_raw(html, "</ul>\n");
    if (history->ngone > SHOWN) {
        struct fw_param more = {"n", fw_survey_number(&html->survey, history->ngone - SHOWN)};
        fw_html_put(html, "<p class=\"dim\">", fw_survey_text(&html->survey, "text.more", &more, 1),
                    "</p>\n");
    }
}

static void findings(struct fw_html *html)
{
    const struct fw_history *history = &html->history;
    if (!html->has_history) {
        fw_html_word(html, "<p>", "text.no_previous", "</p>\n");
        return;
    }
    const struct fw_earlier_review *previous = history->previous;
    char head[FW_SHA256_HEX + 1];
    fw_sha256_hex(previous->head, head);
    fw_html_raw(html, "<dl class=\"facts\">\n");
    fw_html_fact(html, "label.previous",
                 fw_arena_printf(html->survey.arena, "%.*s  %.*s", FW_SV_ARG(previous->period),
                                 FW_SV_ARG(fw_html_date(html, previous->as_of_ns))));
    fw_html_fact(html, "label.head", fw_sv_from(head));
    fw_html_raw(html, "</dl>\n");
    struct fw_param params[] = {
        {"new", fw_survey_number(&html->survey, history->new)},
        {"same", fw_survey_number(&html->survey, history->same)},
        {"gone", fw_survey_number(&html->survey, history->gone)},
    };
    fw_html_put(html, "<p class=\"total\">",
                fw_survey_text(&html->survey, "text.history", params, 3), "</p>\n");
    checks_table(html, history);
    gone_list(html, history);
}

/* --- configurations -----------------------------------------------------------------------------
 */

static void configuration_row(struct fw_html *html, const struct fw_device_facts *device,
                              const struct fw_snapshot *after)
{
    const struct fw_snapshot *before = after - 1;
    struct fw_deltas deltas;
    size_t counts[FW_CHANGE_COUNT] = {0};
    fw_deltas_find(html->survey.arena, before->ruleset, after->ruleset, &deltas);
    for (size_t i = 0; i < deltas.n; i++) {
        counts[deltas.v[i].change]++;
    }
    fw_html_put(html, "<tr><td>", device->name, "</td>");
    fw_html_put(html, "<td class=\"break narrow\">", before->path, "</td>");
    fw_html_put(html, "<td class=\"break narrow\">", after->path,
                after->author.n > 0 ? "<br>" : "");
    fw_html_put(html, "", after->author, "</td>");
    for (size_t i = 0; i < FW_CHANGE_COUNT; i++) {
        number_cell(html, NULL, counts[i]);
    }
    fw_html_raw(html, "</tr>\n");
}

/* From each configuration of the period to the next; rules are the same when their meaning is. */
static void configurations(struct fw_html *html)
{
    static const struct fw_html_column columns[] = {
        {"label.device", NULL}, {"label.before", "narrow"}, {"label.now", "narrow"},
        {"change.add", "n"},    {"change.remove", "n"},     {"change.modify", "n"},
        {"change.move", "n"},   {"change.default", "n"},    {"change.binding", "n"}};
    const struct fw_facts *facts = html->in->facts;
    bool any = false;
    for (size_t i = 0; i < facts->ndevices; i++) {
        if (facts->devices[i].nsnapshots < 2) {
            continue;
        }
        if (!any) {
            fw_html_word(html, "<h3>", "heading.rule_changes", "</h3>\n");
            fw_html_table(html, "sort", columns, sizeof(columns) / sizeof(columns[0]));
            any = true;
        }
        const struct fw_device_facts *device = &facts->devices[i];
        for (size_t k = fw_pairs_first(facts, device); k < device->nsnapshots; k++) {
            configuration_row(html, device, &device->snapshots[k]);
        }
    }
    fw_html_raw(html, any ? "</tbody>\n</table></div>\n" : "");
}

/* --- trend --------------------------------------------------------------------------------------
 */

/* Of the drawing, in its own units. */
enum { BAR = 44, GAP = 28, TALL = 120, BELOW = 16, LEFT = 8 };

static void trend_bar(struct fw_html *html, size_t column, const size_t counts[FW_RESULT_COUNT],
                      size_t most)
{
    size_t x = LEFT + column * (BAR + GAP);
    size_t below = 0;
    for (int state = FW_RESULT_COUNT - 1; state >= 0; state--) {
        size_t from = below * TALL / most;
        below += counts[state];
        size_t to = below * TALL / most;
        if (to > from) {
            fw_buf_printf(
                html->out, "<rect class=\"%s\" x=\"%zu\" y=\"%zu\" width=\"%d\" height=\"%zu\"/>",
                fw_html_state_class((enum fw_result_state)state), x, TALL - to, BAR, to - from);
        }
    }
}

static void trend_row(struct fw_html *html, fw_sv period, const size_t counts[FW_RESULT_COUNT],
                      size_t n)
{
    fw_html_put(html, "<tr><th scope=\"row\">", period, "</th>");
    for (int state = 0; state < FW_RESULT_COUNT; state++) {
        number_cell(html, NULL, counts[state]);
    }
    number_cell(html, NULL, n);
    fw_html_raw(html, "</tr>\n");
}

static void trend_picture(struct fw_html *html, const struct fw_past *pasts, size_t n)
{
    const struct fw_survey *survey = &html->survey;
    size_t most = survey->n > 0 ? survey->n : 1;
    for (size_t i = 0; i < n; i++) {
        most = pasts[i].n > most ? pasts[i].n : most;
    }
    size_t width = LEFT + (n + 1) * (BAR + GAP);
    fw_buf_printf(html->out,
                  "<figure class=\"trend\" tabindex=\"0\"><svg viewBox=\"0 0 %zu %d\" "
                  "width=\"%zu\" height=\"%d\" role=\"img\"",
                  width, TALL + BELOW, width, TALL + BELOW);
    fw_html_word(html, " aria-label=\"", "heading.trend", "\">\n");
    for (size_t i = 0; i <= n; i++) {
        fw_sv period = i < n ? pasts[i].review->period : html->in->facts->site->period;
        trend_bar(html, i, i < n ? pasts[i].counts : survey->counts, most);
        fw_buf_printf(html->out, "<text x=\"%zu\" y=\"%d\">", LEFT + i * (BAR + GAP),
                      TALL + BELOW - 4);
        fw_html_put(html, "", period, "</text>");
    }
    fw_html_raw(html, "\n</svg></figure>\n");
}

/* How the checks ended, review by review, drawn and in numbers. */
static void trend(struct fw_html *html)
{
    enum { REVIEWS = 40 };
    const struct fw_past *pasts;
    size_t n = fw_history_pasts(&html->survey, &pasts);
    if (n == 0) {
        return;
    }
    size_t from = n > REVIEWS ? n - REVIEWS : 0;
    fw_html_word(html, "<h3>", "heading.trend", "</h3>\n");
    trend_picture(html, pasts + from, n - from);
    fw_html_word(html, "<div class=\"wide\" tabindex=\"0\"><table id=\"trend\">\n<thead><tr><th>",
                 "label.period", "</th>");
    for (int state = 0; state < FW_RESULT_COUNT; state++) {
        fw_html_put(html, "<th class=\"n\">",
                    fw_survey_state(&html->survey, (enum fw_result_state)state), "</th>");
    }
    fw_html_word(html, "<th class=\"n\">", "label.sum", "</th></tr></thead>\n<tbody>\n");
    for (size_t i = from; i < n; i++) {
        trend_row(html, pasts[i].review->period, pasts[i].counts, pasts[i].n);
    }
    trend_row(html, html->in->facts->site->period, html->survey.counts, html->survey.n);
    fw_html_raw(html, "</tbody>\n</table></div>\n");
}

void fw_html_changes(struct fw_html *html)
{
    if (!html->in->facts->site) {
        return;
    }
    fw_html_word(html, "<section id=\"changes\" class=\"page\">\n<h2>", "heading.changes",
                 "</h2>\n");
    findings(html);
    configurations(html);
    trend(html);
    fw_html_raw(html, "</section>\n");
}
