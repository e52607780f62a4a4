/*
 * Axes: what the stamps of one clock can be compared on before anybody knows their year or zone. A
 * summary is a pure function of a file's bytes, so it cannot resolve them; it counts on the axis
 * that the stamps themselves give, and resolve.h maps an axis to UTC later.
 *
 *   year, zone      nanoseconds since 1970 UTC
 *   year, no zone   the same of the civil time, as if it were UTC
 *   no year         years of 366 days, so that every date has its place: year step * 366 days + the
 *                   day in a leap year. The step counts the turns of the year inside the file,
 *                   from 0; a stamp more than half a year before its predecessor is in the next
 * year.
 */
#ifndef FW_ANALYZERS_LOGS_AXIS_H
#define FW_ANALYZERS_LOGS_AXIS_H

#include <stdbool.h>
#include <stdint.h>

#include "core/time.h"

#define FW_NS_PER_HOUR (INT64_C(3600) * FW_NS_PER_SEC)
#define FW_NS_PER_DAY (INT64_C(86400) * FW_NS_PER_SEC)

struct fw_axis {
    bool has_year, has_zone;
    int32_t zone_seconds; /* of yearless stamps that have a zone; 0 otherwise */
};

static inline bool fw_axis_eq(const struct fw_axis *a, const struct fw_axis *b)
{
    return a->has_year == b->has_year && a->has_zone == b->has_zone &&
           a->zone_seconds == b->zone_seconds;
}

int fw_axis_cmp(const struct fw_axis *a, const struct fw_axis *b);
struct fw_axis fw_axis_of(const struct fw_stamp *stamp);

/* No file turns the year more often, either way: two places on one axis are then never so far apart
 * that their difference overflows. Stamps before 1970 have no place for the same reason. */
enum { FW_AXIS_STEPS = 140 };

/* Follows the turns of the year in a run of yearless stamps. */
struct fw_year_turns {
    bool started;
    int32_t step;   /* of the last stamp */
    unsigned month; /* of the last stamp */
    unsigned day;
};

/* The place of a stamp on its axis; false when it has none. `turns` may be NULL for stamps with a
 * year. */
bool fw_axis_time(const struct fw_stamp *stamp, struct fw_year_turns *turns, int64_t *ret);

/* The civil date and time of a yearless place. */
struct fw_axis_date {
    int32_t step;
    unsigned month, day;
    int64_t clock_ns; /* since midnight */
};
struct fw_axis_date fw_axis_date_of(int64_t yearless);

/* Hours and days since the axis began; rounded down, also below zero. */
int64_t fw_axis_hour(int64_t time);
int64_t fw_axis_day(int64_t time);

#endif
