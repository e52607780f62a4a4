/*
 * Lists that people keep in a spreadsheet: CSV with a header row that names the columns, in any
 * order and in either language; other columns are the list's own business. Mistakes are reported
 * with their line, and what cannot be read counts as empty, never as a yes.
 */
#ifndef FW_PARSERS_RECORDS_H
#define FW_PARSERS_RECORDS_H

#include "parsers/doc.h"
#include "parsers/tickets.h"

enum { FW_RECORD_COLUMNS = 24 };

struct fw_record_column {
    const char *name, *zh; /* English first: messages use it */
    bool required;         /* without it a row says nothing that could be joined */
};

struct fw_records {
    struct fw_doc *doc;
    int32_t zone_seconds;
    const struct fw_record_column *columns;
    size_t ncolumns;
    size_t at[FW_RECORD_COLUMNS]; /* index of the column's cell; SIZE_MAX: there is none */
    struct fw_csv csv;
    fw_sv *cells;
    size_t n;
    uint32_t line; /* of the record */
};

/* Reads the header; false when there is none that names what is required. `what`: "a list of ..."
 */
bool fw_records_open(struct fw_records *records, struct fw_doc *doc, int32_t zone_seconds,
                     const struct fw_record_column *columns, size_t ncolumns, const char *what);
/* Whether a text begins with a row that names all columns that are required; nothing is reported.
 */
bool fw_records_fit(fw_sv head, const struct fw_record_column *columns, size_t ncolumns);
/* The next row that is not blank. */
bool fw_records_next(struct fw_records *records);
bool fw_records_has(const struct fw_records *records, size_t column); /* in the header */
fw_sv fw_records_cell(const struct fw_records *records, size_t column);
/* INT64_MIN for an empty cell, and for one that is no date, which is reported. */
int64_t fw_records_date(struct fw_records *records, size_t column, bool end_of_day);
fw_span fw_records_span(const struct fw_records *records);
/* The part of the line that a message is about; {0} for a cell that was copied. */
fw_sv fw_records_part(const struct fw_records *records, fw_sv cell);

#endif
