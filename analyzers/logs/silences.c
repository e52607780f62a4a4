/* How the silences of files are cut with each other. */
#include "analyzers/logs/silences.h"

struct fw_silences fw_silences_of(struct fw_arena *arena, int64_t first, int64_t last,
                                  const struct fw_silence *between, size_t n)
{
    struct fw_silences ret = {n + 2, fw_new_array(arena, n + 2, struct fw_silence)};
    ret.v[0] = (struct fw_silence){INT64_MIN, first};
    for (size_t i = 0; i < n; i++) {
        ret.v[i + 1] = between[i];
    }
    ret.v[n + 1] = (struct fw_silence){last, INT64_MAX};
    return ret;
}

/* A silence that is open at an end is always long enough. */
static bool is_long(int64_t from, int64_t to)
{
    return from == INT64_MIN || to == INT64_MAX || to - from >= FW_SILENCE_MIN_NS;
}

static struct fw_silences cut(struct fw_arena *arena, struct fw_silences a, struct fw_silences b)
{
    struct fw_silences ret = {0, fw_new_array(arena, a.n + b.n, struct fw_silence)};
    size_t i = 0;
    size_t k = 0;
    while (i < a.n && k < b.n) {
        int64_t from = a.v[i].from > b.v[k].from ? a.v[i].from : b.v[k].from;
        int64_t to = a.v[i].to < b.v[k].to ? a.v[i].to : b.v[k].to;
        if (from < to && is_long(from, to)) {
            ret.v[ret.n++] = (struct fw_silence){from, to};
        }
        if (a.v[i].to < b.v[k].to) {
            i++;
        } else {
            k++;
        }
    }
    return ret;
}

struct fw_silences fw_silences_common(struct fw_arena *arena, struct fw_silences *sets, size_t n)
{
    if (n == 0) {
        return fw_silences_of(arena, INT64_MAX, INT64_MAX, NULL, 0);
    }
    /* In pairs, so that each interval is copied log n times. */
    for (size_t step = 1; step < n; step *= 2) {
        for (size_t i = 0; i + step < n; i += 2 * step) {
            sets[i] = cut(arena, sets[i], sets[i + step]);
        }
    }
    return sets[0];
}
