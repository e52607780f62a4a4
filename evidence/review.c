/* A review of a site: everything it declares is read, every check is run. */
#include "evidence/review.h"

#include "core/file.h"
#include "core/limits.h"
#include "core/source.h"
#include "core/walk.h"
#include "evidence/decisions.h"
#include "evidence/reviews.h"
#include "evidence/sealed.h"

struct log_list {
    size_t n;
    struct fw_log_file *v;
};

static bool is_listed(const struct log_list *list, fw_sv path)
{
    for (size_t i = 0; i < list->n; i++) {
        if (fw_sv_eq(list->v[i].path, path)) {
            return true;
        }
    }
    return false;
}

/* A file that two devices claim counts for the first: it must not be counted twice. */
static void list_logs(struct fw_review_run *run, const struct fw_site_device *device,
                      struct log_list *list, struct fw_diags *diags)
{
    const struct fw_site *site = run->site;
    for (size_t i = 0; i < device->nlogs; i++) {
        struct fw_paths found;
        fw_inputs_find(&run->arena, site->dir, device->logs[i], diags, &found);
        if (found.n == 0) {
            struct fw_input *input = fw_inputs_add(&run->arena, &run->inputs, FW_INPUT_LOG,
                                                   device->logs[i], device->name);
            input->real_path = device->logs[i];
            input->missing = true;
        }
        for (size_t f = 0; f < found.n; f++) {
            fw_sv shown = fw_path_below(site->dir, found.v[f]);
            if (is_listed(list, shown)) {
                continue;
            }
            list->v = fw_arena_push(&run->arena, list->v, list->n, sizeof(*list->v));
            list->v[list->n++] = (struct fw_log_file){
                .path = shown,
                .real_path = found.v[f],
                .device = device->name,
                .has_zone = true,
                .zone_seconds = device->has_zone ? device->zone_seconds : site->zone_seconds,
                .csv_fields = device->csv_fields,
            };
        }
    }
}

static enum fw_err read_logs(struct fw_review_run *run, const struct fw_review_options *options,
                             struct fw_diags *diags)
{
    struct log_list list = {0};
    uint64_t bytes = 0;
    for (size_t i = 0; i < run->site->ndevices; i++) {
        list_logs(run, &run->site->devices[i], &list, diags);
    }
    for (size_t i = 0; i < list.n; i++) {
        uint64_t size;
        int64_t mtime_ns;
        if (fw_file_stat(list.v[i].real_path.p, &size, &mtime_ns) == FW_OK) {
            bytes += size;
        }
    }
    struct fw_logs_options read = {
        .jobs = options->jobs,
        .store = options->store,
        .run = options->run,
        .line_roots = true,
        .as_of_ns = options->as_of_ns,
        .zone_seconds = run->site->zone_seconds,
        .progress = options->progress,
    };
    const struct fw_facts known = {
        .catalogue = options->catalogue, .profile = options->profile, .site = run->site};
    fw_facts_gaps(&known, &read.gaps);
    if (options->progress) {
        fw_progress_begin(options->progress, "reading logs", bytes, list.n);
    }
    enum fw_err err = fw_logs_read(&run->logs, list.v, list.n, &read, &run->arena, &run->inputs,
                                   diags);
    if (options->progress) {
        fw_progress_end(options->progress);
    }
    return err;
}

/* What is wrong with a pack that cannot be compared with, the pack's writer says. */
static void find_previous(struct fw_review_run *run, const struct fw_review_options *options)
{
    struct fw_facts *facts = &run->facts;
    struct fw_review found;
    facts->previous = facts->nreviews > 0 ? &facts->reviews[facts->nreviews - 1] : NULL;
    if (!options->previous) {
        return;
    }
    struct fw_earlier_review *previous = fw_new_array(&run->arena, 1, struct fw_earlier_review);
    struct fw_review_keys keys = {.ssh = options->ssh};
    struct fw_buf why;
    fw_buf_init(&why);
    enum fw_err err = fw_review_read(options->previous, &keys, &run->arena, &found, &why);
    bool usable = err == FW_OK && found.whole &&
                  fw_review_earlier(&found, options->as_of_ns, &run->arena, previous);
    facts->previous = usable ? previous : NULL;
    fw_buf_clear(&why);
}

/* A file that the site names, as a path to open; NULL: it names none. */
static const char *named(struct fw_review_run *run, fw_sv path)
{
    return path.n > 0 ? fw_arena_cstr(&run->arena, fw_path_join(&run->arena, run->site->dir, path))
                      : NULL;
}

/* FW_ERR_INVALID: the keys are refused, and are said so. A list with a slip in it was not looked
 * after. */
static enum fw_err find_reviews(struct fw_review_run *run, const struct fw_review_options *options,
                                struct fw_diags *diags)
{
    const struct fw_site *site = run->site;
    if (site->reviews.n == 0) {
        return FW_OK;
    }
    const struct fw_review_keys keys = {.trust = named(run, site->signers),
                                        .authorities = named(run, site->authorities),
                                        .ssh = options->ssh};
    struct fw_review *found = NULL;
    size_t n = 0;
    struct fw_buf why;
    fw_buf_init(&why);
    enum fw_err err = fw_reviews_list(named(run, site->reviews), &keys, &run->arena, &n, &found,
                                      &why);
    if (err != FW_OK && err != FW_ERR_NOENT) {
        fw_diag_report(diags, FW_DIAG_ID_RECORD_INVALID, site->reviews, (fw_span){0}, (fw_sv){0}, 0,
                       "the earlier reviews cannot be checked: %.*s", FW_SV_ARG(fw_buf_sv(&why)));
    }
    run->facts.reviews_known = err == FW_OK;
    struct fw_earlier_review *reviews = fw_new_array(&run->arena, n + 1, struct fw_earlier_review);
    size_t kept = 0;
    for (size_t i = 0; err == FW_OK && i < n; i++) {
        if (!found[i].whole) {
            fw_diag_report(diags, FW_DIAG_ID_RECORD_INVALID,
                           fw_path_below(site->dir, found[i].path), (fw_span){0}, (fw_sv){0}, 0,
                           "this earlier review does not count: %.*s", FW_SV_ARG(found[i].trouble));
            continue;
        }
        if (options->without && fw_sha256_eq(found[i].head, *options->without)) {
            continue; /* it was not there when it was made */
        }
        kept += fw_review_earlier(&found[i], options->as_of_ns, &run->arena, &reviews[kept]);
    }
    run->facts.reviews = reviews;
    run->facts.nreviews = kept;
    fw_buf_clear(&why);
    return err == FW_ERR_INVALID ? err : FW_OK;
}

static void note_site(struct fw_review_run *run, const struct fw_standins *standins)
{
    struct fw_input *input = fw_inputs_add(&run->arena, &run->inputs, FW_INPUT_SITE,
                                           fw_path_name(run->site->path), FW_SV(""));
    input->real_path = run->site->path;
    input->format = "site";
    input->info.sha256 = run->site->sha256;
    int64_t mtime_ns;
    if (fw_file_stat(fw_arena_cstr(&run->arena, run->site->path), &input->info.stored_bytes,
                     &mtime_ns) == FW_OK) {
        input->info.decoded_bytes = input->info.stored_bytes;
    }
    fw_standins_apply(standins, &input->info);
}

static bool is_noted(const struct fw_review_run *run, enum fw_input_role role, fw_sv path)
{
    for (size_t i = 0; i < run->inputs.n; i++) {
        if (run->inputs.v[i].role == role && fw_sv_eq(run->inputs.v[i].path, path)) {
            return true;
        }
    }
    return false;
}

/* A file that nobody parses here: its hash says which it was. */
static void note_file(struct fw_review_run *run, enum fw_input_role role, fw_sv path,
                      const struct fw_standins *standins)
{
    if (path.n == 0 || is_noted(run, role, path)) {
        return;
    }
    struct fw_input *input = fw_inputs_add(&run->arena, &run->inputs, role, path, FW_SV(""));
    struct fw_source *source = NULL;
    input->real_path = fw_path_join(&run->arena, run->site->dir, path);
    enum fw_err err = fw_source_open(fw_arena_cstr(&run->arena, input->real_path), &source);
    if (err == FW_OK) {
        err = fw_source_finish(source, &input->info);
    }
    fw_source_free(source);
    input->missing = err != FW_OK;
    fw_standins_apply(standins, &input->info);
}

/* What the site's statements point to, and the keys that earlier packs are checked with. */
static void note_files(struct fw_review_run *run, const struct fw_standins *standins)
{
    for (size_t i = 0; i < run->site->nattestations; i++) {
        note_file(run, FW_INPUT_ATTESTATION, run->site->attestations[i].evidence, standins);
    }
    note_file(run, FW_INPUT_SIGNERS, run->site->signers, standins);
    note_file(run, FW_INPUT_AUTHORITIES, run->site->authorities, standins);
}

enum fw_err fw_review_make(struct fw_review_run *ret, const struct fw_site *site,
                           const struct fw_review_options *options, struct fw_diags *diags)
{
    *ret = (struct fw_review_run){.site = site};
    fw_arena_init(&ret->arena, 0);
    note_site(ret, options->standins);
    note_files(ret, options->standins);
    fw_site_configs_load(&ret->configs, site, options->as_of_ns, options->jobs, options->standins,
                         &ret->arena, &ret->inputs, diags);
    enum fw_err err = read_logs(ret, options, diags);
    if (err != FW_OK) {
        return err;
    }
    err = find_reviews(ret, options, diags);
    if (err != FW_OK) {
        return err;
    }
    find_previous(ret, options);
    fw_inputs_sort(&ret->inputs);
    struct fw_facts *facts = &ret->facts;
    facts->catalogue = options->catalogue;
    facts->profile = options->profile;
    facts->site = &ret->site_decided;
    ret->site_decided = *site;
    if (ret->configs.has_decisions) {
        /* A list with a slip in it could waive what nobody decided, or not what somebody did. */
        if (!ret->configs.decisions.good ||
            !fw_decisions_apply(site, &ret->configs.decisions, options->catalogue,
                                ret->configs.decisions_path, diags, &ret->arena,
                                &ret->site_decided)) {
            return FW_ERR_INVALID;
        }
        facts->decisions = &ret->configs.decisions;
    }
    facts->as_of_ns = options->as_of_ns;
    facts->has_as_of = true;
    facts->zone_seconds = site->zone_seconds;
    fw_facts_retention(facts, options->months);
    facts->ndevices = ret->configs.ndevices;
    facts->devices = ret->configs.devices;
    facts->nsources = ret->logs.views.n;
    facts->sources = ret->logs.views.v;
    facts->nsyncs = ret->configs.nsyncs;
    facts->syncs = ret->configs.syncs;
    facts->improvements = ret->configs.has_improvements ? &ret->configs.improvements : NULL;
    facts->matrix = ret->configs.has_matrix ? &ret->configs.matrix : NULL;
    fw_idslists_facts(&ret->configs.ids, facts);
    facts->geo = ret->configs.has_geo ? &ret->configs.geo : NULL;
    facts->tickets = ret->configs.has_tickets ? &ret->configs.tickets : NULL;
    facts->reg = ret->configs.has_register ? &ret->configs.reg : NULL;
    facts->assets = ret->configs.has_assets ? &ret->configs.assets : NULL;
    facts->accounts = ret->configs.has_accounts ? &ret->configs.accounts : NULL;
    facts->sealed = fw_sealed_logs_make(&ret->arena, facts, &ret->inputs);
    if (options->previous) { /* whether it is whole is asked when the pack is chained to it */
        facts->ledger_before = fw_review_table(&ret->arena, fw_sv_from(options->previous),
                                               FW_PACK_LEDGER);
    }
    fw_results_init(&ret->results, &ret->arena, options->catalogue);
    fw_analyse(facts, FW_RUN_ALL, options->only, &ret->results);
    return FW_OK;
}

void fw_review_clear(struct fw_review_run *run)
{
    fw_logs_clear(&run->logs);
    fw_site_configs_clear(&run->configs);
    fw_arena_clear(&run->arena);
}
