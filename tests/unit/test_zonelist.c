/* Lists of zones, and by what a list about sensors is recognised. */
#include <check.h>

#include "core/ip.h"
#include "parsers/advisories.h"
#include "parsers/idsregister.h"
#include "parsers/zonelist.h"
#include "tests/unit/suites.h"

static struct fw_diags *diags;
static struct fw_doc doc;

static void setup(void)
{
    diags = fw_diags_new();
    fw_doc_init(&doc, FW_SV("zones.csv"), diags);
}

static void teardown(void)
{
    fw_doc_clear(&doc);
    fw_diags_free(diags);
}

static enum fw_err parse(const char *text, struct fw_zonelist *ret)
{
    fw_doc_set_text(&doc, fw_sv_from(text));
    return fw_zonelist_parse(&doc, ret);
}

START_TEST(zones)
{
    struct fw_zonelist list;
    ck_assert_int_eq(parse("區域,trust,網段,應偵測,sensor\n"
                           "internet,untrusted,,,\n"
                           "office,INTERNAL,\"10.20.0.0/17; 2001:db8::/32 10.1.0.9\",是,a; b\n",
                           &list),
                     FW_OK);
    ck_assert_uint_eq(list.n, 2);
    ck_assert(list.has_sensors);
    ck_assert_int_eq(list.v[0].trust, FW_TRUST_UNTRUSTED);
    ck_assert_uint_eq(list.v[0].networks->n, 0);
    ck_assert(!list.v[0].watched && list.v[1].watched);
    ck_assert_int_eq(list.v[1].trust, FW_TRUST_INTERNAL);
    ck_assert_uint_eq(list.v[1].networks->n, 3);
    ck_assert(fw_sv_is(list.sensors[1], "a; b"));
    ck_assert_int_eq(parse("zone,networks,trust\nlab,10.0.0.0/8,test\n", &list), FW_OK);
    ck_assert(!list.has_sensors && !list.v[0].watched);
}
END_TEST

/* A quote that is not closed takes all rows behind it: none of those lines was read. */
START_TEST(unclosed_quote)
{
    struct fw_zonelist list;
    parse("zone,networks,trust\nlab,10.0.0.0/8,test\n\"x,10.1.0.0/16,test\ny,10.2.0.0/16,test\n",
          &list);
    struct fw_line_counts counts = fw_doc_counts(&doc);
    ck_assert_uint_eq(counts.used, 2);
    ck_assert_uint_eq(counts.bad, 2);
}
END_TEST

/* A zone that is left out would make HOME_NET look complete. */
START_TEST(one_mistake_refuses_all)
{
    static const char *const rows[] = {"lab,10.0.0.1/8,test,\n",  "lab,10.0.0.0/33,test,\n",
                                       "lab,all,test,\n",         "lab,10.0.0.0/8,open,\n",
                                       "lab,10.0.0.0/8,test,2\n", ",10.0.0.0/8,test,\n"};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char text[200];
        struct fw_zonelist list;
        ck_assert_int_lt(snprintf(text, sizeof(text),
                                  "zone,networks,trust,watched\ndmz,192.0.2.0/24,dmz,yes\n%s",
                                  rows[i]),
                         200);
        ck_assert_msg(parse(text, &list) == FW_ERR_INVALID, "%s", rows[i]);
        teardown();
        setup();
    }
}
END_TEST

START_TEST(recognised)
{
    static const struct {
        const char *head;
        enum fw_idslist list;
    } rows[] = {
        {"signature,reason,author\n", FW_IDSLIST_TUNING},
        {"\xef\xbb\xbf\"特徵規則\",\"設定人\"\r\n1:5,x\r\n", FW_IDSLIST_TUNING},
        {"signature,date,handled,reason\n", FW_IDSLIST_CASES},
        {"CVE , Decision\n", FW_IDSLIST_DECISIONS},
        {"zone,networks,trust\n", FW_IDSLIST_ZONES},
        {"device,kind,signature,scope,reason,author,change\n", FW_IDSLIST_LEDGER},
        {"signature,msg\n", FW_IDSLIST_NONE},
        {"signature\nreason\n", FW_IDSLIST_NONE},
        {"07/05-10:00:00,signature,reason2\n", FW_IDSLIST_NONE},
        {"", FW_IDSLIST_NONE},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        ck_assert_msg(fw_idslist_detect(fw_sv_from(rows[i].head)) == rows[i].list, "%s",
                      rows[i].head);
    }
}
END_TEST

/* What a log quotes of an attacker is no feed. */
START_TEST(feeds)
{
    ck_assert(fw_advisories_is(FW_SV(" {\"version\":\"2.0\",\"format\" :\n\"NVD_CVE\","
                                     "\"vulnerabilities\": [")));
    ck_assert(!fw_advisories_is(FW_SV("{\"format\":\"NVD_CVE\",\"x\":\"vulnerabilities\"}")));
    ck_assert(!fw_advisories_is(FW_SV("{\"format\":\"MITRE\",\"vulnerabilities\":[")));
    ck_assert(!fw_advisories_is(FW_SV("{\"url\":\"\\\"format\\\":\\\"NVD_CVE\\\","
                                      "\\\"vulnerabilities\\\":[\"}")));
    ck_assert(!fw_advisories_is(FW_SV("x {\"format\":\"NVD_CVE\",\"vulnerabilities\":[")));
    ck_assert(!fw_advisories_is(FW_SV("")));
}
END_TEST

Suite *fw_suite_zonelist(void)
{
    Suite *suite = suite_create("zonelist");
    TCase *tc = tcase_create("zonelist");
    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_test(tc, zones);
    tcase_add_test(tc, unclosed_quote);
    tcase_add_test(tc, one_mistake_refuses_all);
    tcase_add_test(tc, recognised);
    tcase_add_test(tc, feeds);
    suite_add_tcase(suite, tc);
    return suite;
}
