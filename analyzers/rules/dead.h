/* RUL-001 and RUL-002 ask the exact analysis two questions in the same way. */
#ifndef FW_ANALYZERS_RULES_DEAD_H
#define FW_ANALYZERS_RULES_DEAD_H

#include "analyzers/analyzer.h"

void fw_dead_run(const struct fw_facts *facts, struct fw_results *results, const char *check,
                 enum fw_rule_class wanted);

#endif
