/* LEEF lines and the events they become. */
#include "parsers/parser.h"
#include "tests/unit/logparse.h"
#include "tests/unit/suites.h"

extern const struct fw_parser fw_parser_leef_log;

static const struct parse_case cases[] = {
    {"LEEF:1.0|Palo Alto Networks|PAN-OS Syslog "
     "Integration|8.1|allow|cat=TRAFFIC\tsrc=10.1.1.5\tdst=192.0.2.9\tsrcPort=5\tdstPort="
     "443\tproto=tcp\tusrName=CORP\\ann\tSourceZone=trust\tDestinationZone="
     "untrust\tIngressInterface=e1\tEgressInterface=e2\tRuleName=web "
     "out\taction=allow\tsrcPostNAT=0.0.0.0\tsrcBytes=412\tdevTime=Mar 02 2026 10:20:30 "
     "GMT\tSessionID=9",
     "used "
     "{\"@timestamp\":\"2026-03-02T10:20:30Z\",\"event.kind\":\"event\",\"event.category\":"
     "\"network\",\"event.code\":\"allow\",\"event.action\":\"allow\",\"event.outcome\":"
     "\"success\",\"source.ip\":\"10.1.1.5\",\"source.port\":5,\"source.bytes\":412,\"destination."
     "ip\":\"192.0.2.9\",\"destination.port\":443,\"network.transport\":\"tcp\",\"observer.ingress."
     "interface.name\":\"e1\",\"observer.egress.interface.name\":\"e2\",\"observer.ingress.zone\":"
     "\"trust\",\"observer.egress.zone\":\"untrust\",\"rule.name\":\"web "
     "out\",\"user.name\":\"CORP\\\\ann\",\"network.session_id\":\"9\",\"line\":1,\"fwproof."
     "assumed\":[]} traffic"},
    {"<13>Mar  2 10:20:30 fw "
     "LEEF:2.0|V|P|1|deny|^|src=10.1.1.5^dst=192.0.2.9^dstPort=22^action=Dropped^msg=a=b",
     "used "
     "{\"event.kind\":\"event\",\"event.category\":\"network\",\"event.code\":\"deny\",\"event."
     "action\":\"Dropped\",\"event.outcome\":\"failure\",\"source.ip\":\"10.1.1.5\",\"destination."
     "ip\":\"192.0.2.9\",\"destination.port\":22,\"message\":\"a=b\",\"line\":1,\"fwproof."
     "assumed\":[]} traffic"},
    {"LEEF:2.0|V|P|1|id|x5E|src=host^sev=3",
     "used "
     "{\"event.kind\":\"event\",\"event.category\":\"host\",\"event.code\":\"id\",\"event."
     "severity\":3,\"line\":1,\"fwproof.assumed\":[]}"},
    {"LEEF:2.0|V|P|1|192|cat=System\tsev=6 cn1=241\tmsg=tab\\tx",
     "used "
     "{\"event.kind\":\"event\",\"event.category\":\"host\",\"event.code\":\"192\",\"event."
     "severity\":6,\"message\":\"tab\\\\tx\",\"line\":1,\"fwproof.assumed\":[]}"},
    {"LEEF:2.0|V|P|1|192||cat=System\tsev=1",
     "used "
     "{\"event.kind\":\"event\",\"event.category\":\"host\",\"event.code\":\"192\",\"event."
     "severity\":1,\"line\":1,\"fwproof.assumed\":[]}"},
    {"LEEF:2.0|cut", "bad"},
    {"not LEEFy", "none"},
};

START_TEST(lines)
{
    test_parse_cases(&fw_parser_leef_log, cases, sizeof(cases) / sizeof(cases[0]));
}
END_TEST

START_TEST(bids)
{
    test_parse_bids(&fw_parser_leef_log, cases, sizeof(cases) / sizeof(cases[0]));
}
END_TEST

/* Cut and changed lines: never read out of bounds, never anything but a verdict. */
START_TEST(mangled)
{
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        test_parse_mangled(&fw_parser_leef_log, cases[i].line);
    }
}
END_TEST

Suite *fw_suite_leef_log(void)
{
    Suite *suite = suite_create("leef_log");
    TCase *tc = tcase_create("lines");
    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, lines);
    tcase_add_test(tc, bids);
    tcase_add_test(tc, mangled);
    suite_add_tcase(suite, tc);
    return suite;
}
