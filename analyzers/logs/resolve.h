/*
 * From a file's own time to UTC: which year and zone its stamps were written in. What a stamp does
 * not say is taken from what surrounds the file, and what was assumed is kept.
 *
 * The year is the latest one in which the file's last event is not after its anchor. Anchors, the
 * first that is there: the date in the file's name (kept by every copy), the time in the gzip
 * header (of the file before it was packed), the file's own time (a copy may have made it later),
 * the audit date. Every year is taken back while the last event would lie after the audit date or
 * after the next member of the rotation, and until 29 February falls into a leap year.
 */
#ifndef FW_ANALYZERS_LOGS_RESOLVE_H
#define FW_ANALYZERS_LOGS_RESOLVE_H

#include <stdbool.h>
#include <stdint.h>

#include "analyzers/summary.h"
#include "core/time.h"

/* What is known around a file. INT64_MIN: not known. */
struct fw_anchors {
    int64_t name_ns; /* end of the day that the file's name gives */
    int64_t gzip_ns; /* time in the gzip header */
    int64_t mtime_ns;
    int64_t as_of_ns;     /* of the review */
    int64_t not_after_ns; /* the next member of the rotation begins here */
    bool has_zone;        /* the device's or site's */
    int32_t zone_seconds;
};

/* Nothing known, zone UTC. */
void fw_anchors_init(struct fw_anchors *anchors);
/* Sets name_ns from a date in a file name: "fw.log-20260705.gz", "2026-07-05", "fw-2026.07.05",
 * "20260705T00". The last one counts. False when there is none. */
bool fw_anchors_name(struct fw_anchors *anchors, fw_sv file_name);
/* What the file itself says: its name, its gzip header and, when asked for, its own time. */
void fw_anchors_file(struct fw_anchors *anchors, fw_sv path, const struct fw_source_info *info,
                     bool use_mtime);

enum fw_year_basis {
    FW_YEAR_STAMP, /* the stamps have it */
    FW_YEAR_NAME,
    FW_YEAR_GZIP,
    FW_YEAR_MTIME,
    FW_YEAR_AS_OF,
    FW_YEAR_NEXT, /* the next member of the rotation alone */
    FW_YEAR_NONE, /* nothing says it: the part has no place in time */
    FW_YEAR_COUNT
};

const char *fw_year_basis_name(enum fw_year_basis basis); /* "file name" */

struct fw_resolution {
    struct fw_axis axis;
    enum fw_year_basis basis;
    int32_t base_year;    /* of year step 0 */
    int32_t zone_seconds; /* that was applied; 0 when the axis is UTC already */
    uint32_t assumed;     /* FW_ASSUMED_ bits */
};

void fw_resolve(const struct fw_summary_part *part, const struct fw_anchors *anchors,
                struct fw_resolution *ret);
/* UTC nanoseconds of a place on the axis. Only when basis is not NONE. */
int64_t fw_resolve_time(const struct fw_resolution *resolution, int64_t time);

/* The year of a file's yearless stamps as they stream by, for one line at a time: the same rules
 * with the turns of `turns`. False when the stamp has no place in time. */
bool fw_resolve_stamp(const struct fw_resolution *resolution, const struct fw_stamp *stamp,
                      struct fw_year_turns *turns, int64_t *ret_ns);

#endif
