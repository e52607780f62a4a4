/* Parts of flows become findings. */
#include "analyzers/rules/hits.h"

#include <string.h>

#include "analyzers/rules/about.h"
#include "analyzers/rules/remedy.h"

void fw_hits_init(struct fw_hits *hits, struct fw_results *results,
                  const struct fw_exposure *exposure, bool by_from, bool by_to)
{
    *hits = (struct fw_hits){
        .results = results, .exposure = exposure, .by_from = by_from, .by_to = by_to};
}

static size_t slot_of(const struct fw_hits *hits, const struct fw_flow *flow, uint32_t from,
                      uint32_t to)
{
    uint64_t hash = (uint64_t)(uintptr_t)(flow->by ? (const void *)flow->by
                                                   : (const void *)flow->of) *
                    UINT64_C(0x9e3779b97f4a7c15);
    hash = (hash ^ (hash >> 32) ^ from * 2654435761u ^ (uint64_t)to << 7) *
           UINT64_C(0xbf58476d1ce4e5b9);
    size_t i = (size_t)(hash >> 32) & (hits->nslots - 1);
    while (hits->slots[i] != 0) {
        const struct fw_hit *hit = &hits->v[hits->slots[i] - 1];
        if (hit->flow->by == flow->by && hit->flow->of == flow->of && hit->from == from &&
            hit->to == to) {
            break;
        }
        i = (i + 1) & (hits->nslots - 1);
    }
    return i;
}

static void grow(struct fw_hits *hits)
{
    hits->nslots = hits->nslots ? hits->nslots * 2 : 64;
    hits->slots = fw_new_array(hits->results->arena, hits->nslots, uint32_t);
    for (size_t i = 0; i < hits->n; i++) {
        const struct fw_hit *hit = &hits->v[i];
        hits->slots[slot_of(hits, hit->flow, hit->from, hit->to)] = (uint32_t)(i + 1);
    }
}

/* Parts come rule by rule, so that a place is new when it is not the one before. */
static void add_breadth(const struct fw_hits *hits, struct fw_hit *hit, uint32_t index)
{
    if (index == hit->index || index >= hits->exposure->flows.nrules) {
        return;
    }
    hit->index = index;
    for (size_t i = 0; i < 2; i++) {
        hit->breadth[i].lower += hits->exposure->flows.rules[index].breadth[i].lower;
        hit->breadth[i].upper += hits->exposure->flows.rules[index].breadth[i].upper;
    }
}

static bool same_names(const struct fw_nameset *a, const struct fw_nameset *b)
{
    bool same = a == b || (a && b && a->n == b->n && a->negated == b->negated);
    for (size_t i = 0; same && a != b && i < a->n; i++) {
        same = fw_sv_eq(a->v[i], b->v[i]);
    }
    return same;
}

void fw_hits_add(struct fw_hits *hits, const struct fw_crossing *crossing,
                 const struct fw_term *term)
{
    struct fw_arena *arena = hits->results->arena;
    uint32_t from = hits->by_from ? crossing->from : FW_ANY_ZONE;
    uint32_t to = hits->by_to ? crossing->to : FW_ANY_ZONE;
    if (hits->n * 2 >= hits->nslots) {
        grow(hits);
    }
    size_t slot = slot_of(hits, crossing->flow, from, to);
    uint32_t index = crossing->flow->index;
    struct fw_services services;
    fw_services_of_term(arena, term, &services);
    if (hits->slots[slot] == 0) {
        hits->v = fw_arena_push(arena, hits->v, hits->n, sizeof(*hits->v));
        hits->v[hits->n++] = (struct fw_hit){
            .flow = crossing->flow,
            .from = from,
            .to = to,
            .best = *crossing,
            .services = services,
            .sources = term->src,
            .destinations = term->dst,
            .in = term->in,
            .out = term->out,
            .parts = 1,
        };
        hits->v[hits->n - 1].best.term = *term;
        hits->v[hits->n - 1].index = UINT32_MAX;
        add_breadth(hits, &hits->v[hits->n - 1], index);
        hits->slots[slot] = (uint32_t)hits->n;
        return;
    }
    struct fw_hit *hit = &hits->v[hits->slots[slot] - 1];
    fw_services_add(arena, &hit->services, &services);
    if (!fw_ipset_contains(hit->sources, term->src)) {
        hit->sources = fw_ipset_union(arena, hit->sources, term->src);
    }
    if (!fw_ipset_contains(hit->destinations, term->dst)) {
        hit->destinations = fw_ipset_union(arena, hit->destinations, term->dst);
    }
    hit->in = same_names(hit->in, term->in) ? hit->in : NULL;
    hit->out = same_names(hit->out, term->out) ? hit->out : NULL;
    hit->parts++;
    add_breadth(hits, hit, index);
    if (crossing->doubt < hit->best.doubt) {
        hit->best = *crossing;
        hit->best.term = *term;
    }
}

void fw_hits_pair_init(struct fw_hits_pair *pair, struct fw_results *results,
                       const struct fw_exposure *exposure, bool by_zones)
{
    fw_hits_init(&pair->sure, results, exposure, by_zones, by_zones);
    fw_hits_init(&pair->all, results, exposure, by_zones, by_zones);
}

void fw_hits_pair_add(struct fw_hits_pair *pair, const struct fw_crossing *crossing)
{
    if ((crossing->doubt & ~(unsigned)FW_DOUBT_VARIES) == 0) {
        fw_hits_add(&pair->sure, crossing, &crossing->term);
    }
    fw_hits_add(&pair->all, crossing, &crossing->term);
}

uint64_t fw_hits_pair_judge(struct fw_hits_pair *pair, fw_hits_judge *judge, const void *context)
{
    struct fw_hits *sure = &pair->sure;
    bool *found = fw_new_array(sure->results->arena, sure->n + 1, bool);
    uint64_t n = 0;
    for (size_t i = 0; i < sure->n; i++) {
        found[i] = judge(sure, &sure->v[i], context);
        n += found[i];
    }
    for (size_t i = 0; i < pair->all.n; i++) {
        const struct fw_hit *hit = &pair->all.v[i];
        uint32_t place = sure->n > 0 ? sure->slots[slot_of(sure, hit->flow, hit->from, hit->to)]
                                     : 0;
        if (place > 0 && (found[place - 1] || sure->v[place - 1].parts == hit->parts)) {
            continue;
        }
        pair->all.doubtful = place > 0; /* its best part is sure, and alone it was not enough */
        n += judge(&pair->all, hit, context);
    }
    return n;
}

/* --- text ----------------------------------------------------------------------------------- */

static fw_sv keep(struct fw_arena *arena, struct fw_buf *buf)
{
    fw_sv copy = fw_arena_copy(arena, fw_buf_sv(buf));
    fw_buf_clear(buf);
    return copy;
}

fw_sv fw_zone_name(const struct fw_exposure *exposure, uint32_t zone)
{
    return zone < exposure->nzones ? exposure->zones[zone].zone->name : exposure->device->name;
}

fw_sv fw_addresses_text(struct fw_arena *arena, const struct fw_ipset *set)
{
    enum { SHOWN = 4 };
    struct fw_buf buf;
    fw_buf_init(&buf);
    for (size_t i = 0; i < set->n && i < SHOWN; i++) {
        fw_buf_add_cstr(&buf, i > 0 ? ", " : "");
        fw_iprange_text(&buf, set->v[i]);
    }
    if (set->n > SHOWN) {
        fw_buf_printf(&buf, ", +%zu", set->n - SHOWN);
    }
    return keep(arena, &buf);
}

fw_sv fw_services_string(struct fw_arena *arena, const struct fw_services *services)
{
    struct fw_buf buf;
    fw_buf_init(&buf);
    fw_services_text(&buf, services);
    return keep(arena, &buf);
}

size_t fw_services_wanted(struct fw_arena *arena, const struct fw_catalogue *catalogue, unsigned is,
                          struct fw_services *ret)
{
    size_t n = 0;
    fw_services_init(ret, arena);
    for (size_t i = 0; i < catalogue->nservices; i++) {
        const struct fw_service *service = &catalogue->services[i];
        if ((service->is & is) == 0) {
            continue;
        }
        struct fw_services one;
        fw_services_init(&one, arena);
        one.ports[0] = service->tcp ? service->tcp : one.ports[0];
        one.ports[1] = service->udp ? service->udp : one.ports[1];
        fw_services_add(arena, ret, &one);
        n++;
    }
    return n;
}

static bool reaches(const struct fw_services *services, size_t port_proto, uint32_t proto,
                    const struct fw_numset *ports)
{
    if (!ports || fw_numset_has(services->whole, proto)) {
        return ports != NULL;
    }
    for (size_t i = 0; i < ports->n; i++) {
        for (size_t k = 0; k < services->ports[port_proto]->n; k++) {
            struct fw_numrange range = services->ports[port_proto]->v[k];
            if (range.lo <= ports->v[i].hi && ports->v[i].lo <= range.hi) {
                return true;
            }
        }
    }
    return false;
}

fw_sv fw_services_named(struct fw_results *results, const struct fw_services *services, unsigned is)
{
    enum { SHOWN = 6 };
    const struct fw_catalogue *catalogue = results->catalogue;
    struct fw_buf buf;
    size_t n = 0;
    fw_buf_init(&buf);
    for (size_t i = 0; i < catalogue->nservices; i++) {
        const struct fw_service *service = &catalogue->services[i];
        if ((service->is & is) == 0 ||
            !(reaches(services, 0, 6, service->tcp) || reaches(services, 1, 17, service->udp))) {
            continue;
        }
        if (n < SHOWN) {
            fw_buf_add_cstr(&buf, n > 0 ? ", " : "");
            fw_buf_add(&buf, service->name);
        }
        n++;
    }
    if (n > SHOWN) {
        fw_buf_printf(&buf, ", +%zu", n - SHOWN);
    }
    return keep(results->arena, &buf);
}

/* --- results -------------------------------------------------------------------------------- */

struct fw_result *fw_flow_result(struct fw_results *results, const char *check,
                                 enum fw_result_state state, const struct fw_exposure *exposure,
                                 const struct fw_flow *flow, const char *words, fw_sv more)
{
    if (flow->by) {
        return fw_about_part(results, check, state, exposure->device, exposure->snapshot, flow->of,
                             flow->by, words, more);
    }
    struct fw_result *result = fw_results_add(results, check, state, exposure->device->name, words,
                                              fw_arena_printf(results->arena, "%.*s default %.*s",
                                                              FW_SV_ARG(flow->of->name),
                                                              FW_SV_ARG(more)));
    const struct fw_snapshot *snapshot = exposure->snapshot;
    fw_result_at(result, snapshot->path, snapshot->sha256,
                 flow->of->fallback_span.line > 0 ? flow->of->fallback_span : flow->of->span);
    result->rule.policy = flow->of->name;
    fw_result_param(results, result, "policy", flow->of->name);
    fw_result_param(results, result, "position", FW_SV("default"));
    fw_result_param_u64(results, result, "line", result->span.line);
    fw_sv text = snapshot->doc && result->span.line > 0
                     ? fw_sv_trim(
                           fw_doc_line_shown(snapshot->doc, result->span.line, results->arena))
                     : FW_SV("default");
    fw_result_param(results, result, "rule", text);
    return result;
}

static void add_doubt(struct fw_results *results, struct fw_result *result,
                      const struct fw_hit *hit)
{
    const struct fw_rule *rule = hit->flow->by;
    fw_sv list = rule && rule->nwords > 0              ? rule->unmodelled[0]
                 : (hit->best.doubt & FW_DOUBT_BUDGET) ? FW_SV("EFFECT_WORK")
                                                       : FW_SV("-");
    fw_result_param(results, result, "list", list);
}

struct fw_result *fw_hit_result(struct fw_hits *hits, const char *check, const struct fw_hit *hit,
                                const char *words)
{
    struct fw_results *results = hits->results;
    enum { MOST_TRACES = 64 }; /* each walks every rule */
    struct fw_packet witness;
    bool costly = !hits->doubtful && (hit->best.doubt & ~(unsigned)FW_DOUBT_VARIES) != 0;
    enum fw_certainty certainty = FW_UNDETERMINED;
    hits->traced += costly;
    if (hits->doubtful) {
        fw_term_packet(&hit->best.term, FW_HOOK_NONE, &witness);
    } else if (!costly || hits->traced <= MOST_TRACES) {
        certainty = fw_crossing_certainty(results, hits->exposure, &hit->best, &hit->best.term,
                                          &witness);
    } else {
        fw_term_packet(&hit->best.term, FW_HOOK_NONE, &witness);
    }
    bool unsure = certainty == FW_UNDETERMINED;
    fw_sv from = fw_zone_name(hits->exposure, hit->best.from);
    fw_sv to = fw_zone_name(hits->exposure, hit->best.to);
    fw_sv more = fw_arena_printf(results->arena, "%.*s>%.*s",
                                 FW_SV_ARG(hits->by_from ? from : FW_SV("")),
                                 FW_SV_ARG(hits->by_to ? to : FW_SV("")));
    struct fw_result *result = fw_flow_result(
        results, check, unsure ? FW_RESULT_OPEN : FW_RESULT_FAIL, hits->exposure, hit->flow,
        unsure ? "open.unsure" : words, more);
    result->certainty = certainty;
    result->has_witness = !unsure;
    result->witness = witness;
    fw_result_param(results, result, "witness", fw_about_witness(results, &witness));
    if (hit->best.from < hits->exposure->nzones) {
        if (!hits->dated) {
            fw_result_param(results, result, "from", from);
            fw_result_param(results, result, "to", to);
        }
        fw_result_param(results, result, "zone", from);
    }
    if (unsure) {
        add_doubt(results, result, hit);
    } else if (!hits->wanted) {
        fw_remedy_hit(hits, hit, result);
    }
    return result;
}

/* --- before a check ------------------------------------------------------------------------- */

const struct fw_exposure *fw_exposure_next(const struct fw_facts *facts, struct fw_results *results,
                                           const char *check, size_t *index)
{
    const struct fw_device_facts *device;
    if (!fw_about_next(facts, results, check, index, &device) || !facts->exposures) {
        return NULL;
    }
    return &facts->exposures[*index - 1];
}

bool fw_exposure_ready(struct fw_results *results, const char *check,
                       const struct fw_exposure *exposure, bool zones)
{
    const char *words = NULL;
    if (exposure->flows.too_large || exposure->cut) {
        words = "open.too_large";
    } else if (zones && exposure->nzones == 0) {
        words = "open.no_zones";
    }
    if (!words) {
        return true;
    }
    struct fw_result *result = fw_about_policy(results, check, FW_RESULT_OPEN, exposure->device,
                                               exposure->snapshot, NULL, words);
    fw_result_param_u64(results, result, "n",
                        exposure->nzones == 0 ? exposure->ninterfaces : exposure->nunzoned);
    fw_result_param_u64(results, result, "total", exposure->ninterfaces);
    return false;
}

uint64_t fw_exposure_permits(const struct fw_exposure *exposure)
{
    uint64_t n = 0;
    const struct fw_ruleset *ruleset = exposure->snapshot->ruleset;
    const struct fw_policy *policy = NULL;
    bool transit = false;
    for (size_t i = 0; i < exposure->flows.nrules; i++) {
        const struct fw_rule_flows *rule = &exposure->flows.rules[i];
        if (rule->policy != policy) {
            policy = rule->policy;
            transit = fw_exposure_transit(ruleset, policy);
        }
        n += transit && !(rule->by && rule->by->implied);
    }
    return n;
}

void fw_hits_permits(struct fw_hits_pair *pair)
{
    const struct fw_exposure *exposure = pair->all.exposure;
    const struct fw_policy *policy = NULL;
    bool transit = false;
    for (size_t r = 0; r < exposure->flows.nrules; r++) {
        const struct fw_rule_flows *rule = &exposure->flows.rules[r];
        if (rule->policy != policy) {
            policy = rule->policy;
            transit = fw_exposure_transit(exposure->snapshot->ruleset, policy);
        }
        bool written = rule->by &&
                       !rule->by->implied; /* else it is a default, which others judge */
        for (size_t i = rule->first; transit && written && i < rule->first + rule->n; i++) {
            const struct fw_flow *flow = &exposure->flows.v[i];
            struct fw_crossing all = {FW_ANY_ZONE, FW_ANY_ZONE, flow, flow->term, flow->doubt};
            if (flow->action == FW_ACTION_PERMIT) {
                fw_hits_pair_add(pair, &all);
            }
        }
    }
}

struct fw_result *fw_exposure_pass(struct fw_results *results, const char *check,
                                   const struct fw_exposure *exposure, uint64_t value,
                                   uint64_t total, uint64_t target)
{
    struct fw_result *result = fw_about_policy(results, check, FW_RESULT_PASS, exposure->device,
                                               exposure->snapshot, NULL, "pass");
    fw_about_count(results, result, value, total, target);
    return result;
}

void fw_exposure_unsure(struct fw_results *results, const char *check,
                        const struct fw_exposure *exposure)
{
    if (exposure->snapshot->ruleset->inner_unseen) {
        (void)fw_about_policy(results, check, FW_RESULT_OPEN, exposure->device, exposure->snapshot,
                              NULL, "open.virtual");
        return;
    }
    if (exposure->nunzoned == 0) {
        struct fw_result *result = fw_about_policy(results, check, FW_RESULT_OPEN, exposure->device,
                                                   exposure->snapshot, NULL, "open.depends");
        fw_result_param(results, result, "depends", FW_SV("RUL-010"));
        fw_result_param(results, result, "list", exposure->snapshot->path);
        return;
    }
    struct fw_result *result = fw_about_policy(results, check, FW_RESULT_OPEN, exposure->device,
                                               exposure->snapshot, NULL, "open.unzoned");
    fw_sv list = FW_SV("");
    for (size_t i = 0; i < exposure->nunzoned && i < 8; i++) {
        list = fw_arena_printf(results->arena, "%.*s%s%.*s", FW_SV_ARG(list), i > 0 ? ", " : "",
                               FW_SV_ARG(exposure->unzoned[i]));
    }
    fw_result_param(results, result, "list", list);
    fw_result_param_u64(results, result, "n", exposure->nunzoned);
    fw_result_param_u64(results, result, "total", exposure->ninterfaces);
}

void fw_exposure_pass_zoned(struct fw_results *results, const char *check,
                            const struct fw_exposure *exposure, uint64_t total)
{
    if (exposure->nunzoned == 0 && !exposure->snapshot->ruleset->inner_unseen) {
        fw_exposure_pass(results, check, exposure, 0, total, 0);
    } else {
        fw_exposure_unsure(results, check, exposure);
    }
}

bool fw_zone_is(const struct fw_exposure *exposure, uint32_t zone, unsigned trusts)
{
    return zone < exposure->nzones &&
           (FW_TRUST_BIT(exposure->zones[zone].zone->trust) & trusts) != 0;
}

size_t fw_zones_with(const struct fw_exposure *exposure, unsigned trusts)
{
    size_t n = 0;
    for (uint32_t z = 0; z < exposure->nzones; z++) {
        n += exposure->zones[z].present && fw_zone_is(exposure, z, trusts);
    }
    return n;
}
