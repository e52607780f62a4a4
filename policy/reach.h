/*
 * The one question behind every finding about rules: is there a packet in this region that comes to
 * this item? It is answered exactly, by union over everything in between, with a packet or with the
 * items that take every one of them; or not at all, when the work allowed for it is used up.
 */
#ifndef FW_POLICY_REACH_H
#define FW_POLICY_REACH_H

#include "policy/tree.h"

enum fw_answer {
    FW_ANSWER_COVERED, /* no packet: the items marked as used take them all */
    FW_ANSWER_REACHED, /* engine->point is one */
    FW_ANSWER_GAVE_UP,
};

/* Of two parts of one question. */
static inline enum fw_answer fw_answer_worse(enum fw_answer a, enum fw_answer b)
{
    if (a == FW_ANSWER_REACHED || b == FW_ANSWER_REACHED) {
        return FW_ANSWER_REACHED;
    }
    return a == FW_ANSWER_GAVE_UP ? a : b;
}

/* A part of the way: the packet passes the items in [from, to) undecided and without skipping past
 * `to`. `without`: in the policy as it would be if the rule under judgement were removed. */
struct fw_leg {
    uint32_t from, to;
    bool without;
};

enum { FW_LEGS = 3, FW_ENGINE_DEPTH = 1000 };

enum fw_keep {
    FW_KEEP_ALL,
    FW_KEEP_MARKED, /* only items of marked rules stand in the way */
    FW_KEEP_AGREED, /* as MARKED, but only for what decides as `agree` on legs `without` */
};

struct fw_question {
    struct fw_region region;
    unsigned nlegs;
    struct fw_leg legs[FW_LEGS];
    enum fw_action agree; /* the action under judgement */
    /* Is there a packet that is surely not decided as `agree`, whatever the literals are? Then only
     * what decides so, or might, stands in the way; the region must have no literals. */
    bool sure;
    enum fw_keep keep;
};

/* What one thread needs to answer questions about one program after the other. */
struct fw_engine {
    const struct fw_program *program;
    const struct fw_tree *tree;
    struct fw_scratch scratch;
    struct fw_guard guard;
    uint64_t work, allowed;
    unsigned little; /* boxes that are gathered at once, at most */
    uint64_t random;
    struct fw_point point;             /* room for any program; the packet found */
    const struct fw_interval *removed; /* items of the rule under judgement, sorted */
    size_t nremoved;
    /* by rule id */
    uint32_t *used; /* == used_round: stood in the way of something */
    uint32_t used_round;
    uint32_t *used_list; /* each once, in no order; room for all */
    uint32_t nused;
    uint32_t *kept; /* == kept_round: marked, for FW_KEEP_MARKED and AGREED */
    uint32_t kept_round;
};

enum fw_answer fw_reach(struct fw_engine *engine, const struct fw_question *question);
/* The same for all boxes of a search that overlap the region: does a packet come to one? Where
 * `ends`, the last leg ends at the item of each; otherwise where it is said to. Only for programs
 * in which nothing is skipped. */
enum fw_answer fw_reach_any(struct fw_engine *engine, const struct fw_question *question,
                            const struct fw_search *targets, bool ends);
/* Sets engine->point to a packet of the region; every seed gives another corner. */
void fw_engine_sample(struct fw_engine *engine, const struct fw_region *region, unsigned seed);
/* Forgets what was used. */
void fw_engine_forget(struct fw_engine *engine);
void fw_engine_use(struct fw_engine *engine, uint32_t rule_id);
/* Forgets what was used after the first `nused`. */
void fw_engine_unuse(struct fw_engine *engine, uint32_t nused);
bool fw_engine_is_removed(const struct fw_engine *engine, uint32_t item);
/* Does the packet in engine->point take this way? */
bool fw_engine_passes(struct fw_engine *engine, const struct fw_question *question);

#endif
