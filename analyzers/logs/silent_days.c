/* LOG-006: on how many days of the period did a device of the inventory record nothing at all? */
#include <inttypes.h>

#include "analyzers/logs/about.h"
#include "analyzers/logs/alive.h"

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

static size_t find_sources(const struct fw_facts *facts, struct fw_results *results, fw_sv device,
                           const struct fw_source_view *const **ret)
{
    const struct fw_source_view **v = fw_new_array(results->arena, facts->nsources + 1,
                                                   const struct fw_source_view *);
    size_t n = 0;
    for (size_t i = 0; i < facts->nsources; i++) {
        if (fw_sv_eq(facts->sources[i].device, device)) {
            v[n++] = &facts->sources[i];
        }
    }
    *ret = v;
    return n;
}

static fw_sv day_text(const struct fw_facts *facts, struct fw_results *results, int64_t day)
{
    int64_t ns = day * FW_NS_PER_DAY - facts->zone_seconds * FW_NS_PER_SEC;
    return fw_date_keep(results->arena, fw_date_of(ns, facts->zone_seconds));
}

static void judge(const struct fw_facts *facts, struct fw_results *results,
                  const struct fw_site_device *declared, const struct period *period)
{
    const struct fw_source_view *const *sources;
    struct fw_alive alive;
    size_t n = find_sources(facts, results, declared->name, &sources);
    fw_alive_count(sources, n, declared, period->first, period->last, &alive);
    if (alive.known && fw_alive_open(results, "LOG-006", declared->name, &alive)) {
        return;
    }
    bool failed = alive.silent > 0;
    struct fw_result *result = fw_results_add(results, "LOG-006",
                                              !alive.known ? FW_RESULT_OPEN
                                              : failed     ? FW_RESULT_FAIL
                                                           : FW_RESULT_PASS,
                                              declared->name,
                                              !alive.known ? "open.no_logs"
                                              : failed     ? "fail"
                                                           : "pass",
                                              FW_SV("days"));
    fw_result_param(results, result, "source", declared->name);
    fw_result_param(results, result, "from", day_text(facts, results, period->first));
    fw_result_param(results, result, "to", day_text(facts, results, period->last));
    fw_result_param_u64(results, result, "n", alive.silent);
    fw_result_param_u64(results, result, "total", alive.days);
    if (alive.known) {
        fw_sv value = fw_arena_printf(results->arena, "%" PRIu64, alive.days - alive.silent);
        fw_sv target = fw_arena_printf(results->arena, "%" PRIu64, alive.days);
        fw_result_measured(result, value, target);
        fw_result_param(results, result, "value", value);
        fw_result_param(results, result, "target", target);
    }
    if (alive.known && failed) {
        fw_result_param(results, result, "first", day_text(facts, results, alive.first_silent));
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
            judge(facts, results, device, &period);
        }
    }
}

const struct fw_analyzer fw_analyzer_silent_days = {
    .check = "LOG-006",
    .logs = true,
    .run = run,
};
