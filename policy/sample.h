/*
 * Packets to try a ruleset with: drawn from the values that its own rules name, and from their
 * neighbours, because packets drawn from everything there is nearly all meet the default.
 */
#ifndef FW_POLICY_SAMPLE_H
#define FW_POLICY_SAMPLE_H

#include "policy/packet.h"

struct fw_sampled {
    const struct fw_rule *rule;
    enum fw_hook hook; /* of its policy */
};

struct fw_sampler {
    const struct fw_ruleset *ruleset;
    struct fw_arena *arena;
    uint64_t random;
    size_t nrules;
    struct fw_sampled *rules; /* with a term, of policies that decide */
    size_t nhooks;
    enum fw_hook hooks[FW_HOOK_COUNT]; /* where the ruleset decides; NONE: a list of an interface */
};

/* The same seed gives the same packets. */
void fw_sampler_init(struct fw_sampler *sampler, struct fw_arena *arena,
                     const struct fw_ruleset *ruleset, uint64_t seed);
void fw_sampler_next(struct fw_sampler *sampler, struct fw_packet *ret);

#endif
