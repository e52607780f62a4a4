/* Writing files so that a crash leaves the old or the new one, never half of one. */
#ifndef FW_CORE_FILE_H
#define FW_CORE_FILE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/err.h"
#include "core/sha256.h"
#include "core/sv.h"

/* Beside the target, fsync, rename. */
enum fw_err fw_file_write(const char *path, fw_sv bytes);
/* Fails with FW_ERR_EXISTS when the target is there. */
enum fw_err fw_file_write_new(const char *path, fw_sv bytes);
enum fw_err fw_dir_make(const char *path);   /* with parents; existing is fine */
enum fw_err fw_dir_remove(const char *path); /* a tree that we wrote; links are not followed */
/* Renames a finished folder over an older one that we wrote. */
enum fw_err fw_dir_replace(const char *from, const char *to);
/* SHA-256 of the stored bytes, nothing decoded. */
enum fw_err fw_file_hash(const char *path, fw_sha256 *ret);
/* Size and time of last change, following links. */
enum fw_err fw_file_stat(const char *path, uint64_t *ret_bytes, int64_t *ret_mtime_ns);
bool fw_file_exists(const char *path);
bool fw_dir_exists(const char *path);

#endif
