/* A run as JUnit XML, for servers that gate on tests: one suite a group of checks, one case a check
 * and subject. What lacks evidence or a person's verdict is skipped with a message, never passed.
 */
#include "core/text.h"
#include "core/time.h"
#include "report/survey.h"

struct sums {
    size_t tests, failures, errors, skipped;
};

static bool skips(enum fw_result_state state)
{
    return state == FW_RESULT_OPEN || state == FW_RESULT_MANUAL || state == FW_RESULT_NA;
}

static void add(struct sums *sums, enum fw_result_state state)
{
    sums->tests++;
    sums->failures += state == FW_RESULT_FAIL;
    sums->errors += state == FW_RESULT_ERROR;
    sums->skipped += skips(state);
}

static void attribute(struct fw_buf *out, const char *name, fw_sv value)
{
    fw_buf_printf(out, " %s=\"", name);
    fw_text_html(out, value);
    fw_buf_add_char(out, '"');
}

static void numbers(struct fw_buf *out, const struct sums *sums)
{
    fw_buf_printf(out, " tests=\"%zu\" failures=\"%zu\" errors=\"%zu\" skipped=\"%zu\"",
                  sums->tests, sums->failures, sums->errors, sums->skipped);
}

static struct sums sums_of(const struct fw_survey *survey, size_t from, size_t to)
{
    struct sums sums = {0};
    for (size_t i = from; i < to; i++) {
        for (size_t k = 0; k < survey->checks[i].nstates; k++) {
            add(&sums, survey->in->results->states[survey->checks[i].states_from + k].state);
        }
        if (survey->checks[i].nstates == 0) { /* asked of nothing: that is missing evidence */
            add(&sums, survey->checks[i].state);
        }
    }
    return sums;
}

/* The sentences of a subject, one a line. */
static void sentences(struct fw_buf *out, const struct fw_survey *survey,
                      const struct fw_survey_check *check, fw_sv device)
{
    for (size_t k = 0; k < check->n; k++) {
        const struct fw_result *result = &survey->in->results->v[check->from + k];
        if (!fw_sv_eq(result->device, device)) {
            continue;
        }
        if (result->input.n > 0) {
            fw_text_html(out, result->input);
            fw_buf_printf(out, ":%u: ", result->span.line);
        }
        fw_text_html(out, fw_survey_sentence(survey, result, survey->in->lang, false));
        fw_buf_add_char(out, '\n');
    }
}

static fw_sv first_sentence(const struct fw_survey *survey, const struct fw_survey_check *check,
                            fw_sv device)
{
    for (size_t k = 0; k < check->n; k++) {
        const struct fw_result *result = &survey->in->results->v[check->from + k];
        if (fw_sv_eq(result->device, device)) {
            return fw_survey_sentence(survey, result, survey->in->lang, false);
        }
    }
    return fw_survey_state(survey, check->state);
}

static void outcome(struct fw_buf *out, const struct fw_survey *survey,
                    const struct fw_survey_check *check, fw_sv device, enum fw_result_state state)
{
    const char *element = state == FW_RESULT_FAIL    ? "failure"
                          : state == FW_RESULT_ERROR ? "error"
                          : skips(state)             ? "skipped"
                                                     : NULL;
    if (!element) {
        return;
    }
    fw_buf_printf(out, "      <%s", element);
    attribute(out, "message", first_sentence(survey, check, device));
    if (state != FW_RESULT_FAIL && state != FW_RESULT_ERROR) {
        fw_buf_add_cstr(out, "/>\n");
        return;
    }
    attribute(out, "type", fw_sv_from(fw_severity_name(check->severity)));
    fw_buf_add_char(out, '>');
    sentences(out, survey, check, device);
    fw_buf_printf(out, "</%s>\n", element);
}

static void testcase(struct fw_buf *out, const struct fw_survey *survey,
                     const struct fw_survey_check *check, fw_sv device, enum fw_result_state state)
{
    fw_sv title = check->check->title[survey->in->lang];
    fw_buf_add_cstr(out, "    <testcase");
    attribute(out, "classname", fw_arena_printf(survey->arena, "fwproof.%s", check->id));
    attribute(out, "name",
              fw_arena_printf(survey->arena, device.n > 0 ? "%.*s [%.*s]" : "%.*s%.*s",
                              FW_SV_ARG(title), FW_SV_ARG(device)));
    fw_buf_add_cstr(out, " time=\"0\">\n      <properties>\n        <property name=\"state\"");
    attribute(out, "value", fw_sv_from(fw_result_state_name(state)));
    fw_buf_add_cstr(out, "/>\n      </properties>\n");
    outcome(out, survey, check, device, state);
    fw_buf_add_cstr(out, "    </testcase>\n");
}

static void testsuite(struct fw_buf *out, const struct fw_survey *survey, size_t from, size_t to)
{
    struct sums sums = sums_of(survey, from, to);
    fw_buf_add_cstr(out, "  <testsuite");
    attribute(out, "name", survey->checks[from].check->group);
    numbers(out, &sums);
    fw_buf_add_cstr(out, " time=\"0\"");
    if (survey->in->facts->has_as_of) {
        struct fw_buf text;
        fw_buf_init(&text);
        fw_time_text(&text,
                     survey->in->facts->as_of_ns - survey->in->facts->as_of_ns % FW_NS_PER_SEC);
        attribute(out, "timestamp", fw_sv_sub(fw_buf_sv(&text), 0, 19)); /* without the zone */
        fw_buf_clear(&text);
    }
    fw_buf_add_cstr(out, ">\n");
    for (size_t i = from; i < to; i++) {
        const struct fw_survey_check *check = &survey->checks[i];
        for (size_t k = 0; k < check->nstates; k++) {
            const struct fw_check_state *state = &survey->in->results
                                                      ->states[check->states_from + k];
            testcase(out, survey, check, state->device, state->state);
        }
        if (check->nstates == 0) {
            testcase(out, survey, check, FW_SV(""), check->state);
        }
    }
    fw_buf_add_cstr(out, "  </testsuite>\n");
}

static void write(const struct fw_report_input *in, struct fw_buf *out)
{
    struct fw_arena arena;
    struct fw_survey survey;
    fw_arena_init(&arena, 0);
    fw_survey_make(&survey, in, &arena);
    struct sums sums = sums_of(&survey, 0, survey.n);
    fw_buf_add_cstr(out,
                    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"fwproof\"");
    numbers(out, &sums);
    fw_buf_add_cstr(out, " time=\"0\">\n");
    for (size_t from = 0; from < survey.n;) {
        size_t to = from + 1;
        while (to < survey.n &&
               fw_sv_eq(survey.checks[from].check->group, survey.checks[to].check->group)) {
            to++;
        }
        testsuite(out, &survey, from, to);
        from = to;
    }
    fw_buf_add_cstr(out, "</testsuites>\n");
    fw_arena_clear(&arena);
}

const struct fw_report fw_report_junit = {
    .name = "junit",
    .extension = "xml",
    .title = "JUnit XML",
    .kinds = FW_REPORT_ALL,
    .write = write,
};
