/* SEG-002: which rules let more pass between two zones than the approved matrix holds? */
#include "analyzers/rules/about.h"
#include "analyzers/rules/matrix.h"

/* Adds the part of the crossing that is not approved. */
static void add_excess(struct fw_hits *hits, const struct fw_crossing *crossing,
                       const struct fw_services *approved)
{
    struct fw_arena *arena = hits->results->arena;
    struct fw_services services;
    struct fw_services excess;
    struct fw_term parts[FW_PORT_PROTOS + 1];
    fw_services_of_term(arena, &crossing->term, &services);
    fw_services_minus(arena, &services, approved, &excess);
    size_t n = fw_services_terms(arena, &excess, parts);
    for (size_t i = 0; i < n; i++) {
        struct fw_term term;
        if (fw_term_meet(arena, &crossing->term, &parts[i], &term)) {
            fw_hits_add(hits, crossing, &term);
        }
    }
}

static uint64_t count_pairs(const struct fw_exposure *exposure)
{
    uint64_t n = 0;
    for (size_t i = 0; i < exposure->ncrossings; i++) {
        const struct fw_crossing *c = &exposure->crossings[i];
        const struct fw_crossing *before = i > 0 ? &exposure->crossings[i - 1] : NULL;
        n += c->to < exposure->nzones &&
             !(before && before->from == c->from && before->to == c->to);
    }
    return n;
}

static void judge(const struct fw_facts *facts, struct fw_results *results,
                  const struct fw_exposure *exposure)
{
    uint64_t pairs = count_pairs(exposure);
    if (!facts->matrix) {
        struct fw_result *result = fw_about_policy(results, "SEG-002", FW_RESULT_OPEN,
                                                   exposure->device, exposure->snapshot, NULL,
                                                   "open.no_matrix");
        fw_result_param_u64(results, result, "total", pairs);
        return;
    }
    struct fw_hits hits;
    fw_hits_init(&hits, results, exposure, true, true);
    struct fw_services approved;
    for (size_t i = 0; i < exposure->ncrossings; i++) {
        const struct fw_crossing *crossing = &exposure->crossings[i];
        const struct fw_crossing *before = i > 0 ? &exposure->crossings[i - 1] : NULL;
        if (crossing->to >= exposure->nzones) {
            continue;
        }
        if (!before || before->from != crossing->from || before->to != crossing->to) {
            fw_matrix_approved(results->arena, facts->matrix,
                               fw_zone_name(exposure, crossing->from),
                               fw_zone_name(exposure, crossing->to), &approved);
        }
        add_excess(&hits, crossing, &approved);
    }
    for (size_t i = 0; i < hits.n; i++) {
        struct fw_result *result = fw_hit_result(&hits, "SEG-002", &hits.v[i], "fail");
        fw_result_param(results, result, "service",
                        fw_services_string(results->arena, &hits.v[i].services));
    }
    if (hits.n == 0) {
        fw_exposure_pass_zoned(results, "SEG-002", exposure, pairs);
    }
}

static void run(const struct fw_facts *facts, struct fw_results *results)
{
    size_t index = 0;
    const struct fw_exposure *exposure;
    while ((exposure = fw_exposure_next(facts, results, "SEG-002", &index))) {
        if (fw_exposure_ready(results, "SEG-002", exposure, true)) {
            judge(facts, results, exposure);
        }
    }
}

const struct fw_analyzer fw_analyzer_matrix_violations = {
    .check = "SEG-002",
    .rules = true,
    .exposure = true,
    .run = run,
};
