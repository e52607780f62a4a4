/* When did an authority see this? */
#include "evidence/tsa.h"

#include <openssl/cms.h>
#include <openssl/err.h>
#include <openssl/ts.h>

#include "core/sha256.h"
#include "core/text.h"
#include "evidence/cms.h"
#include "evidence/der.h"
#include "evidence/sshsig.h"

enum { REPLY_BYTES = 1 << 17 };

/* SHA-256 with NULL, as the openssl program writes it in requests. */
static fw_sv imprint_text(fw_sv statement, struct fw_arena *arena)
{
    static const char sha256[] = "\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00";
    fw_sha256 hash = fw_sha256_of(statement);
    fw_sv bytes = fw_sv_of((const char *)hash.b, sizeof(hash.b));
    return fw_der(
        arena, FW_DER_SEQUENCE, 2,
        (fw_sv[]){fw_sv_of(sha256, sizeof(sha256) - 1), fw_der(arena, FW_DER_OCTETS, 1, &bytes)});
}

fw_sv fw_tsa_query(fw_sv statement, struct fw_arena *arena)
{
    return fw_der(arena, FW_DER_SEQUENCE, 3,
                  (fw_sv[]){FW_SV("\x02\x01\x01"), imprint_text(statement, arena),
                            FW_SV("\x01\x01\xff")}); /* with the authority's certificate */
}

static TS_RESP *read_reply(fw_sv der)
{
    const unsigned char *p = (const unsigned char *)der.p;
    TS_RESP *reply = der.n > 0 && der.n <= REPLY_BYTES ? d2i_TS_RESP(NULL, &p, (long)der.n) : NULL;
    ERR_clear_error();
    return reply;
}

/* The token of a reply as a signed message; its bytes are a copy. */
static CMS_ContentInfo *token_of(TS_RESP *reply, struct fw_arena *arena, fw_sv *ret)
{
    unsigned char *bytes = NULL;
    PKCS7 *token = TS_RESP_get_token(reply);
    int n = token ? i2d_PKCS7(token, &bytes) : -1;
    if (n <= 0) {
        return NULL;
    }
    *ret = fw_arena_copy(arena, fw_sv_of((const char *)bytes, (size_t)n));
    OPENSSL_free(bytes);
    const unsigned char *p = (const unsigned char *)ret->p;
    return d2i_CMS_ContentInfo(NULL, &p, n);
}

static fw_sv reply_text(fw_sv token, struct fw_arena *arena)
{
    return fw_der(arena, FW_DER_SEQUENCE, 2, (fw_sv[]){FW_SV("\x30\x03\x02\x01\x00"), token});
}

/* YYYYMMDDHHMMSS, or with a point and the digits of a fraction, then Z. */
static bool time_text(const TS_TST_INFO *info, struct fw_arena *arena, fw_sv *ret)
{
    enum { DIGITS = 14 };
    const ASN1_GENERALIZEDTIME *time = TS_TST_INFO_get_time(info);
    fw_sv text = fw_sv_of((const char *)ASN1_STRING_get0_data(time),
                          (size_t)ASN1_STRING_length(time));
    bool good = text.n > DIGITS && text.p[text.n - 1] == 'Z' && text.n != DIGITS + 2 &&
                (text.n == DIGITS + 1 || text.p[DIGITS] == '.');
    for (size_t i = DIGITS + 1; good && i + 1 < text.n; i++) {
        good = fw_is_digit(text.p[i]);
    }
    if (!good) {
        return false;
    }
    *ret = fw_arena_printf(arena, "%.*sZ", DIGITS, text.p);
    return fw_verify_time_valid(*ret);
}

static bool same_imprint(TS_TST_INFO *info, fw_sv statement)
{
    TS_MSG_IMPRINT *imprint = TS_TST_INFO_get_msg_imprint(info);
    const ASN1_OBJECT *object = NULL;
    X509_ALGOR_get0(&object, NULL, NULL, TS_MSG_IMPRINT_get_algo(imprint));
    const ASN1_OCTET_STRING *hash = TS_MSG_IMPRINT_get_msg(imprint);
    fw_sha256 want = fw_sha256_of(statement);
    return OBJ_obj2nid(object) == NID_sha256 &&
           fw_sv_eq(fw_sv_of((const char *)ASN1_STRING_get0_data(hash),
                             (size_t)ASN1_STRING_length(hash)),
                    fw_sv_of((const char *)want.b, sizeof(want.b)));
}

/* With the rules for stamps: the certificate is for nothing else, and the token names it. */
static bool verify_chain(const struct fw_authorities *authorities, TS_RESP *reply, fw_sv time,
                         fw_sv statement, struct fw_buf *why)
{
    fw_sha256 hash = fw_sha256_of(statement);
    TS_VERIFY_CTX *context = TS_VERIFY_CTX_new();
    unsigned char *imprint = OPENSSL_memdup(hash.b, sizeof(hash.b));
    bool good = context && imprint && fw_authorities_at(authorities, time);
    if (good) {
        (void)X509_STORE_up_ref(authorities->store);
        (void)TS_VERIFY_CTX_set_store(context, authorities->store);
        (void)TS_VERIFY_CTX_set_imprint(context, imprint, sizeof(hash.b));
        imprint = NULL; /* the context frees both */
        (void)TS_VERIFY_CTX_set_flags(context, TS_VFY_VERSION | TS_VFY_SIGNATURE | TS_VFY_IMPRINT);
        good = TS_RESP_verify_response(context, reply) == 1;
    }
    if (!good) {
        fw_crypto_said(why);
    }
    OPENSSL_free(imprint);
    TS_VERIFY_CTX_free(context);
    return good;
}

/* NULL, or what is wrong with a reply that could be read. */
static const char *check_reply(TS_RESP *reply, CMS_ContentInfo *cms, fw_sv text, fw_sv statement,
                               struct fw_arena *arena, struct fw_tsa_stamp *ret)
{
    struct fw_signed_parts parts;
    X509 *certificate = NULL;
    TS_TST_INFO *info = TS_RESP_get_tst_info(reply);
    if (!info || !cms || fw_signed_take(cms, arena, &parts, &certificate) ||
        !fw_sv_eq(reply_text(fw_signed_text(&parts, arena), arena), text)) {
        return "is not as fwproof attaches it";
    }
    if (!same_imprint(info, statement)) {
        return "stamps something else than the signatures of this pack";
    }
    if (!time_text(info, arena, &ret->time)) {
        return "has no time in UTC";
    }
    ret->authority = fw_cms_subject(certificate, arena);
    /* Signed by the certificate in it, whoever that is. */
    return CMS_verify(cms, NULL, NULL, NULL, NULL, CMS_BINARY | CMS_NO_SIGNER_CERT_VERIFY) == 1
               ? NULL
               : "has a signature that does not fit";
}

enum fw_err fw_tsa_verify(const struct fw_authorities *authorities, fw_sv reply, fw_sv statement,
                          struct fw_arena *arena, struct fw_tsa_stamp *ret, struct fw_buf *why)
{
    TS_RESP *response = read_reply(reply);
    fw_sv token;
    CMS_ContentInfo *cms = response ? token_of(response, arena, &token) : NULL;
    const char *wrong = response ? check_reply(response, cms, reply, statement, arena, ret)
                                 : "is not as fwproof attaches it";
    ERR_clear_error();
    if (wrong) {
        fw_buf_add_cstr(why, wrong);
    } else if (authorities) {
        struct fw_buf said;
        fw_buf_init(&said);
        if (!verify_chain(authorities, response, ret->time, statement, &said)) {
            fw_buf_add_cstr(why, "is not by an authority that is trusted: ");
            fw_buf_add(why, fw_buf_sv(&said));
            wrong = "";
        }
        fw_buf_clear(&said);
    }
    CMS_ContentInfo_free(cms);
    TS_RESP_free(response);
    return wrong ? FW_ERR_INVALID : FW_OK;
}

enum fw_err fw_tsa_reply(fw_sv answer, fw_sv statement, struct fw_arena *arena, fw_sv *ret,
                         struct fw_buf *why)
{
    TS_RESP *response = read_reply(answer);
    struct fw_signed_parts parts;
    struct fw_tsa_stamp stamp;
    X509 *certificate = NULL;
    fw_sv token;
    CMS_ContentInfo *cms = response ? token_of(response, arena, &token) : NULL;
    enum fw_err err = FW_ERR_INVALID;
    if (!response) {
        fw_buf_add_cstr(why, "is no reply of RFC 3161");
    } else if (!cms) {
        fw_buf_add_cstr(why, "says that the authority refused: ask it again");
    } else {
        const char *wrong = fw_signed_take(cms, arena, &parts, &certificate);
        if (wrong) {
            fw_buf_printf(why, "cannot be attached: %s", wrong);
        } else {
            *ret = reply_text(fw_signed_text(&parts, arena), arena);
            err = fw_tsa_verify(NULL, *ret, statement, arena, &stamp, why);
        }
    }
    CMS_ContentInfo_free(cms);
    TS_RESP_free(response);
    ERR_clear_error();
    return err;
}
