/* Windows firewall lines and the events they become. */
#include "parsers/parser.h"
#include "tests/unit/logparse.h"
#include "tests/unit/suites.h"

extern const struct fw_parser fw_parser_windows_log;

static const struct parse_case cases[] = {
    {"2026-04-11 08:05:57 DROP UDP 192.0.2.90 255.255.255.255 1631 2234 37 - - - - - - - RECEIVE",
     "used "
     "{\"@timestamp\":\"2026-04-11T08:05:57Z\",\"event.kind\":\"event\",\"event.category\":"
     "\"network\",\"event.action\":\"DROP\",\"event.outcome\":\"failure\",\"source.ip\":\"192.0.2."
     "90\",\"source.port\":1631,\"destination.ip\":\"255.255.255.255\",\"destination.port\":2234,"
     "\"network.transport\":\"udp\",\"network.bytes\":37,\"network.direction\":\"inbound\","
     "\"line\":1,\"fwproof.assumed\":[]} traffic"},
    {"2026-04-11 08:05:57 ALLOW TCP 10.1.1.5 192.0.2.9 50002 443 0 - 0 0 0 - - - SEND 4242",
     "used "
     "{\"@timestamp\":\"2026-04-11T08:05:57Z\",\"event.kind\":\"event\",\"event.category\":"
     "\"network\",\"event.action\":\"ALLOW\",\"event.outcome\":\"success\",\"source.ip\":\"10.1.1."
     "5\",\"source.port\":50002,\"destination.ip\":\"192.0.2.9\",\"destination.port\":443,"
     "\"network.transport\":\"tcp\",\"network.bytes\":0,\"network.direction\":\"outbound\","
     "\"line\":1,\"fwproof.assumed\":[]} traffic"},
    {"2026-04-11 08:08:58 DROP ICMP 192.0.2.90 10.1.1.5 7 7 78 - - - - 8 0 - RECEIVE",
     "used "
     "{\"@timestamp\":\"2026-04-11T08:08:58Z\",\"event.kind\":\"event\",\"event.category\":"
     "\"network\",\"event.action\":\"DROP\",\"event.outcome\":\"failure\",\"source.ip\":\"192.0.2."
     "90\",\"destination.ip\":\"10.1.1.5\",\"network.transport\":\"icmp\",\"fwproof.icmp.type\":8,"
     "\"fwproof.icmp.code\":0,\"network.bytes\":78,\"network.direction\":\"inbound\",\"line\":1,"
     "\"fwproof.assumed\":[]} traffic"},
    {"2026-04-11 08:08:59 OPEN TCP fe80::1 fe80::2 1606 445 - - - - - - - - -",
     "used "
     "{\"@timestamp\":\"2026-04-11T08:08:59Z\",\"event.kind\":\"event\",\"event.category\":"
     "\"network\",\"event.action\":\"OPEN\",\"event.outcome\":\"success\",\"source.ip\":\"fe80::"
     "1\",\"source.port\":1606,\"destination.ip\":\"fe80::2\",\"destination.port\":445,\"network."
     "transport\":\"tcp\",\"line\":1,\"fwproof.assumed\":[]} traffic"},
    {"2026-04-11 08:52:26 INFO-EVENTS-LOST - - - - - - - - - - - - 59 -",
     "ignored INFO-EVENTS-LOST"},
    {"2026-04-11 08:52:26 DROP TCP 192.0.2.90 10.1.1.5 1 2", "bad"},
    {"2026-04-11 08:52:26 DROP TCP 192.0.2.90 10.1.1.5 1 99999 40 - - - - - - - RECEIVE", "bad"},
    {"2026-04-11 08:52:26 host program: text", "none"},
};

START_TEST(lines)
{
    test_parse_cases(&fw_parser_windows_log, cases, sizeof(cases) / sizeof(cases[0]));
}
END_TEST

START_TEST(bids)
{
    test_parse_bids(&fw_parser_windows_log, cases, sizeof(cases) / sizeof(cases[0]));
}
END_TEST

/* Cut and changed lines: never read out of bounds, never anything but a verdict. */
START_TEST(mangled)
{
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        test_parse_mangled(&fw_parser_windows_log, cases[i].line);
    }
}
END_TEST

Suite *fw_suite_windows_log(void)
{
    Suite *suite = suite_create("windows_log");
    TCase *tc = tcase_create("lines");
    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, lines);
    tcase_add_test(tc, bids);
    tcase_add_test(tc, mangled);
    suite_add_tcase(suite, tc);
    return suite;
}
