/*
 * A rule is dead: would one of the packets it matches fare otherwise if it came to the rule? And
 * the live ones: which earlier rule of another action do they overlap?
 */
#include "policy/judge.h"

#include <stdlib.h>

#include "policy/cover.h"

enum { TRIES = 12, FEW = 2 };

struct deciders {
    struct fw_judge *judge;
    enum fw_action except; /* of any other action; FW_ACTION_COUNT: of any */
    struct fw_boxes boxes;
};

static bool collect(void *context, const struct fw_box *box)
{
    struct deciders *d = context;
    const struct fw_item *item = &d->judge->engine.program->items[box->item];
    if (item->op == FW_OP_DECIDE && item->action != d->except) {
        fw_boxes_add(&d->judge->engine.scratch, &d->boxes, box);
    }
    return true;
}

static int by_item(const void *left, const void *right)
{
    const struct fw_box *a = *(const struct fw_box *const *)left;
    const struct fw_box *b = *(const struct fw_box *const *)right;
    return (a->item > b->item) - (a->item < b->item);
}

/* Real decisions over a region in [from, to), the default included when that is everything. */
static struct fw_boxes find_deciders(struct fw_judge *judge, const struct fw_region *region,
                                     uint32_t from, uint32_t to, enum fw_action except)
{
    const struct fw_program *program = judge->engine.program;
    struct deciders d = {.judge = judge, .except = except};
    struct fw_search search = {from, to, FW_KINDS_DECIDE & ~fw_kinds_of(except), collect, &d};
    fw_tree_visit(judge->engine.tree, region, &search);
    if (d.boxes.n > 1) {
        qsort(d.boxes.v, d.boxes.n, sizeof(*d.boxes.v), by_item);
    }
    const struct fw_item *end = &program->items[program->nitems - 1];
    for (uint32_t i = 0; to == program->nitems && i < end->nboxes; i++) {
        const struct fw_box *box = program->boxes[end->first_box + i];
        if (fw_box_overlaps(box, region, program->space.n)) {
            collect(&d, box);
        }
    }
    return d.boxes;
}

/* Nothing after a dead rule decides what the rule matches, unless a return leads past the rule;
 * and without returns nothing after the first that has the whole region does. */
static uint32_t reach_of(const struct fw_judge *judge, const struct fw_region *region, uint32_t at)
{
    const struct fw_program *program = judge->engine.program;
    struct fw_search search = {0, at, FW_KINDS_DECIDE, NULL, NULL};
    if (program->returns) {
        return program->nitems;
    }
    const struct fw_box *first = fw_tree_container(judge->engine.tree, region, &search);
    return first ? first->item + 1 : at;
}

static void tell(struct fw_judge *judge, struct fw_packet *ret)
{
    fw_space_packet(&judge->engine.program->space, judge->engine.point.ranks, ret);
}

/* A packet of the region, decided by one of the boxes, on the way given (one leg). */
static enum fw_answer ask(struct fw_judge *judge, const struct fw_region *region,
                          const struct fw_boxes *boxes, enum fw_action action, bool sure)
{
    struct fw_engine *engine = &judge->engine;
    enum fw_answer answer = FW_ANSWER_COVERED;
    for (size_t i = 0; i < boxes->n && answer != FW_ANSWER_REACHED; i++) {
        struct fw_scratch_mark mark = fw_scratch_mark(&engine->scratch);
        struct fw_region of_box = fw_region_of(boxes->v[i]);
        struct fw_question question = {
            .nlegs = 1,
            .legs = {{0, boxes->v[i]->item, false}},
            .agree = action,
            .sure = sure,
        };
        if ((!sure || of_box.nliterals == 0) &&
            fw_region_meet(&engine->scratch, region, &of_box, engine->program->space.n,
                           &question.region)) {
            enum fw_answer one = fw_reach(engine, &question);
            answer = one == FW_ANSWER_COVERED ? answer : one;
        }
        fw_scratch_release(&engine->scratch, mark);
    }
    return answer;
}

/* Whatever the literals are: does the packet at hand, which a dead rule matches, get another
 * action? "No" may be wrong. */
static bool is_surely_otherwise(const struct fw_engine *engine, uint32_t dead)
{
    const struct fw_program *program = engine->program;
    enum fw_action action = program->items[dead].action;
    uint32_t last = program->nitems - 1;
    uint32_t at = 0;
    for (;;) {
        struct fw_search search = {at, last, FW_KINDS_ALL, NULL, NULL};
        const struct fw_box *box = fw_tree_first(engine->tree, engine->point.ranks, NULL, &search);
        uint32_t next = box ? box->item : last;
        if (at <= dead && next >= dead) {
            return true; /* dead: one of those passed so far decides in every world */
        }
        if (!box) {
            break;
        }
        const struct fw_item *item = &program->items[next];
        bool maybe = box->nliterals > 0;
        if (item->op == FW_OP_DECIDE && (item->action == action || !maybe)) {
            return item->action != action;
        }
        if (item->op == FW_OP_UNKNOWN || (item->op == FW_OP_SKIP && maybe)) {
            return false;
        }
        at = item->op == FW_OP_SKIP ? item->end : next + 1;
    }
    return program->items[last].op == FW_OP_DECIDE && program->items[last].action != action;
}

/* Does nobody before an item decide otherwise? Of the default nothing is said. */
static bool is_all_alike(const struct fw_judge *judge, const struct fw_region *region, uint32_t to,
                         enum fw_action action)
{
    const struct fw_program *program = judge->engine.program;
    struct fw_search search = {0, to, FW_KINDS_DECIDE & ~fw_kinds_of(action), NULL, NULL};
    return to < program->nitems && !fw_tree_overlap(judge->engine.tree, region, &search);
}

/* Sample packets: does one surely get another action? */
static bool is_seen(struct fw_judge *judge, const struct fw_region *region, uint32_t at,
                    unsigned from, unsigned to)
{
    for (unsigned seed = from; seed < to; seed++) {
        fw_engine_sample(&judge->engine, region, seed);
        if (is_surely_otherwise(&judge->engine, at)) {
            return true;
        }
    }
    return false;
}

static bool has_no_literals(void *context, const struct fw_box *box)
{
    (void)context;
    return box->nliterals == 0;
}

/* Does a packet of the region get another action before `to`? */
static enum fw_answer ask_deciders(struct fw_judge *judge, const struct fw_region *region,
                                   uint32_t to, enum fw_action action, bool sure)
{
    const struct fw_program *program = judge->engine.program;
    if (program->returns) {
        struct fw_boxes others = find_deciders(judge, region, 0, to, action);
        return ask(judge, region, &others, action, sure);
    }
    struct fw_question question = {
        .region = *region, .nlegs = 1, .legs = {{0, to, false}}, .agree = action, .sure = sure};
    struct fw_search search = {0, to, FW_KINDS_DECIDE & ~fw_kinds_of(action),
                               sure ? has_no_literals : NULL, NULL};
    return fw_reach_any(&judge->engine, &question, &search, true);
}

/* A deciding rule: somebody else decides otherwise. */
static enum fw_answer decides_otherwise(struct fw_judge *judge, uint32_t at, bool sure)
{
    const struct fw_program *program = judge->engine.program;
    const struct fw_item *item = &program->items[at];
    enum fw_answer answer = FW_ANSWER_COVERED;
    for (uint32_t i = 0; i < item->nboxes && answer != FW_ANSWER_REACHED; i++) {
        struct fw_region region = fw_region_of(program->boxes[item->first_box + i]);
        if (sure && region.nliterals > 0) {
            continue;
        }
        if (sure && is_seen(judge, &region, at, 0, FEW)) {
            return FW_ANSWER_REACHED;
        }
        uint32_t to = reach_of(judge, &region, at);
        if (is_all_alike(judge, &region, to, item->action)) {
            continue;
        }
        if (sure && is_seen(judge, &region, at, FEW, TRIES)) {
            return FW_ANSWER_REACHED;
        }
        enum fw_answer one = ask_deciders(judge, &region, to, item->action, sure);
        answer = one == FW_ANSWER_COVERED ? answer : one;
    }
    return answer;
}

/* A jump or return: what really decides, against what would decide from here. */
static enum fw_answer leads_otherwise(struct fw_judge *judge, uint32_t at)
{
    struct fw_engine *engine = &judge->engine;
    const struct fw_program *program = engine->program;
    const struct fw_item *item = &program->items[at];
    uint32_t start = item->op == FW_OP_SKIP ? item->end : at + 1;
    enum fw_answer answer = FW_ANSWER_COVERED;
    for (uint32_t i = 0; i < item->nboxes; i++) {
        struct fw_region region = fw_region_of(program->boxes[item->first_box + i]);
        for (unsigned seed = 0; seed < TRIES; seed++) {
            fw_engine_sample(engine, &region, seed);
            enum fw_action now = fw_judge_fate(judge, 0, false, NULL);
            enum fw_action then = fw_judge_fate(judge, start, false, NULL);
            if (now != then && now != FW_ACTION_UNKNOWN && then != FW_ACTION_UNKNOWN) {
                return FW_ANSWER_REACHED;
            }
        }
        struct fw_boxes now = find_deciders(judge, &region, 0, reach_of(judge, &region, at),
                                            FW_ACTION_COUNT);
        for (size_t k = 0; k < now.n; k++) {
            struct fw_region of_box = fw_region_of(now.v[k]);
            struct fw_region both;
            if (!fw_region_meet(&engine->scratch, &region, &of_box, program->space.n, &both)) {
                continue;
            }
            enum fw_action action = program->items[now.v[k]->item].action;
            struct fw_boxes then = find_deciders(judge, &both, start, program->nitems, action);
            for (size_t m = 0; m < then.n; m++) {
                struct fw_question question = {
                    .nlegs = 2,
                    .legs = {{0, now.v[k]->item, false}, {start, then.v[m]->item, false}},
                };
                struct fw_region of_then = fw_region_of(then.v[m]);
                if (!fw_region_meet(&engine->scratch, &both, &of_then, program->space.n,
                                    &question.region)) {
                    continue;
                }
                enum fw_answer one = fw_reach(engine, &question);
                if (one == FW_ANSWER_REACHED) {
                    return one;
                }
                answer = one == FW_ANSWER_COVERED ? answer : one;
            }
        }
    }
    return answer;
}

/* Did no literal have a say in what happens to the packet at hand? */
static bool is_sure_of_packet(struct fw_judge *judge, uint32_t at)
{
    const struct fw_program *program = judge->engine.program;
    const struct fw_item *item = &program->items[at];
    bool sure = true;
    fw_judge_fate(judge, 0, false, &sure);
    fw_judge_fate(judge, item->op == FW_OP_SKIP ? item->end : at + 1, false, &sure);
    bool matched = false;
    for (uint32_t i = 0; i < item->nboxes; i++) {
        const struct fw_box *box = program->boxes[item->first_box + i];
        matched = matched || (box->nliterals == 0 &&
                              fw_box_has(box, judge->engine.point.ranks, NULL, program->space.n));
    }
    return sure && matched;
}

enum fw_answer fw_judge_shadowed(struct fw_judge *judge, enum fw_certainty *ret_certainty,
                                 struct fw_packet *ret)
{
    enum fw_answer answer = FW_ANSWER_COVERED;
    for (int sure = 1; sure >= 0; sure--) {
        for (uint32_t p = 0; p < judge->nplaces; p++) {
            const struct fw_place *place = &judge->places[p];
            fw_judge_enter(judge, place);
            enum fw_op op = judge->engine.program->items[place->item].op;
            bool decides = op == FW_OP_DECIDE;
            bool certain = judge->engine.program->nvariables == 0 && /* then both are the same */
                           judge->engine.tree->ntops[FW_KIND_UNKNOWN] == 0;
            if (op == FW_OP_UNKNOWN || op == FW_OP_PASS || (!decides && sure) ||
                (decides && !sure && certain)) {
                continue;
            }
            struct fw_scratch_mark mark = fw_scratch_mark(&judge->engine.scratch);
            enum fw_answer one = decides ? decides_otherwise(judge, place->item, sure)
                                         : leads_otherwise(judge, place->item);
            fw_scratch_release(&judge->engine.scratch, mark);
            if (one == FW_ANSWER_REACHED) {
                bool proven = decides ? sure : is_sure_of_packet(judge, place->item);
                *ret_certainty = proven ? FW_PROVEN : FW_POSSIBLE;
                tell(judge, ret);
                return one;
            }
            answer = one == FW_ANSWER_COVERED ? answer : one;
        }
    }
    return answer;
}
