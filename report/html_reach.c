/* What do the rules let through? Zones by zones, and how broad rules are beside how often they hit.
 */
#include <inttypes.h>
#include <math.h>

#include "analyzers/rules/exposure.h"
#include "analyzers/rules/matrix.h"
#include "report/hits.h"
#include "report/html.h"

/* --- zones by zones -----------------------------------------------------------------------------
 */

/* Not approved, not sure, or anything at all: said by a sign besides the colour. */
static void passage(struct fw_html *html, const struct fw_zone_matrix *matrix,
                    const struct fw_matrix_cell *cell, bool devices)
{
    struct fw_arena *arena = html->survey.arena;
    struct fw_services rest;
    fw_services_minus(arena, &cell->services, &cell->sure, &rest);
    bool excess = matrix->approved && !fw_services_none(&cell->excess);
    bool unsure = !fw_services_none(&rest);
    fw_html_raw(html, excess ? "<p class=\"pass excess\">✗ " : "<p class=\"pass\">");
    fw_html_raw(html, unsure ? "? " : "");
    fw_html_text(html, fw_services_string(arena, &cell->services));
    if (devices) {
        fw_html_put(html, " <span class=\"dim\">", cell->device, "</span>");
    }
    fw_html_raw(html, "</p>");
}

static void zone_row(struct fw_html *html, const struct fw_zone_matrix *matrix, fw_sv from,
                     const struct fw_site *site)
{
    fw_html_put(html, "<tr><th scope=\"row\">", from, "</th>");
    for (size_t to = 0; to < site->nzones; to++) {
        bool any = false;
        bool self = fw_sv_eq(site->zones[to].name, from);
        fw_html_raw(html, self ? "<td class=\"self\">" : "<td>");
        for (size_t i = 0; i < matrix->n; i++) {
            const struct fw_matrix_cell *cell = &matrix->cells[i];
            if (fw_sv_eq(cell->from, from) && fw_sv_eq(cell->to, site->zones[to].name)) {
                passage(html, matrix, cell, html->in->facts->ndevices > 1);
                any = true;
            }
        }
        fw_html_raw(html, any || self ? "</td>" : "<span class=\"dim\">—</span></td>");
    }
    fw_html_raw(html, "</tr>\n");
}

static void zones_table(struct fw_html *html)
{
    const struct fw_facts *facts = html->in->facts;
    const struct fw_site *site = facts->site;
    struct fw_zone_matrix matrix;
    if (!site || site->nzones == 0 || !html->in->results->exposures) {
        return;
    }
    fw_zone_matrix_make(html->survey.arena, html->in->results->exposures, facts->ndevices,
                        facts->matrix, &matrix);
    fw_html_word(html, "<h3>", "heading.zones", "</h3>\n");
    fw_html_word(html, "<p class=\"dim\">", matrix.approved ? "text.zones_approved" : "text.zones",
                 "</p>\n");
    fw_html_raw(html, "<div class=\"wide\" tabindex=\"0\"><table id=\"zones\" class=\"zones\">\n");
    fw_html_word(html, "<thead><tr><th>", "label.from_to", "</th>");
    for (size_t z = 0; z < site->nzones; z++) {
        fw_html_put(html, "<th scope=\"col\">", site->zones[z].name, "</th>");
    }
    fw_html_raw(html, "</tr></thead>\n<tbody>\n");
    for (size_t z = 0; z < site->nzones; z++) {
        zone_row(html, &matrix, site->zones[z].name, site);
    }
    fw_html_raw(html, "</tbody>\n</table></div>\n");
}

/* --- how broad, how often -----------------------------------------------------------------------
 */

/* Columns: log2 of what an IPv4 rule really lets through, IPv6 on the same scale. Rows: its hits.
 */
enum { BREADTHS = 7, HITS = 6, NAMED = 8, STEP = 14 };

struct heat {
    uint64_t n;
    struct fw_buf names;
    uint64_t named;
};

static size_t breadth_column(const struct fw_rule_flows *rule)
{
    double v4 = rule->breadth[0].upper;
    double v6 = rule->breadth[1].upper;
    /* All there is: 2^82.6 of IPv4, 2^274.6 of IPv6. */
    double bits4 = v4 >= 1 ? log2(v4) : -1;
    double bits6 = v6 >= 1 ? log2(v6) * 82.6 / 274.6 : -1;
    double bits = bits4 > bits6 ? bits4 : bits6;
    if (bits < 0) {
        return 0;
    }
    size_t column = 1 + (size_t)(bits / STEP);
    return column < BREADTHS ? column : BREADTHS - 1;
}

/* The last row: nothing counts them. */
static size_t hits_row(const struct fw_rule_hits *hits)
{
    static const uint64_t least[HITS - 1] = {0, 1, 100, 10000, 1000000};
    size_t row = HITS - 1;
    for (size_t i = 0; hits->by != FW_HITS_BY_NOTHING && i < HITS - 1; i++) {
        row = hits->n >= least[i] ? i : row;
    }
    return row;
}

static void heat_add(struct heat *cell, fw_sv device, const struct fw_rule_flows *rule)
{
    cell->n++;
    if (cell->named < NAMED) {
        fw_buf_add_cstr(&cell->names, cell->named > 0 ? ", " : "");
        fw_buf_add(&cell->names, device);
        fw_buf_add_char(&cell->names, ' ');
        fw_buf_add(&cell->names, rule->of->name);
        fw_buf_printf(&cell->names, " %" PRIu32, rule->by->position);
        cell->named++;
    } else if (cell->named == NAMED) {
        fw_buf_add_cstr(&cell->names, " …");
        cell->named++;
    }
}

static uint64_t heat_count(const struct fw_html *html, struct heat cells[HITS][BREADTHS],
                           uint64_t counted[FW_HITS_BY_COUNT])
{
    const struct fw_report_input *in = html->in;
    uint64_t n = 0;
    for (size_t i = 0; in->results->exposures && i < in->facts->ndevices; i++) {
        const struct fw_exposure *exposure = &in->results->exposures[i];
        struct fw_usage_reader *reader = NULL;
        for (size_t r = 0; exposure->snapshot && r < exposure->flows.nrules; r++) {
            const struct fw_rule_flows *rule = &exposure->flows.rules[r];
            if (!rule->by) {
                continue;
            }
            reader = reader ? reader : fw_rule_hits_reader(in->facts, exposure, html->survey.arena);
            struct fw_rule_hits hits = fw_rule_hits(reader, rule);
            heat_add(&cells[hits_row(&hits)][breadth_column(rule)], exposure->device->name, rule);
            counted[hits.by]++;
            n++;
        }
    }
    return n;
}

static void heat_cell(struct fw_html *html, const struct heat *cell)
{
    if (cell->n == 0) {
        fw_html_raw(html, "<td class=\"n dim\">·</td>");
        return;
    }
    const char *tone = cell->n < 3 ? "h1" : cell->n < 10 ? "h2" : cell->n < 50 ? "h3" : "h4";
    fw_buf_printf(html->out, "<td class=\"n %s\" title=\"", tone);
    fw_html_put(html, "", fw_buf_sv(&cell->names), "\">");
    fw_html_number(html, "", cell->n, "</td>");
}

static void heat_head(struct fw_html *html)
{
    fw_html_word(html, "<thead><tr><th>", "label.hits_breadth", "</th>");
    fw_html_word(html, "<th class=\"n\">", "heat.nothing", "</th>");
    for (int i = 1; i < BREADTHS; i++) {
        fw_buf_printf(html->out, "<th class=\"n\">2<sup>%d</sup>–2<sup>%d</sup></th>",
                      (i - 1) * STEP, i < BREADTHS - 1 ? i * STEP : 83);
    }
    fw_html_word(html, "<th class=\"n\">", "label.sum", "</th></tr></thead>\n<tbody>\n");
}

static void heat_map(struct fw_html *html)
{
    static const char *const ranges[HITS] = {"0",           "1–99", "100–9,999", "10,000–999,999",
                                             "≥ 1,000,000", NULL};
    struct heat cells[HITS][BREADTHS];
    for (size_t i = 0; i < HITS; i++) {
        for (size_t k = 0; k < BREADTHS; k++) {
            cells[i][k] = (struct heat){0};
            fw_buf_init(&cells[i][k].names);
        }
    }
    uint64_t counted[FW_HITS_BY_COUNT] = {0};
    uint64_t n = heat_count(html, cells, counted);
    if (n > 0) {
        const struct fw_survey *survey = &html->survey;
        const struct fw_param params[] = {
            {"total", fw_survey_number(survey, n)},
            {"value", fw_survey_number(survey, counted[FW_HITS_BY_LOGS])},
            {"n", fw_survey_number(survey, counted[FW_HITS_BY_COUNTER])}};
        fw_html_word(html, "<h3>", "heading.heat", "</h3>\n");
        fw_buf_printf(html->out,
                      "<p class=\"dim\" id=\"heat-by\" data-logs=\"%" PRIu64
                      "\" data-counter=\"%" PRIu64 "\">",
                      counted[FW_HITS_BY_LOGS], counted[FW_HITS_BY_COUNTER]);
        fw_html_put(
            html, "", fw_survey_text(survey, "text.heat", params, 3),
            "</p>\n<div class=\"wide\" tabindex=\"0\"><table id=\"heat\" class=\"heat\">\n");
        heat_head(html);
        for (size_t i = 0; i < HITS; i++) {
            uint64_t sum = 0;
            fw_html_put(html, "<tr><th scope=\"row\">",
                        ranges[i] ? fw_sv_from(ranges[i])
                                  : fw_survey_word(&html->survey, "heat.uncounted"),
                        "</th>");
            for (size_t k = 0; k < BREADTHS; k++) {
                heat_cell(html, &cells[i][k]);
                sum += cells[i][k].n;
            }
            fw_html_number(html, "<td class=\"n\">", sum, "</td></tr>\n");
        }
        fw_html_raw(html, "</tbody>\n</table></div>\n");
    }
    for (size_t i = 0; i < HITS; i++) {
        for (size_t k = 0; k < BREADTHS; k++) {
            fw_buf_clear(&cells[i][k].names);
        }
    }
}

/* Without zones and without flows there is nothing to show, not even a heading. */
void fw_html_reach(struct fw_html *html)
{
    struct fw_buf *out = html->out;
    struct fw_buf text;
    fw_buf_init(&text);
    html->out = &text;
    zones_table(html);
    heat_map(html);
    html->out = out;
    if (text.n > 0) {
        fw_html_word(html, "<section id=\"reach\" class=\"page\">\n<h2>", "heading.reach",
                     "</h2>\n");
        fw_buf_add(html->out, fw_buf_sv(&text));
        fw_html_raw(html, "</section>\n");
    }
    html->out->failed = html->out->failed || text.failed;
    fw_buf_clear(&text);
}
