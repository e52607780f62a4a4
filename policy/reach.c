/*
 * How it is answered. A dozen sample packets settle most questions. Otherwise everything that
 * overlaps the region is gathered and the region is taken apart: what only one side of a box leaves
 * over is cut off without branching, many boxes are cut at a median, few are subtracted one by one
 * with the part outside first. Skips come before all that: a region is split by the earliest skip,
 * and where it is taken, what it skips no longer stands in the way.
 */
#include "policy/reach.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "policy/reach_impl.h"

enum { SAMPLES = 12, FIRST = 2 };

void fw_engine_forget(struct fw_engine *engine)
{
    engine->used_round++;
    engine->nused = 0;
}

void fw_engine_use(struct fw_engine *engine, uint32_t rule_id)
{
    if (rule_id != FW_NO_RULE && engine->used[rule_id] != engine->used_round) {
        engine->used[rule_id] = engine->used_round;
        engine->used_list[engine->nused++] = rule_id;
    }
}

void fw_engine_unuse(struct fw_engine *engine, uint32_t nused)
{
    while (engine->nused > nused) {
        engine->used[engine->used_list[--engine->nused]] = engine->used_round - 1;
    }
}

bool fw_engine_is_removed(const struct fw_engine *engine, uint32_t item)
{
    for (size_t i = 0; i < engine->nremoved; i++) {
        if (item >= engine->removed[i].lo && item <= engine->removed[i].hi) {
            return true;
        }
    }
    return false;
}

static uint64_t next_random(struct fw_engine *engine)
{
    uint64_t x = engine->random;
    x ^= x << 13;
    x ^= x >> 7;
    x ^= x << 17;
    engine->random = x;
    return x;
}

void fw_engine_sample(struct fw_engine *engine, const struct fw_region *region, unsigned seed)
{
    const struct fw_program *program = engine->program;
    struct fw_point *point = &engine->point;
    engine->random = UINT64_C(0x9e3779b97f4a7c15) * (seed + 1);
    for (unsigned i = 0; i < program->space.n; i++) {
        const struct fw_side *side = &region->sides[i];
        uint64_t random = seed < 2 ? 0 : next_random(engine);
        if (seed < 2) {
            point->ranks[i] = seed == 0 ? fw_space_ordinary(&program->space, i, side) : side->hi;
        } else if ((seed & 1) == 0) { /* another corner */
            point->ranks[i] = (random >> 60 & 1) != 0 ? side->lo : side->hi;
        } else {
            point->ranks[i] = fw_side_at(side, (random >> 16) % fw_side_size(side));
        }
    }
    /* What asks for something unknown to be true is mostly dodged by its being false. */
    for (uint32_t i = 0; i < program->nvariables; i++) {
        point->truth[i] = seed > 3 && (seed & 2) != 0 && (next_random(engine) >> 60 & 1) != 0;
    }
    for (uint32_t i = 0; i < region->nliterals; i++) {
        point->truth[region->literals[i] >> 1] = (region->literals[i] & 1) == 0;
    }
}

static bool is_kept(const struct fw_asking *a, const struct fw_item *item)
{
    const struct fw_engine *engine = a->engine;
    enum fw_keep keep = a->question->keep;
    if (keep == FW_KEEP_ALL || item->rule_id == FW_NO_RULE ||
        engine->kept[item->rule_id] == engine->kept_round) {
        return true;
    }
    return keep == FW_KEEP_AGREED &&
           !(a->leg->without && item->op == FW_OP_DECIDE && item->action == a->question->agree);
}

enum fw_role fw_asking_role(const struct fw_asking *a, const struct fw_box *box)
{
    const struct fw_item *item = &a->engine->program->items[box->item];
    bool sure = a->question->sure;
    if ((a->leg->without && fw_engine_is_removed(a->engine, box->item)) || !is_kept(a, item)) {
        return FW_ROLE_NONE;
    }
    switch (item->op) {
    case FW_OP_DECIDE:
        return !sure || item->action == a->question->agree ? FW_ROLE_COVERS : FW_ROLE_NONE;
    case FW_OP_UNKNOWN:
        return sure ? FW_ROLE_COVERS : FW_ROLE_NONE;
    case FW_OP_SKIP:
        if (item->end > a->leg->to) {
            return FW_ROLE_COVERS;
        }
        if (item->harmless) {
            return FW_ROLE_NONE;
        }
        return sure && box->nliterals > 0 ? FW_ROLE_COVERS : FW_ROLE_SKIPS;
    case FW_OP_ENTER:
    case FW_OP_PASS:
        break;
    }
    return FW_ROLE_NONE;
}

static bool has_role(void *context, const struct fw_box *box)
{
    return fw_asking_role(context, box) != FW_ROLE_NONE;
}

struct fw_search fw_asking_search(struct fw_asking *a, uint32_t from, fw_tree_accept *accept)
{
    const struct fw_engine *engine = a->engine;
    bool flat = !engine->program->returns && !a->question->sure;
    bool gone = a->leg->without && engine->nremoved > 0 &&
                engine->removed[engine->nremoved - 1].hi >= from;
    bool plain = flat && !gone && a->question->keep == FW_KEEP_ALL;
    return (struct fw_search){from, a->leg->to, flat ? FW_KINDS_DECIDE : FW_KINDS_ALL,
                              plain ? NULL : accept, a};
}

/* What takes the packet in engine->point; NULL: it goes all the way. */
static const struct fw_box *taken_by(struct fw_engine *engine, const struct fw_question *question)
{
    struct fw_asking a = {.engine = engine, .question = question};
    const bool *truth = question->sure ? NULL : engine->point.truth;
    for (unsigned l = 0; l < question->nlegs; l++) {
        a.leg = &question->legs[l];
        uint32_t at = a.leg->from;
        while (at < a.leg->to) {
            struct fw_search search = fw_asking_search(&a, at, has_role);
            const struct fw_box *box = fw_tree_first(engine->tree, engine->point.ranks, truth,
                                                     &search);
            if (!box) {
                break;
            }
            if (fw_asking_role(&a, box) == FW_ROLE_COVERS) {
                return box;
            }
            at = engine->program->items[box->item].end;
        }
    }
    return NULL;
}

bool fw_engine_passes(struct fw_engine *engine, const struct fw_question *question)
{
    return !taken_by(engine, question);
}

/* Packets of the region, one for each seed. COVERED: one item that takes a packet takes the whole
 * region; GAVE_UP: not decided. */
static enum fw_answer sample(struct fw_engine *engine, const struct fw_question *question,
                             unsigned from, unsigned to)
{
    bool firm = !engine->program->skips && !question->sure;
    for (unsigned seed = from; seed < to; seed++) {
        fw_engine_sample(engine, &question->region, seed);
        const struct fw_box *box = taken_by(engine, question);
        if (!box) {
            return FW_ANSWER_REACHED;
        }
        if (firm && fw_box_contains(box, &question->region, engine->program->space.n)) {
            fw_engine_use(engine, engine->program->items[box->item].rule_id);
            return FW_ANSWER_COVERED;
        }
    }
    return FW_ANSWER_GAVE_UP;
}

static bool gather(void *context, const struct fw_box *box)
{
    struct fw_asking *a = context;
    enum fw_role role = fw_asking_role(a, box);
    size_t leg = (size_t)(a->leg - a->question->legs);
    if (role == FW_ROLE_COVERS) {
        fw_boxes_add(&a->engine->scratch, &a->way.covers[leg], box);
    } else if (role == FW_ROLE_SKIPS) {
        fw_boxes_add(&a->engine->scratch, &a->way.skips[leg], box);
    } else {
        return true;
    }
    return --a->room > 0;
}

/* Is the item skipped when this skip is taken? */
static bool is_skipped(const struct fw_program *program, uint32_t skip, uint32_t item)
{
    return item > skip && item < program->items[skip].end;
}

static struct fw_boxes overlapping(struct fw_engine *engine, const struct fw_boxes *boxes,
                                   const struct fw_region *region, const struct fw_box *except)
{
    struct fw_boxes left = {0};
    for (size_t i = 0; i < boxes->n; i++) {
        if (boxes->v[i] != except &&
            fw_box_overlaps(boxes->v[i], region, engine->program->space.n)) {
            fw_boxes_add(&engine->scratch, &left, boxes->v[i]);
        }
    }
    return left;
}

/* What of the way overlaps the region; on one leg without one box (NULL: with all). */
static struct fw_way narrow(struct fw_engine *engine, const struct fw_way *way,
                            const struct fw_region *region, const struct fw_box *except, size_t leg)
{
    struct fw_way left;
    for (size_t i = 0; i < FW_LEGS; i++) {
        left.covers[i] = overlapping(engine, &way->covers[i], region, NULL);
        left.skips[i] = overlapping(engine, &way->skips[i], region, i == leg ? except : NULL);
    }
    return left;
}

/* Without the boxes of items that are skipped, or that are the skip itself. */
static void drop_skipped(const struct fw_program *program, struct fw_boxes *boxes, uint32_t skip)
{
    size_t kept = 0;
    for (size_t i = 0; i < boxes->n; i++) {
        uint32_t item = boxes->v[i]->item;
        if (item != skip && !is_skipped(program, skip, item)) {
            boxes->v[kept++] = boxes->v[i];
        }
    }
    boxes->n = kept;
}

/* The earliest box that contains the region and that no skip can jump over. */
static const struct fw_box *firm_cover(const struct fw_engine *engine,
                                       const struct fw_region *region, const struct fw_way *way)
{
    const struct fw_box *first = NULL;
    for (size_t leg = 0; leg < FW_LEGS && !first; leg++) {
        const struct fw_boxes *covers = &way->covers[leg];
        const struct fw_boxes *skips = &way->skips[leg];
        for (size_t i = 0; i < covers->n; i++) {
            uint32_t item = covers->v[i]->item;
            if ((first && item >= first->item) ||
                !fw_box_contains(covers->v[i], region, engine->program->space.n)) {
                continue;
            }
            size_t k = 0;
            while (k < skips->n && !is_skipped(engine->program, skips->v[k]->item, item)) {
                k++;
            }
            if (k == skips->n) {
                first = covers->v[i];
            }
        }
    }
    return first;
}

static enum fw_answer solve(struct fw_engine *engine, const struct fw_region *region,
                            const struct fw_way *way, unsigned depth);

/* Where the skip is taken, what it skips is not in the way; elsewhere the skip itself is gone. */
static enum fw_answer split_by(struct fw_engine *engine, const struct fw_region *region,
                               const struct fw_way *way, const struct fw_box *skip, size_t leg,
                               unsigned depth)
{
    const struct fw_program *program = engine->program;
    struct fw_region of_skip = fw_region_of(skip);
    struct fw_region part;
    enum fw_answer answer = FW_ANSWER_COVERED;
    fw_engine_use(engine, program->items[skip->item].rule_id);
    if (fw_region_meet(&engine->scratch, region, &of_skip, program->space.n, &part)) {
        struct fw_way inside = narrow(engine, way, &part, NULL, leg);
        drop_skipped(program, &inside.covers[leg], skip->item);
        drop_skipped(program, &inside.skips[leg], skip->item);
        answer = solve(engine, &part, &inside, depth + 1);
    }
    struct fw_pieces pieces;
    fw_pieces_start(&pieces, engine, region, skip);
    while (answer != FW_ANSWER_REACHED && fw_pieces_next(&pieces, &part)) {
        struct fw_scratch_mark mark = fw_scratch_mark(&engine->scratch);
        struct fw_way outside = narrow(engine, way, &part, skip, leg);
        enum fw_answer one = solve(engine, &part, &outside, depth + 1);
        answer = one == FW_ANSWER_COVERED ? answer : one;
        fw_scratch_release(&engine->scratch, mark);
    }
    return answer;
}

static const struct fw_box *earliest(const struct fw_boxes *boxes)
{
    const struct fw_box *first = boxes->v[0];
    for (size_t i = 1; i < boxes->n; i++) {
        first = boxes->v[i]->item < first->item ? boxes->v[i] : first;
    }
    return first;
}

/* Splits by the earliest skip until none is left, then covers. Everything on the way overlaps the
 * region. */
static enum fw_answer solve(struct fw_engine *engine, const struct fw_region *region,
                            const struct fw_way *way, unsigned depth)
{
    size_t n = 0;
    size_t leg = FW_LEGS;
    for (size_t i = FW_LEGS; i > 0; i--) {
        n += way->covers[i - 1].n + way->skips[i - 1].n;
        leg = way->skips[i - 1].n > 0 ? i - 1 : leg;
    }
    engine->work += 1 + n / 16;
    if (engine->work > engine->allowed || depth >= FW_ENGINE_DEPTH) {
        return FW_ANSWER_GAVE_UP;
    }
    const struct fw_box *firm = leg < FW_LEGS ? firm_cover(engine, region, way) : NULL;
    if (firm) {
        fw_engine_use(engine, engine->program->items[firm->item].rule_id);
        return FW_ANSWER_COVERED;
    }
    struct fw_scratch_mark mark = fw_scratch_mark(&engine->scratch);
    enum fw_answer answer;
    if (leg < FW_LEGS) {
        answer = split_by(engine, region, way, earliest(&way->skips[leg]), leg, depth);
    } else {
        struct fw_boxes all = {0};
        for (size_t i = 0; i < FW_LEGS; i++) {
            for (size_t k = 0; k < way->covers[i].n; k++) {
                fw_boxes_add(&engine->scratch, &all, way->covers[i].v[k]);
            }
        }
        answer = depth == 0 ? fw_cover_by_largest(engine, region, &all)
                            : fw_cover(engine, region, &all, depth);
    }
    fw_scratch_release(&engine->scratch, mark);
    return answer;
}

bool fw_asking_gather(struct fw_asking *a, size_t most)
{
    a->way = (struct fw_way){0};
    a->room = most;
    for (unsigned l = 0; l < a->question->nlegs && a->room > 0; l++) {
        a->leg = &a->question->legs[l];
        struct fw_search search = fw_asking_search(a, a->leg->from, gather);
        search.accept = gather;
        fw_tree_visit(a->engine->tree, &a->question->region, &search);
    }
    return a->room > 0;
}

/* A packet or two settle most questions; where little is in the way, it is looked at, and else more
 * packets are tried before that. */
enum fw_answer fw_reach(struct fw_engine *engine, const struct fw_question *question)
{
    struct fw_asking a = {.engine = engine, .question = question};
    assert(!question->sure || question->region.nliterals == 0);
    enum fw_answer answer = sample(engine, question, 0, FIRST);
    if (answer != FW_ANSWER_GAVE_UP) {
        return answer;
    }
    if (!engine->program->skips) {
        return fw_seek(engine, question);
    }
    struct fw_scratch_mark mark = fw_scratch_mark(&engine->scratch);
    if (!fw_asking_gather(&a, engine->little)) {
        answer = sample(engine, question, FIRST, SAMPLES);
        if (answer != FW_ANSWER_GAVE_UP) {
            return answer;
        }
        fw_scratch_release(&engine->scratch, mark);
        fw_asking_gather(&a, SIZE_MAX);
    }
    for (size_t i = 0; i < FW_LEGS && question->sure; i++) {
        fw_boxes_strip(engine, &a.way.covers[i]);
    }
    answer = solve(engine, &question->region, &a.way, 0);
    fw_scratch_release(&engine->scratch, mark);
    return answer;
}
