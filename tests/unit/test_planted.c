/* A month of a router's log with planted faults, from fifty seeds: each is found with its bounds,
 * and nothing is found that was not planted. */
#include <check.h>
#include <stdlib.h>

#include "analyzers/logs/clock.h"
#include "analyzers/logs/source_view.h"
#include "tests/unit/expect.h"
#include "tests/unit/random.h"
#include "tests/unit/suites.h"

enum { DAYS = 30 };

/* What is done to one month; everything zero: an undisturbed one. */
struct plan {
    int64_t gap_from, gap_to; /* lines of these true times are taken out */
    int lost_day;             /* the file of this day is not there; -1: all are */
    int twice_day;            /* the file of this day is there under a second name; -1: none */
    int64_t step_at, step_by; /* from a true time on the clock is off by so much */
    int64_t skew;             /* always */
    int64_t drift_ppm;
    int backdated;        /* lines put in with times two hours before */
    int64_t backdated_at; /* behind the first line at or after this true time */
};

struct month {
    struct fw_arena arena;
    struct fw_view_file files[DAYS + 1];
    struct fw_summarizer *summarizers[DAYS + 1];
    size_t n;
    uint64_t lines, removed;                  /* written; taken out */
    int64_t before_gap, after_gap, step_seen; /* the device's own times */
    struct fw_source_view view;
};

static int64_t start_ns(void)
{
    int64_t ns;
    ck_assert(fw_time_parse(FW_SV("2026-05-01"), 0, false, &ns));
    return ns;
}

static void put_time(struct fw_buf *out, int64_t ns, bool iso)
{
    struct fw_date d = fw_date_of(ns, 0);
    int64_t ms = ns / 1000000 % 86400000;
    int s = (int)(ms / 1000);
    int h = s / 3600, m = s / 60 % 60;
    if (iso) {
        fw_buf_printf(out, "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ", (int)d.year, d.month, d.day, h, m,
                      s % 60, (int)(ms % 1000));
    } else {
        fw_buf_printf(out, "%s %2u %04d %02d:%02d:%02d.%03d UTC",
                      d.month == 4   ? "Apr"
                      : d.month == 5 ? "May"
                                     : "Jun",
                      d.day, (int)d.year, h, m, s % 60, (int)(ms % 1000));
    }
}

static void put_line(struct fw_buf *out, int64_t received, int64_t own, uint64_t serial)
{
    put_time(out, received, true);
    fw_buf_printf(out, " fw1 45: %06d: ", (int)serial);
    put_time(out, own, false);
    fw_buf_add_cstr(out, ": %SEC-6-IPACCESSLOGP: list out denied tcp 192.0.2.1(53) -> 10.0.0.1(9), "
                         "1 packet\n");
}

static void add_file(struct month *m, fw_sv text, const char *name, int day)
{
    struct fw_source *source;
    struct fw_source_info info;
    struct fw_view_file *file = &m->files[m->n];
    ck_assert_int_eq(fw_source_open_memory(text, &source), FW_OK);
    ck_assert_int_eq(fw_summarize(source, NULL, NULL, &m->summarizers[m->n]), FW_OK);
    ck_assert_int_eq(fw_source_finish(source, &info), FW_OK);
    fw_source_free(source);
    fw_sv path = fw_arena_printf(&m->arena, "%s%02d", name, day);
    *file = (struct fw_view_file){.path = path,
                                  .family = FW_SV("fw"),
                                  .sha256 = info.sha256,
                                  .summary = fw_summarizer_finish(m->summarizers[m->n])};
    fw_anchors_init(&file->anchors);
    m->n++;
}

/* Twenty events an hour, a delay of up to 200 ms to the collector. */
static void make(struct month *m, const struct plan *plan, struct test_random *random)
{
    struct fw_buf text;
    int64_t t = start_ns() + FW_NS_PER_SEC;
    int64_t own = 0;
    uint64_t serial = 1;
    bool backdated = false;
    *m = (struct month){.n = 0};
    fw_arena_init(&m->arena, 0);
    fw_buf_init(&text);
    for (int day = 0; day < DAYS; day++) {
        int64_t end = start_ns() + (day + 1) * FW_NS_PER_DAY;
        fw_buf_reset(&text);
        for (; t < end; t += (1000 + (int64_t)test_random_below(random, 358000)) * 1000000) {
            bool out = (t >= plan->gap_from && t < plan->gap_to) || day == plan->lost_day;
            int64_t before = own;
            own = t + plan->skew + (t - start_ns()) / 1000000 * plan->drift_ppm;
            own += plan->step_by != 0 && t >= plan->step_at ? plan->step_by : 0;
            if (plan->step_by != 0 && m->step_seen == 0 && t >= plan->step_at) {
                m->step_seen = own;
            }
            m->removed += out;
            if (out) {
                m->before_gap = m->before_gap == 0 ? before : m->before_gap;
                serial++;
                continue;
            }
            m->after_gap = m->before_gap != 0 && m->after_gap == 0 ? own : m->after_gap;
            put_line(&text, t + (int64_t)test_random_below(random, 200) * 1000000, own, serial++);
            m->lines++;
            if (plan->backdated > 0 && !backdated && t >= plan->backdated_at) {
                backdated = true;
                for (int i = 0; i < plan->backdated; i++) {
                    int64_t past = t - 2 * FW_NS_PER_HOUR - i * 10 * FW_NS_PER_SEC;
                    put_line(&text, past + FW_NS_PER_SEC / 10, past, serial++);
                    m->lines++;
                }
            }
        }
        if (day != plan->lost_day) {
            add_file(m, fw_buf_sv(&text), "fw-", day);
        }
        if (day == plan->twice_day) {
            add_file(m, fw_buf_sv(&text), "copy-", day);
        }
    }
    fw_buf_clear(&text);
    struct fw_view_options options = {.as_of_ns = start_ns() + DAYS * FW_NS_PER_DAY + plan->skew};
    struct fw_source_views views;
    fw_source_views_build(&m->arena, m->files, m->n, &options, &views);
    ck_assert_uint_eq(views.n, 1);
    m->view = views.v[0];
}

static void clear(struct month *m)
{
    for (size_t i = 0; i < m->n; i++) {
        fw_summarizer_free(m->summarizers[i]);
    }
    fw_arena_clear(&m->arena);
}

static uint64_t back_over_2s(const struct fw_source_view *view)
{
    uint64_t n = 0;
    for (size_t i = 2; i < FW_BACK_BINS; i++) {
        n += view->back.bins[i];
    }
    return n;
}

static const struct plan nothing = {.lost_day = -1, .twice_day = -1};

static void expect_clean(const struct month *m, const char *what, int seed)
{
    const struct fw_source_view *v = &m->view;
    ck_assert_msg(v->events == m->lines && v->gaps.n == 0 && !v->gaps.silent && v->nsteps == 0 &&
                      v->serial.missing == 0 && v->serial.repeated == 0 && back_over_2s(v) == 0 &&
                      v->nduplicates == 0 && v->lost == 0,
                  "seed %d, %s: %d of %d events, %d gaps, %d steps, %d missing, %d back", seed,
                  what, (int)v->events, (int)m->lines, (int)v->gaps.n, (int)v->nsteps,
                  (int)v->serial.missing, (int)back_over_2s(v));
}

START_TEST(undisturbed)
{
    struct test_random random = {(uint64_t)_i};
    struct month m;
    make(&m, &nothing, &random);
    expect_clean(&m, "undisturbed", _i);
    clear(&m);
}
END_TEST

/* Six hours taken out, and a file that is there twice. */
START_TEST(gap_and_copy)
{
    struct test_random random = {(uint64_t)_i};
    struct plan plan = nothing;
    struct month m;
    plan.gap_from = start_ns() + (int64_t)(3 + test_random_below(&random, 20)) * FW_NS_PER_DAY +
                    (int64_t)test_random_below(&random, 80000) * FW_NS_PER_SEC;
    plan.gap_to = plan.gap_from + 6 * FW_NS_PER_HOUR;
    plan.twice_day = (int)test_random_below(&random, DAYS);
    make(&m, &plan, &random);
    const struct fw_source_view *v = &m.view;
    ck_assert_uint_eq(v->events, m.lines);
    ck_assert_uint_eq(v->nduplicates, 1);
    ck_assert_msg(v->gaps.n == 1, "seed %d: %d gaps", _i, (int)v->gaps.n);
    ck_assert_int_eq(v->gaps.v[0].from_ns / 1000000, m.before_gap / 1000000);
    ck_assert_int_eq(v->gaps.v[0].to_ns / 1000000, m.after_gap / 1000000);
    ck_assert(v->gaps.v[0].expected > 0.7 * (double)m.removed);
    ck_assert(v->gaps.v[0].expected < 1.4 * (double)m.removed);
    ck_assert_uint_eq(v->serial.missing, m.removed);
    ck_assert_uint_eq(v->serial.repeated, 0);
    ck_assert_uint_gt(v->serial_hole.path.n, 0);
    ck_assert_uint_eq(v->nsteps, 0);
    clear(&m);
}
END_TEST

/* A member of the rotation is not there: a day is missing, and as many numbers as it had. */
START_TEST(lost_member)
{
    struct test_random random = {(uint64_t)_i};
    struct plan plan = nothing;
    struct month m;
    plan.lost_day = 1 + (int)test_random_below(&random, DAYS - 2);
    make(&m, &plan, &random);
    const struct fw_source_view *v = &m.view;
    ck_assert_uint_eq(v->serial.missing, m.removed);
    ck_assert_msg(v->gaps.n == 1, "seed %d: %d gaps", _i, (int)v->gaps.n);
    ck_assert_int_eq(v->gaps.v[0].from_ns / 1000000, m.before_gap / 1000000);
    ck_assert_int_eq(v->gaps.v[0].to_ns / 1000000, m.after_gap / 1000000);
    ck_assert_uint_eq(v->days_missing, 1);
    clear(&m);
}
END_TEST

/* The clock is set: by seconds or by whole hours, forwards or back. */
START_TEST(step)
{
    static const int64_t sizes[] = {-3, 3, -45, 45, -8 * 3600, 8 * 3600};
    struct test_random random = {(uint64_t)_i};
    struct plan plan = nothing;
    struct month m;
    /* Not where one file ends and the next begins: a file is judged alone. */
    plan.step_at = start_ns() + (int64_t)(3 + test_random_below(&random, 20)) * FW_NS_PER_DAY +
                   (int64_t)(2 + test_random_below(&random, 18)) * FW_NS_PER_HOUR;
    plan.step_by = sizes[test_random_below(&random, 6)] * FW_NS_PER_SEC;
    make(&m, &plan, &random);
    const struct fw_source_view *v = &m.view;
    ck_assert_msg(v->nsteps == 1, "seed %d, by %d s: %d steps", _i,
                  (int)(plan.step_by / FW_NS_PER_SEC), (int)v->nsteps);
    ck_assert_int_le(llabs(v->steps[0].by - plan.step_by), FW_NS_PER_SEC / 5);
    ck_assert_int_eq(v->steps[0].ns / 1000000, m.step_seen / 1000000);
    ck_assert_uint_eq(v->serial.missing, 0);
    ck_assert_uint_eq(v->events, m.lines);
    clear(&m);
}
END_TEST

/* Off by 0.8 s, by 8 h, or drifting by 40 ppm: measured, and no step of it. */
START_TEST(skew)
{
    static const struct {
        int64_t skew_ms, ppm;
    } kinds[] = {{800, 0}, {8 * 3600 * 1000, 0}, {-8 * 3600 * 1000, 0}, {0, 40}};
    struct test_random random = {(uint64_t)_i};
    struct plan plan = nothing;
    struct month m;
    size_t kind = test_random_below(&random, 4);
    plan.skew = kinds[kind].skew_ms * 1000000;
    plan.drift_ppm = kinds[kind].ppm;
    make(&m, &plan, &random);
    int64_t least;
    int64_t most;
    fw_clock_bounds(&m.view.clock, 0.5, &least, &most);
    /* Late by what the clock is behind: the other way round, and a delay of up to 0.2 s. */
    int64_t off = -(plan.drift_ppm > 0 ? DAYS * INT64_C(86400) * 40 * 1000 / 2 : plan.skew);
    ck_assert_msg(least <= off + FW_NS_PER_SEC / 5 && off <= most, "seed %d: %d to %d ms, not %d",
                  _i, (int)(least / 1000000), (int)(most / 1000000), (int)(off / 1000000));
    expect_clean(&m, "skewed", _i);
    clear(&m);
}
END_TEST

/* Lines put in afterwards, with a time of two hours before. */
START_TEST(backdated)
{
    struct test_random random = {(uint64_t)_i};
    struct plan plan = nothing;
    struct month m;
    plan.backdated = 1 + (int)test_random_below(&random, 5);
    plan.backdated_at = start_ns() + (int64_t)(1 + test_random_below(&random, 28)) * FW_NS_PER_DAY +
                        12 * FW_NS_PER_HOUR;
    make(&m, &plan, &random);
    const struct fw_source_view *v = &m.view;
    ck_assert_uint_eq(back_over_2s(v), (uint64_t)plan.backdated);
    ck_assert_int_ge(v->back.most, 2 * FW_NS_PER_HOUR);
    ck_assert_int_le(v->back.most, 2 * FW_NS_PER_HOUR + FW_NS_PER_HOUR);
    ck_assert_uint_gt(v->back_at.at.line, 1);
    ck_assert_uint_eq(v->gaps.n, 0);
    ck_assert_uint_eq(v->nsteps, 0);
    clear(&m);
}
END_TEST

Suite *fw_suite_planted(void)
{
    Suite *suite = suite_create("planted");
    TCase *tc = tcase_create("all");
    int seeds = count_from("FWPROOF_PLANTED", 4);
    tcase_set_timeout(tc, 120);
    tcase_add_loop_test(tc, undisturbed, 0, seeds);
    tcase_add_loop_test(tc, gap_and_copy, 0, seeds);
    tcase_add_loop_test(tc, lost_member, 0, seeds);
    tcase_add_loop_test(tc, step, 0, seeds);
    tcase_add_loop_test(tc, skew, 0, seeds);
    tcase_add_loop_test(tc, backdated, 0, seeds);
    suite_add_tcase(suite, tc);
    return suite;
}
