/* Files of one source put together: gaps across files, duplicates, retention, years. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#include "analyzers/logs/clock.h"
#include "analyzers/logs/source_view.h"
#include "core/limits.h"
#include "tests/unit/random.h"
#include "tests/unit/suites.h"

static int64_t utc(const char *text)
{
    int64_t ns;
    ck_assert(fw_time_parse(fw_sv_from(text), 0, false, &ns));
    return ns;
}

struct fixture {
    struct fw_arena arena;
    struct fw_view_file files[64];
    struct fw_summarizer *summarizers[64];
    size_t n;
};

static void add_file(struct fixture *f, const char *path, const char *text)
{
    struct fw_source *source;
    struct fw_source_info info;
    struct fw_view_file *file = &f->files[f->n];
    ck_assert_int_eq(fw_source_open_memory(fw_sv_from(text), &source), FW_OK);
    ck_assert_int_eq(fw_summarize(source, NULL, NULL, &f->summarizers[f->n]), FW_OK);
    ck_assert_int_eq(fw_source_finish(source, &info), FW_OK);
    fw_source_free(source);
    fw_sv copy = fw_arena_copy(&f->arena, fw_sv_from(path));
    *file = (struct fw_view_file){.path = copy,
                                  .family = copy,
                                  .sha256 = info.sha256,
                                  .summary = fw_summarizer_finish(f->summarizers[f->n])};
    fw_anchors_init(&file->anchors);
    fw_anchors_name(&file->anchors, file->path);
    f->n++;
}

static void clear(struct fixture *f)
{
    for (size_t i = 0; i < f->n; i++) {
        fw_summarizer_free(f->summarizers[i]);
    }
    fw_arena_clear(&f->arena);
    f->n = 0;
}

static struct fw_source_views build(struct fixture *f, const char *as_of)
{
    struct fw_view_options options = {.zone_seconds = 8 * 3600,
                                      .as_of_ns = as_of ? utc(as_of) : INT64_MIN};
    struct fw_source_views views;
    fw_source_views_build(&f->arena, f->files, f->n, &options, &views);
    return views;
}

/* A minute's line of an iptables gateway, from an hour and minute on. */
static void put_lines(char *out, size_t room, const char *day, int from, int to)
{
    size_t n = 0;
    out[0] = '\0';
    for (int m = from; m < to; m++) {
        n += (size_t)snprintf(out + n, room - n,
                              "%s %02d:%02d:10 gw kernel: DROP IN=eth0 OUT= SRC=192.0.2.1 "
                              "DST=192.0.2.2 PROTO=TCP SPT=1 DPT=2\n",
                              day, m / 60, m % 60);
    }
}

static char text[400000];

START_TEST(files_overlap)
{
    struct fixture f = {.n = 0};
    fw_arena_init(&f.arena, 0);
    /* 10:00-11:00 and 14:00-15:00 in one file, 10:30-12:00 in another: silent 12:00-14:00. */
    put_lines(text, sizeof(text), "Jul  5", 600, 660);
    put_lines(text + strlen(text), sizeof(text) - strlen(text), "Jul  5", 840, 900);
    add_file(&f, "a/fw-20260705", text);
    put_lines(text, sizeof(text), "Jul  5", 630, 720);
    add_file(&f, "b/fw-20260705", text);
    add_file(&f, "copy/fw-20260705", text);
    struct fw_source_views views = build(&f, "2026-07-05T16:30:00Z");
    ck_assert_uint_eq(views.n, 1);
    const struct fw_source_view *v = &views.v[0];
    ck_assert(fw_sv_is(v->name, "gw"));
    ck_assert(fw_sv_is(v->format, "netfilter-log"));
    ck_assert_uint_eq(v->npaths, 2);
    ck_assert_uint_eq(v->nduplicates, 1);
    ck_assert(fw_sv_is(v->duplicates[0], "copy/fw-20260705"));
    ck_assert_uint_eq(v->events, 210);
    ck_assert_uint_eq(v->year_assumed, 210);
    ck_assert_uint_eq(v->basis[FW_YEAR_NAME], 210);
    ck_assert_int_eq(v->first_ns, utc("2026-07-05T10:00:10Z"));
    ck_assert_int_eq(v->last_ns, utc("2026-07-05T14:59:10Z"));
    ck_assert(fw_sv_is(v->last_at.path, "a/fw-20260705"));
    ck_assert_uint_eq(v->last_at.at.line, 120);
    ck_assert_uint_eq(v->gaps.n, 1);
    ck_assert_int_eq(v->gaps.v[0].from_ns, utc("2026-07-05T11:59:10Z"));
    ck_assert_int_eq(v->gaps.v[0].to_ns, utc("2026-07-05T14:00:10Z"));
    ck_assert(v->gaps.silent);
    ck_assert_uint_eq(v->nusage, 1);
    ck_assert_uint_eq(v->usage[0].count, 210);
    clear(&f);
}
END_TEST

/* A file and its packed copy hold the same lines, not the same bytes. */
START_TEST(packed_copy)
{
    struct fixture f = {.n = 0};
    fw_arena_init(&f.arena, 0);
    put_lines(text, sizeof(text), "Jul  5", 600, 660);
    add_file(&f, "fw-20260705", text);
    add_file(&f, "fw-20260705.gz", text);
    f.files[1].sha256.b[0] ^= 1;
    ck_assert_uint_eq(build(&f, NULL).v[0].events, 120); /* nobody compared the lines */
    for (size_t i = 0; i < 2; i++) {
        f.files[i].has_lines_root = true;
        f.files[i].lines_root = (fw_sha256){{1}};
    }
    struct fw_source_views views = build(&f, NULL);
    ck_assert_uint_eq(views.v[0].events, 60);
    ck_assert_uint_eq(views.v[0].nduplicates, 1);
    ck_assert(fw_sv_is(views.v[0].duplicates[0], "fw-20260705.gz"));
    f.files[1].lines_root.b[31] = 1;
    ck_assert_uint_eq(build(&f, NULL).v[0].events, 120);
    clear(&f);
}
END_TEST

START_TEST(days_and_months)
{
    struct fixture f = {.n = 0};
    fw_arena_init(&f.arena, 0);
    static const char *const days[] = {"2026-01-05T15:59:00Z", "2026-01-05T16:01:00Z",
                                       "2026-01-09T03:00:00Z"};
    for (size_t i = 0; i < 3; i++) {
        char path[32];
        snprintf(text, sizeof(text), "<6>1 %s fw1 - - - - %%ASA-6-302010: 1 in use\n", days[i]);
        snprintf(path, sizeof(path), "fw.%zu", i);
        add_file(&f, path, text);
    }
    struct fw_source_views views = build(&f, "2026-07-05T15:00:00Z");
    const struct fw_source_view *v = &views.v[0];
    ck_assert_uint_eq(v->ndays, 5); /* 5 to 9 January in Taipei */
    ck_assert_uint_eq(v->days_present, 3);
    ck_assert_uint_eq(v->days_missing, 2);
    ck_assert_uint_eq(v->days[0] + v->days[1] + v->days[4], 3);
    ck_assert(v->has_months);
    ck_assert_uint_eq(v->months_kept, 6);
    views = build(&f, "2026-07-04T15:00:00Z");
    ck_assert_uint_eq(views.v[0].months_kept, 5);
    clear(&f);
}
END_TEST

START_TEST(months)
{
    static const struct {
        const char *from, *to;
        unsigned months;
    } cases[] = {
        {"2026-01-05", "2026-07-05", 6},  {"2026-01-06", "2026-07-05", 5},
        {"2025-08-28", "2026-02-28", 6},  {"2025-08-31", "2026-02-28", 5},
        {"2026-07-05", "2026-07-05", 0},  {"2026-07-06", "2026-07-05", 0},
        {"2024-02-29", "2025-02-28", 11}, {"2025-02-28", "2025-08-31", 6},
        {"2025-07-05", "2026-07-04", 11}, {"2024-08-31", "2025-03-31", 7},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        ck_assert_msg(fw_months_between(utc(cases[i].from), utc(cases[i].to), 0) == cases[i].months,
                      "%s to %s", cases[i].from, cases[i].to);
    }
}
END_TEST

/* Names: header, device, family; lines before the first header are not lost. */
START_TEST(names)
{
    struct fixture f = {.n = 0};
    fw_arena_init(&f.arena, 0);
    add_file(&f, "x/fw.log.1", "%ASA-6-302010: 1 in use\n");
    f.files[0].family = FW_SV("x/fw.log");
    add_file(&f, "y/asa.log", "%ASA-6-302010: 2 in use\n");
    f.files[1].device = FW_SV("fw02");
    add_file(&f, "z", "2026-01-05T15:59:00Z fw03 %ASA-6-302010: 3 in use\n");
    struct fw_source_views views = build(&f, NULL);
    ck_assert_uint_eq(views.n, 3);
    ck_assert(fw_sv_is(views.v[0].name, "fw02"));
    ck_assert(fw_sv_is(views.v[0].device, "fw02"));
    ck_assert(fw_sv_is(views.v[1].name, "fw03"));
    ck_assert(fw_sv_is(views.v[2].name, "x/fw.log"));
    ck_assert(!views.v[2].has_time && views.v[2].untimed == 1);
    ck_assert(!views.v[1].has_months);
    clear(&f);
}
END_TEST

/* Serial numbers go on from file to file. */
START_TEST(serials)
{
    struct fixture f = {.n = 0};
    fw_arena_init(&f.arena, 0);
    for (int i = 0; i < 3; i++) {
        char path[32];
        static const int numbers[] = {100, 105, 7};
        snprintf(text, sizeof(text),
                 "<6>1 2026-01-0%dT00:00:00Z fw - - - [meta sequenceId=\"%d\"] %%ASA-6-302010: x\n"
                 "<6>1 2026-01-0%dT00:00:01Z fw - - - [meta sequenceId=\"%d\"] %%ASA-6-302010: x\n",
                 i + 1, numbers[i], i + 1, numbers[i] + 1);
        snprintf(path, sizeof(path), "fw.%d", 9 - i);
        add_file(&f, path, text);
    }
    struct fw_source_views views = build(&f, NULL);
    const struct fw_serial_summary *s = &views.v[0].serial;
    ck_assert_uint_eq(s->present, 6);
    ck_assert_uint_eq(s->missing, 3); /* 102, 103, 104 */
    ck_assert_uint_eq(s->restarted, 1);
    clear(&f);
}
END_TEST

static const struct fw_source_view *rotated(struct fixture *f, const char *const *paths,
                                            const int *days)
{
    for (int i = 0; paths[i]; i++) {
        snprintf(text, sizeof(text),
                 "<6>1 2026-01-%02dT00:00:00Z fw - - - - %%ASA-6-302010: %d\n"
                 "<6>1 2026-01-%02dT23:59:59Z fw - - - - %%ASA-6-302010: x\n",
                 days[i], i, days[i]);
        add_file(f, paths[i], text);
        f->files[f->n - 1].family = fw_sv_starts(f->files[f->n - 1].path, "dated")
                                        ? FW_SV("dated*")
                                        : FW_SV("fw.log");
    }
    struct fw_source_views views = build(f, NULL);
    return &views.v[0];
}

/* The larger number is the older file, or the newer one; dates go one way. */
START_TEST(rotated_out_of_order)
{
    static const char *const numbers[] = {"fw.log.2.gz", "fw.log.1", "fw.log", NULL};
    static const char *const dates[] = {"dated-20260103", "dated-20260104", NULL};
    static const struct {
        const char *const *names;
        int days[3];
        uint64_t steps;
        const char *at;
    } cases[] = {{numbers, {3, 4, 5}, 0, ""},
                 {numbers, {5, 4, 3}, 0, ""},
                 {numbers, {4, 3, 5}, 1, "fw.log.1"},
                 {dates, {3, 4}, 0, ""},
                 {dates, {4, 3}, 1, "dated-20260104"}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct fixture f = {.n = 0};
        fw_arena_init(&f.arena, 0);
        const struct fw_source_view *v = rotated(&f, cases[i].names, cases[i].days);
        uint64_t steps = 0;
        for (size_t k = 0; k < FW_BACK_BINS; k++) {
            steps += v->back.bins[k];
        }
        ck_assert_msg(steps == cases[i].steps, "case %zu: %llu steps", i,
                      (unsigned long long)steps);
        ck_assert_int_eq(v->back.most, steps == 0 ? 0 : 2 * FW_NS_PER_DAY - FW_NS_PER_SEC);
        ck_assert(fw_sv_is(v->back_at.path, cases[i].at));
        clear(&f);
    }
}
END_TEST

/* Numbers are followed in files whose events have no place in time, and each file counts once,
 * also when its lines have two clocks with another file's between them. */
START_TEST(serials_of_any_file)
{
    static const char zoned[] =
        "<6>1 2026-01-01T00:00:00Z fw - - - [meta sequenceId=\"1\"] %ASA-6-302010: x\n"
        "<6>1 2026-01-01T00:00:01Z fw - - - [meta sequenceId=\"4\"] %ASA-6-302010: x\n"
        "<6>Jan  9 00:00:00 fw 5: %ASA-6-302010: x\n";
    static const char undated[] = "<6>1 - fw - - - [meta sequenceId=\"21\"] %ASA-6-302010: x\n"
                                  "<6>1 - fw - - - [meta sequenceId=\"25\"] %ASA-6-302010: x\n";
    struct fixture f = {.n = 0};
    fw_arena_init(&f.arena, 0);
    add_file(&f, "a-20260110", zoned);
    add_file(&f, "b",
             "<6>1 2026-01-05T00:00:00Z fw - - - [meta sequenceId=\"5\"] %ASA-6-302010: x\n");
    struct fw_source_views views = build(&f, NULL);
    ck_assert_uint_eq(views.v[0].serial.present, 3);
    ck_assert_uint_eq(views.v[0].serial.missing, 2); /* 2 and 3, once */
    clear(&f);
    fw_arena_init(&f.arena, 0);
    add_file(&f, "c", undated);
    views = build(&f, NULL);
    ck_assert(!views.v[0].has_time);
    ck_assert_uint_eq(views.v[0].serial.present, 2);
    ck_assert_uint_eq(views.v[0].serial.missing, 3);
    clear(&f);
}
END_TEST

/* A damaged file of lines with and without the host is one file. */
START_TEST(damaged_once)
{
    struct fixture f = {.n = 0};
    fw_arena_init(&f.arena, 0);
    add_file(&f, "a",
             "2026-01-05T15:59:00Z fw03 %ASA-6-302010: 3 in use\n%ASA-6-302010: 1 in use\n");
    f.files[0].device = FW_SV("fw03");
    f.files[0].damaged = true;
    struct fw_source_views views = build(&f, NULL);
    ck_assert_uint_eq(views.n, 1);
    ck_assert_uint_eq(views.v[0].npaths, 1);
    ck_assert_uint_eq(views.v[0].ndamaged, 1);
    clear(&f);
}
END_TEST

/* One moment says nothing of how often events come. */
START_TEST(one_moment)
{
    struct fixture f = {.n = 0};
    fw_arena_init(&f.arena, 0);
    add_file(&f, "a", "2026-01-05T15:59:00Z fw03 %ASA-6-302010: 3 in use\n");
    struct fw_source_views views = build(&f, "2026-07-05T16:30:00Z");
    ck_assert(views.v[0].gaps.model.too_quiet);
    ck_assert(!views.v[0].gaps.silent);
    ck_assert_uint_eq(views.v[0].gaps.n, 0);
    clear(&f);
}
END_TEST

/* However the lines are dealt out to files, and in whatever order the files come: one view. */
START_TEST(any_split)
{
    struct test_random random = test_random_start("source view");
    for (int round = 0; round < 20; round++) {
        static char parts[5][60000];
        size_t n[5] = {0};
        struct fixture whole = {.n = 0};
        struct fixture split = {.n = 0};
        size_t all = 0;
        int64_t at = utc("2026-03-01");
        fw_arena_init(&whole.arena, 0);
        fw_arena_init(&split.arena, 0);
        for (int i = 0; i < 300; i++) {
            char line[200];
            struct fw_buf when;
            fw_buf_init(&when);
            at += (1 + (int64_t)test_random_below(&random, i % 7 ? 100 : 9000)) * FW_NS_PER_SEC;
            fw_time_text(&when, at);
            int len = snprintf(line, sizeof(line),
                               "<6>1 %.*s fw - - - - %%ASA-5-111008: User 'a%d' executed the 'x' "
                               "command.\n",
                               FW_SV_ARG(fw_buf_sv(&when)), i);
            fw_buf_clear(&when);
            unsigned k = test_random_below(&random, 5);
            memcpy(parts[k] + n[k], line, (size_t)len + 1);
            n[k] += (size_t)len;
            memcpy(text + all, line, (size_t)len + 1);
            all += (size_t)len;
        }
        add_file(&whole, "whole", text);
        for (int k = 4; k >= 0; k--) {
            char path[8];
            snprintf(path, sizeof(path), "p%d", k);
            parts[k][n[k]] = '\0';
            add_file(&split, path, parts[k]);
        }
        struct fw_source_views a = build(&whole, "2026-09-01");
        struct fw_source_views b = build(&split, "2026-09-01");
        const struct fw_source_view *x = &a.v[0];
        const struct fw_source_view *y = &b.v[0];
        ck_assert_uint_eq(x->events, y->events);
        ck_assert_uint_eq(x->nhours, y->nhours);
        ck_assert_int_eq(x->first_ns, y->first_ns);
        ck_assert_int_eq(x->last_ns, y->last_ns);
        ck_assert_uint_eq(x->days_present, y->days_present);
        ck_assert_uint_eq(x->gaps.n, y->gaps.n);
        for (size_t i = 0; i < x->gaps.n; i++) {
            ck_assert_int_eq(x->gaps.v[i].from_ns, y->gaps.v[i].from_ns);
            ck_assert_int_eq(x->gaps.v[i].to_ns, y->gaps.v[i].to_ns);
        }
        ck_assert_uint_eq(x->nadmin, 300);
        ck_assert_uint_eq(y->nadmin, 300);
        for (size_t i = 0; i < 300; i++) {
            ck_assert(fw_sv_eq(x->admin[i].user, y->admin[i].user));
        }
        clear(&whole);
        clear(&split);
    }
}
END_TEST

START_TEST(clock_quantiles)
{
    struct fw_clock_summary clock = {
        .samples = 10, .min = -600 * FW_NS_PER_SEC, .max = 3 * FW_NS_PER_SEC};
    clock.bins[FW_CLOCK_SIDE] = 5;      /* below a millisecond */
    clock.bins[FW_CLOCK_SIDE + 11] = 4; /* up to 2.048 s */
    clock.bins[FW_CLOCK_SIDE - 20] = 1; /* minutes the other way */
    ck_assert_int_eq(fw_clock_quantile(&clock, 0.5), 1000000);
    ck_assert_int_eq(fw_clock_quantile(&clock, 0.99), INT64_C(2048) * 1000000);
    ck_assert_int_lt(fw_clock_quantile(&clock, 0.01), -100 * FW_NS_PER_SEC);
    /* A share of the samples is not beyond the furthest of them. */
    clock.max = 1500 * INT64_C(1000000);
    ck_assert_int_eq(fw_clock_quantile(&clock, 0.99), clock.max);
    clock.min = -200 * FW_NS_PER_SEC;
    ck_assert_int_eq(fw_clock_quantile(&clock, 0.01), clock.min);
}
END_TEST

/* More sources than may be: the first by name are judged, the others are counted. */
START_TEST(sources_are_limited)
{
    enum { SOURCES = FW_LIMIT_SOURCES + 3 };
    struct fw_arena arena;
    fw_arena_init(&arena, 0);
    struct fw_summary_source *sources = fw_new_array(&arena, SOURCES, struct fw_summary_source);
    for (size_t i = 0; i < SOURCES; i++) {
        sources[i] = (struct fw_summary_source){.host = fw_arena_printf(&arena, "h%06zu", i),
                                                .lines = {.total = 1, .ignored = 1}};
    }
    struct fw_summary summary = {.nsources = SOURCES, .sources = sources};
    struct fw_view_file file = {.path = FW_SV("a"), .family = FW_SV("a"), .summary = &summary};
    fw_anchors_init(&file.anchors);
    struct fw_view_options options = {.as_of_ns = INT64_MIN};
    struct fw_source_views views;
    fw_source_views_build(&arena, &file, 1, &options, &views);
    ck_assert_uint_eq(views.n, FW_LIMIT_SOURCES);
    ck_assert_uint_eq(views.sources_lost, 3);
    ck_assert(fw_sv_is(views.v[0].name, "h000000"));
    ck_assert(fw_sv_is(views.v[views.n - 1].name, "h065535"));
    fw_arena_clear(&arena);
}
END_TEST

Suite *fw_suite_source_view(void)
{
    Suite *suite = suite_create("source_view");
    TCase *tc = tcase_create("view");
    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, files_overlap);
    tcase_add_test(tc, packed_copy);
    tcase_add_test(tc, days_and_months);
    tcase_add_test(tc, months);
    tcase_add_test(tc, names);
    tcase_add_test(tc, serials);
    tcase_add_test(tc, rotated_out_of_order);
    tcase_add_test(tc, serials_of_any_file);
    tcase_add_test(tc, damaged_once);
    tcase_add_test(tc, one_moment);
    tcase_add_test(tc, any_split);
    tcase_add_test(tc, clock_quantiles);
    tcase_add_test(tc, sources_are_limited);
    suite_add_tcase(suite, tc);
    return suite;
}
