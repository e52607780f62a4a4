/* Writing for a terminal of a certain width: wrapped, safe text, and colours when they are wanted.
 */
#ifndef FW_REPORT_TERMINAL_H
#define FW_REPORT_TERMINAL_H

#include "report/survey.h"

enum fw_style {
    FW_STYLE_NONE,
    FW_STYLE_BOLD,
    FW_STYLE_DIM,
    FW_STYLE_RED,
    FW_STYLE_GREEN,
    FW_STYLE_YELLOW,
    FW_STYLE_CYAN,
    FW_STYLE_MAGENTA,
    FW_STYLE_COUNT
};

struct fw_terminal {
    struct fw_survey survey;
    struct fw_buf *out;
    const size_t *order; /* fw_survey_order */
    size_t width;        /* 0: lines are not broken */
    size_t state_width;
    bool color;
};

void fw_terminal_init(struct fw_terminal *terminal, const struct fw_report_input *in,
                      struct fw_arena *arena, struct fw_buf *out);
/* Nothing without colours. */
void fw_terminal_style(struct fw_terminal *terminal, enum fw_style style);
/* The state in its colour, filled up to the width of the longest that a check ended in. Returns the
 * cells written: a single result may have a longer one. */
size_t fw_terminal_state(struct fw_terminal *terminal, enum fw_result_state state);
/* The text made safe, broken into lines: the first is indented by `first` cells, the others by
 * `rest`. Ends with a newline. */
void fw_terminal_wrap(struct fw_terminal *terminal, fw_sv text, size_t first, size_t rest);
/* The same when `used` cells of the first line are written already. */
void fw_terminal_wrap_from(struct fw_terminal *terminal, fw_sv text, size_t used, size_t rest);
/* The state, the check, and what else one line has room for: `more` is severity or measurement. */
void fw_terminal_title(struct fw_terminal *terminal, const struct fw_survey_check *check,
                       fw_sv more);

/* What failed, is open or waived, check by check. */
void fw_terminal_findings(struct fw_terminal *terminal);
/* The table of log sources, their days and gaps. */
void fw_terminal_sources(struct fw_terminal *terminal);
/* Neighbours that one rule can replace. */
void fw_terminal_mergeable(struct fw_terminal *terminal);
/* The table of IDS rule sets, and the signatures that raised most alerts. */
void fw_terminal_ids(struct fw_terminal *terminal);
/* The ledger of tuning, what was let through, the engine. */
void fw_terminal_sensors(struct fw_terminal *terminal);

#endif
