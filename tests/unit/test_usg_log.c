/* Huawei USG lines and the events they become. */
#include "parsers/parser.h"
#include "tests/unit/logparse.h"
#include "tests/unit/suites.h"

extern const struct fw_parser fw_parser_usg_log;

static const struct parse_case cases[] = {
    {"2026/10/05 09:52:14 USG6300 %%01URL/4/FILTER(l): The URL filtering policy was matched. "
     "(SyslogId=1906054, VSys=\"public\", Policy=\"Internet, all\", SrcIp=10.1.1.5, "
     "DstIp=192.0.2.2, SrcPort=5702, DstPort=80, SrcZone=dmz, DstZone=untrust, User=\"unknown\", "
     "Protocol=TCP, Application=\"google\", Action=Alert)",
     "used "
     "{\"event.kind\":\"event\",\"event.category\":\"network\",\"event.code\":\"URL/4/"
     "FILTER\",\"event.action\":\"Alert\",\"event.outcome\":\"success\",\"log.level\":\"warning\","
     "\"source.ip\":\"10.1.1.5\",\"source.port\":5702,\"destination.ip\":\"192.0.2.2\","
     "\"destination.port\":80,\"network.transport\":\"tcp\",\"network.application\":\"google\","
     "\"observer.ingress.zone\":\"dmz\",\"observer.egress.zone\":\"untrust\",\"rule.name\":"
     "\"Internet, all\",\"event.severity\":4,\"line\":1,\"fwproof.assumed\":[]} traffic"},
    {"Oct  5 2026 09:52:15 USG6300 %%01POLICY/6/POLICYDENY(l):vsys=public, protocol=17, "
     "source-ip=10.1.1.5, source-port=50002, destination-ip=192.0.2.9, destination-port=53, "
     "time=2026/10/5 09:52:15, source-zone=trust, destination-zone=untrust, rule-name=deny-all.",
     "used "
     "{\"event.kind\":\"event\",\"event.category\":\"network\",\"event.code\":\"POLICY/6/"
     "POLICYDENY\",\"event.action\":\"deny\",\"event.outcome\":\"failure\",\"log.level\":\"info\","
     "\"source.ip\":\"10.1.1.5\",\"source.port\":50002,\"destination.ip\":\"192.0.2.9\","
     "\"destination.port\":53,\"network.transport\":\"udp\",\"observer.ingress.zone\":\"trust\","
     "\"observer.egress.zone\":\"untrust\",\"rule.name\":\"deny-all\",\"event.severity\":6,"
     "\"line\":1,\"fwproof.assumed\":[]} traffic"},
    {"<189>Oct  5 2026 09:52:16 USG6300 %%01SHELL/5/CMDRECORD(s)[12]:Recorded command information. "
     "(Task=vt0, Ip=10.1.1.9, VpnName=, User=ann, AuthenticationMethod=\"Local-user\", "
     "Command=\"local-user bob password cipher x\")",
     "used "
     "{\"event.kind\":\"event\",\"event.category\":\"configuration\",\"event.code\":\"SHELL/5/"
     "CMDRECORD\",\"event.action\":\"command\",\"log.level\":\"notice\",\"source.ip\":\"10.1.1.9\","
     "\"user.name\":\"ann\",\"process.command_line\":\"local-user bob "
     "password\",\"event.severity\":5,\"message\":\"Recorded command information. (Task=vt0, "
     "Ip=10.1.1.9, VpnName=, User=ann, AuthenticationMethod=\\\"Local-user\\\", "
     "Command=\\\"local-user bob password\",\"line\":1,\"fwproof.assumed\":[]} admin"},
    {"Oct  5 2026 09:52:17 USG6300 %%01SHELL/4/LOGINFAILED(s): Failed to login. (Ip=192.0.2.66, "
     "UserName=root, Times=1)",
     "used "
     "{\"event.kind\":\"event\",\"event.category\":\"authentication\",\"event.code\":\"SHELL/4/"
     "LOGINFAILED\",\"event.action\":\"login\",\"event.outcome\":\"failure\",\"log.level\":"
     "\"warning\",\"source.ip\":\"192.0.2.66\",\"user.name\":\"root\",\"event.severity\":4,"
     "\"message\":\"Failed to login. (Ip=192.0.2.66, UserName=root, "
     "Times=1)\",\"line\":1,\"fwproof.assumed\":[]} admin"},
    {"Oct  5 2026 09:52:18 USG6300 %%01IFNET/4/IF_STATE(l): Interface has turned into UP state.",
     "ignored IFNET/4/IF_STATE"},
    {"Oct  5 2026 09:52:15 USG6300 %%01POLICY/6/POLICYDENY(l):vsys=public, protocol=17, "
     "source-ip=10.1.1.5",
     "bad"},
    {"Oct  5 2026 09:52:15 USG6300 %SYS-5-CONFIG_I: x", "none"},
};

START_TEST(lines)
{
    test_parse_cases(&fw_parser_usg_log, cases, sizeof(cases) / sizeof(cases[0]));
}
END_TEST

START_TEST(bids)
{
    test_parse_bids(&fw_parser_usg_log, cases, sizeof(cases) / sizeof(cases[0]));
}
END_TEST

/* Cut and changed lines: never read out of bounds, never anything but a verdict. */
START_TEST(mangled)
{
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        test_parse_mangled(&fw_parser_usg_log, cases[i].line);
    }
}
END_TEST

Suite *fw_suite_usg_log(void)
{
    Suite *suite = suite_create("usg_log");
    TCase *tc = tcase_create("lines");
    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, lines);
    tcase_add_test(tc, bids);
    tcase_add_test(tc, mangled);
    suite_add_tcase(suite, tc);
    return suite;
}
