/*
 * Making a review again from what a pack holds: which inputs are there (the originals, or the
 * sealed copies), a folder that they are laid out in, and what differs between the pack and the one
 * that was made again. A sealed copy without its secrets stands in for its original: what the
 * original's hash and size are is known from custody.tsv.
 */
#ifndef FW_EVIDENCE_REPRODUCE_H
#define FW_EVIDENCE_REPRODUCE_H

#include <stddef.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/buf.h"
#include "core/err.h"
#include "core/json.h"
#include "core/source.h"
#include "core/sv.h"
#include "evidence/packcheck.h"

enum fw_again_state {
    FW_AGAIN_ORIGINAL, /* found in the folder of originals, with the recorded hash */
    FW_AGAIN_SEALED,   /* the copy in the pack is the original */
    FW_AGAIN_STRIPPED, /* the copy in the pack has no secrets */
    FW_AGAIN_CHANGED,  /* found, and another file than the recorded one */
    FW_AGAIN_ABSENT,   /* only its custody line is there */
    FW_AGAIN_COUNT
};

struct fw_again_input {
    fw_sv path; /* as in custody.tsv */
    enum fw_again_state state;
    fw_sv file;                     /* where it lies now; {0}: nowhere */
    const fw_sv *stored;            /* its bytes, when a repository has it; NULL: the file has */
    struct fw_source_info recorded; /* hash, sizes, lines, container, integrity */
};

/* What a file that is read in the place of another says of itself. */
struct fw_standin {
    fw_sha256 copy;
    struct fw_source_info original;
};

struct fw_standins {
    size_t n;
    const struct fw_standin *v;
};

/* Of a copy: what custody records of its original. standins may be NULL. */
void fw_standins_apply(const struct fw_standins *standins, struct fw_source_info *info);

struct fw_again {
    struct fw_pack pack;
    size_t n;
    struct fw_again_input *inputs; /* in the order of custody.tsv */
    size_t count[FW_AGAIN_COUNT];
    struct fw_standins standins;
    fw_sv site; /* path of the site file below the folder */
};

/* originals: the folder that the paths of custody.tsv begin in; NULL: the pack alone.
 * FW_ERR_INVALID: the pack is broken. */
enum fw_err fw_again_open(const char *pack, const char *originals, struct fw_arena *arena,
                          struct fw_again *ret, struct fw_buf *why);
/* Links and copies in a folder that is empty. Every input must be there. */
enum fw_err fw_again_lay(const struct fw_again *again, const char *dir, struct fw_arena *arena,
                         struct fw_buf *why);
/* Files that differ, are missing or are new, without signoff/: sorted. */
enum fw_err fw_again_compare(const struct fw_again *again, const char *made, struct fw_arena *arena,
                             size_t *ret_n, fw_sv **ret, struct fw_buf *why);
const char *fw_again_state_name(enum fw_again_state state);

#endif
