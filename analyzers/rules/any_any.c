/* EXP-001: which rules permit any source to any destination with any service? */
#include "analyzers/rules/about.h"
#include "analyzers/rules/remedy.h"

static bool calls_always(const struct fw_policy *caller, const struct fw_policy *policy)
{
    for (size_t r = 0; r < caller->n; r++) {
        const struct fw_rule *rule = &caller->rules[r];
        if (rule->jump != policy || !rule->enabled) {
            continue;
        }
        for (size_t t = 0; t < rule->match.n; t++) {
            const struct fw_term *term = &rule->match.terms[t];
            if (fw_about_any(term) && !term->in && !term->out) {
                return true;
            }
        }
    }
    return false;
}

/* Every packet of some entry point comes here: the chain is one, or is called without conditions by
 * one that is. Each chain is looked at once, however many ways lead to it. */
static bool open_to_all(struct fw_arena *arena, const struct fw_ruleset *ruleset,
                        const struct fw_policy *policy)
{
    const struct fw_policy **list = fw_new_array(arena, ruleset->npolicies + 1,
                                                 const struct fw_policy *);
    bool *listed = fw_new_array(arena, ruleset->npolicies + 1, bool);
    size_t n = 0;
    list[n++] = policy;
    for (size_t i = 0; i < n; i++) {
        if (list[i]->hook != FW_HOOK_NONE || list[i]->fallback != FW_ACTION_RETURN) {
            return true;
        }
        for (size_t p = 0; p < ruleset->npolicies; p++) {
            const struct fw_policy *caller = ruleset->policies[p];
            if (!listed[p] && caller != policy && calls_always(caller, list[i])) {
                listed[p] = true;
                list[n++] = caller;
            }
        }
    }
    return false;
}

/*
 * Naming both interfaces of forwarded traffic, or the one of local traffic, is a restriction to a
 * pair of zones. Naming only where forwarded traffic comes from is what an access list bound to an
 * interface does, and "permit any any" there is the very thing this check is about.
 */
static bool unrestricted(const struct fw_policy *policy, const struct fw_term *term)
{
    bool in = term->in != NULL;
    bool out = term->out != NULL;
    return fw_about_any(term) && !(in && out) && ((!in && !out) || policy->hook == FW_HOOK_FORWARD);
}

static bool permits_anything(struct fw_arena *arena, const struct fw_ruleset *ruleset,
                             const struct fw_policy *policy, const struct fw_rule *rule)
{
    if (!rule->enabled || rule->action != FW_ACTION_PERMIT || !policy->decides) {
        return false;
    }
    for (size_t t = 0; t < rule->match.n; t++) {
        if (unrestricted(policy, &rule->match.terms[t]) && open_to_all(arena, ruleset, policy)) {
            return true;
        }
    }
    return false;
}

static bool is_dead(const struct fw_snapshot *snapshot, const struct fw_policy *policy, size_t rule)
{
    for (size_t p = 0; snapshot->report && p < snapshot->report->n; p++) {
        if (snapshot->report->policies[p].policy == policy) {
            return snapshot->report->policies[p].verdicts[rule].dead;
        }
    }
    return false;
}

static void run(const struct fw_facts *facts, struct fw_results *results)
{
    size_t index = 0;
    const struct fw_device_facts *device;
    const struct fw_snapshot *snapshot;
    while ((snapshot = fw_about_next(facts, results, "EXP-001", &index, &device))) {
        const struct fw_ruleset *ruleset = snapshot->ruleset;
        uint64_t found = 0;
        for (size_t p = 0; p < ruleset->npolicies; p++) {
            const struct fw_policy *policy = ruleset->policies[p];
            for (size_t r = 0; r < policy->n; r++) {
                const struct fw_rule *rule = &policy->rules[r];
                if (!rule->implied && permits_anything(results->arena, ruleset, policy, rule) &&
                    !is_dead(snapshot, policy, r)) {
                    struct fw_result *result = fw_about_rule(
                        results, "EXP-001", FW_RESULT_FAIL, device, snapshot, policy, rule, "fail");
                    fw_remedy_rule(results, snapshot, policy, rule, result);
                    found++;
                }
            }
        }
        if (found == 0) {
            struct fw_result *result = fw_about_policy(results, "EXP-001", FW_RESULT_PASS, device,
                                                       snapshot, NULL, "pass");
            fw_about_count(results, result, 0, fw_about_rules(ruleset), 0);
        }
    }
}

const struct fw_analyzer fw_analyzer_any_any = {
    .check = "EXP-001",
    .rules = true,
    .run = run,
};
