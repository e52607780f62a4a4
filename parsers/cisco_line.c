/* How a line of a Cisco configuration is cut into words. */
#include "parsers/cisco.h"

static bool is_space(char c)
{
    return fw_is_blank(c) || c == '\r' || c == '\f' || c == '\v';
}

static size_t count_words(fw_sv text)
{
    size_t n = 0;
    for (size_t i = 0; i < text.n; i++) {
        n += !is_space(text.p[i]) && (i == 0 || is_space(text.p[i - 1]));
    }
    return n;
}

void fw_cisco_line_read(struct fw_arena *scratch, fw_sv text, uint32_t number,
                        struct fw_cisco_line *ret)
{
    fw_sv *words = fw_new_array(scratch, count_words(text), fw_sv);
    size_t n = 0;
    size_t indent = 0;
    while (indent < text.n && is_space(text.p[indent])) {
        indent++;
    }
    for (size_t at = indent; at < text.n;) {
        size_t start = at;
        while (at < text.n && !is_space(text.p[at])) {
            at++;
        }
        words[n++] = fw_sv_sub(text, start, at - start);
        while (at < text.n && is_space(text.p[at])) {
            at++;
        }
    }
    *ret = (struct fw_cisco_line){
        .number = number, .indent = indent, .text = fw_sv_trim(text), .n = n, .words = words};
}

bool fw_cisco_peek(const struct fw_cisco_line *line, fw_sv *ret)
{
    if (line->at == line->n) {
        return false;
    }
    *ret = line->words[line->at];
    return true;
}

bool fw_cisco_next(struct fw_cisco_line *line, fw_sv *ret)
{
    if (!fw_cisco_peek(line, ret)) {
        return false;
    }
    line->at++;
    return true;
}

bool fw_cisco_is(const struct fw_cisco_line *line, size_t index, const char *word)
{
    return index < line->n && fw_sv_is(line->words[index], word);
}

bool fw_cisco_take(struct fw_cisco_line *line, const char *word)
{
    if (!fw_cisco_is(line, line->at, word)) {
        return false;
    }
    line->at++;
    return true;
}

fw_sv fw_cisco_rest(const struct fw_cisco_line *line)
{
    if (line->at == line->n) {
        return FW_SV("");
    }
    fw_sv first = line->words[line->at];
    return fw_sv_sub(line->text, (size_t)(first.p - line->text.p), SIZE_MAX);
}
