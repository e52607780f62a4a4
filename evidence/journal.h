/* The process record of a review: what was read, checked and decided, by which version and by whom.
 * People and dates come from the records that were supplied: nothing here asks a clock. */
#ifndef FW_EVIDENCE_JOURNAL_H
#define FW_EVIDENCE_JOURNAL_H

#include "analyzers/analyzer.h"
#include "core/buf.h"
#include "evidence/inputs.h"

/* journal.tsv: a header, then step, what, by, when, sha256. `tool` is the program with its version.
 */
void fw_journal_text(const struct fw_facts *facts, const struct fw_inputs *inputs, const char *tool,
                     struct fw_buf *out);

#endif
