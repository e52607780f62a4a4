/* LOG-003: how complete are the eight fields that traffic records must have? */
#include "analyzers/logs/about.h"

/* What a format cannot say by its definition, not by how it was set up. */
static const struct {
    const char *format;
    enum fw_required field;
} impossible[] = {
    /* The kernel logs single packets: a session has no end there. */
    {"netfilter-log", FW_REQUIRED_SESSION},
};

static bool is_impossible(fw_sv format, enum fw_required field)
{
    for (size_t i = 0; i < sizeof(impossible) / sizeof(impossible[0]); i++) {
        if (impossible[i].field == field && fw_sv_is(format, impossible[i].format)) {
            return true;
        }
    }
    return false;
}

/* Lines of other formats could have had the field, and nobody counted them apart. */
static void add_mixed(struct fw_results *results, const struct fw_source_view *source,
                      enum fw_required field)
{
    fw_sv name = fw_sv_from(fw_required_name(field));
    struct fw_result *result = fw_log_result(results, "LOG-003", FW_RESULT_OPEN, source,
                                             "open.mixed", name);
    fw_result_param(results, result, "field", name);
    fw_result_param_u64(results, result, "n", source->other_formats);
    fw_result_param_u64(results, result, "total", source->events);
}

static bool below(const struct fw_tally *tally, double percent)
{
    return (double)tally->present * 100 < percent * (double)tally->total;
}

static bool less_complete(const struct fw_tally *a, const struct fw_tally *b)
{
    return (double)a->present * (double)b->total < (double)b->present * (double)a->total;
}

static void add_missing(struct fw_results *results, const struct fw_source_view *source,
                        enum fw_required field, fw_sv target)
{
    const struct fw_tally *tally = &source->fields[field];
    fw_sv name = fw_sv_from(fw_required_name(field));
    struct fw_result *result = fw_log_result(results, "LOG-003", FW_RESULT_FAIL, source, "fail",
                                             name);
    fw_result_measured(result, fw_log_percent(results, tally->present, tally->total), target);
    fw_result_param(results, result, "field", name);
    fw_result_param(results, result, "percent", result->measured);
    fw_result_param_u64(results, result, "n", tally->present);
    fw_result_param_u64(results, result, "total", tally->total);
    fw_result_param(results, result, "target", target);
}

static void judge(const struct fw_facts *facts, struct fw_results *results,
                  const struct fw_source_view *source)
{
    if (source->traffic == 0) {
        struct fw_result *result = fw_log_result(results, "LOG-003", FW_RESULT_OPEN, source,
                                                 "open.no_traffic", FW_SV("fields"));
        fw_result_param_u64(results, result, "total", source->events);
        return;
    }
    double percent = fw_facts_threshold(facts, "LOG-003.completeness_percent", 99);
    fw_sv target = fw_log_number(results, percent);
    enum fw_required worst = FW_REQUIRED_COUNT;
    uint64_t judged = 0;
    bool failed = false;
    for (int i = 0; i < FW_REQUIRED_COUNT; i++) {
        enum fw_required field = (enum fw_required)i;
        const struct fw_tally *tally = &source->fields[field];
        if (tally->total == 0) {
            continue;
        }
        bool cannot = is_impossible(source->format, field);
        if (cannot && source->other_formats > 0 && below(tally, percent)) {
            add_mixed(results, source, field);
            failed = true; /* nothing is passed as a whole */
            continue;
        }
        if (cannot && tally->present == 0) {
            fw_sv name = fw_sv_from(fw_required_name(field));
            struct fw_result *result = fw_log_result(results, "LOG-003", FW_RESULT_NA, source,
                                                     "na.field", name);
            fw_result_param(results, result, "field", name);
            continue;
        }
        judged++;
        if (below(tally, percent)) {
            add_missing(results, source, field, target);
            failed = true;
        } else if (worst == FW_REQUIRED_COUNT || less_complete(tally, &source->fields[worst])) {
            worst = field;
        }
    }
    if (failed || worst == FW_REQUIRED_COUNT) {
        return;
    }
    struct fw_result *result = fw_log_result(results, "LOG-003", FW_RESULT_PASS, source,
                                             judged == FW_REQUIRED_COUNT ? "pass" : "pass.some",
                                             FW_SV("fields"));
    fw_result_param_u64(results, result, "n", judged);
    const struct fw_tally *tally = &source->fields[worst];
    fw_result_measured(result, fw_log_percent(results, tally->present, tally->total), target);
    fw_result_param(results, result, "value", result->measured);
    fw_result_param(results, result, "field", fw_sv_from(fw_required_name(worst)));
    fw_result_param(results, result, "target", target);
    fw_result_param_u64(results, result, "total", source->traffic);
}

static void run(const struct fw_facts *facts, struct fw_results *results)
{
    size_t index = 0;
    const struct fw_source_view *source;
    while ((source = fw_log_next(facts, results, "LOG-003", &index))) {
        if (fw_log_of_traffic(facts, source)) {
            judge(facts, results, source);
        }
    }
}

const struct fw_analyzer fw_analyzer_required_fields = {
    .check = "LOG-003",
    .logs = true,
    .run = run,
};
