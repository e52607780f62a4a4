/* Tests of core/limits.h and core/err.h, and of the one limit that core itself enforces: the
 * others are reached by the suites of the modules that enforce them. */
#include "core/limits.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "core/arena.h"
#include "core/err.h"
#include "tests/unit/suites.h"

START_TEST(table_is_sorted_and_sane)
{
    size_t n = 0;
    for (; fw_limits[n].name; n++) {
        const struct fw_limit *limit = &fw_limits[n];
        ck_assert_msg(limit->value > 0, "%s", limit->name);
        ck_assert_msg(strlen(limit->what) > 0, "%s", limit->name);
        ck_assert_msg(n == 0 || strcmp(fw_limits[n - 1].name, limit->name) < 0,
                      "%s is out of order", limit->name);
    }
    ck_assert_uint_gt(n, 10);
}
END_TEST

START_TEST(table_is_the_constants)
{
    static const uint64_t constants[] = {
#define FW_LIMIT(id, number, text) FW_LIMIT_##id,
#include "core/limits.def"
#undef FW_LIMIT
    };
    for (size_t i = 0; i < sizeof(constants) / sizeof(constants[0]); i++) {
        ck_assert_uint_eq(fw_limits[i].value, constants[i]);
    }
    ck_assert_ptr_null(fw_limits[sizeof(constants) / sizeof(constants[0])].name);
}
END_TEST

START_TEST(arena_bytes)
{
    struct fw_arena arena;
    struct fw_guard guard;
    fw_arena_init(&arena, 0);
    arena.guard = &guard;
    volatile bool returned = false;
    if (setjmp(guard.jump) == 0) {
        fw_arena_alloc(&arena, (size_t)FW_LIMIT_ARENA_BYTES + 1);
        returned = true;
    }
    ck_assert(!returned);
    ck_assert_uint_eq(arena.used, 0);
    fw_arena_clear(&arena);
}
END_TEST

START_TEST(errors)
{
    for (int i = 0; i < FW_ERR_COUNT; i++) {
        const char *text = fw_err_text((enum fw_err)i);
        ck_assert_msg(text && strlen(text) > 1, "%d", i);
        for (int j = 0; j < i; j++) {
            ck_assert_str_ne(text, fw_err_text((enum fw_err)j));
        }
    }
    ck_assert_str_eq(fw_err_text(FW_ERR_COUNT), "unknown error");
    ck_assert_int_eq(fw_err_from_errno(0), FW_OK);
    ck_assert_int_eq(fw_err_from_errno(ENOENT), FW_ERR_NOENT);
    ck_assert_int_eq(fw_err_from_errno(EACCES), FW_ERR_ACCESS);
    ck_assert_int_eq(fw_err_from_errno(EIO), FW_ERR_IO);
    ck_assert_int_eq(fw_err_from_errno(ENOSPC), FW_ERR_NOSPACE);
    ck_assert_int_eq(fw_err_from_errno(ENOMEM), FW_ERR_MEMORY);
    ck_assert_int_eq(fw_err_from_errno(EEXIST), FW_ERR_EXISTS);
    ck_assert_int_eq(fw_err_from_errno(EBUSY), FW_ERR_BUSY);
    ck_assert_int_eq(fw_err_from_errno(EMFILE), FW_ERR_LIMIT);
    for (int i = 1; i < 200; i++) {
        ck_assert_int_ne(fw_err_from_errno(i), FW_OK);
    }
}
END_TEST

Suite *fw_suite_limits(void)
{
    Suite *suite = suite_create("limits");
    TCase *tc = tcase_create("all");
    tcase_add_test(tc, table_is_sorted_and_sane);
    tcase_add_test(tc, table_is_the_constants);
    tcase_add_test(tc, arena_bytes);
    tcase_add_test(tc, errors);
    suite_add_tcase(suite, tc);
    return suite;
}
