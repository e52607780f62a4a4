/*
 * Time stamps (RFC 3161): an authority outside says when the signatures of a pack existed. That is
 * the anchor which a chain does not have by itself, and a time that no signer chooses.
 *
 * What is stamped is a text of `sha256sum` lines; the request over it has one spelling and is made
 * again to be compared. A reply is brought into one spelling when it is attached: the authority's
 * token with its one certificate, nothing else.
 */
#ifndef FW_EVIDENCE_TSA_H
#define FW_EVIDENCE_TSA_H

#include <stdbool.h>

#include "core/arena.h"
#include "core/buf.h"
#include "core/err.h"
#include "core/sv.h"
#include "evidence/authorities.h"

struct fw_tsa_stamp {
    fw_sv time;      /* YYYYMMDDHHMMSSZ: the authority's, without fractions */
    fw_sv authority; /* subject of its certificate, safe to print */
};

/* The request that asks for a stamp of the statement: what `openssl ts -query -sha256 -cert
 * -no_nonce` writes. */
fw_sv fw_tsa_query(fw_sv statement, struct fw_arena *arena);
/* An authority's answer in the one spelling. FW_ERR_INVALID: refused, of something else, or not
 * understood. */
enum fw_err fw_tsa_reply(fw_sv answer, fw_sv statement, struct fw_arena *arena, fw_sv *ret,
                         struct fw_buf *why);
/* A reply in a pack: spelled as fw_tsa_reply does, over this statement, signed by the certificate
 * in it; with authorities that certificate comes from them, held at its own time, and is for
 * stamping time only. */
enum fw_err fw_tsa_verify(const struct fw_authorities *authorities, fw_sv reply, fw_sv statement,
                          struct fw_arena *arena, struct fw_tsa_stamp *ret, struct fw_buf *why);

#endif
