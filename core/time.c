/* How dates become days, stamps become seconds, and both become text. */
#include "core/time.h"

#include <inttypes.h>
#include <stddef.h>
#include <string.h>

enum {
    SECS_PER_DAY = 86400,
    /* Whole years that nanoseconds since 1970 in 64 bits can hold. */
    YEAR_FIRST = 1678,
    YEAR_LAST = 2261,
};

static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

static bool is_leap(int32_t year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static unsigned month_days(int32_t year, unsigned month)
{
    static const uint8_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return days[month - 1] + (month == 2 && is_leap(year) ? 1u : 0u);
}

/*
 * The year is taken to begin in March: the leap day is then its last, and the months' lengths
 * repeat 31 30 31 30 31, that is 153 days in five months.
 */
int64_t fw_days_from_date(int32_t year, unsigned month, unsigned day)
{
    int64_t y = (int64_t)year - (month <= 2);
    int64_t m = month <= 2 ? (int64_t)month + 9 : (int64_t)month - 3;
    int64_t leaps = floor_div(y, 4) - floor_div(y, 100) + floor_div(y, 400);
    return y * 365 + leaps + (153 * m + 2) / 5 + (int64_t)day - 1 - 719468;
}

int64_t fw_date_days(struct fw_date date)
{
    return fw_days_from_date(date.year, date.month, date.day);
}

struct fw_date fw_date_from_days(int64_t days)
{
    int64_t n = days + 719468; /* since 1 March of year 0 */
    int64_t cycle = floor_div(n, 146097);
    int64_t in_cycle = n - cycle * 146097;
    int64_t y = in_cycle * 400 / 146097; /* this year or one too late */
    int64_t start = y * 365 + y / 4 - y / 100;
    while (start > in_cycle) {
        y--;
        start = y * 365 + y / 4 - y / 100;
    }
    while (y < 399 && (y + 1) * 365 + (y + 1) / 4 - (y + 1) / 100 <= in_cycle) {
        y++;
        start = y * 365 + y / 4 - y / 100;
    }
    int64_t in_year = in_cycle - start;
    int64_t m = (in_year * 5 + 2) / 153;
    int64_t day = in_year - (153 * m + 2) / 5 + 1;
    int64_t month = m < 10 ? m + 3 : m - 9;
    int64_t year = cycle * 400 + y + (month <= 2);
    return (struct fw_date){(int32_t)year, (uint8_t)month, (uint8_t)day};
}

bool fw_date_valid(int32_t year, unsigned month, unsigned day)
{
    return month >= 1 && month <= 12 && day >= 1 && day <= month_days(year, month);
}

struct fw_date fw_date_add_months(struct fw_date date, int months)
{
    int64_t count = (int64_t)date.year * 12 + date.month - 1 + months;
    int32_t year = (int32_t)floor_div(count, 12);
    unsigned month = (unsigned)(count - (int64_t)year * 12) + 1;
    unsigned last = month_days(year, month);
    return (struct fw_date){year, (uint8_t)month, (uint8_t)(date.day < last ? date.day : last)};
}

unsigned fw_weekday(int64_t days)
{
    int64_t n = days + 3; /* 1970-01-01 was a Thursday */
    return (unsigned)(n - floor_div(n, 7) * 7);
}

int64_t fw_stamp_seconds(const struct fw_stamp *stamp, int32_t zone_seconds)
{
    int64_t days = fw_days_from_date(stamp->year, stamp->month, stamp->day);
    int64_t clock = stamp->hour * 3600 + stamp->minute * 60 + stamp->second;
    return days * SECS_PER_DAY + clock - (stamp->has_zone ? stamp->zone_seconds : zone_seconds);
}

int64_t fw_stamp_ns(const struct fw_stamp *stamp, int32_t zone_seconds)
{
    return fw_stamp_seconds(stamp, zone_seconds) * FW_NS_PER_SEC + stamp->nanos;
}

/* The digit at p[i], or more than 9. */
static unsigned digit(const char *p, size_t i)
{
    return (unsigned)(unsigned char)p[i] - '0';
}

/* Two digits at p[i], or more than 99. */
static unsigned two(const char *p, size_t i)
{
    unsigned a = digit(p, i);
    unsigned b = digit(p, i + 1);
    return a > 9 || b > 9 ? 1000 : a * 10 + b;
}

/* Four digits, or 0, which no reader accepts as a year. */
static int32_t four(const char *p, size_t i)
{
    unsigned a = two(p, i);
    unsigned b = two(p, i + 2);
    return a > 99 || b > 99 ? 0 : (int32_t)(a * 100 + b);
}

static bool year_ok(int32_t year)
{
    return year >= YEAR_FIRST && year <= YEAR_LAST;
}

/* "14:34:33" at the front of s, then a fraction of up to nine digits if there is one; what follows
 * must not be a letter or digit. Returns the bytes read, 0 when it is no time. */
static size_t read_clock(fw_sv s, struct fw_stamp *stamp)
{
    if (s.n < 8 || s.p[2] != ':' || s.p[5] != ':') {
        return 0;
    }
    unsigned hour = two(s.p, 0);
    unsigned minute = two(s.p, 3);
    unsigned second = two(s.p, 6);
    if (hour > 23 || minute > 59 || second > 60) {
        return 0;
    }
    size_t at = 8;
    uint32_t nanos = 0;
    if (s.n > 9 && s.p[8] == '.' && fw_is_digit(s.p[9])) {
        uint32_t unit = 100000000;
        for (at = 9; at < s.n && fw_is_digit(s.p[at]); at++) {
            if (at == 18) {
                return 0;
            }
            nanos += unit * digit(s.p, at);
            unit /= 10;
        }
    }
    stamp->hour = (uint8_t)hour;
    stamp->minute = (uint8_t)minute;
    stamp->second = (uint8_t)second;
    stamp->nanos = nanos;
    return at;
}

static bool word_goes_on(fw_sv s, size_t at)
{
    return at < s.n && (fw_is_digit(s.p[at]) || fw_is_alpha(s.p[at]));
}

/* "+08:00" or "+0800" at the front of s. Returns the bytes read, or 0. */
static size_t read_offset(fw_sv s, int32_t *ret)
{
    if (s.n < 5 || (s.p[0] != '+' && s.p[0] != '-')) {
        return 0;
    }
    size_t at = s.p[3] == ':' ? 4 : 3;
    if (s.n < at + 2) {
        return 0;
    }
    unsigned hours = two(s.p, 1);
    unsigned minutes = two(s.p, at);
    if (hours > 23 || minutes > 59) {
        return 0;
    }
    int32_t seconds = (int32_t)(hours * 3600 + minutes * 60);
    *ret = s.p[0] == '-' ? -seconds : seconds;
    return at + 2;
}

#define MONTH(a, b, c) ((unsigned)(a) << 16 | (unsigned)(b) << 8 | (unsigned)(c))

/* 1..12 for the English abbreviation at p, in any case; 0 for anything else. */
static unsigned read_month(const char *p)
{
    switch (MONTH((unsigned char)fw_lower(p[0]), (unsigned char)fw_lower(p[1]),
                  (unsigned char)fw_lower(p[2]))) {
    case MONTH('j', 'a', 'n'):
        return 1;
    case MONTH('f', 'e', 'b'):
        return 2;
    case MONTH('m', 'a', 'r'):
        return 3;
    case MONTH('a', 'p', 'r'):
        return 4;
    case MONTH('m', 'a', 'y'):
        return 5;
    case MONTH('j', 'u', 'n'):
        return 6;
    case MONTH('j', 'u', 'l'):
        return 7;
    case MONTH('a', 'u', 'g'):
        return 8;
    case MONTH('s', 'e', 'p'):
        return 9;
    case MONTH('o', 'c', 't'):
        return 10;
    case MONTH('n', 'o', 'v'):
        return 11;
    case MONTH('d', 'e', 'c'):
        return 12;
    default:
        return 0;
    }
}

#undef MONTH

/* "2016 " at s[at]: the year, with at moved behind the blank. */
static bool read_year(fw_sv s, size_t *at, int32_t *ret)
{
    if (s.n < *at + 5 || s.p[*at + 4] != ' ') {
        return false;
    }
    int32_t year = four(s.p, *at);
    if (!year_ok(year)) {
        return false;
    }
    *at += 5;
    *ret = year;
    return true;
}

bool fw_stamp_rfc3164(fw_sv *rest, struct fw_stamp *ret)
{
    fw_sv s = *rest;
    struct fw_stamp stamp = {0};
    size_t at = 0;
    read_year(s, &at, &stamp.year);
    if (s.n < at + 6 || s.p[at + 3] != ' ') {
        return false;
    }
    unsigned month = read_month(s.p + at);
    at += 4;
    if (month == 0) {
        return false;
    }
    /* The day is "8", " 8", "08" or "18". */
    if (s.p[at] == ' ') {
        at++;
    }
    unsigned day = digit(s.p, at++);
    if (day <= 9 && at < s.n && fw_is_digit(s.p[at])) {
        day = day * 10 + digit(s.p, at++);
    }
    if (at >= s.n || s.p[at++] != ' ') {
        return false;
    }
    if (stamp.year == 0) {
        read_year(s, &at, &stamp.year);
    }
    /* Without a year 29 February must be possible. */
    if (!fw_date_valid(stamp.year ? stamp.year : 2000, month, day)) {
        return false;
    }
    size_t n = read_clock(fw_sv_sub(s, at, SIZE_MAX), &stamp);
    if (n == 0 || word_goes_on(s, at + n)) {
        return false;
    }
    stamp.month = (uint8_t)month;
    stamp.day = (uint8_t)day;
    *rest = fw_sv_sub(s, at + n, SIZE_MAX);
    *ret = stamp;
    return true;
}

/* "2026-07-05" or "2026/07/05". */
static bool read_date(fw_sv s, struct fw_stamp *stamp)
{
    if (s.n < 10 || (s.p[4] != '-' && s.p[4] != '/') || s.p[7] != s.p[4]) {
        return false;
    }
    int32_t year = four(s.p, 0);
    unsigned month = two(s.p, 5);
    unsigned day = two(s.p, 8);
    if (!year_ok(year) || !fw_date_valid(year, month, day)) {
        return false;
    }
    stamp->year = year;
    stamp->month = (uint8_t)month;
    stamp->day = (uint8_t)day;
    return true;
}

/* The zone right behind a time, if there is one; what follows must not be a letter or digit. */
static bool read_zone(fw_sv s, size_t *at, struct fw_stamp *stamp)
{
    fw_sv tail = fw_sv_sub(s, *at, SIZE_MAX);
    size_t n = 0;
    if (tail.n > 0 && (tail.p[0] == 'Z' || tail.p[0] == 'z')) {
        n = 1;
    } else {
        n = read_offset(tail, &stamp->zone_seconds);
    }
    stamp->has_zone = n > 0;
    *at += n;
    return !word_goes_on(tail, n);
}

bool fw_stamp_rfc3339(fw_sv *rest, struct fw_stamp *ret)
{
    fw_sv s = *rest;
    struct fw_stamp stamp = {0};
    if (s.n < 19 || !read_date(s, &stamp) || (s.p[10] != 'T' && s.p[10] != ' ' && s.p[10] != 't')) {
        return false;
    }
    size_t n = read_clock(fw_sv_sub(s, 11, SIZE_MAX), &stamp);
    size_t at = 11 + n;
    if (n == 0 || !read_zone(s, &at, &stamp)) {
        return false;
    }
    *rest = fw_sv_sub(s, at, SIZE_MAX);
    *ret = stamp;
    return true;
}

/* "2026-07-05T10:00", as people type it. */
static bool read_minutes(fw_sv s, struct fw_stamp *ret)
{
    char full[32];
    if (s.n < 16 || s.n > 22 || (s.n > 16 && (s.p[16] == ':' || s.p[16] == '.'))) {
        return false;
    }
    memcpy(full, s.p, 16);
    memcpy(full + 16, ":00", 3);
    memcpy(full + 19, s.p + 16, s.n - 16);
    fw_sv rest = fw_sv_of(full, s.n + 3);
    struct fw_stamp stamp;
    if (!fw_stamp_rfc3339(&rest, &stamp) || rest.n > 0) {
        return false;
    }
    *ret = stamp;
    return true;
}

bool fw_time_parse(fw_sv text, int32_t zone_seconds, bool end_of_day, int64_t *ret_ns)
{
    struct fw_stamp stamp = {0};
    if (text.n == 10 && read_date(text, &stamp)) {
        if (end_of_day) {
            stamp.hour = 23;
            stamp.minute = 59;
            stamp.second = 59;
            stamp.nanos = 999999999;
        }
    } else {
        fw_sv rest = text;
        if (!read_minutes(text, &stamp) && (!fw_stamp_rfc3339(&rest, &stamp) || rest.n > 0)) {
            return false;
        }
    }
    *ret_ns = fw_stamp_ns(&stamp, zone_seconds);
    return true;
}

struct zone {
    const char *name;
    int32_t minutes;
};

/* Zones that have one offset all year, and no name with two meanings: "CST" is China's, Taiwan's
 * and Chicago's time, "IST" India's and Ireland's. */
static const struct zone zones[] = {
    {"Asia/Bangkok", 420},
    {"Asia/Dubai", 240},
    {"Asia/Ho_Chi_Minh", 420},
    {"Asia/Hong_Kong", 480},
    {"Asia/Jakarta", 420},
    {"Asia/Kolkata", 330},
    {"Asia/Kuala_Lumpur", 480},
    {"Asia/Macau", 480},
    {"Asia/Manila", 480},
    {"Asia/Seoul", 540},
    {"Asia/Shanghai", 480},
    {"Asia/Singapore", 480},
    {"Asia/Taipei", 480},
    {"Asia/Tokyo", 540},
    {"Etc/GMT", 0},
    {"Etc/UTC", 0},
    {"GMT", 0},
    {"HKT", 480},
    {"Hongkong", 480},
    {"JST", 540},
    {"Japan", 540},
    {"KST", 540},
    {"PRC", 480},
    {"ROC", 480},
    {"ROK", 540},
    {"SGT", 480},
    {"Singapore", 480},
    {"UTC", 0},
    {"Z", 0},
    {"Zulu", 0},
};

/* "+8", "-03" */
static bool read_hours(fw_sv text, int32_t *ret)
{
    uint32_t hours;
    if (text.n < 2 || text.n > 3 || (text.p[0] != '+' && text.p[0] != '-') ||
        !fw_sv_u32(fw_sv_sub(text, 1, SIZE_MAX), 23, &hours)) {
        return false;
    }
    int32_t seconds = (int32_t)hours * 3600;
    *ret = text.p[0] == '-' ? -seconds : seconds;
    return true;
}

bool fw_zone_parse(fw_sv text, int32_t *ret_seconds)
{
    for (size_t i = 0; i < sizeof(zones) / sizeof(zones[0]); i++) {
        if (fw_sv_is_nocase(text, zones[i].name)) {
            *ret_seconds = zones[i].minutes * 60;
            return true;
        }
    }
    fw_sv offset = text;
    if (fw_sv_starts_nocase(text, "UTC") || fw_sv_starts_nocase(text, "GMT")) {
        offset = fw_sv_sub(text, 3, SIZE_MAX);
    }
    int32_t seconds;
    size_t n = read_offset(offset, &seconds);
    if ((n == 0 || n != offset.n) && !read_hours(offset, &seconds)) {
        return false;
    }
    *ret_seconds = seconds;
    return true;
}

static char *put_two(char *at, unsigned value)
{
    *at++ = (char)('0' + value / 10 % 10);
    *at++ = (char)('0' + value % 10);
    return at;
}

/* "2026-07-05T01:02:03": every event that is printed has one, so its digits are not left to
 * printf. Nanoseconds in 64 bits end in the year 2262, so four digits of year do. */
static void add_clock(struct fw_buf *buf, int64_t seconds)
{
    int64_t days = floor_div(seconds, SECS_PER_DAY);
    unsigned clock = (unsigned)(seconds - days * SECS_PER_DAY);
    struct fw_date date = fw_date_from_days(days);
    char text[19];
    char *at = put_two(text, (unsigned)date.year / 100);
    at = put_two(at, (unsigned)date.year % 100);
    *at++ = '-';
    at = put_two(at, date.month);
    *at++ = '-';
    at = put_two(at, date.day);
    *at++ = 'T';
    at = put_two(at, clock / 3600);
    *at++ = ':';
    at = put_two(at, clock / 60 % 60);
    *at++ = ':';
    at = put_two(at, clock % 60);
    fw_buf_add(buf, fw_sv_of(text, sizeof(text)));
}

void fw_time_text(struct fw_buf *buf, int64_t ns)
{
    int64_t seconds = floor_div(ns, FW_NS_PER_SEC);
    int64_t rest = ns % FW_NS_PER_SEC;
    unsigned nanos = (unsigned)(rest < 0 ? rest + FW_NS_PER_SEC : rest);
    add_clock(buf, seconds);
    if (nanos % 1000 != 0) {
        fw_buf_printf(buf, ".%09u", nanos);
    } else if (nanos % 1000000 != 0) {
        fw_buf_printf(buf, ".%06u", nanos / 1000);
    } else if (nanos != 0) {
        fw_buf_printf(buf, ".%03u", nanos / 1000000);
    }
    fw_buf_add_char(buf, 'Z');
}

void fw_time_text_zone(struct fw_buf *buf, int64_t ns, int32_t zone_seconds)
{
    int32_t minutes = zone_seconds / 60;
    char sign = minutes < 0 ? '-' : '+';
    unsigned size = (unsigned)(minutes < 0 ? -minutes : minutes);
    add_clock(buf, floor_div(ns, FW_NS_PER_SEC) + (int64_t)minutes * 60);
    fw_buf_printf(buf, "%c%02u:%02u", sign, size / 60, size % 60);
}

void fw_date_text(struct fw_buf *buf, struct fw_date date)
{
    fw_buf_printf(buf, "%04" PRId32 "-%02u-%02u", date.year, date.month, date.day);
}

fw_sv fw_date_keep(struct fw_arena *arena, struct fw_date date)
{
    return fw_arena_printf(arena, "%04" PRId32 "-%02u-%02u", date.year, date.month, date.day);
}

void fw_date_text_roc(struct fw_buf *buf, struct fw_date date)
{
    if (date.year > 1911) {
        fw_buf_printf(buf, "%" PRId32, date.year - 1911);
    } else { /* there is no year 0: 1911 is the first year before */
        fw_buf_printf(buf, "民國前%" PRId32, 1912 - date.year);
    }
    fw_buf_printf(buf, "年%u月%u日", date.month, date.day);
}

/* The two largest units that are not zero apart from rounding down; hours go up to 47, so that
 * "31 h" is not hidden behind "1 d". */
void fw_duration_text(struct fw_buf *buf, int64_t seconds)
{
    static const struct {
        const char *name;
        const char *minor_name;
        uint64_t from, unit, minor;
    } steps[] = {
        {"d", "h", 48 * 3600, SECS_PER_DAY, 3600},
        {"h", "min", 3600, 3600, 60},
        {"min", "s", 60, 60, 1},
    };
    uint64_t size = seconds < 0 ? 0 - (uint64_t)seconds : (uint64_t)seconds;
    if (seconds < 0) {
        fw_buf_add_char(buf, '-');
    }
    for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
        if (size >= steps[i].from) {
            uint64_t minor = size % steps[i].unit / steps[i].minor;
            fw_buf_printf(buf, "%" PRIu64 " %s", size / steps[i].unit, steps[i].name);
            if (minor > 0) {
                fw_buf_printf(buf, " %" PRIu64 " %s", minor, steps[i].minor_name);
            }
            return;
        }
    }
    fw_buf_printf(buf, "%" PRIu64 " s", size);
}

int64_t fw_day_of(int64_t ns, int32_t zone_seconds)
{
    int64_t seconds = floor_div(ns, FW_NS_PER_SEC) + zone_seconds;
    return floor_div(seconds, SECS_PER_DAY);
}

struct fw_date fw_date_of(int64_t ns, int32_t zone_seconds)
{
    return fw_date_from_days(fw_day_of(ns, zone_seconds));
}
