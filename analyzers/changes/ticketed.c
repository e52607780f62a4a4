/* Does an approved change request stand for a rule? */
#include "analyzers/changes/ticketed.h"

#include "analyzers/rules/about.h"

bool fw_ticket_names(struct fw_arena *arena, const struct fw_ticket *ticket,
                     const struct fw_policy *policy, const struct fw_rule *rule,
                     const struct fw_snapshot *snapshot)
{
    if (ticket->id.n > 0 && fw_sv_find(rule->comment, ticket->id) != SIZE_MAX) {
        return true;
    }
    if (ticket->rule.n == 0) {
        return false;
    }
    fw_sv place = fw_arena_printf(arena, "%.*s %u", FW_SV_ARG(policy->name), rule->position);
    if (fw_sv_eq(ticket->rule, place) || (rule->id.n > 0 && fw_sv_eq(ticket->rule, rule->id)) ||
        (rule->name.n > 0 && fw_sv_eq(ticket->rule, rule->name))) {
        return true;
    }
    return fw_about_quoted(arena, snapshot, rule, fw_about_squeezed(arena, ticket->rule));
}
