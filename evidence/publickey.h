/*
 * A public key in one spelling, whichever file it came from. People sign with a key of SSH in one
 * role and could sign with the same key in a certificate in another: these are the bytes to
 * compare.
 */
#ifndef FW_EVIDENCE_PUBLICKEY_H
#define FW_EVIDENCE_PUBLICKEY_H

#include <openssl/x509.h>

#include "core/arena.h"
#include "core/sv.h"

/* "rsa:e:n", "ec:x:y", "ed25519:…", in hexadecimal without leading zeros. Of keys that only one
 * kind of file can hold, those on FIDO2 tokens, the text of the file. base64: as in a .pub file. */
fw_sv fw_public_key_ssh(fw_sv base64, struct fw_arena *arena);
fw_sv fw_public_key_x509(X509 *certificate, struct fw_arena *arena);

#endif
