/*
 * The sign-off folder of a pack: who signs what, in which file, and what builds on what. No
 * signature is checked here (verify.h).
 */
#ifndef FW_EVIDENCE_SIGNOFF_H
#define FW_EVIDENCE_SIGNOFF_H

#include <stdbool.h>

#include "core/arena.h"
#include "core/buf.h"
#include "evidence/packcheck.h"
#include "evidence/packdir.h"

/* Reads what lies there into the pack, of which everything else is known. False with the reason
 * when a file lacks what it builds on, or reads otherwise than it must. unfinished: what an
 * interrupted sign-off leaves is accepted. */
bool fw_signoff_read(const struct fw_packdir *dir, struct fw_arena *arena, bool unfinished,
                     struct fw_pack *pack, struct fw_buf *why);
/* The bytes that a role signs: the tag manifest; countersign.txt as it must read; the hashes of
 * countersign.txt and of the manager's signature. */
void fw_signoff_statement(const struct fw_pack *pack, enum fw_role role, struct fw_buf *out);
/* The bytes that an authority stamps: what the CISO signs, and the CISO's signature if there is
 * one. */
void fw_signoff_stamped(const struct fw_pack *pack, struct fw_buf *out);

#endif
