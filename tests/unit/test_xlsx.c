/* A workbook as text: what stands in which cell, and that no bytes do harm. */
#include <string.h>

#include "core/limits.h"
#include "parsers/xlsx.h"
#include "report/forms.h"
#include "tests/unit/random.h"
#include "tests/unit/suites.h"

static struct fw_arena arena;
static struct fw_buf book;

static void setup(void)
{
    fw_arena_init(&arena, 0);
    fw_buf_init(&book);
    fw_sv(*rows)[FW_FORM_COLUMNS] = fw_arena_alloc(&arena, 2 * sizeof(*rows));
    memset(rows, 0, 2 * sizeof(*rows));
    rows[0][0] = FW_SV("1");
    rows[0][2] = FW_SV("甲 & 乙 <p>\n第二行");
    rows[1][0] = FW_SV("2");
    rows[1][1] = FW_SV("\"引號\"");
    struct fw_form_sheet sheet = {
        .name = FW_SV("表"),
        .title = FW_SV("標題"),
        .columns = 3,
        .heads = {FW_SV("項次"), FW_SV("內容"), FW_SV("說明")},
        .widths = {6, 6, 6},
        .n = 2,
        .rows = rows,
    };
    ck_assert_int_eq(fw_form_xlsx(&sheet, 0, &book), FW_OK);
}

static void teardown(void)
{
    fw_buf_clear(&book);
    fw_arena_clear(&arena);
}

START_TEST(test_cells)
{
    fw_sv text;
    ck_assert(fw_xlsx_is(fw_buf_sv(&book)));
    ck_assert_int_eq(fw_xlsx_text(fw_buf_sv(&book), &arena, &text), FW_OK);
    ck_assert_msg(fw_sv_find(text, FW_SV("項次\t內容\t說明\n")) != SIZE_MAX, "%.*s",
                  FW_SV_ARG(text));
    ck_assert_msg(fw_sv_find(text, FW_SV("1\t\t甲 & 乙 <p><br>第二行\n")) != SIZE_MAX, "%.*s",
                  FW_SV_ARG(text));
    ck_assert_msg(fw_sv_find(text, FW_SV("2\t\"引號\"")) != SIZE_MAX, "%.*s", FW_SV_ARG(text));
}
END_TEST

/* A member that says to be larger than the limit is not decoded. */
START_TEST(test_limit)
{
    fw_sv text;
    fw_sv rest = fw_buf_sv(&book);
    for (size_t at; (at = fw_sv_find(rest, FW_SV("PK\1\2"))) != SIZE_MAX;) {
        unsigned char *entry = (unsigned char *)book.p + (rest.p - book.p) + at;
        unsigned long n = FW_LIMIT_XLSX_BYTES + 1;
        for (int i = 0; i < 4; i++) {
            entry[24 + i] = (unsigned char)(n >> (8 * i));
        }
        rest = fw_sv_sub(rest, at + 4, rest.n);
    }
    ck_assert_int_eq(fw_xlsx_text(fw_buf_sv(&book), &arena, &text), FW_ERR_LIMIT);
}
END_TEST

/* Cut anywhere it is refused; with other bytes it is refused or read. */
START_TEST(test_damage)
{
    struct test_random random = test_random_start("damaged workbooks");
    fw_sv text;
    for (size_t n = 0; n < book.n; n += 7) {
        fw_sv cut = fw_arena_copy(&arena, fw_sv_of(book.p, n));
        ck_assert_int_eq(fw_xlsx_text(cut, &arena, &text), FW_ERR_INVALID);
    }
    for (int round = 0; round < 3000; round++) {
        fw_sv copy = fw_arena_copy(&arena, fw_buf_sv(&book));
        char *p = fw_arena_cstr(&arena, copy);
        for (unsigned edits = 1 + test_random_below(&random, 4); edits > 0; edits--) {
            p[test_random_below(&random, (unsigned)copy.n)] = (char)test_random_below(&random, 256);
        }
        enum fw_err err = fw_xlsx_text(fw_sv_of(p, copy.n), &arena, &text);
        ck_assert(err == FW_OK || err == FW_ERR_INVALID || err == FW_ERR_LIMIT);
        fw_arena_reset(&arena);
    }
}
END_TEST

Suite *fw_suite_xlsx(void)
{
    Suite *suite = suite_create("xlsx");
    TCase *tests = tcase_create("xlsx");
    tcase_set_timeout(tests, 60);
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, test_cells);
    tcase_add_test(tests, test_limit);
    tcase_add_test(tests, test_damage);
    suite_add_tcase(suite, tests);
    return suite;
}
