/* TIM-002: do reports of this period say that each clock is synchronised, and how far it was off?
 */
#include "analyzers/logs/about.h"
#include "analyzers/logs/sync.h"

#define MS (FW_NS_PER_SEC / 1000)

/* What was said of one clock. */
struct clock {
    fw_sv name;
    const struct fw_sync_view *view; /* NULL: no file */
    uint64_t synced, unsynced;       /* messages whose header says so */
};

struct limits {
    int64_t from_ns, to_ns; /* evidence of another time is no evidence of this period */
    double offset_ms, unsynced_minutes;
};

static struct fw_result *add(struct fw_results *results, enum fw_result_state state,
                             const struct clock *clock, const char *words, const char *subject)
{
    struct fw_result *result = fw_results_add(results, "TIM-002", state, clock->name, words,
                                              fw_sv_from(subject));
    fw_result_param(results, result, "device", clock->name);
    if (clock->view) {
        fw_result_param(results, result, "servers",
                        clock->view->servers.n > 0 ? clock->view->servers : FW_SV("-"));
    }
    return result;
}

static void set_place(struct fw_result *result, const struct fw_sync_view *view,
                      const struct fw_sync_sample *sample)
{
    if (sample) {
        result->input = view->paths[sample->file];
        result->span = (fw_span){sample->at, 0, sample->line};
    }
}

static fw_sv ms_text(struct fw_results *results, int64_t ns)
{
    return fw_log_number(results, (double)ns / (double)MS);
}

static void judge_undated(struct fw_results *results, const struct clock *clock)
{
    const struct fw_sync_view *view = clock->view;
    for (size_t i = 0; i < view->n && view->v[i].ns == INT64_MIN; i++) {
        if (view->v[i].sync == FW_CLOCK_UNSYNCED) {
            /* Whenever it was: it was handed in as how things are. */
            struct fw_result *result = add(results, FW_RESULT_FAIL, clock, "fail.undated",
                                           "unsynced");
            set_place(result, view, &view->v[i]);
            return;
        }
    }
    add(results, FW_RESULT_OPEN, clock, "open.undated", "status");
}

/* Nothing is said about the period: why? */
static void judge_nothing(const struct fw_facts *facts, struct fw_results *results,
                          const struct clock *clock)
{
    const struct fw_sync_view *view = clock->view;
    if (view->n == 0) {
        add(results, FW_RESULT_OPEN, clock, view->records > 0 ? "open.no_state" : "open.no_status",
            "status");
    } else if (view->v[view->n - 1].ns == INT64_MIN) {
        judge_undated(results, clock);
    } else {
        struct fw_result *result = add(results, FW_RESULT_OPEN, clock, "open.old", "status");
        fw_result_param_date(facts, results, result, "to", view->v[view->n - 1].ns);
    }
}

static void add_times(const struct fw_facts *facts, struct fw_results *results,
                      struct fw_result *result, const struct fw_sync_stats *stats)
{
    fw_result_param_date(facts, results, result, "from", stats->first_ns);
    fw_result_param_date(facts, results, result, "to", stats->last_ns);
}

static void fail_unsynced(const struct fw_facts *facts, struct fw_results *results,
                          const struct clock *clock, const struct fw_sync_stats *stats,
                          const struct limits *limits)
{
    struct fw_result *result = add(results, FW_RESULT_FAIL, clock, "fail.unsynced", "unsynced");
    fw_sv value = fw_log_number(results, (double)stats->longest_ns / 60e9);
    fw_sv target = fw_log_number(results, limits->unsynced_minutes);
    fw_result_measured(result, value, target);
    fw_result_param(results, result, "value", value);
    fw_result_param(results, result, "target", target);
    fw_result_param_u64(results, result, "n", stats->unsynced);
    fw_result_param_u64(results, result, "total", stats->states);
    fw_result_param_date(facts, results, result, "first", stats->unsync->ns);
    set_place(result, clock->view, stats->unsync);
}

static void fail_offset(const struct fw_facts *facts, struct fw_results *results,
                        const struct clock *clock, const struct fw_sync_stats *stats,
                        const struct limits *limits)
{
    struct fw_result *result = add(results, FW_RESULT_FAIL, clock, "fail", "offset");
    fw_sv target = fw_log_number(results, limits->offset_ms);
    fw_result_measured(result, ms_text(results, stats->most_ns), target);
    fw_result_param(results, result, "value", result->measured);
    fw_result_param(results, result, "target", target);
    fw_result_param_u64(results, result, "n", stats->beyond);
    fw_result_param_u64(results, result, "total", stats->offsets);
    fw_result_param_date(facts, results, result, "first", stats->worst->ns);
    set_place(result, clock->view, stats->worst);
}

static void pass(const struct fw_facts *facts, struct fw_results *results,
                 const struct clock *clock, const struct fw_sync_stats *stats,
                 const struct limits *limits)
{
    if (stats->offsets == 0) {
        struct fw_result *result = add(results, FW_RESULT_PASS, clock, "pass.state", "status");
        fw_sv total = fw_arena_printf(results->arena, "%llu", (unsigned long long)stats->states);
        fw_sv synced = fw_arena_printf(results->arena, "%llu",
                                       (unsigned long long)(stats->states - stats->unsynced));
        fw_result_measured(result, synced, total);
        fw_result_param(results, result, "value", synced);
        fw_result_param(results, result, "target", total);
        fw_result_param(results, result, "total", total);
        add_times(facts, results, result, stats);
        return;
    }
    struct fw_result *result = add(results, FW_RESULT_PASS, clock,
                                   stats->offsets > 1 ? "pass.log" : "pass", "status");
    fw_sv target = fw_log_number(results, limits->offset_ms);
    fw_result_measured(result, ms_text(results, stats->most_ns), target);
    fw_result_param(results, result, "value", result->measured);
    fw_result_param(results, result, "target", target);
    fw_result_param(results, result, "p99", ms_text(results, stats->p99_ns));
    fw_result_param(results, result, "percent",
                    stats->covered_ns > 0
                        ? fw_log_percent(results, (uint64_t)stats->within_ns / (uint64_t)MS,
                                         (uint64_t)stats->covered_ns / (uint64_t)MS)
                        : fw_log_percent(results, stats->offsets - stats->beyond, stats->offsets));
    fw_result_param(results, result, "n", fw_log_number(results, (double)stats->longest_ns / 60e9));
    fw_result_param_u64(results, result, "total", stats->offsets);
    add_times(facts, results, result, stats);
    set_place(result, clock->view, stats->worst);
}

static void judge_files(const struct fw_facts *facts, struct fw_results *results,
                        const struct clock *clock, const struct limits *limits)
{
    struct fw_sync_stats stats;
    struct fw_arena scratch;
    fw_arena_init(&scratch, 0);
    fw_sync_stats(clock->view, limits->from_ns, limits->to_ns,
                  (int64_t)(limits->offset_ms * (double)MS), &scratch, &stats);
    fw_arena_clear(&scratch);
    bool far = (double)stats.most_ns > limits->offset_ms * (double)MS;
    bool long_lost = stats.unsync && (stats.lost_at_end ||
                                      (double)stats.longest_ns > limits->unsynced_minutes * 60e9);
    if (far) {
        fail_offset(facts, results, clock, &stats, limits);
    }
    if (long_lost) {
        fail_unsynced(facts, results, clock, &stats, limits);
    }
    if (far || long_lost) {
        return;
    }
    if (stats.states == 0 && stats.offsets == 0) {
        judge_nothing(facts, results, clock);
    } else if (stats.states == 0) {
        add(results, FW_RESULT_OPEN, clock, "open.no_state", "status");
    } else if (clock->view->nmissing > 0) {
        struct fw_result *result = add(results, FW_RESULT_OPEN, clock, "open.missing", "status");
        fw_result_param_u64(results, result, "n", clock->view->nmissing);
        fw_result_param_u64(results, result, "total", clock->view->nmissing + clock->view->npaths);
    } else if (clock->view->lost > 0) {
        struct fw_result *result = add(results, FW_RESULT_OPEN, clock, "open.samples", "status");
        fw_result_param_u64(results, result, "n", clock->view->lost);
        fw_result_param_u64(results, result, "total", clock->view->records);
    } else {
        pass(facts, results, clock, &stats, limits);
    }
}

/* The headers of RFC 5424 say of every message whether its clock was synchronised. */
static void judge_headers(struct fw_results *results, const struct clock *clock)
{
    bool bad = clock->unsynced > 0;
    uint64_t total = clock->synced + clock->unsynced;
    struct fw_result *result = add(results, bad ? FW_RESULT_FAIL : FW_RESULT_PASS, clock,
                                   bad ? "fail.header" : "pass.header", "headers");
    fw_sv value = fw_arena_printf(results->arena, "%llu", (unsigned long long)clock->unsynced);
    fw_result_measured(result, value, FW_SV("0"));
    fw_result_param(results, result, "value", value);
    fw_result_param(results, result, "n", value);
    fw_result_param(results, result, "target", FW_SV("0"));
    fw_result_param_u64(results, result, "total", total);
}

static void judge(const struct fw_facts *facts, struct fw_results *results,
                  const struct clock *clock, const struct limits *limits)
{
    bool said = clock->synced + clock->unsynced > 0;
    if (clock->unsynced > 0 || (said && !clock->view)) {
        judge_headers(results, clock);
    }
    if (clock->view) {
        judge_files(facts, results, clock, limits);
    } else if (!said) {
        add(results, FW_RESULT_OPEN, clock, "open.no_status", "status");
    }
}

static void add_headers(struct clock *clock, const struct fw_source_view *source)
{
    clock->synced += source->clock.synced;
    clock->unsynced += source->clock.unsynced;
}

static void judge_device(const struct fw_facts *facts, struct fw_results *results,
                         const struct fw_site_device *device, const struct limits *limits)
{
    struct clock clock = {.name = device->name};
    for (size_t i = 0; i < facts->nsources; i++) {
        if (fw_sv_eq(facts->sources[i].device, device->name)) {
            add_headers(&clock, &facts->sources[i]);
        }
    }
    for (size_t i = 0; i < facts->nsyncs; i++) {
        if (facts->syncs[i].of_device && fw_sv_eq(facts->syncs[i].name, device->name)) {
            clock.view = &facts->syncs[i];
        }
    }
    if (device->logs_required || clock.view || clock.unsynced > 0) {
        judge(facts, results, &clock, limits);
    }
}

static void run(const struct fw_facts *facts, struct fw_results *results)
{
    struct limits limits = {
        .from_ns = facts->site && facts->site->from_ns > 0 ? facts->site->from_ns : INT64_MIN + 1,
        .to_ns = facts->site && facts->has_as_of ? facts->as_of_ns : INT64_MAX,
        .offset_ms = fw_facts_threshold(facts, "TIM-002.offset_ms", 1000),
        .unsynced_minutes = fw_facts_threshold(facts, "TIM-002.unsynced_minutes", 60),
    };
    for (size_t i = 0; facts->site && i < facts->site->ndevices; i++) {
        judge_device(facts, results, &facts->site->devices[i], &limits);
    }
    if (facts->site) {
        return;
    }
    for (size_t i = 0; i < facts->nsyncs; i++) {
        struct clock clock = {.name = facts->syncs[i].name, .view = &facts->syncs[i]};
        judge(facts, results, &clock, &limits);
    }
    for (size_t i = 0; i < facts->nsources; i++) {
        struct clock clock = {.name = facts->sources[i].name};
        add_headers(&clock, &facts->sources[i]);
        judge(facts, results, &clock, &limits);
    }
}

const struct fw_analyzer fw_analyzer_unsynced = {
    .check = "TIM-002",
    .logs = true,
    .run = run,
};
