/* The seeds of a random comparison: which ones its command line asks for, and what each gave.
 *
 *   PROGRAM [--seeds N] [--from SEED] [--print] [--stop]
 *
 * --print shows every ruleset, not only those with a difference; --stop ends at the first one. */
#ifndef FW_TESTS_ORACLE_SEEDS_H
#define FW_TESTS_ORACLE_SEEDS_H

#include <stdbool.h>
#include <stdint.h>

#include "core/arena.h"

struct seeds {
    uint64_t n;       /* without --seeds */
    uint64_t block;   /* so many seeds are one case */
    const char *what; /* before the numbers in its name */
    /* False: there is a difference. The arena is empty and emptied afterwards. */
    bool (*attempt)(struct fw_arena *arena, uint64_t seed, bool print, void *tally);
};

/* False: the command line is wrong, and a message says what was expected. */
bool seeds_run(const struct seeds *seeds, int argc, char **argv, void *tally);

#endif
