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

/* Milliseconds to nanoseconds, within what was seen. */
static int64_t seen(const struct fw_clock_summary *clock, int64_t ms)
{
    if (ms > clock->max / 1000000) {
        return clock->max;
    }
    return ms < clock->min / 1000000 ? clock->min : ms * 1000000;
}

int64_t fw_clock_quantile(const struct fw_clock_summary *clock, double share)
{
    size_t i = quantile_bin(clock, share);
    if (i == FW_CLOCK_BINS) {
        return 0;
    }
    int64_t ms = i < FW_CLOCK_SIDE ? -bin_edge(i) / 2 : bin_edge(i);
    return seen(clock, ms);
}

void fw_clock_bounds(const struct fw_clock_summary *clock, double share, int64_t *ret_least,
                     int64_t *ret_most)
{
    size_t i = quantile_bin(clock, share);
    int64_t edge = i == FW_CLOCK_BINS ? 0 : bin_edge(i);
    int64_t inner = i == FW_CLOCK_SIDE ? -edge : edge / 2; /* the middle one has two sides */
    *ret_least = seen(clock, i < FW_CLOCK_SIDE ? -edge : inner);
    *ret_most = seen(clock, i < FW_CLOCK_SIDE ? -inner : edge);
}

void fw_clock_judge(struct fw_results *results, const char *check,
                    const struct fw_source_view *source, const struct fw_clock_words *words,
                    int64_t least, int64_t most, double limit)
{
    double low = (double)least / (double)FW_NS_PER_SEC;
    double high = (double)most / (double)FW_NS_PER_SEC;
    enum fw_result_state state = low > limit     ? FW_RESULT_FAIL
                                 : high <= limit ? FW_RESULT_PASS
                                                 : FW_RESULT_OPEN;
    const char *key = state == FW_RESULT_FAIL   ? words->fail
                      : state == FW_RESULT_PASS ? words->pass
                                                : words->open;
    struct fw_result *result = fw_log_result(results, check, state, source, key,
                                             fw_sv_from(words->subject));
    /* A failure is told by what is proven, all else by the worst that can be. */
    fw_sv value = fw_log_number(results, state == FW_RESULT_FAIL ? low : high);
    fw_sv target = fw_log_number(results, limit);
    if (state != FW_RESULT_OPEN) {
        fw_result_measured(result, value, target);
    }
    fw_result_param(results, result, "value", value);
    fw_result_param(results, result, "target", target);
    fw_result_param_u64(results, result, "total", source->clock.samples);
}
