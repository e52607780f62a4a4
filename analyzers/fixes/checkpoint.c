/* mgmt_cli delete access-rule uid "..." layer "Network": rules are named by their uid within their
 * layer (Check Point, Management API Reference, "delete-access-rule", "set-access-rule"). What was
 * changed takes effect once it is published and the policy is installed. A denial in front of a
 * rule would need objects for its addresses: there is no command for one alone. */
#include "analyzers/fixes/fix.h"

static bool say_rule(const char *verb, const struct fw_policy *policy, const struct fw_rule *rule,
                     struct fw_buf *out)
{
    fw_buf_printf(out, "mgmt_cli %s access-rule uid \"%.*s\" layer \"%.*s\"", verb,
                  FW_SV_WHOLE(rule->id), FW_SV_WHOLE(policy->name));
    /* "Network (UID)" is what we call a layer of another domain. */
    return fw_fix_plain(rule->id) && policy->name.n > 0 && fw_fix_quotable(policy->name) &&
           !fw_sv_ends(policy->name, ")");
}

static bool remove_rule(const struct fw_doc *doc, const struct fw_policy *policy,
                        const struct fw_rule *rule, struct fw_buf *out)
{
    (void)doc;
    bool ok = say_rule("delete", policy, rule, out);
    fw_buf_add_char(out, '\n');
    return ok;
}

static bool note(const struct fw_doc *doc, const struct fw_policy *policy,
                 const struct fw_rule *rule, fw_sv text, struct fw_buf *out)
{
    (void)doc;
    bool ok = say_rule("set", policy, rule, out);
    fw_buf_printf(out, " comments \"%.*s\"\n", FW_SV_WHOLE(text));
    return ok;
}

const struct fw_fix_writer fw_fix_checkpoint = {
    .format = "checkpoint",
    .comment = "#",
    .by_span = true,
    .remove = remove_rule,
    .note = note,
    .note_max = 255,
};
