/*
 * SSH signatures (SSHSIG, PROTOCOL.sshsig of OpenSSH): made and checked by ssh-keygen, so that keys
 * in agents and on FIDO2 tokens work and an auditor can repeat it by hand. Here only the armour is
 * read, to know the key and to accept one spelling of a signature.
 */
#ifndef FW_EVIDENCE_SSHSIG_H
#define FW_EVIDENCE_SSHSIG_H

#include <stdbool.h>

#include "core/arena.h"
#include "core/buf.h"
#include "core/err.h"
#include "core/sv.h"

struct fw_sshsig {
    fw_sv key_type; /* "ssh-ed25519" */
    fw_sv key;      /* base64, as in a .pub file */
    fw_sv namespace_;
};

/* False unless the text is exactly what ssh-keygen writes: armour, 70 columns, no other byte. */
bool fw_sshsig_parse(fw_sv text, struct fw_arena *arena, struct fw_sshsig *ret);

/* What the library may not find out by itself. */
struct fw_ssh {
    const char *agent; /* SSH_AUTH_SOCK; NULL: no agent */
    const char *tmp;   /* folder for temporary files; NULL: /tmp */
    bool terminal;     /* ssh-keygen may prompt on our stderr */
};

/* key_path: a private key, or a .pub whose private half is in the agent. The signature is appended
 * to ret. FW_ERR_TOOL: `why` says what ssh-keygen said. ssh may be NULL. */
enum fw_err fw_sshsig_sign(const struct fw_ssh *ssh, const char *key_path, const char *namespace_,
                           fw_sv data, struct fw_buf *ret, struct fw_buf *why);

/* allowed: one allowed_signers line with newline. verify_time: YYYYMMDDHHMMSSZ, or NULL when the
 * line has no dates. FW_OK: good. FW_ERR_INVALID: not good. Else it could not be found out. */
enum fw_err fw_sshsig_verify(const struct fw_ssh *ssh, fw_sv allowed, fw_sv principal,
                             const char *namespace_, const char *verify_time, fw_sv signature,
                             fw_sv data, struct fw_buf *why);

/* YYYYMMDDHHMMSSZ with each part in its range. */
bool fw_verify_time_valid(fw_sv text);
/* Decodes base64; false for what is not, whatever its last bits. */
bool fw_ssh_decode(fw_sv text, struct fw_arena *arena, fw_sv *ret);
/* Cuts a length-prefixed string off the front (RFC 4251, section 5). */
bool fw_ssh_take(fw_sv *rest, fw_sv *ret);
/* "SHA256:…" as ssh-keygen -l prints it, of a base64 key. */
bool fw_sshsig_fingerprint(fw_sv key, struct fw_arena *arena, fw_sv *ret);

#endif
