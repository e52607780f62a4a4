/* How is the store laid out, and how does an older one become a current one? */
#include "evidence/store_schema.h"

#include <sqlite3.h>

/* [i] leads from version i to i + 1. */
static const char *const steps[FW_STORE_SCHEMA] = {
    "CREATE TABLE file("
    " id INTEGER PRIMARY KEY,"
    " sha256 BLOB NOT NULL UNIQUE CHECK(length(sha256) = 32),"
    " stored_bytes INTEGER NOT NULL,"
    " decoded_bytes INTEGER NOT NULL,"
    " lines INTEGER NOT NULL,"
    " long_lines INTEGER NOT NULL,"
    " container INTEGER NOT NULL,"
    " integrity INTEGER NOT NULL,"
    " gzip_members INTEGER NOT NULL,"
    " gzip_mtime INTEGER NOT NULL);"
    "CREATE TABLE summary("
    " id INTEGER PRIMARY KEY,"
    " file INTEGER NOT NULL REFERENCES file(id) ON DELETE CASCADE,"
    " parser TEXT NOT NULL,"
    " version INTEGER NOT NULL,"
    " format BLOB NOT NULL CHECK(length(format) = 32),"
    " blob_sha256 BLOB NOT NULL CHECK(length(blob_sha256) = 32),"
    " blob BLOB NOT NULL,"
    " UNIQUE(file, parser, version, format));",

    "CREATE TABLE run("
    " id INTEGER PRIMARY KEY AUTOINCREMENT,"
    " as_of_ns INTEGER,"
    " complete INTEGER NOT NULL DEFAULT 0);"
    "CREATE TABLE path("
    " id INTEGER PRIMARY KEY,"
    " path BLOB NOT NULL,"
    " device BLOB NOT NULL,"
    " bytes INTEGER NOT NULL,"
    " mtime_ns INTEGER NOT NULL,"
    " sha256 BLOB NOT NULL CHECK(length(sha256) = 32),"
    " first_run INTEGER NOT NULL REFERENCES run(id),"
    " last_run INTEGER NOT NULL REFERENCES run(id));"
    "CREATE INDEX path_by_path ON path(path, id);"
    "CREATE TABLE review("
    " id INTEGER PRIMARY KEY,"
    " period TEXT NOT NULL,"
    " sequence INTEGER NOT NULL,"
    " head BLOB NOT NULL UNIQUE CHECK(length(head) = 32),"
    " as_of_ns INTEGER NOT NULL);",

    "ALTER TABLE file ADD COLUMN lines_root BLOB CHECK(length(lines_root) = 32);",
};

enum fw_err fw_store_err(int code)
{
    switch (code & 0xff) {
    case SQLITE_OK:
    case SQLITE_DONE:
    case SQLITE_ROW:
        return FW_OK;
    case SQLITE_FULL:
        return FW_ERR_NOSPACE;
    case SQLITE_NOMEM:
        return FW_ERR_MEMORY;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return FW_ERR_BUSY;
    case SQLITE_PERM:
    case SQLITE_READONLY:
    case SQLITE_AUTH:
    case SQLITE_CANTOPEN:
        return FW_ERR_ACCESS;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return FW_ERR_INVALID;
    case SQLITE_TOOBIG:
        return FW_ERR_LIMIT;
    default:
        return FW_ERR_IO;
    }
}

static int pragma_int(sqlite3 *db, const char *sql, int *ret)
{
    sqlite3_stmt *stmt = NULL;
    int code = sqlite3_prepare_v2(db, sql, -1, &stmt, NULL);
    if (code == SQLITE_OK) {
        code = sqlite3_step(stmt);
        if (code == SQLITE_ROW) {
            *ret = sqlite3_column_int(stmt, 0);
            code = SQLITE_OK;
        }
    }
    (void)sqlite3_finalize(stmt);
    return code;
}

static int apply(sqlite3 *db, int from)
{
    char pragma[64];
    (void)sqlite3_snprintf((int)sizeof(pragma), pragma, "PRAGMA user_version = %d", from + 1);
    int code = sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL);
    if (code != SQLITE_OK) {
        return code;
    }
    code = sqlite3_exec(db, steps[from], NULL, NULL, NULL);
    if (code == SQLITE_OK) {
        code = sqlite3_exec(db, pragma, NULL, NULL, NULL);
    }
    if (code == SQLITE_OK) {
        code = sqlite3_exec(db, "COMMIT", NULL, NULL, NULL);
    }
    if (code != SQLITE_OK) {
        (void)sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
    }
    return code;
}

enum fw_err fw_store_migrate(sqlite3 *db, int version, struct fw_buf *why)
{
    int application = 0, have = 0, tables = 0;
    int code = pragma_int(db, "PRAGMA application_id", &application);
    if (code == SQLITE_OK) {
        code = pragma_int(db, "PRAGMA user_version", &have);
    }
    if (code == SQLITE_OK) {
        code = pragma_int(db, "SELECT count(*) FROM sqlite_master", &tables);
    }
    if (code != SQLITE_OK) {
        fw_buf_printf(why, "cannot be read as a store: %s", sqlite3_errmsg(db));
        return fw_store_err(code);
    }
    if (application != FW_STORE_APPLICATION && (application != 0 || tables != 0)) {
        fw_buf_add_cstr(why, "is a database of another program");
        return FW_ERR_INVALID;
    }
    if (have < 0 || have > version) {
        fw_buf_printf(why,
                      "was written by a newer version (schema %d, this one knows up to %d): use "
                      "that version, or name another --store",
                      have, version);
        return FW_ERR_INVALID;
    }
    if (application == 0) {
        char pragma[64];
        (void)sqlite3_snprintf((int)sizeof(pragma), pragma, "PRAGMA application_id = %d",
                               FW_STORE_APPLICATION);
        code = sqlite3_exec(db, pragma, NULL, NULL, NULL);
    }
    while (code == SQLITE_OK && have < version) {
        code = apply(db, have);
        have++;
    }
    if (code != SQLITE_OK) {
        fw_buf_printf(why, "cannot be brought to schema %d: %s", version, sqlite3_errmsg(db));
    }
    return fw_store_err(code);
}

enum fw_err fw_store_create_at(const char *path, int version)
{
    sqlite3 *db = NULL;
    struct fw_buf why;
    fw_buf_init(&why);
    enum fw_err err = fw_store_err(sqlite3_open(path, &db));
    if (err == FW_OK) {
        err = fw_store_migrate(db, version, &why);
    }
    (void)sqlite3_close(db);
    fw_buf_clear(&why);
    return err;
}
