/* Which packets does a term of a rule match: its boxes, and the literals of what no box can say. */
#include <string.h>

#include "policy/program_impl.h"

/* An address that is the device's own is not forwarded, and a forwarded packet comes from outside.
 * Elsewhere nothing is certain: broadcasts come in too, and loopback traffic is from the device. */
static bool is_false(const struct fw_builder *b, enum fw_atom_kind kind)
{
    return b->program->space.hook == FW_HOOK_FORWARD &&
           (kind == FW_ATOM_SRC_LOCAL || kind == FW_ATOM_DST_LOCAL);
}

uint32_t fw_builder_varying(struct fw_builder *b, const struct fw_rule *rule, size_t part,
                            fw_sv words)
{
    if (!b->twins) {
        return fw_variable_new(b->variables, b->arena, words);
    }
    char hex[FW_SHA256_HEX + 1];
    fw_sha256_hex(rule->content, hex);
    fw_sv key = fw_arena_printf(b->arena, "%s %zu", hex, part);
    uint32_t known = b->seen.n;
    uint32_t place = fw_variable_of(&b->seen, b->arena, key, words);
    if (b->seen.n > known) {
        b->times = fw_arena_push(b->arena, b->times, known, sizeof(*b->times));
        b->times[place] = 0;
    }
    key = fw_arena_printf(b->arena, "%s %zu %u", hex, part, b->times[place]++);
    return fw_variable_of(b->variables, b->arena, key, words);
}

/* What an atom asks of marks that are a number (see pass_marks). */
static uint32_t mark_variable(struct fw_builder *b, uint32_t marks, const struct fw_atom *atom)
{
    fw_sv key = fw_arena_printf(b->arena, "%u %.*s", marks, FW_SV_ARG(atom->words));
    fw_sv words = marks == b->plain_marks ? atom->words
                                          : fw_arena_printf(b->arena, "%.*s (as set on the way)",
                                                            FW_SV_ARG(atom->words));
    return fw_variable_of(b->variables, b->arena, key, words);
}

static uint32_t variable_of(struct fw_builder *b, const struct fw_rule *rule, size_t part,
                            const struct fw_atom *atom)
{
    switch (atom->kind) {
    case FW_ATOM_FRAGMENT:
        return b->fragment;
    case FW_ATOM_MARK:
    case FW_ATOM_CONNMARK:
        if (!b->marks_change) { /* twins: see add_marked */
            return fw_variable_of(b->variables, b->arena, atom->words, atom->words);
        }
        break;
    case FW_ATOM_VARYING:
        return fw_builder_varying(b, rule, part, atom->words);
    case FW_ATOM_FIXED:
    case FW_ATOM_TIME:
    case FW_ATOM_SRC_LOCAL:
    case FW_ATOM_DST_LOCAL:
    case FW_ATOM_COUNT:
        return fw_variable_of(b->variables, b->arena, atom->words, atom->words);
    }
    return fw_variable_new(b->variables, b->arena, atom->words);
}

/* Adds a literal to a sorted list; false: it contradicts one that is there. */
static bool add_literal(uint32_t *v, uint32_t *n, uint32_t literal)
{
    uint32_t i = *n;
    while (i > 0 && v[i - 1] > literal) {
        i--;
    }
    if ((i > 0 && v[i - 1] == literal)) {
        return true;
    }
    if ((i > 0 && v[i - 1] == (literal ^ 1)) || (i < *n && v[i] == (literal ^ 1))) {
        return false;
    }
    memmove(v + i + 1, v + i, (*n - i) * sizeof(*v));
    v[i] = literal;
    ++*n;
    return true;
}

/* The literals of a rule's term; false: they contradict each other. `v` has room for natoms + 1. */
static bool literals_of(struct fw_builder *b, const struct fw_rule *rule, size_t t, uint32_t *v,
                        uint32_t *n)
{
    const struct fw_term *term = &rule->match.terms[t];
    *n = 0;
    b->nasked = 0;
    for (size_t i = 0; i < term->natoms; i++) {
        const struct fw_atom *atom = &term->atoms[i];
        if (is_false(b, atom->kind)) {
            if (!atom->negated) {
                return false;
            }
            continue;
        }
        if (b->twins && (atom->kind == FW_ATOM_MARK || atom->kind == FW_ATOM_CONNMARK)) {
            b->asked[b->nasked++] = atom;
            continue;
        }
        uint32_t variable = variable_of(b, rule, t << 16 | i, atom);
        if (!add_literal(v, n, variable * 2 + atom->negated)) {
            return false;
        }
    }
    /* A fragment that is not the first has no ports, ICMP type or flags to look at. */
    if (b->has_fragment && (term->sport || term->dport || term->icmp || term->flags)) {
        return add_literal(v, n, b->fragment * 2 + 1);
    }
    return true;
}

/* Sides computed in the scratch move to the arena; what lies there already is shared. */
static void keep_sides(struct fw_builder *b, struct fw_side *sides, unsigned n)
{
    for (unsigned i = 0; i < n; i++) {
        const struct fw_cells *cells = sides[i].cells;
        if (cells && fw_scratch_owns(b->scratch, cells)) {
            size_t size = sizeof(*cells) + cells->n * sizeof(cells->v[0]);
            struct fw_cells *kept = fw_arena_alloc(b->arena, size);
            memcpy(kept, cells, size);
            sides[i].cells = kept;
        }
    }
}

void fw_builder_box(struct fw_builder *b, uint32_t item, const struct fw_side *sides,
                    const uint32_t *literals, uint32_t nliterals)
{
    struct fw_program *program = b->program;
    if (program->nboxes == FW_LIMIT_ENGINE_BOXES) {
        program->too_large = true;
        return;
    }
    unsigned n = program->space.n;
    struct fw_box *box = fw_arena_alloc(b->arena, sizeof(*box) + n * sizeof(*sides));
    box->item = item;
    memcpy(box->sides, sides, n * sizeof(*sides));
    keep_sides(b, box->sides, n);
    if (nliterals > 0) {
        uint32_t *kept = fw_new_array(b->arena, nliterals, uint32_t);
        memcpy(kept, literals, nliterals * sizeof(*kept));
        box->literals = kept;
        box->nliterals = nliterals;
    }
    if (program->nboxes == b->box_room) {
        program->boxes = fw_arena_grow(b->arena, program->boxes, program->nboxes,
                                       (size_t)b->box_room * 2, sizeof(struct fw_box *));
        b->box_room *= 2;
    }
    program->boxes[program->nboxes++] = box;
    program->items[item].nboxes++;
}

/* The parts of a region in which what its term asks of marks holds, from the i-th such atom on. */
static void add_marked(struct fw_builder *b, uint32_t item, const struct fw_region *region,
                       size_t i)
{
    if (i == b->nasked) {
        fw_builder_box(b, item, region->sides, region->literals, region->nliterals);
        return;
    }
    const struct fw_atom *atom = b->asked[i];
    struct fw_marked *parts;
    struct fw_marked whole = {*region, true};
    size_t n;
    uint32_t marks = b->first_marks;
    if (!fw_marks_resolve(&b->set, b->program, b->scratch, atom, region, &parts, &n)) {
        parts = &whole; /* not known, but the same where the same happened before */
        n = 1;
        marks = b->marks;
    }
    for (size_t k = 0; k < n; k++) {
        const struct fw_region *part = &parts[k].region;
        uint32_t nliterals = part->nliterals;
        uint32_t *literals = fw_scratch_alloc(b->scratch, (nliterals + 1) * sizeof(*literals));
        if (nliterals > 0) {
            memcpy(literals, part->literals, nliterals * sizeof(*literals));
        }
        if (!parts[k].asked ||
            add_literal(literals, &nliterals, mark_variable(b, marks, atom) * 2 + atom->negated)) {
            add_marked(b, item, &(struct fw_region){part->sides, literals, nliterals}, i + 1);
        }
    }
}

/* The box within one of the jump's boxes. */
static void add_within(struct fw_builder *b, uint32_t item, const struct fw_side *sides,
                       const uint32_t *literals, uint32_t nliterals, const struct fw_box *outer)
{
    unsigned n = b->program->space.n;
    struct fw_scratch_mark mark = fw_scratch_mark(b->scratch);
    struct fw_side *both = fw_scratch_alloc(b->scratch, n * sizeof(*both));
    uint32_t *all = fw_scratch_alloc(b->scratch, (nliterals + outer->nliterals) * sizeof(*all));
    uint32_t nall = nliterals;
    bool some = true;
    for (unsigned i = 0; i < n && some; i++) {
        some = fw_side_intersect(b->scratch, &sides[i], &outer->sides[i], &both[i]);
    }
    if (nliterals > 0) {
        memcpy(all, literals, nliterals * sizeof(*all));
    }
    for (uint32_t i = 0; i < outer->nliterals && some; i++) {
        some = add_literal(all, &nall, outer->literals[i]);
    }
    if (some) {
        add_marked(b, item, &(struct fw_region){both, all, nall}, 0);
    }
    fw_scratch_release(b->scratch, mark);
}

/* The boxes of a term (NULL: all packets), within those of the jump that leads here. */
static void add_boxes(struct fw_builder *b, uint32_t item, const struct fw_term *term,
                      const uint32_t *literals, uint32_t nliterals,
                      const struct fw_builder_context *context)
{
    static const unsigned families[] = {FW_FAMILY_BIT4, FW_FAMILY_BIT6};
    unsigned n = b->program->space.n;
    struct fw_side *sides = fw_scratch_alloc(b->scratch, n * sizeof(*sides));
    for (size_t f = 0; f < 2; f++) {
        if (!fw_space_box(&b->program->space, b->scratch, term, families[f], sides)) {
            continue;
        }
        if (!context) {
            add_marked(b, item, &(struct fw_region){sides, literals, nliterals}, 0);
            continue;
        }
        for (uint32_t i = 0; i < context->n && !b->program->too_large; i++) {
            add_within(b, item, sides, literals, nliterals, b->program->boxes[context->first + i]);
        }
    }
}

void fw_builder_term(struct fw_builder *b, uint32_t item, const struct fw_rule *rule, size_t t,
                     uint32_t guess, const struct fw_builder_context *context)
{
    struct fw_scratch_mark mark = fw_scratch_mark(b->scratch);
    const struct fw_term *term = &rule->match.terms[t];
    uint32_t *literals = fw_scratch_alloc(b->scratch, (term->natoms + 2) * sizeof(*literals));
    uint32_t nliterals;
    b->asked = fw_scratch_alloc(b->scratch, (term->natoms + 1) * sizeof(*b->asked));
    if (literals_of(b, rule, t, literals, &nliterals) &&
        (guess == FW_NO_RULE || add_literal(literals, &nliterals, guess))) {
        add_boxes(b, item, term, literals, nliterals, context);
    }
    b->nasked = 0;
    fw_scratch_release(b->scratch, mark);
}

void fw_builder_all(struct fw_builder *b, uint32_t item)
{
    struct fw_scratch_mark mark = fw_scratch_mark(b->scratch);
    add_boxes(b, item, NULL, NULL, 0, NULL);
    fw_scratch_release(b->scratch, mark);
}
