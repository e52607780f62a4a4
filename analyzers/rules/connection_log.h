/* What a device records of connections and refusals by itself, whatever its rules say. */
#ifndef FW_ANALYZERS_RULES_CONNECTION_LOG_H
#define FW_ANALYZERS_RULES_CONNECTION_LOG_H

#include "policy/model.h"

enum fw_connection_log {
    FW_CONNECTION_LOG_RULES, /* nothing: rules have to log */
    FW_CONNECTION_LOG_ALL,   /* every connection, at its start and end */
};

enum fw_connection_log fw_connection_log_of(const struct fw_ruleset *ruleset);

enum fw_default_log { FW_DEFAULT_LOG_NO, FW_DEFAULT_LOG_YES, FW_DEFAULT_LOG_UNKNOWN };

/* Is what no rule permits recorded when the device refuses it? */
enum fw_default_log fw_default_log_of(const struct fw_ruleset *ruleset);
/* Does anything of what rules record stay? */
enum fw_default_log fw_records_kept(const struct fw_ruleset *ruleset);

#endif
