/* Answers: which access between zones was approved? A list that people keep:
 *
 *   from,to,service
 *   internet,dmz,"tcp/80,443"
 *   office,dmz,tcp/443; icmp
 */
#include "parsers/matrix.h"

#include "parsers/tickets.h"

enum column { COLUMN_FROM, COLUMN_TO, COLUMN_SERVICE, COLUMN_COUNT };

static const struct {
    const char *name;
    enum column column;
} names[] = {
    {"from", COLUMN_FROM},   {"來源區域", COLUMN_FROM},   {"to", COLUMN_TO},
    {"目的區域", COLUMN_TO}, {"service", COLUMN_SERVICE}, {"服務", COLUMN_SERVICE},
};
enum { NAMES = sizeof(names) / sizeof(names[0]) };

struct table {
    struct fw_doc *doc;
    size_t at[COLUMN_COUNT]; /* SIZE_MAX: there is none */
    fw_sv *cells;
    size_t n;
    uint32_t line;
};

static bool read_header(struct table *t)
{
    bool good = true;
    for (size_t i = 0; i < COLUMN_COUNT; i++) {
        t->at[i] = SIZE_MAX;
    }
    for (size_t c = 0; c < t->n; c++) {
        for (size_t i = 0; i < NAMES; i++) {
            if (fw_sv_is_nocase(fw_sv_trim(t->cells[c]), names[i].name)) {
                good = good && t->at[names[i].column] == SIZE_MAX;
                t->at[names[i].column] = c;
            }
        }
    }
    for (size_t i = 0; i < COLUMN_COUNT; i++) {
        good = good && t->at[i] != SIZE_MAX;
    }
    if (!good) {
        fw_doc_warn(t->doc, FW_DIAG_ID_RECORD_INVALID, t->line, (fw_sv){0},
                    "the header names the columns from, to and service, each once");
    }
    return good;
}

static fw_sv cell_of(const struct table *t, enum column column)
{
    return t->at[column] < t->n ? fw_sv_trim(t->cells[t->at[column]]) : FW_SV("");
}

static bool read_row(struct table *t, struct fw_matrix_row *ret)
{
    struct fw_matrix_row row = {
        .from = cell_of(t, COLUMN_FROM),
        .to = cell_of(t, COLUMN_TO),
        .span = {t->doc->line_offsets[t->line - 1], 0, t->line},
    };
    fw_sv bad;
    if (row.from.n == 0 || row.to.n == 0) {
        fw_doc_bad(t->doc, t->line, (fw_sv){0}, "a row names the zones from and to");
        return false;
    }
    if (!fw_services_parse(&t->doc->arena, cell_of(t, COLUMN_SERVICE), &row.services, &bad)) {
        fw_doc_bad(t->doc, t->line, (fw_sv){0},
                   "a service is any, a protocol, or tcp/80,8000-8080; several have ; between "
                   "them");
        return false;
    }
    *ret = row;
    return true;
}

static bool blank(const struct table *t)
{
    for (size_t i = 0; i < t->n; i++) {
        if (fw_sv_trim(t->cells[i]).n > 0) {
            return false;
        }
    }
    return true;
}

enum fw_err fw_matrix_parse(struct fw_doc *doc, struct fw_approved_matrix *ret)
{
    struct table t = {.doc = doc};
    struct fw_csv csv = {.text = doc->text};
    struct fw_approved_matrix matrix = {.path = doc->path};
    struct fw_matrix_row *v = NULL;
    bool header = false;
    while (fw_csv_row(&csv, doc, &doc->arena, &t.cells, &t.n)) {
        struct fw_matrix_row row;
        t.line = csv.line;
        fw_doc_mark_range(doc, csv.line, csv.next_line - 1,
                          blank(&t) ? FW_LINE_IGNORED : FW_LINE_USED);
        if (blank(&t)) {
            continue;
        }
        if (!header) {
            header = read_header(&t);
            if (!header) {
                return FW_ERR_INVALID;
            }
        } else if (read_row(&t, &row)) {
            v = fw_arena_push(&doc->arena, v, matrix.n, sizeof(*v));
            v[matrix.n++] = row;
        }
    }
    if (!header) {
        fw_doc_warn(doc, FW_DIAG_ID_RECORD_INVALID, 1, (fw_sv){0},
                    "a matrix begins with a row of column names: from,to,service");
        return FW_ERR_INVALID;
    }
    matrix.v = v;
    matrix.lines = fw_doc_counts(doc);
    *ret = matrix;
    return FW_OK;
}
