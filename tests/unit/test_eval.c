/* Tests of the naive evaluator: packets through iptables chains and ASA access lists. */
#include "policy/eval.h"

#include <string.h>

#include "core/limits.h"
#include "tests/unit/rulesetparse.h"
#include "tests/unit/suites.h"

extern const struct fw_parser fw_parser_iptables_save;
extern const struct fw_parser fw_parser_nftables;
extern const struct fw_parser fw_parser_cisco_asa;

struct trace_case {
    const char *flow;
    const char *expected; /* "verdict policy:position", "verdict policy default", "may" */
};

static const char *say(struct fw_buf *buf, const struct fw_trace *trace)
{
    fw_buf_reset(buf);
    fw_buf_add_cstr(buf, fw_verdict_name(trace->verdict));
    if (trace->policy) {
        fw_buf_printf(buf, " %.*s", FW_SV_ARG(trace->policy->name));
    }
    if (trace->rule) {
        fw_buf_printf(buf, ":%u", trace->rule->position);
    } else if (trace->by_default) {
        fw_buf_add_cstr(buf, " default");
    }
    return buf->p;
}

static void check(const struct fw_parser *parser, const char *config,
                  const struct trace_case *cases, size_t n)
{
    struct parsed parsed;
    struct fw_buf buf;
    fw_buf_init(&buf);
    parsed_init(&parsed, parser, config);
    for (size_t i = 0; i < n; i++) {
        struct fw_trace trace;
        parsed_trace(&parsed, cases[i].flow, &trace);
        ck_assert_msg(strcmp(say(&buf, &trace), cases[i].expected) == 0,
                      "%s\n  gives    %s\n  expected %s", cases[i].flow, buf.p, cases[i].expected);
    }
    parsed_clear(&parsed);
    fw_buf_clear(&buf);
}

#define CHECK(parser, config, cases) check(parser, config, cases, sizeof(cases) / sizeof(cases[0]))

START_TEST(chains)
{
    static const char config[] = "*filter\n"
                                 ":INPUT DROP [0:0]\n:FORWARD DROP [0:0]\n:OUTPUT ACCEPT [0:0]\n"
                                 ":WEB - [0:0]\n:OTHER - [0:0]\n"
                                 "-A INPUT -p tcp -j WEB\n"
                                 "-A INPUT -p udp -g OTHER\n"
                                 "-A INPUT -s 10.0.0.0/8 -j ACCEPT\n"
                                 "-A WEB -p tcp --dport 443 -j ACCEPT\n"
                                 "-A WEB -s 192.0.2.0/24 -j RETURN\n"
                                 "-A WEB -j REJECT\n"
                                 "-A OTHER -p udp --dport 53 -j ACCEPT\n"
                                 "-A FORWARD -m set --match-set good src -j ACCEPT\n"
                                 "-A FORWARD -p icmp -j DROP\n"
                                 "COMMIT\n";
    static const struct trace_case cases[] = {
        {"tcp 192.0.2.1:5 -> 192.0.2.9:443 hook=input in=eth0 state=new", "permit WEB:1"},
        {"tcp 198.51.100.1:5 -> 192.0.2.9:80 hook=input in=eth0 state=new", "reject WEB:3"},
        {"tcp 192.0.2.1:5 -> 192.0.2.9:80 hook=input in=eth0 state=new", "deny INPUT default"},
        /* goto comes back to nobody: rule 3 is not evaluated */
        {"udp 10.0.0.1:5 -> 192.0.2.9:80 hook=input in=eth0", "deny INPUT default"},
        {"udp 10.0.0.1:5 -> 192.0.2.9:53 hook=input in=eth0", "permit OTHER:1"},
        {"icmp 10.0.0.1 -> 192.0.2.9 type=8 hook=input in=eth0", "permit INPUT:3"},
        /* the set decides, but only between accept and drop */
        {"udp 10.0.0.1:1 -> 192.0.2.9:1 hook=forward in=a out=b", "may"},
        {"tcp 10.0.0.1:1 -> 192.0.2.9:1 hook=output out=b", "permit OUTPUT default"},
    };
    CHECK(&fw_parser_iptables_save, config, cases);
}
END_TEST

START_TEST(maybe_that_does_not_matter)
{
    static const char config[] = "*filter\n:INPUT DROP [0:0]\n"
                                 "-A INPUT -m limit --limit 1/sec -j LOG\n"
                                 "-A INPUT -m set --match-set bad src -j DROP\n"
                                 "-A INPUT -p tcp --dport 22 -j DROP\n"
                                 "-A INPUT -p tcp --dport 80 -j ACCEPT\n"
                                 "COMMIT\n";
    static const struct trace_case cases[] = {
        {"tcp 10.0.0.1:1 -> 192.0.2.9:80 hook=input in=a", "may"},
    };
    CHECK(&fw_parser_iptables_save, config, cases);
    struct parsed parsed;
    struct fw_trace trace;
    parsed_init(&parsed, &fw_parser_iptables_save, config);
    parsed_trace(&parsed, "tcp 10.0.0.1:1 -> 192.0.2.9:22 hook=input in=a", &trace);
    ck_assert_int_eq(trace.verdict, FW_VERDICT_DENY); /* by the set or by the port */
    parsed_clear(&parsed);
}
END_TEST

START_TEST(tables_in_order)
{
    static const char config[] =
        "*raw\n:PREROUTING ACCEPT [0:0]\n-A PREROUTING -s 192.0.2.66 -j DROP\nCOMMIT\n"
        "*mangle\n:PREROUTING ACCEPT [0:0]\n"
        "-A PREROUTING -p tcp --dport 80 -j MARK --set-xmark 0x1/0xffffffff\nCOMMIT\n"
        "*nat\n:PREROUTING ACCEPT [0:0]\n"
        "-A PREROUTING -p tcp --dport 8080 -j DNAT --to-destination 10.0.0.5:80\nCOMMIT\n"
        "*filter\n:FORWARD DROP [0:0]\n"
        "-A FORWARD -m mark --mark 0x1 -j ACCEPT\n"
        "-A FORWARD -d 10.0.0.5 -p tcp --dport 80 -j ACCEPT\nCOMMIT\n";
    static const struct trace_case cases[] = {
        {"udp 192.0.2.66:1 -> 10.0.0.9:1 hook=forward in=a out=b state=new",
         "deny raw/PREROUTING:1"},
        {"tcp 192.0.2.1:1 -> 10.0.0.9:80 hook=forward in=a out=b state=new", "permit FORWARD:1"},
        {"tcp 192.0.2.1:1 -> 198.51.100.1:8080 hook=forward in=a out=b state=new",
         "permit FORWARD:2"},
        {"tcp 192.0.2.1:1 -> 198.51.100.1:81 hook=forward in=a out=b state=new",
         "deny FORWARD default"},
    };
    CHECK(&fw_parser_iptables_save, config, cases);
}
END_TEST

/* What opens no connection meets no rule of address translation (a Linux 6.18 kernel agrees). */
START_TEST(translation_of_odd_packets)
{
    static const char config[] =
        "*nat\n:PREROUTING ACCEPT [0:0]\n"
        "-A PREROUTING -j DNAT --to-destination 10.0.0.5\nCOMMIT\n"
        "*filter\n:FORWARD DROP [0:0]\n-A FORWARD -d 10.0.0.5 -j ACCEPT\nCOMMIT\n";
#define FLOW "198.51.100.1:8080 hook=forward in=a out=b "
    static const struct trace_case cases[] = {
        {"tcp 192.0.2.1:1 -> " FLOW "flags=syn", "permit FORWARD:1"},
        {"tcp 192.0.2.1:1 -> " FLOW "flags=ack", "permit FORWARD:1"},
        {"tcp 192.0.2.1:1 -> " FLOW "flags=none", "deny FORWARD default"},
        {"tcp 192.0.2.1:1 -> " FLOW "flags=fin,psh,urg", "deny FORWARD default"},
        {"tcp 192.0.2.1:1 -> " FLOW "flags=syn,fin", "deny FORWARD default"},
        {"tcp 192.0.2.1:1 -> " FLOW "flags=rst", "may"},
        {"tcp 192.0.2.1:1 -> " FLOW "flags=syn,ack", "may"},
        {"tcp 192.0.2.1:1 -> " FLOW "flags=fin,ack", "may"},
        {"tcp 192.0.2.1:1 -> " FLOW "flags=rst state=new", "deny FORWARD default"},
        {"tcp 192.0.2.1:1 -> " FLOW "flags=syn,ack state=new", "deny FORWARD default"},
        {"udp 192.0.2.1:1 -> " FLOW "state=invalid", "deny FORWARD default"},
        {"udp 192.0.2.1:1 -> " FLOW "state=untracked", "deny FORWARD default"},
    };
#undef FLOW
    CHECK(&fw_parser_iptables_save, config, cases);
}
END_TEST

/* Before connections are tracked every packet is invalid to rules, or untracked when one said so;
 * marks of connections that are not there are compared with nothing (a Linux 6.18 kernel agrees).
 */
START_TEST(before_tracking)
{
    static const char config[] =
        "*raw\n:PREROUTING ACCEPT [0:0]\n"
        "-A PREROUTING -m conntrack --ctstate NEW,ESTABLISHED -j DROP\n"
        "-A PREROUTING -p udp -m conntrack --ctstate INVALID -j NOTRACK\n"
        "-A PREROUTING -p tcp -m connmark ! --mark 0x1 -j DROP\n"
        "-A PREROUTING -p ah -m conntrack ! --ctstate INVALID -j DROP\n"
        "-A PREROUTING -m conntrack --ctstate UNTRACKED -j ACCEPT\nCOMMIT\n"
        "*filter\n:FORWARD ACCEPT [0:0]\n"
        "-A FORWARD -m conntrack --ctstate UNTRACKED -j DROP\n"
        "-A FORWARD -p tcp -m connmark ! --mark 0x1 -j REJECT\nCOMMIT\n";
#define FLOW "198.51.100.1:8080 hook=forward in=a out=b "
    static const struct trace_case cases[] = {
        {"udp 192.0.2.1:1 -> " FLOW "state=new", "deny FORWARD:1"},
        {"udp 192.0.2.1:1 -> " FLOW "state=established", "deny FORWARD:1"},
        {"tcp 192.0.2.1:1 -> " FLOW "state=new", "reject FORWARD:2"},
        {"tcp 192.0.2.1:1 -> " FLOW "state=invalid", "permit FORWARD default"},
        {"proto=ah src=192.0.2.1 dst=192.0.2.2 hook=forward in=a out=b state=untracked",
         "deny FORWARD:1"},
        {"proto=ah src=192.0.2.1 dst=192.0.2.2 hook=forward in=a out=b state=new",
         "permit FORWARD default"},
    };
    CHECK(&fw_parser_iptables_save, config, cases);
}
END_TEST

/* What is tracked stays tracked; a chain may be called from before tracking and from behind. */
START_TEST(around_tracking)
{
    static const char config[] =
        "table ip t {\n"
        "chain both {\n meta l4proto gre ct state new drop\n}\n"
        "chain early {\n type filter hook prerouting priority raw; policy accept;\n jump both\n}\n"
        "chain level {\n type filter hook prerouting priority -200; policy accept;\n"
        " meta l4proto esp ct state new drop\n}\n"
        "chain late {\n type filter hook prerouting priority mangle; policy accept;\n"
        " meta l4proto { tcp, udp } notrack\n}\n"
        "chain last {\n type filter hook forward priority filter; policy accept;\n"
        " ct state untracked reject\n jump both\n}\n}\n";
    static const struct trace_case cases[] = {
        {"tcp 192.0.2.1:1 -> " FLOW "state=new", "permit t/last default"},
        {"udp 192.0.2.1:1 -> " FLOW "state=established", "permit t/last default"},
        {"udp 192.0.2.1:1 -> " FLOW "state=invalid", "reject t/last:1"},
        {"proto=gre src=192.0.2.1 dst=192.0.2.2 hook=forward in=a out=b state=invalid",
         "permit t/last default"},
        {"proto=gre src=192.0.2.1 dst=192.0.2.2 hook=forward in=a out=b state=established",
         "permit t/last default"},
        {"proto=gre src=192.0.2.1 dst=192.0.2.2 hook=forward in=a out=b state=untracked",
         "reject t/last:1"},
        {"proto=esp src=192.0.2.1 dst=192.0.2.2 hook=forward in=a out=b state=new", "may"},
        {"proto=esp src=192.0.2.1 dst=192.0.2.2 hook=forward in=a out=b state=established",
         "permit t/last default"},
    };
    CHECK(&fw_parser_nftables, config, cases);
}
END_TEST

/* One rule that sets the mark it asked for still decides; one that reads a mark that is not there
 * ends. What the mark was before nobody tells. */
START_TEST(marks_within_a_rule)
{
    static const char config[] =
        "table ip t {\n"
        "chain c {\n type filter hook forward priority filter; policy accept;\n"
        " meta l4proto tcp meta mark 0 meta mark set 1 drop\n"
        " meta l4proto udp ct mark 0 ct mark set 1 drop\n"
        " meta l4proto esp meta mark set ct mark drop\n}\n}\n";
    static const struct trace_case cases[] = {
        {"tcp 192.0.2.1:1 -> " FLOW "state=new", "may"},
        {"tcp 192.0.2.1:1 -> " FLOW "state=new mark=2", "may"},
        {"udp 192.0.2.1:1 -> " FLOW "state=new", "may"},
        {"udp 192.0.2.1:1 -> " FLOW "state=invalid", "permit t/c default"},
        {"proto=esp src=192.0.2.1 dst=192.0.2.2 hook=forward in=a out=b state=new", "deny t/c:3"},
        {"proto=esp src=192.0.2.1 dst=192.0.2.2 hook=forward in=a out=b state=invalid",
         "permit t/c default"},
    };
#undef FLOW
    CHECK(&fw_parser_nftables, config, cases);
}
END_TEST

START_TEST(access_lists)
{
    static const char config[] =
        "hostname asa1\n"
        "interface GigabitEthernet0/0\n nameif outside\n security-level 0\n"
        " ip address 192.0.2.1 255.255.255.0\n"
        "interface GigabitEthernet0/1\n nameif inside\n security-level 100\n"
        " ip address 10.0.0.1 255.255.255.0\n"
        "access-list out_in extended permit tcp any host 10.0.0.5 eq 443\n"
        "access-list out_in extended deny ip any any\n"
        "access-list guarded extended permit udp any any eq 53\n"
        "access-group out_in in interface outside\n";
    static const struct trace_case cases[] = {
        {"tcp 192.0.2.7:5 -> 10.0.0.5:443 in=outside out=inside", "permit out_in:1"},
        {"tcp 192.0.2.7:5 -> 10.0.0.5:80 in=outside out=inside", "deny out_in:2"},
        /* no list: from the higher security level to the lower */
        {"tcp 10.0.0.7:5 -> 192.0.2.5:80 in=inside out=outside", "permit default"},
    };
    CHECK(&fw_parser_cisco_asa, config, cases);
}
END_TEST

/* A chain of chains as long as may be, and one longer: what the last one says is not known. */
START_TEST(chains_too_deep)
{
    static const struct trace_case cases[][1] = {
        {{"tcp 192.0.2.1:5 -> 192.0.2.9:22 hook=input in=a", "permit C63:1"}},
        {{"tcp 192.0.2.1:5 -> 192.0.2.9:22 hook=input in=a", "may"}},
    };
    ck_assert_int_eq(FW_LIMIT_CHAIN_DEPTH, 64);
    for (int more = 0; more <= 1; more++) {
        struct fw_buf config;
        fw_buf_init(&config);
        fw_buf_add_cstr(&config, "*filter\n:INPUT DROP [0:0]\n");
        int last = FW_LIMIT_CHAIN_DEPTH - 1 + more;
        for (int i = 1; i <= last; i++) {
            fw_buf_printf(&config, ":C%d - [0:0]\n", i);
        }
        fw_buf_add_cstr(&config, "-A INPUT -j C1\n");
        for (int i = 1; i < last; i++) {
            fw_buf_printf(&config, "-A C%d -j C%d\n", i, i + 1);
        }
        fw_buf_printf(&config, "-A C%d -j ACCEPT\nCOMMIT\n", last);
        CHECK(&fw_parser_iptables_save, config.p, cases[more]);
        fw_buf_clear(&config);
    }
}
END_TEST

/* Nobody said where the packet comes in: any of 300 lists may be the one, also the last. */
START_TEST(more_lists_than_ways)
{
    static const struct trace_case same[] = {{"tcp 192.0.2.1:5 -> 192.0.2.9:22", "permit a0:1"}};
    static const struct trace_case last[] = {{"tcp 192.0.2.1:5 -> 192.0.2.9:22", "may"}};
    for (int lists = 200; lists <= 300; lists += 100) {
        struct fw_buf config;
        fw_buf_init(&config);
        fw_buf_add_cstr(&config, "hostname asa1\n");
        for (int i = 0; i < lists; i++) {
            fw_buf_printf(&config, "access-list a%d extended %s ip any any\n", i,
                          i == 299 ? "deny" : "permit");
        }
        check(&fw_parser_cisco_asa, config.p, lists == 200 ? same : last, 1);
        fw_buf_clear(&config);
    }
}
END_TEST

/* A walk that would take longer than anybody waits for ends without a verdict, not with the
 * default. */
START_TEST(walks_without_end)
{
    static const struct trace_case cases[] = {
        {"tcp 192.0.2.1:5 -> 192.0.2.9:22 hook=input in=a", "may"},
    };
    static const char circle[] = "*filter\n:INPUT DROP [0:0]\n:A - [0:0]\n:B - [0:0]\n"
                                 "-A INPUT -p tcp -g A\n-A A -g B\n-A B -g A\nCOMMIT\n";
    CHECK(&fw_parser_iptables_save, circle, cases);
    /* 16 calls of 16 calls of ...: 16^6 rules before the verdict. */
    struct fw_buf config;
    fw_buf_init(&config);
    ck_assert_int_gt(16 * 16 * 16 * 16 * 16 * 16, FW_LIMIT_ENGINE_WORK);
    fw_buf_add_cstr(&config, "*filter\n:INPUT DROP [0:0]\n:C0 - [0:0]\n:C1 - [0:0]\n:C2 - [0:0]\n"
                             ":C3 - [0:0]\n:C4 - [0:0]\n:C5 - [0:0]\n-A INPUT -j C0\n");
    for (int i = 0; i < 6 * 16; i++) {
        fw_buf_printf(&config, i / 16 < 5 ? "-A C%d -j C%d\n" : "-A C%d -p udp -j DROP\n", i / 16,
                      i / 16 + 1);
    }
    fw_buf_add_cstr(&config, "COMMIT\n");
    CHECK(&fw_parser_iptables_save, config.p, cases);
    fw_buf_clear(&config);
}
END_TEST

Suite *fw_suite_eval(void)
{
    Suite *suite = suite_create("eval");
    TCase *tcase = tcase_create("all");
    tcase_add_test(tcase, chains);
    tcase_add_test(tcase, maybe_that_does_not_matter);
    tcase_add_test(tcase, tables_in_order);
    tcase_add_test(tcase, translation_of_odd_packets);
    tcase_add_test(tcase, before_tracking);
    tcase_add_test(tcase, around_tracking);
    tcase_add_test(tcase, marks_within_a_rule);
    tcase_add_test(tcase, access_lists);
    tcase_add_test(tcase, chains_too_deep);
    tcase_add_test(tcase, walks_without_end);
    tcase_add_test(tcase, more_lists_than_ways);
    suite_add_tcase(suite, tcase);
    return suite;
}
