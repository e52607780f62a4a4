/*
 * Building a pack: one folder, one BagIt bag, one review that can be signed. Its bytes depend on
 * the members, the pairs, the inputs and the previous pack, and on nothing else: no clock, host,
 * locale, user or place.
 *
 *   bagit.txt bag-info.txt manifest-sha256.txt tagmanifest-sha256.txt verify.sh README.txt
 *   data/chain.tsv    one line for each earlier pack
 *   data/custody.tsv  one line for each input
 *   data/inputs/      sealed copies, when asked for
 *   data/…            the members
 *   signoff/          empty until somebody signs
 */
#ifndef FW_EVIDENCE_PACK_H
#define FW_EVIDENCE_PACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/buf.h"
#include "core/err.h"
#include "core/sha256.h"
#include "core/sv.h"
#include "evidence/custody.h"
#include "evidence/mask.h"
#include "evidence/sshsig.h"

struct fw_pack_member {
    fw_sv path; /* below data/: "results/findings.json" */
    fw_sv bytes;
};

struct fw_pack_pair {
    const char *key; /* "Pack-Profile" */
    fw_sv value;     /* one line; control characters are made visible. Empty: left out */
};

struct fw_pack_spec {
    fw_sv period;         /* one word: "2026Q2" */
    const char *previous; /* an earlier pack to chain to; NULL: the first */
    fw_sv chain;          /* without `previous`: the record of earlier packs, as one had it */
    size_t npairs;
    const struct fw_pack_pair *pairs; /* for bag-info.txt, in this order */
    size_t nmembers;
    const struct fw_pack_member *members; /* in any order */
    size_t ninputs;
    const struct fw_custody *inputs; /* in any order */
    const struct fw_mask_key *mask;  /* commitments to a masked copy; NULL: none */
    const struct fw_ssh *ssh;        /* to check the previous pack's signatures; may be NULL */
};

struct fw_pack_built {
    uint32_t sequence; /* 1, or one more than the previous pack's */
    fw_sha256 head;    /* of tagmanifest-sha256.txt */
    uint64_t files, bytes;
};

/* Writes the pack beside `dir` and renames it there. An unsigned pack at `dir` is replaced; a
 * signed one never is, nor anything that is no pack (FW_ERR_EXISTS). The previous pack is checked
 * first: FW_ERR_INVALID when it is broken. Without `why` empty on an error. */
enum fw_err fw_pack_write(const char *dir, const struct fw_pack_spec *spec, struct fw_arena *arena,
                          struct fw_pack_built *ret, struct fw_buf *why);

enum fw_pack_place {
    FW_PACK_PLACE_FREE,     /* nothing there, or an empty folder */
    FW_PACK_PLACE_UNSIGNED, /* a pack that may be replaced */
    FW_PACK_PLACE_SIGNED,   /* a pack with a signature */
    FW_PACK_PLACE_FOREIGN,  /* something else */
};

/* What lies where a pack would be written. */
enum fw_pack_place fw_pack_place(const char *dir);
enum { FW_PACK_NAMES = 999 }; /* packs of one period */
/* The folder of a period's n-th pack, from 1: "2026Q2", "2026Q2-2". */
fw_sv fw_pack_name(struct fw_arena *arena, fw_sv period, unsigned n);

#endif
