/*
 * The lists about sensors that somebody keeps (parsers/idsregister.h, parsers/zonelist.h) and feeds
 * of advisories, from however many files. Rows are views into the documents, which the caller
 * keeps.
 */
#ifndef FW_EVIDENCE_IDSLISTS_H
#define FW_EVIDENCE_IDSLISTS_H

#include "analyzers/analyzer.h"
#include "core/arena.h"
#include "evidence/inputs.h"
#include "parsers/advisories.h"
#include "parsers/doc.h"
#include "parsers/idsregister.h"
#include "parsers/zonelist.h"

struct fw_idslists {
    bool has_tuning, has_cases, has_decisions, has_zones;
    struct fw_tuning_register tuning;
    struct fw_cases cases;
    struct fw_advisory_decisions decisions;
    struct fw_zonelist zones;
    size_t nadvisories;
    struct fw_advisories *advisories; /* one a feed */
    fw_sv ledger_before;              /* ids-tuning.csv of an earlier pack */
};

/* Which list a text that begins like this is; FW_INPUT_ROLE_COUNT: none. */
enum fw_input_role fw_idslists_detect(fw_sv head);
/* Adds a document's rows to those of the same role. */
enum fw_err fw_idslists_take(struct fw_idslists *lists, struct fw_arena *arena, struct fw_doc *doc,
                             enum fw_input_role role, int32_t zone_seconds);
/* The only sensor that rows name; {0}: they name none, or several. */
fw_sv fw_idslists_sensor(const struct fw_idslists *lists);
/* Tells analyzers what there is; `lists` is kept by the caller. */
void fw_idslists_facts(const struct fw_idslists *lists, struct fw_facts *facts);

#endif
