/* Has somebody decided about a rule as it stands? */
#include "analyzers/workflow/decided.h"

bool fw_rule_asked(const struct fw_rule *rule)
{
    return rule->enabled && !fw_rule_is_remark(rule);
}

const struct fw_decision *fw_rule_decided(const struct fw_facts *facts, fw_sv device,
                                          const struct fw_policy *policy,
                                          const struct fw_rule *rule)
{
    if (!facts->decisions) {
        return NULL;
    }
    const struct fw_decision about = {
        .about_rule = true, .device = device, .policy = policy->name, .content = rule->content};
    const struct fw_decision *found = fw_decision_find(&facts->decisions->index, &about);
    bool counts = found && found->decided_ns >= facts->site->from_ns &&
                  (found->decided != FW_DECIDED_WAIVE ||
                   !fw_time_over(found->until_ns, facts->as_of_ns));
    return counts ? found : NULL;
}
