/* LOG-006: on how many days of the period did a device of the inventory record nothing at all? */
#include "analyzers/logs/about.h"

struct period {
    int64_t first, last; /* days since 1970 in the zone of the site */
};

static bool find_period(const struct fw_facts *facts, struct period *ret)
{
    int64_t zone = facts->zone_seconds * FW_NS_PER_SEC;
    int64_t to = facts->site->to_ns;
    if (facts->has_as_of && facts->as_of_ns < to) {
        to = facts->as_of_ns;
    }
    ret->first = fw_axis_day(facts->site->from_ns + zone);
    ret->last = fw_axis_day(to + zone);
    return ret->first <= ret->last;
}

/* Events that may lie on any day: without a place in time, or in hours beyond a limit. */
static uint64_t anywhere(const struct fw_facts *facts, fw_sv device, uint64_t *ret_events)
{
    uint64_t n = 0;
    *ret_events = 0;
    for (size_t i = 0; i < facts->nsources; i++) {
        const struct fw_source_view *source = &facts->sources[i];
        if (fw_sv_eq(source->device, device)) {
            n += source->untimed + source->hours_lost;
            *ret_events += source->events;
        }
    }
    return n;
}

static bool has_day(const struct fw_facts *facts, fw_sv device, int64_t day, bool *known)
{
    bool has = false;
    for (size_t i = 0; i < facts->nsources; i++) {
        const struct fw_source_view *source = &facts->sources[i];
        if (!fw_sv_eq(source->device, device)) {
            continue;
        }
        *known = true;
        int64_t at = day - source->first_day;
        has = has ||
              (source->has_time && at >= 0 && at < (int64_t)source->ndays && source->days[at] != 0);
    }
    return has;
}

static fw_sv day_text(const struct fw_facts *facts, struct fw_results *results, int64_t day)
{
    int64_t ns = day * FW_NS_PER_DAY - facts->zone_seconds * FW_NS_PER_SEC;
    return fw_date_keep(results->arena, fw_date_of(ns, facts->zone_seconds));
}

static void judge(const struct fw_facts *facts, struct fw_results *results, fw_sv device,
                  const struct period *period)
{
    uint64_t present = 0;
    uint64_t total = (uint64_t)(period->last - period->first) + 1;
    int64_t first_missing = INT64_MAX;
    bool known = false;
    for (int64_t day = period->first; day <= period->last; day++) {
        if (has_day(facts, device, day, &known)) {
            present++;
        } else if (first_missing == INT64_MAX) {
            first_missing = day;
        }
    }
    bool failed = present < total;
    uint64_t events;
    uint64_t loose = anywhere(facts, device, &events);
    if (failed && total - present <= loose) { /* each of them may be the event of a missing day */
        struct fw_result *result = fw_results_add(results, "LOG-006", FW_RESULT_OPEN, device,
                                                  "open.untimed", FW_SV("days"));
        fw_result_param(results, result, "source", device);
        fw_result_param_u64(results, result, "n", loose);
        fw_result_param_u64(results, result, "total", events);
        return;
    }
    const char *words = !known ? "open.no_logs" : failed ? "fail" : "pass";
    struct fw_result *result = fw_results_add(results, "LOG-006",
                                              !known   ? FW_RESULT_OPEN
                                              : failed ? FW_RESULT_FAIL
                                                       : FW_RESULT_PASS,
                                              device, words, FW_SV("days"));
    fw_result_param(results, result, "source", device);
    fw_result_param(results, result, "from", day_text(facts, results, period->first));
    fw_result_param(results, result, "to", day_text(facts, results, period->last));
    fw_result_param_u64(results, result, "n", total - present);
    fw_result_param_u64(results, result, "total", total);
    if (known) {
        fw_sv value = fw_arena_printf(results->arena, "%llu", (unsigned long long)present);
        fw_sv target = fw_arena_printf(results->arena, "%llu", (unsigned long long)total);
        fw_result_measured(result, value, target);
        fw_result_param(results, result, "value", value);
        fw_result_param(results, result, "target", target);
    }
    if (known && failed) {
        fw_result_param(results, result, "first", day_text(facts, results, first_missing));
    }
}

static void run(const struct fw_facts *facts, struct fw_results *results)
{
    struct period period;
    if (!facts->site) {
        struct fw_result *result = fw_results_add(results, "LOG-006", FW_RESULT_OPEN, FW_SV(""),
                                                  "open.no_inventory", FW_SV("days"));
        fw_result_param_u64(results, result, "n", facts->nsources);
        return;
    }
    for (size_t i = 0; find_period(facts, &period) && i < facts->site->ndevices; i++) {
        const struct fw_site_device *device = &facts->site->devices[i];
        if (device->logs_required) {
            judge(facts, results, device->name, &period);
        }
    }
}

const struct fw_analyzer fw_analyzer_silent_days = {
    .check = "LOG-006",
    .logs = true,
    .run = run,
};
