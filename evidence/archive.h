/*
 * A pack as one file: a gzip of a ustar archive that has one spelling. Files only, sorted, below
 * one folder named after period and sequence, mode 0644, owner 0, time 0, no time in the gzip
 * header. The same pack gives the same bytes. What is read is made again and compared, so that an
 * archive that is accepted holds nothing but the pack.
 */
#ifndef FW_EVIDENCE_ARCHIVE_H
#define FW_EVIDENCE_ARCHIVE_H

#include <stdbool.h>

#include "core/arena.h"
#include "core/buf.h"
#include "core/err.h"
#include "core/sv.h"

/* The archive of a whole pack. FW_ERR_INVALID: the pack is broken. FW_ERR_EXISTS: `out` is there.
 */
enum fw_err fw_archive_write(const char *pack, const char *out, struct fw_arena *arena,
                             struct fw_buf *why);
/* Whether a path is to be read as an archive: a file, not a folder. */
bool fw_archive_is(const char *path);
/* The pack in an archive, below an empty folder; *ret is its path. FW_ERR_INVALID: refused. */
enum fw_err fw_archive_unpack(const char *path, const char *dir, struct fw_arena *arena,
                              const char **ret, struct fw_buf *why);

#endif
