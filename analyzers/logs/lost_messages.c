/* GAP-005: does the logging itself say that it lost messages? */
#include "analyzers/logs/about.h"

/* A collector has no events of its own: then the period is that of all sources. */
static void add_period(const struct fw_facts *facts, struct fw_results *results,
                       struct fw_result *result, const struct fw_source_view *source)
{
    int64_t from = source->first_ns;
    int64_t to = source->last_ns;
    bool known = source->has_time;
    for (size_t i = 0; !source->has_time && i < facts->nsources; i++) {
        const struct fw_source_view *other = &facts->sources[i];
        if (other->has_time) {
            from = !known || other->first_ns < from ? other->first_ns : from;
            to = !known || other->last_ns > to ? other->last_ns : to;
            known = true;
        }
    }
    if (!known && facts->has_as_of) {
        from = facts->as_of_ns;
        to = facts->as_of_ns;
    }
    fw_log_param_time(facts, results, result, "from", from);
    fw_log_param_time(facts, results, result, "to", to);
}

static void judge(const struct fw_facts *facts, struct fw_results *results,
                  const struct fw_source_view *source)
{
    const struct fw_loss_summary *loss = &source->loss;
    struct fw_result *result;
    if (loss->lines == 0) {
        result = fw_log_result(results, "GAP-005", FW_RESULT_OPEN, source, "open.no_system_log",
                               FW_SV("loss"));
    } else if (loss->messages == 0 &&
               !fw_log_whole(results, "GAP-005", source, 0, 0, FW_SV("loss"))) {
        return;
    } else if (loss->messages > 0) {
        result = fw_log_result(results, "GAP-005", FW_RESULT_FAIL, source, "fail", FW_SV("loss"));
        fw_result_param_u64(results, result, "total", loss->messages);
        fw_result_param_u64(results, result, "n", loss->lost);
        fw_log_param_place(results, result, &source->loss_at);
    } else {
        result = fw_log_count(results, "GAP-005", source, 0, loss->lines, FW_SV("loss"));
    }
    add_period(facts, results, result, source);
}

static void run(const struct fw_facts *facts, struct fw_results *results)
{
    size_t index = 0;
    const struct fw_source_view *source;
    while ((source = fw_log_next(facts, results, "GAP-005", &index))) {
        judge(facts, results, source);
    }
}

const struct fw_analyzer fw_analyzer_lost_messages = {
    .check = "GAP-005",
    .logs = true,
    .run = run,
};
