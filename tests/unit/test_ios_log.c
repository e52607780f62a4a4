/* IOS lines and the events they become. */
#include "parsers/event.h"
#include "parsers/parser.h"
#include "tests/unit/logparse.h"
#include "tests/unit/suites.h"

extern const struct fw_parser fw_parser_ios_log;

static const struct parse_case cases[] = {
    {"Sep  1 10:25:29 10.10.10.1 %SEC-6-IPACCESSLOGP: list 102 denied tcp 10.0.6.56(3067) "
     "(GigabitEthernet0/1 0011.2233.4455) -> 192.0.2.7(139), 1 packet",
     "used "
     "{\"event.kind\":\"event\",\"event.category\":\"network\",\"event.code\":\"SEC-6-"
     "IPACCESSLOGP\",\"event.action\":\"denied\",\"event.outcome\":\"failure\",\"log.level\":"
     "\"info\",\"source.ip\":\"10.0.6.56\",\"source.port\":3067,\"destination.ip\":\"192.0.2.7\","
     "\"destination.port\":139,\"network.transport\":\"tcp\",\"observer.ingress.interface.name\":"
     "\"GigabitEthernet0/"
     "1\",\"rule.name\":\"102\",\"event.severity\":6,\"line\":1,\"fwproof.assumed\":[]} traffic"},
    {"%SEC-6-IPACCESSLOGDP: list in-acl permitted icmp 10.0.6.56 -> 192.0.2.7 (8/0), 3 packets",
     "used "
     "{\"event.kind\":\"event\",\"event.category\":\"network\",\"event.code\":\"SEC-6-"
     "IPACCESSLOGDP\",\"event.action\":\"permitted\",\"event.outcome\":\"success\",\"log.level\":"
     "\"info\",\"source.ip\":\"10.0.6.56\",\"destination.ip\":\"192.0.2.7\",\"network.transport\":"
     "\"icmp\",\"fwproof.icmp.type\":8,\"fwproof.icmp.code\":0,\"rule.name\":\"in-acl\",\"event."
     "severity\":6,\"line\":1,\"fwproof.assumed\":[]} traffic"},
    {"%SEC-6-IPACCESSLOGNP: list 103 denied 47 10.0.6.56 -> 192.0.2.7, 3 packets",
     "used "
     "{\"event.kind\":\"event\",\"event.category\":\"network\",\"event.code\":\"SEC-6-"
     "IPACCESSLOGNP\",\"event.action\":\"denied\",\"event.outcome\":\"failure\",\"log.level\":"
     "\"info\",\"source.ip\":\"10.0.6.56\",\"destination.ip\":\"192.0.2.7\",\"network.transport\":"
     "\"gre\",\"rule.name\":\"103\",\"event.severity\":6,\"line\":1,\"fwproof.assumed\":[]} "
     "traffic"},
    {"%SEC-6-IPACCESSLOGS: list 1 denied 10.0.6.56 3 packets",
     "used "
     "{\"event.kind\":\"event\",\"event.category\":\"network\",\"event.code\":\"SEC-6-"
     "IPACCESSLOGS\",\"event.action\":\"denied\",\"event.outcome\":\"failure\",\"log.level\":"
     "\"info\",\"source.ip\":\"10.0.6.56\",\"rule.name\":\"1\",\"event.severity\":6,\"line\":1,"
     "\"fwproof.assumed\":[]} traffic"},
    {"%IPV6_ACL-6-ACCESSLOGP: list v6in/20 permitted tcp 2001:db8::1(1027) -> 2001:db8::2(22), 1 "
     "packet",
     "used "
     "{\"event.kind\":\"event\",\"event.category\":\"network\",\"event.code\":\"IPV6_ACL-6-"
     "ACCESSLOGP\",\"event.action\":\"permitted\",\"event.outcome\":\"success\",\"log.level\":"
     "\"info\",\"source.ip\":\"2001:db8::1\",\"source.port\":1027,\"destination.ip\":\"2001:db8::"
     "2\",\"destination.port\":22,\"network.transport\":\"tcp\",\"rule.name\":\"v6in\",\"rule.id\":"
     "\"20\",\"event.severity\":6,\"line\":1,\"fwproof.assumed\":[]} traffic"},
    {"%FW-6-DROP_PKT: Dropping tcp session 10.1.1.5:50002 192.0.2.9:80 on zone-pair in-out class c "
     "due to Policy",
     "used "
     "{\"event.kind\":\"event\",\"event.category\":\"network\",\"event.code\":\"FW-6-DROP_PKT\","
     "\"event.action\":\"drop\",\"event.outcome\":\"failure\",\"log.level\":\"info\",\"source.ip\":"
     "\"10.1.1.5\",\"source.port\":50002,\"destination.ip\":\"192.0.2.9\",\"destination.port\":80,"
     "\"network.transport\":\"tcp\",\"rule.name\":\"c\",\"event.severity\":6,\"line\":1,\"fwproof."
     "assumed\":[]} traffic"},
    {"%FW-6-SESS_AUDIT_TRAIL_START: (target:class)-(in-out:web):Start tcp session: initiator "
     "(10.1.1.5:50002) -- responder (192.0.2.9:80)",
     "used "
     "{\"event.kind\":\"event\",\"event.category\":\"network\",\"event.code\":\"FW-6-SESS_AUDIT_"
     "TRAIL_START\",\"event.action\":\"start\",\"event.outcome\":\"success\",\"log.level\":"
     "\"info\",\"source.ip\":\"10.1.1.5\",\"source.port\":50002,\"destination.ip\":\"192.0.2.9\","
     "\"destination.port\":80,\"network.transport\":\"tcp\",\"event.severity\":6,\"line\":1,"
     "\"fwproof.assumed\":[]} traffic"},
    {"%FW-6-SESS_AUDIT_TRAIL: (target:class)-(in-out:web):Stop tcp session: initiator "
     "(10.1.1.5:50002) sent 22 bytes -- responder (192.0.2.9:80) sent 88 bytes",
     "used "
     "{\"event.kind\":\"event\",\"event.category\":\"network\",\"event.code\":\"FW-6-SESS_AUDIT_"
     "TRAIL\",\"event.action\":\"stop\",\"event.outcome\":\"success\",\"log.level\":\"info\","
     "\"source.ip\":\"10.1.1.5\",\"source.port\":50002,\"source.bytes\":22,\"destination.ip\":"
     "\"192.0.2.9\",\"destination.port\":80,\"destination.bytes\":88,\"network.transport\":\"tcp\","
     "\"event.severity\":6,\"line\":1,\"fwproof.assumed\":[]} traffic"},
    {"%IPS-4-SIGNATURE: Sig:3051 Subsig:1 Sev:4 TCP Connection Window Size DoS [192.0.2.11:51654 "
     "-> 10.10.10.10:4444]",
     "used "
     "{\"event.kind\":\"alert\",\"event.category\":\"network\",\"event.code\":\"IPS-4-SIGNATURE\","
     "\"event.action\":\"detected\",\"log.level\":\"warning\",\"source.ip\":\"192.0.2.11\","
     "\"source.port\":51654,\"destination.ip\":\"10.10.10.10\",\"destination.port\":4444,\"rule."
     "id\":\"3051\",\"event.severity\":4,\"message\":\"Sig:3051 Subsig:1 Sev:4 TCP Connection "
     "Window Size DoS [192.0.2.11:51654 -> 10.10.10.10:4444]\",\"line\":1,\"fwproof.assumed\":[]} "
     "traffic"},
    {"%ACLLOG-5-ACLLOG_FLOW_INTERVAL: Src IP: 10.1.1.5, Dst IP: 192.0.2.9, Src Port: 5, Dst Port: "
     "80, Src Intf: Ethernet1/1, Protocol: \"TCP\"(6), ACL Name: a, ACE Action: Deny, Hit-count = "
     "1",
     "used "
     "{\"event.kind\":\"event\",\"event.category\":\"network\",\"event.code\":\"ACLLOG-5-ACLLOG_"
     "FLOW_INTERVAL\",\"event.action\":\"Deny\",\"event.outcome\":\"failure\",\"log.level\":"
     "\"notice\",\"source.ip\":\"10.1.1.5\",\"source.port\":5,\"destination.ip\":\"192.0.2.9\","
     "\"destination.port\":80,\"network.transport\":\"tcp\",\"observer.ingress.interface.name\":"
     "\"Ethernet1/1\",\"rule.name\":\"a\",\"event.severity\":5,\"line\":1,\"fwproof.assumed\":[]} "
     "traffic"},
    {"%SYS-5-CONFIG_I: Configured from console by ann on vty0 (10.1.1.9)",
     "used "
     "{\"event.kind\":\"event\",\"event.category\":\"configuration\",\"event.code\":\"SYS-5-CONFIG_"
     "I\",\"event.action\":\"configured\",\"log.level\":\"notice\",\"source.ip\":\"10.1.1.9\","
     "\"user.name\":\"ann\",\"event.severity\":5,\"message\":\"Configured from console by ann on "
     "vty0 (10.1.1.9)\",\"line\":1,\"fwproof.assumed\":[]} admin"},
    {"%PARSER-5-CFGLOG_LOGGEDCMD: User:ann  logged command:no access-list 101 ",
     "used "
     "{\"event.kind\":\"event\",\"event.category\":\"configuration\",\"event.code\":\"PARSER-5-"
     "CFGLOG_LOGGEDCMD\",\"event.action\":\"command\",\"log.level\":\"notice\",\"user.name\":"
     "\"ann\",\"process.command_line\":\"no access-list "
     "101\",\"event.severity\":5,\"message\":\"User:ann  logged command:no access-list "
     "101\",\"line\":1,\"fwproof.assumed\":[]} admin"},
    {"%SEC_LOGIN-4-LOGIN_FAILED: Login failed [user: root] [Source: 192.0.2.66] [localport: 22] "
     "[Reason: Login Authentication Failed] at 10:20:30 UTC Mon Mar 2 2026",
     "used "
     "{\"event.kind\":\"event\",\"event.category\":\"authentication\",\"event.code\":\"SEC_LOGIN-4-"
     "LOGIN_FAILED\",\"event.action\":\"login\",\"event.outcome\":\"failure\",\"log.level\":"
     "\"warning\",\"source.ip\":\"192.0.2.66\",\"user.name\":\"root\",\"event.severity\":4,"
     "\"message\":\"Login failed [user: root] [Source: 192.0.2.66] [localport: 22] [Reason: Login "
     "Authentication Failed] at 10:20:30 UTC Mon Mar 2 2026\",\"line\":1,\"fwproof.assumed\":[]} "
     "admin"},
    {"%SYS-6-LOGOUT: User ann has exited tty session 2(10.1.1.9)",
     "used "
     "{\"event.kind\":\"event\",\"event.category\":\"authentication\",\"event.code\":\"SYS-6-"
     "LOGOUT\",\"event.action\":\"logout\",\"log.level\":\"info\",\"source.ip\":\"10.1.1.9\","
     "\"user.name\":\"ann\",\"event.severity\":6,\"message\":\"User ann has exited tty session "
     "2(10.1.1.9)\",\"line\":1,\"fwproof.assumed\":[]} admin"},
    {"%LINK-3-UPDOWN: Interface GigabitEthernet0/2, changed state to up", "ignored LINK-3-UPDOWN"},
    {"%SEC-6-IPACCESSLOGP: list 102 something else", "unsupported"},
    {"%SEC-6-IPACCESSLOGP: list 102 denied tcp 10.0.6.56(3067) -> 192.0.2.777(139), 1 packet",
     "unsupported"},
    {"%ASA-6-106015: Deny TCP (no connection)", "none"},
    {"%%01URL/4/FILTER(l): The URL filtering policy was matched.", "none"},
    {"%PARSER-5-CFGLOG_LOGGEDCMD: User:ann  logged command:username bob secret 0 hunter2",
     "used "
     "{\"event.kind\":\"event\",\"event.category\":\"configuration\",\"event.code\":\"PARSER-5-"
     "CFGLOG_LOGGEDCMD\",\"event.action\":\"command\",\"log.level\":\"notice\",\"user.name\":"
     "\"ann\",\"process.command_line\":\"username bob "
     "secret\",\"event.severity\":5,\"message\":\"User:ann  logged command:username bob "
     "secret\",\"line\":1,\"fwproof.assumed\":[]} admin"},
};

START_TEST(lines)
{
    test_parse_cases(&fw_parser_ios_log, cases, sizeof(cases) / sizeof(cases[0]));
}
END_TEST

/* A line stands for so many packets. */
START_TEST(hits)
{
    static const struct {
        const char *line;
        uint64_t hits;
    } said[] = {
        {"%SEC-6-IPACCESSLOGP: list 102 denied tcp 10.0.6.56(3067) -> 192.0.2.7(139), 27 packets",
         27},
        {"%SEC-6-IPACCESSLOGS: list 1 denied 10.0.6.56 3 packets", 3},
        {"%SEC-6-IPACCESSLOGP: list 102 denied tcp 10.0.6.56(3067) -> 192.0.2.7(139), 1 packet", 1},
        {"%ACLLOG-5-ACLLOG_FLOW_INTERVAL: Src IP: 10.1.1.5, Dst IP: 192.0.2.9, Src Port: 5, "
         "Dst Port: 80, Src Intf: Ethernet1/1, Protocol: \"TCP\"(6), ACL Name: a, "
         "ACE Action: Deny, Hit-count = 27",
         27},
    };
    for (size_t i = 0; i < sizeof(said) / sizeof(said[0]); i++) {
        struct fw_event ev = {0};
        ck_assert_int_eq(fw_parser_ios_log.event(NULL, fw_sv_from(said[i].line), NULL, &ev),
                         FW_LINE_USED);
        ck_assert_msg(ev.hits == said[i].hits, "%s: %d", said[i].line, (int)ev.hits);
    }
}
END_TEST

START_TEST(bids)
{
    test_parse_bids(&fw_parser_ios_log, cases, sizeof(cases) / sizeof(cases[0]));
}
END_TEST

/* Cut and changed lines: never read out of bounds, never anything but a verdict. */
START_TEST(mangled)
{
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        test_parse_mangled(&fw_parser_ios_log, cases[i].line);
    }
}
END_TEST

Suite *fw_suite_ios_log(void)
{
    Suite *suite = suite_create("ios_log");
    TCase *tc = tcase_create("lines");
    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, lines);
    tcase_add_test(tc, hits);
    tcase_add_test(tc, bids);
    tcase_add_test(tc, mangled);
    suite_add_tcase(suite, tc);
    return suite;
}
