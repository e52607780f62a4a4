/* Log sources on the page: a table, a calendar of days for each, gaps, the eight fields. */
#include <inttypes.h>

#include "core/time.h"
#include "report/days.h"
#include "report/html.h"

/* A page with more pictures is no overview; the tables name every source. */
enum { CALENDARS = 200 };

/* Of the drawing, in its own units. */
enum { CELL = 11, DAY = 9, LEFT = 4, TOP = 18 };

static void time_cell(struct fw_html *html, int64_t ns)
{
    struct fw_buf text;
    fw_buf_init(&text);
    fw_time_text_zone(&text, ns, html->in->facts->zone_seconds);
    fw_html_put(html, "<td class=\"id\">", fw_buf_sv(&text), "</td>");
    fw_buf_clear(&text);
}

static uint64_t rounded(double events)
{
    return events > 0 ? (uint64_t)(events + 0.5) : 0;
}

static void sources_table(struct fw_html *html)
{
    static const struct fw_html_column columns[] = {
        {"label.source", NULL},      {"label.format", NULL}, {"label.first", NULL},
        {"label.last", NULL},        {"label.events", "n"},  {"label.months_kept", "n"},
        {"label.days_present", "n"}, {"label.gaps", "n"},    {"label.unparsed", "n"}};
    const struct fw_facts *facts = html->in->facts;
    fw_html_table(html, "sort", columns, sizeof(columns) / sizeof(columns[0]));
    for (size_t i = 0; i < facts->nsources; i++) {
        const struct fw_source_view *source = &facts->sources[i];
        fw_html_put(html, "<tr><td class=\"break\">", source->name, "</td>");
        fw_html_put(html, "<td>", source->format, "</td>");
        for (int last = 0; last < 2; last++) {
            int64_t ns = last ? source->last_ns : source->first_ns;
            fw_html_put(html, "<td class=\"id\">",
                        source->has_time ? fw_html_date(html, ns) : FW_SV(""), "</td>");
        }
        fw_html_number(html, "<td class=\"n\">", source->events, "</td>");
        if (source->has_months && source->has_time) {
            fw_html_number(html, "<td class=\"n\">", source->months_kept, "</td>");
        } else {
            fw_html_raw(html, "<td></td>");
        }
        fw_html_number(html, "<td class=\"n\">", source->days_present, "</td>");
        fw_html_number(html, "<td class=\"n\">", source->gaps.n, "</td>");
        fw_html_number(html, "<td class=\"n\">", source->lines.bad + source->lines.unsupported,
                       "</td></tr>\n");
    }
    fw_html_raw(html, "</tbody>\n</table></div>\n");
}

/* How full a day is against the source's own typical day: one of four tones. */
static const char *tone(const struct fw_days *days, size_t i)
{
    static const char *const tones[] = {"d1", "d2", "d3", "d4"};
    uint64_t count = days->counts[i];
    if (count == 0) {
        return i < days->required ? "d0" : "dx";
    }
    if (count < days->typical / 4) {
        return tones[0];
    }
    if (count < days->typical - days->typical / 4) {
        return tones[1];
    }
    return count < days->typical + days->typical / 2 ? tones[2] : tones[3];
}

static void month_labels(struct fw_html *html, const struct fw_days *days, unsigned offset)
{
    for (size_t i = 0; i < days->n; i++) {
        struct fw_date date = fw_date_from_days(days->first + (int64_t)i);
        if (date.day != 1) {
            continue;
        }
        size_t week = (i + offset) / 7;
        fw_buf_printf(html->out, "<text x=\"%zu\" y=\"12\">", LEFT + week * CELL);
        fw_buf_printf(html->out, date.month == 1 ? "%04d-%02u</text>" : "%.0d%02u</text>",
                      date.month == 1 ? date.year : 0, date.month);
    }
}

/* A column a week from Monday down, a square a day: its tone says how much was logged. */
static void calendar(struct fw_html *html, const struct fw_source_view *source)
{
    struct fw_days days;
    fw_days_make(html->survey.arena, html->in->facts, source, &days);
    if (days.n == 0) {
        return;
    }
    unsigned offset = fw_weekday(days.first);
    size_t weeks = (days.n + offset + 6) / 7;
    struct fw_param params[] = {
        {"source", source->name},
        {"present", fw_survey_number(&html->survey, source->days_present)},
        {"total", fw_survey_number(&html->survey, days.n)},
    };
    fw_sv caption = fw_survey_text(&html->survey, "text.days", params, 3);
    fw_html_put(html, "<figure class=\"calendar\" tabindex=\"0\"><figcaption>", caption,
                "</figcaption>\n");
    fw_buf_printf(html->out, "<svg viewBox=\"0 0 %zu %d\" width=\"%zu\" height=\"%d\" role=\"img\"",
                  LEFT + weeks * CELL, TOP + 7 * CELL, LEFT + weeks * CELL, TOP + 7 * CELL);
    fw_html_put(html, " aria-label=\"", caption, "\">\n");
    month_labels(html, &days, offset);
    for (size_t i = 0; i < days.n; i++) {
        struct fw_date date = fw_date_from_days(days.first + (int64_t)i);
        fw_buf_printf(html->out,
                      "<rect class=\"%s%s\" x=\"%zu\" y=\"%zu\" width=\"%d\" height=\"%d\"><title>"
                      "%04d-%02u-%02u: %" PRIu64 "</title></rect>",
                      tone(&days, i), days.gaps[i] ? " gap" : "", LEFT + (i + offset) / 7 * CELL,
                      TOP + (i + offset) % 7 * CELL, DAY, DAY, date.year, date.month, date.day,
                      days.counts[i]);
    }
    fw_html_raw(html, "\n</svg></figure>\n");
}

static void legend(struct fw_html *html)
{
    static const struct {
        const char *class, *key;
    } rows[] = {{"dx", "legend.missing"}, {"d0", "legend.before"}, {"d1", "legend.few"},
                {"d3", "legend.typical"}, {"d4", "legend.many"},   {"d1 gap", "label.gaps"}};
    fw_html_raw(html, "<p class=\"dim legend\">");
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        fw_buf_printf(html->out,
                      "<svg width=\"9\" height=\"9\" aria-hidden=\"true\"><rect class=\"%s\" "
                      "width=\"9\" height=\"9\"/></svg> ",
                      rows[i].class);
        fw_html_word(html, "<span>", rows[i].key, "</span> ");
    }
    fw_html_raw(html, "</p>\n");
}

static void gaps_table(struct fw_html *html)
{
    static const struct fw_html_column columns[] = {{"label.source", NULL},
                                                    {"label.gap_from", NULL},
                                                    {"label.gap_to", NULL},
                                                    {"label.duration", NULL},
                                                    {"label.expected_events", "n"}};
    const struct fw_facts *facts = html->in->facts;
    size_t n = 0;
    for (size_t i = 0; i < facts->nsources; i++) {
        n += facts->sources[i].gaps.n;
    }
    if (n == 0) {
        return;
    }
    fw_html_word(html, "<h3>", "heading.gaps", "</h3>\n");
    fw_html_table(html, "sort", columns, sizeof(columns) / sizeof(columns[0]));
    for (size_t i = 0; i < facts->nsources; i++) {
        for (size_t k = 0; k < facts->sources[i].gaps.n; k++) {
            const struct fw_gap *gap = &facts->sources[i].gaps.v[k];
            struct fw_buf length;
            fw_buf_init(&length);
            fw_duration_text(&length, (gap->to_ns - gap->from_ns) / FW_NS_PER_SEC);
            fw_html_put(html, "<tr><td class=\"break\">", facts->sources[i].name, "</td>");
            time_cell(html, gap->from_ns);
            time_cell(html, gap->to_ns);
            fw_html_put(html, "<td class=\"id\">", fw_buf_sv(&length), "</td>");
            fw_html_number(html, "<td class=\"n\">", rounded(gap->expected), "</td></tr>\n");
            fw_buf_clear(&length);
        }
    }
    fw_html_raw(html, "</tbody>\n</table></div>\n");
}

static fw_sv percent(struct fw_html *html, const struct fw_tally *tally)
{
    if (tally->total == 0) {
        return FW_SV("—");
    }
    /* Rounded down: 99.996 % is not 100 %. */
    uint64_t hundredths = (uint64_t)((double)tally->present / (double)tally->total * 10000);
    hundredths = tally->present == tally->total ? 10000 : hundredths > 9999 ? 9999 : hundredths;
    return fw_arena_printf(html->survey.arena, "%" PRIu64 ".%02" PRIu64 " %%", hundredths / 100,
                           hundredths % 100);
}

/* A row a field, a column a source: eight rows read better than eight columns. */
static void fields_table(struct fw_html *html)
{
    enum { SOURCES = 12 };
    const struct fw_facts *facts = html->in->facts;
    fw_html_word(html, "<h3>", "heading.fields", "</h3>\n");
    for (size_t from = 0; from < facts->nsources; from += SOURCES) {
        size_t to = from + SOURCES < facts->nsources ? from + SOURCES : facts->nsources;
        fw_html_word(html,
                     "<div class=\"wide\" tabindex=\"0\"><table class=\"sort\">\n<thead><tr><th>",
                     "label.field", "</th>");
        for (size_t i = from; i < to; i++) {
            fw_html_put(html, "<th class=\"n\">", facts->sources[i].name, "</th>");
        }
        fw_html_raw(html, "</tr></thead>\n<tbody>\n");
        for (int field = 0; field < FW_REQUIRED_COUNT; field++) {
            struct fw_buf key;
            fw_buf_init(&key);
            fw_buf_printf(&key, "field.%s", fw_required_name((enum fw_required)field));
            fw_html_word(html, "<tr><td>", key.p ? key.p : "", "</td>");
            fw_buf_clear(&key);
            for (size_t i = from; i < to; i++) {
                const struct fw_tally *tally = &facts->sources[i].fields[field];
                fw_html_put(html, "<td class=\"n\">", percent(html, tally), "<br>");
                fw_html_number(html, "<span class=\"dim\">", tally->present, " / ");
                fw_html_number(html, "", tally->total, "</span></td>");
            }
            fw_html_raw(html, "</tr>\n");
        }
        fw_html_raw(html, "</tbody>\n</table></div>\n");
    }
}

static void assumptions(struct fw_html *html)
{
    const struct fw_facts *facts = html->in->facts;
    for (size_t i = 0; i < facts->nsources; i++) {
        const struct fw_source_view *source = &facts->sources[i];
        if (source->year_assumed == 0 && source->zone_assumed == 0) {
            continue;
        }
        struct fw_param params[] = {
            {"source", source->name},
            {"year", fw_survey_number(&html->survey, source->year_assumed)},
            {"zone", fw_survey_number(&html->survey, source->zone_assumed)},
            {"total", fw_survey_number(&html->survey, source->events)},
        };
        fw_html_put(html, "<p class=\"dim\">",
                    fw_survey_text(&html->survey, "text.assumed", params, 4), "</p>\n");
    }
}

void fw_html_logs(struct fw_html *html)
{
    const struct fw_facts *facts = html->in->facts;
    if (facts->nsources == 0) {
        return;
    }
    fw_html_word(html, "<section id=\"logs\" class=\"page\">\n<h2>", "heading.retention",
                 "</h2>\n");
    sources_table(html);
    assumptions(html);
    legend(html);
    for (size_t i = 0; i < facts->nsources && i < CALENDARS; i++) {
        calendar(html, &facts->sources[i]);
    }
    fw_html_strips(html);
    gaps_table(html);
    fields_table(html);
    fw_html_clocks(html);
    fw_html_raw(html, "</section>\n");
}
