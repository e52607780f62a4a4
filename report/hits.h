/* How often rules were hit, by whatever counted: their log lines, or the device's counter. */
#ifndef FW_REPORT_HITS_H
#define FW_REPORT_HITS_H

#include "analyzers/rules/exposure.h"
#include "analyzers/rules/usage.h"

enum fw_hits_by { FW_HITS_BY_LOGS, FW_HITS_BY_COUNTER, FW_HITS_BY_NOTHING, FW_HITS_BY_COUNT };

struct fw_rule_hits {
    enum fw_hits_by by;
    uint64_t n;
};

/* Where logs and counter say something else, the larger: one of them began later. reader: of the
 * rule's device. */
struct fw_rule_hits fw_rule_hits(struct fw_usage_reader *reader, const struct fw_rule_flows *rule);
/* For the current configuration of the device. */
struct fw_usage_reader *fw_rule_hits_reader(const struct fw_facts *facts,
                                            const struct fw_exposure *exposure,
                                            struct fw_arena *arena);
const char *fw_hits_by_name(enum fw_hits_by by); /* "logs", "counter", "" */

#endif
