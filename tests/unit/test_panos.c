/* How PAN-OS configurations are read: rules, objects, scopes, spellings, settings, and what is
 * wrong. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/limits.h"
#include "tests/unit/rulejson.h"
#include "tests/unit/rulesetparse.h"
#include "tests/unit/spelling.h"
#include "tests/unit/suites.h"

extern const struct fw_parser fw_parser_panos;

#define R "set rulebase security rules r "
#define FRAME R "from a\n" R "to b\n"
#define ANYWHERE R "source any\n" R "destination any\n"
#define ALLOW R "service any\n" R "action allow\n"
#define ZONES "\"in\":\"a\",\"out\":\"b\","

static const char *const objects =
    "set zone a network layer3 ethernet1/1\nset zone b network layer3 ethernet1/2\n"
    "set zone c network tap ethernet1/3\n"
    "set address net ip-netmask 10.0.0.0/8\nset address hosts ip-range 10.1.0.1-10.1.0.9\n"
    "set address odd ip-wildcard 10.0.0.1/0.0.0.2\nset address name fqdn www.example.org\n"
    "set address-group both static [ hosts odd ]\n"
    "set address-group tagged dynamic filter \"'x'\"\n"
    "set external-list bad type ip url https://example.org/\n"
    "set service app protocol tcp port 8443,9000-9010\n"
    "set service app protocol tcp source-port 1024-65535\n"
    "set service dns protocol udp port 53\nset service-group grp members [ app dns ]\n"
    "set application-group mail members [ smtp imap ]\n"
    "set schedule s schedule-type non-recurring 2026/01/01@00:00-2026/06/30@18:00\n";

START_TEST(test_rules)
{
    static const struct rule_case cases[] = {
        {FRAME ANYWHERE ALLOW, "permit " ZONES ADDRS ALL TAIL},
        {FRAME R "source [ net 2001:db8::/32 ]\n" R "destination both\n" R "service grp\n" R
                 "action drop\n",
         "deny " ZONES "\"source\":[\"10.0.0.0/8\",\"2001:db8::/32\"],\"destination\":["
         "\"10.0.0.1\",\"10.0.0.3\",\"10.1.0.1-10.1.0.9\"],\"service\":[{\"protocol\":\"tcp\","
         "\"source_port\":\"1024-65535\",\"destination_port\":\"8443,9000-9010\"},{\"protocol\":"
         "\"udp\",\"source_port\":\"any\",\"destination_port\":\"53\"}]," TAIL},
        {FRAME R "source net\n" R "negate-source yes\n" R "destination any\n" ALLOW,
         "permit " ZONES "\"source\":[\"0.0.0.0-9.255.255.255\",\"11.0.0.0-255.255.255.255\","
         "\"::/0\"],\"destination\":\"any\"," ALL TAIL},
        {FRAME R "source [ name tagged bad TW ]\n" R "destination any\n" ALLOW,
         "permit " ZONES ADDRS ALL WIDE("\"source fqdn www.example.org\",\"source dynamic group "
                                        "tagged\",\"source external-list bad\",\"source region "
                                        "TW\"")},
        {FRAME ANYWHERE R "service service-http\n" R "action reset-both\n",
         "reject " ZONES ADDRS SVC("tcp", "any", "80,8080", "") TAIL},
        {FRAME ANYWHERE R "service application-default\n" R "action allow\n" R
                          "application [ mail ssh ]\n",
         "permit " ZONES ADDRS ALL WIDE("\"application imap\",\"service application-default\","
                                        "\"application smtp\",\"application ssh\"")},
        {FRAME ANYWHERE ALLOW R "source-user [ \"x\\y\" ]\n" R "schedule s\n" R "category any\n" R
                                "tag t\n" R "profile-setting group g\n",
         "permit " ZONES ADDRS ALL WIDE("\"schedule s\",\"source-user x\\\\y\"")},
        {R "from [ a b ]\n" R "to [ a c ]\n" ANYWHERE ALLOW R "rule-type intrazone\n",
         "permit \"in\":[\"a\",\"b\"],\"out\":[\"a\",\"b\"]," ADDRS ALL TAIL},
        {R "from [ a b ]\n" R "to a\n" ANYWHERE ALLOW R "rule-type interzone\n",
         "permit \"in\":\"b\",\"out\":\"a\"," ADDRS ALL TAIL},
        {FRAME ANYWHERE R "service any\n" R "action deny\n" R "icmp-unreachable yes\n",
         "reject " ZONES ADDRS ALL TAIL},
        {FRAME ANYWHERE ALLOW R "target devices 001\n",
         "permit " ZONES ADDRS ALL WIDE("\"target 001\"")},
        {FRAME ANYWHERE ALLOW R "target devices 001\n" R "target negate yes\n",
         "permit " ZONES ADDRS ALL WIDE("\"target not 001\"")},
    };
    const struct rule_frame frame = {&fw_parser_panos, objects, "", "vsys1", "/0/0"};
    check_rules(&frame, cases, sizeof(cases) / sizeof(cases[0]));
}
END_TEST

static enum fw_verdict trace(struct parsed *parsed, const char *flow)
{
    struct fw_trace result;
    return parsed_trace(parsed, flow, &result);
}

/* What nobody knows of an object, or of where rules come from, leaves nothing exact. */
START_TEST(test_open)
{
    static const struct {
        const char *line, *words;
    } cases[] = {
        {"set address net wonder 1\n" R "source net\n" R "destination any\n" R "service any\n",
         "\"unmodelled\":[\"source address net\"]"},
        {"set service odd protocol wonder port 1\n" R "source any\n" R "destination any\n" R
         "service odd\n",
         "\"unmodelled\":[\"service odd\"]"},
    };
    struct parsed parsed;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char text[4096];
        snprintf(text, sizeof(text), "%s" FRAME "%s" R "action allow\n", objects, cases[i].line);
        parsed_init(&parsed, &fw_parser_panos, text);
        ck_assert_msg(strstr(parsed_rule(&parsed, "vsys1", 1), cases[i].words) != NULL, "%s",
                      parsed_rule(&parsed, "vsys1", 1));
        parsed_clear(&parsed);
    }
    parsed_init(&parsed, &fw_parser_panos,
                "set device-group edge parent-dg gone\n"
                "set device-group edge pre-rulebase security rules r action allow\n");
    bool open = false;
    for (size_t i = 0; i < parsed.ruleset.npolicies; i++) {
        const struct fw_policy *policy = parsed.ruleset.policies[i];
        open = open || (policy->n > 0 && policy->rules[0].implied &&
                        policy->rules[0].action == FW_ACTION_UNKNOWN);
    }
    ck_assert(open);
    parsed_clear(&parsed);
}
END_TEST

/* Within a zone everything passes, between zones nothing, until somebody says otherwise. */
START_TEST(test_defaults)
{
    static const char *const zones = "set zone a network layer3 [ e1 e3 ]\n"
                                     "set zone b network layer3 e2\n"
                                     "set network interface ethernet e1 layer3 ip 10.0.0.1/24\n"
                                     "set network interface ethernet e3 layer3 ip 10.0.3.1/24\n";
    static const char *const same = "tcp 10.0.0.2:1024 -> 10.0.3.2:80 in=e1 out=e3";
    static const char *const other = "tcp 10.0.0.2:1024 -> 10.0.3.2:80 in=a out=b";
    char text[1024];
    struct parsed parsed;
    parsed_init(&parsed, &fw_parser_panos, zones);
    ck_assert_int_eq(trace(&parsed, same), FW_VERDICT_PERMIT);
    ck_assert_int_eq(trace(&parsed, other), FW_VERDICT_DENY);
    ck_assert(parsed_policy(&parsed, "vsys1")->rules[0].implied);
    ck_assert_uint_eq(fw_policy_written(parsed_policy(&parsed, "vsys1")), 0);
    parsed_clear(&parsed);
    snprintf(text, sizeof(text),
             "%sset rulebase default-security-rules rules intrazone-default action deny\n"
             "set rulebase default-security-rules rules interzone-default action allow\n",
             zones);
    parsed_init(&parsed, &fw_parser_panos, text);
    ck_assert_int_eq(trace(&parsed, same), FW_VERDICT_DENY);
    ck_assert_int_eq(trace(&parsed, other), FW_VERDICT_PERMIT);
    ck_assert_uint_eq(fw_policy_written(parsed_policy(&parsed, "vsys1")), 2);
    parsed_clear(&parsed);
}
END_TEST

#define RULE(path, name) "set " path " security rules " name " action allow\n"

/* Shared before, device groups from the outermost, post-rules the other way round. */
START_TEST(test_panorama)
{
    static const char *const order[] = {"p1", "p2", "p3", "q3", "q2", "q1", "intrazone-default"};
    struct parsed parsed;
    parsed_init(
        &parsed, &fw_parser_panos,
        RULE("shared post-rulebase", "q1") RULE("device-group in post-rulebase", "q3")
            RULE("device-group in pre-rulebase", "p3") RULE("device-group out post-rulebase", "q2")
                RULE("device-group out pre-rulebase", "p2")
                    RULE("shared pre-rulebase", "p1") "set device-group in parent-dg out\n");
    ck_assert_uint_eq(parsed.ruleset.npolicies, 2);
    const struct fw_policy *in = parsed_policy(&parsed, "in");
    ck_assert_uint_eq(in->n, 7);
    for (size_t i = 0; i < 7; i++) {
        ck_assert_msg(fw_sv_is(in->rules[i].name, order[i]), "%zu: %.*s", i,
                      FW_SV_ARG(in->rules[i].name));
        ck_assert_uint_eq(in->rules[i].position, i + 1);
    }
    ck_assert_uint_eq(parsed_policy(&parsed, "out")->n, 5);
    parsed_clear(&parsed);
    parsed_init(&parsed, &fw_parser_panos, /* a circle of groups, and a device with pushed rules */
                RULE("device-group x pre-rulebase", "p") "set device-group x parent-dg y\n"
                                                         "set device-group y parent-dg x\n");
    ck_assert_uint_eq(parsed.ruleset.npolicies, 2);
    parsed_clear(&parsed);
    parsed_init(&parsed, &fw_parser_panos,
                RULE("policy panorama post-rulebase", "z") RULE("rulebase", "y")
                    RULE("policy panorama pre-rulebase", "x"));
    ck_assert(fw_sv_is(parsed_policy(&parsed, "vsys1")->rules[0].name, "x"));
    ck_assert(fw_sv_is(parsed_policy(&parsed, "vsys1")->rules[2].name, "z"));
    parsed_clear(&parsed);
    parsed_init(
        &parsed, &fw_parser_panos,
        RULE("vsys v1 rulebase", "x") RULE(
            "vsys v2 rulebase",
            "y") "set vsys v1 zone a network layer3 e1\nset vsys v2 zone b network layer3 e2\n");
    ck_assert_uint_eq(parsed.ruleset.npolicies, 2);
    ck_assert_uint_eq(parsed_policy(&parsed, "v2")->nbindings, 1);
    ck_assert(fw_sv_is(parsed_policy(&parsed, "v2")->bindings[0].in, "b"));
    parsed_clear(&parsed);
}
END_TEST

START_TEST(test_commands)
{
    struct parsed parsed;
    parsed_init(&parsed, &fw_parser_panos,
                RULE("rulebase", "r1") RULE("rulebase", "r2") RULE("rulebase", "r3")
                    RULE("rulebase", "r4") "move rulebase security rules r4 top\n"
                                           "move rulebase security rules r1 after r2\n"
                                           "delete rulebase security rules r3\n"
                                           "delete mgt-config users admin\n"
                                           "rename rulebase security rules r2 to new\n"
                                           "copy rulebase security rules new to twin\n"
                                           "move rulebase security rules none top\n");
    static const char *const order[] = {"r4", "new", "r1", "twin"};
    const struct fw_policy *policy = parsed_policy(&parsed, "vsys1");
    ck_assert_uint_eq(fw_policy_written(policy), 4);
    for (size_t i = 0; i < 4; i++) {
        ck_assert_msg(fw_sv_is(policy->rules[i].name, order[i]), "%zu: %.*s", i,
                      FW_SV_ARG(policy->rules[i].name));
    }
    ck_assert_int_eq(policy->rules[3].action, FW_ACTION_PERMIT);
    ck_assert_str_eq(parsed_counts(&parsed), "11/10/0/0/1");
    parsed_clear(&parsed);
}
END_TEST

/* One configuration in three spellings: equal models. */
START_TEST(test_spellings)
{
    static const char *const rule = FRAME R
        "source [ both tagged ]\n" R "destination net\n" R "service [ grp service-https ]\n" R
        "application ssl\n" R "action allow\n" R "description \"some words\"\n"
        "set rulebase nat rules n from a\nset rulebase nat rules n to b\n"
        "set rulebase nat rules n source any\nset rulebase nat rules n destination odd\n"
        "set rulebase nat rules n destination-translation translated-address 10.9.9.9\n";
    static char text[3][16384];
    struct parsed parsed[3];
    snprintf(text[0], sizeof(text[0]), "%s%s", objects, rule);
    spell_paths(text[0], true, text[1], sizeof(text[1]));
    spell_paths(text[0], false, text[2], sizeof(text[2]));
    for (size_t i = 0; i < 3; i++) {
        parsed_init(&parsed[i], &fw_parser_panos, text[i]);
        ck_assert_msg(strstr(parsed_counts(&parsed[i]), "/0/0"), "%s: %s",
                      parsed_counts(&parsed[i]), text[i]);
    }
    char *first = strdup(parsed_rule(&parsed[0], "vsys1", 1));
    for (size_t i = 1; i < 3; i++) {
        ck_assert_str_eq(first, parsed_rule(&parsed[i], "vsys1", 1));
        check_same_model(&parsed[0], &parsed[i]);
    }
    free(first);
    for (size_t i = 0; i < 3; i++) {
        parsed_clear(&parsed[i]);
    }
}
END_TEST

START_TEST(test_settings)
{
    struct parsed parsed;
    parsed_init(&parsed, &fw_parser_panos,
                "<?xml version=\"1.0\"?>\n<config version=\"10.1.0\" urldb=\"x\">\n"
                "<mgt-config><users><entry name=\"root\"><phash>$5$aa$bb</phash>\n"
                "<permissions><role-based><superuser>yes</superuser></role-based></permissions>\n"
                "</entry></users></mgt-config>\n"
                "<devices><entry name=\"localhost.localdomain\"><deviceconfig><system>\n"
                "<hostname>a&amp;b</hostname><timezone>UTC</timezone>\n"
                "<ntp-servers><primary-ntp-server><ntp-server-address>t1</ntp-server-address>\n"
                "<authentication-type><none/></authentication-type></primary-ntp-server>\n"
                "</ntp-servers>\n<permitted-ip><entry name=\"10.0.0.0/8\"/></permitted-ip>\n"
                "<service><disable-ssh>yes</disable-ssh></service>\n"
                "</system></deviceconfig></entry></devices>\n"
                "<shared><log-settings><syslog><entry name=\"p\"><server><entry name=\"s\">\n"
                "<server>192.0.2.5</server><transport>SSL</transport></entry></server></entry>\n"
                "</syslog></log-settings></shared></config>\n");
    static const struct setting_case expected[] = {
        {FW_SETTING_VERSION, "10.1.0", ""},
        {FW_SETTING_HOSTNAME, "a&b", ""},
        {FW_SETTING_TIME_ZONE, "UTC", ""},
        {FW_SETTING_NTP_SERVER, "t1", ""},
        {FW_SETTING_ADMIN_ACCESS, "https", "management"},
        {FW_SETTING_USER, "root", "superuser"},
        {FW_SETTING_LOG_HOST, "192.0.2.5", "tls"},
    };
    check_settings(&parsed, expected, sizeof(expected) / sizeof(expected[0]));
    ck_assert(parsed.ruleset.has_settings);
    ck_assert(fw_sv_is(parsed.ruleset.hostname, "a&b"));
    ck_assert_uint_ge(parsed.ruleset.nsecrets, 1);
    ck_assert_ptr_nonnull(strstr(parsed_counts(&parsed), "/0/0"));
    parsed_clear(&parsed);
}
END_TEST

/* What would expand, nest or never end, does not. */
START_TEST(test_bombs)
{
    static char text[65536];
    struct parsed parsed;
    parsed_init(
        &parsed, &fw_parser_panos,
        "<!DOCTYPE x [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]>\n<config>\n&b;</config>");
    ck_assert_str_eq(parsed_counts(&parsed), "3/0/0/0/3");
    parsed_clear(&parsed);
    size_t n = (size_t)snprintf(text, sizeof(text), "<config>\n");
    for (int i = 0; i < 3000; i++) {
        n += (size_t)snprintf(text + n, sizeof(text) - n, "<a>\n");
    }
    for (int i = 0; i < 3000; i++) {
        n += (size_t)snprintf(text + n, sizeof(text) - n, "</a>\n");
    }
    snprintf(text + n, sizeof(text) - n, "</config>\n");
    parsed_init(&parsed, &fw_parser_panos, text);
    ck_assert_ptr_nonnull(strstr(parsed_counts(&parsed), "6002/"));
    ck_assert_ptr_null(strstr(parsed_counts(&parsed), "/0/0/0"));
    parsed_clear(&parsed);
    n = (size_t)snprintf(text, sizeof(text), "set");
    for (int i = 0; i < 4 * FW_LIMIT_CONFIG_DEPTH + 9; i++) {
        n += (size_t)snprintf(text + n, sizeof(text) - n, " x%d", i);
    }
    snprintf(text + n, sizeof(text) - n, "\n");
    parsed_init(&parsed, &fw_parser_panos, text);
    ck_assert_str_eq(parsed_counts(&parsed), "1/0/0/0/1");
    parsed_clear(&parsed);
    parsed_init(&parsed, &fw_parser_panos,
                "set address-group a static b\nset address-group b static a\n");
    ck_assert_str_eq(parsed_counts(&parsed), "2/1/0/0/1");
    parsed_clear(&parsed);
}
END_TEST

/* What is cut off may have held rules that come first, and more members. */
START_TEST(test_cut)
{
    static const char *const texts[] = {
        "<config><shared><address><entry name=\"a\"><ip-netmask>10.0.0.0/8</ip-netmask></entry>"
        "</address></shared><devices><entry name=\"localhost.localdomain\"><vsys><entry "
        "name=\"vsys1\"><rulebase><security><rules><entry name=\"r\"><from><member>x</member>"
        "</from><to><member>y</member></to><source><member>g</member></source><destination>"
        "<member>any</member></destination><service><member>any</member></service><action>allow"
        "</action></entry></rules></security></rulebase><address-group><entry name=\"g\"><static>"
        "<member>a</member>",
        "shared { address { a { ip-netmask 10.0.0.0/8; } } }\n"
        "vsys { vsys1 { rulebase { security { rules { r { from x; to y; source g; destination any; "
        "service any; action allow; } } } }\n"
        "address-group { g { static [ a ];\n"};
    for (size_t i = 0; i < 2; i++) {
        struct parsed parsed;
        parsed_init(&parsed, &fw_parser_panos, texts[i]);
        const struct fw_policy *policy = parsed_policy(&parsed, "vsys1");
        ck_assert_int_eq(policy->rules[0].action, FW_ACTION_UNKNOWN);
        ck_assert(fw_sv_is(policy->rules[1].name, "r"));
        ck_assert_str_eq(
            parsed_rule(&parsed, "vsys1", 2),
            "permit \"in\":\"x\",\"out\":\"y\"," ADDRS ALL WIDE("\"source cut off g\""));
        parsed_clear(&parsed);
    }
}
END_TEST

/* Of two objects of one name each scope means its own: rules with them are not alike. */
START_TEST(test_scopes)
{
    struct parsed parsed;
    parsed_init(&parsed, &fw_parser_panos,
                "set shared address-group d dynamic filter x\n"
                "set device-group in address-group d dynamic filter y\n"
                "set device-group in address-group e dynamic filter y\n"
                "set shared pre-rulebase security rules r from any\n"
                "set shared pre-rulebase security rules r to any\n"
                "set shared pre-rulebase security rules r source d\n"
                "set shared pre-rulebase security rules r destination any\n"
                "set shared pre-rulebase security rules r service any\n"
                "set shared pre-rulebase security rules r action deny\n"
                "set device-group in pre-rulebase security rules q from any\n"
                "set device-group in pre-rulebase security rules q to any\n"
                "set device-group in pre-rulebase security rules q source [ d e ]\n"
                "set device-group in pre-rulebase security rules q destination any\n"
                "set device-group in pre-rulebase security rules q service any\n"
                "set device-group in pre-rulebase security rules q action allow\n");
    ck_assert_str_eq(parsed_rule(&parsed, "in", 1),
                     "deny " ANY ALL WIDE("\"source dynamic group d\""));
    ck_assert_str_eq(parsed_rule(&parsed, "in", 2),
                     "permit " ANY ALL WIDE("\"source dynamic group d of in\",\"source dynamic "
                                            "group e\""));
    parsed_clear(&parsed);
    /* Nobody says which zones there are. */
    parsed_init(&parsed, &fw_parser_panos,
                R "from any\n" R "to any\n" ANYWHERE ALLOW R "rule-type intrazone\n");
    ck_assert_str_eq(parsed_rule(&parsed, "vsys1", 1), "permit " ANY ALL WIDE("\"intrazone\""));
    ck_assert_str_eq(parsed_rule(&parsed, "vsys1", 2), "permit " ANY ALL WIDE("\"intrazone\""));
    parsed_clear(&parsed);
}
END_TEST

/* Groups that hold the next two twice each, and in the end nothing. */
START_TEST(test_doubling)
{
    static char text[65536];
    struct parsed parsed;
    size_t n = 0;
    for (int i = 0; i < 60; i++) {
        for (int side = 0; side < 2; side++) {
            n += (size_t)snprintf(text + n, sizeof(text) - n,
                                  "set application-group g%d%c members [ g%da g%db ]\n", i,
                                  'a' + side, i + 1, i + 1);
        }
    }
    snprintf(text + n, sizeof(text) - n,
             "set application-group g60a members [ ssl ]\nset application-group g60b\n%s",
             FRAME ANYWHERE ALLOW R "application g0a\n");
    parsed_init(&parsed, &fw_parser_panos, text);
    ck_assert_str_eq(parsed_rule(&parsed, "vsys1", 1),
                     "permit " ZONES ADDRS ALL WIDE("\"application ssl\""));
    parsed_clear(&parsed);
}
END_TEST

START_TEST(test_hostile)
{
    static char xml[16384];
    parsed_mangled(&fw_parser_panos, objects);
    spell_paths(objects, true, xml, sizeof(xml));
    parsed_mangled(&fw_parser_panos, xml);
    parsed_mangled(&fw_parser_panos,
                   "config {\n devices { localhost.localdomain { vsys { vsys1 {\n rulebase {\n"
                   "security { rules { r { from any; to [ a b ]; source any; /* x */\n"
                   "destination \"q\\\" z\"; action allow; } } } } } } } }\n}\n"
                   "delete vsys vsys1 rulebase security rules r from\n"
                   "rename vsys vsys1 rulebase to x\n");
}
END_TEST

Suite *fw_suite_panos(void)
{
    Suite *suite = suite_create("panos");
    TCase *tcase = tcase_create("panos");
    tcase_set_timeout(tcase, 120);
    tcase_add_test(tcase, test_rules);
    tcase_add_test(tcase, test_open);
    tcase_add_test(tcase, test_defaults);
    tcase_add_test(tcase, test_panorama);
    tcase_add_test(tcase, test_commands);
    tcase_add_test(tcase, test_spellings);
    tcase_add_test(tcase, test_settings);
    tcase_add_test(tcase, test_bombs);
    tcase_add_test(tcase, test_cut);
    tcase_add_test(tcase, test_scopes);
    tcase_add_test(tcase, test_doubling);
    tcase_add_test(tcase, test_hostile);
    suite_add_tcase(suite, tcase);
    return suite;
}
