/* CEF lines and the events they become. */
#include "parsers/parser.h"
#include "tests/unit/logparse.h"
#include "tests/unit/suites.h"

extern const struct fw_parser fw_parser_cef_log;

static const struct parse_case cases[] = {
    {"Sep  8 08:32:20 gw CEF: 0|Ubiquiti|UniFi Network|9.4.19|201|Threat Detected and "
     "Blocked|9|proto=TCP src=192.0.2.252 spt=65020 dst=192.168.1.100 dpt=80 UNIFIhost=gw "
     "UNIFIutcTime=2026-09-08T06:32:20.613Z msg=A network intrusion attempt has been detected and "
     "blocked.",
     "used "
     "{\"@timestamp\":\"2026-09-08T06:32:20.613Z\",\"event.kind\":\"event\",\"event.category\":"
     "\"network\",\"event.code\":\"201\",\"event.outcome\":\"failure\",\"source.ip\":\"192.0.2."
     "252\",\"source.port\":65020,\"destination.ip\":\"192.168.1.100\",\"destination.port\":80,"
     "\"network.transport\":\"tcp\",\"observer.name\":\"gw\",\"event.severity\":9,\"message\":\"A "
     "network intrusion attempt has been detected and "
     "blocked.\",\"line\":1,\"fwproof.assumed\":[]} traffic"},
    {"CEF:0|Check Point|VPN-1 & FireWall-1|Check Point|Log|https|Unknown|act=Accept "
     "deviceDirection=0 rt=1772418030000 spt=50002 dpt=443 cs2Label=Rule Name cs2=web \\= out "
     "layer_name=Network ifname=eth0 proto=6 src=10.1.1.5 dst=192.0.2.9 "
     "sourceTranslatedAddress=198.51.100.2 sourceTranslatedPort=0 in=412 out=2286",
     "used "
     "{\"@timestamp\":\"2026-03-02T02:20:30Z\",\"event.kind\":\"event\",\"event.category\":"
     "\"network\",\"event.code\":\"Log\",\"event.action\":\"Accept\",\"event.outcome\":\"success\","
     "\"log.level\":\"Unknown\",\"source.ip\":\"10.1.1.5\",\"source.port\":50002,\"source.nat.ip\":"
     "\"198.51.100.2\",\"source.bytes\":412,\"destination.ip\":\"192.0.2.9\",\"destination.port\":"
     "443,\"destination.bytes\":2286,\"network.transport\":\"tcp\",\"network.direction\":"
     "\"inbound\",\"rule.name\":\"web = "
     "out\",\"message\":\"https\",\"line\":1,\"fwproof.assumed\":[]} traffic"},
    {"<13>Mar  2 10:20:30 fw CEF:0|Palo Alto Networks|PAN-OS|10.1|end|TRAFFIC|1|rt=Mar 02 2026 "
     "10:20:30 UTC src=10.1.1.5 dst=192.0.2.9 app=ssl cs1=r1 cs1Label=Rule cs4=trust "
     "cs4Label=Source Zone cs5=untrust cs5Label=Destination Zone "
     "deviceInboundInterface=ethernet1/1 deviceOutboundInterface=ethernet1/2 cn1Label=SessionID "
     "cn1=77 spt=5 dpt=6 proto=tcp act=deny cn3Label=Elapsed time in seconds cn3=12 start=Mar 02 "
     "2026 10:20:18 UTC",
     "used "
     "{\"@timestamp\":\"2026-03-02T10:20:30Z\",\"event.start\":\"2026-03-02T10:20:18Z\",\"event."
     "duration\":12000000000,\"event.kind\":\"event\",\"event.category\":\"network\",\"event."
     "code\":\"end\",\"event.action\":\"deny\",\"event.outcome\":\"failure\",\"source.ip\":\"10.1."
     "1.5\",\"source.port\":5,\"destination.ip\":\"192.0.2.9\",\"destination.port\":6,\"network."
     "transport\":\"tcp\",\"network.application\":\"ssl\",\"observer.ingress.interface.name\":"
     "\"ethernet1/1\",\"observer.egress.interface.name\":\"ethernet1/"
     "2\",\"observer.ingress.zone\":\"trust\",\"observer.egress.zone\":\"untrust\",\"rule.name\":"
     "\"r1\",\"network.session_id\":\"77\",\"event.severity\":1,\"message\":\"TRAFFIC\",\"line\":1,"
     "\"fwproof.assumed\":[]} traffic"},
    {"CEF:1|V|P \\| Q|1|id|Admin login|Low|src=Test Role 10 suser=CORP\\\\ann duser=bob "
     "outcome=failure msg=a\\nb",
     "used "
     "{\"event.kind\":\"event\",\"event.category\":\"configuration\",\"event.code\":\"id\",\"event."
     "outcome\":\"failure\",\"log.level\":\"Low\",\"source.user.name\":\"CORP\\\\ann\","
     "\"destination.user.name\":\"bob\",\"message\":\"a b\",\"line\":1,\"fwproof.assumed\":[]} "
     "admin"},
    {"CEF:0|V|P|1|id|Web|low|",
     "used "
     "{\"event.kind\":\"event\",\"event.category\":\"host\",\"event.code\":\"id\",\"log.level\":"
     "\"low\",\"message\":\"Web\",\"line\":1,\"fwproof.assumed\":[]}"},
    {"0|Vendor|Product|1.0|544|Name|1|src=10.72.1.222 msg=x",
     "used "
     "{\"event.kind\":\"event\",\"event.category\":\"host\",\"event.code\":\"544\",\"source.ip\":"
     "\"10.72.1.222\",\"event.severity\":1,\"message\":\"x\",\"line\":1,\"fwproof.assumed\":[]}"},
    {"CEF:0|V|P|1|id|cut", "bad"},
    {"CEF:garbage", "bad"},
    {"0|no header", "none"},
};

START_TEST(lines)
{
    test_parse_cases(&fw_parser_cef_log, cases, sizeof(cases) / sizeof(cases[0]));
}
END_TEST

START_TEST(bids)
{
    test_parse_bids(&fw_parser_cef_log, cases, sizeof(cases) / sizeof(cases[0]));
}
END_TEST

/* Cut and changed lines: never read out of bounds, never anything but a verdict. */
START_TEST(mangled)
{
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        test_parse_mangled(&fw_parser_cef_log, cases[i].line);
    }
}
END_TEST

Suite *fw_suite_cef_log(void)
{
    Suite *suite = suite_create("cef_log");
    TCase *tc = tcase_create("lines");
    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, lines);
    tcase_add_test(tc, bids);
    tcase_add_test(tc, mangled);
    suite_add_tcase(suite, tc);
    return suite;
}
