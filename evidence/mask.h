/*
 * Masking a pack so that it can be shown and still be checked against its signatures. When a pack
 * is built with a mask key, data/commitments.tsv says for each payload file what its masked form
 * hashes to, and for each value that is masked a salted hash:
 *
 *   file   data/results/results.json   SHA-256 of the masked text; "-" when the file is not text
 *   value  ip-0123456789abcdef0123     SHA-256 of salt, newline, value
 *
 * It is payload, so reviewer and manager sign it: a masked copy is not trusted, it is compared.
 * The key is one file of the user's: a secret, and the words to mask beside addresses.
 */
#ifndef FW_EVIDENCE_MASK_H
#define FW_EVIDENCE_MASK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/buf.h"
#include "core/err.h"
#include "core/sha256.h"
#include "core/sv.h"

#define FW_PACK_COMMITMENTS "data/commitments.tsv"
#define FW_PACK_MASKED "masked.txt"
#define FW_PACK_MASKED_TEXT "fwproof masked copy 1\n"

/* "ip-" or "w-" and so many hexadecimal digits: 80 bits. */
enum { FW_MASK_DIGITS = 20 };

struct fw_mask_key {
    uint8_t secret[32];
    size_t n;
    const fw_sv *words; /* the longest first */
};

struct fw_mask_value {
    fw_sv value, token;
};

/* What was masked so far. */
struct fw_masking {
    struct fw_arena *arena;
    const struct fw_mask_key *key;
    fw_sv pack; /* period and sequence: one key gives each pack tokens of its own */
    size_t n;
    struct fw_mask_value *v; /* sorted by value */
};

/* Line 1 "fwproof mask key 1", line 2 the secret in hexadecimal, then one word a line. */
enum fw_err fw_mask_key_load(const char *path, struct fw_arena *arena, struct fw_mask_key *ret,
                             struct fw_buf *why);
/* A new key with a random secret, readable by its owner only. FW_ERR_EXISTS. */
enum fw_err fw_mask_key_make(const char *path, const fw_sv *words, size_t n, struct fw_buf *why);

/* Whether a file can be masked: text without NUL, in UTF-8. */
bool fw_mask_possible(fw_sv bytes);
/* Appends the text with every address and word replaced by its token. */
void fw_mask_text(struct fw_masking *masking, fw_sv text, struct fw_buf *out);
/* The salt of a value, in hexadecimal, and sha256(salt "\n" value). */
void fw_mask_salt(const struct fw_masking *masking, fw_sv value, char ret[FW_SHA256_HEX + 1]);
/* What fw_masking.pack is for a pack. */
fw_sv fw_mask_pack_name(struct fw_arena *arena, fw_sv period, uint32_t sequence);

struct fw_commitment {
    fw_sv name; /* path or token */
    bool has_hash;
    fw_sha256 hash;
};

struct fw_commitments {
    size_t nfiles, nvalues;
    struct fw_commitment *files, *values; /* sorted by name */
};

void fw_commitment_file_text(struct fw_buf *out, fw_sv path, const fw_sha256 *hash);
/* The values of a masking, by token. */
void fw_commitment_values_text(struct fw_masking *masking, struct fw_buf *out);
bool fw_commitments_parse(fw_sv text, struct fw_arena *arena, struct fw_commitments *ret);
/* NULL when there is none of the name. */
const struct fw_commitment *fw_commitments_find(const struct fw_commitment *v, size_t n,
                                                fw_sv name);

struct fw_masked {
    fw_sha256 head;
    uint64_t values, masked, withheld;
};

/* A masked copy of a whole pack at `out`, which must not be there. FW_ERR_INVALID: refused, `why`
 * says why (broken, built without a key, another key). */
enum fw_err fw_mask_pack(const char *pack, const char *out, const struct fw_mask_key *key,
                         struct fw_arena *arena, struct fw_masked *ret, struct fw_buf *why);
/* "token salt value": what shows the value behind one token. `what`: the value or its token.
 * FW_ERR_NOENT: the pack has none such. */
enum fw_err fw_mask_disclose(const char *pack, const struct fw_mask_key *key, fw_sv what,
                             struct fw_arena *arena, struct fw_buf *out, struct fw_buf *why);

#endif
