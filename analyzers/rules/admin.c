/* How a device may be administered, as its settings or the rules for the device itself say. */
#include "analyzers/rules/admin.h"

#include <string.h>

#include "analyzers/rules/zones.h"

/* What settings call the ways in. Other words of the same settings (ping, capwap) are no
 * administration. */
static const struct {
    const char *word;
    bool clear_text;
} ways[] = {
    {"ssh", false},  {"telnet", true}, {"http", true},    {"https", false},
    {"snmp", false}, {"api", false},   {"winbox", false}, {"netconf", false},
};
enum { WAYS = sizeof(ways) / sizeof(ways[0]) };

static void add(struct fw_results *results, struct fw_admins *admins, const struct fw_admin *admin)
{
    admins->v = fw_arena_push(results->arena, admins->v, admins->n, sizeof(*admins->v));
    admins->v[admins->n++] = *admin;
}

/* Where the accounts themselves are limited to hosts, all of them, nobody else gets in: the union
 * of their hosts; NULL: some account has no limit. */
static const struct fw_ipset *trusted_hosts(struct fw_arena *arena,
                                            const struct fw_ruleset *ruleset)
{
    fw_iprange *v = NULL;
    size_t n = 0;
    size_t users = 0;
    for (size_t i = 0; i < ruleset->nsettings; i++) {
        const struct fw_setting *user = &ruleset->settings[i];
        bool limited = false;
        if (user->kind != FW_SETTING_USER) {
            continue;
        }
        users++;
        for (size_t k = 0; k < ruleset->nsettings; k++) {
            const struct fw_setting *host = &ruleset->settings[k];
            if (host->kind == FW_SETTING_ADMIN_ACCESS && fw_sv_is(host->value, "admin") &&
                fw_sv_eq(host->extra, user->value) && host->range.lo.family != 0) {
                v = fw_arena_push(arena, v, n, sizeof(*v));
                v[n++] = host->range;
                limited = true;
            }
        }
        if (!limited) {
            return NULL;
        }
    }
    return users > 0 ? fw_ipset_make(arena, v, n) : NULL;
}

static void add_settings(struct fw_results *results, const struct fw_ruleset *ruleset,
                         struct fw_admins *admins)
{
    const struct fw_ipset *hosts = trusted_hosts(results->arena, ruleset);
    /* On an ASA "http" is the web server of ASDM, which is never plain. */
    bool asa = strcmp(ruleset->format, "cisco-asa") == 0;
    for (size_t i = 0; i < ruleset->nsettings; i++) {
        const struct fw_setting *setting = &ruleset->settings[i];
        size_t w = 0;
        while (w < WAYS && !fw_sv_is_nocase(setting->value, ways[w].word)) {
            w++;
        }
        if (setting->kind != FW_SETTING_ADMIN_ACCESS || w == WAYS) {
            continue;
        }
        struct fw_admin admin = {
            .service = setting->value,
            .clear_text = ways[w].clear_text && !(asa && fw_sv_is_nocase(setting->value, "http")),
            .from = hosts,
            .interface = setting->extra,
            .span = setting->span,
        };
        if (setting->range.lo.family != 0) {
            admin.from = fw_ipset_make(results->arena, &setting->range, 1);
        }
        add(results, admins, &admin);
    }
}

/* Rules for the device itself that open services of administration. */
static void add_rules(struct fw_results *results, const struct fw_exposure *exposure,
                      struct fw_admins *admins)
{
    struct fw_arena *arena = results->arena;
    struct fw_services services;
    struct fw_term wanted[FW_PORT_PROTOS + 1];
    fw_services_wanted(arena, results->catalogue, FW_SERVICE_ADMIN, &services);
    size_t n = fw_services_terms(arena, &services, wanted);
    for (size_t i = 0; i < exposure->flows.n; i++) {
        const struct fw_flow *flow = &exposure->flows.v[i];
        bool loop = flow->term.in && flow->term.in->n == 1 && fw_sv_is(flow->term.in->v[0], "lo");
        for (size_t s = 0; flow->policy->hook == FW_HOOK_INPUT && !loop && s < n; s++) {
            struct fw_admin admin = {.from = flow->term.src, .flow = flow};
            struct fw_term term;
            if (!fw_term_overlaps(&flow->term, &wanted[s]) ||
                !fw_term_meet(arena, &flow->term, &wanted[s], &term)) {
                continue;
            }
            struct fw_services found;
            fw_services_of_term(arena, &term, &found);
            admin.service = fw_services_named(results, &found, FW_SERVICE_ADMIN);
            admin.clear_text = fw_services_named(results, &found, FW_SERVICE_INSECURE).n > 0 ||
                               fw_numset_has(found.ports[0], 80);
            admin.span = flow->by ? flow->by->span : flow->policy->fallback_span;
            admin.crossing = (struct fw_crossing){FW_ANY_ZONE, FW_TO_DEVICE, flow, term,
                                                  flow->doubt};
            add(results, admins, &admin);
        }
    }
}

void fw_admins_find(struct fw_results *results, const struct fw_exposure *exposure,
                    struct fw_admins *ret)
{
    const struct fw_ruleset *ruleset = exposure->snapshot->ruleset;
    *ret = (struct fw_admins){.known = ruleset->has_settings};
    if (ruleset->has_settings) {
        add_settings(results, ruleset, ret);
        ret->known = ret->n > 0 || !ruleset->managed;
        return;
    }
    for (size_t p = 0; p < ruleset->npolicies; p++) {
        ret->known = ret->known ||
                     (ruleset->policies[p]->decides && ruleset->policies[p]->hook == FW_HOOK_INPUT);
    }
    add_rules(results, exposure, ret);
}

uint32_t fw_admin_zone(const struct fw_exposure *exposure, fw_sv interface)
{
    fw_sv name = fw_zones_rule_name(exposure->snapshot->ruleset, interface);
    for (uint32_t z = 0; z < exposure->nzones; z++) {
        if (exposure->zones[z].here && fw_nameset_has(exposure->zones[z].names, name)) {
            return z;
        }
    }
    return FW_ANY_ZONE;
}
