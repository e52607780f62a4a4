/* Which checks were asked, how did each end, and how many ended how? */
#include "report/survey.h"

#include <inttypes.h>
#include <stdlib.h>

#include "core/time.h"

static void add_check(struct fw_survey *survey, fw_sv id)
{
    const struct fw_results *results = survey->in->results;
    const struct fw_check *check = fw_check_find(results->catalogue, id);
    if (!check) {
        return;
    }
    struct fw_survey_check row = {
        .check = check,
        .id = fw_arena_cstr(survey->arena, id),
        .severity = check->severity,
    };
    if (survey->in->facts->profile) {
        row.asked = fw_profile_check_find(survey->in->facts->profile, check);
    }
    row.state = fw_results_state(results, row.id);
    for (size_t i = 0; i < results->n; i++) {
        if (fw_sv_is(id, results->v[i].check)) {
            row.from = row.n == 0 ? i : row.from;
            row.n++;
        }
    }
    for (size_t i = 0; i < results->nstates; i++) {
        if (fw_sv_is(id, results->states[i].check)) {
            row.states_from = row.nstates == 0 ? i : row.states_from;
            row.nstates++;
        }
    }
    survey->checks = fw_arena_push(survey->arena, survey->checks, survey->n,
                                   sizeof(*survey->checks));
    survey->checks[survey->n++] = row;
    survey->counts[row.state]++;
    survey->uncomputed += row.state == FW_RESULT_MANUAL && !check->computed;
}

void fw_survey_make(struct fw_survey *survey, const struct fw_report_input *in,
                    struct fw_arena *arena)
{
    *survey = (struct fw_survey){.in = in, .arena = arena};
    const struct fw_results *results = in->results;
    const struct fw_profile *profile = in->facts->profile;
    if (in->kind == FW_REPORT_SITE && profile) {
        for (size_t i = 0; i < profile->n; i++) {
            add_check(survey, profile->checks[i].check->id);
        }
        return;
    }
    for (size_t i = 0; i < results->nstates; i++) {
        if (i == 0 || strcmp(results->states[i - 1].check, results->states[i].check) != 0) {
            add_check(survey, fw_sv_from(results->states[i].check));
        }
    }
}

bool fw_survey_answered(const struct fw_survey_check *check)
{
    return check->check->computed || check->state != FW_RESULT_MANUAL;
}

static bool comes_before(const struct fw_survey_check *a, const struct fw_survey_check *b)
{
    if (fw_survey_answered(a) != fw_survey_answered(b)) {
        return fw_survey_answered(a);
    }
    if (a->state != b->state) {
        return a->state < b->state;
    }
    return a->severity > b->severity; /* equal ones stay as they are: by id */
}

const size_t *fw_survey_order(const struct fw_survey *survey)
{
    size_t *order = fw_new_array(survey->arena, survey->n + 1, size_t);
    for (size_t i = 0; i < survey->n; i++) {
        size_t at = i;
        while (at > 0 && comes_before(&survey->checks[i], &survey->checks[order[at - 1]])) {
            order[at] = order[at - 1];
            at--;
        }
        order[at] = i;
    }
    return order;
}

struct named {
    const struct fw_result *result;
    size_t index;
};

static int by_name(const void *left, const void *right)
{
    const struct named *a = left;
    const struct named *b = right;
    int order = memcmp(a->result->fingerprint.b, b->result->fingerprint.b,
                       sizeof(a->result->fingerprint.b));
    return order != 0 ? order : (a->index > b->index) - (a->index < b->index);
}

const uint32_t *fw_survey_twins(const struct fw_survey *survey)
{
    const struct fw_results *results = survey->in->results;
    struct named *v = fw_new_array(survey->arena, results->n + 1, struct named);
    uint32_t *twins = fw_new_array(survey->arena, results->n + 1, uint32_t);
    for (size_t i = 0; i < results->n; i++) {
        v[i] = (struct named){&results->v[i], i};
    }
    if (results->n > 0) {
        qsort(v, results->n, sizeof(*v), by_name);
    }
    for (size_t i = 1; i < results->n; i++) {
        bool same = memcmp(v[i - 1].result->fingerprint.b, v[i].result->fingerprint.b,
                           sizeof(v[i].result->fingerprint.b)) == 0;
        twins[v[i].index] = same ? twins[v[i - 1].index] + 1 : 0;
    }
    return twins;
}

/* The configuration that a result is about; NULL. */
static const struct fw_snapshot *snapshot_of(const struct fw_report_input *in,
                                             const struct fw_result *result)
{
    for (size_t i = 0; i < in->facts->ndevices; i++) {
        const struct fw_device_facts *device = &in->facts->devices[i];
        for (size_t k = device->nsnapshots; k-- > 0;) {
            const struct fw_snapshot *snapshot = &device->snapshots[k];
            if (fw_sv_eq(device->name, result->device) && fw_sv_eq(snapshot->path, result->input)) {
                return snapshot;
            }
        }
    }
    return NULL;
}

fw_sv fw_survey_line(const struct fw_survey *survey, const struct fw_result *result, uint32_t line)
{
    const struct fw_snapshot *snapshot = snapshot_of(survey->in, result);
    if (!snapshot || !snapshot->doc || line == 0) {
        return (fw_sv){0};
    }
    return fw_sv_trim(fw_doc_line_shown(snapshot->doc, line, survey->arena));
}

fw_sv fw_survey_sentence(const struct fw_survey *survey, const struct fw_result *result,
                         enum fw_lang lang, bool with_lead)
{
    struct fw_buf buf;
    fw_buf_init(&buf);
    fw_result_sentence(survey->in->results, result, lang, with_lead, &buf);
    return fw_buf_keep(&buf, survey->arena);
}

bool fw_survey_is_finding(const struct fw_result *result)
{
    return result->state == FW_RESULT_FAIL || result->state == FW_RESULT_OPEN ||
           result->state == FW_RESULT_WAIVED || result->state == FW_RESULT_ERROR;
}

fw_sv fw_survey_word(const struct fw_survey *survey, const char *key)
{
    return fw_word(survey->in->results->catalogue, key, survey->in->lang);
}

fw_sv fw_survey_text(const struct fw_survey *survey, const char *key, const struct fw_param *params,
                     size_t n)
{
    struct fw_buf buf;
    fw_buf_init(&buf);
    fw_words_render(&buf, fw_survey_word(survey, key), params, n);
    return fw_buf_keep(&buf, survey->arena);
}

fw_sv fw_survey_render(const struct fw_survey *survey, fw_sv text, const struct fw_param *params,
                       size_t n)
{
    struct fw_buf buf;
    fw_buf_init(&buf);
    fw_words_render(&buf, text, params, n);
    return fw_buf_keep(&buf, survey->arena);
}

fw_sv fw_survey_number(const struct fw_survey *survey, uint64_t number)
{
    char digits[24];
    char grouped[32];
    int n = snprintf(digits, sizeof(digits), "%" PRIu64, number);
    size_t at = 0;
    for (int i = 0; i < n; i++) {
        if (i > 0 && (n - i) % 3 == 0) {
            grouped[at++] = ',';
        }
        grouped[at++] = digits[i];
    }
    return fw_arena_copy(survey->arena, fw_sv_of(grouped, at));
}

fw_sv fw_survey_as_of(const struct fw_survey *survey)
{
    const struct fw_facts *facts = survey->in->facts;
    if (!facts->has_as_of) {
        return (fw_sv){0};
    }
    return fw_date_keep(survey->arena, fw_date_of(facts->as_of_ns, facts->zone_seconds));
}

fw_sv fw_survey_state(const struct fw_survey *survey, enum fw_result_state state)
{
    static const char *const words[FW_RESULT_COUNT] = {
        [FW_RESULT_ERROR] = "state.ERROR",   [FW_RESULT_FAIL] = "state.FAIL",
        [FW_RESULT_OPEN] = "state.OPEN",     [FW_RESULT_MANUAL] = "state.MANUAL",
        [FW_RESULT_WAIVED] = "state.WAIVED", [FW_RESULT_PASS] = "state.PASS",
        [FW_RESULT_NA] = "state.NA",
    };
    return fw_survey_word(survey, words[state]);
}

const char *fw_survey_heading(enum fw_report_kind kind)
{
    return kind == FW_REPORT_RULES  ? "heading.rules"
           : kind == FW_REPORT_LOGS ? "heading.logs"
           : kind == FW_REPORT_IDS  ? "heading.ids"
                                    : "heading.review";
}

fw_sv fw_survey_title(const struct fw_survey *survey, const struct fw_survey_check *check)
{
    struct fw_param title = {"title", check->check->title[survey->in->lang]};
    return check->state == FW_RESULT_PASS ? fw_survey_text(survey, "text.not_found", &title, 1)
                                          : title.value;
}
