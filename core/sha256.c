/* SHA-256 by libcrypto. A digest that libcrypto cannot finish ends the process: a wrong hash in
 * evidence would be worse than none. */
#include "core/sha256.h"

/* SHA256_Update and its like cost a fifth of an EVP digest for a line of a log. */
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>
#include <stdlib.h>
#include <string.h>

struct fw_hasher {
    EVP_MD_CTX *ctx;
};

static void must(int ok)
{
    if (!ok) {
        abort();
    }
}

struct fw_hasher *fw_hasher_new(void)
{
    struct fw_hasher *hasher = calloc(1, sizeof(*hasher));
    if (!hasher) {
        return NULL;
    }
    hasher->ctx = EVP_MD_CTX_new();
    if (!hasher->ctx || !EVP_DigestInit_ex(hasher->ctx, EVP_sha256(), NULL)) {
        fw_hasher_free(hasher);
        return NULL;
    }
    return hasher;
}

void fw_hasher_free(struct fw_hasher *hasher)
{
    if (hasher) {
        EVP_MD_CTX_free(hasher->ctx);
        free(hasher);
    }
}

void fw_hasher_reset(struct fw_hasher *hasher)
{
    must(EVP_DigestInit_ex(hasher->ctx, NULL, NULL)); /* keeps the algorithm it has */
}

void fw_hasher_add(struct fw_hasher *hasher, const void *p, size_t n)
{
    if (n > 0) {
        must(EVP_DigestUpdate(hasher->ctx, p, n));
    }
}

void fw_hasher_add_u64(struct fw_hasher *hasher, uint64_t value)
{
    uint8_t bytes[8];
    for (size_t i = 0; i < sizeof(bytes); i++) {
        bytes[i] = (uint8_t)(value >> (56 - 8 * i));
    }
    fw_hasher_add(hasher, bytes, sizeof(bytes));
}

void fw_hasher_add_sv(struct fw_hasher *hasher, fw_sv text)
{
    fw_hasher_add_u64(hasher, text.n);
    fw_hasher_add(hasher, text.p, text.n);
}

fw_sha256 fw_hasher_done(struct fw_hasher *hasher)
{
    fw_sha256 hash;
    unsigned length = 0;
    must(EVP_DigestFinal_ex(hasher->ctx, hash.b, &length));
    must(length == sizeof(hash.b));
    fw_hasher_reset(hasher);
    return hash;
}

fw_sha256 fw_sha256_of(fw_sv text)
{
    fw_sha256 hash;
    const void *p = text.p ? text.p : "";
    must(SHA256(p, text.n, hash.b) != NULL);
    return hash;
}

fw_sha256 fw_sha256_tagged(uint8_t tag, fw_sv first, fw_sv second)
{
    fw_sha256 hash;
    SHA256_CTX ctx;
    must(SHA256_Init(&ctx));
    must(SHA256_Update(&ctx, &tag, 1));
    must(first.n == 0 || SHA256_Update(&ctx, first.p, first.n));
    must(second.n == 0 || SHA256_Update(&ctx, second.p, second.n));
    must(SHA256_Final(hash.b, &ctx));
    return hash;
}

fw_sha256 fw_sha256_keyed(const uint8_t key[32], fw_sv text)
{
    fw_sha256 hash;
    unsigned length = 0;
    must(HMAC(EVP_sha256(), key, 32, (const unsigned char *)text.p, text.n, hash.b, &length) !=
         NULL);
    must(length == sizeof(hash.b));
    return hash;
}

void fw_sha256_hex(fw_sha256 hash, char ret[FW_SHA256_HEX + 1])
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < sizeof(hash.b); i++) {
        ret[2 * i] = digits[hash.b[i] >> 4];
        ret[2 * i + 1] = digits[hash.b[i] & 15];
    }
    ret[FW_SHA256_HEX] = '\0';
}

fw_sv fw_sha256_keep(struct fw_arena *arena, fw_sha256 hash)
{
    char hex[FW_SHA256_HEX + 1];
    fw_sha256_hex(hash, hex);
    return fw_arena_copy(arena, fw_sv_from(hex));
}

/* Manifests have one spelling: lower case. */
static int hex_value(char c)
{
    return c == fw_lower(c) ? fw_hex_value(c) : -1;
}

bool fw_sha256_parse(fw_sv hex, fw_sha256 *ret)
{
    fw_sha256 hash;
    if (hex.n != FW_SHA256_HEX) {
        return false;
    }
    for (size_t i = 0; i < sizeof(hash.b); i++) {
        int high = hex_value(hex.p[2 * i]);
        int low = hex_value(hex.p[2 * i + 1]);
        if (high < 0 || low < 0) {
            return false;
        }
        hash.b[i] = (uint8_t)(high << 4 | low);
    }
    *ret = hash;
    return true;
}

void fw_sha256_base64(fw_sha256 hash, char ret[FW_SHA256_BASE64 + 1])
{
    unsigned char text[FW_SHA256_BASE64 + 1];
    EVP_EncodeBlock(text, hash.b, sizeof(hash.b));
    memcpy(ret, text, sizeof(text));
}

bool fw_sha256_eq(fw_sha256 a, fw_sha256 b)
{
    return memcmp(a.b, b.b, sizeof(a.b)) == 0;
}
