/* Tests of parsers/doc.h. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/limits.h"
#include "parsers/doc.h"
#include "tests/unit/suites.h"

static struct fw_diags *diags;
static struct fw_doc doc;

static void setup(void)
{
    diags = fw_diags_new();
    fw_doc_init(&doc, FW_SV("a.conf"), diags);
}

static void teardown(void)
{
    fw_doc_clear(&doc);
    fw_diags_free(diags);
}

START_TEST(test_lines)
{
    uint64_t offset = 0;
    uint32_t line = 0;
    fw_sv text;
    fw_doc_set_text(&doc, FW_SV("one\r\n\ntwo\rx\nlast"));
    ck_assert_uint_eq(doc.nlines, 4);
    static const char *const expected[] = {"one", "", "two\rx", "last"};
    for (uint32_t i = 0; i < 4; i++) {
        ck_assert(fw_doc_line(&doc, &offset, &line, &text));
        ck_assert_uint_eq(line, i + 1);
        ck_assert(fw_sv_is(text, expected[i]));
        ck_assert(fw_sv_is(fw_doc_line_text(&doc, i + 1), expected[i]));
    }
    ck_assert(!fw_doc_line(&doc, &offset, &line, &text));
    ck_assert_ptr_null(fw_doc_line_text(&doc, 5).p);
    ck_assert_ptr_null(fw_doc_line_text(&doc, 0).p);
    ck_assert_uint_eq(fw_doc_line_of(&doc, 0), 1);
    ck_assert_uint_eq(fw_doc_line_of(&doc, 4), 1);
    ck_assert_uint_eq(fw_doc_line_of(&doc, 5), 2);
    ck_assert_uint_eq(fw_doc_line_of(&doc, 6), 3);
    ck_assert_uint_eq(fw_doc_line_of(&doc, 15), 4);
}
END_TEST

START_TEST(test_ends)
{
    static const struct {
        const char *text;
        uint32_t lines;
    } cases[] = {{"", 0}, {"\n", 1}, {"a", 1}, {"a\n", 1}, {"a\nb", 2}, {"\n\n", 2}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        fw_doc_set_text(&doc, fw_sv_from(cases[i].text));
        ck_assert_uint_eq(doc.nlines, cases[i].lines);
        ck_assert_uint_eq(fw_doc_counts(&doc).total, cases[i].lines);
        ck_assert_uint_eq(fw_doc_counts(&doc).bad, cases[i].lines);
    }
}
END_TEST

START_TEST(test_verdicts)
{
    fw_doc_set_text(&doc, FW_SV("a\nb\nc\nd\ne\n"));
    fw_doc_mark_range(&doc, 1, 4, FW_LINE_USED);
    fw_doc_mark(&doc, 1, FW_LINE_IGNORED);
    fw_doc_mark(&doc, 2, FW_LINE_UNSUPPORTED);
    fw_doc_mark(&doc, 99, FW_LINE_USED);
    fw_doc_bad(&doc, 3, fw_doc_line_text(&doc, 3), "wrong");
    fw_doc_unsupported(&doc, 3, (fw_sv){0}, "later");
    struct fw_line_counts c = fw_doc_counts(&doc);
    ck_assert_uint_eq(c.total, 5);
    ck_assert_uint_eq(c.used, 2);
    ck_assert_uint_eq(c.ignored, 0);
    ck_assert_uint_eq(c.unsupported, 1);
    ck_assert_uint_eq(c.bad, 2); /* the third, and the fifth that nobody marked */
}
END_TEST

START_TEST(test_places)
{
    fw_doc_set_text(&doc, FW_SV("ab\ncd ef\n"));
    fw_sv part = fw_sv_sub(fw_doc_line_text(&doc, 2), 3, 2);
    fw_span span = fw_doc_span(&doc, part, 2);
    ck_assert_uint_eq(span.offset, 6);
    ck_assert_uint_eq(span.length, 2);
    ck_assert_uint_eq(span.line, 2);
    span = fw_doc_span(&doc, FW_SV("elsewhere"), 2);
    ck_assert_uint_eq(span.offset, 3);
    ck_assert_uint_eq(span.length, 0);
    fw_doc_warn(&doc, FW_DIAG_ID_BAD_VALUE, 2, part, "not %s", "this");
    ck_assert_uint_eq(fw_diags_count(diags), 1);
    const struct fw_diag *diag = fw_diags_at(diags, 0);
    ck_assert_uint_eq(diag->column, 4);
    ck_assert(fw_sv_is(diag->message, "not this"));
    ck_assert(fw_sv_is(diag->line_text, "cd ef"));
    ck_assert(fw_sv_is(diag->path, "a.conf"));
}
END_TEST

START_TEST(test_secrets)
{
    fw_doc_set_text(&doc, FW_SV("community public here\npassword hunter2 hunter2\nopen\n"));
    fw_sv second = fw_doc_line_text(&doc, 2);
    fw_doc_secret(&doc, 2, fw_sv_sub(second, 17, 7));
    fw_doc_secret(&doc, 2, fw_sv_sub(second, 9, 7));
    fw_doc_secret(&doc, 1, fw_sv_sub(fw_doc_line_text(&doc, 1), 10, 6));
    fw_doc_secret(&doc, 1, fw_sv_sub(fw_doc_line_text(&doc, 1), 10, 6)); /* again: once */
    fw_doc_secret(&doc, 1, FW_SV("not of this text"));
    ck_assert_uint_eq(doc.nsecrets, 3);
    ck_assert_uint_eq(doc.secrets[0].offset, 10);
    ck_assert_uint_eq(doc.secrets[1].offset, 31);
    ck_assert_uint_eq(doc.secrets[2].offset, 39);
    fw_doc_bad(&doc, 2, second, "what is \"hunter2\"?");
    fw_doc_bad(&doc, 3, fw_doc_line_text(&doc, 3), "what is \"hunter2\"?");
    fw_doc_warn(&doc, FW_DIAG_ID_BAD_VALUE, 1, (fw_sv){0}, "public?");
    for (size_t i = 0; i < fw_diags_count(diags); i++) {
        const struct fw_diag *diag = fw_diags_at(diags, i);
        if (diag->span.line == 1) {
            ck_assert(fw_sv_is(diag->line_text, "community ****** here"));
            ck_assert(fw_sv_is(diag->message, "******?"));
        } else if (diag->span.line == 2) {
            ck_assert(fw_sv_is(diag->line_text, "password ******* *******"));
            ck_assert(fw_sv_is(diag->message, "what is \"*******\"?"));
        }
    }
}
END_TEST

/* A file with a hole: as long as it says, and nothing on the disk. */
START_TEST(test_too_large)
{
    char path[] = "/tmp/fwproof-test-doc-XXXXXX";
    int fd = mkstemp(path);
    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(ftruncate(fd, (off_t)FW_LIMIT_CONFIG_BYTES + 1), 0);
    close(fd);
    ck_assert_int_eq(fw_doc_load(&doc, path), FW_ERR_LIMIT);
    ck_assert_int_eq(unlink(path), 0);
    ck_assert_uint_eq(fw_diags_count(diags), 1);
    ck_assert_int_eq(fw_diags_at(diags, 0)->id, FW_DIAG_ID_LIMIT_REACHED);
    ck_assert(fw_sv_find(fw_diags_at(diags, 0)->message, FW_SV("CONFIG_BYTES")) != SIZE_MAX);
    ck_assert_uint_eq(doc.text.n, 0);
}
END_TEST

START_TEST(test_unreadable)
{
    ck_assert_int_ne(fw_doc_load(&doc, "/nonexistent/fwproof"), FW_OK);
    ck_assert_uint_eq(fw_diags_count(diags), 1);
    ck_assert_int_eq(fw_diags_at(diags, 0)->id, FW_DIAG_ID_FILE_UNREADABLE);
}
END_TEST

/* A key whose first line is the last of the text, and one that goes on. */
START_TEST(test_cut_keys)
{
    fw_doc_set_text(&doc, FW_SV("one\n-----BEGIN RSA PRIVATE KEY-----"));
    ck_assert_uint_eq(doc.nsecrets, 0);
    teardown();
    setup();
    fw_doc_set_text(&doc, FW_SV("-----BEGIN PRIVATE KEY-----\nabc\n\ndef"));
    ck_assert_uint_eq(doc.nsecrets, 2);
    ck_assert_uint_eq(doc.secrets[1].offset, 33);
    teardown();
    setup();
    fw_doc_set_text(&doc, FW_SV("-----BEGIN PRIVATE KEY-----\nabc\n-----END PRIVATE KEY-----\nx"));
    ck_assert_uint_eq(doc.nsecrets, 1);
}
END_TEST

Suite *fw_suite_doc(void)
{
    Suite *suite = suite_create("doc");
    TCase *tc = tcase_create("doc");
    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_test(tc, test_lines);
    tcase_add_test(tc, test_ends);
    tcase_add_test(tc, test_verdicts);
    tcase_add_test(tc, test_places);
    tcase_add_test(tc, test_secrets);
    tcase_add_test(tc, test_cut_keys);
    tcase_add_test(tc, test_too_large);
    tcase_add_test(tc, test_unreadable);
    suite_add_tcase(suite, tc);
    return suite;
}
