/* The appendix of the page: every rule with what was said about it, every input, how to verify. */
#include <inttypes.h>
#include <stdlib.h>

#include "core/search.h"
#include "report/html.h"

/* More rules make a page that no browser likes to open; JSON and CSV list all of them. */
enum { RULES_SHOWN = 20000 };

static int by_rule(const void *left, const void *right)
{
    const struct fw_result *a = *(const struct fw_result *const *)left;
    const struct fw_result *b = *(const struct fw_result *const *)right;
    int order = fw_sv_cmp(a->rule.policy, b->rule.policy);
    if (order == 0 && a->rule.position != b->rule.position) {
        order = a->rule.position < b->rule.position ? -1 : 1;
    }
    return order != 0 ? order : strcmp(a->check, b->check);
}

struct said {
    size_t n;
    const struct fw_result **v; /* about rules of one configuration, by policy and position */
};

static void said_make(struct fw_html *html, const struct fw_device_facts *device,
                      const struct fw_snapshot *snapshot, struct said *ret)
{
    const struct fw_results *results = html->in->results;
    *ret = (struct said){0};
    ret->v = fw_new_array(html->survey.arena, results->n + 1, const struct fw_result *);
    for (size_t i = 0; i < results->n; i++) {
        const struct fw_result *result = &results->v[i];
        if (result->has_rule && fw_sv_eq(result->device, device->name) &&
            fw_sv_eq(result->input, snapshot->path)) {
            ret->v[ret->n++] = result;
        }
    }
    if (ret->n > 0) {
        qsort(ret->v, ret->n, sizeof(*ret->v), by_rule);
    }
}

/* The first of a rule's results; n when there is none. */
static size_t said_find(const struct said *said, fw_sv policy, uint32_t position)
{
    struct fw_result wanted = {.check = "", .rule = {.policy = policy, .position = position}};
    const struct fw_result *key = &wanted;
    size_t lo;
    FW_SEARCH(lo, said->n, by_rule(&said->v[lo], &key) < 0);
    return lo;
}

static void rule_row(struct fw_html *html, const struct fw_snapshot *snapshot,
                     const struct said *said, const struct fw_policy *policy,
                     const struct fw_rule *rule)
{
    fw_html_raw(html, rule->enabled ? "<tr>" : "<tr class=\"off\">");
    fw_buf_printf(html->out, "<td class=\"n\">%" PRIu32 "</td>", rule->position);
    fw_buf_printf(html->out, "<td class=\"n narrow\">%" PRIu32 "</td>", rule->span.line);
    if (!rule->enabled) {
        fw_html_word(html, "<td>", "label.disabled", "</td>");
    } else {
        fw_html_put(html, "<td>", fw_sv_from(fw_action_name(rule->action)), "</td>");
    }
    fw_sv text = {0};
    if (snapshot->doc) {
        text = fw_sv_trim(fw_doc_line_shown(snapshot->doc, rule->span.line, html->survey.arena));
    }
    fw_html_put(html, "<td class=\"break\"><code>", text, "</code></td><td class=\"n narrow\">");
    if (rule->hits.present) {
        fw_html_number(html, "", rule->hits.packets, "");
    }
    fw_html_raw(html, "</td><td class=\"tags\">");
    for (size_t i = said_find(said, policy->name, rule->position); i < said->n; i++) {
        const struct fw_result *result = said->v[i];
        if (result->rule.position != rule->position ||
            !fw_sv_eq(result->rule.policy, policy->name)) {
            break;
        }
        fw_html_put(html, "<a href=\"#", fw_sv_from(result->check), "\">");
        fw_html_put(html, "", fw_sv_from(result->check), "</a>");
    }
    fw_html_raw(html, "</td></tr>\n");
}

static void policy_table(struct fw_html *html, const struct fw_snapshot *snapshot,
                         const struct said *said, const struct fw_policy *policy, size_t *left)
{
    static const struct fw_html_column columns[] = {
        {"label.position", "n"}, {"label.line", "n narrow"}, {"label.action", NULL},
        {"label.rule", NULL},    {"label.hits", "n narrow"}, {"heading.findings", NULL}};
    size_t n = policy->n < *left ? policy->n : *left;
    fw_html_put(html, "<div class=\"policy\">\n<h4>", policy->name, "");
    fw_html_word(html, " <span class=\"dim\">", "label.default", " ");
    fw_html_put(html, "", fw_sv_from(fw_action_name(policy->fallback)), "</span></h4>\n");
    fw_html_table(html, "rules sort", columns, sizeof(columns) / sizeof(columns[0]));
    for (size_t i = 0; i < n; i++) {
        if (!policy->rules[i].implied) {
            rule_row(html, snapshot, said, policy, &policy->rules[i]);
        }
    }
    fw_html_raw(html, "</tbody>\n</table></div>\n");
    *left -= n;
    if (n < policy->n) {
        struct fw_param more = {"n", fw_survey_number(&html->survey, policy->n - n)};
        fw_html_put(html, "<p class=\"banner\">",
                    fw_survey_text(&html->survey, "text.more_elsewhere", &more, 1), "</p>\n");
    }
    fw_html_raw(html, "</div>\n");
}

void fw_html_rules(struct fw_html *html)
{
    const struct fw_facts *facts = html->in->facts;
    size_t left = RULES_SHOWN;
    bool any = false;
    for (size_t i = 0; i < facts->ndevices; i++) {
        const struct fw_device_facts *device = &facts->devices[i];
        const struct fw_snapshot *snapshot = fw_device_current(device);
        if (!snapshot) {
            continue;
        }
        struct said said;
        said_make(html, device, snapshot, &said);
        if (!any) {
            fw_html_word(html, "<section id=\"rules\" class=\"page\">\n<h2>", "heading.rule_table",
                         "</h2>\n");
        }
        any = true;
        fw_html_put(html, "<h3>", device->name, "");
        fw_html_put(html, " <span class=\"dim\">", snapshot->path, "</span></h3>\n");
        for (size_t p = 0; p < snapshot->ruleset->npolicies; p++) {
            if (snapshot->ruleset->policies[p]->n > 0) {
                policy_table(html, snapshot, &said, snapshot->ruleset->policies[p], &left);
            }
        }
    }
    fw_html_raw(html, any ? "</section>\n" : "");
}

void fw_html_inputs(struct fw_html *html)
{
    static const struct fw_html_column columns[] = {
        {"label.path", NULL}, {"label.format", NULL}, {"label.lines", "n"},
        {"label.used", "n"},  {"label.ignored", "n"}, {"label.unsupported", "n"},
        {"label.bad", "n"}};
    fw_html_word(html, "<section id=\"inputs\" class=\"page\">\n<h2>", "heading.inputs", "</h2>\n");
    fw_html_table(html, "sort", columns, sizeof(columns) / sizeof(columns[0]));
    for (size_t i = 0; i < html->in->inputs->n; i++) {
        const struct fw_input *input = &html->in->inputs->v[i];
        fw_html_put(html, "<tr><td class=\"break\">", input->path, "<br>");
        if (input->missing) {
            fw_html_word(
                html, "<span class=\"dim\">", "text.missing",
                "</span></td><td></td><td></td><td></td><td></td><td></td><td></td></tr>\n");
            continue;
        }
        fw_html_hash(html, input->info.sha256);
        if (input->info.integrity != FW_INTEGRITY_OK) {
            struct fw_buf key;
            fw_buf_init(&key);
            fw_buf_printf(&key, "integrity.%s", fw_integrity_name(input->info.integrity));
            fw_html_word(html, " <strong>", key.p ? key.p : "", "</strong>");
            fw_buf_clear(&key);
        }
        fw_html_put(html, "</td><td>", fw_sv_from(input->format), "</td>");
        const uint64_t values[] = {input->lines.total, input->lines.used, input->lines.ignored,
                                   input->lines.unsupported, input->lines.bad};
        for (size_t k = 0; k < sizeof(values) / sizeof(values[0]); k++) {
            fw_html_number(html, "<td class=\"n\">", values[k], "</td>");
        }
        fw_html_raw(html, "</tr>\n");
    }
    fw_html_raw(html, "</tbody>\n</table></div>\n</section>\n");
}

void fw_html_verify(struct fw_html *html)
{
    bool site = html->in->kind == FW_REPORT_SITE;
    fw_html_word(html, "<section id=\"verify\" class=\"page\">\n<h2>",
                 site ? "heading.verify" : "heading.verify_page", "</h2>\n<ol>\n");
    fw_html_word(html, "<li>", "text.verify_inputs",
                 "<pre class=\"quote\">sha256sum FILE</pre></li>\n");
    fw_html_word(html, "<li>", "text.verify_again", "</li>\n");
    if (site) {
        fw_html_word(
            html, "<li>", "text.verify_stock",
            "<pre class=\"quote\">ALLOWED=KEYS sh verify.sh PACK [EARLIER...]</pre></li>\n");
        fw_html_word(
            html, "<li>", "text.verify_tool",
            "<pre class=\"quote\">fwproof verify PACK [EARLIER...] --trust KEYS</pre></li>\n");
        fw_html_word(html, "<li>", "text.verify_head",
                     "<pre class=\"quote\">sha256sum PACK/tagmanifest-sha256.txt</pre>"
                     "<p class=\"blank\"></p></li>\n");
        if (html->in->facts->previous) {
            fw_html_word(html, "<li>", "text.verify_previous", " ");
            fw_html_hash(html, html->in->facts->previous->head);
            fw_html_raw(html, "</li>\n");
        }
        fw_html_word(html, "<li>", "text.no_anchor", "</li>\n");
    }
    fw_html_raw(html, "</ol>\n</section>\n");
}
