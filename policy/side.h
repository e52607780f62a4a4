/*
 * One side of a box: a set of ranks of one dimension. Nearly all are one interval, which is why the
 * hull is kept in the side itself and a list only where there are several. A side is never empty;
 * operations that may leave nothing say so.
 */
#ifndef FW_POLICY_SIDE_H
#define FW_POLICY_SIDE_H

#include <stdbool.h>
#include <stdint.h>

#include "policy/scratch.h"

struct fw_interval {
    uint32_t lo, hi; /* inclusive */
};

struct fw_cells {
    uint32_t n;             /* at least 2 */
    struct fw_interval v[]; /* sorted, disjoint, not adjacent */
};

struct fw_side {
    uint32_t lo, hi;              /* hull, inclusive */
    const struct fw_cells *cells; /* NULL: the whole hull */
};

static inline struct fw_side fw_side_of(uint32_t lo, uint32_t hi)
{
    return (struct fw_side){lo, hi, NULL};
}

/* From intervals in any order, merged in place; false when there is none. The cells are allocated
 * by `alloc` from `memory` (an arena or a scratch). */
bool fw_side_make(struct fw_interval *v, size_t n, void *(*alloc)(void *memory, size_t size),
                  void *memory, struct fw_side *ret);

bool fw_side_has_slow(const struct fw_side *side, uint32_t rank);
bool fw_side_overlaps_slow(const struct fw_side *a, const struct fw_side *b);
bool fw_side_contains_slow(const struct fw_side *a, const struct fw_side *b);

static inline bool fw_side_has(const struct fw_side *side, uint32_t rank)
{
    return rank >= side->lo && rank <= side->hi && (!side->cells || fw_side_has_slow(side, rank));
}

static inline bool fw_side_overlaps(const struct fw_side *a, const struct fw_side *b)
{
    return a->lo <= b->hi && b->lo <= a->hi &&
           ((!a->cells && !b->cells) || fw_side_overlaps_slow(a, b));
}

/* a contains all of b */
static inline bool fw_side_contains(const struct fw_side *a, const struct fw_side *b)
{
    return a->lo <= b->lo && b->hi <= a->hi && (!a->cells || fw_side_contains_slow(a, b));
}

/* Both may leave nothing: false. */
bool fw_side_intersect(struct fw_scratch *scratch, const struct fw_side *a, const struct fw_side *b,
                       struct fw_side *ret);
bool fw_side_minus(struct fw_scratch *scratch, const struct fw_side *a, const struct fw_side *b,
                   struct fw_side *ret);
uint64_t fw_side_size(const struct fw_side *side);
/* The rank with `index` ranks before it in the side. */
uint32_t fw_side_at(const struct fw_side *side, uint64_t index);
/* The intervals of a side, also of one without cells. */
uint32_t fw_side_intervals(const struct fw_side *side, const struct fw_interval **ret,
                           struct fw_interval *room);
void *fw_side_alloc_arena(void *arena, size_t size);
void *fw_side_alloc_scratch(void *scratch, size_t size);

#endif
