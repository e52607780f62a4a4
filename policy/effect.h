/*
 * The effective space of a rule: what it really decides, which is what it matches less everything
 * that other rules take before a packet can come to it, as disjoint boxes. Exact, or within bounds
 * that say why: a piece with a doubt might not be decided here, the others surely are. All pieces
 * together are the upper bound, those without doubt the lower one.
 */
#ifndef FW_POLICY_EFFECT_H
#define FW_POLICY_EFFECT_H

#include "policy/tree.h"

/* Why a piece is not sure; bits. */
enum {
    FW_DOUBT_VARIES =
        1, /* a rate limit, a schedule, a mark: lets some packets through, or at times */
    FW_DOUBT_OUTSIDE = 2, /* a list kept elsewhere, or a target that is not modelled */
    FW_DOUBT_BUDGET = 4,  /* not taken apart to the end */
    FW_DOUBT_PATH = 8,    /* something else on the packet's way has a say too */
};

struct fw_effect_piece {
    struct fw_region region;
    unsigned doubt;
    uint32_t label; /* the caller's */
};

struct fw_effect_task; /* a region that is not taken apart yet */

struct fw_effect {
    const struct fw_program *program;
    const struct fw_tree *tree;
    struct fw_scratch *scratch; /* holds the pieces */
    uint64_t allowed;           /* box comparisons for one item */
    size_t most;                /* pieces of one item */
    uint64_t work;
    uint64_t total; /* of all items so far: FW_LIMIT_EFFECT_TOTAL ends long searches */
    size_t n, room;
    struct fw_effect_piece *v;
    bool cut; /* the budget was used up */
    size_t ntasks, tasks_room;
    struct fw_effect_task *tasks;
    size_t nway, way_room;
    const struct fw_box **way; /* what stands in the way */
};

void fw_effect_init(struct fw_effect *effect, const struct fw_program *program,
                    const struct fw_tree *tree, struct fw_scratch *scratch);
void fw_effect_clear(struct fw_effect *effect);
/* Forgets the pieces of the item before; the caller releases the scratch. */
void fw_effect_begin(struct fw_effect *effect);
/* Adds the pieces of the region, a part of box number `box` of the item, that come to the item and
 * that no earlier box of the same item has: the boxes of an item are added in order. Literals of
 * `given` hold for all packets in question. */
void fw_effect_add(struct fw_effect *effect, uint32_t item, uint32_t box,
                   const struct fw_region *region, const struct fw_region *given, uint32_t label);
/* Takes apart by a box that is no rule's: the parts of `region` outside of `box`, as pieces. False:
 * there are too many. For making boxes disjoint that overlap. */
bool fw_effect_subtract(struct fw_effect *effect, size_t first, const struct fw_side *box);

#endif
