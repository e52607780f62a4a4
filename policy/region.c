/* Literals as sorted lists, and what two regions have in common. */
#include "policy/region.h"

#include <string.h>

bool fw_literals_agree(const uint32_t *a, uint32_t na, const uint32_t *b, uint32_t nb)
{
    uint32_t i = 0;
    uint32_t k = 0;
    while (i < na && k < nb) {
        if (a[i] == (b[k] ^ 1)) {
            return false;
        }
        if (a[i] < b[k]) {
            i++;
        } else {
            k++;
        }
    }
    return true;
}

bool fw_literals_include(const uint32_t *a, uint32_t na, const uint32_t *b, uint32_t nb)
{
    uint32_t i = 0;
    for (uint32_t k = 0; k < nb; k++) {
        while (i < na && a[i] < b[k]) {
            i++;
        }
        if (i == na || a[i] != b[k]) {
            return false;
        }
    }
    return true;
}

bool fw_region_meet(struct fw_scratch *scratch, const struct fw_region *a,
                    const struct fw_region *b, unsigned n, struct fw_region *ret)
{
    if (!fw_literals_agree(a->literals, a->nliterals, b->literals, b->nliterals)) {
        return false;
    }
    struct fw_side *sides = fw_scratch_alloc(scratch, n * sizeof(*sides));
    for (unsigned i = 0; i < n; i++) {
        if (!fw_side_intersect(scratch, &a->sides[i], &b->sides[i], &sides[i])) {
            return false;
        }
    }
    *ret = (struct fw_region){sides, a->literals, a->nliterals};
    if (a->nliterals == 0) {
        ret->literals = b->literals;
        ret->nliterals = b->nliterals;
    } else if (b->nliterals > 0) {
        uint32_t *both = fw_scratch_alloc(scratch,
                                          ((size_t)a->nliterals + b->nliterals) * sizeof(*both));
        uint32_t i = 0;
        uint32_t k = 0;
        uint32_t m = 0;
        while (i < a->nliterals || k < b->nliterals) {
            bool from_a = k == b->nliterals ||
                          (i < a->nliterals && a->literals[i] <= b->literals[k]);
            uint32_t literal = from_a ? a->literals[i] : b->literals[k];
            i += i < a->nliterals && a->literals[i] == literal;
            k += k < b->nliterals && b->literals[k] == literal;
            both[m++] = literal;
        }
        ret->literals = both;
        ret->nliterals = m;
    }
    return true;
}

struct fw_region fw_region_assume(struct fw_scratch *scratch, const struct fw_region *region,
                                  uint32_t literal)
{
    uint32_t *v = fw_scratch_alloc(scratch, ((size_t)region->nliterals + 1) * sizeof(*v));
    uint32_t at = 0;
    while (at < region->nliterals && region->literals[at] < literal) {
        at++;
    }
    if (region->nliterals > 0) {
        memcpy(v, region->literals, at * sizeof(*v));
        memcpy(v + at + 1, region->literals + at, (region->nliterals - at) * sizeof(*v));
    }
    v[at] = literal;
    return (struct fw_region){region->sides, v, region->nliterals + 1};
}
