/* File-local time and its way to UTC: turns of the year, leap days, anchors. */
#include <check.h>

#include "analyzers/logs/axis.h"
#include "analyzers/logs/resolve.h"
#include "tests/unit/suites.h"

static struct fw_stamp md(unsigned month, unsigned day, unsigned hour)
{
    return (struct fw_stamp){.month = (uint8_t)month, .day = (uint8_t)day, .hour = (uint8_t)hour};
}

static int64_t utc(const char *text)
{
    int64_t ns;
    ck_assert(fw_time_parse(fw_sv_from(text), 0, false, &ns));
    return ns;
}

START_TEST(turns)
{
    static const struct {
        unsigned month, day;
        int step;
    } cases[] = {{11, 30, 0}, {12, 31, 0}, {1, 1, 1},  {12, 31, 0}, {1, 1, 1},
                 {2, 29, 1},  {6, 1, 1},   {12, 1, 1}, {1, 5, 2}};
    struct fw_year_turns t = {0};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct fw_stamp stamp = md(cases[i].month, cases[i].day, 3);
        int64_t time;
        ck_assert(fw_axis_time(&stamp, &t, &time));
        struct fw_axis_date d = fw_axis_date_of(time);
        ck_assert_int_eq(d.step, cases[i].step);
        ck_assert_uint_eq(d.month, cases[i].month);
        ck_assert_uint_eq(d.day, cases[i].day);
        ck_assert_int_eq(d.clock_ns, 3 * FW_NS_PER_HOUR);
    }
}
END_TEST

/* However often a file turns the year, differences stay within 64 bits. */
START_TEST(steps_are_bounded)
{
    struct fw_year_turns t = {0};
    int64_t low = INT64_MAX;
    int64_t high = INT64_MIN;
    for (int i = 0; i < 4000; i++) {
        static const unsigned up[] = {1, 5, 9};
        static const unsigned down[] = {9, 5, 1};
        struct fw_stamp stamp = md(i < 2000 ? up[i % 3] : down[i % 3], 1, 0);
        int64_t time;
        ck_assert(fw_axis_time(&stamp, &t, &time));
        low = time < low ? time : low;
        high = time > high ? time : high;
    }
    ck_assert_int_gt(high / FW_NS_PER_DAY - low / FW_NS_PER_DAY, 280 * 365);
    ck_assert(high <= INT64_MAX + (low < 0 ? low : 0));
}
END_TEST

START_TEST(before_1970)
{
    struct fw_stamp stamp = {.year = 1969, .month = 12, .day = 31};
    int64_t time;
    ck_assert(!fw_axis_time(&stamp, NULL, &time));
    stamp.year = 1970;
    stamp.month = 1;
    stamp.day = 1;
    ck_assert(fw_axis_time(&stamp, NULL, &time));
    ck_assert_int_eq(time, 0);
}
END_TEST

/* A part from its first to its last stamp, both without a year. */
static struct fw_summary_part part_of(struct fw_stamp first, struct fw_stamp last)
{
    static struct fw_hour_count hours[2];
    struct fw_year_turns t = {0};
    struct fw_summary_part part = {.events = 2, .nhours = 2, .hours = hours};
    ck_assert(fw_axis_time(&first, &t, &part.first));
    ck_assert(fw_axis_time(&last, &t, &part.last));
    hours[0] = (struct fw_hour_count){fw_axis_hour(part.first), 1, part.first, part.first};
    hours[1] = (struct fw_hour_count){fw_axis_hour(part.last), 1, part.last, part.last};
    return part;
}

START_TEST(years)
{
    static const struct {
        unsigned first[2], last[2];
        const char *name, *gzip, *mtime, *as_of, *next;
        const char *from;
        enum fw_year_basis basis;
    } cases[] = {
        /* the file's time is after its last event */
        {{6, 1}, {6, 2}, NULL, NULL, "2026-06-03", NULL, NULL, "2026-06-01", FW_YEAR_MTIME},
        {{6, 1}, {6, 2}, NULL, NULL, "2026-05-03", NULL, NULL, "2025-06-01", FW_YEAR_MTIME},
        /* a name outweighs the time of a copy, the gzip header too */
        {{6, 1},
         {6, 2},
         "fw.log-20240603.gz",
         NULL,
         "2026-06-03",
         NULL,
         NULL,
         "2024-06-01",
         FW_YEAR_NAME},
        {{6, 1},
         {6, 2},
         "fw.log.1.gz",
         "2023-06-03",
         "2026-06-03",
         NULL,
         NULL,
         "2023-06-01",
         FW_YEAR_GZIP},
        /* over New Year */
        {{12, 31}, {1, 1}, "fw-2026-01-01.log", NULL, NULL, NULL, NULL, "2025-12-31", FW_YEAR_NAME},
        {{12, 31}, {1, 1}, "fw-2025-12-31.log", NULL, NULL, NULL, NULL, "2025-12-31", FW_YEAR_NAME},
        /* rotated at midnight, named after the day that ends */
        {{7, 4}, {7, 5}, "fw-2026.07.04", NULL, NULL, NULL, NULL, "2026-07-04", FW_YEAR_NAME},
        /* never after the audit or the next member of the rotation */
        {{6, 1}, {6, 2}, NULL, NULL, "2026-06-03", "2026-01-10", NULL, "2025-06-01", FW_YEAR_MTIME},
        {{6, 1}, {6, 2}, NULL, NULL, "2026-06-03", NULL, "2025-06-01", "2025-06-01", FW_YEAR_MTIME},
        {{6, 1}, {6, 2}, NULL, NULL, NULL, "2026-07-05", NULL, "2026-06-01", FW_YEAR_AS_OF},
        {{6, 1}, {6, 2}, NULL, NULL, NULL, NULL, "2026-07-05", "2026-06-01", FW_YEAR_NEXT},
        /* 29 February needs a leap year */
        {{2, 28}, {2, 29}, NULL, NULL, "2027-06-03", NULL, NULL, "2024-02-28", FW_YEAR_MTIME},
        {{6, 1}, {6, 2}, "no date 12345678", NULL, NULL, NULL, NULL, NULL, FW_YEAR_NONE},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct fw_summary_part part = part_of(md(cases[i].first[0], cases[i].first[1], 0),
                                              md(cases[i].last[0], cases[i].last[1], 0));
        struct fw_anchors a;
        struct fw_resolution res;
        fw_anchors_init(&a);
        if (cases[i].name) {
            fw_anchors_name(&a, fw_sv_from(cases[i].name));
        }
        a.gzip_ns = cases[i].gzip ? utc(cases[i].gzip) : INT64_MIN;
        a.mtime_ns = cases[i].mtime ? utc(cases[i].mtime) : INT64_MIN;
        a.as_of_ns = cases[i].as_of ? utc(cases[i].as_of) : INT64_MIN;
        a.not_after_ns = cases[i].next ? utc(cases[i].next) : INT64_MIN;
        fw_resolve(&part, &a, &res);
        ck_assert_msg(res.basis == cases[i].basis, "case %zu: basis %s", i,
                      fw_year_basis_name(res.basis));
        if (cases[i].from) {
            ck_assert_msg(fw_resolve_time(&res, part.first) == utc(cases[i].from), "case %zu: %d",
                          i, res.base_year);
            ck_assert_uint_eq(res.assumed, FW_ASSUMED_YEAR | FW_ASSUMED_ZONE);
        }
    }
}
END_TEST

START_TEST(zones)
{
    struct fw_summary_part part = {.axis = {true, false, 0}, .first = utc("2026-07-05T10:00:00Z")};
    struct fw_anchors a;
    struct fw_resolution res;
    fw_anchors_init(&a);
    a.has_zone = true;
    a.zone_seconds = 8 * 3600;
    fw_resolve(&part, &a, &res);
    ck_assert_int_eq(res.basis, FW_YEAR_STAMP);
    ck_assert_uint_eq(res.assumed, FW_ASSUMED_ZONE);
    ck_assert_int_eq(fw_resolve_time(&res, part.first), utc("2026-07-05T02:00:00Z"));
    part.axis.has_zone = true;
    fw_resolve(&part, &a, &res);
    ck_assert_uint_eq(res.assumed, 0);
    ck_assert_int_eq(fw_resolve_time(&res, part.first), part.first);
    /* a zone without a year */
    struct fw_summary_part yearless = part_of(md(7, 5, 10), md(7, 5, 11));
    yearless.axis = (struct fw_axis){false, true, 2 * 3600};
    a.mtime_ns = utc("2026-07-06");
    fw_resolve(&yearless, &a, &res);
    ck_assert_uint_eq(res.assumed, FW_ASSUMED_YEAR);
    ck_assert_int_eq(fw_resolve_time(&res, yearless.first), utc("2026-07-05T08:00:00Z"));
}
END_TEST

START_TEST(names)
{
    static const struct {
        const char *name, *last;
    } cases[] = {
        {"fw.log-20260705.gz", "2026-07-05"},
        {"2026-07-05.log", "2026-07-05"},
        {"asa_2026_07_05.txt", "2026-07-05"},
        {"fw.2026.07.05", "2026-07-05"},
        {"fw-20260705T0315.gz", "2026-07-05"},
        {"fw-202607050315.gz", "2026-07-05"},
        {"2025-01-01/fw-2026-07-05", "2026-07-05"},
        {"fw-12345678.log", NULL},
        {"fw-20261305.log", NULL},
        {"fw-2026070512345.log", NULL},
        {"fw.log.1", NULL},
        {"", NULL},
        {"2026-07", NULL},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct fw_anchors a;
        fw_anchors_init(&a);
        bool found = fw_anchors_name(&a, fw_sv_from(cases[i].name));
        ck_assert_msg(found == (cases[i].last != NULL), "%s", cases[i].name);
        if (found) {
            ck_assert_msg(a.name_ns == utc(cases[i].last) + FW_NS_PER_DAY - 1, "%s", cases[i].name);
        }
    }
}
END_TEST

Suite *fw_suite_axis(void)
{
    Suite *suite = suite_create("axis");
    TCase *tc = tcase_create("time");
    tcase_add_test(tc, turns);
    tcase_add_test(tc, steps_are_bounded);
    tcase_add_test(tc, before_1970);
    tcase_add_test(tc, years);
    tcase_add_test(tc, zones);
    tcase_add_test(tc, names);
    suite_add_tcase(suite, tc);
    return suite;
}
