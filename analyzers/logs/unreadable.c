/* RET-005: can every archive be read to its end, and will the storage last? */
#include "analyzers/logs/about.h"

static void judge(struct fw_results *results, const struct fw_source_view *source)
{
    bool damaged = source->ndamaged > 0;
    struct fw_result *result = fw_log_result(results, "RET-005",
                                             damaged ? FW_RESULT_FAIL : FW_RESULT_OPEN, source,
                                             damaged ? "fail" : "open.no_size", FW_SV("archives"));
    fw_result_param_u64(results, result, "n", source->ndamaged);
    fw_result_param_u64(results, result, "total", source->npaths);
    if (damaged) {
        fw_sv readable = fw_arena_printf(results->arena, "%llu",
                                         (unsigned long long)(source->npaths - source->ndamaged));
        fw_sv target = fw_arena_printf(results->arena, "%llu", (unsigned long long)source->npaths);
        fw_result_measured(result, readable, target);
        fw_result_param(results, result, "path", source->damaged_path);
        result->input = source->damaged_path;
    }
}

static void run(const struct fw_facts *facts, struct fw_results *results)
{
    size_t index = 0;
    const struct fw_source_view *source;
    while ((source = fw_log_next(facts, results, "RET-005", &index))) {
        judge(results, source);
    }
}

const struct fw_analyzer fw_analyzer_unreadable = {
    .check = "RET-005",
    .logs = true,
    .run = run,
};
