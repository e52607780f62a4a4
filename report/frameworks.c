/* What does each item of a framework come to? One row an item and check. */
#include "report/frameworks.h"

#include <stdlib.h>

#include "core/table.h"

static const struct fw_column columns[] = {
    {"framework", FW_SV_INIT("framework"), false, 0},
    {"item", FW_SV_INIT("item"), false, 0},
    {"check", FW_SV_INIT("check"), false, 0},
    {"title", FW_SV_INIT("title"), false, 0},
    {"state", FW_SV_INIT("state"), false, 0},
    {"severity", FW_SV_INIT("severity"), false, 0},
    {"findings", FW_SV_INIT("findings"), true, 0},
    {"measured", FW_SV_INIT("measured"), false, 0},
    {"target", FW_SV_INIT("target"), false, 0},
    {"sentence", FW_SV_INIT("sentence"), false, 0},
};

enum { COLUMNS = sizeof(columns) / sizeof(columns[0]) };

struct row {
    fw_sv framework, item;
    const struct fw_survey_check *check;
};

struct rows {
    size_t n;
    struct row *v;
};

static int by_item(const void *left, const void *right)
{
    const struct row *a = left;
    const struct row *b = right;
    int order = fw_sv_cmp(a->framework, b->framework);
    if (order == 0) {
        order = fw_sv_cmp_natural(a->item, b->item);
    }
    return order != 0 ? order : strcmp(a->check->id, b->check->id);
}

static struct rows rows_make(const struct fw_survey *survey)
{
    struct rows rows = {0};
    for (size_t i = 0; i < survey->n; i++) {
        rows.n += survey->checks[i].check->nrefs;
    }
    rows.v = fw_new_array(survey->arena, rows.n + 1, struct row);
    rows.n = 0;
    for (size_t i = 0; i < survey->n; i++) {
        const struct fw_check *check = survey->checks[i].check;
        for (size_t r = 0; r < check->nrefs; r++) {
            size_t blank = fw_sv_find_char(check->refs[r], ' ');
            if (blank != SIZE_MAX) {
                rows.v[rows.n++] = (struct row){fw_sv_sub(check->refs[r], 0, blank),
                                                fw_sv_sub(check->refs[r], blank + 1, SIZE_MAX),
                                                &survey->checks[i]};
            }
        }
    }
    if (rows.n > 0) {
        qsort(rows.v, rows.n, sizeof(*rows.v), by_item);
    }
    return rows;
}

size_t fw_frameworks_list(const struct fw_survey *survey, const fw_sv **ret)
{
    struct rows rows = rows_make(survey);
    fw_sv *names = fw_new_array(survey->arena, rows.n + 1, fw_sv);
    size_t n = 0;
    for (size_t i = 0; i < rows.n; i++) {
        if (n == 0 || !fw_sv_eq(names[n - 1], rows.v[i].framework)) {
            names[n++] = rows.v[i].framework;
        }
    }
    *ret = names;
    return n;
}

static void add_row(struct fw_table *table, const struct fw_survey *survey, const struct row *row)
{
    const struct fw_survey_check *check = row->check;
    /* Results of a check are sorted by device: the one that made its state is not always first. */
    const struct fw_result *why = NULL;
    size_t findings = 0;
    for (size_t k = 0; k < check->n; k++) {
        const struct fw_result *result = &survey->in->results->v[check->from + k];
        findings += fw_survey_is_finding(result);
        if (!why && result->state == check->state) {
            why = result;
        }
    }
    struct fw_buf severity;
    fw_buf_init(&severity);
    fw_buf_printf(&severity, "severity.%s", fw_severity_name(check->severity));
    fw_sv cells[COLUMNS] = {
        row->framework,
        row->item,
        check->check->id,
        check->check->title[survey->in->lang],
        fw_survey_state(survey, check->state),
        severity.p ? fw_survey_word(survey, severity.p) : FW_SV(""),
        fw_arena_printf(survey->arena, "%zu", findings),
        why ? why->measured : FW_SV(""),
        why ? why->target : FW_SV(""),
        why ? fw_survey_sentence(survey, why, survey->in->lang, false) : FW_SV(""),
    };
    fw_table_row(table, cells);
    fw_buf_clear(&severity);
}

void fw_frameworks_csv(const struct fw_survey *survey, fw_sv framework, struct fw_buf *out)
{
    struct rows rows = rows_make(survey);
    struct fw_table *table = fw_table_new(columns, COLUMNS);
    out->failed = out->failed || !table;
    for (size_t i = 0; table && i < rows.n; i++) {
        if (framework.n == 0 || fw_sv_eq(rows.v[i].framework, framework)) {
            add_row(table, survey, &rows.v[i]);
        }
    }
    if (table) {
        fw_buf_add_cstr(out, "\xef\xbb\xbf"); /* or Excel reads Chinese as something else */
        fw_table_csv(table, out);
    }
    fw_table_free(table);
}

static void write(const struct fw_report_input *in, struct fw_buf *out)
{
    struct fw_arena arena;
    struct fw_survey survey;
    fw_arena_init(&arena, 0);
    fw_survey_make(&survey, in, &arena);
    fw_frameworks_csv(&survey, FW_SV(""), out);
    fw_arena_clear(&arena);
}

const struct fw_report fw_report_frameworks = {
    .name = "frameworks",
    .extension = "csv",
    .title = "CSV by item of laws and standards",
    .kinds = FW_REPORT_ALL,
    .write = write,
};
