/* Tests of core/json.h: what is written is well-formed, what is read is exact, what is wrong is
 * shown at its place. */
#include "core/json.h"

#include <cjson/cJSON.h>
#include <float.h>
#include <locale.h>
#include <math.h>
#include <stdlib.h>

#include "core/text.h"
#include "tests/unit/mangle.h"
#include "tests/unit/suites.h"

START_TEST(write_compact_and_indented)
{
    static const char *const want[] = {
        "{\"a\":[],\"b\":{},\"c\":[1,2,true,null,\"x\"],\"d\":{\"e\":1.50,\"f\":null}}",
        "{\n  \"a\": [],\n  \"b\": {},\n  \"c\": [\n    1,\n    2,\n    true,\n    null,\n    "
        "\"x\"\n"
        "  ],\n  \"d\": {\n    \"e\": 1.50,\n    \"f\": null\n  }\n}",
    };
    for (int indent = 0; indent < 4; indent += 2) {
        struct fw_buf buf;
        struct fw_json json;
        fw_buf_init(&buf);
        fw_json_init(&json, &buf, indent);
        fw_json_object(&json);
        fw_json_key(&json, "a");
        fw_json_array(&json);
        fw_json_end(&json);
        fw_json_key_sv(&json, FW_SV("b"));
        fw_json_object(&json);
        fw_json_end(&json);
        fw_json_key(&json, "c");
        fw_json_array(&json);
        fw_json_u64(&json, 1);
        fw_json_u64(&json, 2);
        fw_json_bool(&json, true);
        fw_json_null(&json);
        fw_json_cstr(&json, "x");
        fw_json_end(&json);
        fw_json_key(&json, "d");
        fw_json_object(&json);
        fw_json_key(&json, "e");
        fw_json_double(&json, 1.5, 2);
        fw_json_key(&json, "f");
        fw_json_double(&json, NAN, 2);
        fw_json_end(&json);
        fw_json_end(&json);
        ck_assert_uint_eq(json.depth, 0);
        ck_assert_str_eq(buf.p, want[indent / 2]);
        fw_buf_clear(&buf);
    }
}
END_TEST

static void expect_string(fw_sv in, const char *want)
{
    struct fw_buf buf;
    struct fw_json json;
    fw_buf_init(&buf);
    fw_json_init(&json, &buf, 0);
    fw_json_string(&json, in);
    ck_assert_str_eq(buf.p, want);
    fw_buf_clear(&buf);
}

START_TEST(write_strings)
{
    expect_string(FW_SV(""), "\"\"");
    expect_string((fw_sv){0}, "\"\"");
    expect_string(FW_SV("a\"b\\c/d"), "\"a\\\"b\\\\c/d\"");
    expect_string(FW_SV("\n\r\t\b\0\x1f\x7f"), "\"\\n\\r\\t\\u0008\\u0000\\u001f\\u007f\"");
    expect_string(FW_SV("防火牆"), "\"防火牆\"");
    expect_string(FW_SV("\xff\xe4\xb8"), "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"");
    expect_string(FW_SV("\xe2\x80\xae\xc2\x9b\xf3\xa0\x81\x81"),
                  "\"\\u202e\\u009b\\udb40\\udc41\"");
}
END_TEST

/* Another reader reads back what ours wrote, whatever went in. */
START_TEST(write_reads_back)
{
    srand(31);
    struct fw_buf buf;
    fw_buf_init(&buf);
    for (int round = 0; round < 5000; round++) {
        char text[64];
        size_t n = 0;
        while (n < 50) {
            uint32_t c = rand() % 2 ? (uint32_t)rand() % 256 : (uint32_t)rand() % 0x110000;
            c = c == 0 ? 1 : c;
            n += fw_utf8_encode(text + n, c);
        }
        struct fw_json json;
        fw_buf_reset(&buf);
        fw_json_init(&json, &buf, 0);
        fw_json_string(&json, fw_sv_of(text, n));
        cJSON *back = cJSON_ParseWithLength(buf.p, buf.n);
        if (!cJSON_IsString(back) || !fw_sv_eq(fw_sv_from(back->valuestring), fw_sv_of(text, n))) {
            ck_abort_msg("seed 31, round %d: %s", round, buf.p);
        }
        cJSON_Delete(back);
    }
    fw_buf_clear(&buf);
}
END_TEST

static void expect_double(double value, int decimals, const char *want)
{
    struct fw_buf buf;
    struct fw_json json;
    fw_buf_init(&buf);
    fw_json_init(&json, &buf, 0);
    fw_json_double(&json, value, decimals);
    ck_assert_str_eq(buf.p, want);
    fw_buf_clear(&buf);
}

START_TEST(write_numbers)
{
    for (int round = 0; round < 2; round++) {
        expect_double(0, 0, "0");
        expect_double(-0.0, 2, "0.00");
        expect_double(-0.001, 2, "0.00");
        expect_double(-0.01, 2, "-0.01");
        expect_double(1234567.891, 3, "1234567.891");
        expect_double(99.995, 1, "100.0");
        expect_double(INFINITY, 1, "null");
        expect_double(1e21, 1, "1000000000000000000000.0");
        expect_double(0.1, 17, "0.10000000000000001");
        /* A decimal comma where the machine has such a locale; the same bytes everywhere. */
        setlocale(LC_NUMERIC, "de_DE.UTF-8");
    }
    setlocale(LC_NUMERIC, "C");
    struct fw_buf buf;
    struct fw_json json;
    fw_buf_init(&buf);
    fw_json_init(&json, &buf, 0);
    fw_json_array(&json);
    fw_json_u64(&json, UINT64_MAX);
    fw_json_u64(&json, 0);
    fw_json_double(&json, DBL_MAX, 0);
    fw_json_number(&json, FW_SV("1e5"));
    fw_json_number(&json, FW_SV("0x10"));
    fw_json_end(&json);
    ck_assert(fw_sv_starts(fw_buf_sv(&buf), "[18446744073709551615,0,17976931"));
    ck_assert(fw_sv_ends(fw_buf_sv(&buf), ",1e5,\"0x10\"]"));
    fw_buf_clear(&buf);
}
END_TEST

START_TEST(number_grammar)
{
    static const char *const good[] = {"0", "-0", "10", "1.5", "-0.25", "1e5", "1E+5", "2.5e-10"};
    static const char *const bad[] = {"",   "-",  "01", "+1", "1.", ".5",  "1e", "1e+",
                                      "0x", "1 ", " 1", "1a", "--", "1.e", "NaN"};
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
        ck_assert_msg(fw_json_is_number(fw_sv_from(good[i])), "%s", good[i]);
    }
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        ck_assert_msg(!fw_json_is_number(fw_sv_from(bad[i])), "%s", bad[i]);
    }
}
END_TEST

struct fixture {
    struct fw_arena arena;
    struct fw_diags *diags;
};

static void set_up(struct fixture *f)
{
    fw_arena_init(&f->arena, 0);
    f->diags = fw_diags_new();
}

static void tear_down(struct fixture *f)
{
    fw_arena_clear(&f->arena);
    fw_diags_free(f->diags);
}

static const struct fw_jvalue *parse(struct fixture *f, fw_sv text)
{
    return fw_json_parse(&f->arena, text, FW_SV("t.json"), f->diags, FW_DIAG_ID_SITE_INVALID);
}

START_TEST(read_values)
{
    struct fixture f;
    set_up(&f);
    fw_sv text = FW_SV("\xef\xbb\xbf// a site\n"
                       "{\n"
                       "  \"name\": \"\\u9632\\ud83d\\udd25\\n\\\"\\/\", /* two\n"
                       "  lines */ \"list\": [1, -2.5e3, true, false, null, \"防\",],\n"
                       "  \"empty\": {},\n"
                       "}\n");
    const struct fw_jvalue *root = parse(&f, text);
    ck_assert_ptr_nonnull(root);
    ck_assert_uint_eq(root->count, 3);
    ck_assert_uint_eq(root->span.line, 2);
    ck_assert_str_eq(fw_json_text(root, "name").p, "防\xf0\x9f\x94\xa5\n\"/");
    const struct fw_jvalue *list = fw_json_find(root, "list");
    ck_assert_uint_eq(list->count, 6);
    ck_assert_uint_eq(list->key_span.line, 4);
    ck_assert_uint_eq(list->key_span.length, 6);
    ck_assert(memcmp(text.p + list->key_span.offset, "\"list\"", 6) == 0);
    ck_assert(memcmp(text.p + list->span.offset, "[1, -2", 6) == 0);
    ck_assert_double_eq(list->items[1].number, -2500);
    ck_assert(fw_sv_is(list->items[1].text, "-2.5e3"));
    ck_assert(memcmp(text.p + list->items[1].span.offset, "-2.5e3", 6) == 0);
    ck_assert_uint_eq(list->items[1].span.length, 6);
    ck_assert(list->items[2].boolean && !list->items[3].boolean);
    ck_assert_int_eq(list->items[4].type, FW_JSON_NULL);
    ck_assert_int_eq(fw_json_find(root, "empty")->type, FW_JSON_OBJECT);
    ck_assert_ptr_null(fw_json_find(root, "nam"));
    ck_assert_ptr_null(fw_json_find(list, "name"));
    ck_assert_ptr_null(fw_json_find(NULL, "name"));
    ck_assert_ptr_null(fw_json_text(root, "list").p);
    ck_assert_uint_eq(fw_diags_total(f.diags, FW_DIAG_NOTE), 0);
    tear_down(&f);
}
END_TEST

START_TEST(read_numbers)
{
    static const char *const rows[] = {
        "0",          "1",       "-1",    "0.1",   "3.14159", "9007199254740991", "1e22",    "1e-7",
        "123456.789", "2.5e-10", "1e308", "5e300", "0.0001",  "1e-300",           "0e99999", "-0.0",
    };
    struct fixture f;
    set_up(&f);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const struct fw_jvalue *value = parse(&f, fw_sv_from(rows[i]));
        ck_assert_ptr_nonnull(value);
        double want = strtod(rows[i], NULL);
        ck_assert_msg(fabs(value->number - want) <= fabs(want) * DBL_EPSILON, "%s: got %.17g",
                      rows[i], value->number);
        if (strlen(rows[i]) < 12) {
            ck_assert_double_eq(value->number, want);
        }
    }
    tear_down(&f);
}
END_TEST

START_TEST(read_errors)
{
    const struct {
        fw_sv text;
        uint32_t line, column;
        const char *message;
    } rows[] = {
        {FW_SV(""), 1, 1, "expected a value, found the end of the file"},
        {FW_SV("{\n\"a\": }"), 2, 6, "expected a value, found \"}\""},
        {FW_SV("{\"a\" 1}"), 1, 6, "expected \":\" after the key, found \"1\""},
        {FW_SV("{a: 1}"), 1, 2, "expected a key in \"quotes\", found \"a\""},
        {FW_SV("[1 2]"), 1, 4, "expected \",\" or \"]\", found \"2\""},
        {FW_SV("{\"a\": 1"), 1, 8, "expected \",\" or \"}\", found the end of the file"},
        {FW_SV("[1,,2]"), 1, 4, "expected a value, found \",\""},
        {FW_SV("[yes]"), 1, 2, "expected a value, found \"yes\"; a text stands between \"quotes\""},
        {FW_SV("[True]"), 1, 2,
         "expected a value, found \"True\"; a text stands between \"quotes\""},
        {FW_SV("1 2"), 1, 3, "expected the end of the file, found \"2\""},
        {FW_SV("[01]"), 1, 2, "\"01\" is not a number"},
        {FW_SV("[1e999]"), 1, 2, "the number is too large"},
        {FW_SV("[0x1f]"), 1, 2, "\"0x1f\" is not a number"},
        {FW_SV("\n\n[\"abc\n\"]"), 3, 2, "this text is not closed with \""},
        {FW_SV("[\"abc"), 1, 2, "this text is not closed with \""},
        {FW_SV("[\"abc\\"), 1, 2, "this text is not closed with \""},
        {FW_SV("[\"a\tb\"]"), 1, 4, "control character \\x09 in a text; write it as \\u0009"},
        {FW_SV("[\"a\\x41\"]"), 1, 4,
         "expected an escape such as \\n, \\\" or \\u4e2d; write \\\\ for a backslash"},
        {FW_SV("[\"\\ud800\"]"), 1, 3, "this escape names no character"},
        {FW_SV("[\"\\ud800\\u0041\"]"), 1, 3, "this escape names no character"},
        {FW_SV("[\"\\udc00\"]"), 1, 3, "this escape names no character"},
        {FW_SV("[\"\\u00\"]"), 1, 3, "this escape names no character"},
        {FW_SV("[\"\\u0000\"]"), 1, 3, "this escape names no character"},
        {FW_SV("[\"\xff\"]"), 1, 2, "this text is not valid UTF-8"},
        {FW_SV("/* open"), 1, 1, "this comment is not closed"},
        {FW_SV("[1] /"), 1, 5, "expected the end of the file, found \"/\""},
        {FW_SV("[\0]"), 1, 2, "expected a value, found the control character \\x00"},
        {FW_SV("[防]"), 1, 2, "expected a value, found \"防\""},
        {FW_SV("{\"a\":1,\n\"b\":2,\n\"a\":3,\"b\":4}"), 3, 1,
         "key \"a\" is given twice, first in line 1"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct fixture f;
        set_up(&f);
        ck_assert_ptr_null(parse(&f, rows[i].text));
        ck_assert_uint_eq(fw_diags_count(f.diags), 1);
        const struct fw_diag *diag = fw_diags_at(f.diags, 0);
        ck_assert_msg(fw_sv_is(diag->message, rows[i].message), "row %zu: %.*s", i,
                      FW_SV_ARG(diag->message));
        ck_assert_msg(diag->span.line == rows[i].line && diag->column == rows[i].column,
                      "row %zu: %u:%u", i, (unsigned)diag->span.line, (unsigned)diag->column);
        tear_down(&f);
    }
}
END_TEST

START_TEST(read_depth)
{
    char text[2 * FW_LIMIT_JSON_DEPTH + 2];
    struct fixture f;
    set_up(&f);
    memset(text, '[', FW_LIMIT_JSON_DEPTH);
    memset(text + FW_LIMIT_JSON_DEPTH, ']', FW_LIMIT_JSON_DEPTH);
    ck_assert_ptr_nonnull(parse(&f, fw_sv_of(text, 2 * (size_t)FW_LIMIT_JSON_DEPTH)));
    memset(text, '[', FW_LIMIT_JSON_DEPTH + 1);
    memset(text + FW_LIMIT_JSON_DEPTH + 1, ']', FW_LIMIT_JSON_DEPTH + 1);
    ck_assert_ptr_null(parse(&f, fw_sv_of(text, sizeof(text))));
    ck_assert(fw_sv_is(fw_diags_at(f.diags, 0)->message,
                       "values are nested deeper than 64 (JSON_DEPTH)"));
    tear_down(&f);
}
END_TEST

START_TEST(check_fields)
{
    static const struct fw_jfield fields[] = {
        {"devices", FW_JSON_ARRAY, true},
        {"name", FW_JSON_STRING, true},
        {"months", FW_JSON_NUMBER, false},
        {NULL, FW_JSON_NULL, false},
    };
    struct fixture f;
    set_up(&f);
    fw_sv text = FW_SV(
        "{\n\"devics\": [],\n\"months\": \"6\",\n\"$schema\": \"x\",\n\"qqqqq\": 1}");
    const struct fw_jvalue *root = parse(&f, text);
    struct fw_jfile file = {
        .path = FW_SV("t.json"), .text = text, .diags = f.diags, .id = FW_DIAG_ID_SITE_INVALID};
    ck_assert(!fw_json_check(&file, root, "site", fields));
    ck_assert_uint_eq(file.errors, 5);
    static const struct {
        uint32_t line, column;
        const char *message;
    } want[] = {
        {1, 1, "site lacks the key \"devices\""},
        {1, 1, "site lacks the key \"name\""},
        {2, 1, "unknown key \"devics\" in site, did you mean \"devices\"?"},
        {3, 11, "\"months\" in site must be a number, not a string"},
        {5, 1, "unknown key \"qqqqq\" in site"},
    };
    for (size_t i = 0; i < 5; i++) {
        const struct fw_diag *diag = fw_diags_at(f.diags, i);
        ck_assert_msg(fw_sv_is(diag->message, want[i].message), "%zu: %.*s", i,
                      FW_SV_ARG(diag->message));
        ck_assert_uint_eq(diag->span.line, want[i].line);
        ck_assert_uint_eq(diag->column, want[i].column);
    }
    const struct fw_jvalue *good = parse(&f, FW_SV("{\"name\": \"n\", \"devices\": []}"));
    ck_assert(fw_json_check(&file, good, "site", fields));
    ck_assert(!fw_json_check(&file, parse(&f, FW_SV("[]")), "site", fields));
    ck_assert_uint_eq(file.errors, 6);
    tear_down(&f);
}
END_TEST

/* Every prefix and many damaged copies of a good file: an answer or one diagnostic, never more. */
START_TEST(hostile)
{
    static const char good[] =
        "{\"a\": [1, 2.5e-3, \"\\u9632\\n\", {\"b\": null}], // x\n /* y */ \"c\": true,}";
    char text[sizeof(good)];
    srand(5);
    for (int round = 0; round < 20000; round++) {
        struct fixture f;
        set_up(&f);
        size_t n = sizeof(good) - 1;
        memcpy(text, good, n);
        if ((size_t)round < n) {
            n = (size_t)round;
        } else {
            for (int i = rand() % 3; i >= 0; i--) {
                static const char hot[] = "{}[]\",:\\/*0-e\n\x00\xff";
                text[(size_t)rand() % n] = hot[(size_t)rand() % (sizeof(hot) - 1)];
            }
        }
        char *exact = exactly(fw_sv_of(text, n));
        const struct fw_jvalue *root = parse(&f, fw_sv_of(exact, n));
        if ((root != NULL) != (fw_diags_total(f.diags, FW_DIAG_NOTE) == 0)) {
            ck_abort_msg("seed 5, round %d", round);
        }
        free(exact);
        tear_down(&f);
    }
}
END_TEST

Suite *fw_suite_json(void)
{
    Suite *suite = suite_create("json");
    TCase *tc = tcase_create("json");
    tcase_add_test(tc, write_compact_and_indented);
    tcase_add_test(tc, write_strings);
    tcase_add_test(tc, write_reads_back);
    tcase_add_test(tc, write_numbers);
    tcase_add_test(tc, number_grammar);
    tcase_add_test(tc, read_values);
    tcase_add_test(tc, read_numbers);
    tcase_add_test(tc, read_errors);
    tcase_add_test(tc, read_depth);
    tcase_add_test(tc, check_fields);
    tcase_add_test(tc, hostile);
    suite_add_tcase(suite, tc);
    return suite;
}
