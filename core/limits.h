/* The one table of limits (limits.def) as constants: FW_LIMIT_LINE_BYTES and so on. */
#ifndef FW_CORE_LIMITS_H
#define FW_CORE_LIMITS_H

#include <stdint.h>

#define FW_LIMIT(name, value, what) FW_LIMIT_##name = (value),
enum fw_limit_value {
#include "core/limits.def"
};
#undef FW_LIMIT

struct fw_limit {
    const char *name; /* "LINE_BYTES" */
    uint64_t value;
    const char *what;
};

/* All limits, sorted by name; ends with a NULL name. */
extern const struct fw_limit fw_limits[];

#endif
