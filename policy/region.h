/*
 * Regions: a product of sides with the literals that are given. Boxes of a program are regions that
 * belong to an item; both are compared here.
 */
#ifndef FW_POLICY_REGION_H
#define FW_POLICY_REGION_H

#include "policy/program.h"
#include "policy/side.h"

struct fw_region {
    const struct fw_side *sides;
    const uint32_t *literals; /* sorted */
    uint32_t nliterals;
};

/* One packet: a rank in every dimension, and which variables are true. */
struct fw_point {
    uint32_t *ranks;
    bool *truth;
};

static inline struct fw_region fw_region_of(const struct fw_box *box)
{
    return (struct fw_region){box->sides, box->literals, box->nliterals};
}

/* No variable is true in one and false in the other. */
bool fw_literals_agree(const uint32_t *a, uint32_t na, const uint32_t *b, uint32_t nb);
/* Every literal of b is in a. */
bool fw_literals_include(const uint32_t *a, uint32_t na, const uint32_t *b, uint32_t nb);

static inline bool fw_box_overlaps(const struct fw_box *box, const struct fw_region *region,
                                   unsigned n)
{
    for (unsigned i = 0; i < n; i++) {
        if (!fw_side_overlaps(&box->sides[i], &region->sides[i])) {
            return false;
        }
    }
    return box->nliterals == 0 || region->nliterals == 0 ||
           fw_literals_agree(box->literals, box->nliterals, region->literals, region->nliterals);
}

static inline bool fw_box_contains(const struct fw_box *box, const struct fw_region *region,
                                   unsigned n)
{
    for (unsigned i = 0; i < n; i++) {
        if (!fw_side_contains(&box->sides[i], &region->sides[i])) {
            return false;
        }
    }
    return box->nliterals == 0 ||
           fw_literals_include(region->literals, region->nliterals, box->literals, box->nliterals);
}

/* Literals are looked at only when truth is given. */
static inline bool fw_box_has(const struct fw_box *box, const uint32_t *ranks, const bool *truth,
                              unsigned n)
{
    for (unsigned i = 0; i < n; i++) {
        if (!fw_side_has(&box->sides[i], ranks[i])) {
            return false;
        }
    }
    for (uint32_t i = 0; truth && i < box->nliterals; i++) {
        if (truth[box->literals[i] >> 1] == (box->literals[i] & 1)) {
            return false;
        }
    }
    return true;
}

/* Both at once; false when nothing is in both. Sides and literals are allocated. */
bool fw_region_meet(struct fw_scratch *scratch, const struct fw_region *a,
                    const struct fw_region *b, unsigned n, struct fw_region *ret);
/* A region with one more literal, which it must not have yet, nor its opposite. */
struct fw_region fw_region_assume(struct fw_scratch *scratch, const struct fw_region *region,
                                  uint32_t literal);

#endif
