/* What was answered to each finding? A row of the form, as it is exchanged:
 *
 *   16<tab>建議事項<tab>7.9<tab>C<tab><p>查機關雖使用…</p><tab><p>…
 * (附件：項次16_附件)</p><tab>2024/02/28
 */
#include "parsers/improvement.h"

#include <string.h>

#include "core/limits.h"
#include "core/text.h"
#include "core/time.h"
#include "parsers/tickets.h"
#include "parsers/xlsx.h"

enum column { NUMBER, CLASS, ITEMS, GROUP, FINDING, MEASURE, DONE, COLUMNS };

static const char *const heads[COLUMNS] = {
    [NUMBER] = "項次",         [CLASS] = "內容分類",       [ITEMS] = "對應稽核項次",
    [GROUP] = "稽核組別",      [FINDING] = "稽核發現內容", [MEASURE] = "改善措施",
    [DONE] = "(預計)完成日期",
};

struct form {
    struct fw_doc *doc;
    int32_t zone_seconds;
    bool tabs;
    struct fw_csv csv;
    uint64_t offset; /* with tabs */
    uint32_t line;   /* of the record */
    size_t at[COLUMNS];
    fw_sv *cells;
    size_t n;
};

/* --- records ------------------------------------------------------------------------------------
 */

static bool tabbed_record(struct form *form)
{
    fw_sv line, cell;
    if (!fw_doc_line(form->doc, &form->offset, &form->line, &line)) {
        return false;
    }
    size_t most = 1;
    for (size_t i = 0; i < line.n; i++) {
        most += line.p[i] == '\t';
    }
    form->cells = fw_new_array(&form->doc->scratch, most, fw_sv);
    form->n = 0;
    /* A line that ends with a tab has an empty cell behind it, which nobody misses. */
    while (form->n < most && fw_sv_split(&line, '\t', &cell)) {
        form->cells[form->n++] = cell;
    }
    return true;
}

static bool next_record(struct form *form)
{
    if (form->tabs) {
        return tabbed_record(form);
    }
    bool read = fw_csv_row(&form->csv, form->doc, &form->doc->scratch, &form->cells, &form->n);
    form->line = form->csv.line;
    return read;
}

static bool is_header(struct form *form)
{
    for (int column = 0; column < COLUMNS; column++) {
        form->at[column] = SIZE_MAX;
        for (size_t i = 0; i < form->n; i++) {
            if (fw_sv_is(fw_sv_trim(form->cells[i]), heads[column])) {
                form->at[column] = i;
            }
        }
    }
    return form->at[NUMBER] != SIZE_MAX && form->at[FINDING] != SIZE_MAX &&
           form->at[MEASURE] != SIZE_MAX && form->at[DONE] != SIZE_MAX;
}

/* --- cells --------------------------------------------------------------------------------------
 */

static size_t entity(fw_sv text, char *ret)
{
    static const struct {
        const char *name;
        char c;
    } entities[] = {{"&amp;", '&'},  {"&lt;", '<'},   {"&gt;", '>'},
                    {"&quot;", '"'}, {"&#39;", '\''}, {"&nbsp;", ' '}};
    for (size_t i = 0; i < sizeof(entities) / sizeof(entities[0]); i++) {
        if (fw_sv_starts(text, entities[i].name)) {
            *ret = entities[i].c;
            return strlen(entities[i].name);
        }
    }
    return 0;
}

/* Only what the form's editor writes is markup: a "<" of a rule is none. */
static size_t tag(fw_sv text)
{
    static const char *const tags[] = {"<p>", "</p>", "<br>", "<br/>", "<br />", "<div>", "</div>"};
    for (size_t i = 0; i < sizeof(tags) / sizeof(tags[0]); i++) {
        size_t n = strlen(tags[i]);
        if (text.n >= n && fw_sv_is_nocase(fw_sv_sub(text, 0, n), tags[i])) {
            return n;
        }
    }
    return 0;
}

/* Markup away: a paragraph is a line, entities are what they stand for. */
static fw_sv plain(struct form *form, fw_sv cell)
{
    char *to = fw_arena_alloc(&form->doc->arena, cell.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < cell.n;) {
        fw_sv rest = fw_sv_sub(cell, i, cell.n);
        char c = cell.p[i];
        size_t skip = c == '<' ? tag(rest) : 0;
        if (skip > 0) {
            if (n > 0 && to[n - 1] != '\n') {
                to[n++] = '\n';
            }
            i += skip;
            continue;
        }
        skip = c == '&' ? entity(rest, &c) : 0;
        i += skip > 0 ? skip : 1;
        bool blank = c == ' ' || c == '\r';
        if (!blank || (n > 0 && to[n - 1] != '\n')) {
            to[n++] = c == '\r' ? ' ' : c;
        }
    }
    return fw_sv_trim(fw_sv_of(to, n));
}

static fw_sv cell_of(struct form *form, enum column column)
{
    size_t at = form->at[column];
    return at < form->n ? plain(form, form->cells[at]) : FW_SV("");
}

/* "法遵符合情" is one too: forms cut the class off. Two characters tell the three apart. */
static enum fw_improvement_class class_of(fw_sv cell)
{
    static const struct {
        const char *name;
        enum fw_improvement_class class;
    } classes[] = {{"待改善事項", FW_IMPROVEMENT_MUST},
                   {"建議事項", FW_IMPROVEMENT_SUGGEST},
                   {"法遵符合情形", FW_IMPROVEMENT_PRAISE}};
    enum { TWO = 6 };
    for (size_t i = 0; i < sizeof(classes) / sizeof(classes[0]); i++) {
        fw_sv name = fw_sv_from(classes[i].name);
        if (cell.n >= TWO && cell.n <= name.n && fw_sv_eq(fw_sv_sub(name, 0, cell.n), cell)) {
            return classes[i].class;
        }
    }
    return FW_IMPROVEMENT_UNKNOWN;
}

static bool number(fw_sv *rest, uint32_t most, uint32_t *ret)
{
    uint32_t value = 0;
    size_t n = 0;
    while (n < rest->n && n < 4 && fw_is_digit(rest->p[n])) {
        value = value * 10 + (uint32_t)(rest->p[n++] - '0');
    }
    *rest = fw_sv_sub(*rest, n, rest->n);
    *ret = value;
    return n > 0 && value <= most;
}

static void skip(fw_sv *rest)
{
    static const char *const between[] = {"年", "月", "日", "/", "-", ".", " "};
    for (size_t i = 0; i < sizeof(between) / sizeof(between[0]); i++) {
        if (fw_sv_starts(*rest, between[i])) {
            *rest = fw_sv_sub(*rest, strlen(between[i]), rest->n);
            i = SIZE_MAX; /* from the first again */
        }
    }
}

/* "2024/02/28", "113/2/28", "113年2月28日": a year before 1912 is one of the Republic. */
static bool date(fw_sv text, int32_t zone_seconds, int64_t *ret)
{
    uint32_t year, month, day;
    if (!number(&text, 9999, &year)) {
        return false;
    }
    skip(&text);
    if (!number(&text, 12, &month)) {
        return false;
    }
    skip(&text);
    if (!number(&text, 31, &day)) {
        return false;
    }
    skip(&text);
    year += year < 1000 ? 1911 : 0;
    if (text.n > 0 || year > 2200 || !fw_date_valid((int32_t)year, month, day)) {
        return false;
    }
    int64_t seconds = (fw_days_from_date((int32_t)year, month, day) + 1) * 86400 - zone_seconds;
    *ret = seconds * FW_NS_PER_SEC - 1;
    return true;
}

/* "項次07_附件_RUL-001": the id of a check behind the attachment's name. */
static fw_sv check_named(fw_sv text)
{
    static const char before[] = "_附件_";
    size_t at = fw_sv_find(text, fw_sv_from(before));
    if (at == SIZE_MAX) {
        return (fw_sv){0};
    }
    fw_sv id = fw_sv_sub(text, at + sizeof(before) - 1, 7);
    bool good = id.n == 7 && id.p[3] == '-';
    for (size_t i = 0; good && i < 7; i++) {
        good = i == 3 || (i < 3 ? fw_is_alpha(id.p[i]) : fw_is_digit(id.p[i]));
    }
    return good ? id : (fw_sv){0};
}

/* --- rows ---------------------------------------------------------------------------------------
 */

static fw_sv in_line(const struct form *form, enum column column)
{
    fw_sv line = fw_doc_line_text(form->doc, form->line);
    size_t at = form->at[column];
    fw_sv cell = at < form->n ? form->cells[at] : (fw_sv){0};
    bool inside = cell.p && cell.p >= line.p && cell.p + cell.n <= line.p + line.n;
    return inside ? cell : (fw_sv){0};
}

static void read_done(struct form *form, struct fw_improvement *row)
{
    fw_sv cell = cell_of(form, DONE);
    row->due_ns = INT64_MIN;
    row->done = fw_sv_starts(cell, "已完成");
    if (!row->done && cell.n > 0 && !date(cell, form->zone_seconds, &row->due_ns)) {
        fw_doc_warn(form->doc, FW_DIAG_ID_RECORD_INVALID, form->line, in_line(form, DONE),
                    "this is neither 已完成 nor a date like 2026/09/30");
    }
}

static bool read_row(struct form *form, struct fw_improvement *row)
{
    *row = (struct fw_improvement){.span = {.line = form->line}};
    fw_sv digits = cell_of(form, NUMBER);
    if (!number(&digits, 9999, &row->number) || digits.n > 0) {
        return false; /* a note below the table, a blank line */
    }
    fw_sv class = cell_of(form, CLASS);
    row->class = class_of(class);
    if (row->class == FW_IMPROVEMENT_UNKNOWN) {
        fw_doc_warn(form->doc, FW_DIAG_ID_RECORD_INVALID, form->line, in_line(form, CLASS),
                    "\"%.*s\" is none of 待改善事項, 建議事項, 法遵符合情形", FW_SV_ARG(class));
    }
    row->items = cell_of(form, ITEMS);
    row->group = cell_of(form, GROUP);
    row->finding = cell_of(form, FINDING);
    row->measure = cell_of(form, MEASURE);
    row->check = check_named(row->measure);
    read_done(form, row);
    return true;
}

/* The first lines decide: a header with tabs makes it a table with tabs. */
static bool has_tabs(const struct fw_doc *doc)
{
    uint64_t offset = 0;
    uint32_t line = 0;
    fw_sv text;
    while (fw_doc_line(doc, &offset, &line, &text)) {
        if (fw_sv_find(text, FW_SV("項次\t")) != SIZE_MAX) {
            return true;
        }
    }
    return false;
}

/* A workbook becomes the text that it says; its lines are then the rows of its first sheet. */
static enum fw_err open_workbook(struct fw_doc *doc)
{
    fw_sv text;
    enum fw_err err = fw_xlsx_text(doc->text, &doc->arena, &text);
    if (err == FW_OK) {
        fw_doc_set_text(doc, text);
    } else if (err == FW_ERR_LIMIT) {
        fw_doc_warn(doc, FW_DIAG_ID_LIMIT_REACHED, 1, (fw_sv){0},
                    "the workbook is larger than the limit XLSX_BYTES allows");
    } else {
        fw_doc_warn(doc, FW_DIAG_ID_RECORD_INVALID, 1, (fw_sv){0},
                    "this is no workbook whose first sheet can be read");
    }
    return err;
}

enum fw_err fw_improvements_parse(struct fw_doc *doc, int32_t zone_seconds,
                                  struct fw_improvements *ret)
{
    struct form form = {.doc = doc, .zone_seconds = zone_seconds};
    struct fw_improvement *v = NULL;
    bool found = false;
    *ret = (struct fw_improvements){0};
    if (fw_xlsx_is(doc->text) && open_workbook(doc) != FW_OK) {
        return FW_ERR_INVALID;
    }
    form.tabs = has_tabs(doc);
    form.csv = (struct fw_csv){.text = doc->text};
    while (!found && next_record(&form)) {
        found = is_header(&form);
        /* Titles stand above the header. */
        fw_doc_mark(doc, form.line, found ? FW_LINE_USED : FW_LINE_IGNORED);
    }
    if (!found) {
        fw_doc_warn(doc, FW_DIAG_ID_RECORD_INVALID, 1, (fw_sv){0},
                    "no line is the header of a 改善報告: 項次, 內容分類, 對應稽核項次, 稽核組別, "
                    "稽核發現內容, 改善措施, (預計)完成日期");
        return FW_ERR_INVALID;
    }
    while (next_record(&form)) {
        struct fw_improvement row;
        uint32_t to = form.tabs ? form.line : form.csv.next_line - 1;
        bool used = read_row(&form, &row);
        fw_doc_mark_range(doc, form.line, to, used ? FW_LINE_USED : FW_LINE_IGNORED);
        if (used) {
            v = fw_arena_push(&doc->arena, v, ret->n, sizeof(*v));
            v[ret->n++] = row;
        }
        ret->v = v;
        fw_arena_reset(&doc->scratch);
    }
    return FW_OK;
}

const struct fw_improvement *fw_improvement_find(const struct fw_improvements *improvements,
                                                 fw_sv check)
{
    for (size_t i = 0; improvements && i < improvements->n; i++) {
        if (fw_sv_eq(improvements->v[i].check, check)) {
            return &improvements->v[i];
        }
    }
    return NULL;
}
