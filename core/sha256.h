/* SHA-256 over libcrypto, and its text. */
#ifndef FW_CORE_SHA256_H
#define FW_CORE_SHA256_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/sv.h"

typedef struct fw_sha256 {
    uint8_t b[32];
} fw_sha256;

struct fw_hasher;

struct fw_hasher *fw_hasher_new(void); /* NULL when out of memory */
void fw_hasher_free(struct fw_hasher *hasher);
void fw_hasher_reset(struct fw_hasher *hasher);
void fw_hasher_add(struct fw_hasher *hasher, const void *p, size_t n);
/* Prefixed with its length (as by fw_hasher_add_u64: eight bytes, the highest first), so that
 * ("ab","c") and ("a","bc") differ. */
void fw_hasher_add_sv(struct fw_hasher *hasher, fw_sv text);
void fw_hasher_add_u64(struct fw_hasher *hasher, uint64_t value);
/* Also resets, ready for the next text. */
fw_sha256 fw_hasher_done(struct fw_hasher *hasher);
fw_sha256 fw_sha256_of(fw_sv text);
/* Of one byte and two texts: cheap for the short ones that there are millions of. */
fw_sha256 fw_sha256_tagged(uint8_t tag, fw_sv first, fw_sv second);

/* HMAC of RFC 2104. */
fw_sha256 fw_sha256_keyed(const uint8_t key[32], fw_sv text);

#define FW_SHA256_HEX 64
void fw_sha256_hex(fw_sha256 hash, char ret[FW_SHA256_HEX + 1]); /* lower case, NUL */
fw_sv fw_sha256_keep(struct fw_arena *arena, fw_sha256 hash);    /* the same, in an arena */
bool fw_sha256_parse(fw_sv hex, fw_sha256 *ret);                 /* exactly 64 lower-case digits */
#define FW_SHA256_BASE64 44
void fw_sha256_base64(fw_sha256 hash, char ret[FW_SHA256_BASE64 + 1]); /* with padding, NUL */
bool fw_sha256_eq(fw_sha256 a, fw_sha256 b);

#endif
