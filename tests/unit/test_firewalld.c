/* Tests of firewalld: XML files, the rich language, listings, and the order of rules in a zone. */
#include <stdio.h>

#include "tests/unit/rulejson.h"
#include "tests/unit/rulesetparse.h"
#include "tests/unit/suites.h"

extern const struct fw_parser fw_parser_firewalld;

#define FROM(addresses) IFS "\"source\":" addresses ",\"destination\":\"any\","

START_TEST(test_members)
{
    static const struct rule_frame frame = {&fw_parser_firewalld, "<zone>", "</zone>", "zone/test",
                                            "1/1/0/0/0"};
    static const struct rule_case cases[] = {
        {"<service name=\"ssh\"/>", "permit " ANY SVC("tcp", "any", "22", "") TAIL},
        {"<service name=\"own\"/>", "permit " ANY ALL WIDE("\"service own\"")},
        {"<service name=\"dhcpv6-client\"/>",
         "permit " IFS
         "\"source\":\"any\",\"destination\":[\"fe80::/64\"]," SVC("udp", "any", "546", "") TAIL},
        {"<port port=\"1000-1010\" protocol=\"udp\"/>",
         "permit " ANY SVC("udp", "any", "1000-1010", "") TAIL},
        {"<source-port port=\"53\" protocol=\"udp\"/>",
         "permit " ANY SVC("udp", "53", "any", "") TAIL},
        {"<protocol value=\"esp\"/>", "permit " ANY SVC("esp", "any", "any", "") TAIL},
        {"<icmp-block name=\"timestamp-request\"/>",
         "reject " ANY SVC("icmp", "any", "any", ",\"icmp\":\"13\"") TAIL},
        {"<rule family=\"ipv4\"><source address=\"192.0.2.0/24\" invert=\"yes\"/><drop/></rule>",
         "deny " FROM("[\"0.0.0.0-192.0.1.255\",\"192.0.3.0-255.255.255.255\"]") ALL TAIL},
        {"<rule family=\"ipv6\"><port port=\"80\" protocol=\"tcp\"/><reject/></rule>",
         "reject " FROM("[\"::/0\"]") SVC("tcp", "any", "80", "") TAIL},
        {"<rule><source ipset=\"bad\"/><drop/></rule>",
         "deny " ANY ALL WIDE("\"source ipset bad\"")},
        {"<rule><service name=\"http\"/><accept><limit value=\"1/m\"/></accept></rule>",
         "permit " ANY SVC("tcp", "any", "80", "") WIDE("\"limit 1/m\"")},
        {"<rule><accept/><tcp-mss-clamp value=\"pmtu\"/></rule>", "permit " ANY ALL TAIL},
    };
    static const struct rule_frame odd = {&fw_parser_firewalld, "<zone>", "</zone>", "zone/test",
                                          "/1/0"};
    static const struct rule_case unknown = {"<rule><accept/><wonder/></rule>",
                                             "unknown " ANY ALL WIDE("\"unknown element\"")};
    check_rules(&frame, cases, sizeof(cases) / sizeof(cases[0]));
    check_rules(&odd, &unknown, 1);
    static const struct rule_frame cut = {&fw_parser_firewalld, "<zone>", "", "zone/test", "/0/1"};
    static const struct rule_case rest = {"<service name=\"ssh\"/><rule>",
                                          "unknown " ANY ALL WIDE("\"unknown element\"")};
    check_rules(&cut, &rest, 1);
}
END_TEST

#define ZONE \
    "public (default, active)\n  target: DROP\n  icmp-block-inversion: no\n  interfaces: eth0\n" \
    "  sources: \n  services: ssh\n  rich rules: \n\t"

START_TEST(test_rich)
{
    static const struct rule_frame frame = {&fw_parser_firewalld, ZONE, "\n", "zone/public",
                                            "8/8/0/0/0"};
    static const struct rule_case cases[] = {
        {"rule priority=\"-5\" family=\"ipv4\" source address=\"192.0.2.7\" port port=\"22\" "
         "protocol=\"tcp\" log prefix=\"a b\" level=\"info\" limit value=\"1/m\" accept",
         "permit " FROM("[\"192.0.2.7\"]") SVC("tcp", "any", "22", "") TAIL},
        {"rule log prefix=\"firewall-cmd x\" drop", "deny " ANY ALL TAIL},
        {"rule family=\"ipv4\" source NOT address=\"128.0.0.0/1\" drop",
         "deny " FROM("[\"0.0.0.0/1\"]") ALL TAIL},
        {"rule destination address=\"2001:db8::1\" icmp-type name=\"echo-request\" reject "
         "type=\"icmp6-adm-prohibited\"",
         "reject " IFS "\"source\":\"any\",\"destination\":[\"2001:db8::1\"],\"service\":[{"
         "\"protocol\":\"icmp\",\"source_port\":\"any\",\"destination_port\":\"any\",\"icmp\":"
         "\"8\"},{\"protocol\":\"ipv6-icmp\",\"source_port\":\"any\",\"destination_port\":"
         "\"any\",\"icmp\":\"128\"}]," TAIL},
        {"rule protocol value=\"gre\" log", "continue " ANY SVC("gre", "any", "any", "") TAIL},
        {"rule priority=\"-1\" service name=\"ssh\" accept limit value=\"2/m\"",
         "permit " ANY SVC("tcp", "any", "22", "") WIDE("\"limit 2/m\"")},
    };
    static const struct rule_frame odd = {&fw_parser_firewalld, ZONE, "\n", "zone/public", "/1/0"};
    static const struct rule_case unknown[] = {
        {"rule wonder service name=\"http\" drop",
         "deny " ANY SVC("tcp", "any", "80", "") WIDE("\"wonder\"")},
    };
    check_rules(&frame, cases, sizeof(cases) / sizeof(cases[0]));
    check_rules(&odd, unknown, 1);
}
END_TEST

/* By priority; of equal ones what logs, refuses, permits; the target is the end. */
START_TEST(test_order)
{
    static const char text[] = ZONE
        "rule priority=\"7\" service name=\"ntp\" accept\n"
        "\trule service name=\"http\" accept\n\trule service name=\"http\" drop\n"
        "\trule service name=\"http\" log\n\trule priority=\"-7\" service name=\"https\" accept\n";
    static const enum fw_action actions[] = {FW_ACTION_PERMIT, FW_ACTION_CONTINUE, FW_ACTION_DENY,
                                             FW_ACTION_PERMIT, FW_ACTION_PERMIT,   FW_ACTION_PERMIT,
                                             FW_ACTION_DENY};
    static const char *const names[] = {"https", "http", "http", "ssh", "http", "ntp", ""};
    struct parsed parsed;
    parsed_init(&parsed, &fw_parser_firewalld, text);
    const struct fw_policy *policy = parsed_policy(&parsed, "zone/public");
    ck_assert_uint_eq(policy->n, 7);
    for (size_t i = 0; i < 7; i++) {
        ck_assert_int_eq(policy->rules[i].action, actions[i]);
        ck_assert_msg(fw_sv_is(policy->rules[i].name, names[i]), "%zu", i);
    }
    parsed_clear(&parsed);
}
END_TEST

/* Sources come before interfaces, and the default zone takes the rest. */
START_TEST(test_zones)
{
    static const char text[] = ZONE "\n\nwork\n  target: ACCEPT\n  sources: 192.0.2.0/24\n"
                                    "  interfaces: eth1\n  masquerade: yes\n"
                                    "  forward-ports: port=80:proto=tcp:toport=:toaddr=192.0.2.1\n";
    struct parsed parsed;
    parsed_init(&parsed, &fw_parser_firewalld, text);
    const struct fw_policy *input = parsed_policy(&parsed, "INPUT");
    ck_assert_uint_eq(input->n, 8);
    static const char *const targets[] = {"zone/work", "zone/public", "zone/work", "zone/public"};
    for (size_t i = 0; i < 4; i++) {
        ck_assert_int_eq(input->rules[i + 4].action, FW_ACTION_GOTO);
        ck_assert(fw_sv_is(input->rules[i + 4].target, targets[i]));
    }
    ck_assert_ptr_nonnull(input->rules[4].match.terms[0].src);
    ck_assert_ptr_nonnull(input->rules[5].match.terms[0].in);
    ck_assert_uint_eq(parsed_policy(&parsed, "nat/PREROUTING")->n, 1);
    ck_assert_uint_eq(parsed_policy(&parsed, "nat/POSTROUTING")->n, 1);
    /* "default" lets ICMP through and refuses the rest. */
    parsed_clear(&parsed);
    parsed_init(&parsed, &fw_parser_firewalld, "<zone><interface name=\"eth0\"/></zone>");
    ck_assert_str_eq(parsed_rule(&parsed, "zone/test", 1),
                     "permit " ANY SVC("icmp,ipv6-icmp", "any", "any", "") TAIL);
    ck_assert_str_eq(parsed_rule(&parsed, "zone/test", 2), "reject " ANY ALL TAIL);
    parsed_clear(&parsed);
    /* With the list of ICMP turned round, a zone that takes everything refuses ICMP. */
    parsed_init(&parsed, &fw_parser_firewalld,
                "<zone target=\"ACCEPT\"><icmp-block-inversion/></zone>");
    ck_assert_str_eq(parsed_rule(&parsed, "zone/test", 1),
                     "reject " ANY SVC("icmp,ipv6-icmp", "any", "any", "") TAIL);
    parsed_clear(&parsed);
    parsed_init(&parsed, &fw_parser_firewalld,
                "<zone target=\"DROP\"><icmp-block-inversion/></zone>");
    ck_assert_str_eq(parsed_rule(&parsed, "zone/test", 1), "deny " ANY ALL TAIL);
    parsed_clear(&parsed);
    /* A lower priority goes before sources. */
    parsed_init(&parsed, &fw_parser_firewalld,
                "work\n  target: DROP\n  ingress-priority: 0\n  sources: 192.0.2.0/24\n\n"
                "home\n  target: ACCEPT\n  ingress-priority: -10\n  interfaces: eth1\n");
    ck_assert(fw_sv_is(parsed_policy(&parsed, "INPUT")->rules[4].target, "zone/home"));
    ck_assert(fw_sv_is(parsed_policy(&parsed, "INPUT")->rules[5].target, "zone/work"));
    parsed_clear(&parsed);
}
END_TEST

START_TEST(test_unknown)
{
    struct parsed parsed;
    parsed_init(&parsed, &fw_parser_firewalld, "<zone>\n<wonder/>\n</zone>\n");
    ck_assert_str_eq(parsed_counts(&parsed), "3/2/0/1/0");
    ck_assert_int_eq(parsed_policy(&parsed, "zone/test")->rules[0].action, FW_ACTION_UNKNOWN);
    parsed_clear(&parsed);
    parsed_init(&parsed, &fw_parser_firewalld, "<direct>\n<rule>-j DROP</rule>\n</direct>\n");
    ck_assert_str_eq(parsed_counts(&parsed), "3/0/0/3/0");
    parsed_clear(&parsed);
    /* Nothing may be declared: a bomb of entities is refused before it is looked at. */
    parsed_init(&parsed, &fw_parser_firewalld,
                "<!DOCTYPE zone [\n<!ENTITY a \"aaaa\">\n<!ENTITY b \"&a;&a;\">\n]>\n"
                "<zone><short>&b;</short></zone>\n");
    ck_assert_str_eq(parsed_counts(&parsed), "5/0/0/0/5");
    parsed_clear(&parsed);
    char deep[4096];
    size_t n = 0;
    for (int i = 0; i < 100; i++) {
        n += (size_t)snprintf(deep + n, sizeof(deep) - n, "<zone>\n");
    }
    parsed_init(&parsed, &fw_parser_firewalld, deep);
    ck_assert_uint_gt(fw_doc_counts(&parsed.doc).bad, 30);
    parsed_clear(&parsed);
    parsed_mangled(&fw_parser_firewalld,
                   "<zone target=\"DROP\"><service name=\"ssh\"/><rule priority=\"3\">"
                   "<source address=\"192.0.2.0/24\"/><port port=\"1\" protocol=\"tcp\"/><drop/>"
                   "</rule><forward-port port=\"1\" protocol=\"tcp\" to-addr=\"1.2.3.4\"/></zone>");
    parsed_mangled(&fw_parser_firewalld, ZONE "rule source address=\"1.2.3.4\" accept\n");
}
END_TEST

Suite *fw_suite_firewalld(void)
{
    Suite *suite = suite_create("firewalld");
    TCase *tcase = tcase_create("firewalld");
    tcase_add_test(tcase, test_members);
    tcase_add_test(tcase, test_rich);
    tcase_add_test(tcase, test_order);
    tcase_add_test(tcase, test_zones);
    tcase_add_test(tcase, test_unknown);
    suite_add_tcase(suite, tcase);
    return suite;
}
