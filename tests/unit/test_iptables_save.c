/* Tests of iptables-save output as rules. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/limits.h"
#include "tests/unit/rulejson.h"
#include "tests/unit/rulesetparse.h"
#include "tests/unit/suites.h"

extern const struct fw_parser fw_parser_iptables_save;

static void check_chain(const char *table, const char *chain, const struct rule_case *cases,
                        size_t n)
{
    char head[64];
    const char *name = strrchr(chain, '/') ? strrchr(chain, '/') + 1 : chain;
    snprintf(head, sizeof(head), "*%s\n:%s DROP [0:0]\n:USER - [0:0]\n", table, name);
    const struct rule_frame frame = {&fw_parser_iptables_save, head, "\nCOMMIT\n", chain,
                                     "5/5/0/0/0"};
    check_rules(&frame, cases, n);
}

START_TEST(test_base)
{
    static const struct rule_case cases[] = {
        {"-A FORWARD -j DROP", "deny " ANY ALL TAIL},
        {"-A FORWARD -s 10.0.0.0/8 -d 192.0.2.1/32 -i eth0 -o eth1 -j ACCEPT",
         "permit \"in\":\"eth0\",\"out\":\"eth1\",\"source\":[\"10.0.0.0/8\"],"
         "\"destination\":[\"192.0.2.1\"]," ALL TAIL},
        {"-A FORWARD ! -s 128.0.0.0/1 ! -i eth+ -j REJECT --reject-with icmp-port-unreachable",
         "reject \"in\":\"!eth+\",\"out\":\"any\",\"source\":[\"0.0.0.0/1\"],"
         "\"destination\":\"any\"," ALL TAIL},
        {"-A FORWARD -s ! 128.0.0.0/1 -i ! eth+ -j REJECT",
         "reject \"in\":\"!eth+\",\"out\":\"any\",\"source\":[\"0.0.0.0/1\"],"
         "\"destination\":\"any\"," ALL TAIL},
        {"-A FORWARD -s 10.0.0.1/255.255.255.253 -j DROP",
         "deny \"in\":\"any\",\"out\":\"any\",\"source\":[\"10.0.0.1\",\"10.0.0.3\"],"
         "\"destination\":\"any\"," ALL TAIL},
        {"-A FORWARD -s 0.0.0.0/0 -i + -p all -j DROP", "deny " ANY ALL TAIL},
        {"-A FORWARD ! -s 0.0.0.0/0 -j DROP",
         "deny \"in\":\"any\",\"out\":\"any\",\"source\":[],\"destination\":[],"
         "\"service\":[]," TAIL},
        {"-A FORWARD -p 47 -j ACCEPT", "permit " ANY SVC("gre", "any", "any", "") TAIL},
        {"-A FORWARD ! -p tcp -j ACCEPT", "permit " ANY SVC("0-5,7-255", "any", "any", "") TAIL},
        {"-A FORWARD -ptcp --dport=22 -jACCEPT", "permit " ANY SVC("tcp", "any", "22", "") TAIL},
        {"-A FORWARD --protocol udp --destination-port domain --jump ACCEPT",
         "permit " ANY SVC("udp", "any", "53", "") TAIL},
        {"-A FORWARD --proto tcp --dst 10.0.0.1 --destination-p 22 -j ACCEPT",
         "permit \"in\":\"any\",\"out\":\"any\",\"source\":\"any\","
         "\"destination\":[\"10.0.0.1\"]," SVC("tcp", "any", "22", "") TAIL},
        {"-A FORWARD -g USER", "goto " ANY ALL TAIL},
        {"-A FORWARD -j USER", "jump " ANY ALL TAIL},
        {"-A FORWARD", "continue " ANY ALL TAIL},
        {"-A FORWARD ! -f -j ACCEPT", "permit " ANY ALL WIDE("\"fragment\"")},
        {"-A FORWARD -s www.example.org -j ACCEPT",
         "permit " ANY ALL WIDE("\"source www.example.org\"")},
        {"[7:420] -A FORWARD -j ACCEPT",
         "permit " ANY ALL "\"comment\":\"\",\"hits\":7,\"exact\":true,\"unmodelled\":[]}"},
        {"-A FORWARD -c 8 0 -m comment --comment \"a \\\"b\\\" c\" -j ACCEPT",
         "permit " ANY ALL "\"comment\":\"a \\\"b\\\" c\",\"hits\":8,\"exact\":true,"
         "\"unmodelled\":[]}"},
    };
    check_chain("filter", "FORWARD", cases, sizeof(cases) / sizeof(cases[0]));
}
END_TEST

START_TEST(test_dimensions)
{
    static const struct rule_case cases[] = {
        {"-A FORWARD -p tcp -m tcp --sport 1024:65535 ! --dport 25 -j ACCEPT",
         "permit " ANY SVC("tcp", "1024-65535", "0-24,26-65535", "") TAIL},
        {"-A FORWARD -p udp -m udp --dport :1023 -j ACCEPT",
         "permit " ANY SVC("udp", "any", "0-1023", "") TAIL},
        {"-A FORWARD -p tcp -m multiport --dports 80,443,8000:8080 -j ACCEPT",
         "permit " ANY SVC("tcp", "any", "80,443,8000-8080", "") TAIL},
        {"-A FORWARD -p udp -m multiport --ports 53,67 -j ACCEPT",
         "permit " ANY "\"service\":[{\"protocol\":\"udp\",\"source_port\":\"53,67\","
         "\"destination_port\":\"any\"},{\"protocol\":\"udp\",\"source_port\":\"any\","
         "\"destination_port\":\"53,67\"}]," TAIL},
        {"-A FORWARD -p udp -m multiport ! --ports 1:65535 -j ACCEPT",
         "permit " ANY SVC("udp", "0", "0", "") TAIL},
        {"-A FORWARD -p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN -j ACCEPT",
         "permit " ANY SVC("tcp", "any", "any",
                           ",\"tcp_flags\":\"2,10,34,42,66,74,98,106,130,138,"
                           "162,170,194,202,226,234\"") TAIL},
        {"-A FORWARD -p tcp --syn -j ACCEPT",
         "permit " ANY SVC("tcp", "any", "any",
                           ",\"tcp_flags\":\"2,10,34,42,66,74,98,106,130,138,"
                           "162,170,194,202,226,234\"") TAIL},
        {"-A FORWARD -p tcp -m tcp ! --tcp-flags ALL NONE -j ACCEPT",
         "permit " ANY SVC("tcp", "any", "any", ",\"tcp_flags\":\"1-63,65-127,129-191,193-255\"")
             TAIL},
        {"-A FORWARD -p icmp -m icmp --icmp-type 8 -j ACCEPT",
         "permit " ANY SVC("icmp", "any", "any", ",\"icmp\":\"8\"") TAIL},
        {"-A FORWARD -p icmp -m icmp --icmp-type 3/4 -j ACCEPT",
         "permit " ANY SVC("icmp", "any", "any", ",\"icmp\":\"3/4\"") TAIL},
        {"-A FORWARD -p icmp --icmp-type fragmentation-needed -j ACCEPT",
         "permit " ANY SVC("icmp", "any", "any", ",\"icmp\":\"3/4\"") TAIL},
        {"-A FORWARD -p icmp -m icmp --icmp-type any -j ACCEPT",
         "permit " ANY SVC("icmp", "any", "any", "") TAIL},
        {"-A FORWARD -m state --state RELATED,ESTABLISHED -j ACCEPT",
         "permit " ANY SVC("any", "any", "any", ",\"state\":\"established,related\"") TAIL},
        {"-A FORWARD -m conntrack ! --ctstate NEW -j ACCEPT",
         "permit " ANY SVC("any", "any", "any",
                           ",\"state\":\"established,related,invalid,untracked\"") TAIL},
        {"-A FORWARD -m iprange --src-range 10.0.0.1-10.0.0.6 -j ACCEPT",
         "permit \"in\":\"any\",\"out\":\"any\",\"source\":[\"10.0.0.1-10.0.0.6\"],"
         "\"destination\":\"any\"," ALL TAIL},
        {"-A FORWARD -m addrtype --dst-type MULTICAST -j DROP",
         "deny \"in\":\"any\",\"out\":\"any\",\"source\":\"any\","
         "\"destination\":[\"224.0.0.0/4\"]," ALL TAIL},
        {"-A FORWARD -m recent --set --name X --rsource -j ACCEPT", "permit " ANY ALL TAIL},
    };
    check_chain("filter", "FORWARD", cases, sizeof(cases) / sizeof(cases[0]));
}
END_TEST

START_TEST(test_atoms)
{
    static const struct rule_case cases[] = {
        {"-A FORWARD -m limit --limit 3/min --limit-burst 5 -j ACCEPT",
         "permit " ANY ALL WIDE("\"limit --limit 3/min --limit-burst 5\"")},
        {"-A FORWARD -m set --match-set bad src -j DROP", "deny " ANY ALL WIDE("\"set bad src\"")},
        {"-A FORWARD -m mark --mark 0x1/0xff -j DROP", "deny " ANY ALL WIDE("\"mark 0x1/0xff\"")},
        {"-A FORWARD -m mac ! --mac-source 00:11:22:33:44:55 -j DROP",
         "deny " ANY ALL WIDE("\"mac mac-source 00:11:22:33:44:55\"")},
        {"-A FORWARD -m addrtype --dst-type LOCAL -j DROP",
         "deny " ANY ALL WIDE("\"addrtype dst LOCAL\"")},
        {"-A FORWARD -m time --timestart 08:00 --timestop 18:00 -j ACCEPT",
         "permit " ANY ALL WIDE("\"time --timestart 08:00 --timestop 18:00\"")},
        {"-A FORWARD -m conntrack --ctstate INVALID,DNAT -j DROP",
         "deny " ANY "\"service\":[{\"protocol\":\"any\",\"source_port\":\"any\","
         "\"destination_port\":\"any\",\"state\":\"invalid\"},{\"protocol\":\"any\","
         "\"source_port\":\"any\",\"destination_port\":\"any\"}]," WIDE("\"ctstate DNAT\"")},
        {"-A FORWARD -m conntrack --ctproto 6 -j ACCEPT",
         "permit " ANY "\"service\":[{\"protocol\":\"tcp\",\"source_port\":\"any\","
         "\"destination_port\":\"any\",\"state\":\"new,established\"},{\"protocol\":\"any\","
         "\"source_port\":\"any\",\"destination_port\":\"any\",\"state\":\"related\"}]," WIDE(
             "\"conntrack ctproto 6\"")},
        {"-A FORWARD -m recent --rcheck --seconds 60 --name X --rsource -j DROP",
         "deny " ANY ALL WIDE("\"recent --rcheck --seconds 60 --name X --rsource\"")},
    };
    check_chain("filter", "FORWARD", cases, sizeof(cases) / sizeof(cases[0]));
}
END_TEST

START_TEST(test_nat)
{
    static const struct rule_case cases[] = {
        {"-A PREROUTING -p tcp -m tcp --dport 80 -j DNAT --to-destination 10.0.0.5:8080",
         "dnat " ANY SVC("tcp", "any", "80",
                         "") "\"nat\":{\"to\":\"10.0.0.5\",\"port\":\"8080\"}," TAIL},
        {"-A PREROUTING -j DNAT --to 10.0.0.5-10.0.0.9",
         "dnat " ANY ALL "\"nat\":{\"to\":\"10.0.0.5-10.0.0.9\"}," TAIL},
        {"-A PREROUTING -p tcp -j REDIRECT --to-ports 3128",
         "dnat " ANY SVC("tcp", "any", "any",
                         "") "\"nat\":{\"to\":\"own address\",\"port\":\"3128\"}," TAIL},
    };
    check_chain("nat", "nat/PREROUTING", cases, sizeof(cases) / sizeof(cases[0]));
}
END_TEST

START_TEST(test_never_dropped)
{
    static const struct {
        const char *rule;
        const char *json;
        const char *counts;
    } cases[] = {
        {"-A FORWARD -m layer9 --depth 3 -j ACCEPT", "permit " ANY ALL WIDE("\"layer9 --depth 3\""),
         "4/3/0/1/0"},
        {"-A FORWARD -p tcp --wrong 3 -j ACCEPT",
         "permit " ANY SVC("tcp", "any", "any", "") WIDE("\"wrong 3\""), "4/3/0/1/0"},
        {"-A FORWARD -p tcp --dport nosuchservice -j ACCEPT",
         "permit " ANY SVC("tcp", "any", "any", "") WIDE("\"dport nosuchservice\""), "4/3/0/0/1"},
        {"-A FORWARD -m tcp --dport 22 -j ACCEPT",
         "permit " ANY SVC("any", "any", "22", "") WIDE("\"-m tcp\""), "4/3/0/1/0"},
        {"-A FORWARD -s 2001:db8::1 -s 10.0.0.1 -j ACCEPT", NULL, "4/3/0/0/1"},
        {"-A FORWARD -j NOWHERE", "unknown " ANY ALL WIDE("\"NOWHERE\""), "4/3/0/1/0"},
        {"-A FORWARD stray -j ACCEPT", "permit " ANY ALL WIDE("\"stray\""), "4/3/0/0/1"},
        {"-A FORWARD -j ACCEPT -p", "permit " ANY ALL WIDE("\"protocol\""), "4/3/0/0/1"},
        {"-A FORWARD -m comment --comment \"open -j ACCEPT", NULL, "4/3/0/0/1"},
        {"-A FORWARD -j NFQUEUE --queue-num 0", "unknown " ANY ALL WIDE("\"NFQUEUE\""),
         "4/4/0/0/0"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char text[1024];
        struct parsed parsed;
        snprintf(text, sizeof(text), "*filter\n:FORWARD DROP [0:0]\n%s\nCOMMIT\n", cases[i].rule);
        parsed_init(&parsed, &fw_parser_iptables_save, text);
        ck_assert_uint_ge(parsed_policy(&parsed, "FORWARD")->n, 1);
        ck_assert_msg(strcmp(parsed_counts(&parsed), cases[i].counts) == 0, "%s: %s, expected %s",
                      cases[i].rule, parsed_counts(&parsed), cases[i].counts);
        if (cases[i].json) {
            ck_assert_str_eq(parsed_rule(&parsed, "FORWARD", 1), cases[i].json);
        }
        ck_assert_uint_gt(fw_diags_count(parsed.diags) + (i == 9), 0);
        parsed_clear(&parsed);
    }
}
END_TEST

START_TEST(test_tables)
{
    struct parsed parsed;
    parsed_init(
        &parsed, &fw_parser_iptables_save,
        "# Generated by iptables-save v1.8.9\n"
        "*raw\n:PREROUTING ACCEPT [1:2]\n-A PREROUTING -p udp -j NOTRACK\nCOMMIT\n"
        "*mangle\n:PREROUTING ACCEPT [0:0]\n-A PREROUTING -j MARK --set-xmark 0x5/0xf\nCOMMIT\n"
        "*nat\n:POSTROUTING ACCEPT [0:0]\n:POST - [0:0]\n-A POSTROUTING -j POST\n"
        "-A POST -j MASQUERADE\nCOMMIT\n"
        "*filter\n:INPUT DROP [5:6]\n:FORWARD ACCEPT [0:0]\n:LOGDROP - [0:0]\n"
        "-A INPUT -s 10.0.0.0/8,192.168.0.0/16 -d 1.1.1.1,2.2.2.2 -j LOGDROP\n"
        "-A LOGDROP -j LOG --log-prefix \"dropped: \" --log-level 4\n-A LOGDROP -j DROP\n"
        "-A LOGDROP -p tcp -j LOG\n-A LOGDROP -j ACCEPT\nCOMMIT\n");
    ck_assert_str_eq(parsed_counts(&parsed), "25/24/1/0/0");
    const struct fw_policy *raw = parsed_policy(&parsed, "raw/PREROUTING");
    ck_assert_int_eq(raw->hook, FW_HOOK_PREROUTING);
    ck_assert_int_eq(raw->priority, -300);
    ck_assert(!raw->decides);
    ck_assert(raw->rules[0].untracks);
    ck_assert_uint_eq(raw->fallback_hits.packets, 1);
    const struct fw_rule *mark = &parsed_policy(&parsed, "mangle/PREROUTING")->rules[0];
    ck_assert(mark->sets_mark);
    ck_assert_uint_eq(mark->mark_value, 5);
    ck_assert_uint_eq(mark->mark_mask, 15);
    const struct fw_policy *post = parsed_policy(&parsed, "nat/POSTROUTING");
    ck_assert_int_eq(post->priority, 100);
    ck_assert_ptr_eq(post->rules[0].jump, parsed_policy(&parsed, "nat/POST"));
    ck_assert(parsed_policy(&parsed, "nat/POST")->bound);
    const struct fw_policy *input = parsed_policy(&parsed, "INPUT");
    ck_assert(input->decides && input->fallback_explicit);
    ck_assert_int_eq(input->fallback, FW_ACTION_DENY);
    ck_assert_uint_eq(input->families, FW_FAMILY_BIT4);
    ck_assert_uint_eq(input->n, 4); /* one rule for each pair of addresses */
    ck_assert_uint_eq(input->rules[3].position, 4);
    ck_assert_uint_eq(input->rules[3].span.line, 20);
    ck_assert_ptr_nonnull(strstr(parsed_rule(&parsed, "INPUT", 2),
                                 "\"source\":[\"10.0.0.0/8\"],\"destination\":[\"2.2.2.2\"]"));
    const struct fw_policy *logdrop = parsed_policy(&parsed, "LOGDROP");
    ck_assert(logdrop->bound);
    ck_assert_int_eq(logdrop->fallback, FW_ACTION_RETURN);
    ck_assert(logdrop->rules[0].log && logdrop->rules[1].log);
    ck_assert(fw_sv_is(logdrop->rules[1].log_tag, "dropped: "));
    ck_assert(!logdrop->rules[3].log); /* the LOG before it takes TCP only */
    parsed_clear(&parsed);
}
END_TEST

START_TEST(test_families)
{
    static const struct {
        const char *text;
        unsigned families;
    } cases[] = {
        {"*filter\n:INPUT DROP [0:0]\n-A INPUT -j DROP\nCOMMIT\n", FW_FAMILY_BIT4},
        {"# Generated by ip6tables-save v1.6.0\n*filter\n:INPUT DROP [0:0]\nCOMMIT\n",
         FW_FAMILY_BIT6},
        {"*filter\n:INPUT DROP [0:0]\n-A INPUT -s fe80::/10 -j DROP\nCOMMIT\n", FW_FAMILY_BIT6},
        {"*filter\n:INPUT DROP [0:0]\n-A INPUT -p ipv6-icmp -j ACCEPT\nCOMMIT\n", FW_FAMILY_BIT6},
        {"*filter\n:INPUT DROP [0:0]\n-A INPUT -p ipv6-icmp -j ACCEPT\n-A INPUT -s 10.0.0.1 -j "
         "DROP\n",
         FW_FAMILY_BIT4},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct parsed parsed;
        parsed_init(&parsed, &fw_parser_iptables_save, cases[i].text);
        ck_assert_uint_eq(parsed_policy(&parsed, "INPUT")->families, cases[i].families);
        parsed_clear(&parsed);
    }
}
END_TEST

START_TEST(test_edits)
{
    struct parsed parsed;
    parsed_init(&parsed, &fw_parser_iptables_save,
                "*filter\n:FORWARD ACCEPT [0:0]\n-N A\n-A FORWARD -p tcp -j DROP\n"
                "-I FORWARD -p udp -j ACCEPT\n-I FORWARD 2 -p icmp -j ACCEPT\n"
                "-R FORWARD 1 -p gre -j ACCEPT\n-A FORWARD -j DROP\n-D FORWARD -p tcp -j DROP\n"
                "-A A -j DROP\n-F A\n-P FORWARD DROP\n-6 -A FORWARD -j ACCEPT\n-D FORWARD 9\n"
                "-X A\nCOMMIT\n");
    const struct fw_policy *forward = parsed_policy(&parsed, "FORWARD");
    ck_assert_uint_eq(forward->n, 3);
    ck_assert_ptr_nonnull(strstr(parsed_rule(&parsed, "FORWARD", 1), "\"gre\""));
    ck_assert_ptr_nonnull(strstr(parsed_rule(&parsed, "FORWARD", 2), "\"icmp\""));
    ck_assert_int_eq(forward->rules[2].action, FW_ACTION_DENY);
    ck_assert_int_eq(forward->fallback, FW_ACTION_DENY);
    ck_assert_uint_eq(parsed.ruleset.npolicies, 1);
    ck_assert_str_eq(parsed_counts(&parsed), "16/14/1/0/1");
    parsed_clear(&parsed);
}
END_TEST

START_TEST(test_marks)
{
    struct parsed parsed;
    parsed_init(&parsed, &fw_parser_iptables_save,
                "*mangle\n:PREROUTING ACCEPT [0:0]\n"
                "-A PREROUTING -j CONNMARK --restore-mark --nfmask 0xff --ctmask 0xf0\n"
                "-A PREROUTING -j CONNMARK --set-xmark 0x1/0x3\n"
                "-A PREROUTING -j CONNMARK --save-mark\n"
                "-A PREROUTING -m connmark ! --mark 1 -j MARK --or-mark 0x6\nCOMMIT\n");
    const struct fw_rule *rules = parsed_policy(&parsed, "mangle/PREROUTING")->rules;
    ck_assert_int_eq(rules[0].connmark, FW_CONNMARK_RESTORE);
    ck_assert_uint_eq(rules[0].mark_value, 0xff);
    ck_assert_uint_eq(rules[0].mark_mask, 0xf0);
    ck_assert_int_eq(rules[1].connmark, FW_CONNMARK_SET);
    ck_assert_uint_eq(rules[1].mark_value, 1);
    ck_assert_uint_eq(rules[1].mark_mask, 3);
    ck_assert_int_eq(rules[2].connmark, FW_CONNMARK_SAVE);
    ck_assert_uint_eq(rules[2].mark_value, UINT32_MAX);
    ck_assert_uint_eq(rules[2].mark_mask, UINT32_MAX);
    ck_assert(rules[3].sets_mark);
    ck_assert_uint_eq(rules[3].mark_value, 6);
    ck_assert_uint_eq(rules[3].mark_mask, 6);
    const struct fw_atom *atom = &rules[3].match.terms[0].atoms[0];
    ck_assert_int_eq(atom->kind, FW_ATOM_CONNMARK);
    ck_assert(atom->negated);
    ck_assert_uint_eq(atom->value, 1);
    parsed_clear(&parsed);
    /* A mark that only the device knows makes every question about marks unanswerable. */
    parsed_init(&parsed, &fw_parser_iptables_save,
                "*mangle\n:PREROUTING ACCEPT [0:0]\n-A PREROUTING -j HMARK --hmark-mod 4\n"
                "-A PREROUTING -m mark --mark 1 -j ACCEPT\nCOMMIT\n");
    rules = parsed_policy(&parsed, "mangle/PREROUTING")->rules;
    ck_assert_int_eq(rules[1].match.terms[0].atoms[0].kind, FW_ATOM_VARYING);
    parsed_clear(&parsed);
}
END_TEST

/* "-s 300 addresses -d 300 addresses" would be more rules than anybody reads. */
START_TEST(test_list_limit)
{
    enum { ADDRESSES = 300, CAP = 1 << 15 };
    ck_assert_int_gt(ADDRESSES * ADDRESSES, FW_LIMIT_RULE_TERMS);
    char *text = malloc(CAP);
    size_t n = (size_t)snprintf(text, CAP, "*filter\n:FORWARD DROP [0:0]\n-A FORWARD");
    for (int side = 0; side < 2; side++) {
        for (int i = 0; i < ADDRESSES; i++) {
            n += (size_t)snprintf(text + n, CAP - n, "%s10.%d.%d.1",
                                  i > 0  ? ","
                                  : side ? " -d "
                                         : " -s ",
                                  side, i % 256);
        }
    }
    snprintf(text + n, CAP - n, " -j ACCEPT\nCOMMIT\n");
    struct parsed parsed;
    parsed_init(&parsed, &fw_parser_iptables_save, text);
    ck_assert_int_eq(fw_diags_at(parsed.diags, 0)->id, FW_DIAG_ID_LIMIT_REACHED);
    ck_assert_uint_eq(parsed_policy(&parsed, "FORWARD")->n, 1);
    ck_assert(!fw_rule_exact(&parsed_policy(&parsed, "FORWARD")->rules[0]));
    ck_assert_str_eq(parsed_counts(&parsed), "4/3/0/1/0");
    parsed_clear(&parsed);
    free(text);
}
END_TEST

START_TEST(test_bid)
{
    static const struct {
        const char *head;
        int bid;
    } cases[] = {
        {"# Generated by iptables-save v1.8.9\n", FW_BID_SURE},
        {"\n# mine\n*filter\n:INPUT DROP [0:0]\n", FW_BID_SURE},
        {"*nat\n", FW_BID_LIKELY},
        {"hostname asa\n*not a table\nCOMMIT\n", FW_BID_NO},
        {"", FW_BID_NO},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        ck_assert_int_eq(fw_parser_iptables_save.bid(fw_sv_from(cases[i].head)), cases[i].bid);
    }
}
END_TEST

START_TEST(test_mangled)
{
    parsed_mangled(
        &fw_parser_iptables_save,
        "*nat\n:POSTROUTING ACCEPT [1:2]\n[3:4] -A POSTROUTING -s 10.0.0.0/8,11.0.0.1 ! -o "
        "eth0 -p tcp -m multiport --ports 1,2:3 -m comment --comment \"x \\\" y\" -j SNAT "
        "--to-source 192.0.2.1-192.0.2.9:1-2\n-A X -m conntrack --ctstate NEW,DNAT "
        "--ctproto 6 -m addrtype ! --dst-type LOCAL,BROADCAST -j X\nCOMMIT\n");
}
END_TEST

Suite *fw_suite_iptables_save(void)
{
    Suite *suite = suite_create("iptables_save");
    TCase *tc = tcase_create("iptables_save");
    tcase_set_timeout(tc, 120);
    tcase_add_test(tc, test_base);
    tcase_add_test(tc, test_dimensions);
    tcase_add_test(tc, test_atoms);
    tcase_add_test(tc, test_nat);
    tcase_add_test(tc, test_never_dropped);
    tcase_add_test(tc, test_tables);
    tcase_add_test(tc, test_families);
    tcase_add_test(tc, test_edits);
    tcase_add_test(tc, test_marks);
    tcase_add_test(tc, test_list_limit);
    tcase_add_test(tc, test_bid);
    tcase_add_test(tc, test_mangled);
    suite_add_tcase(suite, tc);
    return suite;
}
