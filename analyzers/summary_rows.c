/* Which rows an event adds to: hits of a rule, alerts of a signature, acts of an administrator. */
#include "analyzers/summary_impl.h"

#include <stdlib.h>

#include "core/limits.h"

fw_sv fw_making_text(struct fw_making *making, fw_sv text, size_t limit)
{
    if (text.n == 0) {
        return FW_SV("");
    }
    return fw_arena_copy(&making->arena, fw_sv_sub(text, 0, limit));
}

static void stretch(int64_t *first, int64_t *last, int64_t time)
{
    if (time < *first) {
        *first = time;
    }
    if (time > *last) {
        *last = time;
    }
}

static bool same_tag(const struct fw_usage *row, fw_sv name, fw_sv id)
{
    return fw_sv_eq(row->name, name) && fw_sv_eq(row->id, id);
}

static struct fw_usage *usage_row(struct fw_making *making, struct fw_part_making *p, fw_sv name,
                                  fw_sv id)
{
    if (p->nusage > 0 && same_tag(&p->usage[p->last_usage], name, id)) {
        return &p->usage[p->last_usage];
    }
    uint64_t hash = fw_sv_hash(name) * 31 + fw_sv_hash(id);
    uint32_t row;
    for (size_t probe = 0; fw_keyset_next(&p->usage_keys, hash, &probe, &row);) {
        if (same_tag(&p->usage[row], name, id)) {
            p->last_usage = row;
            return &p->usage[row];
        }
    }
    if (making->usage == FW_LIMIT_SUMMARY_RULES) {
        return NULL;
    }
    making->usage++;
    p->usage = fw_arena_push(&making->arena, p->usage, p->nusage, sizeof(p->usage[0]));
    fw_keyset_add(&p->usage_keys, &making->arena, hash, (uint32_t)p->nusage);
    p->last_usage = p->nusage;
    struct fw_usage *usage = &p->usage[p->nusage++];
    *usage = (struct fw_usage){.name = fw_making_text(making, name, FW_SUMMARY_NAME),
                               .id = fw_making_text(making, id, FW_SUMMARY_NAME),
                               .first = INT64_MAX,
                               .last = INT64_MIN};
    return usage;
}

static void count_usage(struct fw_making *making, struct fw_part_making *p, int64_t time,
                        const struct fw_event *ev)
{
    fw_sv name = fw_event_has(ev, FW_EV_rule_name) ? ev->rule_name : FW_SV("");
    fw_sv id = fw_event_has(ev, FW_EV_rule_id) ? ev->rule_id : FW_SV("");
    if (name.n == 0 && id.n == 0) {
        return;
    }
    struct fw_usage *row = usage_row(making, p, fw_sv_sub(name, 0, FW_SUMMARY_NAME),
                                     fw_sv_sub(id, 0, FW_SUMMARY_NAME));
    if (!row) {
        p->part.usage_lost++;
        return;
    }
    row->count += ev->hits > 0 ? ev->hits : 1;
    stretch(&row->first, &row->last, time);
}

static uint64_t alert_hash(uint32_t gid, uint32_t sid, int64_t day)
{
    uint64_t key[3] = {gid, sid, (uint64_t)day};
    return fw_sv_hash(fw_sv_of((const char *)key, sizeof(key)));
}

static int most_first(const void *a, const void *b)
{
    const struct fw_alert_day *x = a;
    const struct fw_alert_day *y = b;
    if (x->count != y->count) {
        return x->count > y->count ? -1 : 1;
    }
    return fw_alert_day_cmp(a, b);
}

/* Half of the rows make room: those with the fewest alerts, which are then counted together. A
 * signature that makes noise stays, whatever came before it. */
static void prune_alerts(struct fw_making *making, struct fw_part_making *p)
{
    size_t kept = p->nalerts / 2;
    qsort(p->alerts, p->nalerts, sizeof(p->alerts[0]), most_first);
    for (size_t i = kept; i < p->nalerts; i++) {
        p->part.alerts_lost += p->alerts[i].count;
    }
    making->alerts -= p->nalerts - kept;
    p->nalerts = kept;
    /* The table keeps its size: it had room for twice as many. */
    for (size_t i = 0; i < p->alert_keys.nslots; i++) {
        p->alert_keys.slots[i] = (struct fw_keyset_slot){0};
    }
    p->alert_keys.n = 0;
    for (size_t i = 0; i < kept; i++) {
        const struct fw_alert_day *a = &p->alerts[i];
        fw_keyset_add(&p->alert_keys, &making->arena, alert_hash(a->gid, a->sid, a->day),
                      (uint32_t)i);
    }
}

static struct fw_alert_day *alert_row(struct fw_making *making, struct fw_part_making *p,
                                      int64_t day, const struct fw_event *ev)
{
    uint64_t hash = alert_hash(ev->alert_gid, ev->alert_sid, day);
    uint32_t row;
    for (size_t probe = 0; fw_keyset_next(&p->alert_keys, hash, &probe, &row);) {
        struct fw_alert_day *alert = &p->alerts[row];
        if (alert->gid == ev->alert_gid && alert->sid == ev->alert_sid && alert->day == day) {
            return alert;
        }
    }
    if (p->nalerts > 0 && making->alerts >= FW_LIMIT_SUMMARY_ALERTS) {
        prune_alerts(making, p);
    }
    if (making->alerts >= FW_LIMIT_SUMMARY_ALERTS) {
        return NULL;
    }
    making->alerts++;
    p->alerts = fw_arena_push(&making->arena, p->alerts, p->nalerts, sizeof(p->alerts[0]));
    fw_keyset_add(&p->alert_keys, &making->arena, hash, (uint32_t)p->nalerts);
    struct fw_alert_day *alert = &p->alerts[p->nalerts++];
    fw_sv message = fw_event_has(ev, FW_EV_rule_name) ? ev->rule_name : FW_SV("");
    *alert = (struct fw_alert_day){.gid = ev->alert_gid,
                                   .sid = ev->alert_sid,
                                   .day = day,
                                   .message = fw_making_text(making, message, FW_SUMMARY_NAME),
                                   .first = INT64_MAX,
                                   .last = INT64_MIN};
    return alert;
}

static void count_alert(struct fw_making *making, struct fw_part_making *p, int64_t time,
                        const struct fw_event *ev)
{
    struct fw_alert_day *row = alert_row(making, p, fw_axis_day(time), ev);
    if (!row) {
        p->part.alerts_lost++;
        return;
    }
    row->count++;
    stretch(&row->first, &row->last, time);
    uint64_t priority = fw_event_has(ev, FW_EV_severity) ? ev->severity : 0;
    if (priority > 0 && priority <= 255 && (row->priority == 0 || priority < row->priority)) {
        row->priority = (uint32_t)priority;
    }
}

static void keep_admin(struct fw_making *making, struct fw_part_making *p, int64_t time,
                       const struct fw_logline *line)
{
    const struct fw_event *ev = &line->event;
    if (p->nadmin == FW_LIMIT_SUMMARY_ADMIN) {
        p->part.admin_lost++;
        return;
    }
    p->admin = fw_arena_push(&making->arena, p->admin, p->nadmin, sizeof(p->admin[0]));
    fw_sv none = FW_SV("");
    p->admin[p->nadmin++] = (struct fw_admin_event){
        .time = time,
        .user = fw_making_text(making, fw_event_has(ev, FW_EV_user) ? ev->user : none,
                               FW_SUMMARY_NAME),
        .code = fw_making_text(making, fw_event_has(ev, FW_EV_code) ? ev->code : none,
                               FW_SUMMARY_NAME),
        .action = fw_making_text(making, fw_event_has(ev, FW_EV_action) ? ev->action : none,
                                 FW_SUMMARY_NAME),
        .text = fw_making_text(making, fw_event_has(ev, FW_EV_message) ? ev->message : none,
                               FW_SUMMARY_TEXT),
        .succeeded = fw_event_has(ev, FW_EV_outcome) && fw_sv_is(ev->outcome, "success"),
        .line = line->number};
}

static struct fw_sensor_day *sensor_row(struct fw_making *making, struct fw_part_making *p,
                                        int64_t day)
{
    uint64_t hash = alert_hash(0, 0, day);
    uint32_t at;
    for (size_t probe = 0; fw_keyset_next(&p->sensor_keys, hash, &probe, &at);) {
        if (p->sensor[at].day == day) {
            return &p->sensor[at];
        }
    }
    if (making->sensor == FW_LIMIT_SUMMARY_SENSOR) {
        return NULL;
    }
    making->sensor++;
    fw_keyset_add(&p->sensor_keys, &making->arena, hash, (uint32_t)p->nsensor);
    p->sensor = fw_arena_push(&making->arena, p->sensor, p->nsensor, sizeof(p->sensor[0]));
    struct fw_sensor_day *row = &p->sensor[p->nsensor++];
    *row = (struct fw_sensor_day){.day = day, .first = INT64_MAX};
    return row;
}

/* Counters run since the sensor started: what counts is how far they went between two samples. One
 * that is smaller than before started anew, and counts from zero. */
static uint64_t step(uint64_t now, uint64_t before)
{
    return now >= before ? now - before : now;
}

static void count_sensor(struct fw_making *making, struct fw_part_making *p, int64_t time,
                         const struct fw_event *ev)
{
    uint64_t captured = ev->captured;
    uint64_t dropped = fw_event_has(ev, FW_EV_dropped) ? ev->dropped : 0;
    struct fw_sensor_day *row = sensor_row(making, p, fw_axis_day(time));
    if (!row) {
        p->part.sensor_lost++;
        return;
    }
    row->samples++;
    row->first = time < row->first ? time : row->first;
    if (ev->interval) {
        row->captured += captured;
        row->dropped += dropped;
        return;
    }
    if (p->has_counters) {
        bool anew = captured < p->captured;
        row->captured += step(captured, p->captured);
        row->dropped += anew ? dropped : step(dropped, p->dropped);
    }
    p->has_counters = true;
    p->captured = captured;
    p->dropped = dropped;
}

void fw_part_rows(struct fw_making *making, struct fw_part_making *p, int64_t time,
                  const struct fw_logline *line)
{
    const struct fw_event *ev = &line->event;
    if (line->verdict != FW_LINE_USED) {
        return;
    }
    if (ev->alert_sid != 0) {
        count_alert(making, p, time, ev);
    } else if (ev->traffic) {
        count_usage(making, p, time, ev);
    }
    if (ev->alert_sid != 0 || ev->traffic) {
        fw_part_contact(making, p, time, ev);
    }
    if (fw_event_has(ev, FW_EV_captured)) {
        count_sensor(making, p, time, ev);
    }
    if (ev->admin) {
        keep_admin(making, p, time, line);
    }
}

int fw_usage_cmp(const void *a, const void *b)
{
    const struct fw_usage *x = a;
    const struct fw_usage *y = b;
    int order = fw_sv_cmp(x->name, y->name);
    return order != 0 ? order : fw_sv_cmp(x->id, y->id);
}

int fw_alert_day_cmp(const void *a, const void *b)
{
    const struct fw_alert_day *x = a;
    const struct fw_alert_day *y = b;
    if (x->gid != y->gid) {
        return x->gid < y->gid ? -1 : 1;
    }
    if (x->sid != y->sid) {
        return x->sid < y->sid ? -1 : 1;
    }
    return (x->day > y->day) - (x->day < y->day);
}

static int by_day(const void *a, const void *b)
{
    const struct fw_sensor_day *x = a;
    const struct fw_sensor_day *y = b;
    return (x->day > y->day) - (x->day < y->day);
}

void fw_part_sort_rows(struct fw_part_making *p)
{
    if (p->nusage > 0) {
        qsort(p->usage, p->nusage, sizeof(p->usage[0]), fw_usage_cmp);
    }
    if (p->nalerts > 0) {
        qsort(p->alerts, p->nalerts, sizeof(p->alerts[0]), fw_alert_day_cmp);
    }
    p->part.nusage = p->nusage;
    p->part.usage = p->usage;
    p->part.nalerts = p->nalerts;
    p->part.alerts = p->alerts;
    p->part.nadmin = p->nadmin;
    p->part.admin = p->admin;
    if (p->nsensor > 0) {
        qsort(p->sensor, p->nsensor, sizeof(p->sensor[0]), by_day);
    }
    p->part.nsensor = p->nsensor;
    p->part.sensor = p->sensor;
}
