/*
 * The analysis of a ruleset: which policies are evaluated from their start, their programs and
 * indexes, and one judge a thread that takes rule after rule. Results do not depend on how many
 * threads there are: every rule is judged alone and from the same start.
 */
#include "policy/analysis.h"

#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "core/limits.h"
#include "policy/judge.h"
#include "policy/prove.h"

enum { CHUNK = 64, MAX_JOBS = 256, QUICK = 100 };

const char *fw_certainty_name(enum fw_certainty certainty)
{
    static const char *const names[] = {"proven", "possible", "undetermined"};
    return names[certainty];
}

/* Marks everything the policy calls, by policy number. */
static void mark_called(struct fw_arena *arena, const struct fw_rule_ids *ids,
                        const struct fw_policy *from, bool *called)
{
    const struct fw_policy **queue = fw_new_array(arena, ids->npolicies + 1,
                                                  const struct fw_policy *);
    size_t n = 0;
    queue[n++] = from;
    for (size_t i = 0; i < n; i++) {
        for (size_t r = 0; r < queue[i]->n; r++) {
            const struct fw_rule *rule = &queue[i]->rules[r];
            if (!rule->enabled || !rule->jump) {
                continue;
            }
            size_t target = fw_policy_number(ids, rule->jump);
            if (!called[target]) {
                called[target] = true;
                queue[n++] = rule->jump;
            }
        }
    }
}

/* The policies where evaluation starts: hooks, bound lists, and what nobody calls; of chains that
 * only call each other the first one. */
static size_t find_entries(struct fw_arena *arena, const struct fw_rule_ids *ids,
                           const struct fw_ruleset *ruleset, const struct fw_policy **ret)
{
    bool *called = fw_new_array(arena, ids->npolicies + 1, bool);
    bool *done = fw_new_array(arena, ids->npolicies + 1, bool);
    for (size_t p = 0; p < ruleset->npolicies; p++) {
        const struct fw_policy *policy = ruleset->policies[p];
        for (size_t r = 0; r < policy->n; r++) {
            if (policy->rules[r].enabled && policy->rules[r].jump) {
                called[fw_policy_number(ids, policy->rules[r].jump)] = true;
            }
        }
    }
    size_t n = 0;
    for (int round = 0; round < 2; round++) {
        for (size_t p = 0; p < ruleset->npolicies; p++) {
            const struct fw_policy *policy = ruleset->policies[p];
            size_t number = fw_policy_number(ids, policy);
            bool entry = policy->hook != FW_HOOK_NONE || policy->nbindings > 0 || !called[number];
            if (policy->decides && (entry ? round == 0 : round == 1 && !done[number])) {
                ret[n++] = policy;
                done[number] = true;
                mark_called(arena, ids, policy, done);
            }
        }
    }
    return n;
}

static void number_rules(struct fw_arena *arena, const struct fw_ruleset *ruleset,
                         struct fw_case *facts)
{
    fw_rule_ids_init(&facts->ids, arena, ruleset);
    facts->rules = fw_new_array(arena, (size_t)facts->ids.n + 1, const struct fw_rule *);
    facts->policies = fw_new_array(arena, (size_t)facts->ids.n + 1, const struct fw_policy *);
    facts->doubtful = fw_new_array(arena, (size_t)facts->ids.n + 1, bool);
    for (size_t i = 0; i < facts->ids.npolicies; i++) {
        const struct fw_policy *policy = facts->ids.policies[i];
        for (size_t r = 0; r < policy->n; r++) {
            facts->rules[facts->ids.first[i] + r] = &policy->rules[r];
            facts->policies[facts->ids.first[i] + r] = policy;
        }
    }
}

static void mark_doubtful(struct fw_arena *arena, struct fw_case *facts,
                          const struct fw_policy *entry)
{
    bool *called = fw_new_array(arena, facts->ids.npolicies + 1, bool);
    called[fw_policy_number(&facts->ids, entry)] = true;
    mark_called(arena, &facts->ids, entry, called);
    for (size_t p = 0; p < facts->ids.npolicies; p++) {
        for (size_t r = 0; called[p] && r < facts->ids.policies[p]->n; r++) {
            facts->doubtful[facts->ids.first[p] + r] = true;
        }
    }
}

/* Where each rule is evaluated: a table by rule id. The second item of a GOTO is no place. */
static void find_places(struct fw_arena *arena, struct fw_case *facts)
{
    facts->first_place = fw_new_array(arena, (size_t)facts->ids.n + 2, uint32_t);
    uint32_t *next = fw_new_array(arena, (size_t)facts->ids.n + 1, uint32_t);
    for (int fill = 0; fill < 2; fill++) {
        for (uint32_t p = 0; p < facts->nprograms; p++) {
            const struct fw_program *program = &facts->programs[p];
            for (uint32_t i = 0; !program->too_large && i < program->nitems; i++) {
                const struct fw_item *item = &program->items[i];
                bool after_goto = item->op == FW_OP_SKIP && item->rule->action == FW_ACTION_GOTO;
                if (!item->rule || after_goto) {
                    continue;
                }
                if (fill) {
                    facts->places[next[item->rule_id]++] = (struct fw_place){p, i};
                } else {
                    facts->first_place[item->rule_id + 1]++;
                }
            }
        }
        if (!fill) {
            for (uint32_t id = 0; id < facts->ids.n; id++) {
                facts->first_place[id + 1] += facts->first_place[id];
                next[id] = facts->first_place[id];
            }
            facts->places = fw_new_array(arena, (size_t)facts->first_place[facts->ids.n] + 1,
                                         struct fw_place);
        }
    }
}

void fw_case_prepare(struct fw_arena *arena, struct fw_scratch *scratch,
                     const struct fw_ruleset *ruleset, struct fw_case *facts)
{
    number_rules(arena, ruleset, facts);
    const struct fw_policy **entries = fw_new_array(arena, ruleset->npolicies + 1,
                                                    const struct fw_policy *);
    facts->nprograms = find_entries(arena, &facts->ids, ruleset, entries);
    facts->programs = fw_new_array(arena, facts->nprograms + 1, struct fw_program);
    facts->trees = fw_new_array(arena, facts->nprograms + 1, struct fw_tree);
    for (size_t p = 0; p < facts->nprograms; p++) {
        struct fw_program *program = &facts->programs[p];
        fw_program_build(program, arena, scratch, &facts->ids, entries[p]);
        if (program->too_large) {
            mark_doubtful(arena, facts, entries[p]);
            continue;
        }
        fw_tree_build(&facts->trees[p], arena, scratch, program);
        facts->max_axes = program->space.n > facts->max_axes ? program->space.n : facts->max_axes;
        facts->max_variables = program->nvariables > facts->max_variables ? program->nvariables
                                                                          : facts->max_variables;
    }
    find_places(arena, facts);
}

/* What the threads fill in. Covers are collected as rule ids, each thread in its own memory. */
struct outcome {
    struct fw_rule_verdict *verdicts; /* by rule id: those of the report */
    uint32_t **because;               /* by rule id; malloc'd */
    struct fw_packet **witnesses;     /* by rule id; malloc'd, those that are kept */
};

struct crew {
    const struct fw_case *facts;
    uint64_t allowed;     /* work a rule */
    const uint32_t *todo; /* rule ids */
    uint32_t ntodo;
    atomic_uint next;
    struct outcome *outcome;
};

static const struct fw_rule_verdict no_verdict = {.class = FW_RULE_UNDETERMINED,
                                                  .certainty = FW_UNDETERMINED};

/* The judge's packet becomes one of the verdict's own, or is not kept: nobody asks for those of
 * rules that are live, and there are many. False: out of memory. */
static bool keep_witness(struct crew *crew, uint32_t id, bool all)
{
    struct fw_rule_verdict *verdict = &crew->outcome->verdicts[id];
    struct fw_packet *copy = NULL;
    if (verdict->witness && (all || verdict->class == FW_RULE_SHADOWED)) {
        copy = malloc(sizeof(*copy));
        if (!copy) {
            return false;
        }
        *copy = *verdict->witness;
    }
    free(crew->outcome->witnesses[id]); /* of the quick judgement */
    crew->outcome->witnesses[id] = copy;
    verdict->witness = copy;
    return true;
}

static void *work(void *argument)
{
    struct crew *crew = argument;
    struct fw_judge judge;
    struct fw_prover prover = {0};
    bool proves = crew->facts->options.prove;
    bool ok = fw_judge_init(&judge, crew->facts) == FW_OK &&
              (!proves || fw_prover_init(&prover, crew->facts) == FW_OK);
    judge.engine.allowed = crew->allowed;
    for (;;) {
        uint32_t from = atomic_fetch_add(&crew->next, CHUNK);
        if (from >= crew->ntodo) {
            break;
        }
        for (uint32_t i = from; i < crew->ntodo && i - from < CHUNK; i++) {
            uint32_t id = crew->todo[i];
            struct fw_rule_verdict *verdict = &crew->outcome->verdicts[id];
            if (ok) {
                fw_judge_rule(&judge, id, verdict);
            }
            if (ok && proves) {
                fw_prove_rule(&prover, id, verdict, judge.because, judge.nbecause);
            }
            if (ok && !keep_witness(crew, id, proves)) {
                *verdict = no_verdict;
                continue;
            }
            uint32_t *copy = NULL;
            if (ok && judge.nbecause > 0) {
                copy = malloc(judge.nbecause * sizeof(*copy));
            }
            if (copy) {
                memcpy(copy, judge.because, judge.nbecause * sizeof(*copy));
                verdict->nbecause = judge.nbecause;
                crew->outcome->because[id] = copy;
            } else if (!ok || judge.nbecause > 0) { /* out of memory */
                *verdict = no_verdict;
            }
        }
    }
    fw_judge_clear(&judge);
    if (proves) {
        fw_prover_clear(&prover);
    }
    return NULL;
}

/* The order of judgement: neighbours in the packet space one after the other, because they look at
 * the same part of the index, which is then at hand. */
struct order {
    const struct fw_case *facts;
    const struct fw_program *program;
    bool *listed; /* by rule id */
    uint32_t n;
    uint32_t *ids;
};

static void list_rule(struct order *order, uint32_t id)
{
    if (!order->listed[id] && order->facts->policies[id]->decides) {
        order->listed[id] = true;
        order->ids[order->n++] = id;
    }
}

static void list_item(void *context, uint32_t item)
{
    struct order *order = context;
    list_rule(order, order->program->items[item].rule_id);
}

static struct order order_of(const struct fw_case *facts, struct fw_arena *arena)
{
    struct order order = {.facts = facts};
    order.ids = fw_new_array(arena, (size_t)facts->ids.n + 1, uint32_t);
    order.listed = fw_new_array(arena, (size_t)facts->ids.n + 1, bool);
    for (size_t p = 0; p < facts->nprograms; p++) {
        order.program = &facts->programs[p];
        if (!order.program->too_large) {
            fw_tree_each_item(&facts->trees[p], list_item, &order);
        }
    }
    for (uint32_t id = 0; id < facts->ids.n; id++) {
        list_rule(&order, id);
    }
    return order;
}

static void judge_all(struct crew *crew)
{
    unsigned jobs = crew->facts->options.jobs > MAX_JOBS ? MAX_JOBS : crew->facts->options.jobs;
    pthread_t threads[MAX_JOBS];
    unsigned started = 0;
    atomic_init(&crew->next, 0);
    while (started + 1 < jobs && crew->ntodo > CHUNK &&
           pthread_create(&threads[started], NULL, work, crew) == 0) {
        started++;
    }
    work(crew);
    for (unsigned i = 0; i < started; i++) {
        pthread_join(threads[i], NULL);
    }
}

/* All rules with little work allowed, which does for nearly all; what is left shares the rest, so
 * that rules made to be hard cannot keep anybody waiting for hours. Both is the same whoever judges
 * which rule. */
static void run(const struct fw_case *facts, struct fw_arena *arena, struct outcome *outcome)
{
    struct order order = order_of(facts, arena);
    struct crew crew = {.facts = facts, .outcome = outcome, .todo = order.ids, .ntodo = order.n};
    uint64_t most = facts->options.work;
    crew.allowed = most ? most : (uint64_t)FW_LIMIT_ENGINE_WORK / QUICK;
    judge_all(&crew);
    crew.ntodo = 0;
    for (uint32_t i = 0; i < order.n && !most; i++) {
        uint32_t id = order.ids[i];
        if (outcome->verdicts[id].class == FW_RULE_UNDETERMINED && !facts->doubtful[id]) {
            order.ids[crew.ntodo++] = id;
        }
    }
    uint64_t total = facts->options.total ? facts->options.total : (uint64_t)FW_LIMIT_ENGINE_TOTAL;
    uint64_t share = crew.ntodo > 0 ? total / crew.ntodo : 0;
    if (share > crew.allowed) {
        most = FW_LIMIT_ENGINE_WORK;
        crew.allowed = share < most ? share : most;
        judge_all(&crew);
    }
}

/* Witness packets name interfaces by text of the engine's own memory. */
static fw_sv keep_text(struct fw_arena *arena, fw_sv text)
{
    return text.n > 0 ? fw_arena_copy(arena, text) : text;
}

static const struct fw_packet *keep_packet(struct fw_arena *arena, const struct fw_packet *packet)
{
    struct fw_packet *kept = fw_new(arena, struct fw_packet);
    *kept = *packet;
    kept->in = keep_text(arena, packet->in);
    kept->out = keep_text(arena, packet->out);
    return kept;
}

static void report_policy(struct fw_arena *arena, const struct fw_case *facts,
                          struct outcome *outcome, const struct fw_policy *policy,
                          struct fw_policy_report *ret)
{
    uint32_t first = facts->ids.first[fw_policy_number(&facts->ids, policy)];
    ret->policy = policy;
    ret->verdicts = outcome->verdicts + first;
    for (size_t r = 0; r < policy->n; r++) {
        uint32_t id = first + (uint32_t)r;
        struct fw_rule_verdict *verdict = &ret->verdicts[r];
        if (verdict->witness) { /* one at a time, so that there are never two of all */
            verdict->witness = keep_packet(arena, verdict->witness);
            free(outcome->witnesses[id]);
            outcome->witnesses[id] = NULL;
        }
        if (verdict->nbecause == 0) {
            continue;
        }
        const struct fw_rule **rules = fw_new_array(arena, verdict->nbecause + 1,
                                                    const struct fw_rule *);
        const struct fw_policy **policies = fw_new_array(arena, verdict->nbecause + 1,
                                                         const struct fw_policy *);
        for (size_t i = 0; i < verdict->nbecause; i++) {
            rules[i] = facts->rules[outcome->because[id][i]];
            policies[i] = facts->policies[outcome->because[id][i]];
        }
        verdict->because = rules;
        verdict->because_policy = policies;
    }
}

static void all_undetermined(struct fw_arena *arena, const struct fw_ruleset *ruleset,
                             struct fw_analysis_report *ret)
{
    for (size_t p = 0; p < ruleset->npolicies; p++) {
        const struct fw_policy *policy = ruleset->policies[p];
        if (!policy->decides) {
            continue;
        }
        struct fw_policy_report *report = &ret->policies[ret->n++];
        report->policy = policy;
        report->verdicts = fw_new_array(arena, policy->n + 1, struct fw_rule_verdict);
        for (size_t r = 0; r < policy->n; r++) {
            const struct fw_rule *rule = &policy->rules[r];
            bool judged = rule->enabled && !fw_rule_is_remark(rule);
            report->verdicts[r].class = judged ? FW_RULE_UNDETERMINED : FW_RULE_SKIPPED;
            report->verdicts[r].certainty = judged ? FW_UNDETERMINED : FW_PROVEN;
            ret->undetermined += judged;
        }
    }
}

/* False: the ruleset is too large to prepare. The work memory is the caller's to free. */
static bool analyse(struct fw_arena *memory, struct fw_scratch *scratch,
                    const struct fw_ruleset *ruleset, struct fw_case *facts,
                    struct outcome *outcome)
{
    struct fw_guard guard;
    memory->guard = &guard;
    scratch->guard = &guard;
    if (setjmp(guard.jump) != 0) {
        return false;
    }
    fw_case_prepare(memory, scratch, ruleset, facts);
    outcome->because = fw_new_array(memory, (size_t)facts->ids.n + 1, uint32_t *);
    outcome->witnesses = fw_new_array(memory, (size_t)facts->ids.n + 1, struct fw_packet *);
    run(facts, memory, outcome);
    return true;
}

static void report_all(struct fw_arena *arena, const struct fw_ruleset *ruleset,
                       const struct fw_case *facts, struct outcome *outcome,
                       struct fw_analysis_report *ret)
{
    for (size_t p = 0; p < ruleset->npolicies; p++) {
        const struct fw_policy *policy = ruleset->policies[p];
        if (!policy->decides) {
            continue;
        }
        struct fw_policy_report *report = &ret->policies[ret->n++];
        report_policy(arena, facts, outcome, policy, report);
        for (size_t r = 0; r < policy->n; r++) {
            struct fw_rule_verdict *verdict = &report->verdicts[r];
            ret->undetermined += verdict->class == FW_RULE_UNDETERMINED;
            ret->proofs[verdict->proof]++;
            ret->proof_steps += verdict->proof_steps;
        }
    }
}

void fw_ruleset_analyse(struct fw_arena *arena, const struct fw_ruleset *ruleset,
                        const struct fw_analysis_options *options, struct fw_analysis_report *ret)
{
    struct fw_arena memory;
    struct fw_scratch scratch;
    struct fw_case facts = {.options = *options};
    struct outcome outcome = {0};
    struct fw_guard *const outer = arena->guard;
    struct fw_guard guard;
    *ret = (struct fw_analysis_report){.proved = options->prove};
    ret->policies = fw_new_array(arena, ruleset->npolicies + 1, struct fw_policy_report);
    size_t nrules = 0;
    for (size_t p = 0; p < ruleset->npolicies; p++) {
        nrules += ruleset->policies[p]->n;
    }
    outcome.verdicts = fw_new_array(arena, nrules + 1, struct fw_rule_verdict);
    fw_arena_init(&memory, 0);
    fw_scratch_init(&scratch, FW_LIMIT_ARENA_BYTES);
    bool prepared = analyse(&memory, &scratch, ruleset, &facts, &outcome);
    /* A result that does not fit unwinds to the caller, but not before our memory is freed. */
    arena->guard = &guard;
    bool fits = setjmp(guard.jump) == 0;
    if (fits && prepared) {
        report_all(arena, ruleset, &facts, &outcome, ret);
    } else if (fits) {
        all_undetermined(arena, ruleset, ret);
    }
    arena->guard = outer;
    for (uint32_t id = 0; prepared && id < facts.ids.n; id++) {
        free(outcome.because[id]);
        free(outcome.witnesses[id]);
    }
    fw_scratch_clear(&scratch);
    fw_arena_clear(&memory);
    if (!fits) {
        if (!outer) {
            abort();
        }
        longjmp(outer->jump, 1);
    }
}
