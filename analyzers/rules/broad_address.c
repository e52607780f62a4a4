/* EXP-004: which rules permit more addresses than the limit, or addresses in countries that the
 * site's policy shuts out? */
#include <math.h>

#include "analyzers/rules/about.h"
#include "analyzers/rules/breadth.h"
#include "analyzers/rules/countries.h"
#include "analyzers/rules/hits.h"

struct limits {
    double v4, v6;
};

/* How many addresses more than allowed, in the family that is worse; 0: none. */
static double excess(const struct fw_ipset *set, const struct limits *limits, double *ret_limit)
{
    double v4 = fw_breadth_addresses(set, FW_IPV4);
    double v6 = fw_breadth_addresses(set, FW_IPV6);
    if (v6 > limits->v6) {
        *ret_limit = limits->v6;
        return v6;
    }
    *ret_limit = limits->v4;
    return v4 > limits->v4 ? v4 : 0;
}

/* What is published is for anybody: few servers, few services, any source. */
static bool is_published(const struct fw_hit *hit, double destinations)
{
    return destinations == 0 && !fw_breadth_every_service(&hit->services);
}

static bool judge_size(struct fw_hits *hits, const struct fw_hit *hit, const void *context)
{
    const struct limits *limits = context;
    struct fw_results *results = hits->results;
    double limit_src;
    double limit_dst;
    double src = excess(hit->sources, limits, &limit_src);
    double dst = excess(hit->destinations, limits, &limit_dst);
    if (dst == 0 && (src == 0 || is_published(hit, dst))) {
        return false;
    }
    bool by_source = src >= dst;
    struct fw_result *result = fw_hit_result(hits, "EXP-004", hit, "fail");
    fw_result_param(results, result, "n", fw_breadth_number(results->arena, by_source ? src : dst));
    fw_result_param(results, result, "target",
                    fw_breadth_number(results->arena, by_source ? limit_src : limit_dst));
    if (result->state == FW_RESULT_FAIL) {
        fw_result_param(
            results, result, "list",
            fw_addresses_text(results->arena, by_source ? hit->sources : hit->destinations));
    }
    result->measured = fw_breadth_bounds(results->arena, hit->breadth);
    return true;
}

static void judge(const struct fw_facts *facts, struct fw_results *results,
                  const struct fw_exposure *exposure)
{
    struct limits limits = {32 - fw_facts_threshold(facts, "EXP-004.prefix_ipv4", 16),
                            128 - fw_facts_threshold(facts, "EXP-004.prefix_ipv6", 48)};
    limits.v4 = exp2(limits.v4 > 0 ? limits.v4 : 0);
    limits.v6 = exp2(limits.v6 > 0 ? limits.v6 : 0);
    struct fw_hits_pair pair;
    fw_hits_pair_init(&pair, results, exposure, false);
    fw_hits_permits(&pair);
    uint64_t found = fw_hits_pair_judge(&pair, judge_size, &limits);
    found += fw_countries_judge(facts, results, "EXP-004", exposure);
    if (found == 0) {
        fw_exposure_pass(results, "EXP-004", exposure, 0, fw_exposure_permits(exposure), 0);
    }
}

static void run(const struct fw_facts *facts, struct fw_results *results)
{
    size_t index = 0;
    const struct fw_exposure *exposure;
    while ((exposure = fw_exposure_next(facts, results, "EXP-004", &index))) {
        if (fw_exposure_ready(results, "EXP-004", exposure, false)) {
            judge(facts, results, exposure);
        }
    }
}

const struct fw_analyzer fw_analyzer_broad_address = {
    .check = "EXP-004",
    .rules = true,
    .exposure = true,
    .run = run,
};
