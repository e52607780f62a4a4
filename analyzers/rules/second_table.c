/* EXP-007: which policy table lets everything through beside one that does not? */
#include "analyzers/rules/about.h"
#include "analyzers/rules/breadth.h"
#include "analyzers/rules/remedy.h"
#include "analyzers/rules/zones.h"

/* A table: one policy in one family, or what there is where a policy should be. */
struct table {
    const struct fw_policy *policy;
    unsigned family;
    double share;               /* of all packets of the family that it surely lets through */
    const struct fw_flow *flow; /* the broadest */
};

enum { TABLES = 256 };

/* Half of all packets: nobody restricts anything that way. */
static const double open_share = 0.5;

/* Not only for the device's own loop, nor for some of its interfaces. */
static bool everywhere(const struct fw_exposure *exposure, const struct fw_nameset *names)
{
    for (size_t i = 0; names && i < exposure->ninterfaces; i++) {
        if (!fw_nameset_has(
                names, fw_zones_rule_name(exposure->snapshot->ruleset, exposure->interfaces[i]))) {
            return false;
        }
    }
    return !names || !(names->n == 1 && fw_sv_is(names->v[0], "lo"));
}

static void measure(const struct fw_exposure *exposure, struct table *table)
{
    const struct fw_flows *flows = &exposure->flows;
    double best = 0;
    for (size_t r = 0; r < flows->nrules; r++) {
        const struct fw_rule_flows *rule = &flows->rules[r];
        double lower = rule->breadth[table->family == FW_FAMILY_BIT6].lower;
        bool counts = rule->policy == table->policy && lower > 0;
        for (size_t i = rule->first; counts && i < rule->first + rule->n; i++) {
            counts = everywhere(exposure, flows->v[i].term.in) &&
                     everywhere(exposure, flows->v[i].term.out);
        }
        if (!counts) {
            continue;
        }
        table->share += lower / fw_breadth_all(table->family);
        for (size_t i = rule->first; i < rule->first + rule->n && lower > best; i++) {
            if (flows->v[i].family == table->family && flows->v[i].doubt == 0) {
                table->flow = &flows->v[i];
                best = lower;
            }
        }
    }
}

static bool is_table(const struct fw_ruleset *ruleset, const struct fw_policy *policy)
{
    bool entry = policy->hook == FW_HOOK_INPUT || policy->hook == FW_HOOK_FORWARD ||
                 policy->nbindings > 0;
    return policy->decides && policy->bound && entry &&
           (policy->hook == FW_HOOK_INPUT || fw_exposure_transit(ruleset, policy));
}

static size_t find_tables(const struct fw_exposure *exposure, struct table *tables)
{
    const struct fw_ruleset *ruleset = exposure->snapshot->ruleset;
    size_t n = 0;
    for (size_t p = 0; p < ruleset->npolicies; p++) {
        const struct fw_policy *policy = ruleset->policies[p];
        unsigned families = policy->families ? policy->families : FW_FAMILY_BOTH;
        for (unsigned f = FW_FAMILY_BIT4; f <= FW_FAMILY_BIT6; f <<= 1) {
            if ((families & f) != 0 && is_table(ruleset, policy) && n < TABLES) {
                tables[n] = (struct table){.policy = policy, .family = f};
                measure(exposure, &tables[n++]);
            }
        }
    }
    return n;
}

/* Restricted in IPv4, and the same interface or way: what an open table is compared with. */
static const struct table *restricted_beside(const struct table *tables, size_t n,
                                             const struct table *open)
{
    for (size_t i = 0; i < n; i++) {
        const struct table *t = &tables[i];
        bool bound = t->policy->nbindings > 0 && open->policy->nbindings > 0;
        bool same = !bound || (fw_sv_eq(t->policy->bindings[0].in, open->policy->bindings[0].in) &&
                               fw_sv_eq(t->policy->bindings[0].out, open->policy->bindings[0].out));
        if (t->family == FW_FAMILY_BIT4 && t->share < open_share && same && t != open) {
            return t;
        }
    }
    return NULL;
}

/* The rule that opens it goes; a default is followed by a denial of everything, unless the policy
 * is also that of the other family, which is restricted. */
static void close_table(struct fw_results *results, const struct fw_snapshot *snapshot,
                        const struct table *table, struct fw_result *result)
{
    if (table->flow->by) {
        fw_remedy_rule(results, snapshot, table->flow->of, table->flow->by, result);
    } else if (table->policy->families == table->family) {
        fw_remedy_default(results, snapshot, table->policy, NULL, result);
    }
}

static void judge(struct fw_results *results, const struct fw_exposure *exposure)
{
    struct table tables[TABLES];
    size_t n = find_tables(exposure, tables);
    const struct fw_ruleset *ruleset = exposure->snapshot->ruleset;
    bool six = false;
    size_t before = results->n;
    for (size_t i = 0; i < n; i++) {
        six = six || tables[i].family == FW_FAMILY_BIT6;
        const struct table *beside = tables[i].share >= open_share
                                         ? restricted_beside(tables, n, &tables[i])
                                         : NULL;
        if (!beside || !tables[i].flow) {
            continue;
        }
        struct fw_result *result = fw_about_policy(results, "EXP-007", FW_RESULT_FAIL,
                                                   exposure->device, exposure->snapshot,
                                                   beside->policy, "fail");
        fw_sv list = fw_arena_printf(results->arena, "%.*s (IPv%d)",
                                     FW_SV_ARG(tables[i].policy->name),
                                     tables[i].family == FW_FAMILY_BIT6 ? 6 : 4);
        fw_result_param(results, result, "list", list);
        struct fw_crossing crossing = {FW_ANY_ZONE, FW_ANY_ZONE, tables[i].flow,
                                       tables[i].flow->term, 0};
        if (tables[i].policy->hook == FW_HOOK_INPUT) {
            crossing.to = FW_TO_DEVICE;
        }
        result->certainty = fw_crossing_certainty(results, exposure, &crossing, &crossing.term,
                                                  &result->witness);
        result->has_witness = true;
        fw_result_param(results, result, "witness", fw_about_witness(results, &result->witness));
        result->measured = fw_arena_printf(results->arena, "%.1f%%", tables[i].share * 100);
        close_table(results, exposure->snapshot, &tables[i], result);
    }
    if (results->n > before) {
        return;
    }
    /* What is not in the configuration at all is refused only where the device refuses by itself.
     */
    if (!six && !ruleset->implicit_deny) {
        fw_about_policy(results, "EXP-007", FW_RESULT_OPEN, exposure->device, exposure->snapshot,
                        NULL, "open.no_ipv6");
    } else {
        fw_exposure_pass(results, "EXP-007", exposure, 0, n, 0);
    }
}

static void run(const struct fw_facts *facts, struct fw_results *results)
{
    size_t index = 0;
    const struct fw_exposure *exposure;
    while ((exposure = fw_exposure_next(facts, results, "EXP-007", &index))) {
        if (fw_exposure_ready(results, "EXP-007", exposure, false)) {
            judge(results, exposure);
        }
    }
}

const struct fw_analyzer fw_analyzer_second_table = {
    .check = "EXP-007",
    .rules = true,
    .exposure = true,
    .run = run,
};
