/*
 * Where in a list does something of this name stand? A table of names and places, in the arena of
 * whoever builds the list; what has been added stays. An index that is all zero but for its arena
 * is empty.
 */
#ifndef FW_CORE_INDEX_H
#define FW_CORE_INDEX_H

#include <stdbool.h>
#include <stddef.h>

#include "core/arena.h"
#include "core/sv.h"

struct fw_index_slot;

struct fw_index {
    struct fw_arena *arena;
    size_t n, nslots;
    struct fw_index_slot *slots;
};

/* SIZE_MAX: there is none of this name. */
size_t fw_index_find(const struct fw_index *index, fw_sv name);
/* The name is not copied. Of two of one name the first one stays: false. */
bool fw_index_add(struct fw_index *index, fw_sv name, size_t place);

#endif
