/* What the engine says of a small ruleset, against the slow truth. */
#ifndef FW_TESTS_ORACLE_COMPARE_H
#define FW_TESTS_ORACLE_COMPARE_H

#include "policy/analysis.h"
#include "tests/oracle/effects.h"
#include "tests/oracle/generate.h"

struct tally {
    uint64_t policies, skipped, rules, shadowed, redundant, dead, conflicts, possible, because;
    uint64_t traced; /* packets also given to the naive evaluator of the product */
    uint64_t certificates, steps, forged;
    uint64_t pairs, exceptions; /* of rules in conflict */
    struct effects_tally effects;
    uint64_t wrong;
};

/* Prints a line for every difference; false when there was one. */
bool compare(const struct sample *sample, struct fw_arena *arena, uint64_t seed,
             struct tally *tally);

#endif
