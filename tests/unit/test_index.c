/* Tests of core/index.h against a list that is searched from its beginning. */
#include "core/index.h"

#include "tests/unit/suites.h"

START_TEST(test_index)
{
    enum { NAMES = 3000 };
    struct fw_arena arena;
    fw_arena_init(&arena, 0);
    struct fw_index index = {.arena = &arena};
    fw_sv names[NAMES];
    ck_assert_uint_eq(fw_index_find(&index, FW_SV("x")), SIZE_MAX);
    for (size_t i = 0; i < NAMES; i++) { /* every third one was there before */
        names[i] = fw_arena_printf(&arena, "name %zu", i % 3 == 2 ? i - 2 : i);
        ck_assert_int_eq(fw_index_add(&index, names[i], i), i % 3 != 2);
    }
    for (size_t i = 0; i < NAMES; i++) {
        ck_assert_uint_eq(fw_index_find(&index, names[i]), i % 3 == 2 ? i - 2 : i);
    }
    ck_assert_uint_eq(fw_index_find(&index, FW_SV("name")), SIZE_MAX);
    fw_arena_clear(&arena);
}
END_TEST

Suite *fw_suite_index(void)
{
    Suite *suite = suite_create("index");
    TCase *tcase = tcase_create("index");
    tcase_add_test(tcase, test_index);
    suite_add_tcase(suite, tcase);
    return suite;
}
