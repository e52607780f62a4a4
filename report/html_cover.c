/* The first screen of the page: what was reviewed, counted from when, and how it ended. */
#include <inttypes.h>

#include "analyzers/logs/source_view.h"
#include "core/time.h"
#include "report/html.h"

/* Thousandths of the bar's width. */
enum { BAR = 1000 };

static fw_sv date_text(struct fw_html *html, int64_t ns)
{
    if (ns == INT64_MIN) {
        return FW_SV("");
    }
    struct fw_buf buf;
    fw_buf_init(&buf);
    fw_date_text(&buf, fw_date_of(ns, html->in->facts->zone_seconds));
    fw_sv text = fw_arena_copy(html->survey.arena, fw_buf_sv(&buf));
    fw_buf_clear(&buf);
    return text;
}

static void banner(struct fw_html *html)
{
    const struct fw_catalogue *catalogue = html->in->results->catalogue;
    if (!catalogue->overridden) {
        return;
    }
    char hex[FW_SHA256_HEX + 1];
    fw_sha256_hex(catalogue->sha256, hex);
    struct fw_param params[] = {{"path", catalogue->dir}, {"value", fw_sv_from(hex)}};
    fw_html_put(html, "<p class=\"banner\">",
                fw_survey_text(&html->survey, "text.overridden", params, 2), "</p>\n");
}

static void site_facts(struct fw_html *html, const struct fw_site *site)
{
    struct fw_arena *arena = html->survey.arena;
    fw_sv from = date_text(html, site->from_ns);
    fw_sv to = date_text(html, site->to_ns);
    fw_html_fact(html, "label.agency", site->agency);
    fw_html_fact(html, "label.level", site->level);
    fw_html_fact(html, "label.period",
                 fw_arena_printf(arena, "%.*s  %.*s – %.*s", FW_SV_ARG(site->period),
                                 FW_SV_ARG(from), FW_SV_ARG(to)));
}

static void as_of_fact(struct fw_html *html)
{
    const struct fw_report_input *in = html->in;
    if (!in->facts->has_as_of) {
        return;
    }
    struct fw_buf key;
    fw_buf_init(&key);
    fw_buf_printf(&key, "as_of.%s", in->as_of_from ? in->as_of_from : "option");
    fw_html_word(html, "<dt>", "label.as_of", "</dt>");
    fw_html_put(html, "<dd>", fw_survey_as_of(&html->survey), "");
    fw_html_word(html, " <span class=\"dim\">", key.p ? key.p : "", "</span></dd>\n");
    fw_buf_clear(&key);
}

void fw_html_cover(struct fw_html *html)
{
    const struct fw_report_input *in = html->in;
    const struct fw_profile *profile = in->facts->profile;
    if (in->facts->site && in->facts->site->agency_en.n > 0 && in->lang == FW_LANG_EN) {
        fw_html_put(html, "<p class=\"lead\">", in->facts->site->agency_en, "</p>\n");
    }
    banner(html);
    fw_html_raw(html, "<dl class=\"facts\">\n");
    if (in->facts->site) {
        site_facts(html, in->facts->site);
    }
    as_of_fact(html);
    if (profile) {
        fw_html_word(html, "<dt>", "label.profile", "</dt>");
        fw_html_put(html, "<dd>", profile->title[in->lang], "");
        fw_html_put(html, " <span class=\"dim\">(", profile->name, "");
        fw_html_put(html, ", ", profile->edition, ")</span></dd>\n");
    }
    fw_html_word(html, "<dt>", "label.rulesets", "</dt><dd>");
    fw_html_hash(html, in->results->catalogue->sha256);
    fw_html_raw(html, "</dd>\n");
    fw_html_fact(html, "label.version", fw_sv_from(in->version));
    fw_html_word(html, "<dt>", "heading.inputs", "</dt>");
    fw_html_number(html, "<dd><a href=\"#inputs\">", in->inputs->n, "</a></dd>\n");
    fw_html_raw(html, "</dl>\n");
}

static void bar_part(struct fw_html *html, const char *class, size_t n, size_t *before)
{
    size_t from = *before * BAR / html->survey.n;
    *before += n;
    size_t to = *before * BAR / html->survey.n;
    if (n > 0) {
        fw_buf_printf(html->out,
                      "<rect class=\"%s\" x=\"%zu\" y=\"0\" width=\"%zu\" height=\"10\"/>", class,
                      from, to - from);
    }
}

/* One bar whose parts are the states; the numbers stand below it in words. What no analyzer looked
 * at is pale: it is neither good nor bad. */
static void bar(struct fw_html *html)
{
    const struct fw_survey *survey = &html->survey;
    if (survey->n == 0) {
        return;
    }
    fw_html_raw(html, "<svg class=\"bar\" viewBox=\"0 0 1000 10\" preserveAspectRatio=\"none\" "
                      "aria-hidden=\"true\" focusable=\"false\">");
    size_t before = 0;
    for (int state = 0; state < FW_RESULT_COUNT; state++) {
        size_t n = survey->counts[state];
        n -= state == FW_RESULT_MANUAL ? survey->uncomputed : 0;
        bar_part(html, fw_html_state_class((enum fw_result_state)state), n, &before);
    }
    bar_part(html, "later", survey->uncomputed, &before);
    fw_html_raw(html, "</svg>\n");
}

static void counts_table(struct fw_html *html)
{
    const struct fw_survey *survey = &html->survey;
    fw_html_word(html, "<table id=\"counts\">\n<thead><tr><th>", "label.state", "</th>");
    fw_html_word(html, "<th class=\"n\">", "label.count",
                 "</th><th class=\"narrow\"></th></tr></thead>\n");
    fw_html_raw(html, "<tbody>\n");
    for (int state = 0; state < FW_RESULT_COUNT; state++) {
        struct fw_buf key;
        fw_buf_init(&key);
        fw_buf_printf(&key, "meaning.%s", fw_html_state_class((enum fw_result_state)state));
        fw_html_raw(html, "<tr><td>");
        fw_html_badge(html, (enum fw_result_state)state);
        fw_html_number(html, "</td><td class=\"n\">", survey->counts[state], "</td>");
        fw_html_word(html, "<td class=\"dim narrow\">", key.p ? key.p : "", "</td></tr>\n");
        fw_buf_clear(&key);
    }
    fw_html_word(html, "</tbody>\n<tfoot><tr><th>", "label.sum", "</th>");
    fw_html_number(html, "<td class=\"n\">", survey->n, "</td><td class=\"dim narrow\">");
    if (survey->uncomputed > 0) {
        struct fw_param n = {"n", fw_survey_number(survey, survey->uncomputed)};
        fw_html_text(html, fw_survey_text(survey, "text.not_computed", &n, 1));
    }
    fw_html_raw(html, "</td></tr></tfoot>\n</table>\n");
}

static void check_row(struct fw_html *html, const struct fw_survey_check *check, bool items)
{
    size_t findings = 0;
    for (size_t k = 0; k < check->n; k++) {
        findings += fw_survey_is_finding(&html->in->results->v[check->from + k]);
    }
    struct fw_buf severity;
    fw_buf_init(&severity);
    fw_buf_printf(&severity, "severity.%s", fw_severity_name(check->severity));
    fw_html_raw(html, "<tr><td>");
    fw_html_badge(html, check->state);
    fw_html_put(html, "</td><td class=\"id\"><a href=\"#", check->check->id, "\">");
    fw_html_put(html, "", check->check->id, "</a></td>");
    fw_html_put(html, "<td>", check->check->title[html->in->lang], "</td>");
    if (items) {
        fw_html_put(html, "<td class=\"narrow\">", check->asked ? check->asked->item : FW_SV(""),
                    "</td>");
    }
    fw_html_word(html, "<td class=\"narrow\">", severity.p ? severity.p : "", "</td>");
    fw_html_number(html, "<td class=\"n\">", findings, "</td></tr>\n");
    fw_buf_clear(&severity);
}

/* Every check that has an answer, the worst first. */
static void checks_table(struct fw_html *html)
{
    const struct fw_survey *survey = &html->survey;
    const size_t *order = fw_survey_order(survey);
    bool items = html->in->facts->profile && html->in->facts->profile->nitems > 0;
    fw_html_word(html, "<h2>", "heading.checks",
                 "</h2>\n<div class=\"wide\"><table id=\"checks\">\n");
    fw_html_word(html, "<thead><tr><th>", "label.state", "</th>");
    fw_html_word(html, "<th colspan=\"2\">", "label.check", "</th>");
    if (items) {
        fw_html_word(html, "<th class=\"narrow\">", "label.item", "</th>");
    }
    fw_html_word(html, "<th class=\"narrow\">", "label.severity", "</th>");
    fw_html_word(html, "<th class=\"n\">", "heading.findings", "</th></tr></thead>\n<tbody>\n");
    for (size_t i = 0; i < survey->n; i++) {
        if (fw_survey_answered(&survey->checks[order[i]])) {
            check_row(html, &survey->checks[order[i]], items);
        }
    }
    fw_html_raw(html, "</tbody>\n</table></div>\n");
    if (survey->uncomputed > 0) {
        fw_html_word(html, "<p class=\"dim\">", "heading.not_computed", "");
        fw_html_number(html, html->in->lang == FW_LANG_ZH_TW ? "：" : ": ", survey->uncomputed,
                       "</p>\n");
    }
}

void fw_html_verdict(struct fw_html *html)
{
    const struct fw_survey *survey = &html->survey;
    bool zh = html->in->lang == FW_LANG_ZH_TW;
    struct fw_buf list;
    fw_buf_init(&list);
    for (int state = 0; state < FW_RESULT_COUNT; state++) {
        if (survey->counts[state] > 0) {
            fw_sv name = fw_survey_state(survey, (enum fw_result_state)state);
            fw_buf_add_cstr(&list, list.n == 0 ? "" : zh ? "、" : ", ");
            fw_buf_printf(&list, zh ? "%.*s%zu" : "%.*s %zu", FW_SV_ARG(name),
                          survey->counts[state]);
        }
    }
    struct fw_param params[] = {{"total", fw_survey_number(survey, survey->n)},
                                {"list", fw_buf_sv(&list)}};
    fw_html_word(html, "<section id=\"verdict\">\n<h2>", "heading.verdict", "</h2>\n");
    fw_html_put(html, "<p class=\"total\">", fw_survey_text(survey, "text.adds_up", params, 2),
                "</p>\n");
    bar(html);
    counts_table(html);
    checks_table(html);
    fw_html_raw(html, "</section>\n");
    fw_buf_clear(&list);
}

static bool logs_of(const struct fw_facts *facts, fw_sv device)
{
    for (size_t i = 0; i < facts->nsources; i++) {
        if (fw_sv_eq(facts->sources[i].device, device) && facts->sources[i].events > 0) {
            return true;
        }
    }
    return false;
}

void fw_html_coverage(struct fw_html *html)
{
    const struct fw_facts *facts = html->in->facts;
    if (!facts->site) {
        return;
    }
    fw_html_word(html, "<section id=\"coverage\">\n<h2>", "heading.coverage", "</h2>\n");
    fw_html_word(html, "<div class=\"wide\"><table>\n<thead><tr><th>", "label.device", "</th>");
    fw_html_word(html, "<th>", "label.kind", "</th>");
    fw_html_word(html, "<th class=\"narrow\">", "label.owner", "</th>");
    fw_html_word(html, "<th>", "label.collected", "</th>");
    fw_html_word(html, "<th>", "label.logging", "</th></tr></thead>\n<tbody>\n");
    size_t collected = 0;
    size_t logging = 0;
    for (size_t i = 0; i < facts->ndevices; i++) {
        const struct fw_device_facts *device = &facts->devices[i];
        bool has_config = device->nsnapshots > 0 || device->nids > 0;
        bool has_logs = logs_of(facts, device->name);
        collected += has_config;
        logging += has_logs;
        fw_html_put(html, "<tr><td>", device->name, "</td>");
        struct fw_buf kind;
        fw_buf_init(&kind);
        fw_buf_printf(&kind, "kind.%s",
                      device->declared ? fw_device_kind_name(device->declared->kind) : "other");
        fw_html_word(html, "<td>", kind.p ? kind.p : "", "</td>");
        fw_buf_clear(&kind);
        fw_html_put(html, "<td class=\"narrow\">",
                    device->declared ? device->declared->owner : FW_SV(""), "</td>");
        fw_html_word(html, "<td>", has_config ? "label.yes" : "label.no", "</td>");
        fw_html_word(html, "<td>", has_logs ? "label.yes" : "label.no", "</td></tr>\n");
    }
    fw_html_word(html, "</tbody>\n<tfoot><tr><th>", "label.sum", "");
    fw_html_number(html, " ", facts->ndevices, "</th><td></td><td class=\"narrow\"></td>");
    fw_html_number(html, "<td>", collected, "</td>");
    fw_html_number(html, "<td>", logging, "</td></tr></tfoot>\n</table></div>\n</section>\n");
}

void fw_html_exceptions(struct fw_html *html)
{
    const struct fw_site *site = html->in->facts->site;
    if (!site || site->nexceptions == 0) {
        return;
    }
    fw_html_word(html, "<section id=\"exceptions\" class=\"page\">\n<h2>", "heading.exceptions",
                 "</h2>\n");
    fw_html_word(html, "<div class=\"wide\"><table>\n<thead><tr><th>", "label.check", "</th>");
    fw_html_word(html, "<th>", "label.device", "</th>");
    fw_html_word(html, "<th>", "label.reason", "</th>");
    fw_html_word(html, "<th>", "label.compensating", "</th>");
    fw_html_word(html, "<th>", "label.by", "</th>");
    fw_html_word(html, "<th>", "label.expires", "</th></tr></thead>\n<tbody>\n");
    for (size_t i = 0; i < site->nexceptions; i++) {
        const struct fw_site_exception *exception = &site->exceptions[i];
        fw_html_put(html, "<tr><td class=\"id\"><a href=\"#", exception->check, "\">");
        fw_html_put(html, "", exception->check, "</a></td>");
        fw_html_put(html, "<td>",
                    exception->device.n > 0 ? exception->device
                                            : fw_survey_word(&html->survey, "label.all"),
                    "</td>");
        fw_html_put(html, "<td>", exception->reason, "</td>");
        fw_html_put(html, "<td>", exception->compensating, "</td>");
        fw_html_put(html, "<td>", exception->by, "</td>");
        fw_html_put(html, "<td class=\"id\">",
                    exception->waiver ? date_text(html, exception->expires_ns) : FW_SV("—"),
                    "</td></tr>\n");
    }
    fw_html_raw(html, "</tbody>\n</table></div>\n</section>\n");
}
