/* The configuration side of a site: every declared snapshot, IDS rule file and record, read once.
 */
#include "evidence/site_configs.h"

#include <stdlib.h>

#include "core/file.h"
#include "core/limits.h"
#include "core/walk.h"
#include "evidence/clocks.h"
#include "evidence/history.h"

struct loader {
    struct fw_site_configs *to;
    const struct fw_site *site;
    int64_t as_of_ns;
    const struct fw_standins *standins;
    struct fw_arena *inputs_arena;
    struct fw_inputs *inputs;
    struct fw_diags *diags;
};

static struct fw_input *note(struct loader *loader, enum fw_input_role role, fw_sv path,
                             fw_sv real_path, fw_sv device)
{
    struct fw_input *input = fw_inputs_add(loader->inputs_arena, loader->inputs, role,
                                           fw_arena_copy(loader->inputs_arena, path), device);
    input->real_path = fw_arena_copy(loader->inputs_arena, real_path);
    return input;
}

static void note_doc(struct loader *loader, struct fw_input *input, const struct fw_doc *doc,
                     const char *format)
{
    input->info = doc->info;
    input->lines = fw_doc_counts(doc);
    input->format = format;
    fw_source_report(&doc->info, doc->path, loader->diags);
}

/* Newest last; of equal times the later declared one. */
static bool load_snapshot(struct loader *loader, const struct fw_site_device *device,
                          const struct fw_config_version *version, struct fw_snapshot *ret)
{
    struct fw_site_configs *to = loader->to;
    struct fw_input *input = note(loader, FW_INPUT_CONFIG, version->path, version->real_path,
                                  device->name);
    struct fw_config *config = calloc(1, sizeof(*config));
    input->stored = version->stored;
    if (!config) {
        input->missing = true;
        return false;
    }
    to->configs = fw_arena_push(&to->arena, to->configs, to->nconfigs, sizeof(*to->configs));
    to->configs[to->nconfigs++] = config;
    enum fw_err err = version->stored
                          ? fw_config_load_stored(config, *version->stored, version->path,
                                                  device->format, loader->diags)
                          : fw_config_load(config, fw_arena_cstr(&to->arena, version->real_path),
                                           version->path, device->format, loader->diags);
    if (err != FW_OK) {
        input->missing = true;
        return false;
    }
    fw_standins_apply(loader->standins, &config->doc.info);
    note_doc(loader, input, &config->doc, config->parser->name);
    input->nsecrets = config->ruleset.nsecrets;
    input->secrets = config->ruleset.secrets;
    *ret = (struct fw_snapshot){
        .path = input->path,
        .sha256 = config->doc.info.sha256,
        .format = config->parser->name,
        .taken_ns = version->taken_ns,
        .commit = version->commit,
        .author = version->author,
        .lines = input->lines,
        .ruleset = &config->ruleset,
        .doc = &config->doc,
    };
    return true;
}

/* Which versions a repository had, for whoever has it not. */
static void note_versions(struct loader *loader, const struct fw_site_device *device,
                          const struct fw_config_version *list)
{
    struct fw_input *input = note(loader, FW_INPUT_VERSIONS, list->path, list->real_path,
                                  device->name);
    fw_sv text;
    enum fw_err err = list->stored ? fw_source_load_memory(*list->stored, FW_LIMIT_CONFIG_BYTES,
                                                           &loader->to->arena, &text, &input->info)
                                   : fw_source_load(list->real_path.p, FW_LIMIT_CONFIG_BYTES,
                                                    &loader->to->arena, &text, &input->info);
    input->stored = list->stored;
    input->format = "versions";
    input->missing = err != FW_OK;
    fw_standins_apply(loader->standins, &input->info);
}

/* A version that somebody took away, or that cannot be had: said, and what comes after it counts.
 */
static bool is_there(struct loader *loader, const struct fw_site_device *device,
                     const struct fw_config_version *version)
{
    static const char *const words[FW_GIT_STATE_COUNT] = {
        [FW_GIT_GONE] = "the file was removed by this commit",
        [FW_GIT_OTHER] = "this commit has no file in its place, but a link or a folder",
        [FW_GIT_BROKEN] = "it cannot be read: the repository is damaged, or the limit GIT_BYTES "
                          "does not allow it",
    };
    if (version->state == FW_GIT_FILE) {
        return true;
    }
    fw_diag_report(loader->diags, FW_DIAG_ID_FILE_UNREADABLE, version->path, (fw_span){0},
                   (fw_sv){0}, 0, "%s", words[version->state]);
    note(loader, FW_INPUT_CONFIG, version->path, version->path, device->name)->missing = true;
    return false;
}

static void load_snapshots(struct loader *loader, const struct fw_site_device *device,
                           struct fw_device_facts *facts, unsigned jobs)
{
    struct fw_arena *arena = &loader->to->arena;
    struct fw_config_versions versions;
    fw_config_versions_find(arena, loader->site, device, loader->as_of_ns, loader->diags,
                            &versions);
    struct fw_snapshot *snapshots = fw_new_array(arena, versions.n + 1, struct fw_snapshot);
    size_t n = 0;
    struct fw_config *newest = NULL;
    if (device->config_missing.n > 0) { /* the pattern might have named a newer one */
        note(loader, FW_INPUT_CONFIG, device->config_missing, device->config_missing, device->name)
            ->missing = true;
    }
    for (size_t i = 0; i < versions.nlists; i++) {
        note_versions(loader, device, &versions.lists[i]);
    }
    for (size_t i = 0; i < versions.n; i++) {
        const struct fw_config_version *version = &versions.v[i];
        bool later = version->taken_ns != INT64_MIN && version->taken_ns > loader->as_of_ns;
        if (later) {
            continue;
        }
        if (is_there(loader, device, version) &&
            load_snapshot(loader, device, version, &snapshots[n])) {
            newest = loader->to->configs[loader->to->nconfigs - 1];
            n++;
            facts->current_missing = false;
        } else {
            facts->current_missing = true;
        }
    }
    facts->current_missing = facts->current_missing || device->config_missing.n > 0 ||
                             (versions.n == 0 && versions.nlists > 0);
    facts->older_missing = versions.cut;
    if (newest) {
        struct fw_analysis_options options = {.jobs = jobs};
        fw_config_analyse(newest, &options);
        snapshots[n - 1].report = &newest->report;
    }
    facts->nsnapshots = n;
    facts->snapshots = snapshots;
}

static struct fw_doc *load_doc(struct loader *loader, enum fw_input_role role, fw_sv shown,
                               fw_sv real_path, fw_sv device, struct fw_input **ret_input)
{
    struct fw_site_configs *to = loader->to;
    struct fw_input *input = note(loader, role, shown, real_path, device);
    *ret_input = input;
    struct fw_doc *doc = calloc(1, sizeof(*doc));
    if (!doc) {
        input->missing = true;
        return NULL;
    }
    to->docs = fw_arena_push(&to->arena, to->docs, to->ndocs, sizeof(*to->docs));
    to->docs[to->ndocs++] = doc;
    fw_doc_init(doc, input->path, loader->diags);
    if (fw_doc_load(doc, fw_arena_cstr(&to->arena, real_path)) != FW_OK) {
        input->missing = true;
        return NULL;
    }
    fw_standins_apply(loader->standins, &doc->info);
    return doc;
}

/* What of a sensor was read so far. */
struct sensor_files {
    size_t n;
    const struct fw_idsrules **sets;
    struct fw_source_info *infos;
    fw_sv *paths;
};

static bool is_loaded(const struct sensor_files *files, fw_sv path)
{
    for (size_t i = 0; i < files->n; i++) {
        if (fw_sv_eq(files->paths[i], path)) {
            return true;
        }
    }
    return false;
}

/* Whether it could be read. */
static bool load_ids_file(struct loader *loader, enum fw_input_role role, fw_sv device, fw_sv path,
                          struct sensor_files *files)
{
    struct fw_arena *arena = &loader->to->arena;
    fw_sv shown = fw_path_below(loader->site->dir, path);
    struct fw_input *input;
    if (is_loaded(files, shown)) {
        return true;
    }
    struct fw_doc *doc = load_doc(loader, role, shown, path, device, &input);
    const struct fw_parser *parser = doc ? fw_idsrules_detect(path, fw_sv_sub(doc->text, 0, 65536),
                                                              NULL)
                                         : NULL;
    struct fw_idsrules *set = fw_new(arena, struct fw_idsrules);
    if (!parser || fw_idsrules_parse(doc, parser, set) != FW_OK) {
        input->missing = true;
        return false;
    }
    note_doc(loader, input, doc, parser->name);
    files->sets = fw_arena_push(arena, (void *)(uintptr_t)files->sets, files->n,
                                sizeof(*files->sets));
    files->infos = fw_arena_push(arena, files->infos, files->n, sizeof(*files->infos));
    files->paths = fw_arena_push(arena, files->paths, files->n, sizeof(*files->paths));
    files->sets[files->n] = set;
    files->infos[files->n] = doc->info;
    files->paths[files->n] = input->path;
    files->n++;
    return true;
}

/* How many patterns or files of the list could not be read. */
static size_t load_ids_files(struct loader *loader, enum fw_input_role role, fw_sv device,
                             const fw_sv *patterns, size_t n, struct sensor_files *files)
{
    size_t missing = 0;
    for (size_t i = 0; i < n; i++) {
        struct fw_paths found;
        fw_inputs_find(&loader->to->arena, loader->site->dir, patterns[i], loader->diags, &found);
        if (found.n == 0) {
            note(loader, role, patterns[i], patterns[i], device)->missing = true;
            missing++;
        }
        for (size_t f = 0; f < found.n; f++) {
            missing += !load_ids_file(loader, role, device, found.v[f], files);
        }
    }
    return missing;
}

static void load_sensor(struct loader *loader, const struct fw_site_device *device,
                        struct fw_device_facts *facts)
{
    struct sensor_files files = {0};
    load_ids_files(loader, FW_INPUT_IDSRULES, device->name, device->rules, device->nrules, &files);
    facts->ntuning_missing = load_ids_files(loader, FW_INPUT_TUNING, device->name, device->tuning,
                                            device->ntuning, &files);
    load_ids_files(loader, FW_INPUT_SENSOR, device->name, device->sensor, device->nsensor, &files);
    if (device->update_log.n > 0) {
        load_ids_files(loader, FW_INPUT_SENSOR, device->name, &device->update_log, 1, &files);
    }
    facts->nids = files.n;
    facts->ids = files.sets;
    facts->ids_info = files.infos;
    facts->ids_paths = files.paths;
}

static void load_clock_file(struct loader *loader, const struct fw_site_device *device, fw_sv path,
                            struct fw_sync_reader *reader)
{
    struct fw_input *input;
    fw_sv shown = fw_path_below(loader->site->dir, path);
    struct fw_doc *doc = load_doc(loader, FW_INPUT_CLOCK, shown, path, device->name, &input);
    const struct fw_parser *parser = doc ? fw_clocks_read(doc, device->zone_seconds, reader) : NULL;
    if (parser) {
        note_doc(loader, input, doc, parser->name);
    } else {
        input->missing = true;
        reader->view.nmissing++;
    }
}

/* What its time service and its commands say of its clock. */
static void load_clock(struct loader *loader, const struct fw_site_device *device)
{
    struct fw_site_configs *to = loader->to;
    struct fw_sync_reader reader;
    if (device->nclock == 0) {
        return;
    }
    fw_sync_begin(&reader, &to->arena, device->name, true);
    for (size_t i = 0; i < device->nclock; i++) {
        struct fw_paths found;
        fw_inputs_find(&to->arena, loader->site->dir, device->clock[i], loader->diags, &found);
        if (found.n == 0) {
            note(loader, FW_INPUT_CLOCK, device->clock[i], device->clock[i], device->name)
                ->missing = true;
            reader.view.nmissing++;
        }
        for (size_t f = 0; f < found.n; f++) {
            load_clock_file(loader, device, found.v[f], &reader);
        }
    }
    to->syncs = fw_arena_push(&to->arena, to->syncs, to->nsyncs, sizeof(*to->syncs));
    fw_sync_finish(&reader, &to->syncs[to->nsyncs++]);
}

/* A list in a file of its own; NULL: none is declared, or it is not there. */
static struct fw_doc *load_list(struct loader *loader, enum fw_input_role role, fw_sv path,
                                struct fw_input **ret_input)
{
    if (path.n == 0) {
        return NULL;
    }
    fw_sv real_path = fw_path_join(&loader->to->arena, loader->site->dir, path);
    return load_doc(loader, role, path, real_path, FW_SV(""), ret_input);
}

/* Whether it could be read. */
static bool note_list(struct loader *loader, struct fw_input *input, const struct fw_doc *doc,
                      enum fw_err err)
{
    if (err != FW_OK) {
        input->missing = true;
        return false;
    }
    note_doc(loader, input, doc, fw_input_role_name(input->role));
    return true;
}

static void load_lists(struct loader *loader)
{
    const struct fw_site *site = loader->site;
    struct fw_site_configs *to = loader->to;
    struct fw_input *input;
    struct fw_doc *doc = load_list(loader, FW_INPUT_TICKETS, site->tickets, &input);
    to->has_tickets = doc && note_list(loader, input, doc,
                                       fw_tickets_parse(doc, site->zone_seconds, &to->tickets));
    /* The first review of a period comes before there are decisions. */
    bool decided = site->decisions.n > 0 &&
                   fw_file_exists(fw_arena_cstr(
                       &to->arena, fw_path_join(&to->arena, site->dir, site->decisions)));
    doc = decided ? load_list(loader, FW_INPUT_DECISIONS, site->decisions, &input) : NULL;
    if (decided) {
        to->has_decisions = true; /* an unreadable list is a wrong one, not none */
        bool read = doc && note_list(loader, input, doc,
                                     fw_decisions_parse(doc, site->zone_seconds, &to->decisions));
        to->decisions.good = read && to->decisions.good;
        to->decisions_path = site->decisions;
    }
    doc = load_list(loader, FW_INPUT_REGISTER, site->reg, &input);
    to->has_register = doc && note_list(loader, input, doc,
                                        fw_register_parse(doc, site->zone_seconds, &to->reg));
    doc = load_list(loader, FW_INPUT_ASSETS, site->assets, &input);
    to->has_assets = doc && note_list(loader, input, doc, fw_assets_parse(doc, &to->assets));
    doc = load_list(loader, FW_INPUT_ACCOUNTS, site->accounts, &input);
    to->has_accounts = doc && note_list(loader, input, doc,
                                        fw_accounts_parse(doc, site->zone_seconds, &to->accounts));
    doc = load_list(loader, FW_INPUT_IMPROVEMENT, site->improvement, &input);
    to->has_improvements = doc && note_list(loader, input, doc,
                                            fw_improvements_parse(doc, site->zone_seconds,
                                                                  &to->improvements));
}

static void take_ids_list(struct loader *loader, struct fw_input *input, struct fw_doc *doc)
{
    struct fw_site_configs *to = loader->to;
    if (doc) {
        note_list(
            loader, input, doc,
            fw_idslists_take(&to->ids, &to->arena, doc, input->role, loader->site->zone_seconds));
    }
}

static void load_feeds(struct loader *loader)
{
    const struct fw_site *site = loader->site;
    struct fw_site_configs *to = loader->to;
    for (size_t i = 0; i < site->nadvisories; i++) {
        struct fw_paths found;
        fw_sv pattern = site->advisories[i];
        fw_inputs_find(&to->arena, site->dir, pattern, loader->diags, &found);
        if (found.n == 0) {
            note(loader, FW_INPUT_ADVISORIES, pattern, pattern, FW_SV(""))->missing = true;
        }
        for (size_t f = 0; f < found.n; f++) {
            struct fw_input *input;
            struct fw_doc *doc = load_doc(loader, FW_INPUT_ADVISORIES,
                                          fw_path_below(site->dir, found.v[f]), found.v[f],
                                          FW_SV(""), &input);
            take_ids_list(loader, input, doc);
        }
    }
}

static void load_ids_lists(struct loader *loader)
{
    const struct {
        enum fw_input_role role;
        fw_sv path;
    } lists[] = {
        {FW_INPUT_TUNING_REGISTER, loader->site->tuning_register},
        {FW_INPUT_CASES, loader->site->cases},
        {FW_INPUT_ADVISORY_DECISIONS, loader->site->advisory_decisions},
    };
    for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
        struct fw_input *input;
        struct fw_doc *doc = load_list(loader, lists[i].role, lists[i].path, &input);
        take_ids_list(loader, input, doc);
    }
}

/* Zones that the site does not have are slips that would go unseen: their rows approve nothing. */
static void check_zones(struct loader *loader, const struct fw_doc *doc)
{
    const struct fw_site *site = loader->site;
    const struct fw_approved_matrix *matrix = &loader->to->matrix;
    for (size_t i = 0; i < matrix->n; i++) {
        bool from = false;
        bool to = false;
        for (size_t z = 0; z < site->nzones; z++) {
            from = from || fw_sv_eq_nocase(matrix->v[i].from, site->zones[z].name);
            to = to || fw_sv_eq_nocase(matrix->v[i].to, site->zones[z].name);
        }
        if (!from || !to) {
            fw_sv name = from ? matrix->v[i].to : matrix->v[i].from;
            fw_diag_report(loader->diags, FW_DIAG_ID_RECORD_INVALID, doc->path, matrix->v[i].span,
                           doc->text, 0, "the site has no zone \"%.*s\"", FW_SV_ARG(name));
        }
    }
}

static void load_matrix(struct loader *loader)
{
    const struct fw_site *site = loader->site;
    struct fw_site_configs *to = loader->to;
    struct fw_input *input;
    if (site->matrix.n == 0) {
        return;
    }
    fw_sv real_path = fw_path_join(&to->arena, site->dir, site->matrix);
    struct fw_doc *doc = load_doc(loader, FW_INPUT_MATRIX, site->matrix, real_path, FW_SV(""),
                                  &input);
    if (!doc) {
        return;
    }
    if (fw_matrix_parse(doc, &to->matrix) != FW_OK) {
        input->missing = true;
        return;
    }
    note_doc(loader, input, doc, "matrix");
    check_zones(loader, doc);
    to->has_matrix = true;
}

static void load_geo(struct loader *loader)
{
    const struct fw_site *site = loader->site;
    struct fw_site_configs *to = loader->to;
    if (site->geoip.n == 0) {
        return;
    }
    fw_sv real_path = fw_path_join(&to->arena, site->dir, site->geoip);
    struct fw_input *input = note(loader, FW_INPUT_GEOIP, site->geoip, real_path, FW_SV(""));
    const char *path = fw_arena_cstr(&to->arena, real_path);
    to->has_geo = fw_inputs_geo(&to->arena, input, site->geoip, path, loader->diags, &to->geo);
}

void fw_site_configs_load(struct fw_site_configs *ret, const struct fw_site *site, int64_t as_of_ns,
                          unsigned jobs, const struct fw_standins *standins,
                          struct fw_arena *inputs_arena, struct fw_inputs *inputs,
                          struct fw_diags *diags)
{
    *ret = (struct fw_site_configs){0};
    fw_arena_init(&ret->arena, 0);
    struct loader loader = {ret, site, as_of_ns, standins, inputs_arena, inputs, diags};
    ret->ndevices = site->ndevices;
    ret->devices = fw_new_array(&ret->arena, site->ndevices + 1, struct fw_device_facts);
    for (size_t i = 0; i < site->ndevices; i++) {
        const struct fw_site_device *device = &site->devices[i];
        struct fw_device_facts *facts = &ret->devices[i];
        facts->name = device->name;
        facts->declared = device;
        load_snapshots(&loader, device, facts, jobs);
        load_sensor(&loader, device, facts);
        load_clock(&loader, device);
    }
    load_lists(&loader);
    load_ids_lists(&loader);
    load_feeds(&loader);
    load_matrix(&loader);
    load_geo(&loader);
}

void fw_site_configs_clear(struct fw_site_configs *configs)
{
    for (size_t i = 0; i < configs->nconfigs; i++) {
        fw_config_clear(configs->configs[i]);
        free(configs->configs[i]);
    }
    for (size_t i = 0; i < configs->ndocs; i++) {
        fw_doc_clear(configs->docs[i]);
        free(configs->docs[i]);
    }
    fw_arena_clear(&configs->arena);
}
