/* Tests of core/numset.h: every operation against an array of booleans. */
#include "core/numset.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "tests/unit/random.h"
#include "tests/unit/suites.h"

/* The universe: 48 numbers at each end of the 32 bits, and what lies between as one. */
enum { SIDE = 48, POINTS = 2 * SIDE + 1 };

static uint32_t point(unsigned i)
{
    if (i < SIDE) {
        return i;
    }
    return i == SIDE ? UINT32_C(0x80000000) : UINT32_MAX - (POINTS - 1 - i);
}

struct truth {
    bool in[POINTS];
};

static const struct fw_numset *random_set(struct test_random *random, struct fw_arena *arena,
                                          struct truth *truth)
{
    struct fw_numrange v[12];
    size_t n = test_random_below(random, 12);
    *truth = (struct truth){0};
    for (size_t i = 0; i < n; i++) {
        unsigned lo = test_random_below(random, POINTS);
        unsigned hi = lo + test_random_below(random, test_random_below(random, 8) ? 5 : POINTS);
        if (hi >= POINTS) {
            hi = POINTS - 1;
        }
        if (lo == SIDE) { /* the middle is covered whole or not at all */
            lo--;
        }
        if (hi == SIDE) {
            hi++;
        }
        v[i] = (struct fw_numrange){point(lo), point(hi)};
        for (unsigned j = lo; j <= hi; j++) {
            truth->in[j] = true;
        }
    }
    return fw_numset_make(arena, v, n);
}

static void check(const struct fw_numset *set, const struct truth *truth, const char *what)
{
    for (size_t i = 0; i < set->n; i++) {
        if (set->v[i].lo > set->v[i].hi ||
            (i > 0 && (uint64_t)set->v[i - 1].hi + 1 >= set->v[i].lo)) {
            ck_abort_msg("%s: range %zu is empty or touches the one before", what, i);
        }
    }
    uint64_t size = 0;
    for (unsigned i = 0; i < POINTS; i++) {
        if (fw_numset_has(set, point(i)) != truth->in[i]) {
            ck_abort_msg("%s: %" PRIu32, what, point(i));
        }
        if (truth->in[i]) {
            size += i == SIDE ? UINT64_C(0x100000000) - 2 * SIDE : 1;
        }
    }
    ck_assert_uint_eq(fw_numset_size(set), size);
}

START_TEST(algebra)
{
    struct test_random random = test_random_start("numset algebra");
    struct fw_arena arena;
    fw_arena_init(&arena, 0);
    for (int round = 0; round < 2000; round++) {
        struct truth a;
        struct truth b;
        struct truth want;
        const struct fw_numset *x = random_set(&random, &arena, &a);
        const struct fw_numset *y = random_set(&random, &arena, &b);
        check(x, &a, "make");
        for (unsigned i = 0; i < POINTS; i++) {
            want.in[i] = a.in[i] || b.in[i];
        }
        const struct fw_numset *both = fw_numset_union(&arena, x, y);
        check(both, &want, "union");
        ck_assert(fw_numset_contains(both, x) && fw_numset_contains(both, y));
        for (unsigned i = 0; i < POINTS; i++) {
            want.in[i] = a.in[i] && b.in[i];
        }
        const struct fw_numset *common = fw_numset_intersect(&arena, x, y);
        check(common, &want, "intersect");
        ck_assert(fw_numset_contains(x, common) && fw_numset_contains(y, common));
        for (unsigned i = 0; i < POINTS; i++) {
            want.in[i] = !a.in[i];
        }
        const struct fw_numset *rest = fw_numset_complement(&arena, x, UINT32_MAX);
        check(rest, &want, "complement");
        ck_assert(fw_numset_eq(fw_numset_complement(&arena, rest, UINT32_MAX), x));
        ck_assert(fw_numset_contains(x, y) == fw_numset_eq(common, y));
        ck_assert(fw_numset_eq(x, y) == (memcmp(&a, &b, sizeof(a)) == 0));
        unsigned last = test_random_below(&random, SIDE);
        for (unsigned i = 0; i < POINTS; i++) {
            want.in[i] = i <= last && !a.in[i];
        }
        check(fw_numset_complement(&arena, x, last), &want, "complement below");
        fw_arena_reset(&arena);
    }
    fw_arena_clear(&arena);
}
END_TEST

START_TEST(edges)
{
    struct fw_arena arena;
    fw_arena_init(&arena, 0);
    const struct fw_numset *none = fw_numset_make(&arena, NULL, 0);
    const struct fw_numset *all = fw_numset_range(&arena, 0, UINT32_MAX);
    ck_assert_uint_eq(none->n, 0);
    ck_assert_uint_eq(fw_numset_size(none), 0);
    ck_assert_uint_eq(fw_numset_size(all), UINT64_C(0x100000000));
    ck_assert(fw_numset_eq(fw_numset_complement(&arena, none, UINT32_MAX), all));
    ck_assert(fw_numset_eq(fw_numset_complement(&arena, all, UINT32_MAX), none));
    ck_assert_uint_eq(fw_numset_size(fw_numset_complement(&arena, none, 255)), 256);
    ck_assert_uint_eq(fw_numset_size(fw_numset_complement(&arena, none, 0)), 1);
    ck_assert(fw_numset_contains(all, none) && !fw_numset_contains(none, all));
    ck_assert(fw_numset_contains(none, none) && !fw_numset_has(none, 0));
    struct fw_numrange v[] = {{80, 80}, {0, 1}, {81, 90}, {85, 86}, {2, 2}};
    const struct fw_numset *set = fw_numset_make(&arena, v, 5);
    ck_assert_uint_eq(set->n, 2);
    ck_assert_uint_eq(set->v[0].hi, 2);
    ck_assert_uint_eq(set->v[1].lo, 80);
    ck_assert_uint_eq(set->v[1].hi, 90);
    ck_assert_uint_eq(v[0].lo, 80); /* the input is not written */
    ck_assert(!fw_numset_has(set, 3) && fw_numset_has(set, 90) && !fw_numset_has(set, 91));
    fw_arena_clear(&arena);
}
END_TEST

Suite *fw_suite_numset(void)
{
    Suite *suite = suite_create("numset");
    TCase *tc = tcase_create("all");
    tcase_add_test(tc, edges);
    tcase_add_test(tc, algebra);
    suite_add_tcase(suite, tc);
    return suite;
}
