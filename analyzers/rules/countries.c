/* Which countries and networks the rules let in and out, and the site's policy about them. */
#include "analyzers/rules/countries.h"

#include <stdlib.h>

#include "analyzers/rules/about.h"
#include "analyzers/rules/breadth.h"
#include "core/geo.h"

/* Addresses of no known country (private ones among them) are in nobody's policy. */
static bool is_shut(const struct fw_site *site, fw_country country)
{
    if (country.code[0] == 0) {
        return false;
    }
    for (size_t i = 0; i < site->ncountries; i++) {
        if (fw_sv_is(site->countries[i], country.code)) {
            return !site->countries_allowed;
        }
    }
    return site->countries_allowed;
}

static int most_first(const void *a, const void *b)
{
    const struct fw_geo_count *x = a;
    const struct fw_geo_count *y = b;
    if (x->addresses != y->addresses) {
        return x->addresses > y->addresses ? -1 : 1;
    }
    return x->country.code[0] != y->country.code[0] ? x->country.code[0] - y->country.code[0]
                                                    : x->country.code[1] - y->country.code[1];
}

/* "TW 1024, JP 256 (203.0.113.0/24)": the countries that the policy shuts out, by addresses, most
 * first. Empty: none. */
static fw_sv shut_text(struct fw_arena *arena, const struct fw_facts *facts,
                       const struct fw_ipset *set)
{
    enum { SHOWN = 5 };
    struct fw_geo_count *v;
    size_t n = fw_geo_countries(arena, facts->geo, set, &v);
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        if (is_shut(facts->site, v[i].country)) {
            v[kept++] = v[i];
        }
    }
    qsort(v, kept, sizeof(*v), most_first);
    struct fw_buf buf;
    fw_buf_init(&buf);
    for (size_t i = 0; i < kept && i < SHOWN; i++) {
        fw_buf_printf(&buf, "%s%s %.*s (", i > 0 ? ", " : "", v[i].country.code,
                      FW_SV_ARG(fw_breadth_number(arena, v[i].addresses)));
        fw_iprange_text(&buf, v[i].example);
        fw_buf_add_char(&buf, ')');
    }
    if (kept > SHOWN) {
        fw_buf_printf(&buf, ", +%zu", kept - SHOWN);
    }
    fw_sv text = fw_arena_copy(arena, fw_buf_sv(&buf));
    fw_buf_clear(&buf);
    return text;
}

static bool is_untrusted(const struct fw_exposure *exposure, uint32_t zone)
{
    return fw_zone_is(exposure, zone, FW_TRUST_BIT(FW_TRUST_UNTRUSTED));
}

struct countries_asked {
    const struct fw_facts *facts;
    const char *check;
};

static bool judge_hit(struct fw_hits *hits, const struct fw_hit *hit, const void *context)
{
    const struct countries_asked *asked = context;
    struct fw_results *results = hits->results;
    bool inward = is_untrusted(hits->exposure, hit->from);
    const struct fw_ipset *outside = inward ? hit->sources : hit->destinations;
    fw_sv list = shut_text(results->arena, asked->facts, outside);
    if (list.n == 0) {
        return false;
    }
    struct fw_result *result = fw_hit_result(hits, asked->check, hit,
                                             inward ? "fail.country_in" : "fail.country_out");
    if (result->state == FW_RESULT_FAIL) {
        fw_result_param(results, result, "list", list);
    }
    fw_result_param(results, result, "service", fw_services_string(results->arena, &hit->services));
    return true;
}

uint64_t fw_countries_judge(const struct fw_facts *facts, struct fw_results *results,
                            const char *check, const struct fw_exposure *exposure)
{
    if (!facts->site || !facts->site->has_countries) {
        return 0;
    }
    if (!facts->geo || exposure->nzones == 0) {
        struct fw_result *result = fw_about_policy(results, check, FW_RESULT_OPEN, exposure->device,
                                                   exposure->snapshot, NULL,
                                                   facts->geo ? "open.no_zones" : "open.no_list");
        fw_result_param(results, result, "list", FW_SV("geoip"));
        return 1;
    }
    struct fw_hits_pair pair;
    fw_hits_pair_init(&pair, results, exposure, true);
    for (size_t i = 0; i < exposure->ncrossings; i++) {
        const struct fw_crossing *crossing = &exposure->crossings[i];
        bool from = is_untrusted(exposure, crossing->from);
        bool to = is_untrusted(exposure, crossing->to);
        if (from != to && crossing->to != FW_TO_DEVICE) {
            fw_hits_pair_add(&pair, crossing);
        }
    }
    const struct countries_asked asked = {facts, check};
    return fw_hits_pair_judge(&pair, judge_hit, &asked);
}
