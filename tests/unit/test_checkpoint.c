/* Tests of Check Point's layers: rules as JSON, objects, inline layers, what an answer leaves out.
 */
#include <stdio.h>
#include <string.h>

#include "core/limits.h"
#include "tests/unit/rulejson.h"
#include "tests/unit/rulesetparse.h"
#include "tests/unit/suites.h"

extern const struct fw_parser fw_parser_checkpoint;

#define OBJECTS \
    "{\"uid\":\"any\",\"name\":\"n-any\",\"type\":\"CpmiAnyObject\"},\n" \
    "{\"uid\":\"h\",\"name\":\"n-h\",\"type\":\"host\",\"ipv4-address\":\"10.0.0.1\"" \
    ",\"ipv6-address\":\"\"},\n" \
    "{\"uid\":\"net\",\"name\":\"n-net\",\"type\":\"network\",\"subnet4\":\"10.0.0.0\"" \
    ",\"mask-length4\":30},\n" \
    "{\"uid\":\"edges\",\"name\":\"n-edges\",\"type\":\"network\"" \
    ",\"subnet4\":\"10.0.0.0\",\"mask-length4\":29,\"broadcast\":\"disallow\"},\n" \
    "{\"uid\":\"range\",\"name\":\"n-range\",\"type\":\"address-range\"" \
    ",\"ipv4-address-first\":\"10.1.0.1\",\"ipv4-address-last\":\"10.1.0.9\"},\n" \
    "{\"uid\":\"wild\",\"name\":\"n-wild\",\"type\":\"wildcard\"" \
    ",\"ipv4-address\":\"10.2.0.1\",\"ipv4-mask-wildcard\":\"0.0.0.2\"},\n" \
    "{\"uid\":\"grp\",\"name\":\"n-grp\",\"type\":\"group\",\"members\":[\"h\",\"range\"]},\n" \
    "{\"uid\":\"but\",\"name\":\"n-but\",\"type\":\"group-with-exclusion\"" \
    ",\"include\":\"net\",\"except\":\"h\"},\n" \
    "{\"uid\":\"short\",\"name\":\"n-short\",\"type\":\"group\"},\n" \
    "{\"uid\":\"gw\",\"name\":\"n-gw\",\"type\":\"simple-gateway\"" \
    ",\"ipv4-address\":\"203.0.113.1\",\"anything\":1},\n" \
    "{\"uid\":\"dom\",\"name\":\"n-dom\",\"type\":\"dns-domain\"},\n" \
    "{\"uid\":\"tcp\",\"name\":\"n-tcp\",\"type\":\"service-tcp\"" \
    ",\"port\":\"80,443,>65000\"},\n" \
    "{\"uid\":\"udp\",\"name\":\"n-udp\",\"type\":\"service-udp\"" \
    ",\"port\":\"1000-1010\",\"source-port\":\"<1024\"},\n" \
    "{\"uid\":\"icmp\",\"name\":\"n-icmp\",\"type\":\"service-icmp\"" \
    ",\"icmp-type\":3,\"icmp-code\":4},\n" \
    "{\"uid\":\"num\",\"name\":\"n-num\",\"type\":\"service-other\",\"ip-protocol\":47},\n" \
    "{\"uid\":\"insp\",\"name\":\"n-insp\",\"type\":\"service-other\"" \
    ",\"ip-protocol\":6,\"match\":\"dport=1\"},\n" \
    "{\"uid\":\"sgrp\",\"name\":\"n-sgrp\",\"type\":\"service-group\"" \
    ",\"members\":[\"tcp\",\"num\"]},\n" \
    "{\"uid\":\"app\",\"name\":\"n-app\",\"type\":\"application-site\"},\n" \
    "{\"uid\":\"acc\",\"name\":\"Accept\",\"type\":\"RulebaseAction\"},\n" \
    "{\"uid\":\"drp\",\"name\":\"Drop\",\"type\":\"RulebaseAction\"},\n" \
    "{\"uid\":\"ask\",\"name\":\"Ask\",\"type\":\"RulebaseAction\"},\n" \
    "{\"uid\":\"hours\",\"name\":\"hours\",\"type\":\"time\"}"

#define HEAD "{\"uid\":\"l\",\"name\":\"Network\",\"rulebase\":[\n"
#define END "\n],\"objects-dictionary\":[\n" OBJECTS "],\"from\":1,\"to\":1,\"total\":1}"
#define RULE(source, destination, service, action, more) \
    "{\"uid\":\"r\",\"type\":\"access-rule\",\"rule-number\":1,\"source\":[" source \
    "],\"destination\":[" destination "],\"service\":[" service "],\"action\":\"" action \
    "\",\"enabled\":true" more "}"
#define ANYONE "\"any\""

START_TEST(test_rules)
{
    static const struct rule_frame frame = {&fw_parser_checkpoint, HEAD, END, "Network", "/0/0"};
    static const struct rule_case cases[] = {
        {RULE(ANYONE, ANYONE, ANYONE, "acc", ""), "permit " ANY ALL TAIL},
        {RULE("\"grp\"", "\"net\",\"wild\"", "\"sgrp\"", "drp", ""),
         "deny " IFS "\"source\":[\"10.0.0.1\",\"10.1.0.1-10.1.0.9\"],\"destination\":["
         "\"10.0.0.0/30\",\"10.2.0.1\",\"10.2.0.3\"],\"service\":[{\"protocol\":\"tcp\","
         "\"source_port\":\"any\",\"destination_port\":\"80,443,65001-65535\"},{\"protocol\":"
         "\"gre\",\"source_port\":\"any\",\"destination_port\":\"any\"}]," TAIL},
        {RULE("\"net\"", "\"h\"", "\"udp\"", "acc", ",\"source-negate\":true"),
         "permit " IFS "\"source\":[\"0.0.0.0-9.255.255.255\",\"10.0.0.4-255.255.255.255\",\"::/0\""
         "],\"destination\":[\"10.0.0.1\"]," SVC("udp", "0-1023", "1000-1010", "") TAIL},
        {RULE("\"but\"", ANYONE, "\"icmp\"", "acc", ""),
         "permit " IFS "\"source\":[\"10.0.0.0\",\"10.0.0.2/31\"],\"destination\":\"any\"," SVC(
             "icmp", "any", "any", ",\"icmp\":\"3/4\"") TAIL},
        {RULE("\"short\",\"dom\",\"none\"", ANYONE, "\"app\"", "acc", ""),
         "permit " ANY ALL WIDE("\"object n-app\",\"source group n-short\",\"source object "
                                "n-dom\",\"source not in the file none\"")},
        {RULE(ANYONE, ANYONE, "\"insp\"", "acc", ""),
         "permit " ANY SVC("tcp", "any", "any", "") WIDE("\"service n-insp\"")},
        {RULE(ANYONE, ANYONE, ANYONE, "ask", ""), "unknown " ANY ALL WIDE("")},
        {RULE(ANYONE, ANYONE, ANYONE, "acc",
              ",\"time\":[\"hours\"],\"vpn\":[\"any\"],\"content\":[\"any\"],\"install-on\":["
              "\"gw\"]"),
         "permit " ANY ALL WIDE("\"install-on n-gw\",\"time hours\"")},
        {RULE(ANYONE, ANYONE, ANYONE, "acc",
              ",\"content\":[\"files\"],\"content-negate\":true,\"vpn\":\"site\""),
         "permit " ANY ALL WIDE("\"content files\",\"vpn site\"")},
        {RULE(ANYONE, ANYONE, ANYONE, "acc",
              ",\"content\":[\"files\"],\"content-direction\":\"up\",\"vpn\":[{\"from\":\"a\","
              "\"to\":\"b\"}]"),
         "permit " ANY ALL WIDE("\"content up files\",\"vpn directional\"")},
        /* Two that negate different things are not alike. */
        {RULE(ANYONE, ANYONE, "\"app\"", "acc", ",\"service-negate\":true"),
         "permit " ANY ALL WIDE("\"object n-app\"")},
        {RULE("\"edges\"", ANYONE, ANYONE, "acc", ""),
         "permit " ANY ALL WIDE("\"source edges of n-edges\"")},
        {RULE("{\"uid\":\"x\",\"name\":\"x\",\"type\":\"host\",\"ipv4-address\":\"192.0.2.1\"}",
              ANYONE, ANYONE, "acc", ""),
         "permit " IFS "\"source\":[\"192.0.2.1\"],\"destination\":\"any\"," ALL TAIL},
    };
    check_rules(&frame, cases, sizeof(cases) / sizeof(cases[0]));
    static const struct rule_frame odd = {&fw_parser_checkpoint, HEAD, END, "Network", "/1/0"};
    static const struct rule_case unknown[] = {
        {RULE("{\"uid\":\"new\",\"name\":\"n\",\"type\":\"host\",\"ipv4-address\":\"10.0.0.1\","
              "\"wonder\":1}",
              ANYONE, ANYONE, "acc", ""),
         "permit " ANY ALL WIDE("\"source unknown key n\"")},
        {RULE(ANYONE, ANYONE, ANYONE, "acc", ",\"wonder\":1"),
         "permit " ANY ALL WIDE("\"unknown key\"")},
    };
    check_rules(&odd, unknown, 2);
    static const struct rule_frame bad = {&fw_parser_checkpoint, HEAD, END, "Network", "/0/1"};
    static const struct rule_case wrong[] = {
        {RULE("", ANYONE, ANYONE, "acc", ""), "permit " ANY ALL WIDE("\"not understood\"")},
        {RULE("{\"uid\":\"self\",\"name\":\"n\",\"type\":\"group\",\"members\":[\"self\"]}", ANYONE,
              ANYONE, "acc", ""),
         "permit " ANY ALL WIDE("\"source group n\"")},
        {RULE(ANYONE, ANYONE, "{\"uid\":\"p\",\"type\":\"service-tcp\",\"port\":\"x\"}", "acc", ""),
         "permit " ANY SVC("tcp", "any", "any", "") WIDE("\"service p\"")},
    };
    check_rules(&bad, wrong, 3);
}
END_TEST

#define FEW \
    "{\"uid\":\"net\",\"type\":\"network\",\"subnet4\":\"10.0.0.0\",\"mask-length4\":30}," \
    "{\"uid\":\"tcp\",\"type\":\"service-tcp\",\"port\":\"80\"}," \
    "{\"uid\":\"any\",\"type\":\"CpmiAnyObject\"}," \
    "{\"uid\":\"acc\",\"name\":\"Accept\",\"type\":\"RulebaseAction\"}," \
    "{\"uid\":\"drp\",\"name\":\"Drop\",\"type\":\"RulebaseAction\"}"
#define ANSWER(uid, name, total, rules) \
    "{\"uid\":\"" uid "\",\"name\":\"" name "\",\"rulebase\":[\n" rules \
    "],\"from\":1,\"total\":" total ",\"objects-dictionary\":[" FEW "]}"
#define LAYERS(cleanup, outer, inner) \
    "[{\"uid\":\"p\",\"type\":\"package\",\"access-layers\":[{\"uid\":\"l\",\"type\":" \
    "\"access-layer\",\"name\":\"Network\",\"implicit-cleanup-action\":\"drop\"}]}," \
    "{\"objects\":[{\"uid\":\"in\",\"name\":\"In\",\"type\":\"access-layer\"," \
    "\"implicit-cleanup-action\":\"" cleanup "\"}]}," outer "," inner "]"
#define SECOND \
    ",{\"uid\":\"s\",\"type\":\"access-section\",\"rulebase\":[{\"uid\":\"q\",\"type\":" \
    "\"access-rule\",\"rule-number\":2,\"source\":[\"any\"],\"destination\":[\"any\"]," \
    "\"service\":[\"any\"],\"action\":\"acc\"}]}"
#define OUTER \
    ANSWER("l", "Network", "2", \
           RULE("\"net\"", ANYONE, ANYONE, "inner", ",\"inline-layer\":\"in\"") SECOND)

#define EDGES \
    ANSWER( \
        "l", "Network", "1", \
        RULE("{\"uid\":\"e\",\"type\":\"network\",\"subnet4\":\"10.0.0.0\",\"mask-length4\":30," \
             "\"broadcast\":\"disallow\"}", \
             ANYONE, ANYONE, "acc", ""))

/* What matches the rule over an inline layer never comes back from it. */
START_TEST(test_layers)
{
    static const struct {
        const char *text, *flow;
        enum fw_verdict verdict;
    } cases[] = {
        {LAYERS("drop", OUTER, ANSWER("in", "In", "1", RULE(ANYONE, ANYONE, "\"tcp\"", "acc", ""))),
         "tcp 10.0.0.2:1 -> 192.0.2.9:80", FW_VERDICT_PERMIT},
        {LAYERS("drop", OUTER, ANSWER("in", "In", "1", RULE(ANYONE, ANYONE, "\"tcp\"", "acc", ""))),
         "tcp 10.0.0.2:1 -> 192.0.2.9:81", FW_VERDICT_DENY},
        {LAYERS("accept", OUTER,
                ANSWER("in", "In", "1", RULE(ANYONE, ANYONE, "\"tcp\"", "drp", ""))),
         "tcp 10.0.0.2:1 -> 192.0.2.9:81", FW_VERDICT_PERMIT},
        {LAYERS("accept", OUTER,
                ANSWER("in", "In", "1", RULE(ANYONE, ANYONE, "\"tcp\"", "drp", ""))),
         "tcp 11.0.0.2:1 -> 192.0.2.9:80", FW_VERDICT_PERMIT},
        /* Nothing says what it does in the end, or not all of its rules are shown. */
        {LAYERS("", OUTER, ANSWER("in", "In", "1", RULE(ANYONE, ANYONE, "\"tcp\"", "acc", ""))),
         "tcp 10.0.0.2:1 -> 192.0.2.9:81", FW_VERDICT_MAY},
        {LAYERS("drop", OUTER, ANSWER("in", "In", "3", RULE(ANYONE, ANYONE, "\"tcp\"", "acc", ""))),
         "tcp 10.0.0.2:1 -> 192.0.2.9:81", FW_VERDICT_MAY},
        /* The edges of a network may not be meant. */
        {LAYERS("drop", EDGES, ""), "tcp 10.0.0.2:1 -> 192.0.2.9:80", FW_VERDICT_PERMIT},
        {LAYERS("drop", EDGES, ""), "tcp 10.0.0.0:1 -> 192.0.2.9:80", FW_VERDICT_MAY},
        {LAYERS("drop", EDGES, ""), "tcp 10.0.0.3:1 -> 192.0.2.9:80", FW_VERDICT_MAY},
        /* Its rules are not in the file. */
        {LAYERS("drop", OUTER, ANSWER("other", "O", "0", "")), "tcp 10.0.0.2:1 -> 192.0.2.9:80",
         FW_VERDICT_MAY},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct parsed parsed;
        struct fw_trace trace;
        parsed_init(&parsed, &fw_parser_checkpoint, cases[i].text);
        ck_assert_msg(parsed_trace(&parsed, cases[i].flow, &trace) == cases[i].verdict, "%zu: %d",
                      i, (int)trace.verdict);
        ck_assert_uint_eq(parsed_policy(&parsed, "Network")->nbindings, 1);
        parsed_clear(&parsed);
    }
}
END_TEST

/* Pages of one layer are one policy; what pages leave out may decide anything. */
START_TEST(test_pages)
{
    struct parsed parsed;
    parsed_init(
        &parsed, &fw_parser_checkpoint,
        "[" ANSWER(
            "l", "Network", "4",
            RULE(ANYONE, ANYONE, "\"tcp\"", "acc",
                 "")) ",\n"
                      "{\"uid\":\"l\",\"name\":\"Network\",\"rulebase\":[{\"uid\":\"z\",\"type\":"
                      "\"access-rule\",\"rule-number\":3,\"source\":[\"any\"],\"destination\":["
                      "\"any\"],"
                      "\"service\":[\"any\"],\"action\":\"drp\",\"hits\":{\"value\":9}},\n"
                      "{\"uid\":\"y\",\"type\":\"place-holder\"}],\"total\":4}]");
    const struct fw_policy *policy = parsed_policy(&parsed, "Network");
    ck_assert_uint_eq(policy->n, 5); /* nothing has the number 4 */
    ck_assert_int_eq(policy->rules[1].action, FW_ACTION_UNKNOWN);
    ck_assert_uint_eq(policy->rules[2].hits.packets, 9);
    ck_assert_int_eq(policy->rules[3].action, FW_ACTION_UNKNOWN);
    ck_assert_int_eq(policy->fallback, FW_ACTION_UNKNOWN);
    parsed_clear(&parsed);
    /* What nobody knows counts for no rule, and a gap is one however wide. */
#define LATE(number) \
    "{\"uid\":\"z" number "\",\"type\":\"access-rule\",\"rule-number\":" number \
    ",\"source\":[\"any\"],\"destination\":[\"any\"],\"service\":[\"any\"],\"action\":\"drp\"}"
    parsed_init(&parsed, &fw_parser_checkpoint,
                ANSWER("l", "Network", "9002",
                       "{\"type\":\"place-holder\"}," LATE("1") "," LATE("2") "," LATE(
                           "9000") "," LATE("9001") "," LATE("9002")));
    policy = parsed_policy(&parsed, "Network");
    ck_assert_uint_eq(policy->n, 7);
    ck_assert(fw_sv_is(policy->rules[1].id, "z1") && fw_sv_is(policy->rules[2].id, "z2"));
    ck_assert(policy->rules[3].implied && fw_sv_is(policy->rules[6].id, "z9002"));
    parsed_clear(&parsed);
    /* The rules of another answer's translation say nothing of verdicts. */
    parsed_init(&parsed, &fw_parser_checkpoint,
                "[{\"uid\":\"n\",\"rulebase\":[{\"uid\":\"t\",\"type\":\"nat-rule\"}]},\n"
                "{\"uid\":\"l\",\"rulebase\":\"x\"},\n{\"wonder\":1},\n5]");
    ck_assert(parsed.ruleset.inner_unseen);
    ck_assert_int_eq(parsed_policy(&parsed, "l")->rules[0].action, FW_ACTION_UNKNOWN);
    ck_assert_str_eq(parsed_counts(&parsed), "4/0/1/1/2");
    parsed_clear(&parsed);
    /* Objects alone, or a package with a layer that is not there: whoever asks has to wait. */
    parsed_init(&parsed, &fw_parser_checkpoint, "{\"objects\":[" FEW "]}");
    ck_assert_str_eq(parsed_rule(&parsed, "access", 1),
                     "unknown " ANY ALL WIDE("\"rules that are not in the file\""));
    parsed_clear(&parsed);
    parsed_init(&parsed, &fw_parser_checkpoint,
                "[{\"uid\":\"p\",\"type\":\"package\",\"access-layers\":[{\"uid\":\"l\",\"name\":"
                "\"Network\",\"type\":\"access-layer\"},{\"uid\":\"m\",\"name\":\"Apps\",\"type\":"
                "\"access-layer\"}]}," ANSWER("l", "Network", "0", "") "]");
    ck_assert_int_eq(parsed_policy(&parsed, "Apps")->rules[0].action, FW_ACTION_UNKNOWN);
    ck_assert_uint_eq(parsed_policy(&parsed, "Network")->nbindings, 0);
    parsed_clear(&parsed);
    parsed_init(&parsed, &fw_parser_checkpoint,
                "{\"uid\":\"p\",\"type\":\"package\",\"access-layers\":[\"l\", 5]}");
    ck_assert_int_eq(parsed_policy(&parsed, "l")->rules[0].action, FW_ACTION_UNKNOWN);
    parsed_clear(&parsed);
}
END_TEST

#define HOST(uid, name, more) \
    "{\"objects\":[{\"uid\":\"" uid "\",\"name\":\"" name "\",\"type\":\"host\"" more "}]}"
#define ASKED(reference, first, second) \
    "[" ANSWER("l", "Network", "1", \
               RULE("\"" reference "\"", ANYONE, ANYONE, "acc", "")) ",\n" first ",\n" second "]"

/* Two answers of different times, or one that says more; two objects of one name. */
START_TEST(test_twice)
{
    static const struct {
        const char *text, *rule;
    } cases[] = {
        {ASKED("h", HOST("h", "n", ",\"ipv4-address\":\"10.0.0.1\""),
               HOST("h", "n", ",\"ipv4-address\":\"10.0.0.2\"")),
         "permit " ANY ALL WIDE("\"source two versions of n\"")},
        {ASKED("h", HOST("h", "n", ",\"ipv4-address\":\"10.0.0.1\""),
               HOST("h", "n", ",\"ipv4-address\":\"10.0.0.2\",\"ipv6-address\":\"\"")),
         "permit " ANY ALL WIDE("\"source two versions of n\"")},
        {ASKED("h", HOST("h", "n", ""), HOST("h", "n", ",\"ipv4-address\":\"10.0.0.2\"")),
         "permit " IFS "\"source\":[\"10.0.0.2\"],\"destination\":\"any\"," ALL TAIL},
        {ASKED("n", HOST("h", "n", ",\"ipv4-address\":\"10.0.0.1\""),
               HOST("i", "other", ",\"ipv4-address\":\"10.0.0.2\"")),
         "permit " IFS "\"source\":[\"10.0.0.1\"],\"destination\":\"any\"," ALL TAIL},
        {ASKED("n", HOST("h", "n", ",\"ipv4-address\":\"10.0.0.1\""),
               HOST("i", "n", ",\"ipv4-address\":\"10.0.0.2\"")),
         "permit " ANY ALL WIDE("\"source not in the file n\"")},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct parsed parsed;
        parsed_init(&parsed, &fw_parser_checkpoint, cases[i].text);
        ck_assert_str_eq(parsed_rule(&parsed, "Network", 1), cases[i].rule);
        parsed_clear(&parsed);
    }
}
END_TEST

START_TEST(test_hostile)
{
    static char text[65536];
    struct parsed parsed;
    size_t n = (size_t)snprintf(
        text, sizeof(text),
        "{\"uid\":\"l\",\"name\":\"L\",\"rulebase\":[" RULE("\"g0\"", ANYONE, ANYONE, "acc",
                                                            "") "],\"objects-dictionary\":[");
    for (int i = 0; i < 2 * FW_LIMIT_GROUP_DEPTH; i++) { /* each holds the next one twice */
        n += (size_t)snprintf(text + n, sizeof(text) - n,
                              "{\"uid\":\"g%d\",\"name\":\"g%d\",\"type\":\"group\",\"members\":["
                              "\"g%d\",\"g%d\"]},",
                              i, i, i + 1, i + 1);
    }
    snprintf(text + n, sizeof(text) - n, "{\"uid\":\"a\"}]}");
    parsed_init(&parsed, &fw_parser_checkpoint, text);
    ck_assert(!fw_rule_exact(&parsed_policy(&parsed, "L")->rules[0]));
    parsed_clear(&parsed);
    static const struct secret_case secrets[] = {
        {"{\"objects\":[{\"uid\":\"v\",\"shared-secret\":\"s3\"}]}", "s3"},
        {"{\"objects\":[{\"uid\":\"v\",\"use-shared-secret\":false}]}", NULL},
    };
    check_secrets(&fw_parser_checkpoint, secrets, 2);
    parsed_mangled(&fw_parser_checkpoint,
                   HEAD RULE("\"grp\",\"but\"", "\"net\"", "\"sgrp\",\"udp\"", "acc", "") END);
}
END_TEST

Suite *fw_suite_checkpoint(void)
{
    Suite *suite = suite_create("checkpoint");
    TCase *tcase = tcase_create("checkpoint");
    tcase_set_timeout(tcase, 120);
    tcase_add_test(tcase, test_rules);
    tcase_add_test(tcase, test_layers);
    tcase_add_test(tcase, test_pages);
    tcase_add_test(tcase, test_twice);
    tcase_add_test(tcase, test_hostile);
    suite_add_tcase(suite, tcase);
    return suite;
}
