/* Result states: they add up, what overrules what, and no state is better than its evidence. */
#include "analyzers/analyzer.h"
#include "core/time.h"
#include "tests/unit/embedded.h"
#include "tests/unit/suites.h"

static struct fw_arena arena;
static struct fw_catalogue catalogue;
static struct fw_profile profile;
static struct fw_results results;
static struct fw_site site;
static struct fw_facts facts;

static void setup(void)
{
    test_catalogue_computed(&arena, &catalogue);
    profile = *fw_profile_find(&catalogue, FW_SV("quick"));
    site = (struct fw_site){0};
    facts = (struct fw_facts){.catalogue = &catalogue,
                              .profile = &profile,
                              .site = &site,
                              .as_of_ns = INT64_C(1780000000) * FW_NS_PER_SEC,
                              .has_as_of = true};
    fw_results_init(&results, &arena, &catalogue);
}

static void teardown(void)
{
    fw_arena_clear(&arena);
}

static void add(const char *check, enum fw_result_state state, const char *device)
{
    fw_results_add(&results, check, state, fw_sv_from(device), "pass", fw_sv_from(device));
}

static enum fw_result_state state_of(const char *check, const char *device)
{
    for (size_t i = 0; i < results.nstates; i++) {
        if (strcmp(results.states[i].check, check) == 0 &&
            fw_sv_is(results.states[i].device, device)) {
            return results.states[i].state;
        }
    }
    return FW_RESULT_COUNT;
}

START_TEST(test_add_up)
{
    add("RUL-001", FW_RESULT_PASS, "a");
    add("RUL-001", FW_RESULT_FAIL, "b");
    add("RUL-002", FW_RESULT_PASS, "a");
    fw_results_settle(&results, &facts);
    size_t count[FW_RESULT_COUNT] = {0};
    for (size_t i = 0; i < profile.n; i++) {
        const char *id = fw_arena_cstr(&arena, profile.checks[i].check->id);
        enum fw_result_state state = fw_results_state(&results, id);
        ck_assert_int_lt(state, FW_RESULT_COUNT);
        count[state]++;
    }
    ck_assert_uint_eq(count[FW_RESULT_FAIL], 1);
    ck_assert_uint_eq(count[FW_RESULT_PASS], 1);
    ck_assert_int_eq(fw_results_state(&results, "RUL-001"), FW_RESULT_FAIL);
    /* Computed, and nobody had anything to say: evidence is missing, it did not pass. */
    ck_assert_int_eq(fw_results_state(&results, "RUL-009"), FW_RESULT_OPEN);
}
END_TEST

START_TEST(test_uncomputed_is_manual)
{
    fw_results_settle(&results, &facts);
    for (size_t i = 0; i < profile.n; i++) {
        const struct fw_check *check = profile.checks[i].check;
        enum fw_result_state state = fw_results_state(&results, fw_arena_cstr(&arena, check->id));
        ck_assert_int_eq(state, check->computed ? FW_RESULT_OPEN : FW_RESULT_MANUAL);
    }
}
END_TEST

START_TEST(test_unanalysed_blocks_pass)
{
    add("RUL-001", FW_RESULT_PASS, "a");
    add("RUL-001", FW_RESULT_PASS, "b");
    add("RUL-010", FW_RESULT_OPEN, "a");
    fw_results_settle(&results, &facts);
    ck_assert_int_eq(state_of("RUL-001", "a"), FW_RESULT_OPEN);
    ck_assert_int_eq(state_of("RUL-001", "b"), FW_RESULT_PASS);
}
END_TEST

static struct fw_site_exception waiver = {
    .waiver = true,
    .check = {"RUL-001", 7},
    .reason = {"legacy", 6},
    .by = {"manager", 7},
};

static void waive_until(int64_t expires_ns)
{
    waiver.expires_ns = expires_ns;
    site.nexceptions = 1;
    site.exceptions = &waiver;
}

START_TEST(test_waiver)
{
    waive_until(facts.as_of_ns + 1);
    add("RUL-001", FW_RESULT_FAIL, "a");
    add("RUL-002", FW_RESULT_FAIL, "a");
    fw_results_settle(&results, &facts);
    ck_assert_int_eq(fw_results_state(&results, "RUL-001"), FW_RESULT_WAIVED);
    ck_assert_int_eq(fw_results_state(&results, "RUL-002"), FW_RESULT_FAIL);
}
END_TEST

START_TEST(test_expired_waiver)
{
    waive_until(facts.as_of_ns - 1);
    add("RUL-001", FW_RESULT_FAIL, "a");
    fw_results_settle(&results, &facts);
    ck_assert_int_eq(fw_results_state(&results, "RUL-001"), FW_RESULT_FAIL);
}
END_TEST

/* Both ends are the last nanosecond of a day: until the audit's day is on that day, too. */
START_TEST(test_last_day_of_a_waiver)
{
    waive_until(facts.as_of_ns);
    add("RUL-001", FW_RESULT_FAIL, "a");
    fw_results_settle(&results, &facts);
    ck_assert_int_eq(fw_results_state(&results, "RUL-001"), FW_RESULT_WAIVED);
}
END_TEST

START_TEST(test_waiver_hides_no_gap)
{
    waive_until(facts.as_of_ns + 1);
    add("RUL-001", FW_RESULT_OPEN, "a");
    fw_results_settle(&results, &facts);
    ck_assert_int_eq(fw_results_state(&results, "RUL-001"), FW_RESULT_OPEN);
}
END_TEST

START_TEST(test_attestation)
{
    struct fw_site_attestation attestation = {
        .check = FW_SV("EXP-002"),
        .pass = true,
        .statement = FW_SV("seen"),
        .by = FW_SV("reviewer"),
        .expires_ns = facts.as_of_ns + 1,
    };
    site.nattestations = 1;
    site.attestations = &attestation;
    add("EXP-002", FW_RESULT_MANUAL, "");
    add("RUL-001", FW_RESULT_FAIL, "");
    fw_results_settle(&results, &facts);
    ck_assert_int_eq(fw_results_state(&results, "EXP-002"), FW_RESULT_PASS);
    ck_assert_int_eq(fw_results_state(&results, "RUL-001"), FW_RESULT_FAIL);
}
END_TEST

START_TEST(test_fingerprint)
{
    add("RUL-001", FW_RESULT_FAIL, "a");
    add("RUL-001", FW_RESULT_FAIL, "b");
    add("RUL-001", FW_RESULT_FAIL, "a");
    ck_assert(fw_sha256_eq(results.v[0].fingerprint, results.v[2].fingerprint));
    ck_assert(!fw_sha256_eq(results.v[0].fingerprint, results.v[1].fingerprint));
}
END_TEST

/* Five months after the last review: what the site says decides, else what the profile asks for. */
START_TEST(test_months_of_the_profile)
{
    static const struct {
        const char *profile;
        bool named; /* by the site: 3 months */
        enum fw_result_state state;
    } rows[] = {
        {"quick", false, FW_RESULT_FAIL},
        {"pci-4.0.1", false, FW_RESULT_PASS}, /* every six months */
        {"pci-4.0.1", true, FW_RESULT_FAIL},
    };
    struct fw_earlier_review review = {
        .as_of_ns = facts.as_of_ns - INT64_C(150) * 86400 * FW_NS_PER_SEC,
        .signed_by_reviewer = true,
        .countersigned = true,
        .trusted = true,
    };
    facts.nreviews = 1;
    facts.reviews = &review;
    facts.reviews_known = true;
    site.review_months = 3;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        facts.profile = fw_profile_find(&catalogue, fw_sv_from(rows[i].profile));
        site.has_review_months = rows[i].named;
        fw_results_init(&results, &arena, &catalogue);
        fw_analyse(&facts, FW_RUN_ALL, FW_SV("WFL-001"), &results);
        ck_assert_int_eq(fw_results_state(&results, "WFL-001"), rows[i].state);
    }
}
END_TEST

Suite *fw_suite_results(void)
{
    Suite *suite = suite_create("results");
    TCase *tc = tcase_create("results");
    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_test(tc, test_add_up);
    tcase_add_test(tc, test_uncomputed_is_manual);
    tcase_add_test(tc, test_unanalysed_blocks_pass);
    tcase_add_test(tc, test_waiver);
    tcase_add_test(tc, test_expired_waiver);
    tcase_add_test(tc, test_last_day_of_a_waiver);
    tcase_add_test(tc, test_waiver_hides_no_gap);
    tcase_add_test(tc, test_attestation);
    tcase_add_test(tc, test_fingerprint);
    tcase_add_test(tc, test_months_of_the_profile);
    suite_add_tcase(suite, tc);
    return suite;
}
