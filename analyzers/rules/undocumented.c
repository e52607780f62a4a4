/* RUL-007: for which rules does nobody know owner, reason or ticket? */
#include "analyzers/rules/about.h"
#include "analyzers/rules/notes.h"
#include "analyzers/rules/remedy.h"

struct tally {
    uint64_t total, silent, unknown, failed;
};

static fw_sv list_parts(struct fw_results *results, const bool *listed)
{
    fw_sv list = FW_SV("");
    for (size_t i = 0; i < FW_NOTE_PARTS; i++) {
        if (listed[i]) {
            list = fw_arena_printf(results->arena, "%.*s%s%s", FW_SV_ARG(list),
                                   list.n > 0 ? ", " : "", fw_note_part_name((enum fw_note_part)i));
        }
    }
    return list;
}

static void judge(struct fw_results *results, const struct fw_device_facts *device,
                  const struct fw_snapshot *snapshot, const struct fw_policy *policy,
                  const struct fw_rule *rule, const struct fw_note *note, bool *unknown,
                  struct tally *tally)
{
    bool missing = false;
    bool open = false;
    for (size_t i = 0; i < FW_NOTE_PARTS; i++) {
        missing = missing || note->missing[i];
        bool is_unknown = note->found[i].n == 0 && !note->missing[i];
        unknown[i] = unknown[i] || is_unknown;
        open = open || is_unknown;
    }
    tally->total++;
    tally->silent += note->comment.n == 0;
    tally->unknown += open && !missing;
    if (missing) {
        struct fw_result *result = fw_about_rule(results, "RUL-007", FW_RESULT_FAIL, device,
                                                 snapshot, policy, rule, "fail");
        fw_remedy_note(results, snapshot, policy, rule, note->comment, note->missing, result);
        fw_result_param(results, result, "list", list_parts(results, note->missing));
        tally->failed++;
    }
}

static void settle(struct fw_results *results, const struct fw_device_facts *device,
                   const struct fw_snapshot *snapshot, const bool *unknown,
                   const struct tally *tally)
{
    if (tally->unknown > 0) {
        bool all = tally->silent == tally->total;
        struct fw_result *result = fw_about_policy(results, "RUL-007", FW_RESULT_OPEN, device,
                                                   snapshot, NULL, all ? "open" : "open.partial");
        fw_about_count(results, result, all ? tally->silent : tally->unknown, tally->total, 0);
        fw_result_param(results, result, "list", list_parts(results, unknown));
    } else if (tally->failed == 0) {
        struct fw_result *result = fw_about_policy(results, "RUL-007", FW_RESULT_PASS, device,
                                                   snapshot, NULL, "pass");
        fw_about_count(results, result, 0, tally->total, 0);
    }
}

static void run(const struct fw_facts *facts, struct fw_results *results)
{
    size_t index = 0;
    const struct fw_device_facts *device;
    const struct fw_snapshot *snapshot;
    while ((snapshot = fw_about_next(facts, results, "RUL-007", &index, &device))) {
        const struct fw_ruleset *ruleset = snapshot->ruleset;
        struct fw_notes *notes = fw_notes_new(facts, results, device, snapshot);
        struct tally tally = {0};
        bool unknown[FW_NOTE_PARTS] = {false};
        for (size_t p = 0; p < ruleset->npolicies; p++) {
            const struct fw_policy *policy = ruleset->policies[p];
            for (size_t r = 0; r < policy->n; r++) {
                if (fw_about_answerable(policy, &policy->rules[r])) {
                    struct fw_note note;
                    fw_notes_read(notes, policy, &policy->rules[r], &note);
                    judge(results, device, snapshot, policy, &policy->rules[r], &note, unknown,
                          &tally);
                }
            }
        }
        fw_notes_free(notes);
        settle(results, device, snapshot, unknown, &tally);
    }
}

const struct fw_analyzer fw_analyzer_undocumented = {
    .check = "RUL-007",
    .rules = true,
    .run = run,
};
