/* Tests of rules of IPFilter: conditions, the last match, groups, skipped rules, translation. */
#include <stdio.h>

#include "core/limits.h"
#include "tests/unit/rulejson.h"
#include "tests/unit/rulesetparse.h"
#include "tests/unit/suites.h"

extern const struct fw_parser fw_parser_ipfilter;

#define ON(name) "\"in\":\"" name "\",\"out\":\"any\","
#define FROM(addresses) IFS "\"source\":" addresses ",\"destination\":\"any\","
#define TO(addresses) IFS "\"source\":\"any\",\"destination\":" addresses ","
#define PORTS(text) SVC("tcp,udp", "any", text, "")

START_TEST(test_conditions)
{
    static const struct rule_frame frame = {&fw_parser_ipfilter, "", "\n", "in", "1/1/0/0/0"};
    static const struct rule_case cases[] = {
        {"pass in all", "permit " ANY ALL TAIL},
        {"block in log first level local0.info quick on le0 all", "deny " ON("le0") ADDRS ALL TAIL},
        {"block return-rst in all", "reject " ANY ALL TAIL},
        {"block return-icmp(port-unr) in all", "reject " ANY ALL TAIL},
        {"block return-icmp-as-dest (0) in all", "reject " ANY ALL TAIL},
        {"block in on !le0 all", "deny " ON("!le0") ADDRS ALL TAIL},
        {"log body in all", "continue " ANY ALL TAIL},
        {"count in from any to any", "continue " ANY ALL TAIL},
        {"auth in all", "unknown " ANY ALL WIDE("\"auth\"")},
        {"pass in from 192.0.2.9/30 to any", "permit " FROM("[\"192.0.2.8/30\"]") ALL TAIL},
        {"pass in from ! 128.0.0.0/1 to any", "permit " FROM("[\"0.0.0.0/1\",\"::/0\"]") ALL TAIL},
        {"pass in from any to 192.0.2.0 mask 255.255.255.0",
         "permit " TO("[\"192.0.2.0/24\"]") ALL TAIL},
        {"pass in from any to 192.0.2.0/0xffffff00", "permit " TO("[\"192.0.2.0/24\"]") ALL TAIL},
        {"pass in from 0/0 to 2001:db8::/32",
         "permit " IFS "\"source\":[\"0.0.0.0/0\"],\"destination\":[\"2001:db8::/32\"]," ALL TAIL},
        {"pass in from 10/8 to any", "permit " ANY ALL WIDE("\"source host 10/8\"")},
        {"pass in from pool/1 to le0/32",
         "permit " ANY ALL WIDE("\"destination host le0/32\",\"source addresses of pool/1\"")},
        {"pass in from (le0)/32 to any", "permit " ANY ALL WIDE("\"source address of le0\"")},
        {"pass in family inet6 all", "permit " FROM("[\"::/0\"]") ALL TAIL},
        {"pass in proto tcp/udp from any port = 53 to any",
         "permit " ANY SVC("tcp,udp", "53", "any", "") TAIL},
        {"pass in proto 50 all", "permit " ANY SVC("esp", "any", "any", "") TAIL},
        /* What has ports is TCP or UDP. */
        {"pass in from any to any port = 22", "permit " ANY PORTS("22") TAIL},
        {"pass in from any to any port ne 22", "permit " ANY PORTS("0-21,23-65535") TAIL},
        {"pass in from any to any port le 22", "permit " ANY PORTS("0-22") TAIL},
        {"pass in from any to any port 10 >< 20", "permit " ANY PORTS("11-19") TAIL},
        {"pass in from any to any port 10 <> 20", "permit " ANY PORTS("0-9,21-65535") TAIL},
        {"pass in from any to any port 10:20", "permit " ANY PORTS("10-20") TAIL},
        /* The other flags of the six are looked at, ECN and CWR are not. */
        {"pass in proto tcp from any to any flags S keep state",
         "permit " ANY SVC("tcp", "any", "any", ",\"tcp_flags\":\"2,66,130,194\"") TAIL},
        {"pass in proto tcp all flags S/FSRPAUEC",
         "permit " ANY SVC("tcp", "any", "any", ",\"tcp_flags\":\"2\"") TAIL},
        {"pass in proto icmp all icmp-type unreach code port-unr",
         "permit " ANY SVC("icmp", "any", "any", ",\"icmp\":\"3/3\"") TAIL},
        {"pass in all icmp-type echo",
         "permit " ANY SVC("icmp", "any", "any", ",\"icmp\":\"8\"") TAIL},
        {"pass in all with short and not opt lsrr,ssrr",
         "permit " ANY ALL WIDE("\"with opt lsrr , ssrr\",\"with short\"")},
        {"pass in all with no frag ipopts",
         "permit " ANY ALL WIDE("\"with frag\",\"with ipopts\"")},
        {"pass in tos 16 all", "permit " ANY ALL WIDE("\"tos 16\"")},
        {"pass in all keep state (limit 5, age 3/1)",
         "permit " ANY ALL WIDE("\"state limit limit\"")},
        {"pass in on le0 dup-to le1:192.0.2.1 to le2:192.0.2.2 all",
         "permit " ON("le0") ADDRS ALL TAIL},
        {"block in to le2 all", "unknown " ANY ALL WIDE("\"to le2\"")},
        {"pass in all comment \"tag x\" set-tag(log=3)",
         "permit " ANY ALL "\"comment\":\"tag x\",\"hits\":null,\"exact\":true,\"unmodelled\":[]}"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct rule_frame at = frame;
        struct parsed parsed;
        char text[512];
        snprintf(text, sizeof(text), "%s\n", cases[i].rule);
        parsed_init(&parsed, at.parser, text);
        const struct fw_policy *in = parsed_policy(&parsed, "in");
        ck_assert_str_eq(parsed_rule(&parsed, "in", in->n), cases[i].json);
        ck_assert_str_eq(parsed_counts(&parsed), at.counts);
        parsed_clear(&parsed);
    }
}
END_TEST

struct verdict_case {
    const char *packet;
    enum fw_verdict verdict;
};

static void check_verdicts(const char *text, const struct verdict_case *cases, size_t n)
{
    struct parsed parsed;
    parsed_init(&parsed, &fw_parser_ipfilter, text);
    for (size_t i = 0; i < n; i++) {
        char packet[200];
        struct fw_trace trace;
        snprintf(packet, sizeof(packet), "%s out=le9 state=new flags=syn hook=forward",
                 cases[i].packet);
        ck_assert_msg(parsed_trace(&parsed, packet, &trace) == cases[i].verdict, "%s: %s: %d", text,
                      packet, trace.verdict);
    }
    parsed_clear(&parsed);
}

#define SAY(text, cases) check_verdicts(text, cases, sizeof(cases) / sizeof((cases)[0]))
#define FLOW(source, port, in) "tcp " source ":1024 -> 203.0.113.1:" port " in=" in

/* The last one decides; a quick one ends the search; nothing at all passes. */
START_TEST(test_last)
{
    static const struct verdict_case cases[] = {
        {FLOW("192.0.2.5", "22", "le0"), FW_VERDICT_PERMIT},
        {FLOW("192.0.2.5", "23", "le0"), FW_VERDICT_DENY},
        {FLOW("192.0.2.5", "80", "le0"), FW_VERDICT_DENY},
        {FLOW("192.0.2.5", "23", "le1"), FW_VERDICT_PERMIT},
        {FLOW("192.0.2.66", "22", "le0"), FW_VERDICT_DENY},
    };
    SAY("block in on le0 all\npass in on le0 proto tcp from any to any port = 22\n"
        "block in quick on le0 proto tcp from any to any port = 80\n"
        "pass in on le0 proto tcp from any to any port = 80\n"
        "@1 block in quick from 192.0.2.66 to any\nlog in all\n",
        cases);
}
END_TEST

/* A head whose group says nothing decides itself; a quick one is not when a rule of its group that
 * is not has matched: then the search goes on behind it. */
START_TEST(test_groups)
{
    static const struct verdict_case plain[] = {
        {FLOW("192.0.2.5", "22", "le0"), FW_VERDICT_PERMIT},
        {FLOW("192.0.2.5", "23", "le0"), FW_VERDICT_DENY},
        {FLOW("192.0.2.5", "22", "le1"), FW_VERDICT_PERMIT},
        {FLOW("192.0.2.6", "22", "le0"), FW_VERDICT_DENY},
    };
    SAY("block in on le0 all head 100\n"
        "pass in quick from 192.0.2.5 to any head 200 group 100\n"
        "block in quick proto tcp from any to any port = 23 group 200\n",
        plain);
    static const struct verdict_case quick[] = {
        {FLOW("192.0.2.5", "22", "le0"), FW_VERDICT_DENY},
        {FLOW("192.0.2.5", "23", "le0"), FW_VERDICT_PERMIT},
        {FLOW("192.0.2.5", "24", "le0"), FW_VERDICT_PERMIT},
        {FLOW("192.0.2.5", "24", "le1"), FW_VERDICT_DENY},
    };
    SAY("pass in quick on le0 all head x\npass in proto tcp from any to any port = 22 group x\n"
        "pass in quick proto tcp from any to any port = 23 group x\nblock in all\n",
        quick);
    /* Of no use to packets of the other way; a group without a head is asked by nobody. */
    struct parsed parsed;
    parsed_init(&parsed, &fw_parser_ipfilter,
                "block in all head 1\npass out all group 1\npass in all group 2\n");
    ck_assert_uint_eq(parsed_policy(&parsed, "in")->n, 1);
    ck_assert_uint_eq(parsed_policy(&parsed, "out")->n, 0);
    ck_assert_int_eq(parsed_policy(&parsed, "group 1 out")->hook, FW_HOOK_NONE);
    ck_assert_uint_eq(parsed_policy(&parsed, "group 2 in")->n, 1);
    ck_assert_str_eq(parsed_counts(&parsed), "3/3/0/0/0");
    parsed_clear(&parsed);
}
END_TEST

START_TEST(test_skip)
{
    static const struct verdict_case cases[] = {
        {FLOW("192.0.2.1", "22", "le0"), FW_VERDICT_PERMIT}, /* past both */
        {FLOW("192.0.2.2", "22", "le0"), FW_VERDICT_DENY},   /* past one */
        {FLOW("192.0.2.2", "23", "le0"), FW_VERDICT_PERMIT},
        {FLOW("192.0.2.3", "22", "le0"), FW_VERDICT_DENY},
        {FLOW("192.0.2.3", "23", "le0"), FW_VERDICT_DENY},
        {FLOW("192.0.2.1", "22", "le1"), FW_VERDICT_DENY},
    };
    SAY("skip 3 in on le0 from 192.0.2.1 to any\ncount in all\n"
        "skip 1 in on le0 from 192.0.2.2 to any\n"
        "block in quick from any to any\n"
        "block in quick proto tcp from any to any port = 22\npass in all\n",
        cases);
    struct parsed parsed;
    parsed_init(&parsed, &fw_parser_ipfilter,
                "skip 1 in on le0 proto tcp from 192.0.2.1 to any port = 22\nblock in quick all\n");
    ck_assert(fw_rule_exact(&parsed_policy(&parsed, "in")->rules[0]));
    ck_assert_uint_eq(parsed_policy(&parsed, "in")->rules[0].match.n, 4);
    parsed_clear(&parsed);
    /* "Of others than these two, none": the rules that skip are skipped themselves. */
    static const struct verdict_case crossed[] = {
        {FLOW("192.0.2.1", "22", "le0"), FW_VERDICT_PERMIT},
        {FLOW("192.0.2.2", "22", "le0"), FW_VERDICT_PERMIT},
        {FLOW("192.0.2.3", "22", "le0"), FW_VERDICT_DENY},
    };
    static const char others[] =
        "block in all\nskip 2 in from 192.0.2.1 to any\nskip 1 in from 192.0.2.2 to any\n"
        "skip 2 in from any to any\npass in quick proto tcp from any to any port = 22\n"
        "pass in quick proto udp all\nblock in quick all\n";
    SAY(others, crossed);
    parsed_init(&parsed, &fw_parser_ipfilter, others);
    for (size_t i = 0; i < parsed_policy(&parsed, "in")->n; i++) {
        ck_assert(fw_rule_exact(&parsed_policy(&parsed, "in")->rules[i]));
    }
    parsed_clear(&parsed);
    /* How many a rule skips that others were put behind is not told. */
    parsed_init(&parsed, &fw_parser_ipfilter,
                "skip 1 in from 192.0.2.1 to any\nblock in quick all\n@1 pass in quick all\n");
    ck_assert(!fw_rule_exact(&parsed_policy(&parsed, "in")->rules[1]));
    parsed_clear(&parsed);
}
END_TEST

/* The longest mask comes first, in the order of the file within. */
START_TEST(test_translation)
{
    static const char text[] =
        "map le0 192.0.2.0/24 -> 0/32 portmap tcp/udp 10000:20000\n"
        "map le0 192.0.2.0/24 -> 0/32\n"
        "bimap le0 192.0.2.5/32 -> 198.51.100.5/32\n"
        "map le0 from 192.0.2.0/25 to any -> 0/0\n"
        "rdr le0 0/0 port 80-88 -> 192.0.2.80 port 8080 tcp\n"
        "rdr le0,le1 from ! 10.0.0.0/8 to 198.51.100.2/32 port = 443 -> 192.0.2.80,192.0.2.90\n";
    struct parsed parsed;
    parsed_init(&parsed, &fw_parser_ipfilter, text);
    const struct fw_policy *in = parsed_policy(&parsed, "nat/in");
    const struct fw_policy *out = parsed_policy(&parsed, "nat/out");
    ck_assert_uint_eq(in->n, 2);
    ck_assert_uint_eq(out->n, 4);
    ck_assert(out->rules[0].nat.both_ways && out->rules[0].nat.paired);
    ck_assert_int_eq(out->rules[1].action, FW_ACTION_PERMIT);
    ck_assert(out->rules[2].nat.own_address && out->rules[2].nat.port_lo == 10000);
    ck_assert_uint_eq(out->rules[2].span.line, 1);
    ck_assert_uint_eq(out->rules[3].span.line, 2);
    ck_assert_uint_eq(in->rules[0].span.line, 6);
    ck_assert_uint_eq(in->rules[0].nat.set->n, 2);
    ck_assert_uint_eq(in->rules[1].nat.port_lo, 8080);
    ck_assert_uint_eq(in->rules[1].nat.port_hi, 8088);
    ck_assert(fw_ip_eq(in->rules[1].nat.to.lo, fw_ip4(0xc0000250)));
    ck_assert_str_eq(parsed_counts(&parsed), "6/6/0/0/0");
    parsed_clear(&parsed);
}
END_TEST

/* What is not read stays in the list as a rule that may decide anything. */
START_TEST(test_unread)
{
    static const struct {
        const char *text, *counts, *policy;
    } cases[] = {
        {"nonsense\n", "1/0/0/0/1", "in"},
        {"pass on le0 all\n", "1/0/0/0/1", "out"},
        {"skip x in all\n", "1/0/0/0/1", "in"},
        {"@x pass in all\n", "1/0/0/0/1", "in"},
        {"pass in from any to 192.0.2.1 mask x\n", "1/0/0/0/1", "in"},
        {"pass in proto tcp all flags X\n", "1/0/0/0/1", "in"},
        {"pass in on $none all\n", "1/0/0/0/1", "in"},
        {"pass in wonder all\n", "1/0/0/1/0", "in"},
        {"pass in all with wonder\n", "1/0/0/1/0", "in"},
        {"pass in all head 1\nblock in all head 1 group 1\n", "2/1/0/0/1", "in"},
        {"map le0\n", "1/0/0/0/1", "nat/out"},
        {"rewrite in on le0 from any to any -> src 0/0 dst 192.0.2.1;\n", "1/0/0/1/0", "nat/in"},
        {"rdr le0 192.0.2.1 -> 192.0.2.2 wonder\n", "1/0/0/1/0", "nat/in"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct parsed parsed;
        parsed_init(&parsed, &fw_parser_ipfilter, cases[i].text);
        const struct fw_policy *policy = parsed_policy(&parsed, cases[i].policy);
        bool wide = false;
        for (size_t k = 0; k < policy->n; k++) {
            wide = wide || !fw_rule_exact(&policy->rules[k]);
        }
        ck_assert_msg(wide, "%s", cases[i].text);
        ck_assert_str_eq(parsed_counts(&parsed), cases[i].counts);
        parsed_clear(&parsed);
    }
    struct parsed parsed;
    parsed_init(&parsed, &fw_parser_ipfilter,
                "# x\n\nset state_max 1;\nset default_pass 1;\nif = \"le0\";\n"
                "pass in on $if\n    from any to any\npass out on $if \\\n all\n");
    ck_assert_str_eq(parsed_counts(&parsed), "9/5/3/1/0");
    ck_assert_int_eq(parsed_policy(&parsed, "in")->fallback, FW_ACTION_UNKNOWN);
    parsed_clear(&parsed);
}
END_TEST

/* Groups of groups must not grow without end, whoever heads them. */
START_TEST(test_bomb)
{
    static char text[1 << 16];
    size_t n = 0;
    for (int i = 0; i < 30; i++) {
        for (int k = 0; k < 2; k++) {
            n += (size_t)snprintf(text + n, sizeof(text) - n, "pass in all head %d group %d\n",
                                  i + 1, i);
        }
    }
    struct parsed parsed;
    parsed_init(&parsed, &fw_parser_ipfilter, text);
    ck_assert_uint_lt(parsed_policy(&parsed, "in")->n, 4 * FW_LIMIT_RULE_COPIES);
    ck_assert_uint_gt(fw_doc_counts(&parsed.doc).unsupported, 0);
    parsed_clear(&parsed);
    parsed_mangled(&fw_parser_ipfilter,
                   "x = \"le0\";\nskip 1 in on $x proto tcp from ! 10.0.0.1 to any port 1 >< 3\n"
                   "pass in quick on $x proto tcp from 10.0.0.1 mask 255.0.255.0 to pool/1 flags "
                   "S/SA keep state (limit 1) head 1\n@1 block in all with opt rr,ts group 1\n"
                   "rdr le0 0/0 port 80-88 -> 192.0.2.80 - 192.0.2.90 port 8080 tcp\n"
                   "map le0 ! from any to 1.2.3.4/8 -> 0/32 proxy port 21 ftp/tcp\n");
}
END_TEST

Suite *fw_suite_ipfilter(void)
{
    Suite *suite = suite_create("ipfilter");
    TCase *tcase = tcase_create("ipfilter");
    tcase_set_timeout(tcase, 120);
    tcase_add_test(tcase, test_conditions);
    tcase_add_test(tcase, test_last);
    tcase_add_test(tcase, test_groups);
    tcase_add_test(tcase, test_skip);
    tcase_add_test(tcase, test_translation);
    tcase_add_test(tcase, test_unread);
    tcase_add_test(tcase, test_bomb);
    suite_add_tcase(suite, tcase);
    return suite;
}
