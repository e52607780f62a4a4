/* Tests of parsers/cisco_ios*.c and cisco_nxos.c, and of how zones of a router are walked. */
#include <stdio.h>
#include <string.h>

#include "tests/unit/rulejson.h"
#include "tests/unit/rulesetparse.h"
#include "tests/unit/suites.h"

extern const struct fw_parser fw_parser_cisco_asa;
extern const struct fw_parser fw_parser_cisco_ios;
extern const struct fw_parser fw_parser_cisco_nxos;

static const char objects[] =
    "object-group network NETS\n host 10.1.1.1\n 10.2.0.0 255.255.0.0\n"
    " group-object MORE\n"
    "object-group network MORE\n range 10.3.0.1 10.3.0.9\n 10.4.0.0 /16\n"
    "object-group service SVCS\n tcp eq www\n udp source eq 53 range 1 9\n"
    " icmp echo\n tcp-udp 99\n gre\n"
    "object-group ip port PORTS\n 10 eq 80\n 20 range 1 9\n"
    "time-range NIGHT\n periodic daily 0:00 to 6:00\n"
    "ip access-list extended A\n ";

static void check_entries(const char *head, const struct rule_case *cases, size_t n,
                          const char *counts)
{
    const struct rule_frame frame = {&fw_parser_cisco_ios, head, "\n", "A", counts};
    check_rules(&frame, cases, n);
}

START_TEST(test_entries)
{
    static const struct rule_case cases[] = {
        {"permit ip any any", "permit " ANY SVC("any", "any", "any", "") TAIL},
        {"deny 47 host 10.0.0.1 10.0.0.0 0.0.0.255",
         "deny " IFS "\"source\":[\"10.0.0.1\"],\"destination\":[\"10.0.0.0/24\"]," SVC(
             "gre", "any", "any", "") TAIL},
        {"permit tcp any eq 1 2 3 any neq 25",
         "permit " ANY SVC("tcp", "1-3", "0-24,26-65535", "") TAIL},
        {"permit tcp any any eq www 443 log", "permit " ANY SVC("tcp", "any", "80,443", "") TAIL},
        {"permit ip 10.0.0.1 0.0.2.0 any",
         "permit " IFS "\"source\":[\"10.0.0.1\",\"10.0.2.1\"],\"destination\":\"any\"," SVC(
             "any", "any", "any", "") TAIL},
        {"permit ip 10.1.0.0/16 any",
         "permit " IFS
         "\"source\":[\"10.1.0.0/16\"],\"destination\":\"any\"," SVC("any", "any", "any", "") TAIL},
        {"permit ip object-group NETS any",
         "permit " IFS "\"source\":[\"10.1.1.1\",\"10.2.0.0/16\",\"10.3.0.1-10.3.0.9\","
         "\"10.4.0.0/16\"],\"destination\":\"any\"," SVC("any", "any", "any", "") TAIL},
        {"permit tcp any any portgroup PORTS", "permit " ANY SVC("tcp", "any", "1-9,80", "") TAIL},
        {"permit object-group SVCS any any",
         "permit " ANY "\"service\":[{\"protocol\":\"tcp\",\"source_port\":\"any\","
         "\"destination_port\":\"80\"},{\"protocol\":\"udp\",\"source_port\":\"53\","
         "\"destination_port\":\"1-9\"},{\"protocol\":\"icmp\",\"source_port\":\"any\","
         "\"destination_port\":\"any\",\"icmp\":\"8\"},{\"protocol\":\"tcp,udp\","
         "\"source_port\":\"any\",\"destination_port\":\"99\"},{\"protocol\":\"gre\","
         "\"source_port\":\"any\",\"destination_port\":\"any\"}]," TAIL},
        {"permit icmp any any host-unreachable",
         "permit " ANY SVC("icmp", "any", "any", ",\"icmp\":\"3/1\"") TAIL},
        {"permit icmp any any 3 4",
         "permit " ANY SVC("icmp", "any", "any", ",\"icmp\":\"3/4\"") TAIL},
        {"permit icmp any any echo log",
         "permit " ANY SVC("icmp", "any", "any", ",\"icmp\":\"8\"") TAIL},
        {"permit tcp any any time-range NIGHT",
         "permit " ANY SVC("tcp", "any", "any", "") WIDE("\"time-range NIGHT\"")},
        {"permit tcp any any dscp af21 fragments",
         "permit " ANY SVC("tcp", "any", "any", "") WIDE("\"dscp af21\",\"fragments\"")},
        {"evaluate ANSWERS", "permit " ANY SVC("any", "any", "any", "") WIDE("\"evaluate "
                                                                             "ANSWERS\"")},
        {"permit ip any any (17 matches)",
         "permit " ANY SVC("any", "any", "any", "") "\"comment\":\"\",\"hits\":17,\"exact\":true,"
                                                    "\"unmodelled\":[]}"},
    };
    static const struct rule_case unsupported[] = {
        {"permit ip object-group GONE any",
         "permit " ANY SVC("any", "any", "any", "") WIDE("\"source object GONE\"")},
        {"permit tcp any any eq 80 sometimes",
         "permit " ANY SVC("tcp", "any", "80", "") WIDE("\"unknown sometimes\"")},
    };
    static const struct rule_case bad[] = {
        {"permit tcp any any eq nosuchport",
         "permit " ANY SVC("tcp", "any", "any", "") WIDE("\"destination port nosuchport\"")},
        {"permit tcp 10.0.0.1 any",
         "permit " ANY SVC("tcp", "any", "any", "") WIDE("\"unread any\"")},
        {"permit tcp any", "permit " ANY SVC("tcp", "any", "any", "") WIDE("\"unread\"")},
        {"deny nothing any any",
         "deny " ANY SVC("any", "any", "any", "") WIDE("\"unread nothing any any\"")},
        {"permit tcp any any dscp", "permit " ANY SVC("tcp", "any", "any", "") WIDE("\"unread\"")},
    };
    static const struct rule_case standard[] = {
        {"permit 10.0.0.0 0.255.255.255 log",
         "permit " IFS
         "\"source\":[\"10.0.0.0/8\"],\"destination\":\"any\"," SVC("any", "any", "any", "") TAIL},
        {"deny 10.0.0.1", "deny " IFS "\"source\":[\"10.0.0.1\"],\"destination\":\"any\"," SVC(
                              "any", "any", "any", "") TAIL},
        {"permit any", "permit " ANY SVC("any", "any", "any", "") TAIL},
    };
    check_entries(objects, cases, sizeof(cases) / sizeof(cases[0]), "/0/0");
    check_entries(objects, unsupported, sizeof(unsupported) / sizeof(unsupported[0]), "/1/0");
    check_entries(objects, bad, sizeof(bad) / sizeof(bad[0]), "/0/1");
    check_entries("ip access-list standard A\n ", standard, 3, "/0/0");
}
END_TEST

/* Every flag byte, against the words. */
START_TEST(test_flags)
{
    static const struct {
        const char *words;
        unsigned set, clear;
        bool all;
    } cases[] = {
        {"established", 16 | 4, 0, false},
        {"match-all +ack -syn", 16, 2, true},
        {"match-any +fin -rst", 1, 4, false},
        {"syn fin", 2 | 1, 0, false},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char text[200];
        struct parsed parsed;
        snprintf(text, sizeof(text), "access-list 101 permit tcp any any %s\n", cases[i].words);
        parsed_init(&parsed, &fw_parser_cisco_ios, text);
        const struct fw_numset
            *flags = parsed_policy(&parsed, "101")->rules[0].match.terms[0].flags;
        for (unsigned byte = 0; byte < 256; byte++) {
            bool every = (byte & cases[i].set) == cases[i].set && (byte & cases[i].clear) == 0;
            bool one = (byte & cases[i].set) != 0 || (~byte & cases[i].clear) != 0;
            ck_assert_msg(fw_numset_has(flags, byte) == (cases[i].all ? every : one), "%s: %u",
                          cases[i].words, byte);
        }
        parsed_clear(&parsed);
    }
}
END_TEST

START_TEST(test_lists)
{
    struct parsed parsed;
    parsed_init(&parsed, &fw_parser_cisco_ios,
                "access-list 10 permit 10.0.0.1\n"
                "no access-list 10\n"
                "access-list 10 permit 10.0.0.2\n"
                "access-list 701 permit 0000.0000.0000 ffff.ffff.ffff\n"
                "ip access-list extended A\n"
                " remark first\n"
                " permit tcp any any\n"
                " 5 deny udp any any\n"
                " permit icmp any any\n"
                " no 20\n"
                " no permit icmp any any\n"
                " 40 deny ip any any log\n"
                "ipv6 access-list S\n permit tcp any any eq 443 sequence 20\n deny udp any any "
                "sequence 10\n"
                "ipv6 access-list T\n deny ipv6 any any\n"
                "interface Gi0/0\n ip address 192.0.2.1 255.255.255.0\n ip access-group A in\n"
                " ipv6 traffic-filter S out\n ip access-group GONE out\n"
                "ip access-list extended EMPTY\n");
    ck_assert_str_eq(parsed_counts(&parsed), "23/22/1/0/0");
    const struct fw_policy *a = parsed_policy(&parsed, "A");
    ck_assert_uint_eq(a->n, 3);
    ck_assert_int_eq(a->rules[0].action, FW_ACTION_DENY);
    ck_assert_uint_eq(a->rules[0].span.line, 8);
    ck_assert_int_eq(a->rules[1].action, FW_ACTION_CONTINUE);
    ck_assert_uint_eq(a->rules[2].span.line, 12);
    ck_assert(a->rules[2].log);
    ck_assert_uint_eq(a->rules[2].position, 3);
    ck_assert_int_eq(a->fallback, FW_ACTION_DENY);
    ck_assert(fw_sv_is(a->bindings[0].in, "Gi0/0"));
    ck_assert_uint_eq(parsed_policy(&parsed, "10")->n, 1);
    ck_assert(!parsed_policy(&parsed, "10")->bound);
    const struct fw_policy *s = parsed_policy(&parsed, "S");
    ck_assert_uint_eq(s->n, 4); /* neighbour discovery passes before the end */
    ck_assert_int_eq(s->rules[0].action, FW_ACTION_DENY);
    ck_assert_int_eq(s->rules[3].action, FW_ACTION_PERMIT);
    ck_assert(fw_sv_is(s->bindings[0].out, "Gi0/0"));
    ck_assert_uint_eq(parsed_policy(&parsed, "T")->n, 1); /* but not after "deny ipv6 any any" */
    ck_assert(!fw_ruleset_find(&parsed.ruleset, FW_SV("EMPTY")));
    ck_assert_uint_eq(parsed.ruleset.ninterfaces, 1);
    parsed_clear(&parsed);
}
END_TEST

static const char zoned[] =
    "zone security IN\nzone security OUT\n"
    "class-map type inspect match-any SURF\n match protocol http\n match class-map DEEP\n"
    "class-map type inspect match-all DEEP\n match protocol dns\n match access-group 7\n"
    "class-map type inspect match-all ADMIN\n match access-group name L1\n"
    " match access-group name L2\n"
    "policy-map type inspect P\n class type inspect SURF\n  inspect\n class type inspect ADMIN\n"
    "  pass\n class class-default\n  drop log\n"
    "zone-pair security P1 source IN destination OUT\n service-policy type inspect P\n"
    "zone-pair security P2 source OUT destination self\n service-policy type inspect P\n"
    "access-list 7 permit 10.0.0.7\n"
    "ip access-list extended L1\n deny tcp any host 203.0.113.9\n permit tcp any any eq 22\n"
    "ip access-list extended L2\n permit tcp 10.0.0.0 0.0.0.255 any\n"
    "ip access-list extended EDGE\n permit tcp any host 192.0.2.1 eq 80\n deny ip any any\n"
    "ip nat inside source static tcp 10.0.0.9 8080 192.0.2.1 80\n"
    "interface i0\n ip address 10.0.0.1 255.255.255.0\n zone-member security IN\n ip nat inside\n"
    "interface i1\n zone-member security IN\n"
    "interface o0\n ip address 192.0.2.1 255.255.255.0\n zone-member security OUT\n"
    " ip nat outside\n ip access-group EDGE in\n"
    "interface n0\n ip address 10.9.0.1 255.255.255.0\ninterface n1\n no ip address\n";

START_TEST(test_zones)
{
    static const struct {
        const char *packet;
        enum fw_verdict verdict;
        const char *policy; /* NULL: nobody's rule */
    } cases[] = {
        {"tcp 10.0.0.5:9 -> 203.0.113.1:80 in=i0 out=o0", FW_VERDICT_PERMIT, "P1"},
        {"udp 10.0.0.7:9 -> 203.0.113.1:53 in=i0 out=o0", FW_VERDICT_PERMIT, "P1/SURF/7"},
        {"udp 10.0.0.8:9 -> 203.0.113.1:53 in=i0 out=o0", FW_VERDICT_DENY, "P1"},
        {"tcp 10.0.0.5:9 -> 203.0.113.1:22 in=i0 out=o0", FW_VERDICT_PERMIT, "P1/ADMIN/L2"},
        {"tcp 10.0.0.5:9 -> 203.0.113.9:22 in=i0 out=o0", FW_VERDICT_DENY, "P1"},
        {"tcp 10.0.1.5:9 -> 203.0.113.1:22 in=i0 out=o0", FW_VERDICT_DENY, "P1"},
        {"tcp 10.0.0.5:9 -> 10.0.0.6:99 in=i0 out=i1", FW_VERDICT_PERMIT, NULL}, /* one zone */
        {"tcp 10.0.0.5:9 -> 10.9.0.6:80 in=i0 out=n0", FW_VERDICT_DENY, NULL},
        {"tcp 10.9.0.5:9 -> 10.9.1.6:80 in=n0 out=n1", FW_VERDICT_PERMIT, NULL},
        {"tcp 203.0.113.1:9 -> 192.0.2.1:80 in=o0 out=i0", FW_VERDICT_DENY, NULL}, /* no pair */
        {"tcp 203.0.113.1:9 -> 192.0.2.1:81 in=o0 out=i0", FW_VERDICT_DENY, "EDGE"},
        {"tcp 10.0.0.5:9 -> 10.0.0.1:22 in=i0 hook=input", FW_VERDICT_PERMIT, NULL},
        {"tcp 10.0.0.5:9 -> 203.0.113.1:80 in=i0", FW_VERDICT_MAY, NULL},
    };
    struct parsed parsed;
    parsed_init(&parsed, &fw_parser_cisco_ios, zoned);
    ck_assert(parsed.ruleset.zones_open && parsed.ruleset.nat_view == FW_NAT_VIEW_WIRE);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct fw_trace trace;
        parsed_trace(&parsed, cases[i].packet, &trace);
        ck_assert_msg(trace.verdict == cases[i].verdict, "%s: %s", cases[i].packet,
                      fw_verdict_name(trace.verdict));
        if (cases[i].verdict != FW_VERDICT_MAY) {
            ck_assert_msg(cases[i].policy
                              ? trace.policy && fw_sv_is(trace.policy->name, cases[i].policy)
                              : trace.rule == NULL,
                          "%s: %.*s", cases[i].packet,
                          FW_SV_ARG(trace.policy ? trace.policy->name : FW_SV("-")));
        }
    }
    parsed_clear(&parsed);
}
END_TEST

START_TEST(test_settings)
{
    static const struct setting_case expected[] = {
        {FW_SETTING_VERSION, "15.7", "IOS"},
        {FW_SETTING_HOSTNAME, "gate", ""},
        {FW_SETTING_LOG_TIMESTAMP, "timestamp", "datetime msec"},
        {FW_SETTING_TIME_ZONE, "CST 8 0", ""},
        {FW_SETTING_NTP_AUTH, "authenticate", ""},
        {FW_SETTING_NTP_SERVER, "192.0.2.1", "key 6 prefer"},
        {FW_SETTING_LOG_HOST, "192.0.2.9", "transport tls"},
        {FW_SETTING_LOG_HOST, "192.0.2.8", ""},
        {FW_SETTING_LOG_LEVEL, "informational", "trap"},
        {FW_SETTING_USER, "anna", "15"},
        {FW_SETTING_AAA, "new-model", ""},
        {FW_SETTING_AAA, "tacacs-server", "192.0.2.5"},
        {FW_SETTING_DNS_SERVER, "192.0.2.53", ""},
        {FW_SETTING_SNMP, "1", "RO"},
        {FW_SETTING_ADMIN_ACCESS, "https", ""},
        {FW_SETTING_ADMIN_ACCESS, "ssh", "vty 0 4"},
        {FW_SETTING_ADMIN_ACCESS, "telnet", "vty 0 4"},
    };
    struct parsed parsed;
    parsed_init(
        &parsed, &fw_parser_cisco_ios,
        "version 15.7\nhostname gate\nservice timestamps log datetime msec\n"
        "clock timezone CST 8 0\nntp authenticate\nntp server vrf M 192.0.2.1 key 6 prefer\n"
        "logging host 192.0.2.9 transport tls\nlogging 192.0.2.8\nlogging trap informational\n"
        "username anna privilege 15 secret 9 X\nusername bob password 7 Y\nno username bob\n"
        "aaa new-model\ntacacs-server host 192.0.2.5 key K\nip name-server 192.0.2.53\n"
        "snmp-server community C RO 10\nip http secure-server\nno ip http server\n"
        "access-list 10 permit 10.0.0.0 0.0.0.255\n"
        "line vty 0 4\n access-class 10 in\n transport input ssh telnet\n"
        "line con 0\n password 7 Z\n");
    ck_assert_str_eq(parsed_counts(&parsed), "24/23/1/0/0");
    check_settings(&parsed, expected, sizeof(expected) / sizeof(expected[0]));
    const struct fw_setting *ssh = &parsed.ruleset.settings[15];
    ck_assert(fw_ip_eq(ssh->range.lo, fw_ip4(0x0a000000)) &&
              fw_ip_eq(ssh->range.hi, fw_ip4(0x0a0000ff)));
    parsed_clear(&parsed);
}
END_TEST

START_TEST(test_secrets)
{
    static const struct secret_case cases[] = {
        {"enable secret 9 $9$abc", "$9$abc"},
        {"username a privilege 15 secret 5 $1$xyz", "$1$xyz"},
        {"snmp-server host 192.0.2.5 traps version 2c word", "word"},
        {"snmp-server host 192.0.2.5 word", "word"},
        {"snmp-server host 192.0.2.5 version 3 auth someone", NULL},
        {"snmp-server community word RO", "word"},
        {"snmp-server host manager.example.com word", "word"},
        {"snmp-server host manager.example.com traps version 2c word", "word"},
        {"interface Gi0/0\n glbp 1 authentication text word", "word"},
        {"interface Dot11Radio0\n encryption mode wep mandatory key 1 size 128bit 7 word", "word"},
        {"interface Dot11Radio0\n encryption vlan 1 key 1 size 40bit word", "word"},
        {"router isis\n authentication mode hmac-sha-256 7 word", "word"},
        {"tacacs-server key 7 word", "word"},
        {"line vty 0 4\n password 7 word", "word"},
        {"crypto isakmp key word address 192.0.2.9", "word"},
        {"ip access-list extended A\n permit tcp any any eq 22", NULL},
    };
    check_secrets(&fw_parser_cisco_ios, cases, sizeof(cases) / sizeof(cases[0]));
}
END_TEST

START_TEST(test_lines)
{
    struct parsed parsed;
    parsed_init(&parsed, &fw_parser_cisco_ios,
                "r1#show running-config\nBuilding configuration...\n!\n"
                "banner motd ^C\naccess-list 1 permit any\nno end ^C\n"
                "crypto pki certificate chain T\n certificate 01\n  3082\n  quit\n"
                "router bgp 1\n neighbor 192.0.2.1 remote-as 2\n"
                "interface Gi0/0\n frobnicate\n ip inspect FW in\n cts manual\n  policy static\n"
                "frobnicate\n within\n"
                "ip access-list extended A\npermit ip any any\n allow\n");
    ck_assert_str_eq(parsed_counts(&parsed), "22/3/14/4/1");
    ck_assert_uint_eq(parsed.ruleset.npolicies, 1);
    parsed_clear(&parsed);
}
END_TEST

/* What drops packets and is not modelled says so. */
START_TEST(test_drops)
{
    static const struct {
        const char *line, *counts;
    } cases[] = {
        {"interface Gi0/0\n ip verify unicast reverse-path", "3/1/1/1/0"},
        {"interface Gi0/0\n ipv6 verify unicast source reachable-via rx", "3/1/1/1/0"},
        {"interface Gi0/0\n no ip verify unicast reverse-path", "3/1/2/0/0"},
        {"interface Gi0/0\n ip policy route-map ELSEWHERE", "3/1/1/1/0"},
        {"ip options drop", "2/0/1/1/0"},
        {"no ip options drop", "2/0/2/0/0"},
        {"ip tcp intercept list 101", "2/0/1/1/0"},
        {"ip route 10.0.0.0 255.0.0.0 Null0", "2/0/1/1/0"},
        {"ip route 10.0.0.0/8 Null0 250", "2/0/1/1/0"},
        {"ip route vrf A 10.0.0.0 255.0.0.0 Null0 tag 7", "2/0/1/1/0"},
        {"ipv6 route 2001:db8::/32 Null0", "2/0/1/1/0"},
        {"ip route 10.0.0.0 255.0.0.0 192.0.2.1", "2/0/2/0/0"},
        {"interface Gi0/0\n ip access-group A in\n no ip access-group A in\n"
         "ip access-list extended A\n permit ip any any",
         "6/5/1/0/0"},
        {"interface Gi0/0\n ip access-group A out\n no ip access-group out\n"
         "ip access-list extended A\n permit ip any any",
         "6/5/1/0/0"},
        {"interface Gi0/0\n no ip access-group A in", "3/1/2/0/0"},
        {"ip nat inside source static network 10.0.0.0 interface Gi0/0 /24", "2/0/1/0/1"},
        {"interface Gi0/0\n no ip access-group in", "3/1/2/0/0"},
        {"banner motd ^C\nno end\nip access-list extended A\n permit ip any any", "5/0/1/0/4"},
        {"banner motd ^Xy\nan end^\nip access-list extended A\n permit ip any any", "5/2/3/0/0"},
        {"banner motd ^C\nan end\n^C\nip access-list extended A\n permit ip any any", "6/2/4/0/0"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct parsed parsed;
        struct fw_buf text;
        fw_buf_init(&text);
        fw_buf_printf(&text, "!\n%s\n", cases[i].line);
        parsed_init(&parsed, &fw_parser_cisco_ios, text.p);
        ck_assert_msg(strcmp(parsed_counts(&parsed), cases[i].counts) == 0, "%s: %s", cases[i].line,
                      parsed_counts(&parsed));
        for (size_t k = 0; k < parsed.ruleset.npolicies; k++) {
            ck_assert_msg(!parsed.ruleset.policies[k]->bound, "%s", cases[i].line);
        }
        parsed_clear(&parsed);
        fw_buf_clear(&text);
    }
}
END_TEST

/* An entry is taken away by what it says, not by the remark before it. */
START_TEST(test_undo_entry)
{
    struct parsed parsed;
    parsed_init(&parsed, &fw_parser_cisco_ios,
                "ip access-list extended A\n remark the web\n permit tcp any any eq 80\n"
                " permit tcp any any eq 443\n no permit tcp any any eq 80\n");
    ck_assert_str_eq(parsed_counts(&parsed), "5/5/0/0/0");
    ck_assert_uint_eq(parsed_policy(&parsed, "A")->n, 2);
    ck_assert_ptr_nonnull(strstr(parsed_rule(&parsed, "A", 2), "443"));
    parsed_clear(&parsed);
}
END_TEST

/* Classes within classes expand to so many rules and no more; what is left may be decided either
 * way. */
START_TEST(test_nested_classes)
{
    struct parsed parsed;
    struct fw_buf text;
    fw_buf_init(&text);
    fw_buf_add_cstr(&text, "zone security IN\nzone security OUT\n");
    for (int i = 0; i < 7; i++) {
        fw_buf_printf(&text, "class-map type inspect match-any C%d\n", i);
        for (int k = 0; k < 40; k++) {
            fw_buf_printf(&text, " match class-map C%d\n", i + 1);
        }
    }
    fw_buf_add_cstr(&text,
                    "class-map type inspect match-any C7\n"
                    "policy-map type inspect P\n class type inspect C0\n  pass\n"
                    "zone-pair security P1 source IN destination OUT\n"
                    " service-policy type inspect P\n"
                    "interface i\n ip address 10.0.0.1 255.255.255.0\n zone-member security IN\n"
                    "interface o\n ip address 192.0.2.1 255.255.255.0\n"
                    " zone-member security OUT\n");
    parsed_init(&parsed, &fw_parser_cisco_ios, text.p);
    struct fw_trace trace;
    ck_assert_int_eq(parsed_trace(&parsed, "tcp 10.0.0.5:9 -> 192.0.2.5:80 in=i out=o", &trace),
                     FW_VERDICT_MAY);
    parsed_clear(&parsed);
    fw_buf_clear(&text);
}
END_TEST

START_TEST(test_nxos)
{
    struct parsed parsed;
    parsed_init(&parsed, &fw_parser_cisco_nxos,
                "version 9.3(5)\nswitchname core\nfeature ssh\n"
                "object-group ip address S\n  10 host 10.0.0.1\n  20 10.1.0.0/16\n"
                "object-group ip port P\n  10 eq 80\n"
                "ip access-list A\n  statistics per-entry\n"
                "  20 permit tcp 10.2.0.0/16 addrgroup S portgroup P\n  10 deny udp any any\n"
                "interface Vlan30\n  ip address 10.3.0.1/24\n  ip access-group A in\n"
                "vrf context management\n  ip name-server 192.0.2.53\n");
    ck_assert_str_eq(parsed_counts(&parsed), "17/15/2/0/0");
    ck_assert_str_eq(parsed_rule(&parsed, "A", 2),
                     "permit " IFS "\"source\":[\"10.2.0.0/16\"],"
                     "\"destination\":[\"10.0.0.1\",\"10.1.0.0/16\"]," SVC("tcp", "any", "80", "")
                         TAIL);
    ck_assert(fw_sv_is(parsed_policy(&parsed, "A")->bindings[0].in, "Vlan30"));
    ck_assert_uint_eq(parsed.ruleset.interfaces[0].nown, 1);
    parsed_clear(&parsed);
}
END_TEST

START_TEST(test_listing)
{
    struct parsed parsed;
    parsed_init(&parsed, &fw_parser_cisco_ios,
                "Standard IP access list 2\n"
                "10 permit 10.0.0.0, wildcard bits 0.0.0.255 log (4556 matches)\n"
                "Extended IP access list WEB\n"
                "    20 permit tcp any any eq www log (tag = web) (1 match)\n"
                "    30 permit udp any any time-range NIGHT (inactive)\n"
                "IP access list N\n        10 permit ip any any ttl 200 [match=66]\n"
                "MAC access list M\n        10 permit any any\n");
    ck_assert_str_eq(parsed_counts(&parsed), "9/6/2/1/0"); /* nothing defines NIGHT here */
    ck_assert(!parsed.ruleset.has_settings);
    ck_assert_uint_eq(parsed_policy(&parsed, "2")->rules[0].hits.packets, 4556);
    ck_assert_uint_eq(parsed_policy(&parsed, "WEB")->rules[0].hits.packets, 1);
    ck_assert(!parsed_policy(&parsed, "WEB")->rules[1].hits.present);
    ck_assert_uint_eq(parsed_policy(&parsed, "N")->rules[0].hits.packets, 66);
    ck_assert_str_eq(parsed_rule(&parsed, "2", 1),
                     "permit " IFS "\"source\":[\"10.0.0.0/24\"],\"destination\":\"any\"," SVC(
                         "any", "any", "any",
                         "") "\"comment\":\"\",\"hits\":4556,\"exact\":true,\"unmodelled\":[]}");
    parsed_clear(&parsed);
}
END_TEST

START_TEST(test_bid)
{
    static const struct {
        const char *text;
        const struct fw_parser *best;
    } cases[] = {
        {"version 15.2\nservice timestamps log datetime\nhostname r\nline vty 0 4\n",
         &fw_parser_cisco_ios},
        {"hostname r\nip access-list extended A\n permit ip any any\n", &fw_parser_cisco_ios},
        {"access-list 101 permit ip any any\n", &fw_parser_cisco_ios},
        {"feature ssh\nvrf context management\nip access-list A\n  10 permit ip any any\n",
         &fw_parser_cisco_nxos},
        {"ASA Version 9.8(2)\nhostname a\naccess-list A extended permit ip any any\n",
         &fw_parser_cisco_asa},
        {"interface Gi0/0\n nameif inside\n security-level 100\n", &fw_parser_cisco_asa},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const struct fw_parser *best = fw_parser_detect(FW_PARSER_RULESET,
                                                        fw_sv_from(cases[i].text));
        ck_assert_msg(best == cases[i].best, "%s%s", cases[i].text, best ? best->name : "nobody");
    }
}
END_TEST

START_TEST(test_mangled)
{
    parsed_mangled(&fw_parser_cisco_ios, zoned);
    parsed_mangled(
        &fw_parser_cisco_ios,
        "object-group network G\n host 10.0.0.1\n range 10.0.0.1 10.0.0.2\n 10.0.0.0 /8\n"
        "object-group service S\n tcp source eq 1 range 2 3\n icmp echo\n"
        "ip access-list extended A\n 10 permit tcp object-group G eq 1 2 any established\n"
        " permit tcp any any match-all +ack -syn ttl eq 5\n no 10\n"
        " permit object-group S any any time-range T reflect R timeout 5\n"
        "ipv6 access-list B\n permit icmp any 2001:db8::/32 nd-na sequence 5\n"
        "ip nat pool P 192.0.2.1 192.0.2.9 netmask 255.0.0.0\n"
        "ip nat inside source list 7 pool P overload\n"
        "ip nat inside source static network 10.0.0.0 192.0.2.0 /24\n"
        "line vty 0 4\n access-class 7 in\n transport input ssh\nbanner motd #\nx\n#\n");
}
END_TEST

Suite *fw_suite_cisco_ios(void)
{
    Suite *suite = suite_create("cisco_ios");
    TCase *tc = tcase_create("cisco_ios");
    tcase_set_timeout(tc, 120);
    tcase_add_test(tc, test_entries);
    tcase_add_test(tc, test_flags);
    tcase_add_test(tc, test_lists);
    tcase_add_test(tc, test_zones);
    tcase_add_test(tc, test_settings);
    tcase_add_test(tc, test_secrets);
    tcase_add_test(tc, test_lines);
    tcase_add_test(tc, test_drops);
    tcase_add_test(tc, test_undo_entry);
    tcase_add_test(tc, test_nested_classes);
    tcase_add_test(tc, test_nxos);
    tcase_add_test(tc, test_listing);
    tcase_add_test(tc, test_bid);
    tcase_add_test(tc, test_mangled);
    suite_add_tcase(suite, tc);
    return suite;
}
