/* A run as one self-contained page for people who audit. */
#include "report/html.h"

#include <inttypes.h>

#include "core/embed.h"
#include "core/text.h"

extern const struct fw_embedded fw_embedded_report[]; /* written by tools/embed.c */

void fw_html_raw(struct fw_html *html, const char *markup)
{
    fw_buf_add_cstr(html->out, markup);
}

void fw_html_text(struct fw_html *html, fw_sv text)
{
    fw_text_html(html->out, text);
}

void fw_html_put(struct fw_html *html, const char *before, fw_sv text, const char *after)
{
    fw_html_raw(html, before);
    fw_html_text(html, text);
    fw_html_raw(html, after);
}

void fw_html_word(struct fw_html *html, const char *before, const char *key, const char *after)
{
    fw_html_put(html, before, fw_survey_word(&html->survey, key), after);
}

void fw_html_number(struct fw_html *html, const char *before, uint64_t number, const char *after)
{
    fw_html_put(html, before, fw_survey_number(&html->survey, number), after);
}

void fw_html_hash(struct fw_html *html, fw_sha256 hash)
{
    char hex[FW_SHA256_HEX + 1];
    fw_sha256_hex(hash, hex);
    fw_html_put(html, "<code class=\"hash\">", fw_sv_from(hex), "</code>");
}

const char *fw_html_state_class(enum fw_result_state state)
{
    return state == FW_RESULT_NA ? "NA" : fw_result_state_name(state);
}

void fw_html_badge(struct fw_html *html, enum fw_result_state state)
{
    fw_html_raw(html, "<span class=\"badge ");
    fw_html_raw(html, fw_html_state_class(state));
    fw_html_put(html, "\">", fw_survey_state(&html->survey, state), "</span>");
}

void fw_html_fact(struct fw_html *html, const char *key, fw_sv text)
{
    if (text.n > 0) {
        fw_html_word(html, "<dt>", key, "</dt>");
        fw_html_put(html, "<dd>", text, "</dd>\n");
    }
}

static fw_sv asset(const char *name)
{
    for (const struct fw_embedded *e = fw_embedded_report; e->name; e++) {
        if (strcmp(e->name, name) == 0) {
            return fw_sv_of((const char *)e->bytes, e->n);
        }
    }
    return FW_SV("");
}

static void head(struct fw_html *html)
{
    fw_sv css = asset("report.css");
    char hash[FW_SHA256_BASE64 + 1];
    fw_sha256_base64(fw_sha256_of(css), hash);
    fw_html_raw(html, "<!DOCTYPE html>\n<html lang=\"");
    fw_html_raw(html, html->in->lang == FW_LANG_ZH_TW ? "zh-Hant-TW" : "en");
    fw_html_raw(html, "\">\n<head>\n<meta charset=\"utf-8\">\n"
                      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
                      "style-src 'sha256-");
    fw_html_raw(html, hash);
    fw_html_raw(html, "'; base-uri 'none'; form-action 'none'\">\n"
                      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    fw_html_word(html, "<title>", fw_survey_heading(html->in->kind), "");
    const struct fw_site *site = html->in->facts->site;
    if (site) {
        fw_html_put(html, " ", site->agency, "");
        fw_html_put(html, " ", site->period, "");
    }
    fw_html_raw(html, "</title>\n<style>");
    fw_buf_add(html->out, css);
    fw_html_raw(html, "</style>\n</head>\n");
}

static void write(const struct fw_report_input *in, struct fw_buf *out)
{
    struct fw_arena arena;
    struct fw_html html = {.in = in, .out = out};
    fw_arena_init(&arena, 0);
    fw_survey_make(&html.survey, in, &arena);
    head(&html);
    fw_html_word(&html, "<body>\n<a class=\"skip\" href=\"#verdict\">", "heading.verdict",
                 "</a>\n");
    fw_html_word(&html, "<header class=\"cover\">\n<h1>", fw_survey_heading(in->kind), "</h1>\n");
    fw_html_cover(&html);
    fw_html_raw(&html, "</header>\n<main>\n");
    fw_html_verdict(&html);
    fw_html_coverage(&html);
    fw_html_items(&html);
    fw_html_logs(&html);
    fw_html_ids(&html);
    fw_html_exceptions(&html);
    fw_html_rules(&html);
    fw_html_inputs(&html);
    fw_html_verify(&html);
    fw_html_put(&html, "</main>\n<footer>fwproof ", fw_sv_from(in->version), "</footer>\n");
    fw_html_raw(&html, "</body>\n</html>\n");
    fw_arena_clear(&arena);
}

const struct fw_report fw_report_html = {
    .name = "html",
    .extension = "html",
    .title = "HTML",
    .kinds = FW_REPORT_ALL,
    .write = write,
};
