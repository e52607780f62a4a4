/* One log file's place in time: its first and last event and the days it has events on, by the same
 * rules that place it in a source's view. */
#ifndef FW_ANALYZERS_LOGS_FILE_DAYS_H
#define FW_ANALYZERS_LOGS_FILE_DAYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/arena.h"

struct fw_anchors;
struct fw_summary;

struct fw_file_days {
    bool has_time; /* else no event of it has a place in time */
    int64_t first_ns, last_ns;
    int64_t first_day;   /* days since 1970 in the zone */
    size_t ndays;        /* from the first event's day to the last one's */
    const uint8_t *days; /* 1 where the day has events */
};

void fw_file_days_of(struct fw_arena *arena, const struct fw_summary *summary,
                     const struct fw_anchors *anchors, int32_t zone_seconds,
                     struct fw_file_days *ret);

#endif
