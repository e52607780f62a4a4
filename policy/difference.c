/*
 * How the comparison is made. Both policies become programs over one packet space; items that stand
 * in both in the same order are set aside. A packet that fares otherwise is decided by a changed
 * item in one of the two, or meets a changed skip: so only the boxes of changed items are looked
 * at. Each is taken apart along the boxes that overlap it until in every part each policy has one
 * answer. Parts whose answer belongs to another changed item are passed over (every packet is
 * looked at once), and so are parts in which both can only say the same.
 */
#include "policy/difference_impl.h"

#include <stdlib.h>
#include <string.h>

#include "core/limits.h"
#include "policy/cover.h"
#include "policy/tree.h"

enum {
    FEW_ROOTS = 32,         /* fewer are looked up without an index */
    CUT = 128,              /* more boxes than this are cut at a median */
    ROOTS_IN_FULL = 16,     /* hard ones; when these have used up their work, ... */
    LEAST_PER_ROOT = 10000, /* ... each other has this */
    ASKED = 256,            /* boxes whose edges a median is made of */
    DEPTH = 1000,           /* of the recursion */
    SCRATCH_BYTES = 1 << 30,
};

#define FATE_ELSEWHERE UINT32_MAX  /* another changed item's to look at */
#define FATE_SKIP (UINT32_MAX - 1) /* no fate: goes on at the item's end */

/* A box on the way of a packet through one policy. */
struct step {
    const struct fw_box *box;
    uint32_t item, fate;
};

struct path {
    size_t n;
    struct step *v;
};

/* What an item's boxes are to the root: its fate, or that it is somebody else's. */
static uint32_t fate_of(const struct fw_comparison *c, size_t side, const struct fw_box *box)
{
    const struct fw_item *item = &c->twins->programs[side].items[box->item];
    if (item->op == FW_OP_SKIP) {
        return FATE_SKIP;
    }
    bool of_skip = c->twins->programs[c->side].items[c->item].op == FW_OP_SKIP;
    if (of_skip || side != c->side) {
        /* changed items of the old policy are looked at first, then those of the new one */
        bool before = of_skip || side == 0;
        return before && c->alignment.changed[side][box->item] ? FATE_ELSEWHERE : item->fate;
    }
    return box == c->box ? item->fate : FATE_ELSEWHERE;
}

struct gathering {
    struct fw_scratch *scratch;
    struct fw_boxes hits;
};

static bool gather(void *context, const struct fw_box *box)
{
    struct gathering *g = context;
    fw_boxes_add(g->scratch, &g->hits, box);
    return true;
}

static int by_item(const void *left, const void *right)
{
    const struct fw_box *a = *(const struct fw_box *const *)left;
    const struct fw_box *b = *(const struct fw_box *const *)right;
    return (a->item > b->item) - (a->item < b->item);
}

struct growing {
    struct path path;
    size_t room;
};

static void add_step(struct fw_comparison *c, struct growing *g, struct step step)
{
    if (g->path.n == g->room) {
        g->room = g->room ? g->room * 2 : 32;
        struct step *v = fw_scratch_alloc(&c->scratch, g->room * sizeof(*v));
        if (g->path.n > 0) {
            memcpy(v, g->path.v, g->path.n * sizeof(*v));
        }
        g->path.v = v;
    }
    g->path.v[g->path.n++] = step;
}

/* The boxes of items from..to that overlap the region, in their order. */
static void add_items(struct fw_comparison *c, size_t side, const struct fw_region *region,
                      uint32_t from, uint32_t to, struct growing *g)
{
    const struct fw_program *program = &c->twins->programs[side];
    for (uint32_t i = from; i <= to; i++) {
        const struct fw_item *item = &program->items[i];
        for (uint32_t k = 0; k < item->nboxes && fw_item_decides(item); k++) {
            const struct fw_box *box = program->boxes[item->first_box + k];
            if (fw_box_overlaps(box, region, c->n)) {
                add_step(c, g, (struct step){box, i, fate_of(c, side, box)});
            }
        }
    }
}

/* Everything of one policy that is in the way of the region. */
static struct path path_of(struct fw_comparison *c, size_t side, const struct fw_region *region)
{
    const uint32_t last = c->twins->programs[side].nitems - 1;
    struct growing g = {{0}, 0};
    for (size_t i = 0; i < c->nlooked; i++) {
        if (fw_box_overlaps(c->looked[i], region, c->n)) {
            add_step(c, &g, (struct step){c->looked[i], 0, FATE_ELSEWHERE});
        }
    }
    if (!c->indexed) {
        add_items(c, side, region, 0, last, &g);
        return g.path;
    }
    struct gathering found = {.scratch = &c->scratch};
    const struct fw_search search = {
        .to = last, .kinds = FW_KINDS_ALL, .accept = gather, .context = &found};
    fw_tree_visit(&c->trees[side], region, &search);
    if (found.hits.n > 1) {
        qsort(found.hits.v, found.hits.n, sizeof(*found.hits.v), by_item);
    }
    for (size_t i = 0; i < found.hits.n; i++) {
        uint32_t item = found.hits.v[i]->item;
        if (i == 0 || item != found.hits.v[i - 1]->item) {
            add_items(c, side, region, item, item, &g);
        }
    }
    add_items(c, side, region, last, last, &g);
    return g.path;
}

/* The end of a path says the same as what stands right before it. */
static void trim_end(const struct fw_comparison *c, size_t side, struct path *path)
{
    while (path->n > 1) {
        struct step *last = &path->v[path->n - 1];
        const struct step *before = last - 1;
        bool idle = before->fate == FATE_SKIP &&
                    last->item >= c->twins->programs[side].items[before->item].end;
        if (!idle && before->fate != last->fate) {
            return;
        }
        path->v[path->n - 2] = *last;
        path->n--;
    }
}

/* What of a path is in the way of the region. It ends with a box that contains the region and that
 * no skip jumps over. */
static struct path narrow(struct fw_comparison *c, size_t side, const struct path *path,
                          const struct fw_region *region)
{
    struct path left = {0, fw_scratch_alloc(&c->scratch, path->n * sizeof(struct step))};
    uint32_t at = 0;   /* what lies before is skipped for sure */
    uint32_t open = 0; /* what lies before may be skipped */
    for (size_t i = 0; i < path->n; i++) {
        struct step step = path->v[i];
        if (step.item < at || !fw_box_overlaps(step.box, region, c->n)) {
            continue;
        }
        bool sure = step.item >= open && fw_box_contains(step.box, region, c->n);
        if (step.fate == FATE_SKIP) {
            uint32_t end = c->twins->programs[side].items[step.item].end;
            if (sure) {
                at = end;
                continue;
            }
            open = end > open ? end : open;
        }
        left.v[left.n++] = step;
        if (sure) {
            break;
        }
    }
    trim_end(c, side, &left);
    return left;
}

/* All fates on both paths are one, other items' aside: nothing can differ. */
static bool is_same(const struct path paths[2])
{
    uint32_t fate = FATE_ELSEWHERE;
    for (size_t side = 0; side < 2; side++) {
        for (size_t i = 0; i < paths[side].n; i++) {
            uint32_t here = paths[side].v[i].fate;
            if (here == FATE_SKIP || here == FATE_ELSEWHERE) {
                continue;
            }
            if (fate != FATE_ELSEWHERE && fate != here) {
                return false;
            }
            fate = here;
        }
    }
    return true;
}

static void keep_piece(struct fw_comparison *c, const struct fw_region *region,
                       const uint32_t *fates, bool vague)
{
    struct fw_piece piece = {.fates = {fates[0], fates[1]}, .vague = vague};
    piece.sides = fw_new_array(c->arena, c->n + 1, struct fw_side);
    for (unsigned i = 0; i < c->n; i++) {
        piece.sides[i] = region->sides[i];
        const struct fw_cells *cells = piece.sides[i].cells;
        if (cells && fw_scratch_owns(&c->scratch, cells)) {
            size_t size = sizeof(*cells) + cells->n * sizeof(cells->v[0]);
            struct fw_cells *kept = fw_arena_alloc(c->arena, size);
            memcpy(kept, cells, size);
            piece.sides[i].cells = kept;
        }
    }
    if (region->nliterals > 0) {
        uint32_t *literals = fw_new_array(c->arena, region->nliterals, uint32_t);
        memcpy(literals, region->literals, region->nliterals * sizeof(*literals));
        piece.literals = literals;
        piece.nliterals = region->nliterals;
    }
    c->pieces.v = fw_arena_push(c->arena, c->pieces.v, c->pieces.n, sizeof(piece));
    c->pieces.v[c->pieces.n++] = piece;
}

static unsigned sticks_out(const struct fw_comparison *c, const struct fw_box *box,
                           const struct fw_region *region)
{
    unsigned n = 0;
    for (unsigned i = 0; i < c->n; i++) {
        n += !fw_side_contains(&box->sides[i], &region->sides[i]);
    }
    for (uint32_t i = 0; i < box->nliterals; i++) {
        n += !fw_literals_include(region->literals, region->nliterals, &box->literals[i], 1);
    }
    return n;
}

/* Where the region is split: along the box that cuts it on the fewest sides, and largest there. */
static const struct fw_box *choose(const struct fw_comparison *c, const struct path paths[2],
                                   const struct fw_region *region)
{
    const struct fw_box *best = NULL;
    unsigned least = 0;
    double most = 0;
    for (size_t side = 0; side < 2; side++) {
        for (size_t i = 0; i < paths[side].n; i++) {
            const struct fw_box *box = paths[side].v[i].box;
            unsigned sticks = sticks_out(c, box, region);
            if (sticks == 0 || (best && sticks > least)) {
                continue;
            }
            double here = fw_box_part(box, region, c->n);
            if (!best || sticks < least || here > most) {
                best = box;
                least = sticks;
                most = here;
            }
        }
    }
    return best;
}

static int by_number(const void *left, const void *right)
{
    uint32_t a = *(const uint32_t *)left;
    uint32_t b = *(const uint32_t *)right;
    return (a > b) - (a < b);
}

static bool is_edge(const struct fw_side *here, const struct fw_side *of_box)
{
    return of_box->lo > here->lo || of_box->hi < here->hi;
}

/* Ports are a matter of protocols with ports, and so on: a region that holds other protocols too is
 * cut by protocol first. Every box that asks for ports is of such protocols only. */
static void cut_protocols(const struct fw_comparison *c, const struct path paths[2],
                          const struct fw_region *region, unsigned *axis, struct fw_side *cut)
{
    const struct fw_space *space = &c->twins->programs[0].space;
    enum fw_axis_id id = space->used[*axis];
    int proto = space->slot[FW_AXIS_proto];
    if (proto < 0 ||
        (id != FW_AXIS_sport && id != FW_AXIS_dport && id != FW_AXIS_icmp && id != FW_AXIS_flags)) {
        return;
    }
    for (size_t side = 0; side < 2; side++) {
        for (size_t i = 0; i < paths[side].n; i++) {
            const struct fw_box *box = paths[side].v[i].box;
            if (is_edge(&region->sides[*axis], &box->sides[*axis]) &&
                !fw_side_contains(&box->sides[proto], &region->sides[proto])) {
                *axis = (unsigned)proto;
                *cut = box->sides[proto];
                return;
            }
        }
    }
}

static size_t count_edges(const struct path paths[2], const struct fw_side *here, unsigned axis)
{
    size_t n = 0;
    for (size_t side = 0; side < 2; side++) {
        for (size_t i = 0; i < paths[side].n; i++) {
            const struct fw_side *of_box = &paths[side].v[i].box->sides[axis];
            n += (size_t)(of_box->lo > here->lo) + (of_box->hi < here->hi);
        }
    }
    return n;
}

/* The median of the edges inside the region; of many boxes only some are asked. */
static uint32_t median_edge(const struct path paths[2], const struct fw_side *here, unsigned axis)
{
    uint32_t edges[2 * ASKED + 4];
    size_t n = 0;
    size_t step = (paths[0].n + paths[1].n) / ASKED + 1;
    for (size_t side = 0; side < 2; side++) {
        for (size_t i = 0; i < paths[side].n; i += step) {
            const struct fw_side *of_box = &paths[side].v[i].box->sides[axis];
            if (of_box->lo > here->lo) {
                edges[n++] = of_box->lo;
            }
            if (of_box->hi < here->hi) {
                edges[n++] = of_box->hi + 1;
            }
        }
    }
    qsort(edges, n, sizeof(*edges), by_number);
    return n > 0 ? edges[n / 2] : here->lo + (here->hi - here->lo + 1) / 2;
}

/* The dimension with the most edges of boxes inside the region, and what lies before the median of
 * them. */
static bool find_cut(const struct fw_comparison *c, const struct path paths[2],
                     const struct fw_region *region, unsigned *ret_axis, struct fw_side *ret_cut)
{
    size_t best = 0;
    for (unsigned d = 0; d < c->n; d++) {
        size_t n = count_edges(paths, &region->sides[d], d);
        if (n > best) {
            best = n;
            *ret_axis = d;
        }
    }
    if (best > 0) {
        uint32_t edge = median_edge(paths, &region->sides[*ret_axis], *ret_axis);
        *ret_cut = fw_side_of(0, edge - 1);
        cut_protocols(c, paths, region, ret_axis, ret_cut);
    }
    return best > 0;
}

static void compare_region(struct fw_comparison *c, const struct fw_region *region,
                           const struct path paths[2], unsigned depth);

static void halve(struct fw_comparison *c, const struct fw_region *region,
                  const struct path paths[2], unsigned axis, const struct fw_side *cut,
                  unsigned depth)
{
    const struct fw_side *here = &region->sides[axis];
    struct fw_side *sides = fw_scratch_alloc(&c->scratch, c->n * sizeof(*sides));
    struct fw_region half = *region;
    half.sides = sides;
    memcpy(sides, region->sides, c->n * sizeof(*sides));
    if (fw_side_intersect(&c->scratch, here, cut, &sides[axis])) {
        compare_region(c, &half, paths, depth + 1);
    }
    if (fw_side_minus(&c->scratch, here, cut, &sides[axis])) {
        compare_region(c, &half, paths, depth + 1);
    }
}

/* The part inside the box, then what each of its sides and literals leaves over. */
static void split_by(struct fw_comparison *c, const struct fw_region *region,
                     const struct path paths[2], const struct fw_box *box, unsigned depth)
{
    struct fw_side *rest = fw_scratch_alloc(&c->scratch, c->n * sizeof(*rest));
    struct fw_region inside = {rest, region->literals, region->nliterals};
    memcpy(rest, region->sides, c->n * sizeof(*rest));
    for (unsigned i = 0; i < c->n; i++) {
        if (fw_side_contains(&box->sides[i], &rest[i])) {
            continue;
        }
        struct fw_side *sides = fw_scratch_alloc(&c->scratch, c->n * sizeof(*sides));
        struct fw_region outside = inside;
        memcpy(sides, rest, c->n * sizeof(*sides));
        outside.sides = sides;
        fw_side_minus(&c->scratch, &rest[i], &box->sides[i], &sides[i]);
        compare_region(c, &outside, paths, depth + 1);
        fw_side_intersect(&c->scratch, &rest[i], &box->sides[i], &rest[i]);
    }
    for (uint32_t i = 0; i < box->nliterals; i++) {
        uint32_t literal = box->literals[i];
        if (!fw_literals_include(inside.literals, inside.nliterals, &literal, 1)) {
            struct fw_region outside = fw_region_assume(&c->scratch, &inside, literal ^ 1);
            compare_region(c, &outside, paths, depth + 1);
            inside = fw_region_assume(&c->scratch, &inside, literal);
        }
    }
    compare_region(c, &inside, paths, depth + 1);
}

static void compare_region(struct fw_comparison *c, const struct fw_region *region,
                           const struct path paths[2], unsigned depth)
{
    c->work += 1 + (paths[0].n + paths[1].n) / 16;
    c->gave_up = c->gave_up || c->work > c->allowed || depth > DEPTH;
    if (c->gave_up) {
        return;
    }
    struct fw_scratch_mark mark = fw_scratch_mark(&c->scratch);
    struct path left[2];
    for (size_t side = 0; side < 2; side++) {
        left[side] = narrow(c, side, &paths[side], region);
    }
    bool settled = left[0].n == 1 && left[1].n == 1;
    if (settled || is_same(left)) {
        uint32_t fates[2] = {left[0].v[0].fate, left[1].v[0].fate};
        if (!is_same(left) && fates[0] != FATE_ELSEWHERE && fates[1] != FATE_ELSEWHERE) {
            keep_piece(c, region, fates, false);
        }
    } else {
        unsigned axis;
        struct fw_side cut;
        if (left[0].n + left[1].n > CUT && find_cut(c, left, region, &axis, &cut)) {
            halve(c, region, left, axis, &cut, depth);
        } else {
            split_by(c, region, left, choose(c, left, region), depth);
        }
    }
    fw_scratch_release(&c->scratch, mark);
}

/* Of the pieces of a root, one in which nothing unknown has a say; NULL: there is none. */
static const struct fw_side *find_shown(const struct fw_comparison *c, size_t first)
{
    for (size_t i = first; i < c->pieces.n; i++) {
        const struct fw_piece *piece = &c->pieces.v[i];
        if (piece->nliterals == 0 && piece->fates[0] < FW_ACTION_COUNT &&
            piece->fates[1] < FW_ACTION_COUNT) {
            return piece->sides;
        }
    }
    return NULL;
}

/* One box of a changed item. When the work runs out, what was found in it is forgotten for the box
 * itself, which is then not exact; a piece that hangs on nothing unknown stays as its witness. */
static void compare_root(struct fw_comparison *c, size_t side, uint32_t item,
                         const struct fw_box *box)
{
    struct fw_region region = fw_region_of(box);
    size_t before = c->pieces.n;
    struct fw_scratch_mark mark = fw_scratch_mark(&c->scratch);
    struct fw_guard *const outer = c->scratch.guard;
    c->side = side;
    c->item = item;
    c->box = box;
    c->work = 0;
    c->allowed = c->pool > LEAST_PER_ROOT ? c->pool : LEAST_PER_ROOT;
    c->allowed = c->allowed > c->full ? c->full : c->allowed;
    c->gave_up = false;
    c->scratch.guard = &c->guard;
    if (setjmp(c->guard.jump) == 0) {
        struct path paths[2];
        paths[0] = path_of(c, 0, &region);
        paths[1] = path_of(c, 1, &region);
        compare_region(c, &region, paths, 0);
    } else {
        c->gave_up = true;
    }
    c->scratch.guard = outer;
    c->pool -= c->work > c->pool ? c->pool : c->work;
    fw_scratch_release(&c->scratch, mark);
    if (c->gave_up) {
        static const uint32_t unknown[2] = {FATE_ELSEWHERE, FATE_ELSEWHERE};
        const struct fw_side *shown = find_shown(c, before);
        c->pieces.n = before;
        keep_piece(c, &region, unknown, true);
        c->pieces.v[before].of_one = shown;
    }
}

static size_t count_roots(const struct fw_comparison *c)
{
    size_t n = 0;
    for (size_t side = 0; side < 2; side++) {
        const struct fw_program *program = &c->twins->programs[side];
        for (uint32_t i = 0; i < program->nitems; i++) {
            n += c->alignment.changed[side][i] ? program->items[i].nboxes : 0;
        }
    }
    return n;
}

/* Deciding items of the old policy, of the new one, then skips: see fate_of. */
static void compare_all(struct fw_comparison *c)
{
    for (size_t round = 0; round < 4; round++) {
        size_t side = round & 1;
        bool skips = round >= 2;
        const struct fw_program *program = &c->twins->programs[side];
        for (uint32_t i = 0; i < program->nitems; i++) {
            const struct fw_item *item = &program->items[i];
            if (!c->alignment.changed[side][i] || (item->op == FW_OP_SKIP) != skips) {
                continue;
            }
            for (uint32_t k = 0; k < item->nboxes; k++) {
                const struct fw_box *box = program->boxes[item->first_box + k];
                compare_root(c, side, i, box);
                if (skips) {
                    c->looked = fw_arena_push(c->arena, c->looked, c->nlooked, sizeof(*c->looked));
                    c->looked[c->nlooked++] = box;
                }
            }
        }
    }
}

void fw_comparison_run(struct fw_comparison *c, const struct fw_ruleset *const rulesets[2],
                       const struct fw_policy *const policies[2])
{
    struct fw_twins *twins = c->twins;
    struct fw_rule_ids ids[2];
    for (size_t i = 0; i < 2; i++) {
        fw_rule_ids_init(&ids[i], c->arena, rulesets[i]);
    }
    fw_program_build_twins(twins, c->arena, &c->scratch, rulesets, ids, policies);
    c->n = twins->programs[0].space.n;
    if (twins->programs[0].too_large || twins->programs[1].too_large) {
        return;
    }
    fw_twins_align(c->arena, twins, &c->alignment);
    size_t roots = count_roots(c);
    c->indexed = roots > FEW_ROOTS;
    c->pool = c->full * ROOTS_IN_FULL;
    for (size_t i = 0; i < 2 && c->indexed; i++) {
        fw_tree_build(&c->trees[i], c->arena, &c->scratch, &twins->programs[i]);
    }
    compare_all(c);
    fw_pieces_merge(c->arena, &twins->programs[0].space, &c->pieces);
}
