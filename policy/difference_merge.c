/*
 * Fewer boxes for the same packets: pieces of the same fates that differ in one dimension only are
 * one piece, and so are two that differ in whether something unknown holds. The families come last:
 * no packet has addresses of both, so the IPv4 and the IPv6 part of one change can share a box.
 */
#include "policy/difference_impl.h"

#include <stdlib.h>
#include <string.h>

struct keyed {
    uint64_t hash;
    size_t index;
    uint32_t literal; /* the one that is left out */
};

struct merging {
    struct fw_arena *arena;
    const struct fw_space *space;
    unsigned n;
    struct fw_piece_list *list;
    struct keyed *keys;
    bool *gone;
};

static uint64_t mix(uint64_t hash, uint64_t value)
{
    hash ^= value;
    hash *= UINT64_C(0x9e3779b97f4a7c15);
    return hash ^ hash >> 29;
}

static uint64_t hash_side(uint64_t hash, const struct fw_side *side)
{
    struct fw_interval room;
    const struct fw_interval *v;
    uint32_t n = fw_side_intervals(side, &v, &room);
    for (uint32_t i = 0; i < n; i++) {
        hash = mix(hash, (uint64_t)v[i].lo << 32 | v[i].hi);
    }
    return mix(hash, n);
}

/* Of everything but the dimensions of `without` (bits) and one literal. */
static uint64_t hash_piece(const struct merging *m, const struct fw_piece *piece, unsigned without,
                           uint32_t literal)
{
    uint64_t hash = mix(piece->fates[0], piece->fates[1]);
    for (unsigned i = 0; i < m->n; i++) {
        if ((without >> i & 1) == 0) {
            hash = hash_side(hash, &piece->sides[i]);
        }
    }
    for (uint32_t i = 0; i < piece->nliterals; i++) {
        if (piece->literals[i] != literal) {
            hash = mix(hash, piece->literals[i]);
        }
    }
    return hash;
}

static bool same_side(const struct fw_side *a, const struct fw_side *b)
{
    return a->lo == b->lo && a->hi == b->hi && fw_side_contains(a, b) && fw_side_contains(b, a);
}

static bool same_sides(const struct merging *m, const struct fw_piece *a, const struct fw_piece *b,
                       unsigned without)
{
    for (unsigned i = 0; i < m->n; i++) {
        if ((without >> i & 1) == 0 && !same_side(&a->sides[i], &b->sides[i])) {
            return false;
        }
    }
    return a->fates[0] == b->fates[0] && a->fates[1] == b->fates[1];
}

static bool same_literals(const struct fw_piece *a, const struct fw_piece *b)
{
    return a->nliterals == b->nliterals &&
           fw_literals_include(a->literals, a->nliterals, b->literals, b->nliterals);
}

static int by_key(const void *left, const void *right)
{
    const struct keyed *a = left;
    const struct keyed *b = right;
    if (a->hash != b->hash) {
        return a->hash < b->hash ? -1 : 1;
    }
    return (a->index > b->index) - (a->index < b->index);
}

static void join_sides(const struct merging *m, struct fw_piece *to, const struct fw_piece *from,
                       unsigned axis)
{
    struct fw_interval rooms[2];
    const struct fw_interval *parts[2];
    uint32_t n[2] = {fw_side_intervals(&to->sides[axis], &parts[0], &rooms[0]),
                     fw_side_intervals(&from->sides[axis], &parts[1], &rooms[1])};
    struct fw_interval *v = fw_new_array(m->arena, (size_t)n[0] + n[1], struct fw_interval);
    memcpy(v, parts[0], n[0] * sizeof(*v));
    memcpy(v + n[0], parts[1], n[1] * sizeof(*v));
    fw_side_make(v, (size_t)n[0] + n[1], fw_side_alloc_arena, m->arena, &to->sides[axis]);
}

/* Forgets the pieces that went into others; the order stays. */
static bool close_gaps(struct merging *m)
{
    size_t kept = 0;
    size_t before = m->list->n;
    for (size_t i = 0; i < before; i++) {
        if (!m->gone[i]) {
            m->list->v[kept++] = m->list->v[i];
        }
    }
    m->list->n = kept;
    memset(m->gone, 0, before * sizeof(*m->gone));
    return kept < before;
}

static bool merge_axis(struct merging *m, unsigned axis)
{
    struct fw_piece_list *list = m->list;
    size_t n = 0;
    for (size_t i = 0; i < list->n; i++) {
        if (!list->v[i].vague) {
            uint64_t hash = hash_piece(m, &list->v[i], 1u << axis, UINT32_MAX);
            m->keys[n++] = (struct keyed){hash, i, 0};
        }
    }
    qsort(m->keys, n, sizeof(*m->keys), by_key);
    size_t first = 0;
    for (size_t i = 1; i < n; i++) {
        struct fw_piece *to = &list->v[m->keys[first].index];
        const struct fw_piece *from = &list->v[m->keys[i].index];
        if (m->keys[i].hash == m->keys[first].hash && same_sides(m, to, from, 1u << axis) &&
            same_literals(to, from)) {
            join_sides(m, to, from, axis);
            m->gone[m->keys[i].index] = true;
        } else {
            first = i;
        }
    }
    return close_gaps(m);
}

static bool opposite(const struct keyed *a, const struct keyed *b, const struct fw_piece *p,
                     const struct fw_piece *q)
{
    if (a->literal != (b->literal ^ 1) || p->nliterals != q->nliterals) {
        return false;
    }
    for (uint32_t i = 0; i < p->nliterals; i++) {
        uint32_t here = p->literals[i];
        if (here != a->literal && !fw_literals_include(q->literals, q->nliterals, &here, 1)) {
            return false;
        }
    }
    return true;
}

static bool merge_literals(struct merging *m)
{
    struct fw_piece_list *list = m->list;
    size_t total = 0;
    for (size_t i = 0; i < list->n; i++) {
        total += list->v[i].nliterals;
    }
    struct keyed *keys = fw_new_array(m->arena, total + 1, struct keyed);
    size_t n = 0;
    for (size_t i = 0; i < list->n; i++) {
        const struct fw_piece *piece = &list->v[i];
        for (uint32_t k = 0; k < piece->nliterals && !piece->vague; k++) {
            uint64_t hash = hash_piece(m, piece, 0, piece->literals[k]);
            hash = mix(hash, piece->literals[k] >> 1);
            keys[n++] = (struct keyed){hash, i, piece->literals[k]};
        }
    }
    qsort(keys, n, sizeof(*keys), by_key);
    bool *used = fw_new_array(m->arena, list->n + 1, bool);
    for (size_t i = 0; i + 1 < n; i++) {
        const struct keyed *a = &keys[i];
        const struct keyed *b = &keys[i + 1];
        struct fw_piece *to = &list->v[a->index];
        const struct fw_piece *from = &list->v[b->index];
        if (a->hash != b->hash || used[a->index] || used[b->index] || !opposite(a, b, to, from) ||
            !same_sides(m, to, from, 0)) {
            continue;
        }
        uint32_t *left = fw_new_array(m->arena, to->nliterals, uint32_t);
        uint32_t kept = 0;
        for (uint32_t k = 0; k < to->nliterals; k++) {
            if (to->literals[k] != a->literal) {
                left[kept++] = to->literals[k];
            }
        }
        to->literals = left;
        to->nliterals = kept;
        used[a->index] = used[b->index] = true;
        m->gone[b->index] = true;
    }
    return close_gaps(m);
}

/* What the two families share in a box: each side is all of its family in both or in neither, and
 * the protocols together give each family its own back. */
static bool fits(const struct merging *m, const struct fw_piece *four, const struct fw_piece *six,
                 const struct fw_side *const whole[2])
{
    const struct fw_space *space = m->space;
    for (int id = FW_AXIS_src; id <= FW_AXIS_dst; id++) {
        int slot = space->slot[id];
        if (slot < 0 || same_side(&four->sides[slot], &whole[0][slot]) !=
                            same_side(&six->sides[slot], &whole[1][slot])) {
            return false;
        }
    }
    int slot = space->slot[FW_AXIS_proto];
    if (slot < 0) {
        return true;
    }
    struct fw_side all = four->sides[slot];
    struct fw_piece joined = {.sides = &all};
    struct merging of_one = *m;
    struct fw_piece only = {.sides = (struct fw_side[1]){six->sides[slot]}};
    join_sides(&of_one, &joined, &only, 0);
    struct fw_scratch scratch;
    struct fw_guard guard;
    bool same = false;
    fw_scratch_init(&scratch, 1 << 20);
    scratch.guard = &guard;
    if (setjmp(guard.jump) == 0) {
        struct fw_side of_four;
        struct fw_side of_six;
        same = fw_side_intersect(&scratch, &all, &whole[0][slot], &of_four) &&
               fw_side_intersect(&scratch, &all, &whole[1][slot], &of_six) &&
               same_side(&of_four, &four->sides[slot]) && same_side(&of_six, &six->sides[slot]);
    }
    fw_scratch_clear(&scratch);
    return same;
}

/* Within a run of equal keys. */
static void join_families(struct merging *m, size_t from, size_t to,
                          const struct fw_side *const whole[2], unsigned without)
{
    const struct fw_space *space = m->space;
    struct fw_piece *v = m->list->v;
    int src = space->slot[FW_AXIS_src];
    uint32_t first6 = space->axes[FW_AXIS_src].first6;
    for (size_t i = from; i < to; i++) {
        struct fw_piece *four = &v[m->keys[i].index];
        bool done = four->sides[src].lo >= first6;
        for (size_t k = from; k < to && !done; k++) {
            struct fw_piece *six = &v[m->keys[k].index];
            if (six->sides[src].lo < first6 || m->gone[m->keys[k].index] ||
                !same_sides(m, four, six, without) || !same_literals(four, six) ||
                !fits(m, four, six, whole)) {
                continue;
            }
            struct fw_side *alone = fw_new_array(m->arena, m->n + 1, struct fw_side);
            memcpy(alone, four->sides, m->n * sizeof(*alone));
            four->of_one = alone;
            for (unsigned axis = 0; axis < m->n; axis++) {
                if ((without >> axis & 1) != 0) {
                    join_sides(m, four, six, axis);
                }
            }
            m->gone[m->keys[k].index] = true;
            done = true;
        }
    }
}

static void merge_families(struct merging *m)
{
    const struct fw_space *space = m->space;
    struct fw_piece_list *list = m->list;
    struct fw_side *whole[2];
    struct fw_scratch scratch;
    struct fw_guard guard;
    int src = space->slot[FW_AXIS_src];
    int dst = space->slot[FW_AXIS_dst];
    int proto = space->slot[FW_AXIS_proto];
    if (src < 0 || dst < 0 || space->families != FW_FAMILY_BOTH) {
        return;
    }
    whole[0] = fw_new_array(m->arena, m->n + 1, struct fw_side);
    whole[1] = fw_new_array(m->arena, m->n + 1, struct fw_side);
    fw_scratch_init(&scratch, 1 << 20);
    scratch.guard = &guard;
    bool known = setjmp(guard.jump) == 0 &&
                 fw_space_box(space, &scratch, NULL, FW_FAMILY_BIT4, whole[0]) &&
                 fw_space_box(space, &scratch, NULL, FW_FAMILY_BIT6, whole[1]);
    unsigned without = 1u << src | 1u << dst | (proto >= 0 ? 1u << proto : 0);
    size_t n = 0;
    for (size_t i = 0; i < list->n && known; i++) {
        if (!list->v[i].vague) {
            uint64_t hash = hash_piece(m, &list->v[i], without, UINT32_MAX);
            m->keys[n++] = (struct keyed){hash, i, 0};
        }
    }
    qsort(m->keys, n, sizeof(*m->keys), by_key);
    const struct fw_side *const all[2] = {whole[0], whole[1]};
    for (size_t from = 0; from < n;) {
        size_t to = from;
        while (to < n && m->keys[to].hash == m->keys[from].hash) {
            to++;
        }
        join_families(m, from, to, all, without);
        from = to;
    }
    fw_scratch_clear(&scratch);
    close_gaps(m);
}

void fw_pieces_merge(struct fw_arena *arena, const struct fw_space *space,
                     struct fw_piece_list *list)
{
    struct merging m = {.arena = arena, .space = space, .n = space->n, .list = list};
    m.keys = fw_new_array(arena, list->n + 1, struct keyed);
    m.gone = fw_new_array(arena, list->n + 1, bool);
    bool merged = list->n > 1;
    while (merged) {
        merged = merge_literals(&m);
        for (unsigned axis = m.n; axis > 0; axis--) {
            merged = merge_axis(&m, axis - 1) || merged;
        }
    }
    if (list->n > 1) {
        merge_families(&m);
    }
}
