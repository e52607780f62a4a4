/* What people do to rulesets between two reviews. */
#ifndef FW_TESTS_ORACLE_EDIT_H
#define FW_TESTS_ORACLE_EDIT_H

#include "policy/mergeable.h"
#include "policy/model.h"
#include "tests/unit/random.h"

/* A copy with some changes that may do anything. */
struct fw_ruleset *edit(struct fw_arena *arena, struct test_random *random,
                        const struct fw_ruleset *ruleset);
/* A copy that says the same in other words: rules doubled, split, joined, swapped where they have
 * nothing in common or act alike. */
struct fw_ruleset *rewrite(struct fw_arena *arena, struct test_random *random,
                           const struct fw_ruleset *ruleset);
/* A copy with one rule in the place of each run of neighbours. */
struct fw_ruleset *join(struct fw_arena *arena, const struct fw_ruleset *ruleset,
                        const struct fw_mergeables *mergeable);

#endif
