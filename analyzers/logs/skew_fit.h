/*
 * How far are two clocks apart, and how fast do they part? From times that both gave to the same
 * things, most of which they really saw, by a fit that does not follow the others.
 */
#ifndef FW_ANALYZERS_LOGS_SKEW_FIT_H
#define FW_ANALYZERS_LOGS_SKEW_FIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/arena.h"

struct fw_skew_point {
    int64_t ns;   /* by the first clock */
    int64_t late; /* how much later that is than by the second */
};

struct fw_skew_fit {
    uint64_t points, used;
    int64_t middle_ns; /* the time that the offset is of */
    int64_t offset_ns; /* the first clock is ahead by so much */
    int64_t within_ns; /* half of the interval of 99.7 % around it */
    double drift_ppm, drift_within_ppm;
    int64_t most_ns; /* the offset where it is largest, without sign: at one end, when it drifts */
};

enum { FW_SKEW_POINTS_MIN = 20 };
/* Things that both saw are looked for this far apart: the widest mistake about a zone. */
#define FW_SKEW_WINDOW_NS (INT64_C(13) * 3600 * 1000000000)

/* `whole`: one of the clocks gave whole seconds only. Sorts v. False: too few points agree. */
bool fw_skew_fit(struct fw_skew_point *v, size_t n, bool whole, struct fw_arena *scratch,
                 struct fw_skew_fit *ret);

#endif
