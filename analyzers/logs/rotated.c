/*
 * Does time run backwards from one file of a rotation to the next?
 *
 *   fw.log-20260704, fw.log-20260705    by the dates in their names
 *   fw.log.2.gz, fw.log.1, fw.log       by their numbers
 *
 * Most programs give the oldest file the largest number, some the smallest; nothing in the files
 * says which. So numbers are read in the direction that has fewer steps back: what is found then is
 * wrong either way.
 */
#include "analyzers/logs/rotated.h"

#include <stdlib.h>

struct member {
    const struct fw_habits_part *part;
    int64_t place; /* the date of the name, or its number; that without one is before all others */
};

/* "fw.log.2.gz" of the family "fw.log": 2. */
static int64_t number_of(fw_sv path, fw_sv family)
{
    int64_t n = 0;
    for (size_t i = family.n + 1; i < path.n && i <= family.n + 4 && fw_is_digit(path.p[i]); i++) {
        n = n * 10 + (path.p[i] - '0');
    }
    return n;
}

static int by_place(const void *a, const void *b)
{
    const struct member *x = a;
    const struct member *y = b;
    int order = fw_sv_cmp(x->part->family, y->part->family);
    if (order != 0) {
        return order;
    }
    if (x->place != y->place) {
        return x->place < y->place ? -1 : 1;
    }
    return fw_sv_cmp(x->part->path, y->part->path);
}

/* How far back time goes from a file to the one behind it; 0 when it does not. */
static int64_t step(const struct member *from, const struct member *to)
{
    int64_t end = fw_resolve_time(from->part->res, from->part->part->back.end);
    int64_t begin = fw_resolve_time(to->part->res, to->part->part->back.begin);
    return end > begin ? end - begin : 0;
}

/* Only where the next member is another one: two copies of one (packed and not) lie side by side.
 */
static bool follows(const struct member *v, size_t i)
{
    return v[i - 1].place != v[i].place;
}

static void add_family(const struct member *v, size_t n, struct fw_source_view *view)
{
    struct fw_back_summary ways[2] = {{0}};
    struct fw_view_place at[2] = {{{0}, {0}}};
    bool dated = v[0].part->name_ns != INT64_MIN;
    for (size_t i = 1; i < n; i++) {
        for (int down = 0; down < 2; down++) {
            const struct member *to = down ? &v[i - 1] : &v[i];
            int64_t by = follows(v, i) ? step(down ? &v[i] : &v[i - 1], to) : 0;
            ways[down].followed += by > 0;
            if (by > 0 && fw_back_add(&ways[down], by)) {
                at[down] = (struct fw_view_place){to->part->path, {1, 0}};
            }
        }
    }
    int way = !dated && ways[1].followed <= ways[0].followed;
    for (size_t i = 0; i < FW_BACK_BINS; i++) {
        view->back.bins[i] += ways[way].bins[i];
    }
    if (ways[way].most > view->back.most) {
        view->back.most = ways[way].most;
        view->back_at = at[way].path.n > 0 ? at[way] : view->back_at;
    }
}

/* Members that lie in one order: all dated or none, and no file with two clocks, of which nobody
 * knows which is at its end. */
static bool is_clear(const struct member *v, size_t n)
{
    bool clear = true;
    for (size_t i = 1; i < n; i++) {
        clear = clear && !fw_sv_eq(v[i - 1].part->path, v[i].part->path) &&
                (v[i].part->name_ns == INT64_MIN) == (v[0].part->name_ns == INT64_MIN);
    }
    return clear;
}

void fw_rotated_add(struct fw_arena *arena, const struct fw_habits_part *parts, size_t n,
                    struct fw_source_view *view)
{
    struct member *v = fw_new_array(arena, n, struct member);
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        const struct fw_habits_part *p = &parts[i];
        if (p->part && p->part->back.followed > 0) {
            bool dated = p->name_ns != INT64_MIN;
            v[kept++] = (struct member){p, dated ? p->name_ns : number_of(p->path, p->family)};
        }
    }
    if (kept > 0) {
        qsort(v, kept, sizeof(v[0]), by_place);
    }
    for (size_t i = 0; i < kept;) {
        size_t end = i + 1;
        while (end < kept && fw_sv_eq(v[end].part->family, v[i].part->family)) {
            end++;
        }
        if (is_clear(&v[i], end - i)) {
            add_family(&v[i], end - i, view);
        }
        i = end;
    }
}
