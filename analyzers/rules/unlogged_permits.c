/* LOG-001: which rules let connections through without a record? */
#include "analyzers/rules/about.h"
#include "analyzers/rules/connection_log.h"
#include "analyzers/rules/hits.h"

static void judge(struct fw_results *results, const struct fw_exposure *exposure)
{
    struct fw_hits hits;
    const struct fw_ruleset *ruleset = exposure->snapshot->ruleset;
    enum fw_default_log kept = fw_records_kept(ruleset);
    bool by_device = fw_connection_log_of(ruleset) == FW_CONNECTION_LOG_ALL;
    fw_hits_init(&hits, results, exposure, false, false);
    hits.wanted = true;
    for (size_t i = 0; i < exposure->flows.n && !by_device; i++) {
        const struct fw_flow *flow = &exposure->flows.v[i];
        if (flow->rule && (!flow->logged || kept == FW_DEFAULT_LOG_NO) &&
            fw_exposure_transit(ruleset, flow->policy)) {
            struct fw_crossing all = {FW_ANY_ZONE, FW_ANY_ZONE, flow, flow->term, flow->doubt};
            fw_hits_add(&hits, &all, &flow->term);
        }
    }
    for (size_t i = 0; i < hits.n; i++) {
        fw_hit_result(&hits, "LOG-001", &hits.v[i], "fail");
    }
    uint64_t total = fw_exposure_permits(exposure);
    if (hits.n == 0 && total > 0 && kept == FW_DEFAULT_LOG_UNKNOWN) {
        fw_about_policy(results, "LOG-001", FW_RESULT_OPEN, exposure->device, exposure->snapshot,
                        NULL, "open.unkept");
    } else if (hits.n == 0) {
        fw_exposure_pass(results, "LOG-001", exposure, total, total, total);
    }
}

static void run(const struct fw_facts *facts, struct fw_results *results)
{
    size_t index = 0;
    const struct fw_exposure *exposure;
    while ((exposure = fw_exposure_next(facts, results, "LOG-001", &index))) {
        if (fw_exposure_ready(results, "LOG-001", exposure, false)) {
            judge(results, exposure);
        }
    }
}

const struct fw_analyzer fw_analyzer_unlogged_permits = {
    .check = "LOG-001",
    .rules = true,
    .exposure = true,
    .run = run,
};
