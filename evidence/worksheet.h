/*
 * The worksheet of a review: a row for every enabled rule and every finding of a pack, with what
 * was decided about it before. People fill it in; what comes back is compared with the same pack,
 * so that nobody decides about a rule that has changed since.
 */
#ifndef FW_EVIDENCE_WORKSHEET_H
#define FW_EVIDENCE_WORKSHEET_H

#include "core/arena.h"
#include "core/buf.h"
#include "core/err.h"
#include "core/sv.h"
#include "parsers/decisions.h"

struct fw_worksheet_row {
    struct fw_decision about; /* which rule or finding, and what was decided */
    fw_sv cells[FW_DECISION_COLUMNS];
};

struct fw_worksheet {
    size_t n, rules, findings; /* rows; of each kind */
    size_t rules_decided, findings_decided;
    struct fw_worksheet_row **v;    /* in the arena */
    struct fw_decision_index index; /* of their `about` */
};

/* rules, verdicts: results/rules.tsv and results/verdicts.tsv of the pack. before may be NULL.
 * FW_ERR_INVALID: the tables are not those of a pack. */
enum fw_err fw_worksheet_make(fw_sv rules, fw_sv verdicts, const struct fw_decisions *before,
                              int32_t zone_seconds, struct fw_arena *arena,
                              struct fw_worksheet *ret);
/* Puts what was decided into its rows. FW_ERR_INVALID: a decision is about nothing in the pack;
 * `why` names the first one. */
enum fw_err fw_worksheet_fill(struct fw_worksheet *sheet, const struct fw_decisions *decisions,
                              int32_t zone_seconds, struct fw_arena *arena, struct fw_buf *why);
/* The list of decisions as the site keeps it: those of the worksheet, and those of `before` about
 * what is in it no longer. CSV. */
void fw_worksheet_decisions(const struct fw_worksheet *sheet, const struct fw_decisions *before,
                            int32_t zone_seconds, struct fw_arena *arena, struct fw_buf *out);

#endif
