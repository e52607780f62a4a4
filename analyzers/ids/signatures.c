/* How often did each signature of a sensor raise an alert, and how urgent is it? */
#include "analyzers/ids/view_impl.h"

#include <stdlib.h>

#include "analyzers/logs/source_view.h"

/* The classes of the classification lists that rule sets come with; a sensor's own list wins. */
static const struct {
    const char *name;
    uint32_t priority;
} usual[] = {
    {"attempted-admin", 1},
    {"attempted-dos", 2},
    {"attempted-recon", 2},
    {"attempted-user", 1},
    {"bad-unknown", 2},
    {"client-side-exploit", 1},
    {"coin-mining", 2},
    {"command-and-control", 1},
    {"credential-theft", 1},
    {"default-login-attempt", 2},
    {"denial-of-service", 2},
    {"domain-c2", 1},
    {"exploit-kit", 1},
    {"external-ip-check", 2},
    {"file-format", 1},
    {"icmp-event", 3},
    {"inappropriate-content", 1},
    {"malware-cnc", 1},
    {"misc-activity", 3},
    {"misc-attack", 2},
    {"network-scan", 3},
    {"non-standard-protocol", 2},
    {"not-suspicious", 3},
    {"policy-violation", 1},
    {"protocol-command-decode", 3},
    {"pup-activity", 2},
    {"rpc-portmap-decode", 2},
    {"sdf", 2},
    {"shellcode-detect", 1},
    {"social-engineering", 2},
    {"string-detect", 3},
    {"successful-admin", 1},
    {"successful-dos", 2},
    {"successful-recon-largescale", 2},
    {"successful-recon-limited", 2},
    {"successful-user", 1},
    {"suspicious-filename-detect", 2},
    {"suspicious-login", 2},
    {"system-call-detect", 2},
    {"targeted-activity", 1},
    {"tcp-connection", 4},
    {"trojan-activity", 1},
    {"unknown", 3},
    {"unsuccessful-user", 1},
    {"unusual-client-port-connection", 2},
    {"web-application-activity", 2},
    {"web-application-attack", 1},
};

static int by_number(const void *left, const void *right)
{
    const struct fw_ids_signature *a = left;
    const struct fw_ids_signature *b = right;
    if (a->gid != b->gid) {
        return a->gid < b->gid ? -1 : 1;
    }
    return (a->sid > b->sid) - (a->sid < b->sid);
}

static uint32_t class_priority(const struct fw_device_facts *device, fw_sv class)
{
    uint32_t priority = 0;
    if (class.n == 0) {
        return 0;
    }
    for (size_t i = 0; i < device->nids; i++) {
        const struct fw_idsconf *conf = &device->ids[i]->conf;
        for (size_t k = 0; k < conf->nclasses; k++) {
            if (fw_sv_eq_nocase(conf->classes[k].name, class)) {
                priority = conf->classes[k].priority;
            }
        }
    }
    for (size_t i = 0; priority == 0 && i < sizeof(usual) / sizeof(usual[0]); i++) {
        priority = fw_sv_is_nocase(class, usual[i].name) ? usual[i].priority : 0;
    }
    return priority;
}

/* Rules for the sensor's own use are numbered 1,000,000 to 1,999,999; what a publisher ships
 * disabled is its choice, what is disabled there is the agency's. */
static bool is_own(uint32_t sid)
{
    return sid >= 1000000 && sid < 2000000;
}

/* What such a rule does is no alert: it cannot have fired. */
static bool is_quiet(const struct fw_signature *rule)
{
    static const char *const actions[] = {"config", "dynamic", "log", "pass"};
    bool quiet = rule->noalert;
    quiet = quiet || FW_SV_AMONG_NOCASE(rule->action, actions);
    return quiet;
}

/* A rule without class and priority has the engine's lowest; one of a class of which no list is
 * there may have any. */
static struct fw_ids_signature of_rule(const struct fw_sensor_making *making,
                                       const struct fw_signature *rule, bool delivered)
{
    uint32_t priority = rule->priority != 0
                            ? rule->priority
                            : class_priority(making->sensor->device, rule->classtype);
    return (struct fw_ids_signature){
        .gid = rule->gid,
        .sid = rule->sid,
        .message = rule->msg,
        .priority = priority,
        .unranked = priority == 0 && rule->classtype.n > 0,
        .quiet = is_quiet(rule),
        .in_rules = true,
        .delivered = delivered,
        .unpacked = !delivered,
        .enabled = rule->enabled,
        .switched_off = !rule->enabled && is_own(rule->sid),
    };
}

static struct fw_ids_signature of_alert(const struct fw_sensor *sensor,
                                        const struct fw_alert_day *row)
{
    bool now = row->day >= sensor->from_day && row->day <= sensor->to_day;
    bool before = row->day >= sensor->before_day && row->day < sensor->from_day;
    return (struct fw_ids_signature){
        .gid = row->gid,
        .sid = row->sid,
        .message = row->message,
        .priority = row->priority,
        .unranked = row->priority == 0,
        .total = row->count,
        .now = now ? row->count : 0,
        .before = before ? row->count : 0,
        .days = 1,
        .first = row->first,
        .last = row->last,
    };
}

/* What an archive says of a rule that was unpacked (and perhaps changed) since is no longer so. */
static void merge_rules(struct fw_ids_signature *to, const struct fw_ids_signature *one)
{
    bool replaces = one->unpacked && !to->unpacked;
    bool stays = to->unpacked && !one->unpacked;
    to->delivered = to->delivered || one->delivered;
    to->unpacked = to->unpacked || one->unpacked;
    if (replaces) {
        to->enabled = one->enabled;
        to->quiet = one->quiet;
        to->switched_off = one->switched_off;
    } else if (!stays) { /* of two copies of a rule the sensor runs the enabled one */
        to->quiet = to->quiet && one->quiet;
        to->enabled = to->enabled || one->enabled;
        to->switched_off = to->switched_off && one->switched_off;
    }
}

/* What the sensor says in its alerts about a signature's priority is what counts. */
static void merge(struct fw_ids_signature *to, const struct fw_ids_signature *one)
{
    if (one->total > 0 && one->priority != 0) {
        bool first = to->total == 0 || to->priority == 0;
        to->priority = first || one->priority < to->priority ? one->priority : to->priority;
    } else if (to->priority == 0) {
        to->priority = one->priority;
    }
    if (one->total > 0 && (to->total == 0 || one->first < to->first)) {
        to->first = one->first;
    }
    if (one->total > 0 && (to->total == 0 || one->last > to->last)) {
        to->last = one->last;
    }
    to->message = to->message.n > 0 ? to->message : one->message;
    if (one->in_rules && to->in_rules) {
        merge_rules(to, one);
    } else if (one->in_rules) {
        to->in_rules = true;
        to->delivered = one->delivered;
        to->unpacked = one->unpacked;
        to->quiet = one->quiet;
        to->enabled = one->enabled;
        to->switched_off = one->switched_off;
    }
    to->unranked = to->unranked && one->unranked;
    to->total += one->total;
    to->now += one->now;
    to->before += one->before;
    to->days += one->days;
}

void fw_sensor_add_signatures(struct fw_sensor_making *making)
{
    struct fw_sensor *sensor = making->sensor;
    const struct fw_device_facts *device = sensor->device;
    size_t n = 0;
    for (size_t i = 0; i < device->nids; i++) {
        n += device->ids[i]->n;
    }
    for (size_t i = 0; i < sensor->nsources; i++) {
        n += sensor->sources[i]->nalerts;
    }
    struct fw_ids_signature *v = fw_new_array(making->arena, n + 1, struct fw_ids_signature);
    n = 0;
    for (size_t i = 0; i < device->nids; i++) {
        for (size_t k = 0; k < device->ids[i]->n; k++) {
            if (device->ids[i]->v[k].sid != 0) {
                v[n++] = of_rule(making, &device->ids[i]->v[k], device->ids[i]->delivered);
            }
        }
    }
    for (size_t i = 0; i < sensor->nsources; i++) {
        for (size_t k = 0; k < sensor->sources[i]->nalerts; k++) {
            v[n] = of_alert(sensor, &sensor->sources[i]->alerts[k]);
            sensor->alerts += v[n].now;
            sensor->alerts_before += v[n].before;
            sensor->alerts_total += v[n].total;
            n++;
        }
    }
    if (n > 0) {
        qsort(v, n, sizeof(*v), by_number);
    }
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        if (kept > 0 && by_number(&v[kept - 1], &v[i]) == 0) {
            merge(&v[kept - 1], &v[i]);
        } else {
            v[kept++] = v[i];
        }
    }
    making->signatures = v;
    sensor->signatures = v;
    sensor->nsignatures = kept;
}

void fw_sensor_count_signatures(struct fw_sensor_making *making)
{
    struct fw_sensor *sensor = making->sensor;
    for (size_t i = 0; i < sensor->nsignatures; i++) {
        const struct fw_ids_signature *s = &sensor->signatures[i];
        bool on = s->in_rules && s->enabled && !s->quiet && !s->silenced;
        sensor->enabled += on;
        sensor->never_fired += on && s->total == 0;
    }
}

static int loudest_first(const void *left, const void *right)
{
    const struct fw_ids_signature *a = *(const struct fw_ids_signature *const *)left;
    const struct fw_ids_signature *b = *(const struct fw_ids_signature *const *)right;
    if (a->now != b->now) {
        return a->now > b->now ? -1 : 1;
    }
    return by_number(a, b);
}

size_t fw_sensor_noisiest(struct fw_arena *arena, const struct fw_sensor *sensor, size_t n,
                          const struct fw_ids_signature *const **ret)
{
    const struct fw_ids_signature **v = fw_new_array(arena, sensor->nsignatures + 1,
                                                     const struct fw_ids_signature *);
    size_t heard = 0;
    for (size_t i = 0; i < sensor->nsignatures; i++) {
        if (sensor->signatures[i].now > 0) {
            v[heard++] = &sensor->signatures[i];
        }
    }
    if (heard > 0) {
        qsort(v, heard, sizeof(*v), loudest_first);
    }
    *ret = v;
    return heard < n ? heard : n;
}
