/* The names in a pack: which files it has, who signs what under which namespace. */
#ifndef FW_EVIDENCE_LAYOUT_H
#define FW_EVIDENCE_LAYOUT_H

#include <stdbool.h>

#include "core/sv.h"

#define FW_PACK_BAGIT "bagit.txt"
#define FW_PACK_INFO "bag-info.txt"
#define FW_PACK_MANIFEST "manifest-sha256.txt"
#define FW_PACK_TAGMANIFEST "tagmanifest-sha256.txt"
#define FW_PACK_README "README.txt"
#define FW_PACK_SCRIPT "verify.sh"
#define FW_PACK_DATA "data"
#define FW_PACK_CHAIN "data/chain.tsv"
#define FW_PACK_CUSTODY "data/custody.tsv"
#define FW_PACK_SIGNOFF "signoff"
#define FW_PACK_ALLOWED "signoff/allowed_signers"
#define FW_PACK_COUNTERSIGN "signoff/countersign.txt"
#define FW_PACK_QUERY "signoff/timestamp.tsq"
#define FW_PACK_STAMP "signoff/timestamp.tsr"

#define FW_PACK_BAGIT_TEXT "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"

/* Longest sequence number that is read, so that a shell can count to it. */
#define FW_PACK_SEQUENCE_LIMIT 999999u
/* Files other than payload are small: more is no pack of ours. */
#define FW_PACK_TAG_BYTES (64u << 20)

enum fw_role { FW_ROLE_REVIEWER, FW_ROLE_MANAGER, FW_ROLE_CISO, FW_ROLE_COUNT };

struct fw_role_info {
    const char *name;       /* as in --role */
    const char *namespace_; /* of the SSH signature */
    const char *file;       /* where the signature lies in the pack */
    const char *cms;        /* or there, when it is made with a certificate */
};

extern const struct fw_role_info fw_roles[FW_ROLE_COUNT];

bool fw_role_parse(fw_sv text, enum fw_role *ret);

/* What tagmanifest-sha256.txt lists, in its order; ends with NULL. */
extern const char *const fw_pack_tag_files[];

/* A period is one word: "2026Q2". */
bool fw_period_valid(fw_sv text);
/* A path inside a pack: parts of printable bytes that are not "", "." or "..", without backslash
 * (sha256sum escapes it) and percent sign (BagIt does). */
bool fw_pack_path_valid(fw_sv path);
/* No byte below space and no DEL. */
bool fw_text_printable(fw_sv text);

#endif
