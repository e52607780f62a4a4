/* Change tickets, and the records of any CSV file. */
#ifndef FW_PARSERS_TICKETS_H
#define FW_PARSERS_TICKETS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "parsers/doc.h"

/* One change request. The header row names the columns, in any order:
 * ticket, device, rule, change, requester, approver, implementer, approved, implemented, status,
 * until */
struct fw_ticket {
    fw_sv id, device;
    fw_sv rule;   /* what it is about: a rule's id, name, "POLICY position", or its text */
    fw_sv change; /* add, modify, remove; {0}: any */
    fw_sv requester, approver, implementer, status;
    int64_t approved_ns, implemented_ns; /* INT64_MIN when the cell is empty */
    int64_t until_ns;                    /* end of the last day it was approved for */
    fw_span span;
};

struct fw_tickets {
    size_t n;
    const struct fw_ticket *v;
    bool has_until; /* the list says how long changes are approved */
    struct fw_line_counts lines;
    fw_sha256 sha256;
    fw_sv path;
};

enum fw_err fw_tickets_parse(struct fw_doc *doc, int32_t zone_seconds, struct fw_tickets *ret);

/* RFC 4180 records from a text: quotes, embedded newlines, CRLF, BOM. False at the end. */
struct fw_csv {
    fw_sv text;
    uint64_t offset;
    uint32_t line;      /* the record that was read last begins on */
    uint32_t next_line; /* the one after it begins on */
    bool unterminated;
    bool too_wide; /* over FW_LIMIT_CSV_COLUMNS: the rest of the record was dropped */
};
bool fw_csv_record(struct fw_csv *csv, struct fw_arena *arena, fw_sv **ret_cells, size_t *ret_n);
/* The next record of a document that is whole. Those with a quote that is not closed, which takes
 * all lines behind it, or with too many columns are reported, and their lines are bad. */
bool fw_csv_row(struct fw_csv *csv, struct fw_doc *doc, struct fw_arena *arena, fw_sv **ret_cells,
                size_t *ret_n);

#endif
