/* Tests of the rule analysis by hand-made examples; the oracle suite has the random ones. */
#include "policy/analysis.h"

#include <stdio.h>
#include <string.h>

#include "core/limits.h"
#include "tests/unit/rulesetparse.h"
#include "tests/unit/suites.h"

extern const struct fw_parser fw_parser_iptables_save;
extern const struct fw_parser fw_parser_cisco_asa;
extern const struct fw_parser fw_parser_panos;

struct analysed {
    struct parsed parsed;
    struct fw_analysis_report report;
};

static void analyse(struct analysed *ret, const struct fw_parser *parser, const char *config,
                    struct fw_analysis_options options)
{
    parsed_init(&ret->parsed, parser, config);
    fw_ruleset_analyse(&ret->parsed.doc.arena, &ret->parsed.ruleset, &options, &ret->report);
}

/* "policy:position class[ dead][ possible][ because p:n ...]", one line a finding. */
static const char *findings(struct fw_buf *buf, const struct fw_analysis_report *report)
{
    static const char *const classes[] = {"live", "shadowed", "redundant", "skipped",
                                          "undetermined"};
    fw_buf_reset(buf);
    fw_buf_add_cstr(buf, "");
    for (size_t p = 0; p < report->n; p++) {
        const struct fw_policy *policy = report->policies[p].policy;
        for (size_t r = 0; r < policy->n; r++) {
            const struct fw_rule_verdict *v = &report->policies[p].verdicts[r];
            if (v->class == FW_RULE_LIVE && !v->dead) {
                continue;
            }
            fw_buf_printf(buf, "%.*s:%u %s%s%s", FW_SV_ARG(policy->name), policy->rules[r].position,
                          classes[v->class], v->dead ? " dead" : "",
                          v->certainty == FW_POSSIBLE ? " possible" : "");
            for (size_t i = 0; i < v->nbecause; i++) {
                fw_buf_printf(buf, "%s %.*s:%u", i == 0 ? " because" : "",
                              FW_SV_ARG(v->because_policy[i]->name), v->because[i]->position);
            }
            fw_buf_add_char(buf, '\n');
        }
    }
    return buf->p;
}

static void check(const struct fw_parser *parser, const char *config, const char *expected)
{
    struct analysed a;
    struct fw_buf buf;
    fw_buf_init(&buf);
    analyse(&a, parser, config, (struct fw_analysis_options){0});
    ck_assert_msg(strcmp(findings(&buf, &a.report), expected) == 0, "%s\ngives\n%s\nexpected\n%s",
                  config, buf.p, expected);
    parsed_clear(&a.parsed);
    fw_buf_clear(&buf);
}

#define FILTER(default, rules) "*filter\n:FORWARD " default " [0:0]\n" rules "COMMIT\n"

START_TEST(unions_shadow)
{
    check(&fw_parser_iptables_save,
          FILTER("DROP", "-A FORWARD -s 10.0.0.0/9 -p tcp -j ACCEPT\n"
                         "-A FORWARD -s 192.0.2.0/24 -j ACCEPT\n"
                         "-A FORWARD -s 10.128.0.0/9 -j ACCEPT\n"
                         "-A FORWARD -s 10.0.0.0/8 -p tcp --dport 22 -j DROP\n"
                         "-A FORWARD -s 10.1.0.0/16 -p tcp --dport 22 -j ACCEPT\n"
                         "-A FORWARD -s 10.1.0.0/16 -p udp --dport 53 -j ACCEPT\n"),
          "FORWARD:4 shadowed dead because FORWARD:1 FORWARD:3\n"
          "FORWARD:5 redundant dead because FORWARD:1\n");
}
END_TEST

START_TEST(either_of_two_is_enough)
{
    /* Each is judged alone; the default is implied where it takes part. */
    check(&fw_parser_iptables_save,
          FILTER("DROP", "-A FORWARD -p tcp --dport 80 -j ACCEPT\n"
                         "-A FORWARD -s 10.0.0.0/8 -j DROP\n"
                         "-A FORWARD -p tcp --dport 80 -j ACCEPT\n"
                         "-A FORWARD -p udp -j DROP\n"),
          "FORWARD:2 redundant because FORWARD:4\n"
          "FORWARD:3 redundant dead because FORWARD:1\n"
          "FORWARD:4 redundant\n");
}
END_TEST

START_TEST(final_deny_is_documentation)
{
    check(&fw_parser_iptables_save,
          FILTER("DROP", "-A FORWARD -p tcp -j ACCEPT\n-A FORWARD -j DROP\n"), "");
    check(&fw_parser_iptables_save,
          FILTER("DROP", "-A FORWARD -p tcp -j ACCEPT\n-A FORWARD -j DROP\n-A FORWARD -j DROP\n"),
          "FORWARD:2 redundant because FORWARD:3\nFORWARD:3 shadowed dead because FORWARD:2\n");
    check(&fw_parser_iptables_save,
          FILTER("DROP", "-A FORWARD -p tcp -j DROP\n-A FORWARD -j DROP\n-A FORWARD -j DROP\n"),
          "FORWARD:1 redundant because FORWARD:2\n"
          "FORWARD:2 redundant because FORWARD:3\n"
          "FORWARD:3 live dead\n");
    check(&fw_parser_iptables_save, FILTER("DROP", "-A FORWARD -j ACCEPT\n-A FORWARD -j DROP\n"),
          "FORWARD:2 shadowed dead because FORWARD:1\n");
}
END_TEST

START_TEST(chains_are_walked)
{
    check(&fw_parser_iptables_save,
          "*filter\n:FORWARD DROP [0:0]\n:A - [0:0]\n:B - [0:0]\n"
          "-A FORWARD -s 10.0.0.0/8 -j A\n"
          "-A FORWARD -s 10.0.0.0/8 -p tcp -j ACCEPT\n"
          "-A FORWARD -s 192.0.2.0/24 -j A\n"
          "-A FORWARD -j B\n"
          "-A A -p udp -j RETURN\n"
          "-A A -j ACCEPT\n"
          "-A A -p tcp -j DROP\n"
          "COMMIT\n",
          "FORWARD:2 redundant dead because A:2\n"
          "FORWARD:4 redundant\n"
          "A:3 shadowed dead because A:2\n");
}
END_TEST

START_TEST(uncalled_chains_are_entries)
{
    struct analysed a;
    analyse(&a, &fw_parser_iptables_save,
            "*filter\n:INPUT DROP [0:0]\n:LONELY - [0:0]\n"
            "-A LONELY -p tcp -j ACCEPT\n-A LONELY -p tcp --dport 22 -j DROP\nCOMMIT\n",
            (struct fw_analysis_options){0});
    ck_assert_uint_eq(a.report.n, 2);
    const struct fw_policy_report *lonely = &a.report.policies[1];
    ck_assert(!lonely->policy->bound);
    ck_assert_int_eq(lonely->verdicts[0].class, FW_RULE_LIVE);
    ck_assert_int_eq(lonely->verdicts[1].class, FW_RULE_SHADOWED);
    parsed_clear(&a.parsed);
}
END_TEST

START_TEST(what_is_unknown_proves_nothing)
{
    check(&fw_parser_iptables_save,
          FILTER("DROP", "-A FORWARD -m set --match-set x src -j ACCEPT\n"
                         "-A FORWARD -m limit --limit 5/min -p tcp -j DROP\n"
                         "-A FORWARD -p tcp -j ACCEPT\n"
                         "-A FORWARD -m set --match-set x src -p tcp -j DROP\n"
                         "-A FORWARD -m set ! --match-set x src -p tcp -j DROP\n"),
          "FORWARD:4 shadowed dead possible because FORWARD:1\n"
          "FORWARD:5 shadowed dead possible because FORWARD:3\n");
    /* complementary unknowns do cover together */
    check(&fw_parser_iptables_save,
          FILTER("DROP", "-A FORWARD -m set --match-set x src -j ACCEPT\n"
                         "-A FORWARD -m set ! --match-set x src -j ACCEPT\n"
                         "-A FORWARD -p tcp -j DROP\n"),
          "FORWARD:3 shadowed dead because FORWARD:1 FORWARD:2\n");
    /* a limit may say yes once and no the next time */
    check(&fw_parser_iptables_save,
          FILTER("DROP", "-A FORWARD -m limit --limit 5/min -j ACCEPT\n"
                         "-A FORWARD -p tcp -m limit --limit 5/min -j DROP\n"
                         "-A FORWARD -p tcp -j ACCEPT\n"),
          "");
}
END_TEST

START_TEST(protocols_have_their_parts)
{
    /* Ports of TCP and UDP together are not all packets: others have none. */
    check(&fw_parser_iptables_save,
          FILTER("DROP", "-A FORWARD -p tcp -m tcp --dport 0:65535 -j ACCEPT\n"
                         "-A FORWARD -p udp -m udp --dport 0:65535 -j ACCEPT\n"
                         "-A FORWARD -p tcp -j DROP\n"
                         "-A FORWARD -p icmp -m icmp --icmp-type 8 -j DROP\n"
                         "-A FORWARD -s 192.0.2.1 -p ipv6-icmp -j ACCEPT\n"),
          "FORWARD:3 shadowed dead because FORWARD:1\n"
          "FORWARD:4 redundant\n"
          "FORWARD:5 redundant dead\n"); /* no IPv4 packet is ICMPv6 */
    /* Both halves of a flag. */
    check(&fw_parser_iptables_save,
          FILTER("ACCEPT", "-A FORWARD -p tcp --tcp-flags SYN SYN -j DROP\n"
                           "-A FORWARD -p tcp ! --tcp-flags SYN,ACK SYN -j DROP\n"
                           "-A FORWARD -p tcp --dport 5 -j ACCEPT\n"),
          "FORWARD:3 shadowed dead because FORWARD:1 FORWARD:2\n");
}
END_TEST

START_TEST(interfaces_and_states)
{
    check(&fw_parser_iptables_save,
          FILTER("DROP", "-A FORWARD -i eth+ -m state --state NEW,ESTABLISHED -j ACCEPT\n"
                         "-A FORWARD ! -i eth+ -j ACCEPT\n"
                         "-A FORWARD -i eth0 -m state --state NEW -j DROP\n"
                         "-A FORWARD -i eth0 -j DROP\n"
                         "-A FORWARD -m state --state NEW -j DROP\n"),
          "FORWARD:3 shadowed dead because FORWARD:1\n"
          "FORWARD:4 redundant\n"
          "FORWARD:5 shadowed dead because FORWARD:1 FORWARD:2\n");
}
END_TEST

START_TEST(both_families)
{
    check(&fw_parser_cisco_asa,
          "access-list x extended permit ip any4 any4\n"
          "access-list x extended deny tcp any any eq 22\n"
          "access-list x extended permit ip any6 any6\n"
          "access-list x extended deny icmp any any\n"
          "access-list x extended permit icmp6 any any\n"
          "access-list x extended deny udp any any\n",
          "x:4 shadowed dead because x:1\n"
          "x:5 redundant dead because x:3\n"
          "x:6 shadowed dead because x:1 x:3\n");
}
END_TEST

START_TEST(disabled_rules_do_nothing)
{
    check(&fw_parser_cisco_asa,
          "access-list x extended permit tcp any any inactive\n"
          "access-list x remark the web\n"
          "access-list x extended permit tcp any any eq 443\n"
          "access-list x extended deny tcp any any eq 443\n",
          "x:1 skipped\nx:2 skipped\nx:4 shadowed dead because x:3\n");
}
END_TEST

/* A long list that takes some work, for threads and budgets: many overlapping rules. */
static void long_list(struct fw_buf *buf, unsigned rules)
{
    fw_buf_add_cstr(buf, "*filter\n:FORWARD DROP [0:0]\n");
    for (unsigned i = 0; i < rules; i++) {
        unsigned x = i * 2654435761u;
        fw_buf_printf(buf,
                      "-A FORWARD -s 10.%u.%u.0/%u -d 10.%u.0.0/%u -p %s --dport %u:%u -j %s\n",
                      x >> 28, x >> 20 & 31, 18 + (x >> 7 & 6), x >> 13 & 7, 13 + (x >> 3 & 7),
                      (x & 1) != 0 ? "tcp" : "udp", x >> 5 & 1023, (x >> 5 & 1023) + (x >> 9 & 511),
                      (x >> 17 & 3) != 0 ? "ACCEPT" : "DROP");
    }
    fw_buf_add_cstr(buf, "COMMIT\n");
}

START_TEST(threads_change_nothing)
{
    struct fw_buf config;
    struct fw_buf one;
    struct fw_buf four;
    struct analysed a;
    struct analysed b;
    fw_buf_init(&config);
    fw_buf_init(&one);
    fw_buf_init(&four);
    long_list(&config, 600);
    analyse(&a, &fw_parser_iptables_save, config.p, (struct fw_analysis_options){.jobs = 1});
    analyse(&b, &fw_parser_iptables_save, config.p, (struct fw_analysis_options){.jobs = 4});
    ck_assert_str_eq(findings(&one, &a.report), findings(&four, &b.report));
    ck_assert_uint_gt(one.n, 100);
    ck_assert_uint_eq(a.report.undetermined, 0);
    parsed_clear(&a.parsed);
    parsed_clear(&b.parsed);
    fw_buf_clear(&config);
    fw_buf_clear(&one);
    fw_buf_clear(&four);
}
END_TEST

START_TEST(a_budget_that_runs_out_is_said)
{
    struct fw_buf config;
    struct analysed a;
    uint64_t undetermined = 0;
    fw_buf_init(&config);
    long_list(&config, 600);
    analyse(&a, &fw_parser_iptables_save, config.p, (struct fw_analysis_options){.work = 1});
    const struct fw_policy_report *report = &a.report.policies[0];
    for (size_t r = 0; r < report->policy->n; r++) {
        bool one = report->verdicts[r].class == FW_RULE_UNDETERMINED;
        undetermined += one;
        ck_assert(!one || report->verdicts[r].certainty == FW_UNDETERMINED);
        ck_assert(!one || report->verdicts[r].nbecause == 0);
    }
    ck_assert_uint_gt(undetermined, 0);
    ck_assert_uint_eq(undetermined, a.report.undetermined);
    parsed_clear(&a.parsed);
    /* Nothing said is the limit: it leaves nothing open here. */
    analyse(&a, &fw_parser_iptables_save, config.p, (struct fw_analysis_options){0});
    struct analysed b;
    analyse(&b, &fw_parser_iptables_save, config.p,
            (struct fw_analysis_options){.work = FW_LIMIT_ENGINE_WORK});
    ck_assert_uint_eq(a.report.undetermined, 0);
    ck_assert_uint_eq(b.report.undetermined, 0);
    parsed_clear(&a.parsed);
    parsed_clear(&b.parsed);
    fw_buf_clear(&config);
}
END_TEST

/* A rule in 128 by 128 pieces takes more than what every rule gets; how much more there is for all
 * of those is limited, too. */
START_TEST(hard_rules_share_a_budget)
{
    struct fw_buf config;
    fw_buf_init(&config);
    fw_buf_add_cstr(&config, "*filter\n:FORWARD DROP [0:0]\n");
    for (unsigned i = 0; i < 16384; i++) {
        unsigned piece = i * 10093 % 16384;
        fw_buf_printf(&config, "-A FORWARD -s 10.0.%u.0/24 -d 10.1.%u.0/24 -j ACCEPT\n",
                      piece / 128, piece % 128);
    }
    fw_buf_add_cstr(&config, "-A FORWARD -s 10.0.0.0/17 -d 10.1.0.0/17 -j ACCEPT\nCOMMIT\n");
    for (unsigned total = 0; total < 2; total++) { /* 0 is the limit, ENGINE_TOTAL */
        struct analysed a;
        analyse(&a, &fw_parser_iptables_save, config.p,
                (struct fw_analysis_options){.little = 2, .total = total});
        const struct fw_rule_verdict *whole = &a.report.policies[0].verdicts[16384];
        ck_assert_uint_eq(a.report.undetermined, total);
        ck_assert_int_eq(whole->class, total ? FW_RULE_UNDETERMINED : FW_RULE_REDUNDANT);
        ck_assert_uint_eq(whole->nbecause, total ? 0 : 16384);
        parsed_clear(&a.parsed);
    }
    ck_assert_uint_gt(FW_LIMIT_ENGINE_TOTAL, FW_LIMIT_ENGINE_WORK);
    fw_buf_clear(&config);
}
END_TEST

/* Chains that call each other many times over grow beyond any size: refused, not attempted. */
START_TEST(a_policy_too_large_is_said)
{
    struct fw_buf config;
    struct analysed a;
    fw_buf_init(&config);
    ck_assert_int_gt(16 * 16 * 16 * 16 * 16 * 16, FW_LIMIT_ENGINE_BOXES); /* of C5's alone */
    fw_buf_add_cstr(&config, "*filter\n:INPUT DROP [0:0]\n:OUTPUT DROP [0:0]\n");
    for (int i = 0; i < 8; i++) {
        fw_buf_printf(&config, ":C%d - [0:0]\n", i);
    }
    fw_buf_add_cstr(&config, "-A INPUT -j C0\n-A OUTPUT -p tcp -j DROP\n");
    for (int i = 0; i < 8; i++) {
        for (int k = 0; k < 16; k++) {
            fw_buf_printf(&config, "-A C%d -j %s\n", i, i == 7 ? "LOG" : "");
            config.n -= i == 7 ? 0 : 1;
            if (i < 7) {
                fw_buf_printf(&config, "C%d\n", i + 1);
            }
        }
    }
    fw_buf_add_cstr(&config, "COMMIT\n");
    analyse(&a, &fw_parser_iptables_save, config.p, (struct fw_analysis_options){0});
    ck_assert_int_eq(a.report.policies[0].verdicts[0].class, FW_RULE_UNDETERMINED);
    ck_assert_int_eq(a.report.policies[2].verdicts[15].class, FW_RULE_UNDETERMINED);
    ck_assert_int_eq(a.report.policies[1].verdicts[0].class, FW_RULE_REDUNDANT);
    ck_assert_uint_eq(a.report.undetermined, 1 + 8 * 16);
    parsed_clear(&a.parsed);
    fw_buf_clear(&config);
}
END_TEST

/* Chains one deeper than a walk goes: what they hold proves nothing. */
START_TEST(chains_too_deep_prove_nothing)
{
    for (int more = 0; more <= 1; more++) {
        struct fw_buf config;
        struct fw_buf found;
        struct analysed a;
        fw_buf_init(&config);
        fw_buf_init(&found);
        fw_buf_add_cstr(&config, "*filter\n:FORWARD DROP [0:0]\n");
        int last = FW_LIMIT_CHAIN_DEPTH - 1 + more;
        for (int i = 1; i <= last; i++) {
            fw_buf_printf(&config, ":C%d - [0:0]\n", i);
        }
        fw_buf_add_cstr(&config, "-A FORWARD -j C1\n-A FORWARD -p tcp -j ACCEPT\n");
        for (int i = 1; i < last; i++) {
            fw_buf_printf(&config, "-A C%d -j C%d\n", i, i + 1);
        }
        fw_buf_printf(&config, "-A C%d -p tcp -j ACCEPT\nCOMMIT\n", last);
        analyse(&a, &fw_parser_iptables_save, config.p, (struct fw_analysis_options){0});
        const char *text = findings(&found, &a.report);
        ck_assert_msg((strstr(text, "FORWARD:2 redundant dead because C63:1") != NULL) == !more,
                      "%s", text);
        parsed_clear(&a.parsed);
        fw_buf_clear(&config);
        fw_buf_clear(&found);
    }
}
END_TEST

/* The rule at the end of the policy refuses like what is behind it; deleted, the device's own that
 * permits is back. */
START_TEST(instead_of_default)
{
    check(&fw_parser_panos,
          "set vsys vsys1 zone a network layer3 ethernet1/1\n"
          "set vsys vsys1 zone b network layer3 ethernet1/2\n"
          "set vsys vsys1 rulebase default-security-rules rules intrazone-default action deny\n",
          "");
}
END_TEST

Suite *fw_suite_analysis(void)
{
    Suite *suite = suite_create("analysis");
    TCase *tcase = tcase_create("all");
    tcase_set_timeout(tcase, 120);
    tcase_add_test(tcase, instead_of_default);
    tcase_add_test(tcase, unions_shadow);
    tcase_add_test(tcase, either_of_two_is_enough);
    tcase_add_test(tcase, final_deny_is_documentation);
    tcase_add_test(tcase, chains_are_walked);
    tcase_add_test(tcase, uncalled_chains_are_entries);
    tcase_add_test(tcase, what_is_unknown_proves_nothing);
    tcase_add_test(tcase, protocols_have_their_parts);
    tcase_add_test(tcase, interfaces_and_states);
    tcase_add_test(tcase, both_families);
    tcase_add_test(tcase, disabled_rules_do_nothing);
    tcase_add_test(tcase, threads_change_nothing);
    tcase_add_test(tcase, a_budget_that_runs_out_is_said);
    tcase_add_test(tcase, hard_rules_share_a_budget);
    tcase_add_test(tcase, a_policy_too_large_is_said);
    tcase_add_test(tcase, chains_too_deep_prove_nothing);
    suite_add_tcase(suite, tcase);
    return suite;
}
