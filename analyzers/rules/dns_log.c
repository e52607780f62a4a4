/* Which rules let name resolution through without recording it? */
#include "analyzers/rules/dns_log.h"

#include "analyzers/rules/connection_log.h"
#include "analyzers/rules/dns.h"

static void look(const struct fw_exposure *exposure, const struct fw_term *dns, size_t n,
                 struct fw_dns_log *ret)
{
    for (size_t i = 0; i < exposure->flows.n; i++) {
        const struct fw_flow *flow = &exposure->flows.v[i];
        bool hit = false;
        for (size_t s = 0; s < n && flow->rule; s++) {
            hit = hit || fw_term_overlaps(&flow->term, &dns[s]);
        }
        hit = hit && fw_exposure_transit(exposure->snapshot->ruleset, flow->policy);
        ret->total += hit;
        ret->unlogged += hit && !flow->logged;
    }
}

struct fw_dns_log fw_dns_log_of(const struct fw_facts *facts, struct fw_results *results,
                                const struct fw_ruleset *ruleset)
{
    struct fw_dns_log ret = {0, 0};
    struct fw_term dns[FW_PORT_PROTOS + 1];
    if (!ruleset || !facts->exposures || fw_connection_log_of(ruleset) == FW_CONNECTION_LOG_ALL) {
        return ret;
    }
    size_t n = fw_dns_terms(results, dns);
    for (size_t i = 0; i < facts->ndevices; i++) {
        const struct fw_exposure *exposure = &facts->exposures[i];
        if (exposure->snapshot && exposure->snapshot->ruleset == ruleset) {
            look(exposure, dns, n, &ret);
        }
    }
    return ret;
}
