/* What is to be improved, by when, and did it help? The tracking form, as a table on the page. */
#include "report/forms.h"
#include "report/html.h"

/* Of the form's columns those that are not for ink: measure, due, state, effect, evidence. */
static const size_t shown[] = {2, 3, 5, 6, 7};

enum { SHOWN = sizeof(shown) / sizeof(shown[0]) };

/* The findings themselves stand with their check. */
static void row(struct fw_html *html, const struct fw_form_row *of, const fw_sv *cells)
{
    const struct fw_check *check = of->check->check;
    fw_html_put(html, "<tr><td class=\"n\">", cells[0], "</td><td class=\"id\">");
    fw_html_put(html, "<a href=\"#", check->id, "\">");
    fw_html_put(html, "", check->id, "</a></td>");
    fw_html_put(html, "<td>", fw_survey_title(&html->survey, of->check), "</td>");
    for (size_t i = 0; i < SHOWN; i++) {
        fw_html_put(html, "<td class=\"break\">", cells[shown[i]], "</td>");
    }
    fw_html_raw(html, "</tr>\n");
}

static void head(struct fw_html *html, const struct fw_form_sheet *sheet)
{
    fw_html_word(html, "<section id=\"plan\" class=\"page\">\n<h2>", "heading.plan",
                 "</h2>\n<div class=\"wide\" tabindex=\"0\"><table class=\"plan sort\">\n");
    fw_html_put(html, "<thead><tr><th class=\"n\">", sheet->heads[0], "</th>");
    fw_html_word(html, "<th>", "label.check", "</th>");
    fw_html_put(html, "<th>", sheet->heads[1], "</th>");
    for (size_t i = 0; i < SHOWN; i++) {
        fw_html_put(html, "<th>", sheet->heads[shown[i]], "</th>");
    }
    fw_html_raw(html, "</tr></thead>\n<tbody>\n");
}

void fw_html_plan(struct fw_html *html)
{
    struct fw_form_sheet sheet;
    struct fw_form_rows rows;
    if (!html->in->facts->site) {
        return;
    }
    fw_form_make(&html->survey, FW_FORM_TRACKING, &sheet);
    fw_form_rows_make(&html->survey, &rows);
    if (sheet.n == 0) {
        return;
    }
    head(html, &sheet);
    for (size_t i = 0, next = 0; i < rows.n && next < sheet.n; i++) {
        uint64_t number;
        bool listed = fw_sv_u64(sheet.rows[next][0], &number) && number == rows.v[i].number;
        if (listed) { /* the form leaves some out */
            row(html, &rows.v[i], sheet.rows[next++]);
        }
    }
    fw_html_raw(html, "</tbody>\n</table></div>\n</section>\n");
}
