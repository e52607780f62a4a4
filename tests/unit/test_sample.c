/* Tests of packets drawn from a ruleset: legal, repeatable, and such that every rule meets some. */
#include "policy/sample.h"

#include <string.h>

#include "core/proto.h"
#include "policy/eval.h"
#include "tests/unit/rulesetparse.h"
#include "tests/unit/suites.h"

extern const struct fw_parser fw_parser_cisco_asa;
extern const struct fw_parser fw_parser_iptables_save;

static const char *const config = "*filter\n:INPUT DROP [0:0]\n:FORWARD DROP [0:0]\n:web - [0:0]\n"
                                  "-A INPUT -i eth0 -p udp --dport 123 -j ACCEPT\n"
                                  "-A FORWARD -s 192.0.2.0/24 -j DROP\n"
                                  "-A FORWARD -d 198.51.100.7 -p tcp -j web\n"
                                  "-A FORWARD -i ppp+ -p icmp --icmp-type 8 -j ACCEPT\n"
                                  "-A FORWARD -m conntrack --ctstate ESTABLISHED -j ACCEPT\n"
                                  "-A FORWARD -p gre -j ACCEPT\n"
                                  "-A web -p tcp --dport 443 -j ACCEPT\n"
                                  "-A web -p tcp --sport 1:99 -j REJECT\n"
                                  "COMMIT\n";

static void text_of(struct fw_buf *buf, struct parsed *parsed, uint64_t seed)
{
    struct fw_sampler sampler;
    fw_buf_reset(buf);
    fw_sampler_init(&sampler, &parsed->doc.arena, &parsed->ruleset, seed);
    for (int i = 0; i < 50; i++) {
        struct fw_packet packet;
        fw_sampler_next(&sampler, &packet);
        fw_packet_text(buf, &packet);
        fw_buf_add_char(buf, '\n');
    }
}

START_TEST(seeds_repeat)
{
    struct parsed parsed;
    struct fw_buf one;
    struct fw_buf two;
    fw_buf_init(&one);
    fw_buf_init(&two);
    parsed_init(&parsed, &fw_parser_iptables_save, config);
    text_of(&one, &parsed, 7);
    text_of(&two, &parsed, 7);
    ck_assert_str_eq(one.p, two.p);
    text_of(&two, &parsed, 8);
    ck_assert_str_ne(one.p, two.p);
    parsed_clear(&parsed);
    fw_buf_clear(&one);
    fw_buf_clear(&two);
}
END_TEST

START_TEST(every_rule_decides_some)
{
    struct parsed parsed;
    struct fw_sampler sampler;
    unsigned decided[3][16] = {{0}};
    parsed_init(&parsed, &fw_parser_iptables_save, config);
    fw_sampler_init(&sampler, &parsed.doc.arena, &parsed.ruleset, 1);
    for (int i = 0; i < 3000; i++) {
        struct fw_packet packet;
        struct fw_trace trace;
        fw_sampler_next(&sampler, &packet);
        ck_assert_int_eq(packet.src.family, packet.dst.family);
        ck_assert(packet.has_proto && packet.proto != FW_PROTO_ICMP6);
        ck_assert(packet.hook == FW_HOOK_INPUT || packet.hook == FW_HOOK_FORWARD);
        ck_assert(packet.has_in && packet.in.n > 0);
        ck_assert(packet.has_out == (packet.hook == FW_HOOK_FORWARD));
        fw_trace_packet(&parsed.doc.arena, &parsed.ruleset, &packet, &trace);
        for (size_t p = 0; trace.rule && p < 3; p++) {
            decided[p][trace.rule->position] += parsed.ruleset.policies[p] == trace.policy;
        }
    }
    static const unsigned rules[3] = {1, 5, 2};
    for (size_t p = 0; p < 3; p++) {
        for (unsigned r = 1; r <= rules[p]; r++) {
            bool jump = p == 1 && r == 2;
            ck_assert_msg(jump || decided[p][r] > 0, "policy %zu rule %u decides none", p, r);
        }
    }
    parsed_clear(&parsed);
}
END_TEST

START_TEST(lists_of_interfaces)
{
    struct parsed parsed;
    struct fw_sampler sampler;
    unsigned decided = 0;
    parsed_init(&parsed, &fw_parser_cisco_asa,
                "ASA Version 9.8\n"
                "access-list outside_in extended permit tcp any host 192.0.2.1 eq 443\n"
                "access-group outside_in in interface outside\n");
    fw_sampler_init(&sampler, &parsed.doc.arena, &parsed.ruleset, 1);
    for (int i = 0; i < 100; i++) {
        struct fw_packet packet;
        struct fw_trace trace;
        fw_sampler_next(&sampler, &packet);
        fw_trace_packet(&parsed.doc.arena, &parsed.ruleset, &packet, &trace);
        decided += trace.rule != NULL;
    }
    ck_assert_uint_gt(decided, 10);
    parsed_clear(&parsed);
}
END_TEST

START_TEST(nothing_to_draw_from)
{
    struct parsed parsed;
    struct fw_sampler sampler;
    struct fw_packet packet;
    parsed_init(&parsed, &fw_parser_iptables_save, "*filter\nCOMMIT\n");
    fw_sampler_init(&sampler, &parsed.doc.arena, &parsed.ruleset, 1);
    fw_sampler_next(&sampler, &packet);
    ck_assert(packet.has_proto && packet.src.family == FW_IPV4);
    parsed_clear(&parsed);
}
END_TEST

Suite *fw_suite_sample(void)
{
    Suite *suite = suite_create("sample");
    TCase *tcase = tcase_create("all");
    tcase_add_test(tcase, seeds_repeat);
    tcase_add_test(tcase, every_rule_decides_some);
    tcase_add_test(tcase, lists_of_interfaces);
    tcase_add_test(tcase, nothing_to_draw_from);
    suite_add_tcase(suite, tcase);
    return suite;
}
