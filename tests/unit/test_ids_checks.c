/* The checks of sensors on facts made by hand: what is missing passes nothing. */
#include <check.h>
#include <string.h>

#include "analyzers/analyzer.h"
#include "analyzers/ids/view.h"
#include "analyzers/logs/source_view.h"
#include "core/time.h"
#include "tests/unit/embedded.h"
#include "tests/unit/judged.h"
#include "tests/unit/suites.h"

static struct fw_arena arena;
static struct fw_catalogue catalogue;
static struct fw_facts facts;
static struct fw_device_facts device;
static struct fw_site_device declared;
static struct fw_site site;
static struct fw_idsrules rules;
static const struct fw_idsrules *sets[1] = {&rules};
static struct fw_source_info infos[1];
static fw_sv paths[1];
static struct fw_ids_signature signature;
static struct fw_tuning tuning;
static struct fw_ledger_entry entry;
static struct fw_sensor sensor;
static struct fw_ids_view view;
static struct fw_cases cases;

static void setup(void)
{
    test_catalogue_begin(&arena, &catalogue);
    paths[0] = FW_SV("a.rules");
    tuning = (struct fw_tuning){.kind = FW_TUNING_SUPPRESS};
    rules = (struct fw_idsrules){.n = 0};
    rules.conf.tunings = &tuning;
    rules.conf.ntunings = 1;
    declared = (struct fw_site_device){.name = FW_SV("ids1"), .kind = FW_DEVICE_IDS};
    device = (struct fw_device_facts){.name = FW_SV("ids1"),
                                      .declared = &declared,
                                      .nids = 1,
                                      .ids = sets,
                                      .ids_info = infos,
                                      .ids_paths = paths};
    site = (struct fw_site){.review_months = 3};
    signature = (struct fw_ids_signature){.gid = 1, .sid = 7, .now = 40, .before = 0};
    entry = (struct fw_ledger_entry){.recorded = true, .kind = FW_SV("suppress")};
    sensor = (struct fw_sensor){.device = &device,
                                .has_days = true,
                                .first_day = 100,
                                .before_day = 100,
                                .from_day = 190,
                                .to_day = 280,
                                .alerts = 100,
                                .alerts_before = 100,
                                .has_counters = true,
                                .captured = 1000,
                                .nsignatures = 1,
                                .signatures = &signature,
                                .nledger = 1,
                                .ledger = &entry};
    view = (struct fw_ids_view){.n = 1, .v = &sensor};
    facts = (struct fw_facts){.catalogue = &catalogue,
                              .site = &site,
                              .has_as_of = true,
                              .ndevices = 1,
                              .devices = &device,
                              .sensors = &view,
                              .cases = &cases};
    ck_assert(fw_time_parse(FW_SV("2026-07-05"), 0, true, &facts.as_of_ns));
}

static void teardown(void)
{
    fw_arena_clear(&arena);
}

static void expect(const char *check, enum fw_result_state state, const char *words,
                   const char *value)
{
    test_judged(&facts, &arena, check, state, words, value);
}

/* It says no day, but the updating is on record. */
static struct fw_ids_update failed_update = {.tool = FW_SV_INIT("suricata-update"), .failed = true};

/* Rules of a day after the audit say nothing of their age on its day; a day more is the zone. */
START_TEST(rules_of_tomorrow)
{
    rules.set_date.year = 2026;
    rules.set_date.month = 7;
    rules.set_date.day = 6;
    expect("IDS-002", FW_RESULT_FAIL, "fail.no_history", "0");
    device.declared = NULL;
    expect("IDS-002", FW_RESULT_OPEN, "open.no_history", "0");
    device.declared = &declared;
    rules.conf.updates = &failed_update;
    rules.conf.nupdates = 1;
    expect("IDS-002", FW_RESULT_PASS, "pass", "0");
    rules.set_date.day = 7;
    expect("IDS-002", FW_RESULT_OPEN, "open.future", NULL);
    rules.set_date.month = 6;
    rules.set_date.day = 20;
    expect("IDS-002", FW_RESULT_FAIL, "fail", "15");
}
END_TEST

START_TEST(noise_of_two_periods)
{
    expect("IDS-006", FW_RESULT_PASS, "pass.excused", "40");
    sensor.first_day = 189; /* one day of the period before, and what was on the others? */
    expect("IDS-006", FW_RESULT_OPEN, "open.one_period", NULL);
    signature.before = 40;
    expect("IDS-006", FW_RESULT_FAIL, "fail", "40");
    signature.now = 29;
    expect("IDS-006", FW_RESULT_PASS, "pass", "29");
    sensor.alerts = 99; /* 29.2929…: as much as it takes not to say too little */
    expect("IDS-006", FW_RESULT_PASS, "pass", "29.3");
}
END_TEST

/* Urgent alerts may be among those that were only counted. */
START_TEST(alerts_only_counted)
{
    expect("IDS-007", FW_RESULT_PASS, "pass", "0");
    sensor.alerts_lost = 3;
    expect("IDS-007", FW_RESULT_OPEN, "open.limit", NULL);
}
END_TEST

/* One of two tuning files cannot be read: what the other holds passes nothing. */
START_TEST(tuning_half_read)
{
    expect("IDS-003", FW_RESULT_PASS, "pass", "0");
    device.ntuning_missing = 1;
    expect("IDS-003", FW_RESULT_OPEN, "open.no_tuning", NULL);
    device.ntuning_missing = 0;
    entry.missing = FW_LEDGER_REVIEW;
    expect("IDS-003", FW_RESULT_FAIL, "fail", "1");
}
END_TEST

/* Whether what was lost counts as captured is not in the figures: both ways have to agree. */
START_TEST(lost_packets)
{
    sensor.captured = 1000;
    sensor.dropped = 10;
    expect("IDS-007", FW_RESULT_PASS, "pass", "0"); /* 0.99 to 1 % */
    sensor.captured = 990;
    expect("IDS-007", FW_RESULT_OPEN, "open.loss", NULL); /* 1 to 1.01 % */
    sensor.captured = 989;
    expect("IDS-007", FW_RESULT_FAIL, "fail.loss", "1.01");
    sensor.captured = 0;
    expect("IDS-007", FW_RESULT_FAIL, "fail.loss", "100");
}
END_TEST

/* Alerts whose format tells no priority have that of their rule; without one they may be urgent. */
START_TEST(alerts_without_priority)
{
    struct fw_alert_day row = {.gid = 1, .sid = 7, .day = 200, .count = 3};
    struct fw_source_view source = {.nalerts = 1, .alerts = &row};
    const struct fw_source_view *of_it[] = {&source};
    sensor.sources = of_it;
    sensor.nsources = 1;
    signature.unranked = true;
    expect("IDS-007", FW_RESULT_OPEN, "open.no_priority", NULL);
    signature.unranked = false;
    signature.priority = 2;
    expect("IDS-007", FW_RESULT_PASS, "pass", "0");
    signature.priority = 1;
    expect("IDS-007", FW_RESULT_FAIL, "fail", "3");
    row.priority = 3; /* its own word counts first */
    expect("IDS-007", FW_RESULT_PASS, "pass", "0");
}
END_TEST

static struct fw_advisory advisory = {.id = FW_SV_INIT("CVE-1")};

START_TEST(two_engines)
{
    const struct fw_ids_engine capture = {.product = FW_SV("snort")};
    const struct fw_ids_running engines[] = {{.product = FW_SV("snort"),
                                              .version = FW_SV("2.9.20"),
                                              .capture = &capture,
                                              .path = FW_SV("v.txt")},
                                             {.product = FW_SV("suricata"),
                                              .version = FW_SV("7.0.5"),
                                              .capture = &capture,
                                              .path = FW_SV("b.txt")}};
    const struct fw_ids_advisory one = {.advisory = &advisory, .engine = 1};
    expect("IDS-005", FW_RESULT_OPEN, "open.no_version", NULL);
    sensor.engines = engines;
    sensor.nengines = 1;
    expect("IDS-005", FW_RESULT_OPEN, "open.no_feed", NULL);
    view.feed_current = true;
    expect("IDS-005", FW_RESULT_PASS, "pass", "0");
    sensor.nengines = 2; /* the first passes, the other one does not */
    sensor.advisories = &one;
    sensor.nadvisories = 1;
    struct fw_results results;
    fw_results_init(&results, &arena, &catalogue);
    for (size_t i = 0; fw_analyzers[i]; i++) {
        if (strcmp(fw_analyzers[i]->check, "IDS-005") == 0) {
            fw_analyzers[i]->run(&facts, &results);
        }
    }
    ck_assert_uint_eq(results.n, 2);
    ck_assert_int_eq(results.v[0].state, FW_RESULT_PASS);
    ck_assert_int_eq(results.v[1].state, FW_RESULT_FAIL);
}
END_TEST

/* What cannot be looked up may be urgent, and passes nothing. */
START_TEST(silenced_unknown)
{
    expect("IDS-006", FW_RESULT_PASS, "pass.excused", "40");
    entry.silences = true;
    expect("IDS-006", FW_RESULT_PASS, "pass.excused", "40");
    entry.unranked = true;
    expect("IDS-006", FW_RESULT_OPEN, "open.unknown", NULL);
}
END_TEST

/* A zone that the sensor watches and that has no networks cannot be compared with HOME_NET. */
START_TEST(zones_without_networks)
{
    fw_iprange ten = {fw_ip4(0x0a000000), fw_ip4(0x0affffff)};
    fw_iprange eleven = {fw_ip4(0x0b000000), fw_ip4(0x0bffffff)};
    struct fw_ids_variable home = {.name = FW_SV("HOME_NET"),
                                   .value = FW_SV("10.0.0.0/8"),
                                   .known = true,
                                   .set = fw_ipset_make(&arena, &ten, 1)};
    const fw_sv watched[] = {FW_SV("office"), FW_SV("lab")};
    struct fw_zone zones[] = {
        {.name = FW_SV("office"),
         .trust = FW_TRUST_INTERNAL,
         .watched = true,
         .networks = fw_ipset_make(&arena, &ten, 1)},
        {.name = FW_SV("lab"), .trust = FW_TRUST_TEST, .networks = fw_ipset_make(&arena, NULL, 0)}};
    rules.conf.variables = &home;
    rules.conf.nvariables = 1;
    declared.watches = watched;
    declared.nwatches = 1;
    site.zones = zones;
    site.nzones = 2;
    sensor.alive.days = 91;
    sensor.alive.known = true;
    expect("IDS-001", FW_RESULT_PASS, "pass", "1");
    declared.nwatches = 2; /* the other one has none */
    expect("IDS-001", FW_RESULT_OPEN, "open.no_networks", NULL);
    declared.nwatches = 1;
    zones[0].networks = fw_ipset_make(&arena, NULL, 0);
    expect("IDS-001", FW_RESULT_OPEN, "open.no_networks", NULL);
    zones[0].networks = fw_ipset_make(&arena, &eleven, 1);
    expect("IDS-001", FW_RESULT_FAIL, "fail.home_net", "1");
}
END_TEST

/* Events without a date may be those of the silent days; others' events are no life of one's own.
 */
START_TEST(days_of_silence)
{
    facts.site = NULL; /* bare files: nothing is asked but the days */
    sensor.alive = (struct fw_alive){
        .known = true, .days = 91, .silent = 3, .first_silent = 200, .events = 50, .loose = 3};
    expect("IDS-001", FW_RESULT_OPEN, "open.untimed", NULL);
    sensor.alive.loose = 2;
    expect("IDS-001", FW_RESULT_FAIL, "fail.silent", "3");
    sensor.alive.silent = 0;
    sensor.alive.foreign = 3;
    sensor.alive.first_foreign = 200;
    sensor.alive.host = FW_SV("neighbour");
    expect("IDS-001", FW_RESULT_OPEN, "open.other_host", NULL);
}
END_TEST

Suite *fw_suite_ids_checks(void)
{
    Suite *suite = suite_create("ids_checks");
    TCase *tc = tcase_create("all");
    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_test(tc, rules_of_tomorrow);
    tcase_add_test(tc, noise_of_two_periods);
    tcase_add_test(tc, alerts_only_counted);
    tcase_add_test(tc, tuning_half_read);
    tcase_add_test(tc, lost_packets);
    tcase_add_test(tc, alerts_without_priority);
    tcase_add_test(tc, two_engines);
    tcase_add_test(tc, silenced_unknown);
    tcase_add_test(tc, zones_without_networks);
    tcase_add_test(tc, days_of_silence);
    suite_add_tcase(suite, tc);
    return suite;
}
