/* How far are two clocks apart, and how fast do they part? */
#include "analyzers/logs/skew_fit.h"

#include <math.h>
#include <stdlib.h>

/* A cluster is looked for in a window of this width: what 40 ppm are in three months, twice. */
#define CLUSTER_NS (INT64_C(600) * 1000000000)
/* Closer ones belong to it in any case: stamps are of whole seconds at the worst. */
#define NEAR_NS 1.5e9
#define MOST_NS 3.2e18
/* Of the intervals that are stated: 997 of 1000 hold what they are about. */
#define SIGMAS 3.0

enum { SLOPE_POINTS = 256, ROUNDS = 4 };

static int by_late(const void *left, const void *right)
{
    const struct fw_skew_point *a = left;
    const struct fw_skew_point *b = right;
    if (a->late != b->late) {
        return a->late < b->late ? -1 : 1;
    }
    return (a->ns > b->ns) - (a->ns < b->ns);
}

static int by_time(const void *left, const void *right)
{
    const struct fw_skew_point *a = left;
    const struct fw_skew_point *b = right;
    if (a->ns != b->ns) {
        return a->ns < b->ns ? -1 : 1;
    }
    return (a->late > b->late) - (a->late < b->late);
}

static int by_value(const void *left, const void *right)
{
    double a = *(const double *)left;
    double b = *(const double *)right;
    return (a > b) - (a < b);
}

static double median(double *v, size_t n)
{
    qsort(v, n, sizeof(*v), by_value);
    return n % 2 ? v[n / 2] : (v[n / 2 - 1] + v[n / 2]) / 2;
}

/* The most points within the width of a cluster. Chance puts some into any window: it takes many
 * more than that. */
static bool find_cluster(struct fw_skew_point *v, size_t n, size_t *ret_from, size_t *ret_n)
{
    size_t best = 0;
    size_t from = 0;
    qsort(v, n, sizeof(*v), by_late);
    for (size_t i = 0, k = 0; k < n; k++) {
        while (v[k].late - v[i].late > CLUSTER_NS) {
            i++;
        }
        if (k - i + 1 > best) {
            best = k - i + 1;
            from = i;
        }
    }
    double chance = (double)n * (double)CLUSTER_NS / (2.0 * (double)FW_SKEW_WINDOW_NS);
    *ret_from = from;
    *ret_n = best;
    return best >= FW_SKEW_POINTS_MIN && (double)best > 5 * chance && best >= n / 10;
}

/* The median of the slopes between points that lie far enough apart (Theil and Sen); a slope as
 * nanoseconds in a nanosecond. */
static double median_slope(const struct fw_skew_point *v, size_t n, struct fw_arena *scratch)
{
    size_t step = n > SLOPE_POINTS ? n / SLOPE_POINTS : 1;
    size_t count = (n - 1) / step + 1;
    double least = (double)(v[n - 1].ns - v[0].ns) / 4;
    double *slopes = fw_new_array(scratch, count * count / 2 + 1, double);
    size_t found = 0;
    for (size_t i = 0; i < count; i++) {
        for (size_t k = i + 1; k < count; k++) {
            const struct fw_skew_point *a = &v[i * step];
            const struct fw_skew_point *b = &v[k * step];
            double apart = (double)(b->ns - a->ns);
            if (apart > 0 && apart >= least) {
                slopes[found++] = (double)(b->late - a->late) / apart;
            }
        }
    }
    return found > 0 ? median(slopes, found) : 0;
}

struct line {
    double slope, at, level; /* late = level + slope * (ns - at) */
};

static double residual(const struct line *line, const struct fw_skew_point *p)
{
    return (double)p->late - line->level - line->slope * ((double)p->ns - line->at);
}

/* How far points may lie off the line: as far as most of them do, and a bit. */
static double breadth(const struct fw_skew_point *v, size_t n, const struct line *line,
                      double *values)
{
    for (size_t i = 0; i < n; i++) {
        values[i] = fabs(residual(line, &v[i]));
    }
    double usual = 4 * 1.4826 * median(values, n);
    return usual > NEAR_NS ? usual : NEAR_NS;
}

struct sums {
    size_t n;
    double time, late, times, both, squares;
};

/* Least squares over the points near the line. */
static struct sums refit(const struct fw_skew_point *v, size_t n, double near, struct line *line)
{
    struct sums s = {0};
    for (size_t i = 0; i < n; i++) {
        if (fabs(residual(line, &v[i])) <= near) {
            s.n++;
            s.time += (double)v[i].ns - line->at;
            s.late += residual(line, &v[i]);
        }
    }
    if (s.n < FW_SKEW_POINTS_MIN) {
        return s;
    }
    double time = s.time / (double)s.n;
    double late = s.late / (double)s.n;
    for (size_t i = 0; i < n; i++) {
        double off = residual(line, &v[i]);
        if (fabs(off) <= near) {
            double t = (double)v[i].ns - line->at - time;
            s.times += t * t;
            s.both += t * (off - late);
        }
    }
    double more = s.times > 0 ? s.both / s.times : 0;
    line->level += late + line->slope * time;
    line->at += time;
    line->slope += more;
    for (size_t i = 0; i < n; i++) {
        double off = residual(line, &v[i]);
        s.squares += fabs(off) <= near ? off * off : 0;
    }
    return s;
}

/* Whole seconds fall on both sides of the truth, and only their mean is it; finer times are told by
 * the middle one, which late records do not move. */
static void settle(const struct fw_skew_point *v, size_t n, double near, bool whole,
                   const struct sums *s, double *values, struct line *line, double *ret_within)
{
    double spread = sqrt(s->squares / (double)(s->n - 2));
    double within = SIGMAS * spread / sqrt((double)s->n);
    if (!whole) {
        size_t used = 0;
        for (size_t i = 0; i < n; i++) {
            double off = residual(line, &v[i]);
            if (fabs(off) <= near) {
                values[used++] = off;
            }
        }
        double middle = median(values, used);
        size_t reach = (size_t)(SIGMAS / 2 * sqrt((double)used)) + 1;
        size_t low = used / 2 > reach ? used / 2 - reach : 0;
        size_t high = used / 2 + reach < used ? used / 2 + reach : used - 1;
        within = middle - values[low] > values[high] - middle ? middle - values[low]
                                                              : values[high] - middle;
        within += fabs(middle) / 2; /* it leans to one side: the mean was at 0 */
        line->level += middle;
    }
    *ret_within = within;
}

bool fw_skew_fit(struct fw_skew_point *v, size_t n, bool whole, struct fw_arena *scratch,
                 struct fw_skew_fit *ret)
{
    size_t from;
    size_t count;
    if (n < FW_SKEW_POINTS_MIN || !find_cluster(v, n, &from, &count)) {
        return false;
    }
    v += from;
    qsort(v, count, sizeof(*v), by_time);
    double *values = fw_new_array(scratch, count, double);
    struct line line = {.slope = median_slope(v, count, scratch), .at = (double)v[0].ns};
    for (size_t i = 0; i < count; i++) {
        values[i] = residual(&line, &v[i]);
    }
    line.level = median(values, count);
    struct sums sums = {0};
    double near = 0;
    for (int round = 0; round < ROUNDS; round++) {
        near = breadth(v, count, &line, values);
        sums = refit(v, count, near, &line);
        if (sums.n < FW_SKEW_POINTS_MIN || sums.n < count / 2) {
            return false;
        }
    }
    double within;
    settle(v, count, near, whole, &sums, values, &line, &within);
    double drift = sums.times > 0
                       ? SIGMAS * sqrt(sums.squares / (double)(sums.n - 2)) / sqrt(sums.times)
                       : 0;
    double first = fabs(line.level + line.slope * ((double)v[0].ns - line.at));
    double last = fabs(line.level + line.slope * ((double)v[count - 1].ns - line.at));
    double ends = first > last ? first : last;
    bool drifts = fabs(line.slope) > 2 * drift;
    double most = drifts && ends > fabs(line.level) ? ends : fabs(line.level);
    if (!(fabs(line.level) < MOST_NS && within < MOST_NS && most < MOST_NS)) {
        return false;
    }
    *ret = (struct fw_skew_fit){
        .points = n,
        .used = sums.n,
        .middle_ns = (int64_t)line.at,
        .offset_ns = llround(line.level),
        .within_ns = llround(within),
        .drift_ppm = line.slope * 1e6,
        .drift_within_ppm = drift * 1e6,
        .most_ns = llround(most),
    };
    return true;
}
