/*
 * Sources: bytes of a file, a compressed file or standard input, hashed while they are read. The
 * hash is of the stored bytes (what lies on the disk); lines and spans are of the decoded text.
 *
 * A source is read with read(), not mmap: a file that shrinks under us must not be a SIGBUS.
 */
#ifndef FW_CORE_SOURCE_H
#define FW_CORE_SOURCE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/diag.h"
#include "core/err.h"
#include "core/merkle.h"
#include "core/sha256.h"
#include "core/sv.h"

enum fw_container {
    FW_CONTAINER_PLAIN,
    FW_CONTAINER_GZIP,
    FW_CONTAINER_XZ,
    FW_CONTAINER_ZSTD,
    FW_CONTAINER_BZIP2,
    FW_CONTAINER_COUNT
};

enum fw_integrity {
    FW_INTEGRITY_OK,
    FW_INTEGRITY_TRUNCATED, /* ended inside a member */
    FW_INTEGRITY_CORRUPT,   /* bad checksum or deflate data; read up to there */
    FW_INTEGRITY_TRAILING,  /* whole members, then bytes that are none (zero padding is not) */
    FW_INTEGRITY_COUNT
};

/* Everything known about a source once it was read to its end. */
struct fw_source_info {
    fw_sha256 sha256; /* of the stored bytes */
    uint64_t stored_bytes;
    uint64_t decoded_bytes;
    uint64_t lines;      /* physical; a last line without newline counts */
    uint64_t long_lines; /* over FW_LIMIT_LINE_BYTES: cut */
    enum fw_container container;
    enum fw_integrity integrity;
    uint32_t members;    /* gzip members, streams of xz, zstd and bzip2 */
    uint32_t gzip_mtime; /* of the first member's header; 0 when absent */
    int64_t mtime_ns;    /* of the file when it was opened; 0 for stdin */
    bool has_lines_root;
    fw_sha256 lines_root; /* Merkle root over the lines, when it was asked for */
    bool changed;         /* size or mtime differed at the end, or it shrank */
};

struct fw_source;

/* Opens a path; "-" is standard input. gzip, xz, zstd and bzip2 are recognised by content. */
enum fw_err fw_source_open(const char *path, struct fw_source **ret);
/* Reads memory that the caller keeps alive (tests, members of archives). */
enum fw_err fw_source_open_memory(fw_sv bytes, struct fw_source **ret);
void fw_source_free(struct fw_source *source);

struct fw_line {
    fw_sv text;      /* without the line end; valid until the next call */
    uint64_t offset; /* of its first byte in the decoded text */
    uint64_t number; /* 1-based */
    bool cut;        /* longer than the limit */
    fw_sv raw;       /* with the line end as it is stored; the first part of a line that is cut */
};

/* The next line; false at the end or on an error (which fw_source_finish then returns). A line that
 * crosses a block boundary is moved once, never copied twice; CR before LF is dropped. */
bool fw_source_line(struct fw_source *source, struct fw_line *ret);
/* The first bytes without consuming them, for format detection: up to n, fewer at the end. */
fw_sv fw_source_peek(struct fw_source *source, size_t n);
/* Before the first line: every line becomes a leaf of the tree, with its line end as it is decoded,
 * and whole even when it is cut. The tree is the caller's and complete after fw_source_finish. */
void fw_source_hash_lines(struct fw_source *source, struct fw_merkle *tree);
/* Before the first line: what is read is hashed in a thread of its own while lines are handed out,
 * where the file has more than a block and a thread is to be had. The hash is the same. */
void fw_source_hash_aside(struct fw_source *source);
/* For files of binary records: hands out n bytes that fw_source_peek showed, without a line's
 * number.
 */
void fw_source_take(struct fw_source *source, size_t n, struct fw_line *ret);
/* Drops whatever is left. False: nothing was left. */
bool fw_source_drop(struct fw_source *source, struct fw_line *ret);
/* How many bytes a plain file has, once something was read; 0: that is not known. */
uint64_t fw_source_expected(const struct fw_source *source);
/* Of the file when it was opened, nanoseconds since 1970; 0 when it has none. */
int64_t fw_source_mtime(const struct fw_source *source);
/* Reads whatever is left and closes the hash. Call once, after the last line. */
enum fw_err fw_source_finish(struct fw_source *source, struct fw_source_info *ret);

/* The whole decoded text of a small source (a configuration, a site file) into the arena.
 * FW_ERR_LIMIT when it is larger than `limit`. Info is filled as above. */
enum fw_err fw_source_load(const char *path, uint64_t limit, struct fw_arena *arena, fw_sv *ret,
                           struct fw_source_info *ret_info);
/* The same of bytes that lie in no file of their own. */
enum fw_err fw_source_load_memory(fw_sv bytes, uint64_t limit, struct fw_arena *arena, fw_sv *ret,
                                  struct fw_source_info *ret_info);

/* The diagnostics that follow from an info: truncated, corrupt, trailing, changed, long lines. */
void fw_source_report(const struct fw_source_info *info, fw_sv path, struct fw_diags *diags);

const char *fw_container_name(enum fw_container container); /* "plain", "gzip", "xz" */
const char *fw_integrity_name(enum fw_integrity integrity); /* "ok", "truncated", ... */

#endif
