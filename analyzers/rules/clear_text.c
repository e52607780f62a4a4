/* EXP-006: which rules permit protocols that encrypt nothing? */
#include "analyzers/rules/about.h"
#include "analyzers/rules/hits.h"

static void judge(struct fw_results *results, const struct fw_exposure *exposure,
                  const struct fw_term *insecure, size_t n)
{
    struct fw_hits hits;
    fw_hits_init(&hits, results, exposure, false, false);
    for (size_t r = 0; r < exposure->flows.nrules; r++) {
        const struct fw_rule_flows *rule = &exposure->flows.rules[r];
        bool transit = rule->by && fw_exposure_transit(exposure->snapshot->ruleset, rule->policy);
        for (size_t i = rule->first; transit && i < rule->first + rule->n; i++) {
            const struct fw_flow *flow = &exposure->flows.v[i];
            for (size_t s = 0; s < n && flow->action == FW_ACTION_PERMIT; s++) {
                struct fw_crossing crossing = {FW_ANY_ZONE, FW_ANY_ZONE, flow, flow->term,
                                               flow->doubt};
                struct fw_term term;
                if (fw_term_overlaps(&flow->term, &insecure[s]) &&
                    fw_term_meet(results->arena, &flow->term, &insecure[s], &term)) {
                    fw_hits_add(&hits, &crossing, &term);
                }
            }
        }
    }
    for (size_t i = 0; i < hits.n; i++) {
        struct fw_result *result = fw_hit_result(&hits, "EXP-006", &hits.v[i], "fail");
        fw_result_param(results, result, "service",
                        fw_services_named(results, &hits.v[i].services, FW_SERVICE_INSECURE));
    }
    if (hits.n == 0) {
        fw_exposure_pass(results, "EXP-006", exposure, 0, fw_exposure_permits(exposure), 0);
    }
}

static void run(const struct fw_facts *facts, struct fw_results *results)
{
    struct fw_services services;
    struct fw_term insecure[FW_PORT_PROTOS + 1];
    size_t listed = fw_services_wanted(results->arena, results->catalogue, FW_SERVICE_INSECURE,
                                       &services);
    size_t n = fw_services_terms(results->arena, &services, insecure);
    size_t index = 0;
    const struct fw_exposure *exposure;
    while ((exposure = fw_exposure_next(facts, results, "EXP-006", &index))) {
        if (listed == 0) {
            struct fw_result *result = fw_about_policy(results, "EXP-006", FW_RESULT_OPEN,
                                                       exposure->device, exposure->snapshot, NULL,
                                                       "open.no_list");
            fw_result_param(results, result, "list", FW_SV("services.json"));
        } else if (fw_exposure_ready(results, "EXP-006", exposure, false)) {
            judge(results, exposure, insecure, n);
        }
    }
}

const struct fw_analyzer fw_analyzer_clear_text = {
    .check = "EXP-006",
    .rules = true,
    .exposure = true,
    .run = run,
};
