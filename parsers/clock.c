/* How do time services and devices write numbers, times and lists of fields? */
#include "parsers/clock.h"

#include <math.h>

void fw_clock_begin(struct fw_clock_record *record, const char *what)
{
    record->what = what;
    record->span = (fw_span){0};
    record->has_stamp = false;
    record->peer = false;
    record->chosen = false;
    record->sync = FW_CLOCK_UNSAID;
    record->has_offset = false;
    record->offset_ns = 0;
    record->server = (fw_sv){0};
    record->nfields = 0;
}

void fw_clock_put(struct fw_clock_record *record, const char *name, fw_sv text)
{
    if (name[0] != '\0' && record->nfields < FW_CLOCK_FIELDS) {
        record->fields[record->nfields++] = (struct fw_clock_field){fw_sv_from(name), text};
    }
}

fw_sv fw_clock_get(const struct fw_clock_record *record, const char *name)
{
    for (size_t i = 0; i < record->nfields; i++) {
        if (fw_sv_is(record->fields[i].name, name)) {
            return record->fields[i].text;
        }
    }
    return (fw_sv){0};
}

/* Digits with at most one point in them; the rest of the text stays in *rest. */
static bool cut_decimal(fw_sv *rest, double *ret)
{
    double value = 0;
    double scale = 1;
    bool point = false;
    size_t digits = 0;
    size_t i = 0;
    for (; i < rest->n && i < 40; i++) {
        char c = rest->p[i];
        if (c == '.' && !point) {
            point = true;
        } else if (fw_is_digit(c)) {
            value = value * 10 + (c - '0');
            scale *= point ? 10 : 1;
            digits++;
        } else {
            break;
        }
    }
    *rest = fw_sv_sub(*rest, i, SIZE_MAX);
    *ret = value / scale;
    return digits > 0;
}

static bool cut_sign(fw_sv *rest)
{
    bool minus = rest->n > 0 && rest->p[0] == '-';
    if (minus || (rest->n > 0 && rest->p[0] == '+')) {
        *rest = fw_sv_sub(*rest, 1, SIZE_MAX);
    }
    return minus;
}

/* A hundred years fit; what is longer is no offset of a clock. */
static bool to_ns(double value, int64_t *ret_ns)
{
    if (!(fabs(value) < 3.2e18)) {
        return false;
    }
    *ret_ns = llround(value);
    return true;
}

bool fw_clock_number(fw_sv text, double unit_ns, int64_t *ret_ns)
{
    double value;
    bool minus = cut_sign(&text);
    if (!cut_decimal(&text, &value)) {
        return false;
    }
    if (text.n > 0 && (text.p[0] == 'e' || text.p[0] == 'E')) {
        uint32_t exponent;
        text = fw_sv_sub(text, 1, SIZE_MAX);
        bool small = cut_sign(&text);
        if (!fw_sv_u32(text, 99, &exponent)) {
            return false;
        }
        value *= pow(10, small ? -(double)exponent : (double)exponent);
        text.n = 0;
    }
    return text.n == 0 && to_ns((minus ? -value : value) * unit_ns, ret_ns);
}

bool fw_clock_quantity(fw_sv text, int64_t *ret_ns)
{
    static const struct {
        const char *name;
        double ns;
    } units[] = {
        {"ns", 1},        {"us", 1e3},   {"usec", 1e3},  {"ms", 1e6},
        {"msec", 1e6},    {"s", 1e9},    {"sec", 1e9},   {"m", 60e9},
        {"seconds", 1e9}, {"h", 3600e9}, {"d", 86400e9}, {"y", 31557600e9},
    };
    double value;
    bool minus = cut_sign(&text);
    if (!cut_decimal(&text, &value)) {
        return false;
    }
    text = fw_sv_trim(text);
    for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
        if (fw_sv_is(text, units[i].name)) {
            return to_ns((minus ? -value : value) * units[i].ns, ret_ns);
        }
    }
    return false;
}

bool fw_clock_time_of_day(fw_sv word, struct fw_stamp *ret)
{
    static const uint32_t most[] = {23, 59, 60};
    uint32_t value[3];
    fw_sv part;
    fw_sv seconds = word;
    for (size_t i = 0; i < 2; i++) {
        if (!fw_sv_split(&seconds, ':', &part) || part.n == 0 || part.n > 2 ||
            !fw_sv_u32(part, most[i], &value[i])) {
            return false;
        }
    }
    if (!fw_sv_split(&seconds, '.', &part) || part.n != 2 || !fw_sv_u32(part, most[2], &value[2])) {
        return false;
    }
    uint64_t nanos = 0;
    if (seconds.n > 0) {
        uint64_t scale = 1;
        fw_sv fraction = fw_sv_sub(seconds, 0, 9);
        if (!fw_sv_u64(fraction, &nanos)) {
            return false;
        }
        for (size_t i = fraction.n; i < 9; i++) {
            scale *= 10;
        }
        nanos *= scale;
    }
    ret->hour = (uint8_t)value[0];
    ret->minute = (uint8_t)value[1];
    ret->second = (uint8_t)value[2];
    ret->nanos = (uint32_t)nanos;
    return true;
}

/* "Nov", "november": 11; 0: no month. */
static unsigned month_of(fw_sv word)
{
    static const char names[] = "janfebmaraprmayjunjulaugsepoctnovdec";
    if (word.n < 3) {
        return 0;
    }
    for (unsigned i = 0; i < 12; i++) {
        const char *name = names + (size_t)i * 3;
        if (fw_lower(word.p[0]) == name[0] && fw_lower(word.p[1]) == name[1] &&
            fw_lower(word.p[2]) == name[2]) {
            return i + 1;
        }
    }
    return 0;
}

static bool set_date(struct fw_stamp *stamp, uint32_t year, uint32_t month, uint32_t day)
{
    if (year < 1970 || year > 2261 || !fw_date_valid((int32_t)year, month, day)) {
        return false;
    }
    stamp->year = (int32_t)year;
    stamp->month = (uint8_t)month;
    stamp->day = (uint8_t)day;
    return true;
}

/* "2020-03-10", "01/08/2011" (month first), "jul/21/2023" */
static bool take_date(fw_sv word, struct fw_stamp *stamp)
{
    fw_sv part[3];
    fw_sv rest = word;
    uint32_t n[3] = {0, 0, 0};
    char gap = fw_sv_find_char(word, '/') != SIZE_MAX ? '/' : '-';
    for (size_t i = 0; i < 3; i++) {
        if (!fw_sv_split(&rest, gap, &part[i])) {
            return false;
        }
        fw_sv_u32(part[i], 9999, &n[i]);
    }
    if (rest.n > 0) {
        return false;
    }
    if (n[0] >= 1970) {
        return set_date(stamp, n[0], n[1], n[2]);
    }
    return set_date(stamp, n[2], n[0] > 0 ? n[0] : month_of(part[0]), n[1]);
}

static bool take_zone(fw_sv word, struct fw_stamp *stamp)
{
    bool utc = fw_sv_is(word, "UTC") || fw_sv_is(word, "GMT") || fw_sv_is(word, "Z");
    bool number = word.n >= 5 && (word.p[0] == '+' || word.p[0] == '-');
    if (utc) {
        stamp->zone_seconds = 0;
    } else if (!number || !fw_zone_parse(word, &stamp->zone_seconds)) {
        return false;
    }
    stamp->has_zone = true;
    return true;
}

bool fw_clock_stamp(fw_sv text, struct fw_stamp *ret)
{
    struct fw_stamp stamp = {0};
    bool timed = false;
    uint32_t year = 0;
    uint32_t day = 0;
    unsigned month = 0;
    uint32_t number;
    fw_sv word;
    for (int i = 0; i < 8 && fw_sv_word(&text, &word); i++) {
        while (word.n > 0 && (word.p[word.n - 1] == ',' || word.p[word.n - 1] == ')')) {
            word.n--;
        }
        if (!timed && fw_clock_time_of_day(word, &stamp)) {
            timed = true;
        } else if (stamp.year == 0 && take_date(word, &stamp)) {
            continue;
        } else if (fw_sv_u32(word, 2261, &number)) {
            day = number <= 31 && day == 0 ? number : day;
            year = number >= 1970 ? number : year;
        } else if (!take_zone(word, &stamp) && month == 0) {
            month = month_of(word);
        }
    }
    if (!timed || (stamp.year == 0 && !set_date(&stamp, year, month, day))) {
        return false;
    }
    *ret = stamp;
    return true;
}
