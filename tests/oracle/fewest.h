/*
 * How few boxes would do? The exact minimum by search, for comparisons of few boxes and without
 * unknowns: packets that fare otherwise in one way are spread over boxes, one by one, and no box
 * may hold a packet that does not, nor one of another box. Any set of interfaces counts as one
 * here, though it may take several boxes to write down, so that the minimum is a lower bound.
 */
#ifndef FW_TESTS_ORACLE_FEWEST_H
#define FW_TESTS_ORACLE_FEWEST_H

#include "policy/difference.h"
#include "tests/oracle/brute.h"

struct fewest_tally {
    uint64_t changes;    /* (policy, fate before, fate after) with 1 to MOST boxes */
    uint64_t one;        /* of them, with one box */
    uint64_t fewest;     /* of the others: fewer cannot do */
    uint64_t more;       /* fewer would do */
    uint64_t named;      /* of them, where boxes name interfaces */
    uint64_t unknown;    /* the search took too long */
    uint64_t boxes, due; /* of all that are known: reported, and the minimum */
};

/* verdicts: two for each packet of the universe, as walk() gives them. */
void fewest_count(struct fw_arena *arena, const struct universe *universe, const int (*verdicts)[2],
                  const struct fw_difference *difference, struct fewest_tally *tally);

#endif
