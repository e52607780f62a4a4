/* What passes where no access list stands in the way: exposures, default denial and the evaluator
 * say the same of it. */
#include "policy/unlisted.h"

#include <string.h>

#include "analyzers/rules/exposure.h"
#include "policy/eval.h"
#include "tests/unit/embedded.h"
#include "tests/unit/rulesetparse.h"
#include "tests/unit/suites.h"

static struct fw_arena arena;
static struct fw_catalogue catalogue;

static void setup(void)
{
    test_catalogue_begin(&arena, &catalogue);
}

static void teardown(void)
{
    fw_arena_clear(&arena);
}

#define OUTSIDE "interface GigabitEthernet0/0\n ip address 203.0.113.1 255.255.255.0\n"
#define INSIDE "interface GigabitEthernet0/1\n ip address 10.0.0.1 255.255.255.0\n"
#define LIST "ip access-list extended L\n permit tcp any any eq 443\n deny ip any any\n"
#define LEVEL(name, number, level, address) \
    "interface GigabitEthernet0/" number "\n nameif " name "\n security-level " level \
    "\n ip address " address " 255.255.255.0\n"

static const struct {
    const char *name, *format, *text;
    const char *in, *out;
    bool passes;      /* port 22 from in to out */
    const char *bare; /* what RUL-009 says is open, in order */
} places[] = {
    {"router without lists", "cisco-ios", "hostname r\n" OUTSIDE INSIDE, "GigabitEthernet0/0",
     "GigabitEthernet0/1", true, "GigabitEthernet0/0 GigabitEthernet0/1 "},
    {"one list, the other way", "cisco-ios",
     "hostname r\n" OUTSIDE " ip access-group L in\n" INSIDE LIST, "GigabitEthernet0/1",
     "GigabitEthernet0/0", true, "GigabitEthernet0/1 "},
    {"one list, its way", "cisco-ios", "hostname r\n" OUTSIDE " ip access-group L in\n" INSIDE LIST,
     "GigabitEthernet0/0", "GigabitEthernet0/1", false, "GigabitEthernet0/1 "},
    {"a list on the way out", "cisco-ios",
     "hostname r\n" OUTSIDE INSIDE " ip access-group L out\n" LIST, "GigabitEthernet0/0",
     "GigabitEthernet0/1", false, "GigabitEthernet0/1 "},
    {"an empty list", "cisco-ios",
     "hostname r\n" OUTSIDE " ip access-group M in\n" INSIDE " ip access-group L in\n" LIST,
     "GigabitEthernet0/0", "GigabitEthernet0/1", true, "GigabitEthernet0/0 "},
    {"two VRFs", "cisco-ios", "hostname r\n" OUTSIDE INSIDE " vrf forwarding A\n",
     "GigabitEthernet0/0", "GigabitEthernet0/1", false, ""},
    {"a loopback", "cisco-ios",
     "hostname r\n" OUTSIDE "interface Loopback0\n ip address 10.0.0.1 255.255.255.255\n",
     "GigabitEthernet0/0", "GigabitEthernet0/1", false, ""},
    {"shut down", "cisco-ios", "hostname r\n" OUTSIDE INSIDE " shutdown\n", "GigabitEthernet0/0",
     "GigabitEthernet0/1", false, ""},
    {"two zones", "cisco-ios",
     "hostname r\nzone security A\nzone security B\n" OUTSIDE " zone-member security A\n" INSIDE
     " zone-member security B\n",
     "GigabitEthernet0/0", "GigabitEthernet0/1", false, ""},
    {"one zone", "cisco-ios",
     "hostname r\nzone security A\n" OUTSIDE " zone-member security A\n" INSIDE
     " zone-member security A\n",
     "GigabitEthernet0/0", "GigabitEthernet0/1", true, ""},
    {"outside zones", "cisco-ios", "hostname r\nzone security A\n" OUTSIDE INSIDE,
     "GigabitEthernet0/0", "GigabitEthernet0/1", true, "GigabitEthernet0/0 GigabitEthernet0/1 "},
    {"NX-OS", "cisco-nxos",
     "feature ssh\ninterface Ethernet1/1\n ip address 203.0.113.1/24\n"
     "interface Ethernet1/2\n ip address 10.0.0.1/24\n",
     "Ethernet1/1", "Ethernet1/2", true, "Ethernet1/1 Ethernet1/2 "},
    {"lower level", "cisco-asa",
     "ASA Version 9.8\n" LEVEL("a", "0", "100", "203.0.113.1") LEVEL("b", "1", "50", "10.0.0.1"),
     "a", "b", true, "a "},
    {"higher level", "cisco-asa",
     "ASA Version 9.8\n" LEVEL("a", "0", "0", "203.0.113.1") LEVEL("b", "1", "50", "10.0.0.1"), "a",
     "b", false, "b "},
    {"equal levels", "cisco-asa",
     "ASA Version 9.8\n" LEVEL("a", "0", "50", "203.0.113.1") LEVEL("b", "1", "50", "10.0.0.1"),
     "a", "b", false, ""},
    {"equal levels, allowed", "cisco-asa",
     "ASA Version 9.8\nsame-security-traffic permit inter-interface\n" LEVEL(
         "a", "0", "50", "203.0.113.1") LEVEL("b", "1", "50", "10.0.0.1"),
     "a", "b", true, "a b "},
};

static const struct fw_zone *two_zones(fw_sv in, fw_sv out)
{
    struct fw_zone *zones = fw_new_array(&arena, 2, struct fw_zone);
    fw_iprange inner;
    fw_iprange_parse(FW_SV("10.0.0.0/8"), &inner, NULL);
    fw_sv *names = fw_new_array(&arena, 2, fw_sv);
    names[0] = in;
    names[1] = out;
    zones[0] = (struct fw_zone){.name = FW_SV("internet"),
                                .trust = FW_TRUST_UNTRUSTED,
                                .networks = fw_ipset_make(&arena, &inner, 0),
                                .ninterfaces = 1,
                                .interfaces = &names[0]};
    zones[1] = (struct fw_zone){.name = FW_SV("lan"),
                                .trust = FW_TRUST_INTERNAL,
                                .networks = fw_ipset_make(&arena, &inner, 1),
                                .ninterfaces = 1,
                                .interfaces = &names[1]};
    return zones;
}

static bool traced(const struct fw_ruleset *ruleset, fw_sv in, fw_sv out)
{
    struct fw_packet packet = {.src = fw_ip4(0x08080808),
                               .dst = fw_ip4(0x0a000005),
                               .has_in = true,
                               .in = in,
                               .has_out = true,
                               .out = out,
                               .has_proto = true,
                               .proto = 6,
                               .has_sport = true,
                               .sport = 50000,
                               .has_dport = true,
                               .dport = 22,
                               .has_state = true};
    struct fw_trace trace;
    fw_packet_complete(&packet);
    fw_trace_packet(&arena, ruleset, &packet, &trace);
    return trace.verdict == FW_VERDICT_PERMIT;
}

static bool crosses(const struct fw_exposure *exposure)
{
    for (size_t i = 0; i < exposure->ncrossings; i++) {
        const struct fw_crossing *crossing = &exposure->crossings[i];
        const struct fw_term *term = &crossing->term;
        if (crossing->from == 0 && crossing->to == 1 &&
            fw_ipset_has(term->dst, fw_ip4(0x0a000005)) &&
            (!term->dport || fw_numset_has(term->dport, 22))) {
            ck_assert_uint_eq(crossing->doubt, 0);
            return true;
        }
        /* Nobody set up version 6. */
        ck_assert(crossing->flow->index != UINT32_MAX || crossing->flow->family == FW_FAMILY_BIT4 ||
                  exposure->snapshot->ruleset->level_default);
    }
    return false;
}

START_TEST(test_places)
{
    const fw_sv in = fw_sv_from(places[_i].in);
    const fw_sv out = fw_sv_from(places[_i].out);
    struct parsed parsed;
    parsed_init(&parsed, fw_parser_find(fw_sv_from(places[_i].format)), places[_i].text);
    const struct fw_site site = {.nzones = 2, .zones = two_zones(in, out)};
    const struct fw_snapshot snapshot = {
        .format = "", .ruleset = &parsed.ruleset, .doc = &parsed.doc};
    const struct fw_device_facts device = {
        .name = FW_SV("r"), .nsnapshots = 1, .snapshots = &snapshot};
    struct fw_facts facts = {
        .catalogue = &catalogue, .site = &site, .ndevices = 1, .devices = &device};
    facts.exposures = fw_exposures_make(&arena, &facts);
    bool shut = strcmp(places[_i].name, "two VRFs") == 0 ||
                strcmp(places[_i].name, "shut down") == 0 ||
                strcmp(places[_i].name, "a loopback") == 0; /* the evaluator asks for lists only */
    ck_assert_msg(crosses(facts.exposures) == places[_i].passes, "%s", places[_i].name);
    ck_assert_msg(shut || traced(&parsed.ruleset, in, out) == places[_i].passes, "%s: trace",
                  places[_i].name);
    struct fw_results results;
    struct fw_buf bare;
    fw_buf_init(&bare);
    fw_results_init(&results, &arena, &catalogue);
    fw_analyse(&facts, FW_RUN_RULES, FW_SV("RUL-009"), &results);
    for (size_t i = 0; i < results.n; i++) {
        for (size_t p = 0; results.v[i].state == FW_RESULT_FAIL && p < results.v[i].nparams; p++) {
            if (strcmp(results.v[i].params[p].name, "policy") == 0) {
                fw_buf_printf(&bare, "%.*s ", FW_SV_ARG(results.v[i].params[p].value));
            }
        }
    }
    ck_assert_msg(fw_sv_is(fw_buf_sv(&bare), places[_i].bare), "%s: bare %.*s", places[_i].name,
                  FW_SV_ARG(fw_buf_sv(&bare)));
    fw_buf_clear(&bare);
    parsed_clear(&parsed);
}
END_TEST

Suite *fw_suite_unlisted(void)
{
    Suite *suite = suite_create("unlisted");
    TCase *tc = tcase_create("unlisted");
    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_loop_test(tc, test_places, 0, sizeof(places) / sizeof(places[0]));
    suite_add_tcase(suite, tc);
    return suite;
}
