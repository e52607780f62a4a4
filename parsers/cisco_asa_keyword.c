/* What the lines are about that change no verdict, or that we do not model: the reviewed list. */
#include "parsers/cisco_asa.h"

#include <string.h>

enum { IGNORED = FW_LINE_IGNORED, UNSUPPORTED = FW_LINE_UNSUPPORTED };

struct row {
    const char *block;
    const char *words;
    enum fw_line_verdict verdict;
    const char *why;
};

#define FW_ASA(block, words, verdict, why) {block, words, (enum fw_line_verdict)(verdict), why},
static const struct row rows[] = {
#include "parsers/cisco_asa_keywords.def"
};
#undef FW_ASA

/* How many words of the row the line starts with; 0 when it does not. */
static size_t matches(const char *words, const struct fw_cisco_line *line, size_t from)
{
    fw_sv rest = fw_sv_from(words);
    fw_sv word;
    size_t n = 0;
    while (fw_sv_word(&rest, &word)) {
        if (from + n >= line->n || !fw_sv_eq(line->words[from + n], word)) {
            return 0;
        }
        n++;
    }
    return n;
}

static const struct row *find(const struct fw_cisco_line *line, size_t from, fw_sv block)
{
    const struct row *best = NULL;
    size_t most = 0;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (!fw_sv_is(block, rows[i].block)) {
            continue;
        }
        size_t n = matches(rows[i].words, line, from);
        if (n > most) {
            most = n;
            best = &rows[i];
        }
    }
    return best;
}

bool fw_asa_keyword(struct fw_doc *doc, const struct fw_cisco_line *line, fw_sv block)
{
    bool off = fw_cisco_is(line, 0, "no") || fw_cisco_is(line, 0, "default");
    const struct row *row = find(line, off && line->n > 1 ? 1 : 0, block);
    if (!row && off && block.n > 0) {
        row = find(line, 0, block);
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
