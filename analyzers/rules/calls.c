/* Through which calls of its own policy does a rule's traffic come to the chain that decides it? */
#include "analyzers/rules/calls.h"

#include "policy/overlap.h"

/* Rules looked at for one finding, at most: where chains are a maze, no way through it is told. Who
 * follows one call has found the chain: the first ones are enough. */
enum { MOST_RULES = 100000, MOST_CALLS = 16 };

struct search {
    struct fw_arena *arena;
    size_t looked_at;
};

static bool is_listed(const struct fw_policy *const *list, size_t n, const struct fw_policy *policy)
{
    for (size_t i = 0; i < n; i++) {
        if (list[i] == policy) {
            return true;
        }
    }
    return false;
}

/* Does the chain call the other, itself or through chains that it calls? */
static bool leads_to(struct search *search, const struct fw_policy *from,
                     const struct fw_policy *to)
{
    const struct fw_policy **list = NULL;
    size_t n = 0;
    list = fw_arena_push(search->arena, list, n, sizeof(*list));
    list[n++] = from;
    for (size_t i = 0; i < n && !is_listed(list, n, to); i++) {
        for (size_t r = 0; r < list[i]->n && search->looked_at < MOST_RULES; r++) {
            const struct fw_rule *rule = &list[i]->rules[r];
            search->looked_at++;
            if (rule->enabled && rule->jump && !is_listed(list, n, rule->jump)) {
                list = fw_arena_push(search->arena, list, n, sizeof(*list));
                list[n++] = rule->jump;
            }
        }
    }
    return is_listed(list, n, to);
}

static struct fw_calls calls_to(struct search *search, const struct fw_policy *policy,
                                const struct fw_rule *rule, const struct fw_policy *to, bool before)
{
    struct fw_rule_ref *v = NULL;
    size_t n = 0;
    for (size_t i = 0; i < policy->n && n < MOST_CALLS && search->looked_at < MOST_RULES; i++) {
        const struct fw_rule *call = &policy->rules[i];
        search->looked_at++;
        if (call->enabled && call->jump && call != rule && (call < rule) == before &&
            fw_rules_overlap(call, rule) && leads_to(search, call->jump, to)) {
            v = fw_arena_push(search->arena, v, n, sizeof(*v));
            v[n++] = (struct fw_rule_ref){policy->name, call->position, call->span.line, call->id};
        }
    }
    return search->looked_at < MOST_RULES ? (struct fw_calls){n, v} : (struct fw_calls){0, NULL};
}

void fw_calls_add(struct fw_results *results, struct fw_result *result,
                  const struct fw_policy *policy, const struct fw_rule *rule,
                  const struct fw_rule_verdict *verdict)
{
    struct search search = {.arena = results->arena};
    struct fw_calls *via = fw_new_array(results->arena, verdict->nbecause, struct fw_calls);
    for (size_t i = 0; i < verdict->nbecause; i++) {
        if (verdict->because_policy[i] != policy) {
            via[i] = calls_to(&search, policy, rule, verdict->because_policy[i], verdict->dead);
        }
    }
    result->via = via;
}
