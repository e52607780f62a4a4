/* The judgement: which questions are asked, in which order, and what follows from the answers. */
#include "policy/judge.h"

#include <stdlib.h>
#include <string.h>

#include "core/limits.h"

enum { SCRATCH_BYTES = 1 << 30, LITTLE = 48 };

enum fw_err fw_judge_init(struct fw_judge *judge, const struct fw_case *facts)
{
    uint32_t rules = facts->ids.n + 1;
    *judge = (struct fw_judge){.facts = facts};
    struct fw_engine *engine = &judge->engine;
    fw_scratch_init(&engine->scratch, SCRATCH_BYTES);
    engine->allowed = FW_LIMIT_ENGINE_WORK;
    engine->little = facts->options.little ? facts->options.little : LITTLE;
    engine->point.ranks = calloc(facts->max_axes + 1, sizeof(*engine->point.ranks));
    engine->point.truth = calloc((size_t)facts->max_variables + 1, sizeof(bool));
    engine->used = calloc(rules, sizeof(*engine->used));
    engine->used_list = calloc(rules, sizeof(*engine->used_list));
    engine->kept = calloc(rules, sizeof(*engine->kept));
    judge->because = calloc(rules, sizeof(*judge->because));
    bool ok = engine->point.ranks && engine->point.truth && engine->used && engine->used_list &&
              engine->kept && judge->because;
    return ok ? FW_OK : FW_ERR_MEMORY;
}

void fw_judge_clear(struct fw_judge *judge)
{
    fw_scratch_clear(&judge->engine.scratch);
    free(judge->engine.point.ranks);
    free(judge->engine.point.truth);
    free(judge->engine.used);
    free(judge->engine.used_list);
    free(judge->engine.kept);
    free(judge->because);
    free(judge->removed);
    *judge = (struct fw_judge){0};
}

/* The items that would be gone without the rule: its own, and the chain it calls there. */
static void find_removed(struct fw_judge *judge, uint32_t program)
{
    const struct fw_item *items = judge->facts->programs[program].items;
    if (judge->nplaces > judge->removed_room) {
        free(judge->removed);
        judge->removed_room = (size_t)judge->nplaces * 2;
        judge->removed = malloc(judge->removed_room * sizeof(*judge->removed));
        if (!judge->removed) {
            judge->removed_room = 0;
            longjmp(judge->engine.guard.jump, 1);
        }
    }
    size_t n = 0;
    for (uint32_t i = 0; i < judge->nplaces; i++) {
        uint32_t item = judge->places[i].item;
        if (judge->places[i].program != program) {
            continue;
        }
        uint32_t last = item;
        if (items[item].op == FW_OP_ENTER) {
            bool goes = items[item].rule->action == FW_ACTION_GOTO && items[item].nboxes > 0;
            last = goes ? items[item].end : items[item].end - 1;
        }
        judge->removed[n++] = (struct fw_interval){item, last};
    }
    judge->engine.removed = judge->removed;
    judge->engine.nremoved = n;
}

void fw_judge_enter(struct fw_judge *judge, const struct fw_place *place)
{
    const struct fw_program *program = &judge->facts->programs[place->program];
    if (judge->engine.program != program || judge->engine.removed == NULL) {
        if (judge->engine.program != program) {
            judge->arrived = NULL; /* a packet of another space is at hand */
        }
        judge->engine.program = program;
        judge->engine.tree = &judge->facts->trees[place->program];
        find_removed(judge, place->program);
    }
}

struct fate {
    const struct fw_judge *judge;
};

static bool still_there(void *context, const struct fw_box *box)
{
    const struct fate *fate = context;
    return !fw_engine_is_removed(&fate->judge->engine, box->item);
}

enum fw_action fw_judge_fate(struct fw_judge *judge, uint32_t from, bool without, bool *ret_sure)
{
    const struct fw_engine *engine = &judge->engine;
    const struct fw_program *program = engine->program;
    struct fate fate = {judge};
    uint32_t last = program->nitems - 1;
    uint32_t at = from;
    while (at < last) {
        const uint32_t *ranks = engine->point.ranks;
        struct fw_search search = {at, last, FW_KINDS_ALL, without ? still_there : NULL, &fate};
        const struct fw_box *box = fw_tree_first(engine->tree, ranks, engine->point.truth, &search);
        if (ret_sure) {
            search.to = box ? box->item : last;
            const struct fw_box *any = fw_tree_first(engine->tree, ranks, NULL, &search);
            *ret_sure = *ret_sure && !any && (!box || box->nliterals == 0);
        }
        if (!box) {
            break;
        }
        const struct fw_item *item = &program->items[box->item];
        if (item->op == FW_OP_DECIDE) {
            return item->action;
        }
        if (item->op == FW_OP_UNKNOWN) {
            if (ret_sure) {
                *ret_sure = false;
            }
            return FW_ACTION_UNKNOWN;
        }
        at = item->end;
    }
    const struct fw_item *end = &program->items[last];
    if (ret_sure && end->op != FW_OP_DECIDE) {
        *ret_sure = false;
    }
    return end->op == FW_OP_DECIDE ? end->action : FW_ACTION_UNKNOWN;
}

enum fw_answer fw_judge_alive(struct fw_judge *judge, enum fw_keep keep, struct fw_packet *ret)
{
    enum fw_answer answer = FW_ANSWER_COVERED;
    for (uint32_t p = 0; p < judge->nplaces; p++) {
        const struct fw_place *place = &judge->places[p];
        fw_judge_enter(judge, place);
        const struct fw_program *program = judge->engine.program;
        const struct fw_item *item = &program->items[place->item];
        for (uint32_t i = 0; i < item->nboxes; i++) {
            struct fw_question question = {
                .region = fw_region_of(program->boxes[item->first_box + i]),
                .nlegs = 1,
                .legs = {{0, place->item, false}},
                .keep = keep,
            };
            enum fw_answer one = fw_reach(&judge->engine, &question);
            if (one == FW_ANSWER_REACHED) {
                judge->arrived = question.region.sides;
                if (ret) {
                    fw_space_packet(&program->space, judge->engine.point.ranks, ret);
                }
                return one;
            }
            answer = one == FW_ANSWER_COVERED ? answer : one;
        }
    }
    return answer;
}

static enum fw_answer alive_in(struct fw_judge *judge, uint32_t at, const struct fw_region *region)
{
    const struct fw_question question = {
        .region = *region, .nlegs = 1, .legs = {{0, at, false}}, .keep = FW_KEEP_MARKED};
    return fw_reach(&judge->engine, &question);
}

enum fw_answer fw_judge_within(struct fw_judge *judge, const struct fw_place *place, bool dead,
                               const struct fw_region *region)
{
    struct fw_engine *engine = &judge->engine;
    enum fw_answer answer = FW_ANSWER_COVERED;
    for (uint32_t p = 0; p < judge->nplaces && answer != FW_ANSWER_REACHED; p++) {
        uint32_t at = judge->places[p].item;
        bool counts = dead ? place->item < at : place->item > at;
        if (judge->places[p].program != place->program || !counts) {
            continue;
        }
        fw_judge_enter(judge, &judge->places[p]);
        const struct fw_program *program = engine->program;
        const struct fw_item *item = &program->items[at];
        for (uint32_t i = 0; i < item->nboxes && answer != FW_ANSWER_REACHED; i++) {
            struct fw_scratch_mark mark = fw_scratch_mark(&engine->scratch);
            struct fw_region of_box = fw_region_of(program->boxes[item->first_box + i]);
            struct fw_region both;
            if (fw_region_meet(&engine->scratch, &of_box, region, program->space.n, &both)) {
                answer = fw_answer_worse(answer, dead ? alive_in(judge, at, &both)
                                                      : fw_judge_needed_in(judge, at, &both));
            }
            fw_scratch_release(&engine->scratch, mark);
        }
    }
    return answer;
}

/* A jump that leads to logging, or to marks that other tables read, does more than decide. */
static bool has_effects(const struct fw_judge *judge)
{
    for (uint32_t p = 0; p < judge->nplaces; p++) {
        const struct fw_item *items = judge->facts->programs[judge->places[p].program].items;
        const struct fw_item *item = &items[judge->places[p].item];
        if (item->op != FW_OP_ENTER) {
            continue;
        }
        for (uint32_t i = judge->places[p].item + 1; i < item->end; i++) {
            const struct fw_rule *rule = items[i].rule;
            if (items[i].op == FW_OP_PASS &&
                (rule->log || rule->sets_mark || rule->connmark != FW_CONNMARK_NONE)) {
                return true;
            }
        }
    }
    return false;
}

static void judge_dead(struct fw_judge *judge, struct fw_rule_verdict *ret)
{
    const struct fw_rule *rule = judge->facts->rules[judge->rule_id];
    ret->dead = true;
    if (!fw_judge_because_dead(judge)) {
        ret->class = FW_RULE_UNDETERMINED;
        ret->certainty = FW_UNDETERMINED;
        return;
    }
    enum fw_answer answer = FW_ANSWER_COVERED;
    if (rule->action != FW_ACTION_CONTINUE && rule->action != FW_ACTION_UNKNOWN) {
        answer = fw_judge_shadowed(judge, &ret->certainty, &judge->witness);
    }
    if (answer == FW_ANSWER_REACHED) {
        ret->class = FW_RULE_SHADOWED;
        ret->witness = &judge->witness;
        return;
    }
    bool known = answer == FW_ANSWER_COVERED;
    ret->class = known ? FW_RULE_REDUNDANT : FW_RULE_UNDETERMINED;
    ret->certainty = known ? FW_PROVEN : FW_UNDETERMINED;
    if (known && ret->final_deny) {
        ret->class = FW_RULE_LIVE;
    }
}

static void judge_live(struct fw_judge *judge, struct fw_rule_verdict *ret)
{
    const struct fw_rule *rule = judge->facts->rules[judge->rule_id];
    ret->class = FW_RULE_LIVE;
    ret->certainty = FW_PROVEN;
    ret->witness = &judge->witness;
    if (judge->facts->options.only_dead || rule->instead || rule->action == FW_ACTION_CONTINUE ||
        rule->action == FW_ACTION_UNKNOWN || ret->final_deny || has_effects(judge)) {
        return;
    }
    fw_engine_forget(&judge->engine);
    judge->rests_on_default = false;
    enum fw_answer answer = fw_judge_needed(judge, FW_KEEP_ALL);
    if (answer == FW_ANSWER_REACHED) {
        return;
    }
    bool known = answer == FW_ANSWER_COVERED && fw_judge_because_live(judge);
    ret->class = known ? FW_RULE_REDUNDANT : FW_RULE_UNDETERMINED;
    ret->certainty = known ? FW_PROVEN : FW_UNDETERMINED;
}

void fw_judge_rule(struct fw_judge *judge, uint32_t rule_id, struct fw_rule_verdict *ret)
{
    const struct fw_case *facts = judge->facts;
    *ret = (struct fw_rule_verdict){.class = FW_RULE_SKIPPED};
    judge->nbecause = 0;
    judge->arrived = NULL;
    if (!facts->rules[rule_id]->enabled || fw_rule_is_remark(facts->rules[rule_id])) {
        return;
    }
    judge->rule_id = rule_id;
    judge->places = facts->places + facts->first_place[rule_id];
    judge->nplaces = facts->first_place[rule_id + 1] - facts->first_place[rule_id];
    judge->engine.work = 0;
    judge->engine.removed = NULL;
    judge->engine.program = NULL;
    judge->engine.scratch.guard = &judge->engine.guard;
    ret->final_deny = fw_action_decides(facts->rules[rule_id]->action) &&
                      fw_rule_is_final_refusal(facts->policies[rule_id], facts->rules[rule_id]);
    struct fw_scratch_mark mark = fw_scratch_mark(&judge->engine.scratch);
    if (facts->doubtful[rule_id] || setjmp(judge->engine.guard.jump) != 0) {
        fw_scratch_release(&judge->engine.scratch, mark);
        ret->class = FW_RULE_UNDETERMINED;
        ret->certainty = FW_UNDETERMINED;
        judge->nbecause = 0;
        return;
    }
    fw_engine_forget(&judge->engine);
    enum fw_answer answer = fw_judge_alive(judge, FW_KEEP_ALL, &judge->witness);
    if (answer == FW_ANSWER_REACHED) {
        judge_live(judge, ret);
    } else if (answer == FW_ANSWER_COVERED) {
        judge_dead(judge, ret);
    } else {
        ret->class = FW_RULE_UNDETERMINED;
        ret->certainty = FW_UNDETERMINED;
    }
    if (ret->class == FW_RULE_UNDETERMINED || ret->class == FW_RULE_LIVE) {
        judge->nbecause = 0;
    }
}
