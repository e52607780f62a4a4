/* How a source's rhythm, and the plausible length of its silences, are found. */
#include "analyzers/logs/rhythm.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/search.h"

enum {
    SLOTS = 168,
    DAY_HOURS = 24,
    MONDAY_HOURS = 3 * 24, /* 1970-01-01 was a Thursday */
    WINDOW_HOURS = 24,     /* looked at on either side of a silence, */
    NEAR_HOURS = 6, /* and the nearest of them by themselves: a holiday begins in the evening */
    TAIL_MIN = 64,  /* fewer silences say nothing about their tail */
    TAIL_MAX = 400,
    ACTIVE_HOURS_MIN = 100, /* with events; fewer make no rhythm */
    EVIDENCE_MAX = 30,      /* events come in bursts: more are no better evidence */
};

/* How strongly a slot leans on the same hour of other weekdays (or of the other weekend day), in
 * weeks: two weeks of history give two values a slot. */
static const double slot_prior = 2;
/* An hour counts for no more than this many times the upper quartile of its slot, plus a few: one
 * scan must not make every later silence look dear. */
static const double cap_factor = 4;
static const double cap_offset = 4;
/* The tail index is estimated from few values; beyond this it is noise. */
static const double tail_index_max = 0.75;

const struct fw_gap_options fw_gap_defaults = {
    .false_alarms = 0.05,
    .shortest_ns = 15 * 60 * FW_NS_PER_SEC,
    .fixed_busy_ns = 60 * 60 * FW_NS_PER_SEC,
    .fixed_quiet_ns = FW_NS_PER_DAY,
    .quiet_per_hour = 1,
    .history_ns = 14 * FW_NS_PER_DAY,
};

static unsigned slot_of(int64_t hour, int32_t zone_seconds)
{
    int64_t local = hour + zone_seconds / 3600 - (zone_seconds % 3600 < 0) + MONDAY_HOURS;
    int64_t slot = local % SLOTS;
    return (unsigned)(slot < 0 ? slot + SLOTS : slot);
}

struct rhythm {
    const struct fw_gap_input *in;
    double rate[SLOTS];
    double upto[SLOTS + 1]; /* running sums of rate over a week */
    double cap[SLOTS];
    double *seen; /* running sums of capped counts over in->hours */
};

static double capped(const struct rhythm *r, const struct fw_hour_count *h)
{
    double cap = r->cap[slot_of(h->hour, r->in->zone_seconds)];
    return (double)h->count < cap ? (double)h->count : cap;
}

/* How often each slot occurs in the hours [from, to). */
static void count_slots(int64_t from, int64_t to, int32_t zone, int sign, double n[SLOTS])
{
    if (to <= from) {
        return;
    }
    int64_t weeks = (to - from) / SLOTS;
    for (unsigned s = 0; s < SLOTS; s++) {
        n[s] += sign * (double)weeks;
    }
    for (int64_t h = from + weeks * SLOTS; h < to; h++) {
        n[slot_of(h, zone)] += sign;
    }
}

struct slot_value {
    unsigned slot;
    uint64_t count;
};

static int by_slot(const void *a, const void *b)
{
    const struct slot_value *x = a;
    const struct slot_value *y = b;
    if (x->slot != y->slot) {
        return x->slot < y->slot ? -1 : 1;
    }
    return (x->count > y->count) - (x->count < y->count);
}

/* Upper quartiles of the slots' counts; hours without events are zeros that no row holds. */
static void find_caps(struct rhythm *r, struct fw_arena *arena, const double n[SLOTS])
{
    const struct fw_gap_input *in = r->in;
    double quartile[SLOTS] = {0};
    struct slot_value *v = fw_new_array(arena, in->nhours, struct slot_value);
    for (size_t i = 0; i < in->nhours; i++) {
        v[i] = (struct slot_value){slot_of(in->hours[i].hour, in->zone_seconds),
                                   in->hours[i].count};
    }
    if (in->nhours > 0) {
        qsort(v, in->nhours, sizeof(v[0]), by_slot);
    }
    for (size_t i = 0; i < in->nhours;) {
        size_t end = i;
        while (end < in->nhours && v[end].slot == v[i].slot) {
            end++;
        }
        size_t above = (size_t)(n[v[i].slot] / 4); /* values above the quartile */
        if (end - i > above) {
            quartile[v[i].slot] = (double)v[end - 1 - above].count;
        }
        i = end;
    }
    for (unsigned s = 0; s < SLOTS; s++) {
        double before = quartile[(s + SLOTS - 1) % SLOTS];
        double after = quartile[(s + 1) % SLOTS];
        r->cap[s] = cap_offset + cap_factor * fmax(quartile[s], fmax(before, after));
    }
}

static bool is_weekend(unsigned slot)
{
    return slot >= 5 * DAY_HOURS;
}

/* Mean capped count of each slot over the hours that count, leaning on the same hour of the other
 * working days or of the other weekend day. */
static void find_rates(struct rhythm *r, const double n[SLOTS])
{
    double sum[SLOTS] = {0};
    double class_sum[2][DAY_HOURS] = {{0}};
    double class_n[2][DAY_HOURS] = {{0}};
    for (size_t i = 0; i < r->in->nhours; i++) {
        sum[slot_of(r->in->hours[i].hour, r->in->zone_seconds)] += capped(r, &r->in->hours[i]);
    }
    for (unsigned s = 0; s < SLOTS; s++) {
        class_sum[is_weekend(s)][s % DAY_HOURS] += sum[s];
        class_n[is_weekend(s)][s % DAY_HOURS] += n[s];
    }
    r->upto[0] = 0;
    for (unsigned s = 0; s < SLOTS; s++) {
        double of_class = class_n[is_weekend(s)][s % DAY_HOURS];
        double mean = of_class > 0 ? class_sum[is_weekend(s)][s % DAY_HOURS] / of_class : 0;
        double weeks = n[s] > 0 ? n[s] : 0;
        r->rate[s] = (sum[s] + slot_prior * mean) / (weeks + slot_prior);
        r->upto[s + 1] = r->upto[s] + r->rate[s];
    }
}

/* Sum of the rates from the start of some week long ago until a time. */
static double rate_until(const double upto[SLOTS + 1], int32_t zone_seconds, int64_t time)
{
    int64_t seconds = time / FW_NS_PER_SEC + zone_seconds + MONDAY_HOURS * 3600;
    int64_t week = seconds / (SLOTS * 3600) - (seconds % (SLOTS * 3600) < 0);
    double hours = (double)(seconds - week * SLOTS * 3600) / 3600;
    unsigned slot = (unsigned)hours < SLOTS ? (unsigned)hours : SLOTS - 1;
    double part = (hours - slot) * (upto[slot + 1] - upto[slot]);
    return (double)week * upto[SLOTS] + upto[slot] + part;
}

static double expected_between(const struct rhythm *r, int64_t from, int64_t to)
{
    return rate_until(r->upto, r->in->zone_seconds, to) -
           rate_until(r->upto, r->in->zone_seconds, from);
}

/* The first row of an hour not before `hour`. */
static size_t row_from(const struct fw_gap_input *in, int64_t hour)
{
    size_t lo;
    FW_SEARCH(lo, in->nhours, in->hours[lo].hour < hour);
    return lo;
}

/* How busy the whole hours [from, to) were, as a share of what the rhythm says; at most 1. */
static double activity(const struct rhythm *r, int64_t from, int64_t to)
{
    int64_t first = fw_axis_hour(r->in->first);
    int64_t last = fw_axis_hour(r->in->last) + 1;
    from = from > first ? from : first;
    to = to < last ? to : last;
    if (to <= from) {
        return 1;
    }
    double expected = expected_between(r, from * FW_NS_PER_HOUR, to * FW_NS_PER_HOUR);
    double seen = r->seen[row_from(r->in, to)] - r->seen[row_from(r->in, from)];
    return fmin(1, (seen + 1) / (expected + 1));
}

/* How busy the source was around a silence. */
static double share_around(const struct rhythm *r, const struct fw_silence *s)
{
    int64_t from = fw_axis_hour(s->from);
    int64_t to = fw_axis_hour(s->to) + 1;
    double before = fmin(activity(r, from - WINDOW_HOURS, from),
                         activity(r, from - NEAR_HOURS, from));
    double after = fmin(activity(r, to, to + WINDOW_HOURS), activity(r, to, to + NEAR_HOURS));
    return fmin(before, after);
}

static int64_t local_midnight(const struct rhythm *r, int64_t time)
{
    int64_t zone = r->in->zone_seconds * FW_NS_PER_SEC;
    return fw_axis_day(time + zone) * FW_NS_PER_DAY - zone;
}

/* What the whole hours between two times show, and what the rhythm says of them. */
struct evidence {
    double seen, expected;
};

static void look(const struct rhythm *r, int64_t from, int64_t to, struct evidence *add)
{
    int64_t first = -fw_axis_hour(-from); /* rounded up */
    int64_t end = fw_axis_hour(to);
    if (end > first) {
        add->expected += expected_between(r, first * FW_NS_PER_HOUR, end * FW_NS_PER_HOUR);
        add->seen += r->seen[row_from(r->in, end)] - r->seen[row_from(r->in, first)];
    }
}

/*
 * How busy the days of this history were, as shares of what the rhythm says, each over the hours
 * that no candidate gap covers. A day without such hours says nothing. Returns how many there are.
 */
static size_t find_days(const struct rhythm *r, const bool *candidate, double *days)
{
    const struct fw_gap_input *in = r->in;
    size_t n = 0;
    size_t gap = 0;
    for (int64_t day = local_midnight(r, in->first); day <= in->last; day += FW_NS_PER_DAY) {
        struct evidence e = {0};
        int64_t at = day > in->first ? day : in->first;
        int64_t end = day + FW_NS_PER_DAY < in->last ? day + FW_NS_PER_DAY : in->last;
        while (gap < in->nsilences && in->silences[gap].to <= day) {
            gap++;
        }
        for (size_t i = gap; i < in->nsilences && in->silences[i].from < end; i++) {
            if (candidate[i]) {
                look(r, at, in->silences[i].from, &e);
                at = in->silences[i].to;
            }
        }
        look(r, at, end, &e);
        if (e.expected >= 1) {
            days[n++] = fmin(1, (e.seen + 1) / (e.expected + 1));
        }
    }
    return n;
}

/* How probable no event is where `expected` are usual, on a day of which `e` is seen besides: every
 * day of the history is a possible model of this one, the likelier the better it fits. */
static double day_chance(double expected, struct evidence e, const double *days, size_t ndays)
{
    double sum = 0;
    double weights = 0;
    double scale = e.expected > EVIDENCE_MAX ? EVIDENCE_MAX / e.expected : 1;
    /* The best fit there can be, so that the largest weight is near 1. */
    double best = fmax(e.seen, 0.5) / fmax(e.expected, 0.5);
    best = fmin(1, best);
    for (size_t i = 0; i < ndays; i++) {
        double fit = e.seen * log(days[i] / best) - e.expected * (days[i] - best);
        double w = exp(scale * fit);
        weights += w;
        sum += w * exp(-expected * days[i]);
    }
    return weights > 0 ? sum / weights : 0;
}

/* How many silences like this one a history with such days holds by chance. One day of it decides,
 * the least probable: quiet days come together. */
static double chance(const struct rhythm *r, const struct fw_silence *s, double share,
                     const double *days, size_t ndays)
{
    double least = 1;
    for (int64_t day = local_midnight(r, s->from); day < s->to; day += FW_NS_PER_DAY) {
        struct evidence e = {0};
        int64_t from = day > s->from ? day : s->from;
        int64_t to = day + FW_NS_PER_DAY < s->to ? day + FW_NS_PER_DAY : s->to;
        look(r, day > r->in->first ? day : r->in->first, from, &e);
        look(r, to, day + FW_NS_PER_DAY < r->in->last ? day + FW_NS_PER_DAY : r->in->last, &e);
        least = fmin(least, day_chance(share * expected_between(r, from, to), e, days, ndays));
    }
    double length = (double)(s->to - s->from) / (double)FW_NS_PER_DAY;
    return least * (double)ndays * fmax(1, 1 / length);
}

static int descending(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;
    return (x < y) - (x > y);
}

/* How many events come at once, as the variance of the hours' counts around their rates says; at
 * least 1. Hours without events are in no row: their share of the sum is what the rows leave. */
static double find_burst(const struct rhythm *r)
{
    double spread = 0;
    double rows = 0;
    for (size_t i = 0; i < r->in->nhours; i++) {
        double rate = r->rate[slot_of(r->in->hours[i].hour, r->in->zone_seconds)];
        double off = (double)r->in->hours[i].count - rate;
        spread += off * off - rate * rate;
        rows += (double)r->in->hours[i].count;
    }
    int64_t hours = fw_axis_hour(r->in->last) - fw_axis_hour(r->in->first) + 1;
    double squares = 0;
    for (unsigned s = 0; s < SLOTS; s++) {
        squares += r->rate[s] * r->rate[s] * (double)hours / SLOTS;
    }
    return rows > 0 ? fmax(1, (spread + squares) / rows) : 1;
}

/*
 * The expected count that a silence reaches by chance `allowed` times in this history. Two answers,
 * the larger one holds: events that come independently of each other give exponential silences; and
 * the tail of the silences seen, extrapolated with the index that Pickands' estimator gives it.
 */
static double find_threshold(const struct rhythm *r, const double *weights, size_t n,
                             double allowed)
{
    double threshold = log((double)r->in->events / allowed + 1);
    if (n < TAIL_MIN) {
        return threshold * find_burst(r);
    }
    size_t k = n / 32 > TAIL_MAX ? TAIL_MAX : n / 32 < 16 ? 16 : n / 32;
    double near = weights[k] - weights[2 * k];
    double far = weights[2 * k] - weights[4 * k];
    if (near <= 0 || far <= 0) {
        return threshold;
    }
    double index = log2(near / far);
    index = index < 0 ? 0 : index > tail_index_max ? tail_index_max : index;
    double rarer = (double)k / allowed;
    double stretch = index < 1e-3 ? log(rarer) / log(2)
                                  : (pow(rarer, index) - 1) / (pow(2, index) - 1);
    /* The estimate of `near` and of the index errs like one over the root of k. */
    double caution = 1 + 2 / sqrt((double)k);
    return fmax(threshold, weights[k] + caution * near * stretch);
}

/* Marks the silences that are too heavy for the tail and, but for the first guess, for the days. */
static void judge(const struct rhythm *r, const struct fw_gap_options *o, const double *weights,
                  const double *shares, double threshold, double allowed, double *days, bool *ret)
{
    const struct fw_gap_input *in = r->in;
    for (size_t i = 0; i < in->nsilences; i++) {
        ret[i] = in->silences[i].to - in->silences[i].from >= o->shortest_ns &&
                 weights[i] >= threshold;
    }
    size_t ndays = find_days(r, ret, days);
    for (size_t i = 0; i < in->nsilences; i++) {
        ret[i] = ret[i] && chance(r, &in->silences[i], shares[i], days, ndays) <= allowed;
    }
}

/* Takes the hours that lie whole inside gaps out of the history: they are no part of the rhythm. */
static void forget_gaps(const struct rhythm *r, const bool *gap, double n[SLOTS])
{
    for (size_t i = 0; i < r->in->nsilences; i++) {
        const struct fw_silence *s = &r->in->silences[i];
        if (gap[i] && s->to <= r->in->last) {
            count_slots(fw_axis_hour(s->from) + 1, fw_axis_hour(s->to), r->in->zone_seconds, -1, n);
        }
    }
}

/* Expected events of each silence, taken down to the activity around it. */
static void find_weights(const struct rhythm *r, double *weights, double *shares)
{
    for (size_t i = 0; i < r->in->nsilences; i++) {
        const struct fw_silence *s = &r->in->silences[i];
        shares[i] = share_around(r, s);
        weights[i] = shares[i] * expected_between(r, s->from, s->to);
    }
}

static void add_gap(struct fw_arena *arena, struct fw_gaps *ret, const struct fw_silence *s,
                    double expected)
{
    struct fw_gap *v = fw_arena_push(arena, (void *)(uintptr_t)ret->v, ret->n, sizeof(v[0]));
    v[ret->n++] = (struct fw_gap){s->from, s->to, expected};
    ret->v = v;
}

static void by_rhythm(struct fw_arena *arena, const struct fw_gap_input *in,
                      const struct fw_gap_options *o, struct fw_gaps *ret)
{
    struct rhythm *r = fw_new(arena, struct rhythm);
    double *weights = fw_new_array(arena, in->nsilences + 1, double);
    double *shares = fw_new_array(arena, in->nsilences + 1, double);
    double *sorted = fw_new_array(arena, in->nsilences + 1, double);
    bool *gap = fw_new_array(arena, in->nsilences + 1, bool);
    size_t ndays = (size_t)((in->last - in->first) / FW_NS_PER_DAY) + 2;
    double *days = fw_new_array(arena, ndays, double);
    double n[SLOTS] = {0};
    double years = (double)(in->last - in->first) / (365.25 * (double)FW_NS_PER_DAY);
    double allowed = o->false_alarms * years;
    double threshold = 0;
    r->in = in;
    r->seen = fw_new_array(arena, in->nhours + 1, double);
    count_slots(fw_axis_hour(in->first), fw_axis_hour(in->last) + 1, in->zone_seconds, 1, n);
    find_caps(r, arena, n);
    for (size_t i = 0; i < in->nhours; i++) {
        r->seen[i + 1] = r->seen[i] + capped(r, &in->hours[i]);
    }
    /* Twice: gaps found with the first rhythm are left out of the second. */
    for (int pass = 0; pass < 2; pass++) {
        if (pass > 0) {
            forget_gaps(r, gap, n);
        }
        find_rates(r, n);
        find_weights(r, weights, shares);
        memcpy(sorted, weights, in->nsilences * sizeof(sorted[0]));
        qsort(sorted, in->nsilences, sizeof(sorted[0]), descending);
        threshold = find_threshold(r, sorted, in->nsilences, allowed);
        judge(r, o, weights, shares, threshold, allowed, days, gap);
    }
    ret->model.rhythm = true;
    ret->model.limit_ns = o->shortest_ns;
    ret->model.threshold = threshold;
    memcpy(ret->model.rate, r->rate, sizeof(r->rate));
    if (in->until > in->last) {
        ret->silent_expected = expected_between(r, in->last, in->until);
    }
    ret->model.too_quiet = in->nhours < ACTIVE_HOURS_MIN;
    for (size_t i = 0; i < in->nsilences && !ret->model.too_quiet; i++) {
        if (gap[i]) {
            add_gap(arena, ret, &in->silences[i],
                    expected_between(r, in->silences[i].from, in->silences[i].to));
        }
    }
}

static void by_limit(struct fw_arena *arena, const struct fw_gap_input *in,
                     const struct fw_gap_options *o, struct fw_gaps *ret)
{
    /* The longest silence may be the fault that is looked for: it says nothing about the rate. */
    int64_t longest = 0;
    for (size_t i = 0; i < in->nsilences && in->silences[i].to <= in->last; i++) {
        int64_t length = in->silences[i].to - in->silences[i].from;
        longest = length > longest ? length : longest;
    }
    double hours = (double)(in->last - in->first - longest) / (double)FW_NS_PER_HOUR;
    if (hours <= 0) { /* one moment, or two: no rate can be had of them */
        ret->model.too_quiet = true;
        return;
    }
    double rate = (double)in->events / hours;
    ret->model.limit_ns = rate < o->quiet_per_hour ? o->fixed_quiet_ns : o->fixed_busy_ns;
    ret->model.events_per_hour = rate;
    if (in->until > in->last) {
        ret->silent_expected = rate * (double)(in->until - in->last) / (double)FW_NS_PER_HOUR;
    }
    for (size_t i = 0; i < in->nsilences; i++) {
        const struct fw_silence *s = &in->silences[i];
        if (s->to - s->from >= ret->model.limit_ns) {
            double length = (double)(s->to - s->from) / (double)FW_NS_PER_HOUR;
            add_gap(arena, ret, s, rate * length);
        }
    }
}

/* The silence after the last event is judged like any other, then reported apart. */
static void take_silent(const struct fw_gap_input *in, struct fw_gaps *ret)
{
    if (ret->n > 0 && in->until > in->last && ret->v[ret->n - 1].from_ns == in->last) {
        ret->silent = true;
        ret->n--;
    }
}

void fw_gaps_find(struct fw_arena *arena, const struct fw_gap_input *input,
                  const struct fw_gap_options *options, struct fw_gaps *ret)
{
    struct fw_gap_input with = *input;
    const struct fw_gap_input *in = &with;
    *ret = (struct fw_gaps){0};
    if (in->events == 0) {
        return;
    }
    if (in->until > in->last) {
        struct fw_silence *v = fw_new_array(arena, in->nsilences + 1, struct fw_silence);
        if (in->nsilences > 0) {
            memcpy(v, in->silences, in->nsilences * sizeof(v[0]));
        }
        v[in->nsilences] = (struct fw_silence){in->last, in->until};
        with.silences = v;
        with.nsilences++;
    }
    double days = (double)(in->last - in->first) / (double)FW_NS_PER_DAY;
    ret->model.history_days = days;
    ret->model.events_per_hour = days > 0 ? (double)in->events / (days * DAY_HOURS) : 0;
    if (in->last - in->first >= options->history_ns) {
        by_rhythm(arena, in, options, ret);
    } else {
        by_limit(arena, in, options, ret);
    }
    take_silent(in, ret);
}
