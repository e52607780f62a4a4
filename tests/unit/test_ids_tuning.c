/* Tuning entries, what their comments say, and which addresses variables stand for. */
#include <check.h>
#include <stdlib.h>

#include "parsers/idsnote.h"
#include "parsers/idstuning.h"
#include "tests/unit/idsparse.h"
#include "tests/unit/suites.h"

extern const struct fw_parser fw_parser_ids_threshold;

static void parse(struct idsparse *p, const char *text)
{
    idsparse(p, &fw_parser_ids_threshold, "threshold.conf", fw_sv_from(text));
}

/* Options of rules: the words of thresholds without a signature. */
START_TEST(options)
{
    static const struct {
        const char *text;
        bool good;
    } rows[] = {
        {"type limit, track by_src, count 1, seconds 60", true},
        {"track by_dst,seconds 10,count 5", true},
        {"track by_src, count 3, seconds 60, unique_on src_port", true},
        {"type both, track by_flow, count 1, multiplier 10", true},
        {"type limit, count 1, seconds 60", false}, /* of whom? */
        {"gen_id 1, track by_src, count 1, seconds 60", false},
        {"track by_src, count x, seconds 60", false},
        {"track by_src,, count 1", false},
        {"", false},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct fw_tuning t;
        bool good = fw_idstuning_option(FW_TUNING_THRESHOLD, fw_sv_from(rows[i].text), &t);
        ck_assert_msg(good == rows[i].good, "%s", rows[i].text);
        ck_assert(!good || t.in_rule);
    }
}
END_TEST

/* For every address is for every address, however it is written. */
START_TEST(silencing)
{
    static const bool silences[] = {true, true, true, false, false};
    struct idsparse p;
    parse(&p, "suppress gen_id 1, sig_id 1\n"
              "suppress gen_id 1, sig_id 2, track by_src, ip any\n"
              "suppress gen_id 1, sig_id 3, track by_src, ip [192.0.2.1,0.0.0.0/0]\n"
              "suppress gen_id 1, sig_id 4, track by_src, ip [any,!192.0.2.1]\n"
              "suppress gen_id 1, sig_id 5, track by_src, ip !any\n");
    ck_assert_uint_eq(p.rules.conf.ntunings, 5);
    for (size_t i = 0; i < 5; i++) {
        ck_assert_int_eq(fw_tuning_silences(&p.rules.conf.tunings[i]), silences[i]);
    }
    idsparse_clear(&p);
}
END_TEST

START_TEST(entries)
{
    struct idsparse p;
    parse(&p, "suppress gen_id 1, sig_id 1852, track by_src, ip ![192.0.2.0/24,10.0.0.1]\n"
              "event_filter gen_id 1, sig_id 7, type limit, \\\n"
              " track by_dst, count 1, seconds 60 # why\n"
              "suppress gen_id 122, sig_id 0\n"
              "suppress gen_id 0, sig_id 0\n"
              "rate_filter gen_id 135, sig_id 1, track by_rule, count 100, seconds 1, "
              "new_action drop, timeout 10\n"
              "threshold gen_id 1, sig_id 8, type both, track by_src, count -1, seconds 5\n"
              "suppress gen_id 1, sig_id 4294967296\n"
              "event_filter gen_id 1, sig_id 9, track by_src, count 1, seconds 60\n");
    const struct fw_idsconf *c = &p.rules.conf;
    ck_assert_uint_eq(c->ntunings, 6);
    idsparse_lines(&p, 7, 0, 0, 2);
    const struct fw_tuning *t = c->tunings;
    ck_assert_int_eq(t[0].kind, FW_TUNING_SUPPRESS);
    ck_assert_int_eq(t[0].select, FW_SELECT_SID);
    ck_assert_uint_eq(t[0].sid, 1852);
    ck_assert_uint_eq(t[0].sid_last, 1852);
    ck_assert_int_eq(t[0].track, FW_TRACK_BY_SRC);
    ck_assert(t[0].negated && !fw_tuning_silences(&t[0]));
    idsparse_is(t[0].addresses, "[192.0.2.0/24,10.0.0.1]");
    ck_assert_uint_eq(t[1].span.line, 2);
    ck_assert_uint_eq(t[1].count, 1);
    ck_assert_uint_eq(t[1].seconds, 60);
    idsparse_is(t[1].note.text, "why");
    ck_assert(t[2].select == FW_SELECT_GID && t[2].gid == 122 && fw_tuning_silences(&t[2]));
    ck_assert_int_eq(t[3].select, FW_SELECT_ALL);
    ck_assert_int_eq(t[4].track, FW_TRACK_BY_RULE);
    idsparse_is(t[4].type, "drop");
    ck_assert_uint_eq(t[4].timeout, 10);
    ck_assert(!t[5].has_count);
    idsparse_clear(&p);
}
END_TEST

START_TEST(notes)
{
    struct idsparse p;
    parse(&p, "# about the file; reason: none of an entry\n"
              "\n"
              "# ----\n"
              "# reason: backups: nightly; BY: Chen\n"
              "# date: 2026-01-31; review-by: 2026-07-31\n"
              "suppress gen_id 1, sig_id 1 # by: Lin; ticket: C-1\n"
              "suppress gen_id 1, sig_id 2\n"
              "# 理由：掃描主機；核准人：王大同；日期：2026/02/02；複查日：2026-02-30；單號：甲1\n"
              "suppress gen_id 1, sig_id 3\n");
    const struct fw_tuning *t = p.rules.conf.tunings;
    ck_assert_uint_eq(p.rules.conf.ntunings, 3);
    idsparse_is(t[0].note.reason, "backups: nightly");
    idsparse_is(t[0].note.author, "Lin");
    idsparse_is(t[0].note.ticket, "C-1");
    ck_assert_int_eq(t[0].note.dated.year, 2026);
    ck_assert_uint_eq(t[0].note.due.month, 7);
    ck_assert_uint_eq(t[1].note.text.n, 0);
    ck_assert_uint_eq(t[1].note.reason.n, 0);
    idsparse_is(t[2].note.reason, "掃描主機");
    idsparse_is(t[2].note.author, "王大同");
    ck_assert_uint_eq(t[2].note.dated.day, 2);
    idsparse_is(t[2].note.review_by, "2026-02-30");
    ck_assert_int_eq(t[2].note.due.year, 0);
    idsparse_is(t[2].note.ticket, "甲1");
    idsparse_clear(&p);
}
END_TEST

START_TEST(sids)
{
    struct fw_tuning t = {0};
    ck_assert(fw_idstuning_sids(FW_SV("2000"), &t) && t.gid == 1 && t.sid == 2000);
    ck_assert(fw_idstuning_sids(FW_SV("3:2000-2010"), &t) && t.gid == 3 && t.sid_last == 2010);
    ck_assert(fw_idstuning_sids(FW_SV("1:20-1:30"), &t) && t.sid == 20 && t.sid_last == 30);
    ck_assert(fw_idstuning_sids(FW_SV("116:*"), &t) && t.select == FW_SELECT_GID && t.gid == 116);
    ck_assert(!fw_idstuning_sids(FW_SV("1:30-20"), &t));
    ck_assert(!fw_idstuning_sids(FW_SV("1:20-2:30"), &t));
    ck_assert(!fw_idstuning_sids(FW_SV("MS09-008"), &t));
    ck_assert(!fw_idstuning_sids(FW_SV(""), &t));
}
END_TEST

static void expect_set(const struct fw_idsconf *conf, const char *name, const char *want)
{
    const struct fw_ids_variable *v = fw_idsconf_variable(conf, fw_sv_from(name));
    struct fw_buf buf;
    fw_buf_init(&buf);
    ck_assert_ptr_nonnull(v);
    for (size_t i = 0; v->known && i < v->set->n; i++) {
        fw_buf_printf(&buf, i ? " " : "");
        fw_iprange_text(&buf, v->set->v[i]);
    }
    idsparse_is(v->any ? FW_SV("any") : v->known ? fw_buf_sv(&buf) : FW_SV("unknown"), want);
    fw_buf_clear(&buf);
}

START_TEST(variables)
{
    static const struct {
        const char *name, *value, *want;
    } rows[] = {
        {"HOME_NET", "[10.0.0.0/8,192.0.2.0/24,!10.1.0.0/16]",
         "10.0.0.0/16 10.2.0.0-10.255.255.255 192.0.2.0/24"},
        {"DMZ", "10.1.2.3", "10.1.2.3"},
        {"BOTH", "[$HOME_NET,[$DMZ,2001:db8::/32]]",
         "10.0.0.0/16 10.1.2.3 10.2.0.0-10.255.255.255 192.0.2.0/24 2001:db8::/32"},
        {"BARE", "10.0.0.0/8,192.0.2.1", "10.0.0.0/8 192.0.2.1"},
        {"ALL", "any", "any"},
        {"NOT", "![10.0.0.0/8]", "0.0.0.0-9.255.255.255 11.0.0.0-255.255.255.255 ::/0"},
        {"UNDEFINED", "$NOWHERE", "unknown"},
        {"BROKEN", "[10.0.0.0/8,host.example]", "unknown"},
    };
    struct idsparse p;
    parse(&p, "");
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        fw_idsvariable_add(&p.doc, &p.rules.conf, FW_IDS_ADDRESSES, fw_sv_from(rows[i].name),
                           fw_sv_from(rows[i].value), 0);
        expect_set(&p.rules.conf, rows[i].name, rows[i].want);
    }
    idsparse_clear(&p);
}
END_TEST

START_TEST(nested)
{
    struct idsparse p;
    char deep[4000];
    parse(&p, "");
    memset(deep, '[', sizeof(deep));
    memset(deep + sizeof(deep) / 2, ']', sizeof(deep) / 2);
    fw_idsvariable_add(&p.doc, &p.rules.conf, FW_IDS_ADDRESSES, FW_SV("DEEP"),
                       fw_sv_of(deep, sizeof(deep)), 0);
    expect_set(&p.rules.conf, "DEEP", "unknown");
    idsparse_clear(&p);
}
END_TEST

Suite *fw_suite_ids_tuning(void)
{
    Suite *suite = suite_create("ids_tuning");
    TCase *tcase = tcase_create("ids_tuning");
    tcase_add_test(tcase, options);
    tcase_add_test(tcase, entries);
    tcase_add_test(tcase, silencing);
    tcase_add_test(tcase, notes);
    tcase_add_test(tcase, sids);
    tcase_add_test(tcase, variables);
    tcase_add_test(tcase, nested);
    suite_add_tcase(suite, tcase);
    return suite;
}
