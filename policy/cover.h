/*
 * Taking a region apart: do these boxes together contain it? The recursion behind fw_reach, and the
 * pieces that one box leaves over of a region.
 */
#ifndef FW_POLICY_COVER_H
#define FW_POLICY_COVER_H

#include "policy/reach.h"

/* What becomes of a part that no box of an incomplete list takes. */
typedef enum fw_answer fw_cover_rest(void *context, const struct fw_region *region, unsigned depth);

/* A growing list in a scratch. Lists that grow at the same time leave gaps, no more. */
struct fw_boxes {
    size_t n, room;
    const struct fw_box **v;
    fw_cover_rest *rest; /* NULL: the list is complete, and a packet outside of it REACHED */
    void *context;
};

void fw_boxes_add(struct fw_scratch *scratch, struct fw_boxes *boxes, const struct fw_box *box);
/* What part of the region (its hull) the box takes, where they overlap. */
double fw_box_part(const struct fw_box *box, const struct fw_region *region, unsigned n);
/* Copies without literals, as if every one of them held. */
void fw_boxes_strip(struct fw_engine *engine, struct fw_boxes *boxes);

/* What is left of a region outside a box, as disjoint regions: one for each side and literal that
 * sticks out. */
struct fw_pieces {
    struct fw_engine *engine;
    const struct fw_box *box;
    struct fw_region rest; /* sides before `next` are within the box already */
    struct fw_side *sides;
    unsigned next;
    uint32_t next_literal;
};

void fw_pieces_start(struct fw_pieces *pieces, struct fw_engine *engine,
                     const struct fw_region *region, const struct fw_box *box);
/* The piece stays valid until the scratch is released to before fw_pieces_start. */
bool fw_pieces_next(struct fw_pieces *pieces, struct fw_region *ret);

/* Uses up the list of boxes. On REACHED the point is outside all of them. */
enum fw_answer fw_cover(struct fw_engine *engine, const struct fw_region *region,
                        struct fw_boxes *boxes, unsigned depth);
/* The same, but tries whether the largest of many boxes do it: covers found so are smaller. */
enum fw_answer fw_cover_by_largest(struct fw_engine *engine, const struct fw_region *region,
                                   struct fw_boxes *boxes);

#endif
