/*
 * Judging one rule: everything that is asked about it, over all places where it is evaluated (a
 * rule of a chain that is called twice has two), in all policies.
 */
#ifndef FW_POLICY_JUDGE_H
#define FW_POLICY_JUDGE_H

#include "core/err.h"
#include "policy/analysis.h"
#include "policy/reach.h"

/* A place where a rule is evaluated. */
struct fw_place {
    uint32_t program, item;
};

/* What all threads share; nothing in it changes any more. */
struct fw_case {
    struct fw_rule_ids ids;
    const struct fw_rule **rules; /* by rule id */
    const struct fw_policy **policies;
    size_t nprograms;
    struct fw_program *programs;
    struct fw_tree *trees;
    uint32_t *first_place; /* by rule id; one more at the end */
    struct fw_place *places;
    bool *doubtful; /* by rule id: one of its programs hit a limit */
    unsigned max_axes;
    uint32_t max_variables;
    struct fw_analysis_options options;
};

/* Numbers, programs and indexes of a ruleset, all in the arena; the options are the caller's. */
void fw_case_prepare(struct fw_arena *arena, struct fw_scratch *scratch,
                     const struct fw_ruleset *ruleset, struct fw_case *ret);

/* One thread's judge. */
struct fw_judge {
    const struct fw_case *facts;
    struct fw_engine engine;
    uint32_t rule_id;
    const struct fw_place *places; /* of the rule under judgement */
    uint32_t nplaces;
    struct fw_interval *removed; /* room for its items in one program */
    size_t removed_room;
    uint32_t *because; /* rule ids; room for all */
    uint32_t nbecause;
    const struct fw_side *arrived; /* the packet at hand is of this region, and comes to the rule */
    bool rests_on_default; /* a live rule was found superfluous because the default says the same */
    struct fw_packet witness; /* of the verdict; its names are the engine's until the next one */
    uint32_t left_out; /* a rule that belongs to a cover of live rules, found while proving it */
};

enum fw_err fw_judge_init(struct fw_judge *judge, const struct fw_case *facts);
void fw_judge_clear(struct fw_judge *judge);
/* `because` of the verdict is left in judge->because, in order of evaluation. */
void fw_judge_rule(struct fw_judge *judge, uint32_t rule_id, struct fw_rule_verdict *ret);

/* The parts: each answers for all places of the rule. Engine->point is the packet of REACHED, in
 * the space of engine->program. */
void fw_judge_enter(struct fw_judge *judge, const struct fw_place *place);
enum fw_answer fw_judge_alive(struct fw_judge *judge, enum fw_keep keep, struct fw_packet *ret);
/* COVERED: no packet's fate depends on the rule. */
enum fw_answer fw_judge_needed(struct fw_judge *judge, enum fw_keep keep);
/* Where nothing is skipped: the same for the packets of a region (of that place's program) only,
 * with KEEP_MARKED and KEEP_AGREED. `place` is where the region is taken from; for dead rules what
 * does not come before the rule does not count, for live ones what does not come after it. */
enum fw_answer fw_judge_within(struct fw_judge *judge, const struct fw_place *place, bool dead,
                               const struct fw_region *region);
/* ... of the live rule's item `at` alone. */
enum fw_answer fw_judge_needed_in(struct fw_judge *judge, uint32_t at,
                                  const struct fw_region *region);
/* For a dead rule. REACHED: the packet would fare otherwise if it came to the rule. */
enum fw_answer fw_judge_shadowed(struct fw_judge *judge, enum fw_certainty *ret_certainty,
                                 struct fw_packet *ret);
/* Minimal covers, into judge->because: false when the work ran out. */
bool fw_judge_because_dead(struct fw_judge *judge);
bool fw_judge_because_live(struct fw_judge *judge);

/* Fate of the packet in engine->point from an item on: an action, RETURN for "undecided" or
 * UNKNOWN. `*ret_sure` (may be NULL) is cleared when a literal had a say. */
enum fw_action fw_judge_fate(struct fw_judge *judge, uint32_t from, bool without, bool *ret_sure);

#endif
