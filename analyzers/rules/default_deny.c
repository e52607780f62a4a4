/* RUL-009: what happens to traffic that no rule decides? */
#include "analyzers/rules/about.h"
#include "analyzers/rules/remedy.h"

enum outcome { REFUSED, PERMITTED_BY_DEFAULT, PERMITTED_BY_RULE, UNKNOWN };

/* The first enabled rule that takes everything there is settles what the default would have. */
static enum outcome outcome_of(const struct fw_policy *policy, const struct fw_rule **ret_rule)
{
    for (size_t r = 0; r < policy->n; r++) {
        const struct fw_rule *rule = &policy->rules[r];
        if (!rule->enabled || !fw_action_decides(rule->action)) {
            continue;
        }
        for (size_t t = 0; t < rule->match.n; t++) {
            const struct fw_term *term = &rule->match.terms[t];
            if (fw_about_any(term) && !term->state && !term->in && !term->out) {
                *ret_rule = rule;
                return rule->action == FW_ACTION_PERMIT ? PERMITTED_BY_RULE : REFUSED;
            }
        }
    }
    if (policy->fallback == FW_ACTION_PERMIT) {
        return PERMITTED_BY_DEFAULT;
    }
    return fw_action_decides(policy->fallback) ? REFUSED : UNKNOWN;
}

/* An ASA interface without an access list lets everything through to lower security levels. */
static const struct fw_interface *open_by_level(const struct fw_ruleset *ruleset, size_t *index)
{
    while (ruleset->level_default && *index < ruleset->ninterfaces) {
        const struct fw_interface *interface = &ruleset->interfaces[(*index)++];
        bool filtered = interface->shutdown || !interface->has_level || interface->name.n == 0;
        bool lower = false;
        for (size_t p = 0; p < ruleset->npolicies; p++) {
            const struct fw_policy *policy = ruleset->policies[p];
            for (size_t b = 0; b < policy->nbindings; b++) {
                fw_sv in = policy->bindings[b].in;
                bool global = in.n == 0 && policy->bindings[b].out.n == 0;
                filtered = filtered || global || fw_sv_eq(in, interface->name);
            }
        }
        for (size_t i = 0; i < ruleset->ninterfaces; i++) {
            const struct fw_interface *other = &ruleset->interfaces[i];
            lower = lower || (other->has_level && !other->shutdown && other->name.n > 0 &&
                              other->level < interface->level);
        }
        if (!filtered && lower) {
            return interface;
        }
    }
    return NULL;
}

static void add_levels(struct fw_results *results, const struct fw_device_facts *device,
                       const struct fw_snapshot *snapshot, uint64_t *total)
{
    size_t index = 0;
    const struct fw_interface *interface;
    while ((interface = open_by_level(snapshot->ruleset, &index))) {
        struct fw_result *result = fw_results_add(results, "RUL-009", FW_RESULT_FAIL, device->name,
                                                  "fail.implicit", interface->name);
        fw_result_at(result, snapshot->path, snapshot->sha256, interface->span);
        fw_result_param(results, result, "policy", interface->name);
        fw_result_param_u64(results, result, "line", interface->span.line);
        fw_result_param(results, result, "reason",
                        fw_arena_printf(results->arena, "security-level %d", interface->level));
        (*total)++;
    }
}

static void run(const struct fw_facts *facts, struct fw_results *results)
{
    size_t index = 0;
    const struct fw_device_facts *device;
    const struct fw_snapshot *snapshot;
    while ((snapshot = fw_about_next(facts, results, "RUL-009", &index, &device))) {
        const struct fw_ruleset *ruleset = snapshot->ruleset;
        uint64_t total = 0;
        uint64_t refusing = 0;
        size_t before = results->n;
        for (size_t p = 0; p < ruleset->npolicies; p++) {
            const struct fw_policy *policy = ruleset->policies[p];
            bool entry = policy->hook != FW_HOOK_NONE || policy->nbindings > 0;
            if (!policy->decides || !policy->bound || !entry) {
                continue;
            }
            total++;
            const struct fw_rule *rule = NULL;
            struct fw_result *result;
            switch (outcome_of(policy, &rule)) {
            case REFUSED:
                refusing++;
                break;
            case PERMITTED_BY_RULE:
                result = fw_about_rule(results, "RUL-009", FW_RESULT_FAIL, device, snapshot, policy,
                                       rule, "fail.rule");
                fw_remedy_rule(results, snapshot, policy, rule, result);
                break;
            case PERMITTED_BY_DEFAULT:
                result = fw_about_policy(results, "RUL-009", FW_RESULT_FAIL, device, snapshot,
                                         policy, "fail");
                result->span = policy->fallback_span;
                fw_result_param_u64(results, result, "line", policy->fallback_span.line);
                fw_remedy_default(results, snapshot, policy, result);
                break;
            case UNKNOWN:
                fw_about_policy(results, "RUL-009", FW_RESULT_OPEN, device, snapshot, policy,
                                "open.vendor_default");
                break;
            }
        }
        add_levels(results, device, snapshot, &total);
        if (results->n == before && total > 0) {
            struct fw_result *result = fw_about_policy(results, "RUL-009", FW_RESULT_PASS, device,
                                                       snapshot, NULL, "pass");
            fw_about_count(results, result, refusing, total, total);
        } else if (total == 0) {
            fw_about_policy(results, "RUL-009", FW_RESULT_OPEN, device, snapshot, NULL,
                            "open.no_policy");
        }
    }
}

const struct fw_analyzer fw_analyzer_default_deny = {
    .check = "RUL-009",
    .rules = true,
    .run = run,
};
