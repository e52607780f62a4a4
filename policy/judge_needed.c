/*
 * Would any packet fare otherwise if a rule were removed? A packet that the rule decides must meet
 * something else that decides differently: so every later box of another action that overlaps the
 * rule is asked whether a packet comes to it. Jumps and returns likewise: what is decided in the
 * part that would be passed over, against what would decide instead.
 */
#include "policy/judge.h"

#include <stdlib.h>

#include "policy/cover.h"

enum { TRIES = 12, FEW = 3 };

/* The boxes to ask: those that overlap a region and decide otherwise (or may). */
struct wanted {
    struct fw_judge *judge;
    enum fw_action action;
    bool otherwise; /* else: those that decide alike */
    bool without;   /* not those that would be removed */
    struct fw_boxes boxes;
};

static bool collect(void *context, const struct fw_box *box)
{
    struct wanted *w = context;
    const struct fw_engine *engine = &w->judge->engine;
    const struct fw_item *item = &engine->program->items[box->item];
    bool differs = item->op == FW_OP_UNKNOWN ||
                   (item->op == FW_OP_DECIDE && item->action != w->action);
    bool same = item->op == FW_OP_DECIDE && item->action == w->action;
    if ((w->otherwise ? differs : same) &&
        !(w->without && fw_engine_is_removed(engine, box->item))) {
        fw_boxes_add(&w->judge->engine.scratch, &w->boxes, box);
    }
    return true;
}

static int by_item(const void *left, const void *right)
{
    const struct fw_box *a = *(const struct fw_box *const *)left;
    const struct fw_box *b = *(const struct fw_box *const *)right;
    return (a->item > b->item) - (a->item < b->item);
}

/* In the order of evaluation, the default last when it belongs and `to` reaches it. */
static struct fw_boxes find_wanted(struct wanted *w, const struct fw_region *region, uint32_t from,
                                   uint32_t to)
{
    const struct fw_program *program = w->judge->engine.program;
    struct fw_search search = {from, to, FW_KINDS_ALL & ~(1U << FW_KIND_SKIP), collect, w};
    fw_tree_visit(w->judge->engine.tree, region, &search);
    if (w->boxes.n > 1) {
        qsort(w->boxes.v, w->boxes.n, sizeof(*w->boxes.v), by_item);
    }
    const struct fw_item *end = &program->items[program->nitems - 1];
    for (uint32_t i = 0; to == program->nitems && i < end->nboxes; i++) {
        const struct fw_box *box = program->boxes[end->first_box + i];
        if (fw_box_overlaps(box, region, program->space.n)) {
            collect(w, box);
        }
    }
    return w->boxes;
}

/* Asks every wanted box: does a packet of both regions go all the way? The last leg ends there. */
static enum fw_answer ask_each(struct fw_judge *judge, const struct fw_boxes *boxes,
                               struct fw_question question)
{
    struct fw_engine *engine = &judge->engine;
    const struct fw_region whole = question.region;
    enum fw_answer answer = FW_ANSWER_COVERED;
    for (size_t i = 0; i < boxes->n && answer != FW_ANSWER_REACHED; i++) {
        struct fw_scratch_mark mark = fw_scratch_mark(&engine->scratch);
        struct fw_region of_box = fw_region_of(boxes->v[i]);
        if (fw_region_meet(&engine->scratch, &whole, &of_box, engine->program->space.n,
                           &question.region)) {
            question.legs[question.nlegs - 1].to = boxes->v[i]->item;
            answer = fw_answer_worse(answer, fw_reach(engine, &question));
        }
        fw_scratch_release(&engine->scratch, mark);
    }
    return answer;
}

/* The same where nothing is skipped, all of them at once. */
static bool is_left_out(void *context, const struct fw_box *box)
{
    const struct fw_judge *judge = context;
    const struct fw_engine *engine = &judge->engine;
    const struct fw_item *item = &engine->program->items[box->item];
    return engine->kept[item->rule_id] != engine->kept_round &&
           !fw_engine_is_removed(engine, box->item);
}

static enum fw_answer ask_left_out_flat(struct fw_judge *judge, const struct fw_question *question,
                                        uint32_t from)
{
    struct fw_engine *engine = &judge->engine;
    uint32_t last = engine->program->nitems - 1;
    struct fw_search search = {from, last, fw_kinds_of(question->agree), is_left_out, judge};
    enum fw_answer answer = fw_reach_any(engine, question, &search, false);
    if (answer == FW_ANSWER_REACHED) {
        const struct fw_box *box = fw_tree_first(engine->tree, engine->point.ranks,
                                                 engine->point.truth, &search);
        judge->left_out = engine->program->items[box->item].rule_id;
    }
    return answer;
}

struct alike {
    struct fw_judge *judge;
    enum fw_action action;
    enum fw_keep keep;
};

static bool is_there(void *context, const struct fw_box *box)
{
    const struct alike *alike = context;
    return !fw_engine_is_removed(&alike->judge->engine, box->item);
}

static bool is_alike(void *context, const struct fw_box *box)
{
    const struct alike *alike = context;
    const struct fw_engine *engine = &alike->judge->engine;
    const struct fw_item *item = &engine->program->items[box->item];
    return item->op == FW_OP_DECIDE && item->action == alike->action &&
           (alike->keep == FW_KEEP_ALL || engine->kept[item->rule_id] == engine->kept_round) &&
           !fw_engine_is_removed(engine, box->item);
}

/* Later rules that decide alike but are not in the cover: does a packet pass one of them and come
 * to the default? Then the cover would leave to the default what never comes to it. */
static enum fw_answer ask_left_out(struct fw_judge *judge, struct fw_question question,
                                   uint32_t from)
{
    struct fw_engine *engine = &judge->engine;
    const uint32_t last = engine->program->nitems - 1;
    const struct fw_region whole = question.region;
    struct wanted w = {.judge = judge, .action = question.agree, .without = true};
    struct fw_boxes same = find_wanted(&w, &whole, from, last);
    enum fw_answer answer = FW_ANSWER_COVERED;
    for (size_t i = 0; i < same.n && answer != FW_ANSWER_REACHED; i++) {
        uint32_t item = same.v[i]->item;
        uint32_t id = engine->program->items[item].rule_id;
        struct fw_scratch_mark mark = fw_scratch_mark(&engine->scratch);
        struct fw_region of_box = fw_region_of(same.v[i]);
        question.nlegs = 3;
        question.legs[1] = (struct fw_leg){from, item, true};
        question.legs[2] = (struct fw_leg){item + 1, last, true};
        if (engine->kept[id] != engine->kept_round &&
            fw_region_meet(&engine->scratch, &whole, &of_box, engine->program->space.n,
                           &question.region)) {
            enum fw_answer one = fw_reach(engine, &question);
            if (one == FW_ANSWER_REACHED) {
                judge->left_out = id;
            }
            answer = fw_answer_worse(answer, one);
        }
        fw_scratch_release(&engine->scratch, mark);
    }
    return answer;
}

/* The first packets tried: does one that the rule decides meet something else without it? A rule
 * of the same action that takes such a packet and the whole region with it is left in *ret_end. */
static bool differs_by_sample(struct fw_judge *judge, const struct fw_question *question,
                              uint32_t at, const struct fw_box **ret_end)
{
    struct fw_engine *engine = &judge->engine;
    const struct fw_program *program = engine->program;
    struct alike alike = {judge, question->agree, FW_KEEP_ALL};
    struct fw_question before = *question;
    before.nlegs = 1;
    bool arrived = judge->arrived == question->region.sides;
    judge->arrived = NULL;
    for (unsigned seed = 0; seed < FEW; seed++, arrived = false) {
        if (!arrived) {
            fw_engine_sample(engine, &question->region, seed);
            if (!fw_engine_passes(engine, &before)) {
                continue;
            }
        }
        uint32_t last = program->nitems - 1;
        struct fw_search search = {at + 1, last, FW_KINDS_ALL & ~(1U << FW_KIND_SKIP),
                                   engine->nremoved > 1 ? is_there : NULL, &alike};
        const struct fw_box *box = fw_tree_first(engine->tree, engine->point.ranks,
                                                 engine->point.truth, &search);
        const struct fw_item *item = &program->items[box ? box->item : last];
        if (item->op != FW_OP_DECIDE || item->action != question->agree) {
            return true;
        }
        if (box && fw_box_contains(box, &question->region, program->space.n)) {
            *ret_end = box;
            return false;
        }
    }
    return false;
}

/* For programs in which nothing is skipped. */
static enum fw_answer needed_flat(struct fw_judge *judge, uint32_t at,
                                  const struct fw_region *region, enum fw_keep keep)
{
    struct fw_engine *engine = &judge->engine;
    const struct fw_program *program = engine->program;
    enum fw_action action = program->items[at].action;
    uint32_t last = program->nitems - 1;
    struct fw_question question = {
        .region = *region,
        .nlegs = 2,
        .legs = {{0, at, false}, {at + 1, last, true}},
        .agree = action,
        .keep = keep,
    };
    /* Behind one later rule that decides the whole region alike, nothing matters. */
    const struct fw_box *end = NULL;
    if (keep == FW_KEEP_ALL && differs_by_sample(judge, &question, at, &end)) {
        return FW_ANSWER_REACHED;
    }
    struct alike alike = {judge, action, keep};
    struct fw_search search = {at + 1, last, fw_kinds_of(action), is_alike, &alike};
    if (!end) {
        end = fw_tree_container(engine->tree, region, &search);
    }
    if (end) {
        fw_engine_use(engine, program->items[end->item].rule_id);
        search.to = end->item;
    }
    search.kinds = FW_KINDS_ALL & ~(1U << FW_KIND_SKIP) & ~fw_kinds_of(action);
    search.accept = engine->nremoved > 1 ? is_there : NULL;
    enum fw_answer answer = fw_reach_any(engine, &question, &search, true);
    const struct fw_item *fallback = &program->items[last];
    if (end || answer == FW_ANSWER_REACHED) {
        return answer;
    }
    if (fallback->op != FW_OP_DECIDE || fallback->action != action) {
        /* the default has all that is left */
        return fw_answer_worse(answer, fw_reach(engine, &question));
    }
    judge->rests_on_default = true;
    if (answer == FW_ANSWER_COVERED && keep == FW_KEEP_AGREED) {
        answer = ask_left_out_flat(judge, &question, at + 1);
    }
    return answer;
}

static enum fw_answer needed_box(struct fw_judge *judge, uint32_t at, const struct fw_box *box,
                                 enum fw_keep keep)
{
    struct fw_engine *engine = &judge->engine;
    const struct fw_program *program = engine->program;
    enum fw_action action = program->items[at].action;
    uint32_t last = program->nitems - 1;
    struct fw_question question = {
        .region = fw_region_of(box),
        .nlegs = 2,
        .legs = {{0, at, false}, {at + 1, last, true}},
        .agree = action,
        .keep = keep,
    };
    struct wanted w = {.judge = judge, .action = action, .otherwise = true, .without = true};
    struct fw_boxes others = find_wanted(&w, &question.region, at + 1, program->nitems);
    enum fw_answer answer = ask_each(judge, &others, question);
    const struct fw_item *fallback = &program->items[last];
    if (answer == FW_ANSWER_COVERED && keep == FW_KEEP_AGREED && fallback->op == FW_OP_DECIDE &&
        fallback->action == action) {
        answer = ask_left_out(judge, question, at + 1);
    }
    return answer;
}

/* What is decided in [from, to) now and would not be met without, or the other way round, against
 * what would be met instead from `other` on. The last of the legs given leads to `from`. */
static enum fw_answer against(struct fw_judge *judge, const struct fw_region *region, uint32_t from,
                              uint32_t to, uint32_t other, bool decided_without, enum fw_keep keep)
{
    struct fw_engine *engine = &judge->engine;
    const struct fw_program *program = engine->program;
    enum fw_answer answer = FW_ANSWER_COVERED;
    struct wanted all = {
        .judge = judge, .action = FW_ACTION_COUNT, .otherwise = true, .without = decided_without};
    struct fw_scratch_mark outer = fw_scratch_mark(&engine->scratch);
    struct fw_boxes deciders = find_wanted(&all, region, from, to);
    for (size_t i = 0; i < deciders.n && answer != FW_ANSWER_REACHED; i++) {
        const struct fw_box *decider = deciders.v[i];
        const struct fw_item *item = &program->items[decider->item];
        struct fw_scratch_mark mark = fw_scratch_mark(&engine->scratch);
        struct fw_region of_box = fw_region_of(decider);
        struct fw_question question = {.nlegs = 1, .agree = item->action, .keep = keep};
        if (decided_without) { /* past the jump or return, then through what it led around */
            question.legs[0] = (struct fw_leg){0, from - 1, false};
            question.legs[question.nlegs++] = (struct fw_leg){from, decider->item, true};
        } else { /* into the chain that the jump leads to */
            question.legs[0] = (struct fw_leg){0, decider->item, false};
        }
        if (fw_region_meet(&engine->scratch, region, &of_box, program->space.n, &question.region)) {
            if (item->op == FW_OP_UNKNOWN) {
                answer = fw_answer_worse(answer, fw_reach(engine, &question));
            } else {
                question.legs[question.nlegs++] = (struct fw_leg){other, program->nitems - 1,
                                                                  !decided_without};
                struct wanted w = {.judge = judge,
                                   .action = item->action,
                                   .otherwise = true,
                                   .without = !decided_without};
                struct fw_boxes others = find_wanted(&w, &question.region, other, program->nitems);
                answer = fw_answer_worse(answer, ask_each(judge, &others, question));
            }
        }
        fw_scratch_release(&engine->scratch, mark);
    }
    fw_scratch_release(&engine->scratch, outer);
    return answer;
}

/* Where evaluation goes on after an item: with the rule, and without it. */
static void ways_on(const struct fw_program *program, uint32_t at, uint32_t *ret_with,
                    uint32_t *ret_without)
{
    const struct fw_item *item = &program->items[at];
    bool goes = item->op == FW_OP_ENTER && item->rule->action == FW_ACTION_GOTO;
    *ret_with = item->op == FW_OP_SKIP ? item->end : at + 1;
    *ret_without = item->op == FW_OP_ENTER ? item->end + goes : at + 1;
}

static enum fw_answer needed_at(struct fw_judge *judge, uint32_t at, enum fw_keep keep)
{
    const struct fw_program *program = judge->engine.program;
    const struct fw_item *item = &program->items[at];
    enum fw_answer answer = FW_ANSWER_COVERED;
    uint32_t with;
    uint32_t without;
    ways_on(program, at, &with, &without);
    for (uint32_t i = 0; i < item->nboxes && answer != FW_ANSWER_REACHED; i++) {
        const struct fw_box *box = program->boxes[item->first_box + i];
        struct fw_region region = fw_region_of(box);
        enum fw_answer one = FW_ANSWER_COVERED;
        if (item->op == FW_OP_DECIDE) {
            one = program->skips ? needed_box(judge, at, box, keep)
                                 : needed_flat(judge, at, &region, keep);
        } else if (item->op == FW_OP_SKIP) {
            one = against(judge, &region, at + 1, item->end, item->end, true, keep);
        } else if (item->op == FW_OP_ENTER) {
            one = against(judge, &region, at + 1, item->end, without, false, keep);
            if (one != FW_ANSWER_REACHED && without > item->end) { /* GOTO: then past the rest */
                const struct fw_item *after = &program->items[item->end];
                one = fw_answer_worse(one, against(judge, &region, item->end + 1, after->end,
                                                   after->end, true, keep));
            }
        }
        answer = fw_answer_worse(answer, one);
    }
    return answer;
}

/* Sample packets that come to the rule: does it matter to one? */
static bool is_needed_by_sample(struct fw_judge *judge, uint32_t at)
{
    const struct fw_program *program = judge->engine.program;
    const struct fw_item *item = &program->items[at];
    uint32_t with;
    uint32_t without;
    ways_on(program, at, &with, &without);
    for (uint32_t i = 0; i < item->nboxes && i < TRIES; i++) {
        struct fw_question question = {
            .region = fw_region_of(program->boxes[item->first_box + i]),
            .nlegs = 1,
            .legs = {{0, at, false}},
        };
        for (unsigned seed = 0; seed < TRIES; seed++) {
            fw_engine_sample(&judge->engine, &question.region, seed);
            if (!fw_engine_passes(&judge->engine, &question)) {
                continue;
            }
            enum fw_action now = item->op == FW_OP_DECIDE ? item->action
                                                          : fw_judge_fate(judge, with, false, NULL);
            enum fw_action then = fw_judge_fate(judge, without, true, NULL);
            if (now != then) {
                return true;
            }
        }
    }
    return false;
}

enum fw_answer fw_judge_needed(struct fw_judge *judge, enum fw_keep keep)
{
    enum fw_answer answer = FW_ANSWER_COVERED;
    for (uint32_t p = 0; p < judge->nplaces && answer != FW_ANSWER_REACHED; p++) {
        fw_judge_enter(judge, &judge->places[p]);
        const struct fw_program *program = judge->engine.program;
        struct fw_scratch_mark mark = fw_scratch_mark(&judge->engine.scratch);
        if (program->items[judge->places[p].item].op == FW_OP_UNKNOWN) {
            return FW_ANSWER_REACHED; /* nobody knows what it does */
        }
        bool flat = !program->skips && program->items[judge->places[p].item].op == FW_OP_DECIDE;
        if (!flat) {
            judge->arrived = NULL; /* other packets will be at hand */
        }
        if (keep == FW_KEEP_ALL && !flat && is_needed_by_sample(judge, judge->places[p].item)) {
            return FW_ANSWER_REACHED;
        }
        answer = fw_answer_worse(answer, needed_at(judge, judge->places[p].item, keep));
        fw_scratch_release(&judge->engine.scratch, mark);
    }
    return answer;
}

enum fw_answer fw_judge_needed_in(struct fw_judge *judge, uint32_t at,
                                  const struct fw_region *region)
{
    return needed_flat(judge, at, region, FW_KEEP_AGREED);
}
