/* What the clocks of a source's files say together. */
#include "analyzers/logs/clock.h"

#include <stdlib.h>

void fw_clock_add(struct fw_clock_summary *to, const struct fw_clock_summary *from)
{
    to->synced += from->synced;
    to->unsynced += from->unsynced;
    if (from->samples == 0) {
        return;
    }
    to->min = to->samples == 0 || from->min < to->min ? from->min : to->min;
    to->max = to->samples == 0 || from->max > to->max ? from->max : to->max;
    to->samples += from->samples;
    to->sum_ms += from->sum_ms;
    to->zone_unknown += from->zone_unknown;
    for (size_t i = 0; i < FW_CLOCK_BINS; i++) {
        to->bins[i] += from->bins[i];
    }
}

/* The largest difference, in milliseconds, that a bin holds. */
static int64_t bin_edge(size_t bin)
{
    size_t bits = bin > FW_CLOCK_SIDE ? bin - FW_CLOCK_SIDE : FW_CLOCK_SIDE - bin;
    return INT64_C(1) << bits;
}

static size_t quantile_bin(const struct fw_clock_summary *clock, double share)
{
    uint64_t upto = 0;
    for (size_t i = 0; i < FW_CLOCK_BINS; i++) {
        upto += clock->bins[i];
        if (upto > 0 && (double)upto >= share * (double)clock->samples) {
            return i;
        }
    }
    return FW_CLOCK_BINS;
}

int64_t fw_clock_quantile(const struct fw_clock_summary *clock, double share)
{
    size_t i = quantile_bin(clock, share);
    if (i == FW_CLOCK_BINS) {
        return 0;
    }
    int64_t ms = i < FW_CLOCK_SIDE ? -bin_edge(i) / 2 : bin_edge(i);
    return (ms < 366 * INT64_C(86400000) ? ms : 366 * INT64_C(86400000)) * 1000000;
}

void fw_clock_bounds(const struct fw_clock_summary *clock, double share, int64_t *ret_least,
                     int64_t *ret_most)
{
    size_t i = quantile_bin(clock, share);
    int64_t low = llabs(clock->min);
    int64_t high = llabs(clock->max);
    int64_t most = low > high ? low : high;
    int64_t edge = i == FW_CLOCK_BINS ? 0 : bin_edge(i);
    bool small = edge <= most / 1000000;
    *ret_most = small ? edge * 1000000 : most;
    *ret_least = edge > 1 && edge / 2 <= most / 1000000 ? edge / 2 * 1000000 : 0;
}
