/* What rules let through, as tables of a pack: between zones, from outside, and how broadly. */
#include <inttypes.h>

#include "analyzers/rules/breadth.h"
#include "analyzers/rules/matrix.h"
#include "analyzers/rules/reachable.h"
#include "core/table.h"
#include "core/text.h"
#include "report/hits.h"
#include "report/tables.h"

static const struct fw_column columns[] = {
    {"from", FW_SV_INIT("from"), false, 0},           {"to", FW_SV_INIT("to"), false, 0},
    {"service", FW_SV_INIT("service"), false, 0},     {"device", FW_SV_INIT("device"), false, 0},
    {"excess", FW_SV_INIT("excess"), false, 0},       {"rules", FW_SV_INIT("rules"), false, 0},
    {"certainty", FW_SV_INIT("certainty"), false, 0},
};
enum { COLUMNS = sizeof(columns) / sizeof(columns[0]) };

static void make(const struct fw_report_input *in, struct fw_arena *arena,
                 struct fw_zone_matrix *ret)
{
    fw_zone_matrix_make(arena, in->results->exposures, in->facts->ndevices, in->facts->matrix, ret);
}

static fw_sv rules_text(struct fw_arena *arena, const struct fw_matrix_cell *cell)
{
    enum { SHOWN = 16 };
    struct fw_buf buf;
    fw_buf_init(&buf);
    for (size_t i = 0; i < cell->nrules && i < SHOWN; i++) {
        const struct fw_rule_ref *rule = &cell->rules[i];
        fw_buf_add_cstr(&buf, i > 0 ? "; " : "");
        fw_buf_add(&buf, rule->policy);
        if (rule->position > 0) {
            fw_buf_printf(&buf, " %u", rule->position);
        }
    }
    if (cell->nrules > SHOWN) {
        fw_buf_printf(&buf, "; +%zu", cell->nrules - SHOWN);
    }
    return fw_buf_keep(&buf, arena);
}

static bool is_sure(struct fw_arena *arena, const struct fw_matrix_cell *cell)
{
    struct fw_services rest;
    fw_services_minus(arena, &cell->services, &cell->sure, &rest);
    return fw_services_none(&rest);
}

void fw_table_zone_matrix(const struct fw_report_input *in, struct fw_buf *out)
{
    struct fw_arena arena;
    struct fw_zone_matrix matrix;
    fw_arena_init(&arena, 0);
    make(in, &arena, &matrix);
    struct fw_table *table = fw_table_new(columns, COLUMNS);
    out->failed = out->failed || !table;
    for (size_t i = 0; table && i < matrix.n; i++) {
        const struct fw_matrix_cell *cell = &matrix.cells[i];
        const fw_sv cells[COLUMNS] = {
            cell->from,
            cell->to,
            fw_services_string(&arena, &cell->services),
            cell->device,
            matrix.approved ? fw_services_string(&arena, &cell->excess) : FW_SV(""),
            rules_text(&arena, cell),
            fw_sv_from(is_sure(&arena, cell) ? "proven" : "possible"),
        };
        fw_table_row(table, cells);
    }
    if (table) {
        fw_buf_add_cstr(out, "\xef\xbb\xbf");
        fw_table_csv(table, out);
    }
    fw_table_free(table);
    fw_arena_clear(&arena);
}

void fw_table_zone_matrix_json(const struct fw_report_input *in, struct fw_buf *out)
{
    struct fw_arena arena;
    struct fw_zone_matrix matrix;
    struct fw_json json;
    fw_arena_init(&arena, 0);
    make(in, &arena, &matrix);
    fw_json_init(&json, out, 2);
    fw_json_object(&json);
    fw_json_kv_bool(&json, "approved", matrix.approved);
    fw_json_key(&json, "zones");
    fw_json_array(&json);
    for (size_t z = 0; in->facts->site && z < in->facts->site->nzones; z++) {
        const struct fw_zone *zone = &in->facts->site->zones[z];
        fw_json_object(&json);
        fw_json_kv(&json, "name", zone->name);
        fw_json_kv_cstr(&json, "trust", fw_trust_name(zone->trust));
        fw_json_end(&json);
    }
    fw_json_end(&json);
    fw_json_key(&json, "cells");
    fw_json_array(&json);
    for (size_t i = 0; i < matrix.n; i++) {
        const struct fw_matrix_cell *cell = &matrix.cells[i];
        fw_json_object(&json);
        fw_json_kv(&json, "device", cell->device);
        fw_json_kv(&json, "from", cell->from);
        fw_json_kv(&json, "to", cell->to);
        fw_json_kv(&json, "services", fw_services_string(&arena, &cell->services));
        fw_json_kv(&json, "proven", fw_services_string(&arena, &cell->sure));
        if (matrix.approved) {
            fw_json_kv(&json, "approved", fw_services_string(&arena, &cell->approved));
            fw_json_kv(&json, "excess", fw_services_string(&arena, &cell->excess));
        }
        fw_json_kv_bool(&json, "any", fw_services_any(&cell->services));
        fw_json_key(&json, "rules");
        fw_json_array(&json);
        for (size_t r = 0; r < cell->nrules; r++) {
            fw_json_object(&json);
            fw_json_kv(&json, "policy", cell->rules[r].policy);
            fw_json_kv_u64(&json, "position", cell->rules[r].position);
            fw_json_kv_u64(&json, "line", cell->rules[r].line);
            fw_json_end(&json);
        }
        fw_json_end(&json);
        fw_json_end(&json);
    }
    fw_json_end(&json);
    fw_json_end(&json);
    fw_buf_add_char(out, '\n');
    fw_arena_clear(&arena);
}

void fw_table_reachable(const struct fw_report_input *in, struct fw_buf *out)
{
    struct fw_arena arena;
    struct fw_reachables all = {0};
    fw_arena_init(&arena, 0);
    for (size_t i = 0; in->results->exposures && i < in->facts->ndevices; i++) {
        fw_reachables_add(&arena, &in->results->exposures[i], &all);
    }
    fw_reachables_text(out, &all);
    fw_arena_clear(&arena);
}

static void breadth_cells(struct fw_arena *arena, struct fw_buf *out,
                          const struct fw_breadth *breadth, unsigned family)
{
    fw_buf_add(out, fw_breadth_text(arena, breadth->lower, family));
    fw_buf_add_char(out, '\t');
    fw_buf_add(out, fw_breadth_text(arena, breadth->upper, family));
}

void fw_table_breadth(const struct fw_report_input *in, struct fw_buf *out)
{
    struct fw_arena arena;
    fw_arena_init(&arena, 0);
    fw_buf_add_cstr(out, "device\tpolicy\tposition\tline\tipv4_lower\tipv4_upper\tipv6_lower\t"
                         "ipv6_upper\tcut\thits\thits_by\n");
    for (size_t i = 0; in->results->exposures && i < in->facts->ndevices; i++) {
        const struct fw_exposure *exposure = &in->results->exposures[i];
        struct fw_usage_reader *reader = NULL;
        if (exposure->flows.nrules > 0) {
            reader = fw_rule_hits_reader(in->facts, exposure, &arena);
        }
        for (size_t r = 0; r < exposure->flows.nrules; r++) {
            const struct fw_rule_flows *rule = &exposure->flows.rules[r];
            fw_text_safe(out, exposure->device->name);
            fw_buf_add_char(out, '\t');
            fw_text_safe(out, rule->of->name);
            if (rule->by) {
                fw_buf_printf(out, "\t%u\t%u\t", rule->by->position, rule->by->span.line);
            } else {
                fw_buf_printf(out, "\tdefault\t%u\t", rule->of->fallback_span.line);
            }
            breadth_cells(&arena, out, &rule->breadth[0], FW_FAMILY_BIT4);
            fw_buf_add_char(out, '\t');
            breadth_cells(&arena, out, &rule->breadth[1], FW_FAMILY_BIT6);
            fw_buf_printf(out, "\t%s\t", rule->cut ? "yes" : "no");
            struct fw_rule_hits hits = {FW_HITS_BY_NOTHING, 0};
            if (rule->by) {
                hits = fw_rule_hits(reader, rule);
            }
            if (hits.by != FW_HITS_BY_NOTHING) {
                fw_buf_printf(out, "%" PRIu64, hits.n);
            }
            fw_buf_printf(out, "\t%s\n", fw_hits_by_name(hits.by));
        }
    }
    fw_arena_clear(&arena);
}
