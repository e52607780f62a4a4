/* How is a signed message spelled? */
#include "evidence/der.h"

#include <openssl/x509.h>

#include "core/buf.h"

fw_sv fw_der(struct fw_arena *arena, unsigned char tag, size_t n, const fw_sv *parts)
{
    size_t length = 0;
    for (size_t i = 0; i < n; i++) {
        length += parts[i].n;
    }
    struct fw_buf out;
    fw_buf_init(&out);
    fw_buf_add_char(&out, (char)tag);
    if (length < 0x80) {
        fw_buf_add_char(&out, (char)length);
    } else {
        unsigned bytes = 1;
        while (length >> (8 * bytes) != 0) {
            bytes++;
        }
        fw_buf_add_char(&out, (char)(0x80 | bytes));
        while (bytes-- > 0) {
            fw_buf_add_char(&out, (char)(length >> (8 * bytes) & 0xff));
        }
    }
    for (size_t i = 0; i < n; i++) {
        fw_buf_add(&out, parts[i]);
    }
    return fw_buf_keep(&out, arena);
}

/* Of what one of the library's i2d functions wrote. */
static fw_sv kept(int n, unsigned char *bytes, struct fw_arena *arena)
{
    fw_sv text = {0};
    if (n > 0) {
        text = fw_arena_copy(arena, fw_sv_of((const char *)bytes, (size_t)n));
    }
    OPENSSL_free(bytes);
    return text;
}

/* As it was signed. {0} on an error. */
static fw_sv certificate_text(X509 *certificate, struct fw_arena *arena)
{
    unsigned char *bytes = NULL;
    int n = i2d_X509(certificate, &bytes);
    return kept(n, bytes, arena);
}

static fw_sv algorithm_text(const X509_ALGOR *algorithm, struct fw_arena *arena)
{
    unsigned char *bytes = NULL;
    int n = i2d_X509_ALGOR(algorithm, &bytes);
    return kept(n, bytes, arena);
}

static int algorithm_of(const X509_ALGOR *algorithm)
{
    const ASN1_OBJECT *object = NULL;
    X509_ALGOR_get0(&object, NULL, NULL, algorithm);
    return OBJ_obj2nid(object);
}

/* Two names are in use for RSA with PKCS #1 padding; the digest is named beside it. */
static fw_sv signature_algorithm(const X509_ALGOR *algorithm, struct fw_arena *arena)
{
    static const char rsa[] = "\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01\x05\x00";
    switch (algorithm_of(algorithm)) {
    case NID_rsaEncryption:
    case NID_sha256WithRSAEncryption:
    case NID_sha384WithRSAEncryption:
    case NID_sha512WithRSAEncryption:
        return fw_sv_of(rsa, sizeof(rsa) - 1);
    case NID_ecdsa_with_SHA256:
    case NID_ecdsa_with_SHA384:
    case NID_ecdsa_with_SHA512:
        return algorithm_text(algorithm, arena);
    default:
        return (fw_sv){0};
    }
}

static fw_sv attributes_text(const CMS_SignerInfo *signer, struct fw_arena *arena)
{
    struct fw_buf out;
    fw_buf_init(&out);
    for (int i = 0; i < CMS_signed_get_attr_count(signer); i++) {
        unsigned char *bytes = NULL;
        int n = i2d_X509_ATTRIBUTE(CMS_signed_get_attr(signer, i), &bytes);
        fw_buf_add(&out, kept(n, bytes, arena));
    }
    return out.n > 0 ? fw_buf_keep(&out, arena) : (fw_sv){0};
}

/* The certificate that the signer names, among those that came along. */
static X509 *find_certificate(CMS_ContentInfo *cms, CMS_SignerInfo *signer)
{
    STACK_OF(X509) *all = CMS_get1_certs(cms);
    X509 *found = NULL;
    for (int i = 0; i < sk_X509_num(all) && !found; i++) {
        X509 *certificate = sk_X509_value(all, i);
        found = CMS_SignerInfo_cert_cmp(signer, certificate) == 0 ? certificate : NULL;
    }
    sk_X509_pop_free(all, X509_free); /* the message keeps its own */
    return found;
}

const char *fw_signed_take(CMS_ContentInfo *cms, struct fw_arena *arena,
                           struct fw_signed_parts *ret, X509 **ret_certificate)
{
    if (OBJ_obj2nid(CMS_get0_type(cms)) != NID_pkcs7_signed) {
        return "it is no signed message";
    }
    STACK_OF(CMS_SignerInfo) *signers = CMS_get0_SignerInfos(cms);
    if (sk_CMS_SignerInfo_num(signers) != 1) {
        return "it has not exactly one signer";
    }
    CMS_SignerInfo *signer = sk_CMS_SignerInfo_value(signers, 0);
    X509 *certificate = find_certificate(cms, signer);
    if (!certificate) {
        return "the signer's certificate is not in it";
    }
    X509_ALGOR *digest = NULL, *algorithm = NULL;
    CMS_SignerInfo_get0_algs(signer, NULL, NULL, &digest, &algorithm);
    int hash = algorithm_of(digest);
    if (hash != NID_sha256 && hash != NID_sha384 && hash != NID_sha512) {
        return "its digest is not SHA-256, SHA-384 or SHA-512";
    }
    struct fw_signed_parts parts = {
        .certificate = certificate_text(certificate, arena),
        .attributes = attributes_text(signer, arena),
        .digest = algorithm_text(digest, arena),
        .algorithm = signature_algorithm(algorithm, arena),
    };
    if (!parts.algorithm.p) {
        return "it is signed by neither RSA (PKCS #1) nor ECDSA";
    }
    unsigned char *bytes = NULL;
    int n = i2d_ASN1_OBJECT(CMS_get0_eContentType(cms), &bytes);
    parts.content_type = kept(n, bytes, arena);
    ASN1_OCTET_STRING **content = CMS_get0_content(cms);
    if (content && *content) {
        fw_sv inner = fw_sv_of((const char *)ASN1_STRING_get0_data(*content),
                               (size_t)ASN1_STRING_length(*content));
        parts.content = fw_der(arena, FW_DER_OCTETS, 1, &inner);
    }
    const ASN1_OCTET_STRING *signature = CMS_SignerInfo_get0_signature(signer);
    parts.signature = fw_arena_copy(arena, fw_sv_of((const char *)ASN1_STRING_get0_data(signature),
                                                    (size_t)ASN1_STRING_length(signature)));
    *ret = parts;
    *ret_certificate = certificate;
    return NULL;
}

/* Issuer and serial number, by which a signer is named. */
static fw_sv issuer_text(const struct fw_signed_parts *parts, struct fw_arena *arena)
{
    const unsigned char *p = (const unsigned char *)parts->certificate.p;
    X509 *certificate = d2i_X509(NULL, &p, (long)parts->certificate.n);
    if (!certificate) {
        return (fw_sv){0};
    }
    unsigned char *bytes = NULL;
    int n = i2d_X509_NAME(X509_get_issuer_name(certificate), &bytes);
    fw_sv inner[2] = {kept(n, bytes, arena)};
    bytes = NULL;
    n = i2d_ASN1_INTEGER(X509_get_serialNumber(certificate), &bytes);
    inner[1] = kept(n, bytes, arena);
    X509_free(certificate);
    return fw_der(arena, FW_DER_SEQUENCE, 2, inner);
}

fw_sv fw_signed_text(const struct fw_signed_parts *parts, struct fw_arena *arena)
{
    static const char signed_data[] = "\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02";
    fw_sv one = FW_SV("\x02\x01\x01"), three = FW_SV("\x02\x01\x03");
    fw_sv attributes = parts->attributes;
    if (attributes.p) {
        attributes = fw_der(arena, FW_DER_TAGGED_0, 1, &parts->attributes);
    }
    fw_sv issuer = issuer_text(parts, arena);
    if (!issuer.p) {
        return (fw_sv){0};
    }
    fw_sv signer = fw_der(arena, FW_DER_SEQUENCE, 6,
                          (fw_sv[]){one, issuer, parts->digest, attributes, parts->algorithm,
                                    fw_der(arena, FW_DER_OCTETS, 1, &parts->signature)});
    fw_sv content = parts->content;
    if (content.p) {
        content = fw_der(arena, FW_DER_TAGGED_0, 1, &parts->content);
    }
    /* RFC 5652, 5.1: what is not plain data makes it version 3. */
    fw_sv message = fw_der(
        arena, FW_DER_SEQUENCE, 5,
        (fw_sv[]){parts->content.p ? three : one, fw_der(arena, FW_DER_SET, 1, &parts->digest),
                  fw_der(arena, FW_DER_SEQUENCE, 2, (fw_sv[]){parts->content_type, content}),
                  fw_der(arena, FW_DER_TAGGED_0, 1, &parts->certificate),
                  fw_der(arena, FW_DER_SET, 1, &signer)});
    return fw_der(arena, FW_DER_SEQUENCE, 2,
                  (fw_sv[]){fw_sv_of(signed_data, sizeof(signed_data) - 1),
                            fw_der(arena, FW_DER_TAGGED_0, 1, &message)});
}
