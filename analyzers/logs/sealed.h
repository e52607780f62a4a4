/* What became of the log files that an earlier pack sealed. Whoever reads files finds it out; here
 * it is only told. */
#ifndef FW_ANALYZERS_LOGS_SEALED_H
#define FW_ANALYZERS_LOGS_SEALED_H

#include <stddef.h>
#include <stdint.h>

#include "core/sv.h"

enum fw_seal_state {
    FW_SEAL_SAME,    /* the same bytes at the same place */
    FW_SEAL_MOVED,   /* the same bytes or lines under another name: rotated, packed, renamed */
    FW_SEAL_GROWN,   /* the same lines, and more behind them */
    FW_SEAL_EXPIRED, /* gone, and older than logs must be kept */
    FW_SEAL_CHANGED, /* other lines in its place, and its own nowhere */
    FW_SEAL_GONE,
};

struct fw_sealed_log {
    fw_sv path, device; /* as the earlier pack has them */
    enum fw_seal_state state;
};

struct fw_sealed_logs {
    int64_t as_of_ns; /* of the earlier pack */
    size_t n;
    const struct fw_sealed_log *v;
};

#endif
