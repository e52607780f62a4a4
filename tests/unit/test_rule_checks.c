/* Checks of rules on small configurations: which state follows, in which words. */
#include <string.h>

#include "analyzers/rules/exposure.h"
#include "tests/unit/embedded.h"
#include "tests/unit/rulesetparse.h"
#include "tests/unit/suites.h"

static struct fw_arena arena;
static struct fw_catalogue catalogue;
static struct fw_facts facts;

static void setup(void)
{
    test_catalogue_begin(&arena, &catalogue);
    facts = (struct fw_facts){.catalogue = &catalogue};
}

static void teardown(void)
{
    fw_arena_clear(&arena);
}

/* The words of the check's results, in order. */
static const char *words_of(const char *check, const char *text)
{
    struct parsed parsed;
    struct fw_results results;
    struct fw_buf words;
    parsed_init(&parsed, fw_parser_find(FW_SV("nftables")), text);
    const struct fw_snapshot snapshot = {
        .format = "nftables", .ruleset = &parsed.ruleset, .doc = &parsed.doc};
    const struct fw_device_facts device = {
        .name = FW_SV("gw"), .nsnapshots = 1, .snapshots = &snapshot};
    facts.ndevices = 1;
    facts.devices = &device;
    facts.exposures = fw_exposures_make(&arena, &facts);
    fw_results_init(&results, &arena, &catalogue);
    fw_analyse(&facts, FW_RUN_RULES, fw_sv_from(check), &results);
    fw_buf_init(&words);
    for (size_t i = 0; i < results.n; i++) {
        fw_buf_printf(&words, "%s%s", i > 0 ? " " : "", results.v[i].words);
    }
    fw_sv kept = fw_buf_keep(&words, &arena);
    parsed_clear(&parsed);
    return fw_arena_cstr(&arena, kept);
}

#define TABLE(policy, rules) \
    "table inet filter {\n chain LOGDROP {\n  log\n  drop\n }\n chain LET {\n  accept\n }\n" \
    " chain forward {\n  type filter hook forward priority 0; policy " policy ";\n" rules \
    " }\n}\n"

static const struct {
    const char *text, *words;
} defaults[] = {
    {TABLE("drop", ""), "pass"},
    {TABLE("accept", ""), "fail"},
    {TABLE("accept", "  jump LOGDROP\n"), "pass"},
    {TABLE("drop", "  jump LET\n"), "fail.rule"},
    {TABLE("accept", "  ip saddr 0.0.0.0/0 ip daddr 0.0.0.0/0 drop\n"), "fail"},
    {TABLE("accept", "  meta nfproto ipv4 drop\n  meta nfproto ipv6 drop\n"), "pass"},
    {TABLE("drop", "  meta nfproto ipv4 drop\n  meta nfproto ipv4 accept\n"), "pass"},
    {TABLE("drop", "  meta nfproto ipv4 drop\n  accept\n"), "fail.rule"},
};

START_TEST(test_default)
{
    const char *words = words_of("RUL-009", defaults[_i].text);
    ck_assert_msg(strcmp(words, defaults[_i].words) == 0, "%s: %s", defaults[_i].text, words);
}
END_TEST

static const struct {
    const char *destination, *words;
} ways[] = {
    {"ip daddr 128.0.0.0/1", "fail"},
    {"ip6 daddr ::/1", "fail"},
    {"ip daddr 203.0.113.0/24", "pass"},
};

/* Half of what is outside, in either family. */
START_TEST(test_egress)
{
    fw_iprange inner[2];
    fw_iprange_parse(FW_SV("10.0.0.0/8"), &inner[0], NULL);
    fw_iprange_parse(FW_SV("fd00::/8"), &inner[1], NULL);
    const fw_sv names[] = {FW_SV_INIT("eth0"), FW_SV_INIT("eth1")};
    const struct fw_zone zones[] = {{.name = FW_SV_INIT("internet"),
                                     .trust = FW_TRUST_UNTRUSTED,
                                     .networks = fw_ipset_make(&arena, inner, 0),
                                     .ninterfaces = 1,
                                     .interfaces = &names[0]},
                                    {.name = FW_SV_INIT("servers"),
                                     .trust = FW_TRUST_DMZ,
                                     .networks = fw_ipset_make(&arena, inner, 2),
                                     .ninterfaces = 1,
                                     .interfaces = &names[1]}};
    const struct fw_site site = {.nzones = 2, .zones = zones};
    facts.site = &site;
    fw_sv text = fw_arena_printf(&arena, TABLE("drop", "  iif eth1 oif eth0 %s accept\n"),
                                 ways[_i].destination);
    const char *words = words_of("EXP-005", fw_arena_cstr(&arena, text));
    ck_assert_msg(strcmp(words, ways[_i].words) == 0, "%s: %s", ways[_i].destination, words);
}
END_TEST

static struct fw_asset asset_of(const char *address, bool retired)
{
    struct fw_asset asset = {.retired = retired};
    ck_assert(fw_iprange_parse(fw_sv_from(address), &asset.address, NULL));
    return asset;
}

static const struct {
    const char *source, *words;
} sources[] = {
    {"10.0.0.5", "fail"},               /* the host itself */
    {"{ 10.0.0.5, 10.0.0.6 }", "fail"}, /* one range with its neighbour, who is there */
    {"10.0.0.4-10.0.0.6", "pass"},      /* of 10.0.0.4 nothing is known */
    {"10.0.0.6-10.0.0.7", "pass"},      /* nobody of them is gone */
    {"10.0.0.0/24", "pass"},            /* a network it once was in */
};

START_TEST(test_retired)
{
    const struct fw_asset list[] = {asset_of("10.0.0.7", false), asset_of("10.0.0.5", true),
                                    asset_of("10.0.0.6", false), asset_of("10.0.0.0/24", false)};
    const struct fw_assets assets = {4, list};
    facts.assets = &assets;
    fw_sv text = fw_arena_printf(&arena,
                                 "table ip filter {\n chain forward {\n"
                                 "  type filter hook forward priority 0; policy drop;\n"
                                 "  ip saddr %s accept\n }\n}\n",
                                 sources[_i].source);
    const char *words = words_of("RUL-008", fw_arena_cstr(&arena, text));
    ck_assert_msg(strcmp(words, sources[_i].words) == 0, "%s: %s", sources[_i].source, words);
}
END_TEST

Suite *fw_suite_rule_checks(void)
{
    Suite *suite = suite_create("rule_checks");
    TCase *tc = tcase_create("rule_checks");
    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_loop_test(tc, test_default, 0, sizeof(defaults) / sizeof(defaults[0]));
    tcase_add_loop_test(tc, test_egress, 0, sizeof(ways) / sizeof(ways[0]));
    tcase_add_loop_test(tc, test_retired, 0, sizeof(sources) / sizeof(sources[0]));
    suite_add_tcase(suite, tc);
    return suite;
}
