/* IDS rule sets and the noisiest signatures on a terminal. */
#include <inttypes.h>

#include "core/table.h"
#include "core/time.h"
#include "report/alerts.h"
#include "report/sensors.h"
#include "report/terminal.h"

enum { NOISIEST = 15, WIDEST = 6 };

static struct fw_table *table_of(const struct fw_survey *survey, const struct fw_column *columns,
                                 size_t n)
{
    struct fw_column titles[WIDEST];
    for (size_t i = 0; i < n; i++) {
        titles[i] = columns[i];
        titles[i].title = fw_survey_word(survey, columns[i].key);
    }
    return fw_table_new(titles, n);
}

static void put_sets(struct fw_terminal *t, const struct fw_facts *facts)
{
    static const struct fw_column columns[] = {
        {"label.path", {0}, false, 12},  {"label.name", {0}, false, 12},
        {"label.date", {0}, false, 10},  {"label.signatures", {0}, true, 0},
        {"label.enabled", {0}, true, 0},
    };
    enum { COLUMNS = sizeof(columns) / sizeof(columns[0]) };
    const struct fw_survey *survey = &t->survey;
    struct fw_table *table = table_of(survey, columns, COLUMNS);
    size_t rows = 0;
    for (size_t i = 0; table && i < facts->ndevices; i++) {
        for (size_t k = 0; k < facts->devices[i].nids; k++) {
            const struct fw_idsrules *set = facts->devices[i].ids[k];
            if (set->n == 0) {
                continue; /* says how the sensor runs, but holds no rules */
            }
            fw_sv cells[COLUMNS] = {
                facts->devices[i].ids_paths[k],
                set->set_name.n > 0 ? set->set_name : FW_SV("-"),
                set->set_date.year == 0 ? FW_SV("-") : fw_date_keep(survey->arena, set->set_date),
                fw_survey_number(survey, set->n),
                fw_survey_number(survey, fw_idsrules_enabled(set)),
            };
            fw_table_row(table, cells);
            rows++;
        }
    }
    if (table && rows > 0) {
        fw_table_text(table, t->out, t->width);
        fw_buf_add_char(t->out, '\n');
    }
    fw_table_free(table);
}

static void put_alerts(struct fw_terminal *t, const struct fw_alerts *alerts)
{
    static const struct fw_column columns[] = {
        {"label.signature_id", {0}, false, 9}, {"label.message", {0}, false, 20},
        {"label.count", {0}, true, 0},         {"label.percent", {0}, true, 0},
        {"label.trend", {0}, true, 0},         {"column.days", {0}, true, 0},
    };
    enum { COLUMNS = sizeof(columns) / sizeof(columns[0]) };
    const struct fw_survey *survey = &t->survey;
    if (alerts->n == 0) {
        return;
    }
    struct fw_table *table = table_of(survey, columns, COLUMNS);
    for (size_t i = 0; table && i < alerts->n && i < NOISIEST; i++) {
        const struct fw_alert_sum *alert = &alerts->v[i];
        fw_sv cells[COLUMNS] = {
            fw_arena_printf(survey->arena, "%" PRIu32 ":%" PRIu32, alert->gid, alert->sid),
            alert->message,
            fw_survey_number(survey, alert->count),
            fw_arena_printf(survey->arena, "%.1f%%",
                            (double)alert->count * 100 / (double)alerts->total),
            fw_ids_trend(survey, survey->in->results->sensors, alert->gid, alert->sid),
            fw_survey_number(survey, alert->days),
        };
        fw_table_row(table, cells);
    }
    if (table) {
        fw_table_text(table, t->out, t->width);
    }
    fw_table_free(table);
    if (alerts->n > NOISIEST) {
        struct fw_param more = {"n", fw_survey_number(survey, alerts->n - NOISIEST)};
        fw_terminal_wrap(t, fw_survey_text(survey, "text.more_elsewhere", &more, 1), 0, 2);
    }
    fw_buf_add_char(t->out, '\n');
}

void fw_terminal_ids(struct fw_terminal *t)
{
    struct fw_alerts alerts;
    const struct fw_facts *facts = t->survey.in->facts;
    fw_alerts_sum(t->survey.arena, facts, &alerts);
    put_sets(t, facts);
    put_alerts(t, &alerts);
    fw_terminal_sensors(t);
}
