/* Which rules the engine says to be in conflict, against the slow truth. */
#ifndef FW_TESTS_ORACLE_CONFLICTS_H
#define FW_TESTS_ORACLE_CONFLICTS_H

#include "tests/oracle/compare.h"

/* Prints a line for every difference; false when there was one. */
bool compare_conflicts(const struct sample *sample, struct fw_arena *arena, uint64_t seed,
                       struct tally *tally);

#endif
