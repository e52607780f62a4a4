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

#include "policy/cover.h"

enum { SAMPLES = 12 };

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
            point->ranks[i] = seed == 0 ? side->lo : side->hi;
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

/* What an item is to a question on one of its legs. */
enum role { ROLE_NONE, ROLE_COVERS, ROLE_SKIPS };

struct asking {
    struct fw_engine *engine;
    const struct fw_question *question;
    const struct fw_leg *leg;
    struct fw_boxes covers, skips; /* gathered */
};

static bool is_kept(const struct asking *a, const struct fw_item *item)
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

static enum role role_of(const struct asking *a, const struct fw_box *box)
{
    const struct fw_item *item = &a->engine->program->items[box->item];
    bool sure = a->question->sure;
    if ((a->leg->without && fw_engine_is_removed(a->engine, box->item)) || !is_kept(a, item)) {
        return ROLE_NONE;
    }
    switch (item->op) {
    case FW_OP_DECIDE:
        return !sure || item->action == a->question->agree ? ROLE_COVERS : ROLE_NONE;
    case FW_OP_UNKNOWN:
        return sure ? ROLE_COVERS : ROLE_NONE;
    case FW_OP_SKIP:
        return item->end > a->leg->to || (sure && box->nliterals > 0) ? ROLE_COVERS : ROLE_SKIPS;
    case FW_OP_ENTER:
    case FW_OP_PASS:
        break;
    }
    return ROLE_NONE;
}

static bool has_role(void *context, const struct fw_box *box)
{
    return role_of(context, box) != ROLE_NONE;
}

static bool covers(void *context, const struct fw_box *box)
{
    return role_of(context, box) == ROLE_COVERS;
}

bool fw_engine_passes(struct fw_engine *engine, const struct fw_question *question)
{
    struct asking a = {.engine = engine, .question = question};
    const bool *truth = question->sure ? NULL : engine->point.truth;
    for (unsigned l = 0; l < question->nlegs; l++) {
        a.leg = &question->legs[l];
        uint32_t at = a.leg->from;
        while (at < a.leg->to) {
            const struct fw_box *box = fw_tree_first(engine->tree, engine->point.ranks, truth, at,
                                                     a.leg->to, has_role, &a);
            if (!box) {
                break;
            }
            if (role_of(&a, box) == ROLE_COVERS) {
                return false;
            }
            at = engine->program->items[box->item].end;
        }
    }
    return true;
}

enum fw_answer fw_reach_sample(struct fw_engine *engine, const struct fw_question *question)
{
    for (unsigned seed = 0; seed < SAMPLES; seed++) {
        fw_engine_sample(engine, &question->region, seed);
        if (fw_engine_passes(engine, question)) {
            return FW_ANSWER_REACHED;
        }
    }
    return FW_ANSWER_COVERED;
}

static bool gather(void *context, const struct fw_box *box)
{
    struct asking *a = context;
    enum role role = role_of(a, box);
    if (role == ROLE_COVERS) {
        fw_boxes_add(&a->engine->scratch, &a->covers, box);
    } else if (role == ROLE_SKIPS) {
        fw_boxes_add(&a->engine->scratch, &a->skips, box);
    }
    return true;
}

/* Is the item skipped when this skip is taken? */
static bool is_skipped(const struct fw_program *program, uint32_t skip, uint32_t item)
{
    return item > skip && item < program->items[skip].end;
}

/* Without the boxes of items that are skipped, or that are the skip itself. */
static struct fw_boxes drop_skipped(struct fw_engine *engine, const struct fw_boxes *boxes,
                                    uint32_t skip)
{
    struct fw_boxes left = {0};
    for (size_t i = 0; i < boxes->n; i++) {
        uint32_t item = boxes->v[i]->item;
        if (item != skip && !is_skipped(engine->program, skip, item)) {
            fw_boxes_add(&engine->scratch, &left, boxes->v[i]);
        }
    }
    return left;
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

/* A box that contains the region and that no skip can jump over. */
static const struct fw_box *firm_cover(const struct fw_engine *engine,
                                       const struct fw_region *region, const struct fw_boxes *cover,
                                       const struct fw_boxes *skips)
{
    for (size_t i = 0; i < cover->n; i++) {
        if (!fw_box_contains(cover->v[i], region, engine->program->space.n)) {
            continue;
        }
        size_t k = 0;
        while (k < skips->n && !is_skipped(engine->program, skips->v[k]->item, cover->v[i]->item)) {
            k++;
        }
        if (k == skips->n) {
            return cover->v[i];
        }
    }
    return NULL;
}

static enum fw_answer solve(struct fw_engine *engine, const struct fw_region *region,
                            const struct fw_boxes *cover, const struct fw_boxes *skips,
                            unsigned depth);

/* Where the skip is taken, what it skips is not in the way; elsewhere the skip itself is gone. */
static enum fw_answer split_by(struct fw_engine *engine, const struct fw_region *region,
                               const struct fw_boxes *cover, const struct fw_boxes *skips,
                               const struct fw_box *skip, unsigned depth)
{
    struct fw_region of_skip = fw_region_of(skip);
    struct fw_region part;
    enum fw_answer answer = FW_ANSWER_COVERED;
    fw_engine_use(engine, engine->program->items[skip->item].rule_id);
    if (fw_region_meet(&engine->scratch, region, &of_skip, engine->program->space.n, &part)) {
        struct fw_boxes cover_inside = drop_skipped(engine, cover, skip->item);
        struct fw_boxes skips_inside = drop_skipped(engine, skips, skip->item);
        answer = solve(engine, &part, &cover_inside, &skips_inside, depth + 1);
    }
    struct fw_pieces pieces;
    fw_pieces_start(&pieces, engine, region, skip);
    while (answer != FW_ANSWER_REACHED && fw_pieces_next(&pieces, &part)) {
        struct fw_boxes others = overlapping(engine, skips, &part, skip);
        enum fw_answer one = solve(engine, &part, cover, &others, depth + 1);
        answer = one == FW_ANSWER_COVERED ? answer : one;
    }
    return answer;
}

/* Splits by the earliest skip until none is left, then covers. */
static enum fw_answer solve(struct fw_engine *engine, const struct fw_region *region,
                            const struct fw_boxes *cover, const struct fw_boxes *skips,
                            unsigned depth)
{
    struct fw_scratch_mark mark = fw_scratch_mark(&engine->scratch);
    struct fw_boxes left = overlapping(engine, skips, region, NULL);
    struct fw_boxes over = overlapping(engine, cover, region, NULL);
    enum fw_answer answer = FW_ANSWER_GAVE_UP;
    engine->work += 1 + (cover->n + skips->n) / 16;
    if (engine->work <= engine->allowed && depth < FW_ENGINE_DEPTH) {
        const struct fw_box *firm = left.n > 0 ? firm_cover(engine, region, &over, &left) : NULL;
        if (firm) {
            fw_engine_use(engine, engine->program->items[firm->item].rule_id);
            answer = FW_ANSWER_COVERED;
        } else if (left.n == 0) {
            answer = fw_cover(engine, region, &over, depth);
        } else {
            const struct fw_box *skip = left.v[0];
            for (size_t i = 1; i < left.n; i++) {
                skip = left.v[i]->item < skip->item ? left.v[i] : skip;
            }
            answer = split_by(engine, region, &over, &left, skip, depth);
        }
    }
    fw_scratch_release(&engine->scratch, mark);
    return answer;
}

/* One item that takes the whole region by itself, where no skip can interfere. */
static bool taken_by_one(struct asking *a)
{
    const struct fw_question *question = a->question;
    if (a->engine->program->skips || question->sure || question->keep != FW_KEEP_ALL) {
        return false;
    }
    for (unsigned l = 0; l < question->nlegs; l++) {
        a->leg = &question->legs[l];
        const struct fw_box *box = fw_tree_container(a->engine->tree, &question->region,
                                                     a->leg->from, a->leg->to, covers, a);
        if (box) {
            fw_engine_use(a->engine, a->engine->program->items[box->item].rule_id);
            return true;
        }
    }
    return false;
}

enum fw_answer fw_reach(struct fw_engine *engine, const struct fw_question *question)
{
    struct asking a = {.engine = engine, .question = question};
    assert(!question->sure || question->region.nliterals == 0);
    if (taken_by_one(&a)) {
        return FW_ANSWER_COVERED;
    }
    if (fw_reach_sample(engine, question) == FW_ANSWER_REACHED) {
        return FW_ANSWER_REACHED;
    }
    struct fw_scratch_mark mark = fw_scratch_mark(&engine->scratch);
    for (unsigned l = 0; l < question->nlegs; l++) {
        a.leg = &question->legs[l];
        fw_tree_visit(engine->tree, &question->region, a.leg->from, a.leg->to, gather, &a);
    }
    if (question->sure) {
        fw_boxes_strip(engine, &a.covers);
    }
    enum fw_answer answer = solve(engine, &question->region, &a.covers, &a.skips, 0);
    fw_scratch_release(&engine->scratch, mark);
    return answer;
}
