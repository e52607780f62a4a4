/*
 * The naive evaluator: one packet against the rules, in order, in three-valued logic. It is the
 * oracle of every faster analysis, so it shares no code with them, and it is what `trace` runs.
 */
#ifndef FW_POLICY_EVAL_H
#define FW_POLICY_EVAL_H

#include "policy/model.h"
#include "policy/packet.h"

enum fw_tri { FW_NO, FW_YES, FW_MAYBE };

/* Does the rule match? MAYBE when an atom or an unknown field decides it. */
enum fw_tri fw_rule_matches(const struct fw_rule *rule, const struct fw_packet *packet);

enum fw_verdict {
    FW_VERDICT_PERMIT,
    FW_VERDICT_DENY,
    FW_VERDICT_REJECT,
    FW_VERDICT_MAY, /* the bounds differ: more than one verdict is possible */
    FW_VERDICT_COUNT
};

struct fw_trace_step {
    const struct fw_policy *policy;
    const struct fw_rule *rule; /* NULL: the policy's default */
    enum fw_tri matched;
};

struct fw_trace {
    enum fw_verdict verdict;
    const struct fw_policy *policy; /* that decided; NULL when verdict is MAY for several reasons */
    const struct fw_rule *rule;     /* NULL: the default, or MAY */
    bool by_default;
    size_t nsteps;
    const struct fw_trace_step *steps; /* rules that matched or might have, in order */
};

/* Walks everything the packet would: raw, mangle, nat and filter of its hook, or the ACLs bound to
 * its interfaces. */
void fw_trace_packet(struct fw_arena *arena, const struct fw_ruleset *ruleset,
                     const struct fw_packet *packet, struct fw_trace *ret);
/* One policy alone, as if every packet entered it (an unbound ACL, a user chain). */
void fw_trace_policy(struct fw_arena *arena, const struct fw_ruleset *ruleset,
                     const struct fw_policy *policy, const struct fw_packet *packet,
                     struct fw_trace *ret);
const char *fw_verdict_name(enum fw_verdict verdict);

#endif
