/*
 * A document: one configuration or rule file while it is parsed. It owns the text, the arena the
 * result lives in, the scratch that is reset at will, the diagnostics, and the verdict of every
 * physical line. A parser owns nothing: no files, no locks, no malloc, so that running out of its
 * memory budget can unwind through it.
 */
#ifndef FW_PARSERS_DOC_H
#define FW_PARSERS_DOC_H

#include <stdbool.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/diag.h"
#include "core/source.h"
#include "core/span.h"
#include "core/sv.h"

/* Worst last: a line with mixed parts takes the worst. */
enum fw_line_verdict {
    FW_LINE_NONE,
    FW_LINE_IGNORED,
    FW_LINE_USED,
    FW_LINE_UNSUPPORTED,
    FW_LINE_BAD
};

struct fw_line_counts {
    uint64_t total, used, ignored, unsupported, bad; /* the four add up to total */
};

void fw_line_counts_add(struct fw_line_counts *counts, enum fw_line_verdict verdict);

struct fw_doc {
    fw_sv path;
    fw_sv text;
    struct fw_source_info info;
    struct fw_arena arena;   /* results */
    struct fw_arena scratch; /* reset by the parser after every statement */
    struct fw_diags *diags;  /* not owned */
    uint32_t nlines;
    uint8_t *verdicts;      /* by line - 1, enum fw_line_verdict */
    uint64_t *line_offsets; /* by line - 1, of the first byte */
    size_t nsecrets;
    fw_span *secrets; /* by offset; diagnostics never show these bytes */
    /* A member of an archive: fw_doc_line shows only what lies in it. end 0: the whole text. */
    uint64_t part_begin, part_end;
};

/* Takes over text that was loaded into doc->arena or that the caller keeps. */
void fw_doc_init(struct fw_doc *doc, fw_sv path, struct fw_diags *diags);
enum fw_err fw_doc_load(struct fw_doc *doc, const char *path); /* reads the file, reports trouble */
/* The same of bytes that lie in no file of their own. */
enum fw_err fw_doc_load_stored(struct fw_doc *doc, fw_sv stored);
void fw_doc_set_text(struct fw_doc *doc, fw_sv text); /* for tests and members */
void fw_doc_clear(struct fw_doc *doc);

/* The next physical line from *offset on, without its end; false at the end. Start with *offset and
 * *line 0: *line is then the number of the line returned, from 1. */
bool fw_doc_line(const struct fw_doc *doc, uint64_t *offset, uint32_t *line, fw_sv *ret);
fw_span fw_doc_span(const struct fw_doc *doc, fw_sv part,
                    uint32_t line); /* part points into text */
/* The line a byte lies on (binary search). */
uint32_t fw_doc_line_of(const struct fw_doc *doc, uint64_t offset);
fw_sv fw_doc_line_text(const struct fw_doc *doc, uint32_t line);

/* Worst wins. A line nobody marks counts as bad: nothing is dropped silently. */
void fw_doc_mark(struct fw_doc *doc, uint32_t line, enum fw_line_verdict verdict);
void fw_doc_mark_range(struct fw_doc *doc, uint32_t from, uint32_t to,
                       enum fw_line_verdict verdict);
struct fw_line_counts fw_doc_counts(const struct fw_doc *doc);

/* Marks a password, key or community of the configuration. Mark before reporting about its line:
 * quotes of the line, and messages that repeat the words, show asterisks from then on. */
void fw_doc_secret(struct fw_doc *doc, uint32_t line, fw_sv part);

/* Marks what is one in every format: passwords in URLs, crypt hashes, private keys. */
void fw_doc_find_secrets(struct fw_doc *doc);

/* The line with asterisks over its secrets: what outputs quote. A copy only where it has to be. */
fw_sv fw_doc_line_shown(const struct fw_doc *doc, uint32_t line, struct fw_arena *arena);

/* Marks the line and reports. `part` must point into the line (for the caret) or be {0}. */
void fw_doc_bad(struct fw_doc *doc, uint32_t line, fw_sv part, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));
void fw_doc_unsupported(struct fw_doc *doc, uint32_t line, fw_sv part, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));
/* Reports without marking. */
void fw_doc_warn(struct fw_doc *doc, enum fw_diag_id id, uint32_t line, fw_sv part, const char *fmt,
                 ...) __attribute__((format(printf, 5, 6)));

#endif
