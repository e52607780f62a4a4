/* Which engines does a sensor run, which advisories name them, and what was decided about them? */
#include "analyzers/ids/view_impl.h"

#include <stdlib.h>

#include "core/time.h"

static int64_t day_of(const struct fw_ids_engine *engine)
{
    return fw_date_days(engine->date);
}

/* Files are in the order of the site, so a later capture is the newer one, whatever version it
 * says; two that are dated are in the order of their dates. */
static bool is_newer(const struct fw_ids_engine *one, const struct fw_ids_engine *have)
{
    return !one->dated || !have->dated || day_of(one) >= day_of(have);
}

static struct fw_ids_running *row_of(struct fw_sensor_making *making,
                                     struct fw_ids_running **engines, fw_sv product)
{
    struct fw_sensor *sensor = making->sensor;
    for (size_t i = 0; i < sensor->nengines; i++) {
        if (fw_sv_eq((*engines)[i].product, product)) {
            return &(*engines)[i];
        }
    }
    *engines = fw_arena_push(making->arena, *engines, sensor->nengines, sizeof(**engines));
    struct fw_ids_running *row = &(*engines)[sensor->nengines++];
    *row = (struct fw_ids_running){.product = product};
    return row;
}

static void find_engines(struct fw_sensor_making *making)
{
    const struct fw_device_facts *device = making->sensor->device;
    struct fw_ids_running *engines = NULL;
    for (size_t i = 0; i < device->nids; i++) {
        const struct fw_idsconf *conf = &device->ids[i]->conf;
        for (size_t k = 0; k < conf->nengines; k++) {
            const struct fw_ids_engine *engine = &conf->engines[k];
            if (engine->version.n == 0 || engine->series) {
                continue;
            }
            struct fw_ids_running *row = row_of(making, &engines, engine->product);
            if (!row->capture || is_newer(engine, row->capture)) {
                row->version = engine->version;
                row->capture = engine;
                row->path = device->ids_paths[i];
                row->sha256 = device->ids_info[i].sha256;
            }
        }
    }
    making->sensor->engines = engines;
}

static int worst_first(const void *left, const void *right)
{
    const struct fw_ids_advisory *a = left;
    const struct fw_ids_advisory *b = right;
    if (a->advisory->score10 != b->advisory->score10) {
        return a->advisory->score10 > b->advisory->score10 ? -1 : 1;
    }
    int order = fw_sv_cmp(a->advisory->id, b->advisory->id);
    return order != 0 ? order : (a->engine > b->engine) - (a->engine < b->engine);
}

/* A decision that names nobody, or no day, is none. */
static bool is_decision(const struct fw_sensor_making *making,
                        const struct fw_advisory_decision *row, fw_sv cve)
{
    bool ours = row->device.n == 0 || fw_sv_eq_nocase(row->device, making->sensor->device->name);
    return ours && fw_sv_eq_nocase(row->cve, cve) && row->decision.n > 0 && row->by.n > 0 &&
           row->decided_ns != INT64_MIN && row->decided_ns <= making->facts->as_of_ns;
}

static void decide(const struct fw_sensor_making *making, struct fw_ids_advisory *one)
{
    const struct fw_facts *facts = making->facts;
    const struct fw_advisory_decisions *list = facts->advisory_decisions;
    for (size_t i = 0; list && i < list->n; i++) {
        const struct fw_advisory_decision *row = &list->v[i];
        if (!is_decision(making, row, one->advisory->id)) {
            continue;
        }
        bool done = row->done_ns != INT64_MIN && row->done_ns <= facts->as_of_ns;
        bool late = !done && row->due_ns != INT64_MIN && row->due_ns < facts->as_of_ns;
        one->decision = row;
        one->state = late ? FW_IDS_OVERDUE : FW_IDS_DECIDED; /* a later row replaces it */
    }
}

static bool is_listed(const struct fw_sensor *sensor, size_t engine, fw_sv id)
{
    for (size_t i = 0; i < sensor->nadvisories; i++) {
        if (sensor->advisories[i].engine == engine &&
            fw_sv_eq(sensor->advisories[i].advisory->id, id)) {
            return true;
        }
    }
    return false;
}

/* Those of one engine behind those that are there. */
static struct fw_ids_advisory *add_advisories(struct fw_sensor_making *making, size_t engine,
                                              struct fw_ids_advisory *v)
{
    const struct fw_facts *facts = making->facts;
    struct fw_sensor *sensor = making->sensor;
    const struct fw_ids_running *running = &sensor->engines[engine];
    for (size_t f = 0; f < facts->nadvisories; f++) {
        for (size_t i = 0; i < facts->advisories[f].n; i++) {
            const struct fw_advisory *advisory = &facts->advisories[f].v[i];
            struct fw_ids_advisory one = {.advisory = advisory, .engine = engine};
            if (is_listed(sensor, engine, advisory->id) ||
                !fw_advisory_affects(advisory, running->product, running->version,
                                     &one.conditional)) {
                continue;
            }
            decide(making, &one);
            v = fw_arena_push(making->arena, v, sensor->nadvisories, sizeof(*v));
            v[sensor->nadvisories++] = one;
            sensor->advisories = v;
        }
    }
    return v;
}

void fw_sensor_add_engine(struct fw_sensor_making *making)
{
    struct fw_sensor *sensor = making->sensor;
    struct fw_ids_advisory *v = NULL;
    find_engines(making);
    for (size_t i = 0; i < sensor->nengines; i++) {
        v = add_advisories(making, i, v);
    }
    if (sensor->nadvisories > 0) {
        qsort(v, sensor->nadvisories, sizeof(*v), worst_first);
    }
}
