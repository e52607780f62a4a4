/* The table of limits as data, for listings and tests. */
#include "core/limits.h"

#include <stddef.h>

#define FW_LIMIT(name, value, what) {#name, (value), what},
const struct fw_limit fw_limits[] = {
#include "core/limits.def"
    {NULL, 0, NULL},
};
#undef FW_LIMIT
