/* IDS-003: which tuning has no reason, author, date or day of its next review? */
#include "analyzers/ids/about.h"

/* Rules alone, or some of the files, can fail but not pass: there may be more tuning elsewhere. */
static void judge(struct fw_results *results, const struct fw_sensor *sensor, bool pass)
{
    const struct fw_ledger_entry *first = NULL;
    uint64_t total = 0;
    uint64_t untold = 0;
    for (size_t i = 0; i < sensor->nledger; i++) {
        const struct fw_ledger_entry *entry = &sensor->ledger[i];
        if (!entry->recorded) {
            continue;
        }
        total++;
        if (entry->missing != 0) {
            first = untold++ == 0 ? entry : first;
        }
    }
    if (!first && !pass) {
        return;
    }
    struct fw_result *result = fw_sensor_result(results, "IDS-003",
                                                first ? FW_RESULT_FAIL : FW_RESULT_PASS, sensor,
                                                first ? "fail" : "pass", "tuning");
    fw_sensor_count(results, result, untold, total);
    if (first) {
        fw_sensor_at(result, first);
        fw_result_param(results, result, "path", first->path);
        fw_result_param_u64(results, result, "line", first->span.line);
        fw_result_param(results, result, "rule", fw_sensor_entry(results, first));
    }
}

static void run(const struct fw_facts *facts, struct fw_results *results)
{
    size_t index = 0;
    const struct fw_sensor *sensor;
    while ((sensor = fw_sensor_next(facts, results, "IDS-003", &index))) {
        size_t missing = sensor->device->ntuning_missing;
        bool none = !fw_sensor_has_tuning(sensor);
        if (missing > 0 || none) {
            struct fw_result *result = fw_sensor_result(
                results, "IDS-003", FW_RESULT_OPEN, sensor,
                missing > 0 ? "open.no_tuning" : "open.no_files", "tuning files");
            fw_result_param_u64(results, result, "total", missing);
        }
        judge(results, sensor, !none && missing == 0);
    }
}

const struct fw_analyzer fw_analyzer_untold_tuning = {
    .check = "IDS-003",
    .ids = true,
    .run = run,
};
