/*
 * Certificate authorities that somebody trusts: a PEM file with every certificate from the roots
 * down, given by whoever verifies. Nothing of the system's store counts, and nothing of a pack.
 */
#ifndef FW_EVIDENCE_AUTHORITIES_H
#define FW_EVIDENCE_AUTHORITIES_H

#include <openssl/x509.h>

#include "core/buf.h"
#include "core/err.h"
#include "core/sv.h"

struct fw_authorities {
    X509_STORE *store; /* owned */
    bool lists;        /* with lists of revoked certificates */
};

/* FW_ERR_INVALID: no certificate in the file. After FW_OK fw_authorities_clear. */
enum fw_err fw_authorities_load(const char *path, struct fw_authorities *ret, struct fw_buf *why);
/* Adds the lists of revoked certificates (CRL, in PEM) of a file. FW_ERR_INVALID: it holds none. */
enum fw_err fw_authorities_lists(const char *path, struct fw_authorities *authorities,
                                 struct fw_buf *why);
/* Whether the certificate of a signer has to be missing on its authority's list. */
void fw_authorities_ask_lists(const struct fw_authorities *authorities, bool ask);
void fw_authorities_clear(struct fw_authorities *authorities);
/* When certificates have to be valid from now on: YYYYMMDDHHMMSSZ; {0}: dates do not count. */
bool fw_authorities_at(const struct fw_authorities *authorities, fw_sv time);
/* What libcrypto said last, as one safe line; its queue of errors is emptied. */
void fw_crypto_said(struct fw_buf *why);

#endif
