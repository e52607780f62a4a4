/* Configurations, lists, maps, captures and update logs of sensors. */
#include <check.h>
#include <stdlib.h>

#include "core/limits.h"
#include "tests/unit/idsparse.h"
#include "tests/unit/suites.h"

extern const struct fw_parser fw_parser_ids_capture;
extern const struct fw_parser fw_parser_ids_lists;
extern const struct fw_parser fw_parser_ids_maps;
extern const struct fw_parser fw_parser_ids_updates;
extern const struct fw_parser fw_parser_snort_conf;
extern const struct fw_parser fw_parser_snort_lua;
extern const struct fw_parser fw_parser_suricata_yaml;

START_TEST(lists)
{
    static const struct {
        const char *path, *head;
        enum fw_tuning_kind kind;
        unsigned used;
    } rows[] = {
        {"etc/disablesid.conf", "", FW_TUNING_DISABLE, 1},
        {"enable.conf", "", FW_TUNING_ENABLE, 1},
        {"dropsid.conf", "", FW_TUNING_DROP, 1},
        {"reject.conf", "", FW_TUNING_REJECT, 1},
        {"disable/list", "", FW_TUNING_DISABLE, 0},
        {"list", "# example enablesid.conf\n", FW_TUNING_ENABLE, 1},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct idsparse p;
        char text[128];
        snprintf(text, sizeof(text), "%s1:2900002-2900004\n", rows[i].head);
        idsparse(&p, &fw_parser_ids_lists, rows[i].path, fw_sv_from(text));
        idsparse_lines(&p, rows[i].used, rows[i].head[0] != '\0', !rows[i].used, 0);
        ck_assert_uint_eq(p.rules.conf.ntunings, rows[i].used);
        if (rows[i].used) {
            ck_assert_int_eq(p.rules.conf.tunings[0].kind, rows[i].kind);
            ck_assert_uint_eq(p.rules.conf.tunings[0].sid_last, 2900004);
        }
        idsparse_clear(&p);
    }
}
END_TEST

/* A number, or a word, is a list only in a file of that name. */
START_TEST(lists_by_name)
{
    static const struct {
        const char *path, *text;
        bool known;
    } rows[] = {
        {"etc/disable.conf", "408\n", true},
        {"disablesid.conf", "408", true},
        {"Enable.conf", "# one\n408, 12\n", true},
        {"drop.conf", "emerging-icmp.rules\n", true},
        {"reject.conf", "*\n", true},
        {"disable.conf.old", "408\n", false},
        {"disabled.conf", "408\n", false},
        {"disable.conf/list", "408\n", false},
        {"list", "408\n", false},
        {"disable.conf", "", false},
        {"disable.conf", "408\nServerRoot = /srv\n", false},
        {"drop.conf", "-A INPUT -j DROP\n", false},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        int bid;
        const struct fw_parser *found = fw_idsrules_detect(fw_sv_from(rows[i].path),
                                                           fw_sv_from(rows[i].text), &bid);
        bool known = found == &fw_parser_ids_lists && bid >= FW_BID_LIKELY;
        ck_assert_msg(known == rows[i].known, "%s: %s", rows[i].path, rows[i].text);
    }
    /* What a text says for sure, no name changes. */
    fw_sv threshold = FW_SV("suppress gen_id 1, sig_id 1852, track by_src, ip 192.0.2.10\n");
    const struct fw_parser *found = fw_idsrules_detect(FW_SV("disable.conf"), threshold, NULL);
    ck_assert_ptr_eq(found, fw_parser_detect(FW_PARSER_IDSRULES, threshold));
    ck_assert_ptr_ne(found, &fw_parser_ids_lists);
}
END_TEST

START_TEST(modify)
{
    struct idsparse p;
    idsparse(&p, &fw_parser_ids_lists, "modify.conf",
             FW_SV("re:a,b \"^alert\" \"drop\"\n"
                   "modifysid 7,8 \"x\\\"y\" | \"z\"\n"
                   "9 \"only one\"\n"
                   "\"whose\" \"rules\"\n"));
    const struct fw_tuning *t = p.rules.conf.tunings;
    idsparse_lines(&p, 2, 0, 0, 2);
    ck_assert_uint_eq(p.rules.conf.ntunings, 3);
    ck_assert_int_eq(t[0].select, FW_SELECT_PATTERN);
    idsparse_is(t[0].words, "a,b");
    idsparse_is(t[0].from, "^alert");
    idsparse_is(t[0].to, "drop");
    ck_assert_uint_eq(t[2].sid, 8);
    idsparse_is(t[2].from, "x\\\"y");
    idsparse_clear(&p);
}
END_TEST

START_TEST(maps)
{
    struct idsparse p;
    idsparse(&p, &fw_parser_ids_maps, "x.map",
             FW_SV("7 || one || url,x || cve,y\n1 || 8 || 2 || class || 3 || two || bugtraq,1\n"
                   "116 || 9 || three\n10\n"));
    const struct fw_ids_message *m = p.rules.conf.messages;
    idsparse_lines(&p, 3, 0, 0, 1);
    ck_assert(m[0].gid == 1 && m[0].sid == 7 && m[0].nreferences == 2);
    idsparse_is(m[0].references[1], "cve,y");
    ck_assert(m[1].gid == 1 && m[1].sid == 8 && m[1].rev == 2 && m[1].priority == 3);
    idsparse_is(m[1].classtype, "class");
    ck_assert(m[2].gid == 116 && m[2].sid == 9);
    idsparse_is(m[2].msg, "three");
    idsparse_clear(&p);
}
END_TEST

START_TEST(lua)
{
    struct idsparse p;
    idsparse(&p, &fw_parser_snort_lua, "snort.lua",
             FW_SV("--[[ a long\n remark ]]\n"
                   "NETS = '10.0.0.0/8'\n"
                   "HOME_NET = NETS .. ' 192.0.2.0/24'\n"
                   "suppress = { -- reason: one\n"
                   "  { gid = 116, sid = 408 }, -- reason: two\n"
                   "  { sid = 5, track = 'by_dst', ip = HOME_NET };\n"
                   "}\n"
                   "x = os.time()\n"
                   "function f()\n  suppress = nil\nend\n"
                   "event_filter = f(1)\n"
                   "broken = { { \n"));
    const struct fw_idsconf *c = &p.rules.conf;
    ck_assert_uint_eq(c->ntunings, 2);
    idsparse_is(c->tunings[0].note.reason, "two");
    ck_assert_uint_eq(c->tunings[1].gid, 1);
    ck_assert_uint_eq(c->tunings[1].note.reason.n, 0);
    idsparse_is(c->tunings[1].addresses, "10.0.0.0/8 192.0.2.0/24");
    const struct fw_ids_variable *home = fw_idsconf_variable(c, FW_SV("HOME_NET"));
    ck_assert(home && home->known && home->set->n == 2);
    idsparse_lines(&p, 5, 3, 6, 0);
    idsparse_clear(&p);
}
END_TEST

/* Deeper than any configuration, and than a stack would bear. */
static void deep(const struct fw_parser *parser, const char *before, char open)
{
    struct idsparse p;
    size_t n = strlen(before);
    char *text = malloc(200000);
    memcpy(text, before, n);
    memset(text + n, open, 200000 - n);
    idsparse(&p, parser, "deep", fw_sv_of(text, 200000));
    ck_assert_uint_eq(p.rules.conf.ntunings, 0);
    idsparse_clear(&p);
    free(text);
}

/* A number that only another file knows makes no entry about everything; states are told. */
START_TEST(lua_unknown)
{
    struct idsparse p;
    idsparse(&p, &fw_parser_snort_lua, "snort.lua",
             FW_SV("suppress = {\n"
                   "  { gid = 1, sid = mine },\n"
                   "  { gid = 1 },\n"
                   "}\n"
                   "ips = {\n"
                   "  states = 'alert(gid:1;sid:2;enable:no;)'\n"
                   "}\n"));
    ck_assert_uint_eq(p.rules.conf.ntunings, 1);
    ck_assert_int_eq(p.rules.conf.tunings[0].select, FW_SELECT_GID);
    idsparse_lines(&p, 5, 0, 2, 0);
    idsparse_clear(&p);
}
END_TEST

START_TEST(depth)
{
    deep(&fw_parser_snort_lua, "suppress = ", '{');
    deep(&fw_parser_suricata_yaml, "vars: ", '[');
    deep(&fw_parser_suricata_yaml, "vars: ", '{');
}
END_TEST

START_TEST(yaml)
{
    struct idsparse p;
    idsparse(&p, &fw_parser_suricata_yaml, "suricata.yaml",
             FW_SV("vars:\n  address-groups: {HOME_NET: \"[10.0.0.0/8]\", HOME_NET: any}\n"
                   "rule-files: [a.rules, b.rules]\n"
                   "outputs:\n  - eve-log: {enabled: true, filename: e.json}\n"
                   "? [complex]\n: 1\n"));
    const struct fw_idsconf *c = &p.rules.conf;
    ck_assert(fw_idsconf_variable(c, FW_SV("HOME_NET"))->any);
    ck_assert_uint_eq(c->nmentions, 3);
    idsparse_is(c->mentions[1].name, "b.rules");
    ck_assert_int_eq(c->mentions[2].kind, FW_MENTION_OUTPUT);
    ck_assert(c->mentions[2].enabled);
    idsparse_lines(&p, 5, 0, 2, 0);
    idsparse_clear(&p);
}
END_TEST

START_TEST(captures)
{
    struct idsparse p;
    idsparse(&p, &fw_parser_ids_capture, "v.txt",
             FW_SV("  o\"  )~   Version 3.1.58.0\n"
                   "Suricata version 6.0.1 RELEASE running\n"
                   "abc  emerging.rules.tar.gz\n"
                   "2026-02-30 snortrules-snapshot-3150.tar.gz\n"));
    const struct fw_idsconf *c = &p.rules.conf;
    ck_assert_uint_eq(c->nengines, 2);
    idsparse_is(c->engines[0].version, "3.1.58.0");
    idsparse_is(c->engines[1].product, "suricata");
    ck_assert_uint_eq(c->nrulesets, 2);
    ck_assert_int_eq(c->rulesets[0].publisher, FW_PUBLISHER_ET_OPEN);
    idsparse_is(c->rulesets[1].version, "3150");
    ck_assert_int_eq(c->rulesets[1].date.year, 0);
    idsparse_clear(&p);
}
END_TEST

START_TEST(sets_limit)
{
    struct idsparse p;
    enum { N = FW_LIMIT_IDS_SETS + 1 };
    char *text = malloc(N * 64);
    size_t n = 0;
    for (int i = 0; i < N; i++) {
        n += (size_t)snprintf(text + n, 64, "snortrules-snapshot-%d.tar.gz\n", i);
    }
    idsparse(&p, &fw_parser_ids_capture, "v.txt", fw_sv_of(text, n));
    ck_assert_uint_eq(p.rules.conf.nrulesets, FW_LIMIT_IDS_SETS);
    idsparse_clear(&p);
    free(text);
}
END_TEST

START_TEST(updates)
{
    struct idsparse p;
    idsparse(&p, &fw_parser_ids_updates, "u.log",
             FW_SV("13/2/2026 -- 03:00:01 - <Info> -- Using data-directory /x.\n"
                   "13/2/2026 -- 03:00:09 - <Info> -- Writing rules to y: total: 10; enabled: 9; "
                   "added: 1; removed 2; modified: 3\n"
                   "13/2/2026 -- 03:00:21 - <Info> -- Done.\n"
                   "13/13/2026 -- 03:00:21 - <Info> -- Done.\n"
                   "-=BEGIN PULLEDPORK SNORT RULES CHANGELOG, Mon Jun  1 03:00:01 2026 GMT=-\n"
                   "\tTotal:-----29934\n"));
    const struct fw_ids_update *u = p.rules.conf.updates;
    ck_assert_uint_eq(p.rules.conf.nupdates, 2);
    ck_assert(u[0].ok && !u[0].failed && u[0].has_counts);
    ck_assert_uint_eq(u[0].rules, 10);
    ck_assert_uint_eq(u[0].removed, 2);
    ck_assert_uint_eq(u[0].time.month, 2);
    ck_assert_uint_eq(u[0].time.day, 13);
    ck_assert(!u[1].ok && u[1].has_time && u[1].time.has_zone);
    ck_assert_int_eq(u[1].time.year, 2026);
    ck_assert_uint_eq(u[1].rules, 29934);
    idsparse_lines(&p, 5, 1, 0, 0);
    idsparse_clear(&p);
}
END_TEST

START_TEST(snort)
{
    struct idsparse p;
    idsparse(&p, &fw_parser_snort_conf, "snort.conf",
             FW_SV("ipvar HOME_NET 10.0.0.0/8\nvar HOME_NET any\n"
                   "output database: log, mysql, user=u password=PlantedWord host=h\n"
                   "#include $RULE_PATH/a.rules\nwhat is this\n"));
    const struct fw_idsconf *c = &p.rules.conf;
    ck_assert(fw_idsconf_variable(c, FW_SV("HOME_NET"))->any);
    ck_assert_uint_eq(p.doc.nsecrets, 1);
    ck_assert_uint_eq(fw_sv_find(c->mentions[0].value, FW_SV("Planted")), SIZE_MAX);
    ck_assert(!c->mentions[1].enabled);
    idsparse_lines(&p, 4, 0, 0, 1);
    idsparse_clear(&p);
}
END_TEST

Suite *fw_suite_ids_conf(void)
{
    Suite *suite = suite_create("ids_conf");
    TCase *tcase = tcase_create("ids_conf");
    tcase_add_test(tcase, lists);
    tcase_add_test(tcase, lists_by_name);
    tcase_add_test(tcase, modify);
    tcase_add_test(tcase, maps);
    tcase_add_test(tcase, lua);
    tcase_add_test(tcase, lua_unknown);
    tcase_add_test(tcase, depth);
    tcase_add_test(tcase, yaml);
    tcase_add_test(tcase, captures);
    tcase_add_test(tcase, sets_limit);
    tcase_add_test(tcase, updates);
    tcase_add_test(tcase, snort);
    suite_add_tcase(suite, tcase);
    return suite;
}
