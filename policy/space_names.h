/* The pieces of a dimension of names: what patterns such as "eth0" and "eth+" can tell apart. */
#ifndef FW_POLICY_SPACE_NAMES_H
#define FW_POLICY_SPACE_NAMES_H

#include "policy/space.h"

/* Sets names and n. At a hook where packets have no such interface the only name is the empty one;
 * where they have one it is not empty. */
void fw_space_cut_names(struct fw_arena *arena, enum fw_hook hook, bool incoming,
                        struct fw_axis *axis);
/* How well a name reads in a witness: lower is better. */
unsigned fw_space_name_dislike(fw_sv name);

#endif
