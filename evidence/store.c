/* Who may use the store, and how is it opened, shared and checked? */
#include "evidence/store.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "core/file.h"
#include "core/walk.h"
#include "evidence/store_impl.h"

enum { POLLS_A_SECOND = 10 };

/* NORMAL with a write-ahead log: a kill loses nothing, a power cut may lose the last commits, and
 * neither breaks the file. */
static const char settings[] = "PRAGMA journal_mode = WAL;"
                               "PRAGMA synchronous = NORMAL;"
                               "PRAGMA foreign_keys = ON;"
                               "PRAGMA trusted_schema = OFF;";

static const char *const sql_text[FW_SQL_COUNT] = {
    [FW_SQL_BEGIN] = "BEGIN IMMEDIATE",
    [FW_SQL_COMMIT] = "COMMIT",
    [FW_SQL_ROLLBACK] = "ROLLBACK",
    [FW_SQL_FILE_PUT] =
        "INSERT INTO file(sha256, stored_bytes, decoded_bytes, lines, long_lines, container,"
        " integrity, gzip_members, gzip_mtime, lines_root)"
        " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)"
        " ON CONFLICT(sha256) DO UPDATE SET stored_bytes = ?2, decoded_bytes = ?3, lines = ?4,"
        " long_lines = ?5, container = ?6, integrity = ?7, gzip_members = ?8, gzip_mtime = ?9,"
        " lines_root = coalesce(?10, lines_root)",
    [FW_SQL_SUMMARY_PUT] =
        "INSERT INTO summary(file, parser, version, format, blob_sha256, blob)"
        " SELECT id, ?2, ?3, ?4, ?5, ?6 FROM file WHERE sha256 = ?1"
        " ON CONFLICT(file, parser, version, format)"
        " DO UPDATE SET blob_sha256 = excluded.blob_sha256, blob = excluded.blob",
    [FW_SQL_SUMMARY_FIND] =
        "SELECT s.blob_sha256, s.blob, f.stored_bytes, f.decoded_bytes, f.lines, f.long_lines,"
        " f.container, f.integrity, f.gzip_members, f.gzip_mtime, f.lines_root"
        " FROM file f JOIN summary s ON s.file = f.id"
        " WHERE f.sha256 = ?1 AND s.parser = ?2 AND s.version = ?3 AND s.format = ?4",
    [FW_SQL_SUMMARY_COUNT] = "SELECT count(*) FROM summary",
    [FW_SQL_SUMMARY_ALL] = "SELECT id, blob_sha256, blob FROM summary",
    [FW_SQL_RUN_BEGIN] = "INSERT INTO run(as_of_ns) VALUES(?1)",
    [FW_SQL_RUN_END] = "UPDATE run SET complete = 1 WHERE id = ?1",
    [FW_SQL_PATH_LAST] =
        "SELECT id, path, device, bytes, mtime_ns, sha256, first_run, last_run FROM path"
        " WHERE path = ?1 ORDER BY id DESC LIMIT 1",
    [FW_SQL_PATH_ADD] =
        "INSERT INTO path(path, device, bytes, mtime_ns, sha256, first_run, last_run)"
        " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?6)",
    [FW_SQL_PATH_EXTEND] =
        "UPDATE path SET device = ?2, mtime_ns = ?3, last_run = ?4 WHERE id = ?1",
    [FW_SQL_PATH_OF] =
        "SELECT id, path, device, bytes, mtime_ns, sha256, first_run, last_run FROM path"
        " WHERE path = ?1 ORDER BY id",
    [FW_SQL_PATH_ALL] =
        "SELECT id, path, device, bytes, mtime_ns, sha256, first_run, last_run FROM path"
        " ORDER BY path, id",
    [FW_SQL_REVIEW_PUT] =
        "INSERT INTO review(period, sequence, head, as_of_ns) VALUES(?1, ?2, ?3, ?4)"
        " ON CONFLICT(head) DO NOTHING",
    [FW_SQL_REVIEW_ALL] =
        "SELECT period, sequence, head, as_of_ns FROM review ORDER BY sequence, id",
};

sqlite3_stmt *fw_store_stmt(struct fw_store *store, enum fw_store_sql sql, enum fw_err *ret_err)
{
    if (!store->stmt[sql]) {
        int code = sqlite3_prepare_v3(store->db, sql_text[sql], -1, SQLITE_PREPARE_PERSISTENT,
                                      &store->stmt[sql], NULL);
        if (code != SQLITE_OK) {
            *ret_err = fw_store_err(code);
            return NULL;
        }
    }
    return store->stmt[sql];
}

sqlite3_stmt *fw_store_use(struct fw_store *store, enum fw_store_sql sql, enum fw_err *ret_err)
{
    (void)pthread_mutex_lock(&store->mutex);
    return fw_store_stmt(store, sql, ret_err);
}

void fw_store_release(struct fw_store *store, sqlite3_stmt *stmt)
{
    if (stmt) {
        (void)sqlite3_reset(stmt);
        (void)sqlite3_clear_bindings(stmt);
    }
    (void)pthread_mutex_unlock(&store->mutex);
}

enum fw_err fw_store_run(sqlite3_stmt *stmt)
{
    int code = sqlite3_step(stmt);
    (void)sqlite3_reset(stmt);
    return fw_store_err(code);
}

enum fw_err fw_store_simple(struct fw_store *store, enum fw_store_sql sql)
{
    enum fw_err err = FW_OK;
    sqlite3_stmt *stmt = fw_store_stmt(store, sql, &err);
    return stmt ? fw_store_run(stmt) : err;
}

void fw_store_bind_sv(sqlite3_stmt *stmt, int index, fw_sv text)
{
    /* An empty blob, not NULL, which NOT NULL columns refuse. */
    (void)sqlite3_bind_blob64(stmt, index, text.n > 0 ? text.p : "", text.n, SQLITE_STATIC);
}

void fw_store_bind_hash(sqlite3_stmt *stmt, int index, const fw_sha256 *hash)
{
    (void)sqlite3_bind_blob(stmt, index, hash->b, (int)sizeof(hash->b), SQLITE_STATIC);
}

void fw_store_bind_u64(sqlite3_stmt *stmt, int index, uint64_t value)
{
    /* SQLite's integers are signed; sizes beyond 2^63 do not exist. */
    (void)sqlite3_bind_int64(stmt, index, (sqlite3_int64)value);
}

fw_sv fw_store_column_sv(sqlite3_stmt *stmt, int index, struct fw_arena *arena)
{
    const void *p = sqlite3_column_blob(stmt, index);
    int n = sqlite3_column_bytes(stmt, index);
    return fw_arena_copy(arena, n > 0 ? fw_sv_of(p, (size_t)n) : FW_SV(""));
}

fw_sha256 fw_store_column_hash(sqlite3_stmt *stmt, int index)
{
    fw_sha256 hash = {{0}};
    if (sqlite3_column_bytes(stmt, index) == (int)sizeof(hash.b)) {
        memcpy(hash.b, sqlite3_column_blob(stmt, index), sizeof(hash.b));
    }
    return hash;
}

uint64_t fw_store_column_u64(sqlite3_stmt *stmt, int index)
{
    return (uint64_t)sqlite3_column_int64(stmt, index);
}

/* Who holds the lock, as it wrote into the lock file. */
static uint64_t lock_holder(int fd)
{
    char text[24];
    ssize_t n = pread(fd, text, sizeof(text), 0);
    uint64_t pid = 0;
    if (n > 0 && text[n - 1] == '\n') {
        n--;
    }
    return n > 0 && fw_sv_u64(fw_sv_of(text, (size_t)n), &pid) ? pid : 0;
}

static void lock_sign(int fd)
{
    char text[24];
    int n = snprintf(text, sizeof(text), "%jd\n", (intmax_t)getpid());
    /* Only for the message of whoever waits: a failure costs nothing. */
    if (ftruncate(fd, 0) == 0 && n > 0) {
        (void)!pwrite(fd, text, (size_t)n, 0);
    }
}

/* flock, not fcntl: it belongs to the open file, so that closing another descriptor of the same
 * file elsewhere in the process does not drop it. */
static enum fw_err lock_take(const char *path, const struct fw_store_options *options,
                             struct fw_buf *why, int *ret_fd)
{
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0) {
        int errnum = errno;
        fw_buf_printf(why, "cannot make the lock beside it: %s", strerror(errnum));
        return fw_err_from_errno(errnum);
    }
    unsigned seconds = options ? options->wait_seconds : 0;
    uint64_t left = (uint64_t)seconds * POLLS_A_SECOND;
    bool told = false;
    while (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK && errno != EINTR) {
            int errnum = errno;
            fw_buf_printf(why, "cannot be locked: %s", strerror(errnum));
            (void)close(fd);
            return fw_err_from_errno(errnum);
        }
        if (left == 0) {
            uint64_t pid = lock_holder(fd);
            fw_buf_add_cstr(why, "is in use by another review");
            if (pid != 0) {
                fw_buf_printf(why, " (process %" PRIu64 ")", pid);
            }
            (void)close(fd);
            return FW_ERR_BUSY;
        }
        if (!told && options && options->waiting) {
            options->waiting(options->context, lock_holder(fd));
            told = true;
        }
        struct timespec pause = {0, 1000000000L / POLLS_A_SECOND};
        (void)nanosleep(&pause, NULL);
        left--;
    }
    lock_sign(fd);
    *ret_fd = fd;
    return FW_OK;
}

static enum fw_err make_parent(const char *path)
{
    fw_sv dir = fw_path_dir(fw_sv_from(path));
    char text[PATH_MAX];
    if (dir.n == 0) {
        return FW_OK;
    }
    if (dir.n >= sizeof(text)) {
        return FW_ERR_LIMIT;
    }
    memcpy(text, dir.p, dir.n);
    text[dir.n] = '\0';
    return fw_dir_make(text);
}

static enum fw_err open_database(struct fw_store *store, const char *path, struct fw_buf *why)
{
    int code = sqlite3_open_v2(path, &store->db,
                               SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_FULLMUTEX |
                                   SQLITE_OPEN_NOFOLLOW,
                               NULL);
    if (code != SQLITE_OK) {
        fw_buf_printf(why, "cannot be opened: %s",
                      store->db ? sqlite3_errmsg(store->db) : sqlite3_errstr(code));
        return fw_store_err(code);
    }
    (void)sqlite3_extended_result_codes(store->db, 1);
    /* Before any setting is written: a database that is not ours stays as it is. */
    enum fw_err err = fw_store_migrate(store->db, FW_STORE_SCHEMA, why);
    if (err != FW_OK) {
        return err;
    }
    code = sqlite3_exec(store->db, settings, NULL, NULL, NULL);
    if (code != SQLITE_OK) {
        fw_buf_printf(why, "cannot be set up: %s", sqlite3_errmsg(store->db));
    }
    return fw_store_err(code);
}

enum fw_err fw_store_open(const char *path, const struct fw_store_options *options,
                          struct fw_buf *why, struct fw_store **ret)
{
    struct fw_buf lock_path;
    fw_buf_init(&lock_path);
    fw_buf_printf(&lock_path, "%s.lock", path);
    struct fw_store *store = calloc(1, sizeof(*store));
    if (!store || !fw_buf_ok(&lock_path)) {
        free(store);
        fw_buf_clear(&lock_path);
        return FW_ERR_MEMORY;
    }
    store->lock_fd = -1;
    (void)pthread_mutex_init(&store->mutex, NULL);
    enum fw_err err = make_parent(path);
    if (err != FW_OK) {
        fw_buf_printf(why, "its folder cannot be made: %s", fw_err_text(err));
        goto out;
    }
    err = lock_take(lock_path.p, options, why, &store->lock_fd);
    if (err == FW_OK) {
        err = open_database(store, path, why);
    }
out:
    fw_buf_clear(&lock_path);
    if (err != FW_OK) {
        fw_store_close(store);
        return err;
    }
    *ret = store;
    return FW_OK;
}

void fw_store_close(struct fw_store *store)
{
    if (!store) {
        return;
    }
    for (size_t i = 0; i < FW_SQL_COUNT; i++) {
        (void)sqlite3_finalize(store->stmt[i]);
    }
    (void)sqlite3_close(store->db);
    if (store->lock_fd >= 0) {
        (void)close(store->lock_fd);
    }
    (void)pthread_mutex_destroy(&store->mutex);
    free(store);
}

static enum fw_err check_pages(struct fw_store *store, struct fw_buf *why)
{
    sqlite3_stmt *stmt = NULL;
    int code = sqlite3_prepare_v2(store->db, "PRAGMA integrity_check(1)", -1, &stmt, NULL);
    enum fw_err err = fw_store_err(code);
    if (code == SQLITE_OK) {
        code = sqlite3_step(stmt);
        const char *text = code == SQLITE_ROW ? (const char *)sqlite3_column_text(stmt, 0) : NULL;
        if (!text || strcmp(text, "ok") != 0) {
            fw_buf_printf(why, "is damaged: %s", text ? text : sqlite3_errmsg(store->db));
            err = FW_ERR_INVALID;
        }
    }
    (void)sqlite3_finalize(stmt);
    return err;
}

static enum fw_err check_blobs(struct fw_store *store, struct fw_buf *why)
{
    enum fw_err err = FW_OK;
    sqlite3_stmt *stmt = fw_store_stmt(store, FW_SQL_SUMMARY_ALL, &err);
    int code = SQLITE_DONE;
    while (stmt && err == FW_OK && (code = sqlite3_step(stmt)) == SQLITE_ROW) {
        int n = sqlite3_column_bytes(stmt, 2);
        fw_sv blob = fw_sv_of(sqlite3_column_blob(stmt, 2), n > 0 ? (size_t)n : 0);
        if (!fw_sha256_eq(fw_sha256_of(blob), fw_store_column_hash(stmt, 1))) {
            fw_buf_printf(why, "is damaged: summary %" PRIu64 " does not match its hash",
                          fw_store_column_u64(stmt, 0));
            err = FW_ERR_INVALID;
        }
    }
    if (stmt) {
        (void)sqlite3_reset(stmt);
    }
    return err != FW_OK ? err : fw_store_err(code);
}

enum fw_err fw_store_check(struct fw_store *store, struct fw_buf *why)
{
    (void)pthread_mutex_lock(&store->mutex);
    enum fw_err err = check_pages(store, why);
    if (err == FW_OK) {
        err = check_blobs(store, why);
    }
    (void)pthread_mutex_unlock(&store->mutex);
    return err;
}
