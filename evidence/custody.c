/* Which inputs were read, and how are copies of them freed of secrets? */
#include "evidence/custody.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "core/search.h"
#include "core/text.h"
#include "evidence/cells.h"
#include "evidence/manifest.h"

static const char header[] = "path\tdevice\tkind\tformat\tsha256\tbytes\tdecoded_bytes\tlines\t"
                             "container\tintegrity\tsealed\tsealed_sha256\n";

static int by_offset(const void *a, const void *b)
{
    const fw_span *one = a, *other = b;
    return one->offset < other->offset ? -1
           : one->offset > other->offset
               ? 1
               : (one->length < other->length) - (one->length > other->length);
}

void fw_seal(fw_sv text, const fw_span *secrets, size_t n, struct fw_arena *scratch,
             struct fw_buf *out)
{
    fw_span *spans = fw_new_array(scratch, n > 0 ? n : 1, fw_span);
    if (n > 0) {
        memcpy(spans, secrets, n * sizeof(*spans));
        qsort(spans, n, sizeof(*spans), by_offset);
    }
    size_t at = 0; /* up to here the text was dealt with */
    for (size_t i = 0; i < n; i++) {
        uint64_t from = spans[i].offset < text.n ? spans[i].offset : text.n;
        uint64_t to = spans[i].length < text.n - from ? from + spans[i].length : text.n;
        if (to <= at) {
            continue;
        }
        if (from > at || at == 0) {
            from = from > at ? from : at;
            fw_buf_add(out, fw_sv_sub(text, at, (size_t)from - at));
            if (to > from) {
                fw_buf_add_cstr(out, FW_SEAL_MASK);
            }
        } else {
            from = at; /* touches or overlaps the one before: one mask for both */
        }
        for (size_t j = (size_t)from; j < (size_t)to; j++) {
            if (text.p[j] == '\n') {
                fw_buf_add_char(out, '\n');
            }
        }
        at = (size_t)to;
    }
    fw_buf_add(out, fw_sv_sub(text, at, text.n));
}

fw_sv fw_seal_path(fw_sha256 original, struct fw_arena *arena)
{
    char hex[FW_SHA256_HEX + 1];
    fw_sha256_hex(original, hex);
    return fw_arena_printf(arena, "inputs/%s.txt", hex);
}

static int by_path(const void *a, const void *b)
{
    const struct fw_custody *one = *(const struct fw_custody *const *)a;
    const struct fw_custody *other = *(const struct fw_custody *const *)b;
    int order = fw_sv_cmp(one->path, other->path);
    if (order == 0) {
        order = memcmp(one->info.sha256.b, other->info.sha256.b, sizeof(one->info.sha256.b));
    }
    return order != 0 ? order : fw_sv_cmp(one->kind, other->kind);
}

void fw_custody_cell(struct fw_buf *out, fw_sv text)
{
    fw_buf_add_char(out, '\t');
    fw_text_safe(out, text);
}

/* A name that starts like a formula would be run by a spreadsheet: "./" in front names the same
 * file and is text. */
void fw_custody_path(struct fw_buf *out, fw_sv path)
{
    if (path.n > 0 && memchr("=+-@", path.p[0], 4)) {
        fw_buf_add_cstr(out, "./");
    }
    fw_text_safe(out, path);
}

void fw_custody_text(const struct fw_custody *inputs, size_t n, struct fw_arena *scratch,
                     struct fw_buf *out)
{
    const struct fw_custody **sorted = fw_new_array(scratch, n > 0 ? n : 1,
                                                    const struct fw_custody *);
    for (size_t i = 0; i < n; i++) {
        sorted[i] = &inputs[i];
    }
    if (n > 1) {
        qsort(sorted, n, sizeof(const struct fw_custody *), by_path);
    }
    fw_buf_add_cstr(out, header);
    for (size_t i = 0; i < n; i++) {
        const struct fw_custody *c = sorted[i];
        char hex[FW_SHA256_HEX + 1];
        fw_custody_path(out, c->path);
        fw_custody_cell(out, c->device);
        fw_custody_cell(out, c->kind);
        fw_custody_cell(out, c->format);
        fw_sha256_hex(c->info.sha256, hex);
        fw_buf_printf(out, "\t%s\t%" PRIu64 "\t%" PRIu64 "\t%" PRIu64 "\t%s\t%s", hex,
                      c->info.stored_bytes, c->info.decoded_bytes, c->info.lines,
                      fw_container_name(c->info.container), fw_integrity_name(c->info.integrity));
        if (c->sealed) {
            fw_custody_cell(out, fw_arena_printf(scratch, "data/%.*s",
                                                 FW_SV_ARG(fw_seal_path(c->info.sha256, scratch))));
            fw_sha256_hex(fw_sha256_of(c->copy), hex);
            fw_custody_cell(out, fw_sv_from(hex));
        } else {
            fw_buf_add_cstr(out, "\t\t");
        }
        fw_buf_add_char(out, '\n');
    }
}

static bool read_row(fw_sv line, struct fw_custody_row *ret)
{
    fw_sv *cells = ret->cells;
    size_t container = 0, integrity = 0;
    if (!fw_cells_cut(line, FW_CUSTODY_COLUMNS, cells)) {
        return false;
    }
    while (
        container < FW_CONTAINER_COUNT &&
        !fw_sv_is(cells[FW_CUSTODY_CONTAINER], fw_container_name((enum fw_container)container))) {
        container++;
    }
    while (
        integrity < FW_INTEGRITY_COUNT &&
        !fw_sv_is(cells[FW_CUSTODY_INTEGRITY], fw_integrity_name((enum fw_integrity)integrity))) {
        integrity++;
    }
    ret->info.container = (enum fw_container)container;
    ret->info.integrity = (enum fw_integrity)integrity;
    ret->sealed = cells[FW_CUSTODY_SEALED].n > 0;
    return container < FW_CONTAINER_COUNT && integrity < FW_INTEGRITY_COUNT &&
           fw_sha256_parse(cells[FW_CUSTODY_HASH], &ret->info.sha256) &&
           fw_sv_u64(cells[FW_CUSTODY_BYTES], &ret->info.stored_bytes) &&
           fw_sv_u64(cells[FW_CUSTODY_DECODED], &ret->info.decoded_bytes) &&
           fw_sv_u64(cells[FW_CUSTODY_LINES], &ret->info.lines) &&
           (!ret->sealed || fw_sha256_parse(cells[FW_CUSTODY_SEALED_HASH], &ret->sealed_sha256));
}

bool fw_custody_parse(fw_sv text, struct fw_arena *arena, struct fw_custody_rows *ret)
{
    struct fw_custody_rows rows = {0};
    fw_sv line;
    if (!fw_sv_starts(text, header)) {
        return false;
    }
    text = fw_sv_sub(text, sizeof(header) - 1, text.n);
    while (fw_cells_line(&text, &line)) {
        rows.v = fw_arena_push(arena, rows.v, rows.n, sizeof(*rows.v));
        rows.v[rows.n] = (struct fw_custody_row){.sealed = false};
        if (!read_row(line, &rows.v[rows.n++])) {
            return false;
        }
    }
    *ret = rows;
    return text.n == 0;
}

static bool names_copy(fw_sv line, const struct fw_manifest *manifest, bool *named,
                       struct fw_arena *arena)
{
    fw_sv cells[FW_CUSTODY_COLUMNS];
    fw_sha256 original, copy;
    if (!fw_cells_printable(line) || !fw_cells_cut(line, FW_CUSTODY_COLUMNS, cells)) {
        return false;
    }
    fw_sv path = cells[FW_CUSTODY_SEALED];
    if (path.n == 0 && cells[FW_CUSTODY_SEALED_HASH].n == 0) {
        return true;
    }
    if (!fw_sha256_parse(cells[FW_CUSTODY_HASH], &original) ||
        !fw_sha256_parse(cells[FW_CUSTODY_SEALED_HASH], &copy) || !fw_sv_starts(path, "data/") ||
        !fw_sv_eq(fw_sv_sub(path, 5, path.n), fw_seal_path(original, arena))) {
        return false;
    }
    size_t at;
    FW_SEARCH(at, manifest->n, fw_sv_cmp(manifest->v[at].path, path) < 0);
    if (at == manifest->n || !fw_sv_eq(manifest->v[at].path, path) ||
        !fw_sha256_eq(manifest->v[at].sha256, copy)) {
        return false;
    }
    named[at] = true;
    return true;
}

bool fw_custody_names_copies(fw_sv text, const struct fw_manifest *manifest, struct fw_arena *arena)
{
    bool *named = fw_new_array(arena, manifest->n + 1, bool);
    fw_sv line;
    if (text.n > 0 && !fw_sv_starts(text, header)) {
        return false;
    }
    text = fw_sv_sub(text, text.n > 0 ? sizeof(header) - 1 : 0, text.n);
    while (fw_cells_line(&text, &line)) {
        if (!names_copy(line, manifest, named, arena)) {
            return false;
        }
    }
    for (size_t i = 0; i < manifest->n; i++) {
        if (fw_sv_starts(manifest->v[i].path, "data/inputs/") && !named[i]) {
            return false;
        }
    }
    return text.n == 0;
}
