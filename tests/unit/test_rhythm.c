/*
 * Gaps: how often silence is taken for one by mistake, and which planted ones are found. Sources
 * are simulated from fixed seeds, four a kind; FWPROOF_SEEDS=40 FWPROOF_DAYS=365 prints the table
 * of the decision record.
 */
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyzers/logs/rhythm.h"
#include "tests/unit/expect.h"
#include "tests/unit/random.h"
#include "tests/unit/suites.h"

enum kind { FLAT, OFFICE, HOLIDAYS, DAYS_VARY, DROP, CLUSTERS, HOURS_VARY, PARETO, KIND_COUNT };

static const char *const kind_names[KIND_COUNT] = {"flat",
                                                   "office hours",
                                                   "holidays",
                                                   "busy and quiet days",
                                                   "drop to a fifth",
                                                   "clusters of 20",
                                                   "busy and quiet hours",
                                                   "heavy-tailed pauses"};

/* 2024-12-30, a Monday */
#define START_SECONDS INT64_C(1735516800)

struct events {
    struct test_random random;
    double *t; /* seconds since the start */
    size_t n, room;
};

static double uniform(struct events *e)
{
    return (double)(test_random_u64(&e->random) >> 11) / 9007199254740992.0;
}

static double exponential(struct events *e)
{
    return -log(1 - uniform(e));
}

static double normal(struct events *e)
{
    return sqrt(2 * exponential(e)) * cos(6.283185307179586 * uniform(e));
}

static void add(struct events *e, double t)
{
    if (e->n == e->room) {
        e->room = e->room ? e->room * 2 : 4096;
        e->t = realloc(e->t, e->room * sizeof(e->t[0]));
        ck_assert_ptr_nonnull(e->t);
    }
    e->t[e->n++] = t;
}

/* Working hours full, evenings a fifth, nights and weekends a little. */
static double office(double t)
{
    double hour = fmod(t / 3600, 168);
    double clock = fmod(hour, 24);
    bool weekend = hour >= 120;
    if (weekend) {
        return 0.08;
    }
    return clock >= 8 && clock < 18 ? 1 : clock >= 18 && clock < 23 ? 0.2 : 0.05;
}

/* How busy each day is: a dozen holidays a year, six days of New Year, some half days. */
static void plan_days(struct events *e, enum kind kind, double *busy, int days)
{
    double level = 0;
    for (int i = 0; i < days; i++) {
        level = 0.9 * level + 0.3 * normal(e);
        busy[i] = kind == DAYS_VARY ? exp(level) : 1;
    }
    for (int i = 0; kind == HOLIDAYS && i < days / 30; i++) {
        busy[(int)(uniform(e) * days)] = 0.05;
        busy[(int)(uniform(e) * days)] = 0.4;
    }
    int year = (int)(uniform(e) * (days > 8 ? days - 8 : 1));
    for (int i = 0; kind == HOLIDAYS && i < 6; i++) {
        busy[year + i] = 0.02;
    }
}

static void simulate_hour(struct events *e, enum kind kind, double from, double rate)
{
    if (kind == CLUSTERS) {
        for (double x = exponential(e); x < rate / 20; x += exponential(e)) {
            double t = from + 3600 * uniform(e);
            for (int n = 1 + (int)(20 * exponential(e)); n > 0; n--) {
                t += 20 * exponential(e);
                add(e, t);
            }
        }
        return;
    }
    for (double x = exponential(e); x < rate; x += exponential(e)) {
        add(e, from + 3600 * x / rate);
    }
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;
    return (x > y) - (x < y);
}

static void simulate(struct events *e, enum kind kind, double rate, int days)
{
    e->n = 0;
    if (kind == PARETO) {
        double a = 1.5 + uniform(e);
        double t = 0;
        while ((t += 3600 / rate * (a - 1) / a * pow(1 - uniform(e), -1 / a)) < days * 86400.0) {
            add(e, t);
        }
        return;
    }
    double *busy = calloc((size_t)days + 8, sizeof(*busy));
    ck_assert_ptr_nonnull(busy);
    plan_days(e, kind, busy, days);
    for (int h = 0; h < days * 24; h++) {
        double here = rate * busy[h / 24];
        here *= kind == FLAT || kind == CLUSTERS ? 1 : office(h * 3600.0);
        here *= kind == HOURS_VARY ? exponential(e) : 1;
        here *= kind == DROP && h > days * 12 ? 0.2 : 1;
        simulate_hour(e, kind, h * 3600.0, here);
    }
    free(busy);
    qsort(e->t, e->n, sizeof(e->t[0]), by_value);
}

/* Events outside [from, to) as the input of the gap finder. */
static void make_input(struct fw_arena *arena, const struct events *e, double from, double to,
                       struct fw_gap_input *in)
{
    struct fw_hour_count *hours = fw_new_array(arena, e->n + 1, struct fw_hour_count);
    struct fw_silence *silences = fw_new_array(arena, e->n + 1, struct fw_silence);
    *in = (struct fw_gap_input){.hours = hours, .silences = silences, .until = INT64_MIN};
    for (size_t i = 0; i < e->n; i++) {
        if (e->t[i] >= from && e->t[i] < to) {
            continue;
        }
        int64_t t = START_SECONDS * FW_NS_PER_SEC + (int64_t)(e->t[i] * 1e9);
        if (in->events == 0) {
            in->first = t;
        } else if (t - in->last >= FW_SILENCE_MIN_NS) {
            silences[in->nsilences++] = (struct fw_silence){in->last, t};
        }
        int64_t hour = fw_axis_hour(t);
        if (in->nhours == 0 || hours[in->nhours - 1].hour != hour) {
            hours[in->nhours++] = (struct fw_hour_count){hour, 0, t, t};
        }
        hours[in->nhours - 1].count++;
        hours[in->nhours - 1].last = t;
        in->events++;
        in->last = t;
    }
}

/* Whether the silence around a planted gap is reported, with its exact bounds. */
static bool is_found(const struct fw_gaps *gaps, const struct events *e, double from, double to)
{
    size_t i = 0;
    while (i < e->n && e->t[i] < from) {
        i++;
    }
    size_t k = i;
    while (k < e->n && e->t[k] < to) {
        k++;
    }
    for (size_t g = 0; g < gaps->n; g++) {
        if (gaps->v[g].from_ns == START_SECONDS * FW_NS_PER_SEC + (int64_t)(e->t[i - 1] * 1e9) &&
            gaps->v[g].to_ns == START_SECONDS * FW_NS_PER_SEC + (int64_t)(e->t[k] * 1e9)) {
            return true;
        }
    }
    return false;
}

struct score {
    double years;
    unsigned invented, planted[3], found[3];
};

static void run(enum kind kind, double rate, int days, int seeds, struct score *score)
{
    static const double lengths[] = {2, 8, 31};
    struct events e = {0};
    for (int seed = 0; seed < seeds; seed++) {
        struct fw_arena arena;
        struct fw_gap_input in;
        struct fw_gaps gaps;
        e.random.state = (uint64_t)seed * 1000003 + (uint64_t)kind * 101 + (uint64_t)(rate * 10);
        simulate(&e, kind, rate, days);
        fw_arena_init(&arena, UINT64_MAX);
        make_input(&arena, &e, 0, 0, &in);
        fw_gaps_find(&arena, &in, &fw_gap_defaults, &gaps);
        score->invented += (unsigned)gaps.n;
        score->years += days / 365.25;
        for (int i = 0; i < 3; i++) {
            /* on a working day, beginning in the morning */
            double week = floor((0.2 + 0.6 * uniform(&e)) * days / 7);
            double from = (week * 7 + floor(5 * uniform(&e))) * 86400 + (9 + uniform(&e)) * 3600;
            fw_arena_reset(&arena);
            make_input(&arena, &e, from, from + lengths[i] * 3600, &in);
            fw_gaps_find(&arena, &in, &fw_gap_defaults, &gaps);
            score->planted[i]++;
            score->found[i] += is_found(&gaps, &e, from, from + lengths[i] * 3600);
        }
        fw_arena_clear(&arena);
    }
    free(e.t);
}

START_TEST(false_alarms)
{
    static const double rates[] = {1, 5, 30, 200};
    int seeds = count_from("FWPROOF_SEEDS", 4);
    int days = count_from("FWPROOF_DAYS", 182);
    struct score all = {0};
    printf("%-22s %6s %12s %6s %6s %6s\n", "source", "per h", "false/year", "2 h", "8 h", "31 h");
    for (int kind = 0; kind < KIND_COUNT; kind++) {
        for (size_t r = 0; r < sizeof(rates) / sizeof(rates[0]); r++) {
            /* a busy source is slow to simulate with sanitizers */
            struct score s = {0};
            if (rates[r] > 100 && seeds <= 10 && kind != HOLIDAYS) {
                continue;
            }
            run((enum kind)kind, rates[r], days, seeds, &s);
            printf("%-22s %6.0f %12.2f %5.0f%% %5.0f%% %5.0f%%\n", kind_names[kind], rates[r],
                   s.invented / s.years, 100.0 * s.found[0] / s.planted[0],
                   100.0 * s.found[1] / s.planted[1], 100.0 * s.found[2] / s.planted[2]);
            all.invented += s.invented;
            all.years += s.years;
            if (rates[r] >= 30 && (kind == FLAT || kind == OFFICE || kind == HOLIDAYS)) {
                ck_assert_int_ge((int)s.found[2] * 10, (int)s.planted[2] * 8);
            }
        }
    }
    printf("false alarms: %u in %.1f source-years\n", all.invented, all.years);
    fflush(stdout);
    ck_assert_msg(all.invented / all.years <= 0.1, "%u in %.1f years", all.invented, all.years);
}
END_TEST

/* Two weeks of history are needed; below, a fixed limit decides. */
START_TEST(short_history)
{
    struct events e = {.random = {1}};
    struct fw_arena arena;
    struct fw_gap_input in;
    struct fw_gaps gaps;
    simulate(&e, FLAT, 60, 5);
    fw_arena_init(&arena, 0);
    make_input(&arena, &e, 100000, 100000 + 3000, &in);
    fw_gaps_find(&arena, &in, &fw_gap_defaults, &gaps);
    ck_assert(!gaps.model.rhythm);
    ck_assert_int_eq(gaps.model.limit_ns, FW_NS_PER_HOUR);
    ck_assert_uint_eq(gaps.n, 0);
    make_input(&arena, &e, 100000, 100000 + 7200, &in);
    fw_gaps_find(&arena, &in, &fw_gap_defaults, &gaps);
    ck_assert_uint_eq(gaps.n, 1);
    ck_assert(is_found(&gaps, &e, 100000, 107200));
    ck_assert(gaps.v[0].expected > 110 && gaps.v[0].expected < 130);
    /* a quiet one gets a day */
    simulate(&e, FLAT, 0.5, 10);
    make_input(&arena, &e, 300000, 300000 + 40 * 3600, &in);
    fw_gaps_find(&arena, &in, &fw_gap_defaults, &gaps);
    ck_assert_int_eq(gaps.model.limit_ns, FW_NS_PER_DAY);
    ck_assert_uint_eq(gaps.n, 1);
    fw_arena_clear(&arena);
    free(e.t);
}
END_TEST

START_TEST(silence_at_the_end)
{
    struct events e = {.random = {2}};
    struct fw_arena arena;
    struct fw_gap_input in;
    struct fw_gaps gaps;
    simulate(&e, OFFICE, 30, 60);
    fw_arena_init(&arena, 0);
    make_input(&arena, &e, 0, 0, &in);
    in.until = in.last + FW_NS_PER_HOUR / 2;
    fw_gaps_find(&arena, &in, &fw_gap_defaults, &gaps);
    ck_assert(!gaps.silent);
    in.until = in.last + 3 * FW_NS_PER_DAY;
    fw_gaps_find(&arena, &in, &fw_gap_defaults, &gaps);
    ck_assert(gaps.silent);
    ck_assert_uint_eq(gaps.n, 0);
    ck_assert_msg(gaps.silent_expected > 400 && gaps.silent_expected < 520, "%f",
                  gaps.silent_expected); /* Friday to Sunday */
    fw_arena_clear(&arena);
    free(e.t);
}
END_TEST

START_TEST(too_quiet)
{
    struct events e = {.random = {3}};
    struct fw_arena arena;
    struct fw_gap_input in;
    struct fw_gaps gaps;
    for (int week = 0; week < 30; week++) {
        add(&e, week * 7 * 86400.0);
    }
    fw_arena_init(&arena, 0);
    make_input(&arena, &e, 0, 0, &in);
    fw_gaps_find(&arena, &in, &fw_gap_defaults, &gaps);
    ck_assert(gaps.model.too_quiet);
    ck_assert_uint_eq(gaps.n, 0);
    in = (struct fw_gap_input){.until = INT64_MIN};
    fw_gaps_find(&arena, &in, &fw_gap_defaults, &gaps);
    ck_assert_uint_eq(gaps.n, 0);
    fw_arena_clear(&arena);
    free(e.t);
}
END_TEST

Suite *fw_suite_rhythm(void)
{
    Suite *suite = suite_create("rhythm");
    TCase *tc = tcase_create("gaps");
    tcase_set_timeout(tc, 1200);
    tcase_add_test(tc, false_alarms);
    tcase_add_test(tc, short_history);
    tcase_add_test(tc, silence_at_the_end);
    tcase_add_test(tc, too_quiet);
    suite_add_tcase(suite, tc);
    return suite;
}
