/* What people decided, in a review: waivers take effect, and the pack says what became of each. */
#ifndef FW_EVIDENCE_DECISIONS_H
#define FW_EVIDENCE_DECISIONS_H

#include "analyzers/analyzer.h"
#include "core/diag.h"

/* The site with its waivers and those that were decided. False when a decision names a check that
 * there is not: it is reported. */
bool fw_decisions_apply(const struct fw_site *site, const struct fw_decisions *decisions,
                        const struct fw_catalogue *catalogue, fw_sv path, struct fw_diags *diags,
                        struct fw_arena *arena, struct fw_site *ret);
/* The state of each decision: "current"; "earlier" (of a period before this one); "expired"; "gone"
 * (the rule or finding is no longer as it was decided on). facts->decisions is not NULL. */
const char *const *fw_decision_states(const struct fw_facts *facts,
                                      const struct fw_results *results, struct fw_arena *arena);
/* decisions.tsv: a header, then a line for each decision with its state. */
void fw_decisions_text(const struct fw_facts *facts, const struct fw_results *results,
                       struct fw_buf *out);

#endif
