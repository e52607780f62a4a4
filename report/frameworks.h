/* The checks of a run ordered by what a law or standard asks for: one table a framework. */
#ifndef FW_REPORT_FRAMEWORKS_H
#define FW_REPORT_FRAMEWORKS_H

#include "report/survey.h"

/* The frameworks that the asked checks refer to, sorted: "CIS", "ISO", ... *ret in the arena. */
size_t fw_frameworks_list(const struct fw_survey *survey, const fw_sv **ret);
/* One row an item and check, items in natural order. */
void fw_frameworks_csv(const struct fw_survey *survey, fw_sv framework, struct fw_buf *out);

#endif
