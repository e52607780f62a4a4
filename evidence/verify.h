/*
 * Verifying a pack: hashes, completeness, signatures, chain. The same rules stand in verify.sh,
 * which needs nothing of ours; both must say the same of every pack.
 *
 * A key that lies in the pack proves nothing: without a list of trusted keys the best verdict is
 * "consistent". Keys with dates, and certificates, must have been good when an authority stamped
 * the pack, else at the time given. An earlier pack was signed between the day that it counts from
 * and the day of the pack that records its signatures: its keys may have expired since.
 */
#ifndef FW_EVIDENCE_VERIFY_H
#define FW_EVIDENCE_VERIFY_H

#include <stdbool.h>
#include <stddef.h>

#include "core/arena.h"
#include "core/buf.h"
#include "core/err.h"
#include "core/json.h"
#include "core/sv.h"
#include "evidence/authorities.h"
#include "evidence/packcheck.h"
#include "evidence/signers.h"
#include "evidence/sshsig.h"
#include "evidence/steps.h"
#include "evidence/tsa.h"

enum fw_verify_verdict {
    FW_VERIFY_VERIFIED,   /* whole, and signed by trusted reviewer and manager */
    FW_VERIFY_CONSISTENT, /* whole and signed, but the keys are the pack's own */
    FW_VERIFY_INCOMPLETE, /* whole, signed by the reviewer only */
    FW_VERIFY_UNSIGNED,   /* whole */
    FW_VERIFY_FAILED,
    FW_VERIFY_COUNT
};

struct fw_verify_options {
    const char *trust;       /* path of an allowed_signers file; NULL: the pack's own keys */
    const char *verify_time; /* YYYYMMDDHHMMSSZ, valid; NULL: keys with dates are refused */
    const fw_sha256 *head;   /* as it is kept outside; NULL: nothing is */
    /* Who issues certificates of people, and of authorities that stamp; NULL: nobody is trusted.
     * The time they are asked for is set here. With lists of revoked certificates (ca->lists) none
     * of the pack's own may be on them. */
    const struct fw_authorities *ca, *tsa_ca;
    bool allow_unsigned;      /* missing signatures are no failure */
    const struct fw_ssh *ssh; /* may be NULL */
};

/* Who signed in a role. */
struct fw_verified_signer {
    bool present; /* a good signature */
    fw_sv principal, key_type, key, fingerprint;
    fw_sv public_key; /* as of publickey.h: differs between people */
};

struct fw_verified {
    struct fw_pack pack;
    bool whole; /* fw_pack_check passed: pack is valid */
    struct fw_verified_signer signers[FW_ROLE_COUNT];
    bool stamped, stamp_trusted; /* there is a time stamp; its authority is trusted */
    struct fw_tsa_stamp stamp;
};

struct fw_verify_report {
    struct fw_steps steps;
    struct fw_verified pack;
    size_t nearlier;
    struct fw_verified *earlier; /* as given */
    bool trusted;                /* a trust list was given */
    enum fw_verify_verdict verdict;
};

/* earlier: the packs that the chain records, oldest first. Not FW_OK only when the trust list
 * cannot be read (`why`). */
enum fw_err fw_verify(const char *path, const char *const *earlier, size_t nearlier,
                      const struct fw_verify_options *options, struct fw_arena *arena,
                      struct fw_verify_report *ret, struct fw_buf *why);

/* Of an earlier pack: when its signatures were there at the latest. */
struct fw_verify_past {
    fw_sv until; /* YYYYMMDDHHMMSSZ; {0}: nothing says */
};

/* One pack and its signatures, without chain: for signing and for listing earlier reviews.
 * signers NULL: the pack's own. flags as for fw_pack_check. past NULL: it is the pack that the
 * time to verify for is about. */
bool fw_verify_one(const char *path, unsigned flags, const struct fw_signers *signers,
                   const struct fw_verify_past *past, const struct fw_verify_options *options,
                   struct fw_steps *steps, struct fw_verified *ret);
/* The first or the last second (UTC) of the day that a pack counts from; {0}: it does not say. */
fw_sv fw_verify_day(const struct fw_bag_info *info, bool end, struct fw_arena *arena);

const char *fw_verify_verdict_name(enum fw_verify_verdict verdict); /* "verified" */
/* 0: valid and fully signed by trusted keys (or --allow-unsigned and whole); 1: anything else. */
int fw_verify_exit(const struct fw_verify_report *report, const struct fw_verify_options *options);

void fw_verify_text(const struct fw_verify_report *report, struct fw_buf *out);
void fw_verify_json(const struct fw_verify_report *report, struct fw_json *json);

#endif
