/* Which rows has an auditor's form, and what stands in each column? */
#include "report/forms.h"

#include <stdlib.h>

#include "core/text.h"
#include "core/time.h"

/* A cell with more points is no cell: the attachment has all of them. */
enum { POINTS = 20 };

/* --- rows ---------------------------------------------------------------------------------------
 */

static bool row_class(const struct fw_survey *survey, const struct fw_survey_check *check,
                      enum fw_form_class *ret)
{
    bool improve = false;
    for (size_t k = 0; k < check->n; k++) {
        const struct fw_result *result = &survey->in->results->v[check->from + k];
        improve = improve || (result->state == check->state && result->class == FW_CLASS_IMPROVE);
    }
    switch (check->state) {
    case FW_RESULT_FAIL:
        *ret = improve ? FW_FORM_IMPROVE : FW_FORM_SUGGEST;
        return true;
    case FW_RESULT_OPEN: /* what the law asks for and nobody can show is to be improved too */
        *ret = FW_FORM_IMPROVE;
        return improve && check->n > 0;
    case FW_RESULT_PASS:
        *ret = FW_FORM_PRAISE;
        return check->n > 0;
    case FW_RESULT_ERROR:
    case FW_RESULT_MANUAL:
    case FW_RESULT_WAIVED:
    case FW_RESULT_NA:
    case FW_RESULT_COUNT:
        break;
    }
    return false;
}

/* Items as the profile orders them; checks of no item come last. */
static size_t item_rank(const struct fw_survey *survey, const struct fw_survey_check *check)
{
    const struct fw_profile *profile = survey->in->facts->profile;
    for (size_t i = 0; profile && check->asked && i < profile->nitems; i++) {
        if (fw_sv_eq(profile->items[i].item, check->asked->item)) {
            return i;
        }
    }
    return SIZE_MAX;
}

void fw_form_rows_make(const struct fw_survey *survey, struct fw_form_rows *ret)
{
    struct fw_form_row *v = fw_new_array(survey->arena, survey->n + 1, struct fw_form_row);
    size_t n = 0;
    for (size_t i = 0; i < survey->n; i++) {
        struct fw_form_row row = {.check = &survey->checks[i]};
        if (!row_class(survey, row.check, &row.class)) {
            continue;
        }
        size_t at = n++;
        while (at > 0 && item_rank(survey, v[at - 1].check) > item_rank(survey, row.check)) {
            v[at] = v[at - 1];
            at--;
        }
        v[at] = row;
    }
    for (size_t i = 0; i < n; i++) {
        v[i].number = i + 1;
    }
    *ret = (struct fw_form_rows){n, v};
}

/* --- cells --------------------------------------------------------------------------------------
 */

fw_sv fw_form_attachment_name(const struct fw_survey *survey, const struct fw_form_row *row)
{
    struct fw_param params[] = {
        {"n", fw_arena_printf(survey->arena, "%02zu", row->number)},
        {"check", fw_sv_from(row->check->id)},
    };
    return fw_survey_text(survey, "form.attachment", params, 2);
}

/* All items that the law asks the check under: "7.9, 8.1". */
static fw_sv items_cell(const struct fw_survey *survey, const struct fw_survey_check *check)
{
    struct fw_buf buf;
    fw_buf_init(&buf);
    for (size_t i = 0; check->asked && i < check->asked->nitems; i++) {
        fw_buf_add_cstr(&buf, i > 0 ? ", " : "");
        fw_buf_add(&buf, check->asked->items[i]);
    }
    return fw_buf_keep(&buf, survey->arena);
}

/* The sentences that made the state; several are numbered, as auditors do. */
static fw_sv finding_cell(const struct fw_survey *survey, const struct fw_survey_check *check)
{
    enum fw_lang lang = survey->in->lang;
    size_t n = 0;
    size_t shown = 0;
    struct fw_buf buf;
    for (size_t k = 0; k < check->n; k++) {
        n += survey->in->results->v[check->from + k].state == check->state;
    }
    fw_buf_init(&buf);
    for (size_t k = 0; k < check->n; k++) {
        const struct fw_result *result = &survey->in->results->v[check->from + k];
        if (result->state != check->state || shown == POINTS) {
            continue;
        }
        shown++;
        if (n > 1) {
            fw_buf_printf(&buf, lang == FW_LANG_ZH_TW ? "%s%zu、" : "%s%zu. ",
                          shown > 1 ? "\n" : "", shown);
        }
        /* Basis and duty once; every point then says what was seen. */
        fw_buf_add(&buf, fw_survey_sentence(survey, result, lang, shown == 1));
    }
    if (n > shown) {
        struct fw_param more = {"n", fw_survey_number(survey, n - shown)};
        fw_buf_add_char(&buf, '\n');
        fw_buf_add(&buf, fw_survey_text(survey, "form.more", &more, 1));
    }
    return fw_buf_keep(&buf, survey->arena);
}

static fw_sv attached(const struct fw_survey *survey, const struct fw_form_row *row, fw_sv before)
{
    struct fw_param params[] = {
        {"value", before},
        {"n", fw_arena_printf(survey->arena, "%02zu", row->number)},
        {"check", fw_sv_from(row->check->id)},
    };
    return fw_sv_trim(fw_survey_text(survey, "form.attached", params, 3));
}

/* What the agency answered to this check in its filled-in form; NULL. */
static const struct fw_improvement *answer_to(const struct fw_survey *survey,
                                              const struct fw_survey_check *check)
{
    return fw_improvement_find(survey->in->facts->improvements, fw_sv_from(check->id));
}

/* Its date: 已完成, or when it is due. */
static fw_sv date_cell(const struct fw_survey *survey, const struct fw_improvement *answer)
{
    if (!answer || (!answer->done && answer->due_ns == INT64_MIN)) {
        return FW_SV("");
    }
    if (answer->done) {
        return fw_survey_word(survey, "form.done_value");
    }
    struct fw_date due = fw_date_of(answer->due_ns, survey->in->facts->zone_seconds);
    return fw_arena_printf(survey->arena, "%04d/%02u/%02u", due.year, due.month, due.day);
}

/* The four words of the form, as far as the answer and this review tell. */
static fw_sv state_cell(const struct fw_survey *survey, const struct fw_survey_check *check,
                        const struct fw_improvement *answer)
{
    if (!answer || (!answer->done && answer->due_ns == INT64_MIN)) {
        return FW_SV("");
    }
    bool late = !answer->done && answer->due_ns < survey->in->facts->as_of_ns;
    if (check->state == FW_RESULT_PASS) {
        return fw_survey_word(survey, late ? "form.done_late" : "form.done_in_time");
    }
    if (answer->done) {
        return fw_survey_word(survey, "form.done_said");
    }
    return fw_survey_word(survey, late ? "form.late" : "form.under_way");
}

static fw_sv measure_cell(const struct fw_survey *survey, const struct fw_form_row *row)
{
    const struct fw_improvement *answer = answer_to(survey, row->check);
    if (answer && row->class != FW_FORM_PRAISE) {
        return answer->measure; /* it names its attachment */
    }
    fw_sv remedy = row->class == FW_FORM_PRAISE ? FW_SV("")
                                                : row->check->check->remedy[survey->in->lang];
    return attached(survey, row, remedy);
}

static fw_sv class_cell(const struct fw_survey *survey, enum fw_form_class class)
{
    static const char *const words[] = {"form.class_improve", "form.class_suggest",
                                        "form.class_praise"};
    return fw_survey_word(survey, words[class]);
}

/* Were the others looked at for the same? A machine looks at all of them. */
static fw_sv similar_cell(const struct fw_survey *survey, const struct fw_survey_check *check)
{
    size_t same = 0;
    struct fw_buf list;
    fw_buf_init(&list);
    for (size_t k = 0; k < check->nstates; k++) {
        const struct fw_check_state *state = &survey->in->results->states[check->states_from + k];
        if (state->state == check->state) {
            same++;
            fw_buf_add_cstr(&list, list.n == 0                         ? ""
                                   : survey->in->lang == FW_LANG_ZH_TW ? "、"
                                                                       : ", ");
            fw_buf_add(&list, state->device.n > 0 ? state->device
                                                  : fw_survey_word(survey, "label.whole_site"));
        }
    }
    struct fw_param params[] = {
        {"total", fw_survey_number(survey, check->nstates)},
        {"n", fw_survey_number(survey, same)},
        {"list", fw_buf_sv(&list)},
    };
    fw_sv text = fw_survey_text(survey, "form.similar", params, 3);
    fw_buf_clear(&list);
    return text;
}

/* --- 稽核項目紀錄表 ------------------------------------------------------------------------------
 */

/* 符合, 部分符合, 不符合, 不適用; what nobody could judge is none of them. */
static const char *item_result(const size_t counts[FW_RESULT_COUNT])
{
    size_t bad = counts[FW_RESULT_FAIL] + counts[FW_RESULT_ERROR];
    size_t good = counts[FW_RESULT_PASS] + counts[FW_RESULT_WAIVED];
    if (bad > 0) {
        return good > 0 ? "form.partly" : "state.FAIL";
    }
    if (counts[FW_RESULT_OPEN] > 0) {
        return "state.OPEN";
    }
    if (counts[FW_RESULT_MANUAL] > 0) {
        return "state.MANUAL";
    }
    return good > 0 ? "state.PASS" : "state.NA";
}

struct item_cells {
    struct fw_buf scope, findings, proofs;
    size_t counts[FW_RESULT_COUNT];
    size_t n;
    bool tested;
};

static void add_once(struct fw_buf *buf, fw_sv text, const char *between)
{
    fw_sv rest = fw_buf_sv(buf);
    fw_sv part;
    while (fw_sv_split(&rest, '\n', &part)) {
        if (fw_sv_eq(part, text)) {
            return;
        }
    }
    fw_buf_add_cstr(buf, buf->n > 0 ? between : "");
    fw_buf_add(buf, text);
}

static void add_check(const struct fw_survey *survey, const struct fw_form_rows *rows,
                      const struct fw_survey_check *check, struct item_cells *cells)
{
    cells->n++;
    cells->counts[check->state]++;
    if (!fw_survey_answered(check)) {
        return;
    }
    cells->tested = cells->tested || check->check->computed;
    for (size_t k = 0; k < check->nstates; k++) {
        fw_sv device = survey->in->results->states[check->states_from + k].device;
        add_once(&cells->scope, device.n > 0 ? device : fw_survey_word(survey, "label.whole_site"),
                 "\n");
    }
    fw_buf_add_cstr(&cells->findings, cells->findings.n > 0 ? "\n" : "");
    fw_buf_printf(&cells->findings, "%s ", check->id);
    fw_buf_add(&cells->findings, check->check->title[survey->in->lang]);
    fw_buf_add_cstr(&cells->findings, survey->in->lang == FW_LANG_ZH_TW ? "：" : ": ");
    fw_buf_add(&cells->findings, fw_survey_state(survey, check->state));
    for (size_t i = 0; i < rows->n; i++) {
        if (rows->v[i].check == check) {
            struct fw_buf proof;
            fw_buf_init(&proof);
            fw_form_attachment(survey, &rows->v[i], &proof);
            char hex[FW_SHA256_HEX + 1];
            fw_sha256_hex(fw_sha256_of(fw_buf_sv(&proof)), hex);
            fw_buf_clear(&proof);
            fw_buf_printf(&cells->proofs, "%s%.*s (%s)", cells->proofs.n > 0 ? "\n" : "",
                          FW_SV_ARG(fw_form_attachment_name(survey, &rows->v[i])), hex);
        }
    }
}

static void record_rows(const struct fw_survey *survey, const struct fw_form_rows *rows,
                        struct fw_form_sheet *sheet)
{
    static const struct fw_profile none;
    const struct fw_profile *profile = survey->in->facts->profile;
    enum fw_lang lang = survey->in->lang;
    profile = profile ? profile : &none;
    for (size_t i = 0; i < profile->nitems; i++) {
        const struct fw_profile_item *item = &profile->items[i];
        struct item_cells cells = {.n = 0};
        fw_buf_init(&cells.scope);
        fw_buf_init(&cells.findings);
        fw_buf_init(&cells.proofs);
        fw_sv basis = {0};
        for (size_t k = 0; k < survey->n; k++) {
            const struct fw_survey_check *check = &survey->checks[k];
            if (check->asked && fw_sv_eq(check->asked->item, item->item)) {
                add_check(survey, rows, check, &cells);
                basis = basis.n > 0 ? basis : check->check->basis[lang];
            }
        }
        struct fw_param param = {"item", item->item};
        fw_sv cited = profile->basis[lang].n > 0
                          ? fw_survey_render(survey, profile->basis[lang], &param, 1)
                          : basis;
        if (cells.n > 0) {
            fw_sv *row = sheet->rows[sheet->n++];
            row[0] = item->item;
            row[1] = item->question[lang];
            row[2] = cited;
            row[3] = fw_survey_word(survey, cells.tested ? "form.method_test" : "form.method_look");
            row[4] = fw_arena_copy(survey->arena, fw_buf_sv(&cells.scope));
            row[5] = fw_arena_copy(survey->arena, fw_buf_sv(&cells.findings));
            row[6] = fw_arena_copy(survey->arena, fw_buf_sv(&cells.proofs));
            row[7] = fw_survey_word(survey, item_result(cells.counts));
        }
        fw_buf_clear(&cells.scope);
        fw_buf_clear(&cells.findings);
        fw_buf_clear(&cells.proofs);
    }
}

/* --- the other three ----------------------------------------------------------------------------
 */

static void improvement_row(const struct fw_survey *survey, const struct fw_form_row *row,
                            fw_sv *cells)
{
    cells[0] = fw_arena_printf(survey->arena, "%zu", row->number);
    cells[1] = class_cell(survey, row->class);
    cells[2] = items_cell(survey, row->check);
    cells[3] = FW_SV("C"); /* the technical group */
    cells[4] = finding_cell(survey, row->check);
    cells[5] = measure_cell(survey, row);
    cells[6] = row->class == FW_FORM_PRAISE ? fw_survey_word(survey, "form.done_value")
                                            : date_cell(survey, answer_to(survey, row->check));
}

static void result_row(const struct fw_survey *survey, const struct fw_form_row *row, fw_sv *cells)
{
    cells[0] = fw_arena_printf(survey->arena, "%zu", row->number);
    cells[1] = fw_survey_word(survey, "form.aspect_technical");
    cells[2] = class_cell(survey, row->class);
    cells[3] = items_cell(survey, row->check);
    cells[4] = finding_cell(survey, row->check);
    cells[6] = row->class == FW_FORM_PRAISE ? FW_SV("") : similar_cell(survey, row->check);
    cells[7] = row->class == FW_FORM_PRAISE ? FW_SV("")
                                            : row->check->check->remedy[survey->in->lang];
    cells[10] = fw_form_attachment_name(survey, row);
}

static void tracking_row(const struct fw_survey *survey, const struct fw_form_row *row,
                         fw_sv *cells)
{
    const struct fw_improvement *answer = answer_to(survey, row->check);
    enum fw_result_state state = row->check->state;
    cells[0] = fw_arena_printf(survey->arena, "%zu", row->number);
    cells[1] = state == FW_RESULT_PASS && answer ? answer->finding
                                                 : finding_cell(survey, row->check);
    cells[2] = answer ? answer->measure : row->check->check->remedy[survey->in->lang];
    cells[3] = answer && !answer->done ? date_cell(survey, answer) : FW_SV("");
    cells[5] = state_cell(survey, row->check, answer);
    cells[6] = fw_survey_word(survey, state == FW_RESULT_PASS   ? "form.gone"
                                      : state == FW_RESULT_FAIL ? "form.still_there"
                                                                : "form.not_shown");
    cells[7] = fw_form_attachment_name(survey, row);
}

/* A finding that was answered is tracked when it is gone, too. */
static bool has_row(const struct fw_survey *survey, enum fw_form form,
                    const struct fw_form_row *row)
{
    const struct fw_improvement *answer = answer_to(survey, row->check);
    return form != FW_FORM_TRACKING || row->class != FW_FORM_PRAISE ||
           (answer && answer->class != FW_IMPROVEMENT_PRAISE);
}

/* --- sheets -------------------------------------------------------------------------------------
 */

struct column {
    const char *word;
    unsigned width;
};

static const struct {
    const char *name, *title;
    struct column columns[FW_FORM_COLUMNS];
    void (*row)(const struct fw_survey *survey, const struct fw_form_row *row, fw_sv *cells);
} forms[FW_FORM_COUNT] = {
    [FW_FORM_IMPROVEMENT] = {"form.improvement",
                             "heading.improvement",
                             {{"form.number", 6},
                              {"form.class", 13},
                              {"form.item", 14},
                              {"form.group", 8},
                              {"form.finding", 60},
                              {"form.measure", 50},
                              {"form.done", 15}},
                             improvement_row},
    [FW_FORM_RECORD] = {"form.record",
                        "form.record",
                        {{"form.record_number", 14},
                         {"form.record_item", 40},
                         {"form.record_basis", 24},
                         {"form.record_method", 12},
                         {"form.record_scope", 14},
                         {"form.record_finding", 40},
                         {"form.record_proof", 34},
                         {"form.record_result", 14},
                         {"form.record_signature", 14},
                         {"form.record_date", 12}},
                        NULL},
    [FW_FORM_RESULT] = {"form.result",
                        "form.result",
                        {{"form.number", 6},
                         {"form.aspect", 8},
                         {"form.kind", 13},
                         {"form.item", 14},
                         {"form.audit_finding", 50},
                         {"form.cause", 20},
                         {"form.similar_column", 24},
                         {"form.measures", 36},
                         {"form.schedule", 14},
                         {"form.follow_up", 16},
                         {"form.proof", 26},
                         {"form.progress", 14},
                         {"form.manager", 12}},
                        result_row},
    [FW_FORM_TRACKING] = {"form.tracking",
                          "form.tracking",
                          {{"form.number", 6},
                           {"form.class_improve", 50},
                           {"form.measure", 36},
                           {"form.due", 13},
                           {"form.finished", 13},
                           {"form.state", 14},
                           {"form.effect", 24},
                           {"form.evidence", 26},
                           {"form.conclusion", 16}},
                          tracking_row},
};

static fw_sv title_of(const struct fw_survey *survey, enum fw_form form)
{
    const struct fw_site *site = survey->in->facts->site;
    struct fw_date date = fw_date_of(survey->in->facts->as_of_ns, survey->in->facts->zone_seconds);
    struct fw_param params[] = {
        {"year", fw_arena_printf(survey->arena, "%d",
                                 survey->in->lang == FW_LANG_ZH_TW ? date.year - 1911 : date.year)},
        {"source", site ? site->agency : FW_SV("")},
        {"title", fw_survey_word(survey, forms[form].title)},
        {"date", fw_arena_printf(survey->arena, "%04d/%02u/%02u", date.year, date.month, date.day)},
    };
    return fw_survey_text(survey, "form.title", params, 4);
}

void fw_form_make(const struct fw_survey *survey, enum fw_form form, struct fw_form_sheet *ret)
{
    struct fw_form_rows rows;
    fw_form_rows_make(survey, &rows);
    *ret = (struct fw_form_sheet){
        .name = fw_survey_word(survey, forms[form].name),
        .title = title_of(survey, form),
        .note = form == FW_FORM_IMPROVEMENT ? fw_survey_word(survey, "form.note") : FW_SV(""),
    };
    while (ret->columns < FW_FORM_COLUMNS && forms[form].columns[ret->columns].word) {
        ret->heads[ret->columns] = fw_survey_word(survey, forms[form].columns[ret->columns].word);
        ret->widths[ret->columns] = forms[form].columns[ret->columns].width;
        ret->columns++;
    }
    size_t items = survey->in->facts->profile ? survey->in->facts->profile->nitems : 0;
    size_t most = rows.n > items ? rows.n : items;
    ret->rows = fw_arena_alloc(survey->arena, (most + 1) * sizeof(*ret->rows));
    if (form == FW_FORM_RECORD) {
        record_rows(survey, &rows, ret);
        return;
    }
    for (size_t i = 0; i < rows.n; i++) {
        if (has_row(survey, form, &rows.v[i])) {
            forms[form].row(survey, &rows.v[i], ret->rows[ret->n++]);
        }
    }
}

void fw_form_csv(const struct fw_form_sheet *sheet, struct fw_buf *out)
{
    fw_buf_add_cstr(out, "\xef\xbb\xbf"); /* or Excel reads Chinese as something else */
    for (size_t i = 0; i <= sheet->n; i++) {
        const fw_sv *cells = i == 0 ? sheet->heads : sheet->rows[i - 1];
        for (size_t k = 0; k < sheet->columns; k++) {
            fw_buf_add_cstr(out, k > 0 ? "," : "");
            fw_text_csv(out, cells[k]);
        }
        fw_buf_add_char(out, '\n');
    }
}
