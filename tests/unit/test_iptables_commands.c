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

/* What may not be run may change what is there: the policy, or all that stands in the chain. */
START_TEST(test_maybe)
{
    static const struct {
        const char *command;        /* after "-P INPUT DROP" and "-A INPUT -s 10.0.0.1 -j ACCEPT" */
        enum fw_verdict one, other; /* for 10.0.0.1, and for 10.0.0.2 */
    } cases[] = {
        {"true", FW_VERDICT_PERMIT, FW_VERDICT_DENY},
        {"iptables -P INPUT ACCEPT 2>/dev/null", FW_VERDICT_PERMIT, FW_VERDICT_PERMIT},
        {"iptables -F INPUT >> /var/log/fw &", FW_VERDICT_DENY, FW_VERDICT_DENY},
        {"iptables -A INPUT -j ACCEPT &>/dev/null", FW_VERDICT_PERMIT, FW_VERDICT_PERMIT},
        {"iptables -P INPUT ACCEPT >/dev/null 2>&1 < /dev/null", FW_VERDICT_PERMIT,
         FW_VERDICT_PERMIT},
        {"[ \"$1\" = stop ] && iptables -P INPUT ACCEPT", FW_VERDICT_PERMIT, FW_VERDICT_MAY},
        {"[ \"$1\" = stop ] &&\n\niptables -P INPUT ACCEPT", FW_VERDICT_PERMIT, FW_VERDICT_MAY},
        {"true || iptables -P INPUT ACCEPT; iptables -P INPUT DROP", FW_VERDICT_PERMIT,
         FW_VERDICT_DENY},
        {"test -f x && iptables -F", FW_VERDICT_MAY, FW_VERDICT_MAY},
        {"test -f x && { true; iptables -F; }; iptables -P INPUT ACCEPT", FW_VERDICT_MAY,
         FW_VERDICT_MAY},
        {"test -f x && { true; iptables -P INPUT ACCEPT; }; iptables -P INPUT DROP",
         FW_VERDICT_PERMIT, FW_VERDICT_DENY},
        {"test -f x && ( true\niptables -P INPUT ACCEPT )", FW_VERDICT_PERMIT, FW_VERDICT_MAY},
        {"stop() { iptables -P INPUT ACCEPT; iptables -F; }", FW_VERDICT_MAY, FW_VERDICT_MAY},
        {"stop ()\n{\n  case $1 in\n a) ;;\n esac\n iptables -P INPUT ACCEPT\n}", FW_VERDICT_PERMIT,
         FW_VERDICT_MAY},
        {"function stop {\n iptables -P INPUT ACCEPT\n}\niptables -P INPUT DROP", FW_VERDICT_PERMIT,
         FW_VERDICT_DENY},
        {"{ true; iptables -P INPUT ACCEPT; }", FW_VERDICT_PERMIT, FW_VERDICT_PERMIT},
        {"if true; then iptables -D INPUT 1; fi", FW_VERDICT_MAY, FW_VERDICT_MAY},
        {"if true; then iptables -I INPUT -j DROP; fi", FW_VERDICT_MAY, FW_VERDICT_MAY},
        {"if true; then iptables -A INPUT -j DROP; fi", FW_VERDICT_PERMIT, FW_VERDICT_MAY},
        {"iptables -P INPUT $POLICY", FW_VERDICT_PERMIT, FW_VERDICT_MAY},
        {"for c in INPUT FORWARD; do iptables -P $c ACCEPT; done", FW_VERDICT_PERMIT,
         FW_VERDICT_MAY},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct parsed parsed;
        struct fw_trace trace;
        struct fw_buf text;
        fw_buf_init(&text);
        fw_buf_printf(&text,
                      "iptables -P INPUT DROP\niptables -A INPUT -s 10.0.0.1 -j ACCEPT\n%s\n",
                      cases[i].command);
        parsed_init(&parsed, &fw_parser_iptables_commands, text.p);
        enum fw_verdict one = parsed_trace(&parsed, "tcp 10.0.0.1:1024 -> 192.0.2.1:22 hook=input",
                                           &trace);
        enum fw_verdict other = parsed_trace(
            &parsed, "tcp 10.0.0.2:1024 -> 192.0.2.1:22 hook=input", &trace);
        ck_assert_msg(one == cases[i].one && other == cases[i].other, "%s: %s, %s",
                      cases[i].command, fw_verdict_name(one), fw_verdict_name(other));
        parsed_clear(&parsed);
        fw_buf_clear(&text);
    }
}
END_TEST

/* A word takes the memory of its letters, however long its line is. */
START_TEST(test_memory)
{
    struct parsed parsed = {.diags = fw_diags_new()};
    struct fw_buf text;
    fw_buf_init(&text);
    fw_buf_add_cstr(&text, "for a in");
    for (int i = 0; i < 20000; i++) {
        fw_buf_printf(&text, " 10.%d.%d.1", i / 250, i % 250);
    }
    fw_buf_add_cstr(&text, "; do\niptables -A INPUT -s $a -j DROP\ndone\n");
    fw_doc_init(&parsed.doc, FW_SV("test"), parsed.diags);
    fw_doc_set_text(&parsed.doc, fw_sv_of(text.p, text.n));
    parsed.doc.scratch.budget = 16 << 20;
    ck_assert_int_eq(fw_ruleset_parse(&parsed.doc, &fw_parser_iptables_commands, &parsed.ruleset),
                     FW_OK);
    ck_assert_str_eq(parsed_counts(&parsed), "3/0/2/1/0");
    parsed_clear(&parsed);
    fw_buf_clear(&text);
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
    tcase_add_test(tcase, test_maybe);
    tcase_add_test(tcase, test_memory);
    tcase_add_test(tcase, test_hostile);
    suite_add_tcase(suite, tcase);
    return suite;
}
