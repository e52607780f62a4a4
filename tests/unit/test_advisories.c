/* Feeds of advisories: versions in order, ranges with open and closed ends, and what is no feed. */
#include <check.h>

#include "core/time.h"
#include "parsers/advisories.h"
#include "tests/unit/suites.h"

static struct fw_diags *diags;
static struct fw_doc doc;
static struct fw_advisories feed;

static const char *const products[] = {"snort", "suricata", NULL};

static void setup(void)
{
    diags = fw_diags_new();
    fw_doc_init(&doc, FW_SV("feed.json"), diags);
}

static void teardown(void)
{
    fw_doc_clear(&doc);
    fw_diags_free(diags);
}

static enum fw_err parse(const char *text)
{
    fw_doc_set_text(&doc, fw_sv_from(text));
    return fw_advisories_parse(&doc, products, &feed);
}

static int order(const char *a, const char *b)
{
    int forth = fw_version_cmp(fw_sv_from(a), fw_sv_from(b));
    int back = fw_version_cmp(fw_sv_from(b), fw_sv_from(a));
    ck_assert_int_eq((forth > 0) - (forth < 0), (back < 0) - (back > 0));
    return (forth > 0) - (forth < 0);
}

START_TEST(versions)
{
    static const char *const ascending[] = {
        "1",     "2.8.9",   "2.9",       "2.9.2",     "2.9.8.3", "2.9.20", "3.0.0-a4", "3.0.0-beta",
        "3.0.0", "3.0.0.1", "3.1.7.0.1", "6.0.0-rc1", "6.0.0",   "6.0.13", "10.0"};
    enum { N = sizeof(ascending) / sizeof(ascending[0]) };
    for (size_t i = 0; i < N; i++) {
        for (size_t k = 0; k < N; k++) {
            ck_assert_msg(order(ascending[i], ascending[k]) == (i > k) - (i < k), "%s %s",
                          ascending[i], ascending[k]);
        }
    }
    ck_assert_int_eq(order("2.9.0", "2.9"), 0);
    ck_assert_int_eq(order("007.1", "7.01"), 0);
    ck_assert_int_eq(order("", ""), 0);
    ck_assert_int_eq(order("", "1"), -1);
    ck_assert_int_eq(order("99999999999999999999999", "99999999999999999999998"), 1);
}
END_TEST

#define CVE(id, score, matches) \
    "{\"cve\":{\"id\":\"" id "\",\"vulnStatus\":\"Analyzed\"," \
    "\"descriptions\":[{\"lang\":\"es\",\"value\":\"no\"},{\"lang\":\"en\",\"value\":\"a " \
    "\\\"b\\\"\"}]," \
    "\"metrics\":{\"cvssMetricV2\":[{\"cvssData\":{\"baseScore\":10.0}}]," \
    "\"cvssMetricV31\":[{\"cvssData\":{\"baseScore\":5.3}},{\"cvssData\":{\"baseScore\":" score \
    "}}]}," \
    "\"configurations\":[{\"nodes\":[{\"operator\":\"OR\",\"negate\":false,\"cpeMatch\":[" matches \
    "]}]}]}}"
#define MATCH(criteria, more) \
    "{\"vulnerable\":true,\"criteria\":\"cpe:2.3:a:" criteria "\"" more "}"
#define HEAD \
    "{\"format\":\"NVD_CVE\",\"timestamp\":\"2026-07-01T02:00:00.000\",\"vulnerabilities\":["

static bool affects(size_t i, const char *product, const char *version)
{
    bool conditional;
    return fw_advisory_affects(&feed.v[i], fw_sv_from(product), fw_sv_from(version), &conditional);
}

START_TEST(ranges)
{
    ck_assert_int_eq(
        parse(HEAD CVE(
            "CVE-1", "7.5",
            MATCH(
                "oisf:suricata:*:*:*:*:*:*:*:*",
                ",\"versionStartIncluding\":\"7.0."
                "0\",\"versionEndExcluding\":\"7.0."
                "6\"") "," MATCH("oisf:suricata:*:*:*:*:*:*:*:*",
                                 ",\"versionStartExcluding\":\"6.0.0\",\"versionEndIncluding\":\"6."
                                 "0."
                                 "19\"") "," MATCH("oisf:suricata:8.0.0:rc1:*:*:*:*:*:*",
                                                   "")) "," CVE("CVE-2", "9.8",
                                                                MATCH(
                                                                    "other:thing:*:*:*:*:*:*:*:*",
                                                                    "")) "," CVE("CVE-3", "4",
                                                                                 MATCH(
                                                                                     "cisco:snort:"
                                                                                     "2.9."
                                                                                     "20:-:*:*:*:*:"
                                                                                     "*:*",
                                                                                     "") ","
                                                                                         "{\"vulner"
                                                                                         "able"
                                                                                         "\":false,"
                                                                                         "\"criteri"
                                                                                         "a\":"
                                                                                         "\"cpe:2."
                                                                                         "3:a:"
                                                                                         "x:"
                                                                                         "suricata:"
                                                                                         "*:"
                                                                                         "*:*:*:*:*"
                                                                                         ":*:*"
                                                                                         "\"}") "," CVE("CVE-4",
                                                                                                        "6.1",
                                                                                                        MATCH(
                                                                                                            "snort\\\\:x:snort:*:*:*:*:*:*:*:*",
                                                                                                            "")) "]}"),
        FW_OK);
    ck_assert_uint_eq(feed.total, 4);
    ck_assert_uint_eq(feed.n, 3);
    ck_assert(fw_sv_is(feed.v[0].id, "CVE-1"));
    ck_assert_uint_eq(feed.v[0].score10, 75); /* the newest scale, its highest */
    ck_assert(fw_sv_is(feed.v[0].summary, "a \"b\""));
    ck_assert(!feed.v[0].exploited);
    ck_assert(affects(0, "suricata", "7.0.0"));
    ck_assert(affects(0, "Suricata", "7.0.5"));
    ck_assert(!affects(0, "suricata", "7.0.6"));
    ck_assert(!affects(0, "suricata", "7.0.0-rc1"));
    ck_assert(!affects(0, "suricata", "6.0.0"));
    ck_assert(affects(0, "suricata", "6.0.19"));
    ck_assert(!affects(0, "suricata", "6.0.20"));
    ck_assert(affects(0, "suricata", "8.0.0-rc1"));
    ck_assert(!affects(0, "suricata", "8.0.0"));
    ck_assert(!affects(0, "snort", "7.0.5"));
    ck_assert_uint_eq(feed.v[1].score10, 53); /* the lower of two is not the score */
    ck_assert(affects(1, "snort", "2.9.20"));
    ck_assert(!affects(1, "snort", "2.9.19"));
    ck_assert(!affects(1, "suricata", "2.9.20")); /* not vulnerable */
    ck_assert(affects(2, "snort", "3.1"));
    ck_assert(fw_sv_is(feed.v[2].affected[0].vendor, "snort:x"));
    int64_t ns;
    ck_assert(fw_time_parse(FW_SV("2026-07-01T02:00:00Z"), 0, false, &ns));
    ck_assert_int_eq(feed.time_ns, ns);
}
END_TEST

START_TEST(conditions)
{
    bool conditional;
    ck_assert_int_eq(
        parse("{\"vulnerabilities\":[{\"cve\":{\"id\":\"CVE-5\",\"cisaExploitAdd\":\"2026-01-01\","
              "\"configurations\":[{\"operator\":\"AND\",\"nodes\":[{\"cpeMatch\":[" MATCH(
                  "oisf:suricata:*:*:*:*:*:*:*:*",
                  "") "]},{\"cpeMatch\":[" MATCH("microsoft:windows:*:*:*:*:*:*:*:*",
                                                 "") "]}]}]}},"
                                                     "{\"cve\":{\"id\":\"CVE-6\",\"vulnStatus\":"
                                                     "\"Rejected\",\"configurations\":[{\"nodes\":"
                                                     "[{\"cpeMatch\":[" MATCH(
                                                         "oisf:suricata:*:*:*:*:*:*:*:*",
                                                         "") "]}]}]}}]}"),
        FW_OK);
    ck_assert_uint_eq(feed.n, 1); /* a rejected one is none */
    ck_assert(fw_advisory_affects(&feed.v[0], FW_SV("suricata"), FW_SV("7"), &conditional));
    ck_assert(conditional);
    ck_assert(feed.v[0].exploited);
    ck_assert(!feed.v[0].has_score);
    ck_assert_int_eq(feed.time_ns, INT64_MIN);
}
END_TEST

START_TEST(no_feeds)
{
    static const char *const wrong[] = {
        "",
        "[]",
        "{}",
        "{\"vulnerabilities\":{}}",
        "{\"vulnerabilities\":[{\"cve\":{}}]}",
        "{\"vulnerabilities\":[{\"cve\":{\"id\":\"CVE-1\"}}",
        "{\"vulnerabilities\":[{\"cve\":{\"id\":\"CVE-1\"}}]} more",
        "{\"vulnerabilities\":[{\"cve\":{\"id\":\"CVE-1\"}},]}",
    };
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        ck_assert_msg(parse(wrong[i]) == FW_ERR_INVALID, "%s", wrong[i]);
    }
    ck_assert_int_eq(parse("{\"vulnerabilities\":[]}"), FW_OK);
    ck_assert_uint_eq(feed.total, 0);
}
END_TEST

Suite *fw_suite_advisories(void)
{
    Suite *suite = suite_create("advisories");
    TCase *tc = tcase_create("advisories");
    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_test(tc, versions);
    tcase_add_test(tc, ranges);
    tcase_add_test(tc, conditions);
    tcase_add_test(tc, no_feeds);
    suite_add_tcase(suite, tc);
    return suite;
}
