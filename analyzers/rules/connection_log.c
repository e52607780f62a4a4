/* Which records does a device make without being asked to by a rule? */
#include "analyzers/rules/connection_log.h"

#include <string.h>

static bool is_format(const struct fw_ruleset *ruleset, const char *format)
{
    return ruleset->format && strcmp(ruleset->format, format) == 0;
}

/* "no logging enable", or "no logging message ID". */
static bool is_off(const struct fw_ruleset *ruleset, const char *message)
{
    for (size_t i = 0; i < ruleset->nsettings; i++) {
        const struct fw_setting *s = &ruleset->settings[i];
        if (s->kind == FW_SETTING_LOG_OFF &&
            (fw_sv_is(s->value, "logging") || fw_sv_is(s->value, message))) {
            return true;
        }
    }
    return false;
}

/* The messages of connections are informational. A console, a session or a mail keeps no record. */
static bool is_informational(const struct fw_ruleset *ruleset)
{
    static const char *const levels[] = {"informational", "debugging", "6", "7"};
    for (size_t i = 0; i < ruleset->nsettings; i++) {
        const struct fw_setting *s = &ruleset->settings[i];
        bool kept = fw_sv_is(s->extra, "trap") || fw_sv_is(s->extra, "buffered");
        for (size_t k = 0; s->kind == FW_SETTING_LOG_LEVEL && kept && k < 4; k++) {
            if (fw_sv_is(s->value, levels[k])) {
                return true;
            }
        }
    }
    return false;
}

/* Cisco ASA: 302013 and its kin tell every connection built and torn down (Syslog Messages Guide).
 */
enum fw_connection_log fw_connection_log_of(const struct fw_ruleset *ruleset)
{
    static const char *const messages[] = {"302013", "302014", "302015", "302016"};
    bool all = is_format(ruleset, "cisco-asa") && is_informational(ruleset);
    for (size_t i = 0; i < sizeof(messages) / sizeof(messages[0]); i++) {
        all = all && !is_off(ruleset, messages[i]);
    }
    return all ? FW_CONNECTION_LOG_ALL : FW_CONNECTION_LOG_RULES;
}

/* Cisco ASA tells what no entry permits in 106023 like what one denies. FortiOS has a switch for
 * its implicit policy that is not among the policies. */
enum fw_default_log fw_default_log_of(const struct fw_ruleset *ruleset)
{
    if (is_format(ruleset, "cisco-asa")) {
        return is_off(ruleset, "106023") ? FW_DEFAULT_LOG_NO : FW_DEFAULT_LOG_YES;
    }
    return is_format(ruleset, "fortios") ? FW_DEFAULT_LOG_UNKNOWN : FW_DEFAULT_LOG_NO;
}
