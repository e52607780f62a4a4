/* Proving that one log line is part of what a review read: its Merkle path to the index of the logs
 * in a pack. The proof shows this line and no other one; check-proof.sh in the pack checks it. */
#ifndef FW_EVIDENCE_PROVE_H
#define FW_EVIDENCE_PROVE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/buf.h"
#include "core/err.h"
#include "core/json.h"
#include "core/merkle.h"
#include "core/sha256.h"
#include "core/sv.h"

struct fw_prove_options {
    fw_sv line;          /* FILE:NUMBER, FILE@OFFSET (of a byte of the decoded text) or FILE=TEXT
                            (the first line that contains it); FILE: a path of the index or its end */
    const char *archive; /* the log file, the folder its path begins in, or the site file */
};

struct fw_log_proof {
    fw_sha256 head;        /* of the pack */
    fw_sv path, row, text; /* row: line of the index with its newline; text: with its line end */
    fw_sha256 file;        /* of the stored log file */
    uint64_t number, lines, file_number, files; /* from 1 */
    size_t nline, nfile;
    fw_sha256 line_path[FW_MERKLE_DEPTH], file_path[FW_MERKLE_DEPTH];
};

/* FW_ERR_INVALID: the pack is broken, or the log is not the one that was reviewed. FW_ERR_NOENT: no
 * such line, file or log. `why` says it. */
enum fw_err fw_log_prove(const char *pack, const struct fw_prove_options *options,
                         struct fw_arena *arena, struct fw_log_proof *ret, struct fw_buf *why);
void fw_log_proof_text(const struct fw_log_proof *proof, struct fw_buf *out);
void fw_log_proof_json(const struct fw_log_proof *proof, struct fw_json *json);

#endif
