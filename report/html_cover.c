/* The cover of the page: whose review it is, of which time, by which rules. */
#include <inttypes.h>

#include "core/time.h"
#include "report/html.h"

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
    fw_sv from = fw_html_date(html, site->from_ns);
    fw_sv to = fw_html_date(html, site->to_ns);
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
