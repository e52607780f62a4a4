/* Whose certificates are trusted, and for which time? */
#include "evidence/authorities.h"

#include <openssl/asn1.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <time.h>

#include "core/text.h"

enum { TIME_BYTES = 15 };

enum fw_err fw_authorities_load(const char *path, struct fw_authorities *ret, struct fw_buf *why)
{
    BIO *file = BIO_new_file(path, "rb");
    X509_STORE *store = X509_STORE_new();
    enum fw_err err = !store ? FW_ERR_MEMORY : !file ? FW_ERR_NOENT : FW_OK;
    size_t n = 0;
    X509 *certificate = NULL;
    while (err == FW_OK && (certificate = PEM_read_bio_X509(file, NULL, NULL, NULL)) != NULL) {
        err = X509_STORE_add_cert(store, certificate) == 1 ? FW_OK : FW_ERR_MEMORY;
        X509_free(certificate);
        n++;
    }
    ERR_clear_error(); /* the end of a PEM file is an error to the library */
    BIO_free(file);
    if (err == FW_OK && n == 0) {
        fw_buf_printf(why,
                      "%s holds no certificate in PEM (-----BEGIN CERTIFICATE-----): put those of "
                      "the authorities there, from the root down",
                      path);
        err = FW_ERR_INVALID;
    } else if (err != FW_OK) {
        fw_buf_printf(why, "%s: %s", path, fw_err_text(err));
    }
    if (err != FW_OK) {
        X509_STORE_free(store);
        return err;
    }
    *ret = (struct fw_authorities){.store = store};
    return FW_OK;
}

enum fw_err fw_authorities_lists(const char *path, struct fw_authorities *authorities,
                                 struct fw_buf *why)
{
    BIO *file = BIO_new_file(path, "rb");
    enum fw_err err = file ? FW_OK : FW_ERR_NOENT;
    X509_CRL *list = NULL;
    while (err == FW_OK && (list = PEM_read_bio_X509_CRL(file, NULL, NULL, NULL)) != NULL) {
        err = X509_STORE_add_crl(authorities->store, list) == 1 ? FW_OK : FW_ERR_MEMORY;
        authorities->lists = authorities->lists || err == FW_OK;
        X509_CRL_free(list);
    }
    ERR_clear_error();
    BIO_free(file);
    if (err == FW_OK && !authorities->lists) {
        fw_buf_printf(why,
                      "%s holds no list of revoked certificates in PEM (-----BEGIN X509 CRL-----)",
                      path);
        return FW_ERR_INVALID;
    }
    if (err != FW_OK) {
        fw_buf_printf(why, "%s: %s", path, fw_err_text(err));
    }
    return err;
}

void fw_authorities_ask_lists(const struct fw_authorities *authorities, bool ask)
{
    X509_VERIFY_PARAM *param = X509_STORE_get0_param(authorities->store);
    if (ask) {
        (void)X509_VERIFY_PARAM_set_flags(param, X509_V_FLAG_CRL_CHECK);
    } else {
        (void)X509_VERIFY_PARAM_clear_flags(param, X509_V_FLAG_CRL_CHECK);
    }
}

void fw_authorities_clear(struct fw_authorities *authorities)
{
    X509_STORE_free(authorities->store);
    authorities->store = NULL;
}

bool fw_authorities_at(const struct fw_authorities *authorities, fw_sv time)
{
    X509_VERIFY_PARAM *param = X509_STORE_get0_param(authorities->store);
    char text[TIME_BYTES + 1] = "";
    struct tm parts = {0};
    if (!time.p) { /* a time that was set for the pack before this one would still count */
        return X509_VERIFY_PARAM_clear_flags(param, X509_V_FLAG_USE_CHECK_TIME) == 1 &&
               X509_VERIFY_PARAM_set_flags(param, X509_V_FLAG_NO_CHECK_TIME) == 1;
    }
    if (time.n != TIME_BYTES) {
        return false;
    }
    memcpy(text, time.p, TIME_BYTES);
    ASN1_TIME *stamp = ASN1_TIME_new();
    bool good = stamp && ASN1_TIME_set_string(stamp, text) == 1 &&
                ASN1_TIME_to_tm(stamp, &parts) == 1;
    ASN1_TIME_free(stamp);
    if (good) {
        X509_VERIFY_PARAM_set_time(param, timegm(&parts));
        (void)X509_VERIFY_PARAM_clear_flags(param, X509_V_FLAG_NO_CHECK_TIME);
    }
    return good;
}

void fw_crypto_said(struct fw_buf *why)
{
    const char *data = NULL;
    int flags = 0;
    unsigned long code = ERR_peek_last_error_all(NULL, NULL, NULL, &data, &flags);
    const char *reason = code != 0 ? ERR_reason_error_string(code) : NULL;
    fw_text_safe(why, fw_sv_from(reason ? reason : "no reason given"));
    if (data && (flags & ERR_TXT_STRING) != 0 && data[0] != '\0') {
        fw_buf_add_cstr(why, ": ");
        fw_text_safe(why, fw_sv_from(data));
    }
    ERR_clear_error();
}
