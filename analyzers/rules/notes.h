/*
 * What is written about a rule: in its comment (or the remark above it that heads its section), in
 * the register of rules, in the tickets that name it. Owner, reason, ticket and end are looked for
 * with the site's patterns, and with cautious ones of ours where it has none: those can find
 * something, but that they find nothing proves nothing.
 */
#ifndef FW_ANALYZERS_RULES_NOTES_H
#define FW_ANALYZERS_RULES_NOTES_H

#include "analyzers/analyzer.h"

enum fw_note_part { FW_NOTE_OWNER, FW_NOTE_REASON, FW_NOTE_TICKET, FW_NOTE_PARTS };

const char *fw_note_part_name(enum fw_note_part part); /* "owner" */

struct fw_note {
    fw_sv comment;                   /* its own, or the remark that heads it; {0}: none */
    const struct fw_registered *row; /* NULL: not in the register */
    fw_sv found[FW_NOTE_PARTS];      /* {0}: not found */
    bool missing[FW_NOTE_PARTS];     /* not found, where it would have to be */
    bool has_end;                    /* it was allowed until a day, */
    int64_t end_ns;                  /* whose end this is, */
    fw_sv end_source;                /* says this: a ticket, the register's, the comment */
};

struct fw_notes;

/* Of one configuration; lives in the arena of the results. */
struct fw_notes *fw_notes_new(const struct fw_facts *facts, struct fw_results *results,
                              const struct fw_device_facts *device,
                              const struct fw_snapshot *snapshot);
void fw_notes_free(struct fw_notes *notes);
void fw_notes_read(struct fw_notes *notes, const struct fw_policy *policy,
                   const struct fw_rule *rule, struct fw_note *ret);
/* A comment, or a reason in the register: somebody thought about the rule. */
bool fw_notes_explain(struct fw_notes *notes, const struct fw_policy *policy,
                      const struct fw_rule *rule);

#endif
