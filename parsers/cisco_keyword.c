/* What the lines of a Cisco configuration are about that change no verdict, or that we do not
 * model: how a dialect's reviewed list is asked. */
#include "parsers/cisco.h"

#include "core/search.h"

/* How many words of the row the line starts with; 0 when it does not. "*" is any word. */
static size_t matches(const char *words, const struct fw_cisco_line *line, size_t from)
{
    fw_sv rest = fw_sv_from(words);
    fw_sv word;
    size_t n = 0;
    while (fw_sv_word(&rest, &word)) {
        if (from + n >= line->n ||
            (!fw_sv_is(word, "*") && !fw_sv_eq(line->words[from + n], word))) {
            return 0;
        }
        n++;
    }
    return n;
}

static int by_first(const struct fw_cisco_keyword *row, fw_sv block, fw_sv word)
{
    fw_sv rest = fw_sv_from(row->words);
    fw_sv first = rest;
    fw_sv_word(&rest, &first);
    int order = fw_sv_cmp(fw_sv_from(row->block), block);
    return order != 0 ? order : fw_sv_cmp(first, word);
}

/* The longest row that the line starts with. Rows are sorted, so those with its first word stand
 * together. */
static const struct fw_cisco_keyword *find(const struct fw_cisco_keyword *rows, size_t nrows,
                                           const struct fw_cisco_line *line, size_t from,
                                           fw_sv block)
{
    const struct fw_cisco_keyword *best = NULL;
    size_t most = 0;
    size_t i;
    if (from >= line->n) {
        return NULL;
    }
    FW_SEARCH(i, nrows, by_first(&rows[i], block, line->words[from]) < 0);
    for (; i < nrows && by_first(&rows[i], block, line->words[from]) == 0; i++) {
        size_t n = matches(rows[i].words, line, from);
        if (n > most) {
            most = n;
            best = &rows[i];
        }
    }
    return best;
}

bool fw_cisco_keyword(struct fw_doc *doc, const struct fw_cisco_line *line, fw_sv block,
                      const struct fw_cisco_keyword *rows, size_t n)
{
    bool off = fw_cisco_is(line, 0, "no") || fw_cisco_is(line, 0, "default");
    const struct fw_cisco_keyword *whole = find(rows, n, line, 0, block);
    const struct fw_cisco_keyword *row = off && line->n > 1 ? find(rows, n, line, 1, block) : whole;
    if (off && whole && (fw_sv_find_char(fw_sv_from(whole->words), ' ') != SIZE_MAX)) {
        row = whole; /* a row about what is switched off */
        off = false;
    } else if (!row && off && block.n > 0) {
        row = whole;
    }
    if (!row) {
        return false;
    }
    if (row->verdict == FW_LINE_UNSUPPORTED && !off) {
        fw_doc_unsupported(doc, line->number, line->words[0], "not modelled: %s", row->why);
    } else {
        fw_doc_mark(doc, line->number, FW_LINE_IGNORED);
    }
    return true;
}
