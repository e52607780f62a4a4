/*
 * Signing a pack, always in this order: the reviewer, the manager, and if wanted the CISO; then, if
 * wanted, an authority's time stamp over their signatures. Nobody signs a broken pack, nobody signs
 * twice, nothing is ever overwritten.
 */
#ifndef FW_EVIDENCE_SIGN_H
#define FW_EVIDENCE_SIGN_H

#include "core/arena.h"
#include "core/buf.h"
#include "core/err.h"
#include "core/sha256.h"
#include "core/sv.h"
#include "evidence/layout.h"
#include "evidence/sshsig.h"
#include "evidence/tsa.h"

struct fw_sign_options {
    enum fw_role role;
    const char *identity;     /* a mail address or account: the name on the trust line */
    const char *key;          /* private key, or .pub with the private half in the agent or token */
    const char *certificate;  /* PEM: sign with it and its key, a PEM file; NULL: an SSH key */
    const struct fw_ssh *ssh; /* may be NULL */
};

struct fw_signed {
    fw_sv period;
    uint32_t sequence;
    fw_sha256 head;   /* what an outside anchor would hold on to */
    fw_sv file;       /* the signature's path in the pack */
    fw_sv trust_line; /* for the allowed_signers file of whoever verifies; with newline */
};

/* FW_ERR_EXISTS: that role has signed. FW_ERR_INVALID: refused. FW_ERR_TOOL: ssh-keygen or
 * libcrypto failed. */
enum fw_err fw_sign(const char *pack, const struct fw_sign_options *options, struct fw_arena *arena,
                    struct fw_signed *ret, struct fw_buf *why);

/* Writes the request for a time stamp of a countersigned pack to a new file, `out`. */
enum fw_err fw_sign_query(const char *pack, const char *out, const struct fw_ssh *ssh,
                          struct fw_arena *arena, struct fw_buf *why);
/* Puts the authority's reply, a file, into the pack. FW_ERR_EXISTS: it has one. FW_ERR_INVALID: the
 * reply is about something else, or refused. */
enum fw_err fw_sign_reply(const char *pack, const char *reply, const struct fw_ssh *ssh,
                          struct fw_arena *arena, struct fw_tsa_stamp *ret, struct fw_buf *why);

#endif
