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
/* Some rule asks for the state: packets of all states must be looked at. */
bool mentions_state(const struct fw_ruleset *ruleset);
/* For people: every rule on a line. */
void sample_print(const struct sample *sample);

#endif
