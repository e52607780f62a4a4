/* What was learned from one file's bytes? */
#include "evidence/store.h"
#include "evidence/store_impl.h"

static enum fw_err put_file(struct fw_store *store, const struct fw_store_key *key,
                            const struct fw_source_info *info)
{
    enum fw_err err = FW_OK;
    sqlite3_stmt *stmt = fw_store_stmt(store, FW_SQL_FILE_PUT, &err);
    if (!stmt) {
        return err;
    }
    fw_store_bind_hash(stmt, 1, &key->file);
    fw_store_bind_u64(stmt, 2, info->stored_bytes);
    fw_store_bind_u64(stmt, 3, info->decoded_bytes);
    fw_store_bind_u64(stmt, 4, info->lines);
    fw_store_bind_u64(stmt, 5, info->long_lines);
    fw_store_bind_u64(stmt, 6, info->container);
    fw_store_bind_u64(stmt, 7, info->integrity);
    fw_store_bind_u64(stmt, 8, info->members);
    fw_store_bind_u64(stmt, 9, info->gzip_mtime);
    if (info->has_lines_root) {
        fw_store_bind_hash(stmt, 10, &info->lines_root);
    } else {
        (void)sqlite3_bind_null(stmt, 10);
    }
    return fw_store_run(stmt);
}

static void bind_key(sqlite3_stmt *stmt, const struct fw_store_key *key)
{
    fw_store_bind_hash(stmt, 1, &key->file);
    fw_store_bind_sv(stmt, 2, key->parser);
    fw_store_bind_u64(stmt, 3, key->version);
    fw_store_bind_hash(stmt, 4, &key->format);
}

static enum fw_err put_summary(struct fw_store *store, const struct fw_store_key *key, fw_sv blob)
{
    enum fw_err err = FW_OK;
    sqlite3_stmt *stmt = fw_store_stmt(store, FW_SQL_SUMMARY_PUT, &err);
    if (!stmt) {
        return err;
    }
    fw_sha256 hash = fw_sha256_of(blob);
    bind_key(stmt, key);
    fw_store_bind_hash(stmt, 5, &hash);
    fw_store_bind_sv(stmt, 6, blob);
    err = fw_store_run(stmt);
    (void)sqlite3_clear_bindings(stmt);
    return err;
}

enum fw_err fw_store_summary_put(struct fw_store *store, const struct fw_store_key *key,
                                 const struct fw_source_info *info, fw_sv blob)
{
    (void)pthread_mutex_lock(&store->mutex);
    enum fw_err err = fw_store_simple(store, FW_SQL_BEGIN);
    if (err == FW_OK) {
        err = put_file(store, key, info);
        if (err == FW_OK) {
            err = put_summary(store, key, blob);
        }
        if (err == FW_OK) {
            err = fw_store_simple(store, FW_SQL_COMMIT);
        }
        /* On a full disk SQLite may have rolled back already. */
        if (err != FW_OK && sqlite3_get_autocommit(store->db) == 0) {
            (void)fw_store_simple(store, FW_SQL_ROLLBACK);
        }
    }
    (void)pthread_mutex_unlock(&store->mutex);
    return err;
}

static void read_info(sqlite3_stmt *stmt, const struct fw_store_key *key,
                      struct fw_source_info *ret)
{
    *ret = (struct fw_source_info){
        .sha256 = key->file,
        .stored_bytes = fw_store_column_u64(stmt, 2),
        .decoded_bytes = fw_store_column_u64(stmt, 3),
        .lines = fw_store_column_u64(stmt, 4),
        .long_lines = fw_store_column_u64(stmt, 5),
        .container = (enum fw_container)sqlite3_column_int(stmt, 6),
        .integrity = (enum fw_integrity)sqlite3_column_int(stmt, 7),
        .members = (uint32_t)fw_store_column_u64(stmt, 8),
        .gzip_mtime = (uint32_t)fw_store_column_u64(stmt, 9),
    };
    if (sqlite3_column_bytes(stmt, 10) == (int)sizeof(ret->lines_root.b)) {
        ret->has_lines_root = true;
        ret->lines_root = fw_store_column_hash(stmt, 10);
    }
}

enum fw_err fw_store_summary_find(struct fw_store *store, const struct fw_store_key *key,
                                  struct fw_source_info *ret_info, struct fw_buf *ret_blob)
{
    enum fw_err err = FW_OK;
    sqlite3_stmt *stmt = fw_store_use(store, FW_SQL_SUMMARY_FIND, &err);
    if (stmt) {
        bind_key(stmt, key);
        int code = sqlite3_step(stmt);
        err = code == SQLITE_DONE ? FW_ERR_NOENT : fw_store_err(code);
        if (code == SQLITE_ROW) {
            int n = sqlite3_column_bytes(stmt, 1);
            fw_sv blob = fw_sv_of(sqlite3_column_blob(stmt, 1), n > 0 ? (size_t)n : 0);
            struct fw_source_info info;
            read_info(stmt, key, &info);
            /* A blob that changed on the disk is as good as none: the file is read again. */
            if (!fw_sha256_eq(fw_sha256_of(blob), fw_store_column_hash(stmt, 0)) ||
                (unsigned)info.container >= FW_CONTAINER_COUNT ||
                (unsigned)info.integrity >= FW_INTEGRITY_COUNT) {
                err = FW_ERR_NOENT;
            } else {
                fw_buf_add(ret_blob, blob);
                if (!fw_buf_ok(ret_blob)) {
                    err = FW_ERR_MEMORY;
                } else if (ret_info) {
                    *ret_info = info;
                }
            }
        }
    }
    fw_store_release(store, stmt);
    return err;
}

uint64_t fw_store_summary_count(struct fw_store *store)
{
    enum fw_err err = FW_OK;
    uint64_t count = 0;
    sqlite3_stmt *stmt = fw_store_use(store, FW_SQL_SUMMARY_COUNT, &err);
    if (stmt && sqlite3_step(stmt) == SQLITE_ROW) {
        count = fw_store_column_u64(stmt, 0);
    }
    fw_store_release(store, stmt);
    return count;
}
