/* SEG-005: what can development and test open to production, or production to them, that the
 * approved matrix does not hold? */
#include "analyzers/rules/about.h"
#include "analyzers/rules/matrix.h"

enum { TEST = FW_TRUST_BIT(FW_TRUST_TEST) };

static bool between(const struct fw_exposure *exposure, const struct fw_crossing *crossing)
{
    bool from = fw_zone_is(exposure, crossing->from, TEST);
    bool to = fw_zone_is(exposure, crossing->to, TEST);
    return from != to &&
           fw_zone_is(exposure, from ? crossing->to : crossing->from, FW_TRUSTS_PRODUCTION);
}

static void judge(const struct fw_facts *facts, struct fw_results *results,
                  const struct fw_exposure *exposure)
{
    struct fw_arena *arena = results->arena;
    if (fw_zones_with(exposure, TEST) == 0) {
        struct fw_result *result = fw_about_policy(results, "SEG-005", FW_RESULT_OPEN,
                                                   exposure->device, exposure->snapshot, NULL,
                                                   "open.no_zones");
        fw_result_param_u64(results, result, "total", exposure->nzones);
        return;
    }
    struct fw_hits all;
    struct fw_hits hits;
    fw_hits_init(&all, results, exposure, true, true);
    fw_hits_init(&hits, results, exposure, true, true);
    for (size_t i = 0; i < exposure->ncrossings; i++) {
        const struct fw_crossing *crossing = &exposure->crossings[i];
        if (!between(exposure, crossing)) {
            continue;
        }
        struct fw_services approved;
        struct fw_services services;
        struct fw_services excess;
        struct fw_term parts[FW_PORT_PROTOS + 1];
        fw_hits_add(&all, crossing, &crossing->term);
        fw_matrix_approved(arena, facts->matrix, fw_zone_name(exposure, crossing->from),
                           fw_zone_name(exposure, crossing->to), &approved);
        fw_services_of_term(arena, &crossing->term, &services);
        fw_services_minus(arena, &services, &approved, &excess);
        size_t n = fw_services_terms(arena, &excess, parts);
        for (size_t k = 0; k < n; k++) {
            struct fw_term term;
            if (fw_term_meet(arena, &crossing->term, &parts[k], &term)) {
                fw_hits_add(&hits, crossing, &term);
            }
        }
    }
    for (size_t i = 0; i < hits.n; i++) {
        struct fw_result *result = fw_hit_result(&hits, "SEG-005", &hits.v[i], "fail");
        fw_result_param(results, result, "service", fw_services_string(arena, &hits.v[i].services));
    }
    if (hits.n == 0) {
        fw_exposure_pass_zoned(results, "SEG-005", exposure, all.n);
    }
}

static void run(const struct fw_facts *facts, struct fw_results *results)
{
    size_t index = 0;
    const struct fw_exposure *exposure;
    while ((exposure = fw_exposure_next(facts, results, "SEG-005", &index))) {
        if (fw_exposure_ready(results, "SEG-005", exposure, true)) {
            judge(facts, results, exposure);
        }
    }
}

const struct fw_analyzer fw_analyzer_test_zones = {
    .check = "SEG-005",
    .rules = true,
    .exposure = true,
    .run = run,
};
