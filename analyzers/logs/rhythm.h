/*
 * When is silence improbable? The one place where gaps are decided; docs/adr/0042 says why so and
 * how often it is wrong.
 *
 * A source's own hour-of-week rhythm says how many events a silence swallowed. That number is taken
 * down where the day around it was quieter than usual (a holiday), and it has to exceed what the
 * source's own silences make plausible: the tail of their distribution, extrapolated to one false
 * alarm in 20 source-years. With less than 14 days of history a fixed limit decides.
 */
#ifndef FW_ANALYZERS_LOGS_RHYTHM_H
#define FW_ANALYZERS_LOGS_RHYTHM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analyzers/summary.h"
#include "core/arena.h"

struct fw_gap_options {
    double false_alarms;    /* per source-year that are aimed at */
    int64_t shortest_ns;    /* a shorter silence is never a gap */
    int64_t fixed_busy_ns;  /* limits without a rhythm: of a source that logs traffic, */
    int64_t fixed_quiet_ns; /* and of one with less than quiet_per_hour events */
    double quiet_per_hour;
    int64_t history_ns; /* less is no rhythm */
};

/* 0.05, 15 min, 60 min, 24 h, 1 an hour, 14 days. */
extern const struct fw_gap_options fw_gap_defaults;

/* One source in UTC. */
struct fw_gap_input {
    uint64_t events;
    int64_t first, last;
    size_t nhours;
    const struct fw_hour_count *hours; /* by hour */
    size_t nsilences;
    const struct fw_silence *silences; /* by time, without overlap */
    int64_t until;        /* the review's date, when later than `last`; INT64_MIN: not asked */
    int32_t zone_seconds; /* whose hours and weekdays the rhythm follows */
};

struct fw_gap {
    int64_t from_ns, to_ns; /* last event before, first event after */
    double expected;        /* events that the rhythm expects in between */
};

struct fw_gap_model {
    bool rhythm;      /* false: the fixed limit decided */
    bool too_quiet;   /* too few events for a rhythm, or for a rate: no verdict */
    int64_t limit_ns; /* the fixed limit, or the shortest gap */
    double threshold; /* rhythm: expected events from which on silence is improbable */
    double history_days;
    double events_per_hour;
    /* Of each hour of the week from Monday 00:00 in the source's zone; all 0 without a rhythm. */
    double rate[168];
};

struct fw_gaps {
    struct fw_gap_model model;
    size_t n;
    const struct fw_gap *v; /* by time */
    bool silent;            /* nothing from the last event until `until`, and that is improbable */
    double silent_expected; /* events missing there, probable or not */
};

/* Rows live in the arena. */
void fw_gaps_find(struct fw_arena *arena, const struct fw_gap_input *input,
                  const struct fw_gap_options *options, struct fw_gaps *ret);

#endif
