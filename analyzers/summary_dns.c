/* Which hosts asked which servers for names, and were let through? */
#include <stdlib.h>

#include "analyzers/summary_impl.h"
#include "core/limits.h"

int fw_dns_pair_cmp(const void *left, const void *right)
{
    const struct fw_dns_pair *a = left;
    const struct fw_dns_pair *b = right;
    int order = fw_ip_cmp(a->client, b->client);
    return order != 0 ? order : fw_ip_cmp(a->server, b->server);
}

static bool is_dns(const struct fw_event *ev)
{
    return ev->traffic && fw_event_has(ev, FW_EV_dport) && (ev->dport == 53 || ev->dport == 853) &&
           fw_event_has(ev, FW_EV_src) && fw_event_has(ev, FW_EV_dst) &&
           (!fw_event_has(ev, FW_EV_transport) || fw_sv_is(ev->transport, "udp") ||
            fw_sv_is(ev->transport, "tcp"));
}

static void count(struct fw_twofold *t, const struct fw_event *ev)
{
    t->started += ev->starts;
    t->ended += ev->ends && !ev->starts;
    t->single += !ev->starts && !ev->ends;
}

static struct fw_dns_pair *pair_row(struct fw_making *making, struct fw_part_making *p,
                                    const struct fw_event *ev)
{
    struct fw_dns_pair key = {.client = ev->src, .server = ev->dst};
    uint64_t hash = (ev->src.lo ^ ev->src.hi) * UINT64_C(0x9e3779b97f4a7c15);
    hash = (hash ^ hash >> 29 ^ ev->dst.lo ^ ev->dst.hi) * UINT64_C(0x9e3779b97f4a7c15);
    hash ^= hash >> 32;
    uint32_t row;
    for (size_t probe = 0; fw_keyset_next(&p->query_keys, hash, &probe, &row);) {
        if (fw_dns_pair_cmp(&p->queries[row], &key) == 0) {
            return &p->queries[row];
        }
    }
    if (making->queries == FW_LIMIT_SUMMARY_QUERIES) {
        return NULL;
    }
    making->queries++;
    fw_keyset_add(&p->query_keys, &making->arena, hash, (uint32_t)p->nqueries);
    p->queries = fw_arena_push(&making->arena, p->queries, p->nqueries, sizeof(p->queries[0]));
    key.first = INT64_MAX;
    key.last = INT64_MIN;
    p->queries[p->nqueries] = key;
    return &p->queries[p->nqueries++];
}

void fw_part_dns(struct fw_making *making, struct fw_part_making *p, int64_t time,
                 const struct fw_logline *line)
{
    const struct fw_event *ev = &line->event;
    if (line->verdict != FW_LINE_USED || !is_dns(ev)) {
        return;
    }
    count(&p->part.dns.total, ev);
    if (!fw_event_has(ev, FW_EV_outcome) || !fw_sv_is(ev->outcome, "success")) {
        return;
    }
    struct fw_dns_pair *row = pair_row(making, p, ev);
    if (!row) {
        p->part.dns.lost++;
        return;
    }
    count(&row->count, ev);
    row->first = time < row->first ? time : row->first;
    row->last = time > row->last ? time : row->last;
}

void fw_part_sort_dns(struct fw_part_making *p)
{
    if (p->nqueries > 0) {
        qsort(p->queries, p->nqueries, sizeof(p->queries[0]), fw_dns_pair_cmp);
    }
    p->part.dns.n = p->nqueries;
    p->part.dns.v = p->queries;
}
