/* Tests of iptables commands: what the shell does to them, and what is left open. */
#include <string.h>

#include "tests/unit/rulejson.h"
#include "tests/unit/rulesetparse.h"
#include "tests/unit/suites.h"

extern const struct fw_parser fw_parser_iptables_commands;

#define DROP_ALL "deny " ANY ALL TAIL
#define OPEN(word) "unknown " ANY ALL WIDE("\"" word "\"")

START_TEST(test_shell)
{
    static const struct {
        const char *text, *counts, *rule;
    } cases[] = {
        {"iptables -A INPUT -j DROP\n", "1/1/0/0/0", DROP_ALL},
        {"sudo /sbin/iptables -w 5 --table=filter -A INPUT -j DROP # all\n", "1/1/0/0/0", DROP_ALL},
        {"iptables -A \\\n INPUT \\\n -j DROP\n", "3/3/0/0/0", DROP_ALL},
        {"iptables -A 'INPUT' -j \"DR\"OP && echo done\n", "1/1/0/0/0", DROP_ALL},
        {"-P INPUT ACCEPT\n-A INPUT -j DROP\n", "2/2/0/0/0", DROP_ALL},
        {"iptables -A INPUT -s $PEER -j DROP\n", "1/0/0/1/0", OPEN("$PEER")},
        {"iptables -A INPUT -s \"$PEER\" -j DROP\n", "1/0/0/1/0", OPEN("\\\"$PEER\\\"")},
        {"iptables -A INPUT -m comment --comment '$PEER' -j DROP\n", "1/1/0/0/0",
         "deny " ANY ALL "\"comment\":\"$PEER\",\"hits\":null,\"exact\":true,\"unmodelled\":[]}"},
        {"if test -f x; then\niptables -A INPUT -j DROP\nfi\n", "3/0/2/1/0",
         OPEN("a condition of the script")},
        {"for x in a b; do\niptables -A INPUT -j DROP\ndone\n", "3/0/2/1/0",
         OPEN("a condition of the script")},
        {"while true; do break; done\niptables -A INPUT -j DROP\n", "2/1/0/1/0", DROP_ALL},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct parsed parsed;
        parsed_init(&parsed, &fw_parser_iptables_commands, cases[i].text);
        ck_assert_msg(strcmp(parsed_rule(&parsed, "INPUT", 1), cases[i].rule) == 0,
                      "%s\n  gives    %s\n  expected %s", cases[i].text,
                      parsed_rule(&parsed, "INPUT", 1), cases[i].rule);
        ck_assert_msg(strcmp(parsed_counts(&parsed), cases[i].counts) == 0, "%s gives %s",
                      cases[i].text, parsed_counts(&parsed));
        parsed_clear(&parsed);
    }
}
END_TEST

/* A listing of ip6tables says so by its addresses only, and names no table. */
START_TEST(test_listing)
{
    struct parsed parsed;
    parsed_init(&parsed, &fw_parser_iptables_commands,
                "-P INPUT DROP\n-A INPUT -s ::ffff:127.0.0.1/128 -j DROP\n## table nat\n"
                "-P POSTROUTING ACCEPT\n-A POSTROUTING -o eth0 -j MASQUERADE\n");
    ck_assert_uint_eq(parsed_policy(&parsed, "INPUT")->families, FW_FAMILY_BIT6);
    ck_assert_int_eq(parsed_policy(&parsed, "INPUT")->fallback, FW_ACTION_DENY);
    ck_assert_int_eq(parsed_policy(&parsed, "nat/POSTROUTING")->rules[0].action, FW_ACTION_SNAT);
    ck_assert_str_eq(parsed_counts(&parsed), "5/4/1/0/0");
    parsed_clear(&parsed);
}
END_TEST

START_TEST(test_hostile)
{
    parsed_mangled(
        &fw_parser_iptables_commands,
        "sudo iptables -t nat -A \"IN\"'P'\\\nUT -s $(x) -j `y`; if x | iptables -I A 1 -j "
        "B\nfi > z\n-A C -p tcp --dport 1:2 -j D # e\n");
}
END_TEST

Suite *fw_suite_iptables_commands(void)
{
    Suite *suite = suite_create("iptables_commands");
    TCase *tcase = tcase_create("iptables_commands");
    tcase_set_timeout(tcase, 120);
    tcase_add_test(tcase, test_shell);
    tcase_add_test(tcase, test_listing);
    tcase_add_test(tcase, test_hostile);
    suite_add_tcase(suite, tcase);
    return suite;
}
