/* The plain tables of a pack: tab-separated, sorted, diffable from quarter to quarter. */
#ifndef FW_REPORT_TABLES_H
#define FW_REPORT_TABLES_H

#include "core/buf.h"
#include "evidence/inputs.h"
#include "report/report.h"

/* One line a check and subject: check, subject, state, place, severity, class,
 * measured, target, sentence, fingerprint. The next review compares with it (history.h). */
void fw_table_verdicts(const struct fw_report_input *in, struct fw_buf *out);
/* One line a rule of every current configuration, with the hash of its meaning that decisions are
 * bound to. */
void fw_table_rules(const struct fw_report_input *in, struct fw_buf *out);
/* One line a permitting rule: how many (source, destination, service) it really lets through, as
 * log2 with bounds, and its share of all there is. */
void fw_table_breadth(const struct fw_report_input *in, struct fw_buf *out);
/* One line an untrusted zone and hosts: what it can reach. The next review compares with it. */
void fw_table_reachable(const struct fw_report_input *in, struct fw_buf *out);
/* The matrix of zones, in the columns that an approved one has: a draft to approve. */
void fw_table_zone_matrix(const struct fw_report_input *in, struct fw_buf *out);
void fw_table_zone_matrix_json(const struct fw_report_input *in, struct fw_buf *out);
/* One line a log file (evidence/logindex.h), and the root over these lines. */
void fw_table_log_files(const struct fw_report_input *in, struct fw_buf *out);
void fw_table_log_root(const struct fw_report_input *in, struct fw_buf *out);
/* One line a source: first, last, months, and the bitmap of its days. */
void fw_table_log_days(const struct fw_report_input *in, struct fw_buf *out);
/* The ledger of IDS tuning, and the same as a workbook for people. */
void fw_table_ids_tuning(const struct fw_report_input *in, struct fw_buf *out);
void fw_sheet_ids_tuning(const struct fw_report_input *in, struct fw_buf *out);

#endif
