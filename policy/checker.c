/*
 * Is a certificate right? This is the whole argument, and it shares nothing with the engine but the
 * boxes of the program. A certificate takes the packets of one box apart, and every leaf says why
 * its part is settled:
 *
 *   BEFORE    a box of an earlier rule holds all of the part and stops it, and nothing leads around
 *   DECIDED   with the rule or without it, the same is done to all of the part
 *   MEET      a jump or return: both ways lead, undecided, to the same place
 *
 * The parts of a split are what is inside and what is outside, so together they are everything, and
 * a claim is proven when every leaf is.
 */
#include "core/limits.h"
#include "policy/checker_impl.h"

/* A box that holds all of the part; NULL: this one does not. */
static const struct fw_box *box_at(const struct fw_checking *c, uint32_t number)
{
    const struct fw_box *box = number < c->program->nboxes ? c->program->boxes[number] : NULL;
    return box && fw_part_share(c, box) == FW_SHARE_ALL ? box : NULL;
}

static bool is_before(const struct fw_checking *c, uint32_t number)
{
    const struct fw_box *box = box_at(c, number);
    uint32_t at = c->claim->item;
    if (!box || box->item >= at) {
        return false;
    }
    const struct fw_item *item = &c->program->items[box->item];
    bool stops = item->op == FW_OP_DECIDE || (item->op == FW_OP_SKIP && item->end > at);
    bool of_cover = c->claim->kind != FW_CLAIM_COVERED || c->claim->cover[item->rule_id];
    return stops && of_cover && !fw_way_leads_past(c, box->item, at);
}

static bool is_met(const struct fw_checking *c)
{
    const struct fw_item *item = &c->program->items[c->claim->item];
    struct fw_ways ways = fw_ways_on(c);
    return c->claim->kind == FW_CLAIM_SAME && item->op != FW_OP_UNKNOWN &&
           item->op != FW_OP_DECIDE && fw_way_is_clear(c, ways.with, ways.meet, false, NULL) &&
           fw_way_is_clear(c, ways.without, ways.meet, true, NULL);
}

/* With the rule box `a` decides (the claim's own, where that decides by itself), without it `b`. */
static bool is_same(const struct fw_checking *c, uint32_t a, uint32_t b)
{
    const struct fw_item *items = c->program->items;
    const struct fw_item *item = &items[c->claim->item];
    struct fw_ways ways = fw_ways_on(c);
    bool decides = item->op == FW_OP_DECIDE;
    const struct fw_box *now = decides ? c->claim->box : box_at(c, a);
    const struct fw_box *then = box_at(c, b);
    if (c->claim->kind != FW_CLAIM_SAME || item->op == FW_OP_UNKNOWN || !now || !then ||
        (!decides && now->item < ways.with) || then->item < ways.without ||
        fw_way_is_gone(c, then->item)) {
        return false;
    }
    enum fw_action action = items[now->item].action;
    return items[now->item].op == FW_OP_DECIDE && items[then->item].op == FW_OP_DECIDE &&
           items[then->item].action == action &&
           (decides || fw_way_is_clear(c, ways.with, now->item, false, &action)) &&
           fw_way_is_clear(c, ways.without, then->item, true, &action);
}

static bool check(struct fw_checking *c);

static bool check_parts(struct fw_checking *c, const struct fw_step *step)
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
        ok = fw_part_narrow(c, step->axis, side, inside != 0) && check(c);
        c->part[step->axis].from = from;
        c->part[step->axis].n = n;
        c->npool = top;
    }
    return ok;
}

static bool check_assumption(struct fw_checking *c, uint32_t variable)
{
    bool ok = variable < c->program->nvariables && c->given[variable] == 0;
    for (int truth = 1; truth >= -1 && ok; truth -= 2) {
        c->given[variable] = (signed char)truth;
        ok = check(c);
        c->given[variable] = 0;
    }
    return ok;
}

static bool check(struct fw_checking *c)
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
        ok = is_same(c, step->a, step->b);
        break;
    case FW_STEP_MEET:
        ok = is_met(c);
        break;
    }
    c->depth--;
    return ok;
}

bool fw_certificate_check(const struct fw_checker *checker, struct fw_arena *arena,
                          const struct fw_claim *claim, const struct fw_certificate *certificate)
{
    struct fw_checking c = {.checker = checker,
                            .program = claim->program,
                            .claim = claim,
                            .certificate = certificate,
                            .arena = arena};
    if (checker->program != claim->program || claim->box->item != claim->item) {
        return false;
    }
    fw_part_begin(&c);
    fw_way_begin(&c);
    return check(&c) && c.step == certificate->n;
}
