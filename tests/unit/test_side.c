/* Tests of sets of ranks, against sets of bits. */
#include "policy/side.h"

#include <string.h>

#include "tests/unit/random.h"
#include "tests/unit/suites.h"

enum { RANKS = 40, ROUNDS = 20000 };

static bool from_bits(struct fw_scratch *scratch, uint64_t bits, struct fw_side *ret)
{
    struct fw_interval v[RANKS];
    size_t n = 0;
    for (uint32_t i = 0; i < RANKS; i++) {
        if ((bits >> i & 1) != 0) {
            v[n++] = (struct fw_interval){i, i};
        }
    }
    return fw_side_make(v, n, fw_side_alloc_scratch, scratch, ret);
}

static uint64_t to_bits(const struct fw_side *side)
{
    uint64_t bits = 0;
    for (uint32_t i = 0; i < RANKS; i++) {
        bits |= (uint64_t)fw_side_has(side, i) << i;
    }
    return bits;
}

/* Long runs, or every other one. */
static uint64_t some_bits(struct test_random *random)
{
    uint64_t bits = 0;
    unsigned runs = 1 + test_random_below(random, 4);
    for (unsigned i = 0; i < runs; i++) {
        unsigned lo = test_random_below(random, RANKS);
        unsigned n = 1 + test_random_below(random, RANKS - lo);
        bits |= ((UINT64_C(1) << n) - 1) << lo;
    }
    return test_random_below(random, 4) == 0 ? bits & test_random_u64(random) : bits;
}

START_TEST(algebra)
{
    struct test_random random = test_random_start("side");
    struct fw_scratch scratch;
    struct fw_guard guard;
    fw_scratch_init(&scratch, 1 << 20);
    scratch.guard = &guard;
    ck_assert_int_eq(setjmp(guard.jump), 0);
    for (int round = 0; round < ROUNDS; round++) {
        struct fw_scratch_mark mark = fw_scratch_mark(&scratch);
        uint64_t x = some_bits(&random);
        uint64_t y = some_bits(&random);
        struct fw_side a;
        struct fw_side b;
        struct fw_side c;
        if (!from_bits(&scratch, x, &a) || !from_bits(&scratch, y, &b)) {
            continue;
        }
        ck_assert_uint_eq(to_bits(&a), x);
        ck_assert_int_eq(fw_side_overlaps(&a, &b), (x & y) != 0);
        ck_assert_int_eq(fw_side_contains(&a, &b), (y & ~x) == 0);
        bool some = fw_side_intersect(&scratch, &a, &b, &c);
        ck_assert_uint_eq(some ? to_bits(&c) : 0, x & y);
        some = fw_side_minus(&scratch, &a, &b, &c);
        ck_assert_uint_eq(some ? to_bits(&c) : 0, x & ~y);
        uint64_t size = fw_side_size(&a);
        ck_assert_uint_eq(size, (uint64_t)__builtin_popcountll(x));
        uint32_t last = fw_side_at(&a, size - 1);
        ck_assert_uint_eq(last, a.hi);
        ck_assert_uint_eq(fw_side_at(&a, 0), a.lo);
        fw_scratch_release(&scratch, mark);
    }
    fw_scratch_clear(&scratch);
}
END_TEST

START_TEST(scratch_has_a_limit)
{
    struct fw_scratch scratch;
    struct fw_guard guard;
    fw_scratch_init(&scratch, 1 << 20);
    scratch.guard = &guard;
    volatile int blocks = 0;
    if (setjmp(guard.jump) == 0) {
        for (;;) {
            memset(fw_scratch_alloc(&scratch, 200000), 1, 200000);
            blocks++;
        }
    }
    ck_assert_int_ge(blocks, 4);
    ck_assert_int_le(blocks, 5);
    fw_scratch_release(&scratch, (struct fw_scratch_mark){0});
    ck_assert_ptr_null(scratch.head);
    if (setjmp(guard.jump) == 0) {
        ck_assert_ptr_nonnull(fw_scratch_alloc(&scratch, 1000)); /* usable again */
    } else {
        ck_abort();
    }
    fw_scratch_clear(&scratch);
    ck_assert_uint_eq(scratch.bytes, 0);
}
END_TEST

Suite *fw_suite_side(void)
{
    Suite *suite = suite_create("side");
    TCase *tcase = tcase_create("all");
    tcase_add_test(tcase, algebra);
    tcase_add_test(tcase, scratch_has_a_limit);
    suite_add_tcase(suite, tcase);
    return suite;
}
