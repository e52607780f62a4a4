/* The days of a log source as calendars show them: how many events each one has. */
#ifndef FW_REPORT_DAYS_H
#define FW_REPORT_DAYS_H

#include "analyzers/analyzer.h"
#include "analyzers/logs/source_view.h"
#include "core/arena.h"

struct fw_days {
    int64_t first; /* days since 1970 in the review's zone */
    size_t n;
    const uint64_t *counts;
    const uint8_t *gaps; /* 1 where a gap of the source touches the day */
    size_t required;     /* from this one on (its index) there should be something; n: not known */
    uint64_t typical;    /* of the days that have events: the middle one */
};

/* The day from which on logs must be there, by months or by rolling days. facts->has_as_of. */
int64_t fw_days_required(const struct fw_facts *facts);

/* From the first event, or the day from which on logs must be kept, to the last event or the date
 * counted from: whatever is wider. A calendar longer than ten years is cut at its beginning. */
void fw_days_make(struct fw_arena *arena, const struct fw_facts *facts,
                  const struct fw_source_view *source, struct fw_days *ret);

#endif
