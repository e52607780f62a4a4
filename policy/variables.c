/* Variables by their keys: a table by hash. */
#include "policy/variables.h"

uint32_t fw_variable_new(struct fw_variables *variables, struct fw_arena *arena, fw_sv words)
{
    uint32_t n = variables->n;
    variables->keys = fw_arena_push(arena, variables->keys, n, sizeof(fw_sv));
    variables->words = fw_arena_push(arena, variables->words, n, sizeof(fw_sv));
    variables->keys[n] = (fw_sv){0};
    variables->words[n] = words;
    return variables->n++;
}

static size_t slot_of(const struct fw_variables *v, fw_sv key)
{
    size_t k = (size_t)fw_sv_hash(key) & (v->nslots - 1);
    while (v->slots[k] != 0 && !fw_sv_eq(v->keys[v->slots[k] - 1], key)) {
        k = (k + 1) & (v->nslots - 1);
    }
    return k;
}

uint32_t fw_variable_of(struct fw_variables *v, struct fw_arena *arena, fw_sv key, fw_sv words)
{
    if ((size_t)v->n * 2 >= v->nslots) {
        v->nslots = v->nslots ? v->nslots * 2 : 64;
        v->slots = fw_new_array(arena, v->nslots, uint32_t);
        for (uint32_t i = 0; i < v->n; i++) {
            if (v->keys[i].p) {
                v->slots[slot_of(v, v->keys[i])] = i + 1;
            }
        }
    }
    size_t k = slot_of(v, key);
    if (v->slots[k] == 0) {
        uint32_t number = fw_variable_new(v, arena, words);
        v->keys[number] = key;
        v->slots[k] = number + 1;
    }
    return v->slots[k] - 1;
}
