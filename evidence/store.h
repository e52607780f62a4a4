/*
 * The store: what was learned from every file, so that the next review costs a hash. It holds only
 * aggregates (encoded summaries, custody of files, paths seen, reviews made), never raw events, and
 * may be deleted at any time: all but the history of paths is read again.
 *
 * One process writes at a time (an advisory lock beside the file). Every put is one transaction:
 * after a kill or on a full disk the store is intact and the next run continues. All functions may
 * be called from several threads. Only store*.c know that this is SQLite.
 */
#ifndef FW_EVIDENCE_STORE_H
#define FW_EVIDENCE_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/buf.h"
#include "core/err.h"
#include "core/sha256.h"
#include "core/source.h"
#include "core/sv.h"

struct fw_store;

struct fw_store_options {
    unsigned wait_seconds; /* for another process to finish; 0: do not wait */
    void (*waiting)(void *context, uint64_t pid); /* called once, before waiting; may be NULL.
                                                     pid 0: not known */
    void *context;
};

/* Opens or creates, with missing folders, and brings an older schema up to date. FW_ERR_BUSY when
 * another process kept it for the whole wait; FW_ERR_INVALID when the file is no store or of a
 * newer version. On an error `why` gets one lower-case sentence about the store, to be put after
 * its path ("is in use by another review"). options may be NULL. */
enum fw_err fw_store_open(const char *path, const struct fw_store_options *options,
                          struct fw_buf *why, struct fw_store **ret);
void fw_store_close(struct fw_store *store);

/* Reads every page and every blob's hash; FW_ERR_INVALID when something does not add up. */
enum fw_err fw_store_check(struct fw_store *store, struct fw_buf *why);

/* A summary is a pure function of the stored bytes, the parser and the format's definition. */
struct fw_store_key {
    fw_sha256 file;
    fw_sv parser;
    uint32_t version; /* of the parser */
    fw_sha256 format; /* of a user-defined format's definition; zero for built-in ones */
};

/* The file's facts (mtime and changed are not kept: they belong to a path) and its summary, in one
 * transaction. An existing summary of the key is replaced. */
enum fw_err fw_store_summary_put(struct fw_store *store, const struct fw_store_key *key,
                                 const struct fw_source_info *info, fw_sv blob);
/* FW_ERR_NOENT when there is none, or when what is there is damaged. ret_info may be NULL; the blob
 * is appended to ret_blob (heap, not an arena: nothing may jump out while the store is locked). */
enum fw_err fw_store_summary_find(struct fw_store *store, const struct fw_store_key *key,
                                  struct fw_source_info *ret_info, struct fw_buf *ret_blob);
uint64_t fw_store_summary_count(struct fw_store *store);

/* A run groups what was seen together; its number grows by one. as_of_ns INT64_MIN: not given. */
enum fw_err fw_store_run_begin(struct fw_store *store, int64_t as_of_ns, uint64_t *ret_run);
enum fw_err fw_store_run_end(struct fw_store *store, uint64_t run);

/* What lay at a path. */
struct fw_store_path {
    fw_sv path;   /* relative to the site */
    fw_sv device; /* of the site file; "" none */
    uint64_t bytes;
    int64_t mtime_ns;
    fw_sha256 sha256;
    uint64_t first_run, last_run;
};

/* Notes that the path was seen in a run: the same content as last time extends that entry, other
 * content starts a new one. first_run and last_run of `seen` are not read. */
enum fw_err fw_store_path_put(struct fw_store *store, const struct fw_store_path *seen,
                              uint64_t run);
/* The newest entry of a path; FW_ERR_NOENT. */
enum fw_err fw_store_path_find(struct fw_store *store, fw_sv path, struct fw_arena *arena,
                               struct fw_store_path *ret);
/* Every entry of a path, oldest first; of all paths, by path, when `path` is {0}. */
enum fw_err fw_store_path_list(struct fw_store *store, fw_sv path, struct fw_arena *arena,
                               size_t *ret_n, struct fw_store_path **ret);

/* A review that was written as a pack. */
struct fw_store_review {
    fw_sv period;
    uint32_t sequence;
    fw_sha256 head; /* of tagmanifest-sha256.txt */
    int64_t as_of_ns;
};

/* The same head twice is one review. */
enum fw_err fw_store_review_put(struct fw_store *store, const struct fw_store_review *review);
/* By sequence, then in the order they were put. */
enum fw_err fw_store_review_list(struct fw_store *store, struct fw_arena *arena, size_t *ret_n,
                                 struct fw_store_review **ret);

#endif
