/* From ranks back to values: the sets that the sides of a piece stand for. */
#include <stdlib.h>
#include <string.h>

#include "core/proto.h"
#include "policy/flows_impl.h"
#include "policy/space_impl.h"

/* Of every piece of the names' axis: is it one name that some rule (or the caller) spells out? */
static fw_sv *literals_of(struct fw_arena *arena, const struct fw_axis *axis)
{
    size_t max = 0;
    for (size_t s = 0; s < axis->sets.n; s++) {
        max += ((const struct fw_nameset *)axis->sets.v[s])->n;
    }
    fw_sv *all = fw_new_array(arena, max + 1, fw_sv);
    size_t n = 0;
    for (size_t s = 0; s < axis->sets.n; s++) {
        const struct fw_nameset *set = axis->sets.v[s];
        for (size_t i = 0; i < set->n; i++) {
            bool prefix = set->v[i].n > 0 && set->v[i].p[set->v[i].n - 1] == '+';
            if (!prefix && set->v[i].n > 0) {
                all[n++] = set->v[i];
            }
        }
    }
    qsort(all, n, sizeof(*all), fw_sv_order);
    fw_sv *ret = fw_new_array(arena, (size_t)axis->n + 1, fw_sv);
    for (uint32_t i = 0; i < axis->n; i++) {
        fw_sv *found = n > 0 ? bsearch(&axis->names[i], all, n, sizeof(*all), fw_sv_order) : NULL;
        ret[i] = found ? *found : (fw_sv){0};
    }
    return ret;
}

void fw_flow_prepare(struct fw_flow_maker *maker)
{
    maker->cache = (struct fw_flow_cache){0};
    maker->literals = fw_new_array(&maker->memory, 2, fw_sv *);
    maker->literals[0] = literals_of(&maker->memory, &maker->program.space.axes[FW_AXIS_in]);
    maker->literals[1] = literals_of(&maker->memory, &maker->program.space.axes[FW_AXIS_out]);
}

/* --- the cache ------------------------------------------------------------------------------ */

static struct fw_flow_cached *slot_of(const struct fw_flow_cache *cache, uint32_t axis, uint32_t lo,
                                      uint32_t hi)
{
    uint64_t hash = ((uint64_t)lo << 32 | hi) * UINT64_C(0x9e3779b97f4a7c15) + axis;
    hash ^= hash >> 29;
    size_t i = (size_t)(hash * UINT64_C(0xbf58476d1ce4e5b9) >> 32) & (cache->nslots - 1);
    while (cache->slots[i].set &&
           (cache->slots[i].axis != axis || cache->slots[i].lo != lo || cache->slots[i].hi != hi)) {
        i = (i + 1) & (cache->nslots - 1);
    }
    return &cache->slots[i];
}

static void grow(struct fw_arena *memory, struct fw_flow_cache *cache)
{
    struct fw_flow_cache old = *cache;
    cache->nslots = old.nslots ? old.nslots * 2 : 256;
    cache->slots = fw_new_array(memory, cache->nslots, struct fw_flow_cached);
    for (size_t i = 0; i < old.nslots; i++) {
        if (old.slots[i].set) {
            *slot_of(cache, old.slots[i].axis, old.slots[i].lo, old.slots[i].hi) = old.slots[i];
        }
    }
}

/* --- sets ----------------------------------------------------------------------------------- */

static fw_ip piece_end(const struct fw_axis *axis, uint32_t piece)
{
    enum fw_family family = (enum fw_family)axis->ips[piece].family;
    bool last = piece + 1 == axis->n || axis->ips[piece + 1].family != family;
    return last ? fw_ip_last(family) : fw_ip_prev(axis->ips[piece + 1]);
}

static const struct fw_ipset *ips_of(struct fw_arena *arena, const struct fw_axis *axis,
                                     const struct fw_side *side)
{
    struct fw_interval room;
    const struct fw_interval *v;
    uint32_t n = fw_side_intervals(side, &v, &room);
    fw_iprange *ranges = fw_new_array(arena, n, fw_iprange);
    for (uint32_t i = 0; i < n; i++) {
        ranges[i] = (fw_iprange){axis->ips[v[i].lo], piece_end(axis, v[i].hi)};
    }
    struct fw_ipset *set = fw_new(arena, struct fw_ipset);
    *set = (struct fw_ipset){n, ranges}; /* cells are sorted, disjoint and not adjacent */
    return set;
}

/* NULL: any number. */
static const struct fw_numset *nums_of(struct fw_arena *arena, const struct fw_axis *axis,
                                       enum fw_axis_id id, const struct fw_side *side)
{
    uint32_t last = fw_axis_traits[id].last;
    struct fw_numrange *ranges = NULL;
    size_t n = 0;
    for (uint32_t piece = axis->rank_of ? 0 : side->lo; piece < axis->n; piece++) {
        uint32_t rank = axis->rank_of ? axis->rank_of[piece] : piece;
        if (!axis->rank_of && piece > side->hi) {
            break;
        }
        if (!fw_side_has(side, rank)) {
            continue;
        }
        uint32_t hi = piece + 1 < axis->n ? axis->starts[piece + 1] - 1 : last;
        if (n > 0 && ranges[n - 1].hi + 1 == axis->starts[piece]) {
            ranges[n - 1].hi = hi;
            continue;
        }
        ranges = fw_arena_push(arena, ranges, n, sizeof(*ranges));
        ranges[n++] = (struct fw_numrange){axis->starts[piece], hi};
    }
    if (n == 1 && ranges[0].lo == 0 && ranges[0].hi == last) {
        return NULL;
    }
    struct fw_numset *set = fw_new(arena, struct fw_numset);
    *set = (struct fw_numset){n, ranges};
    return set;
}

/* Only names that somebody spells out: what other interfaces there may be nobody knows. */
static const struct fw_nameset *names_of(struct fw_arena *arena, const struct fw_axis *axis,
                                         const fw_sv *literals, const struct fw_side *side)
{
    struct fw_nameset *set = fw_new(arena, struct fw_nameset);
    fw_sv *names = NULL;
    for (uint32_t i = 0; i < axis->n; i++) {
        uint32_t rank = axis->rank_of ? axis->rank_of[i] : i;
        if (literals[i].p && fw_side_has(side, rank)) {
            names = fw_arena_push(arena, names, set->n, sizeof(*names));
            names[set->n++] = fw_arena_copy(arena, literals[i]);
        }
    }
    set->v = names;
    return set;
}

static const void *make_set(struct fw_flow_maker *maker, enum fw_axis_id id,
                            const struct fw_side *side)
{
    const struct fw_axis *axis = &maker->program.space.axes[id];
    switch (fw_axis_traits[id].kind) {
    case FW_AXIS_KIND_IP:
        return ips_of(maker->arena, axis, side);
    case FW_AXIS_KIND_NUM:
        return nums_of(maker->arena, axis, id, side);
    case FW_AXIS_KIND_NAME:
        break;
    }
    bool whole = !side->cells && side->lo == 0 && side->hi + 1 == axis->ranks;
    return whole ? NULL : names_of(maker->arena, axis, maker->literals[id == FW_AXIS_out], side);
}

/* NULL: any value. */
static const void *set_of(struct fw_flow_maker *maker, enum fw_axis_id id,
                          const struct fw_effect_piece *piece)
{
    static const char any; /* what the cache keeps for NULL */
    int slot = maker->program.space.slot[id];
    if (slot < 0) {
        return NULL;
    }
    const struct fw_side *side = &piece->region.sides[slot];
    if (side->cells) {
        return make_set(maker, id, side);
    }
    if (maker->cache.n * 2 >= maker->cache.nslots) {
        grow(&maker->memory, &maker->cache);
    }
    struct fw_flow_cached *cached = slot_of(&maker->cache, (uint32_t)id, side->lo, side->hi);
    if (!cached->set) {
        const void *set = make_set(maker, id, side);
        *cached = (struct fw_flow_cached){(uint32_t)id, side->lo, side->hi, set ? set : &any};
        maker->cache.n++;
    }
    return cached->set == &any ? NULL : cached->set;
}

static const struct fw_ipset *whole_family(unsigned family)
{
    static const fw_iprange all4 = {{0, 0, FW_IPV4}, {0, UINT32_MAX, FW_IPV4}};
    static const fw_iprange all6 = {{0, 0, FW_IPV6}, {UINT64_MAX, UINT64_MAX, FW_IPV6}};
    static const struct fw_ipset v4 = {1, &all4};
    static const struct fw_ipset v6 = {1, &all6};
    return family == FW_FAMILY_BIT6 ? &v6 : &v4;
}

unsigned fw_flow_family(const struct fw_program *program, const struct fw_effect_piece *piece)
{
    const struct fw_space *space = &program->space;
    if (space->slot[FW_AXIS_src] < 0) {
        return space->families;
    }
    uint32_t first = piece->region.sides[space->slot[FW_AXIS_src]].lo;
    return first >= space->axes[FW_AXIS_src].first6 ? FW_FAMILY_BIT6 : FW_FAMILY_BIT4;
}

void fw_flow_values(struct fw_flow_maker *maker, const struct fw_effect_piece *piece,
                    struct fw_flow *flow)
{
    flow->family = fw_flow_family(&maker->program, piece);
    const struct fw_ipset *src = set_of(maker, FW_AXIS_src, piece);
    const struct fw_ipset *dst = set_of(maker, FW_AXIS_dst, piece);
    flow->term = (struct fw_term){
        .src = src ? src : whole_family(flow->family),
        .dst = dst ? dst : whole_family(flow->family),
        .in = set_of(maker, FW_AXIS_in, piece),
        .out = set_of(maker, FW_AXIS_out, piece),
        .proto = set_of(maker, FW_AXIS_proto, piece),
    };
    /* Where a class of protocols lacks a dimension, the value it is pinned to says nothing. */
    bool ports = piece->label <= 1;
    if (ports) {
        flow->term.sport = set_of(maker, FW_AXIS_sport, piece);
        flow->term.dport = set_of(maker, FW_AXIS_dport, piece);
    } else if (piece->label == 2) {
        flow->term.icmp = set_of(maker, FW_AXIS_icmp, piece);
    }
}

/* --- joining -------------------------------------------------------------------------------- */

static bool names_eq(const struct fw_nameset *a, const struct fw_nameset *b)
{
    if (a == b || !a || !b || a->n != b->n) {
        return a == b;
    }
    for (size_t i = 0; i < a->n; i++) {
        if (!fw_sv_eq(a->v[i], b->v[i])) {
            return false;
        }
    }
    return true;
}

static bool ips_eq(const struct fw_ipset *a, const struct fw_ipset *b)
{
    return a == b || fw_ipset_eq(a, b);
}

static bool nums_eq(const struct fw_numset *a, const struct fw_numset *b)
{
    return a == b || (a && b && fw_numset_eq(a, b));
}

static bool joins(const struct fw_flow *a, const struct fw_flow *b)
{
    const struct fw_term *x = &a->term;
    const struct fw_term *y = &b->term;
    return a->doubt == b->doubt && a->family == b->family && a->logged == b->logged &&
           ips_eq(x->src, y->src) && ips_eq(x->dst, y->dst) && names_eq(x->in, y->in) &&
           names_eq(x->out, y->out) && nums_eq(x->sport, y->sport) && nums_eq(x->dport, y->dport) &&
           nums_eq(x->icmp, y->icmp) && x->proto && y->proto;
}

/* All protocols that packets of the family have are "any". */
static const struct fw_numset *any_or(const struct fw_numset *protos, unsigned family)
{
    static const struct fw_numrange of4[] = {{0, FW_PROTO_ICMP6 - 1}, {FW_PROTO_ICMP6 + 1, 255}};
    static const struct fw_numrange of6[] = {{0, 0}, {2, 255}};
    static const struct fw_numset all4 = {2, of4};
    static const struct fw_numset all6 = {2, of6};
    return fw_numset_contains(protos, family == FW_FAMILY_BIT6 ? &all6 : &all4) ? NULL : protos;
}

void fw_flow_keep(struct fw_flow_maker *maker, struct fw_rule_flows *rule,
                  const struct fw_flow *flow)
{
    enum { NEAR = 64 };
    struct fw_flows *flows = maker->flows;
    size_t near = rule->n < NEAR ? rule->n : NEAR;
    for (size_t i = flows->n - near; i < flows->n; i++) {
        struct fw_flow *other = &flows->v[i];
        if (joins(other, flow)) {
            other->term.proto = any_or(
                fw_numset_union(maker->arena, other->term.proto, flow->term.proto), flow->family);
            return;
        }
    }
    flows->v = fw_arena_push(maker->arena, flows->v, flows->n, sizeof(*flows->v));
    flows->v[flows->n++] = *flow;
    rule->n++;
}
