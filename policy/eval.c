/*
 * The naive evaluator: one packet against the rules, in order. Where the answer is "maybe", every
 * possible world is walked from the start (a world is the list of choices made in it), and the
 * verdict is MAY only when two worlds really end differently.
 */
#include "policy/eval.h"

#include "core/limits.h"
#include "policy/arrive.h"
#include "policy/netfilter_packet.h"
#include "policy/translate.h"

enum { CHOICES = 64, WORLDS = 4096 };

struct world {
    uint8_t choice[CHOICES]; /* which way was taken */
    uint8_t ways[CHOICES];   /* out of how many */
    size_t n;                /* choices made so far in this walk */
    size_t planned;          /* choices that are prescribed */
    bool overflow;           /* more choices or more work than a walk may take: nothing is known */
};

struct walk {
    struct fw_arena *arena;
    const struct fw_ruleset *ruleset;
    struct fw_packet packet;
    fw_sv wire_in, wire_out; /* interfaces as given; rules of a zoned ruleset see the zones */
    enum fw_hook way;        /* hook of the bound policies that the packet meets */
    struct world *world;
    enum fw_verdict verdict;
    const struct fw_policy *policy;
    const struct fw_rule *rule;
    bool by_default;
    bool keep_steps;
    size_t nsteps;
    struct fw_trace_step *steps;
};

static unsigned choose(struct walk *walk, unsigned ways)
{
    struct world *world = walk->world;
    if (world->n == CHOICES) {
        world->overflow = true;
        return 0;
    }
    if (world->n >= world->planned) {
        world->choice[world->n] = 0;
        world->ways[world->n] = (uint8_t)ways;
    }
    return world->choice[world->n++];
}

/* The next world: the last choice that has another way takes it, later ones are forgotten. */
static bool next_world(struct world *world)
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

static void add_step(struct walk *walk, const struct fw_policy *policy, const struct fw_rule *rule,
                     enum fw_tri matched)
{
    if (walk->keep_steps) {
        walk->steps = fw_arena_push(walk->arena, walk->steps, walk->nsteps, sizeof(*walk->steps));
        walk->steps[walk->nsteps++] = (struct fw_trace_step){policy, rule, matched};
    }
}

static bool decide(struct walk *walk, enum fw_verdict verdict, const struct fw_policy *policy,
                   const struct fw_rule *rule)
{
    walk->verdict = verdict;
    walk->policy = policy;
    walk->rule = rule;
    walk->by_default = rule == NULL;
    if (!rule) {
        add_step(walk, policy, NULL, FW_YES);
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
static enum effect take(struct walk *walk, const struct fw_rule *rule, struct frame *frames,
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
        action = ways[choose(walk, 3)];
    }
    switch (action) {
    case FW_ACTION_PERMIT:
    case FW_ACTION_DENY:
    case FW_ACTION_REJECT:
        return decide(walk, verdict_of(action), policy, rule) ? DECIDED_PERMIT : DECIDED_REFUSE;
    case FW_ACTION_DNAT:
    case FW_ACTION_SNAT:
        fw_packet_rewrite(&walk->packet, rule);
        decide(walk, FW_VERDICT_PERMIT, policy, rule);
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
static bool walk_policy(struct walk *walk, const struct fw_policy *base, bool *ret_undecided)
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
        add_step(walk, policy, rule, matched);
        if (matched == FW_MAYBE && (!matters(rule) || choose(walk, 2) == 0)) {
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
        return decide(walk, choose(walk, 2) == 0 ? FW_VERDICT_DENY : FW_VERDICT_PERMIT, base, NULL);
    }
    return decide(walk, verdict_of(base->fallback), base, NULL);
}

/* The last matching rule decides, unless one is quick: such a policy has been ordered already. */
static bool walk_one(struct walk *walk, const struct fw_policy *policy, bool *ret_undecided)
{
    unsigned family = walk->packet.src.family ? walk->packet.src.family : walk->packet.dst.family;
    unsigned bit = family == FW_IPV4 ? FW_FAMILY_BIT4 : family == FW_IPV6 ? FW_FAMILY_BIT6 : 0;
    if (bit != 0 && (policy->families & bit) == 0) {
        *ret_undecided = true;
        return true;
    }
    return walk_policy(walk, policy, ret_undecided);
}

/* All policies of one netfilter hook by priority; false: refused. */
static bool walk_hook(struct walk *walk, enum fw_hook hook)
{
    int done = INT32_MIN;
    for (;;) {
        int next = INT32_MAX;
        for (size_t i = 0; i < walk->ruleset->npolicies; i++) {
            const struct fw_policy *policy = walk->ruleset->policies[i];
            if (policy->hook == hook && policy->priority > done && policy->priority < next) {
                next = policy->priority;
            }
        }
        if (next == INT32_MAX) {
            return true;
        }
        for (size_t i = 0; i < walk->ruleset->npolicies; i++) {
            const struct fw_policy *policy = walk->ruleset->policies[i];
            bool known_flow = walk->packet.has_state && walk->packet.state != FW_STATE_NEW;
            if (policy->hook != hook || policy->priority != next || (policy->nat && known_flow)) {
                continue;
            }
            const struct fw_policy *said = walk->policy;
            const struct fw_rule *rule = walk->rule;
            bool by_default = walk->by_default;
            bool undecided;
            if (!walk_one(walk, policy, &undecided)) {
                return false;
            }
            if (!policy->decides) { /* passing nat or mangle is no verdict */
                walk->policy = said;
                walk->rule = rule;
                walk->by_default = by_default;
            }
        }
        done = next;
    }
}

static void walk_netfilter(struct walk *walk)
{
    fw_packet_arrive(&walk->packet);
    enum fw_hook hook = walk->packet.hook;
    walk->verdict = FW_VERDICT_PERMIT;
    walk->by_default = true;
    if (hook != FW_HOOK_OUTPUT && !walk_hook(walk, FW_HOOK_PREROUTING)) {
        return;
    }
    if (walk_hook(walk, hook) && hook != FW_HOOK_INPUT) {
        walk_hook(walk, FW_HOOK_POSTROUTING);
    }
}

static const struct fw_interface *find_interface(const struct fw_ruleset *ruleset, fw_sv name)
{
    for (size_t i = 0; i < ruleset->ninterfaces; i++) {
        const struct fw_interface *interface = &ruleset->interfaces[i];
        if (fw_sv_eq(interface->name, name) || fw_sv_eq(interface->device, name)) {
            return interface;
        }
    }
    return NULL;
}

static bool binds(const struct fw_ruleset *ruleset, fw_sv bound, fw_sv name)
{
    const struct fw_interface *interface = find_interface(ruleset, name);
    return bound.n > 0 &&
           (fw_sv_eq(bound, name) || (interface && fw_sv_eq(bound, interface->name)) ||
            (ruleset->zoned && interface && fw_sv_eq(bound, interface->zone)));
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
    const struct fw_interface *interface = ruleset->zoned ? find_interface(ruleset, name) : NULL;
    return interface && interface->zone.n > 0 ? interface->zone : name;
}

enum place { PLACE_IN, PLACE_OUT, PLACE_GLOBAL };

/* The access list at a place; one per family may be bound there. */
static const struct fw_policy *bound_at(const struct walk *walk, enum place place, fw_sv name)
{
    unsigned family = walk->packet.src.family ? walk->packet.src.family : walk->packet.dst.family;
    unsigned bit = family == FW_IPV6 ? FW_FAMILY_BIT6 : FW_FAMILY_BIT4;
    for (size_t i = 0; i < walk->ruleset->npolicies; i++) {
        const struct fw_policy *policy = walk->ruleset->policies[i];
        for (size_t b = 0; policy->decides && b < policy->nbindings; b++) {
            const struct fw_binding *binding = &policy->bindings[b];
            bool pair = binding->in.n > 0 && binding->out.n > 0;
            bool here = place == PLACE_IN    ? !pair && binds(walk->ruleset, binding->in, name)
                        : place == PLACE_OUT ? !pair && binds(walk->ruleset, binding->out, name)
                                             : binding->in.n == 0 && binding->out.n == 0;
            if (here && policy->hook == walk->way && (policy->families & bit) != 0) {
                return policy;
            }
        }
    }
    return NULL;
}

/* Policies one of which may be the one. One choice has so many ways and no more; where there are
 * more, nothing is known. */
struct candidates {
    const struct fw_policy *v[UINT8_MAX];
    unsigned n;
};

static void add_candidate(struct walk *walk, struct candidates *list, const struct fw_policy *one)
{
    if (list->n == UINT8_MAX) {
        walk->world->overflow = true;
        return;
    }
    list->v[list->n++] = one;
}

static const struct fw_policy *pick(struct walk *walk, const struct candidates *list)
{
    return list->n == 0 ? NULL : list->v[list->n > 1 ? choose(walk, list->n) : 0];
}

/* Policies between two zones. Where the packet leaves may be unknown: then any of those that start
 * where it came in may be the one, or none. */
static const struct fw_policy *between(struct walk *walk)
{
    struct candidates list;
    list.n = 0;
    for (size_t i = 0; i < walk->ruleset->npolicies; i++) {
        const struct fw_policy *policy = walk->ruleset->policies[i];
        for (size_t b = 0; policy->decides && b < policy->nbindings; b++) {
            const struct fw_binding *binding = &policy->bindings[b];
            if (binding->in.n > 0 && binding->out.n > 0 && policy->hook == walk->way &&
                binds(walk->ruleset, binding->in, walk->wire_in) &&
                (!walk->packet.has_out || binds(walk->ruleset, binding->out, walk->wire_out))) {
                add_candidate(walk, &list, policy);
                break;
            }
        }
    }
    if (list.n > 0 && !walk->packet.has_out) {
        add_candidate(walk, &list, NULL);
    }
    return pick(walk, &list);
}

static bool same_security_allowed(const struct fw_ruleset *ruleset)
{
    for (size_t i = 0; i < ruleset->nsettings; i++) {
        if (ruleset->settings[i].kind == FW_SETTING_SAME_SECURITY &&
            fw_sv_is(ruleset->settings[i].value, "inter-interface")) {
            return true;
        }
    }
    return false;
}

/* Cisco ASA, "Default security levels": to a lower level everything, to an equal one when allowed,
 * to a higher one nothing. */
static bool walk_levels(struct walk *walk)
{
    const struct fw_interface *in = find_interface(walk->ruleset, walk->packet.in);
    const struct fw_interface *out = find_interface(walk->ruleset, walk->packet.out);
    bool known = walk->packet.has_in && walk->packet.has_out && in && out && in->has_level &&
                 out->has_level;
    bool permit;
    if (known) {
        permit = in->level > out->level ||
                 (in->level == out->level && same_security_allowed(walk->ruleset));
    } else {
        permit = choose(walk, 2) == 1;
    }
    for (size_t i = 0; !permit && i < walk->ruleset->npolicies; i++) {
        bool undecided;
        if (walk->ruleset->policies[i]->upward) {
            return walk_one(walk, walk->ruleset->policies[i], &undecided);
        }
    }
    return decide(walk, permit ? FW_VERDICT_PERMIT : FW_VERDICT_DENY, NULL, NULL);
}

/* An access list whose own end is not the end: a global one follows it. */
static bool ends_by_default(const struct walk *walk)
{
    return walk->by_default && walk->verdict != FW_VERDICT_PERMIT;
}

/* After a filter of the interface, the policy between the zones; what that leaves open, the one for
 * all zones; nothing at all: refused. */
static void walk_zones(struct walk *walk, const struct fw_policy *pair,
                       const struct fw_policy *global, const struct fw_policy *in, bool *permitted)
{
    bool undecided = true;
    if (!*permitted) {
        return;
    }
    if (pair) {
        *permitted = walk_one(walk, pair, &undecided);
    }
    if (undecided && global) {
        *permitted = walk_one(walk, global, &undecided);
    }
    if (undecided && (pair || global || !in)) {
        *permitted = decide(walk, FW_VERDICT_DENY, NULL, NULL);
    }
}

/* Where a translation may apply or not, there is a world for each. */
static bool is_translated(void *context, const struct fw_policy *nat, const struct fw_rule *rule,
                          enum fw_tri matched)
{
    struct walk *walk = context;
    if (matched == FW_MAYBE && choose(walk, 2) == 0) {
        return false;
    }
    add_step(walk, nat, rule, matched);
    return true;
}

static fw_sv own_zone(const struct fw_ruleset *ruleset, fw_sv name)
{
    const struct fw_interface *interface = find_interface(ruleset, name);
    return interface ? interface->zone : (fw_sv){0};
}

/* The policies from one zone to another ({0} as `to`: to any of them); how many. */
static unsigned find_pairs(const struct fw_ruleset *ruleset, fw_sv from, fw_sv to, bool any,
                           const struct fw_policy *ret[UINT8_MAX - 2])
{
    unsigned n = 0;
    for (size_t i = 0; i < ruleset->npolicies && n < UINT8_MAX - 2; i++) {
        const struct fw_policy *policy = ruleset->policies[i];
        const struct fw_binding *b = policy->bindings;
        if (policy->nbindings == 1 && b->in.n > 0 && b->out.n > 0 && fw_sv_eq(b->in, from) &&
            (any ? !fw_sv_is(b->out, "self") : fw_sv_eq(b->out, to))) {
            ret[n++] = policy;
        }
    }
    return n;
}

/* Cisco IOS, "Zone-Based Policy Firewall": from one zone to another only what their pair permits;
 * within a zone, between interfaces without one, to and from the device itself (unless a pair with
 * "self" says otherwise) everything. Pairs see real addresses. */
static void walk_open_zones(struct walk *walk, bool *permitted)
{
    const struct fw_policy *pairs[UINT8_MAX - 2];
    const struct fw_ruleset *ruleset = walk->ruleset;
    bool in = walk->packet.hook == FW_HOOK_INPUT;
    bool out = walk->packet.hook == FW_HOOK_OUTPUT;
    fw_sv from = out ? FW_SV("self") : own_zone(ruleset, walk->wire_in);
    fw_sv to = in ? FW_SV("self") : own_zone(ruleset, walk->wire_out);
    bool unknown = !in && !out && !walk->packet.has_out;
    unsigned n = find_pairs(ruleset, from, to, unknown, pairs);
    unsigned which = unknown ? choose(walk, n + 2) : 0;
    bool undecided;
    walk->world->overflow = walk->world->overflow || n == UINT8_MAX - 2; /* there may be more */
    if (which < n) {
        const struct fw_packet wire = walk->packet;
        fw_translate_packet(ruleset, FW_NAT_VIEW_REAL, &walk->packet, is_translated, walk);
        *permitted = walk_one(walk, pairs[which], &undecided);
        walk->packet = wire;
    } else if (unknown ? which == n : !in && !out && !fw_sv_eq(from, to)) {
        *permitted = decide(walk, FW_VERDICT_DENY, NULL, NULL);
    }
}

static void walk_bound(struct walk *walk)
{
    const struct fw_policy *in = walk->packet.has_in ? bound_at(walk, PLACE_IN, walk->wire_in)
                                                     : NULL;
    const struct fw_policy *out = walk->packet.has_out ? bound_at(walk, PLACE_OUT, walk->wire_out)
                                                       : NULL;
    const struct fw_policy *pair = between(walk);
    const struct fw_policy *global = bound_at(walk, PLACE_GLOBAL, FW_SV(""));
    bool undecided;
    bool permitted = true;
    walk->verdict = FW_VERDICT_PERMIT;
    walk->by_default = true;
    if (in) {
        permitted = walk_one(walk, in, &undecided);
    }
    if (walk->ruleset->zones_open) {
        if (permitted) {
            walk_open_zones(walk, &permitted);
        }
    } else if (walk->ruleset->zoned) {
        walk_zones(walk, pair, global, in, &permitted);
    } else if (global && (!in || (!permitted && ends_by_default(walk)))) {
        permitted = walk_one(walk, global, &undecided);
    } else if (!in && walk->ruleset->level_default) {
        permitted = walk_levels(walk);
    } else if (!in && !out) {
        permitted = decide(walk, FW_VERDICT_PERMIT, NULL, NULL);
    }
    if (permitted && out && walk->ruleset->nat_view == FW_NAT_VIEW_WIRE) {
        fw_translate_packet(walk->ruleset, walk->ruleset->nat_view, &walk->packet, is_translated,
                            walk);
    }
    if (permitted && out) {
        const struct walk before = *walk;
        if (walk_one(walk, out, &undecided) && in) {
            walk->policy = before.policy; /* the list where it came in let it through first */
            walk->rule = before.rule;
            walk->by_default = before.by_default;
        }
    }
}

/* Nobody said where the packet comes in: any list that is applied may be the one; when none is
 * applied, any list at all. */
static void walk_anywhere(struct walk *walk)
{
    const struct fw_ruleset *ruleset = walk->ruleset;
    unsigned family = walk->packet.src.family ? walk->packet.src.family : walk->packet.dst.family;
    unsigned bit = family == FW_IPV4   ? FW_FAMILY_BIT4
                   : family == FW_IPV6 ? FW_FAMILY_BIT6
                                       : FW_FAMILY_BOTH;
    struct candidates list;
    list.n = 0;
    for (int bound = 1; bound >= 0 && list.n == 0; bound--) {
        for (size_t i = 0; i < ruleset->npolicies; i++) {
            const struct fw_policy *policy = ruleset->policies[i];
            if (policy->decides && (policy->families & bit) != 0 &&
                (policy->nbindings > 0) == (bound == 1) && policy->hook == walk->way) {
                add_candidate(walk, &list, policy);
            }
        }
    }
    if (list.n == 0 && !ruleset->zoned) {
        walk_levels(walk);
        return;
    }
    const struct fw_policy *policy = pick(walk, &list);
    bool undecided = true;
    if (!ruleset->zoned || (ruleset->zones_open && policy)) {
        walk_one(walk, policy, &undecided);
    } else {
        bool permitted = true;
        walk_zones(walk, policy, bound_at(walk, PLACE_GLOBAL, FW_SV("")), NULL, &permitted);
    }
}

static void walk_ruleset(struct walk *walk, const struct fw_policy *only)
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
        fw_translate_packet(walk->ruleset, walk->ruleset->nat_view, &walk->packet, is_translated,
                            walk);
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
        walk_one(walk, only, &undecided);
    } else if (hooks && walk->packet.hook != FW_HOOK_NONE) {
        walk_netfilter(walk);
    } else if (hooks) {
        static const enum fw_hook ways[] = {FW_HOOK_FORWARD, FW_HOOK_INPUT, FW_HOOK_OUTPUT};
        walk->packet.hook = ways[choose(walk, 3)];
        walk_netfilter(walk);
    } else if ((bindings || walk->ruleset->level_default) && walk->packet.has_in) {
        walk_bound(walk);
    } else {
        walk_anywhere(walk);
    }
}

static void run(struct fw_arena *arena, const struct fw_ruleset *ruleset,
                const struct fw_policy *only, const struct fw_packet *packet, struct fw_trace *ret)
{
    struct world world = {0};
    *ret = (struct fw_trace){0};
    for (unsigned worlds = 0;; worlds++) {
        struct walk walk = {
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
