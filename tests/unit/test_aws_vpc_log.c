/* AWS VPC flow lines and the events they become. */
#include "parsers/logloss.h"
#include "parsers/parser.h"
#include "tests/unit/logparse.h"
#include "tests/unit/suites.h"

extern const struct fw_parser fw_parser_aws_vpc_log;

static const struct parse_case cases[] = {
    {"2 123456789010 eni-1235b8ca123456789 172.31.16.139 192.0.2.21 20641 22 6 20 4249 1772418010 "
     "1772418070 ACCEPT OK",
     "used "
     "{\"@timestamp\":\"2026-03-02T02:21:10Z\",\"event.start\":\"2026-03-02T02:20:10Z\",\"event."
     "end\":\"2026-03-02T02:21:10Z\",\"event.kind\":\"event\",\"event.category\":\"network\","
     "\"event.action\":\"ACCEPT\",\"event.outcome\":\"success\",\"source.ip\":\"172.31.16.139\","
     "\"source.port\":20641,\"destination.ip\":\"192.0.2.21\",\"destination.port\":22,\"network."
     "transport\":\"tcp\",\"network.bytes\":4249,\"observer.ingress.interface.name\":\"eni-"
     "1235b8ca123456789\",\"line\":1,\"fwproof.assumed\":[]} traffic"},
    {"2 123456789010 eni-1235b8ca123456789 2001:db8::1 2001:db8::2 0 0 58 1 64 1772418010 "
     "1772418070 REJECT OK",
     "used "
     "{\"@timestamp\":\"2026-03-02T02:21:10Z\",\"event.start\":\"2026-03-02T02:20:10Z\",\"event."
     "end\":\"2026-03-02T02:21:10Z\",\"event.kind\":\"event\",\"event.category\":\"network\","
     "\"event.action\":\"REJECT\",\"event.outcome\":\"failure\",\"source.ip\":\"2001:db8::1\","
     "\"destination.ip\":\"2001:db8::2\",\"network.transport\":\"ipv6-icmp\",\"network.bytes\":64,"
     "\"observer.ingress.interface.name\":\"eni-1235b8ca123456789\",\"line\":1,\"fwproof.assumed\":"
     "[]} traffic"},
    {"<13>Mar  2 10:20:30 collector 2 123456789010 eni-1235b8ca123456789 172.31.16.139 192.0.2.21 "
     "0 0 47 2 42 1772418010 1772418070 REJECT OK",
     "used "
     "{\"@timestamp\":\"2026-03-02T02:21:10Z\",\"event.start\":\"2026-03-02T02:20:10Z\",\"event."
     "end\":\"2026-03-02T02:21:10Z\",\"event.kind\":\"event\",\"event.category\":\"network\","
     "\"event.action\":\"REJECT\",\"event.outcome\":\"failure\",\"source.ip\":\"172.31.16.139\","
     "\"destination.ip\":\"192.0.2.21\",\"network.transport\":\"gre\",\"network.bytes\":42,"
     "\"observer.ingress.interface.name\":\"eni-1235b8ca123456789\",\"line\":1,\"fwproof.assumed\":"
     "[]} traffic"},
    {"2 123456789010 eni-1235b8ca123456789 - - - - - - - 1772418010 1772418070 - NODATA",
     "ignored NODATA"},
    {"version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start "
     "end action log-status",
     "ignored header"},
    {"3 vpc-abcdefab012345678 subnet-aaaaaaaa012345678 i-01234567890123456 eni-1235b8ca123456789 "
     "123456789010 IPv4 52.213.180.42 10.0.0.62 43416 5001 OK",
     "unsupported"},
    {"2 123456789010 eni-1235b8ca123456789 172.31.16.139 192.0.2.21 20641 22 6 20 4249 1772418010 "
     "1772418070 ACCEPT",
     "bad"},
    {"2 123456789010 eni-1235b8ca123456789 172.31.16 192.0.2.21 20641 22 6 20 4249 1772418010 "
     "1772418070 ACCEPT OK",
     "bad"},
    {"2 words and no interface of theirs here at all", "none"},
};

START_TEST(lines)
{
    test_parse_cases(&fw_parser_aws_vpc_log, cases, sizeof(cases) / sizeof(cases[0]));
}
END_TEST

START_TEST(bids)
{
    test_parse_bids(&fw_parser_aws_vpc_log, cases, sizeof(cases) / sizeof(cases[0]));
}
END_TEST

/* A line stands for all packets of its flow; one says that records were lost. */
START_TEST(packets)
{
    struct fw_event ev = {0};
    struct fw_logline lost = {
        .parser = &fw_parser_aws_vpc_log,
        .verdict = FW_LINE_IGNORED,
        .envelope.message = FW_SV("2 123456789010 eni-1235b8ca123456789 - - - - - - - "
                                  "1772418010 1772418070 - SKIPDATA")};
    struct fw_logline windows = lost;
    uint64_t n = 0;
    ck_assert_int_eq(
        fw_parser_aws_vpc_log.event(
            NULL,
            FW_SV("2 123456789010 eni-1235b8ca123456789 172.31.16.139 192.0.2.21 20641 22 6 "
                  "20 4249 1772418010 1772418070 ACCEPT OK"),
            NULL, &ev),
        FW_LINE_USED);
    ck_assert_uint_eq(ev.hits, 20);
    ck_assert_int_eq(fw_logloss_read(&lost, &n), FW_LOGLOSS_LOST);
    ck_assert_uint_eq(n, 1);
    windows.envelope.message = FW_SV("2005-04-11 08:05:57 INFO-EVENTS-LOST - - - - - - - - - - - - "
                                     "5 -");
    ck_assert_int_eq(fw_logloss_read(&windows, &n), FW_LOGLOSS_LOST);
    ck_assert_uint_eq(n, 5);
}
END_TEST

/* Cut and changed lines: never read out of bounds, never anything but a verdict. */
START_TEST(mangled)
{
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        test_parse_mangled(&fw_parser_aws_vpc_log, cases[i].line);
    }
}
END_TEST

Suite *fw_suite_aws_vpc_log(void)
{
    Suite *suite = suite_create("aws_vpc_log");
    TCase *tc = tcase_create("lines");
    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, lines);
    tcase_add_test(tc, packets);
    tcase_add_test(tc, bids);
    tcase_add_test(tc, mangled);
    suite_add_tcase(suite, tc);
    return suite;
}
