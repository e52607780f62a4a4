/* Alerts, connections and counters of sensors: what is kept of a file within limits, and how an
 * alert meets what a firewall decided. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyzers/logs/sensing.h"
#include "analyzers/logs/source_view.h"
#include "core/limits.h"
#include "tests/unit/random.h"
#include "tests/unit/suites.h"

/* 2026-03-01 and some seconds */
static struct fw_logline line_at(uint64_t seconds)
{
    struct fw_logline line = {.number = 1, .verdict = FW_LINE_USED};
    struct fw_date date = fw_date_from_days(20513 + (int64_t)(seconds / 86400));
    line.parser = fw_parser_find(FW_SV("snort-fast"));
    ck_assert_ptr_nonnull(line.parser);
    line.event.time = (struct fw_stamp){.year = date.year,
                                        .month = date.month,
                                        .day = date.day,
                                        .hour = (uint8_t)(seconds / 3600 % 24),
                                        .minute = (uint8_t)(seconds / 60 % 60),
                                        .second = (uint8_t)(seconds % 60)};
    fw_event_set(&line.event, FW_EV_time);
    return line;
}

static void put_alert(struct fw_summarizer *s, uint64_t seconds, uint32_t sid)
{
    struct fw_logline line = line_at(seconds);
    line.event.alert_gid = 1;
    line.event.alert_sid = sid;
    fw_summarizer_line(s, &line);
}

static struct fw_logline connection(uint64_t seconds, uint32_t src, uint16_t sport, uint32_t dst,
                                    uint16_t dport)
{
    struct fw_logline line = line_at(seconds);
    struct fw_event *ev = &line.event;
    ev->src = fw_ip4(src);
    ev->sport = sport;
    ev->dst = fw_ip4(dst);
    ev->dport = dport;
    ev->transport = FW_SV("tcp");
    ev->present |= UINT64_C(1) << FW_EV_src | UINT64_C(1) << FW_EV_sport |
                   UINT64_C(1) << FW_EV_dst | UINT64_C(1) << FW_EV_dport |
                   UINT64_C(1) << FW_EV_transport;
    return line;
}

static void put_verdict(struct fw_summarizer *s, struct fw_logline line, bool allowed)
{
    line.event.traffic = true;
    line.event.outcome = allowed ? FW_SV("success") : FW_SV("failure");
    fw_event_set(&line.event, FW_EV_outcome);
    fw_summarizer_line(s, &line);
}

static void put_alerted(struct fw_summarizer *s, struct fw_logline line, uint32_t sid)
{
    line.event.alert_gid = 1;
    line.event.alert_sid = sid;
    fw_summarizer_line(s, &line);
}

/* What makes noise stays, though it began when the table was full; nothing is lost from the sum. */
START_TEST(noisy_signature_stays)
{
    struct fw_summarizer *s;
    enum { NOISE = 1000 };
    ck_assert_int_eq(fw_summarizer_new(&s), FW_OK);
    uint64_t put = 0;
    for (uint32_t i = 0; i < FW_LIMIT_SUMMARY_ALERTS + 5; i++, put++) {
        put_alert(s, i % 86400, 1000 + i);
    }
    for (uint32_t i = 0; i < NOISE; i++, put++) {
        put_alert(s, i, 7);
    }
    for (uint32_t i = 0; i < FW_LIMIT_SUMMARY_ALERTS; i++, put++) {
        put_alert(s, i % 86400, 2000000 + i);
    }
    const struct fw_summary *sum = fw_summarizer_finish(s);
    ck_assert_uint_eq(sum->nsources, 1);
    const struct fw_summary_part *part = &sum->sources[0].parts[0];
    ck_assert_uint_le(part->nalerts, FW_LIMIT_SUMMARY_ALERTS);
    uint64_t kept = 0;
    uint64_t noise = 0;
    for (size_t i = 0; i < part->nalerts; i++) {
        kept += part->alerts[i].count;
        noise += part->alerts[i].sid == 7 ? part->alerts[i].count : 0;
    }
    ck_assert_uint_eq(noise, NOISE);
    ck_assert_uint_eq(kept + part->alerts_lost, put);
    ck_assert_uint_gt(part->alerts_lost, 0);
    fw_summarizer_free(s);
}
END_TEST

static int by_key(const void *a, const void *b)
{
    const uint64_t *x = a;
    const uint64_t *y = b;
    return (*x > *y) - (*x < *y);
}

/* The rows with the smallest keys stay, in whatever order the lines came. */
START_TEST(sample_of_connections)
{
    enum { N = 3 * FW_LIMIT_SUMMARY_JUDGED };
    struct test_random random = test_random_start("sample of connections");
    uint32_t *order = calloc(N, sizeof(*order));
    uint64_t *keys = calloc(N, sizeof(*keys));
    uint64_t first_below = 0;
    /* One by one, so that every key is known. */
    for (uint32_t i = 0; i < N; i++) {
        struct fw_summarizer *s;
        ck_assert_int_eq(fw_summarizer_new(&s), FW_OK);
        put_verdict(s, connection(i, 0x0a000000 + i, 1024, 0xc0000201, 443), i % 2);
        const struct fw_summary *sum = fw_summarizer_finish(s);
        ck_assert_uint_eq(sum->sources[0].parts[0].judged.n, 1);
        keys[i] = sum->sources[0].parts[0].judged.v[0].key;
        ck_assert_uint_eq(sum->judged_below, UINT64_MAX);
        order[i] = i;
        fw_summarizer_free(s);
    }
    qsort(keys, N, sizeof(*keys), by_key);
    for (int round = 0; round < 2; round++) {
        struct fw_summarizer *s;
        ck_assert_int_eq(fw_summarizer_new(&s), FW_OK);
        for (uint32_t i = 0; i < N; i++) {
            put_verdict(s, connection(order[i], 0x0a000000 + order[i], 1024, 0xc0000201, 443),
                        order[i] % 2);
        }
        const struct fw_summary *sum = fw_summarizer_finish(s);
        const struct fw_contact_list *list = &sum->sources[0].parts[0].judged;
        ck_assert_uint_eq(list->n, FW_LIMIT_SUMMARY_JUDGED);
        for (size_t i = 0; i < list->n; i++) {
            ck_assert_uint_eq(list->v[i].key, keys[i]);
        }
        ck_assert_uint_eq(sum->judged_below, keys[FW_LIMIT_SUMMARY_JUDGED]);
        first_below = sum->judged_below;
        fw_summarizer_free(s);
        for (uint32_t i = N - 1; i > 0; i--) {
            uint32_t at = test_random_below(&random, i + 1);
            uint32_t swap = order[i];
            order[i] = order[at];
            order[at] = swap;
        }
    }
    ck_assert_uint_ne(first_below, UINT64_MAX);
    free(order);
    free(keys);
}
END_TEST

/* One connection that says much takes one row, and the limit of alerted ones holds. */
START_TEST(talkative_connection)
{
    struct fw_summarizer *s;
    ck_assert_int_eq(fw_summarizer_new(&s), FW_OK);
    for (uint32_t i = 0; i < 4 * FW_LIMIT_SUMMARY_JUDGED; i++) {
        put_verdict(s, connection(i, 0x0a000001, 0, 0xc0000201, 0), true);
    }
    put_verdict(s, connection(40000, 0x0a000001, 0, 0xc0000201, 0), true);
    for (uint32_t i = 0; i < FW_LIMIT_SUMMARY_ALERTED + 10; i++) {
        put_alerted(s, connection(i, 0x0a000000 + i, 9, 0xc0000202, 9), 5);
    }
    const struct fw_summary *sum = fw_summarizer_finish(s);
    const struct fw_contact_list *judged = &sum->sources[0].parts[0].judged;
    ck_assert_uint_eq(judged->n, 2); /* 40000 is long after 16383 */
    ck_assert_uint_eq(judged->v[0].count, 4 * FW_LIMIT_SUMMARY_JUDGED);
    ck_assert_uint_eq(judged->v[1].count, 1);
    ck_assert_uint_eq(sum->judged_below, UINT64_MAX);
    ck_assert_uint_eq(sum->sources[0].parts[0].alerted.n, FW_LIMIT_SUMMARY_ALERTED);
    ck_assert_uint_ne(sum->alerted_below, UINT64_MAX);
    fw_summarizer_free(s);
}
END_TEST

static void put_counters(struct fw_summarizer *s, uint64_t seconds, uint64_t captured,
                         uint64_t dropped)
{
    struct fw_logline line = line_at(seconds);
    line.event.captured = captured;
    line.event.dropped = dropped;
    fw_event_set(&line.event, FW_EV_captured);
    fw_event_set(&line.event, FW_EV_dropped);
    fw_summarizer_line(s, &line);
}

/* Counters run on over midnight and start anew with the sensor. */
START_TEST(counters_of_a_sensor)
{
    struct fw_summarizer *s;
    ck_assert_int_eq(fw_summarizer_new(&s), FW_OK);
    put_counters(s, 1000, 5000, 50);
    put_counters(s, 2000, 6000, 60);
    put_counters(s, 86400 + 1000, 9000, 80);
    put_counters(s, 86400 + 2000, 100, 7); /* started anew */
    put_counters(s, 86400 + 3000, 300, 9);
    for (uint64_t i = 0; i < FW_LIMIT_SUMMARY_SENSOR + 3; i++) {
        put_counters(s, i * 86400, 300, 9);
    }
    const struct fw_summary *sum = fw_summarizer_finish(s);
    const struct fw_summary_part *part = &sum->sources[0].parts[0];
    ck_assert_uint_eq(part->nsensor, FW_LIMIT_SUMMARY_SENSOR);
    ck_assert_uint_eq(part->sensor_lost, 3);
    ck_assert_uint_eq(part->sensor[0].samples, 3);
    ck_assert_uint_eq(part->sensor[0].captured, 1000);
    ck_assert_uint_eq(part->sensor[0].dropped, 10);
    ck_assert_uint_eq(part->sensor[1].captured, 3000 + 100 + 200);
    ck_assert_uint_eq(part->sensor[1].dropped, 20 + 7 + 2);
    ck_assert_uint_eq(part->sensor[2].captured, 0);
    fw_summarizer_free(s);
}
END_TEST

static struct fw_view_file file_of(const char *path, uint8_t number, struct fw_summarizer *s)
{
    struct fw_view_file file = {
        .path = fw_sv_from(path), .family = fw_sv_from(path), .summary = fw_summarizer_finish(s)};
    file.sha256.b[0] = number;
    fw_anchors_init(&file.anchors);
    return file;
}

/* The firewall's view keeps what sensors alerted about, and nothing else; a reply is the same
 * connection, and so is one that the sensor sees translated. */
START_TEST(alerts_meet_verdicts)
{
    struct fw_summarizer *firewall;
    struct fw_summarizer *sensor;
    struct fw_arena arena;
    struct fw_source_views views;
    fw_arena_init(&arena, 0);
    ck_assert_int_eq(fw_summarizer_new(&firewall), FW_OK);
    ck_assert_int_eq(fw_summarizer_new(&sensor), FW_OK);
    put_verdict(firewall, connection(100, 0x0a000001, 1024, 0xc0000201, 443), true);
    put_verdict(firewall, connection(100, 0x0a000002, 1024, 0xc0000201, 443), true);
    struct fw_logline line = connection(200, 0xcb007101, 2000, 0xc0000202, 80);
    line.event.nat_dst = fw_ip4(0x0a000009);
    line.event.nat_dport = 8080;
    fw_event_set(&line.event, FW_EV_nat_dst);
    fw_event_set(&line.event, FW_EV_nat_dport);
    put_verdict(firewall, line, false);
    put_alerted(sensor, connection(101, 0xc0000201, 443, 0x0a000001, 1024), 5);
    put_alerted(sensor, connection(201, 0xcb007101, 2000, 0x0a000009, 8080), 6);
    struct fw_view_file files[2] = {file_of("fw", 1, firewall), file_of("ids", 2, sensor)};
    struct fw_view_options options = {.as_of_ns = INT64_MIN};
    fw_source_views_build(&arena, files, 2, &options, &views);
    ck_assert_uint_eq(views.n, 2);
    const struct fw_source_view *fw = &views.v[0];
    const struct fw_source_view *ids = &views.v[1];
    ck_assert_uint_eq(fw->judged.n, 2);
    ck_assert_uint_eq(fw->alerted.n, 0);
    ck_assert_uint_eq(ids->alerted.n, 2);
    for (size_t i = 0; i < 2; i++) {
        ck_assert_uint_eq(fw->judged.v[i].key, ids->alerted.v[i].key);
        bool first = ids->alerted.v[i].sid == 5;
        ck_assert_uint_eq(fw->judged.v[i].outcome, first ? FW_CONTACT_ALLOWED : FW_CONTACT_DENIED);
        ck_assert_int_eq(ids->alerted.v[i].first - fw->judged.v[i].first, FW_NS_PER_SEC);
    }
    fw_summarizer_free(firewall);
    fw_summarizer_free(sensor);
    fw_arena_clear(&arena);
}
END_TEST

/* More alerted connections than are compared: those with the smallest keys are. */
START_TEST(limit_of_alerted)
{
    enum { N = 3 * FW_LIMIT_ALERTED };
    struct fw_contact *contacts = calloc(N, sizeof(*contacts));
    struct fw_contact_keys keys;
    struct fw_arena arena;
    fw_arena_init(&arena, 0);
    for (size_t i = 0; i < N; i++) {
        contacts[i].key = (i * 7919 % N) * 2; /* each even number once */
    }
    struct fw_summary_part part = {.alerted = {N, contacts}};
    struct fw_summary_source source = {.nparts = 1, .parts = &part};
    struct fw_summary summary = {.nsources = 1, .sources = &source};
    struct fw_view_file file = {.summary = &summary};
    fw_contact_keys_make(&arena, &file, 1, &keys);
    ck_assert_uint_eq(keys.below, 2 * (uint64_t)FW_LIMIT_ALERTED);
    ck_assert_uint_eq(keys.set.n, FW_LIMIT_ALERTED);
    free(contacts);
    fw_arena_clear(&arena);
}
END_TEST

/* What was encoded comes back. */
START_TEST(codec)
{
    struct fw_summarizer *s;
    struct fw_arena arena;
    struct fw_buf a;
    struct fw_buf b;
    const struct fw_summary *back;
    fw_arena_init(&arena, 0);
    fw_buf_init(&a);
    fw_buf_init(&b);
    ck_assert_int_eq(fw_summarizer_new(&s), FW_OK);
    put_verdict(s, connection(100, 0x0a000001, 1024, 0xc0000201, 443), true);
    put_alerted(s, connection(101, 0xc0000201, 443, 0x0a000001, 1024), 5);
    put_counters(s, 1000, 5000, 50);
    put_counters(s, 2000, 6000, 60);
    fw_summary_encode(fw_summarizer_finish(s), &a);
    ck_assert_int_eq(fw_summary_decode(fw_buf_sv(&a), &arena, &back), FW_OK);
    fw_summary_encode(back, &b);
    ck_assert(fw_sv_eq(fw_buf_sv(&a), fw_buf_sv(&b)));
    const struct fw_summary_part *part = &back->sources[0].parts[0];
    ck_assert_uint_eq(part->alerted.n, 1);
    ck_assert_uint_eq(part->alerted.v[0].sid, 5);
    ck_assert(fw_ip_eq(part->alerted.v[0].src, fw_ip4(0xc0000201)));
    ck_assert_uint_eq(part->judged.v[0].outcome, FW_CONTACT_ALLOWED);
    ck_assert_uint_eq(part->sensor[0].captured, 1000);
    for (size_t n = 0; n < a.n; n++) {
        ck_assert_int_eq(fw_summary_decode(fw_sv_of(a.p, n), &arena, &back), FW_ERR_INVALID);
    }
    fw_summarizer_free(s);
    fw_buf_clear(&a);
    fw_buf_clear(&b);
    fw_arena_clear(&arena);
}
END_TEST

Suite *fw_suite_sensing(void)
{
    Suite *suite = suite_create("sensing");
    TCase *tc = tcase_create("sensing");
    tcase_set_timeout(tc, 120);
    tcase_add_test(tc, noisy_signature_stays);
    tcase_add_test(tc, sample_of_connections);
    tcase_add_test(tc, talkative_connection);
    tcase_add_test(tc, counters_of_a_sensor);
    tcase_add_test(tc, alerts_meet_verdicts);
    tcase_add_test(tc, limit_of_alerted);
    tcase_add_test(tc, codec);
    suite_add_tcase(suite, tc);
    return suite;
}
