/* GAP-004: is every log file that the last pack sealed still what it was? */
#include "analyzers/logs/about.h"
#include "analyzers/logs/sealed.h"

static void judge(const struct fw_facts *facts, struct fw_results *results,
                  const struct fw_source_view *source)
{
    const struct fw_sealed_logs *sealed = facts->sealed;
    fw_sv path = {0};
    uint64_t total = 0;
    uint64_t n = 0;
    for (size_t i = 0; sealed && i < sealed->n; i++) {
        const struct fw_sealed_log *log = &sealed->v[i];
        if (!fw_sv_eq(log->device, source->device)) {
            continue;
        }
        bool wrong = log->state == FW_SEAL_CHANGED || log->state == FW_SEAL_GONE;
        path = wrong && n == 0 ? log->path : path;
        total++;
        n += wrong;
    }
    if (total == 0) {
        struct fw_result *result = fw_log_result(results, "GAP-004", FW_RESULT_OPEN, source,
                                                 "open.first", FW_SV("sealed"));
        fw_result_param_u64(results, result, "total", source->npaths);
        return;
    }
    struct fw_result *result = fw_log_count(results, "GAP-004", source, n, total, FW_SV("sealed"));
    fw_result_param_date(facts, results, result, "from", sealed->as_of_ns);
    if (n > 0) {
        fw_result_param(results, result, "path", path);
        result->input = path;
    }
}

static void run(const struct fw_facts *facts, struct fw_results *results)
{
    size_t index = 0;
    const struct fw_source_view *source;
    if (!facts->site) {
        return; /* bare files have no earlier pack */
    }
    while ((source = fw_log_next(facts, results, "GAP-004", &index))) {
        judge(facts, results, source);
    }
}

const struct fw_analyzer fw_analyzer_archive_changed = {
    .check = "GAP-004",
    .run = run,
};
