/* PAN-OS lines and the events they become. */
#include "parsers/parser.h"
#include "tests/unit/logparse.h"
#include "tests/unit/suites.h"

extern const struct fw_parser fw_parser_panos_log;

static const struct parse_case cases[] = {
    {"<14>Jan  5 12:51:34 PA1 1,2026/01/05 12:51:34,0003C105690,TRAFFIC,end,1,2026/01/05 "
     "12:51:33,10.0.0.147,192.0.2.2,198.51.100.11,192.0.2.2,\"Guest, to "
     "Internet\",corp\\ann,,dns,vsys1,Guest,untrust,vlan.84,vlan.200,LOG-Default,2026/01/05 "
     "12:51:34,13024,1,56694,53,51398,53,0x400019,udp,allow,222,82,140,2,2026/01/05 "
     "12:50:49,7,any,0,956329055,0x0,10.0.0.0-10.255.255.255,US,0,1,1",
     "used "
     "{\"@timestamp\":\"2026-01-05T12:51:33Z\",\"event.start\":\"2026-01-05T12:50:49Z\",\"event."
     "duration\":7000000000,\"event.kind\":\"event\",\"event.category\":\"network\",\"event.code\":"
     "\"TRAFFIC\",\"event.action\":\"allow\",\"event.outcome\":\"success\",\"source.ip\":\"10.0.0."
     "147\",\"source.port\":56694,\"source.nat.ip\":\"198.51.100.11\",\"source.nat.port\":51398,"
     "\"source.user.name\":\"corp\\\\ann\",\"source.bytes\":82,\"destination.ip\":\"192.0.2.2\","
     "\"destination.port\":53,\"destination.nat.ip\":\"192.0.2.2\",\"destination.nat.port\":53,"
     "\"destination.bytes\":140,\"network.transport\":\"udp\",\"network.application\":\"dns\","
     "\"network.bytes\":222,\"observer.ingress.interface.name\":\"vlan.84\",\"observer.egress."
     "interface.name\":\"vlan.200\",\"observer.ingress.zone\":\"Guest\",\"observer.egress.zone\":"
     "\"untrust\",\"rule.name\":\"Guest, to "
     "Internet\",\"event.sequence\":956329055,\"network.session_id\":\"13024\",\"line\":1,"
     "\"fwproof.assumed\":[]} traffic"},
    {"1,2026/01/05 12:51:34,0003C105690,TRAFFIC,drop,2561,2026/01/05 "
     "12:51:34,2001:db8::1,2001:db8::2,,,DENY-ALL,,,not-applicable,vsys1,A,B,ethernet1/1,,FWD,2026/"
     "01/05 12:51:34,0,1,0,0,0,0,0x0,icmp,drop-icmp,98,98,0,1,2026/01/05 "
     "12:51:34,0,any,0,91501273,0x8000000000000000,DE,FR,0,1,0,policy-deny,150,42,25,260,,FW-01,"
     "from-policy,,,0,,0,,N/"
     "A,0,0,0,0,49543e97-7c8c-44a3-bbd9-031caeb1a65e,0,0,,,,,,,,0.0.0.0,,,,,,,,,,,,,,,,,,,,,,,,,,,"
     "2026-01-05T12:51:34.547+08:00,,",
     "used "
     "{\"@timestamp\":\"2026-01-05T04:51:34Z\",\"event.start\":\"2026-01-05T04:51:34Z\",\"event."
     "duration\":0,\"event.kind\":\"event\",\"event.category\":\"network\",\"event.code\":"
     "\"TRAFFIC\",\"event.action\":\"drop-icmp\",\"event.outcome\":\"failure\",\"source.ip\":"
     "\"2001:db8::1\",\"source.bytes\":98,\"destination.ip\":\"2001:db8::2\",\"destination.bytes\":"
     "0,\"network.transport\":\"icmp\",\"network.application\":\"not-applicable\",\"network."
     "bytes\":98,\"observer.name\":\"FW-01\",\"observer.ingress.interface.name\":\"ethernet1/"
     "1\",\"observer.ingress.zone\":\"A\",\"observer.egress.zone\":\"B\",\"rule.name\":\"DENY-"
     "ALL\",\"event.sequence\":91501273,\"network.session_id\":\"0\",\"line\":1,\"fwproof."
     "assumed\":[]} traffic"},
    {"1,2026/01/05 12:51:35,0003C105690,THREAT,vulnerability,2561,2026/01/05 "
     "12:51:35,192.0.2.2,10.1.1.3,192.0.2.2,198.51.100.3,to "
     "web,,,ssh,vsys1,Untrust,DMZ,ethernet1/1,ethernet1/2,F,2026/01/05 "
     "12:51:35,238810,23,47094,22,47094,22,0x402400,tcp,reset-both,\"a,b \"\"c\"\"\",SSH User "
     "Authentication Brute Force "
     "Attempt(40015),any,high,client-to-server,7204134051344758260,0x0,DE,FR,,,0,,,0,,,,,,,,0,163,"
     "0,0,0,,FW-PA-1,,,",
     "used "
     "{\"@timestamp\":\"2026-01-05T12:51:35Z\",\"event.kind\":\"alert\",\"event.category\":"
     "\"network\",\"event.code\":\"THREAT\",\"event.action\":\"reset-both\",\"event.outcome\":"
     "\"failure\",\"log.level\":\"high\",\"source.ip\":\"192.0.2.2\",\"source.port\":47094,"
     "\"source.nat.ip\":\"192.0.2.2\",\"source.nat.port\":47094,\"destination.ip\":\"10.1.1.3\","
     "\"destination.port\":22,\"destination.nat.ip\":\"198.51.100.3\",\"destination.nat.port\":22,"
     "\"network.transport\":\"tcp\",\"network.application\":\"ssh\",\"observer.name\":\"FW-PA-1\","
     "\"observer.ingress.interface.name\":\"ethernet1/"
     "1\",\"observer.egress.interface.name\":\"ethernet1/"
     "2\",\"observer.ingress.zone\":\"Untrust\",\"observer.egress.zone\":\"DMZ\",\"rule.name\":"
     "\"to "
     "web\",\"event.sequence\":7204134051344758260,\"network.session_id\":\"238810\",\"message\":"
     "\"SSH User Authentication Brute Force Attempt(40015)\",\"line\":1,\"fwproof.assumed\":[]} "
     "traffic"},
    {"1,2026/01/05 12:51:36,0003C105690,SYSTEM,general,0,2026/01/05 "
     "12:51:36,,general,,0,0,general,informational,User ann logged in via Web from 10.1.1.9 using "
     "https,156324,0x0,0,0,0,0,,FW-PA-1",
     "used "
     "{\"@timestamp\":\"2026-01-05T12:51:36Z\",\"event.kind\":\"event\",\"event.category\":"
     "\"authentication\",\"event.code\":\"general\",\"event.action\":\"login\",\"event.outcome\":"
     "\"success\",\"log.level\":\"informational\",\"source.ip\":\"10.1.1.9\",\"observer.name\":"
     "\"FW-PA-1\",\"user.name\":\"ann\",\"event.sequence\":156324,\"message\":\"User ann logged in "
     "via Web from 10.1.1.9 using https\",\"line\":1,\"fwproof.assumed\":[]} admin"},
    {"1,2026/01/05 12:51:36,0003C105690,SYSTEM,auth,0,2026/01/05 "
     "12:51:36,,auth-fail,,0,0,general,medium,\"failed authentication for user 'root'.  Reason: "
     "Invalid username/password. From: 192.0.2.7.\",156325,0x0,0,0,0,0,,FW-PA-1",
     "used "
     "{\"@timestamp\":\"2026-01-05T12:51:36Z\",\"event.kind\":\"event\",\"event.category\":"
     "\"authentication\",\"event.code\":\"auth-fail\",\"event.action\":\"login\",\"event.outcome\":"
     "\"failure\",\"log.level\":\"medium\",\"source.ip\":\"192.0.2.7\",\"observer.name\":\"FW-PA-"
     "1\",\"user.name\":\"root\",\"event.sequence\":156325,\"message\":\"failed authentication for "
     "user 'root'.  Reason: Invalid username/password. From: "
     "192.0.2.7.\",\"line\":1,\"fwproof.assumed\":[]} admin"},
    {"1,2026/01/05 12:51:36,0003C105690,SYSTEM,ntpd,0,2026/01/05 "
     "12:51:36,,sync,,0,0,general,informational,NTP sync to server 10.0.0.1,156326,0x0",
     "used "
     "{\"@timestamp\":\"2026-01-05T12:51:36Z\",\"event.kind\":\"event\",\"event.category\":"
     "\"host\",\"event.code\":\"sync\",\"log.level\":\"informational\",\"event.sequence\":156326,"
     "\"message\":\"NTP sync to server 10.0.0.1\",\"line\":1,\"fwproof.assumed\":[]}"},
    {"1,2026/01/05 12:51:37,0003C105690,CONFIG,0,0,2026/01/05 "
     "12:51:37,10.1.1.9,,edit,ann,Web,Succeeded, vsys  vsys1 rulebase security rules "
     "web,1234,0x0,0,0,0,0,,FW-PA-1",
     "used "
     "{\"@timestamp\":\"2026-01-05T12:51:37Z\",\"event.kind\":\"event\",\"event.category\":"
     "\"configuration\",\"event.code\":\"CONFIG\",\"event.action\":\"edit\",\"event.outcome\":"
     "\"success\",\"source.ip\":\"10.1.1.9\",\"observer.name\":\"FW-PA-1\",\"user.name\":\"ann\","
     "\"process.command_line\":\"edit\",\"event.sequence\":1234,\"message\":\"vsys  vsys1 rulebase "
     "security rules web\",\"line\":1,\"fwproof.assumed\":[]} admin"},
    {"1,2026/01/05 12:51:38,0003C105690,CONFIG,0,0,2026/01/05 "
     "12:51:38,10.1.1.9,,set,ann,CLI,Unauthorized, deviceconfig "
     "system,before,after,1235,0x0,0,0,0,0,,FW-PA-1",
     "used "
     "{\"@timestamp\":\"2026-01-05T12:51:38Z\",\"event.kind\":\"event\",\"event.category\":"
     "\"configuration\",\"event.code\":\"CONFIG\",\"event.action\":\"set\",\"event.outcome\":"
     "\"failure\",\"source.ip\":\"10.1.1.9\",\"observer.name\":\"FW-PA-1\",\"user.name\":\"ann\","
     "\"process.command_line\":\"set\",\"event.sequence\":1235,\"message\":\"deviceconfig "
     "system\",\"line\":1,\"fwproof.assumed\":[]} admin"},
    {"1,2026/01/05 12:51:39,0003C105690,USERID,login,2561,2026/01/05 "
     "12:51:39,vsys1,10.1.1.5,corp\\ann",
     "ignored USERID"},
    {"1,2026/01/05 12:51:39,0003C105690,TRAFFIC,end,1,2026/01/05 12:51:39,10.0.0.147,192.0.2.2",
     "bad"},
    {"1,2026/01/05 12:51:39,0003C105690,SYSTEM,", "bad"},
    {"1,2026/01/05 12:51:39,0003C105690,TRAFFIC,end,1,2026/01/05 "
     "12:51:39,10.0.0.x,192.0.2.2,,,r,,,dns,vsys1,a,b,c,d,e,2026/01/05 "
     "12:51:34,13024,1,1,53,0,0,0x0,udp,allow",
     "bad"},
    {"1,2026/01/05 and no more", "none"},
};

START_TEST(lines)
{
    test_parse_cases(&fw_parser_panos_log, cases, sizeof(cases) / sizeof(cases[0]));
}
END_TEST

START_TEST(bids)
{
    test_parse_bids(&fw_parser_panos_log, cases, sizeof(cases) / sizeof(cases[0]));
}
END_TEST

/* Cut and changed lines: never read out of bounds, never anything but a verdict. */
START_TEST(mangled)
{
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        test_parse_mangled(&fw_parser_panos_log, cases[i].line);
    }
}
END_TEST

Suite *fw_suite_panos_log(void)
{
    Suite *suite = suite_create("panos_log");
    TCase *tc = tcase_create("lines");
    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, lines);
    tcase_add_test(tc, bids);
    tcase_add_test(tc, mangled);
    suite_add_tcase(suite, tc);
    return suite;
}
