/* Who signed with a certificate, and does the signature hold? */
#include "evidence/cms.h"

#include <openssl/cms.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <time.h>

#include "core/sha256.h"
#include "core/text.h"
#include "evidence/der.h"
#include "evidence/publickey.h"

enum { SIGNATURE_BYTES = 1 << 16 };

fw_sv fw_cms_subject(X509 *certificate, struct fw_arena *arena)
{
    BIO *memory = BIO_new(BIO_s_mem());
    char *text = NULL;
    struct fw_buf safe;
    fw_buf_init(&safe);
    /* RFC 2253, but UTF-8 stays readable: names of people are Chinese here. */
    if (memory && X509_NAME_print_ex(memory, X509_get_subject_name(certificate), 0,
                                     XN_FLAG_RFC2253 & ~(unsigned long)ASN1_STRFLGS_ESC_MSB) > 0) {
        long n = BIO_get_mem_data(memory, &text);
        fw_text_safe(&safe, fw_sv_of(text, n > 0 ? (size_t)n : 0));
    }
    BIO_free(memory);
    return fw_buf_keep(&safe, arena);
}

static CMS_ContentInfo *read_cms(fw_sv der)
{
    const unsigned char *p = (const unsigned char *)der.p;
    CMS_ContentInfo *cms = der.n > 0 && der.n <= SIGNATURE_BYTES
                               ? d2i_CMS_ContentInfo(NULL, &p, (long)der.n)
                               : NULL;
    ERR_clear_error();
    return cms;
}

static fw_sv valid_after(X509 *certificate, struct fw_arena *arena)
{
    struct tm parts = {0};
    if (ASN1_TIME_to_tm(X509_get0_notBefore(certificate), &parts) != 1) {
        return (fw_sv){0};
    }
    return fw_arena_printf(arena, "%04d%02d%02d%02d%02d%02dZ", parts.tm_year + 1900,
                           parts.tm_mon + 1, parts.tm_mday, parts.tm_hour, parts.tm_min,
                           parts.tm_sec);
}

bool fw_cms_parse(fw_sv der, struct fw_arena *arena, struct fw_cms *ret)
{
    CMS_ContentInfo *cms = read_cms(der);
    struct fw_signed_parts parts;
    X509 *certificate = NULL;
    static const char data[] = "\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01";
    static const char sha256[] = "\x30\x0b\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01";
    bool good = cms && !fw_signed_take(cms, arena, &parts, &certificate) && !parts.content.p &&
                !parts.attributes.p &&
                fw_sv_eq(parts.content_type, fw_sv_of(data, sizeof(data) - 1)) &&
                fw_sv_eq(parts.digest, fw_sv_of(sha256, sizeof(sha256) - 1)) &&
                fw_sv_eq(fw_signed_text(&parts, arena), der);
    if (good) {
        *ret = (struct fw_cms){fw_sha256_keep(arena, fw_sha256_of(parts.certificate)),
                               fw_public_key_x509(certificate, arena),
                               fw_cms_subject(certificate, arena), valid_after(certificate, arena)};
    }
    CMS_ContentInfo_free(cms);
    ERR_clear_error();
    return good;
}

enum fw_err fw_cms_verify(const struct fw_authorities *authorities, fw_sv der, fw_sv data,
                          struct fw_buf *why)
{
    CMS_ContentInfo *cms = read_cms(der);
    BIO *content = BIO_new_mem_buf(data.p, (int)data.n);
    unsigned flags = CMS_BINARY | CMS_DETACHED | (authorities ? 0 : CMS_NO_SIGNER_CERT_VERIFY);
    bool good = cms && content &&
                CMS_verify(cms, NULL, authorities ? authorities->store : NULL, content, NULL,
                           flags) == 1;
    if (!good) {
        fw_crypto_said(why);
    }
    BIO_free(content);
    CMS_ContentInfo_free(cms);
    return good ? FW_OK : FW_ERR_INVALID;
}

/* Without a terminal nobody can be asked. */
static int no_passphrase(char *buffer, int size, int writing, void *context)
{
    (void)buffer;
    (void)size;
    (void)writing;
    (void)context;
    return -1;
}

static bool load_pair(const char *key_path, const char *certificate_path, bool terminal,
                      EVP_PKEY **ret_key, X509 **ret_certificate, struct fw_buf *why)
{
    BIO *key = BIO_new_file(key_path, "rb"), *certificate = BIO_new_file(certificate_path, "rb");
    if (key && certificate) {
        *ret_key = PEM_read_bio_PrivateKey(key, NULL, terminal ? NULL : no_passphrase, NULL);
        *ret_certificate = PEM_read_bio_X509(certificate, NULL, NULL, NULL);
    }
    if (!key || !certificate) {
        fw_buf_printf(why, "%s cannot be read", key ? certificate_path : key_path);
    } else if (!*ret_key) {
        fw_buf_printf(why, "%s holds no private key in PEM that can be opened: ", key_path);
        fw_crypto_said(why);
    } else if (!*ret_certificate) {
        fw_buf_printf(why, "%s holds no certificate in PEM: ", certificate_path);
        fw_crypto_said(why);
    } else if (X509_check_private_key(*ret_certificate, *ret_key) != 1) {
        fw_buf_printf(why, "the certificate %s is not that of the key %s", certificate_path,
                      key_path);
    }
    BIO_free(key);
    BIO_free(certificate);
    ERR_clear_error();
    return why->n == 0;
}

static bool sign_data(EVP_PKEY *key, X509 *certificate, fw_sv data, struct fw_arena *arena,
                      fw_sv *ret)
{
    unsigned flags = CMS_BINARY | CMS_DETACHED | CMS_NOATTR | CMS_PARTIAL;
    BIO *content = BIO_new_mem_buf(data.p, (int)data.n);
    CMS_ContentInfo *cms = CMS_sign(NULL, NULL, NULL, NULL, flags);
    unsigned char *bytes = NULL;
    int n = content && cms && CMS_add1_signer(cms, certificate, key, EVP_sha256(), flags) &&
                    CMS_final(cms, content, NULL, flags) == 1
                ? i2d_CMS_ContentInfo(cms, &bytes)
                : -1;
    if (n > 0) {
        *ret = fw_arena_copy(arena, fw_sv_of((const char *)bytes, (size_t)n));
    }
    OPENSSL_free(bytes);
    CMS_ContentInfo_free(cms);
    BIO_free(content);
    return n > 0;
}

enum fw_err fw_cms_sign(const char *key, const char *certificate, bool terminal, fw_sv data,
                        struct fw_arena *arena, fw_sv *ret, struct fw_buf *why)
{
    EVP_PKEY *pair_key = NULL;
    X509 *pair_certificate = NULL;
    struct fw_cms read_back;
    enum fw_err err = FW_ERR_TOOL;
    if (!load_pair(key, certificate, terminal, &pair_key, &pair_certificate, why)) {
        err = FW_ERR_TOOL;
    } else if (!sign_data(pair_key, pair_certificate, data, arena, ret)) {
        fw_crypto_said(why);
    } else if (!fw_cms_parse(*ret, arena, &read_back)) {
        fw_buf_printf(why, "the key %s does not sign by RSA (PKCS #1) or ECDSA with SHA-256", key);
    } else {
        err = fw_cms_verify(NULL, *ret, data, why);
    }
    EVP_PKEY_free(pair_key);
    X509_free(pair_certificate);
    return err;
}
