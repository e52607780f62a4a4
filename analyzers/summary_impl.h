/* A summary while it is being made. Private to the summary files. */
#ifndef FW_ANALYZERS_SUMMARY_IMPL_H
#define FW_ANALYZERS_SUMMARY_IMPL_H

#include "analyzers/logs/keyset.h"
#include "analyzers/summary.h"

struct fw_part_making;

struct fw_contact_row {
    struct fw_contact contact;
    struct fw_part_making *part;
};

struct fw_contact_sample {
    struct fw_contact_row *v; /* NULL: nothing was offered yet */
    size_t n, cap;
    uint64_t below; /* keys from this one on are not kept */
    uint64_t total;
};

/* What all hosts of one file share: the memory and what is left of the limits. */
struct fw_making {
    struct fw_arena arena;
    size_t hours, usage, alerts, sensor, queries; /* rows used so far */
    struct fw_contact_sample judged, alerted;
    uint32_t parts;
};

/* Between receipt and the device's own time: where it was, and where it seems to have gone. */
struct fw_stepping {
    bool has_time, has_level, has_serial;
    int64_t time; /* of the event before */
    int64_t level, candidate;
    unsigned agreed; /* events that lie where the candidate is */
    int64_t candidate_time;
    struct fw_place candidate_at;
    uint64_t serial; /* of the event before */
};

struct fw_part_making {
    uint32_t number;             /* in the order in which the file's parts began */
    struct fw_summary_part part; /* counts and bounds; its arrays are those below */
    struct fw_year_turns turns;
    struct fw_hour_count *hours;
    size_t nhours, hour;         /* `hour`: where the last event was counted */
    struct fw_silence *silences; /* a heap, the shortest first */
    size_t nsilences;
    int64_t silences_end; /* the latest end of one that is kept */
    struct fw_usage *usage;
    size_t nusage, last_usage;
    struct fw_keyset usage_keys;
    struct fw_alert_day *alerts;
    size_t nalerts;
    struct fw_keyset alert_keys;
    struct fw_admin_event *admin;
    size_t nadmin;
    struct fw_sensor_day *sensor;
    size_t nsensor;
    struct fw_keyset sensor_keys;
    bool has_counters; /* of the sample before */
    uint64_t captured, dropped;
    struct fw_contact *judged, *alerted;
    size_t njudged, nalerted;
    struct fw_stepping stepping;
    struct fw_clock_step *steps;
    size_t nsteps;
    struct fw_dns_pair *queries;
    size_t nqueries;
    struct fw_keyset query_keys;
};

/* summary_time.c: counts an event at a time, and the silences around it. */
void fw_part_count(struct fw_making *making, struct fw_part_making *part, int64_t time,
                   const struct fw_logline *line);
void fw_part_sort_times(struct fw_part_making *part);

/* summary_rows.c: rule hits, alerts, administrators' actions. */
void fw_part_rows(struct fw_making *making, struct fw_part_making *part, int64_t time,
                  const struct fw_logline *line);
void fw_part_sort_rows(struct fw_part_making *part);

/* summary_clock.c: the time of receipt against the device's own; false: the line has one only. */
bool fw_clock_sample(const struct fw_logline *line, int64_t *ret);
void fw_clock_count(struct fw_clock_summary *clock, const struct fw_logline *line);
/* What runs backwards or jumps, in the order of the lines. */
void fw_part_order(struct fw_making *making, struct fw_part_making *part, int64_t time,
                   const struct fw_logline *line);

/* summary_habits.c: serial numbers, sessions and losses of a source. */
void fw_source_habits(struct fw_making *making, struct fw_summary_source *source,
                      const struct fw_logline *line);

/* summary_dns.c: name resolution. */
void fw_part_dns(struct fw_making *making, struct fw_part_making *part, int64_t time,
                 const struct fw_logline *line);
void fw_part_sort_dns(struct fw_part_making *part);

/* summary_contacts.c: the connection of a traffic event or an alert. */
void fw_part_contact(struct fw_making *making, struct fw_part_making *part, int64_t time,
                     const struct fw_event *ev);
/* At the end: the rows of every part. */
void fw_making_contacts(struct fw_making *making, struct fw_summary *summary);

/* Cut and copied; {"" , 0} for nothing. */
fw_sv fw_making_text(struct fw_making *making, fw_sv text, size_t limit);

#endif
