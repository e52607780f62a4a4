/* A run as one self-contained page for people who audit. */
#include "report/html.h"

#include <inttypes.h>

#include "core/embed.h"
#include "core/text.h"
#include "core/time.h"

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

void fw_html_table(struct fw_html *html, const char *class, const struct fw_html_column *columns,
                   size_t n)
{
    fw_html_raw(html, "<div class=\"wide\" tabindex=\"0\"><table class=\"");
    fw_html_raw(html, class);
    fw_html_raw(html, "\">\n<thead><tr>");
    for (size_t i = 0; i < n; i++) {
        fw_html_raw(html, columns[i].class ? "<th class=\"" : "<th");
        fw_html_raw(html, columns[i].class ? columns[i].class : "");
        fw_html_word(html, columns[i].class ? "\">" : ">", columns[i].key, "</th>");
    }
    fw_html_raw(html, "</tr></thead>\n<tbody>\n");
}

void fw_html_fact(struct fw_html *html, const char *key, fw_sv text)
{
    if (text.n > 0) {
        fw_html_word(html, "<dt>", key, "</dt>");
        fw_html_put(html, "<dd>", text, "</dd>\n");
    }
}

fw_sv fw_html_date(struct fw_html *html, int64_t ns)
{
    if (ns == INT64_MIN) {
        return FW_SV("");
    }
    return fw_date_keep(html->survey.arena, fw_date_of(ns, html->in->facts->zone_seconds));
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
    char script[FW_SHA256_BASE64 + 1];
    fw_sha256_base64(fw_sha256_of(css), hash);
    fw_sha256_base64(fw_sha256_of(asset("report.js")), script);
    fw_html_raw(html, "<!DOCTYPE html>\n<html lang=\"");
    fw_html_raw(html, html->in->lang == FW_LANG_ZH_TW ? "zh-Hant-TW" : "en");
    fw_html_raw(html, "\">\n<head>\n<meta charset=\"utf-8\">\n"
                      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
                      "style-src 'sha256-");
    fw_html_raw(html, hash);
    fw_html_raw(html, "'; script-src 'sha256-");
    fw_html_raw(html, script);
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

/* The script has no words of its own: they are attributes. */
static void open_main(struct fw_html *html)
{
    static const char *const words[][2] = {
        {"search", "script.search"}, {"states", "label.state"},   {"shown", "script.shown"},
        {"fold", "script.fold"},     {"unfold", "script.unfold"}, {"copy", "script.copy"},
        {"copied", "script.copied"},
    };
    fw_html_raw(html, "<main");
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        fw_buf_printf(html->out, " data-%s=\"", words[i][0]);
        fw_html_word(html, "", words[i][1], "\"");
    }
    fw_html_raw(html, ">\n");
}

struct part {
    const char *id, *word;
    void (*write)(struct fw_html *html);
};

/* In the order in which an auditor asks. A part with nothing to say writes nothing. */
static const struct part parts[] = {
    {"verdict", "heading.verdict", fw_html_verdict},
    {"coverage", "heading.coverage_short", fw_html_coverage},
    {"changes", "heading.changes_short", fw_html_changes},
    {"items", "heading.items", fw_html_items},
    {"plan", "heading.plan_short", fw_html_plan},
    {"logs", "heading.retention", fw_html_logs},
    {"ids", "heading.rule_sets", fw_html_ids},
    {"decisions", "heading.decisions_short", fw_html_decisions},
    {"exceptions", "heading.exceptions_short", fw_html_exceptions},
    {"reach", "heading.reach_short", fw_html_reach},
    {"rules", "heading.rule_table", fw_html_rules},
    {"inputs", "heading.inputs", fw_html_inputs},
    {"verify", "heading.verify_short", fw_html_verify},
};

enum { PARTS = sizeof(parts) / sizeof(parts[0]) };

/* The parts are written first, so that the table of contents names those that are there. */
static void body(struct fw_html *html)
{
    struct fw_buf *out = html->out;
    struct fw_buf text;
    bool present[PARTS];
    fw_buf_init(&text);
    html->out = &text;
    for (size_t i = 0; i < PARTS; i++) {
        size_t before = text.n;
        parts[i].write(html);
        present[i] = text.n > before;
    }
    html->out = out;
    fw_html_word(html, "<nav aria-label=\"", "label.contents", "\"><ul>\n");
    for (size_t i = 0; i < PARTS; i++) {
        if (present[i]) {
            fw_buf_printf(html->out, "<li><a href=\"#%s\">", parts[i].id);
            fw_html_word(html, "", parts[i].word, "</a></li>\n");
        }
    }
    fw_html_raw(html, "</ul></nav>\n");
    open_main(html);
    fw_buf_add(html->out, fw_buf_sv(&text));
    html->out->failed = html->out->failed || text.failed;
    fw_buf_clear(&text);
}

static void write(const struct fw_report_input *in, struct fw_buf *out)
{
    struct fw_arena arena;
    struct fw_html html = {.in = in, .out = out};
    fw_arena_init(&arena, 0);
    fw_survey_make(&html.survey, in, &arena);
    html.log_index = fw_html_log_index(in);
    html.has_history = fw_history_make(&html.survey, &html.history);
    head(&html);
    fw_html_word(&html, "<body>\n<a class=\"skip\" href=\"#verdict\">", "heading.verdict",
                 "</a>\n");
    fw_html_word(&html, "<header class=\"cover\">\n<h1>", fw_survey_heading(in->kind), "</h1>\n");
    fw_html_cover(&html);
    fw_html_raw(&html, "</header>\n");
    body(&html);
    fw_html_put(&html, "</main>\n<footer>fwproof ", fw_sv_from(in->version), "</footer>\n");
    fw_html_raw(&html, "<script>");
    fw_buf_add(html.out, asset("report.js"));
    fw_html_raw(&html, "</script>\n</body>\n</html>\n");
    fw_arena_clear(&arena);
}

const struct fw_report fw_report_html = {
    .name = "html",
    .extension = "html",
    .title = "HTML",
    .kinds = FW_REPORT_ALL,
    .write = write,
};
