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

static bool has_source(const struct fw_facts *facts, fw_sv device)
{
    for (size_t i = 0; i < facts->nsources; i++) {
        if (fw_sv_eq(facts->sources[i].device, device)) {
            return true;
        }
    }
    return false;
}

/* Of a device whose logs are all away no source is left to ask: it is told by what was sealed. */
static void judge_vanished(const struct fw_facts *facts, struct fw_results *results)
{
    const struct fw_sealed_logs *sealed = facts->sealed;
    size_t ntold = 0;
    fw_sv *told = NULL; /* devices */
    for (size_t i = 0; sealed && i < sealed->n; i++) {
        const struct fw_sealed_log *log = &sealed->v[i];
        bool known = false;
        for (size_t k = 0; k < ntold && !known; k++) {
            known = fw_sv_eq(told[k], log->device);
        }
        if (known || (log->state != FW_SEAL_CHANGED && log->state != FW_SEAL_GONE)) {
            continue;
        }
        told = fw_arena_push(results->arena, told, ntold, sizeof(*told));
        told[ntold++] = log->device;
        if (!has_source(facts, log->device)) {
            const struct fw_source_view lost = {.name = log->device, .device = log->device};
            judge(facts, results, &lost);
        }
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
    judge_vanished(facts, results);
}

const struct fw_analyzer fw_analyzer_archive_changed = {
    .check = "GAP-004",
    .run = run,
};
