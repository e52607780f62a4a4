/* Which policy of two configurations answers to which, and what becomes of the comparison. */
#include "analyzers/changes/comparison.h"

#include <stdlib.h>
#include <string.h>

struct pairing {
    struct fw_arena *arena;
    const struct fw_ruleset *const *rulesets;
    bool *called[2]; /* by policy */
    size_t *to_old;  /* by new policy; SIZE_MAX */
    bool *taken;     /* by old policy */
    struct fw_comparison_result *ret;
};

const char *fw_pair_state_name(enum fw_pair_state state)
{
    static const char *const names[] = {"same",     "changed", "undetermined", "only_old",
                                        "only_new", "called",  "unseen"};
    return names[state];
}

const char *fw_rule_effect_name(enum fw_rule_effect effect)
{
    static const char *const names[] = {"packets", "other", "none"};
    return names[effect];
}

/* Chains that others call, by their place in the list. */
static bool *find_called(struct fw_arena *arena, const struct fw_ruleset *ruleset)
{
    bool *called = fw_new_array(arena, ruleset->npolicies + 1, bool);
    for (size_t p = 0; p < ruleset->npolicies; p++) {
        for (size_t r = 0; r < ruleset->policies[p]->n; r++) {
            const struct fw_rule *rule = &ruleset->policies[p]->rules[r];
            for (size_t q = 0; rule->enabled && rule->jump && q < ruleset->npolicies; q++) {
                called[q] = called[q] || ruleset->policies[q] == rule->jump;
            }
        }
    }
    for (size_t p = 0; p < ruleset->npolicies; p++) {
        const struct fw_policy *policy = ruleset->policies[p];
        called[p] = called[p] && policy->hook == FW_HOOK_NONE && policy->nbindings == 0;
    }
    return called;
}

static bool like_name(const struct fw_policy *a, const struct fw_policy *b)
{
    return fw_sv_eq(a->name, b->name) && a->decides == b->decides;
}

static bool same_place(const struct fw_policy *a, const struct fw_policy *b)
{
    return a->nbindings > 0 && a->decides && b->decides && a->hook == b->hook &&
           a->families == b->families && fw_policy_same_bindings(a, b);
}

/* The k-th unpaired of one is the k-th unpaired of the other, as far as they fit. */
static void pair_by(struct pairing *p,
                    bool fits(const struct fw_policy *, const struct fw_policy *))
{
    const struct fw_ruleset *old = p->rulesets[0];
    const struct fw_ruleset *new = p->rulesets[1];
    for (size_t i = 0; i < new->npolicies; i++) {
        for (size_t k = 0; k < old->npolicies && p->to_old[i] == SIZE_MAX; k++) {
            if (!p->taken[k] && fits(new->policies[i], old->policies[k])) {
                p->to_old[i] = k;
                p->taken[k] = true;
            }
        }
    }
}

static bool is_main(const struct pairing *p, size_t side, size_t index)
{
    return p->rulesets[side]->policies[index]->decides && !p->called[side][index];
}

/* One policy that decides is left on each side. */
static void pair_last(struct pairing *p)
{
    size_t left[2] = {SIZE_MAX, SIZE_MAX};
    size_t n[2] = {0, 0};
    for (size_t i = 0; i < p->rulesets[1]->npolicies; i++) {
        if (p->to_old[i] == SIZE_MAX && is_main(p, 1, i)) {
            left[1] = i;
            n[1]++;
        }
    }
    for (size_t i = 0; i < p->rulesets[0]->npolicies; i++) {
        if (!p->taken[i] && is_main(p, 0, i)) {
            left[0] = i;
            n[0]++;
        }
    }
    if (n[0] == 1 && n[1] == 1) {
        p->to_old[left[1]] = left[0];
        p->taken[left[0]] = true;
    }
}

static bool rewrites(const struct fw_policy *policy)
{
    for (size_t r = 0; r < policy->n; r++) {
        if (policy->rules[r].action == FW_ACTION_DNAT ||
            policy->rules[r].action == FW_ACTION_SNAT) {
            return true;
        }
    }
    return false;
}

static enum fw_pair_state state_of(const struct fw_difference *difference)
{
    if (!difference->compared || (difference->n > 0 && difference->n == difference->undetermined)) {
        return FW_PAIR_UNDETERMINED;
    }
    return difference->n > 0 ? FW_PAIR_CHANGED : FW_PAIR_SAME;
}

static void add_pair(struct pairing *p, size_t old, size_t new)
{
    struct fw_comparison_result *ret = p->ret;
    struct fw_policy_pair pair = {0};
    const struct fw_policy *a = old != SIZE_MAX ? p->rulesets[0]->policies[old] : NULL;
    const struct fw_policy *b = new != SIZE_MAX ? p->rulesets[1]->policies[new] : NULL;
    pair.policies[0] = a;
    pair.policies[1] = b;
    pair.called = (!a || p->called[0][old]) && (!b || p->called[1][new]);
    if (!a || !b) {
        pair.state = a ? FW_PAIR_ONLY_OLD : FW_PAIR_ONLY_NEW;
    } else {
        pair.rebound = a->bound != b->bound || !fw_policy_same_bindings(a, b) || a->hook != b->hook;
        if (p->called[0][old] || p->called[1][new]) {
            pair.state = FW_PAIR_CALLED;
            pair.rebound = false;
        } else if (!(a->decides && b->decides) && !rewrites(a) && !rewrites(b)) {
            pair.state = FW_PAIR_UNSEEN;
        } else {
            const struct fw_policy *const policies[2] = {a, b};
            fw_policies_compare(p->arena, p->rulesets, policies, 0, &pair.difference);
            pair.state = state_of(&pair.difference);
            pair.packets = pair.difference.compared;
        }
    }
    for (size_t i = 0; i < pair.difference.n; i++) {
        ret->boxes[pair.difference.v[i].kind]++;
    }
    ret->open = ret->open || pair.state == FW_PAIR_UNDETERMINED || pair.difference.undetermined > 0;
    ret->states[pair.state]++;
    ret->pairs = fw_arena_push(p->arena, ret->pairs, ret->npairs, sizeof(pair));
    ret->pairs[ret->npairs++] = pair;
}

static int by_address(const void *left, const void *right)
{
    uintptr_t a = (uintptr_t) * (const struct fw_rule *const *)left;
    uintptr_t b = (uintptr_t) * (const struct fw_rule *const *)right;
    return (a > b) - (a < b);
}

struct parts {
    size_t n;
    const struct fw_rule **v; /* sorted by address */
};

static bool is_part(const struct parts *parts, const struct fw_rule *rule)
{
    return rule && parts->n > 0 &&
           bsearch(&rule, parts->v, parts->n, sizeof(*parts->v), by_address) != NULL;
}

static void find_parts(struct fw_arena *arena, const struct fw_comparison_result *result,
                       struct parts *ret)
{
    *ret = (struct parts){0};
    for (size_t i = 0; i < result->npairs; i++) {
        const struct fw_difference *difference = &result->pairs[i].difference;
        for (size_t side = 0; side < 2; side++) {
            for (size_t k = 0; k < difference->nparts[side]; k++) {
                ret->v = fw_arena_push(arena, ret->v, ret->n, sizeof(*ret->v));
                ret->v[ret->n++] = difference->parts[side][k];
            }
        }
    }
    if (ret->n > 1) {
        qsort(ret->v, ret->n, sizeof(*ret->v), by_address);
    }
}

/* Logging and marking happen besides, and so does what unmodelled targets do. */
static bool does_more(const struct fw_delta *delta)
{
    const struct fw_rule *of[2] = {delta->old_rule, delta->new_rule};
    for (size_t i = 0; i < 2; i++) {
        if (of[i] && of[i]->enabled &&
            (of[i]->action == FW_ACTION_CONTINUE || of[i]->action == FW_ACTION_UNKNOWN)) {
            return true;
        }
    }
    return of[0] && of[1] && of[0]->log != of[1]->log;
}

/* A policy that no comparison of packets covers: only here, or without verdicts. */
static bool is_unseen(const struct fw_policy_pair *pair)
{
    return pair->state == FW_PAIR_UNSEEN || pair->state == FW_PAIR_UNDETERMINED;
}

static void compare_rules(struct pairing *p, const struct fw_policy_pair *pair,
                          const struct parts *parts)
{
    struct fw_comparison_result *ret = p->ret;
    struct fw_deltas deltas;
    if (!pair->policies[0] || !pair->policies[1]) {
        return; /* said of the policy as a whole */
    }
    fw_deltas_of_policies(p->arena, pair->policies[0], pair->policies[1], &deltas);
    for (size_t i = 0; i < deltas.n; i++) {
        struct fw_rule_change change = {deltas.v[i], FW_EFFECT_NONE};
        const struct fw_delta *delta = &change.delta;
        bool of_default = delta->change == FW_CHANGE_DEFAULT;
        if (is_part(parts, delta->old_rule) || is_part(parts, delta->new_rule) ||
            (of_default && pair->state == FW_PAIR_CHANGED)) {
            change.effect = FW_EFFECT_PACKETS;
        } else if (is_unseen(pair) ||
                   (delta->change != FW_CHANGE_MOVE && !of_default && does_more(delta))) {
            change.effect = FW_EFFECT_OTHER;
        }
        ret->effects[change.effect]++;
        ret->rules = fw_arena_push(p->arena, ret->rules, ret->nrules, sizeof(change));
        ret->rules[ret->nrules++] = change;
    }
}

static size_t find_named(const struct fw_ruleset *ruleset, fw_sv name)
{
    for (size_t i = 0; i < ruleset->npolicies; i++) {
        if (fw_sv_eq(ruleset->policies[i]->name, name)) {
            return i;
        }
    }
    return SIZE_MAX;
}

static void pair_all(struct pairing *p)
{
    const struct fw_ruleset *old = p->rulesets[0];
    const struct fw_ruleset *new = p->rulesets[1];
    p->to_old = fw_new_array(p->arena, new->npolicies + 1, size_t);
    p->taken = fw_new_array(p->arena, old->npolicies + 1, bool);
    memset(p->to_old, 0xff, new->npolicies * sizeof(*p->to_old));
    pair_by(p, fw_policy_same_name);
    pair_by(p, like_name);
    pair_by(p, same_place);
    pair_last(p);
    for (size_t i = 0; i < new->npolicies; i++) {
        add_pair(p, p->to_old[i], i);
    }
    for (size_t i = 0; i < old->npolicies; i++) {
        if (!p->taken[i]) {
            add_pair(p, i, SIZE_MAX);
        }
    }
}

void fw_rulesets_compare(struct fw_arena *arena, const struct fw_ruleset *const rulesets[2],
                         const fw_sv names[2], struct fw_comparison_result *ret)
{
    struct pairing p = {.arena = arena, .rulesets = rulesets, .ret = ret};
    struct parts parts;
    *ret = (struct fw_comparison_result){0};
    ret->same_format = strcmp(rulesets[0]->format, rulesets[1]->format) == 0;
    for (size_t side = 0; side < 2; side++) {
        p.called[side] = find_called(arena, rulesets[side]);
    }
    if (names[0].n > 0 && names[1].n > 0) {
        size_t named[2] = {find_named(rulesets[0], names[0]), find_named(rulesets[1], names[1])};
        for (size_t side = 0; side < 2 && named[side] != SIZE_MAX; side++) {
            p.called[side][named[side]] = false; /* asked for: as if packets entered there */
        }
        add_pair(&p, named[0], named[1]);
    } else {
        pair_all(&p);
    }
    find_parts(arena, ret, &parts);
    for (size_t i = 0; i < ret->npairs && ret->same_format; i++) {
        compare_rules(&p, &ret->pairs[i], &parts);
    }
}

struct unread {
    fw_sv text;
    uint32_t line;
};

static int by_text(const void *left, const void *right)
{
    const struct unread *a = left;
    const struct unread *b = right;
    int order = fw_sv_cmp(a->text, b->text);
    return order != 0 ? order : (a->line > b->line) - (a->line < b->line);
}

static struct unread *unread_of(struct fw_arena *arena, const struct fw_doc *doc, size_t *ret_n)
{
    struct unread *v = NULL;
    *ret_n = 0;
    for (uint32_t line = 1; line <= doc->nlines; line++) {
        uint8_t verdict = doc->verdicts[line - 1];
        if (verdict == FW_LINE_UNSUPPORTED || verdict == FW_LINE_BAD) {
            v = fw_arena_push(arena, v, *ret_n, sizeof(*v));
            v[(*ret_n)++] = (struct unread){fw_sv_trim(fw_doc_line_text(doc, line)), line};
        }
    }
    if (*ret_n > 1) {
        qsort(v, *ret_n, sizeof(*v), by_text);
    }
    return v;
}

static int by_line(const void *left, const void *right)
{
    const struct fw_unread_line *a = left;
    const struct fw_unread_line *b = right;
    if (a->side != b->side) {
        return a->side < b->side ? -1 : 1;
    }
    return (a->line > b->line) - (a->line < b->line);
}

void fw_comparison_add_unread(struct fw_arena *arena, const struct fw_doc *const docs[2],
                              struct fw_comparison_result *result)
{
    size_t n[2];
    struct unread *v[2] = {unread_of(arena, docs[0], &n[0]), unread_of(arena, docs[1], &n[1])};
    size_t at[2] = {0, 0};
    while (at[0] < n[0] || at[1] < n[1]) {
        int order = at[0] == n[0]   ? 1
                    : at[1] == n[1] ? -1
                                    : fw_sv_cmp(v[0][at[0]].text, v[1][at[1]].text);
        if (order == 0) {
            at[0]++;
            at[1]++;
            continue;
        }
        size_t side = order < 0 ? 0 : 1;
        result->unread = fw_arena_push(arena, result->unread, result->nunread,
                                       sizeof(*result->unread));
        result->unread[result->nunread++] = (struct fw_unread_line){side, v[side][at[side]].line};
        at[side]++;
    }
    if (result->nunread > 1) {
        qsort(result->unread, result->nunread, sizeof(*result->unread), by_line);
    }
    result->open = result->open || result->nunread > 0;
}

bool fw_comparison_severity(const struct fw_comparison_result *result, enum fw_severity *ret)
{
    bool some = result->effects[FW_EFFECT_OTHER] > 0 || result->boxes[FW_DIFFERENCE_OTHER] > 0;
    enum fw_severity worst = FW_SEVERITY_LOW;
    for (size_t i = 0; i < result->npairs; i++) {
        const struct fw_policy_pair *pair = &result->pairs[i];
        const struct fw_policy *alone = !pair->policies[0]   ? pair->policies[1]
                                        : !pair->policies[1] ? pair->policies[0]
                                                             : NULL;
        alone = pair->called ? NULL : alone;
        some = some || alone || pair->rebound || pair->state == FW_PAIR_UNDETERMINED;
        if (pair->rebound || (alone && alone->bound && alone->decides)) {
            worst = FW_SEVERITY_HIGH;
        }
    }
    if (result->boxes[FW_DIFFERENCE_ALLOWED] > 0) {
        worst = FW_SEVERITY_HIGH;
        some = true;
    } else if (result->boxes[FW_DIFFERENCE_DENIED] > 0) {
        worst = worst > FW_SEVERITY_MEDIUM ? worst : FW_SEVERITY_MEDIUM;
        some = true;
    }
    *ret = worst;
    return some;
}
