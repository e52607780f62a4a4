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

struct fw_rule_verdict {
    enum fw_rule_class class;
    enum fw_certainty certainty; /* of the class; dead is always proven */
    bool dead;                   /* no packet reaches it */
    bool final_deny;             /* the last rule, refusing everything: the documented default */
    bool has_witness;
    struct fw_packet
        witness; /* SHADOWED: matched here, decided otherwise; LIVE: reaches this rule */
    size_t nbecause;
    const struct fw_rule *const *because; /* inclusion-minimal cover, in order of evaluation */
    const struct fw_policy *const *because_policy;
    bool conflict; /* RUL-003: live, overlaps an earlier rule of another action */
    enum fw_certainty conflict_certainty;
    const struct fw_rule *conflict_with; /* the first such rule */
    const struct fw_policy *conflict_policy;
    struct fw_packet conflict_witness; /* a packet both match */
};

struct fw_policy_report {
    const struct fw_policy *policy;
    struct fw_rule_verdict *verdicts; /* one a rule */
};

struct fw_analysis_report {
    size_t n;
    struct fw_policy_report *policies; /* in the ruleset's order; only those that decide */
    uint64_t undetermined;
};

struct fw_analysis_options {
    uint64_t work;  /* splits a rule; 0 means FW_LIMIT_ENGINE_WORK */
    unsigned jobs;  /* 0 or 1: one thread */
    bool conflicts; /* RUL-003 too */
};

void fw_ruleset_analyse(struct fw_arena *arena, const struct fw_ruleset *ruleset,
                        const struct fw_analysis_options *options, struct fw_analysis_report *ret);
const char *fw_certainty_name(enum fw_certainty certainty);

#endif
