/* Tests of parsers/cisco_asa*.c and what it shares with other Cisco dialects. */
#include <stdio.h>
#include <string.h>

#include "tests/unit/rulejson.h"
#include "tests/unit/rulesetparse.h"
#include "tests/unit/suites.h"

extern const struct fw_parser fw_parser_cisco_asa;

static const char objects[] =
    "ASA Version 9.16(4)\n"
    "interface GigabitEthernet0/1\n nameif inside\n security-level 100\n"
    " ip address 10.0.0.1 255.255.255.0\n"
    "name 192.0.2.77 alias\n"
    "object network SRV\n host 192.0.2.10\n"
    "object network NET\n subnet 10.1.0.0 255.255.0.0\n"
    "object network RANGE\n range 192.0.2.1 192.0.2.9\n"
    "object network FQDN\n fqdn v4 www.example.com\n"
    "object network SIX\n subnet 2001:db8::/32\n"
    "object service S8443\n service tcp destination eq 8443\n"
    "object-group network NETS\n network-object object NET\n network-object host alias\n"
    "object-group network ALL\n group-object NETS\n network-object object SRV\n"
    " network-object object FQDN\n"
    "object-group service PORTS tcp-udp\n port-object eq domain\n port-object range 135 139\n"
    "object-group service MIXED\n service-object object S8443\n"
    " service-object tcp destination eq www\n service-object icmp echo\n service-object gre\n"
    "object-group protocol PROTOS\n protocol-object tcp\n protocol-object 47\n"
    "object-group icmp-type ICMPS\n icmp-object echo\n icmp-object unreachable\n"
    "time-range NIGHT\n periodic daily 0:00 to 6:00\n"
    "access-list A ";

static void check_entries(const struct rule_case *cases, size_t n, const char *counts)
{
    const struct rule_frame frame = {&fw_parser_cisco_asa, objects, "\n", "A", counts};
    check_rules(&frame, cases, n);
}

START_TEST(test_entries)
{
    static const struct rule_case cases[] = {
        {"extended permit ip any any", "permit " ANY SVC("any", "any", "any", "") TAIL},
        {"permit tcp any any eq www", "permit " ANY SVC("tcp", "any", "80", "") TAIL},
        {"extended deny udp any4 any6 range 1 10",
         "deny " IFS "\"source\":[\"0.0.0.0/0\"],\"destination\":[\"::/0\"]," SVC("udp", "any",
                                                                                  "1-10", "") TAIL},
        {"extended permit tcp host 10.1.1.1 gt 1023 192.0.2.0 255.255.255.0 lt 1024",
         "permit " IFS "\"source\":[\"10.1.1.1\"],\"destination\":[\"192.0.2.0/24\"]," SVC(
             "tcp", "1024-65535", "0-1023", "") TAIL},
        {"extended permit tcp any neq 25 host alias",
         "permit " IFS "\"source\":\"any\",\"destination\":[\"192.0.2.77\"]," SVC(
             "tcp", "0-24,26-65535", "any", "") TAIL},
        {"extended permit ip object SRV object RANGE",
         "permit " IFS "\"source\":[\"192.0.2.10\"],\"destination\":[\"192.0.2.1-192.0.2.9\"]," SVC(
             "any", "any", "any", "") TAIL},
        {"extended permit tcp object-group NETS object-group PORTS host 2001:db8::1",
         "permit " IFS "\"source\":[\"10.1.0.0/16\",\"192.0.2.77\"],"
         "\"destination\":[\"2001:db8::1\"]," SVC("tcp", "53,135-139", "any", "") TAIL},
        {"extended permit object-group MIXED any object SRV",
         "permit " IFS "\"source\":\"any\",\"destination\":[\"192.0.2.10\"],"
         "\"service\":[{\"protocol\":\"tcp\",\"source_port\":\"any\","
         "\"destination_port\":\"80,8443\"},{\"protocol\":\"icmp\",\"source_port\":\"any\","
         "\"destination_port\":\"any\",\"icmp\":\"8\"},{\"protocol\":\"gre\","
         "\"source_port\":\"any\",\"destination_port\":\"any\"}]," TAIL},
        {"extended permit object-group PROTOS any any",
         "permit " ANY SVC("tcp,gre", "any", "any", "") TAIL},
        {"extended permit object S8443 any any", "permit " ANY SVC("tcp", "any", "8443", "") TAIL},
        {"extended permit icmp any any object-group ICMPS",
         "permit " ANY SVC("icmp", "any", "any", ",\"icmp\":\"3,8\"") TAIL},
        {"extended permit icmp any any unreachable 4",
         "permit " ANY SVC("icmp", "any", "any", ",\"icmp\":\"3/4\"") TAIL},
        {"extended permit icmp6 any any neighbor-solicitation",
         "permit " ANY SVC("ipv6-icmp", "any", "any", ",\"icmp\":\"135\"") TAIL},
        {"extended permit tcp any interface inside eq ssh",
         "permit " IFS
         "\"source\":\"any\",\"destination\":[\"10.0.0.1\"]," SVC("tcp", "any", "22", "") TAIL},
        {"extended permit ip 10.0.0.1 255.255.255.253 any",
         "permit " IFS "\"source\":[\"10.0.0.1\",\"10.0.0.3\"],\"destination\":\"any\"," SVC(
             "any", "any", "any", "") TAIL},
        {"standard permit 10.0.0.0 255.0.0.0",
         "permit " IFS
         "\"source\":\"any\",\"destination\":[\"10.0.0.0/8\"]," SVC("any", "any", "any", "") TAIL},
        {"extended permit udp any any eq kerberos",
         "permit " ANY SVC("udp", "any", "750", "") TAIL},
    };
    check_entries(cases, sizeof(cases) / sizeof(cases[0]), "42/41/1/0/0");
}
END_TEST

START_TEST(test_widened)
{
    static const struct rule_case cases[] = {
        {"extended permit ip object FQDN any",
         "permit " IFS "\"source\":[\"0.0.0.0/0\"],\"destination\":\"any\"," SVC(
             "any", "any", "any", "") WIDE("\"source fqdn www.example.com\"")},
        {"extended permit tcp any object-group ALL eq https time-range NIGHT",
         "permit " IFS
         "\"source\":\"any\",\"destination\":[\"10.1.0.0/16\",\"192.0.2.10\",\"192.0.2.77\","
         "\"0.0.0.0/0\"]," SVC("tcp", "any", "443", "")
             WIDE("\"time-range NIGHT\",\"destination fqdn www.example.com\"")},
        {"extended permit ip user LOCAL\\bob any any",
         "permit " ANY SVC("any", "any", "any", "") WIDE("\"source user LOCAL\\\\bob\"")},
        {"extended permit tcp any interface outside eq 22",
         "permit " ANY SVC("tcp", "any", "22", "") WIDE("\"destination interface outside\"")},
    };
    check_entries(cases, sizeof(cases) / sizeof(cases[0]), "42/41/1/0/0");
}
END_TEST

START_TEST(test_never_dropped)
{
    static const struct rule_case unsupported[] = {
        {"extended permit ip object-group NOWHERE any",
         "permit " ANY SVC("any", "any", "any", "") WIDE("\"source object NOWHERE\"")},
        {"extended permit tcp any any eq 80 established now log",
         "permit " ANY SVC("tcp", "any", "80", "") WIDE("\"unknown established now\"")},
    };
    static const struct rule_case bad[] = {
        {"extended permit tcp any any eq nosuchport",
         "permit " ANY SVC("tcp", "any", "any", "") WIDE("\"destination port nosuchport\"")},
        {"extended permit tcp 10.0.0.300 any",
         "permit " ANY SVC("tcp", "any", "any", "") WIDE("\"unread any\"")},
        {"extended permit nothing any any",
         "permit " ANY SVC("any", "any", "any", "") WIDE("\"unread nothing any any\"")},
        {"extended deny tcp any", "deny " ANY SVC("tcp", "any", "any", "") WIDE("\"unread\"")},
    };
    check_entries(unsupported, 2, "42/40/1/1/0");
    check_entries(bad, sizeof(bad) / sizeof(bad[0]), "42/40/1/0/1");
}
END_TEST

START_TEST(test_list)
{
    struct parsed parsed;
    parsed_init(
        &parsed, &fw_parser_cisco_asa,
        "ASA Version 9.8(2)\n"
        "interface Gi0/0\n nameif outside\n ip address 192.0.2.1 255.255.255.0\n"
        "access-group OUT in interface outside\n"
        "access-list OUT remark first\n"
        "access-list OUT extended permit tcp any any eq www log disable\n"
        "access-list OUT extended deny ip any any\n"
        "access-list OUT line 2 extended permit udp any any eq 53 log 6 interval 300 inactive\n"
        "access-list OUT extended deny icmp any any log disable\n"
        "access-list FREE extended permit ip any any (hitcnt=17) 0xabcdef01\n"
        "access-list GLOBAL extended permit ip any any\n"
        "access-group GLOBAL global\n"
        "access-list ADMIN extended permit ip any any\n"
        "access-group ADMIN in interface outside control-plane\n"
        "access-list W webtype permit url http://example.com\n"
        "access-list compiled\n");
    ck_assert_str_eq(parsed_counts(&parsed), "17/16/1/0/0");
    const struct fw_policy *out = parsed_policy(&parsed, "OUT");
    ck_assert_uint_eq(out->n, 5);
    ck_assert(out->decides && out->bound && !out->fallback_explicit);
    ck_assert_int_eq(out->fallback, FW_ACTION_DENY);
    ck_assert_uint_eq(out->families, FW_FAMILY_BOTH);
    ck_assert_int_eq(out->rules[0].action, FW_ACTION_CONTINUE);
    ck_assert_uint_eq(out->rules[0].match.n, 0);
    ck_assert_uint_eq(out->rules[1].span.line, 9); /* "line 2" */
    ck_assert_uint_eq(out->rules[1].position, 2);
    ck_assert(!out->rules[1].enabled && out->rules[1].log);
    ck_assert(fw_sv_is(out->rules[2].comment, "first"));
    ck_assert(!out->rules[2].log);
    ck_assert(out->rules[3].log); /* what is denied is logged unless it says otherwise */
    ck_assert(!out->rules[4].log);
    ck_assert_uint_eq(out->nbindings, 1);
    ck_assert(fw_sv_is(out->bindings[0].in, "outside"));
    ck_assert_uint_eq(out->bindings[0].out.n, 0);
    ck_assert_uint_eq(out->bindings[0].span.line, 5);
    const struct fw_policy *unbound = parsed_policy(&parsed, "FREE");
    ck_assert(!unbound->bound);
    ck_assert_uint_eq(unbound->rules[0].hits.packets, 17);
    ck_assert(fw_sv_is(unbound->rules[0].id, "0xabcdef01"));
    ck_assert_uint_eq(parsed_policy(&parsed, "GLOBAL")->bindings[0].in.n, 0);
    ck_assert(parsed_policy(&parsed, "ADMIN")->bound);
    ck_assert_uint_eq(parsed_policy(&parsed, "ADMIN")->nbindings, 0);
    ck_assert(!parsed_policy(&parsed, "W")->decides);
    ck_assert(parsed.ruleset.implicit_deny && parsed.ruleset.level_default);
    parsed_clear(&parsed);
}
END_TEST

START_TEST(test_undo)
{
    struct parsed parsed;
    parsed_init(&parsed, &fw_parser_cisco_asa,
                "nameif ethernet0 outside security0\n"
                "ip address outside 192.0.2.1 255.255.255.0\n"
                "access-list T permit ip any any\n"
                "access-group T in interface outside\n"
                "clear config access-list A\n"
                "object-group network G\n network-object host 10.0.0.1\nexit\n"
                "access-list A permit tcp any any\n"
                "access-list A permit udp any any\n"
                "access-list A permit object-group G any any\n"
                "clear config access-list A\n"
                "access-list A permit udp any any\n"
                "access-list A permit tcp any any\n"
                "no access-list A permit udp any any\n"
                "access-group A in interface outside\n"
                "no access-list T\n");
    const struct fw_policy *a = parsed_policy(&parsed, "A");
    ck_assert_uint_eq(a->n, 1);
    ck_assert_ptr_nonnull(strstr(parsed_rule(&parsed, "A", 1), "\"tcp\""));
    ck_assert_uint_eq(a->families, FW_FAMILY_BIT4); /* PIX */
    ck_assert_uint_eq(a->nbindings, 1);
    ck_assert_uint_eq(parsed.ruleset.npolicies, 1);
    ck_assert_uint_eq(parsed.ruleset.ninterfaces, 1);
    ck_assert_int_eq(parsed.ruleset.interfaces[0].level, 0);
    parsed_clear(&parsed);
}
END_TEST

/* What is taken away is what the words say, whatever number stands with them. */
START_TEST(test_undo_one)
{
    static const char head[] =
        "ASA Version 9.8(2)\n"
        "interface Gi0/0\n nameif outside\n ip address 192.0.2.1 255.255.255.0\n"
        "interface Gi0/1\n nameif dmz\n ip address 192.0.3.1 255.255.255.0\n"
        "access-list A extended permit tcp any any eq 80\n"
        "access-list A extended permit tcp any any eq 443\n"
        "access-list A extended permit tcp any any eq 25\n"
        "access-group A in interface outside\naccess-group A in interface dmz\n"
        "access-group A out interface dmz\n";
    static const struct {
        const char *line;
        size_t rules, bindings;
        const char *first, *last; /* ports of rules */
        const char *counts;
    } cases[] = {
        {"no access-list A line 1 extended permit tcp any any eq 80", 2, 3, "443", "25",
         "14/14/0/0/0"},
        {"no access-list A extended permit tcp any any eq 25", 2, 3, "80", "443", "14/14/0/0/0"},
        {"no access-list A line 2 extended permit tcp any any eq 8080", 3, 3, "80", "25",
         "14/13/0/0/1"},
        {"no access-list NEVER extended permit tcp any any eq 80", 3, 3, "80", "25", "14/13/0/0/1"},
        {"no access-group A in interface dmz", 3, 2, "80", "25", "14/14/0/0/0"},
        {"no access-group A in interface nowhere", 3, 3, "80", "25", "14/13/0/0/1"},
        {"no access-group TYPO in interface dmz", 3, 3, "80", "25", "14/13/0/0/1"},
        {"no access-group A", 3, 3, "80", "25", "14/13/0/0/1"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct parsed parsed;
        struct fw_buf text;
        fw_buf_init(&text);
        fw_buf_printf(&text, "%s%s\n", head, cases[i].line);
        parsed_init(&parsed, &fw_parser_cisco_asa, text.p);
        const struct fw_policy *a = parsed_policy(&parsed, "A");
        ck_assert_msg(a->n == cases[i].rules && a->nbindings == cases[i].bindings,
                      "%s: %zu rules, %zu bindings", cases[i].line, a->n, a->nbindings);
        ck_assert_msg(strcmp(parsed_counts(&parsed), cases[i].counts) == 0, "%s: %s", cases[i].line,
                      parsed_counts(&parsed));
        for (size_t k = 0; k < 2; k++) {
            char port[64];
            snprintf(port, sizeof(port), "\"destination_port\":\"%s\"",
                     k == 0 ? cases[i].first : cases[i].last);
            ck_assert_msg(strstr(parsed_rule(&parsed, "A", k == 0 ? 1 : a->n), port) != NULL,
                          "%s: no %s", cases[i].line, port);
        }
        ck_assert_uint_eq(parsed.ruleset.npolicies, 1);
        parsed_clear(&parsed);
        fw_buf_clear(&text);
    }
}
END_TEST

/* What drops packets and is not modelled says so. */
START_TEST(test_drops)
{
    static const struct {
        const char *line, *counts;
    } cases[] = {
        {"route Null0 10.0.0.0 255.0.0.0 1", "2/0/1/1/0"},
        {"route outside 0.0.0.0 0.0.0.0 192.0.2.1", "2/0/2/0/0"},
        {"interface Vlan2\n nameif dmz\n no forward interface Vlan1", "4/2/1/1/0"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct parsed parsed;
        struct fw_buf text;
        fw_buf_init(&text);
        fw_buf_printf(&text, "!\n%s\n", cases[i].line);
        parsed_init(&parsed, &fw_parser_cisco_asa, text.p);
        ck_assert_msg(strcmp(parsed_counts(&parsed), cases[i].counts) == 0, "%s: %s", cases[i].line,
                      parsed_counts(&parsed));
        parsed_clear(&parsed);
        fw_buf_clear(&text);
    }
}
END_TEST

/* A certificate whose end is missing takes nothing but its own bytes with it. */
START_TEST(test_certificate)
{
    static const struct {
        const char *text, *counts;
    } cases[] = {
        {"crypto ca certificate chain T\n certificate 01\n    3082 0122\n  quit\n"
         "access-list A extended permit ip any any\n",
         "5/1/4/0/0"},
        {"crypto ca certificate chain T\n certificate 01\n    3082 0122\n"
         "access-list A extended permit ip any any\n",
         "4/1/1/0/2"},
        {"access-list A extended permit ip any any\n"
         "crypto ca certificate chain T\n certificate 01\n    3082 0122\n    3082 0122\n",
         "5/1/1/0/3"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct parsed parsed;
        parsed_init(&parsed, &fw_parser_cisco_asa, cases[i].text);
        ck_assert_msg(strcmp(parsed_counts(&parsed), cases[i].counts) == 0, "%s: %s", cases[i].text,
                      parsed_counts(&parsed));
        ck_assert_uint_eq(parsed_policy(&parsed, "A")->n, 1);
        parsed_clear(&parsed);
    }
}
END_TEST

START_TEST(test_lines)
{
    struct parsed parsed;
    parsed_init(&parsed, &fw_parser_cisco_asa,
                "ciscoasa# show running-config\n: Saved\n!\n\n"
                "crypto ca certificate chain T\n certificate 01\n3082 0122\n  quit\n"
                "banner motd ! keep out !\n"
                "policy-map type inspect http W\n parameters\n class C\n  drop-connection log\n"
                "nat (inside,outside) source static A B\n"
                "no nat (inside,outside) source static A B\n"
                "foo bar\n"
                "interface Gi0/1\n description x\n nonsense\n"
                "Cryptochecksum:0123\n: end\n");
    ck_assert_str_eq(parsed_counts(&parsed), "21/3/15/1/2");
    parsed_clear(&parsed);
}
END_TEST

START_TEST(test_bid)
{
    static const struct {
        const char *head;
        int low, high;
    } cases[] = {
        {": Saved\n:\nASA Version 9.1(2)\n", FW_BID_SURE, 100},
        {"access-list OUT extended permit ip any any\naccess-group OUT in interface outside\n", 50,
         100},
        {"hostname r1\nip access-list extended X\n permit ip any any\naccess-list 101 permit ip "
         "any any\n",
         0, 0},
        {"*filter\n:INPUT DROP [0:0]\n", 0, 0},
        {"", 0, 0},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        int bid = fw_parser_cisco_asa.bid(fw_sv_from(cases[i].head));
        ck_assert_msg(bid >= cases[i].low && bid <= cases[i].high, "%s: %d", cases[i].head, bid);
    }
}
END_TEST

START_TEST(test_mangled)
{
    parsed_mangled(
        &fw_parser_cisco_asa,
        "object-group service S tcp\n port-object range 1 2\n group-object S\n"
        "object network N\n fqdn v4 a.b\nobject-group network M\n network-object object N\n"
        "interface e0\n nameif i\n ip address 10.0.0.1 255.0.0.0\n"
        "access-list A line 1 extended permit tcp object-group M neq 1 host 10.0.0.1 "
        "object-group S log 6 interval 3 time-range T\nno access-list A permit ip any any\n"
        "access-group A in interface i\nusername u password p privilege 15\n");
}
END_TEST

Suite *fw_suite_cisco_asa(void)
{
    Suite *suite = suite_create("cisco_asa");
    TCase *tc = tcase_create("cisco_asa");
    tcase_set_timeout(tc, 120);
    tcase_add_test(tc, test_entries);
    tcase_add_test(tc, test_widened);
    tcase_add_test(tc, test_never_dropped);
    tcase_add_test(tc, test_list);
    tcase_add_test(tc, test_undo);
    tcase_add_test(tc, test_undo_one);
    tcase_add_test(tc, test_drops);
    tcase_add_test(tc, test_certificate);
    tcase_add_test(tc, test_lines);
    tcase_add_test(tc, test_bid);
    tcase_add_test(tc, test_mangled);
    suite_add_tcase(suite, tc);
    return suite;
}
