/* What a log file's lines add up to, within limits, and the bytes it is kept as. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#include "analyzers/summary.h"
#include "core/limits.h"
#include "tests/unit/random.h"
#include "tests/unit/suites.h"

static struct fw_summarizer *summarize(const char *text)
{
    struct fw_source *source;
    struct fw_summarizer *s;
    ck_assert_int_eq(fw_source_open_memory(fw_sv_from(text), &source), FW_OK);
    ck_assert_int_eq(fw_summarize(source, NULL, NULL, &s), FW_OK);
    fw_source_free(source);
    return s;
}

/* Encoding, decoding and encoding again gives the same bytes; a cut or changed blob is refused or
 * gives a summary, never a crash. */
static void check_codec(const struct fw_summary *summary)
{
    struct fw_buf a;
    struct fw_buf b;
    struct fw_arena arena;
    const struct fw_summary *back;
    fw_buf_init(&a);
    fw_buf_init(&b);
    fw_arena_init(&arena, 0);
    fw_summary_encode(summary, &a);
    ck_assert_int_eq(fw_summary_decode(fw_buf_sv(&a), &arena, &back), FW_OK);
    fw_summary_encode(back, &b);
    ck_assert(fw_sv_eq(fw_buf_sv(&a), fw_buf_sv(&b)));
    ck_assert_uint_eq(back->lines.total, summary->lines.total);
    for (size_t n = 0; n < a.n; n += 1 + a.n / 500) {
        ck_assert_int_eq(fw_summary_decode(fw_sv_of(a.p, n), &arena, &back), FW_ERR_INVALID);
    }
    struct test_random random = test_random_start("summary codec");
    for (int i = 0; i < 2000; i++) {
        size_t at = test_random_below(&random, (unsigned)a.n);
        char old = a.p[at];
        a.p[at] = (char)test_random_u64(&random);
        fw_arena_reset(&arena);
        if (fw_summary_decode(fw_buf_sv(&a), &arena, &back) == FW_OK) {
            fw_buf_reset(&b);
            fw_summary_encode(back, &b);
        }
        a.p[at] = old;
    }
    fw_arena_clear(&arena);
    fw_buf_clear(&a);
    fw_buf_clear(&b);
}

START_TEST(counts)
{
    struct fw_summarizer *s = summarize(
        "Dec 31 23:59:00 gw kernel: DROP-IN: IN=eth0 OUT= SRC=192.0.2.1 DST=192.0.2.2 LEN=40 "
        "PROTO=TCP SPT=1 DPT=2\n"
        "Dec 31 23:59:30 gw sshd[7]: Accepted password for root\n"
        "Jan  1 00:01:00 gw kernel: ACCEPT IN=eth0 OUT= SRC=192.0.2.1 DST=192.0.2.2 PROTO=ICMP\n"
        "garbage\n"
        "\n"
        "Jan  1 00:00:30 gw kernel: DROP-IN: IN=eth0 OUT= SRC=192.0.2.1 DST=192.0.2.2 PROTO=UDP "
        "SPT=1 DPT=2\n"
        "2026-01-01T10:00:00+08:00 fw2 %ASA-5-111008: User 'ann' executed the 'reload' command.\n"
        "2026-01-01T10:00:09+08:00 fw2 %ASA-6-305011: Built dynamic TCP translation from "
        "a:192.0.2.1/1 to b:192.0.2.9/2\n"
        "2026-01-01T10:00:10+08:00 fw2 %ASA-7-609001: Built local-host inside:10.1.1.1");
    const struct fw_summary *sum = fw_summarizer_finish(s);
    ck_assert_uint_eq(sum->lines.total, 9);
    ck_assert_uint_eq(sum->lines.used, 5);
    ck_assert_uint_eq(sum->lines.ignored, 3);
    ck_assert_uint_eq(sum->lines.bad, 1);
    ck_assert_uint_eq(sum->nignored, 3);
    ck_assert(fw_sv_is(sum->ignored[0].name, "609001"));
    ck_assert(fw_sv_is(sum->ignored[1].name, "blank"));
    ck_assert(fw_sv_is(sum->ignored[2].name, "sshd"));
    ck_assert_uint_eq(sum->nbad, 1);
    ck_assert_uint_eq(sum->bad[0].line, 4);
    ck_assert(fw_sv_is(sum->bad[0].text, "garbage"));
    ck_assert_uint_eq(sum->nsources, 2);

    const struct fw_summary_source *fw2 = &sum->sources[0];
    ck_assert(fw_sv_is(fw2->host, "fw2"));
    ck_assert_uint_eq(fw2->events, 3); /* a line that is ignored by its code shows the device too */
    ck_assert_uint_eq(fw2->traffic, 0);
    ck_assert_uint_eq(fw2->nparts, 1);
    ck_assert(fw2->parts[0].axis.has_year && fw2->parts[0].axis.has_zone);
    ck_assert_uint_eq(fw2->parts[0].nadmin, 1);
    ck_assert(fw_sv_is(fw2->parts[0].admin[0].user, "ann"));
    ck_assert(fw_sv_is(fw2->parts[0].admin[0].code, "111008"));
    ck_assert_int_eq(fw2->parts[0].last - fw2->parts[0].first, 10 * FW_NS_PER_SEC);

    const struct fw_summary_source *gw = &sum->sources[1];
    ck_assert(fw_sv_is(gw->host, "gw"));
    ck_assert_uint_eq(gw->lines.total, 6); /* with the two lines that name no host */
    ck_assert_uint_eq(gw->events, 3);
    ck_assert_uint_eq(gw->fields[FW_REQUIRED_SOURCE_IP].total, 3);
    ck_assert_uint_eq(gw->fields[FW_REQUIRED_SOURCE_PORT].present, 2);
    ck_assert_uint_eq(gw->fields[FW_REQUIRED_SOURCE_PORT].total, 2); /* ICMP has no ports */
    ck_assert_uint_eq(gw->fields[FW_REQUIRED_SESSION].present, 0);
    ck_assert_uint_eq(gw->fields[FW_REQUIRED_SESSION].total, 1); /* denied: no session */
    ck_assert_uint_eq(gw->fields[FW_REQUIRED_ACTION].present, 3);
    const struct fw_summary_part *part = &gw->parts[0];
    ck_assert_uint_eq(part->events, 3);
    ck_assert_uint_eq(part->first_at.line, 1);
    ck_assert_uint_eq(part->last_at.line, 3);
    ck_assert_uint_eq(part->nhours, 2);
    ck_assert_uint_eq(part->hours[0].count, 1);
    ck_assert_uint_eq(part->hours[1].count, 2);
    /* 23:59:00 to 00:00:30 over New Year; the 30 s after it are below the minimum. */
    ck_assert_uint_eq(part->nsilences, 1);
    ck_assert_int_eq(part->silences[0].to - part->silences[0].from, 90 * FW_NS_PER_SEC);
    ck_assert_uint_eq(part->nusage, 2);
    ck_assert(fw_sv_is(part->usage[0].name, "ACCEPT"));
    ck_assert(fw_sv_is(part->usage[1].name, "DROP-IN"));
    ck_assert_uint_eq(part->usage[1].count, 2);
    check_codec(sum);
    fw_summarizer_free(s);
}
END_TEST

START_TEST(clocks_and_serials)
{
    struct fw_summarizer *s = summarize(
        "<166>Nov 16 00:12:34 relay Nov 16 2014 00:12:33 fw01 : %ASA-6-302010: 1 in use\n"
        "<166>Nov 16 00:12:40 relay Nov 16 2014 00:12:45 fw01 : %ASA-6-302010: 1 in use\n"
        "<166>Jan  1 00:00:01 relay Dec 31 2014 23:59:58 fw01 : %ASA-6-302010: 1 in use\n"
        "<6>1 2026-01-01T00:00:00Z fw02 - - - [meta sequenceId=\"5\"][timeQuality isSynced=\"0\"] "
        "%ASA-6-302010: 1 in use\n"
        "<6>1 2026-01-01T00:00:01Z fw02 - - - [meta sequenceId=\"8\"] %ASA-6-302010: 1 in use\n"
        "<6>1 2026-01-01T00:00:02Z fw02 - - - [meta sequenceId=\"8\"] %ASA-6-302010: 1 in use\n"
        "<6>1 2026-01-01T00:00:02Z fw02 - - - [meta sequenceId=\"7\"] %ASA-6-302010: 1 in use\n");
    const struct fw_summary *sum = fw_summarizer_finish(s);
    ck_assert_uint_eq(sum->nsources, 2);
    const struct fw_clock_summary *clock = &sum->sources[0].clock;
    ck_assert_uint_eq(clock->samples, 3);
    ck_assert_int_eq(clock->min, -5 * FW_NS_PER_SEC);
    ck_assert_int_eq(clock->max, 3 * FW_NS_PER_SEC);
    ck_assert_int_eq(clock->sum_ms, -1000);
    ck_assert_uint_eq(sum->sources[1].clock.unsynced, 1);
    const struct fw_serial_summary *serial = &sum->sources[1].serials[0];
    ck_assert_uint_eq(serial->present, 4);
    ck_assert_uint_eq(serial->missing, 1); /* 6 and 7, then 7 came late */
    ck_assert_uint_eq(serial->repeated, 1);
    check_codec(sum);
    fw_summarizer_free(s);
}
END_TEST

/* A line of a host at a second after 2026-01-01, without a parser having read it. */
static struct fw_logline line_at(uint64_t second, const char *host)
{
    extern const struct fw_parser fw_parser_asa_log;
    struct fw_date date = fw_date_from_days(20454 + (int64_t)(second / 86400));
    struct fw_logline line = {.verdict = FW_LINE_USED, .parser = &fw_parser_asa_log};
    line.event.time = (struct fw_stamp){.year = date.year,
                                        .month = date.month,
                                        .day = date.day,
                                        .hour = (uint8_t)(second / 3600 % 24),
                                        .minute = (uint8_t)(second / 60 % 60),
                                        .second = (uint8_t)(second % 60),
                                        .has_zone = true};
    line.event.observer = fw_sv_from(host);
    fw_event_set(&line.event, FW_EV_time);
    fw_event_set(&line.event, FW_EV_observer);
    return line;
}

/* Times that run backwards are all that the order of the lines tells. */
static void encode_without_order(struct fw_summarizer *s, uint64_t want_back, struct fw_buf *out)
{
    struct fw_summary sum = *fw_summarizer_finish(s);
    struct fw_summary_source source = sum.sources[0];
    struct fw_summary_part part = source.parts[0];
    uint64_t back = 0;
    for (size_t i = 0; i < FW_BACK_BINS; i++) {
        back += part.back.bins[i];
    }
    ck_assert_uint_eq(back, want_back);
    part.back = (struct fw_back_summary){.most = 0};
    source.parts = &part;
    sum.sources = &source;
    fw_summary_encode(&sum, out);
}

/* Silences in whatever order the lines come: the same as from sorted lines. */
START_TEST(silences_of_shuffled_lines)
{
    struct test_random random = test_random_start("silences");
    for (int round = 0; round < 40; round++) {
        enum { N = 200 };
        uint64_t seconds[N];
        struct fw_summarizer *sorted;
        struct fw_summarizer *shuffled;
        ck_assert_int_eq(fw_summarizer_new(&sorted), FW_OK);
        ck_assert_int_eq(fw_summarizer_new(&shuffled), FW_OK);
        uint64_t at = 0;
        for (int i = 0; i < N; i++) {
            at += test_random_below(&random, 3) ? test_random_below(&random, 20)
                                                : test_random_below(&random, 9000);
            seconds[i] = at;
            struct fw_logline line = line_at(at, "a");
            fw_summarizer_line(sorted, &line);
        }
        for (int i = N - 1; i > 0; i--) {
            unsigned k = test_random_below(&random, (unsigned)i + 1);
            uint64_t t = seconds[i];
            seconds[i] = seconds[k];
            seconds[k] = t;
        }
        uint64_t back = 0;
        for (int i = 0; i < N; i++) {
            struct fw_logline line = line_at(seconds[i], "a");
            fw_summarizer_line(shuffled, &line);
            back += i > 0 && seconds[i] < seconds[i - 1];
        }
        struct fw_buf a;
        struct fw_buf b;
        fw_buf_init(&a);
        fw_buf_init(&b);
        encode_without_order(sorted, 0, &a);
        encode_without_order(shuffled, back, &b);
        ck_assert_uint_eq(a.n, b.n);
        ck_assert(memcmp(a.p, b.p, a.n) == 0);
        fw_buf_clear(&a);
        fw_buf_clear(&b);
        fw_summarizer_free(sorted);
        fw_summarizer_free(shuffled);
    }
}
END_TEST

static struct fw_summarizer *summarize_buf(const struct fw_buf *text)
{
    struct fw_source *source;
    struct fw_summarizer *s;
    ck_assert_int_eq(fw_source_open_memory(fw_buf_sv(text), &source), FW_OK);
    ck_assert_int_eq(fw_summarize(source, NULL, NULL, &s), FW_OK);
    fw_source_free(source);
    return s;
}

/* The device's clock loses eight hours at line 50 and one late line says nothing; more steps than
 * are kept are counted. */
START_TEST(clock_steps)
{
    struct fw_buf text;
    fw_buf_init(&text);
    for (int i = 0; i < 100; i++) {
        int hour = i < 50 ? 18 : 10;
        int late = i == 20 ? 30 : 0;
        fw_buf_printf(&text,
                      "2026-05-01T18:%02d:%02dZ relay 2026-05-01T%02d:%02d:%02dZ fw1 "
                      "%%ASA-6-302013: Built outbound TCP connection %d for o:192.0.2.1/53 "
                      "(192.0.2.1/53) to i:10.0.0.1/9 (10.0.0.1/9)\n",
                      10 + i / 60, i % 60, hour, 10 + (i - late) / 60, (i - late + 60) % 60, i);
    }
    struct fw_summarizer *s = summarize_buf(&text);
    const struct fw_summary *sum = fw_summarizer_finish(s);
    ck_assert_uint_eq(sum->nsources, 1);
    const struct fw_summary_part *part = &sum->sources[0].parts[0];
    ck_assert_uint_eq(part->nsteps, 1);
    ck_assert_uint_eq(part->steps[0].at.line, 51);
    ck_assert_int_eq(part->steps[0].by, -8 * FW_NS_PER_HOUR);
    ck_assert_int_eq(part->back.most, 8 * FW_NS_PER_HOUR - FW_NS_PER_SEC);
    ck_assert_uint_eq(sum->sources[0].sessions.started, 100);
    ck_assert_uint_eq(sum->sources[0].sessions.ended, 0);
    ck_assert_uint_eq(part->dns.total.started, 100);
    ck_assert_uint_eq(part->dns.n, 1);
    ck_assert_uint_eq(part->dns.v[0].count.started, 100);
    check_codec(sum);
    fw_summarizer_free(s);
    fw_buf_reset(&text);
    for (int i = 0; i < 20 * (FW_LIMIT_SUMMARY_STEPS + 6); i++) {
        fw_buf_printf(&text,
                      "2026-05-01T18:%02d:%02dZ relay 2026-05-01T%02d:%02d:%02dZ fw1 "
                      "%%ASA-6-305011: x\n",
                      i / 60 % 60, i % 60, i / 20 % 2 ? 17 : 18, i / 60 % 60, i % 60);
    }
    s = summarize_buf(&text);
    sum = fw_summarizer_finish(s);
    part = &sum->sources[0].parts[0];
    ck_assert_uint_eq(part->nsteps, FW_LIMIT_SUMMARY_STEPS);
    ck_assert_uint_eq(part->steps_lost, 5);
    fw_summarizer_free(s);
    fw_buf_clear(&text);
}
END_TEST

/* Pairs of client and server beyond the limit are counted, those that are known go on. */
START_TEST(limit_of_queries)
{
    struct fw_buf text;
    fw_buf_init(&text);
    for (unsigned i = 0; i < FW_LIMIT_SUMMARY_QUERIES + 10; i++) {
        fw_buf_printf(&text,
                      "Jul  1 10:00:00 gw kernel: ACCEPT IN=a OUT=b SRC=10.1.%u.%u DST=192.0.2.1 "
                      "PROTO=UDP SPT=9 DPT=53\n",
                      i / 250, i % 250);
    }
    fw_buf_add_cstr(&text,
                    "Jul  1 10:00:00 gw kernel: ACCEPT IN=a OUT=b SRC=10.1.0.0 DST=192.0.2.1 "
                    "PROTO=UDP SPT=9 DPT=53\n"
                    "Jul  1 10:00:00 gw kernel: DROP IN=a OUT=b SRC=10.1.0.9 DST=192.0.2.1 "
                    "PROTO=UDP SPT=9 DPT=53\n");
    struct fw_summarizer *s = summarize_buf(&text);
    const struct fw_summary_part *part = &fw_summarizer_finish(s)->sources[0].parts[0];
    ck_assert_uint_eq(part->dns.n, FW_LIMIT_SUMMARY_QUERIES);
    ck_assert_uint_eq(part->dns.lost, 10);
    ck_assert_uint_eq(part->dns.total.single, FW_LIMIT_SUMMARY_QUERIES + 12);
    ck_assert_uint_eq(part->dns.v[0].count.single, 2);
    ck_assert_uint_eq(part->dns.v[9].count.single, 1); /* the refused one is in the total only */
    fw_summarizer_free(s);
    fw_buf_clear(&text);
}
END_TEST

/* What programs say of lost messages, in their own words. */
START_TEST(losses)
{
    struct fw_summarizer *s = summarize(
        "Jul  1 10:00:00 log rsyslogd: imuxsock[pid 31]: 456 messages lost due to rate-limiting\n"
        "Jul  1 10:00:01 log systemd-journald[9]: Suppressed 71 messages from ssh.service\n"
        "Jul  1 10:00:02 log rsyslogd: [origin software=\"rsyslogd\"] start\n"
        "Jul  1 10:00:03 log sshd[7]: 456 messages lost due to rate-limiting\n"
        "Jul  1 10:00:04 log kernel: net_ratelimit: 34 callbacks suppressed\n"
        "Jul  1 10:00:05 log kernel: audit: backlog limit exceeded\n");
    const struct fw_loss_summary *loss = &fw_summarizer_finish(s)->sources[0].loss;
    ck_assert_uint_eq(loss->messages, 4);
    ck_assert_uint_eq(loss->lost, 456 + 71 + 34 + 1);
    ck_assert_uint_eq(loss->lines, 5); /* sshd is no part of the logging */
    ck_assert_uint_eq(loss->first_at.line, 1);
    fw_summarizer_free(s);
}
END_TEST

/* More silences than are kept: the longest stay, and the floor says what is missing. */
START_TEST(limit_of_silences)
{
    struct fw_summarizer *s;
    ck_assert_int_eq(fw_summarizer_new(&s), FW_OK);
    uint64_t at = 0;
    for (uint64_t i = 0; i < FW_LIMIT_SUMMARY_SILENCES + 100; i++) {
        struct fw_logline line = line_at(at, "a");
        fw_summarizer_line(s, &line);
        at += 61 + (i * 7919) % 2000;
    }
    const struct fw_summary *sum = fw_summarizer_finish(s);
    const struct fw_summary_part *part = &sum->sources[0].parts[0];
    ck_assert_uint_eq(part->nsilences, FW_LIMIT_SUMMARY_SILENCES);
    ck_assert_int_ge(part->silence_floor, 61 * FW_NS_PER_SEC);
    for (size_t i = 0; i < part->nsilences; i++) {
        ck_assert_int_ge(part->silences[i].to - part->silences[i].from, part->silence_floor);
    }
    fw_summarizer_free(s);
}
END_TEST

START_TEST(limits_of_rows)
{
    struct fw_summarizer *s;
    char text[32];
    ck_assert_int_eq(fw_summarizer_new(&s), FW_OK);
    for (uint64_t i = 0; i < FW_LIMIT_SUMMARY_HOURS + 10; i++) {
        struct fw_logline line = line_at(i * 3600, "a");
        if (i < FW_LIMIT_SUMMARY_RULES + 10) {
            snprintf(text, sizeof(text), "rule %llu", (unsigned long long)i);
            line.event.rule_name = fw_sv_from(text);
            line.event.traffic = true;
            fw_event_set(&line.event, FW_EV_rule_name);
        }
        line.event.admin = i < FW_LIMIT_SUMMARY_ADMIN + 10;
        fw_summarizer_line(s, &line);
    }
    for (uint64_t i = 0; i < FW_LIMIT_SUMMARY_ALERTS + 10; i++) {
        struct fw_logline line = line_at(i % 86400, "a");
        line.event.alert_gid = 1;
        line.event.alert_sid = (uint32_t)i + 1;
        fw_summarizer_line(s, &line);
    }
    for (uint64_t i = 0; i < FW_LIMIT_SUMMARY_HOSTS + 10; i++) {
        snprintf(text, sizeof(text), "host%llu", (unsigned long long)i);
        struct fw_logline line = line_at(0, text);
        line.verdict = FW_LINE_IGNORED;
        snprintf(text, sizeof(text), "code%llu", (unsigned long long)i);
        line.name = fw_sv_from(text);
        fw_summarizer_line(s, &line);
    }
    const struct fw_summary *sum = fw_summarizer_finish(s);
    ck_assert_uint_eq(sum->nsources, FW_LIMIT_SUMMARY_HOSTS);
    ck_assert_uint_eq(sum->sources_lost, 11); /* one host was there before */
    ck_assert_uint_eq(sum->nignored, FW_LIMIT_SUMMARY_NAMES);
    ck_assert_uint_eq(sum->ignored_lost, FW_LIMIT_SUMMARY_HOSTS + 10 - FW_LIMIT_SUMMARY_NAMES);
    const struct fw_summary_part *part = &sum->sources[0].parts[0];
    ck_assert_uint_eq(part->nhours, FW_LIMIT_SUMMARY_HOURS);
    ck_assert_uint_eq(part->hours_lost, 10);
    ck_assert_uint_eq(part->nusage, FW_LIMIT_SUMMARY_RULES);
    ck_assert_uint_eq(part->usage_lost, 10);
    ck_assert_uint_eq(part->nadmin, FW_LIMIT_SUMMARY_ADMIN);
    ck_assert_uint_eq(part->admin_lost, 10);
    /* Half of the rows made room for ten more. */
    ck_assert_uint_eq(part->nalerts, FW_LIMIT_SUMMARY_ALERTS / 2 + 10);
    ck_assert_uint_eq(part->alerts_lost, FW_LIMIT_SUMMARY_ALERTS / 2);
    struct fw_diags *diags = fw_diags_new();
    fw_summary_report(sum, FW_SV("fw.log"), diags);
    ck_assert_uint_eq(fw_diags_total(diags, FW_DIAG_WARNING), 6);
    ck_assert_int_eq(fw_diags_at(diags, 0)->id, FW_DIAG_ID_LIMIT_REACHED);
    ck_assert(fw_sv_is(fw_diags_at(diags, 0)->message,
                       "10 administrators' actions are beyond the limit (SUMMARY_ADMIN): they are "
                       "counted, but not one by one"));
    fw_diags_free(diags);
    fw_summarizer_free(s);
}
END_TEST

START_TEST(empty)
{
    struct fw_summarizer *s = summarize("");
    const struct fw_summary *sum = fw_summarizer_finish(s);
    ck_assert_uint_eq(sum->lines.total, 0);
    ck_assert_uint_eq(sum->nsources, 0);
    check_codec(sum);
    fw_summarizer_free(s);
}
END_TEST

Suite *fw_suite_summary(void)
{
    Suite *suite = suite_create("summary");
    TCase *tc = tcase_create("summary");
    tcase_set_timeout(tc, 120);
    tcase_add_test(tc, counts);
    tcase_add_test(tc, clocks_and_serials);
    tcase_add_test(tc, silences_of_shuffled_lines);
    tcase_add_test(tc, limit_of_silences);
    tcase_add_test(tc, clock_steps);
    tcase_add_test(tc, limit_of_queries);
    tcase_add_test(tc, losses);
    tcase_add_test(tc, limits_of_rows);
    tcase_add_test(tc, empty);
    suite_add_tcase(suite, tc);
    return suite;
}
