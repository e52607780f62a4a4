/* Answers: which changes did somebody ask for and approve? A list from a ticket system:
 *
 *   ticket,device,rule,change,requester,approver,implementer,approved,implemented,status
 *   CHG-1023,fw01,FORWARD 12,add,王小華,李主任,陳工程師,2026-05-02,2026-05-03,closed
 */
#include "parsers/tickets.h"

#include "core/limits.h"
#include "core/text.h"
#include "core/time.h"

/* Edits within which another name counts as a slip of the keyboard. */
#define SUGGEST_EDITS 2

enum column {
    COLUMN_TICKET,
    COLUMN_DEVICE,
    COLUMN_RULE,
    COLUMN_CHANGE,
    COLUMN_REQUESTER,
    COLUMN_APPROVER,
    COLUMN_IMPLEMENTER,
    COLUMN_APPROVED,
    COLUMN_IMPLEMENTED,
    COLUMN_STATUS,
    COLUMN_COUNT
};

/* What the columns are called, in the two languages of our users. */
static const struct {
    const char *name;
    enum column column;
} names[] = {
    {"ticket", COLUMN_TICKET},
    {"申請單號", COLUMN_TICKET},
    {"device", COLUMN_DEVICE},
    {"設備", COLUMN_DEVICE},
    {"rule", COLUMN_RULE},
    {"規則", COLUMN_RULE},
    {"change", COLUMN_CHANGE},
    {"異動", COLUMN_CHANGE},
    {"requester", COLUMN_REQUESTER},
    {"申請人", COLUMN_REQUESTER},
    {"approver", COLUMN_APPROVER},
    {"核准人", COLUMN_APPROVER},
    {"implementer", COLUMN_IMPLEMENTER},
    {"執行人", COLUMN_IMPLEMENTER},
    {"approved", COLUMN_APPROVED},
    {"核准日期", COLUMN_APPROVED},
    {"implemented", COLUMN_IMPLEMENTED},
    {"執行日期", COLUMN_IMPLEMENTED},
    {"status", COLUMN_STATUS},
    {"狀態", COLUMN_STATUS},
};
enum { NAMES = sizeof(names) / sizeof(names[0]) };

/* Without these a row says nothing that could be joined to a change. */
static const enum column required[] = {COLUMN_TICKET, COLUMN_DEVICE, COLUMN_RULE, COLUMN_APPROVER,
                                       COLUMN_APPROVED};
enum { REQUIRED = sizeof(required) / sizeof(required[0]) };

static const struct {
    const char *written, *means;
} changes[] = {
    {"add", "add"},     {"modify", "modify"}, {"remove", "remove"},
    {"move", "move"},   {"新增", "add"},      {"修改", "modify"},
    {"刪除", "remove"}, {"移動", "move"},     {"default", "default"},
};
enum { CHANGES = sizeof(changes) / sizeof(changes[0]) };

struct table {
    struct fw_doc *doc;
    int32_t zone_seconds;
    size_t at[COLUMN_COUNT]; /* index of the column's cell; SIZE_MAX: there is none */
    fw_sv *cells;
    size_t n;
    uint32_t line; /* of the record */
};

static const char *name_of(enum column column)
{
    for (size_t i = 0; i < NAMES; i++) {
        if (names[i].column == column) {
            return names[i].name;
        }
    }
    return "?";
}

/* A part for the caret: a cell with doubled quotes was copied and has no place in the line, nor has
 * one on a later line of the record. */
static fw_sv in_line(const struct table *t, fw_sv cell)
{
    fw_sv line = fw_doc_line_text(t->doc, t->line);
    bool inside = cell.p >= line.p && cell.p + cell.n <= line.p + line.n;
    return inside ? cell : (fw_sv){0};
}

/* --- the header ----------------------------------------------------------------------------- */

static fw_sv nearest_header(const struct table *t, enum column column)
{
    fw_sv nearest = {0};
    size_t best = SUGGEST_EDITS + 1;
    for (size_t c = 0; c < t->n; c++) {
        fw_sv cell = fw_sv_trim(t->cells[c]);
        size_t edits = fw_text_distance(cell, fw_sv_from(name_of(column)), SUGGEST_EDITS);
        if (edits < best) {
            best = edits;
            nearest = cell;
        }
    }
    return nearest;
}

/* Columns we do not know are the ticket system's own business. */
static bool read_header(struct table *t)
{
    bool good = true;
    for (size_t i = 0; i < COLUMN_COUNT; i++) {
        t->at[i] = SIZE_MAX;
    }
    for (size_t c = 0; c < t->n; c++) {
        fw_sv cell = fw_sv_trim(t->cells[c]);
        for (size_t i = 0; i < NAMES; i++) {
            if (!fw_sv_is_nocase(cell, names[i].name)) {
                continue;
            }
            if (t->at[names[i].column] != SIZE_MAX) {
                fw_doc_warn(t->doc, FW_DIAG_ID_RECORD_INVALID, t->line, in_line(t, cell),
                            "column \"%s\" is there twice", name_of(names[i].column));
                good = false;
            }
            t->at[names[i].column] = c;
        }
    }
    for (size_t i = 0; i < REQUIRED; i++) {
        if (t->at[required[i]] != SIZE_MAX) {
            continue;
        }
        fw_sv near = nearest_header(t, required[i]);
        if (near.p) {
            fw_doc_warn(t->doc, FW_DIAG_ID_RECORD_INVALID, t->line, in_line(t, near),
                        "the header lacks the column \"%s\"; is \"%.*s\" meant to be it?",
                        name_of(required[i]), FW_SV_ARG(near));
        } else {
            fw_doc_warn(t->doc, FW_DIAG_ID_RECORD_INVALID, t->line, (fw_sv){0},
                        "the header lacks the column \"%s\"", name_of(required[i]));
        }
        good = false;
    }
    return good;
}

/* --- rows ----------------------------------------------------------------------------------- */

static fw_sv cell_of(const struct table *t, enum column column)
{
    size_t at = t->at[column];
    return at < t->n ? fw_sv_trim(t->cells[at]) : FW_SV("");
}

/* An empty cell is a fact; one that cannot be read is bad and counts as empty: not approved. */
static int64_t read_date(struct table *t, enum column column, bool end_of_day)
{
    fw_sv cell = cell_of(t, column);
    int64_t ns;
    if (cell.n > 0 && fw_time_parse(cell, t->zone_seconds, end_of_day, &ns)) {
        return ns;
    }
    if (cell.n > 0) {
        fw_doc_bad(t->doc, t->line, in_line(t, cell),
                   "\"%s\" is no date: write 2026-07-05 or 2026-07-05 10:00", name_of(column));
    }
    return INT64_MIN;
}

static bool read_change(struct table *t, fw_sv *ret)
{
    fw_sv cell = cell_of(t, COLUMN_CHANGE);
    *ret = FW_SV("");
    for (size_t i = 0; i < CHANGES; i++) {
        if (fw_sv_is_nocase(cell, changes[i].written)) {
            *ret = fw_sv_from(changes[i].means);
            return true;
        }
    }
    if (cell.n > 0) {
        fw_doc_bad(t->doc, t->line, in_line(t, cell),
                   "\"change\" is add, modify, remove, move or default, or empty for any");
    }
    return cell.n == 0;
}

static bool read_ticket(struct table *t, struct fw_ticket *ret)
{
    struct fw_ticket ticket = {
        .id = cell_of(t, COLUMN_TICKET),
        .device = cell_of(t, COLUMN_DEVICE),
        .rule = cell_of(t, COLUMN_RULE),
        .requester = cell_of(t, COLUMN_REQUESTER),
        .approver = cell_of(t, COLUMN_APPROVER),
        .implementer = cell_of(t, COLUMN_IMPLEMENTER),
        .status = cell_of(t, COLUMN_STATUS),
        .span = {t->doc->line_offsets[t->line - 1], 0, t->line},
    };
    if (ticket.id.n == 0 || ticket.device.n == 0) {
        fw_doc_bad(t->doc, t->line, (fw_sv){0}, "a row needs a ticket and a device");
        return false;
    }
    /* A row with a bad date still names its ticket; without the date it approves nothing. A change
     * that cannot be read must not count as any change: the row is dropped. */
    ticket.approved_ns = read_date(t, COLUMN_APPROVED, false);
    ticket.implemented_ns = read_date(t, COLUMN_IMPLEMENTED, true);
    bool good = read_change(t, &ticket.change);
    *ret = ticket;
    return good;
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

static bool next_record(struct table *t, struct fw_csv *csv)
{
    if (!fw_csv_record(csv, &t->doc->arena, &t->cells, &t->n)) {
        return false;
    }
    t->line = csv->line;
    fw_doc_mark_range(t->doc, csv->line, csv->next_line - 1,
                      blank(t) ? FW_LINE_IGNORED : FW_LINE_USED);
    if (csv->unterminated) {
        fw_doc_bad(t->doc, csv->line, (fw_sv){0}, "a quoted cell is not closed");
    }
    if (csv->too_wide) {
        fw_doc_bad(t->doc, csv->line, (fw_sv){0}, "more than %d columns (CSV_COLUMNS)",
                   (int)FW_LIMIT_CSV_COLUMNS);
    }
    return true;
}

enum fw_err fw_tickets_parse(struct fw_doc *doc, int32_t zone_seconds, struct fw_tickets *ret)
{
    struct table t = {.doc = doc, .zone_seconds = zone_seconds};
    struct fw_csv csv = {.text = doc->text};
    struct fw_tickets tickets = {.sha256 = doc->info.sha256, .path = doc->path};
    struct fw_ticket *v = NULL;
    bool header = false;
    while (next_record(&t, &csv)) {
        if (blank(&t)) {
            continue;
        }
        if (!header) {
            header = read_header(&t);
            if (!header) {
                return FW_ERR_INVALID;
            }
            continue;
        }
        struct fw_ticket ticket;
        if (read_ticket(&t, &ticket)) {
            v = fw_arena_push(&doc->arena, v, tickets.n, sizeof(*v));
            v[tickets.n++] = ticket;
        }
    }
    if (!header) {
        fw_doc_warn(doc, FW_DIAG_ID_RECORD_INVALID, 1, (fw_sv){0},
                    "a list of tickets begins with a row of column names");
        return FW_ERR_INVALID;
    }
    tickets.v = v;
    tickets.lines = fw_doc_counts(doc);
    *ret = tickets;
    return FW_OK;
}
