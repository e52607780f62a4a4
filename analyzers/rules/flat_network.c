/* SEG-004: how many pairs of internal zones are open for any service, and does the DMZ reach inside
 * broadly? */
#include <inttypes.h>

#include "analyzers/rules/about.h"
#include "analyzers/rules/breadth.h"
#include "analyzers/rules/hits.h"

enum { INSIDE = FW_TRUSTS_INSIDE, DMZ = FW_TRUST_BIT(FW_TRUST_DMZ), SHOWN = 6 };

struct pairs {
    uint64_t total, open, doubtful;
    bool broad_dmz;
    struct fw_buf list; /* of those that are open */
};

static void list_pair(const struct fw_exposure *exposure, uint32_t from, uint32_t to,
                      struct pairs *pairs)
{
    if (pairs->open < SHOWN) {
        fw_buf_add_cstr(&pairs->list, pairs->open > 0 ? ", " : "");
        fw_buf_add(&pairs->list, fw_zone_name(exposure, from));
        fw_buf_add_cstr(&pairs->list, ">");
        fw_buf_add(&pairs->list, fw_zone_name(exposure, to));
    }
    pairs->open++;
}

static bool counts(const struct fw_exposure *exposure, uint32_t from, uint32_t to)
{
    return fw_zone_is(exposure, from, INSIDE | DMZ) && fw_zone_is(exposure, to, INSIDE) &&
           from != to && exposure->zones[from].present && exposure->zones[to].present &&
           (exposure->zones[from].here || exposure->zones[to].here);
}

/* All that surely passes between two zones, and all that may. */
static void look(struct fw_arena *arena, const struct fw_exposure *exposure, uint32_t from,
                 uint32_t to, size_t *at, struct pairs *pairs)
{
    struct fw_services sure;
    struct fw_services all;
    fw_services_init(&sure, arena);
    fw_services_init(&all, arena);
    for (; *at < exposure->ncrossings && exposure->crossings[*at].from == from &&
           exposure->crossings[*at].to == to;
         ++*at) {
        struct fw_services one;
        fw_services_of_term(arena, &exposure->crossings[*at].term, &one);
        fw_services_add(arena, &all, &one);
        if (exposure->crossings[*at].doubt == 0) {
            fw_services_add(arena, &sure, &one);
        }
    }
    bool dmz = fw_zone_is(exposure, from, DMZ);
    bool open = fw_breadth_every_service(&sure);
    pairs->broad_dmz = pairs->broad_dmz || (dmz && open);
    if (open) {
        list_pair(exposure, from, to, pairs);
    }
    pairs->doubtful += !open && fw_breadth_every_service(&all);
}

static void count_pairs(struct fw_results *results, const struct fw_exposure *exposure,
                        struct pairs *pairs)
{
    size_t at = 0;
    for (uint32_t from = 0; from < exposure->nzones; from++) {
        for (uint32_t to = 0; to < exposure->nzones; to++) {
            pairs->total += counts(exposure, from, to);
        }
    }
    while (at < exposure->ncrossings) {
        uint32_t from = exposure->crossings[at].from;
        uint32_t to = exposure->crossings[at].to;
        if (counts(exposure, from, to)) {
            look(results->arena, exposure, from, to, &at, pairs);
        } else {
            at++;
        }
    }
    if (pairs->open > SHOWN) {
        fw_buf_printf(&pairs->list, ", +%" PRIu64, pairs->open - SHOWN);
    }
}

/* Which services a pair of zones needs is for people to say (the matrix): with it SEG-002 names
 * what to refuse, rule by rule; without it no command would be right. */
static void judge_pairs(const struct fw_facts *facts, struct fw_results *results,
                        const struct fw_exposure *exposure, const struct pairs *pairs)
{
    double limit = fw_facts_threshold(facts, "SEG-004.open_percent", 50);
    double percent = pairs->total > 0 ? 100.0 * (double)pairs->open / (double)pairs->total : 0;
    double most = pairs->total > 0
                      ? 100.0 * (double)(pairs->open + pairs->doubtful) / (double)pairs->total
                      : 0;
    bool fails = percent > limit || pairs->broad_dmz;
    if (!fails && (most > limit || exposure->nunzoned > 0)) {
        fw_exposure_unsure(results, "SEG-004", exposure);
        return;
    }
    struct fw_result *result = fw_about_policy(
        results, "SEG-004", fails ? FW_RESULT_FAIL : FW_RESULT_PASS, exposure->device,
        exposure->snapshot, NULL, fails ? "fail" : "pass");
    result->measured = fw_arena_printf(results->arena, "%.4g", percent);
    result->target = fw_arena_printf(results->arena, "%.4g", limit);
    fw_result_param(results, result, "value", result->measured);
    fw_result_param(results, result, "percent", result->measured);
    fw_result_param(results, result, "target", result->target);
    fw_result_param_u64(results, result, "n", pairs->open);
    fw_result_param_u64(results, result, "total", pairs->total);
    fw_result_param(results, result, "list",
                    fw_arena_copy(results->arena, fw_buf_sv(&pairs->list)));
}

static void judge(const struct fw_facts *facts, struct fw_results *results,
                  const struct fw_exposure *exposure)
{
    struct pairs pairs = {0};
    if (fw_zones_with(exposure, INSIDE) < 2 && fw_zones_with(exposure, DMZ) == 0) {
        fw_about_policy(results, "SEG-004", FW_RESULT_NA, exposure->device, exposure->snapshot,
                        NULL, "na.one_zone");
        return;
    }
    fw_buf_init(&pairs.list);
    count_pairs(results, exposure, &pairs);
    judge_pairs(facts, results, exposure, &pairs);
    fw_buf_clear(&pairs.list);
}

static void run(const struct fw_facts *facts, struct fw_results *results)
{
    size_t index = 0;
    const struct fw_exposure *exposure;
    while ((exposure = fw_exposure_next(facts, results, "SEG-004", &index))) {
        if (fw_exposure_ready(results, "SEG-004", exposure, true)) {
            judge(facts, results, exposure);
        }
    }
}

const struct fw_analyzer fw_analyzer_flat_network = {
    .check = "SEG-004",
    .rules = true,
    .exposure = true,
    .run = run,
};
