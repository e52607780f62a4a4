/* How many verdicts were proven again? Sums over the configurations' reports. */
#include "report/proofs.h"

bool fw_proof_count(const struct fw_facts *facts, struct fw_proof_counts *ret)
{
    struct fw_proof_counts counts = {0};
    bool proved = false;
    for (size_t i = 0; i < facts->ndevices; i++) {
        const struct fw_device_facts *device = &facts->devices[i];
        for (size_t k = 0; k < device->nsnapshots; k++) {
            const struct fw_analysis_report *report = device->snapshots[k].report;
            if (!report || !report->proved) {
                continue;
            }
            proved = true;
            counts.undetermined += report->undetermined + report->proofs[FW_PROOF_GAVE_UP];
            counts.rules += report->undetermined;
            counts.steps += report->proof_steps;
            for (int proof = FW_PROOF_NONE + 1; proof < FW_PROOF_COUNT; proof++) {
                counts.proofs[proof] += report->proofs[proof];
                counts.rules += report->proofs[proof];
            }
        }
    }
    if (proved) {
        *ret = counts;
    }
    return proved;
}
