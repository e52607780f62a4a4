/* The store's schema: numbered steps that are never edited once released, only followed by new
 * ones. Internal to the store and its test. */
#ifndef FW_EVIDENCE_STORE_SCHEMA_H
#define FW_EVIDENCE_STORE_SCHEMA_H

#include "core/buf.h"
#include "core/err.h"

struct sqlite3;

#define FW_STORE_SCHEMA 3               /* the newest version */
#define FW_STORE_APPLICATION 0x46575052 /* "FWPR" in the file's header: nobody else's database */

/* From whatever version the database has up to `version`, each step in its own transaction. */
enum fw_err fw_store_migrate(struct sqlite3 *db, int version, struct fw_buf *why);
/* Makes a store as an older version of the program would have: for the test of migrations. */
enum fw_err fw_store_create_at(const char *path, int version);
enum fw_err fw_store_err(int sqlite_code);

#endif
