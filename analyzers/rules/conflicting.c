/* RUL-003: where do rules of different actions overlap, so that only their order decides, and
 * nobody wrote down why? */
#include "policy/conflict.h"

#include "analyzers/rules/about.h"
#include "analyzers/rules/notes.h"
#include "analyzers/rules/remedy.h"

struct context {
    struct fw_notes *notes;
    const struct fw_snapshot *snapshot;
    size_t hint;
};

/* A dead rule decides nothing, and RUL-001 or RUL-002 reports it; one with a reason is explained.
 */
static bool counts(void *context, const struct fw_policy *policy, const struct fw_rule *rule)
{
    struct context *c = context;
    const struct fw_rule_verdict *verdict = fw_about_verdict(c->snapshot, policy, rule, &c->hint);
    return !(verdict && verdict->dead) && !fw_notes_explain(c->notes, policy, rule);
}

/* Every earlier rule is an exception from this one. */
static bool only_exceptions(const struct fw_rule_conflicts *conflicts)
{
    for (size_t i = 0; i < conflicts->nearlier; i++) {
        if (!conflicts->earlier[i].within) {
            return false;
        }
    }
    return !conflicts->more;
}

static void add_finding(struct fw_results *results, const struct fw_device_facts *device,
                        const struct fw_snapshot *snapshot,
                        const struct fw_rule_conflicts *conflicts)
{
    bool proven = conflicts->earlier[conflicts->shown].certainty == FW_PROVEN;
    const char *words = !proven                      ? "open.possible"
                        : only_exceptions(conflicts) ? "fail.exception"
                                                     : "fail";
    struct fw_result *result = fw_about_rule(results, "RUL-003",
                                             proven ? FW_RESULT_FAIL : FW_RESULT_OPEN, device,
                                             snapshot, conflicts->policy, conflicts->rule, words);
    result->certainty = proven ? FW_PROVEN : FW_POSSIBLE;
    /* Which order was meant nobody but its owner knows; that it was meant is what is missing. */
    if (proven) {
        static const bool reason[FW_NOTE_PARTS] = {[FW_NOTE_REASON] = true};
        fw_remedy_note(results, snapshot, conflicts->policy, conflicts->rule, FW_SV(""), reason,
                       result);
    }
    const struct fw_rule **because = fw_new_array(results->arena, conflicts->nearlier,
                                                  const struct fw_rule *);
    const struct fw_policy **policies = fw_new_array(results->arena, conflicts->nearlier,
                                                     const struct fw_policy *);
    size_t n = 0;
    for (size_t i = 0; i < conflicts->nearlier; i++) {
        if (!proven || conflicts->earlier[i].certainty == FW_PROVEN) {
            because[n] = conflicts->earlier[i].rule;
            policies[n++] = conflicts->earlier[i].policy;
        }
    }
    const struct fw_rule_verdict verdict = {
        .nbecause = n, .because = because, .because_policy = policies};
    fw_about_because(results, result, &verdict);
    result->has_witness = true;
    result->witness = conflicts->witness;
    fw_result_param(results, result, "witness", fw_about_witness(results, &conflicts->witness));
}

static void run(const struct fw_facts *facts, struct fw_results *results)
{
    size_t index = 0;
    const struct fw_device_facts *device;
    const struct fw_snapshot *snapshot;
    while ((snapshot = fw_about_next(facts, results, "RUL-003", &index, &device))) {
        struct context context = {.snapshot = snapshot};
        struct fw_conflicts conflicts;
        context.notes = fw_notes_new(facts, results, device, snapshot);
        fw_conflicts_find(results->arena, snapshot->ruleset, counts, &context, &conflicts);
        fw_notes_free(context.notes);
        for (size_t i = 0; i < conflicts.n; i++) {
            add_finding(results, device, snapshot, &conflicts.v[i]);
        }
        uint64_t total = fw_about_rules(snapshot->ruleset);
        if (conflicts.more > 0) {
            struct fw_result *result = fw_about_policy(results, "RUL-003", FW_RESULT_OPEN, device,
                                                       snapshot, NULL, "open.more");
            fw_about_count(results, result, conflicts.more, conflicts.n, 0);
        }
        if (conflicts.undecided > 0) {
            struct fw_result *result = fw_about_policy(results, "RUL-003", FW_RESULT_OPEN, device,
                                                       snapshot, NULL, "open.undetermined");
            fw_about_count(results, result, conflicts.undecided, total, 0);
            fw_result_param(results, result, "first",
                            fw_arena_printf(results->arena, "%.*s %u",
                                            FW_SV_ARG(conflicts.first_undecided_policy->name),
                                            conflicts.first_undecided->position));
            result->certainty = FW_UNDETERMINED;
        } else if (conflicts.n == 0) {
            struct fw_result *result = fw_about_policy(results, "RUL-003", FW_RESULT_PASS, device,
                                                       snapshot, NULL, "pass");
            fw_about_count(results, result, 0, total, 0);
        }
    }
}

const struct fw_analyzer fw_analyzer_conflicting = {
    .check = "RUL-003",
    .rules = true,
    .run = run,
};
