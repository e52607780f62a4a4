/* IDS-006: which signatures make the noise, and which urgent ones were silenced? */
#include "analyzers/ids/about.h"
#include "analyzers/logs/about.h"

/* n/total above a limit in per cent. */
static bool above(uint64_t n, uint64_t total, double limit)
{
    return total > 0 && (double)n * 100 > limit * (double)total;
}

static void share_params(struct fw_results *results, struct fw_result *result,
                         const struct fw_sensor *sensor, const struct fw_ids_signature *s,
                         double limit)
{
    fw_sv share = fw_log_percent_wrong(results, s->now, sensor->alerts);
    fw_sv target = fw_log_number(results, limit);
    fw_result_measured(result, share, target);
    fw_result_param(results, result, "list", fw_sensor_sid(results, s->gid, s->sid));
    fw_result_param(results, result, "value", share);
    fw_result_param(results, result, "percent", share);
    fw_result_param(results, result, "target", target);
    fw_result_param_u64(results, result, "n", s->now);
    fw_result_param_u64(results, result, "total", sensor->alerts);
}

static const struct fw_ids_signature *noisiest(const struct fw_sensor *sensor)
{
    const struct fw_ids_signature *most = NULL;
    for (size_t i = 0; i < sensor->nsignatures; i++) {
        if (sensor->signatures[i].now > (most ? most->now : 0)) {
            most = &sensor->signatures[i];
        }
    }
    return most;
}

/* How many failed; *ret_unsure: some may have, but the period before is not in the logs. */
static size_t judge_noise(struct fw_results *results, const struct fw_sensor *sensor, double limit,
                          bool *ret_unsure)
{
    size_t failed = 0;
    bool before = sensor->has_days && sensor->first_day < sensor->from_day;
    bool all_before = sensor->has_days && sensor->first_day <= sensor->before_day;
    *ret_unsure = false;
    for (size_t i = 0; i < sensor->nsignatures; i++) {
        const struct fw_ids_signature *s = &sensor->signatures[i];
        if (s->decided || !above(s->now, sensor->alerts + sensor->alerts_lost, limit)) {
            continue;
        }
        if (!before || !above(s->before, sensor->alerts_before + sensor->alerts_lost, limit)) {
            /* The part of that period which the logs show may not be like the whole. */
            *ret_unsure = *ret_unsure || !all_before;
            continue;
        }
        fw_sv sid = fw_sensor_sid(results, s->gid, s->sid);
        struct fw_result *result = fw_results_add(results, "IDS-006", FW_RESULT_FAIL,
                                                  sensor->device->name, "fail", sid);
        share_params(results, result, sensor, s, limit);
        failed++;
    }
    return failed;
}

static bool is_blind(const struct fw_ids_signature *s)
{
    return s->priority == 1 && (s->silenced || s->switched_off);
}

static bool judge_blind(struct fw_results *results, const struct fw_sensor *sensor)
{
    const struct fw_ids_signature *first = NULL;
    uint64_t urgent = 0;
    uint64_t blind = 0;
    for (size_t i = 0; i < sensor->nsignatures; i++) {
        const struct fw_ids_signature *s = &sensor->signatures[i];
        /* What a publisher ships disabled was never heard. */
        urgent += s->priority == 1 && (s->enabled || !s->in_rules || is_blind(s));
        if (is_blind(s)) {
            first = blind++ == 0 ? s : first;
        }
    }
    if (!first) {
        return false;
    }
    struct fw_result *result = fw_sensor_result(results, "IDS-006", FW_RESULT_FAIL, sensor,
                                                "fail.blind", "blind");
    fw_sensor_count(results, result, blind, urgent);
    fw_result_param(results, result, "list", fw_sensor_sid(results, first->gid, first->sid));
    if (first->silenced) {
        fw_sensor_at(result, first->silenced);
    }
    return true;
}

/* Entries that may silence an urgent signature: nothing says the priority of what they are about.
 */
static bool judge_unknown(struct fw_results *results, const struct fw_sensor *sensor)
{
    const struct fw_ledger_entry *first = NULL;
    uint64_t total = 0;
    uint64_t unknown = 0;
    for (size_t i = 0; i < sensor->nledger; i++) {
        const struct fw_ledger_entry *entry = &sensor->ledger[i];
        total += entry->silences;
        if (entry->silences && entry->unranked) {
            first = unknown++ == 0 ? entry : first;
        }
    }
    if (!first) {
        return false;
    }
    struct fw_result *result = fw_sensor_result(results, "IDS-006", FW_RESULT_OPEN, sensor,
                                                "open.unknown", "blind");
    fw_result_param_u64(results, result, "n", unknown);
    fw_result_param_u64(results, result, "total", total);
    fw_result_param(results, result, "rule", fw_sensor_entry(results, first));
    fw_sensor_at(result, first);
    return true;
}

/* What was only counted together may all have been of one signature. */
static bool is_sure(const struct fw_sensor *sensor, const struct fw_ids_signature *most,
                    double limit)
{
    return sensor->alerts_lost == 0 ||
           !above(most->now + sensor->alerts_lost, sensor->alerts + sensor->alerts_lost, limit);
}

static void run(const struct fw_facts *facts, struct fw_results *results)
{
    size_t index = 0;
    const struct fw_sensor *sensor;
    double limit = fw_facts_threshold(facts, "IDS-006.share_percent", 30);
    while ((sensor = fw_sensor_next(facts, results, "IDS-006", &index))) {
        if (!fw_sensor_dated(facts, results, "IDS-006", sensor)) {
            continue;
        }
        bool unsure;
        size_t noisy = judge_noise(results, sensor, limit, &unsure);
        bool blind = judge_blind(results, sensor) || judge_unknown(results, sensor);
        const struct fw_ids_signature *most = noisiest(sensor);
        if (!most) {
            fw_sensor_result(results, "IDS-006", FW_RESULT_OPEN, sensor, "open.no_alerts",
                             "alerts");
        } else if (unsure) {
            struct fw_result *result = fw_sensor_result(results, "IDS-006", FW_RESULT_OPEN, sensor,
                                                        "open.one_period", "alerts");
            share_params(results, result, sensor, most, limit);
        } else if (noisy == 0 && !blind && !is_sure(sensor, most, limit)) {
            struct fw_result *result = fw_sensor_result(results, "IDS-006", FW_RESULT_OPEN, sensor,
                                                        "open.counted", "alerts");
            share_params(results, result, sensor, most, limit);
        } else if (noisy == 0 && !blind && sensor->device->nids == 0) {
            fw_sensor_result(results, "IDS-006", FW_RESULT_OPEN, sensor, "open.no_rules", "rules");
        } else if (noisy == 0 && !blind) {
            struct fw_result *result = fw_sensor_result(
                results, "IDS-006", FW_RESULT_PASS, sensor,
                above(most->now, sensor->alerts, limit) ? "pass.excused" : "pass", "alerts");
            share_params(results, result, sensor, most, limit);
        }
    }
}

const struct fw_analyzer fw_analyzer_noise = {
    .check = "IDS-006",
    .ids = true,
    .run = run,
};
