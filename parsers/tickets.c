/* Answers: which changes did somebody ask for and approve? A list from a ticket system:
 *
 *   ticket,device,rule,change,requester,approver,implementer,approved,implemented,status
 *   CHG-1023,fw01,FORWARD 12,add,王小華,李主任,陳工程師,2026-05-02,2026-05-03,closed
 */
#include "parsers/tickets.h"

#include "parsers/records.h"

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
    COLUMN_UNTIL,
    COLUMN_COUNT
};

static const struct fw_record_column columns[COLUMN_COUNT] = {
    [COLUMN_TICKET] = {"ticket", "申請單號", true},
    [COLUMN_DEVICE] = {"device", "設備", true},
    [COLUMN_RULE] = {"rule", "規則", true},
    [COLUMN_CHANGE] = {"change", "異動", false},
    [COLUMN_REQUESTER] = {"requester", "申請人", false},
    [COLUMN_APPROVER] = {"approver", "核准人", true},
    [COLUMN_IMPLEMENTER] = {"implementer", "執行人", false},
    [COLUMN_APPROVED] = {"approved", "核准日期", true},
    [COLUMN_IMPLEMENTED] = {"implemented", "執行日期", false},
    [COLUMN_STATUS] = {"status", "狀態", false},
    [COLUMN_UNTIL] = {"until", "迄日", false},
};

static const struct {
    const char *written, *means;
} changes[] = {
    {"add", "add"},     {"modify", "modify"}, {"remove", "remove"},
    {"move", "move"},   {"新增", "add"},      {"修改", "modify"},
    {"刪除", "remove"}, {"移動", "move"},     {"default", "default"},
};
enum { CHANGES = sizeof(changes) / sizeof(changes[0]) };

static bool read_change(struct fw_records *records, fw_sv *ret)
{
    fw_sv cell = fw_records_cell(records, COLUMN_CHANGE);
    *ret = FW_SV("");
    for (size_t i = 0; i < CHANGES; i++) {
        if (fw_sv_is_nocase(cell, changes[i].written)) {
            *ret = fw_sv_from(changes[i].means);
            return true;
        }
    }
    if (cell.n > 0) {
        fw_doc_bad(records->doc, records->line, fw_records_part(records, cell),
                   "\"change\" is add, modify, remove, move or default, or empty for any");
    }
    return cell.n == 0;
}

static bool read_ticket(struct fw_records *records, struct fw_ticket *ret)
{
    struct fw_ticket ticket = {
        .id = fw_records_cell(records, COLUMN_TICKET),
        .device = fw_records_cell(records, COLUMN_DEVICE),
        .rule = fw_records_cell(records, COLUMN_RULE),
        .requester = fw_records_cell(records, COLUMN_REQUESTER),
        .approver = fw_records_cell(records, COLUMN_APPROVER),
        .implementer = fw_records_cell(records, COLUMN_IMPLEMENTER),
        .status = fw_records_cell(records, COLUMN_STATUS),
        .span = fw_records_span(records),
    };
    if (ticket.id.n == 0 || ticket.device.n == 0) {
        fw_doc_bad(records->doc, records->line, (fw_sv){0}, "a row needs a ticket and a device");
        return false;
    }
    /* A row with a bad date still names its ticket; without the date it approves nothing. A change
     * that cannot be read must not count as any change: the row is dropped. */
    ticket.approved_ns = fw_records_date(records, COLUMN_APPROVED, false);
    ticket.implemented_ns = fw_records_date(records, COLUMN_IMPLEMENTED, true);
    ticket.until_ns = fw_records_date(records, COLUMN_UNTIL, true);
    bool good = read_change(records, &ticket.change);
    *ret = ticket;
    return good;
}

enum fw_err fw_tickets_parse(struct fw_doc *doc, int32_t zone_seconds, struct fw_tickets *ret)
{
    struct fw_records records;
    struct fw_tickets tickets = {.sha256 = doc->info.sha256, .path = doc->path};
    struct fw_ticket *v = NULL;
    if (!fw_records_open(&records, doc, zone_seconds, columns, COLUMN_COUNT, "tickets")) {
        return FW_ERR_INVALID;
    }
    while (fw_records_next(&records)) {
        struct fw_ticket ticket;
        if (read_ticket(&records, &ticket)) {
            v = fw_arena_push(&doc->arena, v, tickets.n, sizeof(*v));
            v[tickets.n++] = ticket;
        }
    }
    tickets.v = v;
    tickets.has_until = fw_records_has(&records, COLUMN_UNTIL);
    tickets.lines = fw_doc_counts(doc);
    *ret = tickets;
    return FW_OK;
}
