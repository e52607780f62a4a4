/* RUL-010: what of the configuration was not understood, or has no value in it? */
#include "analyzers/rules/about.h"

/* Does the rule hang on something that is kept outside the configuration, or on a target that we do
 * not know? Rate limits, marks and times are understood: they need no more evidence. */
static bool needs_values(const struct fw_rule *rule)
{
    if (!rule->enabled) {
        return false;
    }
    if (rule->action == FW_ACTION_UNKNOWN) {
        return true;
    }
    for (size_t t = 0; t < rule->match.n; t++) {
        for (size_t a = 0; a < rule->match.terms[t].natoms; a++) {
            if (rule->match.terms[t].atoms[a].outside) {
                return true;
            }
        }
    }
    return false;
}

static uint32_t first_unread_line(const struct fw_doc *doc)
{
    for (uint32_t i = 0; doc && i < doc->nlines; i++) {
        if (doc->verdicts[i] >= FW_LINE_UNSUPPORTED) {
            return i + 1;
        }
    }
    return 0;
}

static uint64_t add_widened(struct fw_results *results, const struct fw_device_facts *device,
                            const struct fw_snapshot *snapshot)
{
    uint64_t n = 0;
    uint32_t first = 0;
    struct fw_buf list;
    fw_buf_init(&list);
    for (size_t p = 0; p < snapshot->ruleset->npolicies; p++) {
        const struct fw_policy *policy = snapshot->ruleset->policies[p];
        for (size_t r = 0; policy->decides && r < policy->n; r++) {
            const struct fw_rule *rule = &policy->rules[r];
            if (rule->implied || !needs_values(rule)) {
                continue;
            }
            first = n == 0 ? rule->span.line : first;
            if (n < 3 && rule->nwords > 0) {
                fw_buf_printf(&list, "%s%.*s", list.n > 0 ? ", " : "",
                              FW_SV_ARG(rule->unmodelled[0]));
            }
            n++;
        }
    }
    if (n > 0) {
        struct fw_result *result = fw_about_policy(results, "RUL-010", FW_RESULT_OPEN, device,
                                                   snapshot, NULL, "open.widened");
        fw_about_count(results, result, n, fw_about_rules(snapshot->ruleset), 0);
        fw_result_param_u64(results, result, "first", first);
        result->remark = fw_arena_copy(results->arena, fw_buf_sv(&list));
        fw_result_param(results, result, "list", result->remark);
        result->span.line = first;
    }
    fw_buf_clear(&list);
    return n;
}

static void run(const struct fw_facts *facts, struct fw_results *results)
{
    size_t index = 0;
    const struct fw_device_facts *device;
    const struct fw_snapshot *snapshot;
    while ((snapshot = fw_about_next(facts, results, "RUL-010", &index, &device))) {
        uint64_t unread = snapshot->lines.unsupported + snapshot->lines.bad;
        if (unread > 0) {
            struct fw_result *result = fw_about_policy(results, "RUL-010", FW_RESULT_OPEN, device,
                                                       snapshot, NULL, "open");
            uint32_t line = first_unread_line(snapshot->doc);
            fw_about_count(results, result, unread, snapshot->lines.total, 0);
            fw_result_param_u64(results, result, "first", line);
            result->span.line = line;
            result->remark = fw_arena_printf(results->arena, "%.*s:%u", FW_SV_ARG(snapshot->path),
                                             line);
        }
        uint64_t widened = add_widened(results, device, snapshot);
        if (unread == 0 && widened == 0) {
            struct fw_result *result = fw_about_policy(results, "RUL-010", FW_RESULT_PASS, device,
                                                       snapshot, NULL, "pass");
            fw_about_count(results, result, 0, snapshot->lines.total, 0);
        }
    }
}

const struct fw_analyzer fw_analyzer_unanalysed = {
    .check = "RUL-010",
    .rules = true,
    .run = run,
};
