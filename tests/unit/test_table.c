/* Tests of core/table.h. */
#include "core/table.h"

#include <stdlib.h>

#include "core/text.h"
#include "tests/unit/suites.h"

static const struct fw_column columns[] = {
    {"name", {"名稱", 6}, false, 0},
    {"hits", {"hits", 4}, true, 0},
    {"why", {"why", 3}, false, 0},
};

static struct fw_table *sample(void)
{
    struct fw_table *table = fw_table_new(columns, 3);
    const fw_sv first[] = {FW_SV("規則一"), FW_SV("12"),
                           FW_SV("the quick brown fox jumps over it")};
    const fw_sv second[] = {FW_SV("x\x1b"), FW_SV("-3"), FW_SV("不需要的規則應移除，並留下紀錄。")};
    const fw_sv third[] = {FW_SV(""), FW_SV(""), FW_SV("=1,2")};
    fw_table_row(table, first);
    fw_table_row(table, second);
    fw_table_row(table, third);
    return table;
}

static void expect(const struct fw_table *table, size_t width, const char *want)
{
    struct fw_buf buf;
    fw_buf_init(&buf);
    fw_table_text(table, &buf, width);
    ck_assert_str_eq(buf.p, want);
    fw_buf_clear(&buf);
}

START_TEST(text)
{
    struct fw_table *table = sample();
    expect(table, 0,
           "名稱    hits  why\n"
           "------  ----  ---------------------------------\n"
           "規則一    12  the quick brown fox jumps over it\n"
           "x\\x1b     -3  不需要的規則應移除，並留下紀錄。\n"
           "              =1,2\n");
    expect(table, 32,
           "名稱    hits  why\n"
           "------  ----  ------------------\n"
           "規則一    12  the quick brown\n"
           "              fox jumps over it\n"
           "x\\x1b     -3  不需要的規則應移\n"
           "              除，並留下紀錄。\n"
           "              =1,2\n");
    fw_table_free(table);
    fw_table_free(NULL);
}
END_TEST

/* No line is wider than asked for as long as the smallest widths allow it, and nothing is lost. */
START_TEST(wrapping_loses_nothing)
{
    static const struct fw_column two[] = {{"a", {"a", 1}, false, 4}, {"b", {"b", 1}, false, 4}};
    srand(7);
    for (int round = 0; round < 300; round++) {
        struct fw_table *table = fw_table_new(two, 2);
        struct fw_buf cells[2];
        size_t letters = 0;
        for (size_t i = 0; i < 2; i++) {
            fw_buf_init(&cells[i]);
            for (int j = rand() % 60; j > 0; j--) {
                static const char *const parts[] = {"x",  "yy", " ",         "防",
                                                    "，", "/",  "e\xcc\x81", "  "};
                const char *part = parts[rand() % 8];
                fw_buf_add_cstr(&cells[i], part);
                letters += part[0] != ' ' ? strlen(part) : 0;
            }
        }
        fw_sv row[] = {fw_buf_sv(&cells[0]), fw_buf_sv(&cells[1])};
        fw_table_row(table, row);
        struct fw_buf out;
        fw_buf_init(&out);
        size_t width = 10 + (size_t)rand() % 60;
        fw_table_text(table, &out, width);
        fw_sv rest = fw_buf_sv(&out);
        fw_sv line;
        size_t found = 0;
        for (int i = 0; fw_sv_split(&rest, '\n', &line); i++) {
            ck_assert_msg(fw_text_width(line) <= width, "width %zu: %.*s", width, FW_SV_ARG(line));
            for (size_t j = 0; i >= 2 && j < line.n; j++) {
                found += line.p[j] != ' ';
            }
        }
        ck_assert_uint_eq(found, letters);
        fw_buf_clear(&out);
        fw_buf_clear(&cells[0]);
        fw_buf_clear(&cells[1]);
        fw_table_free(table);
    }
}
END_TEST

START_TEST(csv)
{
    struct fw_table *table = sample();
    struct fw_buf buf;
    fw_buf_init(&buf);
    fw_table_csv(table, &buf);
    ck_assert_str_eq(buf.p, "name,hits,why\n"
                            "規則一,12,the quick brown fox jumps over it\n"
                            "x\\x1b,-3,不需要的規則應移除，並留下紀錄。\n"
                            ",,\"'=1,2\"\n");
    fw_buf_clear(&buf);
    fw_table_free(table);
}
END_TEST

START_TEST(as_json)
{
    static const struct fw_column one[] = {{"n", {"n", 1}, true, 0}};
    struct fw_table *table = fw_table_new(one, 1);
    static const char *const cells[] = {"1", "-2.50", "", "n/a", "007"};
    for (size_t i = 0; i < 5; i++) {
        fw_sv cell = fw_sv_from(cells[i]);
        fw_table_row(table, &cell);
    }
    struct fw_buf buf;
    struct fw_json json;
    fw_buf_init(&buf);
    fw_json_init(&json, &buf, 0);
    fw_table_json(table, &json);
    ck_assert_str_eq(buf.p,
                     "[{\"n\":1},{\"n\":-2.50},{\"n\":null},{\"n\":\"n/a\"},{\"n\":\"007\"}]");
    fw_buf_clear(&buf);
    fw_table_free(table);
}
END_TEST

Suite *fw_suite_table(void)
{
    Suite *suite = suite_create("table");
    TCase *tc = tcase_create("table");
    tcase_add_test(tc, text);
    tcase_add_test(tc, wrapping_loses_nothing);
    tcase_add_test(tc, csv);
    tcase_add_test(tc, as_json);
    suite_add_tcase(suite, tc);
    return suite;
}
