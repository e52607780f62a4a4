/* Rule files: which signatures they hold, enabled or not, and what they say of themselves. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/limits.h"
#include "tests/unit/idsparse.h"
#include "tests/unit/mangle.h"
#include "tests/unit/suites.h"

extern const struct fw_parser fw_parser_snort_rules;

static void parse(struct idsparse *p, fw_sv text)
{
    idsparse(p, &fw_parser_snort_rules, "test.rules", text);
}

static const char text[] =
    "# (C) Copyright 2001-2004, Somebody\n"
    "#----------\n"
    "# Demonstration rule set, version 20260530\n"
    "# Generated 2026-05-30 06:00:00 UTC\n"
    "\n"
    "alert tcp $EXTERNAL_NET any -> $HOME_NET 445 (msg:\"DEMO (SMB) \\\"probe\\\"\\; one\"; "
    "flags:S; "
    "classtype:attempted-recon; sid:2900002; rev:2; metadata:created_at 2023_07_01, updated_at "
    "2025_01_15;)\n"
    "#alert icmp any any -> $HOME_NET any (msg:\"DEMO ping\"; itype:8; sid:2900003; rev:1;)\n"
    "# alert on everything (see the manual)\n"
    "drop http any any -> any any ( \\\n"
    "    msg:\"in several lines\"; \\\n"
    "    pcre:\"/['\\\"]x/\"; sid:7; )\n"
    "alert http\n"
    "(\n"
    "    msg:\"Snort 3\";\n"
    "    gid:116; sid:8;\n"
    ") # end\n"
    "accept:hook tcp:all any any <> any any (sid:1000;)\n"
    "pass tcp any any -> any 80 (msg:\"no sid\";)\n"
    "include more.rules\n"
    "alert udp any any -> any 53 (msg:\"never closed\"; sid:9;\n"
    "alert udp any any -> any 53 (msg:\"after it\"; sid:10; metadata:updated_at 2026_06_01;)";

/* Rules that only set a mark for others never alert. */
START_TEST(noalert)
{
    static const bool want[] = {false, true, true};
    struct idsparse p;
    parse(&p, FW_SV("alert tcp any any -> any any (flowbits:set,x; sid:1;)\n"
                    "alert tcp any any -> any any (flowbits:set,x; flowbits: noalert; sid:2;)\n"
                    "alert tcp any any -> any any (noalert; sid:3;)\n"));
    ck_assert_uint_eq(p.rules.n, 3);
    for (size_t i = 0; i < 3; i++) {
        ck_assert_int_eq(p.rules.v[i].noalert, want[i]);
    }
    idsparse_clear(&p);
}
END_TEST

START_TEST(signatures)
{
    static const struct {
        uint32_t gid, sid, rev, line;
        bool enabled;
        const char *action, *protocol, *msg, *classtype, *updated;
    } expected[] = {
        {1, 2900002, 2, 6, true, "alert", "tcp", "DEMO (SMB) \"probe\"; one", "attempted-recon",
         "2025_01_15"},
        {1, 2900003, 1, 7, false, "alert", "icmp", "DEMO ping", "", ""},
        {1, 7, 0, 9, true, "drop", "http", "in several lines", "", ""},
        {116, 8, 0, 12, true, "alert", "http", "Snort 3", "", ""},
        {1, 1000, 0, 17, true, "accept:hook", "tcp:all", "", "", ""},
        {1, 10, 0, 21, true, "alert", "udp", "after it", "", "2026_06_01"},
    };
    struct idsparse p;
    parse(&p, fw_sv_from(text));
    ck_assert_uint_eq(p.rules.n, sizeof(expected) / sizeof(expected[0]));
    for (size_t i = 0; i < p.rules.n; i++) {
        const struct fw_signature *s = &p.rules.v[i];
        ck_assert_uint_eq(s->gid, expected[i].gid);
        ck_assert_uint_eq(s->sid, expected[i].sid);
        ck_assert_uint_eq(s->rev, expected[i].rev);
        ck_assert_uint_eq(s->span.line, expected[i].line);
        ck_assert_int_eq(s->enabled, expected[i].enabled);
        ck_assert(fw_sv_is(s->action, expected[i].action));
        ck_assert(fw_sv_is(s->protocol, expected[i].protocol));
        ck_assert_msg(fw_sv_is(s->msg, expected[i].msg), "%.*s", FW_SV_ARG(s->msg));
        ck_assert(fw_sv_is(s->classtype, expected[i].classtype));
        ck_assert(fw_sv_is(s->updated, expected[i].updated));
    }
    idsparse_lines(&p, 13, 6, 0, 2); /* bad: no sid, never closed */
    idsparse_clear(&p);
}
END_TEST

START_TEST(header)
{
    struct idsparse p;
    parse(&p, fw_sv_from(text));
    ck_assert_msg(fw_sv_is(p.rules.set_name, "Demonstration rule set"), "%.*s",
                  FW_SV_ARG(p.rules.set_name));
    ck_assert(fw_sv_is(p.rules.set_version, "20260530"));
    /* the newest date, whoever says it */
    ck_assert_int_eq(p.rules.set_date.year, 2026);
    ck_assert_uint_eq(p.rules.set_date.month, 6);
    ck_assert_uint_eq(p.rules.set_date.day, 1);
    ck_assert_uint_eq(p.rules.set_span.line, 21);
    idsparse_clear(&p);
    parse(&p, FW_SV("#\n# $Id: emerging-drop.rules $\n# Emerging Threats DROP List rules.\n"
                    "#  VERSION 2893\n#  Generated 2017-03-10 00:30:01 EDT\n"
                    "drop ip any any -> any any (sid:1;)\n# 2019-01-01 is in no header\n"));
    ck_assert(fw_sv_is(p.rules.set_name, "Emerging Threats DROP List rules"));
    ck_assert(fw_sv_is(p.rules.set_version, "2893"));
    ck_assert_int_eq(p.rules.set_date.year, 2017);
    ck_assert_uint_eq(p.rules.set_span.line, 5);
    idsparse_clear(&p);
    parse(&p, FW_SV("drop ip any any -> any any (sid:1;)\n"));
    ck_assert_uint_eq(p.rules.set_name.n, 0);
    ck_assert_int_eq(p.rules.set_date.year, 0);
    idsparse_clear(&p);
}
END_TEST

START_TEST(bids)
{
    ck_assert_int_eq(fw_parser_snort_rules.bid(fw_sv_from(text)), FW_BID_SURE);
    ck_assert_int_eq(fw_parser_snort_rules.bid(FW_SV("*filter\n:INPUT DROP\n-A INPUT -j LOG\n")),
                     FW_BID_NO);
    ck_assert_int_eq(fw_parser_snort_rules.bid(FW_SV("log file of (msg\n")), FW_BID_NO);
    ck_assert_int_eq(fw_parser_snort_rules.bid(FW_SV("")), FW_BID_NO);
}
END_TEST

static void parse_damaged(const void *context, fw_sv damaged)
{
    (void)context;
    struct idsparse p;
    parse(&p, damaged);
    idsparse_clear(&p);
}

/* Whatever is done to it, every line still gets a verdict. */
START_TEST(mangled)
{
    mangle(fw_sv_from(text), FW_SV("\0();\"\\#\n"), parse_damaged, NULL);
}
END_TEST

START_TEST(parts)
{
    struct idsparse p;
    idsparse(&p, &fw_parser_snort_rules, "local.rules",
             FW_SV("# reason: own hosts; by: Chen; date: 2026-01-31\n"
                   "pass tcp [10.0.0.0/8, 192.0.2.1] 1:1024 <> !$HOME_NET [80,443] (msg:\"a\"; "
                   "sid:1000001; priority:2; reference:cve,2009-0233; reference:url,x.example; "
                   "metadata:a b; metadata:c d;) # ticket: C-1\n"
                   "# remark\n\n"
                   "alert tcp any any -> any any (sid:1000002;)\n"
                   "include other.rules\n"));
    const struct fw_signature *s = p.rules.v;
    ck_assert_uint_eq(p.rules.n, 2);
    idsparse_is(s[0].source, "[10.0.0.0/8, 192.0.2.1]");
    idsparse_is(s[0].source_port, "1:1024");
    idsparse_is(s[0].direction, "<>");
    idsparse_is(s[0].destination, "!$HOME_NET");
    idsparse_is(s[0].destination_port, "[80,443]");
    ck_assert_uint_eq(s[0].priority, 2);
    ck_assert_uint_eq(s[0].nreferences, 2);
    idsparse_is(s[0].references[0], "cve,2009-0233");
    idsparse_is(s[0].references[1], "url,x.example");
    idsparse_is(s[0].metadata, "a b, c d");
    idsparse_is(s[0].note.reason, "own hosts");
    idsparse_is(s[0].note.ticket, "C-1");
    ck_assert_uint_eq(s[1].note.text.n, 0);
    ck_assert_int_eq(p.rules.conf.rulesets[0].publisher, FW_PUBLISHER_LOCAL);
    idsparse_is(p.rules.conf.mentions[0].name, "other.rules");
    idsparse_clear(&p);
}
END_TEST

START_TEST(references_limit)
{
    struct idsparse p;
    enum { N = FW_LIMIT_IDS_REFERENCES + 1 };
    char *rule = malloc(N * 16 + 100);
    size_t n = (size_t)sprintf(rule, "alert ip any any -> any any (sid:1;");
    for (int i = 0; i < N; i++) {
        n += (size_t)sprintf(rule + n, "reference:a,b;");
    }
    n += (size_t)sprintf(rule + n, ")");
    idsparse(&p, &fw_parser_snort_rules, "x.rules", fw_sv_of(rule, n));
    ck_assert_uint_eq(p.rules.v[0].nreferences, FW_LIMIT_IDS_REFERENCES);
    idsparse_clear(&p);
    free(rule);
}
END_TEST

Suite *fw_suite_snort_rules(void)
{
    Suite *suite = suite_create("snort_rules");
    TCase *tc = tcase_create("rules");
    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, signatures);
    tcase_add_test(tc, noalert);
    tcase_add_test(tc, header);
    tcase_add_test(tc, bids);
    tcase_add_test(tc, parts);
    tcase_add_test(tc, references_limit);
    tcase_add_test(tc, mangled);
    suite_add_tcase(suite, tc);
    return suite;
}
