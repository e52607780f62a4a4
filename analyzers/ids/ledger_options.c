/* Which options of rules that thin out alerts are a sensor's own tuning, and which are part of the
 * rule as it was published? */
#include "analyzers/ids/view_impl.h"

#include <stdlib.h>

#include "core/search.h"

bool fw_ledger_counts(const struct fw_sensor *sensor, const struct fw_idsrules *file, uint32_t gid,
                      uint32_t sid)
{
    const struct fw_ids_signature *s = fw_sensor_signature(sensor, gid, sid);
    return !file->delivered || !s || !s->unpacked;
}

static int compare(const struct fw_tuning *a, const struct fw_tuning *b)
{
    if (a->gid != b->gid) {
        return a->gid < b->gid ? -1 : 1;
    }
    return (a->sid > b->sid) - (a->sid < b->sid);
}

static int by_number(const void *left, const void *right)
{
    return compare(*(const struct fw_tuning *const *)left, *(const struct fw_tuning *const *)right);
}

void fw_rule_options_make(struct fw_sensor_making *making, struct fw_rule_options *ret)
{
    const struct fw_device_facts *device = making->sensor->device;
    *ret = (struct fw_rule_options){0};
    for (size_t i = 0; i < device->nids; i++) {
        const struct fw_idsconf *conf = &device->ids[i]->conf;
        for (size_t k = 0; device->ids[i]->delivered && k < conf->ntunings; k++) {
            ret->v = fw_arena_push(making->arena, (void *)(uintptr_t)ret->v, ret->n,
                                   sizeof(*ret->v));
            ret->v[ret->n++] = &conf->tunings[k];
        }
    }
    if (ret->n > 0) {
        qsort((void *)(uintptr_t)ret->v, ret->n, sizeof(*ret->v), by_number);
    }
}

static bool is_same(const struct fw_tuning *a, const struct fw_tuning *b)
{
    return a->kind == b->kind && a->track == b->track && fw_sv_eq(a->type, b->type) &&
           a->has_count == b->has_count && a->count == b->count &&
           a->has_seconds == b->has_seconds && a->seconds == b->seconds;
}

/* Numbers from 1,000,000 to 1,999,999 are for a sensor's own rules. Of others an archive tells how
 * they were delivered; without one they are taken for unchanged. */
bool fw_rule_options_published(const struct fw_rule_options *options,
                               const struct fw_sensor *sensor, const struct fw_tuning *tuning)
{
    const struct fw_ids_signature *s = fw_sensor_signature(sensor, tuning->gid, tuning->sid);
    if (tuning->sid >= 1000000 && tuning->sid < 2000000) {
        return false;
    }
    if (!s || !s->delivered) {
        return true;
    }
    size_t lo;
    FW_SEARCH(lo, options->n, compare(options->v[lo], tuning) < 0);
    for (; lo < options->n && compare(options->v[lo], tuning) == 0; lo++) {
        if (is_same(options->v[lo], tuning)) {
            return true;
        }
    }
    return false;
}
