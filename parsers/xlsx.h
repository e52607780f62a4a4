/*
 * The first sheet of a workbook (Office Open XML) as text: a line a row, a tab between cells, a
 * line break in a cell as <br>, dates as 2026/07/05. Formulas are what they last came to.
 */
#ifndef FW_PARSERS_XLSX_H
#define FW_PARSERS_XLSX_H

#include <stdbool.h>

#include "core/arena.h"
#include "core/err.h"
#include "core/sv.h"

/* Do the first bytes say ZIP? */
bool fw_xlsx_is(fw_sv file);
/* FW_ERR_INVALID: no workbook, or damaged; FW_ERR_LIMIT: XLSX_BYTES. */
enum fw_err fw_xlsx_text(fw_sv file, struct fw_arena *arena, fw_sv *ret);

#endif
