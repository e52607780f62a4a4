/* EXP-003: which rules permit every service? */
#include "analyzers/rules/about.h"
#include "analyzers/rules/breadth.h"
#include "analyzers/rules/hits.h"

static bool judge_hit(struct fw_hits *hits, const struct fw_hit *hit, const void *context)
{
    (void)context;
    struct fw_results *results = hits->results;
    if (!fw_breadth_every_service(&hit->services)) {
        return false;
    }
    struct fw_result *result = fw_hit_result(hits, "EXP-003", hit, "fail");
    fw_result_param(results, result, "from", fw_breadth_end(results, hits->exposure, hit, true));
    fw_result_param(results, result, "to", fw_breadth_end(results, hits->exposure, hit, false));
    result->measured = fw_breadth_bounds(results->arena, hit->breadth);
    return true;
}

static void judge(struct fw_results *results, const struct fw_exposure *exposure)
{
    struct fw_hits_pair pair;
    fw_hits_pair_init(&pair, results, exposure, false);
    fw_hits_permits(&pair);
    if (fw_hits_pair_judge(&pair, judge_hit, NULL) == 0) {
        fw_exposure_pass(results, "EXP-003", exposure, 0, fw_exposure_permits(exposure), 0);
    }
}

static void run(const struct fw_facts *facts, struct fw_results *results)
{
    size_t index = 0;
    const struct fw_exposure *exposure;
    while ((exposure = fw_exposure_next(facts, results, "EXP-003", &index))) {
        if (fw_exposure_ready(results, "EXP-003", exposure, false)) {
            judge(results, exposure);
        }
    }
}

const struct fw_analyzer fw_analyzer_any_service = {
    .check = "EXP-003",
    .rules = true,
    .exposure = true,
    .run = run,
};
