/* EVE records and the events they become. */
#include <check.h>

#include "parsers/parser.h"
#include "tests/unit/logparse.h"
#include "tests/unit/suites.h"

extern const struct fw_parser fw_parser_suricata_eve;

static const struct parse_case cases[] = {
    {"{\"timestamp\":\"2022-07-12T06:22:33.415742+0000\",\"flow_id\":1398609176796675,"
     "\"in_iface\":\"eth0\",\"event_type\":\"alert\",\"src_ip\":\"192.0.2.4\",\"src_po"
     "rt\":33270,\"dest_ip\":\"192.0.2.5\",\"dest_port\":80,\"proto\":\"TCP\",\"alert\""
     ":{\"action\":\"allowed\",\"gid\":1,\"signature_id\":2034125,\"rev\":4,\"signatur"
     "e\":\"ET EXPLOIT \\\"quoted\\\" \\u00e9\",\"category\":\"Attempted Administrator"
     " Privilege Gain\",\"severity\":1,\"metadata\":{\"cve\":[\"CVE_2021_41773\"]}},\""
     "app_proto\":\"http\",\"flow\":{\"pkts_toserver\":4,\"bytes_toserver\":623,\"byte"
     "s_toclient\":599,\"start\":\"2022-07-12T06:22:33.302595+0000\"}}",
     "used {\"@timestamp\":\"2022-07-12T06:22:33.415742Z\",\"event.start\":\"2022-07-1"
     "2T06:22:33.302595Z\",\"event.kind\":\"alert\",\"event.category\":\"intrusion_det"
     "ection\",\"event.code\":\"alert\",\"event.action\":\"allowed\",\"event.outcome\""
     ":\"success\",\"source.ip\":\"192.0.2.4\",\"source.port\":33270,\"source.bytes\":"
     "623,\"destination.ip\":\"192.0.2.5\",\"destination.port\":80,\"destination.bytes"
     "\":599,\"network.transport\":\"tcp\",\"network.application\":\"http\",\"observer"
     ".ingress.interface.name\":\"eth0\",\"rule.name\":\"ET EXPLOIT \\\"quoted\\\" é\""
     ",\"rule.id\":\"2034125\",\"rule.version\":4,\"rule.category\":\"Attempted Admini"
     "strator Privilege Gain\",\"network.session_id\":\"1398609176796675\",\"event.sev"
     "erity\":1,\"line\":1,\"fwproof.assumed\":[]} alert 1:2034125"},
    {"{\"timestamp\":\"2026-01-01T10:00:00.000001+0800\",\"event_type\":\"alert\",\"sr"
     "c_ip\":\"2001:0db8:0000:0000:0000:0000:0000:0001\",\"dest_ip\":\"2001:db8::2\",\""
     "proto\":\"IPv6-ICMP\",\"icmp_type\":128,\"icmp_code\":0,\"alert\":{\"action\":\""
     "blocked\",\"signature_id\":7,\"severity\":3},\"host\":\"sensor1\"}",
     "used {\"@timestamp\":\"2026-01-01T02:00:00.000001Z\",\"event.kind\":\"alert\",\""
     "event.category\":\"intrusion_detection\",\"event.code\":\"alert\",\"event.action"
     "\":\"blocked\",\"event.outcome\":\"failure\",\"source.ip\":\"2001:db8::1\",\"des"
     "tination.ip\":\"2001:db8::2\",\"network.transport\":\"ipv6-icmp\",\"fwproof.icmp"
     ".type\":128,\"fwproof.icmp.code\":0,\"observer.name\":\"sensor1\",\"rule.id\":\""
     "7\",\"event.severity\":3,\"line\":1,\"fwproof.assumed\":[]} alert 1:7"},
    {"{\"timestamp\":\"2026-01-01T10:00:00.000001+0800\",\"flow_id\":9,\"event_type\":"
     "\"flow\",\"src_ip\":\"192.0.2.4\",\"src_port\":1,\"dest_ip\":\"192.0.2.5\",\"des"
     "t_port\":53,\"proto\":\"UDP\",\"flow\":{\"bytes_toserver\":60,\"bytes_toclient\""
     ":120,\"start\":\"2026-01-01T09:59:00.000001+0800\",\"end\":\"2026-01-01T09:59:01"
     ".000001+0800\",\"state\":\"established\"}}",
     "used {\"@timestamp\":\"2026-01-01T02:00:00.000001Z\",\"event.start\":\"2026-01-0"
     "1T01:59:00.000001Z\",\"event.end\":\"2026-01-01T01:59:01.000001Z\",\"event.kind\""
     ":\"event\",\"event.category\":\"network\",\"event.code\":\"flow\",\"source.ip\":"
     "\"192.0.2.4\",\"source.port\":1,\"source.bytes\":60,\"destination.ip\":\"192.0.2"
     ".5\",\"destination.port\":53,\"destination.bytes\":120,\"network.transport\":\"u"
     "dp\",\"network.session_id\":\"9\",\"line\":1,\"fwproof.assumed\":[]}"},
    {"{\"timestamp\":\"2026-01-01T10:00:00.000001+0800\",\"event_type\":\"drop\",\"src"
     "_ip\":\"192.0.2.4\",\"src_port\":1,\"dest_ip\":\"192.0.2.5\",\"dest_port\":53,\""
     "proto\":\"UDP\",\"drop\":{\"len\":60}}",
     "used {\"@timestamp\":\"2026-01-01T02:00:00.000001Z\",\"event.kind\":\"event\",\""
     "event.category\":\"network\",\"event.code\":\"drop\",\"event.action\":\"drop\",\""
     "event.outcome\":\"failure\",\"source.ip\":\"192.0.2.4\",\"source.port\":1,\"dest"
     "ination.ip\":\"192.0.2.5\",\"destination.port\":53,\"network.transport\":\"udp\""
     ",\"line\":1,\"fwproof.assumed\":[]}"},
    {"{\"timestamp\":\"2026-01-01T10:00:00.000001+0800\",\"event_type\":\"stats\",\"st"
     "ats\":{\"uptime\":8,\"capture\":{\"kernel_packets\":5,\"kernel_drops\":1}}}",
     "used "
     "{\"@timestamp\":\"2026-01-01T02:00:00.000001Z\",\"event.code\":\"stats\",\"fwproof.packets."
     "captured\":5,\"fwproof.packets.dropped\":1,\"fwproof.uptime\":8,\"line\":1,\"fwproof."
     "assumed\":[]}"},
    {"<6>Jul  5 10:00:00 sensor suricata[9]: {\"timestamp\":\"2026-01-01T10:00:00.0000"
     "01+0800\",\"event_type\":\"dns\",\"src_ip\":\"192.0.2.4\",\"src_port\":1,\"dest_"
     "ip\":\"192.0.2.5\",\"dest_port\":53,\"proto\":\"UDP\",\"dns\":{\"type\":\"query\""
     "}}",
     "used {\"@timestamp\":\"2026-01-01T02:00:00.000001Z\",\"event.kind\":\"event\",\""
     "event.category\":\"network\",\"event.code\":\"dns\",\"source.ip\":\"192.0.2.4\","
     "\"source.port\":1,\"destination.ip\":\"192.0.2.5\",\"destination.port\":53,\"net"
     "work.transport\":\"udp\",\"line\":1,\"fwproof.assumed\":[]}"},
    {"{\"timestamp\":\"2026-01-01T10:00:00.000001+0800\",\"event_type\":\"alert\",\"sr"
     "c_ip\":\"192.0.2.4\",\"dest_ip\":\"192.0.2.5\",\"proto\":\"TCP\",\"alert\":{\"ac"
     "tion\":\"allowed\"}}",
     "bad"},
    {"{\"timestamp\":\"2026-01-01T10:00:00.000001+0800\",\"event_type\":\"alert\",\"sr"
     "c_ip\":\"192.0.2.4444\",\"dest_ip\":\"192.0.2.5\"}",
     "bad"},
    {"{\"timestamp\":\"2026-01-01T10:00:00.000001+0800\",\"event_type\":\"stats\",\"st"
     "ats\":{\"uptime\":8,\"decoder\":{\"pkts\":5}}}",
     "ignored stats"},
    {"{\"timestamp\":\"2026-01-01T10:00:00.000001+0800\",\"event_type\":\"stats\",\"st"
     "ats\":{\"capture\":{\"packets\":9,\"rx_errors\":2},\"decoder\":{\"pkts\":7}}}",
     "used "
     "{\"@timestamp\":\"2026-01-01T02:00:00.000001Z\",\"event.code\":\"stats\",\"fwproof.packets."
     "captured\":9,\"fwproof.packets.dropped\":2,\"line\":1,\"fwproof.assumed\":[]}"},
    {"{\"timestamp\":\"2026-01-01T10:00:00.000001+0800\",\"event_type\":\"flow\",\"src"
     "_ip\":\"192.0.2.4\",\"dest_ip\":\"192.0.2.5\",\"src_ip\":\"192.0.2.6\"}",
     "bad"},
    {"{\"timestamp\":\"2026-01-01T10:00:00.000001+0800\",\"event_type\":\"alert\",\"sr"
     "c_ip\":\"192.0.2.4\",\"dest_ip\":\"192.0.2.5\",\"proto\":\"TCP\",\"alert\":{\"si"
     "gnature_id\":1,\"signature_id\":2}}",
     "bad"},
    {"{\"timestamp\":\"2026-01-01T10:00:00.000001+0800\",\"event_type\":\"flow\",\"eve"
     "nt_type\":\"alert\",\"src_ip\":\"192.0.2.4\",\"dest_ip\":\"192.0.2.5\"}",
     "bad"},
    {"{\"timestamp\":\"yesterday\",\"event_type\":\"flow\",\"src_ip\":\"192.0.2.4\",\""
     "dest_ip\":\"192.0.2.5\"}",
     "bad"},
    {"{\"timestamp\":\"2026-01-01T10:00:00.000001+0800\",\"event_type\":\"flow\",\"src"
     "_ip\":\"192.0.2.4\",\"dest_i",
     "bad"},
    {"{\"level\":\"info\",\"msg\":\"another program\"}", "none"},
};

START_TEST(lines)
{
    test_parse_cases(&fw_parser_suricata_eve, cases, sizeof(cases) / sizeof(cases[0]));
}
END_TEST

START_TEST(bids)
{
    test_parse_bids(&fw_parser_suricata_eve, cases, sizeof(cases) / sizeof(cases[0]));
}
END_TEST

START_TEST(mangled)
{
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        test_parse_mangled(&fw_parser_suricata_eve, cases[i].line);
    }
}
END_TEST

Suite *fw_suite_suricata_eve(void)
{
    Suite *suite = suite_create("suricata_eve");
    TCase *tc = tcase_create("lines");
    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, lines);
    tcase_add_test(tc, bids);
    tcase_add_test(tc, mangled);
    suite_add_tcase(suite, tc);
    return suite;
}
