/* The matrix of zones, summed up from crossings. */
#include "analyzers/rules/matrix.h"

bool fw_matrix_approved(struct fw_arena *arena, const struct fw_approved_matrix *approved,
                        fw_sv from, fw_sv to, struct fw_services *ret)
{
    bool found = false;
    fw_services_init(ret, arena);
    for (size_t i = 0; approved && i < approved->n; i++) {
        const struct fw_matrix_row *row = &approved->v[i];
        if (fw_sv_eq_nocase(row->from, from) && fw_sv_eq_nocase(row->to, to)) {
            fw_services_add(arena, ret, &row->services);
            found = true;
        }
    }
    return found;
}

static void add_rule(struct fw_arena *arena, struct fw_matrix_cell *cell,
                     const struct fw_flow *flow)
{
    struct fw_rule_ref ref = {.policy = flow->of->name, .line = flow->of->fallback_span.line};
    if (flow->by) {
        ref = (struct fw_rule_ref){flow->of->name, flow->by->position, flow->by->span.line,
                                   flow->by->id};
    }
    const struct fw_rule_ref *last = cell->nrules > 0 ? &cell->rules[cell->nrules - 1] : NULL;
    if (last && last->position == ref.position && last->line == ref.line &&
        fw_sv_eq(last->policy, ref.policy)) {
        return; /* parts of one rule follow each other */
    }
    struct fw_rule_ref *rules = fw_arena_push(arena, (void *)(uintptr_t)cell->rules, cell->nrules,
                                              sizeof(*rules));
    rules[cell->nrules++] = ref;
    cell->rules = rules;
}

static void add_device(struct fw_arena *arena, const struct fw_exposure *exposure,
                       struct fw_matrix_cell **cells, size_t *n)
{
    struct fw_matrix_cell *cell = NULL;
    uint32_t from = UINT32_MAX;
    uint32_t to = UINT32_MAX;
    for (size_t i = 0; i < exposure->ncrossings; i++) {
        const struct fw_crossing *crossing = &exposure->crossings[i];
        if (crossing->to >= exposure->nzones) {
            continue;
        }
        if (!cell || crossing->from != from || crossing->to != to) {
            from = crossing->from;
            to = crossing->to;
            *cells = fw_arena_push(arena, *cells, *n, sizeof(**cells));
            cell = &(*cells)[(*n)++];
            *cell = (struct fw_matrix_cell){
                .device = exposure->device->name,
                .from = fw_zone_name(exposure, from),
                .to = fw_zone_name(exposure, to),
                .from_trust = exposure->zones[from].zone->trust,
                .to_trust = exposure->zones[to].zone->trust,
            };
            fw_services_init(&cell->services, arena);
            fw_services_init(&cell->sure, arena);
        }
        struct fw_services services;
        fw_services_of_term(arena, &crossing->term, &services);
        fw_services_add(arena, &cell->services, &services);
        if (crossing->doubt == 0) {
            fw_services_add(arena, &cell->sure, &services);
        }
        add_rule(arena, cell, crossing->flow);
    }
}

void fw_zone_matrix_make(struct fw_arena *arena, const struct fw_exposure *exposures,
                         size_t nexposures, const struct fw_approved_matrix *approved,
                         struct fw_zone_matrix *ret)
{
    struct fw_matrix_cell *cells = NULL;
    size_t n = 0;
    for (size_t i = 0; exposures && i < nexposures; i++) {
        add_device(arena, &exposures[i], &cells, &n);
    }
    for (size_t i = 0; i < n; i++) {
        fw_matrix_approved(arena, approved, cells[i].from, cells[i].to, &cells[i].approved);
        fw_services_minus(arena, &cells[i].services, &cells[i].approved, &cells[i].excess);
    }
    *ret = (struct fw_zone_matrix){approved != NULL, n, cells};
}
