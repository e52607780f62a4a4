/* What became of every line of a configuration: its place, its verdict, and what is reported of it
 * without giving away the secrets it holds. */
#include "parsers/doc.h"

#include <assert.h>
#include <string.h>

#include "core/charset.h"
#include "core/limits.h"
#include "core/search.h"

void fw_doc_init(struct fw_doc *doc, fw_sv path, struct fw_diags *diags)
{
    *doc = (struct fw_doc){.path = path, .diags = diags};
    fw_arena_init(&doc->arena, 0);
    fw_arena_init(&doc->scratch, 0);
}

void fw_doc_clear(struct fw_doc *doc)
{
    fw_arena_clear(&doc->arena);
    fw_arena_clear(&doc->scratch);
    *doc = (struct fw_doc){0};
}

static uint32_t count_lines(fw_sv text)
{
    uint32_t n = 0;
    for (size_t at = 0; at < text.n; n++) {
        const char *end = memchr(text.p + at, '\n', text.n - at);
        at = end ? (size_t)(end - text.p) + 1 : text.n;
    }
    return n;
}

static void index_lines(struct fw_doc *doc, fw_sv text)
{
    uint32_t n = count_lines(text);
    uint64_t *offsets = fw_new_array(&doc->arena, n, uint64_t);
    uint8_t *verdicts = fw_new_array(&doc->arena, n, uint8_t);
    size_t at = 0;
    for (uint32_t i = 0; i < n; i++) {
        offsets[i] = at;
        const char *end = memchr(text.p + at, '\n', text.n - at);
        at = end ? (size_t)(end - text.p) + 1 : text.n;
    }
    doc->text = text;
    doc->nlines = n;
    doc->line_offsets = offsets;
    doc->verdicts = verdicts;
}

/* Under a guard of its own: a text of newlines only takes nine times its size. */
static bool set_text(struct fw_doc *doc, fw_sv text)
{
    struct fw_guard guard;
    doc->arena.guard = &guard;
    if (setjmp(guard.jump) != 0) {
        doc->arena.guard = NULL;
        fw_doc_warn(doc, FW_DIAG_ID_LIMIT_REACHED, 0, (fw_sv){0},
                    "the text needs more memory than the limit ARENA_BYTES allows");
        return false;
    }
    index_lines(doc, text);
    fw_doc_find_secrets(doc);
    doc->arena.guard = NULL;
    return true;
}

void fw_doc_set_text(struct fw_doc *doc, fw_sv text)
{
    assert(text.n <= FW_LIMIT_CONFIG_BYTES);
    set_text(doc, text);
}

static enum fw_err load(struct fw_doc *doc, const char *path, const fw_sv *stored)
{
    struct fw_guard guard;
    struct fw_decoded decoded = {0};
    doc->arena.guard = &guard;
    if (setjmp(guard.jump) != 0) {
        doc->arena.guard = NULL;
        return FW_ERR_MEMORY;
    }
    enum fw_err err = fw_charset_load(path, stored, FW_LIMIT_CONFIG_BYTES, &doc->arena, &decoded,
                                      &doc->info);
    doc->arena.guard = NULL;
    if (err == FW_ERR_LIMIT) {
        fw_doc_warn(doc, FW_DIAG_ID_LIMIT_REACHED, 0, (fw_sv){0},
                    "the file is larger than the limit CONFIG_BYTES allows");
        return err;
    }
    if (err != FW_OK) {
        fw_doc_warn(doc, FW_DIAG_ID_FILE_UNREADABLE, 0, (fw_sv){0}, "cannot be read: %s",
                    fw_err_text(err));
        return err;
    }
    fw_source_report(&doc->info, doc->path, doc->diags);
    fw_charset_report(&decoded, doc->path, doc->diags);
    return set_text(doc, decoded.text) ? FW_OK : FW_ERR_MEMORY;
}

enum fw_err fw_doc_load(struct fw_doc *doc, const char *path)
{
    return load(doc, path, NULL);
}

enum fw_err fw_doc_load_stored(struct fw_doc *doc, fw_sv stored)
{
    return load(doc, NULL, &stored);
}

/* The line that begins at *offset, up to `end` at most. */
static fw_sv cut_line(const struct fw_doc *doc, uint64_t *offset, uint64_t end)
{
    const char *p = doc->text.p + *offset;
    size_t left = (size_t)(end - *offset);
    const char *newline = memchr(p, '\n', left);
    size_t n = newline ? (size_t)(newline - p) : left;
    *offset += newline ? n + 1 : n;
    return fw_sv_of(p, newline && n > 0 && p[n - 1] == '\r' ? n - 1 : n);
}

bool fw_doc_line(const struct fw_doc *doc, uint64_t *offset, uint32_t *line, fw_sv *ret)
{
    uint64_t end = doc->part_end > 0 ? doc->part_end : doc->text.n;
    if (*line == 0 && doc->part_end > 0) {
        *offset = doc->part_begin;
        *line = fw_doc_line_of(doc, doc->part_begin) - 1;
    }
    if (*offset >= end) {
        return false;
    }
    *ret = cut_line(doc, offset, end);
    *line += 1;
    return true;
}

fw_sv fw_doc_line_text(const struct fw_doc *doc, uint32_t line)
{
    if (line == 0 || line > doc->nlines) {
        return (fw_sv){0};
    }
    uint64_t offset = doc->line_offsets[line - 1];
    return cut_line(doc, &offset, doc->text.n);
}

uint32_t fw_doc_line_of(const struct fw_doc *doc, uint64_t offset)
{
    size_t at;
    FW_SEARCH(at, doc->nlines, doc->line_offsets[at] <= offset);
    return (uint32_t)at;
}

static bool in_text(const struct fw_doc *doc, fw_sv part)
{
    uintptr_t p = (uintptr_t)part.p;
    uintptr_t text = (uintptr_t)doc->text.p;
    return part.p && doc->text.p && p >= text && p - text <= doc->text.n &&
           part.n <= doc->text.n - (p - text);
}

fw_span fw_doc_span(const struct fw_doc *doc, fw_sv part, uint32_t line)
{
    if (in_text(doc, part)) {
        size_t n = part.n < UINT32_MAX ? part.n : UINT32_MAX;
        return (fw_span){(uint64_t)(part.p - doc->text.p), (uint32_t)n, line};
    }
    bool known = line > 0 && line <= doc->nlines;
    return (fw_span){known ? doc->line_offsets[line - 1] : 0, 0, line};
}

void fw_doc_mark(struct fw_doc *doc, uint32_t line, enum fw_line_verdict verdict)
{
    if (line > 0 && line <= doc->nlines && doc->verdicts[line - 1] < (uint8_t)verdict) {
        doc->verdicts[line - 1] = (uint8_t)verdict;
    }
}

void fw_doc_mark_range(struct fw_doc *doc, uint32_t from, uint32_t to, enum fw_line_verdict verdict)
{
    for (uint32_t line = from; line <= to && line <= doc->nlines; line++) {
        fw_doc_mark(doc, line, verdict);
    }
}

void fw_line_counts_add(struct fw_line_counts *counts, enum fw_line_verdict verdict)
{
    counts->total++;
    switch (verdict) {
    case FW_LINE_USED:
        counts->used++;
        break;
    case FW_LINE_IGNORED:
        counts->ignored++;
        break;
    case FW_LINE_UNSUPPORTED:
        counts->unsupported++;
        break;
    case FW_LINE_NONE:
    case FW_LINE_BAD:
        counts->bad++;
        break;
    }
}

struct fw_line_counts fw_doc_counts(const struct fw_doc *doc)
{
    struct fw_line_counts counts = {0};
    for (uint32_t i = 0; i < doc->nlines; i++) {
        fw_line_counts_add(&counts, (enum fw_line_verdict)doc->verdicts[i]);
    }
    return counts;
}

/* The first secret that does not start before the offset. */
static size_t secret_at(const struct fw_doc *doc, uint64_t offset)
{
    size_t lo;
    FW_SEARCH(lo, doc->nsecrets, doc->secrets[lo].offset < offset);
    return lo;
}

void fw_doc_secret(struct fw_doc *doc, uint32_t line, fw_sv part)
{
    if (part.n == 0 || !in_text(doc, part)) {
        return;
    }
    fw_span span = fw_doc_span(doc, part, line);
    size_t at = secret_at(doc, span.offset);
    if (at < doc->nsecrets && doc->secrets[at].offset == span.offset) {
        if (doc->secrets[at].length < span.length) {
            doc->secrets[at].length = span.length;
        }
        return;
    }
    doc->secrets = fw_arena_push(&doc->arena, doc->secrets, doc->nsecrets, sizeof(fw_span));
    memmove(doc->secrets + at + 1, doc->secrets + at, (doc->nsecrets - at) * sizeof(fw_span));
    doc->secrets[at] = span;
    doc->nsecrets++;
}

/* Puts asterisks over every occurrence of a secret in a message that we own. */
static void mask_words(char *message, size_t n, fw_sv secret)
{
    fw_sv rest = fw_sv_of(message, n);
    for (;;) {
        size_t at = fw_sv_find(rest, secret);
        if (at == SIZE_MAX) {
            return;
        }
        memset(message + (rest.p - message) + at, '*', secret.n);
        rest = fw_sv_sub(rest, at + secret.n, SIZE_MAX);
    }
}

/* Masks the line's secrets in the copy of the line and in the message, if there is one. */
static void mask_line(const struct fw_doc *doc, fw_sv line_text, char *copy, fw_sv message,
                      char *message_copy)
{
    uint64_t from = (uint64_t)(line_text.p - doc->text.p);
    for (size_t i = secret_at(doc, from); i < doc->nsecrets; i++) {
        fw_span secret = doc->secrets[i];
        if (secret.offset >= from + line_text.n) {
            return;
        }
        size_t at = (size_t)(secret.offset - from);
        size_t n = secret.length;
        if (n > line_text.n - at) {
            n = line_text.n - at;
        }
        memset(copy + at, '*', n);
        if (message_copy) {
            mask_words(message_copy, message.n, fw_sv_sub(line_text, at, n));
        }
    }
}

/* Whether the line holds a secret. */
static bool line_secret(const struct fw_doc *doc, uint32_t line, fw_sv text)
{
    size_t first = text.p ? secret_at(doc, doc->line_offsets[line - 1]) : doc->nsecrets;
    return first < doc->nsecrets &&
           doc->secrets[first].offset < doc->line_offsets[line - 1] + text.n;
}

fw_sv fw_doc_line_shown(const struct fw_doc *doc, uint32_t line, struct fw_arena *arena)
{
    fw_sv text = fw_doc_line_text(doc, line);
    if (!line_secret(doc, line, text)) {
        return text;
    }
    char *copy = fw_arena_cstr(arena, text);
    mask_line(doc, text, copy, FW_SV(""), NULL);
    return fw_sv_of(copy, text.n);
}

static void report(struct fw_doc *doc, enum fw_diag_id id, uint32_t line, fw_sv part,
                   const char *fmt, va_list ap) __attribute__((format(printf, 5, 0)));

static void report(struct fw_doc *doc, enum fw_diag_id id, uint32_t line, fw_sv part,
                   const char *fmt, va_list ap)
{
    fw_sv text = fw_doc_line_text(doc, line);
    fw_span span = fw_doc_span(doc, part, line);
    uint32_t column = 0;
    if (text.p && in_text(doc, part) && part.p >= text.p && part.p <= text.p + text.n) {
        column = (uint32_t)(part.p - text.p) + 1;
    }
    if (!line_secret(doc, line, text)) {
        fw_diag_vreport(doc->diags, id, doc->path, span, text, column, fmt, ap);
        return;
    }
    fw_sv message = fw_arena_vprintf(&doc->scratch, fmt, ap);
    char *masked = fw_arena_cstr(&doc->scratch, message);
    char *copy = fw_arena_cstr(&doc->scratch, text);
    mask_line(doc, text, copy, message, masked);
    fw_diag_report(doc->diags, id, doc->path, span, fw_sv_of(copy, text.n), column, "%s", masked);
}

void fw_doc_bad(struct fw_doc *doc, uint32_t line, fw_sv part, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    fw_doc_mark(doc, line, FW_LINE_BAD);
    report(doc, FW_DIAG_ID_BAD_LINE, line, part, fmt, ap);
    va_end(ap);
}

void fw_doc_unsupported(struct fw_doc *doc, uint32_t line, fw_sv part, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    fw_doc_mark(doc, line, FW_LINE_UNSUPPORTED);
    report(doc, FW_DIAG_ID_UNSUPPORTED, line, part, fmt, ap);
    va_end(ap);
}

void fw_doc_warn(struct fw_doc *doc, enum fw_diag_id id, uint32_t line, fw_sv part, const char *fmt,
                 ...)
{
    va_list ap;
    va_start(ap, fmt);
    report(doc, id, line, part, fmt, ap);
    va_end(ap);
}
