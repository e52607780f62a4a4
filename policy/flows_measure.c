/*
 * How broad a rule is. Pieces are disjoint in all dimensions; counted are source, destination and
 * service. Where pieces differ only in what is not counted (interfaces, source ports) they are
 * laid over each other and made disjoint again.
 */
#include <string.h>

#include "core/proto.h"
#include "policy/flows_impl.h"
#include "policy/space_impl.h"

/* Pieces up to here are made disjoint; beyond, the bounds are the largest piece and the sum. */
enum { MOST_OVERLAID = 512 };
/* Services of a packet: 5 protocols with ports, ICMP with type and code, 249 others. */
#define SERVICES (6.0 * 65536 + 249)

double fw_breadth_all(unsigned family)
{
    double addresses = family == FW_FAMILY_BIT6 ? 0x1p128 : 0x1p32;
    return addresses * addresses * SERVICES;
}

static double range_size(fw_ip lo, fw_ip hi)
{
    fw_iprange range = {lo, hi};
    struct fw_ipset set = {1, &range};
    return fw_ipset_size(&set);
}

static double addresses(const struct fw_space *space, enum fw_axis_id id,
                        const struct fw_side *sides, unsigned family)
{
    const struct fw_axis *axis = &space->axes[id];
    if (space->slot[id] < 0) {
        return family == FW_FAMILY_BIT6 ? 0x1p128 : 0x1p32;
    }
    struct fw_interval room;
    const struct fw_interval *v;
    uint32_t n = fw_side_intervals(&sides[space->slot[id]], &v, &room);
    double sum = 0;
    for (uint32_t i = 0; i < n; i++) {
        bool last = v[i].hi + 1 == axis->n ||
                    axis->ips[v[i].hi + 1].family != axis->ips[v[i].lo].family;
        fw_ip hi = last ? fw_ip_last((enum fw_family)axis->ips[v[i].lo].family)
                        : fw_ip_prev(axis->ips[v[i].hi + 1]);
        sum += range_size(axis->ips[v[i].lo], hi);
    }
    return sum;
}

static double numbers(const struct fw_space *space, enum fw_axis_id id, const struct fw_side *sides,
                      double all)
{
    const struct fw_axis *axis = &space->axes[id];
    if (space->slot[id] < 0) {
        return all;
    }
    const struct fw_side *side = &sides[space->slot[id]];
    uint32_t end = fw_axis_traits[id].last + 1;
    double sum = 0;
    for (uint32_t piece = 0; axis->rank_of && piece < axis->n; piece++) {
        if (fw_side_has(side, axis->rank_of[piece])) {
            sum += (piece + 1 < axis->n ? axis->starts[piece + 1] : end) - axis->starts[piece];
        }
    }
    struct fw_interval room;
    const struct fw_interval *v;
    uint32_t n = axis->rank_of ? 0 : fw_side_intervals(side, &v, &room);
    for (uint32_t i = 0; i < n; i++) { /* ranks are pieces, in order */
        uint32_t next = v[i].hi + 1;
        sum += (next < axis->n ? axis->starts[next] : end) - axis->starts[v[i].lo];
    }
    return sum;
}

static double volume(const struct fw_program *program, const struct fw_effect_piece *piece,
                     unsigned family)
{
    const struct fw_space *space = &program->space;
    const struct fw_side *sides = piece->region.sides;
    double n = addresses(space, FW_AXIS_src, sides, family) *
               addresses(space, FW_AXIS_dst, sides, family) *
               numbers(space, FW_AXIS_proto, sides, 0); /* classes cut it: it is in use */
    if (piece->label <= 1) {
        n *= numbers(space, FW_AXIS_dport, sides, 65536);
    } else if (piece->label == 2) {
        n *= numbers(space, FW_AXIS_icmp, sides, 65536);
    }
    return n;
}

static bool same_side(const struct fw_side *a, const struct fw_side *b)
{
    return fw_side_contains(a, b) && fw_side_contains(b, a);
}

/* What is not counted; what a class lacks is pinned for all of the class. */
static bool is_projected(enum fw_axis_id id)
{
    return id == FW_AXIS_in || id == FW_AXIS_out || id == FW_AXIS_sport || id == FW_AXIS_flags ||
           id == FW_AXIS_state;
}

/* False: they do not differ in that, and are disjoint as they are. */
static bool project(struct fw_flow_maker *maker)
{
    const struct fw_space *space = &maker->program.space;
    struct fw_effect *effect = &maker->effect;
    const struct fw_effect_piece *first[4] = {0};
    bool differ = false;
    for (size_t i = 0; i < effect->n; i++) {
        struct fw_effect_piece *piece = &effect->v[i];
        const struct fw_effect_piece **like = &first[piece->label & 3];
        *like = *like ? *like : piece;
        for (unsigned s = 0; s < space->n; s++) {
            differ = differ || (is_projected(space->used[s]) &&
                                !same_side(&piece->region.sides[s], &(*like)->region.sides[s]));
        }
    }
    for (size_t i = 0; differ && i < effect->n; i++) {
        struct fw_side *sides = fw_scratch_alloc(&maker->scratch, space->n * sizeof(*sides));
        memcpy(sides, effect->v[i].region.sides, space->n * sizeof(*sides));
        for (unsigned s = 0; s < space->n; s++) {
            if (is_projected(space->used[s])) {
                sides[s] = fw_side_of(0, space->axes[space->used[s]].ranks - 1);
            }
        }
        effect->v[i].region.sides = sides;
    }
    return differ;
}

static void add(struct fw_rule_flows *rule, unsigned family, double n, bool sure)
{
    struct fw_breadth *breadth = &rule->breadth[family == FW_FAMILY_BIT6];
    breadth->upper += n;
    breadth->lower += sure ? n : 0;
}

/* Makes the pieces that the predicate wants disjoint and sums them up. */
static void sum_overlaid(struct fw_flow_maker *maker, struct fw_rule_flows *rule, bool only_sure)
{
    struct fw_effect *effect = &maker->effect;
    size_t given = effect->n;
    struct fw_effect_piece *pieces = fw_scratch_alloc(&maker->scratch, given * sizeof(*pieces));
    memcpy(pieces, effect->v, given * sizeof(*pieces));
    double sum[2] = {0, 0};
    double largest[2] = {0, 0};
    bool exact = given <= MOST_OVERLAID;
    for (size_t i = 0; i < given; i++) {
        if (only_sure && pieces[i].doubt != 0) {
            continue;
        }
        unsigned family = fw_flow_family(&maker->program, &pieces[i]);
        unsigned six = family == FW_FAMILY_BIT6;
        double whole = volume(&maker->program, &pieces[i], family);
        largest[six] = whole > largest[six] ? whole : largest[six];
        effect->n = 1;
        effect->v[0] = pieces[i];
        for (size_t k = 0; exact && k < i && effect->n > 0; k++) {
            if (pieces[k].label == pieces[i].label && (!only_sure || pieces[k].doubt == 0)) {
                exact = fw_effect_subtract(effect, 0, pieces[k].region.sides);
            }
        }
        for (size_t k = 0; exact && k < effect->n; k++) {
            sum[six] += volume(&maker->program, &effect->v[k], family);
        }
        sum[six] += exact ? 0 : whole;
    }
    for (unsigned six = 0; six < 2; six++) {
        if (only_sure) {
            rule->breadth[six].lower = exact ? sum[six] : largest[six];
        } else {
            rule->breadth[six].upper = sum[six];
        }
    }
    memcpy(effect->v, pieces, given * sizeof(*pieces));
    effect->n = given;
}

void fw_flow_measure(struct fw_flow_maker *maker, struct fw_rule_flows *rule)
{
    struct fw_effect *effect = &maker->effect;
    const struct fw_program *program = &maker->program;
    if (effect->n > 0 && project(maker)) {
        sum_overlaid(maker, rule, true);
        sum_overlaid(maker, rule, false);
        return;
    }
    for (size_t i = 0; i < effect->n; i++) {
        unsigned family = fw_flow_family(program, &effect->v[i]);
        add(rule, family, volume(program, &effect->v[i], family), effect->v[i].doubt == 0);
    }
}
