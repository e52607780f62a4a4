/* The folder of a pack as it lies on the disk: every entry with its kind, without following links,
 * and its files' bytes and hashes. Knows nothing of what they mean. */
#ifndef FW_EVIDENCE_PACKDIR_H
#define FW_EVIDENCE_PACKDIR_H

#include <stddef.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/err.h"
#include "core/sha256.h"
#include "core/sv.h"

enum fw_entry_kind { FW_ENTRY_FILE, FW_ENTRY_DIR, FW_ENTRY_LINK, FW_ENTRY_OTHER };

struct fw_entry {
    fw_sv path; /* relative to the pack */
    enum fw_entry_kind kind;
    uint64_t bytes;
};

struct fw_packdir {
    int fd;
    size_t n;
    struct fw_entry *v; /* sorted by the bytes of the path */
};

/* FW_ERR_LIMIT: too deep or too many. The arena keeps the names. */
enum fw_err fw_packdir_open(const char *path, struct fw_arena *arena, struct fw_packdir *ret);
void fw_packdir_close(struct fw_packdir *dir);
const struct fw_entry *fw_packdir_find(const struct fw_packdir *dir, fw_sv path);
enum fw_err fw_packdir_read(const struct fw_packdir *dir, fw_sv path, uint64_t limit,
                            struct fw_arena *arena, fw_sv *ret);
enum fw_err fw_packdir_hash(const struct fw_packdir *dir, fw_sv path, fw_sha256 *ret,
                            uint64_t *ret_bytes);

#endif
