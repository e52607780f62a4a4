/* How the year and zone of a file's stamps are found. */
#include "analyzers/logs/resolve.h"

#include "core/walk.h"

/* A stamp may lie this much after its anchor: zones differ by a day at most, and a rotation that
 * runs at midnight names the file after the day that begins. */
#define SLACK_NS (2 * FW_NS_PER_DAY)

void fw_anchors_init(struct fw_anchors *anchors)
{
    *anchors = (struct fw_anchors){.name_ns = INT64_MIN,
                                   .gzip_ns = INT64_MIN,
                                   .mtime_ns = INT64_MIN,
                                   .as_of_ns = INT64_MIN,
                                   .not_after_ns = INT64_MIN};
}

/* "20260705", "2026-07-05", "2026.07.05", "2026_07_05" at the front. */
static bool read_date(fw_sv s, struct fw_date *ret)
{
    static const size_t lengths[] = {4, 2, 2};
    unsigned part[3] = {0};
    size_t at = 0;
    char separator = s.n > 4 && !fw_is_digit(s.p[4]) ? s.p[4] : '\0';
    if (separator && separator != '-' && separator != '.' && separator != '_') {
        return false;
    }
    for (size_t i = 0; i < 3; i++) {
        if (i > 0 && separator && (at >= s.n || s.p[at++] != separator)) {
            return false;
        }
        for (size_t k = 0; k < lengths[i]; k++) {
            if (at >= s.n || !fw_is_digit(s.p[at])) {
                return false;
            }
            part[i] = part[i] * 10 + (unsigned)(s.p[at++] - '0');
        }
    }
    /* Eight digits that go on are a serial number, unless they are a date with a time: yyyymmddhh,
     * yyyymmddhhmm, yyyymmddhhmmss. */
    size_t more = 0;
    while (at + more < s.n && fw_is_digit(s.p[at + more])) {
        more++;
    }
    if (more % 2 != 0 || more > 6 || part[0] < 1990 || part[0] > 2199 ||
        !fw_date_valid((int32_t)part[0], part[1], part[2])) {
        return false;
    }
    *ret = (struct fw_date){(int32_t)part[0], (uint8_t)part[1], (uint8_t)part[2]};
    return true;
}

bool fw_anchors_name(struct fw_anchors *anchors, fw_sv file_name)
{
    bool found = false;
    struct fw_date date;
    for (size_t i = 0; i < file_name.n; i++) {
        bool starts = fw_is_digit(file_name.p[i]) && (i == 0 || !fw_is_digit(file_name.p[i - 1]));
        if (starts && read_date(fw_sv_sub(file_name, i, SIZE_MAX), &date)) {
            int64_t days = fw_days_from_date(date.year, date.month, date.day);
            anchors->name_ns = (days + 1) * FW_NS_PER_DAY - 1;
            found = true;
        }
    }
    return found;
}

void fw_anchors_file(struct fw_anchors *anchors, fw_sv path, const struct fw_source_info *info,
                     bool use_mtime)
{
    fw_anchors_name(anchors, fw_path_name(path));
    if (info->gzip_mtime != 0) {
        anchors->gzip_ns = (int64_t)info->gzip_mtime * FW_NS_PER_SEC;
    }
    if (use_mtime && info->mtime_ns != 0) {
        anchors->mtime_ns = info->mtime_ns;
    }
}

const char *fw_year_basis_name(enum fw_year_basis basis)
{
    static const char *const names[FW_YEAR_COUNT] = {
        [FW_YEAR_STAMP] = "stamp",      [FW_YEAR_NAME] = "file name",
        [FW_YEAR_GZIP] = "gzip header", [FW_YEAR_MTIME] = "file time",
        [FW_YEAR_AS_OF] = "audit date", [FW_YEAR_NEXT] = "rotation",
        [FW_YEAR_NONE] = "nothing",
    };
    return names[basis];
}

int64_t fw_resolve_time(const struct fw_resolution *res, int64_t time)
{
    int64_t zone = res->zone_seconds * FW_NS_PER_SEC;
    if (res->axis.has_year) {
        return time - zone;
    }
    struct fw_axis_date d = fw_axis_date_of(time);
    /* 29 February in a year that has none is the day after the 28th. */
    int64_t days = fw_days_from_date(res->base_year + d.step, d.month, d.day);
    return days * FW_NS_PER_DAY + d.clock_ns - zone;
}

static bool has_leap_day(const struct fw_summary_part *part, int32_t *ret_step)
{
    for (size_t i = 0; i < part->nhours; i++) {
        struct fw_axis_date d = fw_axis_date_of(part->hours[i].first);
        if (d.month == 2 && d.day == 29) {
            *ret_step = d.step;
            return true;
        }
    }
    return false;
}

struct anchor {
    enum fw_year_basis basis;
    int64_t ns;
};

static struct anchor pick_anchor(const struct fw_anchors *a)
{
    const struct anchor all[] = {{FW_YEAR_NAME, a->name_ns},
                                 {FW_YEAR_GZIP, a->gzip_ns},
                                 {FW_YEAR_MTIME, a->mtime_ns},
                                 {FW_YEAR_AS_OF, a->as_of_ns},
                                 {FW_YEAR_NEXT, a->not_after_ns}};
    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
        if (all[i].ns != INT64_MIN) {
            return all[i];
        }
    }
    return (struct anchor){FW_YEAR_NONE, INT64_MIN};
}

static int64_t earlier(int64_t bound, int64_t other)
{
    return other != INT64_MIN && other < bound ? other : bound;
}

static void find_year(const struct fw_summary_part *part, const struct fw_anchors *anchors,
                      struct fw_resolution *res)
{
    struct anchor anchor = pick_anchor(anchors);
    res->basis = anchor.basis;
    if (anchor.basis == FW_YEAR_NONE) {
        return;
    }
    res->assumed |= FW_ASSUMED_YEAR;
    int64_t bound = earlier(earlier(anchor.ns, anchors->as_of_ns), anchors->not_after_ns);
    /* Between 1970 and 2255 all that follows stays within 64 bits of nanoseconds. */
    static const int64_t most = INT64_C(9000000000) * FW_NS_PER_SEC;
    bound = bound < 0 ? 0 : bound > most ? most : bound;
    res->base_year = fw_date_of(bound, 0).year + 1 - fw_axis_date_of(part->last).step;
    int32_t leap_step;
    bool leap = has_leap_day(part, &leap_step);
    /* A leap year is at most eight years back (1896 to 1904). */
    for (int tries = 0; tries < 12; tries++, res->base_year--) {
        if (fw_resolve_time(res, part->last) <= bound + SLACK_NS &&
            (!leap || fw_date_valid(res->base_year + leap_step, 2, 29))) {
            return;
        }
    }
    res->basis = FW_YEAR_NONE;
}

void fw_resolve(const struct fw_summary_part *part, const struct fw_anchors *anchors,
                struct fw_resolution *ret)
{
    struct fw_resolution res = {.axis = part->axis, .basis = FW_YEAR_STAMP};
    if (!part->axis.has_zone) {
        res.zone_seconds = anchors->has_zone ? anchors->zone_seconds : 0;
        res.assumed |= FW_ASSUMED_ZONE;
    } else if (!part->axis.has_year) {
        res.zone_seconds = part->axis.zone_seconds;
    }
    if (!part->axis.has_year) {
        find_year(part, anchors, &res);
    }
    *ret = res;
}

bool fw_resolve_stamp(const struct fw_resolution *res, const struct fw_stamp *stamp,
                      struct fw_year_turns *turns, int64_t *ret_ns)
{
    int64_t time;
    if (res->basis == FW_YEAR_NONE || !fw_axis_time(stamp, turns, &time)) {
        return false;
    }
    *ret_ns = fw_resolve_time(res, time);
    return true;
}
