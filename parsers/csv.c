/* Answers: which cells does the next record of a CSV text hold? RFC 4180:
 *
 *   CHG-1023,fw01,"permit tcp any host 192.0.2.5 eq 443, as ""web""",add
 */
#include "core/limits.h"
#include "parsers/tickets.h"

/* Where a cell ends that begins in quotes: behind the closing one. Doubled quotes stay doubled. */
static size_t quoted_end(struct fw_csv *csv, size_t at, bool *ret_doubled)
{
    fw_sv text = csv->text;
    for (; at < text.n; at++) {
        if (text.p[at] == '\n') {
            csv->next_line++;
        } else if (text.p[at] == '"') {
            if (at + 1 >= text.n || text.p[at + 1] != '"') {
                return at;
            }
            *ret_doubled = true;
            at++;
        }
    }
    csv->unterminated = true;
    return at;
}

static fw_sv without_doubles(struct fw_arena *arena, fw_sv cell)
{
    char *to = fw_arena_alloc(arena, cell.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < cell.n; i++) {
        to[n++] = cell.p[i];
        i += cell.p[i] == '"';
    }
    return fw_sv_of(to, n);
}

static bool cell_ends(fw_sv text, size_t at)
{
    return at >= text.n || text.p[at] == ',' || text.p[at] == '\n' ||
           (text.p[at] == '\r' && (at + 1 >= text.n || text.p[at + 1] == '\n'));
}

/* Reads one cell from *at on and leaves *at on what ends it. What follows closing quotes up to the
 * comma belongs to the cell: a stray quote must not swallow the rest of the file. */
static fw_sv read_cell(struct fw_csv *csv, struct fw_arena *arena, size_t *at)
{
    fw_sv text = csv->text;
    size_t start = *at;
    bool quoted = start < text.n && text.p[start] == '"';
    bool doubled = false;
    size_t end = start;
    if (quoted) {
        end = quoted_end(csv, start + 1, &doubled);
        *at = end < text.n ? end + 1 : end;
        if (cell_ends(text, *at)) {
            fw_sv inside = fw_sv_sub(text, start + 1, end - start - 1);
            return doubled ? without_doubles(arena, inside) : inside;
        }
    }
    while (!cell_ends(text, *at)) {
        (*at)++;
    }
    return fw_sv_sub(text, start, *at - start);
}

bool fw_csv_record(struct fw_csv *csv, struct fw_arena *arena, fw_sv **ret_cells, size_t *ret_n)
{
    if (csv->offset == 0) {
        csv->next_line = 1;
        csv->offset = fw_sv_starts(csv->text, "\xef\xbb\xbf") ? 3 : 0;
    }
    size_t at = (size_t)csv->offset;
    if (at >= csv->text.n) {
        return false;
    }
    csv->line = csv->next_line;
    csv->unterminated = false;
    csv->too_wide = false;
    fw_sv *cells = NULL;
    size_t n = 0;
    for (;;) {
        fw_sv cell = read_cell(csv, arena, &at);
        if (n < FW_LIMIT_CSV_COLUMNS) {
            cells = fw_arena_push(arena, cells, n, sizeof(*cells));
            cells[n++] = cell;
        } else {
            csv->too_wide = true;
        }
        if (at >= csv->text.n || csv->text.p[at] != ',') {
            break;
        }
        at++;
    }
    if (at < csv->text.n && csv->text.p[at] == '\r') {
        at++;
    }
    at += at < csv->text.n ? 1 : 0;
    csv->next_line++;
    csv->offset = at;
    *ret_cells = cells;
    *ret_n = n;
    return true;
}

bool fw_csv_row(struct fw_csv *csv, struct fw_doc *doc, struct fw_arena *arena, fw_sv **ret_cells,
                size_t *ret_n)
{
    while (fw_csv_record(csv, arena, ret_cells, ret_n)) {
        if (!csv->unterminated && !csv->too_wide) {
            return true;
        }
        fw_doc_mark_range(doc, csv->line, csv->next_line - 1, FW_LINE_BAD);
        if (csv->unterminated) {
            fw_doc_bad(doc, csv->line, (fw_sv){0}, "a quoted cell is not closed");
        } else {
            fw_doc_bad(doc, csv->line, (fw_sv){0}, "more than %d columns (CSV_COLUMNS)",
                       (int)FW_LIMIT_CSV_COLUMNS);
        }
    }
    return false;
}
