/* MikroTik lines and the events they become. */
#include "parsers/parser.h"
#include "tests/unit/logparse.h"
#include "tests/unit/suites.h"

extern const struct fw_parser fw_parser_mikrotik_log;

static const struct parse_case cases[] = {
    {"2026-03-18T20:35:05.734637+01:00 gw firewall,info drop-in input: in:ether1-WAN out:(unknown "
     "0), connection-state:new src-mac 00:00:5e:00:53:01, proto UDP, "
     "192.0.2.68:44355->198.51.100.145:53, len 65",
     "used "
     "{\"event.kind\":\"event\",\"event.category\":\"network\",\"event.action\":\"denied\",\"event."
     "outcome\":\"failure\",\"source.ip\":\"192.0.2.68\",\"source.port\":44355,\"source.mac\":\"00:"
     "00:5e:00:53:01\",\"destination.ip\":\"198.51.100.145\",\"destination.port\":53,\"network."
     "transport\":\"udp\",\"network.bytes\":65,\"observer.ingress.interface.name\":\"ether1-WAN\","
     "\"rule.name\":\"drop-in\",\"line\":1,\"fwproof.assumed\":[]} traffic"},
    {"Mar 18 20:35:05 gw forward: in:WAN out:LAN, connection-state:new proto TCP (SYN), "
     "[2001:db8::1]:17850->[2001:db8::2]:51413, len 112",
     "used "
     "{\"event.kind\":\"event\",\"event.category\":\"network\",\"source.ip\":\"2001:db8::1\","
     "\"source.port\":17850,\"destination.ip\":\"2001:db8::2\",\"destination.port\":51413,"
     "\"network.transport\":\"tcp\",\"network.bytes\":112,\"observer.ingress.interface.name\":"
     "\"WAN\",\"observer.egress.interface.name\":\"LAN\",\"line\":1,\"fwproof.assumed\":[]} "
     "traffic"},
    {"2026-03-18T20:35:06+01:00 gw firewall,info allow icmp forward: in:WAN out:LAN, "
     "connection-state:new,snat proto ICMP (type 8, code 0), 192.0.2.68->198.51.100.145, NAT "
     "(192.0.2.68->10.0.0.1)->198.51.100.145, len 65",
     "used "
     "{\"event.kind\":\"event\",\"event.category\":\"network\",\"event.action\":\"allowed\","
     "\"event.outcome\":\"success\",\"source.ip\":\"192.0.2.68\",\"destination.ip\":\"198.51.100."
     "145\",\"network.transport\":\"icmp\",\"fwproof.icmp.type\":8,\"fwproof.icmp.code\":0,"
     "\"network.bytes\":65,\"observer.ingress.interface.name\":\"WAN\",\"observer.egress.interface."
     "name\":\"LAN\",\"rule.name\":\"allow icmp\",\"line\":1,\"fwproof.assumed\":[]} traffic"},
    {"2026-03-19T12:34:09.757188+01:00 gw system,error,critical login failure for user admin from "
     "192.0.2.35 via winbox",
     "used "
     "{\"event.kind\":\"event\",\"event.category\":\"authentication\",\"event.action\":\"login\","
     "\"event.outcome\":\"failure\",\"source.ip\":\"192.0.2.35\",\"user.name\":\"admin\","
     "\"message\":\"login failure for user admin from 192.0.2.35 via "
     "winbox\",\"line\":1,\"fwproof.assumed\":[]} admin"},
    {"2026-03-19T12:34:09.757188+01:00 gw system,info,account user ann logged in from 10.0.0.9 via "
     "ssh",
     "used "
     "{\"event.kind\":\"event\",\"event.category\":\"authentication\",\"event.action\":\"login\","
     "\"event.outcome\":\"success\",\"source.ip\":\"10.0.0.9\",\"user.name\":\"ann\",\"message\":"
     "\"user ann logged in from 10.0.0.9 via ssh\",\"line\":1,\"fwproof.assumed\":[]} admin"},
    {"2026-03-19T12:34:10+01:00 gw system,info filter rule changed by ann",
     "used "
     "{\"event.kind\":\"event\",\"event.category\":\"configuration\",\"event.action\":\"changed\","
     "\"user.name\":\"ann\",\"message\":\"filter rule changed by "
     "ann\",\"line\":1,\"fwproof.assumed\":[]} admin"},
    {"2026-03-19T12:34:10+01:00 gw interface,info ether1 link up", "ignored interface,info"},
    {"2026-03-19T12:34:10+01:00 gw firewall,info input: in:WAN out:(unknown 0), proto TCP (SYN), "
     "192.0.2.1:56282->192.0.2.999:1, len 52",
     "bad"},
    {"Mar 19 12:34:10 gw sshd[1]: in the news", "none"},
};

START_TEST(lines)
{
    test_parse_cases(&fw_parser_mikrotik_log, cases, sizeof(cases) / sizeof(cases[0]));
}
END_TEST

START_TEST(bids)
{
    test_parse_bids(&fw_parser_mikrotik_log, cases, sizeof(cases) / sizeof(cases[0]));
}
END_TEST

/* Cut and changed lines: never read out of bounds, never anything but a verdict. */
START_TEST(mangled)
{
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        test_parse_mangled(&fw_parser_mikrotik_log, cases[i].line);
    }
}
END_TEST

Suite *fw_suite_mikrotik_log(void)
{
    Suite *suite = suite_create("mikrotik_log");
    TCase *tc = tcase_create("lines");
    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, lines);
    tcase_add_test(tc, bids);
    tcase_add_test(tc, mangled);
    suite_add_tcase(suite, tc);
    return suite;
}
