/* DNS-003: what stops name resolution that is not permitted: a rule that says so and logs, or only
 * what the device does by itself? */
#include "analyzers/rules/about.h"
#include "analyzers/rules/dns.h"
#include "analyzers/rules/remedy.h"

enum verdict { VERDICT_NONE, VERDICT_GOOD, VERDICT_BAD, VERDICT_UNSURE };

struct policy_facts {
    const struct fw_policy *policy;
    bool permits;
    enum verdict verdict;
    uint32_t line;             /* of what is wrong */
    const struct fw_flow *bad; /* what is refused without a rule, or without a log */
};

static bool permits_dns(const struct fw_exposure *exposure, const struct fw_policy *policy,
                        const struct fw_term *dns, size_t n)
{
    for (size_t i = 0; i < exposure->flows.n; i++) {
        const struct fw_flow *flow = &exposure->flows.v[i];
        for (size_t s = 0; s < n && flow->policy == policy; s++) {
            /* a rule for every service is no rule about name resolution */
            if (flow->term.dport && fw_term_overlaps(&flow->term, &dns[s])) {
                return true;
            }
        }
    }
    return false;
}

/* What is refused must be refused by rules that log. */
static void look(const struct fw_flows *refused, struct policy_facts *facts)
{
    for (size_t i = 0; i < refused->n; i++) {
        const struct fw_flow *flow = &refused->v[i];
        if (flow->policy != facts->policy || facts->verdict == VERDICT_BAD) {
            continue;
        }
        bool good = flow->rule && flow->logged;
        bool unsure = flow->doubt != 0;
        if (!good && !unsure) {
            facts->verdict = VERDICT_BAD;
            facts->bad = flow;
            facts->line = flow->rule ? flow->rule->span.line : facts->policy->fallback_span.line;
        } else if (!good) {
            facts->verdict = VERDICT_UNSURE;
        } else if (facts->verdict == VERDICT_NONE) {
            facts->verdict = VERDICT_GOOD;
        }
    }
}

/* The same is refused by a rule that says so and logs: at the end of the policy, or in front of the
 * rule that does not log, for that rule's addresses. */
static void add_fix(struct fw_results *results, const struct fw_exposure *exposure,
                    const struct policy_facts *facts, struct fw_result *result)
{
    const struct fw_rule *rule = facts->bad->by;
    const struct fw_policy *policy = rule ? facts->bad->of : facts->policy;
    struct fw_refused refused = {.log = true};
    if (rule) {
        refused.src = fw_remedy_ends(results->arena, rule, true);
        refused.dst = fw_remedy_ends(results->arena, rule, false);
    }
    fw_dns_services(results, &refused.services);
    fw_remedy_refusal(results, exposure->snapshot, policy, rule, &refused, result);
}

static void judge(struct fw_results *results, const struct fw_exposure *exposure)
{
    struct fw_term dns[FW_PORT_PROTOS + 1];
    size_t n = fw_dns_terms(results, dns);
    const struct fw_ruleset *ruleset = exposure->snapshot->ruleset;
    struct fw_flows refused[FW_PORT_PROTOS + 1];
    for (size_t s = 0; s < n; s++) {
        struct fw_flow_options options = {.refused = true, .scope = &dns[s]};
        fw_flows_make(results->arena, ruleset, &options, &refused[s]);
    }
    uint64_t total = 0;
    uint64_t good = 0;
    uint64_t others = 0;
    for (size_t p = 0; p < ruleset->npolicies; p++) {
        struct policy_facts facts = {.policy = ruleset->policies[p]};
        if (!fw_exposure_transit(ruleset, facts.policy) ||
            !permits_dns(exposure, facts.policy, dns, n)) {
            continue;
        }
        for (size_t s = 0; s < n; s++) {
            look(&refused[s], &facts);
        }
        total++;
        good += facts.verdict == VERDICT_GOOD || facts.verdict == VERDICT_NONE;
        if (facts.verdict == VERDICT_BAD) {
            struct fw_result *result = fw_about_policy(results, "DNS-003", FW_RESULT_FAIL,
                                                       exposure->device, exposure->snapshot,
                                                       facts.policy, "fail");
            result->span.line = facts.line > 0 ? facts.line : facts.policy->span.line;
            fw_result_param_u64(results, result, "line", result->span.line);
            add_fix(results, exposure, &facts, result);
            others++;
        } else if (facts.verdict == VERDICT_UNSURE) {
            struct fw_result *result = fw_about_policy(results, "DNS-003", FW_RESULT_OPEN,
                                                       exposure->device, exposure->snapshot,
                                                       facts.policy, "open.unsure_policy");
            fw_result_param_u64(results, result, "line", facts.policy->span.line);
            others++;
        }
    }
    if (others == 0) {
        fw_exposure_pass(results, "DNS-003", exposure, good, total, total);
    }
}

static void run(const struct fw_facts *facts, struct fw_results *results)
{
    size_t index = 0;
    const struct fw_exposure *exposure;
    while ((exposure = fw_exposure_next(facts, results, "DNS-003", &index))) {
        if (fw_exposure_ready(results, "DNS-003", exposure, false)) {
            judge(results, exposure);
        }
    }
}

const struct fw_analyzer fw_analyzer_dns_deny = {
    .check = "DNS-003",
    .rules = true,
    .exposure = true,
    .run = run,
};
