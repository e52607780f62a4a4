/* The register of rules and the inventory of hosts. */
#include "core/time.h"
#include "parsers/register.h"
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

START_TEST(rules)
{
    struct fw_register got;
    fw_doc_set_text(&doc, FW_SV("設備,規則,用途,權責人員,迄日,申請單號,x\n"
                                "fw01,FORWARD 3,mail,林維國,2026-04-30,CHG-1,y\n"
                                ",FORWARD 4,,,,\n"
                                "fw01,WEB,,,soon,\n"));
    ck_assert_int_eq(fw_register_parse(&doc, 8 * 3600, &got), FW_OK);
    ck_assert_uint_eq(got.n, 2);
    ck_assert(got.has_until);
    ck_assert(fw_sv_is(got.v[0].rule, "FORWARD 3"));
    ck_assert(fw_sv_is(got.v[0].owner, "林維國"));
    ck_assert(fw_sv_is(got.v[0].reason, "mail"));
    ck_assert(fw_sv_is(got.v[0].ticket, "CHG-1"));
    int64_t end;
    ck_assert(fw_time_parse(FW_SV("2026-04-30"), 8 * 3600, true, &end));
    ck_assert_int_eq(got.v[0].until_ns, end);
    ck_assert_int_eq(got.v[1].until_ns, INT64_MIN);
    ck_assert_uint_eq(got.v[1].span.line, 4);
    struct fw_line_counts lines = fw_doc_counts(&doc);
    ck_assert_uint_eq(lines.bad, 2);
    ck_assert_uint_eq(lines.used, 2);
}
END_TEST

START_TEST(headers)
{
    struct fw_register got;
    fw_doc_set_text(&doc, FW_SV("device,owner\nfw01,x\n"));
    ck_assert_int_eq(fw_register_parse(&doc, 0, &got), FW_ERR_INVALID);
    fw_doc_set_text(&doc, FW_SV("device,rule,owner\nfw01,3,x\n"));
    ck_assert_int_eq(fw_register_parse(&doc, 0, &got), FW_OK);
    ck_assert(!got.has_until);
    fw_doc_set_text(&doc, FW_SV(""));
    ck_assert_int_eq(fw_register_parse(&doc, 0, &got), FW_ERR_INVALID);
}
END_TEST

START_TEST(hosts)
{
    struct fw_assets got;
    fw_doc_set_text(&doc, FW_SV("address,name,status\n10.0.0.1,web,in use\n10.0.0.2,old,Retired\n"
                                "2001:db8::/64,lab,除列\n10.0.0.1/24,x,retired\nhost,x,retired\n"));
    ck_assert_int_eq(fw_assets_parse(&doc, &got), FW_OK);
    ck_assert_uint_eq(got.n, 3);
    ck_assert(!got.v[0].retired);
    ck_assert(got.v[1].retired && fw_ip_eq(got.v[1].address.lo, fw_ip4(0x0a000002)));
    ck_assert(got.v[2].retired && fw_sv_is(got.v[2].name, "lab"));
    ck_assert_uint_eq(fw_doc_counts(&doc).bad, 2);
}
END_TEST

Suite *fw_suite_register(void)
{
    Suite *suite = suite_create("register");
    TCase *tests = tcase_create("register");
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, rules);
    tcase_add_test(tests, headers);
    tcase_add_test(tests, hosts);
    suite_add_tcase(suite, tests);
    return suite;
}
