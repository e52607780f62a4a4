/* Zeek lines and the events they become. */
#include "parsers/parser.h"
#include "tests/unit/logparse.h"
#include "tests/unit/suites.h"

extern const struct fw_parser fw_parser_zeek_log;

static const struct parse_case cases[] = {
    {"{\"ts\":1772418030.658982,\"uid\":\"Crpk2p1r\",\"id.orig_h\":\"10.0.2.2\",\"id.orig_p\":"
     "45398,\"id.resp_h\":\"192.0.2.15\",\"id.resp_p\":22,\"proto\":\"tcp\",\"service\":\"ssh\","
     "\"duration\":0.5,\"orig_bytes\":100,\"resp_bytes\":200,\"conn_state\":\"SF\",\"local_orig\":"
     "true,\"history\":\"ShADadFf\"}",
     "used "
     "{\"@timestamp\":\"2026-03-02T02:20:30.658982Z\",\"event.start\":\"2026-03-02T02:20:30."
     "658982Z\",\"event.duration\":500000000,\"event.kind\":\"event\",\"event.category\":"
     "\"network\",\"event.action\":\"SF\",\"source.ip\":\"10.0.2.2\",\"source.port\":45398,"
     "\"source.bytes\":100,\"destination.ip\":\"192.0.2.15\",\"destination.port\":22,\"destination."
     "bytes\":200,\"network.transport\":\"tcp\",\"network.application\":\"ssh\",\"network.session_"
     "id\":\"Crpk2p1r\",\"line\":1,\"fwproof.assumed\":[]} traffic"},
    {"{\"_path\":\"conn\",\"ts\":\"2026-03-02T10:20:30.5Z\",\"uid\":\"C2\",\"id.orig_h\":\"fe80::"
     "1\",\"id.orig_p\":135,\"id.resp_h\":\"ff02::2\",\"id.resp_p\":0,\"proto\":\"icmp\",\"conn_"
     "state\":\"OTH\"}",
     "used "
     "{\"@timestamp\":\"2026-03-02T10:20:30.500Z\",\"event.start\":\"2026-03-02T10:20:30.500Z\","
     "\"event.kind\":\"event\",\"event.category\":\"network\",\"event.action\":\"OTH\",\"source."
     "ip\":\"fe80::1\",\"destination.ip\":\"ff02::2\",\"network.transport\":\"icmp\",\"fwproof."
     "icmp.type\":135,\"fwproof.icmp.code\":0,\"network.session_id\":\"C2\",\"line\":1,\"fwproof."
     "assumed\":[]} traffic"},
    {"{\"_path\":\"dns\",\"ts\":1772418030.6,\"uid\":\"C3\",\"id.orig_h\":\"10.0.2.2\",\"id.orig_"
     "p\":1,\"id.resp_h\":\"192.0.2.15\",\"id.resp_p\":53,\"proto\":\"udp\",\"query\":\"x\"}",
     "ignored dns"},
    {"{\"ts\":1772418030.6,\"uid\":\"C3\",\"id.orig_h\":\"10.0.2.2\",\"id.orig_p\":1,\"id.resp_h\":"
     "\"192.0.2.15\",\"conn_state\":\"SF\"",
     "bad"},
    {"{\"timestamp\":\"2026-03-02T10:20:30Z\",\"src_ip\":\"10.0.0.1\"}", "none"},
    {"1772418030.658982\tCrpk2p1r\t10.0.2.2\t45398\t192.0.2.15\t22\ttcp\t-\t180."
     "25\t100\t200\tS0\tT\tF\t0\tS",
     "used "
     "{\"@timestamp\":\"2026-03-02T02:20:30.658982Z\",\"event.start\":\"2026-03-02T02:20:30."
     "658982Z\",\"event.duration\":180250000000,\"event.kind\":\"event\",\"event.category\":"
     "\"network\",\"event.action\":\"S0\",\"source.ip\":\"10.0.2.2\",\"source.port\":45398,"
     "\"source.bytes\":100,\"destination.ip\":\"192.0.2.15\",\"destination.port\":22,\"destination."
     "bytes\":200,\"network.transport\":\"tcp\",\"network.session_id\":\"Crpk2p1r\",\"line\":1,"
     "\"fwproof.assumed\":[]} traffic"},
    {"1772418030.658982\tCrpk2p1r\t10.0.2.2\t45398\t192.0.2.15\t53\tudp\t4711\texample.org\t1\tC_"
     "INTERNET",
     "ignored zeek"},
    {"1772418030.658982\tCrpk2p1r\t10.0.2.2\t45398\t192.0.2.15\t99999\ttcp\t-\t-\t-\t-\tREJ\t-",
     "bad"},
};

START_TEST(lines)
{
    test_parse_cases(&fw_parser_zeek_log, cases, sizeof(cases) / sizeof(cases[0]));
}
END_TEST

START_TEST(bids)
{
    test_parse_bids(&fw_parser_zeek_log, cases, sizeof(cases) / sizeof(cases[0]));
}
END_TEST

/* Cut and changed lines: never read out of bounds, never anything but a verdict. */
START_TEST(mangled)
{
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        test_parse_mangled(&fw_parser_zeek_log, cases[i].line);
    }
}
END_TEST

Suite *fw_suite_zeek_log(void)
{
    Suite *suite = suite_create("zeek_log");
    TCase *tc = tcase_create("lines");
    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, lines);
    tcase_add_test(tc, bids);
    tcase_add_test(tc, mangled);
    suite_add_tcase(suite, tc);
    return suite;
}
