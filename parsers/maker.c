/* What parsers do alike when they put policies, rules and settings together. */
#include "parsers/maker.h"

#include "core/proto.h"

void fw_maker_init(struct fw_maker *maker, struct fw_doc *doc, struct fw_ruleset *ruleset)
{
    *maker = (struct fw_maker){.doc = doc, .ruleset = ruleset};
    fw_pool_init(&maker->pool, &doc->arena);
    maker->policies.arena = maker->interfaces.arena = &doc->arena;
}

struct fw_policy *fw_maker_policy(struct fw_maker *maker, fw_sv name, unsigned families)
{
    struct fw_policy *policy = fw_new(&maker->doc->arena, struct fw_policy);
    policy->name = name;
    policy->families = families;
    policy->decides = true;
    policy->fallback = FW_ACTION_DENY;
    fw_index_add(&maker->policies, name, maker->ruleset->npolicies);
    fw_ruleset_add(&maker->doc->arena, maker->ruleset, policy);
    return policy;
}

struct fw_policy *fw_maker_find(const struct fw_maker *maker, fw_sv name)
{
    size_t at = fw_index_find(&maker->policies, name);
    return at == SIZE_MAX ? NULL : maker->ruleset->policies[at];
}

struct fw_policy *fw_maker_nat(struct fw_maker *maker, fw_sv name, enum fw_hook hook)
{
    struct fw_policy *policy = fw_maker_policy(maker, name, FW_FAMILY_BOTH);
    policy->table = FW_SV("nat");
    policy->decides = false;
    policy->nat = true;
    policy->hook = hook;
    policy->priority = hook == FW_HOOK_PREROUTING ? -100 : 100;
    policy->fallback = FW_ACTION_PERMIT;
    return policy;
}

void fw_maker_bind(struct fw_maker *maker, struct fw_policy *policy, fw_sv in, fw_sv out,
                   fw_span span)
{
    struct fw_binding *v = fw_arena_push(&maker->doc->arena, (void *)policy->bindings,
                                         policy->nbindings, sizeof(*v));
    v[policy->nbindings++] = (struct fw_binding){.in = in, .out = out, .span = span};
    policy->bindings = v;
}

void fw_rule_match(struct fw_doc *doc, struct fw_pool *pool, const struct fw_terms *terms,
                   fw_sv part, struct fw_rule *rule)
{
    fw_terms_finish(terms, pool, &rule->match);
    rule->unmodelled = fw_match_words(&doc->arena, &rule->match, &rule->nwords);
    if (terms->cut) {
        fw_doc_mark(doc, rule->span.line, FW_LINE_UNSUPPORTED);
        fw_doc_warn(doc, FW_DIAG_ID_LIMIT_REACHED, rule->span.line, part,
                    "the rule has more alternatives than the limit RULE_TERMS allows");
    }
}

struct fw_rule *fw_maker_rule(struct fw_maker *maker, struct fw_policy *policy,
                              const struct fw_rule *rule, const struct fw_terms *terms)
{
    struct fw_doc *doc = maker->doc;
    policy->rules = fw_arena_push(&doc->arena, policy->rules, policy->n, sizeof(*policy->rules));
    struct fw_rule *kept = &policy->rules[policy->n++];
    *kept = *rule;
    kept->position = (uint32_t)policy->n;
    fw_rule_match(doc, &maker->pool, terms, (fw_sv){0}, kept);
    return kept;
}

void fw_policy_unread(struct fw_doc *doc, struct fw_pool *pool, struct fw_policy *policy, fw_sv why,
                      fw_span span)
{
    struct fw_terms terms;
    policy->rules = fw_arena_push(&doc->arena, policy->rules, policy->n, sizeof(*policy->rules));
    struct fw_rule *rule = &policy->rules[policy->n++];
    *rule = (struct fw_rule){.position = (uint32_t)policy->n,
                             .target = why,
                             .action = FW_ACTION_UNKNOWN,
                             .enabled = true,
                             .span = span};
    fw_terms_init(&terms, &doc->scratch, policy->families);
    fw_terms_atom(&terms, fw_atom_make(FW_ATOM_VARYING, why, false));
    fw_rule_match(doc, pool, &terms, (fw_sv){0}, rule);
}

void fw_maker_elsewhere(struct fw_maker *maker, fw_sv name, fw_sv why)
{
    struct fw_doc *doc = maker->doc;
    if (doc->nlines == 0) {
        return; /* a rule stands on a line */
    }
    struct fw_policy *policy = fw_maker_policy(maker, name, FW_FAMILY_BOTH);
    policy->span = fw_doc_span(doc, fw_doc_line_text(doc, 1), 1);
    policy->fallback = FW_ACTION_UNKNOWN;
    fw_maker_bind(maker, policy, (fw_sv){0}, (fw_sv){0}, policy->span);
    fw_policy_unread(doc, &maker->pool, policy, why, policy->span);
}

void fw_policy_cut(struct fw_doc *doc, struct fw_pool *pool, struct fw_policy *policy)
{
    fw_sv last = fw_doc_line_text(doc, doc->nlines);
    fw_policy_unread(doc, pool, policy, FW_SV("cut off"), fw_doc_span(doc, last, doc->nlines));
    policy->rules[policy->n - 1].implied = true; /* nobody can review it, the line says why */
    fw_doc_mark(doc, doc->nlines, FW_LINE_UNSUPPORTED);
}

void fw_maker_setting(struct fw_maker *maker, enum fw_setting_kind kind, fw_sv value, fw_sv extra,
                      fw_span span)
{
    const struct fw_setting setting = {.kind = kind, .value = value, .extra = extra, .span = span};
    fw_ruleset_add_setting(&maker->doc->arena, maker->ruleset, setting);
}

struct fw_interface *fw_maker_interface(struct fw_maker *maker, fw_sv name, fw_span span)
{
    fw_index_add(&maker->interfaces, name, maker->ruleset->ninterfaces);
    struct fw_interface *interface = fw_ruleset_add_interface(&maker->doc->arena, maker->ruleset,
                                                              name, span);
    interface->device = (fw_sv){0}; /* where names are not the hardware's, the caller says it */
    return interface;
}

const struct fw_interface *fw_maker_interface_find(const struct fw_maker *maker, fw_sv name)
{
    size_t at = fw_index_find(&maker->interfaces, name);
    return at == SIZE_MAX ? NULL : &maker->ruleset->interfaces[at];
}

void fw_maker_finish(struct fw_maker *maker)
{
    struct fw_ruleset *ruleset = maker->ruleset;
    ruleset->nsecrets = maker->doc->nsecrets;
    ruleset->secrets = maker->doc->secrets;
    fw_ruleset_seal(&maker->doc->arena, ruleset);
}

bool fw_port_range(fw_sv text, char separator, struct fw_numrange *ret)
{
    uint16_t lo;
    uint16_t hi;
    size_t at = fw_sv_find_char(text, separator);
    bool ok = fw_port_parse(fw_sv_trim(fw_sv_sub(text, 0, at)), &lo);
    hi = ok ? lo : 0;
    ok = ok &&
         (at == SIZE_MAX || fw_port_parse(fw_sv_trim(fw_sv_sub(text, at + 1, SIZE_MAX)), &hi));
    if (!ok || lo > hi) {
        return false;
    }
    *ret = (struct fw_numrange){lo, hi};
    return true;
}
