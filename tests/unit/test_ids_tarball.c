/* Archives of rules: their rules with lines and spans of the archive, damage, limits. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "core/limits.h"
#include "tests/unit/idsparse.h"
#include "tests/unit/suites.h"

extern const struct fw_parser fw_parser_ids_tarball;

static struct fw_buf tar;

static void setup(void)
{
    fw_buf_init(&tar);
}

static void teardown(void)
{
    fw_buf_clear(&tar);
}

static void octal(char *to, size_t digits, uint64_t value)
{
    for (size_t i = digits; i > 0; i--) {
        to[i - 1] = (char)('0' + (value & 7));
        value >>= 3;
    }
}

static void member_sized(const char *name, const char *text, uint64_t size)
{
    char header[512] = {0};
    unsigned sum = 0;
    size_t n = strlen(text);
    memcpy(header, name, strlen(name));
    octal(header + 100, 7, 0644);
    octal(header + 124, 11, size);
    octal(header + 136, 11, 1780282800);
    memset(header + 148, ' ', 8);
    header[156] = '0';
    memcpy(header + 257,
           "ustar\0"
           "00",
           8);
    for (size_t i = 0; i < sizeof(header); i++) {
        sum += (unsigned char)header[i];
    }
    octal(header + 148, 6, sum);
    header[154] = '\0';
    fw_buf_add(&tar, fw_sv_of(header, sizeof(header)));
    fw_buf_add(&tar, fw_sv_of(text, n));
    while (fw_buf_sv(&tar).n % 512 != 0) {
        fw_buf_add_char(&tar, '\0');
    }
}

static void member(const char *name, const char *text)
{
    member_sized(name, text, strlen(text));
}

static void end(void)
{
    static const char zeros[1024];
    fw_buf_add(&tar, fw_sv_of(zeros, sizeof(zeros)));
}

#define RULE(sid) "alert tcp any any -> any 80 (msg:\"x\"; sid:" sid "; rev:1;)\n"

START_TEST(rules)
{
    struct idsparse p;
    member("rules/a.rules", "# comment\n" RULE("7") "#" RULE("8"));
    member("etc/snort.conf", "suppress gen_id 1, sig_id 7\nipvar HOME_NET any\n");
    member("rules/b.rules", RULE("9"));
    member("etc/classification.config",
           "config classification: x,X,1\nsuppress gen_id 1, sig_id 9\n");
    end();
    idsparse(&p, &fw_parser_ids_tarball, "emerging.rules.tar", fw_buf_sv(&tar));
    ck_assert_uint_eq(p.rules.n, 3);
    ck_assert(p.rules.delivered);
    ck_assert_uint_eq(p.rules.v[0].sid, 7);
    ck_assert(p.rules.v[0].enabled && !p.rules.v[1].enabled);
    ck_assert_uint_eq(p.rules.v[0].span.line, 2);
    ck_assert_uint_eq(p.rules.v[0].span.offset, 512 + 10);
    ck_assert_uint_eq(p.rules.v[2].sid, 9);
    ck_assert_uint_eq(p.rules.conf.nclasses, 1);
    ck_assert_uint_eq(p.rules.conf.ntunings, 0); /* the publisher's examples are no sensor's */
    ck_assert_uint_eq(p.rules.conf.nvariables, 0);
    idsparse_is(p.rules.set_name, "emerging.rules.tar");
    idsparse_clear(&p);
}
END_TEST

/* A length that the archive does not have, and one that is cut off. */
START_TEST(damaged)
{
    struct idsparse p;
    member("a.rules", RULE("7"));
    member_sized("b.rules", RULE("8"), UINT64_C(2147483647));
    idsparse(&p, &fw_parser_ids_tarball, "x.tar", fw_buf_sv(&tar));
    ck_assert_uint_ge(p.rules.n, 1);
    ck_assert_uint_ge(fw_doc_counts(&p.doc).bad, 1);
    idsparse_clear(&p);
    for (size_t n = 0; n < fw_buf_sv(&tar).n; n += 37) {
        idsparse(&p, &fw_parser_ids_tarball, "x.tar", fw_sv_sub(fw_buf_sv(&tar), 0, n));
        ck_assert_uint_le(p.rules.n, 2);
        idsparse_clear(&p);
    }
}
END_TEST

START_TEST(limit)
{
    struct idsparse p;
    member("a.rules", RULE("7"));
    for (size_t i = 1; i < FW_LIMIT_ARCHIVE_MEMBERS; i++) {
        member("x", "");
    }
    member("b.rules", RULE("8"));
    end();
    idsparse(&p, &fw_parser_ids_tarball, "x.tar", fw_buf_sv(&tar));
    ck_assert_uint_eq(p.rules.n, 1);
    ck_assert_int_eq(fw_diags_at(p.diags, 0)->id, FW_DIAG_ID_LIMIT_REACHED);
    idsparse_clear(&p);
}
END_TEST

/* By its name, where what comes first is no rule. */
START_TEST(bids)
{
    int bid;
    member("so_rules/precompiled/x.so", "binary");
    fw_idsrules_detect(FW_SV("/r/snortrules-snapshot-29200.tar.gz"), fw_buf_sv(&tar), &bid);
    ck_assert_int_ge(bid, FW_BID_LIKELY);
    fw_idsrules_detect(FW_SV("/r/backup.tar.gz"), fw_buf_sv(&tar), &bid);
    ck_assert_int_lt(bid, FW_BID_LIKELY);
}
END_TEST

Suite *fw_suite_ids_tarball(void)
{
    Suite *suite = suite_create("ids_tarball");
    TCase *tc = tcase_create("ids_tarball");
    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_test(tc, rules);
    tcase_add_test(tc, damaged);
    tcase_add_test(tc, limit);
    tcase_add_test(tc, bids);
    tcase_set_timeout(tc, 60);
    suite_add_tcase(suite, tc);
    return suite;
}
