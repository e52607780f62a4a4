/* Lists of alert_csv that are no version's own: which cells become which fields. */
#include <check.h>
#include <string.h>

#include "core/buf.h"
#include "parsers/logfile.h"
#include "parsers/snort_fields.h"
#include "tests/unit/mangle.h"
#include "tests/unit/suites.h"

static struct fw_snort_fields fields;
static struct fw_logfile *file;

static void setup(void)
{
    memset(&fields, 0, sizeof(fields));
    ck_assert_int_eq(fw_logfile_new(NULL, NULL, &file), FW_OK);
}

static void teardown(void)
{
    fw_logfile_free(file);
}

static const struct fw_logline *judge(const char *list, const char *line)
{
    fw_sv wrong;
    fields.n = 0;
    ck_assert_int_eq(fw_snort_fields_add(fw_sv_from(list), &fields, &wrong), FW_SNORT_FIELDS_GOOD);
    ck_assert_int_eq(fw_snort_fields_judge(&fields), FW_SNORT_FIELDS_GOOD);
    fw_logfile_csv_fields(file, &fields);
    return fw_logfile_judge(file, fw_sv_from(line));
}

static void expect(fw_sv text, const char *expected)
{
    ck_assert_msg(fw_sv_is(text, expected), "%.*s, not %s", FW_SV_ARG(text), expected);
}

/* Snort 3 writes ":0" behind the address of a protocol without ports. */
START_TEST(addresses_without_ports)
{
    const struct fw_logline *line = judge(
        "timestamp,rule,proto,src_ap,dst_ap,icmp_type",
        "06/14-10:00:01.123456,1:2900002:1,IPv6-ICMP,2001:db8::1:0,ff02::16:0,135");
    ck_assert_int_eq(line->verdict, FW_LINE_USED);
    const struct fw_event *ev = &line->event;
    ck_assert(fw_ip_eq(ev->src, fw_ip6(UINT64_C(0x20010db800000000), 1)));
    ck_assert(fw_ip_eq(ev->dst, fw_ip6(UINT64_C(0xff02000000000000), 0x16)));
    ck_assert(!fw_event_has(ev, FW_EV_sport));
    ck_assert_uint_eq(ev->icmp_type, 135);
    line = judge("timestamp,rule,proto,src_ap,dst_ap",
                 "06/14-10:00:01.123456,1:2900002:1,UDP,2001:db8::1:53,192.0.2.1:54");
    ck_assert_int_eq(line->verdict, FW_LINE_USED);
    ck_assert(fw_ip_eq(line->event.src, fw_ip6(UINT64_C(0x20010db800000000), 1)));
    ck_assert_uint_eq(line->event.sport, 53);
    ck_assert_uint_eq(line->event.dport, 54);
}
END_TEST

/* snort.conf: output alert_csv: alert.csv msg,sig_id,... */
START_TEST(snort2_list)
{
    const struct fw_logline *line = judge(
        "msg,sig_id,sig_rev,sig_generator,dstport,dst,srcport,src,proto,ttl,timestamp",
        "\"DEMO \"\"SMB\"\", probe\",2900002,2,3,445,192.0.2.10,40000,198.51.100.7,TCP,64,"
        "06/14/26-10:00:01.877970 ");
    ck_assert_int_eq(line->verdict, FW_LINE_USED);
    ck_assert_str_eq(line->parser->name, "snort-list");
    const struct fw_event *ev = &line->event;
    ck_assert_uint_eq(ev->alert_gid, 3);
    ck_assert_uint_eq(ev->alert_sid, 2900002);
    ck_assert_uint_eq(ev->rule_version, 2);
    ck_assert_uint_eq(ev->sport, 40000);
    ck_assert_uint_eq(ev->dport, 445);
    ck_assert_int_eq(ev->time.year, 2026);
    ck_assert_int_eq(ev->time.month, 6);
    expect(ev->rule_name, "DEMO \"SMB\", probe");
    expect(ev->transport, "tcp");
}
END_TEST

/* snort.lua: alert_csv = { fields = 'rule priority ...' }; the same cells mean what the list says.
 */
START_TEST(snort3_list)
{
    static const char cells[] =
        "1:2900004:1, 2, Misc activity, block, 198.51.100.7:40001, 192.0.2.10:80, TCP, http, "
        "06/14-10:00:03.123456";
    const struct fw_logline *line = judge(
        "rule priority class action src_ap dst_ap proto service timestamp", cells);
    ck_assert_int_eq(line->verdict, FW_LINE_USED);
    ck_assert_uint_eq(line->event.alert_sid, 2900004);
    ck_assert_uint_eq(line->event.severity, 2);
    ck_assert_uint_eq(line->event.sport, 40001);
    expect(line->event.rule_category, "Misc activity");
    expect(line->event.action, "drop");
    expect(line->event.app, "http");
    line = judge("rule priority class action dst_ap src_ap proto service timestamp", cells);
    ck_assert_int_eq(line->verdict, FW_LINE_USED);
    ck_assert_uint_eq(line->event.sport, 80);
    ck_assert_uint_eq(line->event.dport, 40001);
    fw_logfile_csv_fields(file, NULL);
    ck_assert_int_ne(fw_logfile_judge(file, fw_sv_from(cells))->verdict, FW_LINE_USED);
}
END_TEST

/* Before the list was set the sensor wrote its version's own; other lines are nobody's alerts. */
START_TEST(other_lines)
{
    static const char list[] = "timestamp,sid,msg,src_addr,dst_addr";
    const struct fw_logline *line = judge(
        list, "06/14-10:00:03.123456, 7, TCP, raw, 60, C2S, 198.51.100.7:40001, 192.0.2.10:80, "
              "1:2900004:1, allow");
    ck_assert_int_eq(line->verdict, FW_LINE_USED);
    ck_assert_uint_eq(line->event.alert_sid, 2900004);
    line = judge(list, "06/14-10:00:03.123456,2900005,\"a, b\",198.51.100.7,192.0.2.10");
    ck_assert_int_eq(line->verdict, FW_LINE_USED);
    ck_assert_uint_eq(line->event.alert_sid, 2900005);
    expect(line->event.rule_name, "a, b");
    line = judge(list, "06/14-10:00:03.123456,2900005,a,198.51.100.7");
    ck_assert_int_eq(line->verdict, FW_LINE_BAD);
    line = judge(list, "06/14-10:00:03.123456,many,a,198.51.100.7,192.0.2.10");
    ck_assert_int_eq(line->verdict, FW_LINE_BAD);
    line = judge(list, "yesterday,2900005,a,198.51.100.7,192.0.2.10");
    ck_assert_int_eq(line->verdict, FW_LINE_BAD);
    /* a longer line is not cut to the list's length */
    line = judge(list, "06/14-10:00:03.123456,2900005,a,198.51.100.7,192.0.2.10,1,2,3,4,5,6,7,8,9,"
                       "1,2,3,4,5,6,7,8,9,1,2,3,4,5,6,7,8,9,1,2,3,4,5,6,7,8,9,1,2,3,4,5,6,7,8,9,1,"
                       "2,3,4,5,6,7,8,9,1,2,3,4,5,6,7,8,9");
    ck_assert_int_eq(line->verdict, FW_LINE_BAD);
}
END_TEST

static void judge_damaged(const void *context, fw_sv line)
{
    (void)context;
    const struct fw_logline *judged = fw_logfile_judge(file, line);
    if (judged->verdict == FW_LINE_USED && judged->parser &&
        strcmp(judged->parser->name, "snort-list") == 0) {
        ck_assert(fw_event_has(&judged->event, FW_EV_time)); /* an alert has its time and rule */
        ck_assert(judged->event.alert_gid != 0);
    }
}

START_TEST(damaged)
{
    static const char line[] =
        "\"a \"\"b\"\", c\",2900002,3,198.51.100.7,06/14/26-10:00:01.877970 ";
    judge("msg,sig_id,sig_generator,src,timestamp", line);
    mangle(fw_sv_from(line), FW_SV("\0 \",:[\\]9\xff"), judge_damaged, NULL);
}
END_TEST

START_TEST(wrong_lists)
{
    fw_sv wrong = {0};
    struct fw_snort_fields list = {0};
    ck_assert_int_eq(fw_snort_fields_add(FW_SV("timestamp, sid,sidd"), &list, &wrong),
                     FW_SNORT_FIELDS_UNKNOWN);
    expect(wrong, "sidd");
    ck_assert_uint_eq(list.n, 2);
    for (size_t i = 2; i < FW_SNORT_FIELDS_MAX; i++) {
        ck_assert_int_eq(fw_snort_fields_add(FW_SV("ttl"), &list, &wrong), FW_SNORT_FIELDS_GOOD);
    }
    ck_assert_int_eq(fw_snort_fields_add(FW_SV("ttl"), &list, &wrong), FW_SNORT_FIELDS_MANY);
    list.n = 1; /* a time alone is no alert */
    ck_assert_int_eq(fw_snort_fields_judge(&list), FW_SNORT_FIELDS_INCOMPLETE);
    /* every name of the table is found, and under its own index */
    for (size_t i = 0; i < fw_snort_field_names_n; i++) {
        list.n = 0;
        ck_assert_int_eq(fw_snort_fields_add(fw_sv_from(fw_snort_field_names[i]), &list, &wrong),
                         FW_SNORT_FIELDS_GOOD);
        ck_assert_uint_eq(list.v[0], i);
    }
    /* alert_json is Snort 3's: it has no "sig_id" */
    ck_assert_int_eq(fw_snort_field_json(FW_SV("sig_id")), FW_SNORT_NONE);
    ck_assert_int_eq(fw_snort_field_json(FW_SV("sid")), FW_SNORT_SID);
}
END_TEST

Suite *fw_suite_snort_list(void)
{
    Suite *suite = suite_create("snort_list");
    TCase *tcase = tcase_create("all");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, addresses_without_ports);
    tcase_add_test(tcase, snort2_list);
    tcase_add_test(tcase, snort3_list);
    tcase_add_test(tcase, other_lines);
    tcase_add_test(tcase, damaged);
    tcase_add_test(tcase, wrong_lists);
    suite_add_tcase(suite, tcase);
    return suite;
}
