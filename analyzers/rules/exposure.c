/* The flows of a device, laid over the zones of the site. */
#include "analyzers/rules/exposure.h"

#include <string.h>

#include "analyzers/rules/zones.h"
#include "core/limits.h"
#include "policy/eval.h"
#include "policy/unlisted.h"

bool fw_exposure_transit(const struct fw_ruleset *ruleset, const struct fw_policy *policy)
{
    if (!policy->decides || policy->hook == FW_HOOK_INPUT || policy->hook == FW_HOOK_OUTPUT) {
        return false;
    }
    bool bound = false;
    for (size_t p = 0; p < ruleset->npolicies; p++) {
        const struct fw_policy *other = ruleset->policies[p];
        bound = bound || (other->decides && (other->hook != FW_HOOK_NONE || other->nbindings > 0));
    }
    /* Where nothing is applied, as in a piece of a configuration, every list is what it is about.
     */
    return policy->hook != FW_HOOK_NONE || policy->nbindings > 0 || !bound;
}

/* --- which policies a packet meets ---------------------------------------------------------- */

struct laying {
    struct fw_arena *arena;
    struct fw_exposure *exposure;
    const struct fw_ruleset *ruleset;
    uint32_t from, to;
    struct fw_term region; /* of the pair of zones */
    unsigned way;          /* doubts that everything on this device has */
};

/* Something besides the filter may stop or rewrite what is forwarded. */
static unsigned doubt_of_tables(const struct fw_ruleset *ruleset)
{
    for (size_t p = 0; p < ruleset->npolicies; p++) {
        const struct fw_policy *policy = ruleset->policies[p];
        for (size_t r = 0; !policy->decides && policy->hook != FW_HOOK_NONE && r < policy->n; r++) {
            const struct fw_rule *rule = &policy->rules[r];
            bool harmless = rule->action == FW_ACTION_PERMIT ||
                            rule->action == FW_ACTION_CONTINUE ||
                            rule->action == FW_ACTION_RETURN || rule->action == FW_ACTION_SNAT;
            if (rule->enabled && !harmless) {
                return FW_DOUBT_PATH;
            }
        }
    }
    return 0;
}

static void keep(struct laying *laying, const struct fw_flow *flow, const struct fw_term *term,
                 unsigned doubt)
{
    struct fw_exposure *exposure = laying->exposure;
    if (exposure->ncrossings == FW_LIMIT_CROSSINGS) {
        exposure->cut = true;
        return;
    }
    exposure->crossings = fw_arena_push(laying->arena, exposure->crossings, exposure->ncrossings,
                                        sizeof(*exposure->crossings));
    exposure->crossings[exposure->ncrossings++] = (struct fw_crossing){
        laying->from, laying->to, flow, *term, flow->doubt | doubt | laying->way};
}

/* What an access list on the way out leaves of a part; all of it when there is none. */
static void keep_out(struct laying *laying, const struct fw_flow *flow, const struct fw_term *term,
                     const struct fw_policy *out, unsigned doubt)
{
    const struct fw_flows *flows = &laying->exposure->flows;
    if (!out) {
        keep(laying, flow, term, doubt);
        return;
    }
    for (size_t i = 0; i < flows->n; i++) {
        const struct fw_flow *next = &flows->v[i];
        struct fw_term both;
        if (next->policy == out && next->family == flow->family &&
            fw_term_overlaps(term, &next->term) &&
            fw_term_meet(laying->arena, term, &next->term, &both)) {
            keep(laying, flow, &both, doubt | next->doubt);
        }
    }
}

/* The flows of one policy within the region. */
static void lay(struct laying *laying, const struct fw_policy *policy, const struct fw_term *region,
                const struct fw_policy *out, unsigned doubt)
{
    const struct fw_flows *flows = &laying->exposure->flows;
    for (size_t r = 0; r < flows->nrules; r++) {
        const struct fw_rule_flows *rule = &flows->rules[r];
        for (size_t i = rule->first; rule->policy == policy && i < rule->first + rule->n; i++) {
            struct fw_term both;
            if (fw_term_overlaps(&flows->v[i].term, region) &&
                fw_term_meet(laying->arena, &flows->v[i].term, region, &both)) {
                keep_out(laying, &flows->v[i], &both, out, doubt);
            }
        }
    }
}

/* The place itself, or an interface of the zone. */
static bool is_place(const struct fw_ruleset *ruleset, fw_sv bound, fw_sv name)
{
    const struct fw_interface *interface = ruleset->zoned ? fw_ruleset_interface(ruleset, bound)
                                                          : NULL;
    return fw_sv_eq(bound, name) || (interface && fw_sv_eq(interface->zone, name));
}

/* The access list at a place; its own name, when it is applied where the packet comes in or goes
 * out. */
static const struct fw_policy *bound_at(const struct laying *laying, bool incoming, fw_sv name,
                                        unsigned family)
{
    for (size_t p = 0; p < laying->ruleset->npolicies; p++) {
        const struct fw_policy *policy = laying->ruleset->policies[p];
        for (size_t b = 0; policy->decides && b < policy->nbindings; b++) {
            fw_sv here = incoming ? policy->bindings[b].in : policy->bindings[b].out;
            fw_sv there = incoming ? policy->bindings[b].out : policy->bindings[b].in;
            if (here.n > 0 && there.n == 0 && is_place(laying->ruleset, here, name) &&
                policy->hook == FW_HOOK_NONE && (policy->families & family) != 0) {
                return policy;
            }
        }
    }
    return NULL;
}

static const struct fw_policy *bound_pair(const struct laying *laying, fw_sv in, fw_sv out,
                                          unsigned family)
{
    for (size_t p = 0; p < laying->ruleset->npolicies; p++) {
        const struct fw_policy *policy = laying->ruleset->policies[p];
        for (size_t b = 0; policy->decides && b < policy->nbindings; b++) {
            bool pair = policy->bindings[b].in.n > 0 && policy->bindings[b].out.n > 0;
            bool global = policy->bindings[b].in.n == 0 && policy->bindings[b].out.n == 0;
            if ((policy->families & family) != 0 && policy->hook == FW_HOOK_NONE &&
                (in.n > 0 ? pair && fw_sv_eq(policy->bindings[b].in, in) &&
                                fw_sv_eq(policy->bindings[b].out, out)
                          : global)) {
                return policy;
            }
        }
    }
    return NULL;
}

/* Is the interface what rules call by this name: itself, or a zone that it is in? */
static bool answers(const struct fw_ruleset *ruleset, const struct fw_interface *interface,
                    fw_sv name)
{
    return interface->name.n > 0 && fw_sv_eq(fw_zones_rule_name(ruleset, interface->name), name);
}

/* Interfaces of the two names between which the device's own default lets packets pass. */
static bool find_unlisted(const struct fw_ruleset *ruleset, fw_sv in, fw_sv out,
                          struct fw_binding *ret)
{
    for (size_t i = 0; i < ruleset->ninterfaces; i++) {
        const struct fw_interface *a = &ruleset->interfaces[i];
        for (size_t o = 0; answers(ruleset, a, in) && o < ruleset->ninterfaces; o++) {
            const struct fw_interface *b = &ruleset->interfaces[o];
            if (answers(ruleset, b, out) && fw_unlisted_passes(ruleset, a, b)) {
                *ret = (struct fw_binding){a->name, b->name, a->span};
                return true;
            }
        }
    }
    return false;
}

/* An interface without addresses in this configuration may have some of version 4: the site says
 * that a zone lies behind it. Nobody has version 6 by chance. */
static bool routes(const struct fw_ruleset *ruleset, fw_sv name, unsigned family)
{
    const struct fw_interface *interface = fw_ruleset_interface(ruleset, name);
    return ruleset->level_default || (interface->routed & family) != 0 ||
           (interface->routed == 0 && family == FW_FAMILY_BIT4);
}

/* Everything that no list decides on: the device's own default is whose it is. */
static void lay_unlisted(struct laying *laying, fw_sv in, fw_sv out, const struct fw_term *region,
                         const struct fw_policy *out_list, unsigned family, unsigned doubt)
{
    const struct fw_ruleset *ruleset = laying->ruleset;
    struct fw_binding *between = fw_new(laying->arena, struct fw_binding);
    if (!find_unlisted(ruleset, in, out, between) || !routes(ruleset, between->in, family) ||
        !routes(ruleset, between->out, family)) {
        return;
    }
    struct fw_policy *policy = fw_new(laying->arena, struct fw_policy);
    policy->name = fw_arena_printf(laying->arena, "%.*s (%s)", FW_SV_ARG(between->in),
                                   ruleset->level_default ? "security-level" : "no access-group");
    policy->span = between->span;
    policy->fallback_span = between->span;
    policy->fallback = FW_ACTION_PERMIT;
    policy->nbindings = 1;
    policy->bindings = between;
    struct fw_flow *flow = fw_new(laying->arena, struct fw_flow);
    *flow = (struct fw_flow){.policy = policy,
                             .of = policy,
                             .action = FW_ACTION_PERMIT,
                             .family = family,
                             .index = UINT32_MAX,
                             .term = *region};
    keep_out(laying, flow, region, out_list, doubt);
}

/* Zones of IOS: a pair of them decides, or what passes without one. Lists of interfaces come first
 * and last; which interface of a zone a packet takes is not known. */
static void lay_open_zones(struct laying *laying, fw_sv in, fw_sv out, const struct fw_term *region,
                           unsigned family)
{
    const struct fw_policy *pair = bound_pair(laying, in, out, family);
    bool filtered = bound_at(laying, true, in, family) || bound_at(laying, false, out, family);
    if (pair) {
        lay(laying, pair, region, NULL, filtered ? FW_DOUBT_PATH : 0);
    } else {
        lay_unlisted(laying, in, out, region, NULL, family, filtered ? FW_DOUBT_PATH : 0);
    }
}

static void lay_bound(struct laying *laying, fw_sv in, fw_sv out, unsigned family)
{
    const struct fw_ruleset *ruleset = laying->ruleset;
    const struct fw_nameset in_set = {false, 1, &in};
    const struct fw_nameset out_set = {false, 1, &out};
    struct fw_term region = laying->region;
    struct fw_term here = {.in = &in_set, .out = &out_set};
    fw_iprange all = fw_iprange_all(family == FW_FAMILY_BIT6 ? FW_IPV6 : FW_IPV4);
    const struct fw_ipset *whole = fw_ipset_make(laying->arena, &all, 1);
    here.src = whole;
    here.dst = whole;
    if (!fw_term_meet(laying->arena, &region, &here, &region)) {
        return;
    }
    region.in = NULL; /* lists that are bound do not name interfaces; a zone's name would not fit */
    region.out = NULL;
    if (ruleset->zoned) {
        region.in = fw_arena_alloc(laying->arena, sizeof(in_set));
        region.out = fw_arena_alloc(laying->arena, sizeof(out_set));
        fw_sv *names = fw_new_array(laying->arena, 2, fw_sv);
        names[0] = in;
        names[1] = out;
        *(struct fw_nameset *)(uintptr_t)region.in = (struct fw_nameset){false, 1, &names[0]};
        *(struct fw_nameset *)(uintptr_t)region.out = (struct fw_nameset){false, 1, &names[1]};
    }
    const struct fw_policy *in_list = bound_at(laying, true, in, family);
    const struct fw_policy *out_list = bound_at(laying, false, out, family);
    const struct fw_policy *pair = bound_pair(laying, in, out, family);
    const struct fw_policy *global = bound_pair(laying, FW_SV(""), FW_SV(""), family);
    if (ruleset->zones_open) {
        lay_open_zones(laying, in, out, &region, family);
        return;
    }
    if (ruleset->zoned) {
        unsigned filtered = in_list ? FW_DOUBT_PATH : 0;
        if (pair) {
            lay(laying, pair, &region, out_list, filtered);
        }
        if (global) {
            lay(laying, global, &region, out_list, filtered | (pair ? FW_DOUBT_PATH : 0));
        }
        if (in_list && !pair && !global) {
            lay(laying, in_list, &region, out_list, 0);
        }
        return;
    }
    if (in_list) {
        lay(laying, in_list, &region, out_list, 0);
    }
    if (global) {
        lay(laying, global, &region, out_list, in_list ? FW_DOUBT_PATH : 0);
    } else if (!in_list) {
        lay_unlisted(laying, in, out, &region, out_list, family, 0);
    }
}

/* --- pairs of zones ------------------------------------------------------------------------- */

static void lay_pair(struct laying *laying, bool hooks)
{
    const struct fw_device_zone *from = &laying->exposure->zones[laying->from];
    const struct fw_device_zone *to = &laying->exposure->zones[laying->to];
    laying->region = (struct fw_term){
        .src = from->addresses, .dst = to->addresses, .in = from->names, .out = to->names};
    for (size_t p = 0; hooks && p < laying->ruleset->npolicies; p++) {
        const struct fw_policy *policy = laying->ruleset->policies[p];
        if (policy->decides && policy->hook == FW_HOOK_FORWARD && policy->nbindings == 0) {
            lay(laying, policy, &laying->region, NULL, 0);
        }
    }
    for (size_t i = 0; !hooks && i < from->names->n; i++) {
        for (size_t o = 0; o < to->names->n; o++) {
            bool same = fw_sv_eq(from->names->v[i], to->names->v[o]);
            if (!same || laying->ruleset->zones_open) { /* those let pass what stays in one */
                lay_bound(laying, from->names->v[i], to->names->v[o], FW_FAMILY_BIT4);
                lay_bound(laying, from->names->v[i], to->names->v[o], FW_FAMILY_BIT6);
            }
        }
    }
}

/* From a zone to the device itself. */
static void lay_local(struct laying *laying)
{
    const struct fw_device_zone *from = &laying->exposure->zones[laying->from];
    laying->to = FW_TO_DEVICE;
    laying->region = (struct fw_term){.src = from->addresses, .in = from->names};
    for (size_t p = 0; p < laying->ruleset->npolicies; p++) {
        const struct fw_policy *policy = laying->ruleset->policies[p];
        if (policy->decides && policy->hook == FW_HOOK_INPUT) {
            lay(laying, policy, &laying->region, NULL, 0);
        }
    }
}

static void lay_zones(struct fw_arena *arena, struct fw_exposure *exposure)
{
    struct laying laying = {
        .arena = arena,
        .exposure = exposure,
        .ruleset = exposure->snapshot->ruleset,
        .way = doubt_of_tables(exposure->snapshot->ruleset),
    };
    bool hooks = false;
    for (size_t p = 0; p < laying.ruleset->npolicies; p++) {
        const struct fw_policy *policy = laying.ruleset->policies[p];
        hooks = hooks || (policy->hook != FW_HOOK_NONE && policy->nbindings == 0);
    }
    for (uint32_t from = 0; from < exposure->nzones; from++) {
        if (!exposure->zones[from].present) {
            continue;
        }
        for (uint32_t to = 0; to < exposure->nzones; to++) {
            bool one_here = exposure->zones[from].here || exposure->zones[to].here;
            if (from != to && exposure->zones[to].present && one_here) {
                laying.from = from;
                laying.to = to;
                lay_pair(&laying, hooks);
            }
        }
        laying.from = from;
        lay_local(&laying);
    }
}

static void index_rules(struct fw_arena *arena, struct fw_exposure *exposure)
{
    size_t nrules = exposure->flows.nrules;
    exposure->first_of = fw_new_array(arena, nrules + 1, uint32_t);
    exposure->by_rule = fw_new_array(arena, exposure->ncrossings + 1, uint32_t);
    uint32_t *next = fw_new_array(arena, nrules + 1, uint32_t);
    for (int fill = 0; fill < 2; fill++) {
        for (size_t i = 0; i < exposure->ncrossings; i++) {
            uint32_t rule = exposure->crossings[i].flow->index;
            if (rule >= nrules) {
                continue; /* a security level is no rule */
            }
            if (fill) {
                exposure->by_rule[next[rule]++] = (uint32_t)i;
            } else {
                exposure->first_of[rule + 1]++;
            }
        }
        for (size_t r = 0; fill == 0 && r < nrules; r++) {
            exposure->first_of[r + 1] += exposure->first_of[r];
            next[r + 1] = exposure->first_of[r + 1];
        }
    }
}

static void make(struct fw_arena *arena, const struct fw_facts *facts,
                 const struct fw_device_facts *device, struct fw_exposure *exposure)
{
    exposure->device = device;
    exposure->snapshot = fw_device_current(device);
    if (!exposure->snapshot) {
        return;
    }
    const struct fw_ruleset *ruleset = exposure->snapshot->ruleset;
    struct fw_names interfaces;
    fw_zones_interfaces(arena, facts->site, device, ruleset, &interfaces);
    fw_sv *names = fw_new_array(arena, interfaces.n + 1, fw_sv);
    for (size_t i = 0; i < interfaces.n; i++) {
        names[i] = fw_zones_rule_name(ruleset, interfaces.v[i]);
    }
    exposure->ninterfaces = interfaces.n;
    exposure->interfaces = interfaces.v;
    struct fw_flow_options options = {.nnames = interfaces.n, .names = names};
    fw_flows_make(arena, ruleset, &options, &exposure->flows);
    if (facts->site && facts->site->nzones > 0) {
        fw_zones_place(arena, facts->site, exposure);
        lay_zones(arena, exposure);
    }
    index_rules(arena, exposure);
}

struct fw_exposure *fw_exposures_make(struct fw_arena *arena, const struct fw_facts *facts)
{
    struct fw_exposure *v = fw_new_array(arena, facts->ndevices + 1, struct fw_exposure);
    for (size_t i = 0; i < facts->ndevices; i++) {
        make(arena, facts, &facts->devices[i], &v[i]);
    }
    return v;
}

/* --- how sure ------------------------------------------------------------------------------- */

static fw_sv interface_of(const struct fw_exposure *exposure, uint32_t zone)
{
    const struct fw_nameset *names = zone < exposure->nzones ? exposure->zones[zone].names : NULL;
    return names && names->n > 0 ? names->v[0] : (fw_sv){0};
}

/* Lists are met on interfaces: one of the zone. */
static fw_sv some_interface(const struct fw_ruleset *ruleset, fw_sv name)
{
    for (size_t i = 0; ruleset->zoned && i < ruleset->ninterfaces; i++) {
        const struct fw_interface *interface = &ruleset->interfaces[i];
        if (name.n > 0 && interface->name.n > 0 && fw_sv_eq(interface->zone, name)) {
            return interface->name;
        }
    }
    return name;
}

enum fw_certainty fw_crossing_certainty(struct fw_results *results,
                                        const struct fw_exposure *exposure,
                                        const struct fw_crossing *crossing,
                                        const struct fw_term *term, struct fw_packet *ret_witness)
{
    bool local = crossing->to == FW_TO_DEVICE;
    const struct fw_policy *policy = crossing->flow->policy;
    enum fw_hook hook = local                    ? FW_HOOK_INPUT
                        : policy->nbindings == 0 ? policy->hook
                                                 : FW_HOOK_NONE;
    fw_term_packet(term, hook, ret_witness);
    if (!ret_witness->has_in) {
        ret_witness->in = policy->nbindings > 0 && policy->bindings[0].in.n > 0
                              ? policy->bindings[0].in
                              : interface_of(exposure, crossing->from);
        ret_witness->has_in = ret_witness->in.n > 0;
    }
    if (!ret_witness->has_out && !local) {
        ret_witness->out = interface_of(exposure, crossing->to);
        ret_witness->has_out = ret_witness->out.n > 0;
    }
    if (crossing->doubt == 0) {
        return FW_PROVEN;
    }
    if ((crossing->doubt & ~(unsigned)FW_DOUBT_VARIES) == 0) {
        return FW_POSSIBLE;
    }
    struct fw_trace trace;
    struct fw_packet packet = *ret_witness;
    packet.in = some_interface(exposure->snapshot->ruleset, packet.in);
    packet.out = some_interface(exposure->snapshot->ruleset, packet.out);
    fw_trace_packet(results->arena, exposure->snapshot->ruleset, &packet, &trace);
    return trace.verdict == FW_VERDICT_PERMIT ? FW_PROVEN : FW_UNDETERMINED;
}
