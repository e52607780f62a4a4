/* Which advisories name the engine of a sensor, and what was decided about them? */
#include "analyzers/ids/view_impl.h"

#include <stdlib.h>

/* The last capture that says it: files are in the order of the site. */
static void find_engine(struct fw_sensor *sensor)
{
    const struct fw_device_facts *device = sensor->device;
    for (size_t i = 0; i < device->nids; i++) {
        const struct fw_idsconf *conf = &device->ids[i]->conf;
        for (size_t k = 0; k < conf->nengines; k++) {
            const struct fw_ids_engine *engine = &conf->engines[k];
            bool newer = sensor->version.n == 0 ||
                         fw_version_cmp(engine->version, sensor->version) >= 0;
            if (engine->version.n > 0 && newer) {
                sensor->product = engine->product;
                sensor->version = engine->version;
                sensor->engine_path = device->ids_paths[i];
                sensor->engine_sha256 = device->ids_info[i].sha256;
                sensor->engine_span = engine->span;
            }
        }
    }
}

static int worst_first(const void *left, const void *right)
{
    const struct fw_ids_advisory *a = left;
    const struct fw_ids_advisory *b = right;
    if (a->advisory->score10 != b->advisory->score10) {
        return a->advisory->score10 > b->advisory->score10 ? -1 : 1;
    }
    return fw_sv_cmp(a->advisory->id, b->advisory->id);
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

static bool is_listed(const struct fw_sensor *sensor, fw_sv id)
{
    for (size_t i = 0; i < sensor->nadvisories; i++) {
        if (fw_sv_eq(sensor->advisories[i].advisory->id, id)) {
            return true;
        }
    }
    return false;
}

void fw_sensor_add_engine(struct fw_sensor_making *making)
{
    const struct fw_facts *facts = making->facts;
    struct fw_sensor *sensor = making->sensor;
    struct fw_ids_advisory *v = NULL;
    find_engine(sensor);
    for (size_t f = 0; sensor->version.n > 0 && f < facts->nadvisories; f++) {
        for (size_t i = 0; i < facts->advisories[f].n; i++) {
            const struct fw_advisory *advisory = &facts->advisories[f].v[i];
            struct fw_ids_advisory one = {.advisory = advisory};
            if (is_listed(sensor, advisory->id) ||
                !fw_advisory_affects(advisory, sensor->product, sensor->version,
                                     &one.conditional)) {
                continue;
            }
            decide(making, &one);
            v = fw_arena_push(making->arena, v, sensor->nadvisories, sizeof(*v));
            v[sensor->nadvisories++] = one;
            sensor->advisories = v;
        }
    }
    if (sensor->nadvisories > 0) {
        qsort(v, sensor->nadvisories, sizeof(*v), worst_first);
    }
}
