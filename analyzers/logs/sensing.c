/* Which connections have both an alert and a firewall's verdict, and what did sensors count? */
#include "analyzers/logs/sensing.h"

#include <stdlib.h>
#include <string.h>

#include "core/limits.h"

static int by_value(const void *left, const void *right)
{
    const uint64_t *a = left;
    const uint64_t *b = right;
    return (*a > *b) - (*a < *b);
}

/* Sorted, without repetition; the largest go when there are too many. */
static void settle(uint64_t *v, size_t *n, uint64_t *below)
{
    size_t kept = 0;
    if (*n > 0) {
        qsort(v, *n, sizeof(*v), by_value);
    }
    for (size_t i = 0; i < *n; i++) {
        if (kept == 0 || v[kept - 1] != v[i]) {
            v[kept++] = v[i];
        }
    }
    if (kept > FW_LIMIT_ALERTED) {
        *below = v[FW_LIMIT_ALERTED];
        kept = FW_LIMIT_ALERTED;
    }
    *n = kept;
}

void fw_contact_keys_make(struct fw_arena *arena, const struct fw_view_file *files, size_t n,
                          struct fw_contact_keys *ret)
{
    enum { CAP = 2 * FW_LIMIT_ALERTED };
    *ret = (struct fw_contact_keys){.below = UINT64_MAX};
    uint64_t *v = malloc(CAP * sizeof(*v));
    size_t count = 0;
    if (!v) {
        ret->below = 0; /* none was looked at, and that is said */
        return;
    }
    for (size_t f = 0; f < n; f++) {
        const struct fw_summary *summary = files[f].summary;
        for (size_t s = 0; s < summary->nsources; s++) {
            for (size_t p = 0; p < summary->sources[s].nparts; p++) {
                const struct fw_contact_list *list = &summary->sources[s].parts[p].alerted;
                for (size_t i = 0; i < list->n; i++) {
                    if (count == CAP) {
                        settle(v, &count, &ret->below);
                    }
                    if (list->v[i].key < ret->below) {
                        v[count++] = list->v[i].key;
                    }
                }
            }
        }
    }
    settle(v, &count, &ret->below);
    for (size_t i = 0; i < count; i++) {
        fw_keyset_add(&ret->set, arena, v[i], (uint32_t)i);
    }
    free(v);
}

void fw_contacts_add(struct fw_arena *arena, const struct fw_contact_keys *keys,
                     const struct fw_contact_list *list, const struct fw_resolution *res,
                     struct fw_contacts_making *to)
{
    for (size_t i = 0; i < list->n; i++) {
        size_t probe = 0;
        uint32_t row;
        if (!fw_keyset_next(&keys->set, list->v[i].key, &probe, &row)) {
            continue;
        }
        to->v = fw_arena_push(arena, to->v, to->n, sizeof(*to->v));
        struct fw_contact *contact = &to->v[to->n++];
        *contact = list->v[i];
        contact->first = fw_resolve_time(res, contact->first);
        contact->last = fw_resolve_time(res, contact->last);
    }
}

static int by_key(const void *left, const void *right)
{
    const struct fw_contact *a = left;
    const struct fw_contact *b = right;
    if (a->key != b->key) {
        return a->key < b->key ? -1 : 1;
    }
    if (a->first != b->first) {
        return a->first < b->first ? -1 : 1;
    }
    if (a->sid != b->sid) {
        return a->sid < b->sid ? -1 : 1;
    }
    if (a->outcome != b->outcome) {
        return a->outcome < b->outcome ? -1 : 1;
    }
    return (a->last > b->last) - (a->last < b->last);
}

void fw_contacts_sort(struct fw_contacts_making *making)
{
    if (making->n > 0) {
        qsort(making->v, making->n, sizeof(*making->v), by_key);
    }
}

void fw_sensor_days_add(struct fw_arena *arena, const struct fw_summary_part *part,
                        const struct fw_resolution *res, int32_t zone_seconds,
                        struct fw_sensor_days *to)
{
    for (size_t i = 0; i < part->nsensor; i++) {
        to->v = fw_arena_push(arena, to->v, to->n, sizeof(*to->v));
        struct fw_sensor_day *day = &to->v[to->n++];
        *day = part->sensor[i];
        day->first = fw_resolve_time(res, day->first);
        day->day = fw_axis_day(day->first + zone_seconds * FW_NS_PER_SEC);
    }
}

static int by_day(const void *left, const void *right)
{
    const struct fw_sensor_day *a = left;
    const struct fw_sensor_day *b = right;
    return (a->day > b->day) - (a->day < b->day);
}

void fw_sensor_days_merge(struct fw_sensor_days *days)
{
    size_t kept = 0;
    if (days->n > 0) {
        qsort(days->v, days->n, sizeof(*days->v), by_day);
    }
    for (size_t i = 0; i < days->n; i++) {
        const struct fw_sensor_day *day = &days->v[i];
        struct fw_sensor_day *into = kept > 0 ? &days->v[kept - 1] : NULL;
        if (into && into->day == day->day) {
            into->first = day->first < into->first ? day->first : into->first;
            into->samples += day->samples;
            into->captured += day->captured;
            into->dropped += day->dropped;
        } else {
            days->v[kept++] = *day;
        }
    }
    days->n = kept;
}
