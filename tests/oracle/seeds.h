/* Which seeds a random comparison runs, from its command line, and how it says what they gave. */
#ifndef FW_TESTS_ORACLE_SEEDS_H
#define FW_TESTS_ORACLE_SEEDS_H

#include <stdbool.h>
#include <stdint.h>

struct seeds {
    uint64_t n, from;
    bool print; /* every ruleset, not only those with a difference */
    bool stop;  /* at the first difference */
    bool block_ok;
};

/* PROGRAM [--seeds N] [--from SEED] [--print] [--stop]; without --seeds n of them. False: a message
 * says what was expected. */
bool seeds_read(struct seeds *ret, uint64_t n, int argc, char **argv);
/* Is it one of them, after so many differences? */
bool seeds_has(const struct seeds *seeds, uint64_t seed, uint64_t wrong);
/* One line for every 500 seeds and for the rest. */
void seeds_report(struct seeds *seeds, uint64_t seed, bool ok);

#endif
