/* What a verification looked at, in order, and what came of it. */
#ifndef FW_EVIDENCE_STEPS_H
#define FW_EVIDENCE_STEPS_H

#include <stdbool.h>
#include <stddef.h>

#include "core/arena.h"
#include "core/sv.h"

enum fw_step_state { FW_STEP_OK, FW_STEP_NOTE, FW_STEP_FAIL, FW_STEP_SKIPPED, FW_STEP_COUNT };

/* FW_STEP(name, "id", "what it establishes"): in the order in which they are made. */
#define FW_STEPS(FW_STEP) \
    FW_STEP(TRUST, "trust", "the list of trusted keys") \
    FW_STEP(LAYOUT, "layout", "only the files of a pack, no links") \
    FW_STEP(TAGS, "tag-files", "tag files match their manifest") \
    FW_STEP(PAYLOAD, "payload", "payload files match their manifest") \
    FW_STEP(MASKED, "masked", "what is masked is what was signed") \
    FW_STEP(INFO, "bag-info", "the pack describes itself rightly") \
    FW_STEP(SCRIPT, "script", "verify.sh is the known one") \
    FW_STEP(RECORD, "chain-record", "the record of earlier packs is whole") \
    FW_STEP(LOGS, "log-index", "the index of the logs adds up") \
    FW_STEP(SIGNOFF, "signoff", "the sign-off folder is complete") \
    FW_STEP(TIMESTAMP, "timestamp", "an authority says when it was signed") \
    FW_STEP(REVIEWER, "reviewer", "signed by the reviewer") \
    FW_STEP(MANAGER, "manager", "countersigned by the manager") \
    FW_STEP(CISO, "ciso", "signed by the CISO") \
    FW_STEP(REVOKED, "revoked", "no certificate was taken back") \
    FW_STEP(PEOPLE, "people", "different people with different keys") \
    FW_STEP(CHAIN, "chain", "the earlier packs are the recorded ones") \
    FW_STEP(PERIODS, "periods", "no period is missing") \
    FW_STEP(ANCHOR, "anchor", "compared with what is kept elsewhere")

#define FW_STEP(name, id, what) FW_STEP_ID_##name,
enum fw_step_id { FW_STEPS(FW_STEP) FW_STEP_ID_COUNT };
#undef FW_STEP

struct fw_step {
    enum fw_step_id id;
    enum fw_step_state state;
    fw_sv pack;    /* as given */
    fw_sv message; /* printable, lower case, no full stop */
};

struct fw_steps {
    struct fw_arena *arena;
    fw_sv pack; /* that the next steps are about */
    size_t n;
    struct fw_step *v;
    size_t failed;
};

const char *fw_step_name(enum fw_step_id id);
const char *fw_step_what(enum fw_step_id id);
const char *
fw_step_state_name(enum fw_step_state state); /* "ok", "note", "failed", "not checked" */

/* Adds a step. Returns true unless the state is FAIL, so that a check can end with it. */
bool fw_steps_add(struct fw_steps *steps, enum fw_step_id id, enum fw_step_state state,
                  const char *fmt, ...) __attribute__((format(printf, 4, 5)));
/* The first failed step; NULL. */
const struct fw_step *fw_steps_failure(const struct fw_steps *steps);

#endif
