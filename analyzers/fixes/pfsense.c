/* Firewall > Rules: delete the rule with tracking ID 1600000001: pfSense has no commands for single
 * rules (Netgate, pfSense documentation, "Firewall Rules"). What a person does in its pages is
 * said instead, with the number that a rule has there and in its logs. */
#include "analyzers/fixes/fix.h"

static bool say_rule(const char *verb, const struct fw_rule *rule, struct fw_buf *out)
{
    fw_buf_printf(out, "Firewall > Rules: %s the rule with tracking ID %.*s", verb,
                  FW_SV_WHOLE(rule->id));
    return fw_fix_plain(rule->id);
}

static bool remove_rule(const struct fw_doc *doc, const struct fw_policy *policy,
                        const struct fw_rule *rule, struct fw_buf *out)
{
    (void)doc;
    (void)policy;
    bool ok = say_rule("delete", rule, out);
    fw_buf_add_cstr(out, "; Apply Changes\n");
    return ok;
}

static bool note(const struct fw_doc *doc, const struct fw_policy *policy,
                 const struct fw_rule *rule, fw_sv text, struct fw_buf *out)
{
    (void)doc;
    (void)policy;
    bool ok = say_rule("edit", rule, out);
    fw_buf_printf(out, "; Description \"%.*s\"; Save; Apply Changes\n", FW_SV_WHOLE(text));
    return ok;
}

/* The account that comes with it stays. */
static bool remove_user(const struct fw_doc *doc, fw_sv name, struct fw_buf *out)
{
    (void)doc;
    fw_buf_printf(out, "System > User Manager > Users: delete %.*s\n", FW_SV_WHOLE(name));
    return fw_fix_plain(name) && !fw_sv_is(name, "admin");
}

const struct fw_fix_writer fw_fix_pfsense = {
    .format = "pfsense",
    .comment = "#",
    .by_line = true,
    .remove = remove_rule,
    .note = note,
    .note_max = 255,
    .remove_user = remove_user,
};
