/* How events become hours and silences, in whatever order they come. */
#include "analyzers/summary_impl.h"

#include <stdlib.h>

#include "core/limits.h"
#include "core/search.h"

static int64_t length(const struct fw_silence *s)
{
    return s->to - s->from;
}

static void swap(struct fw_silence *a, struct fw_silence *b)
{
    struct fw_silence t = *a;
    *a = *b;
    *b = t;
}

static void sift_down(struct fw_silence *v, size_t n, size_t i)
{
    for (;;) {
        size_t least = i;
        size_t left = 2 * i + 1;
        if (left < n && length(&v[left]) < length(&v[least])) {
            least = left;
        }
        if (left + 1 < n && length(&v[left + 1]) < length(&v[least])) {
            least = left + 1;
        }
        if (least == i) {
            return;
        }
        swap(&v[i], &v[least]);
        i = least;
    }
}

static void sift_up(struct fw_silence *v, size_t i)
{
    while (i > 0 && length(&v[i]) < length(&v[(i - 1) / 2])) {
        swap(&v[i], &v[(i - 1) / 2]);
        i = (i - 1) / 2;
    }
}

static void drop_floor(struct fw_part_making *p, int64_t dropped)
{
    if (dropped > p->part.silence_floor) {
        p->part.silence_floor = dropped;
    }
}

static void add_silence(struct fw_making *making, struct fw_part_making *p, int64_t from,
                        int64_t to)
{
    struct fw_silence s = {from, to};
    if (length(&s) < FW_SILENCE_MIN_NS) {
        return;
    }
    if (p->nsilences == FW_LIMIT_SUMMARY_SILENCES) {
        if (length(&s) <= length(&p->silences[0])) {
            drop_floor(p, length(&s));
            return;
        }
        drop_floor(p, length(&p->silences[0]));
        p->silences[0] = s;
        sift_down(p->silences, p->nsilences, 0);
    } else {
        p->silences = fw_arena_push(&making->arena, p->silences, p->nsilences,
                                    sizeof(p->silences[0]));
        p->silences[p->nsilences] = s;
        sift_up(p->silences, p->nsilences);
        p->nsilences++;
    }
    if (to > p->silences_end) {
        p->silences_end = to;
    }
}

/* A late line breaks the silence it falls into. */
static void split_silence(struct fw_making *making, struct fw_part_making *p, int64_t time)
{
    for (size_t i = 0; i < p->nsilences; i++) {
        struct fw_silence s = p->silences[i];
        if (s.from < time && time < s.to) {
            p->nsilences--;
            if (i < p->nsilences) {
                p->silences[i] = p->silences[p->nsilences];
                sift_down(p->silences, p->nsilences, i);
                sift_up(p->silences, i);
            }
            add_silence(making, p, s.from, time);
            add_silence(making, p, time, s.to);
            return;
        }
    }
}

/* The row of an hour: usually that of the last event. New hours usually come last. */
static struct fw_hour_count *hour_row(struct fw_making *making, struct fw_part_making *p,
                                      int64_t hour)
{
    if (p->nhours > 0 && p->hours[p->hour].hour == hour) {
        return &p->hours[p->hour];
    }
    size_t lo = p->nhours;
    if (lo > 0 && p->hours[lo - 1].hour >= hour) {
        FW_SEARCH(lo, p->nhours, p->hours[lo].hour < hour);
    }
    if (lo < p->nhours && p->hours[lo].hour == hour) {
        p->hour = lo;
        return &p->hours[lo];
    }
    if (making->hours == FW_LIMIT_SUMMARY_HOURS) {
        return NULL;
    }
    making->hours++;
    p->hours = fw_arena_push(&making->arena, p->hours, p->nhours, sizeof(p->hours[0]));
    memmove(&p->hours[lo + 1], &p->hours[lo], (p->nhours - lo) * sizeof(p->hours[0]));
    p->nhours++;
    p->hour = lo;
    p->hours[lo] = (struct fw_hour_count){.hour = hour, .first = INT64_MAX, .last = INT64_MIN};
    return &p->hours[lo];
}

void fw_part_count(struct fw_making *making, struct fw_part_making *p, int64_t time,
                   const struct fw_logline *line)
{
    struct fw_summary_part *part = &p->part;
    struct fw_place place = {line->number, line->offset};
    if (part->events == 0) {
        part->first = time;
        part->last = time;
        part->first_at = place;
        part->last_at = place;
        p->silences_end = INT64_MIN;
    } else if (time > part->last) {
        add_silence(making, p, part->last, time);
        part->last = time;
        part->last_at = place;
    } else if (time < part->first) {
        add_silence(making, p, time, part->first);
        part->first = time;
        part->first_at = place;
    } else if (time < p->silences_end) {
        split_silence(making, p, time);
    }
    part->events++;
    struct fw_hour_count *row = hour_row(making, p, fw_axis_hour(time));
    if (!row) {
        part->hours_lost++;
        return;
    }
    row->count++;
    if (time < row->first) {
        row->first = time;
    }
    if (time > row->last) {
        row->last = time;
    }
}

static int by_time(const void *a, const void *b)
{
    const struct fw_silence *x = a;
    const struct fw_silence *y = b;
    return (x->from > y->from) - (x->from < y->from);
}

void fw_part_sort_times(struct fw_part_making *p)
{
    if (p->nsilences > 0) {
        qsort(p->silences, p->nsilences, sizeof(p->silences[0]), by_time);
    }
    p->part.nhours = p->nhours;
    p->part.hours = p->hours;
    p->part.nsilences = p->nsilences;
    p->part.silences = p->silences;
}
