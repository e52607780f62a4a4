/* IDS-004: which tuning is past the day of its review, and was the ledger reviewed at all? */
#include "analyzers/ids/about.h"

#include "core/time.h"

/* The months between two reviews are over. */
static bool is_old(const struct fw_facts *facts, const struct fw_earlier_review *review)
{
    struct fw_date now = fw_date_of(facts->as_of_ns, facts->zone_seconds);
    struct fw_date since = fw_date_add_months(now, -fw_sensor_review_months(facts));
    return fw_day_of(review->as_of_ns, facts->zone_seconds) < fw_date_days(since);
}

static void judge_dates(const struct fw_facts *facts, struct fw_results *results,
                        const struct fw_sensor *sensor, bool pass)
{
    const struct fw_ledger_entry *first = NULL;
    uint64_t total = 0;
    uint64_t late = 0;
    for (size_t i = 0; i < sensor->nledger; i++) {
        total += sensor->ledger[i].recorded;
        if (sensor->ledger[i].recorded && sensor->ledger[i].overdue) {
            first = late++ == 0 ? &sensor->ledger[i] : first;
        }
    }
    if (!first && !pass) {
        return;
    }
    struct fw_result *result = fw_sensor_result(results, "IDS-004",
                                                first ? FW_RESULT_FAIL : FW_RESULT_PASS, sensor,
                                                first ? "fail" : "pass", "review dates");
    fw_sensor_count(results, result, late, total);
    fw_sensor_param_as_of(facts, results, result);
    if (first) {
        fw_sensor_at(result, first);
        fw_result_param(results, result, "rule", fw_sensor_entry(results, first));
        fw_result_param(results, result, "first", first->review_by);
    }
}

static uint64_t recorded(const struct fw_sensor *sensor)
{
    uint64_t n = 0;
    for (size_t i = 0; i < sensor->nledger; i++) {
        n += sensor->ledger[i].recorded;
    }
    return n;
}

/* Whether a signed review of this period is there. */
static bool judge_review(const struct fw_facts *facts, struct fw_results *results,
                         const struct fw_sensor *sensor)
{
    const struct fw_earlier_review *last = fw_ledger_review(facts);
    if (recorded(sensor) == 0) {
        return true;
    }
    if (!last) {
        struct fw_result *result = fw_sensor_result(results, "IDS-004", FW_RESULT_OPEN, sensor,
                                                    "open.first", "review");
        fw_result_param_u64(results, result, "total", recorded(sensor));
        return false;
    }
    if (!is_old(facts, last)) {
        return true;
    }
    struct fw_result *result = fw_sensor_result(results, "IDS-004", FW_RESULT_FAIL, sensor,
                                                "fail.unreviewed", "review");
    fw_result_param_u64(results, result, "total", recorded(sensor));
    fw_result_param_u64(results, result, "months", (uint64_t)fw_sensor_review_months(facts));
    fw_sensor_param_day(results, result, "first", fw_day_of(last->as_of_ns, facts->zone_seconds));
    fw_sensor_param_as_of(facts, results, result);
    return false;
}

static void run(const struct fw_facts *facts, struct fw_results *results)
{
    size_t index = 0;
    const struct fw_sensor *sensor;
    while ((sensor = fw_sensor_next(facts, results, "IDS-004", &index))) {
        bool unread = sensor->device->ntuning_missing > 0;
        bool none = !fw_sensor_has_tuning(sensor);
        if (!fw_sensor_dated(facts, results, "IDS-004", sensor)) {
            continue;
        }
        if (unread || none) {
            struct fw_result *result = fw_sensor_result(results, "IDS-004", FW_RESULT_OPEN, sensor,
                                                        unread ? "open.no_tuning" : "open.no_files",
                                                        "tuning files");
            fw_result_param_u64(results, result, "total", sensor->device->ntuning_missing);
        }
        bool reviewed = judge_review(facts, results, sensor);
        judge_dates(facts, results, sensor, reviewed && !unread && !none);
    }
}

const struct fw_analyzer fw_analyzer_unreviewed_tuning = {
    .check = "IDS-004",
    .ids = true,
    .run = run,
};
