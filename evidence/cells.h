/* Lines and cells of the tab-separated tables in a pack. */
#ifndef FW_EVIDENCE_CELLS_H
#define FW_EVIDENCE_CELLS_H

#include <stdbool.h>
#include <stddef.h>

#include "core/sv.h"

/* Cuts one line with its newline off the front; false when there is no newline. */
bool fw_cells_line(fw_sv *rest, fw_sv *ret);
/* The n cells of a line (with or without its newline); false unless there are exactly so many. */
bool fw_cells_cut(fw_sv line, size_t n, fw_sv *ret);
/* No control characters but tabs and the newline at its end. */
bool fw_cells_printable(fw_sv line);

#endif
