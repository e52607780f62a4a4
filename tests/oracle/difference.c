/*
 * The oracle of comparisons: random small rulesets, changed or only rewritten, and for every packet
 * in every world the truth by walking both, against the boxes that the comparison reports. They
 * must be exactly the packets that fare otherwise.
 *
 *   difference [--seeds N] [--from SEED] [--print] [--stop]     see seeds.h
 */
#include "policy/difference.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "policy/eval.h"
#include "tests/oracle/edit.h"
#include "tests/oracle/fewest.h"
#include "tests/oracle/generate.h"
#include "tests/oracle/inside.h"
#include "tests/oracle/seeds.h"

enum { MAX_BITS = 9, MAX_PACKETS = 4000, LEAST_SHARE = 90 };

struct tally {
    uint64_t pairs, skipped, rewritten, joined, boxes, proven, packets, differ, wrong;
    struct fewest_tally fewest;
};

/* Unknowns of two entries: the same words are the same, and so is what varies at the k-th rule of
 * one content. */
struct joint {
    const struct entry *entries[2];
    int nwords; /* the first bits */
    fw_sv words[2 * MAX_VARIABLES];
    int nbits;
    int bit_of[2][32]; /* of each bit of an entry's world */
};

struct checking {
    uint64_t seed;
    struct tally *tally;
    struct joint joint;
    const struct fw_difference *difference;
    bool ok;
};

__attribute__((format(printf, 2, 3))) static void wrong(struct checking *c, const char *fmt, ...)
{
    va_list ap;
    if (c->ok) {
        printf("not ok seed %" PRIu64 ": ", c->seed);
        va_start(ap, fmt);
        vprintf(fmt, ap);
        va_end(ap);
        printf("\n");
    }
    c->ok = false;
}

static int word_bit(struct joint *j, fw_sv words)
{
    for (int i = 0; i < j->nwords; i++) {
        if (fw_sv_eq(j->words[i], words)) {
            return i;
        }
    }
    j->words[j->nwords] = words;
    return j->nwords++;
}

/* How many rules of this content come before the place. */
static int ordinal(const struct entry *entry, const struct place *place)
{
    int n = 0;
    for (int i = 0; i < place->order; i++) {
        n += fw_sha256_eq(entry->places[i]->rule->content, place->rule->content);
    }
    return n;
}

static int varying_atoms(const struct fw_rule *rule)
{
    int n = 0;
    for (size_t t = 0; t < rule->match.n; t++) {
        for (size_t a = 0; a < rule->match.terms[t].natoms; a++) {
            n += rule->match.terms[t].atoms[a].kind == FW_ATOM_VARYING;
        }
    }
    return n;
}

static const struct place *same_place(const struct entry *entry, const struct entry *other,
                                      const struct place *place)
{
    int k = ordinal(entry, place);
    for (int i = 0; i < other->nplaces; i++) {
        if (fw_sha256_eq(other->places[i]->rule->content, place->rule->content) &&
            ordinal(other, other->places[i]) == k) {
            return other->places[i];
        }
    }
    return NULL;
}

/* Bits of what varies at a place, then those of its guess. */
static void place_bits(const struct entry *entry, const struct place *place, int *ret_first,
                       int *ret_guess)
{
    int guesses = 0;
    for (int i = 0; i < place->order; i++) {
        guesses += entry->places[i]->unknown;
    }
    *ret_first = entry->nwords + place->first_variable;
    *ret_guess = entry->nvariables + 2 * guesses;
}

/* Rules that ask for ports are about whole packets only as soon as one asks about fragments: an
 * entry that never does cannot walk fragments. */
static bool knows_fragments(const struct entry *entry)
{
    for (int i = 0; i < entry->nwords; i++) {
        if (fw_sv_is(entry->words[i], "fragment")) {
            return true;
        }
    }
    return false;
}

static bool put_together(struct joint *j)
{
    if (knows_fragments(j->entries[0]) != knows_fragments(j->entries[1])) {
        return false;
    }
    for (int s = 0; s < 2; s++) {
        for (int i = 0; i < j->entries[s]->nwords; i++) {
            j->bit_of[s][i] = word_bit(j, j->entries[s]->words[i]);
        }
    }
    j->nbits = j->nwords;
    for (int s = 0; s < 2; s++) {
        for (int p = 0; p < j->entries[s]->nplaces; p++) {
            const struct place *place = j->entries[s]->places[p];
            const struct place *twin = s == 1 ? same_place(j->entries[1], j->entries[0], place)
                                              : NULL;
            int first;
            int guess;
            int twin_first = 0;
            int twin_guess = 0;
            place_bits(j->entries[s], place, &first, &guess);
            if (twin) {
                place_bits(j->entries[0], twin, &twin_first, &twin_guess);
            }
            for (int v = 0; v < varying_atoms(place->rule); v++) {
                j->bit_of[s][first + v] = twin ? j->bit_of[0][twin_first + v] : j->nbits++;
            }
            for (int v = 0; v < 2 && place->unknown; v++) {
                j->bit_of[s][guess + v] = twin ? j->bit_of[0][twin_guess + v] : j->nbits++;
            }
        }
    }
    return j->nbits <= MAX_BITS;
}

static int world_of(const struct joint *j, int s, int bits)
{
    const struct entry *entry = j->entries[s];
    int world = 0;
    for (int i = 0; i < entry->nvariables + 2 * entry->nguesses; i++) {
        world |= (bits >> j->bit_of[s][i] & 1) << i;
    }
    return world;
}

/* What the box asks of named things holds; what varies may. */
static bool holds(const struct joint *j, const struct fw_difference_box *box, int bits)
{
    for (size_t a = 0; a < box->term.natoms; a++) {
        for (int i = 0; i < j->nwords; i++) {
            if (fw_sv_eq(j->words[i], box->term.atoms[a].words) &&
                (bits >> i & 1) == box->term.atoms[a].negated) {
                return false;
            }
        }
    }
    return true;
}

static void check_packet(struct checking *c, const struct fw_packet *packet)
{
    const struct joint *j = &c->joint;
    for (int named = 0; named < 1 << j->nwords; named++) {
        bool some = false; /* differs, whatever varies */
        bool all = true;
        for (int rest = 0; rest < 1 << (j->nbits - j->nwords); rest++) {
            int bits = named | rest << j->nwords;
            int world[2] = {world_of(j, 0, bits), world_of(j, 1, bits)};
            if (!world_is_possible(j->entries[0], packet, world[0]) ||
                !world_is_possible(j->entries[1], packet, world[1])) {
                all = false;
                break;
            }
            int verdict[2];
            for (int s = 0; s < 2; s++) {
                verdict[s] = walk(j->entries[s], packet, world[s], NULL, NULL, NULL, NULL);
            }
            some = some || verdict[0] != verdict[1];
            all = all && verdict[0] != verdict[1];
        }
        if (!all && !some && j->nwords > 0 &&
            (!world_is_possible(j->entries[0], packet, world_of(j, 0, named)) ||
             !world_is_possible(j->entries[1], packet, world_of(j, 1, named)))) {
            continue;
        }
        unsigned told = 0;
        for (size_t i = 0; i < c->difference->n; i++) {
            const struct fw_difference_box *box = &c->difference->v[i];
            if (!difference_box_has(box, packet) || !holds(j, box, named)) {
                continue;
            }
            told++;
            if (box->certainty == FW_PROVEN && !all) {
                wrong(c, "box %zu is proven, and not so in every world", i);
            }
        }
        c->tally->packets++;
        c->tally->differ += some;
        if (told > 1 && j->nbits == j->nwords) {
            wrong(c, "a packet is told %u times", told);
        }
        if ((told > 0) != some) {
            struct fw_buf text;
            fw_buf_init(&text);
            fw_packet_text(&text, packet);
            wrong(c, "%s: %s in world %d: %s", told > 0 ? "told" : "not told",
                  some ? "differs" : "does not differ", named, text.p);
            fw_buf_clear(&text);
        }
    }
}

/* The witness is in its box and fares as told: by the naive evaluator. */
static void check_witness(struct checking *c, struct fw_arena *arena,
                          const struct fw_ruleset *const rulesets[2], size_t i)
{
    const struct fw_difference_box *box = &c->difference->v[i];
    const struct fw_fate *fates[2] = {&box->before, &box->after};
    if (!box->has_witness || !box->exact) {
        wrong(c, "box %zu has no witness", i);
        return;
    }
    struct fw_packet packet = box->witness;
    packet.in = packet.has_in ? packet.in : FW_SV("eth7");
    packet.out = packet.has_out ? packet.out : FW_SV("eth7");
    if (box->in.nsome + box->in.nnone + box->out.nsome + box->out.nnone == 0 &&
        !difference_box_has(box, &packet)) {
        wrong(c, "the witness of box %zu is not in it", i);
    }
    for (size_t s = 0; s < 2; s++) {
        static const enum fw_verdict of_action[] = {
            [FW_ACTION_PERMIT] = FW_VERDICT_PERMIT,
            [FW_ACTION_DENY] = FW_VERDICT_DENY,
            [FW_ACTION_REJECT] = FW_VERDICT_REJECT,
        };
        struct fw_trace trace;
        const struct fw_policy *policy = c->joint.entries[s]->policy;
        fw_trace_policy(arena, rulesets[s], policy, &box->witness, &trace);
        bool plain = c->joint.nbits == 0 && fw_action_decides(fates[s]->action);
        if (plain &&
            (trace.verdict != of_action[fates[s]->action] || trace.rule != fates[s]->rule)) {
            wrong(c, "the witness of box %zu is treated otherwise (%s)", i,
                  fw_verdict_name(trace.verdict));
        }
    }
}

static bool same_ips(const struct fw_ipset *a, const struct fw_ipset *b)
{
    return a == b || (a && b && fw_ipset_eq(a, b));
}

static bool same_nums(const struct fw_numset *a, const struct fw_numset *b)
{
    return a == b || (a && b && fw_numset_eq(a, b));
}

static bool same_list(const fw_sv *a, size_t na, const fw_sv *b, size_t nb)
{
    bool same = na == nb;
    for (size_t i = 0; same && i < na; i++) {
        same = fw_sv_eq(a[i], b[i]);
    }
    return same;
}

static bool same_interfaces(const struct fw_names *a, const struct fw_names *b)
{
    return same_list(a->some, a->nsome, b->some, b->nsome) &&
           same_list(a->none, a->nnone, b->none, b->nnone);
}

static bool same_atoms(const struct fw_term *a, const struct fw_term *b)
{
    bool same = a->natoms == b->natoms;
    for (size_t i = 0; same && i < a->natoms; i++) {
        same = a->atoms[i].negated == b->atoms[i].negated &&
               fw_sv_eq(a->atoms[i].words, b->atoms[i].words);
    }
    return same;
}

static bool same_fates(const struct fw_difference_box *a, const struct fw_difference_box *b)
{
    return a->kind == b->kind && a->exact && b->exact && a->before.action == b->before.action &&
           a->after.action == b->after.action && same_atoms(&a->term, &b->term);
}

static int dimensions_apart(const struct fw_difference_box *a, const struct fw_difference_box *b)
{
    int n = 0;
#define FW_DIM(name, kind, key) n += !SAME_##kind(name);
#define SAME_IP(name) same_ips(a->term.name, b->term.name)
#define SAME_NUM(name) same_nums(a->term.name, b->term.name)
#define SAME_NAME(name) same_interfaces(&a->name, &b->name)
#include "policy/dims.def"
#undef FW_DIM
    return n;
}

/* A set of interfaces may take several boxes to write down. */
static bool is_written_twice(const struct checking *c, size_t at)
{
    const struct fw_difference_box *a = &c->difference->v[at];
    for (size_t i = 0; i < c->difference->n; i++) {
        const struct fw_difference_box *b = &c->difference->v[i];
        if (i != at && same_fates(a, b) && dimensions_apart(a, b) == 1 &&
            !(same_interfaces(&a->in, &b->in) && same_interfaces(&a->out, &b->out))) {
            return true;
        }
    }
    return false;
}

/* No two boxes are the same, or could be one: they differ in more than the values of one dimension.
 */
static void check_few(struct checking *c, size_t first)
{
    const struct fw_difference_box *a = &c->difference->v[first];
    for (size_t i = 0; i < first; i++) {
        const struct fw_difference_box *b = &c->difference->v[i];
        if (a->kind != FW_DIFFERENCE_OTHER && same_fates(a, b) && dimensions_apart(a, b) < 2 &&
            !is_written_twice(c, first) && !is_written_twice(c, i)) {
            wrong(c, "boxes %zu and %zu could be one", i, first);
        }
    }
}

static void count_fewest(struct checking *c, struct fw_arena *arena,
                         const struct universe *universe)
{
    int(*verdicts)[2] = fw_arena_alloc(arena, (universe->n + 1) * sizeof(*verdicts));
    for (size_t i = 0; i < universe->n; i++) {
        for (int s = 0; s < 2; s++) {
            verdicts[i][s] = walk(c->joint.entries[s], &universe->packets[i], 0, NULL, NULL, NULL,
                                  NULL);
        }
    }
    fewest_count(arena, universe, (const int(*)[2])verdicts, c->difference, &c->tally->fewest);
}

/* A policy nobody calls, in either ruleset. */
static bool is_called(const struct fw_ruleset *ruleset, size_t policy)
{
    for (size_t q = 0; q < ruleset->npolicies; q++) {
        for (size_t r = 0; r < ruleset->policies[q]->n; r++) {
            const struct fw_rule *rule = &ruleset->policies[q]->rules[r];
            if (rule->enabled && rule->jump == ruleset->policies[policy]) {
                return true;
            }
        }
    }
    return false;
}

static bool check(const struct sample *sample, struct fw_arena *arena, uint64_t seed,
                  struct tally *tally, const struct fw_ruleset *other, bool rewritten)
{
    const struct fw_ruleset *const rulesets[2] = {sample->ruleset, other};
    struct checking c = {.seed = seed, .tally = tally, .ok = true};
    for (size_t p = 0; p < other->npolicies; p++) {
        struct entry entries[2];
        const struct fw_policy *const policies[2] = {rulesets[0]->policies[p], other->policies[p]};
        if (p > 0 && (is_called(rulesets[0], p) || is_called(other, p))) {
            continue;
        }
        struct fw_difference difference;
        fw_policies_compare(arena, rulesets, policies, 0, &difference);
        c.difference = &difference;
        c.joint = (struct joint){.entries = {&entries[0], &entries[1]}};
        if (!difference.compared) {
            wrong(&c, "not compared");
        }
        if (rewritten && difference.n > 0) {
            wrong(&c, "only rewritten, but %zu boxes differ", difference.n);
        }
        if (!entry_build_marked(&entries[0], arena, rulesets[0], policies[0]) ||
            !entry_build_marked(&entries[1], arena, other, policies[1]) ||
            !put_together(&c.joint)) {
            tally->skipped++;
            continue;
        }
        tally->pairs++;
        tally->rewritten += rewritten;
        tally->boxes += difference.n;
        struct universe universe = sample->universe;
        bool states = universe.use_state || mentions_state(other);
        if (policies[0]->hook != universe.hook || states != universe.use_state) {
            universe.hook = policies[0]->hook;
            universe.use_state = states;
            universe_fill(&universe, arena);
        }
        for (size_t i = 0; i < difference.n; i++) {
            tally->proven += difference.v[i].certainty == FW_PROVEN;
            check_witness(&c, arena, rulesets, i);
            check_few(&c, i);
        }
        if (c.joint.nbits == 0 && universe.n <= MAX_PACKETS) {
            count_fewest(&c, arena, &universe);
        }
        size_t step = universe.n / MAX_PACKETS + 1;
        for (size_t i = seed % step; i < universe.n && c.ok; i += step) {
            check_packet(&c, &universe.packets[i]);
        }
    }
    tally->wrong += !c.ok;
    return c.ok;
}

static bool attempt(struct fw_arena *arena, uint64_t seed, bool print, void *context)
{
    struct tally *tally = context;
    struct sample sample;
    struct test_random random = {seed * UINT64_C(0x9e3779b97f4a7c15) | 1};
    generate(&sample, arena, seed);
    bool rewritten = seed % 4 == 0;
    struct sample other = sample;
    other.ruleset = rewritten ? rewrite(arena, &random, sample.ruleset)
                              : edit(arena, &random, sample.ruleset);
    bool ok = check(&sample, arena, seed, tally, other.ruleset, rewritten);
    struct fw_mergeables mergeable;
    fw_ruleset_mergeable(arena, sample.ruleset, &mergeable);
    if (ok && mergeable.n > 0) {
        tally->joined += mergeable.n;
        other.ruleset = join(arena, sample.ruleset, &mergeable);
        ok = check(&sample, arena, seed, tally, other.ruleset, true);
    }
    if (print || (!ok && tally->wrong <= 3)) {
        sample_print(&sample);
        printf("... became ...\n");
        sample_print(&other);
    }
    return ok;
}

int main(int argc, char **argv)
{
    static const struct seeds seeds = {4000, 500, "seeds", attempt};
    struct tally tally = {0};
    if (!seeds_run(&seeds, argc, argv, &tally)) {
        return 2;
    }
    printf("# %" PRIu64 " pairs (%" PRIu64 " too large to enumerate), %" PRIu64
           " only rewritten, %" PRIu64 " runs of neighbours joined: %" PRIu64 " boxes, %" PRIu64
           " proven; %" PRIu64 " packets and worlds, of which %" PRIu64 " differ; %" PRIu64
           " pairs wrong\n",
           tally.pairs, tally.skipped, tally.rewritten, tally.joined, tally.boxes, tally.proven,
           tally.packets, tally.differ, tally.wrong);
    const struct fewest_tally *f = &tally.fewest;
    printf("# of %" PRIu64 " changes in up to 6 boxes without unknowns %" PRIu64
           " take one, of the others %" PRIu64 " are as few as can be, %" PRIu64
           " are not (%" PRIu64 " name interfaces), %" PRIu64 " not known; %" PRIu64
           " boxes where %" PRIu64 " would do\n",
           f->changes, f->one, f->fewest, f->more, f->named, f->unknown, f->boxes, f->due);
    uint64_t known = f->changes - f->unknown;
    if (known >= 500 && (f->one + f->fewest) * 100 < known * LEAST_SHARE) {
        printf("not ok seed: fewer boxes would do in more than a tenth of the changes\n");
        tally.wrong++;
    }
    return tally.wrong == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
