/* The exact analysis of a configuration, kept with it. */
#include "evidence/configs.h"

void fw_config_analyse(struct fw_config *config, const struct fw_analysis_options *options)
{
    fw_ruleset_analyse(&config->doc.arena, &config->ruleset, options, &config->report);
    config->analysed = true;
}
