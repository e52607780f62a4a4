/* How did it end? The verdict on one screen: counts that add up, by state, by audit item, by check.
 */
#include <inttypes.h>

#include "report/html.h"

/* Thousandths of the bar's width. */
enum { BAR = 1000 };

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
                 "</th><td class=\"narrow\"></td></tr></thead>\n");
    fw_html_raw(html, "<tbody>\n");
    for (int state = 0; state < FW_RESULT_COUNT; state++) {
        struct fw_buf key;
        fw_buf_init(&key);
        fw_buf_printf(&key, "meaning.%s", fw_html_state_class((enum fw_result_state)state));
        fw_html_raw(html, "<tr><td>");
        fw_html_badge(html, (enum fw_result_state)state);
        fw_buf_printf(html->out, "</td><td class=\"n\" data-n=\"counts.%s\">",
                      fw_result_state_name((enum fw_result_state)state));
        fw_html_number(html, "", survey->counts[state], "</td>");
        fw_html_word(html, "<td class=\"dim narrow\">", key.p ? key.p : "", "</td></tr>\n");
        fw_buf_clear(&key);
    }
    fw_html_word(html, "</tbody>\n<tfoot><tr><th>", "label.sum", "</th>");
    fw_html_number(html, "<td class=\"n\" data-n=\"counts.checks\">", survey->n,
                   "</td><td class=\"dim narrow\">");
    if (survey->uncomputed > 0) {
        struct fw_param n = {"n", fw_survey_number(survey, survey->uncomputed)};
        fw_html_text(html, fw_survey_text(survey, "text.not_computed", &n, 1));
    }
    fw_html_raw(html, "</td></tr></tfoot>\n</table>\n");
}

/* --- audit items by state ----------------------------------------------------------------------
 */

static void item_counts(const struct fw_survey *survey, fw_sv item, bool rest,
                        size_t ret[FW_RESULT_COUNT])
{
    const struct fw_profile *profile = survey->in->facts->profile;
    for (size_t i = 0; i < survey->n; i++) {
        const struct fw_survey_check *check = &survey->checks[i];
        bool listed = fw_html_item_index(profile, check) > 0;
        if (rest ? !listed : listed && fw_sv_eq(check->asked->item, item)) {
            ret[check->state]++;
        }
    }
}

static void count_cells(struct fw_html *html, const size_t counts[FW_RESULT_COUNT])
{
    size_t sum = 0;
    for (int state = 0; state < FW_RESULT_COUNT; state++) {
        sum += counts[state];
        if (html->survey.counts[state] == 0) {
            continue; /* a column of zeros says nothing */
        }
        if (counts[state] > 0) {
            fw_html_number(html, "<td class=\"n\">", counts[state], "</td>");
        } else {
            fw_html_raw(html, "<td class=\"n dim\">·</td>");
        }
    }
    fw_html_number(html, "<td class=\"n\">", sum, "</td></tr>\n");
}

static void item_row(struct fw_html *html, size_t index, fw_sv item, fw_sv question, bool rest)
{
    size_t counts[FW_RESULT_COUNT] = {0};
    size_t n = 0;
    item_counts(&html->survey, item, rest, counts);
    enum fw_result_state worst = FW_RESULT_COUNT;
    for (int state = FW_RESULT_COUNT - 1; state >= 0; state--) {
        n += counts[state];
        worst = counts[state] > 0 ? (enum fw_result_state)state : worst;
    }
    if (n == 0) {
        return;
    }
    fw_html_raw(html, "<tr><td>");
    fw_html_badge(html, worst);
    fw_html_raw(html, "</td>");
    if (rest) {
        fw_html_word(html, "<td></td><td>", "text.other_items", "</td>");
    } else {
        fw_buf_printf(html->out, "<td class=\"id\"><a href=\"#item-%zu\">", index);
        fw_html_put(html, "", item, "</a></td>");
        fw_html_put(html, "<td class=\"narrow\">", question, "</td>");
    }
    count_cells(html, counts);
}

/* One row an audit item, one column a state: the sums are those of the counts above. */
static void items_table(struct fw_html *html)
{
    const struct fw_profile *profile = html->in->facts->profile;
    if (!profile || profile->nitems == 0) {
        return;
    }
    fw_html_word(html, "<h2>", "heading.items_by_state",
                 "</h2>\n<div class=\"wide\" tabindex=\"0\"><table id=\"overview\">\n");
    fw_html_word(html, "<thead><tr><th>", "label.answer", "</th>");
    fw_html_word(html, "<th>", "label.item", "</th>");
    fw_html_word(html, "<th class=\"narrow\">", "label.question", "</th>");
    for (int state = 0; state < FW_RESULT_COUNT; state++) {
        if (html->survey.counts[state] > 0) {
            fw_html_put(html, "<th class=\"n\">",
                        fw_survey_state(&html->survey, (enum fw_result_state)state), "</th>");
        }
    }
    fw_html_word(html, "<th class=\"n\">", "label.sum", "</th></tr></thead>\n<tbody>\n");
    for (size_t i = 0; i < profile->nitems; i++) {
        item_row(html, i + 1, profile->items[i].item, profile->items[i].question[html->in->lang],
                 false);
    }
    item_row(html, 0, FW_SV(""), FW_SV(""), true);
    fw_html_word(html, "</tbody>\n<tfoot><tr><th>", "label.sum",
                 "</th><td></td><td class=\"narrow\"></td>");
    count_cells(html, html->survey.counts);
    fw_html_raw(html, "</tfoot>\n</table></div>\n");
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
    items_table(html);
    fw_html_word(html, "<h2>", "heading.checks", "</h2>\n");
    fw_html_checks(html, NULL);
    if (survey->uncomputed > 0) {
        fw_html_word(html, "<p class=\"dim\">", "heading.not_computed", "");
        fw_html_number(html, zh ? "：" : ": ", survey->uncomputed, "</p>\n");
    }
    fw_html_raw(html, "</section>\n");
    fw_buf_clear(&list);
}
