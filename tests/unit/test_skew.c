/* Two clocks by the connections that both devices saw: pairs are made with a known offset and
 * drift, noise, strangers and mistakes, and the measure has to find them again. FWPROOF_SKEW_ROUNDS
 * rounds. */
#include <check.h>
#include <math.h>
#include <stdlib.h>

#include "analyzers/logs/paired.h"
#include "core/limits.h"
#include "tests/unit/judged.h"
#include "tests/unit/random.h"
#include "tests/unit/suites.h"

static struct fw_arena arena;
static struct fw_catalogue catalogue;

static void setup(void)
{
    fw_arena_init(&arena, 0);
    struct fw_diags *diags = fw_diags_new();
    ck_assert_int_eq(fw_catalogue_load(&arena, NULL, diags, &catalogue), FW_OK);
    fw_diags_free(diags);
}

static void teardown(void)
{
    fw_arena_clear(&arena);
}

static int64_t day_ns(void)
{
    return fw_days_from_date(2026, 3, 1) * 86400 * FW_NS_PER_SEC;
}

static struct fw_stamp stamp_of(int64_t ns)
{
    int64_t seconds = ns / FW_NS_PER_SEC;
    struct fw_date date = fw_date_from_days(seconds / 86400);
    return (struct fw_stamp){.year = date.year,
                             .month = date.month,
                             .day = date.day,
                             .hour = (uint8_t)(seconds / 3600 % 24),
                             .minute = (uint8_t)(seconds / 60 % 60),
                             .second = (uint8_t)(seconds % 60),
                             .nanos = (uint32_t)(ns % FW_NS_PER_SEC),
                             .has_zone = true};
}

static void put(struct fw_summarizer *s, int64_t ns, uint32_t src, uint16_t sport, bool whole)
{
    struct fw_logline line = {.number = 1, .verdict = FW_LINE_USED};
    struct fw_event *ev = &line.event;
    line.parser = fw_parser_find(FW_SV("netfilter-log"));
    ev->time = stamp_of(whole ? ns - ns % FW_NS_PER_SEC : ns);
    ev->src = fw_ip4(src);
    ev->sport = sport;
    ev->dst = fw_ip4(0xc0000202);
    ev->dport = 443;
    ev->transport = FW_SV("tcp");
    ev->outcome = FW_SV("success");
    ev->traffic = true;
    ev->present |= UINT64_C(1) << FW_EV_src | UINT64_C(1) << FW_EV_sport |
                   UINT64_C(1) << FW_EV_dst | UINT64_C(1) << FW_EV_dport |
                   UINT64_C(1) << FW_EV_transport | UINT64_C(1) << FW_EV_outcome |
                   UINT64_C(1) << FW_EV_time;
    fw_summarizer_line(s, &line);
}

enum { EVENTS = 20000, COMMON = EVENTS / 100, DEVICES = 3 };

/* One world: what each device's clock is off at the beginning, and how it drifts. */
struct world {
    int64_t off[DEVICES];
    double ppm[DEVICES];
    bool whole[DEVICES];
    int64_t span, noise;
    struct fw_summarizer *s[DEVICES];
    struct fw_source_views views;
};

static int64_t told(const struct world *w, unsigned device, int64_t ns)
{
    return ns + w->off[device] + llround(w->ppm[device] / 1e6 * (double)(ns - day_ns()));
}

/* The sum of three is near enough to a bell. */
static int64_t jitter(struct test_random *random, int64_t most)
{
    int64_t sum = 0;
    for (int i = 0; i < 3; i++) {
        sum += (int64_t)(test_random_u64(random) % (uint64_t)(2 * most + 1)) - most;
    }
    return sum / 3;
}

static void make(struct world *w, unsigned devices, struct test_random *random)
{
    static const char *const names[DEVICES] = {"fw1", "fw2", "fw3"};
    struct fw_view_file files[DEVICES] = {0};
    for (unsigned d = 0; d < devices; d++) {
        ck_assert_int_eq(fw_summarizer_new(&w->s[d]), FW_OK);
    }
    for (unsigned i = 0; i < EVENTS; i++) {
        int64_t ns = day_ns() + INT64_C(86400) * FW_NS_PER_SEC +
                     (int64_t)(test_random_u64(random) % (uint64_t)w->span);
        bool common = i < COMMON;
        bool mistaken = test_random_below(random, 10) == 0; /* another use of the same ports */
        for (unsigned d = 0; d < devices; d++) {
            int64_t at = mistaken && d > 0 ? ns + jitter(random, 30000 * FW_NS_PER_SEC) : ns;
            at = told(w, d, at) + jitter(random, w->noise);
            put(w->s[d], at, 0x0a000000 + i / 50000 + (common ? 0 : (d + 1) << 16),
                (uint16_t)(1024 + i % 50000), w->whole[d]);
        }
    }
    for (unsigned d = 0; d < devices; d++) {
        files[d].path = fw_sv_from(names[d]);
        files[d].device = fw_sv_from(names[d]);
        files[d].family = fw_sv_from(names[d]);
        files[d].sha256.b[0] = (uint8_t)d;
        files[d].summary = fw_summarizer_finish(w->s[d]);
    }
    struct fw_view_options options = {.as_of_ns = INT64_MIN};
    fw_source_views_build(&arena, files, devices, &options, &w->views);
    ck_assert_uint_eq(w->views.n, devices);
}

static void unmake(struct world *w, unsigned devices)
{
    for (unsigned d = 0; d < devices; d++) {
        fw_summarizer_free(w->s[d]);
    }
    fw_arena_reset(&arena);
}

START_TEST(recovered)
{
    struct test_random random = test_random_start("skew");
    const char *given = getenv("FWPROOF_SKEW_ROUNDS");
    int rounds = given ? atoi(given) : 6;
    int outside = 0;
    for (int round = 0; round < rounds; round++) {
        struct world w = {.span = (1 + test_random_below(&random, 60)) * FW_NS_PER_SEC * 86400,
                          .noise = (1 + test_random_below(&random, 100)) * FW_NS_PER_SEC / 1000};
        w.off[1] = jitter(&random, (test_random_below(&random, 2) ? 3 : 9 * 3600) * FW_NS_PER_SEC);
        w.ppm[1] = (double)test_random_below(&random, 81) - 40;
        w.whole[0] = test_random_below(&random, 2);
        w.whole[1] = test_random_below(&random, 2);
        make(&w, 2, &random);
        const struct fw_source_view *v = &w.views.v[0];
        ck_assert_uint_eq(v->npairs, 1);
        ck_assert_uint_eq(w.views.v[1].npairs, 1);
        const struct fw_skew_fit *fit = &v->pairs[0].fit;
        int64_t truth = told(&w, 0, fit->middle_ns) - told(&w, 1, fit->middle_ns);
        int64_t error = llabs(fit->offset_ns - truth);
        int64_t stated = fit->within_ns > 50000000 ? fit->within_ns : 50000000;
        printf("# offset %+.3f s, %+.0f ppm, noise %.0f ms, %s: off by %.1f ms of ±%.1f ms, "
               "%+.2f ppm ±%.2f, %llu of %llu\n",
               (double)truth / 1e9, -w.ppm[1], (double)w.noise / 1e6,
               w.whole[0] + w.whole[1] == 0 ? "fine"
               : w.whole[0] && w.whole[1]   ? "whole"
                                            : "mixed",
               (double)error / 1e6, (double)fit->within_ns / 1e6, fit->drift_ppm,
               fit->drift_within_ppm, (unsigned long long)fit->used,
               (unsigned long long)fit->points);
        double drift = fabs(fit->drift_ppm + w.ppm[1]) - 0.05;
        outside += error > stated || drift > fit->drift_within_ppm;
        ck_assert_msg(error <= 2 * stated, "off by %lld, stated %lld", (long long)error,
                      (long long)stated);
        ck_assert_msg(drift <= 2 * fit->drift_within_ppm, "drift %f of %f, stated %f",
                      fit->drift_ppm, -w.ppm[1], fit->drift_within_ppm);
        ck_assert_int_eq(w.views.v[1].pairs[0].fit.offset_ns, -fit->offset_ns);
        unmake(&w, 2);
    }
    /* The intervals hold 99.7 of 100. */
    ck_assert_msg(outside <= 1 + rounds / 50, "%d of %d outside of what is stated", outside,
                  rounds);
}
END_TEST

/* Who saw nothing in common has nothing to be measured by, though all of them use the same ports.
 */
START_TEST(strangers)
{
    struct test_random random = test_random_start("skew of strangers");
    struct fw_skew_point v[4000];
    struct fw_skew_fit fit;
    for (int round = 0; round < 20; round++) {
        for (size_t i = 0; i < 4000; i++) {
            v[i] = (struct fw_skew_point){(int64_t)i * FW_NS_PER_SEC,
                                          jitter(&random, FW_SKEW_WINDOW_NS)};
        }
        ck_assert(!fw_skew_fit(v, 4000, false, &arena, &fit));
    }
    for (size_t i = 0; i < FW_SKEW_POINTS_MIN; i++) {
        v[i].late = 5;
    }
    ck_assert(!fw_skew_fit(v, FW_SKEW_POINTS_MIN - 1, false, &arena, &fit));
    ck_assert(fw_skew_fit(v, FW_SKEW_POINTS_MIN, false, &arena, &fit));
    ck_assert_int_eq(fit.offset_ns, 5);
}
END_TEST

START_TEST(judged)
{
    struct test_random random = test_random_start("skew judged");
    struct world w = {.span = 20 * INT64_C(86400) * FW_NS_PER_SEC, .noise = 20000000};
    w.off[2] = 8 * 3600 * FW_NS_PER_SEC;
    make(&w, 3, &random);
    struct fw_facts facts = {.catalogue = &catalogue, .nsources = 1};
    facts.sources = &w.views.v[0]; /* agrees with one, and differs from the other */
    test_judged(&facts, &arena, "TIM-004", FW_RESULT_PASS, "pass", NULL);
    facts.sources = &w.views.v[2];
    test_judged(&facts, &arena, "TIM-004", FW_RESULT_FAIL, "fail", NULL);
    unmake(&w, 3);
}
END_TEST

/* More connections than are compared: the same ones of every device stay. */
START_TEST(limit)
{
    enum { N = FW_LIMIT_PAIRED, LISTS = 4 };
    struct fw_contact *contacts = calloc(N, sizeof(*contacts));
    struct fw_pairing *pairing = fw_pairing_new();
    struct fw_resolution res = {.axis = {.has_year = true}};
    struct fw_source_view views[2] = {{.name = FW_SV("a")}, {.name = FW_SV("b")}};
    struct test_random random = {7};
    for (unsigned list = 0; list < LISTS; list++) {
        random.state = list / 2;
        for (size_t i = 0; i < N; i++) {
            int64_t ns = (int64_t)(test_random_u64(&random) % UINT64_C(86400000000000));
            contacts[i] = (struct fw_contact){.key = test_random_u64(&random) >> 1,
                                              .first = ns + (list % 2 ? 700000000 : 0),
                                              .last = ns + (list % 2 ? 700000000 : 0)};
        }
        struct fw_contact_list rows = {N, contacts};
        fw_pairing_add(pairing, list % 2, &rows, &res);
    }
    fw_pairing_measure(pairing, &arena, views, 2);
    ck_assert_uint_eq(views[0].npairs, 1);
    ck_assert_int_eq(views[0].pairs[0].fit.offset_ns, -700000000);
    ck_assert_uint_le(views[0].pairs[0].fit.points, FW_LIMIT_PAIRED / 2 + 1);
    ck_assert_uint_gt(views[0].pairs[0].fit.points, FW_LIMIT_PAIRED / 4);
    fw_pairing_free(pairing);
    free(contacts);
}
END_TEST

Suite *fw_suite_skew(void)
{
    Suite *suite = suite_create("skew");
    TCase *tests = tcase_create("skew");
    tcase_set_timeout(tests, 300);
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, recovered);
    tcase_add_test(tests, strangers);
    tcase_add_test(tests, judged);
    tcase_add_test(tests, limit);
    suite_add_tcase(suite, tests);
    return suite;
}
