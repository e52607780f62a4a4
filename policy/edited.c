/* One rule less, or some more, and what that changes. */
#include "policy/edited.h"

#include <string.h>

#include "core/proto.h"
#include "policy/program.h"

bool fw_policy_is_entry(const struct fw_ruleset *ruleset, const struct fw_policy *policy)
{
    if (policy->hook != FW_HOOK_NONE || policy->nbindings > 0) {
        return true;
    }
    for (size_t p = 0; p < ruleset->npolicies; p++) {
        for (size_t r = 0; r < ruleset->policies[p]->n; r++) {
            const struct fw_rule *rule = &ruleset->policies[p]->rules[r];
            if (rule->enabled && rule->jump == policy) {
                return false;
            }
        }
    }
    return true;
}

/* What a device adds by itself to the end of a list (IPv6 neighbour discovery) stands where the
 * list begins, and is no entry; of lists without a heading the first entry stands there. */
size_t fw_policy_spare(const struct fw_ruleset *ruleset, const struct fw_policy *policy)
{
    bool list = policy->hook == FW_HOOK_NONE && !policy->fallback_explicit &&
                ruleset->implicit_deny && policy->decides;
    size_t n = 0;
    for (size_t r = 0; r < policy->n && list; r++) {
        bool written = r == 0 || policy->rules[r].span.line != policy->span.line;
        n += written && fw_rule_counts(&policy->rules[r]);
    }
    return list ? n - (n > 0) : SIZE_MAX;
}

/* --- the copy ------------------------------------------------------------------------------- */

static bool calls(const struct fw_policy *policy)
{
    for (size_t r = 0; r < policy->n; r++) {
        if (policy->rules[r].jump) {
            return true;
        }
    }
    return false;
}

static void copy_rules(struct fw_arena *arena, const struct fw_rule_edit *edit,
                       struct fw_policy *copy)
{
    const struct fw_rule *rules = copy->rules;
    size_t behind = copy->n - edit->at - (edit->ninserted == 0);
    const struct fw_rule *rest = behind > 0 ? rules + copy->n - behind : NULL;
    copy->n = edit->at + edit->ninserted + behind;
    copy->rules = fw_new_array(arena, copy->n + 1, struct fw_rule);
    if (edit->at > 0) {
        memcpy(copy->rules, rules, edit->at * sizeof(*rules));
    }
    if (edit->ninserted > 0) {
        memcpy(copy->rules + edit->at, edit->inserted, edit->ninserted * sizeof(*rules));
    }
    if (behind > 0) {
        memcpy(copy->rules + edit->at + edit->ninserted, rest, behind * sizeof(*rules));
    }
    copy->fate = FW_ACTION_COUNT; /* it need not always say the same any more */
}

static struct fw_ruleset *edited_by(struct fw_arena *arena, const struct fw_ruleset *ruleset,
                                    const struct fw_rule_ids *ids, const struct fw_rule_edit *edit)
{
    struct fw_ruleset *copy = fw_new(arena, struct fw_ruleset);
    *copy = *ruleset;
    copy->policies = fw_new_array(arena, ruleset->npolicies + 1, struct fw_policy *);
    struct fw_policy **by_number = fw_new_array(arena, ruleset->npolicies + 1, struct fw_policy *);
    for (size_t p = 0; p < ruleset->npolicies; p++) {
        const struct fw_policy *policy = ruleset->policies[p];
        copy->policies[p] = fw_new(arena, struct fw_policy);
        *copy->policies[p] = *policy;
        by_number[fw_policy_number(ids, policy)] = copy->policies[p];
        if (policy == edit->policy) {
            copy_rules(arena, edit, copy->policies[p]);
        } else if (calls(policy)) {
            copy->policies[p]->rules = fw_new_array(arena, policy->n + 1, struct fw_rule);
            memcpy(copy->policies[p]->rules, policy->rules, policy->n * sizeof(*policy->rules));
        }
    }
    for (size_t p = 0; p < copy->npolicies; p++) {
        struct fw_policy *policy = copy->policies[p];
        for (size_t r = 0; r < policy->n; r++) {
            if (policy->rules[r].jump) {
                policy->rules[r].jump = by_number[fw_policy_number(ids, policy->rules[r].jump)];
            }
        }
    }
    return copy;
}

/* --- what it changes ------------------------------------------------------------------------ */

static double size_of(const struct fw_ipset *set, unsigned family)
{
    double n = 0;
    for (size_t i = 0; set && i < set->n; i++) {
        struct fw_ipset one = {1, &set->v[i]};
        n += fw_ipset_families(&one) == family ? fw_ipset_size(&one) : 0;
    }
    return set ? n : family == FW_FAMILY_BIT6 ? 0x1p128 : 0x1p32;
}

static double services_of(const struct fw_term *term)
{
    double n = 0;
    for (unsigned proto = 0; proto < 256; proto++) {
        if (term->proto && !fw_numset_has(term->proto, proto)) {
            continue;
        }
        const struct fw_numset *kinds = fw_proto_has_ports((uint8_t)proto) ? term->dport
                                                                           : term->icmp;
        bool many = fw_proto_has_ports((uint8_t)proto) || proto == FW_PROTO_ICMP ||
                    proto == FW_PROTO_ICMP6;
        n += !many ? 1 : kinds ? (double)fw_numset_size(kinds) : 65536;
    }
    return n;
}

static void add_difference(const struct fw_difference *difference, unsigned families,
                           struct fw_edit_effect *ret)
{
    for (size_t i = 0; i < difference->n; i++) {
        const struct fw_difference_box *box = &difference->v[i];
        double ends = 0;
        for (unsigned family = FW_FAMILY_BIT4; family <= FW_FAMILY_BIT6; family <<= 1) {
            ends += (families & family) != 0
                        ? size_of(box->term.src, family) * size_of(box->term.dst, family)
                        : 0;
        }
        ret->boxes[box->kind]++;
        ret->possible += box->certainty != FW_PROVEN;
        ret->exact = ret->exact && box->exact;
        ret->breadth += ends * services_of(&box->term);
        if (!ret->has_witness && box->has_witness && box->certainty == FW_PROVEN) {
            ret->has_witness = true;
            ret->witness = box->witness;
        }
    }
}

/* By policy number: those from which packets come to the edited one. */
static bool *find_callers(struct fw_arena *arena, const struct fw_rule_ids *ids,
                          const struct fw_ruleset *ruleset, const struct fw_policy *policy)
{
    bool *leads = fw_new_array(arena, ruleset->npolicies + 1, bool);
    bool more = true;
    leads[fw_policy_number(ids, policy)] = true;
    while (more) {
        more = false;
        for (size_t p = 0; p < ruleset->npolicies; p++) {
            const struct fw_policy *from = ruleset->policies[p];
            bool *here = &leads[fw_policy_number(ids, from)];
            for (size_t r = 0; !*here && r < from->n; r++) {
                const struct fw_rule *rule = &from->rules[r];
                *here = rule->enabled && rule->jump && leads[fw_policy_number(ids, rule->jump)];
                more = more || *here;
            }
        }
    }
    return leads;
}

static void try_edit(struct fw_arena *arena, const struct fw_ruleset *ruleset,
                     const struct fw_rule_edit *edit, struct fw_edit_effect *ret)
{
    struct fw_rule_ids ids;
    fw_rule_ids_init(&ids, arena, ruleset);
    const struct fw_ruleset *edited = edited_by(arena, ruleset, &ids, edit);
    const struct fw_ruleset *const rulesets[2] = {ruleset, edited};
    const bool *leads = find_callers(arena, &ids, ruleset, edit->policy);
    ret->known = true;
    for (size_t p = 0; p < ruleset->npolicies && ret->known; p++) {
        const struct fw_policy *const policies[2] = {ruleset->policies[p], edited->policies[p]};
        if (policies[0]->decides && leads[fw_policy_number(&ids, policies[0])] &&
            fw_policy_is_entry(ruleset, policies[0])) {
            struct fw_difference difference;
            fw_policies_compare(arena, rulesets, policies, 0, &difference);
            ret->known = difference.compared;
            add_difference(&difference, policies[0]->families, ret);
        }
    }
}

void fw_rule_edit_try(struct fw_arena *arena, const struct fw_ruleset *ruleset,
                      const struct fw_rule_edit *edit, struct fw_edit_effect *ret)
{
    struct fw_arena room; /* a copy of the policy and two programs */
    struct fw_guard guard;
    *ret = (struct fw_edit_effect){.exact = true};
    fw_arena_init(&room, 0);
    room.guard = &guard;
    if (setjmp(guard.jump) == 0) {
        try_edit(&room, ruleset, edit, ret);
        room.guard = NULL;
        ret->witness.in = fw_arena_copy(arena, ret->witness.in);
        ret->witness.out = fw_arena_copy(arena, ret->witness.out);
    } else {
        *ret = (struct fw_edit_effect){0};
    }
    fw_arena_clear(&room);
}
