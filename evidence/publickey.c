/* Are two public keys the same key? */
#include "evidence/publickey.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>

#include "core/buf.h"
#include "core/sha256.h"
#include "evidence/sshsig.h"

enum { NUMBER_BYTES = 4096 }; /* RSA with 16384 bits takes 2048 */

static void add_hex(struct fw_buf *out, fw_sv bytes)
{
    size_t i = 0;
    while (i < bytes.n && bytes.p[i] == '\0') {
        i++;
    }
    for (; i < bytes.n; i++) {
        fw_buf_printf(out, "%02x", (unsigned)(unsigned char)bytes.p[i]);
    }
}

static fw_sv two_numbers(const char *kind, fw_sv first, fw_sv second, struct fw_arena *arena)
{
    struct fw_buf text;
    fw_buf_init(&text);
    fw_buf_add_cstr(&text, kind);
    fw_buf_add_char(&text, ':');
    add_hex(&text, first);
    fw_buf_add_char(&text, ':');
    add_hex(&text, second);
    return fw_buf_keep(&text, arena);
}

static fw_sv edwards(fw_sv key, struct fw_arena *arena)
{
    struct fw_buf text;
    fw_buf_init(&text);
    fw_buf_add_cstr(&text, "ed25519:");
    add_hex(&text, key);
    return fw_buf_keep(&text, arena);
}

/* RFC 4253, section 6.6; RFC 5656, section 3.1; RFC 8709, section 4. */
fw_sv fw_public_key_ssh(fw_sv base64, struct fw_arena *arena)
{
    fw_sv rest, type, a, b;
    if (!fw_ssh_decode(base64, arena, &rest) || !fw_ssh_take(&rest, &type) ||
        !fw_ssh_take(&rest, &a)) {
        return base64;
    }
    if (fw_sv_is(type, "ssh-ed25519") && rest.n == 0) {
        return edwards(a, arena);
    }
    if (!fw_ssh_take(&rest, &b) || rest.n > 0) {
        return base64;
    }
    if (fw_sv_is(type, "ssh-rsa")) {
        return two_numbers("rsa", a, b, arena);
    }
    bool point = fw_sv_starts(type, "ecdsa-sha2-") && b.n % 2 == 1 && b.p[0] == '\4';
    size_t half = b.n / 2;
    return point ? two_numbers("ec", fw_sv_sub(b, 1, half), fw_sv_sub(b, 1 + half, half), arena)
                 : base64;
}

static bool number(const EVP_PKEY *key, const char *name, struct fw_arena *arena, fw_sv *ret)
{
    BIGNUM *n = NULL;
    bool good = EVP_PKEY_get_bn_param(key, name, &n) == 1 && BN_num_bytes(n) <= NUMBER_BYTES;
    if (good) {
        unsigned char *bytes = fw_arena_alloc(arena, NUMBER_BYTES);
        *ret = fw_sv_of((const char *)bytes, (size_t)BN_bn2bin(n, bytes));
    }
    BN_free(n);
    return good;
}

/* Of a kind that SSH has no keys of. */
static fw_sv other(X509 *certificate, struct fw_arena *arena)
{
    unsigned char *bytes = NULL;
    int n = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), &bytes);
    fw_sv der = fw_sv_of((const char *)bytes, n > 0 ? (size_t)n : 0);
    fw_sv text = fw_sha256_keep(arena, fw_sha256_of(der));
    OPENSSL_free(bytes);
    return text;
}

fw_sv fw_public_key_x509(X509 *certificate, struct fw_arena *arena)
{
    const EVP_PKEY *key = X509_get0_pubkey(certificate);
    fw_sv a, b;
    unsigned char raw[32];
    size_t n = sizeof(raw);
    int kind = key ? EVP_PKEY_get_base_id(key) : EVP_PKEY_NONE;
    if ((kind == EVP_PKEY_RSA || kind == EVP_PKEY_RSA_PSS) &&
        number(key, OSSL_PKEY_PARAM_RSA_E, arena, &a) &&
        number(key, OSSL_PKEY_PARAM_RSA_N, arena, &b)) {
        return two_numbers("rsa", a, b, arena);
    }
    if (kind == EVP_PKEY_EC && number(key, OSSL_PKEY_PARAM_EC_PUB_X, arena, &a) &&
        number(key, OSSL_PKEY_PARAM_EC_PUB_Y, arena, &b)) {
        return two_numbers("ec", a, b, arena);
    }
    if (kind == EVP_PKEY_ED25519 && EVP_PKEY_get_raw_public_key(key, raw, &n) == 1) {
        return edwards(fw_sv_of((const char *)raw, n), arena);
    }
    return other(certificate, arena);
}
