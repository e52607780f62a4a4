/* Do the rules that let name resolution through record it? Without the headers of packet spaces,
 * for checks of logs. */
#ifndef FW_ANALYZERS_RULES_DNS_LOG_H
#define FW_ANALYZERS_RULES_DNS_LOG_H

#include <stdint.h>

struct fw_facts;
struct fw_results;
struct fw_ruleset;

struct fw_dns_log {
    uint64_t total, unlogged; /* flows of rules that let name resolution through */
};

/* NULL: no configuration is known, then there are none. */
struct fw_dns_log fw_dns_log_of(const struct fw_facts *facts, struct fw_results *results,
                                const struct fw_ruleset *ruleset);

#endif
