/*
 * From ranks back to what a rule would say: the sets of addresses, numbers and names that a box
 * stands for, exactly. A set that is everything a packet can have is no set at all ("any").
 */
#include "policy/difference_impl.h"

#include <stdlib.h>
#include <string.h>

#include "core/proto.h"
#include "policy/space_impl.h"

static const struct fw_ipset *ips_of(const struct fw_space *space, struct fw_arena *arena,
                                     enum fw_axis_id id, const struct fw_side *side)
{
    const struct fw_axis *axis = &space->axes[id];
    struct fw_interval room;
    const struct fw_interval *cells;
    uint32_t n = fw_side_intervals(side, &cells, &room);
    if (n == 1 && cells[0].lo == 0 && cells[0].hi == axis->n - 1) {
        return NULL;
    }
    fw_iprange *v = fw_new_array(arena, (size_t)n + 1, fw_iprange);
    size_t m = 0;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t lo = cells[i].lo;
        while (lo <= cells[i].hi) { /* an interval may go from one family into the other */
            uint32_t hi = cells[i].hi;
            hi = lo < axis->first6 && hi >= axis->first6 ? axis->first6 - 1 : hi;
            bool last = hi + 1 == axis->n || hi + 1 == axis->first6;
            fw_ip end = last ? fw_ip_last((enum fw_family)axis->ips[lo].family)
                             : fw_ip_prev(axis->ips[hi + 1]);
            v[m++] = (fw_iprange){axis->ips[lo], end};
            lo = hi + 1;
        }
    }
    return fw_ipset_make(arena, v, m);
}

/* Which pieces of a dimension whose order means nothing lie on the side. */
static bool *pieces_on(const struct fw_axis *axis, struct fw_arena *arena,
                       const struct fw_side *side, uint32_t *ret_n)
{
    bool *on = fw_new_array(arena, (size_t)axis->n + 1, bool);
    *ret_n = 0;
    for (uint32_t i = 0; i < axis->n; i++) {
        on[i] = fw_side_has(side, axis->rank_of ? axis->rank_of[i] : i);
        *ret_n += on[i];
    }
    return on;
}

static bool holds_all(const struct fw_space *space, struct fw_scratch *scratch, enum fw_axis_id id,
                      const struct fw_side *sides)
{
    int src = space->slot[FW_AXIS_src];
    struct fw_side *all = fw_scratch_alloc(scratch, (space->n + 1) * sizeof(*all));
    for (unsigned family = FW_FAMILY_BIT4; family <= FW_FAMILY_BIT6; family <<= 1) {
        bool concerned = fw_space_box(space, scratch, NULL, family, all) &&
                         (src < 0 || fw_side_overlaps(&all[src], &sides[src]));
        if (concerned && !fw_side_contains(&sides[space->slot[id]], &all[space->slot[id]])) {
            return false;
        }
    }
    return true;
}

/* All that packets of the box's families can have there. */
static bool is_whole(const struct fw_space *space, enum fw_axis_id id, const struct fw_side *sides)
{
    struct fw_scratch scratch;
    struct fw_guard guard;
    fw_scratch_init(&scratch, 1 << 20);
    scratch.guard = &guard;
    bool whole = setjmp(guard.jump) == 0 && holds_all(space, &scratch, id, sides);
    fw_scratch_clear(&scratch);
    return whole;
}

/* The box has no packet of the family. */
static bool is_absent(const struct fw_space *space, unsigned family, const struct fw_side *sides)
{
    int src = space->slot[FW_AXIS_src];
    uint32_t first6 = space->axes[FW_AXIS_src].first6;
    if (src < 0) {
        return (space->families & family) == 0;
    }
    return family == FW_FAMILY_BIT4 ? sides[src].lo >= first6 : sides[src].hi < first6;
}

static const struct fw_numset *nums_of(const struct fw_space *space, struct fw_arena *arena,
                                       enum fw_axis_id id, const struct fw_side *sides)
{
    const struct fw_axis *axis = &space->axes[id];
    uint32_t n;
    if (is_whole(space, id, sides)) {
        return NULL;
    }
    bool *on = pieces_on(axis, arena, &sides[space->slot[id]], &n);
    for (uint32_t i = 1; id == FW_AXIS_proto && i + 1 < axis->n; i++) {
        /* ICMP of the other family does not exist: no hole in what reads as a range */
        uint32_t only = axis->starts[i + 1] - axis->starts[i] == 1 ? axis->starts[i] : 0;
        bool gap = !on[i] && on[i - 1] && on[i + 1];
        bool absent = is_absent(space, only == FW_PROTO_ICMP ? FW_FAMILY_BIT4 : FW_FAMILY_BIT6,
                                sides);
        on[i] = on[i] || (gap && (only == FW_PROTO_ICMP || only == FW_PROTO_ICMP6) && absent);
    }
    struct fw_numrange *v = fw_new_array(arena, (size_t)axis->n + 1, struct fw_numrange);
    size_t m = 0;
    for (uint32_t i = 0; i < axis->n; i++) {
        if (on[i]) {
            uint32_t end = i + 1 < axis->n ? axis->starts[i + 1] - 1 : fw_axis_traits[id].last;
            v[m++] = (struct fw_numrange){axis->starts[i], end};
        }
    }
    return fw_numset_make(arena, v, m);
}

void fw_space_term(const struct fw_space *space, struct fw_arena *arena,
                   const struct fw_side *sides, struct fw_term *ret)
{
#define AS_IP(name) \
    ret->name = space->slot[FW_AXIS_##name] < 0 \
                    ? NULL \
                    : ips_of(space, arena, FW_AXIS_##name, &sides[space->slot[FW_AXIS_##name]]);
#define AS_NUM(name) \
    ret->name = space->slot[FW_AXIS_##name] < 0 ? NULL \
                                                : nums_of(space, arena, FW_AXIS_##name, sides);
#define AS_NAME(name) ret->name = NULL;
#define FW_DIM(name, kind, key) AS_##kind(name)
    *ret = (struct fw_term){0};
#include "policy/dims.def"
#undef FW_DIM
}

/* The patterns that rules use for names, each once, with the pieces it covers. */
struct pattern {
    fw_sv text;
    bool *covers;
    uint32_t n;
};

struct patterns {
    size_t n;
    struct pattern *v;
};

static void add_pattern(struct fw_arena *arena, const struct fw_axis *axis, struct patterns *to,
                        fw_sv text)
{
    struct pattern pattern = {.text = text};
    for (size_t i = 0; i < to->n; i++) {
        if (fw_sv_eq(to->v[i].text, text)) {
            return;
        }
    }
    pattern.covers = fw_new_array(arena, (size_t)axis->n + 1, bool);
    for (uint32_t i = 0; i < axis->n; i++) {
        fw_sv name = axis->names[i];
        bool matches = name.n == 0 || text.n == 0 ? name.n == text.n : fw_name_matches(text, name);
        pattern.covers[i] = matches;
        pattern.n += matches;
    }
    if (pattern.n > 0) {
        to->v = fw_arena_push(arena, to->v, to->n, sizeof(pattern));
        to->v[to->n++] = pattern;
    }
}

static int by_text(const void *left, const void *right)
{
    return fw_sv_cmp(((const struct pattern *)left)->text, ((const struct pattern *)right)->text);
}

static void find_patterns(struct fw_arena *arena, const struct fw_axis *axis, struct patterns *ret)
{
    *ret = (struct patterns){0};
    for (size_t s = 0; s < axis->sets.n; s++) {
        const struct fw_nameset *set = axis->sets.v[s];
        for (size_t i = 0; i < set->n; i++) {
            add_pattern(arena, axis, ret, set->v[i]);
        }
    }
    add_pattern(arena, axis, ret, FW_SV("+"));
    add_pattern(arena, axis, ret, FW_SV(""));
    if (ret->n > 0) {
        qsort(ret->v, ret->n, sizeof(*ret->v), by_text);
    }
}

/* Patterns that together are exactly these pieces, the wide ones first; false: there are none. */
static bool express(struct fw_arena *arena, const struct fw_axis *axis,
                    const struct patterns *patterns, const bool *on, uint32_t n, size_t *ret_n,
                    const fw_sv **ret)
{
    bool *done = fw_new_array(arena, (size_t)axis->n + 1, bool);
    fw_sv *v = fw_new_array(arena, patterns->n + 1, fw_sv);
    size_t m = 0;
    uint32_t left = n;
    while (left > 0) {
        const struct pattern *best = NULL;
        for (size_t p = 0; p < patterns->n; p++) {
            const struct pattern *pattern = &patterns->v[p];
            bool fits = true;
            bool adds = false;
            for (uint32_t i = 0; i < axis->n && fits; i++) {
                fits = !pattern->covers[i] || on[i];
                adds = adds || (pattern->covers[i] && !done[i]);
            }
            if (fits && adds && (!best || pattern->n > best->n)) {
                best = pattern;
            }
        }
        if (!best) {
            return false;
        }
        v[m++] = best->text;
        for (uint32_t i = 0; i < axis->n; i++) {
            left -= best->covers[i] && !done[i];
            done[i] = done[i] || best->covers[i];
        }
    }
    *ret_n = m;
    *ret = v;
    return true;
}

/* What belongs to a pattern and to none within it; or to no pattern at all. */
static struct fw_names own_part(struct fw_arena *arena, const struct fw_axis *axis,
                                const struct patterns *patterns, uint32_t piece)
{
    const struct pattern *least = NULL;
    for (size_t p = 0; p < patterns->n; p++) {
        const struct pattern *pattern = &patterns->v[p];
        if (pattern->covers[piece] && (!least || pattern->n < least->n)) {
            least = pattern;
        }
    }
    struct fw_names names = {0};
    fw_sv *some = fw_new_array(arena, 1, fw_sv);
    fw_sv *none = fw_new_array(arena, patterns->n + 1, fw_sv);
    if (least) {
        some[names.nsome++] = least->text;
    }
    for (size_t p = 0; p < patterns->n; p++) {
        const struct pattern *pattern = &patterns->v[p];
        bool within = !pattern->covers[piece] && pattern != least;
        for (uint32_t i = 0; i < axis->n && within && least; i++) {
            within = !pattern->covers[i] || least->covers[i];
        }
        if (within) {
            none[names.nnone++] = pattern->text;
        }
    }
    names.some = some;
    names.none = none;
    return names;
}

size_t fw_space_names_of(const struct fw_space *space, struct fw_arena *arena, enum fw_axis_id id,
                         const struct fw_side *sides, struct fw_names **ret)
{
    const struct fw_axis *axis = &space->axes[id];
    struct patterns patterns;
    uint32_t n = 0;
    if (space->slot[id] < 0) {
        *ret = fw_new(arena, struct fw_names);
        return 1;
    }
    bool *on = pieces_on(axis, arena, &sides[space->slot[id]], &n);
    bool *off = fw_new_array(arena, (size_t)axis->n + 1, bool);
    for (uint32_t i = 0; i < axis->n; i++) {
        off[i] = !on[i];
    }
    struct fw_names *v = fw_new_array(arena, (size_t)n + 1, struct fw_names);
    *ret = v;
    if (n == axis->n) {
        return 1;
    }
    find_patterns(arena, axis, &patterns);
    if (express(arena, axis, &patterns, on, n, &v->nsome, &v->some) ||
        express(arena, axis, &patterns, off, axis->n - n, &v->nnone, &v->none)) {
        return 1;
    }
    size_t m = 0;
    bool *told = fw_new_array(arena, (size_t)axis->n + 1, bool);
    for (uint32_t i = 0; i < axis->n; i++) {
        if (!on[i] || told[i]) {
            continue;
        }
        /* neighbours that no pattern tells apart belong to one expression */
        for (uint32_t k = i; k < axis->n; k++) {
            bool alike = on[k];
            for (size_t p = 0; p < patterns.n && alike; p++) {
                alike = patterns.v[p].covers[i] == patterns.v[p].covers[k];
            }
            told[k] = told[k] || alike;
        }
        v[m++] = own_part(arena, axis, &patterns, i);
    }
    return m;
}
