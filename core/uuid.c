/* Which UUID belongs to a name? RFC 9562, 5.5: SHA-1 of a name space and the name. */
#include "core/uuid.h"

#include <openssl/evp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/* 7c0d8b1e-5a38-5f0b-9f53-0c1f6b8a2e41: drawn once, never to be changed. */
static const uint8_t name_space[16] = {0x7c, 0x0d, 0x8b, 0x1e, 0x5a, 0x38, 0x5f, 0x0b,
                                       0x9f, 0x53, 0x0c, 0x1f, 0x6b, 0x8a, 0x2e, 0x41};

void fw_uuid_of(fw_sv name, char ret[FW_UUID_TEXT + 1])
{
    uint8_t hash[EVP_MAX_MD_SIZE];
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    bool done = ctx && EVP_DigestInit_ex(ctx, EVP_sha1(), NULL) &&
                EVP_DigestUpdate(ctx, name_space, sizeof(name_space)) &&
                EVP_DigestUpdate(ctx, name.p, name.n) && EVP_DigestFinal_ex(ctx, hash, NULL);
    EVP_MD_CTX_free(ctx);
    if (!done) {
        abort(); /* as with SHA-256: a wrong name in evidence would be worse than none */
    }
    hash[6] = (uint8_t)((hash[6] & 0x0f) | 0x50);
    hash[8] = (uint8_t)((hash[8] & 0x3f) | 0x80);
    size_t at = 0;
    for (size_t i = 0; i < 16; i++) {
        if (i == 4 || i == 6 || i == 8 || i == 10) {
            ret[at++] = '-';
        }
        snprintf(ret + at, 3, "%02x", hash[i]);
        at += 2;
    }
}
