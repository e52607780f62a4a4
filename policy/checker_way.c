/* Where the packets of a part go: what a return leads around, and what a jump takes along. Lists
 * without either need nothing of this. */
#include "policy/checker_impl.h"

bool fw_way_is_gone(const struct fw_checking *c, uint32_t item)
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
static bool is_jumped(const struct fw_checking *c, uint32_t from, uint32_t item, bool without)
{
    const struct fw_program *program = c->program;
    for (size_t i = 0; i < c->nnear; i++) {
        const struct fw_box *box = program->boxes[c->near[i]];
        uint32_t skip = box->item;
        if (program->items[skip].op != FW_OP_SKIP || skip < from || skip >= item ||
            program->items[skip].end <= item || (without && fw_way_is_gone(c, skip)) ||
            fw_part_share(c, box) != FW_SHARE_ALL) {
            continue;
        }
        bool dodged = false; /* another skip leads over this one, but not over the item */
        for (size_t k = 0; k < c->nnear && !dodged; k++) {
            const struct fw_box *other = program->boxes[c->near[k]];
            const struct fw_item *o = &program->items[other->item];
            dodged = o->op == FW_OP_SKIP && other->item >= from && other->item < skip &&
                     o->end > skip && o->end <= item && fw_part_share(c, other) != FW_SHARE_NONE;
        }
        if (!dodged) {
            return true;
        }
    }
    return false;
}

bool fw_way_is_clear(const struct fw_checking *c, uint32_t from, uint32_t to, bool without,
                     const enum fw_action *action)
{
    for (size_t i = 0; i < c->nnear; i++) {
        const struct fw_box *box = c->program->boxes[c->near[i]];
        const struct fw_item *item = &c->program->items[box->item];
        bool past = item->op == FW_OP_SKIP && item->end > to;
        bool other = item->op == FW_OP_UNKNOWN ||
                     (item->op == FW_OP_DECIDE && (!action || item->action != *action));
        if (box->item >= from && box->item < to && (past || other) &&
            fw_part_share(c, box) != FW_SHARE_NONE && !(without && fw_way_is_gone(c, box->item)) &&
            !is_jumped(c, from, box->item, without)) {
            return false;
        }
    }
    return true;
}

bool fw_way_leads_past(const struct fw_checking *c, uint32_t at, uint32_t item)
{
    for (size_t i = 0; i < c->nnear; i++) {
        const struct fw_box *skip = c->program->boxes[c->near[i]];
        uint32_t end = c->program->items[skip->item].end;
        if (c->program->items[skip->item].op == FW_OP_SKIP && skip->item < at && end > at &&
            end <= item && fw_part_share(c, skip) != FW_SHARE_NONE) {
            return true;
        }
    }
    return false;
}

struct fw_ways fw_ways_on(const struct fw_checking *c)
{
    uint32_t at = c->claim->item;
    const struct fw_item *item = &c->program->items[at];
    if (item->op == FW_OP_SKIP) {
        return (struct fw_ways){item->end, at + 1, item->end};
    }
    if (item->op == FW_OP_ENTER && item->rule->action == FW_ACTION_GOTO) {
        return (struct fw_ways){at + 1, item->end + 1, c->program->items[item->end].end};
    }
    return (struct fw_ways){at + 1, item->op == FW_OP_ENTER ? item->end : at + 1, item->end};
}

static void add_near(struct fw_checking *c, uint32_t number)
{
    if (fw_part_share(c, c->program->boxes[number]) != FW_SHARE_NONE) {
        c->near = fw_arena_push(c->arena, c->near, c->nnear, sizeof(*c->near));
        c->near[c->nnear++] = number;
    }
}

/* Skips that are there, and, where what comes after the item matters, all that decides. */
void fw_way_begin(struct fw_checking *c)
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
