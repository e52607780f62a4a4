/* filterlog lines and the events they become. */
#include "parsers/parser.h"
#include "tests/unit/logparse.h"
#include "tests/unit/suites.h"

extern const struct fw_parser fw_parser_filterlog;

static const struct parse_case cases[] = {
    {"Sep 30 14:35:50 pfSense filterlog: "
     "53,,,1000102631,em0,match,block,in,4,0x0,,64,892,0,none,6,tcp,44,10.0.2.2,10.0.2.15,59576,22,"
     "0,S,17536001,,65535,,mss",
     "used "
     "{\"event.kind\":\"event\",\"event.category\":\"network\",\"event.action\":\"block\",\"event."
     "outcome\":\"failure\",\"source.ip\":\"10.0.2.2\",\"source.port\":59576,\"destination.ip\":"
     "\"10.0.2.15\",\"destination.port\":22,\"network.transport\":\"tcp\",\"network.bytes\":44,"
     "\"network.direction\":\"inbound\",\"observer.ingress.interface.name\":\"em0\",\"rule.id\":"
     "\"1000102631\",\"line\":1,\"fwproof.assumed\":[]} traffic"},
    {"<134>1 2026-11-06T11:42:14.270789+00:00 fw.lan filterlog 92653 - - "
     "621,,,02f4bab031b57d1e30553ce08e0ec131,vtnet0.10,match,pass,out,6,0x00,0x07c63,64,UDP,17,44,"
     "2001:db8::6d69,2001:db8::6,65382,443,24",
     "used "
     "{\"event.kind\":\"event\",\"event.category\":\"network\",\"event.action\":\"pass\",\"event."
     "outcome\":\"success\",\"source.ip\":\"2001:db8::6d69\",\"source.port\":65382,\"destination."
     "ip\":\"2001:db8::6\",\"destination.port\":443,\"network.transport\":\"udp\",\"network."
     "bytes\":44,\"network.direction\":\"outbound\",\"observer.egress.interface.name\":\"vtnet0."
     "10\",\"rule.id\":\"02f4bab031b57d1e30553ce08e0ec131\",\"line\":1,\"fwproof.assumed\":[]} "
     "traffic"},
    {"<134>1 2026-11-06T11:42:14.270789+00:00 fw.lan filterlog 92653 - [meta sequenceId=\"7\"] "
     "5,,,0,em0,match,block,in,4,0x0,,128,24677,0,none,1,icmp,84,10.9.0.119,10.9.0.255,request,1,2",
     "used "
     "{\"event.kind\":\"event\",\"event.category\":\"network\",\"event.action\":\"block\",\"event."
     "outcome\":\"failure\",\"source.ip\":\"10.9.0.119\",\"destination.ip\":\"10.9.0.255\","
     "\"network.transport\":\"icmp\",\"fwproof.icmp.type\":8,\"network.bytes\":84,\"network."
     "direction\":\"inbound\",\"observer.ingress.interface.name\":\"em0\",\"rule.id\":\"5\","
     "\"line\":1,\"fwproof.assumed\":[]} traffic"},
    {"Nov  8 12:37:34 fw filterlog[9]: "
     "5,,,1000102433,em0,match,block,in,6,0x00,0x00000,1,Options,0,76,fe80::1,ff02::16,HBH,PADN,"
     "RTALERT,0x0000",
     "used "
     "{\"event.kind\":\"event\",\"event.category\":\"network\",\"event.action\":\"block\",\"event."
     "outcome\":\"failure\",\"source.ip\":\"fe80::1\",\"destination.ip\":\"ff02::16\",\"network."
     "transport\":\"hopopt\",\"network.bytes\":76,\"network.direction\":\"inbound\",\"observer."
     "ingress.interface.name\":\"em0\",\"rule.id\":\"1000102433\",\"line\":1,\"fwproof.assumed\":[]"
     "} traffic"},
    {"Nov  8 12:37:34 fw filterlog[9]: "
     "5,,,1000102433,em0,match,rdr,in,4,0x0,,64,1,0,DF,17,udp,186,10.9.0.119,10.9.0.255,17500,"
     "17600,166",
     "used "
     "{\"event.kind\":\"event\",\"event.category\":\"network\",\"event.action\":\"rdr\",\"source."
     "ip\":\"10.9.0.119\",\"source.port\":17500,\"destination.ip\":\"10.9.0.255\",\"destination."
     "port\":17600,\"network.transport\":\"udp\",\"network.bytes\":186,\"network.direction\":"
     "\"inbound\",\"observer.ingress.interface.name\":\"em0\",\"rule.id\":\"1000102433\",\"line\":"
     "1,\"fwproof.assumed\":[]} traffic"},
    {"Nov  8 12:37:34 fw filterlog[9]: "
     "5,,,1000102433,em0,match,block,in,4,0x0,,64,1,0,DF,17,udp,186,10.9.0.119,10.9.0.255,17500",
     "bad"},
    {"Nov  8 12:37:34 fw filterlog[9]: "
     "5,,,1000102433,em0,match,block,in,4,0x0,,64,1,0,DF,17,udp,186,10.9.0,10.9.0.255,1,2,166",
     "bad"},
    {"7,,,1000000102,vtnet0.5,match,block,in,4,0x0,,64,19008,0,DF,6,tcp,60,192.168.5.6,192.168.1."
     "100,42970,80,0,S,523876198,,64240,,mss",
     "used "
     "{\"event.kind\":\"event\",\"event.category\":\"network\",\"event.action\":\"block\",\"event."
     "outcome\":\"failure\",\"source.ip\":\"192.168.5.6\",\"source.port\":42970,\"destination.ip\":"
     "\"192.168.1.100\",\"destination.port\":80,\"network.transport\":\"tcp\",\"network.bytes\":60,"
     "\"network.direction\":\"inbound\",\"observer.ingress.interface.name\":\"vtnet0.5\",\"rule."
     "id\":\"1000000102\",\"line\":1,\"fwproof.assumed\":[]} traffic"},
    {"Nov  8 12:37:34 fw other: 5,a,b", "none"},
};

START_TEST(lines)
{
    test_parse_cases(&fw_parser_filterlog, cases, sizeof(cases) / sizeof(cases[0]));
}
END_TEST

START_TEST(bids)
{
    test_parse_bids(&fw_parser_filterlog, cases, sizeof(cases) / sizeof(cases[0]));
}
END_TEST

/* Cut and changed lines: never read out of bounds, never anything but a verdict. */
START_TEST(mangled)
{
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        test_parse_mangled(&fw_parser_filterlog, cases[i].line);
    }
}
END_TEST

Suite *fw_suite_filterlog(void)
{
    Suite *suite = suite_create("filterlog");
    TCase *tc = tcase_create("lines");
    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, lines);
    tcase_add_test(tc, bids);
    tcase_add_test(tc, mangled);
    suite_add_tcase(suite, tc);
    return suite;
}
