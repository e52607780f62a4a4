/* What the clocks of a source's files say together. */
#ifndef FW_ANALYZERS_LOGS_CLOCK_H
#define FW_ANALYZERS_LOGS_CLOCK_H

#include "analyzers/summary.h"

void fw_clock_add(struct fw_clock_summary *to, const struct fw_clock_summary *from);
/* The difference that a share of a clock's samples stays below; bins are powers of two of a
 * millisecond. */
int64_t fw_clock_quantile(const struct fw_clock_summary *clock, double share);
/* Between what the size of that difference lies, whatever its sign. */
void fw_clock_bounds(const struct fw_clock_summary *clock, double share, int64_t *ret_least,
                     int64_t *ret_most);

#endif
