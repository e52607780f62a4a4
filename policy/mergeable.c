/* Runs of neighbours, the longest first from each start; each is proven by itself. */
#include "policy/mergeable.h"

#include "policy/difference.h"

enum { MOST = 256 }; /* rules of one run */

enum joined { JOINED_NONE, JOINED_SRC, JOINED_DST, JOINED_SPORT, JOINED_DPORT };

static const char *const keys[] = {"", "source", "destination", "source_port", "destination_port"};

static bool same_ips(const struct fw_ipset *a, const struct fw_ipset *b)
{
    return a == b || (a && b && fw_ipset_eq(a, b));
}

static bool same_nums(const struct fw_numset *a, const struct fw_numset *b)
{
    return a == b || (a && b && fw_numset_eq(a, b));
}

static bool same_names(const struct fw_nameset *a, const struct fw_nameset *b)
{
    bool same = a == b || (a && b && a->negated == b->negated && a->n == b->n);
    for (size_t i = 0; same && a != b && i < a->n; i++) {
        same = fw_sv_eq(a->v[i], b->v[i]);
    }
    return same;
}

/* One plain term, nothing that happens besides, and somebody's own: what a device adds by itself,
 * or has a default of its own for, stays where it is. */
static bool is_plain(const struct fw_rule *rule)
{
    return rule->enabled && fw_action_decides(rule->action) && rule->match.n == 1 &&
           rule->match.terms[0].natoms == 0 && !rule->quick && !rule->implied && !rule->instead;
}

static bool same_deed(const struct fw_rule *a, const struct fw_rule *b)
{
    return a->action == b->action && fw_sv_eq(a->target, b->target) && a->log == b->log &&
           fw_sv_eq(a->log_tag, b->log_tag);
}

/* The one dimension in which two terms differ; NONE: several, none, or one that is not joined. */
static enum joined differ_in(const struct fw_term *a, const struct fw_term *b)
{
    const bool differ[] = {
        [JOINED_SRC] = !same_ips(a->src, b->src),
        [JOINED_DST] = !same_ips(a->dst, b->dst),
        [JOINED_SPORT] = !same_nums(a->sport, b->sport),
        [JOINED_DPORT] = !same_nums(a->dport, b->dport),
    };
    if (!same_names(a->in, b->in) || !same_names(a->out, b->out) ||
        !same_nums(a->proto, b->proto) || !same_nums(a->icmp, b->icmp) ||
        !same_nums(a->flags, b->flags) || !same_nums(a->state, b->state)) {
        return JOINED_NONE;
    }
    enum joined one = JOINED_NONE;
    for (int i = JOINED_SRC; i <= JOINED_DPORT; i++) {
        if (differ[i]) {
            if (one != JOINED_NONE) {
                return JOINED_NONE;
            }
            one = (enum joined)i;
        }
    }
    return one;
}

/* Adds one term's set; false: one holds the other, which makes a rule redundant, not mergeable. */
static bool join(struct fw_arena *arena, struct fw_term *to, const struct fw_term *from,
                 enum joined in)
{
    const struct fw_ipset **ips = in == JOINED_SRC ? &to->src : &to->dst;
    const struct fw_ipset *more_ips = in == JOINED_SRC ? from->src : from->dst;
    const struct fw_numset **nums = in == JOINED_SPORT ? &to->sport : &to->dport;
    const struct fw_numset *more_nums = in == JOINED_SPORT ? from->sport : from->dport;
    if (in == JOINED_SRC || in == JOINED_DST) {
        if (!*ips || !more_ips || fw_ipset_contains(*ips, more_ips) ||
            fw_ipset_contains(more_ips, *ips)) {
            return false;
        }
        *ips = fw_ipset_union(arena, *ips, more_ips);
        return true;
    }
    if (!*nums || !more_nums || fw_numset_contains(*nums, more_nums) ||
        fw_numset_contains(more_nums, *nums)) {
        return false;
    }
    *nums = fw_numset_union(arena, *nums, more_nums);
    return true;
}

/* Every device can say it in one rule. */
static bool is_simple(const struct fw_term *term, enum joined in)
{
    const struct fw_ipset *ips = in == JOINED_SRC ? term->src : term->dst;
    const struct fw_numset *nums = in == JOINED_SPORT ? term->sport : term->dport;
    unsigned bits;
    return in == JOINED_SRC || in == JOINED_DST
               ? ips->n == 1 && fw_iprange_is_prefix(ips->v[0], &bits)
               : nums->n == 1;
}

/* The longest run from a rule on; false: it stands alone. */
static bool find_run(struct fw_arena *arena, const struct fw_policy *policy, size_t from,
                     struct fw_mergeable *ret)
{
    const struct fw_rule *first = &policy->rules[from];
    if (!is_plain(first) || from + 1 == policy->n || !is_plain(first + 1)) {
        return false;
    }
    enum joined in = differ_in(&first->match.terms[0], &first[1].match.terms[0]);
    struct fw_term sum = first->match.terms[0];
    *ret = (struct fw_mergeable){.policy = policy, .from = from, .key = keys[in]};
    for (size_t n = 1; in != JOINED_NONE && n < MOST && from + n < policy->n; n++) {
        const struct fw_rule *next = &first[n];
        if (!is_plain(next) || !same_deed(first, next) ||
            differ_in(&first->match.terms[0], &next->match.terms[0]) != in ||
            !join(arena, &sum, &next->match.terms[0], in)) {
            break;
        }
        if (is_simple(&sum, in)) {
            struct fw_term *term = fw_new(arena, struct fw_term);
            *term = sum;
            ret->n = n + 1;
            ret->together = *first;
            ret->together.match = (struct fw_match){1, term};
        }
    }
    return ret->n > 1;
}

/* Neighbours of one action can be replaced where what they match together is what the one rule
 * matches: compared are a policy of them alone and one of it alone, whose default is another
 * action.
 */
static bool is_proven(struct fw_arena *arena, const struct fw_ruleset *ruleset,
                      struct fw_mergeable *v)
{
    struct fw_policy policies[2] = {*v->policy, *v->policy};
    struct fw_policy *lists[2] = {&policies[0], &policies[1]};
    struct fw_ruleset rulesets[2] = {*ruleset, *ruleset};
    struct fw_difference difference;
    policies[0].rules = v->policy->rules + v->from;
    policies[0].n = v->n;
    policies[1].rules = &v->together;
    policies[1].n = 1;
    for (size_t i = 0; i < 2; i++) {
        policies[i].fallback = v->together.action == FW_ACTION_PERMIT ? FW_ACTION_DENY
                                                                      : FW_ACTION_PERMIT;
        rulesets[i].npolicies = 1;
        rulesets[i].policies = &lists[i];
    }
    const struct fw_ruleset *const both[2] = {&rulesets[0], &rulesets[1]};
    const struct fw_policy *const pair[2] = {lists[0], lists[1]};
    fw_policies_compare(arena, both, pair, 0, &difference);
    return difference.compared && difference.n == 0;
}

void fw_ruleset_mergeable(struct fw_arena *arena, const struct fw_ruleset *ruleset,
                          struct fw_mergeables *ret)
{
    *ret = (struct fw_mergeables){0};
    for (size_t p = 0; p < ruleset->npolicies; p++) {
        const struct fw_policy *policy = ruleset->policies[p];
        struct fw_mergeable run;
        for (size_t r = 0; policy->decides && r < policy->n; r++) {
            if (find_run(arena, policy, r, &run) && is_proven(arena, ruleset, &run)) {
                ret->v = fw_arena_push(arena, ret->v, ret->n, sizeof(run));
                ret->v[ret->n++] = run;
                r += run.n - 1;
            }
        }
    }
}
