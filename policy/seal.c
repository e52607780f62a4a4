/* Sealing a ruleset: what every parser does when it is done, in one place. Jumps find their
 * targets, policies learn whether anything reaches them, objects are counted, rules get their
 * content hash. */
#include <assert.h>
#include <stdlib.h>

#include "core/index.h"
#include "core/search.h"
#include "policy/model.h"
#include "policy/tracking.h"

/* Names are looked up once for each jump: a sorted index keeps large rulesets linear enough. */
static int by_table_and_name(const void *left, const void *right)
{
    const struct fw_policy *a = *(const struct fw_policy *const *)left;
    const struct fw_policy *b = *(const struct fw_policy *const *)right;
    int order = fw_sv_cmp(a->table, b->table);
    if (order == 0 && a->families != b->families) {
        order = a->families < b->families ? -1 : 1;
    }
    return order != 0 ? order : fw_sv_cmp(a->name, b->name);
}

/* Policies are named "table/chain" outside "filter"; jumps are written with the bare chain. */
static fw_sv bare_name(const struct fw_policy *policy)
{
    fw_sv table = policy->table;
    fw_sv name = policy->name;
    bool prefixed = table.n > 0 && name.n > table.n && name.p[table.n] == '/' &&
                    memcmp(name.p, table.p, table.n) == 0;
    return prefixed ? fw_sv_sub(name, table.n + 1, name.n) : name;
}

static int compare_to(const struct fw_policy *policy, const struct fw_policy *from, fw_sv name)
{
    int order = fw_sv_cmp(policy->table, from->table);
    if (order == 0 && policy->families != from->families) {
        order = policy->families < from->families ? -1 : 1;
    }
    return order != 0 ? order : fw_sv_cmp(bare_name(policy), name);
}

/* The chain a jump means: of the same table and families. */
static struct fw_policy *find_target(struct fw_policy *const *index, size_t n,
                                     const struct fw_policy *from, fw_sv name)
{
    size_t at;
    FW_SEARCH(at, n, compare_to(index[at], from, name) < 0);
    return at < n && compare_to(index[at], from, name) == 0 ? index[at] : NULL;
}

static void resolve_jumps(struct fw_arena *arena, struct fw_ruleset *ruleset)
{
    struct fw_policy **index = fw_new_array(arena, ruleset->npolicies + 1, struct fw_policy *);
    for (size_t p = 0; p < ruleset->npolicies; p++) {
        index[p] = ruleset->policies[p];
    }
    qsort(index, ruleset->npolicies, sizeof(struct fw_policy *), by_table_and_name);
    for (size_t p = 0; p < ruleset->npolicies; p++) {
        struct fw_policy *policy = ruleset->policies[p];
        for (size_t r = 0; r < policy->n; r++) {
            struct fw_rule *rule = &policy->rules[r];
            if (rule->action == FW_ACTION_JUMP || rule->action == FW_ACTION_GOTO) {
                rule->jump = find_target(index, ruleset->npolicies, policy, rule->target);
            }
        }
    }
}

static enum fw_action fate_of(const struct fw_policy *policy)
{
    enum fw_action fate = FW_ACTION_COUNT;
    if (policy->hook != FW_HOOK_NONE || policy->nbindings > 0) {
        return FW_ACTION_COUNT;
    }
    for (size_t r = 0; r < policy->n; r++) {
        const struct fw_rule *rule = &policy->rules[r];
        if (!rule->enabled || rule->action == FW_ACTION_CONTINUE) {
            continue;
        }
        if (!fw_action_decides(rule->action) || (fate != FW_ACTION_COUNT && rule->action != fate)) {
            return FW_ACTION_COUNT;
        }
        fate = rule->action;
        for (size_t t = 0; t < rule->match.n; t++) {
            if (fw_term_takes_all(&rule->match.terms[t], policy->families)) {
                return fate;
            }
        }
    }
    return FW_ACTION_COUNT;
}

/* Everything reached from an entry point, breadth first: no recursion, cycles are harmless. */
static void mark_bound(struct fw_arena *arena, struct fw_ruleset *ruleset)
{
    struct fw_policy **queue = fw_new_array(arena, ruleset->npolicies + 1, struct fw_policy *);
    size_t n = 0;
    for (size_t p = 0; p < ruleset->npolicies; p++) {
        struct fw_policy *policy = ruleset->policies[p];
        policy->bound = policy->bound || policy->hook != FW_HOOK_NONE || policy->nbindings > 0;
        if (policy->bound) {
            queue[n++] = policy;
        }
    }
    for (size_t i = 0; i < n; i++) {
        for (size_t r = 0; r < queue[i]->n; r++) {
            const struct fw_rule *rule = &queue[i]->rules[r];
            if (rule->jump && rule->enabled && !rule->jump->bound) {
                rule->jump->bound = true;
                queue[n++] = rule->jump;
            }
        }
    }
}

enum { LARGE = 16 }; /* ranges from which on a set is hashed once, and not for every rule */

struct hashed {
    const struct fw_ipset *set; /* NULL: free */
    fw_sha256 hash;
};

/* Hashes rules; large sets, which rules share, are remembered by where they lie. */
struct sealer {
    struct fw_hasher *hasher, *of_set;
    struct fw_arena *arena;
    size_t n, cap;
    struct hashed *sets; /* open addressing */
};

static void add_ranges(struct fw_hasher *hasher, const struct fw_ipset *set)
{
    for (size_t i = 0; i < set->n; i++) {
        fw_hasher_add_u64(hasher, set->v[i].lo.family);
        fw_hasher_add_u64(hasher, set->v[i].lo.hi);
        fw_hasher_add_u64(hasher, set->v[i].lo.lo);
        fw_hasher_add_u64(hasher, set->v[i].hi.hi);
        fw_hasher_add_u64(hasher, set->v[i].hi.lo);
    }
}

static struct hashed *slot_of(struct hashed *sets, size_t cap, const struct fw_ipset *set)
{
    size_t at = (size_t)(((uintptr_t)set >> 4) * UINT64_C(0x9e3779b97f4a7c15) >> 20) & (cap - 1);
    while (sets[at].set && sets[at].set != set) {
        at = (at + 1) & (cap - 1);
    }
    return &sets[at];
}

static fw_sha256 hash_large(struct sealer *sealer, const struct fw_ipset *set)
{
    if (sealer->n >= sealer->cap / 2) {
        size_t cap = sealer->cap ? sealer->cap * 2 : 256;
        struct hashed *sets = fw_new_array(sealer->arena, cap, struct hashed);
        for (size_t i = 0; i < sealer->cap; i++) {
            if (sealer->sets[i].set) {
                *slot_of(sets, cap, sealer->sets[i].set) = sealer->sets[i];
            }
        }
        sealer->sets = sets;
        sealer->cap = cap;
    }
    struct hashed *slot = slot_of(sealer->sets, sealer->cap, set);
    if (!slot->set) {
        fw_hasher_reset(sealer->of_set);
        add_ranges(sealer->of_set, set);
        slot->set = set;
        slot->hash = fw_hasher_done(sealer->of_set);
        sealer->n++;
    }
    return slot->hash;
}

static void hash_ips(struct sealer *sealer, const struct fw_ipset *set)
{
    fw_hasher_add_u64(sealer->hasher, set ? set->n + 1 : 0);
    if (set && set->n >= LARGE) {
        fw_sha256 hash = hash_large(sealer, set);
        fw_hasher_add(sealer->hasher, hash.b, sizeof(hash.b));
    } else if (set) {
        add_ranges(sealer->hasher, set);
    }
}

static void hash_nums(struct sealer *sealer, const struct fw_numset *set)
{
    struct fw_hasher *hasher = sealer->hasher;
    fw_hasher_add_u64(hasher, set ? set->n + 1 : 0);
    for (size_t i = 0; set && i < set->n; i++) {
        fw_hasher_add_u64(hasher, set->v[i].lo);
        fw_hasher_add_u64(hasher, set->v[i].hi);
    }
}

static void hash_names(struct sealer *sealer, const struct fw_nameset *set)
{
    struct fw_hasher *hasher = sealer->hasher;
    fw_hasher_add_u64(hasher, set ? set->n + 1 : 0);
    if (!set) {
        return;
    }
    fw_hasher_add_u64(hasher, set->negated);
    for (size_t i = 0; i < set->n; i++) {
        fw_hasher_add_sv(hasher, set->v[i]);
    }
}

static fw_sha256 hash_term(struct sealer *sealer, const struct fw_term *term)
{
    struct fw_hasher *hasher = sealer->hasher;
    fw_hasher_reset(hasher);
#define HASH_IP hash_ips
#define HASH_NAME hash_names
#define HASH_NUM hash_nums
#define FW_DIM(name, kind, key) HASH_##kind(sealer, term->name);
#include "policy/dims.def"
#undef FW_DIM
    for (size_t i = 0; i < term->natoms; i++) {
        fw_hasher_add_u64(hasher, term->atoms[i].negated);
        fw_hasher_add_sv(hasher, term->atoms[i].words);
    }
    return fw_hasher_done(hasher);
}

static int by_hash(const void *left, const void *right)
{
    return memcmp(left, right, sizeof(fw_sha256));
}

static void hash_range(struct fw_hasher *hasher, fw_iprange range)
{
    fw_hasher_add_u64(hasher, range.lo.family);
    fw_hasher_add_u64(hasher, range.lo.hi);
    fw_hasher_add_u64(hasher, range.lo.lo);
    fw_hasher_add_u64(hasher, range.hi.hi);
    fw_hasher_add_u64(hasher, range.hi.lo);
}

static void hash_nat(struct fw_hasher *hasher, const struct fw_nat *nat)
{
    hash_range(hasher, nat->to);
    for (size_t i = 0; nat->set && i < nat->set->n; i++) {
        hash_range(hasher, nat->set->v[i]);
    }
    fw_hasher_add_u64(hasher, nat->port_lo);
    fw_hasher_add_u64(hasher, nat->port_hi);
    fw_hasher_add_u64(hasher, nat->own_address);
    if (nat->both_ways || nat->alone || nat->paired) {
        fw_hasher_add_u64(hasher, nat->both_ways);
        fw_hasher_add_u64(hasher, nat->alone);
        fw_hasher_add_u64(hasher, nat->paired);
    }
}

/* The meaning of a rule: what it matches with objects expanded, and what it does. Not where it
 * stands, what it is called, or how often it was hit. */
static fw_sha256 hash_rule(struct sealer *sealer, struct fw_arena *arena,
                           const struct fw_rule *rule)
{
    struct fw_hasher *hasher = sealer->hasher;
    fw_sha256 *terms = fw_new_array(arena, rule->match.n + 1, fw_sha256);
    for (size_t i = 0; i < rule->match.n; i++) {
        terms[i] = hash_term(sealer, &rule->match.terms[i]);
    }
    if (rule->match.n > 1) {
        qsort(terms, rule->match.n, sizeof(*terms), by_hash);
    }
    fw_hasher_reset(hasher);
    fw_hasher_add(hasher, terms, rule->match.n * sizeof(*terms));
    fw_hasher_add_sv(hasher, fw_sv_from(fw_action_name(rule->action)));
    fw_hasher_add_sv(hasher, rule->target);
    fw_hasher_add_u64(hasher, rule->enabled);
    fw_hasher_add_u64(hasher, rule->log);
    hash_nat(hasher, &rule->nat);
    if (rule->nat.other) {
        hash_nat(hasher, rule->nat.other);
    }
    fw_hasher_add_u64(hasher, rule->sets_mark);
    fw_hasher_add_u64(hasher, rule->connmark);
    fw_hasher_add_u64(hasher, rule->untracks);
    fw_hasher_add_u64(hasher, rule->mark_value);
    fw_hasher_add_u64(hasher, rule->mark_mask);
    return fw_hasher_done(hasher);
}

/* Last match with "quick": the first quick rule that matches decides; without one, the last of the
 * others. As first match: the quick ones in order, then the others backwards. */
static void settle_order(struct fw_arena *arena, struct fw_policy *policy)
{
    if (policy->order != FW_ORDER_LAST || policy->n == 0) {
        return;
    }
    struct fw_rule *rules = fw_new_array(arena, policy->n, struct fw_rule);
    size_t n = 0;
    for (size_t r = 0; r < policy->n; r++) {
        if (policy->rules[r].quick) {
            rules[n++] = policy->rules[r];
        }
    }
    for (size_t r = policy->n; r > 0; r--) {
        if (!policy->rules[r - 1].quick) {
            rules[n++] = policy->rules[r - 1];
        }
    }
    policy->rules = rules;
}

/* Rules that say the same, each with the place of the next one. */
static void tie_alike(struct fw_arena *scratch, struct fw_policy *policy)
{
    struct fw_index first = {.arena = scratch};
    for (size_t r = 0; r < policy->n; r++) {
        struct fw_rule *rule = &policy->rules[r];
        fw_sv content = fw_sv_of((const char *)rule->content.b, sizeof(rule->content.b));
        rule->alike = (uint32_t)r;
        if (!fw_index_add(&first, content, r)) {
            struct fw_rule *other = &policy->rules[fw_index_find(&first, content)];
            rule->alike = other->alike;
            other->alike = (uint32_t)r;
        }
    }
}

/* A line can be a rule in each direction (pf), or of every list of filters that names its filter.
 */
static void mark_shared(struct fw_arena *scratch, const struct fw_ruleset *ruleset)
{
    uint32_t last = 0;
    for (size_t p = 0; p < ruleset->npolicies; p++) {
        for (size_t r = 0; r < ruleset->policies[p]->n; r++) {
            uint32_t line = ruleset->policies[p]->rules[r].span.line;
            last = line > last ? line : last;
        }
    }
    struct {
        uint32_t policy; /* the last one that has the line, from 1 */
        bool shared;
    } *lines = fw_arena_array(scratch, (size_t)last + 1, sizeof(*lines));
    for (int pass = 0; pass < 2; pass++) {
        for (size_t p = 0; p < ruleset->npolicies; p++) {
            const struct fw_policy *policy = ruleset->policies[p];
            for (size_t r = 0; r < policy->n; r++) {
                uint32_t line = policy->rules[r].span.line;
                bool other = lines[line].policy != 0 && lines[line].policy != p + 1;
                lines[line].shared = lines[line].shared || (pass == 0 && other);
                lines[line].policy = (uint32_t)p + 1;
                policy->rules[r].shared = lines[line].shared;
            }
        }
    }
}

void fw_ruleset_seal(struct fw_arena *arena, struct fw_ruleset *ruleset)
{
    for (size_t p = 0; p < ruleset->npolicies; p++) {
        settle_order(arena, ruleset->policies[p]);
    }
    resolve_jumps(arena, ruleset);
    fw_ruleset_settle_tracking(arena, ruleset);
    for (size_t p = 0; p < ruleset->npolicies; p++) {
        ruleset->policies[p]->fate = fate_of(ruleset->policies[p]);
    }
    mark_bound(arena, ruleset);
    /* Arenas of its own: the document's may unwind, and would leave the hashers behind. */
    struct fw_arena scratch;
    struct fw_arena sets;
    fw_arena_init(&scratch, 0);
    fw_arena_init(&sets, 0);
    struct sealer sealer = {.hasher = fw_hasher_new(), .of_set = fw_hasher_new(), .arena = &sets};
    for (size_t p = 0; p < ruleset->npolicies; p++) {
        struct fw_policy *policy = ruleset->policies[p];
        for (size_t r = 0; r < policy->n; r++) {
            struct fw_rule *rule = &policy->rules[r];
            assert(rule->position > 0);
            for (size_t o = 0; o < rule->nobjects; o++) {
                rule->objects[o]->uses++;
            }
            if (sealer.hasher && sealer.of_set) {
                rule->content = hash_rule(&sealer, &scratch, rule);
            }
            fw_arena_reset(&scratch);
        }
        tie_alike(&scratch, policy);
        fw_arena_reset(&scratch);
    }
    mark_shared(&scratch, ruleset);
    fw_hasher_free(sealer.hasher);
    fw_hasher_free(sealer.of_set);
    fw_arena_clear(&scratch);
    fw_arena_clear(&sets);
}
