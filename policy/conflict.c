/* Which earlier rules of another action match packets of a rule? One search of the index for each
 * rule: the work follows the number of pairs that there are, not of those that there could be. */
#include "policy/conflict.h"

#include <stdlib.h>

#include "core/limits.h"
#include "policy/judge.h"
#include "policy/space_impl.h"

#define NEVER UINT32_MAX
#define SCRATCH_BYTES (UINT64_C(1) << 30)

/* More boxes than this in a pair, and it is not said that one lies within the other. */
#define WITHIN_WORK (UINT64_C(1) << 16)

/* Where there are too many pairs, so many are kept of each rule. */
#define NAMED 8

/* What a pair is known by while it is collected. */
struct pair {
    uint32_t later, earlier;   /* rule ids */
    uint32_t program, item;    /* where the earlier one stands */
    const struct fw_box *mine; /* where they meet: of the later ... */
    const struct fw_box *box;  /* ... and of the earlier one, or of the chain it calls */
    bool within, proven;
};

struct finding {
    const struct fw_case *facts;
    struct fw_scratch *scratch;
    const struct fw_program *program;
    const struct fw_tree *tree;
    uint32_t program_number;
    const uint32_t *author;  /* by item: the item whose rule a reader would name; NEVER */
    const uint8_t *fate;     /* by item that is an author: its action; FW_ACTION_COUNT: none */
    const bool *counts;      /* by rule id */
    int state;               /* place of the dimension; -1 */
    uint32_t fresh;          /* its rank of new connections */
    struct fw_arena *memory; /* of the pairs */
    size_t npairs;
    struct pair *pairs;
    uint32_t *round, *place; /* by item: in which round it was met, and its pair */
    uint32_t now;
    uint32_t later_item;
    const struct fw_box *mine;
    size_t first, most; /* of one item: its first pair; how many are kept, 0: all of them */
    bool *more;         /* by rule id: not all were kept */
    bool full;
};

/* Who would be named for what an item decides: itself, or the call to a chain of one fate. */
static void find_authors(struct finding *f, struct fw_arena *arena)
{
    const struct fw_program *program = f->program;
    uint32_t *author = fw_new_array(arena, (size_t)program->nitems + 1, uint32_t);
    uint8_t *fate = fw_new_array(arena, (size_t)program->nitems + 1, uint8_t);
    uint32_t caller = NEVER; /* the outermost such call that we are in */
    for (uint32_t i = 0; i < program->nitems; i++) {
        const struct fw_item *item = &program->items[i];
        if (caller != NEVER && i >= program->items[caller].end) {
            caller = NEVER;
        }
        author[i] = NEVER;
        fate[i] = FW_ACTION_COUNT;
        if (item->op == FW_OP_DECIDE && item->rule) {
            author[i] = caller != NEVER ? caller : i;
            fate[i] = (uint8_t)item->action;
        } else if (item->op == FW_OP_ENTER && caller == NEVER) {
            enum fw_action action = item->rule->jump->fate;
            fate[i] = (uint8_t)action;
            if (action != FW_ACTION_COUNT) {
                author[i] = i;
                caller = i;
            }
        }
    }
    f->author = author;
    f->fate = fate;
}

static void find_state(struct finding *f)
{
    const struct fw_axis *axis = &f->program->space.axes[FW_AXIS_state];
    f->state = f->program->space.slot[FW_AXIS_state];
    if (f->state >= 0) {
        uint32_t piece = fw_axis_find_num(axis, FW_STATE_NEW);
        f->fresh = axis->rank_of ? axis->rank_of[piece] : piece;
    }
}

static bool is_fresh(const struct finding *f, const struct fw_box *box)
{
    return f->state < 0 || fw_side_has(&box->sides[f->state], f->fresh);
}

static bool contains(const struct finding *f, const struct fw_box *outer,
                     const struct fw_box *inner)
{
    for (unsigned i = 0; i < f->program->space.n; i++) {
        if ((int)i != f->state && !fw_side_contains(&outer->sides[i], &inner->sides[i])) {
            return false;
        }
    }
    return outer->nliterals == 0 || fw_literals_include(inner->literals, inner->nliterals,
                                                        outer->literals, outer->nliterals);
}

/* Does every packet of one item that opens a connection match the other? */
static bool is_within(const struct finding *f, uint32_t inner, uint32_t outer)
{
    const struct fw_item *in = &f->program->items[inner];
    const struct fw_item *out = &f->program->items[outer];
    if ((uint64_t)in->nboxes * out->nboxes > WITHIN_WORK) {
        return false;
    }
    for (uint32_t i = 0; i < in->nboxes; i++) {
        const struct fw_box *box = f->program->boxes[in->first_box + i];
        bool held = !is_fresh(f, box);
        for (uint32_t k = 0; k < out->nboxes && !held; k++) {
            const struct fw_box *around = f->program->boxes[out->first_box + k];
            held = is_fresh(f, around) && contains(f, around, box);
        }
        if (!held) {
            return false;
        }
    }
    return true;
}

static bool note(void *context, const struct fw_box *box)
{
    struct finding *f = context;
    uint32_t author = f->author[box->item];
    if (author == NEVER || author >= f->later_item || f->fate[author] == f->fate[f->later_item] ||
        !f->counts[f->program->items[author].rule_id] || !is_fresh(f, box)) {
        return true;
    }
    bool proven = box->nliterals == 0 && f->mine->nliterals == 0;
    if (f->round[author] == f->now) {
        struct pair *pair = &f->pairs[f->place[author]];
        if (proven && !pair->proven) {
            pair->proven = true;
            pair->mine = f->mine;
            pair->box = box;
        }
        return true;
    }
    if (f->most > 0 && f->npairs - f->first == f->most) {
        f->more[f->program->items[f->later_item].rule_id] = true;
        return false;
    }
    if (f->npairs == FW_LIMIT_CONFLICT_PAIRS) {
        f->full = true;
        return false;
    }
    f->pairs = fw_arena_push(f->memory, f->pairs, f->npairs, sizeof(*f->pairs));
    f->round[author] = f->now;
    f->place[author] = (uint32_t)f->npairs;
    f->pairs[f->npairs++] = (struct pair){
        .later = f->program->items[f->later_item].rule_id,
        .earlier = f->program->items[author].rule_id,
        .program = f->program_number,
        .item = author,
        .mine = f->mine,
        .box = box,
        .proven = proven,
    };
    return true;
}

/* All pairs with this item as the later one. */
static void visit_item(struct finding *f, uint32_t index)
{
    const struct fw_item *item = &f->program->items[index];
    if (f->author[index] != index || !f->counts[item->rule_id] || f->full) {
        return;
    }
    f->first = f->npairs;
    unsigned others = FW_KINDS_DECIDE & ~fw_kinds_of((enum fw_action)f->fate[index]);
    const struct fw_search search = {0, index, others, note, f};
    f->now++;
    f->later_item = index;
    for (uint32_t i = 0; i < item->nboxes && !f->full; i++) {
        f->mine = f->program->boxes[item->first_box + i];
        if (is_fresh(f, f->mine)) {
            struct fw_region region = fw_region_of(f->mine);
            fw_tree_visit(f->tree, &region, &search);
        }
    }
    for (size_t i = f->first; i < f->npairs; i++) {
        f->pairs[i].within = is_within(f, f->pairs[i].item, index);
    }
}

static void visit_program(struct finding *f, struct fw_arena *arena, uint32_t number)
{
    f->program = &f->facts->programs[number];
    f->tree = &f->facts->trees[number];
    f->program_number = number;
    if (f->program->too_large) {
        return;
    }
    find_authors(f, arena);
    find_state(f);
    f->round = fw_new_array(arena, (size_t)f->program->nitems + 1, uint32_t);
    f->place = fw_new_array(arena, (size_t)f->program->nitems + 1, uint32_t);
    f->now = 0;
    for (uint32_t i = 0; i < f->program->nitems; i++) {
        visit_item(f, i);
    }
}

/* By rules; a pair that meets at several places is one, as certain as the best of them, and an
 * exception only when it is one everywhere. */
static int by_rules(const void *left, const void *right)
{
    const struct pair *a = left;
    const struct pair *b = right;
    if (a->later != b->later) {
        return a->later < b->later ? -1 : 1;
    }
    if (a->program != b->program) {
        return a->program < b->program ? -1 : 1;
    }
    return (a->item > b->item) - (a->item < b->item);
}

static bool says_more(const struct pair *a, const struct pair *b)
{
    if (a->proven != b->proven) {
        return a->proven;
    }
    return !a->within && b->within;
}

static void merge(struct finding *f)
{
    const struct fw_rule_ids *ids = &f->facts->ids;
    uint32_t *seen = fw_new_array(f->memory, (size_t)ids->n + 1, uint32_t);
    size_t *place = fw_new_array(f->memory, (size_t)ids->n + 1, size_t);
    size_t n = 0;
    if (f->npairs > 1) {
        qsort(f->pairs, f->npairs, sizeof(*f->pairs), by_rules);
    }
    for (size_t i = 0; i < f->npairs; i++) {
        struct pair pair = f->pairs[i];
        if (seen[pair.earlier] != pair.later + 1) {
            seen[pair.earlier] = pair.later + 1;
            place[pair.earlier] = n;
            f->pairs[n++] = pair;
            continue;
        }
        struct pair *kept = &f->pairs[place[pair.earlier]];
        bool within = kept->within && pair.within;
        if (says_more(&pair, kept)) {
            *kept = pair;
        }
        kept->within = within;
    }
    f->npairs = n;
}

/* A packet where the two meet, of a new connection. */
static void make_witness(struct finding *f, struct fw_engine *engine, const struct pair *pair,
                         struct fw_arena *arena, struct fw_packet *ret)
{
    const struct fw_program *program = &f->facts->programs[pair->program];
    struct fw_scratch_mark mark = fw_scratch_mark(f->scratch);
    struct fw_region mine = fw_region_of(pair->mine);
    struct fw_region other = fw_region_of(pair->box);
    struct fw_region both;
    f->program = program;
    find_state(f);
    fw_region_meet(f->scratch, &mine, &other, program->space.n, &both);
    engine->program = program;
    fw_engine_sample(engine, &both, 0);
    if (f->state >= 0) {
        engine->point.ranks[f->state] = f->fresh;
    }
    fw_space_packet(&program->space, engine->point.ranks, ret);
    ret->in = ret->in.n > 0 ? fw_arena_copy(arena, ret->in) : ret->in;
    ret->out = ret->out.n > 0 ? fw_arena_copy(arena, ret->out) : ret->out;
    fw_scratch_release(f->scratch, mark);
}

static void report_rule(struct finding *f, struct fw_engine *engine, const struct pair *pairs,
                        size_t n, struct fw_arena *arena, struct fw_rule_conflicts *ret)
{
    struct fw_earlier *earlier = fw_new_array(arena, n, struct fw_earlier);
    ret->rule = f->facts->rules[pairs[0].later];
    ret->policy = f->facts->policies[pairs[0].later];
    ret->action = fw_rule_fate(ret->rule);
    ret->nearlier = n;
    ret->more = f->more[pairs[0].later];
    ret->earlier = earlier;
    for (size_t i = 0; i < n; i++) {
        earlier[i] = (struct fw_earlier){
            .policy = f->facts->policies[pairs[i].earlier],
            .rule = f->facts->rules[pairs[i].earlier],
            .within = pairs[i].within,
            .certainty = pairs[i].proven ? FW_PROVEN : FW_POSSIBLE,
        };
        ret->shown = says_more(&pairs[i], &pairs[ret->shown]) ? i : ret->shown;
    }
    make_witness(f, engine, &pairs[ret->shown], arena, &ret->witness);
}

static void report(struct finding *f, struct fw_engine *engine, struct fw_arena *arena,
                   struct fw_conflicts *ret)
{
    ret->pairs = f->npairs;
    for (size_t from = 0; from < f->npairs;) {
        size_t to = from;
        while (to < f->npairs && f->pairs[to].later == f->pairs[from].later) {
            to++;
        }
        ret->v = fw_arena_push(arena, ret->v, ret->n, sizeof(*ret->v));
        report_rule(f, engine, f->pairs + from, to - from, arena, &ret->v[ret->n]);
        ret->more += ret->v[ret->n++].more;
        from = to;
    }
}

static void count_undecided(const struct fw_ruleset *ruleset, const struct fw_case *facts, bool all,
                            struct fw_conflicts *ret)
{
    for (size_t p = 0; p < ruleset->npolicies; p++) {
        const struct fw_policy *policy = ruleset->policies[p];
        for (size_t r = 0; policy->decides && r < policy->n; r++) {
            const struct fw_rule *rule = &policy->rules[r];
            bool judged = rule->enabled && !fw_rule_is_remark(rule);
            bool doubtful = all || facts->doubtful[fw_rule_id(&facts->ids, policy, rule)];
            if (judged && doubtful && ret->undecided++ == 0) {
                ret->first_undecided = rule;
                ret->first_undecided_policy = policy;
            }
        }
    }
}

static void visit_all(struct finding *f)
{
    for (uint32_t p = 0; p < f->facts->nprograms && !f->full; p++) {
        visit_program(f, f->memory, p);
    }
}

/* False: there are more rules than there is room for, or the ruleset is too large. */
static bool find(struct finding *f, const struct fw_ruleset *ruleset, struct fw_case *facts,
                 fw_conflict_counts *counts, void *context)
{
    struct fw_guard guard;
    f->memory->guard = &guard;
    f->scratch->guard = &guard;
    if (setjmp(guard.jump) != 0) {
        return false;
    }
    fw_case_prepare(f->memory, f->scratch, ruleset, facts);
    bool *takes_part = fw_new_array(f->memory, (size_t)facts->ids.n + 1, bool);
    for (uint32_t id = 0; id < facts->ids.n; id++) {
        takes_part[id] = facts->policies[id]->decides && facts->rules[id]->enabled &&
                         !fw_rule_is_final_refusal(facts->policies[id], facts->rules[id]) &&
                         counts(context, facts->policies[id], facts->rules[id]);
    }
    f->counts = takes_part;
    f->more = fw_new_array(f->memory, (size_t)facts->ids.n + 1, bool);
    visit_all(f);
    if (f->full) { /* again, some of each rule's instead of all of some rules' */
        f->full = false;
        f->npairs = 0;
        f->most = NAMED;
        visit_all(f);
    }
    merge(f);
    return !f->full;
}

/* False: no room. */
static bool tell(struct finding *f, struct fw_arena *arena, struct fw_conflicts *ret)
{
    struct fw_guard guard;
    struct fw_engine engine = {0};
    f->memory->guard = &guard;
    f->scratch->guard = &guard;
    arena->guard = &guard;
    if (setjmp(guard.jump) != 0) {
        return false;
    }
    engine.point.ranks = fw_new_array(f->memory, f->facts->max_axes + 1, uint32_t);
    engine.point.truth = fw_new_array(f->memory, (size_t)f->facts->max_variables + 1, bool);
    report(f, &engine, arena, ret);
    return true;
}

void fw_conflicts_find(struct fw_arena *arena, const struct fw_ruleset *ruleset,
                       fw_conflict_counts *counts, void *context, struct fw_conflicts *ret)
{
    struct fw_arena memory;
    struct fw_scratch scratch;
    struct fw_case facts = {0};
    struct finding f = {.facts = &facts, .scratch = &scratch, .memory = &memory};
    struct fw_guard *const outer = arena->guard;
    *ret = (struct fw_conflicts){0};
    fw_arena_init(&memory, 0);
    fw_scratch_init(&scratch, SCRATCH_BYTES);
    bool all = find(&f, ruleset, &facts, counts, context) && tell(&f, arena, ret);
    arena->guard = outer;
    if (!all) {
        *ret = (struct fw_conflicts){0}; /* what is not all is not said in part */
    }
    count_undecided(ruleset, &facts, !all, ret);
    fw_scratch_clear(&scratch);
    fw_arena_clear(&memory);
}
