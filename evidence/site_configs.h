/*
 * The configuration side of a site: every declared snapshot, IDS rule file and record, read once.
 * Owns what it read until fw_site_configs_clear.
 */
#ifndef FW_EVIDENCE_SITE_CONFIGS_H
#define FW_EVIDENCE_SITE_CONFIGS_H

#include "analyzers/analyzer.h"
#include "analyzers/logs/sync.h"
#include "core/diag.h"
#include "core/geo.h"
#include "evidence/configs.h"
#include "evidence/idslists.h"
#include "evidence/inputs.h"
#include "evidence/reproduce.h"
#include "parsers/matrix.h"

struct fw_site_configs {
    struct fw_arena arena;
    size_t nconfigs;
    struct fw_config **configs;
    size_t ndocs;
    struct fw_doc **docs; /* IDS rules, tickets, other lists */
    size_t ndevices;
    struct fw_device_facts *devices;
    bool has_tickets, has_register, has_assets;
    struct fw_tickets tickets;
    struct fw_register reg;
    struct fw_assets assets;
    bool has_accounts;
    struct fw_accounts accounts;
    bool has_decisions;
    struct fw_decisions decisions;
    fw_sv decisions_path;
    bool has_improvements;
    struct fw_improvements improvements;
    bool has_matrix;
    struct fw_approved_matrix matrix;
    struct fw_idslists ids;
    size_t nsyncs;
    struct fw_sync_view *syncs; /* of the devices that declare any, in the order of the site */
    bool has_geo;
    struct fw_geo geo;
};

/* Reads what the site declares; snapshots taken after as_of are left out. Files that are absent or
 * unreadable become diagnostics and rows of `inputs`, never a failure: their checks end OPEN. */
void fw_site_configs_load(struct fw_site_configs *ret, const struct fw_site *site, int64_t as_of_ns,
                          unsigned jobs, const struct fw_standins *standins,
                          struct fw_arena *inputs_arena, struct fw_inputs *inputs,
                          struct fw_diags *diags);
void fw_site_configs_clear(struct fw_site_configs *configs);

#endif
