/* How is a text put on a terminal of a certain width, with colours or without? */
#include "report/terminal.h"

#include "core/text.h"

/* A line narrower than this is not worth breaking. */
enum { LEAST_CELLS = 16 };

static const char *const codes[FW_STYLE_COUNT] = {
    [FW_STYLE_NONE] = "\x1b[0m",   [FW_STYLE_BOLD] = "\x1b[1m",     [FW_STYLE_DIM] = "\x1b[2m",
    [FW_STYLE_RED] = "\x1b[1;31m", [FW_STYLE_GREEN] = "\x1b[32m",   [FW_STYLE_YELLOW] = "\x1b[33m",
    [FW_STYLE_CYAN] = "\x1b[36m",  [FW_STYLE_MAGENTA] = "\x1b[35m",
};

static const enum fw_style state_styles[FW_RESULT_COUNT] = {
    [FW_RESULT_ERROR] = FW_STYLE_RED,      [FW_RESULT_FAIL] = FW_STYLE_RED,
    [FW_RESULT_OPEN] = FW_STYLE_YELLOW,    [FW_RESULT_MANUAL] = FW_STYLE_CYAN,
    [FW_RESULT_WAIVED] = FW_STYLE_MAGENTA, [FW_RESULT_PASS] = FW_STYLE_GREEN,
    [FW_RESULT_NA] = FW_STYLE_DIM,
};

void fw_terminal_init(struct fw_terminal *terminal, const struct fw_report_input *in,
                      struct fw_arena *arena, struct fw_buf *out)
{
    *terminal = (struct fw_terminal){.out = out, .width = in->width, .color = in->color};
    fw_survey_make(&terminal->survey, in, arena);
    terminal->order = fw_survey_order(&terminal->survey);
    for (int state = 0; state < FW_RESULT_COUNT; state++) {
        size_t width = fw_text_width(
            fw_survey_state(&terminal->survey, (enum fw_result_state)state));
        size_t n = terminal->survey.counts[state];
        n -= state == FW_RESULT_MANUAL ? terminal->survey.uncomputed : 0;
        if (n > 0 && width > terminal->state_width) {
            terminal->state_width = width;
        }
    }
}

void fw_terminal_style(struct fw_terminal *terminal, enum fw_style style)
{
    if (terminal->color) {
        fw_buf_add_cstr(terminal->out, codes[style]);
    }
}

size_t fw_terminal_state(struct fw_terminal *terminal, enum fw_result_state state)
{
    fw_sv name = fw_survey_state(&terminal->survey, state);
    size_t width = fw_text_width(name);
    fw_terminal_style(terminal, state_styles[state]);
    fw_buf_add(terminal->out, name);
    fw_terminal_style(terminal, FW_STYLE_NONE);
    if (width < terminal->state_width) {
        fw_buf_add_repeat(terminal->out, " ", terminal->state_width - width);
        width = terminal->state_width;
    }
    return width;
}

static void add_trimmed(struct fw_buf *out, fw_sv line)
{
    while (line.n > 0 && line.p[line.n - 1] == ' ') {
        line.n--;
    }
    fw_buf_add(out, line);
    fw_buf_add_char(out, '\n');
}

void fw_terminal_wrap_from(struct fw_terminal *terminal, fw_sv text, size_t used, size_t rest)
{
    struct fw_buf safe;
    fw_buf_init(&safe);
    fw_text_safe(&safe, text);
    fw_sv left = fw_buf_sv(&safe);
    size_t indent = used;
    do {
        size_t cells = SIZE_MAX;
        if (terminal->width > 0) {
            cells = terminal->width > indent + LEAST_CELLS ? terminal->width - indent : LEAST_CELLS;
        }
        add_trimmed(terminal->out, fw_text_line(&left, cells));
        indent = rest;
        if (left.n > 0) {
            fw_buf_add_repeat(terminal->out, " ", indent);
        }
    } while (left.n > 0);
    fw_buf_clear(&safe);
}

void fw_terminal_wrap(struct fw_terminal *terminal, fw_sv text, size_t first, size_t rest)
{
    fw_buf_add_repeat(terminal->out, " ", first);
    fw_terminal_wrap_from(terminal, text, first, rest);
}

void fw_terminal_title(struct fw_terminal *terminal, const struct fw_survey_check *check,
                       fw_sv more)
{
    struct fw_buf line;
    fw_buf_init(&line);
    fw_buf_add(&line, check->check->id);
    fw_buf_add_cstr(&line, "  ");
    fw_sv title = check->check->title[terminal->survey.in->lang];
    if (check->state == FW_RESULT_PASS) { /* a title names the fault */
        struct fw_param fault = {"title", title};
        title = fw_survey_text(&terminal->survey, "text.not_found", &fault, 1);
    }
    fw_buf_add(&line, title);
    fw_buf_add_cstr(&line, more.n > 0 ? "  " : "");
    fw_buf_add(&line, more);
    fw_terminal_state(terminal, check->state);
    fw_buf_add_cstr(terminal->out, "  ");
    fw_terminal_style(terminal, FW_STYLE_BOLD);
    fw_terminal_wrap_from(terminal, fw_buf_sv(&line), terminal->state_width + 2,
                          terminal->state_width + 2);
    fw_terminal_style(terminal, FW_STYLE_NONE);
    fw_buf_clear(&line);
}
