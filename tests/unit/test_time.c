/* Tests of core/time.h. */
#include "core/time.h"

#include "tests/unit/suites.h"

static void check_text(int64_t ns, const char *want)
{
    struct fw_buf buf;
    fw_buf_init(&buf);
    fw_time_text(&buf, ns);
    ck_assert_str_eq(buf.p, want);
    fw_buf_clear(&buf);
}

START_TEST(rfc3164)
{
    static const struct {
        const char *in, *rest;
        int year;
        unsigned month, day, hour, minute, second, nanos;
    } rows[] = {
        {"Jun  8 14:34:33 fw1", " fw1", 0, 6, 8, 14, 34, 33, 0},
        {"Jun 08 14:34:33.123: x", ": x", 0, 6, 8, 14, 34, 33, 123000000},
        {"Aug 05 2016 01:02:25: %ASA", ": %ASA", 2016, 8, 5, 1, 2, 25, 0},
        {"2016 Aug  5 01:02:25", "", 2016, 8, 5, 1, 2, 25, 0},
        {"Feb 29 23:59:60", "", 0, 2, 29, 23, 59, 60, 0},
        {"Jun 8 00:00:00", "", 0, 6, 8, 0, 0, 0, 0},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        fw_sv rest = fw_sv_from(rows[i].in);
        struct fw_stamp s;
        ck_assert_msg(fw_stamp_rfc3164(&rest, &s), "%s", rows[i].in);
        ck_assert_int_eq(s.year, rows[i].year);
        ck_assert_uint_eq(s.month, rows[i].month);
        ck_assert_uint_eq(s.day, rows[i].day);
        ck_assert_uint_eq(s.hour, rows[i].hour);
        ck_assert_uint_eq(s.minute, rows[i].minute);
        ck_assert_uint_eq(s.second, rows[i].second);
        ck_assert_uint_eq(s.nanos, rows[i].nanos);
        ck_assert(fw_sv_is(rest, rows[i].rest));
    }
}
END_TEST

START_TEST(rfc3339)
{
    static const struct {
        const char *in, *rest, *utc;
    } rows[] = {
        {"2026-07-05T01:02:03.5+08:00 x", " x", "2026-07-04T17:02:03.500Z"},
        {"2026-07-05 01:02:03+0800", "", "2026-07-04T17:02:03Z"},
        {"2026-07-05T01:02:03.123456Z", "", "2026-07-05T01:02:03.123456Z"},
        {"2026-07-05 01:02:03,id", ",id", "2026-07-05T01:02:03Z"},
        {"1970-01-01T00:00:00.000000001-00:30", "", "1970-01-01T00:30:00.000000001Z"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        fw_sv rest = fw_sv_from(rows[i].in);
        struct fw_stamp s;
        ck_assert_msg(fw_stamp_rfc3339(&rest, &s), "%s", rows[i].in);
        ck_assert(fw_sv_is(rest, rows[i].rest));
        check_text(fw_stamp_ns(&s, 0), rows[i].utc);
    }
}
END_TEST

Suite *fw_suite_time(void)
{
    Suite *suite = suite_create("time");
    TCase *tc = tcase_create("all");
    tcase_add_test(tc, rfc3164);
    tcase_add_test(tc, rfc3339);
    suite_add_tcase(suite, tc);
    return suite;
}
