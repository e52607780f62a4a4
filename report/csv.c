/* The findings of a run, one a row, for spreadsheets. */
#include <inttypes.h>

#include "core/table.h"
#include "report/survey.h"

static const struct fw_column columns[] = {
    {"check", FW_SV_INIT("check"), false, 0},
    {"title", FW_SV_INIT("title"), false, 0},
    {"state", FW_SV_INIT("state"), false, 0},
    {"severity", FW_SV_INIT("severity"), false, 0},
    {"class", FW_SV_INIT("class"), false, 0},
    {"item", FW_SV_INIT("item"), false, 0},
    {"device", FW_SV_INIT("device"), false, 0},
    {"input", FW_SV_INIT("input"), false, 0},
    {"line", FW_SV_INIT("line"), true, 0},
    {"policy", FW_SV_INIT("policy"), false, 0},
    {"position", FW_SV_INIT("position"), true, 0},
    {"rule", FW_SV_INIT("rule"), false, 0},
    {"because", FW_SV_INIT("because"), false, 0},
    {"certainty", FW_SV_INIT("certainty"), false, 0},
    {"witness", FW_SV_INIT("witness"), false, 0},
    {"measured", FW_SV_INIT("measured"), false, 0},
    {"target", FW_SV_INIT("target"), false, 0},
    {"fingerprint", FW_SV_INIT("fingerprint"), false, 0},
    {"sentence", FW_SV_INIT("sentence"), false, 0},
};

enum { COLUMNS = sizeof(columns) / sizeof(columns[0]) };

static fw_sv number(struct fw_arena *arena, uint64_t value)
{
    return value > 0 ? fw_arena_printf(arena, "%" PRIu64, value) : FW_SV("");
}

static fw_sv because_text(struct fw_arena *arena, const struct fw_result *result)
{
    struct fw_buf buf;
    fw_buf_init(&buf);
    for (size_t i = 0; i < result->nbecause; i++) {
        fw_buf_add_cstr(&buf, i > 0 ? "; " : "");
        fw_buf_add(&buf, result->because[i].policy);
        fw_buf_printf(&buf, " %" PRIu32, result->because[i].position);
    }
    return fw_buf_keep(&buf, arena);
}

static fw_sv witness_text(struct fw_arena *arena, const struct fw_result *result)
{
    if (!result->has_witness) {
        return FW_SV("");
    }
    struct fw_buf buf;
    fw_buf_init(&buf);
    fw_packet_text(&buf, &result->witness);
    return fw_buf_keep(&buf, arena);
}

static void add_row(struct fw_table *table, const struct fw_survey *survey,
                    const struct fw_survey_check *check, const struct fw_result *result)
{
    const struct fw_report_input *in = survey->in;
    struct fw_arena *arena = survey->arena;
    char hex[FW_SHA256_HEX + 1];
    fw_sha256_hex(result->fingerprint, hex);
    fw_sv cells[COLUMNS] = {
        check->check->id,
        check->check->title[in->lang],
        fw_survey_state(survey, result->state),
        fw_sv_from(fw_severity_name(result->severity)),
        fw_class_text(in->results->catalogue, result->class, in->lang),
        check->asked ? check->asked->item : FW_SV(""),
        result->device,
        result->input,
        number(arena, result->span.line),
        result->rule.policy,
        number(arena, result->rule.position),
        result->rule_text,
        because_text(arena, result),
        fw_sv_from(fw_survey_is_finding(result) ? fw_certainty_name(result->certainty) : ""),
        witness_text(arena, result),
        result->measured,
        result->target,
        fw_sv_from(hex),
        fw_survey_sentence(survey, result, survey->in->lang, true),
    };
    fw_table_row(table, cells);
}

/* A byte order mark, or Excel reads Chinese as something else. */
static void write(const struct fw_report_input *in, struct fw_buf *out)
{
    struct fw_arena arena;
    struct fw_survey survey;
    fw_arena_init(&arena, 0);
    fw_survey_make(&survey, in, &arena);
    struct fw_table *table = fw_table_new(columns, COLUMNS);
    out->failed = out->failed || !table;
    for (size_t i = 0; table && i < survey.n; i++) {
        for (size_t k = 0; k < survey.checks[i].n; k++) {
            add_row(table, &survey, &survey.checks[i], &in->results->v[survey.checks[i].from + k]);
        }
    }
    if (table) {
        fw_buf_add_cstr(out, "\xef\xbb\xbf");
        fw_table_csv(table, out);
    }
    fw_table_free(table);
    fw_arena_clear(&arena);
}

const struct fw_report fw_report_csv = {
    .name = "csv",
    .extension = "csv",
    .title = "CSV",
    .kinds = FW_REPORT_ALL,
    .write = write,
};
