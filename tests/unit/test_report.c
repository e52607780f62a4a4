/* Reports: hostile text stays text, counts add up, equal runs are equal bytes, JSON can be read. */
#include "core/text.h"
#include "evidence/configs.h"
#include "report/report.h"
#include "report/survey.h"
#include "tests/unit/embedded.h"
#include "tests/unit/suites.h"

#include <string.h>

/* What an attacker, or an administrator with a sense of humour, can put into a configuration. */
static const char hostile[] =
    "*filter\n"
    ":INPUT DROP [0:0]\n"
    ":FORWARD DROP [0:0]\n"
    ":OUTPUT DROP [0:0]\n"
    "-A FORWARD -s 10.0.0.0/8 -j DROP\n"
    "-A FORWARD -s 10.1.0.0/16 -m comment --comment \"</pre><script>alert(1)</script>\" -j ACCEPT\n"
    "-A FORWARD -s 10.2.0.0/16 -m comment --comment \"\x1b]0;owned\x07\xe2\x80\xae\" -j ACCEPT\n"
    "-A FORWARD -j ACCEPT\n"
    "COMMIT\n";

static struct fw_arena arena;
static struct fw_diags *diags;
static struct fw_catalogue catalogue;
static struct fw_config config;
static struct fw_snapshot snapshot;
static struct fw_device_facts device;
static struct fw_facts facts;
static struct fw_results results;
static struct fw_inputs inputs;
static struct fw_report_input in;

static void setup(void)
{
    test_catalogue_computed(&arena, &catalogue);
    diags = fw_diags_new();
    config = (struct fw_config){.parser = fw_parser_find(FW_SV("iptables-save"))};
    fw_doc_init(&config.doc, FW_SV("<img src=x>.rules"), diags);
    fw_doc_set_text(&config.doc, fw_sv_from(hostile));
    ck_assert_int_eq(fw_ruleset_parse(&config.doc, config.parser, &config.ruleset), FW_OK);
    struct fw_analysis_options options = {.jobs = 1};
    fw_config_analyse(&config, &options);
    snapshot = (struct fw_snapshot){
        .path = config.doc.path,
        .format = config.parser->name,
        .taken_ns = INT64_MIN,
        .lines = fw_doc_counts(&config.doc),
        .ruleset = &config.ruleset,
        .doc = &config.doc,
        .report = &config.report,
    };
    device = (struct fw_device_facts){
        .name = FW_SV("gw\"'<>&"), .nsnapshots = 1, .snapshots = &snapshot};
    facts = (struct fw_facts){
        .catalogue = &catalogue,
        .profile = fw_profile_find(&catalogue, FW_SV("quick")),
        .ndevices = 1,
        .devices = &device,
    };
    inputs = (struct fw_inputs){0};
    struct fw_input *input = fw_inputs_add(&arena, &inputs, FW_INPUT_CONFIG, snapshot.path,
                                           device.name);
    input->format = snapshot.format;
    input->lines = snapshot.lines;
    fw_results_init(&results, &arena, &catalogue);
    fw_analyse(&facts, FW_RUN_RULES, (fw_sv){0}, &results);
    in = (struct fw_report_input){
        .kind = FW_REPORT_RULES,
        .facts = &facts,
        .results = &results,
        .inputs = &inputs,
        .version = "1.2.3",
        .width = 80,
    };
}

static void teardown(void)
{
    fw_doc_clear(&config.doc);
    fw_diags_free(diags);
    fw_arena_clear(&arena);
}

/* In the test's arena. */
static fw_sv written(const char *name, enum fw_lang lang, bool color)
{
    const struct fw_report *report = fw_report_find(name);
    struct fw_buf buf;
    fw_buf_init(&buf);
    ck_assert_ptr_nonnull(report);
    in.lang = lang;
    in.color = color;
    report->write(&in, &buf);
    ck_assert(fw_buf_ok(&buf));
    fw_sv copy = fw_arena_copy(&arena, fw_buf_sv(&buf));
    fw_buf_clear(&buf);
    return copy;
}

static bool holds(fw_sv text, const char *part)
{
    return fw_sv_find(text, fw_sv_from(part)) != SIZE_MAX;
}

START_TEST(test_registry)
{
    for (size_t i = 0; fw_reports[i]; i++) {
        ck_assert_ptr_eq(fw_report_find(fw_reports[i]->name), fw_reports[i]);
        ck_assert_ptr_nonnull(fw_reports[i]->extension);
        ck_assert_uint_ne(fw_reports[i]->kinds, 0);
        if (i > 0) {
            ck_assert_int_lt(strcmp(fw_reports[i - 1]->name, fw_reports[i]->name), 0);
        }
    }
    ck_assert_ptr_null(fw_report_find("pdf"));
}
END_TEST

START_TEST(test_every_report_in_both_languages)
{
    for (size_t i = 0; fw_reports[i]; i++) {
        for (int lang = 0; (fw_reports[i]->kinds & in.kind) && lang < FW_LANG_COUNT; lang++) {
            fw_sv once = written(fw_reports[i]->name, (enum fw_lang)lang, true);
            fw_sv again = written(fw_reports[i]->name, (enum fw_lang)lang, true);
            ck_assert_msg(once.n > 100 && fw_sv_eq(once, again), "%s", fw_reports[i]->name);
            ck_assert_msg(!holds(once, "text.") && !holds(once, "label.") &&
                              !holds(once, "heading."),
                          "%s names a word that is not there", fw_reports[i]->name);
        }
    }
}
END_TEST

START_TEST(test_html_is_escaped)
{
    for (int lang = 0; lang < FW_LANG_COUNT; lang++) {
        fw_sv page = written("html", (enum fw_lang)lang, false);
        fw_sv rest = fw_sv_sub(page, fw_sv_find(page, FW_SV("<script>")) + 8, SIZE_MAX);
        fw_sv script = fw_sv_sub(rest, 0, fw_sv_find(rest, FW_SV("</script>")));
        char hash[FW_SHA256_BASE64 + 1];
        fw_sha256_base64(fw_sha256_of(script), hash);
        ck_assert(script.n > 1000);
        ck_assert(holds(page, fw_arena_printf(&arena, "script-src 'sha256-%s'", hash).p));
        ck_assert(!holds(rest, "<script")); /* the only one */
        ck_assert(!holds(page, "onclick"));
        ck_assert(!holds(page, "<img"));
        ck_assert(!holds(page, "\x1b"));
        ck_assert(!holds(page, "\xe2\x80\xae"));
        ck_assert(!holds(page, "style=\""));
        ck_assert(!holds(page, "http:"));
        ck_assert(!holds(page, "https:"));
        ck_assert(holds(page, "&lt;/pre&gt;&lt;script&gt;alert(1)"));
        ck_assert(holds(page, "gw&quot;&#39;&lt;&gt;&amp;"));
        ck_assert(holds(page, "default-src 'none'"));
    }
}
END_TEST

START_TEST(test_terminal_is_safe)
{
    in.width = 0; /* lines are not broken */
    fw_sv plain = written("text", FW_LANG_EN, false);
    ck_assert(!holds(plain, "\x1b"));
    ck_assert(!holds(plain, "\x07"));
    ck_assert(!holds(plain, "\xe2\x80\xae"));
    ck_assert(holds(plain, "\\x1b]0;owned\\x07\\u202e"));
    fw_sv colored = written("text", FW_LANG_EN, true);
    ck_assert(holds(colored, "\x1b[1;31mFAIL\x1b[0m"));
    ck_assert(!holds(colored, "\x1b]"));
}
END_TEST

START_TEST(test_terminal_width)
{
    for (size_t width = 48; width <= 120; width += 8) {
        in.width = width;
        for (int lang = 0; lang < FW_LANG_COUNT; lang++) {
            fw_sv rest = written("text", (enum fw_lang)lang, false);
            fw_sv line;
            while (fw_sv_split(&rest, '\n', &line)) {
                ck_assert_msg(fw_text_width(line) <= width, "%zu: %.*s", width, FW_SV_ARG(line));
            }
        }
    }
}
END_TEST

START_TEST(test_counts_add_up)
{
    struct fw_survey survey;
    fw_survey_make(&survey, &in, &arena);
    size_t sum = 0;
    for (int state = 0; state < FW_RESULT_COUNT; state++) {
        sum += survey.counts[state];
    }
    ck_assert_uint_eq(sum, survey.n);
    ck_assert_uint_gt(survey.counts[FW_RESULT_FAIL], 0);
    const size_t *order = fw_survey_order(&survey);
    bool seen[64] = {false};
    for (size_t i = 0; i < survey.n; i++) {
        ck_assert_uint_lt(order[i], survey.n);
        ck_assert(!seen[order[i]]);
        seen[order[i]] = true;
        if (i > 0) {
            ck_assert_int_le(survey.checks[order[i - 1]].state, survey.checks[order[i]].state);
        }
    }
}
END_TEST

START_TEST(test_json_reads_back)
{
    fw_sv text = written("json", FW_LANG_ZH_TW, false);
    const struct fw_jvalue *root = fw_json_parse(&arena, text, FW_SV("out"), diags,
                                                 FW_DIAG_ID_RECORD_INVALID);
    ck_assert_ptr_nonnull(root);
    const struct fw_jvalue *found = fw_json_find(root, "results");
    ck_assert_ptr_nonnull(found);
    static const char *const keys[] = {"check",     "state",   "severity", "class", "device",
                                       "input",     "policy",  "rule",     "dead",  "because",
                                       "certainty", "witness", "message"};
    size_t shadowed = 0;
    for (size_t i = 0; i < found->count; i++) {
        const struct fw_jvalue *result = &found->items[i];
        for (size_t k = 0; k < sizeof(keys) / sizeof(keys[0]); k++) {
            ck_assert_msg(fw_sv_is(result->items[k].key, keys[k]), "%.*s is not %s",
                          FW_SV_ARG(result->items[k].key), keys[k]);
        }
        if (fw_sv_is(fw_json_text(result, "check"), "RUL-001")) {
            const struct fw_jvalue *rule = fw_json_find(result, "rule");
            const struct fw_jvalue *because = fw_json_find(result, "because");
            ck_assert_uint_eq(because->count, 1);
            ck_assert_double_eq(fw_json_find(&because->items[0], "position")->number, 1);
            ck_assert_double_eq(fw_json_find(rule, "position")->number, 2 + (double)shadowed);
            ck_assert(fw_json_find(result, "dead")->boolean);
            shadowed++;
        }
    }
    ck_assert_uint_eq(shadowed, 2);
}
END_TEST

START_TEST(test_csv_is_no_formula)
{
    fw_sv rest = written("csv", FW_LANG_EN, false);
    ck_assert(fw_sv_starts(rest, "\xef\xbb\xbf"
                                 "check,title,state"));
    ck_assert(holds(rest, ",'-A FORWARD -j ACCEPT,"));
    ck_assert(!holds(rest, ",-A FORWARD"));
    ck_assert(!holds(rest, "\x1b"));
}
END_TEST

Suite *fw_suite_report(void)
{
    Suite *suite = suite_create("report");
    TCase *tcase = tcase_create("report");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, test_registry);
    tcase_add_test(tcase, test_every_report_in_both_languages);
    tcase_add_test(tcase, test_html_is_escaped);
    tcase_add_test(tcase, test_terminal_is_safe);
    tcase_add_test(tcase, test_terminal_width);
    tcase_add_test(tcase, test_counts_add_up);
    tcase_add_test(tcase, test_json_reads_back);
    tcase_add_test(tcase, test_csv_is_no_formula);
    suite_add_tcase(suite, tcase);
    return suite;
}
