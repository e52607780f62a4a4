/* LOG-008: which share of a source's lines cannot be read at all? */
#include "analyzers/logs/about.h"

static void judge(const struct fw_facts *facts, struct fw_results *results,
                  const struct fw_source_view *source)
{
    const struct fw_line_counts *lines = &source->lines;
    struct fw_result *result;
    if (lines->used == 0 && lines->unsupported == 0) {
        result = fw_log_result(results, "LOG-008", FW_RESULT_OPEN, source, "open.unknown_format",
                               FW_SV("lines"));
        fw_result_param_u64(results, result, "total", lines->total);
        return;
    }
    double limit = fw_facts_threshold(facts, "LOG-008.unparsed_percent", 0.1);
    uint64_t unread = lines->bad + lines->unsupported;
    bool failed = (double)unread * 100 > limit * (double)lines->total;
    result = fw_log_result(results, "LOG-008", failed ? FW_RESULT_FAIL : FW_RESULT_PASS, source,
                           failed ? "fail" : "pass", FW_SV("lines"));
    fw_sv share = fw_log_percent_wrong(results, unread, lines->total);
    fw_sv target = fw_log_number(results, limit);
    fw_result_measured(result, share, target);
    fw_result_param(results, result, "value", share);
    fw_result_param(results, result, "percent", share);
    fw_result_param(results, result, "target", target);
    fw_result_param_u64(results, result, "n", unread);
    fw_result_param_u64(results, result, "total", lines->total);
    fw_result_param(results, result, "first", source->npaths > 0 ? source->paths[0] : FW_SV(""));
}

static void run(const struct fw_facts *facts, struct fw_results *results)
{
    size_t index = 0;
    const struct fw_source_view *source;
    while ((source = fw_log_next(facts, results, "LOG-008", &index))) {
        judge(facts, results, source);
    }
}

const struct fw_analyzer fw_analyzer_unparsed = {
    .check = "LOG-008",
    .logs = true,
    .run = run,
};
