/* RAM-001: from which untrusted zones can the device itself be administered? */
#include "analyzers/rules/about.h"
#include "analyzers/rules/admin.h"
#include "analyzers/rules/remedy.h"

static bool overlaps(const struct fw_ipset *a, const struct fw_ipset *b)
{
    const struct fw_term x = {.src = a};
    const struct fw_term y = {.src = b};
    return fw_term_overlaps(&x, &y);
}

static struct fw_result *add(struct fw_results *results, const struct fw_exposure *exposure,
                             const struct fw_admin *admin, fw_sv zone, enum fw_result_state state,
                             const char *words)
{
    struct fw_result *result;
    if (admin->flow) {
        result = fw_flow_result(results, "RAM-001", state, exposure, admin->flow, words, zone);
    } else {
        result = fw_results_add(results, "RAM-001", state, exposure->device->name, words,
                                fw_arena_printf(results->arena, "%.*s %.*s",
                                                FW_SV_ARG(admin->service), FW_SV_ARG(zone)));
        fw_result_at(result, exposure->snapshot->path, exposure->snapshot->sha256, admin->span);
        fw_result_param_u64(results, result, "line", admin->span.line);
    }
    fw_result_param(results, result, "service", admin->service);
    fw_result_param(results, result, "zone", zone);
    return result;
}

/* Rules: looked for among what passes from untrusted zones to the device. */
static uint64_t judge_rule(struct fw_results *results, const struct fw_exposure *exposure,
                           const struct fw_admin *admin)
{
    uint64_t found = 0;
    for (uint32_t z = 0; z < exposure->nzones; z++) {
        const struct fw_device_zone *zone = &exposure->zones[z];
        const struct fw_term region = {.src = zone->addresses, .in = zone->names};
        struct fw_crossing crossing = admin->crossing;
        if (!zone->present || !fw_zone_is(exposure, z, FW_TRUST_BIT(FW_TRUST_UNTRUSTED)) ||
            !fw_term_overlaps(&crossing.term, &region) ||
            !fw_term_meet(results->arena, &crossing.term, &region, &crossing.term)) {
            continue;
        }
        crossing.from = z;
        struct fw_packet witness;
        enum fw_certainty certainty = fw_crossing_certainty(results, exposure, &crossing,
                                                            &crossing.term, &witness);
        bool unsure = certainty == FW_UNDETERMINED;
        struct fw_result *result = add(results, exposure, admin, zone->zone->name,
                                       unsure ? FW_RESULT_OPEN : FW_RESULT_FAIL,
                                       unsure ? "open.unsure" : "fail");
        result->certainty = certainty;
        result->has_witness = !unsure;
        result->witness = witness;
        fw_result_param(results, result, "list", FW_SV("-"));
        if (!unsure) {
            fw_remedy_flow(results, exposure, admin->flow, &crossing.term, result);
        }
        found++;
    }
    return found;
}

static uint64_t judge_setting(struct fw_results *results, const struct fw_exposure *exposure,
                              const struct fw_admin *admin)
{
    uint32_t z = fw_admin_zone(exposure, admin->interface);
    if (!fw_zone_is(exposure, z, FW_TRUST_BIT(FW_TRUST_UNTRUSTED)) ||
        (admin->from && !overlaps(admin->from, exposure->zones[z].addresses))) {
        return 0;
    }
    add(results, exposure, admin, exposure->zones[z].zone->name, FW_RESULT_FAIL, "fail");
    return 1;
}

static void judge(struct fw_results *results, const struct fw_exposure *exposure)
{
    struct fw_admins admins;
    uint64_t found = 0;
    uint64_t unplaced = 0;
    fw_admins_find(results, exposure, &admins);
    if (!admins.known) {
        fw_about_policy(results, "RAM-001", FW_RESULT_OPEN, exposure->device, exposure->snapshot,
                        NULL, "open.no_settings");
        return;
    }
    for (size_t i = 0; i < admins.n; i++) {
        const struct fw_admin *admin = &admins.v[i];
        found += admin->flow ? judge_rule(results, exposure, admin)
                             : judge_setting(results, exposure, admin);
        unplaced += !admin->flow && fw_admin_zone(exposure, admin->interface) == FW_ANY_ZONE;
    }
    if (found > 0) {
        return;
    }
    if (admins.n > 0 && exposure->nzones == 0) {
        fw_exposure_ready(results, "RAM-001", exposure, true);
    } else if (unplaced > 0 || (admins.n > 0 && exposure->nunzoned > 0)) {
        fw_exposure_unsure(results, "RAM-001", exposure);
    } else {
        fw_exposure_pass(results, "RAM-001", exposure, 0, admins.n, 0);
    }
}

static void run(const struct fw_facts *facts, struct fw_results *results)
{
    size_t index = 0;
    const struct fw_exposure *exposure;
    while ((exposure = fw_exposure_next(facts, results, "RAM-001", &index))) {
        if (fw_exposure_ready(results, "RAM-001", exposure, false)) {
            judge(results, exposure);
        }
    }
}

const struct fw_analyzer fw_analyzer_admin_open = {
    .check = "RAM-001",
    .rules = true,
    .exposure = true,
    .run = run,
};
