/* Review periods: which one follows which, and which are missing between the first and the last. */
#ifndef FW_EVIDENCE_PERIOD_H
#define FW_EVIDENCE_PERIOD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/buf.h"
#include "core/sv.h"

enum fw_period_kind { FW_PERIOD_YEAR, FW_PERIOD_HALF, FW_PERIOD_QUARTER, FW_PERIOD_MONTH };

struct fw_period {
    enum fw_period_kind kind;
    uint32_t index; /* counts up by one from a period to the next */
};

/* "2026", "2026H1", "2026Q2", "2026-04"; false for any other word. */
bool fw_period_parse(fw_sv text, struct fw_period *ret);
void fw_period_text(struct fw_buf *out, struct fw_period period);

/* Writes the missing periods ("2026Q2, 2026Q3") and returns their number. Periods of another kind
 * than the last, and words that are none, are left out. */
size_t fw_period_missing(const fw_sv *periods, size_t n, struct fw_arena *arena,
                         struct fw_buf *out);

#endif
