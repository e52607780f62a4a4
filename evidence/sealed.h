/* The log files of an earlier pack, looked for again: by their bytes, else by their lines. */
#ifndef FW_EVIDENCE_SEALED_H
#define FW_EVIDENCE_SEALED_H

#include "analyzers/analyzer.h"
#include "analyzers/logs/sealed.h"
#include "evidence/inputs.h"

/* The files of facts->previous among the logs that were read now. NULL: it has no index of logs.
 * Lines are only read again of files that are neither there nor elsewhere by their hash. */
const struct fw_sealed_logs *fw_sealed_logs_make(struct fw_arena *arena,
                                                 const struct fw_facts *facts,
                                                 const struct fw_inputs *inputs);

#endif
