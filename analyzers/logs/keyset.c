/* How rows are found by hash: open addressing, never more than half full. */
#include "analyzers/logs/keyset.h"

enum { FIRST_SLOTS = 64 };

static size_t home(const struct fw_keyset *set, uint64_t hash)
{
    /* The high bits of FNV are the better mixed ones. */
    return (size_t)((hash ^ hash >> 32) & (set->nslots - 1));
}

bool fw_keyset_next(const struct fw_keyset *set, uint64_t hash, size_t *probe, uint32_t *ret)
{
    if (set->nslots == 0) {
        return false;
    }
    size_t at = home(set, hash);
    for (;; (*probe)++) {
        const struct fw_keyset_slot *slot = &set->slots[(at + *probe) & (set->nslots - 1)];
        if (slot->row == 0) {
            return false;
        }
        if (slot->hash == hash) {
            *ret = slot->row - 1;
            (*probe)++;
            return true;
        }
    }
}

static void put(struct fw_keyset *set, uint64_t hash, uint32_t row)
{
    size_t at = home(set, hash);
    while (set->slots[at].row != 0) {
        at = (at + 1) & (set->nslots - 1);
    }
    set->slots[at] = (struct fw_keyset_slot){hash, row + 1};
}

void fw_keyset_add(struct fw_keyset *set, struct fw_arena *arena, uint64_t hash, uint32_t row)
{
    if (set->n * 2 >= set->nslots) {
        struct fw_keyset old = *set;
        set->nslots = old.nslots ? old.nslots * 2 : FIRST_SLOTS;
        set->slots = fw_new_array(arena, set->nslots, struct fw_keyset_slot);
        for (size_t i = 0; i < old.nslots; i++) {
            if (old.slots[i].row != 0) {
                put(set, old.slots[i].hash, old.slots[i].row - 1);
            }
        }
    }
    put(set, hash, row);
    set->n++;
}
