/* How a policy and the chains it calls become one list of items with boxes. */
#include "policy/program.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "core/limits.h"
#include "policy/marks.h"

struct context { /* the boxes of the jump that leads here */
    uint32_t first, n;
};

struct builder {
    struct fw_program *program;
    struct fw_arena *arena;
    struct fw_scratch *scratch;
    const struct fw_rule_ids *ids;
    uint32_t item_room, box_room; /* of the program's arrays */
    struct fw_variables *variables;
    struct fw_twins *twins; /* NULL: the program stands alone */
    uint32_t fragment;      /* the variable "not the first fragment" */
    bool has_fragment;      /* some rule asks for it */
    bool marks_change;      /* some rule sets the mark */
    uint32_t marks;         /* twins: what may have changed marks up to here, as a number, */
    uint32_t first_marks;   /* at the start, */
    uint32_t plain_marks;   /* and at the start of the first of the twins */
    struct fw_marks set;    /* twins: the marks set up to here */
    size_t nasked;          /* twins: what the term at hand asks of marks */
    const struct fw_atom **asked;
    struct fw_variables seen;
    uint32_t *times; /* twins: how often each of `seen` was seen */
    size_t depth;
    const struct fw_policy *stack[FW_LIMIT_CHAIN_DEPTH];
};

/* An address that is the device's own is not forwarded, and a forwarded packet comes from outside.
 * Elsewhere nothing is certain: broadcasts come in too, and loopback traffic is from the device. */
static bool is_false(const struct builder *b, enum fw_atom_kind kind)
{
    return b->program->space.hook == FW_HOOK_FORWARD &&
           (kind == FW_ATOM_SRC_LOCAL || kind == FW_ATOM_DST_LOCAL);
}

/* The variable of what may differ between evaluations. Two policies that are compared are taken to
 * meet the same luck at the same rule: the k-th of its content in one is the k-th in the other. */
static uint32_t varying(struct builder *b, const struct fw_rule *rule, size_t part, fw_sv words)
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
static uint32_t mark_variable(struct builder *b, uint32_t marks, const struct fw_atom *atom)
{
    fw_sv key = fw_arena_printf(b->arena, "%u %.*s", marks, FW_SV_ARG(atom->words));
    fw_sv words = marks == b->plain_marks ? atom->words
                                          : fw_arena_printf(b->arena, "%.*s (as set on the way)",
                                                            FW_SV_ARG(atom->words));
    return fw_variable_of(b->variables, b->arena, key, words);
}

static uint32_t variable_of(struct builder *b, const struct fw_rule *rule, size_t part,
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
        return varying(b, rule, part, atom->words);
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
static bool literals_of(struct builder *b, const struct fw_rule *rule, size_t t, uint32_t *v,
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

static uint32_t add_item(struct builder *b, const struct fw_policy *policy,
                         const struct fw_rule *rule, enum fw_op op)
{
    struct fw_program *program = b->program;
    if (program->nitems == b->item_room) {
        program->items = fw_arena_grow(b->arena, program->items, program->nitems,
                                       (size_t)b->item_room * 2, sizeof(*program->items));
        b->item_room *= 2;
    }
    struct fw_item *item = &program->items[program->nitems];
    item->policy = policy;
    item->rule = rule;
    item->rule_id = rule ? fw_rule_id(b->ids, policy, rule) : FW_NO_RULE;
    item->op = op;
    item->action = rule ? rule->action : FW_ACTION_RETURN;
    item->fate = (uint32_t)item->action;
    item->first_box = program->nboxes;
    return program->nitems++;
}

/* Sides computed in the scratch move to the arena; what lies there already is shared. */
static void keep_sides(struct builder *b, struct fw_side *sides, unsigned n)
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

static void add_box(struct builder *b, uint32_t item, const struct fw_side *sides,
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
static void add_marked(struct builder *b, uint32_t item, const struct fw_region *region, size_t i)
{
    if (i == b->nasked) {
        add_box(b, item, region->sides, region->literals, region->nliterals);
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
static void add_within(struct builder *b, uint32_t item, const struct fw_side *sides,
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
static void add_boxes(struct builder *b, uint32_t item, const struct fw_term *term,
                      const uint32_t *literals, uint32_t nliterals, const struct context *context)
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

static void add_term(struct builder *b, uint32_t item, const struct fw_rule *rule, size_t t,
                     uint32_t guess, const struct context *context)
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

static bool is_active(const struct builder *b, const struct fw_policy *policy)
{
    for (size_t i = 0; i < b->depth; i++) {
        if (b->stack[i] == policy) {
            return true;
        }
    }
    return false;
}

static enum fw_op op_of(const struct builder *b, const struct fw_rule *rule)
{
    switch (rule->action) {
    case FW_ACTION_PERMIT:
    case FW_ACTION_DENY:
    case FW_ACTION_REJECT:
        return FW_OP_DECIDE;
    case FW_ACTION_JUMP:
    case FW_ACTION_GOTO:
        /* An undefined target, a loop and a chain too deep are nothing to reason about. */
        if (!rule->jump || b->depth == FW_LIMIT_CHAIN_DEPTH || is_active(b, rule->jump)) {
            return FW_OP_UNKNOWN;
        }
        return FW_OP_ENTER;
    case FW_ACTION_RETURN:
        return FW_OP_SKIP;
    case FW_ACTION_CONTINUE:
        return FW_OP_PASS;
    case FW_ACTION_DNAT:
    case FW_ACTION_SNAT:
    case FW_ACTION_UNKNOWN:
    case FW_ACTION_COUNT:
        break;
    }
    return FW_OP_UNKNOWN;
}

/* In twins, what a rule does that is not modelled is the same in both: a variable says whether it
 * decides, and what it decides is a fate of its own. Returns that literal. */
static uint32_t guess_of(struct builder *b, const struct fw_rule *rule, struct fw_item *item)
{
    if (!b->twins || item->op != FW_OP_UNKNOWN) {
        return FW_NO_RULE;
    }
    bool rewrites = rule->action == FW_ACTION_DNAT || rule->action == FW_ACTION_SNAT;
    if (!rewrites) {
        uint32_t variable = varying(b, rule, SIZE_MAX, rule->target);
        item->fate = FW_ACTION_COUNT + variable;
        return variable * 2;
    }
    fw_sv key = fw_arena_printf(
        b->arena, "nat %d %d %u-%u %" PRIx64 "%016" PRIx64 "-%" PRIx64 "%016" PRIx64 " %d %.*s",
        (int)rule->action, rule->nat.to.lo.family, rule->nat.port_lo, rule->nat.port_hi,
        rule->nat.to.lo.hi, rule->nat.to.lo.lo, rule->nat.to.hi.hi, rule->nat.to.hi.lo,
        rule->nat.own_address, FW_SV_ARG(rule->target));
    item->op = FW_OP_DECIDE;
    item->fate = FW_ACTION_COUNT + fw_variable_of(b->variables, b->arena, key, (fw_sv){0});
    return FW_NO_RULE;
}

/* Marks are what everything so far has made of them: equal numbers, equal marks. */
static void pass_marks(struct builder *b, fw_sha256 content)
{
    char hex[FW_SHA256_HEX + 1];
    fw_sha256_hex(content, hex);
    fw_sv key = fw_arena_printf(b->arena, "%u %s", b->marks, hex);
    b->marks = fw_variable_of(&b->twins->marks, b->arena, key, (fw_sv){0}) + 1;
}

static bool leads_elsewhere(enum fw_op op, const struct fw_rule *rule)
{
    return rule->sets_mark || rule->connmark != FW_CONNMARK_NONE ||
           (op != FW_OP_DECIDE && op != FW_OP_PASS);
}

/* Skips of a chain whose end is not known yet are linked through `end`. */
static void add_pending(struct builder *b, uint32_t item, uint32_t *pending)
{
    b->program->items[item].end = *pending;
    *pending = item;
    fw_marks_skip(&b->set, b->arena, item);
}

static void add_policy(struct builder *b, const struct fw_policy *policy,
                       const struct context *context);

static void add_call(struct builder *b, uint32_t item, uint32_t *pending)
{
    struct fw_program *program = b->program;
    const struct fw_rule *rule = program->items[item].rule;
    struct context context = {program->items[item].first_box, program->items[item].nboxes};
    if (context.n > 0) {
        add_policy(b, rule->jump, &context);
    }
    program->items[item].end = program->nitems;
    if (rule->action == FW_ACTION_GOTO && context.n > 0 && !program->too_large) {
        uint32_t after = add_item(b, program->items[item].policy, rule, FW_OP_SKIP);
        for (uint32_t i = 0; i < context.n; i++) {
            const struct fw_box *box = program->boxes[context.first + i];
            add_box(b, after, box->sides, box->literals, box->nliterals);
        }
        add_pending(b, after, pending);
    }
}

static void add_policy(struct builder *b, const struct fw_policy *policy,
                       const struct context *context)
{
    struct fw_program *program = b->program;
    uint32_t pending = UINT32_MAX;
    size_t open = b->set.nopen;
    b->stack[b->depth++] = policy;
    for (size_t r = 0; r < policy->n && !program->too_large; r++) {
        const struct fw_rule *rule = &policy->rules[r];
        if (!rule->enabled) {
            continue;
        }
        enum fw_op op = op_of(b, rule);
        uint32_t item = add_item(b, policy, rule, op);
        uint32_t guess = guess_of(b, rule, &program->items[item]);
        for (size_t t = 0; t < rule->match.n; t++) {
            add_term(b, item, rule, t, guess, context);
        }
        if (b->twins && b->marks_change && leads_elsewhere(op, rule)) {
            fw_marks_pass(&b->set, b->arena, b->scratch, program, &program->items[item]);
            pass_marks(b, rule->content);
        }
        if (op == FW_OP_ENTER) {
            add_call(b, item, &pending);
        } else if (op == FW_OP_SKIP) {
            add_pending(b, item, &pending);
        }
    }
    b->depth--;
    b->set.nopen = open;
    if (b->twins && b->marks_change) {
        pass_marks(b, (fw_sha256){{0}});
    }
    while (pending != UINT32_MAX) {
        uint32_t next = program->items[pending].end;
        program->items[pending].end = program->nitems;
        pending = next;
    }
}

/* Everything the policy calls, each once. */
static size_t reachable(struct builder *b, const struct fw_policy *policy,
                        const struct fw_policy ***ret)
{
    const struct fw_policy **v = NULL;
    bool *seen = fw_new_array(b->arena, b->ids->npolicies + 1, bool);
    size_t n = 0;
    v = fw_arena_push(b->arena, v, n, sizeof(*v));
    v[n++] = policy;
    for (size_t i = 0; i < n; i++) {
        for (size_t r = 0; r < v[i]->n; r++) {
            const struct fw_policy *target = v[i]->rules[r].jump;
            if (!target || !v[i]->rules[r].enabled) {
                continue;
            }
            size_t k = fw_policy_number(b->ids, target);
            if (!seen[k] && target != policy) {
                seen[k] = true;
                v = fw_arena_push(b->arena, v, n, sizeof(*v));
                v[n++] = target;
            }
        }
    }
    *ret = v;
    return n;
}

static void survey(struct builder *b, const struct fw_rule *rule)
{
    b->marks_change = b->marks_change || rule->sets_mark || rule->connmark != FW_CONNMARK_NONE;
    if (b->twins && rule->connmark != FW_CONNMARK_NONE) {
        fw_space_add(&b->program->space, &fw_marks_tracked);
    }
    /* A state that changes on the way has no place in the packet space. */
    b->program->too_large = b->program->too_large || rule->untracks;
    for (size_t t = 0; t < rule->match.n; t++) {
        const struct fw_term *term = &rule->match.terms[t];
        fw_space_add(&b->program->space, term);
        for (size_t a = 0; a < term->natoms; a++) {
            b->has_fragment = b->has_fragment || term->atoms[a].kind == FW_ATOM_FRAGMENT;
        }
    }
}

/* What a SKIP skips: nothing, rules that do not decide, or rules that do. */
static void find_idle(struct builder *b)
{
    struct fw_program *program = b->program;
    uint32_t *rules = fw_new_array(b->arena, (size_t)program->nitems + 1, uint32_t);
    uint32_t *deciders = fw_new_array(b->arena, (size_t)program->nitems + 1, uint32_t);
    for (uint32_t i = 0; i < program->nitems; i++) {
        const struct fw_item *item = &program->items[i];
        bool decides = item->op == FW_OP_DECIDE || item->op == FW_OP_UNKNOWN;
        rules[i + 1] = rules[i] + (item->nboxes > 0);
        deciders[i + 1] = deciders[i] + (item->nboxes > 0 && decides);
    }
    for (uint32_t i = 0; i < program->nitems; i++) {
        struct fw_item *item = &program->items[i];
        if (item->op == FW_OP_SKIP) {
            item->idle = rules[item->end] == rules[i + 1] || item->nboxes == 0;
            item->harmless = deciders[item->end] == deciders[i + 1] || item->nboxes == 0;
            program->returns = program->returns || !item->idle;
            program->skips = program->skips || !item->harmless;
        }
    }
}

static void add_default(struct builder *b)
{
    struct fw_program *program = b->program;
    enum fw_action fallback = program->policy->fallback;
    bool known = fw_action_decides(fallback) || fallback == FW_ACTION_RETURN;
    uint32_t item = add_item(b, program->policy, NULL, known ? FW_OP_DECIDE : FW_OP_UNKNOWN);
    program->items[item].action = fallback;
    program->items[item].fate = (uint32_t)fallback;
    struct fw_scratch_mark mark = fw_scratch_mark(b->scratch);
    add_boxes(b, item, NULL, NULL, 0, NULL);
    fw_scratch_release(b->scratch, mark);
}

/* Everything the policy calls is known to the packet space. There is room for every rule once and
 * for a box of each term: more is only needed when chains are called again, or a term is for both
 * families. */
static void survey_all(struct builder *b)
{
    const struct fw_policy **policies;
    size_t n = reachable(b, b->program->policy, &policies);
    uint64_t items = 2;
    uint64_t boxes = 2;
    for (size_t p = 0; p < n; p++) {
        for (size_t r = 0; r < policies[p]->n; r++) {
            if (policies[p]->rules[r].enabled) {
                survey(b, &policies[p]->rules[r]);
                items++;
                boxes += policies[p]->rules[r].match.n;
            }
        }
    }
    b->item_room = (uint32_t)items;
    b->box_room = boxes < FW_LIMIT_ENGINE_BOXES ? (uint32_t)boxes : FW_LIMIT_ENGINE_BOXES;
    b->program->items = fw_new_array(b->arena, b->item_room, struct fw_item);
    b->program->boxes = fw_new_array(b->arena, b->box_room, struct fw_box *);
}

static void lay_out(struct builder *b)
{
    add_policy(b, b->program->policy, NULL);
    if (!b->program->too_large) {
        add_default(b);
        find_idle(b);
    }
}

void fw_program_build(struct fw_program *program, struct fw_arena *arena,
                      struct fw_scratch *scratch, const struct fw_rule_ids *ids,
                      const struct fw_policy *policy)
{
    struct fw_variables variables = {0};
    *program = (struct fw_program){.policy = policy};
    struct builder b = {.program = program,
                        .arena = arena,
                        .scratch = scratch,
                        .ids = ids,
                        .variables = &variables};
    fw_space_init(&program->space, arena, policy->hook, policy->families);
    survey_all(&b);
    fw_space_close(&program->space);
    b.fragment = b.has_fragment ? fw_variable_new(&variables, arena, (fw_sv){0}) : 0;
    lay_out(&b);
    program->nvariables = variables.n;
}

/* What other tables make of marks before this policy sees the packet. */
static void pass_other_tables(struct builder *b, const struct fw_ruleset *ruleset)
{
    for (size_t p = 0; p < ruleset->npolicies; p++) {
        const struct fw_policy *policy = ruleset->policies[p];
        bool sets = false;
        for (size_t q = 0; q < ruleset->npolicies && !sets; q++) {
            const struct fw_policy *other = ruleset->policies[q];
            bool same = !other->decides && fw_sv_eq(other->table, policy->table);
            for (size_t r = 0; r < other->n && same && !sets; r++) {
                sets = other->rules[r].sets_mark || other->rules[r].connmark != FW_CONNMARK_NONE;
            }
        }
        for (size_t r = 0; r < policy->n && sets && !policy->decides; r++) {
            pass_marks(b, policy->rules[r].content);
        }
        if (sets && !policy->decides) {
            pass_marks(b, (fw_sha256){{0}});
        }
    }
}

void fw_program_build_twins(struct fw_twins *twins, struct fw_arena *arena,
                            struct fw_scratch *scratch, const struct fw_ruleset *const rulesets[2],
                            const struct fw_rule_ids ids[2],
                            const struct fw_policy *const policies[2])
{
    struct builder b[2];
    unsigned both = FW_FAMILY_BOTH;
    *twins = (struct fw_twins){0};
    for (size_t i = 0; i < 2; i++) {
        both &= policies[i]->families ? policies[i]->families : FW_FAMILY_BOTH;
    }
    enum fw_hook hook = policies[0]->hook == policies[1]->hook ? policies[0]->hook : FW_HOOK_NONE;
    struct fw_space *space = &twins->programs[0].space;
    fw_space_init(space, arena, hook, both);
    for (size_t i = 0; i < 2; i++) {
        twins->programs[i].policy = policies[i];
        b[i] = (struct builder){.program = &twins->programs[i],
                                .arena = arena,
                                .scratch = scratch,
                                .ids = &ids[i],
                                .variables = &twins->variables,
                                .twins = twins};
        if (i == 1) { /* one space knows the rules of both */
            twins->programs[1].space = *space;
        }
        survey_all(&b[i]);
        *space = twins->programs[i].space;
    }
    fw_space_close(space);
    twins->programs[1].space = *space;
    b[0].has_fragment = b[1].has_fragment = b[0].has_fragment || b[1].has_fragment;
    b[0].marks_change = b[1].marks_change = b[0].marks_change || b[1].marks_change;
    uint32_t fragment = 0;
    if (b[0].has_fragment) {
        fragment = fw_variable_new(&twins->variables, arena, FW_SV("fragment"));
    }
    for (size_t i = 0; i < 2; i++) {
        b[i].fragment = fragment;
        pass_other_tables(&b[i], rulesets[i]);
        b[i].first_marks = b[i].marks;
        b[i].plain_marks = b[0].first_marks;
        lay_out(&b[i]);
    }
    for (size_t i = 0; i < 2; i++) {
        twins->programs[i].nvariables = twins->variables.n;
    }
}
