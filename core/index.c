/* Open addressing, never more than half full. */
#include "core/index.h"

#include <stdint.h>

enum { FIRST_SLOTS = 64 };

struct fw_index_slot {
    fw_sv name;
    size_t place; /* plus one; 0: the slot is free */
};

static struct fw_index_slot *slot_of(const struct fw_index *index, fw_sv name)
{
    uint64_t hash = fw_sv_hash(name);
    size_t at = (size_t)(hash ^ hash >> 32) & (index->nslots - 1);
    while (index->slots[at].place != 0 && !fw_sv_eq(index->slots[at].name, name)) {
        at = (at + 1) & (index->nslots - 1);
    }
    return &index->slots[at];
}

size_t fw_index_find(const struct fw_index *index, fw_sv name)
{
    size_t place = index->n > 0 ? slot_of(index, name)->place : 0;
    return place > 0 ? place - 1 : SIZE_MAX;
}

static void grow(struct fw_index *index)
{
    const struct fw_index_slot *old = index->slots;
    size_t n = index->nslots;
    index->nslots = n > 0 ? n * 2 : FIRST_SLOTS;
    index->slots = fw_new_array(index->arena, index->nslots, struct fw_index_slot);
    for (size_t i = 0; i < n; i++) {
        if (old[i].place != 0) {
            *slot_of(index, old[i].name) = old[i];
        }
    }
}

bool fw_index_add(struct fw_index *index, fw_sv name, size_t place)
{
    if (index->n >= index->nslots / 2) {
        grow(index);
    }
    struct fw_index_slot *slot = slot_of(index, name);
    if (slot->place != 0) {
        return false;
    }
    *slot = (struct fw_index_slot){name, place + 1};
    index->n++;
    return true;
}
