/* How stamps become places on an axis. */
#include "analyzers/logs/axis.h"

#include <stddef.h>

enum { LEAP_YEAR_DAYS = 366, LEAP_YEAR = 2000 };

static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

int64_t fw_axis_hour(int64_t time)
{
    return floor_div(time, FW_NS_PER_HOUR);
}

int64_t fw_axis_day(int64_t time)
{
    return floor_div(time, FW_NS_PER_DAY);
}

int fw_axis_cmp(const struct fw_axis *a, const struct fw_axis *b)
{
    if (a->has_year != b->has_year) {
        return a->has_year ? -1 : 1;
    }
    if (a->has_zone != b->has_zone) {
        return a->has_zone ? -1 : 1;
    }
    return (a->zone_seconds > b->zone_seconds) - (a->zone_seconds < b->zone_seconds);
}

struct fw_axis fw_axis_of(const struct fw_stamp *stamp)
{
    struct fw_axis axis = {stamp->year != 0, stamp->has_zone, 0};
    if (!axis.has_year && axis.has_zone) {
        axis.zone_seconds = stamp->zone_seconds;
    }
    return axis;
}

/* Days since 1 January of a leap year. */
static int64_t day_of_year(unsigned month, unsigned day)
{
    return fw_days_from_date(LEAP_YEAR, month, day) - fw_days_from_date(LEAP_YEAR, 1, 1);
}

static void turn(struct fw_year_turns *turns, unsigned month, unsigned day)
{
    if (turns->started) {
        int64_t moved = day_of_year(month, day) - day_of_year(turns->month, turns->day);
        if (moved < -LEAP_YEAR_DAYS / 2 && turns->step < FW_AXIS_STEPS) {
            turns->step++;
        } else if (moved > LEAP_YEAR_DAYS / 2 && turns->step > -FW_AXIS_STEPS) {
            turns->step--;
        }
    }
    turns->started = true;
    turns->month = month;
    turns->day = day;
}

bool fw_axis_time(const struct fw_stamp *stamp, struct fw_year_turns *turns, int64_t *ret)
{
    if (stamp->year != 0) {
        *ret = fw_stamp_ns(stamp, 0);
        return stamp->year >= 1970;
    }
    /* Lines of one day need no date arithmetic. */
    if (!turns->started || turns->month != stamp->month || turns->day != stamp->day) {
        turn(turns, stamp->month, stamp->day);
    }
    int64_t days = (int64_t)turns->step * LEAP_YEAR_DAYS + day_of_year(stamp->month, stamp->day);
    int64_t clock = stamp->hour * 3600 + stamp->minute * 60 + stamp->second;
    *ret = days * FW_NS_PER_DAY + clock * FW_NS_PER_SEC + stamp->nanos;
    return true;
}

struct fw_axis_date fw_axis_date_of(int64_t yearless)
{
    int64_t days = fw_axis_day(yearless);
    int64_t step = floor_div(days, LEAP_YEAR_DAYS);
    struct fw_date date = fw_date_from_days(fw_days_from_date(LEAP_YEAR, 1, 1) + days -
                                            step * LEAP_YEAR_DAYS);
    return (struct fw_axis_date){(int32_t)step, date.month, date.day,
                                 yearless - days * FW_NS_PER_DAY};
}
