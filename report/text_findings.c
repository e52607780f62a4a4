/* What did not pass: where, why, and what would mend it? */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "policy/edited.h"
#include "report/terminal.h"

enum { FINDINGS_SHOWN = 50, BECAUSE_SHOWN = 8 };

/* "       45 | -A FORWARD …" */
static void put_quote(struct fw_terminal *t, uint32_t line, fw_sv text)
{
    fw_terminal_style(t, FW_STYLE_DIM);
    fw_buf_printf(t->out, "%9" PRIu32 " | ", line);
    fw_terminal_style(t, FW_STYLE_NONE);
    fw_terminal_wrap_from(t, text, 12, 14);
}

/* Begins a line of a finding; one whose state is not the check's says so first. Returns the cells
 * used. */
static size_t begin_finding(struct fw_terminal *t, const struct fw_result *result, bool other)
{
    fw_buf_add_cstr(t->out, "  ");
    if (!other) {
        return 2;
    }
    size_t cells = fw_terminal_state(t, result->state);
    fw_buf_add_cstr(t->out, "  ");
    return 4 + cells;
}

static void put_place(struct fw_terminal *t, const struct fw_result *result, bool other)
{
    struct fw_buf line;
    fw_buf_init(&line);
    fw_buf_add(&line, result->input.n > 0 ? result->input : result->device);
    if (result->span.line > 0) {
        fw_buf_printf(&line, ":%" PRIu32, result->span.line);
    }
    if (result->has_rule) {
        struct fw_param params[] = {
            {"policy", result->rule.policy},
            {"position", fw_survey_number(&t->survey, result->rule.position)},
        };
        fw_buf_add_cstr(&line, "  ");
        fw_buf_add(&line, fw_survey_text(&t->survey, "text.rule", params, 2));
        if (result->rule.id.n > 0) {
            fw_buf_add_cstr(&line, " (");
            fw_buf_add(&line, result->rule.id);
            fw_buf_add_cstr(&line, ")");
        }
    }
    if (result->certainty != FW_PROVEN) {
        struct fw_buf key;
        fw_buf_init(&key);
        fw_buf_printf(&key, "certainty.%s", fw_certainty_name(result->certainty));
        fw_buf_add_cstr(&line, "  ");
        fw_buf_add(&line, key.p ? fw_survey_word(&t->survey, key.p) : FW_SV(""));
        fw_buf_clear(&key);
    }
    fw_terminal_wrap_from(t, fw_buf_sv(&line), begin_finding(t, result, other), 6);
    fw_buf_clear(&line);
}

static void put_label(struct fw_terminal *t, const char *key)
{
    fw_buf_add_cstr(t->out, "    ");
    fw_terminal_style(t, FW_STYLE_DIM);
    fw_buf_add(t->out, fw_survey_word(&t->survey, key));
    fw_terminal_style(t, FW_STYLE_NONE);
    fw_buf_add_char(t->out, '\n');
}

/* The calls through which a cause in another chain is met, then the cause. */
static void put_cause(struct fw_terminal *t, const struct fw_result *result, size_t i)
{
    size_t n = result->via ? result->via[i].n : 0;
    for (size_t k = 0; k <= n; k++) {
        const struct fw_rule_ref *ref = k < n ? &result->via[i].v[k] : &result->because[i];
        fw_sv text = fw_survey_line(&t->survey, result, ref->line);
        put_quote(t, ref->line, text.p ? text : ref->policy);
    }
}

/* The rule, the rules that are responsible under it, and a packet that shows it. */
static void put_rule(struct fw_terminal *t, const struct fw_result *result)
{
    put_quote(t, result->rule.line, result->rule_text);
    if (result->nbecause > 0) {
        put_label(t, "label.because");
    }
    for (size_t i = 0; i < result->nbecause && i < BECAUSE_SHOWN; i++) {
        put_cause(t, result, i);
    }
    if (result->nbecause > BECAUSE_SHOWN) {
        struct fw_param more = {"n",
                                fw_survey_number(&t->survey, result->nbecause - BECAUSE_SHOWN)};
        fw_terminal_wrap(t, fw_survey_text(&t->survey, "text.more", &more, 1), 12, 12);
    }
    if (result->has_witness && result->nbecause > 0) {
        struct fw_buf witness;
        fw_buf_init(&witness);
        put_label(t, "label.witness");
        fw_packet_text(&witness, &result->witness);
        fw_terminal_wrap(t, fw_buf_sv(&witness), 12, 14);
        fw_buf_clear(&witness);
    }
}

static void put_fix_effect(struct fw_terminal *t, const struct fw_edit_effect *effect)
{
    if (!effect) {
        return; /* no packet fares otherwise, which is what the finding says */
    }
    const size_t *boxes = effect->boxes;
    struct fw_param params[] = {
        {"denied", fw_survey_number(&t->survey, boxes[FW_DIFFERENCE_DENIED])},
        {"allowed", fw_survey_number(&t->survey, boxes[FW_DIFFERENCE_ALLOWED])},
        {"other", fw_survey_number(&t->survey, boxes[FW_DIFFERENCE_OTHER])},
        {"log2",
         fw_arena_printf(t->survey.arena, "%.1f", effect->breadth > 0 ? log2(effect->breadth) : 0)},
    };
    put_label(t, "label.fix_changes");
    fw_terminal_wrap(t,
                     fw_survey_text(&t->survey,
                                    !effect->known  ? "fix.changes_unknown"
                                    : effect->exact ? "fix.changes"
                                                    : "fix.changes_bounds",
                                    params, 4),
                     12, 14);
}

/* The device's own commands, each on its line. */
static void put_fix(struct fw_terminal *t, const struct fw_result *result)
{
    fw_sv rest = result->fix;
    fw_sv line;
    if (rest.n == 0) {
        return;
    }
    put_label(t, "label.fix");
    while (fw_sv_split(&rest, '\n', &line)) {
        fw_terminal_wrap(t, line, 12, 14);
    }
    put_fix_effect(t, result->fix_effect);
}

static void put_result(struct fw_terminal *t, const struct fw_result *result, bool other)
{
    fw_sv sentence = fw_survey_sentence(&t->survey, result, t->survey.in->lang, false);
    if (!result->has_rule || result->rule_text.n == 0) {
        fw_terminal_wrap_from(t, sentence, begin_finding(t, result, other), 4);
        put_fix(t, result);
        return;
    }
    put_place(t, result, other);
    put_rule(t, result);
    put_fix(t, result);
    /* The sentence says it all, but where rule and cause are quoted it would say it twice. */
    if (result->nbecause == 0) {
        fw_terminal_wrap(t, sentence, 4, 4);
    }
}

static void put_headline(struct fw_terminal *t, const struct fw_survey_check *check)
{
    struct fw_buf key;
    fw_buf_init(&key);
    fw_buf_printf(&key, "severity.%s", fw_severity_name(check->severity));
    fw_terminal_title(t, check, key.p ? fw_survey_word(&t->survey, key.p) : FW_SV(""));
    fw_buf_clear(&key);
}

/* What made the check end so, then what else it says: a failure on one device beside missing
 * evidence of another. */
static void put_check(struct fw_terminal *t, const struct fw_survey_check *check)
{
    size_t shown = 0;
    size_t left = 0;
    put_headline(t, check);
    for (int pass = 0; pass < 2; pass++) {
        for (size_t k = 0; k < check->n; k++) {
            const struct fw_result *result = &t->survey.in->results->v[check->from + k];
            if (!fw_survey_is_finding(result) || (result->state != check->state) != (pass == 1)) {
                continue;
            }
            if (shown == FINDINGS_SHOWN) {
                left++;
                continue;
            }
            put_result(t, result, pass == 1);
            shown++;
        }
    }
    if (left > 0) {
        struct fw_param more = {"n", fw_survey_number(&t->survey, left)};
        fw_terminal_wrap(t, fw_survey_text(&t->survey, "text.more_elsewhere", &more, 1), 2, 4);
    }
    fw_buf_add_char(t->out, '\n');
}

/* Sentences that ask for what stands beside a configuration: zones, lists, registers, counters. */
static const struct {
    const char *check, *words; /* NULL: any check; words that end in '_' begin so */
} asks_for_more[] = {
    {NULL, "open.no_"},  {"RUL-004", "open.unrecorded"}, {"RUL-005", "open"}, {"RUL-006", "open"},
    {"RUL-007", "open"}, {"RUL-007", "open.partial"},    {"RUL-008", "open"},
};

static bool asks(const struct fw_result *result)
{
    for (size_t i = 0; i < sizeof(asks_for_more) / sizeof(asks_for_more[0]); i++) {
        const char *words = asks_for_more[i].words;
        size_t n = strlen(words);
        bool begins = words[n - 1] == '_';
        if ((!asks_for_more[i].check || strcmp(asks_for_more[i].check, result->check) == 0) &&
            (begins ? strncmp(result->words, words, n) == 0 : strcmp(result->words, words) == 0)) {
            return true;
        }
    }
    return false;
}

/* `rules` is given configurations and nothing else, so that some questions stay open on every run:
 * they share a line. */
static bool needs_more(const struct fw_terminal *t, const struct fw_survey_check *check)
{
    bool all = check->state == FW_RESULT_OPEN && t->survey.in->kind == FW_REPORT_RULES;
    for (size_t k = 0; k < check->n && all; k++) {
        const struct fw_result *result = &t->survey.in->results->v[check->from + k];
        all = !fw_survey_is_finding(result) || asks(result);
    }
    return all;
}

static void put_needs_more(struct fw_terminal *t)
{
    struct fw_buf list;
    size_t n = 0;
    fw_buf_init(&list);
    for (size_t i = 0; i < t->survey.n; i++) {
        const struct fw_survey_check *check = &t->survey.checks[t->order[i]];
        if (needs_more(t, check)) {
            fw_buf_add_cstr(&list, n > 0 ? ", " : "");
            fw_buf_add(&list, check->check->id);
            n++;
        }
    }
    if (n > 0) {
        struct fw_param params[] = {{"n", fw_survey_number(&t->survey, n)},
                                    {"list", fw_buf_sv(&list)}};
        fw_terminal_state(t, FW_RESULT_OPEN);
        fw_buf_add_cstr(t->out, "  ");
        fw_terminal_wrap_from(t, fw_survey_text(&t->survey, "text.needs_more", params, 2),
                              t->state_width + 2, t->state_width + 2);
        fw_buf_add_char(t->out, '\n');
    }
    fw_buf_clear(&list);
}

void fw_terminal_findings(struct fw_terminal *t)
{
    for (size_t i = 0; i < t->survey.n; i++) {
        const struct fw_survey_check *check = &t->survey.checks[t->order[i]];
        bool finding = check->state == FW_RESULT_ERROR || check->state == FW_RESULT_FAIL ||
                       check->state == FW_RESULT_OPEN || check->state == FW_RESULT_WAIVED;
        if (finding && !needs_more(t, check)) {
            put_check(t, check);
        }
    }
    put_needs_more(t);
}
