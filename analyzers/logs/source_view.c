/* How the parts of all files that belong to one source become one view. */
#include "analyzers/logs/source_view.h"

#include <stdlib.h>
#include <string.h>

#include "analyzers/logs/clock.h"
#include "analyzers/logs/habits.h"
#include "analyzers/logs/silences.h"
#include "analyzers/logs/source_view_impl.h"
#include "core/limits.h"

uint32_t fw_months_between(int64_t from_ns, int64_t to_ns, int32_t zone_seconds)
{
    struct fw_date from = fw_date_of(from_ns, zone_seconds);
    struct fw_date to = fw_date_of(to_ns, zone_seconds);
    int months = (to.year - from.year) * 12 + to.month - from.month;
    if (to_ns < from_ns || months <= 0) {
        return 0;
    }
    struct fw_date back = fw_date_add_months(to, -months);
    bool before = back.year == from.year && back.month == from.month && back.day < from.day;
    return (uint32_t)(months - before);
}

static int by_first(const void *a, const void *b)
{
    const struct fw_view_part *x = a;
    const struct fw_view_part *y = b;
    if (x->first_ns != y->first_ns) {
        return x->first_ns < y->first_ns ? -1 : 1;
    }
    return fw_sv_cmp(x->share->file->path, y->share->file->path);
}

static void add_counts(struct fw_view_making *m)
{
    struct fw_source_view *v = m->view;
    for (size_t i = 0; i < m->nshares; i++) {
        const struct fw_summary_source *s = m->shares[i].source;
        v->lines.total += s->lines.total;
        v->lines.used += s->lines.used;
        v->lines.ignored += s->lines.ignored;
        v->lines.unsupported += s->lines.unsupported;
        v->lines.bad += s->lines.bad;
        v->events += s->events;
        v->traffic += s->traffic;
        v->untimed += s->untimed;
        for (size_t f = 0; f < FW_REQUIRED_COUNT; f++) {
            v->fields[f].present += s->fields[f].present;
            v->fields[f].total += s->fields[f].total;
        }
    }
}

/* The format that read most events; the first name among equals. *ret_others: events of others. */
static fw_sv find_format(const struct fw_view_making *m, uint64_t *ret_others)
{
    uint64_t all = 0;
    struct fw_parser_count *v = NULL; /* a row a format: there are no more than are registered */
    size_t n = 0;
    for (size_t i = 0; i < m->nshares; i++) {
        const struct fw_summary_source *s = m->shares[i].source;
        for (size_t k = 0; k < s->nparsers; k++) {
            size_t at = 0;
            while (at < n && !fw_sv_eq(v[at].name, s->parsers[k].name)) {
                at++;
            }
            if (at == n) {
                v = fw_arena_push(m->arena, v, n, sizeof(*v));
                v[n++] = (struct fw_parser_count){.name = s->parsers[k].name};
            }
            v[at].events += s->parsers[k].events;
            all += s->parsers[k].events;
        }
    }
    const struct fw_parser_count *best = NULL;
    for (size_t i = 0; i < n; i++) {
        bool more = !best || v[i].events > best->events ||
                    (v[i].events == best->events && fw_sv_cmp(v[i].name, best->name) < 0);
        best = more ? &v[i] : best;
    }
    *ret_others = best ? all - best->events : 0;
    return best && best->events > 0 ? best->name : (fw_sv){0};
}

static void add_paths(struct fw_view_making *m)
{
    fw_sv *paths = fw_new_array(m->arena, m->nshares, fw_sv);
    size_t n = 0;
    fw_sv device = m->shares[0].file->device;
    for (size_t i = 0; i < m->nshares; i++) {
        paths[n++] = m->shares[i].file->path;
        /* A file with and without the host in its lines has two shares. */
        bool again = i > 0 && m->shares[i - 1].file == m->shares[i].file;
        if (m->shares[i].file->damaged && !again) {
            fw_sv path = m->shares[i].file->path;
            bool first = !m->view->damaged || fw_sv_cmp(path, m->view->damaged_path) < 0;
            m->view->damaged = true;
            m->view->ndamaged++;
            m->view->damaged_path = first ? path : m->view->damaged_path;
        }
        if (!fw_sv_eq(m->shares[i].file->device, device)) {
            device = (fw_sv){0};
        }
    }
    qsort(paths, n, sizeof(paths[0]), fw_sv_order);
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        if (kept == 0 || !fw_sv_eq(paths[kept - 1], paths[i])) {
            paths[kept++] = paths[i];
        }
    }
    m->view->npaths = kept;
    m->view->paths = paths;
    m->view->device = device.n > 0 ? device : (fw_sv){0};
}

/* Places every part in time; those that nothing gives a year stay out and are counted. */
static void place_parts(struct fw_view_making *m)
{
    struct fw_source_view *v = m->view;
    size_t n = 0;
    for (size_t i = 0; i < m->nshares; i++) {
        n += m->shares[i].source->nparts;
    }
    m->parts = fw_new_array(m->arena, n, struct fw_view_part);
    for (size_t i = 0; i < m->nshares; i++) {
        const struct fw_view_share *share = &m->shares[i];
        for (size_t k = 0; k < share->source->nparts; k++) {
            struct fw_view_part p = {.share = share, .part = &share->source->parts[k]};
            fw_resolve(p.part, &share->file->anchors, &p.res);
            v->basis[p.res.basis] += p.part->events;
            v->lost += p.part->hours_lost + p.part->usage_lost + p.part->admin_lost +
                       p.part->alerts_lost + p.part->sensor_lost + p.part->steps_lost;
            v->alerts_lost += p.part->alerts_lost;
            v->hours_lost += p.part->hours_lost;
            v->admin_lost += p.part->admin_lost;
            v->steps_lost += p.part->steps_lost;
            if (p.res.basis == FW_YEAR_NONE) {
                v->untimed += p.part->events;
                continue;
            }
            v->year_assumed += p.res.assumed & FW_ASSUMED_YEAR ? p.part->events : 0;
            uint64_t assumed = p.res.assumed & FW_ASSUMED_ZONE ? p.part->events : 0;
            v->zone_assumed += assumed;
            v->zone_undeclared += share->file->anchors.has_zone ? 0 : assumed;
            p.first_ns = fw_resolve_time(&p.res, p.part->first);
            p.last_ns = fw_resolve_time(&p.res, p.part->last);
            m->parts[m->nparts++] = p;
        }
    }
    if (m->nparts > 0) {
        qsort(m->parts, m->nparts, sizeof(m->parts[0]), by_first);
    }
}

static void find_bounds(struct fw_view_making *m)
{
    struct fw_source_view *v = m->view;
    for (size_t i = 0; i < m->nparts; i++) {
        const struct fw_view_part *p = &m->parts[i];
        if (!v->has_time || p->first_ns < v->first_ns) {
            v->first_ns = p->first_ns;
            v->first_at = (struct fw_view_place){p->share->file->path, p->part->first_at};
        }
        if (!v->has_time || p->last_ns > v->last_ns) {
            v->last_ns = p->last_ns;
            v->last_at = (struct fw_view_place){p->share->file->path, p->part->last_at};
        }
        v->has_time = true;
    }
}

/* Days of the zone; an hour of a zone with half hours can touch two. */
static void add_days(struct fw_view_making *m)
{
    struct fw_source_view *v = m->view;
    int64_t zone = m->options->zone_seconds * FW_NS_PER_SEC;
    v->first_day = fw_axis_day(v->first_ns + zone);
    v->ndays = (size_t)(fw_axis_day(v->last_ns + zone) - v->first_day) + 1;
    uint8_t *days = fw_new_array(m->arena, v->ndays, uint8_t);
    for (size_t i = 0; i < v->nhours; i++) {
        days[fw_axis_day(v->hours[i].first + zone) - v->first_day] = 1;
        days[fw_axis_day(v->hours[i].last + zone) - v->first_day] = 1;
    }
    for (size_t i = 0; i < v->ndays; i++) {
        v->days_present += days[i];
    }
    v->days_missing = v->ndays - v->days_present;
    v->days = days;
    if (m->options->as_of_ns != INT64_MIN) {
        v->has_months = true;
        v->months_kept = fw_months_between(v->first_ns, m->options->as_of_ns,
                                           m->options->zone_seconds);
    }
}

static struct fw_silences silences_of(struct fw_view_making *m, const struct fw_view_part *p)
{
    struct fw_silence *v = fw_new_array(m->arena, p->part->nsilences, struct fw_silence);
    for (size_t i = 0; i < p->part->nsilences; i++) {
        v[i].from = fw_resolve_time(&p->res, p->part->silences[i].from);
        v[i].to = fw_resolve_time(&p->res, p->part->silences[i].to);
    }
    return fw_silences_of(m->arena, p->first_ns, p->last_ns, v, p->part->nsilences);
}

static void find_gaps(struct fw_view_making *m)
{
    struct fw_source_view *v = m->view;
    struct fw_silences *sets = fw_new_array(m->arena, m->nparts, struct fw_silences);
    for (size_t i = 0; i < m->nparts; i++) {
        sets[i] = silences_of(m, &m->parts[i]);
    }
    struct fw_silences common = fw_silences_common(m->arena, sets, m->nparts);
    /* Without the ends: before the first event is retention, after the last is asked by `until`. */
    struct fw_gap_input input = {.events = v->events,
                                 .first = v->first_ns,
                                 .last = v->last_ns,
                                 .nhours = v->nhours,
                                 .hours = v->hours,
                                 .nsilences = common.n > 2 ? common.n - 2 : 0,
                                 .silences = common.v + 1,
                                 .zone_seconds = m->options->zone_seconds,
                                 .until = m->options->as_of_ns};
    fw_gaps_find(m->arena, &input, m->options->gaps ? m->options->gaps : &fw_gap_defaults,
                 &v->gaps);
}

static struct fw_habits_part habits_of(const struct fw_view_share *share)
{
    return (struct fw_habits_part){.path = share->file->path,
                                   .family = share->file->family,
                                   .name_ns = share->file->anchors.name_ns,
                                   .source = share->source,
                                   .first_ns = INT64_MIN,
                                   .last_ns = INT64_MIN,
                                   .leads = true};
}

static void add_habits(struct fw_view_making *m)
{
    size_t n = m->nparts;
    bool *led = fw_new_array(m->arena, m->nshares, bool);
    struct fw_habits_part *v = fw_new_array(m->arena, n + m->nshares, struct fw_habits_part);
    for (size_t i = 0; i < n; i++) {
        const struct fw_view_part *p = &m->parts[i];
        size_t share = (size_t)(p->share - m->shares);
        v[i] = habits_of(p->share);
        v[i].part = p->part;
        v[i].res = &p->res;
        v[i].first_ns = p->first_ns;
        v[i].last_ns = p->last_ns;
        v[i].leads = !led[share];
        led[share] = true;
    }
    for (size_t i = 0; i < m->nshares; i++) {
        if (!led[i]) { /* its serial numbers need no date */
            v[n++] = habits_of(&m->shares[i]);
        }
    }
    fw_habits_view(m->arena, v, n, m->view);
}

static void build_view(struct fw_view_making *m)
{
    add_counts(m);
    add_paths(m);
    m->view->format = find_format(m, &m->view->other_formats);
    for (size_t i = 0; i < m->nshares; i++) {
        fw_habits_add(&m->view->loss, &m->view->loss_at, &m->view->sessions, m->shares[i].source,
                      m->shares[i].file->path);
        fw_clock_add(&m->view->clock, &m->shares[i].source->clock);
    }
    place_parts(m);
    find_bounds(m);
    add_habits(m);
    if (!m->view->has_time) {
        return;
    }
    fw_source_rows(m);
    add_days(m);
    find_gaps(m);
}

static int by_name(const void *a, const void *b)
{
    const struct fw_view_share *x = a;
    const struct fw_view_share *y = b;
    int order = fw_sv_cmp(x->name, y->name);
    return order != 0 ? order : fw_sv_cmp(x->file->path, y->file->path);
}

static fw_sv name_of(const struct fw_view_file *file, const struct fw_summary_source *source)
{
    return source->host.n > 0 ? source->host : file->device.n > 0 ? file->device : file->family;
}

void fw_source_views_build(struct fw_arena *arena, const struct fw_view_file *files, size_t n,
                           const struct fw_view_options *options, struct fw_source_views *ret)
{
    struct fw_view_keeper *keepers = fw_source_keepers(arena, files, n);
    struct fw_view_share *shares = NULL;
    size_t nshares = 0;
    for (size_t i = 0; i < n; i++) {
        const struct fw_view_file *file = keepers[i].file;
        for (size_t k = 0; !keepers[i].same_as && k < file->summary->nsources; k++) {
            const struct fw_summary_source *source = &file->summary->sources[k];
            shares = fw_arena_push(arena, shares, nshares, sizeof(shares[0]));
            shares[nshares++] = (struct fw_view_share){name_of(file, source), file, source};
        }
    }
    if (nshares > 0) {
        qsort(shares, nshares, sizeof(shares[0]), by_name);
    }
    struct fw_source_view *views = NULL;
    struct fw_contact_keys keys;
    fw_contact_keys_make(arena, files, n, &keys);
    struct fw_pairing *pairing = fw_pairing_new();
    *ret = (struct fw_source_views){0};
    for (size_t i = 0; i < nshares;) {
        size_t end = i + 1;
        while (end < nshares && fw_sv_eq(shares[end].name, shares[i].name)) {
            end++;
        }
        if (ret->n == FW_LIMIT_SOURCES) {
            ret->sources_lost++;
        } else {
            views = fw_arena_push(arena, views, ret->n, sizeof(views[0]));
            struct fw_source_view *view = &views[ret->n++];
            *view = (struct fw_source_view){.name = shares[i].name};
            struct fw_view_making making = {.arena = arena,
                                            .options = options,
                                            .keys = &keys,
                                            .pairing = pairing,
                                            .index = (uint32_t)ret->n - 1,
                                            .shares = &shares[i],
                                            .nshares = end - i,
                                            .view = view};
            build_view(&making);
            fw_source_copies(&making, keepers, n);
        }
        i = end;
    }
    if (pairing) {
        fw_pairing_measure(pairing, arena, views, ret->n);
    }
    fw_pairing_free(pairing);
    ret->v = views;
}
