/* What rules let through where addresses are translated: every packet of a small universe is
 * translated by hand here, looked up among the flows, and walked by the evaluator as it arrives. */
#include "core/proto.h"
#include "policy/eval.h"
#include "policy/flows.h"
#include "tests/unit/rulesetparse.h"
#include "tests/unit/suites.h"

#include <string.h>

/* An arriving destination, and what the list sees of it. */
struct moved {
    const char *dst;
    uint16_t port_lo, port_hi; /* 0 to 65535: any */
    const char *seen;
    uint16_t seen_port; /* 0: the same */
};

struct world {
    const char *format, *text, *in, *out;
    struct moved moved[8];
    size_t permitted; /* packets of the universe: a test that permits none shows nothing */
};

#define ASA_PORTS \
    "interface GigabitEthernet0/0\n nameif outside\n security-level 0\n" \
    " ip address 192.0.2.1 255.255.255.0\n" \
    "interface GigabitEthernet0/1\n nameif inside\n security-level 100\n" \
    " ip address 10.0.0.1 255.255.255.0\n"

static const struct world worlds[] = {
    {"cisco-asa",
     "ASA Version 9.1(2)\n" ASA_PORTS "object network web\n host 10.0.0.10\n"
     "object network mail\n host 10.0.0.11\n"
     "object network lab\n subnet 10.0.1.0 255.255.255.252\n"
     "object network web\n nat (inside,outside) static 192.0.2.10\n"
     "object network mail\n nat (inside,outside) static 192.0.2.11 service tcp 443 8443\n"
     "object network lab\n nat (inside,outside) static 192.0.2.16\n"
     "access-list out extended deny tcp host 198.51.100.7 any eq 80\n"
     "access-list out extended permit tcp any host 10.0.0.10 eq 80\n"
     "access-list out extended permit tcp any host 10.0.0.11 eq 443\n"
     "access-list out extended permit tcp any 10.0.1.0 255.255.255.254 range 22 23\n"
     "access-group out in interface outside\n",
     "outside",
     "inside",
     {{"192.0.2.10", 0, 65535, "10.0.0.10", 0},
      {"192.0.2.11", 8443, 8443, "10.0.0.11", 443},
      {"192.0.2.16", 0, 65535, "10.0.1.0", 0},
      {"192.0.2.17", 0, 65535, "10.0.1.1", 0},
      {"192.0.2.18", 0, 65535, "10.0.1.2", 0}},
     28},
    {"cisco-asa",
     "PIX Version 7.2(2)\n" ASA_PORTS
     "static (inside,outside) 192.0.2.10 10.0.0.10 netmask 255.255.255.255\n"
     "access-list out extended deny tcp host 198.51.100.7 any eq 80\n"
     "access-list out extended permit tcp any host 192.0.2.10 eq 80\n"
     "access-list out extended permit tcp any host 192.0.2.17 range 22 23\n"
     "access-group out in interface outside\n",
     "outside",
     "inside",
     {{0}},
     8},
    {"fortios",
     "config system interface\nedit \"wan1\"\nset ip 192.0.2.1 255.255.255.0\nnext\n"
     "edit \"dmz\"\nset ip 10.0.0.1 255.255.255.0\nnext\nend\n"
     "config firewall service custom\nedit \"WEB\"\nset tcp-portrange 80\nnext\nend\n"
     "config firewall address\nedit \"bad\"\nset subnet 198.51.100.7 255.255.255.255\nnext\nend\n"
     "config firewall vip\nedit \"web\"\nset extip 192.0.2.10\nset mappedip \"10.0.0.10\"\n"
     "set extintf \"wan1\"\nnext\nend\n"
     "config firewall policy\nedit 1\nset srcintf \"wan1\"\nset dstintf \"dmz\"\n"
     "set srcaddr \"bad\"\nset dstaddr \"web\"\nset action deny\nset match-vip enable\nset "
     "schedule \"always\"\n"
     "set service \"WEB\"\nnext\nedit 2\nset srcintf \"wan1\"\nset dstintf \"dmz\"\n"
     "set srcaddr \"all\"\nset dstaddr \"web\"\nset action accept\nset schedule \"always\"\n"
     "set service \"WEB\"\nnext\nend\n",
     "wan1",
     "dmz",
     {{0}},
     2},
};

static const char *const sources[] = {"198.51.100.7", "198.51.100.8", "203.0.113.1"};
static const char *const destinations[] = {"192.0.2.10", "192.0.2.11", "192.0.2.16", "192.0.2.17",
                                           "192.0.2.18", "192.0.2.99", "10.0.0.10",  "10.0.0.11",
                                           "10.0.1.0",   "10.0.1.2"};
static const uint16_t ports[] = {21, 22, 23, 24, 80, 443, 8443};
#define COUNT(v) (sizeof(v) / sizeof((v)[0]))

static bool holds(const struct fw_flow *flow, fw_ip src, fw_ip dst, uint16_t port)
{
    const struct fw_term *term = &flow->term;
    return flow->action == FW_ACTION_PERMIT && fw_ipset_has(term->src, src) &&
           fw_ipset_has(term->dst, dst) &&
           (!term->proto || fw_numset_has(term->proto, FW_PROTO_TCP)) &&
           (!term->dport || fw_numset_has(term->dport, port));
}

static bool let_through(const struct fw_flows *flows, const struct world *world, const char *src,
                        const char *dst, uint16_t port)
{
    fw_ip ends[2];
    for (size_t i = 0; i < COUNT(world->moved) && world->moved[i].dst; i++) {
        const struct moved *moved = &world->moved[i];
        if (strcmp(moved->dst, dst) == 0 && port >= moved->port_lo && port <= moved->port_hi) {
            dst = moved->seen;
            port = moved->seen_port ? moved->seen_port : port;
            break;
        }
    }
    ck_assert(fw_ip_parse(fw_sv_from(src), &ends[0]) && fw_ip_parse(fw_sv_from(dst), &ends[1]));
    for (size_t i = 0; i < flows->n; i++) {
        if (holds(&flows->v[i], ends[0], ends[1], port)) {
            return true;
        }
    }
    return false;
}

START_TEST(packets)
{
    const struct world *world = &worlds[_i];
    struct parsed parsed;
    struct fw_arena arena;
    struct fw_flows flows;
    struct fw_trace trace;
    const struct fw_flow_options options = {0};
    size_t permitted = 0;
    fw_arena_init(&arena, 0);
    parsed_init(&parsed, fw_parser_find(fw_sv_from(world->format)), world->text);
    fw_flows_make(&arena, &parsed.ruleset, &options, &flows);
    for (size_t s = 0; s < COUNT(sources); s++) {
        for (size_t d = 0; d < COUNT(destinations); d++) {
            for (size_t p = 0; p < COUNT(ports); p++) {
                char text[160];
                snprintf(text, sizeof(text), "tcp %s:50000 -> %s:%u in=%s out=%s state=new",
                         sources[s], destinations[d], (unsigned)ports[p], world->in, world->out);
                bool through = let_through(&flows, world, sources[s], destinations[d], ports[p]);
                enum fw_verdict verdict = parsed_trace(&parsed, text, &trace);
                ck_assert_msg(verdict == (through ? FW_VERDICT_PERMIT : FW_VERDICT_DENY),
                              "%s: %s, but %s among the flows", text, fw_verdict_name(verdict),
                              through ? "is" : "is not");
                permitted += through;
            }
        }
    }
    ck_assert_uint_eq(permitted, world->permitted);
    parsed_clear(&parsed);
    fw_arena_clear(&arena);
}
END_TEST

Suite *fw_suite_translated(void)
{
    Suite *s = suite_create("translated");
    TCase *tc = tcase_create("translated");
    tcase_add_loop_test(tc, packets, 0, COUNT(worlds));
    suite_add_tcase(s, tc);
    return s;
}
