/* TIM-004: how far is a source's clock off the collector's? */
#include "analyzers/logs/about.h"
#include "analyzers/logs/clock.h"

/* Delay makes single lines late, never early; so the middle of them is what the clock is off by. */
static void judge(const struct fw_facts *facts, struct fw_results *results,
                  const struct fw_source_view *source)
{
    static const struct fw_clock_words words = {"skew", "pass.received", "fail.received",
                                                "open.coarse"};
    const struct fw_clock_summary *clock = &source->clock;
    if (clock->samples == 0 || clock->zone_unknown == clock->samples) {
        struct fw_result *result = fw_log_result(results, "TIM-004", FW_RESULT_OPEN, source,
                                                 "open.one_clock", FW_SV("skew"));
        fw_result_param_u64(results, result, "total", source->events);
        return;
    }
    int64_t least;
    int64_t most;
    fw_clock_bounds(clock, 0.5, &least, &most);
    /* Fast or slow is the same; a bin on both sides of zero may be no difference at all. */
    int64_t near = least > 0 ? least : most < 0 ? -most : 0;
    int64_t far = -least > most ? -least : most;
    fw_clock_judge(results, "TIM-004", source, &words, near, far,
                   fw_facts_threshold(facts, "TIM-004.skew_seconds", 2));
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
