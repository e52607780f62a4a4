/* RAM-002: is administration limited to the management hosts, and encrypted? */
#include "analyzers/rules/about.h"
#include "analyzers/rules/admin.h"
#include "analyzers/rules/remedy.h"

/* Networks of the management zones; NULL: none are declared. */
static const struct fw_ipset *management(struct fw_arena *arena, const struct fw_site *site)
{
    const struct fw_ipset *all = NULL;
    for (size_t z = 0; site && z < site->nzones; z++) {
        if (site->zones[z].trust == FW_TRUST_MANAGEMENT && site->zones[z].networks->n > 0) {
            all = all ? fw_ipset_union(arena, all, site->zones[z].networks)
                      : site->zones[z].networks;
        }
    }
    return all;
}

static bool is_any(const struct fw_ipset *set)
{
    /* Nobody has that many hosts to manage from. */
    static const double many = 0x1p24;
    return !set || fw_ipset_size(set) >= many;
}

static struct fw_result *add_fail(struct fw_results *results, const struct fw_exposure *exposure,
                                  fw_sv service, fw_span span, const struct fw_flow *flow,
                                  fw_sv list)
{
    struct fw_result *result;
    if (flow) {
        result = fw_flow_result(results, "RAM-002", FW_RESULT_FAIL, exposure, flow, "fail",
                                service);
    } else {
        result = fw_results_add(
            results, "RAM-002", FW_RESULT_FAIL, exposure->device->name, "fail",
            fw_arena_printf(results->arena, "%.*s %.*s", FW_SV_ARG(service), FW_SV_ARG(list)));
        fw_result_at(result, exposure->snapshot->path, exposure->snapshot->sha256, span);
        fw_result_param_u64(results, result, "line", span.line);
    }
    fw_result_param(results, result, "service", service);
    fw_result_param(results, result, "list", list);
    return result;
}

/* What may stay are the hosts that administer, unless they do so in clear text. */
static void add_remedy(struct fw_results *results, const struct fw_exposure *exposure,
                       const struct fw_admin *admin, const struct fw_ipset *hosts,
                       struct fw_result *result)
{
    struct fw_term term = admin->crossing.term;
    if (hosts && !admin->clear_text) {
        const struct fw_ipset *others = fw_ipset_complement(results->arena, hosts, FW_FAMILY_BOTH);
        term.src = fw_ipset_intersect(results->arena, term.src, others);
    }
    fw_remedy_flow(results, exposure, admin->flow, &term, result);
}

static fw_sv text_of(struct fw_results *results, const struct fw_ipset *set)
{
    return set ? fw_addresses_text(results->arena, set) : FW_SV("0.0.0.0/0, ::/0");
}

/* SNMP before version 3 sends its community in clear text. */
static uint64_t judge_snmp(struct fw_results *results, const struct fw_exposure *exposure,
                           uint64_t *total)
{
    const struct fw_ruleset *ruleset = exposure->snapshot->ruleset;
    uint64_t found = 0;
    for (size_t i = 0; i < ruleset->nsettings; i++) {
        const struct fw_setting *setting = &ruleset->settings[i];
        if (setting->kind != FW_SETTING_SNMP) {
            continue;
        }
        ++*total;
        if (setting->value.n > 0 && fw_sv_find_char(setting->value, '3') == SIZE_MAX) {
            fw_sv name = fw_arena_printf(results->arena, "SNMP %.*s", FW_SV_ARG(setting->value));
            add_fail(results, exposure, name, setting->span, NULL,
                     setting->extra.n > 0 ? setting->extra : FW_SV("-"));
            found++;
        }
    }
    return found;
}

static void judge(const struct fw_facts *facts, struct fw_results *results,
                  const struct fw_exposure *exposure)
{
    struct fw_admins admins;
    const struct fw_ipset *hosts = management(results->arena, facts->site);
    uint64_t unknown = 0;
    fw_admins_find(results, exposure, &admins);
    if (!admins.known) {
        fw_about_policy(results, "RAM-002", FW_RESULT_OPEN, exposure->device, exposure->snapshot,
                        NULL, "open.no_settings");
        return;
    }
    uint64_t total = admins.n;
    uint64_t found = judge_snmp(results, exposure, &total);
    for (size_t i = 0; i < admins.n; i++) {
        const struct fw_admin *admin = &admins.v[i];
        bool limited = !is_any(admin->from) && (!hosts || fw_ipset_contains(hosts, admin->from));
        if (admin->crossing.doubt != 0 && !admin->clear_text && !limited) {
            unknown++;
        } else if (admin->clear_text || !limited) {
            struct fw_result *result = add_fail(results, exposure, admin->service, admin->span,
                                                admin->flow, text_of(results, admin->from));
            if (admin->flow) {
                add_remedy(results, exposure, admin, hosts, result);
            }
            found++;
        } else {
            unknown += !hosts;
        }
    }
    if (found == 0 && unknown > 0) {
        struct fw_result *result = fw_about_policy(results, "RAM-002", FW_RESULT_OPEN,
                                                   exposure->device, exposure->snapshot, NULL,
                                                   "open.no_hosts");
        fw_about_count(results, result, unknown, total, 0);
    } else if (found == 0) {
        fw_exposure_pass(results, "RAM-002", exposure, 0, total, 0);
    }
}

static void run(const struct fw_facts *facts, struct fw_results *results)
{
    size_t index = 0;
    const struct fw_exposure *exposure;
    while ((exposure = fw_exposure_next(facts, results, "RAM-002", &index))) {
        if (fw_exposure_ready(results, "RAM-002", exposure, false)) {
            judge(facts, results, exposure);
        }
    }
}

const struct fw_analyzer fw_analyzer_admin_sources = {
    .check = "RAM-002",
    .rules = true,
    .exposure = true,
    .run = run,
};
