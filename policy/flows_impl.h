/* What the files of the flow maker share; nobody else includes this. */
#ifndef FW_POLICY_FLOWS_IMPL_H
#define FW_POLICY_FLOWS_IMPL_H

#include "core/limits.h"
#include "policy/flows.h"

/* Value sets of one-interval sides, each made once. */
struct fw_flow_cache {
    size_t n, nslots; /* power of two */
    struct fw_flow_cached {
        uint32_t axis, lo, hi;
        const void *set; /* NULL: free */
    } * slots;
};

struct fw_flow_maker {
    struct fw_arena *arena; /* of the result */
    struct fw_arena memory; /* of one policy's program */
    struct fw_scratch scratch;
    const struct fw_flow_options *options;
    struct fw_flows *flows;
    const struct fw_policy *policy;
    const struct fw_policy *top; /* our list in front of it */
    struct fw_program program;
    size_t depth;
    uint32_t inside[FW_LIMIT_CHAIN_DEPTH]; /* items of the jumps that lead here */
    struct fw_effect effect;
    struct fw_flow_cache cache;
    fw_sv **literals; /* by name axis (in, out) and piece: the name where it is one, else p NULL */
};

/* Once for each program. */
void fw_flow_prepare(struct fw_flow_maker *maker);
/* FW_FAMILY_ bit. */
unsigned fw_flow_family(const struct fw_program *program, const struct fw_effect_piece *piece);
/* Sets family and term of the flow. */
void fw_flow_values(struct fw_flow_maker *maker, const struct fw_effect_piece *piece,
                    struct fw_flow *flow);
/* Appends the flow, or joins it with one of the rule that differs in the protocol only. */
void fw_flow_keep(struct fw_flow_maker *maker, struct fw_rule_flows *rule,
                  const struct fw_flow *flow);
/* Fills in the rule's breadth; uses the pieces up. */
void fw_flow_measure(struct fw_flow_maker *maker, struct fw_rule_flows *rule);

#endif
