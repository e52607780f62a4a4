/* Netfilter LOG lines and the events they become. */
#include <check.h>

#include "parsers/parser.h"
#include "tests/unit/logparse.h"
#include "tests/unit/suites.h"

extern const struct fw_parser fw_parser_netfilter_log;

static const struct parse_case cases[] = {
    {"Jun  8 14:34:33 gw kernel: [50028442.088484] IN=enp.1s0 OUT= MAC=00:08:a2:0c:1f:"
     "12:00:c8:8b:e2:d6:87:08:00 SRC=192.0.2.107 DST=198.51.100.67 LEN=40 TOS=0x00 PRE"
     "C=0x00 TTL=245 ID=37308 PROTO=TCP SPT=8080 DPT=8123 WINDOW=1024 RES=0x00 SYN URG"
     "P=0",
     "used {\"event.kind\":\"event\",\"event.category\":\"network\",\"source.ip\":\"19"
     "2.0.2.107\",\"source.port\":8080,\"source.mac\":\"00:c8:8b:e2:d6:87\",\"destinat"
     "ion.ip\":\"198.51.100.67\",\"destination.port\":8123,\"destination.mac\":\"00:08"
     ":a2:0c:1f:12\",\"network.transport\":\"tcp\",\"network.bytes\":40,\"observer.ing"
     "ress.interface.name\":\"enp.1s0\",\"line\":1,\"fwproof.assumed\":[]} traffic"},
    {"[  203.842973] IPTABLES-DROP: IN=lo OUT= MAC=00:00:00:00:00:00:00:00:00:00:00:00"
     ":08:00 SRC=127.0.0.1 DST=127.0.0.53 LEN=76 TOS=0x00 PREC=0x00 TTL=64 ID=25029 DF"
     " PROTO=UDP SPT=49007 DPT=53 LEN=56 ",
     "used {\"event.kind\":\"event\",\"event.category\":\"network\",\"event.action\":\""
     "denied\",\"event.outcome\":\"failure\",\"source.ip\":\"127.0.0.1\",\"source.port"
     "\":49007,\"source.mac\":\"00:00:00:00:00:00\",\"destination.ip\":\"127.0.0.53\","
     "\"destination.port\":53,\"destination.mac\":\"00:00:00:00:00:00\",\"network.tran"
     "sport\":\"udp\",\"network.bytes\":76,\"observer.ingress.interface.name\":\"lo\","
     "\"rule.name\":\"IPTABLES-DROP\",\"line\":1,\"fwproof.assumed\":[]} traffic"},
    {"Nov 18 13:39:49 ap kernel: [10051.313745] DROP(src wan)IN=eth0 OUT= SRC=192.0.2."
     "205 DST=192.168.8.100 LEN=44 PROTO=TCP SPT=40952 DPT=23 SYN MARK=0xff00",
     "used {\"event.kind\":\"event\",\"event.category\":\"network\",\"event.action\":\""
     "denied\",\"event.outcome\":\"failure\",\"source.ip\":\"192.0.2.205\",\"source.po"
     "rt\":40952,\"destination.ip\":\"192.168.8.100\",\"destination.port\":23,\"networ"
     "k.transport\":\"tcp\",\"network.bytes\":44,\"observer.ingress.interface.name\":\""
     "eth0\",\"rule.name\":\"DROP(src wan)\",\"line\":1,\"fwproof.assumed\":[]} traffi"
     "c"},
    {"[3445.03] [UFW BLOCK] IN=eth0 OUT=eth1 SRC=2001:0db8:0000:f101:0000:0000:0000:00"
     "02 DST=ff02::1 LEN=72 TC=0 HOPLIMIT=255 FLOWLBL=0 PROTO=ICMPv6 TYPE=135 CODE=0 ",
     "used {\"event.kind\":\"event\",\"event.category\":\"network\",\"event.action\":\""
     "denied\",\"event.outcome\":\"failure\",\"source.ip\":\"2001:db8:0:f101::2\",\"de"
     "stination.ip\":\"ff02::1\",\"network.transport\":\"ipv6-icmp\",\"fwproof.icmp.ty"
     "pe\":135,\"fwproof.icmp.code\":0,\"network.bytes\":72,\"observer.ingress.interfa"
     "ce.name\":\"eth0\",\"observer.egress.interface.name\":\"eth1\",\"rule.name\":\"["
     "UFW BLOCK]\",\"line\":1,\"fwproof.assumed\":[]} traffic"},
    {"[UFW AUDIT] IN= OUT=lo SRC=127.0.0.1 DST=127.0.0.1 LEN=60 PROTO=TCP SPT=1 DPT=2",
     "used {\"event.kind\":\"event\",\"event.category\":\"network\",\"source.ip\":\"12"
     "7.0.0.1\",\"source.port\":1,\"destination.ip\":\"127.0.0.1\",\"destination.port\""
     ":2,\"network.transport\":\"tcp\",\"network.bytes\":60,\"observer.egress.interfac"
     "e.name\":\"lo\",\"rule.name\":\"[UFW AUDIT]\",\"line\":1,\"fwproof.assumed\":[]}"
     " traffic"},
    {"[WAN_IN-3001-A]IN=eth0 OUT=eth1 SRC=192.0.2.1 DST=192.0.2.2 LEN=60 PROTO=TCP SPT"
     "=1 DPT=2",
     "used {\"event.kind\":\"event\",\"event.category\":\"network\",\"event.action\":\""
     "allowed\",\"event.outcome\":\"success\",\"source.ip\":\"192.0.2.1\",\"source.por"
     "t\":1,\"destination.ip\":\"192.0.2.2\",\"destination.port\":2,\"network.transpor"
     "t\":\"tcp\",\"network.bytes\":60,\"observer.ingress.interface.name\":\"eth0\",\""
     "observer.egress.interface.name\":\"eth1\",\"rule.name\":\"WAN_IN\",\"rule.id\":\""
     "3001\",\"line\":1,\"fwproof.assumed\":[]} traffic"},
    {"Shorewall:wlan0_mac:DROP:IN=wlan0 OUT= SRC=192.168.10.55 DST=224.0.0.1 LEN=36 TT"
     "L=1 ID=0 PROTO=2",
     "used {\"event.kind\":\"event\",\"event.category\":\"network\",\"event.action\":\""
     "denied\",\"event.outcome\":\"failure\",\"source.ip\":\"192.168.10.55\",\"destina"
     "tion.ip\":\"224.0.0.1\",\"network.transport\":\"igmp\",\"network.bytes\":36,\"ob"
     "server.ingress.interface.name\":\"wlan0\",\"rule.name\":\"Shorewall:wlan0_mac:DR"
     "OP\",\"line\":1,\"fwproof.assumed\":[]} traffic"},
    {"ACCEPT then DROP: IN=eth0 OUT= SRC=192.0.2.1 DST=192.0.2.2 LEN=60 PROTO=99",
     "used {\"event.kind\":\"event\",\"event.category\":\"network\",\"source.ip\":\"19"
     "2.0.2.1\",\"destination.ip\":\"192.0.2.2\",\"network.transport\":\"99\",\"networ"
     "k.bytes\":60,\"observer.ingress.interface.name\":\"eth0\",\"rule.name\":\"ACCEPT"
     " then DROP\",\"line\":1,\"fwproof.assumed\":[]} traffic"},
    {"IN=eth0 OUT= SRC=192.0.2.1 DST=192.0.2.2 LEN=88 PROTO=ICMP TYPE=3 CODE=1 [SRC=19"
     "2.0.2.2 DST=203.0.113.7 LEN=60 PROTO=UDP SPT=53 DPT=5353 LEN=40 ] MTU=1500",
     "used {\"event.kind\":\"event\",\"event.category\":\"network\",\"source.ip\":\"19"
     "2.0.2.1\",\"destination.ip\":\"192.0.2.2\",\"network.transport\":\"icmp\",\"fwpr"
     "oof.icmp.type\":3,\"fwproof.icmp.code\":1,\"network.bytes\":88,\"observer.ingres"
     "s.interface.name\":\"eth0\",\"line\":1,\"fwproof.assumed\":[]} traffic"},
    {"nft IN=eth0 OUT= ARP HTYPE=1 PTYPE=0x0800 OPCODE=1 MACSRC=00:00:00:00:00:01 IPSR"
     "C=192.0.2.1",
     "ignored arp"},
    {"X=1 OUT= SRC=192.0.2.1 DST=192.0.2.2 LEN=88 PROTO=TCP SPT=1 DPT=2", "bad"},
    {"IN=eth0 OUT= SRC=192.0.2.999 DST=192.0.2.2 LEN=88 PROTO=TCP SPT=1 DPT=2", "bad"},
    {"IN=eth0 OUT= SRC=192.0.2.9 DST=192.0.2.2 LEN=88 PROTO=TCP SPT=1 DPT=70000", "bad"},
    {"IN=eth0 OUT= SRC=192.0.2.9 DST=192.0.2.2 LE", "bad"},
    {"usb 1-1: new device", "none"},
    {"Jun 13 23:29:15 gw1 gw1 [WAN_LOCAL-D-2147483647] DESCR=\"[WAN_LOCAL]Block All Tr"
     "affic\" IN=eth8 OUT= SRC=192.0.2.1 DST=192.0.2.25 LEN=122 TOS=00 PROTO=UDP SPT=1"
     " DPT=2 LEN=102",
     "used {\"event.kind\":\"event\",\"event.category\":\"network\",\"event.action\":\""
     "denied\",\"event.outcome\":\"failure\",\"source.ip\":\"192.0.2.1\",\"source.port"
     "\":1,\"destination.ip\":\"192.0.2.25\",\"destination.port\":2,\"network.transpor"
     "t\":\"udp\",\"network.bytes\":122,\"observer.ingress.interface.name\":\"eth8\",\""
     "rule.name\":\"WAN_LOCAL\",\"rule.id\":\"2147483647\",\"line\":1,\"fwproof.assume"
     "d\":[]} traffic"},
    {"[WAN_LOCAL-default-R]IN=eth8 OUT= SRC=192.0.2.1 DST=192.0.2.25 PROTO=UDP SPT=1 D"
     "PT=2",
     "used {\"event.kind\":\"event\",\"event.category\":\"network\",\"event.action\":\""
     "denied\",\"event.outcome\":\"failure\",\"source.ip\":\"192.0.2.1\",\"source.port"
     "\":1,\"destination.ip\":\"192.0.2.25\",\"destination.port\":2,\"network.transpor"
     "t\":\"udp\",\"observer.ingress.interface.name\":\"eth8\",\"rule.name\":\"WAN_LOC"
     "AL\",\"rule.id\":\"default\",\"line\":1,\"fwproof.assumed\":[]} traffic"},
    {"[A-B] IN=eth8 OUT= SRC=192.0.2.1 DST=192.0.2.25 PROTO=UDP SPT=1 DPT=2",
     "used {\"event.kind\":\"event\",\"event.category\":\"network\",\"source.ip\":\"19"
     "2.0.2.1\",\"source.port\":1,\"destination.ip\":\"192.0.2.25\",\"destination.port"
     "\":2,\"network.transport\":\"udp\",\"observer.ingress.interface.name\":\"eth8\","
     "\"rule.name\":\"[A-B]\",\"line\":1,\"fwproof.assumed\":[]} traffic"},
};

START_TEST(lines)
{
    test_parse_cases(&fw_parser_netfilter_log, cases, sizeof(cases) / sizeof(cases[0]));
}
END_TEST

/* Every prefix of every line, and every line with one byte changed: never read out of bounds, never
 * anything but a verdict. */
START_TEST(bids)
{
    test_parse_bids(&fw_parser_netfilter_log, cases, sizeof(cases) / sizeof(cases[0]));
}
END_TEST

START_TEST(mangled)
{
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        test_parse_mangled(&fw_parser_netfilter_log, cases[i].line);
    }
}
END_TEST

Suite *fw_suite_netfilter_log(void)
{
    Suite *suite = suite_create("netfilter_log");
    TCase *tc = tcase_create("lines");
    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, lines);
    tcase_add_test(tc, bids);
    tcase_add_test(tc, mangled);
    suite_add_tcase(suite, tc);
    return suite;
}
