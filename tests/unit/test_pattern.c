/* Users' patterns: groups, what is no pattern, and patterns that would never end. */
#include <string.h>

#include "core/limits.h"
#include "core/pattern.h"
#include "tests/unit/suites.h"

static void expect(const char *pattern, const char *text, const char *whole, const char *group)
{
    struct fw_pattern *compiled = fw_pattern_new(fw_sv_from(pattern), NULL);
    fw_sv got_whole = {0};
    fw_sv got_group = {0};
    ck_assert_ptr_nonnull(compiled);
    enum fw_found found = fw_pattern_find(compiled, fw_sv_from(text), &got_whole, &got_group);
    ck_assert_int_eq(found, whole ? FW_FOUND : FW_FOUND_NOTHING);
    if (whole) {
        ck_assert_msg(fw_sv_is(got_whole, whole), "%.*s", FW_SV_ARG(got_whole));
        ck_assert_msg(fw_sv_is(got_group, group), "%.*s", FW_SV_ARG(got_group));
    }
    fw_pattern_free(compiled);
}

START_TEST(groups)
{
    expect("CHG-[0-9]+", "see CHG-12 or CHG-13", "CHG-12", "CHG-12");
    expect("owner: ([a-z]+)", "owner: lin; x", "owner: lin", "lin");
    expect("(a)|(b)", "b", "b", "b");
    expect("(a)(b)(c)(d)", "abcd", "abcd", "a");
    expect("負責人：(.+?)，", "負責人：林維國，郵件", "負責人：林維國，", "林維國");
    expect("x", "abc", NULL, NULL);
    expect("x", "", NULL, NULL);
    expect(".", "\xff\xfe", NULL, NULL); /* no UTF-8 */
}
END_TEST

START_TEST(no_pattern)
{
    struct fw_buf error;
    fw_buf_init(&error);
    ck_assert_ptr_null(fw_pattern_new(FW_SV("CHG-("), &error));
    ck_assert(fw_sv_ends(fw_buf_sv(&error), " at character 6"));
    ck_assert_ptr_null(fw_pattern_new(FW_SV(""), &error));
    ck_assert_ptr_null(fw_pattern_new(FW_SV("\\C"), NULL));
    fw_sv unused;
    ck_assert_int_eq(fw_pattern_find(NULL, FW_SV("a"), &unused, &unused), FW_FOUND_NOTHING);
    fw_buf_clear(&error);
}
END_TEST

/* FW_LIMIT_PATTERN_STEPS and FW_LIMIT_PATTERN_KBYTES: 2^40 ways to fail. */
START_TEST(without_end)
{
    ck_assert_int_gt(FW_LIMIT_PATTERN_STEPS, 1000);
    ck_assert_int_gt(FW_LIMIT_PATTERN_KBYTES, 64);
    struct fw_pattern *pattern = fw_pattern_new(FW_SV("^(?:a+)+$"), NULL);
    fw_sv unused;
    ck_assert_int_eq(fw_pattern_find(pattern, FW_SV("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab"),
                                     &unused, &unused),
                     FW_FOUND_GAVE_UP);
    ck_assert_int_eq(fw_pattern_find(pattern, FW_SV("aaaa"), &unused, &unused), FW_FOUND);
    fw_pattern_free(pattern);
}
END_TEST

Suite *fw_suite_pattern(void)
{
    Suite *suite = suite_create("pattern");
    TCase *tests = tcase_create("pattern");
    tcase_add_test(tests, groups);
    tcase_add_test(tests, no_pattern);
    tcase_add_test(tests, without_end);
    suite_add_tcase(suite, tests);
    return suite;
}
