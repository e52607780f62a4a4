/* Which findings are new, which are still there, which are gone? */
#include "report/history.h"
#include "core/search.h"

#include <stdlib.h>

/* --- the earlier table --------------------------------------------------------------------------
 */

enum column { CHECK, SUBJECT, STATE, PLACE, FINGERPRINT, COLUMNS };

struct past_row {
    fw_sv cells[COLUMNS];
    enum fw_result_state state;
    bool matched;
    size_t taken; /* of the first with a fingerprint: how many of those like it are matched */
};

struct past_rows {
    size_t n;
    struct past_row *v;
};

static bool state_of(fw_sv name, enum fw_result_state *ret)
{
    for (int state = 0; state < FW_RESULT_COUNT; state++) {
        if (fw_sv_eq(name, fw_sv_from(fw_result_state_name((enum fw_result_state)state)))) {
            *ret = (enum fw_result_state)state;
            return true;
        }
    }
    return false;
}

/* Where each column stands, by the names in the first line. */
static bool columns_of(fw_sv line, size_t at[COLUMNS])
{
    static const char *const names[COLUMNS] = {"check", "subject", "state", "place", "fingerprint"};
    fw_sv cell;
    size_t found = 0;
    for (size_t i = 0; fw_sv_split(&line, '\t', &cell); i++) {
        for (size_t c = 0; c < COLUMNS; c++) {
            if (fw_sv_eq(cell, fw_sv_from(names[c]))) {
                at[c] = i;
                found++;
            }
        }
    }
    return found == COLUMNS;
}

/* False: no such table, or one of another time that lacks a column. */
static bool read_rows(struct fw_arena *arena, fw_sv table, struct past_rows *ret)
{
    size_t at[COLUMNS];
    fw_sv line;
    *ret = (struct past_rows){0};
    if (!fw_sv_split(&table, '\n', &line) || !columns_of(line, at)) {
        return false;
    }
    while (fw_sv_split(&table, '\n', &line)) {
        struct past_row row = {.matched = false};
        fw_sv cell;
        for (size_t i = 0; fw_sv_split(&line, '\t', &cell); i++) {
            for (size_t c = 0; c < COLUMNS; c++) {
                row.cells[c] = at[c] == i ? cell : row.cells[c];
            }
        }
        if (state_of(row.cells[STATE], &row.state)) {
            ret->v = fw_arena_push(arena, ret->v, ret->n, sizeof(*ret->v));
            ret->v[ret->n++] = row;
        }
    }
    return true;
}

static bool is_finding(enum fw_result_state state)
{
    struct fw_result result = {.state = state};
    return fw_survey_is_finding(&result);
}

/* --- findings side by side ----------------------------------------------------------------------
 */

static int by_fingerprint(const void *left, const void *right)
{
    const struct past_row *a = *(struct past_row *const *)left;
    const struct past_row *b = *(struct past_row *const *)right;
    int order = fw_sv_cmp(a->cells[FINGERPRINT], b->cells[FINGERPRINT]);
    return order != 0 ? order : a < b ? -1 : a > b;
}

/* Matches one more of those with this fingerprint; false: there is none left. */
static bool take(struct past_row **sorted, size_t n, fw_sv fingerprint)
{
    size_t lo;
    FW_SEARCH(lo, n, fw_sv_cmp(sorted[lo]->cells[FINGERPRINT], fingerprint) < 0);
    if (lo == n || !fw_sv_eq(sorted[lo]->cells[FINGERPRINT], fingerprint)) {
        return false;
    }
    size_t next = lo + sorted[lo]->taken;
    if (next == n || !fw_sv_eq(sorted[next]->cells[FINGERPRINT], fingerprint)) {
        return false;
    }
    sorted[lo]->taken++;
    sorted[next]->matched = true;
    return true;
}

static struct past_row **sorted_findings(struct fw_arena *arena, struct past_rows *rows,
                                         size_t *ret_n)
{
    struct past_row **sorted = fw_new_array(arena, rows->n + 1, struct past_row *);
    *ret_n = 0;
    for (size_t i = 0; i < rows->n; i++) {
        if (is_finding(rows->v[i].state)) {
            sorted[(*ret_n)++] = &rows->v[i];
        }
    }
    if (*ret_n > 0) {
        qsort(sorted, *ret_n, sizeof(*sorted), by_fingerprint);
    }
    return sorted;
}

/* What the earlier table says of one check. */
static void add_before(struct past_rows *rows, struct fw_check_history *check)
{
    for (size_t i = 0; i < rows->n; i++) {
        const struct past_row *row = &rows->v[i];
        if (!fw_sv_eq(row->cells[CHECK], fw_sv_from(check->check))) {
            continue;
        }
        check->before = check->was && check->before < row->state ? check->before : row->state;
        check->was = true;
        check->gone += is_finding(row->state) && !row->matched;
    }
}

static void list_gone(struct fw_arena *arena, struct past_rows *rows, struct fw_history *ret)
{
    struct fw_past_finding *gone = fw_new_array(arena, rows->n + 1, struct fw_past_finding);
    for (size_t i = 0; i < rows->n; i++) {
        const struct past_row *row = &rows->v[i];
        if (is_finding(row->state) && !row->matched) {
            gone[ret->ngone++] = (struct fw_past_finding){
                row->cells[CHECK], row->cells[SUBJECT], row->cells[PLACE], row->cells[FINGERPRINT]};
        }
    }
    ret->gone_findings = gone;
    ret->gone = ret->ngone;
}

bool fw_history_make(const struct fw_survey *survey, struct fw_history *ret)
{
    const struct fw_report_input *in = survey->in;
    struct past_rows rows;
    *ret = (struct fw_history){.previous = in->facts->previous};
    if (!ret->previous || !read_rows(survey->arena, ret->previous->verdicts, &rows)) {
        return false;
    }
    size_t n;
    struct past_row **sorted = sorted_findings(survey->arena, &rows, &n);
    uint8_t *is_new = fw_new_array(survey->arena, in->results->n + 1, uint8_t);
    for (size_t i = 0; i < in->results->n; i++) {
        const struct fw_result *result = &in->results->v[i];
        char hex[FW_SHA256_HEX + 1];
        fw_sha256_hex(result->fingerprint, hex);
        bool finding = fw_survey_is_finding(result);
        is_new[i] = finding && !take(sorted, n, fw_sv_from(hex));
        ret->new += is_new[i];
        ret->same += finding && !is_new[i];
    }
    ret->is_new = is_new;
    struct fw_check_history *checks = fw_new_array(survey->arena, survey->n + 1,
                                                   struct fw_check_history);
    for (size_t i = 0; i < survey->n; i++) {
        const struct fw_survey_check *check = &survey->checks[i];
        struct fw_check_history one = {.check = check->id, .now = check->state};
        for (size_t k = 0; k < check->n; k++) {
            bool finding = fw_survey_is_finding(&in->results->v[check->from + k]);
            one.new += is_new[check->from + k];
            one.same += finding && !is_new[check->from + k];
        }
        add_before(&rows, &one);
        if (one.new > 0 || one.gone > 0 || !one.was || one.before != one.now) {
            checks[ret->n++] = one;
        }
    }
    ret->checks = checks;
    list_gone(survey->arena, &rows, ret);
    return true;
}

/* --- reviews in a row ---------------------------------------------------------------------------
 */

/* Rows of one check stand together. */
static bool count_past(struct fw_arena *arena, const struct fw_earlier_review *review,
                       struct fw_past *ret)
{
    struct past_rows rows;
    *ret = (struct fw_past){.review = review};
    if (!read_rows(arena, review->verdicts, &rows)) {
        return false;
    }
    for (size_t i = 0; i < rows.n;) {
        enum fw_result_state state = rows.v[i].state;
        size_t k = i;
        while (k < rows.n && fw_sv_eq(rows.v[k].cells[CHECK], rows.v[i].cells[CHECK])) {
            state = rows.v[k].state < state ? rows.v[k].state : state;
            k++;
        }
        ret->counts[state]++;
        ret->n++;
        i = k;
    }
    return ret->n > 0;
}

size_t fw_history_pasts(const struct fw_survey *survey, const struct fw_past **ret)
{
    const struct fw_facts *facts = survey->in->facts;
    struct fw_past *v = fw_new_array(survey->arena, facts->nreviews + 1, struct fw_past);
    bool listed = !facts->previous;
    size_t n = 0;
    for (size_t i = 0; i < facts->nreviews; i++) {
        listed = listed || fw_sha256_eq(facts->reviews[i].head, facts->previous->head);
        n += count_past(survey->arena, &facts->reviews[i], &v[n]);
    }
    if (!listed) {
        n += count_past(survey->arena, facts->previous, &v[n]);
    }
    *ret = v;
    return n;
}
