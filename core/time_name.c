/* When was a file made, by its name: fw01-2026-04-01.conf, status_20260401T0930.txt? */
#include "core/time.h"

static bool digits_at(fw_sv name, size_t at, size_t n, uint32_t *ret)
{
    return at + n <= name.n && fw_sv_u32(fw_sv_sub(name, at, n), 99991231, ret);
}

/* A date that begins here: 2026-04-01, 2026_04_01 or 20260401, not inside a longer number. */
static size_t date_at(fw_sv name, size_t at, struct fw_date *ret)
{
    uint32_t year;
    uint32_t month;
    uint32_t day;
    if ((at > 0 && fw_is_digit(name.p[at - 1])) || !digits_at(name, at, 4, &year)) {
        return 0;
    }
    size_t gap = at + 4 < name.n && (name.p[at + 4] == '-' || name.p[at + 4] == '_') ? 1 : 0;
    size_t n = 8 + 2 * gap;
    bool good = digits_at(name, at + 4 + gap, 2, &month) &&
                digits_at(name, at + 6 + 2 * gap, 2, &day) &&
                (gap == 0 || name.p[at + 7] == name.p[at + 4]) && year >= 1990 && year < 2200 &&
                fw_date_valid((int32_t)year, month, day);
    if (!good) {
        return 0;
    }
    *ret = (struct fw_date){(int32_t)year, (uint8_t)month, (uint8_t)day};
    return n;
}

/* A time of day behind the date: -0930, T093015, _09-30-15; 0 when there is none. */
static int64_t clock_at(fw_sv name, size_t at)
{
    static const uint32_t most[] = {23, 59, 59};
    int64_t seconds = 0;
    size_t parts = 0;
    at++;
    for (; parts < 3; parts++) {
        uint32_t value;
        if (!digits_at(name, at, 2, &value) || value > most[parts]) {
            break;
        }
        seconds = seconds * 60 + value;
        at += 2;
        at += at < name.n && (name.p[at] == '-' || name.p[at] == ':') ? 1 : 0;
    }
    bool whole = parts >= 2 && (at >= name.n || !fw_is_digit(name.p[at]));
    return !whole ? 0 : parts == 3 ? seconds : seconds * 60;
}

int64_t fw_time_in_name(fw_sv name, int32_t zone_seconds)
{
    for (size_t i = 0; i < name.n; i++) {
        struct fw_date date;
        size_t n = date_at(name, i, &date);
        if (n == 0) {
            continue;
        }
        bool longer = i + n < name.n && fw_is_digit(name.p[i + n]);
        if (!longer) {
            int64_t days = fw_date_days(date);
            int64_t seconds = days * 86400 - zone_seconds + clock_at(name, i + n);
            return seconds * FW_NS_PER_SEC;
        }
    }
    return INT64_MIN;
}
