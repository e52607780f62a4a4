/* Answers: what do the audit rulesets (words, checks, profiles) say, and which files are they? */
#include "analyzers/catalogue.h"

#include <stdlib.h>
#include <string.h>

#include "analyzers/catalogue_impl.h"
#include "core/embed.h"
#include "core/source.h"
#include "core/text.h"
#include "core/walk.h"

/* A ruleset file is written by people: a megabyte is a mistake. */
#define FILE_BYTES (UINT64_C(1) << 20)

struct member {
    fw_sv name; /* "checks/RUL.json" */
    fw_sv path; /* as diagnostics print it */
    fw_sv text;
};

struct members {
    size_t n;
    struct member *v; /* by name */
};

static void (*reader_of(fw_sv name))(struct fw_catalogue_loader *, const struct fw_jvalue *)
{
    if (fw_sv_is(name, "words.json")) {
        return fw_catalogue_read_words;
    }
    if (fw_sv_is(name, "services.json")) {
        return fw_catalogue_read_services;
    }
    if (fw_glob_match(FW_SV("checks/*.json"), name)) {
        return fw_catalogue_read_checks;
    }
    if (fw_glob_match(FW_SV("profiles/*.json"), name)) {
        return fw_catalogue_read_profile;
    }
    return NULL;
}

static int members_by_name(const void *a, const void *b)
{
    const struct member *left = a;
    const struct member *right = b;
    return fw_sv_cmp(left->name, right->name);
}

static struct members members_embedded(struct fw_arena *arena)
{
    struct members m = {0};
    const char *name;
    for (const struct fw_embedded *e = fw_embedded_rulesets; (name = e->name) != NULL; e++) {
        m.v = fw_arena_push(arena, m.v, m.n, sizeof(*m.v));
        m.v[m.n++] = (struct member){
            fw_sv_from(name),
            fw_arena_printf(arena, "rulesets/%s", name),
            fw_sv_of((const char *)e->bytes, e->n),
        };
    }
    return m;
}

/* Every .json file below the folder must be one we know the meaning of: a misplaced file that was
 * skipped would be a rule that somebody believes to be in force. */
static enum fw_err members_of_folder(struct fw_arena *arena, const char *dir,
                                     struct fw_diags *diags, struct members *ret)
{
    struct fw_paths paths;
    uint64_t missing = 0;
    enum fw_err err = fw_walk(arena, &dir, 1, diags, &paths, &missing);
    if (err != FW_OK || missing > 0) {
        return err != FW_OK ? err : FW_ERR_INVALID;
    }
    struct members m = {0};
    fw_sv base = fw_path_join(arena, fw_sv_from(dir), FW_SV(""));
    for (size_t i = 0; i < paths.n; i++) {
        fw_sv path = paths.v[i];
        fw_sv full = fw_path_join(arena, path, FW_SV(""));
        if (!fw_sv_ends(path, ".json") || full.n <= base.n) {
            continue;
        }
        size_t skip = fw_sv_is(base, ".") ? 0 : base.n + (base.p[base.n - 1] != '/');
        struct member one = {fw_sv_sub(full, skip, full.n), path, {0}};
        struct fw_source_info info;
        if (!reader_of(one.name)) {
            fw_diag_report(diags, FW_DIAG_ID_RULESET_INVALID, path, (fw_span){0}, (fw_sv){0}, 0,
                           "expected words.json, services.json, checks/*.json or profiles/*.json");
            err = FW_ERR_INVALID;
            continue;
        }
        enum fw_err read = fw_source_load(path.p, FILE_BYTES, arena, &one.text, &info);
        if (read != FW_OK) {
            fw_diag_report(diags, FW_DIAG_ID_RULESET_INVALID, path, (fw_span){0}, (fw_sv){0}, 0,
                           "cannot be read: %s", fw_err_text(read));
            err = FW_ERR_INVALID;
            continue;
        }
        m.v = fw_arena_push(arena, m.v, m.n, sizeof(*m.v));
        m.v[m.n++] = one;
    }
    if (m.n > 1) {
        qsort(m.v, m.n, sizeof(*m.v), members_by_name);
    }
    *ret = m;
    return err;
}

static enum fw_err hash_members(const struct members *members, fw_sha256 *ret)
{
    struct fw_hasher *hasher = fw_hasher_new();
    if (!hasher) {
        return FW_ERR_MEMORY;
    }
    for (size_t i = 0; i < members->n; i++) {
        fw_hasher_add_sv(hasher, members->v[i].name);
        fw_hasher_add_sv(hasher, members->v[i].text);
    }
    *ret = fw_hasher_done(hasher);
    fw_hasher_free(hasher);
    return FW_OK;
}

static int checks_by_id(const void *a, const void *b)
{
    const struct fw_check *left = a;
    const struct fw_check *right = b;
    return fw_sv_cmp(left->id, right->id);
}

static void read_members(struct fw_catalogue_loader *loader, const struct members *members,
                         void (*reader)(struct fw_catalogue_loader *, const struct fw_jvalue *))
{
    for (size_t i = 0; i < members->n; i++) {
        const struct member *m = &members->v[i];
        if (reader_of(m->name) != reader) {
            continue;
        }
        loader->file.path = m->path;
        loader->file.text = m->text;
        loader->name = m->name;
        const struct fw_jvalue *root = fw_json_parse(loader->arena, m->text, m->path,
                                                     loader->file.diags, loader->file.id);
        if (root) {
            reader(loader, root);
        } else {
            loader->file.errors++;
        }
    }
}

/* Names that only make sense once every file was read. */
static void check_depends(struct fw_catalogue_loader *loader, struct fw_diags *diags)
{
    const struct fw_catalogue *k = loader->catalogue;
    for (size_t i = 0; i < k->nchecks; i++) {
        for (size_t j = 0; j < k->checks[i].ndepends; j++) {
            fw_sv id = k->checks[i].depends[j];
            if (!fw_check_find(k, id)) {
                fw_diag_report(diags, FW_DIAG_ID_RULESET_INVALID, FW_SV("rulesets"), (fw_span){0},
                               (fw_sv){0}, 0, "%.*s depends on the unknown check \"%.*s\"%s",
                               FW_SV_ARG(k->checks[i].id), FW_SV_ARG(id),
                               fw_check_nearest(loader->arena, k, id));
                loader->file.errors++;
            }
        }
    }
}

enum fw_err fw_catalogue_load(struct fw_arena *arena, const char *dir, struct fw_diags *diags,
                              struct fw_catalogue *ret)
{
    struct fw_catalogue k = {.overridden = dir != NULL};
    struct members members = {0};
    enum fw_err err = FW_OK;
    if (dir) {
        k.dir = fw_arena_copy(arena, fw_sv_from(dir));
        err = members_of_folder(arena, dir, diags, &members);
    } else {
        members = members_embedded(arena);
    }
    if (err == FW_OK) {
        err = hash_members(&members, &k.sha256);
    }
    if (err != FW_OK) {
        return err;
    }
    struct fw_catalogue_loader loader = {
        .arena = arena,
        .catalogue = &k,
        .file = {.diags = diags, .id = FW_DIAG_ID_RULESET_INVALID},
    };
    read_members(&loader, &members, fw_catalogue_read_words);
    read_members(&loader, &members, fw_catalogue_read_services);
    read_members(&loader, &members, fw_catalogue_read_checks);
    if (k.nchecks > 1) {
        qsort(k.checks, k.nchecks, sizeof(*k.checks), checks_by_id);
    }
    if (k.nchecks == 0 && loader.file.errors == 0) {
        fw_diag_report(diags, FW_DIAG_ID_RULESET_INVALID, dir ? k.dir : FW_SV("rulesets"),
                       (fw_span){0}, (fw_sv){0}, 0, "no file in checks/ defines a check");
        loader.file.errors++;
    }
    if (loader.file.errors == 0) {
        check_depends(&loader, diags);
        read_members(&loader, &members, fw_catalogue_read_profile);
    }
    if (loader.file.errors > 0) {
        return FW_ERR_INVALID;
    }
    *ret = k;
    return FW_OK;
}

/* --- asking --------------------------------------------------------------------------------- */

static int check_by_id(const void *key, const void *element)
{
    const fw_sv *left = key;
    const struct fw_check *right = element;
    return fw_sv_cmp(*left, right->id);
}

const struct fw_check *fw_check_find(const struct fw_catalogue *catalogue, fw_sv id)
{
    if (catalogue->nchecks == 0) {
        return NULL;
    }
    return bsearch(&id, catalogue->checks, catalogue->nchecks, sizeof(*catalogue->checks),
                   check_by_id);
}

bool fw_catalogue_mark_computed(struct fw_catalogue *catalogue, fw_sv check)
{
    const struct fw_check *found = fw_check_find(catalogue, check);
    if (found) {
        catalogue->checks[found - catalogue->checks].computed = true;
    }
    return found != NULL;
}

const struct fw_profile *fw_profile_find(const struct fw_catalogue *catalogue, fw_sv name)
{
    for (size_t i = 0; i < catalogue->nprofiles; i++) {
        if (fw_sv_eq(catalogue->profiles[i].name, name)) {
            return &catalogue->profiles[i];
        }
    }
    return NULL;
}

static int entry_by_id(const void *key, const void *element)
{
    const fw_sv *left = key;
    const struct fw_profile_check *right = element;
    return fw_sv_cmp(*left, right->check->id);
}

const struct fw_profile_check *fw_profile_check_find(const struct fw_profile *profile,
                                                     const struct fw_check *check)
{
    if (!profile || profile->n == 0) {
        return NULL;
    }
    return bsearch(&check->id, profile->checks, profile->n, sizeof(*profile->checks), entry_by_id);
}

enum fw_class fw_profile_class(const struct fw_profile *profile, const struct fw_check *check,
                               fw_sv level)
{
    const struct fw_profile_check *entry = fw_profile_check_find(profile, check);
    enum fw_level known;
    if (entry && entry->has_levels && fw_level_parse(level, &known)) {
        return entry->levels[known];
    }
    return entry && entry->has_class ? entry->class : check->class;
}

static const struct fw_threshold *threshold_find(const struct fw_threshold *v, size_t n, fw_sv name)
{
    for (size_t i = 0; i < n; i++) {
        if (fw_sv_eq(v[i].name, name)) {
            return &v[i];
        }
    }
    return NULL;
}

/* The default that the check "LOG-003" of "LOG-003.completeness_percent" gives it. */
static const struct fw_threshold *threshold_default(const struct fw_catalogue *catalogue,
                                                    fw_sv name)
{
    const struct fw_check *check = fw_check_find(catalogue, fw_words_state(name));
    return check ? threshold_find(check->thresholds, check->nthresholds, name) : NULL;
}

bool fw_threshold_known(const struct fw_catalogue *catalogue, fw_sv name)
{
    return threshold_default(catalogue, name) != NULL;
}

const char *fw_threshold_nearest(struct fw_arena *arena, const struct fw_catalogue *catalogue,
                                 fw_sv name)
{
    const struct fw_threshold *best = NULL;
    size_t edits = FW_SUGGEST_EDITS + 1;
    for (size_t i = 0; i < catalogue->nchecks; i++) {
        const struct fw_check *check = &catalogue->checks[i];
        for (size_t j = 0; j < check->nthresholds; j++) {
            size_t d = fw_text_distance(name, check->thresholds[j].name, FW_SUGGEST_EDITS);
            if (d < edits) {
                edits = d;
                best = &check->thresholds[j];
            }
        }
    }
    return best ? fw_arena_printf(arena, ", did you mean \"%.*s\"?", FW_SV_ARG(best->name)).p : "";
}

bool fw_catalogue_threshold(const struct fw_catalogue *catalogue, const struct fw_profile *profile,
                            const struct fw_site *site, fw_sv name, double *ret)
{
    const struct fw_threshold *own = threshold_default(catalogue, name);
    if (!own) {
        return false;
    }
    const struct fw_threshold *t = NULL;
    if (site) {
        t = threshold_find(site->thresholds, site->nthresholds, name);
    }
    if (!t && profile) {
        t = threshold_find(profile->thresholds, profile->nthresholds, name);
    }
    *ret = t ? t->value : own->value;
    return true;
}

/* --- the site's names ----------------------------------------------------------------------- */

static void check_name(struct fw_jfile *file, struct fw_arena *arena,
                       const struct fw_catalogue *catalogue, fw_sv id, fw_span span)
{
    if (!fw_check_find(catalogue, id)) {
        fw_json_error(file, span, "unknown check \"%.*s\"%s", FW_SV_ARG(id),
                      fw_check_nearest(arena, catalogue, id));
    }
}

static const char *profile_list(struct fw_arena *arena, const struct fw_catalogue *catalogue)
{
    fw_sv list = FW_SV("");
    for (size_t i = 0; i < catalogue->nprofiles; i++) {
        list = fw_arena_printf(arena, "%.*s%s%.*s", FW_SV_ARG(list),
                               i ? ", " : ", expected one of ",
                               FW_SV_ARG(catalogue->profiles[i].name));
    }
    return list.p;
}

enum fw_err fw_catalogue_check_site(const struct fw_catalogue *catalogue,
                                    const struct fw_site *site, struct fw_diags *diags)
{
    struct fw_arena arena;
    fw_arena_init(&arena, 0);
    struct fw_jfile file = {
        .path = site->path, .text = site->text, .diags = diags, .id = FW_DIAG_ID_SITE_INVALID};
    if (site->profile.p && !fw_profile_find(catalogue, site->profile)) {
        fw_json_error(&file, site->profile_span, "unknown profile \"%.*s\"%s",
                      FW_SV_ARG(site->profile), profile_list(&arena, catalogue));
    }
    for (size_t i = 0; i < site->nexceptions; i++) {
        check_name(&file, &arena, catalogue, site->exceptions[i].check, site->exceptions[i].span);
    }
    for (size_t i = 0; i < site->nattestations; i++) {
        check_name(&file, &arena, catalogue, site->attestations[i].check,
                   site->attestations[i].span);
    }
    for (size_t i = 0; i < site->nthresholds; i++) {
        fw_sv name = site->thresholds[i].name;
        if (!fw_threshold_known(catalogue, name)) {
            fw_json_error(&file, site->thresholds[i].span, "unknown threshold \"%.*s\"%s",
                          FW_SV_ARG(name), fw_threshold_nearest(&arena, catalogue, name));
        }
    }
    fw_arena_clear(&arena);
    return file.errors > 0 ? FW_ERR_INVALID : FW_OK;
}
