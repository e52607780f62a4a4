/* FTD lines and the events they become. */
#include "parsers/parser.h"
#include "tests/unit/logparse.h"
#include "tests/unit/suites.h"

extern const struct fw_parser fw_parser_ftd_log;

static const struct parse_case cases[] = {
    {"Mar  2 10:20:30 ftd1 SFIMS: [Primary (a7213248)][Access Control] Connection Type: Start, "
     "User: Unknown, Firewall Rule Name: web, in, Firewall Rule Action: Block with reset, "
     "Interface Ingress: s1p1, Interface Egress: N/A, Security Zone Ingress: Unknown, {TCP} "
     "10.5.200.245:45283 -> 192.0.2.129:21",
     "used {\"event.kind\":\"event\",\"event.category\":\"network\",\"event.action\":\"Block with "
     "reset\",\"event.outcome\":\"failure\",\"source.ip\":\"10.5.200.245\",\"source.port\":45283,"
     "\"destination.ip\":\"192.0.2.129\",\"destination.port\":21,\"network.transport\":\"tcp\","
     "\"observer.ingress.interface.name\":\"s1p1\",\"rule.name\":\"web, "
     "in\",\"line\":1,\"fwproof.assumed\":[]} traffic"},
    {"<113>2026-03-02T10:20:30Z ftd1 %FTD-1-430003: EventPriority: Low, DeviceUUID: 2d18, "
     "InstanceID: 1, FirstPacketSecond: 2026-03-02T10:20:18Z, ConnectionID: 5, "
     "AccessControlRuleAction: Allow, AccessControlRuleName: web, SrcIP: 10.1.1.5, DstIP: "
     "192.0.2.9, SrcPort: 50002, DstPort: 443, Protocol: tcp, IngressInterface: inside, "
     "EgressInterface: outside, IngressZone: in, EgressZone: out, User: No Authentication "
     "Required, ApplicationProtocol: HTTPS, ConnectionDuration: 12, InitiatorBytes: 228, "
     "ResponderBytes: 160, NAT_InitiatorIP: 198.51.100.2, NAT_InitiatorPort: 1024",
     "used "
     "{\"event.start\":\"2026-03-02T10:20:18Z\",\"event.duration\":12000000000,\"event.kind\":"
     "\"event\",\"event.category\":\"network\",\"event.code\":\"430003\",\"event.action\":"
     "\"Allow\",\"event.outcome\":\"success\",\"log.level\":\"alert\",\"source.ip\":\"10.1.1.5\","
     "\"source.port\":50002,\"source.nat.ip\":\"198.51.100.2\",\"source.nat.port\":1024,\"source."
     "bytes\":228,\"destination.ip\":\"192.0.2.9\",\"destination.port\":443,\"destination.bytes\":"
     "160,\"network.transport\":\"tcp\",\"network.application\":\"HTTPS\",\"observer.ingress."
     "interface.name\":\"inside\",\"observer.egress.interface.name\":\"outside\",\"observer."
     "ingress.zone\":\"in\",\"observer.egress.zone\":\"out\",\"rule.name\":\"web\",\"network."
     "session_id\":\"5\",\"event.severity\":1,\"line\":1,\"fwproof.assumed\":[]} traffic"},
    {"%FTD-1-430001: DeviceUUID: 2d18, SrcIP: 192.0.2.9, DstIP: 10.1.1.5, SrcPort: 5, DstPort: 80, "
     "Protocol: tcp, GID: 1, SID: 2019401, Revision: 3, Message: SERVER-OTHER a thing, and more, "
     "Classification: Misc, InlineResult: Blocked",
     "used "
     "{\"event.kind\":\"alert\",\"event.category\":\"network\",\"event.code\":\"430001\",\"event."
     "action\":\"Blocked\",\"event.outcome\":\"failure\",\"log.level\":\"alert\",\"source.ip\":"
     "\"192.0.2.9\",\"source.port\":5,\"destination.ip\":\"10.1.1.5\",\"destination.port\":80,"
     "\"network.transport\":\"tcp\",\"rule.id\":\"2019401\",\"rule.version\":3,\"event.severity\":"
     "1,\"message\":\"SERVER-OTHER a thing, and more\",\"line\":1,\"fwproof.assumed\":[]} traffic "
     "alert 1:2019401"},
    {"%FTD-6-430002: AccessControlRuleAction: Trust, SrcIP: 10.1.1.5, DstIP: 192.0.2.9, ICMPType: "
     "Echo Request, ICMPCode: 0, Protocol: icmp",
     "used "
     "{\"event.kind\":\"event\",\"event.category\":\"network\",\"event.code\":\"430002\",\"event."
     "action\":\"Trust\",\"event.outcome\":\"success\",\"log.level\":\"info\",\"source.ip\":\"10.1."
     "1.5\",\"destination.ip\":\"192.0.2.9\",\"network.transport\":\"icmp\",\"fwproof.icmp.code\":"
     "0,\"event.severity\":6,\"line\":1,\"fwproof.assumed\":[]} traffic"},
    {"%FTD-6-430002: AccessControlRuleAction: Trust, SrcIP: 10.1.1.555, DstIP: 192.0.2.9, "
     "Protocol: tcp",
     "bad"},
    {"%FTD-6-430003: nothing", "bad"},
    {"SFIMS: [1:2019401:3] \"SERVER-OTHER\" [Impact: Unknown] {TCP} 192.0.2.9:5 -> 10.1.1.5:80",
     "unsupported"},
    {"%FTD-6-302013: Built inbound TCP connection", "none"},
};

START_TEST(lines)
{
    test_parse_cases(&fw_parser_ftd_log, cases, sizeof(cases) / sizeof(cases[0]));
}
END_TEST

START_TEST(bids)
{
    test_parse_bids(&fw_parser_ftd_log, cases, sizeof(cases) / sizeof(cases[0]));
}
END_TEST

/* Cut and changed lines: never read out of bounds, never anything but a verdict. */
START_TEST(mangled)
{
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        test_parse_mangled(&fw_parser_ftd_log, cases[i].line);
    }
}
END_TEST

Suite *fw_suite_ftd_log(void)
{
    Suite *suite = suite_create("ftd_log");
    TCase *tc = tcase_create("lines");
    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, lines);
    tcase_add_test(tc, bids);
    tcase_add_test(tc, mangled);
    suite_add_tcase(suite, tc);
    return suite;
}
