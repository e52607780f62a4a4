/* How often was a rule hit? */
#include "report/hits.h"

struct fw_rule_hits fw_rule_hits(struct fw_usage_reader *reader, const struct fw_rule_flows *rule)
{
    struct fw_rule_usage usage;
    const struct fw_counter *counter = &rule->by->hits;
    fw_usage_read(reader, rule->of, rule->by, &usage);
    if (usage.named && (!counter->present || usage.logged >= counter->packets)) {
        return (struct fw_rule_hits){FW_HITS_BY_LOGS, usage.logged};
    }
    if (counter->present) {
        return (struct fw_rule_hits){FW_HITS_BY_COUNTER, counter->packets};
    }
    return (struct fw_rule_hits){FW_HITS_BY_NOTHING, 0};
}

struct fw_usage_reader *fw_rule_hits_reader(const struct fw_facts *facts,
                                            const struct fw_exposure *exposure,
                                            struct fw_arena *arena)
{
    enum { DAYS = 1 }; /* of a window that nobody asks about */
    return fw_usage_reader_new(facts, arena, exposure->device, DAYS);
}

const char *fw_hits_by_name(enum fw_hits_by by)
{
    static const char *const names[FW_HITS_BY_COUNT] = {"logs", "counter", ""};
    return names[by];
}
