/* IDS alerts of all sources together, by signature: which ones make the noise? */
#ifndef FW_REPORT_ALERTS_H
#define FW_REPORT_ALERTS_H

#include "analyzers/analyzer.h"
#include "core/arena.h"

struct fw_alert_sum {
    uint32_t gid, sid;
    uint32_t priority; /* the most urgent seen; 0: none given */
    fw_sv message;
    uint64_t count;
    uint64_t days; /* days of a source with at least one */
    int64_t first, last;
};

struct fw_alerts {
    uint64_t total;
    size_t n;
    const struct fw_alert_sum *v; /* the most frequent first */
};

void fw_alerts_sum(struct fw_arena *arena, const struct fw_facts *facts, struct fw_alerts *ret);

#endif
