/*
 * Memory of the analysis engine's recursions: allocated upwards, given back in one step to a mark
 * taken earlier. One belongs to one thread. A scratch that reaches its limit jumps to its guard:
 * the question that was being answered is then undetermined, and nothing needs unwinding.
 */
#ifndef FW_POLICY_SCRATCH_H
#define FW_POLICY_SCRATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/arena.h"

struct fw_scratch_block;

struct fw_scratch {
    struct fw_scratch_block *head;  /* the block in use; its predecessors behind it */
    struct fw_scratch_block *spare; /* one block kept, so that a mark at an edge does not thrash */
    uint64_t bytes;                 /* in blocks */
    uint64_t limit;
    struct fw_guard *guard; /* must be set while anything is allocated */
};

struct fw_scratch_mark {
    struct fw_scratch_block *block;
    size_t used;
};

void fw_scratch_init(struct fw_scratch *scratch, uint64_t limit);
void fw_scratch_clear(struct fw_scratch *scratch);
void *fw_scratch_alloc(struct fw_scratch *scratch, size_t size); /* not zeroed; aligned to 8 */
/* Gives back the end of the latest allocation. */
void fw_scratch_trim(struct fw_scratch *scratch, void *p, size_t size);
bool fw_scratch_owns(const struct fw_scratch *scratch, const void *p);
struct fw_scratch_mark fw_scratch_mark(const struct fw_scratch *scratch);
void fw_scratch_release(struct fw_scratch *scratch, struct fw_scratch_mark mark);

#endif
