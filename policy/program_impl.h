/* For program.c and program_terms.c only: a program while it is built. */
#ifndef FW_POLICY_PROGRAM_IMPL_H
#define FW_POLICY_PROGRAM_IMPL_H

#include "core/limits.h"
#include "policy/marks.h"
#include "policy/program.h"

struct fw_builder_context { /* the boxes of the jump that leads here */
    uint32_t first, n;
};

struct fw_builder {
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

/* The variable of what may differ between evaluations. Two policies that are compared are taken to
 * meet the same luck at the same rule: the k-th of its content in one is the k-th in the other. */
uint32_t fw_builder_varying(struct fw_builder *b, const struct fw_rule *rule, size_t part,
                            fw_sv words);
void fw_builder_box(struct fw_builder *b, uint32_t item, const struct fw_side *sides,
                    const uint32_t *literals, uint32_t nliterals);
/* The boxes of all packets. */
void fw_builder_all(struct fw_builder *b, uint32_t item);
/* The boxes of the rule's t-th term, within those of the jump that leads here (NULL: none does).
 * `guess` is one more literal, or FW_NO_RULE. */
void fw_builder_term(struct fw_builder *b, uint32_t item, const struct fw_rule *rule, size_t t,
                     uint32_t guess, const struct fw_builder_context *context);

#endif
