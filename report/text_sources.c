/* Log sources on a terminal: one table, then a strip of days for each. */
#include <inttypes.h>

#include "analyzers/logs/clock.h"
#include "core/table.h"
#include "core/text.h"
#include "core/time.h"
#include "report/days.h"
#include "report/terminal.h"

/* More strips are no overview: the table has them all, the page shows them. */
enum { STRIPS = 12 };

enum { SOURCE, FORMAT, EVENTS, FIRST, LAST, MONTHS, GAPS, CLOCK, UNREAD, COLUMNS };

static const struct {
    const char *key, *title;
    bool number;
    size_t min_width;
} columns[COLUMNS] = {
    [SOURCE] = {"source", "column.source", false, 6},
    [FORMAT] = {"format", "label.format", false, 13},
    [EVENTS] = {"events", "label.events", true, 0},
    [FIRST] = {"first", "column.first", false, 10},
    [LAST] = {"last", "column.last", false, 10},
    [MONTHS] = {"months", "column.months", true, 0},
    [GAPS] = {"gaps", "label.gaps", true, 0},
    [CLOCK] = {"clock", "label.clock", false, 6},
    [UNREAD] = {"unparsed", "column.unread", true, 0},
};

static fw_sv date_cell(const struct fw_survey *survey, bool known, int64_t ns)
{
    if (!known) {
        return FW_SV("-");
    }
    return fw_date_keep(survey->arena, fw_date_of(ns, survey->in->facts->zone_seconds));
}

/* The difference that 99 of 100 samples stay below: what a reader compares with the tolerance. */
static fw_sv clock_cell(const struct fw_survey *survey, const struct fw_source_view *source)
{
    if (source->clock.samples == 0) {
        return FW_SV("-");
    }
    double seconds = (double)fw_clock_quantile(&source->clock, 0.99) / (double)FW_NS_PER_SEC;
    return fw_arena_printf(survey->arena, seconds < 10 ? "%.2f s" : "%.0f s", seconds);
}

/* A column that says nothing of any source only takes room. */
static size_t choose_columns(const struct fw_facts *facts, int *ret)
{
    bool clocks = false;
    size_t n = 0;
    for (size_t i = 0; i < facts->nsources; i++) {
        clocks = clocks || facts->sources[i].clock.samples > 0;
    }
    for (int i = 0; i < COLUMNS; i++) {
        if (i != CLOCK || clocks) {
            ret[n++] = i;
        }
    }
    return n;
}

static void source_cells(const struct fw_survey *survey, const struct fw_source_view *source,
                         fw_sv *cells)
{
    bool months = source->has_months && source->has_time;
    cells[SOURCE] = source->name;
    cells[FORMAT] = source->format.n > 0 ? source->format : FW_SV("-");
    cells[EVENTS] = fw_survey_number(survey, source->events);
    cells[FIRST] = date_cell(survey, source->has_time, source->first_ns);
    cells[LAST] = date_cell(survey, source->has_time, source->last_ns);
    cells[MONTHS] = months ? fw_survey_number(survey, source->months_kept) : FW_SV("-");
    cells[GAPS] = fw_survey_number(survey, source->gaps.n);
    cells[CLOCK] = clock_cell(survey, source);
    cells[UNREAD] = fw_survey_number(survey, source->lines.bad + source->lines.unsupported);
}

static void put_table(struct fw_terminal *t, const struct fw_facts *facts)
{
    const struct fw_survey *survey = &t->survey;
    struct fw_column titles[COLUMNS];
    int chosen[COLUMNS];
    size_t n = choose_columns(facts, chosen);
    for (size_t i = 0; i < n; i++) {
        int c = chosen[i];
        titles[i] = (struct fw_column){columns[c].key, fw_survey_word(survey, columns[c].title),
                                       columns[c].number, columns[c].min_width};
    }
    struct fw_table *table = fw_table_new(titles, n);
    t->out->failed = t->out->failed || !table;
    for (size_t i = 0; table && i < facts->nsources; i++) {
        fw_sv cells[COLUMNS];
        fw_sv row[COLUMNS];
        source_cells(survey, &facts->sources[i], cells);
        for (size_t k = 0; k < n; k++) {
            row[k] = cells[chosen[k]];
        }
        fw_table_row(table, row);
    }
    if (table) {
        fw_table_text(table, t->out, t->width);
    }
    fw_table_free(table);
}

static void put_month(struct fw_terminal *t, const struct fw_days *days, size_t *at, bool last)
{
    struct fw_date date = fw_date_from_days(days->first + (int64_t)*at);
    /* Two months with their names fill eighty cells. */
    fw_buf_printf(t->out, " %04d-%02u ", date.year, date.month);
    fw_buf_add_repeat(t->out, " ", date.day - 1u);
    unsigned column = date.day - 1u;
    bool missing = false;
    for (; *at < days->n; (*at)++, column++) {
        struct fw_date day = fw_date_from_days(days->first + (int64_t)*at);
        if (day.month != date.month || day.year != date.year) {
            break;
        }
        bool absent = days->counts[*at] == 0;
        if (absent != missing) {
            fw_terminal_style(t, absent ? FW_STYLE_RED : FW_STYLE_NONE);
            missing = absent;
        }
        fw_buf_add_char(t->out, absent ? '.' : '#');
    }
    if (missing) {
        fw_terminal_style(t, FW_STYLE_NONE);
    }
    if (last) {
        fw_buf_add_char(t->out, '\n');
    } else {
        fw_buf_add_repeat(t->out, " ", 31 - column);
    }
}

/* Two months a line where they fit; '#' is a day with events, '.' one without. */
static void put_strip(struct fw_terminal *t, const struct fw_source_view *source)
{
    struct fw_days days;
    fw_days_make(t->survey.arena, t->survey.in->facts, source, &days);
    if (days.n == 0) {
        return;
    }
    struct fw_param params[] = {
        {"source", source->name},
        {"present", fw_survey_number(&t->survey, source->days_present)},
        {"total", fw_survey_number(&t->survey, days.n)},
    };
    fw_terminal_wrap(t, fw_survey_text(&t->survey, "text.days", params, 3), 0, 2);
    bool pairs = t->width == 0 || t->width >= 80;
    for (size_t at = 0, k = 0; at < days.n; k++) {
        struct fw_date date = fw_date_from_days(days.first + (int64_t)at);
        struct fw_date end = fw_date_from_days(days.first + (int64_t)days.n - 1);
        bool final = date.year == end.year && date.month == end.month;
        put_month(t, &days, &at, final || !pairs || k % 2 == 1);
    }
    fw_buf_add_char(t->out, '\n');
}

static void put_gaps(struct fw_terminal *t, const struct fw_source_view *source)
{
    const struct fw_survey *survey = &t->survey;
    for (size_t i = 0; i < source->gaps.n; i++) {
        const struct fw_gap *gap = &source->gaps.v[i];
        struct fw_buf from, to, length;
        fw_buf_init(&from);
        fw_buf_init(&to);
        fw_buf_init(&length);
        fw_time_text_zone(&from, gap->from_ns, survey->in->facts->zone_seconds);
        fw_time_text_zone(&to, gap->to_ns, survey->in->facts->zone_seconds);
        fw_duration_text(&length, (gap->to_ns - gap->from_ns) / FW_NS_PER_SEC);
        struct fw_param params[] = {
            {"source", source->name},
            {"from", fw_buf_sv(&from)},
            {"to", fw_buf_sv(&to)},
            {"length", fw_buf_sv(&length)},
            {"n",
             fw_survey_number(survey, gap->expected > 0 ? (uint64_t)(gap->expected + 0.5) : 0)},
        };
        fw_terminal_wrap(t, fw_survey_text(survey, "text.gap", params, 5), 0, 4);
        fw_buf_clear(&from);
        fw_buf_clear(&to);
        fw_buf_clear(&length);
    }
}

void fw_terminal_sources(struct fw_terminal *t)
{
    const struct fw_facts *facts = t->survey.in->facts;
    if (facts->nsources == 0) {
        return;
    }
    put_table(t, facts);
    fw_buf_add_char(t->out, '\n');
    for (size_t i = 0; i < facts->nsources && i < STRIPS; i++) {
        put_strip(t, &facts->sources[i]);
    }
    size_t gaps = 0;
    for (size_t i = 0; i < facts->nsources && i < STRIPS; i++) {
        put_gaps(t, &facts->sources[i]);
        gaps += facts->sources[i].gaps.n;
    }
    if (gaps > 0) {
        fw_buf_add_char(t->out, '\n');
    }
}
