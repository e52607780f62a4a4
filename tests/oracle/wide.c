/* What medium rulesets are made of. */
#include "tests/oracle/wide.h"

#include <string.h>

#include "core/proto.h"
#include "tests/oracle/generate.h"
#include "tests/unit/random.h"

enum { LEAST_RULES = 60, MORE_RULES = 300, POOL = 24, GROUP = 5 };

static const fw_sv atom_words[WIDE_ATOMS] = {
    {"set blocked", 11}, {"set partners", 12}, {"user admin", 10}, {"work hours", 10}};

struct maker {
    struct test_random random;
    struct fw_arena *arena;
    unsigned families;
    const struct fw_ipset *pool[POOL]; /* objects that rules use again and again */
    bool names, states, parts, atoms;
};

static unsigned below(struct maker *m, unsigned n)
{
    return test_random_below(&m->random, n);
}

static bool chance(struct maker *m, unsigned percent)
{
    return below(m, 100) < percent;
}

/* A network of one of a few sites, or a host, or an odd range in it. */
static fw_iprange make_network(struct maker *m)
{
    bool six = m->families == FW_FAMILY_BIT6 || (m->families == FW_FAMILY_BOTH && chance(m, 40));
    unsigned site = below(m, 4);
    unsigned net = below(m, 6);
    unsigned host = below(m, 12);
    unsigned depth = below(m, 4);
    if (six) {
        uint64_t hi = UINT64_C(0x20010db800000000) | (uint64_t)site << 16 | (depth > 0 ? net : 0);
        uint64_t bits = depth == 0 ? 0xffff : 0; /* /48, /64, hosts */
        return (fw_iprange){fw_ip6(hi, depth > 1 ? host : 0),
                            fw_ip6(hi | bits, depth > 1 ? host : UINT64_MAX)};
    }
    uint32_t lo = UINT32_C(10) << 24 | site << 16;
    lo |= depth > 0 ? net << 8 : 0;
    lo |= depth > 1 ? host : 0;
    uint32_t hi = depth == 0 ? lo | 0xffff : depth == 1 ? lo | 0xff : lo;
    if (depth == 3) { /* an odd range */
        hi = lo + below(m, 300);
    }
    return (fw_iprange){fw_ip4(lo), fw_ip4(hi)};
}

static const struct fw_ipset *make_object(struct maker *m)
{
    fw_iprange v[GROUP];
    size_t n = chance(m, 25) ? 2 + below(m, GROUP - 1) : 1;
    for (size_t i = 0; i < n; i++) {
        v[i] = make_network(m);
    }
    const struct fw_ipset *set = fw_ipset_make(m->arena, v, n);
    return chance(m, 4) ? fw_ipset_complement(m->arena, set, m->families) : set;
}

static const struct fw_numset *make_ports(struct maker *m)
{
    static const uint16_t services[] = {22, 25, 53, 80, 443, 1433, 3389, 8080};
    switch (below(m, 6)) {
    case 0:
        return fw_numset_range(m->arena, 1024, 65535);
    case 1: {
        uint32_t lo = 1000 * below(m, 20);
        return fw_numset_range(m->arena, lo, lo + 500 * below(m, 10));
    }
    case 2: {
        uint32_t other = services[below(m, 8)];
        return fw_numset_union(m->arena, fw_numset_range(m->arena, 80, 80),
                               fw_numset_range(m->arena, other, other + below(m, 4)));
    }
    default: {
        uint32_t one = services[below(m, 8)];
        return fw_numset_range(m->arena, one, one);
    }
    }
}

static const struct fw_numset *make_flags(struct maker *m)
{
    static const uint8_t masks[] = {0x17, 0x12, 0x02, 0x04};
    uint8_t mask = masks[below(m, 4)];
    struct fw_numrange v[256];
    size_t n = 0;
    for (uint32_t flags = 0; flags < 256; flags++) {
        if ((flags & mask) == 0x02) {
            v[n++] = (struct fw_numrange){flags, flags};
        }
    }
    return fw_numset_make(m->arena, v, n);
}

static const struct fw_nameset *make_names(struct maker *m)
{
    static const char *const patterns[] = {"eth+", "eth0", "eth1", "ppp0"};
    struct fw_nameset *set = fw_new(m->arena, struct fw_nameset);
    fw_sv *v = fw_new_array(m->arena, 1, fw_sv);
    v[0] = fw_sv_from(patterns[below(m, 4)]);
    *set = (struct fw_nameset){chance(m, 15), 1, v};
    return set;
}

static void make_service(struct maker *m, struct fw_term *term)
{
    unsigned kind = below(m, 20);
    if (kind < 10) {
        term->proto = fw_numset_range(m->arena, FW_PROTO_TCP, FW_PROTO_TCP);
    } else if (kind < 15) {
        term->proto = fw_numset_range(m->arena, FW_PROTO_UDP, FW_PROTO_UDP);
    } else if (kind == 15 && m->parts) {
        uint8_t icmp = m->families == FW_FAMILY_BIT6 ? FW_PROTO_ICMP6 : FW_PROTO_ICMP;
        term->proto = fw_numset_range(m->arena, icmp, icmp);
        if (chance(m, 50)) {
            uint32_t type = below(m, 4) << 8;
            term->icmp = fw_numset_range(m->arena, type, type | 0xff);
        }
        return;
    } else {
        return;
    }
    term->dport = chance(m, 85) ? make_ports(m) : NULL;
    term->sport = chance(m, 8) ? make_ports(m) : NULL;
    term->flags = m->parts && kind < 10 && chance(m, 10) ? make_flags(m) : NULL;
}

static void make_term(struct maker *m, struct fw_term *term)
{
    term->src = chance(m, 75) ? m->pool[below(m, POOL)] : chance(m, 40) ? make_object(m) : NULL;
    term->dst = chance(m, 70) ? m->pool[below(m, POOL)] : make_object(m);
    make_service(m, term);
    term->in = m->names && chance(m, 30) ? make_names(m) : NULL;
    term->out = m->names && chance(m, 15) ? make_names(m) : NULL;
    if (m->states && chance(m, 30)) {
        uint32_t state = below(m, FW_STATE_COUNT);
        term->state = fw_numset_range(m->arena, state, chance(m, 50) ? FW_STATE_COUNT - 1 : state);
    }
    if (m->atoms && chance(m, 8)) {
        struct fw_atom *atom = fw_new(m->arena, struct fw_atom);
        *atom = (struct fw_atom){.kind = FW_ATOM_FIXED, .negated = chance(m, 40)};
        atom->words = atom_words[below(m, WIDE_ATOMS)];
        term->atoms = atom;
        term->natoms = 1;
    }
}

/* A part of what an earlier rule matches, or all of it. */
static void copy_term(struct maker *m, const struct fw_policy *policy, size_t before,
                      struct fw_term *term)
{
    const struct fw_rule *rule = &policy->rules[below(m, (unsigned)before)];
    *term = rule->match.terms[0];
    if (chance(m, 50)) {
        term->src = term->src ? term->src : m->pool[below(m, POOL)];
        term->dport = term->proto && !term->dport && !term->icmp ? make_ports(m) : term->dport;
    }
}

/* What two earlier rules match together, where only their destinations differ. */
static void join_terms(struct maker *m, const struct fw_policy *policy, size_t before,
                       struct fw_term *term)
{
    struct fw_rule *one = &policy->rules[below(m, (unsigned)before)];
    struct fw_rule *two = &policy->rules[below(m, (unsigned)before)];
    struct fw_term *changed = fw_new(m->arena, struct fw_term);
    *changed = one->match.terms[0];
    changed->dst = two->match.terms[0].dst;
    two->match.terms = changed;
    two->match.n = 1;
    *term = *changed;
    term->dst = fw_ipset_union(m->arena, one->match.terms[0].dst, changed->dst);
}

static void make_rule(struct maker *m, struct fw_policy *policy, size_t i)
{
    static const enum fw_action actions[] = {FW_ACTION_PERMIT, FW_ACTION_PERMIT, FW_ACTION_PERMIT,
                                             FW_ACTION_DENY,   FW_ACTION_DENY,   FW_ACTION_REJECT};
    struct fw_rule *rule = &policy->rules[i];
    struct fw_term *terms = fw_new_array(m->arena, 2, struct fw_term);
    rule->position = (uint32_t)i + 1;
    rule->enabled = !chance(m, 2);
    rule->action = chance(m, 3) ? FW_ACTION_CONTINUE : actions[below(m, 6)];
    rule->log = rule->action == FW_ACTION_CONTINUE;
    rule->match.n = chance(m, 6) ? 2 : 1;
    rule->match.terms = terms;
    unsigned kind = i < 10 ? 99 : below(m, 100);
    if (kind < 12) {
        copy_term(m, policy, i, &terms[0]);
    } else if (kind < 20) {
        join_terms(m, policy, i, &terms[0]);
    } else {
        make_term(m, &terms[0]);
    }
    make_term(m, &terms[1]);
}

struct fw_ruleset *wide_generate(struct fw_arena *arena, uint64_t seed)
{
    static const unsigned families[] = {FW_FAMILY_BIT4, FW_FAMILY_BIT4, FW_FAMILY_BIT6,
                                        FW_FAMILY_BOTH};
    struct maker m = {.random = {seed * UINT64_C(0x2545f4914f6cdd1d)}, .arena = arena};
    m.families = families[below(&m, 4)];
    m.names = chance(&m, 30);
    m.states = chance(&m, 30);
    m.parts = chance(&m, 50);
    m.atoms = chance(&m, 30);
    for (size_t i = 0; i < POOL; i++) {
        m.pool[i] = make_object(&m);
    }
    struct fw_ruleset *ruleset = fw_new(arena, struct fw_ruleset);
    struct fw_policy *policy = fw_new(arena, struct fw_policy);
    ruleset->npolicies = 1;
    ruleset->policies = fw_new_array(arena, 1, struct fw_policy *);
    ruleset->policies[0] = policy;
    policy->name = FW_SV("FORWARD");
    policy->table = FW_SV("filter");
    policy->hook = FW_HOOK_FORWARD;
    policy->decides = true;
    policy->families = m.families;
    policy->fallback = chance(&m, 70) ? FW_ACTION_DENY : FW_ACTION_PERMIT;
    policy->n = LEAST_RULES + below(&m, MORE_RULES);
    policy->rules = fw_new_array(arena, policy->n, struct fw_rule);
    for (size_t i = 0; i < policy->n; i++) {
        make_rule(&m, policy, i);
    }
    fw_ruleset_seal(arena, ruleset);
    return ruleset;
}

int wide_atom(const struct fw_atom *atom)
{
    int i = 0;
    while (!fw_sv_eq(atom->words, atom_words[i])) {
        i++;
    }
    return i;
}

void wide_print(const struct fw_ruleset *ruleset)
{
    struct sample sample = {.ruleset = (struct fw_ruleset *)ruleset};
    sample_print(&sample);
}
