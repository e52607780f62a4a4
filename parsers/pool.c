/* One copy of every text and set of a parse result: an open-addressing table in its arena. */
#include <string.h>

#include "parsers/terms.h"

enum kind { TEXT, IPSET, NUMSET, NAMESET, OWN };

struct fw_pool_slot {
    uint64_t hash; /* 0: free */
    enum kind kind;
    const void *value; /* of the kind; TEXT: the bytes */
    size_t n;          /* TEXT: how many */
};

enum { FIRST_CAP = 64 };
#define USED (UINT64_C(1) << 63) /* in every hash of a slot in use: 0 means free */

void fw_pool_init(struct fw_pool *pool, struct fw_arena *arena)
{
    *pool = (struct fw_pool){.arena = arena};
}

static uint64_t mix(uint64_t hash, uint64_t value)
{
    hash ^= value;
    hash *= UINT64_C(0x9e3779b97f4a7c15);
    return hash ^ hash >> 29;
}

static uint64_t hash_ipset(const struct fw_ipset *set)
{
    uint64_t hash = mix(IPSET, set->n);
    for (size_t i = 0; i < set->n; i++) {
        hash = mix(mix(hash, set->v[i].lo.hi), set->v[i].lo.lo ^ set->v[i].lo.family);
        hash = mix(mix(hash, set->v[i].hi.hi), set->v[i].hi.lo);
    }
    return hash;
}

static uint64_t hash_numset(const struct fw_numset *set)
{
    uint64_t hash = mix(NUMSET, set->n);
    for (size_t i = 0; i < set->n; i++) {
        hash = mix(hash, (uint64_t)set->v[i].lo << 32 | set->v[i].hi);
    }
    return hash;
}

static uint64_t hash_nameset(const struct fw_nameset *set)
{
    uint64_t hash = mix(NAMESET, set->n * 2 + (set->negated ? 1 : 0));
    for (size_t i = 0; i < set->n; i++) {
        hash = mix(hash, fw_sv_hash(set->v[i]));
    }
    return hash;
}

static bool same_names(const struct fw_nameset *a, const struct fw_nameset *b)
{
    bool same = a->negated == b->negated && a->n == b->n;
    for (size_t i = 0; same && i < a->n; i++) {
        same = fw_sv_eq(a->v[i], b->v[i]);
    }
    return same;
}

static bool same_value(const struct fw_pool_slot *slot, enum kind kind, const void *value, size_t n)
{
    if (slot->kind != kind) {
        return false;
    }
    switch (kind) {
    case TEXT:
        return fw_sv_eq(fw_sv_of(slot->value, slot->n), fw_sv_of(value, n));
    case IPSET:
        return fw_ipset_eq(slot->value, value);
    case NUMSET:
        return fw_numset_eq(slot->value, value);
    case NAMESET:
        return same_names(slot->value, value);
    case OWN:
        return slot->value == value;
    }
    return false;
}

/* The slot of an equal value, or the free one where it belongs. */
static struct fw_pool_slot *probe(struct fw_pool_slot *slots, size_t cap, uint64_t hash,
                                  enum kind kind, const void *value, size_t n)
{
    size_t at = (size_t)hash & (cap - 1);
    while (slots[at].hash != 0) {
        if (slots[at].hash == hash && same_value(&slots[at], kind, value, n)) {
            break;
        }
        at = (at + 1) & (cap - 1);
    }
    return &slots[at];
}

static void grow(struct fw_pool *pool)
{
    size_t cap = pool->cap ? pool->cap * 2 : FIRST_CAP;
    struct fw_pool_slot *slots = fw_new_array(pool->arena, cap, struct fw_pool_slot);
    for (size_t i = 0; i < pool->cap; i++) {
        size_t at = (size_t)pool->slots[i].hash & (cap - 1);
        if (pool->slots[i].hash == 0) {
            continue;
        }
        while (slots[at].hash != 0) {
            at = (at + 1) & (cap - 1);
        }
        slots[at] = pool->slots[i];
    }
    pool->slots = slots;
    pool->cap = cap;
}

/* The slot of a value: a new one has no value yet, and the caller stores its copy there. */
static struct fw_pool_slot *slot_of(struct fw_pool *pool, uint64_t hash, enum kind kind,
                                    const void *value, size_t n)
{
    if (pool->n >= pool->cap / 2) {
        grow(pool);
    }
    hash |= USED;
    struct fw_pool_slot *slot = probe(pool->slots, pool->cap, hash, kind, value, n);
    if (slot->hash == 0) {
        *slot = (struct fw_pool_slot){.hash = hash, .kind = kind};
        pool->n++;
    }
    return slot;
}

fw_sv fw_pool_text(struct fw_pool *pool, fw_sv text)
{
    if (text.n == 0) {
        return text.p ? FW_SV("") : text;
    }
    struct fw_pool_slot *slot = slot_of(pool, fw_sv_hash(text), TEXT, text.p, text.n);
    if (!slot->value) {
        slot->value = fw_arena_cstr(pool->arena, text);
        slot->n = text.n;
    }
    return fw_sv_of(slot->value, slot->n);
}

static const void *copy(struct fw_arena *arena, const void *v, size_t n, size_t size)
{
    void *to = fw_arena_array(arena, n, size);
    if (n > 0) {
        memcpy(to, v, n * size);
    }
    return to;
}

enum { LARGE = 16 }; /* ranges from which on it pays to know a set by where it lies */

static uint64_t hash_own(const struct fw_ipset *set)
{
    return mix(OWN, (uint64_t)(uintptr_t)set);
}

/* Sets of objects come back with every rule that uses them: those of ours are not read again. */
static bool is_own(const struct fw_pool *pool, const struct fw_ipset *set)
{
    uint64_t hash = hash_own(set) | USED;
    return pool->cap > 0 && probe(pool->slots, pool->cap, hash, OWN, set, 0)->hash != 0;
}

const struct fw_ipset *fw_pool_ipset(struct fw_pool *pool, const struct fw_ipset *set)
{
    if (set->n >= LARGE && is_own(pool, set)) {
        return set;
    }
    struct fw_pool_slot *slot = slot_of(pool, hash_ipset(set), IPSET, set, 0);
    if (slot->value) {
        return slot->value;
    }
    struct fw_ipset *mine = fw_new(pool->arena, struct fw_ipset);
    mine->n = set->n;
    mine->v = copy(pool->arena, set->v, set->n, sizeof(*set->v));
    slot->value = mine;
    if (set->n >= LARGE) {
        slot_of(pool, hash_own(mine), OWN, mine, 0)->value = mine;
    }
    return mine;
}

const struct fw_numset *fw_pool_numset(struct fw_pool *pool, const struct fw_numset *set)
{
    struct fw_pool_slot *slot = slot_of(pool, hash_numset(set), NUMSET, set, 0);
    if (!slot->value) {
        struct fw_numset *mine = fw_new(pool->arena, struct fw_numset);
        mine->n = set->n;
        mine->v = copy(pool->arena, set->v, set->n, sizeof(*set->v));
        slot->value = mine;
    }
    return slot->value;
}

const struct fw_nameset *fw_pool_nameset(struct fw_pool *pool, const struct fw_nameset *set)
{
    struct fw_pool_slot *slot = slot_of(pool, hash_nameset(set), NAMESET, set, 0);
    if (slot->value) {
        return slot->value;
    }
    struct fw_nameset *mine = fw_new(pool->arena, struct fw_nameset);
    slot->value = mine; /* before the names: they may grow the table */
    fw_sv *v = fw_new_array(pool->arena, set->n, fw_sv);
    for (size_t i = 0; i < set->n; i++) {
        v[i] = fw_pool_text(pool, set->v[i]);
    }
    mine->negated = set->negated;
    mine->n = set->n;
    mine->v = v;
    return mine;
}
