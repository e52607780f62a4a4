/* GAP-002: are the serial numbers of a source's events without a hole and without a repeat? */
#include "analyzers/logs/about.h"

static void judge(struct fw_results *results, const struct fw_source_view *source)
{
    const struct fw_serial_summary *serial = &source->serial;
    if (serial->present == 0) {
        fw_log_result(results, "GAP-002", FW_RESULT_NA, source, "na.no_serial", FW_SV("serials"));
        return;
    }
    if (serial->present == 1) { /* no number before it, and none behind */
        struct fw_result *result = fw_log_result(results, "GAP-002", FW_RESULT_OPEN, source,
                                                 "open.one_serial", FW_SV("serials"));
        fw_result_param_u64(results, result, "total", source->events);
        return;
    }
    uint64_t wrong = serial->missing + serial->repeated;
    struct fw_result *result = fw_log_count(results, "GAP-002", source, wrong,
                                            serial->present + serial->missing, FW_SV("serials"));
    if (wrong > 0) {
        fw_log_param_place(results, result, &source->serial_hole);
    }
}

static void run(const struct fw_facts *facts, struct fw_results *results)
{
    size_t index = 0;
    const struct fw_source_view *source;
    while ((source = fw_log_next(facts, results, "GAP-002", &index))) {
        judge(results, source);
    }
}

const struct fw_analyzer fw_analyzer_sequence = {
    .check = "GAP-002",
    .logs = true,
    .run = run,
};
