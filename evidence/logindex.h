/*
 * The index of the logs in a pack: data/logs/index.tsv has a line for each log file with a Merkle
 * root over its lines; data/logs/root.tsv one over the lines of the index. Any line of an archive
 * can later be shown to be part of it with some forty hashes (fw_log_prove), without showing
 * another.
 */
#ifndef FW_EVIDENCE_LOGINDEX_H
#define FW_EVIDENCE_LOGINDEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/buf.h"
#include "core/sha256.h"
#include "core/sv.h"
#include "evidence/inputs.h"

#define FW_PACK_LOG_INDEX "data/logs/index.tsv"
#define FW_PACK_LOG_ROOT "data/logs/root.tsv"

/* One line of the index. Texts as they are spelled there. */
struct fw_log_row {
    fw_sv text; /* the whole line, with its newline: the leaf of the tree over files */
    fw_sv path, device, format, container, integrity;
    fw_sv last; /* the time of its last event; "" when none has one */
    uint64_t stored_bytes, decoded_bytes, lines;
    fw_sha256 sha256, lines_root;
};

struct fw_log_index {
    size_t n;
    struct fw_log_row *v; /* by path */
    fw_sha256 root;
};

/* The two files of a review. */
void fw_log_index_text(const struct fw_inputs *inputs, struct fw_buf *out);
void fw_log_root_text(fw_sv index, struct fw_buf *out);

/* Views into text. False with one sentence when a line is not as we write it, or its counts do not
 * add up. */
bool fw_log_index_parse(fw_sv text, struct fw_arena *arena, struct fw_log_index *ret,
                        struct fw_buf *why);
/* The two files and custody.tsv say the same of the same logs. */
bool fw_log_index_check(fw_sv index, fw_sv root, fw_sv custody, struct fw_arena *arena,
                        struct fw_log_index *ret, struct fw_buf *why);

#endif
