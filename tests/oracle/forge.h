/* Certificates that nobody may accept: random ones for claims that brute force knows to be false.
 */
#ifndef FW_TESTS_ORACLE_FORGE_H
#define FW_TESTS_ORACLE_FORGE_H

#include "policy/model.h"

struct forger;

/* NULL: no program of the ruleset can be built. The entries are the policies evaluation starts at.
 */
struct forger *forger_new(struct fw_arena *arena, const struct fw_ruleset *ruleset,
                          const struct fw_policy *const *entries, size_t n, uint64_t seed);
/* The rule is live (and needed: removing it matters to a packet): is there a forgery that the
 * checker accepts nevertheless? *ret_tried counts them. */
bool forger_succeeds(struct forger *forger, const struct fw_rule *rule, bool needed,
                     uint64_t *ret_tried);

#endif
