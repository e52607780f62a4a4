/* What is there to decide, and what was decided? */
#include "evidence/worksheet.h"

#include <inttypes.h>
#include <stdlib.h>

#include "core/search.h"
#include "core/text.h"
#include "core/time.h"
#include "parsers/records.h"

/* Columns of the pack's tables. */
enum {
    RULE_DEVICE,
    RULE_POLICY,
    RULE_POSITION,
    RULE_ID,
    RULE_ACTION,
    RULE_ENABLED,
    RULE_LOG,
    RULE_HITS,
    RULE_LINE,
    RULE_ANALYSIS,
    RULE_CONTENT,
    RULE_TEXT,
    RULE_COLUMNS
};
enum {
    VERDICT_CHECK,
    VERDICT_DEVICE,
    VERDICT_STATE,
    VERDICT_PLACE,
    VERDICT_SEVERITY,
    VERDICT_CLASS,
    VERDICT_MEASURED,
    VERDICT_TARGET,
    VERDICT_SENTENCE,
    VERDICT_FINGERPRINT,
    VERDICT_COLUMNS
};

/* The next line of a table with exactly this many cells. */
static bool next_row(fw_sv *rest, size_t columns, fw_sv *ret, bool *ret_good)
{
    fw_sv line;
    size_t n = 0;
    if (!fw_sv_split(rest, '\n', &line) || (rest->n == 0 && line.n == 0)) {
        return false;
    }
    while (n < columns && fw_sv_split(&line, '\t', &ret[n])) {
        n++;
    }
    if (n + 1 == columns) { /* nothing behind the last tab */
        ret[n++] = FW_SV("");
    }
    *ret_good = *ret_good && n == columns && line.n == 0;
    return true;
}

static struct fw_worksheet_row *find(const struct fw_worksheet *sheet,
                                     const struct fw_decision *about)
{
    /* `about` is the first member of the row. */
    return (struct fw_worksheet_row *)(uintptr_t)fw_decision_find(&sheet->index, about);
}

/* NULL: there is one about the same already. */
static struct fw_worksheet_row *add(struct fw_worksheet *sheet, struct fw_arena *arena,
                                    const struct fw_decision *about)
{
    struct fw_worksheet_row *row = fw_new(arena, struct fw_worksheet_row);
    *row = (struct fw_worksheet_row){.about = *about};
    if (!fw_decision_add(&sheet->index, arena, &row->about)) {
        return NULL;
    }
    sheet->v = fw_arena_push(arena, sheet->v, sheet->n, sizeof(*sheet->v));
    sheet->v[sheet->n++] = row;
    for (size_t i = 0; i < FW_DECISION_COLUMNS; i++) {
        row->cells[i] = FW_SV("");
    }
    row->cells[FW_DECISION_DEVICE] = about->device;
    return row;
}

/* A check that fails at a place of a device. */
struct failure {
    fw_sv device, place, check;
};

struct failures {
    size_t n;
    struct failure *v; /* sorted */
};

static int by_place(const void *left, const void *right)
{
    const struct failure *a = left, *b = right;
    int order = fw_sv_cmp(a->device, b->device);
    order = order != 0 ? order : fw_sv_cmp(a->place, b->place);
    return order != 0 ? order : fw_sv_cmp(a->check, b->check);
}

static void list_failures(fw_sv verdicts, struct fw_arena *arena, struct failures *ret)
{
    fw_sv cells[VERDICT_COLUMNS];
    bool good = true;
    while (next_row(&verdicts, VERDICT_COLUMNS, cells, &good)) {
        if (fw_sv_is(cells[VERDICT_STATE], "FAIL")) {
            ret->v = fw_arena_push(arena, ret->v, ret->n, sizeof(*ret->v));
            ret->v[ret->n++] = (struct failure){cells[VERDICT_DEVICE], cells[VERDICT_PLACE],
                                                cells[VERDICT_CHECK]};
        }
    }
    if (ret->n > 0) {
        qsort(ret->v, ret->n, sizeof(*ret->v), by_place);
    }
}

/* The checks that fail on a rule, for whoever decides about it. */
static fw_sv findings_on(const struct failures *failures, fw_sv device, fw_sv place,
                         struct fw_arena *arena)
{
    const struct failure key = {device, place, FW_SV("")};
    fw_sv list = FW_SV("");
    size_t low; /* the first at this place */
    FW_SEARCH(low, failures->n, by_place(&failures->v[low], &key) < 0);
    for (fw_sv last = FW_SV(""); low < failures->n; low++) {
        const struct failure *f = &failures->v[low];
        if (!fw_sv_eq(f->device, device) || !fw_sv_eq(f->place, place)) {
            break;
        }
        if (!fw_sv_eq(f->check, last)) {
            last = f->check;
            list = fw_arena_printf(arena, "%.*s%s%.*s", FW_SV_ARG(list), list.n > 0 ? " " : "",
                                   FW_SV_ARG(last));
        }
    }
    return list;
}

static bool add_rules(struct fw_worksheet *sheet, fw_sv rules, const struct failures *failures,
                      struct fw_arena *arena)
{
    fw_sv cells[RULE_COLUMNS];
    bool good = true, header = true;
    while (next_row(&rules, RULE_COLUMNS, cells, &good)) {
        struct fw_decision about = {.about_rule = true,
                                    .device = fw_text_cell(cells[RULE_DEVICE]),
                                    .policy = fw_text_cell(cells[RULE_POLICY])};
        if (header || !fw_sv_is(cells[RULE_ENABLED], "yes")) {
            header = false;
            continue;
        }
        if (!fw_sha256_parse(cells[RULE_CONTENT], &about.content)) {
            return false;
        }
        struct fw_worksheet_row *row = add(sheet, arena, &about);
        if (!row) { /* a twin: what is decided about one holds for both */
            continue;
        }
        fw_sv place = fw_arena_printf(arena, "%.*s %.*s", FW_SV_ARG(cells[RULE_POLICY]),
                                      FW_SV_ARG(cells[RULE_POSITION]));
        row->cells[FW_DECISION_POLICY] = about.policy;
        row->cells[FW_DECISION_POSITION] = cells[RULE_POSITION];
        row->cells[FW_DECISION_RULE] = fw_text_cell(cells[RULE_TEXT]);
        row->cells[FW_DECISION_FINDING] = findings_on(failures, cells[RULE_DEVICE], place, arena);
        row->cells[FW_DECISION_CONTENT] = cells[RULE_CONTENT];
        sheet->rules++;
    }
    return good && !header;
}

static bool add_findings(struct fw_worksheet *sheet, fw_sv verdicts, struct fw_arena *arena)
{
    fw_sv cells[VERDICT_COLUMNS];
    bool good = true, header = true;
    while (next_row(&verdicts, VERDICT_COLUMNS, cells, &good)) {
        if (header || (!fw_sv_is(cells[VERDICT_STATE], "FAIL") &&
                       !fw_sv_is(cells[VERDICT_STATE], "WAIVED"))) {
            header = false;
            continue;
        }
        struct fw_decision about = {.device = fw_text_cell(cells[VERDICT_DEVICE]),
                                    .check = cells[VERDICT_CHECK],
                                    .fingerprint = cells[VERDICT_FINGERPRINT]};
        struct fw_worksheet_row *row = add(sheet, arena, &about);
        if (!row) {
            continue;
        }
        row->cells[FW_DECISION_RULE] = cells[VERDICT_PLACE];
        row->cells[FW_DECISION_CHECK] = cells[VERDICT_CHECK];
        row->cells[FW_DECISION_FINDING] = cells[VERDICT_SENTENCE];
        row->cells[FW_DECISION_FINGERPRINT] = cells[VERDICT_FINGERPRINT];
        sheet->findings++;
    }
    return good && !header;
}

static fw_sv date_text(int64_t ns, int32_t zone_seconds, struct fw_arena *arena)
{
    return ns == INT64_MIN ? FW_SV("") : fw_date_keep(arena, fw_date_of(ns, zone_seconds));
}

/* What was decided, as cells. The last day of a period is the day that its end lies in. */
static void fill_row(struct fw_worksheet_row *row, const struct fw_decision *d,
                     int32_t zone_seconds, struct fw_arena *arena)
{
    row->about.decided = d->decided;
    row->cells[FW_DECISION_DECISION] = fw_sv_from(fw_decided_name(d->decided));
    row->cells[FW_DECISION_REASON] = d->reason;
    row->cells[FW_DECISION_OWNER] = d->owner;
    row->cells[FW_DECISION_BY] = d->by;
    row->cells[FW_DECISION_DECIDED] = date_text(d->decided_ns, zone_seconds, arena);
    row->cells[FW_DECISION_UNTIL] = date_text(d->until_ns, zone_seconds, arena);
    row->cells[FW_DECISION_TICKET] = d->ticket;
    row->cells[FW_DECISION_COMPENSATING] = d->compensating;
}

static void count(struct fw_worksheet *sheet)
{
    sheet->rules_decided = sheet->findings_decided = 0;
    for (size_t i = 0; i < sheet->n; i++) {
        bool decided = sheet->v[i]->about.decided != FW_DECIDED_NOTHING;
        sheet->rules_decided += decided && sheet->v[i]->about.about_rule;
        sheet->findings_decided += decided && !sheet->v[i]->about.about_rule;
    }
}

enum fw_err fw_worksheet_make(fw_sv rules, fw_sv verdicts, const struct fw_decisions *before,
                              int32_t zone_seconds, struct fw_arena *arena,
                              struct fw_worksheet *ret)
{
    struct fw_worksheet sheet = {0};
    struct failures failures = {0};
    list_failures(verdicts, arena, &failures);
    if (!add_rules(&sheet, rules, &failures, arena) || !add_findings(&sheet, verdicts, arena)) {
        return FW_ERR_INVALID;
    }
    for (size_t i = 0; before && i < before->n; i++) {
        struct fw_worksheet_row *row = find(&sheet, before->v[i]);
        if (row) {
            fill_row(row, before->v[i], zone_seconds, arena);
        }
    }
    count(&sheet);
    *ret = sheet;
    return FW_OK;
}

enum fw_err fw_worksheet_fill(struct fw_worksheet *sheet, const struct fw_decisions *decisions,
                              int32_t zone_seconds, struct fw_arena *arena, struct fw_buf *why)
{
    for (size_t i = 0; i < decisions->n; i++) {
        const struct fw_decision *d = decisions->v[i];
        if (!find(sheet, d)) {
            fw_buf_printf(why, "line %" PRIu32 ": ", d->span.line);
            fw_text_safe(why, d->device);
            fw_buf_add_cstr(why,
                            d->about_rule
                                ? " has no such rule any more: it changed since the worksheet was "
                                  "made; make a new one and decide again"
                                : " has no such finding in the pack: leave the row out");
            return FW_ERR_INVALID;
        }
    }
    for (size_t i = 0; i < decisions->n; i++) {
        fill_row(find(sheet, decisions->v[i]), decisions->v[i], zone_seconds, arena);
    }
    count(sheet);
    return FW_OK;
}

static void write_row(const fw_sv *cells, struct fw_buf *out)
{
    for (size_t k = 0; k < FW_DECISION_COLUMNS; k++) {
        fw_buf_add_cstr(out, k > 0 ? "," : "");
        fw_text_csv(out, cells[k]);
    }
    fw_buf_add_char(out, '\n');
}

void fw_worksheet_decisions(const struct fw_worksheet *sheet, const struct fw_decisions *before,
                            int32_t zone_seconds, struct fw_arena *arena, struct fw_buf *out)
{
    fw_sv heads[FW_DECISION_COLUMNS];
    for (size_t k = 0; k < FW_DECISION_COLUMNS; k++) {
        heads[k] = fw_sv_from(fw_decision_columns[k].name);
    }
    write_row(heads, out);
    for (size_t i = 0; i < sheet->n; i++) {
        if (sheet->v[i]->about.decided != FW_DECIDED_NOTHING) {
            write_row(sheet->v[i]->cells, out);
        }
    }
    struct fw_worksheet gone = {0};
    for (size_t i = 0; before && i < before->n; i++) {
        const struct fw_decision *d = before->v[i];
        if (find(sheet, d)) {
            continue;
        }
        char hex[FW_SHA256_HEX + 1];
        struct fw_worksheet_row *row = add(&gone, arena, d);
        fw_sha256_hex(d->content, hex);
        row->cells[FW_DECISION_POLICY] = d->policy;
        row->cells[FW_DECISION_RULE] = d->rule;
        row->cells[FW_DECISION_CHECK] = d->check;
        row->cells[FW_DECISION_CONTENT] = d->about_rule ? fw_sv_from(hex) : FW_SV("");
        row->cells[FW_DECISION_FINGERPRINT] = d->fingerprint;
        fill_row(row, d, zone_seconds, arena);
        write_row(row->cells, out);
    }
}
