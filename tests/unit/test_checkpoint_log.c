/* Check Point lines and the events they become. */
#include "parsers/parser.h"
#include "tests/unit/logparse.h"
#include "tests/unit/suites.h"

extern const struct fw_parser fw_parser_checkpoint_log;

static const struct parse_case cases[] = {
    {"<134>1 2026-05-15T16:26:39Z mgmt CheckPoint 19710 - [action:\"Drop\"; "
     "conn_direction:\"Outgoing\"; flags:\"7232772\"; ifdir:\"inbound\"; ifname:\"eth1\"; "
     "origin:\"192.0.2.1\"; time:\"1778862399\"; __policy_id_tag:\"product=VPN-1 & "
     "FireWall-1[db_tag={C12F};policy_name=P\\]\"; dst:\"198.51.100.9\"; inzone:\"Internal\"; "
     "layer_name:\"A\"; layer_name:\"B\"; outzone:\"External\"; product:\"VPN-1 & FireWall-1\"; "
     "proto:\"6\"; rule_name:\"web\"; rule_name:\"Cleanup\"; s_port:\"50002\"; service:\"443\"; "
     "src:\"10.1.1.5\"; xlatesrc:\"0.0.0.0\"; xlatedst:\"10.9.9.9\"; xlatedport:\"8443\"]",
     "used "
     "{\"@timestamp\":\"2026-05-15T16:26:39Z\",\"event.kind\":\"event\",\"event.category\":"
     "\"network\",\"event.code\":\"VPN-1 & "
     "FireWall-1\",\"event.action\":\"Drop\",\"event.outcome\":\"failure\",\"source.ip\":\"10.1.1."
     "5\",\"source.port\":50002,\"destination.ip\":\"198.51.100.9\",\"destination.port\":443,"
     "\"destination.nat.ip\":\"10.9.9.9\",\"destination.nat.port\":8443,\"network.transport\":"
     "\"tcp\",\"network.direction\":\"inbound\",\"observer.name\":\"192.0.2.1\",\"observer.ingress."
     "interface.name\":\"eth1\",\"observer.ingress.zone\":\"Internal\",\"observer.egress.zone\":"
     "\"External\",\"rule.name\":\"web\",\"line\":1,\"fwproof.assumed\":[]} traffic"},
    {"<134>1 2026-05-15T16:26:40Z mgmt CheckPoint 19710 - [action:\"Accept\"; "
     "origin:\"192.0.2.1\"; product:\"SmartConsole\"; administrator:\"ann\"; operation:\"Install "
     "Policy\"]",
     "used "
     "{\"event.kind\":\"event\",\"event.category\":\"configuration\",\"event.code\":"
     "\"SmartConsole\",\"event.action\":\"Accept\",\"event.outcome\":\"success\",\"observer.name\":"
     "\"192.0.2.1\",\"user.name\":\"ann\",\"message\":\"Install "
     "Policy\",\"line\":1,\"fwproof.assumed\":[]} admin"},
    {"<165>Jun  2 15:49:24 lg fw1-loggrabber[9868]: time=2026-06-01 "
     "16:48:23|action=accept|orig=192.0.2.1|i/f_dir=outbound|i/f_name=bond12|product=VPN-1 & "
     "FireWall-1|rule=3907|service_id=snmp|src=10.1.1.5|s_port=62264|dst=198.51.100.9|service=snmp|"
     "proto=udp",
     "used "
     "{\"@timestamp\":\"2026-06-01T16:48:23Z\",\"event.kind\":\"event\",\"event.category\":"
     "\"network\",\"event.code\":\"VPN-1 & "
     "FireWall-1\",\"event.action\":\"accept\",\"event.outcome\":\"success\",\"source.ip\":\"10.1."
     "1.5\",\"source.port\":62264,\"destination.ip\":\"198.51.100.9\",\"destination.port\":161,"
     "\"network.transport\":\"udp\",\"network.direction\":\"outbound\",\"observer.name\":\"192.0.2."
     "1\",\"observer.egress.interface.name\":\"bond12\",\"rule.id\":\"3907\",\"line\":1,\"fwproof."
     "assumed\":[]} traffic"},
    {"<165>Jun  2 15:49:24 lg fw1-loggrabber[9868]: time=2026-06-01 "
     "16:48:23|action=accept|orig=192.0.2.1|rule=16|src=name-of-host|dst=198.51.100.9|proto=icmp|"
     "ICMP Type=8|ICMP Code=0",
     "used "
     "{\"@timestamp\":\"2026-06-01T16:48:23Z\",\"event.kind\":\"event\",\"event.category\":"
     "\"network\",\"event.action\":\"accept\",\"event.outcome\":\"success\",\"destination.ip\":"
     "\"198.51.100.9\",\"network.transport\":\"icmp\",\"fwproof.icmp.type\":8,\"fwproof.icmp."
     "code\":0,\"observer.name\":\"192.0.2.1\",\"rule.id\":\"16\",\"line\":1,\"fwproof.assumed\":[]"
     "} traffic"},
    {"Apr 01 00:00:03 [192.0.2.3] Apr 01 2026 00:00:02: %CHKPNT-6-100023: drop, gw1, inbound, "
     "eth0, 10.1.1.5, 41654, 198.51.100.9, http, 80, tcp, 1, , , ",
     "used "
     "{\"event.kind\":\"event\",\"event.category\":\"network\",\"event.action\":\"drop\",\"event."
     "outcome\":\"failure\",\"source.ip\":\"10.1.1.5\",\"source.port\":41654,\"destination.ip\":"
     "\"198.51.100.9\",\"destination.port\":80,\"network.transport\":\"tcp\",\"network.direction\":"
     "\"inbound\",\"observer.name\":\"gw1\",\"observer.ingress.interface.name\":\"eth0\",\"rule."
     "id\":\"1\",\"line\":1,\"fwproof.assumed\":[]} traffic"},
    {"Apr 03 10:39:19 [192.0.2.3] Apr 03 2026 10:39:19: %CHKPNT-6-021050: keyinst, gw1, inbound, "
     "daemon, , , , , , , , ",
     "used "
     "{\"event.kind\":\"event\",\"event.category\":\"network\",\"event.action\":\"keyinst\","
     "\"network.direction\":\"inbound\",\"observer.name\":\"gw1\",\"line\":1,\"fwproof.assumed\":[]"
     "}"},
    {"Apr 03 10:39:19 [192.0.2.3] Apr 03 2026 10:39:19: %CHKPNT-6-021050: keyinst, gw1", "bad"},
    {"<134>1 2026-05-15T16:26:39Z mgmt CheckPoint 19710 - [action:\"Drop\"; proto:\"6\"; "
     "src:\"10.1.1.5\"; dst:\"192.0.2.9\"; s_port:\"70000\"]",
     "bad"},
    {"<133>xpand[22939]: admin localhost t +volatile", "none"},
};

START_TEST(lines)
{
    test_parse_cases(&fw_parser_checkpoint_log, cases, sizeof(cases) / sizeof(cases[0]));
}
END_TEST

START_TEST(bids)
{
    test_parse_bids(&fw_parser_checkpoint_log, cases, sizeof(cases) / sizeof(cases[0]));
}
END_TEST

/* Cut and changed lines: never read out of bounds, never anything but a verdict. */
START_TEST(mangled)
{
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        test_parse_mangled(&fw_parser_checkpoint_log, cases[i].line);
    }
}
END_TEST

Suite *fw_suite_checkpoint_log(void)
{
    Suite *suite = suite_create("checkpoint_log");
    TCase *tc = tcase_create("lines");
    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, lines);
    tcase_add_test(tc, bids);
    tcase_add_test(tc, mangled);
    suite_add_tcase(suite, tc);
    return suite;
}
