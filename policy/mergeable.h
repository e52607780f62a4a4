/*
 * Neighbours that one rule can replace: same action, same everything but one dimension, and
 * together one prefix of addresses or one range of ports. Nothing stands between them, so the rule
 * in their place decides exactly their packets; the comparison of both policies shows it again.
 */
#ifndef FW_POLICY_MERGEABLE_H
#define FW_POLICY_MERGEABLE_H

#include "policy/model.h"

struct fw_mergeable {
    const struct fw_policy *policy;
    size_t from, n;          /* rules from ... from + n - 1 of the policy */
    const char *key;         /* the dimension that is joined: "source", "destination_port", ... */
    struct fw_rule together; /* the rule in their place */
};

struct fw_mergeables {
    size_t n;
    struct fw_mergeable *v; /* by policy, then as evaluated */
};

/* Of policies that decide. Only what is proven: nothing, when the comparison is not complete. */
void fw_ruleset_mergeable(struct fw_arena *arena, const struct fw_ruleset *ruleset,
                          struct fw_mergeables *ret);

#endif
