/* The model's small questions: names, what an action means, pattern matching, finding. */
#include "policy/model.h"

static const char *const action_names[FW_ACTION_COUNT] = {
    [FW_ACTION_PERMIT] = "permit",     [FW_ACTION_DENY] = "deny", [FW_ACTION_REJECT] = "reject",
    [FW_ACTION_JUMP] = "jump",         [FW_ACTION_GOTO] = "goto", [FW_ACTION_RETURN] = "return",
    [FW_ACTION_CONTINUE] = "continue", [FW_ACTION_DNAT] = "dnat", [FW_ACTION_SNAT] = "snat",
    [FW_ACTION_UNKNOWN] = "unknown",
};

const char *fw_action_name(enum fw_action action)
{
    return action < FW_ACTION_COUNT ? action_names[action] : "?";
}

static const char *const hook_names[FW_HOOK_COUNT] = {
    [FW_HOOK_NONE] = "none",     [FW_HOOK_PREROUTING] = "prerouting",
    [FW_HOOK_INPUT] = "input",   [FW_HOOK_FORWARD] = "forward",
    [FW_HOOK_OUTPUT] = "output", [FW_HOOK_POSTROUTING] = "postrouting",
};

const char *fw_hook_name(enum fw_hook hook)
{
    return hook < FW_HOOK_COUNT ? hook_names[hook] : "?";
}

static const char *const state_names[FW_STATE_COUNT] = {
    [FW_STATE_NEW] = "new",
    [FW_STATE_ESTABLISHED] = "established",
    [FW_STATE_RELATED] = "related",
    [FW_STATE_INVALID] = "invalid",
    [FW_STATE_UNTRACKED] = "untracked",
};

const char *fw_state_name(enum fw_state state)
{
    return state < FW_STATE_COUNT ? state_names[state] : "?";
}

static const char *const object_names[FW_OBJECT_COUNT] = {
    [FW_OBJECT_ADDRESS] = "address",
    [FW_OBJECT_ADDRESS_GROUP] = "address group",
    [FW_OBJECT_SERVICE] = "service",
    [FW_OBJECT_SERVICE_GROUP] = "service group",
    [FW_OBJECT_PROTOCOL_GROUP] = "protocol group",
    [FW_OBJECT_ICMP_GROUP] = "icmp group",
    [FW_OBJECT_SCHEDULE] = "schedule",
    [FW_OBJECT_USER_GROUP] = "user group",
    [FW_OBJECT_ZONE] = "zone",
    [FW_OBJECT_POLICY] = "policy",
    [FW_OBJECT_OTHER] = "object",
};

const char *fw_object_kind_name(enum fw_object_kind kind)
{
    return kind < FW_OBJECT_COUNT ? object_names[kind] : "?";
}

bool fw_action_decides(enum fw_action action)
{
    return action == FW_ACTION_PERMIT || action == FW_ACTION_DENY || action == FW_ACTION_REJECT;
}

bool fw_action_same(enum fw_action a, enum fw_action b)
{
    return a == b;
}

bool fw_rule_is_remark(const struct fw_rule *rule)
{
    return rule->implied || (rule->action == FW_ACTION_CONTINUE && rule->match.n == 0 &&
                             !rule->log && !rule->sets_mark);
}

size_t fw_policy_written(const struct fw_policy *policy)
{
    size_t n = 0;
    for (size_t i = 0; i < policy->n; i++) {
        n += !policy->rules[i].implied;
    }
    return n;
}

enum fw_action fw_rule_fate(const struct fw_rule *rule)
{
    if (fw_action_decides(rule->action)) {
        return rule->action;
    }
    return rule->jump ? rule->jump->fate : FW_ACTION_COUNT;
}

static bool takes_all_addresses(const struct fw_ipset *set, unsigned families)
{
    for (unsigned bit = FW_FAMILY_BIT4; set && bit <= FW_FAMILY_BIT6; bit <<= 1) {
        fw_iprange whole = fw_iprange_all(bit == FW_FAMILY_BIT4 ? FW_IPV4 : FW_IPV6);
        struct fw_ipset all = {1, &whole};
        if ((families & bit) != 0 && !fw_ipset_contains(set, &all)) {
            return false;
        }
    }
    return true;
}

bool fw_term_takes_all(const struct fw_term *term, unsigned families)
{
    unsigned seen = families ? families : FW_FAMILY_BOTH;
    return term->natoms == 0 && !term->in && !term->out && !term->proto && !term->sport &&
           !term->dport && !term->icmp && !term->flags && !term->state &&
           takes_all_addresses(term->src, seen) && takes_all_addresses(term->dst, seen);
}

bool fw_rule_is_final_refusal(const struct fw_policy *policy, const struct fw_rule *rule)
{
    enum fw_action fate = fw_rule_fate(rule);
    if (fate != FW_ACTION_DENY && fate != FW_ACTION_REJECT) {
        return false;
    }
    for (const struct fw_rule *later = rule + 1; later < policy->rules + policy->n; later++) {
        if (later->enabled && later->action != FW_ACTION_CONTINUE) {
            return false;
        }
    }
    for (size_t t = 0; t < rule->match.n; t++) {
        if (fw_term_takes_all(&rule->match.terms[t], policy->families)) {
            return true;
        }
    }
    return false;
}

bool fw_rule_exact(const struct fw_rule *rule)
{
    for (size_t i = 0; i < rule->match.n; i++) {
        if (rule->match.terms[i].natoms > 0) {
            return false;
        }
    }
    return rule->action != FW_ACTION_UNKNOWN;
}

void fw_ruleset_add(struct fw_arena *arena, struct fw_ruleset *ruleset, struct fw_policy *policy)
{
    ruleset->policies = fw_arena_push(arena, ruleset->policies, ruleset->npolicies,
                                      sizeof(*ruleset->policies));
    ruleset->policies[ruleset->npolicies++] = policy;
}

void fw_ruleset_add_setting(struct fw_arena *arena, struct fw_ruleset *ruleset,
                            struct fw_setting setting)
{
    struct fw_setting *all = (struct fw_setting *)ruleset->settings; /* ours until sealed */
    all = fw_arena_push(arena, all, ruleset->nsettings, sizeof(*all));
    all[ruleset->nsettings++] = setting;
    ruleset->settings = all;
}

struct fw_interface *fw_ruleset_add_interface(struct fw_arena *arena, struct fw_ruleset *ruleset,
                                              fw_sv name, fw_span span)
{
    struct fw_interface *all = (struct fw_interface *)ruleset->interfaces;
    all = fw_arena_push(arena, all, ruleset->ninterfaces, sizeof(*all));
    struct fw_interface *interface = &all[ruleset->ninterfaces++];
    *interface = (struct fw_interface){.name = name, .device = name, .span = span};
    ruleset->interfaces = all;
    return interface;
}

void fw_interface_add_address(struct fw_arena *arena, struct fw_interface *interface,
                              fw_iprange network, fw_ip own)
{
    fw_iprange *networks = (fw_iprange *)interface->addresses;
    fw_ip *mine = (fw_ip *)interface->own;
    interface->routed |= own.family == FW_IPV6 ? FW_FAMILY_BIT6 : FW_FAMILY_BIT4;
    networks = fw_arena_push(arena, networks, interface->naddresses, sizeof(*networks));
    mine = fw_arena_push(arena, mine, interface->nown, sizeof(*mine));
    networks[interface->naddresses++] = network;
    mine[interface->nown++] = own;
    interface->addresses = networks;
    interface->own = mine;
}

void fw_rule_refer(struct fw_arena *arena, struct fw_rule *rule, struct fw_object *object)
{
    struct fw_object **objects = (struct fw_object **)rule->objects;
    objects = fw_arena_push(arena, objects, rule->nobjects, sizeof(*objects));
    objects[rule->nobjects++] = object;
    rule->objects = objects;
}

const struct fw_policy *fw_ruleset_find(const struct fw_ruleset *ruleset, fw_sv name)
{
    for (size_t i = 0; i < ruleset->npolicies; i++) {
        if (fw_sv_eq(ruleset->policies[i]->name, name)) {
            return ruleset->policies[i];
        }
    }
    return NULL;
}

bool fw_policy_same_name(const struct fw_policy *a, const struct fw_policy *b)
{
    return fw_sv_eq(a->name, b->name) && fw_sv_eq(a->table, b->table) && a->families == b->families;
}

static const struct fw_policy *find_same(const struct fw_ruleset *ruleset,
                                         const struct fw_policy *policy)
{
    for (size_t i = 0; i < ruleset->npolicies; i++) {
        if (fw_policy_same_name(ruleset->policies[i], policy)) {
            return ruleset->policies[i];
        }
    }
    return NULL;
}

const struct fw_policy *fw_ruleset_counterpart(const struct fw_ruleset *own,
                                               const struct fw_policy *policy,
                                               const struct fw_ruleset *other)
{
    const struct fw_policy *found = find_same(other, policy);
    for (size_t i = 0; !found && i < other->npolicies; i++) {
        const struct fw_policy *like = other->policies[i];
        if (fw_sv_eq(like->name, policy->name) && like->decides == policy->decides &&
            !find_same(own, like)) {
            found = like;
        }
    }
    return found;
}

static bool has_binding(const struct fw_policy *policy, const struct fw_binding *binding)
{
    for (size_t i = 0; i < policy->nbindings; i++) {
        if (fw_sv_eq(policy->bindings[i].in, binding->in) &&
            fw_sv_eq(policy->bindings[i].out, binding->out)) {
            return true;
        }
    }
    return false;
}

bool fw_policy_same_bindings(const struct fw_policy *a, const struct fw_policy *b)
{
    bool same = a->nbindings == b->nbindings;
    for (size_t i = 0; i < a->nbindings && same; i++) {
        same = has_binding(b, &a->bindings[i]);
    }
    return same;
}

const struct fw_interface *fw_ruleset_interface(const struct fw_ruleset *ruleset, fw_sv name)
{
    for (size_t i = 0; i < ruleset->ninterfaces; i++) {
        const struct fw_interface *interface = &ruleset->interfaces[i];
        if (fw_sv_eq(interface->name, name) || fw_sv_eq(interface->device, name)) {
            return interface;
        }
    }
    return NULL;
}

bool fw_name_matches(fw_sv pattern, fw_sv name)
{
    if (pattern.n > 0 && pattern.p[pattern.n - 1] == '+') {
        size_t n = pattern.n - 1;
        return name.n >= n && (n == 0 || memcmp(pattern.p, name.p, n) == 0);
    }
    return fw_sv_eq(pattern, name);
}

bool fw_nameset_has(const struct fw_nameset *set, fw_sv name)
{
    for (size_t i = 0; i < set->n; i++) {
        if (fw_name_matches(set->v[i], name)) {
            return !set->negated;
        }
    }
    return set->negated;
}
