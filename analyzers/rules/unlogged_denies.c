/* LOG-002: is what a policy refuses recorded? */
#include "analyzers/rules/about.h"
#include "analyzers/rules/connection_log.h"
#include "analyzers/rules/hits.h"

enum verdict { VERDICT_NONE, VERDICT_GOOD, VERDICT_UNSURE, VERDICT_BAD };

struct refusal {
    enum verdict verdict;
    uint32_t line; /* of what is wrong */
};

static void look(const struct fw_ruleset *ruleset, const struct fw_flow *flow,
                 struct refusal *refusal)
{
    enum verdict verdict = flow->logged ? VERDICT_GOOD : VERDICT_BAD;
    if (!flow->rule) {
        enum fw_default_log log = fw_default_log_of(ruleset);
        verdict = log == FW_DEFAULT_LOG_YES  ? VERDICT_GOOD
                  : log == FW_DEFAULT_LOG_NO ? VERDICT_BAD
                                             : VERDICT_UNSURE;
    }
    if (verdict == VERDICT_GOOD && fw_records_kept(ruleset) == FW_DEFAULT_LOG_NO) {
        verdict = VERDICT_BAD;
    }
    if (verdict == VERDICT_BAD && flow->doubt != 0) {
        verdict = VERDICT_UNSURE;
    }
    if (verdict > refusal->verdict) {
        refusal->verdict = verdict;
        refusal->line = flow->rule ? flow->rule->span.line : flow->policy->fallback_span.line;
    }
}

static void judge(struct fw_results *results, const struct fw_exposure *exposure)
{
    const struct fw_ruleset *ruleset = exposure->snapshot->ruleset;
    struct fw_flow_options options = {.refused = true};
    struct fw_flows refused;
    uint64_t total = 0;
    uint64_t good = 0;
    uint64_t others = 0;
    fw_flows_make(results->arena, ruleset, &options, &refused);
    for (size_t p = 0; p < ruleset->npolicies; p++) {
        const struct fw_policy *policy = ruleset->policies[p];
        struct refusal refusal = {VERDICT_NONE, 0};
        for (size_t i = 0; i < refused.n && fw_exposure_transit(ruleset, policy); i++) {
            if (refused.v[i].policy == policy) {
                look(ruleset, &refused.v[i], &refusal);
            }
        }
        total += refusal.verdict != VERDICT_NONE;
        good += refusal.verdict == VERDICT_GOOD;
        if (refusal.verdict == VERDICT_BAD || refusal.verdict == VERDICT_UNSURE) {
            bool bad = refusal.verdict == VERDICT_BAD;
            struct fw_result *result = fw_about_policy(
                results, "LOG-002", bad ? FW_RESULT_FAIL : FW_RESULT_OPEN, exposure->device,
                exposure->snapshot, policy, bad ? "fail" : "open.unsure_policy");
            result->span.line = refusal.line > 0 ? refusal.line : policy->span.line;
            fw_result_param_u64(results, result, "line", result->span.line);
            others++;
        }
    }
    if (others == 0 && (refused.cut > 0 || refused.too_large)) {
        fw_exposure_unsure(results, "LOG-002", exposure);
    } else if (others == 0 && total > 0 && fw_records_kept(ruleset) == FW_DEFAULT_LOG_UNKNOWN) {
        fw_about_policy(results, "LOG-002", FW_RESULT_OPEN, exposure->device, exposure->snapshot,
                        NULL, "open.unkept");
    } else if (others == 0) {
        fw_exposure_pass(results, "LOG-002", exposure, good, total, total);
    }
}

static void run(const struct fw_facts *facts, struct fw_results *results)
{
    size_t index = 0;
    const struct fw_exposure *exposure;
    while ((exposure = fw_exposure_next(facts, results, "LOG-002", &index))) {
        if (fw_exposure_ready(results, "LOG-002", exposure, false)) {
            judge(results, exposure);
        }
    }
}

const struct fw_analyzer fw_analyzer_unlogged_denies = {
    .check = "LOG-002",
    .rules = true,
    .exposure = true,
    .run = run,
};
