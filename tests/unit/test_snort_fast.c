/* Snort and Suricata fast alerts and the events they become. */
#include <check.h>

#include "parsers/parser.h"
#include "tests/unit/logparse.h"
#include "tests/unit/suites.h"

extern const struct fw_parser fw_parser_snort_fast;

static const struct parse_case cases[] = {
    {"12/28-12:55:38.765402 [**] [1:366:11] \"PROTOCOL-ICMP PING Unix\" [**] [Priority"
     ": 3] {ICMP} 2001:db8:200:c:0:0:0:35 -> 2001:db8:4860:0:0:0:0:8888",
     "used {\"@timestamp\":\"2001-12-28T12:55:38.765402Z\",\"event.kind\":\"alert\",\""
     "event.category\":\"intrusion_detection\",\"event.code\":\"1:366\",\"event.action"
     "\":\"alert\",\"source.ip\":\"2001:db8:200:c::35\",\"destination.ip\":\"2001:db8:"
     "4860::8888\",\"network.transport\":\"icmp\",\"rule.name\":\"PROTOCOL-ICMP PING U"
     "nix\",\"rule.id\":\"366\",\"rule.version\":11,\"event.severity\":3,\"line\":1,\""
     "fwproof.assumed\":[]} alert 1:366"},
    {"02/04-23:41:31.115933 [**] [1:20035:1000] \"MALWARE-CNC [x] connection\" [**] [C"
     "lassification: Attempted Information Leak] [Priority: 1] {TCP} 2001:db8:200:c:0:"
     "0:0:35:60884 -> 2001:db8:0:0:0:0:0:8888:80",
     "used {\"@timestamp\":\"2001-02-04T23:41:31.115933Z\",\"event.kind\":\"alert\",\""
     "event.category\":\"intrusion_detection\",\"event.code\":\"1:20035\",\"event.acti"
     "on\":\"alert\",\"source.ip\":\"2001:db8:200:c::35\",\"source.port\":60884,\"dest"
     "ination.ip\":\"2001:db8::8888\",\"destination.port\":80,\"network.transport\":\""
     "tcp\",\"rule.name\":\"MALWARE-CNC [x] connection\",\"rule.id\":\"20035\",\"rule."
     "version\":1000,\"rule.category\":\"Attempted Information Leak\",\"event.severity"
     "\":1,\"line\":1,\"fwproof.assumed\":[]} alert 1:20035"},
    {"07/13/2016-22:42:07.573103  [Drop] [**] [1:2100498:7] GPL ATTACK_RESPONSE id che"
     "ck returned root [**] [Classification: (null)] [Priority: 2] {6} 192.0.2.154:80 "
     "-> 198.51.100.11:54186",
     "used {\"@timestamp\":\"2016-07-13T22:42:07.573103Z\",\"event.kind\":\"alert\",\""
     "event.category\":\"intrusion_detection\",\"event.code\":\"1:2100498\",\"event.ac"
     "tion\":\"drop\",\"event.outcome\":\"failure\",\"source.ip\":\"192.0.2.154\",\"so"
     "urce.port\":80,\"destination.ip\":\"198.51.100.11\",\"destination.port\":54186,\""
     "network.transport\":\"tcp\",\"rule.name\":\"GPL ATTACK_RESPONSE id check returne"
     "d root\",\"rule.id\":\"2100498\",\"rule.version\":7,\"event.severity\":2,\"line\""
     ":1,\"fwproof.assumed\":[]} alert 1:2100498"},
    {"07/13/16-22:42:07.573103  [**] [122:1:0] <eth0> (portscan) TCP Portscan [**] [Pr"
     "iority: 3] {PROTO:255} 192.0.2.1 -> 192.0.2.2",
     "used {\"@timestamp\":\"2016-07-13T22:42:07.573103Z\",\"event.kind\":\"alert\",\""
     "event.category\":\"intrusion_detection\",\"event.code\":\"122:1\",\"event.action"
     "\":\"alert\",\"source.ip\":\"192.0.2.1\",\"destination.ip\":\"192.0.2.2\",\"netw"
     "ork.transport\":\"255\",\"observer.ingress.interface.name\":\"eth0\",\"rule.name"
     "\":\"(portscan) TCP Portscan\",\"rule.id\":\"1\",\"rule.version\":0,\"event.seve"
     "rity\":3,\"line\":1,\"fwproof.assumed\":[]} alert 122:1"},
    {"07/13/2016-22:42:07.573103  [**] [1:6:1] x [**] [Classification: x] [Priority: 3"
     "] {IPv6-ICMP} fe80:0000:0000:0000:0a00:27ff:fe1b:52a6:135 -> 2001:db8::16:0",
     "used {\"@timestamp\":\"2016-07-13T22:42:07.573103Z\",\"event.kind\":\"alert\",\""
     "event.category\":\"intrusion_detection\",\"event.code\":\"1:6\",\"event.action\""
     ":\"alert\",\"source.ip\":\"fe80::a00:27ff:fe1b:52a6\",\"destination.ip\":\"2001:d"
     "b8::16\",\"network.transport\":\"ipv6-icmp\",\"fwproof.icmp.type\":135,\"fwproof.icmp.code\":"
     "0,"
     "\"rule.name\":\"x\",\"rule.id\":\"6\",\"rule.version\":1,\"rule.category\":\"x"
     "\",\"event.severity\":3,\"line\":1,\"fwproof.assumed\":[]} alert 1:6"},
    {"06/14-10:00:01.123456 [reset] [**] [1:6:1] x [**] [Priority: 3] {IPv6-ICMP} fe80"
     "::1:135 -> ff02::16",
     "used {\"@timestamp\":\"2001-06-14T10:00:01.123456Z\",\"event.kind\":\"alert\",\""
     "event.category\":\"intrusion_detection\",\"event.code\":\"1:6\",\"event.action\""
     ":\"drop\",\"event.outcome\":\"failure\",\"source.ip\":\"fe80::1:135\",\"destinat"
     "ion.ip\":\"ff02::16\",\"network.transport\":\"ipv6-icmp\",\"rule.name\":\"x\",\""
     "rule.id\":\"6\",\"rule.version\":1,\"event.severity\":3,\"line\":1,\"fwproof.ass"
     "umed\":[]} alert 1:6"},
    {"06/14-10:00:01.123456 [would_drop] [**] [1:6:1] x [**] [Priority: 3] {UDP} 192.0"
     ".2.1:5 -> 192.0.2.2:53",
     "used {\"@timestamp\":\"2001-06-14T10:00:01.123456Z\",\"event.kind\":\"alert\",\""
     "event.category\":\"intrusion_detection\",\"event.code\":\"1:6\",\"event.action\""
     ":\"alert\",\"source.ip\":\"192.0.2.1\",\"source.port\":5,\"destination.ip\":\"192"
     ".0.2.2\",\"destination.port\":53,\"network.transport\":\"udp\",\"rule.name\":\"x"
     "\",\"rule.id\":\"6\",\"rule.version\":1,\"event.severity\":3,\"line\":1,\"fwproo"
     "f.assumed\":[]} alert 1:6"},
    {"02/29-10:50:25.823699  [wDrop] [**] [1:6:1] (null) [**] [Classification: x] [Pri"
     "ority: 3] {ICMP} 192.0.2.1:8 -> 192.0.2.2:0",
     "used {\"@timestamp\":\"2001-03-01T10:50:25.823699Z\",\"event.kind\":\"alert\",\""
     "event.category\":\"intrusion_detection\",\"event.code\":\"1:6\",\"event.action\""
     ":\"alert\",\"source.ip\":\"192.0.2.1\",\"destination.ip\":\"192.0.2.2\",\"networ"
     "k.transport\":\"icmp\",\"fwproof.icmp.type\":8,\"fwproof.icmp.code\":0,\"rule.id"
     "\":\"6\",\"rule.version\":1,\"rule.category\":\"x\",\"event.severity\":3,\"line\""
     ":1,\"fwproof.assumed\":[]} alert 1:6"},
    {"<33>Jul  5 10:00:00 sensor snort[711]: [1:366:7] ICMP PING *NIX [Classification:"
     " Misc activity] [Priority: 3]: {ICMP} 192.0.2.1 -> 192.0.2.2",
     "used {\"event.kind\":\"alert\",\"event.category\":\"intrusion_detection\",\"even"
     "t.code\":\"1:366\",\"event.action\":\"alert\",\"source.ip\":\"192.0.2.1\",\"dest"
     "ination.ip\":\"192.0.2.2\",\"network.transport\":\"icmp\",\"rule.name\":\"ICMP P"
     "ING *NIX\",\"rule.id\":\"366\",\"rule.version\":7,\"rule.category\":\"Misc activ"
     "ity\",\"event.severity\":3,\"line\":1,\"fwproof.assumed\":[]} alert 1:366"},
    {"08/02-10:50:25.823699  [**] [1:7:1] decoder event [**] [Priority: 3]",
     "used {\"@timestamp\":\"2001-08-02T10:50:25.823699Z\",\"event.kind\":\"alert\",\""
     "event.category\":\"intrusion_detection\",\"event.code\":\"1:7\",\"event.action\""
     ":\"alert\",\"rule.name\":\"decoder event\",\"rule.id\":\"7\",\"rule.version\":1,"
     "\"event.severity\":3,\"line\":1,\"fwproof.assumed\":[]} alert 1:7"},
    {"13/02-10:50:25.823699  [**] [1:7:1] x [**] {TCP} 192.0.2.1:1 -> 192.0.2.2:2", "none"},
    {"08/02-10:50:25.823699  [**] [1:7:1] x [**] {TCP} 192.0.2.1:1 -> 192.0.2:2", "bad"},
    {"08/02-10:50:25.823699  [**] [1:0:1] x [**] {TCP} 192.0.2.1:1 -> 192.0.2.3:2", "bad"},
    {"08/02-10:50:25.823699  [**] [1:7:1] cut off he", "bad"},
    {"Jul  5 10:00:00 sensor snort[711]: Preprocessor statistics", "none"},
};

START_TEST(lines)
{
    test_parse_cases(&fw_parser_snort_fast, cases, sizeof(cases) / sizeof(cases[0]));
}
END_TEST

START_TEST(bids)
{
    test_parse_bids(&fw_parser_snort_fast, cases, sizeof(cases) / sizeof(cases[0]));
}
END_TEST

START_TEST(mangled)
{
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        test_parse_mangled(&fw_parser_snort_fast, cases[i].line);
    }
}
END_TEST

Suite *fw_suite_snort_fast(void)
{
    Suite *suite = suite_create("snort_fast");
    TCase *tc = tcase_create("lines");
    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, lines);
    tcase_add_test(tc, bids);
    tcase_add_test(tc, mangled);
    suite_add_tcase(suite, tc);
    return suite;
}
