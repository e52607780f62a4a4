/* What rules see of connections: before tracking nothing, and never the mark of what has none. Part
 * of sealing a ruleset. */
#ifndef FW_POLICY_TRACKING_H
#define FW_POLICY_TRACKING_H

#include "policy/model.h"

/* Linux, NF_IP_PRI_CONNTRACK: rules of prerouting and output with a smaller priority come first. */
enum { FW_TRACKING_PRIORITY = -200 };

/* Jumps are resolved. Rewrites the terms of rules that ask for a connection in such a place. */
void fw_ruleset_settle_tracking(struct fw_arena *arena, struct fw_ruleset *ruleset);

#endif
