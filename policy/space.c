/* How a packet space is cut into ranks, and which packets it holds. */
#include "policy/space.h"

#include <assert.h>
#include <stdlib.h>

#include "core/proto.h"
#include "policy/space_names.h"

enum kind { KIND_IP, KIND_NAME, KIND_NUM };

/* Up to this much work is spent on finding pieces that all rules treat alike. */
enum { REFINE_WORK = 1 << 26 };

/* What is particular about each dimension: its last number, whether order means something, and the
 * values that read best in a witness, best first. */
static const struct {
    enum kind kind;
    uint32_t last;
    bool ordered;
    uint32_t likes[4];
} traits[FW_AXIS_COUNT] = {
    [FW_AXIS_src] = {KIND_IP, 0, true, {0}},
    [FW_AXIS_dst] = {KIND_IP, 0, true, {0}},
    [FW_AXIS_in] = {KIND_NAME, 0, false, {0}},
    [FW_AXIS_out] = {KIND_NAME, 0, false, {0}},
    [FW_AXIS_proto] = {KIND_NUM, 255, false, {FW_PROTO_TCP, FW_PROTO_UDP, FW_PROTO_ICMP, 58}},
    [FW_AXIS_sport] = {KIND_NUM, 65535, true, {50000, 1024, 1, 1}},
    [FW_AXIS_dport] = {KIND_NUM, 65535, true, {443, 80, 53, 1}},
    [FW_AXIS_icmp] = {KIND_NUM, 65535, false, {8 << 8, 128 << 8, 0, 0}},
    [FW_AXIS_flags] = {KIND_NUM, 255, false, {0x02, 0x10, 0x12, 0x18}},
    [FW_AXIS_state] = {KIND_NUM, FW_STATE_COUNT - 1, false, {FW_STATE_NEW, 1, 2, 3}},
};

/* Protocols that have what a term asks for, as sets of the protocol dimension. */
static const struct fw_numrange with_ports[] = {
    {FW_PROTO_TCP, FW_PROTO_TCP},         {FW_PROTO_UDP, FW_PROTO_UDP},
    {FW_PROTO_DCCP, FW_PROTO_DCCP},       {FW_PROTO_SCTP, FW_PROTO_SCTP},
    {FW_PROTO_UDPLITE, FW_PROTO_UDPLITE},
};
static const struct fw_numrange with_icmp[] = {{FW_PROTO_ICMP, FW_PROTO_ICMP},
                                               {FW_PROTO_ICMP6, FW_PROTO_ICMP6}};
static const struct fw_numrange with_flags[] = {{FW_PROTO_TCP, FW_PROTO_TCP}};
static const struct fw_numrange not_icmp6[] = {{0, FW_PROTO_ICMP6 - 1}, {FW_PROTO_ICMP6 + 1, 255}};
static const struct fw_numrange not_icmp[] = {{0, 0}, {FW_PROTO_ICMP + 1, 255}};
static const struct fw_numset protos_with_ports = {5, with_ports};
static const struct fw_numset protos_with_icmp = {2, with_icmp};
static const struct fw_numset protos_with_flags = {1, with_flags};
static const struct fw_numset protos_of_v4 = {2, not_icmp6};
static const struct fw_numset protos_of_v6 = {2, not_icmp};

static size_t slot_of(const struct fw_axis_sets *sets, const void *set)
{
    uint64_t hash = (uint64_t)(uintptr_t)set * UINT64_C(0x9e3779b97f4a7c15);
    size_t mask = sets->nslots - 1;
    size_t i = (size_t)(hash >> 32) & mask;
    while (sets->slots[i] != 0 && sets->v[sets->slots[i] - 1] != set) {
        i = (i + 1) & mask;
    }
    return i;
}

static void add_set(struct fw_arena *arena, struct fw_axis_sets *sets, const void *set)
{
    if (sets->n * 2 >= sets->nslots) {
        sets->nslots = sets->nslots ? sets->nslots * 2 : 64;
        sets->slots = fw_new_array(arena, sets->nslots, uint32_t);
        for (size_t i = 0; i < sets->n; i++) {
            sets->slots[slot_of(sets, sets->v[i])] = (uint32_t)(i + 1);
        }
    }
    size_t slot = slot_of(sets, set);
    if (sets->slots[slot] == 0) {
        sets->v = fw_arena_push(arena, sets->v, sets->n, sizeof(*sets->v));
        sets->v[sets->n++] = set;
        sets->slots[slot] = (uint32_t)sets->n;
    }
}

static const struct fw_side *side_of(const struct fw_axis *axis, const void *set)
{
    uint32_t index = axis->sets.slots[slot_of(&axis->sets, set)];
    assert(index > 0);
    return &axis->sets.sides[index - 1];
}

void fw_space_init(struct fw_space *space, struct fw_arena *arena, enum fw_hook hook,
                   unsigned families)
{
    *space = (struct fw_space){
        .arena = arena,
        .hook = hook,
        .families = families ? families : FW_FAMILY_BOTH,
    };
}

void fw_space_add(struct fw_space *space, const struct fw_term *term)
{
#define FW_DIM(name, kind, key) \
    if (term->name) { \
        add_set(space->arena, &space->axes[FW_AXIS_##name].sets, term->name); \
    }
#include "policy/dims.def"
#undef FW_DIM
    space->asks_ports = space->asks_ports || term->sport || term->dport;
    space->asks_icmp = space->asks_icmp || term->icmp;
    space->asks_flags = space->asks_flags || term->flags;
}

static int by_ip(const void *left, const void *right)
{
    return fw_ip_cmp(*(const fw_ip *)left, *(const fw_ip *)right);
}

/* The piece a value lies in: the last one that starts at or before it. */
static uint32_t find_ip(const struct fw_axis *axis, fw_ip ip)
{
    uint32_t lo = 0;
    uint32_t hi = axis->n;
    while (hi - lo > 1) {
        uint32_t mid = lo + (hi - lo) / 2;
        if (fw_ip_cmp(axis->ips[mid], ip) <= 0) {
            lo = mid;
        } else {
            hi = mid;
        }
    }
    return lo;
}

static uint32_t find_num(const struct fw_axis *axis, uint32_t value)
{
    uint32_t lo = 0;
    uint32_t hi = axis->n;
    while (hi - lo > 1) {
        uint32_t mid = lo + (hi - lo) / 2;
        if (axis->starts[mid] <= value) {
            lo = mid;
        } else {
            hi = mid;
        }
    }
    return lo;
}

static unsigned bit_of(fw_ip ip)
{
    return ip.family == FW_IPV6 ? FW_FAMILY_BIT6 : FW_FAMILY_BIT4;
}

static void cut_ips(struct fw_space *space, struct fw_axis *axis)
{
    size_t max = 2;
    for (size_t s = 0; s < axis->sets.n; s++) {
        max += 2 * ((const struct fw_ipset *)axis->sets.v[s])->n;
    }
    fw_ip *v = fw_new_array(space->arena, max, fw_ip);
    size_t n = 0;
    if ((space->families & FW_FAMILY_BIT4) != 0) {
        v[n++] = fw_ip_first(FW_IPV4);
    }
    if ((space->families & FW_FAMILY_BIT6) != 0) {
        v[n++] = fw_ip_first(FW_IPV6);
    }
    for (size_t s = 0; s < axis->sets.n; s++) {
        const struct fw_ipset *set = axis->sets.v[s];
        for (size_t i = 0; i < set->n; i++) {
            if ((bit_of(set->v[i].lo) & space->families) == 0) {
                continue;
            }
            v[n++] = set->v[i].lo;
            fw_ip next = fw_ip_next(set->v[i].hi);
            if (fw_ip_cmp(next, set->v[i].hi) > 0) {
                v[n++] = next;
            }
        }
    }
    qsort(v, n, sizeof(*v), by_ip);
    uint32_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        if (kept == 0 || !fw_ip_eq(v[kept - 1], v[i])) {
            v[kept++] = v[i];
        }
    }
    axis->ips = v;
    axis->n = kept;
    axis->first6 = 0;
    while (axis->first6 < kept && v[axis->first6].family == FW_IPV4) {
        axis->first6++;
    }
}

static int by_u32(const void *left, const void *right)
{
    uint32_t a = *(const uint32_t *)left;
    uint32_t b = *(const uint32_t *)right;
    return (a > b) - (a < b);
}

static void cut_nums(struct fw_space *space, struct fw_axis *axis, uint32_t last)
{
    size_t max = 1;
    for (size_t s = 0; s < axis->sets.n; s++) {
        max += 2 * ((const struct fw_numset *)axis->sets.v[s])->n;
    }
    uint32_t *v = fw_new_array(space->arena, max, uint32_t);
    size_t n = 1;
    for (size_t s = 0; s < axis->sets.n; s++) {
        const struct fw_numset *set = axis->sets.v[s];
        for (size_t i = 0; i < set->n && set->v[i].lo <= last; i++) {
            v[n++] = set->v[i].lo;
            if (set->v[i].hi < last) {
                v[n++] = set->v[i].hi + 1;
            }
        }
    }
    qsort(v, n, sizeof(*v), by_u32);
    uint32_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        if (kept == 0 || v[kept - 1] != v[i]) {
            v[kept++] = v[i];
        }
    }
    axis->starts = v;
    axis->n = kept;
}

/* The pieces of a set, as intervals of piece numbers. `room` holds as many as the set or the axis
 * can give. */
static size_t pieces_of(const struct fw_space *space, enum fw_axis_id id, const void *set,
                        struct fw_interval *room)
{
    const struct fw_axis *axis = &space->axes[id];
    size_t n = 0;
    if (traits[id].kind == KIND_IP) {
        const struct fw_ipset *ips = set;
        for (size_t i = 0; i < ips->n; i++) {
            if ((bit_of(ips->v[i].lo) & space->families) != 0) {
                room[n++] = (struct fw_interval){find_ip(axis, ips->v[i].lo),
                                                 find_ip(axis, ips->v[i].hi)};
            }
        }
    } else if (traits[id].kind == KIND_NUM) {
        const struct fw_numset *nums = set;
        uint32_t last = traits[id].last;
        for (size_t i = 0; i < nums->n && nums->v[i].lo <= last; i++) {
            uint32_t hi = nums->v[i].hi < last ? nums->v[i].hi : last;
            room[n++] = (struct fw_interval){find_num(axis, nums->v[i].lo), find_num(axis, hi)};
        }
    } else {
        for (uint32_t i = 0; i < axis->n; i++) {
            if (fw_nameset_has(set, axis->names[i])) {
                room[n++] = (struct fw_interval){i, i};
            }
        }
    }
    return n;
}

/* Room for the pieces of any set of the dimension, and for its ranks one by one. */
static struct fw_interval *room_for(const struct fw_space *space, enum fw_axis_id id)
{
    const struct fw_axis *axis = &space->axes[id];
    size_t max = traits[id].ordered ? 1 : axis->n;
    for (size_t s = 0; s < axis->sets.n; s++) {
        size_t n = traits[id].kind == KIND_IP    ? ((const struct fw_ipset *)axis->sets.v[s])->n
                   : traits[id].kind == KIND_NUM ? ((const struct fw_numset *)axis->sets.v[s])->n
                                                 : axis->n;
        max = n > max ? n : max;
    }
    return fw_new_array(space->arena, max + 1, struct fw_interval);
}

/* Pieces that are in the same sets get the same rank. */
static void refine(struct fw_space *space, enum fw_axis_id id)
{
    struct fw_axis *axis = &space->axes[id];
    if (axis->n == 0 || axis->sets.n > (size_t)REFINE_WORK / axis->n) {
        return;
    }
    uint32_t *rank_of = fw_new_array(space->arena, axis->n, uint32_t);
    uint32_t *fresh = fw_new_array(space->arena, axis->n, uint32_t);
    bool *inside = fw_new_array(space->arena, axis->n, bool);
    uint32_t *members = fw_new_array(space->arena, axis->n, uint32_t);
    struct fw_interval *v = room_for(space, id);
    uint32_t ranks = 1;
    members[0] = axis->n;
    for (size_t s = 0; s < axis->sets.n; s++) {
        size_t n = pieces_of(space, id, axis->sets.v[s], v);
        memset(inside, 0, axis->n);
        for (size_t i = 0; i < n; i++) {
            memset(inside + v[i].lo, 1, v[i].hi - v[i].lo + 1);
        }
        /* how many of each rank are inside: all or none need no new rank */
        memset(fresh, 0, axis->n * sizeof(*fresh));
        for (uint32_t i = 0; i < axis->n; i++) {
            fresh[rank_of[i]] += inside[i];
        }
        uint32_t before = ranks;
        for (uint32_t r = 0; r < before; r++) {
            bool split = fresh[r] > 0 && fresh[r] < members[r];
            uint32_t moved = fresh[r];
            fresh[r] = split ? ranks++ : r;
            if (split) {
                members[fresh[r]] = moved;
                members[r] -= moved;
            }
        }
        for (uint32_t i = 0; i < axis->n; i++) {
            rank_of[i] = inside[i] ? fresh[rank_of[i]] : rank_of[i];
        }
    }
    axis->rank_of = rank_of;
    axis->ranks = ranks;
}

static bool holds(const struct fw_axis *axis, uint32_t piece, uint32_t value, uint32_t last)
{
    uint32_t end = piece + 1 < axis->n ? axis->starts[piece + 1] - 1 : last;
    return value >= axis->starts[piece] && value <= end;
}

/* How well the best value of a piece reads: lower is better. */
static unsigned dislike(const struct fw_axis *axis, enum fw_axis_id id, uint32_t piece)
{
    if (traits[id].kind == KIND_NAME) {
        return fw_space_name_dislike(axis->names[piece]);
    }
    unsigned i = 0;
    while (i < 4 && !holds(axis, piece, traits[id].likes[i], traits[id].last)) {
        i++;
    }
    return i;
}

static void choose_pieces(struct fw_space *space, enum fw_axis_id id)
{
    struct fw_axis *axis = &space->axes[id];
    axis->piece_of = fw_new_array(space->arena, axis->ranks, uint32_t);
    bool *chosen = fw_new_array(space->arena, axis->ranks, bool);
    for (uint32_t i = 0; i < axis->n; i++) {
        uint32_t rank = axis->rank_of[i];
        if (!chosen[rank] || dislike(axis, id, i) < dislike(axis, id, axis->piece_of[rank])) {
            axis->piece_of[rank] = i;
            chosen[rank] = true;
        }
    }
}

/* Intervals of pieces become single ranks, each once. */
static size_t to_ranks(const struct fw_axis *axis, struct fw_interval *v, size_t n, bool *seen)
{
    memset(seen, 0, axis->ranks);
    for (size_t i = 0; i < n; i++) {
        for (uint32_t piece = v[i].lo; piece <= v[i].hi; piece++) {
            seen[axis->rank_of[piece]] = true;
        }
    }
    size_t m = 0;
    for (uint32_t rank = 0; rank < axis->ranks; rank++) {
        if (seen[rank]) {
            v[m++] = (struct fw_interval){rank, rank};
        }
    }
    return m;
}

static void make_sides(struct fw_space *space, enum fw_axis_id id)
{
    struct fw_axis *axis = &space->axes[id];
    axis->sets.sides = fw_new_array(space->arena, axis->sets.n + 1, struct fw_side);
    struct fw_interval *v = room_for(space, id);
    bool *seen = fw_new_array(space->arena, axis->ranks + 1, bool);
    for (size_t s = 0; s < axis->sets.n; s++) {
        size_t n = pieces_of(space, id, axis->sets.v[s], v);
        if (axis->rank_of) {
            n = to_ranks(axis, v, n, seen);
        }
        if (!fw_side_make(v, n, fw_side_alloc_arena, space->arena, &axis->sets.sides[s])) {
            axis->sets.sides[s] = fw_side_of(1, 0);
        }
    }
}

void fw_space_close(struct fw_space *space)
{
    struct fw_axis_sets *protos = &space->axes[FW_AXIS_proto].sets;
    if (space->asks_ports) {
        add_set(space->arena, protos, &protos_with_ports);
    }
    if (space->asks_icmp) {
        add_set(space->arena, protos, &protos_with_icmp);
    }
    if (space->asks_flags) {
        add_set(space->arena, protos, &protos_with_flags);
    }
    if (protos->n > 0) {
        add_set(space->arena, protos, &protos_of_v4);
        add_set(space->arena, protos, &protos_of_v6);
    }
    for (int id = 0; id < FW_AXIS_COUNT; id++) {
        struct fw_axis *axis = &space->axes[id];
        switch (traits[id].kind) {
        case KIND_IP:
            cut_ips(space, axis);
            break;
        case KIND_NUM:
            cut_nums(space, axis, traits[id].last);
            break;
        case KIND_NAME:
            fw_space_cut_names(space->arena, space->hook, id == FW_AXIS_in, axis);
            break;
        }
        axis->ranks = axis->n;
        if (!traits[id].ordered) {
            refine(space, (enum fw_axis_id)id);
            if (axis->rank_of) {
                choose_pieces(space, (enum fw_axis_id)id);
            }
        }
        make_sides(space, (enum fw_axis_id)id);
        bool use = axis->ranks > 1 || axis->sets.n > 0;
        space->slot[id] = use ? (int)space->n : -1;
        if (use) {
            space->used[space->n++] = (enum fw_axis_id)id;
        }
    }
}

/* Narrows a side of the box to a set. False: nothing is left. */
static bool narrow(const struct fw_space *space, struct fw_scratch *scratch, enum fw_axis_id id,
                   const void *set, struct fw_side *sides)
{
    if (!set || space->slot[id] < 0) {
        return true;
    }
    const struct fw_side *side = side_of(&space->axes[id], set);
    struct fw_side *here = &sides[space->slot[id]];
    return side->lo <= side->hi && fw_side_intersect(scratch, here, side, here);
}

bool fw_space_box(const struct fw_space *space, struct fw_scratch *scratch,
                  const struct fw_term *term, unsigned family, struct fw_side *ret)
{
    for (unsigned i = 0; i < space->n; i++) {
        const struct fw_axis *axis = &space->axes[space->used[i]];
        bool address = traits[space->used[i]].kind == KIND_IP;
        uint32_t from = address && family == FW_FAMILY_BIT6 ? axis->first6 : 0;
        uint32_t to = address && family == FW_FAMILY_BIT4 ? axis->first6 : axis->ranks;
        if (from == to) {
            return false;
        }
        ret[i] = fw_side_of(from, to - 1);
    }
    const void *of_family = family == FW_FAMILY_BIT6 ? &protos_of_v6 : &protos_of_v4;
    bool known = space->axes[FW_AXIS_proto].sets.n > 0;
    if ((space->families & family) == 0 ||
        (known && !narrow(space, scratch, FW_AXIS_proto, of_family, ret))) {
        return false;
    }
    if (!term) {
        return true;
    }
#define FW_DIM(name, kind, key) \
    if (!narrow(space, scratch, FW_AXIS_##name, term->name, ret)) { \
        return false; \
    }
#include "policy/dims.def"
#undef FW_DIM
    const void *ports = term->sport || term->dport ? &protos_with_ports : NULL;
    const void *icmp = term->icmp ? &protos_with_icmp : NULL;
    const void *flags = term->flags ? &protos_with_flags : NULL;
    return narrow(space, scratch, FW_AXIS_proto, ports, ret) &&
           narrow(space, scratch, FW_AXIS_proto, icmp, ret) &&
           narrow(space, scratch, FW_AXIS_proto, flags, ret);
}

static uint32_t number_at(const struct fw_space *space, enum fw_axis_id id, const uint32_t *ranks)
{
    const struct fw_axis *axis = &space->axes[id];
    if (space->slot[id] < 0) {
        return traits[id].likes[0];
    }
    uint32_t rank = ranks[space->slot[id]];
    uint32_t piece = axis->piece_of ? axis->piece_of[rank] : rank;
    for (unsigned i = 0; i < 4; i++) {
        if (holds(axis, piece, traits[id].likes[i], traits[id].last)) {
            return traits[id].likes[i];
        }
    }
    return axis->starts[piece];
}

/* An address of a piece: one meant for documentation where it can be, else one that no reader takes
 * for a network. */
static fw_ip address_at(const struct fw_space *space, enum fw_axis_id id, const uint32_t *ranks)
{
    const struct fw_axis *axis = &space->axes[id];
    uint32_t piece = space->slot[id] < 0 ? 0 : ranks[space->slot[id]];
    fw_ip lo = axis->ips[piece];
    bool last = piece + 1 == axis->n || axis->ips[piece + 1].family != lo.family;
    fw_ip hi = last ? fw_ip_last((enum fw_family)lo.family) : fw_ip_prev(axis->ips[piece + 1]);
    uint32_t v4 = id == FW_AXIS_src ? UINT32_C(0xc633640a) : UINT32_C(0xcb00710a);
    uint64_t v6 = id == FW_AXIS_src ? 0xa : 0xb;
    fw_ip nice = lo.family == FW_IPV4 ? fw_ip4(v4) : fw_ip6(UINT64_C(0x20010db800000000), v6);
    fw_iprange range = {lo, hi};
    fw_ip second = fw_ip_next(lo);
    return fw_iprange_has(range, nice)                              ? nice
           : fw_iprange_has(range, second) && !fw_ip_eq(second, hi) ? second
                                                                    : lo;
}

void fw_space_packet(const struct fw_space *space, const uint32_t *ranks, struct fw_packet *ret)
{
    *ret = (struct fw_packet){.hook = space->hook};
    ret->src = address_at(space, FW_AXIS_src, ranks);
    ret->dst = address_at(space, FW_AXIS_dst, ranks);
    ret->has_proto = true;
    ret->proto = (uint8_t)number_at(space, FW_AXIS_proto, ranks);
    if (fw_proto_has_ports(ret->proto)) {
        ret->has_sport = true;
        ret->has_dport = true;
        ret->sport = (uint16_t)number_at(space, FW_AXIS_sport, ranks);
        ret->dport = (uint16_t)number_at(space, FW_AXIS_dport, ranks);
    }
    if (ret->proto == FW_PROTO_ICMP || ret->proto == FW_PROTO_ICMP6) {
        uint32_t icmp = number_at(space, FW_AXIS_icmp, ranks);
        bool chosen = space->slot[FW_AXIS_icmp] < 0 && ret->proto == FW_PROTO_ICMP6;
        ret->has_icmp_type = true;
        ret->has_icmp_code = true;
        ret->icmp_type = chosen ? 128 : (uint8_t)(icmp >> 8);
        ret->icmp_code = (uint8_t)icmp;
    }
    if (ret->proto == FW_PROTO_TCP && space->slot[FW_AXIS_flags] >= 0) {
        ret->has_flags = true;
        ret->flags = (uint8_t)number_at(space, FW_AXIS_flags, ranks);
    }
    if (space->slot[FW_AXIS_state] >= 0) {
        ret->has_state = true;
        ret->state = (enum fw_state)number_at(space, FW_AXIS_state, ranks);
    }
    if (space->slot[FW_AXIS_in] >= 0) {
        const struct fw_axis *axis = &space->axes[FW_AXIS_in];
        uint32_t rank = ranks[space->slot[FW_AXIS_in]];
        ret->has_in = true;
        ret->in = axis->names[axis->piece_of ? axis->piece_of[rank] : rank];
    }
    if (space->slot[FW_AXIS_out] >= 0) {
        const struct fw_axis *axis = &space->axes[FW_AXIS_out];
        uint32_t rank = ranks[space->slot[FW_AXIS_out]];
        ret->has_out = true;
        ret->out = axis->names[axis->piece_of ? axis->piece_of[rank] : rank];
    }
}
