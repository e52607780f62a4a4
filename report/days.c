/* How many events has each day of a log source? */
#include "report/days.h"

#include <stdlib.h>

#include "core/time.h"

enum { DAYS_SHOWN = 3660 };

static int by_count(const void *left, const void *right)
{
    uint64_t a = *(const uint64_t *)left;
    uint64_t b = *(const uint64_t *)right;
    return a < b ? -1 : a > b;
}

static uint64_t middle(struct fw_arena *arena, const uint64_t *counts, size_t n)
{
    uint64_t *sorted = fw_new_array(arena, n + 1, uint64_t);
    size_t present = 0;
    for (size_t i = 0; i < n; i++) {
        if (counts[i] > 0) {
            sorted[present++] = counts[i];
        }
    }
    if (present == 0) {
        return 0;
    }
    qsort(sorted, present, sizeof(*sorted), by_count);
    return sorted[present / 2];
}

static const uint8_t *gap_days(struct fw_arena *arena, const struct fw_facts *facts,
                               const struct fw_source_view *source, const struct fw_days *days)
{
    uint8_t *marks = fw_new_array(arena, days->n + 1, uint8_t);
    for (size_t i = 0; i < source->gaps.n; i++) {
        int64_t from = fw_day_of(source->gaps.v[i].from_ns, facts->zone_seconds) - days->first;
        int64_t to = fw_day_of(source->gaps.v[i].to_ns, facts->zone_seconds) - days->first;
        for (int64_t day = from < 0 ? 0 : from; day <= to && day < (int64_t)days->n; day++) {
            marks[day] = 1;
        }
    }
    return marks;
}

int64_t fw_days_required(const struct fw_facts *facts)
{
    struct fw_date date = fw_date_of(facts->as_of_ns, facts->zone_seconds);
    return facts->days > 0 ? fw_date_days(date) - (int64_t)facts->days
                           : fw_date_days(fw_date_add_months(date, -(int)facts->months));
}

void fw_days_make(struct fw_arena *arena, const struct fw_facts *facts,
                  const struct fw_source_view *source, struct fw_days *ret)
{
    *ret = (struct fw_days){0};
    if (!source->has_time) {
        return;
    }
    int64_t from = source->first_day;
    int64_t to = source->first_day + (int64_t)source->ndays;
    int64_t required = INT64_MAX;
    if (facts->has_as_of) {
        int64_t as_of = fw_day_of(facts->as_of_ns, facts->zone_seconds);
        required = fw_days_required(facts);
        from = required < from ? required : from;
        to = as_of + 1 > to ? as_of + 1 : to;
    }
    from = to - from > DAYS_SHOWN ? to - DAYS_SHOWN : from;
    ret->first = from;
    ret->n = (size_t)(to - from);
    uint64_t *counts = fw_new_array(arena, ret->n + 1, uint64_t);
    for (size_t i = 0; i < source->nhours; i++) {
        /* The hour's own first event: zones need not be whole hours from UTC. */
        int64_t day = fw_day_of(source->hours[i].first, facts->zone_seconds) - from;
        if (day >= 0 && day < (int64_t)ret->n) {
            counts[day] += source->hours[i].count;
        }
    }
    ret->counts = counts;
    ret->gaps = gap_days(arena, facts, source, ret);
    ret->required = required < from                ? 0
                    : required - from > DAYS_SHOWN ? ret->n
                                                   : (size_t)(required - from);
    ret->typical = middle(arena, counts, ret->n);
}
