/*
 * One log source over all its files: what retention, gaps, completeness and clocks are judged by.
 * The summaries of files are placed in time (resolve.h), put together by host, and the silences
 * that no file breaks are judged (rhythm.h). The order of the files does not matter; a file that is
 * given twice, by content, counts once.
 */
#ifndef FW_ANALYZERS_LOGS_SOURCE_VIEW_H
#define FW_ANALYZERS_LOGS_SOURCE_VIEW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analyzers/logs/resolve.h"
#include "analyzers/logs/rhythm.h"
#include "analyzers/summary.h"
#include "core/arena.h"
#include "core/sha256.h"
#include "core/sv.h"

/* One file and what is known around it. */
struct fw_view_file {
    fw_sv path;
    fw_sha256 sha256; /* of the stored bytes */
    bool has_lines_root;
    fw_sha256 lines_root; /* of the lines, however they are stored */
    fw_sv device;         /* the site's device that the file is declared for; {0} none */
    fw_sv family;         /* path of the rotation family; the path itself when it has none */
    struct fw_anchors anchors;
    bool damaged; /* not all of it could be read */
    const struct fw_summary *summary;
};

struct fw_view_options {
    int32_t zone_seconds; /* whose days and months are counted, and whose rhythm is looked for */
    int64_t as_of_ns;     /* INT64_MIN: not given */
    const struct fw_gap_options *gaps; /* NULL: the defaults */
};

struct fw_view_place {
    fw_sv path;
    struct fw_place at;
};

struct fw_view_admin {
    int64_t ns;
    fw_sv user, code, action, text;
    bool succeeded; /* the log says so */
    struct fw_view_place at;
};

struct fw_view_step {
    int64_t ns, by;
    struct fw_view_place at;
};

struct fw_pair_skew; /* paired.h */

struct fw_source_view {
    fw_sv name;             /* host in the header, else the device, else the family's path */
    fw_sv device;           /* {0} when the files name none, or several */
    fw_sv format;           /* the parser that read most events */
    uint64_t other_formats; /* events that other parsers read */
    size_t npaths;
    const fw_sv *paths; /* sorted */
    bool damaged;       /* not all of one of them could be read */
    uint64_t ndamaged;  /* of the paths */
    fw_sv damaged_path; /* the first of them */
    size_t nduplicates;
    const fw_sv *duplicates; /* paths with the same content as one of these: not counted */
    struct fw_line_counts lines;
    uint64_t events, traffic;
    uint64_t untimed;              /* events without a time, or with one that could not be placed */
    uint64_t year_assumed;         /* events whose year was taken from the file's surroundings */
    uint64_t zone_assumed;         /* events whose zone was */
    uint64_t zone_undeclared;      /* of them, those of files whose zone nobody stated */
    uint64_t basis[FW_YEAR_COUNT]; /* events by what gave their year */
    uint64_t lost; /* counts that no longer fitted under a limit: hours, rules, alerts, ... */
    uint64_t hours_lost, admin_lost, steps_lost; /* of them */
    bool has_time;
    int64_t first_ns, last_ns;
    struct fw_view_place first_at, last_at;
    size_t nhours;
    const struct fw_hour_count *hours; /* UTC, by hour */
    int64_t first_day;                 /* days since 1970 in the zone of the options */
    size_t ndays;                      /* from the first event's day to the last one's */
    const uint8_t *days;               /* 1 where the day has events */
    uint64_t days_present, days_missing;
    bool has_months;      /* as_of was given */
    uint32_t months_kept; /* whole calendar months from the first event to as_of */
    struct fw_gaps gaps;
    struct fw_tally fields[FW_REQUIRED_COUNT];
    struct fw_clock_summary clock;
    struct fw_serial_summary serial;  /* missing: inside files and from one file to the next */
    struct fw_view_place serial_hole; /* path {0}: inside no file */
    struct fw_session_summary sessions;
    struct fw_loss_summary loss;
    struct fw_view_place loss_at;
    struct fw_back_summary back;  /* inside files, and from one member of a rotation to the next */
    struct fw_view_place back_at; /* of the longest step */
    size_t nsteps;
    const struct fw_view_step *steps; /* by time */
    struct fw_dns_summary dns;        /* times in UTC */
    size_t nusage;
    const struct fw_usage *usage; /* times in UTC; by name, then id */
    size_t nadmin;
    const struct fw_view_admin *admin; /* by time */
    size_t nalerts;
    const struct fw_alert_day *alerts; /* day: since 1970 in the zone; by gid, sid, day */
    uint64_t alerts_lost; /* alerts of rare signatures that are counted together only */
    size_t nsensor;
    const struct fw_sensor_day *sensor; /* days as those of alerts */
    /* Connections with an alert of any source, by key, then time; UTC. Those with a key that is not
     * below the bound may be missing. */
    struct fw_contact_list alerted, judged;
    uint64_t alerted_below, judged_below;
    size_t npairs;
    const struct fw_pair_skew *pairs; /* what others say of its clock, by their order */
};

struct fw_source_views {
    size_t n;
    const struct fw_source_view *v; /* by name */
    uint64_t sources_lost;          /* sources beyond FW_LIMIT_SOURCES */
};

/* Everything lives in the arena; texts may point into the summaries. */
void fw_source_views_build(struct fw_arena *arena, const struct fw_view_file *files, size_t n,
                           const struct fw_view_options *options, struct fw_source_views *ret);

/* Whole calendar months from a time to another, counted in days of the zone: the largest m such
 * that the later date minus m months is not before the earlier date. 0 when it is not later. */
uint32_t fw_months_between(int64_t from_ns, int64_t to_ns, int32_t zone_seconds);

#endif
