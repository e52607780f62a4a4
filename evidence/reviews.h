/* The reviews that were made before: the packs in a folder, as far as they can be believed. */
#ifndef FW_EVIDENCE_REVIEWS_H
#define FW_EVIDENCE_REVIEWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analyzers/analyzer.h"
#include "core/arena.h"
#include "core/buf.h"
#include "core/err.h"
#include "core/sha256.h"
#include "core/sv.h"
#include "evidence/sshsig.h"

/* The key in bag-info.txt of the time a review counted from. */
#define FW_PACK_AS_OF "Pack-As-Of"
/* And what said so: "option", "epoch", "site". */
#define FW_PACK_AS_OF_FROM "Pack-As-Of-From"

struct fw_review {
    fw_sv path;    /* NUL-terminated */
    bool whole;    /* passed fw_pack_check, and what signatures it has are good */
    fw_sv trouble; /* why not: printable */
    fw_sv period;  /* the rest only when whole */
    uint32_t sequence;
    fw_sha256 head;
    int64_t as_of_ns; /* INT64_MIN: the pack does not say */
    bool signed_by_reviewer, countersigned;
    bool trusted; /* by keys of the trust list, not just the pack's own */
};

/* By what the signatures of earlier packs are checked; paths, NULL: none. */
struct fw_review_keys {
    const char *trust;       /* an allowed_signers file; without it nothing is trusted */
    const char *authorities; /* that certificates are from, in PEM */
    const struct fw_ssh *ssh;
};

/* Every pack that is a folder directly below `dir`, by sequence, then path; folders that are no
 * packs are left out. Keys must have been valid at some time between the day that a pack counts
 * from and that of the pack which records it. FW_ERR_NOENT: no such folder; FW_ERR_INVALID: keys
 * or authorities are refused; all errors say why. */
enum fw_err fw_reviews_list(const char *dir, const struct fw_review_keys *keys,
                            struct fw_arena *arena, size_t *ret_n, struct fw_review **ret,
                            struct fw_buf *why);
/* One pack. `whole` says whether it counts. Errors as above. */
enum fw_err fw_review_read(const char *path, const struct fw_review_keys *keys,
                           struct fw_arena *arena, struct fw_review *ret, struct fw_buf *why);

#define FW_PACK_LEDGER "data/results/ids-tuning.csv"
/* A table of a pack whose files were checked; {0}: it has none. */
fw_sv fw_review_table(struct fw_arena *arena, fw_sv pack, const char *table);
/* What analyzers may know of it. False: it was made later than the date that is counted from. */
bool fw_review_earlier(const struct fw_review *review, int64_t as_of_ns, struct fw_arena *arena,
                       struct fw_earlier_review *ret);

#endif
