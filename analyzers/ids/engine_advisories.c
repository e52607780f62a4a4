/* IDS-005: which advisories about a sensor's engine were not decided about? */
#include "analyzers/ids/about.h"

#include "core/time.h"

static fw_sv engine_text(struct fw_results *results, const struct fw_sensor *sensor)
{
    return fw_arena_printf(results->arena, "%.*s %.*s", FW_SV_ARG(sensor->product),
                           FW_SV_ARG(sensor->version));
}

static void at_engine(struct fw_results *results, struct fw_result *result,
                      const struct fw_sensor *sensor)
{
    fw_result_param(results, result, "list", engine_text(results, sensor));
    result->input = sensor->engine_path;
    result->input_sha256 = sensor->engine_sha256;
    result->has_input_sha256 = true;
    result->span = sensor->engine_span;
}

/* "CVE-2026-0001 (CVSS 9.8)" */
static fw_sv advisory_text(struct fw_results *results, const struct fw_advisory *advisory)
{
    if (!advisory->has_score) {
        return advisory->id;
    }
    return fw_arena_printf(results->arena, "%.*s (CVSS %u.%u)", FW_SV_ARG(advisory->id),
                           advisory->score10 / 10, advisory->score10 % 10);
}

static uint64_t count_state(const struct fw_sensor *sensor, enum fw_ids_decision state,
                            const struct fw_ids_advisory **ret_first)
{
    uint64_t n = 0;
    *ret_first = NULL;
    for (size_t i = 0; i < sensor->nadvisories; i++) {
        if (sensor->advisories[i].state == state) {
            *ret_first = n++ == 0 ? &sensor->advisories[i] : *ret_first;
        }
    }
    return n;
}

static void judge(const struct fw_facts *facts, struct fw_results *results,
                  const struct fw_sensor *sensor)
{
    const struct fw_ids_advisory *open;
    const struct fw_ids_advisory *late;
    uint64_t undecided = count_state(sensor, FW_IDS_UNDECIDED, &open);
    uint64_t overdue = count_state(sensor, FW_IDS_OVERDUE, &late);
    struct fw_result *result;
    if (open) {
        result = fw_sensor_result(results, "IDS-005", FW_RESULT_FAIL, sensor, "fail", "advisories");
        fw_sensor_count(results, result, undecided, sensor->nadvisories);
        fw_result_param(results, result, "cve", advisory_text(results, open->advisory));
        at_engine(results, result, sensor);
    }
    if (late) {
        result = fw_sensor_result(results, "IDS-005", FW_RESULT_FAIL, sensor, "fail.overdue",
                                  "overdue");
        struct fw_date due = fw_date_of(late->decision->due_ns, facts->zone_seconds);
        fw_sensor_count(results, result, overdue, sensor->nadvisories);
        fw_result_param(results, result, "cve", advisory_text(results, late->advisory));
        fw_sensor_param_day(results, result, "first",
                            fw_days_from_date(due.year, due.month, due.day));
        fw_sensor_param_as_of(facts, results, result);
        at_engine(results, result, sensor);
    }
    if (!open && !late) {
        result = fw_sensor_result(results, "IDS-005", FW_RESULT_PASS, sensor, "pass", "advisories");
        fw_sensor_count(results, result, 0, sensor->nadvisories);
        at_engine(results, result, sensor);
    }
}

static void run(const struct fw_facts *facts, struct fw_results *results)
{
    size_t index = 0;
    const struct fw_sensor *sensor;
    while ((sensor = fw_sensor_next(facts, results, "IDS-005", &index))) {
        if (!fw_sensor_dated(facts, results, "IDS-005", sensor)) {
            continue;
        }
        if (sensor->version.n == 0) {
            fw_sensor_result(results, "IDS-005", FW_RESULT_OPEN, sensor, "open.no_version",
                             "version");
            continue;
        }
        if (!facts->sensors->feed_current) { /* what an old feed shows counts, but passes nothing */
            struct fw_result *result = fw_sensor_result(results, "IDS-005", FW_RESULT_OPEN, sensor,
                                                        "open.no_feed", "feed");
            at_engine(results, result, sensor);
        }
        if (facts->sensors->feed_current || sensor->nadvisories > 0) {
            judge(facts, results, sensor);
        }
    }
}

const struct fw_analyzer fw_analyzer_engine_advisories = {
    .check = "IDS-005",
    .ids = true,
    .run = run,
};
