/* How often did each signature raise an alert? */
#include "report/alerts.h"

#include <stdlib.h>

#include "analyzers/logs/source_view.h"

static int by_signature(const void *left, const void *right)
{
    const struct fw_alert_sum *a = left;
    const struct fw_alert_sum *b = right;
    if (a->gid != b->gid) {
        return a->gid < b->gid ? -1 : 1;
    }
    return a->sid < b->sid ? -1 : a->sid > b->sid;
}

static int by_count(const void *left, const void *right)
{
    const struct fw_alert_sum *a = left;
    const struct fw_alert_sum *b = right;
    if (a->count != b->count) {
        return a->count > b->count ? -1 : 1;
    }
    return by_signature(left, right);
}

static void add(struct fw_alert_sum *to, const struct fw_alert_sum *one)
{
    to->count += one->count;
    to->days += one->days;
    to->first = one->first < to->first ? one->first : to->first;
    to->last = one->last > to->last ? one->last : to->last;
    if (one->priority != 0 && (to->priority == 0 || one->priority < to->priority)) {
        to->priority = one->priority;
    }
}

void fw_alerts_sum(struct fw_arena *arena, const struct fw_facts *facts, struct fw_alerts *ret)
{
    size_t n = 0;
    for (size_t i = 0; i < facts->nsources; i++) {
        n += facts->sources[i].nalerts;
    }
    struct fw_alert_sum *v = fw_new_array(arena, n + 1, struct fw_alert_sum);
    *ret = (struct fw_alerts){.v = v};
    n = 0;
    for (size_t i = 0; i < facts->nsources; i++) {
        for (size_t k = 0; k < facts->sources[i].nalerts; k++) {
            const struct fw_alert_day *day = &facts->sources[i].alerts[k];
            v[n++] = (struct fw_alert_sum){day->gid,   day->sid, day->priority, day->message,
                                           day->count, 1,        day->first,    day->last};
            ret->total += day->count;
        }
    }
    if (n > 0) {
        qsort(v, n, sizeof(*v), by_signature);
    }
    for (size_t i = 0; i < n; i++) {
        if (ret->n > 0 && by_signature(&v[ret->n - 1], &v[i]) == 0) {
            add(&v[ret->n - 1], &v[i]);
        } else {
            v[ret->n++] = v[i];
        }
    }
    if (ret->n > 0) {
        qsort(v, ret->n, sizeof(*v), by_count);
    }
}
