/* What do the reports of a time service say together: how far off, how often, how long not at all?
 */
#include "analyzers/logs/sync.h"

#include <stdlib.h>

#include "core/limits.h"

enum { SERVERS = 8 };

static bool lists(fw_sv list, fw_sv name)
{
    fw_sv one;
    while (fw_sv_split(&list, ',', &one)) {
        if (fw_sv_eq(fw_sv_trim(one), name)) {
            return true;
        }
    }
    return false;
}

static void add_server(struct fw_sync_reader *reader, fw_sv server)
{
    fw_sv *list = &reader->view.servers;
    if (server.n == 0 || server.n > 255 || reader->nservers == SERVERS || lists(*list, server)) {
        return;
    }
    *list = fw_arena_printf(reader->arena, "%.*s%s%.*s", FW_SV_ARG(*list), list->n > 0 ? ", " : "",
                            FW_SV_ARG(server));
    reader->nservers++;
}

static void add_sample(struct fw_sync_reader *reader, const struct fw_sync_sample *sample)
{
    if (reader->view.n >= FW_LIMIT_CLOCK_SAMPLES) {
        reader->view.lost++;
        return;
    }
    reader->v = fw_arena_push(reader->arena, reader->v, reader->view.n, sizeof(*reader->v));
    reader->v[reader->view.n++] = *sample;
}

static int64_t distance(int64_t ns)
{
    return ns < 0 ? -ns : ns;
}

/* Words without a time of their own hold for the file's: the worst of them. */
static void join(struct fw_sync_reader *reader, const struct fw_sync_sample *sample)
{
    struct fw_sync_sample *rest = &reader->rest;
    bool worse = sample->sync > rest->sync ||
                 (sample->has_offset &&
                  (!rest->has_offset || distance(sample->offset_ns) > distance(rest->offset_ns)));
    if (!reader->pending || worse) {
        rest->file = sample->file;
        rest->line = sample->line;
        rest->at = sample->at;
    }
    if (!reader->pending || sample->sync > rest->sync) {
        rest->sync = sample->sync;
    }
    if (sample->has_offset &&
        (!rest->has_offset || distance(sample->offset_ns) > distance(rest->offset_ns))) {
        rest->has_offset = true;
        rest->offset_ns = sample->offset_ns;
    }
    reader->pending = true;
}

static void take(struct fw_clock_sink *sink, const struct fw_clock_record *record)
{
    struct fw_sync_reader *reader = (struct fw_sync_reader *)sink;
    struct fw_sync_sample sample = {
        .ns = INT64_MIN,
        .offset_ns = record->offset_ns,
        .has_offset = record->has_offset,
        .measured = record->peer,
        .sync = record->peer ? FW_CLOCK_UNSAID : (uint8_t)record->sync,
        .file = (uint32_t)(reader->view.npaths - 1),
        .line = record->span.line,
        .at = record->span.offset,
    };
    /* As on the axes of logs: differences of what is left do not overflow. */
    bool placed = record->has_stamp && record->stamp.year >= 1970;
    reader->view.records++;
    if (placed) {
        sample.ns = fw_stamp_ns(&record->stamp, reader->zone_seconds);
        reader->newest_ns = sample.ns > reader->newest_ns ? sample.ns : reader->newest_ns;
    }
    if (record->peer && !record->chosen) {
        return; /* a server that the clock does not follow */
    }
    add_server(reader, record->server);
    if (sample.sync == FW_CLOCK_UNSAID && !sample.has_offset) {
        return;
    }
    if (placed) {
        add_sample(reader, &sample);
    } else {
        join(reader, &sample);
    }
}

void fw_sync_begin(struct fw_sync_reader *reader, struct fw_arena *arena, fw_sv name,
                   bool of_device)
{
    *reader = (struct fw_sync_reader){.sink = {take}, .arena = arena};
    reader->view.name = name;
    reader->view.of_device = of_device;
}

void fw_sync_file(struct fw_sync_reader *reader, fw_sv path, int32_t zone_seconds, int64_t named_ns)
{
    reader->paths = fw_arena_push(reader->arena, reader->paths, reader->view.npaths,
                                  sizeof(*reader->paths));
    reader->paths[reader->view.npaths++] = path;
    reader->zone_seconds = zone_seconds;
    reader->named_ns = named_ns;
    reader->newest_ns = INT64_MIN;
    reader->pending = false;
    reader->rest = (struct fw_sync_sample){0};
}

void fw_sync_file_end(struct fw_sync_reader *reader)
{
    if (reader->pending) {
        reader->rest.ns = reader->newest_ns != INT64_MIN ? reader->newest_ns : reader->named_ns;
        add_sample(reader, &reader->rest);
    }
    reader->pending = false;
}

static int by_time(const void *left, const void *right)
{
    const struct fw_sync_sample *a = left;
    const struct fw_sync_sample *b = right;
    if (a->ns != b->ns) {
        return a->ns < b->ns ? -1 : 1;
    }
    if (a->file != b->file) {
        return a->file < b->file ? -1 : 1;
    }
    return a->line < b->line ? -1 : a->line > b->line;
}

void fw_sync_finish(struct fw_sync_reader *reader, struct fw_sync_view *ret)
{
    if (reader->view.n > 0) {
        qsort(reader->v, reader->view.n, sizeof(*reader->v), by_time);
    }
    *ret = reader->view;
    ret->paths = reader->paths;
    ret->v = reader->v;
}

/* --- statistics ------------------------------------------------------------------------------ */

static int by_value(const void *left, const void *right)
{
    int64_t a = *(const int64_t *)left;
    int64_t b = *(const int64_t *)right;
    return a < b ? -1 : a > b;
}

/* What servers answered is asked only where nothing tells of the clock itself. */
static bool words_of_clock(const struct fw_sync_sample *v, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (v[i].has_offset && !v[i].measured) {
            return true;
        }
    }
    return false;
}

static void add_offsets(const struct fw_sync_sample *v, size_t n, int64_t limit_ns,
                        struct fw_arena *scratch, struct fw_sync_stats *ret)
{
    bool clock = words_of_clock(v, n);
    int64_t *values = fw_new_array(scratch, n + 1, int64_t);
    size_t used = 0;
    for (size_t i = 0; i < n; i++) {
        if (!v[i].has_offset || (clock && v[i].measured)) {
            continue;
        }
        values[used++] = distance(v[i].offset_ns);
        ret->beyond += distance(v[i].offset_ns) > limit_ns;
        if (!ret->worst || distance(v[i].offset_ns) > ret->most_ns) {
            ret->worst = &v[i];
            ret->most_ns = distance(v[i].offset_ns);
        }
    }
    ret->offsets = used;
    if (used > 0) {
        qsort(values, used, sizeof(*values), by_value);
        ret->p99_ns = values[(used * 99 + 99) / 100 - 1];
    }
}

static void end_interval(struct fw_sync_stats *ret, const struct fw_sync_sample *from,
                         int64_t to_ns)
{
    int64_t length = to_ns - from->ns;
    ret->intervals++;
    ret->unsynced_ns += length;
    if (!ret->unsync || length > ret->longest_ns) {
        ret->unsync = from;
        ret->longest_ns = length;
    }
}

static bool any_state(const struct fw_sync_sample *v, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (v[i].sync != FW_CLOCK_UNSAID) {
            return true;
        }
    }
    return false;
}

/* That it follows a server says that it is synchronised, where nothing else is said. */
static void add_states(const struct fw_sync_sample *v, size_t n, struct fw_sync_stats *ret)
{
    const struct fw_sync_sample *lost = NULL;
    bool said = any_state(v, n);
    for (size_t i = 0; i < n; i++) {
        if (v[i].sync == FW_CLOCK_UNSAID && (said || !v[i].measured)) {
            continue;
        }
        ret->states++;
        if (v[i].sync == FW_CLOCK_UNSYNCED) {
            ret->unsynced++;
            lost = lost ? lost : &v[i];
        } else if (lost) {
            end_interval(ret, lost, v[i].ns);
            lost = NULL;
        }
    }
    ret->lost_at_end = lost != NULL;
    if (lost) {
        end_interval(ret, lost, v[n - 1].ns);
    }
}

static void add_cover(const struct fw_sync_sample *v, size_t n, int64_t limit_ns,
                      struct fw_sync_stats *ret)
{
    bool synced = true; /* until something says otherwise */
    bool near = true;
    for (size_t i = 0; i + 1 < n; i++) {
        int64_t hold = v[i + 1].ns - v[i].ns;
        hold = hold < FW_SYNC_HOLD_NS ? hold : FW_SYNC_HOLD_NS;
        synced = v[i].sync == FW_CLOCK_UNSAID ? synced : v[i].sync == FW_CLOCK_SYNCED;
        near = v[i].has_offset ? distance(v[i].offset_ns) <= limit_ns : near;
        ret->covered_ns += hold;
        ret->within_ns += synced && near ? hold : 0;
    }
}

void fw_sync_stats(const struct fw_sync_view *view, int64_t from_ns, int64_t to_ns,
                   int64_t limit_ns, struct fw_arena *scratch, struct fw_sync_stats *ret)
{
    size_t from = 0;
    size_t to = view->n;
    *ret = (struct fw_sync_stats){0};
    while (from < to && view->v[from].ns < from_ns) {
        from++;
    }
    while (to > from && view->v[to - 1].ns >= to_ns) {
        to--;
    }
    size_t n = to - from;
    if (n == 0) {
        return;
    }
    const struct fw_sync_sample *v = view->v + from;
    ret->first_ns = v[0].ns;
    ret->last_ns = v[n - 1].ns;
    add_offsets(v, n, limit_ns, scratch, ret);
    add_states(v, n, ret);
    add_cover(v, n, limit_ns, ret);
}
