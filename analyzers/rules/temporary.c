/* RUL-006: which rules are still in force although the day until which they were allowed is past?
 */
#include "analyzers/rules/about.h"
#include "analyzers/rules/notes.h"
#include "analyzers/rules/remedy.h"
#include "core/time.h"

struct tally {
    uint64_t total, dated, past;
};

/* A rule that no packet reaches, or whose own schedule has ended, matches nothing any more. */
static bool matches_still(const struct fw_rule *rule, const struct fw_rule_verdict *verdict,
                          int64_t as_of_ns)
{
    return rule->match.n > 0 && !(verdict && verdict->dead) &&
           !(rule->has_end && rule->end_ns < as_of_ns);
}

static void judge(const struct fw_facts *facts, struct fw_results *results,
                  const struct fw_device_facts *device, const struct fw_snapshot *snapshot,
                  struct fw_notes *notes, struct tally *tally)
{
    const struct fw_ruleset *ruleset = snapshot->ruleset;
    size_t hint = 0;
    for (size_t p = 0; p < ruleset->npolicies; p++) {
        const struct fw_policy *policy = ruleset->policies[p];
        for (size_t r = 0; r < policy->n; r++) {
            const struct fw_rule *rule = &policy->rules[r];
            struct fw_note note;
            if (!fw_about_answerable(policy, rule)) {
                continue;
            }
            tally->total++;
            fw_notes_read(notes, policy, rule, &note);
            tally->dated += note.has_end || rule->has_end;
            if (!facts->has_as_of || !note.has_end || note.end_ns >= facts->as_of_ns ||
                !matches_still(rule, fw_about_verdict(snapshot, policy, rule, &hint),
                               facts->as_of_ns)) {
                continue;
            }
            tally->past++;
            bool ticket = note.end_source.n > 0;
            struct fw_result *result = fw_about_rule(results, "RUL-006", FW_RESULT_FAIL, device,
                                                     snapshot, policy, rule,
                                                     ticket ? "fail" : "fail.noted");
            fw_remedy_removal(results, snapshot, policy, rule, result);
            fw_result_param_date(facts, results, result, "to", note.end_ns);
            fw_result_param_date(facts, results, result, "as_of", facts->as_of_ns);
            fw_result_param(results, result, "ticket", note.end_source);
        }
    }
}

static void run(const struct fw_facts *facts, struct fw_results *results)
{
    size_t index = 0;
    const struct fw_device_facts *device;
    const struct fw_snapshot *snapshot;
    bool listed = (facts->reg && facts->reg->has_until) ||
                  (facts->tickets && facts->tickets->has_until);
    while ((snapshot = fw_about_next(facts, results, "RUL-006", &index, &device))) {
        struct tally tally = {0};
        struct fw_notes *notes = fw_notes_new(facts, results, device, snapshot);
        judge(facts, results, device, snapshot, notes, &tally);
        fw_notes_free(notes);
        if (tally.past > 0) {
            continue;
        }
        const char *words = tally.dated == 0 && !listed ? "open"
                            : !facts->has_as_of         ? "open.no_as_of"
                                                        : "pass";
        struct fw_result *result = fw_about_policy(
            results, "RUL-006", words[0] == 'p' ? FW_RESULT_PASS : FW_RESULT_OPEN, device, snapshot,
            NULL, words);
        if (words[0] == 'p') {
            fw_about_count(results, result, 0, tally.dated, 0);
        } else {
            fw_about_count(results, result, tally.dated, tally.total, 0);
        }
    }
}

const struct fw_analyzer fw_analyzer_temporary = {
    .check = "RUL-006",
    .rules = true,
    .run = run,
};
