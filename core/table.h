/* Tables for people and machines: the same rows as aligned text, CSV or JSON. */
#ifndef FW_CORE_TABLE_H
#define FW_CORE_TABLE_H

#include <stdbool.h>
#include <stddef.h>

#include "core/buf.h"
#include "core/json.h"
#include "core/sv.h"

struct fw_column {
    const char *key;  /* JSON and CSV */
    fw_sv title;      /* text header */
    bool number;      /* right-aligned; JSON writes it unquoted */
    size_t min_width; /* cells; a column shrinks to this when the table is too wide */
};

struct fw_table;

struct fw_table *fw_table_new(const struct fw_column *columns, size_t n);
void fw_table_free(struct fw_table *table);
/* Cells are copied. Exactly n cells a row. */
void fw_table_row(struct fw_table *table, const fw_sv *cells);
/* Aligned in terminal cells; fits into `width` (0: unlimited) by wrapping the widest text column.
 */
void fw_table_text(const struct fw_table *table, struct fw_buf *out, size_t width);
void fw_table_csv(const struct fw_table *table, struct fw_buf *out);
void fw_table_json(const struct fw_table *table, struct fw_json *json);

#endif
