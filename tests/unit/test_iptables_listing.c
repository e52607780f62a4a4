/* Tests of `iptables -L` output as rules. */
#include <stdio.h>

#include "tests/unit/rulejson.h"
#include "tests/unit/rulesetparse.h"
#include "tests/unit/suites.h"

extern const struct fw_parser fw_parser_iptables_listing;

#define COLUMNS " pkts bytes target     prot opt in     out     source               destination\n"
#define ROW(target, proto, rest) \
    "    7   420 " target " " proto " --  *  *  0.0.0.0/0 0.0.0.0/0 " rest
#define HIT "\"comment\":\"\",\"hits\":7,\"exact\":true,\"unmodelled\":[]}"
#define HIT_WIDE(words) "\"comment\":\"\",\"hits\":7,\"exact\":false,\"unmodelled\":[" words "]}"

static const struct rule_frame frame = {
    &fw_parser_iptables_listing,
    "Chain FORWARD (policy DROP 3K packets, 9M bytes)\n" COLUMNS,
    "\n\nChain USER (1 references)\n" COLUMNS,
    "FORWARD",
    "6/5/1/0/0",
};

START_TEST(test_matches)
{
    static const struct rule_case cases[] = {
        {ROW("ACCEPT", "all", ""), "permit " ANY ALL HIT},
        {ROW("ACCEPT", "0", ""), "permit " ANY ALL HIT},
        {ROW("         ", "tcp", ""), "continue " ANY SVC("tcp", "any", "any", "") HIT},
        {ROW("DROP", "!6", ""), "deny " ANY SVC("0-5,7-255", "any", "any", "") HIT},
        {"    7   420 DROP all -f lo !eth+ !192.0.2.0/25 203.0.113.9",
         "deny \"in\":\"lo\",\"out\":\"!eth+\",\"source\":[\"0.0.0.0-192.0.1.255\",\"192.0.2.128-"
         "255.255.255.255\"],\"destination\":[\"203.0.113.9\"]," ALL HIT_WIDE("\"fragment\"")},
        {"    7   420 DROP all -- any any localhost !loopback/8",
         "deny \"in\":\"any\",\"out\":\"any\",\"source\":\"any\",\"destination\":"
         "[\"0.0.0.0-126.255.255.255\",\"128.0.0.0/1\"]," ALL HIT_WIDE("\"source localhost\"")},
        {ROW("ACCEPT", "tcp", "tcp spts:1024:65535 dpt:!https"),
         "permit " ANY SVC("tcp", "1024-65535", "0-442,444-65535", "") HIT},
        {ROW("ACCEPT", "udp", "multiport dports  !53,67:68"),
         "permit " ANY SVC("udp", "any", "0-52,54-66,69-65535", "") HIT},
        {ROW("ACCEPT", "icmp", "icmptype 3 code 4"),
         "permit " ANY SVC("icmp", "any", "any", ",\"icmp\":\"3/4\"") HIT},
        {ROW("ACCEPT", "icmp", "icmp echo-request"),
         "permit " ANY SVC("icmp", "any", "any", ",\"icmp\":\"8\"") HIT},
        {ROW("ACCEPT", "all", "! ctstate NEW"),
         "permit " ANY SVC("any", "any", "any",
                           ",\"state\":\"established,related,invalid,untracked\"") HIT},
        {ROW("ACCEPT", "all", "state NEW"),
         "permit " ANY SVC("any", "any", "any", ",\"state\":\"new\"") HIT},
        {ROW("ACCEPT", "all", "limit: avg 3/min burst 5"),
         "permit " ANY ALL HIT_WIDE("\"limit --limit 3/min --limit-burst 5\"")},
        {ROW("ACCEPT", "all", "destination IP range ! 192.0.2.3-192.0.2.4"),
         "permit \"in\":\"any\",\"out\":\"any\",\"source\":\"any\",\"destination\":[\"0.0.0.0-"
         "192.0.2.2\",\"192.0.2.5-255.255.255.255\"]," ALL HIT},
        {ROW("USER", "all", "/* [goto] */"),
         "jump " ANY ALL "\"comment\":\"[goto]\",\"hits\":7,\"exact\":true,\"unmodelled\":[]}"},
        {ROW("DROP", "all", "/* see iptables -L */"),
         "deny " ANY ALL "\"comment\":\"see iptables -L\",\"hits\":7,\"exact\":true,"
         "\"unmodelled\":[]}"},
        {ROW("USER", "all", "[goto] /* why */"),
         "goto " ANY ALL "\"comment\":\"why\",\"hits\":7,\"exact\":true,\"unmodelled\":[]}"},
        {ROW("TTL", "all", "TTL match TTL < 5 TTL set to 3"),
         "continue " ANY ALL HIT_WIDE("\"TTL match TTL < 5\"")},
        /* A string holds no conditions, and negation ends with the match. */
        {ROW("DROP", "all", "STRING match  \"ctstate NEW\" ALGO name bm"),
         "deny " ANY ALL HIT_WIDE("\"STRING match  \\\"ctstate NEW\\\" ALGO name bm\"")},
        {ROW("DROP", "all", "! owner UID match 0 length 0:9"),
         "deny " ANY ALL HIT_WIDE("\"length 0:9\",\"owner UID match 0\"")},
        /* Whoever writes a comment must not add conditions to a rule. */
        {ROW("DROP", "all", "/* a */ ctstate NEW */"),
         "deny " ANY ALL "\"comment\":\"a */ ctstate NEW\",\"hits\":7,\"exact\":false,"
         "\"unmodelled\":[\"comment that ends twice\"]}"},
    };
    check_rules(&frame, cases, sizeof(cases) / sizeof(cases[0]));
}
END_TEST

START_TEST(test_unread)
{
    static const struct rule_frame unsupported = {&fw_parser_iptables_listing,
                                                  "Chain FORWARD (policy DROP)\n" COLUMNS, "",
                                                  "FORWARD", "/1/0"};
    static const struct rule_case unknown[] = {
        {ROW("ACCEPT", "all", "wonder 7 ctstate NEW"),
         "permit " ANY SVC("any", "any", "any", ",\"state\":\"new\"") HIT_WIDE("\"wonder 7\"")},
    };
    static const struct rule_frame bad = {&fw_parser_iptables_listing,
                                          "Chain FORWARD (policy DROP)\n" COLUMNS, "", "FORWARD",
                                          "/0/1"};
    static const struct rule_case cut[] = {
        {"    7   420 ACCEPT all", "unknown " ANY ALL WIDE("\"row is not understood\"")},
    };
    check_rules(&unsupported, unknown, 1);
    check_rules(&bad, cut, 1);
}
END_TEST

/* Without -v nobody sees which interfaces a rule asks for: it is proven to match nothing. */
START_TEST(test_short)
{
    static const char text[] = "Chain INPUT (policy DROP)\n"
                               "num  target     prot opt source               destination\n"
                               "1    ACCEPT     all  --  anywhere             anywhere\n"
                               "3    DROP       all  --  anywhere             anywhere\n";
    struct parsed parsed;
    struct fw_trace trace;
    parsed_init(&parsed, &fw_parser_iptables_listing, text);
    ck_assert_str_eq(parsed_rule(&parsed, "INPUT", 1),
                     "permit " ANY ALL WIDE("\"interfaces not listed\""));
    ck_assert_str_eq(parsed_rule(&parsed, "INPUT", 2),
                     "unknown " ANY ALL WIDE("\"row is missing\""));
    ck_assert_uint_eq(parsed_policy(&parsed, "INPUT")->n, 3);
    ck_assert_str_eq(parsed_counts(&parsed), "4/3/0/1/0");
    ck_assert_int_eq(
        parsed_trace(&parsed, "tcp 192.0.2.1:1024 -> 192.0.2.9:443 hook=input", &trace),
        FW_VERDICT_MAY);
    parsed_clear(&parsed);
}
END_TEST

/* Which table a listing is of: by its command, or by the hooks that it has. */
START_TEST(test_tables)
{
    static const char text[] = "Chain INPUT (policy ACCEPT 5 packets, 2K bytes)\n" COLUMNS "\n"
                               "Chain OUTPUT (policy ACCEPT 5 packets, 2K bytes)\n" COLUMNS
                               "Chain PREROUTING (policy ACCEPT 0 packets, 0 bytes)\n" COLUMNS
                               "Chain POSTROUTING (policy ACCEPT 0 packets, 0 bytes)\n" COLUMNS
                               "Chain PREROUTING (policy ACCEPT 0 packets, 0 bytes)\n" COLUMNS
                               "Chain FORWARD (policy ACCEPT 0 packets, 0 bytes)\n" COLUMNS
                               "# ip6tables -t raw -L -v\n"
                               "Chain PREROUTING (policy ACCEPT 0 packets, 0 bytes)\n" COLUMNS;
    static const char *const names[] = {
        "INPUT",          "OUTPUT",        "nat/PREROUTING", "nat/POSTROUTING", "mangle/PREROUTING",
        "mangle/FORWARD", "raw/PREROUTING"};
    struct parsed parsed;
    parsed_init(&parsed, &fw_parser_iptables_listing, text);
    ck_assert_uint_eq(parsed.ruleset.npolicies, 7);
    for (size_t i = 0; i < 7; i++) {
        ck_assert_msg(fw_sv_is(parsed.ruleset.policies[i]->name, names[i]), "%zu: %.*s", i,
                      FW_SV_ARG(parsed.ruleset.policies[i]->name));
    }
    ck_assert_uint_eq(parsed.ruleset.policies[0]->fallback_hits.bytes, 2000);
    ck_assert_uint_eq(parsed.ruleset.policies[0]->families, FW_FAMILY_BIT4);
    ck_assert_uint_eq(parsed.ruleset.policies[6]->families, FW_FAMILY_BIT6);
    parsed_clear(&parsed);
}
END_TEST

START_TEST(test_mangled)
{
    parsed_mangled(
        &fw_parser_iptables_listing,
        "Chain FORWARD (policy DROP 3K packets, 9M bytes)\n" COLUMNS ROW(
            "LOG", "tcp", "tcp dpt:22 flags:0x17/0x02 LOG flags 0 level 4 prefix \"a\"\n")
            ROW("DNAT", "tcp", "match-set a src to:192.0.2.1:80\n") "\n");
}
END_TEST

Suite *fw_suite_iptables_listing(void)
{
    Suite *suite = suite_create("iptables_listing");
    TCase *tc = tcase_create("iptables_listing");
    tcase_add_test(tc, test_matches);
    tcase_add_test(tc, test_unread);
    tcase_add_test(tc, test_short);
    tcase_add_test(tc, test_tables);
    tcase_add_test(tc, test_mangled);
    suite_add_tcase(suite, tc);
    return suite;
}
