/* What does the first sheet of a workbook say? Its XML has no document types and no entities of its
 * own: tags are walked in place, one after the other, so nesting costs nothing. */
#include "parsers/xlsx.h"

#include <stdlib.h>

#include "core/buf.h"
#include "core/limits.h"
#include "core/time.h"
#include "parsers/zip.h"

enum { COLUMNS = 256, DAYS_1900 = 25569, DAYS_1904 = 24107 };

/* --- XML ----------------------------------------------------------------------------------------
 */

struct tag {
    fw_sv before; /* the text in front of it */
    fw_sv name;   /* without its namespace */
    fw_sv attributes;
    bool closing, empty;
};

/* The next tag; declarations and comments are passed over. False at the end, or when cut off. */
static bool next_tag(fw_sv *rest, struct tag *ret)
{
    for (;;) {
        size_t open = fw_sv_find_char(*rest, '<');
        if (open == SIZE_MAX) {
            return false;
        }
        *ret = (struct tag){.before = fw_sv_sub(*rest, 0, open)};
        *rest = fw_sv_sub(*rest, open + 1, rest->n);
        bool comment = fw_sv_starts(*rest, "!--");
        size_t close = comment ? fw_sv_find(*rest, FW_SV("-->")) : fw_sv_find_char(*rest, '>');
        if (close == SIZE_MAX) {
            return false;
        }
        fw_sv inside = fw_sv_sub(*rest, 0, close);
        *rest = fw_sv_sub(*rest, close + (comment ? 3 : 1), rest->n);
        if (inside.n == 0 || inside.p[0] == '!' || inside.p[0] == '?') {
            continue;
        }
        ret->closing = inside.p[0] == '/';
        ret->empty = inside.p[inside.n - 1] == '/';
        inside = fw_sv_sub(inside, ret->closing, inside.n - ret->closing - ret->empty);
        fw_sv name = inside;
        for (size_t i = 0; i < inside.n; i++) {
            char c = inside.p[i];
            if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
                name = fw_sv_sub(inside, 0, i);
                break;
            }
        }
        ret->attributes = fw_sv_sub(inside, name.n, inside.n);
        size_t colon = fw_sv_find_char(name, ':');
        ret->name = colon == SIZE_MAX ? name : fw_sv_sub(name, colon + 1, name.n);
        return true;
    }
}

/* The value of an attribute as it is spelt; {0}: there is none. */
static fw_sv attribute(const struct tag *tag, const char *name)
{
    fw_sv rest = tag->attributes;
    size_t equals;
    while ((equals = fw_sv_find_char(rest, '=')) != SIZE_MAX && equals + 1 < rest.n) {
        fw_sv key = fw_sv_trim(fw_sv_sub(rest, 0, equals));
        char quote = rest.p[equals + 1];
        rest = fw_sv_sub(rest, equals + 2, rest.n);
        size_t close = fw_sv_find_char(rest, quote);
        if ((quote != '"' && quote != '\'') || close == SIZE_MAX) {
            break;
        }
        if (fw_sv_is(key, name)) {
            return fw_sv_sub(rest, 0, close);
        }
        rest = fw_sv_sub(rest, close + 1, rest.n);
    }
    return (fw_sv){0};
}

static bool opens(const struct tag *tag, const char *name)
{
    return !tag->closing && fw_sv_is(tag->name, name);
}

static bool closes(const struct tag *tag, const char *name)
{
    return (tag->closing || tag->empty) && fw_sv_is(tag->name, name);
}

/* "&#10;" or "&#xA;": its number; 0: it is none. */
static uint32_t number_entity(fw_sv inside)
{
    uint32_t code = 0;
    bool hex = inside.n > 1 && (inside.p[1] == 'x' || inside.p[1] == 'X');
    for (size_t i = hex ? 2 : 1; i < inside.n; i++) {
        char c = inside.p[i];
        uint32_t digit = c >= '0' && c <= '9'          ? (uint32_t)(c - '0')
                         : hex && c >= 'a' && c <= 'f' ? (uint32_t)(c - 'a' + 10)
                         : hex && c >= 'A' && c <= 'F' ? (uint32_t)(c - 'A' + 10)
                                                       : 99;
        if (digit == 99 || code > 0x10ffff) {
            return 0;
        }
        code = code * (hex ? 16 : 10) + digit;
    }
    return code <= 0x10ffff && (code < 0xd800 || code > 0xdfff) ? code : 0;
}

static void add_code(struct fw_buf *out, uint32_t code)
{
    if (code == '\n' || code == '\r' || code == '\t' || code < ' ') {
        fw_buf_add_cstr(out, code == '\n' ? "<br>" : " ");
    } else if (code < 0x80) {
        fw_buf_add_char(out, (char)code);
    } else if (code < 0x800) {
        fw_buf_add_char(out, (char)(0xc0 | code >> 6));
        fw_buf_add_char(out, (char)(0x80 | (code & 0x3f)));
    } else if (code < 0x10000) {
        fw_buf_add_char(out, (char)(0xe0 | code >> 12));
        fw_buf_add_char(out, (char)(0x80 | (code >> 6 & 0x3f)));
        fw_buf_add_char(out, (char)(0x80 | (code & 0x3f)));
    } else {
        fw_buf_add_char(out, (char)(0xf0 | code >> 18));
        fw_buf_add_char(out, (char)(0x80 | (code >> 12 & 0x3f)));
        fw_buf_add_char(out, (char)(0x80 | (code >> 6 & 0x3f)));
        fw_buf_add_char(out, (char)(0x80 | (code & 0x3f)));
    }
}

static void add_entity(struct fw_buf *out, fw_sv inside)
{
    static const struct {
        const char *name;
        char c;
    } names[] = {{"amp", '&'}, {"lt", '<'}, {"gt", '>'}, {"quot", '"'}, {"apos", '\''}};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (fw_sv_is(inside, names[i].name)) {
            fw_buf_add_char(out, names[i].c);
            return;
        }
    }
    if (inside.n > 1 && inside.p[0] == '#') {
        add_code(out, number_entity(inside));
    }
}

/* What stands between tags, in one line. */
static void add_text(struct fw_buf *out, fw_sv text)
{
    enum { ENTITY = 10 };
    for (size_t i = 0; i < text.n; i++) {
        size_t close = text.p[i] == '&' ? fw_sv_find_char(fw_sv_sub(text, i, ENTITY), ';')
                                        : SIZE_MAX;
        if (close != SIZE_MAX) {
            add_entity(out, fw_sv_sub(text, i + 1, close - 1));
            i += close;
        } else if ((unsigned char)text.p[i] < ' ') {
            add_code(out, (unsigned char)text.p[i]);
        } else {
            fw_buf_add_char(out, text.p[i]);
        }
    }
}

/* --- the workbook -------------------------------------------------------------------------------
 */

struct book {
    struct fw_arena *arena;
    size_t nstrings;
    fw_sv *strings;
    size_t nstyles;
    bool *dates; /* by style: its cells are dates */
    int64_t epoch_days;
};

/* Every <si>, its runs put together, without the readings above Chinese characters (<rPh>). */
static void read_strings(struct book *book, fw_sv xml)
{
    struct tag tag;
    struct fw_buf text;
    bool reading = false;
    bool inside = false;
    fw_buf_init(&text);
    while (next_tag(&xml, &tag)) {
        if (inside && !reading && closes(&tag, "t")) {
            add_text(&text, tag.before);
        }
        reading = opens(&tag, "rPh") || (reading && !closes(&tag, "rPh"));
        inside = opens(&tag, "si") || inside;
        if (closes(&tag, "si")) {
            book->strings = fw_arena_push(book->arena, book->strings, book->nstrings,
                                          sizeof(*book->strings));
            book->strings[book->nstrings++] = fw_arena_copy(book->arena, fw_buf_sv(&text));
            fw_buf_reset(&text);
            inside = false;
        }
    }
    fw_buf_clear(&text);
}

/* A format of its own that has years or days in it, outside of quotes. */
static bool dated_code(fw_sv code)
{
    bool quoted = false;
    for (size_t i = 0; i < code.n; i++) {
        bool quote = fw_sv_starts(fw_sv_sub(code, i, code.n), "&quot;");
        quoted = quoted != quote;
        if (!quoted && (code.p[i] == 'y' || code.p[i] == 'd' || code.p[i] == 'Y')) {
            return true;
        }
        i += quote ? 5 : 0;
    }
    return false;
}

static bool dated_id(uint64_t id)
{
    return (id >= 14 && id <= 17) || id == 22 || (id >= 27 && id <= 36) || (id >= 50 && id <= 58);
}

static void read_styles(struct book *book, fw_sv xml)
{
    struct tag tag;
    uint64_t *own = NULL; /* formats with dates */
    size_t nown = 0;
    bool cells = false;
    while (next_tag(&xml, &tag)) {
        uint64_t id = 0;
        bool known = fw_sv_u64(attribute(&tag, "numFmtId"), &id);
        if (opens(&tag, "numFmt") && known && dated_code(attribute(&tag, "formatCode"))) {
            own = fw_arena_push(book->arena, own, nown, sizeof(*own));
            own[nown++] = id;
        }
        cells = opens(&tag, "cellXfs") || (cells && !closes(&tag, "cellXfs"));
        if (cells && opens(&tag, "xf")) {
            bool date = known && dated_id(id);
            for (size_t i = 0; i < nown && known; i++) {
                date = date || own[i] == id;
            }
            book->dates = fw_arena_push(book->arena, book->dates, book->nstyles,
                                        sizeof(*book->dates));
            book->dates[book->nstyles++] = date;
        }
    }
}

/* "AB12": 27; SIZE_MAX: it names no column that is kept. */
static size_t column_of(fw_sv reference)
{
    size_t n = 0;
    for (size_t i = 0; i < reference.n && reference.p[i] >= 'A' && reference.p[i] <= 'Z'; i++) {
        n = n * 26 + (size_t)(reference.p[i] - 'A' + 1);
        if (n > COLUMNS) {
            return SIZE_MAX;
        }
    }
    return n > 0 ? n - 1 : SIZE_MAX;
}

/* Days since the epoch of the workbook; a time of the day behind the point is dropped. */
static bool add_date(const struct book *book, struct fw_buf *out, fw_sv value)
{
    uint64_t days;
    size_t point = fw_sv_find_char(value, '.');
    value = fw_sv_sub(value, 0, point == SIZE_MAX ? value.n : point);
    if (!fw_sv_u64(value, &days) || days == 0 || days > 2958465) {
        return false;
    }
    struct fw_date date = fw_date_from_days((int64_t)days - book->epoch_days);
    fw_buf_printf(out, "%04d/%02u/%02u", date.year, date.month, date.day);
    return true;
}

struct cell {
    size_t column;
    fw_sv type, style;
};

static void add_value(const struct book *book, const struct cell *cell, struct fw_buf *out,
                      fw_sv value)
{
    uint64_t index;
    uint64_t style;
    if (fw_sv_is(cell->type, "s")) {
        if (fw_sv_u64(fw_sv_trim(value), &index) && index < book->nstrings) {
            fw_buf_add(out, book->strings[index]);
        }
        return;
    }
    bool number = cell->type.n == 0 || fw_sv_is(cell->type, "n");
    bool date = number && fw_sv_u64(cell->style, &style) && style < book->nstyles &&
                book->dates[style];
    if (!date || !add_date(book, out, fw_sv_trim(value))) {
        add_text(out, value);
    }
}

/* Cells come from left to right; those that are empty are left out of the file. */
static void read_sheet(const struct book *book, fw_sv xml, struct fw_buf *out)
{
    struct tag tag;
    struct cell cell = {.column = SIZE_MAX};
    size_t next = 0; /* of the row */
    /* Cells may all name one long text. */
    while (out->n <= FW_LIMIT_XLSX_BYTES && next_tag(&xml, &tag)) {
        if (opens(&tag, "row")) {
            next = 0;
        }
        if (opens(&tag, "c")) {
            fw_sv reference = attribute(&tag, "r");
            cell = (struct cell){reference.n > 0 ? column_of(reference) : next,
                                 attribute(&tag, "t"), attribute(&tag, "s")};
            for (; cell.column < COLUMNS && next < cell.column; next++) {
                fw_buf_add_char(out, '\t');
            }
        }
        bool kept = cell.column < COLUMNS && cell.column == next;
        if (kept && tag.closing && fw_sv_is(tag.name, "v")) {
            add_value(book, &cell, out, tag.before);
        } else if (kept && tag.closing && fw_sv_is(tag.name, "t")) {
            add_text(out, tag.before);
        }
        if (closes(&tag, "row")) {
            fw_buf_add_char(out, '\n');
            cell.column = SIZE_MAX;
        }
    }
}

bool fw_xlsx_is(fw_sv file)
{
    return fw_sv_starts(file, "PK\3\4");
}

/* A member that need not be there. */
static enum fw_err optional(fw_sv file, const char *name, struct fw_arena *arena, fw_sv *ret)
{
    enum fw_err err = fw_zip_member(file, name, name, FW_LIMIT_XLSX_BYTES, arena, ret);
    *ret = err == FW_OK ? *ret : (fw_sv){0};
    return err == FW_ERR_NOENT ? FW_OK : err;
}

enum fw_err fw_xlsx_text(fw_sv file, struct fw_arena *arena, fw_sv *ret)
{
    struct book book = {.arena = arena, .epoch_days = DAYS_1900};
    fw_sv sheet, strings, styles, workbook;
    enum fw_err err = fw_zip_member(file, "xl/worksheets/sheet", ".xml", FW_LIMIT_XLSX_BYTES, arena,
                                    &sheet);
    err = err == FW_ERR_NOENT ? FW_ERR_INVALID : err;
    err = err == FW_OK ? optional(file, "xl/sharedStrings.xml", arena, &strings) : err;
    err = err == FW_OK ? optional(file, "xl/styles.xml", arena, &styles) : err;
    err = err == FW_OK ? optional(file, "xl/workbook.xml", arena, &workbook) : err;
    if (err != FW_OK) {
        return err;
    }
    if (fw_sv_find(workbook, FW_SV("date1904=\"1\"")) != SIZE_MAX ||
        fw_sv_find(workbook, FW_SV("date1904=\"true\"")) != SIZE_MAX) {
        book.epoch_days = DAYS_1904;
    }
    struct fw_buf text;
    fw_buf_init(&text);
    read_strings(&book, strings);
    read_styles(&book, styles);
    read_sheet(&book, sheet, &text);
    err = text.n > FW_LIMIT_XLSX_BYTES ? FW_ERR_LIMIT : fw_buf_ok(&text) ? FW_OK : FW_ERR_MEMORY;
    if (err == FW_OK) {
        *ret = fw_arena_copy(arena, fw_buf_sv(&text));
    }
    fw_buf_clear(&text);
    return err;
}
