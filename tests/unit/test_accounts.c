/* The review of administrators' accounts, and what RAM-005 makes of it. */
#include "analyzers/logs/source_view.h"
#include "core/time.h"
#include "parsers/accounts.h"
#include "tests/unit/embedded.h"
#include "tests/unit/judged.h"
#include "tests/unit/suites.h"

#include <string.h>

extern const struct fw_analyzer fw_analyzer_admin_accounts;

static struct fw_diags *diags;
static struct fw_doc doc;

static void setup(void)
{
    diags = fw_diags_new();
    fw_doc_init(&doc, FW_SV("accounts.csv"), diags);
}

static void teardown(void)
{
    fw_doc_clear(&doc);
    fw_diags_free(diags);
}

static int64_t at(const char *day, bool end)
{
    int64_t ns;
    ck_assert(fw_time_parse(fw_sv_from(day), 8 * 3600, end, &ns));
    return ns;
}

START_TEST(columns)
{
    struct fw_accounts got;
    fw_doc_set_text(&doc, FW_SV("設備,帳號,使用人,多因子驗證,最近登入,清查日期,清查結果,清查人\n"
                                "asa1,ann,林維國,是,2026-06-28,2026-06-30,保留,周主任\n"
                                "asa1,bob,林維國、陳怡君,no,never,2026-06-30,disable,周主任\n"
                                "asa1,eve,x,perhaps,soon,,well,\n"
                                ",dan,,,,,,\n"));
    ck_assert_int_eq(fw_accounts_parse(&doc, 8 * 3600, &got), FW_OK);
    ck_assert_uint_eq(got.n, 3);
    ck_assert(fw_sv_is(got.v[0].name, "ann") && got.v[0].mfa && !got.v[0].shared);
    ck_assert_int_eq(got.v[0].last_ns, at("2026-06-28", true));
    ck_assert_int_eq(got.v[0].review_ns, at("2026-06-30", true));
    ck_assert_int_eq(got.v[0].verdict, FW_ACCOUNT_KEEP);
    ck_assert(got.v[1].shared && got.v[1].never_used && !got.v[1].mfa);
    ck_assert_int_eq(got.v[1].verdict, FW_ACCOUNT_GO);
    ck_assert_int_eq(got.v[2].verdict, FW_ACCOUNT_NOT_SAID); /* what is not read is no yes */
    ck_assert(!got.v[2].mfa && got.v[2].last_ns == INT64_MIN && !got.v[2].never_used);
    ck_assert_uint_eq(fw_doc_counts(&doc).bad, 2);
    fw_doc_set_text(&doc, FW_SV("device,owner\nasa1,x\n"));
    ck_assert_int_eq(fw_accounts_parse(&doc, 0, &got), FW_ERR_INVALID);
}
END_TEST

/* One account, what is said of it, and what follows. `login`: in the logs; NULL: none. */
static const struct {
    const char *name, *row; /* "": no list; NULL: a list without the account */
    const char *login;
    bool failed; /* that login */
    enum fw_result_state state;
    const char *words, *reason;
} cases[] = {
    {"ann", "", NULL, false, FW_RESULT_FAIL, "fail", "local_only"},
    {"ann", "x,yes,2026-06-28,2026-06-30,keep,b", NULL, false, FW_RESULT_PASS, "pass", NULL},
    {"ann", "x,no,2026-06-28,2026-06-30,keep,b", NULL, false, FW_RESULT_FAIL, "fail", "local_only"},
    {"admin", "x,yes,2026-06-28,2026-06-30,keep,b", NULL, false, FW_RESULT_FAIL, "fail",
     "default_name"},
    {"ann", "x/y,yes,2026-06-28,2026-06-30,keep,b", NULL, false, FW_RESULT_FAIL, "fail",
     "shared_account"},
    {"ann", "x,yes,2026-06-28,2026-06-30,remove,b", NULL, false, FW_RESULT_FAIL, "fail",
     "still_there"},
    {"ann", "x,yes,2026-06-28,2026-06-30,keep,", NULL, false, FW_RESULT_FAIL, "fail", "no_verdict"},
    {"ann", "x,yes,2026-03-28,2026-03-31,keep,b", "2026-06-01", false, FW_RESULT_FAIL, "fail",
     "no_verdict"}, /* of the quarter before */
    {"ann", "x,yes,2026-03-01,2026-06-30,keep,b", NULL, false, FW_RESULT_FAIL, "fail", "idle"},
    {"ann", "x,yes,2026-03-01,2026-06-30,keep,b", "2026-06-01", true, FW_RESULT_FAIL, "fail",
     "idle"}, /* somebody who was turned away did not come in */
    {"ann", "x,yes,2026-03-01,2026-06-30,keep,b", "2026-06-01", false, FW_RESULT_PASS, "pass",
     NULL},
    {"ann", "x,yes,never,2026-06-30,keep,b", NULL, false, FW_RESULT_FAIL, "fail", "never_used"},
    {"ann", "x,yes,,2026-06-30,keep,b", NULL, false, FW_RESULT_OPEN, "open.last_login", NULL},
    {"ann", "x,yes,,2026-06-30,keep,b", "2026-06-01", false, FW_RESULT_PASS, "pass", NULL},
    {"ann", "x,yes,,2026-06-30,keep,b", "2026-02-01", false, FW_RESULT_OPEN, "open.last_login",
     NULL},
};

START_TEST(judged)
{
    struct fw_arena arena;
    struct fw_accounts accounts;
    char text[256];
    struct fw_catalogue catalogue;
    test_catalogue_begin(&arena, &catalogue);
    snprintf(text, sizeof(text),
             "device,account,owner,mfa,last_login,reviewed,verdict,reviewer\nasa1,%s,%s\n",
             cases[_i].name, cases[_i].row);
    fw_doc_set_text(&doc, fw_sv_from(text));
    ck_assert_int_eq(fw_accounts_parse(&doc, 8 * 3600, &accounts), FW_OK);
    struct fw_setting user = {
        .kind = FW_SETTING_USER, .value = fw_sv_from(cases[_i].name), .span = {0, 1, 7}};
    struct fw_ruleset ruleset = {.format = "cisco-asa", .nsettings = 1, .settings = &user};
    struct fw_snapshot snapshot = {.path = FW_SV("asa1.cfg"), .ruleset = &ruleset};
    struct fw_device_facts device = {
        .name = FW_SV("asa1"), .nsnapshots = 1, .snapshots = &snapshot};
    struct fw_site site = {.from_ns = at("2026-04-01", false), .to_ns = at("2026-06-30", true)};
    struct fw_view_admin event = {.user = fw_sv_from(cases[_i].name),
                                  .succeeded = !cases[_i].failed};
    struct fw_source_view source = {.device = FW_SV("asa1"), .admin = &event};
    if (cases[_i].login) {
        event.ns = at(cases[_i].login, false);
        source.nadmin = 1;
    }
    struct fw_facts facts = {.catalogue = &catalogue,
                             .site = &site,
                             .as_of_ns = at("2026-07-05", true),
                             .has_as_of = true,
                             .ndevices = 1,
                             .devices = &device,
                             .nsources = 1,
                             .sources = &source,
                             .accounts = cases[_i].row[0] ? &accounts : NULL};
    test_judged(&facts, &arena, "RAM-005", cases[_i].state, cases[_i].words,
                cases[_i].state == FW_RESULT_PASS ? "0" : NULL);
    if (cases[_i].reason) {
        struct fw_results results;
        fw_results_init(&results, &arena, &catalogue);
        fw_analyzer_admin_accounts.run(&facts, &results);
        bool found = false;
        for (size_t p = 0; p < results.v[0].nparams; p++) {
            found = found || fw_sv_is(results.v[0].params[p].value, cases[_i].reason);
        }
        ck_assert_msg(found, "%d: not %s", _i, cases[_i].reason);
    }
    fw_arena_clear(&arena);
}
END_TEST

Suite *fw_suite_accounts(void)
{
    Suite *suite = suite_create("accounts");
    TCase *tc = tcase_create("all");
    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_test(tc, columns);
    tcase_add_loop_test(tc, judged, 0, sizeof(cases) / sizeof(cases[0]));
    suite_add_tcase(suite, tc);
    return suite;
}
