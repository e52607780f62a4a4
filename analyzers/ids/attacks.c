/*
 * Was the attack let through? An alert's connection is looked for in the logs of firewalls, by
 * protocol, addresses and ports in either direction, at most five minutes apart. What is not found
 * there may have passed a firewall that logs nothing, so it is counted apart.
 */
#include "analyzers/ids/view_impl.h"

#include <stdlib.h>
#include <string.h>

#include "analyzers/logs/source_view.h"
#include "core/search.h"

/* Clocks of two devices differ, and a session is logged when it ends. */
#define WINDOW_NS (300 * FW_NS_PER_SEC)

enum verdict { ALLOWED, DENIED, UNSEEN, UNSAMPLED };

struct joining {
    const struct fw_sensor_making *making;
    struct fw_ids_attack *v; /* by gid, sid while it is filled */
    size_t n;
    struct fw_ids_passed *passed;
    size_t npassed;
    struct fw_ids_country *countries;
    size_t ncountries;
};

static bool is_own_source(const struct fw_sensor *sensor, const struct fw_source_view *source)
{
    for (size_t i = 0; i < sensor->nsources; i++) {
        if (sensor->sources[i] == source) {
            return true;
        }
    }
    return false;
}

static size_t first_of(const struct fw_contact_list *list, uint64_t key)
{
    size_t lo;
    FW_SEARCH(lo, list->n, list->v[lo].key < key);
    return lo;
}

/* One firewall that lets it through is enough: behind it there may be none. So one that refused it
 * says nothing while another may have let it through and kept it out of its sample. */
static enum verdict find_verdict(const struct joining *j, const struct fw_contact *alert,
                                 const struct fw_source_view **ret_by)
{
    const struct fw_facts *facts = j->making->facts;
    bool denied = false;
    bool unsampled = false;
    for (size_t i = 0; i < facts->nsources; i++) {
        const struct fw_source_view *source = &facts->sources[i];
        if (is_own_source(j->making->sensor, source)) {
            continue;
        }
        for (size_t k = first_of(&source->judged, alert->key);
             k < source->judged.n && source->judged.v[k].key == alert->key; k++) {
            const struct fw_contact *c = &source->judged.v[k];
            if (c->first - WINDOW_NS > alert->last || c->last + WINDOW_NS < alert->first) {
                continue;
            }
            if (c->outcome == FW_CONTACT_ALLOWED) {
                *ret_by = source;
                return ALLOWED;
            }
            denied = true;
        }
        bool kept = alert->key < source->judged_below;
        unsampled = unsampled || (source->traffic > 0 && !kept);
    }
    return unsampled ? UNSAMPLED : denied ? DENIED : UNSEEN;
}

static void count(struct fw_ids_attack *row, const struct fw_contact *alert, enum verdict verdict)
{
    uint64_t n = alert->count;
    row->alerts += n;
    row->allowed += verdict == ALLOWED ? n : 0;
    row->denied += verdict == DENIED ? n : 0;
    row->unseen += verdict == UNSEEN ? n : 0;
    row->unsampled += verdict == UNSAMPLED ? n : 0;
    if (alert->priority != 0 && (row->priority == 0 || alert->priority < row->priority)) {
        row->priority = alert->priority;
    }
}

/* Few countries: a search from the front does. */
static void count_country(struct joining *j, const struct fw_contact *alert, enum verdict verdict,
                          fw_country country)
{
    size_t i = 0;
    while (i < j->ncountries && (j->countries[i].country.code[0] != country.code[0] ||
                                 j->countries[i].country.code[1] != country.code[1])) {
        i++;
    }
    if (i == j->ncountries) {
        j->countries = fw_arena_push(j->making->arena, j->countries, j->ncountries,
                                     sizeof(*j->countries));
        j->countries[j->ncountries++] = (struct fw_ids_country){.country = country};
    }
    j->countries[i].alerts += alert->count;
    j->countries[i].allowed += verdict == ALLOWED ? alert->count : 0;
}

static void take(struct joining *j, const struct fw_contact *alert)
{
    struct fw_arena *arena = j->making->arena;
    struct fw_geo *geo = j->making->facts->geo;
    const struct fw_source_view *by = NULL;
    enum verdict verdict = find_verdict(j, alert, &by);
    fw_country country = geo ? fw_geo_find(geo, alert->src) : (fw_country){{0}};
    j->v[j->n] = (struct fw_ids_attack){.gid = alert->gid, .sid = alert->sid};
    count(&j->v[j->n], alert, verdict);
    count(&j->making->sensor->attacks.sum, alert, verdict);
    j->n++;
    if (geo) {
        count_country(j, alert, verdict, country);
    }
    if (verdict == ALLOWED && alert->priority == 1) {
        j->passed = fw_arena_push(arena, j->passed, j->npassed, sizeof(*j->passed));
        j->passed[j->npassed++] = (struct fw_ids_passed){
            .gid = alert->gid,
            .sid = alert->sid,
            .ns = alert->first,
            .src = alert->src,
            .dst = alert->dst,
            .firewall = by->name,
            .country = country,
        };
    }
}

static int by_number(const void *left, const void *right)
{
    const struct fw_ids_attack *a = left;
    const struct fw_ids_attack *b = right;
    if (a->gid != b->gid) {
        return a->gid < b->gid ? -1 : 1;
    }
    return (a->sid > b->sid) - (a->sid < b->sid);
}

static int worst_first(const void *left, const void *right)
{
    const struct fw_ids_attack *a = left;
    const struct fw_ids_attack *b = right;
    uint32_t x = a->priority ? a->priority : UINT32_MAX;
    uint32_t y = b->priority ? b->priority : UINT32_MAX;
    if (x != y) {
        return x < y ? -1 : 1;
    }
    if (a->allowed != b->allowed) {
        return a->allowed > b->allowed ? -1 : 1;
    }
    return by_number(left, right);
}

static int newest_first(const void *left, const void *right)
{
    const struct fw_ids_passed *a = left;
    const struct fw_ids_passed *b = right;
    if (a->ns != b->ns) {
        return a->ns > b->ns ? -1 : 1;
    }
    if (a->sid != b->sid) {
        return a->sid < b->sid ? -1 : 1;
    }
    int order = fw_ip_cmp(a->src, b->src);
    return order != 0 ? order : fw_ip_cmp(a->dst, b->dst);
}

static int most_first(const void *left, const void *right)
{
    const struct fw_ids_country *a = left;
    const struct fw_ids_country *b = right;
    if (a->alerts != b->alerts) {
        return a->alerts > b->alerts ? -1 : 1;
    }
    return memcmp(a->country.code, b->country.code, sizeof(a->country.code));
}

static size_t put_together(struct fw_ids_attack *v, size_t n)
{
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        struct fw_ids_attack *into = kept > 0 ? &v[kept - 1] : NULL;
        if (!into || by_number(into, &v[i]) != 0) {
            v[kept++] = v[i];
            continue;
        }
        into->alerts += v[i].alerts;
        into->allowed += v[i].allowed;
        into->denied += v[i].denied;
        into->unseen += v[i].unseen;
        into->unsampled += v[i].unsampled;
        if (v[i].priority != 0 && (into->priority == 0 || v[i].priority < into->priority)) {
            into->priority = v[i].priority;
        }
    }
    return kept;
}

static void sort(void *v, size_t n, size_t size, int (*cmp)(const void *, const void *))
{
    if (n > 0) {
        qsort(v, n, size, cmp);
    }
}

static bool has_firewall(const struct joining *j)
{
    const struct fw_facts *facts = j->making->facts;
    for (size_t i = 0; i < facts->nsources; i++) {
        if (facts->sources[i].traffic > 0 &&
            !is_own_source(j->making->sensor, &facts->sources[i])) {
            return true;
        }
    }
    return false;
}

void fw_sensor_add_attacks(struct fw_sensor_making *making)
{
    struct fw_sensor *sensor = making->sensor;
    struct fw_ids_attacks *attacks = &sensor->attacks;
    struct joining j = {.making = making};
    size_t n = 0;
    for (size_t i = 0; i < sensor->nsources; i++) {
        n += sensor->sources[i]->alerted.n;
        attacks->sampled = attacks->sampled || sensor->sources[i]->alerted_below != UINT64_MAX;
    }
    attacks->has_firewall = has_firewall(&j);
    j.v = fw_new_array(making->arena, n + 1, struct fw_ids_attack);
    for (size_t i = 0; i < sensor->nsources; i++) {
        for (size_t k = 0; k < sensor->sources[i]->alerted.n; k++) {
            take(&j, &sensor->sources[i]->alerted.v[k]);
        }
    }
    attacks->sampled = attacks->sampled || attacks->sum.unsampled > 0;
    sort(j.v, j.n, sizeof(*j.v), by_number);
    attacks->n = put_together(j.v, j.n);
    sort(j.v, attacks->n, sizeof(*j.v), worst_first);
    attacks->v = j.v;
    sort(j.passed, j.npassed, sizeof(*j.passed), newest_first);
    attacks->npassed = j.npassed < FW_IDS_PASSED ? j.npassed : FW_IDS_PASSED;
    attacks->passed = j.passed;
    sort(j.countries, j.ncountries, sizeof(*j.countries), most_first);
    attacks->ncountries = j.ncountries;
    attacks->countries = j.countries;
}
