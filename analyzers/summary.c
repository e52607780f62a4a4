/* What one line adds to the summary of its file. */
#include "analyzers/summary_impl.h"

#include <stdlib.h>

#include "core/limits.h"
#include "parsers/parser.h"

/* A host's clock can speak on few axes: with and without year and zone. More are stray lines. */
enum { AXES = 8, PARSERS = 16 };

struct source_making {
    struct fw_summary_source source;
    struct fw_part_making *parts[AXES];
    size_t nparts, last_part;
    const struct fw_parser *parsers[PARSERS];
    uint64_t parser_events[PARSERS];
    size_t nparsers;
};

struct fw_summarizer {
    struct fw_making making;
    struct fw_summary summary;
    struct source_making **sources;
    size_t nsources, last_source;
    struct fw_keyset source_keys;
    struct fw_named_count *ignored;
    size_t nignored, last_ignored;
    struct fw_keyset ignored_keys;
    struct fw_bad_line bad[FW_SUMMARY_BAD_LINES];
};

const char *fw_required_name(enum fw_required field)
{
    static const char *const names[FW_REQUIRED_COUNT] = {
        [FW_REQUIRED_SOURCE_IP] = "source.ip",
        [FW_REQUIRED_DESTINATION_IP] = "destination.ip",
        [FW_REQUIRED_SOURCE_PORT] = "source.port",
        [FW_REQUIRED_DESTINATION_PORT] = "destination.port",
        [FW_REQUIRED_TRANSPORT] = "network.transport",
        [FW_REQUIRED_SESSION] = "event.start/event.end",
        [FW_REQUIRED_TIMESTAMP] = "@timestamp",
        [FW_REQUIRED_ACTION] = "event.action",
    };
    return names[field];
}

enum fw_err fw_summarizer_new(struct fw_summarizer **ret)
{
    struct fw_summarizer *s = calloc(1, sizeof(*s));
    if (!s) {
        return FW_ERR_MEMORY;
    }
    /* The limits keep it far below this. */
    fw_arena_init(&s->making.arena, UINT64_MAX);
    *ret = s;
    return FW_OK;
}

void fw_summarizer_free(struct fw_summarizer *s)
{
    if (s) {
        fw_arena_clear(&s->making.arena);
        free(s);
    }
}

static struct source_making *source_of(struct fw_summarizer *s, fw_sv host)
{
    host = fw_sv_sub(host, 0, FW_SUMMARY_NAME);
    if (s->nsources > 0 && fw_sv_eq(s->sources[s->last_source]->source.host, host)) {
        return s->sources[s->last_source];
    }
    uint64_t hash = fw_sv_hash(host);
    uint32_t row;
    for (size_t probe = 0; fw_keyset_next(&s->source_keys, hash, &probe, &row);) {
        if (fw_sv_eq(s->sources[row]->source.host, host)) {
            s->last_source = row;
            return s->sources[row];
        }
    }
    if (s->nsources == FW_LIMIT_SUMMARY_HOSTS) {
        return NULL;
    }
    struct fw_arena *arena = &s->making.arena;
    s->sources = fw_arena_push(arena, s->sources, s->nsources, sizeof(s->sources[0]));
    fw_keyset_add(&s->source_keys, arena, hash, (uint32_t)s->nsources);
    struct source_making *source = fw_new(arena, struct source_making);
    source->source.host = fw_making_text(&s->making, host, FW_SUMMARY_NAME);
    s->last_source = s->nsources;
    s->sources[s->nsources++] = source;
    return source;
}

static struct fw_part_making *part_of(struct fw_making *making, struct source_making *source,
                                      const struct fw_stamp *stamp)
{
    struct fw_axis axis = fw_axis_of(stamp);
    if (source->nparts > 0 && fw_axis_eq(&source->parts[source->last_part]->part.axis, &axis)) {
        return source->parts[source->last_part];
    }
    for (size_t i = 0; i < source->nparts; i++) {
        if (fw_axis_eq(&source->parts[i]->part.axis, &axis)) {
            source->last_part = i;
            return source->parts[i];
        }
    }
    if (source->nparts == AXES) {
        return NULL;
    }
    struct fw_part_making *part = fw_new(&making->arena, struct fw_part_making);
    part->part.axis = axis;
    part->number = making->parts++;
    source->last_part = source->nparts;
    source->parts[source->nparts++] = part;
    return part;
}

static void count_ignored(struct fw_summarizer *s, fw_sv name)
{
    name = fw_sv_sub(name, 0, FW_SUMMARY_NAME);
    if (s->nignored > 0 && fw_sv_eq(s->ignored[s->last_ignored].name, name)) {
        s->ignored[s->last_ignored].count++;
        return;
    }
    enum { FIRST = 4 }; /* records of two kinds take turns */
    for (size_t i = 0; i < s->nignored && i < FIRST; i++) {
        if (fw_sv_eq(s->ignored[i].name, name)) {
            s->last_ignored = i;
            s->ignored[i].count++;
            return;
        }
    }
    uint64_t hash = fw_sv_hash(name);
    uint32_t row;
    for (size_t probe = 0; fw_keyset_next(&s->ignored_keys, hash, &probe, &row);) {
        if (fw_sv_eq(s->ignored[row].name, name)) {
            s->last_ignored = row;
            s->ignored[row].count++;
            return;
        }
    }
    if (s->nignored == FW_LIMIT_SUMMARY_NAMES) {
        s->summary.ignored_lost++;
        return;
    }
    struct fw_arena *arena = &s->making.arena;
    s->ignored = fw_arena_push(arena, s->ignored, s->nignored, sizeof(s->ignored[0]));
    fw_keyset_add(&s->ignored_keys, arena, hash, (uint32_t)s->nignored);
    s->last_ignored = s->nignored;
    s->ignored[s->nignored++] = (struct fw_named_count){
        fw_making_text(&s->making, name, FW_SUMMARY_NAME), 1};
}

static void keep_bad(struct fw_summarizer *s, const struct fw_logline *line)
{
    if (s->summary.nbad < FW_SUMMARY_BAD_LINES) {
        s->bad[s->summary.nbad++] = (struct fw_bad_line){
            line->number, line->offset, fw_making_text(&s->making, line->text, FW_SUMMARY_TEXT)};
    }
}

static bool has_ports(const struct fw_event *ev)
{
    return !fw_event_has(ev, FW_EV_transport) || fw_sv_is(ev->transport, "tcp") ||
           fw_sv_is(ev->transport, "udp") || fw_sv_is(ev->transport, "sctp") ||
           fw_sv_is(ev->transport, "udplite") || fw_sv_is(ev->transport, "dccp");
}

static void tally(struct fw_tally *t, bool applies, bool present)
{
    t->total += applies;
    t->present += applies && present;
}

static void count_fields(struct fw_summary_source *source, const struct fw_event *ev)
{
    bool ports = has_ports(ev);
    bool denied = fw_event_has(ev, FW_EV_outcome) && fw_sv_is(ev->outcome, "failure");
    bool session = fw_event_has(ev, FW_EV_start) || fw_event_has(ev, FW_EV_end) ||
                   fw_event_has(ev, FW_EV_duration);
    struct fw_tally *f = source->fields;
    tally(&f[FW_REQUIRED_SOURCE_IP], true, fw_event_has(ev, FW_EV_src));
    tally(&f[FW_REQUIRED_DESTINATION_IP], true, fw_event_has(ev, FW_EV_dst));
    tally(&f[FW_REQUIRED_SOURCE_PORT], ports, fw_event_has(ev, FW_EV_sport));
    tally(&f[FW_REQUIRED_DESTINATION_PORT], ports, fw_event_has(ev, FW_EV_dport));
    tally(&f[FW_REQUIRED_TRANSPORT], true, fw_event_has(ev, FW_EV_transport));
    tally(&f[FW_REQUIRED_SESSION], !denied, session);
    tally(&f[FW_REQUIRED_TIMESTAMP], true, fw_event_has(ev, FW_EV_time));
    tally(&f[FW_REQUIRED_ACTION], true, fw_event_has(ev, FW_EV_action));
}

static void count_parser(struct source_making *source, const struct fw_parser *parser)
{
    size_t i = 0;
    while (i < source->nparsers && source->parsers[i] != parser) {
        i++;
    }
    if (i == source->nparsers) {
        if (i == PARSERS) {
            return;
        }
        source->parsers[source->nparsers++] = parser;
    }
    source->parser_events[i]++;
}

static void count_event(struct fw_summarizer *s, struct source_making *source,
                        const struct fw_logline *line)
{
    const struct fw_event *ev = &line->event;
    source->source.events++;
    count_parser(source, line->parser);
    fw_clock_count(&source->source.clock, line);
    if (line->verdict == FW_LINE_USED && ev->traffic) {
        source->source.traffic++;
        count_fields(&source->source, ev);
    }
    struct fw_part_making *part = fw_event_has(ev, FW_EV_time)
                                      ? part_of(&s->making, source, &ev->time)
                                      : NULL;
    int64_t time;
    if (!part || !fw_axis_time(&ev->time, &part->turns, &time)) {
        source->source.untimed++;
        return;
    }
    fw_part_count(&s->making, part, time, line);
    fw_part_rows(&s->making, part, time, line);
    fw_part_order(&s->making, part, time, line);
    fw_part_dns(&s->making, part, time, line);
}

/* A line that nobody claims, not even by a header, belongs to whoever wrote the line before. */
static fw_sv host_of(const struct fw_summarizer *s, const struct fw_logline *line)
{
    if (fw_event_has(&line->event, FW_EV_observer)) {
        return line->event.observer;
    }
    bool foreign = !line->parser && line->envelope.kind == FW_ENVELOPE_BARE;
    return foreign && s->nsources > 0 ? s->sources[s->last_source]->source.host : FW_SV("");
}

void fw_summarizer_line(struct fw_summarizer *s, const struct fw_logline *line)
{
    fw_line_counts_add(&s->summary.lines, line->verdict);
    if (line->verdict == FW_LINE_IGNORED) {
        count_ignored(s, line->name);
    } else if (line->verdict == FW_LINE_BAD) {
        keep_bad(s, line);
    }
    struct source_making *source = source_of(s, host_of(s, line));
    if (!source) {
        s->summary.sources_lost++;
        return;
    }
    fw_line_counts_add(&source->source.lines, line->verdict);
    fw_source_habits(&s->making, &source->source, line);
    if (line->parser && line->verdict != FW_LINE_BAD) {
        count_event(s, source, line);
    }
}

static int by_axis(const void *a, const void *b)
{
    const struct fw_part_making *const *x = a;
    const struct fw_part_making *const *y = b;
    return fw_axis_cmp(&(*x)->part.axis, &(*y)->part.axis);
}

static int by_host(const void *a, const void *b)
{
    const struct source_making *const *x = a;
    const struct source_making *const *y = b;
    return fw_sv_cmp((*x)->source.host, (*y)->source.host);
}

static int by_name(const void *a, const void *b)
{
    const struct fw_named_count *x = a;
    const struct fw_named_count *y = b;
    return fw_sv_cmp(x->name, y->name);
}

static int by_parser(const void *a, const void *b)
{
    const struct fw_parser_count *x = a;
    const struct fw_parser_count *y = b;
    return fw_sv_cmp(x->name, y->name);
}

static void finish_source(struct fw_arena *arena, struct source_making *source)
{
    struct fw_parser_count *counts = fw_new_array(arena, source->nparsers, struct fw_parser_count);
    for (size_t i = 0; i < source->nparsers; i++) {
        counts[i] = (struct fw_parser_count){fw_sv_from(source->parsers[i]->name),
                                             source->parser_events[i]};
    }
    if (source->nparsers > 0) {
        qsort(counts, source->nparsers, sizeof(counts[0]), by_parser);
    }
    if (source->nparts > 0) {
        qsort(source->parts, source->nparts, sizeof(source->parts[0]), by_axis);
    }
    struct fw_summary_part *parts = fw_new_array(arena, source->nparts, struct fw_summary_part);
    size_t n = 0;
    for (size_t i = 0; i < source->nparts; i++) {
        if (source->parts[i]->part.events == 0) {
            continue; /* only stamps that have no place on it */
        }
        fw_part_sort_times(source->parts[i]);
        fw_part_sort_rows(source->parts[i]);
        fw_part_sort_dns(source->parts[i]);
        parts[n++] = source->parts[i]->part;
    }
    source->source.nparsers = source->nparsers;
    source->source.parsers = counts;
    source->source.nparts = n;
    source->source.parts = parts;
}

const struct fw_summary *fw_summarizer_finish(struct fw_summarizer *s)
{
    struct fw_arena *arena = &s->making.arena;
    if (s->nsources > 0) {
        qsort(s->sources, s->nsources, sizeof(s->sources[0]), by_host);
    }
    fw_making_contacts(&s->making, &s->summary);
    if (s->nignored > 0) {
        qsort(s->ignored, s->nignored, sizeof(s->ignored[0]), by_name);
    }
    struct fw_summary_source *sources = fw_new_array(arena, s->nsources, struct fw_summary_source);
    for (size_t i = 0; i < s->nsources; i++) {
        finish_source(arena, s->sources[i]);
        sources[i] = s->sources[i]->source;
    }
    s->summary.nsources = s->nsources;
    s->summary.sources = sources;
    s->summary.nignored = s->nignored;
    s->summary.ignored = s->ignored;
    s->summary.bad = s->bad;
    return &s->summary;
}

enum fw_err fw_summarize(struct fw_source *source, const struct fw_parser *only,
                         const struct fw_snort_fields *csv_fields, struct fw_summarizer **ret)
{
    struct fw_logfile *file = NULL;
    struct fw_summarizer *s = NULL;
    enum fw_err err = fw_logfile_new(source, only, &file);
    if (err == FW_OK) {
        fw_logfile_csv_fields(file, csv_fields);
        err = fw_summarizer_new(&s);
    }
    const struct fw_logline *line;
    while (err == FW_OK && (line = fw_logfile_next(file)) != NULL) {
        fw_summarizer_line(s, line);
    }
    fw_logfile_free(file);
    if (err != FW_OK) {
        fw_summarizer_free(s);
        return err;
    }
    *ret = s;
    return FW_OK;
}
