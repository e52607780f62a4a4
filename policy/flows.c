/*
 * The policy is put behind a list of our own that only names what must be told apart: classes of
 * new connections and interface names. So the engine's program cuts its space there, too, and the
 * boxes of our rules are where the effective space of the others is looked for.
 */
#include "policy/flows.h"

#include <stdlib.h>
#include <string.h>

#include "core/limits.h"
#include "core/proto.h"
#include "policy/flows_impl.h"

enum { CLASS_TCP, CLASS_PORTS, CLASS_ICMP, CLASS_OTHER, CLASSES };
enum { ITEM_NAMES = CLASSES, ITEM_JUMP, ITEM_FIRST };

/* Protocols whose packets have the same dimensions. */
static const struct fw_numrange of_tcp[] = {{FW_PROTO_TCP, FW_PROTO_TCP}};
static const struct fw_numrange of_ports[] = {{FW_PROTO_UDP, FW_PROTO_UDP},
                                              {FW_PROTO_DCCP, FW_PROTO_DCCP},
                                              {FW_PROTO_SCTP, FW_PROTO_SCTP},
                                              {FW_PROTO_UDPLITE, FW_PROTO_UDPLITE}};
static const struct fw_numrange of_icmp[] = {{FW_PROTO_ICMP, FW_PROTO_ICMP},
                                             {FW_PROTO_ICMP6, FW_PROTO_ICMP6}};
static const struct fw_numrange of_other[] = {
    {0, 0}, {2, 5}, {7, 16}, {18, 32}, {34, 57}, {59, 131}, {133, 135}, {137, 255},
};
static const struct fw_numrange state_new[] = {{FW_STATE_NEW, FW_STATE_NEW}};
static const struct fw_numrange flags_syn[] = {{0x02, 0x02}};
static const struct fw_numset class_protos[CLASSES] = {
    {1, of_tcp},
    {4, of_ports},
    {2, of_icmp},
    {8, of_other},
};
static const struct fw_numset new_connections = {1, state_new};
static const struct fw_numset bare_syn = {1, flags_syn};

/* What rules ask about that decides how the space must be cut. */
struct asks {
    bool fragments, names;
};

static void survey(const struct fw_ruleset *ruleset, struct asks *asks)
{
    for (size_t p = 0; p < ruleset->npolicies; p++) {
        const struct fw_policy *policy = ruleset->policies[p];
        for (size_t r = 0; policy->decides && r < policy->n; r++) {
            const struct fw_match *match = &policy->rules[r].match;
            for (size_t t = 0; t < match->n; t++) {
                const struct fw_term *term = &match->terms[t];
                asks->names = asks->names || term->in || term->out;
                for (size_t a = 0; a < term->natoms; a++) {
                    asks->fragments = asks->fragments || term->atoms[a].kind == FW_ATOM_FRAGMENT;
                }
            }
        }
    }
}

static void set_terms(struct fw_arena *arena, struct fw_rule *rule, const struct fw_term *terms,
                      size_t n)
{
    struct fw_term *copy = fw_new_array(arena, n + 1, struct fw_term);
    memcpy(copy, terms, n * sizeof(*terms));
    rule->match = (struct fw_match){n, copy};
    rule->enabled = true;
    rule->action = FW_ACTION_CONTINUE;
}

/* The class as a term: within the scope, no fragments that are not the first. False: empty. */
static bool class_term(struct fw_arena *arena, const struct fw_term *scope, int class,
                       const struct asks *asks, struct fw_term *ret)
{
    struct fw_term term = {.proto = &class_protos[class], .state = &new_connections};
    if (class == CLASS_TCP) {
        term.flags = &bare_syn;
    }
    if (scope && !fw_term_meet(arena, &term, scope, &term)) {
        return false;
    }
    if (asks->fragments) {
        struct fw_atom *atom = fw_new(arena, struct fw_atom);
        *atom = (struct fw_atom){.kind = FW_ATOM_FRAGMENT, .negated = true, .words = FW_SV("-f")};
        term.natoms = 1;
        term.atoms = atom;
    }
    *ret = term;
    return true;
}

static const struct fw_nameset *one_name(struct fw_arena *arena, fw_sv name)
{
    struct fw_nameset *set = fw_new(arena, struct fw_nameset);
    fw_sv *v = fw_new(arena, fw_sv);
    *v = name;
    *set = (struct fw_nameset){false, 1, v};
    return set;
}

/* Our list in front of the policy. */
static struct fw_policy *put_in_front(struct fw_arena *arena, const struct fw_policy *policy,
                                      const struct fw_flow_options *options,
                                      const struct asks *asks)
{
    struct fw_policy *top = fw_new(arena, struct fw_policy);
    *top = (struct fw_policy){
        .name = policy->name,
        .table = policy->table,
        .hook = policy->hook,
        .decides = true,
        .families = policy->families,
        .fallback = policy->fallback,
        .bound = true,
        .n = ITEM_FIRST,
        .rules = fw_new_array(arena, ITEM_FIRST, struct fw_rule),
    };
    for (int class = 0; class < CLASSES; class ++) {
        struct fw_term term;
        bool some = class_term(arena, options->scope, class, asks, &term);
        set_terms(arena, &top->rules[class], &term, some ? 1 : 0);
    }
    struct fw_term *names = fw_new_array(arena, 2 * options->nnames + 1, struct fw_term);
    size_t n = 0;
    for (size_t i = 0; asks->names && i < options->nnames; i++) {
        const struct fw_nameset *set = one_name(arena, options->names[i]);
        names[n++].in = set;
        names[n++].out = set;
    }
    set_terms(arena, &top->rules[ITEM_NAMES], names, n);
    static const struct fw_term any;
    set_terms(arena, &top->rules[ITEM_JUMP], &any, 1);
    top->rules[ITEM_JUMP].action = FW_ACTION_JUMP;
    top->rules[ITEM_JUMP].jump = (struct fw_policy *)(uintptr_t)policy;
    return top;
}

/* --- one policy ----------------------------------------------------------------------------- */

static void pin(const struct fw_program *program, struct fw_side *sides, enum fw_axis_id axis)
{
    if (program->space.slot[axis] >= 0) {
        sides[program->space.slot[axis]] = fw_side_of(0, 0);
    }
}

/* A packet without ports matches whatever rules say of ports, so that one value stands for all:
 * pieces would count it several times otherwise. */
static void pin_class(const struct fw_program *program, int class, struct fw_side *sides)
{
    if (class != CLASS_TCP) {
        pin(program, sides, FW_AXIS_flags);
    }
    if (class != CLASS_ICMP) {
        pin(program, sides, FW_AXIS_icmp);
    }
    if (class == CLASS_ICMP || class == CLASS_OTHER) {
        pin(program, sides, FW_AXIS_sport);
        pin(program, sides, FW_AXIS_dport);
    }
}

static void add_box(struct fw_flow_maker *maker, uint32_t item, uint32_t box)
{
    const struct fw_program *program = &maker->program;
    struct fw_region of_box = fw_region_of(program->boxes[program->items[item].first_box + box]);
    for (int class = 0; class < CLASSES; class ++) {
        const struct fw_item *scope = &program->items[class];
        for (uint32_t s = 0; s < scope->nboxes; s++) {
            struct fw_region given = fw_region_of(program->boxes[scope->first_box + s]);
            struct fw_region region;
            if (!fw_region_meet(&maker->scratch, &of_box, &given, program->space.n, &region)) {
                continue;
            }
            struct fw_side *sides = fw_scratch_alloc(&maker->scratch,
                                                     program->space.n * sizeof(*sides));
            memcpy(sides, region.sides, program->space.n * sizeof(*sides));
            pin_class(program, class, sides);
            region.sides = sides;
            fw_effect_add(&maker->effect, item, box, &region, &given, (uint32_t) class);
        }
    }
}

static bool wanted(const struct fw_flow_maker *maker, const struct fw_item *item)
{
    if (item->op == FW_OP_UNKNOWN) {
        return true;
    }
    bool permits = item->action == FW_ACTION_PERMIT;
    return item->op == FW_OP_DECIDE && fw_action_decides(item->action) &&
           permits != maker->options->refused;
}

/* Does a rule that only logs see the packets right before? */
static bool logged_before(const struct fw_flow_maker *maker, uint32_t item,
                          const struct fw_region *region)
{
    enum { NEAR = 64 };
    const struct fw_program *program = &maker->program;
    for (uint32_t i = item; i > ITEM_FIRST && item - i < NEAR; i--) {
        const struct fw_item *before = &program->items[i - 1];
        if (before->op != FW_OP_PASS || !before->rule->log) {
            continue;
        }
        for (uint32_t b = 0; b < before->nboxes; b++) {
            if (fw_box_contains(program->boxes[before->first_box + b], region, program->space.n)) {
                return true;
            }
        }
    }
    return false;
}

/* Does it take whatever comes to it? */
static bool takes_all(const struct fw_rule *rule)
{
    for (size_t t = 0; t < rule->match.n; t++) {
        const struct fw_term *term = &rule->match.terms[t];
        bool all = term->natoms == 0;
#define FW_DIM(name, kind, key) all = all && !term->name;
#include "policy/dims.def"
#undef FW_DIM
        if (all) {
            return true;
        }
    }
    return false;
}

/* The rule that a person would change to change what this item does. */
static const struct fw_item *responsible(const struct fw_flow_maker *maker, uint32_t index)
{
    const struct fw_item *items = maker->program.items;
    const struct fw_item *best = &items[index];
    if (!best->rule || !takes_all(best->rule)) {
        return best;
    }
    for (size_t i = maker->depth; i > 0; i--) {
        const struct fw_item *jump = &items[maker->inside[i - 1]];
        if (jump->rule != &maker->top->rules[ITEM_JUMP] && !takes_all(jump->rule)) {
            return jump;
        }
    }
    return best;
}

static void add_rule(struct fw_flow_maker *maker, uint32_t index)
{
    struct fw_flows *flows = maker->flows;
    const struct fw_program *program = &maker->program;
    const struct fw_item *item = &program->items[index];
    const struct fw_item *by = responsible(maker, index);
    struct fw_scratch_mark mark = fw_scratch_mark(&maker->scratch);
    fw_effect_begin(&maker->effect);
    for (uint32_t b = 0; b < item->nboxes; b++) {
        add_box(maker, index, b);
    }
    flows->rules = fw_arena_push(maker->arena, flows->rules, flows->nrules, sizeof(*flows->rules));
    struct fw_rule_flows *rule = &flows->rules[flows->nrules++];
    *rule = (struct fw_rule_flows){
        .policy = maker->policy,
        .of = item->rule ? by->policy : maker->policy,
        .rule = item->rule,
        .by = by->rule,
        .first = flows->n,
        .cut = maker->effect.cut,
    };
    flows->cut += rule->cut;
    for (size_t i = 0; i < maker->effect.n; i++) {
        const struct fw_effect_piece *piece = &maker->effect.v[i];
        struct fw_flow flow = {
            .policy = maker->policy,
            .rule = item->rule,
            .by = by->rule,
            .of = rule->of,
            .index = (uint32_t)(flows->nrules - 1),
            .action = item->op == FW_OP_UNKNOWN ? FW_ACTION_UNKNOWN : item->action,
            .doubt = piece->doubt,
            .logged = item->rule &&
                      (item->rule->log || logged_before(maker, index, &piece->region)),
        };
        fw_flow_values(maker, piece, &flow);
        fw_flow_keep(maker, rule, &flow);
    }
    fw_flow_measure(maker, rule); /* overlays the pieces: last */
    fw_scratch_release(&maker->scratch, mark);
}

static void add_policy(struct fw_flow_maker *maker, const struct fw_ruleset *ruleset,
                       const struct fw_policy *policy, const struct asks *asks)
{
    struct fw_arena *memory = &maker->memory;
    struct fw_policy **policies = fw_new_array(memory, ruleset->npolicies + 1, struct fw_policy *);
    memcpy(policies, ruleset->policies, ruleset->npolicies * sizeof(*policies));
    struct fw_policy *top = put_in_front(memory, policy, maker->options, asks);
    policies[ruleset->npolicies] = top;
    struct fw_ruleset with = *ruleset;
    with.policies = policies;
    with.npolicies = ruleset->npolicies + 1;
    struct fw_rule_ids ids;
    fw_rule_ids_init(&ids, memory, &with);
    maker->policy = policy;
    fw_program_build(&maker->program, memory, &maker->scratch, &ids, top);
    if (maker->program.too_large) {
        maker->flows->too_large = true;
        return;
    }
    struct fw_tree tree;
    fw_tree_build(&tree, memory, &maker->scratch, &maker->program);
    fw_flow_prepare(maker);
    uint64_t total = maker->effect.total + maker->effect.work;
    fw_effect_clear(&maker->effect);
    fw_effect_init(&maker->effect, &maker->program, &tree, &maker->scratch);
    maker->effect.total = total;
    maker->top = top;
    maker->depth = 0;
    for (uint32_t i = ITEM_JUMP; i < maker->program.nitems; i++) {
        while (maker->depth > 0 && maker->program.items[maker->inside[maker->depth - 1]].end <= i) {
            maker->depth--;
        }
        if (maker->program.items[i].op == FW_OP_ENTER && maker->depth < FW_LIMIT_CHAIN_DEPTH) {
            maker->inside[maker->depth++] = i;
        }
        if (wanted(maker, &maker->program.items[i])) {
            add_rule(maker, i);
        }
    }
}

/* Nobody jumps there, or packets come there by themselves. */
static bool is_entry(const struct fw_ruleset *ruleset, const struct fw_policy *policy)
{
    if (!policy->decides) {
        return false;
    }
    bool called = false;
    for (size_t p = 0; p < ruleset->npolicies && !called; p++) {
        for (size_t r = 0; r < ruleset->policies[p]->n && !called; r++) {
            const struct fw_rule *rule = &ruleset->policies[p]->rules[r];
            called = rule->enabled && rule->jump == policy;
        }
    }
    return policy->hook != FW_HOOK_NONE || policy->nbindings > 0 || !called;
}

static bool make(struct fw_flow_maker *maker, const struct fw_ruleset *ruleset)
{
    struct fw_guard guard;
    maker->memory.guard = &guard;
    maker->scratch.guard = &guard;
    maker->arena->guard = &guard;
    if (setjmp(guard.jump) != 0) {
        return false;
    }
    struct asks asks = {0};
    survey(ruleset, &asks);
    for (size_t p = 0; p < ruleset->npolicies; p++) {
        if (is_entry(ruleset, ruleset->policies[p])) {
            add_policy(maker, ruleset, ruleset->policies[p], &asks);
            fw_arena_reset(&maker->memory);
        }
    }
    return true;
}

void fw_flows_make(struct fw_arena *arena, const struct fw_ruleset *ruleset,
                   const struct fw_flow_options *options, struct fw_flows *ret)
{
    struct fw_guard *const outer = arena->guard;
    struct fw_flow_maker maker = {.arena = arena, .options = options, .flows = ret};
    *ret = (struct fw_flows){0};
    fw_arena_init(&maker.memory, 0);
    fw_scratch_init(&maker.scratch, FW_LIMIT_ARENA_BYTES);
    bool whole = make(&maker, ruleset);
    arena->guard = outer;
    fw_effect_clear(&maker.effect);
    fw_scratch_clear(&maker.scratch);
    fw_arena_clear(&maker.memory);
    if (!whole) {
        *ret = (struct fw_flows){.too_large = true};
    }
}
