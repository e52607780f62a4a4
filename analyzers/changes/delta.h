/* What changed between two configurations: rules added, removed or moved, policies' defaults,
 * and where policies are applied. Rules are the same when their meaning is (objects expanded), so
 * renumbering is no change; a move is one only past a rule that it conflicts with. */
#ifndef FW_ANALYZERS_CHANGES_DELTA_H
#define FW_ANALYZERS_CHANGES_DELTA_H

#include <stddef.h>

#include "core/arena.h"
#include "policy/model.h"

enum fw_change {
    FW_CHANGE_ADD,
    FW_CHANGE_REMOVE,
    FW_CHANGE_MODIFY,
    FW_CHANGE_MOVE,
    FW_CHANGE_DEFAULT, /* also of a policy that is new, or gone, and shows in no rule */
    FW_CHANGE_BINDING, /* applied elsewhere, or no longer */
    FW_CHANGE_COUNT
};

struct fw_delta {
    enum fw_change change;
    const struct fw_policy *old_policy, *new_policy; /* either may be NULL */
    const struct fw_rule *old_rule, *new_rule;       /* both NULL for DEFAULT and BINDING */
};

struct fw_deltas {
    size_t n;
    struct fw_delta
        *v; /* by policy in the new file's order, then position; removed policies last */
};

void fw_deltas_find(struct fw_arena *arena, const struct fw_ruleset *before,
                    const struct fw_ruleset *after, struct fw_deltas *ret);
/* Of two policies that answer to each other, whatever their names. Every move is listed: whether it
 * matters is for the comparison of packets to say. */
void fw_deltas_of_policies(struct fw_arena *arena, const struct fw_policy *before,
                           const struct fw_policy *after, struct fw_deltas *ret);
/* "add", "remove", "modify", "move", "default", "binding" */
const char *fw_change_name(enum fw_change change);

#endif
