/* How a line of iptables-save is cut into words: blanks separate, double quotes hold together, a
 * backslash inside quotes takes the next byte as it is. Single quotes mean nothing
 * (iptables-restore reads them as letters). */
#include "parsers/netfilter.h"

#include <string.h>

static size_t count_words(fw_sv line)
{
    size_t n = 0;
    for (size_t i = 0; i < line.n; i++) {
        n += !fw_is_blank(line.p[i]) && (i == 0 || fw_is_blank(line.p[i - 1]));
    }
    return n;
}

/* The bytes of a word without its quotes. Most words have none, or only the two around them, and
 * need no copy. */
static fw_sv unquote(struct fw_arena *scratch, fw_sv raw)
{
    size_t first = fw_sv_find_char(raw, '"');
    if (first == SIZE_MAX) {
        return raw;
    }
    fw_sv inner = fw_sv_sub(raw, 1, raw.n - 2);
    if (first == 0 && raw.n > 1 && raw.p[raw.n - 1] == '"' &&
        fw_sv_find_char(inner, '"') == SIZE_MAX && fw_sv_find_char(inner, '\\') == SIZE_MAX) {
        return inner;
    }
    char *p = fw_arena_cstr(scratch, raw);
    size_t n = 0;
    bool quoted = false;
    for (size_t i = 0; i < raw.n; i++) {
        char c = raw.p[i];
        if (c == '"') {
            quoted = !quoted;
            continue;
        }
        if (quoted && c == '\\' && i + 1 < raw.n) {
            c = raw.p[++i];
        }
        p[n++] = c;
    }
    return fw_sv_of(p, n);
}

bool fw_nf_split(struct fw_arena *scratch, fw_sv line, struct fw_nf_words *ret)
{
    struct fw_nf_word *v = fw_new_array(scratch, count_words(line), struct fw_nf_word);
    size_t n = 0;
    bool quoted = false;
    for (size_t at = 0; at < line.n;) {
        if (fw_is_blank(line.p[at])) {
            at++;
            continue;
        }
        size_t start = at;
        for (; at < line.n && (quoted || !fw_is_blank(line.p[at])); at++) {
            if (line.p[at] == '"') {
                quoted = !quoted;
            } else if (quoted && line.p[at] == '\\' && at + 1 < line.n) {
                at++;
            }
        }
        fw_sv raw = fw_sv_sub(line, start, at - start);
        v[n].raw = raw;
        v[n++].text = unquote(scratch, raw);
    }
    *ret = (struct fw_nf_words){n, v};
    return !quoted;
}
