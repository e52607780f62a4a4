/*
 * A program: one policy with everything it calls, laid out as one list of items in the order of
 * evaluation. A called chain is copied in where it is called, and every item carries the whole
 * condition under which a packet can come to it and match (the jumps on the way included), as
 * boxes. What is left of control flow is skips: a packet that matches a RETURN goes on at the end
 * of the copied chain.
 *
 * What is not a dimension (fw_atom) is a variable that may be true or false: one variable for equal
 * words, a new one for each occurrence of what may vary between evaluations. A box holds for the
 * packets in its sides for which its literals are true.
 */
#ifndef FW_POLICY_PROGRAM_H
#define FW_POLICY_PROGRAM_H

#include "core/arena.h"
#include "policy/model.h"
#include "policy/space.h"
#include "policy/variables.h"

enum fw_op {
    FW_OP_DECIDE,  /* `action` is the packet's fate */
    FW_OP_UNKNOWN, /* may decide anything, or nothing */
    FW_OP_SKIP,    /* go on at `end`: RETURN, and what follows a GOTO */
    FW_OP_ENTER,   /* JUMP, GOTO: the copied chain follows, up to `end`; others go past it */
    FW_OP_PASS,    /* decides nothing */
};

struct fw_box {
    uint32_t item;
    uint32_t nliterals;
    const uint32_t *literals; /* variable * 2 + negated; sorted */
    struct fw_side sides[];   /* one for each dimension in use */
};

struct fw_item {
    const struct fw_policy *policy;
    const struct fw_rule *rule; /* NULL: the default. A GOTO has two items: ENTER, and SKIP after */
    uint32_t rule_id;           /* FW_NO_RULE */
    enum fw_op op;
    enum fw_action action; /* DECIDE; RETURN: the policy is left undecided */
    uint32_t fate; /* DECIDE: the action; in twins, others than actions count from there on */
    uint32_t end;  /* SKIP, ENTER */
    bool idle;     /* a SKIP over no rule at all */
    bool harmless; /* a SKIP over nothing that decides */
    uint32_t first_box, nboxes;
};

#define FW_NO_RULE UINT32_MAX

struct fw_program {
    const struct fw_policy *policy;
    struct fw_space space;
    uint32_t nvariables;
    uint32_t nitems; /* the last one is the default, with one box a family */
    struct fw_item *items;
    uint32_t nboxes;
    struct fw_box **boxes; /* in the order of items */
    bool skips;            /* some SKIP is not harmless */
    bool returns;          /* some SKIP is not idle */
    bool too_large;        /* for a limit, or for the packet space: nothing can be said */
};

/* Dense numbers of all rules of a ruleset. */
struct fw_rule_ids {
    size_t npolicies;
    const struct fw_policy *const *policies; /* sorted by address */
    const uint32_t *first;                   /* by place in `policies` */
    uint32_t n;
};

void fw_rule_ids_init(struct fw_rule_ids *ids, struct fw_arena *arena,
                      const struct fw_ruleset *ruleset);
/* Its place in ids->policies. */
size_t fw_policy_number(const struct fw_rule_ids *ids, const struct fw_policy *policy);
uint32_t fw_rule_id(const struct fw_rule_ids *ids, const struct fw_policy *policy,
                    const struct fw_rule *rule);

/* Everything is allocated from the arena; the scratch is given back. */
void fw_program_build(struct fw_program *program, struct fw_arena *arena,
                      struct fw_scratch *scratch, const struct fw_rule_ids *ids,
                      const struct fw_policy *policy);

/* Two policies in one packet space and with the same variables, so that their boxes can be
 * compared. What is unknown is taken to be the same in both: named sets, schedules, what a rule
 * does that is not modelled, and what may vary between evaluations at the same rule. Marks are the
 * same as long as everything that could have changed them is. */
struct fw_twins {
    struct fw_program programs[2];
    struct fw_variables variables;
    struct fw_variables marks;
};

/* The packets of families that both policies see; of their hook when it is the same one. */
void fw_program_build_twins(struct fw_twins *twins, struct fw_arena *arena,
                            struct fw_scratch *scratch, const struct fw_ruleset *const rulesets[2],
                            const struct fw_rule_ids ids[2],
                            const struct fw_policy *const policies[2]);

#endif
