/* GAP-003: how often does the time of a source's events run backwards? */
#include "analyzers/logs/about.h"

/* Steps that are surely longer than the tolerance: those of the bins that begin at it or above. Of
 * the bin that it lies in, the longest step is known alone. */
static uint64_t longer(const struct fw_back_summary *back, double tolerance)
{
    uint64_t n = 0;
    double from = 1; /* what all steps of the second bin are longer than */
    if ((double)back->most <= tolerance * (double)FW_NS_PER_SEC) {
        return 0;
    }
    for (size_t i = 1; i < FW_BACK_BINS; i++, from *= 2) {
        n += from >= tolerance ? back->bins[i] : 0;
    }
    return n > 0 ? n : 1;
}

static void judge(const struct fw_facts *facts, struct fw_results *results,
                  const struct fw_source_view *source)
{
    if (!source->has_time) {
        fw_log_result(results, "GAP-003", FW_RESULT_OPEN, source, "open.no_logs", FW_SV("order"));
        return;
    }
    if (source->back.followed < 2) {
        struct fw_result *result = fw_log_result(results, "GAP-003", FW_RESULT_OPEN, source,
                                                 "open.not_followed", FW_SV("order"));
        fw_result_param_u64(results, result, "total", source->events);
        return;
    }
    double tolerance = fw_facts_threshold(facts, "GAP-003.tolerance_seconds", 2);
    uint64_t n = longer(&source->back, tolerance);
    struct fw_result *result = fw_log_count(results, "GAP-003", source, n, source->back.followed,
                                            FW_SV("order"));
    if (n > 0) {
        double most = (double)source->back.most / (double)FW_NS_PER_SEC;
        fw_result_param(results, result, "value", fw_log_number(results, most));
        fw_log_param_place(results, result, &source->back_at);
    }
}

static void run(const struct fw_facts *facts, struct fw_results *results)
{
    size_t index = 0;
    const struct fw_source_view *source;
    while ((source = fw_log_next(facts, results, "GAP-003", &index))) {
        judge(facts, results, source);
    }
}

const struct fw_analyzer fw_analyzer_backwards = {
    .check = "GAP-003",
    .logs = true,
    .run = run,
};
