/*
 * A review beside the one before it: which findings are new, still there, gone. Findings are the
 * same when their fingerprints are; the table of verdicts in the earlier pack names them.
 */
#ifndef FW_REPORT_HISTORY_H
#define FW_REPORT_HISTORY_H

#include "report/survey.h"

/* How the checks of an earlier review ended. */
struct fw_past {
    const struct fw_earlier_review *review;
    size_t n; /* checks */
    size_t counts[FW_RESULT_COUNT];
};

struct fw_past_finding {
    fw_sv check, subject, place;
    fw_sv fingerprint; /* hexadecimal */
};

/* One check in which something differs. */
struct fw_check_history {
    const char *check;
    bool was; /* the earlier review has it: `before` is valid */
    enum fw_result_state before, now;
    size_t new, same, gone; /* findings */
};

struct fw_history {
    const struct fw_earlier_review *previous;
    size_t n;
    const struct fw_check_history *checks; /* those that differ, by id */
    size_t new, same, gone;                /* findings of all checks */
    size_t ngone;
    const struct fw_past_finding *gone_findings; /* as the earlier table orders them */
    const uint8_t *is_new;                       /* parallel to in->results */
};

/* False: there is no earlier review, or it has no such table. */
bool fw_history_make(const struct fw_survey *survey, struct fw_history *ret);
/* Every earlier review with a table, the oldest first, without the one at hand. */
size_t fw_history_pasts(const struct fw_survey *survey, const struct fw_past **ret);

#endif
