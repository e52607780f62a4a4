/*
 * A ruleset as it would be with one rule gone, or with others in front of it, and which packets
 * would fare otherwise then. The original is not touched; what is not edited is shared with it.
 */
#ifndef FW_POLICY_EDITED_H
#define FW_POLICY_EDITED_H

#include "policy/difference.h"

struct fw_rule_edit {
    const struct fw_policy *policy; /* of the ruleset */
    size_t at;                      /* index of the rule */
    size_t ninserted;               /* 0: the rule goes; else these stand in front of it */
    const struct fw_rule *inserted;
};

/* Which packets fare otherwise. */
struct fw_edit_effect {
    bool known; /* false: a limit was hit; nothing else is set */
    bool exact; /* false: in some boxes not every packet does */
    size_t boxes[FW_DIFFERENCE_COUNT];
    size_t possible; /* boxes whose packets do only if something unknown holds */
    /* (source, destination, service) of all boxes, at most: boxes that differ only in interfaces,
     * source ports, flags or states count twice. See struct fw_breadth. */
    double breadth;
    bool has_witness;
    struct fw_packet witness; /* fares otherwise, whatever is unknown */
};

/* Names of the witness are kept in the arena. */
void fw_rule_edit_try(struct fw_arena *arena, const struct fw_ruleset *ruleset,
                      const struct fw_rule_edit *edit, struct fw_edit_effect *ret);
/* How many of the rules that decide may go: not the last one of an access list, because a list that
 * is empty, or gone with its last entry, does not refuse everything as its end did. */
size_t fw_policy_spare(const struct fw_ruleset *ruleset, const struct fw_policy *policy);
static inline bool fw_rule_counts(const struct fw_rule *rule)
{
    return rule->enabled && rule->action != FW_ACTION_CONTINUE;
}
/* Evaluation starts there, or nobody calls it. */
bool fw_policy_is_entry(const struct fw_ruleset *ruleset, const struct fw_policy *policy);

#endif
