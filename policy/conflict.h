/*
 * Rules of different actions that match the same packets, so that only their order decides. Asked
 * of the packets that open a connection: what later packets of a connection meet was decided with
 * the first one, and "accept what is established" above everything contradicts nobody.
 *
 * A call to a chain that always decides alike (a LOGDROP of log and drop) counts as a rule of that
 * action, and the rules of such a chain do not count themselves.
 */
#ifndef FW_POLICY_CONFLICT_H
#define FW_POLICY_CONFLICT_H

#include "policy/analysis.h"

/* An earlier rule that takes packets of a later one. */
struct fw_earlier {
    const struct fw_policy *policy;
    const struct fw_rule *rule;
    /* All its packets are the later rule's too: an exception, which in the other order would be
     * dead. Said only where it is certain. */
    bool within;
    enum fw_certainty certainty; /* that they overlap */
};

struct fw_rule_conflicts {
    const struct fw_policy *policy;
    const struct fw_rule *rule;
    enum fw_action action; /* its own, or that of the chain it calls */
    size_t nearlier;
    const struct fw_earlier *earlier; /* in the order of evaluation: all of them, unless ... */
    bool more; /* ... FW_LIMIT_CONFLICT_PAIRS was reached: some of them, and there are others */
    struct fw_packet witness; /* of the rule and of `shown` */
    size_t shown;             /* the one that says most: proven before possible, no exception */
};

struct fw_conflicts {
    size_t n;
    struct fw_rule_conflicts *v; /* in the order of the ruleset's rules */
    uint64_t pairs;
    uint64_t more; /* rules of which not all earlier ones are named */
    uint64_t
        undecided; /* rules that were not looked at: a policy too large, or the limit reached */
    const struct fw_rule *first_undecided;
    const struct fw_policy *first_undecided_policy;
};

/* Which rules take part; the others are in conflict with nobody. */
typedef bool fw_conflict_counts(void *context, const struct fw_policy *policy,
                                const struct fw_rule *rule);

void fw_conflicts_find(struct fw_arena *arena, const struct fw_ruleset *ruleset,
                       fw_conflict_counts *counts, void *context, struct fw_conflicts *ret);

#endif
