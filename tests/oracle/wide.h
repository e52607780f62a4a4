/* Random rulesets of some hundred rules over the real dimensions: networks within networks, groups
 * used again, port ranges, both families; with duplicates, narrower copies and unions of others. */
#ifndef FW_TESTS_ORACLE_WIDE_H
#define FW_TESTS_ORACLE_WIDE_H

#include "policy/model.h"

enum { WIDE_ATOMS = 4 };

/* One policy. The same seed gives the same ruleset. */
struct fw_ruleset *wide_generate(struct fw_arena *arena, uint64_t seed);
/* Which of the WIDE_ATOMS it is. */
int wide_atom(const struct fw_atom *atom);
void wide_print(const struct fw_ruleset *ruleset);

#endif
