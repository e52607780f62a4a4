/* One configuration of paths of words in several spellings, and that they mean the same. */
#ifndef FW_TESTS_UNIT_SPELLING_H
#define FW_TESTS_UNIT_SPELLING_H

#include <stdbool.h>
#include <stddef.h>

#include "tests/unit/rulesetparse.h"

/* Set commands as an XML text, or in braces. Nothing of it needs escaping. */
void spell_paths(const char *commands, bool xml, char *out, size_t room);
/* Policies, rules by their meaning, and objects with their uses, all in the same order. */
void check_same_model(const struct parsed *a, const struct parsed *b);

#endif
