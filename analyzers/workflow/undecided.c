/* WFL-003: has somebody decided, in this period, about every rule as it stands? */
#include "analyzers/rules/about.h"
#include "analyzers/workflow/decided.h"

static void judge(const struct fw_facts *facts, struct fw_results *results,
                  const struct fw_device_facts *device, const struct fw_snapshot *snapshot)
{
    uint64_t total = 0, missing = 0;
    fw_sv first = FW_SV("");
    for (size_t p = 0; p < snapshot->ruleset->npolicies; p++) {
        const struct fw_policy *policy = snapshot->ruleset->policies[p];
        for (size_t r = 0; r < policy->n; r++) {
            const struct fw_rule *rule = &policy->rules[r];
            if (!fw_rule_asked(rule)) {
                continue;
            }
            total++;
            if (!facts->decisions || fw_rule_decided(facts, device->name, policy, rule)) {
                continue;
            }
            if (missing++ == 0) {
                first = fw_arena_printf(results->arena, "%.*s %u", FW_SV_ARG(policy->name),
                                        rule->position);
            }
        }
    }
    enum fw_result_state state = !facts->decisions ? FW_RESULT_OPEN
                                 : missing > 0     ? FW_RESULT_FAIL
                                                   : FW_RESULT_PASS;
    struct fw_result *result = fw_about_policy(results, "WFL-003", state, device, snapshot, NULL,
                                               !facts->decisions ? "open.no_decisions"
                                               : missing > 0     ? "fail"
                                                                 : "pass");
    fw_result_param_u64(results, result, "n", missing);
    fw_result_param_u64(results, result, "value", total - missing);
    fw_result_param_u64(results, result, "total", total);
    fw_result_param(results, result, "first", first);
    if (facts->decisions) {
        fw_result_measured(
            result, fw_arena_printf(results->arena, "%llu", (unsigned long long)(total - missing)),
            fw_arena_printf(results->arena, "%llu", (unsigned long long)total));
    }
}

static void run(const struct fw_facts *facts, struct fw_results *results)
{
    size_t index = 0;
    const struct fw_device_facts *device;
    const struct fw_snapshot *snapshot;
    while (facts->site &&
           (snapshot = fw_about_next(facts, results, "WFL-003", &index, &device)) != NULL) {
        judge(facts, results, device, snapshot);
    }
}

const struct fw_analyzer fw_analyzer_undecided = {
    .check = "WFL-003",
    .run = run,
};
