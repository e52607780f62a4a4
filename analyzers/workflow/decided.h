/* What was decided about a rule, as far as it counts: in the period that is reviewed, and not run
 * out. */
#ifndef FW_ANALYZERS_WORKFLOW_DECIDED_H
#define FW_ANALYZERS_WORKFLOW_DECIDED_H

#include "analyzers/analyzer.h"

/* Rules that somebody has to decide about: enabled, and neither a note nor the device's own. */
bool fw_rule_asked(const struct fw_rule *rule);
/* NULL: nobody decided, or it does not count any more. */
const struct fw_decision *fw_rule_decided(const struct fw_facts *facts, fw_sv device,
                                          const struct fw_policy *policy,
                                          const struct fw_rule *rule);

#endif
