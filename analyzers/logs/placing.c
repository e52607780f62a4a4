/* When did the event of one line happen, with what its whole file says of year and zone? */
#include "analyzers/logs/placing.h"

#include <stdlib.h>

#include "core/search.h"

/* One clock of one host. */
struct place_part {
    struct fw_resolution resolution;
    struct fw_year_turns turns;
};

struct place_host {
    fw_sv host;
    size_t n;
    struct place_part *parts;
};

struct fw_placing {
    struct fw_arena arena;
    struct fw_anchors anchors;
    size_t n, last;
    struct place_host *hosts; /* by name */
};

enum fw_err fw_placing_new(const struct fw_summary *summary, const struct fw_anchors *anchors,
                           struct fw_placing **ret)
{
    struct fw_placing *placing = calloc(1, sizeof(*placing));
    if (!placing) {
        return FW_ERR_MEMORY;
    }
    fw_arena_init(&placing->arena, 0);
    placing->anchors = *anchors;
    placing->n = summary ? summary->nsources : 0;
    placing->hosts = fw_new_array(&placing->arena, placing->n + 1, struct place_host);
    for (size_t s = 0; s < placing->n; s++) {
        const struct fw_summary_source *source = &summary->sources[s];
        struct place_host *host = &placing->hosts[s];
        host->host = fw_arena_copy(&placing->arena, source->host);
        host->n = source->nparts;
        host->parts = fw_new_array(&placing->arena, source->nparts + 1, struct place_part);
        for (size_t p = 0; p < source->nparts; p++) {
            fw_resolve(&source->parts[p], anchors, &host->parts[p].resolution);
        }
    }
    *ret = placing;
    return FW_OK;
}

void fw_placing_free(struct fw_placing *placing)
{
    if (placing) {
        fw_arena_clear(&placing->arena);
        free(placing);
    }
}

static const struct place_host *find_host(struct fw_placing *placing, fw_sv host)
{
    host = fw_sv_sub(host, 0, FW_SUMMARY_NAME);
    if (placing->last < placing->n && fw_sv_eq(placing->hosts[placing->last].host, host)) {
        return &placing->hosts[placing->last];
    }
    size_t lo;
    FW_SEARCH(lo, placing->n, fw_sv_cmp(placing->hosts[lo].host, host) < 0);
    if (lo == placing->n || !fw_sv_eq(placing->hosts[lo].host, host)) {
        return NULL;
    }
    placing->last = lo;
    return &placing->hosts[lo];
}

static struct place_part *find_part(struct fw_placing *placing, fw_sv host, struct fw_axis axis)
{
    const struct place_host *found = find_host(placing, host);
    for (size_t i = 0; found && i < found->n; i++) {
        if (fw_axis_eq(&found->parts[i].resolution.axis, &axis)) {
            return &found->parts[i];
        }
    }
    return NULL;
}

bool fw_placing_time(struct fw_placing *placing, const struct fw_logline *line, int64_t *ret_ns,
                     uint32_t *ret_assumed)
{
    if (!fw_event_has(&line->event, FW_EV_time)) {
        return false;
    }
    const struct fw_stamp *stamp = &line->event.time;
    fw_sv host = fw_event_has(&line->event, FW_EV_observer) ? line->event.observer : FW_SV("");
    struct place_part *part = find_part(placing, host, fw_axis_of(stamp));
    struct place_part alone = {{{0}}, {0}};
    if (!part) { /* as if the file had this line and no other */
        struct fw_year_turns turns = {0};
        struct fw_summary_part one = {.axis = fw_axis_of(stamp), .events = 1};
        if (!fw_axis_time(stamp, &turns, &one.last)) {
            return false;
        }
        one.first = one.last;
        fw_resolve(&one, &placing->anchors, &alone.resolution);
        part = &alone;
    }
    if (!fw_resolve_stamp(&part->resolution, stamp, &part->turns, ret_ns)) {
        return false;
    }
    *ret_assumed = part->resolution.assumed;
    return true;
}
