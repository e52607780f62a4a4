/* Files of the catalogue: mistakes are named with their place, and no bytes do harm. */
#include "analyzers/catalogue.h"
#include "tests/unit/random.h"
#include "tests/unit/suites.h"
#include "tests/unit/workdir.h"

static struct fw_diags *diags;

static void setup(void)
{
    workdir_setup();
    diags = fw_diags_new();
}

static void teardown(void)
{
    fw_diags_free(diags);
    workdir_teardown();
}

#define TEXTS "{\"en\": \"x\", \"zh-TW\": \"甲\"}"
#define WORDS \
    "{\"words\": {\"basis.b\": " TEXTS ",\n\"duty.d\": " TEXTS ",\n\"group.RUL\": " TEXTS \
    ",\n\"ref.PCI\": " TEXTS "}}"
#define CHECK(id, more) \
    "{\"group\": \"RUL\", \"checks\": [\n{\"id\": \"" id "\", \"tier\": 1, \"severity\": " \
    "\"high\", \"class\": \"improve\",\n\"title\": " TEXTS ", \"definition\": " TEXTS \
    ", \"remedy\": " TEXTS ", \"recheck\": " TEXTS ",\n\"basis\": \"b\", \"duty\": \"d\", " \
    "\"refs\": [\"PCI 1\"], \"words\": {\"pass\": " TEXTS ",\n\"fail\": " TEXTS more "}}]}"
#define PROFILE(checks) \
    "{\"name\": \"p\", \"edition\": \"1\", \"title\": " TEXTS ",\n\"checks\": " checks "}"

static const struct {
    const char *words, *checks, *profile;
    uint32_t line;
    const char *message;
} mistakes[] = {
    {WORDS, CHECK("RUL-001", ""), PROFILE("[\"RUL-001\"]"), 0, NULL},
    {WORDS, CHECK("RUL-001", ",\n\"open.x\": {\"en\": \"x\"}"), NULL, 6,
     "\"open.x\" lacks the key \"zh-TW\""},
    {WORDS, CHECK("RUL-001", ",\n\"open.x\": {\"en\": \"\", \"zh-TW\": \"甲\"}"), NULL, 6,
     "\"open.x\" has no text in en"},
    {WORDS, CHECK("RUL-001", ",\n\"open.x\": {\"en\": \"{n}\", \"zh-TW\": \"甲\"}"), NULL, 6,
     "{n} is in the en text but not in the zh-TW text"},
    {WORDS, CHECK("RUL-001", ",\n\"open.x\": {\"en\": \"{n\", \"zh-TW\": \"甲\"}"), NULL, 6,
     "malformed placeholder"},
    {WORDS, CHECK("RUL-001", ",\n\"open.x\": {\"en\": \"{n:m}\", \"zh-TW\": \"甲\"}"), NULL, 6,
     "malformed placeholder"},
    {WORDS, CHECK("RUL-001", ",\n\"opn.x\": " TEXTS), NULL, 6, "a sentence's key starts with"},
    {WORDS, CHECK("RUX-001", ""), NULL, 2, "a check of this file is called RUL-000"},
    {WORDS, "{\"grup\": \"RUL\", \"checks\": []}", NULL, 1,
     "unknown key \"grup\" in a file of checks, did you mean \"group\"?"},
    {WORDS, CHECK("RUL-001", ""), PROFILE("[\n\"RUL-0001\"]"), 3,
     "unknown check \"RUL-0001\", did you mean \"RUL-001\"?"},
    {WORDS, CHECK("RUL-001", ""), PROFILE("[\n\"RUL-001\",\n\"RUL-001\"]"), 4,
     "check \"RUL-001\" is listed twice"},
    {WORDS, CHECK("RUL-001", ""), PROFILE("[{\"check\": \"RUL-001\",\n\"class\": \"improved\"}]"),
     3, "unknown class \"improved\", expected one of \"none\", \"suggest\", \"improve\""},
    {WORDS, CHECK("RUL-001", ""), PROFILE("[\"RUL-001\"],\n\"thresholds\": {\"RUL-001.n\": 1}"), 3,
     "unknown threshold \"RUL-001.n\""},
    {"{\"words\": {\"basis.bb\": " TEXTS ", \"duty.d\": " TEXTS ", \"group.RUL\": " TEXTS
     ", \"ref.PCI\": " TEXTS "}}",
     CHECK("RUL-001", ""), NULL, 4, "words.json has no \"basis.b\", did you mean \"basis.bb\"?"},
    {"{\"words\": {\"a\": 1}}", CHECK("RUL-001", ""), NULL, 1, "\"a\" must be an object"},
    {"{\"words\": {", CHECK("RUL-001", ""), NULL, 1, "expected a key"},
    {WORDS, "{\"group\": \"RUL\", \"checks\": []}", NULL, 0, "no file in checks/"},
};

START_TEST(mistakes_are_named)
{
    write_at("words.json", mistakes[_i].words);
    write_at("checks/RUL.json", mistakes[_i].checks);
    if (mistakes[_i].profile) {
        write_at("profiles/p.json", mistakes[_i].profile);
    }
    struct fw_catalogue k;
    enum fw_err err = fw_catalogue_load(&arena, dir, diags, &k);
    if (!mistakes[_i].message) {
        ck_assert_int_eq(err, FW_OK);
        ck_assert_uint_eq(fw_diags_count(diags), 0);
        return;
    }
    ck_assert_int_eq(err, FW_ERR_INVALID);
    bool found = false;
    for (size_t i = 0; i < fw_diags_count(diags); i++) {
        const struct fw_diag *d = fw_diags_at(diags, i);
        ck_assert_int_eq(d->id, FW_DIAG_ID_RULESET_INVALID);
        found = found || (fw_sv_find(d->message, fw_sv_from(mistakes[_i].message)) != SIZE_MAX &&
                          d->span.line == mistakes[_i].line);
    }
    ck_assert_msg(found, "%s in line %u is not among %zu messages, the first of which is %.*s",
                  mistakes[_i].message, mistakes[_i].line, fw_diags_count(diags),
                  FW_SV_ARG(fw_diags_at(diags, 0)->message));
}
END_TEST

/* Any bytes are refused or read; nothing is read past an end and nothing crashes. */
START_TEST(damaged_files)
{
    struct test_random random = test_random_start("damaged rulesets");
    static const char *const names[] = {"words.json", "checks/RUL.json", "profiles/p.json"};
    static const char *const whole[] = {
        WORDS, CHECK("RUL-001", ",\n\"open.x\": {\"en\": \"{n:n}\", \"zh-TW\": \"{n}\"}"),
        PROFILE("[{\"check\": \"RUL-001\", \"items\": [\"1\"], \"class\": \"improve\"}]")};
    static const char bytes[] = "{}[]\",:\\ 0a\n\xe7\x01";
    for (size_t i = 0; i < 3; i++) {
        write_at(names[i], whole[i]);
    }
    for (int round = 0; round < 1000; round++) {
        unsigned which = test_random_below(&random, 3);
        fw_sv text = fw_arena_copy(&arena, fw_sv_from(whole[which]));
        char *p = fw_arena_cstr(&arena, text);
        for (unsigned edits = 1 + test_random_below(&random, 4); edits > 0; edits--) {
            p[test_random_below(&random, (unsigned)text.n)] =
                bytes[test_random_below(&random, sizeof(bytes) - 1)];
        }
        write_at(names[which], p);
        struct fw_catalogue k;
        struct fw_diags *own = fw_diags_new();
        enum fw_err err = fw_catalogue_load(&arena, dir, own, &k);
        ck_assert(err == FW_OK || err == FW_ERR_INVALID);
        ck_assert((err == FW_OK) == (fw_diags_count(own) == 0));
        fw_diags_free(own);
        write_at(names[which], whole[which]);
    }
}
END_TEST

START_TEST(strange_files_are_refused)
{
    write_at("words.json", WORDS);
    write_at("check/RUL.json", CHECK("RUL-001", ""));
    write_at("README.md", "not ours");
    struct fw_catalogue k;
    ck_assert_int_eq(fw_catalogue_load(&arena, dir, diags, &k), FW_ERR_INVALID);
    ck_assert_uint_eq(fw_diags_count(diags), 1);
    ck_assert(fw_sv_ends(fw_diags_at(diags, 0)->path, "check/RUL.json"));
    ck_assert_int_eq(fw_catalogue_load(&arena, "/nonexistent/rulesets", diags, &k), FW_ERR_INVALID);
}
END_TEST

Suite *fw_suite_catalogue_files(void)
{
    Suite *suite = suite_create("catalogue_files");
    TCase *tests = tcase_create("catalogue_files");
    tcase_set_timeout(tests, 60);
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_loop_test(tests, mistakes_are_named, 0, sizeof(mistakes) / sizeof(mistakes[0]));
    tcase_add_test(tests, damaged_files);
    tcase_add_test(tests, strange_files_are_refused);
    suite_add_tcase(suite, tests);
    return suite;
}
