/* TIM-005: was a device's clock set, and does an administrator's action explain it? */
#include "analyzers/logs/about.h"
#include "analyzers/logs/clock.h"

/* How far an action may lie from the step it explains, in the time of the device, which jumped. */
#define NEAR_NS (600 * FW_NS_PER_SEC)

/* "timeout" is about something else. */
static bool is_about_time(fw_sv text)
{
    size_t time = fw_sv_find_nocase(text, "time");
    return fw_sv_find_nocase(text, "clock") < text.n || fw_sv_find_nocase(text, "ntp") < text.n ||
           fw_sv_find_nocase(text, "reload") < text.n ||
           (time < text.n && fw_sv_find_nocase(text, "timeout") != time);
}

static bool is_explained(const struct fw_source_view *source, const struct fw_view_step *step)
{
    for (size_t i = 0; i < source->nadmin; i++) {
        int64_t after = source->admin[i].ns - step->ns;
        int64_t before = source->admin[i].ns - (step->ns - step->by);
        if (is_about_time(source->admin[i].text) &&
            ((after < NEAR_NS && after > -NEAR_NS) || (before < NEAR_NS && before > -NEAR_NS))) {
            return true;
        }
    }
    return false;
}

/* Events that would show a step. */
static uint64_t watched(const struct fw_source_view *source)
{
    uint64_t serials = source->serial.present > 1 ? source->serial.present : 0;
    return source->clock.samples > serials ? source->clock.samples : serials;
}

static void judge(const struct fw_facts *facts, struct fw_results *results,
                  const struct fw_source_view *source)
{
    double limit = fw_facts_threshold(facts, "TIM-005.step_seconds", 2);
    uint64_t n = 0;
    if (watched(source) == 0) {
        struct fw_result *result = fw_log_result(results, "TIM-005", FW_RESULT_OPEN, source,
                                                 "open.one_time", FW_SV("steps"));
        fw_result_param_u64(results, result, "total", source->events);
        return;
    }
    for (size_t i = 0; i < source->nsteps; i++) {
        const struct fw_view_step *step = &source->steps[i];
        double seconds = (double)step->by / (double)FW_NS_PER_SEC;
        double size = seconds < 0 ? -seconds : seconds;
        if (size <= limit || is_explained(source, step)) {
            continue;
        }
        fw_sv subject = fw_arena_printf(results->arena, "%lld",
                                        (long long)(step->ns / FW_NS_PER_SEC));
        struct fw_result *result = fw_log_result(results, "TIM-005", FW_RESULT_FAIL, source, "fail",
                                                 subject);
        fw_sv value = fw_log_number(results, size);
        fw_sv shown = seconds < 0 ? fw_arena_printf(results->arena, "-%.*s", FW_SV_ARG(value))
                                  : value;
        fw_log_param_time(facts, results, result, "first", step->ns);
        fw_result_param(results, result, "value", shown);
        result->input = step->at.path;
        result->span = (fw_span){step->at.at.offset, 0, (uint32_t)step->at.at.line};
        n++;
    }
    if (n == 0 && fw_log_whole(results, "TIM-005", source, source->steps_lost, 0, FW_SV("steps"))) {
        fw_log_count(results, "TIM-005", source, 0, watched(source), FW_SV("steps"));
    }
}

static void run(const struct fw_facts *facts, struct fw_results *results)
{
    size_t index = 0;
    const struct fw_source_view *source;
    while ((source = fw_log_next(facts, results, "TIM-005", &index))) {
        judge(facts, results, source);
    }
}

const struct fw_analyzer fw_analyzer_steps = {
    .check = "TIM-005",
    .logs = true,
    .run = run,
};
