/* Tests of parsers/cisco_asa_nat*.c and policy/translate.c, and of lists that are no access lists.
 */
#include <stdio.h>
#include <string.h>

#include "tests/unit/rulejson.h"
#include "tests/unit/rulesetparse.h"
#include "tests/unit/suites.h"

extern const struct fw_parser fw_parser_cisco_asa;

/* What translation does to a packet before the lists see it, and which list entry takes it. */
static const char since83[] =
    "ASA Version 9.16(4)\n"
    "interface Gi0/0\n nameif outside\n security-level 0\n"
    " ip address 198.51.100.1 255.255.255.0\n"
    "interface Gi0/1\n nameif dmz\n security-level 50\n ip address 10.0.0.1 255.255.255.0\n"
    "object network SRV\n host 10.0.0.10\n nat (dmz,outside) static 198.51.100.10\n"
    "object network WEB\n host 10.0.0.11\n"
    " nat (dmz,outside) static interface service tcp 8080 www\n"
    "object network NET\n subnet 10.0.0.0 255.255.255.0\n"
    " nat (dmz,outside) dynamic pat-pool POOL round-robin interface\n"
    "object network POOL\n range 198.51.100.100 198.51.100.110\n"
    "object network SHOWN\n subnet 192.0.2.0 255.255.255.0\n"
    "object service S80\n service tcp source eq 80\n"
    "object service S8000\n service tcp source eq 8000\n"
    "object-group network TWO\n network-object host 10.0.0.20\n network-object host 10.0.0.30\n"
    "object network TWO-OUT\n host 198.51.100.20\n"
    "nat (dmz,outside) source dynamic TWO TWO-OUT destination static SHOWN SHOWN description x y\n"
    "nat (dmz,outside) after-auto source static NET SHOWN unidirectional\n"
    "nat (dmz,outside) 1 source static SRV TWO-OUT service S80 S8000 no-proxy-arp\n"
    "nat (any,outside) source static TWO TWO-OUT inactive\n"
    "access-list IN extended permit tcp any object SRV eq www\n"
    "access-list IN extended permit tcp any object WEB eq 8080\n"
    "access-list IN extended permit udp any host 198.51.100.10\n"
    "access-list IN extended permit esp any host 10.0.0.2\n"
    "access-group IN in interface outside\n";

static const char before83[] =
    "PIX Version 7.2(4)\n"
    "interface Gi0/0\n nameif outside\n security-level 0\n"
    " ip address 198.51.100.1 255.255.255.0\n"
    "interface Gi0/1\n nameif inside\n security-level 100\n"
    " ip address 10.0.0.1 255.255.255.0\n"
    "access-list EX permit ip host 10.0.0.7 any\n"
    "access-list PN permit tcp host 10.0.0.8 eq 8080 any\n"
    "nat (inside) 1 10.0.0.0 255.255.0.0 0 0\n"
    "nat (inside) 2 10.0.0.0 255.255.255.0 tcp 0 0 udp 0\n"
    "nat (inside) 0 access-list EX\n"
    "global (outside) 1 198.51.100.50-198.51.100.59 netmask 255.255.255.0\n"
    "global (outside) 2 interface\n"
    "static (inside,outside) 198.51.100.10 10.0.0.10 netmask 255.255.255.255 0 0\n"
    "static (inside,outside) tcp interface www 10.0.0.11 8080 dns\n"
    "static (inside,outside) tcp 198.51.100.11 25 access-list PN\n"
    "access-list LAST permit ip host 10.0.0.10 any\n"
    "access-list LAST permit ip host 198.51.100.1 any\n"
    "access-list LAST permit ip host 10.0.0.7 any\n"
    "access-list IN permit tcp any host 198.51.100.10 eq www\n"
    "access-list IN permit ip any any\n"
    "access-group LAST out interface outside\n"
    "access-group IN in interface inside\n";

struct flow_case {
    const char *packet;
    enum fw_verdict verdict;
    const char *policy;
    uint32_t position; /* 0: the default */
};

static void check_flows(const char *text, const struct flow_case *cases, size_t n)
{
    struct parsed parsed;
    parsed_init(&parsed, &fw_parser_cisco_asa, text);
    for (size_t i = 0; i < n; i++) {
        struct fw_trace trace;
        parsed_trace(&parsed, cases[i].packet, &trace);
        ck_assert_msg(trace.verdict == cases[i].verdict, "%s: %s", cases[i].packet,
                      fw_verdict_name(trace.verdict));
        if (cases[i].policy) {
            ck_assert_msg(trace.policy && fw_sv_is(trace.policy->name, cases[i].policy), "%s",
                          cases[i].packet);
            ck_assert_msg((trace.rule ? trace.rule->position : 0) == cases[i].position, "%s",
                          cases[i].packet);
        }
    }
    parsed_clear(&parsed);
}

START_TEST(test_lists_see_real_addresses)
{
    static const struct flow_case cases[] = {
        {"tcp 203.0.113.5:1000 -> 198.51.100.20:8000 in=outside", FW_VERDICT_PERMIT, "IN", 1},
        {"tcp 203.0.113.5:1000 -> 198.51.100.10:80 in=outside", FW_VERDICT_PERMIT, "IN", 1},
        {"tcp 203.0.113.5:1000 -> 198.51.100.10:81 in=outside", FW_VERDICT_DENY, "IN", 0},
        {"tcp 203.0.113.5:1000 -> 198.51.100.1:80 in=outside", FW_VERDICT_PERMIT, "IN", 2},
        {"tcp 203.0.113.5:1000 -> 198.51.100.1:8080 in=outside", FW_VERDICT_DENY, "IN", 0},
        /* an entry that names the outer address takes nothing that comes to it */
        {"udp 203.0.113.5:1000 -> 198.51.100.10:53 in=outside", FW_VERDICT_DENY, "IN", 0},
        /* one way only: what comes for the network shown outside is not put back */
        {"50 203.0.113.5 -> 192.0.2.2 in=outside", FW_VERDICT_DENY, "IN", 0},
        {"50 203.0.113.5 -> 10.0.0.2 in=outside", FW_VERDICT_PERMIT, "IN", 4},
    };
    check_flows(since83, cases, sizeof(cases) / sizeof(cases[0]));
}
END_TEST

START_TEST(test_lists_see_the_wire)
{
    static const struct flow_case cases[] = {
        /* an inner host goes out with its outer address: the list there does not know 10.0.0.10 */
        {"tcp 10.0.0.10:1000 -> 203.0.113.5:443 in=inside out=outside", FW_VERDICT_DENY, "LAST", 0},
        {"tcp 10.0.0.5:1000 -> 203.0.113.5:443 in=inside out=outside", FW_VERDICT_PERMIT, "IN", 2},
        /* one of ten addresses: nobody knows which */
        {"tcp 10.0.7.5:1000 -> 203.0.113.5:443 in=inside out=outside", FW_VERDICT_MAY, NULL, 0},
        {"tcp 10.0.0.7:1000 -> 203.0.113.5:443 in=inside out=outside", FW_VERDICT_PERMIT, "IN", 2},
    };
    check_flows(before83, cases, sizeof(cases) / sizeof(cases[0]));
}
END_TEST

START_TEST(test_translation)
{
    static const struct {
        const char *text;
        uint32_t lines[8]; /* of the configuration, in the order in which they are asked */
        size_t n;
        const char *counts;
    } cases[] = {
        {since83, {34, 32, 35, 12, 15, 18, 33}, 7, "40/40/0/0/0"},
        {before83, {14, 17, 18, 19, 13, 12}, 6, "26/26/0/0/0"},
    };
    static const char *const rules[][7] = {
        {"snat \"in\":\"dmz\",\"out\":\"outside\",\"source\":[\"10.0.0.10\"],"
         "\"destination\":\"any\"," SVC(
             "tcp", "80", "any",
             "") "\"nat\":{\"to\":\"198.51.100.20\",\"port\":\"8000\",\"both_ways\":true}," TAIL,
         "snat \"in\":\"dmz\",\"out\":\"outside\","
         "\"source\":[\"10.0.0.20\",\"10.0.0.30\"],\"destination\":[\"192.0.2.0/24\"]," SVC(
             "any", "any", "any",
             "") "\"nat\":{\"to\":\"198.51.100.20\","
                 "\"destination\":{\"to\":\"192.0.2.0/24\"}},\"comment\":\"x y\",\"hits\":null,"
                 "\"exact\":true,\"unmodelled\":[]}"},
        {"permit \"in\":\"inside\",\"out\":\"any\",\"source\":[\"10.0.0.7\"],"
         "\"destination\":\"any\"," SVC("any", "any", "any", "") TAIL,
         NULL, NULL,
         "snat \"in\":\"inside\",\"out\":\"outside\",\"source\":[\"10.0.0.8\"],"
         "\"destination\":\"any\"," SVC(
             "tcp", "8080", "any",
             "") "\"nat\":{\"to\":\"198.51.100.11\",\"port\":\"25\",\"both_ways\":true}," TAIL,
         "snat \"in\":\"inside\",\"out\":\"outside\",\"source\":[\"10.0.0.0/24\"],"
         "\"destination\":\"any\"," SVC("any", "any", "any",
                                        "") "\"nat\":{\"to\":\"198.51.100.1\"}," TAIL},
    };
    for (size_t c = 0; c < sizeof(cases) / sizeof(cases[0]); c++) {
        struct parsed parsed;
        parsed_init(&parsed, &fw_parser_cisco_asa, cases[c].text);
        const struct fw_policy *nat = parsed_policy(&parsed, "nat");
        ck_assert_str_eq(parsed_counts(&parsed), cases[c].counts);
        ck_assert_uint_eq(nat->n, cases[c].n);
        ck_assert(!nat->decides);
        for (size_t i = 0; i < nat->n; i++) {
            ck_assert_uint_eq(nat->rules[i].span.line, cases[c].lines[i]);
            if (i < 7 && rules[c][i]) {
                ck_assert_str_eq(parsed_rule(&parsed, "nat", i + 1), rules[c][i]);
            }
        }
        parsed_clear(&parsed);
    }
}
END_TEST

/* "nat ... 1" goes before what stands there now, and "destination static interface" is the address
 * of the side that the packets come from. */
START_TEST(test_places)
{
    struct parsed parsed;
    parsed_init(&parsed, &fw_parser_cisco_asa,
                "ASA Version 9.16(4)\n"
                "interface Gi0/0\n nameif outside\n ip address 198.51.100.1 255.255.255.0\n"
                "interface Gi0/1\n nameif inside\n ip address 10.0.0.1 255.255.255.0\n"
                "object network A\n host 10.0.0.10\n"
                "nat (inside,outside) 1 source static A A\n"
                "nat (inside,outside) 1 source static A A\n"
                "nat (inside,outside) 1 source static A A\n"
                "nat (inside,outside) 3 source static A A\n"
                "nat (outside,inside) source static any any destination static interface A\n");
    static const uint32_t lines[] = {12, 11, 13, 10, 14};
    const struct fw_policy *nat = parsed_policy(&parsed, "nat");
    ck_assert_uint_eq(nat->n, 5);
    for (size_t i = 0; i < nat->n; i++) {
        ck_assert_uint_eq(nat->rules[i].span.line, lines[i]);
    }
    ck_assert_ptr_nonnull(
        strstr(parsed_rule(&parsed, "nat", 5), "\"destination\":[\"198.51.100.1\"]"));
    parsed_clear(&parsed);
}
END_TEST

START_TEST(test_broken_translation)
{
    static const struct {
        const char *line;
        const char *counts;
    } cases[] = {
        {"nat (inside,outside\n", "1/0/0/0/1"},
        {"nat (inside,outside) source static A\n", "1/0/0/0/1"},
        {"nat (inside,outside) source static A B\n", "1/0/0/1/0"}, /* undefined objects */
        {"nat (inside,outside) source sometimes A B\n", "1/0/0/0/1"},
        {"nat (inside,outside) source static any any sometimes\n", "1/0/0/1/0"},
        {"nat (inside) 1 10.0.0.0 255.0.255.0.1\n", "1/0/0/0/1"},
        {"nat (inside) one 10.0.0.0 255.0.0.0\n", "1/0/0/0/1"},
        {"nat (inside) 1 access-list NONE\nglobal (o) 1 interface\n", "2/1/0/1/0"},
        {"nat (inside) 1\n", "1/0/0/0/1"},
        {"global (outside) 1\n", "1/0/0/0/1"},
        {"global (outside) 1 10.0.0.9-10.0.0.1\n", "1/0/0/0/1"},
        {"static (inside,outside) tcp interface\n", "1/0/0/0/1"},
        {"static (inside,outside) 192.0.2.1 10.0.0.1 netmask 255.0.255.0\n", "1/0/0/0/1"},
        {"static\n", "1/0/0/0/1"},
        {"nat\n", "1/0/0/0/1"},
        {"object network A\n nat sideways\n", "2/1/0/0/1"},
        {"global (o) 1 interface\nno global (o) 1 interface\nnat (i) 1 0 0\n", "3/3/0/0/0"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct parsed parsed;
        parsed_init(&parsed, &fw_parser_cisco_asa, cases[i].line);
        ck_assert_msg(strcmp(parsed_counts(&parsed), cases[i].counts) == 0, "%s%s", cases[i].line,
                      parsed_counts(&parsed));
        parsed_clear(&parsed);
    }
}
END_TEST

START_TEST(test_conduits)
{
    static const char text[] = "PIX Version 6.3(5)\n"
                               "nameif e0 outside security0\nnameif e1 inside security100\n"
                               "conduit deny icmp any any echo\n"
                               "conduit permit tcp host 192.0.2.1 eq www any\n"
                               "conduit permit udp 192.0.2.0 255.255.255.0 range 1 9 host "
                               "203.0.113.1 gt 1023\n";
    static const struct flow_case cases[] = {
        {"tcp 203.0.113.5:1000 -> 192.0.2.1:80 in=outside out=inside", FW_VERDICT_PERMIT, "conduit",
         2},
        {"tcp 203.0.113.5:80 -> 192.0.2.1:81 in=outside out=inside", FW_VERDICT_DENY, "conduit", 0},
        {"icmp 203.0.113.5 -> 192.0.2.1 type=8 in=outside out=inside", FW_VERDICT_DENY, "conduit",
         1},
        {"udp 203.0.113.1:1024 -> 192.0.2.9:9 in=outside out=inside", FW_VERDICT_PERMIT, "conduit",
         3},
        {"udp 203.0.113.1:1023 -> 192.0.2.9:9 in=outside out=inside", FW_VERDICT_DENY, "conduit",
         0},
        {"tcp 192.0.2.1:80 -> 203.0.113.5:81 in=inside out=outside", FW_VERDICT_PERMIT, NULL, 0},
    };
    check_flows(text, cases, sizeof(cases) / sizeof(cases[0]));
}
END_TEST

START_TEST(test_other_lists)
{
    static const struct {
        const char *entry;
        const char *counts;
    } cases[] = {
        {"ethertype permit bpdu", "1/1/0/0/0"},
        {"ethertype permit 0x8847", "1/1/0/0/0"},
        {"ethertype deny ipx log", "1/1/0/0/0"},
        {"ethertype deny any", "1/0/0/1/0"}, /* IP, too */
        {"ethertype permit tokens", "1/0/0/1/0"},
        {"webtype deny tcp 10.0.0.0 255.0.0.0 eq www", "1/1/0/0/0"},
        {"webtype deny voice 10.0.0.0", "1/0/0/1/0"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char text[200];
        struct parsed parsed;
        snprintf(text, sizeof(text), "access-list E %s\n", cases[i].entry);
        parsed_init(&parsed, &fw_parser_cisco_asa, text);
        ck_assert_str_eq(parsed_counts(&parsed), cases[i].counts);
        ck_assert(!parsed_policy(&parsed, "E")->decides);
        parsed_clear(&parsed);
    }
}
END_TEST

START_TEST(test_mangled)
{
    parsed_mangled(&fw_parser_cisco_asa,
                   "object network A\n host 10.0.0.1\n nat (a,b) static interface service tcp 1 2\n"
                   "nat (a,b) 1 source dynamic A pat-pool A destination static A A service S S\n"
                   "nat (a) 1 0 0 tcp 5\nglobal (b) 1 192.0.2.1-192.0.2.9 netmask 255.0.0.0\n"
                   "static (a,b) tcp interface 80 10.0.0.1 8080 netmask 255.255.255.255\n"
                   "access-list L permit ip any any\nnat (a) 0 access-list L\n"
                   "conduit permit tcp host 192.0.2.1 eq 80 any\n");
}
END_TEST

Suite *fw_suite_cisco_asa_nat(void)
{
    Suite *suite = suite_create("cisco_asa_nat");
    TCase *tc = tcase_create("cisco_asa_nat");
    tcase_add_test(tc, test_lists_see_real_addresses);
    tcase_add_test(tc, test_lists_see_the_wire);
    tcase_add_test(tc, test_translation);
    tcase_add_test(tc, test_places);
    tcase_add_test(tc, test_broken_translation);
    tcase_add_test(tc, test_conduits);
    tcase_add_test(tc, test_other_lists);
    tcase_add_test(tc, test_mangled);
    suite_add_tcase(suite, tc);
    return suite;
}
