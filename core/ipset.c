/* Set algebra on sorted ranges of addresses: every operation is one merge. */
#include "core/ip.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "core/search.h"

static const struct fw_ipset *wrap(struct fw_arena *arena, const fw_iprange *v, size_t n)
{
    struct fw_ipset *set = fw_new(arena, struct fw_ipset);
    set->n = n;
    set->v = v;
    return set;
}

static int by_lo(const void *a, const void *b)
{
    return fw_ip_cmp(((const fw_iprange *)a)->lo, ((const fw_iprange *)b)->lo);
}

static bool is_last(fw_ip ip)
{
    return fw_ip_eq(ip, fw_ip_last((enum fw_family)ip.family));
}

/* Whether b, which does not start before a, overlaps it or follows it without a hole. */
static bool touches(fw_iprange a, fw_iprange b)
{
    return a.lo.family == b.lo.family &&
           (fw_ip_cmp(b.lo, a.hi) <= 0 || (!is_last(a.hi) && fw_ip_eq(fw_ip_next(a.hi), b.lo)));
}

/* Appends a range whose lo is not below the last one's; joins what touches. */
static size_t append(fw_iprange *v, size_t n, fw_iprange range)
{
    if (n > 0 && touches(v[n - 1], range)) {
        if (fw_ip_cmp(range.hi, v[n - 1].hi) > 0) {
            v[n - 1].hi = range.hi;
        }
        return n;
    }
    v[n] = range;
    return n + 1;
}

const struct fw_ipset *fw_ipset_make(struct fw_arena *arena, const fw_iprange *v, size_t n)
{
    fw_iprange *out = fw_new_array(arena, n, fw_iprange);
    size_t count = 0;
    if (n > 0) {
        memcpy(out, v, n * sizeof(*v));
        qsort(out, n, sizeof(*out), by_lo);
    }
    for (size_t i = 0; i < n; i++) {
        assert(out[i].lo.family == out[i].hi.family && fw_ip_cmp(out[i].lo, out[i].hi) <= 0);
        count = append(out, count, out[i]);
    }
    return wrap(arena, out, count);
}

const struct fw_ipset *fw_ipset_union(struct fw_arena *arena, const struct fw_ipset *a,
                                      const struct fw_ipset *b)
{
    if (a->n == 0 || a == b) {
        return b;
    }
    if (b->n == 0) {
        return a;
    }
    fw_iprange *out = fw_new_array(arena, a->n + b->n, fw_iprange);
    size_t n = 0;
    size_t i = 0;
    size_t j = 0;
    while (i < a->n || j < b->n) {
        bool from_a = j == b->n || (i < a->n && fw_ip_cmp(a->v[i].lo, b->v[j].lo) <= 0);
        n = append(out, n, from_a ? a->v[i++] : b->v[j++]);
    }
    return wrap(arena, out, n);
}

static fw_ip greater(fw_ip a, fw_ip b)
{
    return fw_ip_cmp(a, b) >= 0 ? a : b;
}

static fw_ip lesser(fw_ip a, fw_ip b)
{
    return fw_ip_cmp(a, b) <= 0 ? a : b;
}

const struct fw_ipset *fw_ipset_intersect(struct fw_arena *arena, const struct fw_ipset *a,
                                          const struct fw_ipset *b)
{
    if (a->n == 0 || a == b) {
        return a;
    }
    if (b->n == 0) {
        return b;
    }
    fw_iprange *out = fw_new_array(arena, a->n + b->n, fw_iprange);
    size_t n = 0;
    size_t i = 0;
    size_t j = 0;
    while (i < a->n && j < b->n) {
        /* Family comes first in the order, so ranges of two families never meet: lo > hi. */
        fw_ip lo = greater(a->v[i].lo, b->v[j].lo);
        fw_ip hi = lesser(a->v[i].hi, b->v[j].hi);
        if (fw_ip_cmp(lo, hi) <= 0) {
            out[n++] = (fw_iprange){lo, hi};
        }
        if (fw_ip_cmp(a->v[i].hi, b->v[j].hi) < 0) {
            i++;
        } else {
            j++;
        }
    }
    return wrap(arena, out, n);
}

/* What of one family is not in v[0..n), which has that family only. */
static size_t add_holes(fw_iprange *out, size_t count, enum fw_family family, const fw_iprange *v,
                        size_t n)
{
    fw_ip from = fw_ip_first(family); /* the lowest address not yet decided */
    for (size_t i = 0; i < n; i++) {
        if (fw_ip_cmp(v[i].lo, from) > 0) {
            out[count++] = (fw_iprange){from, fw_ip_prev(v[i].lo)};
        }
        if (is_last(v[i].hi)) {
            return count;
        }
        from = fw_ip_next(v[i].hi);
    }
    out[count++] = (fw_iprange){from, fw_ip_last(family)};
    return count;
}

/* Number of ranges of IPv4: they come first. */
static size_t count_ip4(const struct fw_ipset *set)
{
    size_t lo;
    FW_SEARCH(lo, set->n, set->v[lo].lo.family == FW_IPV4);
    return lo;
}

const struct fw_ipset *fw_ipset_complement(struct fw_arena *arena, const struct fw_ipset *a,
                                           unsigned families)
{
    fw_iprange *out = fw_new_array(arena, a->n + 2, fw_iprange);
    size_t n4 = count_ip4(a);
    size_t n = 0;
    if (families & FW_FAMILY_BIT4) {
        n = add_holes(out, n, FW_IPV4, a->v, n4);
    }
    if (families & FW_FAMILY_BIT6) {
        n = add_holes(out, n, FW_IPV6, n4 < a->n ? a->v + n4 : NULL, a->n - n4);
    }
    return wrap(arena, out, n);
}

const struct fw_ipset *fw_ipset_all(struct fw_arena *arena, unsigned families)
{
    static const struct fw_ipset none;
    return fw_ipset_complement(arena, &none, families);
}

/* The first range that does not end before the address; set->n when there is none. */
static size_t first_ending_at(const struct fw_ipset *set, fw_ip ip)
{
    size_t lo;
    FW_SEARCH(lo, set->n, fw_ip_cmp(set->v[lo].hi, ip) < 0);
    return lo;
}

bool fw_ipset_has(const struct fw_ipset *set, fw_ip ip)
{
    size_t i = first_ending_at(set, ip);
    return i < set->n && fw_iprange_has(set->v[i], ip);
}

/* The ranges of the smaller set are looked up in the larger: lists of thousands meet hosts. */
bool fw_ipset_overlaps(const struct fw_ipset *a, const struct fw_ipset *b)
{
    if (a == b) {
        return a->n > 0;
    }
    const struct fw_ipset *few = a->n <= b->n ? a : b;
    const struct fw_ipset *many = few == a ? b : a;
    for (size_t i = 0; i < few->n; i++) {
        size_t k = first_ending_at(many, few->v[i].lo);
        if (k < many->n && fw_ip_cmp(many->v[k].lo, few->v[i].hi) <= 0) {
            return true;
        }
    }
    return false;
}

bool fw_ipset_eq(const struct fw_ipset *a, const struct fw_ipset *b)
{
    if (a == b) {
        return true;
    }
    if (a->n != b->n) {
        return false;
    }
    for (size_t i = 0; i < a->n; i++) { /* not memcmp: fw_ip has padding */
        if (!fw_ip_eq(a->v[i].lo, b->v[i].lo) || !fw_ip_eq(a->v[i].hi, b->v[i].hi)) {
            return false;
        }
    }
    return true;
}

bool fw_ipset_contains(const struct fw_ipset *a, const struct fw_ipset *b)
{
    size_t i = 0;
    for (size_t j = 0; j < b->n; j++) {
        while (i < a->n && fw_ip_cmp(a->v[i].hi, b->v[j].lo) < 0) {
            i++;
        }
        if (i == a->n || fw_ip_cmp(a->v[i].lo, b->v[j].lo) > 0 ||
            fw_ip_cmp(a->v[i].hi, b->v[j].hi) < 0) {
            return false;
        }
    }
    return true;
}

unsigned fw_ipset_families(const struct fw_ipset *set)
{
    size_t n4 = count_ip4(set);
    return (n4 > 0 ? FW_FAMILY_BIT4 : 0u) | (n4 < set->n ? FW_FAMILY_BIT6 : 0u);
}

double fw_ipset_size(const struct fw_ipset *set)
{
    double size = 0;
    for (size_t i = 0; i < set->n; i++) {
        fw_ip lo = set->v[i].lo;
        fw_ip hi = set->v[i].hi;
        uint64_t high = hi.hi - lo.hi - (hi.lo < lo.lo); /* 128-bit difference, with borrow */
        uint64_t low = hi.lo - lo.lo;
        size += (double)high * 18446744073709551616.0 + (double)low + 1;
    }
    return size;
}
