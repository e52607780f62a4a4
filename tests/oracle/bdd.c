/*
 * Medium rulesets over the real, wide dimensions, where no enumeration goes: what is dead, shadowed
 * and redundant as decision diagrams (BuDDy) say, against what the engine says. Nothing here is
 * shared with the engine: sets of packets are diagrams over the bits of their fields.
 *
 *   oracle_bdd [--seeds N] [--from SEED] [--print] [--stop]     see seeds.h
 */
#include <bdd.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/proto.h"
#include "policy/analysis.h"
#include "tests/oracle/seeds.h"
#include "tests/oracle/wide.h"

enum { NODES = 2000000, CACHE = 400000 };

/* Diagram variables of the fields: those that tell most first, addresses last. */
enum {
    BIT_FAMILY,
    BIT_ATOM,
    BIT_STATE = BIT_ATOM + WIDE_ATOMS,
    BIT_IN = BIT_STATE + 3,
    BIT_OUT = BIT_IN + 3,
    BIT_PROTO = BIT_OUT + 3,
    BIT_ICMP = BIT_PROTO + 8,
    BIT_FLAGS = BIT_ICMP + 16,
    BIT_SPORT = BIT_FLAGS + 8,
    BIT_DPORT = BIT_SPORT + 16,
    BIT_SRC = BIT_DPORT + 16,
    BIT_DST = BIT_SRC + 128,
    BITS = BIT_DST + 128
};

/* The names that patterns of the generator can tell apart. */
static const char *const names[] = {"eth0", "eth1", "eth7", "ppp0", "wlan7"};
enum { NAMES = sizeof(names) / sizeof(names[0]) };

static BDD minus(BDD from, BDD what)
{
    return bdd_apply(from, what, bddop_diff);
}

/* Keeps `value` instead of `*place`. */
static void set(BDD *place, BDD value)
{
    bdd_addref(value);
    bdd_delref(*place);
    *place = value;
}

static bool bit_of(fw_ip value, int bit)
{
    return ((bit < 64 ? value.lo >> bit : value.hi >> (bit - 64)) & 1) != 0;
}

/* lo <= field <= hi, in `width` variables from `first`, the highest bit first. */
static BDD between(int first, int width, fw_ip lo, fw_ip hi)
{
    BDD from = bdd_true();
    BDD to = bdd_true();
    for (int bit = 0; bit < width; bit++) {
        BDD variable = bdd_ithvar(first + width - 1 - bit);
        BDD not_variable = bdd_nithvar(first + width - 1 - bit);
        set(&from, bit_of(lo, bit) ? bdd_and(variable, from) : bdd_or(variable, from));
        set(&to, bit_of(hi, bit) ? bdd_or(not_variable, to) : bdd_and(not_variable, to));
    }
    BDD both = bdd_addref(bdd_and(from, to));
    bdd_delref(from);
    bdd_delref(to);
    return both;
}

static void restrict_to(BDD *packets, BDD to)
{
    set(packets, bdd_and(*packets, to));
    bdd_delref(to);
}

static void add_range(BDD *packets, BDD range)
{
    set(packets, bdd_or(*packets, range));
    bdd_delref(range);
}

static BDD number_in(int first, int width, const struct fw_numset *numbers)
{
    BDD all = bdd_false();
    for (size_t i = 0; i < numbers->n; i++) {
        fw_ip lo = {.lo = numbers->v[i].lo};
        fw_ip hi = {.lo = numbers->v[i].hi};
        add_range(&all, between(first, width, lo, hi));
    }
    return all;
}

static BDD one_of(int first, int width, const uint8_t *values, size_t n)
{
    BDD all = bdd_false();
    for (size_t i = 0; i < n; i++) {
        fw_ip value = {.lo = values[i]};
        add_range(&all, between(first, width, value, value));
    }
    return all;
}

static BDD address_in(int first, const struct fw_ipset *addresses)
{
    BDD all = bdd_false();
    for (size_t i = 0; i < addresses->n; i++) {
        bool six = addresses->v[i].lo.family == FW_IPV6;
        BDD range = between(first, six ? 128 : 32, addresses->v[i].lo, addresses->v[i].hi);
        set(&range, bdd_and(range, six ? bdd_ithvar(BIT_FAMILY) : bdd_nithvar(BIT_FAMILY)));
        add_range(&all, range);
    }
    return all;
}

static BDD name_in(int first, const struct fw_nameset *set_of_names)
{
    BDD all = bdd_false();
    for (size_t i = 0; i < NAMES; i++) {
        bool listed = false;
        for (size_t k = 0; k < set_of_names->n; k++) {
            fw_sv pattern = set_of_names->v[k];
            bool prefix = pattern.p[pattern.n - 1] == '+';
            size_t n = prefix ? pattern.n - 1 : strlen(names[i]);
            listed = listed || ((prefix || n == pattern.n) && memcmp(pattern.p, names[i], n) == 0);
        }
        if (listed != set_of_names->negated) {
            fw_ip value = {.lo = i};
            add_range(&all, between(first, 3, value, value));
        }
    }
    return all;
}

static BDD packets_of_term(const struct fw_term *term)
{
    static const uint8_t with_ports[] = {6, 17, 33, 132, 136};
    static const uint8_t with_icmp[] = {1, 58};
    static const uint8_t with_flags[] = {6};
    BDD packets = bdd_true();
    if (term->src) {
        restrict_to(&packets, address_in(BIT_SRC, term->src));
    }
    if (term->dst) {
        restrict_to(&packets, address_in(BIT_DST, term->dst));
    }
    if (term->in) {
        restrict_to(&packets, name_in(BIT_IN, term->in));
    }
    if (term->out) {
        restrict_to(&packets, name_in(BIT_OUT, term->out));
    }
    if (term->proto) {
        restrict_to(&packets, number_in(BIT_PROTO, 8, term->proto));
    }
    if (term->sport || term->dport) {
        restrict_to(&packets, one_of(BIT_PROTO, 8, with_ports, sizeof(with_ports)));
    }
    if (term->sport) {
        restrict_to(&packets, number_in(BIT_SPORT, 16, term->sport));
    }
    if (term->dport) {
        restrict_to(&packets, number_in(BIT_DPORT, 16, term->dport));
    }
    if (term->icmp) {
        restrict_to(&packets, one_of(BIT_PROTO, 8, with_icmp, sizeof(with_icmp)));
        restrict_to(&packets, number_in(BIT_ICMP, 16, term->icmp));
    }
    if (term->flags) {
        restrict_to(&packets, one_of(BIT_PROTO, 8, with_flags, sizeof(with_flags)));
        restrict_to(&packets, number_in(BIT_FLAGS, 8, term->flags));
    }
    if (term->state) {
        restrict_to(&packets, number_in(BIT_STATE, 3, term->state));
    }
    for (size_t i = 0; i < term->natoms; i++) {
        int variable = BIT_ATOM + wide_atom(&term->atoms[i]);
        set(&packets, bdd_and(packets, term->atoms[i].negated ? bdd_nithvar(variable)
                                                              : bdd_ithvar(variable)));
    }
    return packets;
}

/* All packets there are. */
static BDD all_packets(unsigned families)
{
    const fw_ip zero = {0};
    const fw_ip last_state = {.lo = FW_STATE_COUNT - 1};
    const fw_ip last_name = {.lo = NAMES - 1};
    const uint8_t icmp4[] = {1};
    const uint8_t icmp6[] = {58};
    BDD four = bdd_not(one_of(BIT_PROTO, 8, icmp6, 1));
    BDD six = bdd_not(one_of(BIT_PROTO, 8, icmp4, 1));
    BDD all = bdd_addref(bdd_ite(bdd_ithvar(BIT_FAMILY), six, four));
    if (families == FW_FAMILY_BIT4) {
        set(&all, bdd_and(all, bdd_nithvar(BIT_FAMILY)));
    } else if (families == FW_FAMILY_BIT6) {
        set(&all, bdd_and(all, bdd_ithvar(BIT_FAMILY)));
    }
    restrict_to(&all, between(BIT_STATE, 3, zero, last_state));
    restrict_to(&all, between(BIT_IN, 3, zero, last_name));
    restrict_to(&all, between(BIT_OUT, 3, zero, last_name));
    return all;
}

static unsigned fate_of(enum fw_action action)
{
    return action == FW_ACTION_PERMIT ? 0 : action == FW_ACTION_DENY ? 1 : 2;
}

struct truth {
    size_t n;
    BDD *packets;   /* by rule: what it matches */
    BDD *decided;   /* what comes to it and matches */
    BDD (*then)[3]; /* what the rules after it and the default decide, by fate */
    enum fw_rule_class *class;
};

/* The last rule first: what is decided from here on. */
static void find_then(struct truth *t, const struct fw_policy *policy, BDD all)
{
    for (unsigned f = 0; f < 3; f++) {
        t->then[t->n][f] = f == fate_of(policy->fallback) ? bdd_addref(all) : bdd_false();
    }
    for (size_t i = t->n; i > 0; i--) {
        const struct fw_rule *rule = &policy->rules[i - 1];
        bool decides = rule->enabled && fw_action_decides(rule->action);
        for (unsigned f = 0; f < 3; f++) {
            BDD later = t->then[i][f];
            t->then[i - 1][f] = bdd_addref(!decides ? later
                                           : f == fate_of(rule->action)
                                               ? bdd_or(later, t->packets[i - 1])
                                               : minus(later, t->packets[i - 1]));
        }
    }
}

static void find_truth(struct truth *t, const struct fw_policy *policy, BDD all)
{
    BDD taken[3] = {bdd_false(), bdd_false(), bdd_false()};
    for (size_t i = 0; i < t->n; i++) {
        const struct fw_rule *rule = &policy->rules[i];
        t->packets[i] = bdd_false();
        for (size_t k = 0; k < rule->match.n; k++) {
            add_range(&t->packets[i], packets_of_term(&rule->match.terms[k]));
        }
        set(&t->packets[i], bdd_and(t->packets[i], all));
    }
    find_then(t, policy, all);
    for (size_t i = 0; i < t->n; i++) {
        const struct fw_rule *rule = &policy->rules[i];
        bool decides = fw_action_decides(rule->action);
        unsigned fate = fate_of(rule->action);
        BDD rest = bdd_addref(t->packets[i]);
        for (unsigned f = 0; f < 3; f++) {
            set(&rest, minus(rest, taken[f]));
        }
        t->decided[i] = rest;
        t->class[i] = FW_RULE_SKIPPED;
        if (!rule->enabled) {
            continue;
        }
        if (rest == bdd_false()) {
            t->class[i] = FW_RULE_REDUNDANT;
            for (unsigned f = 0; decides && f < 3; f++) {
                if (f != fate && bdd_and(t->packets[i], taken[f]) != bdd_false()) {
                    t->class[i] = FW_RULE_SHADOWED;
                }
            }
        } else {
            bool same = decides && minus(rest, t->then[i + 1][fate]) == bdd_false();
            t->class[i] = same ? FW_RULE_REDUNDANT : FW_RULE_LIVE;
        }
        if (decides) {
            set(&taken[fate], bdd_or(taken[fate], rest));
        }
    }
    for (unsigned f = 0; f < 3; f++) {
        bdd_delref(taken[f]);
    }
}

/* The cover of a dead rule covers it, and does not without any one of its rules. */
static bool is_minimal_cover(const struct truth *t, const struct fw_policy *policy, size_t rule,
                             const struct fw_rule_verdict *verdict)
{
    for (size_t without = 0; without <= verdict->nbecause; without++) {
        BDD rest = bdd_addref(t->packets[rule]);
        for (size_t i = 0; i < verdict->nbecause; i++) {
            size_t other = (size_t)(verdict->because[i] - policy->rules);
            if (other >= rule) {
                return false;
            }
            if (i != without) {
                set(&rest, minus(rest, t->packets[other]));
            }
        }
        bool covered = rest == bdd_false();
        bdd_delref(rest);
        if (covered != (without == verdict->nbecause)) {
            return false;
        }
    }
    return true;
}

struct tally {
    uint64_t rulesets, rules, dead, shadowed, redundant, certificates, wrong;
};

static bool compare(struct truth *t, const struct fw_policy_report *report, uint64_t seed,
                    struct tally *tally)
{
    static const char *const classes[] = {"live", "shadowed", "redundant", "skipped",
                                          "undetermined"};
    bool ok = true;
    for (size_t i = 0; i < t->n; i++) {
        const struct fw_rule_verdict *verdict = &report->verdicts[i];
        bool dead = t->class[i] != FW_RULE_SKIPPED && t->decided[i] == bdd_false();
        const char *what = NULL;
        if (verdict->class != t->class[i] || verdict->dead != dead) {
            what = "the class differs";
        } else if (dead && !is_minimal_cover(t, report->policy, i, verdict)) {
            what = "the cover is not minimal, or none";
        } else if (verdict->proof == FW_PROOF_WRONG || verdict->proof == FW_PROOF_GAVE_UP) {
            what = "there is no proof";
        }
        if (what) {
            printf("not ok seed %" PRIu64 " rule %zu: %s: %s%s, expected %s%s\n", seed, i + 1, what,
                   classes[verdict->class], verdict->dead ? " and dead" : "", classes[t->class[i]],
                   dead ? " and dead" : "");
            ok = false;
        }
        tally->rules++;
        tally->dead += dead;
        tally->shadowed += t->class[i] == FW_RULE_SHADOWED;
        tally->redundant += t->class[i] == FW_RULE_REDUNDANT;
        tally->certificates += verdict->proof == FW_PROOF_CERTIFICATE;
    }
    return ok;
}

static void forget(struct truth *t)
{
    for (size_t i = 0; i <= t->n; i++) {
        for (unsigned f = 0; f < 3; f++) {
            bdd_delref(t->then[i][f]);
        }
        if (i < t->n) {
            bdd_delref(t->packets[i]);
            bdd_delref(t->decided[i]);
        }
    }
}

static bool attempt(struct fw_arena *arena, uint64_t seed, bool print, void *context)
{
    struct tally *tally = context;
    const struct fw_ruleset *ruleset = wide_generate(arena, seed);
    const struct fw_policy *policy = ruleset->policies[0];
    struct truth t = {.n = policy->n};
    t.packets = fw_new_array(arena, t.n + 1, BDD);
    t.decided = fw_new_array(arena, t.n + 1, BDD);
    t.then = fw_arena_array(arena, t.n + 1, sizeof(*t.then));
    t.class = fw_new_array(arena, t.n + 1, enum fw_rule_class);
    BDD all = all_packets(policy->families);
    find_truth(&t, policy, all);
    struct fw_analysis_options options = {
        .jobs = 1, .prove = true, .little = seed % 2 == 0 ? 0 : 1 + (unsigned)(seed / 2 % 8)};
    struct fw_analysis_report report;
    fw_ruleset_analyse(arena, ruleset, &options, &report);
    bool ok = compare(&t, &report.policies[0], seed, tally);
    if (print || !ok) {
        wide_print(ruleset);
    }
    forget(&t);
    bdd_delref(all);
    tally->rulesets++;
    tally->wrong += !ok;
    return ok;
}

int main(int argc, char **argv)
{
    static const struct seeds seeds = {20, 1, "bdd seeds", attempt};
    struct tally tally = {0};
    bdd_init(NODES, CACHE);
    bdd_gbc_hook(NULL);
    bdd_setvarnum(BITS);
    bool used = seeds_run(&seeds, argc, argv, &tally);
    bdd_done();
    if (!used) {
        return 2;
    }
    printf("# decision diagrams: %" PRIu64 " rulesets, %" PRIu64 " rules: %" PRIu64
           " dead, %" PRIu64 " shadowed, %" PRIu64 " redundant; %" PRIu64 " certificates; %" PRIu64
           " rulesets wrong\n",
           tally.rulesets, tally.rules, tally.dead, tally.shadowed, tally.redundant,
           tally.certificates, tally.wrong);
    return tally.wrong == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
