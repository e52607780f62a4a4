/* What changed in the ledger since an earlier pack? */
#include "analyzers/ids/about.h"
#include "analyzers/ids/view_impl.h"
#include "core/time.h"
#include "parsers/tickets.h"

/* Columns of ids-tuning.csv that are compared, as report/table_ids.c writes them. */
enum { DEVICE, KIND, SIGNATURE, SCOPE, REASON, AUTHOR, DATE, REVIEW_BY, TICKET, CHANGE, COLUMNS };

static const char *const names[COLUMNS] = {"device", "kind", "signature", "scope",  "reason",
                                           "author", "date", "review_by", "ticket", "change"};

struct earlier {
    fw_sv cells[COLUMNS];
    bool met;
};

const struct fw_earlier_review *fw_ledger_review(const struct fw_facts *facts)
{
    const struct fw_earlier_review *last = NULL;
    for (size_t i = 0; i < facts->nreviews; i++) {
        const struct fw_earlier_review *review = &facts->reviews[i];
        bool counts = review->signed_by_reviewer && review->countersigned && review->trusted &&
                      review->tuning.n > 0;
        if (counts && (!last || review->as_of_ns >= last->as_of_ns)) {
            last = review;
        }
    }
    return last;
}

fw_sv fw_ledger_before(const struct fw_facts *facts)
{
    const struct fw_earlier_review *last = fw_ledger_review(facts);
    return facts->ledger_before.n > 0 ? facts->ledger_before : last ? last->tuning : (fw_sv){0};
}

/* A cell that a spreadsheet would take for a formula has an apostrophe in front. */
static fw_sv plain(fw_sv text)
{
    bool marked = text.n > 1 && text.p[0] == '\'';
    return marked ? fw_sv_sub(text, 1, SIZE_MAX) : text;
}

static bool find_columns(const fw_sv *cells, size_t n, size_t at[COLUMNS])
{
    bool all = true;
    for (size_t c = 0; c < COLUMNS; c++) {
        at[c] = SIZE_MAX;
        for (size_t i = 0; i < n && at[c] == SIZE_MAX; i++) {
            at[c] = fw_sv_is(cells[i], names[c]) ? i : SIZE_MAX;
        }
        all = all && at[c] != SIZE_MAX;
    }
    return all;
}

static bool read_earlier(struct fw_arena *arena, fw_sv text, struct earlier **ret, size_t *ret_n)
{
    struct fw_csv csv = {.text = text};
    size_t at[COLUMNS];
    fw_sv *cells;
    size_t n;
    if (!fw_csv_record(&csv, arena, &cells, &n) || !find_columns(cells, n, at)) {
        return false;
    }
    *ret = NULL;
    *ret_n = 0;
    while (fw_csv_record(&csv, arena, &cells, &n)) {
        struct earlier row = {.met = false};
        for (size_t c = 0; c < COLUMNS; c++) {
            row.cells[c] = at[c] < n ? plain(cells[at[c]]) : FW_SV("");
        }
        if (n > 1 && !fw_sv_is(row.cells[CHANGE], "removed")) {
            *ret = fw_arena_push(arena, *ret, *ret_n, sizeof(**ret));
            (*ret)[(*ret_n)++] = row;
        }
    }
    return true;
}

static bool same(fw_sv now, fw_sv before)
{
    return fw_sv_eq(plain(now), before);
}

static bool is_entry(const struct earlier *row, const struct fw_ledger_entry *e)
{
    return same(e->device, row->cells[DEVICE]) && same(e->kind, row->cells[KIND]) &&
           same(e->signature, row->cells[SIGNATURE]) && same(e->scope, row->cells[SCOPE]);
}

static bool says_the_same(const struct earlier *row, const struct fw_ledger_entry *e)
{
    return same(e->reason, row->cells[REASON]) && same(e->author, row->cells[AUTHOR]) &&
           same(e->date, row->cells[DATE]) && same(e->review_by, row->cells[REVIEW_BY]) &&
           same(e->ticket, row->cells[TICKET]);
}

static void compare(struct fw_ledger_entry *entry, struct earlier *rows, size_t n)
{
    entry->change = FW_LEDGER_NEW;
    for (size_t i = 0; i < n; i++) {
        if (!rows[i].met && is_entry(&rows[i], entry)) {
            rows[i].met = true;
            entry->change = says_the_same(&rows[i], entry) ? FW_LEDGER_SAME : FW_LEDGER_CHANGED;
            return;
        }
    }
}

static struct fw_ledger_entry removed(const struct earlier *row)
{
    struct fw_ledger_entry entry = {
        .device = row->cells[DEVICE],
        .kind = row->cells[KIND],
        .signature = row->cells[SIGNATURE],
        .scope = row->cells[SCOPE],
        .reason = row->cells[REASON],
        .author = row->cells[AUTHOR],
        .date = row->cells[DATE],
        .review_by = row->cells[REVIEW_BY],
        .ticket = row->cells[TICKET],
        .change = FW_LEDGER_REMOVED,
    };
    return entry;
}

bool fw_ledger_compare(struct fw_sensor_making *making, fw_sv before)
{
    struct fw_sensor *sensor = making->sensor;
    struct earlier *rows;
    size_t n;
    if (before.n == 0 || !read_earlier(making->arena, before, &rows, &n)) {
        return false;
    }
    struct fw_ledger_entry *v = fw_new_array(making->arena, sensor->nledger + n + 1,
                                             struct fw_ledger_entry);
    for (size_t i = 0; i < sensor->nledger; i++) {
        v[i] = making->ledger[i];
        compare(&v[i], rows, n);
    }
    for (size_t i = 0; i < sensor->nsignatures; i++) {
        struct fw_ids_signature *s = &making->signatures[i];
        s->silenced = s->silenced ? &v[s->silenced - making->ledger] : NULL;
    }
    for (size_t i = 0; i < n; i++) {
        if (!rows[i].met && fw_sv_eq(rows[i].cells[DEVICE], sensor->device->name)) {
            v[sensor->nledger + sensor->nremoved++] = removed(&rows[i]);
        }
    }
    making->ledger = v;
    sensor->ledger = v;
    return true;
}
