/* What time services and devices say of clocks: numbers, times, records, and what many of them say
 * together, against a count that walks second by second. */
#include <check.h>
#include <string.h>

#include "analyzers/logs/source_view.h"
#include "analyzers/logs/sync.h"
#include "core/limits.h"
#include "evidence/clocks.h"
#include "tests/unit/judged.h"
#include "tests/unit/mangle.h"
#include "tests/unit/random.h"
#include "tests/unit/suites.h"

static struct fw_arena arena;
static struct fw_diags *diags;
static struct fw_doc doc;
static struct fw_sync_reader reader;
static struct fw_sync_view view;

static void setup(void)
{
    fw_arena_init(&arena, 0);
    diags = fw_diags_new();
}

static void teardown(void)
{
    fw_diags_free(diags);
    fw_arena_clear(&arena);
}

static int64_t at(const char *text)
{
    int64_t ns;
    ck_assert(fw_time_parse(fw_sv_from(text), 0, false, &ns));
    return ns;
}

/* The view of one file of this name and text. */
static const char *read_file(const char *name, const char *text)
{
    fw_doc_init(&doc, fw_sv_from(name), diags);
    fw_doc_set_text(&doc, fw_sv_from(text));
    fw_sync_begin(&reader, &arena, FW_SV("fw1"), true);
    const struct fw_parser *parser = fw_clocks_read(&doc, 8 * 3600, &reader);
    fw_sync_finish(&reader, &view);
    fw_doc_clear(&doc);
    return parser ? parser->name : "";
}

START_TEST(numbers)
{
    static const struct {
        const char *text;
        double unit;
        int64_t ns;
    } good[] = {
        {"-5.769e-05", 1e9, -57690},  {"+42.5", 1e9, 42500000000}, {"0.000", 1e6, 0},
        {"15937.", 1e6, 15937000000}, {"-.5", 1e6, -500000},       {"3E2", 1, 300},
    };
    static const char *const bad[] = {"",   "-",     "+",    ".",  "1.2.3",
                                      "1e", "1e999", "9e30", "x1", "1x"};
    int64_t ns = 0;
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
        ck_assert_msg(fw_clock_number(fw_sv_from(good[i].text), good[i].unit, &ns), "%s",
                      good[i].text);
        ck_assert_int_eq(ns, good[i].ns);
    }
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        ck_assert_msg(!fw_clock_number(fw_sv_from(bad[i]), 1e9, &ns), "%s", bad[i]);
    }
    ck_assert(fw_clock_quantity(FW_SV("-387ns"), &ns));
    ck_assert_int_eq(ns, -387);
    ck_assert(fw_clock_quantity(FW_SV("0.5000 msec"), &ns));
    ck_assert_int_eq(ns, 500000);
    ck_assert(!fw_clock_quantity(FW_SV("5 lightyears"), &ns));
}
END_TEST

START_TEST(stamps)
{
    static const struct {
        const char *text, *utc;
        bool zone;
    } good[] = {
        {"18:57:38.347 UTC Mon Oct 19 2015", "2015-10-19T18:57:38Z", true},
        {"Sat Nov 21 01:51:21 2026", "2026-11-21T01:51:21Z", false},
        {"Tue 2020-03-10 17:53:21 PDT", "2020-03-10T17:53:21Z", false},
        {"19:35:31 UTC Sat 01/08/2011", "2011-01-08T19:35:31Z", true},
        {"jul/21/2023 10:00:47", "2023-07-21T10:00:47Z", false},
        {"Tue, Jun 30 2026  2:13:13.361", "2026-06-30T02:13:13Z", false},
        {"2024-02-29 00:00:00 +0800", "2024-02-28T16:00:00Z", true},
    };
    static const char *const bad[] = {"",
                                      "12:00:00",
                                      "Mon Oct 19 2015",
                                      "25:00:00 2015-10-19",
                                      "12:00:00 2015-02-30",
                                      "12:00:00 Feb 30 2015",
                                      "12:00:00 13/13/2015"};
    struct fw_stamp stamp;
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
        ck_assert_msg(fw_clock_stamp(fw_sv_from(good[i].text), &stamp), "%s", good[i].text);
        ck_assert_int_eq(fw_stamp_seconds(&stamp, 0), at(good[i].utc) / FW_NS_PER_SEC);
        ck_assert_int_eq(stamp.has_zone, good[i].zone);
    }
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        ck_assert_msg(!fw_clock_stamp(fw_sv_from(bad[i]), &stamp), "%s", bad[i]);
    }
}
END_TEST

START_TEST(captures)
{
    static const char ios[] = "edge1#show ntp status\n"
                              "Clock is synchronized, stratum 3, reference is 192.0.2.123\n"
                              "reference time is ED.1A (09:51:31.102 CST Tue Jun 30 2026)\n"
                              "clock offset is 0.5000 msec, root delay is 1.20 msec\n";
    ck_assert_str_eq(read_file("status.txt", ios), "clock-capture");
    ck_assert_uint_eq(view.n, 1);
    ck_assert_int_eq(view.v[0].ns, at("2026-06-30T01:51:31.102Z")); /* the device's zone */
    ck_assert_int_eq(view.v[0].sync, FW_CLOCK_SYNCED);
    ck_assert_int_eq(view.v[0].offset_ns, 500000);
    ck_assert(fw_sv_is(view.servers, "192.0.2.123"));

    /* A table has no time of its own; the file's name has one. The clock follows nobody. */
    static const char ntpq[] =
        "     remote           refid      st t when poll reach   delay   offset  jitter\n"
        "==============================================================================\n"
        "+192.0.2.123     198.51.100.9     2 u   66 1024  377   22.690   -0.392   2.085\n";
    ck_assert_str_eq(read_file("ntpq-2026-06-30.txt", ntpq), "clock-capture");
    ck_assert_uint_eq(view.n, 1);
    ck_assert_int_eq(view.v[0].ns, at("2026-06-29T16:00:00Z"));
    ck_assert_int_eq(view.v[0].sync, FW_CLOCK_UNSYNCED);
    ck_assert(!view.v[0].has_offset);
    read_file("ntpq.txt", ntpq);
    ck_assert_int_eq(view.v[0].ns, INT64_MIN);

    /* Pasted without the blanks in front: the mark is not a part of the name. */
    read_file("ntpq-2026-06-30.txt",
              "remote           refid      st t when poll reach   delay   offset  jitter\n"
              "==============================================================================\n"
              "*192.0.2.123     198.51.100.9     2 u   66 1024  377   22.690   -0.392   2.085\n");
    ck_assert_int_eq(view.v[0].sync, FW_CLOCK_SYNCED);
    ck_assert_int_eq(view.v[0].offset_ns, -392000);

    /* What is said twice in a file without a time: the worse counts. */
    read_file("fortios.txt", "synchronized: yes, ntpsync: enabled, server-mode: disabled\n"
                             "\n"
                             "NTP not synched, using local clock\n");
    ck_assert_uint_eq(view.n, 1);
    ck_assert_int_eq(view.v[0].sync, FW_CLOCK_UNSYNCED);

    /* The clock among versions; what else is asked in the same session is another answer. */
    ck_assert_str_eq(read_file("status.txt",
                               "Version: FortiGate-60F v7.0.7,build0367,221005 (GA.F)\n"
                               "IPS-DB: 22.00446(2022-11-24 01:49)\nHostname: fw1\n"
                               "System time: Sun Nov 27 00:26:34 2022\n"
                               "synchronized: no, ntpsync: enabled, server-mode: disabled\n"),
                     "clock-capture");
    ck_assert_uint_eq(view.n, 1);
    ck_assert_int_eq(view.v[0].ns, at("2022-11-26T16:26:34Z"));
    ck_assert_int_eq(view.v[0].sync, FW_CLOCK_UNSYNCED);
    ck_assert(!view.v[0].has_offset);
    ck_assert_str_eq(read_file("info.txt", "hostname: pa1\nip-address: 10.0.0.90\n"
                                           "time: Thu Apr 28 06:33:12 2016\n"
                                           "uptime: 2 days, 2:38:49\nsw-version: 7.0.1\n\n"
                                           "NTP synched to 192.0.2.123\n"),
                     "clock-capture");
    ck_assert_uint_eq(view.n, 1);
    ck_assert_int_eq(view.v[0].ns, at("2016-04-27T22:33:12Z"));
    ck_assert_int_eq(view.v[0].sync, FW_CLOCK_SYNCED);
    read_file("x", "synchronized: yes, : nothing\nassocid=0 status=0615 sync_ntp,\n=1, b=2\n");
    ck_assert_uint_eq(view.n, 1);
    ck_assert_str_eq(read_file("x", "Jul  5 10:11:12 fw1 kernel: nothing\n"), "");
}
END_TEST

/* --- many samples ---------------------------------------------------------------------------- */

enum { SECONDS = 4000, SAMPLES = 60 };

static int64_t distance(int64_t ns)
{
    return ns < 0 ? -ns : ns;
}

/* Second by second: what was the last thing said? */
static void slowly(const struct fw_sync_sample *v, size_t n, int64_t limit_ns,
                   struct fw_sync_stats *ret)
{
    *ret = (struct fw_sync_stats){0};
    int64_t unsynced_since = -1;
    for (int64_t second = v[0].ns / FW_NS_PER_SEC; second <= v[n - 1].ns / FW_NS_PER_SEC;
         second++) {
        bool synced = true;
        bool near = true;
        for (size_t i = 0; i < n && v[i].ns <= second * FW_NS_PER_SEC; i++) {
            synced = v[i].sync == FW_CLOCK_UNSAID ? synced : v[i].sync == FW_CLOCK_SYNCED;
            near = v[i].has_offset ? distance(v[i].offset_ns) <= limit_ns : near;
        }
        bool last = second == v[n - 1].ns / FW_NS_PER_SEC;
        ret->covered_ns += last ? 0 : FW_NS_PER_SEC;
        ret->within_ns += !last && synced && near ? FW_NS_PER_SEC : 0;
        unsynced_since = synced ? -1 : unsynced_since < 0 ? second : unsynced_since;
        int64_t length = unsynced_since < 0 ? 0 : (second + 1 - unsynced_since) * FW_NS_PER_SEC;
        length -= last && unsynced_since >= 0 ? FW_NS_PER_SEC : 0;
        ret->longest_ns = length > ret->longest_ns ? length : ret->longest_ns;
        ret->lost_at_end = unsynced_since >= 0;
    }
    for (size_t i = 0; i < n; i++) {
        ret->offsets += v[i].has_offset;
        ret->beyond += v[i].has_offset && distance(v[i].offset_ns) > limit_ns;
        bool most = v[i].has_offset && distance(v[i].offset_ns) > ret->most_ns;
        ret->most_ns = most ? distance(v[i].offset_ns) : ret->most_ns;
    }
    /* The least value that 99 of 100 do not exceed. */
    for (size_t i = 0; i < n && ret->offsets > 0; i++) {
        uint64_t below = 0;
        for (size_t k = 0; k < n; k++) {
            below += v[k].has_offset && distance(v[k].offset_ns) <= distance(v[i].offset_ns);
        }
        bool enough = v[i].has_offset && below * 100 >= ret->offsets * 99;
        if (enough && (ret->p99_ns == 0 || distance(v[i].offset_ns) < ret->p99_ns)) {
            ret->p99_ns = distance(v[i].offset_ns);
        }
    }
}

START_TEST(statistics)
{
    struct test_random random = test_random_start("clock statistics");
    for (int round = 0; round < 40; round++) {
        struct fw_sync_sample v[SAMPLES];
        int64_t second = 1;
        for (size_t i = 0; i < SAMPLES; i++) {
            second += 1 + test_random_below(&random, SECONDS / SAMPLES);
            v[i] = (struct fw_sync_sample){
                .ns = second * FW_NS_PER_SEC,
                .has_offset = test_random_below(&random, 4) > 0,
                .offset_ns = 1 + (int64_t)test_random_below(&random, 2000),
                .sync = (uint8_t)(test_random_below(&random, 5) == 0 ? FW_CLOCK_UNSYNCED
                                                                     : FW_CLOCK_SYNCED),
                .line = (uint32_t)i + 1,
            };
            v[i].offset_ns *= test_random_below(&random, 2) ? 1 : -1;
        }
        struct fw_sync_view made = {.n = SAMPLES, .v = v};
        struct fw_sync_stats stats;
        struct fw_sync_stats slow;
        fw_sync_stats(&made, INT64_MIN + 1, INT64_MAX, 1500, &arena, &stats);
        slowly(v, SAMPLES, 1500, &slow);
        ck_assert_int_eq(stats.covered_ns, slow.covered_ns);
        ck_assert_int_eq(stats.within_ns, slow.within_ns);
        ck_assert_int_eq(stats.longest_ns, slow.longest_ns);
        ck_assert_int_eq(stats.lost_at_end, slow.lost_at_end);
        ck_assert_uint_eq(stats.offsets, slow.offsets);
        ck_assert_uint_eq(stats.beyond, slow.beyond);
        ck_assert_int_eq(stats.most_ns, slow.most_ns);
        ck_assert_int_eq(stats.p99_ns, slow.p99_ns);
        ck_assert_uint_eq(stats.states, SAMPLES);
    }
}
END_TEST

/* Samples speak for a day at most, and only those of the time that is asked for count. */
START_TEST(windows)
{
    struct fw_sync_sample v[] = {
        {.ns = at("2026-03-01"), .has_offset = true, .offset_ns = 5000, .sync = FW_CLOCK_SYNCED},
        {.ns = at("2026-04-01"), .has_offset = true, .offset_ns = 10, .sync = FW_CLOCK_SYNCED},
        {.ns = at("2026-04-11"), .has_offset = true, .offset_ns = 20, .sync = FW_CLOCK_SYNCED},
        {.ns = at("2026-04-12"), .has_offset = true, .offset_ns = 9000, .measured = true},
    };
    struct fw_sync_view made = {.n = 4, .v = v};
    struct fw_sync_stats stats;
    fw_sync_stats(&made, at("2026-04-01"), at("2026-07-01"), 1000, &arena, &stats);
    ck_assert_int_eq(stats.most_ns, 20); /* the clock's own word, not the server's */
    ck_assert_int_eq(stats.covered_ns, 2 * FW_SYNC_HOLD_NS);
    fw_sync_stats(&made, at("2027-04-01"), INT64_MAX, 1000, &arena, &stats);
    ck_assert_uint_eq(stats.states + stats.offsets, 0);
}
END_TEST

START_TEST(limit)
{
    struct fw_clock_record record;
    fw_sync_begin(&reader, &arena, FW_SV("fw1"), true);
    fw_sync_file(&reader, FW_SV("a"), 0, INT64_MIN);
    fw_clock_begin(&record, "loopstats");
    record.has_stamp = true;
    record.stamp = (struct fw_stamp){.year = 2026, .month = 6, .day = 1, .has_zone = true};
    record.sync = FW_CLOCK_SYNCED;
    for (uint64_t i = 0; i < FW_LIMIT_CLOCK_SAMPLES + 3; i++) {
        reader.sink.take(&reader.sink, &record);
    }
    fw_sync_file_end(&reader);
    fw_sync_finish(&reader, &view);
    ck_assert_uint_eq(view.n, FW_LIMIT_CLOCK_SAMPLES);
    ck_assert_uint_eq(view.lost, 3);
}
END_TEST

/* A time before 1970 is none: what lies between it and the next could be longer than can be said.
 */
START_TEST(ancient)
{
    struct fw_clock_record record;
    struct fw_sync_stats stats;
    fw_sync_begin(&reader, &arena, FW_SV("fw1"), true);
    fw_sync_file(&reader, FW_SV("a"), 0, INT64_MIN);
    fw_clock_begin(&record, "tracking");
    record.has_stamp = true;
    record.sync = FW_CLOCK_UNSYNCED;
    record.stamp = (struct fw_stamp){.year = 1700, .month = 6, .day = 1, .has_zone = true};
    reader.sink.take(&reader.sink, &record);
    record.stamp.year = 2250;
    reader.sink.take(&reader.sink, &record);
    fw_sync_file_end(&reader);
    fw_sync_finish(&reader, &view);
    fw_sync_stats(&view, INT64_MIN + 1, INT64_MAX, 1000, &arena, &stats);
    ck_assert_uint_eq(view.n, 2);
    ck_assert_uint_eq(stats.intervals, 1);
    ck_assert_int_eq(stats.unsynced_ns, 0);
}
END_TEST

/* --- the check ------------------------------------------------------------------------------- */

START_TEST(unsynced)
{
    static const char logged[] = "2026-05-01 00:00:04 0.0.0.0          0     -4.812      0.233  "
                                 "0.000e+00 ?  0  0.0e+00 0.0e+00\n"
                                 "2026-05-01 00:00:09 192.0.2.123      3     -4.812      0.233  "
                                 "3.104e-04 N  1  8.1e-05 0.0e+00\n"
                                 "2026-05-01 10:00:09 192.0.2.123      3     -4.812      0.233 "
                                 "-8.104e-04 N  1  8.1e-05 0.0e+00\n";
    struct fw_catalogue catalogue;
    ck_assert_int_eq(fw_catalogue_load(&arena, NULL, diags, &catalogue), FW_OK);
    struct fw_site_device declared = {.name = FW_SV("fw1"), .logs_required = true};
    struct fw_site site = {.from_ns = at("2026-04-01"),
                           .to_ns = at("2026-06-30"),
                           .ndevices = 1,
                           .devices = &declared};
    struct fw_source_view source = {.name = FW_SV("fw1"), .device = FW_SV("fw1")};
    struct fw_facts facts = {.catalogue = &catalogue,
                             .site = &site,
                             .as_of_ns = at("2026-07-05"),
                             .has_as_of = true,
                             .nsources = 1,
                             .sources = &source,
                             .syncs = &view};
    test_judged(&facts, &arena, "TIM-002", FW_RESULT_OPEN, "open.no_status", NULL);
    source.clock.synced = 7;
    test_judged(&facts, &arena, "TIM-002", FW_RESULT_PASS, "pass.header", "0");
    source.clock.unsynced = 1;
    test_judged(&facts, &arena, "TIM-002", FW_RESULT_FAIL, "fail.header", "1");
    source.clock = (struct fw_clock_summary){0};
    facts.nsyncs = 1;
    read_file("tracking.log", logged);
    test_judged(&facts, &arena, "TIM-002", FW_RESULT_PASS, "pass.log", "0.81");
    view.nmissing = 1;
    test_judged(&facts, &arena, "TIM-002", FW_RESULT_OPEN, "open.missing", NULL);
    view.nmissing = 0;
    view.lost = 1;
    test_judged(&facts, &arena, "TIM-002", FW_RESULT_OPEN, "open.samples", NULL);
    read_file("tracking.log",
              "2026-05-01 00:00:09 192.0.2.123 3 -4.8 0.2 1.001e+00 N 1 8.1e-05 0.0e+00\n");
    test_judged(&facts, &arena, "TIM-002", FW_RESULT_FAIL, "fail", "1001");
    read_file("tracking.log",
              "2026-05-01 00:00:09 192.0.2.123 3 -4.8 0.2 1.001e-03 N 1 8.1e-05 0.0e+00\n"
              "2026-05-01 00:10:09 0.0.0.0 0 -4.8 0.2 0.000e+00 ? 0 8.1e-05 0.0e+00\n");
    test_judged(&facts, &arena, "TIM-002", FW_RESULT_FAIL, "fail.unsynced", "0");
    read_file("tracking.log",
              "2026-05-01 00:00:09 0.0.0.0 0 -4.8 0.2 0.000e+00 ? 0 8.1e-05 0.0e+00\n"
              "2026-05-01 01:00:10 192.0.2.123 3 -4.8 0.2 1.0e-03 N 1 8.1e-05 0.0e+00\n");
    test_judged(&facts, &arena, "TIM-002", FW_RESULT_FAIL, "fail.unsynced", "60.02");
    read_file("tracking.log",
              "2026-03-01 00:00:09 192.0.2.123 3 -4.8 0.2 1.0e-03 N 1 8.1e-05 0.0e+00\n");
    test_judged(&facts, &arena, "TIM-002", FW_RESULT_OPEN, "open.old", NULL);
    read_file("asa.txt", "Clock is synchronized, stratum 3, reference is 192.0.2.123\n");
    test_judged(&facts, &arena, "TIM-002", FW_RESULT_OPEN, "open.undated", NULL);
    read_file("asa.txt", "Clock is unsynchronized, stratum 16, no reference clock\n");
    test_judged(&facts, &arena, "TIM-002", FW_RESULT_FAIL, "fail.undated", NULL);
    read_file("asa-2026-06-30.txt", "Clock is synchronized, stratum 3, reference is 192.0.2.1\n");
    test_judged(&facts, &arena, "TIM-002", FW_RESULT_PASS, "pass.state", "1");
    read_file("m.log", "2026-05-01 00:00:07 192.0.2.124 N 2 111 111 1101 6 6 1.00 -6.3e-05 1.2e-04 "
                       "3.6e-07 0.0e+00 0.0e+00 C6336409\n");
    test_judged(&facts, &arena, "TIM-002", FW_RESULT_OPEN, "open.no_state", NULL);
    read_file("chronyc.txt", "Reference ID    : C000027B (ntp1.example)\n"
                             "Ref time (UTC)  : Tue Jun 30 01:51:21 2026\n"
                             "System time     : 0.000181943 seconds slow of NTP time\n"
                             "Leap status     : Normal\n");
    test_judged(&facts, &arena, "TIM-002", FW_RESULT_PASS, "pass", "0.18");
    facts.site = NULL; /* bare files: what there is counts, and the sources are asked as well */
    facts.nsources = 0;
    test_judged(&facts, &arena, "TIM-002", FW_RESULT_PASS, "pass", "0.18");
}
END_TEST

/* --- damage ---------------------------------------------------------------------------------- */

static void attempt(const void *context, fw_sv text)
{
    const struct fw_parser *parser = context;
    fw_doc_init(&doc, FW_SV("x"), diags);
    fw_doc_set_text(&doc, text);
    fw_sync_begin(&reader, &arena, FW_SV("fw1"), true);
    fw_sync_file(&reader, FW_SV("x"), 0, INT64_MIN);
    ck_assert_int_eq(fw_clock_parse(&doc, parser, &reader.sink), FW_OK);
    fw_sync_file_end(&reader);
    struct fw_line_counts lines = fw_doc_counts(&doc);
    ck_assert_uint_eq(lines.used + lines.ignored + lines.unsupported + lines.bad, lines.total);
    fw_doc_clear(&doc);
    fw_arena_reset(&arena);
}

START_TEST(damage)
{
    static const struct {
        const char *parser, *text;
    } files[] = {
        {"chrony-log",
         "2026-05-01 00:00:09 192.0.2.123 3 -4.8 0.2 1.001e+00 N 1 8.1e-05 0.0e+00\n"},
        {"ntp-stats", "61192 32.441 192.0.2.123 9614 0.000012432 0.000340483 0.937 0.000013\n"},
        {"clock-capture", "^* 192.0.2.123  2  10   377   214   -387us[ -451us] +/- 2076us\n"
                          "MS Name/IP address         Stratum\n"
                          "^* 192.0.2.123  2  10   377   214   -387us[ -451us] +/- 2076us\n"},
        {"clock-capture", "*10:13:38.347 CST Tue Jun 30 2026\nClock is synchronized, stratum 3\n"
                          "clock offset is 0.5 msec\nassocid=0 status=0615 leap_none, sync_ntp,\n"
                          "offset=-0.39, clock=ed Tue, Jun 30 2026  1:51:31.102\n"},
    };
    for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
        const struct fw_parser *parser = fw_parser_find(fw_sv_from(files[i].parser));
        mangle(fw_sv_from(files[i].text), FW_SV("\0 :,=(-\xff"), attempt, parser);
    }
}
END_TEST

Suite *fw_suite_clock(void)
{
    Suite *suite = suite_create("clock");
    TCase *tests = tcase_create("clock");
    tcase_set_timeout(tests, 60);
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, numbers);
    tcase_add_test(tests, stamps);
    tcase_add_test(tests, captures);
    tcase_add_test(tests, statistics);
    tcase_add_test(tests, windows);
    tcase_add_test(tests, limit);
    tcase_add_test(tests, ancient);
    tcase_add_test(tests, unsynced);
    tcase_add_test(tests, damage);
    suite_add_tcase(suite, tests);
    return suite;
}
