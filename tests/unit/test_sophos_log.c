/* Sophos lines and the events they become. */
#include "parsers/parser.h"
#include "tests/unit/logparse.h"
#include "tests/unit/suites.h"

extern const struct fw_parser fw_parser_sophos_log;

static const struct parse_case cases[] = {
    {"<30>device=\"SFW\" date=2026-03-02 time=17:19:06 timezone=\"+08\" device_name=\"XG210\" "
     "device_id=C123 log_id=010101600001 log_type=\"Firewall\" log_component=\"Firewall Rule\" "
     "log_subtype=\"Allowed\" status=\"Allow\" priority=Information duration=30 fw_rule_id=14 "
     "user_name=\"ann\" in_interface=\"Port3\" out_interface=\"Port2\" src_mac=00:00:5e:00:53:01 "
     "src_ip=10.1.1.5 src_country_code= dst_ip=192.0.2.9 protocol=\"TCP\" src_port=52667 "
     "dst_port=443 sent_bytes=10 recv_bytes=20 tran_src_ip=198.51.100.2 tran_src_port=0 "
     "tran_dst_ip= tran_dst_port=0 srczone=\"LAN\" dstzone=\"WAN\" connid=\"77\"",
     "used "
     "{\"@timestamp\":\"2026-03-02T09:19:06Z\",\"event.duration\":30000000000,\"event.kind\":"
     "\"event\",\"event.category\":\"network\",\"event.code\":\"010101600001\",\"event.action\":"
     "\"Allow\",\"event.outcome\":\"success\",\"log.level\":\"Information\",\"source.ip\":\"10.1.1."
     "5\",\"source.port\":52667,\"source.mac\":\"00:00:5e:00:53:01\",\"source.nat.ip\":\"198.51."
     "100.2\",\"source.user.name\":\"ann\",\"source.bytes\":10,\"destination.ip\":\"192.0.2.9\","
     "\"destination.port\":443,\"destination.bytes\":20,\"network.transport\":\"tcp\",\"observer."
     "name\":\"XG210\",\"observer.ingress.interface.name\":\"Port3\",\"observer.egress.interface."
     "name\":\"Port2\",\"observer.ingress.zone\":\"LAN\",\"observer.egress.zone\":\"WAN\",\"rule."
     "id\":\"14\",\"network.session_id\":\"77\",\"line\":1,\"fwproof.assumed\":[]} traffic"},
    {"device_name=\"SFW\" timestamp=\"2026-03-02T17:19:07+0800\" device_model=\"XGS\" "
     "log_id=\"010102600002\" log_type=\"Firewall\" log_component=\"Firewall Rule\" "
     "log_subtype=\"Denied\" fw_rule_id=\"0\" src_ip=\"192.0.2.7\" dst_ip=\"10.1.1.1\" "
     "protocol=\"ICMP\" icmp_type=\"8\" icmp_code=\"0\"",
     "used "
     "{\"@timestamp\":\"2026-03-02T09:19:07Z\",\"event.kind\":\"event\",\"event.category\":"
     "\"network\",\"event.code\":\"010102600002\",\"event.action\":\"Denied\",\"event.outcome\":"
     "\"failure\",\"source.ip\":\"192.0.2.7\",\"destination.ip\":\"10.1.1.1\",\"network."
     "transport\":\"icmp\",\"fwproof.icmp.type\":8,\"fwproof.icmp.code\":0,\"observer.name\":"
     "\"SFW\",\"rule.id\":\"0\",\"line\":1,\"fwproof.assumed\":[]} traffic"},
    {"device=\"SFW\" date=2026-03-02 time=17:19:08 timezone=\"+08\" device_name=\"XG210\" "
     "log_id=062009617502 log_type=\"Event\" log_component=\"GUI\" log_subtype=\"Admin\" "
     "status=\"Successful\" priority=Notice user_name=\"admin\" src_ip=10.1.1.9 message=\"Firewall "
     "Rule 'web' was updated by 'admin'\"",
     "used "
     "{\"@timestamp\":\"2026-03-02T09:19:08Z\",\"event.kind\":\"event\",\"event.category\":"
     "\"configuration\",\"event.code\":\"062009617502\",\"event.action\":\"Admin\",\"event."
     "outcome\":\"success\",\"log.level\":\"Notice\",\"source.ip\":\"10.1.1.9\",\"observer.name\":"
     "\"XG210\",\"user.name\":\"admin\",\"message\":\"Firewall Rule 'web' was updated by "
     "'admin'\",\"line\":1,\"fwproof.assumed\":[]} admin"},
    {"Mar  2 17:19:09 utm ulogd[4711]: id=\"2001\" severity=\"info\" sys=\"SecureNet\" "
     "sub=\"packetfilter\" name=\"Packet dropped\" action=\"drop\" fwrule=\"60001\" initf=\"eth1\" "
     "outitf=\"eth0\" srcip=\"192.0.2.7\" dstip=\"10.1.1.1\" proto=\"6\" length=\"40\" "
     "srcport=\"4711\" dstport=\"22\" tcpflags=\"SYN\"",
     "used "
     "{\"event.kind\":\"event\",\"event.category\":\"network\",\"event.code\":\"2001\",\"event."
     "action\":\"drop\",\"event.outcome\":\"failure\",\"log.level\":\"info\",\"source.ip\":\"192.0."
     "2.7\",\"source.port\":4711,\"destination.ip\":\"10.1.1.1\",\"destination.port\":22,\"network."
     "transport\":\"tcp\",\"network.bytes\":40,\"observer.ingress.interface.name\":\"eth1\","
     "\"observer.egress.interface.name\":\"eth0\",\"rule.id\":\"60001\",\"message\":\"Packet "
     "dropped\",\"line\":1,\"fwproof.assumed\":[]} traffic"},
    {"Mar  2 17:19:09 utm ulogd[4711]: id=\"2101\" severity=\"info\" sys=\"SecureNet\" sub=\"ips\" "
     "name=\"SYN flood detected\" srcip=\"192.0.2.7\"",
     "ignored ips"},
    {"device=\"SFW\" date=2026-03-02 time=17:19 timezone=\"+08\" device_name=\"XG210\" "
     "log_type=\"Firewall\" src_ip=10.1.1.5 dst_ip=192.0.2.9",
     "bad"},
    {"device=\"SFW\" date=2026-03-02 time=17:19:06 device_name=\"XG210\" log_type=\"Firewall\" "
     "log_subtype=\"Denied\" src_ip=10.1.1.5",
     "bad"},
    {"20260806 050000 Scan started.", "none"},
};

START_TEST(lines)
{
    test_parse_cases(&fw_parser_sophos_log, cases, sizeof(cases) / sizeof(cases[0]));
}
END_TEST

START_TEST(bids)
{
    test_parse_bids(&fw_parser_sophos_log, cases, sizeof(cases) / sizeof(cases[0]));
}
END_TEST

/* Cut and changed lines: never read out of bounds, never anything but a verdict. */
START_TEST(mangled)
{
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        test_parse_mangled(&fw_parser_sophos_log, cases[i].line);
    }
}
END_TEST

Suite *fw_suite_sophos_log(void)
{
    Suite *suite = suite_create("sophos_log");
    TCase *tc = tcase_create("lines");
    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, lines);
    tcase_add_test(tc, bids);
    tcase_add_test(tc, mangled);
    suite_add_tcase(suite, tc);
    return suite;
}
