/* How tables and chains of netfilter come together into policies: names, hooks and order of
 * evaluation, the rules of a chain, and what is known only when the last line was read. */
#include "parsers/netfilter.h"

#include <string.h>

struct hook_row {
    const char *chain;
    enum fw_hook hook;
    int priority;
};

/* Linux, include/uapi/linux/netfilter_ipv4.h: the order of tables at a hook. */
static const struct hook_row raw_hooks[] = {
    {"PREROUTING", FW_HOOK_PREROUTING, -300},
    {"OUTPUT", FW_HOOK_OUTPUT, -300},
    {NULL, FW_HOOK_NONE, 0},
};
static const struct hook_row mangle_hooks[] = {
    {"PREROUTING", FW_HOOK_PREROUTING, -150},   {"INPUT", FW_HOOK_INPUT, -150},
    {"FORWARD", FW_HOOK_FORWARD, -150},         {"OUTPUT", FW_HOOK_OUTPUT, -150},
    {"POSTROUTING", FW_HOOK_POSTROUTING, -150}, {NULL, FW_HOOK_NONE, 0},
};
static const struct hook_row nat_hooks[] = {
    {"PREROUTING", FW_HOOK_PREROUTING, -100},
    {"INPUT", FW_HOOK_INPUT, 100},
    {"OUTPUT", FW_HOOK_OUTPUT, -100},
    {"POSTROUTING", FW_HOOK_POSTROUTING, 100},
    {NULL, FW_HOOK_NONE, 0},
};
static const struct hook_row filter_hooks[] = {
    {"INPUT", FW_HOOK_INPUT, 0},
    {"FORWARD", FW_HOOK_FORWARD, 0},
    {"OUTPUT", FW_HOOK_OUTPUT, 0},
    {NULL, FW_HOOK_NONE, 0},
};
static const struct hook_row security_hooks[] = {
    {"INPUT", FW_HOOK_INPUT, 50},
    {"FORWARD", FW_HOOK_FORWARD, 50},
    {"OUTPUT", FW_HOOK_OUTPUT, 50},
    {NULL, FW_HOOK_NONE, 0},
};

struct table_row {
    const char *name;
    bool decides;
    const struct hook_row *hooks;
};

static const struct table_row table_rows[] = {
    {"filter", true, filter_hooks}, {"mangle", false, mangle_hooks},    {"nat", false, nat_hooks},
    {"raw", false, raw_hooks},      {"security", true, security_hooks},
};

static const struct table_row *find_row(fw_sv name)
{
    for (size_t i = 0; i < sizeof(table_rows) / sizeof(table_rows[0]); i++) {
        if (fw_sv_is(name, table_rows[i].name)) {
            return &table_rows[i];
        }
    }
    return NULL;
}

bool fw_nf_table_known(fw_sv name)
{
    return find_row(name) != NULL;
}

void fw_nf_init(struct fw_nf *nf, struct fw_doc *doc, struct fw_ruleset *ruleset)
{
    static const char *const rewriters[] = {"DNAT", "DNPT", "NETMAP", "REDIRECT", "TPROXY"};
    *nf = (struct fw_nf){.doc = doc, .ruleset = ruleset};
    for (size_t i = 0; i < sizeof(rewriters) / sizeof(rewriters[0]); i++) {
        nf->rewrites = nf->rewrites || fw_sv_find(doc->text, fw_sv_from(rewriters[i])) != SIZE_MAX;
    }
    fw_pool_init(&nf->pool, &doc->arena);
}

struct fw_nf_table *fw_nf_table(struct fw_nf *nf, fw_sv name, unsigned family)
{
    for (size_t i = 0; i < nf->ntables; i++) {
        if (nf->tables[i]->family == family && fw_sv_eq(nf->tables[i]->name, name)) {
            return nf->tables[i];
        }
    }
    if (nf->ntables == FW_NF_TABLES) {
        return NULL;
    }
    struct fw_nf_table *table = fw_new(&nf->doc->arena, struct fw_nf_table);
    table->name = name;
    table->family = family;
    nf->tables[nf->ntables++] = table;
    return table;
}

static size_t bucket_of(const struct fw_nf_table *table, fw_sv name)
{
    return (size_t)((fw_sv_hash(name) ^ (uintptr_t)table->name.n ^ table->family) %
                    FW_NF_CHAIN_BUCKETS);
}

struct fw_nf_chain *fw_nf_chain_find(const struct fw_nf *nf, const struct fw_nf_table *table,
                                     fw_sv name)
{
    struct fw_nf_chain *chain = nf->chains[bucket_of(table, name)];
    while (chain && (chain->table != table || !fw_sv_eq(chain->name, name))) {
        chain = chain->next;
    }
    return chain;
}

static fw_sv policy_name(struct fw_arena *arena, fw_sv table, fw_sv chain)
{
    if (fw_sv_is(table, "filter")) {
        return chain;
    }
    fw_sv name = {fw_new_array(arena, table.n + chain.n + 2, char), table.n + 1 + chain.n};
    char *p = (char *)name.p;
    memcpy(p, table.p, table.n);
    p[table.n] = '/';
    memcpy(p + table.n + 1, chain.p, chain.n);
    return name;
}

static struct fw_policy *new_policy(struct fw_nf *nf, const struct fw_nf_table *table, fw_sv name)
{
    struct fw_policy *policy = fw_new(&nf->doc->arena, struct fw_policy);
    const struct table_row *row = find_row(table->name);
    policy->name = policy_name(&nf->doc->arena, table->name, name);
    policy->table = table->name;
    policy->families = table->family;
    policy->decides = row && row->decides;
    policy->nat = fw_sv_is(table->name, "nat");
    policy->fallback = FW_ACTION_RETURN;
    for (const struct hook_row *h = row ? row->hooks : NULL; h && h->chain; h++) {
        if (fw_sv_is(name, h->chain)) {
            policy->hook = h->hook;
            policy->priority = h->priority;
            policy->fallback = FW_ACTION_PERMIT; /* the kernel's, when nothing is written */
        }
    }
    struct fw_ruleset *set = nf->ruleset;
    fw_ruleset_add(&nf->doc->arena, set, policy);
    return policy;
}

static bool is_builtin(const struct fw_nf_chain *chain)
{
    return chain->policy->hook != FW_HOOK_NONE;
}

struct fw_nf_chain *fw_nf_chain(struct fw_nf *nf, struct fw_nf_table *table, fw_sv name)
{
    struct fw_nf_chain *chain = fw_nf_chain_find(nf, table, name);
    if (chain) {
        return chain;
    }
    struct fw_nf_chain **bucket = &nf->chains[bucket_of(table, name)];
    chain = fw_new(&nf->doc->arena, struct fw_nf_chain);
    chain->table = table;
    chain->name = fw_pool_text(&nf->pool, name);
    chain->policy = new_policy(nf, table, chain->name);
    chain->declared = is_builtin(chain);
    chain->next = *bucket;
    *bucket = chain;
    return chain;
}

void fw_nf_chain_declare(struct fw_nf *nf, struct fw_nf_chain *chain, fw_sv policy,
                         struct fw_counter counter, fw_span span)
{
    struct fw_policy *p = chain->policy;
    chain->declared = true;
    p->span = span;
    if (fw_sv_is(policy, "ACCEPT") || fw_sv_is(policy, "DROP")) {
        p->fallback = fw_sv_is(policy, "DROP") ? FW_ACTION_DENY : FW_ACTION_PERMIT;
        p->fallback_explicit = true;
        p->fallback_span = span;
        p->fallback_hits = counter;
    } else if (!fw_sv_is(policy, "-")) {
        fw_doc_unsupported(nf->doc, span.line, policy, "the policy of a chain is ACCEPT or DROP");
        p->fallback = FW_ACTION_UNKNOWN;
    }
}

void fw_nf_chain_reserve(struct fw_nf *nf, struct fw_nf_chain *chain, size_t n)
{
    if (n > chain->cap) {
        chain->policy->rules = fw_arena_grow(&nf->doc->arena, chain->policy->rules, chain->cap, n,
                                             sizeof(struct fw_rule));
        chain->cap = n;
    }
}

void fw_nf_chain_insert(struct fw_nf *nf, struct fw_nf_chain *chain, size_t position,
                        const struct fw_rule *rule)
{
    struct fw_policy *policy = chain->policy;
    size_t at = position == 0 || position > policy->n ? policy->n : position - 1;
    if (policy->n == chain->cap) {
        fw_nf_chain_reserve(nf, chain, chain->cap < 4 ? 4 : chain->cap * 2);
    }
    memmove(policy->rules + at + 1, policy->rules + at, (policy->n - at) * sizeof(*policy->rules));
    policy->rules[at] = *rule;
    policy->n++;
}

static void insert_unread(struct fw_nf *nf, struct fw_nf_chain *chain, size_t position, fw_sv why,
                          fw_span span)
{
    struct fw_rule rule = {
        .action = FW_ACTION_UNKNOWN,
        .target = fw_pool_text(&nf->pool, why),
        .enabled = true,
        .span = span,
    };
    struct fw_terms terms;
    fw_terms_init(&terms, &nf->doc->scratch, chain->table->family);
    fw_terms_atom(&terms, fw_atom_make(FW_ATOM_VARYING, why, false));
    fw_terms_finish(&terms, &nf->pool, &rule.match);
    fw_nf_chain_insert(nf, chain, position, &rule);
}

void fw_nf_rule_unread(struct fw_nf *nf, struct fw_nf_chain *chain, fw_sv why, fw_span span)
{
    insert_unread(nf, chain, 0, why, span);
}

void fw_nf_chain_unread(struct fw_nf *nf, struct fw_nf_chain *chain, fw_sv why, fw_span span)
{
    insert_unread(nf, chain, 1, why, span);
}

void fw_nf_policy_unread(struct fw_nf_chain *chain, fw_span span)
{
    if (is_builtin(chain)) {
        chain->policy->fallback = FW_ACTION_UNKNOWN;
        chain->policy->fallback_explicit = true;
        chain->policy->fallback_span = span;
    }
}

void fw_nf_table_hooks(struct fw_nf *nf, struct fw_nf_table *table)
{
    const struct table_row *row = find_row(table->name);
    for (const struct hook_row *h = row ? row->hooks : NULL; h && h->chain; h++) {
        fw_nf_chain(nf, table, fw_sv_from(h->chain));
    }
}

void fw_nf_chain_remove(struct fw_nf_chain *chain, size_t position)
{
    struct fw_policy *policy = chain->policy;
    memmove(policy->rules + position - 1, policy->rules + position,
            (policy->n - position) * sizeof(*policy->rules));
    policy->n--;
}

static void drop_policy(struct fw_ruleset *ruleset, const struct fw_policy *policy)
{
    for (size_t i = 0; i < ruleset->npolicies; i++) {
        if (ruleset->policies[i] == policy) {
            ruleset->npolicies--;
            memmove(ruleset->policies + i, ruleset->policies + i + 1,
                    (ruleset->npolicies - i) * sizeof(*ruleset->policies));
            return;
        }
    }
}

void fw_nf_chains_clear(struct fw_nf *nf, const struct fw_nf_table *table, fw_sv name, bool remove)
{
    for (size_t i = 0; i < FW_NF_CHAIN_BUCKETS; i++) {
        for (struct fw_nf_chain **p = &nf->chains[i]; *p;) {
            struct fw_nf_chain *chain = *p;
            bool meant = chain->table == table && (name.n == 0 || fw_sv_eq(chain->name, name));
            if (meant && !remove) {
                chain->policy->n = 0;
            }
            if (meant && remove && !is_builtin(chain)) {
                drop_policy(nf->ruleset, chain->policy);
                *p = chain->next;
            } else {
                p = &chain->next;
            }
        }
    }
}

/* A word that is no target of its own is a chain of the same table. */
static void resolve(struct fw_nf *nf, const struct fw_nf_table *table, struct fw_rule *rule)
{
    if (rule->action != FW_ACTION_JUMP && rule->action != FW_ACTION_GOTO) {
        return;
    }
    const struct fw_nf_chain *chain = fw_nf_chain_find(nf, table, rule->target);
    if (chain) {
        return;
    }
    fw_doc_mark(nf->doc, rule->span.line, FW_LINE_UNSUPPORTED);
    fw_doc_warn(nf->doc, FW_DIAG_ID_UNDEFINED_NAME, rule->span.line, rule->target,
                "neither a chain of table %.*s nor a target we know: it may decide anything",
                FW_SV_ARG(table->name));
    rule->action = FW_ACTION_UNKNOWN;
}

void fw_nf_find_logged(struct fw_policy *policy)
{
    size_t first = 0; /* of the LOG rules right before */
    for (size_t i = 0; i < policy->n; i++) {
        struct fw_rule *rule = &policy->rules[i];
        if (rule->action == FW_ACTION_CONTINUE) {
            if (!rule->log) {
                first = i + 1;
            }
            continue;
        }
        for (size_t j = i; j-- > first && !rule->log;) {
            if (fw_match_same(&policy->rules[j].match, &rule->match)) {
                rule->log = true;
                rule->log_tag = policy->rules[j].log_tag;
            }
        }
        first = i + 1;
    }
}

/* What atoms of a kind are worth once it is known which targets the ruleset has. */
static enum fw_atom_kind kind_now(const struct fw_nf *nf, const struct fw_atom *atom)
{
    static const struct {
        const char *words; /* the first of the atom */
        unsigned altered_by;
    } rows[] = {
        {"mark ", FW_NF_ALTERS_MARK}, {"connmark ", FW_NF_ALTERS_CONNMARK},
        {"set ", FW_NF_ALTERS_SETS},  {"ttl ", FW_NF_ALTERS_TTL},
        {"hl ", FW_NF_ALTERS_TTL},    {"tos ", FW_NF_ALTERS_TOS},
        {"dscp ", FW_NF_ALTERS_TOS},  {"ecn ", FW_NF_ALTERS_TOS},
    };
    if (atom->kind != FW_ATOM_FIXED && atom->kind != FW_ATOM_MARK &&
        atom->kind != FW_ATOM_CONNMARK) {
        return atom->kind;
    }
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if ((nf->alters & rows[i].altered_by) && fw_sv_starts(atom->words, rows[i].words)) {
            return FW_ATOM_VARYING;
        }
    }
    return atom->kind;
}

static void settle_atoms(const struct fw_nf *nf, const struct fw_match *match)
{
    for (size_t i = 0; i < match->n; i++) {
        for (size_t j = 0; j < match->terms[i].natoms; j++) {
            /* The arrays are this parser's own, one a rule: nothing else sees them yet. */
            struct fw_atom *atom = (struct fw_atom *)&match->terms[i].atoms[j];
            atom->kind = kind_now(nf, atom);
        }
    }
}

/* A target that may do anything is one of the words that widen the bounds. */
static void name_unknown(struct fw_nf *nf, struct fw_rule *rule)
{
    if (rule->action != FW_ACTION_UNKNOWN) {
        return;
    }
    fw_sv *words = fw_new_array(&nf->doc->arena, rule->nwords + 1, fw_sv);
    for (size_t i = 0; i < rule->nwords; i++) {
        words[i] = rule->unmodelled[i];
    }
    words[rule->nwords++] = rule->target;
    rule->unmodelled = words;
}

static void finish_chain(struct fw_nf *nf, const struct fw_nf_chain *chain)
{
    struct fw_policy *policy = chain->policy;
    for (size_t i = 0; i < policy->n; i++) {
        policy->rules[i].position = (uint32_t)(i + 1);
        resolve(nf, chain->table, &policy->rules[i]);
        name_unknown(nf, &policy->rules[i]);
        if (nf->alters != 0) {
            settle_atoms(nf, &policy->rules[i].match);
        }
    }
    fw_nf_find_logged(policy);
}

void fw_nf_finish(struct fw_nf *nf)
{
    for (size_t i = 0; i < FW_NF_CHAIN_BUCKETS; i++) {
        for (struct fw_nf_chain *chain = nf->chains[i]; chain; chain = chain->next) {
            finish_chain(nf, chain);
        }
    }
    nf->ruleset->nsecrets = nf->doc->nsecrets;
    nf->ruleset->secrets = nf->doc->secrets;
    fw_ruleset_seal(&nf->doc->arena, nf->ruleset);
}
