/* IDS-007: which urgent alerts did nobody handle in time, and does the sensor lose packets? */
#include "analyzers/ids/about.h"
#include "analyzers/logs/about.h"

#include "core/time.h"

static bool is_handled(const struct fw_facts *facts, const struct fw_sensor *sensor,
                       const struct fw_alert_day *row, int64_t days)
{
    for (size_t i = 0; i < facts->cases->n; i++) {
        const struct fw_case *c = &facts->cases->v[i];
        bool ours = c->device.n == 0 || fw_sv_eq_nocase(c->device, sensor->device->name);
        bool about = c->sid == 0 || (c->gid == row->gid && c->sid == row->sid);
        if (!ours || !about || c->handled_ns == INT64_MIN || c->handled_ns > facts->as_of_ns) {
            continue;
        }
        if (row->day >= fw_day_of(c->from_ns, facts->zone_seconds) &&
            row->day <= fw_day_of(c->until_ns, facts->zone_seconds) &&
            fw_day_of(c->handled_ns, facts->zone_seconds) <= row->day + days) {
            return true;
        }
    }
    return false;
}

struct handling {
    uint64_t total, unhandled;
    int64_t first;    /* day of the earliest unhandled one */
    uint64_t unknown; /* unhandled, and nothing says how urgent they are */
};

/* Some formats of alerts do not say it; then the signature's rule does. */
static uint32_t priority_of(const struct fw_sensor *sensor, const struct fw_alert_day *row,
                            bool *ret_unknown)
{
    const struct fw_ids_signature *s = row->priority == 0
                                           ? fw_sensor_signature(sensor, row->gid, row->sid)
                                           : NULL;
    *ret_unknown = s && s->unranked;
    return s ? s->priority : row->priority;
}

/* Alerts that are younger than the days allowed are not due yet. */
static struct handling count(const struct fw_facts *facts, const struct fw_sensor *sensor,
                             int64_t days)
{
    struct handling h = {0};
    for (size_t i = 0; i < sensor->nsources; i++) {
        const struct fw_source_view *source = sensor->sources[i];
        for (size_t k = 0; k < source->nalerts; k++) {
            const struct fw_alert_day *row = &source->alerts[k];
            bool unknown;
            bool urgent = priority_of(sensor, row, &unknown) == 1;
            if (!(urgent || unknown) || row->day < sensor->from_day || row->day > sensor->to_day) {
                continue;
            }
            bool due = row->day + days < fw_day_of(facts->as_of_ns, facts->zone_seconds);
            h.total += urgent ? row->count : 0;
            if (due && unknown && !(facts->cases && is_handled(facts, sensor, row, days))) {
                h.unknown += row->count;
            }
            if (urgent && due && facts->cases && !is_handled(facts, sensor, row, days)) {
                h.first = h.unhandled == 0 || row->day < h.first ? row->day : h.first;
                h.unhandled += row->count;
            }
        }
    }
    return h;
}

/* Whether nothing of it is missing or wrong. */
static bool judge_loss(const struct fw_facts *facts, struct fw_results *results,
                       const struct fw_sensor *sensor)
{
    double limit = fw_facts_threshold(facts, "IDS-007.drop_percent", 1);
    struct fw_result *result;
    if (!sensor->has_counters) {
        fw_sensor_result(results, "IDS-007", FW_RESULT_OPEN, sensor, "open.no_stats", "counters");
        return false;
    }
    /* Of what came to it. AF_PACKET and pcap count what was lost as captured, netmap and the
     * decoder count it beside that, and nothing in the figures says which: the share lies between
     * the two. */
    double lost = (double)sensor->dropped * 100;
    double together = (double)sensor->captured;
    double apart = together + (double)sensor->dropped;
    if (lost <= limit * together) {
        return true;
    }
    bool failed = lost > limit * apart;
    result = fw_sensor_result(results, "IDS-007", failed ? FW_RESULT_FAIL : FW_RESULT_OPEN, sensor,
                              failed ? "fail.loss" : "open.loss", "counters");
    uint64_t seen = sensor->captured > UINT64_MAX - sensor->dropped
                        ? UINT64_MAX
                        : sensor->captured + sensor->dropped;
    fw_sv share = failed ? fw_log_percent_wrong(results, sensor->dropped, seen)
                         : fw_log_percent(results, sensor->dropped, seen);
    fw_sv target = fw_log_number(results, limit);
    int64_t from = sensor->from_day > sensor->first_day ? sensor->from_day : sensor->first_day;
    if (failed) {
        fw_result_measured(result, share, target);
    } else {
        fw_result_param(results, result, "value",
                        fw_log_percent_wrong(results, sensor->dropped, sensor->captured));
    }
    fw_result_param(results, result, "percent", share);
    fw_result_param(results, result, "target", target);
    fw_sensor_param_day(results, result, "from", from);
    fw_sensor_param_day(results, result, "to", sensor->to_day);
    return false;
}

static void judge(const struct fw_facts *facts, struct fw_results *results,
                  const struct fw_sensor *sensor)
{
    int64_t days = (int64_t)fw_facts_threshold(facts, "IDS-007.handling_days", 7);
    struct handling h = count(facts, sensor, days);
    bool quiet = judge_loss(facts, results, sensor);
    struct fw_result *result = NULL;
    if (h.total > 0 && !facts->cases) {
        result = fw_sensor_result(results, "IDS-007", FW_RESULT_OPEN, sensor, "open.no_register",
                                  "handling");
        fw_result_param_u64(results, result, "total", h.total);
        return;
    }
    if (h.unhandled == 0 && sensor->alerts_lost > 0) { /* urgent ones may be among them */
        result = fw_sensor_result(results, "IDS-007", FW_RESULT_OPEN, sensor, "open.limit",
                                  "handling");
        fw_result_param(results, result, "source", sensor->device->name);
        fw_result_param_u64(results, result, "n", sensor->alerts_lost);
        return;
    }
    if (h.unhandled == 0 && h.unknown > 0) {
        result = fw_sensor_result(results, "IDS-007", FW_RESULT_OPEN, sensor, "open.no_priority",
                                  "handling");
        fw_result_param_u64(results, result, "n", h.unknown);
        return;
    }
    if (h.unhandled > 0) {
        result = fw_sensor_result(results, "IDS-007", FW_RESULT_FAIL, sensor, "fail", "handling");
        fw_sensor_param_day(results, result, "first", h.first);
    } else if (quiet) {
        result = fw_sensor_result(results, "IDS-007", FW_RESULT_PASS, sensor, "pass", "handling");
    }
    if (result) {
        fw_sensor_count(results, result, h.unhandled, h.total);
        fw_result_param_u64(results, result, "days", (uint64_t)days);
    }
}

static void run(const struct fw_facts *facts, struct fw_results *results)
{
    size_t index = 0;
    const struct fw_sensor *sensor;
    while ((sensor = fw_sensor_next(facts, results, "IDS-007", &index))) {
        if (!fw_sensor_dated(facts, results, "IDS-007", sensor)) {
            continue;
        }
        if (!sensor->has_days) {
            fw_sensor_result(results, "IDS-007", FW_RESULT_OPEN, sensor, "open.no_alerts",
                             "alerts");
            continue;
        }
        judge(facts, results, sensor);
    }
}

const struct fw_analyzer fw_analyzer_unhandled = {
    .check = "IDS-007",
    .ids = true,
    .run = run,
};
