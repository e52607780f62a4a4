/* Silences of several files as one: where no file has an event. Private to the source view. */
#ifndef FW_ANALYZERS_LOGS_SILENCES_H
#define FW_ANALYZERS_LOGS_SILENCES_H

#include <stddef.h>

#include "analyzers/summary.h"
#include "core/arena.h"

/* Open intervals by time; the first begins at INT64_MIN, the last ends at INT64_MAX. */
struct fw_silences {
    size_t n;
    struct fw_silence *v;
};

/* Of one file: before its first event, between, after its last. Times are given in UTC. */
struct fw_silences fw_silences_of(struct fw_arena *arena, int64_t first, int64_t last,
                                  const struct fw_silence *between, size_t n);
/* Where all of them are silent; the sets may be overwritten. */
struct fw_silences fw_silences_common(struct fw_arena *arena, struct fw_silences *sets, size_t n);

#endif
