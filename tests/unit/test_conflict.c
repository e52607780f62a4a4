/* Rules in conflict: what counts, what does not, and how many pairs there may be. */
#include "core/limits.h"
#include "policy/conflict.h"
#include "tests/unit/rulesetparse.h"
#include "tests/unit/suites.h"

extern const struct fw_parser fw_parser_iptables_save;

static bool all(void *context, const struct fw_policy *policy, const struct fw_rule *rule)
{
    (void)context;
    (void)policy;
    return rule->comment.n == 0;
}

/* "FORWARD:3 FORWARD:1 FORWARD:2(within)", one line a rule. */
static void expect(const char *rules, const char *expected)
{
    struct parsed parsed;
    struct fw_buf text;
    struct fw_buf got;
    fw_buf_init(&text);
    fw_buf_init(&got);
    fw_buf_printf(&text,
                  "*filter\n:INPUT DROP [0:0]\n:FORWARD DROP [0:0]\n:OUTPUT DROP [0:0]\n"
                  ":LOGDROP - [0:0]\n:WEB - [0:0]\n%sCOMMIT\n",
                  rules);
    parsed_init(&parsed, &fw_parser_iptables_save, text.p);
    struct fw_conflicts conflicts;
    fw_conflicts_find(&parsed.doc.arena, &parsed.ruleset, all, NULL, &conflicts);
    for (size_t i = 0; i < conflicts.n; i++) {
        const struct fw_rule_conflicts *one = &conflicts.v[i];
        fw_buf_printf(&got, "%.*s:%u", FW_SV_ARG(one->policy->name), one->rule->position);
        for (size_t k = 0; k < one->nearlier; k++) {
            const struct fw_earlier *earlier = &one->earlier[k];
            fw_buf_printf(&got, " %.*s:%u%s%s", FW_SV_ARG(earlier->policy->name),
                          earlier->rule->position, earlier->within ? "(within)" : "",
                          earlier->certainty == FW_PROVEN ? "" : "?");
        }
        fw_buf_add_char(&got, '\n');
    }
    ck_assert_uint_eq(conflicts.undecided, 0);
    ck_assert_msg(fw_sv_is(fw_buf_sv(&got), expected), "%.*s", FW_SV_ARG(fw_buf_sv(&got)));
    fw_buf_clear(&got);
    fw_buf_clear(&text);
    parsed_clear(&parsed);
}

START_TEST(overlaps)
{
    expect("-A FORWARD -s 10.0.0.0/8 -j DROP\n"
           "-A FORWARD -d 192.0.2.1 -p tcp -j ACCEPT\n"
           "-A FORWARD -s 10.1.0.0/16 -p udp -j ACCEPT\n" /* dead: the caller's business */
           "-A FORWARD -s 172.16.0.0/12 -j DROP\n",
           "FORWARD:2 FORWARD:1\nFORWARD:3 FORWARD:1\nFORWARD:4 FORWARD:2\n");
    expect("-A FORWARD -s 10.0.0.1 -j DROP\n-A FORWARD -s 10.0.0.0/8 -j ACCEPT\n",
           "FORWARD:2 FORWARD:1(within)\n");
    expect("-A FORWARD -s 10.0.0.0/8 -j DROP\n-A FORWARD -s 10.0.0.0/8 -j REJECT\n",
           "FORWARD:2 FORWARD:1(within)\n");
}
END_TEST

START_TEST(no_conflicts)
{
    /* Only packets of connections that exist already. */
    expect("-A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT\n"
           "-A FORWARD -s 10.0.0.0/8 -j DROP\n"
           "-A FORWARD -m conntrack --ctstate INVALID -j DROP\n"
           "-A FORWARD -d 192.0.2.1 -m conntrack --ctstate NEW -j ACCEPT\n",
           "FORWARD:4 FORWARD:2\n");
    /* The final refusal, directly and by a chain; a rule that explains itself. */
    expect("-A FORWARD -s 10.0.0.0/8 -j ACCEPT\n-A FORWARD -j LOGDROP\n-A INPUT -p tcp -j ACCEPT\n"
           "-A INPUT -j REJECT\n-A LOGDROP -j LOG\n-A LOGDROP -j DROP\n",
           "");
    expect("-A FORWARD -s 10.0.0.0/8 -m comment --comment why -j DROP\n"
           "-A FORWARD -d 192.0.2.1 -j ACCEPT\n",
           "");
}
END_TEST

/* A call to a chain that always says the same is a rule of that action. */
START_TEST(calls)
{
    expect("-A FORWARD -s 10.0.0.0/8 -j LOGDROP\n-A FORWARD -d 192.0.2.1 -j ACCEPT\n"
           "-A FORWARD -s 172.16.0.0/12 -j LOGDROP\n-A LOGDROP -j LOG\n-A LOGDROP -j DROP\n",
           "FORWARD:2 FORWARD:1\nFORWARD:3 FORWARD:2\n");
    /* Another chain's rules speak for themselves. */
    expect("-A FORWARD -p tcp -j WEB\n-A FORWARD -s 10.0.0.0/8 -j DROP\n-A FORWARD -j ACCEPT\n"
           "-A WEB -d 192.0.2.1 -j ACCEPT\n",
           "FORWARD:2 WEB:1\nFORWARD:3 FORWARD:2(within)\n");
    expect("-A FORWARD -m set --match-set bad src -j DROP\n-A FORWARD -d 192.0.2.1 -j ACCEPT\n",
           "FORWARD:2 FORWARD:1?\n");
}
END_TEST

/* FW_LIMIT_CONFLICT_PAIRS: every rule is still decided, but names only some of the others. */
START_TEST(too_many)
{
    enum { EACH = 2100 };
    struct parsed parsed;
    struct fw_buf text;
    fw_buf_init(&text);
    fw_buf_add_cstr(&text, "*filter\n:FORWARD DROP [0:0]\n");
    for (int i = 0; i < 2 * EACH; i++) {
        fw_buf_printf(&text, "-A FORWARD -%c 10.0.0.0/8 -j %s\n", i < EACH ? 's' : 'd',
                      i < EACH ? "DROP" : "ACCEPT");
    }
    fw_buf_add_cstr(&text, "COMMIT\n");
    ck_assert_uint_gt((uint64_t)EACH * EACH, FW_LIMIT_CONFLICT_PAIRS);
    parsed_init(&parsed, &fw_parser_iptables_save, text.p);
    struct fw_conflicts conflicts;
    fw_conflicts_find(&parsed.doc.arena, &parsed.ruleset, all, NULL, &conflicts);
    ck_assert_uint_eq(conflicts.n, EACH);
    ck_assert_uint_eq(conflicts.more, EACH);
    ck_assert_uint_eq(conflicts.undecided, 0);
    ck_assert_uint_eq(conflicts.v[0].rule->position, EACH + 1);
    ck_assert(conflicts.v[0].more);
    ck_assert_uint_eq(conflicts.v[0].nearlier, 8);
    parsed_clear(&parsed);
    fw_buf_clear(&text);
}
END_TEST

Suite *fw_suite_conflict(void)
{
    Suite *suite = suite_create("conflict");
    TCase *tests = tcase_create("conflict");
    tcase_set_timeout(tests, 120);
    tcase_add_test(tests, overlaps);
    tcase_add_test(tests, no_conflicts);
    tcase_add_test(tests, calls);
    tcase_add_test(tests, too_many);
    suite_add_tcase(suite, tests);
    return suite;
}
