/* Tests of core/diag.h: what is kept, in which order, and what a person sees. */
#include "core/diag.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/json.h"
#include "core/limits.h"
#include "core/source.h"
#include "tests/unit/suites.h"

static void bad(struct fw_diags *diags, const char *path, uint32_t line, uint32_t column)
{
    fw_diag_report(diags, FW_DIAG_ID_BAD_LINE, fw_sv_from(path), (fw_span){0, 1, line}, (fw_sv){0},
                   column, "line %u", (unsigned)line);
}

/* What is printed, in caller's storage. */
static const char *printed(const struct fw_diags *diags, bool color)
{
    static char text[16384];
    FILE *file = tmpfile();
    ck_assert_ptr_nonnull(file);
    fw_diags_print(diags, file, color);
    rewind(file);
    size_t n = fread(text, 1, sizeof(text) - 1, file);
    text[n] = '\0';
    fclose(file);
    return text;
}

START_TEST(names)
{
    ck_assert_str_eq(fw_diag_name(FW_DIAG_ID_BAD_LINE), "bad-line");
    ck_assert_str_eq(fw_diag_name(FW_DIAG_ID_ARCHIVE_TRUNCATED), "archive-truncated");
    for (int i = 0; i < FW_DIAG_ID_COUNT; i++) {
        ck_assert_uint_gt(strlen(fw_diag_what((enum fw_diag_id)i)), 10);
        if (i > 0) {
            const char *before = fw_diag_name((enum fw_diag_id)(i - 1));
            ck_assert_str_lt(before, fw_diag_name((enum fw_diag_id)i));
        }
    }
}
END_TEST

/* docs/diagnostics.md has a section for each id, in the same order, and none for others. */
START_TEST(explained)
{
    struct fw_arena arena;
    struct fw_source_info info;
    fw_sv text;
    fw_sv line;
    fw_arena_init(&arena, 0);
    ck_assert_int_eq(
        fw_source_load(FW_SOURCE_ROOT "/docs/diagnostics.md", 1u << 20, &arena, &text, &info),
        FW_OK);
    int next = 0;
    while (fw_sv_split(&text, '\n', &line)) {
        if (fw_sv_starts(line, "## ")) {
            const char *want = next < FW_DIAG_ID_COUNT ? fw_diag_name((enum fw_diag_id)next)
                                                       : "no more";
            ck_assert_msg(fw_sv_is(fw_sv_sub(line, 3, SIZE_MAX), want),
                          "docs/diagnostics.md has a section %.*s where diag.def has %s",
                          FW_SV_ARG(line), want);
            next++;
        }
    }
    ck_assert_int_eq(next, FW_DIAG_ID_COUNT);
    fw_arena_clear(&arena);
}
END_TEST

START_TEST(order_and_examples)
{
    struct fw_diags *diags = fw_diags_new();
    static const uint32_t lines[] = {50, 3, 40, 7, 30, 1, 20, 9, 10, 60};
    for (size_t i = 0; i < 10; i++) {
        bad(diags, "b.log", lines[i], 1);
    }
    bad(diags, "a.log", 99, 2);
    bad(diags, "a.log", 99, 1);
    ck_assert_int_eq(FW_LIMIT_DIAG_EXAMPLES, 5);
    static const uint32_t want[] = {99, 99, 1, 3, 7, 9, 10};
    ck_assert_uint_eq(fw_diags_count(diags), 7);
    for (size_t i = 0; i < 7; i++) {
        ck_assert_uint_eq(fw_diags_at(diags, i)->span.line, want[i]);
        ck_assert_uint_eq(fw_diags_at(diags, i)->repeats, i == 6 ? 5 : 0);
    }
    ck_assert_uint_eq(fw_diags_at(diags, 0)->column, 1);
    ck_assert(fw_sv_is(fw_diags_at(diags, 2)->message, "line 1"));
    ck_assert(fw_sv_is(fw_diags_at(diags, 2)->path, "b.log"));
    ck_assert_uint_eq(fw_diags_total(diags, FW_DIAG_NOTE), 12);
    ck_assert_uint_eq(fw_diags_total(diags, FW_DIAG_WARNING), 12);
    ck_assert_uint_eq(fw_diags_total(diags, FW_DIAG_ERROR), 0);
    fw_diags_free(diags);
    fw_diags_free(NULL);
}
END_TEST

static char *as_json(const struct fw_diags *diags)
{
    struct fw_buf buf;
    struct fw_json json;
    fw_buf_init(&buf);
    fw_json_init(&json, &buf, 0);
    fw_diags_json(diags, &json);
    return buf.p;
}

/* However the reports are spread over collectors and in whichever order these are merged, the same
 * is kept. */
START_TEST(merge_is_order_free)
{
    srand(99);
    for (int round = 0; round < 50; round++) {
        struct fw_diags *one = fw_diags_new();
        struct fw_diags *merged = fw_diags_new();
        struct fw_diags *parts[4];
        for (size_t i = 0; i < 4; i++) {
            parts[i] = fw_diags_new();
        }
        for (int i = 0; i < 60; i++) {
            const char *path = rand() % 2 ? "x.log" : "y.log";
            uint32_t line = (uint32_t)rand() % 40;
            uint32_t column = (uint32_t)rand() % 3;
            bad(one, path, line, column);
            bad(parts[rand() % 4], path, line, column);
        }
        size_t first = (size_t)rand() % 4;
        for (size_t i = 0; i < 4; i++) {
            fw_diags_merge(merged, parts[(first + i) % 4]);
        }
        char *a = as_json(one);
        char *b = as_json(merged);
        ck_assert_str_eq(a, b);
        ck_assert_uint_eq(fw_diags_total(one, FW_DIAG_NOTE), fw_diags_total(merged, FW_DIAG_NOTE));
        free(a);
        free(b);
        for (size_t i = 0; i < 4; i++) {
            fw_diags_free(parts[i]);
        }
        fw_diags_free(one);
        fw_diags_free(merged);
    }
}
END_TEST

START_TEST(kinds_are_limited)
{
    struct fw_diags *diags = fw_diags_new();
    struct fw_diags *into = fw_diags_new();
    for (uint32_t i = 0; i < FW_LIMIT_DIAG_KINDS + 10; i++) {
        char path[32];
        snprintf(path, sizeof(path), "f%05u", (unsigned)i);
        bad(diags, path, 1, 1);
        bad(diags, path, 2, 1);
    }
    ck_assert_uint_eq(fw_diags_count(diags), 2 * FW_LIMIT_DIAG_KINDS + 1);
    ck_assert_int_eq(fw_diags_at(diags, 0)->id, FW_DIAG_ID_LIMIT_REACHED);
    ck_assert_uint_eq(fw_diags_at(diags, 0)->repeats, 20);
    ck_assert_uint_eq(fw_diags_total(diags, FW_DIAG_NOTE), 2 * FW_LIMIT_DIAG_KINDS + 20);
    bad(into, "zzz", 1, 1);
    fw_diags_merge(into, diags);
    ck_assert_uint_eq(fw_diags_at(into, 0)->repeats, 22);
    ck_assert_uint_eq(fw_diags_total(into, FW_DIAG_NOTE), 2 * FW_LIMIT_DIAG_KINDS + 21);
    fw_diags_free(diags);
    fw_diags_free(into);
}
END_TEST

START_TEST(print)
{
    struct fw_diags *diags = fw_diags_new();
    fw_sv line = FW_SV("\t允許 any ünknown\x1b[2J");
    fw_diag_report(diags, FW_DIAG_ID_BAD_VALUE, FW_SV("設定.cfg"), (fw_span){0, 8, 12}, line, 13,
                   "expected an address, found \"%s\"", "\x1b[2J");
    ck_assert_str_eq(
        printed(diags, false),
        "設定.cfg:12:11: warning: expected an address, found \"\\x1b[2J\" [bad-value]\n"
        "     允許 any ünknown\\x1b[2J\n"
        "              ^~~~~~~\n");
    ck_assert_str_eq(
        printed(diags, true),
        "\x1b[1m設定.cfg:12:11: \x1b[1;35mwarning: \x1b[0mexpected an address, found \"\\x1b[2J\""
        " [bad-value]\n"
        "     允許 any ünknown\\x1b[2J\n"
        "              \x1b[1;32m^~~~~~~\x1b[0m\n");
    fw_diags_free(diags);
}
END_TEST

START_TEST(print_without_place)
{
    struct fw_diags *diags = fw_diags_new();
    fw_diag_report(diags, FW_DIAG_ID_FORMAT_UNKNOWN, (fw_sv){0}, (fw_span){0}, (fw_sv){0}, 0,
                   "nothing to read");
    fw_diag_report(diags, FW_DIAG_ID_FORMAT_UNKNOWN, FW_SV("a"), (fw_span){0}, (fw_sv){0}, 0,
                   "odd");
    for (uint32_t i = 1; i < 8; i++) {
        fw_diag_report(diags, FW_DIAG_ID_BAD_LINE, FW_SV("a"), (fw_span){0, 0, 7}, (fw_sv){0}, 0,
                       "line");
    }
    ck_assert_str_eq(printed(diags, false), "fwproof: error: nothing to read [format-unknown]\n"
                                            "a: error: odd [format-unknown]\n"
                                            "a:7: warning: line [bad-line]\n"
                                            "a:7: warning: line [bad-line]\n"
                                            "a:7: warning: line [bad-line]\n"
                                            "a:7: warning: line [bad-line]\n"
                                            "a:7: warning: line [bad-line]\n"
                                            "    … and 2 more [bad-line] in a\n");
    fw_diags_free(diags);
}
END_TEST

/* Long lines, long messages, and columns beyond what is kept: nothing is read outside, the caret
 * stays under its text. */
START_TEST(long_texts)
{
    char line[5000];
    for (size_t i = 0; i < sizeof(line); i++) {
        line[i] = "防"[i % 3];
    }
    for (uint32_t column = 0; column < 600; column += 7) {
        struct fw_diags *diags = fw_diags_new();
        fw_diag_report(diags, FW_DIAG_ID_BAD_LINE, FW_SV("x"), (fw_span){0, 4000, 1},
                       fw_sv_of(line, sizeof(line)), column, "%.*s", (int)sizeof(line), line);
        const struct fw_diag *diag = fw_diags_at(diags, 0);
        ck_assert_uint_le(diag->line_text.n, 512);
        ck_assert_uint_eq(diag->line_text.n % 3, 0);
        ck_assert_uint_eq(diag->message.n % 3, 0);
        const char *text = printed(diags, false);
        ck_assert_ptr_nonnull(strstr(text, "防"));
        ck_assert_int_eq(strchr(text, '^') != NULL, column > 0 && column <= 511);
        fw_diags_free(diags);
    }
}
END_TEST

START_TEST(json)
{
    struct fw_diags *diags = fw_diags_new();
    bad(diags, "a\x1b", 3, 4);
    char *text = as_json(diags);
    ck_assert_str_eq(text, "[{\"id\":\"bad-line\",\"severity\":\"warning\",\"path\":\"a\\u001b\","
                           "\"line\":3,\"column\":4,\"message\":\"line 3\",\"repeats\":0}]");
    free(text);
    fw_diags_free(diags);
}
END_TEST

Suite *fw_suite_diag(void)
{
    Suite *suite = suite_create("diag");
    TCase *tc = tcase_create("diag");
    tcase_add_test(tc, names);
    tcase_add_test(tc, explained);
    tcase_add_test(tc, order_and_examples);
    tcase_add_test(tc, merge_is_order_free);
    tcase_add_test(tc, kinds_are_limited);
    tcase_add_test(tc, print);
    tcase_add_test(tc, print_without_place);
    tcase_add_test(tc, long_texts);
    tcase_add_test(tc, json);
    suite_add_tcase(suite, tc);
    return suite;
}
