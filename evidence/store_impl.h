/* What the store's source files share: the connection, its prepared statements, its lock. */
#ifndef FW_EVIDENCE_STORE_IMPL_H
#define FW_EVIDENCE_STORE_IMPL_H

#include <pthread.h>
#include <sqlite3.h>

#include "core/arena.h"
#include "core/err.h"
#include "core/sha256.h"
#include "core/sv.h"
#include "evidence/store_schema.h"

enum fw_store_sql {
    FW_SQL_BEGIN,
    FW_SQL_COMMIT,
    FW_SQL_ROLLBACK,
    FW_SQL_FILE_PUT,
    FW_SQL_SUMMARY_PUT,
    FW_SQL_SUMMARY_FIND,
    FW_SQL_SUMMARY_COUNT,
    FW_SQL_SUMMARY_ALL,
    FW_SQL_RUN_BEGIN,
    FW_SQL_RUN_END,
    FW_SQL_PATH_LAST,
    FW_SQL_PATH_ADD,
    FW_SQL_PATH_EXTEND,
    FW_SQL_PATH_OF,
    FW_SQL_PATH_ALL,
    FW_SQL_REVIEW_PUT,
    FW_SQL_REVIEW_ALL,
    FW_SQL_COUNT
};

struct fw_store {
    sqlite3 *db;
    int lock_fd;                      /* holds the advisory lock; -1 */
    pthread_mutex_t mutex;            /* around every use of db and stmt */
    sqlite3_stmt *stmt[FW_SQL_COUNT]; /* prepared at their first use */
};

/* Locks the store and returns the statement, reset; NULL on an error (in *ret_err). After it
 * fw_store_release must be called in any case. */
sqlite3_stmt *fw_store_use(struct fw_store *store, enum fw_store_sql sql, enum fw_err *ret_err);
/* Unlocks; resets the statement (may be NULL). */
void fw_store_release(struct fw_store *store, sqlite3_stmt *stmt);
/* The same while the caller holds the lock. */
sqlite3_stmt *fw_store_stmt(struct fw_store *store, enum fw_store_sql sql, enum fw_err *ret_err);
/* Runs a statement that returns no row, then resets it. */
enum fw_err fw_store_run(sqlite3_stmt *stmt);
/* Begins, commits, or undoes; the caller holds the lock. */
enum fw_err fw_store_simple(struct fw_store *store, enum fw_store_sql sql);

void fw_store_bind_sv(sqlite3_stmt *stmt, int index, fw_sv text);
void fw_store_bind_hash(sqlite3_stmt *stmt, int index, const fw_sha256 *hash);
void fw_store_bind_u64(sqlite3_stmt *stmt, int index, uint64_t value);
fw_sv fw_store_column_sv(sqlite3_stmt *stmt, int index, struct fw_arena *arena);
fw_sha256 fw_store_column_hash(sqlite3_stmt *stmt, int index);
uint64_t fw_store_column_u64(sqlite3_stmt *stmt, int index);

#endif
