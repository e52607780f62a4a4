/* SonicWall lines and the events they become. */
#include "parsers/parser.h"
#include "tests/unit/logparse.h"
#include "tests/unit/suites.h"

extern const struct fw_parser fw_parser_sonicwall_log;

static const struct parse_case cases[] = {
    {"Jan  3 13:45:36 192.168.5.1 id=firewall sn=0006B1000001 time=\"2026-01-03 14:48:06 UTC\" "
     "fw=192.0.2.1 pri=6 c=262144 m=98 msg=\"Connection Opened\" n=23419 "
     "src=10.1.1.5:36701:X0:host.example dst=198.51.100.9:443:X1 proto=tcp/https sent=52 rcvd=40 "
     "rule=\"17 (LAN->WAN)\" usr=\"ann\"",
     "used "
     "{\"@timestamp\":\"2026-01-03T14:48:06Z\",\"event.kind\":\"event\",\"event.category\":"
     "\"network\",\"event.code\":\"98\",\"event.action\":\"allowed\",\"event.outcome\":\"success\","
     "\"log.level\":\"info\",\"source.ip\":\"10.1.1.5\",\"source.port\":36701,\"source.user.name\":"
     "\"ann\",\"source.bytes\":52,\"destination.ip\":\"198.51.100.9\",\"destination.port\":443,"
     "\"destination.bytes\":40,\"network.transport\":\"tcp\",\"observer.name\":\"0006B1000001\","
     "\"observer.ingress.interface.name\":\"X0\",\"observer.egress.interface.name\":\"X1\",\"rule."
     "id\":\"17 (LAN->WAN)\",\"event.severity\":6,\"message\":\"Connection "
     "Opened\",\"line\":1,\"fwproof.assumed\":[]} traffic"},
    {"id=firewall sn=0006B1000001 time=\"2026-02-15 09:45:17\" fw=192.0.2.1 pri=5 c=512 m=1233 "
     "msg=\"Unhandled link-local or multicast IPv6 packet dropped\" n=56642 srcV6=fe80::1 "
     "src=:49702:X0-V514 dstV6=ff02::1:3 dst=:5355 srcMac=00:00:5e:00:53:01 proto=udp/5355",
     "used "
     "{\"@timestamp\":\"2026-02-15T09:45:17Z\",\"event.kind\":\"event\",\"event.category\":"
     "\"network\",\"event.code\":\"1233\",\"event.action\":\"denied\",\"event.outcome\":"
     "\"failure\",\"log.level\":\"notice\",\"source.ip\":\"fe80::1\",\"source.port\":49702,"
     "\"source.mac\":\"00:00:5e:00:53:01\",\"destination.ip\":\"ff02::1:3\",\"destination.port\":"
     "5355,\"network.transport\":\"udp\",\"observer.name\":\"0006B1000001\",\"observer.ingress."
     "interface.name\":\"X0-V514\",\"event.severity\":5,\"message\":\"Unhandled link-local or "
     "multicast IPv6 packet dropped\",\"line\":1,\"fwproof.assumed\":[]} traffic"},
    {"id=fw sn=0006B1000001 time=\"2026-02-15 09:45:18\" fw=192.0.2.1 pri=6 c=1024 m=537 "
     "msg=\"Connection Closed\" n=1 src=10.1.1.5::X0 dst=198.51.100.9::X1 proto=icmp "
     "fw_action=\"NA\" type=8 icmpCode=0",
     "used "
     "{\"@timestamp\":\"2026-02-15T09:45:18Z\",\"event.kind\":\"event\",\"event.category\":"
     "\"network\",\"event.code\":\"537\",\"event.action\":\"allowed\",\"event.outcome\":"
     "\"success\",\"log.level\":\"info\",\"source.ip\":\"10.1.1.5\",\"destination.ip\":\"198.51."
     "100.9\",\"network.transport\":\"icmp\",\"fwproof.icmp.type\":8,\"fwproof.icmp.code\":0,"
     "\"observer.name\":\"0006B1000001\",\"observer.ingress.interface.name\":\"X0\",\"observer."
     "egress.interface.name\":\"X1\",\"event.severity\":6,\"message\":\"Connection "
     "Closed\",\"line\":1,\"fwproof.assumed\":[]} traffic"},
    {"id=fw sn=0006B1000001 time=\"2026-02-15 09:45:19\" fw=192.0.2.1 pri=5 c=16 m=36 msg=\"TCP "
     "packet received\" n=1 src=10.1.1.5:1:X0 dst=198.51.100.9:2:X1 proto=tcp/2 fw_action=\"drop\"",
     "used "
     "{\"@timestamp\":\"2026-02-15T09:45:19Z\",\"event.kind\":\"event\",\"event.category\":"
     "\"network\",\"event.code\":\"36\",\"event.action\":\"drop\",\"event.outcome\":\"failure\","
     "\"log.level\":\"notice\",\"source.ip\":\"10.1.1.5\",\"source.port\":1,\"destination.ip\":"
     "\"198.51.100.9\",\"destination.port\":2,\"network.transport\":\"tcp\",\"observer.name\":"
     "\"0006B1000001\",\"observer.ingress.interface.name\":\"X0\",\"observer.egress.interface."
     "name\":\"X1\",\"event.severity\":5,\"message\":\"TCP packet "
     "received\",\"line\":1,\"fwproof.assumed\":[]} traffic"},
    {"id=fw sn=0006B1000001 time=\"2026-01-03 14:48:07\" fw=192.0.2.1 pri=1 c=32 m=30 "
     "msg=\"Administrator login denied due to bad credentials\" n=7 src=192.0.2.66:36701:X1 "
     "dst=192.0.2.1:443:X1 usr=\"root\"",
     "used "
     "{\"@timestamp\":\"2026-01-03T14:48:07Z\",\"event.kind\":\"event\",\"event.category\":"
     "\"authentication\",\"event.code\":\"30\",\"event.action\":\"denied\",\"event.outcome\":"
     "\"failure\",\"log.level\":\"alert\",\"source.ip\":\"192.0.2.66\",\"source.port\":36701,"
     "\"source.user.name\":\"root\",\"destination.ip\":\"192.0.2.1\",\"destination.port\":443,"
     "\"observer.name\":\"0006B1000001\",\"observer.ingress.interface.name\":\"X1\",\"observer."
     "egress.interface.name\":\"X1\",\"user.name\":\"root\",\"event.severity\":1,\"message\":"
     "\"Administrator login denied due to bad credentials\",\"line\":1,\"fwproof.assumed\":[]} "
     "admin"},
    {"id=fw sn=0006B1000001 time=\"2026-01-03 14:48:07\" fw=192.0.2.1 pri=1 c=32 m=30 msg=\"x\" "
     "n=7 src=192.0.2.666:36701:X1",
     "bad"},
    {"id=fw other=1", "none"},
};

START_TEST(lines)
{
    test_parse_cases(&fw_parser_sonicwall_log, cases, sizeof(cases) / sizeof(cases[0]));
}
END_TEST

START_TEST(bids)
{
    test_parse_bids(&fw_parser_sonicwall_log, cases, sizeof(cases) / sizeof(cases[0]));
}
END_TEST

/* Cut and changed lines: never read out of bounds, never anything but a verdict. */
START_TEST(mangled)
{
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        test_parse_mangled(&fw_parser_sonicwall_log, cases[i].line);
    }
}
END_TEST

Suite *fw_suite_sonicwall_log(void)
{
    Suite *suite = suite_create("sonicwall_log");
    TCase *tc = tcase_create("lines");
    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, lines);
    tcase_add_test(tc, bids);
    tcase_add_test(tc, mangled);
    suite_add_tcase(suite, tc);
    return suite;
}
