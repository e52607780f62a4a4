/* Tests of RouterOS exports: rules beside their JSON, lists, chains, settings, secrets, broken
 * text. */
#include "tests/unit/rulesetparse.h"
#include "tests/unit/suites.h"

extern const struct fw_parser fw_parser_mikrotik;

#define HEAD \
    "/interface list\nadd name=WAN\nadd name=LAN\nadd name=EMPTY\nadd include=WAN,LAN name=BOTH\n" \
    "add include=BOTH exclude=WAN name=REST\nadd include=all name=ANY\nadd include=LOOP " \
    "name=LOOP\n" \
    "/interface list member\nadd interface=ether1 list=WAN\nadd interface=bridge list=LAN\n" \
    "/ip firewall address-list\nadd address=10.1.0.0/16 list=admins\n" \
    "add address=10.2.0.1-10.2.0.3 list=admins\nadd address=10.9.9.9 disabled=yes list=admins\n" \
    "add address=example.org list=names\nadd address=10.3.0.1 list=names\n" \
    "/ip firewall filter\n"

#define ANY "deny \"in\":\"any\",\"out\":\"any\",\"source\":\"any\",\"destination\":\"any\","
#define OPEN "unknown \"in\":\"any\",\"out\":\"any\",\"source\":\"any\",\"destination\":\"any\","
#define END "\"comment\":\"\",\"hits\":null,\"exact\":true,\"unmodelled\":[]}"
#define WIDE(word) "\"comment\":\"\",\"hits\":null,\"exact\":false,\"unmodelled\":[\"" word "\"]}"
#define ALL \
    "\"service\":[{\"protocol\":\"any\",\"source_port\":\"any\",\"destination_port\":\"any\"}],"
#define TCP(ports) \
    "\"service\":[{\"protocol\":\"tcp\",\"source_port\":\"any\",\"destination_port\":\"" ports \
    "\"}],"
#define ENDS "\"source\":\"any\",\"destination\":\"any\","

static const struct rule_case rules[] = {
    {"add action=drop chain=input protocol=tcp dst-port=22,80-90", ANY TCP("22,80-90") END},
    {"add action=drop chain=input protocol=tcp dst-port=!22", ANY TCP("0-21,23-65535") END},
    {"add action=drop chain=input src-address=10.0.0.0/8 dst-address=!0.0.0.0-9.255.255.255",
     "deny \"in\":\"any\",\"out\":\"any\",\"source\":[\"10.0.0.0/8\"],\"destination\":[\"10.0.0.0-"
     "255.255.255.255\"]," ALL END},
    {"add action=drop chain=input src-address-list=admins",
     "deny \"in\":\"any\",\"out\":\"any\",\"source\":[\"10.1.0.0/16\",\"10.2.0.1-10.2.0.3\"],"
     "\"destination\":\"any\"," ALL END},
    {"add action=drop chain=input src-address-list=names",
     ANY ALL WIDE("source address-list=names")},
    {"add action=drop chain=input dst-address-list=nowhere",
     ANY ALL WIDE("destination address-list=nowhere")},
    {"add action=drop chain=input in-interface-list=BOTH",
     "deny \"in\":\"bridge,ether1\",\"out\":\"any\"," ENDS ALL END},
    {"add action=drop chain=input in-interface-list=!LAN",
     "deny \"in\":\"!bridge\",\"out\":\"any\"," ENDS ALL END},
    {"add action=drop chain=input in-interface-list=REST",
     "deny \"in\":\"bridge\",\"out\":\"any\"," ENDS ALL END},
    {"add action=drop chain=input in-interface-list=!EMPTY", ANY ALL END},
    {"add action=drop chain=input in-interface-list=LOOP", ANY ALL WIDE("in-interface-list=LOOP")},
    {"add action=drop chain=input in-interface-list=ANY", ANY ALL WIDE("in-interface-list=ANY")},
    {"add action=drop chain=input in-interface-list=dynamic",
     ANY ALL WIDE("in-interface-list=dynamic")},
    {"add action=drop chain=input in-interface=!ether1 out-interface=wg",
     "deny \"in\":\"!ether1\",\"out\":\"wg\"," ENDS ALL END},
    {"add action=drop chain=input in-interface=all-ppp", ANY ALL WIDE("in-interface=all-ppp")},
    {"add action=drop chain=input connection-state=!established,related",
     ANY "\"service\":[{\"protocol\":\"any\",\"source_port\":\"any\",\"destination_port\":\"any\","
         "\"state\":\"new,invalid,untracked\"}]," END},
    {"add action=drop chain=input protocol=icmp icmp-options=3:0-4",
     ANY "\"service\":[{\"protocol\":\"icmp\",\"source_port\":\"any\",\"destination_port\":\"any\","
         "\"icmp\":\"3/0-3/4\"}]," END},
    {"add action=drop chain=input connection-nat-state=!dstnat",
     ANY ALL WIDE("connection-nat-state=dstnat")},
    {"add action=drop chain=input protocol=ipsec-esp !limit src-address=\"\"",
     ANY "\"service\":[{\"protocol\":\"esp\",\"source_port\":\"any\",\"destination_port\":\"any\"}]"
         "," END},
    {"add action=drop chain=input dst-limit=1,5,dst-address/1m40s",
     ANY ALL WIDE("dst-limit=1,5,dst-address/1m40s")},
    {"add action=drop chain=input comment=\"a \\\"b\\\" \\\\ \\41\\\n    \\_c\"", ANY ALL
     "\"comment\":\"a \\\"b\\\" \\\\ A c\",\"hits\":null,\"exact\":true,\"unmodelled\":[]}"},
};

START_TEST(test_rules)
{
    static const struct rule_frame frame = {&fw_parser_mikrotik, HEAD, "\n", "input", "/0/0"};
    check_rules(&frame, rules, sizeof(rules) / sizeof(rules[0]));
}
END_TEST

/* What cannot be read widens, and is counted. */
static const struct rule_case broken[] = {
    {"add action=drop chain=input src-address=10.0.0.300", ANY ALL WIDE("src-address=10.0.0.300")},
    {"add action=drop chain=input src-address=2001:db8::1",
     ANY ALL WIDE("src-address=2001:db8::1")},
    {"add action=drop chain=input protocol=tcp dst-port=80,x",
     ANY TCP("any") WIDE("dst-port=80,x")},
    {"add action=drop chain=input tcp-flags=syn,what", ANY ALL WIDE("tcp-flags=syn,what")},
    {"add action=drop chain=input connection-state=old", ANY ALL WIDE("connection-state=old")},
    {"add action=drop chain=input place-before=0", ANY ALL WIDE("place-before=0")},
    {"add action=drop chain=input comment=\"open",
     OPEN ALL "\"comment\":\"open\",\"hits\":null,\"exact\":false,\"unmodelled\":[\"cut off\"]}"},
};

START_TEST(test_broken)
{
    static const struct rule_frame frame = {&fw_parser_mikrotik, HEAD, "\n", "input", "/0/1"};
    check_rules(&frame, broken, sizeof(broken) / sizeof(broken[0]));
}
END_TEST

/* The first match decides; chains come back; none of them: the packet passes. */
START_TEST(test_verdicts)
{
    static const struct {
        const char *packet;
        enum fw_verdict verdict;
    } cases[] = {
        {"hook=forward in=ether1 tcp 198.51.100.1:1024 -> 10.0.0.80:80", FW_VERDICT_PERMIT},
        {"hook=forward in=ether1 tcp 198.51.100.1:1024 -> 10.0.0.80:22", FW_VERDICT_DENY},
        {"hook=forward in=bridge tcp 10.0.0.5:1024 -> 198.51.100.1:22", FW_VERDICT_PERMIT},
        {"hook=forward in=ether1 tcp 203.0.113.9:1024 -> 10.0.0.80:80", FW_VERDICT_DENY},
        {"hook=input in=ether1 udp 198.51.100.1:1024 -> 192.0.2.1:161", FW_VERDICT_DENY},
        {"hook=input in=ether1 udp 198.51.100.1:1024 -> 192.0.2.1:53", FW_VERDICT_PERMIT},
        {"hook=forward in=ether1 tcp 198.51.100.1:1024 -> 192.0.2.1:8080", FW_VERDICT_PERMIT},
    };
    struct parsed parsed;
    struct fw_trace trace;
    parsed_init(
        &parsed, &fw_parser_mikrotik,
        "/ip firewall filter\n"
        "add action=jump chain=forward in-interface=ether1 jump-target=wan\n"
        "add chain=wan dst-address=10.0.0.80 dst-port=80 protocol=tcp\n"
        "add action=return chain=wan protocol=udp\n"
        "add action=drop chain=wan\n"
        "add action=accept chain=input dst-port=53 protocol=udp\n"
        "add action=drop chain=input in-interface=ether1\n"
        "/ip firewall raw add action=drop chain=prerouting src-address=203.0.113.0/24\n"
        "/ip firewall nat\n"
        "add action=dst-nat chain=dstnat dst-address=192.0.2.1 dst-port=8080 protocol=tcp \\\n"
        "    to-addresses=10.0.0.80 to-ports=80\n");
    ck_assert_str_eq(parsed_counts(&parsed), "11/11/0/0/0");
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        ck_assert_msg(parsed_trace(&parsed, cases[i].packet, &trace) == cases[i].verdict, "%s",
                      cases[i].packet);
    }
    ck_assert_int_eq(parsed_policy(&parsed, "output")->fallback, FW_ACTION_PERMIT);
    ck_assert(!parsed_policy(&parsed, "output")->fallback_explicit);
    parsed_clear(&parsed);
}
END_TEST

/* Rules that are changed later, lists that rules, leases and scripts fill. */
START_TEST(test_widened)
{
    static const struct {
        const char *text, *counts;
        bool exact;
    } cases[] = {
        {"", "6/6/0/0/0", true},
        {"add action=add-src-to-address-list address-list=l chain=input\n", "7/7/0/0/0", false},
        {"/ip dhcp-server\nadd address-lists=l interface=b name=d\n", "8/7/1/0/0", false},
        {"/system script\nadd name=s source=\"/ip firewall address-list add list=l\"\n",
         "8/7/1/0/0", false},
        {"/ip dns static\nadd address-list=l name=a.example type=FWD\n", "8/7/1/0/0", false},
        {"/tool sniffer\nset filter-interface=b\n", "8/7/1/0/0", true},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct fw_buf text;
        struct parsed parsed;
        fw_buf_init(&text);
        fw_buf_printf(
            &text,
            "/ip firewall address-list\nadd address=10.0.0.1 list=l\n\n/ip firewall filter\n"
            "add action=drop chain=input src-address-list=l\n%s",
            cases[i].text);
        parsed_init(&parsed, &fw_parser_mikrotik, text.p);
        const struct fw_rule *rule = &parsed_policy(&parsed, "input")->rules[0];
        ck_assert_msg(fw_rule_exact(rule) == cases[i].exact, "%s", cases[i].text);
        parsed_clear(&parsed);
        fw_buf_clear(&text);
    }
    struct parsed parsed;
    parsed_init(&parsed, &fw_parser_mikrotik,
                "/ip firewall filter\nadd action=drop chain=input\nset 0 disabled=yes\n");
    ck_assert_uint_eq(parsed_policy(&parsed, "input")->n, 2);
    ck_assert_int_eq(parsed_policy(&parsed, "input")->rules[1].action, FW_ACTION_UNKNOWN);
    ck_assert_str_eq(parsed_counts(&parsed), "3/2/0/1/0");
    parsed_clear(&parsed);
}
END_TEST

/* Chains of one name stand in each table and family of their own; a jump stays in its own. */
START_TEST(test_chains)
{
    static const char text[] =
        "/ip firewall filter\nadd action=jump chain=input jump-target=x\nadd action=drop chain=x\n"
        "/ip firewall raw\nadd action=jump chain=prerouting jump-target=x\n"
        "add action=accept chain=x\n"
        "/ipv6 firewall filter\nadd action=jump chain=input jump-target=x\n"
        "add action=reject chain=x\nadd action=jump chain=input jump-target=y\n";
    static const struct {
        const char *from, *to;
        enum fw_action action;
    } cases[] = {{"input", "x", FW_ACTION_DENY},
                 {"raw/prerouting", "raw/x", FW_ACTION_PERMIT},
                 {"ipv6/input", "ipv6/x", FW_ACTION_REJECT}};
    struct parsed parsed;
    parsed_init(&parsed, &fw_parser_mikrotik, text);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const struct fw_policy *to = parsed_policy(&parsed, cases[i].to);
        ck_assert_ptr_eq(parsed_policy(&parsed, cases[i].from)->rules[0].jump, to);
        ck_assert_int_eq(to->rules[0].action, cases[i].action);
    }
    ck_assert_ptr_null(parsed_policy(&parsed, "ipv6/input")->rules[1].jump);
    parsed_clear(&parsed);
}
END_TEST

START_TEST(test_settings)
{
    static const char text[] =
        "# 2026-07-05 10:11:12 by RouterOS 7.15.3\n"
        "/system identity set name=edge\n/system clock\nset time-zone-name=Asia/Taipei\n"
        "/system ntp client\nset enabled=yes\n/system ntp client servers\nadd address=192.0.2.1\n"
        "add address=192.0.2.2 auth-key=1\nadd address=192.0.2.3 disabled=yes\n"
        "/system logging action\nset 3 remote=192.0.2.14\n"
        "add name=far remote=192.0.2.15 remote-protocol=tcp target=remote\n"
        "add name=unused remote=192.0.2.16 target=remote\n"
        "/system logging\nadd action=remote topics=firewall\nadd action=far topics=info\n"
        "add action=unused disabled=yes\n"
        "/ip dns\nset servers=192.0.2.53,192.0.2.54\n"
        "/ip service\nset telnet disabled=yes\nset ftp disabled=yes\nset www disabled=yes\n"
        "set ssh address=10.0.0.0/8,192.0.2.0/24\nset api disabled=yes\nset api-ssl disabled=yes\n"
        "/snmp\nset enabled=yes\n/snmp community\nset [ find default=yes ] name=x "
        "security=private\n"
        "/user aaa\nset use-radius=yes\n/user\nadd group=read name=ops\n";
    static const struct setting_case cases[] = {
        {FW_SETTING_VERSION, "7.15.3", ""},
        {FW_SETTING_HOSTNAME, "edge", ""},
        {FW_SETTING_TIME_ZONE, "Asia/Taipei", ""},
        {FW_SETTING_DNS_SERVER, "192.0.2.53", ""},
        {FW_SETTING_DNS_SERVER, "192.0.2.54", ""},
        {FW_SETTING_AAA, "radius", ""},
        {FW_SETTING_USER, "ops", "read"},
        {FW_SETTING_NTP_SERVER, "192.0.2.1", ""},
        {FW_SETTING_NTP_SERVER, "192.0.2.2", "1"},
        {FW_SETTING_NTP_AUTH, "yes", ""},
        {FW_SETTING_LOG_HOST, "192.0.2.14", "udp"},
        {FW_SETTING_LOG_HOST, "192.0.2.15", "tcp"},
        {FW_SETTING_SNMP, "3", ""},
        {FW_SETTING_ADMIN_ACCESS, "ssh", ""},
        {FW_SETTING_ADMIN_ACCESS, "ssh", ""},
        {FW_SETTING_ADMIN_ACCESS, "winbox", ""},
    };
    struct parsed parsed;
    parsed_init(&parsed, &fw_parser_mikrotik, text);
    check_settings(&parsed, cases, sizeof(cases) / sizeof(cases[0]));
    ck_assert(parsed.ruleset.has_settings && parsed.ruleset.managed);
    ck_assert_int_eq(parsed_policy(&parsed, "filter")->rules[0].action, FW_ACTION_UNKNOWN);
    parsed_clear(&parsed);
}
END_TEST

START_TEST(test_hostile)
{
    static const struct secret_case secrets[] = {
        {"/snmp community\nadd name=c0mm\n", "c0mm"},
        {"/ppp secret add name=u password=pw1\n", "pw1"},
        {"/ip ipsec identity\nadd secret=\"a b\"\n", "\"a b\""},
        {"/system identity\nset name=x\n", NULL},
    };
    check_secrets(&fw_parser_mikrotik, secrets, sizeof(secrets) / sizeof(secrets[0]));
    parsed_mangled(&fw_parser_mikrotik, HEAD
                   "add action=drop chain=input comment=\"a\\\n    b\" in-interface-list=!BOTH \\\n"
                   "    src-address-list=names\nadd chain=x protocol=tcp tcp-flags=syn,!ack\n"
                   "set [ find name=\"x\" ] source={ :put 1\n }; add chain=y\n"
                   "/ip/firewall/nat add action=netmap chain=dstnat to-addresses=10.0.0.0/24\n");
}
END_TEST

Suite *fw_suite_mikrotik(void)
{
    Suite *suite = suite_create("mikrotik");
    TCase *tcase = tcase_create("mikrotik");
    tcase_set_timeout(tcase, 120);
    tcase_add_test(tcase, test_rules);
    tcase_add_test(tcase, test_broken);
    tcase_add_test(tcase, test_verdicts);
    tcase_add_test(tcase, test_widened);
    tcase_add_test(tcase, test_chains);
    tcase_add_test(tcase, test_settings);
    tcase_add_test(tcase, test_hostile);
    suite_add_tcase(suite, tcase);
    return suite;
}
