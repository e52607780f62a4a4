/* What analyzers of sensors share: which sensors are asked for, and results about them. */
#include "analyzers/ids/about.h"

#include <inttypes.h>

#include "core/time.h"

const struct fw_sensor *fw_sensor_next(const struct fw_facts *facts, struct fw_results *results,
                                       const char *check, size_t *index)
{
    const struct fw_ids_view *view = facts->sensors;
    if (view && *index < view->n) {
        return &view->v[(*index)++];
    }
    if (*index == 0 && facts->site) {
        fw_results_add(results, check, FW_RESULT_OPEN, FW_SV(""), "open.no_device",
                       FW_SV("sensors"));
    }
    return NULL;
}

struct fw_result *fw_sensor_result(struct fw_results *results, const char *check,
                                   enum fw_result_state state, const struct fw_sensor *sensor,
                                   const char *words, const char *subject)
{
    return fw_results_add(results, check, state, sensor->device->name, words, fw_sv_from(subject));
}

bool fw_sensor_dated(const struct fw_facts *facts, struct fw_results *results, const char *check,
                     const struct fw_sensor *sensor)
{
    if (!facts->has_as_of) {
        struct fw_result *result = fw_sensor_result(results, check, FW_RESULT_OPEN, sensor,
                                                    "open.no_as_of", "date");
        fw_result_param(results, result, "source", sensor->device->name);
    }
    return facts->has_as_of;
}

int fw_sensor_review_months(const struct fw_facts *facts)
{
    int months = facts->site ? (int)facts->site->review_months
                             : (int)fw_facts_threshold(facts, "WFL-001.months", 3);
    return months < 1 ? 1 : months > 120 ? 120 : months;
}

/* Maps, captures and logs of updates hold none; a tuning file without entries says nothing else. */
static bool holds_tuning(const struct fw_idsrules *file)
{
    const struct fw_idsconf *conf = &file->conf;
    for (size_t i = 0; i < conf->ntunings; i++) {
        if (!conf->tunings[i].in_rule) {
            return true;
        }
    }
    if (file->n > 0 || file->delivered) {
        return false;
    }
    return conf->nvariables + conf->nmentions > 0 || conf->nengines + conf->nupdates +
                                                             conf->nmessages + conf->nrulesets +
                                                             conf->nclasses + conf->nreferences ==
                                                         0;
}

bool fw_sensor_has_tuning(const struct fw_sensor *sensor)
{
    for (size_t i = 0; i < sensor->device->nids; i++) {
        if (holds_tuning(sensor->device->ids[i])) {
            return true;
        }
    }
    return false;
}

void fw_sensor_count(struct fw_results *results, struct fw_result *result, uint64_t n,
                     uint64_t total)
{
    fw_result_measured(result, fw_arena_printf(results->arena, "%" PRIu64, n), FW_SV("0"));
    fw_result_param_u64(results, result, "n", n);
    fw_result_param_u64(results, result, "value", n);
    fw_result_param_u64(results, result, "total", total);
    fw_result_param_u64(results, result, "target", 0);
}

void fw_sensor_param_day(struct fw_results *results, struct fw_result *result, const char *name,
                         int64_t day)
{
    fw_result_param(results, result, name, fw_date_keep(results->arena, fw_date_from_days(day)));
}

void fw_sensor_param_as_of(const struct fw_facts *facts, struct fw_results *results,
                           struct fw_result *result)
{
    fw_sensor_param_day(results, result, "as_of", fw_day_of(facts->as_of_ns, facts->zone_seconds));
}

fw_sv fw_sensor_sid(struct fw_results *results, uint32_t gid, uint32_t sid)
{
    return fw_arena_printf(results->arena, "%" PRIu32 ":%" PRIu32, gid, sid);
}

fw_sv fw_sensor_entry(struct fw_results *results, const struct fw_ledger_entry *entry)
{
    return fw_arena_printf(results->arena, "%.*s %.*s", FW_SV_ARG(entry->kind),
                           FW_SV_ARG(entry->signature));
}

fw_sv fw_sensor_engine(struct fw_arena *arena, const struct fw_ids_running *engine)
{
    return fw_arena_printf(arena, "%.*s %.*s", FW_SV_ARG(engine->product),
                           FW_SV_ARG(engine->version));
}

void fw_sensor_at(struct fw_result *result, const struct fw_ledger_entry *entry)
{
    if (entry->path.n > 0) {
        fw_result_at(result, entry->path, entry->sha256, entry->span);
    }
}
