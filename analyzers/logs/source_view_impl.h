/* What is at hand while the view of one source is built. For source_view.c and its parts. */
#ifndef FW_ANALYZERS_LOGS_SOURCE_VIEW_IMPL_H
#define FW_ANALYZERS_LOGS_SOURCE_VIEW_IMPL_H

#include "analyzers/logs/paired.h"
#include "analyzers/logs/sensing.h"
#include "analyzers/logs/source_view.h"

/* One host of one file under the name of its source. */
struct fw_view_share {
    fw_sv name;
    const struct fw_view_file *file;
    const struct fw_summary_source *source;
};

/* One part of a share, placed in time. */
struct fw_view_part {
    const struct fw_view_share *share;
    const struct fw_summary_part *part;
    struct fw_resolution res;
    int64_t first_ns, last_ns;
};

struct fw_view_making {
    struct fw_arena *arena;
    const struct fw_view_options *options;
    const struct fw_contact_keys *keys;
    struct fw_pairing *pairing;         /* NULL: clocks are not compared */
    uint32_t index;                     /* of the view */
    const struct fw_view_share *shares; /* of one source */
    size_t nshares;
    struct fw_view_part *parts; /* by first_ns */
    size_t nparts;
    struct fw_source_view *view;
};

/* The rows of all parts at their times, rows of one thing put together: hours, use of rules,
 * administrators' events, alerts, and what sensors add. */
void fw_source_rows(struct fw_view_making *m);

/* A file counts once: of those with equal content the first path stays. */
struct fw_view_keeper {
    const struct fw_view_file *file;
    const struct fw_view_file *same_as; /* NULL: it counts */
};

/* One for each file, those of equal content side by side. */
struct fw_view_keeper *fw_source_keepers(struct fw_arena *arena, const struct fw_view_file *files,
                                         size_t n);
/* The copies of files that a source has. */
void fw_source_copies(struct fw_view_making *m, const struct fw_view_keeper *keepers, size_t n);

#endif
