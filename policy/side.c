/* Set algebra of ranks: sorted intervals, with the one-interval case kept fast in the header. */
#include "policy/side.h"

#include <stdlib.h>

#include "core/search.h"

void *fw_side_alloc_arena(void *arena, size_t size)
{
    return fw_arena_alloc(arena, size);
}

void *fw_side_alloc_scratch(void *scratch, size_t size)
{
    return fw_scratch_alloc(scratch, size);
}

uint32_t fw_side_intervals(const struct fw_side *side, const struct fw_interval **ret,
                           struct fw_interval *room)
{
    if (side->cells) {
        *ret = side->cells->v;
        return side->cells->n;
    }
    *room = (struct fw_interval){side->lo, side->hi};
    *ret = room;
    return 1;
}

/* The first interval that ends at or after the rank; cells->n when none does. */
static uint32_t first_ending_at(const struct fw_cells *cells, uint32_t rank)
{
    size_t at;
    FW_SEARCH(at, cells->n, cells->v[at].hi < rank);
    return (uint32_t)at;
}

bool fw_side_has_slow(const struct fw_side *side, uint32_t rank)
{
    uint32_t i = first_ending_at(side->cells, rank);
    return i < side->cells->n && side->cells->v[i].lo <= rank;
}

static bool cells_overlap_interval(const struct fw_cells *cells, uint32_t lo, uint32_t hi)
{
    uint32_t i = first_ending_at(cells, lo);
    return i < cells->n && cells->v[i].lo <= hi;
}

bool fw_side_overlaps_slow(const struct fw_side *a, const struct fw_side *b)
{
    if (!a->cells) {
        return cells_overlap_interval(b->cells, a->lo, a->hi);
    }
    if (!b->cells) {
        return cells_overlap_interval(a->cells, b->lo, b->hi);
    }
    const struct fw_cells *few = a->cells->n <= b->cells->n ? a->cells : b->cells;
    const struct fw_cells *many = few == a->cells ? b->cells : a->cells;
    for (uint32_t i = 0; i < few->n; i++) {
        if (cells_overlap_interval(many, few->v[i].lo, few->v[i].hi)) {
            return true;
        }
    }
    return false;
}

bool fw_side_contains_slow(const struct fw_side *a, const struct fw_side *b)
{
    struct fw_interval room;
    const struct fw_interval *v;
    uint32_t n = fw_side_intervals(b, &v, &room);
    for (uint32_t i = 0; i < n; i++) {
        uint32_t k = first_ending_at(a->cells, v[i].lo);
        if (k == a->cells->n || a->cells->v[k].lo > v[i].lo || a->cells->v[k].hi < v[i].hi) {
            return false;
        }
    }
    return true;
}

static int by_lo(const void *left, const void *right)
{
    const struct fw_interval *a = left;
    const struct fw_interval *b = right;
    return (a->lo > b->lo) - (a->lo < b->lo);
}

bool fw_side_make(struct fw_interval *v, size_t n, void *(*alloc)(void *memory, size_t size),
                  void *memory, struct fw_side *ret)
{
    if (n == 0) {
        return false;
    }
    qsort(v, n, sizeof(*v), by_lo);
    size_t last = 0;
    for (size_t i = 1; i < n; i++) {
        if (v[i].lo <= v[last].hi || v[i].lo - v[last].hi == 1) {
            v[last].hi = v[i].hi > v[last].hi ? v[i].hi : v[last].hi;
        } else {
            v[++last] = v[i];
        }
    }
    *ret = fw_side_of(v[0].lo, v[last].hi);
    if (last > 0) {
        struct fw_cells *cells = alloc(memory, sizeof(*cells) + (last + 1) * sizeof(*v));
        cells->n = (uint32_t)(last + 1);
        memcpy(cells->v, v, (last + 1) * sizeof(*v));
        ret->cells = cells;
    }
    return true;
}

/* Room for so many intervals at the end of the scratch. */
static struct fw_cells *begin(struct fw_scratch *scratch, size_t most)
{
    struct fw_cells *cells = fw_scratch_alloc(scratch, sizeof(*cells) + most * sizeof(cells->v[0]));
    cells->n = 0;
    return cells;
}

/* What was built at the end of the scratch becomes a side; false when it is empty. */
static bool finish(struct fw_scratch *scratch, struct fw_cells *cells, struct fw_side *ret)
{
    if (cells->n == 0) {
        return false;
    }
    *ret = fw_side_of(cells->v[0].lo, cells->v[cells->n - 1].hi);
    fw_scratch_trim(scratch, cells, sizeof(*cells) + cells->n * sizeof(cells->v[0]));
    if (cells->n > 1) {
        ret->cells = cells;
    }
    return true;
}

bool fw_side_intersect(struct fw_scratch *scratch, const struct fw_side *a, const struct fw_side *b,
                       struct fw_side *ret)
{
    if (!a->cells && !b->cells) {
        uint32_t lo = a->lo > b->lo ? a->lo : b->lo;
        uint32_t hi = a->hi < b->hi ? a->hi : b->hi;
        *ret = fw_side_of(lo, hi);
        return lo <= hi;
    }
    if (fw_side_contains(a, b)) {
        *ret = *b;
        return true;
    }
    if (fw_side_contains(b, a)) {
        *ret = *a;
        return true;
    }
    struct fw_interval room[2];
    const struct fw_interval *v;
    const struct fw_interval *w;
    uint32_t n = fw_side_intervals(a, &v, &room[0]);
    uint32_t m = fw_side_intervals(b, &w, &room[1]);
    struct fw_cells *cells = begin(scratch, (size_t)n + m);
    uint32_t i = a->cells ? first_ending_at(a->cells, b->lo) : 0;
    uint32_t k = b->cells ? first_ending_at(b->cells, a->lo) : 0;
    while (i < n && k < m) {
        uint32_t lo = v[i].lo > w[k].lo ? v[i].lo : w[k].lo;
        uint32_t hi = v[i].hi < w[k].hi ? v[i].hi : w[k].hi;
        if (lo <= hi) {
            cells->v[cells->n++] = (struct fw_interval){lo, hi};
        }
        if (v[i].hi < w[k].hi) {
            i++;
        } else {
            k++;
        }
    }
    return finish(scratch, cells, ret);
}

bool fw_side_minus(struct fw_scratch *scratch, const struct fw_side *a, const struct fw_side *b,
                   struct fw_side *ret)
{
    if (!fw_side_overlaps(a, b)) {
        *ret = *a;
        return true;
    }
    if (!a->cells && !b->cells) { /* the common cases without memory */
        if (b->lo <= a->lo) {
            *ret = fw_side_of(b->hi + 1, a->hi);
            return b->hi < a->hi;
        }
        if (b->hi >= a->hi) {
            *ret = fw_side_of(a->lo, b->lo - 1);
            return true;
        }
    }
    struct fw_interval room[2];
    const struct fw_interval *v;
    const struct fw_interval *w;
    uint32_t n = fw_side_intervals(a, &v, &room[0]);
    uint32_t m = fw_side_intervals(b, &w, &room[1]);
    struct fw_cells *cells = begin(scratch, (size_t)n + m);
    uint32_t k = 0;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t from = v[i].lo;
        bool left = true; /* [from, v[i].hi] is still there */
        while (k < m && w[k].hi < from) {
            k++;
        }
        while (left && k < m && w[k].lo <= v[i].hi) {
            if (w[k].lo > from) {
                cells->v[cells->n++] = (struct fw_interval){from, w[k].lo - 1};
            }
            left = w[k].hi < v[i].hi;
            if (left) {
                from = w[k++].hi + 1;
            }
        }
        if (left) {
            cells->v[cells->n++] = (struct fw_interval){from, v[i].hi};
        }
    }
    return finish(scratch, cells, ret);
}

uint64_t fw_side_size(const struct fw_side *side)
{
    if (!side->cells) {
        return (uint64_t)side->hi - side->lo + 1;
    }
    uint64_t size = 0;
    for (uint32_t i = 0; i < side->cells->n; i++) {
        size += (uint64_t)side->cells->v[i].hi - side->cells->v[i].lo + 1;
    }
    return size;
}

uint32_t fw_side_at(const struct fw_side *side, uint64_t index)
{
    if (!side->cells) {
        return side->lo + (uint32_t)index;
    }
    for (uint32_t i = 0; i < side->cells->n; i++) {
        uint64_t size = (uint64_t)side->cells->v[i].hi - side->cells->v[i].lo + 1;
        if (index < size) {
            return side->cells->v[i].lo + (uint32_t)index;
        }
        index -= size;
    }
    return side->hi;
}
