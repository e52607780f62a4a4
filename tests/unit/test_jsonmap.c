/* The walk over JSON lines by bits: equal to the walk byte by byte on damaged lines, and to cJSON
 * on lines that are generated. FWPROOF_JSON_LINES says how many (default 5,000). */
#include <check.h>
#include <cjson/cJSON.h>
#include <inttypes.h>
#include <stdlib.h>

#include "core/buf.h"
#include "parsers/jsonl.h"
#include "parsers/jsonmap.h"
#include "tests/unit/expect.h"
#include "tests/unit/random.h"
#include "tests/unit/suites.h"

static struct fw_jsonmap wide;
static struct fw_jsonmap plain;

static void put_text(struct fw_buf *buf, struct test_random *random)
{
    static const char *const pieces[] = {"a",
                                         "alert",
                                         "\\\"",
                                         "\\\\",
                                         "{",
                                         "}",
                                         "[",
                                         "]",
                                         ",",
                                         ":",
                                         " ",
                                         "\\u00e9",
                                         "\\ud83d\\ude00",
                                         "\\n",
                                         "\xe4\xb8\xad",
                                         "0",
                                         "signature_id and a longer run of plain text"};
    fw_buf_printf(buf, "\"");
    for (uint64_t n = test_random_u64(random) % 6; n > 0; n--) {
        size_t i = test_random_u64(random) % (sizeof(pieces) / sizeof(pieces[0]));
        fw_buf_printf(buf, "%s", pieces[i]);
    }
    fw_buf_printf(buf, "\"");
}

static void put_value(struct fw_buf *buf, struct test_random *random, unsigned depth);

static void put_object(struct fw_buf *buf, struct test_random *random, unsigned depth)
{
    bool blanks = test_random_u64(random) % 4 == 0;
    fw_buf_printf(buf, "{");
    for (uint64_t n = test_random_u64(random) % 8; n > 0; n--) {
        put_text(buf, random);
        fw_buf_printf(buf, blanks ? " : " : ":");
        put_value(buf, random, depth + 1);
        fw_buf_printf(buf, n > 1 ? (blanks ? " , " : ",") : "");
    }
    fw_buf_printf(buf, "}");
}

static void put_value(struct fw_buf *buf, struct test_random *random, unsigned depth)
{
    switch (test_random_u64(random) % (depth < 5 ? 8 : 5)) {
    case 0:
        fw_buf_printf(buf, "%" PRIu64, test_random_u64(random) % 100000);
        break;
    case 1:
        fw_buf_printf(buf, "-%" PRIu64 ".5e+3", test_random_u64(random) % 100);
        break;
    case 2:
        fw_buf_printf(buf, "%s", test_random_u64(random) % 2 ? "true" : "null");
        break;
    case 5:
        put_object(buf, random, depth);
        break;
    case 6:
        fw_buf_printf(buf, "[");
        for (uint64_t n = test_random_u64(random) % 4; n > 0; n--) {
            put_value(buf, random, depth + 1);
            fw_buf_printf(buf, n > 1 ? "," : "");
        }
        fw_buf_printf(buf, "]");
        break;
    default:
        put_text(buf, random);
        break;
    }
}

/* Walks both at once; false: the text is bad. */
static bool same_walk(fw_sv text, const struct fw_jsonmap *map)
{
    struct fw_jsonl a;
    struct fw_jsonl b;
    fw_sv key_a;
    fw_sv key_b;
    struct fw_jsonl_value x;
    struct fw_jsonl_value y;
    bool open = fw_jsonl_open(text, '{', &a);
    ck_assert_int_eq(open, fw_jsonl_open_mapped(text, '{', map, &b));
    if (!open) {
        return false;
    }
    for (;;) {
        bool more = fw_jsonl_member(&a, &key_a, &x);
        ck_assert_int_eq(more, fw_jsonl_member(&b, &key_b, &y));
        ck_assert_int_eq(a.bad, b.bad);
        ck_assert(a.bad || a.p == b.p);
        if (!more) {
            ck_assert_int_eq(fw_jsonl_closed(&a), fw_jsonl_closed(&b));
            return fw_jsonl_closed(&a);
        }
        ck_assert(key_a.p == key_b.p && key_a.n == key_b.n);
        ck_assert_int_eq(x.type, y.type);
        ck_assert_int_eq(x.escaped, y.escaped);
        ck_assert(x.raw.p == y.raw.p && x.raw.n == y.raw.n);
    }
}

static void same_maps(fw_sv text)
{
    bool a = fw_jsonmap_make(text, &wide);
    ck_assert_int_eq(a, fw_jsonmap_make_plain(text, &plain));
    if (!a) {
        return;
    }
    ck_assert_int_eq(wide.escaped, plain.escaped);
    for (size_t i = 0; i * 64 < text.n; i++) {
        ck_assert_uint_eq(wide.quotes[i], plain.quotes[i]);
        ck_assert_uint_eq(wide.brackets[i], plain.brackets[i]);
        ck_assert_uint_eq(wide.escapes[i], plain.escapes[i]);
    }
    same_walk(text, &wide);
}

/* Every member and, below it, every member of objects. */
static void same_as_cjson(fw_sv text, const struct fw_jsonmap *map, const cJSON *object,
                          struct fw_arena *arena)
{
    struct fw_jsonl json;
    fw_sv key;
    struct fw_jsonl_value value;
    const cJSON *child = object->child;
    ck_assert(fw_jsonl_open_mapped(text, '{', map, &json));
    while (fw_jsonl_member(&json, &key, &value)) {
        ck_assert_ptr_nonnull(child);
        struct fw_jsonl_value as_text = {FW_JSONL_STRING, true, key};
        ck_assert(fw_sv_is(fw_jsonl_text(&as_text, arena), child->string));
        switch (value.type) {
        case FW_JSONL_STRING:
            ck_assert(cJSON_IsString(child));
            ck_assert(fw_sv_is(fw_jsonl_text(&value, arena), child->valuestring));
            break;
        case FW_JSONL_NUMBER:
            ck_assert(cJSON_IsNumber(child));
            ck_assert(strtod(fw_arena_cstr(arena, value.raw), NULL) == child->valuedouble);
            break;
        case FW_JSONL_BOOL:
            ck_assert(cJSON_IsTrue(child));
            break;
        case FW_JSONL_NULL:
            ck_assert(cJSON_IsNull(child));
            break;
        case FW_JSONL_ARRAY:
            ck_assert(cJSON_IsArray(child));
            break;
        case FW_JSONL_OBJECT:
            ck_assert(cJSON_IsObject(child));
            same_as_cjson(value.raw, map, child, arena);
            break;
        }
        child = child->next;
    }
    ck_assert(fw_jsonl_closed(&json));
    ck_assert_ptr_null(child);
}

START_TEST(generated)
{
    struct test_random random = test_random_start("jsonmap");
    struct fw_arena arena;
    struct fw_buf buf;
    fw_arena_init(&arena, 0);
    fw_buf_init(&buf);
    for (int i = count_from("FWPROOF_JSON_LINES", 5000); i > 0; i--) {
        fw_buf_reset(&buf);
        put_object(&buf, &random, 0);
        fw_sv text = fw_buf_sv(&buf);
        cJSON *object = cJSON_ParseWithLength(text.p, text.n);
        ck_assert_ptr_nonnull(object);
        same_maps(text);
        ck_assert(fw_jsonmap_make(text, &wide));
        same_as_cjson(text, &wide, object, &arena);
        cJSON_Delete(object);
        fw_arena_reset(&arena);
    }
    fw_buf_clear(&buf);
    fw_arena_clear(&arena);
}
END_TEST

START_TEST(damaged)
{
    static const char bytes[] = "\"\\{}[],: 1-tn\n";
    struct test_random random = test_random_start("jsonmap damaged");
    struct fw_buf buf;
    fw_buf_init(&buf);
    for (int i = count_from("FWPROOF_JSON_LINES", 5000); i > 0; i--) {
        fw_buf_reset(&buf);
        put_object(&buf, &random, 0);
        for (uint64_t n = 1 + test_random_u64(&random) % 3; n > 0; n--) {
            buf.p[test_random_u64(&random) % buf.n] = bytes[test_random_u64(&random) % 14];
        }
        fw_sv text = fw_buf_sv(&buf);
        same_maps(text);
        same_maps(fw_sv_sub(text, 0, test_random_u64(&random) % text.n));
    }
    fw_buf_clear(&buf);
}
END_TEST

START_TEST(edges)
{
    char text[256];
    memset(text, '\\', sizeof(text)); /* runs of backslashes over the ends of words */
    for (size_t n = 1; n < 140; n++) {
        text[0] = '"';
        text[n] = '"';
        same_maps(fw_sv_of(text, n + 1));
        text[n] = '\\';
    }
    char *large = calloc(1, FW_JSONMAP_BYTES + 1);
    ck_assert(fw_jsonmap_make(fw_sv_of(large, FW_JSONMAP_BYTES), &wide));
    ck_assert(!fw_jsonmap_make(fw_sv_of(large, FW_JSONMAP_BYTES + 1), &wide));
    free(large);
    ck_assert(!fw_jsonmap_make(FW_SV("{\\\"a\":1}"), &wide));
    ck_assert(fw_jsonmap_make(FW_SV(""), &wide));
    ck_assert_uint_eq(fw_jsonmap_next(wide.quotes, 0, 0), 0);
}
END_TEST

Suite *fw_suite_jsonmap(void)
{
    Suite *suite = suite_create("jsonmap");
    TCase *tcase = tcase_create("jsonmap");
    tcase_set_timeout(tcase, 600);
    tcase_add_test(tcase, generated);
    tcase_add_test(tcase, damaged);
    tcase_add_test(tcase, edges);
    suite_add_tcase(suite, tcase);
    return suite;
}
