/* Tests of nftables as rules: what each comparison means, scripts, and both spellings. */
#include <stdio.h>

#include "core/limits.h"
#include "tests/unit/rulejson.h"
#include "tests/unit/rulesetparse.h"
#include "tests/unit/suites.h"

extern const struct fw_parser fw_parser_nftables;
extern const struct fw_parser fw_parser_nftables_json;

static void check_family(const char *family, const struct rule_case *cases, size_t n)
{
    char head[512];
    snprintf(head, sizeof(head),
             "table %s t {\nset good { type ipv4_addr; elements = { 192.0.2.1 }; }\n"
             "set moving { type ipv4_addr; flags dynamic; }\nchain other { }\n"
             "chain c {\ntype filter hook forward priority 0; policy drop;\n",
             family);
    const struct rule_frame frame = {&fw_parser_nftables, head, "\n}\n}\n", "t/c", "9/9/0/0/0"};
    check_rules(&frame, cases, n);
}

START_TEST(test_fields)
{
    static const struct rule_case cases[] = {
        {"drop", "deny " ANY ALL TAIL},
        {"reject with tcp reset", "reject " ANY ALL TAIL},
        {"jump other", "jump " ANY ALL TAIL},
        {"counter packets 7 bytes 420 accept",
         "permit " ANY ALL "\"comment\":\"\",\"hits\":7,\"exact\":true,\"unmodelled\":[]}"},
        {"ip saddr 10.0.0.0/8 accept", "permit \"in\":\"any\",\"out\":\"any\",\"source\":"
                                       "[\"10.0.0.0/8\"],\"destination\":\"any\"," ALL TAIL},
        {"ip saddr != { 0.0.0.0/1, 192.0.0.0/2 } accept",
         "permit \"in\":\"any\",\"out\":\"any\",\"source\":[\"128.0.0.0/2\"],"
         "\"destination\":\"any\"," ALL TAIL},
        {"ip saddr & 255.255.255.253 == 10.0.0.1 drop",
         "deny \"in\":\"any\",\"out\":\"any\",\"source\":[\"10.0.0.1\",\"10.0.0.3\"],"
         "\"destination\":\"any\"," ALL TAIL},
        {"ip saddr @good accept", "permit \"in\":\"any\",\"out\":\"any\",\"source\":"
                                  "[\"192.0.2.1\"],\"destination\":\"any\"," ALL TAIL},
        {"ip saddr @moving accept",
         "permit \"in\":\"any\",\"out\":\"any\",\"source\":[\"0.0.0.0/0\"],"
         "\"destination\":\"any\"," ALL WIDE("\"ip saddr @moving\"")},
        {"ip6 daddr 2001:db8::1-2001:db8::2 accept",
         "permit \"in\":\"any\",\"out\":\"any\",\"source\":[\"::/0\"],"
         "\"destination\":[\"2001:db8::1-2001:db8::2\"]," ALL TAIL},
        {"iifname \"eth*\" oifname != { \"wan\", \"lan\" } accept",
         "permit \"in\":\"eth+\",\"out\":\"!lan,wan\",\"source\":\"any\","
         "\"destination\":\"any\"," ALL TAIL},
        {"meta nfproto ipv6 accept", "permit \"in\":\"any\",\"out\":\"any\",\"source\":[\"::/0\"],"
                                     "\"destination\":\"any\"," ALL TAIL},
        {"meta protocol arp accept", "permit \"in\":\"any\",\"out\":\"any\",\"source\":[],"
                                     "\"destination\":[],\"service\":[]," TAIL},
        {"tcp dport { 22, 8000-8999, http } accept",
         "permit " ANY SVC("tcp", "any", "22,80,8000-8999", "") TAIL},
        {"udp sport != 53 accept", "permit " ANY SVC("udp", "0-52,54-65535", "any", "") TAIL},
        {"tcp dport > 1023 accept", "permit " ANY SVC("tcp", "any", "1024-65535", "") TAIL},
        {"tcp dport <= 1023 accept", "permit " ANY SVC("tcp", "any", "0-1023", "") TAIL},
        {"meta l4proto { tcp, 47 } accept", "permit " ANY SVC("tcp,gre", "any", "any", "") TAIL},
        {"icmp type { echo-request, 3 } accept",
         "permit " ANY SVC("icmp", "any", "any", ",\"icmp\":\"3,8\"") TAIL},
        {"icmpv6 type nd-redirect icmpv6 code 0 accept",
         "permit " ANY SVC("ipv6-icmp", "any", "any", ",\"icmp\":\"137/0\"") TAIL},
        {"ct state established,related accept",
         "permit " ANY SVC("any", "any", "any", ",\"state\":\"established,related\"") TAIL},
        {"ct state != new accept",
         "permit " ANY SVC("any", "any", "any",
                           ",\"state\":\"established,related,invalid,untracked\"") TAIL},
        {"tcp flags == syn accept",
         "permit " ANY SVC("tcp", "any", "any", ",\"tcp_flags\":\"2\"") TAIL},
        {"tcp flags & (cwr|ecn|urg|ack|psh|rst|syn|fin) == syn|ack accept",
         "permit " ANY SVC("tcp", "any", "any", ",\"tcp_flags\":\"18\"") TAIL},
        {"tcp flags { syn, ack } accept",
         "permit " ANY SVC("tcp", "any", "any", ",\"tcp_flags\":\"2,16\"") TAIL},
        {"tcp flags syn / fin,syn,rst,psh,ack,urg,ecn,cwr accept",
         "permit " ANY SVC("tcp", "any", "any", ",\"tcp_flags\":\"2\"") TAIL},
        {"ip saddr . tcp dport { 10.0.0.1 . 80, 10.0.0.2 . 80 } accept",
         "permit \"in\":\"any\",\"out\":\"any\",\"source\":[\"10.0.0.1\",\"10.0.0.2\"],"
         "\"destination\":\"any\"," SVC("tcp", "any", "80", "") TAIL},
    };
    check_family("inet", cases, sizeof(cases) / sizeof(cases[0]));
}
END_TEST

/* What is not modelled keeps its words, and the rule its upper bound. */
START_TEST(test_widened)
{
    static const struct rule_case cases[] = {
        {"limit rate over 10/second burst 20 packets drop",
         "deny " ANY ALL WIDE("\"limit rate over 10/second burst 20 packets\"")},
        {"ct status dnat accept", "permit " ANY ALL WIDE("\"ct status dnat\"")},
        {"ct status != dnat accept", "permit " ANY ALL WIDE("\"ct status dnat\"")},
        {"meta mark 0x10 accept", "permit " ANY ALL WIDE("\"meta mark 0x10/0xffffffff\"")},
        {"meta mark & 0xff == 1 accept", "permit " ANY ALL WIDE("\"meta mark 0x1/0xff\"")},
        {"ip frag-off & 0x1fff != 0 drop", "deny " ANY ALL WIDE("\"fragment\"")},
        {"fib daddr type local accept", "permit " ANY ALL WIDE("\"fib daddr type local\"")},
        {"fib saddr . iif oif missing drop",
         "deny " ANY ALL WIDE("\"fib saddr . iif oif missing\"")},
        {"meta hour \"08:00\"-\"18:00\" accept",
         "permit " ANY ALL WIDE("\"meta hour 08:00-18:00\"")},
        {"ip saddr . ip daddr != { 10.0.0.1 . 10.0.0.2 } drop",
         "deny " ANY ALL WIDE("\"ip saddr . ip daddr { 10.0.0.1 . 10.0.0.2 }\"")},
        {"queue num 3", "unknown " ANY ALL WIDE("\"queue num 3\"")},
        {"th dport 53 accept",
         "permit " ANY
         "\"service\":[{\"protocol\":\"tcp,udp,dccp,sctp,udplite\",\"source_port\":\"any\","
         "\"destination_port\":\"53\"},{\"protocol\":\"0-5,7-16,18-32,34-131,133-135,137-255\","
         "\"source_port\":\"any\",\"destination_port\":\"any\"}]," WIDE("\"th dport 53\"")},
    };
    check_family("ip", cases, sizeof(cases) / sizeof(cases[0]));
}
END_TEST

/* Chains of one hook come one after the other: an accept is not the end, a drop is. */
START_TEST(test_hooks)
{
    static const char text[] =
        "table inet early {\n chain c { type filter hook input priority -10; policy accept;\n"
        "  tcp dport 23 drop\n  tcp dport 80 accept\n }\n}\n"
        "table inet late {\n chain c { type filter hook input priority 10; policy drop;\n"
        "  tcp dport vmap { 22 : goto ssh, 25 : return, * : continue }\n"
        "  tcp dport { 23, 25, 443 } accept\n }\n chain ssh { ip saddr 10.0.0.1 accept; }\n}\n";
    static const struct {
        const char *flow;
        enum fw_verdict verdict;
    } cases[] = {
        {"tcp 10.0.0.1:1024 -> 192.0.2.1:23 hook=input", FW_VERDICT_DENY},
        {"tcp 10.0.0.1:1024 -> 192.0.2.1:80 hook=input", FW_VERDICT_DENY},
        {"tcp 10.0.0.1:1024 -> 192.0.2.1:443 hook=input", FW_VERDICT_PERMIT},
        {"tcp 10.0.0.1:1024 -> 192.0.2.1:22 hook=input", FW_VERDICT_PERMIT},
        {"tcp 10.0.0.2:1024 -> 192.0.2.1:22 hook=input", FW_VERDICT_DENY},
        {"tcp 10.0.0.1:1024 -> 192.0.2.1:25 hook=input", FW_VERDICT_DENY},
    };
    struct parsed parsed;
    parsed_init(&parsed, &fw_parser_nftables, text);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct fw_trace trace;
        enum fw_verdict verdict = parsed_trace(&parsed, cases[i].flow, &trace);
        ck_assert_msg(verdict == cases[i].verdict, "%s: %s", cases[i].flow,
                      fw_verdict_name(verdict));
    }
    parsed_clear(&parsed);
}
END_TEST

static const char listing[] =
    "{\"nftables\":[{\"table\":{\"family\":\"ip\",\"name\":\"filter\",\"handle\":1}},"
    "{\"chain\":{\"family\":\"ip\",\"table\":\"filter\",\"name\":\"c\",\"type\":\"filter\","
    "\"hook\":\"forward\",\"prio\":0,\"policy\":\"drop\"}},"
    "{\"rule\":{\"family\":\"ip\",\"table\":\"filter\",\"chain\":\"c\",\"handle\":4,"
    "\"comment\":\"why\",\"expr\":[{\"match\":{\"op\":\"==\",\"left\":{\"payload\":{\"protocol\":"
    "\"ip\",\"field\":\"saddr\"}},\"right\":{\"set\":[{\"prefix\":{\"addr\":\"10.0.0.0\","
    "\"len\":8}},\"192.0.2.1\"]}}},{\"match\":{\"op\":\"!=\",\"left\":{\"payload\":{"
    "\"protocol\":\"tcp\",\"field\":\"dport\"}},\"right\":{\"range\":[1,1023]}}},"
    "{\"counter\":{\"packets\":3,\"bytes\":9}},{\"accept\":null}]}}]}";

START_TEST(test_json)
{
    struct parsed parsed;
    parsed_init(&parsed, &fw_parser_nftables_json, listing);
    ck_assert_str_eq(parsed_rule(&parsed, "c", 1),
                     "permit \"in\":\"any\",\"out\":\"any\",\"source\":[\"10.0.0.0/8\","
                     "\"192.0.2.1\"],\"destination\":\"any\"," SVC(
                         "tcp", "any", "0,1024-65535",
                         "") "\"comment\":\"why\",\"hits\":3,\"exact\":true,\"unmodelled\":[]}");
    ck_assert(fw_sv_is(parsed_policy(&parsed, "c")->rules[0].id, "4"));
    ck_assert_int_eq(parsed_policy(&parsed, "c")->fallback, FW_ACTION_DENY);
    parsed_clear(&parsed);
}
END_TEST

/* Nesting ends at CONFIG_DEPTH, and variables may not multiply beyond GROUP_MEMBERS. */
START_TEST(test_limits)
{
    struct fw_buf text;
    struct parsed parsed;
    fw_buf_init(&text);
    fw_buf_add_cstr(&text, "table ip t {\nchain c {\nmeta mark & ");
    for (size_t i = 0; i < FW_LIMIT_CONFIG_DEPTH + 1; i++) {
        fw_buf_add_cstr(&text, "(");
    }
    fw_buf_add_cstr(&text, "1 == 1 accept\n}\n}\n");
    parsed_init(&parsed, &fw_parser_nftables, text.p);
    ck_assert_str_eq(parsed_counts(&parsed), "5/4/0/1/0");
    ck_assert_int_eq(parsed_policy(&parsed, "t/c")->rules[0].action, FW_ACTION_UNKNOWN);
    parsed_clear(&parsed);

    /* As deep to the left: every operator counts. */
    fw_buf_clear(&text);
    fw_buf_add_cstr(&text, "table ip t {\nchain c {\ntcp flags == fin");
    for (size_t i = 0; i < FW_LIMIT_CONFIG_DEPTH; i++) {
        fw_buf_add_cstr(&text, " | syn");
    }
    fw_buf_add_cstr(&text, " accept\ntcp flags & (fin | syn) == (fin | syn) accept\n}\n}\n");
    parsed_init(&parsed, &fw_parser_nftables, text.p);
    ck_assert_str_eq(parsed_counts(&parsed), "6/5/0/1/0");
    ck_assert_int_eq(parsed_policy(&parsed, "t/c")->rules[0].action, FW_ACTION_UNKNOWN);
    ck_assert(parsed_policy(&parsed, "t/c")->rules[1].nwords == 0);
    parsed_clear(&parsed);
    fw_buf_clear(&text);
    fw_buf_add_cstr(&text, "{\"nftables\":[{\"table\":{\"family\":\"ip\",\"name\":\"t\"}},"
                           "{\"chain\":{\"family\":\"ip\",\"table\":\"t\",\"name\":\"c\"}},"
                           "{\"rule\":{\"family\":\"ip\",\"table\":\"t\",\"chain\":\"c\",\"expr\":["
                           "{\"match\":{\"op\":\"==\",\"left\":{\"payload\":{\"protocol\":\"tcp\","
                           "\"field\":\"flags\"}},\"right\":{\"|\":[\"fin\"");
    for (size_t i = 0; i < FW_LIMIT_CONFIG_DEPTH; i++) {
        fw_buf_add_cstr(&text, ",\"syn\"");
    }
    fw_buf_add_cstr(&text, "]}}},{\"accept\":null}]}}]}");
    parsed_init(&parsed, &fw_parser_nftables_json, text.p);
    ck_assert_str_eq(parsed_counts(&parsed), "1/0/0/1/0");
    ck_assert_int_eq(parsed_policy(&parsed, "t/c")->rules[0].action, FW_ACTION_UNKNOWN);
    parsed_clear(&parsed);

    fw_buf_clear(&text);
    fw_buf_add_cstr(&text, "define v0 = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 }\n");
    for (int i = 1; i < 12; i++) {
        fw_buf_printf(&text, "define v%d = { ", i);
        for (int k = 0; k < 10; k++) {
            fw_buf_printf(&text, "$v%d, ", i - 1);
        }
        fw_buf_add_cstr(&text, "}\n");
    }
    fw_buf_add_cstr(&text, "table ip t {\nchain c {\ntcp dport $v11 accept\n}\n}\n");
    parsed_init(&parsed, &fw_parser_nftables, text.p);
    ck_assert_int_eq(parsed_policy(&parsed, "t/c")->rules[0].action, FW_ACTION_UNKNOWN);
    parsed_clear(&parsed);
    fw_buf_clear(&text);
}
END_TEST

/* A line goes on after a backslash at its end. A carriage return alone ends none: rules after it
 * keep their lines. */
START_TEST(test_continued)
{
    static const struct {
        const char *between;
        const char *counts;
        uint32_t line;
    } cases[] = {
        {"\\\n", "5/5/0/0/0", 3},
        {"\\\r\n", "5/5/0/0/0", 3},
        {"\\\r", "4/4/0/0/0", 3},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        struct parsed parsed;
        struct fw_buf text;
        fw_buf_init(&text);
        fw_buf_printf(&text,
                      "add table ip t\nadd chain ip t c\nadd rule ip t c tcp dport 22 %s "
                      "accept\nadd rule ip t c drop\n",
                      cases[i].between);
        parsed_init(&parsed, &fw_parser_nftables, text.p);
        const struct fw_policy *chain = parsed_policy(&parsed, "t/c");
        ck_assert_str_eq(parsed_counts(&parsed), cases[i].counts);
        ck_assert_uint_eq(chain->rules[0].span.line, cases[i].line);
        ck_assert_uint_eq(chain->rules[chain->n - 1].span.line, parsed.doc.nlines);
        parsed_clear(&parsed);
        fw_buf_clear(&text);
    }
}
END_TEST

/* A set that was not read in full may have any element. */
START_TEST(test_unread_elements)
{
    static const char *const texts[] = {
        "table ip t {\nset s { type ipv4_addr; elements = { 192.0.2.1, $NOWHERE }; }\n"
        "chain c {\nip saddr @s drop\n}\n}\n",
        "add table ip t\nadd set ip t s { type ipv4_addr; }\nadd chain ip t c\n"
        "add element ip t s { 192.0.2.1, ( }\nadd rule ip t c ip saddr @s drop\n",
    };
    struct parsed parsed;
    for (size_t i = 0; i < 2; i++) {
        parsed_init(&parsed, &fw_parser_nftables, texts[i]);
        ck_assert_str_eq(parsed_rule(&parsed, "t/c", 1), "deny " ANY ALL WIDE("\"ip saddr @s\""));
        parsed_clear(&parsed);
    }
    parsed_init(&parsed, &fw_parser_nftables_json,
                "{\"nftables\":[{\"table\":{\"family\":\"ip\",\"name\":\"t\"}},"
                "{\"set\":{\"family\":\"ip\",\"table\":\"t\",\"name\":\"s\",\"type\":\"ipv4_addr\","
                "\"elem\":[\"192.0.2.1\",null]}},"
                "{\"rule\":{\"family\":\"ip\",\"table\":\"t\",\"chain\":\"c\",\"expr\":["
                "{\"match\":{\"op\":\"==\",\"left\":{\"payload\":{\"protocol\":\"ip\","
                "\"field\":\"saddr\"}},\"right\":\"@s\"}},{\"drop\":null}]}}]}");
    ck_assert_str_eq(parsed_rule(&parsed, "t/c", 1), "deny " ANY ALL WIDE("\"ip saddr @s\""));
    parsed_clear(&parsed);
}
END_TEST

/* Two chains without a name on one line are two. */
START_TEST(test_inner_chains)
{
    struct parsed parsed;
    struct fw_trace trace;
    parsed_init(&parsed, &fw_parser_nftables,
                "table ip t {\nchain c {\ntype filter hook input priority 0; policy drop;\n"
                "tcp dport vmap { 1 : drop } ; tcp dport 22 jump { accept; } ; "
                "tcp dport 23 jump { drop; }\n}\n}\n");
    ck_assert_int_eq(parsed_trace(&parsed, "tcp 10.0.0.1:1024 -> 192.0.2.1:22 hook=input", &trace),
                     FW_VERDICT_PERMIT);
    ck_assert_int_eq(parsed_trace(&parsed, "tcp 10.0.0.1:1024 -> 192.0.2.1:23 hook=input", &trace),
                     FW_VERDICT_DENY);
    parsed_clear(&parsed);
}
END_TEST

START_TEST(test_hostile)
{
    static const char text[] =
        "define A = { 1, 2 }\ntable inet f { # handle 3\n set s { type ipv4_addr . inet_service; "
        "flags interval; elements = { 10.0.0.1-10.0.0.9 . 80 comment \"x\" } }\n"
        " chain c {\n type filter hook input device \"e\" priority filter + 1; policy drop;\n"
        " ip saddr . tcp dport @s tcp dport vmap { $A : jump { accept; }, 3 : goto c } log prefix "
        "\"p\"\n meta mark set mark or 0x1 ct state new dnat ip to 10.0.0.1:80\n }\n}\n";
    parsed_mangled(&fw_parser_nftables, text);
    parsed_mangled(&fw_parser_nftables_json, listing);
}
END_TEST

Suite *fw_suite_nftables(void)
{
    Suite *suite = suite_create("nftables");
    TCase *tcase = tcase_create("nftables");
    tcase_set_timeout(tcase, 120);
    tcase_add_test(tcase, test_fields);
    tcase_add_test(tcase, test_widened);
    tcase_add_test(tcase, test_hooks);
    tcase_add_test(tcase, test_json);
    tcase_add_test(tcase, test_limits);
    tcase_add_test(tcase, test_unread_elements);
    tcase_add_test(tcase, test_inner_chains);
    tcase_add_test(tcase, test_continued);
    tcase_add_test(tcase, test_hostile);
    suite_add_tcase(suite, tcase);
    return suite;
}
