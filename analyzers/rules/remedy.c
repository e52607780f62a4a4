/* What would end a finding, and what else that does. */
#include "analyzers/rules/remedy.h"

#include "analyzers/fixes/fix.h"
#include "analyzers/rules/about.h"
#include "core/limits.h"
#include "policy/edited.h"

struct remedy {
    fw_sv text;
    struct fw_edit_effect effect; /* known: it was tried */
};

static uint64_t *compared_for(struct fw_results *results, const struct fw_snapshot *snapshot)
{
    for (size_t i = results->ncompared; i > 0; i--) {
        if (results->compared[i - 1].snapshot == snapshot) {
            return &results->compared[i - 1].rules;
        }
    }
    results->compared = fw_arena_push(results->arena, results->compared, results->ncompared,
                                      sizeof(*results->compared));
    results->compared[results->ncompared] = (struct fw_compared){.snapshot = snapshot};
    return &results->compared[results->ncompared++].rules;
}

static void try_edit(struct fw_results *results, const struct fw_snapshot *snapshot,
                     const struct fw_rule_edit *edit, struct remedy *remedy)
{
    uint64_t *compared = compared_for(results, snapshot);
    if (remedy->text.n == 0 || *compared >= FW_LIMIT_FIX_RULES) {
        return;
    }
    *compared += fw_about_rules(snapshot->ruleset) + 1;
    if (*compared > FW_LIMIT_FIX_RULES) {
        return;
    }
    fw_rule_edit_try(results->arena, snapshot->ruleset, edit, &remedy->effect);
}

static void set_remedy(struct fw_results *results, const struct remedy *remedy,
                       struct fw_result *result)
{
    struct fw_edit_effect *effect = fw_new(results->arena, struct fw_edit_effect);
    *effect = remedy->effect;
    result->fix = remedy->text;
    result->fix_effect = remedy->text.n > 0 ? effect : NULL;
}

static void remove_rule(struct fw_results *results, const struct fw_snapshot *snapshot,
                        const struct fw_policy *policy, const struct fw_rule *rule,
                        struct remedy *ret)
{
    const struct fw_rule_edit edit = {.policy = policy, .at = (size_t)(rule - policy->rules)};
    *ret = (struct remedy){0};
    ret->text = fw_fix_text(results->arena, snapshot->ruleset, snapshot->doc, policy, rule);
    try_edit(results, snapshot, &edit, ret);
}

const struct fw_ipset *fw_remedy_ends(struct fw_arena *arena, const struct fw_rule *rule,
                                      bool source)
{
    const struct fw_ipset *all = NULL;
    for (size_t i = 0; i < rule->match.n; i++) {
        const struct fw_ipset *set = source ? rule->match.terms[i].src : rule->match.terms[i].dst;
        if (!set) {
            return NULL;
        }
        all = all ? fw_ipset_union(arena, all, set) : set;
    }
    return all;
}

/* The other edit changes as much as this one, and nothing but what it refuses. */
static bool is_as_good(const struct remedy *other, const struct remedy *exact)
{
    const struct fw_edit_effect *a = &other->effect;
    const struct fw_edit_effect *b = &exact->effect;
    return a->known && b->known && a->exact && b->exact && a->boxes[FW_DIFFERENCE_ALLOWED] == 0 &&
           a->boxes[FW_DIFFERENCE_OTHER] == 0 && a->boxes[FW_DIFFERENCE_DENIED] > 0 &&
           a->possible == b->possible && a->breadth <= b->breadth && a->breadth >= b->breadth;
}

/* In as few lines as do: what is refused exactly, or the rule's own addresses for it, where that
 * changes nothing else (others of them are decided before) or the exact lines are too many. */
static void refuse(struct fw_results *results, const struct fw_snapshot *snapshot,
                   const struct fw_policy *policy, const struct fw_rule *rule,
                   const struct fw_refused *what, struct remedy *ret)
{
    struct fw_arena *arena = results->arena;
    struct fw_refused refused = *what;
    struct fw_rule_edit edit = {.policy = policy, .at = (size_t)(rule - policy->rules)};
    struct fw_rule_edit least = edit;
    struct remedy shorter = {0};
    *ret = (struct remedy){0};
    for (int wider = 0; wider < 4; wider++) {
        struct fw_rule_edit this = edit;
        refused.src = (wider & 1) != 0 ? fw_remedy_ends(arena, rule, true) : what->src;
        refused.dst = (wider & 2) != 0 ? fw_remedy_ends(arena, rule, false) : what->dst;
        fw_sv text = fw_fix_refuse(arena, snapshot->ruleset, snapshot->doc, policy, rule, &refused,
                                   &this.inserted, &this.ninserted);
        if (text.n > 0 && ret->text.n == 0) {
            ret->text = text;
            edit = this;
            least = this;
        } else if (text.n > 0 && this.ninserted < least.ninserted) {
            shorter.text = text;
            least = this;
        }
    }
    try_edit(results, snapshot, &edit, ret);
    try_edit(results, snapshot, &least, &shorter);
    *ret = is_as_good(&shorter, ret) ? shorter : *ret;
}

void fw_remedy_removal(struct fw_results *results, const struct fw_snapshot *snapshot,
                       const struct fw_policy *policy, const struct fw_rule *rule,
                       struct fw_result *result)
{
    struct remedy remedy;
    remove_rule(results, snapshot, policy, rule, &remedy);
    set_remedy(results, &remedy, result);
}

void fw_remedy_note(struct fw_results *results, const struct fw_snapshot *snapshot,
                    const struct fw_policy *policy, const struct fw_rule *rule, fw_sv written,
                    const bool *missing, struct fw_result *result)
{
    struct fw_buf text;
    fw_buf_init(&text);
    fw_buf_add(&text, written);
    for (int i = 0; i < FW_NOTE_PARTS; i++) {
        const char *name = fw_note_part_name((enum fw_note_part)i);
        if (missing[i]) {
            fw_buf_printf(&text, "%s%s: <%s>", text.n > 0 ? "; " : "", name, name);
        }
    }
    result->fix = fw_fix_note(results->arena, snapshot->ruleset, snapshot->doc, policy, rule,
                              fw_buf_sv(&text));
    fw_buf_clear(&text);
}

void fw_remedy_refusal(struct fw_results *results, const struct fw_snapshot *snapshot,
                       const struct fw_policy *policy, const struct fw_rule *rule,
                       const struct fw_refused *refused, struct fw_result *result)
{
    size_t at = rule ? (size_t)(rule - policy->rules) : policy->n;
    struct fw_rule_edit edit = {.policy = policy, .at = at};
    struct remedy remedy = {0};
    remedy.text = fw_fix_refuse(results->arena, snapshot->ruleset, snapshot->doc, policy, rule,
                                refused, &edit.inserted, &edit.ninserted);
    try_edit(results, snapshot, &edit, &remedy);
    set_remedy(results, &remedy, result);
}

void fw_remedy_default(struct fw_results *results, const struct fw_snapshot *snapshot,
                       const struct fw_policy *policy, const struct fw_rule *rule,
                       struct fw_result *result)
{
    struct fw_refused all = {.src = NULL};
    const struct fw_term anything = {0};
    fw_services_of_term(results->arena, &anything, &all.services);
    fw_remedy_refusal(results, snapshot, policy, rule, &all, result);
}

/* The last entry of a list does not go: then everything is refused in front of it. */
void fw_remedy_rule(struct fw_results *results, const struct fw_snapshot *snapshot,
                    const struct fw_policy *policy, const struct fw_rule *rule,
                    struct fw_result *result)
{
    struct remedy remedy;
    remove_rule(results, snapshot, policy, rule, &remedy);
    if (remedy.text.n == 0) {
        struct fw_refused all = {.src = fw_remedy_ends(results->arena, rule, true),
                                 .dst = fw_remedy_ends(results->arena, rule, false)};
        const struct fw_term anything = {0};
        fw_services_of_term(results->arena, &anything, &all.services);
        refuse(results, snapshot, policy, rule, &all, &remedy);
    }
    set_remedy(results, &remedy, result);
}

void fw_remedy_hit(const struct fw_hits *hits, const struct fw_hit *hit, struct fw_result *result)
{
    const struct fw_snapshot *snapshot = hits->exposure->snapshot;
    const struct fw_policy *policy = hit->flow->of;
    const struct fw_rule *rule = hit->flow->by;
    struct fw_refused refused = {.src = hit->sources,
                                 .dst = hit->destinations,
                                 .services = hit->services,
                                 .in = hit->in,
                                 .out = hit->out};
    struct remedy removal;
    struct remedy refusal;
    if (!rule) {
        return; /* a default: other checks say how to change it */
    }
    refuse(hits->results, snapshot, policy, rule, &refused, &refusal);
    remove_rule(hits->results, snapshot, policy, rule, &removal);
    bool remove = refusal.text.n == 0 || is_as_good(&removal, &refusal);
    set_remedy(hits->results, remove ? &removal : &refusal, result);
}

void fw_remedy_flow(struct fw_results *results, const struct fw_exposure *exposure,
                    const struct fw_flow *flow, const struct fw_term *term,
                    struct fw_result *result)
{
    struct fw_hits hits;
    struct fw_hit hit = {.flow = flow,
                         .sources = term->src,
                         .destinations = term->dst,
                         .in = term->in,
                         .out = term->out};
    fw_hits_init(&hits, results, exposure, false, false);
    fw_services_of_term(results->arena, term, &hit.services);
    fw_remedy_hit(&hits, &hit, result);
}
