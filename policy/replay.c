/*
 * How witnesses are replayed: the boxes that hold the packet, in order, and every way the unknowns
 * among their literals can turn out, one after the other.
 */
#include "policy/replay.h"

enum stage {
    STAGE_COMES, /* on the way to the item */
    STAGE_FARES, /* from the start to the end */
    STAGE_MEETS, /* its fate is known: does the rule match? */
    STAGE_WOULD, /* ... and is a jump: from the item to the end */
};

struct replay {
    const struct fw_replay_question *question;
    const struct fw_program *program;
    uint32_t item;
    size_t n;
    const struct fw_box **boxes; /* those that hold the packet and matter, by item */
    signed char *given;          /* by variable: 1 true, -1 false, 0 not needed yet */
    uint64_t work, yes, no;
};

static bool holds(const struct fw_program *program, const struct fw_box *box, const uint32_t *ranks)
{
    for (unsigned axis = 0; axis < program->space.n; axis++) {
        const struct fw_side *side = &box->sides[axis];
        bool in = ranks[axis] >= side->lo && ranks[axis] <= side->hi;
        bool in_cell = !side->cells;
        for (uint32_t i = 0; side->cells && i < side->cells->n && !in_cell; i++) {
            in_cell = side->cells->v[i].lo <= ranks[axis] && ranks[axis] <= side->cells->v[i].hi;
        }
        if (!in || !in_cell) {
            return false;
        }
    }
    return true;
}

/* 1: all literals hold; -1: one does not; 0: one is open, *ret_variable. */
static int truth_of(const struct replay *r, const struct fw_box *box, uint32_t *ret_variable)
{
    int truth = 1;
    for (uint32_t i = 0; i < box->nliterals; i++) {
        int given = r->given[box->literals[i] >> 1];
        if (given == 0) {
            truth = 0;
            *ret_variable = box->literals[i] >> 1;
        } else if ((given > 0) == ((box->literals[i] & 1) != 0)) {
            return -1;
        }
    }
    return truth;
}

/* Nothing that is still to come changes the answer. */
static bool is_known(const struct replay *r)
{
    return (r->question->always ? r->no : r->yes) > 0 || r->work > r->question->work;
}

static void answer(struct replay *r, bool yes)
{
    r->yes += yes;
    r->no += !yes;
}

static void go(struct replay *r, enum stage stage, size_t next, uint32_t at, enum fw_action fate);

/* The way has ended: `fate`, or FW_ACTION_UNKNOWN. */
static void end(struct replay *r, enum stage stage, enum fw_action fate, enum fw_action before)
{
    if (stage == STAGE_FARES && fate != FW_ACTION_UNKNOWN) {
        go(r, STAGE_MEETS, 0, r->item, fate);
    } else {
        answer(r, stage == STAGE_WOULD && fate != FW_ACTION_UNKNOWN && fate != before);
    }
}

/* The rule matches, and the packet's real fate is known. */
static void meet(struct replay *r, enum fw_action fate)
{
    const struct fw_item *item = &r->program->items[r->item];
    if (item->op == FW_OP_DECIDE) {
        answer(r, item->action != fate);
    } else {
        go(r, STAGE_WOULD, 0, item->op == FW_OP_SKIP ? item->end : r->item + 1, fate);
    }
}

/* Goes on with the box at `next`, whose literals hold. */
static void take(struct replay *r, enum stage stage, size_t next, enum fw_action fate)
{
    const struct fw_item *item = &r->program->items[r->boxes[next]->item];
    switch (item->op) {
    case FW_OP_DECIDE:
        end(r, stage, item->action, fate);
        break;
    case FW_OP_UNKNOWN:
    case FW_OP_SKIP:
        go(r, stage, next + 1, item->end, fate);
        break;
    case FW_OP_ENTER:
    case FW_OP_PASS:
        go(r, stage, next + 1, r->boxes[next]->item + 1, fate);
        break;
    }
}

/* From a place on, at the first box from `next` that matches; `fate` is what is known of it. */
static void go(struct replay *r, enum stage stage, size_t next, uint32_t at, enum fw_action fate)
{
    for (; next < r->n; next++) {
        const struct fw_box *box = r->boxes[next];
        uint32_t variable;
        if (box->item < at) {
            continue;
        }
        if ((stage == STAGE_COMES || stage == STAGE_MEETS) && box->item > r->item) {
            break;
        }
        int truth = truth_of(r, box, &variable);
        if (truth < 0) {
            continue;
        }
        if (r->work++, is_known(r)) {
            return;
        }
        if (r->program->items[box->item].op == FW_OP_UNKNOWN && box->item != r->item) {
            end(r, stage, FW_ACTION_UNKNOWN, fate); /* it may decide anything, or nothing: */
            at = box->item + 1;
            continue;
        }
        if (truth == 0) {
            r->given[variable] = 1;
            go(r, stage, next, at, fate);
            r->given[variable] = -1;
            go(r, stage, next, at, fate);
            r->given[variable] = 0;
        } else if (stage == STAGE_MEETS) {
            meet(r, fate);
        } else if (stage == STAGE_COMES && box->item == r->item) {
            answer(r, true);
        } else {
            take(r, stage, next, fate);
        }
        return;
    }
    answer(r, false);
}

enum fw_replay fw_replay_packet(struct fw_arena *arena, const struct fw_replay_question *question)
{
    const struct fw_program *program = question->strips->program;
    struct replay r = {.question = question, .program = program, .item = question->item};
    uint32_t ranks[FW_AXIS_COUNT];
    if (!fw_space_ranks(&program->space, question->packet, ranks)) {
        return FW_REPLAY_NO;
    }
    r.given = fw_new_array(arena, (size_t)program->nvariables + 1, signed char);
    struct fw_interval hull[FW_AXIS_COUNT];
    for (unsigned axis = 0; axis < program->space.n; axis++) {
        hull[axis] = (struct fw_interval){ranks[axis], ranks[axis]};
    }
    struct fw_strips_search search;
    fw_strips_ask(question->strips, hull, &search);
    for (uint32_t i = fw_strips_next(&search, 0); i < program->nboxes;
         i = fw_strips_next(&search, i + 1)) {
        const struct fw_box *box = program->boxes[i];
        enum fw_op op = program->items[box->item].op;
        if (!question->differs && box->item > question->item) {
            break;
        }
        bool matters = box->item == question->item || (op != FW_OP_PASS && op != FW_OP_ENTER);
        if (matters && holds(program, box, ranks)) {
            r.boxes = fw_arena_push(arena, r.boxes, r.n, sizeof(*r.boxes));
            r.boxes[r.n++] = box;
        }
    }
    go(&r, question->differs ? STAGE_FARES : STAGE_COMES, 0, 0, FW_ACTION_UNKNOWN);
    if (question->always ? r.no > 0 : r.yes > 0) {
        return question->always ? FW_REPLAY_NO : FW_REPLAY_YES;
    }
    if (r.work > question->work) {
        return FW_REPLAY_GAVE_UP;
    }
    return question->always && r.yes > 0 ? FW_REPLAY_YES : FW_REPLAY_NO;
}
