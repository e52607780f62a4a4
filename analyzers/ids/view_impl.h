/* The parts that an ids view is made of. Private to the files of the view. */
#ifndef FW_ANALYZERS_IDS_VIEW_IMPL_H
#define FW_ANALYZERS_IDS_VIEW_IMPL_H

#include "analyzers/ids/view.h"

struct fw_sensor_making {
    struct fw_arena *arena;
    const struct fw_facts *facts;
    struct fw_sensor *sensor;
    struct fw_ids_signature *signatures;
    struct fw_ledger_entry *ledger;
};

/* signatures.c: every signature of the rules and of the alerts. */
void fw_sensor_add_signatures(struct fw_sensor_making *making);
/* Counts what never fired; after the ledger. */
void fw_sensor_count_signatures(struct fw_sensor_making *making);
/* ledger.c: every entry, and what it does to signatures. */
void fw_sensor_add_ledger(struct fw_sensor_making *making);
/* ledger_options.c: whether a file's own word about a signature counts: an archive's does only when
 * nothing was unpacked of it. */
bool fw_ledger_counts(const struct fw_sensor *sensor, const struct fw_idsrules *file, uint32_t gid,
                      uint32_t sid);
/* Options of rules as they were delivered, to compare with. */
struct fw_rule_options {
    size_t n;
    const struct fw_tuning **v; /* by gid, sid */
};
void fw_rule_options_make(struct fw_sensor_making *making, struct fw_rule_options *ret);
/* Is an option of a rule its publisher's, as far as can be told? */
bool fw_rule_options_published(const struct fw_rule_options *options,
                               const struct fw_sensor *sensor, const struct fw_tuning *tuning);
/* ledger_before.c: what changed since an earlier pack; whether it has a ledger. */
bool fw_ledger_compare(struct fw_sensor_making *making, fw_sv before);
/* The ledger that is compared with; {0}: none. */
fw_sv fw_ledger_before(const struct fw_facts *facts);
/* attacks.c */
void fw_sensor_add_attacks(struct fw_sensor_making *making);
/* engine.c */
void fw_sensor_add_engine(struct fw_sensor_making *making);
/* updates.c */
void fw_sensor_add_updates(struct fw_sensor_making *making);

#endif
