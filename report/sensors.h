/* What reports about sensors share: how an entry of the ledger is told in words. */
#ifndef FW_REPORT_SENSORS_H
#define FW_REPORT_SENSORS_H

#include "analyzers/ids/view.h"
#include "report/survey.h"

/* "reason, author", in the report's language; "" when nothing is missing. */
fw_sv fw_ids_missing_words(const struct fw_survey *survey, const struct fw_ledger_entry *entry);
/* "340/30 > 2/30": alerts and days before and after; "-" when they are not known. */
fw_sv fw_ids_volume_text(const struct fw_survey *survey, const struct fw_ledger_entry *entry);
/* "new"; "" when there is nothing to compare with. */
fw_sv fw_ids_change_word(const struct fw_survey *survey, const struct fw_ledger_entry *entry);
/* How many entries a record is asked for, how many lack one, how many are past their review. */
struct fw_ids_tally {
    uint64_t total, untold, overdue, fresh, changed, removed;
};
struct fw_ids_tally fw_ids_tally(const struct fw_sensor *sensor);
/* "12 entries, 3 without a record, 1 past its review" */
fw_sv fw_ids_tally_text(const struct fw_survey *survey, const struct fw_sensor *sensor);
/* The share's difference to the period before in points: "+47.7"; "-" when there is none. */
fw_sv fw_ids_trend(const struct fw_survey *survey, const struct fw_ids_view *view, uint32_t gid,
                   uint32_t sid);
/* "12 alerts met a firewall's log: 3 let through, 9 refused …"; {0} without firewalls' logs. */
fw_sv fw_ids_attacks_text(const struct fw_survey *survey, const struct fw_sensor *sensor);
/* "5 of 6 enabled signatures never raised an alert"; {0} without rules. */
/* How often the rules were updated; {0} when no log of updates says it. */
fw_sv fw_ids_updates_text(const struct fw_survey *survey, const struct fw_sensor *sensor);
fw_sv fw_ids_silent_text(const struct fw_survey *survey, const struct fw_sensor *sensor);
/* Options of rules as they were published: not shown to people one by one. */
size_t fw_ids_published(const struct fw_sensor *sensor);
/* How many these are; {0}: none. */
fw_sv fw_ids_published_text(const struct fw_survey *survey, const struct fw_sensor *sensor);
/* "snort 2.9.20: 2 advisories, 1 of them without a decision"; {0}: the version is not known. */
fw_sv fw_ids_engine_text(const struct fw_survey *survey, const struct fw_sensor *sensor);

#endif
