/*
 * The naive evaluator: one packet against the rules, in order. Where the answer is "maybe", every
 * possible world is walked from the start (a world is the list of choices made in it), and the
 * verdict is MAY only when two worlds really end differently.
 */
#include "policy/eval.h"

#include "policy/eval_impl.h"

enum { WORLDS = 4096 };

/* The next world: the last choice that has another way takes it, later ones are forgotten. */
static bool next_world(struct fw_eval_world *world)
{
    while (world->n > 0) {
        size_t last = world->n - 1;
        if (world->choice[last] + 1 < world->ways[last]) {
            world->choice[last]++;
            world->planned = world->n;
            world->n = 0;
            return true;
        }
        world->n = last;
    }
    return false;
}

/* A bound policy that has a hook is only for packets on that way: those to the device itself. The
 * others take the rest, and everything where no policy has a way of its own. */
static enum fw_hook way_of(const struct fw_ruleset *ruleset, enum fw_hook hook)
{
    for (size_t i = 0; i < ruleset->npolicies; i++) {
        if (ruleset->policies[i]->nbindings > 0 && ruleset->policies[i]->hook == hook) {
            return hook;
        }
    }
    return FW_HOOK_NONE;
}

/* Rules name zones where there are any. */
static fw_sv zone_of(const struct fw_ruleset *ruleset, fw_sv name)
{
    const struct fw_interface *interface = ruleset->zoned ? fw_ruleset_interface(ruleset, name)
                                                          : NULL;
    return interface && interface->zone.n > 0 ? interface->zone : name;
}

static void walk_ruleset(struct fw_eval *walk, const struct fw_policy *only)
{
    bool hooks = false;
    bool bindings = false;
    bool undecided;
    for (size_t i = 0; i < walk->ruleset->npolicies; i++) {
        const struct fw_policy *policy = walk->ruleset->policies[i];
        hooks = hooks || (policy->hook != FW_HOOK_NONE && policy->nbindings == 0);
        bindings = bindings || policy->nbindings > 0;
    }
    walk->way = way_of(walk->ruleset, walk->packet.hook);
    walk->wire_in = walk->packet.in;
    walk->wire_out = walk->packet.out;
    if (!only && walk->ruleset->nat_view == FW_NAT_VIEW_REAL) {
        fw_eval_translate(walk, FW_NAT_VIEW_REAL);
        walk->wire_out = walk->packet.out;
    }
    if (!walk->ruleset->zones_open) { /* there only pairs know zones */
        walk->packet.in = zone_of(walk->ruleset, walk->packet.in);
        walk->packet.out = zone_of(walk->ruleset, walk->packet.out);
    }
    if (only) {
        walk->verdict = FW_VERDICT_DENY;
        walk->by_default = true;
        walk->policy = only;
        fw_eval_policy(walk, only, &undecided);
    } else if (hooks && walk->packet.hook != FW_HOOK_NONE) {
        fw_eval_hooks(walk);
    } else if (hooks) {
        static const enum fw_hook ways[] = {FW_HOOK_FORWARD, FW_HOOK_INPUT, FW_HOOK_OUTPUT};
        walk->packet.hook = ways[fw_eval_choose(walk, 3)];
        fw_eval_hooks(walk);
    } else if ((bindings || walk->ruleset->level_default || walk->ruleset->bare_open) &&
               walk->packet.has_in) {
        fw_eval_bound(walk);
    } else {
        fw_eval_anywhere(walk);
    }
}

static void run(struct fw_arena *arena, const struct fw_ruleset *ruleset,
                const struct fw_policy *only, const struct fw_packet *packet, struct fw_trace *ret)
{
    struct fw_eval_world world = {0};
    *ret = (struct fw_trace){0};
    for (unsigned worlds = 0;; worlds++) {
        struct fw_eval walk = {
            .arena = arena,
            .ruleset = ruleset,
            .packet = *packet,
            .world = &world,
            .keep_steps = worlds == 0,
        };
        walk_ruleset(&walk, only);
        if (worlds == 0) {
            *ret = (struct fw_trace){walk.verdict,    walk.policy, walk.rule,
                                     walk.by_default, walk.nsteps, walk.steps};
        } else if (walk.verdict != ret->verdict) {
            ret->verdict = FW_VERDICT_MAY;
        }
        if (world.overflow || worlds == WORLDS) {
            ret->verdict = FW_VERDICT_MAY;
        }
        if (ret->verdict == FW_VERDICT_MAY) {
            ret->policy = NULL;
            ret->rule = NULL;
            ret->by_default = false;
            return;
        }
        if (!next_world(&world)) {
            return;
        }
    }
}

void fw_trace_packet(struct fw_arena *arena, const struct fw_ruleset *ruleset,
                     const struct fw_packet *packet, struct fw_trace *ret)
{
    run(arena, ruleset, NULL, packet, ret);
}

void fw_trace_policy(struct fw_arena *arena, const struct fw_ruleset *ruleset,
                     const struct fw_policy *policy, const struct fw_packet *packet,
                     struct fw_trace *ret)
{
    run(arena, ruleset, policy, packet, ret);
}

const char *fw_verdict_name(enum fw_verdict verdict)
{
    static const char *const names[FW_VERDICT_COUNT] = {
        [FW_VERDICT_PERMIT] = "permit",
        [FW_VERDICT_DENY] = "deny",
        [FW_VERDICT_REJECT] = "reject",
        [FW_VERDICT_MAY] = "may",
    };
    return verdict < FW_VERDICT_COUNT ? names[verdict] : "?";
}
