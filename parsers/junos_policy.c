/* Security policies of an SRX: those between two zones, then the global ones, then the default.
 * Juniper, Security Policies User Guide, "Security policies overview" and "Global policies". */
#include "parsers/junos.h"
#include "parsers/maker.h"

/* The addresses of a keyword, in the books of the zone. */
static struct fw_choice addresses(struct fw_jun_making *making, struct fw_node *key, fw_sv zone)
{
    struct fw_jun *jun = making->jun;
    struct fw_choosing choosing;
    fw_choosing_init(&choosing, &jun->doc->scratch);
    for (struct fw_node *name = key->child; name; name = name->next) {
        struct fw_thing *thing = fw_jun_address(jun, zone, name->name);
        if (fw_sv_is(name->name, FW_TREE_NOTE)) {
            continue;
        }
        if (!thing && fw_sv_is(name->name, "any")) {
            fw_choosing_term(&choosing, (struct fw_term){0});
        } else if (!thing && fw_sv_is(name->name, "any-ipv4")) {
            fw_choosing_range(&choosing, fw_iprange_all(FW_IPV4));
        } else if (!thing && fw_sv_is(name->name, "any-ipv6")) {
            fw_choosing_range(&choosing, fw_iprange_all(FW_IPV6));
        } else if (!thing) {
            thing = fw_jun_missing(jun, zone, FW_JUN_ADDRESS, name);
            fw_rule_refer(&jun->doc->arena, making->rule, thing->object);
            fw_choosing_add(&choosing,
                            fw_choice_opaque(&jun->doc->scratch, "undefined", name->name, false));
        } else {
            fw_rule_refer(&jun->doc->arena, making->rule, thing->object);
            fw_choosing_add(&choosing, thing->choice);
        }
    }
    return fw_choosing_done(&choosing);
}

/* Which part is missing differs from rule to rule. */
static void incomplete(struct fw_jun_making *making)
{
    fw_terms_atom(&making->terms, fw_atom_make(FW_ATOM_VARYING, FW_SV("incomplete"), false));
}

static void side(struct fw_jun_making *making, struct fw_node *match, const char *name,
                 const char *excluded, fw_sv zone, bool destination)
{
    struct fw_node *key = fw_tree_key(&making->jun->tree, match, name);
    bool negated = fw_tree_key(&making->jun->tree, match, excluded) != NULL;
    if (key && key->n > 0) {
        fw_terms_addresses(&making->terms, addresses(making, key, zone), destination, negated);
    } else {
        incomplete(making);
    }
}

static void applications(struct fw_jun_making *making, struct fw_node *match)
{
    struct fw_jun *jun = making->jun;
    struct fw_node *key = fw_tree_key(&jun->tree, match, "application");
    struct fw_choosing choosing;
    fw_choosing_init(&choosing, &jun->doc->scratch);
    for (struct fw_node *name = key ? key->child : NULL; name; name = name->next) {
        struct fw_thing *thing = fw_jun_application(jun, name->name);
        if (fw_sv_is(name->name, FW_TREE_NOTE)) {
            continue;
        }
        if (!thing) {
            thing = fw_jun_missing(jun, FW_SV("applications"), FW_JUN_APPLICATION, name);
            fw_choosing_add(&choosing,
                            fw_choice_opaque(&jun->doc->scratch, "undefined", name->name, false));
        } else {
            fw_choosing_add(&choosing, thing->choice);
        }
        fw_rule_refer(&jun->doc->arena, making->rule, thing->object);
    }
    if (key && key->n > 0) {
        fw_terms_services(&making->terms, fw_choosing_done(&choosing), false);
    } else if (!fw_tree_find(&jun->tree, match, FW_SV("dynamic-application"))) {
        incomplete(making);
    }
}

/* Conditions that are no part of a packet's head. */
static void conditions(struct fw_jun_making *making, struct fw_node *match)
{
    static const char *const keys[] = {"dscp", "dynamic-application", "source-end-user-profile",
                                       "source-identity", "url-category"};
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
        struct fw_node *key = fw_tree_key(&making->jun->tree, match, keys[i]);
        if (key && !fw_tree_find(&making->jun->tree, key, FW_SV("any"))) {
            fw_jun_atom(making, FW_ATOM_FIXED, keys[i], key);
        }
    }
}

static void zones(struct fw_jun_making *making, struct fw_node *match, const char *name, bool out)
{
    struct fw_node *key = fw_tree_key(&making->jun->tree, match, name);
    fw_sv *names = fw_new_array(&making->jun->doc->scratch, key ? key->n : 0, fw_sv);
    size_t n = 0;
    for (struct fw_node *one = key ? key->child : NULL; one; one = one->next) {
        struct fw_thing *zone = fw_things_find(&making->jun->things, FW_SV("zones"), FW_JUN_ZONE,
                                               one->name);
        if (fw_sv_is(one->name, "any")) {
            return;
        }
        if (zone) {
            zone->object->uses++;
        }
        names[n++] = one->name;
    }
    if (n > 0) {
        fw_terms_names(&making->terms, names, n, out, false);
    }
}

static void act(struct fw_jun_making *making)
{
    struct fw_jun *jun = making->jun;
    struct fw_rule *rule = making->rule;
    struct fw_node *then = fw_tree_use(&jun->tree, making->entry, "then", NULL);
    rule->action = FW_ACTION_UNKNOWN;
    for (struct fw_node *word = then ? then->child : NULL; word; word = word->next) {
        enum fw_action action = fw_sv_is(word->name, "permit")   ? FW_ACTION_PERMIT
                                : fw_sv_is(word->name, "deny")   ? FW_ACTION_DENY
                                : fw_sv_is(word->name, "reject") ? FW_ACTION_REJECT
                                                                 : FW_ACTION_UNKNOWN;
        if (action != FW_ACTION_UNKNOWN) {
            rule->action = action;
            rule->target = word->name;
            fw_node_mark(word, FW_LINE_USED);
        }
    }
    if (rule->action == FW_ACTION_UNKNOWN) {
        fw_doc_warn(jun->doc, FW_DIAG_ID_BAD_VALUE, making->entry->span.line, making->entry->name,
                    "a policy needs an action");
    }
    struct fw_node *log = fw_tree_key(&jun->tree, then, "log");
    rule->log = log && log->n > 0;
    struct fw_node *permit = fw_tree_at(&jun->tree, then, "permit", NULL);
    struct fw_node *asks = fw_tree_key(&jun->tree, permit, "firewall-authentication");
    if (asks) {
        fw_jun_atom(making, FW_ATOM_FIXED, "firewall-authentication", asks);
    }
    struct fw_node *translated = fw_tree_key(&jun->tree, permit, "destination-address");
    if (translated) {
        fw_jun_atom(making, FW_ATOM_FIXED, "destination-address", translated);
    }
    if (permit) {
        fw_jun_rest(jun, "permit", permit);
        fw_jun_widen(making, permit);
    }
    if (then) {
        fw_jun_rest(jun, "policy then", then);
        fw_jun_widen(making, then);
    }
}

static void read_rule(struct fw_jun *jun, struct fw_node *entry, fw_sv from, fw_sv to,
                      struct fw_rule *rule)
{
    struct fw_jun_making making;
    fw_jun_begin(&making, jun, entry, rule, FW_FAMILY_BOTH);
    struct fw_node *match = fw_tree_use(&jun->tree, entry, "match", NULL);
    zones(&making, match, "from-zone", false);
    zones(&making, match, "to-zone", true);
    side(&making, match, "source-address", "source-address-excluded", from, false);
    side(&making, match, "destination-address", "destination-address-excluded", to, true);
    applications(&making, match);
    conditions(&making, match);
    act(&making);
    struct fw_node *schedule = fw_tree_key(&jun->tree, entry, "scheduler-name");
    if (schedule) {
        fw_jun_atom(&making, FW_ATOM_TIME, "scheduler", schedule);
    }
    for (struct fw_node *key = match ? match->child : NULL; key; key = key->next) {
        if (key->verdict == FW_LINE_NONE && !fw_sv_is(key->name, FW_TREE_NOTE) &&
            !fw_sv_starts(key->name, "apply-")) {
            fw_jun_unknown(&making, key);
        }
    }
    fw_jun_rest(jun, "policy", entry);
    fw_jun_widen(&making, entry);
    fw_jun_end(&making);
    fw_arena_reset(&jun->doc->scratch);
}

static enum fw_action default_of(struct fw_jun *jun, struct fw_node *policies, fw_span *ret_span)
{
    struct fw_node *key = fw_tree_key(&jun->tree, policies, "default-policy");
    *ret_span = key ? key->span : (fw_span){0};
    return fw_sv_is(fw_node_value(key), "permit-all") ? FW_ACTION_PERMIT : FW_ACTION_DENY;
}

/* `cut`: more may follow. */
static void read_list(struct fw_jun *jun, struct fw_node *list, fw_sv name, fw_sv from, fw_sv to,
                      enum fw_action fallback, fw_span fallback_span, bool cut)
{
    struct fw_arena *arena = &jun->doc->arena;
    struct fw_policy *policy = fw_new(arena, struct fw_policy);
    struct fw_node *entries = fw_tree_use(&jun->tree, list, "policy", NULL);
    policy->name = name;
    policy->decides = true;
    policy->families = FW_FAMILY_BOTH;
    policy->fallback = fallback;
    policy->fallback_explicit = fallback_span.line > 0 && fallback != FW_ACTION_RETURN;
    policy->fallback_span = fallback_span;
    policy->span = list ? list->span : fallback_span;
    policy->bound = true;
    policy->nbindings = 1;
    struct fw_binding *binding = fw_new(arena, struct fw_binding);
    *binding = (struct fw_binding){from, to, policy->span};
    policy->bindings = binding;
    fw_node_mark(list, FW_LINE_USED);
    for (struct fw_node *entry = entries ? entries->child : NULL; entry; entry = entry->next) {
        policy->rules = fw_arena_push(arena, policy->rules, policy->n, sizeof(*policy->rules));
        struct fw_rule *rule = &policy->rules[policy->n++];
        read_rule(jun, entry, from, to, rule);
        rule->position = (uint32_t)policy->n;
    }
    if (list) {
        fw_jun_rest(jun, "policies", list);
    }
    if (cut) {
        fw_policy_cut(jun->doc, &jun->pool, policy);
    }
    fw_ruleset_add(arena, jun->ruleset, policy);
}

static void use_zone(struct fw_jun *jun, struct fw_node *name)
{
    struct fw_thing *zone = fw_things_find(&jun->things, FW_SV("zones"), FW_JUN_ZONE, name->name);
    if (!zone && !fw_sv_is(name->name, "junos-host") && !fw_sv_is(name->name, "any")) {
        zone = fw_jun_missing(jun, FW_SV("zones"), FW_JUN_ZONE, name);
    }
    if (zone) {
        zone->object->uses++;
    }
}

void fw_jun_policies(struct fw_jun *jun)
{
    struct fw_node *security = fw_tree_use(&jun->tree, jun->tree.root, "security", NULL);
    struct fw_node *policies = fw_tree_use(&jun->tree, security, "policies", NULL);
    struct fw_node *froms = fw_tree_use(&jun->tree, policies, "from-zone", NULL);
    struct fw_node *global = fw_tree_use(&jun->tree, policies, "global", NULL);
    fw_span span;
    enum fw_action fallback = default_of(jun, policies, &span);
    bool globals = global && global->n > 0;
    bool cut = policies && policies->cut;
    for (struct fw_node *from = froms ? froms->child : NULL; from; from = from->next) {
        struct fw_node *tos = fw_tree_use(&jun->tree, from, "to-zone", NULL);
        fw_node_mark(from, FW_LINE_USED);
        use_zone(jun, from);
        for (struct fw_node *to = tos ? tos->child : NULL; to; to = to->next) {
            use_zone(jun, to);
            read_list(jun, to,
                      fw_arena_printf(&jun->doc->arena, "from-zone %.*s to-zone %.*s",
                                      FW_SV_ARG(from->name), FW_SV_ARG(to->name)),
                      from->name, to->name, globals ? FW_ACTION_RETURN : fallback, span, cut);
        }
    }
    if (policies || jun->ruleset->zoned) {
        read_list(jun, global, FW_SV("global"), (fw_sv){0}, (fw_sv){0}, fallback, span, cut);
    }
    if (policies) {
        fw_jun_rest(jun, "policies", policies);
    }
}
