/*
 * Exact rule analysis: for every rule of a ruleset, is it dead, redundant, or in conflict, by union
 * over all other rules, with a witness packet or a minimal cover as proof.
 */
#ifndef FW_POLICY_ANALYSIS_H
#define FW_POLICY_ANALYSIS_H

#include "policy/model.h"
#include "policy/packet.h"

enum fw_rule_class {
    FW_RULE_LIVE,
    FW_RULE_SHADOWED,     /* RUL-001: dead, and some packet it matches gets another action */
    FW_RULE_REDUNDANT,    /* RUL-002: removing it changes no verdict */
    FW_RULE_SKIPPED,      /* disabled, or a remark: not judged */
    FW_RULE_UNDETERMINED, /* the work budget ran out */
};

enum fw_certainty { FW_PROVEN, FW_POSSIBLE, FW_UNDETERMINED };

/* How a verdict was shown again, by means that share nothing with the engine (policy/prove.h). Each
 * one weighs more than those before it. */
enum fw_proof {
    FW_PROOF_NONE,        /* not asked for, or nothing to prove */
    FW_PROOF_WITNESS,     /* its packet was replayed */
    FW_PROOF_CERTIFICATE, /* checked; where the verdict has a packet, that was replayed, too */
    FW_PROOF_GAVE_UP,     /* a limit was hit: the verdict stands unproven */
    FW_PROOF_WRONG,       /* the proof does not hold: the engine is wrong, or the proof */
    FW_PROOF_COUNT
};

struct fw_rule_verdict {
    enum fw_rule_class class;
    enum fw_certainty certainty; /* of the class; dead is always proven */
    bool dead;                   /* no packet reaches it */
    bool final_deny;             /* the last rule, refusing everything: the documented default */
    /* SHADOWED: matched here, decided otherwise. Reaches this rule: of live ones, kept only when
     * proofs are asked for. NULL: none. */
    const struct fw_packet *witness;
    size_t nbecause;
    const struct fw_rule *const *because; /* inclusion-minimal cover, in order of evaluation */
    const struct fw_policy *const *because_policy;
    enum fw_proof proof;
    uint64_t proof_steps; /* of its certificates */
};

struct fw_policy_report {
    const struct fw_policy *policy;
    struct fw_rule_verdict *verdicts; /* one a rule */
};

struct fw_analysis_report {
    size_t n;
    struct fw_policy_report *policies; /* in the ruleset's order; only those that decide */
    uint64_t undetermined;
    bool proved;                     /* verdicts were to be proven */
    uint64_t proofs[FW_PROOF_COUNT]; /* rules by their proof */
    uint64_t proof_steps;
};

struct fw_analysis_options {
    uint64_t work;  /* splits a rule; 0 means FW_LIMIT_ENGINE_WORK, within `total` */
    uint64_t total; /* splits of all rules that are not settled quickly; 0: FW_LIMIT_ENGINE_TOTAL */
    unsigned little; /* boxes that are little enough to be looked at all; 0: as many as pays */
    unsigned jobs;   /* 0 or 1: one thread */
    bool only_dead;  /* live is live: whether such a rule could be removed is not asked */
    bool prove;      /* prove every verdict again */
};

void fw_ruleset_analyse(struct fw_arena *arena, const struct fw_ruleset *ruleset,
                        const struct fw_analysis_options *options, struct fw_analysis_report *ret);
const char *fw_certainty_name(enum fw_certainty certainty);

#endif
