/* Which countries and networks the rules let in and out, and the site's policy about them. */
#ifndef FW_ANALYZERS_RULES_COUNTRIES_H
#define FW_ANALYZERS_RULES_COUNTRIES_H

#include "analyzers/rules/hits.h"

/* Adds a finding for each rule that lets untrusted zones in from, or other zones out to, countries
 * that the policy shuts out; an OPEN one when the policy cannot be judged. Returns how many.
 * Without a policy in the site: nothing. */
uint64_t fw_countries_judge(const struct fw_facts *facts, struct fw_results *results,
                            const char *check, const struct fw_exposure *exposure);

#endif
