/*
 * The smallest edit that ends what a finding about traffic is about: the rule goes, or what is too
 * much of it is refused in front of it; and which packets fare otherwise then, by comparing the
 * policies with and without the edit. Unlike the removal of a rule that has no effect this changes
 * verdicts, so it is a proposal, and no script makes it.
 */
#ifndef FW_ANALYZERS_RULES_REMEDY_H
#define FW_ANALYZERS_RULES_REMEDY_H

#include "analyzers/rules/hits.h"

/* Sets result->fix and fix_effect; nothing when a default, or no command that is known, is to
 * blame. The effect is left out once FW_LIMIT_FIX_RULES rules were compared for the device. */
void fw_remedy_hit(const struct fw_hits *hits, const struct fw_hit *hit, struct fw_result *result);
/* The same for a part of what one flow lets through. */
void fw_remedy_flow(struct fw_results *results, const struct fw_exposure *exposure,
                    const struct fw_flow *flow, const struct fw_term *term,
                    struct fw_result *result);
/* The rule is not needed any more: it goes, or nothing is proposed. `compared` counts towards the
 * limit. */
void fw_remedy_removal(struct fw_results *results, const struct fw_snapshot *snapshot,
                       const struct fw_policy *policy, const struct fw_rule *rule,
                       uint64_t *compared, struct fw_result *result);
/* The rule as a whole is what is wrong. */
void fw_remedy_rule(struct fw_results *results, const struct fw_snapshot *snapshot,
                    const struct fw_policy *policy, const struct fw_rule *rule, uint64_t *compared,
                    struct fw_result *result);

#endif
