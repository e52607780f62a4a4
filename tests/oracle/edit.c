/* Random changes of rulesets, on copies. */
#include "tests/oracle/edit.h"

#include <string.h>

enum { ROOM = 8, MOST_EDITS = 4 };

struct editor {
    struct fw_arena *arena;
    struct test_random *random;
    struct fw_ruleset *ruleset;
};

static unsigned below(struct editor *e, size_t n)
{
    return test_random_below(e->random, (unsigned)n);
}

/* Rules were put in the order of evaluation when the original was sealed. */
static struct fw_ruleset *copy(struct fw_arena *arena, const struct fw_ruleset *from)
{
    struct fw_ruleset *ruleset = fw_new(arena, struct fw_ruleset);
    *ruleset = *from;
    ruleset->policies = fw_new_array(arena, from->npolicies, struct fw_policy *);
    for (size_t p = 0; p < from->npolicies; p++) {
        struct fw_policy *policy = fw_new(arena, struct fw_policy);
        *policy = *from->policies[p];
        policy->order = FW_ORDER_FIRST;
        policy->bound = false;
        policy->rules = fw_new_array(arena, policy->n + ROOM, struct fw_rule);
        for (size_t r = 0; r < policy->n; r++) { /* none at all is a null pointer */
            policy->rules[r] = from->policies[p]->rules[r];
        }
        ruleset->policies[p] = policy;
    }
    return ruleset;
}

static void renumber(struct editor *e)
{
    for (size_t p = 0; p < e->ruleset->npolicies; p++) {
        struct fw_policy *policy = e->ruleset->policies[p];
        for (size_t r = 0; r < policy->n; r++) {
            policy->rules[r].position = (uint32_t)r + 1;
            policy->rules[r].jump = NULL; /* of the original */
        }
    }
    fw_ruleset_seal(e->arena, e->ruleset);
}

static void insert(struct fw_policy *policy, size_t at, struct fw_rule rule)
{
    memmove(policy->rules + at + 1, policy->rules + at, (policy->n - at) * sizeof(rule));
    policy->rules[at] = rule;
    policy->n++;
}

static void take_out(struct fw_policy *policy, size_t at)
{
    memmove(policy->rules + at, policy->rules + at + 1,
            (policy->n - at - 1) * sizeof(*policy->rules));
    policy->n--;
}

static enum fw_action other_action(struct editor *e)
{
    static const enum fw_action actions[] = {FW_ACTION_PERMIT, FW_ACTION_DENY, FW_ACTION_REJECT,
                                             FW_ACTION_RETURN, FW_ACTION_CONTINUE};
    return actions[below(e, 5)];
}

/* Part of one rule's first term becomes another's. */
static void mix_terms(struct editor *e, struct fw_rule *to, const struct fw_rule *from)
{
    if (to->match.n == 0 || from->match.n == 0) {
        return;
    }
    struct fw_term *terms = fw_new_array(e->arena, to->match.n, struct fw_term);
    memcpy(terms, to->match.terms, to->match.n * sizeof(*terms));
    switch (below(e, 4)) {
    case 0:
        terms[0].src = from->match.terms[0].src;
        break;
    case 1:
        terms[0].dst = from->match.terms[0].dst;
        break;
    case 2:
        terms[0].proto = from->match.terms[0].proto;
        terms[0].dport = from->match.terms[0].dport;
        break;
    default:
        terms[0].natoms = from->match.terms[0].natoms;
        terms[0].atoms = from->match.terms[0].atoms;
        break;
    }
    to->match.terms = terms;
}

/* The last rule of a called chain moves to right after the call: what a return skips changes. */
static void move_out(struct editor *e, struct fw_policy *policy, size_t at)
{
    for (size_t p = 0; p < e->ruleset->npolicies; p++) {
        struct fw_policy *chain = e->ruleset->policies[p];
        if (fw_sv_eq(chain->name, policy->rules[at].target) && chain->n > 0 && chain != policy) {
            struct fw_rule rule = chain->rules[chain->n - 1];
            take_out(chain, chain->n - 1);
            insert(policy, at + 1, rule);
            return;
        }
    }
}

static void edit_once(struct editor *e)
{
    struct fw_policy *policy = e->ruleset->policies[below(e, e->ruleset->npolicies)];
    if (policy->n == 0 || below(e, 12) == 0) {
        policy->fallback = policy->hook == FW_HOOK_NONE && policy->fallback == FW_ACTION_RETURN
                               ? policy->fallback
                               : (below(e, 2) == 0 ? FW_ACTION_PERMIT : FW_ACTION_DENY);
        return;
    }
    size_t at = below(e, policy->n);
    size_t to = below(e, policy->n);
    struct fw_rule rule = policy->rules[at];
    if (rule.action == FW_ACTION_JUMP && below(e, 2) == 0) {
        move_out(e, policy, at);
        return;
    }
    switch (below(e, 7)) {
    case 0:
        take_out(policy, at);
        break;
    case 1: /* moved */
        take_out(policy, at);
        insert(policy, to < policy->n ? to : policy->n, rule);
        break;
    case 2:
        rule.action = other_action(e);
        insert(policy, to, rule);
        break;
    case 3:
        policy->rules[at].action = other_action(e);
        break;
    case 4:
        policy->rules[at].enabled = !rule.enabled;
        break;
    case 5:
        mix_terms(e, &policy->rules[at], &policy->rules[to]);
        break;
    default:
        mix_terms(e, &rule, &policy->rules[to]);
        insert(policy, to, rule);
        break;
    }
}

struct fw_ruleset *edit(struct fw_arena *arena, struct test_random *random,
                        const struct fw_ruleset *ruleset)
{
    struct editor e = {arena, random, copy(arena, ruleset)};
    for (unsigned i = 1 + below(&e, MOST_EDITS); i > 0; i--) {
        edit_once(&e);
    }
    renumber(&e);
    return e.ruleset;
}

/* Only what is the same whenever it is asked can be said twice. */
static bool is_steady(const struct fw_rule *rule)
{
    for (size_t t = 0; t < rule->match.n; t++) {
        for (size_t a = 0; a < rule->match.terms[t].natoms; a++) {
            if (rule->match.terms[t].atoms[a].kind == FW_ATOM_VARYING) {
                return false;
            }
        }
    }
    return fw_action_decides(rule->action) && rule->enabled;
}

/* The first term's destination ports or sources, in two. */
static bool halve_term(struct editor *e, const struct fw_term *term, struct fw_term *one,
                       struct fw_term *two)
{
    *one = *term;
    *two = *term;
    if (term->dport && below(e, 2) == 0) {
        const struct fw_numset *low = fw_numset_range(e->arena, 0, 1 + below(e, 3));
        one->dport = fw_numset_intersect(e->arena, term->dport, low);
        two->dport = fw_numset_intersect(e->arena, term->dport,
                                         fw_numset_complement(e->arena, low, 65535));
        return true;
    }
    if (!term->src) {
        return false;
    }
    fw_iprange range = {fw_ip4(0), fw_ip4(0x0a000000 + below(e, 3))};
    const struct fw_ipset *low = fw_ipset_make(e->arena, &range, 1);
    one->src = fw_ipset_intersect(e->arena, term->src, low);
    two->src = fw_ipset_intersect(e->arena, term->src,
                                  fw_ipset_complement(e->arena, low, FW_FAMILY_BOTH));
    return true;
}

static void rewrite_once(struct editor *e)
{
    struct fw_policy *policy = e->ruleset->policies[below(e, e->ruleset->npolicies)];
    if (policy->n == 0) {
        return;
    }
    size_t at = below(e, policy->n);
    struct fw_rule rule = policy->rules[at];
    if (!is_steady(&rule)) {
        return;
    }
    struct fw_term *terms = fw_new_array(e->arena, 2, struct fw_term);
    switch (below(e, 4)) {
    case 0: /* twice */
        insert(policy, at, rule);
        break;
    case 1: /* one rule for each term */
        if (rule.match.n == 2) {
            policy->rules[at].match.n = 1;
            rule.match.n = 1;
            rule.match.terms++;
            insert(policy, at, rule);
        }
        break;
    case 2: /* one term, two rules; in any order */
        if (rule.match.n == 1 && halve_term(e, &rule.match.terms[0], &terms[0], &terms[1])) {
            rule.match.terms = &terms[0];
            policy->rules[at].match.terms = &terms[1];
            insert(policy, at, rule);
        }
        break;
    default: /* neighbours that act alike change places */
        if (at + 1 < policy->n && is_steady(&policy->rules[at + 1]) &&
            policy->rules[at + 1].action == rule.action) {
            policy->rules[at] = policy->rules[at + 1];
            policy->rules[at + 1] = rule;
        }
        break;
    }
}

struct fw_ruleset *rewrite(struct fw_arena *arena, struct test_random *random,
                           const struct fw_ruleset *ruleset)
{
    struct editor e = {arena, random, copy(arena, ruleset)};
    for (unsigned i = 0; i < ROOM; i++) {
        rewrite_once(&e);
    }
    renumber(&e);
    return e.ruleset;
}

struct fw_ruleset *join(struct fw_arena *arena, const struct fw_ruleset *ruleset,
                        const struct fw_mergeables *mergeable)
{
    struct editor e = {arena, NULL, copy(arena, ruleset)};
    for (size_t i = mergeable->n; i > 0; i--) {
        const struct fw_mergeable *run = &mergeable->v[i - 1];
        size_t p = 0;
        while (ruleset->policies[p] != run->policy) {
            p++;
        }
        for (size_t k = 1; k < run->n; k++) {
            take_out(e.ruleset->policies[p], run->from);
        }
        e.ruleset->policies[p]->rules[run->from] = run->together;
    }
    renumber(&e);
    return e.ruleset;
}
