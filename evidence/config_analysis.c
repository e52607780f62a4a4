/* The exact analysis of a configuration, kept with it. */
#include "evidence/configs.h"

void fw_config_analyse(struct fw_config *config, unsigned jobs, bool conflicts)
{
    struct fw_analysis_options options = {.jobs = jobs, .conflicts = conflicts};
    fw_ruleset_analyse(&config->doc.arena, &config->ruleset, &options, &config->report);
    config->analysed = true;
}
