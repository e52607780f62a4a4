/* Which logs belong to a sensor, which days do they show, and what happened on them? */
#include "analyzers/ids/view_impl.h"

#include <stdlib.h>

#include "analyzers/ids/about.h"
#include "analyzers/logs/source_view.h"
#include "core/search.h"
#include "core/time.h"

static bool is_sensor(const struct fw_device_facts *device)
{
    return device->declared ? device->declared->kind == FW_DEVICE_IDS : true;
}

/* On bare files everything that was named is one sensor's; of a site, its declared logs. */
static bool is_its(const struct fw_facts *facts, const struct fw_device_facts *device,
                   const struct fw_source_view *source)
{
    if (!facts->site) {
        return source->nalerts > 0 || source->nsensor > 0 || source->traffic == 0;
    }
    const struct fw_site_device *declared = device->declared;
    return fw_sv_eq(source->device, device->name) ||
           (source->device.n == 0 &&
            (fw_sv_eq(source->name, device->name) ||
             (declared->host.n > 0 && fw_sv_eq(source->name, declared->host))));
}

static void add_sources(struct fw_sensor_making *making)
{
    const struct fw_facts *facts = making->facts;
    struct fw_sensor *sensor = making->sensor;
    const struct fw_source_view **v = fw_new_array(making->arena, facts->nsources + 1,
                                                   const struct fw_source_view *);
    for (size_t i = 0; i < facts->nsources; i++) {
        const struct fw_source_view *source = &facts->sources[i];
        if (!is_its(facts, sensor->device, source)) {
            continue;
        }
        v[sensor->nsources++] = source;
        sensor->alerts_lost += source->alerts_lost;
        if (source->has_time) {
            int64_t last = source->first_day + (int64_t)source->ndays - 1;
            if (!sensor->has_days || source->first_day < sensor->first_day) {
                sensor->first_day = source->first_day;
            }
            if (!sensor->has_days || last > sensor->last_day) {
                sensor->last_day = last;
            }
            sensor->has_days = true;
        }
    }
    sensor->sources = v;
    sensor->has_days = sensor->has_days && facts->has_as_of;
}

/* The site's period up to the date counted from; without one, the months between two reviews. */
static void find_period(struct fw_sensor_making *making)
{
    const struct fw_facts *facts = making->facts;
    struct fw_sensor *sensor = making->sensor;
    if (!facts->has_as_of) {
        return;
    }
    int64_t as_of = fw_day_of(facts->as_of_ns, facts->zone_seconds);
    const struct fw_site *site = facts->site;
    sensor->to_day = as_of;
    if (site && site->from_ns != INT64_MIN) {
        int64_t to = fw_day_of(site->to_ns, facts->zone_seconds);
        sensor->from_day = fw_day_of(site->from_ns, facts->zone_seconds);
        sensor->to_day = to < as_of ? to : as_of;
        sensor->before_day = 2 * sensor->from_day - to - 1;
        return;
    }
    int months = fw_sensor_review_months(facts);
    struct fw_date date = fw_date_from_days(as_of);
    struct fw_date from = fw_date_add_months(date, -months);
    struct fw_date before = fw_date_add_months(date, -2 * months);
    sensor->from_day = fw_date_days(from) + 1;
    sensor->before_day = fw_date_days(before) + 1;
}

/* A day before the logs begin is retention, not silence. */
static void count_days(struct fw_sensor_making *making)
{
    struct fw_sensor *sensor = making->sensor;
    if (!sensor->has_days) {
        return;
    }
    int64_t from = sensor->first_day > sensor->from_day ? sensor->first_day : sensor->from_day;
    fw_alive_count(sensor->sources, sensor->nsources, sensor->device->declared, from,
                   sensor->to_day, &sensor->alive);
    for (size_t i = 0; i < sensor->nsources; i++) {
        const struct fw_source_view *source = sensor->sources[i];
        for (size_t k = 0; k < source->nsensor; k++) {
            const struct fw_sensor_day *day = &source->sensor[k];
            if (day->day >= sensor->from_day && day->day <= sensor->to_day) {
                sensor->captured += day->captured;
                sensor->dropped += day->dropped;
                sensor->has_counters = sensor->has_counters || day->captured > 0 ||
                                       day->dropped > 0;
            }
        }
    }
}

/* The first row that is not before (gid, sid, day). */
static size_t first_row(const struct fw_source_view *source, uint32_t gid, uint32_t sid)
{
    const struct fw_alert_day *rows = source->alerts;
    size_t at;
    FW_SEARCH(at, source->nalerts,
              rows[at].gid < gid || (rows[at].gid == gid && rows[at].sid < sid));
    return at;
}

uint64_t fw_sensor_alerts(const struct fw_sensor *sensor, uint32_t gid, uint32_t sid,
                          uint32_t sid_last, int64_t from_day, int64_t to_day)
{
    uint64_t count = 0;
    for (size_t i = 0; i < sensor->nsources; i++) {
        const struct fw_source_view *source = sensor->sources[i];
        for (size_t k = first_row(source, gid, sid); k < source->nalerts; k++) {
            const struct fw_alert_day *row = &source->alerts[k];
            if (gid != 0 && (row->gid != gid || (sid_last != 0 && row->sid > sid_last))) {
                break;
            }
            count += row->day >= from_day && row->day <= to_day ? row->count : 0;
        }
    }
    return count;
}

size_t fw_sensor_signature_from(const struct fw_sensor *sensor, uint32_t gid, uint32_t sid)
{
    const struct fw_ids_signature *s = sensor->signatures;
    size_t at;
    FW_SEARCH(at, sensor->nsignatures, s[at].gid < gid || (s[at].gid == gid && s[at].sid < sid));
    return at;
}

const struct fw_ids_signature *fw_sensor_signature(const struct fw_sensor *sensor, uint32_t gid,
                                                   uint32_t sid)
{
    size_t at = fw_sensor_signature_from(sensor, gid, sid);
    const struct fw_ids_signature *s = &sensor->signatures[at];
    return at < sensor->nsignatures && s->gid == gid && s->sid == sid ? s : NULL;
}

/* Whether the newest feed was made in this period, or after it began. */
static void find_feed(const struct fw_facts *facts, struct fw_ids_view *view)
{
    view->feed_ns = INT64_MIN;
    for (size_t i = 0; i < facts->nadvisories; i++) {
        int64_t time = facts->advisories[i].time_ns;
        view->feed_ns = time > view->feed_ns ? time : view->feed_ns;
    }
    if (view->feed_ns == INT64_MIN || view->n == 0 || !facts->has_as_of) {
        return;
    }
    view->feed_current = fw_day_of(view->feed_ns, facts->zone_seconds) >= view->v[0].from_day;
}

struct fw_ids_view *fw_ids_view_make(struct fw_arena *arena, const struct fw_facts *facts)
{
    struct fw_ids_view *view = fw_new(arena, struct fw_ids_view);
    fw_sv before = fw_ledger_before(facts);
    view->v = fw_new_array(arena, facts->ndevices + 1, struct fw_sensor);
    for (size_t i = 0; i < facts->ndevices; i++) {
        if (!is_sensor(&facts->devices[i])) {
            continue;
        }
        struct fw_sensor *sensor = &view->v[view->n++];
        struct fw_sensor_making making = {.arena = arena, .facts = facts, .sensor = sensor};
        sensor->device = &facts->devices[i];
        add_sources(&making);
        find_period(&making);
        count_days(&making);
        fw_sensor_add_signatures(&making);
        fw_sensor_add_ledger(&making);
        fw_sensor_count_signatures(&making);
        view->has_ledger_before = fw_ledger_compare(&making, before) || view->has_ledger_before;
        fw_sensor_add_engine(&making);
        fw_sensor_add_updates(&making);
        fw_sensor_add_attacks(&making);
    }
    find_feed(facts, view);
    return view;
}
