/* Does an approved change request stand for a rule? */
#ifndef FW_ANALYZERS_CHANGES_TICKETED_H
#define FW_ANALYZERS_CHANGES_TICKETED_H

#include "analyzers/analyzer.h"

/* The ticket names this rule: by its id, its name, "POLICY position", its own words, or because the
 * rule's comment carries the ticket's number. */
bool fw_ticket_names(struct fw_arena *arena, const struct fw_ticket *ticket,
                     const struct fw_policy *policy, const struct fw_rule *rule,
                     const struct fw_snapshot *snapshot);
#endif
