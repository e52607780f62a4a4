/* TIM-003: do the stamps of a source map to UTC, or is their zone anybody's guess? */
#include "analyzers/logs/about.h"

/* The zone that the device's own configuration states. */
static bool configured_zone(const struct fw_ruleset *ruleset)
{
    for (size_t i = 0; ruleset && i < ruleset->nsettings; i++) {
        if (ruleset->settings[i].kind == FW_SETTING_TIME_ZONE) {
            return true;
        }
    }
    return false;
}

static void judge(const struct fw_facts *facts, struct fw_results *results,
                  const struct fw_source_view *source)
{
    if (source->events == 0) {
        struct fw_result *result = fw_log_result(results, "TIM-003", FW_RESULT_OPEN, source,
                                                 "open.no_logs", FW_SV("zone"));
        fw_result_param_u64(results, result, "n", 0);
        return;
    }
    uint64_t unknown = source->untimed;
    if (!configured_zone(fw_log_ruleset(facts, source))) {
        unknown += source->zone_undeclared;
    }
    uint64_t known = source->events > unknown ? source->events - unknown : 0;
    bool failed = unknown > 0;
    const char *fault = source->untimed > 0 ? "fail.untimed" : "fail";
    struct fw_result *result = fw_log_result(results, "TIM-003",
                                             failed ? FW_RESULT_FAIL : FW_RESULT_PASS, source,
                                             failed ? fault : "pass", FW_SV("zone"));
    fw_sv share = fw_log_percent(results, known, source->events);
    fw_result_measured(result, share, FW_SV("100"));
    fw_result_param(results, result, "value", share);
    fw_result_param(results, result, "target", FW_SV("100"));
    fw_result_param_u64(results, result, "n", unknown);
    fw_result_param_u64(results, result, "total", source->events);
}

static void run(const struct fw_facts *facts, struct fw_results *results)
{
    size_t index = 0;
    const struct fw_source_view *source;
    while ((source = fw_log_next(facts, results, "TIM-003", &index))) {
        judge(facts, results, source);
    }
}

const struct fw_analyzer fw_analyzer_utc = {
    .check = "TIM-003",
    .logs = true,
    .run = run,
};
