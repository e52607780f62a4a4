/* How often were the rules of a sensor updated, and how far apart? */
#include "analyzers/ids/view_impl.h"

#include <stdlib.h>

#include "core/time.h"

static int by_day(const void *left, const void *right)
{
    const int64_t *a = left;
    const int64_t *b = right;
    return (*a > *b) - (*a < *b);
}

/* Days of the runs that ended well; the others are only counted. */
static size_t take_runs(struct fw_sensor_making *making, int64_t last_day, int64_t **ret)
{
    const struct fw_device_facts *device = making->sensor->device;
    struct fw_ids_cadence *cadence = &making->sensor->cadence;
    size_t n = 0;
    for (size_t i = 0; i < device->nids; i++) {
        const struct fw_idsconf *conf = &device->ids[i]->conf;
        for (size_t k = 0; k < conf->nupdates; k++) {
            const struct fw_ids_update *run = &conf->updates[k];
            int64_t day = run->has_time
                              ? fw_days_from_date(run->time.year, run->time.month, run->time.day)
                              : INT64_MAX;
            cadence->known = true;
            if (run->failed) {
                cadence->failed++;
            } else if (run->ok && day <= last_day) {
                *ret = fw_arena_push(making->arena, *ret, n, sizeof(**ret));
                (*ret)[n++] = day;
            }
        }
    }
    return n;
}

/* From one good run to the next, and from the last one to the day counted from; what was over when
 * the period began is left out. */
void fw_sensor_add_updates(struct fw_sensor_making *making)
{
    const struct fw_facts *facts = making->facts;
    struct fw_sensor *sensor = making->sensor;
    struct fw_ids_cadence *cadence = &sensor->cadence;
    int64_t *days = NULL;
    if (!facts->has_as_of) {
        return;
    }
    int64_t as_of = fw_day_of(facts->as_of_ns, facts->zone_seconds);
    size_t n = take_runs(making, as_of + 1, &days); /* a day: its clock is in any zone */
    if (n == 0) {
        return;
    }
    qsort(days, n, sizeof(*days), by_day);
    for (size_t i = 0; i < n; i++) {
        int64_t next = i + 1 < n ? days[i + 1] : days[i] > as_of ? days[i] : as_of;
        bool inside = next >= sensor->from_day;
        cadence->ok += days[i] >= sensor->from_day;
        if (inside && next - days[i] > cadence->longest) {
            cadence->longest = next - days[i];
        }
    }
    cadence->has_last = true;
    cadence->last = days[n - 1];
}
