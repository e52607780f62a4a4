/* What the files of the checker of certificates share: the part of the packet space at hand, and
 * where packets of it go. checker.c is the argument; it rests on nothing else. */
#ifndef FW_POLICY_CHECKER_IMPL_H
#define FW_POLICY_CHECKER_IMPL_H

#include "policy/certificate.h"

struct fw_checking {
    const struct fw_checker *checker;
    const struct fw_program *program;
    const struct fw_claim *claim;
    const struct fw_certificate *certificate;
    size_t step; /* the next one */
    unsigned depth;
    struct fw_arena *arena;
    struct fw_interval *pool; /* the part at hand: ranks of each dimension */
    size_t npool;
    struct {
        size_t from, n;
    } part[FW_AXIS_COUNT];
    signed char *given; /* by variable: 1 true, -1 false, 0 either */
    uint32_t *near;     /* boxes that may take packets elsewhere, by item */
    size_t nnear;
};

/* checker_part.c: sets of its own. */

enum fw_share { FW_SHARE_NONE, FW_SHARE_SOME, FW_SHARE_ALL };

/* The part is all of the claim's box. */
void fw_part_begin(struct fw_checking *c);
/* Leaves of one dimension what is inside a side, or outside. False: nothing. */
bool fw_part_narrow(struct fw_checking *c, unsigned axis, const struct fw_side *side, bool inside);
/* How much of the part is in the box? SOME: perhaps. */
enum fw_share fw_part_share(const struct fw_checking *c, const struct fw_box *box);

/* checker_way.c: returns, jumps, and what a jump takes along. */

/* Which boxes matter to where packets of the part go; the part is all of the claim's box. */
void fw_way_begin(struct fw_checking *c);
/* Is the item gone when the rule is removed? With a jump goes what it leads to. */
bool fw_way_is_gone(const struct fw_checking *c, uint32_t item);
/* Is some of the part led past `at`, before it comes there, but not past `item`? */
bool fw_way_leads_past(const struct fw_checking *c, uint32_t at, uint32_t item);
/* From an item on to another: is none of the part led past it, or decided on the way, unless as
 * `action`? `without` the rule. */
bool fw_way_is_clear(const struct fw_checking *c, uint32_t from, uint32_t to, bool without,
                     const enum fw_action *action);

/* Where packets go on after the item: with the rule, without it, and where both ways meet. */
struct fw_ways {
    uint32_t with, without, meet;
};

struct fw_ways fw_ways_on(const struct fw_checking *c);

#endif
