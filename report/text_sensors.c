/* Sensors on a terminal: their tuning with what is missing, what was let through, the engine. */
#include "core/table.h"
#include "report/sensors.h"
#include "report/terminal.h"

/* Entries shown: those that something is wrong with come first. */
enum { SHOWN = 15, COLUMNS = 6 };

static bool is_wrong(const struct fw_ledger_entry *entry)
{
    return entry->recorded && (entry->missing != 0 || entry->overdue);
}

static fw_sv told(fw_sv text)
{
    return text.n > 0 ? text : FW_SV("-");
}

static void put_entry(struct fw_terminal *t, struct fw_table *table,
                      const struct fw_ledger_entry *entry)
{
    const struct fw_survey *survey = &t->survey;
    fw_sv due = told(entry->review_by);
    fw_sv cells[COLUMNS] = {
        entry->kind,
        entry->signature,
        told(entry->reason),
        told(entry->author),
        entry->overdue ? fw_arena_printf(survey->arena, "%.*s !", FW_SV_ARG(due)) : due,
        fw_ids_volume_text(survey, entry),
    };
    fw_table_row(table, cells);
}

static void put_ledger(struct fw_terminal *t, const struct fw_sensor *sensor)
{
    static const struct fw_column columns[COLUMNS] = {
        {"label.kind", {0}, false, 8},       {"label.signature_id", {0}, false, 9},
        {"label.reason", {0}, false, 12},    {"label.author", {0}, false, 6},
        {"label.review_by", {0}, false, 10}, {"label.before_after", {0}, false, 10},
    };
    struct fw_column titles[COLUMNS];
    size_t published = fw_ids_published(sensor);
    if (sensor->nledger == published) {
        return;
    }
    for (size_t i = 0; i < COLUMNS; i++) {
        titles[i] = columns[i];
        titles[i].title = fw_survey_word(&t->survey, columns[i].key);
    }
    struct fw_table *table = fw_table_new(titles, COLUMNS);
    size_t shown = 0;
    for (int wrong = 1; table && wrong >= 0; wrong--) {
        for (size_t i = 0; i < sensor->nledger && shown < SHOWN; i++) {
            const struct fw_ledger_entry *entry = &sensor->ledger[i];
            if (!entry->published && is_wrong(entry) == (wrong == 1)) {
                put_entry(t, table, entry);
                shown++;
            }
        }
    }
    if (table) {
        fw_table_text(table, t->out, t->width);
    }
    fw_table_free(table);
    if (sensor->nledger - published > shown) {
        struct fw_param more = {"n",
                                fw_survey_number(&t->survey, sensor->nledger - published - shown)};
        fw_terminal_wrap(t, fw_survey_text(&t->survey, "text.more_elsewhere", &more, 1), 0, 2);
    }
    fw_buf_add_char(t->out, '\n');
}

static size_t put_line(struct fw_terminal *t, fw_sv text)
{
    if (text.n > 0) {
        fw_terminal_wrap(t, text, 0, 2);
    }
    return text.n > 0;
}

void fw_terminal_sensors(struct fw_terminal *t)
{
    const struct fw_ids_view *view = t->survey.in->results->sensors;
    size_t lines = 0;
    for (size_t i = 0; view && i < view->n; i++) {
        const struct fw_sensor *sensor = &view->v[i];
        if (sensor->nledger + sensor->nremoved > fw_ids_published(sensor)) {
            put_line(t, fw_ids_tally_text(&t->survey, sensor));
            put_ledger(t, sensor);
        }
        lines += put_line(t, fw_ids_published_text(&t->survey, sensor));
        lines += put_line(t, fw_ids_silent_text(&t->survey, sensor));
        lines += put_line(t, fw_ids_updates_text(&t->survey, sensor));
        lines += put_line(t, fw_ids_attacks_text(&t->survey, sensor));
        lines += put_line(t, fw_ids_engine_text(&t->survey, sensor));
    }
    if (lines > 0) {
        fw_buf_add_char(t->out, '\n');
    }
}
