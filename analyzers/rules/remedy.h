/*
 * The smallest edit that ends what a finding about traffic is about: the rule goes, or what is too
 * much of it is refused in front of it; and which packets fare otherwise then, by comparing the
 * policies with and without the edit. Unlike the removal of a rule that has no effect this changes
 * verdicts, so it is a proposal, and no script makes it.
 */
#ifndef FW_ANALYZERS_RULES_REMEDY_H
#define FW_ANALYZERS_RULES_REMEDY_H

#include "analyzers/fixes/refusal.h"
#include "analyzers/rules/hits.h"
#include "analyzers/rules/notes.h"

/* What the fixes of one device took so far, whatever check asked. */
struct fw_compared {
    const struct fw_snapshot *snapshot;
    uint64_t rules; /* compared: at most FW_LIMIT_FIX_RULES */
};

/* Sets result->fix and fix_effect; nothing when a default, or no command that is known, is to
 * blame. The effect is left out once FW_LIMIT_FIX_RULES rules were compared for the device. */
void fw_remedy_hit(const struct fw_hits *hits, const struct fw_hit *hit, struct fw_result *result);
/* The same for a part of what one flow lets through. */
void fw_remedy_flow(struct fw_results *results, const struct fw_exposure *exposure,
                    const struct fw_flow *flow, const struct fw_term *term,
                    struct fw_result *result);
/* The rule is not needed any more: it goes, or nothing is proposed. */
void fw_remedy_removal(struct fw_results *results, const struct fw_snapshot *snapshot,
                       const struct fw_policy *policy, const struct fw_rule *rule,
                       struct fw_result *result);
/* A denial belongs in front of the rule (NULL: at the end of the policy). */
void fw_remedy_refusal(struct fw_results *results, const struct fw_snapshot *snapshot,
                       const struct fw_policy *policy, const struct fw_rule *rule,
                       const struct fw_refused *refused, struct fw_result *result);
/* Nothing shall pass that no rule of the policy decides. */
void fw_remedy_default(struct fw_results *results, const struct fw_snapshot *snapshot,
                       const struct fw_policy *policy, const struct fw_rule *rule,
                       struct fw_result *result);
/* Every address of the rule itself; NULL: any. */
const struct fw_ipset *fw_remedy_ends(struct fw_arena *arena, const struct fw_rule *rule,
                                      bool source);
/* These parts are missing from what is written about the rule: they are added to it, as words that
 * a person replaces ("owner: <owner>"). No packet fares otherwise. */
void fw_remedy_note(struct fw_results *results, const struct fw_snapshot *snapshot,
                    const struct fw_policy *policy, const struct fw_rule *rule, fw_sv written,
                    const bool *missing, struct fw_result *result);
/* The rule as a whole is what is wrong. */
void fw_remedy_rule(struct fw_results *results, const struct fw_snapshot *snapshot,
                    const struct fw_policy *policy, const struct fw_rule *rule,
                    struct fw_result *result);

#endif
