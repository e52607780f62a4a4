/* The site file: what it declares is read, and every mistake is named with its place, all at once.
 */
#include <stdlib.h>
#include <string.h>

#include "core/source.h"
#include "core/time.h"
#include "parsers/site.h"
#include "parsers/snort_fields.h"
#include "tests/unit/expect.h"
#include "tests/unit/random.h"
#include "tests/unit/suites.h"
#include "tests/unit/workdir.h"

static struct fw_diags *diags;
static struct fw_site site;

static void setup(void)
{
    workdir_setup();
    diags = fw_diags_new();
    write_at("configs/fw01-2026-06-30.conf", "x");
    write_at("configs/fw01-20260331T0930.conf", "x");
    write_at("configs/fw02.conf", "x");
    write_at("records/tickets.csv", "x");
}

static void teardown(void)
{
    fw_diags_free(diags);
    workdir_teardown();
}

static enum fw_err load(const char *text)
{
    write_at("site.json", text);
    return fw_site_load(&arena, at("site.json"), diags, &site);
}

static const char whole[] =
    "// the agency\n"
    "{\n"
    "  \"agency\": {\"name\": \"某某機關\", \"name_en\": \"Agency\", \"id\": \"A01\", \"level\": "
    "\"中\"},\n"
    "  \"period\": {\"name\": \"2026Q2\"}, \"as_of\": \"2026-07-05\", \"timezone\": "
    "\"Asia/Taipei\",\n"
    "  \"profile\": \"tw-gov-115\", \"retention_months\": 12, \"review_months\": 3,\n"
    "  \"zones\": [{\"name\": \"lan\", \"trust\": \"internal\",\n"
    "             \"networks\": [\"10.0.0.0/8\", \"fd00::/8\"], \"interfaces\": "
    "[\"fw01:eth1\"]}],\n"
    "  \"dns\": [\"192.0.2.53\"], \"ntp\": [\"192.0.2.1\", \"time.example.tw\"],\n"
    "  \"devices\": [\n"
    "    {\"name\": \"fw01\", \"kind\": \"firewall\", \"owner\": \"王大明\",\n"
    "     \"config\": \"configs/fw01-*.conf\", \"logs\": [\"logs/fw01/*.gz\"]},\n"
    "    {\"name\": \"fw02\", \"kind\": \"firewall\", \"format\": \"cisco-asa\", \"host\": "
    "\"edge\",\n"
    "     \"timezone\": \"UTC\", \"config\": {\"file\": \"configs/fw02.conf\", \"taken\": "
    "\"2026-06-01\"}},\n"
    "    {\"name\": \"ids01\", \"kind\": \"ids\", \"rules\": \"ids/*.rules\", \"logs_required\": "
    "false},\n"
    "    {\"name\": \"fw03\", \"kind\": \"firewall\", \"config\": [\"configs/fw03-*.conf\"]},\n"
    "  ],\n"
    "  \"tickets\": \"records/tickets.csv\", \"decisions\": \"records/none-yet.csv\",\n"
    "  \"ticket_pattern\": \"CHG-[0-9]+\", \"reviews\": \"packs\",\n"
    "  \"waivers\": [{\"check\": \"RUL-002\", \"device\": \"fw01\", \"fingerprint\": "
    "\"0123456789ab\",\n"
    "    \"reason\": \"r\", \"by\": \"李主任\", \"compensating\": \"c\",\n"
    "    \"approved\": \"2026-05-01\", \"expires\": \"2026-12-31\"}],\n"
    "  \"not_applicable\": [{\"check\": \"IDS-002\", \"reason\": \"r\", \"by\": \"b\"}],\n"
    "  \"attestations\": [{\"check\": \"RET-002\", \"verdict\": \"pass\", \"statement\": \"s\",\n"
    "    \"by\": \"b\", \"made\": \"2026-07-01\", \"expires\": \"2027-06-30\"}],\n"
    "  \"thresholds\": {\"LOG-003.completeness_percent\": 98.5}\n"
    "}\n";

START_TEST(whole_site)
{
    enum fw_err err = load(whole);
    if (fw_diags_count(diags) > 0) {
        fw_diags_print(diags, stderr, false);
    }
    ck_assert_int_eq(err, FW_OK);
    expect_sv(site.agency, "某某機關");
    expect_sv(site.level, "中");
    expect_sv(site.profile, "tw-gov-115");
    expect_time(site.from_ns, "2026-04-01T00:00:00+08:00");
    expect_time(site.to_ns, "2026-06-30T23:59:59+08:00");
    expect_time(site.as_of_ns, "2026-07-05T23:59:59+08:00");
    ck_assert_uint_eq(site.retention_months, 12);
    ck_assert(site.has_retention_months);
    ck_assert_uint_eq(site.nzones, 1);
    ck_assert_int_eq(site.zones[0].trust, FW_TRUST_INTERNAL);
    ck_assert_uint_eq(site.zones[0].networks->n, 2);
    ck_assert_uint_eq(site.ndns, 1);
    ck_assert_uint_eq(site.nntp, 2);
    ck_assert_uint_eq(site.ndevices, 4);
    expect_sv(site.tickets, "records/tickets.csv");
    expect_sv(site.reviews, "packs");
    ck_assert_uint_eq(site.nexceptions, 2);
    ck_assert(site.exceptions[0].waiver);
    expect_time(site.exceptions[0].expires_ns, "2026-12-31T23:59:59+08:00");
    ck_assert(!site.exceptions[1].waiver);
    ck_assert_uint_eq(site.nattestations, 1);
    ck_assert(site.attestations[0].pass);
    ck_assert_uint_eq(site.nthresholds, 1);
    ck_assert_double_eq(site.thresholds[0].value, 98.5);
}
END_TEST

START_TEST(snapshots)
{
    ck_assert_int_eq(load(whole), FW_OK);
    const struct fw_site_device *fw01 = fw_site_device_find(&site, FW_SV("fw01"));
    ck_assert_uint_eq(fw01->nsnapshots, 2);
    expect_sv(fw01->snapshots[0].path, "configs/fw01-20260331T0930.conf");
    expect_time(fw01->snapshots[0].taken_ns, "2026-03-31T09:30:00+08:00");
    expect_sv(fw01->snapshots[1].path, "configs/fw01-2026-06-30.conf");
    expect_time(fw01->snapshots[1].taken_ns, "2026-06-30T00:00:00+08:00");
    ck_assert(fw01->logs_required);
    const struct fw_site_device *fw02 = fw_site_device_find(&site, FW_SV("fw02"));
    ck_assert_uint_eq(fw02->nsnapshots, 1);
    ck_assert_int_eq(fw02->zone_seconds, 0);
    expect_time(fw02->snapshots[0].taken_ns, "2026-06-01T08:00:00+08:00");
    const struct fw_site_device *fw03 = fw_site_device_find(&site, FW_SV("fw03"));
    ck_assert_uint_eq(fw03->nsnapshots, 0);
    expect_sv(fw03->config_missing, "configs/fw03-*.conf");
    const struct fw_site_device *ids = fw_site_device_find(&site, FW_SV("ids01"));
    ck_assert(!ids->logs_required);
    expect_sv(ids->rules[0], "ids/*.rules");
    ck_assert_ptr_null(fw_site_device_find(&site, FW_SV("fw04")));
}
END_TEST

/* "@" stands for the place of the mistake in a site that is otherwise right. */
#define AGENCY "{\"agency\": {\"name\": \"a\"},\n"
#define DEVICE "\"devices\": [{\"name\": \"fw01\", \"kind\": \"firewall\"}]}"

static const struct {
    const char *text;
    uint32_t line, column;
    const char *message;
} mistakes[] = {
    {"{", 1, 2, "expected a key"},
    {"[]", 1, 1, "a site file must be an object"},
    {AGENCY "\"devics\": []}", 2, 1, "did you mean \"devices\"?"},
    {AGENCY "\"devices\": {}}", 2, 12, "\"devices\" in a site file must be an array"},
    {AGENCY "\"devices\": []}", 2, 12, "a site has at least one device"},
    {"{\"agency\": {\"nme\": \"a\"},\n" DEVICE, 1, 13, "did you mean \"name\"?"},
    {"{\"agency\": {\"name\": \"a\", \"level\": \"high\"},\n" DEVICE, 1, 35,
     "expected one of 普, 中, 高"},
    {AGENCY "\"as_of\": \"115-07-05\",\n" DEVICE, 2, 10, "is no date"},
    {AGENCY "\"as_of\": \"2026-02-30\",\n" DEVICE, 2, 10, "is no date"},
    {AGENCY "\"timezone\": \"Taipei\",\n" DEVICE, 2, 13, "is no time zone"},
    {AGENCY "\"period\": {\"name\": \"spring\"},\n" DEVICE, 2, 11, "period needs"},
    {AGENCY "\"period\": {\"name\": \"2026Q2\"}, \"as_of\": \"2026-01-01\",\n" DEVICE, 2, 40,
     "before the period begins"},
    {AGENCY "\"retention_months\": 0,\n" DEVICE, 2, 21, "a whole number from 1 to 240"},
    {AGENCY "\"retention_months\": 6.5,\n" DEVICE, 2, 21, "a whole number from 1 to 240"},
    {AGENCY "\"zones\": [{\"name\": \"z\", \"trust\": \"intern\"}],\n" DEVICE, 2, 34,
     "did you mean \"internal\"?"},
    {AGENCY
     "\"zones\": [{\"name\": \"z\", \"trust\": \"dmz\", \"networks\": [\"10.0.0.1/8\"]}],\n" DEVICE,
     2, 54, "did you mean \"10.0.0.0/8\"?"},
    {AGENCY "\"dns\": [\"localhost\"],\n" DEVICE, 2, 9, "expected an address"},
    {AGENCY "\"tickets\": \"records/ticket.csv\",\n" DEVICE, 2, 12,
     "did you mean \"tickets.csv\"?"},
    {AGENCY "\"ticket_pattern\": \"CHG-(\",\n" DEVICE, 2, 19, "is no regular expression"},
    {AGENCY "\"thresholds\": {\"x\": 1},\n" DEVICE, 2, 16, "a threshold is named like"},
    {AGENCY "\"thresholds\": {\"RET-001.months\": -1},\n" DEVICE, 2, 34, "from 0 to 100000"},
    {AGENCY "\"thresholds\": {\"IDS-002.days\": 1e300},\n" DEVICE, 2, 32, "from 0 to 100000"},
    {AGENCY "\"devices\": [{\"name\": \"fw01\", \"kind\": \"firewal\"}]}", 2, 38,
     "did you mean \"firewall\"?"},
    {AGENCY "\"devices\": [{\"name\": \"s\", \"kind\": \"ids\",\n"
            "\"alert_csv_fields\": \"timestamp,sig_id,scrport\"}]}",
     3, 21, "unknown value \"scrport\", did you mean \"srcport\"?"},
    {AGENCY "\"devices\": [{\"name\": \"s\", \"kind\": \"ids\",\n"
            "\"alert_csv_fields\": [\"timestamp\", \"rulee\"]}]}",
     3, 21, "did you mean \"rule\"?"},
    {AGENCY "\"devices\": [{\"name\": \"s\", \"kind\": \"ids\",\n"
            "\"alert_csv_fields\": \"timestamp msg\"}]}",
     3, 21, "needs \"timestamp\" and one of"},
    {AGENCY "\"devices\": [{\"name\": \"fw01\", \"kind\": \"ids\"},\n"
            "{\"name\": \"fw01\", \"kind\": \"ids\"}]}",
     3, 10, "device \"fw01\" is declared twice, first in line 2"},
    {AGENCY "\"devices\": [{\"name\": \"fw01\", \"kind\": \"firewall\",\n"
            "\"config\": \"configs/fw2.conf\"}]}",
     3, 11, "there is no file \"configs/fw2.conf\", did you mean \"fw02.conf\"?"},
    {AGENCY "\"devices\": [{\"name\": \"fw01\", \"kind\": \"firewall\",\n"
            "\"config\": [\"configs/fw02.conf\", \"configs/fw02.conf\"]}]}",
     3, 33, "is named twice"},
    {AGENCY "\"devices\": [{\"name\": \"fw01\", \"kind\": \"firewall\",\n"
            "\"config\": [{\"file\": \"configs/fw02.conf\", \"taken\": \"soon\"}]}]}",
     3, 51, "is no date"},
    {AGENCY "\"waivers\": [{\"check\": \"RUL-001\", \"reason\": \"r\", \"by\": \"b\",\n"
            "\"compensating\": \"c\", \"approved\": \"2026-01-01\"}],\n" DEVICE,
     2, 13, "a waiver lacks the key \"expires\""},
    {AGENCY "\"waivers\": [{\"check\": \"RUL-001\", \"reason\": \"r\", \"by\": \"b\",\n"
            "\"compensating\": \"c\", \"approved\": \"2026-01-01\", \"expires\": "
            "\"2027-06-01\"}],\n" DEVICE,
     3, 59, "a waiver is for one year at most"},
    {AGENCY "\"waivers\": [{\"check\": \"RUL-001\", \"reason\": \"r\", \"by\": \"b\",\n"
            "\"compensating\": \"c\", \"approved\": \"2026-01-02\", \"expires\": "
            "\"2026-01-01\"}],\n" DEVICE,
     3, 59, "expires before it was made"},
    {AGENCY "\"waivers\": [{\"check\": \"RUL-001\", \"reason\": \"r\", \"by\": \"b\",\n"
            "\"compensating\": \"c\", \"approved\": \"2026-01-01\", \"expires\": \"2026-06-01\",\n"
            "\"device\": \"fw1\", \"fingerprint\": \"XYZ\"}],\n" DEVICE,
     4, 11, "did you mean \"fw01\"?"},
    {AGENCY "\"not_applicable\": [{\"check\": \"RUL-001\", \"by\": \"b\"}],\n" DEVICE, 2, 20,
     "an entry of not_applicable lacks the key \"reason\""},
    {AGENCY
     "\"attestations\": [{\"check\": \"RUL-001\", \"verdict\": \"ok\", \"statement\": \"s\",\n"
     "\"by\": \"b\", \"made\": \"2026-07-01\", \"expires\": \"2026-08-01\"}],\n" DEVICE,
     2, 50, "expected one of pass, fail"},
};

START_TEST(mistakes_are_named)
{
    ck_assert_int_eq(load(mistakes[_i].text), FW_ERR_INVALID);
    bool found = false;
    for (size_t i = 0; i < fw_diags_count(diags); i++) {
        const struct fw_diag *d = fw_diags_at(diags, i);
        ck_assert_int_eq(d->id, FW_DIAG_ID_SITE_INVALID);
        found = found || (fw_sv_find(d->message, fw_sv_from(mistakes[_i].message)) != SIZE_MAX &&
                          d->span.line == mistakes[_i].line && d->column == mistakes[_i].column);
    }
    const struct fw_diag *first = fw_diags_at(diags, 0);
    ck_assert_msg(found, "no \"%s\" at %u:%u; first of %zu: %u:%u %.*s", mistakes[_i].message,
                  mistakes[_i].line, mistakes[_i].column, fw_diags_count(diags), first->span.line,
                  first->column, FW_SV_ARG(first->message));
}
END_TEST

START_TEST(all_at_once)
{
    ck_assert_int_eq(
        load("{\"agency\": {\"nam\": 1},\n\"timezone\": \"Mars\", \"tickets\": \"no.csv\",\n"
             "\"devices\": [{\"name\": \"\", \"kind\": 3, \"config\": \"no.conf\", \"x\": 1},\n"
             "7]}"),
        FW_ERR_INVALID);
    /* agency: unknown key, no name; zone; no tickets; device: no name, kind, config, x; 7 */
    ck_assert_uint_eq(fw_diags_total(diags, FW_DIAG_ERROR), 9);
}
END_TEST

/* The example that people copy is right. */
START_TEST(documented_example)
{
    fw_sv page;
    struct fw_source_info info;
    ck_assert_int_eq(
        fw_source_load(FW_SOURCE_ROOT "/docs/site-file.md", 1 << 20, &arena, &page, &info), FW_OK);
    size_t from = fw_sv_find(page, FW_SV("```jsonc\n"));
    ck_assert(from != SIZE_MAX);
    fw_sv example = fw_sv_sub(page, from + 9, page.n);
    example = fw_sv_sub(example, 0, fw_sv_find(example, FW_SV("```")));
    static const char *const files[] = {"configs/fw02-before.cfg", "configs/fw02.cfg",
                                        "ids/update.log", "records/isms-p-07.pdf"};
    for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
        write_at(files[i], "x");
    }
    enum fw_err err = load(fw_arena_cstr(&arena, example));
    if (err != FW_OK) {
        fw_diags_print(diags, stderr, false);
    }
    ck_assert_int_eq(err, FW_OK);
    ck_assert_uint_eq(site.ndevices, 3);
}
END_TEST

START_TEST(no_site_file)
{
    ck_assert_int_eq(fw_site_load(&arena, "/nonexistent/site.json", diags, &site), FW_ERR_NOENT);
    ck_assert_int_eq(fw_diags_at(diags, 0)->id, FW_DIAG_ID_FILE_UNREADABLE);
}
END_TEST

/* Cut anywhere, it is refused or read, never a crash. */
START_TEST(cut_anywhere)
{
    for (size_t n = 0; n + 2 < sizeof(whole); n += 7) {
        fw_sv part = fw_sv_of(whole, n);
        ck_assert_int_eq(load(fw_arena_cstr(&arena, part)), FW_ERR_INVALID);
    }
}
END_TEST

/* Any bytes are refused or read; nothing crashes. */
START_TEST(damaged)
{
    struct test_random random = test_random_start("damaged site");
    static const char bytes[] = "{}[]\",:\\ 0a\n\xe7\x01*";
    for (int round = 0; round < 1000; round++) {
        char text[sizeof(whole)];
        memcpy(text, whole, sizeof(whole));
        for (unsigned edits = 1 + test_random_below(&random, 5); edits > 0; edits--) {
            text[test_random_below(&random, sizeof(whole) - 1)] =
                bytes[test_random_below(&random, sizeof(bytes) - 1)];
        }
        uint64_t before = fw_diags_total(diags, FW_DIAG_NOTE);
        enum fw_err err = load(text);
        ck_assert(err == FW_OK || err == FW_ERR_INVALID);
        ck_assert((err == FW_OK) == (fw_diags_total(diags, FW_DIAG_NOTE) == before));
    }
}
END_TEST

START_TEST(dates_in_names)
{
    static const struct {
        const char *name, *taken;
    } cases[] = {
        {"a_2026-04-01.cfg", "2026-04-01T00:00:00+08:00"},
        {"a-20260401.cfg", "2026-04-01T00:00:00+08:00"},
        {"20260401-235959.cfg", "2026-04-01T23:59:59+08:00"},
        {"a-2026_04_01T01-02.cfg", "2026-04-01T01:02:00+08:00"},
        {"a-202604011.cfg", NULL},
        {"a-20261301.cfg", NULL},
        {"fw-10.0.0.1.cfg", NULL},
        {"a-2026-0401.cfg", NULL},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        write_at(cases[i].name, "x");
        fw_sv text = fw_arena_printf(
            &arena,
            "{\"agency\": {\"name\": \"a\"}, \"timezone\": \"+08:00\", \"devices\": "
            "[{\"name\": \"d\", \"kind\": \"other\", \"config\": \"%s\"}]}",
            cases[i].name);
        ck_assert_int_eq(load(text.p), FW_OK);
        if (cases[i].taken) {
            expect_time(site.devices[0].snapshots[0].taken_ns, cases[i].taken);
        } else {
            ck_assert_msg(site.devices[0].snapshots[0].taken_ns == INT64_MIN, "%s has a date",
                          cases[i].name);
        }
    }
}
END_TEST

/* As snort.conf writes them, as snort.lua does, and as a list. */
START_TEST(alert_csv_fields)
{
    static const char *const forms[] = {"\"timestamp,sig_id, msg\"", "\"timestamp sig_id msg\"",
                                        "[\"timestamp\", \"sig_id\", \"msg\"]"};
    for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
        fw_sv text = fw_arena_printf(&arena,
                                     "{\"agency\": {\"name\": \"a\"}, \"devices\": [{\"name\": "
                                     "\"d\", \"kind\": \"ids\", \"alert_csv_fields\": %s}, "
                                     "{\"name\": \"e\", \"kind\": \"ids\"}]}",
                                     forms[i]);
        ck_assert_int_eq(load(text.p), FW_OK);
        const struct fw_snort_fields *fields = site.devices[0].csv_fields;
        ck_assert_uint_eq(fields->n, 3);
        ck_assert_str_eq(fw_snort_field_names[fields->v[0]], "timestamp");
        ck_assert_str_eq(fw_snort_field_names[fields->v[1]], "sig_id");
        ck_assert_str_eq(fw_snort_field_names[fields->v[2]], "msg");
        ck_assert_ptr_null(site.devices[1].csv_fields);
    }
}
END_TEST

Suite *fw_suite_site(void)
{
    Suite *suite = suite_create("site");
    TCase *tests = tcase_create("site");
    tcase_set_timeout(tests, 60);
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, whole_site);
    tcase_add_test(tests, snapshots);
    tcase_add_loop_test(tests, mistakes_are_named, 0, sizeof(mistakes) / sizeof(mistakes[0]));
    tcase_add_test(tests, all_at_once);
    tcase_add_test(tests, documented_example);
    tcase_add_test(tests, no_site_file);
    tcase_add_test(tests, cut_anywhere);
    tcase_add_test(tests, damaged);
    tcase_add_test(tests, dates_in_names);
    tcase_add_test(tests, alert_csv_fields);
    suite_add_tcase(suite, tests);
    return suite;
}
