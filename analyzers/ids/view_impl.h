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
/* ledger_before.c: what changed since an earlier pack; whether it has a ledger. */
bool fw_ledger_compare(struct fw_sensor_making *making, fw_sv before);
/* The ledger that is compared with; {0}: none. */
fw_sv fw_ledger_before(const struct fw_facts *facts);
/* attacks.c */
void fw_sensor_add_attacks(struct fw_sensor_making *making);
/* engine.c */
void fw_sensor_add_engine(struct fw_sensor_making *making);

#endif
