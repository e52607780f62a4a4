/* Reading log files into sources, in parallel, and only those whose bytes are new. */
#include "evidence/logs.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "core/file.h"
#include "core/walk.h"
#include "evidence/rotation.h"
#include "parsers/snort_fields.h"

/* One file's way: a thread fills it in, the main thread reads it afterwards. */
struct job {
    const struct fw_log_file *file;
    struct fw_source_info info;
    fw_sv reading;      /* what the lines were read with: part of the summary's key */
    struct fw_buf blob; /* the encoded summary */
    enum fw_err err;
    bool known;   /* the path was seen before: its bytes may be summarised already */
    bool trusted; /* nothing changed since: the hash was not even computed */
    bool reused;
    struct fw_store_path earlier;
};

struct pool {
    const struct fw_logs_options *options;
    struct job *jobs;
    size_t n;
    atomic_size_t next;
    pthread_mutex_t progress_lock;
};

static struct fw_store_key key_of(fw_sha256 hash, const struct job *job)
{
    return (struct fw_store_key){
        .file = hash,
        .parser = job->reading,
        .version = FW_SUMMARY_VERSION,
        .format = fw_summary_format(),
    };
}

static bool find_stored(const struct pool *pool, struct job *job)
{
    const struct fw_logs_options *options = pool->options;
    if (!options->store || !job->known) {
        return false;
    }
    fw_sha256 hash = job->earlier.sha256;
    if (!job->trusted && fw_file_hash(job->file->real_path.p, &hash) != FW_OK) {
        return false;
    }
    struct fw_store_key key = key_of(hash, job);
    if (fw_store_summary_find(options->store, &key, &job->info, &job->blob) != FW_OK) {
        fw_buf_reset(&job->blob);
        return false;
    }
    if (options->line_roots && !job->info.has_lines_root) { /* summarised when none was asked for */
        fw_buf_reset(&job->blob);
        return false;
    }
    return true;
}

/* Threads that no file is left for hash those of the others. */
static bool is_spare(const struct pool *pool, const struct job *job)
{
    size_t threads = pool->options->jobs;
    return pool->n < threads && (size_t)(job - pool->jobs) < threads - pool->n;
}

static void read_file(const struct pool *pool, struct job *job)
{
    struct fw_source *source = NULL;
    struct fw_summarizer *summarizer = NULL;
    struct fw_merkle tree = {0};
    job->err = fw_source_open(job->file->real_path.p, &source);
    if (job->err == FW_OK && is_spare(pool, job)) {
        fw_source_hash_aside(source);
    }
    if (job->err == FW_OK && pool->options->line_roots) {
        fw_source_hash_lines(source, &tree);
    }
    if (job->err == FW_OK) {
        job->err = fw_summarize(source, pool->options->only, job->file->csv_fields, &summarizer);
    }
    if (job->err == FW_OK) {
        job->err = fw_source_finish(source, &job->info);
    }
    if (job->err == FW_OK) {
        fw_summary_encode(fw_summarizer_finish(summarizer), &job->blob);
        job->err = fw_buf_ok(&job->blob) ? FW_OK : FW_ERR_MEMORY;
    }
    fw_summarizer_free(summarizer);
    fw_source_free(source);
    if (job->err == FW_OK && pool->options->store && !job->info.changed) {
        struct fw_store_key key = key_of(job->info.sha256, job);
        /* A store that cannot take it costs time at the next review, nothing else. */
        (void)fw_store_summary_put(pool->options->store, &key, &job->info, fw_buf_sv(&job->blob));
    }
}

static void *work(void *argument)
{
    struct pool *pool = argument;
    size_t i;
    while ((i = atomic_fetch_add(&pool->next, 1)) < pool->n) {
        struct job *job = &pool->jobs[i];
        job->reused = find_stored(pool, job);
        if (!job->reused) {
            read_file(pool, job);
        }
        if (pool->options->progress) {
            pthread_mutex_lock(&pool->progress_lock);
            fw_progress_add(pool->options->progress, job->info.stored_bytes, 1);
            pthread_mutex_unlock(&pool->progress_lock);
        }
    }
    return NULL;
}

static void run_pool(struct pool *pool)
{
    enum { THREADS = 64 };
    pthread_t threads[THREADS];
    unsigned n = 0;
    unsigned wanted = pool->options->jobs > 1 ? pool->options->jobs - 1 : 0;
    wanted = wanted > THREADS ? THREADS : wanted;
    while (n < wanted && n + 1 < pool->n && pthread_create(&threads[n], NULL, work, pool) == 0) {
        n++;
    }
    work(pool); /* this thread works too, so it goes on when no other can be had */
    while (n > 0) {
        pthread_join(threads[--n], NULL);
    }
}

/* "log", or the only parser; and the fields that were declared, which give the same bytes another
 * meaning. */
static fw_sv reading_of(struct fw_arena *arena, const struct fw_parser *only,
                        const struct fw_snort_fields *fields)
{
    fw_sv reading = fw_sv_from(only ? only->name : "log");
    for (size_t i = 0; fields && i < fields->n; i++) {
        reading = fw_arena_printf(arena, "%.*s,%s", FW_SV_ARG(reading),
                                  fw_snort_field_names[fields->v[i]]);
    }
    return reading;
}

/* What the store remembers of a path, and whether the file on the disk still looks like it. */
static void recall(struct job *job, const struct fw_logs_options *options, struct fw_arena *arena)
{
    if (!options->store ||
        fw_store_path_find(options->store, job->file->path, arena, &job->earlier) != FW_OK) {
        return;
    }
    job->known = true;
    uint64_t bytes;
    int64_t mtime_ns;
    job->trusted = options->trust_mtime &&
                   fw_file_stat(job->file->real_path.p, &bytes, &mtime_ns) == FW_OK &&
                   bytes == job->earlier.bytes && mtime_ns == job->earlier.mtime_ns;
}

static void remember(const struct job *job, const struct fw_logs_options *options)
{
    struct fw_store_path seen = {
        .path = job->file->path,
        .device = job->file->device.p ? job->file->device : FW_SV(""),
        .bytes = job->info.stored_bytes,
        .mtime_ns = job->info.mtime_ns,
        .sha256 = job->info.sha256,
    };
    uint64_t bytes;
    if (fw_file_stat(job->file->real_path.p, &bytes, &seen.mtime_ns) == FW_OK) {
        (void)fw_store_path_put(options->store, &seen, options->run);
    }
}

/* The parser that most of a file's events came from. */
static const char *format_of(const struct fw_summary *summary)
{
    fw_sv best = {0};
    uint64_t most = 0;
    for (size_t s = 0; s < summary->nsources; s++) {
        for (size_t p = 0; p < summary->sources[s].nparsers; p++) {
            if (summary->sources[s].parsers[p].events > most) {
                most = summary->sources[s].parsers[p].events;
                best = summary->sources[s].parsers[p].name;
            }
        }
    }
    const struct fw_parser *parser = best.p ? fw_parser_find(best) : NULL;
    return parser ? parser->name : "";
}

static bool add_view_file(struct fw_logs *ret, const struct job *job,
                          const struct fw_logs_options *options, struct fw_view_file *to)
{
    const struct fw_log_file *file = job->file;
    const struct fw_summary *summary;
    if (fw_summary_decode(fw_arena_copy(&ret->arena, fw_buf_sv(&job->blob)), &ret->arena,
                          &summary) != FW_OK) {
        return false;
    }
    *to = (struct fw_view_file){
        .path = fw_arena_copy(&ret->arena, file->path),
        .sha256 = job->info.sha256,
        .has_lines_root = options->line_roots && job->info.has_lines_root,
        .lines_root = job->info.lines_root,
        .device = file->device,
        .family = fw_rotation_family(&ret->arena, file->path),
        .damaged = job->info.integrity != FW_INTEGRITY_OK,
        .summary = summary,
    };
    fw_anchors_init(&to->anchors);
    fw_anchors_file(&to->anchors, file->path, &job->info, options->use_mtime);
    to->anchors.as_of_ns = options->as_of_ns;
    to->anchors.has_zone = file->has_zone;
    to->anchors.zone_seconds = file->has_zone ? file->zone_seconds : options->zone_seconds;
    return true;
}

static int64_t newest_event(const struct fw_source_views *views)
{
    int64_t newest = INT64_MIN;
    for (size_t i = 0; i < views->n; i++) {
        if (views->v[i].has_time && views->v[i].last_ns > newest) {
            newest = views->v[i].last_ns;
        }
    }
    return newest;
}

static void collect(struct fw_logs *ret, struct pool *pool, struct fw_arena *inputs_arena,
                    struct fw_inputs *inputs, struct fw_diags *diags)
{
    const struct fw_logs_options *options = pool->options;
    struct fw_view_file *files = fw_new_array(&ret->arena, pool->n + 1, struct fw_view_file);
    size_t n = 0;
    for (size_t i = 0; i < pool->n; i++) {
        struct job *job = &pool->jobs[i];
        const struct fw_log_file *file = job->file;
        struct fw_input *input = fw_inputs_add(inputs_arena, inputs, FW_INPUT_LOG,
                                               fw_arena_copy(inputs_arena, file->path),
                                               file->device.p ? file->device : FW_SV(""));
        input->real_path = fw_arena_copy(inputs_arena, file->real_path);
        if (job->err != FW_OK || !add_view_file(ret, job, options, &files[n])) {
            input->missing = true;
            fw_diag_report(diags, FW_DIAG_ID_FILE_UNREADABLE, file->path, (fw_span){0}, (fw_sv){0},
                           0, "cannot read this log: %s",
                           fw_err_text(job->err != FW_OK ? job->err : FW_ERR_INVALID));
            continue;
        }
        input->info = job->info;
        input->lines = files[n].summary->lines;
        input->format = format_of(files[n].summary);
        fw_file_days_of(inputs_arena, files[n].summary, &files[n].anchors, options->zone_seconds,
                        &input->days);
        fw_source_report(&job->info, file->path, diags);
        fw_summary_report(files[n].summary, files[n].path, diags);
        if (options->store) {
            remember(job, options);
        }
        ret->reused += job->reused;
        ret->read += !job->reused;
        n++;
    }
    struct fw_view_options view = {.zone_seconds = options->zone_seconds,
                                   .as_of_ns = options->as_of_ns,
                                   .gaps = &options->gaps};
    fw_source_views_build(&ret->arena, files, n, &view, &ret->views);
    ret->as_of_ns = options->as_of_ns;
    if (options->newest && options->as_of_ns == INT64_MIN) {
        view.as_of_ns = newest_event(&ret->views);
        ret->as_of_ns = view.as_of_ns;
        fw_source_views_build(&ret->arena, files, n, &view, &ret->views);
    }
    if (ret->views.sources_lost > 0) {
        fw_diag_report(diags, FW_DIAG_ID_LIMIT_REACHED, FW_SV(""), (fw_span){0}, (fw_sv){0}, 0,
                       "%" PRIu64 " log sources are beyond the limit (SOURCES) and not judged",
                       ret->views.sources_lost);
    }
}

enum fw_err fw_logs_read(struct fw_logs *ret, const struct fw_log_file *files, size_t n,
                         const struct fw_logs_options *options, struct fw_arena *inputs_arena,
                         struct fw_inputs *inputs, struct fw_diags *diags)
{
    *ret = (struct fw_logs){0};
    fw_arena_init(&ret->arena, 0);
    struct pool pool = {.options = options, .n = n};
    pool.jobs = calloc(n + 1, sizeof(*pool.jobs));
    if (!pool.jobs) {
        return FW_ERR_MEMORY;
    }
    pthread_mutex_init(&pool.progress_lock, NULL);
    for (size_t i = 0; i < n; i++) {
        pool.jobs[i].file = &files[i];
        pool.jobs[i].reading = reading_of(&ret->arena, options->only, files[i].csv_fields);
        fw_buf_init(&pool.jobs[i].blob);
        recall(&pool.jobs[i], options, &ret->arena);
    }
    run_pool(&pool);
    collect(ret, &pool, inputs_arena, inputs, diags);
    for (size_t i = 0; i < n; i++) {
        fw_buf_clear(&pool.jobs[i].blob);
    }
    pthread_mutex_destroy(&pool.progress_lock);
    free(pool.jobs);
    return FW_OK;
}

void fw_logs_clear(struct fw_logs *logs)
{
    fw_arena_clear(&logs->arena);
}
