/* What would end a finding: the lines of a denial, what an edit changes, and what may not go. */
#include "analyzers/fixes/fix.h"
#include "analyzers/rules/remedy.h"
#include "core/limits.h"
#include "policy/edited.h"
#include "tests/unit/rulesetparse.h"
#include "tests/unit/suites.h"

#include <string.h>

static struct fw_arena arena;
static struct parsed parsed;

static void setup(void)
{
    fw_arena_init(&arena, 0);
    parsed = (struct parsed){0};
}

static void teardown(void)
{
    parsed_clear(&parsed);
    fw_arena_clear(&arena);
}

static const struct fw_policy *policy_of(const char *format, const char *text, const char *name)
{
    parsed_init(&parsed, fw_parser_find(fw_sv_from(format)), text);
    const struct fw_policy *policy = fw_ruleset_find(&parsed.ruleset, fw_sv_from(name));
    ck_assert_ptr_nonnull(policy);
    return policy;
}

static void refused_of(const char *src, const char *dst, const char *services,
                       struct fw_refused *ret)
{
    fw_sv bad;
    fw_iprange range;
    *ret = (struct fw_refused){0};
    ck_assert(fw_services_parse(&arena, fw_sv_from(services), &ret->services, &bad));
    if (src) {
        fw_sv lo;
        fw_sv rest = fw_sv_from(src);
        fw_sv_split(&rest, '>', &lo);
        ck_assert(fw_ip_parse(lo, &range.lo) && fw_ip_parse(rest, &range.hi));
        ret->src = fw_ipset_make(&arena, &range, 1);
    }
    if (dst) {
        ck_assert(fw_iprange_parse(fw_sv_from(dst), &range, NULL));
        ret->dst = fw_ipset_make(&arena, &range, 1);
    }
}

static const struct {
    const char *src, *dst, *services;
    unsigned families;
    size_t n;
} refusals[] = {
    {NULL, NULL, "any", FW_FAMILY_BOTH, 1},
    {"10.0.0.1>10.0.0.6", NULL, "tcp/22", FW_FAMILY_BOTH, 4},
    {"10.0.0.1>10.0.0.6", "192.0.2.0/24", "tcp/22-23,80; udp/53; gre", FW_FAMILY_BIT4, 16},
    {"10.0.0.1>10.0.0.6", "2001:db8::/32", "tcp", FW_FAMILY_BOTH, 0}, /* no packet is both */
    {"10.0.0.1>10.0.0.6", NULL, "tcp", FW_FAMILY_BIT6, 0},
    {"10.0.0.1>10.0.0.6", NULL, "tcp/1,3,5,7,9,11,13", FW_FAMILY_BIT4, 0}, /* 28 lines */
    {"0.0.0.0>255.255.255.255", "192.0.2.1", "icmp", FW_FAMILY_BIT4, 1},
    {"0.0.0.1>255.255.255.254", NULL, "tcp", FW_FAMILY_BIT4, 0}, /* 62 prefixes */
};

START_TEST(lines)
{
    struct fw_refused refused;
    struct fw_refusal got[FW_REFUSALS];
    refused_of(refusals[_i].src, refusals[_i].dst, refusals[_i].services, &refused);
    size_t n = fw_refusals_make(&refused, refusals[_i].families, true, got);
    ck_assert_msg(n == refusals[_i].n, "%d: %zu lines, expected %zu", _i, n, refusals[_i].n);
}
END_TEST

static const char gateway[] =
    "*filter\n:FORWARD DROP [0:0]\n"
    "-A FORWARD -s 10.0.0.0/24 -d 192.0.2.1/32 -p tcp -m tcp --dport 22:23 -j ACCEPT\n"
    "-A FORWARD -s 10.0.0.0/25 -d 192.0.2.1/32 -p tcp -m tcp --dport 22 -j ACCEPT\n"
    "COMMIT\n";

/* 256 addresses and two ports, less what the second rule permits, too. */
START_TEST(removal)
{
    const struct fw_policy *forward = policy_of("iptables-save", gateway, "FORWARD");
    const struct fw_rule_edit edit = {.policy = forward, .at = 0};
    struct fw_edit_effect effect;
    fw_rule_edit_try(&arena, &parsed.ruleset, &edit, &effect);
    ck_assert(effect.known && effect.exact && effect.has_witness);
    ck_assert_uint_eq(effect.boxes[FW_DIFFERENCE_ALLOWED], 0);
    ck_assert_uint_ge(effect.boxes[FW_DIFFERENCE_DENIED], 1);
    ck_assert_double_eq(effect.breadth, 2 * 256 - 128);
    ck_assert_uint_eq(forward->n, 2);
}
END_TEST

START_TEST(limit)
{
    const struct fw_policy *forward = policy_of("iptables-save", gateway, "FORWARD");
    const struct fw_snapshot snapshot = {.ruleset = &parsed.ruleset, .doc = &parsed.doc};
    struct fw_results results = {.arena = &arena};
    struct fw_result result = {0};
    struct fw_compared compared = {&snapshot, FW_LIMIT_FIX_RULES - 2}; /* two rules count three */
    results.compared = &compared; /* whoever asks, they are counted together */
    results.ncompared = 1;
    fw_remedy_rule(&results, &snapshot, forward, &forward->rules[0], &result);
    ck_assert(fw_sv_is(result.fix, "iptables -t filter -D FORWARD 1"));
    ck_assert(!result.fix_effect->known);
    compared.rules = FW_LIMIT_FIX_RULES - 3;
    fw_remedy_rule(&results, &snapshot, forward, &forward->rules[0], &result);
    ck_assert(result.fix_effect->known);
    ck_assert_uint_eq(compared.rules, FW_LIMIT_FIX_RULES);
    result = (struct fw_result){0};
    fw_remedy_removal(&results, &snapshot, forward, &forward->rules[0], &result);
    ck_assert(!result.fix_effect->known);
    const struct fw_snapshot other = snapshot; /* another device's */
    fw_remedy_removal(&results, &other, forward, &forward->rules[0], &result);
    ck_assert_uint_eq(results.ncompared, 2);
    ck_assert(result.fix_effect->known && result.fix_effect->boxes[FW_DIFFERENCE_DENIED] > 0);
}
END_TEST

/* A rule of a chain that two others call: both lose it, and the chain no longer says always the
 * same. */
START_TEST(called)
{
    policy_of("iptables-save",
              "*filter\n:INPUT DROP [0:0]\n:FORWARD DROP [0:0]\n:web - [0:0]\n"
              "-A INPUT -s 10.0.0.1/32 -p tcp -m tcp --dport 80 -j web\n"
              "-A FORWARD -s 10.0.0.2/32 -d 192.0.2.1/32 -p tcp -m tcp --dport 80 -j web\n"
              "-A web -j ACCEPT\nCOMMIT\n",
              "web");
    const struct fw_policy *web = fw_ruleset_find(&parsed.ruleset, FW_SV("web"));
    const struct fw_rule_edit edit = {.policy = web, .at = 0};
    struct fw_edit_effect effect;
    fw_rule_edit_try(&arena, &parsed.ruleset, &edit, &effect);
    ck_assert_uint_eq(effect.boxes[FW_DIFFERENCE_DENIED], 2);
    ck_assert_double_eq(effect.breadth, 4294967296.0 + 1);
}
END_TEST

/* An empty list of IOS lets everything through; a chain has its policy. */
START_TEST(last_entry)
{
    const struct fw_policy *list = policy_of(
        "cisco-ios", "ip access-list extended E\n 10 permit ip any any\n 20 remark so\n", "E");
    struct fw_results results = {.arena = &arena};
    const struct fw_snapshot snapshot = {.ruleset = &parsed.ruleset, .doc = &parsed.doc};
    struct fw_result result = {0};
    ck_assert_uint_eq(fw_policy_spare(&parsed.ruleset, list), 0);
    fw_remedy_rule(&results, &snapshot, list, &list->rules[0], &result);
    ck_assert(fw_sv_is(result.fix, "ip access-list extended E\n 9 deny ip any any\n exit"));
    ck_assert_uint_eq(result.fix_effect->boxes[FW_DIFFERENCE_DENIED], 1);
    parsed_clear(&parsed);
    const struct fw_policy *forward = policy_of("iptables-save", gateway, "FORWARD");
    ck_assert_uint_eq(fw_policy_spare(&parsed.ruleset, forward), SIZE_MAX);
}
END_TEST

/* What goes by which command, and what does not go by any. */
static const struct {
    const char *format, *text, *policy;
    size_t at;
    const char *want; /* "": none */
} removals[] = {
    {"cisco-asa",
     "access-list A extended permit ip any any log\naccess-list A extended deny ip any any\n", "A",
     0, "no access-list A extended permit ip any any log"},
    {"cisco-asa",
     "access-list A line 1 extended permit tcp any any eq 80 (hitcnt=7) 0x1a2b3c4d\n"
     "access-list A line 2 extended deny ip any any (hitcnt=0) 0x1a2b3c4e\n",
     "A", 0, "no access-list A line 1 extended permit tcp any any eq 80"},
    {"junos",
     "security {\n    policies {\n        from-zone a to-zone b {\n            policy w {\n"
     "                match {\n                    source-address any;\n"
     "                    destination-address any;\n                    application any;\n"
     "                }\n                then {\n                    permit;\n                }\n"
     "            }\n            policy x {\n"
     "                match {\n                    source-address any;\n"
     "                    destination-address any;\n                    application any;\n"
     "                }\n                then {\n                    deny;\n                }\n"
     "            }\n        }\n    }\n}\n",
     "from-zone a to-zone b", 1, "delete security policies from-zone a to-zone b policy x"},
    {"junos", /* a brace behind a comment: the ends of lines do not tell what is open */
     "security {\n    policies {\n        from-zone a to-zone b {\n            policy w {\n"
     "                match {\n                    source-address any;\n"
     "                    destination-address any;\n                    application any;\n"
     "                }\n                then {\n                    permit;\n                }\n"
     "            } /* web */\n            policy x {\n"
     "                match {\n                    source-address any;\n"
     "                    destination-address any;\n                    application any;\n"
     "                }\n                then {\n                    deny;\n                }\n"
     "            }\n        }\n    }\n}\n",
     "from-zone a to-zone b", 1, ""},
    {"panos", /* without it, the device's own default is back */
     "<config version=\"10.1.0\" urldb=\"paloaltonetworks\">\n<devices>\n"
     "<entry name=\"localhost.localdomain\">\n<vsys>\n<entry name=\"vsys1\">\n<rulebase>\n"
     "<security>\n<rules>\n<entry name=\"web\">\n<from><member>a</member></from>\n"
     "<to><member>b</member></to>\n<source><member>any</member></source>\n"
     "<destination><member>any</member></destination>\n<service><member>any</member></service>\n"
     "<application><member>any</member></application>\n<action>allow</action>\n</entry>\n"
     "</rules>\n</security>\n<default-security-rules>\n<rules>\n"
     "<entry name=\"intrazone-default\">\n<action>deny</action>\n</entry>\n</rules>\n"
     "</default-security-rules>\n</rulebase>\n<zone>\n<entry name=\"a\"/>\n<entry name=\"b\"/>\n"
     "</zone>\n</entry>\n</vsys>\n</entry>\n</devices>\n</config>\n",
     "vsys1", 1, ""},
    {"aws",
     "{\"SecurityGroups\":[{\"GroupId\":\"sg-0a\",\"IpPermissions\":[\n"
     "{\"IpProtocol\":\"icmp\",\"FromPort\":-1,\"ToPort\":-1,\"IpRanges\":[\n"
     "{\"CidrIp\":\"10.0.0.0/8\"}]},\n"
     "{\"IpProtocol\":\"tcp\",\"FromPort\":22,\"ToPort\":22,\"IpRanges\":[\n"
     "{\"CidrIp\":\"10.0.0.1/32\"}]}\n]}]}\n",
     "sg-0a/ingress", 0,
     "aws ec2 revoke-security-group-ingress --group-id sg-0a --ip-permissions "
     "'[{\"IpProtocol\":\"1\",\"FromPort\":-1,\"ToPort\":-1,\"IpRanges\":"
     "[{\"CidrIp\":\"10.0.0.0/8\"}]}]'"},
};

START_TEST(commands)
{
    const struct fw_policy *policy = policy_of(removals[_i].format, removals[_i].text,
                                               removals[_i].policy);
    fw_sv got = fw_fix_text(&arena, &parsed.ruleset, &parsed.doc, policy,
                            &policy->rules[removals[_i].at]);
    ck_assert_msg(fw_sv_is(got, removals[_i].want), "%d: got '%.*s', want '%s'", _i, FW_SV_ARG(got),
                  removals[_i].want);
}
END_TEST

/* What is written about a rule becomes what a fix says, in the words of the device; where it keeps
 * nothing, or the line cannot be said again, there are none. */
static const struct {
    const char *format, *text, *policy;
    size_t at;
    const char *want;
} noted[] = {
    {"iptables-save", "*filter\n:FORWARD DROP [0:0]\n-A FORWARD -i eth0 -j ACCEPT\nCOMMIT\n",
     "FORWARD", 0,
     "iptables -t filter -R FORWARD 1 -m comment --comment \"why: <why>\" -i eth0 -j ACCEPT"},
    {"iptables-save",
     "*filter\n:FORWARD DROP [0:0]\n[5:300] -A FORWARD -i eth0 -m comment --comment \"old one\" -j "
     "ACCEPT\nCOMMIT\n",
     "FORWARD", 0,
     "iptables -t filter -R FORWARD 1 -m comment --comment \"why: <why>\" -i eth0 -j ACCEPT"},
    {"iptables-save",
     "*filter\n:FORWARD DROP [0:0]\n-A FORWARD -i eth0 -j LOG --log-prefix \"$(x)\"\nCOMMIT\n",
     "FORWARD", 0, ""},
    {"iptables-commands", "for i in 1 2; do\niptables -A FORWARD -s 10.0.0.$i -j ACCEPT\ndone\n",
     "FORWARD", 0, ""},
    {"nftables",
     "table ip t { # handle 1\n\tchain c { # handle 2\n\t\ttype filter hook forward priority 0; "
     "policy "
     "drop;\n\t\tiifname \"a\" tcp dport { 22, 80 } accept comment \"old\" # handle 7\n\t}\n}\n",
     "t/c", 0,
     "nft replace rule ip t c handle 7 'iifname \"a\" tcp dport { 22, 80 } accept comment \"why: "
     "<why>\"'"},
    {"nftables",
     "table ip t {\n\tchain c {\n\t\ttype filter hook forward priority 0; policy "
     "drop;\n\t\taccept\n\t}"
     "\n}\n",
     "t/c", 0, ""},
    {"cisco-asa", "access-list A remark old\naccess-list A extended permit ip any any\n", "A", 1,
     "access-list A line 2 remark why: <why>"},
    {"cisco-ios", "ip access-list extended A\n 10 permit ip any any\n", "A", 0,
     "ip access-list extended A\n 9 remark why: <why>\n exit"},
    {"cisco-ios", "ip access-list extended A\n permit ip any any\n", "A", 0, ""},
    {"cisco-ios", "ipv6 access-list A\n sequence 10 permit ipv6 any any\n", "A", 0, ""},
    {"pf", "# gate\npass in quick on em0 from 10.0.0.0/8 to any\n", "in", 2,
     "printf '%s\\n' '2g/^pass in quick on em0 from 10\\.0\\.0\\.0\\/8 to any$/s/$/ label \"why: "
     "<why>\"/' w q | ed -s /etc/pf.conf\npfctl -f /etc/pf.conf"},
    {"pf", "# gate\npass in quick on em0 from any to any \\\n  port 80\n", "in", 2, ""},
    {"aws",
     "{\"SecurityGroupRules\":[{\"SecurityGroupRuleId\":\"sgr-1\",\"GroupId\":\"sg-0a\","
     "\"IsEgress\":"
     "true,\"IpProtocol\":\"tcp\",\"FromPort\":22,\"ToPort\":22,\"CidrIpv4\":\"10.0.0.0/8\"}]}\n",
     "sg-0a/egress", 0,
     "aws ec2 update-security-group-rule-descriptions-egress --group-id sg-0a "
     "--security-group-rule-descriptions '[{\"SecurityGroupRuleId\":\"sgr-1\",\"Description\":"
     "\"why: <why>\"}]'"},
};

START_TEST(note)
{
    const struct fw_policy *policy = policy_of(noted[_i].format, noted[_i].text, noted[_i].policy);
    const struct fw_rule *rule = &policy->rules[noted[_i].at];
    fw_sv got = fw_fix_note(&arena, &parsed.ruleset, &parsed.doc, policy, rule,
                            FW_SV("why: <why>"));
    ck_assert_msg(fw_sv_is(got, noted[_i].want), "%d: got '%.*s', want '%s'", _i, FW_SV_ARG(got),
                  noted[_i].want);
    static const char *const unsafe[] = {"a \"b\"", "$(x)", "a\nb", "it's", "a`b"};
    for (size_t i = 0; i < sizeof(unsafe) / sizeof(unsafe[0]); i++) {
        got = fw_fix_note(&arena, &parsed.ruleset, &parsed.doc, policy, rule,
                          fw_sv_from(unsafe[i]));
        ck_assert_msg(got.n == 0, "%s: %.*s", unsafe[i], FW_SV_ARG(got));
    }
}
END_TEST

/* Too long for the device, and nothing is cut. */
START_TEST(long_note)
{
    const struct fw_policy *policy = policy_of("cisco-asa",
                                               "access-list A extended permit ip any any\n", "A");
    struct fw_buf text;
    fw_buf_init(&text);
    fw_buf_add_repeat(&text, "x", 100);
    ck_assert(
        fw_fix_note(&arena, &parsed.ruleset, &parsed.doc, policy, policy->rules, fw_buf_sv(&text))
            .n > 0);
    fw_buf_add_char(&text, 'x');
    ck_assert(
        fw_fix_note(&arena, &parsed.ruleset, &parsed.doc, policy, policy->rules, fw_buf_sv(&text))
            .n == 0);
    fw_buf_clear(&text);
}
END_TEST

/* An account goes when another is left, and the device lets go of it. */
static const struct {
    const char *format, *text, *name, *want;
} accounts[] = {
    {"cisco-asa", "hostname a\nusername bob password x\nusername eve password x\n", "eve",
     "no username eve"},
    {"cisco-asa", "hostname a\nusername eve password x\n", "eve", ""},
    {"cisco-nxos", "hostname a\nusername admin password 5 x role network-admin\nusername eve\n",
     "admin", ""},
    {"fortios",
     "config system admin\n    edit \"admin\"\n    next\n    edit \"eve\"\n    next\nend\n", "eve",
     "config system admin\ndelete \"eve\"\nend"},
    {"junos",
     "set system login user bob class super-user\nset system login user eve class super-user\n",
     "eve", "delete system login user eve"},
    {"gaia", "set hostname g\nadd user eve uid 5 homedir /home/eve\nset user admin shell /bin/sh\n",
     "eve", "delete user eve"},
    {"gaia", "set hostname g\nadd user eve uid 5 homedir /home/eve\nset user admin shell /bin/sh\n",
     "admin", ""},
};

START_TEST(account)
{
    parsed_init(&parsed, fw_parser_find(fw_sv_from(accounts[_i].format)), accounts[_i].text);
    fw_sv got = fw_fix_user(&arena, &parsed.ruleset, &parsed.doc, fw_sv_from(accounts[_i].name));
    ck_assert_msg(fw_sv_is(got, accounts[_i].want), "%d: got '%.*s', want '%s'", _i, FW_SV_ARG(got),
                  accounts[_i].want);
}
END_TEST

/* Where a denial has no place, there is none. */
static const struct {
    const char *format, *text, *policy;
    size_t at;
    const char *want;
} denials[] = {
    {"cisco-asa", "access-list A extended permit ip any any\n", "A", 0,
     "access-list A line 1 extended deny tcp any host 192.0.2.1 eq 22"},
    {"cisco-asa", "access-list A line 1 extended permit ip any any\n", "A", 0,
     "access-list A line 1 extended deny tcp any host 192.0.2.1 eq 22"},
    {"cisco-asa", "access-list A permit ip any any\n", "A", 0,
     "access-list A line 1 deny tcp any host 192.0.2.1 eq 22"},
    {"cisco-asa", "access-list A standard permit 10.0.0.0 255.0.0.0\n", "A", 0, ""},
    {"cisco-ios", "ip access-list extended A\n 10 permit ip any any\n", "A", 0,
     "ip access-list extended A\n 9 deny tcp any host 192.0.2.1 eq 22\n exit"},
    {"cisco-nxos", "ip access-list A\n  9 remark all\n  10 permit ip any any\n", "A", 1, ""},
};

START_TEST(denial)
{
    const struct fw_policy *policy = policy_of(denials[_i].format, denials[_i].text,
                                               denials[_i].policy);
    const struct fw_rule *rules;
    struct fw_refused refused;
    size_t n;
    refused_of(NULL, "192.0.2.1", "tcp/22", &refused);
    fw_sv got = fw_fix_refuse(&arena, &parsed.ruleset, &parsed.doc, policy,
                              &policy->rules[denials[_i].at], &refused, &rules, &n);
    ck_assert_msg(fw_sv_is(got, denials[_i].want), "%d: got '%.*s', want '%s'", _i, FW_SV_ARG(got),
                  denials[_i].want);
}
END_TEST

/* Behind the last rule of a policy that has none. */
START_TEST(empty)
{
    const struct fw_policy *output = policy_of("iptables-save",
                                               "*filter\n:OUTPUT ACCEPT [0:0]\nCOMMIT\n", "OUTPUT");
    struct fw_results results = {.arena = &arena};
    const struct fw_snapshot snapshot = {.ruleset = &parsed.ruleset, .doc = &parsed.doc};
    struct fw_result result = {0};
    ck_assert_uint_eq(output->n, 0);
    fw_remedy_default(&results, &snapshot, output, NULL, &result);
    ck_assert(fw_sv_is(result.fix, "iptables -t filter -A OUTPUT -j DROP"));
    ck_assert_uint_eq(result.fix_effect->boxes[FW_DIFFERENCE_DENIED], 1);
}
END_TEST

/* What is longer than messages are is whole in a command. */
START_TEST(whole)
{
    enum { LONG = 6000 };
    static const char entry[] = "permit ip any any";
    struct fw_buf text;
    struct fw_buf name;
    struct fw_buf want;
    fw_buf_init(&text);
    fw_buf_init(&name);
    fw_buf_init(&want);
    fw_buf_add_repeat(&name, "N", LONG);
    fw_buf_printf(&text, "ip access-list extended %s\n %s\n deny ip any any\n", name.p, entry);
    fw_buf_printf(&want, "ip access-list extended %s\n no %s\n exit", name.p, entry);
    parsed_init(&parsed, fw_parser_find(FW_SV("cisco-ios")), text.p);
    ck_assert_uint_eq(parsed.ruleset.npolicies, 1);
    const struct fw_policy *policy = parsed.ruleset.policies[0];
    fw_sv got = fw_fix_text(&arena, &parsed.ruleset, &parsed.doc, policy, &policy->rules[0]);
    ck_assert_uint_gt(got.n, LONG);
    ck_assert(fw_sv_eq(got, fw_buf_sv(&want)));
    fw_buf_clear(&text);
    fw_buf_clear(&name);
    fw_buf_clear(&want);
}
END_TEST

/* Backups indent nothing in a virtual domain; the path of what is there is longer. */
START_TEST(domain)
{
    static const char plain[] = "config firewall address\n    edit \"web\"\n"
                                "        set subnet 192.0.2.1 255.255.255.255\n    next\nend\n";
    static const char within[] =
        "config vdom\nedit root\nconfig firewall address\n    edit \"web\"\n"
        "        set subnet 192.0.2.1 255.255.255.255\n    next\nend\nend\n";
    const struct fw_parser *fortios = fw_parser_find(FW_SV("fortios"));
    parsed_init(&parsed, fortios, plain);
    ck_assert_uint_ge(parsed.ruleset.nobjects, 1);
    fw_sv got = fw_fix_object(&arena, &parsed.ruleset, &parsed.doc, parsed.ruleset.objects[0]);
    ck_assert(fw_sv_is(got, "config firewall address\ndelete \"web\"\nend"));
    parsed_clear(&parsed);
    parsed_init(&parsed, fortios, within);
    ck_assert_uint_ge(parsed.ruleset.nobjects, 1);
    got = fw_fix_object(&arena, &parsed.ruleset, &parsed.doc, parsed.ruleset.objects[0]);
    ck_assert_msg(got.n == 0, "%.*s", FW_SV_ARG(got));
}
END_TEST

Suite *fw_suite_remedy(void)
{
    Suite *s = suite_create("remedy");
    TCase *tc = tcase_create("remedy");
    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_loop_test(tc, lines, 0, sizeof(refusals) / sizeof(refusals[0]));
    tcase_add_test(tc, removal);
    tcase_add_test(tc, limit);
    tcase_add_test(tc, called);
    tcase_add_test(tc, last_entry);
    tcase_add_loop_test(tc, commands, 0, sizeof(removals) / sizeof(removals[0]));
    tcase_add_loop_test(tc, denial, 0, sizeof(denials) / sizeof(denials[0]));
    tcase_add_loop_test(tc, note, 0, sizeof(noted) / sizeof(noted[0]));
    tcase_add_test(tc, long_note);
    tcase_add_loop_test(tc, account, 0, sizeof(accounts) / sizeof(accounts[0]));
    tcase_add_test(tc, empty);
    tcase_add_test(tc, whole);
    tcase_add_test(tc, domain);
    suite_add_tcase(s, tc);
    return s;
}
