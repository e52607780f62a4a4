/* EXP-005: which zones with servers may open any service to the Internet? */
#include "analyzers/rules/about.h"
#include "analyzers/rules/breadth.h"
#include "analyzers/rules/hits.h"

enum { SERVERS = FW_TRUSTS_PRODUCTION };

/* A rule for some partner's addresses is no way to the Internet at large. */
static bool to_internet(const struct fw_exposure *exposure, uint32_t zone,
                        const struct fw_ipset *destinations)
{
    static const double part = 0.5;
    const struct fw_ipset *addresses = exposure->zones[zone].addresses;
    for (int six = 0; six < 2; six++) { /* beside version 6, all of version 4 is nothing */
        enum fw_family family = six ? FW_IPV6 : FW_IPV4;
        double all = fw_breadth_addresses(addresses, family);
        if (all > 0 && fw_breadth_addresses(destinations, family) >= part * all) {
            return true;
        }
    }
    return fw_ipset_has(destinations, fw_ip4(0x08080808));
}

static bool judge_hit(struct fw_hits *hits, const struct fw_hit *hit, const void *context)
{
    (void)context;
    if (!fw_breadth_every_service(&hit->services) ||
        !to_internet(hits->exposure, hit->to, hit->destinations)) {
        return false;
    }
    fw_hit_result(hits, "EXP-005", hit, "fail");
    return true;
}

static void judge(struct fw_results *results, const struct fw_exposure *exposure)
{
    struct fw_hits_pair pair;
    size_t zones = fw_zones_with(exposure, SERVERS);
    if (zones == 0) {
        struct fw_result *result = fw_about_policy(results, "EXP-005", FW_RESULT_OPEN,
                                                   exposure->device, exposure->snapshot, NULL,
                                                   "open.no_zones");
        fw_result_param_u64(results, result, "total", exposure->nzones);
        return;
    }
    fw_hits_pair_init(&pair, results, exposure, true);
    for (size_t i = 0; i < exposure->ncrossings; i++) {
        const struct fw_crossing *crossing = &exposure->crossings[i];
        if (fw_zone_is(exposure, crossing->from, SERVERS) &&
            fw_zone_is(exposure, crossing->to, FW_TRUST_BIT(FW_TRUST_UNTRUSTED))) {
            fw_hits_pair_add(&pair, crossing);
        }
    }
    if (fw_hits_pair_judge(&pair, judge_hit, NULL) == 0) {
        fw_exposure_pass_zoned(results, "EXP-005", exposure, zones);
    }
}

static void run(const struct fw_facts *facts, struct fw_results *results)
{
    size_t index = 0;
    const struct fw_exposure *exposure;
    while ((exposure = fw_exposure_next(facts, results, "EXP-005", &index))) {
        if (fw_exposure_ready(results, "EXP-005", exposure, true)) {
            judge(results, exposure);
        }
    }
}

const struct fw_analyzer fw_analyzer_egress = {
    .check = "EXP-005",
    .rules = true,
    .exposure = true,
    .run = run,
};
