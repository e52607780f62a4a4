/* What the files of a source say together of serial numbers, sessions, losses, the order of times,
 * steps of the clock and name resolution. */
#ifndef FW_ANALYZERS_LOGS_HABITS_H
#define FW_ANALYZERS_LOGS_HABITS_H

#include "analyzers/logs/source_view.h"

/* One part of one file, placed in time; `part` NULL: nothing of the file has a place. */
struct fw_habits_part {
    fw_sv path, family;
    int64_t name_ns; /* the date in the file's name; INT64_MIN: none */
    const struct fw_summary_source *source;
    const struct fw_summary_part *part;
    const struct fw_resolution *res;
    int64_t first_ns, last_ns;
    bool leads; /* the first of its source: what a source counts as a whole is counted here */
};

/* Parts by first_ns; those without a place behind them. */
void fw_habits_view(struct fw_arena *arena, const struct fw_habits_part *parts, size_t n,
                    struct fw_source_view *view);
/* What needs no place in time: losses and sessions of one file. */
void fw_habits_add(struct fw_loss_summary *loss, struct fw_view_place *loss_at,
                   struct fw_session_summary *sessions, const struct fw_summary_source *source,
                   fw_sv path);

#endif
