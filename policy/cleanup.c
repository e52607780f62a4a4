/*
 * Dead rules decide nothing, so all of them can go at once. Live ones go in rounds: in each, rules
 * none of which is needed to replace another one of them; what is left is analysed anew. Whether
 * that was right is not argued but shown, by comparing the policies packet by packet.
 */
#include "policy/cleanup.h"

#include <string.h>

#include "policy/edited.h"
#include "policy/program.h"

enum { MOST_ROUNDS = 8 };

struct cleaning {
    struct fw_arena *arena;
    const struct fw_ruleset *ruleset;
    struct fw_rule_ids ids;
    bool *gone;     /* by rule id */
    bool *shadowed; /* by rule id */
    size_t *spare;  /* by policy number: rules that may still go */
    fw_cleanup_may *may;
    void *context;
};

/* The ruleset without the rules that are gone; from[p][r] is the id a rule had. */
static struct fw_ruleset *reduced(const struct cleaning *c, uint32_t ***ret_from)
{
    const struct fw_ruleset *all = c->ruleset;
    struct fw_ruleset *left = fw_new(c->arena, struct fw_ruleset);
    uint32_t **from = fw_new_array(c->arena, all->npolicies + 1, uint32_t *);
    *left = *all;
    left->policies = fw_new_array(c->arena, all->npolicies + 1, struct fw_policy *);
    struct fw_policy **by_number = fw_new_array(c->arena, all->npolicies + 1, struct fw_policy *);
    for (size_t p = 0; p < all->npolicies; p++) {
        const struct fw_policy *policy = all->policies[p];
        struct fw_policy *copy = fw_new(c->arena, struct fw_policy);
        *copy = *policy;
        copy->n = 0;
        copy->rules = fw_new_array(c->arena, policy->n + 1, struct fw_rule);
        from[p] = fw_new_array(c->arena, policy->n + 1, uint32_t);
        for (size_t r = 0; r < policy->n; r++) {
            uint32_t id = fw_rule_id(&c->ids, policy, &policy->rules[r]);
            if (!c->gone[id]) {
                from[p][copy->n] = id;
                copy->rules[copy->n++] = policy->rules[r];
            }
        }
        left->policies[p] = copy;
        by_number[fw_policy_number(&c->ids, policy)] = copy;
    }
    for (size_t p = 0; p < left->npolicies; p++) {
        struct fw_policy *copy = left->policies[p];
        for (size_t r = 0; r < copy->n; r++) {
            if (copy->rules[r].jump) {
                copy->rules[r].jump = by_number[fw_policy_number(&c->ids, copy->rules[r].jump)];
            }
        }
    }
    *ret_from = from;
    return left;
}

static bool may_go(const struct cleaning *c, const struct fw_policy *policy,
                   const struct fw_rule *rule)
{
    return (!fw_rule_counts(rule) || c->spare[fw_policy_number(&c->ids, policy)] > 0) &&
           c->may(c->context, policy, rule);
}

static void take(struct cleaning *c, const struct fw_policy *policy, const struct fw_rule *rule)
{
    c->gone[fw_rule_id(&c->ids, policy, rule)] = true;
    c->spare[fw_policy_number(&c->ids, policy)] -= fw_rule_counts(rule);
}

static void count_spare(struct cleaning *c)
{
    for (size_t p = 0; p < c->ruleset->npolicies; p++) {
        const struct fw_policy *policy = c->ruleset->policies[p];
        c->spare[fw_policy_number(&c->ids, policy)] = fw_policy_spare(c->ruleset, policy);
    }
}

static bool is_superfluous(const struct fw_rule_verdict *verdict)
{
    return verdict->dead ||
           (verdict->class == FW_RULE_REDUNDANT && verdict->certainty == FW_PROVEN);
}

/* All that is dead. */
static void take_dead(struct cleaning *c, const struct fw_analysis_report *report)
{
    for (size_t p = 0; p < report->n; p++) {
        const struct fw_policy *policy = report->policies[p].policy;
        for (size_t r = 0; r < policy->n; r++) {
            const struct fw_rule_verdict *verdict = &report->policies[p].verdicts[r];
            bool judged = verdict->class == FW_RULE_SHADOWED || verdict->class == FW_RULE_REDUNDANT;
            if (verdict->dead && judged && may_go(c, policy, &policy->rules[r])) {
                uint32_t id = fw_rule_id(&c->ids, policy, &policy->rules[r]);
                take(c, policy, &policy->rules[r]);
                c->shadowed[id] = verdict->class == FW_RULE_SHADOWED;
            }
        }
    }
}

/* One round of live rules, the last first, in a ruleset that is left over. */
static size_t take_live(struct cleaning *c, const struct fw_ruleset *left, uint32_t *const *from,
                        const struct fw_analysis_report *report)
{
    struct fw_rule_ids ids;
    fw_rule_ids_init(&ids, c->arena, left);
    bool *chosen = fw_new_array(c->arena, (size_t)ids.n + 1, bool);
    bool *needed = fw_new_array(c->arena, (size_t)ids.n + 1, bool);
    size_t n = 0;
    for (size_t p = report->n; p > 0; p--) {
        const struct fw_policy *policy = report->policies[p - 1].policy;
        size_t place = 0;
        while (left->policies[place] != policy) {
            place++;
        }
        for (size_t r = policy->n; r > 0; r--) {
            const struct fw_rule_verdict *verdict = &report->policies[p - 1].verdicts[r - 1];
            const struct fw_rule *rule = &policy->rules[r - 1];
            uint32_t id = fw_rule_id(&ids, policy, rule);
            const struct fw_policy *whole = c->ruleset->policies[place];
            uint32_t was = from[place][r - 1];
            const struct fw_rule
                *original = &whole->rules[was - fw_rule_id(&c->ids, whole, whole->rules)];
            bool goes = !verdict->dead && is_superfluous(verdict) && !needed[id] && !rule->log &&
                        may_go(c, whole, original);
            for (size_t i = 0; i < verdict->nbecause && goes; i++) {
                goes = !chosen[fw_rule_id(&ids, verdict->because_policy[i], verdict->because[i])];
            }
            if (!goes) {
                continue;
            }
            for (size_t i = 0; i < verdict->nbecause; i++) {
                needed[fw_rule_id(&ids, verdict->because_policy[i], verdict->because[i])] = true;
            }
            chosen[id] = true;
            take(c, whole, original);
            n++;
        }
    }
    return n;
}

static bool is_same(const struct cleaning *c, const struct fw_ruleset *left)
{
    const struct fw_ruleset *const rulesets[2] = {c->ruleset, left};
    for (size_t p = 0; p < left->npolicies; p++) {
        const struct fw_policy *const policies[2] = {c->ruleset->policies[p], left->policies[p]};
        if (!policies[0]->decides || !fw_policy_is_entry(c->ruleset, policies[0])) {
            continue;
        }
        struct fw_difference difference;
        fw_policies_compare(c->arena, rulesets, policies, 0, &difference);
        if (!difference.compared || difference.n > 0) {
            return false;
        }
    }
    return true;
}

static void list_gone(struct fw_arena *arena, const struct cleaning *c, const bool *dead,
                      struct fw_cleanup *ret)
{
    for (size_t p = 0; p < c->ruleset->npolicies; p++) {
        const struct fw_policy *policy = c->ruleset->policies[p];
        for (size_t r = 0; r < policy->n; r++) {
            uint32_t id = fw_rule_id(&c->ids, policy, &policy->rules[r]);
            if (c->gone[id]) {
                ret->v = fw_arena_push(arena, ret->v, ret->n, sizeof(*ret->v));
                ret->v[ret->n++] = (struct fw_cleanup_rule){policy, &policy->rules[r], dead[id],
                                                            c->shadowed[id]};
            }
        }
    }
}

static size_t count_superfluous(const struct fw_analysis_report *report)
{
    size_t n = 0;
    for (size_t p = 0; p < report->n; p++) {
        for (size_t r = 0; r < report->policies[p].policy->n; r++) {
            n += is_superfluous(&report->policies[p].verdicts[r]);
        }
    }
    return n;
}

void fw_ruleset_cleanup(struct fw_arena *arena, const struct fw_ruleset *ruleset,
                        const struct fw_analysis_report *report, unsigned jobs, fw_cleanup_may *may,
                        void *context, struct fw_cleanup *ret)
{
    struct cleaning c = {.arena = arena, .ruleset = ruleset, .may = may, .context = context};
    const struct fw_analysis_options options = {.jobs = jobs};
    uint32_t **from;
    *ret = (struct fw_cleanup){0};
    fw_rule_ids_init(&c.ids, arena, ruleset);
    c.gone = fw_new_array(arena, (size_t)c.ids.n + 1, bool);
    c.shadowed = fw_new_array(arena, (size_t)c.ids.n + 1, bool);
    c.spare = fw_new_array(arena, ruleset->npolicies + 1, size_t);
    count_spare(&c);
    take_dead(&c, report);
    bool *dead = fw_new_array(arena, (size_t)c.ids.n + 1, bool);
    memcpy(dead, c.gone, c.ids.n * sizeof(*dead));
    struct fw_ruleset *left = reduced(&c, &from);
    for (int round = 0; round < MOST_ROUNDS; round++) {
        struct fw_analysis_report again;
        fw_ruleset_analyse(arena, left, &options, &again);
        if (take_live(&c, left, from, &again) == 0) {
            break;
        }
        left = reduced(&c, &from);
    }
    ret->proven = is_same(&c, left);
    if (!ret->proven) { /* what is dead is sure to be idle; the rounds asked too much */
        memcpy(c.gone, dead, c.ids.n * sizeof(*dead));
        ret->proven = is_same(&c, reduced(&c, &from));
    }
    if (ret->proven) {
        list_gone(arena, &c, dead, ret);
        ret->kept = count_superfluous(report) - ret->n;
    }
}
