/* Every verdict of the engine is compared: class, death, witness, cover. */
#include "tests/oracle/compare.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/proto.h"
#include "policy/eval.h"
#include "tests/oracle/forge.h"

enum { MAX_ENTRIES = 8, MAX_CASES = 150000, MAX_RULES = 64, TRACED = 40 };

/* One packet in one world, of one entry. */
struct one {
    const struct entry *entry;
    const struct fw_packet *packet;
    int world;
    int verdict;
    const struct place *by;
    uint64_t touched; /* bit by rule index */
};

struct comparing {
    const struct sample *sample;
    uint64_t seed;
    struct tally *tally;
    struct entry entries[MAX_ENTRIES];
    int nentries;
    size_t n;
    struct one *all;
    const struct fw_rule *rules[MAX_RULES];
    const struct fw_policy *policies[MAX_RULES];
    int nrules;
    struct forger *forger;
    bool ok;
};

__attribute__((format(printf, 3, 4))) static void wrong(struct comparing *c, int rule,
                                                        const char *fmt, ...)
{
    va_list ap;
    printf("not ok seed %" PRIu64 " rule %.*s:%u: ", c->seed, FW_SV_ARG(c->policies[rule]->name),
           c->rules[rule]->position);
    va_start(ap, fmt);
    vprintf(fmt, ap);
    va_end(ap);
    printf("\n");
    c->ok = false;
}

static bool build_entries(struct comparing *c, struct fw_arena *arena)
{
    const struct fw_ruleset *ruleset = c->sample->ruleset;
    for (size_t p = 0; p < ruleset->npolicies; p++) {
        const struct fw_policy *policy = ruleset->policies[p];
        for (size_t r = 0; r < policy->n; r++) {
            c->policies[c->nrules] = policy;
            c->rules[c->nrules++] = &policy->rules[r];
        }
    }
    return entries_build(c->entries, MAX_ENTRIES, &c->nentries, arena, ruleset);
}

/* A policy that is its own entry sees packets of its own hook. */
static void all_cases(struct comparing *c, struct fw_arena *arena)
{
    for (int e = 0; e < c->nentries; e++) {
        const struct entry *entry = &c->entries[e];
        struct universe universe = c->sample->universe;
        if (entry->policy->hook != universe.hook) {
            universe.hook = entry->policy->hook;
            universe_fill(&universe, arena);
        }
        for (size_t p = 0; p < universe.n && c->n < MAX_CASES; p++) {
            for (int w = 0; w < entry->worlds; w++) {
                if (!world_is_possible(entry, &universe.packets[p], w)) {
                    continue;
                }
                bool touched[MAX_PLACES] = {false};
                struct one one = {entry, &universe.packets[p], w, 0, NULL, 0};
                one.verdict = walk(entry, one.packet, w, NULL, NULL, touched, &one.by);
                for (int i = 0; i < entry->nplaces; i++) {
                    one.touched |= (uint64_t)touched[i] << entry->places[i]->rule_index;
                }
                c->all = fw_arena_push(arena, c->all, c->n, sizeof(one));
                c->all[c->n++] = one;
            }
        }
    }
}

static bool is_touched(const struct one *one, int rule)
{
    return (one->touched >> rule & 1) != 0;
}

struct roles {
    uint64_t whole; /* by rule index; the others are bare */
    int absent;     /* rule index; -1 */
    /* places of this action outside `whole` are bare, all others whole; -1: not so */
    int agreeing;
};

static enum part role_of(void *context, const struct place *place)
{
    const struct roles *roles = context;
    bool listed = (roles->whole >> place->rule_index & 1) != 0;
    if (place->rule_index == roles->absent) {
        return PART_ABSENT;
    }
    if (roles->agreeing >= 0) {
        return (int)place->rule->action == roles->agreeing && !listed ? PART_BARE : PART_WHOLE;
    }
    return listed ? PART_WHOLE : PART_BARE;
}

static bool is_needed(const struct comparing *c, int rule)
{
    struct roles roles = {~UINT64_C(0), rule, -1};
    for (size_t i = 0; i < c->n; i++) {
        const struct one *one = &c->all[i];
        if (is_touched(one, rule) && walk(one->entry, one->packet, one->world, role_of, &roles,
                                          NULL, NULL) != one->verdict) {
            return true;
        }
    }
    return false;
}

/* What would become of the packet if it came to the rule; -1: the rule does not match it there. */
static int fate_at(const struct entry *entry, int rule, const struct fw_packet *packet, int world,
                   int verdict)
{
    int fate = -1;
    for (int i = 0; i < entry->nplaces; i++) {
        const struct place *place = entry->places[i];
        if (place->rule_index != rule || place->unknown ||
            !place_meets(entry, place, packet, world)) {
            continue;
        }
        fate = walk_from(entry, place, packet, world, NULL, NULL, NULL);
        if (fate != verdict) {
            return fate;
        }
    }
    return fate;
}

static bool is_shadowed(const struct comparing *c, int rule)
{
    for (size_t i = 0; i < c->n; i++) {
        const struct one *one = &c->all[i];
        if (!world_is_plain(one->entry, one->world)) {
            continue;
        }
        int fate = fate_at(one->entry, rule, one->packet, one->world, one->verdict);
        if (fate >= 0 && fate != one->verdict) {
            return true;
        }
    }
    return false;
}

static bool is_live(const struct comparing *c, int rule)
{
    for (size_t i = 0; i < c->n; i++) {
        if (is_touched(&c->all[i], rule)) {
            return true;
        }
    }
    return false;
}

static bool is_all(const struct fw_ipset *set, const struct universe *u)
{
    for (size_t i = 0; set && i < u->n; i++) {
        if (!fw_ipset_has(set, u->packets[i].src)) {
            return false;
        }
    }
    return true;
}

static bool is_final_deny(const struct comparing *c, int rule)
{
    const struct fw_policy *policy = c->policies[rule];
    const struct fw_rule *r = c->rules[rule];
    for (const struct fw_rule *later = r + 1; later < policy->rules + policy->n; later++) {
        if (later->enabled && later->action != FW_ACTION_CONTINUE) {
            return false;
        }
    }
    bool all = false;
    for (size_t t = 0; t < r->match.n; t++) {
        struct fw_term term = r->match.terms[t];
        bool addresses = is_all(term.src, &c->sample->universe) &&
                         is_all(term.dst, &c->sample->universe);
        all = all || (addresses && !term.in && !term.out && !term.proto && !term.sport &&
                      !term.dport && !term.icmp && !term.flags && !term.state && term.natoms == 0);
    }
    return all && (r->action == FW_ACTION_DENY || r->action == FW_ACTION_REJECT);
}

/* Something that is called logs, or changes marks that other tables read. */
static bool leads_to_effects(const struct fw_rule *rule, int depth)
{
    for (size_t i = 0; rule->jump && depth < 8 && i < rule->jump->n; i++) {
        const struct fw_rule *inner = &rule->jump->rules[i];
        bool effect = inner->action == FW_ACTION_CONTINUE &&
                      (inner->log || inner->sets_mark || inner->connmark != FW_CONNMARK_NONE);
        if (inner->enabled && (effect || leads_to_effects(inner, depth + 1))) {
            return true;
        }
    }
    return false;
}

static bool is_legal(const struct comparing *c, const struct fw_packet *p)
{
    unsigned bit = p->src.family == FW_IPV6 ? FW_FAMILY_BIT6 : FW_FAMILY_BIT4;
    return p->src.family == p->dst.family && (c->sample->universe.families & bit) != 0 &&
           p->has_proto &&
           p->proto != (p->src.family == FW_IPV4 ? FW_PROTO_ICMP6 : FW_PROTO_ICMP) &&
           (p->hook != FW_HOOK_INPUT || p->out.n == 0) &&
           (p->hook != FW_HOOK_OUTPUT || p->in.n == 0);
}

/* Does a packet of the engine's do, in some world or in all, what is asked of it? */
typedef bool does(const struct entry *entry, int rule, const struct fw_packet *packet, int world);

static bool replay(const struct comparing *c, int rule, const struct fw_packet *packet, bool in_all,
                   does *holds)
{
    for (int e = 0; e < c->nentries; e++) {
        const struct entry *entry = &c->entries[e];
        int yes = 0;
        int no = 0;
        for (int w = 0; entry->policy->hook == packet->hook && w < entry->worlds; w++) {
            if (world_is_possible(entry, packet, w)) {
                bool one = holds(entry, rule, packet, w);
                yes += one;
                no += !one;
            }
        }
        if (yes > 0 && (!in_all || no == 0)) {
            return is_legal(c, packet);
        }
    }
    return false;
}

static bool comes_to_rule(const struct entry *entry, int rule, const struct fw_packet *packet,
                          int world)
{
    bool touched[MAX_PLACES] = {false};
    bool comes = false;
    walk(entry, packet, world, NULL, NULL, touched, NULL);
    for (int i = 0; i < entry->nplaces; i++) {
        comes = comes || (touched[i] && entry->places[i]->rule_index == rule);
    }
    return comes;
}

static bool fares_otherwise(const struct entry *entry, int rule, const struct fw_packet *packet,
                            int world)
{
    int verdict = walk(entry, packet, world, NULL, NULL, NULL, NULL);
    int fate = fate_at(entry, rule, packet, world, verdict);
    return fate >= 0 && fate != verdict;
}

static int index_of(const struct comparing *c, const struct fw_rule *rule)
{
    int i = 0;
    while (i < c->nrules && c->rules[i] != rule) {
        i++;
    }
    return i;
}

/* With only these rules in the way, does a packet come to the rule? */
static bool comes_past(const struct comparing *c, int rule, uint64_t cover)
{
    struct roles roles = {cover | UINT64_C(1) << rule, -1, -1};
    for (size_t i = 0; i < c->n; i++) {
        const struct one *one = &c->all[i];
        bool touched[MAX_PLACES] = {false};
        walk(one->entry, one->packet, one->world, role_of, &roles, touched, NULL);
        for (int k = 0; k < one->entry->nplaces; k++) {
            if (touched[k] && one->entry->places[k]->rule_index == rule) {
                return true;
            }
        }
    }
    return false;
}

/* A live rule in one place: of the later rules that decide alike only these are left. Does a packet
 * it decides (or sends to a chain that decides) then fare otherwise, or fall to the default
 * although it would not? */
static bool falls_through(const struct comparing *c, int rule, uint64_t cover)
{
    bool jump = c->rules[rule]->action == FW_ACTION_JUMP;
    for (size_t i = 0; i < c->n; i++) {
        const struct one *one = &c->all[i];
        const struct place *place = one->by;
        while (jump && place && place->rule_index != rule) {
            place = place->parent;
        }
        if (!place || place->rule_index != rule) {
            continue;
        }
        struct roles roles = {cover, rule, one->verdict};
        struct roles without = {~UINT64_C(0), rule, -1};
        const struct place *by;
        const struct place *really_by;
        int left = walk_after(one->entry, place, one->packet, one->world, role_of, &roles, &by);
        walk_after(one->entry, place, one->packet, one->world, role_of, &without, &really_by);
        if (left != one->verdict || (!jump && really_by && !by)) {
            return true;
        }
    }
    return false;
}

static int places_of(const struct comparing *c, int rule)
{
    int n = 0;
    for (int e = 0; e < c->nentries; e++) {
        for (int i = 0; i < c->entries[e].nplaces; i++) {
            n += c->entries[e].places[i]->rule_index == rule;
        }
    }
    return n;
}

static void check_because(struct comparing *c, int rule, const struct fw_rule_verdict *verdict)
{
    enum fw_action action = c->rules[rule]->action;
    bool (*leaks)(const struct comparing *, int, uint64_t) = comes_past;
    uint64_t cover = 0;
    for (size_t i = 0; i < verdict->nbecause; i++) {
        int other = index_of(c, verdict->because[i]);
        if (other == c->nrules || other == rule || (cover >> other & 1) != 0) {
            wrong(c, rule, "because names a wrong rule");
            return;
        }
        cover |= UINT64_C(1) << other;
        if (!verdict->dead && fw_action_decides(action) && c->rules[other]->action != action) {
            wrong(c, rule, "because of a rule that decides otherwise");
        }
    }
    if (!verdict->dead) {
        if (places_of(c, rule) != 1 || (!fw_action_decides(action) && action != FW_ACTION_JUMP)) {
            return;
        }
        leaks = falls_through;
    }
    c->tally->because++;
    if (leaks(c, rule, cover)) {
        wrong(c, rule, "because does not cover");
        return;
    }
    for (int other = 0; other < c->nrules; other++) {
        uint64_t bit = UINT64_C(1) << other;
        if ((cover & bit) != 0 && !leaks(c, rule, cover & ~bit)) {
            wrong(c, rule, "because is not minimal: %.*s:%u can go",
                  FW_SV_ARG(c->policies[other]->name), c->rules[other]->position);
        }
    }
}

static const char *class_name(enum fw_rule_class class)
{
    static const char *const names[] = {"live", "shadowed", "redundant", "skipped", "undetermined"};
    return names[class];
}

static void check_witness(struct comparing *c, int rule, const struct fw_rule_verdict *verdict)
{
    bool variables = false;
    for (int e = 0; e < c->nentries; e++) {
        variables = variables || c->entries[e].worlds > 1;
    }
    if (verdict->class == FW_RULE_SHADOWED) {
        bool proven = verdict->certainty == FW_PROVEN;
        if (!proven && !variables) {
            wrong(c, rule, "shadowed for certain, but not said to be proven");
        }
        if (!verdict->witness || !replay(c, rule, verdict->witness, proven, fares_otherwise)) {
            wrong(c, rule, "the witness does not fare otherwise");
        }
    } else if (!verdict->dead && verdict->witness &&
               !replay(c, rule, verdict->witness, false, comes_to_rule)) {
        wrong(c, rule, "the witness does not come to the rule");
    }
}

/* Every verdict comes with its proof: certificates on a small ruleset hit no limit. */
static void check_proof(struct comparing *c, int rule, const struct fw_rule_verdict *verdict)
{
    bool certified = verdict->dead || verdict->class == FW_RULE_REDUNDANT;
    enum fw_proof expected = certified ? FW_PROOF_CERTIFICATE : FW_PROOF_WITNESS;
    if (verdict->proof != expected) {
        wrong(c, rule, "proof %d, expected %d", (int)verdict->proof, (int)expected);
    }
    bool needed = !certified && fw_action_decides(c->rules[rule]->action) && !verdict->final_deny;
    if (!verdict->dead && c->forger &&
        forger_succeeds(c->forger, c->rules[rule], needed, &c->tally->forged)) {
        wrong(c, rule, "a forged certificate is accepted");
    }
    c->tally->certificates += certified;
    c->tally->steps += verdict->proof_steps;
}

static void check_rule(struct comparing *c, int rule, const struct fw_rule_verdict *verdict)
{
    const struct fw_rule *r = c->rules[rule];
    bool deciding = fw_action_decides(r->action);
    bool unknown = r->action == FW_ACTION_UNKNOWN || r->action == FW_ACTION_CONTINUE ||
                   ((r->action == FW_ACTION_JUMP || r->action == FW_ACTION_GOTO) && !r->jump);
    bool final = is_final_deny(c, rule);
    bool dead = r->enabled && !is_live(c, rule);
    enum fw_rule_class expected = FW_RULE_SKIPPED;
    if (r->action == FW_ACTION_CONTINUE && r->match.n == 0 && !r->log) {
        return; /* a remark */
    }
    if (dead) {
        bool shadowed = !unknown && is_shadowed(c, rule);
        expected = shadowed ? FW_RULE_SHADOWED : final ? FW_RULE_LIVE : FW_RULE_REDUNDANT;
    } else if (r->enabled) {
        expected = unknown || final || is_needed(c, rule) ? FW_RULE_LIVE : FW_RULE_REDUNDANT;
        if (!deciding && verdict->class == FW_RULE_LIVE && leads_to_effects(r, 0)) {
            expected = FW_RULE_LIVE; /* it does more than decide */
        }
    }
    if (verdict->dead != dead || verdict->class != expected) {
        wrong(c, rule, "%s%s, expected %s%s", class_name(verdict->class),
              verdict->dead ? " and dead" : "", class_name(expected), dead ? " and dead" : "");
        return;
    }
    c->tally->rules++;
    c->tally->dead += dead;
    c->tally->shadowed += expected == FW_RULE_SHADOWED;
    c->tally->redundant += expected == FW_RULE_REDUNDANT;
    c->tally->possible += expected == FW_RULE_SHADOWED && verdict->certainty == FW_POSSIBLE;
    if (!r->enabled) {
        return;
    }
    check_proof(c, rule, verdict);
    check_witness(c, rule, verdict);
    if (expected == FW_RULE_SHADOWED || expected == FW_RULE_REDUNDANT) {
        check_because(c, rule, verdict);
    }
}

/* The evaluator behind `trace`, on the way. */
static void check_trace(struct comparing *c, struct fw_arena *arena)
{
    for (size_t i = 0; i < TRACED && c->n > 0; i++) {
        const struct one *one = &c->all[(i * 7919 + (size_t)c->seed) % c->n];
        const struct fw_policy *policy = one->entry->policy;
        if (one->entry->worlds > 1 || policy->fallback == FW_ACTION_RETURN) {
            continue;
        }
        struct fw_trace trace;
        fw_trace_policy(arena, c->sample->ruleset, policy, one->packet, &trace);
        static const int actions[] = {FW_ACTION_PERMIT, FW_ACTION_DENY, FW_ACTION_REJECT, -1};
        const struct fw_rule *by = one->by ? one->by->rule : NULL;
        c->tally->traced++;
        if (actions[trace.verdict] != one->verdict || trace.rule != by) {
            printf("not ok seed %" PRIu64 ": trace says %s, expected %s\n", c->seed,
                   fw_verdict_name(trace.verdict), fw_action_name((enum fw_action)one->verdict));
            c->ok = false;
        }
    }
}

bool compare(const struct sample *sample, struct fw_arena *arena, uint64_t seed,
             struct tally *tally)
{
    struct comparing *c = fw_new(arena, struct comparing);
    *c = (struct comparing){.sample = sample, .seed = seed, .tally = tally, .ok = true};
    if (!build_entries(c, arena)) {
        tally->skipped++;
        return true;
    }
    all_cases(c, arena);
    if (c->n >= MAX_CASES) {
        tally->skipped++;
        return true;
    }
    /* What is done for regions with much in their way is tried with little in it, too. */
    unsigned little = seed % 2 == 0 ? 0 : 1 + (unsigned)(seed / 2 % 4);
    struct fw_analysis_options options = {.jobs = 1, .prove = true, .little = little};
    struct fw_analysis_report report;
    fw_ruleset_analyse(arena, sample->ruleset, &options, &report);
    const struct fw_policy *entries[MAX_ENTRIES];
    for (int e = 0; e < c->nentries; e++) {
        entries[e] = c->entries[e].policy;
    }
    c->forger = forger_new(arena, sample->ruleset, entries, (size_t)c->nentries, seed);
    int rule = 0;
    for (size_t p = 0; p < report.n; p++) {
        for (size_t r = 0; r < report.policies[p].policy->n; r++) {
            check_rule(c, rule++, &report.policies[p].verdicts[r]);
        }
    }
    check_trace(c, arena);
    for (int e = 0; e < c->nentries; e++) {
        c->ok = effects_compare(sample, &c->entries[e], arena, seed, &tally->effects) && c->ok;
    }
    tally->policies++;
    tally->wrong += !c->ok;
    return c->ok;
}
