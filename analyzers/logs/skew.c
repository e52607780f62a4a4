/* TIM-004: how far is a source's clock off the collector's? */
#include "analyzers/logs/about.h"
#include "analyzers/logs/clock.h"

/* Delay makes single lines late, never early; so the middle of them is what the clock is off by. */
static void judge(const struct fw_facts *facts, struct fw_results *results,
                  const struct fw_source_view *source)
{
    const struct fw_clock_summary *clock = &source->clock;
    if (clock->samples == 0 || clock->zone_unknown == clock->samples) {
        struct fw_result *result = fw_log_result(results, "TIM-004", FW_RESULT_OPEN, source,
                                                 "open.one_clock", FW_SV("skew"));
        fw_result_param_u64(results, result, "total", source->events);
        return;
    }
    double limit = fw_facts_threshold(facts, "TIM-004.skew_seconds", 2);
    int64_t least;
    int64_t most;
    fw_clock_bounds(clock, 0.5, &least, &most);
    double low = (double)least / (double)FW_NS_PER_SEC;
    double high = (double)most / (double)FW_NS_PER_SEC;
    bool failed = low > limit;
    bool open = !failed && high > limit; /* counted too coarsely to say */
    struct fw_result *result = fw_log_result(results, "TIM-004",
                                             failed ? FW_RESULT_FAIL
                                             : open ? FW_RESULT_OPEN
                                                    : FW_RESULT_PASS,
                                             source,
                                             failed ? "fail.received"
                                             : open ? "open.coarse"
                                                    : "pass.received",
                                             FW_SV("skew"));
    /* A failure is told by what is proven, all else by the worst that can be. */
    fw_sv value = fw_log_number(results, failed ? low : high);
    fw_sv target = fw_log_number(results, limit);
    if (!open) {
        fw_result_measured(result, value, target);
    }
    fw_result_param(results, result, "value", value);
    fw_result_param(results, result, "target", target);
    fw_result_param_u64(results, result, "total", clock->samples);
}

static void run(const struct fw_facts *facts, struct fw_results *results)
{
    size_t index = 0;
    const struct fw_source_view *source;
    while ((source = fw_log_next(facts, results, "TIM-004", &index))) {
        judge(facts, results, source);
    }
}

const struct fw_analyzer fw_analyzer_skew = {
    .check = "TIM-004",
    .logs = true,
    .run = run,
};
