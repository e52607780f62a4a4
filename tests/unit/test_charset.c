/* Texts that are no UTF-8: what they become, and what stays as it is. */
#include "core/charset.h"

#include <iconv.h>
#include <string.h>

#include "tests/unit/random.h"
#include "tests/unit/suites.h"

static struct fw_arena arena;
static struct fw_decoded got;

static void setup(void)
{
    fw_arena_init(&arena, 0);
}

static void teardown(void)
{
    fw_arena_clear(&arena);
}

static void expect(fw_sv bytes, enum fw_charset charset, const char *text, uint64_t left)
{
    fw_charset_decode(&arena, bytes, &got);
    ck_assert_int_eq(got.charset, charset);
    ck_assert_msg(fw_sv_is(got.text, text), "%.*s", FW_SV_ARG(got.text));
    ck_assert_uint_eq(got.left, left);
}

START_TEST(test_utf8)
{
    expect(FW_SV(""), FW_CHARSET_UTF8, "", 0);
    expect(FW_SV("plain\n"), FW_CHARSET_UTF8, "plain\n", 0);
    expect(FW_SV("防火牆\n"), FW_CHARSET_UTF8, "防火牆\n", 0);
    expect(FW_SV("\xef\xbb\xbfhost a\n"), FW_CHARSET_UTF8, "host a\n", 0);
}
END_TEST

START_TEST(test_utf16)
{
    expect(FW_SV("\xff\xfe"
                 "a\0\r\0\n\0\x32\x96\x6b\x70"),
           FW_CHARSET_UTF16, "a\r\n防火", 0);
    expect(FW_SV("\xfe\xff"
                 "\0a\0\n\x96\x32\x70\x6b"),
           FW_CHARSET_UTF16, "a\n防火", 0);
    expect(FW_SV("\xff\xfe"
                 "\x3d\xd8\x00\xde"),
           FW_CHARSET_UTF16, "\xf0\x9f\x98\x80", 0); /* a pair of surrogates */
    expect(FW_SV("\xff\xfe"
                 "a\0b\0c"),
           FW_CHARSET_UTF16, "ab", 1); /* half a unit at the end */
    expect(FW_SV("\xff\xfe"
                 "a\0\x3d\xd8"),
           FW_CHARSET_UTF16, "a", 1); /* half a pair */
    fw_charset_decode(&arena, FW_SV("\xff\xfe\x00\xde!!"), &got);
    ck_assert_int_eq(got.charset, FW_CHARSET_UTF8); /* the second half of a pair without a first */
}
END_TEST

START_TEST(test_big5)
{
    /* The second byte of 功 is a backslash, that of 王 is none. */
    expect(FW_SV("! \xa8\xbe\xa4\xf5\xc0\xf0\n"
                 "access-list a remark \xa5\x5c\xaf\xe0\n"
                 "access-list a extended permit ip any any\n"),
           FW_CHARSET_BIG5,
           "! 防火牆\naccess-list a remark 功能\naccess-list a extended permit ip any any\n", 0);
    /* "\xc2\xb2" alone could be UTF-8 too. */
    expect(FW_SV("! \xa8\xbe\n! \xc2\xb2\n"), FW_CHARSET_BIG5, "! 防\n! 簡\n", 0);
    /* A line in UTF-8 stays beside one in Big5; a broken one is counted. */
    expect(FW_SV("! 防火牆\n! \xa8\xbe\xa4\xf5\n! \xa8\xbe\xff\n! \xa4\xf5"), FW_CHARSET_BIG5,
           "! 防火牆\n! 防火\n! \xa8\xbe\xff\n! 火", 1);
}
END_TEST

START_TEST(test_others)
{
    static const char *const kept[] = {
        "! caf\xe9 d\xe9pannage \xe0 c\xf4t\xe9\n", /* Latin-1 */
        "! d\xe9pannage\n! \xe9t\xe9s\n! fen\xeatre\n",
        "\xa8\xff\n",
        "<?xml version='1.0' encoding='big5'?><a>\xa8\xbe</a>",
    };
    for (size_t i = 0; i < sizeof(kept) / sizeof(kept[0]); i++) {
        fw_charset_decode(&arena, fw_sv_from(kept[i]), &got);
        ck_assert_int_eq(got.charset, FW_CHARSET_UTF8);
        ck_assert_ptr_eq(got.text.p, kept[i]);
    }
    fw_charset_decode(&arena, FW_SV("\xa8\xbe\0\xa4\xf5"), &got); /* binary */
    ck_assert_int_eq(got.charset, FW_CHARSET_UTF8);
}
END_TEST

/* Whatever the bytes, lines keep their numbers, and a text of Big5 reads as it was written. */
START_TEST(test_random)
{
    struct test_random random = test_random_start("charset");
    iconv_t to = iconv_open("BIG5", "UTF-8");
    ck_assert(to != (iconv_t)-1);
    for (int round = 0; round < 3000; round++) {
        char text[400];
        size_t n = 0;
        size_t lines = 0;
        unsigned mode = test_random_below(&random, 3);
        while (n < 300) {
            unsigned kind = test_random_below(&random, 12);
            if (kind == 0) {
                text[n++] = '\n';
                lines++;
            } else if (kind < 6 || mode == 0) {
                text[n++] = (char)(' ' + test_random_below(&random, 95));
            } else if (mode == 1) { /* characters of the common half */
                text[n++] = (char)(0xa4 + test_random_below(&random, 0xc6 - 0xa4));
                text[n++] = (char)(0xa1 + test_random_below(&random, 0xfe - 0xa1));
            } else {
                text[n++] = (char)test_random_below(&random, 256);
                lines += text[n - 1] == '\n';
            }
        }
        fw_charset_decode(&arena, fw_sv_of(text, n), &got);
        size_t after = 0;
        for (size_t i = 0; i < got.text.n; i++) {
            after += got.text.p[i] == '\n';
        }
        ck_assert_uint_eq(after, lines);
        if (mode == 1 && got.charset == FW_CHARSET_BIG5) {
            char back[400];
            char *in = (char *)(uintptr_t)got.text.p;
            char *out = back;
            size_t left = got.text.n;
            size_t room = sizeof(back);
            ck_assert_uint_eq(got.left, 0);
            ck_assert_uint_ne(iconv(to, &in, &left, &out, &room), (size_t)-1);
            ck_assert_mem_eq(back, text, n);
        }
        ck_assert(mode != 1 || got.charset == FW_CHARSET_BIG5);
        fw_arena_reset(&arena);
    }
    iconv_close(to);
}
END_TEST

Suite *fw_suite_charset(void)
{
    Suite *suite = suite_create("charset");
    TCase *tcase = tcase_create("charset");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, test_utf8);
    tcase_add_test(tcase, test_utf16);
    tcase_add_test(tcase, test_big5);
    tcase_add_test(tcase, test_others);
    tcase_add_test(tcase, test_random);
    suite_add_tcase(suite, tcase);
    return suite;
}
