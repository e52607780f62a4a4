/* Can one packet match both of two rules, or of two terms? By their upper bounds, so "no" is
 * certain. */
#ifndef FW_POLICY_OVERLAP_H
#define FW_POLICY_OVERLAP_H

#include <stdbool.h>

#include "policy/model.h"

bool fw_term_overlaps(const struct fw_term *a, const struct fw_term *b);
bool fw_rules_overlap(const struct fw_rule *a, const struct fw_rule *b);

#endif
