/* What rules let through: effective spaces and their bounds, zones, services and what packs keep.
 */
#include "analyzers/rules/breadth.h"
#include "analyzers/rules/matrix.h"
#include "analyzers/rules/reachable.h"
#include "core/limits.h"
#include "parsers/matrix.h"
#include "policy/eval.h"
#include "policy/flows.h"
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
    fw_arena_clear(&arena);
}

static void flows_of(const char *text, struct fw_flows *ret)
{
    static const fw_sv names[] = {FW_SV_INIT("eth0"), FW_SV_INIT("eth1")};
    const struct fw_flow_options options = {.nnames = 2, .names = names};
    parsed_init(&parsed, fw_parser_find(FW_SV("iptables-save")), text);
    fw_flows_make(&arena, &parsed.ruleset, &options, ret);
}

static const struct fw_rule_flows *rule_at(const struct fw_flows *flows, uint32_t position)
{
    for (size_t r = 0; r < flows->nrules; r++) {
        if (flows->rules[r].by && flows->rules[r].by->position == position &&
            fw_sv_is(flows->rules[r].of->name, "FORWARD")) {
            return &flows->rules[r];
        }
    }
    return NULL;
}

/* 256 sources, one destination, one port; less one source and, elsewhere, nothing. */
START_TEST(breadth)
{
    struct fw_flows flows;
    flows_of("*filter\n:FORWARD DROP [0:0]\n"
             "-A FORWARD -s 10.0.0.7/32 -j DROP\n"
             "-A FORWARD -s 10.0.0.0/24 -d 192.0.2.1/32 -p tcp -m tcp --dport 22 -j ACCEPT\n"
             "-A FORWARD -i eth0 -p udp -j ACCEPT\n"
             "-A FORWARD -p udp -m limit --limit 5/sec -d 192.0.2.2/32 --dport 53 -j ACCEPT\n"
             "COMMIT\n",
             &flows);
    const struct fw_rule_flows *ssh = rule_at(&flows, 2);
    ck_assert_ptr_nonnull(ssh);
    ck_assert_msg(ssh->breadth[0].lower == 255 && ssh->breadth[0].upper == 255,
                  "lower %f upper %f, expected 255", ssh->breadth[0].lower, ssh->breadth[0].upper);
    const struct fw_rule_flows *udp = rule_at(&flows, 3);
    double sources = 4294967296.0 - 1;
    ck_assert_double_eq(udp->breadth[0].upper, sources * 4294967296.0 * 65536.0);
    const struct fw_rule_flows *limited = rule_at(&flows, 4);
    ck_assert_double_eq(limited->breadth[0].lower, 0);
    ck_assert_double_eq(limited->breadth[0].upper, sources);
    ck_assert_uint_eq(flows.v[limited->first].doubt, FW_DOUBT_VARIES);
    parsed_clear(&parsed);
}
END_TEST

/* A chain that takes whatever comes to it: the jump is what a person would change. */
START_TEST(responsible_rule)
{
    struct fw_flows flows;
    flows_of("*filter\n:FORWARD DROP [0:0]\n:LOGACCEPT - [0:0]\n"
             "-A FORWARD -d 192.0.2.1/32 -p tcp -m tcp --dport 22 -j LOGACCEPT\n"
             "-A FORWARD -d 192.0.2.2/32 -p tcp -m tcp --dport 23 -j LOGACCEPT\n"
             "-A LOGACCEPT -j LOG\n"
             "-A LOGACCEPT -j ACCEPT\n"
             "COMMIT\n",
             &flows);
    ck_assert_ptr_nonnull(rule_at(&flows, 1));
    ck_assert_ptr_nonnull(rule_at(&flows, 2));
    ck_assert(flows.v[rule_at(&flows, 2)->first].logged);
    ck_assert_uint_eq(rule_at(&flows, 2)->rule->position, 2);
    ck_assert(fw_sv_is(rule_at(&flows, 2)->of->name, "FORWARD"));
    parsed_clear(&parsed);
}
END_TEST

/* More pieces than FW_LIMIT_EFFECT_PIECES and comparisons than FW_LIMIT_EFFECT_WORK: bounds, and it
 * is said. FW_LIMIT_EFFECT_TOTAL leaves every rule a little. */
START_TEST(limits)
{
    struct fw_buf text;
    struct fw_flows flows;
    fw_buf_init(&text);
    fw_buf_add_cstr(&text, "*filter\n:FORWARD DROP [0:0]\n");
    enum { DENIES = 4000 };
    for (unsigned i = 0; i < DENIES; i++) {
        fw_buf_printf(&text,
                      "-A FORWARD -s 10.0.%u.%u/32 -d 10.1.%u.%u/32 -p tcp -m tcp --dport %u -j "
                      "DROP\n",
                      i >> 8, i & 255, (i * 7 >> 8) & 255, i * 7 & 255, 1 + i * 13 % 60000);
    }
    fw_buf_add_cstr(&text, "-A FORWARD -s 10.0.0.0/8 -j ACCEPT\nCOMMIT\n");
    flows_of(text.p, &flows);
    const struct fw_rule_flows *last = rule_at(&flows, DENIES + 1);
    ck_assert(last->cut);
    ck_assert_uint_eq(flows.cut, 1);
    ck_assert_uint_le(last->n, FW_LIMIT_EFFECT_PIECES + 64);
    ck_assert_double_lt(last->breadth[0].lower, last->breadth[0].upper);
    double truth = 16777216.0 * 4294967296.0 * (6.0 * 65536 + 249) - DENIES;
    ck_assert_double_le(last->breadth[0].lower, truth);
    ck_assert_double_ge(last->breadth[0].upper, truth);
    ck_assert_uint_gt(FW_LIMIT_EFFECT_TOTAL, FW_LIMIT_EFFECT_WORK);
    fw_buf_clear(&text);
    parsed_clear(&parsed);
}
END_TEST

/* --- services ------------------------------------------------------------------------------- */

static const struct {
    const char *a, *b, *sum, *rest;
} sets[] = {
    {"tcp/80", "tcp/443", "tcp/80,443", "tcp/80"},
    {"tcp/80-90", "tcp/85", "tcp/80-90", "tcp/80-84,86-90"},
    {"tcp", "tcp/22", "tcp", "tcp/0-21,23-65535"},
    {"any", "any", "any", ""},
    {"udp/53; icmp", "udp", "icmp; udp", "icmp"},
    {"gre; tcp/1-2", "any", "any", ""},
    {"tcp/0-65535", "udp/1", "udp/1; tcp", "tcp"},
    {"", "tcp/1", "tcp/1", ""},
};

START_TEST(service_sets)
{
    struct fw_services a;
    struct fw_services b;
    struct fw_services rest;
    fw_sv bad;
    ck_assert(fw_services_parse(&arena, fw_sv_from(sets[_i].a), &a, &bad));
    ck_assert(fw_services_parse(&arena, fw_sv_from(sets[_i].b), &b, &bad));
    fw_services_minus(&arena, &a, &b, &rest);
    fw_services_add(&arena, &a, &b);
    fw_sv sum = fw_services_string(&arena, &a);
    fw_sv left = fw_services_string(&arena, &rest);
    ck_assert_msg(fw_sv_is(sum, sets[_i].sum), "sum %.*s, expected %s", FW_SV_ARG(sum),
                  sets[_i].sum);
    ck_assert_msg(fw_sv_is(left, sets[_i].rest), "rest %.*s, expected %s", FW_SV_ARG(left),
                  sets[_i].rest);
}
END_TEST

START_TEST(services_malformed)
{
    static const char *const texts[] = {"tcp/", "tcp/99999", "foo", "icmp/8", "tcp/5-3", "300"};
    struct fw_services services;
    fw_sv bad;
    ck_assert_msg(!fw_services_parse(&arena, fw_sv_from(texts[_i]), &services, &bad), "%s",
                  texts[_i]);
    ck_assert(fw_sv_is(bad, texts[_i]));
}
END_TEST

/* --- the approved matrix -------------------------------------------------------------------- */

START_TEST(approved_matrix)
{
    static const char text[] = "\xef\xbb\xbf"
                               "來源區域,目的區域,服務,備註\r\n"
                               "internet,dmz,\"tcp/80,443\",ok\r\n"
                               "\r\n"
                               "office,dmz,tcp/x,\r\n"
                               ",dmz,any,\r\n"
                               "INTERNET,dmz,udp/53,\r\n";
    struct fw_approved_matrix approved;
    struct fw_services services;
    parsed.diags = fw_diags_new();
    fw_doc_init(&parsed.doc, FW_SV("matrix.csv"), parsed.diags);
    fw_doc_set_text(&parsed.doc, fw_sv_from(text));
    ck_assert_int_eq(fw_matrix_parse(&parsed.doc, &approved), FW_OK);
    ck_assert_uint_eq(approved.n, 2);
    ck_assert_uint_eq(approved.lines.bad, 2);
    ck_assert(fw_matrix_approved(&arena, &approved, FW_SV("internet"), FW_SV("dmz"), &services));
    fw_sv sum = fw_services_string(&arena, &services);
    ck_assert_msg(fw_sv_is(sum, "tcp/80,443; udp/53"), "%.*s", FW_SV_ARG(sum));
    ck_assert(!fw_matrix_approved(&arena, &approved, FW_SV("dmz"), FW_SV("internet"), &services));
    fw_doc_clear(&parsed.doc);
    fw_diags_free(parsed.diags);
}
END_TEST

START_TEST(matrix_header)
{
    static const char *const texts[] = {"", "from,to\n", "from,to,service,to\n"};
    struct fw_approved_matrix approved;
    parsed.diags = fw_diags_new();
    fw_doc_init(&parsed.doc, FW_SV("matrix.csv"), parsed.diags);
    fw_doc_set_text(&parsed.doc, fw_sv_from(texts[_i]));
    ck_assert_int_eq(fw_matrix_parse(&parsed.doc, &approved), FW_ERR_INVALID);
    fw_doc_clear(&parsed.doc);
    fw_diags_free(parsed.diags);
}
END_TEST

/* --- zones ---------------------------------------------------------------------------------- */

static struct fw_zone zones[200];
static struct fw_site site;
static struct fw_device_facts device;
static struct fw_snapshot snapshot;
static struct fw_facts facts;

static void add_zone(const char *name, enum fw_trust trust, const char *network,
                     const char *interface)
{
    struct fw_zone *zone = &zones[site.nzones++];
    fw_sv *names = fw_new(&arena, fw_sv);
    fw_iprange range;
    bool some = network && fw_iprange_parse(fw_sv_from(network), &range, NULL);
    *names = fw_sv_from(interface ? interface : "");
    *zone = (struct fw_zone){
        .name = fw_arena_copy(&arena, fw_sv_from(name)),
        .trust = trust,
        .networks = fw_ipset_make(&arena, &range, some ? 1 : 0),
        .ninterfaces = interface ? 1 : 0,
        .interfaces = names,
    };
}

static struct fw_exposure *expose(const char *text)
{
    parsed_init(&parsed, fw_parser_find(FW_SV("iptables-save")), text);
    site.zones = zones;
    snapshot = (struct fw_snapshot){.ruleset = &parsed.ruleset, .doc = &parsed.doc};
    device = (struct fw_device_facts){.name = FW_SV("gw"), .nsnapshots = 1, .snapshots = &snapshot};
    facts = (struct fw_facts){.site = &site, .ndevices = 1, .devices = &device};
    return fw_exposures_make(&arena, &facts);
}

static const char gateway[] =
    "*filter\n:INPUT DROP [0:0]\n:FORWARD DROP [0:0]\n"
    "-A FORWARD -i eth0 -s 198.51.100.0/24 -j DROP\n"
    "-A FORWARD -i eth0 -d 192.0.2.0/24 -p tcp -m tcp --dport 443 -j ACCEPT\n"
    "-A FORWARD -i eth2 -o eth0 -j ACCEPT\n"
    "-A FORWARD -s 10.9.0.0/16 -d 192.0.2.5/32 -p icmp -j ACCEPT\n"
    "-A FORWARD -i eth1 -d 10.0.0.0/8 -p udp -m udp --dport 514 -m set --match-set x dst -j "
    "ACCEPT\n"
    "COMMIT\n";

static void four_zones(void)
{
    site = (struct fw_site){0};
    add_zone("internet", FW_TRUST_UNTRUSTED, NULL, "gw:eth0");
    add_zone("dmz", FW_TRUST_DMZ, "192.0.2.0/24", "eth1");
    add_zone("lan", FW_TRUST_INTERNAL, "10.0.0.0/8", "gw:eth2");
    add_zone("lab", FW_TRUST_TEST, "10.9.0.0/16", NULL);
}

START_TEST(zone_places)
{
    four_zones();
    struct fw_exposure *exposure = expose(gateway);
    ck_assert_uint_eq(exposure->nunzoned, 0);
    ck_assert(exposure->zones[0].here);
    ck_assert(!exposure->zones[3].here && exposure->zones[3].present);
    ck_assert(!fw_ipset_has(exposure->zones[2].addresses, fw_ip4(0x0a090001)));
    ck_assert(fw_ipset_has(exposure->zones[3].addresses, fw_ip4(0x0a090001)));
    ck_assert(fw_ipset_has(exposure->zones[0].addresses, fw_ip4(0x08080808)));
    ck_assert(!fw_ipset_has(exposure->zones[0].addresses, fw_ip4(0x0a000001)));
    ck_assert(!fw_nameset_has(exposure->zones[3].names, FW_SV("eth0")));
    ck_assert(fw_nameset_has(exposure->zones[3].names, FW_SV("eth2")));
    parsed_clear(&parsed);
}
END_TEST

/* The naive evaluator, packet by packet, says the same as the matrix. */
START_TEST(matrix_against_packets)
{
    four_zones();
    struct fw_exposure *exposure = expose(gateway);
    struct fw_zone_matrix matrix;
    fw_zone_matrix_make(&arena, exposure, 1, NULL, &matrix);
    static const uint32_t addresses[4][3] = {
        {0x08080808, 0xc6336405, 0xcb007105},
        {0xc0000201, 0xc0000205, 0xc00002ff},
        {0x0a000001, 0x0a080000, 0x0aff0001},
        {0x0a090001, 0x0a09ffff, 0x0a091234},
    };
    static const struct {
        uint8_t proto;
        uint16_t port;
    } services[] = {{6, 443}, {6, 80}, {6, 22}, {17, 53}, {17, 514}, {1, 0}, {47, 0}};
    size_t permitted = 0;
    size_t tried = 0;
    for (uint32_t from = 0; from < 4; from++) {
        for (uint32_t to = 0; to < 4; to++) {
            const struct fw_device_zone *a = &exposure->zones[from];
            const struct fw_device_zone *b = &exposure->zones[to];
            if (from == to || !(a->here || b->here)) {
                continue;
            }
            const struct fw_matrix_cell *cell = NULL;
            for (size_t i = 0; i < matrix.n; i++) {
                bool same = fw_sv_eq(matrix.cells[i].from, a->zone->name) &&
                            fw_sv_eq(matrix.cells[i].to, b->zone->name);
                cell = same ? &matrix.cells[i] : cell;
            }
            for (size_t s = 0; s < sizeof(services) / sizeof(services[0]); s++) {
                bool sure = false;
                bool may = false;
                for (size_t k = 0; k < 9 * a->names->n * b->names->n; k++) {
                    struct fw_packet packet = {
                        .hook = FW_HOOK_FORWARD,
                        .src = fw_ip4(addresses[from][k % 3]),
                        .dst = fw_ip4(addresses[to][k / 3 % 3]),
                        .has_in = true,
                        .in = a->names->v[k / 9 % a->names->n],
                        .has_out = true,
                        .out = b->names->v[k / 9 / a->names->n],
                        .has_proto = true,
                        .proto = services[s].proto,
                        .has_sport = services[s].port > 0,
                        .sport = 50000,
                        .has_dport = services[s].port > 0,
                        .dport = services[s].port,
                        .has_icmp_type = services[s].proto == 1,
                        .icmp_type = 8,
                        .has_state = true,
                    };
                    fw_packet_complete(&packet);
                    struct fw_trace trace;
                    fw_trace_packet(&arena, &parsed.ruleset, &packet, &trace);
                    sure = sure || trace.verdict == FW_VERDICT_PERMIT;
                    may = may || trace.verdict == FW_VERDICT_MAY;
                    tried++;
                }
                struct fw_numrange range = {services[s].port, services[s].port};
                size_t place = services[s].proto == 6 ? 0 : 1;
                bool ports = services[s].port > 0;
                bool in_sure = cell &&
                               (fw_numset_has(cell->sure.whole, services[s].proto) ||
                                (ports && fw_numset_has(cell->sure.ports[place], range.lo)));
                bool in_all = cell &&
                              (fw_numset_has(cell->services.whole, services[s].proto) ||
                               (ports && fw_numset_has(cell->services.ports[place], range.lo)));
                ck_assert_msg(in_sure == sure, "%u>%u %u/%u: matrix %d, packets %d", from, to,
                              services[s].proto, services[s].port, in_sure, sure);
                ck_assert_msg(in_all == (sure || may), "%u>%u %u/%u: may %d, packets %d", from, to,
                              services[s].proto, services[s].port, in_all, sure || may);
                permitted += sure;
            }
        }
    }
    ck_assert_uint_gt(permitted, 5);
    ck_assert_uint_gt(tried, 500);
    parsed_clear(&parsed);
}
END_TEST

/* What a pack keeps is read again as it was. */
START_TEST(reachable)
{
    four_zones();
    struct fw_exposure *exposure = expose(gateway);
    struct fw_reachables now = {0};
    struct fw_reachables again;
    struct fw_buf first;
    struct fw_buf second;
    fw_buf_init(&first);
    fw_buf_init(&second);
    fw_reachables_add(&arena, exposure, &now);
    fw_reachables_text(&first, &now);
    ck_assert_uint_eq(now.n, 1);
    ck_assert(fw_reachables_parse(&arena, fw_buf_sv(&first), &again));
    fw_reachables_text(&second, &again);
    ck_assert_str_eq(first.p, second.p);
    ck_assert_ptr_nonnull(strstr(first.p, "gw\tinternet\t192.0.2.0/24\ttcp/443\n"));
    ck_assert(!fw_reachables_parse(&arena, FW_SV("device\tfrom\n"), &again));
    ck_assert(!fw_reachables_parse(
        &arena, FW_SV("device\tfrom\thosts\tservices\na\tb\t1.2.3\ttcp\n"), &again));
    fw_buf_clear(&first);
    fw_buf_clear(&second);
    parsed_clear(&parsed);
}
END_TEST

/* More parts than FW_LIMIT_CROSSINGS: it is said, and checks do not pass. */
START_TEST(crossings)
{
    struct fw_buf text;
    fw_buf_init(&text);
    site = (struct fw_site){0};
    add_zone("internet", FW_TRUST_UNTRUSTED, NULL, "gw:eth0");
    for (unsigned z = 1; z < 160; z++) {
        char name[16];
        char network[32];
        char interface[16];
        snprintf(name, sizeof(name), "z%u", z);
        snprintf(network, sizeof(network), "10.%u.0.0/16", z);
        snprintf(interface, sizeof(interface), "gw:eth%u", z);
        add_zone(name, FW_TRUST_INTERNAL, network, fw_arena_copy(&arena, fw_sv_from(interface)).p);
    }
    fw_buf_add_cstr(&text, "*filter\n:FORWARD DROP [0:0]\n");
    for (unsigned i = 0; i < 24; i++) {
        fw_buf_printf(&text, "-A FORWARD -p tcp -m tcp --dport %u -j ACCEPT\n", i + 1);
    }
    fw_buf_add_cstr(&text, "COMMIT\n");
    struct fw_exposure *exposure = expose(text.p);
    ck_assert(exposure->cut);
    ck_assert_uint_eq(exposure->ncrossings, FW_LIMIT_CROSSINGS);
    fw_buf_clear(&text);
    parsed_clear(&parsed);
}
END_TEST

Suite *fw_suite_exposure(void)
{
    Suite *suite = suite_create("exposure");
    TCase *tc = tcase_create("exposure");
    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_set_timeout(tc, 120);
    tcase_add_test(tc, breadth);
    tcase_add_test(tc, responsible_rule);
    tcase_add_test(tc, limits);
    tcase_add_loop_test(tc, service_sets, 0, sizeof(sets) / sizeof(sets[0]));
    tcase_add_loop_test(tc, services_malformed, 0, 6);
    tcase_add_test(tc, approved_matrix);
    tcase_add_loop_test(tc, matrix_header, 0, 3);
    tcase_add_test(tc, zone_places);
    tcase_add_test(tc, matrix_against_packets);
    tcase_add_test(tc, reachable);
    tcase_add_test(tc, crossings);
    suite_add_tcase(suite, tc);
    return suite;
}
