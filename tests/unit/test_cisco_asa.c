/* Tests of parsers/cisco_asa*.c and what it shares with other Cisco dialects. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/limits.h"
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

static const struct fw_object *find_object(const struct parsed *parsed, const char *name)
{
    for (size_t i = 0; i < parsed->ruleset.nobjects; i++) {
        if (fw_sv_is(parsed->ruleset.objects[i]->name, name)) {
            return parsed->ruleset.objects[i];
        }
    }
    ck_abort_msg("no object %s", name);
    return NULL;
}

START_TEST(test_objects)
{
    struct parsed parsed;
    parsed_init(&parsed, &fw_parser_cisco_asa,
                "object network A\n host 10.0.0.1\n"
                "object network B\n host 10.0.0.1\n"
                "object-group network G\n network-object object A\n"
                "object-group network EMPTY\n"
                "object-group network LOOP\n group-object POOL\n network-object host 10.0.0.9\n"
                "object-group network POOL\n group-object LOOP\n"
                "object network NAT\n host 10.0.0.5\n nat (inside,outside) static 192.0.2.5\n"
                "access-list L extended permit ip object-group G object A\n"
                "access-list L extended permit ip object-group EMPTY any\n"
                "access-list L extended permit ip object-group LOOP any\n"
                "object network A\n host 10.0.0.2\n");
    ck_assert_uint_eq(find_object(&parsed, "A")->uses, 2);
    ck_assert_uint_eq(find_object(&parsed, "B")->uses, 0);
    ck_assert_uint_eq(find_object(&parsed, "NAT")->uses, 1);
    ck_assert(find_object(&parsed, "EMPTY")->empty);
    ck_assert(!find_object(&parsed, "G")->empty);
    ck_assert(fw_sha256_eq(find_object(&parsed, "A")->content, find_object(&parsed, "G")->content));
    ck_assert(
        !fw_sha256_eq(find_object(&parsed, "A")->content, find_object(&parsed, "B")->content));
    ck_assert_ptr_nonnull(strstr(parsed_rule(&parsed, "L", 1), "\"source\":[\"10.0.0.2\"]"));
    ck_assert_uint_eq(parsed_policy(&parsed, "L")->rules[1].match.n, 0); /* an empty group */
    ck_assert(!fw_rule_exact(&parsed_policy(&parsed, "L")->rules[2]));   /* a cycle */
    ck_assert_uint_gt(fw_diags_count(parsed.diags), 0);
    parsed_clear(&parsed);
}
END_TEST

/* Ten groups inside one another, each with many members: the sets are shared, not multiplied. */
START_TEST(test_nested_groups)
{
    enum { LEVELS = 10, MEMBERS = 20000 };
    size_t cap = (size_t)LEVELS * MEMBERS * 48 + 4096;
    char *text = malloc(cap);
    size_t n = 0;
    for (int level = 0; level < LEVELS; level++) {
        n += (size_t)snprintf(text + n, cap - n, "object-group network G%d\n", level);
        for (int i = 0; i < MEMBERS; i++) {
            n += (size_t)snprintf(text + n, cap - n, " network-object host 10.%d.%d.%d\n", level,
                                  i / 120, i % 120 * 2);
        }
        if (level > 0) {
            n += (size_t)snprintf(text + n, cap - n, " group-object G%d\n", level - 1);
        }
    }
    snprintf(text + n, cap - n, "access-list A extended permit ip object-group G9 any\n");
    struct parsed parsed;
    parsed_init(&parsed, &fw_parser_cisco_asa, text);
    const struct fw_rule *rule = &parsed_policy(&parsed, "A")->rules[0];
    ck_assert_uint_eq(rule->match.n, 1);
    ck_assert_uint_eq(rule->match.terms[0].src->n, (size_t)LEVELS * MEMBERS);
    ck_assert_uint_lt(parsed.doc.arena.used, 400u << 20);
    parsed_clear(&parsed);
    free(text);
}
END_TEST

START_TEST(test_depth_limit)
{
    enum { LEVELS = FW_LIMIT_GROUP_DEPTH + 10 };
    char *text = malloc(LEVELS * 80 + 200);
    size_t n = 0;
    for (int level = LEVELS; level > 0; level--) { /* the outermost is read first */
        n += (size_t)sprintf(text + n, "object-group network G%d\n group-object G%d\n", level,
                             level - 1);
    }
    n += (size_t)sprintf(text + n, "object-group network G0\n network-object host 10.0.0.1\n");
    sprintf(text + n, "access-list A extended permit ip object-group G%d any\n", LEVELS);
    struct parsed parsed;
    parsed_init(&parsed, &fw_parser_cisco_asa, text);
    ck_assert(!fw_rule_exact(&parsed_policy(&parsed, "A")->rules[0]));
    ck_assert_int_eq(fw_diags_at(parsed.diags, 0)->id, FW_DIAG_ID_LIMIT_REACHED);
    parsed_clear(&parsed);
    free(text);
}
END_TEST

static bool has_diag(const struct parsed *parsed, enum fw_diag_id id)
{
    for (size_t i = 0; i < fw_diags_count(parsed->diags); i++) {
        if (fw_diags_at(parsed->diags, i)->id == id) {
            return true;
        }
    }
    return false;
}

START_TEST(test_member_limit)
{
    enum { MEMBERS = 16384, TIMES = FW_LIMIT_GROUP_MEMBERS / MEMBERS + 1 };
    size_t cap = (size_t)MEMBERS * 40 + (size_t)TIMES * 20 + 4096;
    char *text = malloc(cap);
    size_t n = (size_t)snprintf(text, cap, "object-group network BIG\n");
    for (int i = 0; i < MEMBERS; i++) {
        n += (size_t)snprintf(text + n, cap - n, " network-object host 10.0.%d.%d\n", i / 128,
                              i % 128 * 2);
    }
    n += (size_t)snprintf(text + n, cap - n, "object-group network HUGE\n");
    for (int i = 0; i < TIMES; i++) {
        n += (size_t)snprintf(text + n, cap - n, " group-object BIG\n");
    }
    snprintf(text + n, cap - n, "access-list A extended permit ip object-group HUGE any\n");
    struct parsed parsed;
    parsed_init(&parsed, &fw_parser_cisco_asa, text);
    ck_assert(has_diag(&parsed, FW_DIAG_ID_LIMIT_REACHED));
    ck_assert(!fw_rule_exact(&parsed_policy(&parsed, "A")->rules[0]));
    parsed_clear(&parsed);
    free(text);
}
END_TEST

/* Names of hosts are alternatives that cannot be folded: 300 sources times 300 destinations. */
START_TEST(test_terms_limit)
{
    enum { NAMES = 300, CAP = 1 << 17 };
    ck_assert_int_gt(NAMES * NAMES, FW_LIMIT_RULE_TERMS);
    char *text = malloc(CAP);
    size_t n = 0;
    for (int i = 0; i < NAMES; i++) {
        n += (size_t)snprintf(text + n, CAP - n, "object network O%d\n fqdn h%d.example\n", i, i);
    }
    n += (size_t)snprintf(text + n, CAP - n, "object-group network G\n");
    for (int i = 0; i < NAMES; i++) {
        n += (size_t)snprintf(text + n, CAP - n, " network-object object O%d\n", i);
    }
    snprintf(text + n, CAP - n, "access-list A extended permit ip object-group G object-group G\n");
    struct parsed parsed;
    parsed_init(&parsed, &fw_parser_cisco_asa, text);
    const struct fw_rule *rule = &parsed_policy(&parsed, "A")->rules[0];
    ck_assert(has_diag(&parsed, FW_DIAG_ID_LIMIT_REACHED));
    ck_assert_uint_eq(rule->match.n, NAMES); /* the destination is left open */
    ck_assert(!fw_rule_exact(rule));
    parsed_clear(&parsed);
    free(text);
}
END_TEST

/* Every group names the one before it twice: nothing doubles. */
START_TEST(test_doubling)
{
    enum { LEVELS = 40, KINDS = 40, CAP = 1 << 16 };
    char *text = malloc(CAP);
    size_t n = (size_t)snprintf(text, CAP, "object-group service S0\n");
    for (int i = 0; i < KINDS; i++) {
        n += (size_t)snprintf(text + n, CAP - n,
                              " service-object tcp source eq %d destination eq %d\n", i + 1, i + 1);
    }
    for (int level = 1; level <= LEVELS; level++) {
        n += (size_t)snprintf(text + n, CAP - n,
                              "object-group service S%d\n group-object S%d\n group-object S%d\n",
                              level, level - 1, level - 1);
    }
    snprintf(text + n, CAP - n, "access-list A extended permit object-group S%d any any\n", LEVELS);
    struct parsed parsed;
    parsed_init(&parsed, &fw_parser_cisco_asa, text);
    ck_assert_uint_eq(parsed_policy(&parsed, "A")->rules[0].match.n, KINDS);
    ck_assert(fw_rule_exact(&parsed_policy(&parsed, "A")->rules[0]));
    parsed_clear(&parsed);
    free(text);
}
END_TEST

START_TEST(test_settings)
{
    static const struct setting_case expected[] = {
        {FW_SETTING_VERSION, "9.16(4)", "ASA"},
        {FW_SETTING_HOSTNAME, "fw1", ""},
        {FW_SETTING_TIME_ZONE, "CST 8", ""},
        {FW_SETTING_NTP_SERVER, "192.0.2.1", "key 6 prefer"},
        {FW_SETTING_NTP_AUTH, "authenticate", ""},
        {FW_SETTING_LOG_HOST, "10.0.0.9", "tcp/1514"},
        {FW_SETTING_LOG_LEVEL, "informational", "trap"},
        {FW_SETTING_LOG_TIMESTAMP, "timestamp", "rfc5424"},
        {FW_SETTING_LOG_OFF, "106023", "message"},
        {FW_SETTING_ADMIN_ACCESS, "ssh", "inside"},
        {FW_SETTING_USER, "admin", "15"},
        {FW_SETTING_AAA, "authentication ssh console LOCAL", ""},
        {FW_SETTING_DNS_SERVER, "10.0.0.53", ""},
        {FW_SETTING_SNMP, "2c", "10.0.0.5"},
        {FW_SETTING_SAME_SECURITY, "inter-interface", ""},
    };
    struct parsed parsed;
    parsed_init(&parsed, &fw_parser_cisco_asa,
                "ASA Version 9.16(4)\nhostname fw1\nclock timezone CST 8\n"
                "ntp server 192.0.2.9\nno ntp server 192.0.2.9\n"
                "ntp server 192.0.2.1 key 6 prefer\nntp authenticate\n"
                "logging enable\nlogging host inside 10.0.0.9 tcp/1514\n"
                "logging trap informational\nlogging timestamp rfc5424\nno logging message 106023\n"
                "telnet 0.0.0.0 0.0.0.0 inside\nclear configure telnet\n"
                "ssh 10.0.0.0 255.0.0.0 inside\n"
                "username admin password $sha512$5000$abc= pbkdf2 privilege 15\n"
                "aaa authentication ssh console LOCAL\n"
                "dns server-group DefaultDNS\n name-server 10.0.0.53 inside\n"
                "snmp-server host inside 10.0.0.5 community s3cret version 2c\n"
                "same-security-traffic permit inter-interface\n"
                "access-list A extended deny ip any any\n");
    check_settings(&parsed, expected, sizeof(expected) / sizeof(expected[0]));
    ck_assert_uint_eq(parsed.ruleset.settings[9].range.hi.lo, 0x0affffff);
    ck_assert(fw_sv_is(parsed.ruleset.hostname, "fw1"));
    ck_assert(!parsed_policy(&parsed, "A")->rules[0].log); /* its message is switched off */
    parsed_clear(&parsed);
}
END_TEST

START_TEST(test_secrets)
{
    static const struct secret_case cases[] = {
        {"enable password 8Ry2YjIyt7RRXU24 encrypted", "8Ry2YjIyt7RRXU24"},
        {"passwd 2KFQnbNIdI.2KYOU encrypted", "2KFQnbNIdI.2KYOU"},
        {"username bob password hunter2 privilege 1", "hunter2"},
        {"snmp-server community public", "public"},
        {"snmp-server host inside 10.0.0.5 community s3cret version 2c", "s3cret"},
        {"snmp-server user u g v3 auth sha authkey priv aes 128 privkey", "authkey"},
        {"ntp authentication-key 6 md5 aKey", "aKey"},
        {"tunnel-group 192.0.2.9 ipsec-attributes\n ikev1 pre-shared-key psk", "psk"},
        {"aaa-server R (inside) host 10.0.0.1\n key topsecret", "topsecret"},
        {"aaa-server R (inside) host 10.0.0.1 topsecret timeout 5", "topsecret"},
        {"aaa-server R (inside) host 10.0.0.1 timeout 5", NULL},
        {"key config-key password-encryption master", "master"},
        {"copy ftp://me:word@192.0.2.7/x.cfg running-config", "word"},
        {"failover key word", "word"},
        {"isakmp key word address 192.0.2.9", "word"},
        {"enable password ***** pbkdf2", NULL},
        {"ntp server 192.0.2.1 key 6", NULL},
        {"crypto key generate rsa modulus 2048", NULL},
        {"access-list A extended permit tcp any host 10.0.0.1 eq 80", NULL},
        {"password encryption aes", NULL},
        {"aaa-server AUTH (inside) host 10.0.0.1 s3cret timeout 10", "s3cret"},
        {"aaa-server AUTH (inside) host 10.0.0.1 timeout 10", NULL},
    };
    check_secrets(&fw_parser_cisco_asa, cases, sizeof(cases) / sizeof(cases[0]));
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
    tcase_add_test(tc, test_objects);
    tcase_add_test(tc, test_nested_groups);
    tcase_add_test(tc, test_depth_limit);
    tcase_add_test(tc, test_member_limit);
    tcase_add_test(tc, test_terms_limit);
    tcase_add_test(tc, test_doubling);
    tcase_add_test(tc, test_settings);
    tcase_add_test(tc, test_secrets);
    tcase_add_test(tc, test_lines);
    tcase_add_test(tc, test_bid);
    tcase_add_test(tc, test_mangled);
    suite_add_tcase(suite, tc);
    return suite;
}
