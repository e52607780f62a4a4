/*
 * The rules that are responsible, as few as can be: from those that the proof used, one after the
 * other is left out, the narrowest first, and the proof is tried again with the rest.
 */
#include "policy/judge.h"

#include <stdlib.h>

#include "policy/cover.h"

enum { FEW = 64 }; /* so many candidates are looked through one by one */

/* What part of its space a rule takes, in the first place where it is evaluated: only an order. */
static double width(const struct fw_judge *judge, uint32_t rule_id)
{
    const struct fw_case *facts = judge->facts;
    if (facts->first_place[rule_id] == facts->first_place[rule_id + 1]) {
        return 0;
    }
    const struct fw_place *place = &facts->places[facts->first_place[rule_id]];
    const struct fw_program *program = &facts->programs[place->program];
    const struct fw_item *item = &program->items[place->item];
    double sum = 0;
    for (uint32_t i = 0; i < item->nboxes; i++) {
        const struct fw_box *box = program->boxes[item->first_box + i];
        double part = 1;
        for (unsigned k = 0; k < program->space.n; k++) {
            double ranks = program->space.axes[program->space.used[k]].ranks;
            part *= ((double)box->sides[k].hi - box->sides[k].lo + 1) / ranks;
        }
        sum += part;
    }
    return sum;
}

struct candidate {
    double width;
    uint32_t rule_id;
};

/* Narrow before wide, later before earlier. */
static int by_width(const void *left, const void *right)
{
    const struct candidate *a = left;
    const struct candidate *b = right;
    if (a->width < b->width || a->width > b->width) {
        return a->width < b->width ? -1 : 1;
    }
    return (a->rule_id < b->rule_id) - (a->rule_id > b->rule_id);
}

struct placed {
    struct fw_place place; /* the first where it is evaluated */
    uint32_t rule_id;
};

static int by_place(const void *left, const void *right)
{
    const struct placed *a = left;
    const struct placed *b = right;
    if (a->place.program != b->place.program) {
        return a->place.program < b->place.program ? -1 : 1;
    }
    return (a->place.item > b->place.item) - (a->place.item < b->place.item);
}

static void sort_because(struct fw_judge *judge)
{
    const struct fw_case *facts = judge->facts;
    size_t n = judge->nbecause;
    struct fw_scratch_mark mark = fw_scratch_mark(&judge->engine.scratch);
    struct placed *v = fw_scratch_alloc(&judge->engine.scratch, (n + 1) * sizeof(*v));
    for (size_t i = 0; i < n; i++) {
        uint32_t id = judge->because[i];
        v[i] = (struct placed){facts->places[facts->first_place[id]], id};
    }
    qsort(v, n, sizeof(*v), by_place);
    for (size_t i = 0; i < n; i++) {
        judge->because[i] = v[i].rule_id;
    }
    fw_scratch_release(&judge->engine.scratch, mark);
}

typedef enum fw_answer proof(struct fw_judge *judge);

static enum fw_answer prove_dead(struct fw_judge *judge)
{
    return fw_judge_alive(judge, FW_KEEP_MARKED, NULL);
}

static enum fw_answer prove_unneeded(struct fw_judge *judge)
{
    return fw_judge_needed(judge, FW_KEEP_AGREED);
}

static void mark_all(struct fw_judge *judge, const struct candidate *v, size_t n, size_t except)
{
    struct fw_engine *engine = &judge->engine;
    engine->kept_round++;
    for (size_t i = 0; i < n; i++) {
        if (i != except) {
            engine->kept[v[i].rule_id] = engine->kept_round;
        }
    }
}

static bool is_skip(const struct fw_judge *judge, uint32_t rule_id)
{
    enum fw_action action = judge->facts->rules[rule_id]->action;
    return action == FW_ACTION_RETURN || action == FW_ACTION_GOTO;
}

/* Where nothing is skipped, leaving out a rule matters to no packet that it does not match: so the
 * proof is tried again only where the rule and the one under judgement overlap. */
static enum fw_answer prove_within(struct fw_judge *judge, uint32_t rule_id, bool dead)
{
    const struct fw_case *facts = judge->facts;
    struct fw_engine *engine = &judge->engine;
    enum fw_answer answer = FW_ANSWER_COVERED;
    for (uint32_t p = facts->first_place[rule_id]; p < facts->first_place[rule_id + 1]; p++) {
        const struct fw_place *place = &facts->places[p];
        const struct fw_program *program = &facts->programs[place->program];
        const struct fw_item *item = &program->items[place->item];
        for (uint32_t i = 0; i < item->nboxes && answer != FW_ANSWER_REACHED; i++) {
            struct fw_scratch_mark mark = fw_scratch_mark(&engine->scratch);
            struct fw_region region = fw_region_of(program->boxes[item->first_box + i]);
            answer = fw_answer_worse(answer, fw_judge_within(judge, place, dead, &region));
            fw_scratch_release(&engine->scratch, mark);
        }
    }
    return answer;
}

/* The boxes of the marked candidates that come before an item and overlap a region. */
static struct fw_boxes marked_boxes(struct fw_judge *judge, const struct candidate *v, size_t n,
                                    const struct fw_place *before, const struct fw_region *region)
{
    const struct fw_case *facts = judge->facts;
    struct fw_engine *engine = &judge->engine;
    struct fw_boxes boxes = {0};
    for (size_t i = 0; i < n; i++) {
        uint32_t id = v[i].rule_id;
        uint32_t end = facts->first_place[id + 1];
        for (uint32_t p = facts->first_place[id]; p < end && engine->kept[id] == engine->kept_round;
             p++) {
            const struct fw_place *place = &facts->places[p];
            const struct fw_program *program = &facts->programs[place->program];
            const struct fw_item *item = &program->items[place->item];
            bool counts = place->program == before->program && place->item < before->item;
            for (uint32_t k = 0; counts && k < item->nboxes; k++) {
                const struct fw_box *box = program->boxes[item->first_box + k];
                if (fw_box_overlaps(box, region, program->space.n)) {
                    fw_boxes_add(&engine->scratch, &boxes, box);
                }
            }
        }
    }
    return boxes;
}

/* Do few candidates, those that are marked, cover what a dead rule and one rule share? */
static enum fw_answer covered_within(struct fw_judge *judge, const struct candidate *v, size_t n,
                                     const struct fw_place *dead, uint32_t rule_id)
{
    const struct fw_case *facts = judge->facts;
    struct fw_engine *engine = &judge->engine;
    fw_judge_enter(judge, dead);
    const struct fw_program *program = engine->program;
    const struct fw_item *mine = &program->items[dead->item];
    enum fw_answer answer = FW_ANSWER_COVERED;
    for (uint32_t p = facts->first_place[rule_id]; p < facts->first_place[rule_id + 1]; p++) {
        const struct fw_item *item = &program->items[facts->places[p].item];
        bool counts = facts->places[p].program == dead->program &&
                      facts->places[p].item < dead->item;
        for (uint32_t i = 0; counts && i < item->nboxes * mine->nboxes; i++) {
            struct fw_scratch_mark mark = fw_scratch_mark(&engine->scratch);
            struct fw_region one = fw_region_of(program->boxes[item->first_box + i / mine->nboxes]);
            struct fw_region other = fw_region_of(
                program->boxes[mine->first_box + i % mine->nboxes]);
            struct fw_region both;
            if (fw_region_meet(&engine->scratch, &one, &other, program->space.n, &both)) {
                struct fw_boxes boxes = marked_boxes(judge, v, n, dead, &both);
                enum fw_answer here = fw_cover(engine, &both, &boxes, 0);
                answer = here == FW_ANSWER_COVERED ? answer : here;
            }
            fw_scratch_release(&engine->scratch, mark);
            if (answer == FW_ANSWER_REACHED) {
                return answer;
            }
        }
    }
    return answer;
}

/* Without this candidate, is every packet of the dead rule still taken? */
static enum fw_answer dead_without(struct fw_judge *judge, const struct candidate *v, size_t n,
                                   uint32_t rule_id)
{
    if (n > FEW) {
        return prove_within(judge, rule_id, true);
    }
    enum fw_answer answer = FW_ANSWER_COVERED;
    for (uint32_t p = 0; p < judge->nplaces && answer != FW_ANSWER_REACHED; p++) {
        enum fw_answer one = covered_within(judge, v, n, &judge->places[p], rule_id);
        answer = one == FW_ANSWER_COVERED ? answer : one;
    }
    return answer;
}

/* Has the rule one box, in one place? */
static const struct fw_box *only_box(const struct fw_case *facts, uint32_t rule_id)
{
    uint32_t at = facts->first_place[rule_id];
    if (facts->first_place[rule_id + 1] - at != 1) {
        return NULL;
    }
    const struct fw_program *program = &facts->programs[facts->places[at].program];
    const struct fw_item *item = &program->items[facts->places[at].item];
    return item->nboxes == 1 ? program->boxes[item->first_box] : NULL;
}

/* One candidate that has the whole rule cannot be left out, because the rule matches something. */
static bool is_one_enough(const struct fw_judge *judge, const struct candidate *v, size_t n)
{
    const struct fw_box *mine = only_box(judge->facts, judge->rule_id);
    const struct fw_box *other = n == 1 ? only_box(judge->facts, v[0].rule_id) : NULL;
    if (!mine || !other) {
        return false;
    }
    const struct fw_place *place = judge->places;
    struct fw_region region = fw_region_of(mine);
    return fw_box_contains(other, &region, judge->facts->programs[place->program].space.n);
}

static bool minimise_flat(struct fw_judge *judge, struct candidate *v, size_t n, bool dead)
{
    struct fw_engine *engine = &judge->engine;
    if (is_one_enough(judge, v, n)) {
        judge->because[0] = v[0].rule_id;
        judge->nbecause = 1;
        return true;
    }
    qsort(v, n, sizeof(*v), by_width);
    mark_all(judge, v, n, SIZE_MAX);
    judge->nbecause = 0;
    for (size_t i = 0; i < n; i++) {
        engine->kept[v[i].rule_id] = 0;
        fw_engine_forget(engine);
        enum fw_answer answer = dead ? dead_without(judge, v, n, v[i].rule_id)
                                     : prove_within(judge, v[i].rule_id, false);
        if (answer == FW_ANSWER_GAVE_UP) {
            return false;
        }
        if (answer == FW_ANSWER_REACHED) {
            engine->kept[v[i].rule_id] = engine->kept_round;
            judge->because[judge->nbecause++] = v[i].rule_id;
        }
    }
    sort_because(judge);
    return true;
}

/* Is nothing skipped, and no rule called, where the rule is evaluated? */
static bool is_flat(const struct fw_judge *judge)
{
    for (uint32_t p = 0; p < judge->nplaces; p++) {
        const struct fw_program *program = &judge->facts->programs[judge->places[p].program];
        enum fw_op op = program->items[judge->places[p].item].op;
        if (program->returns || op == FW_OP_ENTER || op == FW_OP_SKIP) {
            return false;
        }
    }
    return true;
}

/* Leaves out what can be left out. The candidates prove it together; false: the work ran out before
 * that was seen. Fewer returns may let others cover more, so without one all are tried again. */
static bool minimise(struct fw_judge *judge, struct candidate *v, size_t n, proof *prove)
{
    struct fw_engine *engine = &judge->engine;
    qsort(v, n, sizeof(*v), by_width);
    for (size_t i = 0; i < n;) {
        mark_all(judge, v, n, i);
        fw_engine_forget(engine);
        enum fw_answer answer = prove(judge);
        if (answer == FW_ANSWER_GAVE_UP) {
            return false;
        }
        if (answer == FW_ANSWER_REACHED) {
            i++;
            continue;
        }
        bool again = is_skip(judge, v[i].rule_id);
        for (size_t k = i; k + 1 < n; k++) {
            v[k] = v[k + 1];
        }
        n--;
        i = again ? 0 : i;
    }
    judge->nbecause = 0;
    for (size_t i = 0; i < n; i++) {
        judge->because[judge->nbecause++] = v[i].rule_id;
    }
    sort_because(judge);
    return true;
}

static struct candidate *candidates(struct fw_judge *judge, size_t room)
{
    return fw_scratch_alloc(&judge->engine.scratch, (room + 1) * sizeof(struct candidate));
}

bool fw_judge_because_dead(struct fw_judge *judge)
{
    struct fw_engine *engine = &judge->engine;
    struct fw_scratch_mark mark = fw_scratch_mark(&engine->scratch);
    size_t n = engine->nused;
    struct candidate *v = candidates(judge, n);
    for (size_t i = 0; i < n; i++) {
        v[i] = (struct candidate){width(judge, engine->used_list[i]), engine->used_list[i]};
    }
    bool known = is_flat(judge) ? minimise_flat(judge, v, n, true)
                                : minimise(judge, v, n, prove_dead);
    fw_scratch_release(&engine->scratch, mark);
    return known;
}

/* Is the rule evaluated after the one under judgement, somewhere? */
static bool is_later(const struct fw_judge *judge, uint32_t rule_id)
{
    const struct fw_case *facts = judge->facts;
    for (uint32_t p = facts->first_place[rule_id]; p < facts->first_place[rule_id + 1]; p++) {
        for (uint32_t q = 0; q < judge->nplaces; q++) {
            if (facts->places[p].program == judge->places[q].program &&
                facts->places[p].item > judge->places[q].item) {
                return true;
            }
        }
    }
    return false;
}

bool fw_judge_because_live(struct fw_judge *judge)
{
    struct fw_engine *engine = &judge->engine;
    const struct fw_rule *rule = judge->facts->rules[judge->rule_id];
    struct fw_scratch_mark mark = fw_scratch_mark(&engine->scratch);
    struct candidate *v = candidates(judge, judge->facts->ids.n);
    size_t n = 0;
    for (uint32_t i = 0; i < engine->nused; i++) {
        uint32_t id = engine->used_list[i];
        enum fw_action action = judge->facts->rules[id]->action;
        bool alike = fw_action_decides(rule->action) ? fw_action_same(action, rule->action)
                                                     : fw_action_decides(action);
        if (id != judge->rule_id && alike && is_later(judge, id)) {
            v[n++] = (struct candidate){width(judge, id), id};
        }
    }
    /* What decides alike although the default would, too, belongs to the cover. */
    enum fw_answer answer = FW_ANSWER_COVERED;
    while (!is_flat(judge) || judge->rests_on_default) {
        mark_all(judge, v, n, SIZE_MAX);
        judge->left_out = FW_NO_RULE;
        answer = prove_unneeded(judge);
        if (answer != FW_ANSWER_REACHED || judge->left_out == FW_NO_RULE) {
            break;
        }
        v[n++] = (struct candidate){width(judge, judge->left_out), judge->left_out};
    }
    bool known = answer == FW_ANSWER_COVERED;
    if (known) {
        known = is_flat(judge) ? minimise_flat(judge, v, n, false)
                               : minimise(judge, v, n, prove_unneeded);
    }
    fw_scratch_release(&engine->scratch, mark);
    return known;
}
