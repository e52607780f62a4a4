/* What changed between two configurations: rules added, removed or moved, policies' defaults,
 * and where policies are applied. */
#include "analyzers/changes/delta.h"

#include <stdlib.h>

#include "core/order.h"
#include "policy/overlap.h"

static const struct fw_policy no_policy = {.fallback = FW_ACTION_UNKNOWN};

struct slot {
    const struct fw_rule *rule;
    size_t index; /* in its policy */
};

static int by_content(const void *left, const void *right)
{
    const struct slot *a = left;
    const struct slot *b = right;
    int order = memcmp(a->rule->content.b, b->rule->content.b, sizeof(a->rule->content.b));
    if (order == 0) {
        order = a->index < b->index ? -1 : a->index > b->index;
    }
    return order;
}

static struct slot *sorted_slots(struct fw_arena *arena, const struct fw_policy *policy)
{
    struct slot *slots = fw_new_array(arena, policy->n + 1, struct slot);
    for (size_t i = 0; i < policy->n; i++) {
        slots[i] = (struct slot){&policy->rules[i], i};
    }
    qsort(slots, policy->n, sizeof(*slots), by_content);
    return slots;
}

/* Pairs equal rules, the k-th of a content in one file with the k-th in the other. to_new[i] is the
 * new index of old rule i, or FW_NO_PLACE. */
static void pair_equal(struct fw_arena *arena, const struct fw_policy *before,
                       const struct fw_policy *after, uint32_t *to_new, uint32_t *to_old)
{
    struct slot *a = sorted_slots(arena, before);
    struct slot *b = sorted_slots(arena, after);
    size_t i = 0;
    size_t k = 0;
    while (i < before->n && k < after->n) {
        int order = memcmp(a[i].rule->content.b, b[k].rule->content.b, sizeof(fw_sha256));
        if (order == 0) {
            to_new[a[i].index] = (uint32_t)b[k].index;
            to_old[b[k].index] = (uint32_t)a[i].index;
            i++;
            k++;
        } else if (order < 0) {
            i++;
        } else {
            k++;
        }
    }
}

static void add_delta(struct fw_arena *arena, struct fw_deltas *deltas, struct fw_delta delta)
{
    deltas->v = fw_arena_push(arena, deltas->v, deltas->n, sizeof(*deltas->v));
    deltas->v[deltas->n++] = delta;
}

/* The removed rule that an added one replaces: the same vendor id or name, else the same place
 * among the rules that stayed. */
static const struct fw_rule *replaced_by(const struct fw_policy *before, const uint32_t *to_new,
                                         const size_t *gone, size_t ngone, bool *taken,
                                         const struct fw_rule *added, size_t place)
{
    for (size_t k = 0; k < ngone; k++) {
        const struct fw_rule *rule = &before->rules[gone[k]];
        bool same_id = rule->id.n > 0 && fw_sv_eq(rule->id, added->id);
        bool same_name = rule->name.n > 0 && fw_sv_eq(rule->name, added->name);
        if (!taken[gone[k]] && (same_id || same_name)) {
            taken[gone[k]] = true;
            return rule;
        }
    }
    if (place < before->n && to_new[place] == FW_NO_PLACE && !taken[place] &&
        before->rules[place].id.n == 0 && before->rules[place].name.n == 0) {
        taken[place] = true;
        return &before->rules[place];
    }
    return NULL;
}

/* A rule that changed places with another only matters when some packet matches both and they treat
 * it differently. */
static bool move_matters(const struct fw_policy *before, const uint32_t *to_new, size_t moved)
{
    const struct fw_rule *rule = &before->rules[moved];
    for (size_t i = 0; i < before->n; i++) {
        const struct fw_rule *other = &before->rules[i];
        bool passed = to_new[i] != FW_NO_PLACE && (i < moved) != (to_new[i] < to_new[moved]);
        bool differ = rule->action != other->action || !fw_action_decides(rule->action);
        if (passed && i != moved && differ && rule->enabled && other->enabled &&
            fw_rules_overlap(rule, other)) {
            return true;
        }
    }
    return false;
}

/* A policy that is new, or gone, is told by its rules; where it has none, or lets through what they
 * leave over, by its default. */
static bool counts_alone(const struct fw_policy *policy)
{
    bool entry = policy->hook != FW_HOOK_NONE || policy->nbindings > 0;
    return policy->decides && entry &&
           (policy->fallback == FW_ACTION_PERMIT || fw_policy_written(policy) == 0);
}

/* Where a policy is applied decides whether its rules mean anything. */
static void compare_places(struct fw_arena *arena, const struct fw_policy *before,
                           const struct fw_policy *after, struct fw_deltas *ret)
{
    const struct fw_policy *old_policy = before == &no_policy ? NULL : before;
    const struct fw_policy *new_policy = after == &no_policy ? NULL : after;
    enum fw_change change = FW_CHANGE_BINDING;
    bool changed;
    if (old_policy && new_policy) {
        changed = before->hook != after->hook || !fw_policy_same_bindings(before, after);
    } else {
        change = FW_CHANGE_DEFAULT;
        changed = counts_alone(new_policy ? after : before);
    }
    if (changed) {
        add_delta(arena, ret, (struct fw_delta){change, old_policy, new_policy, NULL, NULL});
    }
}

static void compare(struct fw_arena *arena, const struct fw_policy *before,
                    const struct fw_policy *after, bool all_moves, struct fw_deltas *ret)
{
    uint32_t *to_new = fw_new_array(arena, before->n + 1, uint32_t);
    uint32_t *to_old = fw_new_array(arena, after->n + 1, uint32_t);
    bool *stays = fw_new_array(arena, before->n + 1, bool);
    bool *taken = fw_new_array(arena, before->n + 1, bool);
    memset(to_new, 0xff, before->n * sizeof(*to_new));
    memset(to_old, 0xff, after->n * sizeof(*to_old));
    pair_equal(arena, before, after, to_new, to_old);
    fw_order_kept(arena, (uint32_t)before->n, to_new, stays);
    size_t *gone = fw_new_array(arena, before->n + 1, size_t);
    size_t ngone = 0;
    for (size_t i = 0; i < before->n; i++) {
        gone[ngone] = i;
        ngone += to_new[i] == FW_NO_PLACE;
    }
    bool both = before != &no_policy && after != &no_policy;
    if (both && before->fallback != after->fallback) {
        add_delta(arena, ret, (struct fw_delta){FW_CHANGE_DEFAULT, before, after, NULL, NULL});
    }
    if (!all_moves) {
        compare_places(arena, before, after, ret);
    }
    const struct fw_policy *old_policy = before == &no_policy ? NULL : before;
    const struct fw_policy *new_policy = after == &no_policy ? NULL : after;
    size_t place = 0; /* old index after the last rule that stayed */
    for (size_t k = 0; k < after->n; k++) {
        const struct fw_rule *rule = &after->rules[k];
        if (fw_rule_is_remark(rule)) {
            continue;
        }
        if (to_old[k] == FW_NO_PLACE) {
            const struct fw_rule *was = replaced_by(before, to_new, gone, ngone, taken, rule,
                                                    place);
            add_delta(arena, ret,
                      (struct fw_delta){was ? FW_CHANGE_MODIFY : FW_CHANGE_ADD, old_policy,
                                        new_policy, was, rule});
            place += was != NULL;
        } else if (!stays[to_old[k]]) {
            if (!all_moves && !move_matters(before, to_new, to_old[k])) {
                continue;
            }
            add_delta(arena, ret,
                      (struct fw_delta){FW_CHANGE_MOVE, old_policy, new_policy,
                                        &before->rules[to_old[k]], rule});
        } else {
            place = to_old[k] + 1;
        }
    }
    for (size_t i = 0; i < before->n; i++) {
        if (to_new[i] == FW_NO_PLACE && !taken[i] && !fw_rule_is_remark(&before->rules[i])) {
            add_delta(arena, ret,
                      (struct fw_delta){FW_CHANGE_REMOVE, old_policy, new_policy, &before->rules[i],
                                        NULL});
        }
    }
}

void fw_deltas_find(struct fw_arena *arena, const struct fw_ruleset *before,
                    const struct fw_ruleset *after, struct fw_deltas *ret)
{
    *ret = (struct fw_deltas){0};
    for (size_t p = 0; p < after->npolicies; p++) {
        const struct fw_policy *old = fw_ruleset_counterpart(after, after->policies[p], before);
        compare(arena, old ? old : &no_policy, after->policies[p], false, ret);
    }
    for (size_t p = 0; p < before->npolicies; p++) {
        if (!fw_ruleset_counterpart(before, before->policies[p], after)) {
            compare(arena, before->policies[p], &no_policy, false, ret);
        }
    }
}

void fw_deltas_of_policies(struct fw_arena *arena, const struct fw_policy *before,
                           const struct fw_policy *after, struct fw_deltas *ret)
{
    *ret = (struct fw_deltas){0};
    compare(arena, before, after, true, ret);
}

const char *fw_change_name(enum fw_change change)
{
    static const char *const names[] = {
        [FW_CHANGE_ADD] = "add",   [FW_CHANGE_REMOVE] = "remove",   [FW_CHANGE_MODIFY] = "modify",
        [FW_CHANGE_MOVE] = "move", [FW_CHANGE_DEFAULT] = "default", [FW_CHANGE_BINDING] = "binding",
    };
    return names[change];
}
