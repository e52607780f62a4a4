/* RUL-001: which rules never take effect although they say something else than the rules above? */
#include "analyzers/rules/dead.h"

static void run(const struct fw_facts *facts, struct fw_results *results)
{
    fw_dead_run(facts, results, "RUL-001", FW_RULE_SHADOWED);
}

const struct fw_analyzer fw_analyzer_shadowed = {
    .check = "RUL-001",
    .rules = true,
    .run = run,
};
