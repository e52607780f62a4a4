/*
 * Which rules can go together? Rules are judged one by one, and of two twins both are redundant;
 * here a set is found that can be removed at once, and shown to change no packet's fate by
 * comparing the policies with and without it.
 */
#ifndef FW_POLICY_CLEANUP_H
#define FW_POLICY_CLEANUP_H

#include "policy/analysis.h"

struct fw_cleanup_rule {
    const struct fw_policy *policy;
    const struct fw_rule *rule;
    bool dead;     /* no packet comes to it; else others would decide alike */
    bool shadowed; /* dead, and would treat some packet otherwise: was that meant? */
};

struct fw_cleanup {
    size_t n;
    struct fw_cleanup_rule *v; /* by policy as in the ruleset, then as evaluated */
    size_t kept;               /* redundant by themselves, and not in the set */
    bool proven;               /* false: nothing is known, and n is 0 */
};

/* May the rule be removed at all? (It may share its line with others, or log.) */
typedef bool fw_cleanup_may(void *context, const struct fw_policy *policy,
                            const struct fw_rule *rule);

/* The report is of this ruleset. Rules that decide packets and log them are kept. */
void fw_ruleset_cleanup(struct fw_arena *arena, const struct fw_ruleset *ruleset,
                        const struct fw_analysis_report *report, unsigned jobs, fw_cleanup_may *may,
                        void *context, struct fw_cleanup *ret);

#endif
