/* How many rules were decided on, and how? */
#include "report/decided.h"

#include "analyzers/workflow/decided.h"

void fw_decided_add(const struct fw_facts *facts, const struct fw_device_facts *device,
                    struct fw_decided_tally *tally)
{
    const struct fw_ruleset *ruleset = fw_device_ruleset(device);
    for (size_t p = 0; ruleset && p < ruleset->npolicies; p++) {
        const struct fw_policy *policy = ruleset->policies[p];
        for (size_t r = 0; r < policy->n; r++) {
            const struct fw_rule *rule = &policy->rules[r];
            if (fw_rule_asked(rule)) {
                const struct fw_decision *d = fw_rule_decided(facts, device->name, policy, rule);
                tally->rules++;
                tally->by[d ? d->decided : FW_DECIDED_NOTHING]++;
            }
        }
    }
}
