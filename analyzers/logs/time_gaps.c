/* GAP-001: when was a source silent for longer than its own history makes plausible? */
#include "analyzers/logs/about.h"

void fw_facts_gaps(const struct fw_facts *facts, struct fw_gap_options *ret)
{
    *ret = fw_gap_defaults;
    double days = fw_facts_threshold(facts, "GAP-001.history_days", 14);
    double minutes = fw_facts_threshold(facts, "GAP-001.fixed_minutes", 60);
    double hours = fw_facts_threshold(facts, "GAP-001.quiet_hours", 24);
    ret->history_ns = (int64_t)(days * (double)FW_NS_PER_DAY);
    ret->fixed_busy_ns = (int64_t)(minutes * 60 * (double)FW_NS_PER_SEC);
    ret->fixed_quiet_ns = (int64_t)(hours * (double)FW_NS_PER_HOUR);
}

static struct fw_result *add_gap(const struct fw_facts *facts, struct fw_results *results,
                                 const struct fw_source_view *source, int64_t from, int64_t to,
                                 double expected, const char *words)
{
    fw_sv subject = fw_arena_printf(results->arena, "%lld", (long long)(from / FW_NS_PER_SEC));
    struct fw_result *result = fw_log_result(results, "GAP-001", FW_RESULT_FAIL, source, words,
                                             subject);
    fw_log_param_time(facts, results, result, "from", from);
    fw_log_param_time(facts, results, result, "to", to);
    fw_result_param(results, result, "hours", fw_log_hours(results, to - from));
    fw_result_param_u64(results, result, "n", (uint64_t)(expected + 0.5));
    fw_result_param(results, result, "target", fw_log_hours(results, source->gaps.model.limit_ns));
    return result;
}

static void judge(const struct fw_facts *facts, struct fw_results *results,
                  const struct fw_source_view *source)
{
    const struct fw_gaps *gaps = &source->gaps;
    const char *words = gaps->model.rhythm ? "fail" : "fail.fixed";
    for (size_t i = 0; i < gaps->n; i++) {
        add_gap(facts, results, source, gaps->v[i].from_ns, gaps->v[i].to_ns, gaps->v[i].expected,
                words);
    }
    if (gaps->silent) {
        add_gap(facts, results, source, source->last_ns, facts->as_of_ns, gaps->silent_expected,
                gaps->model.rhythm ? "fail.silence" : "fail.fixed");
    }
    if (gaps->n > 0 || gaps->silent) {
        return;
    }
    if (!source->has_time || gaps->model.too_quiet) {
        struct fw_result *result = fw_log_result(results, "GAP-001", FW_RESULT_OPEN, source,
                                                 "open.short", FW_SV("gaps"));
        fw_result_param_u64(results, result, "n", source->events);
        return;
    }
    if (source->hours_lost > 0) {
        fw_log_whole(results, "GAP-001", source, source->hours_lost, 0, FW_SV("gaps"));
        return;
    }
    struct fw_result *result = fw_log_result(results, "GAP-001", FW_RESULT_PASS, source, "pass",
                                             FW_SV("gaps"));
    fw_result_measured(result, FW_SV("0"), FW_SV("0"));
    fw_result_param_u64(results, result, "value", 0);
    fw_result_param_u64(results, result, "target", 0);
    fw_result_param_u64(results, result, "total", source->events);
    fw_log_param_time(facts, results, result, "from", source->first_ns);
    fw_log_param_time(facts, results, result, "to", source->last_ns);
}

static void run(const struct fw_facts *facts, struct fw_results *results)
{
    size_t index = 0;
    const struct fw_source_view *source;
    while ((source = fw_log_next(facts, results, "GAP-001", &index))) {
        judge(facts, results, source);
    }
}

const struct fw_analyzer fw_analyzer_time_gaps = {
    .check = "GAP-001",
    .logs = true,
    .run = run,
};
