/* decide: the worksheet of a review, out and back in. */
#include <stdlib.h>

#include "cli/cli.h"
#include "core/file.h"
#include "core/limits.h"
#include "core/source.h"
#include "core/walk.h"
#include "evidence/pack.h"
#include "evidence/packcheck.h"
#include "evidence/worksheet.h"
#include "parsers/records.h"
#include "parsers/site.h"
#include "parsers/xlsx.h"
#include "report/forms.h"

struct decide {
    struct fw_cli *cli;
    struct fw_site site;
    const char *pack;
    const char *list; /* where the site keeps decisions; NULL: it does not say */
    struct fw_doc before_doc, filled_doc;
    struct fw_decisions before, filled;
    struct fw_worksheet sheet;
};

static const char *below(struct decide *d, fw_sv base, const char *name)
{
    struct fw_arena *arena = &d->cli->arena;
    return fw_arena_cstr(arena, fw_path_join(arena, base, fw_sv_from(name)));
}

/* The pack that is decided on: as named, else the last of the period beside the site file. */
static bool find_pack(struct decide *d)
{
    struct fw_cli *cli = d->cli;
    if (cli->noperands > 1) {
        d->pack = cli->operands[1];
        return true;
    }
    for (unsigned n = 1; n <= FW_PACK_NAMES; n++) {
        fw_sv name = fw_pack_name(&cli->arena, d->site.period, n);
        fw_sv packs = fw_path_join(&cli->arena, d->site.dir, FW_SV("packs"));
        const char *path = below(d, packs, fw_arena_cstr(&cli->arena, name));
        if (!fw_dir_exists(path)) {
            break;
        }
        d->pack = path;
    }
    if (!d->pack) {
        fw_cli_fail(cli,
                    "there is no pack of this period beside the site file: make one with fwproof "
                    "review, or name it: fwproof decide SITE PACK");
    }
    return d->pack != NULL;
}

static bool read_table(struct decide *d, const char *name, fw_sv *ret)
{
    struct fw_source_info info;
    const char *path = below(d, fw_sv_from(d->pack), name);
    enum fw_err err = fw_source_load(path, FW_LIMIT_CONFIG_BYTES, &d->cli->arena, ret, &info);
    if (err != FW_OK) {
        fw_cli_fail(d->cli, "%s: %s", path, fw_err_text(err));
    }
    return err == FW_OK;
}

/* Nobody decides on a pack that somebody changed. */
static bool read_pack(struct decide *d)
{
    struct fw_steps steps = {.arena = &d->cli->arena};
    struct fw_pack pack;
    fw_sv rules, verdicts;
    if (!fw_pack_check(d->pack, 0, &steps, &pack)) {
        fw_cli_fail(d->cli, "%s is broken: %.*s", d->pack,
                    FW_SV_ARG(fw_steps_failure(&steps)->message));
        return false;
    }
    if (pack.masked) { /* the site has no rules of the names in it */
        fw_cli_fail(d->cli, "%s is a masked copy: decide on the pack itself", d->pack);
        return false;
    }
    if (!read_table(d, "data/results/rules.tsv", &rules) ||
        !read_table(d, "data/results/verdicts.tsv", &verdicts)) {
        return false;
    }
    if (fw_worksheet_make(rules, verdicts, &d->before, d->site.zone_seconds, &d->cli->arena,
                          &d->sheet) != FW_OK) {
        fw_cli_fail(d->cli, "%s holds no tables of rules and verdicts that can be read", d->pack);
        return false;
    }
    return true;
}

/* A workbook's sheet as CSV: what one cell holds stays one cell. */
static fw_sv csv_of(fw_sv text, struct fw_arena *arena)
{
    struct fw_buf out;
    fw_sv line, cell;
    fw_buf_init(&out);
    while (fw_sv_split(&text, '\n', &line)) {
        for (bool first = true; fw_sv_split(&line, '\t', &cell); first = false) {
            fw_buf_add_cstr(&out, first ? "\"" : ",\"");
            for (size_t i = 0; i < cell.n; i++) {
                fw_buf_add_cstr(&out, cell.p[i] == '"' ? "\"" : "");
                fw_buf_add_char(&out, cell.p[i]);
            }
            fw_buf_add_char(&out, '"');
        }
        fw_buf_add_char(&out, '\n');
    }
    return fw_buf_keep(&out, arena);
}

/* False: it cannot be read, or has a slip in it; the diagnostics say where. */
static bool read_decisions(struct decide *d, const char *path, struct fw_doc *doc,
                           struct fw_decisions *ret)
{
    fw_doc_init(doc, fw_sv_from(path), d->cli->diags);
    if (fw_doc_load(doc, path) != FW_OK) {
        return false;
    }
    if (fw_xlsx_is(doc->text)) {
        fw_sv text;
        if (fw_xlsx_text(doc->text, &d->cli->arena, &text) != FW_OK) {
            fw_cli_fail(d->cli, "%s is a damaged workbook: save it again as .xlsx or .csv", path);
            return false;
        }
        fw_doc_set_text(doc, csv_of(text, &d->cli->arena));
    }
    return fw_decisions_parse(doc, d->site.zone_seconds, ret) == FW_OK && ret->good;
}

static fw_sv head_of(const struct decide *d, size_t column)
{
    const struct fw_record_column *row = &fw_decision_columns[column];
    return fw_sv_from(d->cli->lang == FW_LANG_ZH_TW ? row->zh : row->name);
}

static int write_out(struct decide *d)
{
    static const unsigned widths[FW_DECISION_COLUMNS] = {12, 16, 6,  48, 10, 48, 12, 30,
                                                         12, 12, 12, 12, 12, 24, 16, 16};
    struct fw_cli *cli = d->cli;
    const char *out = cli->value[FW_OPT_OUT];
    struct fw_form_sheet sheet = {
        .name = FW_SV("decisions"), .columns = FW_DECISION_COLUMNS, .n = d->sheet.n};
    struct fw_buf bytes;
    enum fw_err err = FW_OK;
    sheet.rows = fw_arena_alloc(&cli->arena, (d->sheet.n + 1) * sizeof(*sheet.rows));
    for (size_t k = 0; k < FW_DECISION_COLUMNS; k++) {
        sheet.heads[k] = head_of(d, k);
        sheet.widths[k] = widths[k];
    }
    for (size_t i = 0; i < d->sheet.n; i++) {
        memcpy(sheet.rows[i], d->sheet.v[i]->cells, sizeof(d->sheet.v[i]->cells));
    }
    fw_buf_init(&bytes);
    if (out && fw_sv_ends(fw_sv_from(out), ".xlsx")) {
        err = fw_form_xlsx(&sheet, 0, &bytes);
    } else {
        fw_form_csv(&sheet, &bytes);
    }
    int code = err == FW_OK ? fw_cli_emit(cli, &bytes)
                            : fw_cli_fail(cli, "the workbook: %s", fw_err_text(err));
    fw_buf_clear(&bytes);
    if (code == FW_EXIT_OK && out) {
        printf("%zu rules and %zu findings of %s, %zu and %zu of them decided\n"
               "fill in decision (keep, modify, remove, waive), reason, by, decided; then\n"
               "  fwproof decide %s --import %s\n",
               d->sheet.rules, d->sheet.findings, d->pack, d->sheet.rules_decided,
               d->sheet.findings_decided, cli->operands[0], out);
    }
    return code;
}

static int read_in(struct decide *d, const char *path)
{
    struct fw_cli *cli = d->cli;
    struct fw_buf why, bytes;
    if (!d->list) {
        return fw_cli_fail(cli, "the site file does not say where decisions are kept: add "
                                "\"decisions\": \"records/decisions.csv\" to it");
    }
    if (!read_decisions(d, path, &d->filled_doc, &d->filled)) {
        fw_cli_diagnose(cli);
        return fw_cli_fail(cli, "%s was not taken over: mend the rows above", path);
    }
    fw_buf_init(&why);
    fw_buf_init(&bytes);
    enum fw_err err = fw_worksheet_fill(&d->sheet, &d->filled, d->site.zone_seconds, &cli->arena,
                                        &why);
    if (err == FW_OK) {
        fw_worksheet_decisions(&d->sheet, &d->before, d->site.zone_seconds, &cli->arena, &bytes);
        fw_sv dir = fw_path_dir(fw_sv_from(d->list));
        err = fw_dir_make(fw_arena_cstr(&cli->arena, dir.n > 0 ? dir : FW_SV(".")));
        err = err == FW_OK ? fw_file_write(d->list, fw_buf_sv(&bytes)) : err;
    }
    int code = FW_EXIT_OK;
    if (err != FW_OK) {
        code = fw_cli_fail(cli, "%s was not taken over: %s", path,
                           why.n > 0 ? why.p : fw_err_text(err));
    } else {
        printf("%zu of %zu rules and %zu of %zu findings are decided, in %s\n"
               "review again to let it take effect: fwproof review %s\n",
               d->sheet.rules_decided, d->sheet.rules, d->sheet.findings_decided, d->sheet.findings,
               d->list, cli->operands[0]);
    }
    fw_buf_clear(&why);
    fw_buf_clear(&bytes);
    return code;
}

static int decide(struct decide *d)
{
    struct fw_cli *cli = d->cli;
    const char *filled = cli->value[FW_OPT_IMPORT];
    if (fw_site_load(&cli->arena, cli->operands[0], cli->diags, &d->site) != FW_OK) {
        return FW_EXIT_ERROR; /* the diagnostics say where */
    }
    if (!fw_cli_catalogue(cli, "tw-gov-115") || !find_pack(d)) {
        return FW_EXIT_ERROR;
    }
    if (d->site.decisions.n > 0) {
        d->list = below(d, d->site.dir, fw_arena_cstr(&cli->arena, d->site.decisions));
    }
    if (d->list && fw_file_exists(d->list) &&
        !read_decisions(d, d->list, &d->before_doc, &d->before)) {
        fw_cli_diagnose(cli);
        return fw_cli_fail(cli, "the decisions in %s cannot be read: mend the rows above", d->list);
    }
    if (!read_pack(d)) {
        return FW_EXIT_ERROR;
    }
    return filled ? read_in(d, filled) : write_out(d);
}

static int run(struct fw_cli *cli)
{
    struct decide d = {.cli = cli};
    fw_doc_init(&d.before_doc, FW_SV(""), cli->diags);
    fw_doc_init(&d.filled_doc, FW_SV(""), cli->diags);
    int code = decide(&d);
    fw_doc_clear(&d.before_doc);
    fw_doc_clear(&d.filled_doc);
    return code;
}

const struct fw_command fw_command_decide = {
    .name = "decide",
    .arguments = "SITE [PACK]",
    .summary = "Export and import the worksheet: keep, modify, remove, waive",
    .detail =
        "Without --import the worksheet of a pack is written: a row for every enabled rule and "
        "every\n"
        "finding, with what was decided before; as CSV, or as a workbook when --out ends in "
        ".xlsx.\n"
        "PACK is the one to decide on (default: the last of the period, in packs beside the site\n"
        "file). With --import the filled-in one is checked and taken into the site's list of\n"
        "decisions; the next review applies it. A change needs its owner and a day (until); a\n"
        "waiver its last day, at most a year off, and a compensating control.\n"
        "Exit status 2: a row is wrong, or about something that has changed; nothing is written.",
    .examples = "  fwproof decide site.json --out worksheet.xlsx --lang zh-TW\n"
                "  fwproof decide site.json --import worksheet.xlsx",
    .options = FW_TAKES_COMMON | FW_TAKES(IMPORT) | FW_TAKES(LANG) | FW_TAKES(OUT) |
               FW_TAKES(RULESETS),
    .min_operands = 1,
    .max_operands = 2,
    .run = run,
};
