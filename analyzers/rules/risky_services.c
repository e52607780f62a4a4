/* EXP-002: which high-risk services can untrusted zones reach? */
#include "analyzers/rules/about.h"
#include "analyzers/rules/hits.h"
#include "policy/services.h"

static void judge(struct fw_results *results, const struct fw_exposure *exposure,
                  const struct fw_term *risky, size_t nrisky, uint64_t listed)
{
    struct fw_hits hits;
    fw_hits_init(&hits, results, exposure, true, false);
    for (size_t i = 0; i < exposure->ncrossings; i++) {
        const struct fw_crossing *crossing = &exposure->crossings[i];
        if (!fw_zone_is(exposure, crossing->from, FW_TRUST_BIT(FW_TRUST_UNTRUSTED)) ||
            !fw_zone_is(exposure, crossing->to, FW_TRUSTS_OURS)) {
            continue;
        }
        for (size_t s = 0; s < nrisky; s++) {
            struct fw_term term;
            if (fw_term_overlaps(&crossing->term, &risky[s]) &&
                fw_term_meet(results->arena, &crossing->term, &risky[s], &term)) {
                fw_hits_add(&hits, crossing, &term);
            }
        }
    }
    for (size_t i = 0; i < hits.n; i++) {
        struct fw_result *result = fw_hit_result(&hits, "EXP-002", &hits.v[i], "fail");
        fw_result_param(results, result, "service",
                        fw_services_named(results, &hits.v[i].services, FW_SERVICE_RISKY));
    }
    if (hits.n == 0) {
        fw_exposure_pass_zoned(results, "EXP-002", exposure, listed);
    }
}

static void run(const struct fw_facts *facts, struct fw_results *results)
{
    struct fw_services services;
    struct fw_term risky[FW_PORT_PROTOS + 1];
    size_t listed = fw_services_wanted(results->arena, results->catalogue, FW_SERVICE_RISKY,
                                       &services);
    size_t n = fw_services_terms(results->arena, &services, risky);
    size_t index = 0;
    const struct fw_exposure *exposure;
    while ((exposure = fw_exposure_next(facts, results, "EXP-002", &index))) {
        if (listed == 0) {
            struct fw_result *result = fw_about_policy(results, "EXP-002", FW_RESULT_OPEN,
                                                       exposure->device, exposure->snapshot, NULL,
                                                       "open.no_list");
            fw_result_param(results, result, "list", FW_SV("services.json"));
        } else if (fw_exposure_ready(results, "EXP-002", exposure, true)) {
            judge(results, exposure, risky, n, listed);
        }
    }
}

const struct fw_analyzer fw_analyzer_risky_services = {
    .check = "EXP-002",
    .rules = true,
    .exposure = true,
    .run = run,
};
