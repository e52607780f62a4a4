/* Answers: how do the same rows look as aligned text, as CSV and as JSON? */
#include "core/table.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "core/arena.h"
#include "core/text.h"

#define GAP 2
/* What a text column keeps when nothing else is asked for. */
#define MIN_CELLS 8

struct fw_table {
    struct fw_arena arena;
    struct fw_column *columns;
    size_t n;
    fw_sv **rows;
    size_t count;
};

struct fw_table *fw_table_new(const struct fw_column *columns, size_t n)
{
    assert(n > 0);
    struct fw_table *table = calloc(1, sizeof(*table));
    if (!table) {
        return NULL;
    }
    fw_arena_init(&table->arena, 0);
    table->n = n;
    table->columns = fw_new_array(&table->arena, n, struct fw_column);
    for (size_t i = 0; i < n; i++) {
        table->columns[i] = columns[i];
        table->columns[i].key = fw_arena_cstr(&table->arena, fw_sv_from(columns[i].key));
        table->columns[i].title = fw_arena_copy(&table->arena, columns[i].title);
    }
    return table;
}

void fw_table_free(struct fw_table *table)
{
    if (table) {
        fw_arena_clear(&table->arena);
        free(table);
    }
}

void fw_table_row(struct fw_table *table, const fw_sv *cells)
{
    fw_sv *row = fw_new_array(&table->arena, table->n, fw_sv);
    for (size_t i = 0; i < table->n; i++) {
        row[i] = fw_arena_copy(&table->arena, cells[i]);
    }
    table->rows = fw_arena_push(&table->arena, table->rows, table->count, sizeof(*table->rows));
    table->rows[table->count++] = row;
}

/* Shrinks the widest text columns, evenly, until everything fits or nothing can shrink. */
static void shrink(const struct fw_table *table, size_t *widths, size_t width)
{
    size_t total = GAP * (table->n - 1);
    for (size_t i = 0; i < table->n; i++) {
        total += widths[i];
    }
    while (total > width) {
        size_t widest = SIZE_MAX;
        size_t second = 0;
        for (size_t i = 0; i < table->n; i++) {
            size_t least = table->columns[i].min_width ? table->columns[i].min_width : MIN_CELLS;
            if (table->columns[i].number || widths[i] <= least) {
                continue;
            }
            if (widest == SIZE_MAX || widths[i] > widths[widest]) {
                second = widest == SIZE_MAX ? 0 : widths[widest];
                widest = i;
            } else if (widths[i] > second) {
                second = widths[i];
            }
        }
        if (widest == SIZE_MAX) {
            return;
        }
        const struct fw_column *column = &table->columns[widest];
        size_t least = column->min_width ? column->min_width : MIN_CELLS;
        size_t cut = total - width;
        size_t step = widths[widest] > second ? widths[widest] - second : 1;
        cut = cut < step ? cut : step;
        cut = cut < widths[widest] - least ? cut : widths[widest] - least;
        widths[widest] -= cut;
        total -= cut;
    }
}

static void measure(const struct fw_table *table, size_t *widths, size_t width)
{
    for (size_t i = 0; i < table->n; i++) {
        widths[i] = fw_text_width(table->columns[i].title);
        for (size_t j = 0; j < table->count; j++) {
            size_t cells = fw_text_width(table->rows[j][i]);
            widths[i] = cells > widths[i] ? cells : widths[i];
        }
    }
    if (width > 0) {
        shrink(table, widths, width);
    }
}

static fw_sv trim_end(fw_sv text)
{
    while (text.n > 0 && text.p[text.n - 1] == ' ') {
        text.n--;
    }
    return text;
}

/* Writes one row over as many lines as its highest cell takes. */
static void put_row(const struct fw_table *table, struct fw_buf *out, const fw_sv *safe,
                    fw_sv *rest, const size_t *widths)
{
    memcpy(rest, safe, table->n * sizeof(*rest));
    for (bool more = true, first = true; more; first = false) {
        more = false;
        size_t owed = 0; /* blanks before the next text: none are left at the end of a line */
        for (size_t i = 0; i < table->n; i++) {
            fw_sv line = fw_sv_of("", 0);
            if (first || rest[i].n > 0) {
                line = trim_end(fw_text_line(&rest[i], widths[i]));
            }
            size_t cells = fw_text_width(line);
            size_t pad = cells < widths[i] ? widths[i] - cells : 0;
            if (line.n > 0) {
                fw_buf_add_repeat(out, " ", owed + (table->columns[i].number ? pad : 0));
                fw_buf_add(out, line);
                owed = table->columns[i].number ? 0 : pad;
            } else {
                owed += widths[i];
            }
            owed += GAP;
            more = more || rest[i].n > 0;
        }
        fw_buf_add_char(out, '\n');
    }
}

void fw_table_text(const struct fw_table *table, struct fw_buf *out, size_t width)
{
    size_t *widths = calloc(table->n, sizeof(*widths));
    fw_sv *cells = calloc(table->n * 2, sizeof(*cells));
    size_t *offsets = calloc(table->n + 1, sizeof(*offsets));
    struct fw_buf safe;
    fw_buf_init(&safe);
    if (!widths || !cells || !offsets) {
        out->failed = true;
        goto out;
    }
    measure(table, widths, width);
    for (size_t j = 0; j <= table->count; j++) {
        fw_buf_reset(&safe);
        for (size_t i = 0; i < table->n; i++) {
            fw_text_safe(&safe, j == 0 ? table->columns[i].title : table->rows[j - 1][i]);
            offsets[i + 1] = safe.n;
        }
        for (size_t i = 0; i < table->n; i++) {
            cells[i] = fw_sv_sub(fw_buf_sv(&safe), offsets[i], offsets[i + 1] - offsets[i]);
        }
        put_row(table, out, cells, cells + table->n, widths);
        for (size_t i = 0; j == 0 && i < table->n; i++) {
            fw_buf_add_repeat(out, " ", i > 0 ? GAP : 0);
            fw_buf_add_repeat(out, "-", widths[i]);
        }
        if (j == 0) {
            fw_buf_add_char(out, '\n');
        }
    }
out:
    fw_buf_clear(&safe);
    free(offsets);
    free(cells);
    free(widths);
}

void fw_table_csv(const struct fw_table *table, struct fw_buf *out)
{
    for (size_t i = 0; i < table->n; i++) {
        fw_buf_add_cstr(out, i > 0 ? "," : "");
        fw_text_csv(out, fw_sv_from(table->columns[i].key));
    }
    fw_buf_add_char(out, '\n');
    for (size_t j = 0; j < table->count; j++) {
        for (size_t i = 0; i < table->n; i++) {
            fw_sv cell = table->rows[j][i];
            fw_buf_add_cstr(out, i > 0 ? "," : "");
            /* A negative number is no formula. */
            if (table->columns[i].number && fw_json_is_number(cell)) {
                fw_buf_add(out, cell);
            } else {
                fw_text_csv(out, cell);
            }
        }
        fw_buf_add_char(out, '\n');
    }
}

void fw_table_json(const struct fw_table *table, struct fw_json *json)
{
    fw_json_array(json);
    for (size_t j = 0; j < table->count; j++) {
        fw_json_object(json);
        for (size_t i = 0; i < table->n; i++) {
            fw_sv cell = table->rows[j][i];
            fw_json_key(json, table->columns[i].key);
            if (!table->columns[i].number) {
                fw_json_string(json, cell);
            } else if (cell.n == 0) {
                fw_json_null(json);
            } else {
                fw_json_number(json, cell);
            }
        }
        fw_json_end(json);
    }
    fw_json_end(json);
}
