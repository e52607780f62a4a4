/* FortiGate lines and the events they become. */
#include "parsers/parser.h"
#include "tests/unit/logparse.h"
#include "tests/unit/suites.h"

extern const struct fw_parser fw_parser_fortigate_log;

static const struct parse_case cases[] = {
    {"<189>date=2026-03-02 time=10:20:30 devname=\"FG-01\" devid=\"FGT60F0000000001\" "
     "eventtime=1772418030123456789 tz=\"+0800\" logid=\"0000000013\" type=\"traffic\" "
     "subtype=\"forward\" level=\"notice\" vd=\"root\" srcip=10.1.1.5 srcport=50002 "
     "srcintf=\"port1\" srcintfrole=\"lan\" dstip=192.0.2.9 dstport=443 dstintf=\"wan1\" "
     "sessionid=6887 proto=6 action=\"close\" policyid=7 policyname=\"web out\" "
     "policytype=\"policy\" service=\"HTTPS\" trandisp=\"snat\" transip=198.51.100.2 "
     "transport=50002 user=\"ann \\\"x\\\"\" duration=3 sentbyte=412 rcvdbyte=2286 "
     "app=\"HTTPS.BROWSER\"",
     "used "
     "{\"@timestamp\":\"2026-03-02T02:20:30Z\",\"event.duration\":3000000000,\"event.kind\":"
     "\"event\",\"event.category\":\"network\",\"event.code\":\"0000000013\",\"event.action\":"
     "\"close\",\"event.outcome\":\"success\",\"log.level\":\"notice\",\"source.ip\":\"10.1.1.5\","
     "\"source.port\":50002,\"source.nat.ip\":\"198.51.100.2\",\"source.nat.port\":50002,\"source."
     "user.name\":\"ann "
     "\\\\\\\"x\\\\\\\"\",\"source.bytes\":412,\"destination.ip\":\"192.0.2.9\",\"destination."
     "port\":443,\"destination.bytes\":2286,\"network.transport\":\"tcp\",\"network.application\":"
     "\"HTTPS.BROWSER\",\"observer.name\":\"FG-01\",\"observer.ingress.interface.name\":\"port1\","
     "\"observer.egress.interface.name\":\"wan1\",\"rule.name\":\"web "
     "out\",\"rule.id\":\"7\",\"network.session_id\":\"6887\",\"line\":1,\"fwproof.assumed\":[]} "
     "traffic"},
    {"date=2026-03-02 time=10:20:31 devname=FG-01 devid=FGT60F0000000001 logid=0000000013 "
     "type=traffic subtype=local level=notice vd=root srcip=2001:db8::5 srcport=5000 "
     "dstip=2001:db8::1 dstport=22 proto=6 action=deny policyid=0 tranip=10.0.0.1 tranport=0 "
     "duration=0",
     "used "
     "{\"@timestamp\":\"2026-03-02T10:20:31Z\",\"event.duration\":0,\"event.kind\":\"event\","
     "\"event.category\":\"network\",\"event.code\":\"0000000013\",\"event.action\":\"deny\","
     "\"event.outcome\":\"failure\",\"log.level\":\"notice\",\"source.ip\":\"2001:db8::5\","
     "\"source.port\":5000,\"destination.ip\":\"2001:db8::1\",\"destination.port\":22,"
     "\"destination.nat.ip\":\"10.0.0.1\",\"network.transport\":\"tcp\",\"observer.name\":\"FG-"
     "01\",\"rule.id\":\"0\",\"line\":1,\"fwproof.assumed\":[]} traffic"},
    {"date=2026-03-02,time=10:20:31,devname=FG-01,devid=FGT60F0000000001,eventtime=1772418031,"
     "logid=\"0000000013\",type=\"traffic\",subtype=\"forward\",level=\"notice\",srcip=10.1.1.5,"
     "identifier=9,srcintf=\"port "
     "1\",dstip=192.0.2.9,dstintf=wan1,proto=1,action=\"accept\",policyid=7,service=\"PING\","
     "duration=61,sentbyte=84,rcvdbyte=84",
     "used "
     "{\"@timestamp\":\"2026-03-02T02:20:31Z\",\"event.duration\":61000000000,\"event.kind\":"
     "\"event\",\"event.category\":\"network\",\"event.code\":\"0000000013\",\"event.action\":"
     "\"accept\",\"event.outcome\":\"success\",\"log.level\":\"notice\",\"source.ip\":\"10.1.1.5\","
     "\"source.bytes\":84,\"destination.ip\":\"192.0.2.9\",\"destination.bytes\":84,\"network."
     "transport\":\"icmp\",\"observer.name\":\"FG-01\",\"observer.ingress.interface.name\":\"port "
     "1\",\"observer.egress.interface.name\":\"wan1\",\"rule.id\":\"7\",\"line\":1,\"fwproof."
     "assumed\":[]} traffic"},
    {"\"itime=1772418031\",\"date=2026-03-02\",\"time=10:20:31\",\"devid=FGT60F0000000001\","
     "\"logid=0000000013\",\"type=traffic\",\"srcip=10.1.1.5\",\"srcport=1\",\"dstip=192.0.2.9\","
     "\"dstport=53\",\"proto=17\",\"action=accept\",\"policyid=7\"",
     "used "
     "{\"@timestamp\":\"2026-03-02T10:20:31Z\",\"event.kind\":\"event\",\"event.category\":"
     "\"network\",\"event.code\":\"0000000013\",\"event.action\":\"accept\",\"event.outcome\":"
     "\"success\",\"source.ip\":\"10.1.1.5\",\"source.port\":1,\"destination.ip\":\"192.0.2.9\","
     "\"destination.port\":53,\"network.transport\":\"udp\",\"rule.id\":\"7\",\"line\":1,\"fwproof."
     "assumed\":[]} traffic"},
    {"Feb 20 12:26:25 date=2026-02-20 time=12: 26:24 devname=FG-02 device_id=FG100A2104400001 "
     "log_id=0021000002 type=traffic subtype=other pri=notice status=deny vd=\"root\" "
     "src=10.10.10.10 src_port=1111 dst=10.20.30.40 dst_port=2222 service=65535/tcp proto=6 "
     "duration=0 policyid=0 sent=0 rcvd=0 tran_disp=dnat tran_ip=10.9.9.9 tran_port=80 "
     "src_int=\"Interface Name\" dst_int=\"internal\" SN=123456 user=\"N/A\"",
     "used "
     "{\"@timestamp\":\"2026-02-20T12:26:24Z\",\"event.duration\":0,\"event.kind\":\"event\","
     "\"event.category\":\"network\",\"event.code\":\"0021000002\",\"event.action\":\"deny\","
     "\"event.outcome\":\"failure\",\"log.level\":\"notice\",\"source.ip\":\"10.10.10.10\","
     "\"source.port\":1111,\"source.bytes\":0,\"destination.ip\":\"10.20.30.40\",\"destination."
     "port\":2222,\"destination.nat.ip\":\"10.9.9.9\",\"destination.nat.port\":80,\"destination."
     "bytes\":0,\"network.transport\":\"tcp\",\"observer.name\":\"FG-02\",\"observer.ingress."
     "interface.name\":\"Interface "
     "Name\",\"observer.egress.interface.name\":\"internal\",\"rule.id\":\"0\",\"network.session_"
     "id\":\"123456\",\"line\":1,\"fwproof.assumed\":[]} traffic"},
    {"date=2026-03-02 time=10:20:32 logid=\"0419016384\" type=\"utm\" subtype=\"ips\" "
     "eventtype=\"signature\" level=\"alert\" eventtime=1772418032 severity=\"critical\" "
     "srcip=10.1.1.22 dstip=192.0.2.55 srcintf=\"port10\" dstintf=\"port9\" sessionid=4017 "
     "action=\"dropped\" proto=6 service=\"HTTP\" policyid=1 attack=\"Some.Attack\" srcport=46810 "
     "dstport=80 direction=\"incoming\" msg=\"applications3: Some.Attack,\"",
     "used "
     "{\"@timestamp\":\"2026-03-02T02:20:32Z\",\"event.kind\":\"alert\",\"event.category\":"
     "\"network\",\"event.code\":\"0419016384\",\"event.action\":\"dropped\",\"event.outcome\":"
     "\"failure\",\"log.level\":\"alert\",\"source.ip\":\"10.1.1.22\",\"source.port\":46810,"
     "\"destination.ip\":\"192.0.2.55\",\"destination.port\":80,\"network.transport\":\"tcp\","
     "\"observer.ingress.interface.name\":\"port10\",\"observer.egress.interface.name\":\"port9\","
     "\"rule.id\":\"1\",\"network.session_id\":\"4017\",\"message\":\"applications3: "
     "Some.Attack,\",\"line\":1,\"fwproof.assumed\":[]} traffic"},
    {"date=2026-03-02 time=10:20:33 devname=\"FG-01\" logid=\"0100044546\" type=\"event\" "
     "subtype=\"system\" level=\"information\" logdesc=\"Attribute configured\" user=\"admin\" "
     "ui=\"GUI(10.42.8.253)\" action=\"Edit\" cfgpath=\"log.setting\" "
     "cfgattr=\"fwpolicy-implicit-log[enable->disable]\" msg=\"Edit log.setting \"",
     "used "
     "{\"@timestamp\":\"2026-03-02T10:20:33Z\",\"event.kind\":\"event\",\"event.category\":"
     "\"configuration\",\"event.code\":\"0100044546\",\"event.action\":\"Edit\",\"log.level\":"
     "\"information\",\"source.ip\":\"10.42.8.253\",\"observer.name\":\"FG-01\",\"user.name\":"
     "\"admin\",\"message\":\"Edit log.setting \",\"line\":1,\"fwproof.assumed\":[]} admin"},
    {"date=2026-03-02 time=10:20:34 logid=\"0100032002\" type=\"event\" subtype=\"system\" "
     "level=\"alert\" logdesc=\"Admin login failed\" user=\"root\" ui=\"ssh(192.0.2.77)\" "
     "action=\"login\" status=\"failed\" reason=\"name_invalid\" msg=\"Administrator root login "
     "failed\"",
     "used "
     "{\"@timestamp\":\"2026-03-02T10:20:34Z\",\"event.kind\":\"event\",\"event.category\":"
     "\"authentication\",\"event.code\":\"0100032002\",\"event.action\":\"login\",\"event."
     "outcome\":\"failure\",\"log.level\":\"alert\",\"source.ip\":\"192.0.2.77\",\"user.name\":"
     "\"root\",\"message\":\"Administrator root login failed\",\"line\":1,\"fwproof.assumed\":[]} "
     "admin"},
    {"date=2026-03-02 time=10:20:35 logid=\"0101039426\" type=\"event\" subtype=\"vpn\" "
     "level=\"alert\" action=\"ssl-login-fail\" remip=192.0.2.1 user=\"N/A\" msg=\"SSL user failed "
     "to logged in\"",
     "used "
     "{\"@timestamp\":\"2026-03-02T10:20:35Z\",\"event.kind\":\"event\",\"event.category\":"
     "\"network\",\"event.code\":\"0101039426\",\"event.action\":\"ssl-login-fail\",\"event."
     "outcome\":\"failure\",\"log.level\":\"alert\",\"source.ip\":\"192.0.2.1\",\"message\":\"SSL "
     "user failed to logged in\",\"line\":1,\"fwproof.assumed\":[]}"},
    {"date=2026-03-02 time=10:20:35 logid=\"0100020099\" type=\"event\" subtype=\"system\" "
     "level=\"notice\" msg=\"Interface status\"",
     "used "
     "{\"@timestamp\":\"2026-03-02T10:20:35Z\",\"event.kind\":\"event\",\"event.category\":"
     "\"host\",\"event.code\":\"0100020099\",\"log.level\":\"notice\",\"message\":\"Interface "
     "status\",\"line\":1,\"fwproof.assumed\":[]}"},
    {"date=2026-03-02 time=10:20:36 device_id=FE100C3909600504 log_id=0004001036 type=kevent "
     "subtype=ha pri=notice msg=\"heart beat\"",
     "ignored kevent"},
    {"date=2026-03-02 time=10:20:37 logid=\"0000000013\" type=\"traffic\" srcip=10.1.1.300 "
     "dstip=192.0.2.9 proto=6 action=deny",
     "bad"},
    {"date=2026-03-02 time=10:20:61 logid=\"0000000013\" type=\"traffic\" srcip=10.1.1.3 "
     "dstip=192.0.2.9 proto=6 action=deny",
     "bad"},
    {"date=2026-03-02 time=10:20:38 logid=\"0000000013\" type=\"traffic\" srcip=10.1.1.3", "bad"},
    {"date=2026-03-02 time=10:20:39 type=something without an id", "none"},
};

START_TEST(lines)
{
    test_parse_cases(&fw_parser_fortigate_log, cases, sizeof(cases) / sizeof(cases[0]));
}
END_TEST

START_TEST(bids)
{
    test_parse_bids(&fw_parser_fortigate_log, cases, sizeof(cases) / sizeof(cases[0]));
}
END_TEST

/* Cut and changed lines: never read out of bounds, never anything but a verdict. */
START_TEST(mangled)
{
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        test_parse_mangled(&fw_parser_fortigate_log, cases[i].line);
    }
}
END_TEST

Suite *fw_suite_fortigate_log(void)
{
    Suite *suite = suite_create("fortigate_log");
    TCase *tc = tcase_create("lines");
    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, lines);
    tcase_add_test(tc, bids);
    tcase_add_test(tc, mangled);
    suite_add_tcase(suite, tc);
    return suite;
}
