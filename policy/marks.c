/* Where does what a rule asks of a mark hold, after the rules that set marks? */
#include "policy/marks.h"

#include <string.h>

enum { MOST = 64 }; /* regions of one question */

/* What is left to settle, and what is settled. */
struct resolving {
    const struct fw_program *program;
    struct fw_scratch *scratch;
    size_t nleft, nsettled, room;
    struct fw_region *left; /* not set by any of the rules looked at so far, the last ones first */
    struct fw_marked *settled;
    bool too_many;
};

static const struct fw_numrange tracked_states[] = {{FW_STATE_NEW, FW_STATE_RELATED}};
static const struct fw_numset tracked = {1, tracked_states};
const struct fw_term fw_marks_tracked = {.state = &tracked};

/* The part of a box whose packets belong to tracked connections; NULL: none do. */
static const struct fw_box *within_tracked(const struct fw_program *program, struct fw_arena *arena,
                                           struct fw_scratch *scratch, const struct fw_box *box)
{
    const struct fw_space *space = &program->space;
    unsigned n = space->n;
    int slot = space->slot[FW_AXIS_state];
    struct fw_box *part = fw_arena_alloc(arena, sizeof(*part) + n * sizeof(part->sides[0]));
    struct fw_scratch_mark mark = fw_scratch_mark(scratch);
    struct fw_side *sides = fw_scratch_alloc(scratch, (n + 1) * sizeof(*sides));
    struct fw_side both = {1, 0, NULL};
    memcpy(part, box, sizeof(*part) + n * sizeof(part->sides[0]));
    bool some = (fw_space_box(space, scratch, &fw_marks_tracked, FW_FAMILY_BIT4, sides) ||
                 fw_space_box(space, scratch, &fw_marks_tracked, FW_FAMILY_BIT6, sides)) &&
                fw_side_intersect(scratch, &box->sides[slot], &sides[slot], &both);
    if (some && both.cells) {
        size_t size = sizeof(*both.cells) + both.cells->n * sizeof(both.cells->v[0]);
        struct fw_cells *kept = fw_arena_alloc(arena, size);
        memcpy(kept, both.cells, size);
        both.cells = kept;
    }
    part->sides[slot] = both;
    fw_scratch_release(scratch, mark);
    return some ? part : NULL;
}

void fw_marks_skip(struct fw_marks *marks, struct fw_arena *arena, uint32_t item)
{
    marks->open = fw_arena_push(arena, marks->open, marks->nopen, sizeof(*marks->open));
    marks->open[marks->nopen++] = item;
}

static void add_skips(const struct fw_marks *marks, struct fw_arena *arena,
                      const struct fw_program *program, struct fw_mark_setter *setter)
{
    for (size_t i = 0; i < marks->nopen; i++) {
        const struct fw_item *item = &program->items[marks->open[i]];
        for (uint32_t k = 0; k < item->nboxes; k++) {
            setter->skips = fw_arena_push(arena, setter->skips, setter->nskips,
                                          sizeof(*setter->skips));
            setter->skips[setter->nskips++] = program->boxes[item->first_box + k];
        }
    }
}

void fw_marks_pass(struct fw_marks *marks, struct fw_arena *arena, struct fw_scratch *scratch,
                   const struct fw_program *program, const struct fw_item *item)
{
    const struct fw_rule *rule = item->rule;
    bool of_connection = rule->connmark != FW_CONNMARK_NONE;
    if ((!rule->sets_mark && !of_connection) || item->nboxes == 0) {
        return;
    }
    marks->murky = marks->murky || (rule->sets_mark && of_connection) ||
                   (of_connection && rule->connmark != FW_CONNMARK_SET);
    struct fw_mark_setter setter = {rule, 0,
                                    fw_new_array(arena, item->nboxes, const struct fw_box *)};
    for (uint32_t i = 0; i < item->nboxes; i++) {
        const struct fw_box *box = program->boxes[item->first_box + i];
        box = of_connection ? within_tracked(program, arena, scratch, box) : box;
        if (box) {
            setter.boxes[setter.n++] = box;
        }
    }
    add_skips(marks, arena, program, &setter);
    marks->v = fw_arena_push(arena, marks->v, marks->n, sizeof(*marks->v));
    marks->v[marks->n++] = setter;
}

static void add_left(struct resolving *r, const struct fw_region *region)
{
    if (r->nleft == r->room) {
        r->too_many = true;
        return;
    }
    r->left[r->nleft++] = *region;
}

/* What of a region is outside a box, as disjoint regions. */
static void subtract(struct resolving *r, const struct fw_region *region, const struct fw_box *box)
{
    unsigned n = r->program->space.n;
    struct fw_region rest = *region;
    for (unsigned i = 0; i < n; i++) {
        if (fw_side_contains(&box->sides[i], &rest.sides[i])) {
            continue;
        }
        struct fw_side *out = fw_scratch_alloc(r->scratch, (n + 1) * sizeof(*out));
        struct fw_side *in = fw_scratch_alloc(r->scratch, (n + 1) * sizeof(*in));
        memcpy(out, rest.sides, n * sizeof(*out));
        memcpy(in, rest.sides, n * sizeof(*in));
        fw_side_minus(r->scratch, &rest.sides[i], &box->sides[i], &out[i]);
        fw_side_intersect(r->scratch, &rest.sides[i], &box->sides[i], &in[i]);
        add_left(r, &(struct fw_region){out, rest.literals, rest.nliterals});
        rest.sides = in;
    }
    for (uint32_t i = 0; i < box->nliterals; i++) {
        uint32_t literal = box->literals[i];
        if (!fw_literals_include(rest.literals, rest.nliterals, &literal, 1)) {
            struct fw_region out = fw_region_assume(r->scratch, &rest, literal ^ 1);
            add_left(r, &out);
            rest = fw_region_assume(r->scratch, &rest, literal);
        }
    }
}

/* Takes what is left, to put what stays left in its place. */
static struct fw_region *take_left(struct resolving *r, size_t *ret_n)
{
    struct fw_region *before = r->left;
    *ret_n = r->nleft;
    r->left = fw_scratch_alloc(r->scratch, r->room * sizeof(*r->left));
    r->nleft = 0;
    return before;
}

/* The packets of a box set the mark; for those the atom holds or not. */
static void settle(struct resolving *r, const struct fw_box *box, bool holds)
{
    size_t n;
    const struct fw_region *before = take_left(r, &n);
    struct fw_region of_box = fw_region_of(box);
    for (size_t i = 0; i < n && !r->too_many; i++) {
        struct fw_region both;
        if (!fw_region_meet(r->scratch, &before[i], &of_box, r->program->space.n, &both)) {
            add_left(r, &before[i]);
            continue;
        }
        subtract(r, &before[i], box);
        r->too_many = r->too_many || (holds && r->nsettled == r->room);
        if (holds && !r->too_many) {
            r->settled[r->nsettled++] = (struct fw_marked){both, false};
        }
    }
}

/* Those of what is left that pass a setter by go aside; the others come to it. */
static void pass_by(struct resolving *r, const struct fw_mark_setter *setter,
                    struct fw_region *aside, size_t *naside)
{
    for (size_t s = 0; s < setter->nskips && !r->too_many; s++) {
        size_t n;
        const struct fw_region *before = take_left(r, &n);
        struct fw_region of_skip = fw_region_of(setter->skips[s]);
        for (size_t i = 0; i < n && !r->too_many; i++) {
            struct fw_region both;
            if (!fw_region_meet(r->scratch, &before[i], &of_skip, r->program->space.n, &both)) {
                add_left(r, &before[i]);
                continue;
            }
            subtract(r, &before[i], setter->skips[s]);
            r->too_many = r->too_many || *naside == r->room;
            if (!r->too_many) {
                aside[(*naside)++] = both;
            }
        }
    }
}

static void pass_setter(struct resolving *r, const struct fw_mark_setter *setter, bool holds)
{
    struct fw_region *aside = fw_scratch_alloc(r->scratch, r->room * sizeof(*aside));
    size_t n = 0;
    pass_by(r, setter, aside, &n);
    for (size_t b = 0; b < setter->n; b++) {
        settle(r, setter->boxes[b], holds);
    }
    for (size_t i = 0; i < n; i++) {
        add_left(r, &aside[i]);
    }
}

enum sets { SETS_NOTHING, SETS_IT, SETS_SOME };

/* What a rule does to the bits that an atom asks for. */
static enum sets sets_of(const struct fw_rule *rule, const struct fw_atom *atom)
{
    bool own = atom->kind == FW_ATOM_MARK ? rule->sets_mark : rule->connmark == FW_CONNMARK_SET;
    uint32_t turned = rule->mark_value & ~rule->mark_mask; /* these bits are turned over */
    if (!own || ((rule->mark_mask | turned) & atom->mask) == 0) {
        return SETS_NOTHING;
    }
    bool all = (rule->mark_mask & atom->mask) == atom->mask && (turned & atom->mask) == 0;
    return all ? SETS_IT : SETS_SOME;
}

bool fw_marks_resolve(const struct fw_marks *marks, const struct fw_program *program,
                      struct fw_scratch *scratch, const struct fw_atom *atom,
                      const struct fw_region *region, struct fw_marked **ret, size_t *ret_n)
{
    struct resolving r = {.program = program, .scratch = scratch, .room = MOST};
    r.left = fw_scratch_alloc(scratch, r.room * sizeof(*r.left));
    r.settled = fw_scratch_alloc(scratch, 2 * r.room * sizeof(*r.settled));
    add_left(&r, region);
    r.too_many = marks->murky;
    for (size_t i = marks->n; i > 0 && !r.too_many; i--) {
        const struct fw_mark_setter *setter = &marks->v[i - 1];
        enum sets sets = sets_of(setter->rule, atom);
        bool is = (setter->rule->mark_value & atom->mask) == atom->value;
        r.too_many = sets == SETS_SOME;
        if (sets == SETS_IT) {
            pass_setter(&r, setter, is != atom->negated);
        }
    }
    for (size_t i = 0; i < r.nleft && !r.too_many; i++) {
        r.settled[r.nsettled++] = (struct fw_marked){r.left[i], true};
    }
    *ret = r.settled;
    *ret_n = r.nsettled;
    return !r.too_many;
}
