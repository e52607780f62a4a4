/* How Junos configurations are read: policies, filters, translations, groups, spellings, settings,
 * and what is wrong. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/limits.h"
#include "tests/unit/rulejson.h"
#include "tests/unit/rulesetparse.h"
#include "tests/unit/spelling.h"
#include "tests/unit/suites.h"

extern const struct fw_parser fw_parser_junos;

#define P "set security policies from-zone a to-zone b policy p "
#define ANYWHERE P "match source-address any\n" P "match destination-address any\n"
#define PERMIT P "then permit\n"
#define EVERY P "match application any\n"
#define ZONES "\"in\":\"any\",\"out\":\"any\","

static const char *const objects =
    "set security zones security-zone a interfaces ge-0/0/0.0\n"
    "set security zones security-zone b interfaces ge-0/0/1.0\n"
    "set interfaces ge-0/0/0 unit 0 family inet address 10.0.0.1/8\n"
    "set interfaces ge-0/0/1 unit 0 family inet address 192.0.2.1/24\n"
    "set security address-book global address net 10.0.0.0/8\n"
    "set security address-book global address host 10.9.9.9/32\n"
    "set security address-book global address range range-address 10.1.0.1 to 10.1.0.9\n"
    "set security address-book global address name dns-name www.example.org\n"
    "set security address-book global address wild wildcard-address 10.0.0.1/255.255.255.253\n"
    "set security address-book global address-set both address range\n"
    "set security address-book global address-set both address wild\n"
    "set security address-book local address host 10.8.8.8/32\n"
    "set security address-book local attach zone a\n"
    "set applications application app term t1 protocol tcp destination-port 8443\n"
    "set applications application app term t2 protocol udp source-port 1024-65535\n"
    "set applications application rpc term t1 protocol tcp uuid 1-2-3-4-5\n"
    "set applications application echo protocol icmp\n"
    "set applications application echo icmp-type 8\n"
    "set applications application-set grp application app\n"
    "set applications application-set grp application junos-ssh\n";

START_TEST(test_policies)
{
    static const struct rule_case cases[] = {
        {ANYWHERE EVERY PERMIT, "permit " ZONES ADDRS ALL TAIL},
        {P "match source-address [ host net ]\n" P "match destination-address both\n" P
           "match application grp\n" P "then deny\n",
         "deny " ZONES "\"source\":[\"10.0.0.0/8\"],\"destination\":[\"10.0.0.1\",\"10.0.0.3\","
         "\"10.1.0.1-10.1.0.9\"],\"service\":[{\"protocol\":\"tcp\",\"source_port\":\"any\","
         "\"destination_port\":\"22,8443\"},{\"protocol\":\"udp\",\"source_port\":\"1024-65535\","
         "\"destination_port\":\"any\"}]," TAIL},
        {P "match source-address host\n" P "match destination-address host\n" EVERY PERMIT,
         "permit " ZONES "\"source\":[\"10.8.8.8\"],\"destination\":[\"10.9.9.9\"]," ALL TAIL},
        {P "match source-address any-ipv4\n" P "match destination-address net\n" P
           "match destination-address-excluded\n" P "match application echo\n" P "then reject\n",
         "reject " ZONES "\"source\":[\"0.0.0.0/0\"],\"destination\":[\"0.0.0.0-9.255.255.255\","
         "\"11.0.0.0-255.255.255.255\",\"::/0\"],\"service\":[{\"protocol\":\"icmp\","
         "\"source_port\":\"any\",\"destination_port\":\"any\",\"icmp\":\"8\"}]," TAIL},
        /* Terms of other applications are called t1 as well. */
        {ANYWHERE P "match application rpc\n" PERMIT,
         "permit " ZONES ADDRS SVC("tcp", "any", "any", "") WIDE("\"rpc rpc t1\"")},
        {ANYWHERE PERMIT, "permit " ZONES ADDRS ALL WIDE("\"incomplete\"")},
        {P "match source-address name\n" P "match destination-address any\n" EVERY PERMIT P
           "match source-identity staff\n" P "scheduler-name s\n",
         "permit " ZONES ADDRS ALL WIDE("\"scheduler s\",\"source dns-name www.example.org\","
                                        "\"source-identity staff\"")},
    };
    const struct rule_frame frame = {&fw_parser_junos, objects, "", "from-zone a to-zone b",
                                     "/0/0"};
    check_rules(&frame, cases, sizeof(cases) / sizeof(cases[0]));
    static const struct rule_case unknown = {ANYWHERE EVERY PERMIT P "then permit wonder\n",
                                             "permit " ZONES ADDRS ALL WIDE("\"wonder\"")};
    const struct rule_frame odd = {&fw_parser_junos, objects, "", "from-zone a to-zone b", "/1/0"};
    check_rules(&odd, &unknown, 1);
}
END_TEST

#define F "set firewall family inet filter f term t "
#define LIST \
    "set policy-options prefix-list l 192.0.2.0/24\n" \
    "set policy-options prefix-list q [ 192.0.2.0/26 192.0.2.64/26 192.0.2.128/26 192.0.2.192/26 " \
    "]\n"

START_TEST(test_filters)
{
    static const struct rule_case cases[] = {
        {F "then accept\n", "permit " ZONES ADDRS ALL TAIL},
        {F "from source-address 10.0.0.0/8\n" F "from source-address 10.1.0.0/16 except\n" F
           "from source-address 10.1.2.0/24\n" F "then discard\n",
         "deny " ZONES "\"source\":[\"10.0.0.0/16\",\"10.1.2.0/24\",\"10.2.0.0-10.255.255.255\"],"
         "\"destination\":\"any\"," ALL TAIL},
        {F "from protocol tcp\n" F "from destination-port [ ssh 8000-8010 ]\n" F
           "from source-prefix-list l\n" F "then reject\n",
         "reject " ZONES "\"source\":[\"192.0.2.0/24\"],\"destination\":\"any\"," SVC(
             "tcp", "any", "22,8000-8010", "") TAIL},
        {F "from protocol tcp\n" F "from tcp-initial\n" F "then accept\n",
         "permit " ZONES ADDRS "\"service\":[{\"protocol\":\"tcp\",\"source_port\":\"any\","
         "\"destination_port\":\"any\",\"tcp_flags\":\"2-3,6-7,10-11,14-15,34-35,38-39,42-43,46-47,"
         "66-67,70-71,74-75,78-79,98-99,102-103,106-107,110-111,130-131,134-135,138-139,142-143,"
         "162-163,166-167,170-171,174-175,194-195,198-199,202-203,206-207,226-227,230-231,234-235,"
         "238-239\"}]," TAIL},
        {F "from protocol-except tcp\n" F "then next term\n",
         "continue " ZONES ADDRS "\"service\":[{\"protocol\":\"0-5,7-255\",\"source_port\":\"any\","
         "\"destination_port\":\"any\"}]," TAIL},
        {F "from icmp-type echo-request\n" F "from icmp-code 0\n" F "from protocol icmp\n" F
           "then count x\n",
         "permit " ZONES ADDRS "\"service\":[{\"protocol\":\"icmp\",\"source_port\":\"any\","
         "\"destination_port\":\"any\",\"icmp\":\"8/0\"}]," TAIL},
        /* The longest prefix counts, also of those that fill a shorter one together. */
        {F "from source-prefix-list q\n" F "from source-address 192.0.2.0/25 except\n" F
           "then accept\n",
         "permit " ZONES "\"source\":[\"192.0.2.0/24\"],\"destination\":\"any\"," ALL TAIL},
        {F "from source-address 10.0.0.0/8\n" F "from source-prefix-list none except\n" F
           "then accept\n",
         "permit " ZONES
         "\"source\":[\"10.0.0.0/8\"],\"destination\":\"any\"," ALL WIDE("\"prefix-list none\"")},
        {F "from protocol tcp\n" F "from port-except 80\n" F "then accept\n",
         "permit " ZONES ADDRS "\"service\":[{\"protocol\":\"tcp\",\"source_port\":\"0-79,81-"
         "65535\",\"destination_port\":"
         "\"any\"},{\"protocol\":\"tcp\",\"source_port\":\"any\",\"destination_port\":\"0-79,81-"
         "65535\"},"
         "{\"protocol\":\"tcp\",\"source_port\":\"0-79,81-65535\",\"destination_port\":\"0-79,81-"
         "65535\"}]"
         "," WIDE("\"port-except\"")},
        {F "from dscp ef\n" F "then policer p\n" F "then accept\n",
         "permit " ZONES ADDRS ALL WIDE("\"dscp ef\",\"policer p\"")},
    };
    const struct rule_frame frame = {&fw_parser_junos, LIST, "", "f", "/0/0"};
    check_rules(&frame, cases, sizeof(cases) / sizeof(cases[0]));
}
END_TEST

static enum fw_verdict trace(struct parsed *parsed, const char *flow)
{
    struct fw_trace result;
    return parsed_trace(parsed, flow, &result);
}

/* Rules that nobody here reads decide as well: nothing is certain where they stand. */
START_TEST(test_elsewhere)
{
    static const struct {
        const char *line, *policy;
    } cases[] = {
        {"set logical-systems ls security policies global policy p then permit\n",
         "logical-systems ls"},
        {"set tenants t firewall family inet filter f term a then accept\n", "tenants t"},
        {"set forwarding-options family inet filter input f\n",
         "forwarding-options family inet filter"},
        {"set interfaces ge-0/0/0 unit 0 filter input f\n", "filter of ge-0/0/0.0"},
        {"set interfaces ge-0/0/0 unit 0 family inet filter input none\n", "none"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char text[1024];
        struct parsed parsed;
        snprintf(text, sizeof(text), "set system host-name r\n%s", cases[i].line);
        parsed_init(&parsed, &fw_parser_junos, text);
        const struct fw_policy *policy = parsed_policy(&parsed, cases[i].policy);
        ck_assert_uint_eq(policy->n, 1);
        ck_assert_int_eq(policy->rules[0].action, FW_ACTION_UNKNOWN);
        ck_assert_uint_eq(policy->nbindings, 1);
        ck_assert_msg(policy->rules[0].span.line > 0, "%s", cases[i].line);
        if (i < 4) {
            ck_assert_str_eq(parsed_counts(&parsed), "2/1/0/1/0");
        }
        parsed_clear(&parsed);
    }
}
END_TEST

/* Filters at interfaces, then the policy between the zones, then the global one, then the default;
 * destinations are put back before any policy. */
START_TEST(test_order)
{
    static char text[8192];
    struct parsed parsed;
    snprintf(text, sizeof(text), "%s%s", objects,
             ANYWHERE P "match application junos-http\n" PERMIT
                        "set security policies global policy g match source-address net\n"
                        "set security policies global policy g match destination-address any\n"
                        "set security policies global policy g match application junos-ssh\n"
                        "set security policies global policy g then permit\n"
                        "set firewall family inet filter f term bad from source-address "
                        "10.66.0.0/16\n"
                        "set firewall family inet filter f term bad then discard\n"
                        "set firewall family inet filter f term rest then accept\n"
                        "set interfaces ge-0/0/0 unit 0 family inet filter input f\n"
                        "set security nat destination pool web address 192.0.2.80/32 port 80\n"
                        "set security nat destination rule-set r from zone a\n"
                        "set security nat destination rule-set r rule x match "
                        "destination-address 203.0.113.9/32\n"
                        "set security nat destination rule-set r rule x match destination-port "
                        "8080\n"
                        "set security nat destination rule-set r rule x then destination-nat pool "
                        "web\n");
    parsed_init(&parsed, &fw_parser_junos, text);
    ck_assert_ptr_nonnull(strstr(parsed_counts(&parsed), "/0/0"));
    static const struct {
        const char *flow;
        enum fw_verdict verdict;
    } cases[] = {
        {"tcp 10.0.0.2:1024 -> 192.0.2.9:80 in=ge-0/0/0.0 out=ge-0/0/1.0", FW_VERDICT_PERMIT},
        {"tcp 10.66.0.2:1024 -> 192.0.2.9:80 in=ge-0/0/0.0 out=ge-0/0/1.0", FW_VERDICT_DENY},
        {"tcp 10.0.0.2:1024 -> 192.0.2.9:22 in=a out=b", FW_VERDICT_PERMIT},
        {"tcp 11.0.0.2:1024 -> 192.0.2.9:22 in=a out=b", FW_VERDICT_DENY},
        {"tcp 10.0.0.2:1024 -> 192.0.2.9:23 in=a out=b", FW_VERDICT_DENY},
        {"tcp 10.0.0.2:1024 -> 203.0.113.9:8080 in=ge-0/0/0.0 out=ge-0/0/1.0", FW_VERDICT_PERMIT},
        {"tcp 10.0.0.2:1024 -> 203.0.113.9:8081 in=ge-0/0/0.0 out=ge-0/0/1.0", FW_VERDICT_DENY},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        ck_assert_msg(trace(&parsed, cases[i].flow) == cases[i].verdict, "%s", cases[i].flow);
    }
    parsed_clear(&parsed);
    parsed_init(&parsed, &fw_parser_junos,
                "set security policies default-policy permit-all\n"
                "set security zones security-zone a interfaces e.0\n"
                "set security zones security-zone b interfaces f.0\n");
    ck_assert_int_eq(trace(&parsed, "tcp 10.0.0.2:1 -> 192.0.2.9:23 in=a out=b"),
                     FW_VERDICT_PERMIT);
    parsed_clear(&parsed);
}
END_TEST

START_TEST(test_groups)
{
    struct parsed parsed;
    parsed_init(&parsed, &fw_parser_junos,
                "set groups g system host-name theirs\nset groups g system time-zone UTC\n"
                "set groups g security policies from-zone <*> to-zone <*> policy <*> then log "
                "session-init\n"
                "set groups h firewall family inet filter <f*> term last then discard\n"
                "set apply-groups [ g h ]\nset system host-name mine\n"
                "set system apply-groups-except none\n"
                "set security policies from-zone a to-zone b policy p then permit\n"
                "deactivate security policies from-zone a to-zone b policy q\n"
                "set security policies from-zone a to-zone b policy q then permit\n"
                "deactivate security policies from-zone a to-zone b policy q\n"
                "set firewall family inet filter f1 term x then accept\n"
                "set firewall family inet filter other term x then accept\n"
                "set firewall family inet filter gone term x then accept\n"
                "deactivate firewall family inet filter gone\n");
    ck_assert(fw_sv_is(parsed.ruleset.hostname, "mine"));
    const struct fw_policy *pair = parsed_policy(&parsed, "from-zone a to-zone b");
    ck_assert_uint_eq(pair->n, 2);
    ck_assert(pair->rules[0].log && pair->rules[0].enabled && !pair->rules[1].enabled);
    ck_assert_uint_eq(parsed_policy(&parsed, "f1")->n, 2);
    ck_assert_int_eq(parsed_policy(&parsed, "f1")->rules[1].action, FW_ACTION_DENY);
    ck_assert_uint_eq(parsed_policy(&parsed, "other")->n, 1);
    ck_assert_ptr_null(fw_ruleset_find(&parsed.ruleset, FW_SV("gone")));
    ck_assert_ptr_nonnull(strstr(parsed_counts(&parsed), "/0/0"));
    parsed_clear(&parsed);
}
END_TEST

START_TEST(test_spellings)
{
    static const char *const more = ANYWHERE P
        "match application grp\n" P "then permit\n" P "then count\n"
        "set policy-options prefix-list l apply-path \"interfaces <*> unit <*> family inet address "
        "<*>\"\n"
        "set firewall family inet filter f term t from prefix-list l\n"
        "set firewall family inet filter f term t from protocol tcp\n"
        "set firewall family inet filter f term t from tcp-flags \"syn & !ack\"\n"
        "set firewall family inet filter f term t then accept\n"
        "set system name-server [ 192.0.2.1 192.0.2.2 ]\n"
        "set security nat static rule-set s rule r match destination-address 192.0.2.7/32\n"
        "set security nat static rule-set s rule r then static-nat prefix 10.0.0.7/32\n";
    static char text[2][32768];
    struct parsed parsed[2];
    snprintf(text[0], sizeof(text[0]), "%s%s", objects, more);
    spell_paths(text[0], false, text[1], sizeof(text[1]));
    for (size_t i = 0; i < 2; i++) {
        parsed_init(&parsed[i], &fw_parser_junos, text[i]);
        ck_assert_msg(strstr(parsed_counts(&parsed[i]), "/0/0"), "%s", parsed_counts(&parsed[i]));
    }
    check_same_model(&parsed[0], &parsed[1]);
    ck_assert_uint_eq(parsed_policy(&parsed[0], "f")->rules[0].match.n, 2);
    parsed_clear(&parsed[0]);
    parsed_clear(&parsed[1]);
}
END_TEST

START_TEST(test_settings)
{
    struct parsed parsed;
    parsed_init(&parsed, &fw_parser_junos,
                "version 21.4R3;\nsystem {\n host-name edge;\n time-zone Asia/Taipei;\n"
                " root-authentication { encrypted-password \"$6$a$b\"; }\n"
                " authentication-order [ tacplus password ];\n"
                " login { user u { class operator; } }\n"
                " ntp { server 192.0.2.1 key 7 prefer; authentication-key 7 type md5 value "
                "\"Secret1\"; }\n"
                " syslog { host 192.0.2.9 { any any; transport tls; } }\n"
                " services { ssh; telnet; }\n name-server { 192.0.2.53; }\n}\n"
                "snmp { community Secret2 { authorization read-only; } }\n");
    static const struct setting_case expected[] = {
        {FW_SETTING_VERSION, "21.4R3", ""},        {FW_SETTING_HOSTNAME, "edge", ""},
        {FW_SETTING_TIME_ZONE, "Asia/Taipei", ""}, {FW_SETTING_NTP_SERVER, "192.0.2.1", "7"},
        {FW_SETTING_LOG_HOST, "192.0.2.9", "tls"}, {FW_SETTING_ADMIN_ACCESS, "ssh", ""},
        {FW_SETTING_ADMIN_ACCESS, "telnet", ""},   {FW_SETTING_USER, "root", "super-user"},
        {FW_SETTING_USER, "u", "operator"},        {FW_SETTING_AAA, "tacplus", ""},
        {FW_SETTING_DNS_SERVER, "192.0.2.53", ""}, {FW_SETTING_SNMP, "v1/v2c", ""},
    };
    check_settings(&parsed, expected, sizeof(expected) / sizeof(expected[0]));
    ck_assert_uint_ge(parsed.ruleset.nsecrets, 3);
    parsed_clear(&parsed);
}
END_TEST

/* Groups that apply to themselves, and that spread over very much. */
START_TEST(test_bombs)
{
    static char text[131072];
    struct parsed parsed;
    size_t n = (size_t)snprintf(text, sizeof(text), "set apply-groups g\n");
    for (int i = 0; i < 520; i++) {
        n += (size_t)snprintf(text + n, sizeof(text) - n,
                              "set groups g interfaces <*> unit %d\n"
                              "set interfaces e%d mtu 1500\n",
                              i, i);
    }
    parsed_init(&parsed, &fw_parser_junos, text);
    ck_assert_ptr_nonnull(strstr(parsed_counts(&parsed), "/0/1"));
    ck_assert_uint_lt(parsed.ruleset.ninterfaces, FW_LIMIT_CONFIG_INHERITED);
    parsed_clear(&parsed);
    parsed_init(&parsed, &fw_parser_junos,
                "set groups g system apply-groups g\nset groups g system services ssh\n"
                "set system apply-groups g\nset groups g <*> <*> <*> apply-groups g\n"
                "set security address-book global address-set a address-set a\n");
    ck_assert_ptr_nonnull(strstr(parsed_counts(&parsed), "/0/1"));
    parsed_clear(&parsed);
}
END_TEST

/* Copies that hold copies: forty lines must not become a million million statements. */
START_TEST(test_copies)
{
    enum { LEVELS = 40 };
    static char text[16384];
    char path[512];
    size_t ends[LEVELS];
    size_t length = 0;
    struct parsed parsed;
    for (int i = 0; i < LEVELS; i++) {
        length += (size_t)snprintf(path + length, sizeof(path) - length, " k%d", i);
        ends[i] = length;
    }
    size_t n = (size_t)snprintf(text, sizeof(text), "set%s leaf\n", path);
    for (int i = LEVELS - 1; i > 0; i--) {
        n += (size_t)snprintf(text + n, sizeof(text) - n, "copy%.*s to c%d\n", (int)ends[i], path,
                              i);
    }
    parsed_init(&parsed, &fw_parser_junos, text);
    ck_assert_uint_gt(fw_doc_counts(&parsed.doc).bad, 1);
    parsed_clear(&parsed);
}
END_TEST

/* Lists of filters, however long, and what is not there; what is cut off may have held more. */
START_TEST(test_lists)
{
    static char text[16384];
    struct parsed parsed;
    size_t n = (size_t)snprintf(text, sizeof(text),
                                "set firewall family inet filter last term t then discard\n");
    for (int i = 0; i < 70; i++) {
        n += (size_t)snprintf(text + n, sizeof(text) - n,
                              "set firewall family inet filter f%d term t from protocol tcp\n"
                              "set firewall family inet filter f%d term t then next term\n"
                              "set interfaces e unit 0 family inet filter input-list f%d\n",
                              i, i, i);
    }
    snprintf(text + n, sizeof(text) - n,
             "set interfaces e unit 0 family inet filter input-list last\n");
    parsed_init(&parsed, &fw_parser_junos, text);
    ck_assert_uint_eq(parsed.ruleset.policies[0]->n, 71);
    ck_assert_int_eq(trace(&parsed, "udp 10.0.0.2:1 -> 192.0.2.9:23 in=e.0"), FW_VERDICT_DENY);
    parsed_clear(&parsed);
    parsed_init(&parsed, &fw_parser_junos,
                "set firewall family inet filter f term t then accept\n"
                "set interfaces e unit 0 family inet filter input-list [ none f ]\n"
                "set interfaces g unit 0 family inet filter input f\n");
    ck_assert_str_eq(parsed_rule(&parsed, "none f", 1),
                     "unknown " ANY ALL WIDE("\"undefined filter\""));
    ck_assert_str_eq(parsed_rule(&parsed, "f", 1), "permit " ANY ALL TAIL);
    parsed_clear(&parsed);
    parsed_init(&parsed, &fw_parser_junos,
                "firewall { family inet { filter f { term a { from { source-address { 10.0.0.0/8;\n"
                "} } then discard; }\nterm b { then accept; }\n");
    ck_assert_uint_eq(parsed_policy(&parsed, "f")->n, 3);
    ck_assert(fw_rule_exact(&parsed_policy(&parsed, "f")->rules[0]));
    ck_assert_int_eq(parsed_policy(&parsed, "f")->rules[2].action, FW_ACTION_UNKNOWN);
    parsed_clear(&parsed);
    parsed_init(&parsed, &fw_parser_junos,
                "security { policies { from-zone a to-zone b { policy p { match { source-address "
                "any; destination-address any; application any; } then { deny; } }\n");
    ck_assert_int_eq(parsed_policy(&parsed, "from-zone a to-zone b")->rules[1].action,
                     FW_ACTION_UNKNOWN);
    parsed_clear(&parsed);
    parsed_init(
        &parsed, &fw_parser_junos,
        "set security nat static rule-set s from zone a\n"
        "set security nat static rule-set s rule r match destination-address 192.0.2.9/32\n"
        "set security nat static rule-set s rule r match destination-port 80\n"
        "set security nat static rule-set s rule r then static-nat prefix mapped-port 8080\n"
        "set security nat static rule-set s rule r then static-nat prefix 10.0.0.9/32\n");
    const struct fw_nat *nat = &parsed_policy(&parsed, "nat")->rules[0].nat;
    ck_assert_uint_eq(nat->port_lo, 8080);
    ck_assert_uint_eq(nat->to.lo.lo, 0x0a000009);
    parsed_clear(&parsed);
}
END_TEST

START_TEST(test_hostile)
{
    static char braces[8192];
    const char *books = strstr(objects, "set security address-book global address wild");
    parsed_mangled(&fw_parser_junos, books);
    spell_paths(books, false, braces, sizeof(braces));
    parsed_mangled(&fw_parser_junos, braces);
    parsed_mangled(&fw_parser_junos, F
                   "from source-address 10.0.0.0/8 except\n" F "from port 1-9\n" F
                   "from tcp-flags \"(syn | !ack)\"\n" F "from icmp-type 3-4\n" F "then policer x\n"
                   "set groups <*> firewall <*> <*> <*> <*> term <*> then accept\n"
                   "set apply-groups <*>\ninsert firewall family inet filter f term t before t\n"
                   "set security nat source rule-set r rule x match destination-port 5 to 9\n"
                   "set security nat source rule-set r rule x then source-nat interface\n");
}
END_TEST

Suite *fw_suite_junos(void)
{
    Suite *suite = suite_create("junos");
    TCase *tcase = tcase_create("junos");
    tcase_set_timeout(tcase, 120);
    tcase_add_test(tcase, test_policies);
    tcase_add_test(tcase, test_filters);
    tcase_add_test(tcase, test_elsewhere);
    tcase_add_test(tcase, test_order);
    tcase_add_test(tcase, test_groups);
    tcase_add_test(tcase, test_spellings);
    tcase_add_test(tcase, test_settings);
    tcase_add_test(tcase, test_bombs);
    tcase_add_test(tcase, test_copies);
    tcase_add_test(tcase, test_lists);
    tcase_add_test(tcase, test_hostile);
    suite_add_tcase(suite, tcase);
    return suite;
}
