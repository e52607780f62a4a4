/* Tests of core/buf.h. */
#include "core/buf.h"

#include <stdint.h>

#include "tests/unit/suites.h"

START_TEST(adds)
{
    struct fw_buf buf;
    fw_buf_init(&buf);
    ck_assert(fw_sv_is(fw_buf_sv(&buf), ""));
    fw_buf_add(&buf, (fw_sv){0});
    ck_assert_str_eq(buf.p, "");
    fw_buf_add(&buf, FW_SV("ab"));
    fw_buf_add_char(&buf, 'c');
    fw_buf_add_cstr(&buf, "de");
    fw_buf_add_repeat(&buf, "xy", 3);
    fw_buf_add_repeat(&buf, "no", 0);
    fw_buf_add_repeat(&buf, "", 9);
    fw_buf_printf(&buf, "%d%s", -1, "!");
    ck_assert_str_eq(buf.p, "abcdexyxyxy-1!");
    ck_assert_uint_eq(buf.n, 14);
    ck_assert(fw_buf_ok(&buf));
    fw_buf_reset(&buf);
    ck_assert_str_eq(buf.p, "");
    ck_assert_uint_eq(buf.n, 0);
    fw_buf_clear(&buf);
    ck_assert_ptr_null(buf.p);
    fw_buf_clear(&buf);
}
END_TEST

/* Every length around the sizes at which the buffer grows. */
START_TEST(grows)
{
    struct fw_buf a;
    struct fw_buf b;
    fw_buf_init(&a);
    fw_buf_init(&b);
    for (int i = 0; i < 5000; i++) {
        fw_buf_add_char(&a, (char)('a' + i % 26));
        fw_buf_printf(&b, "%c", 'a' + i % 26);
        ck_assert_uint_eq(strlen(a.p), a.n);
    }
    ck_assert(fw_sv_eq(fw_buf_sv(&a), fw_buf_sv(&b)));
    fw_buf_clear(&b);
    for (int width = 1; width < 1100; width++) {
        fw_buf_init(&b);
        fw_buf_printf(&b, "%*d", width, 7);
        ck_assert_uint_eq(b.n, (size_t)width);
        ck_assert_int_eq(b.p[width - 1], '7');
        ck_assert_int_eq(b.p[width], '\0');
        fw_buf_clear(&b);
    }
    fw_buf_clear(&a);
}
END_TEST

START_TEST(keeps_bytes)
{
    struct fw_buf buf;
    fw_buf_init(&buf);
    fw_buf_add(&buf, fw_sv_of("a\0b", 3));
    ck_assert_uint_eq(buf.n, 3);
    ck_assert(memcmp(buf.p, "a\0b", 4) == 0);
    fw_buf_clear(&buf);
}
END_TEST

START_TEST(remembers_failure)
{
    struct fw_buf buf;
    fw_buf_init(&buf);
    fw_buf_add(&buf, FW_SV("kept"));
    fw_buf_add_repeat(&buf, "xy", SIZE_MAX / 2 + 2);
    ck_assert(!fw_buf_ok(&buf));
    fw_buf_add(&buf, FW_SV("dropped"));
    fw_buf_printf(&buf, "%d", 1);
    ck_assert_str_eq(buf.p, "kept");
    fw_buf_reset(&buf);
    ck_assert(fw_buf_ok(&buf));
    fw_buf_add_repeat(&buf, "x", SIZE_MAX / 2);
    ck_assert(!fw_buf_ok(&buf));
    fw_buf_clear(&buf);
}
END_TEST

Suite *fw_suite_buf(void)
{
    Suite *suite = suite_create("buf");
    TCase *tc = tcase_create("all");
    tcase_add_test(tc, adds);
    tcase_add_test(tc, grows);
    tcase_add_test(tc, keeps_bytes);
    tcase_add_test(tc, remembers_failure);
    suite_add_tcase(suite, tc);
    return suite;
}
