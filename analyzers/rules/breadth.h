/* How broad rules are, in words and numbers. */
#ifndef FW_ANALYZERS_RULES_BREADTH_H
#define FW_ANALYZERS_RULES_BREADTH_H

#include "analyzers/rules/hits.h"

/* All protocols and ports, or so nearly all that the few left out limit nothing. */
bool fw_breadth_every_service(const struct fw_services *services);
/* The zones that the rule's flows come from or go to; addresses where no zones are known. */
fw_sv fw_breadth_end(struct fw_results *results, const struct fw_exposure *exposure,
                     const struct fw_hit *hit, bool source);
/* "2^48.0 (0.4 %)": log2 and the share of all there is in the family; empty: nothing. */
fw_sv fw_breadth_text(struct fw_arena *arena, double n, unsigned family);
/* Of both families, with bounds where they differ: "IPv4 2^48.0 (0.4%)". */
fw_sv fw_breadth_bounds(struct fw_arena *arena, const struct fw_breadth breadth[2]);
fw_sv fw_breadth_number(struct fw_arena *arena, double n);
/* How many addresses of one family. */
double fw_breadth_addresses(const struct fw_ipset *set, enum fw_family family);

#endif
