/* Which proofs a verdict needs, over all places where the rule is evaluated. */
#include "policy/prove.h"

#include <stdlib.h>

#include "core/limits.h"
#include "policy/replay.h"

enum { SCRATCH_BYTES = 1 << 30 };

enum fw_err fw_prover_init(struct fw_prover *prover, const struct fw_case *facts)
{
    *prover = (struct fw_prover){.facts = facts};
    fw_arena_init(&prover->programs, 0);
    fw_arena_init(&prover->memory, 0);
    fw_scratch_init(&prover->scratch, SCRATCH_BYTES);
    prover->cover = calloc((size_t)facts->ids.n + 1, sizeof(*prover->cover));
    prover->checkers = calloc(facts->nprograms + 1, sizeof(*prover->checkers));
    return prover->cover && prover->checkers ? FW_OK : FW_ERR_MEMORY;
}

void fw_prover_clear(struct fw_prover *prover)
{
    fw_arena_clear(&prover->programs);
    fw_arena_clear(&prover->memory);
    fw_scratch_clear(&prover->scratch);
    free(prover->cover);
    free(prover->checkers);
    *prover = (struct fw_prover){0};
}

/* A proof that is missing weighs more than one that is there, a wrong one more than all. */
static void settle(struct fw_rule_verdict *verdict, enum fw_proof proof)
{
    verdict->proof = proof > verdict->proof ? proof : verdict->proof;
}

static const struct fw_checker *checker_of(struct fw_prover *prover, uint32_t program)
{
    struct fw_checker *checker = &prover->checkers[program];
    if (!checker->program) {
        fw_checker_init(checker, &prover->programs, &prover->facts->programs[program]);
    }
    return checker;
}

static enum fw_proof certify(struct fw_prover *prover, uint32_t program,
                             const struct fw_claim *claim, uint64_t *work,
                             struct fw_rule_verdict *verdict)
{
    struct fw_certificate certificate;
    enum fw_writing written = fw_certificate_write(&prover->memory, &prover->scratch,
                                                   &prover->facts->trees[program], claim, work,
                                                   &certificate);
    if (written != FW_WRITING_DONE) {
        return written == FW_WRITING_REFUTED ? FW_PROOF_WRONG : FW_PROOF_GAVE_UP;
    }
    bool right = fw_certificate_check(checker_of(prover, program), &prover->memory, claim,
                                      &certificate);
    verdict->proof_steps += certificate.n;
    return right ? FW_PROOF_CERTIFICATE : FW_PROOF_WRONG;
}

/* All boxes of the cover, where nothing is skipped: then only what decides can be part of it. */
static void add_cover(struct fw_prover *prover, const struct fw_place *place,
                      struct fw_claim *claim)
{
    const struct fw_case *facts = prover->facts;
    const struct fw_box **v = NULL;
    for (uint32_t k = 0; k < prover->nbecause; k++) {
        uint32_t id = prover->because[k];
        for (uint32_t p = facts->first_place[id]; p < facts->first_place[id + 1]; p++) {
            const struct fw_item *item = &claim->program->items[facts->places[p].item];
            bool there = facts->places[p].program == place->program;
            for (uint32_t i = 0; there && i < item->nboxes; i++) {
                v = fw_arena_push(&prover->memory, v, claim->nboxes, sizeof(*v));
                v[claim->nboxes++] = claim->program->boxes[item->first_box + i];
            }
        }
    }
    claim->boxes = v;
}

/* One claim for each box of the rule, wherever it is evaluated, or only in programs with skips. */
static void certify_all(struct fw_prover *prover, uint32_t rule_id, enum fw_claim_kind kind,
                        bool only_skips, uint64_t *work, struct fw_rule_verdict *verdict)
{
    const struct fw_case *facts = prover->facts;
    settle(verdict, FW_PROOF_CERTIFICATE);
    for (uint32_t p = facts->first_place[rule_id]; p < facts->first_place[rule_id + 1]; p++) {
        const struct fw_place *place = &facts->places[p];
        const struct fw_program *program = &facts->programs[place->program];
        const struct fw_item *item = &program->items[place->item];
        if (only_skips && checker_of(prover, place->program)->nskips == 0) {
            continue;
        }
        for (uint32_t i = 0; i < item->nboxes; i++) {
            struct fw_claim claim = {.program = program,
                                     .kind = kind,
                                     .item = place->item,
                                     .box = program->boxes[item->first_box + i],
                                     .cover = prover->cover};
            fw_arena_reset(&prover->memory);
            if (kind == FW_CLAIM_COVERED && !program->returns) {
                add_cover(prover, place, &claim);
            }
            settle(verdict, certify(prover, place->program, &claim, work, verdict));
        }
    }
}

/* The witness does, at one place at least, what is said of it. */
static void replay(struct fw_prover *prover, uint32_t rule_id, bool differs, uint64_t work,
                   struct fw_rule_verdict *verdict)
{
    const struct fw_case *facts = prover->facts;
    enum fw_proof proof = FW_PROOF_WRONG;
    for (uint32_t p = facts->first_place[rule_id]; p < facts->first_place[rule_id + 1]; p++) {
        const struct fw_place *place = &facts->places[p];
        struct fw_replay_question question = {
            .strips = &checker_of(prover, place->program)->strips,
            .packet = verdict->witness,
            .item = place->item,
            .differs = differs,
            .always = differs && verdict->certainty == FW_PROVEN,
            .work = work,
        };
        fw_arena_reset(&prover->memory);
        enum fw_replay replayed = verdict->witness ? fw_replay_packet(&prover->memory, &question)
                                                   : FW_REPLAY_NO;
        if (replayed == FW_REPLAY_YES) {
            settle(verdict, FW_PROOF_WITNESS);
            return;
        }
        proof = replayed == FW_REPLAY_GAVE_UP ? FW_PROOF_GAVE_UP : proof;
    }
    settle(verdict, proof);
}

static void prove(struct fw_prover *prover, uint32_t rule_id, struct fw_rule_verdict *verdict)
{
    uint64_t work = prover->facts->options.work;
    work = work > 0 ? work : (uint64_t)FW_LIMIT_ENGINE_WORK;
    if (verdict->dead) {
        bool covered = verdict->class != FW_RULE_LIVE; /* a dead final deny-all has no cover */
        if (covered) {
            certify_all(prover, rule_id, FW_CLAIM_COVERED, false, &work, verdict);
        }
        /* Where nothing leads around it, a cover stops everything also among other rules. */
        certify_all(prover, rule_id, FW_CLAIM_DEAD, covered, &work, verdict);
    } else {
        replay(prover, rule_id, false, work, verdict);
    }
    if (verdict->class == FW_RULE_SHADOWED) {
        replay(prover, rule_id, true, work, verdict);
    } else if (verdict->class == FW_RULE_REDUNDANT && !verdict->dead) {
        certify_all(prover, rule_id, FW_CLAIM_SAME, false, &work, verdict);
    }
}

void fw_prove_rule(struct fw_prover *prover, uint32_t rule_id, struct fw_rule_verdict *verdict,
                   const uint32_t *because, uint32_t nbecause)
{
    if (verdict->class == FW_RULE_SKIPPED || verdict->class == FW_RULE_UNDETERMINED) {
        return;
    }
    struct fw_guard guard;
    prover->memory.guard = &guard;
    prover->programs.guard = &guard;
    prover->scratch.guard = &guard;
    struct fw_scratch_mark mark = fw_scratch_mark(&prover->scratch);
    prover->because = because;
    prover->nbecause = nbecause;
    for (uint32_t i = 0; i < nbecause; i++) {
        prover->cover[because[i]] = true;
    }
    if (setjmp(guard.jump) == 0) {
        prove(prover, rule_id, verdict);
    } else { /* out of memory */
        fw_scratch_release(&prover->scratch, mark);
        settle(verdict, FW_PROOF_GAVE_UP);
    }
    for (uint32_t i = 0; i < nbecause; i++) {
        prover->cover[because[i]] = false;
    }
}
