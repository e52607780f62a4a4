/*
 * Is a folder a whole pack? Everything that can be said without keys: only the files of a pack,
 * each with its hash, no link, nothing besides, a record that adds up. What passes has one possible
 * spelling: every byte outside signoff/ is fixed by the hash of tagmanifest-sha256.txt.
 */
#ifndef FW_EVIDENCE_PACKCHECK_H
#define FW_EVIDENCE_PACKCHECK_H

#include <stdbool.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/buf.h"
#include "core/sha256.h"
#include "core/sv.h"
#include "evidence/layout.h"
#include "evidence/manifest.h"
#include "evidence/steps.h"

/* A pack that passed. Everything lives in the arena. */
struct fw_pack {
    fw_sv path; /* as given */
    struct fw_bag_info info;
    struct fw_chain chain; /* earlier packs, oldest first */
    fw_sv chain_text;
    fw_sv tagmanifest;              /* its bytes */
    fw_sha256 head;                 /* and their hash: the name of this pack */
    uint64_t files, bytes;          /* of the payload */
    fw_sv signature[FW_ROLE_COUNT]; /* {0}: not signed */
    bool cms[FW_ROLE_COUNT];        /* a signature with a certificate, not an SSH one */
    fw_sv query, stamp;             /* time stamp: request and reply; {0} */
    fw_sv countersign;              /* bytes of countersign.txt; {0} */
    bool masked; /* a masked copy: the payload is compared with the signed commitments */
    uint64_t masked_values, masked_files, withheld;
    fw_sv allowed; /* bytes of the pack's own allowed_signers; {0} */
};

enum {
    FW_CHECK_SCRIPT = 1,     /* compare verify.sh; not for packs of the past, which came with the
                                verify.sh of their day */
    FW_CHECK_UNFINISHED = 2, /* accept what an interrupted sign-off leaves: it is done again */
};

/* Adds one step for each thing looked at; false when one failed (the later ones are then SKIPPED).
 * flags: FW_CHECK_ bits. */
bool fw_pack_check(const char *path, unsigned flags, struct fw_steps *steps, struct fw_pack *ret);

/* verify.sh and README.txt as they are put into packs. */
fw_sv fw_pack_script(void);
fw_sv fw_pack_readme(void);
fw_sv fw_pack_checker(void); /* check-proof.sh */
/* `own` itself, or one whose hash stands in its line KNOWN='…': those of earlier releases. */
bool fw_pack_script_known(fw_sv own, fw_sv script);

#endif
