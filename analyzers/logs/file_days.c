/* On which days has one log file events? */
#include "analyzers/logs/file_days.h"

#include "analyzers/logs/resolve.h"

/* Calls for every part of every host that has a place in time. */
static void each_part(const struct fw_summary *summary, const struct fw_anchors *anchors,
                      void (*call)(void *context, const struct fw_summary_part *part,
                                   const struct fw_resolution *res),
                      void *context)
{
    for (size_t s = 0; s < summary->nsources; s++) {
        for (size_t p = 0; p < summary->sources[s].nparts; p++) {
            const struct fw_summary_part *part = &summary->sources[s].parts[p];
            struct fw_resolution res;
            fw_resolve(part, anchors, &res);
            if (res.basis != FW_YEAR_NONE) {
                call(context, part, &res);
            }
        }
    }
}

static void bound(void *context, const struct fw_summary_part *part,
                  const struct fw_resolution *res)
{
    struct fw_file_days *days = context;
    int64_t first = fw_resolve_time(res, part->first), last = fw_resolve_time(res, part->last);
    days->first_ns = !days->has_time || first < days->first_ns ? first : days->first_ns;
    days->last_ns = !days->has_time || last > days->last_ns ? last : days->last_ns;
    days->has_time = true;
}

struct marking {
    const struct fw_file_days *days;
    int64_t zone_ns;
    uint8_t *marks;
};

static void mark(void *context, const struct fw_summary_part *part, const struct fw_resolution *res)
{
    const struct marking *m = context;
    for (size_t i = 0; i < part->nhours; i++) {
        int64_t first = fw_resolve_time(res, part->hours[i].first) + m->zone_ns;
        int64_t last = fw_resolve_time(res, part->hours[i].last) + m->zone_ns;
        m->marks[fw_axis_day(first) - m->days->first_day] = 1;
        m->marks[fw_axis_day(last) - m->days->first_day] = 1;
    }
}

void fw_file_days_of(struct fw_arena *arena, const struct fw_summary *summary,
                     const struct fw_anchors *anchors, int32_t zone_seconds,
                     struct fw_file_days *ret)
{
    struct fw_file_days days = {.has_time = false};
    struct marking m = {.days = &days, .zone_ns = zone_seconds * FW_NS_PER_SEC};
    each_part(summary, anchors, bound, &days);
    if (days.has_time) {
        days.first_day = fw_axis_day(days.first_ns + m.zone_ns);
        days.ndays = (size_t)(fw_axis_day(days.last_ns + m.zone_ns) - days.first_day) + 1;
        m.marks = fw_new_array(arena, days.ndays, uint8_t);
        each_part(summary, anchors, mark, &m);
        days.days = m.marks;
    }
    *ret = days;
}
