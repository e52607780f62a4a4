/* What the engine says that rules really let through, against the slow truth. */
#ifndef FW_TESTS_ORACLE_EFFECTS_H
#define FW_TESTS_ORACLE_EFFECTS_H

#include "tests/oracle/generate.h"

struct effects_tally {
    uint64_t entries, packets, flows, doubtful, counted;
};

/* One entry of the sample; prints what differs. False: something did. */
bool effects_compare(const struct sample *sample, const struct entry *entry, struct fw_arena *arena,
                     uint64_t seed, struct effects_tally *tally);

#endif
