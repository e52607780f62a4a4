/* What the pieces of a comparison say: which packets, who decided them before and who does now,
 * with one packet to show it; and which of the changed rules have a part in it. */
#include "policy/difference_impl.h"

#include <stdlib.h>
#include <string.h>

#include "core/limits.h"

enum { SCRATCH_BYTES = 1 << 30, SEARCHED = 64 };

const char *fw_difference_kind_name(enum fw_difference_kind kind)
{
    static const char *const names[] = {"allowed", "denied", "other"};
    return names[kind];
}

struct telling {
    struct fw_comparison *c;
    struct fw_arena *arena; /* of the result */
    struct fw_difference *ret;
    struct fw_difference of_kind[FW_DIFFERENCE_COUNT]; /* the boxes of each */
    struct fw_point point;
};

static bool has_a_say(void *context, const struct fw_box *box)
{
    const struct fw_program *program = context;
    return fw_item_decides(&program->items[box->item]);
}

/* Without truth: literals are taken to hold. */
static const struct fw_box *first_from(const struct telling *t, size_t side, uint32_t at,
                                       const bool *truth)
{
    struct fw_program *program = &t->c->twins->programs[side];
    uint32_t last = program->nitems - 1;
    if (t->c->indexed) {
        const struct fw_search search = {
            .from = at, .to = last, .kinds = FW_KINDS_ALL, .accept = has_a_say, .context = program};
        return fw_tree_first(&t->c->trees[side], t->point.ranks, truth, &search);
    }
    for (uint32_t i = at; i < last; i++) {
        const struct fw_item *item = &program->items[i];
        for (uint32_t k = 0; k < item->nboxes && fw_item_decides(item); k++) {
            const struct fw_box *box = program->boxes[item->first_box + k];
            if (fw_box_has(box, t->point.ranks, truth, t->c->n)) {
                return box;
            }
        }
    }
    return NULL;
}

/* The item that decides the packet of the point. */
static uint32_t decider(const struct telling *t, size_t side)
{
    const struct fw_program *program = &t->c->twins->programs[side];
    const struct fw_box *box = first_from(t, side, 0, t->point.truth);
    while (box && program->items[box->item].op == FW_OP_SKIP) {
        box = first_from(t, side, program->items[box->item].end, t->point.truth);
    }
    return box ? box->item : program->nitems - 1;
}

/* Whatever the unknowns are, the packet of the point goes this way. */
static bool is_sure(const struct telling *t, size_t side)
{
    const struct fw_program *program = &t->c->twins->programs[side];
    const struct fw_box *box = first_from(t, side, 0, NULL);
    while (box && box->nliterals == 0 && program->items[box->item].op == FW_OP_SKIP) {
        box = first_from(t, side, program->items[box->item].end, NULL);
    }
    return !box || (box->nliterals == 0 && program->items[box->item].op == FW_OP_DECIDE);
}

static void set_point(struct telling *t, const struct fw_side *sides, const uint32_t *literals,
                      uint32_t nliterals)
{
    const struct fw_program *program = &t->c->twins->programs[0];
    for (unsigned i = 0; i < t->c->n; i++) {
        t->point.ranks[i] = fw_space_ordinary(&program->space, i, &sides[i]);
    }
    memset(t->point.truth, 0, program->nvariables * sizeof(bool));
    for (uint32_t i = 0; i < nliterals; i++) {
        t->point.truth[literals[i] >> 1] = (literals[i] & 1) == 0;
    }
}

/* A packet of the box that surely fares otherwise, by luck: for boxes that could not be looked
 * through. */
static bool search_point(struct telling *t, const struct fw_piece *piece)
{
    uint64_t random = UINT64_C(0x9e3779b97f4a7c15);
    for (unsigned seed = 0; seed < SEARCHED; seed++) {
        set_point(t, piece->sides, piece->literals, piece->nliterals);
        for (unsigned i = 0; i < t->c->n && seed > 0; i++) {
            random = random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
            const struct fw_side *side = &piece->sides[i];
            t->point.ranks[i] = fw_side_at(side, (random >> 24) % fw_side_size(side));
        }
        const struct fw_item *items[2];
        for (size_t side = 0; side < 2; side++) {
            items[side] = &t->c->twins->programs[side].items[decider(t, side)];
        }
        if (items[0]->fate != items[1]->fate && is_sure(t, 0) && is_sure(t, 1)) {
            return true;
        }
    }
    return false;
}

/* Where the witness of a piece is; false: none is known. */
static bool find_point(struct telling *t, const struct fw_piece *piece)
{
    if (!piece->vague) {
        set_point(t, piece->of_one ? piece->of_one : piece->sides, piece->literals,
                  piece->nliterals);
        return true;
    }
    if (piece->of_one) {
        set_point(t, piece->of_one, NULL, 0);
        return true;
    }
    return search_point(t, piece);
}

static enum fw_difference_kind kind_of(const uint32_t *fates)
{
    bool refused[2];
    for (size_t i = 0; i < 2; i++) {
        refused[i] = fates[i] == FW_ACTION_DENY || fates[i] == FW_ACTION_REJECT;
    }
    if (refused[0] && fates[1] == FW_ACTION_PERMIT) {
        return FW_DIFFERENCE_ALLOWED;
    }
    return fates[0] == FW_ACTION_PERMIT && refused[1] ? FW_DIFFERENCE_DENIED : FW_DIFFERENCE_OTHER;
}

static const struct fw_atom *atoms_of(const struct telling *t, const struct fw_piece *piece)
{
    const struct fw_variables *variables = &t->c->twins->variables;
    struct fw_atom *v = fw_new_array(t->arena, piece->nliterals + 1, struct fw_atom);
    for (uint32_t i = 0; i < piece->nliterals; i++) {
        v[i].words = fw_arena_copy(t->arena, variables->words[piece->literals[i] >> 1]);
        v[i].negated = (piece->literals[i] & 1) != 0;
    }
    return v;
}

/* As many boxes as its names need. */
static void add_boxes(struct telling *t, const struct fw_piece *piece, struct fw_difference_box box,
                      struct fw_difference *to)
{
    const struct fw_space *space = &t->c->twins->programs[0].space;
    struct fw_names *in;
    struct fw_names *out;
    size_t nin = fw_space_names_of(space, t->arena, FW_AXIS_in, piece->sides, &in);
    size_t nout = fw_space_names_of(space, t->arena, FW_AXIS_out, piece->sides, &out);
    for (size_t i = 0; i < nin * nout; i++) {
        box.in = in[i / nout];
        box.out = out[i % nout];
        to->v = fw_arena_push(t->arena, to->v, to->n, sizeof(box));
        to->v[to->n++] = box;
        to->undetermined += piece->vague;
    }
}

static void tell(struct telling *t, const struct fw_piece *piece)
{
    const struct fw_space *space = &t->c->twins->programs[0].space;
    struct fw_difference_box box = {.exact = !piece->vague, .certainty = FW_PROVEN};
    uint32_t fates[2];
    struct fw_fate *of[2] = {&box.before, &box.after};
    box.has_witness = find_point(t, piece);
    for (size_t side = 0; side < 2; side++) {
        const struct fw_item *item = &t->c->twins->programs[side].items[decider(t, side)];
        *of[side] = (struct fw_fate){item->action, item->policy, item->rule};
        fates[side] = item->fate;
        bool known = fw_action_decides(item->action) || item->action == FW_ACTION_RETURN ||
                     item->op == FW_OP_DECIDE;
        box.certainty = known && piece->nliterals == 0 ? box.certainty : FW_POSSIBLE;
    }
    box.certainty = piece->vague ? FW_UNDETERMINED : box.certainty;
    box.kind = box.has_witness ? kind_of(fates) : FW_DIFFERENCE_OTHER;
    fw_space_packet(space, t->point.ranks, &box.witness);
    box.witness.in = box.witness.in.n > 0 ? fw_arena_copy(t->arena, box.witness.in) : FW_SV("");
    box.witness.out = box.witness.out.n > 0 ? fw_arena_copy(t->arena, box.witness.out) : FW_SV("");
    fw_space_term(space, t->arena, piece->sides, &box.term);
    box.term.natoms = piece->nliterals;
    box.term.atoms = atoms_of(t, piece);
    add_boxes(t, piece, box, &t->of_kind[box.kind]);
}

/* Rules that changed, and match some packet that fares otherwise. */
static void find_parts(struct telling *t)
{
    for (size_t side = 0; side < 2; side++) {
        const struct fw_program *program = &t->c->twins->programs[side];
        const struct fw_rule **v = NULL;
        size_t n = 0;
        for (uint32_t i = 0; i < program->nitems; i++) {
            const struct fw_item *item = &program->items[i];
            bool part = false;
            for (uint32_t k = 0; k < item->nboxes && !part && t->c->alignment.changed[side][i];
                 k++) {
                const struct fw_box *box = program->boxes[item->first_box + k];
                for (size_t p = 0; p < t->c->pieces.n && !part; p++) {
                    const struct fw_piece *piece = &t->c->pieces.v[p];
                    struct fw_region region = {piece->sides, piece->literals, piece->nliterals};
                    part = fw_box_overlaps(box, &region, t->c->n);
                }
            }
            if (part && item->rule) {
                v = fw_arena_push(t->arena, v, n, sizeof(struct fw_rule *));
                v[n++] = item->rule;
            }
        }
        t->ret->parts[side] = v;
        t->ret->nparts[side] = n;
    }
}

/* The boxes by kind; within one as they were found, which is as the rules stand. */
static void tell_all(struct fw_comparison *c, struct fw_arena *arena, struct fw_difference *ret)
{
    struct telling t = {.c = c, .arena = arena, .ret = ret};
    t.point.ranks = fw_new_array(c->arena, c->n + 1, uint32_t);
    t.point.truth = fw_new_array(c->arena, (size_t)c->twins->variables.n + 1, bool);
    for (size_t i = 0; i < c->pieces.n; i++) {
        tell(&t, &c->pieces.v[i]);
    }
    size_t n = 0;
    for (int kind = 0; kind < FW_DIFFERENCE_COUNT; kind++) {
        n += t.of_kind[kind].n;
    }
    ret->v = fw_new_array(arena, n + 1, struct fw_difference_box);
    for (int kind = 0; kind < FW_DIFFERENCE_COUNT; kind++) {
        const struct fw_difference *of_kind = &t.of_kind[kind];
        for (size_t i = 0; i < of_kind->n; i++) {
            ret->v[ret->n++] = of_kind->v[i];
        }
        ret->undetermined += of_kind->undetermined;
    }
    find_parts(&t);
}

/* False: a program is too large to say anything. */
static bool compare(struct fw_comparison *c, struct fw_arena *arena,
                    const struct fw_ruleset *const rulesets[2],
                    const struct fw_policy *const policies[2], struct fw_difference *ret)
{
    fw_comparison_run(c, rulesets, policies);
    bool compared = !c->twins->programs[0].too_large && !c->twins->programs[1].too_large;
    if (compared) {
        tell_all(c, arena, ret);
    }
    return compared;
}

void fw_policies_compare(struct fw_arena *arena, const struct fw_ruleset *const rulesets[2],
                         const struct fw_policy *const policies[2], uint64_t work,
                         struct fw_difference *ret)
{
    struct fw_arena memory;
    struct fw_guard guard;
    struct fw_guard *const outer = arena->guard;
    struct fw_twins twins;
    struct fw_comparison c = {
        .arena = &memory, .twins = &twins, .full = work ? work : (uint64_t)FW_LIMIT_ENGINE_WORK};
    unsigned common = FW_FAMILY_BOTH;
    for (size_t i = 0; i < 2; i++) {
        common &= policies[i]->families ? policies[i]->families : (unsigned)FW_FAMILY_BOTH;
    }
    *ret = (struct fw_difference){0};
    fw_arena_init(&memory, 0);
    fw_scratch_init(&c.scratch, SCRATCH_BYTES);
    memory.guard = &guard;
    c.scratch.guard = &guard;
    arena->guard = &guard;
    bool compared = common != 0 && setjmp(guard.jump) == 0 &&
                    compare(&c, arena, rulesets, policies, ret);
    arena->guard = outer;
    if (!compared) {
        *ret = (struct fw_difference){0};
    }
    ret->compared = compared;
    fw_scratch_clear(&c.scratch);
    fw_arena_clear(&memory);
}
