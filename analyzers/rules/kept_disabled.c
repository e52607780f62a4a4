/* RUL-005: which rules have done nothing for too long, because somebody disabled them, their groups
 * are empty, or their schedule is over? */
#include "analyzers/fixes/fix.h"
#include "analyzers/rules/about.h"
#include "core/time.h"

#define DAY_NS (INT64_C(86400) * FW_NS_PER_SEC)

struct tally {
    uint64_t total, idle, found, unknown;
};

/* Since when, at the latest. */
struct idleness {
    int64_t since_ns; /* INT64_MIN: not known */
    bool from_start;  /* it was idle in the oldest snapshot already: it may be so for longer */
};

static bool is_idle(const struct fw_rule *rule, int64_t now_ns)
{
    return !rule->enabled || rule->match.n == 0 ||
           (rule->has_end && now_ns != INT64_MIN && rule->end_ns < now_ns);
}

/* The same rule in another snapshot: of the same id, else with the same meaning. */
static const struct fw_rule *same_rule(const struct fw_policy *policy, const struct fw_rule *rule)
{
    for (size_t r = 0; policy && r < policy->n; r++) {
        const struct fw_rule *other = &policy->rules[r];
        if (rule->id.n > 0 ? fw_sv_eq(other->id, rule->id)
                           : memcmp(&other->content, &rule->content, sizeof(rule->content)) == 0) {
            return other;
        }
    }
    return NULL;
}

static struct idleness idle_since(const struct fw_facts *facts,
                                  const struct fw_device_facts *device,
                                  const struct fw_policy *policy, const struct fw_rule *rule)
{
    struct idleness idle = {INT64_MIN, true};
    if (rule->enabled && rule->match.n > 0) { /* its schedule says when it ended */
        return (struct idleness){rule->end_ns - facts->zone_seconds * FW_NS_PER_SEC, false};
    }
    for (size_t i = device->nsnapshots; i-- > 0;) {
        const struct fw_snapshot *snapshot = &device->snapshots[i];
        const struct fw_policy *then = fw_ruleset_counterpart(fw_device_ruleset(device), policy,
                                                              snapshot->ruleset);
        const struct fw_rule *was = same_rule(then, rule);
        if (!was || !is_idle(was, snapshot->taken_ns)) {
            idle.from_start = false;
            break;
        }
        idle.since_ns = snapshot->taken_ns;
    }
    return idle;
}

static void add_finding(const struct fw_facts *facts, struct fw_results *results,
                        const struct fw_device_facts *device, const struct fw_snapshot *snapshot,
                        const struct fw_policy *policy, const struct fw_rule *rule,
                        int64_t since_ns, uint64_t days, uint64_t limit)
{
    struct fw_result *result = fw_about_rule(results, "RUL-005", FW_RESULT_FAIL, device, snapshot,
                                             policy, rule, "fail");
    result->fix = fw_fix_text(results->arena, snapshot->ruleset, snapshot->doc, policy, rule);
    fw_result_param_date(facts, results, result, "first", since_ns);
    fw_result_measured(result, fw_arena_printf(results->arena, "%llu", (unsigned long long)days),
                       fw_arena_printf(results->arena, "%llu", (unsigned long long)limit));
}

static void judge(const struct fw_facts *facts, struct fw_results *results,
                  const struct fw_device_facts *device, const struct fw_snapshot *snapshot,
                  uint64_t limit, struct tally *tally)
{
    const struct fw_ruleset *ruleset = snapshot->ruleset;
    int64_t now_ns = facts->has_as_of ? facts->as_of_ns : INT64_MIN;
    for (size_t p = 0; p < ruleset->npolicies; p++) {
        const struct fw_policy *policy = ruleset->policies[p];
        for (size_t r = 0; policy->decides && r < policy->n; r++) {
            const struct fw_rule *rule = &policy->rules[r];
            if (fw_rule_is_remark(rule)) {
                continue;
            }
            tally->total++;
            if (!is_idle(rule, now_ns)) {
                continue;
            }
            tally->idle++;
            struct idleness idle = idle_since(facts, device, policy, rule);
            bool known = idle.since_ns != INT64_MIN && now_ns != INT64_MIN;
            int64_t age = known ? (now_ns - idle.since_ns) / DAY_NS : 0;
            if (known && age > (int64_t)limit) {
                add_finding(facts, results, device, snapshot, policy, rule, idle.since_ns,
                            (uint64_t)age, limit);
                tally->found++;
            } else if (!known || idle.from_start) {
                tally->unknown++;
            }
        }
    }
}

static void run(const struct fw_facts *facts, struct fw_results *results)
{
    size_t index = 0;
    const struct fw_device_facts *device;
    const struct fw_snapshot *snapshot;
    uint64_t limit = (uint64_t)fw_facts_threshold(facts, "RUL-005.kept_days", 90);
    while ((snapshot = fw_about_next(facts, results, "RUL-005", &index, &device))) {
        struct tally tally = {0};
        judge(facts, results, device, snapshot, limit, &tally);
        struct fw_result *result = NULL;
        if (tally.unknown > 0) {
            result = fw_about_policy(results, "RUL-005", FW_RESULT_OPEN, device, snapshot, NULL,
                                     device->nsnapshots > 1 ? "open.young" : "open");
            fw_about_count(results, result, tally.unknown, tally.total, 0);
        } else if (tally.found == 0) {
            result = fw_about_policy(results, "RUL-005", FW_RESULT_PASS, device, snapshot, NULL,
                                     "pass");
            fw_about_count(results, result, 0, tally.total, 0);
        }
        if (result) {
            fw_result_param_u64(results, result, "days", limit);
        }
    }
}

const struct fw_analyzer fw_analyzer_kept_disabled = {
    .check = "RUL-005",
    .rules = true,
    .run = run,
};
