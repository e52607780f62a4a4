/* Signing: trust lines, the spelling of signatures, who may sign when, and with what keys. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/file.h"
#include "evidence/pack.h"
#include "evidence/sign.h"
#include "evidence/signers.h"
#include "evidence/verify.h"
#include "tests/unit/random.h"
#include "tests/unit/suites.h"
#include "tests/unit/workdir.h"

static void build(void)
{
    struct fw_pack_spec spec = {.period = FW_SV("2026Q2")};
    struct fw_pack_built built;
    ck_assert_int_eq(fw_pack_write(at("p"), &spec, &arena, &built, &why), FW_OK);
}

static void setup(void)
{
    workdir_setup();
    shell("for k in rev mgr ciso; do ssh-keygen -q -t ed25519 -N '' -C '' -f $k; done");
    build();
}

static enum fw_err sign(enum fw_role role, const char *who, const char *key)
{
    struct fw_sign_options options = {.role = role, .identity = who, .key = at(key)};
    struct fw_signed done;
    fw_buf_reset(&why);
    return fw_sign(at("p"), &options, &arena, &done, &why);
}

START_TEST(the_order)
{
    ck_assert_int_eq(sign(FW_ROLE_MANAGER, "chen@a.tw", "mgr"), FW_ERR_INVALID);
    said("reviewer signs first");
    ck_assert_int_eq(sign(FW_ROLE_REVIEWER, "wang@a.tw", "rev"), FW_OK);
    ck_assert_int_eq(sign(FW_ROLE_REVIEWER, "wang@a.tw", "rev"), FW_ERR_EXISTS);
    said("reviewer has signed already: a signature is never overwritten");
    ck_assert_int_eq(sign(FW_ROLE_CISO, "lin@a.tw", "ciso"), FW_ERR_INVALID);
    said("manager signs first");
    ck_assert_int_eq(sign(FW_ROLE_MANAGER, "Wang@A.TW", "mgr"), FW_ERR_INVALID);
    said("Wang@A.TW has signed as reviewer: manager must be another person");
    ck_assert_int_eq(sign(FW_ROLE_MANAGER, "chen@a.tw", "rev"), FW_ERR_INVALID);
    said("this key has signed as reviewer: manager needs a key of their own");
    ck_assert(!fw_file_exists(at("p/signoff/countersign.txt")));
    ck_assert_int_eq(sign(FW_ROLE_MANAGER, "chen@a.tw", "mgr"), FW_OK);
    ck_assert_int_eq(sign(FW_ROLE_CISO, "chen@a.tw", "ciso"), FW_ERR_INVALID);
    ck_assert_int_eq(sign(FW_ROLE_CISO, "lin@a.tw", "mgr"), FW_ERR_INVALID);
    said("this key has signed as manager: ciso needs a key of their own");
    ck_assert_int_eq(sign(FW_ROLE_CISO, "lin@a.tw", "ciso"), FW_OK);
}
END_TEST

START_TEST(a_broken_pack_is_not_signed)
{
    shell("echo x > p/data/new");
    ck_assert_int_eq(sign(FW_ROLE_REVIEWER, "wang@a.tw", "rev"), FW_ERR_INVALID);
    said("the pack is broken and was not signed: data/new is not in the manifest");
    shell("rm p/data/new");
    ck_assert_int_eq(sign(FW_ROLE_REVIEWER, "wang@a.tw", "rev"), FW_OK);
    shell("ssh-keygen -Y sign -f mgr -n fwproof-reviewer@v1 < p/tagmanifest-sha256.txt > s;"
          "cat s > p/signoff/reviewer.sig");
    ck_assert_int_eq(sign(FW_ROLE_MANAGER, "chen@a.tw", "mgr"), FW_ERR_INVALID);
    ck_assert_uint_ne(fw_sv_find(fw_buf_sv(&why), FW_SV("is broken and was not signed: signed by "
                                                        "a key that is not trusted: SHA256:")),
                      SIZE_MAX);
}
END_TEST

START_TEST(identities_and_keys)
{
    static const char *const bad[] = {"",   "a b",  "a,b",  "*@x",
                                      "-x", "a\"b", "a\nb", "\xe7\x8e\x8b"};
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        ck_assert_msg(sign(FW_ROLE_REVIEWER, bad[i], "rev") == FW_ERR_INVALID, "%s", bad[i]);
    }
    ck_assert_int_eq(sign(FW_ROLE_REVIEWER, "wang@a.tw", "none"), FW_ERR_TOOL);
    ck_assert_uint_ne(fw_sv_find(fw_buf_sv(&why), FW_SV("No such file")), SIZE_MAX);
    shell("chmod 644 rev");
    ck_assert_int_eq(sign(FW_ROLE_REVIEWER, "wang@a.tw", "rev"), FW_ERR_TOOL);
    ck_assert_uint_ne(fw_sv_find(fw_buf_sv(&why), FW_SV("UNPROTECTED")), SIZE_MAX);
    ck_assert(!fw_file_exists(at("p/signoff/reviewer.sig")));
    ck_assert(!fw_file_exists(at("p/signoff/allowed_signers")));
    shell("chmod 600 rev");
    for (size_t i = 0; i < 3; i++) {
        static const char *const types[] = {"rsa -b 2048", "ecdsa", "ed25519"};
        build();
        shell(fw_arena_printf(&arena, "rm -f k k.pub; ssh-keygen -q -t %s -N '' -f k", types[i]).p);
        ck_assert_msg(sign(FW_ROLE_REVIEWER, "wang@a.tw", "k") == FW_OK, "%s: %s", types[i], why.p);
        shell("rm -r p");
    }
}
END_TEST

/* What a crash between two writes leaves does not stop the next attempt. */
START_TEST(an_interrupted_sign_off_is_done_again)
{
    shell("echo 'wang@a.tw namespaces=\"fwproof-reviewer@v1\" ssh-ed25519 AAAA' > "
          "p/signoff/allowed_signers");
    ck_assert_int_eq(sign(FW_ROLE_REVIEWER, "wang@a.tw", "rev"), FW_OK);
    shell("cp -a p before");
    ck_assert_int_eq(sign(FW_ROLE_MANAGER, "chen@a.tw", "mgr"), FW_OK);
    shell("rm p/signoff/countersign.sig; echo half > p/signoff/countersign.txt");
    ck_assert_int_eq(sign(FW_ROLE_MANAGER, "li@a.tw", "ciso"), FW_OK);
    struct fw_verify_options options = {0};
    struct fw_verify_report report;
    ck_assert_int_eq(fw_verify(at("p"), NULL, 0, &options, &arena, &report, &why), FW_OK);
    ck_assert_int_eq(report.verdict, FW_VERIFY_CONSISTENT);
    ck_assert(fw_sv_is(report.pack.signers[FW_ROLE_MANAGER].principal, "li@a.tw"));
}
END_TEST

START_TEST(a_key_in_an_agent)
{
    FILE *pipe = popen(
        fw_arena_printf(&arena,
                        "cd %s && eval \"$(ssh-agent -s -a %s/agent)\" >/dev/null && "
                        "ssh-add rev >/dev/null 2>&1 && rm rev && echo $SSH_AGENT_PID",
                        dir, dir)
            .p,
        "r");
    long pid = 0;
    char line[32];
    if (pipe && fgets(line, sizeof(line), pipe)) {
        pid = strtol(line, NULL, 10);
    }
    (void)pclose(pipe);
    ck_assert_int_gt(pid, 1);
    struct fw_ssh ssh = {.agent = at("agent")};
    struct fw_sign_options options = {
        .role = FW_ROLE_REVIEWER, .identity = "wang@a.tw", .key = at("rev.pub"), .ssh = &ssh};
    struct fw_signed done;
    enum fw_err err = fw_sign(at("p"), &options, &arena, &done, &why);
    (void)kill((pid_t)pid, SIGTERM);
    ck_assert_msg(err == FW_OK, "%s", why.p);
    ck_assert(fw_sv_starts(done.trust_line, "wang@a.tw namespaces=\"fwproof-reviewer@v1\" ssh-"));
    ck_assert(fw_sv_is(done.file, "signoff/reviewer.sig"));
    ck_assert_uint_eq(done.sequence, 1);
}
END_TEST

START_TEST(trust_lines)
{
    static const struct {
        const char *line, *why; /* NULL: good */
        unsigned roles;
        const char *dates;
    } rows[] = {
        {"a@b namespaces=\"fwproof-reviewer@v1\" ssh-ed25519 AAAA", NULL, 1, ""},
        {"a namespaces=\"git,fwproof-manager@v1,fwproof-ciso@v1\" ssh-rsa A+/= c d", NULL, 6, ""},
        {"a namespaces=\"git\" sk-ssh-ed25519@openssh.com AAAA==", NULL, 0, ""},
        {"a valid-after=\"20260101\",namespaces=\"fwproof-ciso@v1\",valid-before=\"202601010203Z\" "
         "ecdsa-sha2-nistp256 AAAA",
         NULL, 4, ",valid-after=\"20260101\",valid-before=\"202601010203Z\""},
        {"# x", NULL, 99, ""},
        {"a", "line 1: expected: name options key-type key", 0, ""},
        {"* namespaces=\"git\" ssh-rsa AAAA",
         "line 1: the name is a pattern or a list: one line names one person", 0, ""},
        {"!a namespaces=\"git\" ssh-rsa AAAA",
         "line 1: the name must be one word of letters, digits and . _ % + @ -", 0, ""},
        {"a cert-authority ssh-rsa AAAA",
         "line 1: certificate authorities are not accepted: give each person's own key", 0, ""},
        {"a namespaces=\"\" ssh-rsa AAAA", "line 1: namespaces= must list names, not patterns", 0,
         ""},
        {"a namespaces=\"a,\" ssh-rsa AAAA", "line 1: namespaces= must list names, not patterns", 0,
         ""},
        {"a namespaces=\"a,,b\" ssh-rsa AAAA", "line 1: namespaces= must list names, not patterns",
         0, ""},
        {"a namespaces=\"a ssh-rsa AAAA",
         "line 1: expected options like "
         "namespaces=\"fwproof-reviewer@v1\",valid-before=\"20270101Z\"",
         0, ""},
        {"a namespaces= ssh-rsa AAAA",
         "line 1: expected options like "
         "namespaces=\"fwproof-reviewer@v1\",valid-before=\"20270101Z\"",
         0, ""},
        {"a namespaces=\"a\"valid-before=\"20270101Z\" ssh-rsa AAAA",
         "line 1: expected options like "
         "namespaces=\"fwproof-reviewer@v1\",valid-before=\"20270101Z\"",
         0, ""},
        {"a namespaces=\"a\" ssh-RSA AAAA",
         "line 1: expected a key type and a key after the options", 0, ""},
        {"a namespaces=\"!a\" ssh-rsa AAAA", "line 1: namespaces= must list names, not patterns", 0,
         ""},
        {"a namespaces=git ssh-rsa AAAA",
         "line 1: expected options like "
         "namespaces=\"fwproof-reviewer@v1\",valid-before=\"20270101Z\"",
         0, ""},
        {"a namespaces=\"a\",namespaces=\"b\" ssh-rsa AAAA",
         "line 1: expected options like "
         "namespaces=\"fwproof-reviewer@v1\",valid-before=\"20270101Z\"",
         0, ""},
        {"a namespaces=\"a\",valid-before=\"soon\" ssh-rsa AAAA",
         "line 1: a date must read like 20270101Z or 20270101120000Z", 0, ""},
        {"a namespaces=\"a\" ssh-rsa-cert-v01@openssh.com AAAA",
         "line 1: certificates are not accepted: give the person's own key", 0, ""},
        {"a namespaces=\"a\" rsa AAAA", "line 1: expected a key type and a key after the options",
         0, ""},
        {"a namespaces=\"a\" ssh-rsa A===",
         "line 1: expected a key type and a key after the "
         "options",
         0, ""},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct fw_signers signers;
        fw_buf_reset(&why);
        bool good = fw_signers_parse(fw_sv_from(rows[i].line), &arena, &signers, &why);
        ck_assert_msg(good == !rows[i].why, "row %zu: %s", i, why.p);
        said(rows[i].why ? rows[i].why : "");
        if (good && rows[i].roles != 99) {
            ck_assert_uint_eq(signers.n, 1);
            ck_assert_uint_eq(signers.v[0].roles, rows[i].roles);
            ck_assert(fw_sv_is(signers.v[0].dates, rows[i].dates));
        } else if (good) {
            ck_assert_uint_eq(signers.n, 0);
        }
    }
}
END_TEST

/* A role is never read out of a line that ssh-keygen would read otherwise. */
START_TEST(hostile_trust_lines)
{
    static const char seed[] =
        "a@b namespaces=\"fwproof-reviewer@v1\",valid-before=\"20270101Z\" ssh-ed25519 AAAA x\n";
    static const char bytes[] = "a\" \t\n,=*?!@-Z1\0\r\xff";
    struct test_random random = test_random_start("hostile_trust_lines");
    struct fw_arena local;
    unsigned accepted = 0;
    fw_arena_init(&local, 0);
    for (unsigned i = 0; i < 30000; i++) {
        char text[sizeof(seed)];
        struct fw_signers signers = {0};
        memcpy(text, seed, sizeof(seed));
        for (unsigned changes = test_random_below(&random, 4); changes > 0; changes--) {
            text[test_random_below(&random, sizeof(seed) - 1)] =
                bytes[test_random_below(&random, sizeof(bytes) - 1)];
        }
        fw_buf_reset(&why);
        fw_arena_reset(&local);
        bool good = fw_signers_parse(fw_sv_of(text, sizeof(seed) - 1), &local, &signers, &why);
        ck_assert(good == (why.n == 0));
        for (size_t j = 0; j < signers.n; j++) {
            ck_assert(fw_principal_valid(signers.v[j].principal));
            ck_assert(signers.v[j].roles == 0 || signers.v[j].roles == 1);
            ck_assert(signers.v[j].key.n > 0);
        }
        accepted += good;
    }
    ck_assert_uint_gt(accepted, 3000);
    fw_arena_clear(&local);
}
END_TEST

START_TEST(signatures_have_one_spelling)
{
    struct fw_sshsig sig;
    fw_sv text = {0};
    struct fw_source_info info;
    ck_assert_int_eq(sign(FW_ROLE_REVIEWER, "wang@a.tw", "rev"), FW_OK);
    ck_assert_int_eq(fw_source_load(at("p/signoff/reviewer.sig"), 1 << 16, &arena, &text, &info),
                     FW_OK);
    ck_assert(fw_sshsig_parse(text, &arena, &sig));
    ck_assert(fw_sv_is(sig.key_type, "ssh-ed25519"));
    ck_assert(fw_sv_is(sig.namespace_, "fwproof-reviewer@v1"));
    /* Of all changes of one byte, those that keep the structure change key, namespace or signature:
     * none is another spelling of the same. */
    char *copy = fw_arena_alloc(&arena, text.n);
    unsigned parsed = 0;
    for (size_t i = 0; i < text.n; i++) {
        for (unsigned change = 1; change < 256; change <<= 1) {
            memcpy(copy, text.p, text.n);
            copy[i] = (char)(copy[i] ^ (char)change);
            bool good = fw_sshsig_parse(fw_sv_of(copy, text.n), &arena, &sig);
            ck_assert(!good || i > 28 + 12); /* "SSHSIG", version 1 */
            parsed += good;
        }
        ck_assert(!fw_sshsig_parse(fw_sv_sub(text, 0, i), &arena, &sig));
    }
    ck_assert_uint_gt(parsed, 0);
    ck_assert(!fw_sshsig_parse(FW_SV(""), &arena, &sig));
    ck_assert(!fw_sshsig_parse(
        FW_SV("-----BEGIN SSH SIGNATURE-----\n-----END SSH SIGNATURE-----\n"), &arena, &sig));
}
END_TEST

Suite *fw_suite_sign(void)
{
    Suite *suite = suite_create("sign");
    TCase *tc = tcase_create("sign");
    tcase_add_checked_fixture(tc, setup, workdir_teardown);
    tcase_set_timeout(tc, 120);
    tcase_add_test(tc, the_order);
    tcase_add_test(tc, a_broken_pack_is_not_signed);
    tcase_add_test(tc, identities_and_keys);
    tcase_add_test(tc, an_interrupted_sign_off_is_done_again);
    tcase_add_test(tc, a_key_in_an_agent);
    tcase_add_test(tc, trust_lines);
    tcase_add_test(tc, hostile_trust_lines);
    tcase_add_test(tc, signatures_have_one_spelling);
    suite_add_tcase(suite, tc);
    return suite;
}
