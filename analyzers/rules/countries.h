/* Which countries and networks the rules let in and out, and the site's policy about them. */
#ifndef FW_ANALYZERS_RULES_COUNTRIES_H
#define FW_ANALYZERS_RULES_COUNTRIES_H

#include "analyzers/rules/hits.h"

/* Adds a finding for each rule that lets untrusted zones in from, or other zones out to, countries
 * that the policy shuts out; an OPEN one when the policy cannot be judged. Returns how many.
 * Without a policy in the site: nothing. */
uint64_t fw_countries_judge(const struct fw_facts *facts, struct fw_results *results,
                            const char *check, const struct fw_exposure *exposure);
/* "TW 1024, JP 256 (203.0.113.0/24)": countries by addresses, most first; `shut` only those that
 * the policy shuts out. Empty: none. */
fw_sv fw_countries_text(struct fw_arena *arena, const struct fw_facts *facts,
                        const struct fw_ipset *set, bool shut);

#endif
