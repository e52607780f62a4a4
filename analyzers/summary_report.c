/* What of one log file did not fit into its summary: told for every limit that was reached. */
#include "analyzers/summary.h"

#include <inttypes.h>

struct loss {
    uint64_t hours, rules, admin, alerts, sensor;
};

static struct loss loss_of(const struct fw_summary *summary)
{
    struct loss loss = {0};
    for (size_t s = 0; s < summary->nsources; s++) {
        for (size_t p = 0; p < summary->sources[s].nparts; p++) {
            const struct fw_summary_part *part = &summary->sources[s].parts[p];
            loss.hours += part->hours_lost;
            loss.rules += part->usage_lost;
            loss.admin += part->admin_lost;
            loss.alerts += part->alerts_lost;
            loss.sensor += part->sensor_lost;
        }
    }
    return loss;
}

void fw_summary_report(const struct fw_summary *summary, fw_sv path, struct fw_diags *diags)
{
    struct loss loss = loss_of(summary);
    const struct {
        uint64_t n;
        const char *what;
    } rows[] = {
        {summary->sources_lost, "lines are of hosts beyond the limit (SUMMARY_HOSTS)"},
        {loss.hours, "events are in hours beyond the limit (SUMMARY_HOURS)"},
        {loss.rules, "hits are of rules beyond the limit (SUMMARY_RULES)"},
        {loss.admin, "administrators' actions are beyond the limit (SUMMARY_ADMIN)"},
        {loss.alerts, "alerts are of signatures and days beyond the limit (SUMMARY_ALERTS)"},
        {loss.sensor, "counters of sensors are of days beyond the limit (SUMMARY_SENSOR)"},
        {summary->ignored_lost, "ignored lines have names beyond the limit (SUMMARY_NAMES)"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (rows[i].n > 0) {
            fw_diag_report(diags, FW_DIAG_ID_LIMIT_REACHED, path, (fw_span){0}, (fw_sv){0}, 0,
                           "%" PRIu64 " %s: they are counted, but not one by one", rows[i].n,
                           rows[i].what);
        }
    }
}
