/* DNS-007: which public resolvers over HTTPS can zones reach that must use the designated ones? */
#include "analyzers/rules/about.h"
#include "analyzers/rules/dns.h"

static void open_without_list(struct fw_results *results, const struct fw_exposure *exposure)
{
    struct fw_result *result = fw_about_policy(results, "DNS-007", FW_RESULT_OPEN, exposure->device,
                                               exposure->snapshot, NULL, "open.no_list");
    fw_result_param_u64(results, result, "total", fw_exposure_permits(exposure));
}

static void judge(const struct fw_facts *facts, struct fw_results *results,
                  const struct fw_exposure *exposure, const struct fw_term *https, size_t n)
{
    const struct fw_site *site = facts->site;
    struct fw_hits hits;
    uint64_t reached = 0;
    fw_hits_init(&hits, results, exposure, false, false);
    struct fw_buf list;
    fw_buf_init(&list);
    for (size_t d = 0; d < site->ndoh; d++) {
        const struct fw_ipset *endpoint = fw_ipset_make(results->arena, &site->doh[d], 1);
        size_t before = 0;
        for (size_t h = 0; h < hits.n; h++) {
            before += hits.v[h].parts;
        }
        for (size_t i = 0; i < exposure->ncrossings; i++) {
            const struct fw_crossing *crossing = &exposure->crossings[i];
            if (fw_zone_is(exposure, crossing->from, FW_TRUSTS_OURS) &&
                fw_zone_is(exposure, crossing->to, FW_TRUST_BIT(FW_TRUST_UNTRUSTED))) {
                fw_dns_add(&hits, crossing, https, n, fw_dns_others(results->arena, facts->site),
                           endpoint);
            }
        }
        size_t after = 0;
        for (size_t h = 0; h < hits.n; h++) {
            after += hits.v[h].parts;
        }
        if (after > before) {
            enum { SHOWN = 4 };
            if (reached < SHOWN) {
                fw_buf_add_cstr(&list, reached > 0 ? ", " : "");
                fw_iprange_text(&list, site->doh[d]);
            }
            reached++;
        }
    }
    /* One finding a device: the list is what is wrong, not each rule that lets the web through. */
    const struct fw_hit *best = NULL;
    for (size_t i = 0; i < hits.n; i++) {
        best = !best || hits.v[i].best.doubt < best->best.doubt ? &hits.v[i] : best;
    }
    if (best) {
        struct fw_result *result = fw_hit_result(&hits, "DNS-007", best, "fail");
        fw_result_param_u64(results, result, "n", reached);
        fw_result_param_u64(results, result, "total", site->ndoh);
        if (result->state == FW_RESULT_FAIL) {
            fw_result_param(results, result, "list",
                            fw_arena_copy(results->arena, fw_buf_sv(&list)));
        }
    } else {
        fw_exposure_pass_zoned(results, "DNS-007", exposure, site->ndoh);
    }
    fw_buf_clear(&list);
}

static void run(const struct fw_facts *facts, struct fw_results *results)
{
    struct fw_services services;
    struct fw_term https[FW_PORT_PROTOS + 1];
    fw_services_wanted(results->arena, results->catalogue, FW_SERVICE_DOH, &services);
    size_t n = fw_services_terms(results->arena, &services, https);
    size_t index = 0;
    const struct fw_exposure *exposure;
    while ((exposure = fw_exposure_next(facts, results, "DNS-007", &index))) {
        if (!facts->site || facts->site->ndoh == 0 || n == 0) {
            open_without_list(results, exposure);
        } else if (fw_exposure_ready(results, "DNS-007", exposure, true)) {
            judge(facts, results, exposure, https, n);
        }
    }
}

const struct fw_analyzer fw_analyzer_doh = {
    .check = "DNS-007",
    .rules = true,
    .exposure = true,
    .run = run,
};
