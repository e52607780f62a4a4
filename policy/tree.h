/*
 * The index over a program's boxes: which one matches a packet first, contains a region, overlaps
 * it. Trees of bounding volumes, one for each wideness class (which sides of a box are wide),
 * because a few wide boxes among narrow ones would spoil every volume; nodes know the least item
 * below them, so that "the first" prunes.
 */
#ifndef FW_POLICY_TREE_H
#define FW_POLICY_TREE_H

#include "core/arena.h"
#include "policy/region.h"

struct fw_tree_node {
    uint32_t least, most; /* items below */
    uint32_t first;       /* leaf: place in `order`; inner: the second child (the first follows) */
    uint32_t count;       /* leaf: boxes; inner: 0 */
};

struct fw_tree {
    unsigned n; /* dimensions */
    uint32_t nroots;
    uint32_t *roots; /* by least item */
    uint32_t nnodes;
    struct fw_tree_node *nodes;
    uint32_t *hulls; /* lo, hi for each dimension of each node */
    const struct fw_box **order;
};

/* Over the items that decide, may decide, or skip something. */
void fw_tree_build(struct fw_tree *tree, struct fw_arena *arena, const struct fw_program *program);

/* Further conditions of a search; asked last. */
typedef bool fw_tree_accept(void *context, const struct fw_box *box);

/* The box of the least item in [from, to) that has the packet; NULL: none. */
const struct fw_box *fw_tree_first(const struct fw_tree *tree, const uint32_t *ranks,
                                   const bool *truth, uint32_t from, uint32_t to,
                                   fw_tree_accept *accept, void *context);
/* ... that contains the whole region. */
const struct fw_box *fw_tree_container(const struct fw_tree *tree, const struct fw_region *region,
                                       uint32_t from, uint32_t to, fw_tree_accept *accept,
                                       void *context);
/* ... that overlaps the region. */
const struct fw_box *fw_tree_overlap(const struct fw_tree *tree, const struct fw_region *region,
                                     uint32_t from, uint32_t to, fw_tree_accept *accept,
                                     void *context);
/* All that overlap, in no useful order (but always the same), until visit returns false. */
void fw_tree_visit(const struct fw_tree *tree, const struct fw_region *region, uint32_t from,
                   uint32_t to, fw_tree_accept *visit, void *context);

#endif
