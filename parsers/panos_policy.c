/* Rulebases in the order of their evaluation. Palo Alto Networks, Panorama Administrator's Guide,
 * "Device group policies": pre-rules of shared, then of each device group down to the device's own,
 * the device's rules, post-rules of its group up to those of shared; in the end the default rules,
 * of which the nearest one counts: within a zone everything passes, between zones nothing. */
#include "parsers/maker.h"
#include "parsers/panos.h"

struct gathering {
    struct fw_pan *pan;
    struct fw_policy *policy;
    const char *kind; /* "security", "nat" */
};

static void add_rules(struct gathering *to, const struct fw_pan_scope *scope, const char *base)
{
    struct fw_pan *pan = to->pan;
    struct fw_node *rules = fw_tree_use(&pan->tree, scope->node, base, to->kind, "rules", NULL);
    bool nat = fw_sv_is(fw_sv_from(to->kind), "nat");
    struct fw_policy *policy = to->policy;
    for (struct fw_node *entry = rules ? rules->child : NULL; entry; entry = entry->next) {
        policy->rules = fw_arena_push(&pan->doc->arena, policy->rules, policy->n,
                                      sizeof(*policy->rules));
        struct fw_rule *rule = &policy->rules[policy->n++];
        if (nat) {
            fw_pan_nat(pan, scope, entry, rule);
        } else {
            fw_pan_rule(pan, scope, entry, rule);
        }
        rule->position = (uint32_t)policy->n;
        fw_arena_reset(&pan->doc->scratch);
    }
    if (rules && policy->span.line == 0) {
        policy->span = rules->span;
    }
}

/* Everything above a scope, the outermost first. */
static size_t chain_of(const struct fw_pan_scope *scope, const struct fw_pan_scope *v[FW_PAN_CHAIN])
{
    size_t n = 0;
    for (; scope && n < FW_PAN_CHAIN; scope = scope->up) {
        v[n++] = scope;
    }
    for (size_t i = 0; i < n / 2; i++) {
        const struct fw_pan_scope *swap = v[i];
        v[i] = v[n - 1 - i];
        v[n - 1 - i] = swap;
    }
    return n;
}

static void add_all(struct gathering *to, const struct fw_pan_scope *scope)
{
    const struct fw_pan_scope *v[FW_PAN_CHAIN];
    size_t n = chain_of(scope, v);
    for (size_t i = 0; i < n; i++) {
        add_rules(to, v[i], "pre-rulebase");
    }
    for (size_t i = 0; i < n; i++) {
        add_rules(to, v[i], "rulebase");
    }
    for (size_t i = n; i-- > 0;) {
        add_rules(to, v[i], "post-rulebase");
    }
}

static struct fw_node *find_default(struct fw_pan *pan, const struct fw_pan_scope *scope,
                                    const char *name)
{
    static const char *const bases[] = {"rulebase", "post-rulebase", "pre-rulebase"};
    struct fw_node *found = NULL;
    for (; scope; scope = scope->up) {
        for (size_t i = 0; i < sizeof(bases) / sizeof(bases[0]); i++) {
            struct fw_node *rule = fw_tree_use(&pan->tree, scope->node, bases[i],
                                               "default-security-rules", "rules", name, NULL);
            found = found ? found : rule;
        }
    }
    return found;
}

/* One of the two rules at the end: as it was overridden, or as every device has it. */
static void add_default(struct gathering *to, const struct fw_pan_scope *scope, bool within)
{
    struct fw_pan *pan = to->pan;
    struct fw_policy *policy = to->policy;
    struct fw_node *entry = find_default(pan, scope,
                                         within ? "intrazone-default" : "interzone-default");
    fw_sv word = fw_tree_value(&pan->tree, entry, "action");
    bool permit = word.n > 0 ? fw_sv_is(word, "allow") : within;
    if (!entry && (!within || pan->doc->nlines == 0)) {
        return; /* the end of the policy denies anyway; a rule stands on a line */
    }
    policy->rules = fw_arena_push(&pan->doc->arena, policy->rules, policy->n,
                                  sizeof(*policy->rules));
    struct fw_rule *rule = &policy->rules[policy->n++];
    *rule = (struct fw_rule){
        .name = within ? FW_SV("intrazone-default") : FW_SV("interzone-default"),
        .position = (uint32_t)policy->n,
        .target = permit       ? FW_SV("allow")
                  : word.n > 0 ? word
                               : FW_SV("deny"),
        .action = permit                                         ? FW_ACTION_PERMIT
                  : fw_sv_find(word, FW_SV("reset")) != SIZE_MAX ? FW_ACTION_REJECT
                                                                 : FW_ACTION_DENY,
        .enabled = true,
        .implied = !entry,
        .instead = entry != NULL,
        .span = entry ? entry->span : policy->span,
    };
    rule->log = fw_tree_is(&pan->tree, entry, "log-start", "yes") ||
                fw_tree_is(&pan->tree, entry, "log-end", "yes");
    rule->log_tag = rule->log ? rule->name : (fw_sv){0};
    if (entry) {
        fw_pan_rest(pan, "default-security-rules", entry);
    }
    struct fw_terms terms;
    fw_terms_init(&terms, &pan->doc->scratch, FW_FAMILY_BOTH);
    struct fw_term *parts = fw_new_array(&pan->doc->scratch, scope->nzones + 1, struct fw_term);
    struct fw_atom unknown = fw_atom_make(FW_ATOM_FIXED, FW_SV("intrazone"), false);
    size_t n = scope->nzones;
    for (size_t i = 0; i < scope->nzones; i++) {
        parts[i].in = parts[i].out = fw_nameset_make(&pan->doc->scratch, &scope->zones[i], 1,
                                                     false);
    }
    if (scope->panorama || n == 0) { /* devices may have other zones */
        parts[n++] = (struct fw_term){.natoms = 1, .atoms = &unknown};
    }
    if (within) {
        fw_terms_and(&terms, parts, n);
    }
    fw_rule_match(pan->doc, &pan->pool, &terms, rule->name, rule);
    fw_arena_reset(&pan->doc->scratch);
}

/* Applied to the whole device, or to the zones of its virtual system. To which devices a device
 * group belongs, the configuration of Panorama says; where packets go then, it does not. */
static void bind(struct fw_pan *pan, const struct fw_pan_scope *scope, struct fw_policy *policy)
{
    struct fw_binding *bindings = NULL;
    size_t n = 0;
    policy->bound = true;
    if (pan->nscopes <= 1) {
        bindings = fw_new(&pan->doc->arena, struct fw_binding);
        bindings->span = policy->span;
        n = 1;
    }
    for (size_t i = 0; pan->nscopes > 1 && !scope->panorama && i < scope->nzones; i++) {
        bindings = fw_arena_push(&pan->doc->arena, bindings, n, sizeof(*bindings));
        bindings[n++] = (struct fw_binding){.in = scope->zones[i], .span = policy->span};
    }
    policy->bindings = bindings;
    policy->nbindings = n;
}

static void read_security(struct fw_pan *pan, const struct fw_pan_scope *scope)
{
    struct fw_policy *policy = fw_new(&pan->doc->arena, struct fw_policy);
    struct gathering to = {pan, policy, "security"};
    policy->name = scope->name;
    policy->decides = true;
    policy->families = FW_FAMILY_BOTH;
    policy->fallback = FW_ACTION_DENY;
    policy->span = scope->node ? scope->node->span : pan->tree.root->span;
    policy->span.line = 0;
    if (pan->tree.cut) { /* rules that come before all others may be written last */
        fw_policy_cut(pan->doc, &pan->pool, policy);
    }
    add_all(&to, scope);
    if (policy->span.line == 0) {
        policy->span = scope->node ? scope->node->span : (fw_span){.line = 1};
    }
    add_default(&to, scope, true);
    add_default(&to, scope, false);
    bind(pan, scope, policy);
    fw_ruleset_add(&pan->doc->arena, pan->ruleset, policy);
}

static void read_nat(struct fw_pan *pan, const struct fw_pan_scope *scope)
{
    struct fw_policy *policy = fw_new(&pan->doc->arena, struct fw_policy);
    struct gathering to = {pan, policy, "nat"};
    policy->name = fw_arena_printf(&pan->doc->arena, "%.*s/nat", FW_SV_ARG(scope->name));
    policy->table = FW_SV("nat");
    policy->families = FW_FAMILY_BOTH;
    policy->fallback = FW_ACTION_RETURN;
    policy->bound = true;
    add_all(&to, scope);
    if (policy->n > 0) {
        fw_ruleset_add(&pan->doc->arena, pan->ruleset, policy);
    }
}

/* What no code reads of rulebases: by the list, or unsupported. */
static void rest_of(struct fw_pan *pan, const struct fw_pan_scope *scope)
{
    static const char *const bases[] = {"rulebase", "pre-rulebase", "post-rulebase"};
    for (; scope; scope = scope->up) {
        for (size_t i = 0; i < sizeof(bases) / sizeof(bases[0]); i++) {
            fw_pan_sections(pan, "rulebase", fw_tree_use(&pan->tree, scope->node, bases[i], NULL));
        }
    }
}

void fw_pan_policies(struct fw_pan *pan)
{
    for (size_t i = 0; i < pan->nscopes; i++) {
        pan->reading = pan->scopes[i];
        read_security(pan, pan->scopes[i]);
        read_nat(pan, pan->scopes[i]);
        rest_of(pan, pan->scopes[i]);
    }
}
