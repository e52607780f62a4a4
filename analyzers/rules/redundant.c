/* RUL-002: which rules could be removed without changing the verdict of any packet? */
#include "analyzers/rules/dead.h"

static void run(const struct fw_facts *facts, struct fw_results *results)
{
    fw_dead_run(facts, results, "RUL-002", FW_RULE_REDUNDANT);
}

const struct fw_analyzer fw_analyzer_redundant = {
    .check = "RUL-002",
    .rules = true,
    .run = run,
};
