/*
 * On which days of a period did a device give a sign of life? The archive of a device may hold what
 * others sent through it: where the site says the device's host, only events of that host, or of no
 * host, are its own.
 */
#ifndef FW_ANALYZERS_LOGS_ALIVE_H
#define FW_ANALYZERS_LOGS_ALIVE_H

#include "analyzers/analyzer.h"

struct fw_source_view; /* source_view.h */

struct fw_alive {
    uint64_t days;         /* of the period */
    uint64_t silent;       /* of them without an event of anybody */
    int64_t first_silent;  /* since 1970 */
    uint64_t foreign;      /* with events of other hosts only */
    int64_t first_foreign; /* likewise */
    fw_sv host;            /* one of these */
    uint64_t events;       /* of all sources */
    uint64_t loose;        /* of them without a place in time: of whichever day */
    bool known;            /* there is a source at all */
};

/* `declared` may be NULL. Days are those of the zone of the sources. */
void fw_alive_count(const struct fw_source_view *const *sources, size_t n,
                    const struct fw_site_device *declared, int64_t from_day, int64_t to_day,
                    struct fw_alive *ret);
/* OPEN, when days without an event of its own may have had one; NULL when there is none such, or
 * days of proven silence. */
struct fw_result *fw_alive_open(struct fw_results *results, const char *check, fw_sv device,
                                const struct fw_alive *alive);

#endif
