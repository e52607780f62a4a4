/* What does the answer to a check rest on, with hashes to compare? */
#include "analyzers/analyzer.h"
#include "core/sha256.h"
#include "evidence/logindex.h"
#include "report/html.h"

/* Opens the fact with its first line. */
static void next_line(struct fw_html *html, bool *any)
{
    if (*any) {
        fw_html_raw(html, "<br>");
    } else {
        fw_html_word(html, "<dt>", "label.evidence", "</dt><dd>");
    }
    *any = true;
}

/* The files that the results of a check are about, each once. */
static void files(struct fw_html *html, const struct fw_survey_check *check, bool *any)
{
    const struct fw_result *results = &html->in->results->v[check->from];
    for (size_t i = 0; i < check->n; i++) {
        bool seen = !results[i].has_input_sha256;
        for (size_t k = 0; k < i && !seen; k++) {
            seen = fw_sv_eq(results[k].input, results[i].input);
        }
        if (!seen) {
            next_line(html, any);
            fw_html_put(html, "", results[i].input, " ");
            fw_html_hash(html, results[i].input_sha256);
        }
    }
}

/* Sensors are asked for their settings, which are files, or for their alerts; the archive for both
 * its past and its present. */
static bool answered_from_logs(const char *id, bool has_files)
{
    for (size_t i = 0; fw_analyzers[i]; i++) {
        if (strcmp(fw_analyzers[i]->check, id) == 0) {
            return fw_analyzers[i]->logs || (!fw_analyzers[i]->rules && !has_files);
        }
    }
    return false;
}

static size_t count_logs(const struct fw_inputs *inputs, const fw_sv *device)
{
    size_t n = 0;
    for (size_t i = 0; i < inputs->n; i++) {
        const struct fw_input *input = &inputs->v[i];
        n += input->role == FW_INPUT_LOG && !input->missing &&
             (!device || fw_sv_eq(input->device, *device));
    }
    return n;
}

/* Logs are many files: the index of a pack has a line with a hash for each of them. */
static void indexed_logs(struct fw_html *html, const struct fw_survey_check *check, bool *any)
{
    enum { NAMED = 12 };
    const struct fw_check_state *states = &html->in->results->states[check->states_from];
    const char *comma = html->in->lang == FW_LANG_ZH_TW ? "、" : ", ";
    struct fw_buf list;
    size_t total = 0;
    size_t named = 0;
    fw_buf_init(&list);
    for (size_t i = 0; i < check->nstates; i++) {
        size_t n = count_logs(html->in->inputs, &states[i].device);
        total += n;
        if (n > 0 && named++ < NAMED) {
            fw_buf_add_cstr(&list, named > 1 ? comma : "");
            fw_buf_add(&list, states[i].device);
            fw_buf_add_cstr(&list, " ");
            fw_buf_add(&list, fw_survey_number(&html->survey, n));
        }
    }
    fw_buf_add_cstr(&list, named > NAMED ? " …" : "");
    struct fw_param params[] = {{"path", FW_SV(FW_PACK_LOG_INDEX)},
                                {"total", fw_survey_number(&html->survey, total)},
                                {"list", fw_buf_sv(&list)}};
    if (total > 0) {
        next_line(html, any);
        fw_html_put(html, "", fw_survey_text(&html->survey, "text.evidence_index", params, 3), " ");
        fw_html_hash(html, html->log_index);
    }
    fw_buf_clear(&list);
}

static void logs(struct fw_html *html, const struct fw_survey_check *check, bool *any)
{
    if (!answered_from_logs(check->id, *any)) {
        return;
    }
    if (html->in->kind == FW_REPORT_SITE) {
        indexed_logs(html, check, any);
        return;
    }
    size_t n = count_logs(html->in->inputs, NULL);
    struct fw_param total = {"total", fw_survey_number(&html->survey, n)};
    if (n > 0) {
        next_line(html, any);
        fw_html_put(html, "<a href=\"#inputs\">",
                    fw_survey_text(&html->survey, "text.evidence_inputs", &total, 1), "</a>");
    }
}

static void review(struct fw_html *html, const struct fw_earlier_review *earlier, bool *any)
{
    next_line(html, any);
    fw_html_put(html, "", earlier->period, " ");
    fw_html_hash(html, earlier->head);
}

/* Whether reviews were made is seen from their packs. */
static void reviews(struct fw_html *html, const struct fw_survey_check *check, bool *any)
{
    const struct fw_facts *facts = html->in->facts;
    bool asked = fw_sv_is(check->check->group, "WFL") && !*any;
    for (size_t i = 0; i < facts->nreviews && asked; i++) {
        review(html, &facts->reviews[facts->nreviews - 1 - i], any);
    }
    if (asked && !*any && facts->previous) {
        review(html, facts->previous, any);
    }
}

/* What people answered, by the documents that they point to. */
static void documents(struct fw_html *html, const struct fw_survey_check *check, bool *any)
{
    const struct fw_site *site = html->in->facts->site;
    for (size_t i = 0; site && i < site->nattestations; i++) {
        const struct fw_site_attestation *said = &site->attestations[i];
        const struct fw_input *document = fw_inputs_document(html->in->inputs, said->evidence);
        if (document && fw_sv_is(said->check, check->id)) {
            next_line(html, any);
            fw_html_put(html, "", document->path, " ");
            fw_html_hash(html, document->info.sha256);
        }
    }
}

void fw_html_evidence(struct fw_html *html, const struct fw_survey_check *check)
{
    bool any = false;
    files(html, check, &any);
    logs(html, check, &any);
    reviews(html, check, &any);
    documents(html, check, &any);
    fw_html_raw(html, any ? "</dd>\n" : "");
}

fw_sha256 fw_html_log_index(const struct fw_report_input *in)
{
    struct fw_buf index;
    fw_buf_init(&index);
    fw_log_index_text(in->inputs, &index);
    fw_sha256 hash = fw_sha256_of(fw_buf_sv(&index));
    fw_buf_clear(&index);
    return hash;
}
