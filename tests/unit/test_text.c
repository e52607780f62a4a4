/* Tests of core/text.h: nothing that acts gets through, and widths are what was written. */
#include "core/text.h"

#include <stdlib.h>

#include "tests/unit/suites.h"

typedef void (*writer)(struct fw_buf *buf, fw_sv text);

static void expect(writer write, fw_sv in, const char *want)
{
    struct fw_buf buf;
    fw_buf_init(&buf);
    write(&buf, in);
    ck_assert_str_eq(buf.p ? buf.p : "", want);
    fw_buf_clear(&buf);
}

static void expect_fit(const char *in, size_t cells, const char *want)
{
    struct fw_buf buf;
    fw_buf_init(&buf);
    fw_text_fit(&buf, fw_sv_from(in), cells);
    ck_assert_str_eq(buf.p ? buf.p : "", want);
    fw_buf_clear(&buf);
}

START_TEST(utf8_round_trip)
{
    struct fw_buf buf;
    fw_buf_init(&buf);
    for (uint32_t c = 0; c <= 0x10ffff; c++) {
        bool surrogate = c >= 0xd800 && c <= 0xdfff;
        fw_buf_reset(&buf);
        fw_utf8_put(&buf, c);
        fw_sv rest = fw_buf_sv(&buf);
        bool valid = fw_utf8_valid(rest);
        uint32_t back = fw_utf8_next(&rest);
        if (!valid || rest.n != 0 || back != (surrogate ? 0xfffd : c)) {
            ck_abort_msg("U+%04X comes back as U+%04X", (unsigned)c, (unsigned)back);
        }
    }
    fw_buf_reset(&buf);
    fw_utf8_put(&buf, 0x110000);
    ck_assert_str_eq(buf.p, "\xef\xbf\xbd");
    fw_buf_clear(&buf);
}
END_TEST

START_TEST(utf8_invalid)
{
    static const char *const bad[] = {
        "\x80",             /* a continuation alone */
        "\xc0\xaf",         /* overlong / */
        "\xc1\xbf",         /* overlong DEL */
        "\xe0\x80\xaf",     /* overlong */
        "\xe0\x9f\xbf",     /* overlong */
        "\xf0\x80\x80\xaf", /* overlong */
        "\xf0\x8f\xbf\xbf", /* overlong */
        "\xed\xa0\x80",     /* surrogate */
        "\xed\xbf\xbf",     /* surrogate */
        "\xf4\x90\x80\x80", /* beyond U+10FFFF */
        "\xf5\x80\x80\x80",
        "\xfe",
        "\xff",
        "\xe4\xb8",
        "\xe4\xb8\x41",
        "\xf0\x9f\x98",
        "\xc3",
    };
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        fw_sv rest = fw_sv_from(bad[i]);
        ck_assert_msg(!fw_utf8_valid(rest), "row %zu is taken as valid", i);
        ck_assert_uint_eq(fw_utf8_next(&rest), 0xfffd);
        ck_assert_uint_eq(rest.n, strlen(bad[i]) - 1);
    }
    fw_sv none = {0};
    ck_assert(fw_utf8_valid(none));
    ck_assert_uint_eq(fw_utf8_next(&none), 0xfffd);
}
END_TEST

START_TEST(safe)
{
    expect(fw_text_safe, FW_SV("plain ~ text"), "plain ~ text");
    expect(fw_text_safe, FW_SV("\x1b[31m\x07\x7f\t\r\n"), "\\x1b[31m\\x07\\x7f\\x09\\x0d\\x0a");
    expect(fw_text_safe, FW_SV("a\0b"), "a\\x00b");
    expect(fw_text_safe,
           FW_SV("\xc2\x9b"
                 "31m"),
           "\\u009b31m");                         /* C1 CSI */
    expect(fw_text_safe, FW_SV("\x9b"), "\\x9b"); /* the same, Latin-1 */
    expect(fw_text_safe, FW_SV("\xe2\x80\xae\xe2\x81\xa6"), "\\u202e\\u2066"); /* RLO, LRI */
    expect(fw_text_safe, FW_SV("\xe2\x80\x8e\xe2\x80\x8f"), "\\u200e\\u200f"); /* LRM, RLM */
    expect(fw_text_safe, FW_SV("\xe2\x80\xa8\xe2\x80\xa9"), "\\u2028\\u2029"); /* LS, PS */
    expect(fw_text_safe, FW_SV("\xef\xbb\xbf\xc2\xad"), "\\ufeff\\u00ad"); /* BOM, soft hyphen */
    expect(fw_text_safe, FW_SV("\xf3\xa0\x81\x81"), "\\U000e0041");        /* tag A */
    expect(fw_text_safe, FW_SV("\xe4\xb8"), "\\xe4\\xb8");
    expect(fw_text_safe, FW_SV("防火牆 é e\xcc\x81"), "防火牆 é e\xcc\x81");
}
END_TEST

START_TEST(unsafe_is_exactly)
{
    static const uint32_t acting[] = {
        0,      0x1f,   0x7f,   0x80,    0x9f,    0xad,    0x61c,    0x180e,  0x200b, 0x200e,
        0x200f, 0x2028, 0x202a, 0x202e,  0x2060,  0x2066,  0x2069,   0x206f,  0xfdd0, 0xfeff,
        0xfff9, 0xfffe, 0xffff, 0x1ffff, 0xe0001, 0xe007f, 0x10fffe, 0x110000};
    static const uint32_t harmless[] = {0x20,   0x7e,   0xa0,   0xe9,   0x200c,  0x200d,  0x2010,
                                        0x202f, 0x2070, 0x4e2d, 0xfffd, 0x1f600, 0x10fffd};
    for (size_t i = 0; i < sizeof(acting) / sizeof(acting[0]); i++) {
        ck_assert_msg(fw_text_unsafe(acting[i]), "U+%04X", (unsigned)acting[i]);
    }
    for (size_t i = 0; i < sizeof(harmless) / sizeof(harmless[0]); i++) {
        ck_assert_msg(!fw_text_unsafe(harmless[i]), "U+%04X", (unsigned)harmless[i]);
    }
}
END_TEST

START_TEST(width)
{
    static const struct {
        const char *text;
        size_t cells;
    } rows[] = {
        {"", 0},
        {"abc", 3},
        {"é", 1},
        {"e\xcc\x81", 1}, /* combining acute */
        {"防火牆", 6},
        {"ｶﾅ", 2},   /* half-width kana */
        {"ＡＢ", 4}, /* full-width Latin */
        {"\xf0\x9f\x94\xa5", 2},
        {"한글", 4},
        {"\xf0\xa0\x80\x80", 2}, /* plane 2 */
        {"“”…─", 4},             /* ambiguous: narrow */
        {"\x1b", 4},
        {"\xe2\x80\xae", 6},
        {"\xf3\xa0\x81\x81", 10},
        {"\xff", 4},
        {"、。", 4},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        ck_assert_msg(fw_text_width(fw_sv_from(rows[i].text)) == rows[i].cells,
                      "%s: got %zu, want %zu", rows[i].text,
                      fw_text_width(fw_sv_from(rows[i].text)), rows[i].cells);
    }
}
END_TEST

/* What is wrong with what the writers make of these bytes; NULL when nothing is. */
static const char *judge(fw_sv in, struct fw_buf *buf)
{
    fw_buf_reset(buf);
    fw_text_safe(buf, in);
    fw_sv shown = fw_buf_sv(buf);
    if (!fw_utf8_valid(shown) || fw_text_width(shown) != fw_text_width(in)) {
        return "safe text is invalid or of another width";
    }
    while (shown.n > 0) {
        if (fw_text_unsafe(fw_utf8_next(&shown))) {
            return "safe text acts";
        }
    }
    for (size_t cells = 0; cells < 20; cells++) {
        fw_buf_reset(buf);
        fw_text_fit(buf, in, cells);
        if (fw_text_width(fw_buf_sv(buf)) > cells) {
            return "fitted text is too wide";
        }
    }
    fw_buf_reset(buf);
    fw_text_html(buf, in);
    for (size_t i = 0; i < buf->n; i++) {
        if (strchr("<>\"'\n\r\x1b", buf->p[i])) {
            return "HTML text holds markup";
        }
    }
    fw_buf_reset(buf);
    fw_text_csv(buf, in);
    if (buf->n > 0 && (memchr(buf->p, '\r', buf->n) || memchr(buf->p, '\x1b', buf->n) ||
                       strchr("=+-@\t", buf->p[0]))) {
        return "a CSV cell acts";
    }
    return NULL;
}

START_TEST(any_bytes)
{
    static const char hot[] = "\x1b\xe2\x80\xae\xf0\x9f\xc2\xef\xbb\xbf=\"\r\n";
    struct fw_buf buf;
    fw_buf_init(&buf);
    srand(4711);
    for (int round = 0; round < 20000; round++) {
        char bytes[24];
        size_t n = (size_t)rand() % sizeof(bytes);
        for (size_t i = 0; i < n; i++) {
            bytes[i] = rand() % 3 ? hot[(size_t)rand() % (sizeof(hot) - 1)] : (char)rand();
        }
        const char *wrong = judge(fw_sv_of(bytes, n), &buf);
        ck_assert_msg(!wrong, "seed 4711, round %d: %s", round, wrong ? wrong : "");
    }
    fw_buf_clear(&buf);
}
END_TEST

START_TEST(fit)
{
    expect_fit("abcdef", 6, "abcdef");
    expect_fit("abcdef", 5, "abcd…");
    expect_fit("abcdef", 1, "…");
    expect_fit("abcdef", 0, "");
    expect_fit("", 0, "");
    expect_fit("防火牆", 6, "防火牆");
    expect_fit("防火牆", 5, "防火…");
    expect_fit("防火牆", 4, "防…");
    expect_fit("e\xcc\x81x", 2, "e\xcc\x81x");
    expect_fit("a\x1b[0m", 4, "a…"); /* an escape is never cut in two */
}
END_TEST

START_TEST(html)
{
    expect(fw_text_html, FW_SV("<a href=\"x\" b='y'>&amp;</a>"),
           "&lt;a href=&quot;x&quot; b=&#39;y&#39;&gt;&amp;amp;&lt;/a&gt;");
    expect(fw_text_html, FW_SV("\xe2\x80\xae\x00<"), "\\u202e\\x00&lt;");
}
END_TEST

START_TEST(csv)
{
    static const struct {
        const char *in, *want;
    } rows[] = {
        {"", ""},
        {"plain text", "plain text"},
        {"a,b", "\"a,b\""},
        {"a;b", "\"a;b\""},
        {"say \"hi\"", "\"say \"\"hi\"\"\""},
        {"two\nlines", "\"two\nlines\""},
        {"two\r\nlines", "\"two\nlines\""},
        {" padded ", "\" padded \""},
        {"=1+1", "'=1+1"},
        {"+1", "'+1"},
        {"-1", "'-1"},
        {"@SUM(A1)", "'@SUM(A1)"},
        {"  =1", "\"'  =1\""},
        {"\t=1", "\"'\t=1\""},
        {"\rx", "\"'\\x0dx\""},
        {"\nx", "\"'\nx\""},
        {"＝1", "'＝1"},
        {"－1", "'－1"},
        {"　=1", "'　=1"},
        {"=cmd|'/C calc'!A0,x", "\"'=cmd|'/C calc'!A0,x\""},
        {"10.0.0.0/8", "10.0.0.0/8"},
        {"防火牆", "防火牆"},
        {"\x1b]0;x\x07", "\"\\x1b]0;x\\x07\""},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        expect(fw_text_csv, fw_sv_from(rows[i].in), rows[i].want);
    }
    expect(fw_text_csv, FW_SV("a\0b"), "a\\x00b");
}
END_TEST

START_TEST(distance)
{
    static const struct {
        const char *a, *b;
        size_t limit, want;
    } rows[] = {
        {"", "", 2, 0},
        {"devices", "devices", 0, 0},
        {"devics", "devices", 2, 1},
        {"deivces", "devices", 2, 1}, /* a swap is one slip */
        {"kitten", "sitting", 5, 3},
        {"kitten", "sitting", 2, 3},
        {"a", "abcdef", 2, 3},
        {"", "ab", 2, 2},
        {"abcdef", "fedcba", 2, 3},
        {"ab", "ba", 0, 1},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        fw_sv a = fw_sv_from(rows[i].a);
        fw_sv b = fw_sv_from(rows[i].b);
        ck_assert_uint_eq(fw_text_distance(a, b, rows[i].limit), rows[i].want);
        ck_assert_uint_eq(fw_text_distance(b, a, rows[i].limit), rows[i].want);
    }
    char longer[200];
    memset(longer, 'x', sizeof(longer));
    ck_assert_uint_eq(fw_text_distance(fw_sv_of(longer, 200), fw_sv_of(longer, 199), 3), 4);
    ck_assert_uint_eq(fw_text_distance(fw_sv_of(longer, 200), fw_sv_of(longer, 200), 3), 0);
}
END_TEST

Suite *fw_suite_text(void)
{
    Suite *suite = suite_create("text");
    TCase *tc = tcase_create("text");
    tcase_add_test(tc, utf8_round_trip);
    tcase_add_test(tc, utf8_invalid);
    tcase_add_test(tc, safe);
    tcase_add_test(tc, unsafe_is_exactly);
    tcase_add_test(tc, width);
    tcase_add_test(tc, any_bytes);
    tcase_add_test(tc, fit);
    tcase_add_test(tc, html);
    tcase_add_test(tc, csv);
    tcase_add_test(tc, distance);
    suite_add_tcase(suite, tc);
    return suite;
}
