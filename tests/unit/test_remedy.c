/* What would end a finding: the lines of a denial, what an edit changes, and what may not go. */
#include "analyzers/fixes/fix.h"
#include "analyzers/rules/remedy.h"
#include "core/limits.h"
#include "policy/edited.h"
#include "tests/unit/rulesetparse.h"
#include "tests/unit/suites.h"

#include <string.h>

static struct fw_arena arena;
static struct parsed parsed;

static void setup(void)
{
    fw_arena_init(&arena, 0);
    parsed = (struct parsed){0};
}

static void teardown(void)
{
    parsed_clear(&parsed);
    fw_arena_clear(&arena);
}

static const struct fw_policy *policy_of(const char *format, const char *text, const char *name)
{
    parsed_init(&parsed, fw_parser_find(fw_sv_from(format)), text);
    const struct fw_policy *policy = fw_ruleset_find(&parsed.ruleset, fw_sv_from(name));
    ck_assert_ptr_nonnull(policy);
    return policy;
}

static void refused_of(const char *src, const char *dst, const char *services,
                       struct fw_refused *ret)
{
    fw_sv bad;
    fw_iprange range;
    *ret = (struct fw_refused){0};
    ck_assert(fw_services_parse(&arena, fw_sv_from(services), &ret->services, &bad));
    if (src) {
        fw_sv lo;
        fw_sv rest = fw_sv_from(src);
        fw_sv_split(&rest, '>', &lo);
        ck_assert(fw_ip_parse(lo, &range.lo) && fw_ip_parse(rest, &range.hi));
        ret->src = fw_ipset_make(&arena, &range, 1);
    }
    if (dst) {
        ck_assert(fw_iprange_parse(fw_sv_from(dst), &range, NULL));
        ret->dst = fw_ipset_make(&arena, &range, 1);
    }
}

static const struct {
    const char *src, *dst, *services;
    unsigned families;
    size_t n;
} refusals[] = {
    {NULL, NULL, "any", FW_FAMILY_BOTH, 1},
    {"10.0.0.1>10.0.0.6", NULL, "tcp/22", FW_FAMILY_BOTH, 4},
    {"10.0.0.1>10.0.0.6", "192.0.2.0/24", "tcp/22-23,80; udp/53; gre", FW_FAMILY_BIT4, 16},
    {"10.0.0.1>10.0.0.6", "2001:db8::/32", "tcp", FW_FAMILY_BOTH, 0}, /* no packet is both */
    {"10.0.0.1>10.0.0.6", NULL, "tcp", FW_FAMILY_BIT6, 0},
    {"10.0.0.1>10.0.0.6", NULL, "tcp/1,3,5,7,9,11,13", FW_FAMILY_BIT4, 0}, /* 28 lines */
    {"0.0.0.0>255.255.255.255", "192.0.2.1", "icmp", FW_FAMILY_BIT4, 1},
    {"0.0.0.1>255.255.255.254", NULL, "tcp", FW_FAMILY_BIT4, 0}, /* 62 prefixes */
};

START_TEST(lines)
{
    struct fw_refused refused;
    struct fw_refusal got[FW_REFUSALS];
    refused_of(refusals[_i].src, refusals[_i].dst, refusals[_i].services, &refused);
    size_t n = fw_refusals_make(&refused, refusals[_i].families, true, got);
    ck_assert_msg(n == refusals[_i].n, "%d: %zu lines, expected %zu", _i, n, refusals[_i].n);
}
END_TEST

static const char gateway[] =
    "*filter\n:FORWARD DROP [0:0]\n"
    "-A FORWARD -s 10.0.0.0/24 -d 192.0.2.1/32 -p tcp -m tcp --dport 22:23 -j ACCEPT\n"
    "-A FORWARD -s 10.0.0.0/25 -d 192.0.2.1/32 -p tcp -m tcp --dport 22 -j ACCEPT\n"
    "COMMIT\n";

/* 256 addresses and two ports, less what the second rule permits, too. */
START_TEST(removal)
{
    const struct fw_policy *forward = policy_of("iptables-save", gateway, "FORWARD");
    const struct fw_rule_edit edit = {.policy = forward, .at = 0};
    struct fw_edit_effect effect;
    fw_rule_edit_try(&arena, &parsed.ruleset, &edit, &effect);
    ck_assert(effect.known && effect.exact && effect.has_witness);
    ck_assert_uint_eq(effect.boxes[FW_DIFFERENCE_ALLOWED], 0);
    ck_assert_uint_ge(effect.boxes[FW_DIFFERENCE_DENIED], 1);
    ck_assert_double_eq(effect.breadth, 2 * 256 - 128);
    ck_assert_uint_eq(forward->n, 2);
}
END_TEST

START_TEST(limit)
{
    const struct fw_policy *forward = policy_of("iptables-save", gateway, "FORWARD");
    const struct fw_snapshot snapshot = {.ruleset = &parsed.ruleset, .doc = &parsed.doc};
    struct fw_results results = {.arena = &arena};
    struct fw_result result = {0};
    uint64_t compared = FW_LIMIT_FIX_RULES - 2; /* a policy of two rules counts three */
    fw_remedy_rule(&results, &snapshot, forward, &forward->rules[0], &compared, &result);
    ck_assert(fw_sv_is(result.fix, "iptables -t filter -D FORWARD 1"));
    ck_assert(!result.fix_effect->known);
    compared = FW_LIMIT_FIX_RULES - 3;
    fw_remedy_rule(&results, &snapshot, forward, &forward->rules[0], &compared, &result);
    ck_assert(result.fix_effect->known);
    ck_assert_uint_eq(compared, FW_LIMIT_FIX_RULES);
}
END_TEST

/* A rule of a chain that two others call: both lose it, and the chain no longer says always the
 * same. */
START_TEST(called)
{
    policy_of("iptables-save",
              "*filter\n:INPUT DROP [0:0]\n:FORWARD DROP [0:0]\n:web - [0:0]\n"
              "-A INPUT -s 10.0.0.1/32 -p tcp -m tcp --dport 80 -j web\n"
              "-A FORWARD -s 10.0.0.2/32 -d 192.0.2.1/32 -p tcp -m tcp --dport 80 -j web\n"
              "-A web -j ACCEPT\nCOMMIT\n",
              "web");
    const struct fw_policy *web = fw_ruleset_find(&parsed.ruleset, FW_SV("web"));
    const struct fw_rule_edit edit = {.policy = web, .at = 0};
    struct fw_edit_effect effect;
    fw_rule_edit_try(&arena, &parsed.ruleset, &edit, &effect);
    ck_assert_uint_eq(effect.boxes[FW_DIFFERENCE_DENIED], 2);
    ck_assert_double_eq(effect.breadth, 4294967296.0 + 1);
}
END_TEST

/* An empty list of IOS lets everything through; a chain has its policy. */
START_TEST(last_entry)
{
    const struct fw_policy *list = policy_of(
        "cisco-ios", "ip access-list extended E\n 10 permit ip any any\n 20 remark so\n", "E");
    struct fw_results results = {.arena = &arena};
    const struct fw_snapshot snapshot = {.ruleset = &parsed.ruleset, .doc = &parsed.doc};
    struct fw_result result = {0};
    uint64_t compared = 0;
    ck_assert_uint_eq(fw_policy_spare(&parsed.ruleset, list), 0);
    fw_remedy_rule(&results, &snapshot, list, &list->rules[0], &compared, &result);
    ck_assert(fw_sv_is(result.fix, "ip access-list extended E\n 9 deny ip any any\n exit"));
    ck_assert_uint_eq(result.fix_effect->boxes[FW_DIFFERENCE_DENIED], 1);
    parsed_clear(&parsed);
    const struct fw_policy *forward = policy_of("iptables-save", gateway, "FORWARD");
    ck_assert_uint_eq(fw_policy_spare(&parsed.ruleset, forward), SIZE_MAX);
}
END_TEST

Suite *fw_suite_remedy(void)
{
    Suite *s = suite_create("remedy");
    TCase *tc = tcase_create("remedy");
    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_loop_test(tc, lines, 0, sizeof(refusals) / sizeof(refusals[0]));
    tcase_add_test(tc, removal);
    tcase_add_test(tc, limit);
    tcase_add_test(tc, called);
    tcase_add_test(tc, last_entry);
    suite_add_tcase(s, tc);
    return s;
}
