/* RUL-009: what happens to traffic that no rule decides? */
#include "analyzers/rules/about.h"
#include "analyzers/rules/remedy.h"
#include "policy/unlisted.h"

enum outcome { REFUSED, PERMITTED_BY_DEFAULT, PERMITTED_BY_RULE, UNKNOWN };

/* The families of which the term takes every packet that opens a connection. */
static unsigned taken_by(const struct fw_term *term, unsigned families)
{
    const struct fw_term ends = {.src = term->src, .dst = term->dst};
    unsigned taken = 0;
    for (unsigned f = FW_FAMILY_BIT4; f <= FW_FAMILY_BIT6; f <<= 1) {
        taken |= (families & f) != 0 && fw_term_takes_all(&ends, f) ? f : 0;
    }
    bool rest = fw_about_any(term) && !term->state && !term->in && !term->out;
    return rest ? taken : 0;
}

/* The first enabled rules that take everything there is of a family settle what the default would
 * have; so does the call of a chain that always decides alike. */
static enum outcome outcome_of(const struct fw_policy *policy, const struct fw_rule **ret_rule)
{
    unsigned left = policy->families ? policy->families : FW_FAMILY_BOTH;
    for (size_t r = 0; r < policy->n; r++) {
        const struct fw_rule *rule = &policy->rules[r];
        enum fw_action fate = fw_rule_fate(rule);
        unsigned taken = 0;
        if (!rule->enabled || !fw_action_decides(fate)) {
            continue;
        }
        for (size_t t = 0; t < rule->match.n; t++) {
            taken |= taken_by(&rule->match.terms[t], left);
        }
        if (taken != 0 && fate == FW_ACTION_PERMIT) {
            *ret_rule = rule;
            return PERMITTED_BY_RULE;
        }
        left &= ~taken;
        if (left == 0) {
            return REFUSED;
        }
    }
    if (policy->fallback == FW_ACTION_PERMIT) {
        return PERMITTED_BY_DEFAULT;
    }
    return fw_action_decides(policy->fallback) ? REFUSED : UNKNOWN;
}

/* A list decides on everything that comes in here, or goes out there, in the family. */
static bool is_listed(const struct fw_ruleset *ruleset, const struct fw_interface *interface,
                      unsigned family, bool incoming)
{
    for (size_t p = 0; p < ruleset->npolicies; p++) {
        const struct fw_policy *policy = ruleset->policies[p];
        unsigned families = policy->families ? policy->families : FW_FAMILY_BOTH;
        for (size_t b = 0; policy->decides && b < policy->nbindings; b++) {
            const struct fw_binding *binding = &policy->bindings[b];
            bool global = binding->in.n == 0 && binding->out.n == 0;
            bool here = fw_sv_eq(incoming ? binding->in : binding->out, interface->name) &&
                        (incoming ? binding->out.n : binding->in.n) == 0;
            if ((families & family) != 0 && (here || (incoming && global))) {
                return true;
            }
        }
    }
    return false;
}

/* Something that comes in at the interface leaves the device again without any list. What stays in
 * one zone is no direction of its own. */
static bool is_open(const struct fw_ruleset *ruleset, const struct fw_interface *in,
                    unsigned family)
{
    bool open = false;
    bool inner = ruleset->zones_open && in->zone.n > 0;
    bool bare = !inner && fw_unlisted_carries(ruleset, in, family) &&
                !is_listed(ruleset, in, family, true);
    for (size_t i = 0; bare && i < ruleset->ninterfaces && !open; i++) {
        const struct fw_interface *out = &ruleset->interfaces[i];
        open = fw_unlisted_carries(ruleset, out, family) && fw_unlisted_passes(ruleset, in, out) &&
               !is_listed(ruleset, out, family, false);
    }
    return open;
}

static void add_unlisted(struct fw_results *results, const struct fw_device_facts *device,
                         const struct fw_snapshot *snapshot, uint64_t *total)
{
    const struct fw_ruleset *ruleset = snapshot->ruleset;
    for (size_t i = 0; i < ruleset->ninterfaces; i++) {
        const struct fw_interface *interface = &ruleset->interfaces[i];
        bool four = is_open(ruleset, interface, FW_FAMILY_BIT4);
        if (!four && !is_open(ruleset, interface, FW_FAMILY_BIT6)) {
            continue;
        }
        bool levels = ruleset->level_default;
        struct fw_result *result = fw_results_add(results, "RUL-009", FW_RESULT_FAIL, device->name,
                                                  levels ? "fail.implicit" : "fail.bare",
                                                  interface->name);
        fw_result_at(result, snapshot->path, snapshot->sha256, interface->span);
        fw_result_param(results, result, "policy", interface->name);
        fw_result_param_u64(results, result, "line", interface->span.line);
        fw_result_param(results, result, "reason",
                        levels
                            ? fw_arena_printf(results->arena, "security-level %d", interface->level)
                        : four ? FW_SV("IPv4")
                               : FW_SV("IPv6"));
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
                if (policy->fallback == FW_ACTION_PERMIT) { /* without the rule that would let in */
                    fw_remedy_default(results, snapshot, policy, rule, result);
                } else {
                    fw_remedy_rule(results, snapshot, policy, rule, result);
                }
                break;
            case PERMITTED_BY_DEFAULT:
                result = fw_about_policy(results, "RUL-009", FW_RESULT_FAIL, device, snapshot,
                                         policy, "fail");
                result->span = policy->fallback_span;
                fw_result_param_u64(results, result, "line", policy->fallback_span.line);
                fw_remedy_default(results, snapshot, policy, NULL, result);
                break;
            case UNKNOWN:
                fw_about_policy(results, "RUL-009", FW_RESULT_OPEN, device, snapshot, policy,
                                "open.vendor_default");
                break;
            }
        }
        add_unlisted(results, device, snapshot, &total);
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
