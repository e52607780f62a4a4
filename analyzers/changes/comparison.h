/*
 * Two configurations compared: which policy answers to which, what changed in their rules, and
 * which packets fare otherwise for it. Rules that were moved or rewritten without effect are kept
 * apart from those that changed something.
 */
#ifndef FW_ANALYZERS_CHANGES_COMPARISON_H
#define FW_ANALYZERS_CHANGES_COMPARISON_H

#include "analyzers/catalogue.h"
#include "analyzers/changes/delta.h"
#include "parsers/doc.h"
#include "policy/difference.h"

enum fw_pair_state {
    FW_PAIR_SAME,         /* proven: every packet fares as before */
    FW_PAIR_CHANGED,      /* some packet surely or possibly fares otherwise */
    FW_PAIR_UNDETERMINED, /* nothing found, but not everything could be looked at */
    FW_PAIR_ONLY_OLD,
    FW_PAIR_ONLY_NEW,
    FW_PAIR_CALLED, /* of others, in both */
    FW_PAIR_UNSEEN, /* decides nothing (marks, raw): its rules are compared, no packets */
    FW_PAIR_COUNT
};

struct fw_policy_pair {
    const struct fw_policy *policies[2]; /* either may be NULL */
    enum fw_pair_state state;
    bool called;                     /* a chain of others: what it does shows there */
    bool rebound;                    /* applied elsewhere than before, or no longer, or newly */
    bool packets;                    /* compared packet by packet: `difference` is valid */
    struct fw_difference difference; /* of CHANGED, SAME, UNDETERMINED */
};

enum fw_rule_effect {
    FW_EFFECT_PACKETS, /* has a part in packets that fare otherwise */
    FW_EFFECT_OTHER,   /* logs, marks, or stands where packets were not compared */
    FW_EFFECT_NONE,    /* moved or rewritten: no packet fares otherwise for it */
    FW_EFFECT_COUNT
};

struct fw_rule_change {
    struct fw_delta delta;
    enum fw_rule_effect effect;
};

/* A line that was not understood, and that the other side does not have. */
struct fw_unread_line {
    size_t side; /* 0: old, 1: new */
    uint32_t line;
};

struct fw_comparison_result {
    size_t npairs;
    struct fw_policy_pair *pairs; /* in the order of the new configuration; those gone last */
    size_t nrules;
    struct fw_rule_change *rules; /* in the order of the pairs */
    bool same_format;             /* false: rules are not compared, their words differ anyway */
    size_t boxes[FW_DIFFERENCE_COUNT];
    size_t effects[FW_EFFECT_COUNT];
    size_t states[FW_PAIR_COUNT];
    size_t nunread;
    struct fw_unread_line *unread;
    bool open; /* something could not be looked at */
};

/* Policies answer to each other by name, else by where they are applied, else when only one is left
 * on each side; with names given ({0}: none), only those two are compared. */
void fw_rulesets_compare(struct fw_arena *arena, const struct fw_ruleset *const rulesets[2],
                         const fw_sv names[2], struct fw_comparison_result *ret);
/* Lines that were not understood are only known to say the same where they are the same: adds those
 * that are not. */
void fw_comparison_add_unread(struct fw_arena *arena, const struct fw_doc *const docs[2],
                              struct fw_comparison_result *result);
/* The weight of what was found: newly allowed is high, newly denied medium, ... false: nothing. */
bool fw_comparison_severity(const struct fw_comparison_result *result, enum fw_severity *ret);
const char *fw_pair_state_name(enum fw_pair_state state);    /* "same", "changed", ... */
const char *fw_rule_effect_name(enum fw_rule_effect effect); /* "packets", "other", "none" */

#endif
