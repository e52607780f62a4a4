/* What Snort counted: with and without a row of names, as CSV and JSON, cut and damaged. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyzers/summary.h"
#include "core/limits.h"
#include "parsers/logfile.h"
#include "parsers/snort_fields.h"
#include "tests/unit/suites.h"

struct seen {
    size_t n;
    uint64_t captured[8], dropped[8];
    struct fw_line_counts counts;
};

static struct seen see(fw_sv text)
{
    struct seen seen = {0};
    struct fw_source *source;
    struct fw_logfile *file;
    const struct fw_logline *line;
    ck_assert_int_eq(fw_source_open_memory(text, &source), FW_OK);
    ck_assert_int_eq(fw_logfile_new(source, NULL, &file), FW_OK);
    while ((line = fw_logfile_next(file))) {
        if (line->verdict == FW_LINE_USED && fw_event_has(&line->event, FW_EV_captured)) {
            ck_assert_uint_lt(seen.n, 8);
            ck_assert(line->event.interval);
            seen.captured[seen.n] = line->event.captured;
            seen.dropped[seen.n++] = line->event.dropped;
        }
    }
    seen.counts = fw_logfile_counts(file);
    fw_logfile_free(file);
    fw_source_free(source);
    return seen;
}

#define HEAD2 "#time,pkt_drop_percent,a,pkt_stats.pkts_recv,pkt_stats.pkts_drop,b\n"

START_TEST(named)
{
    struct seen s = see(FW_SV(HEAD2 "1781402405,1.000,0.5,99,1,0\n1781402405,1.000,0.5,9\n"
                                    "#timestamp,x.y,daq.dropped,daq.received\n"
                                    "1781402405,1,2,100\n1781402405,1,200,100\n"
                                    "#timestamp,cpu.user\n1781402405,1\n"));
    ck_assert_uint_eq(s.n, 2);
    ck_assert_uint_eq(s.captured[0], 100); /* what it got and what it lost */
    ck_assert_uint_eq(s.dropped[0], 1);
    ck_assert_uint_eq(s.captured[1], 100); /* all that came */
    ck_assert_uint_eq(s.dropped[1], 2);
    ck_assert_uint_eq(s.counts.used, 2);
    ck_assert_uint_eq(s.counts.ignored, 4); /* three rows of names, one of no packets */
    ck_assert_uint_eq(s.counts.bad, 2);     /* cut off; more lost than came */
}
END_TEST

/* 26 columns, two processors, 15 columns, packets. */
static size_t bare(char *to, size_t size, const char *share, const char *received,
                   const char *dropped)
{
    size_t n = (size_t)snprintf(to, size, "1781402405,%s", share);
    for (int i = 2; i < 26; i++) {
        n += (size_t)snprintf(to + n, size - n, ",0.000");
    }
    n += (size_t)snprintf(to + n, size - n, ",2");
    for (int i = 0; i < 6 + 15; i++) {
        n += (size_t)snprintf(to + n, size - n, ",1.000");
    }
    return n + (size_t)snprintf(to + n, size - n, ",%s,%s,0\n", received, dropped);
}

START_TEST(unnamed)
{
    static const struct {
        const char *share, *received, *dropped;
        bool ours;
    } rows[] = {
        {"1.000", "99", "1", true},  {"0.000", "0", "0", true},     {"50.000", "7", "7", true},
        {"2.000", "99", "1", false}, /* it says otherwise */
        {"1.00", "99", "1", false},  {"1.000", "99.0", "1", false}, {"200.000", "1", "1", false},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char text[1024];
        size_t n = bare(text, sizeof(text), rows[i].share, rows[i].received, rows[i].dropped);
        struct seen s = see(fw_sv_of(text, n));
        ck_assert_msg(s.n == rows[i].ours, "%s %s %s", rows[i].share, rows[i].received,
                      rows[i].dropped);
        ck_assert_uint_eq(s.counts.bad, !rows[i].ours);
        for (size_t cut = 0; cut < n; cut++) {
            ck_assert_uint_le(see(fw_sv_of(text, cut)).n, 1);
        }
    }
}
END_TEST

START_TEST(json)
{
    static const char text[] = "[{\"timestamp\":1781402405,\"daq\":{\"received\":100,\"dropped\":1}"
                               ",\"x\":{\"y\":\"}\\\"\"}}"
                               ",{\"timestamp\":1781402406,\"x\":{\"y\":1}},{\"timestamp\":"
                               "1781402407,\"daq\":{\"received\":7}}]\n";
    struct seen s = see(fw_sv_of(text, strlen(text)));
    ck_assert_uint_eq(s.n, 2);
    ck_assert_uint_eq(s.captured[0], 100);
    ck_assert_uint_eq(s.dropped[0], 1);
    ck_assert_uint_eq(s.captured[1], 7);
    ck_assert_uint_eq(s.counts.used, 3);
    ck_assert_uint_eq(s.counts.ignored, 1); /* the end of the array */
    ck_assert_uint_eq(s.counts.bad, 0);
    size_t first = (size_t)(strstr(text, ",{\"timestamp\":1781402406") - text);
    for (size_t cut = 20; cut < strlen(text); cut++) { /* a sensor that is still writing */
        s = see(fw_sv_of(text, cut));
        ck_assert_uint_eq(s.n, cut < first ? 0u : cut < strlen(text) - 2 ? 1u : 2u);
        ck_assert_uint_le(s.counts.bad, 1);
    }
}
END_TEST

/* An object that never ends, and brackets only: bounded, one bad record. */
START_TEST(endless)
{
    size_t size = 3 * (size_t)FW_LIMIT_LINE_BYTES;
    char *text = malloc(size);
    ck_assert_ptr_nonnull(text);
    memset(text, '{', size);
    memcpy(text, "[{\"timestamp\":1,\"x\":", 20);
    struct seen s = see(fw_sv_of(text, size));
    ck_assert_uint_eq(s.counts.total, 1);
    ck_assert_uint_eq(s.counts.bad, 1);
    free(text);
}
END_TEST

/* Samples add up by themselves; counters since the start of a sensor are subtracted. */
START_TEST(summed)
{
    fw_sv text = FW_SV(HEAD2 "1781402405,1.000,0.5,99,1,0\n1781402705,1.000,0.5,198,2,0\n"
                             "1781403005,0.000,0.5,50,0,0\n");
    struct fw_source *source;
    struct fw_summarizer *summarizer;
    ck_assert_int_eq(fw_source_open_memory(text, &source), FW_OK);
    ck_assert_int_eq(fw_summarize(source, NULL, NULL, &summarizer), FW_OK);
    const struct fw_summary *summary = fw_summarizer_finish(summarizer);
    ck_assert_uint_eq(summary->nsources, 1);
    const struct fw_summary_part *part = &summary->sources[0].parts[0];
    ck_assert_uint_eq(part->nsensor, 1);
    ck_assert_uint_eq(part->sensor[0].captured, 350);
    ck_assert_uint_eq(part->sensor[0].dropped, 3);
    ck_assert_uint_eq(part->sensor[0].samples, 3);
    fw_summarizer_free(summarizer);
    fw_source_free(source);
}
END_TEST

Suite *fw_suite_snort_perf(void)
{
    Suite *suite = suite_create("snort_perf");
    TCase *tc = tcase_create("snort_perf");
    tcase_add_test(tc, named);
    tcase_add_test(tc, unnamed);
    tcase_add_test(tc, json);
    tcase_add_test(tc, endless);
    tcase_add_test(tc, summed);
    tcase_set_timeout(tc, 60);
    suite_add_tcase(suite, tc);
    return suite;
}
