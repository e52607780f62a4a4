/*
 * The place in time of each line of one log file as it streams by: years and zones found by the
 * rules that reviews use (resolve.h), from a summary of the same file. Lines are given in file
 * order, every one that a parser knows.
 */
#ifndef FW_ANALYZERS_LOGS_PLACING_H
#define FW_ANALYZERS_LOGS_PLACING_H

#include "analyzers/logs/resolve.h"
#include "analyzers/summary.h"

struct fw_placing;

/* Without a summary (what is read once, as standard input) every line is resolved alone. Nothing of
 * the summary is kept. */
enum fw_err fw_placing_new(const struct fw_summary *summary, const struct fw_anchors *anchors,
                           struct fw_placing **ret);
void fw_placing_free(struct fw_placing *placing);
/* When the line's event happened, and the FW_ASSUMED_ bits; false when it has no place in time. */
bool fw_placing_time(struct fw_placing *placing, const struct fw_logline *line, int64_t *ret_ns,
                     uint32_t *ret_assumed);

#endif
