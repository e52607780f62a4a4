/*
 * Marks of packets on their way through a program: a rule that sets the mark of the packet or of
 * its connection answers what later rules ask of that mark, for the packets it matches. What a
 * later rule asks then becomes regions of its box: those in which the mark was set to what is asked
 * for, and those in which nobody set it. Where that cannot be told exactly (a rule that may be
 * passed over, marks that are computed from one another) the answer is left to the caller.
 */
#ifndef FW_POLICY_MARKS_H
#define FW_POLICY_MARKS_H

#include "policy/region.h"

/* A rule that was passed and sets a mark where its boxes are. */
struct fw_mark_setter {
    const struct fw_rule *rule;
    size_t n;
    const struct fw_box **boxes;
    size_t nskips; /* returns before it in the chains it stands in: these packets pass it by */
    const struct fw_box **skips;
};

struct fw_marks {
    size_t n;
    struct fw_mark_setter *v;
    size_t nopen; /* returns of the chains that have not ended yet */
    uint32_t *open;
    bool murky; /* some rule sets what is not known */
};

/* A region in which the mark is settled: every atom holds (`asked` is false), or is asked of the
 * mark that the packet had before any rule of the program. */
struct fw_marked {
    struct fw_region region;
    bool asked;
};

/* What the packet space must be able to tell apart for rules that set connection marks: packets of
 * connections that are tracked. Others have none to set. */
extern const struct fw_term fw_marks_tracked;

/* A return was passed; its chain has ended: `nopen` is what it was when the chain began. */
void fw_marks_skip(struct fw_marks *marks, struct fw_arena *arena, uint32_t item);
void fw_marks_pass(struct fw_marks *marks, struct fw_arena *arena, struct fw_scratch *scratch,
                   const struct fw_program *program, const struct fw_item *item);
/* Where in the region does the atom hold? The regions are disjoint and come from the scratch, of
 * `asked` ones the atom's own literal is to be added. False: it cannot be told, or in too many. */
bool fw_marks_resolve(const struct fw_marks *marks, const struct fw_program *program,
                      struct fw_scratch *scratch, const struct fw_atom *atom,
                      const struct fw_region *region, struct fw_marked **ret, size_t *ret_n);

#endif
