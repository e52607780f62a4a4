/* RET-001: how many whole calendar months of every source are kept, or days where the law counts
 * days? */
#include "analyzers/logs/about.h"

static void judge(const struct fw_facts *facts, struct fw_results *results,
                  const struct fw_source_view *source)
{
    if (!facts->has_as_of || !source->has_months) {
        fw_log_result(results, "RET-001", FW_RESULT_OPEN, source, "open.no_as_of",
                      FW_SV("retention"));
        return;
    }
    if (!source->has_time) {
        struct fw_result *result = fw_log_result(results, "RET-001", FW_RESULT_OPEN, source,
                                                 "open.no_dates", FW_SV("retention"));
        fw_result_param_u64(results, result, "n", source->events);
        return;
    }
    int64_t days = fw_day_of(facts->as_of_ns, facts->zone_seconds) -
                   fw_day_of(source->first_ns, facts->zone_seconds);
    uint64_t days_kept = days > 0 ? (uint64_t)days : 0;
    bool by_days = facts->days > 0;
    uint64_t value = by_days ? days_kept : source->months_kept;
    uint64_t wanted = by_days ? facts->days : facts->months;
    static const char *const words[2][2] = {{"fail", "pass"}, {"fail.days", "pass.days"}};
    bool enough = value >= wanted;
    struct fw_result *result = fw_log_result(results, "RET-001",
                                             enough ? FW_RESULT_PASS : FW_RESULT_FAIL, source,
                                             words[by_days][enough], FW_SV("retention"));
    fw_sv kept = fw_arena_printf(results->arena, "%llu", (unsigned long long)value);
    fw_sv target = fw_arena_printf(results->arena, "%llu", (unsigned long long)wanted);
    fw_result_measured(result, kept, target);
    fw_result_param(results, result, "value", kept);
    fw_result_param_u64(results, result, "months", source->months_kept);
    fw_result_param(results, result, "target", target);
    fw_result_param_date(facts, results, result, "first", source->first_ns);
    fw_result_param_date(facts, results, result, "as_of", facts->as_of_ns);
    fw_result_param_u64(results, result, "days", days_kept);
    result->input = source->first_at.path;
    result->span = (fw_span){source->first_at.at.offset, 0, (uint32_t)source->first_at.at.line};
}

static void run(const struct fw_facts *facts, struct fw_results *results)
{
    size_t index = 0;
    const struct fw_source_view *source;
    while ((source = fw_log_next(facts, results, "RET-001", &index))) {
        judge(facts, results, source);
    }
}

const struct fw_analyzer fw_analyzer_retention = {
    .check = "RET-001",
    .logs = true,
    .run = run,
};
