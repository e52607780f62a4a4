/*
 * Was a rule used? What the logs of its device and its own hit counter can say, and what stands in
 * the way of saying no: a rule whose hits would not have been recorded is not unused.
 */
#ifndef FW_ANALYZERS_RULES_USAGE_H
#define FW_ANALYZERS_RULES_USAGE_H

#include "analyzers/analyzer.h"

enum fw_usage_answer {
    FW_USAGE_USED,
    FW_USAGE_UNUSED,  /* and a hit would have been recorded */
    FW_USAGE_NO_HIT,  /* none seen, but one might have gone unrecorded: `reason` says why */
    FW_USAGE_ONCE,    /* hit some day, perhaps before the window */
    FW_USAGE_UNKNOWN, /* nothing records its hits */
};

struct fw_rule_usage {
    enum fw_usage_answer answer;
    bool by_counter;        /* its counter says so; else the logs */
    int64_t from_ns, to_ns; /* UNUSED: the window */
    bool has_last;          /* a hit before the window is known, */
    int64_t last_ns;        /* the last of them */
    uint64_t hits;          /* UNUSED by counter: where it stood all the time */
    bool named;         /* the device has logs, and lines in them that can only be this rule's */
    uint64_t logged;    /* so many, whenever */
    const char *reason; /* NO_HIT: "baseline", ... : a word of the catalogue, "reason.baseline" */
};

struct fw_usage_reader;

/* Lives in the arena. days: length of the window. */
struct fw_usage_reader *fw_usage_reader_new(const struct fw_facts *facts, struct fw_arena *arena,
                                            const struct fw_device_facts *device, uint64_t days);
void fw_usage_read(struct fw_usage_reader *reader, const struct fw_policy *policy,
                   const struct fw_rule *rule, struct fw_rule_usage *ret);

#endif
