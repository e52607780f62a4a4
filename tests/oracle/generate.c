/* What random rulesets are made of. */
#include "tests/oracle/generate.h"

#include <stdio.h>
#include <string.h>

#include "core/proto.h"
#include "tests/unit/random.h"

enum { MOST_RULES = 14, MOST_CHAINS = 3 };

struct maker {
    struct test_random random;
    struct fw_arena *arena;
    struct universe *universe;
    bool atoms, fragments, marks;
    int natoms;
    size_t nbases; /* policies with a hook; the others are chains */
};

static unsigned below(struct maker *m, unsigned n)
{
    return test_random_below(&m->random, n);
}

static bool chance(struct maker *m, unsigned percent)
{
    return below(m, 100) < percent;
}

static const struct fw_ipset *make_ips(struct maker *m)
{
    fw_iprange v[4];
    size_t n = 0;
    bool six = m->universe->families == FW_FAMILY_BIT6 ||
               (m->universe->families == FW_FAMILY_BOTH && chance(m, 35));
    const uint64_t base = UINT64_C(0x20010db800000000);
    if (!six || (m->universe->families == FW_FAMILY_BOTH && chance(m, 20))) {
        uint32_t lo = below(m, 4);
        uint32_t hi = lo + below(m, 4 - lo);
        v[n++] = (fw_iprange){fw_ip4(0x0a000000 + lo), fw_ip4(0x0a000000 + hi)};
        if (chance(m, 15)) { /* two pieces */
            uint32_t other = below(m, 4);
            v[n++] = (fw_iprange){fw_ip4(0x0a000000 + other), fw_ip4(0x0a000000 + other)};
        }
        if (chance(m, 8)) {
            v[n++] = fw_iprange_all(FW_IPV4);
        }
    }
    if (six) {
        uint64_t lo = below(m, 2);
        v[n++] = (fw_iprange){fw_ip6(base, lo), fw_ip6(base, lo + below(m, 2 - (unsigned)lo))};
    }
    const struct fw_ipset *set = fw_ipset_make(m->arena, v, n);
    if (chance(m, 15)) {
        set = fw_ipset_complement(m->arena, set, m->universe->families);
    }
    return set;
}

static const struct fw_nameset *make_names(struct maker *m)
{
    static const char *const patterns[] = {"eth+", "eth0", "eth1", "ppp0", "+"};
    struct fw_nameset *set = fw_new(m->arena, struct fw_nameset);
    fw_sv *v = fw_new_array(m->arena, 2, fw_sv);
    unsigned first = below(m, chance(m, 10) ? 5 : 4);
    v[0] = fw_sv_from(patterns[first]);
    set->n = 1;
    if (first < 3 && chance(m, 20)) {
        v[1] = fw_sv_from(patterns[first + 1]);
        set->n = 2;
    }
    set->v = v;
    set->negated = chance(m, 20);
    return set;
}

static const struct fw_numset *maybe_not(struct maker *m, const struct fw_numset *set, uint32_t max)
{
    return chance(m, 15) ? fw_numset_complement(m->arena, set, max) : set;
}

static const struct fw_numset *make_ports(struct maker *m)
{
    uint32_t lo = below(m, 4);
    uint32_t hi = chance(m, 25) ? 65535 : lo + below(m, 4 - lo);
    const struct fw_numset *set = fw_numset_range(m->arena, lo, hi);
    if (chance(m, 15)) {
        uint32_t other = below(m, 4);
        set = fw_numset_union(m->arena, set, fw_numset_range(m->arena, other, other));
    }
    return maybe_not(m, set, 65535);
}

static const struct fw_numset *make_protos(struct maker *m)
{
    static const uint8_t protos[] = {FW_PROTO_TCP,  FW_PROTO_TCP,   FW_PROTO_UDP,
                                     FW_PROTO_ICMP, FW_PROTO_ICMP6, FW_PROTO_GRE};
    uint8_t one = protos[below(m, sizeof(protos))];
    const struct fw_numset *set = fw_numset_range(m->arena, one, one);
    if (chance(m, 25)) {
        uint8_t two = protos[below(m, sizeof(protos))];
        set = fw_numset_union(m->arena, set, fw_numset_range(m->arena, two, two));
    }
    return maybe_not(m, set, 255);
}

static const struct fw_numset *make_icmp(struct maker *m)
{
    static const struct fw_numrange ranges[] = {
        {0x0800, 0x0800}, {0x0800, 0x08ff}, {0, 0xff}, {0x8000, 0x80ff}, {0, 0xffff}};
    return maybe_not(m, fw_numset_make(m->arena, &ranges[below(m, 5)], 1), 65535);
}

static const struct fw_numset *make_flags(struct maker *m)
{
    static const uint8_t masks[] = {0x17, 0x12, 0x02, 0x04, 0x01, 0x14};
    uint8_t mask = masks[below(m, sizeof(masks))];
    uint8_t wanted = (uint8_t)(mask & below(m, 32));
    struct fw_numrange v[256];
    size_t n = 0;
    for (uint32_t flags = 0; flags < 256; flags++) {
        if ((flags & mask) == wanted) {
            v[n++] = (struct fw_numrange){flags, flags};
        }
    }
    return maybe_not(m, fw_numset_make(m->arena, v, n), 255);
}

static const struct fw_numset *make_states(struct maker *m)
{
    uint32_t one = below(m, FW_STATE_COUNT);
    uint32_t two = below(m, FW_STATE_COUNT);
    return maybe_not(m,
                     fw_numset_union(m->arena, fw_numset_range(m->arena, one, one),
                                     fw_numset_range(m->arena, two, two)),
                     FW_STATE_COUNT - 1);
}

static int by_words(const void *left, const void *right)
{
    const struct fw_atom *a = left;
    const struct fw_atom *b = right;
    int order = fw_sv_cmp(a->words, b->words);
    return order != 0 ? order : a->negated - b->negated;
}

static void add_atoms(struct maker *m, struct fw_term *term)
{
    static const struct fw_atom kinds[] = {
        {.kind = FW_ATOM_FIXED, .words = {"set a", 5}},
        {.kind = FW_ATOM_FIXED, .words = {"set b", 5}},
        {.kind = FW_ATOM_TIME, .words = {"weekdays", 8}},
        {.kind = FW_ATOM_MARK, .words = {"mark 1", 6}, .value = 1, .mask = UINT32_MAX},
        {.kind = FW_ATOM_CONNMARK, .words = {"connmark 1", 10}, .value = 1, .mask = UINT32_MAX},
        {.kind = FW_ATOM_VARYING, .words = {"limit", 5}},
        {.kind = FW_ATOM_SRC_LOCAL, .words = {"src local", 9}},
        {.kind = FW_ATOM_DST_LOCAL, .words = {"dst local", 9}},
        {.kind = FW_ATOM_FRAGMENT, .words = {"fragment", 8}},
    };
    struct fw_atom *atoms = fw_new_array(m->arena, 2, struct fw_atom);
    for (int i = 0; i < 2 && m->natoms > 0 && chance(m, 22); i++) {
        atoms[term->natoms] = kinds[m->fragments && chance(m, 50) ? 8
                                    : m->marks && chance(m, 50)   ? 3 + below(m, 2)
                                                                  : below(m, 8)];
        atoms[term->natoms++].negated = chance(m, 30);
        m->natoms--;
    }
    if (term->natoms == 2) {
        qsort(atoms, 2, sizeof(*atoms), by_words);
        term->natoms -= fw_sv_eq(atoms[0].words, atoms[1].words) &&
                        atoms[0].negated == atoms[1].negated;
    }
    term->atoms = atoms;
}

static void make_term(struct maker *m, struct fw_term *term)
{
    const struct universe *u = m->universe;
    unsigned often = 30 + below(m, 50);
    term->src = u->use_address && chance(m, often) ? make_ips(m) : NULL;
    term->dst = u->use_address && chance(m, often) ? make_ips(m) : NULL;
    term->in = u->use_in && chance(m, often) ? make_names(m) : NULL;
    term->out = u->use_out && chance(m, often) ? make_names(m) : NULL;
    term->proto = u->use_proto && chance(m, often) ? make_protos(m) : NULL;
    term->sport = u->use_ports && chance(m, often / 2) ? make_ports(m) : NULL;
    term->dport = u->use_ports && chance(m, often) ? make_ports(m) : NULL;
    term->icmp = u->use_icmp && chance(m, often / 2) ? make_icmp(m) : NULL;
    term->flags = u->use_flags && chance(m, often / 2) ? make_flags(m) : NULL;
    term->state = u->use_state && chance(m, often) ? make_states(m) : NULL;
    if (m->atoms) {
        add_atoms(m, term);
    }
}

static enum fw_action make_action(struct maker *m, bool chains)
{
    static const enum fw_action plain[] = {FW_ACTION_PERMIT, FW_ACTION_PERMIT, FW_ACTION_PERMIT,
                                           FW_ACTION_DENY,   FW_ACTION_DENY,   FW_ACTION_REJECT};
    static const enum fw_action calling[] = {FW_ACTION_JUMP, FW_ACTION_JUMP, FW_ACTION_GOTO,
                                             FW_ACTION_RETURN};
    if (chains && chance(m, 35)) {
        return calling[below(m, 4)];
    }
    if (chance(m, m->marks ? 20 : 6)) {
        return FW_ACTION_CONTINUE;
    }
    return m->atoms && chance(m, 3) ? FW_ACTION_UNKNOWN : plain[below(m, 6)];
}

static void make_rule(struct maker *m, struct fw_ruleset *ruleset, size_t policy, size_t nchains,
                      struct fw_rule *rule)
{
    size_t first = policy < m->nbases ? m->nbases : policy + 1; /* later chains: no loops, ... */
    first = m->atoms && chance(m, 4) ? m->nbases : first;       /* ... unless unknowns will do */
    size_t callable = nchains + 1 - first;
    rule->enabled = !chance(m, 4);
    rule->log = chance(m, 10);
    rule->action = make_action(m, nchains > 0);
    if (rule->action == FW_ACTION_JUMP || rule->action == FW_ACTION_GOTO) {
        if (callable == 0) {
            rule->action = FW_ACTION_RETURN;
        } else {
            rule->target = ruleset->policies[first + below(m, (unsigned)callable)]->name;
            rule->target = chance(m, 2) && m->atoms ? FW_SV("nowhere") : rule->target;
        }
    }
    if (rule->action == FW_ACTION_CONTINUE && m->marks) {
        rule->sets_mark = chance(m, 50);
        rule->connmark = rule->sets_mark ? FW_CONNMARK_NONE : FW_CONNMARK_SET;
        rule->mark_value = 1 - chance(m, 40);
        rule->mark_mask = UINT32_MAX;
    }
    rule->match.n = chance(m, 3) ? 0 : chance(m, 12) ? 2 : 1;
    struct fw_term *terms = fw_new_array(m->arena, 2, struct fw_term);
    for (size_t t = 0; t < rule->match.n; t++) {
        make_term(m, &terms[t]);
    }
    rule->match.terms = terms;
}

/* Three or four dimensions at a time keep the universe small. */
static void choose_dimensions(struct maker *m)
{
    struct universe *u = m->universe;
    static const enum fw_hook hooks[] = {FW_HOOK_INPUT, FW_HOOK_FORWARD, FW_HOOK_OUTPUT,
                                         FW_HOOK_NONE};
    static const unsigned families[] = {FW_FAMILY_BIT4, FW_FAMILY_BIT4, FW_FAMILY_BIT6,
                                        FW_FAMILY_BOTH};
    u->hook = hooks[below(m, 4)];
    u->families = families[below(m, 4)];
    u->use_address = chance(m, 70);
    u->use_proto = chance(m, 50);
    u->use_ports = u->use_proto && chance(m, 60);
    u->use_icmp = u->use_proto && chance(m, u->use_ports ? 20 : 50);
    bool large = u->use_address && u->use_ports;
    u->use_flags = u->use_proto && !large && chance(m, 25);
    u->use_state = !large && chance(m, 25);
    u->use_in = !large && chance(m, 25);
    u->use_out = !large && chance(m, u->use_in ? 30 : 15);
    if (!u->use_address && !u->use_proto && !u->use_in) {
        u->use_address = true;
    }
    m->atoms = !large && chance(m, 40);
    m->fragments = m->atoms && chance(m, 15);
    m->marks = m->atoms && chance(m, 25);
    m->natoms = 4;
}

/* Marks of connections are compared where there is one only: sealing says so by states. */
bool mentions_state(const struct fw_ruleset *ruleset)
{
    for (size_t p = 0; p < ruleset->npolicies; p++) {
        for (size_t r = 0; r < ruleset->policies[p]->n; r++) {
            const struct fw_match *match = &ruleset->policies[p]->rules[r].match;
            for (size_t t = 0; t < match->n; t++) {
                if (match->terms[t].state) {
                    return true;
                }
            }
        }
    }
    return false;
}

/* Of the second base: its packets have other interfaces than those of the first. */
static enum fw_hook other_hook(const struct maker *m)
{
    return m->universe->hook == FW_HOOK_INPUT ? FW_HOOK_FORWARD : FW_HOOK_INPUT;
}

void generate(struct sample *sample, struct fw_arena *arena, uint64_t seed)
{
    struct maker m = {.random = {seed * UINT64_C(0x2545f4914f6cdd1d)}, .arena = arena};
    m.universe = &sample->universe;
    sample->universe = (struct universe){0};
    choose_dimensions(&m);
    size_t nchains = chance(&m, 45) ? 1 + below(&m, MOST_CHAINS) : 0;
    size_t left = 1 + below(&m, MOST_RULES);
    m.nbases = nchains > 0 && chance(&m, 20) ? 2 : 1;
    struct fw_ruleset *ruleset = fw_new(arena, struct fw_ruleset);
    ruleset->npolicies = nchains + 1;
    ruleset->policies = fw_new_array(arena, nchains + 1, struct fw_policy *);
    for (size_t p = 0; p <= nchains; p++) {
        struct fw_policy *policy = fw_new(arena, struct fw_policy);
        static const enum fw_action ends[] = {FW_ACTION_DENY, FW_ACTION_PERMIT, FW_ACTION_REJECT,
                                              FW_ACTION_RETURN};
        bool base = p < m.nbases;
        policy->name = fw_arena_printf(arena, "%s%zu", base ? "base" : "chain", p);
        policy->table = FW_SV("filter");
        policy->decides = true;
        policy->families = sample->universe.families;
        policy->hook = p == 0 ? sample->universe.hook : base ? other_hook(&m) : FW_HOOK_NONE;
        policy->fallback = base ? ends[below(&m, 4)] : FW_ACTION_RETURN;
        ruleset->policies[p] = policy;
    }
    bool last = nchains == 0 && chance(&m, 5);
    for (size_t p = 0; p <= nchains; p++) {
        struct fw_policy *policy = ruleset->policies[p];
        policy->n = p == nchains ? left : below(&m, (unsigned)left + 1);
        left -= policy->n;
        policy->rules = fw_new_array(arena, policy->n + 1, struct fw_rule);
        policy->order = last ? FW_ORDER_LAST : FW_ORDER_FIRST;
        for (size_t r = 0; r < policy->n; r++) {
            policy->rules[r].position = (uint32_t)r + 1;
            policy->rules[r].quick = last && chance(&m, 40);
            make_rule(&m, ruleset, p, nchains, &policy->rules[r]);
        }
        if (policy->n > 0 && chance(&m, 25)) { /* the last rule refuses everything */
            struct fw_rule *rule = &policy->rules[policy->n - 1];
            rule->action = chance(&m, 70) ? FW_ACTION_DENY : FW_ACTION_REJECT;
            rule->match.n = 1;
            rule->match.terms = fw_new(arena, struct fw_term);
        }
    }
    fw_ruleset_seal(arena, ruleset);
    sample->universe.use_state = sample->universe.use_state || mentions_state(ruleset);
    sample->ruleset = ruleset;
    sample->marks = m.marks;
    universe_fill(&sample->universe, arena);
}

static void print_set(const char *name, const struct fw_numset *set)
{
    for (size_t i = 0; set && i < set->n; i++) {
        printf("%s%u-%u", i == 0 ? name : ",", set->v[i].lo, set->v[i].hi);
    }
    if (set && set->n == 0) {
        printf("%snothing", name);
    }
}

static void print_ips(const char *name, const struct fw_ipset *set)
{
    struct fw_buf buf;
    fw_buf_init(&buf);
    for (size_t i = 0; set && i < set->n; i++) {
        fw_buf_add_cstr(&buf, i == 0 ? name : ",");
        fw_iprange_text(&buf, set->v[i]);
    }
    printf("%.*s%s", FW_SV_ARG(fw_buf_sv(&buf)), set && set->n == 0 ? " no address" : "");
    fw_buf_clear(&buf);
}

static void print_names(const char *name, const struct fw_nameset *set)
{
    for (size_t i = 0; set && i < set->n; i++) {
        printf("%s%s%.*s", i == 0 ? name : ",", i == 0 && set->negated ? "!" : "",
               FW_SV_ARG(set->v[i]));
    }
}

void sample_print(const struct sample *sample)
{
    const struct fw_ruleset *ruleset = sample->ruleset;
    for (size_t p = 0; p < ruleset->npolicies; p++) {
        const struct fw_policy *policy = ruleset->policies[p];
        printf("%.*s hook %s families %u default %s\n", FW_SV_ARG(policy->name),
               fw_hook_name(policy->hook), policy->families, fw_action_name(policy->fallback));
        for (size_t r = 0; r < policy->n; r++) {
            const struct fw_rule *rule = &policy->rules[r];
            printf("  %u%s %s %.*s\n", rule->position, rule->enabled ? "" : " (disabled)",
                   fw_action_name(rule->action), FW_SV_ARG(rule->target));
            for (size_t t = 0; t < rule->match.n; t++) {
                const struct fw_term *term = &rule->match.terms[t];
                printf("       any");
                print_ips(" src ", term->src);
                print_ips(" dst ", term->dst);
                print_names(" in ", term->in);
                print_names(" out ", term->out);
                print_set(" proto ", term->proto);
                print_set(" sport ", term->sport);
                print_set(" dport ", term->dport);
                print_set(" icmp ", term->icmp);
                print_set(" flags ", term->flags);
                print_set(" state ", term->state);
                for (size_t a = 0; a < term->natoms; a++) {
                    printf(" %s[%.*s]", term->atoms[a].negated ? "not " : "",
                           FW_SV_ARG(term->atoms[a].words));
                }
                printf("\n");
            }
        }
    }
}
