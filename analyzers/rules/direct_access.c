/* SEG-003: which rules let untrusted zones reach internal addresses without a stop in the DMZ? */
#include "analyzers/rules/about.h"
#include "analyzers/rules/hits.h"

/* Rules that let anything in from untrusted zones. */
static uint64_t count_rules(const struct fw_exposure *exposure)
{
    uint64_t n = 0;
    for (size_t r = 0; r < exposure->flows.nrules; r++) {
        bool found = false;
        for (uint32_t i = exposure->first_of[r]; i < exposure->first_of[r + 1] && !found; i++) {
            const struct fw_crossing *crossing = &exposure->crossings[exposure->by_rule[i]];
            found = fw_zone_is(exposure, crossing->from, FW_TRUST_BIT(FW_TRUST_UNTRUSTED)) &&
                    crossing->to < exposure->nzones;
        }
        n += found;
    }
    return n;
}

static void judge(struct fw_results *results, const struct fw_exposure *exposure)
{
    struct fw_hits hits;
    fw_hits_init(&hits, results, exposure, true, false);
    for (size_t i = 0; i < exposure->ncrossings; i++) {
        const struct fw_crossing *crossing = &exposure->crossings[i];
        if (fw_zone_is(exposure, crossing->from, FW_TRUST_BIT(FW_TRUST_UNTRUSTED)) &&
            fw_zone_is(exposure, crossing->to, FW_TRUSTS_INSIDE)) {
            fw_hits_add(&hits, crossing, &crossing->term);
        }
    }
    for (size_t i = 0; i < hits.n; i++) {
        struct fw_result *result = fw_hit_result(&hits, "SEG-003", &hits.v[i], "fail");
        if (result->state == FW_RESULT_FAIL) {
            fw_result_param(results, result, "list",
                            fw_addresses_text(results->arena, hits.v[i].destinations));
        }
    }
    if (hits.n == 0) {
        fw_exposure_pass_zoned(results, "SEG-003", exposure, count_rules(exposure));
    }
}

static void run(const struct fw_facts *facts, struct fw_results *results)
{
    size_t index = 0;
    const struct fw_exposure *exposure;
    while ((exposure = fw_exposure_next(facts, results, "SEG-003", &index))) {
        if (fw_exposure_ready(results, "SEG-003", exposure, true)) {
            judge(results, exposure);
        }
    }
}

const struct fw_analyzer fw_analyzer_direct_access = {
    .check = "SEG-003",
    .rules = true,
    .exposure = true,
    .run = run,
};
