/* Through which calls of its own policy does a rule's traffic come to the chain that decides it? */
#ifndef FW_ANALYZERS_RULES_CALLS_H
#define FW_ANALYZERS_RULES_CALLS_H

#include "analyzers/results.h"

/* For every cause of the finding that stands in another policy: the rules of the finding's own
 * policy that overlap it and call that policy, also through others. Adds them to the result, whose
 * causes are the verdict's. */
void fw_calls_add(struct fw_results *results, struct fw_result *result,
                  const struct fw_policy *policy, const struct fw_rule *rule,
                  const struct fw_rule_verdict *verdict);

#endif
