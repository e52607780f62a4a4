/* The ledger of IDS tuning as tables of a pack: CSV, which the next review compares with, and a
 * workbook. */
#include <inttypes.h>

#include "analyzers/ids/view.h"
#include "core/table.h"
#include "report/forms.h"
#include "report/sensors.h"
#include "report/tables.h"

static const struct fw_column columns[] = {
    {"device", FW_SV_INIT("device"), false, 0},
    {"kind", FW_SV_INIT("kind"), false, 0},
    {"signature", FW_SV_INIT("signature"), false, 0},
    {"scope", FW_SV_INIT("scope"), false, 0},
    {"message", FW_SV_INIT("message"), false, 0},
    {"priority", FW_SV_INIT("priority"), true, 0},
    {"reason", FW_SV_INIT("reason"), false, 0},
    {"author", FW_SV_INIT("author"), false, 0},
    {"date", FW_SV_INIT("date"), false, 0},
    {"review_by", FW_SV_INIT("review_by"), false, 0},
    {"ticket", FW_SV_INIT("ticket"), false, 0},
    {"missing", FW_SV_INIT("missing"), false, 0},
    {"overdue", FW_SV_INIT("overdue"), false, 0},
    {"change", FW_SV_INIT("change"), false, 0},
    {"alerts_before", FW_SV_INIT("alerts_before"), true, 0},
    {"days_before", FW_SV_INIT("days_before"), true, 0},
    {"alerts_after", FW_SV_INIT("alerts_after"), true, 0},
    {"days_after", FW_SV_INIT("days_after"), true, 0},
    {"path", FW_SV_INIT("path"), false, 0},
    {"line", FW_SV_INIT("line"), true, 0},
};
enum { COLUMNS = sizeof(columns) / sizeof(columns[0]) };

static fw_sv number(struct fw_arena *arena, bool has, uint64_t value)
{
    return has ? fw_arena_printf(arena, "%" PRIu64, value) : FW_SV("");
}

static void put_row(struct fw_table *table, struct fw_arena *arena, const struct fw_ledger_entry *e)
{
    bool gone = e->change == FW_LEDGER_REMOVED;
    const fw_sv cells[COLUMNS] = {
        e->device,
        e->kind,
        e->signature,
        e->scope,
        e->message,
        number(arena, e->priority != 0, e->priority),
        e->reason,
        e->author,
        e->date,
        e->review_by,
        e->ticket,
        gone ? FW_SV("") : fw_ledger_missing_text(arena, e->missing),
        fw_sv_from(gone         ? ""
                   : e->overdue ? "yes"
                                : "no"),
        fw_sv_from(fw_ledger_change_name(e->change)),
        number(arena, e->has_volume, e->before.alerts),
        number(arena, e->has_volume, e->before.days),
        number(arena, e->has_volume, e->after.alerts),
        number(arena, e->has_volume, e->after.days),
        e->path,
        number(arena, !gone, e->span.line),
    };
    fw_table_row(table, cells);
}

void fw_table_ids_tuning(const struct fw_report_input *in, struct fw_buf *out)
{
    const struct fw_ids_view *view = in->results->sensors;
    struct fw_arena arena;
    fw_arena_init(&arena, 0);
    struct fw_table *table = fw_table_new(columns, COLUMNS);
    out->failed = out->failed || !table;
    for (size_t i = 0; table && view && i < view->n; i++) {
        const struct fw_sensor *sensor = &view->v[i];
        for (size_t k = 0; k < sensor->nledger + sensor->nremoved; k++) {
            put_row(table, &arena, &sensor->ledger[k]);
        }
    }
    if (table) {
        fw_buf_add_cstr(out, "\xef\xbb\xbf");
        fw_table_csv(table, out);
    }
    fw_table_free(table);
    fw_arena_clear(&arena);
}

/* Columns of the workbook: for people, so in their language and without what machines compare. */
static const struct {
    const char *key;
    unsigned width;
} heads[] = {
    {"label.device", 12}, {"label.kind", 14},    {"label.signature_id", 16},
    {"label.scope", 24},  {"label.message", 30}, {"label.reason", 36},
    {"label.author", 12}, {"label.date", 12},    {"label.review_by", 12},
    {"label.ticket", 16}, {"label.missing", 24}, {"label.before_after", 16},
    {"label.change", 10},
};
enum { HEADS = sizeof(heads) / sizeof(heads[0]) };
_Static_assert((size_t)HEADS <= (size_t)FW_FORM_COLUMNS, "a sheet has room for them");

void fw_sheet_ids_tuning(const struct fw_report_input *in, struct fw_buf *out)
{
    const struct fw_ids_view *view = in->results->sensors;
    struct fw_arena arena;
    struct fw_survey survey;
    size_t n = 0;
    fw_arena_init(&arena, 0);
    fw_survey_make(&survey, in, &arena);
    for (size_t i = 0; view && i < view->n; i++) {
        n += view->v[i].nledger + view->v[i].nremoved;
    }
    struct fw_form_sheet sheet = {
        .name = FW_SV("ids-tuning"),
        .title = fw_survey_word(&survey, "heading.ledger"),
        .note = fw_survey_word(&survey, "text.ledger"),
        .columns = HEADS,
        .rows = fw_arena_alloc(&arena, (n + 1) * sizeof(*sheet.rows)),
    };
    for (size_t c = 0; c < HEADS; c++) {
        sheet.heads[c] = fw_survey_word(&survey, heads[c].key);
        sheet.widths[c] = heads[c].width;
    }
    for (size_t i = 0; view && i < view->n; i++) {
        const struct fw_sensor *sensor = &view->v[i];
        for (size_t k = 0; k < sensor->nledger + sensor->nremoved; k++) {
            const struct fw_ledger_entry *e = &sensor->ledger[k];
            bool gone = e->change == FW_LEDGER_REMOVED;
            if (e->published) { /* thousands in a large set, and nobody's to explain */
                continue;
            }
            const fw_sv cells[HEADS] = {
                e->device,
                e->kind,
                e->signature,
                e->scope,
                e->message,
                e->reason,
                e->author,
                e->date,
                e->review_by,
                e->ticket,
                gone ? FW_SV("") : fw_ids_missing_words(&survey, e),
                fw_ids_volume_text(&survey, e),
                fw_ids_change_word(&survey, e),
            };
            for (size_t c = 0; c < HEADS; c++) {
                sheet.rows[sheet.n][c] = cells[c];
            }
            sheet.n++;
        }
    }
    if (fw_form_xlsx(&sheet, in->facts->as_of_ns, out) != FW_OK) {
        out->failed = true;
    }
    fw_arena_clear(&arena);
}
