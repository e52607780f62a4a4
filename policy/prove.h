/*
 * Proof of verdicts: whatever the engine says of a rule is shown again by other means. Live: the
 * witness packet is replayed. Dead: a certificate that no packet comes to the rule, and one that
 * its cover alone does it. Shadowed: also the packet that fares otherwise. Redundant and live: a
 * certificate that its packets fare the same without it.
 */
#ifndef FW_POLICY_PROVE_H
#define FW_POLICY_PROVE_H

#include "policy/certificate.h"
#include "policy/judge.h"

/* One thread's prover. */
struct fw_prover {
    const struct fw_case *facts;
    struct fw_arena programs; /* what the checkers remember */
    struct fw_checker *checkers;
    struct fw_arena memory; /* of one rule */
    struct fw_scratch scratch;
    bool *cover;             /* by rule id */
    const uint32_t *because; /* rule ids: the same, of the rule at hand */
    uint32_t nbecause;
};

enum fw_err fw_prover_init(struct fw_prover *prover, const struct fw_case *facts);
void fw_prover_clear(struct fw_prover *prover);
/* Sets what the verdict says of its proof. `because`: rule ids. */
void fw_prove_rule(struct fw_prover *prover, uint32_t rule_id, struct fw_rule_verdict *verdict,
                   const uint32_t *because, uint32_t nbecause);

#endif
