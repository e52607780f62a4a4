/* Which members of a list keep their order in another one? */
#include "core/order.h"

#include <string.h>

#include "core/search.h"

void fw_order_kept(struct fw_arena *arena, uint32_t n, const uint32_t *places, bool *kept)
{
    /* tails[k]: the member that ends a run of k + 1 members at the lowest place */
    uint32_t *tails = fw_new_array(arena, (size_t)n + 1, uint32_t);
    uint32_t *previous = fw_new_array(arena, (size_t)n + 1, uint32_t);
    uint32_t length = 0;
    for (uint32_t i = 0; i < n; i++) {
        if (places[i] == FW_NO_PLACE) {
            continue;
        }
        size_t lo;
        FW_SEARCH(lo, length, places[tails[lo]] < places[i]);
        previous[i] = lo > 0 ? tails[lo - 1] : FW_NO_PLACE;
        tails[lo] = i;
        length = lo == length ? length + 1 : length;
    }
    memset(kept, 0, n * sizeof(*kept));
    uint32_t at = length > 0 ? tails[length - 1] : FW_NO_PLACE;
    while (at != FW_NO_PLACE) {
        kept[at] = true;
        at = previous[at];
    }
}
