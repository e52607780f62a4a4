/*
 * The index over a program's boxes: which one matches a packet first, contains a region, overlaps
 * it. Trees of bounding volumes, eight children to a node, one tree for each kind of item and
 * wideness class (which sides of a box are wide), because a few wide boxes among narrow ones would
 * spoil every volume; nodes know the least item below them, so that "the first" prunes.
 */
#ifndef FW_POLICY_TREE_H
#define FW_POLICY_TREE_H

#include "core/arena.h"
#include "policy/region.h"

/* What an item is to a search: its place in a mask. */
enum fw_kind {
    FW_KIND_PERMIT,
    FW_KIND_DENY,
    FW_KIND_REJECT,
    FW_KIND_UNKNOWN,
    FW_KIND_SKIP,
    FW_KIND_COUNT
};

enum {
    FW_KINDS_DECIDE = 1 << FW_KIND_PERMIT | 1 << FW_KIND_DENY | 1 << FW_KIND_REJECT,
    FW_KINDS_ALL = (1 << FW_KIND_COUNT) - 1,
};

struct fw_tree {
    const struct fw_program *program;
    unsigned n;      /* dimensions */
    uint32_t stride; /* words of a node */
    uint32_t nnodes; /* see tree.c for what is in one */
    int32_t *nodes;
    uint32_t tops[FW_KIND_COUNT], ntops[FW_KIND_COUNT]; /* the nodes where searches start */
};

/* The mask of the kind of what decides so; 0 for what does not decide. */
unsigned fw_kinds_of(enum fw_action action);

/* Over the items that decide, may decide, or skip something. The scratch is given back. */
void fw_tree_build(struct fw_tree *tree, struct fw_arena *arena, struct fw_scratch *scratch,
                   const struct fw_program *program);

typedef bool fw_tree_accept(void *context, const struct fw_box *box);

/* What boxes a search is about. */
struct fw_search {
    uint32_t from, to;      /* items in [from, to) */
    unsigned kinds;         /* mask */
    fw_tree_accept *accept; /* further conditions, asked last; NULL: none */
    void *context;
};

/* The box of the least item that has the packet; NULL: none. Literals are looked at only when truth
 * is given. */
const struct fw_box *fw_tree_first(const struct fw_tree *tree, const uint32_t *ranks,
                                   const bool *truth, const struct fw_search *search);
/* ... that contains the whole region. */
const struct fw_box *fw_tree_container(const struct fw_tree *tree, const struct fw_region *region,
                                       const struct fw_search *search);
/* ... that overlaps the region. */
const struct fw_box *fw_tree_overlap(const struct fw_tree *tree, const struct fw_region *region,
                                     const struct fw_search *search);
/* All that overlap, in no useful order (but always the same), until accept returns false. */
void fw_tree_visit(const struct fw_tree *tree, const struct fw_region *region,
                   const struct fw_search *search);

/* All items that are indexed, neighbours in the packet space next to each other; again for each of
 * their boxes. */
void fw_tree_each_item(const struct fw_tree *tree, void (*each)(void *context, uint32_t item),
                       void *context);

#endif
