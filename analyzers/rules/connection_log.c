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

/* "logging enable": before it the device makes no messages (Command Reference). */
static bool is_on(const struct fw_ruleset *ruleset)
{
    for (size_t i = 0; i < ruleset->nsettings; i++) {
        if (ruleset->settings[i].kind == FW_SETTING_LOG_ON) {
            return true;
        }
    }
    return false;
}

enum { WARNINGS = 4, INFORMATIONAL = 6 };

/* Messages of this level are made, and recorded. A console, a session or a mail keeps no record. */
static bool is_kept(const struct fw_ruleset *ruleset, size_t level)
{
    static const char *const levels[][2] = {
        {"emergencies", "0"}, {"alerts", "1"},        {"critical", "2"},      {"errors", "3"},
        {"warnings", "4"},    {"notifications", "5"}, {"informational", "6"}, {"debugging", "7"}};
    bool on = is_on(ruleset);
    for (size_t i = 0; on && i < ruleset->nsettings; i++) {
        const struct fw_setting *s = &ruleset->settings[i];
        bool stays = s->kind == FW_SETTING_LOG_LEVEL &&
                     (fw_sv_is(s->extra, "trap") || fw_sv_is(s->extra, "buffered"));
        for (size_t k = level; stays && k < sizeof(levels) / sizeof(levels[0]); k++) {
            if (fw_sv_is(s->value, levels[k][0]) || fw_sv_is(s->value, levels[k][1])) {
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
    bool all = is_format(ruleset, "cisco-asa") && is_kept(ruleset, INFORMATIONAL);
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

/* Cisco ASA logs nothing before it is told to ("logging enable"), and no message that is of no
 * level it was told; a piece of its configuration does not say either. */
enum fw_default_log fw_records_kept(const struct fw_ruleset *ruleset)
{
    if (!is_format(ruleset, "cisco-asa")) {
        return FW_DEFAULT_LOG_YES;
    }
    return is_off(ruleset, "logging")   ? FW_DEFAULT_LOG_NO
           : is_kept(ruleset, WARNINGS) ? FW_DEFAULT_LOG_YES
                                        : FW_DEFAULT_LOG_UNKNOWN;
}
