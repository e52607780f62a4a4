/* The store: what it keeps, who may use it, and what a kill, a full disk or a foreign file does. */
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/file.h"
#include "evidence/store.h"
#include "evidence/store_schema.h"
#include "tests/unit/suites.h"
#include "tests/unit/workdir.h"

static char path[128];

static void setup(void)
{
    workdir_setup();
    (void)snprintf(path, sizeof(path), "%s/site/.fwproof/store.db", dir);
}

static struct fw_store *open_store(void)
{
    struct fw_store *store = NULL;
    enum fw_err err = fw_store_open(path, NULL, &why, &store);
    ck_assert_msg(err == FW_OK, "open: %s: %.*s", fw_err_text(err), FW_SV_ARG(fw_buf_sv(&why)));
    return store;
}

static struct fw_store_key key_of(unsigned i)
{
    struct fw_store_key key = {.parser = FW_SV("iptables-log"), .version = 3};
    char text[16];
    (void)snprintf(text, sizeof(text), "file %u", i);
    key.file = fw_sha256_of(fw_sv_from(text));
    return key;
}

/* A blob that only number i has. */
static void blob_of(unsigned i, size_t n, struct fw_buf *ret)
{
    fw_buf_reset(ret);
    while (ret->n < n) {
        fw_buf_printf(ret, "%u,", i);
    }
}

static enum fw_err put(struct fw_store *store, unsigned i, size_t n)
{
    struct fw_store_key key = key_of(i);
    struct fw_source_info info = {.sha256 = key.file, .stored_bytes = i, .lines = 7};
    struct fw_buf blob;
    fw_buf_init(&blob);
    blob_of(i, n, &blob);
    enum fw_err err = fw_store_summary_put(store, &key, &info, fw_buf_sv(&blob));
    fw_buf_clear(&blob);
    return err;
}

static enum fw_err find(struct fw_store *store, unsigned i, size_t n)
{
    struct fw_store_key key = key_of(i);
    struct fw_source_info info;
    struct fw_buf want, got;
    fw_buf_init(&want);
    fw_buf_init(&got);
    enum fw_err err = fw_store_summary_find(store, &key, &info, &got);
    if (err == FW_OK) {
        blob_of(i, n, &want);
        ck_assert(fw_sv_eq(fw_buf_sv(&want), fw_buf_sv(&got)));
        ck_assert_uint_eq(info.stored_bytes, i);
        ck_assert_uint_eq(info.lines, 7);
        ck_assert(fw_sha256_eq(info.sha256, key.file));
    }
    fw_buf_clear(&want);
    fw_buf_clear(&got);
    return err;
}

START_TEST(keeps_summaries)
{
    struct fw_store *store = open_store();
    ck_assert_int_eq(find(store, 1, 100), FW_ERR_NOENT);
    ck_assert_int_eq(put(store, 1, 100), FW_OK);
    ck_assert_int_eq(put(store, 2, 0), FW_OK);
    ck_assert_int_eq(find(store, 1, 100), FW_OK);
    ck_assert_int_eq(find(store, 2, 0), FW_OK);
    ck_assert_int_eq(put(store, 1, 200), FW_OK);
    ck_assert_int_eq(find(store, 1, 200), FW_OK);
    ck_assert_uint_eq(fw_store_summary_count(store), 2);
    fw_store_close(store);

    store = open_store();
    ck_assert_int_eq(find(store, 1, 200), FW_OK);
    ck_assert_int_eq(fw_store_check(store, &why), FW_OK);
    fw_store_close(store);
}
END_TEST

START_TEST(every_part_of_the_key_counts)
{
    struct fw_store *store = open_store();
    struct fw_buf got;
    fw_buf_init(&got);
    ck_assert_int_eq(put(store, 1, 10), FW_OK);
    struct fw_store_key key = key_of(1);
    ck_assert_int_eq(fw_store_summary_find(store, &key, NULL, &got), FW_OK);
    key.version = 4;
    ck_assert_int_eq(fw_store_summary_find(store, &key, NULL, &got), FW_ERR_NOENT);
    key = key_of(1);
    key.parser = FW_SV("iptables-lo");
    ck_assert_int_eq(fw_store_summary_find(store, &key, NULL, &got), FW_ERR_NOENT);
    key = key_of(1);
    key.format.b[31] = 1;
    ck_assert_int_eq(fw_store_summary_find(store, &key, NULL, &got), FW_ERR_NOENT);
    fw_buf_clear(&got);
    fw_store_close(store);
}
END_TEST

START_TEST(source_facts_survive)
{
    struct fw_store *store = open_store();
    struct fw_store_key key = key_of(9);
    struct fw_source_info info = {.sha256 = key.file,
                                  .stored_bytes = 1,
                                  .decoded_bytes = UINT64_C(1) << 40,
                                  .lines = 3,
                                  .long_lines = 4,
                                  .container = FW_CONTAINER_GZIP,
                                  .integrity = FW_INTEGRITY_TRUNCATED,
                                  .members = 5,
                                  .gzip_mtime = UINT32_MAX};
    struct fw_source_info got;
    struct fw_buf blob;
    fw_buf_init(&blob);
    ck_assert_int_eq(fw_store_summary_put(store, &key, &info, FW_SV("x\0y")), FW_OK);
    ck_assert_int_eq(fw_store_summary_find(store, &key, &got, &blob), FW_OK);
    ck_assert_uint_eq(blob.n, 3);
    ck_assert_uint_eq(got.stored_bytes, 1);
    ck_assert_uint_eq(got.decoded_bytes, UINT64_C(1) << 40);
    ck_assert_uint_eq(got.lines, 3);
    ck_assert_uint_eq(got.long_lines, 4);
    ck_assert_int_eq(got.container, FW_CONTAINER_GZIP);
    ck_assert_int_eq(got.integrity, FW_INTEGRITY_TRUNCATED);
    ck_assert_uint_eq(got.members, 5);
    ck_assert_uint_eq(got.gzip_mtime, UINT32_MAX);
    fw_buf_clear(&blob);
    fw_store_close(store);
}
END_TEST

static void see(struct fw_store *store, uint64_t run, const char *name, const char *content)
{
    struct fw_store_path seen = {.path = fw_sv_from(name),
                                 .device = FW_SV("fw01"),
                                 .bytes = strlen(content),
                                 .mtime_ns = -5,
                                 .sha256 = fw_sha256_of(fw_sv_from(content))};
    ck_assert_int_eq(fw_store_path_put(store, &seen, run), FW_OK);
}

START_TEST(paths_have_a_history)
{
    struct fw_store *store = open_store();
    uint64_t runs[3];
    for (size_t i = 0; i < 3; i++) {
        ck_assert_int_eq(fw_store_run_begin(store, i == 0 ? INT64_MIN : 1, &runs[i]), FW_OK);
        see(store, runs[i], "logs/fw.log.1", i < 2 ? "old" : "edited");
        see(store, runs[i], "logs/a", "same");
        ck_assert_int_eq(fw_store_run_end(store, runs[i]), FW_OK);
    }
    struct fw_store_path last;
    ck_assert_int_eq(fw_store_path_find(store, FW_SV("logs/fw.log.1"), &arena, &last), FW_OK);
    ck_assert_uint_eq(last.bytes, 6);
    ck_assert_int_eq(last.mtime_ns, -5);
    ck_assert(fw_sv_is(last.device, "fw01"));
    ck_assert_uint_eq(last.first_run, runs[2]);
    ck_assert_int_eq(fw_store_path_find(store, FW_SV("none"), &arena, &last), FW_ERR_NOENT);

    size_t n = 0;
    struct fw_store_path *list = NULL;
    ck_assert_int_eq(fw_store_path_list(store, FW_SV("logs/fw.log.1"), &arena, &n, &list), FW_OK);
    ck_assert_uint_eq(n, 2);
    ck_assert_uint_eq(list[0].first_run, runs[0]);
    ck_assert_uint_eq(list[0].last_run, runs[1]);
    ck_assert_uint_eq(list[1].last_run, runs[2]);
    ck_assert_int_eq(fw_store_path_list(store, (fw_sv){0}, &arena, &n, &list), FW_OK);
    ck_assert_uint_eq(n, 3);
    ck_assert(fw_sv_is(list[0].path, "logs/a"));
    ck_assert_uint_eq(list[0].first_run, runs[0]);
    ck_assert_uint_eq(list[0].last_run, runs[2]);
    fw_store_close(store);
}
END_TEST

START_TEST(reviews_are_listed_once)
{
    struct fw_store *store = open_store();
    struct fw_store_review second = {FW_SV("2026Q2"), 2, fw_sha256_of(FW_SV("b")), 20};
    struct fw_store_review first = {FW_SV("2026Q1"), 1, fw_sha256_of(FW_SV("a")), 10};
    ck_assert_int_eq(fw_store_review_put(store, &second), FW_OK);
    ck_assert_int_eq(fw_store_review_put(store, &first), FW_OK);
    ck_assert_int_eq(fw_store_review_put(store, &second), FW_OK);
    size_t n = 0;
    struct fw_store_review *list = NULL;
    ck_assert_int_eq(fw_store_review_list(store, &arena, &n, &list), FW_OK);
    ck_assert_uint_eq(n, 2);
    ck_assert(fw_sv_is(list[0].period, "2026Q1"));
    ck_assert_uint_eq(list[1].sequence, 2);
    ck_assert(fw_sha256_eq(list[1].head, second.head));
    ck_assert_int_eq(list[1].as_of_ns, 20);
    fw_store_close(store);
}
END_TEST

/* Runs `work` in a child that reports one byte for each step on the pipe. */
static pid_t child(void (*work)(int out), int *ret_fd)
{
    int fds[2];
    ck_assert_int_eq(pipe(fds), 0);
    pid_t pid = fork();
    ck_assert_int_ge(pid, 0);
    if (pid == 0) {
        (void)close(fds[0]);
        work(fds[1]);
        _exit(0);
    }
    (void)close(fds[1]);
    *ret_fd = fds[0];
    return pid;
}

static void tell(int out)
{
    (void)!write(out, "+", 1);
}

static void hold_half_a_second(int out)
{
    struct fw_store *store = NULL;
    struct fw_buf text = {0};
    if (fw_store_open(path, NULL, &text, &store) == FW_OK) {
        tell(out);
        struct timespec pause = {0, 500000000L};
        (void)nanosleep(&pause, NULL);
    }
    fw_store_close(store);
}

static void count_call(void *context, uint64_t pid)
{
    ck_assert_uint_ne(pid, 0);
    (*(unsigned *)context)++;
}

START_TEST(one_writer)
{
    int fd;
    char c;
    pid_t pid = child(hold_half_a_second, &fd);
    ck_assert_int_eq(read(fd, &c, 1), 1);
    struct fw_store *store = NULL;
    ck_assert_int_eq(fw_store_open(path, NULL, &why, &store), FW_ERR_BUSY);
    char want[64];
    (void)snprintf(want, sizeof(want), "is in use by another review (process %d)", (int)pid);
    ck_assert_str_eq(why.p, want);

    unsigned calls = 0;
    struct fw_store_options options = {30, count_call, &calls};
    ck_assert_int_eq(fw_store_open(path, &options, &why, &store), FW_OK);
    ck_assert_uint_eq(calls, 1);
    fw_store_close(store);
    (void)waitpid(pid, NULL, 0);
    (void)close(fd);
}
END_TEST

static void put_forever(int out)
{
    struct fw_store *store = NULL;
    struct fw_buf text = {0};
    if (fw_store_open(path, NULL, &text, &store) != FW_OK) {
        return;
    }
    for (unsigned i = 0; put(store, i, 3000) == FW_OK; i++) {
        tell(out);
    }
}

/* What was reported as put is there after a kill at any moment, and the store can be used. */
START_TEST(kill_loses_nothing)
{
    unsigned seed = 20260705u + (unsigned)_i;
    int fd;
    char got[4096];
    pid_t pid = child(put_forever, &fd);
    unsigned done = 0, target = 1 + (seed * 2654435761u >> 24) % 60;
    while (done < target) {
        ssize_t n = read(fd, got, 1);
        ck_assert_int_eq(n, 1);
        done++;
    }
    (void)kill(pid, SIGKILL);
    (void)waitpid(pid, NULL, 0);
    for (ssize_t n; (n = read(fd, got, sizeof(got))) > 0;) {
        done += (unsigned)n;
    }
    (void)close(fd);
    struct fw_store *store = open_store();
    ck_assert_int_eq(fw_store_check(store, &why), FW_OK);
    ck_assert_uint_ge(fw_store_summary_count(store), done);
    for (unsigned i = 0; i < done; i++) {
        ck_assert_msg(find(store, i, 3000) == FW_OK, "seed %u: summary %u is lost", seed, i);
    }
    ck_assert_int_eq(put(store, done, 3000), FW_OK);
    fw_store_close(store);
}
END_TEST

/* No file may grow beyond 300 kB: the same errors as a full disk, without needing one. */
static void put_until_full(int out)
{
    struct rlimit limit = {300000, 300000};
    struct fw_store *store = NULL;
    struct fw_buf text = {0};
    (void)signal(SIGXFSZ, SIG_IGN);
    if (fw_store_open(path, NULL, &text, &store) != FW_OK || setrlimit(RLIMIT_FSIZE, &limit) != 0) {
        return;
    }
    enum fw_err err = FW_OK;
    for (unsigned i = 0; err == FW_OK; i++) {
        err = put(store, i, 20000);
        if (err == FW_OK) {
            tell(out);
        }
    }
    (void)!write(out, err == FW_ERR_IO || err == FW_ERR_NOSPACE ? "F" : "?", 1);
    fw_store_close(store);
}

START_TEST(full_disk_leaves_it_intact)
{
    int fd;
    char c = 0, last = 0;
    pid_t pid = child(put_until_full, &fd);
    unsigned done = 0;
    while (read(fd, &c, 1) == 1) {
        done += c == '+';
        last = c;
    }
    (void)waitpid(pid, NULL, 0);
    (void)close(fd);
    ck_assert_int_eq(last, 'F');
    ck_assert_uint_gt(done, 3);
    struct fw_store *store = open_store();
    ck_assert_int_eq(fw_store_check(store, &why), FW_OK);
    ck_assert_uint_eq(fw_store_summary_count(store), done);
    for (unsigned i = 0; i < done; i++) {
        ck_assert_int_eq(find(store, i, 20000), FW_OK);
    }
    ck_assert_int_eq(put(store, done, 20000), FW_OK);
    fw_store_close(store);
}
END_TEST

static void overwrite(const char *file, off_t at, const char *bytes, size_t n)
{
    int fd = open(file, O_WRONLY | O_CLOEXEC);
    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(pwrite(fd, bytes, n, at), (ssize_t)n);
    (void)close(fd);
}

/* Where in the file the bytes stand; the file is small. */
static off_t offset_of(const char *file, const char *bytes)
{
    static char text[1 << 20];
    int fd = open(file, O_RDONLY | O_CLOEXEC);
    ssize_t n = read(fd, text, sizeof(text));
    (void)close(fd);
    size_t at = fw_sv_find(fw_sv_of(text, (size_t)n), fw_sv_from(bytes));
    ck_assert_uint_ne(at, SIZE_MAX);
    return (off_t)at;
}

START_TEST(damage_is_noticed)
{
    struct fw_store *store = open_store();
    ck_assert_int_eq(put(store, 77777, 300), FW_OK);
    fw_store_close(store);
    overwrite(path, offset_of(path, "77777,77777"), "8", 1);
    store = open_store();
    ck_assert_int_eq(find(store, 77777, 300), FW_ERR_NOENT);
    ck_assert_int_eq(fw_store_check(store, &why), FW_ERR_INVALID);
    ck_assert_str_eq(why.p, "is damaged: summary 1 does not match its hash");
    ck_assert_int_eq(put(store, 77777, 300), FW_OK);
    ck_assert_int_eq(find(store, 77777, 300), FW_OK);
    fw_store_close(store);
}
END_TEST

START_TEST(older_schema_is_migrated)
{
    (void)snprintf(path, sizeof(path), "%s/old.db", dir);
    ck_assert_int_eq(fw_store_create_at(path, 1), FW_OK);
    struct fw_store *store = open_store();
    uint64_t run = 0;
    ck_assert_int_eq(put(store, 1, 10), FW_OK);
    ck_assert_int_eq(fw_store_run_begin(store, 0, &run), FW_OK);
    ck_assert_uint_eq(run, 1);
    fw_store_close(store);
}
END_TEST

START_TEST(newer_schema_is_refused)
{
    struct fw_store *store = open_store();
    fw_store_close(store);
    overwrite(path, 60, "\0\0\0\x63", 4); /* user_version in the header of the file */
    ck_assert_int_eq(fw_store_open(path, NULL, &why, &store), FW_ERR_INVALID);
    ck_assert_str_eq(why.p, "was written by a newer version (schema 99, this one knows up to 3): "
                            "use that version, or name another --store");
}
END_TEST

START_TEST(foreign_files_stay_untouched)
{
    static const char text[] = "these are somebody's notes, and much longer than one header would "
                               "be, so that nothing takes them for an empty database file. ok?";
    struct fw_store *store = NULL;
    (void)snprintf(path, sizeof(path), "%s/notes", dir);
    ck_assert_int_eq(fw_file_write(path, fw_sv_from(text)), FW_OK);
    ck_assert_int_eq(fw_store_open(path, NULL, &why, &store), FW_ERR_INVALID);
    ck_assert_str_eq(why.p, "cannot be read as a store: file is not a database");
    ck_assert_int_eq(offset_of(path, text), 0);

    (void)snprintf(path, sizeof(path), "%s/other.db", dir);
    ck_assert_int_eq(fw_store_create_at(path, 1), FW_OK);
    overwrite(path, 68, "\0\0\0\x07", 4); /* application id */
    fw_buf_reset(&why);
    ck_assert_int_eq(fw_store_open(path, NULL, &why, &store), FW_ERR_INVALID);
    ck_assert_str_eq(why.p, "is a database of another program");
}
END_TEST

static void *worker(void *context)
{
    struct fw_store *store = context;
    static _Atomic unsigned next;
    unsigned me = next++;
    for (unsigned i = 0; i < 50; i++) {
        if (put(store, me * 1000 + i, 500) != FW_OK || find(store, me * 1000 + i, 500) != FW_OK) {
            return store;
        }
    }
    return NULL;
}

START_TEST(threads_share_it)
{
    struct fw_store *store = open_store();
    pthread_t threads[4];
    for (size_t i = 0; i < 4; i++) {
        ck_assert_int_eq(pthread_create(&threads[i], NULL, worker, store), 0);
    }
    for (size_t i = 0; i < 4; i++) {
        void *failed = NULL;
        (void)pthread_join(threads[i], &failed);
        ck_assert_ptr_null(failed);
    }
    ck_assert_uint_eq(fw_store_summary_count(store), 200);
    ck_assert_int_eq(fw_store_check(store, &why), FW_OK);
    fw_store_close(store);
}
END_TEST

Suite *fw_suite_store(void)
{
    Suite *suite = suite_create("store");
    TCase *tc = tcase_create("store");
    tcase_add_checked_fixture(tc, setup, workdir_teardown);
    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, keeps_summaries);
    tcase_add_test(tc, every_part_of_the_key_counts);
    tcase_add_test(tc, source_facts_survive);
    tcase_add_test(tc, paths_have_a_history);
    tcase_add_test(tc, reviews_are_listed_once);
    tcase_add_test(tc, one_writer);
    tcase_add_loop_test(tc, kill_loses_nothing, 0, 10);
    tcase_add_test(tc, full_disk_leaves_it_intact);
    tcase_add_test(tc, damage_is_noticed);
    tcase_add_test(tc, older_schema_is_migrated);
    tcase_add_test(tc, newer_schema_is_refused);
    tcase_add_test(tc, foreign_files_stay_untouched);
    tcase_add_test(tc, threads_share_it);
    suite_add_tcase(suite, tc);
    return suite;
}
