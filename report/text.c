/* A run for a person at a terminal: short, in cells, what failed first, what to do next last. */
#include "report/proofs.h"
#include "report/terminal.h"

enum { INPUTS_SHOWN = 8 };

static fw_sv lines_text(const struct fw_survey *survey, struct fw_line_counts lines)
{
    struct fw_param params[] = {
        {"total", fw_survey_number(survey, lines.total)},
        {"used", fw_survey_number(survey, lines.used)},
        {"ignored", fw_survey_number(survey, lines.ignored)},
        {"unsupported", fw_survey_number(survey, lines.unsupported)},
        {"bad", fw_survey_number(survey, lines.bad)},
    };
    return fw_survey_text(survey, "text.lines", params, sizeof(params) / sizeof(params[0]));
}

static void add_counts(struct fw_line_counts *sum, struct fw_line_counts lines)
{
    sum->total += lines.total;
    sum->used += lines.used;
    sum->ignored += lines.ignored;
    sum->unsupported += lines.unsupported;
    sum->bad += lines.bad;
}

static void put_inputs(struct fw_terminal *t)
{
    const struct fw_inputs *inputs = t->survey.in->inputs;
    struct fw_line_counts sum = {0};
    size_t missing = 0;
    for (size_t i = 0; i < inputs->n; i++) {
        const struct fw_input *input = &inputs->v[i];
        missing += input->missing;
        if (!input->missing) {
            add_counts(&sum, input->lines);
        }
        if (inputs->n > INPUTS_SHOWN) {
            continue;
        }
        struct fw_buf line;
        fw_buf_init(&line);
        fw_buf_add(&line, input->path);
        if (input->missing) {
            fw_buf_add_cstr(&line, ": ");
            fw_buf_add(&line, fw_survey_word(&t->survey, "text.missing"));
        } else {
            fw_buf_printf(&line, "  %s  ", input->format);
            fw_buf_add(&line, lines_text(&t->survey, input->lines));
        }
        fw_terminal_wrap(t, fw_buf_sv(&line), 0, 4);
        fw_buf_clear(&line);
    }
    if (inputs->n > INPUTS_SHOWN) {
        struct fw_param params[] = {
            {"n", fw_survey_number(&t->survey, inputs->n)},
            {"missing", fw_survey_number(&t->survey, missing)},
            {"list", lines_text(&t->survey, sum)},
        };
        fw_terminal_wrap(t, fw_survey_text(&t->survey, "text.inputs", params, 3), 0, 4);
    }
}

static void put_heading(struct fw_terminal *t)
{
    const struct fw_report_input *in = t->survey.in;
    fw_terminal_style(t, FW_STYLE_BOLD);
    fw_buf_add(t->out, fw_survey_word(&t->survey, fw_survey_heading(in->kind)));
    fw_terminal_style(t, FW_STYLE_NONE);
    fw_buf_add_char(t->out, '\n');
    if (in->kind == FW_REPORT_SITE && in->facts->site) {
        struct fw_buf line;
        fw_buf_init(&line);
        fw_buf_add(&line, in->lang == FW_LANG_EN && in->facts->site->agency_en.n > 0
                              ? in->facts->site->agency_en
                              : in->facts->site->agency);
        fw_buf_add_cstr(&line, "  ");
        fw_buf_add(&line, in->facts->site->period);
        fw_buf_add_cstr(&line, "  ");
        fw_buf_add(&line, in->facts->profile ? in->facts->profile->title[in->lang] : FW_SV(""));
        fw_terminal_wrap(t, fw_buf_sv(&line), 0, 4);
        fw_buf_clear(&line);
    }
    put_inputs(t);
    if (in->facts->has_as_of && in->as_of_from) {
        struct fw_buf key;
        fw_buf_init(&key);
        fw_buf_printf(&key, "as_of.%s", in->as_of_from);
        struct fw_param params[] = {
            {"date", fw_survey_as_of(&t->survey)},
            {"from", key.p ? fw_survey_word(&t->survey, key.p) : FW_SV("")},
        };
        fw_terminal_wrap(t, fw_survey_text(&t->survey, "text.as_of", params, 2), 0, 4);
        fw_buf_clear(&key);
    }
    const struct fw_catalogue *catalogue = in->results->catalogue;
    if (catalogue->overridden) {
        char hex[FW_SHA256_HEX + 1];
        fw_sha256_hex(catalogue->sha256, hex);
        struct fw_param params[] = {{"path", catalogue->dir}, {"value", fw_sv_from(hex)}};
        fw_terminal_wrap(t, fw_survey_text(&t->survey, "text.overridden", params, 2), 0, 4);
    }
    fw_buf_add_char(t->out, '\n');
}

/* Whether all results that passed were held against the same target. */
static bool one_target(const struct fw_result *results, size_t n)
{
    const struct fw_result *first = NULL;
    for (size_t i = 0; i < n; i++) {
        if (results[i].state == FW_RESULT_PASS) {
            first = first == NULL ? &results[i] : first;
            if (!fw_sv_eq(first->target, results[i].target)) {
                return false;
            }
        }
    }
    return true;
}

static void add_measured(const struct fw_terminal *t, struct fw_buf *out, fw_sv measured,
                         fw_sv target)
{
    struct fw_param params[] = {{"measured", measured}, {"target", target}};
    fw_buf_add(out, fw_survey_text(&t->survey, "text.measured", params, 2));
}

/* "0 (target 0)", "asa1 0, gw1 0 (target 0)", or "asa1 2 (target 2), gw1 1 (target 1)". */
static void put_measured(const struct fw_terminal *t, struct fw_buf *out,
                         const struct fw_survey_check *check)
{
    enum { SUBJECTS = 6 };
    const struct fw_result *results = t->survey.in->results->v + check->from;
    bool together = one_target(results, check->n);
    struct fw_buf list;
    fw_sv target = {0};
    size_t n = 0;
    fw_buf_init(&list);
    for (size_t k = 0; k < check->n; k++) {
        if (results[k].state != FW_RESULT_PASS || n++ >= SUBJECTS) {
            continue; /* beside a PASS there may be a N/A, which measured nothing */
        }
        target = results[k].target;
        fw_buf_add_cstr(&list, n > 1 ? ", " : "");
        if (check->n > 1) {
            fw_buf_add(&list, results[k].device);
            fw_buf_add_cstr(&list, results[k].device.n > 0 ? " " : "");
        }
        if (together) {
            fw_buf_add(&list, results[k].measured);
        } else {
            add_measured(t, &list, results[k].measured, target);
        }
    }
    if (n > SUBJECTS) {
        fw_buf_printf(&list, ", +%zu", n - SUBJECTS);
    }
    if (together && n > 0) {
        add_measured(t, out, fw_buf_sv(&list), target);
    } else {
        fw_buf_add(out, fw_buf_sv(&list));
    }
    fw_buf_clear(&list);
}

/* One line a check: what was measured, against what. */
static void put_passed(struct fw_terminal *t)
{
    bool any = false;
    for (size_t i = 0; i < t->survey.n; i++) {
        const struct fw_survey_check *check = &t->survey.checks[t->order[i]];
        if (check->state == FW_RESULT_PASS) {
            struct fw_buf measured;
            fw_buf_init(&measured);
            put_measured(t, &measured, check);
            fw_terminal_title(t, check, fw_buf_sv(&measured));
            fw_buf_clear(&measured);
            any = true;
        }
    }
    fw_buf_add_cstr(t->out, any ? "\n" : "");
}

/* Why a check does not apply. */
static void put_excluded(struct fw_terminal *t)
{
    for (size_t i = 0; i < t->survey.n; i++) {
        const struct fw_survey_check *check = &t->survey.checks[i];
        if (check->state != FW_RESULT_NA) {
            continue;
        }
        fw_terminal_title(t, check, FW_SV(""));
        for (size_t k = 0; k < check->n; k++) {
            const struct fw_result *result = &t->survey.in->results->v[check->from + k];
            fw_terminal_wrap(t, fw_survey_sentence(&t->survey, result, t->survey.in->lang, false),
                             2, 4);
        }
        fw_buf_add_char(t->out, '\n');
    }
}

/* Checks that wait for a person: names only, the words are in `explain`. Those that this version
 * does not compute are counted in the summary. */
static void put_manual(struct fw_terminal *t)
{
    struct fw_buf list;
    fw_buf_init(&list);
    for (size_t i = 0; i < t->survey.n; i++) {
        if (t->survey.checks[i].state == FW_RESULT_MANUAL &&
            fw_survey_answered(&t->survey.checks[i])) {
            fw_buf_add_cstr(&list, list.n > 0 ? ", " : "");
            fw_buf_add(&list, t->survey.checks[i].check->id);
        }
    }
    if (list.n > 0) {
        fw_terminal_state(t, FW_RESULT_MANUAL);
        fw_buf_add_cstr(t->out, "  ");
        fw_terminal_wrap_from(t, fw_buf_sv(&list), t->state_width + 2, t->state_width + 2);
        fw_buf_add_char(t->out, '\n');
    }
    fw_buf_clear(&list);
}

static void put_summary(struct fw_terminal *t)
{
    bool zh = t->survey.in->lang == FW_LANG_ZH_TW;
    struct fw_buf list;
    fw_buf_init(&list);
    for (int state = 0; state < FW_RESULT_COUNT; state++) {
        size_t n = t->survey.counts[state];
        if (n == 0) {
            continue;
        }
        fw_buf_add_cstr(&list, list.n == 0 ? "" : zh ? "、" : ", ");
        fw_sv name = fw_survey_state(&t->survey, (enum fw_result_state)state);
        fw_buf_printf(&list, zh ? "%.*s%zu" : "%.*s %zu", FW_SV_ARG(name), n);
    }
    struct fw_param params[] = {
        {"total", fw_survey_number(&t->survey, t->survey.n)},
        {"list", fw_buf_sv(&list)},
        {"n", fw_survey_number(&t->survey, t->survey.uncomputed)},
    };
    fw_terminal_style(t, FW_STYLE_BOLD);
    fw_terminal_wrap(t, fw_survey_text(&t->survey, "text.adds_up", params, 2), 0, 4);
    fw_terminal_style(t, FW_STYLE_NONE);
    if (t->survey.uncomputed > 0) {
        fw_terminal_wrap(t, fw_survey_text(&t->survey, "text.not_computed", params, 3), 0, 4);
    }
    fw_buf_clear(&list);
}

static void put_proofs(struct fw_terminal *t)
{
    struct fw_proof_counts counts;
    if (!fw_proof_count(t->survey.in->facts, &counts)) {
        return;
    }
    struct fw_param params[] = {
        {"total", fw_survey_number(&t->survey, counts.rules)},
        {"witness", fw_survey_number(&t->survey, counts.proofs[FW_PROOF_WITNESS])},
        {"certificate", fw_survey_number(&t->survey, counts.proofs[FW_PROOF_CERTIFICATE])},
        {"steps", fw_survey_number(&t->survey, counts.steps)},
        {"n", fw_survey_number(&t->survey, counts.undetermined)},
        {"wrong", fw_survey_number(&t->survey, counts.proofs[FW_PROOF_WRONG])},
    };
    fw_terminal_wrap(
        t, fw_survey_text(&t->survey, "text.proofs", params, sizeof(params) / sizeof(params[0])), 0,
        4);
}

static void put_next(struct fw_terminal *t)
{
    const struct fw_survey *survey = &t->survey;
    const struct fw_survey_check *first = survey->n > 0 ? &survey->checks[t->order[0]] : NULL;
    bool failed = first && (first->state == FW_RESULT_FAIL || first->state == FW_RESULT_OPEN);
    if (failed && survey->in->next.n == 0) {
        struct fw_param id = {"check", first->check->id};
        fw_terminal_wrap(t, fw_survey_text(survey, "text.next_explain", &id, 1), 0, 4);
    }
    if (survey->in->next.n > 0) {
        struct fw_param path = {"path", survey->in->next};
        fw_terminal_wrap(t, fw_survey_text(survey, "text.pack_at", &path, 1), 0, 4);
        fw_terminal_wrap(t, fw_survey_text(survey, "text.next_sign", &path, 1), 0, 4);
        fw_terminal_wrap(t, fw_survey_text(survey, "text.next_countersign", &path, 1), 0, 4);
        fw_terminal_wrap(t, fw_survey_text(survey, "text.next_verify", &path, 1), 0, 4);
    }
}

static void write(const struct fw_report_input *in, struct fw_buf *out)
{
    struct fw_arena arena;
    struct fw_terminal terminal;
    fw_arena_init(&arena, 0);
    fw_terminal_init(&terminal, in, &arena, out);
    put_heading(&terminal);
    if (in->kind == FW_REPORT_LOGS || in->kind == FW_REPORT_IDS) {
        fw_terminal_sources(&terminal);
    }
    if (in->kind == FW_REPORT_IDS) {
        fw_terminal_ids(&terminal);
    }
    fw_terminal_findings(&terminal);
    put_passed(&terminal);
    put_excluded(&terminal);
    fw_terminal_mergeable(&terminal);
    put_manual(&terminal);
    put_summary(&terminal);
    put_proofs(&terminal);
    put_next(&terminal);
    fw_arena_clear(&arena);
}

const struct fw_report fw_report_text = {
    .name = "text",
    .extension = "txt",
    .title = "terminal",
    .kinds = FW_REPORT_ALL,
    .write = write,
};
