/*
 * Which boxes may have a packet, or overlap a part of the packet space? What replays and checkers
 * of proofs look at, instead of every box each time. It is not the engine's index and shares
 * nothing with it: every dimension is cut into strips of ranks, and for each strip there is one bit
 * a box that says whether the box begins at or before it, and one whether it ends at or after it.
 * The boxes that come into question have all their bits set; which of them really overlap is for
 * the caller to see.
 */
#ifndef FW_POLICY_STRIPS_H
#define FW_POLICY_STRIPS_H

#include "policy/program.h"

struct fw_strips {
    const struct fw_program *program;
    size_t words;                    /* of a row: one bit for each box of the program */
    unsigned counts[FW_AXIS_COUNT];  /* strips by place among the dimensions in use */
    uint64_t *begins[FW_AXIS_COUNT]; /* rows, by strip */
    uint64_t *ends[FW_AXIS_COUNT];
};

/* One search: the rows that have to agree. */
struct fw_strips_search {
    const struct fw_strips *strips;
    unsigned n;
    const uint64_t *rows[2 * FW_AXIS_COUNT];
};

void fw_strips_init(struct fw_strips *strips, struct fw_arena *arena,
                    const struct fw_program *program);
/* Searches for what may overlap one interval in every dimension. */
void fw_strips_ask(const struct fw_strips *strips, const struct fw_interval *hull,
                   struct fw_strips_search *ret);
/* The number of the next such box from this one on; nboxes: there is none. */
uint32_t fw_strips_next(const struct fw_strips_search *search, uint32_t from);

#endif
