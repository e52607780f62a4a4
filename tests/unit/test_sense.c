/* Tests of config.xml of pfSense and OPNsense: rules, their order, translation, settings. */
#include <stdio.h>

#include "tests/unit/rulejson.h"
#include "tests/unit/rulesetparse.h"
#include "tests/unit/suites.h"

extern const struct fw_parser fw_parser_pfsense;
extern const struct fw_parser fw_parser_opnsense;

/* What comes before the rules of people: states, flags, automatic ones. */
enum { OWN_IN = 3, OWN_OUT = 2 };

#define HEAD \
    "<pfsense><system><ipv6allow/><webgui><noantilockout/></webgui></system><interfaces>" \
    "<wan><enable/><if>igb0</if><ipaddr>198.51.100.2</ipaddr><subnet>24</subnet></wan>" \
    "<lan><enable/><if>igb1</if><ipaddr>192.0.2.1</ipaddr><subnet>24</subnet>" \
    "<ipaddrv6>2001:db8::1</ipaddrv6><subnetv6>64</subnetv6></lan></interfaces><aliases>" \
    "<alias><name>hosts</name><type>host</type><address>192.0.2.10 192.0.2.11</address></alias>" \
    "<alias><name>more</name><type>host</type><address>hosts 192.0.2.20</address></alias>" \
    "<alias><name>list</name><type>urltable</type><address>https://x</address></alias>" \
    "<alias><name>web</name><type>port</type><address>80 443 8000:8010</address></alias>" \
    "<alias><name>loop</name><type>host</type><address>loop</address></alias>" \
    "<alias><name>holes</name><type>network</type><address>10.0.0.0/8 !10.1.0.0/16</address>" \
    "</alias>" \
    "</aliases>"

static struct parsed with(const char *rules, char *text, size_t size)
{
    struct parsed parsed;
    snprintf(text, size, "%s<filter>%s</filter><nat/></pfsense>", HEAD, rules);
    parsed_init(&parsed, &fw_parser_pfsense, text);
    return parsed;
}

#define RULE(type, more) "<rule><type>" type "</type><interface>lan</interface>" more "</rule>"
#define BOTH "<source><any/></source><destination><any/></destination>"
#define ON_LAN(from, to) \
    "\"in\":\"lan\",\"out\":\"any\",\"source\":" from ",\"destination\":" to ","

START_TEST(test_rules)
{
    static const struct {
        const char *rule, *json;
    } cases[] = {
        {RULE("pass", "<ipprotocol>inet46</ipprotocol>" BOTH),
         "permit " ON_LAN("\"any\"", "\"any\"") ALL TAIL},
        {RULE("block", BOTH), "deny " ON_LAN("[\"0.0.0.0/0\"]", "\"any\"") ALL TAIL},
        {RULE("reject", "<ipprotocol>inet6</ipprotocol><protocol>icmp</protocol>"
                        "<icmptype>echoreq,toobig</icmptype>" BOTH),
         "reject " ON_LAN("[\"::/0\"]", "\"any\"")
             SVC("ipv6-icmp", "any", "any", ",\"icmp\":\"2,128\"") TAIL},
        {RULE("pass", "<ipprotocol>inet46</ipprotocol><protocol>tcp/udp</protocol><source>"
                      "<network>lan</network></source><destination><address>more</address>"
                      "<port>web</port></destination>"),
         "permit " ON_LAN("[\"192.0.2.0/24\",\"2001:db8::/64\"]",
                          "[\"192.0.2.10/31\",\"192.0.2.20\"]")
             SVC("tcp,udp", "any", "80,443,8000-8010", "") TAIL},
        {RULE("pass", "<source><network>lanip</network><port>1024-65535</port></source>"
                      "<destination><address>hosts</address><not/></destination>"),
         "permit " ON_LAN("[\"192.0.2.1\"]",
                          "[\"0.0.0.0-192.0.2.9\",\"192.0.2.12-255.255.255.255\",\"::/0\"]")
             SVC("any", "1024-65535", "any", "") TAIL},
        {RULE("pass", "<source><any/></source><destination><address>list</address></destination>"),
         "permit " ON_LAN("[\"0.0.0.0/0\"]", "\"any\"") ALL WIDE("\"destination alias list\"")},
        {RULE("pass", "<sched>nights</sched>" BOTH),
         "permit " ON_LAN("[\"0.0.0.0/0\"]", "\"any\"") ALL WIDE("\"sched nights\"")},
        {RULE("pass", "<source><any/></source><destination><network>(self)</network>"
                      "</destination>"),
         "permit " ON_LAN("[\"0.0.0.0/0\"]", "\"any\"") ALL WIDE("\"destination self\"")},
        {RULE("pass", "<source><any/></source><destination><address>loop</address></destination>"),
         "permit " ON_LAN("[\"0.0.0.0/0\"]", "\"any\"") ALL WIDE("\"destination alias loop\"")},
        {RULE("pass", "<source><address>holes</address></source><destination><any/></destination>"),
         "permit " ON_LAN("[\"0.0.0.0/0\"]", "\"any\"") ALL WIDE("\"source alias holes\"")},
        {RULE("pass", "<protocol>tcp</protocol><tcpflags2>syn,ack</tcpflags2>" BOTH),
         "permit " ON_LAN("[\"0.0.0.0/0\"]", "\"any\"") SVC("tcp", "any", "any", "")
             WIDE("\"tcpflags  of syn,ack\"")},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char text[4096];
        struct parsed parsed = with(cases[i].rule, text, sizeof(text));
        ck_assert_str_eq(parsed_rule(&parsed, "in", OWN_IN + 1), cases[i].json);
        parsed_clear(&parsed);
    }
}
END_TEST

/* A floating rule that is not quick yields to whatever comes after it. */
START_TEST(test_order)
{
    static const char rules[] = RULE(
        "block",
        "<tracker>2</tracker><protocol>tcp</protocol>" BOTH) "<rule><tracker>1</"
                                                             "tracker><type>pass</"
                                                             "type><floating>yes</"
                                                             "floating><direction>any"
                                                             "</direction><protocol>tcp</"
                                                             "protocol><source><any/></"
                                                             "source><destination><any/><port>22"
                                                             "</port></destination></rule>"
                                                             "<rule><tracker>0</"
                                                             "tracker><type>pass</"
                                                             "type><floating>yes</"
                                                             "floating><quick>yes</quick>"
                                                             "<direction>in</"
                                                             "direction><protocol>tcp</"
                                                             "protocol><source><any/></"
                                                             "source><destination>"
                                                             "<any/><port>80</port></destination></"
                                                             "rule>";
    static const struct {
        const char *packet;
        enum fw_verdict verdict;
    } cases[] = {
        {"tcp 192.0.2.5:1024 -> 203.0.113.1:22 in=lan out=wan state=new "
         "flags=syn hook=forward",
         FW_VERDICT_DENY},
        {"tcp 203.0.113.1:1024 -> 192.0.2.5:22 in=wan out=lan state=new "
         "flags=syn hook=forward",
         FW_VERDICT_PERMIT},
        {"tcp 192.0.2.5:1024 -> 203.0.113.1:80 in=lan out=wan state=new "
         "flags=syn hook=forward",
         FW_VERDICT_PERMIT},
        {"tcp 192.0.2.5:1024 -> 203.0.113.1:81 in=lan out=wan state=new "
         "flags=syn hook=forward",
         FW_VERDICT_DENY},
        /* An answer passes by its state; TCP without one opens nothing. */
        {"tcp 192.0.2.5:1024 -> 203.0.113.1:81 in=lan out=wan state=established "
         "flags=ack hook=forward",
         FW_VERDICT_PERMIT},
    };
    char text[4096];
    struct parsed parsed = with(rules, text, sizeof(text));
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct fw_trace trace;
        ck_assert_msg(parsed_trace(&parsed, cases[i].packet, &trace) == cases[i].verdict, "%s: %d",
                      cases[i].packet, trace.verdict);
    }
    parsed_clear(&parsed);
}
END_TEST

START_TEST(test_nat)
{
    static const char text[] = HEAD
        "<filter/><nat><rule><interface>wan</interface><protocol>tcp</protocol><source><any/>"
        "</source><destination><network>wanip</network><port>443</port></destination>"
        "<target>192.0.2.10</target><local-port>8443</local-port></rule><outbound><mode>advanced"
        "</mode><rule><interface>wan</interface><source><network>192.0.2.0/24</network></source>"
        "<destination><any/></destination><targetip>198.51.100.9</targetip></rule></outbound>"
        "<onetoone><interface>wan</interface><external>198.51.100.3</external><source><address>"
        "192.0.2.33</address></source><destination><any/></destination></onetoone>"
        "<onetoone><interface>wan</interface><external>198.51.100.8</external><source><address>"
        "192.0.2.64/29</address></source><destination><any/></destination></onetoone></nat>"
        "</pfsense>";
    struct parsed parsed;
    parsed_init(&parsed, &fw_parser_pfsense, text);
    const struct fw_policy *in = parsed_policy(&parsed, "nat/in");
    const struct fw_policy *out = parsed_policy(&parsed, "nat/out");
    ck_assert_uint_eq(in->n, 1);
    ck_assert_int_eq(in->rules[0].action, FW_ACTION_DNAT);
    ck_assert_uint_eq(in->rules[0].nat.port_lo, 8443);
    ck_assert(fw_ip_eq(in->rules[0].nat.to.lo, fw_ip4(0xc000020a)));
    ck_assert_uint_eq(out->n, 3);
    ck_assert(out->rules[0].nat.both_ways && out->rules[0].nat.paired);
    ck_assert(fw_ip_eq(out->rules[0].nat.to.hi, fw_ip4(0xc6336403)));
    ck_assert(fw_ip_eq(out->rules[1].nat.to.lo, fw_ip4(0xc6336408))); /* as large as its inside */
    ck_assert(fw_ip_eq(out->rules[1].nat.to.hi, fw_ip4(0xc633640f)));
    ck_assert(fw_ip_eq(out->rules[2].nat.to.lo, fw_ip4(0xc6336409)));
    ck_assert(fw_rule_exact(&out->rules[2]));
    parsed_clear(&parsed);
}
END_TEST

/* One forward that passes, for ports, and one address out of a network. */
START_TEST(test_nat_details)
{
    static const char text[] = HEAD "<filter>" RULE(
        "block",
        BOTH) "</filter><nat><rule><interface>wan,any</interface>"
              "<protocol>tcp</protocol><source><any/></source><destination><address>198.51.100.7"
              "</address><port>80-90</port></destination><target>192.0.2.10</target>"
              "<local-port>8080</local-port><associated-rule-id>pass</associated-rule-id></rule>"
              "<outbound><mode>advanced</mode><rule><interface>wan</interface><source><any/></"
              "source>"
              "<destination><any/></destination><target>other-subnet</target><targetip>203.0.113.8"
              "</targetip><targetip_subnet>29</targetip_subnet></rule></outbound></nat></pfsense>";
    struct parsed parsed;
    parsed_init(&parsed, &fw_parser_pfsense, text);
    const struct fw_policy *nat = parsed_policy(&parsed, "nat/in");
    ck_assert_uint_eq(nat->rules[0].nat.port_lo, 8080);
    ck_assert_uint_eq(nat->rules[0].nat.port_hi, 8090);
    const struct fw_nat *out = &parsed_policy(&parsed, "nat/out")->rules[0].nat;
    ck_assert(fw_ip_eq(out->to.lo, fw_ip4(0xcb007108)) && fw_ip_eq(out->to.hi, fw_ip4(0xcb00710f)));
    ck_assert(fw_rule_exact(&parsed_policy(&parsed, "nat/out")->rules[0]));
    /* What the forward passes is asked about by no rule of people: it stands before theirs. */
    const struct fw_policy *in = parsed_policy(&parsed, "in");
    ck_assert(fw_sv_is(in->rules[2].target, "pass") && in->rules[2].quick);
    ck_assert_int_eq(in->rules[in->n - 1].action, FW_ACTION_DENY);
    ck_assert(fw_rule_exact(&nat->rules[0]) && !nat->rules[0].match.terms[0].in);
    parsed_clear(&parsed);
    parsed_init(&parsed, &fw_parser_opnsense,
                "<opnsense><OPNsense><Firewall><Filter><snatrules><rule><enabled>1</enabled>"
                "</rule></snatrules></Filter></Firewall></OPNsense></opnsense>");
    out = NULL;
    nat = parsed_policy(&parsed, "nat/out");
    ck_assert_uint_ge(nat->n, 1);
    ck_assert(fw_sv_is(nat->rules[0].target, "automation") && !fw_rule_exact(&nat->rules[0]));
    parsed_clear(&parsed);
}
END_TEST

START_TEST(test_settings)
{
    static const char text[] =
        "<pfsense><version>22.9</version><system><hostname>edge</hostname><timeservers>a b"
        "</timeservers><timezone>Asia/Taipei</timezone><dnsserver>192.0.2.53</dnsserver><webgui>"
        "<protocol>https</protocol></webgui><ssh><enable>1</enable></ssh><user><name>admin</name>"
        "<groupname>admins</groupname></user></system><syslog><enable/><remoteserver>192.0.2.9"
        "</remoteserver></syslog><snmpd><enable/></snmpd></pfsense>";
    static const struct setting_case settings[] = {
        {FW_SETTING_HOSTNAME, "edge", ""},
        {FW_SETTING_VERSION, "22.9", ""},
        {FW_SETTING_NTP_SERVER, "a", ""},
        {FW_SETTING_NTP_SERVER, "b", ""},
        {FW_SETTING_TIME_ZONE, "Asia/Taipei", ""},
        {FW_SETTING_DNS_SERVER, "192.0.2.53", ""},
        {FW_SETTING_ADMIN_ACCESS, "https", ""},
        {FW_SETTING_ADMIN_ACCESS, "ssh", ""},
        {FW_SETTING_USER, "admin", "admins"},
        {FW_SETTING_LOG_HOST, "192.0.2.9", "udp"},
        {FW_SETTING_SNMP, "2c", ""},
    };
    static const struct secret_case secrets[] = {
        {"<pfsense><system><user><bcrypt-hash>hush</bcrypt-hash></user></system></pfsense>",
         "hush"},
        {"<pfsense><ipsec><pre-shared-key>hush</pre-shared-key></ipsec></pfsense>", "hush"},
        {"<pfsense><system><hostname>edge</hostname></system></pfsense>", NULL},
    };
    struct parsed parsed;
    parsed_init(&parsed, &fw_parser_pfsense, text);
    check_settings(&parsed, settings, sizeof(settings) / sizeof(settings[0]));
    parsed_clear(&parsed);
    check_secrets(&fw_parser_pfsense, secrets, sizeof(secrets) / sizeof(secrets[0]));
}
END_TEST

/* Newer OPNsense keeps its rules in another list, by sequence. */
START_TEST(test_automation)
{
    static const char text[] =
        "<opnsense><system><ipv6allow>1</ipv6allow><webgui><noantilockout>1</noantilockout>"
        "</webgui></system><OPNsense><Firewall><Filter><rules>"
        "<rule uuid=\"b\"><sequence>2</sequence><action>block</action><interface>lan</interface>"
        "<ipprotocol>inet</ipprotocol><source_net>any</source_net></rule>"
        "<rule uuid=\"a\"><sequence>1</sequence><action>pass</action><interface>lan</interface>"
        "<ipprotocol>inet</ipprotocol><protocol>TCP</protocol><source_net>192.0.2.1,192.0.2.2"
        "</source_net><source_not>1</source_not><destination_port>22</destination_port></rule>"
        "</rules></Filter></Firewall></OPNsense></opnsense>";
    struct parsed parsed;
    parsed_init(&parsed, &fw_parser_opnsense, text);
    const struct fw_policy *in = parsed_policy(&parsed, "in");
    ck_assert_uint_eq(in->n, OWN_IN + 2);
    ck_assert(fw_sv_is(in->rules[OWN_IN].id, "a") && fw_sv_is(in->rules[OWN_IN + 1].id, "b"));
    ck_assert_str_eq(parsed_rule(&parsed, "in", OWN_IN + 1),
                     "permit " ON_LAN("[\"0.0.0.0-192.0.2.0\",\"192.0.2.3-255.255.255.255\"]",
                                      "\"any\"") SVC("tcp", "any", "22", "") TAIL);
    parsed_clear(&parsed);
}
END_TEST

/* What the two systems do not do alike. */
START_TEST(test_differences)
{
    static const struct {
        const struct fw_parser *parser;
        const char *name;
        enum fw_verdict carrier, loose;
    } cases[] = {
        {&fw_parser_pfsense, "pfsense", FW_VERDICT_PERMIT, FW_VERDICT_DENY},
        {&fw_parser_opnsense, "opnsense", FW_VERDICT_DENY, FW_VERDICT_PERMIT},
    };
    for (size_t i = 0; i < 2; i++) {
        char text[4096];
        struct parsed parsed;
        struct fw_trace trace;
        snprintf(text, sizeof(text),
                 "<%s><system><ipv6allow/><webgui><noantilockout/></webgui></system><interfaces>"
                 "<lan><enable/><if>igb1</if><ipaddr>192.0.2.1</ipaddr><subnet>24</subnet>"
                 "<blockpriv/></lan></interfaces><virtualip><vip><interface>lan</interface></vip>"
                 "</virtualip><aliases><alias><name>gone</name><type>host</type><enabled>0"
                 "</enabled><address>192.0.2.9</address></alias></aliases><filter>" RULE(
                     "block", "<quick>0</quick><protocol>tcp</protocol>" BOTH) RULE("pass", BOTH)
                     RULE("pass", "<source><address>gone</address></source>")
                         RULE("pass", "<source><network>lan</network></source>") "</filter></%s>",
                 cases[i].name, cases[i].name);
        parsed_init(&parsed, cases[i].parser, text);
        /* Addresses of carriers are private to one of them. */
        ck_assert_int_eq(parsed_trace(&parsed,
                                      "udp 100.64.0.1:9 -> 203.0.113.1:9 in=lan out=wan "
                                      "state=new hook=forward",
                                      &trace),
                         cases[i].carrier);
        /* A rule of an interface may yield to those behind it. */
        ck_assert_int_eq(parsed_trace(&parsed,
                                      "tcp 192.0.2.5:9 -> 203.0.113.1:9 in=lan out=wan "
                                      "state=new flags=syn hook=forward",
                                      &trace),
                         cases[i].loose);
        const struct fw_policy *in = parsed_policy(&parsed, "in");
        for (size_t k = 0; k < in->n; k++) {
            const struct fw_rule *rule = &in->rules[k];
            if (rule->position == in->n - 1) { /* its alias is switched off */
                ck_assert(fw_rule_exact(rule) == (i == 0));
            } else if (rule->position == in->n) { /* there are further networks */
                ck_assert(!fw_rule_exact(rule));
            }
        }
        parsed_clear(&parsed);
    }
}
END_TEST

START_TEST(test_unknown)
{
    char text[4096];
    struct parsed parsed = with(RULE("pass", "\n<wonder>1</wonder>\n" BOTH), text, sizeof(text));
    ck_assert_int_eq(parsed_policy(&parsed, "in")->rules[OWN_IN].action, FW_ACTION_UNKNOWN);
    ck_assert_uint_gt(fw_doc_counts(&parsed.doc).unsupported, 0);
    parsed_clear(&parsed);
    parsed_init(&parsed, &fw_parser_pfsense,
                "<pfsense>\n<wonders>\n<a/>\n</wonders>\n<rrd/>\n</pfsense>\n");
    ck_assert_str_eq(parsed_counts(&parsed), "6/2/1/3/0");
    parsed_clear(&parsed);
    /* What is cut off may have held rules. */
    snprintf(text, sizeof(text), "%s<filter>%s<rule>", HEAD, RULE("pass", BOTH));
    parsed_init(&parsed, &fw_parser_pfsense, text);
    ck_assert_int_eq(parsed_policy(&parsed, "in")->rules[2].action, FW_ACTION_UNKNOWN);
    parsed_clear(&parsed);
    parsed_init(&parsed, &fw_parser_pfsense,
                "<pfsense><filter>" RULE(
                    "pass",
                    "<source><address>a</address></source>"
                    "<destination><any/></destination>") "</filter><aliases><alias><name>a</"
                                                         "name><type>host</type><address>10.0.0.1");
    const struct fw_policy *in = parsed_policy(&parsed, "in");
    ck_assert_uint_gt(in->rules[in->n - 1].match.n, 0); /* the alias may hold anything */
    ck_assert(!fw_rule_exact(&in->rules[in->n - 1]));
    parsed_clear(&parsed);
    snprintf(text, sizeof(text), "%s<filter>%s</filter></pfsense>", HEAD,
             RULE("pass", "<protocol>icmp</protocol><icmptype>echoreq</icmptype>" BOTH));
    parsed_mangled(&fw_parser_pfsense, text);
    parsed_mangled(&fw_parser_opnsense,
                   "<opnsense><OPNsense><Firewall><Filter><rules><rule>"
                   "<source_net>lan,(self)</source_net><sequence>9</sequence>"
                   "</rule></rules></Filter></Firewall></OPNsense></opnsense>");
}
END_TEST

Suite *fw_suite_sense(void)
{
    Suite *suite = suite_create("sense");
    TCase *tcase = tcase_create("sense");
    tcase_set_timeout(tcase, 120);
    tcase_add_test(tcase, test_rules);
    tcase_add_test(tcase, test_order);
    tcase_add_test(tcase, test_nat);
    tcase_add_test(tcase, test_nat_details);
    tcase_add_test(tcase, test_settings);
    tcase_add_test(tcase, test_automation);
    tcase_add_test(tcase, test_differences);
    tcase_add_test(tcase, test_unknown);
    suite_add_tcase(suite, tcase);
    return suite;
}
