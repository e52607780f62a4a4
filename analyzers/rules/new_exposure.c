/* EXP-008: what can be reached from outside that could not at the last signed review, without a
 * ticket? */
#include "analyzers/changes/ticketed.h"
#include "analyzers/rules/about.h"
#include "analyzers/rules/reachable.h"
#include "core/time.h"

/* Comparisons of what is reachable now with what was, before it is too much. */
#define MOST_COMPARISONS UINT64_C(50000000)

struct piece {
    const struct fw_ipset *hosts;
    struct fw_services services;
};

struct pieces {
    size_t n;
    struct piece *v;
};

static const struct fw_earlier_review *last_review(const struct fw_facts *facts)
{
    const struct fw_earlier_review *last = NULL;
    for (size_t i = 0; i < facts->nreviews; i++) {
        const struct fw_earlier_review *review = &facts->reviews[i];
        bool counts = review->signed_by_reviewer && review->trusted && review->reachable.p;
        if (counts && (!last || review->as_of_ns > last->as_of_ns ||
                       (review->as_of_ns == last->as_of_ns && review->sequence > last->sequence))) {
            last = review;
        }
    }
    return last;
}

static void keep(struct fw_arena *arena, struct pieces *pieces, const struct piece *piece)
{
    if (piece->hosts->n > 0 && !fw_services_none(&piece->services)) {
        pieces->v = fw_arena_push(arena, pieces->v, pieces->n, sizeof(*pieces->v));
        pieces->v[pieces->n++] = *piece;
    }
}

/* What of the pieces was not reachable before. */
static void less(struct fw_arena *arena, const struct pieces *from,
                 const struct fw_reachable *before, struct pieces *ret)
{
    const struct fw_ipset *others = fw_ipset_complement(arena, before->hosts, FW_FAMILY_BOTH);
    *ret = (struct pieces){0};
    for (size_t i = 0; i < from->n; i++) {
        const struct piece *piece = &from->v[i];
        struct piece outside = {fw_ipset_intersect(arena, piece->hosts, others), piece->services};
        struct piece inside = {fw_ipset_intersect(arena, piece->hosts, before->hosts), {0}};
        fw_services_minus(arena, &piece->services, &before->services, &inside.services);
        keep(arena, ret, &outside);
        keep(arena, ret, &inside);
    }
}

static bool is_ticketed(const struct fw_facts *facts, struct fw_results *results,
                        const struct fw_exposure *exposure, const struct fw_flow *flow)
{
    for (size_t i = 0; facts->tickets && flow->by && i < facts->tickets->n; i++) {
        const struct fw_ticket *ticket = &facts->tickets->v[i];
        if (fw_about_approved(ticket) && ticket->approved_ns <= facts->as_of_ns &&
            fw_sv_eq_nocase(ticket->device, exposure->device->name) &&
            fw_ticket_names(results->arena, ticket, flow->of, flow->by, exposure->snapshot)) {
            return true;
        }
    }
    return false;
}

/* Adds the parts of the crossing that are new. */
static void compare(struct fw_hits *hits, const struct fw_crossing *crossing,
                    const struct fw_reachables *before)
{
    struct fw_arena *arena = hits->results->arena;
    const struct fw_exposure *exposure = hits->exposure;
    fw_sv zone = fw_zone_name(exposure, crossing->from);
    struct piece whole = {crossing->term.dst, {0}};
    struct pieces left = {0};
    fw_services_of_term(arena, &crossing->term, &whole.services);
    keep(arena, &left, &whole);
    for (size_t i = 0; i < before->n && left.n > 0; i++) {
        const struct fw_reachable *old = &before->v[i];
        if (fw_sv_eq(old->device, exposure->device->name) && fw_sv_eq(old->from, zone)) {
            less(arena, &left, old, &left);
        }
    }
    for (size_t i = 0; i < left.n; i++) {
        struct fw_term parts[FW_PORT_PROTOS + 1];
        size_t n = fw_services_terms(arena, &left.v[i].services, parts);
        for (size_t k = 0; k < n; k++) {
            struct fw_term term;
            parts[k].dst = left.v[i].hosts;
            if (fw_term_meet(arena, &crossing->term, &parts[k], &term)) {
                fw_hits_add(hits, crossing, &term);
            }
        }
    }
}

static void judge(const struct fw_facts *facts, struct fw_results *results,
                  const struct fw_exposure *exposure, const struct fw_earlier_review *last,
                  const struct fw_reachables *before)
{
    struct fw_reachables now = {0};
    fw_reachables_add(results->arena, exposure, &now);
    fw_sv date = fw_date_keep(results->arena, fw_date_of(last->as_of_ns, facts->zone_seconds));
    struct fw_hits hits;
    uint64_t found = 0;
    fw_hits_init(&hits, results, exposure, true, false);
    hits.dated = true;
    if ((uint64_t)exposure->ncrossings * (before->n + 1) > MOST_COMPARISONS) {
        fw_about_policy(results, "EXP-008", FW_RESULT_OPEN, exposure->device, exposure->snapshot,
                        NULL, "open.too_large");
        return;
    }
    for (size_t i = 0; i < exposure->ncrossings; i++) {
        const struct fw_crossing *crossing = &exposure->crossings[i];
        if (fw_zone_is(exposure, crossing->from, FW_TRUST_BIT(FW_TRUST_UNTRUSTED)) &&
            fw_zone_is(exposure, crossing->to, FW_TRUSTS_OURS)) {
            compare(&hits, crossing, before);
        }
    }
    for (size_t i = 0; i < hits.n; i++) {
        const struct fw_hit *hit = &hits.v[i];
        if (is_ticketed(facts, results, exposure, hit->flow)) {
            continue;
        }
        struct fw_result *result = fw_hit_result(&hits, "EXP-008", hit, "fail");
        fw_sv service = fw_arena_printf(
            results->arena, "%.*s %.*s",
            FW_SV_ARG(fw_addresses_text(results->arena, hit->destinations)),
            FW_SV_ARG(fw_services_string(results->arena, &hit->services)));
        fw_result_param(results, result, "service", service);
        fw_result_param(results, result, "from", date);
        found++;
    }
    if (found == 0 && exposure->nunzoned > 0) {
        fw_exposure_unsure(results, "EXP-008", exposure);
    } else if (found == 0) {
        struct fw_result *result = fw_exposure_pass(results, "EXP-008", exposure, 0, now.n, 0);
        fw_result_param(results, result, "from", date);
    }
}

static void run(const struct fw_facts *facts, struct fw_results *results)
{
    if (!facts->site) {
        return; /* bare files have no earlier review */
    }
    const struct fw_earlier_review *last = last_review(facts);
    struct fw_reachables before = {0};
    bool known = last && fw_reachables_parse(results->arena, last->reachable, &before);
    size_t index = 0;
    const struct fw_exposure *exposure;
    while ((exposure = fw_exposure_next(facts, results, "EXP-008", &index))) {
        if (!fw_exposure_ready(results, "EXP-008", exposure, true)) {
            continue;
        }
        if (known) {
            judge(facts, results, exposure, last, &before);
            continue;
        }
        struct fw_reachables now = {0};
        fw_reachables_add(results->arena, exposure, &now);
        struct fw_result *result = fw_about_policy(results, "EXP-008", FW_RESULT_OPEN,
                                                   exposure->device, exposure->snapshot, NULL,
                                                   "open.first");
        fw_result_param_u64(results, result, "total", now.n);
    }
}

const struct fw_analyzer fw_analyzer_new_exposure = {
    .check = "EXP-008",
    .exposure = true,
    .run = run,
};
