/* Junos lines and the events they become. */
#include "parsers/parser.h"
#include "tests/unit/logparse.h"
#include "tests/unit/suites.h"

extern const struct fw_parser fw_parser_junos_log;

static const struct parse_case cases[] = {
    {"<14>1 2026-09-23T13:54:54.803Z srx-1 RT_FLOW - RT_FLOW_SESSION_DENY [junos@2636.1.1.1.2.39 "
     "source-address=\"192.0.2.1\" source-port=\"1080\" destination-address=\"10.1.1.2\" "
     "destination-port=\"8010\" service-name=\"None\" protocol-id=\"17\" icmp-type=\"0\" "
     "policy-name=\"Deny\" source-zone-name=\"untrust\" destination-zone-name=\"trust\" "
     "application=\"UNKNOWN\" username=\"N/A\" packet-incoming-interface=\"ge-0/0/0.0\" "
     "reason=\"policy deny\"]",
     "used "
     "{\"event.kind\":\"event\",\"event.category\":\"network\",\"event.code\":\"RT_FLOW_SESSION_"
     "DENY\",\"event.action\":\"deny\",\"event.outcome\":\"failure\",\"source.ip\":\"192.0.2.1\","
     "\"source.port\":1080,\"destination.ip\":\"10.1.1.2\",\"destination.port\":8010,\"network."
     "transport\":\"udp\",\"observer.ingress.interface.name\":\"ge-0/0/"
     "0.0\",\"observer.ingress.zone\":\"untrust\",\"observer.egress.zone\":\"trust\",\"rule.name\":"
     "\"Deny\",\"line\":1,\"fwproof.assumed\":[]} traffic"},
    {"<14>1 2026-09-23T13:54:54.803Z srx-1 RT_FLOW - RT_FLOW_SESSION_CLOSE [junos@2636.1.1.1.2.39 "
     "reason=\"TCP FIN\" source-address=\"10.1.1.5\" source-port=\"50002\" "
     "destination-address=\"192.0.2.9\" destination-port=\"443\" "
     "nat-source-address=\"198.51.100.2\" nat-source-port=\"1024\" "
     "nat-destination-address=\"192.0.2.9\" nat-destination-port=\"443\" protocol-id=\"6\" "
     "policy-name=\"web\" source-zone-name=\"trust\" destination-zone-name=\"untrust\" "
     "session-id-32=\"77\" packets-from-client=\"3\" bytes-from-client=\"228\" "
     "bytes-from-server=\"160\" elapsed-time=\"13\" username=\"ann\"]",
     "used "
     "{\"event.duration\":13000000000,\"event.kind\":\"event\",\"event.category\":\"network\","
     "\"event.code\":\"RT_FLOW_SESSION_CLOSE\",\"event.action\":\"close\",\"event.outcome\":"
     "\"success\",\"source.ip\":\"10.1.1.5\",\"source.port\":50002,\"source.nat.ip\":\"198.51.100."
     "2\",\"source.nat.port\":1024,\"source.user.name\":\"ann\",\"source.bytes\":228,\"destination."
     "ip\":\"192.0.2.9\",\"destination.port\":443,\"destination.bytes\":160,\"network.transport\":"
     "\"tcp\",\"observer.ingress.zone\":\"trust\",\"observer.egress.zone\":\"untrust\",\"rule."
     "name\":\"web\",\"network.session_id\":\"77\",\"line\":1,\"fwproof.assumed\":[]} traffic"},
    {"Sep 23 13:54:55 192.0.2.254 junos-flow: 2026-09-23T13:54:54.803Z srx-1 RT_FLOW - "
     "RT_FLOW_SESSION_CREATE [junos@2636.1.1.1.2.39 source-address=\"2001:db8::1\" "
     "source-port=\"9\" destination-address=\"2001:db8::2\" destination-port=\"1\" "
     "protocol-id=\"58\" policy-name=\"p\"]",
     "used "
     "{\"@timestamp\":\"2026-09-23T13:54:54.803Z\",\"event.kind\":\"event\",\"event.category\":"
     "\"network\",\"event.code\":\"RT_FLOW_SESSION_CREATE\",\"event.action\":\"create\",\"event."
     "outcome\":\"success\",\"source.ip\":\"2001:db8::1\",\"destination.ip\":\"2001:db8::2\","
     "\"network.transport\":\"ipv6-icmp\",\"observer.name\":\"srx-1\",\"rule.name\":\"p\",\"line\":"
     "1,\"fwproof.assumed\":[]} traffic"},
    {"Mar  2 10:20:30 srx-1 RT_FLOW: RT_FLOW_SESSION_CREATE: session created "
     "10.1.1.5/50002->192.0.2.9/443 0x0 junos-https 198.51.100.2/1024->192.0.2.9/443 0x0 source "
     "rule 1 N/A N/A 6 web-out trust untrust 1234 N/A(N/A) ge-0/0/1.0 UNKNOWN",
     "used "
     "{\"event.kind\":\"event\",\"event.category\":\"network\",\"event.code\":\"RT_FLOW_SESSION_"
     "CREATE\",\"event.action\":\"create\",\"event.outcome\":\"success\",\"source.ip\":\"10.1.1."
     "5\",\"source.port\":50002,\"source.nat.ip\":\"198.51.100.2\",\"source.nat.port\":1024,"
     "\"destination.ip\":\"192.0.2.9\",\"destination.port\":443,\"network.transport\":\"tcp\","
     "\"observer.ingress.zone\":\"trust\",\"observer.egress.zone\":\"untrust\",\"rule.name\":\"web-"
     "out\",\"network.session_id\":\"1234\",\"line\":1,\"fwproof.assumed\":[]} traffic"},
    {"Mar  2 10:20:31 srx-1 RT_FLOW: RT_FLOW_SESSION_CLOSE: session closed TCP FIN: "
     "10.1.1.5/50002->192.0.2.9/443 junos-https 10.1.1.5/50002->192.0.2.9/443 None None 6 web-out "
     "trust untrust 1234 3(228) 2(160) 13",
     "used "
     "{\"event.duration\":13000000000,\"event.kind\":\"event\",\"event.category\":\"network\","
     "\"event.code\":\"RT_FLOW_SESSION_CLOSE\",\"event.action\":\"close\",\"event.outcome\":"
     "\"success\",\"source.ip\":\"10.1.1.5\",\"source.port\":50002,\"source.bytes\":228,"
     "\"destination.ip\":\"192.0.2.9\",\"destination.port\":443,\"destination.bytes\":160,"
     "\"network.transport\":\"tcp\",\"observer.ingress.zone\":\"trust\",\"observer.egress.zone\":"
     "\"untrust\",\"rule.name\":\"web-out\",\"network.session_id\":\"1234\",\"line\":1,\"fwproof."
     "assumed\":[]} traffic"},
    {"Mar  2 10:20:32 srx-1 RT_FLOW: RT_FLOW_SESSION_DENY: session denied 192.0.2.7/8->10.1.1.1/1 "
     "0x0 icmp 1(8) Deny untrust trust UNKNOWN UNKNOWN N/A(N/A) ge-0/0/0.0",
     "used "
     "{\"event.kind\":\"event\",\"event.category\":\"network\",\"event.code\":\"RT_FLOW_SESSION_"
     "DENY\",\"event.action\":\"deny\",\"event.outcome\":\"failure\",\"source.ip\":\"192.0.2.7\","
     "\"destination.ip\":\"10.1.1.1\",\"network.transport\":\"icmp\",\"observer.ingress.zone\":"
     "\"untrust\",\"observer.egress.zone\":\"trust\",\"rule.name\":\"Deny\",\"line\":1,\"fwproof."
     "assumed\":[]} traffic"},
    {"Mar  2 10:20:33 srx-1 mgd[4711]: UI_COMMIT: User 'ann' requested 'commit' operation "
     "(comment: none)",
     "used "
     "{\"event.kind\":\"event\",\"event.category\":\"configuration\",\"event.code\":\"UI_COMMIT\","
     "\"event.action\":\"commit\",\"user.name\":\"ann\",\"message\":\"User 'ann' requested "
     "'commit' operation (comment: none)\",\"line\":1,\"fwproof.assumed\":[]} admin"},
    {"Mar  2 10:20:34 srx-1 mgd[4711]: UI_CMDLINE_READ_LINE: User 'ann', command 'delete security "
     "policies '",
     "used "
     "{\"event.kind\":\"event\",\"event.category\":\"configuration\",\"event.code\":\"UI_CMDLINE_"
     "READ_LINE\",\"event.action\":\"command\",\"user.name\":\"ann\",\"process.command_line\":"
     "\"delete security policies \",\"message\":\"User 'ann', command 'delete security policies "
     "'\",\"line\":1,\"fwproof.assumed\":[]} admin"},
    {"Mar  2 10:20:35 srx-1 mgd[4711]: UI_LOGIN_EVENT: User 'ann' login, class 'super-user' "
     "[4711], ssh-connection '10.1.1.9 50000 10.1.1.1 22', client-mode 'cli'",
     "used "
     "{\"event.kind\":\"event\",\"event.category\":\"authentication\",\"event.code\":\"UI_LOGIN_"
     "EVENT\",\"event.action\":\"login\",\"event.outcome\":\"success\",\"source.ip\":\"10.1.1.9\","
     "\"user.name\":\"ann\",\"message\":\"User 'ann' login, class 'super-user' [4711], "
     "ssh-connection '10.1.1.9 50000 10.1.1.1 22', client-mode "
     "'cli'\",\"line\":1,\"fwproof.assumed\":[]} admin"},
    {"Mar  2 10:20:36 srx-1 sshd[99]: SSHD_LOGIN_FAILED: Login failed for user 'root' from host "
     "'192.0.2.66'",
     "used "
     "{\"event.kind\":\"event\",\"event.category\":\"authentication\",\"event.code\":\"SSHD_LOGIN_"
     "FAILED\",\"event.action\":\"login\",\"event.outcome\":\"failure\",\"source.ip\":\"192.0.2."
     "66\",\"user.name\":\"root\",\"message\":\"Login failed for user 'root' from host "
     "'192.0.2.66'\",\"line\":1,\"fwproof.assumed\":[]} admin"},
    {"<189>1 2026-03-02T10:20:37.000+08:00 srx-1 mgd 4711 UI_COMMIT [junos@2636.1.1.1.2.39 "
     "username=\"ann\" command=\"commit\"] User 'ann' requested 'commit' operation",
     "used "
     "{\"event.kind\":\"event\",\"event.category\":\"configuration\",\"event.code\":\"UI_COMMIT\","
     "\"event.action\":\"commit\",\"user.name\":\"ann\",\"process.command_line\":\"commit\","
     "\"message\":\"User 'ann' requested 'commit' operation\",\"line\":1,\"fwproof.assumed\":[]} "
     "admin"},
    {"Mar  2 10:20:38 srx-1 rpd[5]: RPD_BGP_NEIGHBOR_STATE_CHANGED: BGP peer changed",
     "ignored RPD_BGP_NEIGHBOR_STATE_CHANGED"},
    {"Mar  2 10:20:39 srx-1 RT_FLOW: RT_FLOW_SESSION_CREATE: session created nonsense", "bad"},
    {"Mar  2 10:20:39 srx-1 sshd[5]: Accepted password for ann", "none"},
    {"Mar  2 10:20:34 srx-1 mgd[4711]: UI_CMDLINE_READ_LINE: User 'ann', command 'set system "
     "root-authentication encrypted-password x '",
     "used "
     "{\"event.kind\":\"event\",\"event.category\":\"configuration\",\"event.code\":\"UI_CMDLINE_"
     "READ_LINE\",\"event.action\":\"command\",\"user.name\":\"ann\",\"process.command_line\":"
     "\"set system root-authentication encrypted-password\",\"message\":\"User 'ann', command 'set "
     "system root-authentication encrypted-password\",\"line\":1,\"fwproof.assumed\":[]} admin"},
};

START_TEST(lines)
{
    test_parse_cases(&fw_parser_junos_log, cases, sizeof(cases) / sizeof(cases[0]));
}
END_TEST

START_TEST(bids)
{
    test_parse_bids(&fw_parser_junos_log, cases, sizeof(cases) / sizeof(cases[0]));
}
END_TEST

/* Cut and changed lines: never read out of bounds, never anything but a verdict. */
START_TEST(mangled)
{
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        test_parse_mangled(&fw_parser_junos_log, cases[i].line);
    }
}
END_TEST

Suite *fw_suite_junos_log(void)
{
    Suite *suite = suite_create("junos_log");
    TCase *tc = tcase_create("lines");
    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, lines);
    tcase_add_test(tc, bids);
    tcase_add_test(tc, mangled);
    suite_add_tcase(suite, tc);
    return suite;
}
