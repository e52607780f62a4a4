/* How does a form become a workbook? By libxlsxwriter, which has no way to write into memory: it is
 * given the name of a file that was deleted when it was opened. */
#include <stdio.h>
#include <unistd.h>

#include <xlsxwriter.h>

#include "core/text.h"
#include "report/forms.h"

/* Of the format: 32,767 characters a cell; cut before, on a whole character. */
enum { CELL_BYTES = 30000 };

struct book {
    lxw_workbook *workbook;
    lxw_worksheet *sheet;
    lxw_format *title, *head, *cell, *note;
    struct fw_buf text;
};

/* Control characters made visible; line ends stay. Good until the next call. */
static const char *cell_text(struct book *book, fw_sv text)
{
    fw_sv line;
    bool first = true;
    fw_buf_reset(&book->text);
    while (fw_sv_split(&text, '\n', &line)) {
        fw_buf_add_cstr(&book->text, first ? "" : "\n");
        fw_text_safe(&book->text, line);
        first = false;
    }
    if (book->text.n > CELL_BYTES) {
        size_t n = CELL_BYTES;
        while (n > 0 && ((unsigned char)book->text.p[n] & 0xc0) == 0x80) {
            n--;
        }
        book->text.n = n;
        fw_buf_add_cstr(&book->text, " …");
    }
    fw_buf_add_char(&book->text, '\0');
    return book->text.p ? book->text.p : "";
}

static lxw_format *format(struct book *book, bool bold, bool border, bool fill)
{
    lxw_format *made = workbook_add_format(book->workbook);
    format_set_text_wrap(made);
    format_set_align(made, LXW_ALIGN_VERTICAL_TOP);
    if (bold) {
        format_set_bold(made);
    }
    if (border) {
        format_set_border(made, LXW_BORDER_THIN);
    }
    if (fill) {
        format_set_bg_color(made, 0xE7EDF3);
    }
    return made;
}

static lxw_error put(struct book *book, lxw_row_t row, size_t column, fw_sv text,
                     lxw_format *format)
{
    /* Always a string: a text that begins with "=" is no formula. */
    return worksheet_write_string(book->sheet, row, (lxw_col_t)column, cell_text(book, text),
                                  format);
}

static lxw_error fill(struct book *book, const struct fw_form_sheet *sheet)
{
    lxw_error err = put(book, 0, 0, sheet->title, book->title);
    worksheet_set_row(book->sheet, 0, 22, NULL);
    for (size_t k = 0; k < sheet->columns; k++) {
        worksheet_set_column(book->sheet, (lxw_col_t)k, (lxw_col_t)k, sheet->widths[k], NULL);
        err = err ? err : put(book, 1, k, sheet->heads[k], book->head);
    }
    for (size_t i = 0; i < sheet->n; i++) {
        for (size_t k = 0; k < sheet->columns; k++) {
            err = err ? err : put(book, (lxw_row_t)(i + 2), k, sheet->rows[i][k], book->cell);
        }
    }
    if (sheet->note.n > 0) {
        err = err ? err : put(book, (lxw_row_t)(sheet->n + 2), 0, sheet->note, book->note);
    }
    worksheet_freeze_panes(book->sheet, 2, 0);
    worksheet_set_landscape(book->sheet);
    worksheet_set_paper(book->sheet, 9); /* A4 */
    worksheet_fit_to_pages(book->sheet, 1, 0);
    worksheet_repeat_rows(book->sheet, 1, 1);
    return err;
}

static enum fw_err read_back(FILE *file, struct fw_buf *out)
{
    char piece[4096];
    rewind(file);
    for (size_t n; (n = fread(piece, 1, sizeof(piece), file)) > 0;) {
        fw_buf_add(out, fw_sv_of(piece, n));
    }
    return ferror(file) ? FW_ERR_IO : fw_buf_ok(out) ? FW_OK : FW_ERR_MEMORY;
}

enum fw_err fw_form_xlsx(const struct fw_form_sheet *sheet, int64_t created_ns, struct fw_buf *out)
{
    char path[64];
    FILE *file = tmpfile();
    if (!file) {
        return FW_ERR_IO;
    }
    snprintf(path, sizeof(path), "/proc/self/fd/%d", fileno(file));
    struct book book = {.workbook = workbook_new(path)};
    if (!book.workbook) {
        fclose(file);
        return FW_ERR_MEMORY;
    }
    fw_buf_init(&book.text);
    /* Not the clock: the same sheet is the same file. */
    lxw_doc_properties properties = {.created = (time_t)(created_ns / INT64_C(1000000000))};
    workbook_set_properties(book.workbook, &properties);
    book.sheet = workbook_add_worksheet(book.workbook, NULL);
    book.title = workbook_add_format(book.workbook);
    format_set_bold(book.title);
    format_set_font_size(book.title, 14);
    book.head = format(&book, true, true, true);
    book.cell = format(&book, false, true, false);
    book.note = workbook_add_format(book.workbook);
    lxw_error filled = fill(&book, sheet);
    lxw_error closed = workbook_close(book.workbook); /* frees it, whatever happens */
    enum fw_err err = filled || closed ? FW_ERR_IO : read_back(file, out);
    fw_buf_clear(&book.text);
    fclose(file);
    return err;
}
