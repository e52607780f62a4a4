/* Edits of a text by its line numbers. */
#include "cli/edit.h"

#include <inttypes.h>
#include <stdlib.h>

#include "core/limits.h"
#include "core/text.h"

enum kind { DELETE, INSERT, REPLACE, KINDS };

static const char *const verbs[KINDS] = {"delete", "insert", "replace"};

struct edit {
    enum kind kind;
    size_t order; /* as given: inserts before one line keep it */
    uint64_t from, to;
    fw_sv text;
};

static bool complain(struct fw_buf *why, const char *what, fw_sv line)
{
    fw_buf_printf(why, "%s: ", what);
    fw_text_safe(why, line);
    return false;
}

/* "12" or "12-14" */
static bool read_range(fw_sv word, struct edit *ret)
{
    fw_sv from;
    fw_sv rest = word;
    fw_sv_split(&rest, '-', &from);
    bool range = from.n < word.n && ret->kind != INSERT;
    ret->to = 0;
    return fw_sv_u64(from, &ret->from) && ret->from > 0 &&
           (range ? fw_sv_u64(rest, &ret->to) && ret->to >= ret->from
                  : from.n == word.n && (ret->to = ret->from) > 0);
}

/* Behind "insert 12 " everything counts, also blanks. */
static bool read_edit(const struct fw_doc *doc, fw_sv line, struct edit *ret, struct fw_buf *why)
{
    fw_sv word;
    fw_sv rest = line;
    ret->kind = DELETE;
    if (!fw_sv_word(&rest, &word)) {
        return complain(why, "an edit is delete, insert or replace", line);
    }
    while (ret->kind < KINDS && !fw_sv_is(word, verbs[ret->kind])) {
        ret->kind++;
    }
    if (ret->kind == KINDS) {
        return complain(why, "an edit is delete, insert or replace", line);
    }
    if (!fw_sv_word(&rest, &word) || !read_range(word, ret)) {
        return complain(why, "an edit needs the number of a line", line);
    }
    if (ret->to > (uint64_t)doc->nlines + (ret->kind == INSERT)) {
        return complain(why, "there is no such line", line);
    }
    size_t at = (size_t)(word.p + word.n - line.p);
    ret->text = at < line.n ? fw_sv_sub(line, at + 1, line.n) : (fw_sv){0};
    if ((ret->kind == DELETE) != (fw_sv_trim(ret->text).n == 0)) {
        return complain(
            why, ret->kind == DELETE ? "delete takes no text" : "what is to stand there?", line);
    }
    return true;
}

/* By line; what is inserted before a line comes before what is done to it. */
static int by_line(const void *left, const void *right)
{
    const struct edit *a = left;
    const struct edit *b = right;
    if (a->from != b->from) {
        return (a->from > b->from) - (a->from < b->from);
    }
    if ((a->kind == INSERT) != (b->kind == INSERT)) {
        return a->kind == INSERT ? -1 : 1;
    }
    return (a->order > b->order) - (a->order < b->order);
}

static void add_line(struct fw_buf *out, fw_sv text)
{
    if (out->n > 0 && out->p[out->n - 1] != '\n') {
        fw_buf_add_char(out, '\n'); /* the last line of the file had no end */
    }
    fw_buf_add(out, text);
    fw_buf_add_char(out, '\n');
}

static uint64_t offset_of(const struct fw_doc *doc, uint64_t line)
{
    return line <= doc->nlines ? doc->line_offsets[line - 1] : doc->text.n;
}

static bool apply(const struct fw_doc *doc, const struct edit *edits, size_t n, struct fw_buf *ret,
                  struct fw_buf *why)
{
    uint64_t done = 1; /* lines before it were copied or dropped */
    for (size_t i = 0; i < n; i++) {
        const struct edit *edit = &edits[i];
        if (edit->from < done) {
            fw_buf_printf(why, "line %" PRIu64 " is edited twice", edit->from);
            return false;
        }
        uint64_t from = offset_of(doc, done);
        uint64_t to = offset_of(doc, edit->from);
        fw_buf_add(ret, fw_sv_sub(doc->text, (size_t)from, (size_t)(to - from)));
        if (edit->kind != DELETE) {
            add_line(ret, edit->text);
        }
        done = edit->kind == INSERT ? edit->from : edit->to + 1;
    }
    fw_buf_add(ret, fw_sv_sub(doc->text, (size_t)offset_of(doc, done), doc->text.n));
    return true;
}

bool fw_edit_apply(const struct fw_doc *doc, fw_sv edits, struct fw_buf *ret, struct fw_buf *why)
{
    struct edit *v = NULL;
    size_t n = 0;
    bool ok = true;
    fw_sv rest = edits;
    fw_sv line;
    size_t room = 1;
    for (size_t i = 0; i < edits.n; i++) {
        room += edits.p[i] == '\n';
    }
    v = calloc(room, sizeof(*v));
    while (v && ok && rest.n > 0 && fw_sv_split(&rest, '\n', &line)) {
        if (fw_sv_trim(line).n > 0) {
            v[n].order = n;
            ok = read_edit(doc, line, &v[n], why);
            n++;
        }
    }
    if (ok && n == 0) {
        fw_buf_add_cstr(why, v ? "no edit is given" : "out of memory");
        ok = false;
    }
    if (ok) {
        qsort(v, n, sizeof(*v), by_line);
        ok = apply(doc, v, n, ret, why);
    }
    if (ok && ret->n > FW_LIMIT_CONFIG_BYTES) {
        fw_buf_add_cstr(why, "the file is larger than the limit CONFIG_BYTES allows");
        ok = false;
    }
    free(v);
    return ok;
}
