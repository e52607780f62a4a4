/* Walking one line of JSON in place. */
#include <check.h>
#include <stdio.h>

#include "core/limits.h"
#include "parsers/jsonl.h"
#include "tests/unit/suites.h"

START_TEST(members)
{
    fw_sv text = FW_SV(
        " {\"a\" : \"x\\\"y\", \"n\":12,\"o\":{\"k\":[1,\"]\"]},\"t\":true,\"z\":null} ");
    struct fw_jsonl json;
    struct fw_jsonl_value value;
    struct fw_arena scratch;
    fw_sv key;
    uint64_t n = 0;
    fw_arena_init(&scratch, 0);
    ck_assert(fw_jsonl_open(text, '{', &json));
    ck_assert(fw_jsonl_member(&json, &key, &value));
    ck_assert(fw_sv_is(key, "a") && value.type == FW_JSONL_STRING && value.escaped);
    ck_assert(fw_sv_is(fw_jsonl_text(&value, &scratch), "x\"y"));
    ck_assert(fw_jsonl_member(&json, &key, &value));
    ck_assert(fw_sv_is(key, "n") && fw_jsonl_u64(&value, &n));
    ck_assert_uint_eq(n, 12);
    ck_assert(fw_jsonl_member(&json, &key, &value));
    ck_assert(fw_sv_is(key, "o") && value.type == FW_JSONL_OBJECT);
    ck_assert(fw_sv_is(value.raw, "{\"k\":[1,\"]\"]}"));
    ck_assert(fw_jsonl_member(&json, &key, &value) && value.type == FW_JSONL_BOOL);
    ck_assert(fw_jsonl_member(&json, &key, &value) && value.type == FW_JSONL_NULL);
    ck_assert(!fw_jsonl_member(&json, &key, &value));
    ck_assert(!json.bad && fw_jsonl_closed(&json));
    fw_arena_clear(&scratch);
}
END_TEST

START_TEST(escapes)
{
    static const struct {
        const char *raw, *text;
    } cases[] = {
        {"\\u0041\\n\\t\\/", "A\n\t/"},
        {"\\u00e9", "\xc3\xa9"},
        {"\\u4e2d", "\xe4\xb8\xad"},
        {"\\ud83d\\ude00", "\xf0\x9f\x98\x80"},
        {"\\ud83d", "\xef\xbf\xbd"},
        {"\\ude00x", "\xef\xbf\xbdx"},
        {"\\u12", "u12"},
        {"\\ud83d\\u0041", "\xef\xbf\xbd"
                           "A"},
        {"\\q", "q"},
    };
    struct fw_arena scratch;
    fw_arena_init(&scratch, 0);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct fw_jsonl_value value = {FW_JSONL_STRING, true, fw_sv_from(cases[i].raw)};
        ck_assert_str_eq(fw_arena_cstr(&scratch, fw_jsonl_text(&value, &scratch)), cases[i].text);
    }
    fw_arena_clear(&scratch);
}
END_TEST

START_TEST(broken)
{
    static const char *const texts[] = {
        "{\"a\":1", "{\"a\":\"x",   "{\"a\" 1}",   "{a:1}", "{\"a\":1 \"b\":2}", "{\"a\":[1}",
        "{\"a\":}", "{\"a\":nope}", "{\"a\":\"\\", "{",     "{\"a\":1,}",        "{\"a\":1} x"};
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        struct fw_jsonl json;
        struct fw_jsonl_value value;
        fw_sv key;
        ck_assert(fw_jsonl_open(fw_sv_from(texts[i]), '{', &json));
        while (fw_jsonl_member(&json, &key, &value)) {
        }
        ck_assert_msg(!fw_jsonl_closed(&json), "%s", texts[i]);
    }
}
END_TEST

START_TEST(deep)
{
    char text[400];
    struct fw_jsonl json;
    struct fw_jsonl_value value;
    fw_sv key;
    for (size_t depth = 60; depth < 70; depth++) {
        int n = snprintf(text, sizeof(text), "{\"a\":%.*s%.*s}", (int)depth,
                         "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[",
                         (int)depth,
                         "]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]");
        ck_assert(fw_jsonl_open(fw_sv_of(text, (size_t)n), '{', &json));
        ck_assert_int_eq(fw_jsonl_member(&json, &key, &value), depth <= FW_LIMIT_JSON_DEPTH);
    }
}
END_TEST

Suite *fw_suite_jsonl(void)
{
    Suite *suite = suite_create("jsonl");
    TCase *tc = tcase_create("walk");
    tcase_add_test(tc, members);
    tcase_add_test(tc, escapes);
    tcase_add_test(tc, broken);
    tcase_add_test(tc, deep);
    suite_add_tcase(suite, tc);
    return suite;
}
