/*
 * What a time service and the commands of a device reported of one clock: samples in order of time,
 * and what they say together. fw_sync_reader takes the records of its files (parsers/clock.h); it
 * opens none itself.
 */
#ifndef FW_ANALYZERS_LOGS_SYNC_H
#define FW_ANALYZERS_LOGS_SYNC_H

#include "core/arena.h"
#include "parsers/clock.h"

struct fw_sync_sample {
    int64_t ns; /* UTC; INT64_MIN: neither the text nor the file's name says when */
    int64_t offset_ns;
    bool has_offset;
    bool measured; /* an answer of the server that it follows, not a word about the clock itself */
    uint8_t sync;  /* enum fw_clock_sync */
    uint32_t file; /* of the paths */
    uint32_t line;
    uint64_t at; /* offset of the line */
};

struct fw_sync_view {
    fw_sv name; /* the device; a file that is of no device: its path */
    bool of_device;
    size_t npaths;
    const fw_sv *paths;
    size_t nmissing; /* files and patterns that were declared and could not be read */
    size_t n;
    const struct fw_sync_sample *v; /* by time, then file and line */
    uint64_t lost;                  /* samples beyond FW_LIMIT_CLOCK_SAMPLES */
    uint64_t records;               /* all that was read, about servers as well */
    fw_sv servers;                  /* that it follows, the first few of them */
};

struct fw_sync_reader {
    struct fw_clock_sink sink; /* for fw_clock_parse */
    struct fw_arena *arena;
    struct fw_sync_view view;
    fw_sv *paths;
    struct fw_sync_sample *v;
    size_t nservers;
    /* of the file that is being read */
    int32_t zone_seconds;
    int64_t named_ns;  /* the date in its name; INT64_MIN: none */
    int64_t newest_ns; /* of the times in it; INT64_MIN: none */
    bool pending;      /* what it says without a time of its own */
    struct fw_sync_sample rest;
};

void fw_sync_begin(struct fw_sync_reader *reader, struct fw_arena *arena, fw_sv name,
                   bool of_device);
/* Times without a zone are in `zone_seconds`. */
void fw_sync_file(struct fw_sync_reader *reader, fw_sv path, int32_t zone_seconds,
                  int64_t named_ns);
void fw_sync_file_end(struct fw_sync_reader *reader);
void fw_sync_finish(struct fw_sync_reader *reader, struct fw_sync_view *ret);

/* What the samples of a time say: those from `from_ns` on, before `to_ns`. */
struct fw_sync_stats {
    uint64_t states;                 /* samples that say whether it is synchronised */
    uint64_t offsets;                /* samples that say how far it is off */
    uint64_t beyond;                 /* of them, further than the limit */
    uint64_t unsynced;               /* of the states */
    uint64_t intervals;              /* times without synchronisation, one after the other */
    int64_t longest_ns, unsynced_ns; /* the longest of them, and all together */
    bool lost_at_end;                /* the last state is that it is not synchronised */
    int64_t most_ns, p99_ns;         /* of the offsets, without sign; p99 by nearest rank */
    int64_t covered_ns, within_ns;   /* time that samples speak for, and of it within the limit */
    int64_t first_ns, last_ns;
    const struct fw_sync_sample *worst;  /* the largest offset; NULL: there is none */
    const struct fw_sync_sample *unsync; /* where the longest interval begins; NULL: none */
};

/* A sample speaks for the time until the next one, but for no more than this. */
#define FW_SYNC_HOLD_NS (INT64_C(86400) * FW_NS_PER_SEC)

void fw_sync_stats(const struct fw_sync_view *view, int64_t from_ns, int64_t to_ns,
                   int64_t limit_ns, struct fw_arena *scratch, struct fw_sync_stats *ret);

#endif
