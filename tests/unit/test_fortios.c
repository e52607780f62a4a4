/* How FortiOS configurations are read: rules, objects, virtual domains, settings, and what is
 * wrong. */
#include <stdio.h>
#include <string.h>

#include "core/limits.h"
#include "tests/unit/rulejson.h"
#include "tests/unit/rulesetparse.h"
#include "tests/unit/suites.h"

extern const struct fw_parser fw_parser_fortios;

#define PORTS "\"in\":\"port1\",\"out\":\"port2\","

static const char *const objects =
    "config firewall address\n"
    "edit \"net\"\nset subnet 10.0.0.0 255.0.0.0\nnext\n"
    "edit \"hosts\"\nset type iprange\nset start-ip 10.1.0.1\nset end-ip 10.1.0.9\nnext\n"
    "edit \"odd\"\nset type wildcard\nset wildcard 10.0.0.1 255.255.255.253\nnext\n"
    "edit \"name\"\nset type fqdn\nset fqdn \"www.example.org\"\nnext\n"
    "edit \"tw\"\nset type geography\nset country \"TW\"\nnext\n"
    "end\n"
    "config firewall addrgrp\n"
    "edit \"both\"\nset member \"hosts\" \"odd\"\nnext\n"
    "edit \"rest\"\nset member \"net\"\nset exclude enable\nset exclude-member \"hosts\"\nnext\n"
    "end\n"
    "config firewall vip\n"
    "edit \"web\"\nset extip 203.0.113.5\nset mappedip \"10.0.0.5\"\nset extintf \"any\"\n"
    "set portforward enable\nset extport 443\nset mappedport 8443\nnext\n"
    "end\n"
    "config firewall service custom\n"
    "edit \"app\"\nset tcp-portrange 8443 9000-9010:1024-65535\nset udp-portrange 53\nnext\n"
    "edit \"ping\"\nset protocol ICMP\nset icmptype 8\nset icmpcode 0\nnext\n"
    "edit \"gre\"\nset protocol IP\nset protocol-number 47\nnext\n"
    "end\n"
    "config firewall service group\nedit \"grp\"\nset member \"ping\" \"gre\"\nnext\nend\n"
    "config firewall policy\nedit 7\nset srcintf port1\nset dstintf port2\n";

START_TEST(test_rules)
{
    static const struct rule_case cases[] = {
        {"set srcaddr all\nset dstaddr all\nset action accept\nset service ALL\n",
         "permit " PORTS ADDRS ALL TAIL},
        {"set srcaddr net\nset dstaddr both\nset service HTTPS\n",
         "deny " PORTS "\"source\":[\"10.0.0.0/8\"],\"destination\":[\"10.0.0.1\",\"10.0.0.3\","
         "\"10.1.0.1-10.1.0.9\"]," SVC("tcp", "any", "443", "") TAIL},
        {"set srcaddr rest\nset dstaddr all\nset service grp\nset action accept\n",
         "permit " PORTS "\"source\":[\"10.0.0.0-10.1.0.0\",\"10.1.0.10-10.255.255.255\"],"
         "\"destination\":\"any\",\"service\":[{\"protocol\":\"icmp\",\"source_port\":\"any\","
         "\"destination_port\":\"any\",\"icmp\":\"8/0\"},{\"protocol\":\"gre\",\"source_port\":"
         "\"any\",\"destination_port\":\"any\"}]," TAIL},
        {"set srcaddr all\nset srcaddr-negate enable\nset dstaddr all\nset service ALL\n",
         "deny "
         "\"in\":\"any\",\"out\":\"any\",\"source\":[],\"destination\":[],\"service\":[]," TAIL},
        {"set srcaddr name\nset dstaddr tw\nset service SSH\nset action accept\n",
         "permit " PORTS ADDRS SVC("tcp", "any", "22", "")
             WIDE("\"destination country TW\",\"source fqdn www.example.org\"")},
        {"set srcaddr all\nset dstaddr web\nset service app\nset action accept\n",
         "permit " PORTS
         "\"source\":\"any\",\"destination\":[\"203.0.113.5\"]," SVC("tcp", "any", "443", "") TAIL},
        {"set srcaddr all\nset dstaddr web\nset service SSH\nset action accept\n",
         "permit "
         "\"in\":\"any\",\"out\":\"any\",\"source\":[],\"destination\":[],\"service\":[]," TAIL},
        {"set srcaddr all\nset dstaddr net\nset service app\n",
         "deny " PORTS "\"source\":\"any\",\"destination\":[\"10.0.0.0/8\"],\"service\":[{"
         "\"protocol\":\"tcp\",\"source_port\":\"any\",\"destination_port\":\"8443\"},{"
         "\"protocol\":\"tcp\",\"source_port\":\"1024-65535\",\"destination_port\":\"9000-9010\"},"
         "{\"protocol\":\"udp\",\"source_port\":\"any\",\"destination_port\":\"53\"}]," TAIL},
        {"set srcaddr all\nset dstaddr all\nset service SSH\nset service-negate enable\n"
         "set action accept\n",
         "permit " PORTS ADDRS "\"service\":[{\"protocol\":\"0-5,7-255\",\"source_port\":\"any\","
         "\"destination_port\":\"any\"},{\"protocol\":\"tcp\",\"source_port\":\"any\","
         "\"destination_port\":\"0-21,23-65535\"}]," TAIL},
        {"set srcaddr all\nset internet-service enable\nset internet-service-name \"A-B\"\n"
         "set action accept\n",
         "permit " PORTS ADDRS ALL WIDE("\"destination internet-service A-B\"")},
        {"set srcaddr all\nset dstaddr all\nset service ALL\nset schedule \"office\"\n"
         "set groups \"staff\"\nset action accept\nset utm-status enable\n",
         "permit " PORTS ADDRS ALL WIDE("\"groups staff\",\"schedule office\"")},
    };
    const struct rule_frame frame = {&fw_parser_fortios, objects, "next\nend\n", "policy", "/0/0"};
    check_rules(&frame, cases, sizeof(cases) / sizeof(cases[0]));
}
END_TEST

/* What is not said, or not known, makes no rule that matches nothing and none that is exact. */
START_TEST(test_open)
{
    static const struct rule_case cases[] = {
        {"set srcaddr net\nset action accept\n",
         "permit " PORTS "\"source\":[\"10.0.0.0/8\"],\"destination\":\"any\"," ALL WIDE(
             "\"incomplete\",\"without dstaddr\",\"without service\"")},
        {"set dstaddr net\nset service\nset srcaddr\n",
         "deny " PORTS "\"source\":\"any\",\"destination\":[\"10.0.0.0/8\"]," ALL WIDE(
             "\"without service\",\"without srcaddr\"")},
        {"set srcaddr all\nset dstaddr web\nset service SSH\nset service-negate enable\n"
         "set action accept\n",
         "permit " PORTS "\"source\":\"any\",\"destination\":[\"203.0.113.5\"]," ALL WIDE(
             "\"forwarded ports of web\"")},
        {"set srcaddr all\nset dstaddr web\nset dstaddr-negate enable\nset service SSH\n"
         "set action accept\n",
         "permit " PORTS ADDRS SVC("tcp", "any", "22", "") WIDE("\"not virtual address web\"")},
        {"set srcaddr odder\nset dstaddr all\nset service none\nset action accept\n",
         "permit " PORTS ADDRS ALL WIDE("\"service none\",\"source address odder\"")},
        {"set srcaddr all\nset dstaddr off\nset service ALL\nset action accept\n",
         "permit " PORTS ADDRS ALL WIDE("\"destination virtual address off\"")},
    };
    char text[4096];
    snprintf(text, sizeof(text),
             "config firewall address\nedit odder\nset subnet 10.0.0.0 255.0.0.0\nset wonder 1\n"
             "next\nend\nconfig firewall vip\nedit off\nset extip 203.0.113.9\n"
             "set mappedip 10.0.0.9\nset status disable\nnext\nend\n"
             "config firewall service custom\nedit none\nset protocol TCP/UDP/SCTP\nnext\nend\n%s",
             objects);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char whole[8192];
        struct parsed parsed;
        snprintf(whole, sizeof(whole), "%s%snext\nend\n", text, cases[i].rule);
        parsed_init(&parsed, &fw_parser_fortios, whole);
        ck_assert_str_eq(parsed_rule(&parsed, "policy", 1), cases[i].json);
        parsed_clear(&parsed);
    }
    /* The text ends inside of the list: what is there may go on, and more may follow. */
    struct parsed parsed;
    parsed_init(&parsed, &fw_parser_fortios,
                "config firewall policy\nedit 1\nset srcintf any\nset dstintf any\n"
                "set srcaddr all\nset dstaddr all\nset service ALL\nnext\nedit 2\n"
                "set srcintf any\nset dstintf any\nset srcaddr all\nset dstaddr all\n"
                "set service ALL\n");
    const struct fw_policy *policy = parsed_policy(&parsed, "policy");
    ck_assert_uint_eq(policy->n, 3);
    ck_assert(fw_rule_exact(&policy->rules[0]) && !fw_rule_exact(&policy->rules[1]));
    ck_assert(policy->rules[2].implied && policy->rules[2].action == FW_ACTION_UNKNOWN);
    parsed_clear(&parsed);
}
END_TEST

/* A rule that denies does not see packets for a virtual address by default. */
START_TEST(test_match_vip)
{
    static const char *const vip =
        "config firewall vip\nedit \"web\"\nset extip 203.0.113.5\nset mappedip \"10.0.0.5\"\n"
        "next\nend\nconfig firewall policy\nedit 1\nset srcintf any\nset dstintf any\n"
        "set srcaddr all\nset dstaddr all\nset service ALL\n";
    char text[1024];
    struct parsed parsed;
    snprintf(text, sizeof(text), "%snext\nend\n", vip);
    parsed_init(&parsed, &fw_parser_fortios, text);
    ck_assert_ptr_nonnull(
        strstr(parsed_rule(&parsed, "policy", 1), "\"unmodelled\":[\"match-vip\"]"));
    parsed_clear(&parsed);
    snprintf(text, sizeof(text), "%sset match-vip enable\nnext\nend\n", vip);
    parsed_init(&parsed, &fw_parser_fortios, text);
    ck_assert_ptr_nonnull(strstr(parsed_rule(&parsed, "policy", 1), "\"exact\":true"));
    ck_assert(parsed.ruleset.inner_unseen);
    parsed_clear(&parsed);
    parsed_init(&parsed, &fw_parser_fortios, strstr(vip, "config firewall policy"));
    ck_assert(!parsed.ruleset.inner_unseen);
    parsed_clear(&parsed);
}
END_TEST

static enum fw_verdict trace(struct parsed *parsed, const char *flow)
{
    struct fw_trace result;
    return parsed_trace(parsed, flow, &result);
}

START_TEST(test_domains)
{
    struct parsed parsed;
    parsed_init(&parsed, &fw_parser_fortios,
                "config vdom\nedit root\nnext\nedit dmz\nnext\nend\n"
                "config global\nconfig system global\nset hostname \"fw-1\"\nend\n"
                "config system interface\n"
                "edit port1\nset vdom root\nset ip 10.0.0.1 255.255.255.0\nset allowaccess ping\n"
                "next\nedit port2\nset vdom root\nnext\nedit port3\nset vdom dmz\nnext\nend\nend\n"
                "config vdom\nedit root\nconfig system zone\nedit inside\nset interface port1\n"
                "next\nend\nconfig firewall policy\nedit 1\nset srcintf inside\nset dstintf port2\n"
                "set srcaddr all\nset dstaddr all\nset service HTTPS\nset action accept\n"
                "set logtraffic all\nnext\nend\n"
                "config firewall local-in-policy\nedit 1\nset intf port2\nset srcaddr all\n"
                "set dstaddr all\nset service ALL\nset schedule always\nnext\nend\nend\n"
                "config vdom\nedit dmz\nconfig firewall policy\nedit 1\nset srcintf any\n"
                "set dstintf any\nset srcaddr all\nset dstaddr all\nset service ALL\n"
                "set action accept\nset status disable\nnext\nend\nend\n");
    ck_assert_str_eq(parsed_counts(&parsed), "66/66/0/0/0");
    ck_assert(fw_sv_is(parsed.ruleset.hostname, "fw-1"));
    ck_assert_uint_eq(parsed.ruleset.npolicies, 3);
    ck_assert(parsed_policy(&parsed, "root/policy")->rules[0].log);
    ck_assert(!parsed_policy(&parsed, "dmz/policy")->rules[0].enabled);
    ck_assert_int_eq(trace(&parsed, "tcp 10.0.0.2:1024 -> 192.0.2.9:443 in=port1 out=port2"),
                     FW_VERDICT_PERMIT);
    ck_assert_int_eq(trace(&parsed, "tcp 10.0.0.2:1024 -> 192.0.2.9:443 in=inside out=port2"),
                     FW_VERDICT_PERMIT);
    ck_assert_int_eq(trace(&parsed, "tcp 10.0.0.2:1024 -> 192.0.2.9:80 in=port1 out=port2"),
                     FW_VERDICT_DENY);
    ck_assert_int_eq(trace(&parsed, "tcp [2001:db8::1]:1 -> [2001:db8::2]:443 in=port1 out=port2"),
                     FW_VERDICT_DENY);
    ck_assert_int_eq(trace(&parsed, "tcp 10.0.0.2:1024 -> 192.0.2.9:443 in=port3 out=port2"),
                     FW_VERDICT_DENY);
    ck_assert_int_eq(trace(&parsed, "tcp 10.0.0.2:1 -> 192.0.2.9:443 in=port2 hook=input"),
                     FW_VERDICT_DENY);
    ck_assert_int_eq(trace(&parsed, "tcp 10.0.0.2:1 -> 192.0.2.9:443 in=port1 hook=input"),
                     FW_VERDICT_MAY);
    parsed_clear(&parsed);
}
END_TEST

START_TEST(test_edits)
{
    struct parsed parsed;
    parsed_init(&parsed, &fw_parser_fortios,
                "config firewall policy\n"
                "edit 1\nset name \"a b\"\nnext\nedit 2\nnext\nedit 3\nnext\n"
                "delete 2\nmove 3 before 1\nclone 1 to 9\nend\n");
    const struct fw_policy *policy = parsed_policy(&parsed, "policy");
    ck_assert_uint_eq(policy->n, 3);
    ck_assert(fw_sv_is(policy->rules[0].id, "3"));
    ck_assert(fw_sv_is(policy->rules[1].id, "1"));
    ck_assert(fw_sv_is(policy->rules[2].id, "9"));
    ck_assert(fw_sv_is(policy->rules[2].name, "a b"));
    ck_assert_int_eq(policy->fallback, FW_ACTION_DENY);
    ck_assert_str_eq(parsed_counts(&parsed), "12/10/0/0/2"); /* rules without interfaces */
    parsed_clear(&parsed);
}
END_TEST

START_TEST(test_cycles_and_depth)
{
    char text[20000];
    size_t n = 0;
    struct parsed parsed;
    parsed_init(&parsed, &fw_parser_fortios,
                "config firewall addrgrp\nedit a\nset member b\nnext\nedit b\nset member a\nnext\n"
                "end\n");
    ck_assert_str_eq(parsed_counts(&parsed), "8/7/0/0/1");
    parsed_clear(&parsed);
    for (int i = 0; i < FW_LIMIT_CONFIG_DEPTH + 36; i++) {
        n += (size_t)snprintf(text + n, sizeof(text) - n, "config firewall x\nedit %d\n", i);
    }
    for (int i = 0; i < FW_LIMIT_CONFIG_DEPTH + 36; i++) {
        n += (size_t)snprintf(text + n, sizeof(text) - n, "next\nend\n");
    }
    parsed_init(&parsed, &fw_parser_fortios, text);
    ck_assert_ptr_nonnull(strstr(parsed_counts(&parsed), "400/"));
    parsed_clear(&parsed);
    n = (size_t)snprintf(text, sizeof(text), "config firewall addrgrp\n");
    for (int i = 0; i < FW_LIMIT_CONFIG_DEPTH + 36; i++) {
        n += (size_t)snprintf(text + n, sizeof(text) - n, "edit g%d\nset member g%d\nnext\n", i,
                              i + 1);
    }
    snprintf(text + n, sizeof(text) - n, "edit g100\nset member all\nnext\nend\n");
    parsed_init(&parsed, &fw_parser_fortios, text);
    ck_assert_ptr_nonnull(strstr(parsed_counts(&parsed), "/0/0/1"));
    parsed_clear(&parsed);
}
END_TEST

START_TEST(test_settings_and_secrets)
{
    struct parsed parsed;
    parsed_init(&parsed, &fw_parser_fortios,
                "#config-version=FGT60F-7.2.4-FW-build1396-230131:opmode=0:vdom=0:user=admin\n"
                "config system global\nset timezone \"Asia/Taipei\"\nend\n"
                "config system admin\nedit \"admin\"\nset trusthost1 10.0.0.0 255.0.0.0\n"
                "set password ENC SH2abc=\nnext\nend\n"
                "config system ntp\nset ntpsync enable\nset type custom\nconfig ntpserver\nedit 1\n"
                "set server \"ntp.example.org\"\nnext\nend\nend\n"
                "config log syslogd setting\nset status enable\nset server \"10.0.0.9\"\n"
                "set mode reliable\nset enc-algorithm high\nend\n"
                "config vpn certificate local\nedit \"x\"\nset private-key \"-----BEGIN\nAAAA\n"
                "-----END\"\nnext\nend\n");
    const struct fw_ruleset *set = &parsed.ruleset;
    ck_assert(set->has_settings && set->implicit_deny);
    static const struct setting_case expected[] = {
        {FW_SETTING_VERSION, "FGT60F-7.2.4-FW-build1396-230131", ""},
        {FW_SETTING_TIME_ZONE, "Asia/Taipei", ""},
        {FW_SETTING_NTP_SERVER, "ntp.example.org", ""},
        {FW_SETTING_LOG_HOST, "10.0.0.9", "tls"},
        {FW_SETTING_USER, "admin", ""},
        {FW_SETTING_ADMIN_ACCESS, "admin", "admin"},
    };
    check_settings(&parsed, expected, sizeof(expected) / sizeof(expected[0]));
    ck_assert_uint_eq(set->nsecrets, 4); /* the password, three lines of the key */
    ck_assert_ptr_nonnull(strstr(parsed_counts(&parsed), "/0/0"));
    parsed_clear(&parsed);
}
END_TEST

START_TEST(test_hostile)
{
    parsed_mangled(
        &fw_parser_fortios,
        "config vdom\nedit r\nconfig firewall addrgrp\nedit g\nset member g \"h\"\nnext\n"
        "end\nconfig firewall policy\nedit 1\nset srcintf \"a\"\nset dstaddr g h\n"
        "set service ALL x\nappend member q\nunset status\nnext\nmove 1 after 1\n"
        "rename 1 to 2\ndelete 1\nclone 1 to 3\nend\nend\n");
    parsed_mangled(&fw_parser_fortios,
                   "config firewall address\nedit a\nset type wildcard\n"
                   "set wildcard 1.2.3.4 0.255.0.255\nnext\nend\nconfig firewall vip\nedit v\n"
                   "set extip 1.1.1.1-1.1.1.9\nset portforward enable\nset extport 1-9\n"
                   "set mappedport 11-19\nset mappedip 1.1.1.1\nnext\nend\nconfig firewall policy\n"
                   "edit 1\nset dstaddr v a\nset service SSH\nset srcaddr a\nset srcintf any\n"
                   "set srcaddr-negate enable\nset password 'x\\'\nnext\nend\n");
}
END_TEST

Suite *fw_suite_fortios(void)
{
    Suite *suite = suite_create("fortios");
    TCase *tcase = tcase_create("fortios");
    tcase_set_timeout(tcase, 120);
    tcase_add_test(tcase, test_rules);
    tcase_add_test(tcase, test_open);
    tcase_add_test(tcase, test_match_vip);
    tcase_add_test(tcase, test_domains);
    tcase_add_test(tcase, test_edits);
    tcase_add_test(tcase, test_cycles_and_depth);
    tcase_add_test(tcase, test_settings_and_secrets);
    tcase_add_test(tcase, test_hostile);
    suite_add_tcase(suite, tcase);
    return suite;
}
