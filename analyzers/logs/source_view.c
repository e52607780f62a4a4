/* How the parts of all files that belong to one source become one view. */
#include "analyzers/logs/source_view.h"

#include <stdlib.h>
#include <string.h>

#include "analyzers/logs/clock.h"
#include "analyzers/logs/habits.h"
#include "analyzers/logs/sensing.h"
#include "analyzers/logs/silences.h"
#include "core/limits.h"

/* One host of one file under the name of its source. */
struct share {
    fw_sv name;
    const struct fw_view_file *file;
    const struct fw_summary_source *source;
};

/* One part of a share, placed in time. */
struct placed {
    const struct share *share;
    const struct fw_summary_part *part;
    struct fw_resolution res;
    int64_t first_ns, last_ns;
};

struct building {
    struct fw_arena *arena;
    const struct fw_view_options *options;
    const struct fw_contact_keys *keys;
    const struct share *shares; /* of one source */
    size_t nshares;
    struct placed *parts; /* by first_ns */
    size_t nparts;
    struct fw_source_view *view;
};

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

static int by_path(const void *a, const void *b)
{
    return fw_sv_cmp(*(const fw_sv *)a, *(const fw_sv *)b);
}

static int by_first(const void *a, const void *b)
{
    const struct placed *x = a;
    const struct placed *y = b;
    if (x->first_ns != y->first_ns) {
        return x->first_ns < y->first_ns ? -1 : 1;
    }
    return fw_sv_cmp(x->share->file->path, y->share->file->path);
}

static void add_counts(struct building *b)
{
    struct fw_source_view *v = b->view;
    for (size_t i = 0; i < b->nshares; i++) {
        const struct fw_summary_source *s = b->shares[i].source;
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

/* The format that read most events; the first name among equals. */
static fw_sv find_format(const struct building *b)
{
    fw_sv best = {0};
    uint64_t most = 0;
    for (size_t i = 0; i < b->nshares; i++) {
        const struct fw_summary_source *s = b->shares[i].source;
        for (size_t k = 0; k < s->nparsers; k++) {
            uint64_t events = 0;
            for (size_t j = 0; j < b->nshares; j++) {
                const struct fw_summary_source *o = b->shares[j].source;
                for (size_t m = 0; m < o->nparsers; m++) {
                    events += fw_sv_eq(o->parsers[m].name, s->parsers[k].name)
                                  ? o->parsers[m].events
                                  : 0;
                }
            }
            if (events > most || (events == most && fw_sv_cmp(s->parsers[k].name, best) < 0)) {
                most = events;
                best = s->parsers[k].name;
            }
        }
    }
    return best;
}

static void add_paths(struct building *b)
{
    fw_sv *paths = fw_new_array(b->arena, b->nshares, fw_sv);
    size_t n = 0;
    fw_sv device = b->shares[0].file->device;
    for (size_t i = 0; i < b->nshares; i++) {
        paths[n++] = b->shares[i].file->path;
        /* A file with and without the host in its lines has two shares. */
        bool again = i > 0 && b->shares[i - 1].file == b->shares[i].file;
        if (b->shares[i].file->damaged && !again) {
            fw_sv path = b->shares[i].file->path;
            bool first = !b->view->damaged || fw_sv_cmp(path, b->view->damaged_path) < 0;
            b->view->damaged = true;
            b->view->ndamaged++;
            b->view->damaged_path = first ? path : b->view->damaged_path;
        }
        if (!fw_sv_eq(b->shares[i].file->device, device)) {
            device = (fw_sv){0};
        }
    }
    qsort(paths, n, sizeof(paths[0]), by_path);
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        if (kept == 0 || !fw_sv_eq(paths[kept - 1], paths[i])) {
            paths[kept++] = paths[i];
        }
    }
    b->view->npaths = kept;
    b->view->paths = paths;
    b->view->device = device.n > 0 ? device : (fw_sv){0};
}

/* Places every part in time; those that nothing gives a year stay out and are counted. */
static void place_parts(struct building *b)
{
    struct fw_source_view *v = b->view;
    size_t n = 0;
    for (size_t i = 0; i < b->nshares; i++) {
        n += b->shares[i].source->nparts;
    }
    b->parts = fw_new_array(b->arena, n, struct placed);
    for (size_t i = 0; i < b->nshares; i++) {
        const struct share *share = &b->shares[i];
        for (size_t k = 0; k < share->source->nparts; k++) {
            struct placed p = {.share = share, .part = &share->source->parts[k]};
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
            b->parts[b->nparts++] = p;
        }
    }
    if (b->nparts > 0) {
        qsort(b->parts, b->nparts, sizeof(b->parts[0]), by_first);
    }
}

static void find_bounds(struct building *b)
{
    struct fw_source_view *v = b->view;
    for (size_t i = 0; i < b->nparts; i++) {
        const struct placed *p = &b->parts[i];
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

static int by_hour(const void *a, const void *b)
{
    const struct fw_hour_count *x = a;
    const struct fw_hour_count *y = b;
    return (x->hour > y->hour) - (x->hour < y->hour);
}

static void add_hours(struct building *b)
{
    size_t n = 0;
    for (size_t i = 0; i < b->nparts; i++) {
        n += b->parts[i].part->nhours;
    }
    struct fw_hour_count *v = fw_new_array(b->arena, n, struct fw_hour_count);
    n = 0;
    for (size_t i = 0; i < b->nparts; i++) {
        const struct placed *p = &b->parts[i];
        for (size_t k = 0; k < p->part->nhours; k++) {
            struct fw_hour_count h = p->part->hours[k];
            h.first = fw_resolve_time(&p->res, h.first);
            h.last = fw_resolve_time(&p->res, h.last);
            h.hour = fw_axis_hour(h.first);
            v[n++] = h;
        }
    }
    if (n > 0) {
        qsort(v, n, sizeof(v[0]), by_hour);
    }
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        if (kept > 0 && v[kept - 1].hour == v[i].hour) {
            struct fw_hour_count *into = &v[kept - 1];
            into->count += v[i].count;
            into->first = v[i].first < into->first ? v[i].first : into->first;
            into->last = v[i].last > into->last ? v[i].last : into->last;
        } else {
            v[kept++] = v[i];
        }
    }
    b->view->nhours = kept;
    b->view->hours = v;
}

/* Days of the zone; an hour of a zone with half hours can touch two. */
static void add_days(struct building *b)
{
    struct fw_source_view *v = b->view;
    int64_t zone = b->options->zone_seconds * FW_NS_PER_SEC;
    v->first_day = fw_axis_day(v->first_ns + zone);
    v->ndays = (size_t)(fw_axis_day(v->last_ns + zone) - v->first_day) + 1;
    uint8_t *days = fw_new_array(b->arena, v->ndays, uint8_t);
    for (size_t i = 0; i < v->nhours; i++) {
        days[fw_axis_day(v->hours[i].first + zone) - v->first_day] = 1;
        days[fw_axis_day(v->hours[i].last + zone) - v->first_day] = 1;
    }
    for (size_t i = 0; i < v->ndays; i++) {
        v->days_present += days[i];
    }
    v->days_missing = v->ndays - v->days_present;
    v->days = days;
    if (b->options->as_of_ns != INT64_MIN) {
        v->has_months = true;
        v->months_kept = fw_months_between(v->first_ns, b->options->as_of_ns,
                                           b->options->zone_seconds);
    }
}

static struct fw_silences silences_of(struct building *b, const struct placed *p)
{
    struct fw_silence *v = fw_new_array(b->arena, p->part->nsilences, struct fw_silence);
    for (size_t i = 0; i < p->part->nsilences; i++) {
        v[i].from = fw_resolve_time(&p->res, p->part->silences[i].from);
        v[i].to = fw_resolve_time(&p->res, p->part->silences[i].to);
    }
    return fw_silences_of(b->arena, p->first_ns, p->last_ns, v, p->part->nsilences);
}

static void find_gaps(struct building *b)
{
    struct fw_source_view *v = b->view;
    struct fw_silences *sets = fw_new_array(b->arena, b->nparts, struct fw_silences);
    for (size_t i = 0; i < b->nparts; i++) {
        sets[i] = silences_of(b, &b->parts[i]);
    }
    struct fw_silences common = fw_silences_common(b->arena, sets, b->nparts);
    /* Without the ends: before the first event is retention, after the last is asked by `until`. */
    struct fw_gap_input input = {.events = v->events,
                                 .first = v->first_ns,
                                 .last = v->last_ns,
                                 .nhours = v->nhours,
                                 .hours = v->hours,
                                 .nsilences = common.n > 2 ? common.n - 2 : 0,
                                 .silences = common.v + 1,
                                 .zone_seconds = b->options->zone_seconds,
                                 .until = b->options->as_of_ns};
    fw_gaps_find(b->arena, &input, b->options->gaps ? b->options->gaps : &fw_gap_defaults,
                 &v->gaps);
}

static void add_usage(struct building *b)
{
    size_t n = 0;
    for (size_t i = 0; i < b->nparts; i++) {
        n += b->parts[i].part->nusage;
    }
    struct fw_usage *v = fw_new_array(b->arena, n, struct fw_usage);
    n = 0;
    for (size_t i = 0; i < b->nparts; i++) {
        const struct placed *p = &b->parts[i];
        for (size_t k = 0; k < p->part->nusage; k++) {
            v[n] = p->part->usage[k];
            v[n].first = fw_resolve_time(&p->res, v[n].first);
            v[n].last = fw_resolve_time(&p->res, v[n].last);
            n++;
        }
    }
    if (n > 0) {
        qsort(v, n, sizeof(v[0]), fw_usage_cmp);
    }
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        if (kept > 0 && fw_usage_cmp(&v[kept - 1], &v[i]) == 0) {
            struct fw_usage *into = &v[kept - 1];
            into->count += v[i].count;
            into->first = v[i].first < into->first ? v[i].first : into->first;
            into->last = v[i].last > into->last ? v[i].last : into->last;
        } else {
            v[kept++] = v[i];
        }
    }
    b->view->nusage = kept;
    b->view->usage = v;
}

static int by_time(const void *a, const void *b)
{
    const struct fw_view_admin *x = a;
    const struct fw_view_admin *y = b;
    if (x->ns != y->ns) {
        return x->ns < y->ns ? -1 : 1;
    }
    int order = fw_sv_cmp(x->at.path, y->at.path);
    return order != 0 ? order : (x->at.at.line > y->at.at.line) - (x->at.at.line < y->at.at.line);
}

static void add_admin(struct building *b)
{
    size_t n = 0;
    for (size_t i = 0; i < b->nparts; i++) {
        n += b->parts[i].part->nadmin;
    }
    struct fw_view_admin *v = fw_new_array(b->arena, n, struct fw_view_admin);
    n = 0;
    for (size_t i = 0; i < b->nparts; i++) {
        const struct placed *p = &b->parts[i];
        for (size_t k = 0; k < p->part->nadmin; k++) {
            const struct fw_admin_event *e = &p->part->admin[k];
            v[n++] = (struct fw_view_admin){.ns = fw_resolve_time(&p->res, e->time),
                                            .user = e->user,
                                            .code = e->code,
                                            .action = e->action,
                                            .text = e->text,
                                            .succeeded = e->succeeded,
                                            .at = {p->share->file->path, {e->line, 0}}};
        }
    }
    if (n > 0) {
        qsort(v, n, sizeof(v[0]), by_time);
    }
    b->view->nadmin = n;
    b->view->admin = v;
}

static void add_alert(struct fw_alert_day *into, const struct fw_alert_day *from)
{
    into->count += from->count;
    into->first = from->first < into->first ? from->first : into->first;
    into->last = from->last > into->last ? from->last : into->last;
    if (from->priority != 0 && (into->priority == 0 || from->priority < into->priority)) {
        into->priority = from->priority;
    }
}

static void add_alerts(struct building *b)
{
    int64_t zone = b->options->zone_seconds * FW_NS_PER_SEC;
    size_t n = 0;
    for (size_t i = 0; i < b->nparts; i++) {
        n += b->parts[i].part->nalerts;
    }
    struct fw_alert_day *v = fw_new_array(b->arena, n, struct fw_alert_day);
    n = 0;
    for (size_t i = 0; i < b->nparts; i++) {
        const struct placed *p = &b->parts[i];
        for (size_t k = 0; k < p->part->nalerts; k++) {
            v[n] = p->part->alerts[k];
            v[n].first = fw_resolve_time(&p->res, v[n].first);
            v[n].last = fw_resolve_time(&p->res, v[n].last);
            v[n].day = fw_axis_day(v[n].first + zone);
            n++;
        }
    }
    if (n > 0) {
        qsort(v, n, sizeof(v[0]), fw_alert_day_cmp);
    }
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        if (kept > 0 && fw_alert_day_cmp(&v[kept - 1], &v[i]) == 0) {
            add_alert(&v[kept - 1], &v[i]);
        } else {
            v[kept++] = v[i];
        }
    }
    b->view->nalerts = kept;
    b->view->alerts = v;
}

/* What sensors add: their counters, and the connections that they alerted about. */
static void add_sensing(struct building *b)
{
    struct fw_source_view *v = b->view;
    struct fw_sensor_days days = {0};
    struct fw_contacts_making alerted = {0};
    struct fw_contacts_making judged = {0};
    v->alerted_below = b->keys->below;
    v->judged_below = UINT64_MAX;
    for (size_t i = 0; i < b->nparts; i++) {
        const struct placed *p = &b->parts[i];
        const struct fw_summary *summary = p->share->file->summary;
        fw_sensor_days_add(b->arena, p->part, &p->res, b->options->zone_seconds, &days);
        fw_contacts_add(b->arena, b->keys, &p->part->alerted, &p->res, &alerted);
        fw_contacts_add(b->arena, b->keys, &p->part->judged, &p->res, &judged);
        if (summary->alerted_below < v->alerted_below) {
            v->alerted_below = summary->alerted_below;
        }
        if (summary->judged_below < v->judged_below) {
            v->judged_below = summary->judged_below;
        }
    }
    fw_sensor_days_merge(&days);
    v->nsensor = days.n;
    v->sensor = days.v;
    fw_contacts_sort(&alerted);
    fw_contacts_sort(&judged);
    v->alerted = (struct fw_contact_list){alerted.n, alerted.v};
    v->judged = (struct fw_contact_list){judged.n, judged.v};
}

static struct fw_habits_part habits_of(const struct share *share)
{
    return (struct fw_habits_part){.path = share->file->path,
                                   .family = share->file->family,
                                   .name_ns = share->file->anchors.name_ns,
                                   .source = share->source,
                                   .first_ns = INT64_MIN,
                                   .last_ns = INT64_MIN,
                                   .leads = true};
}

static void add_habits(struct building *b)
{
    size_t n = b->nparts;
    bool *led = fw_new_array(b->arena, b->nshares, bool);
    struct fw_habits_part *v = fw_new_array(b->arena, n + b->nshares, struct fw_habits_part);
    for (size_t i = 0; i < n; i++) {
        const struct placed *p = &b->parts[i];
        size_t share = (size_t)(p->share - b->shares);
        v[i] = habits_of(p->share);
        v[i].part = p->part;
        v[i].res = &p->res;
        v[i].first_ns = p->first_ns;
        v[i].last_ns = p->last_ns;
        v[i].leads = !led[share];
        led[share] = true;
    }
    for (size_t i = 0; i < b->nshares; i++) {
        if (!led[i]) { /* its serial numbers need no date */
            v[n++] = habits_of(&b->shares[i]);
        }
    }
    fw_habits_view(b->arena, v, n, b->view);
}

static void build_view(struct building *b)
{
    add_counts(b);
    add_paths(b);
    b->view->format = find_format(b);
    for (size_t i = 0; i < b->nshares; i++) {
        fw_habits_add(&b->view->loss, &b->view->loss_at, &b->view->sessions, b->shares[i].source,
                      b->shares[i].file->path);
        fw_clock_add(&b->view->clock, &b->shares[i].source->clock);
    }
    place_parts(b);
    find_bounds(b);
    add_habits(b);
    if (!b->view->has_time) {
        return;
    }
    add_hours(b);
    add_days(b);
    find_gaps(b);
    add_usage(b);
    add_admin(b);
    add_alerts(b);
    add_sensing(b);
}

static int by_name(const void *a, const void *b)
{
    const struct share *x = a;
    const struct share *y = b;
    int order = fw_sv_cmp(x->name, y->name);
    return order != 0 ? order : fw_sv_cmp(x->file->path, y->file->path);
}

/* A file counts once: of equal ones the first path stays. */
struct keeper {
    const struct fw_view_file *file;
    const struct fw_view_file *same_as; /* NULL: it counts */
};

static int by_content(const void *a, const void *b)
{
    const struct keeper *x = a;
    const struct keeper *y = b;
    int order = memcmp(x->file->sha256.b, y->file->sha256.b, sizeof(x->file->sha256.b));
    return order != 0 ? order : fw_sv_cmp(x->file->path, y->file->path);
}

static struct keeper *find_duplicates(struct fw_arena *arena, const struct fw_view_file *files,
                                      size_t n)
{
    struct keeper *v = fw_new_array(arena, n + 1, struct keeper);
    for (size_t i = 0; i < n; i++) {
        v[i].file = &files[i];
    }
    qsort(v, n, sizeof(v[0]), by_content);
    for (size_t i = 1; i < n; i++) {
        if (fw_sha256_eq(v[i - 1].file->sha256, v[i].file->sha256)) {
            v[i].same_as = v[i - 1].same_as ? v[i - 1].same_as : v[i - 1].file;
        }
    }
    return v;
}

static void add_duplicates(struct building *b, const struct keeper *keepers, size_t n)
{
    fw_sv *v = NULL;
    for (size_t i = 0; i < n; i++) {
        bool ours = false;
        for (size_t k = 0; keepers[i].same_as && k < b->nshares && !ours; k++) {
            ours = b->shares[k].file == keepers[i].same_as;
        }
        if (ours) {
            v = fw_arena_push(b->arena, v, b->view->nduplicates, sizeof(v[0]));
            v[b->view->nduplicates++] = keepers[i].file->path;
        }
    }
    if (b->view->nduplicates > 0) {
        qsort(v, b->view->nduplicates, sizeof(v[0]), by_path);
    }
    b->view->duplicates = v;
}

static fw_sv name_of(const struct fw_view_file *file, const struct fw_summary_source *source)
{
    return source->host.n > 0 ? source->host : file->device.n > 0 ? file->device : file->family;
}

void fw_source_views_build(struct fw_arena *arena, const struct fw_view_file *files, size_t n,
                           const struct fw_view_options *options, struct fw_source_views *ret)
{
    struct keeper *keepers = find_duplicates(arena, files, n);
    struct share *shares = NULL;
    size_t nshares = 0;
    for (size_t i = 0; i < n; i++) {
        const struct fw_view_file *file = keepers[i].file;
        for (size_t k = 0; !keepers[i].same_as && k < file->summary->nsources; k++) {
            const struct fw_summary_source *source = &file->summary->sources[k];
            shares = fw_arena_push(arena, shares, nshares, sizeof(shares[0]));
            shares[nshares++] = (struct share){name_of(file, source), file, source};
        }
    }
    if (nshares > 0) {
        qsort(shares, nshares, sizeof(shares[0]), by_name);
    }
    struct fw_source_view *views = NULL;
    struct fw_contact_keys keys;
    fw_contact_keys_make(arena, files, n, &keys);
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
            struct building b = {.arena = arena,
                                 .options = options,
                                 .keys = &keys,
                                 .shares = &shares[i],
                                 .nshares = end - i,
                                 .view = view};
            build_view(&b);
            add_duplicates(&b, keepers, n);
        }
        i = end;
    }
    ret->v = views;
}
