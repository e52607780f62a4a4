/* All log sources on one line of time each: gaps stand out, and so does what several sources share.
 */
#include <inttypes.h>

#include "analyzers/logs/source_view.h"
#include "core/time.h"
#include "report/days.h"
#include "report/html.h"

/* As many as calendars; of the drawing, in its own units. */
enum { STRIPS = 200, WIDTH = 1000, HEIGHT = 14, LEAST = 2 };

struct window {
    int64_t from_ns, to_ns;
};

/* From where logs must be kept, or the first event, to the date counted from. */
static bool window_of(const struct fw_facts *facts, struct window *ret)
{
    bool any = false;
    *ret = (struct window){INT64_MAX, INT64_MIN};
    for (size_t i = 0; i < facts->nsources; i++) {
        const struct fw_source_view *source = &facts->sources[i];
        if (source->has_time) {
            ret->from_ns = source->first_ns < ret->from_ns ? source->first_ns : ret->from_ns;
            ret->to_ns = source->last_ns > ret->to_ns ? source->last_ns : ret->to_ns;
            any = true;
        }
    }
    if (any && facts->has_as_of) {
        int64_t seconds = fw_days_required(facts) * 86400 - facts->zone_seconds;
        int64_t kept = seconds * FW_NS_PER_SEC;
        ret->from_ns = kept < ret->from_ns ? kept : ret->from_ns;
        ret->to_ns = facts->as_of_ns > ret->to_ns ? facts->as_of_ns : ret->to_ns;
    }
    return any && ret->to_ns > ret->from_ns;
}

static uint32_t place(const struct window *window, int64_t ns)
{
    ns = ns < window->from_ns ? window->from_ns : ns > window->to_ns ? window->to_ns : ns;
    double part = (double)(ns - window->from_ns) / (double)(window->to_ns - window->from_ns);
    return (uint32_t)(part * WIDTH);
}

static void part(struct fw_html *html, const struct window *window, const char *class, int64_t from,
                 int64_t to)
{
    uint32_t x = place(window, from);
    uint32_t end = place(window, to);
    uint32_t width = end - x < LEAST ? LEAST : end - x;
    fw_buf_printf(html->out,
                  "<rect class=\"%s\" x=\"%" PRIu32 "\" y=\"0\" width=\"%" PRIu32
                  "\" height=\"%d\"/>",
                  class, x, width, HEIGHT);
}

static void strip(struct fw_html *html, const struct window *window,
                  const struct fw_source_view *source)
{
    struct fw_param params[] = {
        {"source", source->name},
        {"n", fw_survey_number(&html->survey, source->gaps.n)},
    };
    fw_sv label = fw_survey_text(&html->survey, "text.strip", params, 2);
    fw_html_put(html, "<tr><th scope=\"row\">", source->name, "</th><td>");
    fw_buf_printf(html->out,
                  "<svg class=\"strip\" viewBox=\"0 0 %d %d\" preserveAspectRatio=\"none\" "
                  "role=\"img\" aria-label=\"",
                  WIDTH, HEIGHT);
    fw_html_put(html, "", label, "\">");
    part(html, window, "none", window->from_ns, window->to_ns);
    part(html, window, "d3", source->first_ns, source->last_ns);
    for (size_t i = 0; i < source->gaps.n; i++) {
        part(html, window, "FAIL", source->gaps.v[i].from_ns, source->gaps.v[i].to_ns);
    }
    if (source->gaps.silent) {
        part(html, window, "FAIL", source->last_ns, window->to_ns);
    }
    fw_html_raw(html, "</svg></td></tr>\n");
}

void fw_html_strips(struct fw_html *html)
{
    const struct fw_facts *facts = html->in->facts;
    struct window window;
    if (!window_of(facts, &window)) {
        return;
    }
    fw_html_word(html, "<h3>", "heading.strips", "</h3>\n<table class=\"strips\">\n");
    fw_html_word(html, "<thead><tr><th>", "label.source", "</th><th>");
    fw_html_put(html, "<span>", fw_html_date(html, window.from_ns), "</span> – ");
    fw_html_put(html, "<span>", fw_html_date(html, window.to_ns),
                "</span></th></tr></thead>\n<tbody>\n");
    for (size_t i = 0; i < facts->nsources && i < STRIPS; i++) {
        if (facts->sources[i].has_time) {
            strip(html, &window, &facts->sources[i]);
        }
    }
    fw_html_raw(html, "</tbody>\n</table>\n");
}
