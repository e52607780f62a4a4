/* One page an audit item: the question, the answer, what was found, how to check it again. */
#include <inttypes.h>

#include "report/html.h"

static void quote(struct fw_html *html, uint32_t line, fw_sv text)
{
    fw_html_raw(html, "<pre class=\"quote\"><span class=\"ln\">");
    fw_buf_printf(html->out, "%" PRIu32, line);
    fw_html_put(html, "</span>", text, "</pre>\n");
}

static void place(struct fw_html *html, const struct fw_result *result, bool badge)
{
    const struct fw_survey *survey = &html->survey;
    if (result->input.n == 0 && result->device.n == 0 && !badge) {
        return;
    }
    fw_html_raw(html, "<p class=\"place\">");
    if (badge) {
        fw_html_badge(html, result->state);
        fw_html_raw(html, " ");
    }
    fw_html_text(html, result->device);
    if (result->input.n > 0 && !fw_sv_eq(result->input, result->device)) {
        fw_html_put(html, " · ", result->input, "");
    }
    if (result->span.line > 0) {
        fw_buf_printf(html->out, ":%" PRIu32, result->span.line);
    }
    if (result->has_rule) {
        struct fw_param params[] = {{"policy", result->rule.policy},
                                    {"position", fw_survey_number(survey, result->rule.position)}};
        fw_html_put(html, " · ", fw_survey_text(survey, "text.rule", params, 2), "");
        fw_html_put(html, " ", result->rule.id, "");
    }
    if (result->certainty != FW_PROVEN) {
        struct fw_buf key;
        fw_buf_init(&key);
        fw_buf_printf(&key, "certainty.%s", fw_certainty_name(result->certainty));
        fw_html_word(html, " · ", key.p ? key.p : "", "");
        fw_buf_clear(&key);
    }
    fw_html_raw(html, "</p>\n");
}

/* The calls through which a cause in another chain is met, then the cause. */
static void cause(struct fw_html *html, const struct fw_result *result, size_t i)
{
    size_t n = result->via ? result->via[i].n : 0;
    for (size_t k = 0; k <= n; k++) {
        const struct fw_rule_ref *ref = k < n ? &result->via[i].v[k] : &result->because[i];
        fw_sv text = fw_survey_line(&html->survey, result, ref->line);
        quote(html, ref->line, text.p ? text : ref->policy);
    }
}

static void rule_part(struct fw_html *html, const struct fw_result *result)
{
    if (result->has_rule && result->rule_text.n > 0) {
        quote(html, result->rule.line, result->rule_text);
    }
    if (result->nbecause > 0) {
        fw_html_word(html, "<p class=\"dim\">", "label.because", "</p>\n");
    }
    for (size_t i = 0; i < result->nbecause; i++) {
        cause(html, result, i);
    }
    if (result->has_witness) {
        struct fw_buf witness;
        fw_buf_init(&witness);
        fw_packet_text(&witness, &result->witness);
        fw_html_word(html, "<p><span class=\"dim\">", "label.witness", "</span> ");
        fw_html_put(html, "<code>", fw_buf_sv(&witness), "</code></p>\n");
        fw_buf_clear(&witness);
    }
}

/* What an auditor pastes, in the page's language; the other language is one click away. */
static void sentences(struct fw_html *html, const struct fw_result *result)
{
    enum fw_lang lang = html->in->lang;
    enum fw_lang other = lang == FW_LANG_EN ? FW_LANG_ZH_TW : FW_LANG_EN;
    fw_html_put(html, "<p class=\"sentence\">",
                fw_survey_sentence(&html->survey, result, lang, true), "</p>\n");
    fw_html_word(html, "<details class=\"other\"><summary>", "label.other_language", "</summary>");
    fw_html_raw(html, other == FW_LANG_EN ? "<p class=\"sentence\" lang=\"en\">"
                                          : "<p class=\"sentence\" lang=\"zh-Hant-TW\">");
    fw_html_put(html, "", fw_survey_sentence(&html->survey, result, other, true),
                "</p></details>\n");
}

static void result_item(struct fw_html *html, const struct fw_survey_check *check,
                        const struct fw_result *result)
{
    char hex[FW_SHA256_HEX + 1];
    fw_sha256_hex(result->fingerprint, hex);
    fw_html_raw(html, "<li data-state=\"");
    fw_html_raw(html, fw_html_state_class(result->state));
    fw_html_raw(html, "\">");
    place(html, result, result->state != check->state);
    if (html->has_history && html->history.is_new[result - html->in->results->v]) {
        fw_html_word(html, "<p class=\"fresh\">", "label.new", "</p>\n");
    }
    rule_part(html, result);
    sentences(html, result);
    if (fw_survey_is_finding(result)) {
        fw_html_word(html, "<p class=\"dim\">", "label.fingerprint", " ");
        fw_html_put(html, "<code class=\"hash\">", fw_sv_of(hex, 16), "</code></p>\n");
    }
    fw_html_raw(html, "</li>\n");
}

/* What made the check end so comes first. Long lists are cut into pieces: a browser lays out those
 * in sight. */
static void results_list(struct fw_html *html, const struct fw_survey_check *check)
{
    enum { PIECE = 10 };
    size_t n = 0;
    for (int pass = 0; pass < 2; pass++) {
        for (size_t i = 0; i < check->n; i++) {
            const struct fw_result *result = &html->in->results->v[check->from + i];
            if ((result->state != check->state) != (pass == 1)) {
                continue;
            }
            if (n % PIECE == 0) {
                fw_html_raw(html, n > 0 ? "</ol>\n" : "");
                fw_html_raw(html, check->n > PIECE ? "<ol class=\"findings many\">\n"
                                                   : "<ol class=\"findings\">\n");
            }
            result_item(html, check, result);
            n++;
        }
    }
    fw_html_raw(html, n > 0 ? "</ol>\n" : "");
}

/* What was looked at: every subject, none is drawn. */
static void sample(struct fw_html *html, const struct fw_survey_check *check)
{
    enum { NAMED = 12 };
    bool zh = html->in->lang == FW_LANG_ZH_TW;
    struct fw_buf list;
    fw_buf_init(&list);
    for (size_t i = 0; i < check->nstates && i < NAMED; i++) {
        fw_sv device = html->in->results->states[check->states_from + i].device;
        fw_buf_add_cstr(&list, i == 0 ? "" : zh ? "、" : ", ");
        fw_buf_add(&list,
                   device.n > 0 ? device : fw_survey_word(&html->survey, "label.whole_site"));
    }
    fw_buf_add_cstr(&list, check->nstates > NAMED ? " …" : "");
    struct fw_param params[] = {{"n", fw_survey_number(&html->survey, check->nstates)},
                                {"list", fw_buf_sv(&list)}};
    if (check->nstates > 0) {
        fw_html_fact(html, "label.sample", fw_survey_text(&html->survey, "text.sample", params, 2));
    }
    fw_buf_clear(&list);
}

static void about(struct fw_html *html, const struct fw_survey_check *check)
{
    enum fw_lang lang = html->in->lang;
    const struct fw_check *row = check->check;
    struct fw_buf refs;
    fw_buf_init(&refs);
    for (size_t i = 0; i < row->nrefs; i++) {
        fw_buf_add_cstr(&refs, i == 0 ? "" : lang == FW_LANG_ZH_TW ? "、" : ", ");
        fw_buf_add(&refs, row->refs[i]);
    }
    fw_html_raw(html, "<dl class=\"facts\">\n");
    sample(html, check);
    fw_html_fact(html, "label.recheck", row->recheck[lang]);
    fw_html_fact(html, "label.remedy", row->remedy[lang]);
    fw_html_fact(html, "label.basis", row->basis[lang]);
    fw_html_fact(html, "label.refs", fw_buf_sv(&refs));
    fw_html_evidence(html, check);
    fw_html_raw(html, "</dl>\n");
    fw_buf_clear(&refs);
}

static void measured_row(struct fw_html *html, fw_sv device, enum fw_result_state state,
                         fw_sv target, fw_sv measured)
{
    fw_html_put(html, "<tr><td class=\"break\">",
                device.n > 0 ? device : fw_survey_word(&html->survey, "label.whole_site"),
                "</td><td>");
    fw_html_badge(html, state);
    fw_html_put(html, "</td><td class=\"n\">", target, "</td>");
    fw_html_put(html, "<td class=\"n\">", measured, "</td></tr>\n");
}

/* A subject that failed without a number of its own: no finding is expected, so many are there. */
static void counted_row(struct fw_html *html, const struct fw_survey_check *check,
                        const struct fw_check_state *subject)
{
    uint64_t n = 0;
    for (size_t i = 0; i < check->n; i++) {
        const struct fw_result *result = &html->in->results->v[check->from + i];
        if (!fw_sv_eq(result->device, subject->device) || result->state != subject->state) {
            continue;
        }
        if (result->measured.n > 0) {
            return; /* it has its row */
        }
        n++;
    }
    struct fw_param param = {"n", fw_survey_number(&html->survey, n)};
    measured_row(html, subject->device, subject->state,
                 fw_survey_word(&html->survey, "text.findings_none"),
                 fw_survey_text(&html->survey, "text.findings_n", &param, 1));
}

/* What was asked of each subject and what was measured, side by side. */
static void measured_table(struct fw_html *html, const struct fw_survey_check *check)
{
    static const struct fw_html_column columns[] = {{"label.subject", NULL},
                                                    {"label.state", NULL},
                                                    {"label.expected", "n"},
                                                    {"label.actual", "n"}};
    const struct fw_result *results = &html->in->results->v[check->from];
    const struct fw_check_state *states = &html->in->results->states[check->states_from];
    size_t n = 0;
    for (size_t i = 0; i < check->n; i++) {
        n += results[i].measured.n > 0;
    }
    for (size_t i = 0; i < check->nstates; i++) {
        n += states[i].state == FW_RESULT_FAIL;
    }
    if (n == 0) {
        return;
    }
    fw_html_table(html, "measured", columns, sizeof(columns) / sizeof(columns[0]));
    for (size_t i = 0; i < check->n; i++) {
        if (results[i].measured.n > 0) {
            measured_row(html, results[i].device, results[i].state, results[i].target,
                         results[i].measured);
        }
    }
    for (size_t i = 0; i < check->nstates; i++) {
        if (states[i].state == FW_RESULT_FAIL) {
            counted_row(html, check, &states[i]);
        }
    }
    fw_html_raw(html, "</tbody>\n</table></div>\n");
}

/* Folds without a script. */
static void article(struct fw_html *html, const struct fw_survey_check *check)
{
    enum fw_lang lang = html->in->lang;
    struct fw_buf severity;
    fw_buf_init(&severity);
    fw_buf_printf(&severity, "severity.%s", fw_severity_name(check->severity));
    fw_html_put(html, "<details class=\"check\" open id=\"", check->check->id,
                "\">\n<summary><h3>");
    fw_html_badge(html, check->state);
    fw_html_put(html, " ", check->check->id, " ");
    fw_html_text(html, fw_survey_title(&html->survey, check));
    fw_html_word(html, " <span class=\"dim\">", severity.p ? severity.p : "",
                 "</span></h3></summary>\n");
    fw_buf_clear(&severity);
    fw_html_put(html, "<p class=\"dim\">", check->check->definition[lang], "</p>\n");
    measured_table(html, check);
    results_list(html, check);
    about(html, check);
    fw_html_raw(html, "</details>\n");
}

/* Boxes for ink: shown on paper only. */
static void signoff(struct fw_html *html)
{
    static const char *const roles[] = {"role.reviewer", "role.manager"};
    fw_html_raw(html, "<table class=\"signoff\">\n");
    for (size_t i = 0; i < sizeof(roles) / sizeof(roles[0]); i++) {
        fw_html_word(html, "<tr><td>", roles[i], "</td>");
        fw_html_word(html, "<td>", "label.signature", "</td>");
        fw_html_word(html, "<td>", "label.date", "</td></tr>\n");
    }
    fw_html_raw(html, "</table>\n");
}

/* Checks without an analyzer: names only, they have nothing to show. */
static void uncomputed_list(struct fw_html *html, fw_sv item, bool every)
{
    bool any = false;
    for (size_t i = 0; i < html->survey.n; i++) {
        const struct fw_survey_check *check = &html->survey.checks[i];
        bool here = every || (check->asked && fw_sv_eq(check->asked->item, item));
        if (!here || fw_survey_answered(check)) {
            continue;
        }
        if (!any) {
            fw_html_word(html, "<p class=\"dim\">", "heading.not_computed", "</p>\n<ul>\n");
        }
        fw_html_put(html, "<li id=\"", check->check->id, "\">");
        fw_html_put(html, "", check->check->id, " ");
        fw_html_put(html, "", check->check->title[html->in->lang], "</li>\n");
        any = true;
    }
    fw_html_raw(html, any ? "</ul>\n" : "");
}

size_t fw_html_item_index(const struct fw_profile *profile, const struct fw_survey_check *check)
{
    for (size_t i = 0; profile && check->asked && i < profile->nitems; i++) {
        if (fw_sv_eq(profile->items[i].item, check->asked->item)) {
            return i + 1;
        }
    }
    return 0;
}

/* The item's answer is the worst of its checks: the first of the states. */
static bool item_state(const struct fw_html *html, fw_sv item, enum fw_result_state *ret)
{
    bool any = false;
    for (size_t i = 0; i < html->survey.n; i++) {
        const struct fw_survey_check *check = &html->survey.checks[i];
        if (check->asked && fw_sv_eq(check->asked->item, item)) {
            *ret = !any || check->state < *ret ? check->state : *ret;
            any = true;
        }
    }
    return any;
}

static void item_section(struct fw_html *html, const struct fw_profile_item *item, size_t number)
{
    enum fw_result_state state = FW_RESULT_PASS;
    if (!item_state(html, item->item, &state)) {
        return;
    }
    fw_buf_printf(html->out, "<section class=\"item\" id=\"item-%zu\">\n", number);
    fw_html_word(html, "<p class=\"dim\">", "label.item", " ");
    fw_html_put(html, "", item->item, "</p>\n");
    fw_html_put(html, "<p class=\"question\">", item->question[html->in->lang], "</p>\n");
    fw_html_word(html, "<p>", "label.answer", " ");
    fw_html_badge(html, state);
    fw_html_raw(html, "</p>\n");
    size_t n = 0;
    const struct fw_survey_check **answers = fw_new_array(html->survey.arena, html->survey.n + 1,
                                                          const struct fw_survey_check *);
    const size_t *order = fw_survey_order(&html->survey);
    for (size_t i = 0; i < html->survey.n; i++) {
        const struct fw_survey_check *check = &html->survey.checks[order[i]];
        if (check->asked && fw_sv_eq(check->asked->item, item->item) && fw_survey_answered(check)) {
            answers[n++] = check;
        }
    }
    if (n > 1) {
        fw_html_checks(html, item);
    }
    for (size_t i = 0; i < n; i++) {
        article(html, answers[i]);
    }
    uncomputed_list(html, item->item, false);
    signoff(html);
    fw_html_raw(html, "</section>\n");
}

void fw_html_items(struct fw_html *html)
{
    static const struct fw_profile none;
    const struct fw_profile *profile = html->in->facts->profile;
    profile = profile ? profile : &none;
    fw_html_word(html, "<section id=\"items\">\n<h2>", "heading.items", "</h2>\n");
    for (size_t i = 0; i < profile->nitems; i++) {
        item_section(html, &profile->items[i], i + 1);
    }
    const size_t *order = fw_survey_order(&html->survey);
    for (size_t i = 0; i < html->survey.n; i++) {
        const struct fw_survey_check *check = &html->survey.checks[order[i]];
        if (fw_html_item_index(profile, check) == 0 && fw_survey_answered(check)) {
            fw_html_raw(html, "<section class=\"item\">\n");
            article(html, check);
            signoff(html);
            fw_html_raw(html, "</section>\n");
        }
    }
    if (profile->nitems == 0) {
        uncomputed_list(html, FW_SV(""), true);
    }
    fw_html_raw(html, "</section>\n");
}
