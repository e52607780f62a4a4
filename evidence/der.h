/*
 * The one spelling of a CMS SignedData (RFC 5652) with one signer and one certificate. What lies in
 * a pack is made again from its parts and compared, so that no byte is free: not the order of sets,
 * not a name of the same algorithm, no second certificate, no attribute that nobody signed.
 */
#ifndef FW_EVIDENCE_DER_H
#define FW_EVIDENCE_DER_H

#include <openssl/cms.h>

#include "core/arena.h"
#include "core/sv.h"

/* Tag, length, and the parts one after the other. In the arena. */
fw_sv fw_der(struct fw_arena *arena, unsigned char tag, size_t n, const fw_sv *parts);

enum { FW_DER_INTEGER = 0x02, FW_DER_OCTETS = 0x04, FW_DER_SEQUENCE = 0x30, FW_DER_SET = 0x31 };
enum { FW_DER_TAGGED_0 = 0xa0 };

/* What a SignedData says of itself. Views into the arena, all DER. */
struct fw_signed_parts {
    fw_sv content_type; /* object identifier */
    fw_sv content;      /* an octet string; {0}: detached */
    fw_sv certificate;  /* of the one signer */
    fw_sv attributes;   /* signed ones, one after the other; {0}: none */
    fw_sv digest, algorithm, signature;
};

/* Takes a SignedData apart; other certificates than the signer's, lists of revoked ones and what is
 * not signed are left behind. NULL, or what is not understood of it. *ret_certificate is the
 * signer's, and belongs to `cms`. */
const char *fw_signed_take(CMS_ContentInfo *cms, struct fw_arena *arena,
                           struct fw_signed_parts *ret, X509 **ret_certificate);
/* {0}: the certificate cannot be written. */
fw_sv fw_signed_text(const struct fw_signed_parts *parts, struct fw_arena *arena);

#endif
