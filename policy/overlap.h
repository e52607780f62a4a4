/* Can one packet match both of two rules? By their upper bounds, so "no" is certain. */
#ifndef FW_POLICY_OVERLAP_H
#define FW_POLICY_OVERLAP_H

#include <stdbool.h>

#include "policy/model.h"

bool fw_rules_overlap(const struct fw_rule *a, const struct fw_rule *b);

#endif
