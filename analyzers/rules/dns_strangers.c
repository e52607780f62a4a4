/* DNS-001: which rules let name resolution out to servers that are not designated? */
#include "analyzers/rules/about.h"
#include "analyzers/rules/dns.h"

/* Where it is not known what is outside, what goes to public addresses leaves. */
static void find_flows(struct fw_hits *hits, const struct fw_term *dns, size_t n,
                       const struct fw_ipset *clients, const struct fw_ipset *strangers)
{
    struct fw_arena *arena = hits->results->arena;
    const struct fw_exposure *exposure = hits->exposure;
    const struct fw_ipset *out = fw_ipset_intersect(arena, strangers, fw_dns_public(arena));
    for (size_t i = 0; i < exposure->flows.n; i++) {
        const struct fw_flow *flow = &exposure->flows.v[i];
        struct fw_crossing all = {FW_ANY_ZONE, FW_ANY_ZONE, flow, flow->term, flow->doubt};
        if (fw_exposure_transit(exposure->snapshot->ruleset, flow->policy)) {
            fw_dns_add(hits, &all, dns, n, clients, out);
        }
    }
}

static void judge(const struct fw_facts *facts, struct fw_results *results,
                  const struct fw_exposure *exposure)
{
    struct fw_arena *arena = results->arena;
    struct fw_term dns[FW_PORT_PROTOS + 1];
    size_t n = fw_dns_terms(results, dns);
    uint64_t total = fw_exposure_permits(exposure);
    if (!facts->site || facts->site->ndns == 0) {
        struct fw_result *result = fw_about_policy(results, "DNS-001", FW_RESULT_OPEN,
                                                   exposure->device, exposure->snapshot, NULL,
                                                   "open.no_list");
        fw_about_count(results, result, fw_dns_permits(exposure, dns, n), total, 0);
        return;
    }
    const struct fw_ipset *strangers = fw_dns_others(arena, facts->site);
    struct fw_hits hits;
    fw_hits_init(&hits, results, exposure, false, false);
    for (size_t i = 0; i < exposure->ncrossings; i++) {
        const struct fw_crossing *crossing = &exposure->crossings[i];
        if (fw_dns_outside(exposure, crossing->to) && !fw_dns_outside(exposure, crossing->from)) {
            fw_dns_add(&hits, crossing, dns, n, strangers, strangers);
        }
    }
    bool outside = false;
    for (uint32_t z = 0; z < exposure->nzones; z++) {
        outside = outside || (exposure->zones[z].present && fw_dns_outside(exposure, z));
    }
    if (!outside || exposure->nunzoned > 0) {
        find_flows(&hits, dns, n, strangers, strangers);
    }
    for (size_t i = 0; i < hits.n; i++) {
        fw_hit_result(&hits, "DNS-001", &hits.v[i], "fail");
    }
    if (hits.n == 0) {
        struct fw_result *result = fw_exposure_pass(results, "DNS-001", exposure, 0, total, 0);
        fw_result_param(results, result, "servers",
                        fw_addresses_text(arena, fw_dns_designated(arena, facts->site)));
    }
}

static void run(const struct fw_facts *facts, struct fw_results *results)
{
    size_t index = 0;
    const struct fw_exposure *exposure;
    while ((exposure = fw_exposure_next(facts, results, "DNS-001", &index))) {
        if (fw_exposure_ready(results, "DNS-001", exposure, false)) {
            judge(facts, results, exposure);
        }
    }
}

const struct fw_analyzer fw_analyzer_dns_strangers = {
    .check = "DNS-001",
    .rules = true,
    .exposure = true,
    .run = run,
};
