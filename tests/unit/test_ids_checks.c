/* The checks of sensors on facts made by hand: what is missing passes nothing. */
#include <check.h>
#include <string.h>

#include "analyzers/analyzer.h"
#include "analyzers/ids/view.h"
#include "core/time.h"
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
    fw_arena_init(&arena, 0);
    struct fw_diags *diags = fw_diags_new();
    ck_assert_int_eq(fw_catalogue_load(&arena, NULL, diags, &catalogue), FW_OK);
    fw_diags_free(diags);
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

/* Rules of a day after the audit say nothing of their age on its day; a day more is the zone. */
START_TEST(rules_of_tomorrow)
{
    rules.set_year = 2026;
    rules.set_month = 7;
    rules.set_day = 6;
    expect("IDS-002", FW_RESULT_PASS, "pass", "0");
    rules.set_day = 7;
    expect("IDS-002", FW_RESULT_OPEN, "open.future", NULL);
    rules.set_month = 6;
    rules.set_day = 20;
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

Suite *fw_suite_ids_checks(void)
{
    Suite *suite = suite_create("ids_checks");
    TCase *tc = tcase_create("all");
    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_test(tc, rules_of_tomorrow);
    tcase_add_test(tc, noise_of_two_periods);
    tcase_add_test(tc, alerts_only_counted);
    tcase_add_test(tc, tuning_half_read);
    suite_add_tcase(suite, tc);
    return suite;
}
