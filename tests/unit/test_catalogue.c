/* The catalogue: the embedded files are whole, and every sentence can be said. */
#include <stdio.h>

#include "analyzers/catalogue.h"
#include "core/text.h"
#include "parsers/site.h"
#include "tests/unit/embedded.h"
#include "tests/unit/suites.h"

static struct fw_arena arena;
static struct fw_diags *diags;
static struct fw_catalogue catalogue;

static void setup(void)
{
    test_catalogue_begin(&arena, &catalogue);
    diags = fw_diags_new();
}

static void teardown(void)
{
    fw_diags_free(diags);
    fw_arena_clear(&arena);
}

/* The audit's list of checks. */
static const char *const all_checks[] = {
    "CHG-001", "CHG-002", "CHG-003", "CHG-004", "CHG-005", "DNS-001", "DNS-002", "DNS-003",
    "DNS-004", "DNS-005", "DNS-006", "DNS-007", "EXP-001", "EXP-002", "EXP-003", "EXP-004",
    "EXP-005", "EXP-006", "EXP-007", "EXP-008", "GAP-001", "GAP-002", "GAP-003", "GAP-004",
    "GAP-005", "GAP-006", "GAP-007", "IDS-001", "IDS-002", "IDS-003", "IDS-004", "IDS-005",
    "IDS-006", "IDS-007", "LOG-001", "LOG-002", "LOG-003", "LOG-004", "LOG-005", "LOG-006",
    "LOG-007", "LOG-008", "RAM-001", "RAM-002", "RAM-003", "RAM-004", "RAM-005", "RAM-006",
    "RET-001", "RET-002", "RET-003", "RET-004", "RET-005", "RUL-001", "RUL-002", "RUL-003",
    "RUL-004", "RUL-005", "RUL-006", "RUL-007", "RUL-008", "RUL-009", "RUL-010", "SEG-001",
    "SEG-002", "SEG-003", "SEG-004", "SEG-005", "SEG-006", "TIM-001", "TIM-002", "TIM-003",
    "TIM-004", "TIM-005", "VUL-001", "VUL-002", "VUL-003", "VUL-004", "VUL-005", "WFL-001",
    "WFL-002", "WFL-003", "WFL-004", "WFL-005", "WFL-006", "WFL-007", "WFL-008", "WFL-009",
    "WFL-010", "WFL-011",
};
enum { ALL_CHECKS = sizeof(all_checks) / sizeof(all_checks[0]) };

/* Every parameter that a sentence may ask an analyzer for, with a value of its kind. */
static const struct fw_param params[] = {
    {"added", {"9", 1}},
    {"as_of", {"2026-07-05", 10}},
    {"because", {"FORWARD 3, FORWARD 7", 20}},
    {"by", {"陳小明", 9}},
    {"change", {"add", 3}},
    {"compensating", {"IPS", 3}},
    {"cve", {"CVE-2026-1234", 13}},
    {"days", {"144", 3}},
    {"depends", {"RUL-010", 7}},
    {"device", {"fw03", 4}},
    {"drift", {"40", 2}},
    {"drift_within", {"0.3", 3}},
    {"expires", {"2026-12-31", 10}},
    {"field", {"source.ip", 9}},
    {"first", {"2026-02-11", 10}},
    {"format", {"cisco-asa", 9}},
    {"from", {"2026-04-01T00:00:00+08:00", 25}},
    {"hours", {"31", 2}},
    {"kind", {"address group", 13}},
    {"line", {"120", 3}},
    {"list", {"RUL-010, RUL-009", 16}},
    {"made", {"2026-07-01", 10}},
    {"modified", {"14", 2}},
    {"months", {"6", 1}},
    {"n", {"860112", 6}},
    {"offset", {"-0.8", 4}},
    {"p99", {"0.5", 3}},
    {"path", {"logs/fw03.log.2.gz", 18}},
    {"percent", {"71.4", 4}},
    {"policy", {"FORWARD", 7}},
    {"position", {"12", 2}},
    {"reason", {"counter reset", 13}},
    {"removed", {"2", 1}},
    {"rule", {"-A FORWARD -j ACCEPT", 20}},
    {"service", {"tcp/3389", 8}},
    {"servers", {"192.0.2.1, 192.0.2.2", 20}},
    {"source", {"fw03", 4}},
    {"statement", {"seen", 4}},
    {"target", {"2", 1}},
    {"ticket", {"CHG-1023", 8}},
    {"to", {"2026-06-30T23:59:59+08:00", 25}},
    {"total", {"1204331", 7}},
    {"user", {"admin", 5}},
    {"value", {"0", 1}},
    {"was", {"-A FORWARD -j DROP", 18}},
    {"witness", {"tcp 10.0.0.1:1024 -> 192.0.2.9:443", 34}},
    {"within", {"0.04", 4}},
    {"zone", {"internet", 8}},
};
enum { PARAMS = sizeof(params) / sizeof(params[0]) };

START_TEST(all_ninety)
{
    for (size_t i = 0; i < ALL_CHECKS; i++) {
        ck_assert_msg(fw_check_find(&catalogue, fw_sv_from(all_checks[i])) != NULL, "no check %s",
                      all_checks[i]);
    }
    ck_assert_uint_eq(catalogue.nchecks, ALL_CHECKS);
}
END_TEST

static bool ascii_punctuation(char c)
{
    return c == ',' || c == ';' || c == ':' || c == '!' || c == '?' || c == '(' || c == ')';
}

/* No ASCII punctuation and no blank touches a Chinese character. */
static void check_typography(fw_sv text, const char *where)
{
    for (size_t i = 0; i + 1 < text.n; i++) {
        bool here = (unsigned char)text.p[i] >= 0x80;
        bool next = (unsigned char)text.p[i + 1] >= 0x80;
        char other = here ? text.p[i + 1] : text.p[i];
        ck_assert_msg(here == next || !(ascii_punctuation(other) || other == ' '),
                      "%s: '%c' beside a Chinese character in %.*s", where, other, FW_SV_ARG(text));
    }
}

static bool ends(fw_sv text, const char *suffix)
{
    return fw_sv_ends(text, suffix);
}

/* The auditors' grammar of a finding, a commendation, and missing evidence. */
static void check_grammar(fw_sv key, fw_sv text, const char *where)
{
    if (fw_sv_starts(key, "fail")) {
        ck_assert_msg(fw_sv_starts(text, "依") && fw_sv_find(text, FW_SV("規定，")) != SIZE_MAX &&
                          fw_sv_find(text, FW_SV("。查")) != SIZE_MAX &&
                          (ends(text, "，應改善之。") || ends(text, "，建議改善之。")),
                      "%s is no finding: %.*s", where, FW_SV_ARG(text));
    } else if (fw_sv_starts(key, "pass")) {
        ck_assert_msg(fw_sv_starts(text, "已依") && ends(text, "，值得肯定。") &&
                          fw_sv_find(text, FW_SV("規範")) != SIZE_MAX,
                      "%s is no commendation: %.*s", where, FW_SV_ARG(text));
    } else if (fw_sv_starts(key, "open")) {
        ck_assert_msg(fw_sv_starts(text, "佐證不足。") &&
                          fw_sv_find(text, FW_SV("；請提供")) != SIZE_MAX && ends(text, "。"),
                      "%s does not ask for evidence: %.*s", where, FW_SV_ARG(text));
    }
}

static void say(const struct fw_check *check, fw_sv key, enum fw_class class)
{
    struct fw_buf out;
    fw_buf_init(&out);
    for (enum fw_lang lang = FW_LANG_EN; lang < FW_LANG_COUNT; lang++) {
        struct fw_sentence s = {&catalogue, NULL, check, class, lang, false};
        char where[128];
        snprintf(where, sizeof(where), "%.*s %.*s (%s)", FW_SV_ARG(check->id), FW_SV_ARG(key),
                 fw_lang_name(lang));
        fw_buf_reset(&out);
        bool whole = fw_sentence_render(&out, &s, key, params, PARAMS);
        fw_sv text = fw_buf_sv(&out);
        ck_assert_msg(whole && fw_sv_find_char(text, '{') == SIZE_MAX, "%s: %.*s", where,
                      FW_SV_ARG(text));
        ck_assert_msg(fw_utf8_valid(text), "%s is not UTF-8", where);
        if (lang == FW_LANG_ZH_TW) {
            check_grammar(key, text, where);
        } else {
            ck_assert_msg(ends(text, "."), "%s has no end: %.*s", where, FW_SV_ARG(text));
        }
    }
    fw_buf_clear(&out);
}

START_TEST(every_sentence)
{
    for (size_t i = 0; i < catalogue.nchecks; i++) {
        const struct fw_check *check = &catalogue.checks[i];
        for (size_t w = 0; w < check->nwords; w++) {
            say(check, check->words[w].key, FW_CLASS_IMPROVE);
            say(check, check->words[w].key, FW_CLASS_SUGGEST);
        }
        for (size_t w = 0; w < catalogue.nwords; w++) {
            fw_sv key = catalogue.words[w].key;
            if (fw_sv_starts(key, "open.") || fw_sv_starts(key, "manual.") ||
                fw_sv_starts(key, "na.") || fw_sv_starts(key, "attested.") ||
                fw_sv_starts(key, "error.") || fw_sv_is(key, "waived")) {
                say(check, key, check->class);
            }
        }
    }
}
END_TEST

START_TEST(chinese_typography)
{
    for (size_t i = 0; i < catalogue.nchecks; i++) {
        const struct fw_check *check = &catalogue.checks[i];
        const fw_sv *texts[] = {check->title,   check->definition, check->remedy,
                                check->recheck, check->basis,      check->duty};
        char where[64];
        snprintf(where, sizeof(where), "%.*s", FW_SV_ARG(check->id));
        for (size_t t = 0; t < sizeof(texts) / sizeof(texts[0]); t++) {
            check_typography(texts[t][FW_LANG_ZH_TW], where);
        }
        for (size_t w = 0; w < check->nwords; w++) {
            check_typography(check->words[w].text[FW_LANG_ZH_TW], where);
        }
    }
    for (size_t w = 0; w < catalogue.nwords; w++) {
        char where[64];
        snprintf(where, sizeof(where), "%.*s", FW_SV_ARG(catalogue.words[w].key));
        if (!fw_sv_starts(catalogue.words[w].key, "form.")) { /* printed as the forms print them */
            check_typography(catalogue.words[w].text[FW_LANG_ZH_TW], where);
        }
    }
}
END_TEST

START_TEST(sentence_is_exact)
{
    const struct fw_param p[] = {
        {"source", FW_SV("fw03")}, {"first", FW_SV("2026-02-11")}, {"as_of", FW_SV("2026-07-05")},
        {"days", FW_SV("144")},    {"value", FW_SV("4")},          {"target", FW_SV("6")},
    };
    struct fw_sentence s = {
        &catalogue,       NULL,          fw_check_find(&catalogue, FW_SV("RET-001")),
        FW_CLASS_IMPROVE, FW_LANG_ZH_TW, false};
    struct fw_buf out;
    fw_buf_init(&out);
    ck_assert(fw_sentence_render(&out, &s, FW_SV("fail"), p, 6));
    ck_assert_str_eq(out.p, "依資通安全責任等級分級辦法資通系統防護基準規定，應保留日誌至少六個月。"
                            "查fw03雖已蒐集日誌，惟最早紀錄為115年2月11日，至稽核日115年7月5日"
                            "僅144日（4個月，規範6個月），應改善之。");
    s.brief = true;
    s.class = FW_CLASS_SUGGEST;
    fw_buf_reset(&out);
    ck_assert(fw_sentence_render(&out, &s, FW_SV("fail"), p, 6));
    ck_assert_str_eq(out.p, "查fw03雖已蒐集日誌，惟最早紀錄為115年2月11日，至稽核日115年7月5日"
                            "僅144日（4個月，規範6個月），建議改善之。");
    fw_buf_reset(&out);
    ck_assert(!fw_sentence_render(&out, &s, FW_SV("fail"), p, 3));
    ck_assert(fw_sv_find(fw_buf_sv(&out), FW_SV("{days}")) != SIZE_MAX);
    fw_buf_reset(&out);
    ck_assert(!fw_sentence_render(&out, &s, FW_SV("fail.nonsense"), p, 3));
    ck_assert_str_eq(out.p, "fail.nonsense");
    fw_buf_clear(&out);
}
END_TEST

static const struct {
    const char *text, *value, *expected;
} forms[] = {
    {"{a}", "x", "x"},
    {"{a:n}", "0", "0"},
    {"{a:n}", "999", "999"},
    {"{a:n}", "1204331", "1,204,331"},
    {"{a:n}", "12345.67", "12,345.67"},
    {"{a:n}", "12345x", "12345x"},
    {"{a:roc}", "2026-07-05", "115年7月5日"},
    {"{a:roc}", "2026-07-05T09:02:03+08:00", "115年7月5日09:02:03"},
    {"{a:roc}", "2026Q2", "115年第2季"},
    {"{a:roc}", "2026Q5", "2026Q5"},
    {"{a:roc}", "spring", "spring"},
    {"{a:roc}", "2026-13-05", "2026-13-05"},
    {"{a:roc}", "1900-01-01", "1900-01-01"},
    {"{a:list}", "12, 57", "12、57"},
    {"<{a:word}>", "x", "<x>"},
};

START_TEST(forms_of_values)
{
    for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
        struct fw_buf out;
        fw_buf_init(&out);
        struct fw_param p = {"a", fw_sv_from(forms[i].value)};
        ck_assert(fw_words_render(&out, fw_sv_from(forms[i].text), &p, 1));
        ck_assert_str_eq(out.p, forms[i].expected);
        fw_buf_clear(&out);
    }
}
END_TEST

START_TEST(embedded_is_the_folder)
{
    struct fw_catalogue folder;
    ck_assert_int_eq(fw_catalogue_load(&arena, FW_SOURCE_ROOT "/rulesets", diags, &folder), FW_OK);
    ck_assert(folder.overridden);
    ck_assert_uint_eq(folder.nchecks, catalogue.nchecks);
    ck_assert_msg(fw_sha256_eq(folder.sha256, catalogue.sha256),
                  "rulesets/meson.build does not list every file of rulesets/");
}
END_TEST

START_TEST(profiles_are_there)
{
    const struct fw_profile *quick = fw_profile_find(&catalogue, FW_SV("quick"));
    ck_assert_ptr_nonnull(quick);
    const struct fw_check *rul = fw_check_find(&catalogue, FW_SV("RUL-001"));
    ck_assert_ptr_nonnull(fw_profile_check_find(quick, rul));
    ck_assert_ptr_null(fw_profile_check_find(quick, fw_check_find(&catalogue, FW_SV("WFL-001"))));
    ck_assert_int_eq(fw_profile_class(quick, rul, (fw_sv){0}), FW_CLASS_SUGGEST);
    ck_assert_int_eq(fw_profile_class(NULL, rul, (fw_sv){0}), FW_CLASS_SUGGEST);
}
END_TEST

static const char *const all_profiles[] = {
    "cis-v8", "in-cert-2022", "iso-27001-2022", "nist-800-53r5", "pci-4.0.1",
    "quick",  "tw-gov-111",   "tw-gov-112",     "tw-gov-115",    "tw-vendor-115",
};
enum { ALL_PROFILES = sizeof(all_profiles) / sizeof(all_profiles[0]) };

START_TEST(every_profile)
{
    ck_assert_uint_eq(catalogue.nprofiles, ALL_PROFILES);
    const struct fw_profile *p = fw_profile_find(&catalogue, fw_sv_from(all_profiles[_i]));
    ck_assert_ptr_nonnull(p);
    check_typography(p->title[FW_LANG_ZH_TW], all_profiles[_i]);
    check_typography(p->basis[FW_LANG_ZH_TW], all_profiles[_i]);
    for (size_t i = 0; i < p->nitems; i++) {
        check_typography(p->items[i].question[FW_LANG_ZH_TW], all_profiles[_i]);
        ck_assert_msg(fw_sv_ends(p->items[i].question[FW_LANG_EN], "?"), "%s: %.*s has no question",
                      all_profiles[_i], FW_SV_ARG(p->items[i].item));
    }
    struct fw_buf out;
    fw_buf_init(&out);
    for (size_t i = 0; i < p->n; i++) {
        struct fw_sentence s = {&catalogue,       p,          p->checks[i].check,
                                FW_CLASS_IMPROVE, FW_LANG_EN, false};
        check_typography(p->checks[i].duty[FW_LANG_ZH_TW], all_profiles[_i]);
        for (; s.lang < FW_LANG_COUNT; s.lang++) {
            fw_buf_reset(&out);
            ck_assert_msg(fw_sentence_render(&out, &s, FW_SV("fail"), params, PARAMS), "%s: %.*s",
                          all_profiles[_i], FW_SV_ARG(fw_buf_sv(&out)));
        }
        check_grammar(FW_SV("fail"), fw_buf_sv(&out), all_profiles[_i]);
    }
    fw_buf_clear(&out);
}
END_TEST

START_TEST(profile_cites_its_own_law)
{
    struct fw_sentence s = {&catalogue,
                            fw_profile_find(&catalogue, FW_SV("pci-4.0.1")),
                            fw_check_find(&catalogue, FW_SV("RET-001")),
                            FW_CLASS_IMPROVE,
                            FW_LANG_ZH_TW,
                            false};
    struct fw_buf out;
    fw_buf_init(&out);
    ck_assert(fw_sentence_render(&out, &s, FW_SV("fail"), params, PARAMS));
    ck_assert_msg(fw_sv_starts(fw_buf_sv(&out), "依PCI DSS 4.0.1第10.5.1項規定，稽核日誌應至少保存"
                                                "十二個月，且最近三個月應可立即取用。查fw03"),
                  "%s", out.p);
    fw_buf_clear(&out);
    double months = 0;
    ck_assert(
        fw_catalogue_threshold(&catalogue, s.profile, NULL, FW_SV("RET-001.months"), &months));
    ck_assert_double_eq(months, 12);
}
END_TEST

START_TEST(government_profile)
{
    const struct fw_profile *gov = fw_profile_find(&catalogue, FW_SV("tw-gov-115"));
    ck_assert_uint_eq(gov->n, ALL_CHECKS);
    const struct fw_check *copy = fw_check_find(&catalogue, FW_SV("RET-004"));
    ck_assert_int_eq(fw_profile_class(gov, copy, FW_SV("普")), FW_CLASS_SUGGEST);
    ck_assert_int_eq(fw_profile_class(gov, copy, FW_SV("高")), FW_CLASS_IMPROVE);
    ck_assert_int_eq(fw_profile_class(gov, copy, (fw_sv){0}), FW_CLASS_IMPROVE);
    const struct fw_profile_check *review = fw_profile_check_find(
        gov, fw_check_find(&catalogue, FW_SV("WFL-001")));
    ck_assert(fw_sv_is(review->item, "共通性7"));
}
END_TEST

START_TEST(thresholds)
{
    double value = 0;
    ck_assert(fw_catalogue_threshold(&catalogue, NULL, NULL, FW_SV("LOG-003.completeness_percent"),
                                     &value));
    ck_assert_double_eq(value, 99);
    struct fw_threshold own = {FW_SV("LOG-003.completeness_percent"), 95.5, {0}};
    struct fw_site site = {.nthresholds = 1, .thresholds = &own};
    ck_assert(fw_catalogue_threshold(&catalogue, NULL, &site, own.name, &value));
    ck_assert_double_eq(value, 95.5);
    ck_assert(!fw_catalogue_threshold(&catalogue, NULL, NULL, FW_SV("LOG-003.nothing"), &value));
}
END_TEST

START_TEST(computed_is_marked)
{
    ck_assert(!fw_check_find(&catalogue, FW_SV("EXP-001"))->computed);
    ck_assert(fw_catalogue_mark_computed(&catalogue, FW_SV("EXP-001")));
    ck_assert(fw_check_find(&catalogue, FW_SV("EXP-001"))->computed);
    ck_assert(!fw_catalogue_mark_computed(&catalogue, FW_SV("EXP-999")));
}
END_TEST

START_TEST(names_of_the_site)
{
    static const char text[] = "{\"profile\": \"qick\"}\n";
    struct fw_site_exception exception = {.check = FW_SV("RUL-0O1"), .span = {0, 1, 1}};
    struct fw_threshold threshold = {FW_SV("RET-001.month"), 6, {0, 1, 1}};
    struct fw_site site = {
        .path = FW_SV("site.json"),
        .text = fw_sv_from(text),
        .profile = FW_SV("qick"),
        .profile_span = {12, 6, 1},
        .nexceptions = 1,
        .exceptions = &exception,
        .nthresholds = 1,
        .thresholds = &threshold,
    };
    ck_assert_int_eq(fw_catalogue_check_site(&catalogue, &site, diags), FW_ERR_INVALID);
    ck_assert_uint_eq(fw_diags_count(diags), 3);
    const struct fw_diag *d = fw_diags_at(diags, 2);
    ck_assert_int_eq(d->id, FW_DIAG_ID_SITE_INVALID);
    ck_assert(fw_sv_starts(d->message, "unknown profile \"qick\", expected one of "));
    site.profile = FW_SV("quick");
    exception.check = FW_SV("RUL-001");
    threshold.name = FW_SV("RET-001.months");
    ck_assert_int_eq(fw_catalogue_check_site(&catalogue, &site, diags), FW_OK);
}
END_TEST

Suite *fw_suite_catalogue(void)
{
    Suite *suite = suite_create("catalogue");
    TCase *tests = tcase_create("catalogue");
    tcase_set_timeout(tests, 60);
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, all_ninety);
    tcase_add_test(tests, every_sentence);
    tcase_add_test(tests, chinese_typography);
    tcase_add_test(tests, sentence_is_exact);
    tcase_add_test(tests, forms_of_values);
    tcase_add_test(tests, embedded_is_the_folder);
    tcase_add_test(tests, profiles_are_there);
    tcase_add_loop_test(tests, every_profile, 0, ALL_PROFILES);
    tcase_add_test(tests, profile_cites_its_own_law);
    tcase_add_test(tests, government_profile);
    tcase_add_test(tests, thresholds);
    tcase_add_test(tests, computed_is_marked);
    tcase_add_test(tests, names_of_the_site);
    suite_add_tcase(suite, tests);
    return suite;
}
