/* What the rules of one policy do to a packet, in order; where "maybe" decides, the world does. */
#include "core/limits.h"
#include "policy/eval_impl.h"
#include "policy/netfilter_packet.h"

unsigned fw_eval_choose(struct fw_eval *walk, unsigned ways)
{
    struct fw_eval_world *world = walk->world;
    if (world->n == FW_EVAL_CHOICES) {
        world->overflow = true;
        return 0;
    }
    if (world->n >= world->planned) {
        world->choice[world->n] = 0;
        world->ways[world->n] = (uint8_t)ways;
    }
    return world->choice[world->n++];
}

void fw_eval_step(struct fw_eval *walk, const struct fw_policy *policy, const struct fw_rule *rule,
                  enum fw_tri matched)
{
    if (walk->keep_steps) {
        walk->steps = fw_arena_push(walk->arena, walk->steps, walk->nsteps, sizeof(*walk->steps));
        walk->steps[walk->nsteps++] = (struct fw_trace_step){policy, rule, matched};
    }
}

bool fw_eval_decide(struct fw_eval *walk, enum fw_verdict verdict, const struct fw_policy *policy,
                    const struct fw_rule *rule)
{
    walk->verdict = verdict;
    walk->policy = policy;
    walk->rule = rule;
    walk->by_default = rule == NULL;
    if (!rule) {
        fw_eval_step(walk, policy, NULL, FW_YES);
    }
    return verdict == FW_VERDICT_PERMIT;
}

static enum fw_verdict verdict_of(enum fw_action action)
{
    return action == FW_ACTION_PERMIT   ? FW_VERDICT_PERMIT
           : action == FW_ACTION_REJECT ? FW_VERDICT_REJECT
                                        : FW_VERDICT_DENY;
}

struct frame {
    const struct fw_policy *policy;
    size_t next;
};

enum effect { GO_ON, DECIDED_PERMIT, DECIDED_REFUSE };

/* What a matching rule does to the walk; *depth and frames change with jumps and returns. */
static enum effect take(struct fw_eval *walk, const struct fw_rule *rule, struct frame *frames,
                        size_t *depth)
{
    const struct fw_policy *policy = frames[*depth - 1].policy;
    enum fw_action action = rule->action;
    if ((action == FW_ACTION_JUMP || action == FW_ACTION_GOTO) &&
        (!rule->jump || (action == FW_ACTION_JUMP && *depth == FW_LIMIT_CHAIN_DEPTH))) {
        action = FW_ACTION_UNKNOWN;
    }
    if (action == FW_ACTION_UNKNOWN) {
        static const enum fw_action ways[] = {FW_ACTION_CONTINUE, FW_ACTION_PERMIT, FW_ACTION_DENY};
        action = ways[fw_eval_choose(walk, 3)];
    }
    switch (action) {
    case FW_ACTION_PERMIT:
    case FW_ACTION_DENY:
    case FW_ACTION_REJECT:
        return fw_eval_decide(walk, verdict_of(action), policy, rule) ? DECIDED_PERMIT
                                                                      : DECIDED_REFUSE;
    case FW_ACTION_DNAT:
    case FW_ACTION_SNAT:
        fw_packet_rewrite(&walk->packet, rule);
        fw_eval_decide(walk, FW_VERDICT_PERMIT, policy, rule);
        return DECIDED_PERMIT;
    case FW_ACTION_JUMP:
        frames[(*depth)++] = (struct frame){rule->jump, 0};
        return GO_ON;
    case FW_ACTION_GOTO:
        frames[*depth - 1] = (struct frame){rule->jump, 0};
        return GO_ON;
    case FW_ACTION_RETURN:
        (*depth)--;
        return GO_ON;
    case FW_ACTION_CONTINUE:
        if (rule->sets_mark) {
            fw_packet_mark(&walk->packet, rule);
        }
        fw_packet_connmark(&walk->packet, rule);
        if (rule->untracks) {
            walk->packet.has_state = true;
            walk->packet.state = FW_STATE_UNTRACKED;
        }
        return GO_ON;
    case FW_ACTION_UNKNOWN:
    case FW_ACTION_COUNT:
        break;
    }
    return GO_ON;
}

/* Does a "maybe" matter? A rule that only logs changes nothing either way. */
static bool matters(const struct fw_rule *rule)
{
    return rule->action != FW_ACTION_CONTINUE || rule->sets_mark || rule->untracks ||
           rule->connmark != FW_CONNMARK_NONE;
}

/* First match in one policy and what it calls. True: permitted, or nothing decided. */
static bool walk_policy(struct fw_eval *walk, const struct fw_policy *base, bool *ret_undecided)
{
    struct frame frames[FW_LIMIT_CHAIN_DEPTH];
    uint64_t work = 0;
    size_t depth = 1;
    frames[0] = (struct frame){base, 0};
    *ret_undecided = false;
    while (depth > 0) {
        struct frame *top = &frames[depth - 1];
        if (top->next == top->policy->n) {
            depth--;
            continue;
        }
        if (++work > FW_LIMIT_ENGINE_WORK) { /* gotos in a circle: no end, so no verdict either */
            walk->world->overflow = true;
            return false;
        }
        const struct fw_policy *policy = top->policy;
        const struct fw_rule *rule = &policy->rules[top->next++];
        enum fw_tri matched = rule->enabled ? fw_rule_matches(rule, &walk->packet) : FW_NO;
        if (matched == FW_NO) {
            continue;
        }
        fw_eval_step(walk, policy, rule, matched);
        if (matched == FW_MAYBE && (!matters(rule) || fw_eval_choose(walk, 2) == 0)) {
            continue;
        }
        enum effect effect = take(walk, rule, frames, &depth);
        if (effect != GO_ON) {
            return effect == DECIDED_PERMIT;
        }
    }
    if (base->fallback == FW_ACTION_RETURN || base->fallback == FW_ACTION_CONTINUE) {
        *ret_undecided = true;
        return true;
    }
    if (base->fallback == FW_ACTION_UNKNOWN) {
        return fw_eval_decide(
            walk, fw_eval_choose(walk, 2) == 0 ? FW_VERDICT_DENY : FW_VERDICT_PERMIT, base, NULL);
    }
    return fw_eval_decide(walk, verdict_of(base->fallback), base, NULL);
}

/* The last matching rule decides, unless one is quick: such a policy has been ordered already. */
bool fw_eval_policy(struct fw_eval *walk, const struct fw_policy *policy, bool *ret_undecided)
{
    unsigned family = walk->packet.src.family ? walk->packet.src.family : walk->packet.dst.family;
    unsigned bit = family == FW_IPV4 ? FW_FAMILY_BIT4 : family == FW_IPV6 ? FW_FAMILY_BIT6 : 0;
    if (bit != 0 && (policy->families & bit) == 0) {
        *ret_undecided = true;
        return true;
    }
    return walk_policy(walk, policy, ret_undecided);
}
