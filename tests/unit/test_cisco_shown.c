/* Tests of parsers/cisco_asa_shown.c, and of what routers and switches print of their lists. */
#include <string.h>

#include "tests/unit/rulejson.h"
#include "tests/unit/rulesetparse.h"
#include "tests/unit/suites.h"

extern const struct fw_parser fw_parser_cisco_asa;
extern const struct fw_parser fw_parser_cisco_ios;
extern const struct fw_parser fw_parser_cisco_nxos;

#define HEAD "access-list A; 2 elements; name hash: 0x1\n"
#define ENTRY "access-list A line 1 extended permit tcp any object-group G eq www "
#define ONE "  access-list A line 1 extended permit tcp any host 192.0.2.1 eq www (hitcnt=3) 0x3\n"
#define TWO "  access-list A line 1 extended permit tcp any host 192.0.2.9 eq www (hitcnt=4) 0x4\n"

/* An entry of objects is what its elements are, when all of them are here; else it may be more. */
START_TEST(test_elements)
{
    static const struct {
        const char *text;
        const char *counts;
        uint64_t hits;
        bool exact;
        size_t terms;
    } cases[] = {
        {HEAD ENTRY "(hitcnt=7) 0x2\n" ONE TWO, "4/4/0/0/0", 7, true, 2},
        {HEAD ENTRY "0x2\n" ONE TWO, "4/4/0/0/0", 7, true, 2},
        {HEAD ENTRY "(hitcnt=0) 0x2\n" ONE TWO, "4/4/0/0/0", 7, true, 2},
        {HEAD ENTRY "(hitcnt=7) 0x2\n" ONE, "3/1/0/2/0", 7, false, 2},
        {ENTRY "(hitcnt=7) 0x2\n" ONE TWO, "3/2/0/1/0", 7, false, 3},
        {HEAD ENTRY "(hitcnt=7) 0x2\n", "2/0/0/2/0", 7, false, 1},
        {HEAD ENTRY
         "(hitcnt=7) 0x2\n" ONE
         "  access-list A line 1 extended permit tcp any host 192.0.2.9 (w.example) eq www "
         "(hitcnt=4) 0x4\n",
         "4/4/0/0/0", 7, false, 3},
        {HEAD ENTRY
         "(hitcnt=7) 0x2\n" ONE
         "  access-list A line 1 extended permit tcp any range 192.0.2.9 192.0.2.12 eq www "
         "(hitcnt=4) 0x4\n",
         "4/4/0/0/0", 7, true, 2},
        {HEAD ENTRY
         "(hitcnt=7) 0x2\n" ONE
         "  access-list A line 1 extended permit tcp any fqdn w.example (unresolved) eq www "
         "(hitcnt=4) 0x4\n",
         "4/4/0/0/0", 7, false, 3},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct parsed parsed;
        parsed_init(&parsed, &fw_parser_cisco_asa, cases[i].text);
        const struct fw_policy *policy = parsed_policy(&parsed, "A");
        ck_assert_msg(strcmp(parsed_counts(&parsed), cases[i].counts) == 0, "%zu: %s", i,
                      parsed_counts(&parsed));
        ck_assert_uint_eq(policy->n, 1);
        const struct fw_rule *rule = &policy->rules[0];
        ck_assert(rule->hits.present);
        ck_assert_uint_eq(rule->hits.packets, cases[i].hits);
        ck_assert_msg(fw_rule_exact(rule) == cases[i].exact, "%zu", i);
        ck_assert_msg(rule->match.n == cases[i].terms, "%zu: %zu", i, rule->match.n);
        ck_assert(fw_sv_is(rule->id, "0x2"));
        ck_assert(!parsed.ruleset.has_settings);
        parsed_clear(&parsed);
    }
}
END_TEST

#define CONFIG \
    "object-group network G\n network-object host 192.0.2.1\n network-object host 192.0.2.9\n" \
    "access-list A extended permit tcp any object-group G eq www\n" \
    "access-list A remark hello\naccess-list A extended deny ip any any\nhostname a\n"
#define LISTING \
    HEAD ENTRY "(hitcnt=7) 0x2\n" ONE TWO "access-list A line 2 remark hello\n" \
               "access-list A line 3 extended deny ip any any (hitcnt=0) 0x5\n"

/* Before or behind a configuration a listing counts hits; its order and its rules stay. */
START_TEST(test_session)
{
    static const char *const texts[] = {CONFIG LISTING, LISTING CONFIG, CONFIG LISTING LISTING};
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        struct parsed parsed;
        parsed_init(&parsed, &fw_parser_cisco_asa, texts[i]);
        const struct fw_policy *policy = parsed_policy(&parsed, "A");
        ck_assert_uint_eq(policy->n, 3);
        ck_assert_uint_eq(policy->rules[0].hits.packets, 7);
        ck_assert(fw_rule_exact(&policy->rules[0]));
        ck_assert_int_eq(policy->rules[1].action, FW_ACTION_CONTINUE);
        ck_assert(!policy->rules[1].hits.present);
        ck_assert(policy->rules[2].hits.present);
        ck_assert_uint_eq(policy->rules[2].hits.packets, 0);
        ck_assert(fw_sv_is(policy->rules[2].id, "0x5"));
        ck_assert_uint_eq(fw_doc_counts(&parsed.doc).bad, 0);
        ck_assert(parsed.ruleset.has_settings);
        parsed_clear(&parsed);
    }
}
END_TEST

/* What the configuration has not is no rule of it, and what a listing leaves out may be one. */
START_TEST(test_differs)
{
    struct parsed parsed;
    parsed_init(&parsed, &fw_parser_cisco_asa,
                CONFIG "access-list A line 3 extended deny udp any any (hitcnt=1) 0x5\n");
    ck_assert_uint_eq(parsed_policy(&parsed, "A")->n, 3);
    ck_assert(!parsed_policy(&parsed, "A")->rules[2].hits.present);
    ck_assert_uint_eq(fw_doc_counts(&parsed.doc).unsupported, 1);
    parsed_clear(&parsed);
    parsed_init(&parsed, &fw_parser_cisco_asa,
                "access-list A line 31 extended permit 57 host 192.0.2.1 host 192.0.2.2 "
                "(hitcnt=123) 0x1122aabb");
    const struct fw_policy *policy = parsed_policy(&parsed, "A");
    ck_assert_uint_eq(policy->n, 2);
    ck_assert_int_eq(policy->rules[0].action, FW_ACTION_UNKNOWN);
    ck_assert(!fw_rule_exact(&policy->rules[0]));
    ck_assert_uint_eq(policy->rules[1].hits.packets, 123);
    ck_assert(fw_rule_exact(&policy->rules[1]));
    parsed_clear(&parsed);
    parsed_init(&parsed, &fw_parser_cisco_asa, /* PIX: without hashes; frames are no packets */
                "access-list 101; 1 elements\n"
                "access-list 101 line 1 permit tcp any host 192.0.2.1 eq www (hitcnt=8)\n"
                "access-list cached ACL log flows: total 0, denied 0 (deny-flow-max 4096)\n"
                "            alert-interval 300\n"
                "access-list F line 2 ethertype permit 0x86dd\n");
    ck_assert_str_eq(parsed_counts(&parsed), "5/3/2/0/0");
    ck_assert_uint_eq(parsed_policy(&parsed, "101")->rules[0].hits.packets, 8);
    ck_assert_uint_eq(parsed_policy(&parsed, "F")->n, 1);
    parsed_clear(&parsed);
}
END_TEST

START_TEST(test_router)
{
    static const char config[] =
        "hostname r\nip access-list extended A\n remark x\n permit tcp any any eq 80\n"
        " deny ip any any\n";
    static const char shown[] = "Extended IP access list A\n"
                                "    10 permit tcp any any eq www (17 matches)\n"
                                "    20 deny ip any any (3 estimate matches)\n"
                                "    30 permit udp any any\n";
    char text[600];
    for (int i = 0; i < 2; i++) {
        struct parsed parsed;
        snprintf(text, sizeof(text), "%s%s", i == 0 ? config : shown, i == 0 ? shown : config);
        parsed_init(&parsed, &fw_parser_cisco_ios, text);
        const struct fw_policy *policy = parsed_policy(&parsed, "A");
        ck_assert_uint_eq(policy->n, 3);
        ck_assert_int_eq(policy->rules[0].action, FW_ACTION_CONTINUE);
        ck_assert_uint_eq(policy->rules[1].hits.packets, 17);
        ck_assert_uint_eq(policy->rules[2].hits.packets, 3);
        ck_assert_str_eq(parsed_counts(&parsed), "9/8/0/1/0");
        parsed_clear(&parsed);
    }
}
END_TEST

START_TEST(test_switch)
{
    struct parsed parsed;
    parsed_init(&parsed, &fw_parser_cisco_nxos,
                "IP Access List A [readonly]\n"
                "        10 permit icmp any any [match 12, 0:03:06 ago]\n"
                "        20 permit ip any any tracked [match 1246]\n"
                "        30 permit tcp any eq ups vmnet any eq bfd msdp z39-50 tunnel\n"
                "IPv6 Access List B\n        10 permit ipv6 any 2001:db8::/32\n");
    ck_assert_str_eq(parsed_counts(&parsed), "6/6/0/0/0");
    const struct fw_policy *policy = parsed_policy(&parsed, "A");
    ck_assert_uint_eq(policy->n, 3);
    ck_assert_uint_eq(policy->rules[0].hits.packets, 12);
    ck_assert_uint_eq(policy->rules[1].hits.packets, 1246);
    ck_assert(!fw_rule_exact(&policy->rules[1]));
    ck_assert(!policy->rules[2].hits.present);
    ck_assert_str_eq(parsed_rule(&parsed, "A", 3),
                     "permit " ANY SVC("tcp", "175,401", "210,604,639,3784", "") TAIL);
    ck_assert_uint_eq(parsed_policy(&parsed, "B")->families, FW_FAMILY_BIT6);
    parsed_clear(&parsed);
    ck_assert_int_eq(
        fw_parser_cisco_nxos.bid(FW_SV("IP access list extended A\npermit tcp any any\n")), 0);
    ck_assert_int_gt(fw_parser_cisco_nxos.bid(FW_SV("IP Access List A\n 10 permit ip any any\n")),
                     0);
}
END_TEST

START_TEST(test_mangled)
{
    parsed_mangled(&fw_parser_cisco_asa, LISTING CONFIG "no access-list A permit ip any any\n");
    parsed_mangled(&fw_parser_cisco_ios,
                   "ip access-list extended A\n permit ip any any\nExtended IP access list A\n"
                   "    10 permit G any any (17 matches) (time left 7)\n"
                   "IP Access List B\n 10 permit ip any any [match 1246, 0:03:06 ago]\n");
}
END_TEST

Suite *fw_suite_cisco_shown(void)
{
    Suite *suite = suite_create("cisco_shown");
    TCase *tc = tcase_create("cisco_shown");
    tcase_set_timeout(tc, 120);
    tcase_add_test(tc, test_elements);
    tcase_add_test(tc, test_session);
    tcase_add_test(tc, test_differs);
    tcase_add_test(tc, test_router);
    tcase_add_test(tc, test_switch);
    tcase_add_test(tc, test_mangled);
    suite_add_tcase(suite, tc);
    return suite;
}
