/*
 * A summary: everything that is learned from one log file. It is a pure function of the file's
 * bytes and of the parsers, in file-local time (logs/axis.h), and bounded by limits.def; what did
 * not fit is counted. Summaries of files are put together by logs/source_view.h, which also knows
 * years, zones and neighbours.
 *
 * A summarizer takes lines and owns the memory of the summary it makes. The encoding is canonical:
 * equal summaries are equal bytes.
 */
#ifndef FW_ANALYZERS_SUMMARY_H
#define FW_ANALYZERS_SUMMARY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analyzers/logs/axis.h"
#include "core/arena.h"
#include "core/buf.h"
#include "core/diag.h"
#include "core/err.h"
#include "core/ip.h"
#include "core/sha256.h"
#include "core/source.h"
#include "core/sv.h"
#include "parsers/doc.h"
#include "parsers/logfile.h"

/* The eight fields that auditors ask for. */
enum fw_required {
    FW_REQUIRED_SOURCE_IP,
    FW_REQUIRED_DESTINATION_IP,
    FW_REQUIRED_SOURCE_PORT,
    FW_REQUIRED_DESTINATION_PORT,
    FW_REQUIRED_TRANSPORT,
    FW_REQUIRED_SESSION, /* event.start, event.end or event.duration */
    FW_REQUIRED_TIMESTAMP,
    FW_REQUIRED_ACTION,
    FW_REQUIRED_COUNT
};

/* The JSON key: "source.ip"; the session is "event.start/event.end". */
const char *fw_required_name(enum fw_required field);

/*
 * n of N. N counts the traffic events that the field applies to: ports where the protocol has them
 * or is not given; session times unless the traffic was denied, because then there was no session.
 */
struct fw_tally {
    uint64_t present, total;
};

struct fw_place {
    uint64_t line, offset; /* in the decoded text */
};

struct fw_hour_count {
    int64_t hour; /* since the axis began */
    uint64_t count;
    int64_t first, last; /* times of the earliest and latest event in the hour */
};

/* No event strictly between two consecutive ones. */
struct fw_silence {
    int64_t from, to;
};

/* Shorter silences are not kept: they are the spaces between lines. */
#define FW_SILENCE_MIN_NS (60 * FW_NS_PER_SEC)

/* Hits of one rule tag as the device prints it. */
struct fw_usage {
    fw_sv name, id; /* rule.name, rule.id */
    uint64_t count;
    int64_t first, last;
};

struct fw_admin_event {
    int64_t time;
    fw_sv user, code, action, text;
    bool succeeded; /* the log says so; not: that it failed, or nothing */
    uint64_t line;
};

/* Alerts of one signature on one day. */
struct fw_alert_day {
    uint32_t gid, sid;
    int64_t day;
    uint64_t count;
    uint32_t priority; /* the most urgent seen; 0 none given */
    int64_t first, last;
    fw_sv message;
};

/* What a sensor counted on one day: packets it saw and packets it lost. */
struct fw_sensor_day {
    int64_t day;
    int64_t first;              /* time of the first sample */
    uint64_t samples;           /* times it told its counters */
    uint64_t captured, dropped; /* from one sample to the next */
};

enum { FW_CONTACT_UNKNOWN, FW_CONTACT_ALLOWED, FW_CONTACT_DENIED };

/* Events of one connection that are not further apart than this are kept as one. */
#define FW_CONTACT_GAP_NS (300 * FW_NS_PER_SEC)

/* A connection that a firewall judged, or that a sensor alerted about; known by a hash of protocol,
 * addresses and ports that is the same in both directions. */
struct fw_contact {
    uint64_t key;
    int64_t first, last;
    uint64_t count;    /* events */
    uint32_t gid, sid; /* alerts only, like all below but the outcome */
    fw_ip src, dst;
    uint8_t priority; /* 0: none given */
    uint8_t outcome;  /* FW_CONTACT_ */
};

struct fw_contact_list {
    size_t n;
    const struct fw_contact *v; /* by key */
};

/* The orders that summaries and views keep, for qsort: by name and id; by signature and day. */
int fw_usage_cmp(const void *left, const void *right);
int fw_alert_day_cmp(const void *left, const void *right);

/* How often the time of an event lies before that of the line before it. Bins of doubling seconds:
 * bin i holds steps of more than 2^(i-1) and up to 2^i seconds, the first all up to one. */
enum { FW_BACK_BINS = 36 };
struct fw_back_summary {
    uint64_t followed;  /* events that are stamped when they are written: the others tell nothing */
    int64_t begin, end; /* times of the first and the last of them, as they lie in the file */
    uint64_t bins[FW_BACK_BINS];
    int64_t most;       /* ns; 0: never */
    struct fw_place at; /* of that one, where it is more than a second */
};

/* Counts a step back; true when it is the longest, and longer than a second. */
bool fw_back_add(struct fw_back_summary *back, int64_t by);

/* The device's clock was set: its time moved, that of receipt (or its serial numbers) did not. */
struct fw_clock_step {
    int64_t time; /* of the first event after it */
    int64_t by;   /* ns; negative: back */
    struct fw_place at;
};

/* Smaller ones are noise. */
#define FW_STEP_MIN_NS FW_NS_PER_SEC

/* Records of connections: some devices tell their start and their end, others tell them once. */
struct fw_twofold {
    uint64_t started, ended, single;
};
/* Connections that these records surely stand for. */
static inline uint64_t fw_twofold_count(const struct fw_twofold *t)
{
    return t->single + (t->started > t->ended ? t->started : t->ended);
}

/* Name resolution that was let through, by client and server (port 53 or 853). */
struct fw_dns_pair {
    fw_ip client, server;
    struct fw_twofold count;
    int64_t first, last;
};

struct fw_dns_summary {
    struct fw_twofold total; /* refused ones as well */
    size_t n;
    const struct fw_dns_pair *v; /* by client, then server */
    uint64_t lost;               /* records of pairs that no longer fitted */
};

int fw_dns_pair_cmp(const void *left, const void *right);

/* What one source's stamps of one axis say. */
struct fw_summary_part {
    struct fw_axis axis;
    uint64_t events;
    int64_t first, last;
    struct fw_place first_at, last_at;
    size_t nhours;
    const struct fw_hour_count *hours; /* by hour */
    uint64_t hours_lost;               /* events in hours that no longer fitted */
    size_t nsilences;
    const struct fw_silence
        *silences;         /* by time; the longest, all that are longer than the floor */
    int64_t silence_floor; /* ns; longest one that was dropped, 0 none */
    size_t nusage;
    const struct fw_usage *usage; /* by name, then id */
    uint64_t usage_lost;          /* hits of tags that no longer fitted */
    size_t nadmin;
    const struct fw_admin_event *admin; /* in file order */
    uint64_t admin_lost;
    size_t nalerts;
    const struct fw_alert_day *alerts; /* by gid, sid, day */
    uint64_t alerts_lost; /* alerts of the rarest signatures and days: those of any kept row may be
                             this many more */
    size_t nsensor;
    const struct fw_sensor_day *sensor; /* by day */
    uint64_t sensor_lost;               /* samples of days that no longer fitted */
    struct fw_back_summary back;
    size_t nsteps;
    const struct fw_clock_step *steps; /* in file order */
    uint64_t steps_lost;
    struct fw_dns_summary dns;
    struct fw_contact_list judged;  /* by a firewall */
    struct fw_contact_list alerted; /* about by a sensor */
};

/* Differences between the time of receipt and the device's own: bins of signed powers of two of a
 * millisecond; the middle one is less than a millisecond either way. */
enum { FW_CLOCK_SIDE = 44, FW_CLOCK_BINS = 2 * FW_CLOCK_SIDE + 1 };

struct fw_clock_summary {
    uint64_t samples;
    int64_t min, max, sum_ms; /* ns, ns, milliseconds */
    uint64_t bins[FW_CLOCK_BINS];
    uint64_t zone_unknown;     /* samples where one stamp has a zone and the other has none */
    uint64_t synced, unsynced; /* lines whose header says so */
};

/* Serial numbers in file order. */
struct fw_serial_summary {
    uint64_t present, first, last, min, max;
    uint64_t missing, repeated, restarted;
    struct fw_place hole; /* the first number that is missing before, or repeated; line 0: none */
};

/* Numbers that one source counts apart: fw_event.stream. */
enum { FW_SERIAL_STREAMS = 8 };

struct fw_session_summary {
    uint64_t started, ended; /* records of a start, of an end */
    uint64_t timed;          /* single records with a duration or an end */
};

/* What the logging itself says of what it lost. */
struct fw_loss_summary {
    uint64_t lines;    /* of the system log of a device or collector */
    uint64_t messages; /* of them that tell of a loss */
    uint64_t lost;     /* events; a message without a number counts one */
    fw_sv first;       /* cut at FW_SUMMARY_TEXT bytes */
    struct fw_place first_at;
};

struct fw_parser_count {
    fw_sv name;
    uint64_t events;
};

/* One host of the file; "" for lines that name none. */
struct fw_summary_source {
    fw_sv host;
    struct fw_line_counts lines;
    uint64_t events;  /* lines of a known format: what shows that the device was logging */
    uint64_t traffic; /* of them about a packet or session */
    uint64_t untimed; /* events without a time */
    struct fw_tally fields[FW_REQUIRED_COUNT];
    struct fw_clock_summary clock;
    struct fw_serial_summary serials[FW_SERIAL_STREAMS];
    struct fw_session_summary sessions;
    struct fw_loss_summary loss;
    size_t nparsers;
    const struct fw_parser_count *parsers; /* by name */
    size_t nparts;
    const struct fw_summary_part *parts; /* by axis */
};

struct fw_named_count {
    fw_sv name;
    uint64_t count;
};

/* A line that could not be read. */
struct fw_bad_line {
    uint64_t line, offset;
    fw_sv text; /* cut at FW_SUMMARY_TEXT bytes */
};

enum { FW_SUMMARY_TEXT = 512, FW_SUMMARY_NAME = 256, FW_SUMMARY_BAD_LINES = 8 };

struct fw_summary {
    struct fw_line_counts lines;
    size_t nsources;
    const struct fw_summary_source *sources; /* by host */
    uint64_t sources_lost;                   /* lines of hosts that no longer fitted */
    size_t nignored;
    const struct fw_named_count *ignored; /* by name: programs and message codes */
    uint64_t ignored_lost;
    size_t nbad;
    const struct fw_bad_line *bad; /* the first ones */
    /* Connections whose keys are smaller were all kept; UINT64_MAX: every one was. */
    uint64_t judged_below, alerted_below;
};

struct fw_summarizer;

enum fw_err fw_summarizer_new(struct fw_summarizer **ret);
void fw_summarizer_free(struct fw_summarizer *summarizer);
void fw_summarizer_line(struct fw_summarizer *summarizer, const struct fw_logline *line);
/* Sorts and closes; the summary lives as long as the summarizer, which takes no more lines. */
const struct fw_summary *fw_summarizer_finish(struct fw_summarizer *summarizer);

/* Reads a source to its end. `only` as for fw_logfile_new, `csv_fields` as
 * for fw_logfile_csv_fields. The caller finishes the source. */
enum fw_err fw_summarize(struct fw_source *source, const struct fw_parser *only,
                         const struct fw_snort_fields *csv_fields, struct fw_summarizer **ret);

/* A diagnostic for every limit that the file went beyond. */
void fw_summary_report(const struct fw_summary *summary, fw_sv path, struct fw_diags *diags);

/* What a stored summary depends on besides the file's bytes: this code and every log parser. */
#define FW_SUMMARY_VERSION 5
fw_sha256 fw_summary_format(void);

void fw_summary_encode(const struct fw_summary *summary, struct fw_buf *out);
/* FW_ERR_INVALID when the bytes are no summary of this version. */
enum fw_err fw_summary_decode(fw_sv bytes, struct fw_arena *arena, const struct fw_summary **ret);

#endif
