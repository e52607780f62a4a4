/* The part of the packet space that a checker of certificates has at hand: lists of ranks for each
 * dimension, cut smaller and smaller. Sets of its own, so that a fault in the engine's is no fault
 * here. */
#include "policy/checker_impl.h"

static size_t ranks_of(const struct fw_side *side, struct fw_interval *room,
                       const struct fw_interval **ret)
{
    *room = (struct fw_interval){side->lo, side->hi};
    *ret = side->cells ? side->cells->v : room;
    return side->cells ? side->cells->n : 1;
}

static void add_ranks(struct fw_checking *c, uint32_t lo, uint32_t hi)
{
    c->pool = fw_arena_push(c->arena, c->pool, c->npool, sizeof(*c->pool));
    c->pool[c->npool++] = (struct fw_interval){lo, hi};
}

bool fw_part_narrow(struct fw_checking *c, unsigned axis, const struct fw_side *side, bool inside)
{
    struct fw_interval room;
    const struct fw_interval *v;
    size_t n = ranks_of(side, &room, &v);
    size_t from = c->npool;
    for (size_t i = 0; i < c->part[axis].n; i++) {
        struct fw_interval here = c->pool[c->part[axis].from + i];
        uint64_t next = here.lo; /* ranks before are dealt with */
        for (size_t k = 0; k < n && v[k].lo <= here.hi; k++) {
            uint32_t lo = v[k].lo > here.lo ? v[k].lo : here.lo;
            uint32_t hi = v[k].hi < here.hi ? v[k].hi : here.hi;
            if (lo > hi) {
                continue;
            }
            if (inside) {
                add_ranks(c, lo, hi);
            } else if (next < lo) {
                add_ranks(c, (uint32_t)next, lo - 1);
            }
            next = (uint64_t)hi + 1;
        }
        if (!inside && next <= here.hi) {
            add_ranks(c, (uint32_t)next, here.hi);
        }
    }
    c->part[axis].from = from;
    c->part[axis].n = c->npool - from;
    return c->npool > from;
}

enum fw_share fw_part_share(const struct fw_checking *c, const struct fw_box *box)
{
    enum fw_share all = FW_SHARE_ALL;
    for (unsigned axis = 0; axis < c->program->space.n; axis++) {
        struct fw_interval room;
        const struct fw_interval *v;
        size_t n = ranks_of(&box->sides[axis], &room, &v);
        size_t k = 0;
        bool some = false;
        for (size_t i = 0; i < c->part[axis].n; i++) {
            struct fw_interval here = c->pool[c->part[axis].from + i];
            while (k < n && v[k].hi < here.lo) {
                k++;
            }
            some = some || (k < n && v[k].lo <= here.hi);
            all = k < n && v[k].lo <= here.lo && here.hi <= v[k].hi ? all : FW_SHARE_SOME;
        }
        if (!some) {
            return FW_SHARE_NONE;
        }
    }
    for (uint32_t i = 0; i < box->nliterals; i++) {
        int wanted = (box->literals[i] & 1) != 0 ? -1 : 1;
        int given = c->given[box->literals[i] >> 1];
        if (given == -wanted) {
            return FW_SHARE_NONE;
        }
        all = given == wanted ? all : FW_SHARE_SOME;
    }
    return all;
}

void fw_part_begin(struct fw_checking *c)
{
    const struct fw_box *box = c->claim->box;
    c->given = fw_new_array(c->arena, (size_t)c->program->nvariables + 1, signed char);
    for (uint32_t i = 0; i < box->nliterals; i++) {
        c->given[box->literals[i] >> 1] = (box->literals[i] & 1) != 0 ? -1 : 1;
    }
    for (unsigned axis = 0; axis < c->program->space.n; axis++) {
        struct fw_interval room;
        const struct fw_interval *v;
        c->part[axis].from = c->npool;
        c->part[axis].n = ranks_of(&box->sides[axis], &room, &v);
        for (size_t i = 0; i < c->part[axis].n; i++) {
            add_ranks(c, v[i].lo, v[i].hi);
        }
    }
}
