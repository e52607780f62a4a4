/*
 * Signatures by X.509 certificate (CMS, RFC 5652), for those whose keys come from an authority:
 * over the same bytes as SSH signatures, detached, in the one spelling of der.h, without
 * attributes. Their time of signing would be the signer's own clock; who wants a time takes a time
 * stamp (tsa.h).
 */
#ifndef FW_EVIDENCE_CMS_H
#define FW_EVIDENCE_CMS_H

#include <stdbool.h>

#include "core/arena.h"
#include "core/buf.h"
#include "core/err.h"
#include "core/sv.h"
#include "evidence/authorities.h"

/* Type of the key in a trust line whose "key" is the SHA-256 of a certificate. */
#define FW_CMS_KEY_TYPE "x509-sha256"

struct fw_cms {
    fw_sv fingerprint; /* SHA-256 of the certificate, 64 digits: what a trust line pins */
    fw_sv public_key;  /* in it, as of publickey.h: two certificates may hold one key */
    fw_sv subject;     /* safe to print */
    fw_sv after;       /* YYYYMMDDHHMMSSZ: from when on the certificate holds */
};

/* key, certificate: PEM files. terminal: the passphrase of a key may be asked for. FW_ERR_TOOL:
 * what libcrypto said. */
enum fw_err fw_cms_sign(const char *key, const char *certificate, bool terminal, fw_sv data,
                        struct fw_arena *arena, fw_sv *ret, struct fw_buf *why);
/* False unless the bytes are spelled as fw_cms_sign does. */
bool fw_cms_parse(fw_sv der, struct fw_arena *arena, struct fw_cms *ret);
/* FW_ERR_INVALID: not a signature of these data, or, with authorities, not by a certificate that
 * one of them issued and that holds for the time they were set to. */
enum fw_err fw_cms_verify(const struct fw_authorities *authorities, fw_sv der, fw_sv data,
                          struct fw_buf *why);
/* The subject of a certificate on one line. */
fw_sv fw_cms_subject(X509 *certificate, struct fw_arena *arena);

#endif
