/* Tests of core/ip.h: addresses and ranges against the C library, sets against arrays of booleans.
 */
#include "core/ip.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "tests/unit/random.h"
#include "tests/unit/suites.h"

static void check_text(fw_iprange range, const char *want)
{
    struct fw_buf buf;
    fw_buf_init(&buf);
    fw_iprange_text(&buf, range);
    ck_assert_str_eq(buf.p, want);
    fw_buf_clear(&buf);
}

START_TEST(parse_and_text)
{
    static const struct {
        const char *in, *out;
        bool host_bits;
    } rows[] = {
        {"0.0.0.0", "0.0.0.0", false},
        {"255.255.255.255", "255.255.255.255", false},
        {"192.0.2.10", "192.0.2.10", false},
        {"::", "::", false},
        {"::1", "::1", false},
        {"1::", "1::", false},
        {"2001:DB8:0:0:1:0:0:1", "2001:db8::1:0:0:1", false},
        {"2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1", false},
        {"2001:0:0:1:0:0:0:1", "2001:0:0:1::1", false},
        {"1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0", false},
        {"::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8", false},
        {"fe80::1%eth0", "fe80::1", false},
        {"fe80::1%eth0/64", "fe80::/64", true},
        {"::ffff:192.0.2.1", "::ffff:192.0.2.1", false},
        {"::ffff:0:1", "::ffff:0.0.0.1", false},
        {"64:ff9b::192.0.2.1", "64:ff9b::c000:201", false},
        {"1:2:3:4:5:6:192.0.2.1", "1:2:3:4:5:6:c000:201", false},
        {"ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
         false},
        {"10.0.0.0/8", "10.0.0.0/8", false},
        {"10.1.2.3/255.255.0.0", "10.1.0.0/16", true},
        {"10.1.2.3/32", "10.1.2.3", false},
        {"10.1.2.3/255.255.255.255", "10.1.2.3", false},
        {"10.1.2.3/0", "0.0.0.0/0", true},
        {"0.0.0.0/0.0.0.0", "0.0.0.0/0", false},
        {"2001:db8::/32", "2001:db8::/32", false},
        {"2001:db8::1/ffff:ffff::", "2001:db8::/32", true},
        {"2001:db8::1/128", "2001:db8::1", false},
        {"2001:db8::1/64", "2001:db8::/64", true},
        {"::/0", "::/0", false},
        {"8000::/1", "8000::/1", false},
        {"::1/127", "::/127", true},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        fw_iprange range;
        bool host_bits = !rows[i].host_bits;
        ck_assert_msg(fw_iprange_parse(fw_sv_from(rows[i].in), &range, &host_bits), "%s",
                      rows[i].in);
        ck_assert_msg(host_bits == rows[i].host_bits, "%s", rows[i].in);
        check_text(range, rows[i].out);
        fw_iprange again;
        ck_assert(fw_iprange_parse(fw_sv_from(rows[i].out), &again, NULL));
        ck_assert(fw_ip_eq(again.lo, range.lo) && fw_ip_eq(again.hi, range.hi));
    }
}
END_TEST

START_TEST(refuses)
{
    static const char *const rows[] = {
        "",
        ".",
        "1.2.3",
        "1.2.3.4.5",
        "1.2.3.256",
        "01.2.3.4",
        "1.2.3.4 ",
        " 1.2.3.4",
        "1..2.3",
        "1.2.3.4/",
        "1.2.3.4.",
        "1.2.3.-4",
        "0x1.2.3.4",
        "1.2.3.0004",
        "1.2.3.4/33",
        "1.2.3.4/08",
        "1.2.3.4/-1",
        "1.2.3.4/+8",
        "1.2.3.4/0.0.0.255",
        "1.2.3.4/255.0.255.0",
        "1.2.3.4/::",
        "1.2.3.4/8/",
        "any",
        "1.2.3.4-1.2.3.5",
        "::/129",
        "::/0.0.0.0",
        "::/::1",
        ":",
        ":::",
        "1:2:3:4:5",
        "1::2::3",
        "12345::",
        "::1%",
        "1:2:3:4:5:6:7:8:9",
        "1:",
        ":1",
        "g::",
        "::1.2.3",
        "1.2.3.4::",
        "1:2:3:4:5:6:7:8::",
        "%a:",
        "::1.2.3.4:5",
        "1:2:3:4:5:6:7:1.2.3.4",
        "1:2:3:4:5:1.2.3.4",
        "::1.2.3.04",
        "1::2:",
        ":1::2",
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        fw_iprange range = {{1, 2, 3}, {4, 5, 6}};
        bool host_bits = true;
        ck_assert_msg(!fw_iprange_parse(fw_sv_from(rows[i]), &range, &host_bits), "%s", rows[i]);
        ck_assert_uint_eq(range.lo.hi, 1); /* written only on success */
    }
}
END_TEST

/* What inet_pton says of the same text; 0 as family when it refuses. */
static fw_ip reference(const char *text)
{
    unsigned char b[16];
    if (inet_pton(AF_INET, text, b) == 1) {
        return fw_ip4((uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3]);
    }
    if (inet_pton(AF_INET6, text, b) != 1) {
        return (fw_ip){0};
    }
    uint64_t hi = 0;
    uint64_t lo = 0;
    for (int i = 0; i < 8; i++) {
        hi = hi << 8 | b[i];
        lo = lo << 8 | b[8 + i];
    }
    return fw_ip6(hi, lo);
}

static fw_ip random_ip(struct test_random *random)
{
    if (test_random_below(random, 4) == 0) {
        return fw_ip4((uint32_t)test_random_u64(random));
    }
    uint64_t word[2] = {test_random_u64(random), test_random_u64(random)};
    for (int i = 0; i < 8; i++) { /* many groups of zero, some small */
        uint64_t keep = test_random_below(random, 3) == 0   ? 0xffff
                        : test_random_below(random, 3) == 0 ? 0xff
                                                            : 0;
        word[i / 4] &= ~(UINT64_C(0xffff) << (i % 4 * 16)) | keep << (i % 4 * 16);
    }
    if (test_random_below(random, 10) == 0) {
        word[0] = 0;
        word[1] = 0xffff00000000 | (word[1] & UINT32_MAX);
    }
    return fw_ip6(word[0], word[1]);
}

static size_t mutate(struct test_random *random, char *text, size_t n)
{
    static const char alphabet[] = "0123456789abcdefABF:::...gx ";
    size_t at = n ? test_random_below(random, (unsigned)n) : 0;
    char c = alphabet[test_random_below(random, sizeof(alphabet) - 1)];
    switch (test_random_below(random, 3)) {
    case 0:
        if (n > 0) {
            text[at] = c;
        }
        return n;
    case 1:
        memmove(text + at + 1, text + at, n - at);
        text[at] = c;
        return n + 1;
    default:
        if (n > 0) {
            memmove(text + at, text + at + 1, n - at - 1);
            n--;
        }
        return n;
    }
}

START_TEST(agrees_with_the_c_library)
{
    struct test_random random = test_random_start("ip text");
    unsigned accepted = 0;
    for (int round = 0; round < 20000; round++) {
        fw_ip ip = random_ip(&random);
        struct fw_buf buf;
        fw_buf_init(&buf);
        fw_ip_text(&buf, ip);
        fw_ip got = {0};
        ck_assert_msg(fw_ip_parse(fw_buf_sv(&buf), &got) && fw_ip_eq(got, ip), "%s", buf.p);
        ck_assert_msg(fw_ip_eq(reference(buf.p), ip), "%s", buf.p);
        char want[INET6_ADDRSTRLEN];
        unsigned char b[16];
        if (ip.family == FW_IPV6 && !(ip.hi == 0 && ip.lo >> 32 == 0)) {
            /* but for ::a.b.c.d, which RFC 5952 does not ask for, glibc writes as the RFC says */
            for (int i = 0; i < 8; i++) {
                b[i] = (unsigned char)(ip.hi >> (56 - 8 * i));
                b[8 + i] = (unsigned char)(ip.lo >> (56 - 8 * i));
            }
            ck_assert_str_eq(buf.p, inet_ntop(AF_INET6, b, want, sizeof(want)));
        }
        char text[64];
        size_t n = buf.n;
        memcpy(text, buf.p, n);
        fw_buf_clear(&buf);
        for (unsigned i = test_random_below(&random, 4); i > 0; i--) {
            n = mutate(&random, text, n);
        }
        text[n] = '\0';
        fw_ip expected = reference(text);
        got = (fw_ip){0};
        bool ok = fw_ip_parse(fw_sv_of(text, n), &got);
        ck_assert_msg(ok == (expected.family != 0) && fw_ip_eq(got, expected), "%s", text);
        accepted += ok;
    }
    ck_assert_uint_gt(accepted, 1000);
}
END_TEST

START_TEST(neighbours)
{
    fw_ip carry = fw_ip6(7, UINT64_MAX);
    ck_assert(fw_ip_eq(fw_ip_next(carry), fw_ip6(8, 0)));
    ck_assert(fw_ip_eq(fw_ip_prev(fw_ip6(8, 0)), carry));
    for (int i = 0; i < 2; i++) {
        enum fw_family family = i == 0 ? FW_IPV4 : FW_IPV6;
        ck_assert(fw_ip_eq(fw_ip_next(fw_ip_last(family)), fw_ip_first(family)));
        ck_assert(fw_ip_eq(fw_ip_prev(fw_ip_first(family)), fw_ip_last(family)));
        check_text(fw_iprange_all(family), i == 0 ? "0.0.0.0/0" : "::/0");
    }
    ck_assert_int_eq(fw_ip_cmp(fw_ip_last(FW_IPV4), fw_ip_first(FW_IPV6)), -1);
    ck_assert_int_eq(fw_ip_cmp(fw_ip6(1, 0), fw_ip6(0, UINT64_MAX)), 1);
    ck_assert_int_eq(fw_ip_cmp(fw_ip4(5), fw_ip4(5)), 0);
    check_text((fw_iprange){fw_ip4(1), fw_ip4(2)}, "0.0.0.1-0.0.0.2");
}
END_TEST

/* Whether a range is a prefix, by trying every length. */
static int prefix_of(fw_iprange range)
{
    for (unsigned bits = 0; bits <= 128; bits++) {
        fw_iprange made;
        if (fw_iprange_from_prefix(range.lo, bits, &made) && fw_ip_eq(made.lo, range.lo) &&
            fw_ip_eq(made.hi, range.hi)) {
            return (int)bits;
        }
    }
    return -1;
}

START_TEST(prefixes)
{
    struct test_random random = test_random_start("prefixes");
    fw_iprange range;
    ck_assert(!fw_iprange_from_prefix(fw_ip4(0), 33, &range));
    ck_assert(!fw_iprange_from_prefix(fw_ip6(0, 0), 129, &range));
    ck_assert(!fw_iprange_from_prefix((fw_ip){0}, 0, &range));
    for (int round = 0; round < 20000; round++) {
        fw_ip ip = random_ip(&random);
        unsigned most = ip.family == FW_IPV4 ? 32 : 128;
        unsigned bits = test_random_below(&random, most + 1);
        unsigned got = 999;
        ck_assert(fw_iprange_from_prefix(ip, bits, &range));
        ck_assert(fw_iprange_has(range, ip));
        ck_assert(fw_iprange_is_prefix(range, &got));
        ck_assert_uint_eq(got, bits);
        if (bits > 0) { /* one more address on either side is another prefix's */
            ck_assert(!fw_iprange_has(range, fw_ip_next(range.hi)));
            ck_assert(!fw_iprange_has(range, fw_ip_prev(range.lo)));
        }
        switch (test_random_below(&random, 4)) {
        case 0:
            range.lo = fw_ip_cmp(range.lo, range.hi) < 0 ? fw_ip_next(range.lo) : range.lo;
            break;
        case 1:
            range.hi = fw_ip_cmp(range.lo, range.hi) < 0 ? fw_ip_prev(range.hi) : range.hi;
            break;
        case 2:
            range.hi = bits > 0 && fw_ip_cmp(fw_ip_next(range.hi), range.hi) > 0
                           ? fw_ip_next(range.hi)
                           : range.hi;
            break;
        default:
            range.lo = fw_ip_cmp(ip, range.hi) <= 0 ? ip : range.lo;
            break;
        }
        int want = prefix_of(range);
        ck_assert(fw_iprange_is_prefix(range, &got) == (want >= 0));
        if (want >= 0) {
            ck_assert_int_eq((int)got, want);
        }
    }
}
END_TEST

/* The universe of the set tests: windows of addresses at the places where arithmetic can go wrong.
 * What lies between two windows of a family is one more point, covered whole or not at all. */
enum { WINDOW = 12, WINDOWS = 7, POINTS = WINDOWS * (WINDOW + 1) };

struct truth {
    bool in[POINTS];
};

static const struct {
    uint8_t family;
    uint64_t hi, lo; /* of the window's first address */
    bool hole;       /* the rest, up to the next window, is not empty */
} windows[WINDOWS] = {
    {FW_IPV4, 0, 0, true},
    {FW_IPV4, 0, 0x7ffffffa, true},
    {FW_IPV4, 0, UINT32_MAX - WINDOW + 1, false},
    {FW_IPV6, 0, 0, true},
    {FW_IPV6, 0, UINT64_MAX - WINDOW / 2 + 1, true}, /* the carry from lo to hi */
    {FW_IPV6, 0x20010db800000000, 0, true},
    {FW_IPV6, UINT64_MAX, UINT64_MAX - WINDOW + 1, false},
};

static bool is_hole(unsigned i)
{
    return i % (WINDOW + 1) == WINDOW;
}

static bool exists(unsigned i)
{
    return !is_hole(i) || windows[i / (WINDOW + 1)].hole;
}

static fw_ip point(unsigned i)
{
    unsigned w = i / (WINDOW + 1);
    fw_ip ip = {windows[w].hi, windows[w].lo, windows[w].family};
    for (unsigned k = i % (WINDOW + 1); k > 0; k--) {
        ip = fw_ip_next(ip);
    }
    return ip; /* of a hole: its first address */
}

static uint8_t family_at(unsigned i)
{
    return windows[i / (WINDOW + 1)].family;
}

static const struct fw_ipset *random_set(struct test_random *random, struct fw_arena *arena,
                                         struct truth *truth)
{
    fw_iprange v[16];
    size_t n = 0;
    *truth = (struct truth){0};
    for (unsigned tries = test_random_below(random, 16); tries > 0; tries--) {
        unsigned lo = test_random_below(random, POINTS);
        unsigned hi = lo + test_random_below(random, test_random_below(random, 6) ? 5 : POINTS);
        hi = hi < POINTS ? hi : POINTS - 1;
        if (is_hole(lo) || is_hole(hi) || family_at(lo) != family_at(hi)) {
            continue;
        }
        v[n++] = (fw_iprange){point(lo), point(hi)};
        for (unsigned j = lo; j <= hi; j++) {
            truth->in[j] = truth->in[j] || exists(j);
        }
    }
    return fw_ipset_make(arena, v, n);
}

static void check(const struct fw_ipset *set, const struct truth *truth, const char *what)
{
    unsigned families = 0;
    for (size_t i = 0; i < set->n; i++) {
        fw_iprange r = set->v[i];
        fw_ip end = i > 0 ? set->v[i - 1].hi : (fw_ip){0};
        if (r.lo.family != r.hi.family || fw_ip_cmp(r.lo, r.hi) > 0) {
            ck_abort_msg("%s: range %zu is empty", what, i);
        }
        if (i > 0 && (fw_ip_cmp(end, r.lo) >= 0 ||
                      (end.family == r.lo.family && fw_ip_eq(fw_ip_next(end), r.lo)))) {
            ck_abort_msg("%s: ranges %zu and %zu touch", what, i - 1, i);
        }
    }
    for (unsigned i = 0; i < POINTS; i++) {
        if (!exists(i)) {
            continue;
        }
        if (fw_ipset_has(set, point(i)) != truth->in[i]) {
            ck_abort_msg("%s: point %u", what, i);
        }
        if (truth->in[i]) {
            families |= family_at(i) == FW_IPV4 ? FW_FAMILY_BIT4 : FW_FAMILY_BIT6;
        }
    }
    ck_assert_uint_eq(fw_ipset_families(set), families);
}

static struct truth invert(const struct truth *a, unsigned families)
{
    struct truth want = {0};
    for (unsigned i = 0; i < POINTS; i++) {
        unsigned bit = family_at(i) == FW_IPV4 ? FW_FAMILY_BIT4 : FW_FAMILY_BIT6;
        want.in[i] = exists(i) && (families & bit) != 0 && !a->in[i];
    }
    return want;
}

START_TEST(algebra)
{
    struct test_random random = test_random_start("ipset algebra");
    struct fw_arena arena;
    fw_arena_init(&arena, 0);
    for (int round = 0; round < 2000; round++) {
        struct truth a;
        struct truth b;
        struct truth either;
        struct truth common;
        const struct fw_ipset *x = random_set(&random, &arena, &a);
        const struct fw_ipset *y = random_set(&random, &arena, &b);
        for (unsigned i = 0; i < POINTS; i++) {
            either.in[i] = a.in[i] || b.in[i];
            common.in[i] = a.in[i] && b.in[i];
        }
        check(x, &a, "make");
        const struct fw_ipset *u = fw_ipset_union(&arena, x, y);
        const struct fw_ipset *n = fw_ipset_intersect(&arena, x, y);
        check(u, &either, "union");
        check(n, &common, "intersect");
        ck_assert(fw_ipset_eq(fw_ipset_union(&arena, y, x), u));
        ck_assert(fw_ipset_eq(fw_ipset_intersect(&arena, y, x), n));
        ck_assert(fw_ipset_contains(u, x) && fw_ipset_contains(x, n));
        ck_assert(fw_ipset_contains(x, y) == fw_ipset_eq(n, y));
        ck_assert(fw_ipset_eq(x, y) == (memcmp(&a, &b, sizeof(a)) == 0));
        for (unsigned families = 0; families <= FW_FAMILY_BOTH; families++) {
            struct truth want = invert(&a, families);
            check(fw_ipset_complement(&arena, x, families), &want, "complement");
        }
        const struct fw_ipset *rest = fw_ipset_complement(&arena, x, FW_FAMILY_BOTH);
        ck_assert(fw_ipset_eq(fw_ipset_complement(&arena, rest, FW_FAMILY_BOTH), x));
        ck_assert_uint_eq(fw_ipset_intersect(&arena, x, rest)->n, 0);
        fw_arena_reset(&arena);
    }
    fw_arena_clear(&arena);
}
END_TEST

START_TEST(sizes)
{
    struct fw_arena arena;
    fw_arena_init(&arena, 0);
    static const struct {
        const char *text;
        double size;
    } rows[] = {
        {"10.0.0.0/8", 16777216.0},
        {"0.0.0.0/0", 4294967296.0},
        {"192.0.2.1", 1.0},
        {"::1", 1.0},
        {"2001:db8::/64", 18446744073709551616.0},
        {"2001:db8::/65", 9223372036854775808.0},
        {"::/0", 340282366920938463463374607431768211456.0},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        fw_iprange range;
        ck_assert(fw_iprange_parse(fw_sv_from(rows[i].text), &range, NULL));
        ck_assert_double_eq(fw_ipset_size(fw_ipset_make(&arena, &range, 1)), rows[i].size);
    }
    fw_iprange carry = {fw_ip6(0, UINT64_MAX), fw_ip6(1, 0)};
    ck_assert_double_eq(fw_ipset_size(fw_ipset_make(&arena, &carry, 1)), 2.0);
    const struct fw_ipset *none = fw_ipset_make(&arena, NULL, 0);
    ck_assert_double_eq(fw_ipset_size(none), 0.0);
    ck_assert_uint_eq(none->n, 0);
    ck_assert(!fw_ipset_has(none, fw_ip4(0)));
    ck_assert(fw_ipset_eq(fw_ipset_complement(&arena, none, 0), none));
    static const struct fw_ipset empty; /* without memory of its own */
    ck_assert(fw_ipset_eq(fw_ipset_union(&arena, &empty, none), none));
    ck_assert_uint_eq(fw_ipset_complement(&arena, &empty, FW_FAMILY_BOTH)->n, 2);
    fw_arena_clear(&arena);
}
END_TEST

Suite *fw_suite_ip(void)
{
    Suite *suite = suite_create("ip");
    TCase *tc = tcase_create("all");
    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, parse_and_text);
    tcase_add_test(tc, refuses);
    tcase_add_test(tc, agrees_with_the_c_library);
    tcase_add_test(tc, neighbours);
    tcase_add_test(tc, prefixes);
    tcase_add_test(tc, algebra);
    tcase_add_test(tc, sizes);
    suite_add_tcase(suite, tc);
    return suite;
}
