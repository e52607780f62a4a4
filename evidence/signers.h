/*
 * Whose signatures count: the allowed_signers file of ssh-keygen, read more strictly than it does.
 * One line is one person and one key:
 *
 *   wang@agency.gov.tw namespaces="fwproof-reviewer@v1",valid-before="20270101Z" ssh-ed25519 AAAA…
 *
 *   lin@agency.gov.tw namespaces="fwproof-ciso@v1" x509-sha256 9f86d081…
 *
 * where the key is one of SSH, or the SHA-256 of a certificate.
 *
 * A line without namespaces= would let a reviewer's key countersign, a pattern or a certificate
 * authority would let somebody else be anybody: such a file is refused as a whole.
 */
#ifndef FW_EVIDENCE_SIGNERS_H
#define FW_EVIDENCE_SIGNERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/buf.h"
#include "core/err.h"
#include "core/sv.h"
#include "evidence/layout.h"

struct fw_signer {
    fw_sv principal;
    unsigned roles; /* bits 1 << enum fw_role; 0: for something else than packs */
    fw_sv dates;    /* ,valid-after="…",valid-before="…" as written; "" none */
    fw_sv key_type, key;
    uint32_t line;
};

struct fw_signers {
    size_t n;
    struct fw_signer *v; /* in the order of the file */
};

/* False with one sentence, "line 3: …", when any line is refused. Views into text. */
bool fw_signers_parse(fw_sv text, struct fw_arena *arena, struct fw_signers *ret,
                      struct fw_buf *why);
/* The same of a file; why: "PATH: line 3: …". FW_ERR_INVALID: refused, else it cannot be read. */
enum fw_err fw_signers_load(const char *path, struct fw_arena *arena, struct fw_signers *ret,
                            struct fw_buf *why);
/* From when on a key counts, as YYYYMMDDHHMMSSZ; {0}: its line does not say. */
fw_sv fw_signer_after(const struct fw_signer *signer, struct fw_arena *arena);
/* One word that is no pattern: a mail address, an account. */
bool fw_principal_valid(fw_sv text);
bool fw_principal_same(fw_sv a, fw_sv b); /* without case: Wang@x and wang@x are one person */
/* The line of one role: `dates` is "" or as in fw_signer. */
void fw_signer_line(struct fw_buf *out, fw_sv principal, enum fw_role role, fw_sv dates,
                    fw_sv key_type, fw_sv key);

#endif
