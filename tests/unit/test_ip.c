/* Tests of addresses and ranges, against the C library. */
#include "core/ip.h"

#include <arpa/inet.h>
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
    suite_add_tcase(suite, tc);
    return suite;
}
