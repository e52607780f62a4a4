/*
 * Certificates: why no packet comes to a rule, or why its packets fare the same without it, written
 * down so that a reader who trusts nobody can check it. A certificate takes the packets of one box
 * of a rule apart, step by step, until every part is settled by one box of another rule. It is
 * written after the judgement, from the rule and its cover (certificate.c), and read by a checker
 * that knows the boxes of the program and nothing else (checker.c).
 */
#ifndef FW_POLICY_CERTIFICATE_H
#define FW_POLICY_CERTIFICATE_H

#include "policy/strips.h"
#include "policy/tree.h"

enum fw_claim_kind {
    FW_CLAIM_DEAD,    /* no packet of the box comes to the item */
    FW_CLAIM_COVERED, /* ... nor if the rules of the cover were the only ones before it */
    FW_CLAIM_SAME,    /* packets of the box that come to the item fare the same without the rule */
};

struct fw_claim {
    const struct fw_program *program;
    enum fw_claim_kind kind;
    uint32_t item;            /* a place of the rule */
    const struct fw_box *box; /* one of the item's */
    const bool *cover;        /* by rule id. SAME: only a hint */
    /* COVERED, a hint for the writer: all boxes of the cover. NULL: they have to be looked for */
    const struct fw_box *const *boxes;
    size_t nboxes;
};

enum fw_step_kind {
    /* Inner steps; two certificates follow, one for each part. */
    FW_STEP_CUT,    /* dimension `axis`: ranks below `a`, and the others */
    FW_STEP_SPLIT,  /* dimension `axis`: ranks in that side of box `a`, and the others */
    FW_STEP_ASSUME, /* variable `a` is true, and false */
    /* Leaves. */
    FW_STEP_BEFORE,  /* box `a` stops all of it before the item, or leads it past */
    FW_STEP_DECIDED, /* without the rule, box `b` decides all of it as the rule does; for a jump or
                        return: as box `a` does behind it */
    FW_STEP_MEET,    /* jump or return: nothing decides any of it on either way before these meet */
};

struct fw_step {
    uint8_t kind, axis;
    uint32_t a, b; /* boxes by their number in the program */
};

struct fw_certificate {
    size_t n; /* steps, parents before children, first part before second */
    struct fw_step *steps;
};

enum fw_writing {
    FW_WRITING_DONE,
    FW_WRITING_REFUTED, /* a packet contradicts the claim */
    FW_WRITING_GAVE_UP, /* out of work, or FW_LIMIT_CERTIFICATE_DEPTH */
};

/* The certificate comes from the arena, what is needed meanwhile from the scratch. `work`: how many
 * steps may be written, some hundred boxes looked at for each; what was used of it is taken off. */
enum fw_writing fw_certificate_write(struct fw_arena *arena, struct fw_scratch *scratch,
                                     const struct fw_tree *tree, const struct fw_claim *claim,
                                     uint64_t *work, struct fw_certificate *ret);

/* What the checker remembers of a program between claims. */
struct fw_checker {
    const struct fw_program *program;
    struct fw_strips strips;
    uint32_t nskips;
    uint32_t *skips; /* boxes of items that skip something */
};

void fw_checker_init(struct fw_checker *checker, struct fw_arena *arena,
                     const struct fw_program *program);
/* Does the certificate prove the claim? Memory comes from the arena. */
bool fw_certificate_check(const struct fw_checker *checker, struct fw_arena *arena,
                          const struct fw_claim *claim, const struct fw_certificate *certificate);

#endif
