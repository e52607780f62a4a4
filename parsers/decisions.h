/*
 * What people decided in a review: of each rule whether it stays, of a finding what becomes of it.
 * The filled-in worksheet (fwproof decide), one row a decision. A decision about a rule is bound to
 * the hash of what the rule means, one about a finding to the finding's fingerprint: when either
 * changes, the decision is about something that is no longer there.
 */
#ifndef FW_PARSERS_DECISIONS_H
#define FW_PARSERS_DECISIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/sha256.h"
#include "parsers/records.h"

enum fw_decided {
    FW_DECIDED_NOTHING, /* the cell is empty */
    FW_DECIDED_KEEP,    /* of rules only: a finding is not kept without an end */
    FW_DECIDED_MODIFY,
    FW_DECIDED_REMOVE,
    FW_DECIDED_WAIVE, /* an exception, until a day */
    FW_DECIDED_COUNT
};

struct fw_decision {
    enum fw_decided decided;
    fw_sv device, policy, rule; /* rule: its text, for people */
    bool about_rule;            /* else about a finding */
    fw_sha256 content;          /* of the rule's meaning */
    fw_sv check, fingerprint;   /* of the finding; 64 digits */
    fw_sv reason, owner, by, ticket, compensating;
    int64_t decided_ns;
    int64_t until_ns; /* end of the last day of a waiver, of the day a change is due; INT64_MIN */
    fw_span span;
};

/* By what decisions are about; in an arena. Starts as {0}. */
struct fw_decision_index {
    size_t n, nslots; /* nslots: a power of two, or 0 */
    const struct fw_decision **slots;
};

struct fw_decisions {
    size_t n;
    const struct fw_decision *const *v;
    struct fw_decision_index index;
    bool good; /* every row could be read: a list with a slip in it decides nothing */
};

/* FW_ERR_INVALID when the header is none. */
enum fw_err fw_decisions_parse(struct fw_doc *doc, int32_t zone_seconds, struct fw_decisions *ret);
const char *fw_decided_name(enum fw_decided decided); /* "keep"; "" */
/* The one about the same rule (device, policy, content) or finding (device, check, fingerprint);
 * NULL.
 */
const struct fw_decision *fw_decision_find(const struct fw_decision_index *index,
                                           const struct fw_decision *about);
/* False when there is one about the same already. */
bool fw_decision_add(struct fw_decision_index *index, struct fw_arena *arena,
                     const struct fw_decision *decision);

/* The columns of the worksheet, in its order; ends with NULL. */
extern const struct fw_record_column fw_decision_columns[];
enum fw_decision_column {
    FW_DECISION_DEVICE,
    FW_DECISION_POLICY,
    FW_DECISION_POSITION,
    FW_DECISION_RULE,
    FW_DECISION_CHECK,
    FW_DECISION_FINDING,
    FW_DECISION_DECISION,
    FW_DECISION_REASON,
    FW_DECISION_OWNER,
    FW_DECISION_BY,
    FW_DECISION_DECIDED,
    FW_DECISION_UNTIL,
    FW_DECISION_TICKET,
    FW_DECISION_COMPENSATING,
    FW_DECISION_CONTENT,
    FW_DECISION_FINGERPRINT,
    FW_DECISION_COLUMNS
};

#endif
