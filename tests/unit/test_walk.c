/* Tests of core/walk.h: every file once, in one order, and nothing through links that loop. */
#include "core/walk.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/file.h"
#include "core/limits.h"
#include "tests/unit/suites.h"
#include "tests/unit/workdir.h"

static void make(const char *path)
{
    write_at(path, "x\n");
}

static void expect_paths(const struct fw_paths *paths, const char *want)
{
    char got[4096] = "";
    for (size_t i = 0; i < paths->n; i++) {
        ck_assert_int_eq(paths->v[i].p[paths->v[i].n], '\0');
        strcat(got, paths->v[i].p);
        strcat(got, "|");
    }
    ck_assert_str_eq(got, want);
}

static void expect_walk(const char *const *named, size_t n, const char *want, uint64_t want_missing,
                        size_t want_diags)
{
    struct fw_paths paths;
    uint64_t missing;
    struct fw_diags *diags = fw_diags_new();
    ck_assert_int_eq(fw_walk(&arena, named, n, diags, &paths, &missing), FW_OK);
    expect_paths(&paths, want);
    ck_assert_uint_eq(missing, want_missing);
    ck_assert_uint_eq(fw_diags_count(diags), want_diags);
    fw_diags_free(diags);
}

START_TEST(order_is_natural)
{
    make("logs/fw.log.10");
    make("logs/fw.log.2");
    make("logs/fw.log");
    make("logs/a/x");
    make("logs/fw.log.1");
    make("logs/.git/HEAD");
    make("logs/.fw.log.swp");
    static const char *const named[] = {"logs"};
    expect_walk(named, 1, "logs/a/x|logs/fw.log|logs/fw.log.1|logs/fw.log.2|logs/fw.log.10|", 0, 0);
    static const char *const twice[] = {"logs/fw.log", "./logs", "logs", "logs/",
                                        "logs/.fw.log.swp"};
    expect_walk(twice, 5,
                "./logs/a/x|./logs/fw.log|./logs/fw.log.1|./logs/fw.log.2|./logs/fw.log.10|"
                "logs/.fw.log.swp|",
                0, 0);
}
END_TEST

START_TEST(missing_paths_are_counted)
{
    make("a");
    static const char *const named[] = {"nope", "a", "-", "a/b", ""};
    expect_walk(named, 5, "-|a|", 3, 3);
    expect_walk(named, 0, "", 0, 0);
}
END_TEST

START_TEST(links)
{
    make("d/real.log");
    make("d/sub/inner.log");
    make("other/outside.log");
    ck_assert_int_eq(symlink("real.log", "d/alias.log"), 0);
    ck_assert_int_eq(link("d/real.log", "d/twin.log"), 0);
    ck_assert_int_eq(symlink("..", "d/sub/loop"), 0);
    ck_assert_int_eq(symlink("../other", "d/other"), 0);
    ck_assert_int_eq(symlink("../other/outside.log", "d/picked.log"), 0);
    ck_assert_int_eq(symlink("nowhere", "d/dangling"), 0);
    ck_assert_int_eq(symlink("d", "named"), 0);
    ck_assert_int_eq(mkfifo("d/pipe", 0600), 0);
    static const char *const folder[] = {"d"};
    expect_walk(folder, 1, "d/picked.log|d/real.log|d/sub/inner.log|", 0, 1);
    static const char *const by_link[] = {"named"};
    expect_walk(by_link, 1, "named/picked.log|named/real.log|named/sub/inner.log|", 0, 1);
    static const char *const pipe_named[] = {"d/pipe", "d/alias.log", "d/real.log"};
    expect_walk(pipe_named, 3, "d/pipe|d/real.log|", 0, 0);
}
END_TEST

START_TEST(unreadable_folder)
{
    make("d/ok/a");
    make("d/closed/b");
    ck_assert_int_eq(chmod("d/closed", 0), 0);
    bool all_powerful = access("d/closed/b", R_OK) == 0; /* root sees everything */
    static const char *const named[] = {"d"};
    if (all_powerful) {
        expect_walk(named, 1, "d/closed/b|d/ok/a|", 0, 0);
    } else {
        expect_walk(named, 1, "d/ok/a|", 1, 1);
    }
    ck_assert_int_eq(chmod("d/closed", 0700), 0);
}
END_TEST

START_TEST(depth_is_limited)
{
    char path[4 * FW_LIMIT_WALK_DEPTH + 16] = "d";
    for (int i = 0; i < FW_LIMIT_WALK_DEPTH + 3; i++) {
        strcat(path, "/d");
    }
    ck_assert_int_eq(fw_dir_make(path), FW_OK);
    make("d/d/d/file");
    strcat(path, "/deep");
    make(path);
    struct fw_paths paths;
    uint64_t missing;
    struct fw_diags *diags = fw_diags_new();
    static const char *const named[] = {"d"};
    ck_assert_int_eq(fw_walk(&arena, named, 1, diags, &paths, &missing), FW_OK);
    expect_paths(&paths, "d/d/d/file|");
    ck_assert_uint_eq(fw_diags_count(diags), 1);
    ck_assert_int_eq(fw_diags_at(diags, 0)->id, FW_DIAG_ID_LIMIT_REACHED);
    fw_diags_free(diags);
    ck_assert_int_eq(fw_glob(&arena, ".", FW_SV("**/file"), &paths), FW_ERR_LIMIT);
    expect_paths(&paths, "d/d/d/file|");
    /* Too deep for one call of fw_dir_remove too; so it is halved first. */
    strcpy(path, "d");
    for (int i = 0; i < FW_LIMIT_WALK_DEPTH / 2; i++) {
        strcat(path, "/d");
    }
    ck_assert_int_eq(fw_dir_remove(path), FW_OK);
}
END_TEST

/* A million names are a million names, also of one file. */
START_TEST(files_are_limited)
{
    struct fw_paths paths;
    uint64_t missing;
    struct fw_diags *diags = fw_diags_new();
    const char **named = calloc(FW_LIMIT_FILES + 2, sizeof(*named));
    ck_assert_ptr_nonnull(named);
    for (size_t i = 0; i < FW_LIMIT_FILES; i++) {
        named[i] = "-";
    }
    make("d/a");
    named[FW_LIMIT_FILES] = "d/a";
    named[FW_LIMIT_FILES + 1] = "d";
    ck_assert_int_eq(fw_walk(&arena, named, FW_LIMIT_FILES, diags, &paths, &missing), FW_OK);
    ck_assert_uint_eq(fw_diags_count(diags), 0);
    ck_assert_int_eq(fw_walk(&arena, named, FW_LIMIT_FILES + 2, diags, &paths, &missing), FW_OK);
    expect_paths(&paths, "-|");
    ck_assert_uint_eq(fw_diags_count(diags), 1);
    ck_assert_int_eq(fw_diags_at(diags, 0)->id, FW_DIAG_ID_LIMIT_REACHED);
    ck_assert(fw_sv_is(fw_diags_at(diags, 0)->path, "d/a"));
    ck_assert(fw_sv_find(fw_diags_at(diags, 0)->message, FW_SV("(FILES)")) != SIZE_MAX);
    fw_diags_free(diags);
    free(named);
}
END_TEST

START_TEST(memory_budget)
{
    char name[64];
    for (int i = 0; i < 300; i++) {
        snprintf(name, sizeof(name), "d/a-file-with-a-name-%03d", i);
        make(name);
    }
    struct fw_paths paths;
    uint64_t missing;
    struct fw_diags *diags = fw_diags_new();
    static const char *const named[] = {"d"};
    for (uint64_t budget = 1; budget < 60000; budget += 997) {
        struct fw_arena small;
        fw_arena_init(&small, budget);
        ck_assert_int_eq(fw_walk(&small, named, 1, diags, &paths, &missing), FW_ERR_MEMORY);
        ck_assert_ptr_null(small.guard);
        fw_arena_clear(&small);
    }
    fw_diags_free(diags);
}
END_TEST

static void expect_glob(const char *pattern, const char *want)
{
    struct fw_paths paths;
    ck_assert_int_eq(fw_glob(&arena, "site", fw_sv_from(pattern), &paths), FW_OK);
    expect_paths(&paths, want);
}

START_TEST(globs)
{
    make("site/fw1/run.cfg");
    make("site/fw2/run.cfg");
    make("site/fw10/run.cfg");
    make("site/fw10/old/run.cfg");
    make("site/fw10/.hidden/run.cfg");
    make("site/防火牆/設定.cfg");
    make("site/[x].cfg");
    make("shared/ports.cfg");
    ck_assert_int_eq(symlink("fw1", "site/latest"), 0);
    expect_glob("*/run.cfg", "site/fw1/run.cfg|site/fw2/run.cfg|site/fw10/run.cfg|");
    expect_glob("fw?/run.cfg", "site/fw1/run.cfg|site/fw2/run.cfg|");
    expect_glob("fw[2-9]*/*", "site/fw2/run.cfg|");
    expect_glob("fw[!2-9]*/*", "site/fw1/run.cfg|site/fw10/run.cfg|");
    expect_glob("**/run.cfg",
                "site/fw1/run.cfg|site/fw2/run.cfg|site/fw10/old/run.cfg|site/fw10/run.cfg|");
    expect_glob("fw10/**", "site/fw10/old/run.cfg|site/fw10/run.cfg|");
    expect_glob("fw10/**/**/run.cfg", "site/fw10/old/run.cfg|site/fw10/run.cfg|");
    expect_glob("fw10/.hidden/*", "site/fw10/.hidden/run.cfg|");
    expect_glob("fw10/.*/*", "site/fw10/.hidden/run.cfg|");
    expect_glob("?\?\?/設?.cfg", "site/防火牆/設定.cfg|");
    expect_glob("\\[x].cfg", "site/[x].cfg|");
    expect_glob("[[]x].cfg", "site/[x].cfg|");
    expect_glob("../shared/*.cfg", "shared/ports.cfg|");
    expect_glob("./fw1/../fw2/*", "site/fw2/run.cfg|");
    expect_glob("latest/run.cfg", "site/latest/run.cfg|"); /* a named link is followed */
    expect_glob("fw1/run.cfg", "site/fw1/run.cfg|");
    expect_glob("fw1", "");
    expect_glob("nope/*", "");
    expect_glob("", "");
    struct fw_paths paths;
    ck_assert_int_eq(fw_glob(&arena, "site", FW_SV("*/../x"), &paths), FW_ERR_INVALID);
    fw_sv absolute = fw_arena_printf(&arena, "%s/site/fw1/*", dir);
    ck_assert_int_eq(fw_glob(&arena, "elsewhere", absolute, &paths), FW_OK);
    ck_assert_uint_eq(paths.n, 1);
    ck_assert(fw_sv_starts(paths.v[0], dir));
}
END_TEST

START_TEST(glob_match)
{
    static const struct {
        const char *pattern, *path;
        bool matches;
    } rows[] = {
        {"*.log", "fw.log", true},
        {"*.log", "a/fw.log", false},
        {"**/*.log", "fw.log", true},
        {"**/*.log", "a/b/fw.log", true},
        {"a/**/b", "a/b", true},
        {"a/**/b", "a/x/y/b", true},
        {"a/**/b", "a/x/y/c", false},
        {"a/**/b/**/c", "a/b/x/b/y/c", true},
        {"a/**/b/**/c", "a/x/c/b", false},
        {"a/**", "a", false},
        {"a/**", "a/b/c", true},
        {"**", "a/b", true},
        {"**", ".hidden", false},
        {"**/x", ".git/x", false},
        {"*", ".hidden", false},
        {".*", ".hidden", true},
        {"?", "防", true},
        {"?", "", false},
        {"[a-c]x", "bx", true},
        {"[a-c]x", "dx", false},
        {"[]]x", "]x", true},
        {"[a", "[a", true}, /* not closed: itself */
        {"[^a]", "b", true},
        {"[a-]", "-", true},
        {"[\\]]", "]", true},
        {"\\*", "*", true},
        {"\\*", "x", false},
        {"/a/*", "/a/b", true},
        {"/a/*", "a/b", false},
        {"a//b", "a/b", true},
        {"a*b*c*d", "aXbXcXd", true},
        {"a*b*c*d", "aXbXcX", false},
        {"*a", "aaa", true},
        {"", "", true},
        {"", "a", false},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        ck_assert_msg(fw_glob_match(fw_sv_from(rows[i].pattern), fw_sv_from(rows[i].path)) ==
                          rows[i].matches,
                      "%s against %s", rows[i].pattern, rows[i].path);
    }
}
END_TEST

/* Patterns that make a backtracking matcher take for ever. */
START_TEST(glob_takes_no_time)
{
    char pattern[4001];
    char path[4001];
    for (size_t i = 0; i < 4000; i += 2) {
        memcpy(pattern + i, "*a", 2);
    }
    memset(path, 'a', 4000);
    path[3999] = 'b';
    ck_assert(!fw_glob_match(fw_sv_of(pattern, 4000), fw_sv_of(path, 4000)));
    for (size_t i = 0; i < 4000; i += 5) {
        memcpy(pattern + i, "**/a/", 5);
    }
    for (size_t i = 0; i < 4000; i += 2) {
        memcpy(path + i, "a/", 2);
    }
    path[3998] = 'b';
    ck_assert(!fw_glob_match(fw_sv_of(pattern, 4000), fw_sv_of(path, 4000)));
}
END_TEST

/* Against a matcher that is too simple to be wrong, and too slow to be used. */
static bool slow_match(const char *pattern, const char *name)
{
    if (*pattern == '\0') {
        return *name == '\0';
    }
    if (*pattern == '*') {
        return slow_match(pattern + 1, name) || (*name && slow_match(pattern, name + 1));
    }
    return *name && (*pattern == '?' || *pattern == *name) && slow_match(pattern + 1, name + 1);
}

START_TEST(glob_against_oracle)
{
    srand(23);
    for (int round = 0; round < 50000; round++) {
        char pattern[8];
        char name[8];
        size_t n = (size_t)rand() % 7;
        for (size_t i = 0; i < n; i++) {
            pattern[i] = "ab*?"[rand() % 4];
        }
        pattern[n] = '\0';
        n = (size_t)rand() % 7;
        for (size_t i = 0; i < n; i++) {
            name[i] = "ab"[rand() % 2];
        }
        name[n] = '\0';
        if (strstr(pattern, "**") || n == 0) {
            continue;
        }
        bool want = slow_match(pattern, name);
        if (fw_glob_match(fw_sv_from(pattern), fw_sv_from(name)) != want) {
            ck_abort_msg("seed 23, round %d: %s against %s", round, pattern, name);
        }
    }
}
END_TEST

START_TEST(paths)
{
    static const struct {
        const char *base, *relative, *want;
    } joins[] = {
        {"/site", "logs/a", "/site/logs/a"},
        {"/site", "/etc/x", "/etc/x"},
        {"/site/", "./logs//a", "/site/logs/a"},
        {"/site", "../x", "/x"},
        {"/site", "../../../x", "/x"},
        {"site", "../x", "x"},
        {"site", "../../x", "../x"},
        {"../site", "..", ".."},
        {"..", "..", "../.."},
        {".", "x", "x"},
        {"", "x", "x"},
        {"", "", "."},
        {"a", "..", "."},
        {"/", "..", "/"},
        {"/", "x", "/x"},
        {"a/b", "../c/../d", "a/d"},
    };
    for (size_t i = 0; i < sizeof(joins) / sizeof(joins[0]); i++) {
        fw_sv got = fw_path_join(&arena, fw_sv_from(joins[i].base), fw_sv_from(joins[i].relative));
        ck_assert_str_eq(got.p, joins[i].want);
        ck_assert_uint_eq(got.n, strlen(joins[i].want));
    }
    ck_assert(fw_sv_is(fw_path_below(FW_SV("a/b"), FW_SV("a/b/c/d")), "c/d"));
    ck_assert(fw_sv_is(fw_path_below(FW_SV("a/b"), FW_SV("a/bc/d")), "a/bc/d"));
    ck_assert(fw_sv_is(fw_path_below(FW_SV("a/b"), FW_SV("a/b/")), "a/b/"));
    ck_assert(fw_sv_is(fw_path_below(FW_SV(""), FW_SV("/a")), "/a"));
    static const struct {
        const char *path, *dir, *name;
    } parts[] = {
        {"a/b/c", "a/b", "c"}, {"a", ".", "a"}, {"/a", "/", "a"},   {"/", "/", ""},
        {"a/", ".", "a"},      {"", ".", ""},   {"a//b", "a", "b"}, {"/a/b/", "/a", "b"},
    };
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        fw_sv path = fw_sv_from(parts[i].path);
        ck_assert_msg(fw_sv_is(fw_path_dir(path), parts[i].dir), "dir of %s: %.*s", parts[i].path,
                      FW_SV_ARG(fw_path_dir(path)));
        ck_assert_msg(fw_sv_is(fw_path_name(path), parts[i].name), "name of %s: %.*s",
                      parts[i].path, FW_SV_ARG(fw_path_name(path)));
    }
}
END_TEST

Suite *fw_suite_walk(void)
{
    Suite *suite = suite_create("walk");
    TCase *tc = tcase_create("walk");
    tcase_add_checked_fixture(tc, workdir_enter, workdir_leave);
    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, order_is_natural);
    tcase_add_test(tc, missing_paths_are_counted);
    tcase_add_test(tc, links);
    tcase_add_test(tc, unreadable_folder);
    tcase_add_test(tc, depth_is_limited);
    tcase_add_test(tc, files_are_limited);
    tcase_add_test(tc, memory_budget);
    tcase_add_test(tc, globs);
    tcase_add_test(tc, glob_match);
    tcase_add_test(tc, glob_takes_no_time);
    tcase_add_test(tc, glob_against_oracle);
    tcase_add_test(tc, paths);
    suite_add_tcase(suite, tc);
    return suite;
}
