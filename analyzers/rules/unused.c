/* RUL-004: which rules were not hit for so long that nobody needs them, and is that proven? */
#include "analyzers/rules/about.h"
#include "analyzers/rules/remedy.h"
#include "analyzers/rules/usage.h"
#include "core/time.h"

struct tally {
    uint64_t total, unused, unproven, once, unknown;
};

static void add_finding(const struct fw_facts *facts, struct fw_results *results,
                        const struct fw_device_facts *device, const struct fw_snapshot *snapshot,
                        const struct fw_policy *policy, const struct fw_rule *rule,
                        const struct fw_rule_usage *usage, uint64_t days)
{
    bool unused = usage->answer == FW_USAGE_UNUSED;
    const char *words = !unused             ? "open"
                        : usage->by_counter ? "fail.counter"
                        : usage->has_last   ? "fail.last"
                                            : "fail";
    struct fw_result *result = fw_about_rule(results, "RUL-004",
                                             unused ? FW_RESULT_FAIL : FW_RESULT_OPEN, device,
                                             snapshot, policy, rule, words);
    if (unused) {
        fw_remedy_removal(results, snapshot, policy, rule, result);
        days = (uint64_t)((usage->to_ns - usage->from_ns) / (24 * INT64_C(3600) * FW_NS_PER_SEC));
        fw_result_param_date(facts, results, result, "from", usage->from_ns);
        fw_result_param_date(facts, results, result, "to", usage->to_ns);
    } else {
        fw_result_param(results, result, "reason", fw_sv_from(usage->reason));
        result->remark = fw_sv_from(usage->reason);
    }
    if (usage->has_last) {
        fw_result_param_date(facts, results, result, "first", usage->last_ns);
    }
    fw_result_param_u64(results, result, "days", days);
    fw_result_param_u64(results, result, "n", usage->hits);
}

static void judge(const struct fw_facts *facts, struct fw_results *results,
                  const struct fw_device_facts *device, const struct fw_snapshot *snapshot,
                  uint64_t days, struct tally *tally)
{
    const struct fw_ruleset *ruleset = snapshot->ruleset;
    struct fw_usage_reader *reader = fw_usage_reader_new(facts, results->arena, device, days);
    size_t hint = 0;
    for (size_t p = 0; p < ruleset->npolicies; p++) {
        const struct fw_policy *policy = ruleset->policies[p];
        for (size_t r = 0; r < policy->n; r++) {
            const struct fw_rule *rule = &policy->rules[r];
            const struct fw_rule_verdict *verdict = fw_about_verdict(snapshot, policy, rule, &hint);
            struct fw_rule_usage usage;
            /* Of a rule that no packet reaches RUL-001 or RUL-002 speaks. */
            if (!fw_about_answerable(policy, rule) || (verdict && verdict->dead)) {
                continue;
            }
            tally->total++;
            fw_usage_read(reader, policy, rule, &usage);
            tally->unused += usage.answer == FW_USAGE_UNUSED;
            tally->unproven += usage.answer == FW_USAGE_NO_HIT;
            tally->once += usage.answer == FW_USAGE_ONCE;
            tally->unknown += usage.answer == FW_USAGE_UNKNOWN;
            if (usage.answer == FW_USAGE_UNUSED || usage.answer == FW_USAGE_NO_HIT) {
                add_finding(facts, results, device, snapshot, policy, rule, &usage, days);
            }
        }
    }
}

static void run(const struct fw_facts *facts, struct fw_results *results)
{
    size_t index = 0;
    const struct fw_device_facts *device;
    const struct fw_snapshot *snapshot;
    uint64_t days = (uint64_t)fw_facts_threshold(facts, "RUL-004.unused_days", 180);
    while ((snapshot = fw_about_next(facts, results, "RUL-004", &index, &device))) {
        struct tally tally = {0};
        judge(facts, results, device, snapshot, days, &tally);
        struct fw_result *result = NULL;
        if (tally.unknown > 0) {
            result = fw_about_policy(results, "RUL-004", FW_RESULT_OPEN, device, snapshot, NULL,
                                     "open.unrecorded");
            fw_about_count(results, result, tally.unknown, tally.total, 0);
        } else if (tally.once > 0) {
            result = fw_about_policy(results, "RUL-004", FW_RESULT_OPEN, device, snapshot, NULL,
                                     "open.undated");
            fw_about_count(results, result, tally.once, tally.total, 0);
        } else if (tally.unused == 0 && tally.unproven == 0) {
            result = fw_about_policy(results, "RUL-004", FW_RESULT_PASS, device, snapshot, NULL,
                                     "pass");
            fw_about_count(results, result, 0, tally.total, 0);
        }
        if (result) {
            fw_result_param_u64(results, result, "days", days);
        }
    }
}

const struct fw_analyzer fw_analyzer_unused = {
    .check = "RUL-004",
    .rules = true,
    .run = run,
};
