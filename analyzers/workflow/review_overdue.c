/* WFL-001: when were the rules last reviewed, signed and countersigned? */
#include "analyzers/analyzer.h"
#include "core/time.h"

/* Calendar months, as an auditor counts them: due on the same day of the month. */
static bool overdue(int64_t last_ns, int64_t as_of_ns, unsigned months, int32_t zone_seconds)
{
    struct fw_date due = fw_date_add_months(fw_date_of(last_ns, zone_seconds), (int)months);
    return fw_day_of(as_of_ns, zone_seconds) > fw_date_days(due);
}

static void run(const struct fw_facts *facts, struct fw_results *results)
{
    if (!facts->site) {
        return;
    }
    const struct fw_earlier_review *last = NULL;
    const struct fw_earlier_review *doubtful = NULL;
    for (size_t i = 0; i < facts->nreviews; i++) {
        const struct fw_earlier_review *review = &facts->reviews[i];
        if (!review->signed_by_reviewer || !review->countersigned) {
            continue;
        }
        const struct fw_earlier_review **best = review->trusted ? &last : &doubtful;
        if (!*best || review->as_of_ns > (*best)->as_of_ns) {
            *best = review;
        }
    }
    unsigned months = facts->site->has_review_months
                          ? facts->site->review_months
                          : (unsigned)fw_facts_threshold(facts, "WFL-001.months", 3);
    fw_sv target = fw_arena_printf(results->arena, "%u", months);
    struct fw_result *result;
    if (last) {
        bool late = overdue(last->as_of_ns, facts->as_of_ns, months, facts->zone_seconds);
        result = fw_results_add(results, "WFL-001", late ? FW_RESULT_FAIL : FW_RESULT_PASS,
                                FW_SV(""), late ? "fail" : "pass", FW_SV("review"));
        fw_sv date = fw_date_keep(results->arena, fw_date_of(last->as_of_ns, facts->zone_seconds));
        fw_result_measured(result, date, target);
        fw_result_param(results, result, "first", date);
        fw_result_param(results, result, "value", last->period);
        int64_t days = (facts->as_of_ns - last->as_of_ns) / (FW_NS_PER_SEC * 86400);
        fw_result_param_u64(results, result, "days", days > 0 ? (uint64_t)days : 0);
    } else if (doubtful) {
        result = fw_results_add(results, "WFL-001", FW_RESULT_OPEN, FW_SV(""), "open.untrusted",
                                FW_SV("review"));
        fw_result_param(results, result, "value", doubtful->period);
    } else if (facts->reviews_known) {
        result = fw_results_add(results, "WFL-001", FW_RESULT_FAIL, FW_SV(""), "fail.none",
                                FW_SV("review"));
    } else {
        result = fw_results_add(results, "WFL-001", FW_RESULT_OPEN, FW_SV(""), "open.no_reviews",
                                FW_SV("review"));
    }
    fw_result_param(results, result, "target", target);
    fw_result_param(results, result, "as_of",
                    fw_date_keep(results->arena, fw_date_of(facts->as_of_ns, facts->zone_seconds)));
    fw_result_param(results, result, "source", facts->site->agency);
    fw_result_param_u64(results, result, "n", facts->nreviews);
}

const struct fw_analyzer fw_analyzer_review_overdue = {
    .check = "WFL-001",
    .run = run,
};
