/*
 * Finding rows of a growing array by key: a table of (hash, row number) in an arena. The rows and
 * the comparing stay with the caller, who bounds their number.
 */
#ifndef FW_ANALYZERS_LOGS_KEYSET_H
#define FW_ANALYZERS_LOGS_KEYSET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/arena.h"

struct fw_keyset_slot {
    uint64_t hash;
    uint32_t row; /* + 1; 0 is an empty slot */
};

struct fw_keyset {
    struct fw_keyset_slot *slots;
    size_t nslots, n;
};

/* The next row with this hash; *probe is 0 at the start of a search. False: no more. */
bool fw_keyset_next(const struct fw_keyset *set, uint64_t hash, size_t *probe, uint32_t *ret);
void fw_keyset_add(struct fw_keyset *set, struct fw_arena *arena, uint64_t hash, uint32_t row);

#endif
