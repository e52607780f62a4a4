/*
 * Regions with much in their way, and questions about many items at once, where nothing is skipped.
 * Gathering all that overlaps would make a list of wide rules quadratic, so only what a look-up
 * finds is used: a packet of the region is taken by some boxes; the largest of them are cut off,
 * and what is left is looked at again, until little overlaps it, one box has it, or a packet is
 * taken by nothing.
 */
#include <assert.h>
#include <string.h>

#include "policy/reach_impl.h"

enum {
    LARGEST = 8,   /* of the boxes that take a packet */
    ASKED = 4,     /* so many items are asked one by one */
    GATHERED = 16, /* this many boxes visited are as much work as a split */
};

static bool covers(void *context, const struct fw_box *box)
{
    return fw_asking_role(context, box) == FW_ROLE_COVERS;
}

bool fw_asking_taken_by_one(struct fw_asking *a)
{
    const struct fw_question *question = a->question;
    for (unsigned l = 0; l < question->nlegs; l++) {
        a->leg = &question->legs[l];
        struct fw_search search = fw_asking_search(a, a->leg->from, covers);
        const struct fw_box *box = fw_tree_container(a->engine->tree, &question->region, &search);
        if (box) {
            fw_engine_use(a->engine, a->engine->program->items[box->item].rule_id);
            return true;
        }
    }
    return false;
}

/* The largest boxes that take a packet, by what part of the region is in them. */
struct largest {
    struct fw_asking *asking;
    size_t n;
    double parts[LARGEST];
    const struct fw_box *boxes[LARGEST];
};

static bool add_largest(void *context, const struct fw_box *box)
{
    struct largest *l = context;
    const struct fw_engine *engine = l->asking->engine;
    const struct fw_question *question = l->asking->question;
    if (!covers(l->asking, box) ||
        (!question->sure &&
         !fw_box_has(box, engine->point.ranks, engine->point.truth, engine->program->space.n))) {
        return true;
    }
    double part = fw_box_part(box, &question->region, engine->program->space.n);
    size_t i = l->n < LARGEST ? l->n++ : LARGEST;
    while (i > 0 && (l->parts[i - 1] < part ||
                     (l->parts[i - 1] <= part && l->boxes[i - 1]->item > box->item))) {
        if (i < LARGEST) {
            l->parts[i] = l->parts[i - 1];
            l->boxes[i] = l->boxes[i - 1];
        }
        i--;
    }
    if (i < LARGEST) {
        l->parts[i] = part;
        l->boxes[i] = box;
    }
    return true;
}

/* What takes the packet in engine->point; false: nothing does. */
static bool add_takers(struct fw_asking *a, struct fw_boxes *boxes)
{
    struct fw_engine *engine = a->engine;
    struct largest largest = {.asking = a};
    struct fw_side sides[FW_AXIS_COUNT];
    for (unsigned i = 0; i < engine->program->space.n; i++) {
        sides[i] = fw_side_of(engine->point.ranks[i], engine->point.ranks[i]);
    }
    struct fw_region packet = {.sides = sides};
    for (unsigned l = 0; l < a->question->nlegs; l++) {
        a->leg = &a->question->legs[l];
        struct fw_search search = fw_asking_search(a, a->leg->from, NULL);
        search.accept = add_largest;
        search.context = &largest;
        fw_tree_visit(engine->tree, &packet, &search);
    }
    for (size_t i = 0; i < largest.n; i++) {
        fw_boxes_add(&engine->scratch, boxes, largest.boxes[i]);
    }
    return largest.n > 0;
}

/* Everything that was gathered, on any leg. */
static enum fw_answer cover_gathered(struct fw_asking *a, unsigned depth)
{
    struct fw_engine *engine = a->engine;
    struct fw_boxes all = {0};
    for (size_t l = 0; l < a->question->nlegs; l++) {
        for (size_t i = 0; i < a->way.covers[l].n; i++) {
            fw_boxes_add(&engine->scratch, &all, a->way.covers[l].v[i]);
        }
    }
    if (a->question->sure) {
        fw_boxes_strip(engine, &all);
    }
    return fw_cover(engine, &a->question->region, &all, depth);
}

static bool is_spent(struct fw_engine *engine, unsigned depth, uint64_t work)
{
    engine->work += work;
    return engine->work > engine->allowed || depth >= FW_ENGINE_DEPTH;
}

/* One part of the region: little is in its way, or its packets are looked up. */
static enum fw_answer seek(void *context, const struct fw_region *region, unsigned depth)
{
    const struct fw_asking *whole = context;
    struct fw_engine *engine = whole->engine;
    struct fw_question question = *whole->question;
    question.region = *region;
    struct fw_asking a = {.engine = engine, .question = &question};
    if (is_spent(engine, depth, 1 + engine->little / GATHERED)) {
        return FW_ANSWER_GAVE_UP;
    }
    struct fw_scratch_mark mark = fw_scratch_mark(&engine->scratch);
    struct fw_boxes some = {.rest = seek, .context = &a};
    enum fw_answer answer;
    if (fw_asking_gather(&a, engine->little)) {
        answer = cover_gathered(&a, depth);
    } else if (fw_asking_taken_by_one(&a)) {
        answer = FW_ANSWER_COVERED;
    } else {
        bool taken = true;
        for (unsigned k = 0; k < 2 && taken; k++) {
            fw_engine_sample(engine, region, 2 + 2 * (depth % 16) + k);
            taken = add_takers(&a, &some);
        }
        if (taken && question.sure) {
            fw_boxes_strip(engine, &some);
        }
        answer = taken ? fw_cover(engine, region, &some, depth) : FW_ANSWER_REACHED;
    }
    fw_scratch_release(&engine->scratch, mark);
    return answer;
}

enum fw_answer fw_seek(struct fw_engine *engine, const struct fw_question *question)
{
    struct fw_asking a = {.engine = engine, .question = question};
    return seek(&a, &question->region, 0);
}

/* A question about many items: those from `from` on are left. */
struct hunt {
    struct fw_engine *engine;
    const struct fw_question *question;
    const struct fw_search *targets;
    bool ends;
    uint32_t from;
};

/* Does a packet of the region come to one of the boxes of an item? */
static enum fw_answer ask_item(const struct hunt *h, const struct fw_region *region, uint32_t item)
{
    struct fw_engine *engine = h->engine;
    const struct fw_program *program = engine->program;
    struct fw_question question = *h->question;
    enum fw_answer answer = FW_ANSWER_COVERED;
    if (h->ends) {
        question.legs[question.nlegs - 1].to = item;
    }
    for (uint32_t i = 0; i < program->items[item].nboxes && answer != FW_ANSWER_REACHED; i++) {
        const struct fw_box *box = program->boxes[program->items[item].first_box + i];
        struct fw_scratch_mark mark = fw_scratch_mark(&engine->scratch);
        struct fw_region of_box = fw_region_of(box);
        if ((!h->targets->accept || h->targets->accept(h->targets->context, box)) &&
            fw_region_meet(&engine->scratch, region, &of_box, program->space.n, &question.region)) {
            enum fw_answer one = fw_reach(engine, &question);
            answer = one == FW_ANSWER_COVERED ? answer : one;
        }
        fw_scratch_release(&engine->scratch, mark);
    }
    return answer;
}

/* The first items are asked. If there are more, what takes a packet that is about to come to the
 * next one is cut off: packets in there come to none of the items, since they meet nothing but what
 * is in the way before they are taken. */
static enum fw_answer hunt(void *context, const struct fw_region *region, unsigned depth)
{
    struct hunt h = *(const struct hunt *)context;
    struct fw_engine *engine = h.engine;
    struct fw_search search = *h.targets;
    const struct fw_box *next = NULL;
    search.from = h.from;
    for (unsigned i = 0; i < ASKED && i < engine->little; i++) {
        if (is_spent(engine, depth, 1)) {
            return FW_ANSWER_GAVE_UP;
        }
        next = fw_tree_overlap(engine->tree, region, &search);
        enum fw_answer answer = next ? ask_item(&h, region, next->item) : FW_ANSWER_COVERED;
        if (!next || answer != FW_ANSWER_COVERED) {
            return answer;
        }
        search.from = next->item + 1;
    }
    next = fw_tree_overlap(engine->tree, region, &search);
    if (!next) {
        return FW_ANSWER_COVERED;
    }
    struct fw_question question = *h.question;
    struct fw_asking a = {.engine = engine, .question = &question};
    struct fw_boxes some = {.rest = hunt, .context = &h};
    struct fw_scratch_mark mark = fw_scratch_mark(&engine->scratch);
    struct fw_region of_box = fw_region_of(next);
    struct fw_region both;
    enum fw_answer answer = FW_ANSWER_REACHED;
    h.from = next->item;
    question.region = *region;
    if (h.ends) {
        question.legs[question.nlegs - 1].to = next->item;
    }
    bool meet = fw_region_meet(&engine->scratch, region, &of_box, engine->program->space.n, &both);
    assert(meet);
    (void)meet;
    fw_engine_sample(engine, &both, 2 + depth % 32);
    if (add_takers(&a, &some)) {
        if (question.sure) {
            fw_boxes_strip(engine, &some);
        }
        answer = fw_cover(engine, region, &some, depth);
    }
    fw_scratch_release(&engine->scratch, mark);
    return answer;
}

enum fw_answer fw_reach_any(struct fw_engine *engine, const struct fw_question *question,
                            const struct fw_search *targets, bool ends)
{
    struct hunt h = {engine, question, targets, ends, targets->from};
    assert(!engine->program->skips);
    return hunt(&h, &question->region, 0);
}
