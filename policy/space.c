/* How a packet space is cut into ranks, and which packets it holds. */
#include "policy/space.h"

#include <assert.h>
#include <stdlib.h>

#include "core/proto.h"
#include "policy/space_impl.h"

/* Up to this much work is spent on finding pieces that all rules treat alike. */
enum { REFINE_WORK = 1 << 26 };

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
            if ((fw_ip_family_bit(set->v[i].lo) & space->families) == 0) {
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
    if (fw_axis_traits[id].kind == FW_AXIS_KIND_IP) {
        const struct fw_ipset *ips = set;
        for (size_t i = 0; i < ips->n; i++) {
            if ((fw_ip_family_bit(ips->v[i].lo) & space->families) != 0) {
                room[n++] = (struct fw_interval){fw_axis_find_ip(axis, ips->v[i].lo),
                                                 fw_axis_find_ip(axis, ips->v[i].hi)};
            }
        }
    } else if (fw_axis_traits[id].kind == FW_AXIS_KIND_NUM) {
        const struct fw_numset *nums = set;
        uint32_t last = fw_axis_traits[id].last;
        for (size_t i = 0; i < nums->n && nums->v[i].lo <= last; i++) {
            uint32_t hi = nums->v[i].hi < last ? nums->v[i].hi : last;
            room[n++] = (struct fw_interval){fw_axis_find_num(axis, nums->v[i].lo),
                                             fw_axis_find_num(axis, hi)};
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
    size_t max = fw_axis_traits[id].ordered ? 1 : axis->n;
    for (size_t s = 0; s < axis->sets.n; s++) {
        size_t n = fw_axis_traits[id].kind == FW_AXIS_KIND_IP
                       ? ((const struct fw_ipset *)axis->sets.v[s])->n
                   : fw_axis_traits[id].kind == FW_AXIS_KIND_NUM
                       ? ((const struct fw_numset *)axis->sets.v[s])->n
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
        switch (fw_axis_traits[id].kind) {
        case FW_AXIS_KIND_IP:
            cut_ips(space, axis);
            break;
        case FW_AXIS_KIND_NUM:
            cut_nums(space, axis, fw_axis_traits[id].last);
            break;
        case FW_AXIS_KIND_NAME:
            fw_space_cut_names(space->arena, space->hook, id == FW_AXIS_in, axis);
            break;
        }
        axis->ranks = axis->n;
        if (!fw_axis_traits[id].ordered) {
            refine(space, (enum fw_axis_id)id);
            if (axis->rank_of) {
                fw_space_choose_pieces(space, (enum fw_axis_id)id);
            }
        }
        make_sides(space, (enum fw_axis_id)id);
        bool use = axis->ranks > 1 || axis->sets.n > 0;
        space->slot[id] = use ? (int)space->n : -1;
        if (use) {
            space->used[space->n++] = (enum fw_axis_id)id;
            fw_space_find_likes(space, (enum fw_axis_id)id);
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
        bool address = fw_axis_traits[space->used[i]].kind == FW_AXIS_KIND_IP;
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
