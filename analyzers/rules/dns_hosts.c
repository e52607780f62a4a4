/* DNS-004: on which hosts that are no DNS servers can name resolution be reached? */
#include "analyzers/rules/about.h"
#include "analyzers/rules/dns.h"

static void judge(const struct fw_facts *facts, struct fw_results *results,
                  const struct fw_exposure *exposure)
{
    struct fw_arena *arena = results->arena;
    struct fw_term dns[FW_PORT_PROTOS + 1];
    size_t n = fw_dns_terms(results, dns);
    uint64_t total = fw_dns_permits(exposure, dns, n);
    if (!facts->site || facts->site->ndns == 0) {
        struct fw_result *result = fw_about_policy(results, "DNS-004", FW_RESULT_OPEN,
                                                   exposure->device, exposure->snapshot, NULL,
                                                   "open.no_list");
        fw_result_param_u64(results, result, "total", total);
        return;
    }
    const struct fw_ipset *hosts = fw_dns_others(arena, facts->site);
    struct fw_hits hits;
    fw_hits_init(&hits, results, exposure, false, false);
    for (size_t i = 0; i < exposure->ncrossings; i++) {
        const struct fw_crossing *crossing = &exposure->crossings[i];
        if (fw_zone_is(exposure, crossing->to, FW_TRUSTS_OURS)) {
            fw_dns_add(&hits, crossing, dns, n, NULL, hosts);
        }
    }
    for (size_t i = 0; i < hits.n; i++) {
        struct fw_result *result = fw_hit_result(&hits, "DNS-004", &hits.v[i], "fail");
        if (result->state == FW_RESULT_FAIL) {
            fw_result_param(results, result, "list",
                            fw_addresses_text(arena, hits.v[i].destinations));
        }
    }
    if (hits.n == 0) {
        fw_exposure_pass_zoned(results, "DNS-004", exposure, total);
    }
}

static void run(const struct fw_facts *facts, struct fw_results *results)
{
    size_t index = 0;
    const struct fw_exposure *exposure;
    while ((exposure = fw_exposure_next(facts, results, "DNS-004", &index))) {
        bool zones = facts->site && facts->site->ndns > 0;
        if (fw_exposure_ready(results, "DNS-004", exposure, zones)) {
            judge(facts, results, exposure);
        }
    }
}

const struct fw_analyzer fw_analyzer_dns_hosts = {
    .check = "DNS-004",
    .rules = true,
    .exposure = true,
    .run = run,
};
