/* What the files of the comparison share: which items of two programs are the same, the pieces that
 * are left, and how they are put together. */
#ifndef FW_POLICY_DIFFERENCE_IMPL_H
#define FW_POLICY_DIFFERENCE_IMPL_H

#include "policy/difference.h"
#include "policy/program.h"
#include "policy/tree.h"

/* Of two programs, which items stand in both in the same order with the same boxes. */
struct fw_alignment {
    bool *changed[2]; /* by item: it has a say, and no counterpart */
};

void fw_twins_align(struct fw_arena *arena, const struct fw_twins *twins, struct fw_alignment *ret);

/* Packets that fare otherwise: the fates of the boxes' items. */
struct fw_piece {
    struct fw_side *sides;
    const struct fw_side *of_one; /* of both families: the sides of one; where a witness is */
    const uint32_t *literals;
    uint32_t nliterals;
    uint32_t fates[2];
    bool vague; /* only some of its packets: those of `of_one` for sure */
};

struct fw_piece_list {
    size_t n;
    struct fw_piece *v;
};

struct fw_comparison {
    struct fw_arena *arena; /* of the pieces */
    struct fw_twins *twins;
    struct fw_alignment alignment;
    struct fw_tree trees[2];
    bool indexed;
    struct fw_scratch scratch;
    struct fw_guard guard;
    unsigned n;             /* dimensions */
    uint64_t work, allowed; /* of the root */
    uint64_t full, pool;    /* what a root may use at most; what all of them have left */
    bool gave_up;
    struct fw_piece_list pieces;
    /* the root that is looked at */
    size_t side; /* whose item it is */
    uint32_t item;
    const struct fw_box *box;
    size_t nlooked; /* boxes of changed skips that were looked at before */
    const struct fw_box **looked;
};

/* Everything up to the merged pieces; nothing when a program is too large. */
void fw_comparison_run(struct fw_comparison *c, const struct fw_ruleset *const rulesets[2],
                       const struct fw_policy *const policies[2]);

/* Decides, may decide, or skips what does. */
static inline bool fw_item_decides(const struct fw_item *item)
{
    return item->op == FW_OP_DECIDE || item->op == FW_OP_UNKNOWN ||
           (item->op == FW_OP_SKIP && !item->harmless);
}

/* Puts pieces together where that leaves a product; vague ones stay as they are. */
void fw_pieces_merge(struct fw_arena *arena, const struct fw_space *space,
                     struct fw_piece_list *list);

/* The sets behind the ranks of a box, except names. */
void fw_space_term(const struct fw_space *space, struct fw_arena *arena,
                   const struct fw_side *sides, struct fw_term *ret);
/* The names behind the ranks of one side, as one or more expressions that together are the side. */
size_t fw_space_names_of(const struct fw_space *space, struct fw_arena *arena, enum fw_axis_id id,
                         const struct fw_side *sides, struct fw_names **ret);

#endif
