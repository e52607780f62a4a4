/* Which connections stand in the logs of two devices, and how far apart? */
#include "analyzers/logs/paired.h"

#include <stdlib.h>

#include "core/limits.h"

/* Rows of one connection that are compared with each other: a busy pair of hosts that uses its
 * ports again and again says little. */
enum { SAME = 16 };

struct row {
    uint64_t key;
    int64_t first, last;
    uint32_t source;
};

struct match {
    uint32_t a, b;       /* sources; a < b */
    int64_t ns;          /* by a */
    int64_t first, last; /* how much later by a */
    bool whole_a, whole_b;
};

enum { ROWS = 2 * FW_LIMIT_PAIRED };

struct fw_pairing {
    struct row *v;
    size_t n;
    uint64_t below; /* keys from this one on were left out */
};

struct fw_pairing *fw_pairing_new(void)
{
    struct fw_pairing *pairing = calloc(1, sizeof(*pairing));
    if (pairing) {
        pairing->below = UINT64_MAX;
    }
    return pairing;
}

void fw_pairing_free(struct fw_pairing *pairing)
{
    if (pairing) {
        free(pairing->v);
        free(pairing);
    }
}

static int by_key(const void *left, const void *right)
{
    const struct row *a = left;
    const struct row *b = right;
    if (a->key != b->key) {
        return a->key < b->key ? -1 : 1;
    }
    if (a->source != b->source) {
        return a->source < b->source ? -1 : 1;
    }
    return (a->first > b->first) - (a->first < b->first);
}

/* All rows of a connection stay, or none. */
static void prune(struct fw_pairing *pairing)
{
    if (pairing->n > 0) {
        qsort(pairing->v, pairing->n, sizeof(*pairing->v), by_key);
    }
    if (pairing->n > FW_LIMIT_PAIRED) {
        size_t n = FW_LIMIT_PAIRED;
        pairing->below = pairing->v[n].key;
        while (n > 0 && pairing->v[n - 1].key == pairing->below) {
            n--;
        }
        pairing->n = n;
    }
}

void fw_pairing_add(struct fw_pairing *pairing, uint32_t source, const struct fw_contact_list *list,
                    const struct fw_resolution *res)
{
    if (list->n > 0 && !pairing->v) {
        pairing->v = malloc(ROWS * sizeof(*pairing->v));
    }
    for (size_t i = 0; pairing->v && i < list->n; i++) {
        if (list->v[i].key >= pairing->below) {
            continue;
        }
        if (pairing->n == ROWS) {
            prune(pairing);
        }
        pairing->v[pairing->n++] = (struct row){
            .key = list->v[i].key,
            .first = fw_resolve_time(res, list->v[i].first),
            .last = fw_resolve_time(res, list->v[i].last),
            .source = source,
        };
    }
}

static bool is_near(int64_t a, int64_t b)
{
    return a > b ? a - b <= FW_SKEW_WINDOW_NS : b - a <= FW_SKEW_WINDOW_NS;
}

struct matches {
    struct match *v;
    size_t n;
};

/* Rows of one connection, by source. What is beyond the limit is a matter of hashes, as what was
 * pruned is: those that stay are a fair sample, and results say how many they rest on. */
static void match_rows(const struct row *v, size_t n, struct matches *to)
{
    n = n < SAME ? n : SAME;
    for (size_t i = 0; i < n; i++) {
        for (size_t k = i + 1; k < n && to->n < FW_LIMIT_PAIRED; k++) {
            if (v[i].source != v[k].source && is_near(v[i].first, v[k].first)) {
                to->v[to->n++] = (struct match){
                    .a = v[i].source,
                    .b = v[k].source,
                    .ns = v[i].first,
                    .first = v[i].first - v[k].first,
                    .last = v[i].last - v[k].last,
                    .whole_a = v[i].first % FW_NS_PER_SEC == 0,
                    .whole_b = v[k].first % FW_NS_PER_SEC == 0,
                };
            }
        }
    }
}

static int by_sources(const void *left, const void *right)
{
    const struct match *x = left;
    const struct match *y = right;
    if (x->a != y->a) {
        return x->a < y->a ? -1 : 1;
    }
    if (x->b != y->b) {
        return x->b < y->b ? -1 : 1;
    }
    return (x->ns > y->ns) - (x->ns < y->ns);
}

/* Whole seconds are half a second early in the middle. */
static int64_t correction(bool whole_a, bool whole_b)
{
    return whole_a == whole_b ? 0 : whole_a ? FW_NS_PER_SEC / 2 : -FW_NS_PER_SEC / 2;
}

/* Some devices write when a connection begins, others when it ends, or both: the ends that agree
 * better are those that both wrote. */
static bool fit_pair(const struct match *v, size_t n, struct fw_arena *scratch,
                     struct fw_skew_fit *ret)
{
    struct fw_skew_point *points = fw_new_array(scratch, n, struct fw_skew_point);
    struct fw_skew_fit ends;
    bool whole_a = true;
    bool whole_b = true;
    for (size_t i = 0; i < n; i++) {
        whole_a = whole_a && v[i].whole_a;
        whole_b = whole_b && v[i].whole_b;
    }
    int64_t more = correction(whole_a, whole_b);
    for (size_t i = 0; i < n; i++) {
        points[i] = (struct fw_skew_point){v[i].ns, v[i].first + more};
    }
    bool begun = fw_skew_fit(points, n, whole_a || whole_b, scratch, ret);
    for (size_t i = 0; i < n; i++) {
        points[i] = (struct fw_skew_point){v[i].ns, v[i].last + more};
    }
    bool ended = fw_skew_fit(points, n, whole_a || whole_b, scratch, &ends);
    if (ended && (!begun || ends.within_ns < ret->within_ns)) {
        *ret = ends;
    }
    return begun || ended;
}

static void give(struct fw_arena *arena, struct fw_source_view *to,
                 const struct fw_source_view *other, const struct fw_skew_fit *fit, bool turned)
{
    struct fw_pair_skew *v = fw_arena_push(arena, (void *)(uintptr_t)to->pairs, to->npairs,
                                           sizeof(*v));
    v[to->npairs] = (struct fw_pair_skew){other->name, *fit};
    if (turned) {
        v[to->npairs].fit.offset_ns = -fit->offset_ns;
        v[to->npairs].fit.drift_ppm = -fit->drift_ppm;
    }
    to->npairs++;
    to->pairs = v;
}

void fw_pairing_measure(struct fw_pairing *pairing, struct fw_arena *arena,
                        struct fw_source_view *views, size_t n)
{
    struct matches matches = {.v = NULL};
    prune(pairing);
    matches.v = pairing->n > 0 ? malloc(FW_LIMIT_PAIRED * sizeof(*matches.v)) : NULL;
    for (size_t i = 0; matches.v && i < pairing->n;) {
        size_t end = i + 1;
        while (end < pairing->n && pairing->v[end].key == pairing->v[i].key) {
            end++;
        }
        match_rows(pairing->v + i, end - i, &matches);
        i = end;
    }
    if (matches.n > 0) {
        qsort(matches.v, matches.n, sizeof(*matches.v), by_sources);
    }
    for (size_t i = 0; i < matches.n;) {
        const struct match *v = &matches.v[i];
        size_t count = 1;
        while (i + count < matches.n && v[count].a == v->a && v[count].b == v->b) {
            count++;
        }
        i += count;
        struct fw_arena scratch;
        struct fw_skew_fit fit;
        fw_arena_init(&scratch, 0);
        /* The logs of one device, under two names, have one clock. */
        bool two = v->a < n && v->b < n &&
                   (views[v->a].device.n == 0 || !fw_sv_eq(views[v->a].device, views[v->b].device));
        if (two && fit_pair(v, count, &scratch, &fit)) {
            give(arena, &views[v->a], &views[v->b], &fit, false);
            give(arena, &views[v->b], &views[v->a], &fit, true);
        }
        fw_arena_clear(&scratch);
    }
    free(matches.v);
}
