/* A run as metrics for the textfile collector of Prometheus' node exporter: what a nightly run
 * watches. */
#include <inttypes.h>

#include "analyzers/logs/source_view.h"
#include "core/text.h"
#include "core/time.h"
#include "report/survey.h"

/* Text exposition format 0.0.4: backslash, quote and line feed are escaped in label values. */
static void label(struct fw_buf *out, const char *name, fw_sv value)
{
    struct fw_buf safe;
    fw_buf_init(&safe);
    fw_text_safe(&safe, value);
    fw_buf_printf(out, "%s=\"", name);
    for (size_t i = 0; i < safe.n; i++) {
        if (safe.p[i] == '\\' || safe.p[i] == '"') {
            fw_buf_add_char(out, '\\');
        }
        fw_buf_add_char(out, safe.p[i]);
    }
    fw_buf_add_char(out, '"');
    fw_buf_clear(&safe);
}

static void head(struct fw_buf *out, const char *name, const char *help)
{
    fw_buf_printf(out, "# HELP %s %s\n# TYPE %s gauge\n", name, help, name);
}

static void checks(struct fw_buf *out, const struct fw_survey *survey)
{
    head(out, "fwproof_checks", "Checks by state; they add up to the checks of the profile.");
    for (int state = 0; state < FW_RESULT_COUNT; state++) {
        fw_buf_add_cstr(out, "fwproof_checks{");
        label(out, "state", fw_sv_from(fw_result_state_name((enum fw_result_state)state)));
        fw_buf_printf(out, "} %zu\n", survey->counts[state]);
    }
    head(out, "fwproof_checks_not_computed", "Of the MANUAL ones: without an analyzer.");
    fw_buf_printf(out, "fwproof_checks_not_computed %zu\n", survey->uncomputed);
}

static void findings(struct fw_buf *out, const struct fw_survey *survey)
{
    size_t n[FW_RESULT_COUNT][FW_SEVERITY_COUNT] = {{0}};
    const struct fw_results *results = survey->in->results;
    for (size_t i = 0; i < results->n; i++) {
        n[results->v[i].state][results->v[i].severity] += fw_survey_is_finding(&results->v[i]);
    }
    head(out, "fwproof_findings", "Findings by state and severity.");
    for (int state = 0; state < FW_RESULT_COUNT; state++) {
        struct fw_result probe = {.state = (enum fw_result_state)state};
        for (int severity = 0; fw_survey_is_finding(&probe) && severity < FW_SEVERITY_COUNT;
             severity++) {
            fw_buf_add_cstr(out, "fwproof_findings{");
            label(out, "state", fw_sv_from(fw_result_state_name((enum fw_result_state)state)));
            fw_buf_add_char(out, ',');
            label(out, "severity", fw_sv_from(fw_severity_name((enum fw_severity)severity)));
            fw_buf_printf(out, "} %zu\n", n[state][severity]);
        }
    }
}

static void lines(struct fw_buf *out, const struct fw_survey *survey)
{
    struct fw_line_counts sum = {0};
    size_t missing = 0;
    for (size_t i = 0; i < survey->in->inputs->n; i++) {
        const struct fw_input *input = &survey->in->inputs->v[i];
        missing += input->missing;
        if (!input->missing) {
            sum.used += input->lines.used;
            sum.ignored += input->lines.ignored;
            sum.unsupported += input->lines.unsupported;
            sum.bad += input->lines.bad;
        }
    }
    head(out, "fwproof_input_lines", "Lines read, by what became of them.");
    fw_buf_printf(out,
                  "fwproof_input_lines{verdict=\"used\"} %" PRIu64
                  "\nfwproof_input_lines{verdict=\"ignored\"} %" PRIu64
                  "\nfwproof_input_lines{verdict=\"unsupported\"} %" PRIu64
                  "\nfwproof_input_lines{verdict=\"bad\"} %" PRIu64 "\n",
                  sum.used, sum.ignored, sum.unsupported, sum.bad);
    head(out, "fwproof_inputs_missing", "Declared inputs that were not there.");
    fw_buf_printf(out, "fwproof_inputs_missing %zu\n", missing);
}

/* One series of every log source. */
static void sources(struct fw_buf *out, const struct fw_survey *survey, const char *name,
                    const char *help, int64_t (*value)(const struct fw_source_view *source))
{
    const struct fw_facts *facts = survey->in->facts;
    if (facts->nsources == 0) {
        return;
    }
    head(out, name, help);
    for (size_t i = 0; i < facts->nsources; i++) {
        int64_t n = value(&facts->sources[i]);
        if (n >= 0) {
            fw_buf_printf(out, "%s{", name);
            label(out, "source", facts->sources[i].name);
            fw_buf_printf(out, "} %" PRId64 "\n", n);
        }
    }
}

static int64_t last_of(const struct fw_source_view *source)
{
    return source->has_time ? source->last_ns / FW_NS_PER_SEC : -1;
}

static int64_t events_of(const struct fw_source_view *source)
{
    return source->events > INT64_MAX ? INT64_MAX : (int64_t)source->events;
}

static int64_t months_of(const struct fw_source_view *source)
{
    return source->has_months && source->has_time ? (int64_t)source->months_kept : -1;
}

static int64_t gaps_of(const struct fw_source_view *source)
{
    return (int64_t)source->gaps.n;
}

static void write(const struct fw_report_input *in, struct fw_buf *out)
{
    struct fw_arena arena;
    struct fw_survey survey;
    fw_arena_init(&arena, 0);
    fw_survey_make(&survey, in, &arena);
    checks(out, &survey);
    findings(out, &survey);
    lines(out, &survey);
    sources(out, &survey, "fwproof_source_last_event_timestamp_seconds",
            "Time of the newest event of a log source.", last_of);
    sources(out, &survey, "fwproof_source_events", "Events of a log source.", events_of);
    sources(out, &survey, "fwproof_source_months_kept", "Whole calendar months kept.", months_of);
    sources(out, &survey, "fwproof_source_gaps", "Improbable silences.", gaps_of);
    if (in->facts->has_as_of) {
        head(out, "fwproof_as_of_timestamp_seconds", "The date counted from.");
        fw_buf_printf(out, "fwproof_as_of_timestamp_seconds %" PRId64 "\n",
                      in->facts->as_of_ns / FW_NS_PER_SEC);
    }
    fw_arena_clear(&arena);
}

const struct fw_report fw_report_prometheus = {
    .name = "prometheus",
    .extension = "prom",
    .title = "Prometheus textfile",
    .kinds = FW_REPORT_ALL,
    .write = write,
};
