/*
 * What the parts of the naive evaluator share: one walk of a packet through a ruleset, in one of
 * the worlds that the packet and the rules leave possible. Only eval*.c include it.
 */
#ifndef FW_POLICY_EVAL_IMPL_H
#define FW_POLICY_EVAL_IMPL_H

#include "policy/eval.h"

enum { FW_EVAL_CHOICES = 64 };

struct fw_eval_world {
    uint8_t choice[FW_EVAL_CHOICES]; /* which way was taken */
    uint8_t ways[FW_EVAL_CHOICES];   /* out of how many */
    size_t n;                        /* choices made so far in this walk */
    size_t planned;                  /* choices that are prescribed */
    bool overflow; /* more choices or more work than a walk may take: nothing is known */
};

struct fw_eval {
    struct fw_arena *arena;
    const struct fw_ruleset *ruleset;
    struct fw_packet packet;
    bool never_tracked;      /* and connection tracking is still to come */
    fw_sv wire_in, wire_out; /* interfaces as given; rules of a zoned ruleset see the zones */
    enum fw_hook way;        /* hook of the bound policies that the packet meets */
    struct fw_eval_world *world;
    enum fw_verdict verdict;
    const struct fw_policy *policy;
    const struct fw_rule *rule;
    bool by_default;
    bool keep_steps;
    size_t nsteps;
    struct fw_trace_step *steps;
};

/* eval_policy.c: the rules of one policy */

/* One of so many ways: the one this world prescribes, or the first. */
unsigned fw_eval_choose(struct fw_eval *walk, unsigned ways);
void fw_eval_step(struct fw_eval *walk, const struct fw_policy *policy, const struct fw_rule *rule,
                  enum fw_tri matched);
/* rule NULL: the default. True: permitted. */
bool fw_eval_decide(struct fw_eval *walk, enum fw_verdict verdict, const struct fw_policy *policy,
                    const struct fw_rule *rule);
/* First match in the policy and what it calls. True: permitted, or nothing decided. */
bool fw_eval_policy(struct fw_eval *walk, const struct fw_policy *policy, bool *ret_undecided);

/* eval_hooks.c: the hooks of netfilter, by priority */
void fw_eval_hooks(struct fw_eval *walk);

/* eval_places.c: the policies at the interfaces and zones where the packet comes in and leaves */
void fw_eval_bound(struct fw_eval *walk);
/* Nobody said where the packet comes in. */
void fw_eval_anywhere(struct fw_eval *walk);
/* Where a translation may apply or not, there is a world for each. */
void fw_eval_translate(struct fw_eval *walk, enum fw_nat_view view);

#endif
