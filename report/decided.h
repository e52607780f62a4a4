/* How many rules were decided on, and how: counts that add up. */
#ifndef FW_REPORT_DECIDED_H
#define FW_REPORT_DECIDED_H

#include "analyzers/analyzer.h"

struct fw_decided_tally {
    uint64_t rules;                /* that somebody has to decide about */
    uint64_t by[FW_DECIDED_COUNT]; /* of them; NOTHING: undecided, or it does not count any more */
};

/* Adds the current configuration of a device. */
void fw_decided_add(const struct fw_facts *facts, const struct fw_device_facts *device,
                    struct fw_decided_tally *tally);

#endif
