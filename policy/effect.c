/*
 * How it is found: everything that overlaps the region and comes earlier is gathered, and each
 * piece is cut by one box after the other. Where no packet can be skipped ahead (RETURN), the order
 * of boxes does not matter, and the largest come first because they leave the fewest pieces.
 */
#include "policy/effect.h"

#include <stdlib.h>
#include <string.h>

#include "core/limits.h"

/* Regions that may wait to be taken apart for one item. */
enum { MOST_TASKS = 1 << 16 };

struct fw_effect_task {
    struct fw_region region;
    size_t next;    /* in `way` */
    uint32_t at;    /* items before this one were skipped */
    unsigned doubt; /* FW_DOUBT_ bits */
};

void fw_effect_init(struct fw_effect *effect, const struct fw_program *program,
                    const struct fw_tree *tree, struct fw_scratch *scratch)
{
    *effect = (struct fw_effect){
        .program = program,
        .tree = tree,
        .scratch = scratch,
        .allowed = FW_LIMIT_EFFECT_WORK,
        .most = FW_LIMIT_EFFECT_PIECES,
    };
}

void fw_effect_clear(struct fw_effect *effect)
{
    free(effect->v);
    free(effect->tasks);
    free(effect->way);
    *effect = (struct fw_effect){0};
}

void fw_effect_begin(struct fw_effect *effect)
{
    enum { LEAST = 256 }; /* what a rule gets when all is used up */
    effect->total += effect->work;
    effect->n = 0;
    effect->work = 0;
    effect->cut = false;
    bool left = effect->total < FW_LIMIT_EFFECT_TOTAL;
    effect->allowed = left ? FW_LIMIT_EFFECT_WORK : LEAST;
}

/* Room for one more; when the machine has none, the question ends like one that is too large. */
static void *room_for(struct fw_effect *effect, void *v, size_t n, size_t *room, size_t size)
{
    if (n < *room) {
        return v;
    }
    size_t more = *room ? *room * 2 : 64;
    void *grown = realloc(v, more * size);
    if (!grown) {
        longjmp(effect->scratch->guard->jump, 1);
    }
    *room = more;
    return grown;
}

static void emit(struct fw_effect *effect, const struct fw_region *region, unsigned doubt,
                 uint32_t label)
{
    effect->v = room_for(effect, effect->v, effect->n, &effect->room, sizeof(*effect->v));
    effect->v[effect->n++] = (struct fw_effect_piece){*region, doubt, label};
}

static void push(struct fw_effect *effect, const struct fw_effect_task *task)
{
    effect->tasks = room_for(effect, effect->tasks, effect->ntasks, &effect->tasks_room,
                             sizeof(*effect->tasks));
    effect->tasks[effect->ntasks++] = *task;
}

/* --- what stands in the way ----------------------------------------------------------------- */

struct gathering {
    struct fw_effect *effect;
    uint32_t item;
    bool skips; /* some packets are skipped ahead on the way, not past the item */
    bool cut;
};

static bool gather(void *context, const struct fw_box *box)
{
    struct gathering *g = context;
    struct fw_effect *effect = g->effect;
    const struct fw_item *item = &effect->program->items[box->item];
    if (item->op == FW_OP_SKIP && item->end <= g->item) {
        if (item->harmless) {
            return true;
        }
        g->skips = true;
    }
    if (effect->nway >= effect->allowed) {
        g->cut = true; /* not even all that stands in the way can be looked at */
        return false;
    }
    effect->way = room_for(effect, (void *)effect->way, effect->nway, &effect->way_room,
                           sizeof(*effect->way));
    effect->way[effect->nway++] = box;
    return true;
}

static int by_item(const void *left, const void *right)
{
    const struct fw_box *a = *(const struct fw_box *const *)left;
    const struct fw_box *b = *(const struct fw_box *const *)right;
    if (a->item != b->item) {
        return a->item < b->item ? -1 : 1;
    }
    return 0;
}

/* How much of a space of ranks a box takes, roughly: enough to put large ones first. */
static double extent(const struct fw_program *program, const struct fw_box *box)
{
    double all = 1;
    for (unsigned i = 0; i < program->space.n; i++) {
        double ranks = program->space.axes[program->space.used[i]].ranks;
        all *= (double)fw_side_size(&box->sides[i]) / ranks;
    }
    return all;
}

struct sized {
    double extent;
    const struct fw_box *box;
    size_t place; /* ties keep their order: results must not hang on qsort */
};

static int largest_first(const void *left, const void *right)
{
    const struct sized *a = left;
    const struct sized *b = right;
    if (a->extent != b->extent) {
        return a->extent > b->extent ? -1 : 1;
    }
    if (a->box->item != b->box->item) {
        return a->box->item < b->box->item ? -1 : 1;
    }
    return (a->place > b->place) - (a->place < b->place);
}

static void sort_by_extent(struct fw_effect *effect)
{
    struct sized *v = fw_scratch_alloc(effect->scratch, (effect->nway + 1) * sizeof(*v));
    for (size_t i = 0; i < effect->nway; i++) {
        v[i] = (struct sized){extent(effect->program, effect->way[i]), effect->way[i], i};
    }
    qsort(v, effect->nway, sizeof(*v), largest_first);
    for (size_t i = 0; i < effect->nway; i++) {
        effect->way[i] = v[i].box;
    }
}

/* False: more than may be looked at. */
static bool find_way(struct fw_effect *effect, uint32_t item, uint32_t box,
                     const struct fw_region *region)
{
    struct gathering g = {.effect = effect, .item = item};
    const struct fw_program *program = effect->program;
    effect->nway = 0;
    const struct fw_search search = {0, item, FW_KINDS_ALL, gather, &g};
    fw_tree_visit(effect->tree, region, &search);
    effect->work += effect->nway;
    if (g.skips) {
        qsort((void *)effect->way, effect->nway, sizeof(*effect->way), by_item);
    } else if (effect->nway > 1) {
        sort_by_extent(effect);
    }
    /* What an earlier box of the same item has is counted there. */
    const struct fw_item *here = &program->items[item];
    for (uint32_t i = 0; i < box; i++) {
        const struct fw_box *other = program->boxes[here->first_box + i];
        effect->work++;
        if (fw_box_overlaps(other, region, program->space.n)) {
            effect->way = room_for(effect, (void *)effect->way, effect->nway, &effect->way_room,
                                   sizeof(*effect->way));
            effect->way[effect->nway++] = other;
        }
    }
    return !g.cut;
}

/* --- taking apart --------------------------------------------------------------------------- */

/* Why it is not sure that the box takes the packets in its sides; 0: it is. */
static unsigned doubt_of(const struct fw_program *program, const struct fw_box *box,
                         const struct fw_region *region)
{
    const struct fw_item *item = &program->items[box->item];
    if (item->op == FW_OP_UNKNOWN) {
        return FW_DOUBT_OUTSIDE;
    }
    if (fw_literals_include(region->literals, region->nliterals, box->literals, box->nliterals)) {
        return 0;
    }
    size_t most = 0;
    for (size_t t = 0; item->rule && t < item->rule->match.n; t++) {
        const struct fw_term *term = &item->rule->match.terms[t];
        for (size_t a = 0; a < term->natoms; a++) {
            if (term->atoms[a].outside) {
                return FW_DOUBT_OUTSIDE;
            }
        }
        most = term->natoms > most ? term->natoms : most;
    }
    /* More literals than the rule has conditions: they come from the jumps that lead to it. */
    return most < box->nliterals ? FW_DOUBT_OUTSIDE : FW_DOUBT_VARIES;
}

/* Cuts the task's region: what is outside the box waits, what is inside is left in it. False: the
 * region lay inside already. */
static bool cut(struct fw_effect *effect, struct fw_effect_task *task, const struct fw_side *box,
                size_t next)
{
    unsigned n = effect->program->space.n;
    struct fw_scratch *scratch = effect->scratch;
    struct fw_side *inside = NULL;
    for (unsigned i = 0; i < n; i++) {
        const struct fw_side *here = inside ? &inside[i] : &task->region.sides[i];
        if (fw_side_contains(&box[i], here)) {
            continue;
        }
        struct fw_effect_task rest = *task;
        struct fw_side *sides = fw_scratch_alloc(scratch, n * sizeof(*sides));
        memcpy(sides, inside ? inside : task->region.sides, n * sizeof(*sides));
        fw_side_minus(scratch, here, &box[i], &sides[i]);
        rest.region.sides = sides;
        rest.next = next;
        push(effect, &rest);
        if (!inside) {
            inside = fw_scratch_alloc(scratch, n * sizeof(*inside));
            memcpy(inside, task->region.sides, n * sizeof(*inside));
        }
        fw_side_intersect(scratch, &inside[i], &box[i], &inside[i]);
    }
    if (inside) {
        task->region.sides = inside;
    }
    return inside != NULL;
}

/* One box and a region that overlap. False: nothing of the region is left to go on with. */
static bool meet(struct fw_effect *effect, struct fw_effect_task *task, const struct fw_box *box,
                 uint32_t target, size_t next)
{
    const struct fw_item *item = &effect->program->items[box->item];
    unsigned doubt = doubt_of(effect->program, box, &task->region);
    bool ahead = item->op == FW_OP_SKIP && item->end <= target;
    if (box->item == target && doubt != 0) {
        return true; /* the rule decides it either way */
    }
    if (!ahead && doubt != 0 && (task->doubt & doubt) == doubt) {
        return true; /* it was in doubt for this before */
    }
    cut(effect, task, box->sides, next);
    if (!ahead && doubt == 0) {
        return false;
    }
    task->doubt |= doubt;
    if (ahead) {
        /* In doubt too: going on behind what is skipped leaves the more packets. */
        task->at = item->end;
    }
    return true;
}

static void take_apart(struct fw_effect *effect, uint32_t target, uint32_t label)
{
    unsigned n = effect->program->space.n;
    while (effect->ntasks > 0) {
        struct fw_effect_task task = effect->tasks[--effect->ntasks];
        bool left = true;
        for (size_t k = task.next; k < effect->nway && left; k++) {
            const struct fw_box *box = effect->way[k];
            if (effect->work >= effect->allowed || effect->ntasks + effect->n >= effect->most ||
                effect->ntasks >= MOST_TASKS) {
                effect->cut = true;
                task.doubt |= FW_DOUBT_BUDGET;
                break;
            }
            effect->work++;
            if (box->item >= task.at && fw_box_overlaps(box, &task.region, n)) {
                left = meet(effect, &task, box, target, k + 1);
            }
        }
        if (left) {
            emit(effect, &task.region, task.doubt, label);
        }
    }
}

void fw_effect_add(struct fw_effect *effect, uint32_t item, uint32_t box,
                   const struct fw_region *region, const struct fw_region *given, uint32_t label)
{
    const struct fw_program *program = effect->program;
    const struct fw_item *here = &program->items[item];
    struct fw_effect_task task = {.region = *region};
    bool whole = find_way(effect, item, box, region);
    const struct fw_box *own = program->boxes[here->first_box + box];
    task.doubt = doubt_of(program, own, given) | (whole ? 0u : FW_DOUBT_BUDGET);
    effect->cut = effect->cut || !whole;
    effect->ntasks = 0;
    push(effect, &task);
    take_apart(effect, item, label);
}

bool fw_effect_subtract(struct fw_effect *effect, size_t first, const struct fw_side *box)
{
    unsigned n = effect->program->space.n;
    size_t end = effect->n;
    for (size_t i = first; i < end; i++) {
        struct fw_effect_piece *piece = &effect->v[i];
        struct fw_region whole = {box, NULL, 0};
        bool apart = false;
        for (unsigned s = 0; s < n && !apart; s++) {
            apart = !fw_side_overlaps(&whole.sides[s], &piece->region.sides[s]);
        }
        if (apart) {
            continue;
        }
        if (effect->n >= effect->most) {
            return false;
        }
        struct fw_effect_task task = {.region = piece->region, .doubt = piece->doubt};
        uint32_t label = piece->label;
        effect->ntasks = 0;
        cut(effect, &task, box, 0);
        /* The first part outside takes its place; without any it becomes the last piece. */
        if (effect->ntasks == 0) {
            effect->v[i] = effect->v[--effect->n];
            end = effect->n < end ? effect->n : end;
            i--;
            continue;
        }
        effect->v[i].region = effect->tasks[0].region;
        for (size_t t = 1; t < effect->ntasks; t++) {
            emit(effect, &effect->tasks[t].region, task.doubt, label);
        }
    }
    return true;
}
