/*
 * Time: nanoseconds since 1970 UTC, civil dates, and what a log's timestamp did not say. Nothing
 * here reads the clock or TZ; zones are given as offsets or as the small set of rules in time.c.
 */
#ifndef FW_CORE_TIME_H
#define FW_CORE_TIME_H

#include <stdbool.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/buf.h"
#include "core/sv.h"

#define FW_NS_PER_SEC INT64_C(1000000000)

/* What a stamp did not carry and was filled in. Bits. */
enum {
    FW_ASSUMED_YEAR = 1,
    FW_ASSUMED_ZONE = 2,
    FW_ASSUMED_DATE = 4,
};

/* A timestamp as written. */
struct fw_stamp {
    int32_t year;                 /* 0 when absent */
    uint8_t month, day;           /* 1-based; 0 when absent */
    uint8_t hour, minute, second; /* second may be 60 */
    uint32_t nanos;
    bool has_zone;
    int32_t zone_seconds; /* east of UTC */
};

struct fw_date {
    int32_t year;
    uint8_t month, day;
};

/* Civil time <-> days since 1970-01-01, proleptic Gregorian. */
int64_t fw_days_from_date(int32_t year, unsigned month, unsigned day);
int64_t fw_date_days(struct fw_date date);
struct fw_date fw_date_from_days(int64_t days);
bool fw_date_valid(int32_t year, unsigned month, unsigned day);
/* Same day n calendar months earlier or later, clamped to the month's last day (8-31 minus six
 * months is 2-28 or 2-29). */
struct fw_date fw_date_add_months(struct fw_date date, int months);
/* 0 Monday .. 6 Sunday */
unsigned fw_weekday(int64_t days);

/* Seconds since 1970 of a stamp that has its year; zone_seconds is used when it has no zone. */
int64_t fw_stamp_seconds(const struct fw_stamp *stamp, int32_t zone_seconds);
/* The same in nanoseconds, with the fraction: never overflows for the years the readers accept. */
int64_t fw_stamp_ns(const struct fw_stamp *stamp, int32_t zone_seconds);

/* Readers cut the stamp off the front of *rest; written only on success. Years outside 1678..2261,
 * which 64 bits of nanoseconds cannot hold, are refused. */
/* "Jun  8 14:34:33", a fraction behind it, a year behind the day ("Aug 05 2016 01:02:25") or first.
 */
bool fw_stamp_rfc3164(fw_sv *rest, struct fw_stamp *ret);
/* "2026-07-05T01:02:03.5+08:00"; also a space for T, '/' in the date, +0800, Z, no zone. */
bool fw_stamp_rfc3339(fw_sv *rest, struct fw_stamp *ret);

/* "2026-07-05", "2026-07-05T10:00:00+08:00", "2026-07-05 10:00"; Gregorian only, '/' for '-' too.
 * A bare date is its first nanosecond, or its last when `end_of_day` (an audit date counts whole),
 * in the given zone. */
bool fw_time_parse(fw_sv text, int32_t zone_seconds, bool end_of_day, int64_t *ret_ns);
/* A period that ends with this nanosecond (INT64_MIN: never) is over. Its last day counts whole, as
 * the audit's day does. */
static inline bool fw_time_over(int64_t last_ns, int64_t as_of_ns)
{
    return last_ns != INT64_MIN && last_ns < as_of_ns;
}
/* The date in a file's name (2026-04-01, 2026_04_01, 20260401), with the time of day behind it
 * where there is one; INT64_MIN: it has none. */
int64_t fw_time_in_name(fw_sv name, int32_t zone_seconds);
/* "Asia/Taipei" (fixed +08:00), "UTC", "Z", "+08:00", "+0800", "+8", "UTC+8". Names of zones with
 * summer time and names with two meanings ("CST") are refused. */
bool fw_zone_parse(fw_sv text, int32_t *ret_seconds);

/* RFC 3339 in UTC, with a fraction of 3, 6 or 9 digits when there is one:
 * "2026-07-05T01:02:03.123456Z". */
void fw_time_text(struct fw_buf *buf, int64_t ns);
/* In a zone, to the second: "2026-07-05T09:02:03+08:00". */
void fw_time_text_zone(struct fw_buf *buf, int64_t ns, int32_t zone_seconds);
void fw_date_text(struct fw_buf *buf, struct fw_date date);      /* 2026-07-05 */
fw_sv fw_date_keep(struct fw_arena *arena, struct fw_date date); /* the same, in an arena */
void fw_date_text_roc(struct fw_buf *buf, struct fw_date date);  /* 115年7月5日 */
void fw_duration_text(struct fw_buf *buf, int64_t seconds);      /* "31 h 12 min", "3 d 4 h" */
struct fw_date fw_date_of(int64_t ns, int32_t zone_seconds);
int64_t fw_day_of(int64_t ns, int32_t zone_seconds); /* its days since 1970 */

#endif
