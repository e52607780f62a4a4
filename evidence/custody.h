/* The chain of custody: one line for every input, and copies of inputs that secrets were taken out
 * of. */
#ifndef FW_EVIDENCE_CUSTODY_H
#define FW_EVIDENCE_CUSTODY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/buf.h"
#include "core/sha256.h"
#include "core/source.h"
#include "core/span.h"
#include "core/sv.h"

/* What stands in a sealed copy where a secret was. */
#define FW_SEAL_MASK "<masked>"

struct fw_custody {
    fw_sv path;                 /* relative to the site; "/" between parts */
    fw_sv device;               /* "" none */
    fw_sv kind;                 /* "configuration", "log", "record", "site" … */
    fw_sv format;               /* the parser that read it; "" none */
    struct fw_source_info info; /* hash, sizes, container, integrity of what lies on the disk */
    bool sealed;                /* a copy goes into the pack */
    fw_sv copy;                 /* its decoded bytes, secrets masked (fw_seal) */
};

/* Appends the text without the bytes of the spans: each becomes FW_SEAL_MASK and as many newlines
 * as it had, so that line numbers stay. Spans may overlap and come in any order; those outside the
 * text are cut to it. */
void fw_seal(fw_sv text, const fw_span *secrets, size_t n, struct fw_arena *scratch,
             struct fw_buf *out);

/* Where the sealed copy of an input goes, below data/: named by the original's hash. */
fw_sv fw_seal_path(fw_sha256 original, struct fw_arena *arena);

/* A cell of a table of inputs: the first one of a line, a path; a tab and another one. */
void fw_custody_path(struct fw_buf *out, fw_sv path);
void fw_custody_cell(struct fw_buf *out, fw_sv text);

/* custody.tsv: a header line, then the inputs sorted by path, then hash. Cells are made printable:
 * a tab or newline in a file's name cannot make a cell or a line. */
void fw_custody_text(const struct fw_custody *inputs, size_t n, struct fw_arena *scratch,
                     struct fw_buf *out);

enum fw_custody_column {
    FW_CUSTODY_PATH,
    FW_CUSTODY_DEVICE,
    FW_CUSTODY_KIND,
    FW_CUSTODY_FORMAT,
    FW_CUSTODY_HASH,
    FW_CUSTODY_BYTES,
    FW_CUSTODY_DECODED,
    FW_CUSTODY_LINES,
    FW_CUSTODY_CONTAINER,
    FW_CUSTODY_INTEGRITY,
    FW_CUSTODY_SEALED,
    FW_CUSTODY_SEALED_HASH,
    FW_CUSTODY_COLUMNS
};

struct fw_custody_row {
    fw_sv cells[FW_CUSTODY_COLUMNS];
    struct fw_source_info info; /* hash, sizes, lines, container, integrity */
    bool sealed;
    fw_sha256 sealed_sha256;
};

struct fw_custody_rows {
    size_t n;
    struct fw_custody_row *v; /* in the order of the file */
};

/* The sealed copies that it names, and the files below data/inputs/ that the manifest lists, are
 * the same ones: named by their original's hash, with the hash that both say. */
struct fw_manifest;
bool fw_custody_names_copies(fw_sv text, const struct fw_manifest *manifest,
                             struct fw_arena *arena);
/* Views into text. False when it is not as fw_custody_text writes it. */
bool fw_custody_parse(fw_sv text, struct fw_arena *arena, struct fw_custody_rows *ret);

#endif
