/*
 * Is a certificate right? The checker shares nothing with the engine but the boxes of the program:
 * it has its own sets, its own notion of where a packet goes, and believes no list but its own.
 */
#include "core/limits.h"
#include "policy/certificate.h"

struct checking {
    const struct fw_checker *checker;
    const struct fw_program *program;
    const struct fw_claim *claim;
    const struct fw_certificate *certificate;
    size_t step; /* the next one */
    unsigned depth;
    struct fw_arena *arena;
    struct fw_interval *pool; /* the part at hand: ranks of each dimension */
    size_t npool;
    struct {
        size_t from, n;
    } part[FW_AXIS_COUNT];
    signed char *given; /* by variable: 1 true, -1 false, 0 either */
    uint32_t *near;     /* boxes that may take packets elsewhere, by item */
    size_t nnear;
};

static size_t ranks_of(const struct fw_side *side, struct fw_interval *room,
                       const struct fw_interval **ret)
{
    *room = (struct fw_interval){side->lo, side->hi};
    *ret = side->cells ? side->cells->v : room;
    return side->cells ? side->cells->n : 1;
}

static void add_ranks(struct checking *c, uint32_t lo, uint32_t hi)
{
    c->pool = fw_arena_push(c->arena, c->pool, c->npool, sizeof(*c->pool));
    c->pool[c->npool++] = (struct fw_interval){lo, hi};
}

/* Leaves of one dimension what is inside a side, or outside. False: nothing. */
static bool narrow(struct checking *c, unsigned axis, const struct fw_side *side, bool inside)
{
    struct fw_interval room;
    const struct fw_interval *v;
    size_t n = ranks_of(side, &room, &v);
    size_t from = c->npool;
    for (size_t i = 0; i < c->part[axis].n; i++) {
        struct fw_interval here = c->pool[c->part[axis].from + i];
        uint64_t next = here.lo; /* ranks before are dealt with */
        for (size_t k = 0; k < n && v[k].lo <= here.hi; k++) {
            uint32_t lo = v[k].lo > here.lo ? v[k].lo : here.lo;
            uint32_t hi = v[k].hi < here.hi ? v[k].hi : here.hi;
            if (lo > hi) {
                continue;
            }
            if (inside) {
                add_ranks(c, lo, hi);
            } else if (next < lo) {
                add_ranks(c, (uint32_t)next, lo - 1);
            }
            next = (uint64_t)hi + 1;
        }
        if (!inside && next <= here.hi) {
            add_ranks(c, (uint32_t)next, here.hi);
        }
    }
    c->part[axis].from = from;
    c->part[axis].n = c->npool - from;
    return c->npool > from;
}

/* How much of the part is in the box: 0 nothing, 1 perhaps some, 2 all. */
static int share(const struct checking *c, const struct fw_box *box)
{
    int all = 2;
    for (unsigned axis = 0; axis < c->program->space.n; axis++) {
        struct fw_interval room;
        const struct fw_interval *v;
        size_t n = ranks_of(&box->sides[axis], &room, &v);
        size_t k = 0;
        bool some = false;
        for (size_t i = 0; i < c->part[axis].n; i++) {
            struct fw_interval here = c->pool[c->part[axis].from + i];
            while (k < n && v[k].hi < here.lo) {
                k++;
            }
            some = some || (k < n && v[k].lo <= here.hi);
            all = k < n && v[k].lo <= here.lo && here.hi <= v[k].hi ? all : 1;
        }
        if (!some) {
            return 0;
        }
    }
    for (uint32_t i = 0; i < box->nliterals; i++) {
        int wanted = (box->literals[i] & 1) != 0 ? -1 : 1;
        int given = c->given[box->literals[i] >> 1];
        if (given == -wanted) {
            return 0;
        }
        all = given == wanted ? all : 1;
    }
    return all;
}

/* Is the item gone when the rule is removed? With a jump goes what it leads to. */
static bool is_gone(const struct checking *c, uint32_t item)
{
    const struct fw_item *items = c->program->items;
    uint32_t rule_id = items[c->claim->item].rule_id;
    if (items[item].rule_id == rule_id) {
        return true;
    }
    for (uint32_t i = 0; items[c->claim->item].op == FW_OP_ENTER && i < item; i++) {
        if (items[i].op == FW_OP_ENTER && items[i].rule_id == rule_id && item < items[i].end) {
            return true;
        }
    }
    return false;
}

/* Does every packet that is at `from` jump over the item, if it gets that far? */
static bool is_jumped(const struct checking *c, uint32_t from, uint32_t item, bool without)
{
    const struct fw_program *program = c->program;
    for (size_t i = 0; i < c->nnear; i++) {
        const struct fw_box *box = program->boxes[c->near[i]];
        uint32_t skip = box->item;
        if (program->items[skip].op != FW_OP_SKIP || skip < from || skip >= item ||
            program->items[skip].end <= item || (without && is_gone(c, skip)) ||
            share(c, box) != 2) {
            continue;
        }
        bool dodged = false; /* another skip leads over this one, but not over the item */
        for (size_t k = 0; k < c->nnear && !dodged; k++) {
            const struct fw_box *other = program->boxes[c->near[k]];
            const struct fw_item *o = &program->items[other->item];
            dodged = o->op == FW_OP_SKIP && other->item >= from && other->item < skip &&
                     o->end > skip && o->end <= item && share(c, other) > 0;
        }
        if (!dodged) {
            return true;
        }
    }
    return false;
}

/* From an item on to another: is none of the part led past it, up to `last`, or decided on the way,
 * unless as `action`? */
static bool is_clear(const struct checking *c, uint32_t from, uint32_t to, uint32_t last,
                     bool without, const enum fw_action *action)
{
    for (size_t i = 0; i < c->nnear; i++) {
        const struct fw_box *box = c->program->boxes[c->near[i]];
        const struct fw_item *item = &c->program->items[box->item];
        bool past = item->op == FW_OP_SKIP && item->end > to && item->end <= last;
        bool other = item->op == FW_OP_UNKNOWN ||
                     (item->op == FW_OP_DECIDE && (!action || item->action != *action));
        if (box->item >= from && box->item < to && (past || other) && share(c, box) > 0 &&
            !(without && is_gone(c, box->item)) && !is_jumped(c, from, box->item, without)) {
            return false;
        }
    }
    return true;
}

static const struct fw_box *box_at(const struct checking *c, uint32_t number)
{
    const struct fw_box *box = number < c->program->nboxes ? c->program->boxes[number] : NULL;
    return box && share(c, box) == 2 ? box : NULL;
}

/* Nothing of the part comes to the item: all is stopped by the box, unless earlier, and nothing is
 * led past the box but not past the item. */
static bool is_before(const struct checking *c, uint32_t number)
{
    const struct fw_box *box = box_at(c, number);
    uint32_t at = c->claim->item;
    if (!box || box->item >= at) {
        return false;
    }
    const struct fw_item *item = &c->program->items[box->item];
    bool stops = item->op == FW_OP_DECIDE || (item->op == FW_OP_SKIP && item->end > at);
    bool there = c->claim->kind != FW_CLAIM_COVERED || c->claim->cover[item->rule_id];
    for (size_t i = 0; i < c->nnear && stops; i++) {
        const struct fw_box *skip = c->program->boxes[c->near[i]];
        uint32_t end = c->program->items[skip->item].end;
        stops = c->program->items[skip->item].op != FW_OP_SKIP || skip->item >= box->item ||
                end <= box->item || end > at || share(c, skip) == 0;
    }
    return stops && there;
}

/* Where packets go on after the item: with the rule, without it, and where both ways meet. */
struct ways {
    uint32_t with, without, meet;
};

static struct ways ways_on(const struct checking *c)
{
    uint32_t at = c->claim->item;
    const struct fw_item *item = &c->program->items[at];
    if (item->op == FW_OP_SKIP) {
        return (struct ways){item->end, at + 1, item->end};
    }
    if (item->op == FW_OP_ENTER && item->rule->action == FW_ACTION_GOTO) {
        return (struct ways){at + 1, item->end + 1, c->program->items[item->end].end};
    }
    return (struct ways){at + 1, item->op == FW_OP_ENTER ? item->end : at + 1, item->end};
}

static bool is_same(const struct checking *c, const struct fw_step *step)
{
    const uint32_t last = UINT32_MAX;
    struct ways ways = ways_on(c);
    const struct fw_item *item = &c->program->items[c->claim->item];
    bool decides = item->op == FW_OP_DECIDE;
    if (c->claim->kind != FW_CLAIM_SAME || item->op == FW_OP_UNKNOWN) {
        return false;
    }
    if (step->kind == FW_STEP_MEET) {
        return !decides && is_clear(c, ways.with, ways.meet, last, false, NULL) &&
               is_clear(c, ways.without, ways.meet, last, true, NULL);
    }
    const struct fw_box *now = decides ? c->claim->box : box_at(c, step->a);
    const struct fw_box *then = box_at(c, step->b);
    if (!now || !then || (!decides && now->item < ways.with) || then->item < ways.without ||
        is_gone(c, then->item)) {
        return false;
    }
    const struct fw_item *a = &c->program->items[now->item];
    const struct fw_item *b = &c->program->items[then->item];
    return a->op == FW_OP_DECIDE && b->op == FW_OP_DECIDE && a->action == b->action &&
           (decides || is_clear(c, ways.with, now->item, last, false, &a->action)) &&
           is_clear(c, ways.without, then->item, last, true, &a->action);
}

static bool check(struct checking *c);

static bool check_parts(struct checking *c, const struct fw_step *step)
{
    bool cut = step->kind == FW_STEP_CUT;
    if (step->axis >= c->program->space.n || (cut ? step->a == 0 : step->a >= c->program->nboxes)) {
        return false;
    }
    struct fw_side below = {0, step->a - 1, NULL};
    const struct fw_side *side = cut ? &below : &c->program->boxes[step->a]->sides[step->axis];
    size_t from = c->part[step->axis].from;
    size_t n = c->part[step->axis].n;
    size_t top = c->npool;
    bool ok = true;
    for (int inside = 1; inside >= 0 && ok; inside--) {
        ok = narrow(c, step->axis, side, inside != 0) && check(c);
        c->part[step->axis].from = from;
        c->part[step->axis].n = n;
        c->npool = top;
    }
    return ok;
}

static bool check_assumption(struct checking *c, uint32_t variable)
{
    bool ok = variable < c->program->nvariables && c->given[variable] == 0;
    for (int truth = 1; truth >= -1 && ok; truth -= 2) {
        c->given[variable] = (signed char)truth;
        ok = check(c);
        c->given[variable] = 0;
    }
    return ok;
}

static bool check(struct checking *c)
{
    if (c->step == c->certificate->n || c->depth == FW_LIMIT_CERTIFICATE_DEPTH) {
        return false;
    }
    const struct fw_step *step = &c->certificate->steps[c->step++];
    bool ok = false;
    c->depth++;
    switch ((enum fw_step_kind)step->kind) {
    case FW_STEP_CUT:
    case FW_STEP_SPLIT:
        ok = check_parts(c, step);
        break;
    case FW_STEP_ASSUME:
        ok = check_assumption(c, step->a);
        break;
    case FW_STEP_BEFORE:
        ok = is_before(c, step->a);
        break;
    case FW_STEP_DECIDED:
    case FW_STEP_MEET:
        ok = is_same(c, step);
        break;
    }
    c->depth--;
    return ok;
}

static void add_near(struct checking *c, uint32_t number)
{
    if (share(c, c->program->boxes[number]) > 0) {
        c->near = fw_arena_push(c->arena, c->near, c->nnear, sizeof(*c->near));
        c->near[c->nnear++] = number;
    }
}

/* Skips that are there, and, where what comes after the item matters, all that decides. */
static void find_near(struct checking *c)
{
    const struct fw_program *program = c->program;
    const struct fw_claim *claim = c->claim;
    for (size_t i = 0; i < c->checker->nskips; i++) {
        uint32_t number = c->checker->skips[i];
        uint32_t rule_id = program->items[program->boxes[number]->item].rule_id;
        if (claim->kind != FW_CLAIM_COVERED || claim->cover[rule_id]) {
            add_near(c, number);
        }
    }
    if (claim->kind != FW_CLAIM_SAME) {
        return;
    }
    struct fw_interval hull[FW_AXIS_COUNT];
    for (unsigned axis = 0; axis < program->space.n; axis++) {
        hull[axis] = (struct fw_interval){claim->box->sides[axis].lo, claim->box->sides[axis].hi};
    }
    struct fw_strips_search search;
    fw_strips_ask(&c->checker->strips, hull, &search);
    for (uint32_t i = fw_strips_next(&search, program->items[claim->item + 1].first_box);
         i < program->nboxes; i = fw_strips_next(&search, i + 1)) {
        enum fw_op op = program->items[program->boxes[i]->item].op;
        if (op == FW_OP_DECIDE || op == FW_OP_UNKNOWN) {
            add_near(c, i);
        }
    }
}

bool fw_certificate_check(const struct fw_checker *checker, struct fw_arena *arena,
                          const struct fw_claim *claim, const struct fw_certificate *certificate)
{
    struct checking c = {.checker = checker,
                         .program = claim->program,
                         .claim = claim,
                         .certificate = certificate,
                         .arena = arena};
    const struct fw_box *box = claim->box;
    if (checker->program != claim->program || box->item != claim->item) {
        return false;
    }
    c.given = fw_new_array(arena, (size_t)c.program->nvariables + 1, signed char);
    for (uint32_t i = 0; i < box->nliterals; i++) {
        c.given[box->literals[i] >> 1] = (box->literals[i] & 1) != 0 ? -1 : 1;
    }
    for (unsigned axis = 0; axis < c.program->space.n; axis++) {
        struct fw_interval room;
        const struct fw_interval *v;
        c.part[axis].from = c.npool;
        c.part[axis].n = ranks_of(&box->sides[axis], &room, &v);
        for (size_t i = 0; i < c.part[axis].n; i++) {
            add_ranks(&c, v[i].lo, v[i].hi);
        }
    }
    find_near(&c);
    return check(&c) && c.step == certificate->n;
}

void fw_checker_init(struct fw_checker *checker, struct fw_arena *arena,
                     const struct fw_program *program)
{
    *checker = (struct fw_checker){.program = program};
    fw_strips_init(&checker->strips, arena, program);
    for (uint32_t i = 0; i < program->nboxes; i++) {
        if (program->items[program->boxes[i]->item].op == FW_OP_SKIP) {
            checker->skips = fw_arena_push(arena, checker->skips, checker->nskips,
                                           sizeof(*checker->skips));
            checker->skips[checker->nskips++] = i;
        }
    }
}
