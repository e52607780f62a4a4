/* Tests of core/sv.h. */
#include "core/sv.h"

#include "tests/unit/random.h"
#include "tests/unit/suites.h"

START_TEST(compares)
{
    static const struct {
        const char *a, *b;
        int plain, natural;
    } rows[] = {
        {"", "", 0, 0},         {"", "a", -1, -1},        {"a", "ab", -1, -1},
        {"7.9", "7.10", 1, -1}, {"eth2", "eth10", 1, -1}, {"eth02", "eth2", -1, -1},
        {"a1b", "a1c", -1, -1}, {"a01b2", "a1b1", -1, 1}, {"10", "9", -1, 1},
        {"0", "00", -1, -1},    {"x0", "x00", -1, -1},    {"18446744073709551616", "2", -1, 1},
        {"a", "\xc3", -1, -1},  {"1a", "1", 1, 1},        {"a-1", "a1", -1, -1},
        {"7", "07", 1, 1},      {"007", "07", -1, -1},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        fw_sv a = fw_sv_from(rows[i].a);
        fw_sv b = fw_sv_from(rows[i].b);
        ck_assert_msg(fw_sv_cmp(a, b) == rows[i].plain, "%s %s", rows[i].a, rows[i].b);
        ck_assert_msg(fw_sv_cmp(b, a) == -rows[i].plain, "%s %s", rows[i].b, rows[i].a);
        ck_assert_msg(fw_sv_cmp_natural(a, b) == rows[i].natural, "%s %s", rows[i].a, rows[i].b);
        ck_assert_msg(fw_sv_cmp_natural(b, a) == -rows[i].natural, "%s %s", rows[i].b, rows[i].a);
    }
}
END_TEST

/* An order that is not transitive makes qsort's result depend on the input's order. */
START_TEST(natural_is_an_order)
{
    struct test_random random = test_random_start("natural_is_an_order");
    for (int round = 0; round < 20000; round++) {
        char text[3][6];
        fw_sv v[3];
        for (int i = 0; i < 3; i++) {
            size_t n = test_random_below(&random, 6);
            for (size_t j = 0; j < n; j++) {
                text[i][j] = "019a/:"[test_random_below(&random, 6)];
            }
            v[i] = fw_sv_of(text[i], n);
        }
        int ab = fw_sv_cmp_natural(v[0], v[1]);
        int bc = fw_sv_cmp_natural(v[1], v[2]);
        int ac = fw_sv_cmp_natural(v[0], v[2]);
        bool even = ab == -fw_sv_cmp_natural(v[1], v[0]) && (ab == 0) == fw_sv_eq(v[0], v[1]);
        bool chained = !(ab <= 0 && bc <= 0 && ac > 0) && !(ab >= 0 && bc >= 0 && ac < 0);
        if (!even || !chained || ab * ab > 1) {
            ck_abort_msg("round %d: %d %d %d", round, ab, bc, ac);
        }
    }
}
END_TEST

START_TEST(case_and_ends)
{
    fw_sv s = FW_SV("Access-List");
    ck_assert(fw_sv_is_nocase(s, "aCCESS-lIST"));
    ck_assert(!fw_sv_is_nocase(s, "access-lis"));
    ck_assert(!fw_sv_eq_nocase(FW_SV("\xc3\x84"), FW_SV("\xc3\xa4")));
    ck_assert(!fw_sv_eq_nocase(FW_SV("@"), FW_SV("`"))); /* 0x20 apart, but no letters */
    ck_assert(fw_sv_starts(s, "Access"));
    ck_assert(!fw_sv_starts(s, "access"));
    ck_assert(fw_sv_starts_nocase(s, "access"));
    ck_assert(!fw_sv_starts_nocase(FW_SV("ac"), "access"));
    ck_assert(fw_sv_ends(s, "List"));
    ck_assert(!fw_sv_ends(s, "list"));
    ck_assert(!fw_sv_ends(FW_SV("st"), "List"));
    fw_sv none = {0};
    ck_assert(fw_sv_starts(none, "") && fw_sv_ends(none, "") && fw_sv_is(none, ""));
    ck_assert(fw_sv_eq(none, FW_SV("")) && !fw_sv_is(none, "a"));
}
END_TEST

START_TEST(among)
{
    static const char *const words[] = {"permit", "deny"};
    ck_assert(FW_SV_AMONG(FW_SV("deny"), words));
    ck_assert(!FW_SV_AMONG(FW_SV("Deny"), words));
    ck_assert(!FW_SV_AMONG(FW_SV("deny all"), words));
    ck_assert(!FW_SV_AMONG((fw_sv){0}, words));
    ck_assert(FW_SV_AMONG_NOCASE(FW_SV("Deny"), words));
    ck_assert(FW_SV_STARTS_AMONG(FW_SV("deny all"), words));
    ck_assert(!FW_SV_STARTS_AMONG(FW_SV("Deny all"), words));
    ck_assert(FW_SV_STARTS_AMONG_NOCASE(FW_SV("Deny all"), words));
    ck_assert(!FW_SV_STARTS_AMONG_NOCASE(FW_SV("den"), words));
}
END_TEST

START_TEST(finds)
{
    fw_sv s = FW_SV("abcabd");
    fw_sv none = {0};
    ck_assert_uint_eq(fw_sv_find(s, FW_SV("abd")), 3);
    ck_assert_uint_eq(fw_sv_find(s, FW_SV("abcabd")), 0);
    ck_assert_uint_eq(fw_sv_find(s, FW_SV("abcabde")), SIZE_MAX);
    ck_assert_uint_eq(fw_sv_find(s, FW_SV("d")), 5);
    ck_assert_uint_eq(fw_sv_find(s, FW_SV("de")), SIZE_MAX);
    ck_assert_uint_eq(fw_sv_find(s, FW_SV("")), 0);
    ck_assert_uint_eq(fw_sv_find(none, FW_SV("a")), SIZE_MAX);
    ck_assert_uint_eq(fw_sv_find(none, none), 0);
    ck_assert_uint_eq(fw_sv_find_char(s, 'c'), 2);
    ck_assert_uint_eq(fw_sv_find_char(s, 'x'), SIZE_MAX);
    ck_assert_uint_eq(fw_sv_find_char(none, 'x'), SIZE_MAX);
    ck_assert_uint_eq(fw_sv_find_nocase(FW_SV("a VerVersion 2"), "version"), 5);
    ck_assert_uint_eq(fw_sv_find_nocase(FW_SV("versio"), "version"), SIZE_MAX);
    ck_assert_uint_eq(fw_sv_find_nocase(none, "x"), SIZE_MAX);
    ck_assert_uint_eq(fw_sv_find(FW_SV("a\0b"), fw_sv_of("\0b", 2)), 1);
}
END_TEST

START_TEST(cuts)
{
    ck_assert(fw_sv_is(fw_sv_trim(FW_SV(" \t\r\n\v\fa b\r\n")), "a b"));
    ck_assert_uint_eq(fw_sv_trim(FW_SV(" \t ")).n, 0);
    ck_assert_uint_eq(fw_sv_trim((fw_sv){0}).n, 0);
    fw_sv s = FW_SV("abc");
    ck_assert(fw_sv_is(fw_sv_sub(s, 1, 1), "b"));
    ck_assert(fw_sv_is(fw_sv_sub(s, 1, SIZE_MAX), "bc"));
    ck_assert(fw_sv_is(fw_sv_sub(s, 3, 1), ""));
    ck_assert(fw_sv_is(fw_sv_sub(s, SIZE_MAX, SIZE_MAX), ""));
    ck_assert_ptr_null(fw_sv_sub((fw_sv){0}, 2, 2).p);
}
END_TEST

static void check_pieces(const char *in, bool words, const char *want)
{
    char got[64] = "";
    fw_sv rest = fw_sv_from(in);
    fw_sv piece;
    while (words ? fw_sv_word(&rest, &piece) : fw_sv_split(&rest, ',', &piece)) {
        strncat(got, "<", 2);
        strncat(got, piece.p, piece.n);
        strncat(got, ">", 2);
    }
    ck_assert_str_eq(got, want);
    ck_assert_uint_eq(rest.n, 0);
}

START_TEST(words_and_splits)
{
    check_pieces("", true, "");
    check_pieces(" \t ", true, "");
    check_pieces("a", true, "<a>");
    check_pieces(" a \tbc  d ", true, "<a><bc><d>");
    check_pieces("", false, "");
    check_pieces("a,,b", false, "<a><><b>");
    check_pieces(",a", false, "<><a>");
    check_pieces("a,", false, "<a>");
    check_pieces(" a", false, "< a>");
    fw_sv none = {0};
    fw_sv piece;
    ck_assert(!fw_sv_word(&none, &piece));
    ck_assert(!fw_sv_split(&none, ',', &piece));
}
END_TEST

START_TEST(numbers)
{
    static const struct {
        const char *text;
        bool ok, ok_any;
        uint64_t value;
    } rows[] = {
        {"0", true, true, 0},
        {"00", true, true, 0},
        {"18446744073709551615", true, true, UINT64_MAX},
        {"18446744073709551616", false, false, 0},
        {"99999999999999999999", false, false, 0},
        {"0xff", false, true, 255},
        {"0XFF", false, true, 255},
        {"0xffffffffffffffff", false, true, UINT64_MAX},
        {"0x10000000000000000", false, false, 0},
        {"0x", false, false, 0},
        {"0xg", false, false, 0},
        {"", false, false, 0},
        {"-1", false, false, 0},
        {"+1", false, false, 0},
        {" 1", false, false, 0},
        {"1 ", false, false, 0},
        {"1a", false, false, 0},
        {"1.0", false, false, 0},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        uint64_t got = 77;
        uint64_t want = rows[i].ok ? rows[i].value : 77;
        ck_assert_msg(fw_sv_u64(fw_sv_from(rows[i].text), &got) == rows[i].ok, "%s", rows[i].text);
        ck_assert_uint_eq(got, want);
        got = 77;
        want = rows[i].ok_any ? rows[i].value : 77;
        ck_assert_msg(fw_sv_u64_any(fw_sv_from(rows[i].text), &got) == rows[i].ok_any, "%s",
                      rows[i].text);
        ck_assert_uint_eq(got, want);
    }
    uint32_t small = 77;
    ck_assert(fw_sv_u32(FW_SV("65535"), 65535, &small));
    ck_assert_uint_eq(small, 65535);
    ck_assert(!fw_sv_u32(FW_SV("65536"), 65535, &small));
    ck_assert(!fw_sv_u32(FW_SV("4294967296"), UINT32_MAX, &small));
    ck_assert_uint_eq(small, 65535);
    ck_assert(fw_sv_u32(FW_SV("4294967295"), UINT32_MAX, &small));
    ck_assert_uint_eq(small, UINT32_MAX);
}
END_TEST

/* The test vectors of the FNV authors' page. */
START_TEST(hashes)
{
    ck_assert_uint_eq(fw_sv_hash(FW_SV("")), UINT64_C(0xcbf29ce484222325));
    ck_assert_uint_eq(fw_sv_hash(FW_SV("a")), UINT64_C(0xaf63dc4c8601ec8c));
    ck_assert_uint_eq(fw_sv_hash(FW_SV("foobar")), UINT64_C(0x85944171f73967e8));
}
END_TEST

Suite *fw_suite_sv(void)
{
    Suite *suite = suite_create("sv");
    TCase *tc = tcase_create("all");
    tcase_add_test(tc, compares);
    tcase_add_test(tc, natural_is_an_order);
    tcase_add_test(tc, case_and_ends);
    tcase_add_test(tc, among);
    tcase_add_test(tc, finds);
    tcase_add_test(tc, cuts);
    tcase_add_test(tc, words_and_splits);
    tcase_add_test(tc, numbers);
    tcase_add_test(tc, hashes);
    suite_add_tcase(suite, tc);
    return suite;
}
