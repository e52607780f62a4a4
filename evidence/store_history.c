/* What was seen where, in which run, and which reviews came of it? */
#include "evidence/store.h"
#include "evidence/store_impl.h"

enum fw_err fw_store_run_begin(struct fw_store *store, int64_t as_of_ns, uint64_t *ret_run)
{
    enum fw_err err = FW_OK;
    sqlite3_stmt *stmt = fw_store_use(store, FW_SQL_RUN_BEGIN, &err);
    if (stmt) {
        if (as_of_ns != INT64_MIN) {
            (void)sqlite3_bind_int64(stmt, 1, as_of_ns);
        }
        err = fw_store_run(stmt);
        if (err == FW_OK) {
            *ret_run = (uint64_t)sqlite3_last_insert_rowid(store->db);
        }
    }
    fw_store_release(store, stmt);
    return err;
}

enum fw_err fw_store_run_end(struct fw_store *store, uint64_t run)
{
    enum fw_err err = FW_OK;
    sqlite3_stmt *stmt = fw_store_use(store, FW_SQL_RUN_END, &err);
    if (stmt) {
        fw_store_bind_u64(stmt, 1, run);
        err = fw_store_run(stmt);
    }
    fw_store_release(store, stmt);
    return err;
}

static void read_path(sqlite3_stmt *stmt, struct fw_arena *arena, struct fw_store_path *ret)
{
    ret->path = fw_store_column_sv(stmt, 1, arena);
    ret->device = fw_store_column_sv(stmt, 2, arena);
    ret->bytes = fw_store_column_u64(stmt, 3);
    ret->mtime_ns = sqlite3_column_int64(stmt, 4);
    ret->sha256 = fw_store_column_hash(stmt, 5);
    ret->first_run = fw_store_column_u64(stmt, 6);
    ret->last_run = fw_store_column_u64(stmt, 7);
}

/* The entry that the same content would extend; *ret_id 0: there is none. */
static enum fw_err last_entry(struct fw_store *store, const struct fw_store_path *seen,
                              sqlite3_int64 *ret_id)
{
    enum fw_err err = FW_OK;
    sqlite3_stmt *stmt = fw_store_stmt(store, FW_SQL_PATH_LAST, &err);
    if (!stmt) {
        return err;
    }
    fw_store_bind_sv(stmt, 1, seen->path);
    int code = sqlite3_step(stmt);
    *ret_id = 0;
    if (code == SQLITE_ROW && fw_sha256_eq(fw_store_column_hash(stmt, 5), seen->sha256)) {
        *ret_id = sqlite3_column_int64(stmt, 0);
    }
    (void)sqlite3_reset(stmt);
    return fw_store_err(code);
}

enum fw_err fw_store_path_put(struct fw_store *store, const struct fw_store_path *seen,
                              uint64_t run)
{
    sqlite3_int64 id = 0;
    sqlite3_stmt *stmt = NULL;
    (void)pthread_mutex_lock(&store->mutex);
    enum fw_err err = last_entry(store, seen, &id);
    if (err == FW_OK) {
        stmt = fw_store_stmt(store, id != 0 ? FW_SQL_PATH_EXTEND : FW_SQL_PATH_ADD, &err);
    }
    if (stmt && id != 0) {
        (void)sqlite3_bind_int64(stmt, 1, id);
        fw_store_bind_sv(stmt, 2, seen->device);
        (void)sqlite3_bind_int64(stmt, 3, seen->mtime_ns);
        fw_store_bind_u64(stmt, 4, run);
    } else if (stmt) {
        fw_store_bind_sv(stmt, 1, seen->path);
        fw_store_bind_sv(stmt, 2, seen->device);
        fw_store_bind_u64(stmt, 3, seen->bytes);
        (void)sqlite3_bind_int64(stmt, 4, seen->mtime_ns);
        fw_store_bind_hash(stmt, 5, &seen->sha256);
        fw_store_bind_u64(stmt, 6, run);
    }
    if (stmt) {
        err = fw_store_run(stmt);
    }
    fw_store_release(store, stmt);
    return err;
}

enum fw_err fw_store_path_find(struct fw_store *store, fw_sv path, struct fw_arena *arena,
                               struct fw_store_path *ret)
{
    enum fw_err err = FW_OK;
    sqlite3_stmt *stmt = fw_store_use(store, FW_SQL_PATH_LAST, &err);
    if (stmt) {
        fw_store_bind_sv(stmt, 1, path);
        int code = sqlite3_step(stmt);
        err = code == SQLITE_DONE ? FW_ERR_NOENT : fw_store_err(code);
        if (code == SQLITE_ROW) {
            read_path(stmt, arena, ret);
        }
    }
    fw_store_release(store, stmt);
    return err;
}

enum fw_err fw_store_path_list(struct fw_store *store, fw_sv path, struct fw_arena *arena,
                               size_t *ret_n, struct fw_store_path **ret)
{
    enum fw_err err = FW_OK;
    int code = SQLITE_DONE;
    size_t n = 0;
    struct fw_store_path *list = NULL;
    sqlite3_stmt *stmt = fw_store_use(store, path.p ? FW_SQL_PATH_OF : FW_SQL_PATH_ALL, &err);
    if (stmt && path.p) {
        fw_store_bind_sv(stmt, 1, path);
    }
    while (stmt && (code = sqlite3_step(stmt)) == SQLITE_ROW) {
        list = fw_arena_push(arena, list, n, sizeof(*list));
        read_path(stmt, arena, &list[n]);
        n++;
    }
    err = err != FW_OK ? err : fw_store_err(code);
    fw_store_release(store, stmt);
    if (err == FW_OK) {
        *ret_n = n;
        *ret = list;
    }
    return err;
}

enum fw_err fw_store_review_put(struct fw_store *store, const struct fw_store_review *review)
{
    enum fw_err err = FW_OK;
    sqlite3_stmt *stmt = fw_store_use(store, FW_SQL_REVIEW_PUT, &err);
    if (stmt) {
        fw_store_bind_sv(stmt, 1, review->period);
        fw_store_bind_u64(stmt, 2, review->sequence);
        fw_store_bind_hash(stmt, 3, &review->head);
        (void)sqlite3_bind_int64(stmt, 4, review->as_of_ns);
        err = fw_store_run(stmt);
    }
    fw_store_release(store, stmt);
    return err;
}

enum fw_err fw_store_review_list(struct fw_store *store, struct fw_arena *arena, size_t *ret_n,
                                 struct fw_store_review **ret)
{
    enum fw_err err = FW_OK;
    int code = SQLITE_DONE;
    size_t n = 0;
    struct fw_store_review *list = NULL;
    sqlite3_stmt *stmt = fw_store_use(store, FW_SQL_REVIEW_ALL, &err);
    while (stmt && (code = sqlite3_step(stmt)) == SQLITE_ROW) {
        list = fw_arena_push(arena, list, n, sizeof(*list));
        list[n].period = fw_store_column_sv(stmt, 0, arena);
        list[n].sequence = (uint32_t)fw_store_column_u64(stmt, 1);
        list[n].head = fw_store_column_hash(stmt, 2);
        list[n].as_of_ns = sqlite3_column_int64(stmt, 3);
        n++;
    }
    err = err != FW_OK ? err : fw_store_err(code);
    fw_store_release(store, stmt);
    if (err == FW_OK) {
        *ret_n = n;
        *ret = list;
    }
    return err;
}
