/* How do the habits of a source's files become those of the source? */
#include "analyzers/logs/habits.h"

#include "analyzers/logs/rotated.h"

#include <stdlib.h>

/* One stream of numbers over all files. */
struct stream {
    struct fw_serial_summary sum;
    struct fw_view_place hole;
    int64_t end; /* of the file before */
};

/* Files in the order of time; from one to the next numbers may be missing too. Where two files lie
 * side by side nothing says whose number comes next. */
static void add_file(struct stream *to, const struct fw_serial_summary *s,
                     const struct fw_habits_part *p)
{
    struct fw_serial_summary *sum = &to->sum;
    struct fw_view_place at = {p->path, s->hole};
    if (s->present == 0 || !p->leads) {
        to->end = p->last_ns > to->end ? p->last_ns : to->end;
        return;
    }
    if (sum->present == 0) {
        *sum = *s;
    } else {
        bool beside = !p->part || p->first_ns < to->end;
        uint64_t missing = !beside && s->first > sum->last ? s->first - sum->last - 1 : 0;
        bool repeated = !beside && s->first == sum->last;
        if ((missing > 0 || repeated) && to->hole.path.n == 0) {
            to->hole = (struct fw_view_place){p->path, {1, 0}};
        }
        sum->missing += missing;
        sum->repeated += repeated;
        sum->restarted += !beside && s->first < sum->last;
        sum->present += s->present;
        sum->missing += s->missing;
        sum->repeated += s->repeated;
        sum->restarted += s->restarted;
        sum->min = s->min < sum->min ? s->min : sum->min;
        sum->max = s->max > sum->max ? s->max : sum->max;
        sum->last = s->last;
    }
    if (s->hole.line > 0 && to->hole.path.n == 0) {
        to->hole = at;
    }
    to->end = p->last_ns > to->end ? p->last_ns : to->end;
}

/* The bounds are those of the stream with most numbers. */
static void add_stream(struct fw_source_view *view, const struct stream *stream)
{
    struct fw_serial_summary all = stream->sum;
    const struct fw_serial_summary *seen = &view->serial;
    bool larger = all.present > seen->present;
    struct fw_serial_summary *to = &view->serial;
    uint64_t present = all.present + seen->present;
    uint64_t missing = all.missing + seen->missing;
    uint64_t repeated = all.repeated + seen->repeated;
    uint64_t restarted = all.restarted + seen->restarted;
    *to = larger ? all : *seen;
    to->present = present;
    to->missing = missing;
    to->repeated = repeated;
    to->restarted = restarted;
    if (view->serial_hole.path.n == 0) {
        view->serial_hole = stream->hole;
    }
}

static int by_time(const void *a, const void *b)
{
    const struct fw_view_step *x = a;
    const struct fw_view_step *y = b;
    if (x->ns != y->ns) {
        return x->ns < y->ns ? -1 : 1;
    }
    int order = fw_sv_cmp(x->at.path, y->at.path);
    return order != 0 ? order : (x->at.at.line > y->at.at.line) - (x->at.at.line < y->at.at.line);
}

static void add_steps(struct fw_arena *arena, const struct fw_habits_part *parts, size_t n,
                      struct fw_source_view *view)
{
    struct fw_view_step *v = NULL;
    size_t nsteps = 0;
    for (size_t i = 0; i < n; i++) {
        const struct fw_summary_part *part = parts[i].part;
        for (size_t k = 0; part && k < part->nsteps; k++) {
            v = fw_arena_push(arena, v, nsteps, sizeof(v[0]));
            v[nsteps++] = (struct fw_view_step){
                fw_resolve_time(parts[i].res, part->steps[k].time),
                part->steps[k].by,
                {parts[i].path, part->steps[k].at},
            };
        }
    }
    if (nsteps > 0) {
        qsort(v, nsteps, sizeof(v[0]), by_time);
    }
    view->nsteps = nsteps;
    view->steps = v;
}

static void add_twofold(struct fw_twofold *to, const struct fw_twofold *from)
{
    to->started += from->started;
    to->ended += from->ended;
    to->single += from->single;
}

static void add_dns(struct fw_arena *arena, const struct fw_habits_part *parts, size_t n,
                    struct fw_source_view *view)
{
    struct fw_dns_pair *v = NULL;
    size_t rows = 0;
    for (size_t i = 0; i < n; i++) {
        if (!parts[i].part) {
            continue;
        }
        const struct fw_dns_summary *dns = &parts[i].part->dns;
        add_twofold(&view->dns.total, &dns->total);
        view->dns.lost += dns->lost;
        for (size_t k = 0; k < dns->n; k++) {
            v = fw_arena_push(arena, v, rows, sizeof(v[0]));
            v[rows] = dns->v[k];
            v[rows].first = fw_resolve_time(parts[i].res, v[rows].first);
            v[rows].last = fw_resolve_time(parts[i].res, v[rows].last);
            rows++;
        }
    }
    if (rows > 0) {
        qsort(v, rows, sizeof(v[0]), fw_dns_pair_cmp);
    }
    size_t kept = 0;
    for (size_t i = 0; i < rows; i++) {
        if (kept > 0 && fw_dns_pair_cmp(&v[kept - 1], &v[i]) == 0) {
            struct fw_dns_pair *into = &v[kept - 1];
            add_twofold(&into->count, &v[i].count);
            into->first = v[i].first < into->first ? v[i].first : into->first;
            into->last = v[i].last > into->last ? v[i].last : into->last;
        } else {
            v[kept++] = v[i];
        }
    }
    view->dns.n = kept;
    view->dns.v = v;
}

static void add_back(struct fw_source_view *view, const struct fw_habits_part *p)
{
    const struct fw_back_summary *back = &p->part->back;
    for (size_t i = 0; i < FW_BACK_BINS; i++) {
        view->back.bins[i] += back->bins[i];
    }
    view->back.followed += back->followed;
    if (back->most > view->back.most) {
        view->back.most = back->most;
        view->back_at = (struct fw_view_place){p->path, back->at};
    }
}

void fw_habits_view(struct fw_arena *arena, const struct fw_habits_part *parts, size_t n,
                    struct fw_source_view *view)
{
    for (size_t s = 0; s < FW_SERIAL_STREAMS; s++) {
        struct stream stream = {.end = INT64_MIN};
        for (size_t i = 0; i < n; i++) {
            add_file(&stream, &parts[i].source->serials[s], &parts[i]);
        }
        if (stream.sum.present > 0) {
            add_stream(view, &stream);
        }
    }
    for (size_t i = 0; i < n; i++) {
        if (parts[i].part) {
            add_back(view, &parts[i]);
        }
    }
    fw_rotated_add(arena, parts, n, view);
    add_steps(arena, parts, n, view);
    add_dns(arena, parts, n, view);
}

void fw_habits_add(struct fw_loss_summary *loss, struct fw_view_place *loss_at,
                   struct fw_session_summary *sessions, const struct fw_summary_source *source,
                   fw_sv path)
{
    const struct fw_loss_summary *from = &source->loss;
    if (from->messages > 0 && (loss->messages == 0 || fw_sv_cmp(path, loss_at->path) < 0)) {
        loss->first = from->first;
        *loss_at = (struct fw_view_place){path, from->first_at};
    }
    loss->lines += from->lines;
    loss->messages += from->messages;
    loss->lost += from->lost;
    sessions->started += source->sessions.started;
    sessions->ended += source->sessions.ended;
    sessions->timed += source->sessions.timed;
}
