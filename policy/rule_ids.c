/* Dense numbers of the rules of a ruleset: policies by address, then by place. */
#include <assert.h>
#include <stdlib.h>

#include "core/search.h"
#include "policy/program.h"

static int by_address(const void *left, const void *right)
{
    uintptr_t a = (uintptr_t) * (const struct fw_policy *const *)left;
    uintptr_t b = (uintptr_t) * (const struct fw_policy *const *)right;
    return (a > b) - (a < b);
}

void fw_rule_ids_init(struct fw_rule_ids *ids, struct fw_arena *arena,
                      const struct fw_ruleset *ruleset)
{
    const struct fw_policy **policies = fw_new_array(arena, ruleset->npolicies + 1,
                                                     const struct fw_policy *);
    uint32_t *first = fw_new_array(arena, ruleset->npolicies + 1, uint32_t);
    for (size_t i = 0; i < ruleset->npolicies; i++) {
        policies[i] = ruleset->policies[i];
    }
    qsort(policies, ruleset->npolicies, sizeof(*policies), by_address);
    *ids = (struct fw_rule_ids){ruleset->npolicies, policies, first, 0};
    for (size_t i = 0; i < ruleset->npolicies; i++) {
        first[i] = ids->n;
        ids->n += (uint32_t)policies[i]->n;
    }
}

size_t fw_policy_number(const struct fw_rule_ids *ids, const struct fw_policy *policy)
{
    size_t at;
    FW_SEARCH(at, ids->npolicies, (uintptr_t)ids->policies[at] < (uintptr_t)policy);
    assert(at < ids->npolicies && ids->policies[at] == policy);
    return at;
}

uint32_t fw_rule_id(const struct fw_rule_ids *ids, const struct fw_policy *policy,
                    const struct fw_rule *rule)
{
    return ids->first[fw_policy_number(ids, policy)] + (uint32_t)(rule - policy->rules);
}
