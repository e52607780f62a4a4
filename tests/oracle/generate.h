/* Random small rulesets over the values that the universe enumerates. */
#ifndef FW_TESTS_ORACLE_GENERATE_H
#define FW_TESTS_ORACLE_GENERATE_H

#include "tests/oracle/brute.h"

struct sample {
    struct universe universe;
    struct fw_ruleset *ruleset;
    bool marks; /* some rule may change marks */
};

/* The same seed gives the same ruleset. */
void generate(struct sample *sample, struct fw_arena *arena, uint64_t seed);
/* For people: every rule on a line. */
void sample_print(const struct sample *sample);

#endif
