/* Cisco ASA messages and the events they become. */
#include <check.h>

#include "parsers/parser.h"
#include "tests/unit/logparse.h"
#include "tests/unit/suites.h"

extern const struct fw_parser fw_parser_asa_log;

static const struct parse_case cases[] = {
    {"<163>Aug 05 2016 20:21:04: %ASA-3-106010: Deny inbound protocol 47 src Outside:1"
     "92.0.2.66 dst Outside:198.51.100.105",
     "used {\"event.kind\":\"event\",\"event.category\":\"network\",\"event.code\":\"1"
     "06010\",\"event.action\":\"deny\",\"event.outcome\":\"failure\",\"log.level\":\""
     "err\",\"source.ip\":\"192.0.2.66\",\"destination.ip\":\"198.51.100.105\",\"netwo"
     "rk.transport\":\"gre\",\"network.direction\":\"inbound\",\"observer.ingress.inte"
     "rface.name\":\"Outside\",\"observer.egress.interface.name\":\"Outside\",\"event."
     "severity\":3,\"line\":1,\"fwproof.assumed\":[]} traffic"},
    {"Jan  5 08:52:35 10.22.8.201 %ASA-6-106015: Deny TCP (no connection) from 192.0.2"
     ".11/80 to 10.1.2.3/45019 flags SYN ACK  on interface Outside_VPN",
     "used {\"event.kind\":\"event\",\"event.category\":\"network\",\"event.code\":\"1"
     "06015\",\"event.action\":\"deny\",\"event.outcome\":\"failure\",\"log.level\":\""
     "info\",\"source.ip\":\"192.0.2.11\",\"source.port\":80,\"destination.ip\":\"10.1"
     ".2.3\",\"destination.port\":45019,\"network.transport\":\"tcp\",\"observer.ingre"
     "ss.interface.name\":\"Outside_VPN\",\"event.severity\":6,\"line\":1,\"fwproof.as"
     "sumed\":[]} traffic"},
    {"%ASA-4-106023: Deny udp src inside:10.1.4.88/42350 dst outside:192.0.2.53/53 by "
     "access-group \"inside_in\" [0x962df600, 0x0]",
     "used {\"event.kind\":\"event\",\"event.category\":\"network\",\"event.code\":\"1"
     "06023\",\"event.action\":\"deny\",\"event.outcome\":\"failure\",\"log.level\":\""
     "warning\",\"source.ip\":\"10.1.4.88\",\"source.port\":42350,\"destination.ip\":\""
     "192.0.2.53\",\"destination.port\":53,\"network.transport\":\"udp\",\"observer.in"
     "gress.interface.name\":\"inside\",\"observer.egress.interface.name\":\"outside\""
     ",\"rule.name\":\"inside_in\",\"rule.id\":\"0x962df600\",\"event.severity\":4,\"l"
     "ine\":1,\"fwproof.assumed\":[]} traffic"},
    {"%ASA-4-106023: Deny icmp src outside:2001:db8::1 dst inside:2001:db8::2 (type 12"
     "8, code 0) by access-group \"out_in\" [0x0, 0x0]",
     "used {\"event.kind\":\"event\",\"event.category\":\"network\",\"event.code\":\"1"
     "06023\",\"event.action\":\"deny\",\"event.outcome\":\"failure\",\"log.level\":\""
     "warning\",\"source.ip\":\"2001:db8::1\",\"destination.ip\":\"2001:db8::2\",\"net"
     "work.transport\":\"icmp\",\"fwproof.icmp.type\":128,\"fwproof.icmp.code\":0,\"ob"
     "server.ingress.interface.name\":\"outside\",\"observer.egress.interface.name\":\""
     "inside\",\"rule.name\":\"out_in\",\"event.severity\":4,\"line\":1,\"fwproof.assu"
     "med\":[]} traffic"},
    {"%ASA-6-106100: access-list inside_in permitted tcp inside/10.1.1.1(1234)(LOCAL\\a"
     "nn) -> outside/192.0.2.9(443) hit-cnt 1 first hit [0x91, 0x0]",
     "used {\"event.kind\":\"event\",\"event.category\":\"network\",\"event.code\":\"1"
     "06100\",\"event.action\":\"permitted\",\"event.outcome\":\"success\",\"log.level"
     "\":\"info\",\"source.ip\":\"10.1.1.1\",\"source.port\":1234,\"source.user.name\""
     ":\"LOCAL\\\\ann\",\"destination.ip\":\"192.0.2.9\",\"destination.port\":443,\"ne"
     "twork.transport\":\"tcp\",\"observer.ingress.interface.name\":\"inside\",\"obser"
     "ver.egress.interface.name\":\"outside\",\"rule.name\":\"inside_in\",\"rule.id\":"
     "\"0x91\",\"event.severity\":6,\"line\":1,\"fwproof.assumed\":[]} traffic"},
    {"%ASA-6-106100: access-list out_in est-allowed icmp outside/192.0.2.1(8) -> insid"
     "e/10.1.1.1(0) hit-cnt 1 first hit [0x91, 0x0]",
     "used {\"event.kind\":\"event\",\"event.category\":\"network\",\"event.code\":\"1"
     "06100\",\"event.action\":\"est-allowed\",\"event.outcome\":\"success\",\"log.lev"
     "el\":\"info\",\"source.ip\":\"192.0.2.1\",\"destination.ip\":\"10.1.1.1\",\"netw"
     "ork.transport\":\"icmp\",\"fwproof.icmp.type\":8,\"fwproof.icmp.code\":0,\"obser"
     "ver.ingress.interface.name\":\"outside\",\"observer.egress.interface.name\":\"in"
     "side\",\"rule.name\":\"out_in\",\"rule.id\":\"0x91\",\"event.severity\":6,\"line"
     "\":1,\"fwproof.assumed\":[]} traffic"},
    {"%ASA-6-302013: Built inbound TCP connection 76 for outside:192.0.2.7/54209 (192."
     "0.2.7/54209)(LOCAL\\ann) to dmz:10.1.9.3/443 (198.51.100.3/443) (ann)",
     "used {\"event.kind\":\"event\",\"event.category\":\"network\",\"event.code\":\"3"
     "02013\",\"event.action\":\"built\",\"event.outcome\":\"success\",\"log.level\":\""
     "info\",\"source.ip\":\"192.0.2.7\",\"source.port\":54209,\"source.user.name\":\""
     "LOCAL\\\\ann\",\"destination.ip\":\"10.1.9.3\",\"destination.port\":443,\"destin"
     "ation.nat.ip\":\"198.51.100.3\",\"destination.nat.port\":443,\"network.transport"
     "\":\"tcp\",\"network.direction\":\"inbound\",\"observer.ingress.interface.name\""
     ":\"outside\",\"observer.egress.interface.name\":\"dmz\",\"network.session_id\":\""
     "76\",\"event.severity\":6,\"line\":1,\"fwproof.assumed\":[]} traffic"},
    {"%ASA-6-302013: Built outbound TCP connection 77 for outside:192.0.2.9/80 (192.0."
     "2.9/80) to inside:10.1.8.102/55659 (198.51.100.41/40627)",
     "used {\"event.kind\":\"event\",\"event.category\":\"network\",\"event.code\":\"3"
     "02013\",\"event.action\":\"built\",\"event.outcome\":\"success\",\"log.level\":\""
     "info\",\"source.ip\":\"10.1.8.102\",\"source.port\":55659,\"source.nat.ip\":\"19"
     "8.51.100.41\",\"source.nat.port\":40627,\"destination.ip\":\"192.0.2.9\",\"desti"
     "nation.port\":80,\"network.transport\":\"tcp\",\"network.direction\":\"outbound\""
     ",\"observer.ingress.interface.name\":\"inside\",\"observer.egress.interface.name"
     "\":\"outside\",\"network.session_id\":\"77\",\"event.severity\":6,\"line\":1,\"f"
     "wproof.assumed\":[]} traffic"},
    {"%ASA-6-302014: Teardown TCP connection 77 for outside:192.0.2.9/80 to inside:10."
     "1.8.102/55659 duration 1:00:31 bytes 526 TCP FINs from inside (ann)",
     "used {\"event.duration\":3631000000000,\"event.kind\":\"event\",\"event.category"
     "\":\"network\",\"event.code\":\"302014\",\"event.action\":\"teardown\",\"event.o"
     "utcome\":\"success\",\"log.level\":\"info\",\"source.ip\":\"192.0.2.9\",\"source"
     ".port\":80,\"destination.ip\":\"10.1.8.102\",\"destination.port\":55659,\"networ"
     "k.transport\":\"tcp\",\"network.bytes\":526,\"observer.ingress.interface.name\":"
     "\"outside\",\"observer.egress.interface.name\":\"inside\",\"network.session_id\""
     ":\"77\",\"event.severity\":6,\"line\":1,\"fwproof.assumed\":[]} traffic"},
    {"%ASA-6-302016: Teardown UDP connection 78 for outside:192.0.2.9/53(LOCAL\\ann) t"
     "o inside:10.1.8.102/55659 duration 12d 9h:11m:22s bytes 209",
     "used {\"event.duration\":1069882000000000,\"event.kind\":\"event\",\"event.categ"
     "ory\":\"network\",\"event.code\":\"302016\",\"event.action\":\"teardown\",\"even"
     "t.outcome\":\"success\",\"log.level\":\"info\",\"source.ip\":\"192.0.2.9\",\"sou"
     "rce.port\":53,\"source.user.name\":\"LOCAL\\\\ann\",\"destination.ip\":\"10.1.8."
     "102\",\"destination.port\":55659,\"network.transport\":\"udp\",\"network.bytes\""
     ":209,\"observer.ingress.interface.name\":\"outside\",\"observer.egress.interface"
     ".name\":\"inside\",\"network.session_id\":\"78\",\"event.severity\":6,\"line\":1"
     ",\"fwproof.assumed\":[]} traffic"},
    {"%ASA-6-302020: Built outbound ICMP connection for faddr 192.0.2.12/0(LOCAL\\ann)"
     " gaddr 198.51.100.5/1 laddr 10.1.1.5/1 type 8 code 0",
     "used {\"event.kind\":\"event\",\"event.category\":\"network\",\"event.code\":\"3"
     "02020\",\"event.action\":\"built\",\"event.outcome\":\"success\",\"log.level\":\""
     "info\",\"source.ip\":\"10.1.1.5\",\"source.nat.ip\":\"198.51.100.5\",\"destinati"
     "on.ip\":\"192.0.2.12\",\"destination.user.name\":\"LOCAL\\\\ann\",\"network.tran"
     "sport\":\"icmp\",\"fwproof.icmp.type\":8,\"fwproof.icmp.code\":0,\"network.direc"
     "tion\":\"outbound\",\"event.severity\":6,\"line\":1,\"fwproof.assumed\":[]} traf"
     "fic"},
    {"%ASA-6-305011: Built dynamic TCP translation from inside:10.1.8.188/64340 to out"
     "side:198.51.100.41/2013",
     "used {\"event.kind\":\"event\",\"event.category\":\"network\",\"event.code\":\"3"
     "05011\",\"event.action\":\"built\",\"log.level\":\"info\",\"source.ip\":\"10.1.8"
     ".188\",\"source.port\":64340,\"source.nat.ip\":\"198.51.100.41\",\"source.nat.po"
     "rt\":2013,\"network.transport\":\"tcp\",\"observer.ingress.interface.name\":\"in"
     "side\",\"observer.egress.interface.name\":\"outside\",\"event.severity\":6,\"lin"
     "e\":1,\"fwproof.assumed\":[]}"},
    {"%ASA-3-313001: Denied ICMP type=3, code=3 from 192.0.2.147 on interface Outside",
     "used {\"event.kind\":\"event\",\"event.category\":\"network\",\"event.code\":\"3"
     "13001\",\"event.action\":\"denied\",\"event.outcome\":\"failure\",\"log.level\":"
     "\"err\",\"source.ip\":\"192.0.2.147\",\"network.transport\":\"icmp\",\"fwproof.i"
     "cmp.type\":3,\"fwproof.icmp.code\":3,\"observer.ingress.interface.name\":\"Outsi"
     "de\",\"event.severity\":3,\"line\":1,\"fwproof.assumed\":[]} traffic"},
    {"%ASA-4-313005: No matching connection for ICMP error message: icmp src Outside:1"
     "92.0.2.147 dst identity:10.1.106.2 (type 3, code 3) on Outside interface.  Origi"
     "nal IP payload: udp src 10.1.106.2/9993 dst 192.0.2.147/26410.",
     "used {\"event.kind\":\"event\",\"event.category\":\"network\",\"event.code\":\"3"
     "13005\",\"event.action\":\"denied\",\"event.outcome\":\"failure\",\"log.level\":"
     "\"warning\",\"source.ip\":\"192.0.2.147\",\"destination.ip\":\"10.1.106.2\",\"ne"
     "twork.transport\":\"icmp\",\"fwproof.icmp.type\":3,\"fwproof.icmp.code\":3,\"obs"
     "erver.ingress.interface.name\":\"Outside\",\"observer.egress.interface.name\":\""
     "identity\",\"event.severity\":4,\"line\":1,\"fwproof.assumed\":[]} traffic"},
    {"%ASA-5-111008: User 'ann' executed the 'no logging enable' command.",
     "used {\"event.kind\":\"event\",\"event.category\":\"configuration\",\"event.code"
     "\":\"111008\",\"event.action\":\"command\",\"log.level\":\"notice\",\"user.name\""
     ":\"ann\",\"process.command_line\":\"no logging enable\",\"event.severity\":5,\"m"
     "essage\":\"User 'ann' executed the 'no logging enable' command.\",\"line\":1,\"f"
     "wproof.assumed\":[]} admin"},
    {"%ASA-5-111010: User 'ann', running 'CLI' from IP 10.1.1.9, executed 'access-list"
     " x permit ip any any'",
     "used {\"event.kind\":\"event\",\"event.category\":\"configuration\",\"event.code"
     "\":\"111010\",\"event.action\":\"command\",\"log.level\":\"notice\",\"source.ip\""
     ":\"10.1.1.9\",\"user.name\":\"ann\",\"process.command_line\":\"access-list x per"
     "mit ip any any\",\"event.severity\":5,\"message\":\"User 'ann', running 'CLI' fr"
     "om IP 10.1.1.9, executed 'access-list x permit ip any any'\",\"line\":1,\"fwproo"
     "f.assumed\":[]} admin"},
    {"%ASA-6-605004: Login denied from 192.0.2.10/32597 to outside:198.51.100.14/ssh f"
     "or user \"root\"",
     "used {\"event.kind\":\"event\",\"event.category\":\"authentication\",\"event.cod"
     "e\":\"605004\",\"event.action\":\"login\",\"event.outcome\":\"failure\",\"log.le"
     "vel\":\"info\",\"source.ip\":\"192.0.2.10\",\"source.port\":32597,\"destination."
     "ip\":\"198.51.100.14\",\"destination.port\":22,\"observer.egress.interface.name\""
     ":\"outside\",\"user.name\":\"root\",\"event.severity\":6,\"message\":\"Login den"
     "ied from 192.0.2.10/32597 to outside:198.51.100.14/ssh for user \\\"root\\\"\",\""
     "line\":1,\"fwproof.assumed\":[]} admin"},
    {"%ASA-5-502101: New user added to local dbase: Uname: bob Priv: 15 Encpass: abcde"
     "f0123",
     "used {\"event.kind\":\"event\",\"event.category\":\"configuration\",\"event.code"
     "\":\"502101\",\"event.action\":\"user-added\",\"log.level\":\"notice\",\"user.na"
     "me\":\"bob\",\"event.severity\":5,\"message\":\"New user added to local dbase: U"
     "name: bob Priv: 15\",\"line\":1,\"fwproof.assumed\":[]} admin"},
    {"%ASA-6-113015: AAA user authentication Rejected : reason = Invalid password : lo"
     "cal database : user = bob : user IP = 192.0.2.8",
     "used {\"event.kind\":\"event\",\"event.category\":\"authentication\",\"event.cod"
     "e\":\"113015\",\"event.action\":\"authentication\",\"event.outcome\":\"failure\""
     ",\"log.level\":\"info\",\"source.ip\":\"192.0.2.8\",\"user.name\":\"bob\",\"even"
     "t.severity\":6,\"message\":\"AAA user authentication Rejected : reason = Invalid"
     " password : local database : user = bob : user IP = 192.0.2.8\",\"line\":1,\"fwp"
     "roof.assumed\":[]} admin"},
    {"%PIX-6-106015: Deny TCP (no connection) from 192.0.2.151/110 to mail-server/3782"
     " flags RST ACK",
     "used {\"event.kind\":\"event\",\"event.category\":\"network\",\"event.code\":\"1"
     "06015\",\"event.action\":\"deny\",\"event.outcome\":\"failure\",\"log.level\":\""
     "info\",\"source.ip\":\"192.0.2.151\",\"source.port\":110,\"destination.port\":37"
     "82,\"network.transport\":\"tcp\",\"event.severity\":6,\"line\":1,\"fwproof.assum"
     "ed\":[]} traffic"},
    {"%PIX-7-710002: UDP access permitted from 192.0.2.4/943 to inside:10.1.33.15/snmp",
     "used {\"event.kind\":\"event\",\"event.category\":\"network\",\"event.code\":\"7"
     "10002\",\"event.action\":\"permitted\",\"event.outcome\":\"success\",\"log.level"
     "\":\"debug\",\"source.ip\":\"192.0.2.4\",\"source.port\":943,\"destination.ip\":"
     "\"10.1.33.15\",\"destination.port\":161,\"network.transport\":\"udp\",\"observer"
     ".egress.interface.name\":\"inside\",\"event.severity\":7,\"line\":1,\"fwproof.as"
     "sumed\":[]} traffic"},
    {"%PIX-4-400013 IDS:2003 ICMP redirect from 10.4.1.2 to 10.2.1.1 on interface dmz",
     "used {\"event.kind\":\"event\",\"event.category\":\"network\",\"event.code\":\"4"
     "00013\",\"event.action\":\"detected\",\"log.level\":\"warning\",\"source.ip\":\""
     "10.4.1.2\",\"destination.ip\":\"10.2.1.1\",\"observer.ingress.interface.name\":\""
     "dmz\",\"event.severity\":4,\"line\":1,\"fwproof.assumed\":[]} traffic"},
    {"%FWSM-session-2-106001: Inbound TCP connection denied from 192.0.2.59/54322 to 1"
     "0.1.1.1/1433 flags SYN on interface outside",
     "used {\"event.kind\":\"event\",\"event.category\":\"network\",\"event.code\":\"1"
     "06001\",\"event.action\":\"denied\",\"event.outcome\":\"failure\",\"log.level\":"
     "\"crit\",\"source.ip\":\"192.0.2.59\",\"source.port\":54322,\"destination.ip\":\""
     "10.1.1.1\",\"destination.port\":1433,\"network.transport\":\"tcp\",\"network.dir"
     "ection\":\"inbound\",\"observer.ingress.interface.name\":\"outside\",\"event.sev"
     "erity\":2,\"line\":1,\"fwproof.assumed\":[]} traffic"},
    {"%ASA-5-713904: IP = 192.0.2.28, Received encrypted packet with no matching SA, d"
     "ropping",
     "ignored 713904"},
    {"%ASA-4-106023: Deny nothing of the kind", "unsupported"},
    {"%ASA-9-106023: no such level", "none"},
    {"%SYS-5-CONFIG_I: Configured from console", "none"},
};

START_TEST(lines)
{
    test_parse_cases(&fw_parser_asa_log, cases, sizeof(cases) / sizeof(cases[0]));
}
END_TEST

/* Every prefix of every line, and every line with one byte changed: never read out of bounds, never
 * anything but a verdict. */
START_TEST(bids)
{
    test_parse_bids(&fw_parser_asa_log, cases, sizeof(cases) / sizeof(cases[0]));
}
END_TEST

START_TEST(mangled)
{
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        test_parse_mangled(&fw_parser_asa_log, cases[i].line);
    }
}
END_TEST

Suite *fw_suite_asa_log(void)
{
    Suite *suite = suite_create("asa_log");
    TCase *tc = tcase_create("lines");
    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, lines);
    tcase_add_test(tc, bids);
    tcase_add_test(tc, mangled);
    suite_add_tcase(suite, tc);
    return suite;
}
