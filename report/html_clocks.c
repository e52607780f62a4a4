/* How far are the clocks off? Time of receipt minus the device's own, drawn and in numbers. */
#include <inttypes.h>
#include <math.h>

#include "analyzers/logs/clock.h"
#include "analyzers/logs/source_view.h"
#include "core/time.h"
#include "report/html.h"

/* Of the drawing, in its own units. The axis is logarithmic on both sides of zero. */
enum { PLOTS = 200, HALF = 480, MIDDLE = 500, HEIGHT = 26, TICK_TOP = 12 };

/* A day: what is further off is drawn at the end. */
static const double most_ms = 86400000;

static int place(double ms)
{
    double x = log2(1 + fabs(ms)) / log2(1 + most_ms);
    x = x > 1 ? 1 : x;
    return MIDDLE + (int)lround(ms < 0 ? -x * HALF : x * HALF);
}

static int place_ns(int64_t ns)
{
    return place((double)ns / 1e6);
}

static void mark(struct fw_html *html, const char *class, int from, int to, int top, int height)
{
    fw_buf_printf(html->out, "<rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\"/>",
                  class, from, top, to - from < 2 ? 2 : to - from, height);
}

/* The band of what is tolerated, from least to most, the middle 98 of 100, and the median. */
static void plot(struct fw_html *html, const struct fw_source_view *source, double tolerated_ms)
{
    const struct fw_clock_summary *clock = &source->clock;
    int median = place_ns(fw_clock_quantile(clock, 0.5));
    int low = place_ns(fw_clock_quantile(clock, 0.01));
    int high = place_ns(fw_clock_quantile(clock, 0.99));
    int least = place_ns(clock->min);
    int most = place_ns(clock->max);
    /* Quantiles come from bins: never outside of what was measured. */
    low = low < least ? least : low > most ? most : low;
    high = high > most ? most : high < low ? low : high;
    median = median < low ? low : median > high ? high : median;
    struct fw_param params[] = {
        {"source", source->name},
        {"n", fw_survey_number(&html->survey, clock->samples)},
        {"from", fw_arena_printf(html->survey.arena, "%.3f", (double)clock->min / 1e9)},
        {"to", fw_arena_printf(html->survey.arena, "%.3f", (double)clock->max / 1e9)},
    };
    fw_html_put(html, "<tr><th scope=\"row\">", source->name, "</th><td>");
    fw_buf_printf(html->out,
                  "<svg class=\"strip\" viewBox=\"0 0 %d %d\" preserveAspectRatio=\"none\" "
                  "role=\"img\" aria-label=\"",
                  2 * MIDDLE, HEIGHT);
    fw_html_put(html, "", fw_survey_text(&html->survey, "text.clock", params, 4), "\">");
    mark(html, "none", 0, 2 * MIDDLE, 0, HEIGHT);
    mark(html, "d1", place(-tolerated_ms), place(tolerated_ms), 0, HEIGHT);
    mark(html, "ink", least, most, HEIGHT / 2 - 1, 2);
    mark(html, "MANUAL", low, high, HEIGHT / 2 - 6, 12);
    mark(html, "ink", median - 1, median + 1, HEIGHT / 2 - 10, 20);
    fw_html_raw(html, "</svg></td></tr>\n");
}

static void axis(struct fw_html *html)
{
    static const struct {
        double ms;
        const char *text;
    } ticks[] = {{-86400000, "-1 d"}, {-3600000, "-1 h"}, {-60000, "-1 min"}, {-1000, "-1 s"},
                 {-10, "-10 ms"},     {10, "10 ms"},      {1000, "1 s"},      {60000, "1 min"},
                 {3600000, "1 h"},    {86400000, "1 d"}};
    fw_buf_printf(
        html->out,
        "<tr><th></th><td><svg class=\"axis\" viewBox=\"0 0 %d %d\" aria-hidden=\"true\">",
        2 * MIDDLE, TICK_TOP + 6);
    for (size_t i = 0; i < sizeof(ticks) / sizeof(ticks[0]); i++) {
        fw_buf_printf(html->out, "<text class=\"tick\" x=\"%d\" y=\"%d\">%s</text>",
                      place(ticks[i].ms), TICK_TOP, ticks[i].text);
    }
    fw_html_raw(html, "</svg></td></tr>\n");
}

static void plots(struct fw_html *html)
{
    const struct fw_facts *facts = html->in->facts;
    double seconds = fw_facts_threshold(facts, "TIM-004.seconds", 2);
    fw_html_word(html, "<table class=\"strips clocks\">\n<thead><tr><th>", "label.source", "</th>");
    struct fw_param param = {"n", fw_arena_printf(html->survey.arena, "%g", seconds)};
    fw_html_put(html, "<th>", fw_survey_text(&html->survey, "text.clock_legend", &param, 1),
                "</th></tr></thead>\n<tbody>\n");
    for (size_t i = 0; i < facts->nsources && i < PLOTS; i++) {
        if (facts->sources[i].clock.samples > 0) {
            plot(html, &facts->sources[i], seconds * 1000);
        }
    }
    axis(html);
    fw_html_raw(html, "</tbody>\n</table>\n");
}

static void seconds_cell(struct fw_html *html, int64_t ns)
{
    fw_buf_printf(html->out, "<td class=\"n\">%.3f</td>", (double)ns / (double)FW_NS_PER_SEC);
}

static void numbers(struct fw_html *html)
{
    static const struct fw_html_column columns[] = {
        {"label.source", NULL},      {"label.samples", "n"},   {"label.clock_min", "n"},
        {"label.clock_median", "n"}, {"label.clock_p99", "n"}, {"label.clock_max", "n"}};
    const struct fw_facts *facts = html->in->facts;
    fw_html_table(html, "sort", columns, sizeof(columns) / sizeof(columns[0]));
    for (size_t i = 0; i < facts->nsources; i++) {
        const struct fw_clock_summary *clock = &facts->sources[i].clock;
        if (clock->samples == 0) {
            continue;
        }
        fw_html_put(html, "<tr><td class=\"break\">", facts->sources[i].name, "</td>");
        fw_html_number(html, "<td class=\"n\">", clock->samples, "</td>");
        seconds_cell(html, clock->min);
        seconds_cell(html, fw_clock_quantile(clock, 0.5));
        seconds_cell(html, fw_clock_quantile(clock, 0.99));
        seconds_cell(html, clock->max);
        fw_html_raw(html, "</tr>\n");
    }
    fw_html_raw(html, "</tbody>\n</table></div>\n");
}

/* Nothing where no line carries both times. */
void fw_html_clocks(struct fw_html *html)
{
    const struct fw_facts *facts = html->in->facts;
    for (size_t i = 0; i < facts->nsources; i++) {
        if (facts->sources[i].clock.samples > 0) {
            fw_html_word(html, "<h3>", "heading.clock", "</h3>\n");
            plots(html);
            numbers(html);
            return;
        }
    }
}
