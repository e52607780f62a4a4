/* Firewall filters of Junos: their terms, and where they are applied. Juniper, Routing Policies
 * User Guide, "How standard firewall filters evaluate packets": the first term that matches
 * decides, a term without a verdict accepts, and what none matches is discarded. */
#include "core/index.h"
#include "parsers/junos.h"
#include "parsers/maker.h"

static struct fw_node *firewall_of(struct fw_jun *jun)
{
    return fw_tree_use(&jun->tree, jun->tree.root, "firewall", NULL);
}

/* May the policer drop what is too much? Others only mark it. */
static bool drops(struct fw_jun *jun, fw_sv name)
{
    struct fw_node *list = fw_tree_use(&jun->tree, firewall_of(jun), "policer", NULL);
    struct fw_node *policer = fw_tree_find(&jun->tree, list, name);
    return !policer || fw_tree_at(&jun->tree, policer, "then", "discard", NULL);
}

static void act(struct fw_jun_making *making)
{
    static const struct {
        const char *word;
        enum fw_action action;
    } verdicts[] = {
        {"accept", FW_ACTION_PERMIT},  {"decapsulate", FW_ACTION_PERMIT},
        {"discard", FW_ACTION_DENY},   {"encapsulate", FW_ACTION_PERMIT},
        {"next", FW_ACTION_CONTINUE},  {"next-interface", FW_ACTION_PERMIT},
        {"next-ip", FW_ACTION_PERMIT}, {"next-ip6", FW_ACTION_PERMIT},
        {"reject", FW_ACTION_REJECT},  {"routing-instance", FW_ACTION_PERMIT},
    };
    struct fw_jun *jun = making->jun;
    struct fw_rule *rule = making->rule;
    struct fw_node *then = fw_tree_key(&jun->tree, making->entry, "then");
    rule->action = FW_ACTION_PERMIT;
    rule->target = FW_SV("accept");
    for (struct fw_node *word = then ? then->child : NULL; word; word = word->next) {
        for (size_t i = 0; i < sizeof(verdicts) / sizeof(verdicts[0]); i++) {
            if (fw_sv_is(word->name, verdicts[i].word)) {
                rule->action = verdicts[i].action;
                rule->target = word->name;
                fw_node_mark(word, FW_LINE_USED);
                fw_node_below(word, FW_LINE_USED);
            }
        }
        if (fw_sv_is(word->name, "log") || fw_sv_is(word->name, "syslog")) {
            rule->log = true;
            fw_node_mark(word, FW_LINE_USED);
        }
    }
    struct fw_node *policer = fw_tree_key(&jun->tree, then, "policer");
    policer = policer ? policer : fw_tree_key(&jun->tree, then, "three-color-policer");
    if (policer && drops(jun, fw_node_value(policer))) {
        fw_jun_atom(making, FW_ATOM_VARYING, "policer", policer);
    }
    if (then) {
        fw_jun_rest(jun, "then", then);
        fw_jun_widen(making, then);
    }
}

static void read_term(struct fw_jun *jun, struct fw_node *entry, unsigned families,
                      struct fw_rule *rule)
{
    struct fw_jun_making making;
    fw_jun_begin(&making, jun, entry, rule, families);
    fw_jun_match(&making, fw_tree_use(&jun->tree, entry, "from", NULL), families);
    act(&making);
    struct fw_node *nested = fw_tree_use(&jun->tree, entry, "filter", NULL);
    if (nested) { /* another filter decides; what it leaves open, the next term */
        struct fw_node *name = nested->last;
        struct fw_thing *thing = name ? fw_things_find(&jun->things, FW_SV("global"), FW_JUN_FILTER,
                                                       name->name)
                                      : NULL;
        if (name && !thing) {
            thing = fw_jun_missing(jun, FW_SV("global"), FW_JUN_FILTER, name);
        }
        if (thing) {
            fw_rule_refer(&jun->doc->arena, rule, thing->object);
        }
        fw_node_below(nested, FW_LINE_USED);
        rule->action = FW_ACTION_UNKNOWN;
    }
    fw_jun_rest(jun, "term", entry);
    fw_jun_widen(&making, entry);
    fw_jun_end(&making);
    fw_arena_reset(&jun->doc->scratch);
}

/* --- filters --- */

/* One filter of one family; it becomes a policy where it is applied, and one of its own when it is
 * not. */
struct filter {
    struct fw_node *node;
    unsigned families;
    struct fw_object *object;
    bool bound;
    size_t next; /* of the same name; SIZE_MAX: none */
};

struct filters {
    struct fw_jun *jun;
    size_t n;
    struct filter *v;
    struct fw_index names; /* of filters, the first of its name */
    size_t npolicies;
    struct fw_policy **policies; /* those of filters */
    struct fw_index places;      /* of policies, by hook, families and name */
};

static void add_filters(struct filters *all, struct fw_node *list, unsigned families)
{
    struct fw_jun *jun = all->jun;
    fw_node_mark(list, FW_LINE_USED);
    for (struct fw_node *node = list ? list->child : NULL; node; node = node->next) {
        struct fw_thing *thing = fw_things_add(&jun->things, FW_SV("global"), FW_JUN_FILTER,
                                               node->name, FW_OBJECT_POLICY);
        fw_node_mark(node, FW_LINE_USED);
        thing->object->defined = true;
        thing->object->span = thing->object->span.line ? thing->object->span : node->span;
        all->v = fw_arena_push(&jun->doc->arena, all->v, all->n, sizeof(*all->v));
        all->v[all->n] = (struct filter){node, families, thing->object, false, SIZE_MAX};
        if (!fw_index_add(&all->names, node->name, all->n)) {
            size_t *next = &all->v[fw_index_find(&all->names, node->name)].next;
            while (*next != SIZE_MAX) { /* no more than there are families */
                next = &all->v[*next].next;
            }
            *next = all->n;
        }
        all->n++;
    }
}

/* Of several families one name may be a filter each. */
static struct filter *find_filter(struct filters *all, fw_sv name, unsigned family)
{
    for (size_t at = fw_index_find(&all->names, name); at != SIZE_MAX; at = all->v[at].next) {
        if ((all->v[at].families & family) != 0) {
            return &all->v[at];
        }
    }
    return NULL;
}

static void add_terms(struct filters *all, struct filter *filter, struct fw_policy *policy)
{
    struct fw_jun *jun = all->jun;
    struct fw_node *terms = fw_tree_use(&jun->tree, filter->node, "term", NULL);
    bool plain = fw_tree_at(&jun->tree, filter->node, "then", NULL) ||
                 fw_tree_at(&jun->tree, filter->node, "from", NULL);
    for (struct fw_node *term = plain   ? filter->node
                                : terms ? terms->child
                                        : NULL;
         term; term = plain ? NULL : term->next) {
        policy->rules = fw_arena_push(&jun->doc->arena, policy->rules, policy->n,
                                      sizeof(*policy->rules));
        struct fw_rule *rule = &policy->rules[policy->n++];
        read_term(jun, term, policy->families, rule);
        rule->position = (uint32_t)policy->n;
    }
    if (!plain) {
        fw_jun_rest(jun, "filter", filter->node);
    }
    if (filter->node->cut) {
        fw_policy_cut(jun->doc, &jun->pool, policy);
    }
}

/* The policy of some filters one after the other, at a hook; made when it is first asked for. */
static struct fw_policy *policy_of(struct filters *all, fw_sv name, struct filter *const *v,
                                   size_t n, enum fw_hook hook, unsigned families, fw_span span)
{
    struct fw_arena *arena = &all->jun->doc->arena;
    fw_sv key = fw_arena_printf(arena, "%u %u %zu %.*s", (unsigned)hook, families, n,
                                FW_SV_ARG(name));
    size_t at = fw_index_find(&all->places, key);
    if (at != SIZE_MAX) {
        return all->policies[at];
    }
    fw_index_add(&all->places, key, all->npolicies);
    struct fw_policy *policy = fw_new(arena, struct fw_policy);
    policy->name = name;
    policy->decides = true;
    policy->hook = hook;
    policy->families = families;
    policy->fallback = FW_ACTION_DENY;
    policy->span = span;
    for (size_t i = n; i-- > 0;) {
        policy->span = v[i] ? v[i]->node->span : policy->span;
    }
    for (size_t i = 0; i < n; i++) {
        if (v[i]) {
            add_terms(all, v[i], policy);
            v[i]->bound = true;
        } else {
            fw_policy_unread(all->jun->doc, &all->jun->pool, policy, FW_SV("undefined filter"),
                             policy->span);
        }
    }
    all->policies = fw_arena_push(arena, all->policies, all->npolicies, sizeof(policy));
    all->policies[all->npolicies++] = policy;
    fw_ruleset_add(arena, all->jun->ruleset, policy);
    return policy;
}

/* "filter { input F; }", "filter { input-list [ F G ]; }", below an interface's family. */
static void apply(struct filters *all, fw_sv interface, struct fw_node *key, unsigned family,
                  bool out)
{
    struct fw_jun *jun = all->jun;
    struct fw_arena *arena = &jun->doc->arena;
    struct filter **v = fw_new_array(arena, key ? key->n : 0, struct filter *);
    fw_sv *names = fw_new_array(arena, key ? key->n : 0, fw_sv);
    struct filter *first = NULL;
    size_t n = 0;
    for (struct fw_node *one = key ? key->child : NULL; one; one = one->next) {
        struct filter *filter = find_filter(all, one->name, family);
        if (fw_sv_is(one->name, "precedence")) {
            continue;
        }
        if (filter) {
            filter->object->uses++;
        } else {
            fw_jun_missing(jun, FW_SV("global"), FW_JUN_FILTER, one)->object->uses++;
        }
        first = first ? first : filter;
        names[n] = one->name;
        v[n++] = filter; /* NULL: what it does is not known */
    }
    if (n == 0) {
        return;
    }
    bool self = fw_sv_starts(interface, "lo0");
    enum fw_hook hook = !self ? FW_HOOK_NONE : out ? FW_HOOK_OUTPUT : FW_HOOK_INPUT;
    fw_sv name = n == 1 ? names[0] : fw_words_join(arena, names, n);
    unsigned families = n == 1 && first ? first->families : family;
    struct fw_policy *policy = policy_of(all, name, v, n, hook, families, key->span);
    struct fw_binding *bindings = (struct fw_binding *)policy->bindings; /* ours until sealed */
    bindings = fw_arena_push(arena, bindings, policy->nbindings, sizeof(*bindings));
    struct fw_binding *binding = &bindings[policy->nbindings++];
    *binding = (struct fw_binding){.span = key->span};
    if (!self) {
        *(out ? &binding->out : &binding->in) = interface;
    }
    policy->bindings = bindings;
    policy->bound = true;
}

static void apply_unit(struct filters *all, fw_sv interface, struct fw_node *unit)
{
    static const struct {
        const char *name;
        unsigned family;
    } families[] = {{"inet", FW_FAMILY_BIT4},
                    {"inet6", FW_FAMILY_BIT6},
                    {"ethernet-switching", FW_FAMILY_BOTH},
                    {"bridge", FW_FAMILY_BOTH}};
    struct fw_jun *jun = all->jun;
    for (size_t i = 0; i < sizeof(families) / sizeof(families[0]); i++) {
        struct fw_node *filter = fw_tree_use(&jun->tree, unit, "family", families[i].name, "filter",
                                             NULL);
        apply(all, interface, fw_tree_key(&jun->tree, filter, "input"), families[i].family, false);
        apply(all, interface, fw_tree_key(&jun->tree, filter, "input-list"), families[i].family,
              false);
        apply(all, interface, fw_tree_key(&jun->tree, filter, "output"), families[i].family, true);
        apply(all, interface, fw_tree_key(&jun->tree, filter, "output-list"), families[i].family,
              true);
    }
}

void fw_jun_filters(struct fw_jun *jun)
{
    static const struct {
        const char *name;
        unsigned families;
    } kinds[] = {{"any", FW_FAMILY_BOTH},  {"bridge", FW_FAMILY_BOTH},
                 {"ccc", FW_FAMILY_BOTH},  {"ethernet-switching", FW_FAMILY_BOTH},
                 {"inet", FW_FAMILY_BIT4}, {"inet6", FW_FAMILY_BIT6},
                 {"mpls", FW_FAMILY_BOTH}, {"vpls", FW_FAMILY_BOTH}};
    struct fw_arena *arena = &jun->doc->arena;
    struct filters all = {.jun = jun, .names.arena = arena, .places.arena = arena};
    struct fw_node *firewall = firewall_of(jun);
    struct fw_node *family = fw_tree_use(&jun->tree, firewall, "family", NULL);
    struct fw_node *interfaces = fw_tree_use(&jun->tree, jun->tree.root, "interfaces", NULL);
    add_filters(&all, fw_tree_use(&jun->tree, firewall, "filter", NULL), FW_FAMILY_BIT4);
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        add_filters(&all, fw_tree_use(&jun->tree, family, kinds[i].name, "filter", NULL),
                    kinds[i].families);
    }
    for (struct fw_node *one = interfaces ? interfaces->child : NULL; one; one = one->next) {
        struct fw_node *units = fw_tree_at(&jun->tree, one, "unit", NULL);
        for (struct fw_node *unit = units ? units->child : NULL; unit; unit = unit->next) {
            fw_sv name = fw_arena_printf(&jun->doc->arena, "%.*s.%.*s", FW_SV_ARG(one->name),
                                         FW_SV_ARG(unit->name));
            apply_unit(&all, name, unit);
        }
    }
    for (size_t i = 0; i < all.n; i++) {
        struct filter *one = &all.v[i];
        if (!one->bound) {
            policy_of(&all, one->node->name, &one, 1, FW_HOOK_NONE, one->families, one->node->span);
        }
    }
    if (firewall) {
        fw_jun_rest(jun, "firewall", firewall);
    }
}
