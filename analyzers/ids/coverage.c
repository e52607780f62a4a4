/*
 * IDS-001: does every zone that shall be watched have a sensor that takes the zone's networks for
 * its own, and was no sensor silent for a day?
 */
#include "analyzers/ids/about.h"

static const struct fw_ids_variable *home_of(const struct fw_sensor *sensor)
{
    const struct fw_ids_variable *home = NULL;
    for (size_t i = 0; i < sensor->device->nids; i++) {
        const struct fw_ids_variable *one = fw_idsconf_variable(&sensor->device->ids[i]->conf,
                                                                FW_SV("HOME_NET"));
        home = one ? one : home;
    }
    return home;
}

static bool watches(const struct fw_sensor *sensor, fw_sv zone)
{
    const struct fw_device_facts *device = sensor->device;
    size_t n = device->declared ? device->declared->nwatches : device->nwatches;
    const fw_sv *v = device->declared ? device->declared->watches : device->watches;
    for (size_t i = 0; i < n; i++) {
        if (fw_sv_eq(v[i], zone)) {
            return true;
        }
    }
    return false;
}

static const struct fw_zone *zones_of(const struct fw_facts *facts, size_t *ret_n)
{
    *ret_n = facts->site ? facts->site->nzones : facts->nzones;
    return facts->site ? facts->site->zones : facts->zones;
}

static fw_sv join(struct fw_results *results, fw_sv list, fw_sv name)
{
    return list.n == 0
               ? name
               : fw_arena_printf(results->arena, "%.*s, %.*s", FW_SV_ARG(list), FW_SV_ARG(name));
}

/* The zones that shall be watched and that no sensor watches: a finding about all sensors. */
static uint64_t judge_zones(const struct fw_facts *facts, struct fw_results *results,
                            bool *ret_failed)
{
    const struct fw_ids_view *view = facts->sensors;
    uint64_t total = 0;
    uint64_t unwatched = 0;
    fw_sv zones = FW_SV("");
    fw_sv sensors = FW_SV("");
    for (size_t i = 0; i < view->n; i++) {
        sensors = join(results, sensors, view->v[i].device->name);
    }
    size_t nzones;
    const struct fw_zone *all = zones_of(facts, &nzones);
    for (size_t z = 0; z < nzones; z++) {
        const struct fw_zone *zone = &all[z];
        bool seen = false;
        for (size_t i = 0; i < view->n; i++) {
            seen = seen || watches(&view->v[i], zone->name);
        }
        total += zone->watched;
        if (zone->watched && !seen) {
            zones = join(results, zones, zone->name);
            unwatched++;
        }
    }
    *ret_failed = unwatched > 0;
    if (unwatched > 0) {
        bool one = view->n == 1;
        struct fw_result *result = fw_results_add(results, "IDS-001", FW_RESULT_FAIL,
                                                  one ? view->v[0].device->name : FW_SV(""),
                                                  one ? "fail" : "fail.site", FW_SV("zones"));
        fw_result_param(results, result, "value", sensors);
        fw_sensor_count(results, result, unwatched, total);
        fw_result_param(results, result, "list", zones);
    }
    return total;
}

static bool holds(const struct fw_ipset *all, const struct fw_ipset *part, struct fw_arena *arena)
{
    return fw_ipset_eq(fw_ipset_intersect(arena, all, part), part);
}

/* Zones by how HOME_NET agrees with their networks. */
struct compared {
    uint64_t total;  /* with networks */
    uint64_t differ; /* of them */
    uint64_t own;    /* that the sensor watches and that are the agency's, with networks */
    uint64_t bare;   /* likewise, without: nothing can be compared with them */
    fw_sv zones, bare_zones;
};

static void compare_home(const struct fw_facts *facts, struct fw_results *results,
                         const struct fw_sensor *sensor, const struct fw_ids_variable *home,
                         struct compared *ret)
{
    size_t nzones;
    const struct fw_zone *all = zones_of(facts, &nzones);
    for (size_t z = 0; z < nzones; z++) {
        const struct fw_zone *zone = &all[z];
        bool ours = zone->trust != FW_TRUST_UNTRUSTED;
        bool watched = ours && watches(sensor, zone->name);
        if (zone->networks->n == 0) {
            if (watched) {
                ret->bare_zones = join(results, ret->bare_zones, zone->name);
                ret->bare++;
            }
            continue;
        }
        bool lacks = watched && !home->any && !holds(home->set, zone->networks, results->arena);
        bool exceeds = !ours &&
                       (home->any ||
                        fw_ipset_intersect(results->arena, home->set, zone->networks)->n > 0);
        ret->total++;
        ret->own += watched;
        if (lacks || exceeds) {
            ret->zones = join(results, ret->zones, zone->name);
            ret->differ++;
        }
    }
}

/* HOME_NET and the networks of the zones that the sensor watches. Whether they agree. */
static bool judge_home(const struct fw_facts *facts, struct fw_results *results,
                       const struct fw_sensor *sensor)
{
    const struct fw_ids_variable *home = home_of(sensor);
    if (!home || !(home->any || home->known)) {
        struct fw_result *result = fw_sensor_result(results, "IDS-001", FW_RESULT_OPEN, sensor,
                                                    "open.no_home_net", "HOME_NET");
        fw_result_param(results, result, "value", home ? home->value : FW_SV("-"));
        return false;
    }
    struct compared c = {.zones = FW_SV(""), .bare_zones = FW_SV("")};
    compare_home(facts, results, sensor, home, &c);
    if (c.differ > 0 || (home->any && c.total > 0)) {
        struct fw_result *result = fw_sensor_result(results, "IDS-001", FW_RESULT_FAIL, sensor,
                                                    home->any ? "fail.home_any" : "fail.home_net",
                                                    "HOME_NET");
        fw_result_param(results, result, "value", home->value); /* before the count's own */
        fw_sensor_count(results, result, c.differ, c.total);
        fw_result_param(results, result, "list", c.zones);
        return false;
    }
    if (c.bare > 0 || c.own == 0) {
        struct fw_result *result = fw_sensor_result(results, "IDS-001", FW_RESULT_OPEN, sensor,
                                                    "open.no_networks", "HOME_NET");
        fw_result_param(results, result, "value", home->value);
        fw_result_param(results, result, "list", c.bare_zones.n > 0 ? c.bare_zones : FW_SV("-"));
        fw_result_param_u64(results, result, "n", c.bare);
        fw_result_param_u64(results, result, "total", c.bare + c.own);
        return false;
    }
    return true;
}

static bool judge_days(struct fw_results *results, const struct fw_sensor *sensor)
{
    const struct fw_alive *alive = &sensor->alive;
    if (!sensor->has_days || alive->days == 0) {
        struct fw_result *result = fw_sensor_result(results, "IDS-001", FW_RESULT_OPEN, sensor,
                                                    "open.no_logs", "days");
        fw_result_param(results, result, "source", sensor->device->name);
        return false;
    }
    if (fw_alive_open(results, "IDS-001", sensor->device->name, alive)) {
        return false;
    }
    if (alive->silent == 0) {
        return true;
    }
    struct fw_result *result = fw_sensor_result(results, "IDS-001", FW_RESULT_FAIL, sensor,
                                                "fail.silent", "days");
    fw_sensor_count(results, result, alive->silent, alive->days);
    fw_sensor_param_day(results, result, "first", alive->first_silent);
    return false;
}

static void run(const struct fw_facts *facts, struct fw_results *results)
{
    size_t index = 0;
    const struct fw_sensor *sensor;
    uint64_t total = 0;
    bool failed = false;
    bool zoned = facts->site || facts->nzones > 0;
    if (zoned && facts->sensors && facts->sensors->n > 0) {
        total = judge_zones(facts, results, &failed);
    }
    while ((sensor = fw_sensor_next(facts, results, "IDS-001", &index))) {
        if (!fw_sensor_dated(facts, results, "IDS-001", sensor)) {
            continue;
        }
        bool awake = judge_days(results, sensor);
        if (!zoned) {
            if (awake) { /* bare files name no zones */
                fw_sensor_result(results, "IDS-001", FW_RESULT_OPEN, sensor, "open.no_zones",
                                 "zones");
            }
            continue;
        }
        if (total == 0) {
            struct fw_result *result = fw_sensor_result(results, "IDS-001", FW_RESULT_OPEN, sensor,
                                                        "open.no_list", "zones");
            fw_result_param(results, result, "list",
                            facts->site ? FW_SV("zones[].watched") : FW_SV("watched"));
        }
        bool home = judge_home(facts, results, sensor);
        if (awake && home && !failed && total > 0) {
            struct fw_result *result = fw_sensor_result(results, "IDS-001", FW_RESULT_PASS, sensor,
                                                        "pass", "zones");
            int64_t from = sensor->from_day > sensor->first_day ? sensor->from_day
                                                                : sensor->first_day;
            fw_sv all = fw_arena_printf(results->arena, "%llu", (unsigned long long)total);
            fw_result_measured(result, all, all);
            fw_result_param(results, result, "value", all);
            fw_result_param(results, result, "target", all);
            fw_result_param(results, result, "total", all);
            fw_sensor_param_day(results, result, "from", from);
            fw_sensor_param_day(results, result, "to", sensor->to_day);
        }
    }
}

const struct fw_analyzer fw_analyzer_coverage = {
    .check = "IDS-001",
    .ids = true,
    .run = run,
};
