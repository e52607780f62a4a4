/*
 * How a certificate is written. A part that no leaf settles is split: by the box that sticks out of
 * it least, or at a median of the edges where many are in question. Nothing here has to be right:
 * the checker is what counts.
 */
#include "policy/certificate.h"

#include <stdlib.h>
#include <string.h>

#include "core/limits.h"

/* More boxes in question than this are cut at a median; fewer are split off one by one. So many
 * looks at boxes weigh as much as one step. */
enum { FEW = 24, LOOKS = 256 };

struct list {
    size_t n;
    const struct fw_box **v; /* by item */
};

struct writing {
    const struct fw_claim *claim;
    const struct fw_program *program;
    struct fw_arena *arena;
    struct fw_scratch *scratch;
    unsigned n; /* dimensions */
    uint32_t with, without, meet;
    size_t nsteps;
    struct fw_step *steps;
    uint64_t *work;
    size_t nall; /* boxes that the checker may look at for one leaf */
};

static bool is_gone(const struct writing *w, uint32_t item)
{
    const struct fw_item *items = w->program->items;
    uint32_t rule_id = items[w->claim->item].rule_id;
    bool gone = items[item].rule_id == rule_id;
    for (uint32_t i = 0; items[w->claim->item].op == FW_OP_ENTER && i < item && !gone; i++) {
        gone = items[i].op == FW_OP_ENTER && items[i].rule_id == rule_id && item < items[i].end;
    }
    return gone;
}

static void spend(struct writing *w, size_t looks)
{
    uint64_t cost = 1 + looks / LOOKS;
    *w->work -= *w->work < cost ? *w->work : cost;
}

static uint32_t number_of(const struct fw_program *program, const struct fw_box *box)
{
    uint32_t i = program->items[box->item].first_box;
    while (program->boxes[i] != box) {
        i++;
    }
    return i;
}

static void add_step(struct writing *w, enum fw_step_kind kind, unsigned axis, uint32_t a,
                     uint32_t b)
{
    w->steps = fw_arena_push(w->arena, w->steps, w->nsteps, sizeof(*w->steps));
    w->steps[w->nsteps++] = (struct fw_step){(uint8_t)kind, (uint8_t)axis, a, b};
}

static void put(struct list *list, const struct fw_box *box)
{
    list->v[list->n++] = box;
}

static struct list room_for(struct writing *w, size_t n)
{
    return (struct list){0, fw_scratch_alloc(w->scratch, (n + 1) * sizeof(struct fw_box *))};
}

/* A part of the claim's box, and what is in question there. */
struct part {
    struct fw_region region;
    struct list boxes;    /* all that overlap it */
    struct list question; /* those to split by */
};

static bool contains(const struct writing *w, const struct fw_box *box, const struct part *part)
{
    return fw_box_contains(box, &part->region, w->n);
}

static bool stops(const struct writing *w, const struct fw_box *box)
{
    const struct fw_item *item = &w->program->items[box->item];
    return box->item < w->claim->item &&
           (item->op == FW_OP_DECIDE || (item->op == FW_OP_SKIP && item->end > w->claim->item));
}

/* A skip that leads past a box, but not past the item. */
static const struct fw_box *find_dodge(const struct writing *w, const struct part *part,
                                       const struct fw_box *box)
{
    for (size_t i = 0; i < part->boxes.n && part->boxes.v[i]->item < box->item; i++) {
        const struct fw_item *item = &w->program->items[part->boxes.v[i]->item];
        if (item->op == FW_OP_SKIP && item->end > box->item && item->end <= w->claim->item) {
            return part->boxes.v[i];
        }
    }
    return NULL;
}

/* What stops the whole part before the item. NULL: nothing does; *ret_skip (NULL: none) is then
 * what leads some of it around something that would. */
static const struct fw_box *find_stop(const struct writing *w, const struct part *part,
                                      const struct fw_box **ret_skip)
{
    *ret_skip = NULL;
    for (size_t i = 0; i < part->boxes.n && part->boxes.v[i]->item < w->claim->item; i++) {
        const struct fw_box *box = part->boxes.v[i];
        if (!stops(w, box) || !contains(w, box, part)) {
            continue;
        }
        const struct fw_box *skip = find_dodge(w, part, box);
        if (!skip) {
            return box;
        }
        if (!*ret_skip && !contains(w, skip, part)) {
            *ret_skip = skip;
        }
    }
    return NULL;
}

static void ask_stops(const struct writing *w, struct part *part)
{
    for (size_t i = 0; i < part->boxes.n && part->boxes.v[i]->item < w->claim->item; i++) {
        if (stops(w, part->boxes.v[i]) && !contains(w, part->boxes.v[i], part)) {
            put(&part->question, part->boxes.v[i]);
        }
    }
}

/* Where the part goes from an item on, as far as all of it goes together. */
struct walk {
    uint32_t from, to;
    bool without;
    const struct fw_box *end; /* takes all of it; NULL: `to` is reached */
};

static void follow(const struct writing *w, const struct part *part, struct walk *walk)
{
    uint32_t at = walk->from;
    walk->end = NULL;
    for (size_t i = 0; i < part->boxes.n && part->boxes.v[i]->item < walk->to; i++) {
        const struct fw_box *box = part->boxes.v[i];
        const struct fw_item *item = &w->program->items[box->item];
        if (box->item < at || !contains(w, box, part) || (walk->without && is_gone(w, box->item))) {
            continue;
        }
        if (item->op != FW_OP_SKIP || item->end > walk->to) {
            walk->end = box;
            return;
        }
        at = item->end;
    }
}

/* Is the box, which takes some of the part, on this way, and does it take it elsewhere than the
 * rest goes? */
static bool interferes(const struct writing *w, const struct walk *walk, const struct fw_box *box)
{
    const struct fw_item *item = &w->program->items[box->item];
    const struct fw_item *end = walk->end ? &w->program->items[walk->end->item] : NULL;
    uint32_t last = walk->end ? walk->end->item : walk->to;
    if (item->op == FW_OP_SKIP) {
        return item->end > last;
    }
    return !end || item->op == FW_OP_UNKNOWN || end->op != FW_OP_DECIDE ||
           item->action != end->action;
}

/* Puts what is on the way of a part of it only into question: all of it, or only what interferes;
 * for `action` (may be NULL) only what decides so, or leads past. */
static void ask_way(const struct writing *w, struct part *part, const struct walk *walk, bool all,
                    const enum fw_action *action)
{
    uint32_t at = walk->from;
    uint32_t last = walk->end ? walk->end->item : walk->to;
    for (size_t i = 0; i < part->boxes.n && part->boxes.v[i]->item < last; i++) {
        const struct fw_box *box = part->boxes.v[i];
        const struct fw_item *item = &w->program->items[box->item];
        if (box->item < at || (walk->without && is_gone(w, box->item))) {
            continue;
        }
        if (contains(w, box, part)) {
            at = item->op == FW_OP_SKIP ? item->end : at;
            continue;
        }
        bool useful = !action || item->op == FW_OP_SKIP ||
                      (item->op == FW_OP_DECIDE && item->action == *action);
        if (useful && (all || interferes(w, walk, box))) {
            put(&part->question, box);
        }
    }
}

static bool is_decided(const struct writing *w, const struct walk *walk)
{
    return walk->end && w->program->items[walk->end->item].op == FW_OP_DECIDE;
}

/* True: the leaf is written. Otherwise the question is what keeps it from being one. */
static bool leaf_of_decision(struct writing *w, struct part *part)
{
    const enum fw_action action = w->program->items[w->claim->item].action;
    struct walk walk = {w->without, w->program->nitems, true, NULL};
    follow(w, part, &walk);
    bool same = is_decided(w, &walk) && w->program->items[walk.end->item].action == action;
    if (same) {
        ask_way(w, part, &walk, false, NULL);
        if (part->question.n == 0) {
            add_step(w, FW_STEP_DECIDED, 0, 0, number_of(w->program, walk.end));
            return true;
        }
        return false;
    }
    ask_stops(w, part);
    ask_way(w, part, &walk, true, &action);
    return false;
}

static bool leaf_of_jump(struct writing *w, struct part *part)
{
    struct walk with = {w->with, w->meet, false, NULL};
    struct walk without = {w->without, w->meet, true, NULL};
    follow(w, part, &with);
    follow(w, part, &without);
    bool meet = !with.end && !without.end;
    if (!meet) {
        with.to = w->program->nitems;
        without.to = w->program->nitems;
        follow(w, part, &with);
        follow(w, part, &without);
    }
    bool same = meet || (is_decided(w, &with) && is_decided(w, &without) &&
                         w->program->items[with.end->item].action ==
                             w->program->items[without.end->item].action);
    if (!same) {
        ask_stops(w, part);
    }
    ask_way(w, part, &with, !same, NULL);
    ask_way(w, part, &without, !same, NULL);
    if (!same || part->question.n > 0) {
        return false;
    }
    if (meet) {
        add_step(w, FW_STEP_MEET, 0, 0, 0);
    } else {
        add_step(w, FW_STEP_DECIDED, 0, number_of(w->program, with.end),
                 number_of(w->program, without.end));
    }
    return true;
}

/* True: the part is settled, and its leaf written. */
static bool settle(struct writing *w, struct part *part)
{
    const struct fw_box *skip;
    const struct fw_box *stop = find_stop(w, part, &skip);
    if (stop) {
        add_step(w, FW_STEP_BEFORE, 0, number_of(w->program, stop), 0);
        return true;
    }
    if (w->claim->kind == FW_CLAIM_SAME) {
        bool decides = w->program->items[w->claim->item].op == FW_OP_DECIDE;
        if (decides ? leaf_of_decision(w, part) : leaf_of_jump(w, part)) {
            return true;
        }
    } else {
        ask_stops(w, part);
    }
    if (skip) {
        part->question.n = 0;
        put(&part->question, skip);
    }
    return false;
}

static int by_number(const void *left, const void *right)
{
    uint32_t a = *(const uint32_t *)left;
    uint32_t b = *(const uint32_t *)right;
    return (a > b) - (a < b);
}

/* The dimension with the most edges of boxes in question, and their median; false: none. */
static bool find_cut(struct writing *w, const struct part *part, unsigned *ret_axis,
                     uint32_t *ret_cut)
{
    const struct fw_side *sides = part->region.sides;
    size_t best = 0;
    for (unsigned axis = 0; axis < w->n; axis++) {
        size_t edges = 0;
        for (size_t i = 0; i < part->question.n; i++) {
            const struct fw_side *side = &part->question.v[i]->sides[axis];
            edges += (side->lo > sides[axis].lo) + (side->hi < sides[axis].hi);
        }
        if (edges > best) {
            best = edges;
            *ret_axis = axis;
        }
    }
    if (best == 0) {
        return false;
    }
    uint32_t *edges = fw_scratch_alloc(w->scratch, best * sizeof(*edges));
    size_t n = 0;
    for (size_t i = 0; i < part->question.n; i++) {
        const struct fw_side *side = &part->question.v[i]->sides[*ret_axis];
        if (side->lo > sides[*ret_axis].lo) {
            edges[n++] = side->lo;
        }
        if (side->hi < sides[*ret_axis].hi) {
            edges[n++] = side->hi + 1;
        }
    }
    qsort(edges, n, sizeof(*edges), by_number);
    *ret_cut = edges[n / 2];
    return true;
}

/* How many sides and literals of the box let some of the part out. */
static unsigned sticks(const struct writing *w, const struct part *part, const struct fw_box *box)
{
    unsigned n = 0;
    for (unsigned axis = 0; axis < w->n; axis++) {
        n += !fw_side_contains(&box->sides[axis], &part->region.sides[axis]);
    }
    for (uint32_t i = 0; i < box->nliterals; i++) {
        n += !fw_literals_include(part->region.literals, part->region.nliterals, &box->literals[i],
                                  1);
    }
    return n;
}

static double share(const struct writing *w, const struct part *part, const struct fw_box *box)
{
    double share = 1;
    for (unsigned axis = 0; axis < w->n; axis++) {
        const struct fw_side *a = &part->region.sides[axis];
        const struct fw_side *b = &box->sides[axis];
        uint32_t lo = a->lo > b->lo ? a->lo : b->lo;
        uint32_t hi = a->hi < b->hi ? a->hi : b->hi;
        share *= ((double)hi - lo + 1) / ((double)a->hi - a->lo + 1);
    }
    return share;
}

static const struct fw_box *choose(const struct writing *w, const struct part *part)
{
    const struct fw_box *best = NULL;
    unsigned fewest = 0;
    double largest = 0;
    for (size_t i = 0; i < part->question.n; i++) {
        const struct fw_box *box = part->question.v[i];
        unsigned n = sticks(w, part, box);
        double here = share(w, part, box);
        if (!best || n < fewest || (n == fewest && here > largest)) {
            best = box;
            fewest = n;
            largest = here;
        }
    }
    return best;
}

static enum fw_writing write_part(struct writing *w, const struct fw_region *region,
                                  const struct list *boxes, unsigned depth);

/* Both parts of one side. */
static enum fw_writing write_sides(struct writing *w, const struct part *part, unsigned axis,
                                   const struct fw_side *side, unsigned depth)
{
    struct fw_side *sides = fw_scratch_alloc(w->scratch, (w->n + 1) * sizeof(*sides));
    struct fw_region region = part->region;
    memcpy(sides, part->region.sides, w->n * sizeof(*sides));
    region.sides = sides;
    enum fw_writing done = FW_WRITING_DONE;
    if (fw_side_intersect(w->scratch, &part->region.sides[axis], side, &sides[axis])) {
        done = write_part(w, &region, &part->boxes, depth + 1);
    }
    if (done == FW_WRITING_DONE &&
        fw_side_minus(w->scratch, &part->region.sides[axis], side, &sides[axis])) {
        done = write_part(w, &region, &part->boxes, depth + 1);
    }
    return done;
}

static enum fw_writing write_literal(struct writing *w, const struct part *part, uint32_t literal,
                                     unsigned depth)
{
    enum fw_writing done = FW_WRITING_DONE;
    add_step(w, FW_STEP_ASSUME, 0, literal >> 1, 0);
    for (uint32_t truth = 0; truth < 2 && done == FW_WRITING_DONE; truth++) {
        struct fw_region region = fw_region_assume(w->scratch, &part->region,
                                                   (literal & ~UINT32_C(1)) | truth);
        done = write_part(w, &region, &part->boxes, depth + 1);
    }
    return done;
}

static enum fw_writing split(struct writing *w, const struct part *part, unsigned depth)
{
    unsigned axis = 0;
    uint32_t cut;
    if (part->question.n > FEW && find_cut(w, part, &axis, &cut)) {
        struct fw_side below = fw_side_of(0, cut - 1);
        add_step(w, FW_STEP_CUT, axis, cut, 0);
        return write_sides(w, part, axis, &below, depth);
    }
    const struct fw_box *box = choose(w, part);
    while (axis < w->n && fw_side_contains(&box->sides[axis], &part->region.sides[axis])) {
        axis++;
    }
    if (axis < w->n) {
        add_step(w, FW_STEP_SPLIT, axis, number_of(w->program, box), 0);
        return write_sides(w, part, axis, &box->sides[axis], depth);
    }
    uint32_t i = 0;
    while (
        fw_literals_include(part->region.literals, part->region.nliterals, &box->literals[i], 1)) {
        i++;
    }
    return write_literal(w, part, box->literals[i], depth);
}

static enum fw_writing write_part(struct writing *w, const struct fw_region *region,
                                  const struct list *boxes, unsigned depth)
{
    if (depth + 1 >= FW_LIMIT_CERTIFICATE_DEPTH || *w->work == 0) {
        return FW_WRITING_GAVE_UP;
    }
    spend(w, boxes->n);
    struct fw_scratch_mark mark = fw_scratch_mark(w->scratch);
    struct part part = {.region = *region};
    part.boxes = room_for(w, boxes->n);
    part.question = room_for(w, 2 * boxes->n);
    for (size_t i = 0; i < boxes->n; i++) {
        if (fw_box_overlaps(boxes->v[i], region, w->n)) {
            put(&part.boxes, boxes->v[i]);
        }
    }
    enum fw_writing done = FW_WRITING_DONE;
    if (settle(w, &part)) {
        spend(w, w->nall);
    } else {
        done = part.question.n == 0 ? FW_WRITING_REFUTED : split(w, &part, depth);
    }
    fw_scratch_release(w->scratch, mark);
    return done;
}

struct gathering {
    const struct writing *writing;
    size_t n, room;
    const struct fw_box **v;
};

static bool gather(void *context, const struct fw_box *box)
{
    struct gathering *g = context;
    const struct fw_claim *claim = g->writing->claim;
    uint32_t rule_id = g->writing->program->items[box->item].rule_id;
    if (box->item == claim->item || (claim->kind == FW_CLAIM_COVERED && !claim->cover[rule_id])) {
        return true;
    }
    if (g->n == g->room) {
        size_t room = g->room ? g->room * 2 : 64;
        const struct fw_box **v = fw_scratch_alloc(g->writing->scratch, room * sizeof(*v));
        if (g->n > 0) {
            memcpy(v, g->v, g->n * sizeof(*v));
        }
        g->v = v;
        g->room = room;
    }
    g->v[g->n++] = box;
    return true;
}

static int by_item(const void *left, const void *right)
{
    const struct fw_box *a = *(const struct fw_box *const *)left;
    const struct fw_box *b = *(const struct fw_box *const *)right;
    return (a->item > b->item) - (a->item < b->item);
}

static bool is_other_rule(void *context, const struct fw_box *box)
{
    const struct writing *w = context;
    return !is_gone(w, box->item);
}

/* The items in question: where nothing is skipped, what comes after one that decides the whole
 * region as the rule does is not, and what comes before the rule only if somebody decides otherwise
 * in between. */
static void find_range(struct writing *w, const struct fw_tree *tree,
                       const struct fw_region *region, struct fw_search *search)
{
    const struct fw_item *item = &w->program->items[w->claim->item];
    search->from = 0;
    search->to = w->claim->item;
    if (w->claim->kind != FW_CLAIM_SAME) {
        return;
    }
    search->to = w->program->nitems;
    if (w->program->returns || item->op != FW_OP_DECIDE) {
        return;
    }
    struct fw_search between = {w->claim->item + 1, w->program->nitems - 1,
                                fw_kinds_of(item->action), is_other_rule, w};
    const struct fw_box *end = fw_tree_container(tree, region, &between);
    if (!end) {
        return;
    }
    search->to = end->item + 1;
    between.to = end->item;
    between.kinds = FW_KINDS_ALL & ~between.kinds;
    search->from = fw_tree_overlap(tree, region, &between) ? 0 : end->item;
}

static struct list gather_all(struct writing *w, const struct fw_tree *tree)
{
    const struct fw_program *program = w->program;
    const struct fw_region region = fw_region_of(w->claim->box);
    struct gathering g = {.writing = w};
    struct fw_search search = {.kinds = FW_KINDS_ALL, .accept = gather, .context = &g};
    find_range(w, tree, &region, &search);
    if (w->claim->kind == FW_CLAIM_COVERED && w->claim->boxes) {
        for (size_t i = 0; i < w->claim->nboxes; i++) {
            gather(&g, w->claim->boxes[i]);
        }
    } else {
        fw_tree_visit(tree, &region, &search);
    }
    const struct fw_item *end = &program->items[program->nitems - 1];
    bool ends = w->claim->kind == FW_CLAIM_SAME && search.to == program->nitems;
    for (uint32_t i = 0; ends && i < end->nboxes; i++) {
        const struct fw_box *box = program->boxes[end->first_box + i];
        if (fw_box_overlaps(box, &region, w->n)) {
            gather(&g, box);
        }
    }
    if (g.n > 1) {
        qsort(g.v, g.n, sizeof(*g.v), by_item);
    }
    return (struct list){g.n, g.v};
}

enum fw_writing fw_certificate_write(struct fw_arena *arena, struct fw_scratch *scratch,
                                     const struct fw_tree *tree, const struct fw_claim *claim,
                                     uint64_t *work, struct fw_certificate *ret)
{
    const struct fw_item *item = &claim->program->items[claim->item];
    struct writing w = {.claim = claim,
                        .program = claim->program,
                        .arena = arena,
                        .scratch = scratch,
                        .n = claim->program->space.n,
                        .with = claim->item + 1,
                        .without = claim->item + 1,
                        .meet = item->end,
                        .work = work};
    if (item->op == FW_OP_SKIP) {
        w.with = item->end;
    } else if (item->op == FW_OP_ENTER) {
        bool goes = item->rule->action == FW_ACTION_GOTO;
        w.without = item->end + goes;
        w.meet = goes ? claim->program->items[item->end].end : item->end;
    }
    struct fw_scratch_mark mark = fw_scratch_mark(scratch);
    struct list boxes = gather_all(&w, tree);
    w.nall = claim->kind == FW_CLAIM_SAME ? boxes.n : 1;
    struct fw_region region = fw_region_of(claim->box);
    enum fw_writing done = write_part(&w, &region, &boxes, 0);
    fw_scratch_release(scratch, mark);
    *ret = (struct fw_certificate){w.nsteps, w.steps};
    return done;
}
