/* Set algebra on sorted ranges of 32-bit numbers: every operation is one merge. */
#include "core/numset.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "core/search.h"

static const struct fw_numset *wrap(struct fw_arena *arena, const struct fw_numrange *v, size_t n)
{
    struct fw_numset *set = fw_new(arena, struct fw_numset);
    set->n = n;
    set->v = v;
    return set;
}

static int by_lo(const void *a, const void *b)
{
    const struct fw_numrange *x = a;
    const struct fw_numrange *y = b;
    return (x->lo > y->lo) - (x->lo < y->lo);
}

/* Appends a range whose lo is not below the last one's; joins what touches. */
static size_t append(struct fw_numrange *v, size_t n, struct fw_numrange range)
{
    if (n > 0 && (v[n - 1].hi == UINT32_MAX || range.lo <= v[n - 1].hi + 1)) {
        if (range.hi > v[n - 1].hi) {
            v[n - 1].hi = range.hi;
        }
        return n;
    }
    v[n] = range;
    return n + 1;
}

const struct fw_numset *fw_numset_make(struct fw_arena *arena, const struct fw_numrange *v,
                                       size_t n)
{
    struct fw_numrange *out = fw_new_array(arena, n, struct fw_numrange);
    size_t count = 0;
    if (n > 0) {
        memcpy(out, v, n * sizeof(*v));
        qsort(out, n, sizeof(*out), by_lo);
    }
    for (size_t i = 0; i < n; i++) {
        assert(out[i].lo <= out[i].hi);
        count = append(out, count, out[i]);
    }
    return wrap(arena, out, count);
}

const struct fw_numset *fw_numset_range(struct fw_arena *arena, uint32_t lo, uint32_t hi)
{
    struct fw_numrange range = {lo, hi};
    return fw_numset_make(arena, &range, 1);
}

const struct fw_numset *fw_numset_masked(struct fw_arena *arena, uint32_t mask, uint32_t value)
{
    struct fw_numrange v[UINT8_MAX + 1];
    size_t n = 0;
    for (uint32_t byte = 0; byte <= UINT8_MAX; byte++) {
        if ((byte & mask) == value) {
            v[n++] = (struct fw_numrange){byte, byte};
        }
    }
    return fw_numset_make(arena, v, n);
}

const struct fw_numset *fw_numset_union(struct fw_arena *arena, const struct fw_numset *a,
                                        const struct fw_numset *b)
{
    if (a->n == 0 || a == b) {
        return b;
    }
    if (b->n == 0) {
        return a;
    }
    struct fw_numrange *out = fw_new_array(arena, a->n + b->n, struct fw_numrange);
    size_t n = 0;
    size_t i = 0;
    size_t j = 0;
    while (i < a->n || j < b->n) {
        bool from_a = j == b->n || (i < a->n && a->v[i].lo <= b->v[j].lo);
        n = append(out, n, from_a ? a->v[i++] : b->v[j++]);
    }
    return wrap(arena, out, n);
}

const struct fw_numset *fw_numset_intersect(struct fw_arena *arena, const struct fw_numset *a,
                                            const struct fw_numset *b)
{
    if (a->n == 0 || a == b) {
        return a;
    }
    if (b->n == 0) {
        return b;
    }
    struct fw_numrange *out = fw_new_array(arena, a->n + b->n, struct fw_numrange);
    size_t n = 0;
    size_t i = 0;
    size_t j = 0;
    while (i < a->n && j < b->n) {
        uint32_t lo = a->v[i].lo > b->v[j].lo ? a->v[i].lo : b->v[j].lo;
        uint32_t hi = a->v[i].hi < b->v[j].hi ? a->v[i].hi : b->v[j].hi;
        if (lo <= hi) {
            out[n++] = (struct fw_numrange){lo, hi};
        }
        if (a->v[i].hi < b->v[j].hi) {
            i++;
        } else {
            j++;
        }
    }
    return wrap(arena, out, n);
}

const struct fw_numset *fw_numset_complement(struct fw_arena *arena, const struct fw_numset *a,
                                             uint32_t max)
{
    struct fw_numrange *out = fw_new_array(arena, a->n + 1, struct fw_numrange);
    size_t n = 0;
    uint32_t from = 0; /* the lowest number not yet decided */
    for (size_t i = 0; i < a->n; i++) {
        if (a->v[i].lo > max) {
            break;
        }
        if (a->v[i].lo > from) {
            out[n++] = (struct fw_numrange){from, a->v[i].lo - 1};
        }
        if (a->v[i].hi >= max) {
            return wrap(arena, out, n);
        }
        from = a->v[i].hi + 1;
    }
    out[n++] = (struct fw_numrange){from, max};
    return wrap(arena, out, n);
}

bool fw_numset_has(const struct fw_numset *set, uint32_t value)
{
    size_t lo;
    FW_SEARCH(lo, set->n, set->v[lo].hi < value);
    return lo < set->n && set->v[lo].lo <= value;
}

bool fw_numset_overlaps(const struct fw_numset *a, const struct fw_numset *b)
{
    for (size_t i = 0, k = 0; i < a->n && k < b->n;) {
        if (a->v[i].hi < b->v[k].lo) {
            i++;
        } else if (b->v[k].hi < a->v[i].lo) {
            k++;
        } else {
            return true;
        }
    }
    return false;
}

bool fw_numset_eq(const struct fw_numset *a, const struct fw_numset *b)
{
    return a == b ||
           (a->n == b->n && (a->n == 0 || memcmp(a->v, b->v, a->n * sizeof(a->v[0])) == 0));
}

bool fw_numset_contains(const struct fw_numset *a, const struct fw_numset *b)
{
    size_t i = 0;
    for (size_t j = 0; j < b->n; j++) {
        while (i < a->n && a->v[i].hi < b->v[j].lo) {
            i++;
        }
        if (i == a->n || a->v[i].lo > b->v[j].lo || a->v[i].hi < b->v[j].hi) {
            return false;
        }
    }
    return true;
}

uint64_t fw_numset_size(const struct fw_numset *set)
{
    uint64_t size = 0;
    for (size_t i = 0; i < set->n; i++) {
        size += (uint64_t)set->v[i].hi - set->v[i].lo + 1;
    }
    return size;
}

bool fw_numset_parse(struct fw_arena *arena, fw_sv text, uint32_t max, const struct fw_numset **ret)
{
    struct fw_numrange *v = NULL;
    size_t n = 0;
    fw_sv part;
    while (fw_sv_split(&text, ',', &part)) {
        struct fw_numrange range;
        part = fw_sv_trim(part);
        size_t dash = fw_sv_find_char(part, '-');
        fw_sv lo = dash == SIZE_MAX ? part : fw_sv_trim(fw_sv_sub(part, 0, dash));
        fw_sv hi = dash == SIZE_MAX ? part : fw_sv_trim(fw_sv_sub(part, dash + 1, part.n));
        if (!fw_sv_u32(lo, max, &range.lo) || !fw_sv_u32(hi, max, &range.hi) ||
            range.lo > range.hi) {
            return false;
        }
        v = fw_arena_push(arena, v, n, sizeof(*v));
        v[n++] = range;
    }
    *ret = fw_numset_make(arena, v, n);
    return n > 0;
}
