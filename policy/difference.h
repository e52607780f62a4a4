/*
 * Two policies compared packet by packet: exactly which packets fare otherwise, as few products of
 * sets, each with a packet that shows it. Rules that were only moved, split, joined or renamed
 * leave nothing over. What is not modelled is taken to be the same in both (see program.h); packets
 * whose fate differs only if something unknown holds are said to differ possibly, with that
 * condition.
 */
#ifndef FW_POLICY_DIFFERENCE_H
#define FW_POLICY_DIFFERENCE_H

#include "core/err.h"
#include "policy/analysis.h"

/* What happens to a packet, and who says so. */
struct fw_fate {
    enum fw_action action; /* RETURN: the policy is left undecided */
    const struct fw_policy *policy;
    const struct fw_rule *rule; /* NULL: the default */
};

enum fw_difference_kind {
    FW_DIFFERENCE_ALLOWED, /* was refused, is permitted */
    FW_DIFFERENCE_DENIED,  /* was permitted, is refused */
    FW_DIFFERENCE_OTHER,   /* deny and reject, another translation, or not known what */
    FW_DIFFERENCE_COUNT
};

/* Names of interfaces or zones: those that match one of `some` (any, when there is none) and none
 * of `none`. */
struct fw_names {
    size_t nsome, nnone;
    const fw_sv *some, *none;
};

struct fw_difference_box {
    enum fw_difference_kind kind;
    struct fw_term term; /* in and out are left out, the atoms are what must hold besides */
    struct fw_names in, out;
    enum fw_certainty certainty; /* POSSIBLE: where the atoms hold, or the fates are not known */
    bool exact;       /* every packet of the box; false: some of it, the rest is undecided */
    bool has_witness; /* of boxes that are not exact only if nothing unknown has a say in it */
    struct fw_packet witness;
    struct fw_fate before, after; /* of the witness */
};

struct fw_difference {
    bool compared; /* false: a limit was hit, or the two have no packet in common */
    size_t n;
    struct fw_difference_box *v; /* by kind, then as the rules stand */
    uint64_t undetermined;       /* boxes that are not exact */
    size_t nparts[2];            /* rules that differ and have a part in it, old and new */
    const struct fw_rule *const *parts[2];
};

/* The work is per changed rule; 0: as the limits say. */
void fw_policies_compare(struct fw_arena *arena, const struct fw_ruleset *const rulesets[2],
                         const struct fw_policy *const policies[2], uint64_t work,
                         struct fw_difference *ret);
/* Whether removing these rules (true by rule number in the policy) changes no packet's fate: proven
 * only when it returns true. */
const char *fw_difference_kind_name(enum fw_difference_kind kind); /* "allowed", ... */

#endif
