/* What each profile that is shipped asks for: edition, checks, items, thresholds. */
#include "analyzers/catalogue.h"
#include "tests/unit/embedded.h"
#include "tests/unit/suites.h"

enum { NAMED = 7 };

struct expected {
    const char *name, *edition;
    size_t checks, items, cited; /* cited: pairs of a check and an item */
    /* RET-001.months and .days (0: months count), RET-003.months, WFL-001.months */
    double months, days, online, review;
    const char *item[NAMED][2];  /* a check, and its main item; NULL: none */
    const char *left_out[NAMED]; /* checks that it does not ask for */
};

static const struct expected expected[] = {
    {"cis-v8",
     "8",
     35,
     26,
     38,
     3,
     90,
     3,
     3,
     {{"RET-001", "8.10"},
      {"TIM-001", "8.4"},
      {"DNS-001", "4.9"},
      {"IDS-001", "13.3"},
      {"WFL-008", "8.11"},
      {"SEG-001", "12.2"}},
     {"WFL-001", "CHG-001", "GAP-001", "RAM-001"}},
    {"in-cert-2022",
     "2022",
     17,
     2,
     17,
     6,
     180,
     3,
     3,
     {{"RET-001", "(iv)"},
      {"GAP-001", "(iv)"},
      {"LOG-001", "(iv)"},
      {"TIM-001", "(i)"},
      {"TIM-004", "(i)"}},
     {"RUL-001", "WFL-001", "TIM-005", "IDS-001", "LOG-003", "GAP-003"}},
    {"iso-27001-2022",
     "2022",
     90,
     22,
     105,
     6,
     0,
     3,
     3,
     {{"RET-001", "A.5.33"},
      {"TIM-001", "A.8.17"},
      {"CHG-001", "A.8.32"},
      {"SEG-001", "A.8.22"},
      {"WFL-001", "A.5.36"},
      {"WFL-010", "A.5.7"}},
     {NULL}},
    {"nist-800-53r5",
     "Revision 5",
     90,
     47,
     154,
     6,
     0,
     3,
     3,
     {{"RET-001", "AU-11"},
      {"TIM-001", "AU-8"},
      {"CHG-001", "CM-3"},
      {"RAM-001", "AC-17"},
      {"IDS-001", "SI-4"},
      {"WFL-001", "CA-7"}},
     {NULL}},
    {"pci-4.0.1",
     "4.0.1",
     74,
     51,
     99,
     12,
     0,
     3,
     6,
     {{"RET-001", "10.5.1"},
      {"TIM-001", "10.6.1"},
      {"WFL-001", "1.2.7"},
      {"RUL-009", "1.3.1"},
      {"CHG-001", "1.2.2"},
      {"IDS-001", "11.5.1"}},
     {"LOG-004", "VUL-003", "WFL-010", "DNS-007"}},
    {"quick",
     "1",
     13,
     0,
     0,
     6,
     0,
     3,
     3,
     {{"RUL-001", NULL},
      {"RET-001", NULL},
      {"EXP-001", NULL},
      {"TIM-001", NULL},
      {"CHG-001", NULL}},
     {"WFL-001", "DNS-001", "IDS-001", "SEG-001"}},
    {"tw-gov-111",
     "111",
     90,
     23,
     109,
     6,
     0,
     3,
     3,
     {{"RET-001", "9.12"},
      {"WFL-001", "7.12"},
      {"IDS-001", "7.8"},
      {"RAM-001", "7.13"},
      {"SEG-001", "7.14"},
      {"CHG-001", "7.23"},
      {"WFL-010", "9.17"}},
     {NULL}},
    {"tw-gov-112",
     "112",
     90,
     7,
     46,
     6,
     0,
     3,
     3,
     {{"WFL-001", "7.9"},
      {"DNS-001", "7.9"},
      {"WFL-011", "7.6"},
      {"WFL-010", "9.14"},
      {"CHG-001", NULL},
      {"RET-001", NULL}},
     {NULL}},
    {"tw-gov-115",
     "115",
     90,
     20,
     110,
     6,
     0,
     3,
     3,
     {{"RET-001", "共通性4"},
      {"IDS-001", "共通性6"},
      {"WFL-001", "共通性7"},
      {"SEG-001", "共通性8"},
      {"RAM-001", "共通性9"},
      {"WFL-011", "共通性10"},
      {"CHG-001", "特定契約11"}},
     {NULL}},
    {"tw-vendor-115",
     "115",
     88,
     12,
     96,
     6,
     0,
     3,
     3,
     {{"RET-001", "共通性4"},
      {"WFL-001", "共通性7"},
      {"SEG-001", "共通性8"},
      {"CHG-001", "特定契約11"},
      {"SEG-005", "特定契約13"}},
     {"WFL-006", "WFL-010"}},
};
enum { PROFILES = sizeof(expected) / sizeof(expected[0]) };

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

/* 0 where the profile does not say and the check does not either. */
static double threshold(const struct fw_profile *profile, const char *name)
{
    double value = 0;
    (void)fw_catalogue_threshold(&catalogue, profile, NULL, fw_sv_from(name), &value);
    return value;
}

static bool is_item(const struct fw_profile *profile, fw_sv item)
{
    for (size_t i = 0; i < profile->nitems; i++) {
        if (fw_sv_eq(profile->items[i].item, item)) {
            return true;
        }
    }
    return false;
}

START_TEST(asks_for)
{
    const struct expected *e = &expected[_i];
    const struct fw_profile *p = fw_profile_find(&catalogue, fw_sv_from(e->name));
    ck_assert_ptr_nonnull(p);
    ck_assert_msg(fw_sv_is(p->edition, e->edition), "%s is of edition %.*s", e->name,
                  FW_SV_ARG(p->edition));
    ck_assert_msg(p->n == e->checks, "%s asks for %zu checks", e->name, p->n);
    ck_assert_msg(p->nitems == e->items, "%s has %zu items", e->name, p->nitems);
    size_t cited = 0;
    for (size_t i = 0; i < p->n; i++) {
        cited += p->checks[i].nitems;
        for (size_t k = 0; k < p->checks[i].nitems; k++) { /* each has its question */
            ck_assert_msg(is_item(p, p->checks[i].items[k]), "%s: %s cites %.*s", e->name,
                          p->checks[i].check->id.p, FW_SV_ARG(p->checks[i].items[k]));
        }
    }
    ck_assert_msg(cited == e->cited, "%s cites %zu items", e->name, cited);
    for (size_t i = 0; i < NAMED && e->item[i][0]; i++) {
        const struct fw_check *check = fw_check_find(&catalogue, fw_sv_from(e->item[i][0]));
        const struct fw_profile_check *asked = fw_profile_check_find(p, check);
        ck_assert_msg(asked != NULL, "%s does not ask for %s", e->name, e->item[i][0]);
        ck_assert_msg(fw_sv_is(asked->item, e->item[i][1] ? e->item[i][1] : ""),
                      "%s: %s is of item %.*s", e->name, e->item[i][0], FW_SV_ARG(asked->item));
    }
    for (size_t i = 0; i < NAMED && e->left_out[i]; i++) {
        const struct fw_check *check = fw_check_find(&catalogue, fw_sv_from(e->left_out[i]));
        ck_assert_ptr_nonnull(check);
        ck_assert_msg(!fw_profile_check_find(p, check), "%s asks for %s", e->name, e->left_out[i]);
    }
}
END_TEST

START_TEST(numbers)
{
    const struct expected *e = &expected[_i];
    const struct fw_profile *p = fw_profile_find(&catalogue, fw_sv_from(e->name));
    ck_assert_double_eq(threshold(p, "RET-001.months"), e->months);
    ck_assert_double_eq(threshold(p, "RET-001.days"), e->days);
    ck_assert_double_eq(threshold(p, "RET-003.months"), e->online);
    ck_assert_double_eq(threshold(p, "WFL-001.months"), e->review);
}
END_TEST

START_TEST(all_are_here)
{
    ck_assert_uint_eq(catalogue.nprofiles, PROFILES);
}
END_TEST

Suite *fw_suite_profiles(void)
{
    Suite *suite = suite_create("profiles");
    TCase *tests = tcase_create("profiles");
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, all_are_here);
    tcase_add_loop_test(tests, asks_for, 0, PROFILES);
    tcase_add_loop_test(tests, numbers, 0, PROFILES);
    suite_add_tcase(suite, tests);
    return suite;
}
