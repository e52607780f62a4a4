/* The versions of a file in a git repository: which ones, in which order, of whom; and repositories
 * that are large, odd or damaged. The program git makes them. */
#include "core/git.h"

#include <stdlib.h>

#include "core/file.h"
#include "core/limits.h"
#include "core/time.h"
#include "evidence/history.h"
#include "tests/unit/expect.h"
#include "tests/unit/suites.h"
#include "tests/unit/workdir.h"

/* commit FILE TEXT DAY: of May, at ten o'clock; of an author who is not the committer. */
static const char script[] =
    "set -e\n"
    "export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null\n"
    "export GIT_AUTHOR_NAME='Wang Da' GIT_AUTHOR_EMAIL=wang@agency.example\n"
    "export GIT_COMMITTER_NAME=oxidized GIT_COMMITTER_EMAIL=oxidized@agency.example\n"
    "export GIT_AUTHOR_DATE='2020-01-01T00:00:00Z'\n"
    "at() { export GIT_COMMITTER_DATE=\"2026-05-${1}T10:00:00Z\"; }\n"
    "put() { mkdir -p \"$(dirname net/\"$1\")\"; printf '%s' \"$2\" >net/\"$1\"; at \"$3\"\n"
    "  git -C net add -A; git -C net commit -q --allow-empty -m x; }\n"
    "git init -q -b main net\n";

static void make(const char *commands)
{
    struct fw_buf text;
    fw_buf_init(&text);
    fw_buf_add_cstr(&text, script);
    fw_buf_add_cstr(&text, commands);
    fw_buf_add_char(&text, '\n');
    write_at("make.sh", text.p);
    fw_buf_clear(&text);
    shell("sh ./make.sh");
}

static int64_t day(const char *text)
{
    int64_t ns;
    ck_assert(fw_time_parse(fw_sv_from(text), 0, true, &ns));
    return ns;
}

static struct fw_git_versions versions;

static enum fw_err find(const char *branch, const char *file, const char *from, const char *to)
{
    fw_buf_reset(&why);
    return fw_git_versions(&arena, at("net"), fw_sv_from(branch), fw_sv_from(file),
                           from ? day(from) : INT64_MIN, to ? day(to) : INT64_MAX, &versions, &why);
}

/* "04 one file;05 - gone": day, bytes and state of each version. */
static void expect_versions(const char *want)
{
    struct fw_buf got;
    fw_buf_init(&got);
    for (size_t i = 0; i < versions.n; i++) {
        const struct fw_git_version *version = &versions.v[i];
        struct fw_buf time;
        fw_buf_init(&time);
        fw_time_text(&time, version->ns);
        fw_buf_printf(&got, "%s%.2s ", i > 0 ? ";" : "", time.p + 8);
        fw_buf_add(&got, version->bytes.n > 0 ? version->bytes : FW_SV("-"));
        fw_buf_printf(&got, " %s", fw_git_state_name(version->state));
        ck_assert_uint_eq(version->commit.n, 40);
        fw_buf_clear(&time);
    }
    ck_assert_str_eq(got.p ? got.p : "", want);
    fw_buf_clear(&got);
}

/* Four versions, one of them twice, and commits about another file between them. */
#define HISTORY \
    "put routers/fw1 one 01; put routers/fw1 one 02; put other x 03; put routers/fw1 two 04\n" \
    "put other y 05; put routers/fw1 one 06; put routers/fw1 three 08; put other z 09"

START_TEST(versions_that_differ)
{
    make(HISTORY);
    ck_assert_int_eq(find("", "routers/fw1", NULL, NULL), FW_OK);
    expect_versions("01 one file;04 two file;06 one file;08 three file");
    expect_sv(versions.v[1].author, "Wang Da <wang@agency.example>");
    ck_assert(!versions.older);
    ck_assert_int_eq(find("main", "other", NULL, NULL), FW_OK);
    expect_versions("03 x file;05 y file;09 z file");
}
END_TEST

START_TEST(windows)
{
    static const struct {
        const char *from, *to, *want;
    } cases[] = {
        {"2026-05-05", "2026-05-07", "04 two file;06 one file"},
        {"2026-05-02", "2026-05-04", "01 one file;04 two file"},
        {"2026-05-20", "2026-05-30", "08 three file"},
        {"2026-04-01", "2026-05-01", "01 one file"},
        {"2026-05-06", "2026-05-06", "06 one file"},
        {"2026-03-01", "2026-04-01", ""},
        {"2026-05-07", "2026-05-02", "01 one file"}, /* counted from a day before the period */
    };
    make(HISTORY);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        ck_assert_int_eq(find("", "routers/fw1", cases[i].from, cases[i].to), FW_OK);
        expect_versions(cases[i].want);
        ck_assert(!versions.older);
    }
}
END_TEST

/* A clock that went back does not turn the order around; the same second neither. */
START_TEST(clocks)
{
    make("put fw one 05; put fw two 03; put fw three 03; put fw four 07");
    ck_assert_int_eq(find("", "fw", NULL, NULL), FW_OK);
    expect_versions("03 one file;03 two file;03 three file;07 four file");
    ck_assert_int_eq(find("", "fw", NULL, "2026-05-04"), FW_OK);
    expect_versions("03 one file;03 two file;03 three file");
}
END_TEST

START_TEST(what_is_no_file)
{
    make("put a/fw one 01; rm net/a/fw; put x x 02; put a/fw two 03\n"
         "rm net/a/fw; ln -s /etc/hostname net/a/fw; put x y 04\n"
         "rm net/a/fw; put a/fw/inner deep 05; rm -r net/a; put a flat 06");
    ck_assert_int_eq(find("", "a/fw", NULL, NULL), FW_OK);
    expect_versions("01 one file;02 - gone;03 two file;04 - other;05 - other;06 - gone");
    ck_assert_int_eq(find("", "never", NULL, NULL), FW_OK);
    expect_versions("");
    ck_assert_int_eq(find("", "a/../a", NULL, NULL), FW_OK);
    expect_versions("");
}
END_TEST

START_TEST(first_parents)
{
    make("put fw one 01; git -C net checkout -q -b side; put fw side 02; put fw more 03\n"
         "git -C net checkout -q main; put other x 04; at 05\n"
         "git -C net merge -q --no-ff -m merge side");
    ck_assert_int_eq(find("", "fw", NULL, NULL), FW_OK);
    expect_versions("01 one file;05 more file");
    ck_assert_int_eq(find("side", "fw", NULL, NULL), FW_OK);
    expect_versions("01 one file;02 side file;03 more file");
}
END_TEST

START_TEST(what_is_no_repository)
{
    shell("mkdir net");
    ck_assert_int_eq(find("", "fw", NULL, NULL), FW_ERR_INVALID);
    said("this is no git repository that can be read");
    ck_assert(!fw_git_is_repository(at("net")));
    make("");
    ck_assert(fw_git_is_repository(at("net")));
    ck_assert_int_eq(find("", "fw", NULL, NULL), FW_ERR_INVALID);
    said("the repository has no commits");
    make("put fw one 01");
    ck_assert_int_eq(find("other", "fw", NULL, NULL), FW_ERR_INVALID);
    said("the repository has no branch \"other\"");
    ck_assert_int_eq(find("", "", NULL, NULL), FW_ERR_INVALID);
    shell("git clone -q --bare net bare.git && rm -r net && mv bare.git net");
    ck_assert_int_eq(find("", "fw", NULL, NULL), FW_OK);
    expect_versions("01 one file");
}
END_TEST

/* rm_object REVISION: its file is emptied or taken away. */
#define OBJECT \
    "o=$(git -C net rev-parse %s) && f=net/.git/objects/$(echo $o | cut -c1-2)/$(echo $o | cut " \
    "-c3-) && chmod u+w $f && "

START_TEST(damage)
{
    make("put fw one 01; put fw two 02; put fw three 03; put fw four 04");
    shell(fw_arena_printf(&arena, OBJECT "echo x >$f", "HEAD~1:fw").p);
    ck_assert_int_eq(find("", "fw", NULL, NULL), FW_OK);
    expect_versions("01 one file;02 two file;03 - broken;04 four file");
    ck_assert(!versions.older);
    shell(fw_arena_printf(&arena, OBJECT "rm $f", "HEAD~2^{tree}").p);
    ck_assert_int_eq(find("", "fw", NULL, NULL), FW_OK);
    expect_versions("01 one file;02 - broken;03 - broken;04 four file");
    shell(fw_arena_printf(&arena, OBJECT "rm $f", "HEAD~2").p);
    ck_assert_int_eq(find("", "fw", NULL, NULL), FW_OK);
    expect_versions("03 - broken;04 four file");
    ck_assert(versions.older);
    ck_assert_int_eq(find("", "fw", "2026-05-03", NULL), FW_OK); /* nothing of the window is gone */
    expect_versions("03 - broken;04 four file");
    ck_assert(!versions.older);
}
END_TEST

START_TEST(shallow)
{
    make("put fw one 01; put fw two 02; put fw three 03");
    shell("git clone -q --depth 2 file://$PWD/net near && rm -r net && mv near net");
    ck_assert_int_eq(find("", "fw", NULL, NULL), FW_OK);
    expect_versions("02 two file;03 three file");
    ck_assert(versions.older);
}
END_TEST

/* One commit a second, each with another text, or none but the first with any. */
static void stream(unsigned n, bool each)
{
    struct fw_buf out;
    fw_buf_init(&out);
    for (unsigned i = 0; i < n; i++) {
        fw_buf_printf(&out, "commit refs/heads/main\ncommitter a <a@b> %u +0000\ndata 1\nx\n",
                      1780000000U + i);
        if (each || i == 0) {
            fw_buf_printf(&out, "M 644 inline fw\ndata 8\n%08u\n", i);
        }
    }
    write_at("stream", out.p);
    fw_buf_clear(&out);
    shell("git init -q -b main net && git -C net fast-import --quiet <stream");
}

START_TEST(many_versions)
{
    stream(FW_LIMIT_GIT_VERSIONS + 5, true);
    ck_assert_int_eq(find("", "fw", NULL, NULL), FW_OK);
    ck_assert_uint_eq(versions.n, FW_LIMIT_GIT_VERSIONS);
    ck_assert(versions.older);
    expect_sv(versions.v[0].bytes, "00000005");
    expect_sv(versions.v[versions.n - 1].bytes, "00001028");
    ck_assert_int_eq(find("", "fw", "2030-01-01", NULL), FW_OK);
    ck_assert_uint_eq(versions.n, 1);
    ck_assert(!versions.older);
}
END_TEST

START_TEST(many_commits)
{
    stream(FW_LIMIT_GIT_COMMITS, false);
    ck_assert_int_eq(find("", "fw", NULL, NULL), FW_OK);
    ck_assert_uint_eq(versions.n, 1);
    ck_assert(!versions.older);
    shell("git -C net read-tree HEAD && git -C net -c user.name=a -c user.email=a commit -q "
          "--allow-empty -m one-more");
    ck_assert_int_eq(find("", "fw", NULL, NULL), FW_OK);
    ck_assert_uint_eq(versions.n, 1);
    ck_assert(versions.older);
    ck_assert_int_eq(find("", "fw", "2030-01-01", NULL),
                     FW_OK); /* none of a later period is left */
    ck_assert(!versions.older);
}
END_TEST

/* A commit whose text alone is larger than any commit may be. */
START_TEST(large_commit)
{
    make(fw_arena_printf(&arena,
                         "put fw one 01; head -c %u /dev/zero | tr '\\0' a >text\n"
                         "printf two >net/fw; at 02; git -C net commit -q -a -F ../text\n"
                         "put fw three 03",
                         FW_LIMIT_GIT_OBJECT)
             .p);
    ck_assert_int_eq(find("", "fw", NULL, NULL), FW_OK);
    expect_versions("03 three file");
    ck_assert(versions.older);
}
END_TEST

/* Two versions that are too large together: the newest is read. */
START_TEST(many_bytes)
{
    make(fw_arena_printf(
             &arena,
             "git -C net config core.compression 0; put fw small 01\n"
             "head -c %u /dev/zero >net/big; at 02; mv net/big net/fw; git -C net add -A\n"
             "git -C net commit -q -m x; printf x >>net/fw; at 03\n"
             "git -C net add -A; git -C net commit -q -m x",
             FW_LIMIT_GIT_BYTES / 2)
             .p);
    ck_assert_int_eq(find("", "fw", NULL, NULL), FW_OK);
    ck_assert_uint_eq(versions.n, 3);
    ck_assert_int_eq(versions.v[0].state, FW_GIT_FILE);
    ck_assert_int_eq(versions.v[1].state, FW_GIT_BROKEN);
    ck_assert_uint_eq(versions.v[2].bytes.n, FW_LIMIT_GIT_BYTES / 2 + 1);
}
END_TEST

START_TEST(one_version)
{
    fw_sv bytes;
    make(HISTORY);
    ck_assert_int_eq(find("", "routers/fw1", NULL, NULL), FW_OK);
    for (size_t i = 0; i < versions.n; i++) {
        fw_sv path = fw_arena_printf(&arena, "net/routers/fw1@%.*s",
                                     FW_SV_ARG(versions.v[i].commit));
        ck_assert_int_eq(fw_config_version_read(&arena, fw_sv_from(dir), path, &bytes), FW_OK);
        ck_assert(fw_sv_eq(bytes, versions.v[i].bytes));
        path = fw_sv_sub(path, 4, SIZE_MAX); /* the repository is the folder itself */
        ck_assert_int_eq(fw_config_version_read(&arena, fw_sv_from(at("net")), path, &bytes),
                         FW_OK);
        ck_assert(fw_sv_eq(bytes, versions.v[i].bytes));
    }
    static const char *const none[] = {"net/routers/fw1@",
                                       "net/routers/fw1",
                                       "@",
                                       "",
                                       "net/routers/fw1@0123456789012345678901234567890123456789",
                                       "net/routers/fw1@versions",
                                       "net@0123"};
    for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++) {
        ck_assert_int_eq(
            fw_config_version_read(&arena, fw_sv_from(dir), fw_sv_from(none[i]), &bytes),
            FW_ERR_NOENT);
    }
}
END_TEST

Suite *fw_suite_git(void)
{
    Suite *suite = suite_create("git");
    TCase *tc = tcase_create("git");
    tcase_add_checked_fixture(tc, workdir_setup, workdir_teardown);
    tcase_set_timeout(tc, 120);
    tcase_add_test(tc, versions_that_differ);
    tcase_add_test(tc, windows);
    tcase_add_test(tc, clocks);
    tcase_add_test(tc, what_is_no_file);
    tcase_add_test(tc, first_parents);
    tcase_add_test(tc, what_is_no_repository);
    tcase_add_test(tc, damage);
    tcase_add_test(tc, shallow);
    tcase_add_test(tc, many_versions);
    tcase_add_test(tc, many_commits);
    tcase_add_test(tc, large_commit);
    tcase_add_test(tc, many_bytes);
    tcase_add_test(tc, one_version);
    suite_add_tcase(suite, tc);
    return suite;
}
