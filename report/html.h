/*
 * The parts of the HTML page. It is one file without network; its only style sheet and its only
 * script are named by hash in its content security policy, so there are no style attributes.
 * Everything that is not written here goes through fw_html_text, which escapes.
 */
#ifndef FW_REPORT_HTML_H
#define FW_REPORT_HTML_H

#include "report/history.h"
#include "report/survey.h"

struct fw_html {
    struct fw_survey survey;
    struct fw_history history; /* when has_history */
    bool has_history;
    fw_sha256 log_index; /* of a site's review: what its pack holds as the index of logs */
    const struct fw_report_input *in;
    struct fw_buf *out;
};

void fw_html_raw(struct fw_html *html, const char *markup);
void fw_html_text(struct fw_html *html, fw_sv text);
/* markup, the escaped text, markup */
void fw_html_put(struct fw_html *html, const char *before, fw_sv text, const char *after);
void fw_html_word(struct fw_html *html, const char *before, const char *key, const char *after);
void fw_html_number(struct fw_html *html, const char *before, uint64_t number, const char *after);
void fw_html_hash(struct fw_html *html, fw_sha256 hash);
/* "FAIL", "NA": class of a badge or a bar. */
const char *fw_html_state_class(enum fw_result_state state);
void fw_html_badge(struct fw_html *html, enum fw_result_state state);
/* A column's heading and class: NULL for text, "n" for numbers, "narrow" where room is short. */
struct fw_html_column {
    const char *key, *class;
};

/* Opens a table of this class ("sort": it can be sorted), up to its first row. */
void fw_html_table(struct fw_html *html, const char *class, const struct fw_html_column *columns,
                   size_t n);
/* <dt>word</dt><dd>text</dd>; nothing when the text is empty. */
void fw_html_fact(struct fw_html *html, const char *key, fw_sv text);

/* "2026-07-05" in the review's zone; {0} for a time that is not known. */
fw_sv fw_html_date(struct fw_html *html, int64_t ns);
/* The number, from 1, of the profile's item that a check belongs to; 0: none. */
size_t fw_html_item_index(const struct fw_profile *profile, const struct fw_survey_check *check);

/* What the answer to a check rests on, with hashes to compare. */
void fw_html_evidence(struct fw_html *html, const struct fw_survey_check *check);
fw_sha256 fw_html_log_index(const struct fw_report_input *in);

/* What the page is about, and what was counted from. */
void fw_html_cover(struct fw_html *html);
/* How many checks ended how, and each of them in one line. */
void fw_html_verdict(struct fw_html *html);
/* The checks as a table, the worst first; item: NULL, all of them. */
void fw_html_checks(struct fw_html *html, const struct fw_profile_item *item);
/* Which devices are declared, collected, logging. */
void fw_html_coverage(struct fw_html *html);
/* What changed since the review before: findings, configurations, and over all reviews. */
void fw_html_changes(struct fw_html *html);
/* What is to be improved, by when. */
void fw_html_plan(struct fw_html *html);
/* What rules let through: zones by zones, and how broad rules are beside how often they hit. */
void fw_html_reach(struct fw_html *html);
/* What was decided about rules and findings, by whom, until when. */
void fw_html_decisions(struct fw_html *html);
/* Waivers and declarations with their expiry. */
void fw_html_exceptions(struct fw_html *html);
/* One page an audit item: question, answer, findings, how to re-check, evidence, sentence. */
void fw_html_items(struct fw_html *html);
/* Every log source on one line of time: what is there, what is missing. */
void fw_html_strips(struct fw_html *html);
/* How far the clocks of the log sources are off. */
void fw_html_clocks(struct fw_html *html);
/* Every log source: calendar of its days, gaps, fields. */
void fw_html_logs(struct fw_html *html);
/* IDS rule sets and the noisiest signatures. */
void fw_html_ids(struct fw_html *html);
/* The ledger of tuning, advisories about engines, attacks that were let through. */
void fw_html_sensors(struct fw_html *html);
/* Every rule with what was said about it. */
void fw_html_rules(struct fw_html *html);
/* Every file that was read, with its hash and its lines. */
void fw_html_inputs(struct fw_html *html);
/* How a reader convinces himself. */
void fw_html_verify(struct fw_html *html);

#endif
