/* How a policy and the chains it calls become one list of items with boxes. */
#include <inttypes.h>

#include "policy/program_impl.h"

static uint32_t add_item(struct fw_builder *b, const struct fw_policy *policy,
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

static bool is_active(const struct fw_builder *b, const struct fw_policy *policy)
{
    for (size_t i = 0; i < b->depth; i++) {
        if (b->stack[i] == policy) {
            return true;
        }
    }
    return false;
}

static enum fw_op op_of(const struct fw_builder *b, const struct fw_rule *rule)
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
static uint32_t guess_of(struct fw_builder *b, const struct fw_rule *rule, struct fw_item *item)
{
    if (!b->twins || item->op != FW_OP_UNKNOWN) {
        return FW_NO_RULE;
    }
    bool rewrites = rule->action == FW_ACTION_DNAT || rule->action == FW_ACTION_SNAT;
    if (!rewrites) {
        uint32_t variable = fw_builder_varying(b, rule, SIZE_MAX, rule->target);
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
static void pass_marks(struct fw_builder *b, fw_sha256 content)
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
static void add_pending(struct fw_builder *b, uint32_t item, uint32_t *pending)
{
    b->program->items[item].end = *pending;
    *pending = item;
    fw_marks_skip(&b->set, b->arena, item);
}

static void add_policy(struct fw_builder *b, const struct fw_policy *policy,
                       const struct fw_builder_context *context);

static void add_call(struct fw_builder *b, uint32_t item, uint32_t *pending)
{
    struct fw_program *program = b->program;
    const struct fw_rule *rule = program->items[item].rule;
    struct fw_builder_context context = {program->items[item].first_box,
                                         program->items[item].nboxes};
    if (context.n > 0) {
        add_policy(b, rule->jump, &context);
    }
    program->items[item].end = program->nitems;
    if (rule->action == FW_ACTION_GOTO && context.n > 0 && !program->too_large) {
        uint32_t after = add_item(b, program->items[item].policy, rule, FW_OP_SKIP);
        for (uint32_t i = 0; i < context.n; i++) {
            const struct fw_box *box = program->boxes[context.first + i];
            fw_builder_box(b, after, box->sides, box->literals, box->nliterals);
        }
        add_pending(b, after, pending);
    }
}

static void add_policy(struct fw_builder *b, const struct fw_policy *policy,
                       const struct fw_builder_context *context)
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
            fw_builder_term(b, item, rule, t, guess, context);
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
static size_t reachable(struct fw_builder *b, const struct fw_policy *policy,
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

static void survey(struct fw_builder *b, const struct fw_rule *rule)
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
static void find_idle(struct fw_builder *b)
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

static void add_default(struct fw_builder *b)
{
    struct fw_program *program = b->program;
    enum fw_action fallback = program->policy->fallback;
    bool known = fw_action_decides(fallback) || fallback == FW_ACTION_RETURN;
    uint32_t item = add_item(b, program->policy, NULL, known ? FW_OP_DECIDE : FW_OP_UNKNOWN);
    program->items[item].action = fallback;
    program->items[item].fate = (uint32_t)fallback;
    fw_builder_all(b, item);
}

/* Everything the policy calls is known to the packet space. There is room for every rule once and
 * for a box of each term: more is only needed when chains are called again, or a term is for both
 * families. */
static void survey_all(struct fw_builder *b)
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

static void lay_out(struct fw_builder *b)
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
    struct fw_builder b = {.program = program,
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
static void pass_other_tables(struct fw_builder *b, const struct fw_ruleset *ruleset)
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
    struct fw_builder b[2];
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
        b[i] = (struct fw_builder){.program = &twins->programs[i],
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
