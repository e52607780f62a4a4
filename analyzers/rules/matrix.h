/*
 * The matrix of zones: what each can open to each, by exact analysis of the rules, beside what was
 * approved. Data for checks and reports; made from the exposures of a run.
 */
#ifndef FW_ANALYZERS_RULES_MATRIX_H
#define FW_ANALYZERS_RULES_MATRIX_H

#include "analyzers/rules/hits.h"
#include "parsers/matrix.h"

/* One pair of zones on one device; only pairs that something passes between. */
struct fw_matrix_cell {
    fw_sv device;
    fw_sv from, to; /* names of zones */
    enum fw_trust from_trust, to_trust;
    struct fw_services services; /* all of them: surely or perhaps */
    struct fw_services sure;     /* of these, what is proven */
    struct fw_services approved; /* by the approved matrix; none without one */
    struct fw_services excess;   /* services less approved */
    size_t nrules;
    const struct fw_rule_ref *rules; /* that let it through, in order of evaluation */
};

struct fw_zone_matrix {
    bool approved; /* there is an approved matrix to compare with */
    size_t n;
    const struct fw_matrix_cell *cells; /* by device, from, to */
};

void fw_zone_matrix_make(struct fw_arena *arena, const struct fw_exposure *exposures,
                         size_t nexposures, const struct fw_approved_matrix *approved,
                         struct fw_zone_matrix *ret);
/* What is approved from one zone to another. False: nothing at all. */
bool fw_matrix_approved(struct fw_arena *arena, const struct fw_approved_matrix *approved,
                        fw_sv from, fw_sv to, struct fw_services *ret);

#endif
