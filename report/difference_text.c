/* A comparison on a terminal: policy by policy, the packets that fare otherwise first, each with
 * the rules that decided before and decide now, then the rules that changed. */
#include <inttypes.h>

#include "core/text.h"
#include "report/difference.h"
#include "report/terminal.h"

enum { BOXES_SHOWN = 20, RULES_SHOWN = 20, RANGES_SHOWN = 8, LABEL_CELLS = 11 };

struct page {
    struct fw_terminal t;
    const struct fw_difference_report *report;
    struct fw_arena *arena;
};

static fw_sv word(const struct page *page, const char *key)
{
    return fw_survey_word(&page->t.survey, key);
}

static fw_sv word_of(const struct page *page, const char *group, const char *name)
{
    return word(page, fw_arena_printf(page->arena, "%s.%s", group, name).p);
}

static void put_inputs(struct page *page)
{
    const struct fw_inputs *inputs = page->report->inputs;
    fw_terminal_style(&page->t, FW_STYLE_BOLD);
    fw_terminal_wrap(&page->t, word(page, "heading.diff"), 0, 0);
    fw_terminal_style(&page->t, FW_STYLE_NONE);
    for (size_t i = 0; i < inputs->n; i++) {
        const struct fw_line_counts *lines = &inputs->v[i].lines;
        struct fw_param params[] = {
            {"total", fw_survey_number(&page->t.survey, lines->total)},
            {"used", fw_survey_number(&page->t.survey, lines->used)},
            {"ignored", fw_survey_number(&page->t.survey, lines->ignored)},
            {"unsupported", fw_survey_number(&page->t.survey, lines->unsupported)},
            {"bad", fw_survey_number(&page->t.survey, lines->bad)},
        };
        fw_sv text = fw_survey_text(&page->t.survey, "text.lines", params, 5);
        fw_sv line = fw_arena_printf(page->arena, "%.*s %.*s  %s  %.*s",
                                     FW_SV_ARG(word(page, i == 0 ? "diff.old" : "diff.new")),
                                     FW_SV_ARG(inputs->v[i].path), inputs->v[i].format,
                                     FW_SV_ARG(text));
        fw_terminal_wrap(&page->t, line, 0, 4);
    }
}

static void put_quote(struct page *page, char sign, size_t side, uint32_t line)
{
    struct fw_terminal *t = &page->t;
    fw_sv text = fw_sv_trim(fw_doc_line_shown(page->report->docs[side], line, page->arena));
    fw_terminal_style(t, sign == '+' ? FW_STYLE_GREEN : sign == '-' ? FW_STYLE_RED : FW_STYLE_DIM);
    fw_buf_printf(t->out, "  %c %6" PRIu32 " | ", sign, line);
    fw_terminal_style(t, FW_STYLE_NONE);
    fw_terminal_wrap_from(t, text, 13, 15);
}

/* "    from       10.0.0.0/8" */
static void put_line(struct page *page, const char *key, fw_sv text)
{
    fw_sv label = word(page, key);
    size_t cells = fw_text_width(label);
    fw_buf_add_repeat(page->t.out, " ", 4);
    fw_terminal_style(&page->t, FW_STYLE_DIM);
    fw_buf_add(page->t.out, label);
    fw_terminal_style(&page->t, FW_STYLE_NONE);
    fw_buf_add_repeat(page->t.out, " ", cells < LABEL_CELLS ? LABEL_CELLS - cells : 1);
    size_t used = 4 + (cells < LABEL_CELLS ? LABEL_CELLS : cells + 1);
    fw_terminal_wrap_from(&page->t, text, used, 4 + LABEL_CELLS + 2);
}

static void put_fate(struct page *page, const char *key, size_t side, const struct fw_fate *fate)
{
    fw_sv by;
    if (fate->rule) {
        struct fw_param params[] = {
            {"policy", fate->policy->name},
            {"position", fw_survey_number(&page->t.survey, fate->rule->position)},
        };
        by = fw_survey_text(&page->t.survey, "text.rule", params, 2);
    } else {
        struct fw_param params[] = {{"policy", fate->policy->name}};
        by = fw_survey_text(&page->t.survey, "diff.by_default", params, 1);
    }
    fw_sv action = fw_sv_from(fw_action_name(fate->action));
    put_line(page, key,
             fw_arena_printf(page->arena, "%.*s  %.*s", FW_SV_ARG(action), FW_SV_ARG(by)));
    if (fate->rule) {
        put_quote(page, side == 0 ? '-' : '+', side, fate->rule->span.line);
    }
}

static void put_sets(struct page *page, const struct fw_difference_box *box)
{
    struct fw_buf buf;
    fw_buf_init(&buf);
    fw_difference_addresses(&buf, box->term.src, RANGES_SHOWN);
    put_line(page, "diff.from", fw_buf_sv(&buf));
    fw_buf_reset(&buf);
    fw_difference_addresses(&buf, box->term.dst, RANGES_SHOWN);
    put_line(page, "diff.to", fw_buf_sv(&buf));
    fw_buf_reset(&buf);
    fw_difference_service(&buf, &box->term);
    put_line(page, "diff.service", fw_buf_sv(&buf));
    fw_buf_reset(&buf);
    if (box->in.nsome + box->in.nnone > 0) {
        fw_difference_names(&buf, &box->in);
        put_line(page, "diff.in", fw_buf_sv(&buf));
        fw_buf_reset(&buf);
    }
    if (box->out.nsome + box->out.nnone > 0) {
        fw_difference_names(&buf, &box->out);
        put_line(page, "diff.out", fw_buf_sv(&buf));
        fw_buf_reset(&buf);
    }
    for (size_t i = 0; i < box->term.natoms; i++) {
        fw_buf_add(&buf, box->term.atoms[i].negated ? word(page, "diff.not") : FW_SV(""));
        fw_buf_add(&buf, box->term.atoms[i].words);
        put_line(page, "diff.when", fw_buf_sv(&buf));
        fw_buf_reset(&buf);
    }
    fw_buf_clear(&buf);
}

static void put_box(struct page *page, const struct fw_difference_box *box)
{
    static const enum fw_style styles[FW_DIFFERENCE_COUNT] = {FW_STYLE_RED, FW_STYLE_YELLOW,
                                                              FW_STYLE_CYAN};
    struct fw_terminal *t = &page->t;
    fw_sv title = word_of(page, "diff.kind", fw_difference_kind_name(box->kind));
    if (box->certainty != FW_PROVEN) {
        title = fw_arena_printf(
            page->arena, "%.*s  %.*s", FW_SV_ARG(title),
            FW_SV_ARG(word_of(page, "certainty", fw_certainty_name(box->certainty))));
    }
    fw_buf_add_cstr(t->out, "  ");
    fw_terminal_style(t, styles[box->kind]);
    fw_terminal_wrap_from(t, title, 2, 4);
    fw_terminal_style(t, FW_STYLE_NONE);
    put_sets(page, box);
    if (!box->exact) {
        fw_terminal_wrap(t, word(page, "diff.not_exact"), 4, 4);
    }
    if (!box->has_witness) {
        return;
    }
    put_fate(page, "diff.before", 0, &box->before);
    put_fate(page, "diff.after", 1, &box->after);
    struct fw_buf buf;
    fw_buf_init(&buf);
    fw_packet_text(&buf, &box->witness);
    put_line(page, "diff.witness", fw_buf_sv(&buf));
    fw_buf_clear(&buf);
}

static void put_more(struct page *page, size_t n)
{
    if (n > 0) {
        struct fw_param more = {"n", fw_survey_number(&page->t.survey, n)};
        fw_terminal_wrap(&page->t, fw_survey_text(&page->t.survey, "text.more_elsewhere", &more, 1),
                         2, 4);
    }
}

static bool is_of(const struct fw_rule_change *change, const struct fw_policy_pair *pair)
{
    return pair->policies[0] && pair->policies[1] &&
           change->delta.old_policy == pair->policies[0] &&
           change->delta.new_policy == pair->policies[1];
}

static void put_change(struct page *page, const struct fw_delta *delta)
{
    if (delta->change == FW_CHANGE_DEFAULT) {
        struct fw_param params[] = {
            {"old", fw_sv_from(fw_action_name(delta->old_policy->fallback))},
            {"new", fw_sv_from(fw_action_name(delta->new_policy->fallback))},
        };
        fw_terminal_wrap(&page->t, fw_survey_text(&page->t.survey, "diff.default", params, 2), 2,
                         4);
        return;
    }
    if (delta->old_rule) {
        put_quote(page, delta->change == FW_CHANGE_MOVE ? '<' : '-', 0, delta->old_rule->span.line);
    }
    if (delta->new_rule) {
        put_quote(page, delta->change == FW_CHANGE_MOVE ? '>' : '+', 1, delta->new_rule->span.line);
    }
}

/* The rules of a policy that changed something; how many were only moved or rewritten. */
static void put_rules(struct page *page, const struct fw_policy_pair *pair)
{
    const struct fw_comparison_result *result = page->report->result;
    size_t shown = 0;
    size_t n = 0;
    size_t rewritten = 0;
    for (size_t i = 0; i < result->nrules; i++) {
        const struct fw_rule_change *change = &result->rules[i];
        if (!is_of(change, pair)) {
            continue;
        }
        if (change->effect == FW_EFFECT_NONE) {
            rewritten++;
        } else if (n++ < RULES_SHOWN) {
            if (shown++ == 0) {
                fw_terminal_wrap(&page->t, word(page, "diff.rules"), 2, 4);
            }
            put_change(page, &change->delta);
        }
    }
    put_more(page, n - shown);
    if (rewritten > 0) {
        struct fw_param param = {"n", fw_survey_number(&page->t.survey, rewritten)};
        fw_terminal_wrap(&page->t, fw_survey_text(&page->t.survey, "diff.rewritten", &param, 1), 2,
                         4);
    }
}

/* Does the policy have anything to say besides "as before"? */
static bool is_quiet(const struct page *page, const struct fw_policy_pair *pair)
{
    const struct fw_comparison_result *result = page->report->result;
    bool quiet = !pair->rebound && (pair->state == FW_PAIR_SAME || pair->state == FW_PAIR_CALLED ||
                                    pair->state == FW_PAIR_UNSEEN);
    for (size_t i = 0; i < result->nrules && quiet; i++) {
        quiet = !is_of(&result->rules[i], pair);
    }
    return quiet || (pair->called && (!pair->policies[0] || !pair->policies[1]));
}

static void put_bindings(struct page *page, const struct fw_policy_pair *pair)
{
    for (size_t side = 0; side < 2; side++) {
        const struct fw_policy *policy = pair->policies[side];
        struct fw_buf buf;
        fw_buf_init(&buf);
        for (size_t i = 0; i < policy->nbindings; i++) {
            fw_buf_add_cstr(&buf, i > 0 ? ", " : "");
            if (policy->bindings[i].in.n > 0) {
                fw_buf_add_cstr(&buf, "in=");
                fw_buf_add(&buf, policy->bindings[i].in);
            }
            if (policy->bindings[i].out.n > 0) {
                fw_buf_add_cstr(&buf, policy->bindings[i].in.n > 0 ? " out=" : "out=");
                fw_buf_add(&buf, policy->bindings[i].out);
            }
        }
        if (policy->nbindings == 0) {
            fw_buf_add(&buf, word(page, policy->bound ? "diff.bound" : "diff.unbound"));
        }
        put_line(page, side == 0 ? "diff.bound_before" : "diff.bound_after", fw_buf_sv(&buf));
        fw_buf_clear(&buf);
    }
}

static void put_pair(struct page *page, const struct fw_policy_pair *pair)
{
    const struct fw_policy *policy = pair->policies[1] ? pair->policies[1] : pair->policies[0];
    fw_sv state = word_of(page, "diff.state", fw_pair_state_name(pair->state));
    fw_sv name = policy->name;
    if (pair->policies[0] && !fw_sv_eq(name, pair->policies[0]->name)) {
        name = fw_arena_printf(page->arena, "%.*s -> %.*s", FW_SV_ARG(pair->policies[0]->name),
                               FW_SV_ARG(name));
    }
    fw_buf_add_char(page->t.out, '\n');
    fw_terminal_style(&page->t, FW_STYLE_BOLD);
    fw_terminal_wrap(&page->t,
                     fw_arena_printf(page->arena, "%.*s  %.*s", FW_SV_ARG(name), FW_SV_ARG(state)),
                     0, 4);
    fw_terminal_style(&page->t, FW_STYLE_NONE);
    if (pair->rebound) {
        put_bindings(page, pair);
    }
    for (size_t i = 0; i < pair->difference.n && i < BOXES_SHOWN; i++) {
        put_box(page, &pair->difference.v[i]);
    }
    put_more(page, pair->difference.n > BOXES_SHOWN ? pair->difference.n - BOXES_SHOWN : 0);
    put_rules(page, pair);
}

/* "3 policies: FORWARD, INPUT: every packet fares as before". */
static void put_quiet(struct page *page)
{
    const struct fw_comparison_result *result = page->report->result;
    struct fw_buf list;
    size_t n = 0;
    fw_buf_init(&list);
    for (size_t i = 0; i < result->npairs; i++) {
        const struct fw_policy_pair *pair = &result->pairs[i];
        if (pair->state == FW_PAIR_SAME && is_quiet(page, pair)) {
            fw_buf_add_cstr(&list, n++ > 0 ? ", " : "");
            fw_buf_add(&list, pair->policies[1]->name);
        }
    }
    if (n > 0) {
        struct fw_param params[] = {{"list", fw_buf_sv(&list)}};
        fw_buf_add_char(page->t.out, '\n');
        fw_terminal_wrap(&page->t, fw_survey_text(&page->t.survey, "diff.same", params, 1), 0, 4);
    }
    fw_buf_clear(&list);
}

static void put_unread(struct page *page)
{
    const struct fw_comparison_result *result = page->report->result;
    if (result->nunread == 0) {
        return;
    }
    struct fw_param param = {"n", fw_survey_number(&page->t.survey, result->nunread)};
    fw_buf_add_char(page->t.out, '\n');
    fw_terminal_wrap(&page->t, fw_survey_text(&page->t.survey, "diff.unread", &param, 1), 0, 4);
    for (size_t i = 0; i < result->nunread && i < RULES_SHOWN; i++) {
        const struct fw_unread_line *unread = &result->unread[i];
        put_quote(page, unread->side == 0 ? '-' : '+', unread->side, unread->line);
    }
    put_more(page, result->nunread > RULES_SHOWN ? result->nunread - RULES_SHOWN : 0);
}

static void put_sum(struct page *page)
{
    const struct fw_comparison_result *result = page->report->result;
    enum fw_severity severity;
    bool some = fw_comparison_severity(result, &severity);
    struct fw_param params[] = {
        {"allowed", fw_survey_number(&page->t.survey, result->boxes[FW_DIFFERENCE_ALLOWED])},
        {"denied", fw_survey_number(&page->t.survey, result->boxes[FW_DIFFERENCE_DENIED])},
        {"other", fw_survey_number(&page->t.survey, result->boxes[FW_DIFFERENCE_OTHER])},
        {"rules", fw_survey_number(&page->t.survey, result->effects[FW_EFFECT_PACKETS] +
                                                        result->effects[FW_EFFECT_OTHER])},
        {"rewritten", fw_survey_number(&page->t.survey, result->effects[FW_EFFECT_NONE])},
    };
    fw_buf_add_char(page->t.out, '\n');
    fw_terminal_style(&page->t, FW_STYLE_BOLD);
    fw_terminal_wrap(&page->t,
                     fw_survey_text(&page->t.survey,
                                    some           ? "diff.sum"
                                    : result->open ? "diff.nothing_open"
                                                   : "diff.nothing",
                                    params, 5),
                     0, 4);
    fw_terminal_style(&page->t, FW_STYLE_NONE);
    if (!result->same_format) {
        fw_terminal_wrap(&page->t, word(page, "diff.other_format"), 0, 4);
    }
}

void fw_difference_text(const struct fw_difference_report *report, struct fw_buf *out)
{
    struct fw_arena arena;
    fw_arena_init(&arena, 0);
    struct fw_results results;
    fw_results_init(&results, &arena, report->catalogue);
    const struct fw_report_input in = {.results = &results, .lang = report->lang};
    struct page page = {
        .t = {.survey = {.in = &in, .arena = &arena},
              .out = out,
              .width = report->width,
              .color = report->color},
        .report = report,
        .arena = &arena,
    };
    put_inputs(&page);
    for (size_t i = 0; i < report->result->npairs; i++) {
        if (!is_quiet(&page, &report->result->pairs[i])) {
            put_pair(&page, &report->result->pairs[i]);
        }
    }
    put_quiet(&page);
    put_unread(&page);
    put_sum(&page);
    fw_arena_clear(&arena);
}
