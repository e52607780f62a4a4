/* The plain tables of a pack: tab-separated, sorted, diffable from quarter to quarter. */
#ifndef FW_REPORT_TABLES_H
#define FW_REPORT_TABLES_H

#include "core/buf.h"
#include "evidence/inputs.h"
#include "report/report.h"

/* One line a check and subject: check, subject, state, place, severity, class,
 * measured, target, sentence. */
void fw_table_verdicts(const struct fw_report_input *in, struct fw_buf *out);
/* One line a rule of every current configuration, with the hash of its meaning that decisions are
 * bound to. */
void fw_table_rules(const struct fw_report_input *in, struct fw_buf *out);
/* One line a log file: hash, sizes, line counts, integrity. */
void fw_table_log_files(const struct fw_report_input *in, struct fw_buf *out);
/* One line a source: first, last, months, and the bitmap of its days. */
void fw_table_log_days(const struct fw_report_input *in, struct fw_buf *out);

#endif
