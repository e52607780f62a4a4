/* What do two times of one line, and the order of the lines, say of a device's clock? */
#include <stdlib.h>

#include "analyzers/summary_impl.h"
#include "core/limits.h"

/* Nanoseconds from the device's own time to that of receipt, in the year that makes it least; no
 * more than a century. */
static int64_t clock_difference(struct fw_stamp own, struct fw_stamp received)
{
    static const int64_t century = INT64_C(36525) * 86400;
    if (own.has_zone != received.has_zone) {
        own.has_zone = false;
        received.has_zone = false;
    }
    bool known = own.year != 0 && received.year != 0;
    int32_t year = own.year ? own.year : received.year ? received.year : 2000;
    struct fw_stamp *loose = received.year == 0 ? &received : &own;
    own.year = own.year ? own.year : year;
    received.year = received.year ? received.year : year;
    int64_t best = INT64_MAX;
    for (int32_t step = known ? 0 : -1; step <= (known ? 0 : 1); step++) {
        loose->year = known ? loose->year : year + step;
        int64_t d = fw_stamp_seconds(&received, 0) - fw_stamp_seconds(&own, 0);
        if (best == INT64_MAX || llabs(d) < llabs(best)) {
            best = d;
        }
    }
    best = best > century ? century : best < -century ? -century : best;
    return best * FW_NS_PER_SEC + received.nanos - own.nanos;
}

static unsigned clock_bin(int64_t ns)
{
    uint64_t ms = (uint64_t)(llabs(ns) / 1000000);
    unsigned bits = 0;
    while (ms > 0 && bits < FW_CLOCK_SIDE) {
        ms >>= 1;
        bits++;
    }
    return ns < 0 ? FW_CLOCK_SIDE - bits : FW_CLOCK_SIDE + bits;
}

bool fw_clock_sample(const struct fw_logline *line, int64_t *ret)
{
    static const int64_t most = 366 * FW_NS_PER_DAY;
    /* The journal's two times come from one clock. */
    if (!line->has_received || line->envelope.kind == FW_ENVELOPE_JOURNALD) {
        return false;
    }
    int64_t d = clock_difference(line->event.time, line->received);
    *ret = d > most ? most : d < -most ? -most : d;
    return true;
}

void fw_clock_count(struct fw_clock_summary *clock, const struct fw_logline *line)
{
    int64_t d;
    clock->synced += line->envelope.synced == 1;
    clock->unsynced += line->envelope.synced == 0;
    if (!fw_clock_sample(line, &d)) {
        return;
    }
    clock->zone_unknown += line->event.time.has_zone != line->received.has_zone;
    if (clock->samples == 0 || d < clock->min) {
        clock->min = d;
    }
    if (clock->samples == 0 || d > clock->max) {
        clock->max = d;
    }
    clock->samples++;
    clock->sum_ms += d / 1000000;
    clock->bins[clock_bin(d)]++;
}

static void add_step(struct fw_making *making, struct fw_part_making *p, int64_t time, int64_t by,
                     struct fw_place at)
{
    if (p->nsteps == FW_LIMIT_SUMMARY_STEPS) {
        p->part.steps_lost++;
        return;
    }
    p->steps = fw_arena_push(&making->arena, p->steps, p->nsteps, sizeof(p->steps[0]));
    p->steps[p->nsteps++] = (struct fw_clock_step){time, by, at};
    p->part.steps = p->steps;
    p->part.nsteps = p->nsteps;
}

/* One late line is a delay; many that are off by the same are a clock that was set. */
static void follow(struct fw_making *making, struct fw_part_making *p, int64_t time, int64_t d,
                   struct fw_place at)
{
    enum { ENOUGH = 10, SLOWLY = 8 };
    struct fw_stepping *s = &p->stepping;
    if (!s->has_level) {
        s->has_level = true;
        s->level = d;
    } else if (llabs(d - s->level) <= FW_STEP_MIN_NS) {
        s->agreed = 0;
        s->level += (d - s->level) / SLOWLY;
    } else if (s->agreed > 0 && llabs(d - s->candidate) <= FW_STEP_MIN_NS) {
        if (++s->agreed == ENOUGH) {
            add_step(making, p, s->candidate_time, s->level - s->candidate, s->candidate_at);
            s->level = s->candidate;
            s->agreed = 0;
        }
    } else {
        s->candidate = d;
        s->candidate_time = time;
        s->candidate_at = at;
        s->agreed = 1;
    }
}

/* A record of a whole session can be stamped with its start, and is written at its end. */
static bool is_stamped_late(const struct fw_event *ev)
{
    return !ev->starts && !ev->ends &&
           (fw_event_has(ev, FW_EV_duration) || fw_event_has(ev, FW_EV_start) ||
            fw_event_has(ev, FW_EV_end));
}

bool fw_back_add(struct fw_back_summary *back, int64_t by)
{
    size_t bin = 0;
    for (uint64_t edge = FW_NS_PER_SEC; (uint64_t)by > edge && bin + 1 < FW_BACK_BINS; edge *= 2) {
        bin++;
    }
    bool longest = by > back->most;
    back->bins[bin]++;
    back->most = longest ? by : back->most;
    return longest && bin > 0;
}

void fw_part_order(struct fw_making *making, struct fw_part_making *p, int64_t time,
                   const struct fw_logline *line)
{
    const struct fw_event *ev = &line->event;
    struct fw_stepping *s = &p->stepping;
    struct fw_place at = {line->number, line->offset};
    int64_t d;
    if (is_stamped_late(ev)) {
        return;
    }
    p->part.back.begin = p->part.back.followed++ == 0 ? time : p->part.back.begin;
    p->part.back.end = time;
    bool next = fw_event_has(ev, FW_EV_serial) && s->has_serial && ev->serial == s->serial + 1;
    if (s->has_time && time < s->time && fw_back_add(&p->part.back, s->time - time)) {
        p->part.back.at = at;
    }
    if (fw_clock_sample(line, &d)) {
        follow(making, p, time, d, at);
    } else if (next && s->has_time && s->time - time > FW_STEP_MIN_NS) {
        add_step(making, p, time, time - s->time, at);
    }
    s->has_time = true;
    s->time = time;
    s->has_serial = fw_event_has(ev, FW_EV_serial);
    s->serial = ev->serial;
}
