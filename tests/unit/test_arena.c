/* Tests of core/arena.h. */
#include "core/arena.h"

#include <signal.h>
#include <stdalign.h>
#include <stdbool.h>

#include "core/asan.h"
#include "tests/unit/random.h"
#include "tests/unit/suites.h"

#ifdef FW_ASAN
#include <sanitizer/asan_interface.h>
#endif

static bool is_filled(const unsigned char *p, size_t n, unsigned char value)
{
    size_t i = 0;
    while (i < n && p[i] == value) {
        i++;
    }
    return i == n;
}

START_TEST(alloc_is_zeroed_and_aligned)
{
    struct fw_arena arena;
    fw_arena_init(&arena, 0);
    for (int round = 0; round < 3; round++) {
        for (size_t size = 0; size < 3000; size += 7) {
            unsigned char *p = fw_arena_alloc(&arena, size);
            ck_assert_uint_eq((uintptr_t)p % alignof(max_align_t), 0);
            ck_assert(is_filled(p, size, 0));
            memset(p, 0xa5, size);
        }
        fw_arena_reset(&arena);
        ck_assert_uint_eq(arena.used, 0);
    }
    fw_arena_clear(&arena);
    ck_assert_ptr_null(arena.head);
    fw_arena_reset(&arena);
    fw_arena_clear(&arena);
}
END_TEST

START_TEST(allocations_do_not_overlap)
{
    struct test_random random = test_random_start("allocations_do_not_overlap");
    struct fw_arena arena;
    fw_arena_init(&arena, 0);
    enum { COUNT = 500 };
    static unsigned char *p[COUNT];
    static size_t size[COUNT];
    for (int round = 0; round < 20; round++) {
        for (unsigned i = 0; i < COUNT; i++) {
            unsigned limit = test_random_below(&random, 20) == 0 ? 20000 : 60;
            size[i] = test_random_below(&random, limit);
            p[i] = fw_arena_alloc(&arena, size[i]);
            memset(p[i], (int)(i & 255), size[i]);
            if (test_random_below(&random, 8) == 0) { /* the newest, so it may grow in place */
                size_t more = size[i] + test_random_below(&random, 300);
                p[i] = fw_arena_grow(&arena, p[i], size[i], more, 1);
                ck_assert(is_filled(p[i] + size[i], more - size[i], 0));
                memset(p[i], (int)(i & 255), more);
                size[i] = more;
            }
        }
        for (unsigned i = 0; i < COUNT; i++) {
            ck_assert(is_filled(p[i], size[i], (unsigned char)(i & 255)));
        }
        fw_arena_reset(&arena);
    }
    fw_arena_clear(&arena);
}
END_TEST

START_TEST(push_keeps_what_was_there)
{
    struct fw_arena arena;
    fw_arena_init(&arena, 0);
    uint32_t *v = NULL;
    uint32_t *w = NULL;
    for (size_t n = 0; n < 5000; n++) { /* two arrays that grow past each other */
        v = fw_arena_push(&arena, v, n, sizeof(*v));
        v[n] = (uint32_t)n;
        w = fw_arena_push(&arena, w, n, sizeof(*w));
        w[n] = (uint32_t)n + 1000000;
    }
    for (size_t n = 0; n < 5000; n++) {
        if (v[n] != n || w[n] != n + 1000000) {
            ck_abort_msg("element %zu: %u, %u", n, v[n], w[n]);
        }
    }
    fw_arena_clear(&arena);
}
END_TEST

START_TEST(grows_in_place)
{
    struct fw_arena arena;
    fw_arena_init(&arena, 0);
    uint64_t *v = fw_new_array(&arena, 4, uint64_t);
    v[3] = 9;
    ck_assert_ptr_eq(fw_arena_grow(&arena, v, 4, 8, sizeof(*v)), v);
    ck_assert_uint_eq(arena.used, 64);
    ck_assert_uint_eq(v[3], 9);
    ck_assert_uint_eq(v[7], 0);
    fw_new(&arena, int);
    uint64_t *moved = fw_arena_grow(&arena, v, 8, 16, sizeof(*v));
    ck_assert_ptr_ne(moved, v);
    ck_assert_uint_eq(moved[3], 9);
    ck_assert_uint_eq(moved[15], 0);
    ck_assert_ptr_nonnull(fw_arena_grow(&arena, NULL, 0, 0, 8));
    fw_arena_clear(&arena);
}
END_TEST

START_TEST(texts)
{
    struct fw_arena arena;
    fw_arena_init(&arena, 0);
    char source[] = "rule";
    fw_sv copy = fw_arena_copy(&arena, fw_sv_of(source, 3));
    source[0] = 'x';
    ck_assert(fw_sv_is(copy, "rul"));
    ck_assert_int_eq(copy.p[3], '\0');
    ck_assert_str_eq(fw_arena_cstr(&arena, (fw_sv){0}), "");
    fw_sv text = fw_arena_printf(&arena, "%d-%s", 42, "abc");
    ck_assert(fw_sv_is(text, "42-abc"));
    ck_assert_str_eq(text.p, "42-abc");
    text = fw_arena_printf(&arena, "%*d", 10000, 1);
    ck_assert_uint_eq(text.n, 10000);
    ck_assert_int_eq(text.p[9999], '1');
    fw_arena_clear(&arena);
}
END_TEST

enum way { ALLOC, ARRAY_OVERFLOW, GROW, GROW_OVERFLOW, PUSH, COPY, PRINTF, HUGE_ALLOC, WAYS };

static void exceed(struct fw_arena *arena, enum way way)
{
    static char text[2000];
    void *p = NULL;
    switch (way) {
    case ALLOC:
        fw_arena_alloc(arena, 2000);
        break;
    case ARRAY_OVERFLOW:
        fw_arena_array(arena, SIZE_MAX / 8 + 2, 8);
        break;
    case GROW:
        p = fw_arena_alloc(arena, 8);
        fw_arena_grow(arena, p, 1, 200, 8);
        break;
    case GROW_OVERFLOW:
        p = fw_arena_alloc(arena, 8);
        fw_arena_grow(arena, p, 1, SIZE_MAX / 4, 8);
        break;
    case PUSH:
        for (size_t n = 0; n < 1000; n++) {
            p = fw_arena_push(arena, p, n, 8);
        }
        break;
    case COPY:
        fw_arena_copy(arena, fw_sv_of(text, sizeof(text)));
        break;
    case PRINTF:
        fw_arena_printf(arena, "%2000d", 1);
        break;
    case HUGE_ALLOC:
        fw_arena_alloc(arena, SIZE_MAX);
        break;
    case WAYS:
    default:
        break;
    }
}

START_TEST(budget_jumps_to_the_guard)
{
    struct fw_arena arena;
    struct fw_guard guard;
    fw_arena_init(&arena, 1024);
    arena.guard = &guard;
    volatile bool returned = false;
    if (setjmp(guard.jump) == 0) {
        exceed(&arena, (enum way)_i);
        returned = true;
    }
    ck_assert(!returned);
    ck_assert_uint_le(arena.used, 1024);
    /* The arena is usable to the last byte of its budget. */
    fw_arena_reset(&arena);
    if (setjmp(guard.jump) == 0) {
        fw_arena_alloc(&arena, 1000);
        fw_arena_alloc(&arena, 16);
    } else {
        ck_abort_msg("jumped within the budget");
    }
    ck_assert_uint_eq(arena.used, 1024);
    fw_arena_clear(&arena);
}
END_TEST

START_TEST(aborts_without_guard)
{
    struct fw_arena arena;
    fw_arena_init(&arena, 16);
    fw_arena_alloc(&arena, 17);
}
END_TEST

START_TEST(poisons_what_is_not_handed_out)
{
#ifdef FW_ASAN
    struct fw_arena arena;
    fw_arena_init(&arena, 0);
    char *p = fw_arena_alloc(&arena, 13);
    ck_assert(!__asan_address_is_poisoned(p + 12));
    ck_assert(__asan_address_is_poisoned(p + 13));
    ck_assert(__asan_address_is_poisoned(p + 16));
    fw_arena_grow(&arena, p, 13, 40, 1);
    ck_assert(!__asan_address_is_poisoned(p + 39));
    ck_assert(__asan_address_is_poisoned(p + 40));
    fw_arena_reset(&arena);
    ck_assert(__asan_address_is_poisoned(p));
    fw_arena_clear(&arena);
#endif
}
END_TEST

Suite *fw_suite_arena(void)
{
    Suite *suite = suite_create("arena");
    TCase *tc = tcase_create("all");
    tcase_add_test(tc, alloc_is_zeroed_and_aligned);
    tcase_add_test(tc, allocations_do_not_overlap);
    tcase_add_test(tc, push_keeps_what_was_there);
    tcase_add_test(tc, grows_in_place);
    tcase_add_test(tc, texts);
    tcase_add_loop_test(tc, budget_jumps_to_the_guard, 0, WAYS);
    tcase_add_test_raise_signal(tc, aborts_without_guard, SIGABRT);
    tcase_add_test(tc, poisons_what_is_not_handed_out);
    suite_add_tcase(suite, tc);
    return suite;
}
