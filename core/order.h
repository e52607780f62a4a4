/* Which members of a list keep their order in another one? */
#ifndef FW_CORE_ORDER_H
#define FW_CORE_ORDER_H

#include "core/arena.h"

#define FW_NO_PLACE UINT32_MAX

/* places[i] is where member i stands in the other list, or FW_NO_PLACE; no two stand in one place.
 * kept[i] becomes true for the members of a longest run whose places rise, false for the others. */
void fw_order_kept(struct fw_arena *arena, uint32_t n, const uint32_t *places, bool *kept);

#endif
