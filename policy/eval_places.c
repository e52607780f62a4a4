/* Which policies a packet meets where lists are applied to interfaces and zones. */
#include "policy/eval_impl.h"
#include "policy/translate.h"

static bool binds(const struct fw_ruleset *ruleset, fw_sv bound, fw_sv name)
{
    const struct fw_interface *interface = fw_ruleset_interface(ruleset, name);
    return bound.n > 0 &&
           (fw_sv_eq(bound, name) || (interface && fw_sv_eq(bound, interface->name)) ||
            (ruleset->zoned && interface && fw_sv_eq(bound, interface->zone)));
}

enum place { PLACE_IN, PLACE_OUT, PLACE_GLOBAL };

/* The access list at a place; one per family may be bound there. */
static const struct fw_policy *bound_at(const struct fw_eval *walk, enum place place, fw_sv name)
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

static void add_candidate(struct fw_eval *walk, struct candidates *list,
                          const struct fw_policy *one)
{
    if (list->n == UINT8_MAX) {
        walk->world->overflow = true;
        return;
    }
    list->v[list->n++] = one;
}

static const struct fw_policy *pick(struct fw_eval *walk, const struct candidates *list)
{
    return list->n == 0 ? NULL : list->v[list->n > 1 ? fw_eval_choose(walk, list->n) : 0];
}

/* Policies between two zones. Where the packet leaves may be unknown: then any of those that start
 * where it came in may be the one, or none. */
static const struct fw_policy *between(struct fw_eval *walk)
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
static bool walk_levels(struct fw_eval *walk)
{
    const struct fw_interface *in = fw_ruleset_interface(walk->ruleset, walk->packet.in);
    const struct fw_interface *out = fw_ruleset_interface(walk->ruleset, walk->packet.out);
    bool known = walk->packet.has_in && walk->packet.has_out && in && out && in->has_level &&
                 out->has_level;
    bool permit;
    if (known) {
        permit = in->level > out->level ||
                 (in->level == out->level && same_security_allowed(walk->ruleset));
    } else {
        permit = fw_eval_choose(walk, 2) == 1;
    }
    for (size_t i = 0; !permit && i < walk->ruleset->npolicies; i++) {
        bool undecided;
        if (walk->ruleset->policies[i]->upward) {
            return fw_eval_policy(walk, walk->ruleset->policies[i], &undecided);
        }
    }
    return fw_eval_decide(walk, permit ? FW_VERDICT_PERMIT : FW_VERDICT_DENY, NULL, NULL);
}

/* An access list whose own end is not the end: a global one follows it. */
static bool ends_by_default(const struct fw_eval *walk)
{
    return walk->by_default && walk->verdict != FW_VERDICT_PERMIT;
}

/* After a filter of the interface, the policy between the zones; what that leaves open, the one for
 * all zones; nothing at all: refused. */
static void walk_zones(struct fw_eval *walk, const struct fw_policy *pair,
                       const struct fw_policy *global, const struct fw_policy *in, bool *permitted)
{
    bool undecided = true;
    if (!*permitted) {
        return;
    }
    if (pair) {
        *permitted = fw_eval_policy(walk, pair, &undecided);
    }
    if (undecided && global) {
        *permitted = fw_eval_policy(walk, global, &undecided);
    }
    if (undecided && (pair || global || !in)) {
        *permitted = fw_eval_decide(walk, FW_VERDICT_DENY, NULL, NULL);
    }
}

static bool is_translated(void *context, const struct fw_policy *nat, const struct fw_rule *rule,
                          enum fw_tri matched)
{
    struct fw_eval *walk = context;
    if (matched == FW_MAYBE && fw_eval_choose(walk, 2) == 0) {
        return false;
    }
    fw_eval_step(walk, nat, rule, matched);
    return true;
}

void fw_eval_translate(struct fw_eval *walk, enum fw_nat_view view)
{
    fw_translate_packet(walk->ruleset, view, &walk->packet, is_translated, walk);
}

static fw_sv own_zone(const struct fw_ruleset *ruleset, fw_sv name)
{
    const struct fw_interface *interface = fw_ruleset_interface(ruleset, name);
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
static void walk_open_zones(struct fw_eval *walk, bool *permitted)
{
    const struct fw_policy *pairs[UINT8_MAX - 2];
    const struct fw_ruleset *ruleset = walk->ruleset;
    bool in = walk->packet.hook == FW_HOOK_INPUT;
    bool out = walk->packet.hook == FW_HOOK_OUTPUT;
    fw_sv from = out ? FW_SV("self") : own_zone(ruleset, walk->wire_in);
    fw_sv to = in ? FW_SV("self") : own_zone(ruleset, walk->wire_out);
    bool unknown = !in && !out && !walk->packet.has_out;
    unsigned n = find_pairs(ruleset, from, to, unknown, pairs);
    unsigned which = unknown ? fw_eval_choose(walk, n + 2) : 0;
    bool undecided;
    walk->world->overflow = walk->world->overflow || n == UINT8_MAX - 2; /* there may be more */
    if (which < n) {
        const struct fw_packet wire = walk->packet;
        fw_eval_translate(walk, FW_NAT_VIEW_REAL);
        *permitted = fw_eval_policy(walk, pairs[which], &undecided);
        walk->packet = wire;
    } else if (unknown ? which == n : !in && !out && !fw_sv_eq(from, to)) {
        *permitted = fw_eval_decide(walk, FW_VERDICT_DENY, NULL, NULL);
    }
}

void fw_eval_bound(struct fw_eval *walk)
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
        permitted = fw_eval_policy(walk, in, &undecided);
    }
    if (walk->ruleset->zones_open) {
        if (permitted) {
            walk_open_zones(walk, &permitted);
        }
    } else if (walk->ruleset->zoned) {
        walk_zones(walk, pair, global, in, &permitted);
    } else if (global && (!in || (!permitted && ends_by_default(walk)))) {
        permitted = fw_eval_policy(walk, global, &undecided);
    } else if (!in && walk->ruleset->level_default) {
        permitted = walk_levels(walk);
    } else if (!in && !out) {
        permitted = fw_eval_decide(walk, FW_VERDICT_PERMIT, NULL, NULL);
    }
    if (permitted && out && walk->ruleset->nat_view == FW_NAT_VIEW_WIRE) {
        fw_eval_translate(walk, FW_NAT_VIEW_WIRE);
    }
    if (permitted && out) {
        const struct fw_eval before = *walk;
        if (fw_eval_policy(walk, out, &undecided) && in) {
            walk->policy = before.policy; /* the list where it came in let it through first */
            walk->rule = before.rule;
            walk->by_default = before.by_default;
        }
    }
}

/* Any list that is applied may be the one; when none is applied, any list at all. */
void fw_eval_anywhere(struct fw_eval *walk)
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
        fw_eval_policy(walk, policy, &undecided);
    } else {
        bool permitted = true;
        walk_zones(walk, policy, bound_at(walk, PLACE_GLOBAL, FW_SV("")), NULL, &permitted);
    }
}
