/* RUL-001 and RUL-002 ask the exact analysis two questions in the same way. */
#include "analyzers/rules/dead.h"

#include "analyzers/fixes/fix.h"
#include "analyzers/rules/about.h"
#include "analyzers/rules/calls.h"

static const char *words_for(const struct fw_rule_verdict *verdict, const struct fw_rule *rule)
{
    if (verdict->certainty != FW_PROVEN && verdict->class == FW_RULE_REDUNDANT) {
        return "open.possible";
    }
    if (verdict->class == FW_RULE_SHADOWED) {
        return verdict->witness ? "fail" : "fail.possible";
    }
    if (verdict->dead) {
        return rule->action == FW_ACTION_CONTINUE ? "fail.silent" : "fail";
    }
    return verdict->nbecause > 0 ? "fail.later" : "fail.default";
}

static void add_finding(struct fw_results *results, const char *check,
                        const struct fw_device_facts *device, const struct fw_snapshot *snapshot,
                        const struct fw_policy *policy, const struct fw_rule *rule,
                        const struct fw_rule_verdict *verdict)
{
    const char *words = words_for(verdict, rule);
    enum fw_result_state state = words[0] == 'o' ? FW_RESULT_OPEN : FW_RESULT_FAIL;
    struct fw_result *result = fw_about_rule(results, check, state, device, snapshot, policy, rule,
                                             words);
    result->dead = verdict->dead;
    result->certainty = verdict->certainty;
    if (state == FW_RESULT_FAIL) {
        result->fix = fw_fix_text(results->arena, snapshot->ruleset, snapshot->doc, policy, rule);
    }
    /* A refusal that never takes effect leaves something open: it must be corrected. */
    if (verdict->class == FW_RULE_SHADOWED &&
        (rule->action == FW_ACTION_DENY || rule->action == FW_ACTION_REJECT)) {
        result->class = FW_CLASS_IMPROVE;
    }
    fw_about_because(results, result, verdict);
    fw_calls_add(results, result, policy, rule, verdict);
    if (verdict->class == FW_RULE_SHADOWED && verdict->witness) {
        result->has_witness = true;
        result->witness = *verdict->witness;
        fw_result_param(results, result, "witness", fw_about_witness(results, verdict->witness));
    }
    fw_sv list = rule->nwords > 0 ? rule->unmodelled[0] : FW_SV("");
    fw_result_param(results, result, "list", list);
}

void fw_dead_run(const struct fw_facts *facts, struct fw_results *results, const char *check,
                 enum fw_rule_class wanted)
{
    size_t index = 0;
    const struct fw_device_facts *device;
    const struct fw_snapshot *snapshot;
    while ((snapshot = fw_about_next(facts, results, check, &index, &device))) {
        uint64_t found = 0;
        uint64_t undetermined = 0;
        const char *first = NULL;
        for (size_t p = 0; snapshot->report && p < snapshot->report->n; p++) {
            const struct fw_policy_report *report = &snapshot->report->policies[p];
            for (size_t r = 0; r < report->policy->n; r++) {
                const struct fw_rule_verdict *verdict = &report->verdicts[r];
                const struct fw_rule *rule = &report->policy->rules[r];
                if (verdict->class == wanted) {
                    add_finding(results, check, device, snapshot, report->policy, rule, verdict);
                    found++;
                } else if (verdict->class == FW_RULE_UNDETERMINED) {
                    undetermined++;
                    first = first ? first
                                  : fw_arena_printf(results->arena, "%.*s %u",
                                                    FW_SV_ARG(report->policy->name), rule->position)
                                        .p;
                }
            }
        }
        uint64_t total = fw_about_rules(snapshot->ruleset);
        if (undetermined > 0) {
            struct fw_result *result = fw_about_policy(results, check, FW_RESULT_OPEN, device,
                                                       snapshot, NULL, "open.undetermined");
            fw_about_count(results, result, undetermined, total, 0);
            fw_result_param(results, result, "first", fw_sv_from(first));
            result->certainty = FW_UNDETERMINED;
        } else if (found == 0) {
            struct fw_result *result = fw_about_policy(results, check, FW_RESULT_PASS, device,
                                                       snapshot, NULL, "pass");
            fw_about_count(results, result, 0, total, 0);
        }
    }
}
