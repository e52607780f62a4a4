/* How certificates are forged: steps by chance, boxes by chance. */
#include "tests/oracle/forge.h"

#include "policy/certificate.h"
#include "tests/unit/random.h"

enum { MOST_ENTRIES = 8, MOST_DEPTH = 4, MOST_STEPS = 64, TRIES = 12 };

struct forger {
    struct fw_arena *arena;
    struct test_random random;
    size_t n;
    struct fw_program programs[MOST_ENTRIES];
    struct fw_checker checkers[MOST_ENTRIES];
};

struct forger *forger_new(struct fw_arena *arena, const struct fw_ruleset *ruleset,
                          const struct fw_policy *const *entries, size_t n, uint64_t seed)
{
    struct forger *forger = fw_new(arena, struct forger);
    struct fw_rule_ids ids;
    struct fw_scratch scratch;
    struct fw_guard guard;
    *forger = (struct forger){.arena = arena, .random = {seed}, .n = n};
    fw_rule_ids_init(&ids, arena, ruleset);
    fw_scratch_init(&scratch, 1 << 26);
    scratch.guard = &guard;
    if (setjmp(guard.jump) != 0) {
        fw_scratch_clear(&scratch);
        return NULL;
    }
    for (size_t i = 0; i < n; i++) {
        fw_program_build(&forger->programs[i], arena, &scratch, &ids, entries[i]);
        fw_checker_init(&forger->checkers[i], arena, &forger->programs[i]);
    }
    fw_scratch_clear(&scratch);
    return forger;
}

static void draw_steps(struct forger *forger, const struct fw_claim *claim, unsigned depth,
                       struct fw_step *steps, size_t *n)
{
    static const enum fw_step_kind leaves[] = {FW_STEP_BEFORE, FW_STEP_DECIDED, FW_STEP_MEET};
    struct test_random *random = &forger->random;
    const struct fw_program *program = claim->program;
    bool inner = depth < MOST_DEPTH && *n + 2 < MOST_STEPS && program->space.n > 0 &&
                 test_random_below(random, 100) < 45;
    struct fw_step *step = &steps[(*n)++];
    *step = (struct fw_step){.a = test_random_below(random, program->nboxes),
                             .b = test_random_below(random, program->nboxes)};
    if (!inner) {
        bool same = claim->kind == FW_CLAIM_SAME;
        step->kind = (uint8_t)leaves[same ? test_random_below(random, 3) : 0];
        return;
    }
    unsigned kind = test_random_below(random, program->nvariables > 0 ? 3 : 2);
    step->axis = (uint8_t)test_random_below(random, program->space.n);
    step->kind = (uint8_t)(kind == 0 ? FW_STEP_SPLIT : kind == 1 ? FW_STEP_CUT : FW_STEP_ASSUME);
    if (kind == 1) {
        step->a = test_random_below(random,
                                    program->space.axes[program->space.used[step->axis]].ranks + 1);
    } else if (kind == 2) {
        step->a = test_random_below(random, program->nvariables);
    }
    draw_steps(forger, claim, depth + 1, steps, n);
    draw_steps(forger, claim, depth + 1, steps, n);
}

static bool is_accepted(struct forger *forger, size_t program, const struct fw_claim *claim)
{
    struct fw_step steps[MOST_STEPS * 2];
    struct fw_certificate certificate = {0, steps};
    draw_steps(forger, claim, 0, steps, &certificate.n);
    return fw_certificate_check(&forger->checkers[program], forger->arena, claim, &certificate);
}

bool forger_succeeds(struct forger *forger, const struct fw_rule *rule, bool needed,
                     uint64_t *ret_tried)
{
    struct fw_claim claim = {0};
    size_t at = 0;
    size_t boxes = 0;
    for (size_t p = 0; p < forger->n; p++) {
        const struct fw_program *program = &forger->programs[p];
        for (uint32_t i = 0; !program->too_large && i < program->nitems; i++) {
            const struct fw_item *item = &program->items[i];
            bool after_goto = item->op == FW_OP_SKIP && item->rule->action == FW_ACTION_GOTO;
            if (item->rule == rule && !after_goto && item->nboxes > 0) {
                boxes += item->nboxes;
                claim = (struct fw_claim){.program = program, .item = i};
                claim.box = program->boxes[item->first_box];
                at = p;
            }
        }
    }
    if (boxes != 1) {
        return false; /* what is true of the rule need not be true of each of its boxes */
    }
    for (int i = 0; i < TRIES; i++) {
        ++*ret_tried;
        claim.kind = needed && i % 2 == 0 ? FW_CLAIM_SAME : FW_CLAIM_DEAD;
        if (is_accepted(forger, at, &claim)) {
            return true;
        }
    }
    return false;
}
