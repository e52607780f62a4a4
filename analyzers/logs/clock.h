/* What the clocks of a source's files say together. */
#ifndef FW_ANALYZERS_LOGS_CLOCK_H
#define FW_ANALYZERS_LOGS_CLOCK_H

#include "analyzers/logs/about.h"
#include "analyzers/summary.h"

struct fw_clock_words {
    const char *subject;
    const char *pass, *fail, *open;
};

void fw_clock_add(struct fw_clock_summary *to, const struct fw_clock_summary *from);
/* The difference that a share of a clock's samples stays below; bins are powers of two of a
 * millisecond, as far as samples were seen. */
int64_t fw_clock_quantile(const struct fw_clock_summary *clock, double share);
/* Between what that difference lies: its bin, as far as samples were seen. */
void fw_clock_bounds(const struct fw_clock_summary *clock, double share, int64_t *ret_least,
                     int64_t *ret_most);

/* What a difference between `least` and `most` is against a limit that it may not exceed; both are
 * zero or more. Where the limit lies between them it was counted too coarsely to say. */
void fw_clock_judge(struct fw_results *results, const char *check,
                    const struct fw_source_view *source, const struct fw_clock_words *words,
                    int64_t least, int64_t most, double limit);

#endif
