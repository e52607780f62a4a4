/* How many verdicts on rules were proven again, over all current configurations of a run. */
#ifndef FW_REPORT_PROOFS_H
#define FW_REPORT_PROOFS_H

#include "analyzers/analyzer.h"

struct fw_proof_counts {
    uint64_t rules; /* judged, or undetermined */
    uint64_t undetermined;
    uint64_t proofs[FW_PROOF_COUNT];
    uint64_t steps;
};

/* False: nobody asked for proofs. */
bool fw_proof_count(const struct fw_facts *facts, struct fw_proof_counts *ret);

#endif
