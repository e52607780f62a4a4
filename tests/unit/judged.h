/* Checks run on facts made by hand: what is the state of their only subject? */
#ifndef FW_TESTS_UNIT_JUDGED_H
#define FW_TESTS_UNIT_JUDGED_H

#include "analyzers/analyzer.h"

/* Fails unless the check gives one result of this state in these words, and its sentence has all
 * its values in both languages. `value`: what was measured; NULL: not asked. */
void test_judged(const struct fw_facts *facts, struct fw_arena *arena, const char *check,
                 enum fw_result_state state, const char *words, const char *value);

#endif
