/* Rows of a CSV file by the names of their columns. */
#include "parsers/records.h"

#include <assert.h>

#include "core/text.h"
#include "core/time.h"

/* Edits within which another name counts as a slip of the keyboard. */
#define SUGGEST_EDITS 2

/* A part for the caret: a cell with doubled quotes was copied and has no place in the line, nor has
 * one on a later line of the record. */
fw_sv fw_records_part(const struct fw_records *records, fw_sv cell)
{
    fw_sv line = fw_doc_line_text(records->doc, records->line);
    bool inside = cell.p >= line.p && cell.p + cell.n <= line.p + line.n;
    return inside ? cell : (fw_sv){0};
}

static bool blank(const struct fw_records *records)
{
    for (size_t i = 0; i < records->n; i++) {
        if (fw_sv_trim(records->cells[i]).n > 0) {
            return false;
        }
    }
    return true;
}

bool fw_records_next(struct fw_records *records)
{
    struct fw_doc *doc = records->doc;
    struct fw_csv *csv = &records->csv;
    bool empty = true;
    while (empty) {
        if (!fw_csv_row(csv, doc, &doc->arena, &records->cells, &records->n)) {
            return false;
        }
        empty = blank(records);
        records->line = csv->line;
        fw_doc_mark_range(doc, csv->line, csv->next_line - 1,
                          empty ? FW_LINE_IGNORED : FW_LINE_USED);
    }
    return true;
}

static fw_sv nearest_header(const struct fw_records *records, const char *name)
{
    fw_sv nearest = {0};
    size_t best = SUGGEST_EDITS + 1;
    for (size_t c = 0; c < records->n; c++) {
        fw_sv cell = fw_sv_trim(records->cells[c]);
        size_t edits = fw_text_distance(cell, fw_sv_from(name), SUGGEST_EDITS);
        if (edits < best) {
            best = edits;
            nearest = cell;
        }
    }
    return nearest;
}

static bool is_named(fw_sv cell, const struct fw_record_column *column)
{
    return fw_sv_is_nocase(cell, column->name) || fw_sv_is(cell, column->zh);
}

static bool find_columns(struct fw_records *records)
{
    bool good = true;
    for (size_t i = 0; i < records->ncolumns; i++) {
        records->at[i] = SIZE_MAX;
    }
    for (size_t c = 0; c < records->n; c++) {
        fw_sv cell = fw_sv_trim(records->cells[c]);
        for (size_t i = 0; i < records->ncolumns; i++) {
            const struct fw_record_column *column = &records->columns[i];
            if (!is_named(cell, column)) {
                continue;
            }
            if (records->at[i] != SIZE_MAX) {
                fw_doc_warn(records->doc, FW_DIAG_ID_RECORD_INVALID, records->line,
                            fw_records_part(records, cell), "column \"%s\" is there twice",
                            column->name);
                good = false;
            }
            records->at[i] = c;
        }
    }
    return good;
}

static bool miss_required(struct fw_records *records)
{
    bool missing = false;
    for (size_t i = 0; i < records->ncolumns; i++) {
        const char *name = records->columns[i].name;
        if (!records->columns[i].required || records->at[i] != SIZE_MAX) {
            continue;
        }
        fw_sv near = nearest_header(records, name);
        if (near.p) {
            fw_doc_warn(records->doc, FW_DIAG_ID_RECORD_INVALID, records->line,
                        fw_records_part(records, near),
                        "the header lacks the column \"%s\"; is \"%.*s\" meant to be it?", name,
                        FW_SV_ARG(near));
        } else {
            fw_doc_warn(records->doc, FW_DIAG_ID_RECORD_INVALID, records->line, (fw_sv){0},
                        "the header lacks the column \"%s\"", name);
        }
        missing = true;
    }
    return missing;
}

bool fw_records_open(struct fw_records *records, struct fw_doc *doc, int32_t zone_seconds,
                     const struct fw_record_column *columns, size_t ncolumns, const char *what)
{
    assert(ncolumns <= FW_RECORD_COLUMNS);
    *records = (struct fw_records){
        .doc = doc,
        .zone_seconds = zone_seconds,
        .columns = columns,
        .ncolumns = ncolumns,
        .csv = {.text = doc->text},
    };
    if (!fw_records_next(records)) {
        fw_doc_warn(doc, FW_DIAG_ID_RECORD_INVALID, 1, (fw_sv){0},
                    "a list of %s begins with a row of column names", what);
        return false;
    }
    bool good = find_columns(records);
    return !miss_required(records) && good;
}

/* Names of columns hold neither commas nor quotes, so cutting at commas is enough here. */
bool fw_records_fit(fw_sv head, const struct fw_record_column *columns, size_t ncolumns)
{
    fw_sv line = fw_sv_sub(head, fw_sv_starts(head, "\xef\xbb\xbf") ? 3 : 0, SIZE_MAX);
    line = fw_sv_sub(line, 0, fw_sv_find_char(line, '\n'));
    for (size_t i = 0; i < ncolumns; i++) {
        fw_sv rest = line;
        fw_sv cell;
        bool there = !columns[i].required;
        while (!there && fw_sv_split(&rest, ',', &cell)) {
            cell = fw_sv_trim(cell);
            bool quoted = cell.n > 1 && cell.p[0] == '"' && cell.p[cell.n - 1] == '"';
            there = is_named(quoted ? fw_sv_sub(cell, 1, cell.n - 2) : cell, &columns[i]);
        }
        if (!there) {
            return false;
        }
    }
    return true;
}

bool fw_records_has(const struct fw_records *records, size_t column)
{
    return records->at[column] != SIZE_MAX;
}

fw_sv fw_records_cell(const struct fw_records *records, size_t column)
{
    size_t at = records->at[column];
    return at < records->n ? fw_sv_trim(records->cells[at]) : FW_SV("");
}

int64_t fw_records_date(struct fw_records *records, size_t column, bool end_of_day)
{
    fw_sv cell = fw_records_cell(records, column);
    int64_t ns;
    if (cell.n > 0 && fw_time_parse(cell, records->zone_seconds, end_of_day, &ns)) {
        return ns;
    }
    if (cell.n > 0) {
        fw_doc_bad(records->doc, records->line, fw_records_part(records, cell),
                   "\"%s\" is no date: write 2026-07-05 or 2026-07-05 10:00",
                   records->columns[column].name);
    }
    return INT64_MIN;
}

fw_span fw_records_span(const struct fw_records *records)
{
    return (fw_span){records->doc->line_offsets[records->line - 1], 0, records->line};
}
