/* Answers: where does a text break into the lines of a terminal? */
#include "core/text.h"

/* What must not begin a line in Chinese typesetting: closing marks. */
static bool is_closing(uint32_t codepoint)
{
    static const uint32_t closing[] = {
        0x3001, 0x3002, 0x300d, 0x300f, 0x3011, 0xff01, 0xff09, 0xff0c,
        0xff1a, 0xff1b, 0xff1f, ')',    ',',    '.',    ';',    ':',
    };
    for (size_t i = 0; i < sizeof(closing) / sizeof(closing[0]); i++) {
        if (closing[i] == codepoint) {
            return true;
        }
    }
    return false;
}

fw_sv fw_text_line(fw_sv *rest, size_t width)
{
    fw_sv at = *rest;
    const char *start = rest->p;
    const char *split = NULL; /* the best place so far */
    size_t used = 0;
    uint32_t before = 0;
    while (at.n > 0) {
        const char *here = at.p;
        uint32_t codepoint = fw_utf8_next(&at);
        size_t cells = fw_text_cells(codepoint);
        bool wide = cells == 2 || (before != 0 && fw_text_cells(before) == 2);
        bool loose = before == ' ' || before == '/' || before == ',' || before == ';';
        if (before != 0 && cells > 0 && codepoint != ' ' && (wide || loose) &&
            !is_closing(codepoint)) {
            split = here;
        }
        if (used + cells > width && here > start && codepoint != ' ') {
            const char *end = split ? split : here;
            fw_sv line = fw_sv_of(start, (size_t)(end - start));
            *rest = fw_sv_of(end, rest->n - line.n);
            return line;
        }
        used += cells;
        before = cells > 0 ? codepoint : before;
    }
    fw_sv line = *rest;
    *rest = fw_sv_of(rest->p + rest->n, 0);
    return line;
}
