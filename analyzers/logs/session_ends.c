/* LOG-004: do the records of sessions tell their end? */
#include "analyzers/logs/about.h"

/* The end of a session can be told without its start (it began before the log), so what is missing
 * is at least the difference. */
static void judge(const struct fw_facts *facts, struct fw_results *results,
                  const struct fw_source_view *source)
{
    const struct fw_session_summary *s = &source->sessions;
    if (s->started == 0 && s->ended == 0 && s->timed == 0) {
        struct fw_result *result = fw_log_result(results, "LOG-004", FW_RESULT_OPEN, source,
                                                 "open.no_sessions", FW_SV("sessions"));
        fw_result_param_u64(results, result, "total", source->events);
        return;
    }
    double limit = fw_facts_threshold(facts, "LOG-004.missing_percent", 1);
    uint64_t total = s->started > 0 ? s->started : s->ended + s->timed;
    uint64_t missing = s->started > s->ended ? s->started - s->ended : 0;
    bool failed = (double)missing * 100 > limit * (double)total;
    struct fw_result *result = fw_log_result(results, "LOG-004",
                                             failed ? FW_RESULT_FAIL : FW_RESULT_PASS, source,
                                             failed ? "fail" : "pass", FW_SV("sessions"));
    fw_sv share = fw_log_percent_wrong(results, missing, total);
    fw_sv target = fw_log_number(results, limit);
    fw_result_measured(result, share, target);
    fw_result_param(results, result, "value", share);
    fw_result_param(results, result, "percent", share);
    fw_result_param(results, result, "target", target);
    fw_result_param_u64(results, result, "n", missing);
    fw_result_param_u64(results, result, "total", total);
    fw_result_param(results, result, "first", source->npaths > 0 ? source->paths[0] : FW_SV(""));
}

static void run(const struct fw_facts *facts, struct fw_results *results)
{
    size_t index = 0;
    const struct fw_source_view *source;
    while ((source = fw_log_next(facts, results, "LOG-004", &index))) {
        if (fw_log_of_traffic(facts, source)) {
            judge(facts, results, source);
        }
    }
}

const struct fw_analyzer fw_analyzer_session_ends = {
    .check = "LOG-004",
    .logs = true,
    .run = run,
};
