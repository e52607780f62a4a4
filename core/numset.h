/* Sets of small numbers (ports, protocols, ICMP type<<8|code, TCP flag bytes, states) as sorted,
 * disjoint, non-adjacent ranges. Never written after they were made; shared by pointer. */
#ifndef FW_CORE_NUMSET_H
#define FW_CORE_NUMSET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/sv.h"

struct fw_numrange {
    uint32_t lo, hi; /* inclusive */
};

struct fw_numset {
    size_t n;
    const struct fw_numrange *v;
};

const struct fw_numset *fw_numset_make(struct fw_arena *arena, const struct fw_numrange *v,
                                       size_t n);
const struct fw_numset *fw_numset_range(struct fw_arena *arena, uint32_t lo, uint32_t hi);
/* The bytes that are `value` where the mask has ones. */
const struct fw_numset *fw_numset_masked(struct fw_arena *arena, uint32_t mask, uint32_t value);
const struct fw_numset *fw_numset_union(struct fw_arena *arena, const struct fw_numset *a,
                                        const struct fw_numset *b);
const struct fw_numset *fw_numset_intersect(struct fw_arena *arena, const struct fw_numset *a,
                                            const struct fw_numset *b);
/* What of 0..max is not in the set. */
const struct fw_numset *fw_numset_complement(struct fw_arena *arena, const struct fw_numset *a,
                                             uint32_t max);
/* Reads "80,443,1024-65535"; false: something in it is no number up to `max` or no range. */
bool fw_numset_parse(struct fw_arena *arena, fw_sv text, uint32_t max,
                     const struct fw_numset **ret);
bool fw_numset_has(const struct fw_numset *set, uint32_t value);
bool fw_numset_eq(const struct fw_numset *a, const struct fw_numset *b);
bool fw_numset_overlaps(const struct fw_numset *a, const struct fw_numset *b);
bool fw_numset_contains(const struct fw_numset *a, const struct fw_numset *b);
uint64_t fw_numset_size(const struct fw_numset *set);

#endif
