/* The approved access between zones, as a list: one row for each pair of zones and service. */
#ifndef FW_PARSERS_MATRIX_H
#define FW_PARSERS_MATRIX_H

#include "parsers/doc.h"
#include "policy/services.h"

struct fw_matrix_row {
    fw_sv from, to; /* names of zones */
    struct fw_services services;
    fw_span span;
};

struct fw_approved_matrix {
    size_t n;
    const struct fw_matrix_row *v;
    struct fw_line_counts lines;
    fw_sv path;
};

/* A row that cannot be read approves nothing; it is reported. */
enum fw_err fw_matrix_parse(struct fw_doc *doc, struct fw_approved_matrix *ret);

#endif
