/* Tests of core/file.h: all or nothing, and never through a link or over what is somebody else's.
 */
#include "core/file.h"

#include <dirent.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/source.h"
#include "tests/unit/suites.h"
#include "tests/unit/workdir.h"

static void expect(const char *path, fw_sv want)
{
    struct fw_source_info info;
    fw_sv text;
    ck_assert_int_eq(fw_source_load(path, 1000000, &arena, &text, &info), FW_OK);
    ck_assert(fw_sv_eq(text, want));
}

/* Names in a folder: a temporary one that stays behind would be seen. */
static size_t entries(const char *folder)
{
    size_t n = 0;
    DIR *listing = opendir(folder);
    ck_assert_ptr_nonnull(listing);
    while (readdir(listing)) {
        n++;
    }
    closedir(listing);
    return n - 2;
}

START_TEST(write_and_overwrite)
{
    struct stat st;
    mode_t mask = umask(022);
    ck_assert_int_eq(fw_file_write("a", FW_SV("one")), FW_OK);
    expect("a", FW_SV("one"));
    ck_assert_int_eq(stat("a", &st), 0);
    ck_assert_uint_eq(st.st_mode & 0777, 0644);
    ck_assert_int_eq(chmod("a", 0600), 0);
    ck_assert_int_eq(fw_file_write("a", FW_SV("two\0three")), FW_OK);
    expect("a", FW_SV("two\0three"));
    ck_assert_int_eq(stat("a", &st), 0);
    ck_assert_uint_eq(st.st_mode & 0777, 0600); /* a private file stays private */
    ck_assert_int_eq(fw_file_write("a", FW_SV("")), FW_OK);
    expect("a", FW_SV(""));
    ck_assert_uint_eq(entries("."), 1);
    umask(mask);
}
END_TEST

START_TEST(write_failures)
{
    ck_assert_int_eq(fw_file_write("no/folder", FW_SV("x")), FW_ERR_NOENT);
    ck_assert_int_ne(fw_file_write(".", FW_SV("x")), FW_OK);
    ck_assert_int_ne(fw_file_write("", FW_SV("x")), FW_OK);
    ck_assert_int_eq(fw_file_write("/dev/null", FW_SV("x")), FW_OK); /* written to, not replaced */
    ck_assert(fw_file_exists("/dev/null"));
    if (access("/dev/full", W_OK) == 0) {
        ck_assert_int_eq(fw_file_write("/dev/full", FW_SV("x")), FW_ERR_NOSPACE);
    }
    ck_assert_uint_eq(entries("."), 0);
}
END_TEST

START_TEST(write_replaces_a_link)
{
    struct stat st;
    ck_assert_int_eq(fw_file_write("target", FW_SV("kept")), FW_OK);
    ck_assert_int_eq(symlink("target", "link"), 0);
    ck_assert_int_eq(fw_file_write("link", FW_SV("new")), FW_OK);
    expect("target", FW_SV("kept"));
    expect("link", FW_SV("new"));
    ck_assert_int_eq(lstat("link", &st), 0);
    ck_assert(S_ISREG(st.st_mode));
}
END_TEST

START_TEST(write_new)
{
    ck_assert_int_eq(fw_file_write_new("a", FW_SV("one")), FW_OK);
    ck_assert_int_eq(fw_file_write_new("a", FW_SV("two")), FW_ERR_EXISTS);
    expect("a", FW_SV("one"));
    ck_assert_int_eq(symlink("nowhere", "dangling"), 0);
    ck_assert_int_eq(fw_file_write_new("dangling", FW_SV("x")), FW_ERR_EXISTS);
    ck_assert(!fw_file_exists("nowhere"));
    ck_assert_int_eq(mkdir("d", 0700), 0);
    ck_assert_int_eq(fw_file_write_new("d", FW_SV("x")), FW_ERR_EXISTS);
    ck_assert_uint_eq(entries("."), 3);
}
END_TEST

START_TEST(folders)
{
    ck_assert_int_eq(fw_dir_make("a/b//c/"), FW_OK);
    ck_assert(fw_dir_exists("a/b/c"));
    ck_assert_int_eq(fw_dir_make("a/b/c"), FW_OK);
    ck_assert_int_eq(fw_dir_make("/"), FW_OK);
    ck_assert_int_eq(fw_dir_make("."), FW_OK);
    ck_assert_int_eq(fw_dir_make(""), FW_ERR_NOENT);
    ck_assert_int_eq(fw_file_write("f", FW_SV("")), FW_OK);
    ck_assert_int_eq(fw_dir_make("f"), FW_ERR_EXISTS);
    ck_assert_int_ne(fw_dir_make("f/g"), FW_OK);
    ck_assert(fw_file_exists("f") && !fw_dir_exists("f"));
    ck_assert(!fw_file_exists("a") && !fw_file_exists("nope") && !fw_dir_exists("nope"));
}
END_TEST

START_TEST(remove_keeps_what_links_name)
{
    ck_assert_int_eq(fw_dir_make("out/x/y"), FW_OK);
    ck_assert_int_eq(fw_dir_make("precious"), FW_OK);
    ck_assert_int_eq(fw_file_write("precious/file", FW_SV("kept")), FW_OK);
    ck_assert_int_eq(symlink("../../precious", "out/x/link"), 0);
    for (int i = 0; i < 300; i++) {
        char name[32];
        snprintf(name, sizeof(name), "out/x/f%d", i);
        ck_assert_int_eq(symlink("nowhere", name), 0);
    }
    ck_assert_int_eq(fw_dir_remove("out"), FW_OK);
    ck_assert(!fw_dir_exists("out"));
    expect("precious/file", FW_SV("kept"));
    ck_assert_int_eq(symlink("precious", "link"), 0);
    ck_assert_int_ne(fw_dir_remove("link"), FW_OK);
    ck_assert_int_ne(fw_dir_remove("precious/file"), FW_OK);
    ck_assert_int_eq(fw_dir_remove("nope"), FW_ERR_NOENT);
    expect("precious/file", FW_SV("kept"));
}
END_TEST

START_TEST(replace)
{
    ck_assert_int_eq(fw_dir_make("new"), FW_OK);
    ck_assert_int_eq(fw_file_write("new/n", FW_SV("1")), FW_OK);
    ck_assert_int_eq(fw_dir_replace("new", "pack"), FW_OK); /* nothing there yet */
    expect("pack/n", FW_SV("1"));
    ck_assert_int_eq(fw_dir_make("new/sub"), FW_OK);
    ck_assert_int_eq(fw_dir_replace("new/", "pack/"), FW_OK);
    ck_assert(fw_dir_exists("pack/sub") && !fw_file_exists("pack/n") && !fw_dir_exists("new"));
    ck_assert_uint_eq(entries("."), 1);
}
END_TEST

START_TEST(replace_refuses)
{
    ck_assert_int_eq(fw_dir_make("new"), FW_OK);
    ck_assert_int_eq(fw_dir_make("real"), FW_OK);
    ck_assert_int_eq(symlink("real", "link"), 0);
    ck_assert_int_eq(fw_file_write("file", FW_SV("x")), FW_OK);
    ck_assert_int_eq(fw_dir_replace("new", "link"), FW_ERR_EXISTS);
    ck_assert_int_eq(fw_dir_replace("new", "file"), FW_ERR_EXISTS);
    ck_assert_int_eq(fw_dir_replace("new", "./new"), FW_ERR_INVALID);
    ck_assert_int_eq(fw_dir_replace("nope", "real"), FW_ERR_NOENT);
    ck_assert_int_ne(fw_dir_replace("file", "real"), FW_OK);
    ck_assert_int_ne(fw_dir_replace("new", "no/where"), FW_OK);
    ck_assert_int_eq(fw_dir_make("real/inside"), FW_OK);
    ck_assert_int_ne(fw_dir_replace("real/inside", "real"), FW_OK);
    ck_assert(fw_dir_exists("new") && fw_dir_exists("real/inside") && fw_dir_exists("link"));
    expect("file", FW_SV("x"));
}
END_TEST

Suite *fw_suite_file(void)
{
    Suite *suite = suite_create("file");
    TCase *tc = tcase_create("file");
    tcase_add_checked_fixture(tc, workdir_enter, workdir_leave);
    tcase_add_test(tc, write_and_overwrite);
    tcase_add_test(tc, write_failures);
    tcase_add_test(tc, write_replaces_a_link);
    tcase_add_test(tc, write_new);
    tcase_add_test(tc, folders);
    tcase_add_test(tc, remove_keeps_what_links_name);
    tcase_add_test(tc, replace);
    tcase_add_test(tc, replace_refuses);
    suite_add_tcase(suite, tc);
    return suite;
}
