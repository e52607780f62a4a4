/* TIM-004: how far is a source's clock off the collector's? */
#include "analyzers/logs/about.h"
#include "analyzers/logs/clock.h"
#include "analyzers/logs/paired.h"

/* What the clocks of others say of this one: so many are within the limit, so many are not. */
struct verdicts {
    uint64_t agree, differ, unsure;
    const struct fw_pair_skew *worst; /* of those that decide */
    uint64_t events;                  /* connections that it was measured with */
    struct fw_buf names;
};

static double worst_of(const struct fw_pair_skew *pair)
{
    return (double)pair->fit.most_ns + (double)pair->fit.within_ns;
}

static void count_pairs(const struct fw_source_view *source, double ns, struct verdicts *ret)
{
    for (size_t i = 0; i < source->npairs; i++) {
        const struct fw_skew_fit *fit = &source->pairs[i].fit;
        bool differ = (double)fit->most_ns - (double)fit->within_ns > ns;
        bool agree = worst_of(&source->pairs[i]) <= ns;
        ret->differ += differ;
        ret->agree += agree;
        ret->unsure += !differ && !agree;
    }
}

static void name_pairs(const struct fw_source_view *source, double ns, bool differing,
                       struct verdicts *ret)
{
    for (size_t i = 0; i < source->npairs; i++) {
        const struct fw_pair_skew *pair = &source->pairs[i];
        bool differ = (double)pair->fit.most_ns - (double)pair->fit.within_ns > ns;
        if (differ != differing || (!differ && worst_of(pair) > ns)) {
            continue;
        }
        fw_buf_add_cstr(&ret->names, ret->names.n > 0 ? ", " : "");
        fw_buf_add(&ret->names, pair->other);
        ret->events += pair->fit.used;
        if (!ret->worst || worst_of(pair) > worst_of(ret->worst)) {
            ret->worst = pair;
        }
    }
}

static fw_sv signed_text(struct fw_results *results, double value)
{
    fw_sv text = fw_log_number(results, value < 0 ? -value : value);
    bool minus = value < 0 && !fw_sv_is(text, "0");
    return fw_arena_printf(results->arena, "%s%.*s", minus ? "-" : "", FW_SV_ARG(text));
}

/* The same connections in the logs of others. Two clocks that differ do not say which of them is
 * wrong: it is the one that differs from more than it agrees with, and both of two alone. */
static bool judge_pairs(struct fw_results *results, const struct fw_source_view *source,
                        double limit)
{
    struct verdicts v = {.agree = 0};
    double ns = limit * (double)FW_NS_PER_SEC;
    count_pairs(source, ns, &v);
    bool fails = v.differ > v.agree;
    bool passes = v.agree > 0 && !fails;
    if (!fails && !passes) {
        return false; /* too coarse */
    }
    fw_buf_init(&v.names);
    name_pairs(source, ns, fails, &v);
    const struct fw_skew_fit *fit = &v.worst->fit;
    struct fw_result *result = fw_log_result(results, "TIM-004",
                                             fails ? FW_RESULT_FAIL : FW_RESULT_PASS, source,
                                             fails ? "fail" : "pass", FW_SV("skew"));
    /* A failure is told by what is proven, all else by the worst that can be. */
    double off = fails ? (double)fit->most_ns - (double)fit->within_ns : worst_of(v.worst);
    fw_result_measured(result, fw_log_number(results, off / (double)FW_NS_PER_SEC),
                       fw_log_number(results, limit));
    fw_result_param(results, result, "value", result->measured);
    fw_result_param(results, result, "target", result->target);
    fw_result_param_u64(results, result, "total", v.events);
    fw_result_param(results, result, "list", fw_buf_keep(&v.names, results->arena));
    fw_result_param(results, result, "offset",
                    signed_text(results, (double)fit->offset_ns / (double)FW_NS_PER_SEC));
    fw_result_param(results, result, "within",
                    fw_log_number(results, (double)fit->within_ns / (double)FW_NS_PER_SEC + 0.005));
    fw_result_param(results, result, "drift", signed_text(results, fit->drift_ppm));
    fw_result_param(results, result, "drift_within",
                    fw_log_number(results, fit->drift_within_ppm + 0.005));
    return true;
}

/* Between what the middle of the differences lies. Fast or slow is the same; a bin on both sides of
 * zero may be no difference at all. */
static void bounds(const struct fw_clock_summary *clock, int64_t *ret_near, int64_t *ret_far)
{
    int64_t least;
    int64_t most;
    fw_clock_bounds(clock, 0.5, &least, &most);
    *ret_near = least > 0 ? least : most < 0 ? -most : 0;
    *ret_far = -least > most ? -least : most;
}

/* Delay makes single lines late, never early; so the middle of them is what the clock is off by. */
static void judge(const struct fw_facts *facts, struct fw_results *results,
                  const struct fw_source_view *source)
{
    static const struct fw_clock_words words = {"skew", "pass.received", "fail.received",
                                                "open.coarse"};
    const struct fw_clock_summary *clock = &source->clock;
    double limit = fw_facts_threshold(facts, "TIM-004.skew_seconds", 2);
    bool received = clock->samples > 0 && clock->zone_unknown != clock->samples;
    int64_t near = 0;
    int64_t far = 0;
    if (received) {
        bounds(clock, &near, &far);
    }
    double ns = limit * (double)FW_NS_PER_SEC;
    bool coarse = !received || ((double)near <= ns && (double)far > ns);
    if (coarse && source->npairs > 0 && judge_pairs(results, source, limit)) {
        return;
    }
    if (!received) {
        struct fw_result *result = fw_log_result(results, "TIM-004", FW_RESULT_OPEN, source,
                                                 "open.one_clock", FW_SV("skew"));
        fw_result_param_u64(results, result, "total", source->events);
        return;
    }
    fw_clock_judge(results, "TIM-004", source, &words, near, far, limit);
}

static void run(const struct fw_facts *facts, struct fw_results *results)
{
    size_t index = 0;
    const struct fw_source_view *source;
    while ((source = fw_log_next(facts, results, "TIM-004", &index))) {
        judge(facts, results, source);
    }
}

const struct fw_analyzer fw_analyzer_skew = {
    .check = "TIM-004",
    .logs = true,
    .run = run,
};
