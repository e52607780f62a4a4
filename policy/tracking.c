/* Which rules ask for a connection where there is none?
 *
 *     *raw
 *     -A PREROUTING -m conntrack --ctstate NEW -j DROP
 *
 * never matches: Linux tracks connections at priority -200 of prerouting and output, and to rules
 * before that each packet is invalid, or untracked when a rule said so
 * (net/netfilter/xt_conntrack.c and nft_ct.c, where nf_ct_get finds none). The mark of a connection
 * that is not there is compared with nothing, whether negated or not (xt_connmark.c: no match;
 * nft_ct.c: NFT_BREAK).
 */
#include "policy/tracking.h"

enum { BEFORE = 1, AFTER = 2 }; /* where a policy is met, of tracking */

enum {
    INVALID = 1 << FW_STATE_INVALID,
    UNTRACKED = 1 << FW_STATE_UNTRACKED,
    ALL = (1 << FW_STATE_COUNT) - 1,
};

static unsigned own_place(const struct fw_policy *policy)
{
    if (policy->hook == FW_HOOK_NONE) {
        return 0;
    }
    if (policy->hook != FW_HOOK_PREROUTING && policy->hook != FW_HOOK_OUTPUT) {
        return AFTER;
    }
    /* Of one priority, what was registered first comes first: nobody can tell. */
    return policy->priority < FW_TRACKING_PRIORITY    ? BEFORE
           : policy->priority == FW_TRACKING_PRIORITY ? BEFORE | AFTER
                                                      : AFTER;
}

/* Where each policy is met: chains where those that call them are. */
static void find_places(struct fw_arena *arena, struct fw_ruleset *ruleset)
{
    struct fw_policy **queue = fw_new_array(arena, ruleset->npolicies * 2 + 1, struct fw_policy *);
    size_t n = 0;
    for (size_t p = 0; p < ruleset->npolicies; p++) {
        ruleset->policies[p]->met = own_place(ruleset->policies[p]);
        if (ruleset->policies[p]->met != 0) {
            queue[n++] = ruleset->policies[p];
        }
    }
    for (size_t i = 0; i < n; i++) { /* a chain comes in again when it is found in a second place */
        for (size_t r = 0; r < queue[i]->n; r++) {
            struct fw_policy *called = queue[i]->rules[r].jump;
            if (called && (queue[i]->met & ~called->met) != 0) {
                called->met |= queue[i]->met;
                queue[n++] = called;
            }
        }
    }
    for (size_t p = 0; p < ruleset->npolicies; p++) {
        if (ruleset->policies[p]->met == 0) { /* called by nobody: as most are */
            ruleset->policies[p]->met = AFTER;
        }
    }
}

static bool asks_connmark(const struct fw_term *term)
{
    for (size_t i = 0; i < term->natoms; i++) {
        if (term->atoms[i].kind == FW_ATOM_CONNMARK) {
            return true;
        }
    }
    return false;
}

static unsigned states_of(const struct fw_numset *set)
{
    unsigned states = 0;
    for (uint32_t s = 0; s < FW_STATE_COUNT; s++) {
        states |= !set || fw_numset_has(set, s) ? 1u << s : 0;
    }
    return states;
}

static const struct fw_numset *set_of(struct fw_arena *arena, unsigned states)
{
    struct fw_numrange v[FW_STATE_COUNT];
    size_t n = 0;
    for (uint32_t s = 0; s < FW_STATE_COUNT; s++) {
        if ((states & 1u << s) != 0) {
            v[n++] = (struct fw_numrange){s, s};
        }
    }
    return states == ALL ? NULL : fw_numset_make(arena, v, n);
}

/* The states of which the tracking-to-be will find a packet that matches here. */
static unsigned states_before(unsigned states)
{
    return ((states & INVALID) != 0 ? ALL & ~UNTRACKED : 0) | (states & UNTRACKED);
}

/* Sorted by words, as terms have their atoms. */
static void add_atom(struct fw_arena *arena, struct fw_term *term, struct fw_atom atom)
{
    struct fw_atom *atoms = fw_new_array(arena, term->natoms + 1, struct fw_atom);
    size_t n = 0;
    while (n < term->natoms && fw_sv_cmp(term->atoms[n].words, atom.words) < 0) {
        atoms[n] = term->atoms[n];
        n++;
    }
    atoms[n] = atom;
    for (size_t i = n; i < term->natoms; i++) {
        atoms[i + 1] = term->atoms[i];
    }
    term->atoms = atoms;
    term->natoms++;
}

static const struct fw_atom is_before = {.kind = FW_ATOM_FIXED,
                                         .words = {"before connection tracking", 26}};

/* The terms of one term in its places: none, one, or two of which the place decides. */
static size_t settle_term(struct fw_arena *arena, const struct fw_rule *rule,
                          const struct fw_term *term, struct fw_term ret[2], unsigned places)
{
    unsigned after = states_of(term->state);
    if (asks_connmark(term)) {
        after &= ALL & ~(INVALID | UNTRACKED);
    }
    unsigned before = states_before(after);
    after &= rule->untracks ? INVALID : ALL;
    size_t n = 0;
    bool split = places == (BEFORE | AFTER) && before != after;
    for (unsigned place = BEFORE; place <= AFTER; place <<= 1) {
        unsigned states = place == BEFORE ? before : after;
        if ((places & place) == 0 || states == 0 || (place == AFTER && n > 0 && !split)) {
            continue;
        }
        ret[n] = *term;
        if (states != states_of(term->state)) {
            ret[n].state = set_of(arena, states);
        }
        if (split) {
            struct fw_atom atom = is_before;
            atom.negated = place == AFTER;
            add_atom(arena, &ret[n], atom);
        }
        n++;
    }
    return n;
}

static void settle_rule(struct fw_arena *arena, struct fw_rule *rule, unsigned places)
{
    bool asks = rule->untracks && (places & AFTER) != 0;
    for (size_t t = 0; t < rule->match.n; t++) {
        const struct fw_term *term = &rule->match.terms[t];
        asks = asks || asks_connmark(term) || (term->state && (places & BEFORE) != 0);
    }
    if (asks) {
        struct fw_term *terms = fw_new_array(arena, rule->match.n * 2, struct fw_term);
        size_t n = 0;
        for (size_t t = 0; t < rule->match.n; t++) {
            n += settle_term(arena, rule, &rule->match.terms[t], terms + n, places);
        }
        rule->match.terms = terms;
        rule->match.n = n;
    }
    if (places == BEFORE) { /* there is no connection to mark */
        rule->connmark = FW_CONNMARK_NONE;
    }
}

void fw_ruleset_settle_tracking(struct fw_arena *arena, struct fw_ruleset *ruleset)
{
    find_places(arena, ruleset);
    for (size_t p = 0; p < ruleset->npolicies; p++) {
        struct fw_policy *policy = ruleset->policies[p];
        for (size_t r = 0; r < policy->n; r++) {
            settle_rule(arena, &policy->rules[r], policy->met);
        }
    }
}
