/* What checks of name resolution share. */
#include "analyzers/rules/dns.h"

void fw_dns_services(struct fw_results *results, struct fw_services *ret)
{
    if (fw_services_wanted(results->arena, results->catalogue, FW_SERVICE_DNS, ret) == 0) {
        static const struct fw_numrange ports[] = {{53, 53}, {853, 853}};
        static const struct fw_numset both = {2, ports};
        ret->ports[0] = &both;
        ret->ports[1] = &both;
    }
}

size_t fw_dns_terms(struct fw_results *results, struct fw_term ret[FW_PORT_PROTOS + 1])
{
    struct fw_services services;
    fw_dns_services(results, &services);
    return fw_services_terms(results->arena, &services, ret);
}

const struct fw_ipset *fw_dns_designated(struct fw_arena *arena, const struct fw_site *site)
{
    return fw_ipset_make(arena, site->dns, site->ndns);
}

const struct fw_ipset *fw_dns_others(struct fw_arena *arena, const struct fw_site *site)
{
    return fw_ipset_complement(arena, fw_dns_designated(arena, site), FW_FAMILY_BOTH);
}

const struct fw_ipset *fw_dns_public(struct fw_arena *arena)
{
    static const char *const special[] = {
        "0.0.0.0/8",      "10.0.0.0/8",    "100.64.0.0/10",  "127.0.0.0/8",
        "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16", "224.0.0.0/3",
        "::/8",           "fc00::/7",      "fe80::/10",      "ff00::/8",
    };
    enum { SPECIAL = sizeof(special) / sizeof(special[0]) };
    fw_iprange v[SPECIAL];
    for (size_t i = 0; i < SPECIAL; i++) {
        fw_iprange_parse(fw_sv_from(special[i]), &v[i], NULL);
    }
    return fw_ipset_complement(arena, fw_ipset_make(arena, v, SPECIAL), FW_FAMILY_BOTH);
}

uint64_t fw_dns_permits(const struct fw_exposure *exposure, const struct fw_term *dns, size_t n)
{
    uint64_t count = 0;
    const struct fw_ruleset *ruleset = exposure->snapshot->ruleset;
    for (size_t r = 0; r < exposure->flows.nrules; r++) {
        const struct fw_rule_flows *rule = &exposure->flows.rules[r];
        bool found = false;
        for (size_t i = rule->first; i < rule->first + rule->n && !found; i++) {
            for (size_t s = 0; s < n && !found; s++) {
                found = fw_term_overlaps(&exposure->flows.v[i].term, &dns[s]);
            }
        }
        count += found && fw_exposure_transit(ruleset, rule->policy);
    }
    return count;
}

void fw_dns_add(struct fw_hits *hits, const struct fw_crossing *crossing, const struct fw_term *dns,
                size_t n, const struct fw_ipset *sources, const struct fw_ipset *destinations)
{
    const struct fw_term ends = {.src = sources, .dst = destinations};
    for (size_t s = 0; s < n; s++) {
        struct fw_term term;
        if (fw_term_overlaps(&crossing->term, &dns[s]) &&
            fw_term_overlaps(&crossing->term, &ends) &&
            fw_term_meet(hits->results->arena, &crossing->term, &dns[s], &term) &&
            fw_term_meet(hits->results->arena, &term, &ends, &term)) {
            fw_hits_add(hits, crossing, &term);
        }
    }
}

bool fw_dns_outside(const struct fw_exposure *exposure, uint32_t zone)
{
    bool some = false;
    for (uint32_t z = 0; z < exposure->nzones; z++) {
        some = some || (exposure->zones[z].present && exposure->zones[z].zone->networks->n == 0 &&
                        fw_zone_is(exposure, z, FW_TRUST_BIT(FW_TRUST_UNTRUSTED)));
    }
    return fw_zone_is(exposure, zone, FW_TRUST_BIT(FW_TRUST_UNTRUSTED)) &&
           (!some || exposure->zones[zone].zone->networks->n == 0);
}
