/* Verifying: verdicts, exit codes, what is printed, and the list of earlier reviews. The tampered
 * packs are in tests/evidence. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/file.h"
#include "core/time.h"
#include "evidence/pack.h"
#include "evidence/reviews.h"
#include "evidence/sign.h"
#include "evidence/spawn.h"
#include "evidence/verify.h"
#include "tests/unit/suites.h"
#include "tests/unit/workdir.h"

static void build(const char *name, const char *period, const char *previous)
{
    struct fw_pack_pair pair = {FW_PACK_AS_OF, FW_SV("2026-07-05")};
    struct fw_pack_spec spec = {.period = fw_sv_from(period),
                                .previous = previous ? at(previous) : NULL,
                                .npairs = 1,
                                .pairs = &pair};
    struct fw_pack_built built;
    ck_assert_int_eq(fw_pack_write(at(name), &spec, &arena, &built, &why), FW_OK);
}

static fw_sv sign(const char *name, enum fw_role role, const char *who, const char *key)
{
    struct fw_sign_options options = {.role = role, .identity = who, .key = at(key)};
    struct fw_signed done;
    enum fw_err err = fw_sign(at(name), &options, &arena, &done, &why);
    ck_assert_msg(err == FW_OK, "%s", why.p);
    return done.trust_line;
}

static void setup(void)
{
    workdir_setup();
    shell("for k in rev mgr; do ssh-keygen -q -t ed25519 -N '' -C '' -f $k; done; mkdir packs");
    build("packs/2026Q1-1", "2026Q1", NULL);
}

static enum fw_verify_verdict verdict(const char *name, const char *trust, int *ret_exit)
{
    struct fw_verify_options options = {.trust = trust ? at(trust) : NULL};
    struct fw_verify_report report;
    ck_assert_int_eq(fw_verify(at(name), NULL, 0, &options, &arena, &report, &why), FW_OK);
    *ret_exit = fw_verify_exit(&report, &options);
    options.allow_unsigned = true;
    ck_assert_int_eq(fw_verify_exit(&report, &options), report.verdict == FW_VERIFY_FAILED ? 1 : 0);
    return report.verdict;
}

START_TEST(verdicts)
{
    int status;
    const char *p = "packs/2026Q1-1";
    ck_assert_int_eq(verdict(p, NULL, &status), FW_VERIFY_UNSIGNED);
    ck_assert_int_eq(status, 1);
    fw_sv one = sign(p, FW_ROLE_REVIEWER, "wang@a.tw", "rev");
    ck_assert_int_eq(fw_file_write(at("trust"), one), FW_OK);
    ck_assert_int_eq(verdict(p, "trust", &status), FW_VERIFY_INCOMPLETE);
    ck_assert_int_eq(status, 1);
    fw_sv two = sign(p, FW_ROLE_MANAGER, "chen@a.tw", "mgr");
    ck_assert_int_eq(verdict(p, "trust", &status), FW_VERIFY_FAILED);
    ck_assert_int_eq(verdict(p, NULL, &status), FW_VERIFY_CONSISTENT);
    ck_assert_int_eq(status, 1);
    fw_sv both = fw_arena_printf(&arena, "%.*s%.*s", FW_SV_ARG(one), FW_SV_ARG(two));
    ck_assert_int_eq(fw_file_write(at("trust"), both), FW_OK);
    ck_assert_int_eq(verdict(p, "trust", &status), FW_VERIFY_VERIFIED);
    ck_assert_int_eq(status, 0);
    struct fw_verify_options options = {.trust = at("none")};
    struct fw_verify_report report;
    ck_assert_int_eq(fw_verify(at(p), NULL, 0, &options, &arena, &report, &why), FW_ERR_NOENT);
}
END_TEST

START_TEST(times)
{
    static const char *const good[] = {"20260705000000Z", "19991231235959Z", "20260230120000Z"};
    static const char *const bad[] = {"20260705000000",  "2026070500000Z",  "20261305000000Z",
                                      "20260732000000Z", "20260705240000Z", "20260705006000Z",
                                      "20260705000060Z", "2026-07-05",      "",
                                      "2026070500000zZ", "20260705000000z"};
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
        ck_assert_msg(fw_verify_time_valid(fw_sv_from(good[i])), "%s", good[i]);
    }
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        ck_assert_msg(!fw_verify_time_valid(fw_sv_from(bad[i])), "%s", bad[i]);
    }
}
END_TEST

START_TEST(hostile_names_are_printed_safely)
{
    struct fw_verify_options options = {0};
    struct fw_verify_report report;
    struct fw_buf out;
    shell("touch \"packs/2026Q1-1/data/$(printf '\\033[2J\\342\\200\\256')\"");
    ck_assert_int_eq(fw_verify(at("packs/2026Q1-1"), NULL, 0, &options, &arena, &report, &why),
                     FW_OK);
    fw_buf_init(&out);
    fw_verify_text(&report, &out);
    ck_assert_uint_eq(fw_sv_find_char(fw_buf_sv(&out), '\x1b'), SIZE_MAX);
    ck_assert_uint_eq(fw_sv_find(fw_buf_sv(&out), FW_SV("\xe2\x80\xae")), SIZE_MAX);
    ck_assert_uint_ne(fw_sv_find(fw_buf_sv(&out), FW_SV("data/\\x1b[2J\\u202e has a control")),
                      SIZE_MAX);
    ck_assert_uint_ne(fw_sv_find(fw_buf_sv(&out), FW_SV("\nfailed: do not rely on this pack\n")),
                      SIZE_MAX);
    fw_buf_clear(&out);
}
END_TEST

START_TEST(json)
{
    static const char start[] = "{\"verdict\":\"unsigned\",\"trusted_keys\":false,\"pack\":\"";
    struct fw_verify_options options = {0};
    struct fw_verify_report report;
    struct fw_buf out;
    struct fw_json writer;
    ck_assert_int_eq(fw_verify(at("packs/2026Q1-1"), NULL, 0, &options, &arena, &report, &why),
                     FW_OK);
    fw_buf_init(&out);
    fw_json_init(&writer, &out, 0);
    fw_verify_json(&report, &writer);
    ck_assert(fw_sv_starts(fw_buf_sv(&out), start));
    ck_assert_uint_ne(
        fw_sv_find(fw_buf_sv(&out), FW_SV("\"period\":\"2026Q1\",\"sequence\":1,\"head\":\"")),
        SIZE_MAX);
    ck_assert_uint_ne(
        fw_sv_find(fw_buf_sv(&out), FW_SV("\"signatures\":[],\"timestamp\":null,\"earlier\":[],"
                                          "\"steps\":[{\"step\":\"trust\",\"state\":"
                                          "\"note\",")),
        SIZE_MAX);
    fw_buf_clear(&out);
}
END_TEST

START_TEST(earlier_reviews)
{
    size_t n = 0;
    struct fw_review *list = NULL;
    const struct fw_review_keys none = {0}, keys = {.trust = at("trust")};
    fw_sv one = sign("packs/2026Q1-1", FW_ROLE_REVIEWER, "wang@a.tw", "rev");
    fw_sv two = sign("packs/2026Q1-1", FW_ROLE_MANAGER, "chen@a.tw", "mgr");
    build("packs/a", "2026Q2", "packs/2026Q1-1");
    build("packs/broken", "2026Q2", NULL);
    shell("mkdir packs/notes; echo x > packs/notes/x; echo x > packs/file; rm "
          "packs/broken/README.txt");
    ck_assert_int_eq(fw_reviews_list(at("packs"), &none, &arena, &n, &list, &why), FW_OK);
    ck_assert_uint_eq(n, 3); /* the broken one is listed too, first: its sequence is not known */
    ck_assert(!list[0].whole);
    fw_sv both = fw_arena_printf(&arena, "%.*s%.*s", FW_SV_ARG(one), FW_SV_ARG(two));
    ck_assert_int_eq(fw_file_write(at("trust"), both), FW_OK);
    ck_assert_int_eq(fw_reviews_list(at("packs"), &keys, &arena, &n, &list, &why), FW_OK);
    int64_t day;
    ck_assert(fw_time_parse(FW_SV("2026-07-05"), 0, true, &day));
    for (size_t i = 0; i < n; i++) {
        if (!list[i].whole) {
            ck_assert(fw_sv_is(list[i].trouble, "README.txt is missing"));
            continue;
        }
        bool first = fw_sv_is(list[i].period, "2026Q1");
        ck_assert_uint_eq(list[i].sequence, first ? 1 : 2);
        ck_assert_int_eq(list[i].as_of_ns, day);
        ck_assert(list[i].signed_by_reviewer == first);
        ck_assert(list[i].countersigned == first);
        ck_assert(list[i].trusted == first);
    }
    ck_assert_int_eq(fw_reviews_list(at("none"), &none, &arena, &n, &list, &why), FW_ERR_NOENT);
    ck_assert_int_eq(fw_file_write(at("trust"), FW_SV("x ssh-ed25519 AAAA\n")), FW_OK);
    ck_assert_int_eq(fw_reviews_list(at("packs"), &keys, &arena, &n, &list, &why), FW_ERR_INVALID);
}
END_TEST

START_TEST(programs)
{
    static const char *const env[] = {"A=b", NULL};
    static const char *const cat[] = {"/bin/cat", NULL};
    static const char *const fail[] = {"/bin/sh", "-c", "echo \"$A$PATH\" >&2; exit 7", NULL};
    static const char *const killed[] = {"/bin/sh", "-c", "kill -9 $$", NULL};
    static const char *const none[] = {"/none", NULL};
    struct fw_buf out, errors, big;
    int status = -1;
    fw_buf_init(&out);
    fw_buf_init(&errors);
    fw_buf_init(&big);
    fw_buf_add_repeat(&big, "0123456789", 70000);
    struct fw_spawn spawn = {cat, env, fw_buf_sv(&big), false};
    ck_assert_int_eq(fw_spawn_run(&spawn, &out, &errors, &status), FW_OK);
    ck_assert_int_eq(status, 0);
    ck_assert(fw_sv_eq(fw_buf_sv(&out), fw_buf_sv(&big)));
    spawn.argv = fail; /* does not read its input: no SIGPIPE here */
    fw_buf_reset(&out);
    ck_assert_int_eq(fw_spawn_run(&spawn, &out, &errors, &status), FW_OK);
    ck_assert_int_eq(status, 7);
    ck_assert_uint_eq(out.n, 0);
    ck_assert(fw_sv_starts(fw_buf_sv(&errors), "b"));
    spawn.argv = killed;
    ck_assert_int_eq(fw_spawn_run(&spawn, &out, &errors, &status), FW_OK);
    ck_assert_int_eq(status, 137);
    spawn.argv = none;
    ck_assert_int_eq(fw_spawn_run(&spawn, &out, &errors, &status), FW_ERR_TOOL);
    fw_buf_clear(&out);
    fw_buf_clear(&errors);
    fw_buf_clear(&big);
}
END_TEST

Suite *fw_suite_verify(void)
{
    Suite *suite = suite_create("verify");
    TCase *tc = tcase_create("verify");
    tcase_add_checked_fixture(tc, setup, workdir_teardown);
    tcase_set_timeout(tc, 120);
    tcase_add_test(tc, verdicts);
    tcase_add_test(tc, times);
    tcase_add_test(tc, hostile_names_are_printed_safely);
    tcase_add_test(tc, json);
    tcase_add_test(tc, earlier_reviews);
    tcase_add_test(tc, programs);
    suite_add_tcase(suite, tc);
    return suite;
}
