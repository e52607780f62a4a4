/*
 * Reading log files into sources: each file becomes a summary (from the store when its bytes were
 * summarised before), the summaries become one view a source. Files are read in parallel; what
 * comes out does not depend on how many threads there were or what the store held.
 */
#ifndef FW_EVIDENCE_LOGS_H
#define FW_EVIDENCE_LOGS_H

#include "analyzers/logs/source_view.h"
#include "core/diag.h"
#include "core/progress.h"
#include "evidence/inputs.h"
#include "evidence/store.h"

struct fw_log_file {
    fw_sv path;      /* shown */
    fw_sv real_path; /* NUL-terminated */
    fw_sv device;    /* the site's; {0} none */
    bool has_zone;
    int32_t zone_seconds;
    const struct fw_snort_fields *csv_fields; /* of alert_csv; NULL: a version's own */
};

struct fw_logs_options {
    unsigned jobs;                /* 0: one */
    const struct fw_parser *only; /* NULL: every log format */
    struct fw_store *store;       /* NULL: everything is read */
    uint64_t run;                 /* of the store */
    bool line_roots;              /* Merkle roots over the lines, for the index of a pack */
    bool trust_mtime;             /* same path, size and time: not even hashed */
    bool use_mtime;   /* the file's own time may say the year (bare files only: a copy of
                         an archive must not change a review) */
    int64_t as_of_ns; /* INT64_MIN: not given */
    bool newest;      /* as_of not given: count from the newest event */
    int32_t zone_seconds;
    struct fw_gap_options gaps;
    const struct fw_snort_fields *csv_fields; /* the command line's, for files of no device */
    struct fw_progress *progress;             /* may be NULL */
};

struct fw_logs {
    struct fw_arena arena;
    struct fw_source_views views;
    int64_t as_of_ns; /* that was counted from; INT64_MIN: none */
    uint64_t reused;  /* files whose summary was in the store */
    uint64_t read;
};

/* Adds a row to `inputs` for every file; unreadable ones become diagnostics and missing rows.
 * as_of INT64_MIN: the views have no months. */
enum fw_err fw_logs_read(struct fw_logs *ret, const struct fw_log_file *files, size_t n,
                         const struct fw_logs_options *options, struct fw_arena *inputs_arena,
                         struct fw_inputs *inputs, struct fw_diags *diags);
void fw_logs_clear(struct fw_logs *logs);

#endif
