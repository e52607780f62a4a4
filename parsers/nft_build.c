/* How tables, chains and sets of nftables come together into policies: their names, hooks and
 * order, and what is known only when everything was read. */
#include "parsers/nft.h"

#include <stdlib.h>
#include <string.h>

#include "parsers/netfilter.h"

static const char *const family_names[FW_NFT_FAMILY_COUNT] = {"ip",  "ip6",    "inet",
                                                              "arp", "bridge", "netdev"};

bool fw_nft_family_find(fw_sv name, enum fw_nft_family *ret)
{
    for (size_t i = 0; i < FW_NFT_FAMILY_COUNT; i++) {
        if (fw_sv_is(name, family_names[i])) {
            *ret = (enum fw_nft_family)i;
            return true;
        }
    }
    return false;
}

void fw_nft_init(struct fw_nft *nft, struct fw_doc *doc, struct fw_ruleset *ruleset)
{
    *nft = (struct fw_nft){.doc = doc, .ruleset = ruleset};
    fw_pool_init(&nft->pool, &doc->arena);
}

struct fw_nft_table *fw_nft_table(struct fw_nft *nft, enum fw_nft_family family, fw_sv name)
{
    for (size_t i = 0; i < nft->ntables; i++) {
        if (nft->tables[i]->family == family && fw_sv_eq(nft->tables[i]->name, name)) {
            return nft->tables[i];
        }
    }
    if (nft->ntables == FW_NFT_TABLES) {
        return NULL;
    }
    struct fw_nft_table *table = fw_new(&nft->doc->arena, struct fw_nft_table);
    table->name = fw_pool_text(&nft->pool, name);
    table->family = family;
    nft->tables[nft->ntables++] = table;
    return table;
}

static size_t bucket_of(const struct fw_nft_table *table, fw_sv name)
{
    return (size_t)((fw_sv_hash(name) ^ fw_sv_hash(table->name) * 3 ^ (uint64_t)table->family) %
                    FW_NFT_BUCKETS);
}

static bool is_routed(const struct fw_nft_table *table)
{
    return table->family == FW_NFT_IP || table->family == FW_NFT_IP6 ||
           table->family == FW_NFT_INET;
}

/* "FORWARD" in a table "filter", else "table/chain"; with the family where packets take ways of
 * their own. */
static struct fw_policy *new_policy(struct fw_nft *nft, const struct fw_nft_table *table,
                                    fw_sv chain)
{
    struct fw_arena *arena = &nft->doc->arena;
    struct fw_policy *policy = fw_new(arena, struct fw_policy);
    policy->table = table->name;
    policy->own_table = table->name;
    policy->family = fw_sv_from(family_names[table->family]);
    if (!is_routed(table)) {
        fw_sv words[] = {fw_sv_from(family_names[table->family]), table->name};
        policy->table = fw_words_join(arena, words, 2);
    }
    policy->name = chain;
    if (!fw_sv_is(policy->table, "filter")) {
        policy->name = fw_arena_printf(arena, "%.*s/%.*s", FW_SV_ARG(policy->table),
                                       FW_SV_ARG(chain));
    }
    policy->families = fw_nft_families(table->family);
    policy->decides = table->family != FW_NFT_ARP;
    policy->fallback = FW_ACTION_RETURN;
    struct fw_ruleset *set = nft->ruleset;
    fw_ruleset_add(arena, set, policy);
    return policy;
}

struct fw_nft_chain *fw_nft_chain_find(const struct fw_nft *nft, const struct fw_nft_table *table,
                                       fw_sv name)
{
    struct fw_nft_chain *chain = nft->chains[bucket_of(table, name)];
    while (chain && (chain->table != table || !fw_sv_eq(chain->name, name))) {
        chain = chain->next;
    }
    return chain;
}

struct fw_nft_chain *fw_nft_chain(struct fw_nft *nft, const struct fw_nft_table *table, fw_sv name)
{
    struct fw_nft_chain *chain = fw_nft_chain_find(nft, table, name);
    if (chain) {
        return chain;
    }
    struct fw_nft_chain **bucket = &nft->chains[bucket_of(table, name)];
    chain = fw_new(&nft->doc->arena, struct fw_nft_chain);
    chain->table = table;
    chain->name = fw_pool_text(&nft->pool, name);
    chain->policy = new_policy(nft, table, chain->name);
    chain->next = *bucket;
    *bucket = chain;
    return chain;
}

struct fw_nft_set *fw_nft_set_find(const struct fw_nft *nft, const struct fw_nft_table *table,
                                   fw_sv name)
{
    struct fw_nft_set *set = nft->sets[bucket_of(table, name)];
    while (set && (set->table != table || !fw_sv_eq(set->name, name))) {
        set = set->next;
    }
    return set;
}

struct fw_nft_set *fw_nft_set(struct fw_nft *nft, const struct fw_nft_table *table, fw_sv name)
{
    struct fw_nft_set *set = fw_nft_set_find(nft, table, name);
    if (set) {
        return set;
    }
    struct fw_arena *arena = &nft->doc->arena;
    struct fw_nft_set **bucket = &nft->sets[bucket_of(table, name)];
    set = fw_new(arena, struct fw_nft_set);
    set->table = table;
    set->name = fw_pool_text(&nft->pool, name);
    set->object = fw_new(arena, struct fw_object);
    set->object->kind = FW_OBJECT_OTHER;
    set->object->name = set->name;
    set->next = *bucket;
    *bucket = set;
    struct fw_ruleset *ruleset = nft->ruleset;
    ruleset->objects = fw_arena_push(arena, ruleset->objects, ruleset->nobjects,
                                     sizeof(*ruleset->objects));
    ruleset->objects[ruleset->nobjects++] = set->object;
    return set;
}

void fw_nft_set_add(struct fw_nft *nft, struct fw_nft_set *set, const struct fw_nft_expr *element)
{
    set->v = fw_arena_push(&nft->doc->arena, set->v, set->n, sizeof(*set->v));
    set->v[set->n++] = element;
}

struct fw_nft_counter *fw_nft_counter(struct fw_nft *nft, const struct fw_nft_table *table,
                                      fw_sv name)
{
    struct fw_nft_counter **bucket = &nft->counters[bucket_of(table, name)];
    struct fw_nft_counter *counter = *bucket;
    while (counter && (counter->table != table || !fw_sv_eq(counter->name, name))) {
        counter = counter->next;
    }
    if (!counter) {
        counter = fw_new(&nft->doc->arena, struct fw_nft_counter);
        counter->table = table;
        counter->name = fw_pool_text(&nft->pool, name);
        counter->next = *bucket;
        *bucket = counter;
    }
    return counter;
}

/* --- Base chains --- */

struct hook_row {
    const char *name;
    enum fw_hook hook;
};

bool fw_nft_chain_hook(struct fw_nft_chain *chain, fw_sv type, fw_sv hook)
{
    static const struct hook_row rows[] = {
        {"prerouting", FW_HOOK_PREROUTING},   {"input", FW_HOOK_INPUT},
        {"forward", FW_HOOK_FORWARD},         {"output", FW_HOOK_OUTPUT},
        {"postrouting", FW_HOOK_POSTROUTING}, {"ingress", FW_HOOK_PREROUTING},
        {"egress", FW_HOOK_POSTROUTING},
    };
    struct fw_policy *policy = chain->policy;
    bool known = fw_sv_is(type, "filter") || fw_sv_is(type, "nat") || fw_sv_is(type, "route");
    for (size_t i = 0; known && i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (!fw_sv_is(hook, rows[i].name)) {
            continue;
        }
        bool device = i >= 5;
        bool own_way = chain->table->family == FW_NFT_BRIDGE || chain->table->family == FW_NFT_ARP;
        bool middle = rows[i].hook == FW_HOOK_INPUT || rows[i].hook == FW_HOOK_FORWARD ||
                      rows[i].hook == FW_HOOK_OUTPUT;
        policy->nat = fw_sv_is(type, "nat");
        policy->hook = own_way || chain->table->dormant ? FW_HOOK_NONE : rows[i].hook;
        policy->decides = policy->decides && fw_sv_is(type, "filter") && !device && middle;
        policy->fallback = FW_ACTION_PERMIT;
        policy->bound = !chain->table->dormant;
        chain->egress = fw_sv_is(hook, "egress");
        if (device) { /* before and after everything else */
            static const fw_sv none = FW_SV_INIT("");
            chain->devices = chain->ndevices > 0 ? chain->devices : &none;
        }
        return true;
    }
    return false;
}

bool fw_nft_chain_priority(struct fw_nft_chain *chain, fw_sv name, int64_t offset)
{
    static const struct {
        const char *name;
        int plain, bridge;
    } rows[] = {{"raw", -300, -300}, {"mangle", -150, -150}, {"dstnat", -100, -300},
                {"filter", 0, -200}, {"security", 50, 50},   {"srcnat", 100, 300},
                {"out", 100, 100}};
    struct fw_policy *policy = chain->policy;
    int64_t base = 0;
    bool found = name.n == 0;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (fw_sv_is(name, rows[i].name)) {
            base = chain->table->family == FW_NFT_BRIDGE ? rows[i].bridge : rows[i].plain;
            found = true;
        }
    }
    if (!found || offset > INT32_MAX / 2 || offset < INT32_MIN / 2) {
        return false;
    }
    enum { BEFORE_ALL = 1000000000 };
    int device = chain->devices ? (chain->egress ? BEFORE_ALL : -BEFORE_ALL) : 0;
    policy->priority = (int)(base + offset);
    /* As with the tables of iptables: what comes before and is called so only sorts out. */
    if (policy->priority <= -150) {
        policy->decides = false;
    }
    policy->priority = device != 0 ? device : policy->priority;
    return true;
}

void fw_nft_chain_device(struct fw_nft *nft, struct fw_nft_chain *chain, fw_sv device)
{
    struct fw_arena *arena = &nft->doc->arena;
    fw_sv *v = chain->ndevices > 0 ? (fw_sv *)chain->devices : NULL;
    v = fw_arena_push(arena, v, chain->ndevices, sizeof(*v));
    v[chain->ndevices++] = fw_pool_text(&nft->pool, device);
    chain->devices = v;
}

void fw_nft_chain_policy(struct fw_nft_chain *chain, fw_sv policy, fw_span span)
{
    struct fw_policy *p = chain->policy;
    bool drop = fw_sv_is(policy, "drop");
    p->fallback = drop ? FW_ACTION_DENY : FW_ACTION_PERMIT;
    if (drop && chain->devices) { /* of some packets, and the others do not come here */
        p->fallback = FW_ACTION_UNKNOWN;
    }
    p->fallback_explicit = true;
    p->fallback_span = span;
}

void fw_nft_chain_insert(struct fw_nft *nft, struct fw_nft_chain *chain, size_t at,
                         const struct fw_rule *rule)
{
    struct fw_policy *policy = chain->policy;
    if (policy->n == chain->cap) {
        size_t cap = chain->cap < 4 ? 4 : chain->cap * 2;
        policy->rules = fw_arena_grow(&nft->doc->arena, policy->rules, chain->cap, cap,
                                      sizeof(*policy->rules));
        chain->cap = cap;
    }
    at = at > policy->n ? policy->n : at;
    memmove(policy->rules + at + 1, policy->rules + at, (policy->n - at) * sizeof(*policy->rules));
    policy->rules[at] = *rule;
    policy->n++;
}

/* --- The end --- */

static void resolve(struct fw_nft *nft, const struct fw_nft_chain *chain, struct fw_rule *rule)
{
    bool jumps = rule->action == FW_ACTION_JUMP || rule->action == FW_ACTION_GOTO;
    const struct fw_nft_chain *target = jumps ? fw_nft_chain_find(nft, chain->table, rule->target)
                                              : NULL;
    if (!jumps || (target && target->declared)) {
        return;
    }
    fw_doc_mark(nft->doc, rule->span.line, FW_LINE_UNSUPPORTED);
    fw_doc_warn(nft->doc, FW_DIAG_ID_UNDEFINED_NAME, rule->span.line, rule->target,
                "no chain of this name in table %.*s: it may decide anything",
                FW_SV_ARG(chain->table->name));
    rule->action = FW_ACTION_UNKNOWN;
}

/* A target that may do anything is one of the words that widen the bounds. */
static void name_unknown(struct fw_nft *nft, struct fw_rule *rule)
{
    if (rule->action != FW_ACTION_UNKNOWN || rule->target.n == 0) {
        return;
    }
    fw_sv *words = fw_new_array(&nft->doc->arena, rule->nwords + 1, fw_sv);
    for (size_t i = 0; i < rule->nwords; i++) {
        words[i] = rule->unmodelled[i];
    }
    words[rule->nwords++] = rule->target;
    rule->unmodelled = words;
}

/* A mark that some rule sets to what we do not know is not fixed. */
static void settle_marks(const struct fw_nft *nft, const struct fw_match *match)
{
    for (size_t i = 0; i < match->n; i++) {
        for (size_t j = 0; j < match->terms[i].natoms; j++) {
            /* The arrays are this parser's own, one a rule: nothing else sees them yet. */
            struct fw_atom *atom = (struct fw_atom *)&match->terms[i].atoms[j];
            if ((nft->alters_mark && fw_sv_starts(atom->words, "meta mark")) ||
                (nft->alters_connmark && fw_sv_starts(atom->words, "ct mark"))) {
                atom->kind = FW_ATOM_VARYING;
            }
        }
    }
}

static void finish_chain(struct fw_nft *nft, struct fw_nft_chain *chain)
{
    struct fw_policy *policy = chain->policy;
    uint32_t position = 0;
    uint32_t written = 0; /* the number that the rule was given when it was read */
    for (size_t i = 0; i < policy->n; i++) {
        struct fw_rule *rule = &policy->rules[i];
        if (i == 0 || rule->position != written) {
            written = rule->position;
            position++;
        }
        rule->position = position;
        resolve(nft, chain, rule);
        name_unknown(nft, rule);
        if (nft->alters_mark || nft->alters_connmark) {
            settle_marks(nft, &rule->match);
        }
    }
    fw_nf_find_logged(policy);
}

/* Chains whose state changed, each at most twice. */
struct queue {
    size_t n;
    struct fw_nft_chain **v;
};

static void reach(struct fw_nft *nft, struct queue *queue, const struct fw_nft_chain *from)
{
    bool base = from->policy->fallback != FW_ACTION_RETURN;
    bool deciding = base ? from->policy->decides : from->reached_by_deciding;
    for (size_t r = 0; r < from->policy->n; r++) {
        const struct fw_rule *rule = &from->policy->rules[r];
        bool jumps = rule->action == FW_ACTION_JUMP || rule->action == FW_ACTION_GOTO;
        struct fw_nft_chain *to = jumps ? fw_nft_chain_find(nft, from->table, rule->target) : NULL;
        if (to && (!to->reached || (deciding && !to->reached_by_deciding))) {
            to->reached = true;
            to->reached_by_deciding = to->reached_by_deciding || deciding;
            queue->v = fw_arena_push(&nft->doc->scratch, queue->v, queue->n, sizeof(*queue->v));
            queue->v[queue->n++] = to;
        }
    }
}

/* A chain without a hook only rewrites when nothing but rewriting chains calls it. */
static void spread(struct fw_nft *nft)
{
    struct queue queue = {0};
    for (size_t i = 0; i < FW_NFT_BUCKETS; i++) {
        for (struct fw_nft_chain *chain = nft->chains[i]; chain; chain = chain->next) {
            if (chain->policy->fallback != FW_ACTION_RETURN) {
                reach(nft, &queue, chain);
            }
        }
    }
    for (size_t i = 0; i < queue.n; i++) {
        reach(nft, &queue, queue.v[i]);
    }
    for (size_t i = 0; i < queue.n; i++) {
        if (!queue.v[i]->reached_by_deciding) {
            queue.v[i]->policy->decides = false;
        }
    }
}

/* What a set holds, in an order that does not depend on who printed it. */
static void hash_set(struct fw_nft *nft, struct fw_nft_set *set)
{
    struct fw_arena *scratch = &nft->doc->scratch;
    fw_sv *words = fw_new_array(scratch, set->n + 1, fw_sv);
    for (size_t i = 0; i < set->n; i++) {
        words[i] = fw_nft_words(scratch, set->v[i]);
    }
    if (set->n > 1) {
        qsort(words, set->n, sizeof(*words), fw_sv_order);
    }
    set->object->empty = set->object->defined && set->n == 0 && !set->dynamic;
    set->object->content = fw_sha256_of(fw_words_join(scratch, words, set->n));
    fw_arena_reset(scratch);
}

void fw_nft_finish(struct fw_nft *nft)
{
    for (size_t i = 0; i < FW_NFT_BUCKETS; i++) {
        for (struct fw_nft_chain *chain = nft->chains[i]; chain; chain = chain->next) {
            finish_chain(nft, chain);
        }
        for (struct fw_nft_set *set = nft->sets[i]; set; set = set->next) {
            hash_set(nft, set);
        }
    }
    spread(nft);
    fw_ruleset_seal(&nft->doc->arena, nft->ruleset);
}
