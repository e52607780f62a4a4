/* Tests of sets of addresses, against arrays of booleans. */
#include "core/ip.h"

#include <string.h>

#include "tests/unit/random.h"
#include "tests/unit/suites.h"

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

Suite *fw_suite_ipset(void)
{
    Suite *suite = suite_create("ipset");
    TCase *tc = tcase_create("all");
    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, algebra);
    tcase_add_test(tc, sizes);
    suite_add_tcase(suite, tc);
    return suite;
}
