/* How a region is taken apart until every part lies in one box, or one part in none. */
#include "policy/cover.h"

#include <stdlib.h>
#include <string.h>

/* More boxes than this are cut at a median; fewer are subtracted one by one. */
enum { CUT = 24, FEW = 8 };

void fw_boxes_add(struct fw_scratch *scratch, struct fw_boxes *boxes, const struct fw_box *box)
{
    if (boxes->n == boxes->room) {
        size_t room = boxes->room ? boxes->room * 2 : 16;
        const struct fw_box **v = fw_scratch_alloc(scratch, room * sizeof(*v));
        if (boxes->n > 0) {
            memcpy(v, boxes->v, boxes->n * sizeof(*v));
        }
        boxes->v = v;
        boxes->room = room;
    }
    boxes->v[boxes->n++] = box;
}

double fw_box_part(const struct fw_box *box, const struct fw_region *region, unsigned n)
{
    double part = 1;
    for (unsigned i = 0; i < n; i++) {
        const struct fw_side *a = &region->sides[i];
        const struct fw_side *b = &box->sides[i];
        uint32_t lo = a->lo > b->lo ? a->lo : b->lo;
        uint32_t hi = a->hi < b->hi ? a->hi : b->hi;
        part *= ((double)hi - lo + 1) / ((double)a->hi - a->lo + 1);
    }
    return part;
}

void fw_boxes_strip(struct fw_engine *engine, struct fw_boxes *boxes)
{
    unsigned n = engine->program->space.n;
    for (size_t i = 0; i < boxes->n; i++) {
        const struct fw_box *box = boxes->v[i];
        if (box->nliterals > 0) {
            size_t size = sizeof(*box) + n * sizeof(box->sides[0]);
            struct fw_box *bare = fw_scratch_alloc(&engine->scratch, size);
            memcpy(bare, box, size);
            bare->nliterals = 0;
            boxes->v[i] = bare;
        }
    }
}

void fw_pieces_start(struct fw_pieces *pieces, struct fw_engine *engine,
                     const struct fw_region *region, const struct fw_box *box)
{
    unsigned n = engine->program->space.n;
    struct fw_side *sides = fw_scratch_alloc(&engine->scratch, n * sizeof(*sides));
    memcpy(sides, region->sides, n * sizeof(*sides));
    *pieces = (struct fw_pieces){.engine = engine, .box = box, .rest = *region, .sides = sides};
    pieces->rest.sides = sides;
}

static bool next_side(struct fw_pieces *pieces, struct fw_region *ret)
{
    struct fw_scratch *scratch = &pieces->engine->scratch;
    unsigned n = pieces->engine->program->space.n;
    while (pieces->next < n) {
        unsigned i = pieces->next++;
        const struct fw_side *of_box = &pieces->box->sides[i];
        struct fw_side *here = &pieces->sides[i];
        if (fw_side_contains(of_box, here)) {
            continue;
        }
        struct fw_side *sides = fw_scratch_alloc(scratch, n * sizeof(*sides));
        memcpy(sides, pieces->sides, n * sizeof(*sides));
        fw_side_minus(scratch, here, of_box, &sides[i]); /* something sticks out */
        *ret = pieces->rest;
        ret->sides = sides;
        if (!fw_side_intersect(scratch, here, of_box, here)) {
            pieces->next = n; /* the box is elsewhere: the piece is all there is */
            pieces->next_literal = pieces->box->nliterals;
        }
        return true;
    }
    return false;
}

bool fw_pieces_next(struct fw_pieces *pieces, struct fw_region *ret)
{
    if (next_side(pieces, ret)) {
        return true;
    }
    while (pieces->next_literal < pieces->box->nliterals) {
        uint32_t literal = pieces->box->literals[pieces->next_literal++];
        if (!fw_literals_include(pieces->rest.literals, pieces->rest.nliterals, &literal, 1)) {
            struct fw_scratch *scratch = &pieces->engine->scratch;
            *ret = fw_region_assume(scratch, &pieces->rest, literal ^ 1);
            pieces->rest = fw_region_assume(scratch, &pieces->rest, literal);
            return true;
        }
    }
    return false;
}

/* How a box lies over the region: `sticks` sides and literals let some of the region out; the last
 * such side, or -1 for a literal. */
struct lie {
    unsigned sticks;
    int axis;
};

struct taking {
    struct fw_engine *engine;
    unsigned n; /* dimensions */
    struct fw_region region;
    struct fw_side *sides; /* the region's, ours */
    struct fw_boxes *boxes;
    struct lie *lies; /* by box */
};

static struct lie lie_of(const struct taking *t, const struct fw_box *box)
{
    struct lie lie = {0, -1};
    for (unsigned i = 0; i < t->n; i++) {
        if (!fw_side_contains(&box->sides[i], &t->sides[i])) {
            lie.sticks++;
            lie.axis = (int)i;
        }
    }
    for (uint32_t i = 0; i < box->nliterals; i++) {
        if (!fw_literals_include(t->region.literals, t->region.nliterals, &box->literals[i], 1)) {
            lie.sticks++;
            lie.axis = -1;
        }
    }
    return lie;
}

static void use(struct fw_engine *engine, const struct fw_box *box)
{
    fw_engine_use(engine, engine->program->items[box->item].rule_id);
}

/* Drops boxes that are elsewhere. True: one contains the whole region; the earliest such is used,
 * because that one decides. */
static bool sift(struct taking *t)
{
    size_t kept = 0;
    const struct fw_box *whole = NULL;
    for (size_t i = 0; i < t->boxes->n; i++) {
        const struct fw_box *box = t->boxes->v[i];
        if (!fw_box_overlaps(box, &t->region, t->n)) {
            continue;
        }
        struct lie lie = lie_of(t, box);
        if (lie.sticks == 0 && (!whole || box->item < whole->item)) {
            whole = box;
        }
        t->boxes->v[kept] = box;
        t->lies[kept++] = lie;
    }
    t->boxes->n = kept;
    if (whole) {
        use(t->engine, whole);
    }
    return whole != NULL;
}

struct strip { /* an interval of one side, taken by a box */
    struct fw_interval interval;
    const struct fw_box *box;
};

static int by_interval(const void *left, const void *right)
{
    const struct strip *a = left;
    const struct strip *b = right;
    if (a->interval.lo != b->interval.lo) {
        return a->interval.lo < b->interval.lo ? -1 : 1;
    }
    if (a->interval.hi != b->interval.hi) {
        return a->interval.hi < b->interval.hi ? -1 : 1;
    }
    return (a->box->item > b->box->item) - (a->box->item < b->box->item);
}

/* The fewest strips with the same union are used: at each place the one that reaches farthest. */
static void use_fewest(struct fw_engine *engine, const struct strip *v, size_t n)
{
    size_t i = 0;
    while (i < n) {
        uint64_t end = v[i].interval.lo; /* first rank not reached yet */
        const struct strip *best = NULL;
        do {
            best = NULL;
            while (i < n && v[i].interval.lo <= end) {
                if (v[i].interval.hi >= end && (!best || v[i].interval.hi > best->interval.hi)) {
                    best = &v[i];
                }
                i++;
            }
            if (best) {
                use(engine, best->box);
                end = (uint64_t)best->interval.hi + 1;
            }
        } while (best);
    }
}

/* Cuts off what the boxes that stick out at this side alone take. False: nothing is left. */
static bool cut_side(struct taking *t, int axis, size_t count)
{
    struct fw_scratch *scratch = &t->engine->scratch;
    struct fw_side *here = &t->sides[axis];
    if (count <= FEW) {
        for (size_t i = 0; i < t->boxes->n; i++) {
            const struct fw_side *side = &t->boxes->v[i]->sides[axis];
            if (t->lies[i].sticks == 1 && t->lies[i].axis == axis && fw_side_overlaps(side, here)) {
                use(t->engine, t->boxes->v[i]);
                if (!fw_side_minus(scratch, here, side, here)) {
                    return false;
                }
            }
        }
        return true;
    }
    size_t max = 0;
    for (size_t i = 0; i < t->boxes->n; i++) {
        const struct fw_cells *cells = t->boxes->v[i]->sides[axis].cells;
        max += cells ? cells->n : 1;
    }
    struct strip *strips = fw_scratch_alloc(scratch, max * sizeof(*strips));
    struct fw_interval *v = fw_scratch_alloc(scratch, max * sizeof(*v));
    size_t n = 0;
    for (size_t i = 0; i < t->boxes->n; i++) {
        if (t->lies[i].sticks != 1 || t->lies[i].axis != axis) {
            continue;
        }
        struct fw_interval room;
        const struct fw_interval *cells;
        uint32_t m = fw_side_intervals(&t->boxes->v[i]->sides[axis], &cells, &room);
        for (uint32_t k = 0; k < m; k++) {
            if (cells[k].lo <= here->hi && cells[k].hi >= here->lo) {
                strips[n++] = (struct strip){cells[k], t->boxes->v[i]};
            }
        }
    }
    qsort(strips, n, sizeof(*strips), by_interval);
    use_fewest(t->engine, strips, n);
    for (size_t i = 0; i < n; i++) {
        v[i] = strips[i].interval;
    }
    struct fw_side all;
    return !fw_side_make(v, n, fw_side_alloc_scratch, scratch, &all) ||
           fw_side_minus(scratch, here, &all, here);
}

/* Where a box takes all but what one literal excludes, only the opposite literal is left. */
static void assume_literals(struct taking *t)
{
    for (size_t i = 0; i < t->boxes->n; i++) {
        if (t->lies[i].sticks != 1 || t->lies[i].axis >= 0) {
            continue;
        }
        const struct fw_box *box = t->boxes->v[i];
        for (uint32_t k = 0; k < box->nliterals; k++) {
            uint32_t literal = box->literals[k];
            uint32_t opposite = literal ^ 1;
            const struct fw_region *r = &t->region;
            if (!fw_literals_include(r->literals, r->nliterals, &literal, 1) &&
                !fw_literals_include(r->literals, r->nliterals, &opposite, 1)) {
                use(t->engine, box);
                t->region = fw_region_assume(&t->engine->scratch, r, opposite);
            }
        }
    }
}

/* What can be cut off without branching is; false: nothing can. *ret_empty: nothing is left. */
static bool trim(struct taking *t, bool *ret_empty)
{
    size_t singles[FW_AXIS_COUNT] = {0};
    size_t literals = 0;
    int best = -1;
    for (size_t i = 0; i < t->boxes->n; i++) {
        int axis = t->lies[i].axis;
        if (t->lies[i].sticks != 1) {
            continue;
        }
        if (axis < 0) {
            literals++;
        } else if (++singles[axis] > (best < 0 ? 0 : singles[best])) {
            best = axis;
        }
    }
    *ret_empty = best >= 0 && !cut_side(t, best, singles[best]);
    if (best < 0 && literals > 0) {
        assume_literals(t);
    }
    return best >= 0 || literals > 0;
}

/* The box to subtract: few sides stick out, much of the region is inside. */
static const struct fw_box *choose(const struct taking *t)
{
    size_t best = 0;
    double best_part = 0;
    for (size_t i = 0; i < t->boxes->n; i++) {
        if (t->lies[i].sticks > t->lies[best].sticks) {
            continue;
        }
        double here = fw_box_part(t->boxes->v[i], &t->region, t->n);
        if (t->lies[i].sticks < t->lies[best].sticks || here > best_part) {
            best = i;
            best_part = here;
        }
    }
    return t->boxes->v[best];
}

static enum fw_answer cover_copy(struct taking *t, const struct fw_region *region,
                                 const struct fw_box *except, unsigned depth)
{
    struct fw_scratch *scratch = &t->engine->scratch;
    struct fw_scratch_mark mark = fw_scratch_mark(scratch);
    struct fw_boxes copy = *t->boxes;
    copy.n = 0;
    copy.room = t->boxes->n;
    copy.v = fw_scratch_alloc(scratch, copy.room * sizeof(*copy.v));
    for (size_t i = 0; i < t->boxes->n; i++) {
        if (t->boxes->v[i] != except) {
            copy.v[copy.n++] = t->boxes->v[i];
        }
    }
    enum fw_answer answer = fw_cover(t->engine, region, &copy, depth);
    fw_scratch_release(scratch, mark);
    return answer;
}

static enum fw_answer subtract(struct taking *t, unsigned depth)
{
    const struct fw_box *box = choose(t);
    struct fw_pieces pieces;
    struct fw_region piece;
    enum fw_answer answer = FW_ANSWER_COVERED;
    use(t->engine, box);
    fw_pieces_start(&pieces, t->engine, &t->region, box);
    while (answer != FW_ANSWER_REACHED && fw_pieces_next(&pieces, &piece)) {
        enum fw_answer one = cover_copy(t, &piece, box, depth + 1);
        answer = one == FW_ANSWER_COVERED ? answer : one;
    }
    return answer;
}

static int by_number(const void *left, const void *right)
{
    uint32_t a = *(const uint32_t *)left;
    uint32_t b = *(const uint32_t *)right;
    return (a > b) - (a < b);
}

/* The dimension with the most box edges inside the region, and the median of them; false: none. */
static bool find_cut(const struct taking *t, unsigned *ret_axis, uint32_t *ret_cut)
{
    size_t best = 0;
    for (unsigned i = 0; i < t->n; i++) {
        size_t edges = 0;
        for (size_t k = 0; k < t->boxes->n; k++) {
            const struct fw_side *side = &t->boxes->v[k]->sides[i];
            edges += (side->lo > t->sides[i].lo) + (side->hi < t->sides[i].hi);
        }
        if (edges > best) {
            best = edges;
            *ret_axis = i;
        }
    }
    if (best == 0) {
        return false;
    }
    const struct fw_side *here = &t->sides[*ret_axis];
    uint32_t *edges = fw_scratch_alloc(&t->engine->scratch, best * sizeof(*edges));
    size_t n = 0;
    for (size_t k = 0; k < t->boxes->n; k++) {
        const struct fw_side *side = &t->boxes->v[k]->sides[*ret_axis];
        if (side->lo > here->lo) {
            edges[n++] = side->lo;
        }
        if (side->hi < here->hi) {
            edges[n++] = side->hi + 1;
        }
    }
    qsort(edges, n, sizeof(*edges), by_number);
    *ret_cut = edges[n / 2];
    return true;
}

static enum fw_answer halve(struct taking *t, unsigned axis, uint32_t cut, unsigned depth)
{
    struct fw_scratch *scratch = &t->engine->scratch;
    const struct fw_side halves[2] = {fw_side_of(0, cut - 1), fw_side_of(cut, UINT32_MAX)};
    struct fw_side *sides = fw_scratch_alloc(scratch, t->n * sizeof(*sides));
    struct fw_region half = t->region;
    enum fw_answer answer = FW_ANSWER_COVERED;
    half.sides = sides;
    for (size_t i = 0; i < 2 && answer != FW_ANSWER_REACHED; i++) {
        memcpy(sides, t->sides, t->n * sizeof(*sides));
        if (fw_side_intersect(scratch, &t->sides[axis], &halves[i], &sides[axis])) {
            enum fw_answer one = cover_copy(t, &half, NULL, depth + 1);
            answer = one == FW_ANSWER_COVERED ? answer : one;
        }
    }
    return answer;
}

static void found(struct taking *t)
{
    struct fw_point *point = &t->engine->point;
    for (unsigned i = 0; i < t->n; i++) {
        point->ranks[i] = fw_space_ordinary(&t->engine->program->space, i, &t->sides[i]);
    }
    memset(point->truth, 0, t->engine->program->nvariables * sizeof(*point->truth));
    for (uint32_t i = 0; i < t->region.nliterals; i++) {
        point->truth[t->region.literals[i] >> 1] = (t->region.literals[i] & 1) == 0;
    }
}

static enum fw_answer take_apart(struct taking *t, unsigned depth)
{
    struct fw_engine *engine = t->engine;
    for (;;) {
        bool empty;
        engine->work += 1 + t->boxes->n / 16;
        if (engine->work > engine->allowed || depth >= FW_ENGINE_DEPTH) {
            return FW_ANSWER_GAVE_UP;
        }
        if (sift(t)) {
            return FW_ANSWER_COVERED;
        }
        if (t->boxes->n == 0 && t->boxes->rest) {
            return t->boxes->rest(t->boxes->context, &t->region, depth + 1);
        }
        if (t->boxes->n == 0) {
            found(t);
            return FW_ANSWER_REACHED;
        }
        if (!trim(t, &empty)) {
            break;
        }
        if (empty) {
            return FW_ANSWER_COVERED;
        }
    }
    unsigned axis;
    uint32_t cut;
    if (t->boxes->n > CUT && find_cut(t, &axis, &cut)) {
        return halve(t, axis, cut, depth);
    }
    return subtract(t, depth);
}

enum fw_answer fw_cover(struct fw_engine *engine, const struct fw_region *region,
                        struct fw_boxes *boxes, unsigned depth)
{
    struct fw_scratch_mark mark = fw_scratch_mark(&engine->scratch);
    struct taking t = {.engine = engine, .n = engine->program->space.n, .region = *region};
    t.boxes = boxes;
    t.sides = fw_scratch_alloc(&engine->scratch, t.n * sizeof(*t.sides));
    memcpy(t.sides, region->sides, t.n * sizeof(*t.sides));
    t.region.sides = t.sides;
    t.lies = fw_scratch_alloc(&engine->scratch, (boxes->n + 1) * sizeof(*t.lies));
    enum fw_answer answer = take_apart(&t, depth);
    fw_scratch_release(&engine->scratch, mark);
    return answer;
}

struct sized {
    double part;
    const struct fw_box *box;
};

static int by_part(const void *left, const void *right)
{
    const struct sized *a = left;
    const struct sized *b = right;
    if (a->part < b->part || a->part > b->part) {
        return a->part > b->part ? -1 : 1;
    }
    return (a->box->item > b->box->item) - (a->box->item < b->box->item);
}

static bool is_in_any(const struct fw_engine *engine, const struct sized *v, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (fw_box_has(v[i].box, engine->point.ranks, engine->point.truth,
                       engine->program->space.n)) {
            return true;
        }
    }
    return false;
}

enum fw_answer fw_cover_by_largest(struct fw_engine *engine, const struct fw_region *region,
                                   struct fw_boxes *boxes)
{
    static const size_t tries[] = {FEW, 4 * CUT, 20 * CUT};
    struct fw_scratch_mark outer = fw_scratch_mark(&engine->scratch);
    struct sized *v = fw_scratch_alloc(&engine->scratch, (boxes->n + 1) * sizeof(*v));
    const size_t n = boxes->n;
    enum fw_answer answer = FW_ANSWER_GAVE_UP;
    for (size_t i = 0; i < n; i++) {
        v[i] = (struct sized){fw_box_part(boxes->v[i], region, engine->program->space.n),
                              boxes->v[i]};
    }
    qsort(v, n, sizeof(*v), by_part);
    const uint64_t allowed = engine->allowed;
    for (size_t k = 0; k < sizeof(tries) / sizeof(tries[0]) && n > 2 * tries[k]; k++) {
        struct fw_scratch_mark mark = fw_scratch_mark(&engine->scratch);
        struct fw_boxes some = {0};
        for (size_t i = 0; i < tries[k]; i++) {
            fw_boxes_add(&engine->scratch, &some, v[i].box);
        }
        uint32_t used = engine->nused;
        engine->allowed = engine->work + n < allowed ? engine->work + n : allowed;
        answer = fw_cover(engine, region, &some, 0);
        engine->allowed = allowed;
        fw_scratch_release(&engine->scratch, mark);
        if (answer == FW_ANSWER_REACHED && is_in_any(engine, v + tries[k], n - tries[k])) {
            answer = FW_ANSWER_GAVE_UP;
        }
        if (answer != FW_ANSWER_GAVE_UP) {
            break;
        }
        fw_engine_unuse(engine, used);
    }
    fw_scratch_release(&engine->scratch, outer);
    return answer == FW_ANSWER_GAVE_UP ? fw_cover(engine, region, boxes, 0) : answer;
}
