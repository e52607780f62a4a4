/*
 * Real configurations with a random edit: the witness packets, walked by the naive evaluator, fare
 * otherwise, and packets outside what is reported do not. The configuration against itself is the
 * same.
 *
 *   difference PARSER FOLDER [PACKETS]
 */
#include "policy/difference.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyzers/changes/comparison.h"
#include "core/proto.h"
#include "parsers/parser.h"
#include "policy/eval.h"
#include "tests/corpus/corpus.h"
#include "tests/oracle/edit.h"
#include "tests/oracle/inside.h"

#define MANY_STEPS UINT64_C(3000000000)

enum { PACKETS = 200, MANY_PACKETS = 100000, MOST_STEPS = 6000000, MOST_SHOWN = 64 };

struct tally {
    unsigned files, pairs, edits, changed, boxes, proven, undetermined, shown, rewrites, open,
        wrong;
    unsigned long packets, inside, may;
};

struct maker {
    struct test_random *random;
    const struct fw_policy *policies[2];
    struct fw_packet packet;
};

static unsigned below(struct maker *m, size_t n)
{
    return test_random_below(m->random, (unsigned)n);
}

static const struct fw_term *some_term(struct maker *m)
{
    static const struct fw_term any;
    const struct fw_policy *policy = m->policies[below(m, 2)];
    for (int depth = 0; depth < 4; depth++) {
        if (policy->n == 0) {
            return &any;
        }
        const struct fw_rule *rule = &policy->rules[below(m, policy->n)];
        if (rule->jump && below(m, 3) > 0) {
            policy = rule->jump;
        } else {
            return rule->match.n > 0 ? &rule->match.terms[below(m, rule->match.n)] : &any;
        }
    }
    return &any;
}

/* At or beside an edge of a rule's set. */
static fw_ip some_ip(struct maker *m, const struct fw_ipset *set, unsigned family)
{
    for (int i = 0; set && set->n > 0 && i < 4; i++) {
        fw_iprange range = set->v[below(m, set->n)];
        if (range.lo.family != family) {
            continue;
        }
        switch (below(m, 6)) {
        case 0:
            return fw_ip_prev(range.lo);
        case 1:
            return fw_ip_next(range.hi);
        case 2:
        case 3:
            return range.hi;
        default:
            return range.lo;
        }
    }
    return family == FW_IPV4 ? fw_ip4((uint32_t)test_random_u64(m->random))
                             : fw_ip6(UINT64_C(0x20010db800000000), test_random_u64(m->random));
}

static uint32_t some_number(struct maker *m, const struct fw_numset *set, uint32_t last)
{
    if (!set || set->n == 0) {
        return below(m, last + 1);
    }
    struct fw_numrange range = set->v[below(m, set->n)];
    switch (below(m, 6)) {
    case 0:
        return range.lo > 0 ? range.lo - 1 : 0;
    case 1:
        return range.hi < last ? range.hi + 1 : last;
    case 2:
        return range.hi < last ? range.hi : last;
    default:
        return range.lo;
    }
}

static fw_sv some_name(struct maker *m, const struct fw_nameset *set, bool exists)
{
    static char text[2][64];
    static int which;
    if (!exists) {
        return FW_SV("");
    }
    if (!set || set->n == 0 || below(m, 4) == 0) {
        return FW_SV("zz9");
    }
    fw_sv pattern = set->v[below(m, set->n)];
    if (pattern.n == 0 || pattern.n > 60 || pattern.p[pattern.n - 1] != '+') {
        return pattern;
    }
    which = !which;
    snprintf(text[which], sizeof(text[which]), "%.*s7", (int)pattern.n - 1, pattern.p);
    return fw_sv_from(text[which]);
}

/* Every part known, so that only what nobody models stays open. */
static void make_packet(struct maker *m)
{
    static const uint8_t protos[] = {FW_PROTO_TCP, FW_PROTO_UDP, FW_PROTO_TCP, FW_PROTO_ICMP,
                                     FW_PROTO_GRE};
    enum fw_hook hook = m->policies[0]->hook;
    unsigned families = m->policies[0]->families ? m->policies[0]->families
                                                 : (unsigned)FW_FAMILY_BOTH;
    const struct fw_term *t = some_term(m);
    struct fw_packet p = {.hook = hook, .has_in = true, .has_out = true, .has_state = true};
    bool six = families == FW_FAMILY_BIT6 ||
               (families == FW_FAMILY_BOTH && below(m, 4) == 0 &&
                (!t->src || (fw_ipset_families(t->src) & FW_FAMILY_BIT6) != 0));
    p.src = some_ip(m, t->src, six ? FW_IPV6 : FW_IPV4);
    p.dst = some_ip(m, below(m, 4) > 0 ? t->dst : some_term(m)->dst, six ? FW_IPV6 : FW_IPV4);
    p.in = some_name(m, t->in, hook != FW_HOOK_OUTPUT);
    p.out = some_name(m, t->out, hook != FW_HOOK_INPUT);
    p.has_proto = true;
    p.proto = t->proto && below(m, 8) > 0 ? (uint8_t)some_number(m, t->proto, 255)
                                          : protos[below(m, sizeof(protos))];
    if (p.proto == (six ? FW_PROTO_ICMP : FW_PROTO_ICMP6)) {
        p.proto = six ? FW_PROTO_ICMP6 : FW_PROTO_ICMP;
    }
    if (fw_proto_has_ports(p.proto)) {
        p.has_sport = p.has_dport = true;
        p.sport = (uint16_t)some_number(m, t->sport, 65535);
        p.dport = (uint16_t)some_number(m, below(m, 4) > 0 ? t->dport : some_term(m)->dport, 65535);
    }
    if (p.proto == FW_PROTO_ICMP || p.proto == FW_PROTO_ICMP6) {
        uint32_t icmp = some_number(m, t->icmp, 65535);
        p.has_icmp_type = p.has_icmp_code = true;
        p.icmp_type = (uint8_t)(icmp >> 8);
        p.icmp_code = (uint8_t)icmp;
    }
    if (p.proto == FW_PROTO_TCP) {
        p.has_flags = true;
        p.flags = t->flags ? (uint8_t)some_number(m, t->flags, 255) : 2;
    }
    p.state = t->state ? (enum fw_state)some_number(m, t->state, FW_STATE_COUNT - 1) : FW_STATE_NEW;
    m->packet = p;
}

static enum fw_verdict verdict_of(struct fw_arena *arena, const struct fw_ruleset *ruleset,
                                  const struct fw_policy *policy, const struct fw_packet *packet)
{
    struct fw_trace trace;
    fw_trace_policy(arena, ruleset, policy, packet, &trace);
    return trace.verdict;
}

/* Asks for a mark that the two do not set alike. */
static bool asks_on_the_way(const struct fw_difference_box *box)
{
    for (size_t i = 0; i < box->term.natoms; i++) {
        if (strstr(box->term.atoms[i].words.p, "(as set on the way)")) {
            return true;
        }
    }
    return false;
}

/* What a box asks of an atom: true or false; not settled when it varies from one evaluation to the
 * next, or the box does not ask for it. */
static enum fw_tri settled(const struct fw_difference_box *box, const struct fw_atom *atom)
{
    bool mark = atom->kind == FW_ATOM_MARK || atom->kind == FW_ATOM_CONNMARK;
    bool known = atom->kind != FW_ATOM_VARYING && !(mark && asks_on_the_way(box));
    for (size_t i = 0; i < box->term.natoms && known; i++) {
        if (fw_sv_eq(box->term.atoms[i].words, atom->words)) {
            return box->term.atoms[i].negated ? FW_NO : FW_YES;
        }
    }
    return FW_MAYBE;
}

/* The rule in the worlds that the box is about: atoms that hold there are gone, and so are terms of
 * which one does not. */
static void settle_rule(struct fw_arena *arena, const struct fw_difference_box *box,
                        struct fw_rule *rule)
{
    struct fw_term *terms = fw_new_array(arena, rule->match.n + 1, struct fw_term);
    size_t n = 0;
    for (size_t t = 0; t < rule->match.n; t++) {
        struct fw_term term = rule->match.terms[t];
        struct fw_atom *atoms = fw_new_array(arena, term.natoms + 1, struct fw_atom);
        bool holds = true;
        size_t natoms = 0;
        for (size_t a = 0; a < term.natoms; a++) {
            enum fw_tri truth = settled(box, &term.atoms[a]);
            if (truth == FW_MAYBE) {
                atoms[natoms++] = term.atoms[a];
            } else if ((truth == FW_YES) == term.atoms[a].negated) {
                holds = false;
            }
        }
        term.atoms = atoms;
        term.natoms = natoms;
        if (holds) {
            terms[n++] = term;
        }
    }
    rule->match.terms = terms;
    rule->match.n = n;
}

static bool has_atoms(const struct fw_rule *rule)
{
    size_t n = 0;
    for (size_t t = 0; t < rule->match.n; t++) {
        n += rule->match.terms[t].natoms;
    }
    return n > 0;
}

/* The verdict in the worlds that the box is about. */
static enum fw_verdict verdict_there(struct fw_arena *arena, const struct fw_ruleset *ruleset,
                                     const struct fw_policy *policy,
                                     const struct fw_difference_box *box)
{
    struct fw_rule **kept = fw_new_array(arena, ruleset->npolicies + 1, struct fw_rule *);
    for (size_t p = 0; p < ruleset->npolicies; p++) {
        struct fw_policy *one = ruleset->policies[p];
        kept[p] = one->rules;
        one->rules = fw_new_array(arena, one->n + 1, struct fw_rule);
        for (size_t r = 0; r < one->n; r++) {
            one->rules[r] = kept[p][r];
            if (has_atoms(&one->rules[r])) {
                settle_rule(arena, box, &one->rules[r]);
            }
        }
    }
    enum fw_verdict verdict = verdict_of(arena, ruleset, policy, &box->witness);
    for (size_t p = 0; p < ruleset->npolicies; p++) {
        ruleset->policies[p]->rules = kept[p];
    }
    return verdict;
}

/* Does the witness of a box show what the box says? It fares otherwise whatever is unknown; or, of
 * a possible one, in every world in which what the box asks for holds. Where that varies from one
 * evaluation to the next, the evaluator must have doubts, too. */
static bool shows(struct fw_arena *arena, const struct fw_ruleset *const rulesets[2],
                  const struct fw_policy *const policies[2], const struct fw_difference_box *box,
                  enum fw_verdict *v)
{
    for (size_t side = 0; side < 2; side++) {
        v[side] = verdict_of(arena, rulesets[side], policies[side], &box->witness);
    }
    if (box->before.action == FW_ACTION_RETURN || box->after.action == FW_ACTION_RETURN) {
        return true; /* left undecided: the evaluator calls that refused */
    }
    if (box->certainty != FW_POSSIBLE) {
        return v[0] != v[1] && v[0] != FW_VERDICT_MAY && v[1] != FW_VERDICT_MAY;
    }
    for (size_t side = 0; side < 2; side++) {
        v[side] = verdict_there(arena, rulesets[side], policies[side], box);
    }
    return v[0] != v[1] || v[0] == FW_VERDICT_MAY;
}

static bool asks_only_fixed(const struct fw_ruleset *const rulesets[2],
                            const struct fw_difference_box *box)
{
    for (size_t s = 0; s < 2; s++) {
        for (size_t p = 0; p < rulesets[s]->npolicies; p++) {
            for (size_t r = 0; r < rulesets[s]->policies[p]->n; r++) {
                const struct fw_rule *rule = &rulesets[s]->policies[p]->rules[r];
                for (size_t i = 0; i < rule->match.n; i++) {
                    const struct fw_term *term = &rule->match.terms[i];
                    for (size_t a = 0; a < term->natoms; a++) {
                        for (size_t b = 0; b < box->term.natoms; b++) {
                            bool same = fw_sv_eq(term->atoms[a].words, box->term.atoms[b].words);
                            if (same && term->atoms[a].kind == FW_ATOM_VARYING) {
                                return false;
                            }
                        }
                    }
                }
            }
        }
    }
    return true;
}

static void complain(const char *file, const struct fw_policy *policy, const char *what,
                     const struct fw_packet *packet, const enum fw_verdict *verdicts)
{
    struct fw_buf text;
    fw_buf_init(&text);
    fw_packet_text(&text, packet);
    printf("wrong: %s %.*s: %s: %s (%s, %s)\n", file, FW_SV_ARG(policy->name), what, text.p,
           fw_verdict_name(verdicts[0]), fw_verdict_name(verdicts[1]));
    fw_buf_clear(&text);
}

static void check_pair(struct tally *tally, const char *file, struct test_random *random,
                       const struct fw_ruleset *const rulesets[2],
                       const struct fw_policy_pair *pair, unsigned long packets)
{
    const struct fw_difference *d = &pair->difference;
    struct fw_arena scratch;
    fw_arena_init(&scratch, 0);
    size_t step = d->n / MOST_SHOWN + 1;
    tally->pairs++;
    tally->changed += d->n > 0;
    tally->boxes += (unsigned)d->n;
    tally->undetermined += (unsigned)d->undetermined;
    if (getenv("FWPROOF_VERBOSE") && d->n > 20) {
        printf("%s %.*s: %zu boxes\n", file, FW_SV_ARG(pair->policies[1]->name), d->n);
    }
    for (size_t i = 0; i < d->n; i++) {
        const struct fw_difference_box *box = &d->v[i];
        enum fw_verdict v[2] = {FW_VERDICT_MAY, FW_VERDICT_MAY};
        tally->proven += box->certainty == FW_PROVEN;
        /* Possible boxes are many and alike: one in so many is walked in its own worlds. */
        bool look = box->has_witness && (box->certainty != FW_POSSIBLE || i % step == 0);
        if (!look) {
            continue;
        }
        tally->shown++;
        bool ok = shows(&scratch, rulesets, pair->policies, box, v);
        bool known = fw_action_decides(box->before.action) && fw_action_decides(box->after.action);
        if (ok && known && v[0] == v[1] && box->certainty == FW_POSSIBLE) {
            ok = asks_on_the_way(box) || !asks_only_fixed(rulesets, box); /* (may, may) */
        }
        fw_arena_reset(&scratch);
        if (!ok) {
            complain(file, pair->policies[1], "a witness that fares alike", &box->witness, v);
            tally->wrong++;
        }
    }
    struct maker m = {.random = random, .policies = {pair->policies[0], pair->policies[1]}};
    for (unsigned long k = 0; k < packets; k++) {
        bool inside = false;
        enum fw_verdict v[2] = {FW_VERDICT_MAY, FW_VERDICT_MAY};
        make_packet(&m);
        for (size_t i = 0; i < d->n && !inside; i++) {
            inside = difference_box_has(&d->v[i], &m.packet);
        }
        tally->packets++;
        tally->inside += inside;
        for (size_t side = 0; side < 2 && !inside; side++) {
            v[side] = verdict_of(&scratch, rulesets[side], pair->policies[side], &m.packet);
        }
        fw_arena_reset(&scratch);
        tally->may += !inside && (v[0] == FW_VERDICT_MAY || v[1] == FW_VERDICT_MAY);
        bool known = v[0] != FW_VERDICT_MAY && v[1] != FW_VERDICT_MAY;
        if (!inside && known && v[0] != v[1]) {
            complain(file, pair->policies[1], "not reported", &m.packet, v);
            tally->wrong++;
            break;
        }
    }
    fw_arena_clear(&scratch);
}

/* Neither proven to differ nor to be the same: too large to decide, or a mark that is set on the
 * way, of which only the same words are known to set the same. */
static bool is_open(const struct fw_difference_box *box)
{
    return box->certainty == FW_UNDETERMINED ||
           (box->certainty == FW_POSSIBLE && asks_on_the_way(box));
}

/* Rules doubled, split, and put in another order where that means nothing: no packet differs. */
static void check_rewritten(struct tally *tally, const char *file, struct fw_arena *arena,
                            const struct fw_ruleset *ruleset, struct test_random *random)
{
    static const fw_sv no_names[2];
    const struct fw_ruleset *const both[2] = {ruleset, rewrite(arena, random, ruleset)};
    struct fw_comparison_result result;
    fw_rulesets_compare(arena, both, no_names, &result);
    tally->rewrites++;
    for (size_t i = 0; i < result.npairs; i++) {
        const struct fw_policy_pair *pair = &result.pairs[i];
        size_t open = 0;
        for (size_t k = 0; pair->packets && k < pair->difference.n; k++) {
            open += is_open(&pair->difference.v[k]);
        }
        tally->open += (unsigned)open;
        if (pair->packets && pair->difference.n > open) {
            printf("wrong: %s %.*s was only rewritten, and %zu boxes differ\n", file,
                   FW_SV_ARG(pair->policies[1]->name), pair->difference.n - open);
            tally->wrong++;
        }
    }
}

static void check_ruleset(struct tally *tally, const char *file, const struct fw_ruleset *ruleset,
                          struct test_random *random, unsigned long packets)
{
    struct fw_comparison_result result;
    struct fw_arena arena;
    static const fw_sv no_names[2];
    fw_arena_init(&arena, 0);
    const struct fw_ruleset *const itself[2] = {ruleset, ruleset};
    fw_rulesets_compare(&arena, itself, no_names, &result);
    for (size_t i = 0; i < result.npairs; i++) {
        const struct fw_policy_pair *pair = &result.pairs[i];
        if (pair->state != FW_PAIR_SAME && pair->state != FW_PAIR_CALLED &&
            pair->state != FW_PAIR_UNSEEN && pair->state != FW_PAIR_UNDETERMINED) {
            printf("wrong: %s %.*s differs from itself\n", file,
                   FW_SV_ARG(pair->policies[1]->name));
            tally->wrong++;
        }
    }
    tally->files++;
    int rounds = packets > PACKETS ? 3 : 1;
    for (int round = 0; round < rounds; round++) {
        fw_arena_reset(&arena);
        check_rewritten(tally, file, &arena, ruleset, random);
    }
    for (int round = 0; round < rounds; round++) {
        fw_arena_reset(&arena);
        const struct fw_ruleset *const both[2] = {ruleset, edit(&arena, random, ruleset)};
        fw_rulesets_compare(&arena, both, no_names, &result);
        tally->edits++;
        for (size_t i = 0; i < result.npairs; i++) {
            const struct fw_policy_pair *pair = &result.pairs[i];
            if (pair->packets && pair->policies[0]->decides) {
                uint64_t walk = pair->policies[0]->n + pair->difference.n + 1;
                bool many = packets > PACKETS && pair->state != FW_PAIR_SAME;
                uint64_t most = (many ? MANY_STEPS : MOST_STEPS) / walk;
                most = pair->state == FW_PAIR_SAME ? most / 16 : most;
                check_pair(tally, file, random, both, pair,
                           packets < most ? packets : (unsigned long)most);
            }
        }
    }
    fw_arena_clear(&arena);
}

int main(int argc, char **argv)
{
    const char *root = corpus_root();
    struct test_random random = test_random_start("corpus difference");
    struct tally tally = {0};
    struct corpus_files files;
    struct fw_arena arena;
    if (!root) {
        return CORPUS_SKIPPED;
    }
    if (argc < 3) {
        fprintf(stderr, "usage: difference PARSER FOLDER [PACKETS]\n");
        return 2;
    }
    const char *asked_long = getenv("LONG");
    bool many = asked_long && strcmp(asked_long, "1") == 0;
    unsigned long packets = argc > 3 ? strtoul(argv[3], NULL, 10) : many ? MANY_PACKETS : PACKETS;
    const struct fw_parser *parser = fw_parser_find(fw_sv_from(argv[1]));
    fw_arena_init(&arena, 0);
    if (!parser || !corpus_list(&arena, root, argv[2], &files)) {
        return 2;
    }
    for (size_t f = 0; f < files.n; f++) {
        struct fw_diags *diags = fw_diags_new();
        struct fw_ruleset ruleset;
        struct fw_doc doc;
        fw_doc_init(&doc, files.v[f].name, diags);
        if (files.v[f].input && fw_doc_load(&doc, files.v[f].path.p) == FW_OK &&
            fw_ruleset_parse(&doc, parser, &ruleset) == FW_OK && ruleset.npolicies > 0) {
            check_ruleset(&tally, files.v[f].name.p, &ruleset, &random, packets);
        }
        fw_doc_clear(&doc);
        fw_diags_free(diags);
    }
    printf("%u files, %u rewritten (%u boxes left open), %u edits, %u policies compared, %u of "
           "them changed: %u boxes (%u proven, %u undetermined, %u witnesses walked); %lu packets, "
           "%lu in a box, %lu may; %u wrong\n",
           tally.files, tally.rewrites, tally.open, tally.edits, tally.pairs, tally.changed,
           tally.boxes, tally.proven, tally.undetermined, tally.shown, tally.packets, tally.inside,
           tally.may, tally.wrong);
    fw_arena_clear(&arena);
    return tally.wrong == 0 && tally.changed > 0 ? 0 : 1;
}
