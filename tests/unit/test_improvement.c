/* A filled-in form as it comes back: markup, cut-off classes, dates of two calendars, notes. */
#include <check.h>
#include <string.h>

#include "core/time.h"
#include "parsers/improvement.h"
#include "tests/unit/suites.h"

static struct fw_doc doc;
static struct fw_diags *diags;
static struct fw_improvements rows;

static enum fw_err parse(const char *text)
{
    fw_doc_set_text(&doc, fw_sv_from(text));
    return fw_improvements_parse(&doc, 8 * 3600, &rows);
}

static void setup(void)
{
    diags = fw_diags_new();
    fw_doc_init(&doc, FW_SV("改善報告.tsv"), diags);
}

static void teardown(void)
{
    fw_doc_clear(&doc);
    fw_diags_free(diags);
}

static void is_date(int64_t ns, int32_t year, unsigned month, unsigned day)
{
    struct fw_date date = fw_date_of(ns, 8 * 3600);
    ck_assert_msg(date.year == year && date.month == month && date.day == day, "%d-%u-%u",
                  date.year, date.month, date.day);
}

/* A quote that is not closed takes all rows behind it: none of those lines was read. */
START_TEST(test_unclosed_quote)
{
    ck_assert_int_eq(
        parse("項次,內容分類,對應稽核項次,稽核組別,稽核發現內容,改善措施,(預計)完成日期\n"
              "1,建議,7.10,A,甲,乙,已完成\n2,建議,7.10,A,甲,\"乙,已完成\n"
              "3,建議,7.10,A,甲,乙,已完成\n"),
        FW_OK);
    struct fw_line_counts counts = fw_doc_counts(&doc);
    ck_assert_uint_eq(rows.n, 1);
    ck_assert_uint_eq(counts.used, 2);
    ck_assert_uint_eq(counts.bad, 2);
}
END_TEST

START_TEST(test_tabs)
{
    ck_assert_int_eq(
        parse("115年某機關實地稽核\n實地稽核發現事項 - 改善報告 (2026/07/05)\n\n"
              "項次\t內容分類\t對應稽核項次\t稽核組別\t稽核發現內容\t改善措施\t(預計)完成日期\n"
              "1\t待改善事項\t7.9\tC\t<p>查甲惟乙，</p> <p>應改善之。</p>\t"
              "<p>已修正 A &amp; B &lt; C</p> <p>（附件：項次01_附件_RUL-001）</p>\t已完成\n"
              "2\t法遵符合情\t8.1, 8.8\tC\t值得肯定。\t謝謝\t已完成\n"
              "3\t建議事項\t7.10\tA\tport <1024 開放\t規劃中\t2026/02/28\n"
              "4\t建議\t7.10\tA\t甲\t乙\t115年3月1日\n"
              "5\t其他\t7.10\tA\t甲\t乙\t不久\n"
              "註:以上改善措施，如需時間才能完成，則填報預估之完成時間。\n"),
        FW_OK);
    ck_assert_uint_eq(rows.n, 5);
    ck_assert_uint_eq(rows.v[0].number, 1);
    ck_assert_int_eq(rows.v[0].class, FW_IMPROVEMENT_MUST);
    ck_assert(rows.v[0].done);
    ck_assert(fw_sv_is(rows.v[0].finding, "查甲惟乙，\n應改善之。"));
    ck_assert(fw_sv_is(rows.v[0].measure, "已修正 A & B < C\n（附件：項次01_附件_RUL-001）"));
    ck_assert(fw_sv_is(rows.v[0].check, "RUL-001"));
    ck_assert_int_eq(rows.v[1].class, FW_IMPROVEMENT_PRAISE);
    ck_assert(fw_sv_is(rows.v[1].items, "8.1, 8.8"));
    ck_assert_uint_eq(rows.v[1].check.n, 0);
    ck_assert(!rows.v[2].done);
    ck_assert(fw_sv_is(rows.v[2].finding, "port <1024 開放"));
    is_date(rows.v[2].due_ns, 2026, 2, 28);
    ck_assert_int_eq(rows.v[3].class, FW_IMPROVEMENT_SUGGEST);
    is_date(rows.v[3].due_ns, 2026, 3, 1);
    ck_assert_int_eq(rows.v[4].class, FW_IMPROVEMENT_UNKNOWN);
    ck_assert(rows.v[4].due_ns == INT64_MIN);
    ck_assert_uint_eq(fw_diags_count(diags), 2); /* the class and the date of row 5 */
    ck_assert_ptr_eq(fw_improvement_find(&rows, FW_SV("RUL-001")), &rows.v[0]);
    ck_assert_ptr_null(fw_improvement_find(&rows, FW_SV("RUL-002")));
    struct fw_line_counts lines = fw_doc_counts(&doc);
    ck_assert_uint_eq(lines.total, 10);
    ck_assert_uint_eq(lines.used, 6);
    ck_assert_uint_eq(lines.ignored, 4);
}
END_TEST

START_TEST(test_csv)
{
    ck_assert_int_eq(parse("\xef\xbb\xbf項次,內容分類,對應稽核項次,稽核組別,稽核發現內容,改善措施,"
                           "(預計)完成日期\r\n"
                           "1,待改善事項,7.9,C,\"1、甲\n2、\"\"乙\"\"\",丙,114-12-31\r\n"
                           "2,建議事項,,C,甲,乙,\r\n"),
                     FW_OK);
    ck_assert_uint_eq(rows.n, 2);
    ck_assert(fw_sv_is(rows.v[0].finding, "1、甲\n2、\"乙\""));
    is_date(rows.v[0].due_ns, 2025, 12, 31);
    ck_assert(!rows.v[1].done && rows.v[1].due_ns == INT64_MIN);
    ck_assert_uint_eq(fw_diags_count(diags), 0);
    ck_assert_uint_eq(fw_doc_counts(&doc).bad, 0);
}
END_TEST

START_TEST(test_no_header)
{
    ck_assert_int_eq(parse("項次,甲,乙\n1,2,3\n"), FW_ERR_INVALID);
    ck_assert_uint_eq(fw_diags_count(diags), 1);
}
END_TEST

/* Any text is read without harm: pieces of the form in any order. */
START_TEST(test_any_text)
{
    static const char *const pieces[] = {
        "項次",
        "\t",
        ",",
        "\n",
        "\"",
        "<p>",
        "</p",
        "&lt;",
        "&",
        "待改",
        "1",
        "_附件_",
        "2026/13/40",
        "項次\t內容分類\t對應稽核項次\t稽核組別\t稽核發現內容\t改善措施\t(預計)完成日期\n"};
    uint32_t seed = 1;
    for (int round = 0; round < 2000; round++) {
        char text[1024] = "";
        for (int i = 0; i < 12; i++) {
            seed = seed * 1664525u + 1013904223u;
            strcat(text, pieces[(seed >> 16) % (sizeof(pieces) / sizeof(pieces[0]))]);
        }
        teardown();
        setup();
        parse(text);
        struct fw_line_counts lines = fw_doc_counts(&doc);
        ck_assert_uint_eq(lines.used + lines.ignored + lines.unsupported + lines.bad, lines.total);
    }
}
END_TEST

Suite *fw_suite_improvement(void)
{
    Suite *suite = suite_create("improvement");
    TCase *tcase = tcase_create("improvement");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, test_tabs);
    tcase_add_test(tcase, test_unclosed_quote);
    tcase_add_test(tcase, test_csv);
    tcase_add_test(tcase, test_no_header);
    tcase_add_test(tcase, test_any_text);
    suite_add_tcase(suite, tcase);
    return suite;
}
