/* What a pack of a review holds besides its inputs: results, the index of logs, reports, forms. */
#include "cli/review_members.h"

#include "evidence/decisions.h"
#include "evidence/journal.h"
#include "evidence/packcheck.h"
#include "report/forms.h"
#include "report/frameworks.h"
#include "report/report.h"
#include "report/tables.h"

static void add_member(struct fw_review_members *members, const char *path, struct fw_buf *bytes)
{
    members->v = fw_arena_push(members->arena, members->v, members->n, sizeof(*members->v));
    members->v[members->n++] = (struct fw_pack_member){
        fw_arena_copy(members->arena, fw_sv_from(path)),
        fw_arena_copy(members->arena, fw_buf_sv(bytes))};
    members->failed = members->failed || !fw_buf_ok(bytes);
    fw_buf_reset(bytes);
}

/* One table each: a clerk is asked by one standard at a time. */
static void add_frameworks(struct fw_review_members *members, const struct fw_report_input *in,
                           struct fw_buf *bytes)
{
    struct fw_arena *arena = members->arena;
    struct fw_survey survey;
    const fw_sv *names;
    fw_survey_make(&survey, in, arena);
    size_t count = fw_frameworks_list(&survey, &names);
    for (size_t i = 0; i < count; i++) {
        fw_frameworks_csv(&survey, names[i], bytes);
        fw_sv path = fw_arena_printf(arena, "results/frameworks/%.*s.csv", FW_SV_ARG(names[i]));
        add_member(members, fw_arena_cstr(arena, path), bytes);
    }
}

/* The forms as tables and workbooks, and what proves each of their rows. */
static void add_forms(struct fw_review_members *members, const struct fw_report_input *in,
                      struct fw_buf *bytes)
{
    struct fw_arena *arena = members->arena;
    struct fw_survey survey;
    struct fw_form_rows rows;
    fw_survey_make(&survey, in, arena);
    for (int form = 0; form < FW_FORM_COUNT; form++) {
        struct fw_form_sheet sheet;
        fw_form_make(&survey, (enum fw_form)form, &sheet);
        fw_form_csv(&sheet, bytes);
        fw_sv path = fw_arena_printf(arena, "forms/%.*s", FW_SV_ARG(sheet.name));
        add_member(members,
                   fw_arena_cstr(arena, fw_arena_printf(arena, "%.*s.csv", FW_SV_ARG(path))),
                   bytes);
        if (fw_form_xlsx(&sheet, in->facts->as_of_ns, bytes) != FW_OK) {
            bytes->failed = true;
        }
        add_member(members,
                   fw_arena_cstr(arena, fw_arena_printf(arena, "%.*s.xlsx", FW_SV_ARG(path))),
                   bytes);
    }
    fw_form_rows_make(&survey, &rows);
    for (size_t i = 0; i < rows.n; i++) {
        fw_sv name = fw_form_attachment_name(&survey, &rows.v[i]);
        fw_form_attachment(&survey, &rows.v[i], bytes);
        add_member(members,
                   fw_arena_cstr(arena, fw_arena_printf(arena, "forms/%.*s", FW_SV_ARG(name))),
                   bytes);
    }
}

static void add_decisions(const struct fw_report_input *in, struct fw_buf *out)
{
    fw_decisions_text(in->facts, in->results, out);
}

static void add_journal(const struct fw_report_input *in, struct fw_buf *out)
{
    fw_journal_text(in->facts, in->inputs, "fwproof " FWPROOF_VERSION, out);
}

/* The script that checks inclusion proofs against this pack. */
static void add_checker(const struct fw_report_input *in, struct fw_buf *out)
{
    (void)in;
    fw_buf_add(out, fw_pack_checker());
}

void fw_review_members_make(struct fw_review_members *members, struct fw_arena *arena,
                            struct fw_report_input *in)
{
    static const struct {
        const char *path;
        void (*write)(const struct fw_report_input *in, struct fw_buf *out);
    } tables[] = {
        {"results/verdicts.tsv", fw_table_verdicts},
        {"results/rules.tsv", fw_table_rules},
        {"results/breadth.tsv", fw_table_breadth},
        {"results/reachable.tsv", fw_table_reachable},
        {"results/ids-tuning.csv", fw_table_ids_tuning},
        {"results/zone-matrix.csv", fw_table_zone_matrix},
        {"results/zone-matrix.json", fw_table_zone_matrix_json},
        {"decisions.tsv", add_decisions},
        {"journal.tsv", add_journal},
        {"logs/index.tsv", fw_table_log_files},
        {"logs/root.tsv", fw_table_log_root},
        {"logs/check-proof.sh", add_checker},
        {"logs/days.tsv", fw_table_log_days},
    };
    static const struct {
        const char *report, *path;
        enum fw_lang lang;
    } reports[] = {
        {"json", "results/results.json", FW_LANG_EN},
        {"csv", "results/results.csv", FW_LANG_ZH_TW},
        {"sarif", "results/results.sarif", FW_LANG_EN},
        {"junit", "results/junit.xml", FW_LANG_EN},
        {"oscal-ar", "results/oscal-ar.json", FW_LANG_ZH_TW},
        {"oscal-poam", "results/oscal-poam.json", FW_LANG_ZH_TW},
        {"markdown", "results/summary.md", FW_LANG_ZH_TW},
        {"prometheus", "results/fwproof.prom", FW_LANG_EN},
        {"html", "report/report.zh-TW.html", FW_LANG_ZH_TW},
        {"html", "report/report.en.html", FW_LANG_EN},
    };
    struct fw_buf bytes;
    *members = (struct fw_review_members){.arena = arena};
    fw_buf_init(&bytes);
    for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
        in->lang = FW_LANG_EN;
        tables[i].write(in, &bytes);
        add_member(members, tables[i].path, &bytes);
    }
    for (size_t i = 0; i < sizeof(reports) / sizeof(reports[0]); i++) {
        const struct fw_report *report = fw_report_find(reports[i].report);
        if (!report || (report->kinds & FW_REPORT_SITE) == 0) {
            continue;
        }
        in->lang = reports[i].lang;
        report->write(in, &bytes);
        add_member(members, reports[i].path, &bytes);
    }
    in->lang = FW_LANG_ZH_TW;
    fw_sheet_ids_tuning(in, &bytes);
    add_member(members, "results/ids-tuning.xlsx", &bytes);
    add_frameworks(members, in, &bytes);
    add_forms(members, in, &bytes);
    fw_buf_clear(&bytes);
}
