/* Tests of pf.conf as rules: conditions, macros and lists, the last match, translation. */
#include <stdio.h>

#include "tests/unit/rulejson.h"
#include "tests/unit/rulesetparse.h"
#include "tests/unit/suites.h"

extern const struct fw_parser fw_parser_pf;

/* Rules on states and flags come before those of the file. */
enum { OWN = 2 };

#define HEAD \
    "ext = \"em0\"\nlist = \"{ 192.0.2.1, 192.0.2.2 }\"\ntable <net> { 192.0.2.0/24 }\n" \
    "table <moving> persist { 192.0.2.0/24 }\ntable <holes> { 10.0.0.0/8 !10.1.0.0/16 }\n" \
    "list2 = \"{ em0 em1 }\"\n"
#define FROM(addresses) IFS "\"source\":" addresses ",\"destination\":\"any\","
#define PORTS(text) SVC("any", "any", text, "")

START_TEST(test_conditions)
{
    static const struct {
        const char *rule, *json;
    } cases[] = {
        {"pass in all", "permit " ANY ALL TAIL},
        {"block in", "deny " ANY ALL TAIL},
        {"block return in log quick on $ext inet from any to any",
         "reject \"in\":\"em0\",\"out\":\"any\",\"source\":[\"0.0.0.0/0\"],\"destination\":"
         "\"any\"," ALL TAIL},
        {"pass in on { em0, em1 } from $list",
         "permit \"in\":\"em0,em1\",\"out\":\"any\",\"source\":[\"192.0.2.1-192.0.2.2\"],"
         "\"destination\":\"any\"," ALL TAIL},
        {"pass in on ! em0 from ! 128.0.0.0/1",
         "permit \"in\":\"!em0\",\"out\":\"any\",\"source\":[\"0.0.0.0/1\",\"::/0\"],"
         "\"destination\":\"any\"," ALL TAIL},
        {"pass in from <net> to any", "permit " FROM("[\"192.0.2.0/24\"]") ALL TAIL},
        {"pass in from <moving> to any", "permit " ANY ALL WIDE("\"source table moving\"")},
        {"pass in from <holes> to any", "permit " ANY ALL WIDE("\"source table holes\"")},
        {"pass in from 192.0.2.1 - 192.0.2.9",
         "permit " FROM("[\"192.0.2.1-192.0.2.9\"]") ALL TAIL},
        {"pass in to (em0)", "permit " ANY ALL WIDE("\"destination address of em0\"")},
        {"pass in to self", "permit " ANY ALL WIDE("\"destination self\"")},
        {"pass in from { 10/8 }", "permit " ANY ALL WIDE("\"source host 10/8\"")},
        {"pass in proto { tcp udp } from any port 53 to any",
         "permit " ANY SVC("tcp,udp", "53", "any", "") TAIL},
        {"pass in proto tcp to any port { 22 80:90 >= 65000 }",
         "permit " ANY SVC("tcp", "any", "22,80-90,65000-65535", "") TAIL},
        {"pass in to any port 10 >< 20", "permit " ANY PORTS("11-19") TAIL},
        {"pass in to any port 10 <> 20", "permit " ANY PORTS("0-9,21-65535") TAIL},
        {"pass in to any port != ssh", "permit " ANY PORTS("0-21,23-65535") TAIL},
        {"pass in to any port < 10", "permit " ANY PORTS("0-9") TAIL},
        {"pass in to any port 1024:", "permit " ANY PORTS("1024-65535") TAIL},
        {"pass in proto icmp icmp-type { echoreq, 3 code 4 }",
         "permit " ANY SVC("icmp", "any", "any", ",\"icmp\":\"3/4,8\"") TAIL},
        {"pass in proto tcp flags S/SA keep state (source-track rule)",
         "permit " ANY SVC(
             "tcp", "any", "any",
             ",\"tcp_flags\":\"2-3,6-7,10-11,14-15,34-35,38-39,42-43,46-47,66-67,70-71,74-75,78-79,"
             "98-99,102-103,106-107,110-111,130-131,134-135,138-139,142-143,162-163,166-167,170-"
             "171,174-175,194-195,198-199,202-203,206-207,226-227,230-231,234-235,238-239\"") TAIL},
        {"pass in keep state (max 10)", "permit " ANY ALL WIDE("\"state limit max\"")},
        {"pass in tagged BLUE queue (a, b) tag RED label \"tag x\"",
         "permit " ANY ALL "\"comment\":\"tag x\",\"hits\":null,\"exact\":false,\"unmodelled\":["
         "\"tagged BLUE\"]}"},
        {"pass in route-to { ( em1 192.0.2.1 ), ( em2 192.0.2.2 ) } round-robin from any",
         "permit " ANY ALL TAIL},
        /* Conditions that differ must not read alike. */
        {"pass in from { ! 192.0.2.1, ! 192.0.2.2 }",
         "permit " ANY ALL WIDE("\"from { ! 192.0.2.1 , ! 192.0.2.2 }\"")},
        {"pass in proto tcp from any os { \"A\", \"B\" }",
         "permit " ANY SVC("tcp", "any", "any", "") WIDE("\"os { A , B }\"")},
        {"pass in user { root www }", "permit " ANY ALL WIDE("\"user { root www }\"")},
        {"pass in user != root", "permit " ANY ALL WIDE("\"user != root\"")},
        {"pass in user 1000 >< 2000", "permit " ANY ALL WIDE("\"user 1000 >< 2000\"")},
        {"pass in ! received-on em0", "permit " ANY ALL WIDE("\"! received-on em0\"")},
        {"pass in proto icmp icmp-type unreach code needfrag",
         "permit " ANY SVC("icmp", "any", "any", "") WIDE("\"icmp-type unreach code needfrag\"")},
        {"antispoof for { em0 em1 }",
         "deny " ANY ALL WIDE("\"spoofs the network of { em0 em1 }\"")},
        {"pass in on { $list2, em2 }",
         "permit \"in\":\"em0,em1,em2\",\"out\":\"any\"," ADDRS ALL TAIL},
        {"pass in on { em0, any }", "permit " ANY ALL TAIL},
        /* A group of interfaces, whose members no file names. */
        {"pass in on egress", "permit " ANY ALL WIDE("\"in interface group egress\"")},
        {"pass in on ! egress", "permit " ANY ALL WIDE("\"in interface group egress\"")},
        {"pass in on lo", "permit \"in\":\"lo+\",\"out\":\"any\"," ADDRS ALL TAIL},
        {"pass in on { ! em0 }", "permit \"in\":\"!em0\",\"out\":\"any\"," ADDRS ALL TAIL},
        {"pass in on { ! em0, ! em1 }", "permit " ANY ALL WIDE("\"on { ! em0 , ! em1 }\"")},
        {"pass in set prio 6 user root", "permit " ANY ALL WIDE("\"user root\"")},
        {"pass in set ( tos lowdelay, prio ( 2, 5 ) )", "permit " ANY ALL TAIL},
        {"anchor \"x\" in from <net>",
         "unknown " FROM("[\"192.0.2.0/24\"]") ALL WIDE("\"anchor x\"")},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char text[1024];
        struct parsed parsed;
        snprintf(text, sizeof(text), HEAD "%s\n", cases[i].rule);
        parsed_init(&parsed, &fw_parser_pf, text);
        ck_assert_str_eq(parsed_rule(&parsed, "in", OWN + 1), cases[i].json);
        ck_assert_str_eq(parsed_counts(&parsed), "7/7/0/0/0");
        parsed_clear(&parsed);
    }
}
END_TEST

/* The last one decides; a quick one ends the search; nothing at all passes. */
START_TEST(test_last)
{
    static const char text[] = "block in on em0\npass in on em0 proto tcp to any port { 22 80 }\n"
                               "block in quick on em0 proto tcp to any port 80\n"
                               "pass in on em0 proto tcp to any port 80\n";
    static const struct {
        const char *packet;
        enum fw_verdict verdict;
    } cases[] = {
        {"tcp 192.0.2.5:1024 -> 203.0.113.1:22 in=em0", FW_VERDICT_PERMIT},
        {"tcp 192.0.2.5:1024 -> 203.0.113.1:23 in=em0", FW_VERDICT_DENY},
        {"tcp 192.0.2.5:1024 -> 203.0.113.1:80 in=em0", FW_VERDICT_DENY},
        {"tcp 192.0.2.5:1024 -> 203.0.113.1:23 in=em1", FW_VERDICT_PERMIT},
    };
    struct parsed parsed;
    parsed_init(&parsed, &fw_parser_pf, text);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char packet[200];
        struct fw_trace trace;
        snprintf(packet, sizeof(packet), "%s out=em2 state=new flags=syn hook=forward",
                 cases[i].packet);
        ck_assert_msg(parsed_trace(&parsed, packet, &trace) == cases[i].verdict, "%s: %d", packet,
                      trace.verdict);
    }
    parsed_clear(&parsed);
}
END_TEST

START_TEST(test_translation)
{
    static const char text[] =
        "nat on em0 inet from 192.0.2.0/24 to any -> (em0)\n"
        "rdr on em0 proto tcp from any to 198.51.100.2 port 443 -> 192.0.2.80 port 8443\n"
        "binat on em0 from 192.0.2.5 to any -> 198.51.100.5\nno nat on em0 from any to any\n"
        "pass in on em0 to 198.51.100.3 rdr-to 192.0.2.3\n";
    struct parsed parsed;
    parsed_init(&parsed, &fw_parser_pf, text);
    const struct fw_policy *in = parsed_policy(&parsed, "nat/in");
    const struct fw_policy *out = parsed_policy(&parsed, "nat/out");
    ck_assert_uint_eq(in->n, 2);
    ck_assert_uint_eq(out->n, 3);
    ck_assert(out->rules[0].nat.own_address && fw_rule_exact(&out->rules[0]));
    ck_assert(fw_ip_eq(in->rules[0].nat.to.lo, fw_ip4(0xc0000250)));
    ck_assert_uint_eq(in->rules[0].nat.port_lo, 8443);
    ck_assert(out->rules[1].nat.both_ways && out->rules[1].nat.paired);
    ck_assert_int_eq(out->rules[2].action, FW_ACTION_PERMIT);
    ck_assert(!fw_rule_exact(&in->rules[1])); /* which of several translates */
    ck_assert_str_eq(parsed_counts(&parsed), "5/5/0/0/0");
    parsed_clear(&parsed);
}
END_TEST

/* What is not read stays in the list as a rule that may decide anything. */
START_TEST(test_unread)
{
    static const struct {
        const char *text, *counts;
    } cases[] = {
        {"include \"/etc/x\"\n", "1/0/0/1/0"},
        {"nonsense\n", "1/0/0/0/1"},
        {"pass in on $none\n", "1/0/0/0/1"},
        {"pass in wonder\n", "1/0/0/1/0"},
        {"pass in from 10.0.0.9 - 10.0.0.1\n", "1/0/0/0/1"},
        {"pass in ! keep state\n", "1/0/0/0/1"},
        {"antispoof em0\n", "1/0/0/0/1"},
        {"pass in on { em0 em1\nblock in quick all\n", "2/0/0/0/2"}, /* a list without an end */
        {"pass in on em0 { em1 }\n", "1/0/0/0/1"},
        {"pass out\nanchor x on em0 {\n pass\nblock all\n", "4/1/0/3/0"},
        {"set skip on egress\n", "1/1/0/0/0"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct parsed parsed;
        parsed_init(&parsed, &fw_parser_pf, cases[i].text);
        const struct fw_policy *in = parsed_policy(&parsed, "in");
        bool wide = false;
        for (size_t k = OWN; k < in->n; k++) {
            wide = wide || !fw_rule_exact(&in->rules[k]);
        }
        ck_assert_msg(wide, "%s", cases[i].text);
        ck_assert_str_eq(parsed_counts(&parsed), cases[i].counts);
        parsed_clear(&parsed);
    }
    struct parsed parsed;
    parsed_init(&parsed, &fw_parser_pf, ""); /* has no line that a rule could be of */
    ck_assert_uint_eq(parsed_policy(&parsed, "in")->n, 0);
    parsed_clear(&parsed);
    parsed_init(&parsed, &fw_parser_pf,
                "set limit states 1\nscrub in all\nset skip on lo0\n"
                "anchor x {\n pass in\n}\npass out\n");
    ck_assert_str_eq(parsed_counts(&parsed), "7/2/2/3/0");
    parsed_clear(&parsed);
}
END_TEST

/* Macros of macros must not grow without end. */
START_TEST(test_bomb)
{
    static char text[4096];
    size_t n = (size_t)snprintf(text, sizeof(text), "a0 = \"{ 192.0.2.1 192.0.2.2 }\"\n");
    struct parsed parsed;
    for (int i = 1; i < 40; i++) {
        n += (size_t)snprintf(text + n, sizeof(text) - n, "a%d = \"$a%d $a%d\"\n", i, i - 1, i - 1);
    }
    snprintf(text + n, sizeof(text) - n, "pass in from { $a39 }\n");
    parsed_init(&parsed, &fw_parser_pf, text);
    ck_assert(!fw_rule_exact(&parsed_policy(&parsed, "in")->rules[OWN]) ||
              parsed_policy(&parsed, "in")->n > OWN + 1);
    parsed_clear(&parsed);
    parsed_mangled(&fw_parser_pf,
                   HEAD "pass in quick on $ext proto tcp from ! <net> to { 10.0.0.1 - 10.0.0.9 } "
                        "port { 1:2 >< 3 } flags S/SA keep state (max 1) label \"x\"\n"
                        "nat on em0 from any to any -> { 1.2.3.4 } port 1:2\nanchor a {\n}\n");
}
END_TEST

Suite *fw_suite_pf(void)
{
    Suite *suite = suite_create("pf");
    TCase *tcase = tcase_create("pf");
    tcase_set_timeout(tcase, 120);
    tcase_add_test(tcase, test_conditions);
    tcase_add_test(tcase, test_last);
    tcase_add_test(tcase, test_translation);
    tcase_add_test(tcase, test_unread);
    tcase_add_test(tcase, test_bomb);
    suite_add_tcase(suite, tcase);
    return suite;
}
