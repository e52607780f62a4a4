/* The lists about sensors: reasons for tuning, cases of alerts, decisions about advisories. */
#include <check.h>

#include "core/time.h"
#include "parsers/idsregister.h"
#include "tests/unit/suites.h"

static struct fw_diags *diags;
static struct fw_doc doc;

static void setup(void)
{
    diags = fw_diags_new();
    fw_doc_init(&doc, FW_SV("list.csv"), diags);
}

static void teardown(void)
{
    fw_doc_clear(&doc);
    fw_diags_free(diags);
}

static struct fw_doc *text(const char *text)
{
    fw_doc_set_text(&doc, fw_sv_from(text));
    return &doc;
}

static int64_t at(const char *text, bool end)
{
    int64_t ns;
    ck_assert(fw_time_parse(fw_sv_from(text), 8 * 3600, end, &ns));
    return ns;
}

START_TEST(tuning)
{
    struct fw_tuning_register reg;
    ck_assert_int_eq(fw_tuning_register_parse(
                         text("kind,特徵規則,reason,設定人,date,review_by,ticket,note\n"
                              "suppress,1:2100498,scanner,林維國,2026-01-31,2026-07-31,C-7,x\n"
                              ",2100499,,,,someday,,\n"
                              "disable,emerging-chat.rules,not ours,Chen,2026/02/01,,,\n"
                              "suppress,,nothing,,,,,\n"),
                         8 * 3600, &reg),
                     FW_OK);
    ck_assert_uint_eq(reg.n, 3);
    ck_assert_uint_eq(reg.v[0].gid, 1);
    ck_assert_uint_eq(reg.v[0].sid, 2100498);
    ck_assert(fw_sv_is(reg.v[0].author, "林維國"));
    ck_assert_int_eq(reg.v[0].date_ns, at("2026-01-31", false));
    ck_assert_int_eq(reg.v[0].review_ns, at("2026-07-31", true));
    ck_assert_uint_eq(reg.v[1].sid, 2100499);
    ck_assert_int_eq(reg.v[1].review_ns, INT64_MIN);
    ck_assert_uint_eq(reg.v[2].sid, 0);
    ck_assert(fw_sv_is(reg.v[2].signature, "emerging-chat.rules"));
    ck_assert_uint_eq(fw_doc_counts(&doc).bad, 2);
    ck_assert_int_eq(fw_tuning_register_parse(text("kind,reason\n"), 0, &reg), FW_ERR_INVALID);
}
END_TEST

START_TEST(cases)
{
    struct fw_cases list;
    ck_assert_int_eq(
        fw_cases_parse(text("signature,date,until,handled,by,result,case\n"
                            "1:2900001,2026-05-02,2026-05-03,2026-05-04,許家豪,blocked,I-1\n"
                            "*,2026-05-09,,,,open,I-2\n"
                            "1:x,2026-05-09,,,,,\n"
                            "7,,,,,,\n"),
                       8 * 3600, &list),
        FW_OK);
    ck_assert_uint_eq(list.n, 2);
    ck_assert_int_eq(list.v[0].until_ns, at("2026-05-03", true));
    ck_assert_int_eq(list.v[0].handled_ns, at("2026-05-04", false));
    ck_assert_uint_eq(list.v[1].sid, 0);
    ck_assert_int_eq(list.v[1].until_ns, at("2026-05-09", true));
    ck_assert_int_eq(list.v[1].handled_ns, INT64_MIN);
    ck_assert_uint_eq(fw_doc_counts(&doc).bad, 2);
}
END_TEST

START_TEST(decisions)
{
    struct fw_advisory_decisions list;
    ck_assert_int_eq(fw_advisory_decisions_parse(
                         text("弱點編號,處置決定,決定人,決定日期,預計完成日期,完成日期\n"
                              "CVE-2026-1,update,林維國,2026-04-20,2026-05-20,2026-05-11\n"
                              ",accept,,,,\n"),
                         8 * 3600, &list),
                     FW_OK);
    ck_assert_uint_eq(list.n, 1);
    ck_assert_int_eq(list.v[0].due_ns, at("2026-05-20", true));
    ck_assert_int_eq(list.v[0].done_ns, at("2026-05-11", false));
    ck_assert_int_eq(fw_advisory_decisions_parse(text("cve,by\n"), 0, &list), FW_ERR_INVALID);
}
END_TEST

START_TEST(signatures)
{
    uint32_t gid;
    uint32_t sid;
    ck_assert(fw_signature_parse(FW_SV("119:4"), &gid, &sid) && gid == 119 && sid == 4);
    ck_assert(fw_signature_parse(FW_SV("4"), &gid, &sid) && gid == 1 && sid == 4);
    ck_assert(!fw_signature_parse(FW_SV("1:0"), &gid, &sid));
    ck_assert(!fw_signature_parse(FW_SV("1:4294967296"), &gid, &sid));
    ck_assert(!fw_signature_parse(FW_SV(""), &gid, &sid));
    ck_assert(!fw_signature_parse(FW_SV("1:2:3"), &gid, &sid));
}
END_TEST

Suite *fw_suite_idsregister(void)
{
    Suite *suite = suite_create("idsregister");
    TCase *tc = tcase_create("idsregister");
    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_test(tc, tuning);
    tcase_add_test(tc, cases);
    tcase_add_test(tc, decisions);
    tcase_add_test(tc, signatures);
    suite_add_tcase(suite, tc);
    return suite;
}
